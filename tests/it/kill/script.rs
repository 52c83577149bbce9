//! Changes that a writer makes until it is killed, and what the store holds after each.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use weft_graph::{Change, ChangeSet, Claim, Fact, Model, NodeRecord, Schema, Source, TieRecord};
use weft_value::Value;

use super::content::{self, Content};
use super::dice::Dice;

/// The node whose name is another after every change, so that a reader knows which it sees.
pub(super) const PULSE: &str = "pulse";
/// Nodes that ties end at.
const N_HUBS: usize = 100;
/// Nodes without ties, which come and go.
const N_LEAVES: usize = 60;

/// One revision to be made.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Step {
    Apply(ChangeSet),
    /// Takes the newest revision back.
    Undo,
}

impl Step {
    /// How many changes it makes, as far as is known before.
    pub(super) fn n_changes(&self) -> usize {
        match self {
            Self::Apply(change_set) => change_set.len(),
            Self::Undo => 1,
        }
    }
}

/// What a store holds after a revision, as a model says.
#[derive(Clone)]
pub(super) struct State {
    model: Arc<Model>,
    pub(super) content: Arc<Content>,
}

impl State {
    pub(super) fn empty() -> Self {
        Self::of(Model::new(Schema::bundled()))
    }

    fn of(model: Model) -> Self {
        Self { content: Arc::new(content::of_model(&model)), model: Arc::new(model) }
    }

    fn with(&self, change_set: &ChangeSet) -> Self {
        let mut model = Model::clone(&self.model);
        model.apply(change_set).unwrap();
        Self::of(model)
    }

    pub(super) fn pulse(&self) -> u64 {
        self.model.node(PULSE).map_or(0, |it| pulse(&it.record.name))
    }
}

/// The number in the name of the pulse.
pub(super) fn pulse(name: &str) -> u64 {
    name.strip_prefix(PULSE).and_then(|it| it.trim().parse().ok()).expect("`pulse` and a number")
}

/// Makes steps that a store can take after the revisions `states` (the first is that of the empty
/// store), each with the state that it leaves. `n_made` counts all steps ever made.
pub(super) fn steps(
    dice: &mut Dice,
    states: &[State],
    n_steps: usize,
    n_made: &mut u64,
) -> Vec<(Step, State)> {
    let mut states = states.to_vec();
    let mut res = Vec::new();
    for _ in 0..n_steps {
        *n_made += 1;
        let last = states.last().unwrap();
        let (step, state) = if states.len() > 2 && dice.roll(6) == 0 {
            (Step::Undo, states[states.len() - 2].clone())
        } else {
            let n_changes = match (states.len(), dice.roll(3)) {
                (1, _) => 600,
                (_, 0) => 1 + dice.roll(10),
                (_, 1) => 30 + dice.roll(100),
                _ => 300 + dice.roll(300),
            };
            let change_set = change_set(dice, &last.model, n_changes, *n_made);
            let state = last.with(&change_set);
            (Step::Apply(change_set), state)
        };
        states.push(state.clone());
        res.push((step, state));
    }
    res
}

fn change_set(dice: &mut Dice, model: &Model, n_changes: usize, number: u64) -> ChangeSet {
    let mut changes = Vec::new();
    if model.nodes().is_empty() {
        for id in ["register", "report"] {
            let title = id.to_owned();
            changes.push(Change::PutSource(Source { id: id.into(), title, ..Default::default() }));
        }
        changes.extend((0..N_HUBS).map(|it| Change::PutNode(node(dice, format!("hub-{it}")))));
    }
    let mut ties: BTreeSet<String> = model.ties().iter().map(|it| it.record.id()).collect();
    let mut facts: BTreeSet<String> = model.facts().keys().cloned().collect();
    let mut leaves: BTreeSet<String> = (0..N_LEAVES).map(leaf).collect();
    leaves.retain(|it| model.node(it).is_some());
    while changes.len() < n_changes {
        let change = match dice.roll(10) {
            0..3 => {
                let at = dice.roll(N_HUBS);
                Change::PutNode(node(dice, format!("hub-{at}")))
            }
            3..7 => {
                let mut tie = tie(dice);
                tie.normalise(model.schema());
                ties.insert(tie.id());
                Change::PutTie(tie)
            }
            7 => match pick(dice, &mut ties) {
                Some(id) => Change::RemoveTie(id),
                None => continue,
            },
            8 => {
                let id = leaf(dice.roll(N_LEAVES));
                if leaves.remove(&id) {
                    Change::RemoveNode(id)
                } else {
                    leaves.insert(id.clone());
                    Change::PutNode(node(dice, id))
                }
            }
            _ if dice.roll(3) == 0 => match pick(dice, &mut facts) {
                Some(id) => Change::RemoveFact(id),
                None => continue,
            },
            _ => {
                let fact = fact(dice);
                facts.insert(fact.id.clone());
                Change::PutFact(fact)
            }
        };
        changes.push(change);
    }
    // The pulse is the last to be written: whoever sees it must see all before it.
    let pulse = NodeRecord { name: format!("{PULSE} {number}"), ..node(dice, PULSE.into()) };
    changes.push(Change::PutNode(pulse));
    ChangeSet { changes }
}

fn pick(dice: &mut Dice, ids: &mut BTreeSet<String>) -> Option<String> {
    let id = ids.iter().nth(dice.roll(ids.len().max(1))).cloned()?;
    ids.remove(&id);
    Some(id)
}

fn leaf(at: usize) -> String {
    format!("leaf-{at}")
}

fn claims(dice: &mut Dice) -> Vec<Claim> {
    let source = ["register", "report"][dice.roll(2)].to_owned();
    vec![Claim { source, locator: format!("row {}", dice.roll(10_000)), ..Default::default() }]
}

fn node(dice: &mut Dice, id: String) -> NodeRecord {
    let note = Value::String("n".repeat(dice.roll(300)));
    NodeRecord {
        kind: "partnership".into(),
        name: format!("{id} number {}", dice.roll(1_000_000)),
        aliases: (0..dice.roll(3)).map(|it| format!("{id} alias {it}")).collect(),
        properties: [("note".to_owned(), note)].into(),
        claims: claims(dice),
        id,
        ..Default::default()
    }
}

fn tie(dice: &mut Dice) -> TieRecord {
    let source = dice.roll(N_HUBS);
    let target = (source + 1 + dice.roll(4)) % N_HUBS;
    TieRecord {
        source: format!("hub-{source}"),
        relation: "partners_with".into(),
        target: format!("hub-{target}"),
        role: Some(format!("role {}", dice.roll(1_000_000))),
        claims: claims(dice),
        ..Default::default()
    }
}

fn fact(dice: &mut Dice) -> Fact {
    Fact {
        id: format!("fact-{}", dice.roll(50)),
        measure: "staff".into(),
        subject: format!("hub-{}", dice.roll(N_HUBS)),
        value: Some(dice.roll(1_000_000) as f64),
        unit: "count".into(),
        source: "report".into(),
        ..Default::default()
    }
}
