//! The figures of all start-ups at once, in numbers alone: what benchmarks time.
//!
//! The same functions that answer `access`, `introduce` and `gaps` make them; what those say beside the
//! numbers (ways, sources, sentences) is left out.

use std::collections::BTreeSet;

use weft_graph::{NodeIdx, Snapshot, View};

use crate::ecosystem::access::{Searches, access_of, fragility_of};
use crate::ecosystem::bridges::{StartUps, best_bridges};
use crate::ecosystem::prospects::{Prospects, Seeker, Wanted, Worth};
use crate::ecosystem::question::{Ground, Question, is_start_up};

/// Counts on the conduit view of a question; bodies are given by their index there.
pub struct Figures<'a> {
    ground: Ground<'a>,
    start_ups: Vec<u32>,
}

/// Both lists of introductions for one start-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortLists {
    /// Those with a shared contact.
    pub ready_now: Vec<u32>,
    /// All.
    pub most_useful: Vec<u32>,
}

/// What start-ups need, and how far everybody is from it.
#[derive(Clone, Debug, PartialEq)]
pub struct NeedFigures {
    /// For each need the fewest links from each body to one that meets it.
    pub distances: Vec<Vec<u32>>,
    /// For each start-up the weight of each need.
    pub weights: Vec<Vec<u8>>,
    /// For each body whether it can be introduced at all.
    pub may_be_met: Vec<bool>,
}

impl<'a> Figures<'a> {
    /// Makes the view.
    pub fn new(snapshot: &'a Snapshot, question: &Question) -> Self {
        let ground = Ground::conduit(snapshot, question);
        let start_ups = ground.indices().filter(|&it| is_start_up(ground.node(it))).collect();
        Self { ground, start_ups }
    }

    /// The view.
    pub fn view(&self) -> &View {
        &self.ground.view
    }

    /// The start-ups of the view.
    pub fn start_ups(&self) -> &[u32] {
        &self.start_ups
    }

    /// The node at an index.
    pub fn node(&self, index: u32) -> NodeIdx {
        self.ground.view.node(index)
    }

    /// ACCESS of each start-up: one search a need, then O(needs) each.
    pub fn access(&self) -> Vec<Option<f64>> {
        let searches = Searches::new(&self.ground);
        let of = |&it: &u32| {
            access_of(&searches.distances_from(it), &searches.weights(&self.ground, it))
        };
        self.start_ups.iter().map(of).collect()
    }

    /// FRAGILITY of each start-up, with the searches that it takes.
    pub fn fragility(&self) -> Vec<Option<f64>> {
        let searches = Searches::new(&self.ground);
        let of = |&it: &u32| {
            let weights = searches.weights(&self.ground, it);
            fragility_of(&self.ground, &searches, &weights, it)
        };
        self.start_ups.iter().map(of).collect()
    }

    /// Both lists of introductions of each start-up, with the searches that they take.
    pub fn short_lists(&self, n_each: usize) -> Vec<ShortLists> {
        let searches = Searches::new(&self.ground);
        let mut prospects = Prospects::new(&self.ground, &searches, &BTreeSet::new());
        let mut lists = |&it: &u32| {
            let weights = searches.weights(&self.ground, it);
            let seeker = Seeker::new(&searches, it, weights);
            let mut list = |only_ready| {
                let wanted = Wanted { n: 1, worth: Worth::Gain, adds_min: 0, only_ready };
                let mut seeker = seeker.clone();
                let mut chosen: Vec<u32> = Vec::new();
                while chosen.len() < n_each {
                    let best = prospects.best(&seeker, wanted, |it| !chosen.contains(&it));
                    let Some(best) = best.first() else { break };
                    seeker.take(&prospects.brings(&seeker, best.index, best.route, Worth::Gain));
                    chosen.push(best.index);
                }
                chosen
            };
            ShortLists { ready_now: list(true), most_useful: list(false) }
        };
        self.start_ups.iter().map(&mut lists).collect()
    }

    /// The best missing bridges with their values, and how many pairs were computed, with the searches
    /// that they take.
    pub fn missing_bridges(&self, n_rows: usize) -> (Vec<(u32, u32, f64)>, u64) {
        let searches = Searches::new(&self.ground);
        let start_ups = StartUps::of(&self.ground, &searches);
        best_bridges(&self.ground, &searches, &start_ups, n_rows)
    }

    /// What the figures are made of, for who makes them another way.
    pub fn needs(&self) -> NeedFigures {
        let searches = Searches::new(&self.ground);
        let start_ups = self.start_ups.iter();
        let prospects = Prospects::new(&self.ground, &searches, &BTreeSet::new());
        NeedFigures {
            weights: start_ups.map(|&it| searches.weights(&self.ground, it)).collect(),
            may_be_met: self.ground.indices().map(|it| prospects.may_be_met(it)).collect(),
            distances: searches.needs.into_iter().map(|it| it.distance).collect(),
        }
    }
}
