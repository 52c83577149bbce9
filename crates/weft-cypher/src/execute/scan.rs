//! Finding nodes and relationships by themselves.

use weft_graph::{NodeIdx, TieIdx};

use super::{Done, type_error};
use crate::bound::Labels;
use crate::eval::eval;
use crate::graph::Found;
use crate::plan::Access;
use crate::{Context, Error, Row, Val};

/// Hands on the nodes that an access finds, each with whether it is sure to be one that was asked for
/// (see [`Access`]).
pub(super) fn nodes(
    access: &Access,
    row: &mut Row,
    ctx: &Context<'_>,
    found: &mut dyn FnMut(&mut Row, NodeIdx, bool) -> Done,
) -> Done {
    let graph = ctx.graph;
    let mut hand_on = |row: &mut Row, it: NodeIdx| {
        ctx.step()?;
        found(row, it, true)
    };
    let looked_up = match access {
        Access::All => return graph.nodes().try_for_each(|it| hand_on(row, it)),
        Access::Label(label) => {
            return graph.nodes_with_label(label).try_for_each(|it| hand_on(row, it));
        }
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
                for item in items.iter() {
                    let found = graph.nodes_where_equal(key, item);
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
                return Err(type_error(message).into());
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
    looked_up.nodes.into_iter().try_for_each(|it| {
        ctx.step()?;
        found(row, it, looked_up.is_exact)
    })
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
