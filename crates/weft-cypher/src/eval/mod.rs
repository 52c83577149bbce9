//! What an expression is worth on a row.
//!
//! Three-valued throughout: null is a value, and the absence of one. Reads the row, the parameters
//! and the graph, and never changes anything but the slots of its own comprehension variables. Knows
//! no operators and no plans; subqueries are asked of `execute`.

mod access;
mod arithmetic;
mod lists;
mod seen;
mod text;

use crate::ast::{BinaryOperator, Comparison};
use crate::bound::{Expr, ExprKind};
use crate::functions::{Body, Function, Type};
use crate::stack::deeper;
use crate::val::{is_large, n_bytes};
use crate::{Context, Detail, Entries, Error, ErrorKind, Row, Val, execute, order};
use seen::{Seen, with_both};

pub(crate) use access::{all_properties, computed_labels, has_labels, property};
pub(crate) use arithmetic::overflow;
pub(crate) use lists::Members;
pub(crate) use text::{Pattern, must_be_short};

/// The way out where a value stands for a condition.
pub(crate) const CONDITIONS: &str = "say what it is to be: `n.name = 'a' OR n.name = 'b'`, `n.name IN ['a', 'b']`, `n.name IS NOT NULL`";

/// Returns the value of an expression on a row.
///
/// # Errors
/// What the standard calls a runtime error, with its place in the query.
pub fn eval(expr: &Expr, row: &mut Row, ctx: &Context<'_>) -> Result<Val, Error> {
    match &expr.kind {
        ExprKind::Constant(val) => Ok(val.clone()),
        ExprKind::Slot(slot) => Ok(row[slot.index()].clone()),
        ExprKind::Parameter(position) => Ok(ctx.parameters[*position as usize].clone()),
        _ => made(ctx, || deeper(|| compute(expr, row, ctx))).map_err(|it| it.at(expr.span)),
    }
}

/// Counts a value that is large for as long as a row holds it, and nothing else that was made on the way
/// to it.
#[inline]
fn made(ctx: &Context<'_>, make: impl FnOnce() -> Result<Val, Error>) -> Result<Val, Error> {
    let n_made = ctx.n_made();
    let val = make()?;
    if is_large(&val) || ctx.n_made() != n_made {
        if let Val::String(text) = &val {
            must_be_short(text.len())?;
        }
        ctx.unmake_to(n_made);
        ctx.make(n_bytes(&val))?;
    }
    Ok(val)
}

/// Whether a condition holds: neither false nor null.
///
/// # Errors
/// As [`eval`], and a `TypeError` if the value is neither a boolean nor null.
pub fn holds(expr: &Expr, row: &mut Row, ctx: &Context<'_>) -> Result<bool, Error> {
    Ok(truth(expr, row, ctx)? == Some(true))
}

/// The value of an expression that is true, false or (None) null.
fn truth(expr: &Expr, row: &mut Row, ctx: &Context<'_>) -> Result<Option<bool>, Error> {
    let n_made = ctx.n_made();
    let truth = deeper(|| truth_of(expr, row, ctx)).map_err(|it| it.at(expr.span));
    ctx.unmake_to(n_made);
    truth
}

fn compute(expr: &Expr, row: &mut Row, ctx: &Context<'_>) -> Result<Val, Error> {
    match &expr.kind {
        ExprKind::Constant(_) | ExprKind::Slot(_) | ExprKind::Parameter(_) => eval(expr, row, ctx),
        ExprKind::List(items) => {
            let mut all = Vec::with_capacity(items.len());
            for item in items {
                all.push(eval(item, row, ctx)?);
            }
            Val::list(all)
        }
        ExprKind::Map(entries) => {
            let mut all = Entries::with_capacity(entries.len());
            for (key, value) in entries {
                all.insert(key.clone(), eval(value, row, ctx)?);
            }
            Val::map(all)
        }
        ExprKind::MapProjection(of, pieces) => {
            access::project(&eval(of, row, ctx)?, pieces, row, ctx)
        }
        ExprKind::Property(of, key) => match Seen::of(expr, row, ctx)? {
            Some(seen) => Ok(seen.into_val()),
            None => property(&eval(of, row, ctx)?, key, ctx),
        },
        ExprKind::Index(of, index) => {
            with_both(of, index, row, ctx, |of, index| access::index(&of.val(), &index.val(), ctx))?
        }
        ExprKind::Slice(of, from, to) => {
            let of = eval(of, row, ctx)?;
            let mut bound =
                |it: &Option<Box<Expr>>| it.as_ref().map(|it| eval(it, row, ctx)).transpose();
            let (from, to) = (bound(from)?, bound(to)?);
            if is_large(&of) {
                ctx.make(own_bytes(&of))?;
            }
            access::slice(&of, from.as_ref(), to.as_ref())
        }
        ExprKind::Minus(of) => arithmetic::negate(&eval(of, row, ctx)?),
        ExprKind::Plus(of) => arithmetic::keep(eval(of, row, ctx)?),
        ExprKind::Binary(operator, a, b) if !is_condition(*operator) => {
            with_both(a, b, row, ctx, |a, b| {
                arithmetic::compute(*operator, &a.val(), &b.val(), ctx)
            })?
        }
        ExprKind::Call(function, arguments) => call(function, arguments, row, ctx),
        ExprKind::Case { subject, alternatives, otherwise } => {
            case(subject.as_deref(), alternatives, otherwise.as_deref(), row, ctx)
        }
        ExprKind::ListComprehension { slot, list, predicate, value } => {
            let list = eval(list, row, ctx)?;
            lists::comprehend(*slot, &list, predicate.as_deref(), value.as_deref(), row, ctx)
        }
        ExprKind::Reduce { accumulator, start, slot, list, value } => {
            row[accumulator.index()] = eval(start, row, ctx)?;
            let list = eval(list, row, ctx)?;
            lists::reduce(*accumulator, *slot, &list, value, row, ctx)
        }
        ExprKind::Count(id) => execute::count(*id, row, ctx).map(Val::Integer),
        ExprKind::Collect(id) => execute::collect(*id, row, ctx),
        ExprKind::HasLabels(..)
        | ExprKind::HasComputedLabels(..)
        | ExprKind::Not(_)
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Binary(..)
        | ExprKind::Comparison(..)
        | ExprKind::IsNull(..)
        | ExprKind::IsType(..)
        | ExprKind::Quantifier { .. }
        | ExprKind::Exists(_) => truth_of(expr, row, ctx).map(Val::from),
    }
}

fn truth_of(expr: &Expr, row: &mut Row, ctx: &Context<'_>) -> Result<Option<bool>, Error> {
    match &expr.kind {
        ExprKind::Not(of) => Ok(truth(of, row, ctx)?.map(|it| !it)),
        ExprKind::And(all) => decided_by(false, all, row, ctx),
        ExprKind::Or(all) => decided_by(true, all, row, ctx),
        ExprKind::Binary(BinaryOperator::Xor, a, b) => {
            let (a, b) = (truth(a, row, ctx)?, truth(b, row, ctx)?);
            Ok(a.zip(b).map(|(a, b)| a != b))
        }
        ExprKind::Binary(BinaryOperator::In, item, list) => {
            with_both(item, list, row, ctx, |item, of| match lists::constant(list, ctx) {
                Some(list) => lists::is_in_constant(item, list, ctx),
                None => lists::is_in(item, &of.val(), ctx),
            })?
        }
        ExprKind::Binary(operator, a, b) if is_condition(*operator) => {
            with_both(a, b, row, ctx, |a, b| text::matches(*operator, a, b, ctx))?
        }
        ExprKind::Comparison(first, rest) => compare(first, rest, row, ctx),
        ExprKind::IsNull(of, is_not) => {
            let is_null = match Seen::of(of, row, ctx)? {
                Some(seen) => seen.is_null(),
                None => eval(of, row, ctx)?.is_null(),
            };
            Ok(Some(is_null != *is_not))
        }
        ExprKind::IsType(of, test, is_not) => Ok(Some(test.holds(&eval(of, row, ctx)?) != *is_not)),
        ExprKind::HasLabels(of, labels) => match Seen::of(of, row, ctx)? {
            Some(seen) => has_labels(&seen.val(), labels, ctx),
            None => has_labels(&eval(of, row, ctx)?, labels, ctx),
        },
        ExprKind::HasComputedLabels(of, labels, any) => {
            let (of, labels) = (eval(of, row, ctx)?, eval(labels, row, ctx)?);
            access::has_computed_labels(&of, &labels, *any, ctx)
        }
        ExprKind::Quantifier { quantifier, slot, list, predicate } => {
            let list = eval(list, row, ctx)?;
            lists::quantify(*quantifier, *slot, &list, predicate, row, ctx)
        }
        ExprKind::Exists(id) => execute::exists(*id, row, ctx).map(Some),
        _ => match eval(expr, row, ctx)? {
            Val::Boolean(it) => Ok(Some(it)),
            Val::Null => Ok(None),
            it => {
                let message = format!("a condition must be true or false, not {}", it.type_name());
                Err(type_error(message).with_hint(CONDITIONS))
            }
        },
    }
}

/// `AND` (decided by the first false) and `OR` (by the first true); otherwise null if one is null.
fn decided_by(
    decisive: bool,
    all: &[Expr],
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<Option<bool>, Error> {
    let mut res = Some(!decisive);
    for it in all {
        match truth(it, row, ctx)? {
            None => res = None,
            Some(it) if it == decisive => return Ok(Some(decisive)),
            Some(_) => {}
        }
    }
    Ok(res)
}

fn compare(
    first: &Expr,
    rest: &[(Comparison, Expr)],
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<Option<bool>, Error> {
    if let [(comparison, second)] = rest {
        return with_both(first, second, row, ctx, |a, b| seen::holds(*comparison, a, b, ctx))?;
    }
    let mut left = eval(first, row, ctx)?;
    let mut res = Some(true);
    for (comparison, right) in rest {
        let right = eval(right, row, ctx)?;
        match order::holds(*comparison, &left, &right) {
            Some(true) => {}
            Some(false) => return Ok(Some(false)),
            None => res = None,
        }
        left = right;
    }
    Ok(res)
}

fn case(
    subject: Option<&Expr>,
    alternatives: &[(Expr, Expr)],
    otherwise: Option<&Expr>,
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<Val, Error> {
    let subject = subject.map(|it| eval(it, row, ctx)).transpose()?;
    for (condition, value) in alternatives {
        let is_met = match &subject {
            None => holds(condition, row, ctx)?,
            Some(subject) => order::equals(subject, &eval(condition, row, ctx)?) == Some(true),
        };
        if is_met {
            return eval(value, row, ctx);
        }
    }
    otherwise.map_or(Ok(Val::Null), |it| eval(it, row, ctx))
}

fn call(
    function: &'static crate::functions::Function,
    arguments: &[Expr],
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<Val, Error> {
    let body = match function.body {
        Body::Scalar(body) => body,
        Body::FirstGiven => return first_given(arguments, row, ctx),
        Body::Aggregate(_) => {
            let message =
                format!("`{}` aggregates, and stands where one row is computed", function.name);
            return Err(Error::runtime(ErrorKind::Bug, Detail::InternalFault, message));
        }
    };
    let run = |all: &[Val]| {
        if all.iter().any(is_large) {
            weigh(function, all, ctx)?;
        }
        body(all, ctx)
    };
    // Most functions take one or two: their arguments need no list of their own.
    match arguments {
        [] => body(&[], ctx),
        [a] => run(&[eval(a, row, ctx)?]),
        [a, b] => run(&[eval(a, row, ctx)?, eval(b, row, ctx)?]),
        all => {
            let all: Result<Vec<_>, _> = all.iter().map(|it| eval(it, row, ctx)).collect();
            run(&all?)
        }
    }
}

/// Counts the work of a function of large values and, where it may give such a value, room for as much as
/// it is given.
#[cold]
fn weigh(function: &Function, arguments: &[Val], ctx: &Context<'_>) -> Result<(), Error> {
    let n_bytes = arguments.iter().map(own_bytes).sum();
    match function.result {
        Type::Integer | Type::Float | Type::Boolean | Type::Number => ctx.steps_through(n_bytes),
        _ => ctx.make(n_bytes),
    }
}

/// How many bytes a copy of a value takes that shares what stands in it.
fn own_bytes(val: &Val) -> usize {
    match val {
        Val::String(it) => it.len(),
        Val::List(it) => size_of_val(&**it),
        _ => 0,
    }
}

/// `coalesce`: the first value that is not null.
fn first_given(arguments: &[Expr], row: &mut Row, ctx: &Context<'_>) -> Result<Val, Error> {
    for it in arguments {
        let value = eval(it, row, ctx)?;
        if !value.is_null() {
            return Ok(value);
        }
    }
    Ok(Val::Null)
}

/// Whether an operator gives a truth value.
fn is_condition(operator: BinaryOperator) -> bool {
    use BinaryOperator as Op;
    matches!(operator, Op::Xor | Op::In | Op::StartsWith | Op::EndsWith | Op::Contains | Op::Regex)
}

/// A value of a type that the operation does not take.
pub(crate) fn type_error(message: impl Into<String>) -> Error {
    Error::runtime(ErrorKind::TypeError, Detail::InvalidArgumentType, message)
}

#[cfg(test)]
mod tests;
