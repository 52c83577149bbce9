//! The colours of the page, and the door through which a colour from outside comes in.

/// The paper, a white that does not glare.
pub(crate) const PAPER: &str = "#fdfdfb";
/// Text.
pub(crate) const INK: &str = "#1a1a1a";
/// Text that matters less.
pub(crate) const SOFT: &str = "#595959";
/// Rules.
pub(crate) const FAINT: &str = "#a8a8a8";
/// What a colour that is none is drawn in.
const UNKNOWN: &str = "#666666";

/// The tints of areas: fill, border, and the ink of the name, which reads at 7 : 1 on paper.
const TINTS: [(&str, &str, &str); 10] = [
    ("#e6eff7", "#5b8db8", "#1f4e79"),
    ("#fbeee0", "#c98a4b", "#7a4310"),
    ("#e8f3ec", "#5fa383", "#1e5a41"),
    ("#f7e9f2", "#b876a0", "#722d5b"),
    ("#f5f2db", "#a99b4a", "#5c5210"),
    ("#ebe9f6", "#8379bd", "#42387f"),
    ("#e3f3f4", "#5aa5ab", "#17575d"),
    ("#eeeeec", "#8b8b86", "#4a4a46"),
    ("#fae7e5", "#c47d76", "#7c2f28"),
    ("#edf3dd", "#90a95c", "#48591f"),
];

/// The fill, border and ink of an area.
pub(crate) fn tint(idx: usize) -> (&'static str, &'static str, &'static str) {
    TINTS[idx % TINTS.len()]
}

/// A colour from outside: `#rgb` or `#rrggbb`, anything else is grey.
pub(crate) fn colour(name: &str) -> String {
    let digits = name.strip_prefix('#').unwrap_or("");
    let is_colour =
        matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_colour { name.to_ascii_lowercase() } else { UNKNOWN.to_owned() }
}

/// The colour of text that reads on this fill.
pub(crate) fn text_on(fill: &str) -> &'static str {
    let [red, green, blue] = channels(&colour(fill));
    if red * 299 + green * 587 + blue * 114 < 128_000 { "#ffffff" } else { INK }
}

/// A darker shade of a colour, for its rim.
pub(crate) fn outline(fill: &str) -> String {
    channels(fill).iter().fold(String::from("#"), |acc, it| format!("{acc}{:02x}", it * 62 / 100))
}

fn channels(fill: &str) -> [u32; 3] {
    let digits: Vec<u32> = fill.chars().filter_map(|it| it.to_digit(16)).collect();
    match digits[..] {
        [red, green, blue] => [red * 17, green * 17, blue * 17],
        [a, b, c, d, e, f] => [a * 16 + b, c * 16 + d, e * 16 + f],
        _ => [0x66; 3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_colours_get_through() {
        assert_eq!(colour("#0072B2"), "#0072b2");
        assert_eq!(colour("url(javascript:1)"), UNKNOWN);
        assert_eq!(colour("#12345"), UNKNOWN);
        assert_eq!(outline("#fff"), "#9e9e9e");
    }
}
