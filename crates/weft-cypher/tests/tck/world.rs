//! A scenario run: a graph, procedures and parameters made; queries run; results, errors and what
//! changed compared with what the scenario says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use weft_cypher::{
    CommitOptions, Error, Parameters, Phase, Procedures, Rows, RunOptions, Signature,
    TableProcedure, Transaction,
};
use weft_graph::{Schema, Snapshot, SnapshotBuilder};
use weft_value::Value;

use crate::expected::{Expected, same_bag};
use crate::scenario::{Scenario, Step};

/// The named graphs of the kit: the text of the queries that make each.
pub(crate) struct Graphs {
    by_name: BTreeMap<String, String>,
}

impl Graphs {
    pub(crate) fn read(folder: &Path) -> Self {
        let mut by_name = BTreeMap::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let script = path.join(format!("{name}.cypher"));
            if let Ok(text) = fs::read_to_string(script) {
                by_name.insert(name, text);
            }
        }
        Self { by_name }
    }
}

/// What the kit can see of a graph, so that two states can be compared.
#[derive(Default)]
struct Seen {
    nodes: BTreeSet<i64>,
    relationships: BTreeSet<i64>,
    /// Node or not, its key, key and text of the property.
    properties: BTreeSet<(bool, i64, String, String)>,
    labels: BTreeSet<String>,
}

impl Seen {
    /// All of it but the keys, which a commit gives anew.
    fn without_keys(&self) -> String {
        let properties = self.properties.iter();
        let mut properties: Vec<_> = properties.map(|it| (it.0, &it.2, &it.3)).collect();
        properties.sort_unstable();
        let (n_nodes, n_relationships) = (self.nodes.len(), self.relationships.len());
        format!(
            "{n_nodes} nodes, {n_relationships} relationships, {properties:?}, {:?}",
            self.labels
        )
    }
}

struct World {
    transaction: Transaction,
    procedures: Procedures,
    parameters: Parameters,
    outcome: Option<Result<Rows, Vec<Error>>>,
    before: Seen,
    over: Over,
}

/// Whether what a scenario has made is read where it was written, or from a snapshot that it was
/// committed to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    Writes,
    Commits,
}

/// Runs all steps of a scenario.
pub(crate) fn run(scenario: &Scenario, graphs: &Graphs, over: Over) -> Result<(), String> {
    let mut world = World {
        transaction: Transaction::new(empty_graph()),
        procedures: Procedures::default(),
        parameters: Parameters::new(),
        outcome: None,
        before: Seen::default(),
        over,
    };
    for step in &scenario.steps {
        world.step(step, graphs).map_err(|it| format!("{it}\nat: {}", step.text))?;
    }
    // A fault leaves the graph as it was, whether the scenario says so or not.
    if matches!(world.outcome, Some(Err(_))) {
        world.check_side_effects(&BTreeMap::new())?;
    }
    Ok(())
}

/// A graph without anything, and without a schema.
fn empty_graph() -> Snapshot {
    SnapshotBuilder::new(Arc::new(Schema::open())).build()
}

impl World {
    fn step(&mut self, step: &Step, graphs: &Graphs) -> Result<(), String> {
        let text = step.text.trim_end_matches(':').trim();
        if matches!(text, "an empty graph" | "any graph") {
            return Ok(());
        }
        if let Some(name) = text.strip_prefix("the ").and_then(|it| it.strip_suffix(" graph")) {
            let script = graphs.by_name.get(name).ok_or(format!("no graph `{name}`"))?;
            for query in script.split(';').filter(|it| !it.trim().is_empty()) {
                self.must_run(query)?;
            }
            return Ok(());
        }
        if let Some(text) = text.strip_prefix("there exists a procedure ") {
            return self.add_procedure(text, &step.table);
        }
        match text {
            "having executed" => {
                self.must_run(doc(step)?)?;
            }
            "parameters are" => {
                for row in &step.table {
                    let [name, value] = row.as_slice() else { return Err("not two cells".into()) };
                    self.parameters.insert(name.clone(), Expected::read(value)?.to_value());
                }
            }
            "executing query" => {
                if self.over == Over::Commits {
                    self.transaction = self.committed()?;
                }
                self.before = self.see()?;
                self.outcome = Some(self.query(doc(step)?));
                if self.over == Over::Commits {
                    let (now, committed) = (self.see()?, Self::seen_by(&self.committed()?)?);
                    if now.without_keys() != committed.without_keys() {
                        let (now, committed) = (now.without_keys(), committed.without_keys());
                        return Err(format!("{now}\nwas committed as\n{committed}"));
                    }
                }
            }
            "executing control query" => self.outcome = Some(self.query(doc(step)?)),
            "the result should be, in any order" => self.check_rows(&step.table, false, false)?,
            "the result should be, in order" => self.check_rows(&step.table, true, false)?,
            "the result should be (ignoring element order for lists)" => {
                self.check_rows(&step.table, false, true)?;
            }
            "the result should be, in order (ignoring element order for lists)" => {
                self.check_rows(&step.table, true, true)?;
            }
            "the result should be empty" => {
                let n = self.rows()?.rows.len();
                if n > 0 {
                    return Err(format!("{n} rows where none was expected"));
                }
            }
            "no side effects" => self.check_side_effects(&BTreeMap::new())?,
            "the side effects should be" => {
                let mut expected = BTreeMap::new();
                for row in &step.table {
                    let [name, n] = row.as_slice() else { return Err("not two cells".into()) };
                    expected.insert(name.clone(), n.parse::<usize>().map_err(|it| it.to_string())?);
                }
                self.check_side_effects(&expected)?;
            }
            _ => return self.check_error(text),
        }
        Ok(())
    }

    fn query(&mut self, text: &str) -> Result<Rows, Vec<Error>> {
        let prepared = self.transaction.prepare(text, &self.procedures)?;
        let options = RunOptions::default();
        self.transaction.run(&prepared, &self.parameters, &options).map_err(|it| vec![it])
    }

    fn must_run(&mut self, text: &str) -> Result<Rows, String> {
        self.query(text).map_err(|errors| format!("{text}\n{}", describe(&errors)))
    }

    fn rows(&self) -> Result<&Rows, String> {
        match &self.outcome {
            Some(Ok(rows)) => Ok(rows),
            Some(Err(errors)) => Err(describe(errors)),
            None => Err("no query was run".to_owned()),
        }
    }

    fn check_rows(
        &self,
        table: &[Vec<String>],
        ordered: bool,
        unordered_lists: bool,
    ) -> Result<(), String> {
        let rows = self.rows()?;
        let (head, expected) = table.split_first().ok_or("an empty table")?;
        if *head != rows.columns {
            return Err(format!("columns {:?}, expected {head:?}", rows.columns));
        }
        let expected: Vec<Vec<Expected>> = expected
            .iter()
            .map(|row| row.iter().map(|it| Expected::read(it)).collect())
            .collect::<Result<_, String>>()?;
        let same_row = |a: &Vec<Expected>, b: &Vec<Value>| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is(b, unordered_lists))
        };
        let same = if ordered {
            expected.len() == rows.rows.len()
                && expected.iter().zip(&rows.rows).all(|(a, b)| same_row(a, b))
        } else {
            same_bag(&expected, &rows.rows, same_row)
        };
        if same {
            return Ok(());
        }
        let shown: Vec<String> = rows.rows.iter().take(20).map(|it| format!("  {it:?}")).collect();
        Err(format!("expected\n  {expected:?}\ngot\n{}", shown.join("\n")))
    }

    fn check_error(&self, text: &str) -> Result<(), String> {
        let words = text.strip_prefix("a ").or_else(|| text.strip_prefix("an "));
        let parts = words.and_then(|it| it.split_once(" should be raised at "));
        let (kind, rest) = parts.ok_or(format!("no such step: {text}"))?;
        let (phase, detail) = rest.split_once(": ").ok_or("no detail")?;
        let errors = match &self.outcome {
            Some(Err(errors)) => errors,
            Some(Ok(rows)) => return Err(format!("no error, but {:?}", rows.rows)),
            None => return Err("no query was run".to_owned()),
        };
        let fits = |error: &Error| {
            let phase_fits = match phase {
                "any time" => true,
                "compile time" => error.phase == Phase::CompileTime,
                "runtime" => error.phase == Phase::Runtime,
                _ => false,
            };
            phase_fits
                && error.kind.to_string() == kind
                && (detail == "*" || error.detail.as_str() == detail)
        };
        // The first of them is what a client sees.
        match errors.first() {
            Some(error) if fits(error) => Ok(()),
            _ => Err(describe(errors)),
        }
    }

    /// A transaction over the snapshot that comes of this one.
    fn committed(&self) -> Result<Transaction, String> {
        let changes = self.transaction.commit(&CommitOptions::default());
        let changes = changes.map_err(|it| describe(&[it]))?;
        let snapshot = self.transaction.graph().snapshot().with(&changes);
        Ok(Transaction::new(snapshot.map_err(|it| it.to_string())?))
    }

    fn see(&self) -> Result<Seen, String> {
        Self::seen_by(&self.transaction)
    }

    fn seen_by(transaction: &Transaction) -> Result<Seen, String> {
        let mut transaction = transaction.clone();
        let mut all = |text: &str| {
            let prepared = transaction.prepare(text, &Procedures::default());
            let prepared = prepared.map_err(|it| describe(&it))?;
            let rows = transaction.run(&prepared, &Parameters::new(), &RunOptions::default());
            rows.map_err(|it| describe(&[it]))
        };
        let mut seen = Seen::default();
        let nodes = all("MATCH (n) RETURN n")?;
        let relationships = all("MATCH ()-[r]->() RETURN r")?;
        for value in nodes.rows.iter().chain(&relationships.rows).flatten() {
            let (is_node, key, properties) = match value {
                Value::Node(it) => {
                    seen.nodes.insert(it.key);
                    seen.labels.extend(it.labels.iter().cloned());
                    (true, it.key, &it.properties)
                }
                Value::Relationship(it) => {
                    seen.relationships.insert(it.key);
                    (false, it.key, &it.properties)
                }
                other => return Err(format!("{other:?} is no node and no relationship")),
            };
            for (name, value) in properties {
                seen.properties.insert((is_node, key, name.clone(), format!("{value:?}")));
            }
        }
        Ok(seen)
    }

    fn check_side_effects(&self, expected: &BTreeMap<String, usize>) -> Result<(), String> {
        let (before, after) = (&self.before, self.see()?);
        let mut found = BTreeMap::new();
        let mut count = |name: &str, came: usize, went: usize| {
            found.insert(format!("+{name}"), came);
            found.insert(format!("-{name}"), went);
        };
        fn pair<T: Ord>(before: &BTreeSet<T>, after: &BTreeSet<T>) -> (usize, usize) {
            (after.difference(before).count(), before.difference(after).count())
        }
        let (came, went) = pair(&before.nodes, &after.nodes);
        count("nodes", came, went);
        let (came, went) = pair(&before.relationships, &after.relationships);
        count("relationships", came, went);
        let (came, went) = pair(&before.properties, &after.properties);
        count("properties", came, went);
        let (came, went) = pair(&before.labels, &after.labels);
        count("labels", came, went);
        found.retain(|_, n| *n > 0);
        if found == *expected {
            Ok(())
        } else {
            Err(format!("side effects {found:?}, expected {expected:?}"))
        }
    }

    fn add_procedure(&mut self, text: &str, table: &[Vec<String>]) -> Result<(), String> {
        let signature = Signature::parse(text.trim_end_matches(':'))?;
        let columns: Vec<String> =
            signature.inputs.iter().chain(&signature.outputs).map(|it| it.name.clone()).collect();
        let mut rows = Vec::new();
        for row in table.iter().skip(1).filter(|_| !columns.is_empty()) {
            let row = row.iter().map(|it| Ok(Expected::read(it)?.to_value()));
            rows.push(row.collect::<Result<Vec<_>, String>>()?);
        }
        let names = if columns.is_empty() { &[] } else { table[0].as_slice() };
        self.procedures.add(Arc::new(TableProcedure::new(signature, names, rows)?));
        Ok(())
    }
}

fn doc(step: &Step) -> Result<&str, String> {
    step.doc.as_deref().ok_or_else(|| "no query".to_owned())
}

fn describe(errors: &[Error]) -> String {
    let lines = errors.iter().map(|it| {
        format!("{} at {:?}: {} ({}) {:?}", it.kind, it.phase, it.detail, it.message, it.span)
    });
    lines.collect::<Vec<_>>().join("\n")
}
