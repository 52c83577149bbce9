//! How an error is shown: where in the query, with a caret under the place, and the way out.
//!
//! Plain text, so that the command line, HTTP and Bolt say the same.

use unicode_width::UnicodeWidthChar;

use crate::{Error, Span};

/// How many columns of a long line are shown.
const EXCERPT_COLUMNS_MAX: usize = 100;

/// How many columns of them stand before the place.
const EXCERPT_COLUMNS_BEFORE: usize = 40;

/// What stands for the part of a line that is not shown.
const CUT: &str = "..";

/// A place in a text as people count it: from one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character of that line.
    pub column: usize,
}

impl Position {
    /// The place of a byte of a text.
    pub fn of(text: &str, offset: usize) -> Self {
        let before = &text[..floor(text, offset)];
        let line_start = before.rfind('\n').map_or(0, |it| it + 1);
        let line = before.matches('\n').count() + 1;
        Self { line, column: before[line_start..].chars().count() + 1 }
    }
}

impl Error {
    /// Where in the text of the query it is, if it is at a place.
    pub fn position(&self, text: &str) -> Option<Position> {
        self.span.map(|it| Position::of(text, it.start as usize))
    }

    /// The line of the query in which it is, and below it a line with carets under the place.
    ///
    /// ```
    /// let text = "MATCH (n) RETRUN n";
    /// let (_, errors) = weft_cypher::parse(text);
    /// let [line, carets] = errors[0].excerpt(text).unwrap();
    /// assert_eq!(line, "MATCH (n) RETRUN n");
    /// assert_eq!(carets, "          ^^^^^^");
    /// ```
    pub fn excerpt(&self, text: &str) -> Option<[String; 2]> {
        self.span.map(|it| excerpt(text, it))
    }

    /// All that is known of it, as lines of text: message, place, excerpt and hint.
    pub fn describe(&self, text: &str) -> String {
        let mut lines = self.message.clone();
        if let (Some(position), Some([line, carets])) = (self.position(text), self.excerpt(text)) {
            lines += &format!(" (line {}, column {})", position.line, position.column);
            lines += &format!("\n  {line}\n  {carets}");
        }
        if let Some(hint) = &self.hint {
            lines += &format!("\nhint: {hint}");
        }
        lines
    }
}

fn excerpt(text: &str, span: Span) -> [String; 2] {
    let start = floor(text, span.start as usize);
    let end = floor(text, span.end as usize).max(start);
    let line_start = text[..start].rfind('\n').map_or(0, |it| it + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |it| start + it);
    let (mut line, mut carets) = (String::new(), String::new());
    let is_short =
        text[line_start..line_end].chars().map(width).sum::<usize>() <= EXCERPT_COLUMNS_MAX;
    let mut n_columns_before = if is_short { EXCERPT_COLUMNS_MAX } else { EXCERPT_COLUMNS_BEFORE };
    let mut shown_from = start;
    for (at, character) in text[line_start..start].char_indices().rev() {
        let width = width(character);
        if width > n_columns_before {
            break;
        }
        n_columns_before -= width;
        shown_from = line_start + at;
    }
    if shown_from > line_start {
        line += CUT;
        carets += &" ".repeat(CUT.len());
    }
    let mut n_columns = 0;
    for (at, character) in text[shown_from..line_end].char_indices() {
        if n_columns >= EXCERPT_COLUMNS_MAX {
            line += CUT;
            break;
        }
        let at = shown_from + at;
        let width = width(character);
        match character {
            // What would move the cursor is shown as a space.
            it if it.is_control() => line.push(' '),
            it => line.push(it),
        }
        if at < end.max(start + 1) {
            let mark = if at < start { " " } else { "^" };
            carets += &mark.repeat(width);
        }
        n_columns += width;
    }
    if !carets.contains('^') {
        carets.push('^');
    }
    [line.trim_end().to_owned(), carets]
}

fn width(character: char) -> usize {
    if character.is_control() { 1 } else { character.width().unwrap_or(0) }
}

/// The last place at or before an offset at which a character begins.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Detail;

    #[track_caller]
    fn check(text: &str, start: usize, end: usize, expected: &str) {
        let error = Error::syntax(Detail::UnexpectedSyntax, Span::new(start, end), "wrong");
        assert_eq!(error.describe(text), expected);
    }

    #[test]
    fn the_caret_stands_under_the_place() {
        check("RETURN x y", 9, 10, "wrong (line 1, column 10)\n  RETURN x y\n           ^");
        check("a\nbcd\ne", 3, 5, "wrong (line 2, column 2)\n  bcd\n   ^^");
    }

    #[test]
    fn the_end_of_the_text_has_a_caret_behind_it() {
        check("RETURN", 6, 6, "wrong (line 1, column 7)\n  RETURN\n        ^");
        check("", 0, 0, "wrong (line 1, column 1)\n  \n  ^");
    }

    #[test]
    fn wide_characters_and_tabs_keep_the_caret_in_its_column() {
        check("日本 x", 7, 8, "wrong (line 1, column 4)\n  日本 x\n       ^");
        check("\tx", 1, 2, "wrong (line 1, column 2)\n   x\n   ^");
    }

    #[test]
    fn of_a_long_line_a_part_is_shown() {
        let text = format!("{}!{}", "a".repeat(1000), "b".repeat(1000));
        let expected = format!(
            "wrong (line 1, column 1001)\n  ..{}!{}..\n  {}^",
            "a".repeat(40),
            "b".repeat(59),
            " ".repeat(42),
        );
        check(&text, 1000, 1001, &expected);
    }

    #[test]
    fn an_error_without_a_place_is_shown_without_one() {
        let error = Error { span: None, ..Error::syntax(Detail::Cancelled, Span::new(0, 0), "no") };
        assert_eq!(error.with_hint("yes").describe("RETURN 1"), "no\nhint: yes");
    }
}
