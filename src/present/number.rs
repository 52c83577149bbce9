//! Numbers for people: grouped thousands, few decimals, plurals. Data is never rounded, only shown so.

use weft_graph::Amount;

/// `12345` as `12,345`.
pub fn count(number: usize) -> String {
    group(&number.to_string())
}

/// A number with at most three significant decimals, grouped: `0.125`, `1,234.5`, `12`.
pub fn decimal(number: f64) -> String {
    if !number.is_finite() {
        return "–".to_owned();
    }
    let n_decimals = match number.abs() {
        it if it >= 100.0 => 1,
        it if it >= 10.0 => 2,
        _ => 3,
    };
    let text = format!("{number:.n_decimals$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = match whole.strip_prefix('-') {
        Some(digits) => format!("-{}", group(digits)),
        None => group(whole),
    };
    if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
}

/// A part of one as `42 %`.
pub fn percent(part: f64) -> String {
    format!("{:.0} %", part * 100.0)
}

/// `at least £40m`, `£950,000`, `€3bn`; other currencies by their code.
pub fn money(amount: &Amount) -> String {
    let sign = match amount.currency.as_str() {
        "GBP" => "£".to_owned(),
        "EUR" => "€".to_owned(),
        "USD" => "$".to_owned(),
        other => format!("{other} "),
    };
    let short = [(1e9, "bn"), (1e6, "m")].into_iter().find_map(|(unit, word)| {
        let number = amount.value / unit;
        // Shortened only where three decimals tell the whole amount.
        let is_whole = (number * 1e3).fract() == 0.0;
        (amount.value.abs() >= unit && is_whole).then(|| format!("{}{word}", decimal(number)))
    });
    let number = short.unwrap_or_else(|| decimal(amount.value));
    format!("{}{sign}{number}", amount.qualifier.prefix())
}

/// `1 tie`, `2 ties`.
pub fn plural(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

fn group(digits: &str) -> String {
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
    use weft_graph::Qualifier;

    #[track_caller]
    fn check(value: f64, qualifier: Qualifier, expected: &str) {
        assert_eq!(money(&Amount { value, currency: "GBP".into(), qualifier }), expected);
    }

    #[test]
    fn money_is_short_where_nothing_is_lost() {
        check(40e6, Qualifier::AtLeast, "at least £40m");
        check(1.36e6, Qualifier::Exact, "£1.36m");
        check(400_000.0, Qualifier::Exact, "£400,000");
        check(1_234_567.0, Qualifier::About, "about £1,234,567");
        check(1.6e9, Qualifier::Exact, "£1.6bn");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(decimal(0.3124), "0.312");
        assert_eq!(decimal(-1234.56), "-1,234.6");
        assert_eq!(decimal(f64::NAN), "–");
        assert_eq!(plural(1, "tie", "ties"), "1 tie");
    }
}
