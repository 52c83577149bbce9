//! Changes: the only way in which a model, a snapshot or a store becomes another.

use serde::{Deserialize, Serialize};

use crate::schema::OPEN_WORDS_MAX;
use crate::{Fact, NodeRecord, Schema, Source, TieRecord};

/// One record put or removed.
///
/// A `Put` writes the whole record, with all its claims, whether it was there or not; what must stay
/// of an older record is the business of whoever makes the change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Writes a source, by its id.
    PutSource(Source),
    /// Writes a node, by its id.
    PutNode(NodeRecord),
    /// Writes a tie, by its id; both ends must be there.
    PutTie(TieRecord),
    /// Writes a fact, by its id; its subject must be there.
    PutFact(Fact),
    /// Removes a fact.
    RemoveFact(String),
    /// Removes a tie, by its id.
    RemoveTie(String),
    /// Removes a node; no tie and no fact may be left at it.
    RemoveNode(String),
    /// Removes a source; no claim may be left on it.
    RemoveSource(String),
}

/// Changes in the order in which they are applied, all or none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangeSet {
    /// The changes.
    pub changes: Vec<Change>,
}

/// Why a change cannot be applied; the names are ids.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// A tie ends at, or a fact is about, a node that is not there.
    #[error("{what} names the node `{node}`, which does not exist")]
    NoSuchNode {
        /// the record that names it
        what: String,
        /// the node
        node: String,
    },
    /// A claim or a fact rests on a source that is not there.
    #[error("{what} rests on the source `{source_id}`, which does not exist")]
    NoSuchSource {
        /// the record that names it
        what: String,
        /// the source
        source_id: String,
    },
    /// What should be removed is not there.
    #[error("there is no {what} `{id}` to remove")]
    NothingToRemove {
        /// node, tie, fact or source
        what: &'static str,
        /// its id
        id: String,
    },
    /// What should be removed is still used.
    #[error("{what} `{id}` cannot be removed: {n_users} records still rest on it, `{user}` first")]
    InUse {
        /// node or source
        what: &'static str,
        /// its id
        id: String,
        /// how many
        n_users: usize,
        /// the first of them
        user: String,
    },
    /// A kind, a relation or a stage that the schema lacks.
    #[error("{what} `{id}` has the {word_kind} `{word}`, which the schema lacks")]
    UnknownWord {
        /// node or tie
        what: &'static str,
        /// its id
        id: String,
        /// kind, relation or stage
        word_kind: &'static str,
        /// the word
        word: String,
    },
    /// More records than 32 bits can count, or more words than a graph without a schema can have.
    #[error("the graph is full: it holds at most {limit} {what}")]
    Full {
        /// nodes, ties, sets of labels or types
        what: &'static str,
        /// how many
        limit: u32,
    },
}

impl ChangeSet {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many records change.
    pub fn len(&self) -> usize {
        self.changes.len()
    }
}

impl ChangeError {
    /// There is no such record to remove.
    pub fn nothing(what: &'static str, id: &str) -> Self {
        Self::NothingToRemove { what, id: id.to_owned() }
    }

    /// Refuses to remove what others rest on.
    ///
    /// # Errors
    /// [`ChangeError::InUse`] if there are users.
    pub fn check_unused(what: &'static str, id: &str, mut users: Vec<String>) -> Result<(), Self> {
        users.sort_unstable();
        users.dedup();
        match users.first() {
            None => Ok(()),
            Some(user) => Err(Self::InUse {
                what,
                id: id.to_owned(),
                n_users: users.len(),
                user: user.clone(),
            }),
        }
    }

    /// Checks that a node's kind and stage are words of the schema.
    ///
    /// # Errors
    /// [`ChangeError::UnknownWord`] if one is not.
    pub fn check_words(schema: &Schema, record: &NodeRecord) -> Result<(), Self> {
        let unknown = |word_kind, word: &str| {
            let (id, word) = (record.id.clone(), word.to_owned());
            Self::UnknownWord { what: "node", id, word_kind, word }
        };
        if !schema.is_open() && schema.kind_id(&record.kind).is_none() {
            return Err(unknown("kind", &record.kind));
        }
        match &record.stage {
            Some(stage) if schema.stage_id(stage).is_none() => Err(unknown("stage", stage)),
            _ => Ok(()),
        }
    }

    /// An open schema has as many words of that sort as it can.
    pub fn full(what: &'static str) -> Self {
        Self::Full { what, limit: OPEN_WORDS_MAX as u32 }
    }

    /// Takes the next key of a counter, or the later one that an id of a graph without a schema is made
    /// of: so that no later record is given an id that was given before.
    ///
    /// # Errors
    /// [`ChangeError::Full`] where none is left.
    pub fn next_key(
        counter: &mut u32,
        named: Option<u32>,
        what: &'static str,
    ) -> Result<u32, Self> {
        *counter = named.unwrap_or(0).max(*counter);
        Self::next(counter, what)
    }

    /// Takes the next number of a counter. The last one is kept free: it marks "no position".
    ///
    /// # Errors
    /// [`ChangeError::Full`] where none is left.
    pub fn next(counter: &mut u32, what: &'static str) -> Result<u32, Self> {
        if *counter == u32::MAX {
            return Err(Self::Full { what, limit: u32::MAX - 1 });
        }
        *counter += 1;
        Ok(*counter - 1)
    }
}

impl From<Vec<Change>> for ChangeSet {
    fn from(changes: Vec<Change>) -> Self {
        Self { changes }
    }
}
