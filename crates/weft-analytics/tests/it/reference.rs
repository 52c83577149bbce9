//! Reference networks: where they lie, and how they become views.
//!
//! They are not part of the repository. They are looked for in the folder that `WEFT_SHARED` names,
//! else in `../shared` beside the repository; without them the tests say so and pass, unless
//! `WEFT_SHARED` is set.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "these are tests, and they read the references"
)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use weft_graph::{
    Change, ChangeSet, Model, NodeRecord, Schema, SnapshotBuilder, Source, TieRecord, View,
    ViewSpec, fixture_model,
};

/// A reference network with the values on which two computations agree.
pub(crate) struct Reference {
    pub(crate) name: String,
    pub(crate) json: Value,
    pub(crate) view: View,
    index: HashMap<String, u32>,
}

impl Reference {
    /// All of them, by name; none if they are not there.
    pub(crate) fn all() -> Vec<Self> {
        let Some(folder) = shared("reference_metrics") else { return Vec::new() };
        let entries = std::fs::read_dir(&folder).expect("the folder of references can be read");
        let paths = entries.map(|it| it.expect("its entries can be read").path());
        let is_json = |it: &PathBuf| it.extension().is_some_and(|it| it == "json");
        let mut paths: Vec<PathBuf> = paths.filter(is_json).collect();
        paths.sort();
        assert!(!paths.is_empty(), "{} holds no reference", folder.display());
        paths.iter().map(|it| Self::read(it)).collect()
    }

    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        let names: Vec<&str> = texts(&json["node_order"]);
        let index: HashMap<String, u32> =
            (0..).zip(&names).map(|(at, name)| (name.to_string(), at)).collect();
        let edges: Vec<(u32, u32)> =
            rows(&json["edges"]).map(|it| (index[text_at(it, 0)], index[text_at(it, 1)])).collect();
        let view = view_of(names.len(), &edges, json["graph"]["directed"] == true);
        assert_eq!(Some(view.m() as u64), json["graph"]["edges"].as_u64());
        Self { name: json["network"].as_str().unwrap().to_owned(), json, view, index }
    }

    pub(crate) fn index(&self, name: &str) -> u32 {
        self.index[name]
    }

    /// Compares a measure of the nodes with the reference, if this network has it.
    #[track_caller]
    pub(crate) fn check(&self, measure: &str, found: &[f64]) -> bool {
        let values = &self.json["values"][measure];
        let Some(nodes) = values["node"].as_object() else { return false };
        let tolerance = values["tolerance"].as_f64().unwrap_or(1e-9);
        for (name, value) in nodes {
            let found = found[self.index(name) as usize];
            let is_same = match value.as_f64() {
                Some(value) => (found - value).abs() <= tolerance * value.abs().max(1.0),
                None => value.is_null() && found.is_nan(),
            };
            assert!(is_same, "{}: {measure} of {name}: {found} is not {value}", self.name);
        }
        true
    }

    /// Compares a figure of the whole network with the reference, if this network has it.
    #[track_caller]
    pub(crate) fn check_graph(&self, measure: &str, found: f64) -> bool {
        let Some(value) = self.json["graph"][measure].as_f64() else { return false };
        assert!((found - value).abs() < 1e-9, "{}: {measure}: {found} is not {value}", self.name);
        true
    }

    /// The weight of each link of the view, if this network has weights.
    pub(crate) fn weights(&self) -> Option<Vec<f64>> {
        let mut weights = vec![0.0; self.view.m()];
        for row in rows(&self.json["edges"]) {
            let (source, target) = (self.index(text_at(row, 0)), self.index(text_at(row, 1)));
            let link = self.view.link_between(source, target).unwrap();
            weights[link as usize] = row.get(2)?.as_f64()?;
        }
        Some(weights)
    }

    /// The group of each node as a number, if the network has groups.
    pub(crate) fn groups(&self) -> Option<Vec<u32>> {
        let groups = self.json["values"]["group"]["node"].as_object()?;
        let mut names: Vec<String> = groups.values().map(Value::to_string).collect();
        names.sort();
        names.dedup();
        let mut of = vec![0; self.view.n()];
        for (name, group) in groups {
            let at = names.binary_search(&group.to_string()).unwrap();
            of[self.index(name) as usize] = at as u32;
        }
        Some(of)
    }
}

pub(crate) fn rows(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

pub(crate) fn texts(value: &Value) -> Vec<&str> {
    rows(value).map(|it| it.as_str().unwrap()).collect()
}

pub(crate) fn text_at(row: &Value, at: usize) -> &str {
    row[at].as_str().unwrap()
}

/// A folder of the references, or None, said on stderr, if they are not there.
pub(crate) fn shared(folder: &str) -> Option<PathBuf> {
    let given = std::env::var("WEFT_SHARED").ok();
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let path = Path::new(given.as_deref().unwrap_or(beside)).join(folder);
    assert!(
        given.is_none() || path.is_dir(),
        "`WEFT_SHARED` is set, but there is no {folder} in it"
    );
    if !path.is_dir() {
        eprintln!("skipped: there is no {}", path.display());
        return None;
    }
    Some(path)
}

pub(crate) fn view_of(n: usize, edges: &[(u32, u32)], directed: bool) -> View {
    let start = fixture_model("start");
    let claims = start.nodes()[0].record.claims.clone();
    let sources = start.sources().values().cloned();
    let mut changes: Vec<Change> = sources.map(|it: Source| Change::PutSource(it)).collect();
    changes.extend((0..n).map(|it| {
        Change::PutNode(NodeRecord {
            id: format!("n{it:03}"),
            kind: "partnership".into(),
            name: format!("n{it}"),
            claims: claims.clone(),
            ..Default::default()
        })
    }));
    changes.extend(edges.iter().map(|(source, target)| {
        Change::PutTie(TieRecord {
            source: format!("n{source:03}"),
            relation: "supports".into(),
            target: format!("n{target:03}"),
            claims: claims.clone(),
            ..Default::default()
        })
    }));
    let mut model = Model::new(Schema::clone(start.schema()));
    model.apply(&ChangeSet { changes }).unwrap();
    let snapshot = SnapshotBuilder::from_model(&model);
    View::new(&snapshot, ViewSpec { directed, ..ViewSpec::all(&snapshot) })
}
