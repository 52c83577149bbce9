//! The pictures of a network: the whole, the surroundings of a body, a path; what each leaves out.
//!
//! Chooses what is drawn, by the measures of weft-analytics; the words and symbols are `picture`'s.

use std::collections::BTreeSet;

use weft_analytics::{CommunityOptions, Interrupted, Run, communities_in, components};
use weft_diagram::{Drawing, SidebarList};
use weft_graph::{Snapshot, UNREACHED, View, distances};

use super::picture::{MARKS_MAX, PictureOptions, picture};
use super::{count, plural};
use crate::ecosystem::{Counted, by_links_inside, greatest_error};

/// Bodies listed beside a picture as its main brokers.
const BROKERS_LISTED: usize = 8;
/// Bodies drawn where the whole network is too large.
const BROKERS_DRAWN: usize = 60;
/// Bodies of smaller parts that fit into the box beside the main network.
const APART_MAX: usize = 50;
/// A community of fewer members has no name on the page.
const NAMED_FROM: usize = 4;

/// Which picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// The largest component, or its main brokers if it is too large.
    Whole,
    /// All within so many links of a node.
    Around {
        /// the dense index of the node
        centre: u32,
        /// how many links
        depth: u32,
    },
    /// Paths from one node to another, as dense indices.
    Paths(Vec<Vec<u32>>),
    /// All nodes of the view that have a link, for a view that was narrowed to kinds or relations.
    Everything,
}

/// What stands around a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// The title; one is made of the scene if it is empty.
    pub title: String,
    /// What the data are: "Leeds and West Yorkshire health innovation".
    pub dataset: String,
    /// Source, date and view.
    pub caption: String,
    /// The seed of communities.
    pub seed: u64,
}

/// Makes the drawing of a scene. O(n m) at most for the betweenness behind the sizes of marks.
///
/// # Errors
/// If it was interrupted.
pub fn draw_network(
    snapshot: &Snapshot,
    view: &View,
    scene: &Scene,
    frame: &Frame,
    counted: &mut Counted,
    run: &mut Run<'_>,
) -> Result<Drawing, Interrupted> {
    let estimate = counted.betweenness(view, run)?;
    let error = greatest_error(view, &estimate);
    let measure = &estimate.nodes;
    let name = |index: u32| snapshot.node(view.node(index)).name().to_owned();
    let mut by_rank: Vec<u32> = (0..view.n() as u32).collect();
    by_rank.sort_by(|&a, &b| measure[b as usize].total_cmp(&measure[a as usize]).then(a.cmp(&b)));
    let mut options = PictureOptions {
        caption: frame.caption.clone(),
        size_label: "stands on more shortest ways between others".to_owned(),
        ..PictureOptions::default()
    };
    match scene {
        Scene::Whole => whole(view, &by_rank, &mut options),
        Scene::Everything => {
            options.drawn = linked(view);
            options.note = alone(view.n() - options.drawn.len()).map(|it| format!("{it}."));
            cut(&by_rank, &mut options);
        }
        Scene::Around { centre, depth } => {
            let distance = distances(view, &[*centre], *depth);
            let near = |it: &u32| distance[*it as usize] != UNREACHED;
            options.drawn = (0..view.n() as u32).filter(near).collect();
            options.emphasis = vec![*centre];
            options.title = format!(
                "{} and what is within {} of it",
                name(*centre),
                plural(*depth as usize, "link", "links")
            );
            cut(&by_rank, &mut options);
            if !options.drawn.contains(centre) {
                options.drawn.push(*centre);
            }
        }
        Scene::Paths(paths) => draw_paths(view, paths, &name, &mut options),
    }
    let seeded = CommunityOptions { seed: frame.seed, ..Default::default() };
    let found = communities_in(view, &seeded, run)?;
    if options.drawn.len() > 2 * NAMED_FROM && !matches!(scene, Scene::Paths(_)) {
        group(snapshot, view, &found.of, &mut options);
    }
    let shown: BTreeSet<u32> = options.drawn.iter().copied().collect();
    let brokers = by_rank.iter().filter(|it| shown.contains(it) && measure[**it as usize] > 0.0);
    let items: Vec<String> = brokers
        .take(BROKERS_LISTED)
        .enumerate()
        .map(|(rank, &it)| format!("{}. {}", rank + 1, name(it)))
        .collect();
    if !items.is_empty() && !matches!(scene, Scene::Paths(_)) {
        options.sidebar = vec![SidebarList { heading: "Main brokers".to_owned(), items }];
    }
    let links = (0..view.m() as u32).map(|it| view.link_ends(it));
    let n_links = links.filter(|(a, b)| shown.contains(a) && shown.contains(b)).count();
    options.subtitle = format!(
        "{}, {}. Larger marks stand on more of the shortest ways between others{}.",
        plural(options.drawn.len(), "body", "bodies"),
        plural(n_links, "link", "links"),
        match error > 0.0 {
            true => format!(", give or take {:.1} in 100 of them", error * 100.0),
            false => String::new(),
        }
    );
    if !frame.title.is_empty() {
        options.title.clone_from(&frame.title);
    } else if options.title.is_empty() {
        options.title = format!("Who connects whom: {}", frame.dataset);
    }
    options.measure = measure.clone();
    Ok(picture(snapshot, view, &options))
}

/// The largest component, with the others beside it if all fit on the page.
fn whole(view: &View, by_rank: &[u32], options: &mut PictureOptions) {
    let parts = components(view);
    let n_largest = parts.sizes.first().copied().unwrap_or(0);
    let in_largest = |it: &u32| parts.of[*it as usize] == 0;
    let linked = linked(view);
    let alone = alone(view.n() - linked.len());
    let n_apart = linked.len() - linked.iter().filter(|it| in_largest(it)).count();
    if n_largest <= MARKS_MAX && n_apart <= APART_MAX {
        options.drawn = linked;
        options.note = alone.map(|it| format!("{it}."));
        return;
    }
    if n_largest <= MARKS_MAX {
        options.drawn = linked.iter().copied().filter(in_largest).collect();
        options.note = Some(format!(
            "Only the largest connected part is drawn, not {} in smaller parts{}.",
            plural(n_apart, "body", "bodies"),
            alone.map(|it| format!("; {it}")).unwrap_or_default()
        ));
        return;
    }
    let brokers: Vec<u32> =
        by_rank.iter().copied().filter(in_largest).take(BROKERS_DRAWN).collect();
    options.drawn = brokers;
    options.drawn.sort_unstable();
    options.note = Some(format!(
        "The largest connected part has {} bodies, too many for one page: drawn are its \
         {BROKERS_DRAWN} main brokers and the ties among them. `weft draw --of NAME` draws the \
         surroundings of one body.",
        count(n_largest)
    ));
}

/// The bodies that have a link.
fn linked(view: &View) -> Vec<u32> {
    (0..view.n() as u32).filter(|&it| view.degree(it) > 0).collect()
}

/// What is said of those that have none.
fn alone(n: usize) -> Option<String> {
    let is_or_are = if n == 1 { "is" } else { "are" };
    let bodies = plural(n, "body", "bodies");
    (n > 0).then(|| format!("{bodies} without any tie of this view {is_or_are} not drawn"))
}

/// Keeps the page readable: the main brokers of what would be drawn.
fn cut(by_rank: &[u32], options: &mut PictureOptions) {
    let n_all = options.drawn.len();
    if n_all <= MARKS_MAX {
        return;
    }
    let all: BTreeSet<u32> = options.drawn.iter().copied().collect();
    let kept = by_rank.iter().copied().filter(|it| all.contains(it)).take(MARKS_MAX);
    options.drawn = kept.collect();
    options.drawn.sort_unstable();
    options.note = Some(format!(
        "{} bodies would be drawn, too many for one page: these are the {MARKS_MAX} that stand \
         on most shortest ways. Choose a smaller `--depth`, or `--kind`.",
        count(n_all)
    ));
}

fn draw_paths(
    view: &View,
    paths: &[Vec<u32>],
    name: &dyn Fn(u32) -> String,
    options: &mut PictureOptions,
) {
    let nodes: BTreeSet<u32> = paths.iter().flatten().copied().collect();
    options.drawn = nodes.into_iter().collect();
    if let Some((first, last)) = paths.first().and_then(|it| it.first().zip(it.last())) {
        options.title = format!("From {} to {}", name(*first), name(*last));
        options.emphasis = vec![*first, *last];
    }
    let links = |path: &Vec<u32>| -> Vec<u32> {
        let steps = path.iter().zip(path.iter().skip(1));
        steps.filter_map(|(&a, &b)| view.link_between(a, b)).collect()
    };
    options.emphasised_links = paths.first().map(links).unwrap_or_default();
    if paths.len() > 1 {
        let others = plural(paths.len() - 1, "other way", "other ways");
        options.note = Some(format!("Strong lines are the first way, finer ones {others}."));
    }
    // The second stands between; what only later ones use stands back.
    let second = paths.get(1).map(links).unwrap_or_default();
    let later = paths.iter().skip(2).flat_map(links);
    options.quiet_links =
        later.filter(|it| !options.emphasised_links.contains(it) && !second.contains(it)).collect();
}

/// Communities among what is drawn, each named by the member with most links inside, as elsewhere.
fn group(snapshot: &Snapshot, view: &View, of: &[u32], options: &mut PictureOptions) {
    options.groups = of.iter().map(|&it| it as usize).collect();
    let n_groups = options.groups.iter().max().map_or(0, |it| it + 1);
    for community in 0..n_groups {
        let is_member = |it: &u32| of[*it as usize] as usize == community;
        let mut members: Vec<u32> = options.drawn.iter().copied().filter(is_member).collect();
        by_links_inside(snapshot, view, of, &mut members);
        let named = members.first().filter(|_| members.len() >= NAMED_FROM);
        let name = |it: &u32| format!("around {}", snapshot.node(view.node(*it)).name());
        options.group_names.push(named.map(name).unwrap_or_default());
    }
}
