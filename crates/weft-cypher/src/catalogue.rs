//! The procedures of the engine itself: which procedures and functions there are, and which labels,
//! types and property keys the graph uses.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use weft_graph::Snapshot;
use weft_value::Value;

use crate::functions::{self, Body, Function, Type};
use crate::graph::Graph;
use crate::procedure::{Field, FieldType, Procedure, ProcedureError, Procedures, Signature};

/// What a procedure of this table reads.
#[derive(Clone, Copy, Debug)]
enum Reads {
    /// The procedures themselves.
    Procedures,
    /// The functions.
    Functions,
    /// Nothing: there is none of what is asked for.
    Nothing,
    /// The graph: one text a row.
    Graph(fn(&Graph) -> BTreeSet<Arc<str>>),
}

/// A procedure of the engine.
struct Entry {
    name: &'static str,
    columns: &'static [(&'static str, FieldType)],
    meaning: &'static str,
    reads: Reads,
}

const PROCEDURE_COLUMNS: &[(&str, FieldType)] = &[
    ("name", FieldType::String),
    ("signature", FieldType::String),
    ("description", FieldType::String),
    ("mode", FieldType::String),
];

const FUNCTION_COLUMNS: &[(&str, FieldType)] = &[
    ("name", FieldType::String),
    ("signature", FieldType::String),
    ("description", FieldType::String),
    ("aggregating", FieldType::Boolean),
];

/// Clients ask before they make some, and read these columns.
const CONSTRAINT_COLUMNS: &[(&str, FieldType)] = &[
    ("id", FieldType::Integer),
    ("name", FieldType::String),
    ("type", FieldType::String),
    ("entityType", FieldType::String),
    ("labelsOrTypes", FieldType::List),
    ("properties", FieldType::List),
    ("ownedIndex", FieldType::String),
    ("propertyType", FieldType::String),
];

const INDEX_COLUMNS: &[(&str, FieldType)] = &[
    ("id", FieldType::Integer),
    ("name", FieldType::String),
    ("state", FieldType::String),
    ("populationPercent", FieldType::Float),
    ("type", FieldType::String),
    ("entityType", FieldType::String),
    ("labelsOrTypes", FieldType::List),
    ("properties", FieldType::List),
    ("indexProvider", FieldType::String),
    ("owningConstraint", FieldType::String),
    ("lastRead", FieldType::DateTime),
    ("readCount", FieldType::Integer),
];

const ENTRIES: &[Entry] = &[
    Entry {
        name: "db.constraints",
        columns: CONSTRAINT_COLUMNS,
        meaning: "Lists no constraint, as `SHOW CONSTRAINTS` does: what must hold stands in the schema.",
        reads: Reads::Nothing,
    },
    Entry {
        name: "db.indexes",
        columns: INDEX_COLUMNS,
        meaning: "Lists no index, as `SHOW INDEXES` does: what queries need is built when they ask.",
        reads: Reads::Nothing,
    },
    Entry {
        name: "db.labels",
        columns: &[("label", FieldType::String)],
        meaning: "Lists the labels that nodes of the graph bear.",
        reads: Reads::Graph(labels),
    },
    Entry {
        name: "db.propertyKeys",
        columns: &[("propertyKey", FieldType::String)],
        meaning: "Lists the keys of the properties of nodes and relationships.",
        reads: Reads::Graph(property_keys),
    },
    Entry {
        name: "db.relationshipTypes",
        columns: &[("relationshipType", FieldType::String)],
        meaning: "Lists the types of the relationships of the graph.",
        reads: Reads::Graph(relationship_types),
    },
    Entry {
        name: "dbms.functions",
        columns: FUNCTION_COLUMNS,
        meaning: "Lists the functions, as `SHOW FUNCTIONS` does.",
        reads: Reads::Functions,
    },
    Entry {
        name: "dbms.procedures",
        columns: PROCEDURE_COLUMNS,
        meaning: "Lists the procedures, as `SHOW PROCEDURES` does.",
        reads: Reads::Procedures,
    },
];

/// The procedure of the engine of that name; `others` are those that were added to it.
pub(crate) fn find(name: &str, others: &Procedures) -> Option<Arc<dyn Procedure>> {
    // Other engines offer these under `dbms.` too, and some clients ask for them there.
    let name = match name {
        "dbms.labels" => "db.labels",
        "dbms.relationshipTypes" => "db.relationshipTypes",
        "dbms.propertyKeys" => "db.propertyKeys",
        _ => name,
    };
    let entry = ENTRIES.iter().find(|it| it.name == name)?;
    let rows = match entry.reads {
        Reads::Procedures => signatures(others).iter().map(procedure_row).collect(),
        Reads::Functions => function_rows(),
        Reads::Graph(_) | Reads::Nothing => Vec::new(),
    };
    Some(Arc::new(Catalogue { signature: entry.signature(), reads: entry.reads, rows }))
}

/// The names of the engine's own procedures.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ENTRIES.iter().map(|it| it.name)
}

/// The signatures of all procedures, the engine's own included, by name.
pub fn signatures(others: &Procedures) -> Vec<Signature> {
    let mut res: Vec<_> = others.iter().map(|it| it.signature().clone()).collect();
    let own = ENTRIES.iter().filter(|it| others.find(it.name).is_none());
    res.extend(own.map(Entry::signature));
    res.sort_by(|a, b| a.name.cmp(&b.name));
    res
}

/// A procedure of the engine, ready to be called.
struct Catalogue {
    signature: Signature,
    reads: Reads,
    rows: Vec<Vec<Value>>,
}

impl Procedure for Catalogue {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn call(
        &self,
        snapshot: &Snapshot,
        _: &[Value],
        _: &dyn Fn() -> bool,
        on_row: &mut dyn FnMut(Vec<Value>) -> bool,
    ) -> Result<(), ProcedureError> {
        match self.reads {
            Reads::Graph(read) => {
                let texts = read(&Graph::new(snapshot.clone()));
                let _ = texts.iter().all(|it| on_row(vec![text(it)]));
            }
            Reads::Procedures | Reads::Functions | Reads::Nothing => {
                let _ = self.rows.iter().all(|it| on_row(it.clone()));
            }
        }
        Ok(())
    }
}

impl Entry {
    fn signature(&self) -> Signature {
        let output = |&(name, field_type): &(&str, FieldType)| Field {
            name: name.into(),
            field_type,
            nullable: false,
            default: None,
        };
        Signature {
            name: self.name.into(),
            inputs: Vec::new(),
            outputs: self.columns.iter().map(output).collect(),
            meaning: self.meaning.into(),
            is_write: false,
        }
    }
}

fn labels(graph: &Graph) -> BTreeSet<Arc<str>> {
    // Nodes of one kind bear the same labels, so one of each kind is asked.
    let snapshot = graph.snapshot();
    let kinds = snapshot.nodes().map(|it| (snapshot.node(it).kind_id().0, it));
    let one_of_each: BTreeMap<_, _> = kinds.collect();
    one_of_each.into_values().flat_map(|it| graph.labels(it)).collect()
}

fn relationship_types(graph: &Graph) -> BTreeSet<Arc<str>> {
    let snapshot = graph.snapshot();
    let relations = snapshot.ties().map(|it| (snapshot.tie(it).relation_id().0, it));
    let one_of_each: BTreeMap<_, _> = relations.collect();
    one_of_each.into_values().map(|it| graph.relation_type(it)).collect()
}

fn property_keys(graph: &Graph) -> BTreeSet<Arc<str>> {
    // Nothing is deleted in a graph to which nothing was written, so nothing fails here.
    let of_nodes = graph.nodes().filter_map(|it| graph.node_properties(it).ok());
    let of_ties = graph.ties().filter_map(|it| graph.tie_properties(it).ok());
    of_nodes.chain(of_ties).flat_map(|it| it.into_keys()).collect()
}

fn procedure_row(signature: &Signature) -> Vec<Value> {
    let mode = if signature.is_write { "WRITE" } else { "READ" };
    vec![text(&signature.name), text(&signature.to_string()), text(&signature.meaning), text(mode)]
}

fn function_rows() -> Vec<Vec<Value>> {
    let mut all: Vec<_> = functions::all().collect();
    all.sort_by_key(|it| it.name.to_lowercase());
    let row = |it: &&Function| {
        let is_aggregating = matches!(it.body, Body::Aggregate(_));
        let signature = it.signature();
        vec![text(it.name), text(&signature), text(it.meaning), Value::Boolean(is_aggregating)]
    };
    all.iter().map(row).collect()
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

impl Function {
    /// What it takes and gives: `substring(STRING, INTEGER[, INTEGER]) :: STRING`.
    pub fn signature(&self) -> String {
        let mut res = format!("{}(", self.name);
        for (idx, parameter) in self.parameters.iter().enumerate() {
            let is_optional = idx >= self.n_required;
            res += match (idx, is_optional) {
                (0, false) => "",
                (0, true) => "[",
                (_, false) => ", ",
                (_, true) => "[, ",
            };
            res += type_word(*parameter);
            if is_optional {
                res += "]";
            }
        }
        if self.is_variadic {
            res += ", ..";
        }
        res + ") :: " + type_word(self.result)
    }
}

impl fmt::Display for Signature {
    /// `name(input :: TYPE, other = default :: TYPE?) :: (output :: TYPE)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = |fields: &[Field]| {
            let texts: Vec<_> = fields.iter().map(ToString::to_string).collect();
            texts.join(", ")
        };
        write!(f, "{}({}) :: ({})", self.name, fields(&self.inputs), fields(&self.outputs))
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(default) = &self.default {
            write!(f, " = {default}")?;
        }
        let word = format!("{:?}", self.field_type).to_uppercase();
        write!(f, " :: {word}{}", if self.nullable { "?" } else { "" })
    }
}

/// A type as the standard writes it.
fn type_word(of: Type) -> &'static str {
    match of {
        Type::Any => "ANY",
        Type::Null => "NULL",
        Type::Boolean => "BOOLEAN",
        Type::Integer => "INTEGER",
        Type::Float => "FLOAT",
        Type::Number => "NUMBER",
        Type::String => "STRING",
        Type::List => "LIST",
        Type::Map => "MAP",
        Type::Node => "NODE",
        Type::Relationship => "RELATIONSHIP",
        Type::Entity => "NODE | RELATIONSHIP",
        Type::EntityOrMap => "NODE | RELATIONSHIP | MAP",
        Type::ListOrString => "LIST | STRING",
        Type::Path => "PATH",
        Type::Temporal => "TEMPORAL",
        Type::Duration => "DURATION",
        Type::Point => "POINT",
    }
}
