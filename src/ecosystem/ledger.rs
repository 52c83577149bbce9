//! The ledger of introductions: proposed, accepted, declined, made, and what came of them.
//!
//! An introduction is a tie of the relation `introduction` from the start-up to the body that it is to
//! meet, with its steps and their days as properties and one claim a step; it carries no introduction
//! itself. One that is made brings a second tie, `introduced_to`, which does, and names its origin.
//! Notes of one's own work say nothing new of the ecosystem: they rest on one source without a date, so
//! that they never move the day that answers speak of. That two have met is news, and has a dated one.
//! A step is known from its day on: [`known_on`] takes back what was written down of later days.
//! Returns changes and applies none; knows no clock.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_graph::{
    Change, ChangeSet, Claim, ClaimRef, Ends, NodeIdx, Snapshot, Source, TieRecord, TieRef,
};
use weft_value::{PartialDate, Value};

use crate::ecosystem::Error;
use crate::ecosystem::evidence::NodeName;
use crate::ecosystem::question::Ground;

/// The relation of an introduction in hand.
pub(crate) const INTRODUCTION: &str = "introduction";
/// The relation of one that was made.
const INTRODUCED_TO: &str = "introduced_to";
/// Who introduces: ids, parted by `|`.
const BY: &str = "introduced_by";
/// The programme in which it is made, by id.
const PROGRAMME: &str = "programme";
/// How far it is.
const STATUS: &str = "status";
/// What came of it.
const OUTCOME: &str = "outcome";
/// The introduction that a tie comes from, by id.
const ORIGIN: &str = "origin";
/// The source of the notes, by id.
const NOTES: &str = "introductions";
/// What stands between the day of an outcome and its text.
const DAY_END: &str = ": ";

/// How far an introduction is.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Somebody means to make it.
    Proposed,
    /// Both sides want it.
    Accepted,
    /// One side does not.
    Declined,
    /// They have met.
    Made,
}

/// What is to be written down.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A new introduction, with who introduces and in which programme.
    Propose {
        /// Who introduces.
        by: Vec<NodeIdx>,
        /// In which programme.
        programme: Option<NodeIdx>,
    },
    /// It goes on to this stage.
    To(Stage),
    /// What came of one that was made.
    Outcome(String),
}

/// Who writes it down, when, and what else there is to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The start-up.
    pub start_up: NodeIdx,
    /// Whom it is to meet.
    pub to: NodeIdx,
    /// The day of the step.
    pub day: PartialDate,
    /// Who says so.
    pub who: String,
    /// Anything else.
    pub note: Option<String>,
}

/// All introductions, and what each programme's led to.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Ledger {
    /// The introductions, the newest first.
    pub rows: Vec<Introduction>,
    /// By programme, those in none last.
    pub programmes: Vec<ProgrammeIntroductions>,
}

/// One introduction.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Introduction {
    /// The id of its tie.
    pub id: String,
    /// The start-up.
    pub start_up: NodeName,
    /// Whom it is to meet.
    pub to: NodeName,
    /// Who introduces.
    pub by: Vec<NodeName>,
    /// In which programme.
    pub programme: Option<NodeName>,
    /// How far it is.
    pub status: Stage,
    /// The day of each step.
    pub days: BTreeMap<String, PartialDate>,
    /// What came of it.
    pub outcome: Option<String>,
}

/// What the introductions of a programme led to.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct ProgrammeIntroductions {
    /// The programme; none for introductions outside any.
    pub programme: Option<NodeName>,
    /// How many introductions were written down.
    pub n_proposed: usize,
    /// How many of them both sides wanted, made ones included.
    pub n_accepted: usize,
    /// How many one side did not want.
    pub n_declined: usize,
    /// How many were made.
    pub n_made: usize,
    /// What came of those.
    pub outcomes: Vec<String>,
}

/// What stands between two bodies when new introductions are looked for: by indices of a view.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    /// By start-up, whom it is to meet already.
    pub(crate) in_hand: BTreeMap<u32, BTreeSet<u32>>,
    /// By start-up, whom it shall not meet.
    pub(crate) declined: BTreeMap<u32, BTreeSet<u32>>,
    /// In how many of those in hand a body is met.
    pub(crate) n_met: BTreeMap<u32, usize>,
    /// In how many of those in hand it introduces.
    pub(crate) n_introduces: BTreeMap<u32, usize>,
}

impl Standing {
    /// Reads the introductions written down by D, or all where no day was asked for; of two bodies the
    /// newest counts. O(ties).
    pub(crate) fn of(ground: &Ground<'_>) -> Self {
        let snapshot = ground.snapshot;
        // The usual day is that of the newest source, and notes of today come after it.
        let key = ground.question.as_of.map(PartialDate::last_key);
        let index = |id: &str| ground.view.index_of(snapshot.find_node(id)?);
        let mut newest: BTreeMap<(u32, u32), (TieRef<'_>, Stage)> = BTreeMap::new();
        for tie in snapshot.ties().map(|it| snapshot.tie(it)) {
            if tie.relation().id != INTRODUCTION {
                continue;
            }
            let ends = [tie.source(), tie.target()].map(|it| ground.view.index_of(it));
            let [Some(start_up), Some(to)] = ends else { continue };
            let Some(stage) = stage_on(tie, key) else { continue };
            let known = newest.entry((start_up, to)).or_insert((tie, stage));
            if order(tie) > order(known.0) {
                *known = (tie, stage);
            }
        }
        let mut res = Self::default();
        for ((start_up, to), (tie, status)) in newest {
            match status {
                Stage::Made => {}
                Stage::Declined => {
                    res.declined.entry(start_up).or_default().insert(to);
                }
                Stage::Proposed | Stage::Accepted => {
                    res.in_hand.entry(start_up).or_default().insert(to);
                    *res.n_met.entry(to).or_insert(0) += 1;
                    let by = text_of(tie, BY).unwrap_or_default().split('|').filter_map(index);
                    by.for_each(|it| *res.n_introduces.entry(it).or_insert(0) += 1);
                }
            }
        }
        res
    }

    /// Whom a start-up is not to be introduced to again.
    pub(crate) fn closed(&self, start_up: u32) -> BTreeSet<u32> {
        let both = [&self.in_hand, &self.declined].into_iter().filter_map(|it| it.get(&start_up));
        both.flatten().copied().collect()
    }
}

impl Stage {
    /// All of them, in their order.
    const ALL: [Self; 4] = [Self::Proposed, Self::Accepted, Self::Declined, Self::Made];

    /// The word that files use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Made => "made",
        }
    }

    /// Whether an introduction at this stage can go on to another.
    fn leads_to(self, next: Self) -> bool {
        match self {
            Self::Proposed => next != Self::Proposed,
            Self::Accepted => matches!(next, Self::Declined | Self::Made),
            Self::Declined | Self::Made => false,
        }
    }
}

/// Returns what a step changes: one revision's worth.
///
/// # Errors
/// If the schema lacks the relations, if there is no introduction for the step to go on from, or one in
/// hand already, or if the step is dated before the one that it follows.
pub fn step(snapshot: &Snapshot, entry: &Entry, step: &Step) -> Result<ChangeSet, Error> {
    for relation in [INTRODUCTION, INTRODUCED_TO] {
        if snapshot.schema().relation_id(relation).is_none() {
            return Err(Error::NoRelation { relation });
        }
    }
    let newest = newest_between(snapshot, entry);
    let status = newest.map(status_of);
    let id = |it: NodeIdx| snapshot.node(it).id().to_owned();
    let record = match (step, newest) {
        (Step::Propose { .. }, Some(tie))
            if matches!(status, Some(Stage::Proposed | Stage::Accepted)) =>
        {
            return Err(not_now(tie, "is in hand already"));
        }
        (Step::Propose { by, programme }, before) => {
            refuse_who_cannot_meet(snapshot, entry)?;
            // One that was declined on the same day stays beside it.
            let same_day = before.filter(|it| it.valid_from() == Some(entry.day));
            let key = same_day.map(|it| (order(it).1 + 1).to_string());
            let by: Vec<String> = by.iter().map(|&it| id(it)).collect();
            let texts = [
                (BY, (!by.is_empty()).then(|| by.join("|"))),
                (PROGRAMME, programme.map(id)),
                (STATUS, Some(Stage::Proposed.as_str().to_owned())),
                (Stage::Proposed.as_str(), Some(entry.day.to_string())),
            ];
            let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text?)));
            TieRecord {
                source: id(entry.start_up),
                relation: INTRODUCTION.to_owned(),
                target: id(entry.to),
                valid_from: Some(entry.day),
                key,
                role: Some(Stage::Proposed.as_str().to_owned()),
                properties: texts
                    .map(|(name, text)| (name.to_owned(), Value::String(text)))
                    .collect(),
                ..TieRecord::default()
            }
        }
        (_, None) => {
            let [start_up, to] = [entry.start_up, entry.to].map(|it| snapshot.node(it).id());
            return Err(Error::NoIntroduction { start_up: start_up.into(), to: to.into() });
        }
        (Step::To(next), Some(tie)) => {
            let now = status_of(tie);
            if !now.leads_to(*next) {
                return Err(not_now(tie, &format!("is {} already", now.as_str())));
            }
            in_order(tie, now.as_str(), entry)?;
            let mut record = tie.record();
            let day = entry.day.to_string();
            let word = next.as_str().to_owned();
            record.properties.insert(STATUS.to_owned(), Value::String(word.clone()));
            record.properties.insert(word.clone(), Value::String(day));
            // What a reader sees beside the tie, on its last day too.
            record.role = Some(word);
            if matches!(next, Stage::Made | Stage::Declined) {
                record.valid_to = Some(last_day(tie, entry.day));
            }
            record
        }
        (Step::Outcome(text), Some(tie)) => {
            if status_of(tie) != Stage::Made {
                return Err(not_now(tie, "is not made yet, so nothing can have come of it"));
            }
            in_order(tie, Stage::Made.as_str(), entry)?;
            let mut record = tie.record();
            let mut all: Vec<Value> =
                outcomes_of(tie).map(|it| Value::String(it.to_owned())).collect();
            all.push(Value::String(format!("{}{DAY_END}{text}", entry.day)));
            record.properties.insert(OUTCOME.to_owned(), Value::List(all));
            record
        }
    };
    let notes = known_or(snapshot, notes());
    let word = match step {
        Step::Propose { .. } => Stage::Proposed.as_str(),
        Step::To(stage) => stage.as_str(),
        Step::Outcome(_) => OUTCOME,
    };
    let claim = Claim {
        source: notes.id.clone(),
        locator: format!("{word} {}, by {}", entry.day, entry.who),
        // By which it is known on which day.
        retrieved: Some(entry.day),
        note: entry.note.clone(),
        ..Claim::default()
    };
    let mut record = record;
    record.claims.push(claim.clone());
    let mut changes = vec![Change::PutSource(notes)];
    if *step == Step::To(Stage::Made) {
        let source = known_or(snapshot, meetings(entry));
        let claim = Claim { source: source.id.clone(), ..claim };
        changes.push(Change::PutSource(source));
        changes.push(Change::PutTie(made(&record, entry, claim)));
    }
    changes.push(Change::PutTie(record));
    Ok(ChangeSet { changes })
}

/// The tie that a made introduction leaves, with where it comes from.
fn made(introduction: &TieRecord, entry: &Entry, claim: Claim) -> TieRecord {
    let mut properties: BTreeMap<String, Value> = BTreeMap::new();
    properties.insert(ORIGIN.to_owned(), Value::String(introduction.id()));
    for name in [BY, PROGRAMME] {
        if let Some(value) = introduction.properties.get(name) {
            properties.insert(name.to_owned(), value.clone());
        }
    }
    TieRecord {
        source: introduction.source.clone(),
        relation: INTRODUCED_TO.to_owned(),
        target: introduction.target.clone(),
        valid_from: Some(entry.day),
        key: introduction.key.clone(),
        properties,
        claims: vec![claim],
        ..TieRecord::default()
    }
}

/// Returns every introduction, and what came of those of each programme; with a day, as far as that
/// was known on it. O(ties).
pub fn ledger(snapshot: &Snapshot, day: Option<PartialDate>) -> Ledger {
    let snapshot = &known_on(snapshot, day);
    let ties = snapshot.ties().map(|it| snapshot.tie(it));
    let named = |id: &str| snapshot.find_node(id).map(|it| NodeName::of(snapshot.node(it)));
    let mut rows: Vec<Introduction> = ties
        .filter(|it| it.relation().id == INTRODUCTION)
        .map(|tie| Introduction {
            id: tie.id(),
            start_up: NodeName::of(snapshot.node(tie.source())),
            to: NodeName::of(snapshot.node(tie.target())),
            by: text_of(tie, BY).iter().flat_map(|it| it.split('|')).filter_map(named).collect(),
            programme: text_of(tie, PROGRAMME).and_then(named),
            status: status_of(tie),
            days: Stage::ALL
                .iter()
                .filter_map(|it| Some((it.as_str().to_owned(), day_of(tie, it.as_str())?)))
                .collect(),
            outcome: outcome_words(tie),
        })
        .collect();
    let first_day = |it: &Introduction| it.days.get("proposed").map(|it| it.last_key());
    rows.sort_by(|a, b| first_day(b).cmp(&first_day(a)).then_with(|| a.id.cmp(&b.id)));
    let mut programmes: Vec<ProgrammeIntroductions> = Vec::new();
    for row in &rows {
        let at = programmes.iter().position(|it| it.programme == row.programme);
        let at = at.unwrap_or_else(|| {
            programmes.push(ProgrammeIntroductions::none_of(row.programme.clone()));
            programmes.len() - 1
        });
        let it = &mut programmes[at];
        it.n_proposed += 1;
        it.n_accepted += usize::from(
            row.status == Stage::Made || row.days.contains_key(Stage::Accepted.as_str()),
        );
        it.n_declined += usize::from(row.status == Stage::Declined);
        it.n_made += usize::from(row.status == Stage::Made);
        it.outcomes.extend(
            row.outcome
                .iter()
                .map(|outcome| format!("{} and {}: {outcome}", row.start_up.name, row.to.name)),
        );
    }
    programmes.sort_by_key(|it| (it.programme.is_none(), it.programme.clone().map(|it| it.id)));
    Ledger { rows, programmes }
}

/// Returns the graph with introductions as they were known on a day: those proposed later are left
/// out, and so are later steps of the others, and what rests on later meetings; without a day all stays.
/// O(ties), and O(claims) where there were later meetings.
///
/// An introduction is changed as it goes on, so that its tie holds what is known today.
#[must_use]
pub fn known_on(snapshot: &Snapshot, day: Option<PartialDate>) -> Snapshot {
    let Some(key) = day.map(PartialDate::last_key) else { return snapshot.clone() };
    let relation = |id| snapshot.schema().relation_id(id);
    let (in_hand, met) = (relation(INTRODUCTION), relation(INTRODUCED_TO));
    let mut changes = Vec::new();
    let mut meetings: BTreeSet<&str> = BTreeSet::new();
    for tie in snapshot.ties().map(|it| snapshot.tie(it)) {
        let relation = Some(tie.relation_id());
        if relation == in_hand {
            changes.extend(taken_back(tie, key));
        } else if relation == met && tie.valid_from().is_some_and(|it| key < it.last_key()) {
            // It is not in on that day, and would still be evidence of the start-up.
            changes.push(Change::RemoveTie(tie.id()));
            meetings.extend(tie.claims().map(|it| it.source().id.as_str()));
        }
    }
    if changes.is_empty() {
        return snapshot.clone();
    }
    let sound = "an introduction was sound on each of its days, and nothing rests on it";
    let known = snapshot.with(&ChangeSet { changes }).expect(sound);
    if meetings.is_empty() {
        return known;
    }
    for claim in all_claims(&known) {
        meetings.remove(claim.source().id.as_str());
    }
    for fact in known.facts() {
        meetings.remove(fact.source.as_str());
    }
    let changes = meetings.into_iter().map(|it| Change::RemoveSource(it.to_owned())).collect();
    known.with(&ChangeSet { changes }).expect("nothing rests on these sources any more")
}

fn all_claims(snapshot: &Snapshot) -> impl Iterator<Item = ClaimRef<'_>> {
    let nodes = snapshot.nodes().flat_map(|it| snapshot.node(it).claims());
    nodes.chain(snapshot.ties().flat_map(|it| snapshot.tie(it).claims()))
}

/// The change that takes back what is written down of an introduction after a day; none if all of it
/// was known then.
fn taken_back(tie: TieRef<'_>, key: i32) -> Option<Change> {
    let Some(stage) = stage_on(tie, Some(key)) else { return Some(Change::RemoveTie(tie.id())) };
    let is_later = |day: PartialDate| key < day.last_key();
    let mut record = tie.record();
    if stage != status_of(tie) {
        let later = Stage::ALL.map(Stage::as_str);
        let later = later.iter().filter(|it| day_of(tie, it).is_some_and(is_later));
        later.for_each(|it| drop(record.properties.remove(*it)));
        let word = stage.as_str().to_owned();
        record.properties.insert(STATUS.to_owned(), Value::String(word.clone()));
        record.role = Some(word);
        // Only the last step ends it.
        record.valid_to = None;
    }
    let known = outcomes_of(tie).filter(|it| !dated(it).0.is_some_and(is_later));
    let known: Vec<Value> = known.map(|it| Value::String(it.to_owned())).collect();
    if known.is_empty() {
        record.properties.remove(OUTCOME);
    } else if known.len() < outcomes_of(tie).count() {
        record.properties.insert(OUTCOME.to_owned(), Value::List(known));
    }
    record.claims.retain(|it| it.source != NOTES || !it.retrieved.is_some_and(is_later));
    (record != tie.record()).then_some(Change::PutTie(record))
}

/// The sources that speak of the ecosystem: all but the notes of introductions.
pub fn sources_of_data(snapshot: &Snapshot) -> impl Iterator<Item = &Source> {
    snapshot.sources().filter(|it| it.id != NOTES)
}

impl ProgrammeIntroductions {
    fn none_of(programme: Option<NodeName>) -> Self {
        let (n_proposed, n_accepted, n_declined, n_made) = (0, 0, 0, 0);
        Self { programme, n_proposed, n_accepted, n_declined, n_made, outcomes: Vec::new() }
    }
}

/// The newest introduction of the two.
fn newest_between<'a>(snapshot: &'a Snapshot, entry: &Entry) -> Option<TieRef<'a>> {
    let ties = snapshot.out_ties(entry.start_up).map(|it| snapshot.tie(it));
    ties.filter(|it| it.relation().id == INTRODUCTION && it.target() == entry.to)
        .max_by_key(|it| order(*it))
}

/// Introductions of the same two in their order: by day, and as they were numbered on one.
fn order(tie: TieRef<'_>) -> (Option<i32>, u32) {
    let number = tie.record().key.and_then(|it| it.parse().ok());
    (tie.valid_from().map(PartialDate::last_key), number.unwrap_or(1))
}

/// Refuses an introduction of a body to itself, and of what does not act.
fn refuse_who_cannot_meet(snapshot: &Snapshot, entry: &Entry) -> Result<(), Error> {
    let relation = snapshot.schema().relation_id(INTRODUCED_TO);
    for (end, idx) in [(Ends::Source, entry.start_up), (Ends::Target, entry.to)] {
        let node = snapshot.node(idx);
        let id = node.id().to_owned();
        if entry.start_up == entry.to {
            return Err(Error::CannotMeet { id, why: "nobody is introduced to itself".into() });
        }
        let allows = |it| snapshot.schema().allows(it, end, node.kind_id());
        if !relation.is_none_or(allows) {
            let why = format!("what is of the kind `{}` meets nobody", node.kind().id);
            return Err(Error::CannotMeet { id, why });
        }
    }
    Ok(())
}

fn text_of<'a>(tie: TieRef<'a>, name: &str) -> Option<&'a str> {
    match tie.property(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn status_of(tie: TieRef<'_>) -> Stage {
    let word = text_of(tie, STATUS);
    let stage = Stage::ALL.into_iter().find(|it| Some(it.as_str()) == word);
    stage.unwrap_or(Stage::Proposed)
}

/// How far an introduction was on the last day of that key, or is; none if nobody had proposed it.
fn stage_on(tie: TieRef<'_>, key: Option<i32>) -> Option<Stage> {
    let status = status_of(tie);
    let Some(key) = key else { return Some(status) };
    let is_known = |day: PartialDate| day.last_key() <= key;
    if !tie.valid_from().is_none_or(is_known) {
        return None;
    }
    if day_of(tie, status.as_str()).is_none_or(is_known) {
        return Some(status);
    }
    let earlier = Stage::ALL.into_iter().rev();
    let mut earlier = earlier.filter(|it| day_of(tie, it.as_str()).is_some_and(is_known));
    Some(earlier.next().unwrap_or(Stage::Proposed))
}

/// What came of an introduction, each with its day in front: a list, or one text that a file gave.
fn outcomes_of(tie: TieRef<'_>) -> impl Iterator<Item = &str> {
    let all = match tie.property(OUTCOME) {
        Some(Value::List(all)) => all.as_slice(),
        one => one.map(std::slice::from_ref).unwrap_or_default(),
    };
    all.iter().filter_map(|it| match it {
        Value::String(text) => Some(text.as_str()),
        _ => None,
    })
}

/// The day of an outcome, if it has one, and its text.
fn dated(outcome: &str) -> (Option<PartialDate>, &str) {
    let parts = outcome.split_once(DAY_END);
    let parts = parts.and_then(|(day, text)| Some((day.parse().ok()?, text)));
    parts.map_or((None, outcome), |(day, text)| (Some(day), text))
}

/// All that came of an introduction, in its order.
fn outcome_words(tie: TieRef<'_>) -> Option<String> {
    let texts: Vec<&str> = outcomes_of(tie).map(|it| dated(it).1).collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

fn day_of(tie: TieRef<'_>, step: &str) -> Option<PartialDate> {
    match tie.property(step)? {
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A step comes on the day of the one that it follows, or later.
fn in_order(tie: TieRef<'_>, before: &str, entry: &Entry) -> Result<(), Error> {
    match day_of(tie, before) {
        Some(day) if entry.day.last_key() < day.last_key() => {
            Err(not_now(tie, &format!("was {before} on {day}, after {}", entry.day)))
        }
        _ => Ok(()),
    }
}

fn not_now(tie: TieRef<'_>, why: &str) -> Error {
    Error::IntroductionElsewhere { id: tie.id(), why: why.to_owned() }
}

/// The last day on which two were still to be introduced: the eve of that step, for on its day they no
/// longer are; the day itself where the introduction was proposed no earlier.
fn last_day(tie: TieRef<'_>, day: PartialDate) -> PartialDate {
    let first = tie.valid_from().map(PartialDate::first_key);
    let eve = day.eve().filter(|it| first.is_none_or(|first| first <= it.last_key()));
    eve.unwrap_or(day)
}

/// What notes of one's own work rest on; its claims say of which day they are.
fn notes() -> Source {
    let title = "Introductions, written down step by step".to_owned();
    Source { id: NOTES.to_owned(), title, ..Source::default() }
}

/// What the meetings of a day rest on.
fn meetings(entry: &Entry) -> Source {
    let on_or_in = if entry.day.day().is_some() { "on" } else { "in" };
    Source {
        id: format!("{NOTES}-{}", entry.day),
        title: format!("Introductions made {on_or_in} {}", entry.day),
        publisher: Some(entry.who.clone()),
        date: Some(entry.day),
        ..Source::default()
    }
}

/// A source as the graph has it already, if it does.
fn known_or(snapshot: &Snapshot, source: Source) -> Source {
    snapshot.sources().find(|it| it.id == source.id).cloned().unwrap_or(source)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::access::access;
    use crate::ecosystem::introduce::{IntroduceOptions, introduce};
    use crate::ecosystem::plan::{PlanOptions, Planned, plan};
    use crate::ecosystem::question::{Question, newest_source_date};
    use crate::ecosystem::words;
    use weft_analytics::Run;
    use weft_graph::fixture;

    const GRAPH: &str = "s:company{start_up} -partners_with-> h; h -partners_with-> p; \
                         p -meets_need-> t:need; a:accelerator -accelerates-> s";

    fn entry(snapshot: &Snapshot, day: &str) -> Entry {
        let node = |id: &str| snapshot.find_node(id).unwrap();
        Entry {
            start_up: node("s"),
            to: node("p"),
            day: day.parse().unwrap(),
            who: "kim".to_owned(),
            note: None,
        }
    }

    #[track_caller]
    fn after(snapshot: &Snapshot, day: &str, what: &Step) -> Snapshot {
        let changes = step(snapshot, &entry(snapshot, day), what).unwrap();
        snapshot.with(&changes).unwrap()
    }

    fn proposed() -> Snapshot {
        let start = fixture(GRAPH);
        let node = |id: &str| start.find_node(id);
        let by = vec![node("h").unwrap()];
        after(&start, "2024-05-01", &Step::Propose { by, programme: node("a") })
    }

    #[test]
    fn one_that_was_declined_and_proposed_again_on_one_day_is_two() {
        let day = "2024-05-01";
        let declined = after(&proposed(), day, &Step::To(Stage::Declined));
        let again = after(&declined, day, &Step::Propose { by: Vec::new(), programme: None });
        let of = |it: &Snapshot| {
            let rows = ledger(it, None).rows;
            let mut all: Vec<_> = rows.into_iter().map(|it| (it.id, it.status)).collect();
            all.sort_by(|a, b| a.0.cmp(&b.0));
            all
        };
        let first = "s--introduction--p--2024-05-01".to_owned();
        let second = format!("{first}--2");
        assert_eq!(
            of(&again),
            [(first.clone(), Stage::Declined), (second.clone(), Stage::Proposed)]
        );
        let made = after(&again, day, &Step::To(Stage::Made));
        assert_eq!(of(&made), [(first, Stage::Declined), (second, Stage::Made)]);
    }

    #[test]
    fn nobody_is_introduced_to_itself_or_to_a_place() {
        let snapshot = fixture(&format!("{GRAPH}; leeds:place"));
        let propose = Step::Propose { by: Vec::new(), programme: None };
        let refused = |to: &str| {
            let to = snapshot.find_node(to).unwrap();
            let entry = Entry { to, ..entry(&snapshot, "2024-05-01") };
            step(&snapshot, &entry, &propose).unwrap_err().to_string()
        };
        assert!(refused("s").contains("nobody is introduced to itself"));
        assert!(refused("leeds").contains("what is of the kind `place` meets nobody"));
    }

    fn access_of_s(snapshot: &Snapshot) -> Option<f64> {
        access(snapshot, &Question::default(), &mut Run::default()).unwrap().start_ups[0].access
    }

    #[test]
    fn an_introduction_goes_from_step_to_step_and_becomes_a_tie_when_it_is_made() {
        let in_hand = proposed();
        assert_eq!(access_of_s(&in_hand), Some(0.5), "what is only proposed brings nobody nearer");
        let accepted = after(&in_hand, "2024-05-02", &Step::To(Stage::Accepted));
        let made = after(&accepted, "2024-05-09", &Step::To(Stage::Made));
        assert_eq!(access_of_s(&made), Some(1.0));
        let tie = made.find_tie("s--introduced_to--p--2024-05-09").unwrap();
        let tie = made.tie(tie);
        assert_eq!(text_of(tie, ORIGIN), Some("s--introduction--p--2024-05-01"));
        assert_eq!((text_of(tie, BY), text_of(tie, PROGRAMME)), (Some("h"), Some("a")));
        let told = after(&made, "2024-09-01", &Step::Outcome("a trial agreed".into()));
        let told = after(&told, "2025-01", &Step::Outcome("trial begun".into()));
        let found = ledger(&told, None);
        let row = &found.rows[0];
        assert_eq!((row.status, row.by[0].id.as_str()), (Stage::Made, "h"));
        assert_eq!(row.outcome.as_deref(), Some("a trial agreed; trial begun"));
        let days: Vec<_> = row.days.iter().map(|(step, day)| format!("{step} {day}")).collect();
        assert_eq!(days, ["accepted 2024-05-02", "made 2024-05-09", "proposed 2024-05-01"]);
        let programme = &found.programmes[0];
        assert_eq!(programme.programme.as_ref().unwrap().id, "a");
        assert_eq!((programme.n_proposed, programme.n_accepted, programme.n_made), (1, 1, 1));
        assert_eq!(programme.outcomes, ["s and p: a trial agreed; trial begun"]);
        // Who was introduced is not to be introduced any more.
        let proposal = told.tie(told.find_tie("s--introduction--p--2024-05-01").unwrap());
        let span = [proposal.valid_from(), proposal.valid_to()].map(|it| it.unwrap().to_string());
        assert_eq!(span, ["2024-05-01", "2024-05-08"]);
    }

    #[test]
    fn what_is_in_hand_or_declined_is_not_proposed_again_and_counts_against_the_limits() {
        let start = fixture(
            "s:company{start_up} -partners_with-> h; r:company{start_up} -partners_with-> h; \
             h -partners_with-> p; p -meets_need-> t:need; h -partners_with-> q; q -meets_need-> t",
        );
        let ids = |it: &[NodeName]| it.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
        let lists = |snapshot: &Snapshot, as_of: Option<&str>| {
            let question =
                Question { as_of: as_of.map(|it| it.parse().unwrap()), ..Question::default() };
            let s = snapshot.find_node("s").unwrap();
            let found = introduce(snapshot, &question, s, &IntroduceOptions::default()).unwrap();
            let ready: Vec<NodeName> = found.ready_now.iter().map(|it| it.to.clone()).collect();
            assert_eq!(found.n_candidates, 2 - found.in_hand.len() - found.declined.len());
            (ids(&ready), ids(&found.in_hand), ids(&found.declined))
        };
        let planned = |snapshot: &Snapshot, cap: usize| {
            let options = PlanOptions { n_each: 1, cap, ..PlanOptions::default() };
            let found =
                plan(snapshot, &Question::default(), &options, &mut Run::default()).unwrap();
            assert!(found.value <= found.bound);
            let pair = |it: &Planned| format!("{} {}", it.start_up.id, it.card.to.id);
            let of_h =
                found.load.iter().find(|it| it.node.id == "h").map_or(0, |it| it.n_introduces);
            (found.rows.iter().map(pair).collect::<Vec<_>>(), of_h, found.standing())
        };
        let none = Vec::<String>::new();
        let (p, q) = (vec!["p".to_owned()], vec!["q".to_owned()]);
        let both = [p.clone(), q.clone()].concat();
        let by = vec![start.find_node("h").unwrap()];
        let in_hand = after(&start, "2024-05-01", &Step::Propose { by, programme: None });
        assert_eq!(lists(&start, None), (both.clone(), none.clone(), none.clone()));
        // Notes are of no day, so the usual day is before them, and they count all the same.
        assert_eq!(newest_source_date(&in_hand), newest_source_date(&start));
        assert_eq!(lists(&in_hand, None), (q.clone(), p.clone(), none.clone()));
        assert_eq!(lists(&in_hand, Some("2024-04")), (both, none.clone(), none.clone()));
        let said = "1 introduction in hand counts against these limits".to_owned();
        assert_eq!(planned(&in_hand, 2), (vec!["r p".to_owned()], 2, Some(said.clone())));
        assert_eq!(planned(&in_hand, 1), (none.clone(), 1, Some(said)));
        let declined = after(&in_hand, "2024-06", &Step::To(Stage::Declined));
        assert_eq!(lists(&declined, None), (q, none.clone(), p.clone()));
        // What came later was in hand then.
        assert_eq!(lists(&declined, Some("2024-05")).1, p);
        let said = "1 that was declined is not proposed again".to_owned();
        assert_eq!(
            planned(&declined, 2),
            (vec!["r p".to_owned(), "s q".to_owned()], 2, Some(said))
        );
    }

    #[test]
    fn on_an_earlier_day_an_introduction_is_as_it_was_known_then() {
        let accepted = after(&proposed(), "2024-05-03", &Step::To(Stage::Accepted));
        let sources: Vec<&str> = accepted.sources().map(|it| it.id.as_str()).collect();
        let made = after(&accepted, "2024-05-09", &Step::To(Stage::Made));
        let told = after(&made, "2024-09-01", &Step::Outcome("a trial: agreed".into()));
        let told = after(&told, "2024-12", &Step::Outcome("trial begun".into()));
        let on = |day: &str| {
            let day = day.parse().ok();
            let found = ledger(&told, day);
            let [programme] = found.programmes.as_slice() else { return Vec::new() };
            let known = known_on(&told, day);
            let tie = known.tie(known.find_tie("s--introduction--p--2024-05-01").unwrap());
            let row = &found.rows[0];
            vec![
                words::tie_sentence(&known, tie, tie.source()),
                row.days.keys().cloned().collect::<Vec<_>>().join(" "),
                row.outcome.clone().unwrap_or_default(),
                format!("{} {}", programme.n_accepted, programme.n_made),
                tie.claims().count().to_string(),
            ]
        };
        let sentence = |details: &str| format!("s is to be introduced to p ({details})");
        assert_eq!(on("2024-04"), Vec::<String>::new());
        let expected = [&sentence("proposed, since 2024-05-01"), "proposed", "", "0 0", "1"];
        assert_eq!(on("2024-05-02"), expected);
        let open = sentence("accepted, since 2024-05-01");
        assert_eq!(on("2024-05-08"), [&open, "accepted proposed", "", "1 0", "2"]);
        let ended = sentence("made, 2024-05-01 to 2024-05-08");
        let steps = "accepted made proposed";
        assert_eq!(on("2024-06"), [&ended, steps, "", "1 1", "3"]);
        assert_eq!(on("2024-12-31"), [&ended, steps, "a trial: agreed; trial begun", "1 1", "5"]);
        assert_eq!(on("2024-12-30"), [&ended, steps, "a trial: agreed", "1 1", "4"]);
        // What two have told each other since is no evidence of an earlier day.
        let known = known_on(&told, "2024-05-08".parse().ok());
        assert_eq!(known.sources().map(|it| it.id.as_str()).collect::<Vec<_>>(), sources);
        let on_the_eve = |it: &Snapshot| {
            let as_of = "2024-05-08".parse().ok();
            access(it, &Question { as_of, ..Question::default() }, &mut Run::default())
                .unwrap()
                .start_ups
        };
        assert_eq!(on_the_eve(&known), on_the_eve(&accepted));
        assert_eq!(records(&known_on(&told, None)), records(&told));
        assert_eq!(records(&known_on(&told, "2025".parse().ok())), records(&told));
    }

    fn records(snapshot: &Snapshot) -> Vec<TieRecord> {
        snapshot.ties().map(|it| snapshot.tie(it).record()).collect()
    }

    #[test]
    fn every_step_is_a_claim_that_says_its_day() {
        let told = after(&proposed(), "2024-05-02", &Step::To(Stage::Declined));
        let tie = told.tie(told.find_tie("s--introduction--p--2024-05-01").unwrap());
        let claims: Vec<String> =
            tie.claims().map(|it| format!("{}: {}", it.source().id, it.locator())).collect();
        let expected = [
            "introductions: proposed 2024-05-01, by kim",
            "introductions: declined 2024-05-02, by kim",
        ];
        assert_eq!(claims, expected);
        let found = ledger(&told, None);
        assert_eq!((found.programmes[0].n_declined, found.programmes[0].n_made), (1, 0));
    }

    #[test]
    fn notes_change_neither_the_usual_day_nor_any_figure_until_two_have_met() {
        let start = fixture(&GRAPH.replace("company{", "company{@2024-03,"));
        let figures = |it: &Snapshot| {
            (newest_source_date(it), access(it, &Question::default(), &mut Run::default()).unwrap())
        };
        let before = figures(&start);
        let by = vec![start.find_node("h").unwrap()];
        let in_hand = after(&start, "2026-05-01", &Step::Propose { by, programme: None });
        assert_eq!(figures(&in_hand), before);
        let declined = after(&in_hand, "2026-05-02", &Step::To(Stage::Declined));
        assert_eq!(figures(&declined), before);
        let made = after(&in_hand, "2026-05-02", &Step::To(Stage::Made));
        let (day, found) = figures(&made);
        assert_eq!(day.unwrap().to_string(), "2026-05-02");
        assert_eq!(found.start_ups[0].n_sources, before.1.start_ups[0].n_sources + 1);
        assert_eq!(found.start_ups[0].access, Some(1.0));
    }

    #[test]
    fn on_the_day_of_a_meeting_nobody_is_to_be_introduced_any_more() {
        let check = |day: &str, step: Stage, expected: &str| {
            let ended = after(&proposed(), day, &Step::To(step));
            let tie = ended.tie(ended.find_tie("s--introduction--p--2024-05-01").unwrap());
            assert_eq!(words::tie_sentence(&ended, tie, tie.source()), expected);
        };
        let sentence = |details: &str| format!("s is to be introduced to p ({details})");
        check("2024-05-09", Stage::Made, &sentence("made, 2024-05-01 to 2024-05-08"));
        check("2025", Stage::Declined, &sentence("declined, 2024-05-01 to 2024-12-31"));
        // Nobody says at which hour: on its only day it is there, and says what became of it.
        check("2024-05-01", Stage::Made, &sentence("made, 2024-05-01"));
        check("2024-06", Stage::Accepted, &sentence("accepted, since 2024-05-01"));
    }

    #[test]
    fn steps_that_do_not_follow_are_refused() {
        let start = fixture(GRAPH);
        let refused = |snapshot: &Snapshot, day: &str, what: &Step| {
            step(snapshot, &entry(snapshot, day), what).unwrap_err().to_string()
        };
        let made = Step::To(Stage::Made);
        assert!(refused(&start, "2024", &made).starts_with("no introduction of `s` to `p`"));
        let in_hand = proposed();
        let again = Step::Propose { by: Vec::new(), programme: None };
        assert!(refused(&in_hand, "2024-06", &again).contains("is in hand already"));
        assert!(refused(&in_hand, "2023", &made).contains("was proposed on 2024-05-01"));
        assert!(
            refused(&in_hand, "2024-06", &Step::Outcome("x".into())).contains("is not made yet")
        );
        let declined = after(&in_hand, "2024-05-02", &Step::To(Stage::Declined));
        assert!(refused(&declined, "2024-06", &made).contains("is declined already"));
        // Another attempt is another introduction.
        assert_eq!(ledger(&after(&declined, "2025-01-01", &again), None).rows.len(), 2);
    }
}
