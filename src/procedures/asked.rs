//! What a procedure was asked: its arguments and options read, and results written as values.
//!
//! Options of every procedure are those of the view. A body may be given as a node or as a text that
//! names one.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::Serialize;
use serde_json::Value as Json;
use weft_cypher::ProcedureError;
use weft_formats::did_you_mean;
use weft_graph::{Certainty, Kind, KindId, NodeIdx, RelationId, Snapshot, TieIdx};
use weft_value::{NodeValue, PartialDate, PathValue, RelationshipValue, Value};

use crate::database::find_in;
use crate::ecosystem::{self, NodeName, PathEvidence, Question, TieEvidence, kind_word};
use crate::procedures::entry::{Entry, Run};
use crate::procedures::measures;

/// How many bodies an error names.
const CANDIDATES_MAX: usize = 5;

/// An option with what it means.
pub(super) type Setting = (&'static str, &'static str);

/// The options of every procedure, each with what it means.
pub const VIEW_OPTIONS: &[(&str, &str)] = &[
    ("as_of", "the day that is looked at, as text or as a date"),
    ("certainty", "the weakest certainty that counts: `stated` to `inferred`"),
    ("relations", "only these relations"),
    ("kinds", "only these kinds of bodies, or families; `only:company` takes the kind alone"),
    ("seed", "the seed of what uses chance"),
    ("top", "how many rows at most, of each list where there are several"),
];

/// A call with its question.
pub(super) struct Asked<'a> {
    /// The graph, its fields as claims at or above the floor say.
    pub(super) snapshot: Snapshot,
    /// The graph as it came.
    pub(super) recorded: &'a Snapshot,
    pub(super) question: Question,
    arguments: &'a [Value],
    options: BTreeMap<String, Value>,
    is_stopped: &'a dyn Fn() -> bool,
}

impl<'a> Asked<'a> {
    pub(super) fn new(
        entry: &Entry,
        recorded: &'a Snapshot,
        arguments: &'a [Value],
        is_stopped: &'a dyn Fn() -> bool,
    ) -> Result<Self, ProcedureError> {
        let options = match arguments.get(entry.takes.len()) {
            Some(Value::Map(options)) => options.clone(),
            _ => BTreeMap::new(),
        };
        let known = || entry.options.iter().chain(VIEW_OPTIONS).map(|it| it.0);
        if let Some(unknown) = options.keys().find(|key| known().all(|it| it != *key)) {
            let all: Vec<_> = known().map(|it| format!("`{it}`")).collect();
            let message = format!("`weft.{}` has no option `{unknown}`", entry.name);
            let hint = did_you_mean(unknown, known(), format!("it has {}", all.join(", ")));
            return Err(failure(message, hint));
        }
        let mut asked = Self {
            snapshot: recorded.clone(),
            recorded,
            question: Question::default(),
            arguments,
            options,
            is_stopped,
        };
        asked.question = asked.read_question()?;
        let snapshot = recorded.at_floor(asked.question.floor);
        asked.snapshot = ecosystem::known_on(&snapshot, asked.question.as_of);
        Ok(asked)
    }

    /// Does long work, which ends where the query is to end.
    pub(super) fn watched<T>(&self, work: impl FnOnce(&mut weft_analytics::Run<'_>) -> T) -> T {
        let mut watch = |_| match (self.is_stopped)() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        work(&mut weft_analytics::Run::watched(&mut watch))
    }

    /// What a procedure does, with its options.
    pub(super) fn describe(entry: &Entry) -> String {
        if let Run::Measure(measure, _) = entry.run {
            let options: Vec<_> = entry.options.iter().map(|it| format!("`{}`", it.0)).collect();
            return format!("{} Options: {}.", measures::meaning(measure), options.join(", "));
        }
        let mut res = entry.meaning.to_owned();
        for (name, meaning) in entry.options {
            res += &format!(" Option `{name}`: {meaning}.");
        }
        res
    }

    fn read_question(&self) -> Result<Question, ProcedureError> {
        let mut res = Question::default();
        if let Some(text) = self.date("as_of")? {
            res.as_of = Some(text);
        }
        if let Some(text) = self.text("certainty")? {
            res.floor = text.parse::<Certainty>().map_err(|()| {
                let hint = "use `stated`, `collective`, `implied`, `ambiguous` or `inferred`";
                failure(format!("`{text}` is no certainty"), hint)
            })?;
        }
        for word in self.texts("relations")? {
            res.relations.push(self.relation_id(&word)?);
        }
        for word in self.texts("kinds")? {
            res.kinds.extend(self.kinds_named(&word)?);
        }
        if let Some(seed) = self.integer("seed")? {
            res.seed = seed;
        }
        Ok(res)
    }

    // Reading.

    /// The body that an argument names.
    pub(super) fn node(&self, at: usize) -> Result<NodeIdx, ProcedureError> {
        self.named(self.arguments.get(at).unwrap_or(&Value::Null))
    }

    /// The id of the relation that a word means, as the schema or a type writes it.
    pub(super) fn relation(&self, word: &str) -> Result<String, ProcedureError> {
        let id = self.relation_id(word)?;
        Ok(self.recorded.schema().relation(id).id.clone())
    }

    fn relation_id(&self, word: &str) -> Result<RelationId, ProcedureError> {
        let ids = || self.recorded.schema().relations().iter().map(|it| it.id.as_str());
        let at = ids().position(|it| is_word(it, word));
        at.map(|at| RelationId(at as u16)).ok_or_else(|| unknown("relation", word, ids()))
    }

    /// The kinds that a word means: one, or those of a family; `only:` before it takes no family.
    pub(super) fn kinds_named(&self, word: &str) -> Result<Vec<KindId>, ProcedureError> {
        let kinds = self.recorded.schema().kinds().iter();
        let (is_alone, name) = kind_word(word);
        let is_meant =
            |it: &Kind| is_word(&it.id, name) || (!is_alone && is_word(it.family.as_str(), name));
        let named = (0..).zip(kinds.clone()).filter(|it| is_meant(it.1));
        let named: Vec<KindId> = named.map(|it| KindId(it.0)).collect();
        match named.is_empty() {
            true => Err(unknown("kind", word, kinds.map(|it| it.id.as_str()))),
            false => Ok(named),
        }
    }

    /// An argument that is a text.
    pub(super) fn argument_text(&self, at: usize) -> Result<String, ProcedureError> {
        match self.argument(at) {
            Value::String(it) => Ok(it.clone()),
            other => Err(failure(format!("`{other}` is no text"), "put it in quotes")),
        }
    }

    /// The values of an option: a list of them, or one.
    pub(super) fn items(&self, name: &str) -> &[Value] {
        match self.options.get(name) {
            None | Some(Value::Null) => &[],
            Some(Value::List(items)) => items,
            Some(one) => std::slice::from_ref(one),
        }
    }

    /// An argument as it came.
    pub(super) fn argument(&self, at: usize) -> &Value {
        self.arguments.get(at).unwrap_or(&Value::Null)
    }

    /// The bodies that an option names.
    pub(super) fn nodes(&self, name: &str) -> Result<Vec<NodeIdx>, ProcedureError> {
        self.items(name).iter().map(|it| self.named(it)).collect()
    }

    /// The body that a value names: a node, or an id, an identifier, a name or an alias.
    pub(super) fn named(&self, value: &Value) -> Result<NodeIdx, ProcedureError> {
        let text = match value {
            Value::Node(node) => node.element_id.as_str(),
            Value::String(text) => text,
            other => {
                let message = format!("a body is a node or a text, not `{other}`");
                return Err(failure(message, "give its id or its name, such as `'Acme'`"));
            }
        };
        if let Some(idx) = self.recorded.find_node(text) {
            return Ok(idx);
        }
        let hits = find_in(self.recorded, text, CANDIDATES_MAX);
        let exact: Vec<_> = hits.iter().filter(|it| it.is_exact).collect();
        let names = |hits: &[&crate::database::Hit]| {
            let names: Vec<_> =
                hits.iter().map(|it| format!("`{}` ({})", it.id, it.name)).collect();
            names.join(", ")
        };
        let close: Vec<_> = hits.iter().collect();
        match (exact.as_slice(), close.as_slice()) {
            ([one], _) => self
                .recorded
                .find_node(&one.id)
                .ok_or_else(|| failure(format!("nothing here is called `{text}`"), "")),
            ([], []) => {
                let hint = "`MATCH (n) WHERE n.name CONTAINS ..` finds bodies by a part of a name";
                Err(failure(format!("nothing here is called `{text}`"), hint))
            }
            ([], close) => Err(failure(
                format!("nothing here is called `{text}`"),
                format!("did you mean {}?", names(close)),
            )),
            (several, _) => Err(failure(
                format!("`{text}` names several bodies"),
                format!("use an id: {}", names(several)),
            )),
        }
    }

    pub(super) fn top(&self) -> Result<Option<usize>, ProcedureError> {
        self.integer("top")
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, ProcedureError> {
        self.flag_or(name, false)
    }

    pub(super) fn flag_or(&self, name: &str, default: bool) -> Result<bool, ProcedureError> {
        match self.options.get(name) {
            None | Some(Value::Null) => Ok(default),
            Some(Value::Boolean(it)) => Ok(*it),
            Some(other) => Err(wrong(name, "true or false", other)),
        }
    }

    /// An integer of at least 0.
    pub(super) fn integer<T: TryFrom<i64>>(&self, name: &str) -> Result<Option<T>, ProcedureError> {
        match self.options.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let found = match value {
                    Value::Integer(it) => T::try_from(*it).ok(),
                    _ => None,
                };
                found.map(Some).ok_or_else(|| wrong(name, "an integer of at least 0", value))
            }
        }
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<f64>, ProcedureError> {
        match self.options.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Float(it)) => Ok(Some(*it)),
            Some(Value::Integer(it)) => Ok(Some(*it as f64)),
            Some(other) => Err(wrong(name, "a number", other)),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, ProcedureError> {
        match self.options.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(it)) => Ok(Some(it.clone())),
            Some(other) => Err(wrong(name, "a text", other)),
        }
    }

    /// One text, or a list of them.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, ProcedureError> {
        let text = |it: &Value| match it {
            Value::String(it) => Ok(it.clone()),
            other => Err(wrong(name, "a list of texts", other)),
        };
        self.items(name).iter().map(text).collect()
    }

    pub(super) fn date(&self, name: &str) -> Result<Option<PartialDate>, ProcedureError> {
        match self.options.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => date_of(value).map(Some),
        }
    }

    /// The day that an argument names.
    pub(super) fn day(&self, at: usize) -> Result<PartialDate, ProcedureError> {
        date_of(self.argument(at))
    }

    /// One of some words, by its position.
    pub(super) fn choice(
        &self,
        name: &str,
        words: &[&str],
    ) -> Result<Option<usize>, ProcedureError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let found = words.iter().position(|it| is_word(it, &text));
        found.map(Some).ok_or_else(|| {
            let all: Vec<_> = words.iter().map(|it| format!("`{it}`")).collect();
            let message = format!("`{text}` is no `{name}`");
            failure(message, format!("use one of {}", all.join(", ")))
        })
    }

    // Writing.

    /// A part of a result as a value; a body becomes its node.
    pub(super) fn value<T: Serialize + ?Sized>(&self, it: &T) -> Value {
        self.of_json(serde_json::to_value(it).unwrap_or_default())
    }

    fn of_json(&self, json: Json) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(it) => Value::Boolean(it),
            Json::Number(it) => match it.as_i64() {
                Some(it) => Value::Integer(it),
                None => Value::Float(it.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(it) => Value::String(it),
            Json::Array(items) => {
                Value::List(items.into_iter().map(|it| self.of_json(it)).collect())
            }
            Json::Object(fields) => {
                let id = fields.get("id").and_then(Json::as_str);
                let is_name = fields.len() == 3
                    && ["id", "name", "kind"].iter().all(|it| fields.contains_key(*it));
                match id.filter(|_| is_name).and_then(|id| self.snapshot.find_node(id)) {
                    Some(idx) => self.node_value(idx),
                    None => {
                        let entries = fields.into_iter();
                        Value::Map(entries.map(|(key, it)| (key, self.of_json(it))).collect())
                    }
                }
            }
        }
    }

    /// Bodies as a list of nodes.
    pub(super) fn nodes_of<'b>(&self, names: impl IntoIterator<Item = &'b NodeName>) -> Value {
        Value::List(names.into_iter().map(|it| self.value(it)).collect())
    }

    /// Where the bodies of some names are.
    pub(super) fn indices_of<'b>(
        &self,
        names: impl IntoIterator<Item = &'b NodeName>,
    ) -> Vec<NodeIdx> {
        names.into_iter().filter_map(|it| self.snapshot.find_node(&it.id)).collect()
    }

    /// A node by its key alone: by that the engine knows it.
    pub(super) fn node_value(&self, idx: NodeIdx) -> Value {
        Value::Node(Box::new(self.bare_node(idx)))
    }

    /// The relationship that a part of a result speaks of; null where the graph has none, as for a
    /// tie that is only supposed.
    pub(super) fn relationship(&self, tie: &TieEvidence) -> Value {
        match self.snapshot.find_tie(&tie.id) {
            Some(idx) => Value::Relationship(Box::new(self.bare_tie(idx))),
            None => Value::Null,
        }
    }

    /// A path; where a link has several ties it takes the first.
    pub(super) fn path(&self, path: &PathEvidence) -> Value {
        let nodes = path.nodes.iter().map(|it| self.snapshot.find_node(&it.id));
        let ties = path.links.iter().map(|it| it.ties.first());
        let ties = ties.map(|it| self.snapshot.find_tie(&it?.id));
        let found = (nodes.collect::<Option<Vec<_>>>(), ties.collect::<Option<Vec<_>>>());
        let (Some(nodes), Some(ties)) = found else { return Value::Null };
        Value::Path(Box::new(PathValue {
            nodes: nodes.into_iter().map(|it| self.bare_node(it)).collect(),
            relationships: ties.into_iter().map(|it| self.bare_tie(it)).collect(),
        }))
    }

    fn bare_node(&self, idx: NodeIdx) -> NodeValue {
        let node = self.snapshot.node(idx);
        NodeValue {
            key: i64::from(node.key().0),
            element_id: node.id().to_owned(),
            labels: Vec::new(),
            properties: BTreeMap::new(),
        }
    }

    fn bare_tie(&self, idx: TieIdx) -> RelationshipValue {
        let tie = self.snapshot.tie(idx);
        let (start, end) = (self.snapshot.node(tie.source()), self.snapshot.node(tie.target()));
        RelationshipValue {
            key: i64::from(tie.key().0),
            element_id: tie.id(),
            start_key: i64::from(start.key().0),
            end_key: i64::from(end.key().0),
            start_element_id: start.id().to_owned(),
            end_element_id: end.id().to_owned(),
            relation_type: tie.relation().id.to_uppercase(),
            properties: BTreeMap::new(),
        }
    }
}

/// The fault of a finding, as the one of a procedure.
pub(super) fn refused(error: ecosystem::Error) -> ProcedureError {
    let text = error.to_string();
    match text.split_once("; hint: ") {
        Some((message, hint)) => failure(message, hint),
        None => failure(text, ""),
    }
}

pub(super) fn failure(message: impl Into<String>, hint: impl Into<String>) -> ProcedureError {
    let hint = hint.into();
    ProcedureError { message: message.into(), hint: (!hint.is_empty()).then_some(hint) }
}

fn date_of(value: &Value) -> Result<PartialDate, ProcedureError> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Integer(year) => year.to_string(),
        other => other.to_string(),
    };
    text.parse().map_err(|_| {
        failure(format!("`{text}` is no date"), "write a year, a month or a day: `'2023-06'`")
    })
}

fn wrong(name: &str, wanted: &str, got: &Value) -> ProcedureError {
    failure(format!("the option `{name}` must be {wanted}, not `{got}`"), "")
}

fn unknown<'a>(what: &str, word: &str, known: impl Iterator<Item = &'a str>) -> ProcedureError {
    let hint = did_you_mean(word, known, format!("`weft schema` lists each {what}"));
    failure(format!("`{word}` is no {what} here"), hint)
}

/// Whether a word of the schema is meant, as it is written there or as a label or a type.
fn is_word(id: &str, word: &str) -> bool {
    let bare = |it: &str| {
        let letters = it.chars().filter(|it| !matches!(it, '_' | '-' | ' '));
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    bare(id) == bare(word)
}
