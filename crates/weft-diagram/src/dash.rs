//! The ways a tie can be dashed, so that relations differ in grey print too.

use std::convert::Infallible;
use std::str::FromStr;

/// A dash pattern of a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Dash {
    /// One unbroken stroke.
    #[default]
    Solid,
    /// Even dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// A dash, then a dot.
    DashDot,
    /// Long dashes.
    LongDash,
}

impl Dash {
    /// Every dash pattern, in the order in which a legend would list them.
    pub const ALL: [Dash; 5] =
        [Dash::Solid, Dash::Dashed, Dash::Dotted, Dash::DashDot, Dash::LongDash];

    /// Returns the name by which a schema calls this pattern.
    pub fn name(self) -> &'static str {
        match self {
            Dash::Solid => "solid",
            Dash::Dashed => "dashed",
            Dash::Dotted => "dotted",
            Dash::DashDot => "dashdot",
            Dash::LongDash => "longdash",
        }
    }

    /// Returns the pattern of that name, solid where the name is unknown.
    ///
    /// A picture with one plain tie is better than no picture because of one misspelt word.
    ///
    /// ```
    /// use weft_diagram::Dash;
    /// assert_eq!(Dash::from_name("dashdot"), Dash::DashDot);
    /// assert_eq!(Dash::from_name("wavy"), Dash::Solid);
    /// ```
    pub fn from_name(name: &str) -> Dash {
        Dash::ALL.into_iter().find(|dash| dash.name() == name).unwrap_or_default()
    }

    /// The lengths of strokes and gaps in pixels, or `None` for an unbroken stroke.
    pub(crate) fn stroke_dasharray(self) -> Option<&'static str> {
        match self {
            Dash::Solid => None,
            Dash::Dashed => Some("6 4"),
            Dash::Dotted => Some("1.6 3.4"),
            Dash::DashDot => Some("8 3 1.6 3"),
            Dash::LongDash => Some("13 4"),
        }
    }
}

impl FromStr for Dash {
    type Err = Infallible;

    fn from_str(name: &str) -> Result<Dash, Infallible> {
        Ok(Dash::from_name(name))
    }
}
