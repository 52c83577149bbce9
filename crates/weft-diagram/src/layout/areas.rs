//! Shades the communities that hold together on the page, and names them.
//!
//! An area is drawn as a height line of a field around its members and the ties between them, less
//! the fields of all others. So areas never overlap, and a foreign mark is cut out, not swallowed: a
//! hull of straight stretches would claim whatever stands between two members.

use std::collections::{BTreeMap, VecDeque};

use crate::text::Weight;
use crate::{Drawing, Point, Rectangle};

use super::network::Network;
use super::shapes::{DrawnMark, TextBlock};

/// The distance between two points of the grid, in pixels.
const CELL: f64 = 8.0;
/// How far the field of a mark, and of a tie between two members, reaches.
const REACH: f64 = 60.0;
const TIE_REACH: f64 = 44.0;
/// Ties longer than this do not carry the area along.
const TIE_MAX: f64 = 260.0;
/// The height of the field at which the border runs.
const BORDER: f64 = 0.3;
/// The fewest members of a community that is shaded.
const MEMBERS_MIN: usize = 3;
/// The least share of the members that must stand together.
const TOGETHER_MIN: f64 = 0.6;
/// The largest number of shaded communities: more tints cannot be told apart.
pub(crate) const AREAS_MAX: usize = 10;
/// The size of the font of a name, and the most characters on a line of it.
const NAME_SIZE: f64 = 12.5;

/// A shaded community.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// The community, as a place in [`Drawing::group_names`].
    pub group: usize,
    /// Which tint it has, from 0.
    pub tint: usize,
    /// Closed borders; what is inside an odd number of them is shaded.
    pub borders: Vec<Vec<Point>>,
    /// Its name.
    pub name: TextBlock,
    /// How many of its members stand in the area, and how many it has in the main network.
    pub n_members: (usize, usize),
}

/// Whether any community is large enough to be shaded, so that the legend needs to explain it.
pub(crate) fn may_shade(drawing: &Drawing, network: &Network) -> bool {
    !candidates(drawing, network).is_empty()
}

/// The communities that might be shaded, largest first, with their members in the main network.
fn candidates(drawing: &Drawing, network: &Network) -> Vec<(usize, Vec<usize>)> {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &mark_idx in &network.main {
        if let Some(group) = drawing.marks[mark_idx].group {
            members.entry(group).or_default().push(mark_idx);
        }
    }
    // Where all marks are of one community, shading tells nothing apart.
    if members.values().any(|list| list.len() == network.main.len()) {
        return Vec::new();
    }
    let mut members: Vec<_> =
        members.into_iter().filter(|(_, list)| list.len() >= MEMBERS_MIN).collect();
    members.sort_by_key(|(_, list)| std::cmp::Reverse(list.len()));
    members.truncate(AREAS_MAX);
    members
}

/// Shades and names what holds together within `page`.
pub(crate) fn shade(
    drawing: &Drawing,
    network: &Network,
    marks: &[DrawnMark],
    page: Rectangle,
) -> Vec<Area> {
    let candidates = candidates(drawing, network);
    if candidates.is_empty() {
        return Vec::new();
    }
    let grid = Grid::new(page);
    let fields = Fields::new(drawing, network, marks, &candidates, &grid);
    let mut taken: Vec<Rectangle> =
        marks.iter().flat_map(|it| [it.bounds, it.label.rectangle]).collect();
    let mut areas = Vec::new();
    for (place, (group, members)) in candidates.iter().enumerate() {
        let mut field = fields.margin(place);
        let n_together = keep_largest(&mut field, &grid, members, marks);
        fill_empty_holes(&mut field, &grid, &taken);
        let share = n_together as f64 / members.len() as f64;
        if n_together < MEMBERS_MIN || share < TOGETHER_MIN {
            continue;
        }
        let borders = borders(&field, &grid);
        let text = drawing.group_names.get(*group).map_or("", String::as_str);
        let Some(name) = place_name(text, &field, &grid, &taken, page) else { continue };
        taken.push(name.rectangle.grown(4.0));
        let n_members = (n_together, members.len());
        areas.push(Area { group: *group, tint: areas.len(), borders, name, n_members });
    }
    areas
}

/// Points at a distance of [`CELL`] over a part of the page.
struct Grid {
    origin: Point,
    n_columns: usize,
    n_rows: usize,
}

impl Grid {
    fn new(page: Rectangle) -> Grid {
        let n_columns = (page.width / CELL).ceil() as usize + 3;
        let n_rows = (page.height / CELL).ceil() as usize + 3;
        Grid { origin: Point::new(page.x - CELL, page.y - CELL), n_columns, n_rows }
    }

    fn len(&self) -> usize {
        self.n_columns * self.n_rows
    }

    fn point(&self, idx: usize) -> Point {
        let (column, row) = (idx % self.n_columns, idx / self.n_columns);
        self.origin.moved(column as f64 * CELL, row as f64 * CELL)
    }

    /// The points within a rectangle.
    fn within(&self, rectangle: Rectangle) -> impl Iterator<Item = usize> {
        let clamp = |value: f64, n: usize| (value / CELL).clamp(0.0, n as f64 - 1.0) as usize;
        let left = clamp(rectangle.x - self.origin.x, self.n_columns);
        let right = clamp(rectangle.right() - self.origin.x + CELL, self.n_columns);
        let top = clamp(rectangle.y - self.origin.y, self.n_rows);
        let bottom = clamp(rectangle.bottom() - self.origin.y + CELL, self.n_rows);
        let n_columns = self.n_columns;
        (top..=bottom).flat_map(move |row| (left..=right).map(move |it| row * n_columns + it))
    }

    fn nearest(&self, point: Point) -> usize {
        let clamp =
            |value: f64, n: usize| (value / CELL).round().clamp(0.0, n as f64 - 1.0) as usize;
        let column = clamp(point.x - self.origin.x, self.n_columns);
        clamp(point.y - self.origin.y, self.n_rows) * self.n_columns + column
    }

    fn neighbours(&self, idx: usize) -> impl Iterator<Item = usize> {
        let (column, row) = (idx % self.n_columns, idx / self.n_columns);
        let left = (column > 0).then(|| idx - 1);
        let right = (column + 1 < self.n_columns).then(|| idx + 1);
        let up = (row > 0).then(|| idx - self.n_columns);
        let down = (row + 1 < self.n_rows).then(|| idx + self.n_columns);
        [left, right, up, down].into_iter().flatten()
    }
}

/// The field of each candidate, and the field of all marks that belong to none.
struct Fields {
    own: Vec<Vec<f64>>,
    others: Vec<f64>,
}

impl Fields {
    fn new(
        drawing: &Drawing,
        network: &Network,
        marks: &[DrawnMark],
        candidates: &[(usize, Vec<usize>)],
        grid: &Grid,
    ) -> Fields {
        let mut own = vec![vec![0.0; grid.len()]; candidates.len()];
        let mut others = vec![0.0; grid.len()];
        for &mark_idx in &network.main {
            let group = drawing.marks[mark_idx].group;
            let place = candidates.iter().position(|(it, _)| Some(*it) == group);
            let field = place.map_or(&mut others, |place| &mut own[place]);
            add_mark(field, grid, &marks[mark_idx]);
            let Some(place) = place else { continue };
            let same = |other: &&usize| **other > mark_idx && drawing.marks[**other].group == group;
            for &other in network.neighbours[mark_idx].iter().filter(same) {
                add_tie(&mut own[place], grid, marks[mark_idx].centre, marks[other].centre);
            }
        }
        Fields { own, others }
    }

    /// How far each point is inside an area: positive inside, negative outside.
    fn margin(&self, place: usize) -> Vec<f64> {
        let rival = |idx: usize| {
            let others = self.own.iter().enumerate().filter(|(other, _)| *other != place);
            others.map(|(_, field)| field[idx]).fold(self.others[idx], f64::max)
        };
        let own = &self.own[place];
        (0..own.len()).map(|idx| (own[idx] - BORDER).min(own[idx] - rival(idx) - 0.04)).collect()
    }
}

fn add_mark(field: &mut [f64], grid: &Grid, mark: &DrawnMark) {
    // The label is part of the mark; its box has corners which the field should not show.
    for (rectangle, weight) in [(mark.bounds, 1.0), (mark.label.rectangle, 0.9)] {
        for idx in grid.within(rectangle.grown(REACH)) {
            let near = 1.0 - rectangle.distance(grid.point(idx)) / REACH;
            if near > 0.0 {
                field[idx] += weight * near * near * if near >= 1.0 { 3.0 } else { 1.0 };
            }
        }
    }
}

fn add_tie(field: &mut [f64], grid: &Grid, from: Point, to: Point) {
    let length = from.distance(to);
    if !(1.0..=TIE_MAX).contains(&length) {
        return;
    }
    let corner = |point: Point| Rectangle::new(point.x, point.y, 0.0, 0.0);
    for idx in grid.within(corner(from).union(&corner(to)).grown(TIE_REACH)) {
        let point = grid.point(idx);
        let along = ((point.x - from.x) * (to.x - from.x) + (point.y - from.y) * (to.y - from.y))
            / (length * length);
        let near = 1.0 - from.towards(to, along.clamp(0.0, 1.0)).distance(point) / TIE_REACH;
        if near > 0.0 {
            field[idx] += 0.65 * near * near;
        }
    }
}

/// Empties all but the part of the field with the most members, and returns how many it has.
fn keep_largest(field: &mut [f64], grid: &Grid, members: &[usize], marks: &[DrawnMark]) -> usize {
    let mut part_of = vec![0; field.len()];
    let mut n_parts = 0;
    for first in 0..field.len() {
        if field[first] <= 0.0 || part_of[first] != 0 {
            continue;
        }
        n_parts += 1;
        part_of[first] = n_parts;
        let mut queue = VecDeque::from([first]);
        while let Some(idx) = queue.pop_front() {
            for next in grid.neighbours(idx) {
                if field[next] > 0.0 && part_of[next] == 0 {
                    part_of[next] = n_parts;
                    queue.push_back(next);
                }
            }
        }
    }
    let mut n_members = vec![0; n_parts + 1];
    for &member in members {
        n_members[part_of[grid.nearest(marks[member].centre)]] += 1;
    }
    let best = (1..=n_parts).rev().max_by_key(|part| n_members[*part]);
    let Some(best) = best else { return 0 };
    for (value, part) in field.iter_mut().zip(&part_of) {
        if *part != best {
            *value = value.min(-0.05);
        }
    }
    n_members[best]
}

/// Fills holes in which nothing stands: they would only look as if something should.
fn fill_empty_holes(field: &mut [f64], grid: &Grid, boxes: &[Rectangle]) {
    let mut is_full = vec![false; field.len()];
    for rectangle in boxes {
        grid.within(*rectangle).for_each(|idx| is_full[idx] = true);
    }
    let mut seen = vec![false; field.len()];
    for first in 0..field.len() {
        if field[first] > 0.0 || std::mem::replace(&mut seen[first], true) {
            continue;
        }
        let mut hole = vec![first];
        let mut next_idx = 0;
        while let Some(&idx) = hole.get(next_idx) {
            next_idx += 1;
            for next in grid.neighbours(idx) {
                if field[next] <= 0.0 && !std::mem::replace(&mut seen[next], true) {
                    hole.push(next);
                }
            }
        }
        // The first point of the grid lies outside of everything, and so does all it is joined to.
        if hole[0] != 0 && hole.iter().all(|idx| !is_full[*idx]) {
            hole.iter().for_each(|idx| field[*idx] = BORDER);
        }
    }
}

/// The lines where the field is zero, as closed loops (marching squares).
fn borders(field: &[f64], grid: &Grid) -> Vec<Vec<Point>> {
    let mut next: BTreeMap<(usize, usize), ((usize, usize), Point)> = BTreeMap::new();
    let n_columns = grid.n_columns;
    for row in 0..grid.n_rows - 1 {
        for column in 0..n_columns - 1 {
            let here = row * n_columns + column;
            // Clockwise from the upper left.
            let corners = [here, here + 1, here + 1 + n_columns, here + n_columns];
            let inside: Vec<bool> = corners.iter().map(|idx| field[*idx] > 0.0).collect();
            let edge = |side: usize| {
                let (a, b) = (corners[side], corners[(side + 1) % 4]);
                (a.min(b), a.max(b))
            };
            // From each side where the border comes in, to the next where it goes out.
            for side in 0..4 {
                if !inside[side] || inside[(side + 1) % 4] {
                    continue;
                }
                let out = (1..4)
                    .map(|by| (side + by) % 4)
                    .find(|it| !inside[*it] && inside[(*it + 1) % 4]);
                if let Some(out) = out {
                    next.insert(edge(side), (edge(out), crossing(field, grid, edge(side))));
                }
            }
        }
    }
    let mut loops = Vec::new();
    while let Some((&first, _)) = next.iter().next() {
        let mut line = Vec::new();
        let mut at = first;
        while let Some((to, point)) = next.remove(&at) {
            line.push(point);
            at = to;
        }
        // Specks and pinholes are noise of the grid.
        if line.len() >= 4 && surface(&line).abs() > 1200.0 {
            loops.push(line);
        }
    }
    loops
}

/// Where the field is zero between two points of the grid.
fn crossing(field: &[f64], grid: &Grid, (a, b): (usize, usize)) -> Point {
    let (one, other) = (field[a], field[b]);
    let share = if one == other { 0.5 } else { (one / (one - other)).clamp(0.05, 0.95) };
    grid.point(a).towards(grid.point(b), share)
}

fn surface(line: &[Point]) -> f64 {
    let pairs = line.iter().zip(line.iter().cycle().skip(1));
    pairs.map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>() / 2.0
}

/// Finds a free place for a name in or at its area; `None` where there is none.
fn place_name(
    text: &str,
    field: &[f64],
    grid: &Grid,
    taken: &[Rectangle],
    page: Rectangle,
) -> Option<TextBlock> {
    let inside = field.iter().enumerate().filter(|(_, value)| **value > 0.0);
    let reach = inside
        .map(|(idx, _)| grid.point(idx))
        .map(|point| Rectangle::new(point.x, point.y, 0.0, 0.0))
        .reduce(|acc, it| acc.union(&it))?;
    let cleaned = crate::text::clean(text);
    let blocks = [34, 22, 16].map(|columns| {
        let lines = crate::text::wrap_label(&cleaned, columns, 4);
        TextBlock::from_lines(lines, NAME_SIZE, Weight::SemiBold, true)
    });
    if blocks[0].lines.is_empty() {
        return Some(TextBlock::from_lines(Vec::new(), NAME_SIZE, Weight::SemiBold, true));
    }
    let mut best: Option<(f64, TextBlock)> = None;
    for block in blocks {
        let Rectangle { width, height, .. } = block.rectangle;
        for idx in grid.within(reach.grown(40.0)) {
            let corner = grid.point(idx);
            let room = Rectangle::new(corner.x, corner.y, width, height);
            if !page.contains(&room) || taken.iter().any(|it| it.grown(3.0).overlaps(&room)) {
                continue;
            }
            let share = share_inside(&room, field, grid);
            if share < 0.34 {
                continue;
            }
            // Well inside first; then high up, as a heading; then few lines.
            let height_up = (room.y - reach.y) / reach.height.max(1.0);
            let lines = 0.1 * block.lines.len() as f64;
            let score = 6.0 * share - 0.7 * height_up - lines;
            if best.as_ref().is_none_or(|(highest, _)| score > *highest) {
                best = Some((score, block.clone().at(room.x, room.y)));
            }
        }
    }
    best.map(|(_, block)| block)
}

fn share_inside(room: &Rectangle, field: &[f64], grid: &Grid) -> f64 {
    let steps = [0.0, 0.25, 0.5, 0.75, 1.0];
    let points = steps.iter().flat_map(|across| {
        [0.0, 0.5, 1.0]
            .map(|down| Point::new(room.x + across * room.width, room.y + down * room.height))
    });
    points.filter(|point| field[grid.nearest(*point)] > 0.0).count() as f64 / 15.0
}
