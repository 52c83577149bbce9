//! Statements of openCypher over a store: what `query`, `shell` and `serve` share.
//!
//! Many transactions are open at once, each over its own snapshot. The first to commit wins: a later
//! one that wrote the same records is refused and may be tried again; one that wrote others is carried
//! over to the newest revision.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use weft_cypher::{CommitOptions, Keys, Procedure, Procedures, Transaction, commit};
use weft_graph::{Certainty, Change, ChangeSet, Snapshot};
use weft_store::{Error as StoreError, RevisionInfo};
use weft_value::PartialDate;

use super::{Error, Settings};
use crate::database::{Database, LocateError};
use crate::ecosystem::known_on;
use crate::procedures;

/// Changed records of a revision that are compared with what a late transaction wrote; of a larger
/// revision nothing is known, and the transaction is refused.
const COMPARED_MAX: usize = 100_000;

/// A store with its newest snapshot, and what statements may call.
pub struct Workspace {
    database: Mutex<Database>,
    /// The revision that is looked at, where it is a past one.
    past: Option<(u64, Snapshot)>,
    keys: Arc<Keys>,
    procedures: RwLock<Arc<Procedures>>,
    as_of: Option<PartialDate>,
    floor: Option<Certainty>,
    is_bundled: bool,
    title: String,
    /// What was left of the last snapshot that was looked at in part.
    kept: Mutex<Option<Narrowed>>,
}

/// A revision as it is seen from a day and a floor.
struct Narrowed {
    revision: u64,
    as_of: Option<PartialDate>,
    floor: Option<Certainty>,
    snapshot: Snapshot,
}

/// Who writes, when and what, for history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// The moment, as `2026-11-22T17:00:00Z`.
    pub when: String,
    /// Who.
    pub who: String,
    /// What was done, in words.
    pub what: String,
}

/// A transaction with the revision that it began on.
pub struct Work {
    /// The transaction.
    pub transaction: Transaction,
    base: u64,
    /// Whether less than all was seen that is recorded, so that nothing can be written.
    is_narrowed: bool,
}

impl Workspace {
    /// Opens the store of the settings, to be written to, or the bundled graph, to be read.
    ///
    /// A day or a floor in the settings leaves out what does not hold then, or is less sure; nothing
    /// can be written then.
    ///
    /// # Errors
    /// As [`Database::locate`] says.
    pub fn open(settings: &Settings) -> Result<Self, Error> {
        let database = match Database::locate(settings.db.as_deref(), true) {
            Err(LocateError::NoStore) => Database::bundled()?,
            database => database?,
        };
        Self::over(database, settings)
    }

    /// Takes an open store.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn over(database: Database, settings: &Settings) -> Result<Self, Error> {
        let title = database.title()?;
        let snapshot = database.snapshot(settings.revision)?;
        let keys = Arc::new(Keys::after(&snapshot));
        let is_bundled = database.is_bundled();
        let (as_of, floor) = (settings.as_of, settings.floor);
        let past = settings.revision.map(|it| (it, snapshot));
        let database = Mutex::new(database);
        let procedures = RwLock::new(Arc::new(procedures::all()));
        let kept = Mutex::default();
        Ok(Self { database, past, keys, procedures, as_of, floor, is_bundled, title, kept })
    }

    /// What statements may call.
    pub fn procedures(&self) -> Arc<Procedures> {
        Arc::clone(&self.procedures.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets statements that begin from now on call one more procedure.
    pub fn add_procedure(&self, procedure: Arc<dyn Procedure>) {
        let mut procedures = self.procedures.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut procedures).add(procedure);
    }

    /// Whether this is the graph that comes with weft, which can only be read.
    pub fn is_bundled(&self) -> bool {
        self.is_bundled
    }

    /// The title of the store.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Transactions that begin from now on look at that day and that floor.
    pub fn look_at(&mut self, as_of: Option<PartialDate>, floor: Option<Certainty>) {
        (self.as_of, self.floor) = (as_of, floor);
    }

    /// Begins a transaction on what the store holds now, as far as the day and the floor let it be
    /// seen.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn begin(&self) -> Result<Work, Error> {
        self.begin_at(self.floor)
    }

    /// Begins a transaction that may write: it sees all of the day, whatever the floor.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn begin_to_write(&self) -> Result<Work, Error> {
        self.begin_at(None)
    }

    fn begin_at(&self, floor: Option<Certainty>) -> Result<Work, Error> {
        let (base, snapshot) = match &self.past {
            Some(past) => past.clone(),
            None => self.lock().newest()?,
        };
        let snapshot = self.narrowed(base, snapshot, floor)?;
        let transaction = Transaction::with_keys(snapshot, Arc::clone(&self.keys));
        let is_narrowed =
            self.as_of.is_some() || floor.is_some() || self.past.is_some() || self.is_bundled;
        Ok(Work { transaction, base, is_narrowed })
    }

    /// Commits what a transaction wrote, as one revision; gives the newest revision.
    ///
    /// # Errors
    /// If the schema does not allow it, if somebody else changed the same records since it began
    /// ([`super::ErrorKind::Conflict`]), or if the file cannot be written. Nothing is half done.
    pub fn commit(
        &self,
        work: Work,
        options: &CommitOptions,
        author: &Author,
    ) -> Result<u64, Error> {
        if work.transaction.graph().is_unchanged() {
            return Ok(work.base);
        }
        if work.is_narrowed {
            let hint = match self.is_bundled {
                true => "make a store of your own: `weft init --from leeds`, or `weft init`",
                false => {
                    "leave out the day (`--as-of`, `:as-of`) and `--revision`; over Bolt the floor \
                     (`--certainty`), too"
                }
            };
            return Err(Error::usage("this graph can only be read").with_hint(hint));
        }
        let changes = commit(work.transaction.graph(), options)?;
        let info = &RevisionInfo {
            when: author.when.clone(),
            who: author.who.clone(),
            what: author.what.clone(),
            dataset: String::new(),
        };
        let mut database = self.lock();
        let base = work.base;
        let mut applied = database.commit(base, &changes, info);
        if let Err(StoreError::Overtaken { newest, .. }) = applied {
            must_touch_others(&database, base, newest, &changes)?;
            applied = database.commit(newest, &changes, info);
        }
        let applied = applied.map_err(|err| match err {
            StoreError::Change(_) | StoreError::Overtaken { .. } => {
                Error::conflict(err.to_string())
            }
            err => err.into(),
        })?;
        Ok(applied.revision.unwrap_or(base))
    }

    /// What is seen of a revision; the last answer is kept, so that a session looks through the whole
    /// graph once.
    fn narrowed(
        &self,
        revision: u64,
        snapshot: Snapshot,
        floor: Option<Certainty>,
    ) -> Result<Snapshot, Error> {
        let as_of = self.as_of;
        if as_of.is_none() && floor.is_none() {
            return Ok(snapshot);
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(it) = &*kept
            && (it.revision, it.as_of, it.floor) == (revision, as_of, floor)
        {
            return Ok(it.snapshot.clone());
        }
        let snapshot = narrowed(&snapshot, as_of, floor)?;
        *kept = Some(Narrowed { revision, as_of, floor, snapshot: snapshot.clone() });
        Ok(snapshot)
    }

    fn lock(&self) -> MutexGuard<'_, Database> {
        // Whoever panicked with the lock left a store that SQLite keeps whole.
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Refuses changes to records that revisions after `base` changed too.
fn must_touch_others(
    database: &Database,
    base: u64,
    newest: u64,
    changes: &ChangeSet,
) -> Result<(), Error> {
    let ours: BTreeSet<String> = changes.changes.iter().map(id_of).collect();
    for revision in base + 1..=newest {
        let theirs = database.changes_of(revision, COMPARED_MAX)?;
        let same = theirs.iter().find(|it| ours.contains(&it.id));
        if let Some(same) = same {
            let message = format!("somebody else changed `{}` in the meantime", same.id);
            return Err(Error::conflict(message).with_hint("try the transaction again"));
        }
        if theirs.len() >= COMPARED_MAX {
            return Err(Error::conflict("somebody else changed much in the meantime")
                .with_hint("try the transaction again"));
        }
    }
    Ok(())
}

fn id_of(change: &Change) -> String {
    match change {
        Change::PutSource(it) => it.id.clone(),
        Change::PutNode(it) => it.id.clone(),
        Change::PutTie(it) => it.id(),
        Change::PutFact(it) => it.id.clone(),
        Change::RemoveFact(id)
        | Change::RemoveTie(id)
        | Change::RemoveNode(id)
        | Change::RemoveSource(id) => id.clone(),
    }
}

/// What holds on a day and is sure enough.
fn narrowed(
    snapshot: &Snapshot,
    as_of: Option<PartialDate>,
    floor: Option<Certainty>,
) -> Result<Snapshot, Error> {
    let floor = floor.unwrap_or(Certainty::Inferred);
    let snapshot = known_on(&snapshot.at_floor(floor), as_of);
    let day = as_of.map(PartialDate::last_key);
    let is_in = |certainty: Certainty, is_valid: bool| certainty <= floor && is_valid;
    let mut gone = BTreeSet::new();
    for node in snapshot.nodes().map(|it| snapshot.node(it)) {
        if !is_in(node.certainty(), day.is_none_or(|it| node.is_valid_at(it))) {
            gone.insert(node.idx());
        }
    }
    let mut changes = Vec::new();
    for tie in snapshot.ties().map(|it| snapshot.tie(it)) {
        let has_ends = !gone.contains(&tie.source()) && !gone.contains(&tie.target());
        if !has_ends || !is_in(tie.certainty(), day.is_none_or(|it| tie.is_valid_at(it))) {
            changes.push(Change::RemoveTie(tie.id()));
        }
    }
    let gone: BTreeSet<&str> = gone.iter().map(|&it| snapshot.node(it).id()).collect();
    for fact in snapshot.facts().iter().filter(|it| gone.contains(it.subject.as_str())) {
        changes.push(Change::RemoveFact(fact.id.clone()));
    }
    changes.extend(gone.iter().map(|it| Change::RemoveNode((*it).to_owned())));
    snapshot.with(&changes.into()).map_err(|it| Error::bug(it.to_string()))
}
