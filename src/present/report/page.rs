//! Writes the parts as one HTML page that needs nothing else: styles and pictures are inside.
//!
//! Every text goes through [`escape`]; pictures come from weft-diagram, which escapes its own.

use std::fmt::Write;

use super::content::{Block, Part, Prose, Sheet, Span};
use super::escape::{escape, is_safe_link};
use super::front::Front;

/// A word of more letters may be broken, after so many letters each time.
const WORD_MAX: usize = 30;
/// See [`WORD_MAX`].
const PIECE: usize = 10;

const STYLE: &str = include_str!("style.css");

/// Writes the page: its first screen, the list of contents, the parts, and who made it.
pub(super) fn write(front: &Front, parts: &[Part]) -> String {
    let mut page = Page { text: String::new() };
    page.open(front);
    page.contents(parts);
    for part in parts {
        page.part(part);
    }
    page.close(front);
    page.text
}

struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing into a `String` cannot fail.
        let _ = self.text.write_fmt(arguments);
        self.text.push('\n');
    }

    fn open(&mut self, front: &Front) {
        let title = escape(&front.title);
        self.line(format_args!(
            "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'; font-src data:; img-src data:\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#network\">Skip to the findings</a>\n<main>"
        ));
        self.line(format_args!(
            "<header class=\"front\">\n<p class=\"kicker\">{}</p>",
            escape(&front.kicker)
        ));
        self.line(format_args!("<h1>{}</h1>", breakable(&front.title)));
        self.line(format_args!("<p class=\"dateline\">{}</p>", inline(&front.dateline)));
        self.line(format_args!("<p class=\"answer\">{}</p>", inline(&front.answer)));
        self.line(format_args!("<ul class=\"headlines\">"));
        for it in &front.headlines {
            self.line(format_args!(
                "<li><strong>{label}</strong> {} <a href=\"{}\" aria-label=\"More: {label}\">More</a></li>",
                inline(&it.text),
                escape(it.target),
                label = escape(it.label)
            ));
        }
        self.line(format_args!("</ul>\n</header>"));
    }

    fn contents(&mut self, parts: &[Part]) {
        self.line(format_args!("<nav aria-label=\"Contents\">\n<ol>"));
        for part in parts {
            self.line(format_args!("<li><a href=\"#{}\">{}</a></li>", part.id, escape(part.title)));
        }
        self.line(format_args!("</ol>\n</nav>"));
    }

    fn part(&mut self, part: &Part) {
        self.line(format_args!(
            "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">{1}</h2>",
            part.id,
            escape(part.title)
        ));
        self.blocks(&part.blocks, 3);
        self.line(format_args!("</section>"));
    }

    /// `level` is that of the next heading. Cards and closed lists that follow each other stand
    /// side by side.
    fn blocks(&mut self, blocks: &[Block], level: u8) {
        let mut below = level;
        for run in
            blocks.chunk_by(|a, b| class_of_run(a).is_some() && class_of_run(a) == class_of_run(b))
        {
            let class =
                run.first().and_then(class_of_run).filter(|it| *it == "cards" || run.len() > 1);
            if let Some(class) = class {
                self.line(format_args!("<div class=\"{class}\">"));
            }
            for block in run {
                self.block(block, below);
                if matches!(block, Block::Heading(..)) {
                    below = level + 1;
                }
            }
            if class.is_some() {
                self.line(format_args!("</div>"));
            }
        }
    }

    fn block(&mut self, block: &Block, level: u8) {
        match block {
            Block::Heading(id, prose) => {
                let id = id.map(|it| format!(" id=\"{it}\"")).unwrap_or_default();
                self.line(format_args!("<h3{id}>{}</h3>", inline(prose)));
            }
            Block::Paragraph(prose) => self.line(format_args!("<p>{}</p>", inline(prose))),
            Block::Note(prose) => {
                self.line(format_args!("<p class=\"note\">{}</p>", inline(prose)))
            }
            Block::List(items) => {
                self.line(format_args!("<ul>"));
                for item in items {
                    self.line(format_args!("<li>{}</li>", inline(item)));
                }
                self.line(format_args!("</ul>"));
            }
            Block::Table(sheet) => self.table(sheet),
            Block::Details(id, summary, blocks) => {
                self.line(format_args!("<details>\n<summary>{}</summary>", inline(summary)));
                // The anchor stands inside, so that a browser opens what a link leads to.
                self.line(format_args!("<div class=\"opened\" id=\"{}\">", escape(id)));
                self.blocks(blocks, level);
                self.line(format_args!("</div>\n</details>"));
            }
            Block::Card(heading, label, blocks) => {
                self.line(format_args!("<article class=\"card\">"));
                if let Some(label) = label {
                    self.line(format_args!("<p class=\"label\">{}</p>", escape(label)));
                }
                self.line(format_args!("<h{level}>{}</h{level}>", inline(heading)));
                self.blocks(blocks, level + 1);
                self.line(format_args!("</article>"));
            }
            Block::Command(command) => {
                self.line(format_args!(
                    "<p class=\"command\"><span>The same on the command line:</span> <code>{}</code></p>",
                    escape(command)
                ));
            }
            Block::Picture(figure) => {
                let class = if figure.is_small { "small" } else { "wide" };
                self.line(format_args!(
                    "<figure class=\"{class}\">\n<div class=\"picture\" role=\"group\" aria-label=\"Picture; on a small \
                     screen it scrolls sideways\" tabindex=\"0\">\n{}</div>\n\
                     <figcaption>{}</figcaption>\n</figure>",
                    figure.svg,
                    isolated(&figure.caption)
                ));
            }
        }
    }

    fn table(&mut self, sheet: &Sheet) {
        self.line(format_args!(
            "<div class=\"table\">\n<table>\n<caption>{}</caption>\n<thead><tr>",
            inline(&sheet.caption)
        ));
        for column in &sheet.columns {
            let heading = escape(column.trim_start_matches('#'));
            self.line(format_args!("<th scope=\"col\"{}>{heading}</th>", number_class(column)));
        }
        self.line(format_args!("</tr></thead>\n<tbody>"));
        for row in &sheet.rows {
            self.text.push_str("<tr>");
            for (at, (cell, column)) in row.iter().zip(&sheet.columns).enumerate() {
                let class = number_class(column);
                let label = escape(column.trim_start_matches('#'));
                let text = inline(cell);
                let cell = match at {
                    0 => format!("<th scope=\"row\"{class}>{text}</th>"),
                    _ => format!("<td data-label=\"{label}\"{class}>{text}</td>"),
                };
                self.text.push_str(&cell);
            }
            self.line(format_args!("</tr>"));
        }
        self.line(format_args!("</tbody>\n</table>\n</div>"));
    }

    fn close(&mut self, front: &Front) {
        self.line(format_args!(
            "</main>\n<footer>\n<p>{}</p>\n</footer>\n</body>\n</html>",
            inline(&front.footer)
        ));
    }
}

/// The class of a row of such blocks, for those that stand side by side.
fn class_of_run(block: &Block) -> Option<&'static str> {
    match block {
        Block::Card(..) => Some("cards"),
        Block::Details(..) => Some("openers"),
        _ => None,
    }
}

fn number_class(column: &str) -> &'static str {
    if column.starts_with('#') { " class=\"number\"" } else { "" }
}

fn inline(prose: &Prose) -> String {
    let mut res = String::new();
    for span in &prose.0 {
        match span {
            Span::Text(text) => res.push_str(&isolated(text)),
            Span::Name(name) => res.push_str(&format!("<bdi>{}</bdi>", breakable(name))),
            Span::Strong(text) => res.push_str(&format!("<strong>{}</strong>", isolated(text))),
            Span::Code(text) => res.push_str(&format!("<code>{}</code>", escape(text))),
            Span::Link(text, target) if is_safe_link(target) => {
                res.push_str(&format!(
                    "<a href=\"{}\"><bdi>{}</bdi></a>",
                    escape(target.trim()),
                    breakable(text)
                ));
            }
            Span::Link(text, _) => res.push_str(&format!("<bdi>{}</bdi>", breakable(text))),
        }
    }
    res
}

/// Escapes a text, and keeps what is written from right to left in it to itself: a name in a sentence
/// would else move the words and numbers that follow it to its other side.
fn isolated(text: &str) -> String {
    let mut res = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_right_to_left) {
        let (before, run) = rest.split_at(start);
        // Blanks, figures and signs between two such letters belong to them; other letters do not, and
        // what parts the names of a list keeps them in its order.
        let ends = |it: char| {
            matches!(it, ',' | ';' | ':') || (it.is_alphabetic() && !is_right_to_left(it))
        };
        let end = run.find(ends);
        let run = &run[..end.unwrap_or(run.len())];
        let run = run.trim_end_matches(|it: char| !is_right_to_left(it));
        res.push_str(&breakable(before));
        res.push_str(&format!("<bdi>{}</bdi>", breakable(run)));
        rest = &rest[start + run.len()..];
    }
    res.push_str(&breakable(rest));
    res
}

/// Letters and marks of scripts that are written from right to left: Hebrew, Arabic and their neighbours
/// in Unicode.
fn is_right_to_left(it: char) -> bool {
    matches!(it,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Escapes a text, and lets a word that is longer than any column be broken: a table would else grow
/// wider than the page.
fn breakable(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    for word in text.split_inclusive(' ') {
        let letters: Vec<char> = word.chars().collect();
        let n_piece = if letters.len() > WORD_MAX { PIECE } else { letters.len() };
        for (at, piece) in letters.chunks(n_piece.max(1)).enumerate() {
            res.push_str(if at > 0 { "<wbr>" } else { "" });
            res.push_str(&escape(&piece.iter().collect::<String>()));
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(isolated(text), expected);
    }

    #[test]
    fn what_is_written_from_right_to_left_keeps_to_itself() {
        check("Acme & Co hosts Nexus (2018)", "Acme &amp; Co hosts Nexus (2018)");
        check("מכון הבריאות funds Acme", "<bdi>מכון הבריאות</bdi> funds Acme");
        check(
            "Acme hosts مركز 7 الصحة, 2018; صندوق funds it",
            "Acme hosts <bdi>مركز 7 الصحة</bdi>, 2018; <bdi>صندوق</bdi> funds it",
        );
        check("مركز <b>", "<bdi>مركز</bdi> &lt;b&gt;");
        check("", "");
    }
}
