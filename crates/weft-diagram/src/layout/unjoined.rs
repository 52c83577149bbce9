//! The box of what is not joined to the main network: a finding, so it is shown, but by itself.

use crate::{Point, Rectangle};

use super::network::Network;
use super::shapes::{Shape, TextBlock};
use super::spread::{bounds, separate};
use super::stress;
use crate::text::Weight;

/// The room between the border of the box and what is in it.
const PADDING: f64 = 14.0;
/// The gap between two rows, and about that between two single marks.
const GAP: f64 = 16.0;
/// The gap between two components, which must not be taken for one.
const PARTED: f64 = 34.0;
/// The length of a tie in a small component.
const TIE: f64 = 105.0;

/// The box and what is in it, measured from its upper left corner.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unjoined {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// The marks and the centres of their shapes.
    pub(crate) centres: Vec<(usize, Point)>,
    pub(crate) heading: Option<TextBlock>,
}

/// A component or a row of the grid, measured from its upper left corner.
struct Block {
    width: f64,
    height: f64,
    centres: Vec<(usize, Point)>,
}

/// Arranges all other components over about `width` pixels; `None` where there are none.
pub(crate) fn arrange(
    network: &Network,
    shapes: &[Shape],
    width: f64,
    seed: u64,
) -> Option<Unjoined> {
    if network.others.is_empty() {
        return None;
    }
    let text = if network.main.is_empty() {
        "Not joined to one another"
    } else {
        "Not joined to the main network"
    };
    let inner = width - 2.0 * PADDING;
    let heading = TextBlock::paragraph(text, inner, 13.0, Weight::SemiBold).at(PADDING, PADDING);
    let mut y = heading.rectangle.bottom() + 10.0;
    let mut used = heading.rectangle.width;
    let mut centres = Vec::new();
    for (row, gap) in rows(network, shapes, inner, seed) {
        let mut x = PADDING;
        let height = row.iter().map(|block| block.height).fold(0.0, f64::max);
        for block in &row {
            centres.extend(block.centres.iter().map(|&(idx, centre)| (idx, centre.moved(x, y))));
            x += block.width + gap;
        }
        used = used.max(x - gap - PADDING);
        y += height + GAP * 0.75;
    }
    let height = y - GAP * 0.75 + PADDING;
    Some(Unjoined { width: used + 2.0 * PADDING, height, centres, heading: Some(heading) })
}

/// Components in rows, as many to a row as fit; then single marks in a grid.
fn rows(network: &Network, shapes: &[Shape], inner: f64, seed: u64) -> Vec<(Vec<Block>, f64)> {
    let (singles, several): (Vec<&Vec<usize>>, Vec<&Vec<usize>>) =
        network.others.iter().partition(|component| component.len() == 1);
    let mut rows: Vec<(Vec<Block>, f64)> = Vec::new();
    let mut row: Vec<Block> = Vec::new();
    let mut row_width = 0.0;
    for component in several {
        let block = component_block(network, shapes, component, inner, seed);
        if !row.is_empty() && row_width + PARTED + block.width > inner {
            rows.push((std::mem::take(&mut row), PARTED));
            row_width = 0.0;
        }
        row_width += block.width + if row.is_empty() { 0.0 } else { PARTED };
        row.push(block);
    }
    if !row.is_empty() {
        rows.push((row, PARTED));
    }
    rows.extend(grid(shapes, &singles, inner).into_iter().map(|row| (row, 0.0)));
    rows
}

/// A component lying down, or standing up where it would be too wide and is narrower that way.
fn component_block(
    network: &Network,
    shapes: &[Shape],
    marks: &[usize],
    inner: f64,
    seed: u64,
) -> Block {
    let rough = stress::arrange(&network.part(marks), seed);
    let lying = rough.iter().map(|it| Point::new(it.x * TIE, it.y * TIE)).collect();
    let lying = block_of(shapes, marks, lying);
    if lying.width <= inner {
        return lying;
    }
    let standing = rough.iter().map(|it| Point::new(it.y * TIE, it.x * TIE * 0.8)).collect();
    let standing = block_of(shapes, marks, standing);
    if standing.width < lying.width { standing } else { lying }
}

fn block_of(shapes: &[Shape], marks: &[usize], mut places: Vec<Point>) -> Block {
    let parts: Vec<&Shape> = marks.iter().map(|&mark_idx| &shapes[mark_idx]).collect();
    separate(&mut places, &parts);
    let Rectangle { x, y, width, height } = bounds(&places, &parts);
    let centres = marks
        .iter()
        .zip(&places)
        .map(|(&mark_idx, place)| (mark_idx, shapes[mark_idx].mark_centre(place.moved(-x, -y))))
        .collect();
    Block { width, height, centres }
}

/// Single marks in columns of one width, with the marks of a row on one line.
fn grid(shapes: &[Shape], singles: &[&Vec<usize>], inner: f64) -> Vec<Vec<Block>> {
    let marks: Vec<usize> =
        singles.iter().flat_map(|component| component.iter().copied()).collect();
    let widest = marks.iter().map(|&idx| shapes[idx].whole.width).fold(1.0, f64::max);
    let cell = widest + GAP * 0.6;
    let n_columns = ((inner / cell) as usize).max(1);
    let row = |marks: &[usize]| {
        let above = marks.iter().map(|&idx| -shapes[idx].whole.y).fold(0.0, f64::max);
        let below = marks.iter().map(|&idx| shapes[idx].whole.bottom()).fold(0.0, f64::max);
        let block = |&idx: &usize| Block {
            width: cell,
            height: above + below,
            centres: vec![(idx, Point::new(cell / 2.0, above))],
        };
        marks.iter().map(block).collect()
    };
    marks.chunks(n_columns).map(row).collect()
}
