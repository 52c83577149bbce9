//! Expressions that go through a list: `IN`, comprehensions, quantifiers, `reduce`.

use crate::ast::{BinaryOperator, Quantifier};
use crate::bound::{Expr, ExprKind, Slot};
use crate::eval::{arithmetic, eval, holds, seen, seen::Seen, truth, type_error};
use crate::val::n_bytes;
use crate::{Context, Error, Row, Val, order};

/// Whether a list has an element that equals a value; null where that depends on a null.
pub(super) fn is_in(item: &Seen<'_>, list: &Val) -> Result<Option<bool>, Error> {
    let Some(list) = items(list, "what follows `IN`")? else { return Ok(None) };
    if let Some(text) = item.as_text() {
        // The commonest case: nothing but a string equals a string.
        let is_there = list.iter().any(|it| matches!(it, Val::String(it) if **it == *text));
        return Ok(if is_there { Some(true) } else { unless_null(list) });
    }
    let item = item.val();
    let mut res = Some(false);
    for it in list {
        match order::equals(&item, it) {
            Some(true) => return Ok(Some(true)),
            Some(false) => {}
            None => res = None,
        }
    }
    Ok(res)
}

/// `[slot IN list WHERE predicate | value]`
pub(super) fn comprehend(
    slot: Slot,
    list: &Val,
    predicate: Option<&Expr>,
    value: Option<&Expr>,
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<Val, Error> {
    let Some(list) = items(list, "what follows `IN`")? else { return Ok(Val::Null) };
    let mut res = Vec::new();
    let mut held = 0;
    for item in list {
        ctx.step()?;
        row[slot.index()] = item.clone();
        if predicate.map_or(Ok(true), |it| holds(it, row, ctx))? {
            let val = value.map_or(Ok(item.clone()), |it| eval(it, row, ctx))?;
            // What is not made here (an element itself) is held by the list already.
            let size = size_of::<Val>() + value.map_or(0, |_| n_bytes(&val));
            ctx.hold(size)?;
            held += size;
            res.push(val);
        }
    }
    ctx.release(held);
    Val::list(res)
}

/// `all(slot IN list WHERE predicate)` and its like.
pub(super) fn quantify(
    quantifier: Quantifier,
    slot: Slot,
    list: &Val,
    predicate: &Expr,
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<Option<bool>, Error> {
    let Some(list) = items(list, "what follows `IN`")? else { return Ok(None) };
    let (mut n_true, mut n_null) = (0, 0);
    for item in list {
        ctx.step()?;
        row[slot.index()] = item.clone();
        match (truth(predicate, row, ctx)?, quantifier) {
            (Some(false), Quantifier::All) => return Ok(Some(false)),
            (Some(true), Quantifier::Any) => return Ok(Some(true)),
            (Some(true), Quantifier::None) => return Ok(Some(false)),
            (Some(true), Quantifier::Single) if n_true == 1 => return Ok(Some(false)),
            (Some(is_true), _) => n_true += usize::from(is_true),
            (None, _) => n_null += 1,
        }
    }
    if n_null > 0 {
        return Ok(None);
    }
    Ok(Some(match quantifier {
        Quantifier::All | Quantifier::None => true,
        Quantifier::Any => false,
        Quantifier::Single => n_true == 1,
    }))
}

/// `reduce(accumulator = .., slot IN list | value)`; the accumulator has its first value already.
pub(super) fn reduce(
    accumulator: Slot,
    slot: Slot,
    list: &Val,
    value: &Expr,
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<Val, Error> {
    let Some(list) = items(list, "what follows `IN`")? else { return Ok(Val::Null) };
    for item in list {
        ctx.step()?;
        row[slot.index()] = item.clone();
        let next = match &value.kind {
            // What is added to the accumulator itself is added in place.
            ExprKind::Binary(BinaryOperator::Add, to, more) if matches!(to.kind, ExprKind::Slot(slot) if slot == accumulator) =>
            {
                let more = eval(more, row, ctx)?;
                let to = std::mem::take(&mut row[accumulator.index()]);
                arithmetic::add_to(to, &more, ctx).map_err(|it| it.at(value.span))?
            }
            _ => eval(value, row, ctx)?,
        };
        row[accumulator.index()] = next;
        seen::fits(n_bytes(&row[accumulator.index()]), ctx)?;
    }
    Ok(std::mem::take(&mut row[accumulator.index()]))
}

/// The elements of a list; None for null.
fn items<'a>(list: &'a Val, what: &str) -> Result<Option<&'a [Val]>, Error> {
    match list {
        Val::Null => Ok(None),
        Val::List(list) => Ok(Some(list)),
        _ => Err(type_error(format!("{what} must be a list, not {}", list.type_name()))),
    }
}

fn unless_null(list: &[Val]) -> Option<bool> {
    if list.iter().any(Val::is_null) { None } else { Some(false) }
}
