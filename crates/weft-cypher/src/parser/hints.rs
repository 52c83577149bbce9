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
    ("ADD", "nodes and relationships are made by `CREATE`, properties by `SET n.property = value`"),
    ("UPDATE", "find what is to change by `MATCH`, then `SET n.property = value`"),
    ("DUPLICATE", "what is done if it is there already stands behind `ON MATCH SET`"),
    ("LET", NAMED_VALUE),
    ("DECLARE", NAMED_VALUE),
    ("FILTER", COUNTED),
    ("FIND", ASKED),
    ("GET", ASKED),
    ("FOR", "a list becomes rows by `UNWIND list AS x`"),
    ("EXEC", "a procedure is called by `CALL name(..) YIELD column`"),
    ("EXECUTE", "a procedure is called by `CALL name(..) YIELD column`"),
    ("VIEW", "there are no views: a query is kept in a file, and run by `weft query --file`"),
    ("GRANT", NO_RIGHTS),
    ("REVOKE", NO_RIGHTS),
    ("ANALYZE", "what a query costs is told by `PROFILE` before it, its plan by `EXPLAIN`"),
    ("VACUUM", "a store looks after itself: leave it out"),
    ("PRAGMA", "a store looks after itself: leave it out"),
    ("HELP", "the commands of `weft shell` begin with a colon: `:help`"),
    ("EXIT", "the commands of `weft shell` begin with a colon: `:quit`"),
    ("QUIT", "the commands of `weft shell` begin with a colon: `:quit`"),
    ("TABLE", NO_TABLES),
    ("TABLES", "`CALL db.labels()` lists the labels, `CALL db.relationshipTypes()` the types"),
    ("LABELS", "`CALL db.labels()` lists the labels, `CALL db.relationshipTypes()` the types"),
    ("COLUMNS", "`CALL db.propertyKeys()` lists the properties"),
    ("DESCRIBE", "`CALL db.labels()` lists the labels, `CALL db.propertyKeys()` the properties"),
    ("ALTER", "nodes have the properties that they are given: `SET n.property = value`"),
    ("TRUNCATE", "find what is to go by `MATCH (n:Label)`, then `DETACH DELETE n`"),
    ("BEGIN", TRANSACTIONS),
    ("COMMIT", TRANSACTIONS),
    ("ROLLBACK", TRANSACTIONS),
    ("ON", "conditions stand in `WHERE`; what belongs together is a pattern: `(a)-[:TYPE]->(b)`"),
    (
        "NULLS",
        "null comes last, and with `DESC` first; `ORDER BY n.x IS NULL, n.x` puts it elsewhere",
    ),
    ("OVER", NO_WINDOWS),
    ("PARTITION", NO_WINDOWS),
    ("RIGHT", "what may be absent is asked for by `OPTIONAL MATCH`"),
    ("FULL", "what may be absent is asked for by `OPTIONAL MATCH`"),
    ("OUTER", "what may be absent is asked for by `OPTIONAL MATCH`"),
    ("CROSS", "patterns stand behind each other with commas: `MATCH (a), (b)`"),
    ("EXCEPT", "what is not there elsewhere is asked for by `WHERE NOT EXISTS { .. }`"),
    ("INTERSECT", "what is there elsewhere too is asked for by `WHERE EXISTS { .. }`"),
    ("FETCH", FIRST_ROWS),
    ("SORT", "rows are sorted by `ORDER BY n.name`"),
    ("ISNULL", "write `IS NULL`"),
    ("NOTNULL", "write `IS NOT NULL`"),
    ("RLIKE", REGULAR_EXPRESSION),
    ("REGEXP", REGULAR_EXPRESSION),
    ("SIMILAR", REGULAR_EXPRESSION),
    ("~", REGULAR_EXPRESSION),
    ("STARTSWITH", STARTS_WITH),
    ("BEGINS", STARTS_WITH),
    ("ENDSWITH", "how a text ends is asked by `n.name ENDS WITH 'a'`"),
    ("DIV", "numbers are divided by `/`, integers without a rest"),
    ("MOD", "what is left of a division is `a % b`"),
    ("RECURSIVE", "any number of steps is a pattern: `(a)-[:TYPE*]->(b)`"),
    (
        "INTO",
        "what is made is a pattern: `CREATE (n:Label {name: 'value'})`, `MERGE` if it is not there yet",
    ),
    ("REPLACE", "`MERGE (n:Label {name: 'value'})` finds or makes, `SET` changes"),
    ("?", "write `CASE WHEN condition THEN a ELSE b END`"),
    ("&", "write `AND`"),
    ("VALUES", "properties stand in braces: `CREATE (n:Label {name: 'value'})`"),
    ("DROP", "nodes and relationships go by `DELETE`, properties and labels by `REMOVE`"),
    ("LOAD", "files are read by `weft import`, or handed over by `weft query --rows`"),
    ("USING", "a statement is kept whole or not at all, and needs no hints: leave it out"),
    ("START", "use `MATCH (n) WHERE id(n) = 1`"),
    ("USE", "the store is chosen by `--db`, not by a query"),
    ("IF", "write `CASE WHEN condition THEN a ELSE b END`"),
    ("DATABASE", ONE_STORE),
    ("DATABASES", ONE_STORE),
    ("TRAIL", "no relationship is taken twice within a `MATCH`: leave it out"),
    ("WALK", "no relationship is taken twice within a `MATCH`: leave it out"),
    ("DIFFERENT", "no relationship is taken twice within a `MATCH`: leave it out"),
    (
        "REPEATABLE",
        "no relationship is taken twice within a `MATCH`: use two of them, one behind the other",
    ),
    (
        "ACYCLIC",
        "say of the path `p` that no node comes twice: \
         `WHERE all(n IN nodes(p) WHERE single(m IN nodes(p) WHERE m = n))`",
    ),
    ("ELSEIF", "each alternative of `CASE` begins with `WHEN`"),
    ("==", "equality is written `=`"),
    ("!=", "inequality is written `<>`"),
    ("&&", "write `AND`"),
    ("!", "write `NOT`"),
    (
        "::",
        "a label stands behind one colon; values are converted by `toString(..)`, `toInteger(..)`",
    ),
];

const NAMED_VALUE: &str = "a value is named by `WITH 1 AS x`";
const COUNTED: &str = "what holds is counted by `count(CASE WHEN condition THEN 1 END)`";
const ASKED: &str = "what to look for stands in `MATCH (n:Label)`, the columns in `RETURN n.name`";
const NO_RIGHTS: &str = "within a store all may be read: `weft serve --user` says who is let in, the file's rights who may write";
const REGULAR_EXPRESSION: &str = "a regular expression is written `n.name =~ 'A.*'`";
const STARTS_WITH: &str = "how a text begins is asked by `n.name STARTS WITH 'A'`";
const ONE_STORE: &str = "there is one store, chosen by `--db`";
const NO_TABLES: &str =
    "there are no tables: nodes bear labels, and are made by `CREATE (n:Label {name: 'value'})`";
const TRANSACTIONS: &str = "who runs statements begins and commits: `weft query --single`, `:begin` in `weft shell`, a driver";
const FIRST_ROWS: &str = "the first rows are had by `LIMIT 10` at the end";
const NO_WINDOWS: &str =
    "there are no window functions: sort in a `WITH`, and `collect(..)` what belongs together";

impl Parser<'_> {
    /// Reports that something else was expected here.
    pub(super) fn unexpected(&mut self, expected: &str) -> Reported {
        let token = self.token();
        let (detail, message, hint) = match token.kind {
            Kind::UnclosedString => {
                let quote = &self.text[token.span.start as usize..][..1];
                let message = "a text is never closed".to_owned();
                let curly = self.text_of(token).chars().find(|it| "‘’‚‛“”„‟´".contains(*it));
                let hint = match curly {
                    Some(curly) => {
                        format!("it ends with the straight quote {quote}, not with {curly}")
                    }
                    None => {
                        format!("end it with {quote}; a quote inside it is written `\\{quote}`")
                    }
                };
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
                let hint = self.hint_for_found();
                let is_named = NAMED.contains(&expected);
                let of_name = || match token.kind {
                    Kind::String if is_named => Some(NO_QUOTES.to_owned()),
                    Kind::Number if is_named => Some(NO_DIGIT.to_owned()),
                    _ => None,
                };
                (self.detail_of_found(), message, hint.or_else(of_name))
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
            Kind::Where if self.call_around().is_some() => COUNTED,
            Kind::Order if self.call_around().is_some() => {
                "values are sorted before they are collected: `WITH n ORDER BY n.name`"
            }
            Kind::Where if self.is_in_condition() => "conditions are joined by `AND`",
            Kind::Where if matches!(self.clause_before(), Some(Kind::Merge | Kind::Create)) => {
                "what it is to have stands in braces: `(n:Label {name: 'value'})`"
            }
            Kind::Where => {
                "`WHERE` stands right behind `MATCH`, `WITH` or `YIELD`, before what returns or writes: \
                 `MATCH (n) WHERE .. RETURN ..`"
            }
            Kind::Limit | Kind::Skip | Kind::Order => {
                "`ORDER BY`, `SKIP` and `LIMIT` stand behind `RETURN` or `WITH`, in this order"
            }
            _ if token.kind.is_closing() && token.partner == NO_PARTNER => {
                "no bracket is open that it could close"
            }
            _ => {
                let own = self.habit_of_sql().or_else(|| self.elsewhere(text).map(str::to_owned));
                return own.or_else(|| match token.kind {
                    Kind::Name => did_you_mean(text, WORDS.iter().copied()),
                    _ => None,
                });
            }
        };
        Some(hint.to_owned())
    }

    /// What is written in SQL as it stands here, and in openCypher otherwise.
    fn habit_of_sql(&self) -> Option<String> {
        let token = self.token();
        let before = |n: usize| self.position.checked_sub(n).map(|it| self.tokens[it]);
        let kind = |n: usize| before(n).map(|it| it.kind);
        // The token itself is word 0.
        let word = |n: usize| before(n).map_or("", |it| self.text_of(it));
        let is_word = |n: usize, it: &str| word(n).eq_ignore_ascii_case(it);
        let is_value_wanted = kind(1).is_some_and(|it| !it.is_closing() && ends_no_value(it));
        let first_of_list = kind(2) == Some(Kind::ParenOpen) && kind(3) == Some(Kind::In);
        Some(match token.kind {
            Kind::Minus if self.next_kind() == Kind::Minus => COMMENTS.to_owned(),
            _ if self.is_behind_dashes() => COMMENTS.to_owned(),
            Kind::Comma if kind(2) == Some(Kind::Limit) => {
                format!("how many are left out stands first: `SKIP {} LIMIT ..`", word(1))
            }
            Kind::Comma if matches!(kind(2), Some(Kind::In | Kind::Unwind)) => {
                format!("a list stands in brackets: `[{}, ..]`", word(1))
            }
            Kind::Comma if kind(2) == Some(Kind::Skip) => {
                "`SKIP` and `LIMIT` stand behind each other without a comma".into()
            }
            Kind::Comma
                if !first_of_list
                    && self.next_kind() != Kind::BraceOpen
                    && self.bracket_around() == Some(Kind::ParenOpen) =>
            {
                "values side by side are a list: `[n.name, n.stage]`".into()
            }
            Kind::Comma if first_of_list => {
                format!("a list stands in brackets: `[{}, ..]`", word(1))
            }
            Kind::Star if kind(1) == Some(Kind::Dot) => {
                format!("`properties({0})` has them all, and `RETURN {0}` the whole node", word(2))
            }
            Kind::Star if kind(1) == Some(Kind::ParenOpen) => {
                "rows are counted by `count(*)`; other aggregates take a value: `sum(n.amount)`"
                    .into()
            }
            Kind::Dot if kind(1).is_some_and(Kind::is_name) && kind(2) == Some(Kind::ParenOpen) => {
                format!("a label stands behind a colon: `({}:Label)`", word(1))
            }
            Kind::Number if is_word(1, "TOP") => {
                format!("the first rows are had by `LIMIT {}` at the end", self.text_of(token))
            }
            Kind::Name if kind(1) == Some(Kind::ParenClose) && is_word(4, "TOP") => {
                format!("the first rows are had by `LIMIT {}` at the end", word(2))
            }
            Kind::Not if self.next_kind() == Kind::Null => "write `IS NOT NULL`".into(),
            _ if kind(1) == Some(Kind::Optional) => "write `OPTIONAL MATCH (n)`".into(),
            Kind::Optional if kind(1) == Some(Kind::Match) => "write `OPTIONAL MATCH (n)`".into(),
            _ if kind(1) == Some(Kind::Foreach) => {
                "all of it stands in parentheses: `FOREACH (x IN list | SET ..)`".into()
            }
            _ if kind(1) == Some(Kind::Dollar) => "a parameter is written `$name`".into(),
            Kind::ParenOpen if kind(1).is_some_and(Kind::is_name) && kind(2) == Some(Kind::Dot) => {
                format!("values have no methods: a function takes the value, `{}(..)`", word(1))
            }
            Kind::BraceOpen if kind(1) == Some(Kind::Dot) => {
                format!("some properties of it are `{} {{.name, .stage}}`", word(2))
            }
            Kind::Exists => "whether a value is there is `n.name IS NOT NULL`".into(),
            Kind::Not if self.next_kind() == Kind::Equal => "inequality is written `<>`".into(),
            Kind::Star if kind(1) == Some(Kind::Star) => "a power is written `2 ^ 3`".into(),
            Kind::Less if kind(1) == Some(Kind::Equal) => "write `<=`".into(),
            Kind::Greater if kind(1) == Some(Kind::Equal) => "write `>=`".into(),
            Kind::Equal if kind(1) == Some(Kind::Equal) => "equality is written `=`".into(),
            _ if kind(1) == Some(Kind::Colon)
                && kind(2) == Some(Kind::Number)
                && self.bracket_around() == Some(Kind::BracketOpen) =>
            {
                "a part of a list is `list[0..2]`".into()
            }
            _ if kind(1) == Some(Kind::Order) => "rows are sorted by `ORDER BY n.name`".into(),
            _ if matches!(kind(1), Some(Kind::Starts | Kind::Ends)) => {
                format!("write `{} WITH`", word(1).to_uppercase())
            }
            Kind::Contains if self.next_kind() == Kind::ParenOpen => {
                "it stands between two texts: `n.name CONTAINS 'a'`".into()
            }
            _ if is_word(0, "ALL") && kind(1) == Some(Kind::Return) => {
                "all rows come unless `DISTINCT` is written: leave it out".into()
            }
            _ if is_value_wanted
                && matches!(word(0), "?" | "@" | ":")
                && kind(1) != Some(Kind::BracketOpen) =>
            {
                "a parameter is written `$name`".into()
            }
            Kind::Dot if kind(2) == Some(Kind::As) => {
                format!("another name is one word: `AS {}`", word(1))
            }
            Kind::PlusEqual if kind(2) == Some(Kind::Dot) => {
                format!("say what it is then: `{0}.{1} = {0}.{1} + ..`", word(3), word(1))
            }
            Kind::Equal if kind(1) == Some(Kind::Colon) && kind(3) == Some(Kind::Dot) => {
                format!("a value is given by `=`: `{}.{} = ..`", word(4), word(2))
            }
            Kind::Equal if kind(2) == Some(Kind::Colon) && kind(4) == Some(Kind::Set) => {
                format!("a label has no value; a property stands behind a dot: `{}.name = ..`", word(3))
            }
            Kind::Name if kind(1) == Some(Kind::Remove) => {
                format!("a node or a relationship goes by `DELETE {}`", word(0))
            }
            Kind::On if kind(1) == Some(Kind::Set) => {
                "`ON CREATE SET` and `ON MATCH SET` stand right behind the pattern of `MERGE`".into()
            }
            Kind::Distinct if kind(1) == Some(Kind::ParenClose) => {
                "`DISTINCT` stands behind `RETURN` or `WITH`".into()
            }
            Kind::Name
                if kind(1) == Some(Kind::ParenClose)
                    && (3..10).any(|it| kind(it) == Some(Kind::On) && kind(it + 1) == Some(Kind::Distinct)) =>
            {
                "one row of each group is `WITH n.stage AS stage, head(collect(n)) AS first`".into()
            }
            Kind::Name
                if kind(1) == Some(Kind::ParenClose)
                    && self.next_kind() == Kind::Dot
                    && self.clause_before() == Some(Kind::Match) =>
            {
                "a condition stands behind `WHERE`".into()
            }
            Kind::Name if is_word(1, "UNIQUE") => "equal rows become one by `DISTINCT`".into(),
            Kind::Name | Kind::QuotedName
                if self.next_kind() == Kind::Colon
                    && kind(2) == Some(Kind::Colon)
                    && kind(4).is_some_and(|it| matches!(it, Kind::BraceOpen | Kind::Comma)) =>
            {
                "a comma is missing before it: `{a: 1, b: 2}`".into()
            }
            Kind::BracketOpen if kind(1) == Some(Kind::Minus) && kind(2) == Some(Kind::Minus) => {
                "the brackets stand between the dashes: `-[:TYPE]->`".into()
            }
            Kind::Number | Kind::String
                if kind(1) == Some(Kind::Colon) && kind(3) == Some(Kind::Dot) =>
            {
                format!("a value is given by `=`: `{}.{} = ..`", word(4), word(2))
            }
            Kind::Equal if kind(2) == Some(Kind::Dot) && kind(4) == Some(Kind::Remove) => {
                format!("a property is removed by its name alone: `{}.{}`", word(3), word(1))
            }
            Kind::Number if kind(1).is_some_and(Kind::is_name) && text_begins_with_dot(token, self.text) => {
                format!(
                    "a name that begins with a digit stands between backticks: `` {}.`{}` ``",
                    word(1),
                    &self.text_of(token)[1..]
                )
            }
            Kind::Minus if kind(2) == Some(Kind::Colon) && self.next_kind().is_name() => {
                "a label or type of other characters stands between backticks: `` :`A-B` ``".into()
            }
            Kind::Bar if kind(2) == Some(Kind::BracketOpen) => COMPREHENSION.into(),
            Kind::Name if kind(2) == Some(Kind::BracketOpen) && is_word(0, "FOR") => {
                COMPREHENSION.into()
            }
            Kind::Not if self.elsewhere(self.text_of(self.tokens[self.position + 1])).is_some() => {
                "`NOT` stands before the value: `NOT n.name CONTAINS 'x'`".into()
            }
            Kind::Distinct if kind(1).is_some_and(Kind::is_name) => {
                format!("it stands in the parentheses: `{}(DISTINCT ..)`", word(1))
            }
            Kind::Star if kind(1) == Some(Kind::Delete) => {
                "say by their variables what is to go: `DETACH DELETE n`".into()
            }
            Kind::And | Kind::Or if kind(1) == Some(Kind::ParenClose) => {
                "conditions stand in `WHERE`; patterns stand behind each other with commas".into()
            }
            Kind::Comma if self.is_in_condition() => "conditions are joined by `AND`".into(),
            Kind::Comma if kind(2) == Some(Kind::Colon) && self.next_kind() == Kind::BraceOpen => {
                format!("properties stand right behind the label: `(:{} {{key: value}})`", word(1))
            }
            Kind::Dot if kind(1).is_some_and(Kind::is_name) && kind(2) == Some(Kind::BraceOpen) => {
                "a key stands alone: `{name: 'value'}`".into()
            }
            Kind::Equal if kind(1) == Some(Kind::ParenClose) && self.next_kind() == Kind::Greater => {
                "a relationship is written `-->`, with its type `-[:TYPE]->`".into()
            }
            Kind::Greater if kind(1) == Some(Kind::Minus) && kind(2).is_some_and(Kind::is_name) => {
                format!("a property stands behind a dot: `{}.name`", word(2))
            }
            Kind::Less
            | Kind::LessOrEqual
            | Kind::Greater
            | Kind::GreaterOrEqual
            | Kind::Equal
            | Kind::NotEqual
                if matches!(kind(1), Some(Kind::And | Kind::Or)) =>
            {
                "each comparison has its own value: `n.x > 1 AND n.x < 5`, or `1 < n.x < 5`".into()
            }
            Kind::ParenOpen if kind(1) == Some(Kind::Union) => {
                "the queries of a `UNION` stand without parentheses".into()
            }
            Kind::ParenOpen
                if kind(1) == Some(Kind::ParenClose) && self.next_kind() == Kind::ParenOpen =>
            {
                REPEATED.into()
            }
            Kind::ParenOpen if kind(1) == Some(Kind::ParenClose) => {
                "patterns stand behind each other with commas, or are joined: `(a)-[:TYPE]->(b)`"
                    .into()
            }
            it if it.word().is_some() && self.next_kind() == Kind::Dot => {
                "a word of the language is a variable only between backticks".into()
            }
            Kind::Number | Kind::String | Kind::Name
                if kind(1) == Some(Kind::Colon)
                    && kind(3) == Some(Kind::ParenOpen)
                    && TEMPORAL.iter().any(|it| is_word(4, it)) =>
            {
                format!("what it is made of stands in braces: `{}({{{}: ..}})`", word(4), word(2))
            }
            Kind::Match if kind(1) == Some(Kind::ParenOpen) && kind(2) == Some(Kind::Exists) => {
                "`EXISTS` has braces: `EXISTS { MATCH .. }`".into()
            }
            _ if is_word(1, "SELECT") && kind(2) == Some(Kind::ParenOpen) && kind(3) != Some(Kind::Exists) => {
                "a query within a value is `COUNT { MATCH .. }`, `EXISTS { MATCH .. }` or \
                 `COLLECT { MATCH .. RETURN .. }`"
                    .into()
            }
            Kind::Match if kind(1) == Some(Kind::ParenOpen) => {
                "a query within a value is `COLLECT { MATCH .. RETURN .. }`, a list of what it returns"
                    .into()
            }
            Kind::Colon if kind(1) == Some(Kind::BracketOpen) => {
                "a pattern as a condition begins with a node, and `EXISTS` has braces: \
                 `EXISTS { (a)-[:TYPE]->() }`"
                    .into()
            }
            Kind::Number | Kind::Name | Kind::Star
                if is_word(1, "SELECT") && kind(3) == Some(Kind::Exists) =>
            {
                "whether there is a match is asked by `EXISTS { (a)-[:TYPE]->(:Label) }`".into()
            }
            Kind::Name if is_word(1, "FROM") && kind(2) == Some(Kind::Delete) => {
                "find what is to go: `MATCH (n:Label) WHERE n.name = 'x' DETACH DELETE n`".into()
            }
            Kind::String if is_word(1, "INTERVAL") => {
                "a duration is written `duration({days: 1})` or `duration('P1D')`".into()
            }
            Kind::String if TEMPORAL.iter().any(|it| is_word(1, it)) => {
                format!("a text becomes one in parentheses: `{}({})`", word(1), self.text_of(token))
            }
            Kind::As if (2..8).any(|it| is_word(it, "CAST")) => CONVERSIONS.to_owned(),
            Kind::ParenOpen if kind(1) == Some(Kind::As) => {
                "`WITH` hands columns on: `WITH n.name AS name`; a subquery is `CALL { .. }`".into()
            }
            _ => return None,
        })
    }

    /// Whether a condition stands before the next token, in the same clause.
    fn is_in_condition(&self) -> bool {
        self.clause_before() == Some(Kind::Where)
    }

    /// The innermost bracket that is open before the next token.
    fn bracket_around(&self) -> Option<Kind> {
        self.opened_around().map(|it| self.tokens[it].kind)
    }

    /// The name before the parenthesis that is open before the next token.
    fn call_around(&self) -> Option<Kind> {
        let opened = self.opened_around().filter(|it| self.tokens[*it].kind == Kind::ParenOpen)?;
        let before = self.tokens[opened.checked_sub(1)?];
        let aggregates = ["count", "collect"];
        let is_aggregate =
            aggregates.iter().any(|it| self.text_of(before).eq_ignore_ascii_case(it));
        (before.kind == Kind::Name || is_aggregate).then_some(before.kind)
    }

    fn opened_around(&self) -> Option<usize> {
        let mut n_closed = 0;
        let start = self.position.saturating_sub(CONDITION_TOKENS_MAX);
        for at in (start..self.position).rev() {
            match self.tokens[at].kind {
                it if it.is_closing() => n_closed += 1,
                Kind::ParenOpen | Kind::BracketOpen | Kind::BraceOpen if n_closed == 0 => {
                    return Some(at);
                }
                Kind::ParenOpen | Kind::BracketOpen | Kind::BraceOpen => n_closed -= 1,
                _ => {}
            }
        }
        None
    }

    /// The last word before the next token with which a clause or a part of one begins.
    fn clause_before(&self) -> Option<Kind> {
        let before = self.tokens[..self.position].iter().rev().take(CONDITION_TOKENS_MAX);
        before.map(|it| it.kind).find(|it| {
            matches!(
                it,
                Kind::Where
                    | Kind::Match
                    | Kind::Merge
                    | Kind::Create
                    | Kind::Return
                    | Kind::With
                    | Kind::Set
                    | Kind::Order
                    | Kind::Limit
            )
        })
    }

    /// Whether two minuses stand before the next token on its line, as comments of SQL begin.
    fn is_behind_dashes(&self) -> bool {
        let tokens = &self.tokens[..self.position];
        let end = self.token().span.start as usize;
        tokens.windows(3).rev().take(COMMENT_TOKENS_MAX).any(|it| {
            let is_dashes = it[1].kind == Kind::Minus
                && it[2].kind == Kind::Minus
                && it[1].span.end == it[2].span.start;
            let is_pattern = matches!(it[0].kind, Kind::ParenClose | Kind::BracketClose);
            let line = self.text.get(it[2].span.end as usize..end);
            is_dashes && !is_pattern && line.is_some_and(|it| !it.contains('\n'))
        })
    }

    /// `LIKE 'x%'` in openCypher, where it stands before such a text.
    pub(super) fn like(&self, word: &str) -> Option<String> {
        let text = match self.next_kind() {
            Kind::String => self.text_of(self.tokens[self.position + 1]),
            _ => return None,
        };
        let inner = text.get(1..text.len().checked_sub(1)?)?;
        let bare = inner.trim_matches('%');
        if bare.is_empty() || bare.contains(['%', '_', '\\', '\'']) {
            return None;
        }
        let test = match (inner.starts_with('%'), inner.ends_with('%')) {
            (true, true) => "CONTAINS",
            (false, true) => "STARTS WITH",
            (true, false) => "ENDS WITH",
            (false, false) => "=",
        };
        Some(match word.eq_ignore_ascii_case("ILIKE") {
            true => format!("write `toLower(..) {test} '{}'`", bare.to_lowercase()),
            false => format!("write `{test} '{bare}'`"),
        })
    }

    /// What openCypher has instead of a word or operator of another language.
    pub(super) fn elsewhere(&self, word: &str) -> Option<&'static str> {
        ELSEWHERE.iter().find(|(it, _)| it.eq_ignore_ascii_case(word)).map(|(_, hint)| *hint)
    }
}

const COMPREHENSION: &str = "a list is made of another by `[x IN list WHERE condition | value]`";
const COMMENTS: &str = "a comment begins with `//`";
const CONVERSIONS: &str =
    "values are converted by functions: `toInteger(..)`, `toFloat(..)`, `toString(..)`, `date(..)`";

/// How a path in parentheses is written among others.
pub(super) const REPEATED: &str =
    "how often a path is repeated stands behind it: `(a) ((x)-[:TYPE]->(y)){1,3} (b)`";

/// Words before the text of a temporal value in SQL; here they are functions.
const TEMPORAL: &[&str] = &["date", "time", "datetime", "duration"];

/// How far back the beginning of a comment of SQL is looked for, in tokens.
const COMMENT_TOKENS_MAX: usize = 50;

/// How far back the condition is looked for in which a comma stands, in tokens.
const CONDITION_TOKENS_MAX: usize = 100;

/// What is written without quotes.
const NAMED: &[&str] = &["a label", "a type", "a name", "the name of a property"];
const NO_DIGIT: &str = "a name begins with a letter, or stands between backticks";
const NO_QUOTES: &str = "a name stands without quotes, or between backticks";

const QUOTE_INSIDE: &str = "a quote inside a text is written `\\'`";

/// Whether a number is written without digits before its dot.
fn text_begins_with_dot(token: Token, text: &str) -> bool {
    token.span.of(text).starts_with('.')
}

/// Whether nothing that has a value can end with such a token.
fn ends_no_value(kind: Kind) -> bool {
    !matches!(kind, Kind::Name | Kind::QuotedName | Kind::String | Kind::Number | Kind::EndWord)
}

/// Whether a text ends right where a token begins.
fn ends_text_at(text: Token, token: Token) -> bool {
    text.kind == Kind::String && text.span.end == token.span.start
}
