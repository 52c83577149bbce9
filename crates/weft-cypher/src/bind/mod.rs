//! Looks up the names of a query: variables become slots of a row, functions and procedures are
//! found, and what the standard forbids is refused.
//!
//! Reports every fault that does not follow from another. Knows no graph: a label, a type or a
//! property of any name is allowed, and nothing is reordered or folded but lists of constants.

mod aggregation;
mod call;
mod clause;
mod commands;
mod create;
mod expression;
mod pattern;
mod projection;
mod properties;
mod scope;
mod subquery;
mod value_type;

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::ast::{self, Name};
use crate::bound::{BoundQuery, BoundStatement, BoundUnion, Labels, Notice, Slot, SubqueryId};
use crate::procedure::Procedures;
use crate::{Detail, Error, ErrorKind, Span};
use aggregation::{Aggregates, Grouping};
use scope::{Scope, Variable};
use value_type::ValueType;

/// How many faults are reported; a query with more has one cause for most of them.
const N_ERRORS_MAX: usize = 100;

/// How many columns all projections of a query may have together: `WITH *` in each of ten thousand
/// clauses would hand on ten thousand variables each time.
const N_COLUMNS_MAX: usize = 1_000_000;

/// Looks up the names of a statement. `text` is what it was parsed from: a column without an alias
/// is called as it was written.
///
/// # Errors
/// All faults that do not follow from one another, in the order of the clauses; at most 100.
pub fn bind(
    statement: &ast::Statement,
    text: &str,
    procedures: &Procedures,
) -> Result<BoundStatement, Vec<Error>> {
    let shown;
    let mut binder = Binder::new(text, procedures);
    let (union, columns) = match &statement.body {
        ast::Body::Query(query) => binder.top_query(query),
        ast::Body::Show(show) => {
            shown = commands::as_query(show, procedures);
            binder.top_query(&shown)
        }
        ast::Body::CreateIndex(index) => binder.create_index(index),
        ast::Body::Drop(command) => binder.drop_command(command),
    };
    if !binder.errors.is_empty() {
        return Err(binder.errors);
    }
    let query = BoundQuery {
        union,
        columns,
        subqueries: binder.subqueries,
        n_slots: binder.slot_names.len(),
        slot_names: binder.slot_names,
        parameters: binder.parameters,
        is_write: binder.is_write,
        notices: binder.notices,
        asked_properties: binder.properties.asked(),
        asked_labels: binder.asked_labels,
    };
    Ok(BoundStatement { mode: statement.mode, query })
}

/// What is known while a query is gone through.
struct Binder<'a> {
    text: &'a str,
    procedures: &'a Procedures,
    scope: Scope,
    /// What rows are grouped by, of each projection around this place that groups.
    groupings: Vec<Grouping<'a>>,
    /// Whether an aggregation may stand here.
    aggregates: Aggregates,
    /// Where writing is refused: the word before the braces around this place.
    no_writes_in: Option<&'static str>,
    /// The word before what must not depend on a row, in `SKIP` and `LIMIT`.
    constant_for: Option<&'static str>,
    /// What each `CASE` around this place compares, of those whose `WHEN` may begin with an operator.
    subjects: Vec<(Slot, ValueType)>,
    /// What cannot be seen of the clause around this place.
    hidden: Option<pattern::Hidden>,
    slot_names: Vec<String>,
    /// The innermost clause whose columns are bound; they do not see each other.
    projection: Option<&'a ast::Projection>,
    /// The columns of procedures that were not handed on, and how they would be.
    dropped: Vec<(String, String)>,
    parameters: Vec<String>,
    parameters_by_name: HashMap<String, u32, RandomState>,
    subqueries: Vec<BoundUnion>,
    is_write: bool,
    n_columns: usize,
    notices: Vec<Notice>,
    properties: properties::Properties,
    asked_labels: Vec<(Labels, Span)>,
    errors: Vec<Error>,
}

impl<'a> Binder<'a> {
    fn new(text: &'a str, procedures: &'a Procedures) -> Self {
        Self {
            text,
            procedures,
            scope: Scope::new(),
            groupings: Vec::new(),
            aggregates: Aggregates::Forbidden,
            no_writes_in: None,
            constant_for: None,
            subjects: Vec::new(),
            hidden: None,
            slot_names: Vec::new(),
            projection: None,
            dropped: Vec::new(),
            parameters: Vec::new(),
            parameters_by_name: HashMap::default(),
            subqueries: Vec::new(),
            is_write: false,
            n_columns: 0,
            notices: Vec::new(),
            properties: properties::Properties::default(),
            asked_labels: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// A new slot; its name is for plans and messages only.
    fn new_slot(&mut self, name: impl Into<String>) -> Slot {
        let slot = Slot(self.slot_names.len() as u32);
        self.slot_names.push(name.into());
        slot
    }

    /// A new slot for what has no name in the query.
    fn anonymous_slot(&mut self, what: &str) -> Slot {
        let name = format!("{what}_{}", self.slot_names.len());
        self.new_slot(name)
    }

    /// A new variable in the innermost layer.
    fn declare(&mut self, name: &str, value_type: ValueType) -> Slot {
        let slot = self.new_slot(name);
        self.scope.declare(Variable { name: Arc::from(name), slot, value_type });
        slot
    }

    /// A new variable, where none of that name may be there already.
    fn declare_new(&mut self, name: &Name, value_type: ValueType) -> Slot {
        if self.scope.find(&name.text).is_some() {
            self.already_bound(name);
            return self.new_slot(name.text.as_str());
        }
        self.declare(&name.text, value_type)
    }

    fn add_subquery(&mut self, union: BoundUnion) -> SubqueryId {
        let id = SubqueryId(self.subqueries.len() as u32);
        self.subqueries.push(union);
        id
    }

    fn error(&mut self, error: Error) {
        if self.errors.len() < N_ERRORS_MAX {
            self.errors.push(error);
        }
    }

    /// Reports a `SyntaxError`, with the way out unless that is empty.
    fn syntax(&mut self, detail: Detail, span: Span, message: String, hint: &str) {
        let error = Error::syntax(detail, span, message);
        self.error(if hint.is_empty() { error } else { error.with_hint(hint) });
    }

    fn already_bound(&mut self, name: &Name) {
        let message = format!("the variable `{}` is there already", name.text);
        let hint = "choose another name";
        self.syntax(Detail::VariableAlreadyBound, name.span, message, hint);
    }

    fn wrong_type(&mut self, span: Span, what: &str, wanted: &str, got: &ValueType) {
        let message = format!("{what} must be {wanted}, but this is {}", got.name());
        self.syntax(Detail::InvalidArgumentType, span, message, "");
    }

    fn count_columns(&mut self, n: usize, span: Span) -> bool {
        let was_over = self.n_columns > N_COLUMNS_MAX;
        self.n_columns += n;
        if self.n_columns <= N_COLUMNS_MAX {
            return true;
        }
        if was_over {
            return false;
        }
        let message = format!("the query has more than {N_COLUMNS_MAX} columns in its projections");
        let error = Error::compile(ErrorKind::LimitError, Detail::LimitExceeded, span, message)
            .with_hint("hand on fewer variables: name them in place of `*`");
        self.error(error);
        false
    }
}

#[cfg(test)]
mod tests;
