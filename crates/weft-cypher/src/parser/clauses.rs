//! Queries and clauses, and where to read on after a fault in one.

use super::{Parsed, Parser, QUERY_WEIGHT, Reported};
use crate::ast::{
    Call, Clause, ClauseKind, Expr, ExprKind, Label, Name, Projection, ProjectionItem, Query,
    RemoveItem, SetItem, SingleQuery, SortItem, Transactions, Union, YieldItem, Yields,
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
    Kind::Foreach,
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
            Kind::Foreach => self.foreach(),
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
        if self.at_name("load")
            && self.tokens[self.position + 1].span.of(self.text).eq_ignore_ascii_case("csv")
        {
            return Err(self.refuse_load());
        }
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

    /// `LOAD CSV WITH HEADERS FROM 'file' AS row` reads files wherever the statement is run.
    fn refuse_load(&mut self) -> Reported {
        let message = "a statement reads no files, so there is no `LOAD CSV`";
        let error = Error::syntax(Detail::UnexpectedSyntax, self.token().span, message);
        let reported = self.report(error.with_hint(
            "hand the rows of the file over: `weft query --rows rows=FILE 'UNWIND $rows AS row ..'`; \
             a driver hands them over as a parameter",
        ));
        // What follows would only echo this, up to the name of a row.
        while !matches!(self.kind(), Kind::As | Kind::Semicolon | Kind::End) {
            self.advance();
        }
        if self.eat(Kind::As) && self.kind().is_name() {
            self.advance();
        }
        reported
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
        // A clause never begins with the property of something.
        CLAUSES.contains(&self.kind()) && !is_part && self.next_kind() != Kind::Dot
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
        // Mostly there is one, and patterns are large.
        let mut items = Vec::with_capacity(1);
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
        let value = self.expression()?;
        Ok(match key {
            Key::Name(key) => SetItem::Property { target, key, value },
            Key::Computed(key) => SetItem::ComputedProperty { target, key, value },
        })
    }

    fn remove_item(&mut self) -> Parsed<RemoveItem> {
        if self.kind().is_name() && self.next_kind() == Kind::Colon {
            let (target, labels) = self.labels_of_variable()?;
            return Ok(RemoveItem::Labels { target, labels });
        }
        let (target, key) = self.property_of("`n.key` or `n:Label`")?;
        Ok(match key {
            Key::Name(key) => RemoveItem::Property { target, key },
            Key::Computed(key) => RemoveItem::ComputedProperty { target, key },
        })
    }

    /// `n:A:$(expression)`
    fn labels_of_variable(&mut self) -> Parsed<(Name, Vec<Label>)> {
        let target = self.name("a variable")?;
        let mut labels = Vec::new();
        while self.eat(Kind::Colon) || self.eat(Kind::Ampersand) {
            labels.push(match self.at(Kind::Dollar) {
                true => Label::Computed(self.computed_label()?.0),
                false => Label::Name(self.name("a label")?),
            });
        }
        Ok((target, labels))
    }

    /// `n.key` or `n[key]`
    fn property_of(&mut self, what: &str) -> Parsed<(Expr, Key)> {
        let position = self.position;
        let operand = self.operand()?;
        match operand.kind {
            ExprKind::Property(target, key) => return Ok((*target, Key::Name(key))),
            ExprKind::Index(target, key) => return Ok((*target, Key::Computed(*key))),
            _ => {}
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

    pub(super) fn projection(&mut self) -> Parsed<Projection> {
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
            let error = Error::syntax(Detail::UnexpectedSyntax, self.token().span, message)
                .with_hint(
                    "columns are separated by commas; another name for one stands behind `AS`",
                );
            if matches!(self.next_kind(), Kind::Dot | Kind::ParenOpen) {
                // The next column, and no name.
                return Err(self.report(error));
            }
            self.complain(error);
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
            Kind::BraceOpen => self.subquery(None),
            Kind::ParenOpen => {
                let import = self.bracketed(1, |it| {
                    if it.eat(Kind::Star) {
                        return Ok(Some(import(&[], true)));
                    }
                    if it.at(Kind::ParenClose) {
                        return Ok(None);
                    }
                    let names = it.comma_separated(|it| it.name("a variable"))?;
                    Ok(Some(import(&names, false)))
                })?;
                if !self.at(Kind::BraceOpen) {
                    return Err(self.unexpected("`{` and a query"));
                }
                self.subquery(import.flatten())
            }
            _ => self.call_procedure(),
        }
    }

    /// `FOREACH (variable IN list | clauses)`
    fn foreach(&mut self) -> Parsed<ClauseKind> {
        self.advance();
        if !self.at(Kind::ParenOpen) {
            return Err(self.unexpected("`(variable IN list | clauses)`"));
        }
        let clause = self.bracketed(QUERY_WEIGHT, |it| {
            let variable = it.name("a variable")?;
            it.expect(Kind::In, "`IN` and a list")?;
            let list = it.until_bar(Self::expression)?;
            it.expect(Kind::Bar, "`|` and what is done for each element")?;
            let clauses = it.single_query(Kind::ParenClose).clauses;
            Ok(ClauseKind::Foreach { variable, list, clauses })
        })?;
        // What stood between the brackets was told.
        clause.ok_or(Reported)
    }

    /// `CALL { query }`; `CALL (a, b) { query }` is read as `CALL { WITH a, b query }`.
    fn subquery(&mut self, imports: Option<Clause>) -> Parsed<ClauseKind> {
        let query = self.bracketed(QUERY_WEIGHT, |it| Ok(it.query(Kind::BraceClose)))?;
        let transactions = self.transactions()?;
        let mut query = query.unwrap_or_else(|| Query {
            first: SingleQuery { clauses: Vec::new(), span: Span::default() },
            unions: Vec::new(),
            span: Span::default(),
        });
        if let Some(import) = imports {
            for union in &mut query.unions {
                union.query.clauses.insert(0, import.clone());
            }
            query.first.clauses.insert(0, import);
        }
        Ok(ClauseKind::Subquery { query: Box::new(query), transactions })
    }

    /// `IN TRANSACTIONS OF n ROWS ON ERROR FAIL`, if it is there.
    fn transactions(&mut self) -> Parsed<Option<Transactions>> {
        let start = self.token().span;
        if !self.eat(Kind::In) {
            return Ok(None);
        }
        let is_number = self.at(Kind::Number) || self.at(Kind::Dollar);
        if is_number || self.at_name("concurrent") {
            if is_number {
                self.expression()?;
            }
            self.word("concurrent")?;
        }
        self.word("transactions")?;
        let mut n_rows = None;
        if self.at_name("of") {
            self.advance();
            n_rows = Some(self.expression()?);
            if !self.at_name("row") {
                self.word("rows")?;
            } else {
                self.advance();
            }
        }
        let span = self.span_from(start);
        if self.eat(Kind::On) {
            self.word("error")?;
            if !self.eat_name("fail") {
                return Err(self.not_in_parts(
                    "keeps what came before an error",
                    "leave `ON ERROR` out, and an error undoes all of it: leave out what fails by \
                     `WHERE`, or send the parts as statements of their own",
                ));
            }
        }
        if self.at_name("report") {
            return Err(self.not_in_parts(
                "reports on each part",
                "leave `REPORT STATUS` out: all of it was kept if the statement ends without an error, \
                 and nothing otherwise",
            ));
        }
        Ok(Some(Transactions { n_rows, span }))
    }

    /// Refuses what makes sense only where parts of a statement are kept one by one.
    fn not_in_parts(&mut self, what: &str, hint: &str) -> Reported {
        let written = self.found();
        let message = format!("{written} {what}, and a statement is kept whole or not at all");
        let error = Error::syntax(Detail::UnexpectedSyntax, self.token().span, message);
        self.report(error.with_hint(hint))
    }

    /// A word that means something in one place only.
    pub(super) fn word(&mut self, word: &str) -> Parsed<()> {
        if !self.at_name(word) {
            return Err(self.unexpected(&format!("`{}`", word.to_uppercase())));
        }
        self.advance();
        Ok(())
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

/// How a property is told that is set or removed.
enum Key {
    Name(Name),
    Computed(Expr),
}

/// `WITH a, b` or `WITH *`
fn import(names: &[Name], star: bool) -> Clause {
    let item = |it: &Name| ProjectionItem {
        expression: Expr { kind: ExprKind::Variable(it.text.clone()), span: it.span },
        alias: None,
    };
    let projection = Projection {
        distinct: false,
        star,
        items: names.iter().map(item).collect(),
        order_by: Vec::new(),
        skip: None,
        limit: None,
    };
    let span = names.first().zip(names.last()).map(|(a, b)| a.span.to(b.span)).unwrap_or_default();
    Clause { kind: ClauseKind::With { projection, predicate: None }, span }
}
