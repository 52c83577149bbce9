//! Draws a graph as one readable picture, without any help from outside the process.
//!
//! # The life of a picture
//!
//! 1. The caller fills a [`Drawing`]: marks, lines, and the words around them.
//! 2. [`layout`] finds a place for everything and returns a [`Layout`], whose boxes never overlap.
//! 3. [`svg`] writes both down as SVG; [`dot`] writes the drawing alone as DOT text for Graphviz.
//!
//! The crate knows nothing of weft's graphs, schema or files. It does no I/O and has no clock; the
//! only chance in it comes from the seed in [`LayoutOptions`], so the same input gives the same bytes.

mod dash;
mod dot;
mod drawing;
mod error;
mod fonts;
mod geometry;
mod layout;
mod random;
mod svg;
mod symbol;
mod text;

pub use dash::Dash;
pub use dot::dot;
pub use drawing::{Drawing, Line, Mark, SidebarList};
pub use error::{Error, ErrorKind};
pub use fonts::{FONT_FAMILY, font_regular, font_semi_bold};
pub use geometry::{Point, Rectangle};
pub use layout::{
    Area, BoxRole, Curve, DrawnLine, DrawnMark, Layout, LayoutOptions, LegendEntry, LegendSign,
    NamedBox, TextBlock, Weight, layout,
};
pub use svg::{SvgOptions, svg};
pub use symbol::Symbol;
