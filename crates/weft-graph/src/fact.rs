//! A figure that is not a tie: so many patents, in that city, in that year, says that source.

use serde::{Deserialize, Serialize};
use weft_value::Period;

use crate::{Certainty, Qualifier};

/// One number with what it measures, of whom, when and who says so.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fact {
    /// The stable id.
    pub id: String,
    /// What is measured, as a short noun phrase.
    pub measure: String,
    /// The id of the node that it is about: a body, a place, a collective.
    pub subject: String,
    /// The part of the measure, in a table with several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// The number; none where the source has lost it.
    pub value: Option<f64>,
    /// In what: `count`, `GBP`, `percent`, `rank`.
    pub unit: String,
    /// How exactly.
    pub qualifier: Qualifier,
    /// How it follows from other facts, for a total or a share that the source prints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derived: Option<Derivation>,
    /// The ids of the facts that it follows from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
    /// The id of the source.
    pub source: String,
    /// Where in the source.
    pub locator: String,
    /// How sure.
    pub certainty: Certainty,
    /// Anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The dataset whose import brought it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dataset: String,
}

/// How a fact follows from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Derivation {
    /// The sum of its parts.
    Sum,
    /// The first part in a hundred of the second.
    Share,
    /// The mean of its parts.
    Mean,
    /// The first part divided by the second.
    Ratio,
    /// The place of the first part among all of them, the highest first; equal ones share a place.
    Rank,
}

/// What a figure's parts give, beside what the source prints.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recomputation {
    /// What the parts give; none where one is missing or zero divides.
    pub value: Option<f64>,
    /// Whether the printed figure agrees with it, as far as rounding lets one tell; none where there
    /// is no value, or one of the figures is only a bound.
    pub agrees: Option<bool>,
}

impl Fact {
    /// Computes the figure from its parts and compares; none for a figure that is not derived.
    pub fn recompute(&self, parts: &[Option<&Self>]) -> Option<Recomputation> {
        let derived = self.derived?;
        let values: Vec<Option<f64>> = parts.iter().map(|it| it.and_then(|it| it.value)).collect();
        let value = derived.compute(&values);
        let known: Vec<&Self> = parts.iter().flatten().copied().collect();
        let agrees = value.zip(self.value).and_then(|(computed, printed)| {
            let slack = self.slack(derived, &known) + 1e-9 * printed.abs();
            let is_bound =
                |it: &&Self| !matches!(it.qualifier, Qualifier::Exact | Qualifier::About);
            let is_near = match derived {
                Derivation::Rank => ranks(&known).contains(&printed),
                _ => (computed - printed).abs() <= slack,
            };
            match is_near {
                true => Some(true),
                false if known.iter().chain([&self]).any(is_bound) => None,
                false => Some(false),
            }
        });
        Some(Recomputation { value, agrees })
    }

    /// How far a printed figure may lie from what its printed parts give, by rounding alone.
    fn slack(&self, derived: Derivation, parts: &[&Self]) -> f64 {
        let own = self.half_digit();
        let of_parts: f64 = parts.iter().map(|it| it.half_digit()).sum();
        match (derived, parts) {
            (Derivation::Sum, _) => own + of_parts,
            (Derivation::Mean, parts) => own + of_parts / parts.len().max(1) as f64,
            (Derivation::Share | Derivation::Ratio, [a, b]) => {
                let (Some(x), Some(y)) = (a.value, b.value) else { return own };
                let scale = if derived == Derivation::Share { 100.0 } else { 1.0 };
                own + scale * (a.half_digit() + (x / y).abs() * b.half_digit()) / y.abs().max(1e-12)
            }
            _ => own,
        }
    }

    /// Half of the last digit that is printed. A count is not rounded unless its words say so; of a
    /// figure that is about, at least or up to so much, the zeros at its end may be rounding.
    fn half_digit(&self) -> f64 {
        let Some(value) = self.value else { return 0.0 };
        let text = value.to_string();
        if let Some((_, decimals)) = text.split_once('.') {
            return 0.5 * 10f64.powi(-(decimals.len() as i32));
        }
        if self.qualifier == Qualifier::Exact {
            let counted = matches!(self.unit.as_str(), "count" | "people" | "rank");
            return if counted { 0.0 } else { 0.5 };
        }
        let n_zeros = text.len() - text.trim_end_matches('0').len();
        0.5 * 10f64.powi(n_zeros as i32)
    }
}

/// The places that the first of some figures may have among them, as far as rounding lets one tell.
fn ranks(parts: &[&Fact]) -> std::ops::RangeInclusive<f64> {
    let ends = |it: &Fact| it.value.map(|value| (value - it.half_digit(), value + it.half_digit()));
    let Some((low, high)) = parts.first().and_then(|it| ends(it)) else { return 1.0..=1.0 };
    let others = || parts[1..].iter().filter_map(|it| ends(it));
    let n_surely_above = others().filter(|it| it.0 > high).count();
    let n_perhaps_above = others().filter(|it| it.1 > low).count();
    (1 + n_surely_above) as f64..=(1 + n_perhaps_above) as f64
}

impl Derivation {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Sum, Self::Share, Self::Mean, Self::Ratio, Self::Rank];

    /// The word that files use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Share => "share",
            Self::Mean => "mean",
            Self::Ratio => "ratio",
            Self::Rank => "rank",
        }
    }

    /// Computes the value from those of the parts; none where a part is missing or zero divides.
    ///
    /// ```
    /// use weft_graph::Derivation;
    /// assert_eq!(Derivation::Share.compute(&[Some(66.0), Some(88.0)]), Some(75.0));
    /// assert_eq!(Derivation::Sum.compute(&[Some(1.0), None]), None);
    /// assert_eq!(Derivation::Rank.compute(&[Some(3.0), Some(5.0), Some(3.0)]), Some(2.0));
    /// ```
    pub fn compute(self, parts: &[Option<f64>]) -> Option<f64> {
        let parts: Vec<f64> = parts.iter().copied().collect::<Option<_>>()?;
        let sum: f64 = parts.iter().sum();
        let quotient = match parts.as_slice() {
            [a, b] if *b != 0.0 => Some(a / b),
            _ => None,
        };
        match self {
            Self::Sum => Some(sum),
            Self::Share => quotient.map(|it| it * 100.0),
            Self::Mean => (!parts.is_empty()).then(|| sum / parts.len() as f64),
            Self::Ratio => quotient,
            Self::Rank => {
                let first = *parts.first()?;
                Some(1.0 + parts.iter().filter(|&&it| it > first).count() as f64)
            }
        }
    }
}
