//! The database: where the store lies, and where store, import and snapshot meet.
//!
//! Reads files and the environment of a process (its folder); knows no verb and no output.

mod existing;
mod import;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use weft_formats::{DatasetInfo, Diagnostics};
use weft_graph::{ChangeSet, Schema, Snapshot};
use weft_store::{
    Access, Applied, ChangedRecord, CreateOptions, How, Progress, Revision, RevisionInfo, Status,
    Store, UndoError, Verification,
};
use weft_value::PartialDate;

use crate::transfer::InputFile;
pub use existing::StoreIndex;
pub use import::{ImportError, Imported, dry_run, import};

/// The file that is looked for where none is named.
pub const FILE_NAME: &str = "weft.db";
/// The name and the files of the dataset that comes with weft.
const BUNDLED: [(&str, &str); 5] = [
    ("sources.csv", include_str!("../../graph-data/leeds/sources.csv")),
    ("nodes.csv", include_str!("../../graph-data/leeds/nodes.csv")),
    ("ties.csv", include_str!("../../graph-data/leeds/ties.csv")),
    ("claims.csv", include_str!("../../graph-data/leeds/claims.csv")),
    ("facts.csv", include_str!("../../graph-data/leeds/facts.csv")),
];
/// The name of that dataset.
pub const BUNDLED_NAME: &str = "leeds";
/// What that dataset says of itself.
const BUNDLED_INFO: &str = include_str!("../../graph-data/leeds/dataset.toml");
/// A look around one node reads all its ties if there are no more than so many;
const TIES_MAX: usize = 500;
/// else it reads the first of them, and the rest is counted.
const FIRST_TIES: usize = 50;

/// The setting that keeps where marks stand.
const LAYOUT: &str = "layout";

/// Where marks stand on a page, by the id of their node.
pub type Positions = BTreeMap<String, (f64, f64)>;

/// A store, or the bundled graph in memory.
pub struct Database {
    store: Store,
    schema: Arc<Schema>,
    is_bundled: bool,
    /// What was read last, and of which revision.
    seen: RefCell<Option<(u64, Snapshot)>>,
}

/// What somebody typed may be this.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The kind.
    pub kind: String,
    /// By what it was found.
    pub how: How,
    /// How alike, from 0 to 1.
    pub score: f64,
    /// Whether it is as good as naming the node.
    pub is_exact: bool,
}

/// What a text names in a snapshot: an id, an identifier, a name or an alias, then what begins so.
///
/// For revisions that are past, which the indexes of the store do not cover. O(nodes).
pub fn find_in(snapshot: &Snapshot, text: &str, limit: usize) -> Vec<Hit> {
    let folded = weft_store::fold(text.trim());
    let mut hits = Vec::new();
    for node in snapshot.nodes().map(|it| snapshot.node(it)) {
        let written = node.written();
        let others = written.other_names();
        let is = |name: &str| weft_store::fold(name) == folded;
        let begins = |name: &str| weft_store::fold(name).starts_with(&folded);
        let identifiers = node.identifiers();
        // Schemes are abbreviations: `gb-coh` is `GB-COH`.
        let (scheme, value) = text.trim().split_once(':').unwrap_or_default();
        let how = if node.id() == text.trim() {
            How::Id
        } else if identifiers.iter().any(|it| {
            let is_of = it.scheme.eq_ignore_ascii_case(scheme.trim());
            it.value == text.trim() || is_of && it.value == value.trim()
        }) {
            How::Identifier
        } else if is(&written.name) {
            How::Name
        } else if others.iter().any(|it| is(it)) {
            How::Alias
        } else if begins(&written.name) || others.iter().any(|it| begins(it)) {
            How::Prefix
        } else {
            continue;
        };
        hits.push(Hit {
            id: node.id().to_owned(),
            name: node.name().to_owned(),
            kind: node.kind().id.clone(),
            how,
            score: if how.is_exact() { 1.0 } else { 0.5 },
            is_exact: how.is_exact(),
        });
    }
    hits.sort_by(|a, b| a.how.cmp(&b.how).then_with(|| a.id.cmp(&b.id)));
    hits.truncate(limit);
    hits
}

/// A look around one node.
pub struct Surroundings {
    /// The node, its ties and their other ends.
    pub snapshot: Snapshot,
    /// All its ties, by relation and direction (true: it is the source).
    pub counts: Vec<(String, bool, usize)>,
    /// Whether the snapshot lacks some of them.
    pub is_cut: bool,
}

impl Database {
    /// Opens the store that is named, else `weft.db` here or in a parent, else the bundled graph.
    ///
    /// # Errors
    /// If a named store does not exist; or, for writing, if there is none.
    pub fn locate(named: Option<&Path>, writes: bool) -> Result<Self, LocateError> {
        let access = if writes { Access::Write } else { Access::Read };
        let path = match named {
            Some(path) => Some(path.to_owned()),
            None => find_here(),
        };
        match path {
            Some(path) => Self::of_store(Store::open(path, access)?, false),
            None if writes => Err(LocateError::NoStore),
            None => Self::bundled(),
        }
    }

    /// The bundled graph, in memory.
    ///
    /// # Errors
    /// None that the tests have not seen: the files are compiled in.
    pub fn bundled() -> Result<Self, LocateError> {
        let title = bundled_info()?.title.unwrap_or_default();
        let mut store = Store::in_memory(&title, Schema::bundled().text())?;
        fill_with_bundled(&mut store, &RevisionInfo::default())?;
        Self::of_store(store, true)
    }

    /// Makes a store.
    ///
    /// # Errors
    /// If the file exists, or the schema cannot be read.
    pub fn create(path: &Path, title: &str, schema_text: &str) -> Result<Self, LocateError> {
        let (title, schema_text) = (title.to_owned(), schema_text.to_owned());
        Self::of_store(Store::create(path, &CreateOptions { title, schema_text })?, false)
    }

    /// Fills an empty store with the bundled dataset.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn fill_with_bundled(&mut self, info: &RevisionInfo) -> Result<Applied, LocateError> {
        fill_with_bundled(&mut self.store, info)
    }

    fn of_store(store: Store, is_bundled: bool) -> Result<Self, LocateError> {
        let schema = store.schema()?.clone();
        Ok(Self { store, schema, is_bundled, seen: RefCell::default() })
    }

    /// Whether this is the graph that comes with weft.
    pub fn is_bundled(&self) -> bool {
        self.is_bundled
    }

    /// Whether the file was opened as one that nobody writes.
    pub fn is_immutable(&self) -> bool {
        self.store.is_immutable()
    }

    /// The file; none of the bundled graph.
    pub fn path(&self) -> Option<&Path> {
        self.store.path()
    }

    /// The words.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The title of the store.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn title(&self) -> Result<String, weft_store::Error> {
        self.store.title()
    }

    /// The newest revision.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn revision(&self) -> Result<u64, weft_store::Error> {
        self.store.revision()
    }

    /// The whole graph, now or as it was recorded after a revision.
    ///
    /// # Errors
    /// If there is no such revision, or the file cannot be read.
    pub fn snapshot(&self, revision: Option<u64>) -> Result<Snapshot, weft_store::Error> {
        if let Some(revision) = revision {
            return self.store.snapshot_at(revision);
        }
        if let Some((_, snapshot)) = &*self.seen.borrow() {
            return Ok(snapshot.clone());
        }
        Ok(self.read_newest()?.1)
    }

    /// The newest revision and the graph that it left, for whoever is going to [`Database::commit`]:
    /// other than [`Database::snapshot`] it sees what other processes wrote since the last question.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn newest(&self) -> Result<(u64, Snapshot), weft_store::Error> {
        let revision = self.store.revision()?;
        let seen = self.seen.borrow().clone().filter(|it| it.0 == revision);
        seen.map_or_else(|| self.read_newest(), Ok)
    }

    fn read_newest(&self) -> Result<(u64, Snapshot), weft_store::Error> {
        let newest = self.store.newest()?;
        *self.seen.borrow_mut() = Some(newest.clone());
        Ok(newest)
    }

    /// The date of the newest source that a claim cites that is not inferred.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn newest_source_date(&self) -> Result<Option<PartialDate>, weft_store::Error> {
        self.store.newest_source_date()
    }

    /// What a text may name, the likeliest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find(&self, text: &str, limit: usize) -> Result<Vec<Hit>, weft_store::Error> {
        let hits = self.store.find(text, limit)?;
        let hit = |it: weft_store::Hit| Hit {
            name: if it.name.is_empty() { it.id.clone() } else { it.name },
            id: it.id,
            kind: it.kind,
            is_exact: it.how.is_exact(),
            how: it.how,
            score: it.score,
        };
        Ok(hits.into_iter().map(hit).collect())
    }

    /// A node with its ties and their other ends, read by index: cost as what is read.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn surroundings(
        &self,
        id: &str,
        all: bool,
    ) -> Result<Option<Surroundings>, weft_store::Error> {
        let Some((key, _)) = self.store.node(id)? else { return Ok(None) };
        let counts = self.store.tie_counts(key)?;
        let n_ties: u64 = counts.iter().map(|it| it.n_ties).sum();
        let is_few = n_ties <= TIES_MAX as u64;
        let limit = if all || is_few { usize::MAX } else { FIRST_TIES };
        let around = self.store.surroundings(&[key], 1, limit)?;
        let counts = counts
            .into_iter()
            .map(|it| {
                (it.relation, it.is_outgoing, usize::try_from(it.n_ties).unwrap_or(usize::MAX))
            })
            .collect();
        Ok(Some(Surroundings { snapshot: around.snapshot, counts, is_cut: around.is_cut }))
    }

    /// Where marks stood in the picture that was last saved, by id.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn saved_layout(&self) -> Result<Option<Positions>, weft_store::Error> {
        let text = self.store.recall(LAYOUT)?;
        // A layout that cannot be read is as good as none: it is drawn anew.
        Ok(text.and_then(|it| serde_json::from_str(&it).ok()))
    }

    /// Keeps where marks stand, for the next picture to start from.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save_layout(&mut self, positions: &Positions) -> Result<(), weft_store::Error> {
        let text = serde_json::json!(positions).to_string();
        self.store.remember(LAYOUT, &text)
    }

    /// What the store says of itself.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn status(&self) -> Result<Status, weft_store::Error> {
        self.store.status()
    }

    /// Reads the whole file and compares it with what its revisions left.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn verify(&self) -> Result<Verification, weft_store::Error> {
        self.store.verify()
    }

    /// The newest revisions, newest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn history(&self, limit: usize) -> Result<Vec<Revision>, weft_store::Error> {
        self.store.history(limit)
    }

    /// What a revision changed.
    ///
    /// # Errors
    /// If there is no such revision.
    pub fn changes_of(
        &self,
        revision: u64,
        limit: usize,
    ) -> Result<Vec<ChangedRecord>, weft_store::Error> {
        self.store.changes_of(revision, limit)
    }

    /// Applies changes, as one revision.
    ///
    /// # Errors
    /// If they cannot be written; nothing is half applied.
    pub fn apply(
        &mut self,
        changes: &ChangeSet,
        info: &RevisionInfo,
    ) -> Result<Applied, weft_store::Error> {
        self.seen = RefCell::default();
        self.store.apply_set(changes, info)
    }

    /// Applies what was written over a snapshot of a revision, unless a later one came in between.
    ///
    /// What has been read of the store is changed along with it, not read again.
    ///
    /// # Errors
    /// [`weft_store::Error::Overtaken`], or if it cannot be written; nothing is half applied.
    pub fn commit(
        &mut self,
        base: u64,
        changes: &ChangeSet,
        info: &RevisionInfo,
    ) -> Result<Applied, weft_store::Error> {
        let applied = self.store.apply_over(base, changes, info)?;
        if let Some(revision) = applied.revision {
            let seen = self.seen.take().filter(|it| it.0 == base);
            let next = seen.and_then(|it| it.1.with(changes).ok());
            self.seen = RefCell::new(next.map(|it| (revision, it)));
        }
        Ok(applied)
    }

    /// Takes a revision back, as a revision of its own.
    ///
    /// # Errors
    /// [`UndoError`], with the records that stand in the way.
    pub fn undo(
        &mut self,
        revision: Option<u64>,
        info: &RevisionInfo,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Applied, UndoError> {
        self.seen = RefCell::default();
        self.store.undo(revision, info, progress)
    }
}

/// Why there is no database to work on.
#[derive(Debug, thiserror::Error)]
pub enum LocateError {
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] weft_store::Error),
    /// Something is to be written, and there is no store.
    #[error(
        "there is no store to write to\nhint: make one with `weft init` (empty) or \
         `weft init --from leeds` (filled), or name one with `--db FILE`"
    )]
    NoStore,
    /// The bundled files cannot be read: a bug.
    #[error("the bundled data has {} faults", .0.n_errors())]
    Bundled(Diagnostics),
    /// The bundled files cannot be applied: a bug.
    #[error("the bundled data cannot be applied: {0}")]
    Import(String),
}

fn find_here() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|it| it.join(FILE_NAME)).find(|it| it.is_file())
}

/// The files of the bundled dataset.
pub fn bundled_files() -> Vec<InputFile> {
    BUNDLED.iter().map(|(name, text)| InputFile::from_bytes(*name, text.as_bytes())).collect()
}

/// What the bundled dataset says of itself: its title, licence and currency.
///
/// # Errors
/// None that the tests have not seen: the file is compiled in.
pub fn bundled_info() -> Result<DatasetInfo, LocateError> {
    DatasetInfo::parse("dataset.toml", BUNDLED_INFO)
        .map_err(|fault| LocateError::Import(fault.to_string()))
}

fn fill_with_bundled(store: &mut Store, info: &RevisionInfo) -> Result<Applied, LocateError> {
    import::fill(store, &bundled_files(), BUNDLED_NAME, bundled_info()?, info)
}
