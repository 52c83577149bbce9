//! Finds a place for everything in a drawing, so that nothing covers or cuts off anything else.
//!
//! # The life of a layout
//!
//! 1. [`shapes`] measures every mark and its label.
//! 2. [`network`] splits the drawing into components; only the largest is laid out freely.
//! 3. [`stress`] finds rough places: near on the page is near in the network.
//! 4. [`spread`] fits them to the page and removes every overlap.
//! 5. [`unjoined`] arranges all other components in a box of their own.
//! 6. [`frame`] puts title, legend, lists and caption around them, and fixes the size of the page.
//! 7. [`curves`] bends the ties, and [`areas`] shades and names the communities.

mod areas;
mod curves;
mod frame;
mod network;
mod shapes;
mod spread;
mod stress;
mod tidy;
mod unjoined;

use std::collections::BTreeMap;

use crate::{Drawing, Point, Rectangle};

pub use crate::text::Weight;
pub use areas::Area;
pub use curves::{Curve, DrawnLine};
pub use frame::{LegendEntry, LegendSign};
pub use shapes::{DrawnMark, TextBlock};

use network::Network;
use shapes::Shape;

/// How to lay a drawing out.
#[derive(Debug, Clone, PartialEq)]
pub struct LayoutOptions {
    /// Where chance starts: another seed gives another, equally true, picture.
    pub seed: u64,
    /// Places saved from an earlier [`Layout::positions`], by the id of the mark.
    ///
    /// Marks with a saved place keep it as far as room allows, so that a picture does not turn over
    /// because of one new node.
    pub start: Option<BTreeMap<String, (f64, f64)>>,
    /// The width of page to aim at, in pixels. Little content takes less, much takes more.
    pub width: f64,
    /// The height of page to aim at, in pixels.
    pub height: f64,
}

impl Default for LayoutOptions {
    fn default() -> LayoutOptions {
        LayoutOptions { seed: 1, start: None, width: 1800.0, height: 1240.0 }
    }
}

/// Where everything stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The width of the page in pixels.
    pub width: f64,
    /// The height of the page in pixels.
    pub height: f64,
    /// The marks, in the order of [`Drawing::marks`].
    pub marks: Vec<DrawnMark>,
    /// The ties that can be drawn, in the order of [`Drawing::lines`].
    pub lines: Vec<DrawnLine>,
    /// The shaded communities that hold together on the page.
    pub areas: Vec<Area>,
    /// The legend, from top to bottom.
    pub legend: Vec<LegendEntry>,
    /// Every other text of the page: title, headings, lists, caption.
    pub texts: Vec<(BoxRole, TextBlock)>,
    /// The box around what is not joined to the main network, if anything is not.
    pub unjoined: Option<Rectangle>,
}

/// What a box on the page holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BoxRole {
    /// The shape of a mark.
    Mark,
    /// The name of a mark.
    Label,
    /// The name of a community.
    GroupName,
    /// The title of the page.
    Title,
    /// The line below the title.
    Subtitle,
    /// The heading of a part of the legend, or of a list.
    Heading,
    /// An entry of the legend, with its sign.
    LegendEntry,
    /// An item of a list.
    SidebarItem,
    /// What was left out.
    Note,
    /// The foot of the page.
    Caption,
    /// The box of what is not joined; it contains the marks and labels within.
    Unjoined,
    /// The heading of that box.
    UnjoinedHeading,
    /// What stands in place of an empty picture.
    Empty,
}

/// A box on the page, for tests and for whoever wants to find something by its place.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedBox {
    /// What it holds.
    pub role: BoxRole,
    /// The id of the mark, or the text.
    pub name: String,
    /// Where it stands.
    pub rectangle: Rectangle,
}

impl Layout {
    /// Returns the places of the marks of the main network, to be saved and started from.
    ///
    /// The others are arranged anew each time, in a box whose place depends on the rest of the page.
    pub fn positions(&self, drawing: &Drawing) -> BTreeMap<String, (f64, f64)> {
        let joined = self.marks.iter().zip(&drawing.marks).filter(|(drawn, _)| drawn.joined);
        joined.map(|(drawn, mark)| (mark.id.clone(), (drawn.centre.x, drawn.centre.y))).collect()
    }

    /// Returns every box on the page, marks and labels first.
    pub fn boxes(&self, drawing: &Drawing) -> Vec<NamedBox> {
        let named =
            |role, name: &str, rectangle| NamedBox { role, name: name.to_owned(), rectangle };
        let mut boxes = Vec::new();
        for (drawn, mark) in self.marks.iter().zip(&drawing.marks) {
            boxes.push(named(BoxRole::Mark, &mark.id, drawn.bounds));
            if !drawn.label.lines.is_empty() {
                boxes.push(named(BoxRole::Label, &mark.id, drawn.label.rectangle));
            }
        }
        for area in &self.areas {
            boxes.push(named(BoxRole::GroupName, &area.name.text(), area.name.rectangle));
        }
        for entry in &self.legend {
            boxes.push(named(BoxRole::LegendEntry, &entry.text.text(), entry.rectangle));
        }
        for (role, block) in &self.texts {
            boxes.push(named(*role, &block.text(), block.rectangle));
        }
        boxes.extend(self.unjoined.map(|unjoined| named(BoxRole::Unjoined, "", unjoined)));
        boxes
    }
}

/// Finds a place for everything in a drawing.
///
/// - No two boxes of marks, labels and names overlap, and none is cut off; the page grows if need be.
/// - The same drawing and options give the same layout.
/// - Cost: O(n²) per round of about 40, where n is the number of marks. Past about 150 marks it still
///   works, but nobody can read the picture.
pub fn layout(drawing: &Drawing, options: &LayoutOptions) -> Layout {
    let options = sane(options);
    let network = Network::new(drawing);
    let shapes = shapes::measure(drawing);
    let room = frame::room(drawing, &network, &shapes, &options);
    let start = saved_places(drawing, &options);

    let main = place_main(&network, &shapes, room, &start, options.seed);
    let page = frame::assemble(drawing, &network, &shapes, &main, &options);

    let mut layout = page.layout;
    layout.marks = shapes::draw(&shapes, &page.centres, &network);
    layout.lines = curves::bend(drawing, &layout.marks);
    layout.areas = areas::shade(drawing, &network, &layout.marks, page.main);
    // The legend kept room for shading that might not have come about.
    let is_shaded = !layout.areas.is_empty();
    layout.legend.retain(|entry| is_shaded || entry.sign != LegendSign::Area);
    layout
}

/// The centres of the boxes of the main component, by their place in `network.main`.
fn place_main(
    network: &Network,
    shapes: &[Shape],
    room: Rectangle,
    start: &[Option<Point>],
    seed: u64,
) -> Vec<Point> {
    let main = &network.main;
    let boxes: Vec<&Shape> = main.iter().map(|&mark_idx| &shapes[mark_idx]).collect();
    let saved: Vec<Option<Point>> = main
        .iter()
        .map(|&mark_idx| start[mark_idx].map(|at| shapes[mark_idx].box_centre(at)))
        .collect();
    if saved.iter().flatten().count() * 2 >= main.len().max(1) {
        let rough = stress::continue_from(network, &saved, seed);
        return spread::keep(rough, &boxes, &saved);
    }
    let rough = stress::arrange(network, seed);
    let spread = spread::fit(rough, &boxes, network, room);
    tidy::improve(spread, &boxes, network, seed)
}

/// Page sizes that arithmetic can bear: whole, finite and not absurd.
fn sane(options: &LayoutOptions) -> LayoutOptions {
    let clamp = |value: f64, default: f64| {
        if value.is_finite() { value.round().clamp(400.0, 20_000.0) } else { default }
    };
    LayoutOptions {
        width: clamp(options.width, 1800.0),
        height: clamp(options.height, 1240.0),
        ..options.clone()
    }
}

fn saved_places(drawing: &Drawing, options: &LayoutOptions) -> Vec<Option<Point>> {
    let place = |id: &String| {
        let (x, y) = *options.start.as_ref()?.get(id)?;
        (x.abs() < 1e5 && y.abs() < 1e5).then_some(Point::new(x, y))
    };
    drawing.marks.iter().map(|mark| place(&mark.id)).collect()
}
