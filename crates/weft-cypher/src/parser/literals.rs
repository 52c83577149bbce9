//! Numbers and texts: what their characters stand for.

use super::{Parsed, Parser};
use crate::ast::ExprKind;
use crate::lexer::{Kind, Token};
use crate::{Detail, Error, Span};

impl Parser<'_> {
    /// The value of a number, with its sign.
    pub(super) fn number(&mut self, token: Token, is_negative: bool) -> Parsed<ExprKind> {
        let text = self.text_of(token);
        match read_number(text, is_negative) {
            Ok(kind) => Ok(kind),
            Err(fault) => {
                let mut error = fault.at(text, token.span);
                if self.is_in_date(token) {
                    error = error.with_hint("a date is made of a text: `date('2024-03-01')`");
                }
                self.complain(error);
                Ok(ExprKind::Missing)
            }
        }
    }

    /// Whether a number stands right behind another and a dash.
    fn is_in_date(&self, number: Token) -> bool {
        let at = self.tokens.partition_point(|it| it.span.start < number.span.start);
        let [before, dash] = match self.tokens[..at] {
            [.., before, dash] => [before, dash],
            _ => return false,
        };
        dash.kind == Kind::Minus
            && before.kind == Kind::Number
            && before.span.end == dash.span.start
            && dash.span.end == number.span.start
    }

    /// The text that stands between quotes, its escapes resolved.
    pub(super) fn string(&mut self, token: Token) -> String {
        let written = self.text_of(token);
        let inner = &written[1..written.len() - 1];
        if !inner.contains('\\') {
            return inner.to_owned();
        }
        let mut text = String::with_capacity(inner.len());
        let mut rest = inner;
        while let Some(at) = rest.find('\\') {
            text.push_str(&rest[..at]);
            let escape = &rest[at..];
            let offset = token.span.end as usize - 1 - escape.len();
            let (character, length) = match read_escape(escape) {
                Ok(read) => read,
                Err((length, message)) => {
                    let span = Span::new(offset, offset + length);
                    self.complain(
                        Error::syntax(Detail::InvalidUnicodeLiteral, span, message).with_hint(
                            "`\\u` takes four hexadecimal digits, `\\U` eight; a backslash itself is written `\\\\`",
                        ),
                    );
                    ('\u{FFFD}', length)
                }
            };
            text.push(character);
            rest = &escape[length..];
        }
        text + rest
    }
}

/// Why a number cannot be read.
enum NumberFault {
    Malformed,
    LeadingZero,
    IntegerTooLarge,
    FloatTooLarge,
}

impl NumberFault {
    fn at(self, text: &str, span: Span) -> Error {
        match self {
            Self::Malformed => Error::syntax(
                Detail::InvalidNumberLiteral,
                span,
                format!("`{text}` is no number"),
            )
            .with_hint("numbers are written `42`, `0x2a`, `0o52`, `4.2` or `4.2e1`; a name begins with a letter"),
            Self::LeadingZero => Error::syntax(
                Detail::InvalidNumberLiteral,
                span,
                format!("`{text}` begins with a zero"),
            )
            .with_hint(match text.trim_start_matches('0') {
                "" => "write `0`; large numbers are written without separators: `1000`".to_owned(),
                rest => {
                    format!("write `{rest}` for the decimal number, `0o{rest}` for the octal one")
                }
            }),
            Self::IntegerTooLarge => Error::syntax(
                Detail::IntegerOverflow,
                span,
                format!("`{text}` is too large for an integer"),
            )
            .with_hint("integers go from -9223372036854775808 to 9223372036854775807; write `.0` behind it for a float"),
            Self::FloatTooLarge => Error::syntax(
                Detail::FloatingPointOverflow,
                span,
                format!("`{text}` is too large for a float"),
            )
            .with_hint("floats go up to about 1.8e308"),
        }
    }
}

fn read_number(text: &str, is_negative: bool) -> Result<ExprKind, NumberFault> {
    let prefix = text.get(..2).unwrap_or_default();
    let (digits, radix) = match prefix {
        "0x" | "0X" => (&text[2..], 16),
        "0o" | "0O" => (&text[2..], 8),
        _ => (text, 10),
    };
    if radix == 10 && !text.bytes().all(|it| it.is_ascii_digit()) {
        return read_float(text, is_negative);
    }
    if digits.is_empty() || !digits.chars().all(|it| it.is_digit(radix)) {
        return Err(NumberFault::Malformed);
    }
    if radix == 10 && digits.len() > 1 && digits.starts_with('0') {
        return Err(NumberFault::LeadingZero);
    }
    // With the sign, so that the least integer can be written.
    let signed = if is_negative { format!("-{digits}") } else { digits.to_owned() };
    i64::from_str_radix(&signed, radix)
        .map(ExprKind::Integer)
        .map_err(|_| NumberFault::IntegerTooLarge)
}

fn read_float(text: &str, is_negative: bool) -> Result<ExprKind, NumberFault> {
    // Rust reads `inf` and `infinity` too; here a float begins with a digit or a dot.
    let is_plain = text.bytes().all(|it| it.is_ascii_digit() || b".eE+-".contains(&it));
    let value: f64 = match text.parse() {
        Ok(value) if is_plain => value,
        _ => return Err(NumberFault::Malformed),
    };
    if value.is_infinite() {
        return Err(NumberFault::FloatTooLarge);
    }
    Ok(ExprKind::Float(if is_negative { -value } else { value }))
}

/// The character that an escape stands for and how many bytes it takes; or how many bytes are wrong,
/// and why.
fn read_escape(escape: &str) -> Result<(char, usize), (usize, String)> {
    let mut characters = escape.chars();
    characters.next();
    let Some(letter) = characters.next() else {
        return Err((1, "a backslash stands at the end of a text".to_owned()));
    };
    let plain = match letter {
        '\\' | '\'' | '"' | '`' => letter,
        'b' | 'B' => '\u{8}',
        'f' | 'F' => '\u{C}',
        'n' | 'N' => '\n',
        'r' | 'R' => '\r',
        't' | 'T' => '\t',
        'u' => return read_code_unit(escape),
        'U' => {
            let code = read_digits(escape, 2, 8)?;
            let character = char::from_u32(code).ok_or_else(|| no_character(escape, 10))?;
            return Ok((character, 10));
        }
        _ => {
            let length = 1 + letter.len_utf8();
            return Err((length, format!("`\\{letter}` is no escape")));
        }
    };
    Ok((plain, 2))
}

/// `\uXXXX`, or two of them where the first is the first half of a character.
fn read_code_unit(escape: &str) -> Result<(char, usize), (usize, String)> {
    let first = read_digits(escape, 2, 4)?;
    if let Some(character) = char::from_u32(first) {
        return Ok((character, 6));
    }
    let pair = escape
        .get(6..)
        .filter(|it| it.starts_with("\\u"))
        .and_then(|it| read_digits(it, 2, 4).ok())
        .and_then(|second| char::decode_utf16([first as u16, second as u16]).next()?.ok());
    pair.map(|it| (it, 12)).ok_or_else(|| no_character(escape, 6))
}

fn read_digits(escape: &str, from: usize, n: usize) -> Result<u32, (usize, String)> {
    let digits: String = escape[from..].chars().take(n).collect();
    let n_good = digits.chars().take_while(char::is_ascii_hexdigit).count();
    if n_good < n {
        let wrong = digits.chars().nth(n_good).filter(|it| *it != '\\').map_or(0, char::len_utf8);
        let length = from + n_good + wrong;
        return Err((length, format!("`{}` is no character", &escape[..length])));
    }
    u32::from_str_radix(&digits, 16).map_err(|_| no_character(escape, from + n))
}

fn no_character(escape: &str, length: usize) -> (usize, String) {
    (length, format!("`{}` is no character", &escape[..length]))
}
