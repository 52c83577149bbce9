//! `explain`: what a measure or a finding means.

use crate::present::{Answer, Envelope, Section, Table};
use crate::session::request::Names;
use crate::session::{EXPLANATIONS, Error, Output, find_explanation};

pub(in crate::session) fn run(options: &Names) -> Result<Output, Error> {
    let mut answer = Answer::default();
    if options.names.is_empty() {
        let mut table = Table::new(&["name", "tells", "verb"]);
        for it in EXPLANATIONS {
            table.push([it.name.to_owned(), it.tells.to_owned(), it.verb.to_owned()]);
            answer.push_row(it);
        }
        let section = Section::bare(table).note("`weft explain NAME` tells the whole of one.");
        answer.push_section(section);
        return Ok(output(answer));
    }
    for name in &options.names {
        let Some(it) = find_explanation(name) else {
            return Err(unknown(name));
        };
        answer.push_row(it);
        let lines = [
            ("What it tells", it.tells),
            ("How", it.formula),
            ("Range", it.range),
            ("Take care", it.pitfalls),
            ("Reference", it.reference),
            ("Verb", it.verb),
        ];
        let text = lines.iter().map(|(head, text)| format!("{head}: {text}")).collect();
        answer.push_section(Section::text(&it.name.replace('_', " "), text));
    }
    Ok(output(answer))
}

/// No store is opened, so the answer speaks of none.
fn output(answer: Answer) -> Output {
    let weft = env!("CARGO_PKG_VERSION").to_owned();
    Output { envelope: Envelope { weft, ..Envelope::default() }, ..answer.into() }
}

fn unknown(word: &str) -> Error {
    let names = EXPLANATIONS.iter().map(|it| it.name);
    let hint = weft_formats::did_you_mean(word, names, "`weft explain` lists all of them");
    Error::unknown(format!("`{word}` is no measure or finding of weft")).with_hint(hint)
}
