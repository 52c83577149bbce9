//! `ask`: the saved questions in queries/, compiled in: listed, described and run.
//!
//! A question is a file of openCypher. It begins with comments: the question itself on the first line,
//! then `For:`, `Parameter:`, `Read:` and `Checked:`, each going on over lines that are indented.

use std::sync::LazyLock;

use serde_json::json;
use weft_graph::Certainty;

use super::context::Context;
use super::request::Ask;
use super::statements::{Statements, read_parameter};
use super::{Error, Listener, Output, Settings};
use crate::present::{Answer, Section, Table};

/// A saved question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// By what it is asked.
    pub name: &'static str,
    /// The question in words.
    pub question: String,
    /// The job that it is for, and the section of the report.
    pub purpose: String,
    /// What may be set.
    pub parameters: Vec<QuestionParameter>,
    /// How to read the answer.
    pub reading: String,
    /// How its answer on the Leeds data was checked.
    pub checked: String,
    /// The query, with its comments.
    pub text: &'static str,
}

/// What may be set in a saved question.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionParameter {
    /// Its name.
    pub name: String,
    /// Its type, as openCypher calls it.
    pub type_name: String,
    /// The text of its value where none is given.
    pub default: String,
    /// What it means.
    pub meaning: String,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// The files in queries/, by name.
        const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../queries/", $name, ".cypher")))),*];
    };
}

files![
    "partners-of-a-body",
    "way-between-two",
    "shared-partners",
    "bodies-of-a-place",
    "kinds-of-nodes",
    "works-with-most",
    "hubs-and-communities",
    "only-link",
    "who-coordinates",
    "networks-and-members",
    "kinds-that-work-together",
    "between-companies-and-nhs",
    "needs-and-providers",
    "needs-out-of-reach",
    "needs-at-risk",
    "if-it-left",
    "bodies-without-a-link",
    "opportunities-and-actions",
    "training-offers",
    "start-ups-and-partners",
    "needs-of-a-start-up",
    "who-could-introduce",
    "meetings-to-arrange",
    "help-for-companies",
    "money-by-funder",
    "money-by-recipient",
    "several-funders",
    "certainty-of-ties",
    "undated-ties",
    "shared-names",
    "compared-with",
    "who-published-what",
    "came-since",
    "predecessors",
];

/// All saved questions, by job.
pub static QUESTIONS: LazyLock<Vec<Question>> =
    LazyLock::new(|| FILES.iter().map(|(name, text)| Question::read(name, text)).collect());

/// The question of that name.
pub fn find_question(name: &str) -> Option<&'static Question> {
    let name = name.trim().trim_end_matches(".cypher");
    QUESTIONS.iter().find(|it| it.name == name)
}

impl Question {
    fn read(name: &'static str, text: &'static str) -> Self {
        let mut question = Self {
            name,
            question: String::new(),
            purpose: String::new(),
            parameters: Vec::new(),
            reading: String::new(),
            checked: String::new(),
            text,
        };
        let mut paragraphs: Vec<String> = Vec::new();
        for line in text.lines().map_while(|it| it.strip_prefix("//")) {
            match paragraphs.last_mut() {
                // A line that is indented goes on with what stands above it.
                Some(last) if line.starts_with("  ") => {
                    last.push(' ');
                    last.push_str(line.trim());
                }
                _ => paragraphs.push(line.trim().to_owned()),
            }
        }
        for (position, paragraph) in paragraphs.into_iter().enumerate() {
            match paragraph.split_once(": ") {
                _ if position == 0 => question.question = paragraph,
                Some(("For", rest)) => question.purpose = rest.to_owned(),
                Some(("Read", rest)) => question.reading = rest.to_owned(),
                Some(("Checked", rest)) => question.checked = rest.to_owned(),
                Some(("Parameter", rest)) => {
                    question.parameters.extend(QuestionParameter::read(rest));
                }
                _ => {}
            }
        }
        question
    }
}

impl QuestionParameter {
    /// Reads `name (type, default): meaning`.
    fn read(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once(" (")?;
        let (inner, meaning) = rest.split_once("): ")?;
        let (type_name, default) = inner.split_once(", ")?;
        let [name, type_name, default, meaning] =
            [name, type_name, default, meaning].map(str::to_owned);
        Some(Self { name, type_name, default, meaning })
    }
}

pub(super) fn ask(
    settings: &Settings,
    options: &Ask,
    listener: &mut dyn Listener,
) -> Result<Output, Error> {
    let Some(name) = &options.name else { return Ok(list()) };
    let question = find_question(name).ok_or_else(|| unknown(name))?;
    if options.describe {
        return Ok(describe(question));
    }
    run(settings, question, options, listener)
}

fn unknown(name: &str) -> Error {
    let names = QUESTIONS.iter().map(|it| it.name);
    let hint = weft_formats::did_you_mean(name, names, "`weft ask` lists them");
    Error::unknown(format!("no saved question is called `{name}`")).with_hint(hint)
}

/// All questions by the job that they are for.
fn list() -> Output {
    let mut answer = Answer::default();
    let mut jobs: Vec<&str> = Vec::new();
    for question in QUESTIONS.iter() {
        answer.rows.push(row_of(question));
        let job = job_of(question);
        if !jobs.contains(&job) {
            jobs.push(job);
        }
    }
    for job in jobs {
        let mut table = Table::new(&["name", "question"]);
        for it in QUESTIONS.iter().filter(|it| job_of(it) == job) {
            table.push([it.name.to_owned(), it.question.clone()]);
        }
        answer.push_section(Section::table(job, table));
    }
    if let Some(last) = answer.sections.last_mut() {
        last.notes
            .push("`weft ask NAME` runs one, `weft ask NAME --describe` tells more.".to_owned());
    }
    answer.into()
}

/// The job alone, without the section of the report.
fn job_of(question: &Question) -> &str {
    question.purpose.split(';').next().unwrap_or_default().trim()
}

fn row_of(it: &Question) -> serde_json::Value {
    let parameters: Vec<serde_json::Value> = it
        .parameters
        .iter()
        .map(|it| {
            json!({ "name": it.name, "type": it.type_name, "default": it.default,
                    "meaning": it.meaning })
        })
        .collect();
    json!({ "name": it.name, "question": it.question, "purpose": it.purpose, "read": it.reading,
            "checked": it.checked, "parameters": parameters })
}

fn describe(question: &Question) -> Output {
    let mut answer = Answer::default();
    answer.rows.push(row_of(question));
    let text = vec![
        format!("For: {}", question.purpose),
        format!("How to read it: {}", question.reading),
        format!("On the Leeds data: {}", question.checked),
    ];
    answer.push_section(Section::text(&question.question, text));
    if !question.parameters.is_empty() {
        let mut table = Table::new(&["parameter", "type", "default", "meaning"]);
        for it in &question.parameters {
            let [a, b, c, d] =
                [&it.name, &it.type_name, &it.default, &it.meaning].map(Clone::clone);
            table.push([a, b, c, d]);
        }
        answer.push_section(Section::table("Parameters", table));
    }
    let body = question.text.lines().skip_while(|it| it.starts_with("//"));
    answer.push_section(Section::text("Query", body.map(str::to_owned).collect()));
    answer.into()
}

/// Runs a question on the day and the floor that findings have.
fn run(
    settings: &Settings,
    question: &Question,
    options: &Ask,
    listener: &mut dyn Listener,
) -> Result<Output, Error> {
    let mut quiet = Quiet;
    let mut settings = settings.clone();
    settings.floor = settings.floor.or(Some(Certainty::Ambiguous));
    if settings.as_of.is_none() {
        settings.as_of = Context::open(&settings, false, &mut quiet)?.newest_source()?;
    }
    let mut statements = Statements::open(&settings, false, listener)?;
    for it in &question.parameters {
        statements.parameters().insert(it.name.clone(), read_parameter(&it.default));
    }
    for (name, text) in &options.parameters {
        if !question.parameters.iter().any(|it| it.name == *name) {
            let names = question.parameters.iter().map(|it| it.name.as_str());
            let hint = weft_formats::did_you_mean(name, names, "`--describe` lists them");
            let message = format!("`{}` has no parameter `{name}`", question.name);
            return Err(Error::usage(message).with_hint(hint));
        }
        statements.parameters().insert(name.clone(), read_parameter(text));
    }
    let mut answer = statements.run(question.text)?;
    answer.param("question", question.name);
    for (name, text) in &options.parameters {
        answer.param(name, text.as_str());
    }
    if let Some(section) = answer.sections.first_mut() {
        section.heading = Some(question.question.clone());
        section.notes.push(question.reading.clone());
        let day = settings.as_of.map_or(String::new(), |it| format!("as of {it}, "));
        let floor = settings.floor.unwrap_or(Certainty::Ambiguous).as_str();
        section.notes.push(format!("What holds {day}certainty down to {floor}."));
    }
    Ok(Output { envelope: statements.envelope().clone(), ..answer.into() })
}

/// Hears nothing: what is to be said is said when the store is opened again.
struct Quiet;

impl Listener for Quiet {
    fn note(&mut self, _: &str) {}
    fn progress(&mut self, _: &str) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_says_all_that_is_to_be_said() {
        for it in QUESTIONS.iter() {
            assert!(it.question.ends_with('?'), "{}: {}", it.name, it.question);
            let parts = [&it.purpose, &it.reading, &it.checked];
            assert!(parts.iter().all(|it| it.len() > 10), "{}: {it:?}", it.name);
            let n_named = it.text.matches("// Parameter:").count();
            assert_eq!(it.parameters.len(), n_named, "{}: a parameter cannot be read", it.name);
        }
    }

    #[test]
    fn every_file_of_queries_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/queries");
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            names.extend(name.strip_suffix(".cypher").map(str::to_owned));
        }
        names.sort();
        let mut compiled: Vec<&str> = QUESTIONS.iter().map(|it| it.name).collect();
        compiled.sort_unstable();
        assert_eq!(compiled, names);
    }
}
