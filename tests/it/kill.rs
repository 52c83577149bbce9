//! Writers that are killed: whatever the moment, the store is whole and keeps what it acknowledged.
//!
//! The writer is this test binary run again (`kill::writer::child`). It announces on a pipe each
//! phase of a write that it enters and each revision that `apply` has returned. The parent reads up
//! to an announcement, and goes on for a number of turns, both rolled with a seed, and then sends
//! SIGKILL. A kill counts for the last announcement that came out of the pipe, and only if the writer
//! died of it.

#![allow(clippy::print_stdout, reason = "the table of kills is shown")]

mod content;
mod dice;
mod log;
mod outside;
mod region;
mod script;
mod statements;
mod writer;

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use weft::database::{Database, import};
use weft::transfer::{check, read_folder};
use weft_formats::Severity;
use weft_graph::Schema;
use weft_store::{Access, CreateOptions, RevisionInfo, Store};

use content::{Content, assert_same};
use dice::Dice;
use log::Log;
use script::{State, Step};
use writer::{Job, Moment, Task};

const SIGKILL: i32 = 9;
/// How many revisions a writer is given to make before it is killed, at most.
const N_STEPS_MAX: usize = 4;
/// How often a log is looked at that should change soon.
const POLLS_MAX: usize = 20_000;
/// How many pages of a commit are awaited, at most: smaller commits have some more.
const N_PAGES_AWAITED: usize = 8;
/// In how many kills one is followed by a look at an older revision.
const OLD_REVISION_EVERY: usize = 6;

/// The fingerprint of what a store holds, by its pulse.
type Expected = Arc<Mutex<HashMap<u64, u64>>>;

/// Where a kill is aimed: it is sent so many turns after one of the announcements of a moment.
struct Aim {
    moment: Moment,
    /// Announcements of that moment that are let pass.
    n_passed: usize,
    /// Turns of a loop after it: from none to some milliseconds.
    n_turns: usize,
}

/// What a killed writer had said, and what it left in the files beside the store.
struct Killed {
    moment: Moment,
    n_acknowledged: u64,
    n_unpublished_pages: usize,
    is_half_checkpointed: bool,
}

/// How many kills fell where.
#[derive(Default)]
struct Tally {
    kills: BTreeMap<(Moment, &'static str), usize>,
    /// Commits that were cut off after the first of the pages that they write, and count for nothing.
    n_torn_commits: usize,
    /// Commits that hold, though nobody was told of them.
    n_unacknowledged: usize,
    /// Checkpoints that were cut off among the pages that they copy.
    n_torn_checkpoints: usize,
    /// Snapshots that a reader took meanwhile.
    n_snapshots: usize,
}

#[test]
fn a_killed_writer_loses_nothing_that_it_acknowledged_and_leaves_nothing_half_done() {
    // Two at a time: what one writer does to the other's pace shifts the moments the more.
    let campaigns: [[fn() -> Tally; 2]; 2] =
        [[steps_beside_a_reader, imports_again], [steps_alone, bulk_imports]];
    let of_thread = |those: [fn() -> Tally; 2]| std::thread::spawn(move || those.map(|it| it()));
    let mut tally = Tally::default();
    for thread in campaigns.map(of_thread) {
        thread.join().unwrap().into_iter().for_each(|it| tally.merge(it));
    }
    tally.print();
    tally.must_be_enough();
}

/// Small, middling and large revisions and undos, while a reader keeps the store open: no kill is
/// followed by SQLite's recovery, the next writer goes on from the shared index of the log.
fn steps_beside_a_reader() -> Tally {
    steps_killed("edits, read", 1, true)
}

/// The same with nobody else there: each kill is followed by SQLite's recovery from the log.
fn steps_alone() -> Tally {
    steps_killed("edits", 2, false)
}

fn steps_killed(column: &'static str, seed: u64, with_reader: bool) -> Tally {
    let mut tally = Tally::default();
    let folder = tempfile::tempdir().unwrap();
    let path = new_store(folder.path(), "store.db");
    let mut dice = Dice(seed);
    let mut states = vec![State::empty()];
    let mut n_made = 0;
    let expected = Expected::default();
    expected.lock().unwrap().insert(0, content::print(&states[0].content));
    let reader = with_reader.then(|| Reader::spawn(folder.path(), &path, &expected));
    let aims = [
        (Moment::Reading, 5, 6),
        (Moment::Writing, 12, 11),
        (Moment::Committing, 28, 16),
        (Moment::Checkpointing, 20, 13),
        (Moment::Acknowledged, 4, 6),
    ];
    for (moment, n_kills, log_turns) in aims {
        for n in 0..n_kills {
            let made = script::steps(&mut dice, &states, N_STEPS_MAX, &mut n_made);
            for (_, state) in &made {
                expected.lock().unwrap().insert(state.pulse(), content::print(&state.content));
            }
            let (steps, next): (Vec<Step>, Vec<State>) = made.into_iter().unzip();
            let n_passed = match moment {
                Moment::Writing => dice.roll(steps.iter().map(Step::n_changes).sum()),
                _ => dice.roll(N_STEPS_MAX - 1),
            };
            let aim = Aim { moment, n_passed, n_turns: dice.turns(log_turns) };
            let before = states.len() as u64 - 1;
            let job = Job { store: path.clone(), task: Task::Steps(steps) };
            let killed = kill(folder.path(), &job, &aim);
            let revision = tally.add(column, &killed, &path, before);
            let store = sound(&path, &mut dice);
            states.extend(next.into_iter().take((revision - before) as usize));
            assert_eq!(states.len() as u64 - 1, revision);
            must_hold(&store, &states.last().unwrap().content);
            if n % OLD_REVISION_EVERY == 0 {
                let older = dice.roll(states.len());
                let snapshot = store.snapshot_at(older as u64).unwrap();
                let found = content::of_snapshot(&snapshot);
                assert_same(&found, &states[older].content, "an older revision");
            }
        }
    }
    if let Some(reader) = reader {
        tally.n_snapshots += reader.end();
    }
    tally
}

/// A process that reads a store while others write to it and are killed.
struct Reader {
    child: Child,
    /// Makes sure that each snapshot is one revision, whole; counts them.
    checker: JoinHandle<usize>,
}

impl Reader {
    fn spawn(folder: &Path, store: &Path, expected: &Expected) -> Self {
        let job = Job { store: store.to_owned(), task: Task::Read };
        let mut command = writer::command(&folder.join("reader.json"), &job);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let seen = move |line: String| -> Option<(u64, u64)> {
            let (pulse, print) = line.strip_prefix("@ Seen ")?.split_once(' ')?;
            Some((pulse.parse().unwrap(), print.parse().unwrap()))
        };
        // It is at work before the first writer is.
        lines.by_ref().find_map(|it| seen(it.unwrap())).expect("the reader reads");
        let expected = expected.clone();
        let checker = std::thread::spawn(move || {
            let mut n_snapshots = 0;
            for (pulse, print) in lines.map_while(|it| seen(it.ok()?)) {
                let wanted = expected.lock().unwrap().get(&pulse).copied();
                assert_eq!(Some(print), wanted, "a reader saw half of pulse {pulse}");
                n_snapshots += 1;
            }
            n_snapshots
        });
        Self { child, checker }
    }

    fn end(mut self) -> usize {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.checker.join().unwrap()
    }
}

/// Imports into an empty store: all of it, or nothing.
fn bulk_imports() -> Tally {
    let mut tally = Tally::default();
    let folder = tempfile::tempdir().unwrap();
    let files = region::write(&folder.path().join("region"), 3, 900, 3_600);
    let whole = new_store(folder.path(), "whole.db");
    import_unharmed(&whole, &files);
    let whole = content_of(&whole);
    assert!(whole.len() > 4_096, "the writer speaks of its progress more than once");
    let mut dice = Dice(3);
    let aims = [
        (Moment::Checking, 4, 1, 20),
        (Moment::Reading, 4, 1, 6),
        (Moment::Writing, 18, 2, 21),
        (Moment::Indexing, 16, 7, 12),
        (Moment::Committing, 16, 1, 17),
        (Moment::Checkpointing, 12, 1, 13),
    ];
    let mut n_stores = 0;
    let mut path = new_store(folder.path(), "0.db");
    for (moment, n_kills, n_announcements, log_turns) in aims {
        for _ in 0..n_kills {
            let n_passed = dice.roll(n_announcements);
            let aim = Aim { moment, n_passed, n_turns: dice.turns(log_turns) };
            let job = Job { store: path.clone(), task: Task::Import(files.clone()) };
            let killed = kill(folder.path(), &job, &aim);
            let revision = tally.add("bulk import", &killed, &path, 0);
            let store = sound(&path, &mut dice);
            if revision == 0 {
                // The next writer goes on in the same store.
                must_hold(&store, &Content::new());
            } else {
                must_hold(&store, &whole);
                drop(store);
                n_stores += 1;
                path = new_store(folder.path(), &format!("{n_stores}.db"));
            }
        }
    }
    if Store::open(&path, Access::Read).unwrap().revision().unwrap() == 0 {
        import_unharmed(&path, &files);
    }
    assert_same(&content_of(&path), &whole, "an import after all the kills");
    tally
}

/// Imports of a dataset in two states in turn: records are added, changed and removed.
fn imports_again() -> Tally {
    let mut tally = Tally::default();
    let folder = tempfile::tempdir().unwrap();
    let files = [(4, 250, 700), (5, 200, 800)].map(|(seed, n_nodes, n_ties)| {
        region::write(&folder.path().join(format!("region-{seed}")), seed, n_nodes, n_ties)
    });
    let whole = [0, 1].map(|at| {
        let path = new_store(folder.path(), &format!("whole-{at}.db"));
        import_unharmed(&path, &files[at]);
        content_of(&path)
    });
    let mut dice = Dice(6);
    let path = new_store(folder.path(), "store.db");
    import_unharmed(&path, &files[0]);
    let mut before = 1;
    let aims =
        [(Moment::Writing, 8, 15), (Moment::Committing, 8, 17), (Moment::Checkpointing, 6, 13)];
    for (moment, n_kills, log_turns) in aims {
        for _ in 0..n_kills {
            let next = before as usize % 2;
            let aim = Aim { moment, n_passed: 0, n_turns: dice.turns(log_turns) };
            let job = Job { store: path.clone(), task: Task::Import(files[next].clone()) };
            let killed = kill(folder.path(), &job, &aim);
            let revision = tally.add("import again", &killed, &path, before);
            let store = sound(&path, &mut dice);
            must_hold(&store, &whole[(revision as usize + 1) % 2]);
            before = revision;
        }
    }
    tally
}

fn new_store(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let schema_text = Schema::bundled().text().to_owned();
    Store::create(&path, &CreateOptions { title: "Killed".into(), schema_text }).unwrap();
    path
}

fn import_unharmed(store: &Path, files: &Path) {
    let mut database = Database::locate(Some(store), true).unwrap();
    let (files, options) = (read_folder(files).unwrap().files, writer::import_options());
    import(&mut database, &files, &options, &RevisionInfo::default(), &mut |_| {}).unwrap();
}

fn content_of(path: &Path) -> Content {
    content::of_snapshot(&Store::open(path, Access::Read).unwrap().snapshot().unwrap())
}

/// Runs a writer and kills it where it was aimed at.
fn kill(folder: &Path, job: &Job, aim: &Aim) -> Killed {
    let mut command = writer::command(&folder.join("job.json"), job);
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut n_to_pass = aim.n_passed;
    let mut n_to_do = job.task.n_revisions();
    let mut heard = Vec::new();
    let mut log = Log::look(&job.store);
    for line in &mut lines {
        let Some(announced) = Moment::parse(&line.unwrap()) else { continue };
        heard.push(announced);
        if matches!(announced.0, Moment::Reading | Moment::Indexing) {
            log = Log::look(&job.store);
        }
        if announced.0 == aim.moment {
            if n_to_pass == 0 {
                break;
            }
            n_to_pass -= 1;
        }
        n_to_do -= usize::from(announced.0 == Moment::Acknowledged);
        if n_to_do == 0 {
            break;
        }
    }
    if aim.moment == Moment::Committing && !aim.n_turns.is_multiple_of(4) {
        // What a commit does before it writes, and syncs, takes longer than the writing.
        (0..POLLS_MAX).find(|_| log.has_grown_by(1 + aim.n_turns % N_PAGES_AWAITED));
    }
    for _ in 0..aim.n_turns {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.signal(), Some(SIGKILL), "the writer ended by itself: {stderr}");
    heard.extend(lines.filter_map(|it| Moment::parse(&it.unwrap())));
    let n_acknowledged = heard.iter().filter(|it| it.0 == Moment::Acknowledged).count() as u64;
    Killed {
        moment: heard.last().expect("it was aimed at an announcement").0,
        n_acknowledged,
        n_unpublished_pages: log::n_unpublished_pages(&job.store),
        is_half_checkpointed: log::is_half_checkpointed(&job.store),
    }
}

/// Opens a store after a kill, to write or to read, and checks all of it but what it holds.
fn sound(path: &Path, dice: &mut Dice) -> Store {
    let access = [Access::Read, Access::Write][dice.roll(2)];
    let store = Store::open(path, access).unwrap();
    let verification = store.verify().unwrap();
    assert!(verification.is_sound(), "{verification:?}");
    store
}

#[track_caller]
fn must_hold(store: &Store, expected: &Content) {
    let snapshot = store.snapshot().unwrap();
    assert_same(&content::of_snapshot(&snapshot), expected, "the store after a kill");
    let mut faults = check(&snapshot);
    faults.retain(|it| it.severity == Severity::Error);
    assert!(faults.is_empty(), "{faults:?}");
    let history = store.history(usize::MAX >> 1).unwrap();
    let revisions: Vec<u64> = history.iter().rev().map(|it| it.revision).collect();
    assert_eq!(revisions, (1..=store.revision().unwrap()).collect::<Vec<_>>());
}

impl Tally {
    /// Counts a kill, and returns the revision that it left, which is one of those it may leave.
    #[track_caller]
    fn add(&mut self, column: &'static str, killed: &Killed, path: &Path, before: u64) -> u64 {
        let revision = Store::open(path, Access::Read).unwrap().revision().unwrap();
        let acknowledged = before + killed.n_acknowledged;
        let (least, most) = match killed.moment {
            Moment::Committing => (acknowledged, acknowledged + 1),
            Moment::Checkpointing => (acknowledged + 1, acknowledged + 1),
            _ => (acknowledged, acknowledged),
        };
        let moment = killed.moment;
        assert!(
            (least..=most).contains(&revision),
            "revision {revision} instead of {least} to {most}, killed while {moment:?}"
        );
        *self.kills.entry((moment, column)).or_default() += 1;
        match moment {
            Moment::Committing if revision > acknowledged => self.n_unacknowledged += 1,
            Moment::Committing if killed.n_unpublished_pages > 0 => self.n_torn_commits += 1,
            Moment::Checkpointing if killed.is_half_checkpointed => self.n_torn_checkpoints += 1,
            _ => {}
        }
        revision
    }

    fn merge(&mut self, other: Self) {
        for (at, n_kills) in other.kills {
            *self.kills.entry(at).or_default() += n_kills;
        }
        self.n_torn_commits += other.n_torn_commits;
        self.n_unacknowledged += other.n_unacknowledged;
        self.n_torn_checkpoints += other.n_torn_checkpoints;
        self.n_snapshots += other.n_snapshots;
    }

    fn sum(&self, wanted: impl Fn(Moment, &str) -> bool) -> usize {
        self.kills.iter().filter(|it| wanted(it.0.0, it.0.1)).map(|it| it.1).sum()
    }

    fn print(&self) {
        const COLUMNS: [&str; 4] = ["edits, read", "edits", "bulk import", "import again"];
        println!("\nkills while    {}         all", COLUMNS.map(|it| format!("{it:>13}")).concat());
        for moment in Moment::ALL {
            let cells = COLUMNS.map(|it| self.sum(|a, b| (a, b) == (moment, it)));
            let name = format!("{moment:?}");
            println!(
                "{name:<15}{}{:>12}",
                cells.map(|it| format!("{it:>13}")).concat(),
                cells.iter().sum::<usize>()
            );
        }
        let cells = COLUMNS.map(|it| self.sum(|_, b| b == it));
        println!(
            "all            {}{:>12}",
            cells.map(|it| format!("{it:>13}")).concat(),
            cells.iter().sum::<usize>()
        );
        println!("commits cut off after their first page, and undone: {}", self.n_torn_commits);
        println!("commits cut off after their last page, that hold: {}", self.n_unacknowledged);
        println!("checkpoints cut off among the pages that they copy: {}", self.n_torn_checkpoints);
        println!("snapshots that a reader took meanwhile, each whole: {}", self.n_snapshots);
    }

    fn must_be_enough(&self) {
        assert!(self.sum(|_, _| true) >= 200);
        let ends = [Moment::Committing, Moment::Checkpointing];
        assert!(self.sum(|it, _| ends.contains(&it)) >= 50);
        let inside = |it| it > Moment::Checking && it < Moment::Acknowledged;
        assert!(self.sum(|it, column| inside(it) && column == "bulk import") >= 50);
        for moment in Moment::ALL {
            assert!(self.sum(|it, _| it == moment) > 0, "no kill while {moment:?}");
        }
        assert!(self.n_torn_commits > 0 && self.n_unacknowledged > 0);
        assert!(self.n_torn_checkpoints > 0);
        assert!(self.n_snapshots > 0);
    }
}
