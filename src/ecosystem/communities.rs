//! Communities: which bodies work more with each other than with the rest.
//!
//! Leiden on the conduit view, seeded, or another way that is asked for. Every network falls into some groups, so each answer says how
//! many links chance would leave inside, and how far other runs find the same. Does not test groups
//! that were chosen for having few ties between them.

use std::collections::BTreeMap;

use serde::Serialize;
use weft_analytics::{
    CommunityMethod, CommunityOptions, Interrupted, Quality, Run, agreement, communities_in,
    density, label_propagation, partitions,
};
use weft_graph::{Snapshot, View};

use crate::ecosystem::evidence::{LinkEvidence, NodeName, link_evidence};
use crate::ecosystem::hubs::kinds_of;
use crate::ecosystem::question::{Basis, Ground, Question};
use crate::ecosystem::words;

/// How many members give a community its name.
const NAMED_BY: usize = 2;
/// From this agreement on, runs find much the same groups.
const SAME_FROM: f64 = 0.9;
/// From this agreement on, the cores of groups stay together.
const CORES_FROM: f64 = 0.7;
/// A member that is with fewer than this share of its community in other runs stands on its edge.
const EDGE_BELOW: f64 = 0.5;

/// Rounds of label propagation, as the benchmark LDBC Graphalytics has it.
const LABEL_ROUNDS: usize = 10;

/// What the user asks of the communities.
#[derive(Clone, Debug, PartialEq)]
pub struct CommunitiesOptions {
    /// How many further runs the partition is compared with.
    pub n_runs: usize,
    /// How they are found.
    pub method: GroupMethod,
    /// What is made as great as can be; label propagation makes nothing great.
    pub quality: Quality,
    /// How much chance counts. For modularity 1 is Newman's; in the constant Potts model it is the
    /// density that a community has inside at least, and without one that of the network is taken.
    pub resolution: Option<f64>,
}

/// How communities are found.
#[derive(Serialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum GroupMethod {
    /// Leiden: no community falls into parts.
    #[default]
    Leiden,
    /// Louvain: quicker; a community may fall into parts.
    Louvain,
    /// Ten rounds in which everybody takes the label most frequent among its contacts.
    LabelPropagation,
}

/// The answer to `communities`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Partition {
    /// What it rests on.
    pub basis: Basis,
    /// How they were found.
    pub method: GroupMethod,
    /// What was made as great as can be: `modularity` or `cpm`; none for label propagation.
    pub measured_by: Option<&'static str>,
    /// How much chance counted.
    pub resolution: Option<f64>,
    /// What that came to: modularity at this resolution, or links in the constant Potts model.
    pub quality: Option<f64>,
    /// The share of links inside communities less what chance would leave there; none without links.
    pub modularity: Option<f64>,
    /// The share of links inside communities; none without links.
    pub share_inside: Option<f64>,
    /// What that share would be if links fell by degree alone; none without links.
    pub share_by_chance: Option<f64>,
    /// How far the runs agree on the bodies that have links: the mean normalised mutual information
    /// over all pairs of runs, 0 to 1; none with fewer than two runs or without links.
    pub agreement: Option<f64>,
    /// The same by the adjusted Rand index, which does not favour many small groups; 0 is what chance
    /// would give.
    pub agreement_rand: Option<f64>,
    /// How many runs were compared.
    pub n_runs: usize,
    /// Those of two members or more, the largest first.
    pub communities: Vec<Community>,
    /// Bodies that have links and are in no community with another, by id: Leiden by modularity leaves
    /// none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_themselves: Vec<NodeName>,
    /// Bodies without any link, each alone, by id.
    pub alone: Vec<NodeName>,
    /// For a reader who knows no graph theory.
    pub sentences: Vec<String>,
}

/// One community.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Community {
    /// Its place by size, from 1.
    pub number: usize,
    /// Made of the members with most links inside.
    pub name: String,
    /// How many bodies.
    pub n_members: usize,
    /// Links between two members.
    pub n_links_inside: usize,
    /// Links from a member to another community.
    pub n_links_outside: usize,
    /// What it adds to the modularity: its share of all links less the square of its share of link ends.
    pub modularity_part: f64,
    /// The members, those with most links inside first.
    pub members: Vec<Member>,
    /// In words.
    pub sentence: String,
    /// The links inside and to other communities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<LinkEvidence>>,
}

/// A body of a community.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Member {
    /// The body.
    pub node: NodeName,
    /// Links to other members.
    pub n_links_inside: usize,
    /// All its links.
    pub n_links: usize,
    /// The share of the other members that are with it in a run, averaged over the runs; none without
    /// runs.
    pub together: Option<f64>,
}

impl Default for CommunitiesOptions {
    fn default() -> Self {
        Self {
            n_runs: 20,
            method: GroupMethod::default(),
            quality: Quality::default(),
            resolution: None,
        }
    }
}

/// Returns the communities of the conduit view: the partition that `same_circle` of `access` speaks of.
///
/// Bodies without a link are listed apart, as they are in no group. Figures are exact; the partition
/// is the best that seeded runs found. About O(n + m) a run; the agreement takes O(runs^2 n log n).
///
/// # Errors
/// If it was interrupted.
pub fn communities(
    snapshot: &Snapshot,
    question: &Question,
    options: &CommunitiesOptions,
    run: &mut Run<'_>,
) -> Result<Partition, Interrupted> {
    let ground = Ground::conduit(snapshot, question);
    let view = &ground.view;
    let way = Way::new(&ground, options);
    let (of, quality) = way.find(&ground, question.seed, run)?;
    let is_linked = |it: &u32| view.degree(*it) > 0;
    let n_runs = match view.m() {
        0 => 0,
        // Nothing in it is drawn: all runs are the same.
        _ if options.method == GroupMethod::LabelPropagation => 0,
        _ => options.n_runs,
    };
    let seeds: Vec<u64> = (0..n_runs as u64).map(|it| question.seed.wrapping_add(it)).collect();
    let runs: Vec<Vec<u32>> = partitions(view, &way.options, &seeds, run)?
        .iter()
        .map(|of| ground.indices().filter(is_linked).map(|it| of[it as usize]).collect())
        .collect();
    let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for index in ground.indices().filter(is_linked) {
        members.entry(of[index as usize]).or_default().push(index);
    }
    let mut groups: Vec<Vec<u32>> = members.into_values().collect();
    groups.sort_by_key(|it| (std::cmp::Reverse(it.len()), it[0]));
    let (groups, single): (Vec<_>, Vec<_>) = groups.into_iter().partition(|it| it.len() > 1);
    let is_measured = options.method != GroupMethod::LabelPropagation;
    let mut res = Partition {
        basis: ground.basis(),
        method: options.method,
        measured_by: is_measured.then_some(match options.quality {
            Quality::Modularity => "modularity",
            Quality::ConstantPotts => "cpm",
        }),
        resolution: is_measured.then_some(way.options.resolution),
        quality: quality.filter(|it| it.is_finite()),
        modularity: None,
        share_inside: None,
        share_by_chance: None,
        agreement: None,
        agreement_rand: None,
        n_runs: runs.len(),
        communities: Vec::new(),
        by_themselves: by_id(&ground, single.concat()),
        alone: alone(&ground),
        sentences: Vec::new(),
    };
    if runs.len() > 1 {
        let found = agreement(&runs);
        res.agreement = Some(found.mutual_information);
        res.agreement_rand = Some(found.rand_index);
    }
    let together = Together::new(&ground, &of, &runs);
    for (number, nodes) in (1..).zip(groups) {
        res.communities.push(community(&ground, &of, &together, number, nodes));
    }
    if view.m() > 0 {
        let inside: usize = res.communities.iter().map(|it| it.n_links_inside).sum();
        let share = inside as f64 / view.m() as f64;
        let in_groups: f64 =
            res.communities.iter().map(|it| it.share_of_ends(view.m()).powi(2)).sum();
        let ends = |it: u32| (view.degree(it) as f64 / (2 * view.m()) as f64).powi(2);
        let by_chance = in_groups + single.iter().map(|it| ends(it[0])).sum::<f64>();
        res.modularity = Some(share - by_chance);
        (res.share_inside, res.share_by_chance) = (Some(share), Some(by_chance));
    }
    res.sentences = sentences(&res);
    Ok(res)
}

/// The circle of each body of the view: the community that [`communities()`] puts it in.
///
/// # Errors
/// If it was interrupted.
pub(crate) fn circles(ground: &Ground<'_>, run: &mut Run<'_>) -> Result<Vec<u32>, Interrupted> {
    let options = CommunityOptions { seed: ground.question.seed, ..Default::default() };
    Ok(communities_in(&ground.view, &options, run)?.of)
}

/// A way to find communities, with all that it is told but the seed.
struct Way {
    method: GroupMethod,
    options: CommunityOptions,
}

impl Way {
    fn new(ground: &Ground<'_>, asked: &CommunitiesOptions) -> Self {
        let usual = CommunityOptions::default();
        let resolution = asked.resolution.unwrap_or(match asked.quality {
            Quality::Modularity => usual.resolution,
            Quality::ConstantPotts => {
                Some(density(&ground.view)).filter(|it| !it.is_nan()).unwrap_or(0.0)
            }
        });
        let method = match asked.method {
            GroupMethod::Louvain => CommunityMethod::Louvain,
            GroupMethod::Leiden | GroupMethod::LabelPropagation => CommunityMethod::Leiden,
        };
        let options = CommunityOptions { method, quality: asked.quality, resolution, ..usual };
        Self { method: asked.method, options }
    }

    /// The group of each body, and the quality that was made as great as can be.
    fn find(
        &self,
        ground: &Ground<'_>,
        seed: u64,
        run: &mut Run<'_>,
    ) -> Result<(Vec<u32>, Option<f64>), Interrupted> {
        if self.method == GroupMethod::LabelPropagation {
            return Ok((label_propagation(&ground.view, LABEL_ROUNDS), None));
        }
        let options = CommunityOptions { seed, ..self.options };
        let found = communities_in(&ground.view, &options, run)?;
        Ok((found.of, Some(found.quality)))
    }
}

fn alone(ground: &Ground<'_>) -> Vec<NodeName> {
    by_id(ground, ground.indices().filter(|&it| ground.view.degree(it) == 0).collect())
}

fn by_id(ground: &Ground<'_>, mut nodes: Vec<u32>) -> Vec<NodeName> {
    nodes.sort_by(|&a, &b| ground.by_id(a, b));
    ground.names(&nodes)
}

fn community(
    ground: &Ground<'_>,
    of: &[u32],
    together: &Together,
    number: usize,
    mut nodes: Vec<u32>,
) -> Community {
    let view = &ground.view;
    let is_inside = |a: u32, b: u32| of[a as usize] == of[b as usize];
    let n_inside = |it: u32| n_links_inside(view, of, it);
    let name = community_name(ground, of, &mut nodes);
    let members: Vec<Member> = nodes
        .iter()
        .map(|&it| Member {
            node: ground.name(it),
            n_links_inside: n_inside(it),
            n_links: view.degree(it),
            together: together.of(it, of[it as usize], nodes.len()),
        })
        .collect();
    let n_links_inside = members.iter().map(|it| it.n_links_inside).sum::<usize>() / 2;
    let n_ends: usize = members.iter().map(|it| it.n_links).sum();
    let m = view.m() as f64;
    let mut res = Community {
        number,
        name,
        n_members: nodes.len(),
        n_links_inside,
        n_links_outside: n_ends - 2 * n_links_inside,
        modularity_part: n_links_inside as f64 / m - (n_ends as f64 / (2.0 * m)).powi(2),
        members,
        sentence: String::new(),
        why: ground.question.why.then(|| {
            let links = nodes.iter().flat_map(|&a| view.neighbours(a).iter().map(move |&b| (a, b)));
            let once = links.filter(|&(a, b)| !is_inside(a, b) || a < b);
            once.map(|(a, b)| link_evidence(ground.snapshot, view, a, b)).collect()
        }),
    };
    res.sentence = sentence(ground, &nodes, &res);
    res
}

/// Names a community by the members with most links inside, the same in every finding, and puts the members into
/// that order.
///
/// Takes the community of each body by its place in the view, and the members.
pub(crate) fn community_name(ground: &Ground<'_>, of: &[u32], members: &mut [u32]) -> String {
    by_links_inside(ground.snapshot, &ground.view, of, members);
    words::list(members.iter().take(NAMED_BY).map(|&it| ground.node(it).name()))
}

/// Puts members of a community into the order in which they give it its name: those with most links
/// inside first, then with most links, then by id.
pub fn by_links_inside(snapshot: &Snapshot, view: &View, of: &[u32], members: &mut [u32]) {
    let links = |it: u32| (n_links_inside(view, of, it), view.degree(it));
    let id = |it: u32| snapshot.node(view.node(it)).id();
    members.sort_by(|&a, &b| links(b).cmp(&links(a)).then_with(|| id(a).cmp(id(b))));
}

fn n_links_inside(view: &View, of: &[u32], node: u32) -> usize {
    let is_inside = |it: &&u32| of[**it as usize] == of[node as usize];
    view.neighbours(node).iter().filter(is_inside).count()
}

/// How often the members of a community are in one group, counted once for each run.
struct Together {
    /// For each run: how many of a community are in a group.
    n_of: Vec<BTreeMap<(u32, u32), usize>>,
    /// For each run: the group of each node of the view; nodes without links are in none.
    groups: Vec<Vec<u32>>,
}

impl Together {
    fn new(ground: &Ground<'_>, of: &[u32], runs: &[Vec<u32>]) -> Self {
        let linked: Vec<u32> = ground.indices().filter(|&it| ground.view.degree(it) > 0).collect();
        let mut res = Self { n_of: Vec::new(), groups: Vec::new() };
        for run in runs {
            let mut n_of = BTreeMap::new();
            let mut groups = vec![u32::MAX; ground.view.n()];
            for (&node, &group) in linked.iter().zip(run) {
                *n_of.entry((of[node as usize], group)).or_default() += 1;
                groups[node as usize] = group;
            }
            res.n_of.push(n_of);
            res.groups.push(groups);
        }
        res
    }

    fn of(&self, node: u32, community: u32, n_members: usize) -> Option<f64> {
        let shares = self.n_of.iter().zip(&self.groups).map(|(n_of, groups)| {
            let n = n_of[&(community, groups[node as usize])];
            (n - 1) as f64 / (n_members - 1) as f64
        });
        let n_runs = self.n_of.len();
        (n_runs > 0).then(|| shares.sum::<f64>() / n_runs as f64)
    }
}

impl Community {
    /// The share of all ends of links that are at its members.
    fn share_of_ends(&self, n_links: usize) -> f64 {
        (2 * self.n_links_inside + self.n_links_outside) as f64 / (2 * n_links) as f64
    }

    /// The members that other runs often put elsewhere.
    pub fn on_the_edge(&self) -> Vec<&Member> {
        self.members.iter().filter(|it| it.together.is_some_and(|it| it < EDGE_BELOW)).collect()
    }
}

/// "18 bodies, 9 of them NHS bodies; 41 links among them, 12 to others".
fn sentence(ground: &Ground<'_>, nodes: &[u32], community: &Community) -> String {
    let mut res = words::count(nodes.len(), "body", "bodies");
    if let Some(kind) = kinds_of(ground, nodes).first() {
        match kind.n_contacts {
            n if n == nodes.len() => res.push_str(&format!(", all of them {}", kind.label)),
            1 => {}
            n => res.push_str(&format!(", {} of them {}", words::digits(n), kind.label)),
        }
    }
    let among = words::count(community.n_links_inside, "link", "links");
    let where_to = if nodes.len() == 2 { "between" } else { "among" };
    res.push_str(&format!("; {among} {where_to} them, "));
    match community.n_links_outside {
        0 => res.push_str("none to any other community"),
        n => res.push_str(&format!("{} to other communities", words::digits(n))),
    }
    res
}

fn sentences(found: &Partition) -> Vec<String> {
    let (Some(inside), Some(by_chance)) = (found.share_inside, found.share_by_chance) else {
        return vec!["No body has a link to another, so there is no community".to_owned()];
    };
    let n_members: usize = found.communities.iter().map(|it| it.n_members).sum();
    let holds = if found.communities.len() == 1 { "holds" } else { "hold" };
    let mut first = format!(
        "{} {holds} {}",
        words::count(found.communities.len(), "community", "communities"),
        words::count(n_members, "body", "bodies")
    );
    match found.alone.len() {
        0 => {}
        1 => first.push_str("; 1 more has no link and stands alone"),
        n => first.push_str(&format!("; {} more have no link and stand alone", words::digits(n))),
    }
    match found.by_themselves.len() {
        0 => {}
        1 => first.push_str("; 1 has links and is in none"),
        n => first.push_str(&format!("; {} have links and are in none", words::digits(n))),
    }
    let quality = format!(
        "{:.0} in 100 links stay inside a community, where chance would leave {:.0} (modularity {:.2})",
        inside * 100.0,
        by_chance * 100.0,
        inside - by_chance
    );
    let mut res = vec![first, quality];
    res.extend(found.agreement.map(|it| {
        let meaning = match it {
            it if it >= SAME_FROM => "much the same groups each time",
            it if it >= CORES_FROM => {
                "the cores of the groups stay together, the bodies at their edges move"
            }
            _ => "the groups change from run to run: do not rely on who is in which",
        };
        let rand = found.agreement_rand.unwrap_or(it);
        format!(
            "{} runs agree by {it:.2} of 1 ({rand:.2} by the adjusted Rand index): {meaning}",
            found.n_runs
        )
    }));
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::naive::{Dice, Naive, random_graph};
    use weft_graph::fixture;

    const TWO: &str = "a:council -hosts-> b:facility; b -supports-> c:company; a -supports-> c; \
        c -partners_with-> d:company; d -partners_with-> e:company; e -partners_with-> f:company; \
        d -partners_with-> f; g:funder";

    fn found(graph: &str) -> Partition {
        let question = Question { why: true, ..Question::default() };
        let options = CommunitiesOptions::default();
        communities(&fixture(graph), &question, &options, &mut Run::default()).unwrap()
    }

    #[track_caller]
    fn check(graph: &str, names: &[&str], sentences: &[&str]) {
        let found = found(graph);
        let found_names: Vec<_> = found.communities.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(found_names, names);
        assert_eq!(found.sentences, sentences);
    }

    #[test]
    fn two_triangles_with_a_link_between_them_are_two_communities() {
        check(
            TWO,
            &["c and a", "d and e"],
            &[
                "2 communities hold 6 bodies; 1 more has no link and stands alone",
                "86 in 100 links stay inside a community, where chance would leave 50 (modularity 0.36)",
                "20 runs agree by 1.00 of 1 (1.00 by the adjusted Rand index): much the same groups \
                 each time",
            ],
        );
        let found = found(TWO);
        let sentence = "3 bodies; 3 links among them, 1 to other communities";
        assert_eq!(found.communities[0].sentence, sentence);
        let sentence =
            "3 bodies, all of them companies; 3 links among them, 1 to other communities";
        assert_eq!(found.communities[1].sentence, sentence);
        assert_eq!(found.alone[0].id, "g");
        assert_eq!(found.communities[0].why.as_ref().unwrap().len(), 4);
    }

    #[test]
    fn without_links_there_is_no_community() {
        check(
            "a:council; b:funder",
            &[],
            &["No body has a link to another, so there is no community"],
        );
    }

    #[test]
    fn communities_are_found_as_asked() {
        let ask = |method, quality, resolution| {
            let options =
                CommunitiesOptions { method, quality, resolution, ..CommunitiesOptions::default() };
            communities(&fixture(TWO), &Question::default(), &options, &mut Run::default()).unwrap()
        };
        let names = |it: &Partition| -> Vec<String> {
            it.communities.iter().map(|it| it.name.clone()).collect()
        };
        let by_labels = ask(GroupMethod::LabelPropagation, Quality::Modularity, None);
        assert_eq!((names(&by_labels).len(), by_labels.quality, by_labels.n_runs), (2, None, 0));
        let louvain = ask(GroupMethod::Louvain, Quality::Modularity, None);
        assert_eq!(names(&louvain), ["c and a", "d and e"]);
        // Only groups of which every pair is linked are left at a resolution of nearly 1.
        let cpm = ask(GroupMethod::Leiden, Quality::ConstantPotts, Some(0.99));
        assert_eq!((names(&cpm).len(), cpm.measured_by), (2, Some("cpm")));
        assert!((cpm.quality.unwrap() - (6.0 - 0.99 * 6.0)).abs() < 1e-9);
        let split = ask(GroupMethod::Leiden, Quality::ConstantPotts, Some(1.5));
        assert_eq!((names(&split).len(), split.by_themselves.len()), (0, 6));
        assert!(split.sentences[0].contains("6 have links and are in none"));
    }

    #[test]
    fn a_member_that_other_runs_put_elsewhere_stands_on_the_edge() {
        let found = found(TWO);
        assert!(found.communities.iter().all(|it| it.on_the_edge().is_empty()));
        let members = found.communities.iter().flat_map(|it| &it.members);
        assert!(members.clone().all(|it| it.together == Some(1.0)));
    }

    #[test]
    fn every_figure_is_what_a_count_over_all_pairs_gives() {
        let mut dice = Dice(5);
        for _ in 0..300 {
            let snapshot = random_graph(&mut dice);
            let day = "2024".parse().ok();
            let question = Question { as_of: day, ..Question::default() };
            let methods =
                [GroupMethod::Leiden, GroupMethod::Louvain, GroupMethod::LabelPropagation];
            let options = CommunitiesOptions {
                n_runs: 3,
                method: methods[dice.roll(3)],
                quality: [Quality::Modularity, Quality::ConstantPotts][dice.roll(2)],
                ..CommunitiesOptions::default()
            };
            let found = communities(&snapshot, &question, &options, &mut Run::default()).unwrap();
            let naive = Naive::new(&snapshot, day.unwrap().last_key());
            let mut group = vec![None; naive.nodes.len()];
            for community in &found.communities {
                for it in &community.members {
                    group[naive.position(&it.node.id)] = Some(community.number);
                }
            }
            for (at, it) in found.by_themselves.iter().enumerate() {
                group[naive.position(&it.id)] = Some(found.communities.len() + 1 + at);
            }
            let n = naive.nodes.len();
            let pairs = || (0..n).flat_map(|a| (0..n).map(move |b| (a, b)));
            let total = pairs().filter(|&(a, b)| naive.linked[a][b]).count() as f64;
            let mut modularity = 0.0;
            for (a, b) in pairs().filter(|&(a, b)| group[a] == group[b] && group[a].is_some()) {
                let link = f64::from(u8::from(naive.linked[a][b]));
                let by_chance = naive.degree(a) as f64 * naive.degree(b) as f64 / total;
                modularity += (link - by_chance) / total;
            }
            let parts: f64 = found.communities.iter().map(|it| it.modularity_part).sum();
            match found.modularity {
                None => assert_eq!(total, 0.0),
                Some(it) => {
                    assert!((it - modularity).abs() < 1e-9);
                    // Bodies by themselves take the square of their share of link ends away.
                    let ends = |it: &NodeName| naive.degree(naive.position(&it.id)) as f64 / total;
                    let single: f64 = found.by_themselves.iter().map(|it| ends(it).powi(2)).sum();
                    assert!((it - (parts - single)).abs() < 1e-9);
                    if found.measured_by == Some("modularity") {
                        assert!((it - found.quality.unwrap()).abs() < 1e-9);
                    }
                }
            }
            for community in &found.communities {
                let of = |a: usize| group[a] == Some(community.number);
                let between = |inside| {
                    let linked = pairs().filter(|&(a, b)| naive.linked[a][b] && of(a));
                    linked.filter(|&(_, b)| of(b) == inside).count()
                };
                assert_eq!(community.n_links_inside, between(true) / 2);
                assert_eq!(community.n_links_outside, between(false));
            }
            let n_members: usize = found.communities.iter().map(|it| it.n_members).sum();
            assert_eq!(n_members + found.alone.len() + found.by_themselves.len(), n);
        }
    }
}
