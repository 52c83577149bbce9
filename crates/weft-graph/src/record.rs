//! Nodes and ties as a file, a store or a change writes them: whole, with all their claims.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use weft_value::{PartialDate, Value};

use crate::{Certainty, Claim, NAME, Schema, kind_of_labels};

/// A body, a programme, a place, a need: everything that a tie can end at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeRecord {
    /// The stable id, in kebab case, unique for ever.
    pub id: String,
    /// A kind of the schema; in a graph without one the set of labels (see
    /// [`kind_of_labels`](crate::kind_of_labels)).
    pub kind: String,
    /// The name that people read; in a graph without a schema the property `name`, if it is a text.
    pub name: String,
    /// Other names and abbreviations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Numbers in registers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Sectors it works in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sectors: Vec<String>,
    /// A stage of the schema, for a company whose stage a source tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Free words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// When it began, as far as a source says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<PartialDate>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<PartialDate>,
    /// Whether it is known to be another body than its namesake.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub distinct: bool,
    /// A total that several parties share, which stands here once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// Everything else that a file says of it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Value>,
    /// Who says so.
    pub claims: Vec<Claim>,
}

/// A typed tie from one node to another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TieRecord {
    /// An id that the file gives; without one, [`TieRecord::id`] makes it of the [`TieKey`].
    #[serde(rename = "id", skip_serializing_if = "Option::is_none")]
    pub given_id: Option<String>,
    /// The id of the node that the tie starts from.
    pub source: String,
    /// A relation of the schema.
    pub relation: String,
    /// The id of the node that the tie goes to.
    pub target: String,
    /// What tells it from another tie of this relation between the same two nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// When it began, as far as a source says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<PartialDate>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<PartialDate>,
    /// What went along it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// As what the source takes part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Everything else that a file says of it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Value>,
    /// Who says so.
    pub claims: Vec<Claim>,
}

/// What a tie without an id is recognised by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TieKey {
    /// The id of the node that the tie starts from.
    pub source: String,
    /// The relation.
    pub relation: String,
    /// The id of the node that the tie goes to.
    pub target: String,
    /// When it began.
    pub valid_from: Option<PartialDate>,
    /// What tells it from another.
    pub key: Option<String>,
}

/// A number in a register: `GB-COH`, `07123456`; text, for registers have leading zeros.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// The register, by its code on org-id.guide, or ROR, LEI, Wikidata.
    pub scheme: String,
    /// The number there.
    pub value: String,
}

/// A sum of money, or another quantity, with how exactly the source states it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    /// How much.
    pub value: f64,
    /// An ISO 4217 currency.
    pub currency: String,
    /// How exactly.
    #[serde(default)]
    pub qualifier: Qualifier,
}

/// An [`Amount`] whose currency stands elsewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AmountRef<'a> {
    /// How much.
    pub value: f64,
    /// An ISO 4217 currency.
    pub currency: &'a str,
    /// How exactly.
    pub qualifier: Qualifier,
}

impl AmountRef<'_> {
    /// The same with a currency of its own.
    pub fn to_amount(self) -> Amount {
        let Self { value, currency, qualifier } = self;
        Amount { value, currency: currency.to_owned(), qualifier }
    }
}

impl<'a> From<&'a Amount> for AmountRef<'a> {
    fn from(amount: &'a Amount) -> Self {
        let Amount { value, currency, qualifier } = amount;
        Self { value: *value, currency, qualifier: *qualifier }
    }
}

/// The currency of an amount that a claim states of a row without one.
const POUNDS: &str = "GBP";

/// How exactly a source states a number.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    /// It says the number itself.
    #[default]
    Exact,
    /// "more than", "over", "at least".
    AtLeast,
    /// "up to", "less than", "almost" where it bounds from above.
    UpTo,
    /// "about", "around", "almost".
    About,
    /// Awards of this sum in which the body was one of several.
    InvolvedIn,
}

impl NodeRecord {
    /// A node of a graph without a schema, by its labels and properties; it is called by the property
    /// `name`, where that is a text.
    pub fn free<'a>(
        id: String,
        labels: impl IntoIterator<Item = &'a str>,
        mut properties: BTreeMap<String, Value>,
    ) -> Self {
        let name = match properties.remove_entry(NAME) {
            Some((_, Value::String(name))) if !name.is_empty() => name,
            Some((key, other)) => {
                properties.insert(key, other);
                String::new()
            }
            None => String::new(),
        };
        Self { id, kind: kind_of_labels(labels), name, properties, ..Self::default() }
    }

    /// Other names: the aliases, then names that a claim states.
    ///
    /// So that whoever knows a body by the name that one source gives finds it. Each once, and none
    /// that is the name itself.
    pub fn other_names(&self) -> Vec<&str> {
        let is_name = |it: &&Claim| it.field.as_deref() == Some("name") && it.denial.is_none();
        let stated = self.claims.iter().filter(is_name).filter_map(|it| it.value.as_deref());
        let mut res: Vec<&str> = Vec::new();
        for name in self.aliases.iter().map(String::as_str).chain(stated) {
            if !name.is_empty() && name != self.name && !res.contains(&name) {
                res.push(name);
            }
        }
        res
    }

    /// The certainty of its strongest claim that speaks of the whole record.
    pub fn certainty(&self) -> Certainty {
        strongest(&self.claims)
    }
}

impl TieRecord {
    /// The stable id: the one given, else one made of the key.
    pub fn id(&self) -> String {
        self.given_id.clone().unwrap_or_else(|| self.key().to_string())
    }

    /// What it is recognised by when it has no id of its own.
    pub fn key(&self) -> TieKey {
        TieKey {
            source: self.source.clone(),
            relation: self.relation.clone(),
            target: self.target.clone(),
            valid_from: self.valid_from,
            key: self.key.clone(),
        }
    }

    /// The certainty of its strongest claim that speaks of the whole record.
    pub fn certainty(&self) -> Certainty {
        strongest(&self.claims)
    }

    /// Turns a tie of a symmetric relation so that the smaller id comes first; without a schema it
    /// holds on to the id that it has.
    pub fn normalise(&mut self, schema: &Schema) {
        if schema.is_open() {
            // There an id that is not given is made of the key in the store.
            self.given_id = Some(self.id());
            return;
        }
        let symmetric =
            schema.relation_id(&self.relation).is_some_and(|it| schema.relation(it).symmetric);
        if symmetric && self.target < self.source {
            std::mem::swap(&mut self.source, &mut self.target);
        }
    }
}

fn strongest(claims: &[Claim]) -> Certainty {
    let assertions = claims.iter().filter(|it| it.denial.is_none());
    let whole = assertions.clone().filter(|it| it.field.is_none()).map(|it| it.certainty).min();
    whole.or(assertions.map(|it| it.certainty).min()).unwrap_or(Certainty::Inferred)
}

impl fmt::Display for TieKey {
    /// `a--hosts--b`, then `--2018` and `--key` where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}--{}--{}", self.source, self.relation, self.target)?;
        self.valid_from.iter().try_for_each(|it| write!(f, "--{it}"))?;
        self.key.iter().try_for_each(|it| write!(f, "--{it}"))
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scheme, self.value)
    }
}

impl Amount {
    /// Reads an amount as a claim states it: `1500`, `1500 EUR`, `at_least 1500 EUR`.
    ///
    /// A bare number keeps the currency and the qualifier of the row; a currency without a qualifier
    /// is exact, and a qualifier without a currency keeps that of the row. A row without an amount
    /// has pounds.
    pub fn read(text: &str, row: Option<&Self>) -> Option<Self> {
        let mut words = text.split_whitespace().peekable();
        let qualifier = words.peek().and_then(|it| it.parse::<Qualifier>().ok());
        if qualifier.is_some() {
            words.next();
        }
        let number = words.next()?;
        let is_plain = number.bytes().all(|it| it.is_ascii_digit() || b"+-.eE".contains(&it));
        let value = number.parse().ok().filter(|it: &f64| is_plain && it.is_finite())?;
        let currency = words.next();
        let is_code = |it: &str| it.len() == 3 && it.bytes().all(|it| it.is_ascii_uppercase());
        if words.next().is_some() || !currency.is_none_or(is_code) {
            return None;
        }
        let rows = row.map(|it| it.qualifier).filter(|_| currency.is_none());
        let currency = currency.or(row.map(|it| it.currency.as_str())).unwrap_or(POUNDS);
        let qualifier = qualifier.or(rows).unwrap_or_default();
        Some(Self { value, currency: currency.to_owned(), qualifier })
    }
}

impl fmt::Display for Amount {
    /// `1500 EUR`, `at_least 1500 EUR`: what [`Amount::read`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.qualifier != Qualifier::Exact {
            write!(f, "{} ", self.qualifier.as_str())?;
        }
        write!(f, "{} {}", self.value, self.currency)
    }
}

impl Qualifier {
    /// All of them, in the order of the words in messages.
    pub const ALL: [Self; 5] =
        [Self::Exact, Self::AtLeast, Self::UpTo, Self::About, Self::InvolvedIn];

    /// The word that files use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::AtLeast => "at_least",
            Self::UpTo => "up_to",
            Self::About => "about",
            Self::InvolvedIn => "involved_in",
        }
    }

    /// The words that people read before a number: "at least ".
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Exact => "",
            Self::AtLeast => "at least ",
            Self::UpTo => "up to ",
            Self::About => "about ",
            Self::InvolvedIn => "involved in awards of ",
        }
    }
}

impl FromStr for Qualifier {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or(())
    }
}

/// Whether a text can be an id: lower-case letters and digits of any script, and single hyphens
/// (or `.`, `_`) between them.
pub fn is_slug(text: &str) -> bool {
    let mut after_letter = false;
    for c in text.chars() {
        match c {
            '-' | '.' | '_' if after_letter => after_letter = false,
            c if c.is_alphanumeric() && !c.is_uppercase() => after_letter = true,
            _ => return false,
        }
    }
    after_letter
}

/// Makes an id of a name: `St James's Hospital` becomes `st-jamess-hospital`.
///
/// Letters of all scripts are kept, in lower case; an empty text comes back for a name without any.
pub fn slug_of(name: &str) -> String {
    let mut res = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            '\'' | '\u{2019}' => {}
            '&' => {
                if !res.is_empty() && !res.ends_with('-') {
                    res.push('-');
                }
                res.push_str("and-");
            }
            c if c.is_alphanumeric() && !c.is_uppercase() => res.push(c),
            _ if !res.is_empty() && !res.ends_with('-') => res.push('-'),
            _ => {}
        }
    }
    res.truncate(res.trim_end_matches('-').len());
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, slug: &str) {
        assert_eq!(slug_of(name), slug);
        assert!(is_slug(slug));
    }

    #[test]
    fn names_become_slugs() {
        check("University of Leeds", "university-of-leeds");
        check("St James's Hospital", "st-jamess-hospital");
        check("Propel@YH", "propel-yh");
        check("R&D (West Yorkshire)", "r-and-d-west-yorkshire");
        check("Żółć 東京", "żółć-東京");
    }

    #[test]
    fn an_amount_is_read_as_it_is_written_and_takes_from_the_row_what_it_lacks() {
        for qualifier in Qualifier::ALL {
            let amount = Amount { value: -1.5e9, currency: "EUR".into(), qualifier };
            assert_eq!(Amount::read(&amount.to_string(), None), Some(amount));
        }
        let row = Amount { value: 1.0, currency: "EUR".into(), qualifier: Qualifier::UpTo };
        let read = |text: &str| Amount::read(text, Some(&row)).map(|it| it.to_string());
        assert_eq!(read("1500").as_deref(), Some("up_to 1500 EUR"));
        assert_eq!(read("1500 USD").as_deref(), Some("1500 USD"));
        assert_eq!(read("about 1500").as_deref(), Some("about 1500 EUR"));
        for text in ["", "much", "1500 euros", "1500 EUR 2", "NaN", "at_least", "EUR 1500"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_slug_is_seen() {
        for text in ["", "Leeds", "a b", "-a", "a-", "a--b", "=cmd", "a\u{202e}b"] {
            assert!(!is_slug(text), "{text}");
        }
    }

    #[test]
    fn a_symmetric_tie_is_stored_smaller_id_first() {
        let schema = Schema::bundled();
        let mut tie = TieRecord {
            source: "b".into(),
            relation: "partners_with".into(),
            target: "a".into(),
            ..Default::default()
        };
        tie.normalise(&schema);
        assert_eq!(tie.id(), "a--partners_with--b");
    }
}
