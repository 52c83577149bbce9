//! Circles: what a division into groups comes to, and how far divisions of our own agree with it.
//!
//! The division itself is the best that searches found, so it is held to be at least as good as ours;
//! how far searches agree depends on dice, so it is held to what ours give. Which bodies move between
//! searches depends on how these search, so of a body only that its figure is a share of its circle.

use std::collections::{BTreeMap, BTreeSet};

use super::Ctx;
use super::audit::{At, is_close};
use super::network::Network;
use super::stability::Dice;

/// How many searches the command compares, and how many are made here.
const SEARCHES: usize = 20;
/// By so much the agreement of searches may differ, ours being of a simpler sort.
const SLACK: f64 = 0.15;

/// The circle of each body by its place in the network; none for a body without a link.
pub(super) type Circles = Vec<Option<usize>>;

/// Checks the section, and returns the circles with their names.
pub(super) fn check(found: &At<'_>, ctx: &Ctx<'_>) -> (Circles, Vec<String>) {
    let network = &ctx.conduit;
    let rows = found.get("communities").items();
    let mut of: Circles = vec![None; network.n()];
    for (at, row) in rows.iter().enumerate() {
        for member in row.get("members").items() {
            let node = network.at(member.get("node").id());
            assert!(of[node].replace(at).is_none(), "nobody is in two circles");
        }
    }
    let alone: BTreeSet<usize> =
        found.get("alone").ids().into_iter().map(|it| network.at(it)).collect();
    let none = (0..network.n()).filter(|&it| of[it].is_none());
    assert_eq!(none.collect::<BTreeSet<_>>(), alone);
    assert!(alone.iter().all(|&it| network.degree(it) == 0));
    let m = network.links.len() as f64;
    let (mut n_inside_all, mut by_chance) = (0, 0.0);
    let own = searches(network);
    for (at, row) in rows.iter().enumerate() {
        let members: BTreeSet<usize> = (0..of.len()).filter(|&it| of[it] == Some(at)).collect();
        let inside_of = |it: usize| network.neighbours[it].intersection(&members).count();
        let n_ends: usize = members.iter().map(|&it| network.degree(it)).sum();
        let n_inside = members.iter().map(|&it| inside_of(it)).sum::<usize>() / 2;
        row.get("number").is(at + 1);
        row.get("n_members").is(members.len());
        row.get("n_links_inside").is(n_inside);
        row.get("n_links_outside").is(n_ends - 2 * n_inside);
        let share = n_ends as f64 / (2.0 * m);
        row.get("modularity_part").measures(n_inside as f64 / m - share * share);
        (n_inside_all, by_chance) = (n_inside_all + n_inside, by_chance + share * share);
        for member in row.get("members").items() {
            let node = network.at(member.get("node").id());
            member.get("n_links_inside").is(inside_of(node));
            member.get("n_links").is(network.degree(node));
            // With how many of the others it was, over all searches, is a whole number.
            let most = (SEARCHES * (members.len() - 1)) as f64;
            let together = member.get("together").number().unwrap() * most;
            assert!((0.0..=most + 1e-9).contains(&together));
            member.get("together").measures(together.round() / most);
        }
        let links: BTreeSet<_> =
            row.get("why").items().iter().map(|it| ends(it, network)).collect();
        let touch = |it: &&(usize, usize)| members.contains(&it.0) || members.contains(&it.1);
        assert_eq!(links, network.links.keys().filter(touch).copied().collect());
    }
    let inside = n_inside_all as f64 / m;
    found.get("share_inside").measures(inside);
    found.get("share_by_chance").measures(by_chance);
    found.get("modularity").measures(inside - by_chance);
    found.get("quality").measures(inside - by_chance);
    found.get("resolution").is_near(1.0, 0.0);
    found.get("n_runs").is(SEARCHES);
    let best = own.iter().map(|it| modularity(network, it)).fold(f64::MIN, f64::max);
    assert!(inside - by_chance >= best || is_close(inside - by_chance, best), "ours is {best}");
    let pairs: Vec<_> = (0..own.len()).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
    let mean = |agree: fn(&Circles, &Circles) -> f64| {
        pairs.iter().map(|&(a, b)| agree(&own[a], &own[b])).sum::<f64>() / pairs.len() as f64
    };
    found.get("agreement").is_near(mean(mutual_information), SLACK);
    found.get("agreement_rand").is_near(mean(rand_index), SLACK);
    (of, rows.iter().map(|it| it.get("name").text().to_owned()).collect())
}

fn ends(link: &At<'_>, network: &Network<'_>) -> (usize, usize) {
    let [a, b] = ["from", "to"].map(|it| network.at(link.get(it).id()));
    (a.min(b), a.max(b))
}

fn modularity(network: &Network<'_>, of: &Circles) -> f64 {
    let m = network.links.len() as f64;
    let inside = network.links.keys().filter(|it| of[it.0] == of[it.1]).count() as f64;
    let mut ends: BTreeMap<Option<usize>, f64> = BTreeMap::new();
    for (node, group) in of.iter().enumerate() {
        *ends.entry(*group).or_default() += network.degree(node) as f64;
    }
    inside / m - ends.values().map(|it| (it / (2.0 * m)).powi(2)).sum::<f64>()
}

/// Divisions found by moving bodies, then whole groups, one at a time to where modularity gains most.
fn searches(network: &Network<'_>) -> Vec<Circles> {
    let mut dice = Dice(53);
    let mut weights: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); network.n()];
    for &(a, b) in network.links.keys() {
        weights[a].insert(b, 1.0);
        weights[b].insert(a, 1.0);
    }
    let search = |_| {
        let (mut weights, mut of) = (weights.clone(), (0..network.n()).collect::<Vec<_>>());
        loop {
            let (groups, n_groups) = moved(&weights, &mut dice);
            of.iter_mut().for_each(|it| *it = groups[*it]);
            if n_groups == weights.len() {
                break;
            }
            let mut merged: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); n_groups];
            for (a, row) in weights.iter().enumerate() {
                for (&b, weight) in row {
                    *merged[groups[a]].entry(groups[b]).or_default() += weight;
                }
            }
            weights = merged;
        }
        let is_linked = |it: usize| network.degree(it) > 0;
        of.iter().enumerate().map(|(it, &group)| is_linked(it).then_some(group)).collect()
    };
    (0..SEARCHES).map(search).collect()
}

/// The group of each, from 0, and how many groups there are. A weight to itself counts both its ends.
fn moved(weights: &[BTreeMap<usize, f64>], dice: &mut Dice) -> (Vec<usize>, usize) {
    let ends: Vec<f64> = weights.iter().map(|it| it.values().sum()).collect();
    let all: f64 = ends.iter().sum();
    let mut of: Vec<usize> = (0..weights.len()).collect();
    let mut ends_of = ends.clone();
    let mut is_moving = true;
    while is_moving {
        is_moving = false;
        let mut left: Vec<usize> = (0..weights.len()).collect();
        while !left.is_empty() {
            let node = left.swap_remove(dice.roll(left.len()));
            let mut to: BTreeMap<usize, f64> = BTreeMap::from([(of[node], 0.0)]);
            for (&other, weight) in weights[node].iter().filter(|it| *it.0 != node) {
                *to.entry(of[other]).or_default() += weight;
            }
            ends_of[of[node]] -= ends[node];
            let gain = |group: usize| to[&group] - ends[node] * ends_of[group] / all.max(1.0);
            let best = to.keys().copied().max_by(|a, b| gain(*a).total_cmp(&gain(*b)));
            let best = best.filter(|it| gain(*it) > gain(of[node]) + 1e-9).unwrap_or(of[node]);
            is_moving |= best != of[node];
            of[node] = best;
            ends_of[best] += ends[node];
        }
    }
    let numbers: BTreeMap<usize, usize> =
        of.iter().collect::<BTreeSet<_>>().into_iter().copied().zip(0..).collect();
    (of.iter().map(|it| numbers[it]).collect(), numbers.len())
}

/// How many bodies with links are in each group of one, of the other, and of both.
fn tallies(a: &Circles, b: &Circles) -> [Vec<f64>; 3] {
    let mut of: [BTreeMap<(usize, usize), f64>; 3] = Default::default();
    for (a, b) in a.iter().zip(b).filter_map(|(a, b)| Some(((*a)?, (*b)?))) {
        for (at, key) in [(a, 0), (b, 0), (a, b)].into_iter().enumerate() {
            *of[at].entry(key).or_default() += 1.0;
        }
    }
    of.map(|it| it.into_values().collect())
}

/// Twice the information in common by the information in both: H(A) + H(B) - H(A, B).
fn mutual_information(a: &Circles, b: &Circles) -> f64 {
    let [a, b, both] = tallies(a, b).map(|sizes| {
        let n: f64 = sizes.iter().sum();
        sizes.iter().map(|it| -it / n * (it / n).ln()).sum::<f64>()
    });
    2.0 * (a + b - both) / (a + b)
}

/// Hubert and Arabie's: pairs together in both, less chance, by the most there can be, less chance.
fn rand_index(a: &Circles, b: &Circles) -> f64 {
    let n = tallies(a, b)[0].iter().sum::<f64>();
    let n_pairs = |it: f64| it * (it - 1.0) / 2.0;
    let [a, b, both] = tallies(a, b).map(|it| it.into_iter().map(n_pairs).sum::<f64>());
    let by_chance = a * b / n_pairs(n);
    (both - by_chance) / ((a + b) / 2.0 - by_chance)
}
