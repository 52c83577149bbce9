//! openCypher over a snapshot of a graph.
//!
//! # The life of a query
//! 1. `parse` turns text into an [`ast::Statement`], and reports all faults of it.
//! 2. `bind` looks up its names: variables become slots of a row, functions and procedures are found,
//!    and what the standard forbids is refused. The result is a [`bound::BoundStatement`].
//! 3. `plan` makes operators of it, by what the graph's statistics say is cheap.
//! 4. `Transaction::run` executes the plan over a snapshot and what the transaction has changed, row by
//!    row, and hands the rows over as plain data.
//! 5. `Transaction::commit` turns what was changed into one `ChangeSet`.
//!
//! Knows no store, no clock and no random source: the snapshot, the time and the seed are arguments.

pub mod ast;
mod bind;
pub mod bound;
mod catalogue;
mod commit;
mod context;
mod convert;
mod entries;
mod error;
mod eval;
mod execute;
pub mod functions;
mod graph;
mod lexer;
mod memory;
mod normal_form;
mod order;
mod parser;
mod plan;
mod print;
mod procedure;
mod report;
mod stack;
mod suggest;
mod table_procedure;
mod transaction;
mod type_test;
mod val;

pub use ast::{Mode, Span};
pub use bind::bind;
pub use bound::{Notice, NoticeKind, Parameters};
pub use catalogue::signatures;
pub use commit::{CommitOptions, commit, must_find_source};
pub use context::{Clock, Context, Interrupt, Limits, MEMORY_BYTES, State};
pub use convert::{from_value, to_value};
pub use entries::Entries;
pub use error::{Detail, Error, ErrorKind, Phase};
pub use eval::{eval, holds};
pub use execute::Counters;
pub use graph::{Graph, Keys, Mark, Stored};
pub use lexer::words;
pub use memory::Pool;
pub use normal_form::NormalForm;
pub use order::{Compared, compare, equals};
pub use parser::{FAULTS_MAX, NESTING_MAX, TEXT_BYTES_MAX, parse, split_statements};
pub use plan::{Plan, PlanOptions, PlanRow};
pub use procedure::{Field, FieldType, Procedure, ProcedureError, Procedures, Signature};
pub use report::Position;
pub use table_procedure::TableProcedure;
pub use transaction::{PLAN_BYTES_A_BYTE, Prepared, Rows, RunOptions, Summary, Transaction};
pub use type_test::{TypeName, TypeTest};
pub use val::{List, Map, Path, Row, TEXT_VALUE_BYTES_MAX, VALUE_BYTES_MAX, VALUE_DEPTH_MAX, Val};
