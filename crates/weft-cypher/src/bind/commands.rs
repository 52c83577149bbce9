//! What is no query: `SHOW` becomes one, and indexes are neither made nor dropped.

use super::Binder;
use crate::ast::{
    self, Call, Clause, ClauseKind, CreateIndex, DropCommand, Expr, ExprKind, Listed, Name,
    Projection, ProjectionItem, Query, Show, SingleQuery, YieldItem, Yields,
};
use crate::bound::{BoundUnion, Notice, NoticeKind, Part};
use crate::procedure::Procedures;
use crate::{Detail, Span, catalogue};

impl Binder<'_> {
    /// `CREATE INDEX`: programs send it before they begin, and what they look up is found quickly
    /// whether it was sent or not.
    pub(super) fn create_index(&mut self, index: &CreateIndex) -> (BoundUnion, Vec<String>) {
        let message = "no index is made, and none is needed: look-ups keep their own tables, which \
                       are built when a query first asks for them";
        self.did_nothing(index.span, message.to_owned())
    }

    /// `DROP INDEX`, `DROP CONSTRAINT`: none is there.
    pub(super) fn drop_command(&mut self, command: &DropCommand) -> (BoundUnion, Vec<String>) {
        if command.is_constraint && !command.if_exists {
            let name = command.name.as_ref().map_or("", |it| it.text.as_str());
            let message = format!("there is no constraint `{name}`");
            let hint = "there are none at all: `IF EXISTS` leaves it at that";
            self.syntax(Detail::UnexpectedSyntax, command.span, message, hint);
        }
        let what = if command.is_constraint { "constraint" } else { "index" };
        let message = format!("there is no {what} here, so none was dropped");
        self.did_nothing(command.span, message)
    }

    fn did_nothing(&mut self, span: Span, message: String) -> (BoundUnion, Vec<String>) {
        self.notices.push(Notice { kind: NoticeKind::DoneOtherwise, span, message });
        let part = Part { steps: Vec::new(), results: Vec::new() };
        (BoundUnion { parts: vec![part], distinct: false }, Vec::new())
    }
}

/// `SHOW` as the call of a procedure, and what is made of its columns.
pub(super) fn as_query(show: &Show, procedures: &Procedures) -> Query {
    let text = match show.what {
        Listed::Procedures => "dbms.procedures",
        Listed::Functions => "dbms.functions",
        Listed::Indexes => "db.indexes",
        Listed::Constraints => "db.constraints",
    };
    let columns: Vec<Name> = catalogue::find(text, procedures)
        .map(|it| it.signature().outputs.iter().map(|it| name(&it.name)).collect())
        .unwrap_or_default();
    let (mut of_call, mut of_yield) = (None, None);
    match &show.yields {
        Some(_) => of_yield.clone_from(&show.predicate),
        None => of_call.clone_from(&show.predicate),
    }
    let items = |columns: &[Name]| {
        let item = |it: &Name| ProjectionItem {
            expression: variable(it),
            alias: Some(Name { text: it.text.clone(), span: it.span }),
        };
        columns.iter().map(item).collect::<Vec<_>>()
    };
    let yielded = |columns: &[Name]| {
        let item = |it: &Name| YieldItem { column: it.clone(), alias: None };
        columns.iter().map(item).collect::<Vec<_>>()
    };
    let call = Call {
        procedure: name(text),
        arguments: Some(Vec::new()),
        yields: Some(Yields::Items { items: yielded(&columns), predicate: of_call }),
    };
    let mut clauses = vec![ClauseKind::Call(call)];
    let mut left = columns;
    if let Some(yields) = &show.yields {
        let mut projection = yields.clone();
        if projection.star {
            projection.star = false;
            projection.items.splice(0..0, items(&left));
        }
        let given = |it: &ProjectionItem| match (&it.alias, &it.expression.kind) {
            (Some(alias), _) => Some(alias.clone()),
            (None, ExprKind::Variable(text)) => {
                Some(Name { text: text.clone(), span: it.expression.span })
            }
            _ => None,
        };
        left = projection.items.iter().filter_map(given).collect();
        clauses.push(ClauseKind::With { projection, predicate: of_yield });
    }
    let all = Projection {
        distinct: false,
        star: false,
        items: items(&left),
        order_by: Vec::new(),
        skip: None,
        limit: None,
    };
    clauses.push(ClauseKind::Return(show.returns.clone().unwrap_or(all)));
    let span = Span::default();
    let clauses = clauses.into_iter().map(|kind| Clause { kind, span }).collect();
    Query { first: SingleQuery { clauses, span }, unions: Vec::new(), span }
}

fn name(text: &str) -> Name {
    Name { text: text.to_owned(), span: Span::default() }
}

fn variable(name: &Name) -> Expr {
    ast::Expr { kind: ExprKind::Variable(name.text.clone()), span: name.span }
}
