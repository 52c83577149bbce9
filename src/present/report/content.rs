//! The page as a tree of plain parts, before it is HTML or Markdown.
//!
//! Sections make parts, the two writers turn them into text. Nothing here is escaped yet.

use crate::ecosystem::{NodeName, joints};
use crate::present::{count, plural};

/// A section of the page.
pub(super) struct Part {
    /// What links point to.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) blocks: Vec<Block>,
}

/// Something that stands by itself in a section.
pub(super) enum Block {
    /// A heading within the section, and its anchor if links lead to it.
    Heading(Option<&'static str>, Prose),
    Paragraph(Prose),
    /// A caution, or how to read what stands above.
    Note(Prose),
    List(Vec<Prose>),
    Table(Sheet),
    /// What a number rests on, closed until it is opened; the first text is an anchor.
    Details(String, Prose, Vec<Block>),
    /// One thing to do or to look at; the second text is a short label on it.
    Card(Prose, Option<String>, Vec<Block>),
    /// How to get the same on a command line.
    Command(String),
    Picture(Figure),
}

/// A picture with the words below it.
#[derive(Clone, Debug, Default)]
pub(super) struct Figure {
    pub(super) svg: String,
    pub(super) caption: String,
    /// Whether it holds few marks and need not fill the page.
    pub(super) is_small: bool,
}

/// A table with a caption; a heading that begins with `#` is that of a column of numbers.
pub(super) struct Sheet {
    pub(super) caption: Prose,
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Vec<Prose>>,
}

/// What is said of the rows that a long table does not show.
pub(super) struct Rest {
    /// The anchor of the closed table that has them.
    pub(super) id: &'static str,
    /// The caption of that table.
    pub(super) caption: &'static str,
    /// One row in words, and several.
    pub(super) words: (&'static str, &'static str),
    /// What lists all rows.
    pub(super) command: &'static str,
}

/// Running text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Prose(pub(super) Vec<Span>);

/// A piece of running text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Span {
    Text(String),
    /// A name from the data, which may be written from right to left.
    Name(String),
    Strong(String),
    Code(String),
    /// A text, and the anchor or address that it leads to.
    Link(String, String),
}

impl Part {
    pub(super) fn new(id: &'static str, title: &'static str) -> Self {
        Self { id, title, blocks: Vec::new() }
    }

    pub(super) fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    pub(super) fn say(&mut self, prose: impl Into<Prose>) {
        self.push(Block::Paragraph(prose.into()));
    }

    pub(super) fn note(&mut self, prose: impl Into<Prose>) {
        self.push(Block::Note(prose.into()));
    }

    pub(super) fn heading(&mut self, prose: impl Into<Prose>) {
        self.push(Block::Heading(None, prose.into()));
    }

    pub(super) fn heading_at(&mut self, id: &'static str, prose: impl Into<Prose>) {
        self.push(Block::Heading(Some(id), prose.into()));
    }

    /// Adds a table, or a sentence if it has no rows.
    pub(super) fn table(&mut self, sheet: Sheet, if_empty: &str) {
        if sheet.rows.is_empty() {
            self.say(if_empty);
        } else {
            self.push(Block::Table(sheet));
        }
    }

    /// Adds the first rows of a table, and the others closed, with a note of how many they are: a page that is
    /// not opened says it too.
    pub(super) fn long_table(&mut self, mut sheet: Sheet, n_shown: usize, rest: &Rest) {
        let others = sheet.rows.split_off(sheet.rows.len().min(n_shown));
        let columns = sheet.columns.clone();
        if !sheet.rows.is_empty() {
            self.push(Block::Table(sheet));
        }
        if !others.is_empty() {
            let more = plural(others.len(), rest.words.0, rest.words.1);
            let note = Prose::from(format!("{more}: ")).code(rest.command).say(" lists all.");
            self.note(note);
            self.closed(
                rest.id,
                &more,
                Sheet { caption: rest.caption.into(), columns, rows: others },
            );
        }
    }

    /// Adds a table that is closed until it is opened, or nothing if it has no rows.
    pub(super) fn closed(&mut self, id: &str, summary: &str, sheet: Sheet) {
        if !sheet.rows.is_empty() {
            let blocks = vec![Block::Table(sheet)];
            self.push(Block::Details(id.to_owned(), summary.into(), blocks));
        }
    }

    pub(super) fn command(&mut self, command: &str) {
        self.push(Block::Command(command.to_owned()));
    }
}

impl Sheet {
    pub(super) fn new(caption: impl Into<Prose>, columns: &[&'static str]) -> Self {
        Self { caption: caption.into(), columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row, whose first cell is its heading.
    pub(super) fn push<const N: usize>(&mut self, row: [Prose; N]) {
        debug_assert_eq!(N, self.columns.len());
        self.rows.push(row.into());
    }
}

impl Prose {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn say(mut self, text: impl Into<String>) -> Self {
        self.0.push(Span::Text(text.into()));
        self
    }

    /// Adds a space, if there is something to part.
    pub(super) fn space(self) -> Self {
        if self.0.is_empty() { self } else { self.say(" ") }
    }

    pub(super) fn name(mut self, name: &NodeName) -> Self {
        self.0.push(Span::Name(name.name.clone()));
        self
    }

    pub(super) fn strong(mut self, text: impl Into<String>) -> Self {
        self.0.push(Span::Strong(text.into()));
        self
    }

    pub(super) fn code(mut self, text: impl Into<String>) -> Self {
        self.0.push(Span::Code(text.into()));
        self
    }

    pub(super) fn link(mut self, text: impl Into<String>, target: impl Into<String>) -> Self {
        self.0.push(Span::Link(text.into(), target.into()));
        self
    }

    pub(super) fn and(mut self, other: impl Into<Self>) -> Self {
        self.0.extend(other.into().0);
        self
    }

    /// "a", "a and b", "a, b and c"; with more than `n_max`, the rest is counted. Names that have
    /// commas themselves are parted by semicolons.
    pub(super) fn names<'a>(
        mut self,
        names: impl IntoIterator<Item = &'a NodeName>,
        n_max: usize,
    ) -> Self {
        let names: Vec<&NodeName> = names.into_iter().collect();
        let n_shown = if names.len() > n_max { n_max } else { names.len() };
        let n_left = names.len() - n_shown;
        let (comma, and) = joints(names.iter().take(n_shown).map(|it| it.name.as_str()));
        for (at, name) in names.iter().take(n_shown).enumerate() {
            let before = match at {
                0 => String::new(),
                _ if at + 1 == n_shown && n_left == 0 => format!("{and} "),
                _ => comma.to_owned(),
            };
            self = self.say(before).name(name);
        }
        if n_left > 0 {
            self = self.say(format!("{and} {} more", count(n_left)));
        }
        self
    }

    /// The text alone, for a terminal.
    pub(super) fn plain(&self) -> String {
        let text = |span: &Span| match span {
            Span::Text(it) | Span::Name(it) | Span::Strong(it) | Span::Code(it) => it.clone(),
            Span::Link(it, _) => it.clone(),
        };
        self.0.iter().map(text).collect()
    }
}

impl From<&str> for Prose {
    fn from(text: &str) -> Self {
        Self::new().say(text)
    }
}

impl From<String> for Prose {
    fn from(text: String) -> Self {
        Self::new().say(text)
    }
}

impl From<&NodeName> for Prose {
    fn from(name: &NodeName) -> Self {
        Self::new().name(name)
    }
}
