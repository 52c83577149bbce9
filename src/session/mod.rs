//! A session: open the store, choose scope and view, run one verb. The doors call this only.
//!
//! Knows no command line and no socket: a [`Request`] comes in, an [`Output`] goes out, and whoever
//! asked hears of notes and progress through a [`Listener`].

mod context;
mod error;
mod explain;
mod fields;
mod questions;
pub mod request;
mod statements;
mod verbs;
mod workspace;

use std::path::PathBuf;

use weft_value::PartialDate;

pub use error::{Candidate, Error, ErrorKind, QueryFault};
pub use explain::{EXPLANATIONS, Explanation, find_explanation};
pub use fields::{Explained, FIELDS, Field, find_explained};
pub use questions::{QUESTIONS, Question, QuestionParameter, find_question};
pub use request::{Request, Settings};
pub use statements::{Statements, Stopwatch, completions, read_parameter};
pub use weft_cypher::split_statements;
pub use workspace::{Author, Work, Workspace};

use crate::present::{Answer, Envelope};
use context::Context;

/// Sources older than this are worth a word.
const MONTHS_OLD: i32 = 12;

/// What a request came to.
#[derive(Debug, Default)]
pub struct Output {
    /// Rows and sections, if the verb answers with such.
    pub answer: Option<Answer>,
    /// What stands around them.
    pub envelope: Envelope,
    /// The answers of several statements, in their order, each with what stands around it.
    pub answers: Vec<(Answer, Envelope)>,
    /// What went wrong after these answers, where what came before it stays.
    pub failed: Option<Error>,
    /// A text or a picture for stdout, in place of an answer.
    pub text: Option<String>,
    /// Files to be written, each whole.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    /// What else there is to say.
    pub notes: Vec<String>,
    /// Whether the answer itself says that the data has errors.
    pub found_errors: bool,
}

/// Whoever asked, while the request runs.
pub trait Listener {
    /// Hears something worth knowing.
    fn note(&mut self, text: &str);
    /// Hears how far the work is.
    fn progress(&mut self, text: &str);
    /// Says whether the work is to stop; asked again and again while it lasts.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// Answers a request.
///
/// # Errors
/// See [`Error`]; nothing is half done.
pub fn run(
    settings: &Settings,
    request: &Request,
    listener: &mut dyn Listener,
) -> Result<Output, Error> {
    match request {
        Request::Init(options) => verbs::init::run(settings, options, listener),
        Request::Explain(names) => verbs::explain::run(names),
        Request::Query(options) => statements::query(settings, options, listener),
        Request::Ask(options) => questions::ask(settings, options, listener),
        _ => {
            let mut ctx = Context::open(settings, request.writes(), listener)?;
            let mut output = verbs::run(&mut ctx, request)?;
            output.envelope = ctx.envelope()?;
            // `diff` names both its days.
            if !matches!(request, Request::Diff(_)) {
                output.notes.extend(age_note(settings, output.answer.as_ref()));
            }
            output.notes.extend(ctx.notes_on_families()?);
            if let Some(answer) = &mut output.answer {
                note_settings(settings, answer);
            }
            Ok(output)
        }
    }
}

/// How old the newest source is today, where an answer speaks of its day: it decides nothing.
fn age_note(settings: &Settings, answer: Option<&Answer>) -> Option<String> {
    let as_of: PartialDate = answer?.view.as_ref()?.as_of.as_ref()?.parse().ok()?;
    let n_months = as_of.months_until(settings.today?);
    let is_default = settings.as_of.is_none();
    (is_default && n_months >= MONTHS_OLD).then(|| {
        format!("the newest source is of {as_of}, {n_months} months ago; answers speak of that day")
    })
}

/// Notes among the parameters what was asked of every verb, as far as it is not the default.
fn note_settings(settings: &Settings, answer: &mut Answer) {
    let mut note = |name: &str, value: Option<serde_json::Value>| {
        answer.params.extend(value.map(|it| (name.to_owned(), it)));
    };
    let words = |it: &Vec<String>| (!it.is_empty()).then(|| it.clone().into());
    note("as_of", settings.as_of.map(|it| it.to_string().into()));
    note("certainty", settings.floor.map(|it| it.as_str().into()));
    note("relation", words(&settings.relations));
    note("kind", words(&settings.kinds));
    note("not", words(&settings.not));
    note("place", settings.place.clone().map(Into::into));
    note("limit", settings.limit.map(Into::into));
    note("why", settings.why.then(|| true.into()));
    note("all", settings.all.then(|| true.into()));
}

impl Request {
    /// Whether the request changes a store.
    pub fn writes(&self) -> bool {
        match self {
            Self::Import(options) => !options.dry_run,
            Self::Undo(_) | Self::WriteDown(_) => true,
            Self::Draw(options) => options.save_layout,
            _ => false,
        }
    }

    /// Whether its answer is for people even in a pipe.
    pub fn speaks(&self) -> bool {
        match self {
            Self::Import(options) => !options.dry_run,
            Self::Init(_)
            | Self::Undo(_)
            | Self::WriteDown(_)
            | Self::Report(_)
            | Self::Status
            | Self::Explain(_) => true,
            _ => false,
        }
    }
}
