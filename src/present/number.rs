//! Numbers for people: grouped thousands, few decimals, plurals. Data is never rounded, only shown so.

pub use crate::ecosystem::{digits as count, money};
use crate::ecosystem::{grouped, numbers_apart};

/// A number with at most three significant decimals, grouped: `0.125`, `1,234.5`, `12`.
pub fn decimal(number: f64) -> String {
    decimal_with(number, 0)
}

/// Two figures as [`decimal`] writes them, with the digits that tell them apart; none is a dash.
pub fn decimals_apart(was: Option<f64>, is: Option<f64>) -> [String; 2] {
    numbers_apart([was, is], decimal_with)
}

fn decimal_with(number: f64, more: usize) -> String {
    if !number.is_finite() {
        return "–".to_owned();
    }
    let n_decimals = match number.abs() {
        it if it >= 100.0 => 1,
        it if it >= 10.0 => 2,
        _ => 3,
    } + more;
    let text = format!("{number:.n_decimals$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = match whole.strip_prefix('-') {
        Some(digits) => format!("-{}", grouped(digits)),
        None => grouped(whole),
    };
    if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
}

/// A part of one as `42 %`.
pub fn percent(part: f64) -> String {
    format!("{:.0} %", part * 100.0)
}

/// `1 tie`, `2 ties`.
pub fn plural(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(decimal(0.3124), "0.312");
        assert_eq!(decimal(-1234.56), "-1,234.6");
        assert_eq!(decimal(f64::NAN), "–");
        assert_eq!(decimals_apart(Some(0.66661), Some(0.66662)), ["0.66661", "0.66662"]);
        assert_eq!(decimals_apart(Some(1234.01), Some(1234.02)), ["1,234.01", "1,234.02"]);
        assert_eq!(decimals_apart(Some(3.0), None), ["3", "–"]);
        assert_eq!(plural(1, "tie", "ties"), "1 tie");
    }
}
