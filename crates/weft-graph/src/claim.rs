//! Who says so: sources, claims with their certainty, and which value is shown when claims differ.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use weft_value::{PartialDate, Value};

use crate::stated::{Stated, text_of};
use crate::{Amount, NodeRecord, TieRecord};

/// A document, a register or a person that claims are taken from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    /// The stable id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who published it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// When it was published: the date of every claim on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<PartialDate>,
    /// When it was fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retrieved: Option<PartialDate>,
    /// Under which terms it may be passed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Where it is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How sure a claim is, strongest first: `Stated < Inferred`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Said in words.
    #[default]
    Stated,
    /// Said of two lists together, the pairs not told apart.
    Collective,
    /// Only a name, or a phrase like "the university's centre", says it.
    Implied,
    /// The wording allows a second reading; the note says which.
    Ambiguous,
    /// From knowledge outside the source; the note says why.
    Inferred,
}

/// What a claim denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// It never was: out at every date.
    Never,
    /// It has ended: out from the date in the claim's value, else from the source's date.
    Ended,
}

/// One statement of one source on a record, or on one field of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Claim {
    /// The id of the source.
    pub source: String,
    /// Where in the source: section, table, page, row.
    pub locator: String,
    /// How sure.
    pub certainty: Certainty,
    /// The one field that it speaks of; the whole record without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The value that it states for that field, or the date of an end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What it denies, if it denies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denial: Option<Denial>,
    /// When it was retrieved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retrieved: Option<PartialDate>,
    /// A second reading, a reason, a caution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The dataset whose import brought it; empty for an edit.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dataset: String,
}

/// A field for which claims give different values.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conflict {
    /// The field.
    pub field: String,
    /// The value that is shown.
    pub shown: String,
    /// The other values, each with the id of its source.
    pub others: Vec<(String, String)>,
}

impl Certainty {
    /// All of them, strongest first.
    pub const ALL: [Self; 5] =
        [Self::Stated, Self::Collective, Self::Implied, Self::Ambiguous, Self::Inferred];

    /// The word that files use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Collective => "collective",
            Self::Implied => "implied",
            Self::Ambiguous => "ambiguous",
            Self::Inferred => "inferred",
        }
    }
}

impl FromStr for Certainty {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or(())
    }
}

impl Denial {
    /// The word that files use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Ended => "ended",
        }
    }
}

/// The dates of sources by id, to tell the newer of two claims.
type SourceDate<'a> = dyn Fn(&str) -> Option<PartialDate> + 'a;

/// Returns the node as it is shown: each field with the value of its strongest, then newest claim.
///
/// The row's own value rests on the claims on the whole record, or where claims state the same value for
/// that field, on those and on what the row's source says, by how sure it is of the field; a claim that states another value wins only where it is stronger, or as
/// strong and of a newer source. Claims weaker than the floor do not count: a value that rests on
/// such claims alone is not shown. The conflicts are returned beside the node; no value is lost.
pub fn resolve_node(
    node: &NodeRecord,
    date_of: &SourceDate<'_>,
    floor: Certainty,
) -> (Option<NodeRecord>, Vec<Conflict>) {
    if node.claims.iter().all(|it| it.value.is_none() || it.denial.is_some()) {
        return (None, Vec::new());
    }
    let mut shown = node.clone();
    let stated = Stated::read(&node.claims, node.amount.as_ref(), &node.properties);
    let conflicts =
        resolve_fields(&stated.claims, date_of, floor, |field, value| match (field, &value) {
            ("name", None) => Some(shown.name.clone()),
            // Whoever is named at all keeps a name.
            ("name", Some(value)) if value.is_empty() => None,
            ("name", Some(value)) => set(&mut shown.name, value.clone()),
            ("stage", None) => shown.stage.clone(),
            ("stage", Some(_)) => set(&mut shown.stage, value.filter(|it| !it.is_empty())),
            ("valid_from" | "valid_to" | "amount", _) => {
                dated(&mut shown.valid_from, &mut shown.valid_to, &mut shown.amount, field, value)
            }
            _ => property(&mut shown.properties, &stated, field, value),
        });
    (Some(shown), conflicts)
}

/// Returns the tie as it is shown; see [`resolve_node`].
pub fn resolve_tie(
    tie: &TieRecord,
    date_of: &SourceDate<'_>,
    floor: Certainty,
) -> (Option<TieRecord>, Vec<Conflict>) {
    if tie.claims.iter().all(|it| it.value.is_none() || it.denial.is_some()) {
        return (None, Vec::new());
    }
    let mut shown = tie.clone();
    let stated = Stated::read(&tie.claims, tie.amount.as_ref(), &tie.properties);
    let conflicts =
        resolve_fields(&stated.claims, date_of, floor, |field, value| match (field, &value) {
            ("role", None) => shown.role.clone(),
            ("role", Some(_)) => set(&mut shown.role, value.filter(|it| !it.is_empty())),
            ("valid_from" | "valid_to" | "amount", _) => {
                dated(&mut shown.valid_from, &mut shown.valid_to, &mut shown.amount, field, value)
            }
            _ => property(&mut shown.properties, &stated, field, value),
        });
    (Some(shown), conflicts)
}

fn set<T>(slot: &mut T, value: T) -> Option<String> {
    *slot = value;
    None
}

fn dated(
    from: &mut Option<PartialDate>,
    to: &mut Option<PartialDate>,
    amount: &mut Option<Amount>,
    field: &str,
    value: Option<String>,
) -> Option<String> {
    match (field, value) {
        ("valid_from", None) => from.map(|it| it.to_string()),
        ("valid_from", Some(value)) => set(from, value.parse().ok()),
        ("valid_to", None) => to.map(|it| it.to_string()),
        ("valid_to", Some(value)) => set(to, value.parse().ok()),
        (_, None) => amount.as_ref().map(Amount::to_string),
        (_, Some(value)) => set(amount, Amount::read(&value, None)),
    }
}

fn property(
    properties: &mut BTreeMap<String, Value>,
    stated: &Stated,
    field: &str,
    value: Option<String>,
) -> Option<String> {
    match value {
        None => properties.get(field).map(text_of),
        Some(value) if value.is_empty() => {
            properties.remove(field);
            None
        }
        Some(value) => {
            properties.insert(field.to_owned(), stated.property(field, value));
            None
        }
    }
}

/// Fields whose values are joined, not chosen among: every claim on them is true beside the others.
const LISTS: [&str; 4] = ["aliases", "identifiers", "sector", "tags"];

/// Asks `slot(field, None)` for the row's value and tells `slot(field, Some(value))` a better one, or
/// an empty one where none is left at the floor.
fn resolve_fields(
    claims: &[Claim],
    date_of: &SourceDate<'_>,
    floor: Certainty,
    mut slot: impl FnMut(&str, Option<String>) -> Option<String>,
) -> Vec<Conflict> {
    let rank = |claim: &Claim| (claim.certainty, Reverse(date_of(&claim.source)));
    let mut stated: BTreeMap<&str, Vec<&Claim>> = BTreeMap::new();
    for claim in claims.iter().filter(|it| it.denial.is_none()) {
        if let (Some(field), Some(_)) = (&claim.field, &claim.value)
            && !LISTS.contains(&field.as_str())
        {
            stated.entry(field).or_default().push(claim);
        }
    }
    let mut conflicts = Vec::new();
    for (field, stated) in stated {
        let row = slot(field, None);
        let own: Vec<&Claim> =
            stated.iter().copied().filter(|it| row.is_some() && it.value == row).collect();
        // A claim on the whole record speaks for the row's value, unless the same import says in
        // the same source that this field is another.
        let speaks_for_row = |it: &&Claim| {
            let other = |rival: &&Claim| {
                (&rival.source, &rival.dataset) == (&it.source, &it.dataset) && rival.value != row
            };
            it.field.is_none() && it.denial.is_none() && !stated.iter().any(other)
        };
        let whole = claims.iter().filter(speaks_for_row);
        let own_rank = if own.is_empty() {
            whole.clone().map(rank).min().filter(|_| row.is_some())
        } else {
            // The row's source means this field too, unless it says how sure it is of it; who else
            // speaks of the whole record need not.
            let of_row = claims.iter().find(|it| it.field.is_none() && it.denial.is_none());
            let is_told = |it: &&Claim| {
                own.iter().any(|own| (&own.source, &own.dataset) == (&it.source, &it.dataset))
            };
            let of_row = of_row.filter(speaks_for_row).filter(|it| !is_told(it));
            own.iter().copied().chain(of_row).map(rank).min().filter(|it| it.0 <= floor)
        };
        let rivals =
            || stated.iter().copied().filter(|it| it.value != row && it.certainty <= floor);
        let best = rivals().min_by_key(|it| rank(it));
        let Some(best) = best else {
            if own_rank.is_none() && row.is_some() {
                slot(field, Some(String::new()));
            }
            continue;
        };
        let row_stays = own_rank.is_some_and(|it| it <= rank(best));
        let shown = if row_stays { row.clone() } else { best.value.clone() }.unwrap_or_default();
        let mut others: Vec<(String, String)> = Vec::new();
        if let (false, Some(row)) = (row_stays, &row) {
            let source = whole.min_by_key(|it| rank(it)).map(|it| it.source.clone());
            others.push((row.clone(), source.unwrap_or_default()));
        }
        for rival in rivals().filter(|it| it.value.as_deref() != Some(&shown)) {
            others.push((rival.value.clone().unwrap_or_default(), rival.source.clone()));
        }
        if !row_stays {
            slot(field, Some(shown.clone()));
        }
        if !others.is_empty() {
            conflicts.push(Conflict { field: field.to_owned(), shown, others });
        }
    }
    conflicts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date_of(source: &str) -> Option<PartialDate> {
        source.parse().ok()
    }

    fn claim(source: &str, certainty: Certainty, value: Option<&str>) -> Claim {
        Claim {
            source: source.into(),
            certainty,
            field: value.map(|_| "stage".into()),
            value: value.map(str::to_owned),
            ..Default::default()
        }
    }

    #[track_caller]
    fn check(row: Option<&str>, claims: Vec<Claim>, shown: Option<&str>, n_conflicts: usize) {
        let node = NodeRecord { stage: row.map(str::to_owned), claims, ..Default::default() };
        let (resolved, conflicts) = resolve_node(&node, &date_of, Certainty::Inferred);
        assert_eq!(resolved.unwrap_or(node).stage.as_deref(), shown);
        assert_eq!(conflicts.len(), n_conflicts);
    }

    #[test]
    fn a_row_without_rivals_stays() {
        check(Some("idea"), vec![claim("2020", Certainty::Implied, None)], Some("idea"), 0);
        let same = claim("2020", Certainty::Implied, Some("idea"));
        check(Some("idea"), vec![same], Some("idea"), 0);
    }

    #[test]
    fn the_stronger_claim_is_shown_then_the_newer() {
        let row = || claim("2020", Certainty::Implied, None);
        let stronger = claim("2019", Certainty::Stated, Some("scale_up"));
        check(Some("idea"), vec![row(), stronger], Some("scale_up"), 1);
        let newer = claim("2021", Certainty::Implied, Some("scale_up"));
        check(Some("idea"), vec![row(), newer], Some("scale_up"), 1);
        let weaker = claim("2024", Certainty::Ambiguous, Some("scale_up"));
        check(Some("idea"), vec![row(), weaker], Some("idea"), 1);
    }

    #[test]
    fn claims_on_lists_are_no_conflict_and_no_property() {
        let field = Some("sector".to_owned());
        let claims = ["medtech", "wellness"].map(|value| {
            let claim = claim("2020", Certainty::Stated, Some(value));
            Claim { field: field.clone(), ..claim }
        });
        let node = NodeRecord { claims: claims.to_vec(), ..Default::default() };
        assert_eq!(
            resolve_node(&node, &date_of, Certainty::Inferred),
            (Some(node.clone()), vec![])
        );
    }

    #[test]
    fn a_value_that_rests_on_weaker_claims_alone_is_not_shown() {
        let claims = || {
            let row = claim("2020", Certainty::Stated, None);
            vec![row, claim("2020", Certainty::Implied, Some("idea"))]
        };
        let stage_at = |floor, claims: Vec<Claim>| {
            let node = NodeRecord { stage: Some("idea".into()), claims, ..Default::default() };
            resolve_node(&node, &date_of, floor).0.and_then(|it| it.stage)
        };
        assert_eq!(stage_at(Certainty::Implied, claims()).as_deref(), Some("idea"));
        assert_eq!(stage_at(Certainty::Collective, claims()), None);
        let mut rivals = claims();
        rivals.push(claim("2010", Certainty::Stated, Some("established")));
        assert_eq!(stage_at(Certainty::Stated, rivals).as_deref(), Some("established"));
    }

    #[test]
    fn a_second_source_makes_a_value_no_less_sure() {
        let stage_at = |floor, claims: Vec<Claim>| {
            let node = NodeRecord { stage: Some("idea".into()), claims, ..Default::default() };
            resolve_node(&node, &date_of, floor).0.and_then(|it| it.stage)
        };
        let row = |certainty| claim("2020", certainty, None);
        let second = || claim("2021", Certainty::Implied, Some("idea"));
        let sure = vec![row(Certainty::Stated), second()];
        assert_eq!(stage_at(Certainty::Stated, sure).as_deref(), Some("idea"));
        // A source that only names the body has not said its stage.
        let names_it = claim("2022", Certainty::Stated, None);
        let told = claim("2020", Certainty::Implied, Some("idea"));
        let claims = vec![row(Certainty::Stated), names_it, told];
        assert_eq!(stage_at(Certainty::Stated, claims), None);
        let unsure = vec![row(Certainty::Ambiguous), second()];
        assert_eq!(stage_at(Certainty::Implied, unsure).as_deref(), Some("idea"));
    }

    #[test]
    fn a_newer_source_of_another_dataset_is_shown() {
        let of = |dataset: &str, claim: Claim| Claim { dataset: dataset.into(), ..claim };
        let claims = vec![
            of("a", claim("2020", Certainty::Stated, None)),
            of("b", claim("2021", Certainty::Stated, None)),
            of("b", claim("2021", Certainty::Stated, Some("scale_up"))),
        ];
        check(Some("idea"), claims, Some("scale_up"), 1);
    }

    #[test]
    fn a_value_that_only_a_claim_gives_is_no_conflict() {
        let only = claim("2020", Certainty::Implied, Some("idea"));
        check(None, vec![only], Some("idea"), 0);
    }
}
