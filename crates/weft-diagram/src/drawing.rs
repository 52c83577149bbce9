//! What a picture is to show, in the words of whoever asks for it; places on the page come later.

use crate::{Dash, Symbol};

/// Everything a picture shows and says.
///
/// ```
/// use weft_diagram::{Drawing, LayoutOptions, Line, Mark, SvgOptions, layout, svg};
///
/// let drawing = Drawing {
///     title: "Who hosts whom".to_owned(),
///     marks: vec![Mark::new("leeds", "University of Leeds"), Mark::new("nexus", "Nexus")],
///     lines: vec![Line::new(0, 1, "hosts")],
///     ..Drawing::default()
/// };
/// let places = layout(&drawing, &LayoutOptions::default());
/// assert!(svg(&drawing, &places, &SvgOptions::default()).contains("University of"));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawing {
    /// What the picture shows, as one short sentence.
    pub title: String,
    /// What the title leaves open: counts, and where it is from.
    pub subtitle: String,
    /// Source, date and view, at the foot of the page.
    pub caption: String,
    /// What the picture shows, for those who hear it and do not see it.
    pub description: String,
    /// The nodes.
    pub marks: Vec<Mark>,
    /// The ties between them. A tie whose end is not in `marks` is not drawn.
    pub lines: Vec<Line>,
    /// The name of each community, by the number in [`Mark::group`].
    pub group_names: Vec<String>,
    /// What the size of a mark means, such as "shortest paths brokered"; empty if sizes mean nothing.
    pub size_label: String,
    /// Short lists beside the picture, such as the main brokers.
    pub sidebar: Vec<SidebarList>,
    /// What was left out of the picture, if anything was.
    pub note: Option<String>,
}

/// A node of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The id by which saved positions and scripts know this mark; unique in a drawing.
    pub id: String,
    /// The name under the mark.
    pub label: String,
    /// What is said when the pointer rests on the mark, and to screen readers.
    pub tooltip: String,
    /// The shape.
    pub symbol: Symbol,
    /// The colour, as `#rrggbb`; anything else is drawn in grey.
    pub colour: String,
    /// The kind, as the legend names it.
    pub kind: String,
    /// The measure that the area of the mark shows, on any scale from zero up.
    pub size: f64,
    /// The community, as a place in [`Drawing::group_names`].
    pub group: Option<usize>,
    /// Whether the mark is to stand out.
    pub emphasis: bool,
}

impl Mark {
    /// Creates a plain mark of no kind and no community, to be refined by struct update.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Mark {
        Mark {
            id: id.into(),
            label: label.into(),
            tooltip: String::new(),
            symbol: Symbol::Circle,
            colour: "#666666".to_owned(),
            kind: String::new(),
            size: 1.0,
            group: None,
            emphasis: false,
        }
    }
}

/// A tie of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Where it starts, as a place in [`Drawing::marks`].
    pub from: usize,
    /// Where it ends, as a place in [`Drawing::marks`].
    pub to: usize,
    /// The relation, as the legend names it.
    pub relation: String,
    /// The dash pattern.
    pub dash: Dash,
    /// The colour, as `#rrggbb`; anything else is drawn in grey.
    pub colour: String,
    /// Whether direction means something, and an arrowhead is drawn.
    pub directed: bool,
    /// What is said when the pointer rests on the tie.
    pub tooltip: String,
    /// Whether the tie is to stand out.
    pub emphasis: bool,
    /// Whether the tie is to stand back behind all others.
    pub is_quiet: bool,
}

impl Line {
    /// Creates a plain directed tie, to be refined by struct update.
    pub fn new(from: usize, to: usize, relation: impl Into<String>) -> Line {
        Line {
            from,
            to,
            relation: relation.into(),
            dash: Dash::Solid,
            colour: "#666666".to_owned(),
            directed: true,
            tooltip: String::new(),
            emphasis: false,
            is_quiet: false,
        }
    }
}

/// A short list beside the picture.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SidebarList {
    /// What it lists.
    pub heading: String,
    /// The items, in order; they are numbered by the caller if at all.
    pub items: Vec<String>,
}
