//! Rows and records: what stands in which column, read and written.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, Rows, Statement, params};
use serde::{Deserialize, Serialize};
use weft_graph::{
    Amount, Certainty, Claim, Denial, Derivation, Fact, Identifier, NodeRecord, Qualifier, Source,
    TieId, TieRecord,
};
use weft_value::{PartialDate, Value};

use crate::Error;
use crate::words::{Lookup, node_id};

pub(crate) const SOURCE_COLUMNS: &str =
    "key, id, title, publisher, date, retrieved, licence, address, note";
pub(crate) const NODE_COLUMNS: &str = "key, id, kind, name, stage, valid_from, valid_to, \
                                       claim_source, certainty, dataset, locator, rest";
pub(crate) const TIE_COLUMNS: &str = "key, source, relation, target, valid_from, valid_to, \
                                      claim_source, certainty, dataset, locator, amount, \
                                      currency, qualifier, given_id, rest";
pub(crate) const CLAIM_COLUMNS: &str =
    "source, locator, certainty, dataset, field, value, denial, retrieved, note";
pub(crate) const FACT_COLUMNS: &str = "key, id, measure, subject, category, period, value, unit, \
                                       qualifier, derived, parts, source, locator, certainty, \
                                       note, dataset";

/// What few nodes have.
#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct NodeRest {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) aliases: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifiers: Vec<Identifier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sectors: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    distinct: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Amount>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<String, Value>,
}

/// What few ties have.
#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct TieRest {
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) properties: BTreeMap<String, Value>,
}

/// Which records further claims belong to.
#[derive(Clone, Copy)]
pub(crate) enum ClaimsOf {
    Nodes,
    Ties,
}

impl ClaimsOf {
    pub(crate) fn table(self) -> (&'static str, &'static str) {
        match self {
            Self::Nodes => ("node_claims", "node"),
            Self::Ties => ("tie_claims", "tie"),
        }
    }
}

/// A date as the integer that the layout says.
pub(crate) fn date_code(date: PartialDate) -> i64 {
    let (month, day) = (date.month().unwrap_or(0), date.day().unwrap_or(0));
    i64::from(date.year()) * 10_000 + i64::from(month) * 100 + i64::from(day)
}

pub(crate) fn date_of_code(code: Option<i64>) -> Result<Option<PartialDate>, Error> {
    let Some(code) = code else { return Ok(None) };
    let part = |it: i64| Some((it % 100) as u8).filter(|&it| it > 0);
    let year = i32::try_from(code / 10_000).unwrap_or(0);
    let date = PartialDate::new(year, part(code / 100), part(code));
    date.map(Some).map_err(|_| Error::corrupt(format!("`{code}` is no date")))
}

fn coded<T: Copy>(all: &[T], code: i64, what: &str) -> Result<T, Error> {
    let found = usize::try_from(code).ok().and_then(|it| all.get(it));
    found.copied().ok_or_else(|| Error::corrupt(format!("`{code}` is no {what}")))
}

pub(crate) fn certainty_of(code: i64) -> Result<Certainty, Error> {
    coded(&Certainty::ALL, code, "certainty")
}

pub(crate) fn qualifier_of(code: i64) -> Result<Qualifier, Error> {
    coded(&Qualifier::ALL, code, "qualifier")
}

/// A key as the 32 bits that the graph counts in.
pub(crate) fn key_of(key: i64) -> Result<u32, Error> {
    u32::try_from(key).map_err(|_| Error::corrupt(format!("`{key}` is no key")))
}

/// A column of integers, without the detours of a general one: a large store has millions.
fn integer(value: ValueRef<'_>) -> Result<Option<i64>, Error> {
    match value {
        ValueRef::Integer(value) => Ok(Some(value)),
        ValueRef::Null => Ok(None),
        _ => Err(Error::corrupt("a column of integers holds something else")),
    }
}

fn text(value: ValueRef<'_>) -> Result<Option<&str>, Error> {
    match value {
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(Error::corrupt("a text is not UTF-8")),
        },
        ValueRef::Null => Ok(None),
        _ => Err(Error::corrupt("a column of texts holds something else")),
    }
}

fn must_have<T>(value: Option<T>) -> Result<T, Error> {
    value.ok_or_else(|| Error::corrupt("a column that is always filled is empty"))
}

/// Whether a claim fits into its record's own row.
pub(crate) fn is_plain(claim: &Claim) -> bool {
    claim.field.is_none()
        && claim.value.is_none()
        && claim.denial.is_none()
        && claim.retrieved.is_none()
        && claim.note.is_none()
}

fn optional(text: &str) -> Option<&str> {
    Some(text).filter(|it| !it.is_empty())
}

/// The columns of the first claim, where it is plain; `T` is how its text is held.
#[derive(Debug)]
pub(crate) struct ClaimRow<T> {
    pub(crate) source: Option<i64>,
    pub(crate) certainty: Option<i64>,
    pub(crate) dataset: Option<i64>,
    pub(crate) locator: Option<T>,
}

/// The keys of the sources of the claims, in their order, and the first claim if it is plain.
fn inline<'a>(
    conn: &Connection,
    lookup: &Lookup,
    claims: &'a [Claim],
    source_keys: &[i64],
) -> Result<ClaimRow<&'a str>, Error> {
    match (claims.first(), source_keys.first()) {
        (Some(claim), Some(&source)) if is_plain(claim) => Ok(ClaimRow {
            source: Some(source),
            certainty: Some(claim.certainty as i64),
            dataset: dataset_key(conn, lookup, &claim.dataset)?,
            locator: optional(&claim.locator),
        }),
        _ => Ok(ClaimRow { source: None, certainty: None, dataset: None, locator: None }),
    }
}

fn dataset_key(conn: &Connection, lookup: &Lookup, dataset: &str) -> Result<Option<i64>, Error> {
    optional(dataset).map(|it| lookup.intern(conn, it)).transpose()
}

const INSERT_SOURCE: &str = "INSERT INTO sources (key, id, title, publisher, date, retrieved, \
    licence, address, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const UPDATE_SOURCE: &str = "UPDATE sources SET id = ?2, title = ?3, publisher = ?4, date = ?5, \
    retrieved = ?6, licence = ?7, address = ?8, note = ?9 WHERE key = ?1";
pub(crate) const INSERT_NODE: &str = "INSERT INTO nodes (key, id, kind, name, stage, valid_from, valid_to, \
    claim_source, certainty, dataset, locator, rest) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
pub(crate) const UPDATE_NODE: &str = "UPDATE nodes SET id = ?2, kind = ?3, name = ?4, stage = ?5, \
    valid_from = ?6, valid_to = ?7, claim_source = ?8, certainty = ?9, dataset = ?10, \
    locator = ?11, rest = ?12 WHERE key = ?1";
pub(crate) const INSERT_TIE: &str = "INSERT INTO ties (key, source, relation, target, valid_from, valid_to, \
    claim_source, certainty, dataset, locator, amount, currency, qualifier, given_id, rest) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
/// For a tie without amount, id of its own and rest, as nearly all are: a third of the columns less
/// to bind, which is 3 % of a bulk import.
pub(crate) const INSERT_PLAIN_TIE: &str = "INSERT INTO ties (key, source, relation, target, \
    valid_from, valid_to, claim_source, certainty, dataset, locator) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
pub(crate) const UPDATE_TIE: &str = "UPDATE ties SET source = ?2, relation = ?3, target = ?4, \
    valid_from = ?5, valid_to = ?6, claim_source = ?7, certainty = ?8, dataset = ?9, \
    locator = ?10, amount = ?11, currency = ?12, qualifier = ?13, given_id = ?14, rest = ?15 \
    WHERE key = ?1";
const INSERT_FACT: &str = "INSERT INTO facts (key, id, measure, subject, category, period, value, \
    unit, qualifier, derived, parts, source, locator, certainty, note, dataset) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
const UPDATE_FACT: &str = "UPDATE facts SET id = ?2, measure = ?3, subject = ?4, category = ?5, \
    period = ?6, value = ?7, unit = ?8, qualifier = ?9, derived = ?10, parts = ?11, \
    source = ?12, locator = ?13, certainty = ?14, note = ?15, dataset = ?16 WHERE key = ?1";

/// Whether a row is written for the first time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Write {
    New,
    Again,
}

pub(crate) fn write_source(
    conn: &Connection,
    write: Write,
    key: u32,
    it: &Source,
) -> Result<(), Error> {
    let sql = if write == Write::New { INSERT_SOURCE } else { UPDATE_SOURCE };
    conn.prepare_cached(sql)?.execute(params![
        key,
        it.id,
        it.title,
        it.publisher,
        it.date.map(date_code),
        it.retrieved.map(date_code),
        it.licence,
        it.address,
        it.note,
    ])?;
    Ok(())
}

/// Writes a node by [`INSERT_NODE`] or [`UPDATE_NODE`].
pub(crate) fn write_node(
    conn: &Connection,
    lookup: &Lookup,
    (write, statement): (Write, &mut Statement<'_>),
    key: u32,
    it: &NodeRecord,
    source_keys: &[i64],
) -> Result<(), Error> {
    let plain = it.aliases.is_empty()
        && it.identifiers.is_empty()
        && it.sectors.is_empty()
        && it.tags.is_empty()
        && !it.distinct
        && it.amount.is_none()
        && it.properties.is_empty();
    let rest = match plain {
        true => None,
        false => Some(serde_json::to_string(&NodeRest {
            aliases: it.aliases.clone(),
            identifiers: it.identifiers.clone(),
            sectors: it.sectors.clone(),
            tags: it.tags.clone(),
            distinct: it.distinct,
            amount: it.amount.clone(),
            properties: it.properties.clone(),
        })?),
    };
    let first = inline(conn, lookup, &it.claims, source_keys)?;
    let stage = it.stage.as_ref().map(|it| lookup.intern(conn, it)).transpose()?;
    statement.execute(params![
        key,
        it.id,
        lookup.intern(conn, &it.kind)?,
        it.name,
        stage,
        it.valid_from.map(date_code),
        it.valid_to.map(date_code),
        first.source,
        first.certainty,
        first.dataset,
        first.locator,
        rest,
    ])?;
    write_claims(conn, lookup, ClaimsOf::Nodes, write, key, &it.claims, source_keys)
}

/// Writes a tie of a relation between two nodes, by their keys, by [`INSERT_TIE`] or
/// [`UPDATE_TIE`]; where it is plain, by [`INSERT_PLAIN_TIE`] if that is given.
#[allow(
    clippy::too_many_arguments,
    reason = "what is shared by all rows, then what is the row's own"
)]
pub(crate) fn write_tie(
    conn: &Connection,
    lookup: &Lookup,
    (write, statement): (Write, &mut Statement<'_>),
    plain: Option<&mut Statement<'_>>,
    key: u32,
    (source, relation, target): (i64, i64, i64),
    it: &TieRecord,
    source_keys: &[i64],
) -> Result<(), Error> {
    let has_no_rest = it.key.is_none() && it.role.is_none() && it.properties.is_empty();
    let rest = match has_no_rest {
        true => None,
        false => Some(serde_json::to_string(&TieRest {
            key: it.key.clone(),
            role: it.role.clone(),
            properties: it.properties.clone(),
        })?),
    };
    let first = inline(conn, lookup, &it.claims, source_keys)?;
    let amount = it.amount.as_ref();
    let given_id = match it.given_id.as_deref() {
        Some(id) if lookup.is_id_of_tie(conn, id, key)? => None,
        given_id => given_id,
    };
    if let Some(statement) = plain
        && rest.is_none()
        && amount.is_none()
        && given_id.is_none()
    {
        statement.execute(params![
            key,
            source,
            relation,
            target,
            it.valid_from.map(date_code),
            it.valid_to.map(date_code),
            first.source,
            first.certainty,
            first.dataset,
            first.locator,
        ])?;
        return write_claims(conn, lookup, ClaimsOf::Ties, write, key, &it.claims, source_keys);
    }
    statement.execute(params![
        key,
        source,
        relation,
        target,
        it.valid_from.map(date_code),
        it.valid_to.map(date_code),
        first.source,
        first.certainty,
        first.dataset,
        first.locator,
        amount.map(|it| it.value),
        amount.map(|it| lookup.intern(conn, &it.currency)).transpose()?,
        amount.map(|it| it.qualifier as i64),
        given_id,
        rest,
    ])?;
    write_claims(conn, lookup, ClaimsOf::Ties, write, key, &it.claims, source_keys)
}

fn write_claims(
    conn: &Connection,
    lookup: &Lookup,
    of: ClaimsOf,
    write: Write,
    key: u32,
    claims: &[Claim],
    source_keys: &[i64],
) -> Result<(), Error> {
    if write == Write::Again {
        delete_claims(conn, of, key)?;
    }
    let n_inline = usize::from(claims.first().is_some_and(is_plain));
    if claims.len() == n_inline {
        return Ok(());
    }
    let (table, owner) = of.table();
    let sql = format!(
        "INSERT INTO {table} ({owner}, position, {CLAIM_COLUMNS}) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    for (position, (it, source)) in claims.iter().zip(source_keys).enumerate().skip(n_inline) {
        statement.execute(params![
            key,
            position as i64,
            source,
            optional(&it.locator),
            it.certainty as i64,
            dataset_key(conn, lookup, &it.dataset)?,
            it.field,
            it.value,
            it.denial.map(|it| it as i64),
            it.retrieved.map(date_code),
            it.note,
        ])?;
    }
    Ok(())
}

pub(crate) fn delete_claims(conn: &Connection, of: ClaimsOf, key: u32) -> Result<(), Error> {
    let (table, owner) = of.table();
    conn.prepare_cached(&format!("DELETE FROM {table} WHERE {owner} = ?1"))?.execute([key])?;
    Ok(())
}

pub(crate) fn write_fact(
    conn: &Connection,
    lookup: &Lookup,
    write: Write,
    key: u32,
    keys: (i64, i64),
    it: &Fact,
) -> Result<(), Error> {
    let parts = match it.of.is_empty() {
        true => None,
        false => Some(serde_json::to_string(&it.of)?),
    };
    let sql = if write == Write::New { INSERT_FACT } else { UPDATE_FACT };
    conn.prepare_cached(sql)?.execute(params![
        key,
        it.id,
        it.measure,
        keys.0,
        it.category,
        it.period.as_ref().map(|it| it.as_str()),
        it.value,
        it.unit,
        it.qualifier as i64,
        it.derived.map(|it| it as i64),
        parts,
        keys.1,
        it.locator,
        it.certainty as i64,
        it.note,
        dataset_key(conn, lookup, &it.dataset)?,
    ])?;
    Ok(())
}

pub(crate) fn source_of_row(row: &Row<'_>) -> Result<(u32, Source), Error> {
    let source = Source {
        id: row.get(1)?,
        title: row.get(2)?,
        publisher: row.get(3)?,
        date: date_of_code(row.get(4)?)?,
        retrieved: date_of_code(row.get(5)?)?,
        licence: row.get(6)?,
        address: row.get(7)?,
        note: row.get(8)?,
    };
    Ok((key_of(row.get(0)?)?, source))
}

/// The columns of a node, in the order of [`NODE_COLUMNS`].
#[derive(Debug)]
pub(crate) struct NodeRow<'a> {
    pub(crate) key: u32,
    pub(crate) id: &'a str,
    pub(crate) kind: i64,
    pub(crate) name: &'a str,
    pub(crate) stage: Option<i64>,
    pub(crate) valid_from: Option<i64>,
    pub(crate) valid_to: Option<i64>,
    pub(crate) claim: ClaimRow<&'a str>,
    rest: Option<&'a str>,
}

impl<'a> NodeRow<'a> {
    pub(crate) fn read(row: &'a Row<'_>) -> Result<Self, Error> {
        let value = |at: usize| row.get_ref(at);
        Ok(Self {
            key: key_of(must_have(integer(value(0)?)?)?)?,
            id: must_have(text(value(1)?)?)?,
            kind: must_have(integer(value(2)?)?)?,
            name: must_have(text(value(3)?)?)?,
            stage: integer(value(4)?)?,
            valid_from: integer(value(5)?)?,
            valid_to: integer(value(6)?)?,
            claim: ClaimRow {
                source: integer(value(7)?)?,
                certainty: integer(value(8)?)?,
                dataset: integer(value(9)?)?,
                locator: text(value(10)?)?,
            },
            rest: text(value(11)?)?,
        })
    }

    /// What few nodes have.
    pub(crate) fn rest(&self) -> Result<NodeRest, Error> {
        Ok(self.rest.map(serde_json::from_str).transpose()?.unwrap_or_default())
    }

    /// The whole node; its further claims come from `claims`.
    pub(crate) fn record(
        &self,
        conn: &Connection,
        lookup: &Lookup,
        claims: &mut MoreClaims<'_, '_>,
    ) -> Result<NodeRecord, Error> {
        let rest = self.rest()?;
        Ok(NodeRecord {
            id: self.id.to_owned(),
            kind: lookup.word(conn, self.kind)?,
            name: self.name.to_owned(),
            aliases: rest.aliases,
            identifiers: rest.identifiers,
            sectors: rest.sectors,
            stage: self.stage.map(|it| lookup.word(conn, it)).transpose()?,
            tags: rest.tags,
            valid_from: date_of_code(self.valid_from)?,
            valid_to: date_of_code(self.valid_to)?,
            distinct: rest.distinct,
            amount: rest.amount,
            properties: rest.properties,
            claims: self.claim.with_more(conn, lookup, self.key, claims)?,
        })
    }
}

impl NodeRest {
    /// Whether there are aliases at most.
    pub(crate) fn has_only_aliases(&self) -> bool {
        self.identifiers.is_empty()
            && self.sectors.is_empty()
            && self.tags.is_empty()
            && !self.distinct
            && self.amount.is_none()
            && self.properties.is_empty()
    }
}

/// Reads a node; its further claims come from `claims`.
pub(crate) fn node_of_row(
    conn: &Connection,
    lookup: &Lookup,
    row: &Row<'_>,
    claims: &mut MoreClaims<'_, '_>,
) -> Result<(u32, NodeRecord), Error> {
    let row = NodeRow::read(row)?;
    Ok((row.key, row.record(conn, lookup, claims)?))
}

/// The columns of a tie, in the order of [`TIE_COLUMNS`]; `T` is how texts are held.
#[derive(Debug)]
pub(crate) struct TieRow<T> {
    pub(crate) key: u32,
    pub(crate) source: u32,
    pub(crate) relation: i64,
    pub(crate) target: u32,
    pub(crate) valid_from: Option<i64>,
    pub(crate) valid_to: Option<i64>,
    pub(crate) claim: ClaimRow<T>,
    pub(crate) amount: Option<f64>,
    pub(crate) currency: Option<i64>,
    pub(crate) qualifier: Option<i64>,
    pub(crate) given_id: Option<T>,
    pub(crate) rest: Option<T>,
}

impl<'a> TieRow<&'a str> {
    /// Reads the columns of a row, wherever they come from.
    pub(crate) fn read(
        value: impl Fn(usize) -> Result<ValueRef<'a>, Error>,
    ) -> Result<Self, Error> {
        Ok(Self {
            key: key_of(must_have(integer(value(0)?)?)?)?,
            source: key_of(must_have(integer(value(1)?)?)?)?,
            relation: must_have(integer(value(2)?)?)?,
            target: key_of(must_have(integer(value(3)?)?)?)?,
            valid_from: integer(value(4)?)?,
            valid_to: integer(value(5)?)?,
            claim: ClaimRow {
                source: integer(value(6)?)?,
                certainty: integer(value(7)?)?,
                dataset: integer(value(8)?)?,
                locator: text(value(9)?)?,
            },
            amount: match value(10)? {
                ValueRef::Real(value) => Some(value),
                ValueRef::Null => None,
                _ => return Err(Error::corrupt("an amount of `ties` is no number")),
            },
            currency: integer(value(11)?)?,
            qualifier: integer(value(12)?)?,
            given_id: text(value(13)?)?,
            rest: text(value(14)?)?,
        })
    }

    /// The id that the tie was given, or has by its key in a store without a schema.
    fn given_id(&self, conn: &Connection, lookup: &Lookup) -> Result<Option<String>, Error> {
        Ok(match self.given_id {
            Some(id) => Some(id.to_owned()),
            None => lookup.is_open(conn)?.then(|| TieId(self.key).open_id()),
        })
    }

    /// What few ties have.
    pub(crate) fn rest(&self) -> Result<TieRest, Error> {
        Ok(self.rest.map(serde_json::from_str).transpose()?.unwrap_or_default())
    }

    /// The amount that went along the tie.
    pub(crate) fn read_amount(
        &self,
        conn: &Connection,
        lookup: &Lookup,
    ) -> Result<Option<Amount>, Error> {
        let Some(currency) = self.currency else { return Ok(None) };
        let qualifier = self.qualifier.ok_or_else(|| Error::corrupt("an amount says not how"))?;
        Ok(Some(Amount {
            // SQLite keeps NaN as NULL.
            value: self.amount.unwrap_or(f64::NAN),
            currency: lookup.word(conn, currency)?,
            qualifier: qualifier_of(qualifier)?,
        }))
    }

    /// The whole tie; its further claims come from `claims`.
    pub(crate) fn record(
        &self,
        conn: &Connection,
        lookup: &Lookup,
        claims: &mut MoreClaims<'_, '_>,
    ) -> Result<TieRecord, Error> {
        let rest = self.rest()?;
        Ok(TieRecord {
            given_id: self.given_id(conn, lookup)?,
            source: node_id(conn, i64::from(self.source))?,
            relation: lookup.word(conn, self.relation)?,
            target: node_id(conn, i64::from(self.target))?,
            key: rest.key,
            valid_from: date_of_code(self.valid_from)?,
            valid_to: date_of_code(self.valid_to)?,
            amount: self.read_amount(conn, lookup)?,
            role: rest.role,
            properties: rest.properties,
            claims: self.claim.with_more(conn, lookup, self.key, claims)?,
        })
    }
}

impl TieRest {
    /// Whether there are properties at most.
    pub(crate) fn has_only_properties(&self) -> bool {
        self.key.is_none() && self.role.is_none()
    }
}

impl<T> TieRow<T> {
    /// The same with its texts held otherwise.
    pub(crate) fn with_texts<'a, U>(&'a self, mut text: impl FnMut(&'a T) -> U) -> TieRow<U> {
        TieRow {
            key: self.key,
            source: self.source,
            relation: self.relation,
            target: self.target,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            claim: ClaimRow {
                source: self.claim.source,
                certainty: self.claim.certainty,
                dataset: self.claim.dataset,
                locator: self.claim.locator.as_ref().map(&mut text),
            },
            amount: self.amount,
            currency: self.currency,
            qualifier: self.qualifier,
            given_id: self.given_id.as_ref().map(&mut text),
            rest: self.rest.as_ref().map(text),
        }
    }
}

/// A tie with its key and those of its ends.
pub(crate) struct KeyedTie {
    pub(crate) key: u32,
    pub(crate) source: u32,
    pub(crate) target: u32,
    pub(crate) record: TieRecord,
}

/// Reads a tie; its further claims come from `claims`.
pub(crate) fn tie_of_row(
    conn: &Connection,
    lookup: &Lookup,
    row: &Row<'_>,
    claims: &mut MoreClaims<'_, '_>,
) -> Result<KeyedTie, Error> {
    let row = TieRow::read(|at| Ok(row.get_ref(at)?))?;
    let record = row.record(conn, lookup, claims)?;
    Ok(KeyedTie { key: row.key, source: row.source, target: row.target, record })
}

impl ClaimRow<&str> {
    /// The claim in a record's own row, if it stands there, and the further ones.
    fn with_more(
        &self,
        conn: &Connection,
        lookup: &Lookup,
        key: u32,
        more: &mut MoreClaims<'_, '_>,
    ) -> Result<Vec<Claim>, Error> {
        let mut res = Vec::new();
        if let Some(source) = self.source {
            let certainty =
                self.certainty.ok_or_else(|| Error::corrupt("a claim has no certainty"))?;
            res.push(Claim {
                source: lookup.source_id(conn, source)?,
                locator: self.locator.unwrap_or_default().to_owned(),
                certainty: certainty_of(certainty)?,
                dataset: self
                    .dataset
                    .map(|it| lookup.word(conn, it))
                    .transpose()?
                    .unwrap_or_default(),
                ..Default::default()
            });
        }
        more.take(conn, lookup, key, &mut res)?;
        Ok(res)
    }
}

fn claim_of_row(
    conn: &Connection,
    lookup: &Lookup,
    row: &Row<'_>,
    at: usize,
) -> Result<Claim, Error> {
    let dataset: Option<i64> = row.get(at + 3)?;
    let denial: Option<i64> = row.get(at + 6)?;
    Ok(Claim {
        source: lookup.source_id(conn, row.get(at)?)?,
        locator: row.get::<_, Option<String>>(at + 1)?.unwrap_or_default(),
        certainty: certainty_of(row.get(at + 2)?)?,
        field: row.get(at + 4)?,
        value: row.get(at + 5)?,
        denial: denial
            .map(|it| coded(&[Denial::Never, Denial::Ended], it, "denial"))
            .transpose()?,
        retrieved: date_of_code(row.get(at + 7)?)?,
        note: row.get(at + 8)?,
        dataset: dataset.map(|it| lookup.word(conn, it)).transpose()?.unwrap_or_default(),
    })
}

/// Where further claims come from: asked for record by record, or read along in the order of keys.
pub(crate) enum MoreClaims<'stmt, 'rows> {
    /// By index, for single records.
    Asked(ClaimsOf),
    /// All claims in the order of their owners, the next one read ahead.
    Along(&'rows mut Rows<'stmt>, Option<(u32, Claim)>),
}

/// The statement whose rows [`MoreClaims::along`] takes.
pub(crate) fn all_claims_sql(of: ClaimsOf) -> String {
    let (table, owner) = of.table();
    format!("SELECT {owner}, {CLAIM_COLUMNS} FROM {table} ORDER BY {owner}, position")
}

impl<'stmt, 'rows> MoreClaims<'stmt, 'rows> {
    pub(crate) fn along(
        conn: &Connection,
        lookup: &Lookup,
        rows: &'rows mut Rows<'stmt>,
    ) -> Result<Self, Error> {
        let next = next_claim(conn, lookup, rows)?;
        Ok(Self::Along(rows, next))
    }

    /// Whether there is a further claim of that record; records are asked in the order of keys.
    pub(crate) fn has_more(
        &mut self,
        conn: &Connection,
        lookup: &Lookup,
        key: u32,
    ) -> Result<bool, Error> {
        let Self::Along(rows, next) = self else { return Ok(true) };
        // Claims of a record that was passed over.
        while next.as_ref().is_some_and(|it| it.0 < key) {
            *next = next_claim(conn, lookup, rows)?;
        }
        Ok(next.as_ref().is_some_and(|it| it.0 == key))
    }

    fn take(
        &mut self,
        conn: &Connection,
        lookup: &Lookup,
        key: u32,
        res: &mut Vec<Claim>,
    ) -> Result<(), Error> {
        match self {
            Self::Asked(of) => {
                let (table, owner) = of.table();
                let mut statement = conn.prepare_cached(&format!(
                    "SELECT {CLAIM_COLUMNS} FROM {table} WHERE {owner} = ?1 ORDER BY position"
                ))?;
                let mut rows = statement.query([key])?;
                while let Some(row) = rows.next()? {
                    res.push(claim_of_row(conn, lookup, row, 0)?);
                }
            }
            Self::Along(rows, next) => {
                while next.as_ref().is_some_and(|it| it.0 < key) {
                    *next = next_claim(conn, lookup, rows)?;
                }
                while let Some((_, claim)) = next.take_if(|it| it.0 == key) {
                    res.push(claim);
                    *next = next_claim(conn, lookup, rows)?;
                }
            }
        }
        Ok(())
    }
}

fn next_claim(
    conn: &Connection,
    lookup: &Lookup,
    rows: &mut Rows<'_>,
) -> Result<Option<(u32, Claim)>, Error> {
    match rows.next()? {
        None => Ok(None),
        Some(row) => Ok(Some((key_of(row.get(0)?)?, claim_of_row(conn, lookup, row, 1)?))),
    }
}

/// A fact with its key.
pub(crate) fn fact_of_row(
    conn: &Connection,
    lookup: &Lookup,
    row: &Row<'_>,
) -> Result<(u32, Fact), Error> {
    let period: Option<String> = row.get(5)?;
    let period = period.map(|it| it.parse()).transpose();
    let parts: Option<String> = row.get(10)?;
    let derived: Option<i64> = row.get(9)?;
    let dataset: Option<i64> = row.get(15)?;
    let fact = Fact {
        id: row.get(1)?,
        measure: row.get(2)?,
        subject: node_id(conn, row.get(3)?)?,
        category: row.get(4)?,
        period: period.map_err(|_| Error::corrupt("a period cannot be read"))?,
        value: row.get(6)?,
        unit: row.get(7)?,
        qualifier: qualifier_of(row.get(8)?)?,
        derived: derived.map(|it| coded(&Derivation::ALL, it, "derivation")).transpose()?,
        of: parts.map(|it| serde_json::from_str(&it)).transpose()?.unwrap_or_default(),
        source: lookup.source_id(conn, row.get(11)?)?,
        locator: row.get(12)?,
        certainty: certainty_of(row.get(13)?)?,
        note: row.get(14)?,
        dataset: dataset.map(|it| lookup.word(conn, it)).transpose()?.unwrap_or_default(),
    };
    Ok((key_of(row.get(0)?)?, fact))
}

/// The source of that id.
pub(crate) fn source_by_id(conn: &Connection, id: &str) -> Result<Option<(u32, Source)>, Error> {
    let sql = format!("SELECT {SOURCE_COLUMNS} FROM sources WHERE id = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    rows.next()?.map(source_of_row).transpose()
}

/// The node of that key.
pub(crate) fn node_by_key(
    conn: &Connection,
    lookup: &Lookup,
    key: i64,
) -> Result<Option<NodeRecord>, Error> {
    let sql = format!("SELECT {NODE_COLUMNS} FROM nodes WHERE key = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([key])?;
    let mut more = MoreClaims::Asked(ClaimsOf::Nodes);
    let found = rows.next()?.map(|row| node_of_row(conn, lookup, row, &mut more)).transpose()?;
    Ok(found.map(|it| it.1))
}

/// The tie of that key.
pub(crate) fn tie_by_key(
    conn: &Connection,
    lookup: &Lookup,
    key: i64,
) -> Result<Option<KeyedTie>, Error> {
    let sql = format!("SELECT {TIE_COLUMNS} FROM ties WHERE key = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([key])?;
    let mut more = MoreClaims::Asked(ClaimsOf::Ties);
    rows.next()?.map(|row| tie_of_row(conn, lookup, row, &mut more)).transpose()
}

/// The fact of that id.
pub(crate) fn fact_by_id(
    conn: &Connection,
    lookup: &Lookup,
    id: &str,
) -> Result<Option<(u32, Fact)>, Error> {
    let sql = format!("SELECT {FACT_COLUMNS} FROM facts WHERE id = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    rows.next()?.map(|row| fact_of_row(conn, lookup, row)).transpose()
}

/// The key of the tie of that id, given or made of its parts.
///
/// An id that is made of its parts is taken apart at every `--`, for ids of nodes may hold one.
pub(crate) fn tie_key(conn: &Connection, lookup: &Lookup, id: &str) -> Result<Option<i64>, Error> {
    let mut statement = conn.prepare_cached("SELECT key FROM ties WHERE given_id = ?1")?;
    let given: Option<i64> = statement.query_row([id], |row| row.get(0)).optional()?;
    if given.is_some() {
        return Ok(given);
    }
    if lookup.is_open(conn)? {
        let Some(TieId(key)) = TieId::of_open_id(id) else { return Ok(None) };
        let sql = "SELECT key FROM ties WHERE key = ?1 AND given_id IS NULL";
        return Ok(conn.prepare_cached(sql)?.query_row([key], |row| row.get(0)).optional()?);
    }
    for (at, _) in id.match_indices("--") {
        let Some(source) = crate::words::node_key(conn, &id[..at])? else { continue };
        let rest = &id[at + 2..];
        for (at, _) in rest.match_indices("--") {
            let Some(relation) = lookup.word_key(conn, &rest[..at])? else { continue };
            let rest = &rest[at + 2..];
            let ends = rest.match_indices("--").map(|it| it.0).chain([rest.len()]);
            for end in ends {
                let Some(target) = crate::words::node_key(conn, &rest[..end])? else { continue };
                if let Some(key) = tie_between(conn, lookup, (source, relation, target), id)? {
                    return Ok(Some(key));
                }
            }
        }
    }
    Ok(None)
}

/// The tie of that id among those of one relation between two nodes.
pub(crate) fn tie_between(
    conn: &Connection,
    lookup: &Lookup,
    (source, relation, target): (i64, i64, i64),
    id: &str,
) -> Result<Option<i64>, Error> {
    if lookup.is_open(conn)? {
        // There the id says nothing of the ends, and is found by an index of its own.
        return Ok(None);
    }
    let mut statement = conn.prepare_cached(
        "SELECT key FROM ties WHERE source = ?1 AND relation = ?2 AND target = ?3",
    )?;
    let keys = statement.query_map([source, relation, target], |row| row.get(0))?;
    for key in keys {
        let key: i64 = key?;
        if tie_by_key(conn, lookup, key)?.is_some_and(|it| it.record.id() == id) {
            return Ok(Some(key));
        }
    }
    Ok(None)
}
