//! How large each mark and its label are, before anything is placed.

use crate::symbol::REACH;
use crate::text::{Weight, width, wrap_label, wrap_width};
use crate::{Drawing, Point, Rectangle};

use super::network::Network;

/// The radius of the least and of the greatest mark.
const RADIUS: (f64, f64) = (6.0, 26.0);
/// The size of the largest label, and of the smallest in a crowded picture.
const LABEL_SIZE: (f64, f64) = (9.5, 16.5);
/// A smallest label of this size is used where there is room for it.
const LABEL_SIZE_SPACIOUS: f64 = 13.0;
/// The numbers of marks up to which a picture is spacious, and from which it is crowded.
const CROWD: (f64, f64) = (25.0, 100.0);
/// Characters on a line of a label.
const LABEL_COLUMNS: usize = 18;
/// Lines of a label; the tooltip has the rest.
const LABEL_LINES: usize = 4;
/// The distance between lines, in sizes of the font.
const LINE_HEIGHT: f64 = 1.2;
/// How much of the room of a label its letters may leave: halo and rounding.
const LABEL_MARGIN: f64 = 1.5;

/// Lines of text of one size.
#[derive(Debug, Clone, PartialEq)]
pub struct TextBlock {
    /// The room it takes.
    pub rectangle: Rectangle,
    /// The lines, from top to bottom.
    pub lines: Vec<String>,
    /// The size of the font in pixels.
    pub size: f64,
    /// The weight of the font.
    pub weight: Weight,
    /// Whether lines are centred in the rectangle; otherwise they start at its left edge.
    pub centred: bool,
}

impl TextBlock {
    pub(crate) fn label(text: &str, size: f64, weight: Weight) -> TextBlock {
        let lines = wrap_label(text, LABEL_COLUMNS, LABEL_LINES);
        TextBlock::from_lines(lines, size, weight, true)
    }

    /// A block at the left, broken where it would be wider than `limit`.
    pub(crate) fn paragraph(text: &str, limit: f64, size: f64, weight: Weight) -> TextBlock {
        TextBlock::from_lines(wrap_width(text, limit, size, weight), size, weight, false)
    }

    pub(crate) fn from_lines(
        lines: Vec<String>,
        size: f64,
        weight: Weight,
        centred: bool,
    ) -> TextBlock {
        let widest = lines.iter().map(|line| width(line, size, weight)).fold(0.0, f64::max);
        let margin = if lines.is_empty() { 0.0 } else { LABEL_MARGIN };
        let height = lines.len() as f64 * size * LINE_HEIGHT;
        let rectangle = Rectangle::new(0.0, 0.0, widest + 2.0 * margin, height);
        TextBlock { rectangle, lines, size, weight, centred }
    }

    pub(crate) fn at(mut self, x: f64, y: f64) -> TextBlock {
        self.rectangle.x = x;
        self.rectangle.y = y;
        self
    }

    pub(crate) fn moved(mut self, dx: f64, dy: f64) -> TextBlock {
        self.rectangle = self.rectangle.moved(dx, dy);
        self
    }

    /// Returns the text on one line.
    pub fn text(&self) -> String {
        self.lines.join(" ")
    }

    /// Where each line starts, or has its middle if centred, on the base line.
    pub(crate) fn base_points(&self) -> impl Iterator<Item = (Point, &str)> {
        let Rectangle { x, y, width, .. } = self.rectangle;
        let x = if self.centred { x + width / 2.0 } else { x + LABEL_MARGIN };
        // 0.92 em puts the capitals of Inter in the middle of a line 1.2 em high.
        let first = y + 0.92 * self.size;
        let step = self.size * LINE_HEIGHT;
        self.lines
            .iter()
            .enumerate()
            .map(move |(idx, line)| (Point::new(x, first + idx as f64 * step), line.as_str()))
    }
}

/// A mark and its label, measured around the centre of the mark at 0, 0.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) radius: f64,
    pub(crate) bounds: Rectangle,
    pub(crate) label: TextBlock,
    /// Both together.
    pub(crate) whole: Rectangle,
}

impl Shape {
    fn new(text: &str, radius: f64, size: f64, weight: Weight) -> Shape {
        let reach = radius * REACH;
        let bounds = Rectangle::new(-reach, -reach, 2.0 * reach, 2.0 * reach);
        let label = TextBlock::label(text, size, weight);
        let half = label.rectangle.width / 2.0;
        let label = label.at(-half, reach + 0.5);
        let whole = if label.lines.is_empty() { bounds } else { bounds.union(&label.rectangle) };
        Shape { radius, bounds, label, whole }
    }

    /// The centre of the whole box, when the mark has its centre at `mark`.
    pub(crate) fn box_centre(&self, mark: Point) -> Point {
        let offset = self.whole.centre();
        mark.moved(offset.x, offset.y)
    }

    /// The centre of the mark, when the whole box has its centre at `centre`.
    pub(crate) fn mark_centre(&self, centre: Point) -> Point {
        let offset = self.whole.centre();
        centre.moved(-offset.x, -offset.y)
    }
}

/// A mark on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnMark {
    /// The centre of its shape.
    pub centre: Point,
    /// The radius of a circle of the same area.
    pub radius: f64,
    /// The box around its shape.
    pub bounds: Rectangle,
    /// Its name.
    pub label: TextBlock,
    /// Whether it belongs to the main network.
    pub joined: bool,
}

/// Measures every mark of a drawing.
pub(crate) fn measure(drawing: &Drawing) -> Vec<Shape> {
    let sizes: Vec<f64> = drawing.marks.iter().map(|mark| usable(mark.size)).collect();
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    let all_equal = sizes.iter().all(|size| *size == largest);
    let ranks = ranks(&sizes);
    let smallest_label = smallest_label(drawing.marks.len());
    let shape = |idx: usize| {
        let mark = &drawing.marks[idx];
        let share = if all_equal { 0.12 } else { sizes[idx] / largest };
        let (least, most) = RADIUS;
        let radius = (least * least + (most * most - least * least) * share).sqrt();
        // Few marks matter much: the curve keeps the lower three quarters of the labels small.
        let rank = if all_equal { 0.3 } else { ranks[idx].powi(4) };
        let size = smallest_label + (LABEL_SIZE.1 - smallest_label) * rank;
        let heavy = mark.emphasis || (!all_equal && ranks[idx] > 0.9 && share > 0.08);
        let weight = if heavy { Weight::SemiBold } else { Weight::Regular };
        let size = (size * 2.0).round() / 2.0;
        let size = if mark.emphasis { size.max(12.5) } else { size };
        Shape::new(&mark.label, radius, size, weight)
    };
    (0..drawing.marks.len()).map(shape).collect()
}

/// Sizes come from measures that may be undefined for some marks.
fn usable(size: f64) -> f64 {
    if size.is_finite() { size.clamp(0.0, 1e300) } else { 0.0 }
}

fn smallest_label(n_marks: usize) -> f64 {
    let crowd = ((n_marks as f64 - CROWD.0) / (CROWD.1 - CROWD.0)).clamp(0.0, 1.0);
    LABEL_SIZE_SPACIOUS + (LABEL_SIZE.0 - LABEL_SIZE_SPACIOUS) * crowd
}

/// The share of the other marks that each mark is larger than; equal marks have the same rank.
fn ranks(sizes: &[f64]) -> Vec<f64> {
    let others = sizes.len().saturating_sub(1).max(1) as f64;
    let n_smaller = |size: f64| sizes.iter().filter(|other| **other < size).count() as f64;
    sizes.iter().map(|size| n_smaller(*size) / others).collect()
}

/// Puts the shapes onto the page.
pub(crate) fn draw(shapes: &[Shape], centres: &[Point], network: &Network) -> Vec<DrawnMark> {
    let mut joined = vec![false; shapes.len()];
    for &mark_idx in &network.main {
        joined[mark_idx] = true;
    }
    let drawn = |((shape, centre), joined): ((&Shape, &Point), bool)| DrawnMark {
        centre: *centre,
        radius: shape.radius,
        bounds: shape.bounds.moved(centre.x, centre.y),
        label: shape.label.clone().moved(centre.x, centre.y),
        joined,
    };
    shapes.iter().zip(centres).zip(joined).map(drawn).collect()
}
