//! Cuts the text of a query into tokens, and finds out which bracket closes which.
//!
//! Every text has tokens: what is no part of the language becomes [`Kind::Unknown`], and what is
//! never closed runs to the end. It is the parser that complains, where such a token would be read.

use logos::Logos;

use crate::Span;

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    /// The position of the bracket that belongs to this one; [`NO_PARTNER`] for all others.
    pub(crate) partner: u32,
}

/// What stands in [`Token::partner`] where no other bracket belongs to it.
pub(crate) const NO_PARTNER: u32 = u32::MAX;

/// Words, each with the text that it is written as, and all other kinds of tokens.
macro_rules! kinds {
    ($($word:ident = $text:literal,)*) => {
        /// What a token is.
        #[derive(Logos, Clone, Copy, Debug, PartialEq, Eq)]
        #[logos(skip r"[\u{0009}-\u{000D}\u{001C}-\u{0020}\u{00A0}\u{1680}\u{180E}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}]+")]
        #[logos(skip(r"//[^\n\r]*", allow_greedy = true))]
        #[logos(skip r"/\*([^*]|\*+[^*/])*\*+/")]
        pub(crate) enum Kind {
            $(#[token($text, ignore(case))] $word,)*

            /// A name that is no word of the language.
            #[regex(r"[\p{XID_Start}\p{Pc}][\p{XID_Continue}\p{Sc}]*")]
            Name,
            /// A name between backticks; a doubled one stands for itself.
            #[regex(r"`([^`]|``)*`")]
            QuotedName,
            /// Digits and whatever letters are written right behind them; the parser reads it.
            #[regex(r"[0-9][0-9A-Za-z_]*")]
            #[regex(r"[0-9]+[eE][+-][0-9][0-9A-Za-z_]*")]
            #[regex(r"[0-9]*\.[0-9][0-9A-Za-z_]*")]
            #[regex(r"[0-9]*\.[0-9]+[eE][+-][0-9][0-9A-Za-z_]*")]
            Number,
            /// A text between single or double quotes.
            #[regex(r"'([^'\\]|\\(?s:.))*'")]
            #[regex(r#""([^"\\]|\\(?s:.))*""#)]
            String,

            #[token("(")]
            ParenOpen,
            #[token(")")]
            ParenClose,
            #[token("[")]
            BracketOpen,
            #[token("]")]
            BracketClose,
            #[token("{")]
            BraceOpen,
            #[token("}")]
            BraceClose,
            #[token(",")]
            Comma,
            #[token(".")]
            Dot,
            #[token("..")]
            DotDot,
            #[token(":")]
            Colon,
            #[token("::")]
            ColonColon,
            #[token(";")]
            Semicolon,
            #[token("|")]
            Bar,
            #[token("||")]
            BarBar,
            #[token("&")]
            Ampersand,
            #[token("&&")]
            AmpersandAmpersand,
            #[token("!")]
            Exclamation,
            #[token("$")]
            Dollar,
            #[token("+")]
            Plus,
            #[token("+=")]
            PlusEqual,
            #[token("-")]
            Minus,
            /// Any other dash; the standard allows them in patterns.
            #[regex("[\u{AD}\u{2010}-\u{2015}\u{2212}\u{FE58}\u{FE63}\u{FF0D}]")]
            Dash,
            #[token("*")]
            Star,
            #[token("/")]
            Slash,
            #[token("%")]
            Percent,
            #[token("^")]
            Caret,
            #[token("=")]
            Equal,
            #[token("==")]
            EqualEqual,
            #[token("=~")]
            EqualTilde,
            #[token("<>")]
            NotEqual,
            #[token("!=")]
            ExclamationEqual,
            #[token("<")]
            Less,
            #[token("<=")]
            LessOrEqual,
            #[token(">")]
            Greater,
            #[token(">=")]
            GreaterOrEqual,
            /// Any other head of an arrow to the left; the standard allows them in patterns.
            #[regex("[\u{27E8}\u{3008}\u{FE64}\u{FF1C}]")]
            LeftHead,
            /// Any other head of an arrow to the right.
            #[regex("[\u{27E9}\u{3009}\u{FE65}\u{FF1E}]")]
            RightHead,

            /// A text that is never closed.
            #[regex(r"'([^'\\]|\\(?s:.))*\\?")]
            #[regex(r#""([^"\\]|\\(?s:.))*\\?"#)]
            UnclosedString,
            /// A name whose backtick is never closed.
            #[regex(r"`([^`]|``)*")]
            UnclosedName,
            /// A comment that is never closed.
            #[regex(r"/\*([^*]|\*+[^*/])*\**")]
            UnclosedComment,
            /// A character that is no part of the language.
            Unknown,
            /// The end of the text.
            End,
        }

        impl Kind {
            /// The word as the language writes it, if it is one.
            pub(crate) fn word(self) -> Option<&'static str> {
                match self {
                    $(Self::$word => Some($text),)*
                    _ => None,
                }
            }
        }

        /// All words of the language.
        pub(crate) const WORDS: &[&str] = &[$($text,)*];
    };
}

kinds! {
    All = "ALL",
    And = "AND",
    As = "AS",
    Asc = "ASC",
    Ascending = "ASCENDING",
    By = "BY",
    Call = "CALL",
    Case = "CASE",
    Collect = "COLLECT",
    Contains = "CONTAINS",
    Count = "COUNT",
    Create = "CREATE",
    Delete = "DELETE",
    Desc = "DESC",
    Descending = "DESCENDING",
    Detach = "DETACH",
    Distinct = "DISTINCT",
    Else = "ELSE",
    EndWord = "END",
    Ends = "ENDS",
    Exists = "EXISTS",
    Explain = "EXPLAIN",
    False = "FALSE",
    Foreach = "FOREACH",
    In = "IN",
    Is = "IS",
    Limit = "LIMIT",
    Match = "MATCH",
    Merge = "MERGE",
    Not = "NOT",
    Null = "NULL",
    Offset = "OFFSET",
    On = "ON",
    Optional = "OPTIONAL",
    Or = "OR",
    Order = "ORDER",
    Profile = "PROFILE",
    Remove = "REMOVE",
    Return = "RETURN",
    Set = "SET",
    Show = "SHOW",
    Skip = "SKIP",
    Starts = "STARTS",
    Then = "THEN",
    True = "TRUE",
    Union = "UNION",
    Unwind = "UNWIND",
    When = "WHEN",
    Where = "WHERE",
    With = "WITH",
    Xor = "XOR",
    Yield = "YIELD",
}

/// The words of the language, as it writes them.
pub fn words() -> impl Iterator<Item = &'static str> {
    WORDS.iter().copied()
}

impl Kind {
    /// Whether it can stand for a name where nothing else is possible.
    pub(crate) fn is_name(self) -> bool {
        matches!(self, Self::Name | Self::QuotedName) || self.word().is_some()
    }

    /// The bracket that closes this one.
    pub(crate) fn closing(self) -> Option<Self> {
        match self {
            Self::ParenOpen => Some(Self::ParenClose),
            Self::BracketOpen => Some(Self::BracketClose),
            Self::BraceOpen => Some(Self::BraceClose),
            _ => None,
        }
    }

    /// Whether it closes a bracket.
    pub(crate) fn is_closing(self) -> bool {
        matches!(self, Self::ParenClose | Self::BracketClose | Self::BraceClose)
    }
}

/// The stack that the state machine needs where it is not optimised, and more.
const STACK_LEFT_MIN: usize = 512 << 10;
const STACK_PIECE: usize = 1 << 20;

/// Cuts a text into tokens; the last is always [`Kind::End`].
pub(crate) fn lex(text: &str) -> Vec<Token> {
    stacker::maybe_grow(STACK_LEFT_MIN, STACK_PIECE, || read_tokens(text))
}

fn read_tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 2 + 1);
    for (kind, range) in Kind::lexer(text).spanned() {
        let kind = kind.unwrap_or(Kind::Unknown);
        tokens.push(Token { kind, span: Span::new(range.start, range.end), partner: NO_PARTNER });
    }
    let end = Span::new(text.len(), text.len());
    tokens.push(Token { kind: Kind::End, span: end, partner: NO_PARTNER });
    pair_brackets(&mut tokens);
    tokens
}

/// Tells each bracket its partner. A closing one that does not fit closes the nearest that does, and
/// what was opened in between stays open.
fn pair_brackets(tokens: &mut [Token]) {
    let mut open: Vec<(usize, Kind)> = Vec::new();
    for idx in 0..tokens.len() {
        let kind = tokens[idx].kind;
        if let Some(closing) = kind.closing() {
            open.push((idx, closing));
        } else if kind.is_closing()
            && let Some(depth) = open.iter().rposition(|(_, closing)| *closing == kind)
        {
            let opened = open[depth].0;
            open.truncate(depth);
            tokens[opened].partner = idx as u32;
            tokens[idx].partner = opened as u32;
        }
    }
}

/// Whether a text is cut in the middle of a text, a name or a comment.
pub(crate) fn is_unclosed(kind: Kind) -> bool {
    matches!(kind, Kind::UnclosedString | Kind::UnclosedName | Kind::UnclosedComment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let tokens = lex(text);
        let kinds: Vec<String> = tokens.iter().map(|it| format!("{:?}", it.kind)).collect();
        assert_eq!(kinds.join(" "), format!("{expected} End").trim_start());
    }

    #[test]
    fn words_are_found_whatever_their_case() {
        check("MATCH match mAtCh matches", "Match Match Match Name");
    }

    #[test]
    fn ranges_are_not_floats() {
        check("*1..3", "Star Number DotDot Number");
        check("[..2]", "BracketOpen DotDot Number BracketClose");
        check("1.5 .5 1e9 1.5E-3 2E+4", "Number Number Number Number Number");
        check("a.b", "Name Dot Name");
    }

    #[test]
    fn comments_and_spaces_are_left_out() {
        check("a // b\n c /* d * / ** */ e\u{00A0}f", "Name Name Name Name");
        check("1 / 2", "Number Slash Number");
        check("a /* b", "Name UnclosedComment");
    }

    #[test]
    fn quotes_are_closed_by_their_like() {
        check(r#"'a"\'' "b'\"" `c``d`"#, "String String QuotedName");
        check(r"'a\'", "UnclosedString");
        check("`a``", "UnclosedName");
        check(r"'a\", "UnclosedString");
    }

    #[test]
    fn names_may_be_of_any_script() {
        check("größe Ελλάδα 名前 _x a$b", "Name Name Name Name Name");
    }

    #[test]
    fn arrows_are_single_characters() {
        check("<-[]->", "Less Minus BracketOpen BracketClose Minus Greater");
        check("⟨—⟩", "LeftHead Dash RightHead");
        check("a<-1", "Name Less Minus Number");
    }

    #[test]
    fn a_stray_bracket_leaves_the_others_paired() {
        let tokens = lex("( [ ) ]");
        let partners: Vec<u32> = tokens.iter().map(|it| it.partner).collect();
        assert_eq!(partners, [2, NO_PARTNER, 0, NO_PARTNER, NO_PARTNER]);
    }
}
