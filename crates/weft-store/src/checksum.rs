//! The checksum of a record: 64 bits of its canonical bytes, the same on every machine.
//!
//! The checksum of a store is the sum of those of its records, so that it does not depend on their
//! order and follows a change in time proportional to it. It finds accidents and outside writes; it
//! is no signature.

use std::collections::BTreeMap;

use weft_graph::{Amount, Claim, Fact, NodeRecord, Source, TieRecord};
use weft_value::{PartialDate, Value};

use crate::Error;

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// The bytes of one record, in a buffer that is used again.
///
/// Each record is its table (1 byte), its key (4 bytes) and its fields in the order of the struct. A
/// text is its length (4 bytes) and its bytes; a list its length and its items; what is not there is
/// the byte 0, what is there the byte 1 and itself; all numbers little-endian.
#[derive(Debug, Default)]
pub(crate) struct Canonical {
    bytes: Vec<u8>,
}

impl Canonical {
    pub(crate) fn source(&mut self, key: u32, it: &Source) -> u64 {
        self.start(1, key);
        self.text(&it.id);
        self.text(&it.title);
        self.option(it.publisher.as_deref());
        self.date(it.date);
        self.date(it.retrieved);
        self.option(it.licence.as_deref());
        self.option(it.address.as_deref());
        self.option(it.note.as_deref());
        self.hash()
    }

    pub(crate) fn node(&mut self, key: u32, it: &NodeRecord) -> Result<u64, Error> {
        self.start(2, key);
        self.text(&it.id);
        self.text(&it.kind);
        self.text(&it.name);
        self.texts(&it.aliases);
        self.number(it.identifiers.len() as u32);
        for identifier in &it.identifiers {
            self.text(&identifier.scheme);
            self.text(&identifier.value);
        }
        self.texts(&it.sectors);
        self.option(it.stage.as_deref());
        self.texts(&it.tags);
        self.date(it.valid_from);
        self.date(it.valid_to);
        self.bytes.push(u8::from(it.distinct));
        self.amount(it.amount.as_ref());
        self.properties(&it.properties)?;
        self.claims(&it.claims);
        Ok(self.hash())
    }

    pub(crate) fn tie(&mut self, key: u32, it: &TieRecord) -> Result<u64, Error> {
        self.start(3, key);
        self.option(it.given_id.as_deref());
        self.text(&it.source);
        self.text(&it.relation);
        self.text(&it.target);
        self.option(it.key.as_deref());
        self.date(it.valid_from);
        self.date(it.valid_to);
        self.amount(it.amount.as_ref());
        self.option(it.role.as_deref());
        self.properties(&it.properties)?;
        self.claims(&it.claims);
        Ok(self.hash())
    }

    pub(crate) fn fact(&mut self, key: u32, it: &Fact) -> u64 {
        self.start(4, key);
        self.text(&it.id);
        self.text(&it.measure);
        self.text(&it.subject);
        self.option(it.category.as_deref());
        self.option(it.period.as_ref().map(|it| it.as_str()));
        match it.value {
            Some(value) if !value.is_nan() => self.float(value),
            _ => self.bytes.push(0),
        }
        self.text(&it.unit);
        self.bytes.push(it.qualifier as u8);
        self.bytes.push(it.derived.map_or(0, |it| it as u8 + 1));
        self.texts(&it.of);
        self.text(&it.source);
        self.text(&it.locator);
        self.bytes.push(it.certainty as u8);
        self.option(it.note.as_deref());
        self.text(&it.dataset);
        self.hash()
    }

    fn start(&mut self, table: u8, key: u32) {
        self.bytes.clear();
        self.bytes.push(table);
        self.number(key);
    }

    fn number(&mut self, number: u32) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn texts(&mut self, texts: &[String]) {
        self.number(texts.len() as u32);
        texts.iter().for_each(|it| self.text(it));
    }

    fn option(&mut self, text: Option<&str>) {
        match text {
            None => self.bytes.push(0),
            Some(text) => {
                self.bytes.push(1);
                self.text(text);
            }
        }
    }

    fn date(&mut self, date: Option<PartialDate>) {
        self.number(date.map_or(0, |it| it.to_bits() as u32));
    }

    fn float(&mut self, value: f64) {
        // SQLite keeps no negative zero and no NaN.
        let value = if value == 0.0 || value.is_nan() { 0.0 } else { value };
        self.bytes.push(1);
        self.bytes.extend_from_slice(&value.to_bits().to_le_bytes());
    }

    fn amount(&mut self, amount: Option<&Amount>) {
        match amount {
            None => self.bytes.push(0),
            Some(amount) => {
                self.float(amount.value);
                self.text(&amount.currency);
                self.bytes.push(amount.qualifier as u8);
            }
        }
    }

    fn properties(&mut self, properties: &BTreeMap<String, Value>) -> Result<(), Error> {
        if properties.is_empty() {
            self.number(0);
        } else {
            self.text(&serde_json::to_string(properties)?);
        }
        Ok(())
    }

    fn claims(&mut self, claims: &[Claim]) {
        self.number(claims.len() as u32);
        for claim in claims {
            self.text(&claim.source);
            self.text(&claim.locator);
            self.bytes.push(claim.certainty as u8);
            self.option(claim.field.as_deref());
            self.option(claim.value.as_deref());
            self.bytes.push(claim.denial.map_or(0, |it| it as u8 + 1));
            self.date(claim.retrieved);
            self.option(claim.note.as_deref());
            self.text(&claim.dataset);
        }
    }

    /// Multiplies eight bytes at a time into 128 bits and folds the halves together.
    fn hash(&self) -> u64 {
        let mix = |state: u64, word: u64| {
            let product = u128::from(state ^ word) * u128::from(MULTIPLIER);
            (product as u64) ^ ((product >> 64) as u64)
        };
        let mut state = MULTIPLIER ^ self.bytes.len() as u64;
        let (words, rest) = self.bytes.as_chunks::<8>();
        for word in words {
            state = mix(state, u64::from_le_bytes(*word)).rotate_left(23);
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        mix(mix(state, u64::from_le_bytes(last)), MULTIPLIER)
    }
}
