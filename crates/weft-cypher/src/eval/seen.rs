//! Values looked at where they lie, so that comparing a property or a variable copies nothing.

use std::borrow::Cow;

use crate::ast::Comparison;
use crate::bound::{Expr, ExprKind};
use crate::eval::{access, eval};
use crate::val::{is_large, n_bytes};
use crate::{Context, Error, Row, Stored, Val, order};

/// A value, wherever it lies.
pub(super) enum Seen<'a> {
    /// In a row, a query, or the parameters.
    Val(&'a Val),
    /// In the graph.
    Stored(Stored<'a>),
    /// Made for this.
    Made(Val),
}

impl<'a> Seen<'a> {
    /// The value of an expression that nothing must be computed for; None for any other.
    #[inline]
    pub(super) fn of(
        expr: &'a Expr,
        row: &'a Row,
        ctx: &'a Context<'_>,
    ) -> Result<Option<Self>, Error> {
        Ok(Some(match &expr.kind {
            ExprKind::Constant(val) => Self::Val(val),
            ExprKind::Slot(slot) => Self::Val(&row[slot.index()]),
            ExprKind::Parameter(position) => Self::Val(&ctx.parameters[*position as usize]),
            ExprKind::Property(of, key) => {
                let ExprKind::Slot(slot) = of.kind else { return Ok(None) };
                match &row[slot.index()] {
                    &Val::Node(node) => Self::Stored(
                        ctx.graph.stored_node_property(node, key).map_err(|it| it.at(expr.span))?,
                    ),
                    &Val::Relationship(tie) => Self::Stored(
                        ctx.graph.stored_tie_property(tie, key).map_err(|it| it.at(expr.span))?,
                    ),
                    Val::Map(map) => map.get(key).map_or(Self::Made(Val::Null), Self::Val),
                    other => Self::Made(
                        access::property(other, key, ctx).map_err(|it| it.at(expr.span))?,
                    ),
                }
            }
            _ => return Ok(None),
        }))
    }

    pub(super) fn val(&self) -> Cow<'_, Val> {
        match self {
            Self::Val(val) | Self::Stored(Stored::Val(val)) => Cow::Borrowed(val),
            Self::Made(val) | Self::Stored(Stored::Made(val)) => Cow::Borrowed(val),
            Self::Stored(stored) => Cow::Owned(stored.clone().to_val()),
        }
    }

    pub(super) fn into_val(self) -> Val {
        match self {
            Self::Val(val) => val.clone(),
            Self::Stored(stored) => stored.to_val(),
            Self::Made(val) => val,
        }
    }

    /// The value if it is text.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Val(Val::String(text)) | Self::Made(Val::String(text)) => Some(text),
            Self::Stored(stored) => stored.as_text(),
            _ => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        match self {
            Self::Val(val) | Self::Stored(Stored::Val(val)) => val.is_null(),
            Self::Made(val) | Self::Stored(Stored::Made(val)) => val.is_null(),
            Self::Stored(Stored::Nothing) => true,
            Self::Stored(Stored::Text(_)) => false,
            Self::Stored(Stored::Value(value)) => value.is_null(),
        }
    }
}

/// Hands two values over, without copying those that lie somewhere.
#[inline]
pub(super) fn with_both<R>(
    a: &Expr,
    b: &Expr,
    row: &mut Row,
    ctx: &Context<'_>,
    f: impl FnOnce(&Seen<'_>, &Seen<'_>) -> R,
) -> Result<R, Error> {
    // Looking at a value borrows the row, computing one needs it whole: the computed ones come first.
    let computed = |it: &Expr, row: &mut Row| match is_simple(it) {
        true => Ok(None),
        false => eval(it, row, ctx).map(|it| Some(Seen::Made(it))),
    };
    let (computed_a, computed_b) = (computed(a, row)?, computed(b, row)?);
    let seen = |it| Ok(Seen::of(it, row, ctx)?.unwrap_or(Seen::Made(Val::Null)));
    let a = computed_a.map_or_else(|| seen(a), Ok)?;
    let b = computed_b.map_or_else(|| seen(b), Ok)?;
    Ok(f(&a, &b))
}

/// Whether a comparison holds; None for null.
#[inline]
pub(super) fn holds(
    comparison: Comparison,
    a: &Seen<'_>,
    b: &Seen<'_>,
    ctx: &Context<'_>,
) -> Result<Option<bool>, Error> {
    if let (Some(a), Some(b)) = (a.as_text(), b.as_text()) {
        ctx.steps_through(a.len().min(b.len()))?;
        return Ok(Some(match comparison {
            Comparison::Equal => a == b,
            Comparison::NotEqual => a != b,
            Comparison::Less => a < b,
            Comparison::LessOrEqual => a <= b,
            Comparison::Greater => a > b,
            Comparison::GreaterOrEqual => a >= b,
        }));
    }
    let (a, b) = (a.val(), b.val());
    if is_large(&a) && is_large(&b) {
        ctx.steps_through(n_bytes(&a).min(n_bytes(&b)))?;
    }
    Ok(order::holds(comparison, &a, &b))
}

fn is_simple(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Constant(_) | ExprKind::Slot(_) | ExprKind::Parameter(_) => true,
        ExprKind::Property(of, _) => matches!(of.kind, ExprKind::Slot(_)),
        _ => false,
    }
}
