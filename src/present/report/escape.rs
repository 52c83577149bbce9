//! The one door through which text from data reaches the page.

/// Takes out what has no place in a line of text: control characters, and marks that turn the
/// direction of what follows.
pub(super) fn clean(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    let kept = text.chars().filter(|&c| !turns(c));
    kept.map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect()
}

/// Cleans a text and makes it safe within elements and quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut res = String::with_capacity(text.len() + 8);
    for c in clean(text).chars() {
        match c {
            '&' => res.push_str("&amp;"),
            '<' => res.push_str("&lt;"),
            '>' => res.push_str("&gt;"),
            '"' => res.push_str("&quot;"),
            '\'' => res.push_str("&#39;"),
            _ => res.push(c),
        }
    }
    res
}

/// Whether a page may link there: within itself, or to an address that runs nothing.
pub(super) fn is_safe_link(target: &str) -> bool {
    let target = target.trim().to_ascii_lowercase();
    ["#", "https://", "http://", "mailto:"].iter().any(|it| target.starts_with(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(escape(text), expected);
    }

    #[test]
    fn markup_and_characters_that_turn_text_do_not_get_through() {
        check("<img src=x onerror='a()'>", "&lt;img src=x onerror=&#39;a()&#39;&gt;");
        check("a\u{202E}b\u{0}c\nd", "ab c d");
        check("\"R&D\"", "&quot;R&amp;D&quot;");
    }

    #[test]
    fn only_links_that_run_nothing_are_links() {
        assert!(is_safe_link("https://example.org") && is_safe_link("#hubs"));
        assert!(is_safe_link(" MAILTO:a@example.org"));
        assert!(!is_safe_link("javascript:alert(1)") && !is_safe_link("data:text/html,x"));
        assert!(!is_safe_link("//example.org"));
    }
}
