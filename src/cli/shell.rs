//! `shell`: openCypher statement after statement, with history, completion and transactions.

use std::path::PathBuf;
use std::process::ExitCode;

use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Editor, Helper};

use weft_cypher::Limits;
use weft_graph::Certainty;

use super::args::{FormatArg, WrittenArgs};
use super::interrupt;
use super::output::{self, Messages};
use crate::present::Format;
use crate::session::{self, Error, Settings, Statements, completions, read_parameter};

/// What `:help` says.
const HELP: &str = "\
A statement of openCypher goes over as many lines as it needs and ends with `;`.

  :help              this
  :explain QUERY     how a query would be answered, without running it
  :profile QUERY     how it was answered: rows and time of each step
  :params            the parameters; `:param name value` sets one, `:param name` takes it away
  :begin             begin a transaction; `:commit` keeps what it wrote, `:rollback` forgets it
  :source ID WHERE   what written records rest on, and where in it (`:source letter-2024 page 2`);
                     `:source` takes it back, `weft sources` lists them
  :as-of DATE        only what holds then, to be read: a year, a month, a day or `today`;
                     `:as-of` shows all again
  :certainty FLOOR   only what is as sure: stated, collective, implied, ambiguous or inferred; what a
                     statement writes is so sure, and it sees all; `:certainty` shows all again
  :quit              leave (or Ctrl-D)

`weft shell` takes `--source`, `--locator`, `--as-of` and `--certainty`, too.
Ctrl-C stops a statement that runs; what it wrote is taken back, and an open transaction goes on.
The Tab key completes words of the language, labels, types, properties, functions and procedures.
SHOW PROCEDURES; and SHOW FUNCTIONS; list what can be called, `weft ask` the saved questions.
";

/// How many statements the history keeps.
const HISTORY_MAX: usize = 1_000;

/// Reads statements and commands until `:quit` or the end of the input.
pub(super) fn run(
    settings: &Settings,
    written: &WrittenArgs,
    limits: Limits,
    form: Option<FormatArg>,
) -> Result<ExitCode, Error> {
    let mut messages = Messages::new();
    // A store that cannot be written, the bundled graph among them, can still be asked.
    let opened = Statements::open(settings, settings.revision.is_none(), &mut messages)
        .or_else(|_| Statements::open(settings, false, &mut messages));
    let opened = opened?;
    messages.finish();
    let mut statements = opened
        .timed(Some(output::nanoseconds), None)
        .limited(limits)
        .stopped_by(interrupt::is_stopped);
    statements.rest_on(written.source.clone(), written.locator.clone())?;
    let words = completions(&statements)?;
    let format = form.and_then(FormatArg::rows).unwrap_or(Format::Table);
    let mut shell = Shell { statements, format };
    let config = rustyline::Config::builder()
        .max_history_size(HISTORY_MAX)
        .map(|it| it.auto_add_history(true).build())
        .map_err(|err| failed(&err))?;
    let mut editor: Editor<Words, DefaultHistory> =
        Editor::with_config(config).map_err(|err| failed(&err))?;
    editor.set_helper(Some(Words { words }));
    let history = history_file();
    if let Some(path) = &history {
        // A history that is not there yet, or cannot be read, is an empty one.
        let _ = editor.load_history(path);
    }
    loop {
        let prompt = if shell.statements.is_in_transaction() { "weft*> " } else { "weft> " };
        match editor.readline(prompt) {
            Ok(line) => match shell.answer(line.trim()) {
                Ok(Next::Quit) => break,
                Ok(Next::Go) => {}
                Err(err) => output::print_error(&err, format == Format::Json),
            },
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(err) => return Err(failed(&err)),
        }
    }
    if let Some(path) = &history {
        // Where it cannot be written there is none next time.
        let _ = editor.save_history(path);
    }
    if shell.statements.is_in_transaction() {
        super::errors::note("the open transaction was not committed; what it wrote is forgotten");
    }
    Ok(ExitCode::SUCCESS)
}

fn failed(err: &ReadlineError) -> Error {
    Error::failed(format!("the terminal cannot be read: {err}"))
}

/// Where the history is kept: in the home folder.
fn history_file() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?;
    Some(PathBuf::from(home).join(".weft_history"))
}

enum Next {
    Go,
    Quit,
}

struct Shell {
    statements: Statements,
    format: Format,
}

impl Shell {
    /// Answers a line: a command, or one or more statements.
    fn answer(&mut self, line: &str) -> Result<Next, Error> {
        let Some(command) = line.strip_prefix(':') else {
            let (mut statements, rest) = session::split_statements(line);
            if !rest.is_empty() {
                statements.push(rest);
            }
            for text in statements {
                self.run(text)?;
            }
            return Ok(Next::Go);
        };
        let command = command.trim().trim_end_matches(';');
        let (word, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        let rest = rest.trim();
        match word {
            "quit" | "exit" | "q" => return Ok(Next::Quit),
            "help" | "h" | "?" => print(HELP)?,
            "explain" => self.run(&format!("EXPLAIN {rest}"))?,
            "profile" => self.run(&format!("PROFILE {rest}"))?,
            "begin" => self.statements.begin()?,
            "commit" => {
                let revision = self.statements.commit("shell")?;
                print(&format!("Committed; the newest revision is {revision}.\n"))?;
            }
            "rollback" => self.statements.roll_back()?,
            "source" => {
                let (id, locator) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                let id = (!id.is_empty()).then(|| id.to_owned());
                self.statements.rest_on(id, locator.trim().to_owned())?;
            }
            "as-of" => {
                let day = |it| super::day(it, ":as-of", &output::clock());
                let day = (!rest.is_empty()).then(|| day(rest)).transpose()?;
                self.statements.look_at_day(day);
            }
            "certainty" => {
                let floor = (!rest.is_empty()).then(|| read_floor(rest)).transpose()?;
                self.statements.look_at_floor(floor);
            }
            "param" => self.set_parameter(rest),
            "params" => {
                let parameters = self.statements.parameters().iter();
                let lines: Vec<String> =
                    parameters.map(|(name, value)| format!("${name} = {value}\n")).collect();
                print(&lines.concat())?;
            }
            _ => {
                return Err(Error::usage(format!("`:{word}` is no command of the shell"))
                    .with_hint("`:help` lists them"));
            }
        }
        Ok(Next::Go)
    }

    fn run(&mut self, text: &str) -> Result<(), Error> {
        let answer = interrupt::while_running(|| self.statements.run(text))?;
        output::print_answer(&answer, self.statements.envelope(), self.format).map(|_| ())
    }

    /// `name value`, `name = value` or `name`.
    fn set_parameter(&mut self, text: &str) {
        let (name, value) = text.split_once([' ', '=', ':']).unwrap_or((text, ""));
        let name = name.trim().trim_start_matches('$').to_owned();
        let value = value.trim().trim_start_matches(['=', ':']).trim();
        let parameters = self.statements.parameters();
        match value {
            "" => drop(parameters.remove(&name)),
            value => drop(parameters.insert(name, read_parameter(value))),
        }
    }
}

fn read_floor(text: &str) -> Result<Certainty, Error> {
    text.parse().map_err(|()| {
        let all = Certainty::ALL.map(|it| format!("`{}`", it.as_str())).join(", ");
        Error::usage(format!("`{text}` is no certainty")).with_hint(format!("one of {all}"))
    })
}

fn print(text: &str) -> Result<(), Error> {
    output::print_text(text).map(|_| ())
}

/// What completes what is typed, and says whether it is whole.
struct Words {
    words: Vec<String>,
}

impl Helper for Words {}
impl Highlighter for Words {}

impl Hinter for Words {
    type Hint = String;
}

impl Completer for Words {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &rustyline::Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        Ok(complete(&self.words, &line[..position]))
    }
}

impl Validator for Words {
    /// A statement is whole with its semicolon, a command with its line.
    fn validate(&self, ctx: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match is_whole(ctx.input()) {
            true => ValidationResult::Valid(None),
            false => ValidationResult::Incomplete,
        })
    }
}

fn is_whole(input: &str) -> bool {
    let input = input.trim();
    input.is_empty() || input.starts_with(':') || session::split_statements(input).1.is_empty()
}

/// The words that go on with what is typed, and where it begins.
fn complete(words: &[String], typed: &str) -> (usize, Vec<Pair>) {
    let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == '.';
    let dotted = typed
        .rfind(|it| !is_part(it))
        .map_or(0, |at| at + typed[at..].chars().next().map_or(1, char::len_utf8));
    let begin_at = |start: usize| {
        let begun = typed[start..].to_lowercase();
        let fits =
            words.iter().filter(|it| !begun.is_empty() && it.to_lowercase().starts_with(&begun));
        fits.map(|it| Pair { display: it.clone(), replacement: it.clone() }).collect::<Vec<_>>()
    };
    let whole = begin_at(dotted);
    // Behind a dot stands the name of a property, unless the whole is a procedure's.
    match typed[dotted..].rfind('.') {
        Some(dot) if whole.is_empty() => (dotted + dot + 1, begin_at(dotted + dot + 1)),
        _ => (dotted, whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: (usize, &[&str])) {
        let words = ["MATCH", "MERGE", "Company", "name", "weft.betweenness"].map(str::to_owned);
        let (start, pairs) = complete(&words, typed);
        let found: Vec<String> = pairs.into_iter().map(|it| it.replacement).collect();
        assert_eq!(
            (start, found.iter().map(String::as_str).collect::<Vec<_>>()),
            (expected.0, expected.1.to_vec())
        );
    }

    #[test]
    fn what_is_typed_is_completed_from_its_last_word() {
        check("ma", (0, &["MATCH"]));
        check("MATCH (n:Com", (9, &["Company"]));
        check("RETURN n.na", (9, &["name"]));
        check("CALL weft.bet", (5, &["weft.betweenness"]));
        check("MATCH ", (6, &[]));
        check("größe.na", (8, &["name"]));
    }

    #[test]
    fn a_statement_is_whole_with_its_semicolon() {
        assert!(is_whole(":help") && is_whole("") && is_whole("RETURN 1;"));
        assert!(!is_whole("MATCH (n)") && !is_whole("RETURN ';'") && !is_whole("RETURN 1; RETURN"));
    }
}
