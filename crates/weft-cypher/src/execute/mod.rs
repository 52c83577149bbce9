//! Runs plans: each operator pushes its rows, one by one and in place, to the one above it.
//!
//! Reads a graph and never changes it; that is [`write`]'s. Knows no text and no result format.

mod aggregate;
mod ends;
mod expand;
mod meet;
mod profile;
mod reach;
mod repeat;
mod rows;
mod scan;
mod shortest;
mod sort;
mod subquery;
mod walk;
mod write;

pub(crate) use profile::Profile;
pub(crate) use rows::Rows;
pub(crate) use subquery::{collect, count, exists};
pub use write::Counters;
pub(crate) use write::{Columns, Run};

use crate::bound::{Expr, ExprKind, Slot};
use crate::eval::{eval, holds};
use crate::functions::{RANGE, range_items};
use crate::order;
use crate::plan::{Condition, OperatorId, OperatorKind};
use crate::{Context, Detail, Error, ErrorKind, Row, Val};

/// Why no more rows are wanted.
#[derive(Debug)]
pub(crate) enum Stop {
    /// There are enough.
    Enough,
    /// Something went wrong.
    Failed(Box<Error>),
}

/// Whether to go on.
pub(crate) type Done = Result<(), Stop>;

/// What takes the rows of an operator.
pub(crate) type Next<'a> = dyn FnMut(&mut Row) -> Done + 'a;

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(Box::new(error))
    }
}

/// Whether all went well; that there were enough rows is no fault.
pub(crate) fn finish(done: Done) -> Result<(), Error> {
    match done {
        Ok(()) | Err(Stop::Enough) => Ok(()),
        Err(Stop::Failed(error)) => Err(*error),
    }
}

/// Runs an operator and all below it, from the row as it stands.
pub(crate) fn run(id: OperatorId, row: &mut Row, ctx: &Context<'_>, next: &mut Next<'_>) -> Done {
    match ctx.state.profile() {
        None => run_plainly(id, row, ctx, next),
        Some(profile) => {
            let outer = profile.switch(Some(id));
            let done = run_plainly(id, row, ctx, &mut |row| {
                profile.count(id);
                let inner = profile.switch(outer);
                let done = next(row);
                profile.switch(inner);
                done
            });
            profile.switch(outer);
            done
        }
    }
}

fn run_plainly(id: OperatorId, row: &mut Row, ctx: &Context<'_>, next: &mut Next<'_>) -> Done {
    let operator = ctx.plan()?.operator(id);
    let Some(input) = operator.input else { return next(row) };
    match &operator.kind {
        OperatorKind::Argument => next(row),
        OperatorKind::Barrier => ctx.state.take_rows().for_each(row, ctx, next),
        OperatorKind::NodeScan { node, access, compare, guards } => {
            run(input, row, ctx, &mut |row| {
                let looked_up = match scan::look_up(access, row, ctx) {
                    Ok(it) => it,
                    Err(error) => return fail_if_asked(error, *node, guards, row, ctx),
                };
                scan::nodes(looked_up, row, ctx, &mut |row, it, is_sure| {
                    row[node.index()] = Val::Node(it);
                    if is_sure || all_hold(compare, row, ctx)? { next(row) } else { Ok(()) }
                })
            })
        }
        OperatorKind::TieScan { tie, start, end, types, either, unlike } => {
            run(input, row, ctx, &mut |row| {
                scan::ties(types.as_ref(), ctx, &mut |it| {
                    if expand::is_taken(unlike, it, row) {
                        return Ok(());
                    }
                    let (from, to) = (ctx.graph.start(it), ctx.graph.end(it));
                    row[tie.index()] = Val::Relationship(it);
                    row[start.index()] = Val::Node(from);
                    row[end.index()] = Val::Node(to);
                    next(row)?;
                    if *either && from != to {
                        row[tie.index()] = Val::Relationship(it);
                        row[start.index()] = Val::Node(to);
                        row[end.index()] = Val::Node(from);
                        next(row)?;
                    }
                    Ok(())
                })
            })
        }
        OperatorKind::MustBeNodes(slots) => run(input, row, ctx, &mut |row| {
            for slot in slots {
                if node_at(row, *slot)?.is_none() {
                    return Ok(());
                }
            }
            next(row)
        }),
        OperatorKind::Expand(it) => {
            let types = ctx.types(id, it.types.as_ref());
            run(input, row, ctx, &mut |row| expand::expand(it, types, row, ctx, next))
        }
        OperatorKind::Meet(it) => {
            let types = ctx.types_of_meet(id, it);
            run(input, row, ctx, &mut |row| meet::meet(it, types, row, ctx, next))
        }
        OperatorKind::VarExpand(it) => {
            let types = ctx.types(id, it.ends.types.as_ref());
            run(input, row, ctx, &mut |row| match it.only_ends {
                true => ends::expand(it, types, row, ctx, next),
                false => walk::expand(it, types, row, ctx, next),
            })
        }
        OperatorKind::Repeat(it) => {
            run(input, row, ctx, &mut |row| repeat::expand(it, row, ctx, next))
        }
        OperatorKind::BoundTie(it) => {
            run(input, row, ctx, &mut |row| expand::bound_tie(it, row, ctx, next))
        }
        OperatorKind::BoundWalk(it) => {
            run(input, row, ctx, &mut |row| walk::bound_walk(it, row, ctx, next))
        }
        OperatorKind::ShortestPath(it) => {
            let types = ctx.types(id, it.walk.ends.types.as_ref());
            run(input, row, ctx, &mut |row| shortest::find(it, types, row, ctx, next))
        }
        OperatorKind::Path { path, nodes, ties } => run(input, row, ctx, &mut |row| {
            row[path.index()] = walk::path(nodes, ties, row, ctx);
            next(row)
        }),
        OperatorKind::Filter(conditions) => run(input, row, ctx, &mut |row| {
            if all_hold(conditions, row, ctx)? { next(row) } else { Ok(()) }
        }),
        OperatorKind::Optional { inner, introduced } => run(input, row, ctx, &mut |row| {
            let mut found = false;
            run(*inner, row, ctx, &mut |row| {
                found = true;
                next(row)
            })?;
            if found {
                return Ok(());
            }
            for slot in introduced {
                row[slot.index()] = Val::Null;
            }
            next(row)
        }),
        OperatorKind::Unwind { list, slot } => {
            run(input, row, ctx, &mut |row| unwind(list, *slot, row, ctx, next))
        }
        OperatorKind::Project(columns) => run(input, row, ctx, &mut |row| {
            let n_made = ctx.n_made();
            for (slot, expr) in columns {
                row[slot.index()] = eval(expr, row, ctx)?;
            }
            next(row)?;
            if ctx.n_made() != n_made {
                forget_made(columns, n_made, row, ctx);
            }
            Ok(())
        }),
        OperatorKind::Aggregate { aggregation: it, run_of } => match run_of {
            Some(node) if aggregate::is_one_each(node, ctx) => {
                aggregate::by_runs(it, node.slot, input, row, ctx, next)
            }
            _ => aggregate::aggregate(it, input, row, ctx, next),
        },
        OperatorKind::CountSteps(it) => {
            let types = ctx.types_of_steps(id, &it.steps);
            aggregate::count_steps(it, types, input, row, ctx, next)
        }
        OperatorKind::CountReached { hops, result } => {
            reach::count(hops, *result, (id, input), row, ctx, next)
        }
        OperatorKind::Distinct(slots) => {
            let mut seen = rows::Seen::new(ctx);
            run(input, row, ctx, &mut |row| {
                if seen.is_new(slots, row, ctx)? { next(row) } else { Ok(()) }
            })
        }
        OperatorKind::Sort { by, keep } => sort::sort(by, keep, input, row, ctx, next),
        OperatorKind::Top(it) => {
            let skip = it.skip.as_ref().map_or(Ok(0), |it| n_rows("SKIP", it, row, ctx))?;
            let limit = n_rows("LIMIT", &it.limit, row, ctx)?;
            sort::top(it, (skip, limit), input, row, ctx, next)
        }
        OperatorKind::Skip(expr) => {
            let mut n_left = n_rows("SKIP", expr, row, ctx)?;
            run(input, row, ctx, &mut |row| {
                if n_left == 0 {
                    return next(row);
                }
                n_left -= 1;
                Ok(())
            })
        }
        OperatorKind::Limit(expr) => {
            let mut n_left = n_rows("LIMIT", expr, row, ctx)?;
            if n_left == 0 {
                return Ok(());
            }
            let mut is_full = false;
            let done = run(input, row, ctx, &mut |row| {
                n_left -= 1;
                next(row)?;
                if n_left == 0 {
                    is_full = true;
                    return Err(Stop::Enough);
                }
                Ok(())
            });
            match done {
                Err(Stop::Enough) if is_full => Ok(()),
                done => done,
            }
        }
        OperatorKind::Call(it) => {
            run(input, row, ctx, &mut |row| subquery::call(it, row, ctx, next))
        }
        OperatorKind::Subquery { id, results } => {
            run(input, row, ctx, &mut |row| subquery::join(*id, results, row, ctx, next))
        }
        OperatorKind::Create(_)
        | OperatorKind::Merge { .. }
        | OperatorKind::Set(_)
        | OperatorKind::Remove(_)
        | OperatorKind::Delete { .. } => Err(Error::bug("a write was run as if it read").into()),
    }
}

/// Drops the values that were made for a row that nobody needs any more.
#[cold]
fn forget_made(columns: &[(Slot, Expr)], n_made: usize, row: &mut Row, ctx: &Context<'_>) {
    for (slot, _) in columns.iter().filter(|it| !matches!(it.1.kind, ExprKind::Slot(_))) {
        row[slot.index()] = Val::Null;
    }
    ctx.unmake_to(n_made);
}

/// What could not be computed is a fault only if there is a node for which it is asked.
fn fail_if_asked(
    error: Error,
    node: Slot,
    guards: &[Condition],
    row: &mut Row,
    ctx: &Context<'_>,
) -> Done {
    for it in ctx.graph.nodes() {
        ctx.step()?;
        row[node.index()] = Val::Node(it);
        if all_hold(guards, row, ctx)? {
            return Err(error.into());
        }
    }
    Ok(())
}

/// Whether all conditions hold.
fn all_hold(conditions: &[Condition], row: &mut Row, ctx: &Context<'_>) -> Result<bool, Error> {
    for condition in conditions {
        let holds = match condition {
            Condition::Expr(expr) => holds(expr, row, ctx)?,
            Condition::Properties { slot, map } => has_properties(*slot, map, row, ctx)?,
        };
        if !holds {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a node or relationship, or each of a list of them, has all properties of a map.
fn has_properties(slot: Slot, map: &Expr, row: &mut Row, ctx: &Context<'_>) -> Result<bool, Error> {
    let n_made = ctx.n_made();
    let map = match eval(map, row, ctx)? {
        Val::Map(map) => map,
        Val::Null => return Ok(false),
        other => {
            let message = format!("properties are a map, and this is {}", other.type_name());
            return Err(type_error(message).at(map.span));
        }
    };
    for (key, value) in map.iter() {
        let property = match row[slot.index()] {
            Val::Node(node) => ctx.graph.node_property(node, key)?,
            Val::Relationship(tie) => ctx.graph.tie_property(tie, key)?,
            _ => return Ok(false),
        };
        if order::equals(&property, value) != Some(true) {
            ctx.unmake_to(n_made);
            return Ok(false);
        }
    }
    ctx.unmake_to(n_made);
    Ok(true)
}

/// The node in a slot; None where it holds null.
fn node_at(row: &Row, slot: Slot) -> Result<Option<weft_graph::NodeIdx>, Error> {
    match &row[slot.index()] {
        Val::Node(node) => Ok(Some(*node)),
        Val::Null => Ok(None),
        other => Err(type_error(format!("a node stands here, and this is {}", other.type_name()))),
    }
}

/// How many rows `SKIP` or `LIMIT` says.
fn n_rows(word: &str, expr: &Expr, row: &mut Row, ctx: &Context<'_>) -> Result<usize, Error> {
    let fault = |detail, message| {
        Err(Error::runtime(ErrorKind::SyntaxError, detail, message).at(expr.span))
    };
    match eval(expr, row, ctx)? {
        Val::Integer(n) => match usize::try_from(n) {
            Ok(n) => Ok(n),
            Err(_) => {
                let message = format!("`{word}` takes a number of rows, and {n} is less than 0");
                fault(Detail::NegativeIntegerArgument, message)
            }
        },
        other => {
            let message = format!("`{word}` takes an integer, and this is {}", other.type_name());
            fault(Detail::InvalidArgumentType, message)
        }
    }
}

pub(crate) fn type_error(message: impl Into<String>) -> Error {
    Error::runtime(ErrorKind::TypeError, Detail::InvalidArgumentType, message)
}

/// A row for each element of a list. The integers of a `range` come one by one, in no list.
fn unwind(list: &Expr, slot: Slot, row: &mut Row, ctx: &Context<'_>, next: &mut Next<'_>) -> Done {
    let n_made = ctx.n_made();
    let mut hand_on = |item: Val, row: &mut Row| {
        ctx.step()?;
        row[slot.index()] = item;
        next(row)
    };
    if let ExprKind::Call(function, arguments) = &list.kind
        && function.name == RANGE
    {
        let arguments: Result<Vec<_>, _> = arguments.iter().map(|it| eval(it, row, ctx)).collect();
        let items = range_items(&arguments?).map_err(|it| it.at(list.span))?;
        return items.into_iter().flatten().try_for_each(|it| hand_on(it, row));
    }
    match eval(list, row, ctx)? {
        Val::Null => {}
        Val::List(items) => items.iter().try_for_each(|it| hand_on(it.clone(), row))?,
        other => hand_on(other, row)?,
    }
    if ctx.n_made() != n_made {
        row[slot.index()] = Val::Null;
        ctx.unmake_to(n_made);
    }
    Ok(())
}
