//! What is evaluated within a row: subqueries in expressions, `CALL { }`, and procedures.

use super::rows::Seen;
use super::{Done, Next, Stop, finish, run};
use crate::bound::{CallProcedure, Slot, SubqueryId};
use crate::eval::eval;
use crate::plan::UnionPlan;
use crate::procedure::FieldType;
use crate::val::n_bytes;
use crate::{Context, Detail, Error, ErrorKind, Row, Val, convert};

/// Whether a subquery has a row.
pub(crate) fn exists(id: SubqueryId, row: &mut Row, ctx: &Context<'_>) -> Result<bool, Error> {
    let mut found = false;
    finish(union(ctx.plan()?.subquery(id), row, ctx, &mut |_, _| {
        found = true;
        Err(Stop::Enough)
    }))?;
    Ok(found)
}

/// How many rows a subquery has.
pub(crate) fn count(id: SubqueryId, row: &mut Row, ctx: &Context<'_>) -> Result<i64, Error> {
    let mut n_rows = 0;
    finish(union(ctx.plan()?.subquery(id), row, ctx, &mut |_, _| {
        n_rows += 1;
        Ok(())
    }))?;
    Ok(n_rows)
}

/// The list of the values of a subquery's one column.
pub(crate) fn collect(id: SubqueryId, row: &mut Row, ctx: &Context<'_>) -> Result<Val, Error> {
    let (mut values, mut held) = (Vec::new(), ctx.held());
    finish(union(ctx.plan()?.subquery(id), row, ctx, &mut |row, results| {
        let value = results.first().map_or(Val::Null, |it| row[it.index()].clone());
        held.add(n_bytes(&value))?;
        held.push(&mut values, value)?;
        Ok(())
    }))?;
    Val::list(values)
}

/// Hands on the row with each row of a subquery; without results, the row as it is.
pub(super) fn join(
    id: SubqueryId,
    results: &[Slot],
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let plan = ctx.plan()?.subquery(id);
    if results.is_empty() {
        union(plan, row, ctx, &mut |_, _| Ok(()))?;
        return next(row);
    }
    union(plan, row, ctx, &mut |row, columns| {
        hand_over(columns, results, row);
        next(row)
    })
}

/// Gives the columns of a subquery the slots that they have outside.
pub(super) fn hand_over(columns: &[Slot], results: &[Slot], row: &mut Row) {
    for (from, to) in columns.iter().zip(results) {
        if from != to {
            row[to.index()] = row[from.index()].clone();
        }
    }
}

/// Hands on the rows of all parts that only read, with the slots of their columns.
pub(super) fn union(
    plan: &UnionPlan,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut dyn FnMut(&mut Row, &[Slot]) -> Done,
) -> Done {
    let mut seen = Seen::new(ctx);
    for part in &plan.parts {
        run(part.root(), row, ctx, &mut |row| {
            if plan.distinct && !seen.is_new(&part.results, row, ctx)? {
                return Ok(());
            }
            next(row, &part.results)
        })?;
    }
    Ok(())
}

/// Hands on the row with each row that a procedure yields; if it has no columns, the row as it is.
pub(super) fn call(
    call: &CallProcedure,
    row: &mut Row,
    ctx: &Context<'_>,
    next: &mut Next<'_>,
) -> Done {
    let signature = call.procedure.signature();
    let n_made = ctx.n_made();
    let (mut arguments, mut held) = (Vec::with_capacity(call.arguments.len()), ctx.held());
    for (expr, field) in call.arguments.iter().zip(&signature.inputs) {
        let value = match (eval(expr, row, ctx)?, field.field_type) {
            (Val::Integer(n), FieldType::Float) => Val::Float(n as f64),
            (value, _) => value,
        };
        arguments.push(convert::copied(&value, &mut held, ctx)?);
    }
    // A procedure reads what the transaction has written, too.
    let draft = ctx.draft().map_err(|it| it.at(call.span))?;
    let snapshot = draft.as_ref().map_or(ctx.graph.snapshot(), |it| &it.snapshot);
    if let Some(draft) = &draft {
        arguments.iter_mut().for_each(|it| draft.name_there(it));
    }
    let is_void = signature.outputs.is_empty();
    let mut stopped = None;
    let is_stopped = || ctx.check().is_err();
    let called = call.procedure.call(snapshot, &arguments, &is_stopped, &mut |mut values| {
        if is_void || stopped.is_some() {
            return stopped.is_none();
        }
        if let Some(draft) = &draft {
            values.iter_mut().for_each(|it| draft.name_here(it));
        }
        let mut one_row = || -> Done {
            ctx.step()?;
            for (position, slot) in &call.yields {
                row[slot.index()] = match values.get(*position) {
                    Some(value) => convert::from_value(value, ctx.graph)?,
                    None => Val::Null,
                };
            }
            next(row)
        };
        stopped = one_row().err();
        stopped.is_none()
    });
    if let Some(stop) = stopped {
        return Err(stop);
    }
    if called.is_err() {
        // One that was stopped fails for that reason, whatever it says itself.
        ctx.check()?;
    }
    called.map_err(|it| {
        let message = format!("`{}` failed: {}", signature.name, it.message);
        let error = Error::runtime(ErrorKind::ProcedureError, Detail::ProcedureFailed, message);
        let error = Error { hint: it.hint, ..error };
        error.at(call.span)
    })?;
    let done = if is_void { next(row) } else { Ok(()) };
    ctx.unmake_to(n_made);
    done
}
