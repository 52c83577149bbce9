//! What is no query: `SHOW`, and what makes and drops indexes and constraints.

use super::{Parsed, Parser, Reported};
use crate::ast::{
    Body, CreateIndex, DropCommand, IndexKind, IndexTarget, Listed, Name, Query, Show, SingleQuery,
};
use crate::lexer::Kind;
use crate::{Detail, Error, Span};

/// What `SHOW` lists, each with the words for it and those that may stand before them. All that there
/// is is listed by any of these, so they are read and left out.
const LISTED: &[(&[&str], Listed, &[&str])] = &[
    (&["procedures", "procedure"], Listed::Procedures, &["all"]),
    (&["functions", "function"], Listed::Functions, &["all", "built", "in"]),
    (
        &["indexes", "index"],
        Listed::Indexes,
        &["all", "range", "text", "point", "lookup", "fulltext", "vector", "btree"],
    ),
    (
        &["constraints", "constraint"],
        Listed::Constraints,
        &[
            "all",
            "unique",
            "uniqueness",
            "node",
            "relationship",
            "rel",
            "key",
            "exist",
            "existence",
            "property",
            "type",
        ],
    ),
];

impl Parser<'_> {
    /// `SHOW PROCEDURES YIELD name WHERE name STARTS WITH 'weft' RETURN count(*)`
    pub(super) fn show(&mut self) -> Body {
        self.advance();
        let show = self.listed().and_then(|what| self.show_listed(what));
        show.unwrap_or_else(|Reported| {
            self.position = self.tokens.len() - 1;
            nothing()
        })
    }

    fn listed(&mut self) -> Parsed<Listed> {
        for (nouns, what, words) in LISTED {
            let is_one_of = |it: &Self, words: &[&str], at: usize| {
                let token = it.tokens[at.min(it.tokens.len() - 1)];
                words.iter().any(|word| it.text_of(token).eq_ignore_ascii_case(word))
            };
            let mut at = self.position;
            while is_one_of(self, words, at) {
                at += 1;
            }
            if is_one_of(self, nouns, at) {
                self.position = at + 1;
                return Ok(*what);
            }
        }
        Err(self.unexpected("`PROCEDURES`, `FUNCTIONS`, `INDEXES` or `CONSTRAINTS`"))
    }

    fn show_listed(&mut self, what: Listed) -> Parsed<Body> {
        if self.at_name("executable") {
            self.advance();
            if self.eat(Kind::By) {
                self.word("current")?;
                self.word("user")?;
            }
        }
        let yields = if self.eat(Kind::Yield) { Some(self.projection()?) } else { None };
        let predicate = self.where_predicate();
        let returns = match yields.is_some() && self.eat(Kind::Return) {
            true => Some(self.projection()?),
            false => None,
        };
        Ok(Body::Show(Box::new(Show { what, yields, predicate, returns })))
    }

    /// `CREATE INDEX`, `DROP INDEX` and the like; None where a query stands here.
    pub(super) fn command(&mut self) -> Option<Body> {
        let start = self.position;
        let is_drop = self.at_name("drop");
        if !is_drop && !self.at(Kind::Create) {
            return None;
        }
        self.advance();
        let kind = self.index_kind();
        let body = match () {
            // A path may be called so.
            () if self.next_kind() == Kind::Equal => {
                self.position = start;
                return None;
            }
            () if self.at_name("index") => {
                self.advance();
                let kind = kind.unwrap_or(Ok(IndexKind::Range));
                if is_drop {
                    self.drop_command(start, false)
                } else {
                    self.create_index(start, kind)
                }
            }
            () if self.at_name("constraint") => {
                self.advance();
                if is_drop {
                    self.drop_command(start, true)
                } else {
                    Err(self.refuse_constraint(start))
                }
            }
            () => {
                self.position = start;
                return None;
            }
        };
        Some(body.unwrap_or_else(|Reported| {
            self.position = self.tokens.len() - 1;
            nothing()
        }))
    }

    /// The word before `INDEX`; an error for one that finds what only such an index can find.
    fn index_kind(&mut self) -> Option<Result<IndexKind, &'static str>> {
        let kind = match () {
            () if self.at_name("range") || self.at_name("btree") => Ok(IndexKind::Range),
            () if self.at_name("text") => Ok(IndexKind::Text),
            () if self.at_name("point") => Ok(IndexKind::Point),
            () if self.at_name("lookup") => Ok(IndexKind::Lookup),
            () if self.at_name("fulltext") => Err("full-text"),
            () if self.at_name("vector") => Err("vector"),
            () => return None,
        };
        self.advance();
        Some(kind)
    }

    fn create_index(&mut self, start: usize, kind: Result<IndexKind, &str>) -> Parsed<Body> {
        let kind = match kind {
            Ok(kind) => kind,
            Err(word) => {
                let message =
                    format!("there are no {word} indexes, which only procedures could ask");
                let span = self.tokens[start].span.to(self.end_of_last());
                let error = Error::syntax(Detail::UnexpectedSyntax, span, message);
                let hint = "`CALL weft.search('words')` finds names and descriptions; \
                            `SHOW PROCEDURES` lists what there is";
                return Err(self.report(error.with_hint(hint)));
            }
        };
        let (mut name, mut if_not_exists) = (None, false);
        if self.at(Kind::On) && self.next_kind() == Kind::Colon {
            let (label, properties) = self.label_and_properties()?;
            let target = IndexTarget::Nodes { label, properties };
            let span = self.tokens[start].span.to(self.end_of_last());
            let options = None;
            let index = CreateIndex { kind, name, if_not_exists, target, options, span };
            return Ok(Body::CreateIndex(index));
        }
        let is_named = self.kind().is_name() && !self.at_name("for") && !self.at_if();
        if is_named {
            name = Some(self.name("a name")?);
        } else if self.at(Kind::Dollar) {
            return Err(self.unexpected("the name of the index"));
        }
        if self.at_if() {
            self.advance();
            self.expect(Kind::Not, "`NOT EXISTS`")?;
            self.expect(Kind::Exists, "`EXISTS`")?;
            if_not_exists = true;
        }
        self.word("for")?;
        let target = self.index_target()?;
        let mut options = None;
        if self.at_name("options") {
            self.advance();
            options = Some(self.expression()?);
        }
        let span = self.tokens[start].span.to(self.end_of_last());
        Ok(Body::CreateIndex(CreateIndex { kind, name, if_not_exists, target, options, span }))
    }

    /// `(n:Label) ON (n.key)`, `()-[r:TYPE]-() ON (r.key)`, `(n) ON EACH labels(n)`
    fn index_target(&mut self) -> Parsed<IndexTarget> {
        self.expect(Kind::ParenOpen, "a node such as `(n:Label)`")?;
        let is_node = !self.at(Kind::ParenClose);
        if !is_node {
            self.advance();
            while matches!(self.kind(), Kind::Minus | Kind::Less) {
                self.advance();
            }
            self.expect(Kind::BracketOpen, "a relationship such as `[r:TYPE]`")?;
        }
        self.name("a variable")?;
        let word = if self.eat(Kind::Colon) { Some(self.name("a label or a type")?) } else { None };
        if is_node {
            self.expect(Kind::ParenClose, "`)`")?;
        } else {
            self.expect(Kind::BracketClose, "`]`")?;
            while matches!(self.kind(), Kind::Minus | Kind::Greater) {
                self.advance();
            }
            self.expect(Kind::ParenOpen, "`()`")?;
            self.expect(Kind::ParenClose, "`)`")?;
        }
        self.expect(Kind::On, "`ON`")?;
        let Some(word) = word else {
            if self.at_name("each") {
                self.advance();
            }
            self.word(if is_node { "labels" } else { "type" })?;
            self.bracketed_name()?;
            return Ok(if is_node { IndexTarget::Labels } else { IndexTarget::Types });
        };
        let properties = self.bracketed(1, |it| {
            it.comma_separated(|it| {
                it.name("a property such as `n.key`")?;
                it.expect(Kind::Dot, "`.` and a key")?;
                it.name("a key")
            })
        })?;
        let properties = properties.ok_or(Reported)?;
        Ok(match is_node {
            true => IndexTarget::Nodes { label: word, properties },
            false => IndexTarget::Relationships { relation_type: word, properties },
        })
    }

    fn bracketed_name(&mut self) -> Parsed<()> {
        if !self.at(Kind::ParenOpen) {
            return Err(self.unexpected("`(` and a variable"));
        }
        self.bracketed(1, |it| it.name("a variable"))?.map(|_| ()).ok_or(Reported)
    }

    /// `ON :Label(key, key)`
    fn label_and_properties(&mut self) -> Parsed<(Name, Vec<Name>)> {
        self.expect(Kind::On, "`ON`")?;
        self.expect(Kind::Colon, "`:` and a label")?;
        let label = self.name("a label")?;
        if !self.at(Kind::ParenOpen) {
            return Err(self.unexpected("`(` and a key"));
        }
        let keys = self.bracketed(1, |it| it.comma_separated(|it| it.name("a key")))?;
        Ok((label, keys.ok_or(Reported)?))
    }

    fn drop_command(&mut self, start: usize, is_constraint: bool) -> Parsed<Body> {
        let (mut name, mut of, mut if_exists) = (None, None, false);
        if self.at(Kind::On) && self.next_kind() == Kind::Colon && !is_constraint {
            of = Some(self.label_and_properties()?);
        } else {
            name = Some(self.name("a name")?);
            if self.at_if() {
                self.advance();
                self.expect(Kind::Exists, "`EXISTS`")?;
                if_exists = true;
            }
        }
        let span = self.tokens[start].span.to(self.end_of_last());
        Ok(Body::Drop(DropCommand { is_constraint, name, of, if_exists, span }))
    }

    fn at_if(&self) -> bool {
        self.at_name("if")
    }

    /// A constraint that is taken and not kept would be worse than none.
    fn refuse_constraint(&mut self, start: usize) -> Reported {
        let span = self.tokens[start].span.to(self.end_of_last());
        let message = "no constraint is made: what it forbids would not be refused";
        let error = Error::syntax(Detail::UnexpectedSyntax, span, message);
        self.report(error.with_hint(
            "under a schema each `id` is there once, and `weft check` tells what is wrong; without \
             one `MERGE` makes what is not there yet",
        ))
    }
}

/// What stands for a command that could not be read.
fn nothing() -> Body {
    let first = SingleQuery { clauses: Vec::new(), span: Span::default() };
    Body::Query(Query { first, unions: Vec::new(), span: Span::default() })
}
