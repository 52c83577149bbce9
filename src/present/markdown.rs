//! Answers as Markdown, with everything that comes from data escaped.

use super::{Answer, Envelope, Table};

/// Writes the sections of an answer as Markdown.
pub fn markdown(answer: &Answer, envelope: &Envelope) -> String {
    let mut text = String::new();
    for section in &answer.sections {
        if let Some(heading) = &section.heading {
            text.push_str(&format!("## {}\n\n", escape_markdown(heading)));
        }
        for sentence in &section.text {
            text.push_str(&format!("{}\n\n", escape_markdown(sentence)));
        }
        if let Some(table) = &section.table {
            push_table(&mut text, table);
        }
        for note in &section.notes {
            text.push_str(&format!("*{}*\n\n", escape_markdown(note)));
        }
    }
    for warning in &answer.warnings {
        text.push_str(&format!("> {}\n\n", escape_markdown(warning)));
    }
    if let Some(view) = &answer.view {
        text.push_str(&format!("{}\n\n", escape_markdown(&view.sentence())));
    }
    if let Some(seed) = answer.seed {
        text.push_str(&format!("seed {seed}\n\n"));
    }
    text.push_str(&match envelope.dataset.as_str() {
        "" => format!("weft {}\n", envelope.weft),
        dataset => format!(
            "{}, revision {} (weft {})\n",
            escape_markdown(dataset),
            envelope.revision,
            envelope.weft
        ),
    });
    text
}

/// Escapes what Markdown or HTML would read as something else, and puts the text on one line.
pub fn escape_markdown(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                res.push('\\');
                res.push(c);
            }
            '<' => res.push_str("&lt;"),
            '>' => res.push_str("&gt;"),
            '&' => res.push_str("&amp;"),
            c if c.is_control() => res.push(' '),
            c => res.push(c),
        }
    }
    res
}

fn push_table(text: &mut String, table: &Table) {
    let row = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|it| escape_markdown(it)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    text.push_str(&row(&table.columns));
    let rule = table.numeric.iter().map(|&it| if it { "---:|" } else { "---|" });
    text.push_str(&format!("|{}\n", rule.collect::<String>()));
    for cells in &table.rows {
        text.push_str(&row(cells));
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::Section;

    #[test]
    fn text_from_data_stays_text() {
        let mut table = Table::new(&["name", "#n"]);
        table.push(["<b>|x|</b>".to_owned(), "1".to_owned()]);
        let answer = Answer { sections: vec![Section::bare(table)], ..Answer::default() };
        let text = markdown(&answer, &Envelope::default());
        assert!(text.contains("| &lt;b&gt;\\|x\\|&lt;/b&gt; | 1 |"), "{text}");
        assert!(text.contains("|---|---:|"));
    }
}
