//! What the findings about all start-ups cost, against the definitions written out plainly.
//!
//! Sizes: 10k / 30k and 100k / 400k, ten needs. CPU time of one thread (Linux), the least of a few turns. The
//! plain side takes a sample of start-ups or pairs where all would take hours; what it takes for all is then
//! told by share. Answers of both sides are compared.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that fails stops, and tells what it measured"
)]

#[allow(dead_code, unreachable_pub, reason = "the example that writes files uses the rest")]
mod generator;

use std::cmp::Reverse;
use std::fs;

use generator::{Generated, MEDIUM, SMALL, Size};
use weft::database::{Database, import};
use weft::ecosystem::{Figures, NeedFigures, Question, ShortLists};
use weft::transfer::{ImportOptions, InputFile};
use weft_graph::{Schema, Snapshot, UNREACHED, View, distances};
use weft_store::{Access, RevisionInfo, Store};

/// Turns of each; the least counts.
const N_TURNS: usize = 3;
/// A turn takes so long at least: the clock goes by ticks of some milliseconds.
const LEAST_MS: f64 = 100.0;
/// So many start-ups, and so many pairs, are done plainly.
const N_SAMPLED: usize = 200;
/// How many bodies a list of introductions has, and how many missing bridges are asked for.
const N_EACH: usize = 3;
const N_BRIDGES: usize = 10;

fn main() {
    let only = std::env::args().skip(1).find(|it| !it.starts_with('-'));
    for (name, size) in [("10k-30k", SMALL), ("100k-400k", MEDIUM)] {
        if only.as_ref().is_none_or(|it| it == name) {
            measure(name, &snapshot(size));
        }
    }
}

fn measure(name: &str, snapshot: &Snapshot) {
    let figures = Figures::new(snapshot, &Question::default());
    let (view, n) = (figures.view(), figures.start_ups().len());
    println!("{name}: {} bodies, {} links, {n} start-ups", view.n(), view.m());
    let (needs, start_ups) = (figures.needs(), figures.start_ups());
    let plain = Plain { snapshot, view, needs, start_ups };
    let from = |it: usize| [(it * 7919 % view.n()) as u32];
    let (search, _) =
        least(|| (0..10).map(|it| distances(view, &from(it), u32::MAX).len()).sum::<usize>());
    println!("  ten searches, each from one body      {:>10.2} ms", search);

    let (ours, access) = least(|| figures.access());
    println!(
        "  ACCESS of all                         {ours:>10.2} ms, {:.2} times that",
        ours / search
    );
    assert_eq!(access[..N_SAMPLED.min(n)], *plain.access(N_SAMPLED.min(n)));

    let (ours, fragility) = least(|| figures.fragility());
    println!(
        "  FRAGILITY of all                      {ours:>10.2} ms, {:.2} times that",
        ours / search
    );
    let n_sampled = N_SAMPLED.min(n);
    assert_eq!(fragility[..n_sampled], *plain.fragility(n_sampled));

    let (ours, lists) = least(|| figures.short_lists(N_EACH));
    let (theirs, expected) = once(|| plain.short_lists(n_sampled));
    assert_eq!(lists[..n_sampled], expected);
    let theirs = theirs * n as f64 / n_sampled as f64;
    println!(
        "  both lists for all                    {ours:>10.2} ms; plainly {theirs:.0} ms: {:.0} times",
        theirs / ours
    );

    let (ours, (bridges, n_computed)) = least(|| figures.missing_bridges(N_BRIDGES));
    let n_ends = plain.ends().len() as f64;
    let n_pairs = n_ends * (n_ends - 1.0) / 2.0;
    let n_tried = N_SAMPLED.min(20_000_000 / view.n());
    let (theirs, ()) = once(|| plain.bridges(n_tried, bridges.last().map_or(0.0, |it| it.2)));
    let theirs = theirs * n_pairs / n_tried as f64;
    println!(
        "  the best {N_BRIDGES} missing bridges            {ours:>10.2} ms, {n_computed} of {n_pairs:.0} pairs \
         computed; plainly {:.0} s: {:.0} times",
        theirs / 1e3,
        theirs / ours
    );
    for (a, b, value) in bridges {
        assert!((plain.bridge(a, b) - value).abs() < 1e-12);
    }
}

/// The definitions, written out.
struct Plain<'a> {
    snapshot: &'a Snapshot,
    view: &'a View,
    needs: NeedFigures,
    start_ups: &'a [u32],
}

impl Plain<'_> {
    fn sum(&self, at: usize, distance: impl Fn(usize) -> u32) -> u32 {
        let weights = self.needs.weights[at].iter().enumerate();
        weights.map(|(need, &weight)| u32::from(weight) * quarters(distance(need))).sum()
    }

    fn now(&self, node: u32, need: usize) -> u32 {
        self.needs.distances[need][node as usize]
    }

    fn access(&self, n: usize) -> Vec<Option<f64>> {
        let of = |at: usize| {
            let total = self.sum(at, |_| 0);
            let sum = self.sum(at, |need| self.now(self.start_ups[at], need));
            (total > 0).then(|| f64::from(sum) / f64::from(total))
        };
        (0..n).map(of).collect()
    }

    /// Each neighbour is taken away in turn.
    fn fragility(&self, n: usize) -> Vec<Option<f64>> {
        let of = |at: usize| {
            let s = self.start_ups[at];
            let neighbours = self.view.neighbours(s);
            let near: Vec<usize> = (0..self.needs.distances.len())
                .filter(|&need| self.needs.weights[at][need] > 0)
                .filter(|&need| matches!(self.now(s, need), 1 | 2))
                .collect();
            let is_near = |need: usize, without: u32| {
                let meets = |it: u32| it != without && self.now(it, need) == 0;
                neighbours
                    .iter()
                    .filter(|&&it| it != without)
                    .any(|&it| meets(it) || self.view.neighbours(it).iter().any(|&it| meets(it)))
            };
            let lost = |&without: &u32| near.iter().filter(|&&it| !is_near(it, without)).count();
            let worst = neighbours.iter().map(lost).max().unwrap_or(0);
            (!near.is_empty()).then(|| worst as f64 / near.len() as f64)
        };
        (0..n).map(of).collect()
    }

    /// What one more tie, to a body, adds to what those chosen bring.
    fn adds(&self, at: usize, chosen: &[u32], body: u32) -> u32 {
        let s = self.start_ups[at];
        let with = |bodies: &[u32], need: usize| {
            let through = bodies.iter().map(|&it| self.now(it, need).saturating_add(1));
            through.chain([self.now(s, need)]).min().unwrap()
        };
        let all: Vec<u32> = [chosen, &[body]].concat();
        self.sum(at, |need| with(&all, need)) - self.sum(at, |need| with(chosen, need))
    }

    /// One search to depth 3 for each start-up, and the formula for each candidate.
    fn short_lists(&self, n: usize) -> Vec<ShortLists> {
        let of = |at: usize| {
            let s = self.start_ups[at];
            let distance = distances(self.view, &[s], 3);
            let list = |is_meant: &dyn Fn(u32) -> bool| {
                let mut chosen: Vec<u32> = Vec::new();
                let mut left: Vec<u32> = (0..self.view.n() as u32)
                    .filter(|&it| distance[it as usize] > 1 && self.needs.may_be_met[it as usize])
                    .filter(|&it| is_meant(distance[it as usize]) && self.adds(at, &[], it) > 0)
                    .collect();
                while chosen.len() < N_EACH {
                    let rows = left.iter().map(|&it| (self.adds(at, &chosen, it), it));
                    let best = rows.max_by(|a, b| {
                        let route = |it: u32| Reverse(distance[it as usize]);
                        let shared = |it: u32| self.shared(s, it);
                        (a.0, route(a.1))
                            .cmp(&(b.0, route(b.1)))
                            .then_with(|| shared(a.1).total_cmp(&shared(b.1)))
                            .then_with(|| self.view.degree(b.1).cmp(&self.view.degree(a.1)))
                            .then_with(|| self.id(b.1).cmp(self.id(a.1)))
                    });
                    let Some((_, best)) = best else { break };
                    left.retain(|&it| it != best);
                    chosen.push(best);
                }
                chosen
            };
            ShortLists { ready_now: list(&|it| it == 2), most_useful: list(&|_| true) }
        };
        (0..n).map(of).collect()
    }

    /// The resource allocation of two bodies.
    fn shared(&self, a: u32, b: u32) -> f64 {
        let near = self.view.neighbours(a);
        let shared = self.view.neighbours(b).iter().filter(|it| near.contains(it));
        let mut degrees: Vec<usize> = shared.map(|&it| self.view.degree(it)).collect();
        degrees.sort_unstable();
        degrees.into_iter().map(|it| 1.0 / it as f64).fold(0.0, |sum, it| sum + it)
    }

    fn id(&self, index: u32) -> &str {
        self.snapshot.node(self.view.node(index)).id()
    }

    fn ends(&self) -> Vec<u32> {
        let start_ups: std::collections::HashSet<u32> = self.start_ups.iter().copied().collect();
        (0..self.view.n() as u32).filter(|it| !start_ups.contains(it)).collect()
    }

    /// Some pairs, each with a search from both ends and the formula for each start-up.
    fn bridges(&self, n: usize, least: f64) {
        let ends = self.ends();
        for it in 0..n {
            let [a, b] = [it * 104_729, it * 7_919 + 13].map(|it| ends[it % ends.len()]);
            if a != b && self.view.link_between(a, b).is_none() {
                // No pair outside the list is better than its last.
                assert!(self.bridge(a, b) <= least + 1e-12);
            }
        }
    }

    fn bridge(&self, a: u32, b: u32) -> f64 {
        let [from_a, from_b] = [a, b].map(|it| distances(self.view, &[it], 3));
        let over = |near: u32, far: u32| match near == UNREACHED || far == UNREACHED {
            true => UNREACHED,
            false => near + 1 + far,
        };
        let rise = |at: usize| {
            let s = self.start_ups[at];
            let (to_a, to_b) = (from_a[s as usize], from_b[s as usize]);
            let after = |need: usize| {
                let (a, b) = (self.now(a, need), self.now(b, need));
                self.now(s, need).min(over(to_a, b)).min(over(to_b, a))
            };
            let total = self.sum(at, |_| 0);
            let sums = self.sum(at, after) - self.sum(at, |need| self.now(s, need));
            if total > 0 { f64::from(sums) / f64::from(total) } else { 0.0 }
        };
        let n = (0..self.start_ups.len()).filter(|&at| self.sum(at, |_| 0) > 0).count();
        (0..self.start_ups.len()).map(rise).sum::<f64>() / n as f64
    }
}

fn quarters(distance: u32) -> u32 {
    match distance {
        0 | 1 => 4,
        2 => 2,
        3 => 1,
        _ => 0,
    }
}

fn snapshot(size: Size) -> Snapshot {
    let generated = Generated::new(size, 42);
    let mut tables = [Vec::new(), Vec::new(), Vec::new()];
    generated.write_sources(&mut tables[0]).unwrap();
    generated.write_nodes(&mut tables[1]).unwrap();
    generated.write_ties(&mut tables[2]).unwrap();
    let named = ["sources.csv", "nodes.csv", "ties.csv"].into_iter().zip(tables);
    let files: Vec<InputFile> =
        named.map(|(name, bytes)| InputFile::from_bytes(name, bytes)).collect();
    let folder = std::env::temp_dir().join(format!("weft-findings-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("bench.db");
    let mut database = Database::create(&path, "bench", Schema::bundled().text()).unwrap();
    let options = ImportOptions { dataset: "bench".into(), ..Default::default() };
    import(&mut database, &files, &options, &RevisionInfo::default(), &mut |_| {}).unwrap();
    drop(database);
    let snapshot = Store::open(&path, Access::Read).unwrap().snapshot().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    snapshot
}

/// The least CPU time of some turns, in milliseconds, and the answer.
fn least<T>(work: impl Fn() -> T) -> (f64, T) {
    let mut turns: Vec<(f64, T)> = (0..N_TURNS).map(|_| once(&work)).collect();
    turns.sort_by(|a, b| a.0.total_cmp(&b.0));
    turns.swap_remove(0)
}

/// What takes less than the clock can tell is done again and again.
fn once<T>(work: impl Fn() -> T) -> (f64, T) {
    let begun = cpu_ms();
    let mut n_times = 0.0;
    loop {
        let res = work();
        n_times += 1.0;
        let spent = cpu_ms() - begun;
        if spent >= LEAST_MS {
            return (spent / n_times, res);
        }
    }
}

/// The CPU time of this thread, as Linux tells it.
fn cpu_ms() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}
