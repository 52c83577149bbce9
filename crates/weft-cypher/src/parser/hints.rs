//! What is wrong with a token, in plain words, and what to write instead.

use super::{Parser, Reported};
use crate::lexer::{Kind, NO_PARTNER, Token, WORDS, is_unclosed};
use crate::suggest::did_you_mean;
use crate::{Detail, Error};

/// The longest piece of a query that a message repeats, in characters.
const FOUND_CHARS_MAX: usize = 40;

/// Words of other languages, and operators, with what openCypher has instead.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "SELECT",
        "openCypher asks `MATCH (n:Label) RETURN n.name`: the pattern first, the columns last",
    ),
    ("FROM", "openCypher has no tables: say what to look for in `MATCH (n:Label)`"),
    ("JOIN", "openCypher joins by patterns: `MATCH (a)-[:TYPE]->(b)`"),
    ("INNER", "openCypher joins by patterns: `MATCH (a)-[:TYPE]->(b)`"),
    ("LEFT", "what may be absent is asked for by `OPTIONAL MATCH`"),
    ("GROUP", "rows are grouped by the columns beside an aggregate: `RETURN n.stage, count(*)`"),
    (
        "HAVING",
        "aggregate in `WITH`, then filter: `WITH n.stage AS stage, count(*) AS total WHERE total > 1`",
    ),
    (
        "LIKE",
        "use `CONTAINS`, `STARTS WITH`, `ENDS WITH`, or a regular expression: `n.name =~ 'A.*'`",
    ),
    ("ILIKE", "use a regular expression that ignores case: `n.name =~ '(?i)a.*'`"),
    ("BETWEEN", "write both comparisons: `1 <= n.amount <= 10`"),
    (
        "INSERT",
        "nodes and relationships are made by `CREATE`, or by `MERGE` where they are not there yet",
    ),
    ("UPDATE", "find what is to change by `MATCH`, then `SET n.property = value`"),
    ("VALUES", "properties stand in braces: `CREATE (n:Label {name: 'value'})`"),
    ("DROP", "nodes and relationships go by `DELETE`, properties and labels by `REMOVE`"),
    ("FOREACH", "use `UNWIND list AS item` and the clause for each item"),
    ("LOAD", "files are read by `weft import`, not by a query"),
    ("START", "use `MATCH (n) WHERE id(n) = 1`"),
    ("USE", "the store is chosen by `--db`, not by a query"),
    ("ELSEIF", "each alternative of `CASE` begins with `WHEN`"),
    ("==", "equality is written `=`"),
    ("!=", "inequality is written `<>`"),
    ("&&", "write `AND`"),
    ("||", "write `OR`; text is joined by `+`"),
    ("!", "write `NOT`"),
    ("::", "a label stands behind one colon"),
];

impl Parser<'_> {
    /// Reports that something else was expected here.
    pub(super) fn unexpected(&mut self, expected: &str) -> Reported {
        let token = self.token();
        let (detail, message, hint) = match token.kind {
            Kind::UnclosedString => {
                let quote = &self.text[token.span.start as usize..][..1];
                let message = "a text is never closed".to_owned();
                let hint = format!("end it with {quote}; a quote inside it is written `\\{quote}`");
                (Detail::UnexpectedSyntax, message, Some(hint))
            }
            Kind::UnclosedName => {
                let hint = "end it with a backtick; a backtick inside it is doubled".to_owned();
                (Detail::UnexpectedSyntax, "a name is never closed".to_owned(), Some(hint))
            }
            Kind::UnclosedComment => {
                let hint = "end it with `*/`".to_owned();
                (Detail::UnexpectedSyntax, "a comment is never closed".to_owned(), Some(hint))
            }
            _ => {
                let message = format!("expected {expected}, found {}", self.found());
                (self.detail_of_found(), message, self.hint_for_found())
            }
        };
        let mut span = token.span;
        if is_unclosed(token.kind) {
            // The start is what the eye looks for; the rest of the text is only what it swallowed.
            span.end = span.start + if token.kind == Kind::UnclosedComment { 2 } else { 1 };
        }
        let mut error = Error::syntax(detail, span, message);
        error.hint = hint;
        self.report(error)
    }

    /// What stands at the next token, in words.
    pub(super) fn found(&self) -> String {
        let token = self.token();
        let text = self.text_of(token);
        let shown = match text.char_indices().nth(FOUND_CHARS_MAX) {
            Some((end, _)) => format!("{}..", &text[..end]),
            None => text.to_owned(),
        };
        match token.kind {
            Kind::End => "the end of the query".to_owned(),
            Kind::String => format!("the text {}", shown.replace('\n', " ")),
            Kind::QuotedName => format!("the name {shown}"),
            _ => format!("`{shown}`"),
        }
    }

    /// The standard's class of finding this token where it does not belong.
    fn detail_of_found(&self) -> Detail {
        let text = self.text_of(self.token());
        match self.kind() {
            Kind::Dash | Kind::LeftHead | Kind::RightHead => Detail::InvalidUnicodeCharacter,
            Kind::Unknown if !text.is_ascii() => Detail::InvalidUnicodeCharacter,
            _ => Detail::UnexpectedSyntax,
        }
    }

    /// The way out for a token that does not belong here.
    pub(super) fn hint_for_found(&self) -> Option<String> {
        let token = self.token();
        let text = self.text_of(token);
        let before = self.position.checked_sub(1).map(|it| self.tokens[it]);
        let is_behind = |kind| before.is_some_and(|it| it.kind == kind);
        let ends_list = token.kind.is_closing() || token.kind == Kind::End || self.is_at_clause();
        let hint = match token.kind {
            _ if is_behind(Kind::Comma) && ends_list => "take away the comma before it",
            Kind::String if is_behind(Kind::String) => QUOTE_INSIDE,
            Kind::Name if before.is_some_and(|it| ends_text_at(it, token)) => QUOTE_INSIDE,
            Kind::Dash => "a minus is written `-`",
            Kind::LeftHead => "less than is written `<`",
            Kind::RightHead => "greater than is written `>`",
            Kind::Semicolon => "`;` ends the statement; run one statement at a time",
            Kind::Unknown if "‘’‚‛“”„‟´".contains(text) => {
                "texts stand between straight quotes: `'text'`"
            }
            Kind::Where => {
                "`WHERE` stands right behind `MATCH`, `WITH` or `YIELD`; after `RETURN` nothing is filtered"
            }
            Kind::Limit | Kind::Skip | Kind::Order => {
                "`ORDER BY`, `SKIP` and `LIMIT` stand behind `RETURN` or `WITH`, in this order"
            }
            _ if token.kind.is_closing() && token.partner == NO_PARTNER => {
                "no bracket is open that it could close"
            }
            _ => {
                let own = self.elsewhere(text).map(str::to_owned);
                return own.or_else(|| match token.kind {
                    Kind::Name => did_you_mean(text, WORDS.iter().copied()),
                    _ => None,
                });
            }
        };
        Some(hint.to_owned())
    }

    /// What openCypher has instead of a word or operator of another language.
    pub(super) fn elsewhere(&self, word: &str) -> Option<&'static str> {
        ELSEWHERE.iter().find(|(it, _)| it.eq_ignore_ascii_case(word)).map(|(_, hint)| *hint)
    }
}

const QUOTE_INSIDE: &str = "a quote inside a text is written `\\'`";

/// Whether a text ends right where a token begins.
fn ends_text_at(text: Token, token: Token) -> bool {
    text.kind == Kind::String && text.span.end == token.span.start
}
