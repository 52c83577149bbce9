//! `explain`: what a measure or a finding means, and what a column or a field holds.

use crate::present::{Answer, Envelope, Section, Table};
use crate::session::request::Names;
use crate::session::{EXPLANATIONS, Error, Explained, FIELDS, Field, Output, find_explained};

pub(in crate::session) fn run(options: &Names) -> Result<Output, Error> {
    let mut answer = Answer::default();
    if options.names.is_empty() {
        let mut table = Table::new(&["name", "tells", "verb"]);
        for it in EXPLANATIONS {
            table.push([it.name.to_owned(), it.tells.to_owned(), it.verb.to_owned()]);
            answer.push_row(it);
        }
        let section = Section::bare(table).note(
            "`weft explain NAME` tells the whole of one, and what a column or a field holds.",
        );
        answer.push_section(section);
        return Ok(output(answer));
    }
    for name in &options.names {
        let it = match find_explained(name).ok_or_else(|| unknown(name))? {
            Explained::Measure(it) => it,
            Explained::Field(it) => {
                answer.push_row(it);
                answer.push_section(section(name, it));
                continue;
            }
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

/// What a column or a field holds.
fn section(name: &str, field: &Field) -> Section {
    let mut text = vec![format!("What it holds: {}", field.tells)];
    text.extend(field.see.map(|it| format!("More: `weft explain {it}`")));
    Section::text(&name.replace('_', " "), text)
}

/// No store is opened, so the answer speaks of none.
fn output(answer: Answer) -> Output {
    let weft = env!("CARGO_PKG_VERSION").to_owned();
    Output { envelope: Envelope { weft, ..Envelope::default() }, ..answer.into() }
}

fn unknown(word: &str) -> Error {
    let fields = FIELDS.iter().flat_map(|it| it.names).copied();
    let names = EXPLANATIONS.iter().map(|it| it.name).chain(fields);
    let hint = weft_formats::did_you_mean(word, names, "`weft explain` lists all of them");
    Error::unknown(format!("`{word}` is no measure, finding or field of weft")).with_hint(hint)
}
