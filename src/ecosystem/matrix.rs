//! The matrix: how many links there are between groups, and how many chance would leave.
//!
//! Chance is the configuration in which every body keeps its number of links and each link falls by
//! that alone, as in modularity. It is no test: whether too few links between two groups can be
//! chance is asked by `gaps`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_analytics::{Interrupted, Run};
use weft_graph::Snapshot;

use crate::ecosystem::communities::{circles, community_name};
use crate::ecosystem::evidence::{LinkEvidence, link_evidence};
use crate::ecosystem::places::smallest_places;
use crate::ecosystem::question::{Basis, Ground, Question};
use crate::ecosystem::words;

/// A pair of groups without a link is listed if chance would leave at least so many.
const EXPECTED_FROM: f64 = 1.0;

/// Which groups stand against each other.
#[derive(Serialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// Kinds of the schema.
    #[default]
    Kind,
    /// Sectors; a body may be in several.
    Sector,
    /// The smallest places on record; a body may be in several.
    Place,
    /// Communities of two bodies or more.
    Community,
}

/// The answer to `matrix`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Matrix {
    /// What it rests on.
    pub basis: Basis,
    /// Which groups.
    pub by: Grouping,
    /// The groups, those with most ends of links first.
    pub groups: Vec<Group>,
    /// Pairs of groups with a link, or with at least one by chance; by group.
    pub pairs: Vec<GroupPair>,
    /// The share of links inside a group; none without links or where a body may be in several.
    pub share_inside: Option<f64>,
    /// What chance would leave there.
    pub share_by_chance: Option<f64>,
    /// Krackhardt and Stern's E-I index: links between groups less those inside, by all links; -1 (all
    /// inside) to 1 (none). None where the share is.
    pub e_i_index: Option<f64>,
    /// In words.
    pub sentence: String,
}

/// One group.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Group {
    /// Its id; none for bodies that no group has.
    pub id: Option<String>,
    /// Its name.
    pub label: String,
    /// Bodies in it.
    pub n_nodes: usize,
    /// Ends of links at them: the sum of their numbers of links.
    pub n_link_ends: usize,
}

/// Two groups, or one against itself.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct GroupPair {
    /// One, by its place in the list of groups.
    pub one: usize,
    /// The other, never before it.
    pub other: usize,
    /// Its name.
    pub one_label: String,
    /// The other's.
    pub other_label: String,
    /// Links with an end in each.
    pub n_links: usize,
    /// What chance would leave: the sum over pairs of bodies of k_i k_j / 2m.
    pub expected: f64,
    /// Links by what chance would leave; none where that is 0.
    pub ratio: Option<f64>,
    /// The links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<LinkEvidence>>,
}

impl Matrix {
    /// The pairs with more links than chance would leave, those farthest above it first.
    pub fn above_chance(&self) -> Vec<&GroupPair> {
        self.beyond_chance(1.0)
    }

    /// The pairs with fewer links than chance would leave, those farthest below it first.
    pub fn below_chance(&self) -> Vec<&GroupPair> {
        self.beyond_chance(-1.0)
    }

    fn beyond_chance(&self, sign: f64) -> Vec<&GroupPair> {
        let beyond = |it: &GroupPair| (it.n_links as f64 - it.expected) * sign;
        let mut res: Vec<&GroupPair> =
            self.pairs.iter().filter(|it| beyond(it) > f64::EPSILON).collect();
        res.sort_by(|a, b| beyond(b).total_cmp(&beyond(a)));
        res
    }

    /// The pairs of two groups that a link joins, those with most links first.
    pub fn joined(&self) -> Vec<&GroupPair> {
        let mut res: Vec<&GroupPair> =
            self.pairs.iter().filter(|it| it.one != it.other && it.n_links > 0).collect();
        res.sort_by_key(|it| std::cmp::Reverse(it.n_links));
        res
    }
}

impl GroupPair {
    /// The other group in words, seen from the one.
    pub fn other_in_words(&self) -> &str {
        if self.one == self.other { "its own" } else { &self.other_label }
    }
}

/// Returns the links between groups of the conduit view, and what chance would leave.
///
/// For groups A and B with D ends of links each, and D_AB at bodies in both, chance leaves
/// (2 D_A D_B - D_AB^2) / 4m; D_A^2 / 4m inside one. Where no body is in two groups these sum to m.
/// Source: Newman, *Mixing patterns in networks*, Physical Review E 67 (2003). O(n + m) times the
/// square of a body's groups, and the pairs listed.
///
/// # Errors
/// If it was interrupted, which can be where communities are looked for.
pub fn matrix(
    snapshot: &Snapshot,
    question: &Question,
    by: Grouping,
    run: &mut Run<'_>,
) -> Result<Matrix, Interrupted> {
    let ground = Ground::conduit(snapshot, question);
    let view = &ground.view;
    let (groups, of) = groups(&ground, by, run)?;
    let mut links: BTreeMap<(usize, usize), Vec<u32>> = BTreeMap::new();
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for link in 0..view.m() as u32 {
        let (a, b) = view.link_ends(link);
        for pair in pairs(&of[a as usize], &of[b as usize]) {
            links.entry(pair).or_default().push(link);
        }
    }
    for (index, own) in (0..).zip(&of) {
        for (one, other) in pairs(own, own).into_iter().filter(|(a, b)| a != b) {
            *shared.entry((one, other)).or_default() += view.degree(index);
        }
    }
    let m = view.m() as f64;
    let expected = |(one, other): (usize, usize)| {
        let [a, b] = [one, other].map(|it| groups[it].n_link_ends as f64);
        match one == other {
            true => a * a / (4.0 * m),
            false => {
                let both = shared.get(&(one, other)).copied().unwrap_or(0) as f64;
                (2.0 * a * b - both * both) / (4.0 * m)
            }
        }
    };
    let mut listed: BTreeSet<(usize, usize)> = links.keys().copied().collect();
    for one in 0..groups.len() {
        // Groups are ordered by ends of links: those after the first that is too small are smaller.
        let rest = (one..groups.len()).map(|other| (one, other));
        listed.extend(
            rest.take_while(|it| m > 0.0 && most(&groups, *it, m) >= EXPECTED_FROM)
                .filter(|it| expected(*it) >= EXPECTED_FROM),
        );
    }
    let pair = |key: (usize, usize)| {
        let between = links.get(&key).map(Vec::as_slice).unwrap_or_default();
        let expected = expected(key);
        GroupPair {
            one: key.0,
            other: key.1,
            one_label: groups[key.0].label.clone(),
            other_label: groups[key.1].label.clone(),
            n_links: between.len(),
            expected,
            ratio: (expected > 0.0).then(|| between.len() as f64 / expected),
            why: question.why.then(|| {
                let ends = between.iter().map(|&it| view.link_ends(it));
                ends.map(|(a, b)| link_evidence(snapshot, view, a, b)).collect()
            }),
        }
    };
    let mut res = Matrix {
        basis: ground.basis(),
        by,
        pairs: listed.into_iter().map(pair).collect(),
        share_inside: None,
        share_by_chance: None,
        e_i_index: None,
        sentence: String::new(),
        groups,
    };
    if view.m() > 0 && matches!(by, Grouping::Kind | Grouping::Community) {
        let inside = |it: &&GroupPair| it.one == it.other;
        let n_inside: usize = res.pairs.iter().filter(inside).map(|it| it.n_links).sum();
        let squares: f64 = res.groups.iter().map(|it| (it.n_link_ends as f64).powi(2)).sum();
        let share = n_inside as f64 / m;
        res.share_inside = Some(share);
        res.share_by_chance = Some(squares / (4.0 * m * m));
        res.e_i_index = Some(1.0 - 2.0 * share);
    }
    res.sentence = sentence(&res);
    Ok(res)
}

/// More than chance can leave between two groups, whatever they share.
fn most(groups: &[Group], (one, other): (usize, usize), m: f64) -> f64 {
    groups[one].n_link_ends as f64 * groups[other].n_link_ends as f64 / (2.0 * m)
}

/// Each pair of a group of one end and a group of the other once, the earlier first.
fn pairs(a: &[usize], b: &[usize]) -> BTreeSet<(usize, usize)> {
    let ordered = |x: usize, y: usize| (x.min(y), x.max(y));
    a.iter().flat_map(|&x| b.iter().map(move |&y| ordered(x, y))).collect()
}

/// The groups, those with most ends of links first, and those of each node.
fn groups(
    ground: &Ground<'_>,
    by: Grouping,
    run: &mut Run<'_>,
) -> Result<(Vec<Group>, Vec<Vec<usize>>), Interrupted> {
    let view = &ground.view;
    let keys = keys(ground, by, run)?;
    let mut members: BTreeMap<&Option<(String, String)>, Vec<u32>> = BTreeMap::new();
    for (index, own) in (0..).zip(&keys) {
        own.iter().for_each(|key| members.entry(key).or_default().push(index));
    }
    let ends = |nodes: &[u32]| nodes.iter().map(|&it| view.degree(it)).sum::<usize>();
    let mut ordered: Vec<_> =
        members.into_iter().map(|(key, nodes)| (ends(&nodes), key, nodes)).collect();
    ordered.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let mut of = vec![Vec::new(); view.n()];
    let mut res = Vec::new();
    for (at, (n_link_ends, key, nodes)) in ordered.into_iter().enumerate() {
        nodes.iter().for_each(|&it| of[it as usize].push(at));
        let label = match (key, by) {
            (Some((_, label)), _) => label.clone(),
            (None, Grouping::Place) => "no place on record".to_owned(),
            (None, Grouping::Community) => "no link".to_owned(),
            (None, _) => "no sector on record".to_owned(),
        };
        let id = key.as_ref().map(|it| it.0.clone());
        res.push(Group { id, label, n_nodes: nodes.len(), n_link_ends });
    }
    Ok((res, of))
}

/// The groups that a body is in, each by id and label; none for a group of those without one.
type Keys = Vec<Option<(String, String)>>;

/// The groups of each node, by id and label; none is that of nodes that no group has.
fn keys(ground: &Ground<'_>, by: Grouping, run: &mut Run<'_>) -> Result<Vec<Keys>, Interrupted> {
    let or_none = |keys: Vec<(String, String)>| match keys.is_empty() {
        true => vec![None],
        false => keys.into_iter().map(Some).collect(),
    };
    Ok(match by {
        Grouping::Kind => {
            let key = |it: u32| {
                let kind = ground.node(it).kind();
                vec![Some((kind.id.clone(), kind.label.clone()))]
            };
            ground.indices().map(key).collect()
        }
        Grouping::Sector => {
            let key = |it: u32| {
                let sectors = ground.node(it).sectors().iter().collect::<BTreeSet<_>>();
                or_none(sectors.into_iter().map(|it| (it.clone(), it.replace('_', " "))).collect())
            };
            ground.indices().map(key).collect()
        }
        Grouping::Place => {
            let key = |it| or_none(smallest_places(ground, it).into_iter().collect());
            ground.indices().map(key).collect()
        }
        Grouping::Community => community_keys(ground, run)?,
    })
}

/// Communities named as `communities` names them; bodies without a link are in none.
fn community_keys(ground: &Ground<'_>, run: &mut Run<'_>) -> Result<Vec<Keys>, Interrupted> {
    let view = &ground.view;
    let of = circles(ground, run)?;
    let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for index in ground.indices().filter(|&it| view.degree(it) > 0) {
        members.entry(of[index as usize]).or_default().push(index);
    }
    let mut res = vec![vec![None]; view.n()];
    for (number, mut nodes) in (1_usize..).zip(members.into_values()) {
        let key = (number.to_string(), community_name(ground, &of, &mut nodes));
        nodes.iter().for_each(|&it| res[it as usize] = vec![Some(key.clone())]);
    }
    Ok(res)
}

fn sentence(found: &Matrix) -> String {
    let n_groups = found.groups.iter().filter(|it| it.id.is_some()).count();
    let groups = match found.by {
        Grouping::Kind => words::count(n_groups, "kind", "kinds"),
        Grouping::Sector => words::count(n_groups, "sector", "sectors"),
        Grouping::Place => words::count(n_groups, "place", "places"),
        Grouping::Community => words::count(n_groups, "community", "communities"),
    };
    let links = words::count(found.basis.n_links, "link", "links");
    let mut res = format!("{links} among {groups}");
    if let (Some(inside), Some(by_chance)) = (found.share_inside, found.share_by_chance) {
        let one = if found.by == Grouping::Kind { "kind" } else { "community" };
        res.push_str(&format!(
            "; {:.0} in 100 stay within one {one}, where chance would leave {:.0}",
            inside * 100.0,
            by_chance * 100.0
        ));
    }
    if let Some(none) = found.groups.iter().find(|it| it.id.is_none()) {
        let bodies = words::count(none.n_nodes, "body", "bodies");
        res.push_str(&match found.by {
            Grouping::Place => format!("; no place is on record for {bodies}"),
            Grouping::Community => format!("; {bodies} without a link are in none"),
            _ => format!("; no sector is on record for {bodies}"),
        });
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::naive::{Dice, Naive, random_graph};
    use weft_graph::{Change, ChangeSet, fixture};

    #[track_caller]
    fn check(graph: &str, by: Grouping, pairs: &[(&str, &str, usize, f64)], sentence: &str) {
        let found = matrix(&fixture(graph), &Question::default(), by, &mut Run::default()).unwrap();
        let pair = |it: &GroupPair| (it.one_label.clone(), it.other_label.clone(), it.n_links);
        let found_pairs: Vec<_> = found.pairs.iter().map(pair).collect();
        let expected: Vec<_> =
            pairs.iter().map(|it| (it.0.to_owned(), it.1.to_owned(), it.2)).collect();
        assert_eq!(found_pairs, expected);
        for (found, expected) in found.pairs.iter().zip(pairs) {
            assert!((found.expected - expected.3).abs() < 1e-12, "{found:?}");
        }
        assert_eq!(found.sentence, sentence);
    }

    #[test]
    fn links_between_kinds_stand_beside_what_chance_would_leave() {
        check(
            "a:council -hosts-> b:company; a -hosts-> c:company; b -partners_with-> c; \
             d:council -hosts-> c; e:funder",
            Grouping::Kind,
            &[("company", "company", 1, 25.0 / 16.0), ("company", "council", 3, 15.0 / 8.0)],
            "4 links among 3 kinds; 25 in 100 stay within one kind, where chance would leave 53",
        );
    }

    #[test]
    fn a_body_in_two_places_counts_in_both() {
        check(
            "a:council -hosts-> b:company; a -located_in-> leeds:place; b -located_in-> york:place; \
             b -located_in-> leeds; c:company",
            Grouping::Place,
            &[("leeds", "leeds", 1, 1.0), ("leeds", "york", 1, 0.75)],
            "1 link among 2 places; no place is on record for 1 body",
        );
    }

    #[test]
    fn without_links_there_is_nothing_to_compare() {
        let none = "0 links among 2 kinds";
        check("a:council; b:company", Grouping::Kind, &[], none);
        let none = "0 links among 0 communities; 2 bodies without a link are in none";
        check("a:council; b:company", Grouping::Community, &[], none);
    }

    #[test]
    fn every_cell_is_what_trying_every_pair_of_bodies_gives() {
        let mut dice = Dice(29);
        for _ in 0..300 {
            let mut snapshot = random_graph(&mut dice);
            let mut changes = Vec::new();
            for idx in snapshot.nodes() {
                let mut node = snapshot.node(idx).record();
                let all = ["x", "y", "z"];
                node.sectors =
                    all.iter().filter(|_| dice.roll(2) == 0).map(|it| (*it).into()).collect();
                changes.push(Change::PutNode(node));
            }
            snapshot = snapshot.with(&ChangeSet { changes }).unwrap();
            let day = "2024".parse().ok();
            let question = Question { as_of: day, ..Question::default() };
            let naive = Naive::new(&snapshot, day.unwrap().last_key());
            let n = naive.nodes.len();
            for by in [Grouping::Kind, Grouping::Sector] {
                let found = matrix(&snapshot, &question, by, &mut Run::default()).unwrap();
                let is_in = |at: usize, group: usize| {
                    let (node, id) = (snapshot.node(naive.nodes[at]), &found.groups[group].id);
                    match (id, by) {
                        (Some(id), Grouping::Kind) => node.kind().id == *id,
                        (Some(id), _) => node.sectors().contains(id),
                        (None, _) => node.sectors().is_empty(),
                    }
                };
                let ends: f64 = (0..n).map(|it| naive.degree(it) as f64).sum();
                for one in 0..found.groups.len() {
                    for other in one..found.groups.len() {
                        let (mut n_links, mut expected) = (0.0, 0.0);
                        for (a, b) in (0..n * n).map(|it| (it / n, it % n)) {
                            if is_in(a, one) && is_in(b, other) || is_in(a, other) && is_in(b, one)
                            {
                                n_links += if naive.linked[a][b] { 0.5 } else { 0.0 };
                                let product = naive.degree(a) * naive.degree(b);
                                expected += product as f64 / (2.0 * ends);
                            }
                        }
                        let pair = found.pairs.iter().find(|it| (it.one, it.other) == (one, other));
                        match pair {
                            Some(it) => {
                                assert_eq!(it.n_links as f64, n_links);
                                assert!((it.expected - expected).abs() < 1e-9);
                            }
                            None => {
                                assert!(n_links == 0.0 && (ends == 0.0 || expected < 1.0 + 1e-9))
                            }
                        }
                    }
                }
            }
        }
    }
}
