//! Expressions that go through a list: `IN`, comprehensions, quantifiers, `reduce`.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::ast::{BinaryOperator, Quantifier};
use crate::bound::{Expr, ExprKind, Slot};
use crate::eval::{arithmetic, eval, holds, seen::Seen, truth, type_error};
use crate::memory::table;
use crate::val::{is_large, n_bytes};
use crate::{Context, Error, List, Row, Val, order};

/// Lists that stay the same for all rows are looked through by hash from so many elements on.
const HASHED_MIN: usize = 16;

/// The elements of a list that equal themselves alone and are found by hash: nothing but a string
/// equals a string, and so for truth values and numbers.
#[derive(Debug)]
pub(crate) struct Members {
    texts: HashSet<Arc<str>, RandomState>,
    others: HashSet<Val, RandomState>,
    has_null: bool,
    /// Keeps the list where it is, by which it is known.
    _list: List,
}

impl Members {
    /// What the members of so many elements take at most, the tables before they grew beside them.
    pub(crate) fn n_bytes(n_items: usize) -> usize {
        let n_bytes = table(n_items, size_of::<Val>());
        n_bytes + n_bytes / 2
    }

    fn of(list: &List) -> Self {
        let (mut texts, mut others) = (HashSet::default(), HashSet::default());
        for it in list.iter() {
            match it {
                Val::String(text) => drop(texts.insert(text.clone())),
                it if is_found_by_hash(it) => drop(others.insert(it.clone())),
                _ => {}
            }
        }
        Self { texts, others, has_null: list.iter().any(Val::is_null), _list: list.clone() }
    }
}

fn is_found_by_hash(val: &Val) -> bool {
    match val {
        Val::Float(it) => !it.is_nan(),
        it => matches!(it, Val::Boolean(_) | Val::Integer(_) | Val::String(_)),
    }
}

/// The list that an expression is for all rows, if it is long.
pub(super) fn constant<'a>(list: &'a Expr, ctx: &Context<'a>) -> Option<&'a List> {
    let list = match &list.kind {
        ExprKind::Constant(Val::List(list)) => list,
        ExprKind::Parameter(position) => match &ctx.parameters[*position as usize] {
            Val::List(list) => list,
            _ => return None,
        },
        _ => return None,
    };
    (list.len() >= HASHED_MIN).then_some(list)
}

/// As [`is_in`], of a list that stays the same for all rows.
pub(super) fn is_in_constant(
    item: &Seen<'_>,
    list: &List,
    ctx: &Context<'_>,
) -> Result<Option<bool>, Error> {
    let members = ctx.members(list, Members::of)?;
    let is_there = match item.as_text() {
        Some(text) => members.texts.contains(text),
        None => match item.val() {
            item if is_found_by_hash(&item) => members.others.contains(&*item),
            item => {
                ctx.steps(list.len() / 4)?;
                return Ok(any_equals(&item, list));
            }
        },
    };
    Ok(if is_there { Some(true) } else { (!members.has_null).then_some(false) })
}

/// Whether a list has an element that equals a value; null where that depends on a null.
pub(super) fn is_in(item: &Seen<'_>, list: &Val, ctx: &Context<'_>) -> Result<Option<bool>, Error> {
    let Some(list) = items(list, "what follows `IN`")? else { return Ok(None) };
    ctx.steps(list.len() / 4)?;
    if let Some(text) = item.as_text() {
        // The commonest case: nothing but a string equals a string.
        let is_there = list.iter().any(|it| matches!(it, Val::String(it) if **it == *text));
        return Ok(if is_there { Some(true) } else { unless_null(list) });
    }
    Ok(any_equals(&item.val(), list))
}

fn any_equals(item: &Val, list: &[Val]) -> Option<bool> {
    let mut res = Some(false);
    for it in list {
        match order::equals(item, it) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => res = None,
        }
    }
    res
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
    let (mut res, mut held) = (Vec::new(), ctx.held());
    for item in list {
        ctx.step()?;
        row[slot.index()] = item.clone();
        if predicate.map_or(Ok(true), |it| holds(it, row, ctx))? {
            let n_made = ctx.n_made();
            let val = value.map_or(Ok(item.clone()), |it| eval(it, row, ctx))?;
            ctx.unmake_to(n_made);
            // What is not made here (an element itself) is held by the list already.
            held.add(value.map_or(0, |_| n_bytes(&val)))?;
            held.push(&mut res, val)?;
        }
    }
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
    let n_made = ctx.n_made();
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
        // The value before is gone: it was counted, and so is the next one.
        if is_large(&next) {
            ctx.unmake_to(n_made);
            ctx.count_made(n_bytes(&next))?;
        }
        row[accumulator.index()] = next;
    }
    Ok(std::mem::take(&mut row[accumulator.index()]))
}

/// The elements of a list; None for null.
fn items<'a>(list: &'a Val, what: &str) -> Result<Option<&'a [Val]>, Error> {
    match list {
        Val::Null => Ok(None),
        Val::List(list) => Ok(Some(list)),
        _ => {
            let error = type_error(format!("{what} must be a list, not {}", list.type_name()));
            Err(match list {
                Val::String(_) => {
                    error.with_hint("what a text holds is asked by `n.name CONTAINS 'a'`")
                }
                _ => error,
            })
        }
    }
}

fn unless_null(list: &[Val]) -> Option<bool> {
    if list.iter().any(Val::is_null) { None } else { Some(false) }
}
