//! How ties bend: so that several between two marks are told apart, and few run through names.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use crate::symbol::REACH;
use crate::{Drawing, Point, Rectangle};

use super::shapes::DrawnMark;

/// Bends that a single tie tries, as shares of its length, the most wanted first.
const BENDS: [f64; 9] = [0.09, -0.09, 0.03, -0.03, 0.15, -0.15, 0.22, -0.22, 0.3];
/// The least gap between two ties of the same marks, in pixels at their middle.
const PARALLEL_GAP: f64 = 9.0;
/// The gap between a tie and the mark at its end.
const END_GAP: f64 = 2.0;
/// The length and half the width of an arrowhead.
const ARROW: (f64, f64) = (7.5, 3.2);
/// Points at which a tie is tested for running through a name.
const SAMPLES: usize = 28;

/// A cubic Bézier curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// Where it starts.
    pub from: Point,
    /// What it leaves towards.
    pub control_from: Point,
    /// What it arrives from.
    pub control_to: Point,
    /// Where it ends.
    pub to: Point,
}

impl Curve {
    fn arc(from: Point, middle: Point, to: Point) -> Curve {
        let third = 2.0 / 3.0;
        Curve {
            from,
            control_from: from.towards(middle, third),
            control_to: to.towards(middle, third),
            to,
        }
    }

    /// Returns the point at the share `t` of the way.
    pub fn at(&self, t: f64) -> Point {
        let (a, b) = (
            self.from.towards(self.control_from, t),
            self.control_from.towards(self.control_to, t),
        );
        let c = self.control_to.towards(self.to, t);
        a.towards(b, t).towards(b.towards(c, t), t)
    }

    /// The part up to `t`.
    fn until(&self, t: f64) -> Curve {
        let a = self.from.towards(self.control_from, t);
        let b = self.control_from.towards(self.control_to, t);
        let c = self.control_to.towards(self.to, t);
        let (d, e) = (a.towards(b, t), b.towards(c, t));
        Curve { from: self.from, control_from: a, control_to: d, to: d.towards(e, t) }
    }

    fn reversed(&self) -> Curve {
        Curve {
            from: self.to,
            control_from: self.control_to,
            control_to: self.control_from,
            to: self.from,
        }
    }

    /// The part that is farther than `distance` from where the curve ends.
    fn stop_short(&self, distance: f64) -> Curve {
        // Halving finds the last place outside; short curves that never leave keep their middle.
        let (mut low, mut high) = (0.5, 1.0);
        for _ in 0..20 {
            let middle = (low + high) / 2.0;
            if self.at(middle).distance(self.to) > distance { low = middle } else { high = middle }
        }
        self.until(low)
    }
}

/// A tie on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnLine {
    /// The place of the tie in the drawing.
    pub line: usize,
    /// Its stroke.
    pub curve: Curve,
    /// The corners of its arrowhead, tip first, if it has one.
    pub arrowhead: Option<[Point; 3]>,
    /// Whether both ends belong to one community, or neither to any.
    pub within_group: bool,
}

/// Draws every tie of the drawing that has two ends.
pub(crate) fn bend(drawing: &Drawing, marks: &[DrawnMark]) -> Vec<DrawnLine> {
    let mut bundles: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (line_idx, line) in drawing.lines.iter().enumerate() {
        if line.from < marks.len() && line.to < marks.len() {
            let ends = (line.from.min(line.to), line.from.max(line.to));
            bundles.entry(ends).or_default().push(line_idx);
        }
    }
    let obstacles = Obstacles::new(marks);
    let mut drawn = Vec::new();
    for ((one, other), lines) in bundles {
        for (idx, &line_idx) in lines.iter().enumerate() {
            let arc = if one == other {
                own_loop(&marks[one], idx)
            } else {
                arc(one, other, marks, &obstacles, (idx, lines.len()))
            };
            drawn.push(finish(drawing, marks, line_idx, arc, one));
        }
    }
    drawn.sort_by_key(|it| it.line);
    drawn
}

/// Cuts an arc at the marks, from the tie's own start to its end, and gives it its arrowhead.
fn finish(
    drawing: &Drawing,
    marks: &[DrawnMark],
    line_idx: usize,
    arc: Curve,
    one: usize,
) -> DrawnLine {
    let line = &drawing.lines[line_idx];
    let arc = if line.from == one { arc } else { arc.reversed() };
    let reach = |idx: usize| marks[idx].radius * 1.12 + END_GAP;
    let cut = arc.reversed().stop_short(reach(line.from)).reversed();
    let cut = cut.stop_short_of(arc.to, reach(line.to));
    let (curve, arrowhead) = if line.directed { with_arrowhead(cut) } else { (cut, None) };
    let group = |idx: usize| drawing.marks[idx].group;
    let within_group = group(line.from) == group(line.to);
    DrawnLine { line: line_idx, curve, arrowhead, within_group }
}

impl Curve {
    /// The part up to where the curve comes nearer than `distance` to a point at its end.
    fn stop_short_of(&self, point: Point, distance: f64) -> Curve {
        let (mut low, mut high) = (0.4, 1.0);
        for _ in 0..20 {
            let middle = (low + high) / 2.0;
            if self.at(middle).distance(point) > distance { low = middle } else { high = middle }
        }
        self.until(low)
    }
}

fn with_arrowhead(curve: Curve) -> (Curve, Option<[Point; 3]>) {
    let tip = curve.to;
    let shaft = curve.stop_short_of(tip, ARROW.0 * 0.8);
    let length = shaft.to.distance(tip);
    if length < 1e-6 {
        return (curve, None);
    }
    let (ux, uy) = ((tip.x - shaft.to.x) / length, (tip.y - shaft.to.y) / length);
    let base = tip.moved(-ux * ARROW.0, -uy * ARROW.0);
    let left = base.moved(-uy * ARROW.1, ux * ARROW.1);
    let right = base.moved(uy * ARROW.1, -ux * ARROW.1);
    (shaft, Some([tip, left, right]))
}

/// A tie of a mark with itself: a loop at its upper right, a larger one for each more.
fn own_loop(mark: &DrawnMark, idx: usize) -> Curve {
    let reach = mark.radius * REACH + 16.0 + 9.0 * idx as f64;
    let side = |turn: f64| {
        let (sin, cos) = (TAU * turn).sin_cos();
        mark.centre.moved(reach * 1.7 * cos, reach * 1.7 * sin)
    };
    Curve { from: mark.centre, control_from: side(-0.19), control_to: side(-0.06), to: mark.centre }
}

/// The arc from `one` to `other`, which is the `idx`th of `n_lines` between them.
fn arc(
    one: usize,
    other: usize,
    marks: &[DrawnMark],
    obstacles: &Obstacles,
    (idx, n_lines): (usize, usize),
) -> Curve {
    let (from, to) = (marks[one].centre, marks[other].centre);
    let length = from.distance(to).max(1.0);
    let across = Point::new((to.y - from.y) / length, -(to.x - from.x) / length);
    let bent = |by: f64| {
        let middle = from.towards(to, 0.5);
        // The middle of the curve is half as far out as its control point.
        Curve::arc(from, middle.moved(across.x * by * 2.0, across.y * by * 2.0), to)
    };
    if n_lines > 1 {
        let gap = (length * 0.075).clamp(PARALLEL_GAP, 26.0);
        return bent((idx as f64 - (n_lines - 1) as f64 / 2.0) * gap);
    }
    let cost = |(wish, share): (usize, &f64)| {
        let curve = bent((length * share).clamp(-70.0, 70.0));
        (obstacles.hits(&curve, one, other) + 0.25 * wish as f64, curve)
    };
    let best = BENDS.iter().enumerate().map(cost).min_by(|a, b| a.0.total_cmp(&b.0));
    best.map_or_else(|| bent(0.0), |(_, curve)| curve)
}

/// What a tie should not run through.
struct Obstacles {
    marks: Vec<Rectangle>,
    labels: Vec<Rectangle>,
}

impl Obstacles {
    fn new(marks: &[DrawnMark]) -> Obstacles {
        Obstacles {
            marks: marks.iter().map(|mark| mark.bounds).collect(),
            labels: marks.iter().map(|mark| mark.label.rectangle).collect(),
        }
    }

    /// How much a curve from `one` to `other` disturbs.
    fn hits(&self, curve: &Curve, one: usize, other: usize) -> f64 {
        let samples: Vec<Point> =
            (1..SAMPLES).map(|idx| curve.at(idx as f64 / SAMPLES as f64)).collect();
        let ends = Rectangle::new(curve.from.x, curve.from.y, 0.0, 0.0)
            .union(&Rectangle::new(curve.to.x, curve.to.y, 0.0, 0.0))
            .grown(72.0);
        let mut hits = 0.0;
        for idx in 0..self.marks.len() {
            if !ends.overlaps(&self.marks[idx].union(&self.labels[idx])) {
                continue;
            }
            let own = idx == one || idx == other;
            let n_in = |rectangle: &Rectangle| {
                samples.iter().filter(|point| rectangle.contains_point(**point)).count() as f64
            };
            hits += n_in(&self.labels[idx]) * if own { 0.3 } else { 1.0 };
            if !own {
                hits += 3.0 * n_in(&self.marks[idx]);
            }
        }
        hits
    }
}
