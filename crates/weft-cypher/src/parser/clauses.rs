//! Queries and clauses, and where to read on after a fault in one.

use super::{Parsed, Parser, QUERY_WEIGHT, Reported};
use crate::ast::{
    Body, Call, Clause, ClauseKind, Expr, ExprKind, Name, Projection, ProjectionItem, Query,
    RemoveItem, SetItem, SingleQuery, SortItem, Union, YieldItem, Yields,
};
use crate::lexer::Kind;
use crate::suggest::closest;
use crate::{Detail, Error, Span};

/// The words with which a clause begins.
const CLAUSES: &[Kind] = &[
    Kind::Call,
    Kind::Create,
    Kind::Delete,
    Kind::Detach,
    Kind::Match,
    Kind::Merge,
    Kind::Optional,
    Kind::Remove,
    Kind::Return,
    Kind::Set,
    Kind::Unwind,
    Kind::With,
];

impl Parser<'_> {
    /// `SHOW PROCEDURES`, `SHOW FUNCTIONS`, `SHOW INDEXES`, `SHOW CONSTRAINTS`
    pub(super) fn show(&mut self) -> Body {
        self.advance();
        let body = match () {
            () if self.at_name("procedures") || self.at_name("procedure") => Body::ShowProcedures,
            () if self.at_name("functions") || self.at_name("function") => Body::ShowFunctions,
            () if self.at_name("indexes") || self.at_name("index") => Body::ShowIndexes,
            () if self.at_name("constraints") || self.at_name("constraint") => {
                Body::ShowConstraints
            }
            () => {
                self.unexpected("`PROCEDURES`, `FUNCTIONS`, `INDEXES` or `CONSTRAINTS`");
                self.position = self.tokens.len() - 1;
                return Body::ShowProcedures;
            }
        };
        self.advance();
        body
    }

    /// A query up to the token that ends it.
    pub(super) fn query(&mut self, end: Kind) -> Query {
        let start = self.token().span;
        let first = self.single_query(end);
        let mut unions = Vec::new();
        while self.at(Kind::Union) {
            let span = self.advance().span;
            let all = self.eat(Kind::All);
            if !all {
                self.eat(Kind::Distinct);
            }
            unions.push(Union { all, query: self.single_query(end), span });
        }
        Query { first, unions, span: self.span_from(start) }
    }

    fn single_query(&mut self, end: Kind) -> SingleQuery {
        let start = self.token().span;
        let n_errors = self.errors.len();
        let mut clauses = Vec::new();
        while !self.ends_query(end) {
            let position = self.position;
            match self.clause(&clauses) {
                Ok(clause) => clauses.push(clause),
                Err(Reported) => {
                    if self.position == position {
                        self.advance();
                    }
                    self.skip_to_clause(end);
                }
            }
        }
        if clauses.is_empty() && self.errors.len() == n_errors {
            self.unexpected("a clause such as `MATCH` or `RETURN`");
        }
        self.check_yield_star(&clauses);
        SingleQuery { clauses, span: self.span_from(start) }
    }

    fn ends_query(&self, end: Kind) -> bool {
        matches!(self.kind(), Kind::End | Kind::Semicolon | Kind::Union) || self.at(end)
    }

    /// `YIELD *` is for a call that stands alone: elsewhere nobody could see what it names.
    fn check_yield_star(&mut self, clauses: &[Clause]) {
        for clause in clauses {
            if let ClauseKind::Call(call) = &clause.kind
                && matches!(call.yields, Some(Yields::Star))
                && clauses.len() > 1
            {
                let span = Span { start: call.procedure.span.start, ..clause.span };
                let message = "`YIELD *` stands in a query with other clauses";
                let error = Error::syntax(Detail::UnexpectedSyntax, span, message);
                self.complain(error.with_hint("name the columns: `YIELD node, score`"));
            }
        }
    }

    fn clause(&mut self, before: &[Clause]) -> Parsed<Clause> {
        let start = self.token().span;
        let kind = match self.kind() {
            Kind::Match | Kind::Optional => self.match_clause(),
            Kind::Unwind => self.unwind(),
            Kind::Call => self.call(),
            Kind::Create => self.create(),
            Kind::Merge => self.merge(),
            Kind::Set => {
                self.advance();
                self.comma_separated(Self::set_item).map(ClauseKind::Set)
            }
            Kind::Remove => {
                self.advance();
                self.comma_separated(Self::remove_item).map(ClauseKind::Remove)
            }
            Kind::Delete | Kind::Detach => self.delete(),
            Kind::With => self.with(),
            Kind::Return => {
                self.advance();
                self.projection().map(ClauseKind::Return)
            }
            _ => return self.misspelt_clause(before),
        }?;
        Ok(Clause { kind, span: self.span_from(start) })
    }

    /// Something else stands where a clause should begin: says what was probably meant, and if that
    /// is a clause reads it.
    fn misspelt_clause(&mut self, before: &[Clause]) -> Parsed<Clause> {
        match self.clause_meant() {
            Some(meant) => {
                self.unexpected("a clause");
                self.last_fault = None;
                self.tokens[self.position].kind = meant;
                self.clause(before)
            }
            None if before.is_empty() => {
                Err(self.unexpected("a clause such as `MATCH` or `RETURN`"))
            }
            None => Err(self.unexpected("the next clause or the end of the query")),
        }
    }

    /// The clause that a name probably means.
    fn clause_meant(&self) -> Option<Kind> {
        let token = self.token();
        let word = self.text_of(token);
        if token.kind != Kind::Name || self.elsewhere(word).is_some() {
            return None;
        }
        let clauses = CLAUSES.iter().filter_map(|it| it.word());
        let meant = *closest(word, clauses).first()?;
        CLAUSES.iter().copied().find(|it| it.word() == Some(meant))
    }

    // Reading on after a fault.

    /// Goes to the next word with which a clause begins.
    fn skip_to_clause(&mut self, end: Kind) {
        while !self.ends_query(end) && !self.is_at_clause() {
            self.skip_one();
        }
    }

    /// Goes over a token, or over all that stands between brackets.
    fn skip_one(&mut self) {
        match self.partner(self.position) {
            Some(close) if close > self.position => self.position = close + 1,
            _ => {
                self.advance();
            }
        }
    }

    /// Whether a clause begins here, rather than a word of it being used otherwise.
    pub(super) fn is_at_clause(&self) -> bool {
        let before = match self.position {
            0 => Kind::End,
            position => self.kind_at(position - 1),
        };
        let is_part = matches!(
            before,
            Kind::Dot
                | Kind::Colon
                | Kind::Dollar
                | Kind::Starts
                | Kind::Ends
                | Kind::On
                | Kind::As
                | Kind::Optional
                | Kind::Detach
        );
        CLAUSES.contains(&self.kind()) && !is_part
    }

    /// Goes to where the next item of a list, or what follows the list, begins.
    fn skip_item(&mut self) {
        loop {
            match self.kind() {
                Kind::Comma
                | Kind::Where
                | Kind::Order
                | Kind::Skip
                | Kind::Limit
                | Kind::Union
                | Kind::Semicolon
                | Kind::End => return,
                kind if kind.is_closing() || self.is_at_clause() => return,
                _ => self.skip_one(),
            }
        }
    }

    /// Goes to where what follows a condition begins.
    fn skip_condition(&mut self) {
        loop {
            self.skip_item();
            if !self.eat(Kind::Comma) && !self.eat(Kind::Where) {
                return;
            }
        }
    }

    /// Items with commas between them; those that cannot be read are left out.
    pub(super) fn comma_separated<T>(
        &mut self,
        read: impl Fn(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let mut items = Vec::new();
        loop {
            match read(self) {
                Ok(item) => items.push(item),
                Err(Reported) => self.skip_item(),
            }
            if !self.eat(Kind::Comma) {
                return Ok(items);
            }
        }
    }

    // Clauses.

    fn match_clause(&mut self) -> Parsed<ClauseKind> {
        let optional = self.eat(Kind::Optional);
        self.expect(Kind::Match, "`MATCH`")?;
        let patterns = self.comma_separated(Self::pattern)?;
        let predicate = self.where_predicate();
        Ok(ClauseKind::Match { optional, patterns, predicate })
    }

    /// `WHERE condition`, if it is there.
    pub(super) fn where_predicate(&mut self) -> Option<Expr> {
        if !self.at(Kind::Where) {
            return None;
        }
        let word = self.advance();
        Some(self.predicate().unwrap_or_else(|Reported| {
            self.skip_condition();
            Expr::missing(word.span)
        }))
    }

    fn unwind(&mut self) -> Parsed<ClauseKind> {
        self.advance();
        let list = self.expression()?;
        self.expect(Kind::As, "`AS` and the name of an element")?;
        Ok(ClauseKind::Unwind { list, variable: self.name("the name of an element")? })
    }

    fn create(&mut self) -> Parsed<ClauseKind> {
        self.advance();
        self.comma_separated(Self::pattern).map(ClauseKind::Create)
    }

    fn merge(&mut self) -> Parsed<ClauseKind> {
        self.advance();
        let pattern = self.pattern()?;
        let (mut on_create, mut on_match) = (Vec::new(), Vec::new());
        while self.eat(Kind::On) {
            let event = self.kind();
            if event != Kind::Create && event != Kind::Match {
                return Err(self.unexpected("`CREATE` or `MATCH`"));
            }
            self.advance();
            self.expect(Kind::Set, "`SET`")?;
            let items = self.comma_separated(Self::set_item)?;
            if event == Kind::Create { on_create.extend(items) } else { on_match.extend(items) }
        }
        Ok(ClauseKind::Merge { pattern, on_create, on_match })
    }

    fn set_item(&mut self) -> Parsed<SetItem> {
        if self.kind().is_name() {
            match self.next_kind() {
                Kind::Equal | Kind::PlusEqual => {
                    let target = self.name("a variable")?;
                    let add = self.advance().kind == Kind::PlusEqual;
                    return Ok(SetItem::Properties { target, value: self.expression()?, add });
                }
                Kind::Colon => {
                    let (target, labels) = self.labels_of_variable()?;
                    return Ok(SetItem::Labels { target, labels });
                }
                _ => {}
            }
        }
        let (target, key) =
            self.property_of("`n.key = value`, `n = map`, `n += map` or `n:Label`")?;
        if self.at(Kind::EqualEqual) {
            self.unexpected("`=`");
            self.last_fault = None;
            self.advance();
        } else {
            self.expect(Kind::Equal, "`=`")?;
        }
        Ok(SetItem::Property { target, key, value: self.expression()? })
    }

    fn remove_item(&mut self) -> Parsed<RemoveItem> {
        if self.kind().is_name() && self.next_kind() == Kind::Colon {
            let (target, labels) = self.labels_of_variable()?;
            return Ok(RemoveItem::Labels { target, labels });
        }
        let (target, key) = self.property_of("`n.key` or `n:Label`")?;
        Ok(RemoveItem::Property { target, key })
    }

    /// `n:A:B`
    fn labels_of_variable(&mut self) -> Parsed<(Name, Vec<Name>)> {
        let target = self.name("a variable")?;
        let mut labels = Vec::new();
        while self.eat(Kind::Colon) || self.eat(Kind::Ampersand) {
            labels.push(self.name("a label")?);
        }
        Ok((target, labels))
    }

    /// `n.key`
    fn property_of(&mut self, what: &str) -> Parsed<(Expr, Name)> {
        let position = self.position;
        let operand = self.operand()?;
        if let ExprKind::Property(target, key) = operand.kind {
            return Ok((*target, key));
        }
        let end = self.position;
        self.position = position;
        let reported = self.unexpected(what);
        self.position = end;
        Err(reported)
    }

    fn delete(&mut self) -> Parsed<ClauseKind> {
        let detach = self.eat(Kind::Detach);
        self.expect(Kind::Delete, "`DELETE`")?;
        let expressions = self.comma_separated(Self::expression)?;
        Ok(ClauseKind::Delete { detach, expressions })
    }

    fn with(&mut self) -> Parsed<ClauseKind> {
        self.advance();
        let projection = self.projection()?;
        let predicate = self.where_predicate();
        Ok(ClauseKind::With { projection, predicate })
    }

    fn projection(&mut self) -> Parsed<Projection> {
        let distinct = self.eat(Kind::Distinct);
        let star = self.eat(Kind::Star);
        let items = match star && !self.eat(Kind::Comma) {
            true => Vec::new(),
            false => self.comma_separated(Self::projection_item)?,
        };
        let mut order_by = Vec::new();
        if self.eat(Kind::Order) {
            self.expect(Kind::By, "`BY`")?;
            order_by = self.comma_separated(Self::sort_item)?;
        }
        let mut skip = self.window(&[Kind::Skip, Kind::Offset])?;
        let limit = self.window(&[Kind::Limit])?;
        if skip.is_none() && matches!(self.kind(), Kind::Skip | Kind::Offset) {
            let message = format!("{} stands behind `LIMIT`", self.found());
            let error = Error::syntax(Detail::UnexpectedSyntax, self.token().span, message);
            self.complain(error.with_hint("write `SKIP` first, then `LIMIT`"));
            skip = self.window(&[Kind::Skip, Kind::Offset])?;
        }
        Ok(Projection { distinct, star, items, order_by, skip, limit })
    }

    fn window(&mut self, words: &[Kind]) -> Parsed<Option<Expr>> {
        if !words.contains(&self.kind()) {
            return Ok(None);
        }
        self.advance();
        self.expression().map(Some)
    }

    fn projection_item(&mut self) -> Parsed<ProjectionItem> {
        let expression = self.expression()?;
        let is_name = matches!(self.kind(), Kind::Name | Kind::QuotedName);
        let alias = if self.eat(Kind::As) {
            Some(self.name("a name")?)
        } else if is_name && self.hint_for_found().is_none() && self.clause_meant().is_none() {
            // Read as the name that it is in other languages, so that later faults are found, too.
            let message = format!("expected `AS`, `,` or the next clause, found {}", self.found());
            let error = Error::syntax(Detail::UnexpectedSyntax, self.token().span, message);
            self.complain(error.with_hint(
                "columns are separated by commas; another name for one stands behind `AS`",
            ));
            Some(self.name("a name")?)
        } else {
            None
        };
        Ok(ProjectionItem { expression, alias })
    }

    fn sort_item(&mut self) -> Parsed<SortItem> {
        let expression = self.expression()?;
        let descending = matches!(self.kind(), Kind::Desc | Kind::Descending);
        if descending || matches!(self.kind(), Kind::Asc | Kind::Ascending) {
            self.advance();
        }
        Ok(SortItem { expression, descending })
    }

    fn call(&mut self) -> Parsed<ClauseKind> {
        self.advance();
        match self.kind() {
            Kind::BraceOpen => self.subquery(Vec::new()),
            Kind::ParenOpen => {
                let names = self.bracketed(1, |it| {
                    if it.at(Kind::ParenClose) {
                        return Ok(Vec::new());
                    }
                    it.comma_separated(|it| it.name("a variable"))
                })?;
                if !self.at(Kind::BraceOpen) {
                    return Err(self.unexpected("`{` and a query"));
                }
                self.subquery(names.unwrap_or_default())
            }
            _ => self.call_procedure(),
        }
    }

    /// `CALL { query }`; `CALL (a, b) { query }` is read as `CALL { WITH a, b query }`.
    fn subquery(&mut self, imports: Vec<Name>) -> Parsed<ClauseKind> {
        let query = self.bracketed(QUERY_WEIGHT, |it| Ok(it.query(Kind::BraceClose)))?;
        if self.at(Kind::In) {
            return Err(self
                .unexpected("the next clause; subqueries run in the transaction of their query"));
        }
        let mut query = query.unwrap_or_else(|| Query {
            first: SingleQuery { clauses: Vec::new(), span: Span::default() },
            unions: Vec::new(),
            span: Span::default(),
        });
        if !imports.is_empty() {
            query.first.clauses.insert(0, import(&imports));
            for union in &mut query.unions {
                union.query.clauses.insert(0, import(&imports));
            }
        }
        Ok(ClauseKind::Subquery(Box::new(query)))
    }

    fn call_procedure(&mut self) -> Parsed<ClauseKind> {
        let procedure = self.dotted_name("the name of a procedure")?;
        let mut arguments = None;
        if self.at(Kind::ParenOpen) {
            arguments = self.bracketed(1, |it| {
                if it.at(Kind::ParenClose) {
                    return Ok(Vec::new());
                }
                it.comma_separated(Self::expression)
            })?;
        }
        let yields = if self.eat(Kind::Yield) { Some(self.yields()?) } else { None };
        Ok(ClauseKind::Call(Call { procedure, arguments, yields }))
    }

    fn yields(&mut self) -> Parsed<Yields> {
        if self.eat(Kind::Star) {
            return Ok(Yields::Star);
        }
        if self.eat(Kind::Minus) {
            return Ok(Yields::Items { items: Vec::new(), predicate: None });
        }
        let items = self.comma_separated(|it| {
            let column = it.name("the name of a column")?;
            let alias = if it.eat(Kind::As) { Some(it.name("a name")?) } else { None };
            Ok(YieldItem { column, alias })
        })?;
        Ok(Yields::Items { items, predicate: self.where_predicate() })
    }
}

/// `WITH a, b`
fn import(names: &[Name]) -> Clause {
    let item = |it: &Name| ProjectionItem {
        expression: Expr { kind: ExprKind::Variable(it.text.clone()), span: it.span },
        alias: None,
    };
    let projection = Projection {
        distinct: false,
        star: false,
        items: names.iter().map(item).collect(),
        order_by: Vec::new(),
        skip: None,
        limit: None,
    };
    let span = names.first().zip(names.last()).map(|(a, b)| a.span.to(b.span)).unwrap_or_default();
    Clause { kind: ClauseKind::With { projection, predicate: None }, span }
}
