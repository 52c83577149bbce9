//! The process that is killed: it writes to a store and says on stdout, unbuffered, what it is at.

use std::convert::Infallible;
use std::fmt::Display;
use std::io::Write as _;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use weft::database::{Database, import};
use weft::transfer::{ImportOptions, read_folder};
use weft_store::{Access, Phase, Progress, RevisionInfo, Store};

use super::content;
use super::script::{PULSE, Step, pulse};

/// The variable that names the file with the job; without it there is nothing to do.
const JOB: &str = "WEFT_TEST_WRITER_JOB";
/// What each announcement begins with, so that the harness's own words are told from it.
const MARK: &str = "@ ";

/// What a writer is to do.
#[derive(Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) store: PathBuf,
    pub(super) task: Task,
}

#[derive(Serialize, Deserialize)]
pub(super) enum Task {
    /// One revision after another.
    Steps(Vec<Step>),
    /// The real importer, on a folder of CSV files.
    Import(PathBuf),
    /// No writing: one snapshot after another, for as long as anybody listens.
    Read,
}

impl Task {
    /// How many revisions it makes.
    pub(super) fn n_revisions(&self) -> usize {
        match self {
            Self::Steps(steps) => steps.len(),
            Self::Import(_) => 1,
            Self::Read => 0,
        }
    }
}

/// Where a writer is: the phases of a write, and what lies before and between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Moment {
    /// The files of an import are checked against the store; nothing is locked.
    Checking,
    /// The lock is taken.
    Reading,
    /// Rows are written.
    Writing,
    /// Indexes are built.
    Indexing,
    /// From before COMMIT until it has returned.
    Committing,
    /// From COMMIT until the log has been taken in and `apply` has returned.
    Checkpointing,
    /// The revision was acknowledged, the next one is not begun.
    Acknowledged,
}

impl Moment {
    pub(super) const ALL: [Self; 7] = [
        Self::Checking,
        Self::Reading,
        Self::Writing,
        Self::Indexing,
        Self::Committing,
        Self::Checkpointing,
        Self::Acknowledged,
    ];

    fn of(phase: Phase) -> Self {
        match phase {
            Phase::Reading => Self::Reading,
            Phase::Writing => Self::Writing,
            Phase::Indexing => Self::Indexing,
            Phase::Committing => Self::Committing,
            Phase::Checkpointing => Self::Checkpointing,
        }
    }

    /// Reads an announcement; other lines are none.
    pub(super) fn parse(line: &str) -> Option<(Self, u64)> {
        let (word, number) = line.trim_end().strip_prefix(MARK)?.split_once(' ')?;
        let moment = Self::ALL.into_iter().find(|it| format!("{it:?}") == word)?;
        Some((moment, number.parse().ok()?))
    }
}

fn announce(moment: Moment, number: impl Display) {
    say(&format!("{moment:?} {number}"));
}

fn say(words: &str) {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(format!("{MARK}{words}\n").as_bytes()).unwrap();
    stdout.flush().unwrap();
}

fn progress() -> impl FnMut(Progress) {
    |it| announce(Moment::of(it.phase), it.n_done)
}

/// The writer: nothing without a job, and with one a process of its own.
#[test]
fn child() {
    let Some(job) = std::env::var_os(JOB) else { return };
    // The harness has written the beginning of a line.
    println!();
    let Job { store, task } = serde_json::from_slice(&std::fs::read(job).unwrap()).unwrap();
    let info = RevisionInfo::default();
    match task {
        Task::Steps(steps) => {
            let mut store = Store::open(store, Access::Write).unwrap();
            for step in steps {
                let applied = match step {
                    Step::Undo => store.undo(None, &info, &mut progress()).unwrap(),
                    Step::Apply(change_set) => {
                        let changes = change_set.changes.into_iter().enumerate().map(|(n, it)| {
                            announce(Moment::Writing, n);
                            Ok::<_, Infallible>(it)
                        });
                        store.apply(changes, &info, &mut progress()).unwrap()
                    }
                };
                announce(Moment::Acknowledged, applied.revision.unwrap());
            }
        }
        Task::Import(folder) => {
            announce(Moment::Checking, 0);
            let mut database = Database::locate(Some(&store), true).unwrap();
            let files = read_folder(&folder).unwrap().files;
            let options = import_options();
            let imported = import(&mut database, &files, &options, &info, &mut progress()).unwrap();
            announce(Moment::Acknowledged, imported.applied.unwrap().revision.unwrap());
        }
        Task::Read => {
            let store = Store::open(store, Access::Read).unwrap();
            loop {
                let snapshot = store.snapshot().unwrap();
                let pulse =
                    snapshot.find_node(PULSE).map_or(0, |it| pulse(snapshot.node(it).name()));
                let print = content::print(&content::of_snapshot(&snapshot));
                say(&format!("Seen {pulse} {print}"));
            }
        }
    }
    // It does not end by itself, as long as there is a parent to kill it.
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).unwrap();
}

/// How the files of these tests are imported, by the writer and by who checks it.
pub(super) fn import_options() -> ImportOptions {
    let dataset = "region".to_owned();
    ImportOptions { dataset, remove_missing: true, ..ImportOptions::default() }
}

/// The command that runs a job in a process of its own.
pub(super) fn command(job_file: &std::path::Path, job: &Job) -> std::process::Command {
    std::fs::write(job_file, serde_json::to_vec(job).unwrap()).unwrap();
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "kill::writer::child", "--nocapture", "--test-threads=1"]);
    command.env(JOB, job_file);
    command
}
