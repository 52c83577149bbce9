//! What stands around the network: title, legend, lists and caption; and how large the page is.

use std::collections::BTreeMap;

use crate::text::{clean, shorten_width, width};
use crate::{Dash, Drawing, Point, Rectangle, Symbol};

use super::network::Network;
use super::shapes::{Shape, TextBlock};
use super::unjoined::{self, Unjoined};
use super::{BoxRole, Layout, LayoutOptions, Weight, spread};

/// The empty border of the page.
const MARGIN: f64 = 44.0;
/// The width of the column with legend and lists.
const SIDE: f64 = 256.0;
/// The gap between the network and that column.
const GUTTER: f64 = 36.0;
/// The least width of the part of the page with the network.
const MAIN_MIN: f64 = 420.0;
/// The room for shading around the outermost marks.
const SHADE: f64 = 26.0;
/// The room that signs of the legend take, left of their texts.
const SIGN: f64 = 46.0;
/// The sizes of the fonts.
const TITLE: f64 = 27.0;
const SUBTITLE: f64 = 15.0;
const HEADING: f64 = 13.5;
const ENTRY: f64 = 12.5;
const CAPTION: f64 = 12.0;

/// An entry of the legend.
#[derive(Debug, Clone, PartialEq)]
pub struct LegendEntry {
    /// What stands left of the text.
    pub sign: LegendSign,
    /// What it means.
    pub text: TextBlock,
    /// How many of it are drawn.
    pub count: Option<usize>,
    /// Where the count is written, on the base line.
    pub count_at: Point,
    /// The middle of the sign.
    pub sign_at: Point,
    /// The room of sign, text and count together.
    pub rectangle: Rectangle,
}

/// What an entry of the legend explains.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LegendSign {
    /// A kind of mark.
    Mark {
        /// Its shape.
        symbol: Symbol,
        /// Its colour.
        colour: String,
    },
    /// A relation.
    Line {
        /// Its dash pattern.
        dash: Dash,
        /// Its colour.
        colour: String,
        /// Whether it has an arrowhead.
        directed: bool,
    },
    /// What the size of a mark means.
    Size,
    /// What shading means.
    Area,
}

/// A page on which everything but ties and shading has its place.
pub(crate) struct Page {
    pub(crate) layout: Layout,
    /// The centres of all marks.
    pub(crate) centres: Vec<Point>,
    /// The part of the page with the network.
    pub(crate) main: Rectangle,
}

/// The room that the main network may take on a page of the wanted size.
pub(crate) fn room(
    drawing: &Drawing,
    network: &Network,
    shapes: &[Shape],
    options: &LayoutOptions,
) -> Rectangle {
    let header = Header::new(drawing, options.width - 2.0 * MARGIN);
    let foot = foot(drawing, options.width - 2.0 * MARGIN);
    let foot_height: f64 = foot.iter().map(|(_, block)| block.rectangle.height + 6.0).sum();
    let width = options.width - 2.0 * MARGIN - SIDE - GUTTER - 2.0 * SHADE;
    let height = options.height - header.bottom - foot_height - MARGIN - 2.0 * SHADE;
    let side = side_column(drawing, network).height;
    let fits_column = |it: &Unjoined| {
        it.width <= SIDE + 0.5 && header.bottom + side + 20.0 + it.height <= options.height * 0.9
    };
    let below = match unjoined::arrange(network, shapes, SIDE, options.seed) {
        Some(it) if !fits_column(&it) => {
            let strip = unjoined::arrange(network, shapes, width, options.seed);
            strip.map_or(0.0, |strip| (strip.height + 14.0).min(height * 0.4))
        }
        _ => 0.0,
    };
    Rectangle::new(0.0, 0.0, width.max(300.0), (height - below).max(240.0))
}

/// Puts everything together, and makes the page as large as it must be.
pub(crate) fn assemble(
    drawing: &Drawing,
    network: &Network,
    shapes: &[Shape],
    main_places: &[Point],
    options: &LayoutOptions,
) -> Page {
    let main_shapes: Vec<&Shape> = network.main.iter().map(|&idx| &shapes[idx]).collect();
    let kept = n_saved(drawing, network, options) * 2 >= network.main.len().max(1);
    let content = spread::bounds(main_places, &main_shapes).grown(SHADE);
    let content = if main_places.is_empty() { Rectangle::default() } else { content };
    let far_right = if kept { content.right() - MARGIN } else { 0.0 };
    let mut main_width = content.width.max(far_right).max(MAIN_MIN);

    let room = room(drawing, network, shapes, options);
    let side = side_column(drawing, network);
    // A place without a main network is for the box of the others alone.
    let alone = network.main.is_empty() && !network.others.is_empty();
    let box_width = if alone { tidy_width(network, shapes, room.width) } else { main_width };
    let in_column = unjoined::arrange(network, shapes, SIDE, options.seed)
        .filter(|it| !alone && it.width <= SIDE + 0.5);
    let as_strip = unjoined::arrange(network, shapes, box_width, options.seed);
    if in_column.is_none() {
        main_width = main_width.max(as_strip.as_ref().map_or(0.0, |strip| strip.width));
    }

    let page_width = MARGIN + main_width + GUTTER + SIDE + MARGIN;
    let header = Header::new(drawing, page_width - 2.0 * MARGIN);
    let top = header.bottom;
    let (dx, dy) = if kept {
        ((MARGIN - content.x).max(0.0), (top - content.y).max(0.0))
    } else {
        // A network lower than its legend stands in the middle beside it.
        let lower = ((side.height - content.height) / 2.0).max(0.0);
        (MARGIN + (main_width - content.width) / 2.0 - content.x, top + lower - content.y)
    };
    let content = content.moved(dx, dy);
    let mut main_bottom = if alone { top } else { content.bottom().max(top + 120.0) };
    let mut texts = header.texts;
    if drawing.marks.is_empty() {
        texts.push((BoxRole::Empty, empty_text(main_width).at(MARGIN, top + 60.0)));
        main_bottom = main_bottom.max(top + 200.0);
    }

    let side_left = MARGIN + main_width + GUTTER;
    let mut legend: Vec<LegendEntry> = side.entries;
    legend.iter_mut().for_each(|entry| entry.shift(side_left, top));
    texts.extend(side.texts.into_iter().map(|(role, it)| (role, it.moved(side_left, top))));
    let side_bottom = top + side.height;

    let mut centres = vec![Point::default(); shapes.len()];
    for (&mark_idx, place) in network.main.iter().zip(main_places) {
        centres[mark_idx] = shapes[mark_idx].mark_centre(place.moved(dx, dy));
    }
    let fits =
        |it: &Unjoined| side_bottom + 20.0 + it.height <= main_bottom.max(options.height * 0.9);
    let (unjoined, origin) = match in_column.filter(fits) {
        // At the foot of the column, so that it is not taken for a part of the legend.
        Some(it) => {
            let y = (main_bottom - it.height).max(side_bottom + 20.0);
            (Some(it), Point::new(side_left, y))
        }
        None => (as_strip, Point::new(MARGIN, main_bottom + if alone { 0.0 } else { 14.0 })),
    };
    let mut bottom = main_bottom.max(side_bottom);
    let mut unjoined_box = None;
    if let Some(it) = unjoined {
        let rectangle = Rectangle::new(origin.x, origin.y, it.width, it.height);
        for (mark_idx, centre) in it.centres {
            centres[mark_idx] = centre.moved(origin.x, origin.y);
        }
        let heading = it.heading.map(|it| it.moved(origin.x, origin.y));
        texts.extend(heading.map(|heading| (BoxRole::UnjoinedHeading, heading)));
        bottom = bottom.max(rectangle.bottom());
        unjoined_box = Some(rectangle);
    }

    let mut y = bottom + 18.0;
    for (role, block) in foot(drawing, page_width - 2.0 * MARGIN) {
        let height = block.rectangle.height;
        texts.push((role, block.at(MARGIN, y)));
        y += height + 6.0;
    }
    let right = unjoined_box.map_or(0.0, |it| it.right() + MARGIN);
    let layout = Layout {
        width: page_width.max(right).ceil(),
        height: (y + MARGIN * 0.6).ceil(),
        marks: Vec::new(),
        lines: Vec::new(),
        areas: Vec::new(),
        legend,
        texts,
        unjoined: unjoined_box,
    };
    let main = Rectangle::new(MARGIN, top, main_width, main_bottom - top);
    Page { layout, centres, main }
}

fn n_saved(drawing: &Drawing, network: &Network, options: &LayoutOptions) -> usize {
    let Some(start) = &options.start else { return 0 };
    network.main.iter().filter(|idx| start.contains_key(&drawing.marks[**idx].id)).count()
}

/// A width at which a grid of single marks is somewhat wider than tall.
fn tidy_width(network: &Network, shapes: &[Shape], room: f64) -> f64 {
    let widest = shapes.iter().map(|shape| shape.whole.width).fold(60.0, f64::max) + 12.0;
    let n_columns = (network.others.len() as f64 * 0.8).sqrt().ceil().max(3.0);
    (widest * n_columns + 30.0).clamp(MAIN_MIN, room.max(MAIN_MIN))
}

fn empty_text(limit: f64) -> TextBlock {
    TextBlock::paragraph("Nothing to draw: no mark was chosen.", limit, 16.0, Weight::Regular)
}

struct Header {
    texts: Vec<(BoxRole, TextBlock)>,
    bottom: f64,
}

impl Header {
    fn new(drawing: &Drawing, limit: f64) -> Header {
        let mut texts = Vec::new();
        let mut y = MARGIN * 0.7;
        for (role, text, size, weight) in [
            (BoxRole::Title, &drawing.title, TITLE, Weight::SemiBold),
            (BoxRole::Subtitle, &drawing.subtitle, SUBTITLE, Weight::Regular),
        ] {
            let block = TextBlock::paragraph(text, limit, size, weight).at(MARGIN, y);
            if !block.lines.is_empty() {
                y = block.rectangle.bottom() + 4.0;
                texts.push((role, block));
            }
        }
        Header { texts, bottom: y + 14.0 }
    }
}

fn foot(drawing: &Drawing, limit: f64) -> Vec<(BoxRole, TextBlock)> {
    let note = drawing.note.as_deref().unwrap_or_default();
    [(BoxRole::Note, note), (BoxRole::Caption, drawing.caption.as_str())]
        .into_iter()
        .map(|(role, it)| (role, TextBlock::paragraph(it, limit, CAPTION, Weight::Regular)))
        .filter(|(_, block)| !block.lines.is_empty())
        .collect()
}

/// The legend and the lists, measured from the upper left corner of their column.
struct Side {
    entries: Vec<LegendEntry>,
    texts: Vec<(BoxRole, TextBlock)>,
    height: f64,
}

impl Side {
    fn heading(&mut self, text: &str) {
        if self.height > 0.0 {
            self.height += 14.0;
        }
        let block =
            TextBlock::paragraph(text, SIDE, HEADING, Weight::SemiBold).at(0.0, self.height);
        if !block.lines.is_empty() {
            self.height = block.rectangle.bottom() + 5.0;
            self.texts.push((BoxRole::Heading, block));
        }
    }

    fn entry(&mut self, sign: LegendSign, text: &str, count: Option<usize>) {
        let count_width =
            count.map_or(0.0, |count| 7.0 + width(&count.to_string(), ENTRY, Weight::Regular));
        let limit = SIDE - SIGN - count_width - 4.0;
        let text = TextBlock::paragraph(text, limit, ENTRY, Weight::Regular);
        let text = text.at(SIGN, self.height + 2.5);
        let last = text.lines.last().map_or(0.0, |line| width(line, ENTRY, Weight::Regular));
        let base = text.base_points().last().map_or(self.height + ENTRY, |(point, _)| point.y);
        let height = text.rectangle.height.max(ENTRY * 1.2) + 5.0;
        // A hair lower than its row, so that rounding does not make two rows overlap.
        let rectangle = Rectangle::new(0.0, self.height, SIDE, height - 0.5);
        let sign_at = Point::new(16.0, self.height + height / 2.0);
        let count_at = Point::new(SIGN + last + 8.0, base);
        self.entries.push(LegendEntry { sign, text, count, count_at, sign_at, rectangle });
        self.height += height;
    }
}

impl LegendEntry {
    fn shift(&mut self, dx: f64, dy: f64) {
        self.text.rectangle = self.text.rectangle.moved(dx, dy);
        self.rectangle = self.rectangle.moved(dx, dy);
        self.count_at = self.count_at.moved(dx, dy);
        self.sign_at = self.sign_at.moved(dx, dy);
    }
}

fn side_column(drawing: &Drawing, network: &Network) -> Side {
    let mut side = Side { entries: Vec::new(), texts: Vec::new(), height: 0.0 };
    let kinds = drawing.marks.iter().map(|mark| {
        let sign = LegendSign::Mark { symbol: mark.symbol, colour: mark.colour.clone() };
        (clean(&mark.kind), sign)
    });
    list_counts(&mut side, "Marks", kinds);
    if !drawing.size_label.is_empty() && drawing.marks.len() > 1 {
        side.entry(LegendSign::Size, &format!("larger: {}", drawing.size_label), None);
    }
    let n_marks = drawing.marks.len();
    let drawn = drawing.lines.iter().filter(|line| line.from < n_marks && line.to < n_marks);
    let relations = drawn.map(|line| {
        let colour = line.colour.clone();
        let sign = LegendSign::Line { dash: line.dash, colour, directed: line.directed };
        (clean(&line.relation), sign)
    });
    list_counts(&mut side, "Ties", relations);
    for list in drawing.sidebar.iter().filter(|list| !list.items.is_empty()) {
        side.heading(&list.heading);
        for item in &list.items {
            let text = shorten_width(item, SIDE - 4.0, ENTRY, Weight::Regular);
            let block = TextBlock::from_lines(vec![text], ENTRY, Weight::Regular, false);
            let block = block.at(0.0, side.height + 1.5);
            side.height = block.rectangle.bottom() + 2.0;
            side.texts.push((BoxRole::SidebarItem, block));
        }
    }
    if super::areas::may_shade(drawing, network) {
        side.height += 12.0;
        side.entry(LegendSign::Area, "shaded: a community that stands together", None);
    }
    side
}

/// Lists what is drawn, the most frequent first.
fn list_counts(side: &mut Side, heading: &str, things: impl Iterator<Item = (String, LegendSign)>) {
    let mut counts: BTreeMap<(String, LegendSign), usize> = BTreeMap::new();
    for (name, sign) in things.filter(|(name, _)| !name.is_empty()) {
        *counts.entry((name, sign)).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    if !counts.is_empty() {
        side.heading(heading);
    }
    for ((name, sign), count) in counts {
        side.entry(sign, &name, Some(count));
    }
}
