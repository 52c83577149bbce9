//! Answers for a terminal: sections, tables that fit the width, the view at the end.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Width, presets};

use super::{Answer, Envelope, Table};

/// The narrowest terminal that tables are fitted to; below it lines run over.
const WIDTH_MIN: usize = 40;
/// Longer words may be broken, so that one of them does not make a table a list.
const WORD_MAX: usize = 16;

/// A cell that needs more lines makes a table a list.
const LINES_MAX: usize = 6;

/// A name with slashes is kept whole up to this length: "Patients/Users/Population".
const SLASHED_MAX: usize = 32;

/// Writes an answer for people; `width` in columns.
pub fn table(answer: &Answer, _envelope: &Envelope, width: usize) -> String {
    let width = width.max(WIDTH_MIN);
    let mut text = String::new();
    for (at, section) in answer.sections.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        if let Some(heading) = &section.heading {
            text.push_str(&wrap(heading, width));
            text.push_str(&format!("{}\n", "─".repeat(heading.chars().count().min(width))));
        }
        for sentence in &section.text {
            text.push_str(&wrap(sentence, width));
        }
        if let Some(table) = &section.table {
            push_table(&mut text, table, width);
        }
        for note in &section.notes {
            text.push_str(&wrap(note, width));
        }
    }
    if let Some(view) = &answer.view {
        text.push('\n');
        let seed = answer.seed.map(|it| format!("; seed {it}")).unwrap_or_default();
        text.push_str(&wrap(&format!("{}{seed}", view.sentence()), width));
    }
    text
}

fn push_table(text: &mut String, table: &Table, width: usize) {
    if table.rows.is_empty() {
        text.push_str(" none\n");
        return;
    }
    if width_needed(table) > width || is_squeezed(table, width) {
        push_list(text, table, width);
        return;
    }
    let mut drawn = comfy_table::Table::new();
    drawn
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX));
    let cell = |(at, text): (usize, &String)| {
        let clean: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
        let is_number = table.numeric.get(at).copied().unwrap_or(false);
        let alignment = if is_number { CellAlignment::Right } else { CellAlignment::Left };
        Cell::new(clean).set_alignment(alignment)
    };
    drawn.set_header(table.columns.iter().enumerate().map(cell));
    for row in &table.rows {
        drawn.add_row(row.iter().enumerate().map(cell));
    }
    for (at, column) in drawn.column_iter_mut().enumerate() {
        // Two blanks stand between columns.
        let least = u16::try_from(longest_word(table, at) + 2).unwrap_or(u16::MAX);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
    }
    for line in drawn.to_string().lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// The narrowest width at which no column breaks a word of usual length.
fn width_needed(table: &Table) -> usize {
    (0..table.columns.len()).map(|at| longest_word(table, at) + 2).sum()
}

/// Whether the longest cell would be a tall and narrow strip even if its column got all the room there is.
fn is_squeezed(table: &Table, width: usize) -> bool {
    let room = width.saturating_sub(width_needed(table));
    (0..table.columns.len()).any(|at| {
        let cells = table.rows.iter().filter_map(|row| row.get(at));
        let longest = cells.map(|it| it.chars().count()).max().unwrap_or(0);
        longest > LINES_MAX * (longest_word(table, at) + room)
    })
}

/// The longest word of a column that is not to be broken: names with slashes whole, others up to a
/// length.
fn longest_word(table: &Table, at: usize) -> usize {
    let cells = table.rows.iter().filter_map(|row| row.get(at));
    let words = cells.chain(table.columns.get(at)).flat_map(|it| it.split_whitespace());
    let length = |it: &str| match it.contains('/') {
        true => it.chars().count().min(SLASHED_MAX),
        false => it.chars().count().min(WORD_MAX),
    };
    words.map(length).max().unwrap_or(0)
}

/// Writes a table that is too wide as a list: a row's first cell, and under it the others by name.
fn push_list(text: &mut String, table: &Table, width: usize) {
    for row in &table.rows {
        let named = table.columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        for (at, (column, cell)) in named.enumerate() {
            let line = match (at, column.as_str()) {
                (0, _) => format!(" {cell}"),
                (_, "") => format!("   {cell}"),
                _ => format!("   {column}: {cell}"),
            };
            text.push_str(&wrap(&line, width));
        }
    }
}

/// Breaks a text at spaces; a leading indent is kept on every line.
fn wrap(text: &str, width: usize) -> String {
    let indent: String = text.chars().take_while(|it| *it == ' ').collect();
    let mut res = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let word: String = word.chars().filter(|it| !it.is_control()).collect();
        let n_columns = line.chars().count() + 1 + word.chars().count();
        if !line.trim().is_empty() && n_columns > width {
            res.push_str(&line);
            res.push('\n');
            line.clear();
        }
        if line.is_empty() {
            line.push_str(&indent);
        } else if !line.trim().is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    res.push_str(&line);
    res.push('\n');
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::Section;

    #[track_caller]
    fn check(width: usize, expected: &str) {
        let mut table = Table::new(&["name", "#links"]);
        table.push(["Leeds Teaching Hospitals NHS Trust".to_owned(), "14".to_owned()]);
        let section = Section::table("Hubs", table).note("one two three");
        let answer = Answer { sections: vec![section], ..Answer::default() };
        assert_eq!(super::table(&answer, &Envelope::default(), width), expected);
    }

    #[test]
    fn a_table_fits_the_terminal() {
        check(
            80,
            "Hubs\n────\n name                                links\n \
             Leeds Teaching Hospitals NHS Trust     14\none two three\n",
        );
    }

    #[test]
    fn a_table_that_would_break_words_becomes_a_list() {
        let mut table = Table::new(&["name", "#partners", "in words", "certainty"]);
        let row =
            ["Leeds Teaching Hospitals", "21", "33 partners, without it 1 body", "collective"];
        table.push(row.map(str::to_owned));
        let answer = Answer { sections: vec![Section::bare(table)], ..Answer::default() };
        assert_eq!(
            super::table(&answer, &Envelope::default(), 40),
            " Leeds Teaching Hospitals\n   partners: 21\n   in words: 33 partners, without it 1\n   \
             body\n   certainty: collective\n"
        );
    }

    #[test]
    fn a_name_with_slashes_is_not_broken() {
        let mut table = Table::new(&["need", "how far", "by whom it is met"]);
        let row = [
            "Access to Patients/Users/Population Data",
            "2 steps ".repeat(6).as_str(),
            &"word ".repeat(30),
        ]
        .map(str::to_owned);
        table.push(row);
        let answer = Answer { sections: vec![Section::bare(table)], ..Answer::default() };
        for width in [60, 80, 100] {
            let text = super::table(&answer, &Envelope::default(), width);
            assert!(text.contains("Patients/Users/Population"), "{width}: {text}");
            assert!(text.lines().all(|it| it.chars().count() <= width), "{width}: {text}");
        }
    }

    #[test]
    fn a_table_with_a_strip_of_words_becomes_a_list() {
        let mut table = Table::new(&["name", "status", "#partners", "reasons"]);
        let reasons = "word ".repeat(40);
        table.push(["Wharf", "under-connected", "2", reasons.trim()].map(str::to_owned));
        let answer = Answer { sections: vec![Section::bare(table)], ..Answer::default() };
        let at = |width| super::table(&answer, &Envelope::default(), width);
        assert!(at(60).contains("\n   reasons: word word"), "{}", at(60));
        assert!(at(100).starts_with(" name   status"), "{}", at(100));
    }

    #[test]
    fn a_table_without_rows_says_so() {
        let answer = Answer {
            sections: vec![Section::table("Hubs", Table::new(&["name"]))],
            ..Answer::default()
        };
        assert_eq!(super::table(&answer, &Envelope::default(), 80), "Hubs\n────\n none\n");
    }

    #[test]
    fn a_narrow_terminal_gets_narrow_lines() {
        let mut table = Table::new(&["name", "note"]);
        table.push(["Leeds Teaching Hospitals".to_owned(), "x ".repeat(60)]);
        let answer = Answer { sections: vec![Section::bare(table)], ..Answer::default() };
        let text = super::table(&answer, &Envelope::default(), 40);
        assert!(text.lines().all(|it| it.chars().count() <= 40), "{text}");
    }
}
