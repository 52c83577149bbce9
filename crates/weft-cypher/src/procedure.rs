//! Procedures: what `CALL` calls. The engine knows only this trait; analytics and findings come in
//! through it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use weft_graph::Snapshot;
use weft_value::Value;

/// A procedure.
pub trait Procedure: Send + Sync {
    /// What it is called, what it takes and what it yields.
    fn signature(&self) -> &Signature;

    /// Runs it over a graph; each row it hands to `on_row` has one value for each of its columns.
    ///
    /// Nodes and relationships come in and go out as plain data; the engine recognises them by their
    /// keys. `on_row` says whether more rows are wanted; one that works for long before its first row asks
    /// `is_stopped` again and again, and ends with any error once it says so.
    ///
    /// # Errors
    /// A text for whoever asked.
    fn call(
        &self,
        snapshot: &Snapshot,
        arguments: &[Value],
        is_stopped: &dyn Fn() -> bool,
        on_row: &mut dyn FnMut(Vec<Value>) -> bool,
    ) -> Result<(), ProcedureError>;
}

/// Why a procedure failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct ProcedureError {
    /// What is wrong, in plain words.
    pub message: String,
    /// The way out.
    pub hint: Option<String>,
}

/// What a procedure is called, what it takes and what it yields.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// The name with its namespaces: `weft.betweenness`.
    pub name: String,
    /// What it takes.
    pub inputs: Vec<Field>,
    /// What it yields.
    pub outputs: Vec<Field>,
    /// What it does, in a sentence.
    pub meaning: String,
    /// Whether it changes the graph.
    pub is_write: bool,
}

/// An argument or a column of a procedure.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub field_type: FieldType,
    /// Whether null is allowed.
    pub nullable: bool,
    /// The value of an argument that is left out, if it may be.
    pub default: Option<Value>,
}

/// The type of an argument or a column, as the standard writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the standard's and say what they mean")]
pub enum FieldType {
    Any,
    Boolean,
    Integer,
    Float,
    Number,
    String,
    List,
    Map,
    Node,
    Relationship,
    Path,
    Date,
    LocalTime,
    Time,
    LocalDateTime,
    DateTime,
    Duration,
    Point,
}

/// The procedures that a query may call, by name.
#[derive(Clone, Debug, Default)]
pub struct Procedures {
    by_name: BTreeMap<String, Arc<dyn Procedure>>,
}

impl Procedures {
    /// Adds one, in place of an older one of that name.
    pub fn add(&mut self, procedure: Arc<dyn Procedure>) {
        self.by_name.insert(procedure.signature().name.clone(), procedure);
    }

    /// The one of that name.
    pub fn find(&self, name: &str) -> Option<&Arc<dyn Procedure>> {
        self.by_name.get(name)
    }

    /// All, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Procedure>> {
        self.by_name.values()
    }
}

impl fmt::Debug for dyn Procedure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.signature().name)
    }
}
