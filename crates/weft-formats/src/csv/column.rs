//! The columns of the five tables, and a header that has been understood.

use weft_value::{Value, ValueType};

use crate::{Diagnostic, Diagnostics, Place, closest, did_you_mean};

/// One of the five files of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// What claims rest on.
    Sources,
    /// Bodies, programmes, places, needs.
    Nodes,
    /// What joins them.
    Ties,
    /// Further claims on nodes and ties.
    Claims,
    /// Figures.
    Facts,
}

macro_rules! columns {
    ($($(#[$doc:meta])* $variant:ident $name:literal,)*) => {
        /// A column with a meaning of its own; every other column is a free property.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "each is named by the header that it stands for")]
        pub enum Column { $($variant,)* }

        impl Column {
            const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in the header.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

columns! {
    Id "id", Title "title", Publisher "publisher", Date "date", Licence "licence",
    Address "address", Kind "kind", Name "name", Aliases "aliases", Identifiers "identifiers",
    Sector "sector", Stage "stage", Tags "tags", ValidFrom "valid_from", ValidTo "valid_to",
    Place "place", Distinct "distinct", Introduce "introduce", From "from", Relation "relation",
    To "to", Key "key", Amount "amount", Currency "currency", AmountQualifier "amount_qualifier",
    Role "role", Node "node", Tie "tie", Field "field", Value "value", Denies "denies",
    Measure "measure", Subject "subject", Category "category", Period "period", Unit "unit",
    Qualifier "qualifier", Derived "derived", Of "of", Source "source", Locator "locator",
    Certainty "certainty", Retrieved "retrieved", Note "note",
    Dataset "weft_dataset",
}

impl Table {
    /// All of them, in the order in which they are imported.
    pub const ALL: [Self; 5] = [Self::Sources, Self::Nodes, Self::Ties, Self::Claims, Self::Facts];

    /// The word for it, which is also the stem of its file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sources => "sources",
            Self::Nodes => "nodes",
            Self::Ties => "ties",
            Self::Claims => "claims",
            Self::Facts => "facts",
        }
    }

    /// Its columns in the order in which they are written.
    pub fn columns(self) -> &'static [Column] {
        use Column::*;
        match self {
            Self::Sources => &[Id, Title, Publisher, Date, Retrieved, Licence, Address, Note],
            Self::Nodes => &[
                Id,
                Kind,
                Name,
                Aliases,
                Identifiers,
                Sector,
                Stage,
                Tags,
                ValidFrom,
                ValidTo,
                Place,
                Distinct,
                Introduce,
                Amount,
                Currency,
                AmountQualifier,
                Source,
                Locator,
                Certainty,
                Retrieved,
                Note,
                Dataset,
            ],
            Self::Ties => &[
                Id,
                From,
                Relation,
                To,
                ValidFrom,
                ValidTo,
                Key,
                Amount,
                Currency,
                AmountQualifier,
                Role,
                Source,
                Locator,
                Certainty,
                Retrieved,
                Note,
                Dataset,
            ],
            Self::Claims => &[
                Node, Tie, Field, Value, Source, Locator, Certainty, Denies, Retrieved, Note,
                Dataset,
            ],
            Self::Facts => &[
                Id, Measure, Subject, Category, Period, Value, Unit, Qualifier, Derived, Of,
                Source, Locator, Certainty, Note, Dataset,
            ],
        }
    }

    /// The columns without which it cannot be read.
    pub fn required(self) -> &'static [Column] {
        match self {
            Self::Sources => &[Column::Id, Column::Title],
            Self::Nodes => &[Column::Kind, Column::Name],
            Self::Ties => &[Column::From, Column::Relation, Column::To],
            Self::Claims => &[Column::Source],
            Self::Facts => &[Column::Measure, Column::Subject, Column::Value],
        }
    }

    /// Whether columns of one's own become properties here.
    pub fn has_properties(self) -> bool {
        matches!(self, Self::Nodes | Self::Ties)
    }

    /// The table that a file is by its name (`nodes.csv`), else by its header.
    fn tell(file: &str, names: &[String]) -> Option<Self> {
        let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let stem = stem.split('.').next().unwrap_or(stem).to_lowercase();
        if let Some(found) = Self::ALL.into_iter().find(|it| it.as_str() == stem) {
            return Some(found);
        }
        let has = |column: &Column| names.iter().any(|it| it.eq_ignore_ascii_case(column.as_str()));
        // Ties before nodes and facts before sources: the longer list of what is required first.
        let by_need = [Self::Ties, Self::Facts, Self::Nodes, Self::Sources];
        let found = by_need.into_iter().find(|it| it.required().iter().all(has));
        found.or_else(|| {
            (has(&Column::Source) && (has(&Column::Node) || has(&Column::Tie)))
                .then_some(Self::Claims)
        })
    }
}

/// The type of a column of free properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyType {
    /// One value of a type.
    One(ValueType),
    /// Values of a type, parted by `|`.
    List(ValueType),
    /// Any value, written as JSON: points, durations, lists of lists, the empty text.
    Json,
}

/// A column of free properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyColumn {
    /// Its position in the row.
    pub at: usize,
    /// The header as the file writes it.
    pub header: String,
    /// The name of the property.
    pub name: String,
    /// What its cells hold.
    pub kind: PropertyType,
}

/// The columns of one file.
#[derive(Clone, Debug)]
pub struct Header {
    /// The file.
    pub file: String,
    /// Which table it is.
    pub table: Table,
    /// Its columns of free properties.
    pub properties: Vec<PropertyColumn>,
    /// The columns whose header is empty.
    pub(super) nameless: Vec<usize>,
    pub(super) n_columns: usize,
    positions: Vec<Option<u32>>,
}

impl Header {
    /// Understands the first row of a file; none if it cannot be read, with the faults.
    pub(super) fn read(
        file: &str,
        names: &[String],
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let names: Vec<String> = names.iter().map(|it| it.trim().to_owned()).collect();
        let place = |column: &str| Place::cell(file, 1, column);
        let Some(table) = Table::tell(file, &names) else {
            let message = "the header is that of no table of weft";
            let hint = "nodes need the columns `kind` and `name`; ties `from`, `relation` and `to`; \
                        claims `source` with `node` or `tie`; facts `measure`, `subject` and `value`; \
                        sources `id` and `title`";
            diagnostics.push(Diagnostic::error("unknown_table", place(""), message).hint(hint));
            return None;
        };
        let mut header = Self {
            file: file.to_owned(),
            table,
            properties: Vec::new(),
            nameless: Vec::new(),
            n_columns: names.len(),
            positions: vec![None; Column::ALL.len()],
        };
        let n_errors = diagnostics.n_errors();
        for (at, name) in names.iter().enumerate() {
            if name.is_empty() {
                header.nameless.push(at);
                continue;
            }
            if names[..at].iter().any(|it| it.eq_ignore_ascii_case(name)) {
                let message = format!("the column `{name}` stands twice in the header");
                let hint = "rename or delete one of them";
                diagnostics
                    .push(Diagnostic::error("duplicate_column", place(name), message).hint(hint));
                continue;
            }
            let known = table.columns().iter().find(|it| it.as_str().eq_ignore_ascii_case(name));
            if let Some(&column) = known {
                header.positions[column as usize] = Some(at as u32);
            } else {
                header.property(at, name, diagnostics);
            }
        }
        for &column in table.required() {
            if !header.has(column) {
                let message = format!(
                    "the column `{}` is missing, which {} need",
                    column.as_str(),
                    table.as_str()
                );
                let near = closest(column.as_str(), names.iter().map(String::as_str), 1);
                let hint = match near.first() {
                    Some(found) => format!("is it the column `{found}`? then rename that"),
                    None => format!("the columns are {}", table.column_names()),
                };
                let fault = Diagnostic::error("missing_column", place(column.as_str()), message);
                diagnostics.push(fault.hint(hint));
            }
        }
        (diagnostics.n_errors() == n_errors).then_some(header)
    }

    fn property(&mut self, at: usize, name: &str, diagnostics: &mut Diagnostics) {
        let place = Place::cell(&self.file, 1, name);
        let names = self.table.columns().iter().map(|it| it.as_str());
        if !self.table.has_properties() {
            let message = format!("{} have no column `{name}`", self.table.as_str());
            let hint = did_you_mean(
                name,
                names,
                format!("delete it; the columns are {}", self.table.column_names()),
            );
            diagnostics.push(Diagnostic::error("unknown_column", place, message).hint(hint));
            return;
        }
        let (property, kind) = match name.rsplit_once(':') {
            None => (name, Some(PropertyType::One(ValueType::String))),
            Some((property, kind)) => (property.trim(), PropertyType::from_name(kind.trim())),
        };
        let Some(kind) = kind.filter(|_| !property.is_empty()) else {
            let message = format!("`{name}` names no type of a property");
            let types = PropertyType::NAMES.join("`, `");
            let hint = format!("write `name:type`, the type one of `{types}`, with `[]` for lists");
            diagnostics.push(Diagnostic::error("unknown_type", place, message).hint(hint));
            return;
        };
        if !name.contains(':') {
            // A free column is fine, but a slip of the pen in a known one must not pass in silence.
            if let Some(near) = closest(name, names, 1).first().filter(|it| is_slip(name, it)) {
                let message =
                    format!("`{name}` is no column of {}: kept as a property", self.table.as_str());
                let hint = format!("did you mean `{near}`? if not, write `{name}:string`");
                diagnostics.push(Diagnostic::warning("unknown_column", place, message).hint(hint));
            }
        }
        let (header, name) = (name.to_owned(), property.to_owned());
        self.properties.push(PropertyColumn { at, header, name, kind });
    }

    /// Whether the file has that column.
    pub fn has(&self, column: Column) -> bool {
        self.positions[column as usize].is_some()
    }

    pub(super) fn position(&self, column: Column) -> Option<usize> {
        self.positions[column as usize].map(|it| it as usize)
    }

    /// The name of the column at a position, for messages.
    pub(super) fn name_at(&self, at: usize) -> &str {
        let known = Column::ALL.iter().find(|it| self.position(**it) == Some(at));
        let own = || self.properties.iter().find(|it| it.at == at).map(|it| it.header.as_str());
        known.map(|it| it.as_str()).or_else(own).unwrap_or_default()
    }
}

impl Table {
    fn column_names(self) -> String {
        // Exports write whose a row is; nobody has to.
        let columns = self.columns().iter().filter(|it| **it != Column::Dataset);
        columns.map(|it| it.as_str()).collect::<Vec<_>>().join(", ")
    }
}

impl PropertyType {
    /// The type of a value, where a column of one type can hold it.
    pub fn of(value: &Value) -> Option<Self> {
        let Value::List(items) = value else { return ValueType::of(value).map(Self::One) };
        let first = ValueType::of(items.first()?)?;
        items.iter().all(|it| ValueType::of(it) == Some(first)).then_some(Self::List(first))
    }

    const NAMES: [&str; 9] = [
        "string",
        "int",
        "float",
        "boolean",
        "date",
        "localtime",
        "localdatetime",
        "datetime",
        "json",
    ];

    /// The type of that name, as a header writes it after its colon: `int`, `string[]`, `json`.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        match name.strip_suffix("[]") {
            Some(item) => ValueType::from_name(item).map(Self::List),
            None if name == "json" => Some(Self::Json),
            None => ValueType::from_name(&name).map(Self::One),
        }
    }
}

/// Whether a header is most likely a known one, mistyped.
fn is_slip(name: &str, known: &str) -> bool {
    let name = name.to_lowercase().replace([' ', '-'], "_");
    name == known || (known.len() > 3 && strsim::damerau_levenshtein(&name, known) == 1)
}
