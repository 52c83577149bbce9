//! The last hand: small moves that free names of ties, and ties of crossings.
//!
//! Works on straight ties: their bends are chosen later, and are slight.

use std::f64::consts::TAU;

use crate::random::Random;
use crate::{Point, Rectangle};

use super::network::Network;
use super::shapes::Shape;
use super::spread::{bounds, box_at, is_clear};
use super::stress::cross;

/// Rounds over all marks, and moves that each mark tries in a round.
const ROUNDS: usize = 6;
const TRIES: usize = 9;
/// How far a mark may move at once, in pixels: in the first round, and in the last.
const STRIDE: (f64, f64) = (110.0, 16.0);
/// What a crossing costs, a tie that runs through a box, 100 px of tie, and 100 px of distance from
/// the place that follows from the network.
const CROSSING: f64 = 1.0;
const COVERED: f64 = 1.6;
const LENGTH: f64 = 0.45;
const DISPLACED: f64 = 0.5;
/// Graphs of more ties have no room for such care, and would take long.
const TIES_MAX: usize = 900;

/// Returns better places for boxes that do not overlap, and still do not.
pub(crate) fn improve(
    places: Vec<Point>,
    shapes: &[&Shape],
    network: &Network,
    seed: u64,
) -> Vec<Point> {
    let part = network.part(&network.main);
    let mut ties = Vec::new();
    for (one, neighbours) in part.neighbours.iter().enumerate() {
        ties.extend(neighbours.iter().filter(|other| **other > one).map(|other| (one, *other)));
    }
    if ties.len() > TIES_MAX || places.len() < 4 {
        return places;
    }
    let room = bounds(&places, shapes);
    let mut page = Table { home: places.clone(), places, shapes, part, ties };
    let mut random = Random::new(seed ^ 0x7EA7_1D1E);
    for round in 0..ROUNDS {
        let stride = STRIDE.0 + (STRIDE.1 - STRIDE.0) * round as f64 / (ROUNDS - 1) as f64;
        for idx in 0..page.places.len() {
            page.try_moves(idx, stride, room, &mut random);
        }
    }
    page.places
}

struct Table<'a> {
    /// Where each box was at first.
    home: Vec<Point>,
    places: Vec<Point>,
    shapes: &'a [&'a Shape],
    part: Network,
    ties: Vec<(usize, usize)>,
}

impl Table<'_> {
    fn try_moves(&mut self, idx: usize, stride: f64, room: Rectangle, random: &mut Random) {
        let mut best = (self.cost(idx), self.places[idx]);
        let start = best.1;
        for _ in 0..TRIES {
            let (angle, reach) = (TAU * random.unit(), stride * random.unit());
            let place = start.moved(reach * angle.cos(), reach * angle.sin());
            if !room.contains(&box_at(place, self.shapes[idx])) || !self.is_free(idx, place) {
                continue;
            }
            self.places[idx] = place;
            let cost = self.cost(idx);
            if cost < best.0 {
                best = (cost, place);
            }
        }
        self.places[idx] = best.1;
    }

    fn is_free(&self, idx: usize, place: Point) -> bool {
        (0..self.places.len())
            .filter(|other| *other != idx)
            .all(|other| is_clear(place, self.shapes[idx], self.places[other], self.shapes[other]))
    }

    /// The part of the cost that hangs on the place of one mark.
    fn cost(&self, idx: usize) -> f64 {
        let place = self.places[idx];
        let mut cost = DISPLACED * place.distance(self.home[idx]) / 100.0;
        let own_box = self.inner_box(idx);
        for &(a, b) in &self.ties {
            if a != idx && b != idx && own_box.meets(self.mark(a), self.mark(b)) {
                cost += COVERED;
            }
        }
        let here = self.mark(idx);
        for &other in &self.part.neighbours[idx] {
            let there = self.mark(other);
            cost += LENGTH * here.distance(there) / 100.0;
            for &(a, b) in &self.ties {
                let apart = a != idx && b != idx && a != other && b != other;
                if apart && cross(here, there, self.mark(a), self.mark(b)) {
                    cost += CROSSING;
                }
            }
            for third in (0..self.places.len()).filter(|it| *it != idx && *it != other) {
                if self.inner_box(third).meets(here, there) {
                    cost += COVERED;
                }
            }
        }
        cost
    }

    fn mark(&self, idx: usize) -> Point {
        self.shapes[idx].mark_centre(self.places[idx])
    }

    /// The box less its rim, where a tie does little harm.
    fn inner_box(&self, idx: usize) -> Rectangle {
        box_at(self.places[idx], self.shapes[idx]).grown(-3.0)
    }
}
