//! Reads a JSON document and notes which of its numbers a check has looked at.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Figures may differ by this share: sums in another order do.
const SHARE: f64 = 1e-9;
/// Below this two figures are both nothing.
const NOTHING: f64 = 1e-12;

/// The places of the numbers that were checked.
#[derive(Default)]
pub(super) struct Audit {
    checked: RefCell<BTreeSet<String>>,
}

/// A value of the document, with its place.
#[derive(Clone)]
pub(super) struct At<'a> {
    audit: &'a Audit,
    value: &'a Value,
    place: String,
}

impl Audit {
    pub(super) fn read<'a>(&'a self, document: &'a Value) -> At<'a> {
        At { audit: self, value: document, place: String::new() }
    }

    /// The places of all numbers, and of sentences with numbers, that no check has looked at, and how often each occurs.
    pub(super) fn unchecked(&self, document: &Value) -> Vec<String> {
        let mut n_by_place: BTreeMap<String, usize> = BTreeMap::new();
        self.read(document).walk(&mut |at| {
            if at.has_number() && !self.checked.borrow().contains(&at.place) {
                *n_by_place.entry(without_positions(&at.place)).or_default() += 1;
            }
        });
        n_by_place.into_iter().map(|(place, n)| format!("{place} ({n} times)")).collect()
    }
}

/// `rows[3].n` becomes `rows[].n`.
fn without_positions(place: &str) -> String {
    let mut res = String::new();
    let mut is_position = false;
    for letter in place.chars() {
        is_position &= letter != ']';
        if !is_position {
            res.push(letter);
        }
        is_position |= letter == '[';
    }
    res
}

/// Whether two figures are the same but for rounding.
pub(super) fn is_close(a: f64, b: f64) -> bool {
    let difference = (a - b).abs();
    difference <= SHARE * a.abs().max(b.abs()) || difference <= NOTHING
}

impl<'a> At<'a> {
    /// A field, or one of a field: `trust/rank_on_stated`. What is not there reads as null.
    pub(super) fn get(&self, path: &str) -> At<'a> {
        const NULL: &Value = &Value::Null;
        let mut res = self.clone();
        for name in path.split('/') {
            let dot = if res.place.is_empty() { "" } else { "." };
            res.place = format!("{}{dot}{name}", res.place);
            res.value = res.value.get(name).unwrap_or(NULL);
        }
        res
    }

    /// The items of a list; none of what is not there.
    #[track_caller]
    pub(super) fn items(&self) -> Vec<At<'a>> {
        let item = |(at, value)| {
            let place = format!("{}[{at}]", self.place);
            At { audit: self.audit, value, place }
        };
        match self.value {
            Value::Null => Vec::new(),
            Value::Array(items) => items.iter().enumerate().map(item).collect(),
            _ => panic!("{} is no list", self.place),
        }
    }

    #[track_caller]
    pub(super) fn text(&self) -> &'a str {
        self.optional_text().unwrap_or_else(|| panic!("{} is no text", self.place))
    }

    pub(super) fn optional_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    #[track_caller]
    pub(super) fn flag(&self) -> bool {
        self.value.as_bool().unwrap_or_else(|| panic!("{} is neither true nor false", self.place))
    }

    pub(super) fn is_null(&self) -> bool {
        self.value.is_null()
    }

    /// A number that another check looks at.
    pub(super) fn number(&self) -> Option<f64> {
        self.value.as_f64()
    }

    /// The `id` of an object.
    #[track_caller]
    pub(super) fn id(&self) -> &'a str {
        self.get("id").text()
    }

    /// The ids of a list of objects, in its order.
    #[track_caller]
    pub(super) fn ids(&self) -> Vec<&'a str> {
        self.items().iter().map(At::id).collect()
    }

    /// The value as it stands.
    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    /// Holds that a count is exactly this.
    #[track_caller]
    pub(super) fn is(&self, expected: usize) {
        self.is_or_none(Some(expected));
    }

    /// Holds that a count is exactly this, or is not there.
    #[track_caller]
    pub(super) fn is_or_none(&self, expected: Option<usize>) {
        let found = self.value.as_u64().map(|it| it as usize);
        assert!(
            found == expected && (found.is_some() || self.is_null()),
            "{}",
            self.said(expected)
        );
        self.note();
    }

    /// Holds that a figure is this but for rounding.
    #[track_caller]
    pub(super) fn measures(&self, expected: f64) {
        self.measures_or_none(Some(expected));
    }

    /// Holds that a figure is this but for rounding, or is not there.
    #[track_caller]
    pub(super) fn measures_or_none(&self, expected: Option<f64>) {
        let is_same = match (self.value.as_f64(), expected) {
            // Nobody reads -0 as nothing.
            (Some(found), _) if found == 0.0 && found.is_sign_negative() => false,
            (Some(found), Some(expected)) => is_close(found, expected),
            (found, expected) => found.is_none() && expected.is_none() && self.is_null(),
        };
        assert!(is_same, "{}", self.said(expected));
        self.note();
    }

    /// Holds that a figure found by approximation is within `slack` of this.
    #[track_caller]
    pub(super) fn is_near(&self, expected: f64, slack: f64) {
        let is_near = self.value.as_f64().is_some_and(|it| (it - expected).abs() <= slack);
        assert!(is_near, "{}", self.said(expected));
        self.note();
    }

    /// Holds that a text is this, or is not there.
    #[track_caller]
    pub(super) fn says(&self, expected: impl Into<Option<&'a str>>) {
        let expected = expected.into();
        let is_same = self.optional_text() == expected && (expected.is_some() || self.is_null());
        assert!(is_same, "{}", self.said(expected));
    }

    /// Calls `visit` for this value and for all in it.
    pub(super) fn walk(&self, visit: &mut impl FnMut(&At<'a>)) {
        visit(self);
        match self.value {
            Value::Object(fields) => fields.keys().for_each(|it| self.get(it).walk(visit)),
            Value::Array(_) => self.items().iter().for_each(|it| it.walk(visit)),
            _ => {}
        }
    }

    /// Notes that a sentence with its numbers was checked.
    pub(super) fn is_looked_at(&self) {
        self.note();
    }

    /// Whether it is a number, or a sentence that has some.
    fn has_number(&self) -> bool {
        let is_sentence = self.place.ends_with(".sentence");
        let has_digit = |it: &str| it.contains(|it: char| it.is_ascii_digit());
        self.value.is_number() || is_sentence && self.value.as_str().is_some_and(has_digit)
    }

    fn note(&self) {
        if self.has_number() {
            self.audit.checked.borrow_mut().insert(self.place.clone());
        }
    }

    fn said(&self, expected: impl std::fmt::Debug) -> String {
        format!("{} is {}, recomputed {expected:?}", self.place, self.value)
    }
}
