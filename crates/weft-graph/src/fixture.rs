//! The small language in which tests write graphs.

use crate::{
    Amount, Certainty, Change, ChangeSet, Claim, Model, NodeRecord, Qualifier, Schema, Snapshot,
    SnapshotBuilder, Source, TieRecord, is_slug,
};

/// Makes a snapshot of a graph written as `a:university -hosts-> b:facility; b -funds-> c:company`.
///
/// A node is `id`, `id:kind` or `id:kind{words}`; its kind is `partnership` until one is given. Words,
/// parted by commas, are dates (`2018..2022`, `2018..`), a certainty, a stage (`start_up`), sources
/// (`@register`), and for a tie an amount (`500000`) or a key (`#second`). A node alone is a node
/// without ties. Without other words everything is `stated` by the source `report` of March 2024.
/// Sources named `@2019-05` have that date. The schema is the bundled one.
///
/// # Panics
/// On a text that is not of this form: it is for tests and examples.
pub fn fixture(text: &str) -> Snapshot {
    SnapshotBuilder::from_model(&fixture_model(text))
}

/// Makes the model of which [`fixture`] makes a snapshot.
///
/// # Panics
/// As [`fixture`].
pub fn fixture_model(text: &str) -> Model {
    let schema = Schema::bundled();
    let mut fixture = Fixture { schema, sources: Vec::new(), nodes: Vec::new(), ties: Vec::new() };
    for statement in text.split(';').map(str::trim).filter(|it| !it.is_empty()) {
        fixture.statement(statement);
    }
    let mut changes: Vec<Change> = fixture.sources.into_iter().map(Change::PutSource).collect();
    changes.extend(fixture.nodes.into_iter().map(Change::PutNode));
    changes.extend(fixture.ties.into_iter().map(Change::PutTie));
    let mut model = Model::new(fixture.schema);
    model.apply(&ChangeSet { changes }).expect("a fixture is a graph");
    model
}

struct Fixture {
    schema: Schema,
    sources: Vec<Source>,
    nodes: Vec<NodeRecord>,
    ties: Vec<TieRecord>,
}

impl Fixture {
    fn statement(&mut self, text: &str) {
        let Some((left, rest)) = text.split_once(" -") else {
            self.node(text);
            return;
        };
        let (relation, right) = rest.split_once("-> ").expect("a tie is written `-relation->`");
        let (relation, words) = split_words(relation, '[', ']');
        let (source, target) = (self.node(left), self.node(right));
        let relation = relation.to_owned();
        let mut tie = TieRecord { source, relation, target, ..Default::default() };
        tie.claims = self.claims(&words);
        for word in words {
            if let Some(key) = word.strip_prefix('#') {
                tie.key = Some(key.to_owned());
            } else if let Some((from, to)) = word.split_once("..") {
                (tie.valid_from, tie.valid_to) = (from.parse().ok(), to.parse().ok());
            } else if let Ok(value) = word.parse() {
                let qualifier = Qualifier::Exact;
                tie.amount = Some(Amount { value, currency: "GBP".into(), qualifier });
            }
        }
        self.ties.push(tie);
    }

    fn node(&mut self, text: &str) -> String {
        let (name, words) = split_words(text.trim(), '{', '}');
        let (id, kind) = match name.split_once(':') {
            Some((id, kind)) => (id, Some(kind)),
            None => (name, None),
        };
        assert!(is_slug(id), "`{id}` is no id");
        let at = match self.nodes.iter().position(|it| it.id == id) {
            Some(at) => at,
            None => {
                let claims = self.claims(&words);
                self.nodes.push(NodeRecord {
                    id: id.to_owned(),
                    kind: "partnership".into(),
                    name: id.to_owned(),
                    claims,
                    ..Default::default()
                });
                self.nodes.len() - 1
            }
        };
        if !words.is_empty() {
            let claims = self.claims(&words);
            self.nodes[at].claims = claims;
        }
        let node = &mut self.nodes[at];
        if let Some(kind) = kind {
            node.kind = kind.to_owned();
        }
        for word in words {
            if let Some((from, to)) = word.split_once("..") {
                (node.valid_from, node.valid_to) = (from.parse().ok(), to.parse().ok());
            } else if self.schema.stage_id(word).is_some() {
                node.stage = Some(word.to_owned());
            }
        }
        id.to_owned()
    }

    fn claims(&mut self, words: &[&str]) -> Vec<Claim> {
        let certainty =
            words.iter().find_map(|it| it.parse::<Certainty>().ok()).unwrap_or_default();
        let mut sources: Vec<&str> = words.iter().filter_map(|it| it.strip_prefix('@')).collect();
        if sources.is_empty() {
            sources.push("report");
        }
        for &source in &sources {
            if self.sources.iter().all(|it| it.id != source) {
                let date = source.parse().or_else(|_| "2024-03".parse()).ok();
                let title = source.to_owned();
                self.sources.push(Source { id: source.into(), title, date, ..Default::default() });
            }
        }
        let claim = |source: &str| Claim { source: source.into(), certainty, ..Default::default() };
        sources.into_iter().map(claim).collect()
    }
}

fn split_words(text: &str, open: char, close: char) -> (&str, Vec<&str>) {
    match text.split_once(open) {
        None => (text.trim(), Vec::new()),
        Some((name, words)) => {
            let words = words.trim_end().strip_suffix(close).expect("brackets are closed");
            (name.trim(), words.split(',').map(str::trim).collect())
        }
    }
}
