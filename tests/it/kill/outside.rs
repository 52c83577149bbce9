//! Other things that happen to a store: a second writer, a full disk, a folder that cannot be
//! written, a write by another program.

use std::convert::Infallible;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use weft_graph::{Change, ChangeSet, NodeRecord, fixture_model};
use weft_store::{Access, RevisionInfo, Store};

use super::content;
use super::script::Step;
use super::writer::{self, Job, Task};
use super::{content_of, import_unharmed, new_store, region};

/// How many revisions each of two writers makes.
const N_REVISIONS: usize = 25;

/// A company without ties, with the source that it rests on.
fn company(id: &str) -> Vec<Change> {
    let model = fixture_model("a:company");
    let record = model.node("a").unwrap().record.clone();
    let source = model.sources().values().next().unwrap().clone();
    let node = NodeRecord { id: id.to_owned(), name: id.to_owned(), ..record };
    vec![Change::PutSource(source), Change::PutNode(node)]
}

/// A store with a region in it.
fn filled(folder: &Path) -> std::path::PathBuf {
    let path = new_store(folder, "weft.db");
    import_unharmed(&path, &region::write(&folder.join("region"), 7, 40, 80));
    path
}

#[track_caller]
fn check_command(store: &Path, args: &[&str], code: i32, message: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
    command.env_remove("WEFT_DB").env("NO_COLOR", "1").arg("--db").arg(store).args(args);
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), said.as_str()), (Some(code), message));
}

#[test]
fn two_writers_at_once_wait_for_each_other_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = new_store(folder.path(), "weft.db");
    let writers = ["left", "right"].map(|side| {
        let step = |n| Step::Apply(ChangeSet::from(company(&format!("{side}-{n}"))));
        let task = Task::Steps((0..N_REVISIONS).map(step).collect());
        let job = Job { store: path.clone(), task };
        let mut command = writer::command(&folder.path().join(side), &job);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    });
    for writer in writers {
        let output = writer.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let store = Store::open(&path, Access::Read).unwrap();
    assert_eq!(store.revision().unwrap(), 2 * N_REVISIONS as u64);
    for n in 0..N_REVISIONS {
        assert!(store.node(&format!("left-{n}")).unwrap().is_some());
        assert!(store.node(&format!("right-{n}")).unwrap().is_some());
    }
    assert!(store.verify().unwrap().is_sound());
}

#[test]
fn a_writer_that_waited_in_vain_says_that_the_store_is_locked_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let mut store = Store::open(&path, Access::Write).unwrap();
    let changes = company("late").into_iter().map(|change| {
        if matches!(change, Change::PutNode(_)) {
            let message = "error: the store is locked: another process is writing to it\n\
                           hint: wait until it is done and try again\n";
            check_command(&path, &["undo"], 5, message);
        }
        Ok::<_, Infallible>(change)
    });
    store.apply(changes, &RevisionInfo::default(), &mut |_| {}).unwrap();
    assert_eq!(store.revision().unwrap(), 2);
    assert!(store.node("late").unwrap().is_some() && store.verify().unwrap().is_sound());
}

/// Runs an import by a script for `sh` in which `$1` is the command, `$2` a store of which it may do
/// with as it likes, `$3` the files and `$4` an empty folder; the store is then as it was.
#[track_caller]
fn check_script(launcher: &[&str], script: &str, message: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let before = content_of(&path);
    let more = region::write(&folder.path().join("more"), 8, 800, 2_000);
    let room = folder.path().join("room");
    std::fs::create_dir(&room).unwrap();
    let shell = ["sh", "-c", script, "sh", env!("CARGO_BIN_EXE_weft")];
    let mut words = launcher.iter().chain(&shell);
    let mut command = Command::new(words.next().unwrap());
    command.args(words).args([&path, &more, &room]);
    let output = command.env_remove("WEFT_DB").env("NO_COLOR", "1").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), said.as_str()), (Some(1), message));
    content::assert_same(&content_of(&path), &before, "after a write that failed");
    assert!(Store::open(&path, Access::Write).unwrap().verify().unwrap().is_sound());
    import_unharmed(&path, &more);
    assert_eq!(Store::open(&path, Access::Read).unwrap().revision().unwrap(), 2);
}

/// A file system of 700 KiB, where this system lets one be made without rights; where it does not,
/// the test of the store's own stands alone.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_and_nothing_is_lost() {
    let launcher = ["unshare", "--user", "--map-root-user", "--mount"];
    let folder = tempfile::tempdir().unwrap();
    let mut probe = Command::new(launcher[0]);
    probe.args(&launcher[1..]).args(["mount", "-t", "tmpfs", "none"]).arg(folder.path());
    if !probe.output().is_ok_and(|it| it.status.success()) {
        println!("no small disk can be made here");
        return;
    }
    let script = r#"mount -t tmpfs -o size=700k none "$4" && cp "$2" "$4/weft.db" || exit 9
        "$1" --db "$4/weft.db" import --dataset region "$3"; code=$?
        cp "$4"/weft.db* "$(dirname "$2")"; exit $code"#;
    let message =
        "error: the disk is full; the store is as it was\nhint: make room and try again\n";
    check_script(&launcher, script, message);
}

#[test]
fn a_write_that_the_system_refuses_half_way_loses_nothing() {
    // No file longer than so many blocks of 512 bytes; the signal that goes with it is ignored.
    let script = r#"trap '' XFSZ; ulimit -f 800; exec "$1" --db "$2" import --dataset region "$3""#;
    let message = "error: the system cannot read or write the store: disk I/O error\n";
    check_script(&[], script, message);
}

#[test]
fn a_store_in_a_folder_that_cannot_be_written_is_read_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let before = content_of(&path);
    for name in ["weft.db-wal", "weft.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(name));
    }
    let bytes = std::fs::read(&path).unwrap();
    let allow = |folder_mode, file_mode| {
        for (path, mode) in [(folder.path(), folder_mode), (path.as_path(), file_mode)] {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    allow(0o555, 0o444);
    content::assert_same(&content_of(&path), &before, "a store that cannot be written");
    let store = Store::open(&path, Access::Read).unwrap();
    assert!(store.verify().unwrap().is_sound());
    // To an administrator no folder is closed.
    let is_closed = std::fs::File::create(folder.path().join("probe")).is_err();
    assert_eq!(store.is_immutable(), is_closed);
    assert_eq!(Store::open(&path, Access::Write).is_err(), is_closed);
    drop(store);
    allow(0o755, 0o644);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_write_by_another_program_is_noticed_by_status_and_by_check() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let status = || Store::open(&path, Access::Read).unwrap().status().unwrap();
    assert_eq!(status().mismatch, None);
    drop(Store::open(&path, Access::Write).unwrap());
    let mut bytes = std::fs::read(&path).unwrap();
    let title = b"Report number 3";
    // A page may keep a copy that no longer counts beside the one that does.
    let starts = bytes.windows(title.len()).enumerate().filter(|it| it.1 == title);
    for at in starts.map(|it| it.0).collect::<Vec<_>>() {
        bytes[at..at + title.len()].copy_from_slice(b"Report number 8");
    }
    std::fs::write(&path, bytes).unwrap();
    let mismatch = status().mismatch.unwrap().to_string();
    let said = "a record is not as revision 1 left it: another program wrote to the file";
    assert_eq!(mismatch, said);
    let output = Command::new(env!("CARGO_BIN_EXE_weft"))
        .args(["--db", path.to_str().unwrap(), "status"])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains(said), "{output:?}");
}
