//! Writes the parts as Markdown, without pictures; what is closed on the page only if it is asked for.

use super::content::{Block, Part, Prose, Sheet, Span};
use super::escape::{clean, is_safe_link};
use super::front::Front;
use crate::present::escape_markdown;

/// Writes what the page says; with `is_opened` also what its readers may open, such as evidence.
pub(super) fn write(front: &Front, parts: &[Part], is_opened: bool) -> String {
    let mut text = format!("# {}\n\n", words(&front.title));
    for prose in [&front.dateline, &front.answer] {
        push(&mut text, &inline(prose));
    }
    for headline in &front.headlines {
        text.push_str(&format!("- {}\n", inline(&headline.prose())));
    }
    text.push('\n');
    if !is_opened {
        let note = Prose::from("What each number rests on: ")
            .code("weft report")
            .say(" opens it on the page, ");
        let note = note.code("weft report --format markdown --why").say(" writes it here.");
        push(&mut text, &format!("> {}", inline(&note)));
    }
    for part in parts {
        push(&mut text, &format!("<a id=\"{}\"></a>", part.id));
        push(&mut text, &format!("## {}", words(part.title)));
        blocks(&mut text, &part.blocks, 3, is_opened);
    }
    push(&mut text, "---");
    push(&mut text, &inline(&front.footer));
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn blocks(text: &mut String, blocks: &[Block], level: usize, is_opened: bool) {
    for (at, block) in blocks.iter().enumerate() {
        let marks = "#".repeat(level.min(6));
        match block {
            // A heading over what stays closed would stand over nothing.
            Block::Heading(..) if !is_opened && is_bare(&blocks[at + 1..]) => {}
            Block::Heading(id, prose) => {
                if let Some(id) = id {
                    push(text, &format!("<a id=\"{id}\"></a>"));
                }
                push(text, &format!("### {}", inline(prose)));
            }
            Block::Paragraph(prose) => push(text, &inline(prose)),
            Block::Note(prose) => push(text, &format!("> {}", inline(prose))),
            Block::List(items) => {
                for item in items {
                    text.push_str(&format!("- {}\n", inline(item)));
                }
                text.push('\n');
            }
            Block::Table(sheet) => table(text, sheet),
            Block::Details(..) if !is_opened => {}
            Block::Details(_, summary, inner) => {
                push(text, &format!("**{}**", inline(summary)));
                self::blocks(text, inner, level + 1, is_opened);
            }
            Block::Card(heading, label, inner) => {
                let label = label.as_deref().map(|it| format!(" ({})", words(it)));
                push(text, &format!("{marks}# {}{}", inline(heading), label.unwrap_or_default()));
                self::blocks(text, inner, level + 2, is_opened);
            }
            Block::Command(command) => {
                push(text, &format!("The same on the command line: {}", code(command)));
            }
            Block::Picture(..) => {}
        }
    }
}

/// Whether all that follows up to the next heading stays closed.
fn is_bare(blocks: &[Block]) -> bool {
    let next = blocks.iter().find(|it| !matches!(it, Block::Details(..) | Block::Picture(..)));
    matches!(next, None | Some(Block::Heading(..) | Block::Command(..)))
}

fn table(text: &mut String, sheet: &Sheet) {
    push(text, &format!("*{}*", inline(&sheet.caption)));
    let headings = sheet.columns.iter().map(|it| words(it.trim_start_matches('#')));
    text.push_str(&format!("| {} |\n|", headings.collect::<Vec<_>>().join(" | ")));
    for column in &sheet.columns {
        text.push_str(if column.starts_with('#') { "---:|" } else { "---|" });
    }
    text.push('\n');
    for row in &sheet.rows {
        let cells: Vec<String> = row.iter().map(inline).collect();
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text.push('\n');
}

fn push(text: &mut String, paragraph: &str) {
    text.push_str(paragraph);
    text.push_str("\n\n");
}

fn words(text: &str) -> String {
    escape_markdown(&clean(text))
}

fn code(text: &str) -> String {
    format!("`{}`", clean(text).replace('`', "'").replace('|', "\\|"))
}

fn inline(prose: &Prose) -> String {
    let span = |it: &Span| match it {
        Span::Text(it) | Span::Name(it) => words(it),
        // Marks that stand beside a space are no marks.
        Span::Strong(it) => {
            let (bold, space) = (it.trim_end(), &it[it.trim_end().len()..]);
            format!("**{}**{space}", words(bold))
        }
        Span::Code(it) => code(it),
        Span::Link(it, target) if is_safe_link(target) => {
            let target = clean(target.trim()).replace([' ', '(', ')', '<', '>'], "");
            format!("[{}]({target})", words(it))
        }
        Span::Link(it, _) => words(it),
    };
    prose.0.iter().map(span).collect()
}
