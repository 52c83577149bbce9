//! Printing: answers to stdout, messages to stderr, files in one step; and the clock.

use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use weft_value::PartialDate;

use super::{errors, interrupt};
use crate::present::{Answer, Envelope, Format, render, render_all};
use crate::session::{Error, Listener, Output};

/// The width of tables where there is no terminal to ask.
const WIDTH_WITHOUT_TERMINAL: usize = 120;
/// Progress is shown from then on, so that short work stays quiet.
const QUIET_MS: u128 = 500;
/// Between two lines of progress.
const REFRESH_MS: u128 = 100;

/// The time of this call: `SOURCE_DATE_EPOCH` where it is set, so that outputs can be reproduced.
pub(super) struct Clock {
    pub(super) today: PartialDate,
    pub(super) now: String,
    pub(super) who: String,
}

pub(super) fn clock() -> Clock {
    let seconds = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|it| it.parse::<i64>().ok());
    let now = || {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
        elapsed.map_or(0, |it| i64::try_from(it.as_secs()).unwrap_or(i64::MAX))
    };
    let seconds = seconds.unwrap_or_else(now);
    let moment = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    let now = moment.to_string();
    let today = now.get(..10).and_then(|it| it.parse().ok());
    let names = ["USER", "LOGNAME", "USERNAME"].iter();
    let who = names.filter_map(|it| std::env::var(it).ok()).find(|it| !it.is_empty());
    Clock {
        today: today.unwrap_or_else(|| PartialDate::new(1970, None, None).expect("1970 is a year")),
        now,
        who: who.or_else(user_number).unwrap_or_default(),
    }
}

/// The number of the user, where no name is set, as in containers.
#[cfg(unix)]
fn user_number() -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    // What the system tells of this process belongs to its user; elsewhere the home folder does.
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let places = [Some(PathBuf::from("/proc/self")), home];
    let owner = places.into_iter().flatten().find_map(|it| std::fs::metadata(it).ok());
    owner.map(|it| format!("uid {}", it.uid()))
}

#[cfg(not(unix))]
fn user_number() -> Option<String> {
    None
}

/// The store that `WEFT_DB` names, if it names one.
pub(super) fn store_of_environment() -> Option<PathBuf> {
    std::env::var_os("WEFT_DB").filter(|it| !it.is_empty()).map(PathBuf::from)
}

/// All of stdin, as text.
pub(super) fn read_stdin() -> Result<String, Error> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).map_err(|err| Error::io("stdin", &err))?;
    Ok(text)
}

/// A file, as text.
pub(super) fn read_file(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|err| Error::io(&path.display().to_string(), &err))
}

/// A file, as it is.
pub(super) fn read_bytes(path: &str) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|err| Error::io(path, &err))
}

/// A stopwatch: nanoseconds since it was first read.
pub(super) fn nanoseconds() -> u64 {
    static STARTED: OnceLock<Instant> = OnceLock::new();
    let elapsed = STARTED.get_or_init(Instant::now).elapsed();
    u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX)
}

pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Prints and writes what a request came to.
pub(super) fn print(output: &Output, format: Format) -> Result<ExitCode, Error> {
    for (path, bytes) in &output.files {
        write_file(path, bytes)?;
    }
    for note in &output.notes {
        errors::note(note);
    }
    if let Some(text) = &output.text {
        return print_bytes(text.as_bytes());
    }
    if !output.answers.is_empty() {
        warn_of(output.answers.iter().map(|it| &it.0), format);
        print_text(&render_all(&output.answers, format, width()).map_err(|it| unwritten(&it))?)?;
    }
    if let Some(err) = &output.failed {
        print_error(err, format == Format::Json);
        return Ok(ExitCode::from(errors::exit_code(err)));
    }
    let Some(answer) = &output.answer else { return Ok(ExitCode::SUCCESS) };
    print_answer(answer, &output.envelope, format)?;
    Ok(ExitCode::from(if output.found_errors { errors::EXIT_DATA } else { 0 }))
}

/// Prints an answer with its warnings.
pub(super) fn print_answer(
    answer: &Answer,
    envelope: &Envelope,
    format: Format,
) -> Result<ExitCode, Error> {
    warn_of([answer], format);
    let text = render(answer, envelope, format, width()).map_err(|it| unwritten(&it))?;
    if text.is_empty() && answer.warnings.is_empty() {
        errors::note("the answer has no rows");
    }
    print_text(&text)
}

/// Says the warnings that the form itself does not hold.
fn warn_of<'a>(answers: impl IntoIterator<Item = &'a Answer>, format: Format) {
    if !matches!(format, Format::Json | Format::Markdown) {
        answers.into_iter().flat_map(|it| &it.warnings).for_each(|it| errors::warn(it));
    }
}

fn width() -> usize {
    match terminal_size::terminal_size() {
        Some((width, _)) if is_terminal() => usize::from(width.0),
        _ => WIDTH_WITHOUT_TERMINAL,
    }
}

fn unwritten(err: &serde_json::Error) -> Error {
    Error::usage(format!("the answer cannot be written: {err}"))
}

/// Prints text to stdout.
pub(super) fn print_text(text: &str) -> Result<ExitCode, Error> {
    print_bytes(text.as_bytes())
}

/// Prints bytes to stdout; a pipe that was closed ends quietly.
pub(super) fn print_bytes(bytes: &[u8]) -> Result<ExitCode, Error> {
    let mut stdout = anstream::AutoStream::auto(io::stdout().lock());
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(err) if err.kind() != io::ErrorKind::BrokenPipe => Err(Error::io("stdout", &err)),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// Prints an error with its hint, or as JSON for a program that asked for JSON.
pub(super) fn print_error(err: &Error, as_json: bool) {
    errors::print(err, as_json);
}

/// Writes a file beside its place and moves it there, so that nobody sees half of it.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let name = path.display().to_string();
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|err| Error::io(&name, &err))?;
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let written = interrupt::while_writing(&partial, || {
        std::fs::write(&partial, bytes).and_then(|()| std::fs::rename(&partial, path))
    });
    written.map_err(|err| {
        // What was begun is of no use; that it cannot be removed either changes nothing.
        let _ = std::fs::remove_file(&partial);
        Error::io(&name, &err)
    })
}

/// Messages while a request runs: progress on a terminal, notes on stderr.
pub(super) struct Messages {
    started: Instant,
    shown_ms: u128,
    has_line: bool,
}

impl Messages {
    pub(super) fn new() -> Self {
        Self { started: Instant::now(), shown_ms: 0, has_line: false }
    }

    pub(super) fn finish(&mut self) {
        if self.has_line {
            eprint!("\r\x1b[K");
            self.has_line = false;
        }
    }
}

impl Listener for Messages {
    fn note(&mut self, text: &str) {
        self.finish();
        errors::note(text);
    }

    fn progress(&mut self, text: &str) {
        let elapsed_ms = self.started.elapsed().as_millis();
        let is_due = elapsed_ms > QUIET_MS && elapsed_ms - self.shown_ms > REFRESH_MS;
        if is_due && io::stderr().is_terminal() {
            self.shown_ms = elapsed_ms;
            self.has_line = true;
            eprint!("\r\x1b[K{text}");
        }
    }
}
