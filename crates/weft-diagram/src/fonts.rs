//! The two fonts of every picture, carried along so that the output is the same everywhere.
//!
//! They are Inter 4.1 under the SIL Open Font License; `fonts/README.md` says how they were cut.

/// The family name under which the fonts stand in the SVG text.
pub const FONT_FAMILY: &str = "Inter";

/// Returns Inter Regular as TrueType, for whoever turns the SVG into pixels.
pub fn font_regular() -> &'static [u8] {
    include_bytes!("../fonts/Inter-Regular.ttf")
}

/// Returns Inter SemiBold as TrueType, for whoever turns the SVG into pixels.
pub fn font_semi_bold() -> &'static [u8] {
    include_bytes!("../fonts/Inter-SemiBold.ttf")
}

/// The same fonts as WOFF2, a third of the size, for browsers: `(weight, file)`.
pub(crate) const WEB_FONTS: [(u16, &[u8]); 2] = [
    (400, include_bytes!("../fonts/Inter-Regular.woff2")),
    (600, include_bytes!("../fonts/Inter-SemiBold.woff2")),
];
