//! The pictures of the page: the network, and the way of the first introduction.
//!
//! Chooses what is drawn; what marks look like is `present::picture`'s, where they stand
//! weft-diagram's.

use weft_diagram::{LayoutOptions, SvgOptions, layout, svg};
use weft_graph::{Snapshot, UNREACHED, View, distances};

use super::Report;
use super::content::Figure;
use super::evidence::date_words;
use super::front::first_card;
use crate::ecosystem::Question;
use crate::present::{MARKS_MAX, PictureOptions, picture, plural};

/// How many brokers are drawn where the whole network cannot be read.
const BROKERS_DRAWN: usize = 60;

/// The page that the picture of a way aims at, in pixels.
const PAGE_OF_A_PATH: (f64, f64) = (900.0, 420.0);

/// What the picture of the network shows beside the ties, each list by the dense index of the
/// question's conduit view.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NetworkShape {
    /// The measure behind the size of the marks.
    pub betweenness: Vec<f64>,
    /// The community of each.
    pub communities: Vec<usize>,
    /// The names of the communities; without them each has that of its biggest broker.
    pub community_names: Vec<String>,
}

/// The pictures of a page. The network's brings the fonts of the page.
#[derive(Clone, Debug, Default)]
pub struct Pictures {
    pub(super) network: Option<Figure>,
    /// The way of an introduction, with the id of the start-up.
    pub(super) path: Option<(String, Figure)>,
}

/// Draws the pictures of a report.
pub fn pictures(
    snapshot: &Snapshot,
    question: &Question,
    report: &Report,
    shape: &NetworkShape,
) -> Pictures {
    let view = question.conduit(snapshot);
    let draw = |options: &PictureOptions, page: (f64, f64), embed_fonts| {
        let drawing = picture(snapshot, &view, options);
        let places = layout(
            &drawing,
            &LayoutOptions {
                seed: report.seed,
                width: page.0,
                height: page.1,
                ..LayoutOptions::default()
            },
        );
        svg(&drawing, &places, &SvgOptions { embed_fonts })
    };
    let network = (view.m() > 0).then(|| {
        let (options, caption) = network(snapshot, &view, report, shape);
        let page = LayoutOptions::default();
        Figure { svg: draw(&options, (page.width, page.height), true), caption, is_small: false }
    });
    let path = path(snapshot, &view, report).map(|(id, options, caption)| {
        (id, Figure { svg: draw(&options, PAGE_OF_A_PATH, false), caption, is_small: true })
    });
    Pictures { network, path }
}

fn network(
    snapshot: &Snapshot,
    view: &View,
    report: &Report,
    shape: &NetworkShape,
) -> (PictureOptions, String) {
    let largest = largest_component(view);
    let measure = |it: u32| shape.betweenness.get(it as usize).copied().unwrap_or(0.0);
    let (drawn, title, what) = if largest.len() <= MARKS_MAX {
        let what = match view.n() - largest.len() {
            0 => "All actors are shown.".to_owned(),
            n => format!(
                "Shown are the actors that hang together; {} tied to nobody in this network {} left out.",
                plural(n, "actor", "actors"),
                if n == 1 { "is" } else { "are" }
            ),
        };
        (largest, "Who works with whom", what)
    } else {
        let mut top = largest;
        let n = top.len();
        top.sort_by(|&a, &b| measure(b).total_cmp(&measure(a)).then(a.cmp(&b)));
        top.truncate(BROKERS_DRAWN);
        top.sort_unstable();
        let what = format!(
            "Of {n} actors that hang together, the {BROKERS_DRAWN} through which others reach each other most are shown."
        );
        (top, "Who connects others", what)
    };
    let as_of =
        report.basis.as_of.map(|it| format!(" as of {}", date_words(it))).unwrap_or_default();
    let sources: Vec<&str> = report.sources.iter().take(2).map(|it| it.title.as_str()).collect();
    let options = PictureOptions {
        title: title.to_owned(),
        subtitle: format!(
            "{}{as_of}. A larger mark lies on more of the shortest ways between others.",
            plural(drawn.len(), "actor", "actors")
        ),
        caption: format!(
            "Source: {}. Direction and distance on the page have no meaning of their own; near means \
             closely tied.",
            sources.join("; ")
        ),
        drawn,
        measure: shape.betweenness.clone(),
        size_label: "share of shortest ways".to_owned(),
        groups: shape.communities.clone(),
        group_names: community_names(snapshot, view, shape),
        note: Some(what.clone()),
        ..PictureOptions::default()
    };
    let caption =
        format!("{title}. Shape and colour tell the kind, and the legend names both. {what}");
    (options, caption)
}

/// The names given, or that of the biggest broker of each; the first by index of equals.
fn community_names(snapshot: &Snapshot, view: &View, shape: &NetworkShape) -> Vec<String> {
    if !shape.community_names.is_empty() {
        return shape.community_names.clone();
    }
    let n_communities = shape.communities.iter().max().map_or(0, |it| it + 1);
    let mut best: Vec<Option<(f64, u32)>> = vec![None; n_communities];
    for (index, &community) in (0..).zip(&shape.communities) {
        let broker = shape.betweenness.get(index as usize).copied().unwrap_or(0.0);
        if best[community].is_none_or(|(it, _)| broker > it) {
            best[community] = Some((broker, index));
        }
    }
    let name = |it: Option<(f64, u32)>| {
        it.map_or_else(String::new, |(_, at)| snapshot.node(view.node(at)).name().to_owned())
    };
    best.into_iter().map(name).collect()
}

/// The way of the introduction that would change most.
fn path(
    snapshot: &Snapshot,
    view: &View,
    report: &Report,
) -> Option<(String, PictureOptions, String)> {
    let (start_up, card) = first_card(report)?;
    let path = card.path.as_ref()?;
    let index = |id: &str| view.index_of(snapshot.find_node(id)?);
    let mut drawn: Vec<u32> = path.nodes.iter().filter_map(|it| index(&it.id)).collect();
    drawn.sort_unstable();
    let title = format!("From {} to {}", start_up.name, card.to.name);
    let options = PictureOptions {
        title: title.clone(),
        subtitle: "The way that an introduction can take today".to_owned(),
        drawn,
        emphasis: index(&start_up.id).into_iter().chain(index(&card.to.id)).collect(),
        ..PictureOptions::default()
    };
    Some((start_up.id.clone(), options, format!("{title}: {}.", path.sentence)))
}

/// The nodes of the largest part; of equal parts the one with the smallest index.
fn largest_component(view: &View) -> Vec<u32> {
    let mut seen = vec![false; view.n()];
    let mut largest: Vec<u32> = Vec::new();
    for start in 0..view.n() as u32 {
        if seen[start as usize] {
            continue;
        }
        let reached = distances(view, &[start], u32::MAX);
        let part: Vec<u32> =
            (0..).zip(&reached).filter(|(_, it)| **it != UNREACHED).map(|(at, _)| at).collect();
        for &it in &part {
            seen[it as usize] = true;
        }
        if part.len() > largest.len() {
            largest = part;
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::fixture;

    #[test]
    fn a_community_has_the_name_of_its_biggest_broker() {
        let snapshot = fixture("a:council -hosts-> b:facility; b -hosts-> c:company; d:charity");
        let view = Question::default().conduit(&snapshot);
        let shape = NetworkShape {
            betweenness: vec![0.0, 1.0, 0.0, 0.0],
            communities: vec![0, 0, 0, 1],
            community_names: Vec::new(),
        };
        assert_eq!(community_names(&snapshot, &view, &shape), ["b", "d"]);
    }
}
