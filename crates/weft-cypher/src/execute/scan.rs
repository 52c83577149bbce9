//! Finding nodes and relationships by themselves.

use std::collections::HashSet;

use foldhash::fast::FixedState;
use weft_graph::{NodeIdx, TieIdx};

use super::{Done, type_error};
use crate::bound::Labels;
use crate::eval::eval;
use crate::graph::Found;
use crate::plan::Access;
use crate::{Context, Error, Row, Val};

/// The nodes of an access.
pub(super) enum LookedUp<'a> {
    /// All there are.
    All,
    /// All that bear a label.
    Label(&'a str),
    /// These, each with whether it is sure to be one that was asked for (see [`Access`]).
    Found(Found),
}

/// Looks up what an access says.
pub(super) fn look_up<'a>(
    access: &'a Access,
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<LookedUp<'a>, Error> {
    let graph = ctx.graph;
    let found = match access {
        Access::All => return Ok(LookedUp::All),
        Access::Label(label) => return Ok(LookedUp::Label(label)),
        Access::Key(value) => {
            let node = match eval(value, row, ctx)? {
                Val::Integer(key) => graph.find_node_key(key),
                Val::Float(key) if key.fract() == 0.0 => graph.find_node_key(key as i64),
                _ => None,
            };
            Found { nodes: node.into_iter().collect(), is_exact: false }
        }
        Access::ElementId(value) => {
            let node = match eval(value, row, ctx)? {
                Val::String(id) => graph.find_node_element_id(&id),
                _ => None,
            };
            Found { nodes: node.into_iter().collect(), is_exact: false }
        }
        Access::Equal { key, value, .. } => {
            let value = eval(value, row, ctx)?;
            graph.nodes_where_equal(key, &value)
        }
        Access::OneOf { key, list, .. } => match eval(list, row, ctx)? {
            Val::List(items) => {
                // A node must come once, however often its value is in the list.
                let mut all = Found { nodes: Vec::new(), is_exact: true };
                let (mut values, mut held) = (HashSet::<&Val, FixedState>::default(), ctx.held());
                for item in items.iter() {
                    ctx.step()?;
                    held.make_room(&mut values)?;
                    if !values.insert(item) {
                        continue;
                    }
                    let found = graph.nodes_where_equal(key, item);
                    held.add(size_of_val(&*found.nodes))?;
                    all.nodes.extend(found.nodes);
                    all.is_exact &= found.is_exact;
                }
                all.nodes.sort_unstable();
                all.nodes.dedup();
                all
            }
            Val::Null => Found::default(),
            other => {
                let message = format!("`IN` takes a list, and this is {}", other.type_name());
                return Err(type_error(message));
            }
        },
        Access::Range { key, from, to, .. } => {
            let bound = |it: &Option<(crate::bound::Expr, bool)>, row: &mut Row| {
                let bound =
                    it.as_ref().map(|(it, closed)| Ok::<_, Error>((eval(it, row, ctx)?, *closed)));
                bound.transpose()
            };
            let (from, to) = (bound(from, row)?, bound(to, row)?);
            graph.nodes_in_range(key, from.as_ref(), to.as_ref())
        }
        Access::Prefix { key, prefix, .. } => match eval(prefix, row, ctx)? {
            Val::String(prefix) => graph.nodes_with_prefix(key, &prefix),
            _ => Found::default(),
        },
    };
    Ok(LookedUp::Found(found))
}

/// Hands on what was looked up, each node with whether it is sure to be one that was asked for.
pub(super) fn nodes(
    looked_up: LookedUp<'_>,
    row: &mut Row,
    ctx: &Context<'_>,
    found: &mut dyn FnMut(&mut Row, NodeIdx, bool) -> Done,
) -> Done {
    let mut hand_on = |row: &mut Row, it: NodeIdx, is_exact: bool| {
        ctx.step()?;
        found(row, it, is_exact)
    };
    match looked_up {
        LookedUp::All => ctx.graph.nodes().try_for_each(|it| hand_on(row, it, true)),
        LookedUp::Label(label) => {
            ctx.graph.nodes_with_label(label).try_for_each(|it| hand_on(row, it, true))
        }
        LookedUp::Found(Found { nodes, is_exact }) => {
            nodes.into_iter().try_for_each(|it| hand_on(row, it, is_exact))
        }
    }
}

/// Hands on the relationships of some types.
pub(super) fn ties(
    types: Option<&Labels>,
    ctx: &Context<'_>,
    found: &mut dyn FnMut(TieIdx) -> Done,
) -> Done {
    ctx.graph.ties().try_for_each(|it| {
        ctx.step()?;
        if is_of_type(types, it, ctx) { found(it) } else { Ok(()) }
    })
}

/// Whether a relationship is of some types.
pub(super) fn is_of_type(types: Option<&Labels>, tie: TieIdx, ctx: &Context<'_>) -> bool {
    match types {
        None => true,
        Some(Labels::Label(name)) => ctx.graph.relation_type_ref(tie) == name,
        Some(types) => {
            let relation_type = ctx.graph.relation_type_ref(tie);
            types.hold(&|name| name == &**relation_type, &|| true)
        }
    }
}
