//! What a procedure is: a row of a table, and how a call of it is answered.

use std::collections::BTreeMap;

use weft_cypher::{Field, FieldType, Procedure, ProcedureError, Signature};
use weft_graph::Snapshot;
use weft_value::Value;

use crate::ecosystem::{MEASURES, RankMeasure};
use crate::procedures::asked::{Asked, Setting};
use crate::procedures::{comparison, measures, money, needs, records, structure};

/// First columns that tell lists apart: `top` counts the rows of each list.
const LIST_COLUMNS: &[&str] = &["figure", "finding", "gap", "group_by", "list", "meaning", "side"];

/// The rows of an answer, each with a value for each column.
pub(super) type Found = Result<Vec<Vec<Value>>, ProcedureError>;

/// A procedure before it has a signature.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    /// Its name behind `weft.`.
    pub(super) name: &'static str,
    /// What it does, in a sentence.
    pub(super) meaning: &'static str,
    /// The verb that answers the same.
    pub(super) verb: &'static str,
    /// What it takes before the options.
    pub(super) takes: &'static [(&'static str, FieldType)],
    /// Which options it knows beside those of the view.
    pub(super) options: &'static [Setting],
    /// Its columns.
    pub(super) yields: &'static [(&'static str, FieldType)],
    pub(super) run: Run,
}

/// How a procedure is answered.
#[derive(Clone, Copy)]
pub(super) enum Run {
    Finding(fn(&Asked<'_>) -> Found),
    Measure(&'static RankMeasure, fn(&Asked<'_>, &'static RankMeasure) -> Found),
}

/// A procedure, ready to be called.
pub(super) struct Finding {
    entry: Entry,
    signature: Signature,
}

/// All of them, group by group.
pub(super) fn findings() -> impl Iterator<Item = Finding> {
    let measures = MEASURES.iter().map(measures::entry);
    let groups =
        [structure::ENTRIES, needs::ENTRIES, money::ENTRIES, comparison::ENTRIES, records::ENTRIES];
    let others = groups.into_iter().flatten().copied();
    measures.chain(others).map(Finding::of)
}

/// The name of each procedure with the verb that answers the same on the command line.
pub fn verbs() -> Vec<(String, &'static str)> {
    findings().map(|it| (it.signature.name, it.entry.verb)).collect()
}

impl Finding {
    fn of(entry: Entry) -> Self {
        let field = |&(name, field_type): &(&str, FieldType)| Field {
            name: name.into(),
            field_type,
            nullable: false,
            default: None,
        };
        let mut inputs: Vec<Field> = entry.takes.iter().map(field).collect();
        inputs.push(Field {
            name: "options".into(),
            field_type: FieldType::Map,
            nullable: false,
            default: Some(Value::Map(Default::default())),
        });
        let nullable = |it| Field { nullable: true, ..field(it) };
        let signature = Signature {
            name: format!("weft.{}", entry.name),
            inputs,
            outputs: entry.yields.iter().map(nullable).collect(),
            meaning: Asked::describe(&entry),
            is_write: false,
        };
        Self { entry, signature }
    }
}

impl Procedure for Finding {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn call(
        &self,
        snapshot: &Snapshot,
        arguments: &[Value],
        is_stopped: &dyn Fn() -> bool,
        on_row: &mut dyn FnMut(Vec<Value>) -> bool,
    ) -> Result<(), ProcedureError> {
        let asked = Asked::new(&self.entry, snapshot, arguments, is_stopped)?;
        let rows = match self.entry.run {
            Run::Finding(run) => run(&asked)?,
            Run::Measure(measure, run) => run(&asked, measure)?,
        };
        let n_rows = asked.top()?.unwrap_or(usize::MAX);
        let has_lists = self.entry.yields.first().is_some_and(|it| LIST_COLUMNS.contains(&it.0));
        let mut n_of_list: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows {
            let list = row.first().filter(|_| has_lists).map(ToString::to_string);
            let n = n_of_list.entry(list.unwrap_or_default()).or_default();
            *n += 1;
            if *n <= n_rows && !on_row(row) {
                break;
            }
        }
        Ok(())
    }
}
