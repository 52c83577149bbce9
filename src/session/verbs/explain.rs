//! `explain`: what a measure or a finding means.

use crate::present::{Answer, Section, Table};
use crate::session::request::Names;
use crate::session::{Candidate, EXPLANATIONS, Error, Output, find_explanation};

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
        return Ok(answer.into());
    }
    for name in &options.names {
        let Some(it) = find_explanation(name) else {
            let names: Vec<&str> = EXPLANATIONS.iter().map(|it| it.name).collect();
            let near = weft_formats::closest(name, names.iter().copied(), 1);
            let candidates = EXPLANATIONS.iter().filter(|it| near.contains(&it.name));
            let candidate = |it: &crate::session::Explanation| Candidate {
                id: it.name.to_owned(),
                name: it.name.replace('_', " "),
                kind: "measure".to_owned(),
            };
            return Err(Error::not_found(name, candidates.map(candidate).collect())
                .with_hint("`weft explain` lists all that can be explained"));
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
    Ok(answer.into())
}
