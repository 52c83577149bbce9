//! Runs the built command in a folder of its own, by itself or by a script, and gives back what it
//! said.
//!
//! Every run has the same clock and user and no terminal, so that the same data give the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The clock of every run: 1 January 2026, at midnight.
const CLOCK: &str = "1767225600";
/// The program that is tested.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_weft");
const HOW_TO_ACCEPT: &str =
    "if it is right, run again with WEFT_UPDATE_GOLDEN=1 and look at the diff";

/// A folder that goes away with its test.
pub(crate) struct Workplace {
    folder: TempDir,
}

/// What a run came to; the workplace is called `HERE` in its texts.
#[derive(Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workplace {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A workplace with a store of the small region that the scripts speak of.
    pub(crate) fn northmoor() -> Self {
        let here = Self::new();
        here.copy(&golden("northmoor"), "northmoor");
        for order in ["init --title Northmoor", "import northmoor"] {
            let run = here.weft(order);
            assert_eq!(run.code, 0, "{run:?}");
        }
        here
    }

    /// A workplace with an empty store.
    pub(crate) fn with_store() -> Self {
        let here = Self::new();
        assert_eq!(here.weft("init --title Northmoor").code, 0);
        here
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, with its folder.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Copies the files of a folder into one of that name here.
    pub(crate) fn copy(&self, from: &Path, name: &str) -> &Self {
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let file = entry.file_name().into_string().unwrap();
            self.write(&format!("{name}/{file}"), fs::read(entry.path()).unwrap());
        }
        self
    }

    /// Every file here by its path, folders walked, with a hash of its bytes; the files that SQLite
    /// keeps beside a store are left out while they hold nothing of it.
    pub(crate) fn contents(&self) -> BTreeMap<PathBuf, u64> {
        let mut res = BTreeMap::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = fs::read(&path).unwrap();
                    let name = path.strip_prefix(self.folder.path()).unwrap().to_owned();
                    let text = name.to_string_lossy();
                    let is_idle_log = text.ends_with("-wal") && bytes.is_empty();
                    if !text.ends_with("-shm") && !is_idle_log {
                        let mut hasher = DefaultHasher::new();
                        bytes.hash(&mut hasher);
                        res.insert(name, hasher.finish());
                    }
                }
            }
        }
        res
    }

    /// A command that runs here; `arguments` are parted by spaces, but not inside `'quotes'`.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        self.command_of(Path::new(PROGRAM), arguments)
    }

    /// The same of a copy of the program.
    pub(crate) fn command_of(&self, program: &Path, arguments: &str) -> Command {
        let mut command = Command::new(program);
        command.args(split(arguments)).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in ["WEFT_DB", "COLUMNS", "CLICOLOR_FORCE", "LOGNAME", "USERNAME"] {
            command.env_remove(name);
        }
        command.env("SOURCE_DATE_EPOCH", CLOCK).env("USER", "tester").env("NO_COLOR", "1");
        command
    }

    /// Runs `weft` here.
    pub(crate) fn weft(&self, arguments: &str) -> Run {
        self.run(&mut self.command(arguments))
    }

    pub(crate) fn run(&self, command: &mut Command) -> Run {
        let Output { status, stdout, stderr } = command.output().unwrap();
        Run {
            code: status.code().expect("the command ended by itself"),
            stdout: self.text(stdout),
            stderr: self.text(stderr),
        }
    }

    fn text(&self, bytes: Vec<u8>) -> String {
        let text = String::from_utf8(bytes).expect("weft writes UTF-8");
        text.replace(self.folder.path().to_str().unwrap(), "HERE")
    }
}

/// A file or folder of tests/it/golden.
pub(crate) fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden").join(name)
}

/// Runs a script and compares what it says with what stands there.
///
/// ```text
/// == a title: from here on in a new workplace
/// # why
/// > data/nodes.csv
/// the lines of a file
/// <
/// $ weft import data
/// what it prints, then what it says on stderr with a mark before each line, then its exit code:
/// ! error: 1 fault found; nothing was changed
/// = 3
/// ```
///
/// A command that fails must leave every file of the workplace as it was. With `WEFT_UPDATE_GOLDEN`
/// set, the script is written anew from what the commands say.
#[track_caller]
pub(crate) fn check_script(name: &str, workplace: impl Fn() -> Workplace) {
    let path = golden(name);
    let expected = fs::read_to_string(&path).unwrap();
    let mut found = String::new();
    let mut here = workplace();
    let mut lines = expected.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("== ") {
            here = workplace();
            found.push_str(if found.is_empty() { "" } else { "\n" });
            found.push_str(&format!("{line}\n"));
        } else if line.starts_with("# ") {
            found.push_str(&format!("{line}\n"));
        } else if let Some(file) = line.strip_prefix("> ") {
            let text: Vec<&str> = lines.by_ref().take_while(|it| *it != "<").collect();
            let text: String = text.iter().map(|it| format!("{it}\n")).collect();
            here.write(file, &text);
            found.push_str(&format!("{line}\n{text}<\n"));
        } else if let Some(arguments) = line.strip_prefix("$ weft ") {
            let before = here.contents();
            let run = here.weft(arguments);
            assert!(
                run.code == 0 || here.contents() == before,
                "`{line}` failed and changed files"
            );
            found.push_str(&format!("{line}\n{}", said(&run)));
        }
    }
    if std::env::var_os("WEFT_UPDATE_GOLDEN").is_some() {
        fs::write(&path, &found).unwrap();
        return;
    }
    for (at, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "{name}, line {} ({HOW_TO_ACCEPT})", at + 1);
    }
    assert_eq!(found.lines().count(), expected.lines().count(), "{name}: {HOW_TO_ACCEPT}");
}

/// What a run said, as a script shows it.
fn said(run: &Run) -> String {
    let mut text = String::new();
    for line in run.stdout.lines() {
        // Else a line of the answer could be taken for one of the script.
        let indent = if line.starts_with(['#', '$', '=', '>', '<']) { " " } else { "" };
        text.push_str(&format!("{indent}{line}\n"));
    }
    text.extend(run.stderr.lines().map(|it| format!("! {it}\n")));
    if run.code != 0 {
        text.push_str(&format!("= {}\n", run.code));
    }
    text
}

fn split(arguments: &str) -> Vec<String> {
    let mut res = Vec::new();
    for (at, part) in arguments.split('\'').enumerate() {
        match at % 2 {
            0 => res.extend(part.split_whitespace().map(str::to_owned)),
            _ => res.push(part.to_owned()),
        }
    }
    res
}
