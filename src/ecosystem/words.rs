//! Sentences for a reader who knows no graph theory; plurals, lists and sums of money.
//!
//! Never calls an organisation weak: the words say what the data show.

use weft_graph::{Amount, NodeIdx, Qualifier, Relation, Snapshot, TieRef};
use weft_value::PartialDate;

/// Names listed before the rest is counted.
const NAMES_SHOWN: usize = 3;
/// Digits of a figure that no rounding error reaches.
const DIGITS_SURE: u8 = 12;

/// "1 body", "4 bodies", "1,200 bodies".
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", digits(n), if n == 1 { one } else { many })
}

/// "4", "1,200".
pub fn digits(n: usize) -> String {
    grouped(&n.to_string())
}

/// "a council" for one, "councils" for more: what follows "2 of them".
pub(crate) fn with_article(n: usize, label: String) -> String {
    match label.chars().next() {
        Some(first) if n == 1 && "aeiouN".contains(first) && !label.starts_with("uni") => {
            format!("an {label}")
        }
        Some(_) if n == 1 => format!("a {label}"),
        _ => label,
    }
}

/// "a", "a and b", "a, b and c", "a, b, c and 4 more".
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    if names.len() <= NAMES_SHOWN {
        return all_names(names);
    }
    let (comma, and) = joints(names.iter().copied());
    let more = names.len() - NAMES_SHOWN;
    format!("{}{and} {} more", names[..NAMES_SHOWN].join(comma), digits(more))
}

/// "a", "a and b", all of them named: what a verdict speaks of is not cut short.
pub fn all_names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let (comma, and) = joints(names.iter().copied());
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{}{and} {last}", first.join(comma)),
    }
}

/// What stands between names and before the last: semicolons where names have commas of their own (those
/// of "£1,200" part nothing), a comma before the "and" where names have one of their own.
pub fn joints<'a>(names: impl IntoIterator<Item = &'a str>) -> (&'static str, &'static str) {
    let (mut commas, mut ands) = (false, false);
    for name in names {
        commas |= name.contains(", ");
        ands |= name.contains(" and ");
    }
    match (commas, ands) {
        (true, _) => ("; ", "; and"),
        (false, true) => (", ", ", and"),
        (false, false) => (", ", " and"),
    }
}

/// The verb as it is read between two names: "hosts", "is hosted by".
pub(crate) fn verb(tie: TieRef<'_>, forward: bool) -> String {
    relation_verb(tie.relation(), forward)
}

/// The verb of a relation as it is read from one of its ends.
pub(crate) fn relation_verb(relation: &Relation, forward: bool) -> String {
    if forward || relation.symmetric {
        return relation.forward.clone();
    }
    // The schema writes passive verbs as legends do, without their "is".
    match relation.backward.ends_with(" by") && !relation.backward.starts_with("is ") {
        true => format!("is {}", relation.backward),
        false => relation.backward.clone(),
    }
}

/// "Nexus hosts Acme (anchor tenant, 2018 to 2020)", read from the node `from`, which is one of its ends.
pub(crate) fn tie_sentence(snapshot: &Snapshot, tie: TieRef<'_>, from: NodeIdx) -> String {
    let name = |idx| snapshot.node(idx).name();
    let verb = verb(tie, from == tie.source());
    let mut res = format!("{} {verb} {}", name(from), name(tie.other(from)));
    if let Some(amount) = tie.amount() {
        res.push_str(", ");
        res.push_str(&sum_of_money(amount.value, amount.currency, amount.qualifier));
    }
    let span = span(tie.valid_from(), tie.valid_to());
    let details: Vec<String> = tie.role().map(str::to_owned).into_iter().chain(span).collect();
    if !details.is_empty() {
        res.push_str(&format!(" ({})", details.join(", ")));
    }
    res
}

/// "2018 to 2020", "since 2018", "until 2020".
pub fn span(from: Option<PartialDate>, to: Option<PartialDate>) -> Option<String> {
    match (from, to) {
        (Some(from), Some(to)) if from == to => Some(from.to_string()),
        (Some(from), Some(to)) => Some(format!("{from} to {to}")),
        (Some(from), None) => Some(format!("since {from}")),
        (None, Some(to)) => Some(format!("until {to}")),
        (None, None) => None,
    }
}

/// Writes an amount as people do: "at least £40m".
pub fn money(amount: &Amount) -> String {
    sum_of_money(amount.value, &amount.currency, amount.qualifier)
}

/// "about £1.25m", "involved in awards of £300,000", "up to 12,000 XYZ".
pub(crate) fn sum_of_money(value: f64, currency: &str, qualifier: Qualifier) -> String {
    let (sign, after) = match currency {
        "GBP" => ("£", String::new()),
        "EUR" => ("€", String::new()),
        "USD" => ("$", String::new()),
        other => ("", format!(" {other}")),
    };
    format!("{}{sign}{}{after}", qualifier.prefix(), short_number(value))
}

/// "1.25m", "300,000", "2bn": never fewer digits than the number has.
fn short_number(value: f64) -> String {
    for (unit, letter) in [(1e9, "bn"), (1e6, "m")] {
        let part = value / unit;
        if part.abs() >= 1.0 && ((part * 1000.0).round() - part * 1000.0).abs() < 1e-6 {
            return format!("{part}{letter}");
        }
    }
    let text = number(value);
    // Of pence two digits are read: "£99.50".
    match text.split_once('.') {
        Some((_, rest)) if rest.len() == 1 => text + "0",
        _ => text,
    }
}

/// A number with its digits in threes and all its decimals: "69,900", "0.5".
pub(crate) fn number(value: f64) -> String {
    let text = format!("{}", value.abs());
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(a, b)| (a, Some(b)));
    let sign = if value < 0.0 { "-" } else { "" };
    match rest {
        Some(rest) => format!("{sign}{}.{rest}", grouped(whole)),
        None => format!("{sign}{}", grouped(whole)),
    }
}

/// A number with at most so many decimals, its digits in threes: "1,234.568".
pub(crate) fn rounded(value: f64, n_decimals: usize) -> String {
    // A number in digits reads back as a number.
    number(format!("{value:.n_decimals$}").parse().unwrap_or(value))
}

/// Writes two things in as much detail as it takes to tell them apart, from none more to so much more;
/// without more where that does not tell them apart either.
pub(crate) fn told_apart(most: usize, write: impl Fn(usize) -> [String; 2]) -> [String; 2] {
    let differ = |texts: &[String; 2]| texts[0] != texts[1];
    (0..=most).map(&write).find(differ).unwrap_or_else(|| write(0))
}

/// Writes two numbers with so many more decimals as it takes to tell them apart, and no more than numbers
/// of the machine are sure of; none is a dash.
pub fn numbers_apart(
    values: [Option<f64>; 2],
    write: impl Fn(f64, usize) -> String,
) -> [String; 2] {
    let greatest = values.into_iter().flatten().map(f64::abs).fold(f64::MIN_POSITIVE, f64::max);
    let n_decimals = f64::from(DIGITS_SURE) - greatest.log10().ceil();
    told_apart(n_decimals.max(0.0) as usize, |more| {
        values.map(|it| it.map_or("–".to_owned(), |it| write(it, more)))
    })
}

/// Writes a row of digits in threes: "1,234,567".
pub fn grouped(digits: &str) -> String {
    let mut res = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            res.push(',');
        }
        res.push(digit);
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f64, qualifier: Qualifier, expected: &str) {
        assert_eq!(sum_of_money(value, "GBP", qualifier), expected);
    }

    #[test]
    fn money_reads_as_people_write_it() {
        check(40e6, Qualifier::AtLeast, "at least £40m");
        check(1_250_000.0, Qualifier::About, "about £1.25m");
        check(300_000.0, Qualifier::Exact, "£300,000");
        check(1_234_567.0, Qualifier::Exact, "£1,234,567");
        check(2.2e9, Qualifier::UpTo, "up to £2.2bn");
        check(99.5, Qualifier::Exact, "£99.50");
        check(99.125, Qualifier::Exact, "£99.125");
    }

    #[test]
    fn numbers_have_the_digits_that_tell_them_apart() {
        let check = |was: f64, is: f64, expected: [&str; 2]| {
            let write = |it, more| rounded(it, 2 + more);
            assert_eq!(numbers_apart([Some(was), Some(is)], write), expected);
        };
        check(0.5, 0.25, ["0.5", "0.25"]);
        check(0.666, 0.669, ["0.666", "0.669"]);
        check(1234.5001, 1234.5, ["1,234.5001", "1,234.5"]);
        check(2e-7, 3e-7, ["0.0000002", "0.0000003"]);
        // What only rounding errors part is the same.
        check(0.1 + 0.2, 0.3, ["0.3", "0.3"]);
        let write = |it, more| rounded(it, more);
        assert_eq!(numbers_apart([None, Some(0.4)], write), ["–", "0"]);
    }

    #[test]
    fn lists_are_cut_and_counted() {
        assert_eq!(list(["a"]), "a");
        assert_eq!(list(["a", "b"]), "a and b");
        assert_eq!(list(["a", "b", "c"]), "a, b and c");
        assert_eq!(list(["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
        assert_eq!(list(["a, b", "c", "d"]), "a, b; c; and d");
        assert_eq!(list(["a and b", "c"]), "a and b, and c");
        assert_eq!(list(["a", "b and c", "d", "e"]), "a, b and c, d, and 1 more");
        assert_eq!(list(["a and b"]), "a and b");
        assert_eq!(list(["£1,200", "€500"]), "£1,200 and €500");
        assert_eq!(all_names(["a", "b", "c", "d"]), "a, b, c and d");
        assert_eq!(all_names(["a", "b, inc", "c"]), "a; b, inc; and c");
        assert_eq!(count(1, "body", "bodies"), "1 body");
        assert_eq!(count(1_200, "body", "bodies"), "1,200 bodies");
        assert_eq!(list(vec!["a"; 1_203]), "a, a, a and 1,200 more");
    }
}
