//! What was imported, from `weft export`: the figures of the sources, from which all others follow.

use std::collections::BTreeMap;

use serde_json::Value;

/// The exported records, by what the report names them with.
pub(super) struct Raw<'a> {
    nodes: BTreeMap<&'a str, &'a Value>,
    ties: BTreeMap<[&'a str; 3], Vec<&'a Value>>,
    pub(super) facts: BTreeMap<&'a str, &'a Value>,
}

/// One exported record.
#[derive(Clone, Copy)]
pub(super) struct Record<'a>(&'a Value);

impl<'a> Raw<'a> {
    pub(super) fn of(export: &'a Value) -> Self {
        let list = |name: &str| export[name].as_array().unwrap();
        let by_id =
            |name: &str| list(name).iter().map(|it| (it["id"].as_str().unwrap(), it)).collect();
        let mut ties: BTreeMap<[&str; 3], Vec<&Value>> = BTreeMap::new();
        for tie in list("ties") {
            let ends = ["source", "relation", "target"].map(|it| tie[it].as_str().unwrap());
            ties.entry(ends).or_default().push(tie);
        }
        Self { nodes: by_id("nodes"), ties, facts: by_id("facts") }
    }

    pub(super) fn node(&self, id: &str) -> Record<'a> {
        Record(self.nodes[id])
    }

    /// The ties of one relation between two nodes: nearly always one.
    pub(super) fn ties(&self, source: &str, relation: &str, target: &str) -> Vec<Record<'a>> {
        self.ties[&[source, relation, target]].iter().map(|&it| Record(it)).collect()
    }

    /// The source and the certainty of each claim on a node and on the ties at it.
    pub(super) fn claims_around(&self, id: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let ties = self.ties.iter().filter(move |(ends, _)| ends[0] == id || ends[2] == id);
        let records = ties.flat_map(|(_, it)| it).chain([&self.nodes[id]]);
        let claims = records.flat_map(|it| it["claims"].as_array().unwrap());
        claims.map(|it| (it["source"].as_str().unwrap(), it["certainty"].as_str().unwrap()))
    }

    /// The ids of the nodes that have an amount of their own.
    pub(super) fn nodes_with_amount(&self) -> Vec<&'a str> {
        let nodes = self.nodes.iter().filter(|(_, it)| it.get("amount").is_some());
        nodes.map(|(&id, _)| id).collect()
    }
}

impl<'a> Record<'a> {
    /// A field as it stands; null if it is not there.
    pub(super) fn get(self, name: &str) -> &'a Value {
        self.0.get(name).unwrap_or(&Value::Null)
    }

    pub(super) fn amount(self) -> Option<f64> {
        self.get("amount").get("value").and_then(Value::as_f64)
    }

    /// Claims that speak for the record.
    pub(super) fn n_claims(self) -> usize {
        let claims = self.get("claims").as_array().unwrap();
        claims.iter().filter(|it| it.get("denial").is_none_or(Value::is_null)).count()
    }

    /// Places in sources that speak for the record, each once.
    pub(super) fn n_statements(self) -> usize {
        let claims = self.get("claims").as_array().unwrap();
        let support = claims.iter().filter(|it| it.get("denial").is_none_or(Value::is_null));
        let place = |it: &'a Value| (it["source"].as_str(), it["locator"].as_str());
        support.map(place).collect::<std::collections::BTreeSet<_>>().len()
    }

    pub(super) fn sectors(self) -> Vec<&'a str> {
        let sectors = self.get("sectors").as_array();
        sectors.into_iter().flatten().filter_map(Value::as_str).collect()
    }
}
