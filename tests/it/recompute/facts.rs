//! Figures of the sources: as imported, and those that follow from others recomputed from their parts.

use std::collections::BTreeMap;

use super::Ctx;
use super::audit::At;

pub(super) fn check(facts: &At<'_>, ctx: &Ctx<'_>) {
    let rows = facts.get("rows").items();
    let by_id: BTreeMap<&str, &At<'_>> = rows.iter().map(|it| (it.id(), it)).collect();
    assert_eq!(by_id.len(), ctx.raw.facts.len());
    let (mut n_recomputed, mut n_differ) = (0, 0);
    for row in &rows {
        let imported = ctx.raw.facts[row.id()];
        row.get("value").measures_or_none(imported.get("value").and_then(|it| it.as_f64()));
        for field in ["unit", "qualifier"] {
            assert_eq!(Some(row.get(field).value()), imported.get(field), "{}", row.id());
        }
        let recomputed = row.get("recomputed");
        assert_eq!(recomputed.is_null(), imported.get("derived").is_none());
        if !recomputed.is_null() {
            n_recomputed += 1;
            n_differ += usize::from(recompute(row, &by_id));
        }
    }
    facts.get("n_recomputed").is(n_recomputed);
    facts.get("n_differ").is(n_differ);
}

/// Checks what the parts give, and returns whether the printed figure differs.
fn recompute(row: &At<'_>, by_id: &BTreeMap<&str, &At<'_>>) -> bool {
    let recomputed = row.get("recomputed");
    let mut parts = Vec::new();
    for part in recomputed.get("parts").items() {
        let fact = by_id[part.id()];
        part.get("value").measures_or_none(fact.get("value").number());
        part.get("qualifier").says(fact.get("qualifier").text());
        parts.push(fact);
    }
    let values: Option<Vec<f64>> = parts.iter().map(|it| it.get("value").number()).collect();
    let value = values.as_deref().map(|values| {
        let sum: f64 = values.iter().sum();
        match (recomputed.get("derivation").text(), values) {
            ("sum", _) => sum,
            ("mean", _) => sum / values.len() as f64,
            ("share", [part, whole]) => 100.0 * part / whole,
            ("ratio", [a, b]) => a / b,
            other => panic!("{other:?} is no way to follow from parts"),
        }
    });
    recomputed.get("value").measures_or_none(value);
    let printed = row.get("value").number();
    let difference = printed.zip(value).map(|(printed, value)| printed - value);
    recomputed.get("difference").measures_or_none(difference);
    let qualifiers = parts.iter().chain([&row]).map(|it| it.get("qualifier").text());
    let has_bound = qualifiers.into_iter().any(|it| !["exact", "about"].contains(&it));
    let agrees = values.is_some() && {
        let (low, high) = extremes(recomputed.get("derivation").text(), &parts);
        let (printed_low, printed_high) = interval(row);
        let nothing = 1e-9 * printed_high.abs();
        low <= printed_high + nothing && printed_low <= high + nothing
    };
    let verdict = match value {
        Some(_) if agrees => "agrees",
        Some(_) if !has_bound => "differs",
        _ => "cannot_say",
    };
    recomputed.get("verdict").says(verdict);
    verdict == "differs"
}

/// The least and the most that parts give, each of them anywhere in its interval.
fn extremes(derivation: &str, parts: &[&At<'_>]) -> (f64, f64) {
    let intervals: Vec<(f64, f64)> = parts.iter().map(|it| interval(it)).collect();
    let low: f64 = intervals.iter().map(|it| it.0).sum();
    let high: f64 = intervals.iter().map(|it| it.1).sum();
    let quotient = |by: f64| match intervals[..] {
        [a, b] => (by * a.0 / b.1, by * a.1 / b.0),
        _ => panic!("a {derivation} has two parts"),
    };
    match derivation {
        "sum" => (low, high),
        "mean" => (low / parts.len() as f64, high / parts.len() as f64),
        "share" => quotient(100.0),
        _ => quotient(1.0),
    }
}

/// Everything that would be printed as this figure: half of its last digit either way.
///
/// A count is as it is, unless its words say that it is rounded; then the zeros at its end may be.
fn interval(fact: &At<'_>) -> (f64, f64) {
    let value = fact.get("value").number().unwrap();
    let text = value.to_string();
    let is_counted = ["count", "people", "rank"].contains(&fact.get("unit").text());
    let n_zeros = text.chars().rev().take_while(|it| *it == '0').count();
    let last_digit = match (text.split_once('.'), fact.get("qualifier").text()) {
        (Some((_, decimals)), _) => 0.1_f64.powi(decimals.len() as i32),
        (None, "exact") if is_counted => 0.0,
        (None, "exact") => 1.0,
        (None, _) => 10_f64.powi(n_zeros as i32),
    };
    (value - last_digit / 2.0, value + last_digit / 2.0)
}
