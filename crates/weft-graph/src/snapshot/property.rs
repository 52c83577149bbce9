//! Properties as queries name them: the columns of a record and its free properties, under one roof.
//!
//! Under a schema `id`, `name`, `stage` and the other columns are properties; in a graph without one
//! there are the free ones alone, and `name`. Knows nothing of who may set which.

use std::collections::BTreeSet;

use weft_value::{PartialDate, Value};

use super::segment::Segment;
use super::{NodeRef, Snapshot, TieRef};
use crate::{AmountRef, Identifier, Schema};

/// The columns of a node that are properties under a schema, in their order.
pub const NODE_COLUMNS: [&str; 13] = [
    "aliases",
    "amount",
    "amount_currency",
    "amount_qualifier",
    "certainty",
    "id",
    "identifiers",
    "name",
    "sectors",
    "stage",
    "tags",
    "valid_from",
    "valid_to",
];
/// The columns of a tie that are properties under a schema, in their order.
pub const TIE_COLUMNS: [&str; 8] = [
    "amount",
    "amount_currency",
    "amount_qualifier",
    "certainty",
    "id",
    "role",
    "valid_from",
    "valid_to",
];
/// The property that names a node in a graph without a schema.
pub const NAME: &str = "name";

/// A property, as a record holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Property<'a> {
    /// A text.
    Text(&'a str),
    /// A text made for the answer: the id of a tie.
    Made(String),
    /// Texts in order.
    Texts(&'a [String]),
    /// Numbers in registers, each as `scheme:value`.
    Identifiers(&'a [Identifier]),
    /// A date, which queries see as text: never padded to a day that no source states.
    Date(PartialDate),
    /// A number.
    Float(f64),
    /// A free property.
    Value(&'a Value),
}

impl Property<'_> {
    /// The value that queries see.
    pub fn to_value(&self) -> Value {
        let texts = |it: Vec<String>| Value::List(it.into_iter().map(Value::String).collect());
        match self {
            Self::Text(text) => Value::String((*text).to_owned()),
            Self::Made(text) => Value::String(text.clone()),
            Self::Texts(all) => texts(all.to_vec()),
            Self::Identifiers(all) => texts(all.iter().map(Identifier::to_string).collect()),
            Self::Date(date) => Value::String(date.to_string()),
            Self::Float(number) => Value::Float(*number),
            Self::Value(value) => (*value).clone(),
        }
    }

    /// The text, where it is one that need not be made.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Made(text) | Self::Value(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

impl<'a> NodeRef<'a> {
    /// The property of that name, if the node has it.
    pub fn get(&self, name: &str) -> Option<Property<'a>> {
        let (segment, row) = self.place();
        segment.node_property(self.schema(), row, name)
    }

    /// All properties that the node has, by name.
    pub fn all_properties(&self) -> Vec<(&'a str, Property<'a>)> {
        let columns: &[&str] = if self.schema().is_open() { &[NAME] } else { &NODE_COLUMNS };
        let own = columns.iter().filter_map(|&it| Some((it, self.get(it)?)));
        let free = self.properties().filter(|it| !columns.contains(&it.0));
        sorted(own.chain(free.map(|(name, value)| (name, Property::Value(value)))))
    }
}

impl<'a> TieRef<'a> {
    /// The property of that name, if the tie has it.
    pub fn get(&self, name: &str) -> Option<Property<'a>> {
        let free = || self.property(name).map(Property::Value);
        if self.schema().is_open() {
            return free();
        }
        match name {
            "id" => Some(Property::Made(self.id())),
            "valid_from" => self.valid_from().map(Property::Date),
            "valid_to" => self.valid_to().map(Property::Date),
            "certainty" => Some(Property::Text(self.certainty().as_str())),
            "role" => self.role().map(Property::Text),
            "amount" => self.amount_value().map(Property::Float),
            _ => amount_property(self.amount(), name).unwrap_or_else(free),
        }
    }

    /// All properties that the tie has, by name.
    pub fn all_properties(&self) -> Vec<(&'a str, Property<'a>)> {
        let columns: &[&str] = if self.schema().is_open() { &[] } else { &TIE_COLUMNS };
        let own = columns.iter().filter_map(|&it| Some((it, self.get(it)?)));
        let free = self.properties().filter(|it| !columns.contains(&it.0));
        sorted(own.chain(free.map(|(name, value)| (name, Property::Value(value)))))
    }
}

impl Snapshot {
    /// Whether a record may have a property of that name: under a schema each column is one, and a
    /// name stays known while the table stands in which a record had it.
    pub fn knows_property(&self, name: &str) -> bool {
        own_names(self.schema()).any(|it| it == name)
            || self.segments().any(|it| it.0.knows_free_property(name))
    }

    /// The names that [`Snapshot::knows_property`] knows, sorted.
    pub fn property_names(&self) -> BTreeSet<&str> {
        let mut res: BTreeSet<&str> = BTreeSet::new();
        for (segment, _) in self.segments() {
            res.extend(segment.free_property_names());
        }
        for own in own_names(self.schema()) {
            res.insert(own);
        }
        res
    }
}

impl Segment {
    /// The property of a row, if it has it.
    pub(super) fn node_property<'a>(
        &'a self,
        schema: &'a Schema,
        row: usize,
        name: &str,
    ) -> Option<Property<'a>> {
        let free = || self.free_property_of_node(row, name).map(Property::Value);
        let named = || Some(self.name_of_node(row)).filter(|it| !it.is_empty()).map(Property::Text);
        let texts = |it: &'a [String]| Some(it).filter(|it| !it.is_empty()).map(Property::Texts);
        if schema.is_open() {
            // A name that is no text, or an empty one, stands among the free properties.
            return if name == NAME { named().or_else(free) } else { free() };
        }
        // The commonest are read by themselves: each column lies elsewhere.
        match name {
            "id" => return Some(Property::Text(self.id_of_node(row))),
            "name" => return named(),
            "stage" => {
                return self.stage_of_node(row).map(|it| Property::Text(&schema.stage(it).id));
            }
            "valid_from" => return self.dates_of_node(row)[0].map(Property::Date),
            "valid_to" => return self.dates_of_node(row)[1].map(Property::Date),
            _ => {}
        }
        let columns = self.columns_of_node(row);
        match name {
            "certainty" => Some(Property::Text(columns.certainty.as_str())),
            "aliases" => texts(columns.aliases),
            "sectors" => texts(columns.sectors),
            "tags" => texts(columns.tags),
            "identifiers" => {
                Some(columns.identifiers).filter(|it| !it.is_empty()).map(Property::Identifiers)
            }
            _ => amount_property(columns.amount.map(AmountRef::from), name).unwrap_or_else(free),
        }
    }
}

/// What an amount says under that name; none if the name is no part of an amount.
fn amount_property<'a>(amount: Option<AmountRef<'a>>, name: &str) -> Option<Option<Property<'a>>> {
    Some(match name {
        "amount" => amount.map(|it| Property::Float(it.value)),
        "amount_currency" => amount.map(|it| Property::Text(it.currency)),
        "amount_qualifier" => amount.map(|it| Property::Text(it.qualifier.as_str())),
        _ => return None,
    })
}

/// The properties that a graph has without any being free.
fn own_names(schema: &Schema) -> impl Iterator<Item = &'static str> {
    let (nodes, ties): (&[&str], &[&str]) =
        if schema.is_open() { (&[NAME], &[]) } else { (&NODE_COLUMNS, &TIE_COLUMNS) };
    nodes.iter().chain(ties).copied()
}

fn sorted<'a>(
    properties: impl Iterator<Item = (&'a str, Property<'a>)>,
) -> Vec<(&'a str, Property<'a>)> {
    let mut res: Vec<_> = properties.collect();
    res.sort_by_key(|it| it.0);
    res
}
