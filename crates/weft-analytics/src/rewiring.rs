//! Rewiring: the same bodies with as many ties each, tied at random; what a figure is held against to
//! see whether it differs from chance. Knows no figure.

use std::collections::BTreeMap;

use weft_graph::{Ends, KindId, RelationId, Snapshot, TieRef, View};

use crate::random::Random;

/// So many swaps a tie are made, if they can be.
const ACCEPTED_PER_TIE: usize = 10;
/// So many swaps a tie are tried at most.
const TRIED_PER_TIE: usize = 100;

/// Which swaps are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwapRule {
    /// The kinds of the ends stay: each relation joins the same kinds as often as before.
    KeepKinds,
    /// The kinds of the ends may change wherever the schema allows the tie.
    AsSchemaAllows,
}

/// The ties of a view, ready to be rewired.
///
/// A swap takes two ties of one relation, a to b and c to d, and makes them a to d and c to b, so that
/// each node keeps its ties out and in within each relation; a symmetric tie is read either way round
/// at random. No loop is made, and no tie between two nodes that have one already, of whichever
/// relation. Several ties between the same two move together, and only in exchange for ties of the same
/// relations: moved each by itself they would leave more links in every sample than the view has. So
/// each node keeps its links, too. Each sample starts from the view itself and takes 10 swaps a link (and
/// one more in half of the samples), or as many as are found in 100 tries a link.
///
/// - Direction: kept. Weights: none. Disconnected: a swap may join parts and break them.
/// - Source: Maslov and Sneppen, *Specificity and stability in topology of protein networks* (2002);
///   Milo and others, *On the uniform generation of random graphs with prescribed degree sequences*
///   (2003), for the number of swaps.
/// - Cost: O(n + ties × smallest degree at a tie) a sample, O(n + ties) memory.
///
/// ```
/// use weft_analytics::{Rewiring, SwapRule};
/// let graph = "a:council -hosts-> b:facility; c:council -hosts-> d:facility";
/// let snapshot = weft_graph::fixture(graph);
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let rewiring = Rewiring::new(&snapshot, &view, SwapRule::KeepKinds);
/// let sample = rewiring.sample(42).unwrap();
/// assert!((0..4).all(|it| sample.degree(it) == 1));
/// ```
#[derive(Clone, Debug)]
pub struct Rewiring<'a> {
    view: &'a View,
    wires: Vec<Wire>,
    groups: Vec<Group>,
    kinds: Vec<KindId>,
    rule: SwapRule,
    tied: Tied,
}

/// What moves as one: the ties between two nodes of the view.
#[derive(Clone, Copy, Debug)]
struct Wire {
    source: u32,
    target: u32,
    /// The position of its group, and whether its relations are the same the other way round.
    group: usize,
    symmetric: bool,
    /// The link of the view whose ties lead from the source to the target.
    link: u32,
    /// In a directed view, the one that leads back if a tie of both reads either way round.
    back: Option<u32>,
}

/// Those that may be swapped with each other.
#[derive(Clone, Debug)]
struct Group {
    wires: Vec<u32>,
    /// For each kind whether the schema lets it stand at the source and at the target.
    allowed: [Vec<bool>; 2],
}

/// The relations of the ties between two nodes, sorted, each with whether it leads from the first of
/// them, or reads either way round.
type Relations = Vec<(RelationId, bool)>;

/// The other end of each tie at each node.
#[derive(Clone, Debug)]
struct Tied(Vec<Vec<u32>>);

impl<'a> Rewiring<'a> {
    /// Lists the ties. O(n + ties + relations × kinds).
    pub fn new(snapshot: &Snapshot, view: &'a View, rule: SwapRule) -> Self {
        let (schema, directed) = (snapshot.schema(), view.spec().directed);
        let mut wires = Vec::with_capacity(view.m());
        let mut of_relations: BTreeMap<Relations, Vec<u32>> = BTreeMap::new();
        let mut tied = Tied(vec![Vec::new(); view.n()]);
        for link in 0..view.m() as u32 {
            let (mut source, mut target) = view.link_ends(link);
            let is_both_ways = |it: &_| snapshot.tie(*it).relation().symmetric;
            let has_back = directed && view.ties(link).iter().any(is_both_ways);
            // A directed view has a symmetric tie both ways; it is one tie.
            if has_back && source > target {
                continue;
            }
            let (mut link, mut back) = (link, None);
            if has_back {
                back = view.link_between(target, source);
            }
            let mut relations = relations_from(snapshot, view, source, (link, back));
            let turned = relations_from(snapshot, view, target, (link, back));
            let symmetric = relations == turned;
            if relations < turned {
                (source, target, relations) = (target, source, turned);
                if let Some(back) = &mut back {
                    std::mem::swap(back, &mut link);
                }
            }
            of_relations.entry(relations).or_default().push(wires.len() as u32);
            wires.push(Wire { source, target, group: 0, symmetric, link, back });
            tied.0[source as usize].push(target);
            tied.0[target as usize].push(source);
        }
        let mut groups = Vec::with_capacity(of_relations.len());
        for (relations, own) in of_relations {
            own.iter().for_each(|it| wires[*it as usize].group = groups.len());
            let allowed = [true, false].map(|is_source| {
                let may_stand = |kind: usize| {
                    relations.iter().all(|&(relation, leads_away)| {
                        let end = if leads_away == is_source { Ends::Source } else { Ends::Target };
                        schema.allows(relation, end, KindId(kind as u16))
                    })
                };
                (0..schema.kinds().len()).map(may_stand).collect()
            });
            groups.push(Group { wires: own, allowed });
        }
        let kinds = view.nodes().iter().map(|&it| snapshot.node(it).kind_id()).collect();
        Self { view, wires, groups, kinds, rule, tied }
    }

    /// One sample: the view with its ties swapped. None if fewer than one swap a tie was found, so that
    /// the sample would say nothing.
    pub fn sample(&self, seed: u64) -> Option<View> {
        let mut random = Random::new(seed);
        let mut wires = self.wires.clone();
        let mut tied = self.tied.clone();
        let n_wires = wires.len();
        // A swap turns an even arrangement of ends into an odd one: without the coin only half of all
        // arrangements would ever be seen.
        let enough = ACCEPTED_PER_TIE * n_wires + random.below(2);
        let mut n_accepted = 0;
        for _ in 0..TRIED_PER_TIE * n_wires {
            if n_accepted == enough {
                break;
            }
            let first = random.below(n_wires);
            let others = &self.groups[wires[first].group].wires;
            let second = others[random.below(others.len())] as usize;
            n_accepted +=
                usize::from(self.swap(&mut wires, &mut tied, (first, second), &mut random));
        }
        if n_wires == 0 || n_accepted < n_wires {
            return None;
        }
        let links = wires.iter().flat_map(|it| {
            [
                Some((it.source, it.target, it.link)),
                it.back.map(|back| (it.target, it.source, back)),
            ]
        });
        let ties = links.flatten().flat_map(|(source, target, link)| {
            self.view.ties(link).iter().map(move |&tie| (source, target, tie))
        });
        Some(self.view.relinked(ties))
    }

    /// Swaps the targets of two ties, if that is admissible.
    fn swap(
        &self,
        wires: &mut [Wire],
        tied: &mut Tied,
        (first, second): (usize, usize),
        random: &mut Random,
    ) -> bool {
        let one = wires[first].either_way(random);
        let other = wires[second].either_way(random);
        if first == second
            || one.source == other.target
            || other.source == one.target
            || !self.admits(&one, &other)
            || tied.has(one.source, other.target)
            || tied.has(other.source, one.target)
        {
            return false;
        }
        tied.move_end(one.source, one.target, other.target);
        tied.move_end(one.target, one.source, other.source);
        tied.move_end(other.source, other.target, one.target);
        tied.move_end(other.target, other.source, one.source);
        wires[first] = Wire { target: other.target, ..one };
        wires[second] = Wire { target: one.target, ..other };
        true
    }

    fn admits(&self, one: &Wire, other: &Wire) -> bool {
        let kind = |it: u32| self.kinds[it as usize];
        match self.rule {
            // Exchanging targets of one kind or sources of one kind is the same swap.
            SwapRule::KeepKinds => {
                kind(one.target) == kind(other.target) || kind(one.source) == kind(other.source)
            }
            SwapRule::AsSchemaAllows => {
                let [sources, targets] = &self.groups[one.group].allowed;
                let allows = |source: u32, target: u32| {
                    sources[usize::from(kind(source).0)] && targets[usize::from(kind(target).0)]
                };
                allows(one.source, other.target) && allows(other.source, one.target)
            }
        }
    }
}

/// The relations of the ties of a link, and of the one that leads back, as seen from one of its ends.
fn relations_from(
    snapshot: &Snapshot,
    view: &View,
    from: u32,
    (link, back): (u32, Option<u32>),
) -> Relations {
    let there = view.ties(link).iter().map(|&it| snapshot.tie(it));
    let back = back.map_or(&[][..], |it| view.ties(it)).iter().map(|&it| snapshot.tie(it));
    // What reads either way round is in both.
    let back = back.filter(|it| !it.relation().symmetric);
    let leads_away = |it: &TieRef<'_>| it.relation().symmetric || it.source() == view.node(from);
    let mut res: Relations =
        there.chain(back).map(|it| (it.relation_id(), leads_away(&it))).collect();
    res.sort_unstable();
    res
}

impl Wire {
    fn either_way(self, random: &mut Random) -> Self {
        match self.symmetric && random.below(2) == 1 {
            true => Self {
                source: self.target,
                target: self.source,
                link: self.back.unwrap_or(self.link),
                back: self.back.map(|_| self.link),
                ..self
            },
            false => self,
        }
    }
}

impl Tied {
    fn has(&self, a: u32, b: u32) -> bool {
        let (at_a, at_b) = (&self.0[a as usize], &self.0[b as usize]);
        if at_a.len() <= at_b.len() { at_a.contains(&b) } else { at_b.contains(&a) }
    }

    fn move_end(&mut self, node: u32, from: u32, to: u32) {
        if let Some(it) = self.0[node as usize].iter_mut().find(|it| **it == from) {
            *it = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::testing::Dice;
    use weft_graph::{TieIdx, ViewSpec, fixture};

    const KINDS: [&str; 3] = ["council", "charity", "company"];

    /// Ties at random between forty bodies of three kinds; some of them parallel, if they may be.
    fn random_graph(dice: &mut Dice, n_ties: usize, parallel: bool) -> Snapshot {
        let mut text = String::new();
        for node in 0..40 {
            text.push_str(&format!("n{node}:{}; ", KINDS[node % 3]));
        }
        let mut tied = BTreeSet::new();
        for at in 0..n_ties {
            let relation = ["supports", "partners_with", "funds"][dice.roll(3)];
            let (a, b) = (dice.roll(40), dice.roll(40));
            if tied.insert((a.min(b), a.max(b))) || parallel {
                text.push_str(&format!("n{a} -{relation}[#k{at}]-> n{b}; "));
            }
        }
        fixture(&text)
    }

    type Ends = (u16, Option<(u32, u32)>, Option<(KindId, KindId)>);

    /// How often each relation leaves and reaches each node, and joins each two kinds.
    fn kept(snapshot: &Snapshot, view: &View, with_kinds: bool) -> BTreeMap<Ends, usize> {
        let mut counts: BTreeMap<Ends, usize> = BTreeMap::new();
        for link in 0..view.m() as u32 {
            let (a, b) = view.link_ends(link);
            let kind = |it: u32| snapshot.node(view.node(it)).kind_id();
            for &tie in view.ties(link) {
                let relation = snapshot.tie(tie).relation_id().0;
                *counts.entry((relation, Some((a, 0)), None)).or_default() += 1;
                *counts.entry((relation, Some((b, 0)), None)).or_default() += 1;
                if with_kinds {
                    let kinds = (kind(a).min(kind(b)), kind(a).max(kind(b)));
                    *counts.entry((relation, None, Some(kinds))).or_default() += 1;
                }
            }
        }
        counts
    }

    #[test]
    fn ties_of_each_relation_and_kinds_of_ends_stay() {
        let mut dice = Dice(3);
        let mut n_samples = 0;
        for round in 0..60 {
            let snapshot = random_graph(&mut dice, 20 + round, round % 2 == 1);
            let view = View::new(&snapshot, ViewSpec::all(&snapshot));
            for rule in [SwapRule::KeepKinds, SwapRule::AsSchemaAllows] {
                let rewiring = Rewiring::new(&snapshot, &view, rule);
                let Some(sample) = rewiring.sample(round as u64) else { continue };
                n_samples += 1;
                let with_kinds = rule == SwapRule::KeepKinds;
                assert_eq!(
                    kept(&snapshot, &sample, with_kinds),
                    kept(&snapshot, &view, with_kinds)
                );
                assert_eq!(sample.n_ties(), view.n_ties());
                for link in 0..sample.m() as u32 {
                    let (a, b) = sample.link_ends(link);
                    assert_ne!(a, b);
                    let kind = |it: u32| snapshot.node(view.node(it)).kind_id();
                    for &tie in sample.ties(link) {
                        let relation = snapshot.tie(tie).relation_id();
                        let allows = |a: u32, b: u32| {
                            let schema = snapshot.schema();
                            schema.allows(relation, weft_graph::Ends::Source, kind(a))
                                && schema.allows(relation, weft_graph::Ends::Target, kind(b))
                        };
                        let was_allowed = {
                            let tie = snapshot.tie(tie);
                            let kind = |it| snapshot.node(it).kind_id();
                            let schema = snapshot.schema();
                            schema.allows(relation, weft_graph::Ends::Source, kind(tie.source()))
                                && schema.allows(
                                    relation,
                                    weft_graph::Ends::Target,
                                    kind(tie.target()),
                                )
                        };
                        assert!(!was_allowed || allows(a, b) || allows(b, a));
                    }
                }
            }
        }
        assert!(n_samples > 60, "{n_samples} samples");
    }

    /// Who is tied to the same body twice has one link there, and a sample gives it no second one.
    #[test]
    fn parallel_ties_move_together_so_that_each_node_keeps_its_links() {
        let mut dice = Dice(4);
        let (mut n_parallel, mut n_moved) = (0, 0);
        for round in 0..60 {
            let snapshot = random_graph(&mut dice, 40 + 2 * round, true);
            for directed in [false, true] {
                let spec = ViewSpec { directed, ..ViewSpec::all(&snapshot) };
                let view = View::new(&snapshot, spec);
                let rewiring = Rewiring::new(&snapshot, &view, SwapRule::KeepKinds);
                let Some(sample) = rewiring.sample(round as u64) else { continue };
                let bundles = |view: &View| -> BTreeMap<Vec<TieIdx>, usize> {
                    let mut res = BTreeMap::new();
                    for link in 0..view.m() as u32 {
                        *res.entry(view.ties(link).to_vec()).or_default() += 1;
                    }
                    res
                };
                assert_eq!(bundles(&sample), bundles(&view));
                n_parallel += bundles(&view).keys().filter(|it| it.len() > 1).count();
                let ends = |it: &View| (0..it.m() as u32).map(|at| it.link_ends(at)).collect();
                let (before, after): (Vec<_>, Vec<_>) = (ends(&view), ends(&sample));
                n_moved += usize::from(before != after);
                for node in 0..view.n() as u32 {
                    assert_eq!(sample.links(node).len(), view.links(node).len());
                    assert_eq!(sample.in_links(node).len(), view.in_links(node).len());
                }
            }
        }
        assert!(n_parallel > 300 && n_moved > 100, "{n_parallel} parallel, {n_moved} moved");
    }

    #[test]
    fn degrees_out_and_in_stay_in_a_directed_view() {
        let snapshot = random_graph(&mut Dice(5), 90, false);
        let spec = ViewSpec { directed: true, ..ViewSpec::all(&snapshot) };
        let view = View::new(&snapshot, spec);
        let sample = Rewiring::new(&snapshot, &view, SwapRule::KeepKinds).sample(1).unwrap();
        let ties_at = |view: &View, node: u32| -> (usize, usize) {
            let n_ties = |links: &[u32]| links.iter().map(|&it| view.ties(it).len()).sum();
            (n_ties(view.links(node)), n_ties(view.in_links(node)))
        };
        assert!((0..40).all(|it| ties_at(&sample, it) == ties_at(&view, it)));
    }

    #[test]
    fn a_seed_gives_the_same_sample_and_another_seed_another() {
        let snapshot = random_graph(&mut Dice(9), 60, true);
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let rewiring = Rewiring::new(&snapshot, &view, SwapRule::KeepKinds);
        let links = |seed| {
            let sample = rewiring.sample(seed).unwrap();
            (0..sample.m() as u32).map(|it| sample.link_ends(it)).collect::<Vec<_>>()
        };
        assert_eq!(links(1), links(1));
        assert_ne!(links(1), links(2));
    }

    #[test]
    fn what_cannot_be_rewired_gives_no_sample() {
        for graph in ["a:council", "a:council -hosts-> b:facility", "a -hosts-> b; a -hosts-> c"] {
            let snapshot = fixture(graph);
            let view = View::new(&snapshot, ViewSpec::all(&snapshot));
            assert!(Rewiring::new(&snapshot, &view, SwapRule::KeepKinds).sample(1).is_none());
        }
    }

    /// Two ties of one relation can be joined in two ways: both come about equally often.
    #[test]
    fn every_way_to_tie_the_ends_is_equally_likely() {
        let graph = "a:council -supports-> x:charity; b:council -supports-> y:charity; \
                     c:council -supports-> z:charity";
        let snapshot = fixture(graph);
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let rewiring = Rewiring::new(&snapshot, &view, SwapRule::KeepKinds);
        let mut seen: BTreeMap<Vec<(u32, u32)>, usize> = BTreeMap::new();
        for seed in 0..6_000 {
            let sample = rewiring.sample(seed).unwrap();
            let links = (0..sample.m() as u32).map(|it| sample.link_ends(it)).collect();
            *seen.entry(links).or_default() += 1;
        }
        assert_eq!(seen.len(), 6, "{seen:?}");
        assert!(seen.values().all(|it| (880..1_120).contains(it)), "{seen:?}");
    }
}
