//! Several values in one cell, parted by `|`.

/// Splits a cell by `|`; blanks around a part are dropped, and so are empty parts.
///
/// `\|` is a bar that belongs to a part, `\\` a backslash; any other backslash is itself.
///
/// ```
/// assert_eq!(weft_value::split_list(r"LTHT | Leeds\|Teaching |"), ["LTHT", "Leeds|Teaching"]);
/// ```
pub fn split_list(cell: &str) -> Vec<String> {
    let mut res = Vec::new();
    if cell.is_empty() {
        return res;
    }
    let mut part = String::new();
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if matches!(chars.peek(), Some('|' | '\\')) => part.extend(chars.next()),
            '|' => end_part(&mut res, &mut part),
            c => part.push(c),
        }
    }
    end_part(&mut res, &mut part);
    res
}

/// Joins values to one cell that [`split_list`] takes apart again.
pub fn join_list<T: AsRef<str>>(parts: impl IntoIterator<Item = T>) -> String {
    let mut res = String::new();
    for part in parts {
        if !res.is_empty() {
            res.push('|');
        }
        for c in part.as_ref().chars() {
            if matches!(c, '|' | '\\') {
                res.push('\\');
            }
            res.push(c);
        }
    }
    res
}

fn end_part(res: &mut Vec<String>, part: &mut String) {
    let trimmed = part.trim();
    if !trimmed.is_empty() {
        res.push(trimmed.to_owned());
    }
    part.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(parts: &[&str], cell: &str) {
        assert_eq!(join_list(parts), cell);
        assert_eq!(split_list(cell), parts);
    }

    #[test]
    fn lists_come_back() {
        check(&[], "");
        check(&["a"], "a");
        check(&["a b", "c"], "a b|c");
        check(&["a|b", r"c\d", r"\|"], r"a\|b|c\\d|\\\|");
    }
}
