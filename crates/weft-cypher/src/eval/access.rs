//! What lies inside a value: properties, elements, parts of lists, labels.

use std::sync::Arc;

use crate::bound::{Labels, MapPiece};
use crate::eval::{eval, type_error};
use crate::functions::temporal;
use crate::{Context, Detail, Entries, Error, ErrorKind, Row, Val};

/// `of.key`; null where there is none of that key.
pub(crate) fn property(of: &Val, key: &str, ctx: &Context<'_>) -> Result<Val, Error> {
    match of {
        Val::Null => Ok(Val::Null),
        Val::Node(node) => ctx.graph.node_property(*node, key),
        Val::Relationship(tie) => ctx.graph.tie_property(*tie, key),
        Val::Map(map) => Ok(map.get(key).cloned().unwrap_or_default()),
        Val::Point(point) => crate::functions::point::component(point, key),
        Val::Date(_)
        | Val::LocalTime(_)
        | Val::Time(_)
        | Val::LocalDateTime(_)
        | Val::DateTime(_)
        | Val::Duration(_) => temporal::component(of, key),
        Val::Boolean(_)
        | Val::Integer(_)
        | Val::Float(_)
        | Val::String(_)
        | Val::List(_)
        | Val::Path(_) => {
            let of = of.type_name();
            let message = format!("{of} has no properties, so `.{key}` means nothing here");
            Err(type_error(message).with_hint("a function takes the value: `size(x)`, `nodes(x)`"))
        }
    }
}

/// All properties of a node, a relationship or a map; None for any other value.
pub(crate) fn all_properties(of: &Val, ctx: &Context<'_>) -> Option<Result<Entries, Error>> {
    match of {
        Val::Node(node) => Some(ctx.graph.node_properties(*node)),
        Val::Relationship(tie) => Some(ctx.graph.tie_properties(*tie)),
        Val::Map(map) => Some(Ok((**map).clone())),
        _ => None,
    }
}

/// `of {.key, ..}`
pub(super) fn project(
    of: &Val,
    pieces: &[MapPiece],
    row: &mut Row,
    ctx: &Context<'_>,
) -> Result<Val, Error> {
    if of.is_null() {
        return Ok(Val::Null);
    }
    let mut entries = Entries::default();
    for piece in pieces {
        match piece {
            MapPiece::Property(key) => {
                entries.insert(key.clone(), property(of, key, ctx)?);
            }
            MapPiece::Entry(key, value) => {
                entries.insert(key.clone(), eval(value, row, ctx)?);
            }
            MapPiece::All => match all_properties(of, ctx) {
                Some(all) => entries.extend(all?),
                None => {
                    let message = format!("{} has no properties to take", of.type_name());
                    return Err(type_error(message));
                }
            },
        }
    }
    Val::map(entries)
}

/// `of[index]`: an element of a list, counted from the end if negative, or a property by its name.
pub(super) fn index(of: &Val, index: &Val, ctx: &Context<'_>) -> Result<Val, Error> {
    match (of, index) {
        (Val::Null, _) => Ok(Val::Null),
        (Val::List(_) | Val::Map(_) | Val::Node(_) | Val::Relationship(_), Val::Null) => {
            Ok(Val::Null)
        }
        (Val::List(list), Val::Integer(index)) => {
            let index = if *index < 0 { index + list.len() as i64 } else { *index };
            let index = usize::try_from(index).ok();
            Ok(index.and_then(|it| list.get(it)).cloned().unwrap_or_default())
        }
        (Val::List(_), _) => {
            let message = format!(
                "an element of a list is found by an integer, not by {}",
                index.type_name()
            );
            Err(Error::runtime(
                ErrorKind::TypeError,
                Detail::ListElementAccessByNonInteger,
                message,
            ))
        }
        (Val::Map(_) | Val::Node(_) | Val::Relationship(_), Val::String(key)) => {
            property(of, key, ctx)
        }
        (Val::Map(_) | Val::Node(_) | Val::Relationship(_), _) => {
            let message =
                format!("a property is found by its name, a string, not by {}", index.type_name());
            Err(Error::runtime(ErrorKind::TypeError, Detail::MapElementAccessByNonString, message))
        }
        _ => Err(type_error(format!(
            "{} has no elements, so `[..]` means nothing here",
            of.type_name()
        ))),
    }
}

/// `of[from..to]`: the elements at `from` and after, before `to`.
pub(super) fn slice(of: &Val, from: Option<&Val>, to: Option<&Val>) -> Result<Val, Error> {
    let list = match of {
        Val::Null => return Ok(Val::Null),
        Val::List(list) => list,
        _ => {
            return Err(type_error(format!(
                "a part can be taken of a list only, not of {}",
                of.type_name()
            )));
        }
    };
    let n_items = list.len() as i64;
    let position = |bound: Option<&Val>, default: i64| match bound {
        None => Ok(Some(default)),
        Some(Val::Null) => Ok(None),
        Some(Val::Integer(it)) if *it < 0 => Ok(Some((it + n_items).max(0))),
        Some(Val::Integer(it)) => Ok(Some((*it).min(n_items))),
        Some(it) => Err(type_error(format!(
            "a part of a list goes between integers, not {}",
            it.type_name()
        ))),
    };
    let (Some(from), Some(to)) = (position(from, 0)?, position(to, n_items)?) else {
        return Ok(Val::Null);
    };
    let part = list.get(from as usize..to as usize).unwrap_or_default();
    Ok(Val::List(part.iter().cloned().collect()))
}

/// `of:Labels`; of a relationship, its type.
pub(crate) fn has_labels(
    of: &Val,
    labels: &Labels,
    ctx: &Context<'_>,
) -> Result<Option<bool>, Error> {
    match *of {
        Val::Null => Ok(None),
        Val::Node(node) => {
            ctx.graph.must_be_there(node)?;
            let has = |label: &str| ctx.graph.has_label(node, label);
            Ok(Some(labels.hold(&has, &|| !ctx.graph.labels(node).is_empty())))
        }
        Val::Relationship(tie) => {
            let relation_type = ctx.graph.relation_type_ref(tie);
            Ok(Some(labels.hold(&|label| **relation_type == *label, &|| true)))
        }
        _ => Err(type_error(format!("{} has no labels", of.type_name()))),
    }
}

/// `of:$(labels)`: whether it has all of these, or with `any` one of them.
pub(crate) fn has_computed_labels(
    of: &Val,
    labels: &Val,
    any: bool,
    ctx: &Context<'_>,
) -> Result<Option<bool>, Error> {
    if labels.is_null() {
        return Ok(None);
    }
    let labels = computed_labels(labels)?.into_iter().map(Labels::Label).collect();
    has_labels(of, &if any { Labels::Or(labels) } else { Labels::And(labels) }, ctx)
}

/// The labels that a value says: a string, or a list of them.
pub(crate) fn computed_labels(of: &Val) -> Result<Vec<Arc<str>>, Error> {
    let one = |it: &Val| match it {
        Val::String(label) if !label.is_empty() => Ok(label.clone()),
        Val::String(_) => Err(type_error("a label or type cannot be empty")),
        it => {
            let message = format!("a label or type is a string, and this is {}", it.type_name());
            Err(type_error(message))
        }
    };
    match of {
        Val::List(all) => all.iter().map(one).collect(),
        of => Ok(vec![one(of)?]),
    }
}

impl Labels {
    /// Whether they hold of what bears the labels that `has` says, and any label at all.
    pub fn hold(&self, has: &dyn Fn(&str) -> bool, has_any: &dyn Fn() -> bool) -> bool {
        match self {
            Self::Label(label) => has(label),
            Self::Any => has_any(),
            Self::And(all) => all.iter().all(|it| it.hold(has, has_any)),
            Self::Or(all) => all.iter().any(|it| it.hold(has, has_any)),
            Self::Not(it) => !it.hold(has, has_any),
        }
    }
}
