//! Rough places: near on the page is near in the network.
//!
//! Stress majorisation by stochastic gradient descent, after Zheng, Pawar and Goodman, *Graph Drawing
//! by Stochastic Gradient Descent* (2019). Communities are placed first, and their members around
//! them. Knows nothing of pixels, labels or overlaps: one is the length of an ordinary tie.

use std::collections::{BTreeMap, BinaryHeap};
use std::f64::consts::TAU;

use crate::Point;
use crate::random::Random;

use super::network::Network;

/// Rounds over all pairs of marks.
const ROUNDS: usize = 35;
/// Starts from which the best result is taken; chance decides much in a small network.
const STARTS: usize = 6;
/// Pairs of marks beyond which there are fewer starts, since time grows with pairs.
const PAIRS_MANY: usize = 20_000;
/// What distances are multiplied by inside a community, and between two.
const GROUP_FACTORS: (f64, f64) = (0.85, 1.25);
/// How much longer ties become with the square root of the ties at their ends.
const HUB_ROOM: f64 = 0.16;

/// A pair of marks and how far apart they want to be.
struct Pair {
    one: usize,
    other: usize,
    distance: f64,
}

/// Returns rough places for the marks of the main component, the long axis horizontal.
pub(crate) fn arrange(network: &Network, seed: u64) -> Vec<Point> {
    let part = network.part(&network.main);
    let pairs = wanted_distances(&part);
    let n_starts = (STARTS * PAIRS_MANY / pairs.len().max(1)).clamp(1, STARTS);
    let attempt = |start: usize| {
        let mut random = Random::new(seed ^ (start as u64).wrapping_mul(0xA076_1D64_78BD_642F));
        let mut places = around_communities(&part, &mut random);
        descend(&mut places, &pairs, 1.0, &mut random, &|_| true);
        let cost = cost(&places, &pairs, &part);
        (cost, places)
    };
    // The first of equals is taken, so that the result hangs on the seed alone.
    let best = (0..n_starts).map(attempt).min_by(|one, other| one.0.total_cmp(&other.0));
    best.map(|(_, places)| lie_down(places)).unwrap_or_default()
}

/// Returns places for all marks, where those saved stay and the new ones join them.
pub(crate) fn continue_from(network: &Network, saved: &[Option<Point>], seed: u64) -> Vec<Point> {
    let part = network.part(&network.main);
    let mut random = Random::new(seed);
    let mut pairs = wanted_distances(&part);
    let scale = scale_of(saved, &pairs);
    for pair in &mut pairs {
        pair.distance *= scale;
    }
    let middle = mean(saved.iter().flatten().copied()).unwrap_or_default();
    let mut places: Vec<Point> = (0..saved.len())
        .map(|idx| {
            let near = part.neighbours[idx].iter().filter_map(|&other| saved[other]);
            let turn = TAU * random.unit();
            let beside = mean(near).unwrap_or(middle);
            saved[idx].unwrap_or(beside.moved(scale * turn.cos() * 0.7, scale * turn.sin() * 0.7))
        })
        .collect();
    if saved.iter().any(Option::is_none) {
        descend(&mut places, &pairs, 0.1, &mut random, &|idx| saved[idx].is_none());
    }
    places
}

/// How many pixels one unit of distance took when the places were saved.
fn scale_of(saved: &[Option<Point>], pairs: &[Pair]) -> f64 {
    let (mut pixels, mut units) = (0.0, 0.0);
    for pair in pairs {
        if let (Some(one), Some(other)) = (saved[pair.one], saved[pair.other]) {
            pixels += one.distance(other);
            units += pair.distance;
        }
    }
    if units > 0.0 && pixels > 0.0 { pixels / units } else { 100.0 }
}

fn mean(points: impl Iterator<Item = Point>) -> Option<Point> {
    let mut sum = Point::default();
    let mut n_points = 0.0;
    for point in points {
        sum = sum.moved(point.x, point.y);
        n_points += 1.0;
    }
    (n_points > 0.0).then(|| Point::new(sum.x / n_points, sum.y / n_points))
}

fn wanted_distances(part: &Network) -> Vec<Pair> {
    let n_marks = part.neighbours.len();
    let mut pairs = Vec::with_capacity(n_marks * n_marks.saturating_sub(1) / 2);
    for one in 0..n_marks {
        let distances = shortest_paths(part, one);
        for (other, distance) in distances.into_iter().enumerate().skip(one + 1) {
            let same = part.groups[one] == part.groups[other];
            let factor = if same { GROUP_FACTORS.0 } else { GROUP_FACTORS.1 };
            pairs.push(Pair { one, other, distance: distance * factor });
        }
    }
    pairs
}

/// Dijkstra, with ties that are longer at hubs.
fn shortest_paths(part: &Network, from: usize) -> Vec<f64> {
    let mut distances = vec![f64::INFINITY; part.neighbours.len()];
    distances[from] = 0.0;
    // Distances are positive, so their bits sort as they do.
    let mut queue = BinaryHeap::from([(std::cmp::Reverse(0.0_f64.to_bits()), from)]);
    while let Some((std::cmp::Reverse(bits), here)) = queue.pop() {
        let so_far = f64::from_bits(bits);
        if so_far > distances[here] {
            continue;
        }
        for &next in &part.neighbours[here] {
            let total = so_far + tie_length(part, here, next);
            if total < distances[next] {
                distances[next] = total;
                queue.push((std::cmp::Reverse(total.to_bits()), next));
            }
        }
    }
    distances
}

fn tie_length(part: &Network, one: usize, other: usize) -> f64 {
    let room = |idx: usize| (part.neighbours[idx].len() as f64).sqrt() - 1.0;
    1.0 + HUB_ROOM * (room(one) + room(other))
}

/// Places communities by the ties between them, then members at random around their community.
fn around_communities(part: &Network, random: &mut Random) -> Vec<Point> {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (idx, group) in part.groups.iter().enumerate() {
        members.entry(*group).or_default().push(idx);
    }
    let group_idx: BTreeMap<usize, usize> =
        members.keys().enumerate().map(|(idx, group)| (*group, idx)).collect();
    let reach: Vec<f64> = members.values().map(|list| (list.len() as f64).sqrt()).collect();
    let mut ties: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (one, neighbours) in part.neighbours.iter().enumerate() {
        for &other in neighbours.iter().filter(|other| **other > one) {
            let (a, b) = (group_idx[&part.groups[one]], group_idx[&part.groups[other]]);
            if a != b {
                *ties.entry((a.min(b), a.max(b))).or_default() += 1.0;
            }
        }
    }
    let mut pairs = Vec::new();
    for one in 0..reach.len() {
        for other in one + 1..reach.len() {
            let n_ties: f64 = ties.get(&(one, other)).copied().unwrap_or(0.0);
            let share = n_ties / (reach[one] * reach[other]);
            let distance = (reach[one] + reach[other]) * (0.7 + 0.8 / (1.0 + 2.0 * share));
            pairs.push(Pair { one, other, distance });
        }
    }
    let mut centres: Vec<Point> =
        reach.iter().map(|_| in_disc(random, reach.len() as f64)).collect();
    descend(&mut centres, &pairs, 1.0, random, &|_| true);
    let mut places = vec![Point::default(); part.groups.len()];
    for (list, (centre, reach)) in members.values().zip(centres.iter().zip(&reach)) {
        for &idx in list {
            let offset = in_disc(random, *reach * 0.6);
            places[idx] = centre.moved(offset.x, offset.y);
        }
    }
    places
}

fn in_disc(random: &mut Random, radius: f64) -> Point {
    let turn = TAU * random.unit();
    let reach = radius * random.unit().sqrt();
    Point::new(reach * turn.cos(), reach * turn.sin())
}

/// Moves each pair towards its wanted distance, in ever smaller steps.
fn descend(
    places: &mut [Point],
    pairs: &[Pair],
    heat: f64,
    random: &mut Random,
    may_move: &dyn Fn(usize) -> bool,
) {
    let nearest = pairs.iter().map(|pair| pair.distance).fold(f64::INFINITY, f64::min);
    let farthest = pairs.iter().map(|pair| pair.distance).fold(0.0, f64::max);
    if pairs.is_empty() || nearest <= 0.0 {
        return;
    }
    let (first, last) = (heat * farthest * farthest, 0.05 * nearest * nearest);
    let cooling = (last / first).ln() / (ROUNDS - 1) as f64;
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    for round in 0..ROUNDS {
        let step = first * (cooling * round as f64).exp();
        random.shuffle(&mut order);
        for &pair_idx in &order {
            pull(places, &pairs[pair_idx], step, may_move);
        }
    }
}

fn pull(places: &mut [Point], pair: &Pair, step: f64, may_move: &dyn Fn(usize) -> bool) {
    let (one, other) = (places[pair.one], places[pair.other]);
    let apart = one.distance(other).max(1e-9);
    let share = (step / (pair.distance * pair.distance)).min(1.0);
    let by = share * (apart - pair.distance) / 2.0 / apart;
    let (dx, dy) = ((other.x - one.x) * by, (other.y - one.y) * by);
    if may_move(pair.one) {
        places[pair.one] = one.moved(dx, dy);
    }
    if may_move(pair.other) {
        places[pair.other] = other.moved(-dx, -dy);
    }
}

/// Stress per pair, plus what the eye minds more: ties that cross, the more the longer they are.
fn cost(places: &[Point], pairs: &[Pair], part: &Network) -> f64 {
    let stress: f64 = pairs
        .iter()
        .map(|pair| (places[pair.one].distance(places[pair.other]) / pair.distance - 1.0).powi(2))
        .sum();
    let ties = ties(part);
    let n_crossings = n_crossings(places, &ties);
    stress / pairs.len().max(1) as f64 + 0.12 * n_crossings as f64 / ties.len().max(1) as f64
}

fn ties(part: &Network) -> Vec<(usize, usize)> {
    let mut ties = Vec::new();
    for (one, neighbours) in part.neighbours.iter().enumerate() {
        ties.extend(neighbours.iter().filter(|other| **other > one).map(|other| (one, *other)));
    }
    ties
}

fn n_crossings(places: &[Point], ties: &[(usize, usize)]) -> usize {
    let mut n_crossings = 0;
    for (idx, &(a, b)) in ties.iter().enumerate() {
        for &(c, d) in &ties[idx + 1..] {
            let apart = a != c && a != d && b != c && b != d;
            if apart && cross(places[a], places[b], places[c], places[d]) {
                n_crossings += 1;
            }
        }
    }
    n_crossings
}

/// Whether the straight stretches `a` to `b` and `c` to `d` cross.
pub(crate) fn cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

/// Turns the whole so that its long axis is horizontal, since pages and labels are wide.
fn lie_down(places: Vec<Point>) -> Vec<Point> {
    let Some(middle) = mean(places.iter().copied()) else { return places };
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for place in &places {
        let (dx, dy) = (place.x - middle.x, place.y - middle.y);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    let turn = -0.5 * (2.0 * xy).atan2(xx - yy);
    let (sin, cos) = turn.sin_cos();
    let turned = |place: Point| {
        let (dx, dy) = (place.x - middle.x, place.y - middle.y);
        Point::new(dx * cos - dy * sin, dx * sin + dy * cos)
    };
    places.into_iter().map(turned).collect()
}
