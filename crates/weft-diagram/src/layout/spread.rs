//! Fits rough places to the page and removes every overlap, without changing who is near whom.

use std::f64::consts::TAU;

use crate::{Point, Rectangle};

use super::network::Network;
use super::shapes::Shape;

/// The gap that stays between two boxes.
const GAP: f64 = 4.0;
/// The longest that an ordinary tie may become on a page with few marks.
const TIE_MAX: f64 = 170.0;
/// How much wider than tall the whole may be stretched.
const STRETCH_MAX: f64 = 1.35;
/// Rounds of pushing boxes apart before places are sought one by one.
const PUSHES_MAX: usize = 400;
/// Rings of 10 px in which a free place within the page is sought before one outside.
const NEAR_RINGS: usize = 45;
/// Shares of the room that the marks start from; the pushing makes it larger.
const FILLS: [f64; 8] = [1.0, 0.93, 0.86, 0.79, 0.72, 0.65, 0.55, 0.45];

/// Returns the centres of boxes that lie in `room` if they can, and in any case do not overlap.
pub(crate) fn fit(
    rough: Vec<Point>,
    shapes: &[&Shape],
    network: &Network,
    room: Rectangle,
) -> Vec<Point> {
    if rough.len() < 2 {
        return rough;
    }
    let rough = to_pixels(rough, network, room);
    let crowd = crowding(shapes, room);
    let attempt = |fill: &f64| {
        let by = fill * crowd;
        let mut places: Vec<Point> =
            rough.iter().map(|it| Point::new(it.x * by, it.y * by)).collect();
        separate(&mut places, shapes);
        let bounds = bounds(&places, shapes);
        let too_much = (bounds.width / room.width).max(bounds.height / room.height);
        (too_much, places)
    };
    let mut best: Option<(f64, Vec<Point>)> = None;
    for fill in &FILLS {
        let (too_much, places) = attempt(fill);
        let better = best.as_ref().is_none_or(|(least, _)| too_much < *least);
        if better {
            best = Some((too_much, places));
        }
        if too_much <= 1.0 || crowd > 1.0 {
            break;
        }
    }
    let places = best.map(|(_, places)| places).unwrap_or_default();
    fill_room(places, shapes, network, room)
}

/// Returns the given places, moved only where boxes overlap.
///
/// What has a saved place is parted from its like; what is new takes the nearest place that is free,
/// if possible within the bounds of the rest, since the page would have to shift otherwise.
pub(crate) fn keep(
    mut places: Vec<Point>,
    shapes: &[&Shape],
    saved: &[Option<Point>],
) -> Vec<Point> {
    let old: Vec<usize> = (0..places.len()).filter(|idx| saved[*idx].is_some()).collect();
    let old_shapes: Vec<&Shape> = old.iter().map(|&idx| shapes[idx]).collect();
    let mut old_places: Vec<Point> = old.iter().map(|&idx| places[idx]).collect();
    separate(&mut old_places, &old_shapes);
    let room = bounds(&old_places, &old_shapes);
    for (&idx, place) in old.iter().zip(old_places) {
        places[idx] = place;
    }
    let mut settled = old;
    for idx in (0..places.len()).filter(|idx| saved[*idx].is_none()) {
        places[idx] = free_place(idx, &places, shapes, &settled, room);
        settled.push(idx);
    }
    places
}

/// The box around all boxes.
pub(crate) fn bounds(places: &[Point], shapes: &[&Shape]) -> Rectangle {
    let boxes = places.iter().zip(shapes).map(|(place, shape)| box_at(*place, shape));
    boxes.reduce(|acc, it| acc.union(&it)).unwrap_or_default()
}

/// The box of a shape whose box has its centre there.
pub(crate) fn box_at(centre: Point, shape: &Shape) -> Rectangle {
    let Rectangle { width, height, .. } = shape.whole;
    Rectangle::new(centre.x - width / 2.0, centre.y - height / 2.0, width, height)
}

/// How much larger than the room the page must be for all boxes, 1 where the room will do.
///
/// Boxes that fill more than this share of a page can hardly be pushed apart on it.
fn crowding(shapes: &[&Shape], room: Rectangle) -> f64 {
    let filled: f64 =
        shapes.iter().map(|it| (it.whole.width + GAP) * (it.whole.height + GAP)).sum();
    (filled / (0.5 * room.width * room.height)).sqrt().max(1.0)
}

fn to_pixels(rough: Vec<Point>, network: &Network, room: Rectangle) -> Vec<Point> {
    let spans = |places: &[Point]| {
        let low =
            places.iter().fold((f64::MAX, f64::MAX), |acc, it| (acc.0.min(it.x), acc.1.min(it.y)));
        let high =
            places.iter().fold((f64::MIN, f64::MIN), |acc, it| (acc.0.max(it.x), acc.1.max(it.y)));
        (high.0 - low.0, high.1 - low.1)
    };
    // Boxes stick out over the centres of their marks.
    let (room_width, room_height) =
        ((room.width - 110.0).max(100.0), (room.height - 50.0).max(100.0));
    let (width, height) = spans(&rough);
    let (width, height) = (width.max(0.1), height.max(0.1));
    let stretch = (room_width / width / (room_height / height)).clamp(1.0, STRETCH_MAX);
    let longest = TIE_MAX / mean_tie(&rough, network).max(1e-6);
    let scale = (room_width / (width * stretch)).min(room_height / height).min(longest);
    rough.iter().map(|it| Point::new(it.x * scale * stretch, it.y * scale)).collect()
}

fn mean_tie(places: &[Point], network: &Network) -> f64 {
    let part = network.part(&network.main);
    let (mut sum, mut n_ties) = (0.0, 0.0);
    for (one, neighbours) in part.neighbours.iter().enumerate() {
        for &other in neighbours {
            sum += places[one].distance(places[other]);
            n_ties += 1.0;
        }
    }
    if n_ties > 0.0 { sum / n_ties } else { 1.0 }
}

/// Widens or heightens the whole into room that is left; growing never makes boxes overlap.
fn fill_room(
    places: Vec<Point>,
    shapes: &[&Shape],
    network: &Network,
    room: Rectangle,
) -> Vec<Point> {
    let spare = (TIE_MAX / mean_tie(&places, network).max(1.0)).max(1.0);
    let mut places = places;
    // Boxes do not grow with the distances, so the factor is found in a few steps.
    for _ in 0..4 {
        let bounds = bounds(&places, shapes);
        let wide = (room.width / bounds.width).clamp(1.0, spare.min(STRETCH_MAX));
        let tall = (room.height / bounds.height).clamp(1.0, spare.min(STRETCH_MAX));
        let (wide, tall) = (wide.min(tall * 1.15), tall.min(wide * 1.15));
        places.iter_mut().for_each(|it| *it = Point::new(it.x * wide, it.y * tall));
    }
    places
}

/// Pushes boxes apart until none overlap.
pub(crate) fn separate(places: &mut [Point], shapes: &[&Shape]) {
    for round in 0..PUSHES_MAX {
        let mut n_overlaps = 0;
        for one in 0..places.len() {
            for other in one + 1..places.len() {
                n_overlaps += usize::from(push(places, shapes, one, other));
            }
        }
        if n_overlaps == 0 {
            return;
        }
        // Boxes that are wedged in get room by loosening the whole a little, now and then.
        if round % 60 == 59 {
            places.iter_mut().for_each(|it| *it = Point::new(it.x * 1.03, it.y * 1.03));
        }
    }
    place_one_by_one(places, shapes);
}

fn push(places: &mut [Point], shapes: &[&Shape], one: usize, other: usize) -> bool {
    let (a, b) = (places[one], places[other]);
    let (wide, tall) = needed(shapes[one], shapes[other]);
    let (over_x, over_y) = (wide - (a.x - b.x).abs(), tall - (a.y - b.y).abs());
    if over_x <= 0.0 || over_y <= 0.0 {
        return false;
    }
    // A hair more than needed, so that rounding leaves no sliver.
    if over_x < over_y {
        let by =
            (over_x + 0.01) * if a.x < b.x || (a.x == b.x && one < other) { -1.0 } else { 1.0 };
        places[one].x += by / 2.0;
        places[other].x -= by / 2.0;
    } else {
        let by =
            (over_y + 0.01) * if a.y < b.y || (a.y == b.y && one < other) { -1.0 } else { 1.0 };
        places[one].y += by / 2.0;
        places[other].y -= by / 2.0;
    }
    true
}

/// How far apart two centres must be, across or down.
fn needed(one: &Shape, other: &Shape) -> (f64, f64) {
    let wide = (one.whole.width + other.whole.width) / 2.0 + GAP;
    let tall = (one.whole.height + other.whole.height) / 2.0 + GAP;
    (wide, tall)
}

/// Whether a box at `place` keeps clear of the box of `other`.
pub(crate) fn is_clear(place: Point, shape: &Shape, other_place: Point, other: &Shape) -> bool {
    let (wide, tall) = needed(shape, other);
    (place.x - other_place.x).abs() >= wide || (place.y - other_place.y).abs() >= tall
}

/// The last resort, which cannot fail: each box in turn takes the nearest place that is free.
fn place_one_by_one(places: &mut [Point], shapes: &[&Shape]) {
    let settled: Vec<usize> = (0..places.len()).collect();
    for idx in 0..places.len() {
        places[idx] = free_place(idx, places, shapes, &settled[..idx], Rectangle::default());
    }
}

/// The place nearest to where a box is that is free of all settled ones, in `room` if one is near.
fn free_place(
    idx: usize,
    places: &[Point],
    shapes: &[&Shape],
    settled: &[usize],
    room: Rectangle,
) -> Point {
    let wanted = places[idx];
    let is_free = |place: &Point| {
        settled.iter().all(|&other| is_clear(*place, shapes[idx], places[other], shapes[other]))
    };
    let ring = |ring: usize| {
        let n_turns = 8 + 4 * ring;
        let at = move |turn: usize| {
            let angle = TAU * turn as f64 / n_turns as f64;
            wanted.moved(10.0 * ring as f64 * angle.cos(), 10.0 * ring as f64 * angle.sin())
        };
        (0..n_turns).map(at)
    };
    let in_room = |place: &Point| room.contains(&box_at(*place, shapes[idx]));
    (0..NEAR_RINGS)
        .flat_map(ring)
        .find(|place| in_room(place) && is_free(place))
        // The rings leave the finite area of all settled boxes at some point.
        .or_else(|| (0..).flat_map(ring).find(is_free))
        .unwrap_or(wanted)
}
