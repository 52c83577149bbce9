//! Folding: the form in which names are compared, so that case and accents do not matter.

/// Returns a name in lower case, without diacritics, its spaces single and its apostrophes straight.
///
/// Letters outside the Latin script stay as they are but for their case, so that names in other
/// scripts are still told apart.
///
/// ```
/// assert_eq!(weft_graph::fold("  Société  Générale "), "societe generale");
/// assert_eq!(weft_graph::fold("St James\u{2019}s"), "st james's");
/// ```
pub fn fold(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'a'..='z' | '0'..='9' => res.push(c),
            'A'..='Z' => res.push(c.to_ascii_lowercase()),
            c if c.is_whitespace() => {
                if !res.is_empty() && !res.ends_with(' ') {
                    res.push(' ');
                }
            }
            '\u{2018}' | '\u{2019}' => res.push('\''),
            '\u{300}'..='\u{36f}' => {}
            '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => match deunicode::deunicode_char(c) {
                Some(plain) => res.extend(plain.chars().map(|it| it.to_ascii_lowercase())),
                None => res.extend(c.to_lowercase()),
            },
            c => res.extend(c.to_lowercase()),
        }
    }
    if res.ends_with(' ') {
        res.pop();
    }
    res
}

/// The words of a folded text.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty())
}
