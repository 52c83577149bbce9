//! What a claim states, read as a value of its field: `at_least 1500 EUR`, `9` of a whole number.
//!
//! A claim holds text; here it gets back the type that the field has in its row or names itself.

use std::collections::{BTreeMap, HashMap};

use weft_value::{Value, ValueType, join_list, split_list};

use crate::{Amount, Claim};

/// The claims on a record with every value in the one form in which values are compared, and the
/// free properties that they state.
pub(crate) struct Stated {
    pub(crate) claims: Vec<Claim>,
    properties: HashMap<(String, String), Value>,
}

impl Stated {
    /// Reads the claims on a record with that amount and those properties in its row.
    pub(crate) fn read(
        claims: &[Claim],
        amount: Option<&Amount>,
        properties: &BTreeMap<String, Value>,
    ) -> Self {
        let mut res = Self { claims: claims.to_vec(), properties: HashMap::new() };
        for claim in res.claims.iter_mut().filter(|it| it.denial.is_none()) {
            let (Some(field), Some(text)) = (&claim.field, &claim.value) else { continue };
            if field == "amount" {
                claim.value =
                    Amount::read(text, amount).map(|it| it.to_string()).or(claim.value.take());
                continue;
            }
            let (name, kind) = split_field(field);
            let kind = kind.or_else(|| StatedType::of(properties.get(name)?));
            let Some(value) = kind.and_then(|it| it.read(text)) else { continue };
            let text = text_of(&value);
            res.properties.insert((name.to_owned(), text.clone()), value);
            (claim.field, claim.value) = (Some(name.to_owned()), Some(text));
        }
        res
    }

    /// The value of a property that a claim states with that text.
    pub(crate) fn property(&self, name: &str, text: String) -> Value {
        let found = self.properties.get(&(name.to_owned(), text.clone()));
        found.cloned().unwrap_or(Value::String(text))
    }
}

/// The text that stands for a property in a claim: the items of a list are parted by `|`.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::List(items) => join_list(items.iter().map(Value::stored_text)),
        value => value.stored_text(),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum StatedType {
    One(ValueType),
    List(ValueType),
}

/// The name of a field and the type that it names, as a header does: `staff:int`, `sites:string[]`.
fn split_field(field: &str) -> (&str, Option<StatedType>) {
    let Some((name, kind)) = field.rsplit_once(':') else { return (field, None) };
    let kind = match kind.strip_suffix("[]") {
        Some(item) => ValueType::from_name(item).map(StatedType::List),
        None => ValueType::from_name(kind).map(StatedType::One),
    };
    if kind.is_some() { (name, kind) } else { (field, None) }
}

impl StatedType {
    /// The type of a value that a text can give; none for maps, points, and lists of several types.
    fn of(value: &Value) -> Option<Self> {
        let Value::List(items) = value else { return ValueType::of(value).map(Self::One) };
        let first = ValueType::of(items.first()?)?;
        items.iter().all(|it| ValueType::of(it) == Some(first)).then_some(Self::List(first))
    }

    fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::One(kind) => kind.parse(text).ok(),
            Self::List(kind) => {
                let items = split_list(text).into_iter().map(|it| kind.parse(&it).ok());
                items.collect::<Option<Vec<Value>>>().map(Value::List)
            }
        }
    }
}
