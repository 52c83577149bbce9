//! Properties as the columns of records: read with their types, and as the text that a claim states.

use std::collections::BTreeMap;

use weft_graph::{Amount, Certainty, Claim, Identifier, Property, Qualifier};
use weft_value::{PartialDate, Value};

use super::refused;
use crate::Error;

/// The currency of an amount for which none is named.
const POUNDS: &str = "GBP";

/// The columns that are read from properties.
pub(super) struct Columns;

/// The claims that a source makes on the fields that are others than they were.
///
/// Each states the value as text, so that it is weighed against what other sources say. Lists are
/// joined, not chosen among: of them a claim names the field alone.
pub(super) fn stated(fields: &[String], asked: &BTreeMap<String, Value>, by: &Claim) -> Vec<Claim> {
    let mut res: Vec<Claim> = Vec::new();
    for field in fields {
        let (name, value) = match field.as_str() {
            "sectors" => ("sector", None),
            "amount" | "amount_currency" | "amount_qualifier" => {
                let mut amount = None;
                let is_read = put_amount(&mut amount, asked).is_ok();
                ("amount", amount.filter(|_| is_read).map(|it: Amount| it.to_string()))
            }
            name => (name, asked.get(name).and_then(text_of)),
        };
        if res.iter().all(|it| it.field.as_deref() != Some(name)) {
            res.push(Claim { field: Some(name.to_owned()), value, ..by.clone() });
        }
    }
    res
}

/// The text by which a claim states a value; lists and points have none.
pub(super) fn text_of(value: &Value) -> Option<String> {
    let is_text = !matches!(value, Value::List(_) | Value::Point(_));
    is_text.then(|| value.to_string())
}

/// The names of the properties that are others than they were, or gone.
pub(super) fn changed_fields(
    shown: &BTreeMap<String, Value>,
    asked: &BTreeMap<String, Value>,
) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = shown.keys().chain(asked.keys()).collect();
    let is_other = |it: &&String| shown.get(*it) != asked.get(*it);
    names.into_iter().filter(is_other).cloned().collect()
}

impl Columns {
    pub(super) fn text(
        field: &str,
        asked: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Error> {
        match asked.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text.clone())),
            Some(_) => Err(refused(format!("`{field}` is a text that is not empty"))
                .with_hint(format!("write it as `{field}: 'words'`"))),
        }
    }

    pub(super) fn texts(
        field: &str,
        asked: &BTreeMap<String, Value>,
    ) -> Result<Vec<String>, Error> {
        let wrong = || {
            refused(format!("`{field}` is a list of texts"))
                .with_hint(format!("write it as `{field}: ['one', 'two']`"))
        };
        match asked.get(field) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::List(items)) => {
                let text = |it: &Value| match it {
                    Value::String(text) if !text.is_empty() => Ok(text.clone()),
                    _ => Err(wrong()),
                };
                items.iter().map(text).collect()
            }
            Some(_) => Err(wrong()),
        }
    }

    pub(super) fn identifiers(asked: &BTreeMap<String, Value>) -> Result<Vec<Identifier>, Error> {
        let read = |text: String| match text.split_once(':') {
            Some((scheme, value)) if !scheme.is_empty() && !value.is_empty() => {
                Ok(Identifier { scheme: scheme.to_owned(), value: value.to_owned() })
            }
            _ => Err(refused(format!("`{text}` is no identifier"))
                .with_hint("write the register and the number: `'GB-COH:07123456'`")),
        };
        Self::texts("identifiers", asked)?.into_iter().map(read).collect()
    }

    /// The certainty that a new record names for itself.
    pub(super) fn certainty(asked: &BTreeMap<String, Value>) -> Result<Option<Certainty>, Error> {
        let Some(text) = Self::text("certainty", asked)? else { return Ok(None) };
        let known = || super::node::some_of(Certainty::ALL.into_iter().map(Certainty::as_str));
        text.parse().map(Some).map_err(|()| {
            refused(format!("`{text}` is no certainty")).with_hint(format!("one of {}", known()))
        })
    }

    pub(super) fn certainty_is_claimed() -> Error {
        refused("`certainty` follows from the claims on a record, and is not set".to_owned())
            .with_hint("name a source that is surer, with its `--certainty`")
    }
}

pub(super) fn put_dates(
    from: &mut Option<PartialDate>,
    to: &mut Option<PartialDate>,
    asked: &BTreeMap<String, Value>,
) -> Result<(), Error> {
    let read = |field: &str| match asked.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Date(date)) => partial(field, &date.to_string()).map(Some),
        Some(_) => match Columns::text(field, asked)? {
            Some(text) => partial(field, &text).map(Some),
            None => Ok(None),
        },
    };
    (*from, *to) = (read("valid_from")?, read("valid_to")?);
    if let (Some(from), Some(to)) = (*from, *to)
        && from.first_key() > to.last_key()
    {
        return Err(refused(format!("it would end in {to}, before it begins in {from}"))
            .with_hint("correct `valid_from` or `valid_to`"));
    }
    Ok(())
}

fn partial(field: &str, text: &str) -> Result<PartialDate, Error> {
    text.parse().map_err(|_| {
        refused(format!("`{field}` is no date: `{text}`")).with_hint(
            "write a year, a month or a day as text: `'2024'`, `'2024-03'`, `'2024-03-01'`",
        )
    })
}

pub(super) fn put_amount(
    amount: &mut Option<Amount>,
    asked: &BTreeMap<String, Value>,
) -> Result<(), Error> {
    let value = match asked.get("amount") {
        None | Some(Value::Null) => None,
        Some(Value::Integer(value)) => Some(*value as f64),
        Some(Value::Float(value)) if value.is_finite() => Some(*value),
        Some(_) => return Err(refused("`amount` is a number".to_owned())),
    };
    let currency = Columns::text("amount_currency", asked)?;
    let qualifier = Columns::text("amount_qualifier", asked)?;
    let Some(value) = value else {
        if currency.is_some() || qualifier.is_some() {
            return Err(refused("a currency or a qualifier without an amount".to_owned())
                .with_hint("give `amount` too, or remove all three"));
        }
        *amount = None;
        return Ok(());
    };
    let currency = currency.unwrap_or_else(|| POUNDS.to_owned());
    if currency.len() != 3 || !currency.bytes().all(|it| it.is_ascii_uppercase()) {
        return Err(refused(format!("`{currency}` is no currency"))
            .with_hint("write its code: `'GBP'`, `'EUR'`"));
    }
    let qualifier = match qualifier {
        None => Qualifier::Exact,
        Some(text) => text.parse().map_err(|()| {
            let all = super::node::some_of(Qualifier::ALL.into_iter().map(Qualifier::as_str));
            refused(format!("`{text}` is no qualifier of an amount"))
                .with_hint(format!("one of {all}"))
        })?,
    };
    *amount = Some(Amount { value, currency, qualifier });
    Ok(())
}

pub(super) fn put_free(
    properties: &mut BTreeMap<String, Value>,
    field: &str,
    asked: &BTreeMap<String, Value>,
) {
    match asked.get(field) {
        None | Some(Value::Null) => drop(properties.remove(field)),
        Some(value) => drop(properties.insert(field.to_owned(), value.clone())),
    }
}

/// The properties of a record as they show, as plain data.
pub(super) fn shown<'a>(
    all: impl IntoIterator<Item = (&'a str, Property<'a>)>,
) -> BTreeMap<String, Value> {
    all.into_iter().map(|(name, it)| (name.to_owned(), it.to_value())).collect()
}

/// The fields that a new record is given; its id and its certainty have places of their own.
pub(super) fn given_fields(asked: &BTreeMap<String, Value>) -> Vec<String> {
    let fields = changed_fields(&BTreeMap::new(), asked).into_iter();
    fields.filter(|it| it != "id" && it != "certainty").collect()
}

/// Refuses what would not be seen, for other claims weigh more: `is_other` says whether a field shows
/// another value than the record has.
pub(super) fn must_be_shown(
    fields: &[String],
    id: &str,
    is_other: impl Fn(&str) -> bool,
) -> Result<(), Error> {
    let Some(field) = fields.iter().find(|it| is_other(it)) else { return Ok(()) };
    let message =
        format!("`{field}` of `{id}` would stay as it is: a stronger or newer claim says so");
    Err(refused(message)
        .with_hint("name a newer source, or a surer one; `weft show` lists the claims"))
}
