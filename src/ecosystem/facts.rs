//! Facts: figures with their periods and sources; totals and shares recomputed from their parts.
//!
//! A figure that the source prints stands beside what its parts give, and says where they differ.

use serde::Serialize;
use weft_graph::{Certainty, Derivation, Fact, Qualifier, Snapshot};
use weft_value::PartialDate;

use crate::ecosystem::evidence::NodeName;
use crate::ecosystem::question::Question;
use crate::ecosystem::words;

/// Which facts are asked for; all without a filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FactsOptions {
    /// Only of this node, by id.
    pub subject: Option<String>,
    /// Only measures with this in them, in capitals or not.
    pub measure: Option<String>,
}

/// The answer to `facts`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Facts {
    /// The weakest certainty that counts.
    pub floor: Certainty,
    /// The facts, by id.
    pub rows: Vec<FactRow>,
    /// How many of them follow from others and were recomputed.
    pub n_recomputed: usize,
    /// How many of those differ from what their parts give.
    pub n_differ: usize,
}

/// One figure.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct FactRow {
    /// The stable id.
    pub id: String,
    /// What is measured.
    pub measure: String,
    /// Of whom.
    pub subject: NodeName,
    /// The part of the measure.
    pub category: Option<String>,
    /// When.
    pub period: Option<String>,
    /// The number; none where the source has lost it.
    pub value: Option<f64>,
    /// In what.
    pub unit: String,
    /// How exactly.
    pub qualifier: Qualifier,
    /// The id of the source.
    pub source: String,
    /// Its title.
    pub title: Option<String>,
    /// Its date.
    pub date: Option<PartialDate>,
    /// Where in the source.
    pub locator: String,
    /// How sure.
    pub certainty: Certainty,
    /// Anything else.
    pub note: Option<String>,
    /// For a total, share, mean or ratio: what its parts give.
    pub recomputed: Option<Recomputed>,
}

/// A figure beside what its parts give.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Recomputed {
    /// How it follows from its parts.
    pub derivation: Derivation,
    /// What the parts give; none where one is missing.
    pub value: Option<f64>,
    /// The source's figure less that.
    pub difference: Option<f64>,
    /// Whether the two agree.
    pub verdict: Verdict,
    /// The parts, in the order in which they enter.
    pub parts: Vec<FactPart>,
    /// In words.
    pub sentence: String,
}

/// Whether a printed figure agrees with its parts.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Within the rounding of the figures printed.
    Agrees,
    /// Farther apart than rounding explains.
    Differs,
    /// A part is missing, or one of the figures is only a bound.
    CannotSay,
}

/// One part of a total or a share.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct FactPart {
    /// The fact.
    pub id: String,
    /// What it measures; none if there is no such fact.
    pub measure: Option<String>,
    /// The number.
    pub value: Option<f64>,
    /// How exactly.
    pub qualifier: Option<Qualifier>,
}

/// Returns the facts asked for, at or above the floor, each recomputed where it follows from others.
///
/// O(facts + parts log facts).
pub fn facts(snapshot: &Snapshot, question: &Question, options: &FactsOptions) -> Facts {
    let measure = options.measure.as_ref().map(|it| it.to_lowercase());
    let takes = |it: &&Fact| {
        it.certainty <= question.floor
            && options.subject.as_ref().is_none_or(|subject| *subject == it.subject)
            && measure.as_ref().is_none_or(|measure| it.measure.to_lowercase().contains(measure))
    };
    let rows: Vec<FactRow> =
        snapshot.facts().iter().filter(takes).map(|it| row(snapshot, it)).collect();
    let verdicts = || rows.iter().filter_map(|it| it.recomputed.as_ref());
    Facts {
        floor: question.floor,
        n_recomputed: verdicts().count(),
        n_differ: verdicts().filter(|it| it.verdict == Verdict::Differs).count(),
        rows,
    }
}

fn row(snapshot: &Snapshot, fact: &Fact) -> FactRow {
    let subject = snapshot.find_node(&fact.subject).map(|it| NodeName::of(snapshot.node(it)));
    let source = snapshot.find_source(&fact.source);
    FactRow {
        id: fact.id.clone(),
        measure: fact.measure.clone(),
        subject: subject.expect("a fact is about a node that is there"),
        category: fact.category.clone(),
        period: fact.period.as_ref().map(|it| it.to_string()),
        value: fact.value,
        unit: fact.unit.clone(),
        qualifier: fact.qualifier,
        source: fact.source.clone(),
        title: source.map(|it| it.title.clone()),
        date: source.and_then(|it| it.date),
        locator: fact.locator.clone(),
        certainty: fact.certainty,
        note: fact.note.clone(),
        recomputed: fact.derived.map(|it| recompute(snapshot, fact, it)),
    }
}

fn recompute(snapshot: &Snapshot, fact: &Fact, derivation: Derivation) -> Recomputed {
    let found: Vec<Option<&Fact>> = fact.of.iter().map(|it| snapshot.find_fact(it)).collect();
    let recomputed = fact.recompute(&found);
    let value = recomputed.and_then(|it| it.value);
    let difference = fact.value.zip(value).map(|(printed, computed)| printed - computed);
    let verdict = match recomputed.and_then(|it| it.agrees) {
        Some(true) => Verdict::Agrees,
        Some(false) => Verdict::Differs,
        None => Verdict::CannotSay,
    };
    let result = match derivation {
        Derivation::Share | Derivation::Rank => {
            format!("{} that its parts give", derivation.as_str())
        }
        other => format!("{} of its parts", other.as_str()),
    };
    // The sentence is for reading; the figure itself stands beside it, not rounded.
    let shown = value.map(|it| (it * 100.0).round() / 100.0);
    let is_about = derivation != Derivation::Rank
        && found.iter().flatten().any(|it| it.qualifier == Qualifier::About);
    let about = if is_about { "about " } else { "" };
    let is_printed = shown == fact.value && !is_about;
    let shown = shown.map(|it| format!("{about}{}", words::number(it)));
    let sentence = match (shown, verdict) {
        (None, _) => format!("the {result} cannot be computed: one is missing"),
        (Some(value), Verdict::Agrees) if is_printed => {
            format!("agrees with the {result}, {value}")
        }
        (Some(value), Verdict::Agrees) => {
            format!("agrees within rounding: the {result} is {value}")
        }
        (Some(value), Verdict::Differs) => format!("does not agree: the {result} is {value}"),
        (Some(value), Verdict::CannotSay) => {
            format!("the {result} is {value}, but one of the figures is only a bound")
        }
    };
    let parts = fact.of.iter().zip(&found).map(|(id, part)| FactPart {
        id: id.clone(),
        measure: part.map(|it| it.measure.clone()),
        value: part.and_then(|it| it.value),
        qualifier: part.map(|it| it.qualifier),
    });
    Recomputed { derivation, value, difference, verdict, parts: parts.collect(), sentence }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::{Change, ChangeSet, fixture};

    fn fact(id: &str, value: f64, unit: &str) -> Fact {
        Fact {
            id: id.into(),
            measure: "Patents".into(),
            subject: "leeds".into(),
            value: Some(value),
            unit: unit.into(),
            source: "report".into(),
            ..Default::default()
        }
    }

    #[track_caller]
    fn check(total: Fact, parts: &[f64], unit: &str, verdict: Verdict) {
        let mut changes = Vec::new();
        let mut total = total;
        for (at, &value) in parts.iter().enumerate() {
            total.of.push(format!("part-{at}"));
            changes.push(Change::PutFact(fact(&format!("part-{at}"), value, unit)));
        }
        changes.push(Change::PutFact(total));
        let snapshot = fixture("leeds:place").with(&ChangeSet { changes }).unwrap();
        let options = FactsOptions { subject: None, measure: Some("patent".into()) };
        let found = facts(&snapshot, &Question::default(), &options);
        let row = found.rows.iter().find(|it| it.id == "total").unwrap();
        assert_eq!(row.recomputed.as_ref().unwrap().verdict, verdict, "{row:?}");
        assert_eq!((found.rows.len(), found.n_recomputed), (parts.len() + 1, 1));
        assert_eq!(found.n_differ, usize::from(verdict == Verdict::Differs));
    }

    fn derived(value: f64, unit: &str, derivation: Derivation) -> Fact {
        Fact { derived: Some(derivation), ..fact("total", value, unit) }
    }

    #[test]
    fn counts_must_add_up_exactly() {
        check(derived(7.0, "count", Derivation::Sum), &[3.0, 4.0], "count", Verdict::Agrees);
        check(derived(8.0, "count", Derivation::Sum), &[3.0, 4.0], "count", Verdict::Differs);
    }

    #[test]
    fn rounding_is_no_difference() {
        check(derived(33.0, "percent", Derivation::Share), &[1.0, 3.0], "count", Verdict::Agrees);
        check(derived(34.0, "percent", Derivation::Share), &[1.0, 3.0], "count", Verdict::Differs);
        let thirds = [33.0, 33.0, 33.0];
        check(derived(100.0, "percent", Derivation::Sum), &thirds, "percent", Verdict::Agrees);
        check(derived(96.0, "percent", Derivation::Sum), &thirds, "percent", Verdict::Differs);
    }

    #[test]
    fn a_printed_rank_is_held_against_the_figures_that_it_ranks() {
        let rank = |value| derived(value, "rank", Derivation::Rank);
        check(rank(2.0), &[20.0, 31.0, 12.0], "count", Verdict::Agrees);
        check(rank(3.0), &[20.0, 31.0, 12.0], "count", Verdict::Differs);
        // Equal counts share a place; equal percentages may differ behind their last digit.
        check(rank(1.0), &[20.0, 20.0], "count", Verdict::Agrees);
        check(rank(2.0), &[20.0, 20.0], "count", Verdict::Differs);
        check(rank(2.0), &[20.0, 20.0], "percent", Verdict::Agrees);
        check(rank(3.0), &[20.0, 20.0], "percent", Verdict::Differs);
    }

    #[test]
    fn a_figure_that_differs_or_agrees_by_rounding_alone_says_so() {
        let says = |total: Fact, parts: &[f64], unit: &str, expected: &str| {
            let mut total = total;
            let mut changes = Vec::new();
            for (at, &value) in parts.iter().enumerate() {
                total.of.push(format!("part-{at}"));
                changes.push(Change::PutFact(fact(&format!("part-{at}"), value, unit)));
            }
            changes.push(Change::PutFact(total));
            let snapshot = fixture("leeds:place").with(&ChangeSet { changes }).unwrap();
            let found = facts(&snapshot, &Question::default(), &FactsOptions::default());
            let mut said = found.rows.iter().filter_map(|it| it.recomputed.as_ref());
            assert_eq!(said.next().unwrap().sentence, expected);
        };
        let sum = |value| derived(value, "count", Derivation::Sum);
        says(sum(7.0), &[3.0, 4.0], "count", "agrees with the sum of its parts, 7");
        says(sum(8.0), &[3.0, 4.0], "count", "does not agree: the sum of its parts is 7");
        let percent = |value, derivation| derived(value, "percent", derivation);
        let rounded = "agrees within rounding: the sum of its parts is 99";
        says(percent(100.0, Derivation::Sum), &[33.0, 33.0, 33.0], "percent", rounded);
        let share = "agrees within rounding: the share that its parts give is 33.33";
        says(percent(33.0, Derivation::Share), &[1.0, 3.0], "count", share);
        let rank = "does not agree: the rank that its parts give is 2";
        says(derived(3.0, "rank", Derivation::Rank), &[20.0, 31.0, 12.0], "count", rank);
    }

    #[test]
    fn what_is_made_of_round_figures_is_called_about() {
        let about = |id: &str, value: f64| {
            Change::PutFact(Fact { qualifier: Qualifier::About, ..fact(id, value, "count") })
        };
        let of = vec!["staff".to_owned(), "all".to_owned()];
        let share = Fact { of, ..derived(78.0, "percent", Derivation::Share) };
        let changes = vec![about("staff", 12e3), about("all", 15e3), Change::PutFact(share)];
        let snapshot = fixture("leeds:place").with(&ChangeSet { changes }).unwrap();
        let found = facts(&snapshot, &Question::default(), &FactsOptions::default());
        let sentences = found.rows.iter().filter_map(|it| it.recomputed.as_ref());
        let sentences: Vec<&str> = sentences.map(|it| it.sentence.as_str()).collect();
        assert_eq!(
            sentences,
            ["agrees within rounding: the share that its parts give is about 80"]
        );
    }

    #[test]
    fn bounds_are_not_called_wrong_and_round_figures_have_slack() {
        let bound =
            Fact { qualifier: Qualifier::AtLeast, ..derived(9.0, "count", Derivation::Sum) };
        check(bound, &[3.0, 4.0], "count", Verdict::CannotSay);
        let about = |value| Fact {
            qualifier: Qualifier::About,
            ..derived(value, "count", Derivation::Sum)
        };
        check(about(90.0), &[30.0, 56.0], "count", Verdict::Agrees);
        check(about(80.0), &[30.0, 56.0], "count", Verdict::Differs);
    }
}
