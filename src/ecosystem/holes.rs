//! Holes between groups: kinds, sectors or places with fewer links between them than chance would
//! give, and communities that hardly touch.
//!
//! Groups that come from outside the ties are tested: rewired networks keep each body's ties of each
//! relation and swap ends across the groups wherever the schema allows. Communities were chosen for
//! having few ties between them, so no test is made of them: pairs joined by no link or by one are
//! listed, with what each holds that the other needs.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_analytics::{Interrupted, Rewiring, Run, SwapRule, draws};
use weft_graph::{NodeIdx, Snapshot, View};

use crate::ecosystem::access::{Searches, quarters};
use crate::ecosystem::communities::{circles, community_name};
use crate::ecosystem::evidence::{LinkEvidence, NodeName, link_evidence};
use crate::ecosystem::gaps::places_of;
use crate::ecosystem::question::{Basis, Ground, Question, is_start_up};
use crate::ecosystem::words;

/// How many rewired networks are made.
const SAMPLES: usize = 999;
/// With more ties the rewiring takes long, so it is done only if asked for.
const TIES_MAX: usize = 20_000;
/// A group of fewer bodies is not compared.
const GROUP_FROM: usize = 3;
/// So many groups of each sort are compared, the largest.
const GROUPS_MAX: usize = 50;
/// With fewer links expected, even none could not be told from chance: e^-3 is 0.05.
const EXPECTED_FROM: f64 = 3.0;
/// The share of false findings among those called holes.
const FALSE_UP_TO: f64 = 0.05;

/// Where groups hardly touch.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Holes {
    /// What it rests on.
    pub basis: Basis,
    /// How many rewired networks; 0 where the ties cannot be swapped.
    pub n_samples: usize,
    /// Pairs of kinds, sectors or places that were tested.
    pub n_pairs_tested: usize,
    /// Pairs with fewer than three links expected, of which nothing could be said.
    pub n_pairs_too_small: usize,
    /// Every pair tested, the least likely first.
    pub pairs: Vec<GroupPair>,
    /// Pairs of communities joined by no link or by one; those that hold something first.
    pub communities: Vec<CommunityPair>,
    /// Communities of fewer than three bodies, which are not compared.
    pub n_small_communities: usize,
    /// What cannot be told, and why.
    pub notes: Vec<String>,
}

/// A group of bodies.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The kind or place by id, or the sector; for a community its number.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// How many bodies of the view.
    pub n_nodes: usize,
    /// The bodies of a community, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<NodeName>>,
}

/// Two groups, with the links between them and what chance would give.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct GroupPair {
    /// `kind`, `sector` or `place`.
    pub group_by: &'static str,
    /// One.
    pub a: Group,
    /// The other.
    pub b: Group,
    /// Links with one end in each.
    pub n_links: usize,
    /// Their mean number over the rewired networks.
    pub expected: f64,
    /// (1 + samples with as few links) / (1 + samples).
    pub p: f64,
    /// The same corrected for the number of pairs tested (Benjamini and Hochberg).
    pub q: f64,
    /// Whether q is at most 0.05.
    pub is_hole: bool,
    /// Of a hole, the ids of the narrowest that it only repeats: it lies within this one, as one place lies
    /// in another, and all links between these groups are between those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeats: Option<[String; 2]>,
    /// In words.
    pub sentence: String,
    /// The links that there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<LinkEvidence>>,
}

/// Two communities that hardly touch.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct CommunityPair {
    /// One.
    pub a: Group,
    /// The other.
    pub b: Group,
    /// Links between them: 0 or 1.
    pub n_links: usize,
    /// The one link.
    pub link: Option<LinkEvidence>,
    /// Needs that a body of the first meets and that are three steps or more from a start-up of the
    /// second.
    pub a_holds: Vec<NodeName>,
    /// The same the other way.
    pub b_holds: Vec<NodeName>,
    /// In words.
    pub sentence: String,
}

/// Returns the holes of the conduit view.
///
/// 999 rewired networks, O(ties) each; communities, and the pairs of groups. Above 20,000 ties groups are
/// tested only with `chance`.
///
/// # Errors
/// If it was interrupted.
pub fn holes(
    snapshot: &Snapshot,
    question: &Question,
    chance: bool,
    run: &mut Run<'_>,
) -> Result<Holes, Interrupted> {
    let ground = Ground::conduit(snapshot, question);
    let searches = Searches::new(&ground);
    let mut notes = Vec::new();
    let sortings = [
        Sorting::new("kind", &ground, &mut notes, |it| kinds(&ground, it)),
        Sorting::new("sector", &ground, &mut notes, |it| sectors(&ground, it)),
        Sorting::new("place", &ground, &mut notes, |it| places(&ground, it)),
    ];
    let is_too_large = !chance && ground.view.n_ties() > TIES_MAX;
    let (pairs, n_samples, n_pairs_too_small) = match is_too_large {
        true => (Vec::new(), 0, 0),
        false => tested(&ground, &sortings, run)?,
    };
    if is_too_large {
        notes.push(
            "pairs of groups are not tested, as 999 rewired networks of so many ties take minutes or \
             more: `weft gaps --chance` does"
                .to_owned(),
        );
    } else if n_samples == 0 && ground.view.m() > 0 {
        notes.push(
            "pairs of groups are not tested: hardly a tie can be swapped for another".to_owned(),
        );
    }
    let (communities, n_small_communities) = community_pairs(&ground, &searches, run)?;
    Ok(Holes {
        basis: ground.basis(),
        n_samples,
        n_pairs_tested: pairs.len(),
        n_pairs_too_small,
        pairs,
        communities,
        n_small_communities,
        notes,
    })
}

/// One way to put bodies into groups; a body may be in several.
struct Sorting {
    group_by: &'static str,
    groups: Vec<Group>,
    members: Vec<BTreeSet<u32>>,
    /// The groups of each body of the view.
    of: Vec<Vec<u32>>,
}

fn kinds(ground: &Ground<'_>, index: u32) -> Vec<(String, String)> {
    let kind = ground.node(index).kind();
    vec![(kind.id.clone(), kind.plural.clone())]
}

fn sectors(ground: &Ground<'_>, index: u32) -> Vec<(String, String)> {
    let words = |it: &String| (it.clone(), it.replace('_', " "));
    ground.node(index).sectors().iter().map(words).collect()
}

fn places(ground: &Ground<'_>, index: u32) -> Vec<(String, String)> {
    let place = |it: NodeIdx| {
        let place = ground.snapshot.node(it);
        (place.id().to_owned(), place.name().to_owned())
    };
    places_of(ground, ground.view.node(index)).into_iter().map(place).collect()
}

impl Sorting {
    fn new(
        group_by: &'static str,
        ground: &Ground<'_>,
        notes: &mut Vec<String>,
        groups_of: impl Fn(u32) -> Vec<(String, String)>,
    ) -> Self {
        let mut by_id: BTreeMap<(String, String), BTreeSet<u32>> = BTreeMap::new();
        for index in ground.indices() {
            for group in groups_of(index) {
                by_id.entry(group).or_default().insert(index);
            }
        }
        let mut groups: Vec<_> =
            by_id.into_iter().filter(|(_, members)| members.len() >= GROUP_FROM).collect();
        if groups.len() > GROUPS_MAX {
            groups.sort_by_key(|(_, members)| std::cmp::Reverse(members.len()));
            let n = groups.len();
            let n = words::digits(n);
            notes.push(format!("of {n} {group_by}s the {GROUPS_MAX} largest are compared"));
            groups.truncate(GROUPS_MAX);
        }
        let mut of = vec![Vec::new(); ground.view.n()];
        for (at, (_, members)) in (0..).zip(&groups) {
            members.iter().for_each(|&it| of[it as usize].push(at));
        }
        let group = |((id, name), members): ((String, String), BTreeSet<u32>)| {
            (Group { id, name, n_nodes: members.len(), members: None }, members)
        };
        let (groups, members) = groups.into_iter().map(group).unzip();
        Self { group_by, groups, members, of }
    }

    /// Pairs of groups without a body in common: those with one touch already.
    fn pairs(&self) -> Vec<(u32, u32)> {
        let n = self.groups.len() as u32;
        let all = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b)));
        let members = |it: u32| &self.members[it as usize];
        all.filter(|&(a, b)| members(a).is_disjoint(members(b))).collect()
    }

    /// The pairs of groups that a link joins, each once.
    fn joined(&self, (from, to): (u32, u32), found: &mut Vec<(u32, u32)>) {
        found.clear();
        for &a in &self.of[from as usize] {
            let others = self.of[to as usize].iter().filter(|it| **it != a);
            found.extend(others.map(|&b| (a.min(b), a.max(b))));
        }
        found.sort_unstable();
        found.dedup();
    }

    /// How many links join each pair of groups, by `a * n + b` with a < b.
    fn count(&self, view: &View) -> Vec<u32> {
        let n = self.groups.len();
        let mut counts = vec![0; n * n];
        let mut found = Vec::new();
        for link in 0..view.m() as u32 {
            self.joined(view.link_ends(link), &mut found);
            found.iter().for_each(|&(a, b)| counts[a as usize * n + b as usize] += 1);
        }
        counts
    }
}

/// The pairs that can be tested, with what chance gives; the number of samples, and of pairs too small.
fn tested(
    ground: &Ground<'_>,
    sortings: &[Sorting],
    run: &mut Run<'_>,
) -> Result<(Vec<GroupPair>, usize, usize), Interrupted> {
    let (snapshot, view, seed) = (ground.snapshot, &ground.view, ground.question.seed);
    let rewiring = Rewiring::new(snapshot, view, SwapRule::AsSchemaAllows);
    let count = |view: &View| sortings.iter().map(|it| it.count(view)).collect::<Vec<_>>();
    let sample = |seed| Some(count(&rewiring.sample(seed)?));
    let samples: Option<Vec<Vec<Vec<u32>>>> = match rewiring.sample(seed) {
        None => None,
        Some(_) => draws(SAMPLES, seed, run, sample)?.into_iter().collect(),
    };
    let Some(samples) = samples else { return Ok((Vec::new(), 0, 0)) };
    let observed = count(view);
    let (mut pairs, mut n_too_small) = (Vec::new(), 0);
    for (which, sorting) in sortings.iter().enumerate() {
        let n = sorting.groups.len();
        for (a, b) in sorting.pairs() {
            let at = a as usize * n + b as usize;
            let own = observed[which][at];
            let of_sample = || samples.iter().map(|it| it[which][at]);
            let expected = of_sample().map(f64::from).sum::<f64>() / SAMPLES as f64;
            if expected < EXPECTED_FROM {
                n_too_small += 1;
                continue;
            }
            let n_as_few = of_sample().filter(|&it| it <= own).count();
            pairs.push(GroupPair {
                group_by: sorting.group_by,
                a: sorting.groups[a as usize].clone(),
                b: sorting.groups[b as usize].clone(),
                n_links: own as usize,
                expected,
                p: (1 + n_as_few) as f64 / (1 + SAMPLES) as f64,
                q: 1.0,
                is_hole: false,
                repeats: None,
                sentence: String::new(),
                why: ground.question.why.then(|| links_between(ground, sorting, (a, b))),
            });
        }
    }
    pairs.sort_by(|x, y| {
        let key = |it: &GroupPair| (it.group_by, it.a.id.clone(), it.b.id.clone());
        let share = |it: &GroupPair| it.n_links as f64 / it.expected;
        x.p.total_cmp(&y.p)
            .then_with(|| share(x).total_cmp(&share(y)))
            .then_with(|| key(x).cmp(&key(y)))
    });
    let corrected = benjamini_hochberg(&pairs.iter().map(|it| it.p).collect::<Vec<_>>());
    for (pair, q) in pairs.iter_mut().zip(corrected) {
        pair.q = q;
        pair.is_hole = q <= FALSE_UP_TO;
        pair.sentence = pair_sentence(pair);
    }
    for sorting in sortings {
        find_repeated(sorting, &mut pairs);
    }
    Ok((pairs, SAMPLES, n_too_small))
}

/// Notes of each hole the narrowest that says the same.
fn find_repeated(sorting: &Sorting, pairs: &mut [GroupPair]) {
    let members_of = |id: &str| {
        let at = sorting.groups.iter().position(|it| it.id == id);
        &sorting.members[at.expect("pairs are made of these groups")]
    };
    // A hole: its place among the pairs, its groups, and how many links it has.
    let holes: Vec<(usize, [&BTreeSet<u32>; 2], usize)> = pairs
        .iter()
        .enumerate()
        .filter(|(_, it)| it.is_hole && it.group_by == sorting.group_by)
        .map(|(at, it)| (at, [&it.a, &it.b].map(|it| members_of(&it.id)), it.n_links))
        .collect();
    let size = |it: [&BTreeSet<u32>; 2]| it[0].len() + it[1].len();
    let is_within = |[a, b]: [&BTreeSet<u32>; 2], [c, d]: [&BTreeSet<u32>; 2]| {
        (a.is_subset(c) && b.is_subset(d)) || (a.is_subset(d) && b.is_subset(c))
    };
    let mut repeats = Vec::new();
    for &(at, groups, n_links) in &holes {
        let same = holes.iter().filter(|it| it.2 == n_links && is_within(it.1, groups));
        // Of holes of the same groups the first stands for all.
        let narrowest = same.min_by_key(|it| (size(it.1), it.0)).map_or(at, |it| it.0);
        if narrowest != at {
            let ids = [&pairs[narrowest].a, &pairs[narrowest].b].map(|it| it.id.clone());
            repeats.push((at, ids));
        }
    }
    for (at, ids) in repeats {
        pairs[at].repeats = Some(ids);
    }
}

impl Holes {
    /// The holes that say something of their own, each with those that only repeat it.
    pub fn told(&self) -> Vec<(&GroupPair, Vec<&GroupPair>)> {
        let holes = || self.pairs.iter().filter(|it| it.is_hole);
        let repeats = |hole: &GroupPair, it: &GroupPair| {
            let ids = it.repeats.as_ref().map(|[a, b]| (a, b));
            it.group_by == hole.group_by && ids == Some((&hole.a.id, &hole.b.id))
        };
        let own = holes().filter(|it| it.repeats.is_none());
        own.map(|hole| (hole, holes().filter(|it| repeats(hole, it)).collect())).collect()
    }
}

impl Holes {
    /// "3 pairs of circles are joined by no link or by one; in 1 of them neither has what ...".
    pub fn circles_sentence(&self) -> String {
        let n_pairs = self.communities.len();
        let pairs = words::count(n_pairs, "pair of circles is", "pairs of circles are");
        let mut res = format!("{pairs} joined by no link or by one");
        let has_nothing = |it: &&CommunityPair| it.a_holds.is_empty() && it.b_holds.is_empty();
        match self.communities.iter().filter(has_nothing).count() {
            0 => {}
            n => res.push_str(&format!(
                "; in {} of them neither has what start-ups of the other do not reach",
                words::digits(n)
            )),
        }
        if self.n_small_communities > 0 {
            let (one, many) =
                ("circle of one or two bodies is", "circles of one or two bodies are");
            let small = words::count(self.n_small_communities, one, many);
            res.push_str(&format!("; {small} not compared"));
        }
        res
    }
}

impl GroupPair {
    /// "Bradford and Leeds: the same holds of larger groups ...", with those that repeat this hole.
    pub fn repeats_sentence(&self, repeats: &[&GroupPair]) -> Option<String> {
        let names = repeats.iter().map(|it| format!("{} and {}", it.a.name, it.b.name));
        let names: Vec<String> = names.collect();
        (!names.is_empty()).then(|| {
            format!(
                "{} and {}: the same holds of larger groups, between which there is no other link: {}",
                self.a.name,
                self.b.name,
                names.join("; ")
            )
        })
    }
}

fn links_between(ground: &Ground<'_>, sorting: &Sorting, pair: (u32, u32)) -> Vec<LinkEvidence> {
    let view = &ground.view;
    let mut found = Vec::new();
    let mut res = Vec::new();
    for link in 0..view.m() as u32 {
        let (from, to) = view.link_ends(link);
        sorting.joined((from, to), &mut found);
        if found.contains(&pair) {
            res.push(link_evidence(ground.snapshot, view, from, to));
        }
    }
    res
}

fn pair_sentence(pair: &GroupPair) -> String {
    let of = |it: &Group| match pair.group_by {
        "place" => format!("bodies in {}", it.name),
        "sector" => format!("bodies in {}", it.name),
        _ => it.name.clone(),
    };
    let links = match pair.n_links {
        0 => "no link".to_owned(),
        n => words::count(n, "link", "links"),
    };
    let expected = pair.expected.round();
    format!(
        "{links} between {} and {}, where about {expected} would be expected of bodies with as many \
         ties",
        of(&pair.a),
        of(&pair.b)
    )
}

/// The p of each test, in ascending order, corrected so that of all up to a bound at most that share is
/// false.
///
/// Source: Benjamini and Hochberg, *Controlling the false discovery rate* (1995).
fn benjamini_hochberg(ascending: &[f64]) -> Vec<f64> {
    let n = ascending.len() as f64;
    let mut res = vec![1.0; ascending.len()];
    let mut least: f64 = 1.0;
    for (at, p) in ascending.iter().enumerate().rev() {
        least = least.min(p * n / (at + 1) as f64);
        res[at] = least;
    }
    res
}

/// Pairs of communities joined by no link or by one, and how many communities are too small.
fn community_pairs(
    ground: &Ground<'_>,
    searches: &Searches,
    run: &mut Run<'_>,
) -> Result<(Vec<CommunityPair>, usize), Interrupted> {
    let view = &ground.view;
    let of = circles(ground, run)?;
    let n = of.iter().max().map_or(0, |it| *it as usize + 1);
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); n];
    (0..).zip(&of).for_each(|(node, &community)| members[community as usize].push(node));
    let n_small = members.iter().filter(|it| it.len() < GROUP_FROM).count();
    let mut links: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    for link in 0..view.m() as u32 {
        let (from, to) = view.link_ends(link);
        let (a, b) = (of[from as usize], of[to as usize]);
        if a != b {
            links.entry((a.min(b), a.max(b))).or_default().push(link);
        }
    }
    let large: Vec<usize> = (0..n).filter(|&it| members[it].len() >= GROUP_FROM).collect();
    let name = |&it: &usize| (it, community_name(ground, &of, &mut members[it].clone()));
    let names: BTreeMap<usize, String> = large.iter().map(name).collect();
    let group = |community: usize| {
        let (id, name) = ((community + 1).to_string(), names[&community].clone());
        let all = || {
            let mut all = members[community].clone();
            all.sort_by(|&a, &b| ground.by_id(a, b));
            ground.names(&all)
        };
        let n_nodes = members[community].len();
        Group { id, name, n_nodes, members: ground.question.why.then(all) }
    };
    // What the start-ups of each community lack, and what its bodies meet.
    let lacks: Vec<BTreeSet<usize>> =
        members.iter().map(|it| lacking(ground, searches, it)).collect();
    let meets = |community: usize, need: usize| {
        members[community].iter().any(|&it| searches.needs[need].is_provider(it))
    };
    let mut pairs = Vec::new();
    for (at, &a) in large.iter().enumerate() {
        for &b in &large[at + 1..] {
            let between = links.get(&(a as u32, b as u32)).map_or(&[][..], Vec::as_slice);
            if between.len() > 1 {
                continue;
            }
            let holds = |has: usize, lacking: usize| -> Vec<NodeName> {
                let needs = lacks[lacking].iter().filter(|&&need| meets(has, need));
                needs.map(|&it| searches.needs[it].name(ground)).collect()
            };
            let link = between.first().map(|&it| {
                let (from, to) = view.link_ends(it);
                link_evidence(ground.snapshot, view, from, to)
            });
            let mut pair = CommunityPair {
                a: group(a),
                b: group(b),
                n_links: between.len(),
                link,
                a_holds: holds(a, b),
                b_holds: holds(b, a),
                sentence: String::new(),
            };
            pair.sentence = community_sentence(&pair);
            pairs.push(pair);
        }
    }
    // Stable: the larger communities come first among equals.
    pairs.sort_by_key(|it| std::cmp::Reverse(it.a_holds.len() + it.b_holds.len()));
    Ok((pairs, n_small))
}

/// The needs that are three steps or more from a start-up among some bodies.
fn lacking(ground: &Ground<'_>, searches: &Searches, members: &[u32]) -> BTreeSet<usize> {
    let mut res = BTreeSet::new();
    for &index in members.iter().filter(|&&it| is_start_up(ground.node(it))) {
        let weights = searches.weights(ground, index);
        for (at, (need, weight)) in searches.needs.iter().zip(weights).enumerate() {
            // Within two steps a need is worth a half or more.
            if weight > 0 && quarters(need.distance[index as usize]) < 2 {
                res.insert(at);
            }
        }
    }
    res
}

fn community_sentence(pair: &CommunityPair) -> String {
    let link = match &pair.link {
        None => "no link joins".to_owned(),
        Some(link) => format!("only {} and {} join", link.from.name, link.to.name),
    };
    let mut res = format!("{link} the circle of {} to the circle of {}", pair.a.name, pair.b.name);
    for (has, lacks, needs) in
        [(&pair.a, &pair.b, &pair.a_holds), (&pair.b, &pair.a, &pair.b_holds)]
    {
        if !needs.is_empty() {
            let names = words::list(needs.iter().map(|it| it.name.as_str()));
            res.push_str(&format!(
                "; the circle of {} has what start-ups in that of {} do not reach: {names}",
                has.name, lacks.name
            ));
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::naive::{Dice, Naive, placed, random_graph, sparse_graph};
    use weft_graph::fixture;

    #[test]
    fn a_hole_that_a_larger_place_only_repeats_is_told_once() {
        let group = |id: &str| Group { id: id.into(), name: id.into(), n_nodes: 0, members: None };
        let sorting = |members: &[(&str, &[u32])]| Sorting {
            group_by: "place",
            groups: members.iter().map(|it| group(it.0)).collect(),
            members: members.iter().map(|it| it.1.iter().copied().collect()).collect(),
            of: Vec::new(),
        };
        let hole = |a: &str, b: &str, n_links| GroupPair {
            group_by: "place",
            a: group(a),
            b: group(b),
            n_links,
            expected: 9.0,
            p: 0.001,
            q: 0.001,
            is_hole: true,
            repeats: None,
            sentence: String::new(),
            why: None,
        };
        let places = sorting(&[
            ("leeds", &[0, 1]),
            ("region", &[0, 1, 2]),
            ("uk", &[0, 1, 2, 3]),
            ("york", &[7]),
        ]);
        let mut pairs =
            vec![hole("region", "york", 1), hole("leeds", "york", 1), hole("uk", "york", 2)];
        find_repeated(&places, &mut pairs);
        let repeats: Vec<_> = pairs.iter().map(|it| it.repeats.is_some()).collect();
        // The country has a link of its own.
        assert_eq!(repeats, [true, false, false]);
        assert_eq!(pairs[0].repeats, Some(["leeds".to_owned(), "york".to_owned()]));
    }

    #[test]
    fn groups_and_circles_are_joined_as_trying_every_pair_of_bodies_says() {
        let mut dice = Dice(23);
        let (mut n_pairs, mut n_circles, mut n_held) = (0, 0, 0);
        for round in 0..10_000 {
            let graph =
                if round % 2 == 0 { random_graph(&mut dice) } else { sparse_graph(&mut dice) };
            let snapshot = placed(&mut dice, &graph);
            let day = "2024".parse().ok();
            let question = Question { as_of: day, why: true, ..Question::default() };
            let naive = Naive::new(&snapshot, day.unwrap().last_key());
            let ground = Ground::conduit(&snapshot, &question);
            let n = naive.nodes.len();
            let joining = |a: &dyn Fn(usize) -> bool, b: &dyn Fn(usize) -> bool| {
                let pairs = (0..n).flat_map(|x| (x + 1..n).map(move |y| (x, y)));
                pairs
                    .filter(|&(x, y)| naive.linked[x][y])
                    .filter(|&(x, y)| a(x) && b(y) || a(y) && b(x))
                    .count()
            };
            let node = |it: usize| snapshot.node(naive.nodes[it]);
            let is_in = |by: &str, group: &str, it: usize| match by {
                "kind" => node(it).kind().id == group,
                "sector" => node(it).sectors().iter().any(|it| it == group),
                _ => naive.places(it).contains(group),
            };
            for sorting in [
                Sorting::new("kind", &ground, &mut Vec::new(), |it| kinds(&ground, it)),
                Sorting::new("sector", &ground, &mut Vec::new(), |it| sectors(&ground, it)),
                Sorting::new("place", &ground, &mut Vec::new(), |it| places(&ground, it)),
            ] {
                let by = sorting.group_by;
                let counts = sorting.count(&ground.view);
                let n_groups = sorting.groups.len();
                for group in &sorting.groups {
                    let n_nodes = (0..n).filter(|&it| is_in(by, &group.id, it)).count();
                    assert!(group.n_nodes == n_nodes && n_nodes >= GROUP_FROM);
                }
                for a in 0..n_groups {
                    for b in a + 1..n_groups {
                        let ids = [a, b].map(|it| sorting.groups[it].id.clone());
                        let [of_a, of_b] = ids.each_ref().map(|id| move |it| is_in(by, id, it));
                        let is_pair = sorting.pairs().contains(&(a as u32, b as u32));
                        assert_eq!(is_pair, (0..n).all(|it| !(of_a(it) && of_b(it))));
                        if is_pair {
                            n_pairs += 1;
                            let n_links = counts[a * n_groups + b] as usize;
                            assert_eq!(n_links, joining(&of_a, &of_b));
                        }
                    }
                }
            }
            let searches = Searches::new(&ground);
            let (pairs, _) = community_pairs(&ground, &searches, &mut Run::default()).unwrap();
            for pair in &pairs {
                n_circles += 1;
                let members = |it: &Group| -> BTreeSet<usize> {
                    let ids = it.members.iter().flatten().map(|it| naive.position(&it.id));
                    ids.collect()
                };
                let [of_a, of_b] = [&pair.a, &pair.b].map(members);
                assert!(of_a.is_disjoint(&of_b) && of_a.len().min(of_b.len()) >= GROUP_FROM);
                let n_links = joining(&|it| of_a.contains(&it), &|it| of_b.contains(&it));
                assert!(pair.n_links == n_links && n_links <= 1);
                assert_eq!(pair.link.is_some(), n_links == 1);
                let held = |has: &BTreeSet<usize>, lacks: &BTreeSet<usize>| -> Vec<&str> {
                    let met = naive.providers.iter().filter(|it| it.1.contains(&true)).enumerate();
                    met.filter(|(_, (_, meets))| has.iter().any(|&it| meets[it]))
                        .filter(|&(at, _)| {
                            lacks
                                .iter()
                                .filter(|&&it| is_start_up(node(it)))
                                .any(|&it| naive.needs_from(it, None)[at].is_none_or(|it| it > 2))
                        })
                        .map(|(_, (need, _))| snapshot.node(*need).id())
                        .collect()
                };
                let ids = |it: &[NodeName]| it.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
                n_held += pair.a_holds.len() + pair.b_holds.len();
                assert_eq!(ids(&pair.a_holds), held(&of_a, &of_b));
                assert_eq!(ids(&pair.b_holds), held(&of_b, &of_a));
            }
        }
        assert!(n_pairs > 100 && n_circles > 40 && n_held > 10, "{n_pairs} {n_circles} {n_held}");
    }

    #[test]
    fn benjamini_and_hochberg_correct_for_the_number_of_tests() {
        let q = benjamini_hochberg(&[0.01, 0.02, 0.03, 0.2]);
        let expected = [0.04, 0.04, 0.04, 0.2];
        assert!(q.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{q:?}");
        assert_eq!(benjamini_hochberg(&[0.6, 0.9]), [0.9, 0.9]);
        assert!(benjamini_hochberg(&[]).is_empty());
    }

    /// Councils work with councils and charities with charities, though both could work with both.
    fn apart() -> String {
        let mut graph = String::new();
        for kind in ["council", "charity"] {
            for at in 0..10 {
                for step in 1..4 {
                    let (a, b) = (at, (at + step) % 10);
                    graph
                        .push_str(&format!("{kind}{a}:{kind} -partners_with-> {kind}{b}:{kind}; "));
                }
            }
        }
        graph.push_str("council0 -partners_with-> charity0");
        graph
    }

    #[test]
    fn two_kinds_that_could_work_together_and_do_not_are_a_hole() {
        let question = Question { why: true, ..Question::default() };
        let found = holes(&fixture(&apart()), &question, false, &mut Run::default()).unwrap();
        assert_eq!((found.n_pairs_tested, found.n_samples), (1, 999));
        let pair = &found.pairs[0];
        assert_eq!((pair.n_links, pair.p, pair.q, pair.is_hole), (1, 0.001, 0.001, true));
        // Each of 61 links has one end in each with a chance of about a half.
        assert!((25.0..37.0).contains(&pair.expected), "{}", pair.expected);
        assert_eq!(pair.why.as_ref().unwrap().len(), 1);
        let words = "1 link between charities and councils, where about 31";
        assert!(pair.sentence.starts_with(&words[..44]), "{}", pair.sentence);
    }

    #[test]
    fn kinds_that_mix_are_no_hole_and_few_ties_are_not_tested() {
        let mut graph = String::new();
        for at in 0..10 {
            for step in 1..4 {
                let b = (at + step) % 10;
                graph.push_str(&format!(
                    "council{at}:council -partners_with-> charity{b}:charity; "
                ));
            }
        }
        let found =
            holes(&fixture(&graph), &Question::default(), false, &mut Run::default()).unwrap();
        assert!(found.pairs.iter().all(|it| !it.is_hole && it.p > 0.9));
        let found = holes(
            &fixture("a:council -partners_with-> b:charity"),
            &Question::default(),
            false,
            &mut Run::default(),
        )
        .unwrap();
        assert_eq!((found.n_pairs_tested, found.n_samples), (0, 0));
        assert_eq!(found.notes.len(), 1);
    }

    #[test]
    fn groups_with_a_body_in_common_are_not_held_against_each_other() {
        let mut graph = "leeds:place -part_of-> wy:place".to_owned();
        for at in 0..4 {
            graph.push_str(&format!(
                "; a{at}:council -located_in-> leeds; b{at}:charity -located_in-> wy"
            ));
        }
        let snapshot = fixture(&graph);
        let ground = Ground::conduit(&snapshot, &Question::default());
        let sorting = Sorting::new("place", &ground, &mut Vec::new(), |it| places(&ground, it));
        assert_eq!(sorting.groups.iter().map(|it| it.n_nodes).collect::<Vec<_>>(), [4, 8]);
        assert!(sorting.pairs().is_empty());
    }

    #[test]
    fn communities_that_hardly_touch_say_what_each_holds() {
        let graph = "s:company{start_up} -partners_with-> a; a -partners_with-> b; s -partners_with-> b; \
                     a -partners_with-> c; b -partners_with-> c; c -partners_with-> x; \
                     x -partners_with-> y; y -partners_with-> z; x -partners_with-> z; z -meets_need-> t:need";
        let found =
            holes(&fixture(graph), &Question::default(), false, &mut Run::default()).unwrap();
        let pair = &found.communities[0];
        assert_eq!((found.communities.len(), pair.n_links), (1, 1));
        let holds: Vec<_> = pair.a_holds.iter().chain(&pair.b_holds).map(|it| &it.id).collect();
        assert_eq!(holds, ["t"]);
        assert!(pair.sentence.starts_with("only c and x join the circle of "), "{}", pair.sentence);
        assert!(pair.sentence.ends_with("do not reach: t"), "{}", pair.sentence);
        assert_eq!(found.circles_sentence(), "1 pair of circles is joined by no link or by one");
    }

    #[test]
    fn circles_have_the_number_and_the_name_that_communities_gives_them() {
        let mut dice = Dice(29);
        let mut n_circles = 0;
        for _ in 0..60 {
            // Rings, each with some links across, joined one to the next.
            let mut ties = Vec::new();
            let mut before: Option<String> = None;
            for ring in 0..3 + dice.roll(4) {
                let n = 3 + dice.roll(4);
                let body = |at: usize| format!("r{ring}b{}:council", at % n);
                for at in 0..n {
                    ties.push(format!("{} -partners_with-> {}", body(at), body(at + 1)));
                    let other = at + 2 + dice.roll(n - 2);
                    if dice.roll(3) == 0 && other % n != at {
                        ties.push(format!("{} -supports-> {}", body(at), body(other)));
                    }
                }
                let joint = body(dice.roll(n));
                if let Some(before) = before.replace(body(dice.roll(n))) {
                    ties.push(format!("{before} -partners_with-> {joint}"));
                }
            }
            let snapshot = fixture(&ties.join("; "));
            let question = Question::default();
            let found = holes(&snapshot, &question, false, &mut Run::default()).unwrap();
            let options = crate::ecosystem::CommunitiesOptions { n_runs: 1, ..Default::default() };
            let known =
                crate::ecosystem::communities(&snapshot, &question, &options, &mut Run::default());
            let known = known.unwrap().communities;
            for circle in found.communities.iter().flat_map(|it| [&it.a, &it.b]) {
                let same = known.iter().find(|it| it.number.to_string() == circle.id).unwrap();
                assert_eq!((&same.name, same.n_members), (&circle.name, circle.n_nodes));
                n_circles += 1;
            }
        }
        assert!(n_circles > 20, "{n_circles}");
    }
}
