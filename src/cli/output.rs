//! Printing: answers to stdout, messages to stderr, files in one step; and the clock.

use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use weft_value::PartialDate;

use super::{errors, interrupt};
use crate::present::{Answer, Envelope, Format, render, render_all};
use crate::session::{Error, Listener, Output};

/// The width of tables where there is no terminal to ask.
const WIDTH_WITHOUT_TERMINAL: usize = 120;
/// Progress is shown from then on, so that short work stays quiet.
const QUIET: Duration = Duration::from_millis(500);
/// Between two lines of progress.
const REFRESH: Duration = Duration::from_millis(100);

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
///
/// What a link leads to is written, and the link stays. A device or a pipe is written into: a file in
/// the place of `/dev/null` would be there for every program of the machine.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let name = path.display().to_string();
    let io = |err: io::Error| Error::io(&name, &err);
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(io)?;
    }
    let place = match std::fs::metadata(path) {
        Ok(it) if it.is_file() => std::fs::canonicalize(path).map_err(io)?,
        Ok(it) if !it.is_dir() => return std::fs::write(path, bytes).map_err(io),
        // A folder, or nothing yet.
        _ => path.to_owned(),
    };
    let mut partial = place.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let written = interrupt::while_writing(&partial, || {
        std::fs::write(&partial, bytes).and_then(|()| std::fs::rename(&partial, &place))
    });
    written.map_err(|err| {
        // What was begun is of no use; that it cannot be removed either changes nothing.
        let _ = std::fs::remove_file(&partial);
        io(err)
    })
}

/// Messages while a request runs: notes on stderr, and on a terminal what is being done and since when.
///
/// A thread of its own keeps the line of progress, so that work which cannot say how far it is shows
/// itself too.
pub(super) struct Messages {
    started: Instant,
    shown: Option<Shown>,
}

/// The line of progress, and the thread that keeps it.
struct Shown {
    text: Arc<Mutex<String>>,
    /// Ends the thread when it goes.
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Messages {
    pub(super) fn new() -> Self {
        let mut res = Self { started: Instant::now(), shown: None };
        if io::stderr().is_terminal() {
            res.watch();
        }
        res
    }

    fn watch(&mut self) {
        self.shown = Some(Shown::new(self.started, QUIET, |line| eprint!("\r\x1b[K{line}")));
    }

    /// Takes the line of progress away, for what is printed next.
    pub(super) fn finish(&mut self) {
        if let Some(shown) = self.shown.take() {
            shown.finish();
        }
    }
}

impl Drop for Messages {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Shown {
    /// Nothing is drawn for so long from the start. `draw` writes a line in place of the one before; an empty one takes it away.
    fn new(started: Instant, quiet: Duration, mut draw: impl FnMut(&str) + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let (stop, stopped) = channel();
        let said = Arc::clone(&text);
        let thread = std::thread::spawn(move || {
            let mut has_line = false;
            let mut wait = quiet.saturating_sub(started.elapsed());
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let said = said.lock().unwrap_or_else(PoisonError::into_inner).clone();
                draw(&line(&said, started.elapsed()));
                has_line = true;
                wait = REFRESH;
            }
            if has_line {
                draw("");
            }
        });
        Self { text, stop, thread }
    }

    fn say(&self, text: &str) {
        text.clone_into(&mut self.text.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn finish(self) {
        drop(self.stop);
        // A thread that only draws has nothing to tell.
        let _ = self.thread.join();
    }
}

/// "ways counted: 34 %, 12 s", or "working, 3 s" where nobody says how far the work is.
fn line(said: &str, elapsed: Duration) -> String {
    let what = if said.is_empty() { "working" } else { said };
    match elapsed.as_secs() {
        0 => what.to_owned(),
        seconds => format!("{what}, {seconds} s"),
    }
}

impl Listener for Messages {
    fn note(&mut self, text: &str) {
        let was_seen = self.shown.is_some();
        self.finish();
        errors::note(text);
        if was_seen {
            self.watch();
        }
    }

    fn progress(&mut self, text: &str) {
        if let Some(shown) = &self.shown {
            shown.say(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(said: &str, seconds: u64, expected: &str) {
        assert_eq!(line(said, Duration::from_secs(seconds)), expected);
    }

    #[test]
    fn progress_says_what_is_done_and_since_when() {
        check("", 0, "working");
        check("", 3, "working, 3 s");
        check("ways counted: 34 %", 12, "ways counted: 34 %, 12 s");
    }

    #[test]
    fn work_that_says_nothing_shows_itself_and_the_line_goes_at_the_end() {
        let (drawn, lines) = channel();
        let draw = move |line: &str| drawn.send(line.to_owned()).unwrap();
        let shown = Shown::new(Instant::now(), Duration::ZERO, draw);
        assert!(lines.recv().unwrap().starts_with("working"));
        shown.say("ties read: 5");
        // Drawn until it is told otherwise.
        assert!(lines.iter().any(|it| it.starts_with("ties read: 5")));
        shown.finish();
        assert_eq!(lines.iter().last().unwrap(), "");
    }

    #[test]
    fn short_work_draws_nothing() {
        let (drawn, lines) = channel();
        let draw = move |line: &str| drawn.send(line.to_owned()).unwrap();
        Shown::new(Instant::now(), Duration::from_secs(3600), draw).finish();
        assert_eq!(lines.iter().count(), 0);
    }
}
