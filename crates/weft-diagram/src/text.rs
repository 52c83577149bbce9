//! Text as the page needs it: cleaned, measured and broken into lines.
//!
//! Widths come from a table made from the bundled fonts. Kerning is not in it, and makes real text a
//! little narrower on the whole, so a small allowance covers the pairs that kerning widens.

mod advances;

use advances::{ADVANCES, UNITS_PER_EM};

/// A share added to each measured width: kerning and the viewer's rounding.
const ALLOWANCE: f64 = 1.012;
/// The advance, in em, of a character which the font does not have, and another font must draw.
const FALLBACK_ADVANCE: f64 = 0.68;
/// The advance, in em, of the square characters of East Asian writing, and of emoji.
const WIDE_ADVANCE: f64 = 1.02;

/// A weight of the bundled font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// Weight 400.
    Regular,
    /// Weight 600.
    SemiBold,
}

/// Removes what must not reach the page: control characters, and marks that turn text around.
///
/// One unclosed right-to-left mark in a name would mirror everything after it, and most control
/// characters are not allowed in XML at all. Runs of white space become one space.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_unwanted(character) {
            out.push(character);
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

fn is_unwanted(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FFFE}' | '\u{FFFF}'
            | '\u{E0000}'..='\u{E0FFF}')
        || (character as u32) & 0xFFFE == 0xFFFE
}

/// Returns the width of one line of text in pixels.
pub(crate) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let em: f64 = text.chars().map(|character| advance(character, weight)).sum();
    em * size * ALLOWANCE
}

fn advance(character: char, weight: Weight) -> f64 {
    if is_zero_width(character) {
        return 0.0;
    }
    let code = character as u32;
    match ADVANCES.binary_search_by_key(&code, |row| row.0) {
        Ok(idx) => {
            let (_, regular, semi_bold) = ADVANCES[idx];
            let units = if weight == Weight::Regular { regular } else { semi_bold };
            f64::from(units) / UNITS_PER_EM
        }
        Err(_) if is_wide(character) => WIDE_ADVANCE,
        Err(_) => FALLBACK_ADVANCE,
    }
}

/// Whether a character is drawn onto the one before it, and may not be parted from it.
fn is_zero_width(character: char) -> bool {
    matches!(character as u32,
        0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x0610..=0x061A | 0x064B..=0x065F
        | 0x0670 | 0x06D6..=0x06DC | 0x0E31 | 0x0E34..=0x0E3A | 0x0E47..=0x0E4E
        | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x200C..=0x200D | 0x20D0..=0x20FF
        | 0x3099..=0x309A | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F | 0x1F3FB..=0x1F3FF)
}

fn is_wide(character: char) -> bool {
    matches!(character as u32,
        0x1100..=0x115F | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0x2E80..=0xA4CF | 0xA960..=0xA97F
        | 0xAC00..=0xD7FF | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6 | 0x1B000..=0x1B2FF | 0x1F000..=0x1FAFF | 0x20000..=0x3FFFD)
}

/// Breaks a label at `limit` characters, over at most `lines_max` lines of about equal length.
///
/// A word longer than a line is broken without a hyphen, since a hyphen might be taken for part of
/// the name. What does not fit ends in an ellipsis; the tooltip has the whole name.
pub(crate) fn wrap_label(text: &str, limit: usize, lines_max: usize) -> Vec<String> {
    let count = |piece: &str| piece.chars().map(columns).sum::<usize>() as f64;
    let lines = wrap(text, limit as f64, &count);
    // The narrowest block with the same number of lines is the tidiest, and takes the least room.
    let balanced = (1..limit)
        .map(|narrower| wrap(text, narrower as f64, &count))
        .find(|narrower| {
            narrower.len() == lines.len()
                && n_words_broken(text, narrower) == n_words_broken(text, &lines)
        })
        .unwrap_or(lines);
    shorten(balanced, lines_max)
}

fn columns(character: char) -> usize {
    match character {
        _ if is_zero_width(character) => 0,
        _ if is_wide(character) => 2,
        _ => 1,
    }
}

/// How many lines end within a word.
fn n_words_broken(text: &str, lines: &[String]) -> usize {
    lines.len().saturating_sub(1)
        - (clean(text).matches(' ').count()
            - lines.iter().map(|line| line.matches(' ').count()).sum::<usize>())
}

/// Breaks text at a width in pixels.
pub(crate) fn wrap_width(text: &str, limit: f64, size: f64, weight: Weight) -> Vec<String> {
    wrap(text, limit, &|piece| width(piece, size, weight))
}

/// Shortens one line to a width in pixels, ending in an ellipsis where anything was cut.
pub(crate) fn shorten_width(text: &str, limit: f64, size: f64, weight: Weight) -> String {
    let mut text = clean(text);
    if width(&text, size, weight) <= limit {
        return text;
    }
    while !text.is_empty() && width(&text, size, weight) + width("…", size, weight) > limit {
        text.pop();
    }
    text.truncate(text.trim_end().len());
    text.push('…');
    text
}

fn shorten(mut lines: Vec<String>, lines_max: usize) -> Vec<String> {
    if lines.len() > lines_max {
        lines.truncate(lines_max);
        if let Some(last) = lines.last_mut() {
            last.push('…');
        }
    }
    lines
}

fn wrap(text: &str, limit: f64, measure: &dyn Fn(&str) -> f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in clean(text).split(' ').filter(|word| !word.is_empty()) {
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if measure(&joined) <= limit {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for character in word.chars() {
            line.push(character);
            if measure(&line) > limit && line.chars().count() > 1 && !is_zero_width(character) {
                line.pop();
                lines.push(std::mem::take(&mut line));
                line.push(character);
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, lines: &[&str]) {
        assert_eq!(wrap_label(text, 18, 4), lines);
    }

    #[test]
    fn labels_break_into_lines_of_about_equal_length() {
        check("", &[]);
        check("Nexus", &["Nexus"]);
        check("Leeds Teaching Hospitals NHS Trust", &["Leeds Teaching", "Hospitals NHS", "Trust"]);
        check("University of Huddersfield", &["University of", "Huddersfield"]);
    }

    #[test]
    fn long_words_break_without_a_hyphen() {
        check("Llanfairpwllgwyngyllgogery", &["Llanfairpwllg", "wyngyllgogery"]);
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        let text = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen \
                    fifteen sixteen";
        let lines = wrap_label(text, 18, 4);
        assert_eq!(lines.len(), 4);
        assert!(lines[3].ends_with('…'));
    }

    #[test]
    fn combining_marks_take_no_room_and_stay_with_their_letter() {
        assert_eq!(width("e\u{301}", 10.0, Weight::Regular), width("e", 10.0, Weight::Regular));
        let accented = "e\u{301}".repeat(20);
        assert!(wrap_label(&accented, 18, 4).iter().all(|line| line.starts_with('e')));
    }

    #[test]
    fn square_characters_are_wide() {
        assert!(width("大学", 10.0, Weight::Regular) > 20.0);
    }

    #[test]
    fn control_and_turning_characters_are_removed() {
        assert_eq!(clean("a\u{202E}b\u{0}c\n\t d\u{FFFE}\u{7F} "), "abc d");
    }
}
