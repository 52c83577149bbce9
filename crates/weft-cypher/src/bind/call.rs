//! Procedures: which one is called, with what, and which of its columns come into scope.

use std::sync::Arc;

use super::Binder;
use super::expression::is_of;
use super::projection::Column;
use super::value_type::{ValueType, of_field, type_name};
use crate::ast::{self, Yields};
use crate::bound::{CallProcedure, Expr, ExprKind as Bound, Notice, NoticeKind};
use crate::graph::Stored;
use crate::procedure::{Procedure, Signature};
use crate::suggest::did_you_mean;
use crate::{Detail, Error, ErrorKind, Span, Val, catalogue};

impl<'a> Binder<'a> {
    /// `CALL procedure`, with the columns that it brings. Standing alone it may leave out `YIELD`,
    /// and the parentheses too: then parameters of the names of its inputs are its arguments.
    pub(super) fn call(
        &mut self,
        call: &'a ast::Call,
        span: Span,
        is_standalone: bool,
    ) -> Option<(CallProcedure, Vec<Column>)> {
        let Some(procedure) = self.procedure(&call.procedure) else {
            self.poison_yields(call);
            return None;
        };
        let signature = procedure.signature();
        if signature.is_write {
            self.refuse_writing(&signature.name, span);
            self.is_write = true;
        }
        let arguments = match &call.arguments {
            Some(arguments) => self.procedure_arguments(signature, arguments, span),
            None => self.implicit_arguments(signature, span, is_standalone),
        };
        let (yields, columns, predicate) = self.yields(call, signature, span, is_standalone);
        let procedure = procedure.clone();
        Some((CallProcedure { procedure, arguments, yields, predicate, span }, columns))
    }

    fn procedure(&mut self, name: &ast::Name) -> Option<Arc<dyn Procedure>> {
        let found = self.procedures.find(&name.text).cloned();
        let found = found.or_else(|| catalogue::find(&name.text, self.procedures));
        if found.is_some() {
            return found;
        }
        let message = format!("there is no procedure `{}`", name.text);
        let error = Error::compile(
            ErrorKind::ProcedureError,
            Detail::ProcedureNotFound,
            name.span,
            message,
        );
        let mut known: Vec<&str> = catalogue::names().collect();
        known.extend(self.procedures.iter().map(|it| it.signature().name.as_str()));
        let hint = match &name.text {
            it if is_of(it, "apoc") || is_of(it, "gds") => {
                "what is written for Neo4j is no part of weft: `SHOW PROCEDURES` lists what there is"
                    .into()
            }
            it => did_you_mean(it, known)
                .unwrap_or_else(|| "`SHOW PROCEDURES` lists what there is".into()),
        };
        self.error(error.with_hint(hint));
        None
    }

    /// The variables that an unknown procedure would bring: their absence is no second fault.
    fn poison_yields(&mut self, call: &ast::Call) {
        let Some(Yields::Items { items, .. }) = &call.yields else { return };
        for item in items {
            let name = item.alias.as_ref().unwrap_or(&item.column);
            if self.scope.find(&name.text).is_none() {
                self.declare(&name.text, ValueType::ANY);
            }
        }
    }

    fn procedure_arguments(
        &mut self,
        signature: &Signature,
        arguments: &'a [ast::Expr],
        span: Span,
    ) -> Vec<Expr> {
        let n_required = signature.inputs.iter().filter(|it| it.default.is_none()).count();
        let (n, n_max) = (arguments.len(), signature.inputs.len());
        if n < n_required || n > n_max {
            let wanted = match n_required == n_max {
                true => format!("{n_max}"),
                false => format!("{n_required} to {n_max}"),
            };
            let message = format!("`{}` takes {wanted} arguments, not {n}", signature.name);
            let hint = format!("it is `{signature}`");
            self.syntax(Detail::InvalidNumberOfArguments, span, message, &hint);
        }
        let mut res = Vec::with_capacity(n_max);
        for (idx, argument) in arguments.iter().enumerate() {
            let typed = self.expr(argument);
            if let Some(field) = signature.inputs.get(idx) {
                let wanted = of_field(field.field_type);
                if !typed.value_type.may_be(wanted) {
                    let what = format!("`{}` of `{}`", field.name, signature.name);
                    self.wrong_type(argument.span, &what, type_name(wanted), &typed.value_type);
                }
            }
            res.push(typed.expr);
        }
        for field in signature.inputs.iter().skip(n) {
            let value = field.default.as_ref().map_or(Val::Null, |it| Stored::Value(it).to_val());
            res.push(Expr { kind: Bound::Constant(value), span });
        }
        res
    }

    fn implicit_arguments(
        &mut self,
        signature: &Signature,
        span: Span,
        is_standalone: bool,
    ) -> Vec<Expr> {
        if !is_standalone {
            let message = format!("the arguments of `{}` are missing", signature.name);
            let hint =
                "only a `CALL` that stands alone takes them from the parameters: write `(..)`";
            self.syntax(Detail::InvalidArgumentPassingMode, span, message, hint);
            return Vec::new();
        }
        let parameter = |it: &crate::Field| {
            let kind = Bound::Parameter(self.parameter(&it.name));
            Expr { kind, span }
        };
        signature.inputs.iter().map(parameter).collect()
    }

    /// The columns that are used, and the condition on them.
    fn yields(
        &mut self,
        call: &'a ast::Call,
        signature: &Signature,
        span: Span,
        is_standalone: bool,
    ) -> (Vec<(usize, crate::bound::Slot)>, Vec<Column>, Option<Expr>) {
        let (items, predicate) = match &call.yields {
            Some(Yields::Items { items, predicate }) => (items, predicate),
            Some(Yields::Star) if !is_standalone => {
                let message = "`YIELD *` can only be used where a `CALL` stands alone";
                let hint = format!("name the columns: `{}`", yield_all(signature));
                self.syntax(Detail::UnexpectedSyntax, span, message.into(), &hint);
                self.all_columns(signature, span);
                return (Vec::new(), Vec::new(), None);
            }
            _ if is_standalone => {
                let columns = self.all_columns(signature, span);
                let yields = columns.iter().enumerate().map(|(idx, it)| (idx, it.slot)).collect();
                return (yields, columns, None);
            }
            _ => {
                if !signature.outputs.is_empty() {
                    let yields = yield_all(signature);
                    let names = signature.outputs.iter().map(|it| it.name.clone());
                    self.dropped.extend(names.map(|it| (it, yields.clone())));
                    let message = format!(
                        "the columns of `{}` are dropped: write `{}` to use them",
                        signature.name, yields
                    );
                    let kind = NoticeKind::DroppedColumns;
                    self.notices.push(Notice { kind, span, message });
                }
                return (Vec::new(), Vec::new(), None);
            }
        };
        let mut yields = Vec::with_capacity(items.len());
        let mut columns = Vec::with_capacity(items.len());
        for item in items {
            let outputs = &signature.outputs;
            let idx = outputs.iter().position(|it| it.name == item.column.text);
            let value_type = match idx {
                Some(idx) => ValueType::of(of_field(outputs[idx].field_type)),
                None => {
                    self.unknown_column(&item.column, signature);
                    ValueType::ANY
                }
            };
            let name = item.alias.as_ref().unwrap_or(&item.column);
            let slot = self.declare_new(name, value_type.clone());
            yields.extend(idx.map(|idx| (idx, slot)));
            let (name, span) = (Arc::from(name.text.as_str()), name.span);
            columns.push(Column { name, slot, value_type, span });
        }
        let predicate = predicate.as_ref().map(|it| self.predicate(it));
        (yields, columns, predicate)
    }

    fn all_columns(&mut self, signature: &Signature, span: Span) -> Vec<Column> {
        let mut res = Vec::with_capacity(signature.outputs.len());
        for field in &signature.outputs {
            let value_type = ValueType::of(of_field(field.field_type));
            let slot = self.declare(&field.name, value_type.clone());
            res.push(Column { name: Arc::from(field.name.as_str()), slot, value_type, span });
        }
        res
    }

    fn unknown_column(&mut self, name: &ast::Name, signature: &Signature) {
        let message = format!("`{}` yields no `{}`", signature.name, name.text);
        let names = signature.outputs.iter().map(|it| it.name.as_str());
        let hint = did_you_mean(&name.text, names)
            .unwrap_or_else(|| format!("write `{}`", yield_all(signature)));
        self.syntax(Detail::UndefinedVariable, name.span, message, &hint);
    }
}

/// `YIELD` with all columns of a procedure.
fn yield_all(signature: &Signature) -> String {
    let names: Vec<_> = signature.outputs.iter().map(|it| it.name.as_str()).collect();
    format!("YIELD {}", names.join(", "))
}
