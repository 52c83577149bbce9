//! What moved a figure: the ties, bodies and printed figures on which it rests in one of two states only.
//!
//! Sets what findings give as their *why* side by side. A record that is in both states and says
//! something else in the other counts on both sides. Computes no figure.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ecosystem::access::Need;
use crate::ecosystem::evidence::{
    LinkEvidence, NodeEvidence, TieEvidence, link_evidence, node_evidence, tie_evidence,
};
use crate::ecosystem::facts::FactRow;
use crate::ecosystem::flows::MoneyItem;
use crate::ecosystem::question::Ground;

/// What a figure rests on.
#[derive(Serialize, Clone, Debug, Default, PartialEq)]
pub struct RestsOn {
    /// Ties, by id.
    pub ties: Vec<TieEvidence>,
    /// Bodies, where the figure counts or names them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeEvidence>,
    /// Figures that sources print.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<FactRow>,
}

/// What moved a figure from one state to the other.
#[derive(Serialize, Clone, Debug, Default, PartialEq)]
pub struct Moved {
    /// Whether the figure rests on every link of the network, or moved though what it rests on itself is
    /// the same: then what moved it is what came to the network and what went from it.
    pub rests_on_network: bool,
    /// What it rests on before and not after.
    pub before: RestsOn,
    /// What it rests on after and not before.
    pub after: RestsOn,
    /// How many records it rests on in both states alike.
    pub n_same: usize,
}

impl RestsOn {
    pub(crate) fn ties<'a>(ties: impl IntoIterator<Item = &'a TieEvidence>) -> Self {
        Self { ties: ties.into_iter().cloned().collect(), ..Self::default() }
    }

    pub(crate) fn links<'a>(links: impl IntoIterator<Item = &'a LinkEvidence>) -> Self {
        Self::ties(links.into_iter().flat_map(|it| &it.ties))
    }

    /// Sums of money: each rests on its tie or on its award.
    pub(crate) fn items<'a>(items: impl IntoIterator<Item = &'a MoneyItem>) -> Self {
        let mut res = Self::default();
        for it in items {
            res.ties.extend(it.tie.clone());
            res.nodes.extend(it.award.clone());
        }
        res
    }

    /// The links of a body of the view.
    pub(crate) fn links_of(ground: &Ground<'_>, index: u32) -> Self {
        let neighbours = ground.view.neighbours(index).iter();
        let links: Vec<_> =
            neighbours.map(|&it| link_evidence(ground.snapshot, &ground.view, index, it)).collect();
        Self::links(&links)
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.ties.extend(other.ties);
        self.nodes.extend(other.nodes);
        self.figures.extend(other.figures);
    }

    pub(crate) fn nodes_alone(&self) -> Self {
        Self { nodes: self.nodes.clone(), ..Self::default() }
    }

    pub(crate) fn and(mut self, other: Self) -> Self {
        self.add(other);
        self
    }

    /// The ties by which bodies of the view meet a need.
    pub(crate) fn met_by(ground: &Ground<'_>, need: &Need) -> Self {
        let ties = need.providers.iter().flat_map(|&it| need.met_by(ground, it));
        let ties = ties.map(|it| tie_evidence(ground.snapshot, it));
        Self { ties: ties.collect(), ..Self::default() }
    }

    pub(crate) fn n_records(&self) -> usize {
        self.ties.len() + self.nodes.len() + self.figures.len()
    }
}

impl Moved {
    /// What moved a figure that rests on these; nothing of its own makes it rest on the network.
    pub(crate) fn between(before: &RestsOn, after: &RestsOn) -> Self {
        let (ties, n_ties) = only(&before.ties, &after.ties, |it| &it.id);
        let (nodes, n_nodes) = only(&before.nodes, &after.nodes, |it| &it.node.id);
        let (figures, n_figures) = only(&before.figures, &after.figures, |it| &it.id);
        let mut res = Self { n_same: n_ties + n_nodes + n_figures, ..Self::default() };
        let sides = [&mut res.before, &mut res.after];
        for (((side, ties), nodes), figures) in sides.into_iter().zip(ties).zip(nodes).zip(figures)
        {
            *side = RestsOn { ties, nodes, figures };
        }
        match res.before.n_records() + res.after.n_records() == 0 {
            true => Self::with_network(),
            false => res,
        }
    }

    /// What moved a figure that rests on all links.
    pub(crate) fn with_network() -> Self {
        Self { rests_on_network: true, ..Self::default() }
    }

    /// What came to the network of a view and what went from it. O(nodes + ties, and their claims).
    pub(crate) fn network([before, after]: &[Ground<'_>; 2]) -> Self {
        let mut res = Self { rests_on_network: true, ..Self::default() };
        let ties = |ground: &Ground<'_>| {
            let links = (0..ground.view.m() as u32).flat_map(|it| ground.view.ties(it).to_vec());
            links.map(|it| (ground.snapshot.tie(it).id(), it)).collect::<BTreeMap<_, _>>()
        };
        let nodes = |ground: &Ground<'_>| {
            let all = ground.indices().map(|it| (ground.id(it).to_owned(), ground.view.node(it)));
            all.collect::<BTreeMap<_, _>>()
        };
        let tie = |ground: &Ground<'_>, idx| tie_evidence(ground.snapshot, idx);
        let node = |ground: &Ground<'_>, idx| node_evidence(ground.snapshot.node(idx));
        let sides = [before, after];
        // One record at a time: a network may be too large for the evidence of all of it.
        let n = each_only(sides, [ties(before), ties(after)], tie, |at, it| match at {
            0 => res.before.ties.push(it),
            _ => res.after.ties.push(it),
        });
        res.n_same = n + each_only(sides, [nodes(before), nodes(after)], node, |at, it| match at {
            0 => res.before.nodes.push(it),
            _ => res.after.nodes.push(it),
        });
        res
    }
}

/// The records of each side to which none of the other side is equal, by id, each once; and how many are
/// the same.
fn only<T: Clone + PartialEq>(
    before: &[T],
    after: &[T],
    id: impl Fn(&T) -> &String,
) -> ([Vec<T>; 2], usize) {
    let by_id = |of: &[T]| of.iter().map(|it| (id(it).clone(), it.clone())).collect();
    let [one, other]: [BTreeMap<String, T>; 2] = [by_id(before), by_id(after)];
    let n_same = one.iter().filter(|(id, it)| other.get(*id) == Some(it)).count();
    let rest = |of: &BTreeMap<String, T>, than: &BTreeMap<String, T>| {
        of.iter().filter(|(id, it)| than.get(*id) != Some(it)).map(|it| it.1.clone()).collect()
    };
    ([rest(&one, &other), rest(&other, &one)], n_same)
}

/// As [`only`], opening one record at a time.
fn each_only<'a, I: Copy, T: PartialEq>(
    grounds: [&Ground<'a>; 2],
    sides: [BTreeMap<String, I>; 2],
    open: impl Fn(&Ground<'a>, I) -> T,
    mut push: impl FnMut(usize, T),
) -> usize {
    let mut n_same = 0;
    for (at, than) in [(0, 1), (1, 0)] {
        for (id, &idx) in &sides[at] {
            let it = open(grounds[at], idx);
            match sides[than].get(id).map(|&idx| open(grounds[than], idx)) {
                Some(other) if other == it => n_same += usize::from(at == 0),
                _ => push(at, it),
            }
        }
    }
    n_same
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::question::Question;
    use weft_graph::fixture;

    #[test]
    fn what_came_to_the_network_and_what_went_is_the_difference_of_all_of_it() {
        let graphs = [
            "a:council -hosts-> b:facility; b -partners_with-> c:company; d:need",
            "a:council -hosts-> b:facility; b -partners_with[implied]-> c:company; a -funds-> c; d:need",
        ];
        let [one, other] = graphs.map(fixture);
        let question = Question::default();
        let grounds = [&one, &other].map(|it| Ground::conduit(it, &question));
        let found = Moved::network(&grounds);
        let ids = |it: &RestsOn| it.ties.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&found.before), ["b--partners_with--c"]);
        assert_eq!(ids(&found.after), ["a--funds--c", "b--partners_with--c"]);
        let all = |ground: &Ground<'_>| {
            let of = |it| RestsOn::links_of(ground, it);
            let mut res = RestsOn::default();
            ground.indices().map(of).for_each(|it| res.add(it));
            let nodes = ground.indices().map(|it| node_evidence(ground.node(it)));
            RestsOn { nodes: nodes.collect(), ..res }
        };
        let expected = Moved::between(&all(&grounds[0]), &all(&grounds[1]));
        assert_eq!(found, Moved { rests_on_network: true, ..expected });
        assert_eq!(found.n_same, 4);
    }

    #[test]
    fn what_moved_nothing_of_its_own_rests_on_the_network() {
        let graph = fixture("a:council -hosts-> b:facility");
        let question = Question::default();
        let ground = Ground::conduit(&graph, &question);
        let own = RestsOn::links_of(&ground, 0);
        assert_eq!(Moved::between(&own, &own), Moved::with_network());
        let gone = Moved::between(&own, &RestsOn::default());
        assert_eq!((gone.before, gone.rests_on_network), (own, false));
    }
}
