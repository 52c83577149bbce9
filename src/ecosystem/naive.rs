//! The definitions written out naively, and random small multigraphs to compare with; for tests.

use std::collections::BTreeSet;

use weft_graph::{
    Change, ChangeSet, Model, NodeIdx, Schema, Snapshot, SnapshotBuilder, TieRecord, fixture,
};
use weft_value::PartialDate;

use crate::ecosystem::access::Status;
use crate::ecosystem::question::newest_source_date;

/// A linear congruential generator: the tests need no better one.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, n_sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n_sides
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.roll(words.len())]
    }
}

const NEEDS: [&str; 3] = ["t0", "t1", "t2"];

/// A graph under a schema by which a need does not count for an `idea` yet.
pub(crate) fn not_yet_for_ideas(graph: &str, need: &str) -> Snapshot {
    let snapshot = fixture(graph);
    let text = snapshot.schema().text();
    let (before, stage) = text.split_once("id = \"idea\"").unwrap();
    let stage = stage.replacen("weight = 1", &format!("weight = 1\nweights = {{ {need} = 0 }}"), 1);
    let schema = Schema::parse(&format!("{before}id = \"idea\"{stage}")).unwrap();
    let nodes = snapshot.nodes().map(|it| Change::PutNode(snapshot.node(it).record()));
    let ties = snapshot.ties().map(|it| Change::PutTie(snapshot.tie(it).record()));
    let sources = snapshot.sources().cloned().map(Change::PutSource);
    let mut model = Model::new(schema);
    model.apply(&ChangeSet { changes: sources.chain(nodes).chain(ties).collect() }).unwrap();
    SnapshotBuilder::from_model(&model)
}

/// A graph of up to eight actors with loops, parallel and symmetric ties, dates and certainties.
pub(crate) fn random_graph(dice: &mut Dice) -> Snapshot {
    let n = 3 + dice.roll(6);
    let n_ties = n + dice.roll(4 * n);
    random_graph_of(dice, n, n_ties)
}

/// The same with few ties, so that much is out of reach.
pub(crate) fn sparse_graph(dice: &mut Dice) -> Snapshot {
    let n = 4 + dice.roll(5);
    let n_ties = 2 + dice.roll(n);
    random_graph_of(dice, n, n_ties)
}

/// The same with sectors, and bodies in places of which some are part of others, on some days.
pub(crate) fn placed(dice: &mut Dice, snapshot: &Snapshot) -> Snapshot {
    let pattern = fixture("a:council -located_in-> p0:place; p0 -part_of-> p1:place; p2:place");
    let tie = pattern.tie(pattern.find_tie("a--located_in--p0").unwrap()).record();
    let places = ["p0", "p1", "p2"];
    let mut changes: Vec<Change> = snapshot.sources().cloned().map(Change::PutSource).collect();
    for id in places {
        let place = pattern.node(pattern.find_node(id).unwrap()).record();
        changes.push(Change::PutNode(place));
    }
    let put = |source: &str, relation: &str, target: &str, dice: &mut Dice| {
        let valid_to = dice.pick(&["", "", "2022"]).parse().ok();
        let [source, relation, target] = [source, relation, target].map(str::to_owned);
        Change::PutTie(TieRecord { source, relation, target, valid_to, ..tie.clone() })
    };
    for idx in snapshot.nodes().filter(|&it| snapshot.node(it).kind().actor) {
        let mut node = snapshot.node(idx).record();
        node.sectors =
            ["x", "y"].iter().filter(|_| dice.roll(3) == 0).map(|it| (*it).to_owned()).collect();
        for place in places {
            if dice.roll(3) == 0 {
                changes.push(put(&node.id, "located_in", place, dice));
            }
        }
        changes.push(Change::PutNode(node));
    }
    for (a, b) in [("p0", "p1"), ("p1", "p2"), ("p2", "p0")] {
        if dice.roll(2) == 0 {
            changes.push(put(a, "part_of", b, dice));
        }
    }
    // Nodes stand before the ties at them.
    changes.sort_by_key(|it| matches!(it, Change::PutTie(_)));
    snapshot.with(&ChangeSet { changes }).unwrap()
}

fn random_graph_of(dice: &mut Dice, n: usize, n_ties: usize) -> Snapshot {
    let mut text = String::new();
    for node in 0..n {
        let kind = dice.pick(&[
            "company",
            "company",
            "partnership",
            "council",
            "council",
            "funder",
            "place",
        ]);
        let stage = match kind {
            "company" => dice.pick(&["start_up", "scale_up", "established", "@report", "idea"]),
            _ => "@report",
        };
        let span = dice.pick(&["", "", "", ",2019..", ",..2020"]);
        let source = dice.pick(&["@report", "@2019-05", "@book", "@report,@book"]);
        text.push_str(&format!("n{node}:{kind}{{{stage},{source}{span}}}; "));
    }
    for need in NEEDS {
        text.push_str(&format!("{need}:need; "));
    }
    for at in 0..n_ties {
        let relation = dice.pick(&["supports", "partners_with", "hosts", "mentions"]);
        let span = dice.pick(&["", "", "", ",2023..", ",..2022"]);
        let certainty = dice.pick(&["stated", "stated", "stated", "implied", "inferred"]);
        let (a, b) = (dice.roll(n), dice.roll(n));
        text.push_str(&format!("n{a} -{relation}[{certainty}{span},#k{at}]-> n{b}; "));
    }
    for at in 0..2 + dice.roll(8) {
        let (node, need) = (dice.roll(n), dice.pick(&NEEDS));
        let span = dice.pick(&["", "", ",2023..", ",..2022"]);
        let relation = dice.pick(&["meets_need", "meets_need", "meets_need", "needs"]);
        text.push_str(&format!("n{node} -{relation}[stated{span},#m{at}]-> {need}; "));
    }
    fixture(&text)
}

/// The conduit view as a plain matrix, straight from its definition.
pub(crate) struct Naive<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) nodes: Vec<NodeIdx>,
    pub(crate) linked: Vec<Vec<bool>>,
    /// For each need that counts, who of the nodes meets it.
    pub(crate) providers: Vec<(NodeIdx, Vec<bool>)>,
    day: i32,
}

impl<'a> Naive<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot, day: i32) -> Self {
        use weft_graph::{Certainty, Family};
        let is_in = |it: NodeIdx| {
            let node = snapshot.node(it);
            node.is_valid_at(day) && node.certainty() <= Certainty::Ambiguous
        };
        let nodes: Vec<NodeIdx> =
            snapshot.nodes().filter(|&it| is_in(it) && snapshot.node(it).kind().actor).collect();
        let ties: Vec<_> = snapshot
            .ties()
            .map(|it| snapshot.tie(it))
            .filter(|it| it.is_valid_at(day) && it.certainty() <= Certainty::Ambiguous)
            .collect();
        let linked = |a: NodeIdx, b: NodeIdx| {
            let joins = |s, t| (s, t) == (a, b) || (s, t) == (b, a);
            a != b && ties.iter().any(|it| it.relation().conduit && joins(it.source(), it.target()))
        };
        let meets = |a: NodeIdx, need: NodeIdx| {
            let hit = |s, t| (s, t) == (a, need);
            ties.iter().any(|it| it.relation().id == "meets_need" && hit(it.source(), it.target()))
        };
        let needs = snapshot.nodes().filter(|&it| snapshot.node(it).kind().family == Family::Need);
        Self {
            linked: nodes.iter().map(|&a| nodes.iter().map(|&b| linked(a, b)).collect()).collect(),
            providers: needs
                .map(|need| (need, nodes.iter().map(|&a| meets(a, need)).collect()))
                .collect(),
            snapshot,
            nodes,
            day,
        }
    }

    /// Fewest links from a node once some node is gone, by relaxing until nothing changes.
    pub(crate) fn distances(&self, from: usize, gone: Option<usize>) -> Vec<Option<u32>> {
        let n = self.nodes.len();
        let mut d: Vec<Option<u32>> = vec![None; n];
        d[from] = Some(0);
        let mut before = Vec::new();
        while before != d {
            before.clone_from(&d);
            for (a, b) in (0..n * n).map(|it| (it / n, it % n)) {
                if self.linked[a][b]
                    && gone != Some(a)
                    && gone != Some(b)
                    && let Some(steps) = d[a]
                    && d[b].is_none_or(|it| it > steps + 1)
                {
                    d[b] = Some(steps + 1);
                }
            }
        }
        d
    }

    /// d_t(s) of each need that somebody meets, once some node is gone.
    pub(crate) fn needs_from(&self, s: usize, gone: Option<usize>) -> Vec<Option<u32>> {
        let d = self.distances(s, gone);
        let met = self.providers.iter().filter(|(_, it)| it.contains(&true));
        met.map(|(_, meets)| {
            let ways = (0..meets.len()).filter(|&p| meets[p] && gone != Some(p));
            ways.filter_map(|p| d[p]).min()
        })
        .collect()
    }

    pub(crate) fn weights(&self, s: usize) -> Vec<f64> {
        let snapshot = self.snapshot;
        let says = |need: NodeIdx| {
            snapshot.ties().map(|it| snapshot.tie(it)).any(|it| {
                it.relation().id == "needs"
                    && (it.source(), it.target()) == (self.nodes[s], need)
                    && it.is_valid_at(self.day)
            })
        };
        let met = self.providers.iter().filter(|(_, it)| it.contains(&true));
        met.map(|&(need, _)| if says(need) { 2.0 } else { 1.0 }).collect()
    }

    /// How many sources speak of a node or of a tie at it, whatever the floor, and the newest date.
    pub(crate) fn evidence(&self, s: usize) -> (usize, Option<PartialDate>) {
        let (snapshot, idx) = (self.snapshot, self.nodes[s]);
        let ties = snapshot.ties().map(|it| snapshot.tie(it));
        let at = ties.filter(|it| it.source() == idx || it.target() == idx);
        let claims = snapshot.node(idx).claims().chain(at.flat_map(|it| it.claims()));
        let sources: Vec<_> = claims.map(|it| it.source()).collect();
        let ids: BTreeSet<&str> = sources.iter().map(|it| it.id.as_str()).collect();
        let newest = sources.iter().filter_map(|it| it.date).max_by_key(|it| it.last_key());
        (ids.len(), newest)
    }

    pub(crate) fn degree(&self, s: usize) -> usize {
        self.linked[s].iter().filter(|it| **it).count()
    }

    pub(crate) fn access(&self, s: usize) -> Option<f64> {
        access(&self.needs_from(s, None), &self.weights(s))
    }

    pub(crate) fn ceiling(&self) -> Option<f64> {
        let of = |it| {
            let needs = self.needs_from(it, None);
            access(&needs, &vec![1.0; needs.len()])
        };
        (0..self.nodes.len()).filter_map(of).max_by(f64::total_cmp)
    }

    /// FRAGILITY, by taking each neighbour away.
    pub(crate) fn fragility(&self, s: usize) -> Option<f64> {
        let needs = self.needs_from(s, None);
        let near: Vec<usize> =
            (0..needs.len()).filter(|&it| matches!(needs[it], Some(1 | 2))).collect();
        let lost = |b: usize| {
            let without = self.needs_from(s, Some(b));
            let n = near.iter().filter(|&&it| without[it].is_none_or(|d| d > 2)).count();
            n as f64 / near.len() as f64
        };
        let neighbours = (0..self.nodes.len()).filter(|&it| self.linked[s][it]);
        neighbours.map(lost).max_by(f64::total_cmp).filter(|_| !near.is_empty())
    }

    /// The first status that holds on the day to which this network belongs.
    pub(crate) fn status(&self, s: usize) -> Status {
        let (n_sources, newest) = self.evidence(s);
        let day = newest_source_date(self.snapshot).unwrap();
        let few = n_sources < 2 || newest.unwrap().months_until(day) > 24;
        let needs = self.needs_from(s, None);
        let weights = self.weights(s);
        let is_far = needs.iter().zip(weights).any(|(d, w)| w == 2.0 && d.is_none_or(|it| it > 2));
        match self.access(s) {
            None => Status::NotEnoughData,
            Some(_) if self.degree(s) < 2 && few => Status::NotEnoughData,
            Some(it) if it < self.ceiling().unwrap() / 2.0 || is_far => Status::UnderConnected,
            Some(_) if self.fragility(s).is_some_and(|it| it >= 0.8) => Status::DependsOnOne,
            Some(_) => Status::Connected,
        }
    }

    /// d_t(s) and w_t(s) of these needs, whether anybody meets them or not.
    pub(crate) fn needs_counting(&self, s: usize, needs: &[&str]) -> (Vec<Option<u32>>, Vec<f64>) {
        let d = self.distances(s, None);
        let ties = || self.snapshot.ties().map(|it| self.snapshot.tie(it));
        let of = |need: &&str| {
            let own = self.providers.iter().find(|it| self.snapshot.node(it.0).id() == *need);
            let meets = own.map(|it| it.1.as_slice()).unwrap_or_default();
            let says = ties().any(|it| {
                it.relation().id == "needs"
                    && it.source() == self.nodes[s]
                    && self.snapshot.node(it.target()).id() == *need
                    && it.is_valid_at(self.day)
            });
            let near = (0..meets.len()).filter(|&p| meets[p]).filter_map(|p| d[p]).min();
            (near, if says { 2.0 } else { 1.0 })
        };
        needs.iter().map(of).unzip()
    }

    /// The places of a node and those of which they are part, by trying every tie until nothing is new.
    pub(crate) fn places(&self, s: usize) -> BTreeSet<&'a str> {
        let ties: Vec<_> = self
            .snapshot
            .ties()
            .map(|it| self.snapshot.tie(it))
            .filter(|it| it.is_valid_at(self.day))
            .collect();
        let id = |it| self.snapshot.node(it).id();
        let mut res = BTreeSet::new();
        let mut n_before = usize::MAX;
        while n_before != res.len() {
            n_before = res.len();
            for tie in &ties {
                let leads = match tie.relation().id.as_str() {
                    "located_in" => tie.source() == self.nodes[s] || res.contains(id(tie.source())),
                    "part_of" => res.contains(id(tie.source())),
                    _ => false,
                };
                let is_place = self.snapshot.node(tie.target()).kind().id == "place";
                if leads && is_place {
                    res.insert(id(tie.target()));
                }
            }
        }
        res
    }

    pub(crate) fn find(&self, id: &str) -> Option<usize> {
        self.nodes.iter().position(|&it| self.snapshot.node(it).id() == id)
    }

    pub(crate) fn position(&self, id: &str) -> usize {
        self.nodes.iter().position(|&it| self.snapshot.node(it).id() == id).unwrap()
    }
}

/// ACCESS from distances and weights.
pub(crate) fn access(distances: &[Option<u32>], weights: &[f64]) -> Option<f64> {
    let a = |it: &Option<u32>| match it {
        Some(0 | 1) => 1.0,
        Some(2) => 0.5,
        Some(3) => 0.25,
        _ => 0.0,
    };
    let total: f64 = weights.iter().sum();
    let sum: f64 = distances.iter().zip(weights).map(|(d, w)| w * a(d)).sum();
    (total > 0.0).then(|| sum / total)
}
