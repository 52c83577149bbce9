//! Conditions on a shortest path that can be told of each of its nodes or relationships by itself, so
//! that a search never enters what breaks them. Knows nothing of searching.

use super::operator::{Along, Condition, Each};
use super::uses::Uses;
use crate::ast::{Comparison, Quantifier};
use crate::bound::{Expr, ExprKind, Slot};

/// The conditions, taken apart; None if one of them speaks of the path as a whole.
pub(super) fn along(
    conditions: &[Condition],
    path: Option<Slot>,
    ties: Slot,
    uses: &Uses,
) -> Option<Along> {
    let whole = Whole { path, ties, uses };
    let mut along = Along::default();
    for condition in conditions {
        let Condition::Expr(expr) = condition else { return None };
        whole.take(expr, &mut along)?;
    }
    Some(along)
}

/// The slots in which the path as a whole stands.
struct Whole<'a> {
    path: Option<Slot>,
    ties: Slot,
    uses: &'a Uses,
}

impl Whole<'_> {
    fn take(&self, expr: &Expr, along: &mut Along) -> Option<()> {
        match &expr.kind {
            ExprKind::And(all) => all.iter().try_for_each(|it| self.take(it, along)),
            ExprKind::Quantifier { quantifier, slot, list, predicate } => {
                let is = match quantifier {
                    Quantifier::All => true,
                    Quantifier::None => false,
                    Quantifier::Any | Quantifier::Single => return None,
                };
                self.each((*slot, list, predicate, is), along)
            }
            ExprKind::Not(of) => match &of.kind {
                ExprKind::Quantifier { quantifier: Quantifier::Any, slot, list, predicate } => {
                    self.each((*slot, list, predicate, false), along)
                }
                _ => None,
            },
            ExprKind::Comparison(first, rest) => {
                let [(comparison, second)] = rest.as_slice() else { return None };
                let (length, n, is_closed) = match comparison {
                    Comparison::Less => (&**first, second, false),
                    Comparison::LessOrEqual => (&**first, second, true),
                    Comparison::Greater => (second, &**first, false),
                    Comparison::GreaterOrEqual => (second, &**first, true),
                    Comparison::Equal | Comparison::NotEqual => return None,
                };
                if !self.is_length(length) || !self.is_free(n) {
                    return None;
                }
                along.at_most.push((n.clone(), is_closed));
                Some(())
            }
            _ => None,
        }
    }

    fn each(
        &self,
        (slot, list, predicate, is): (Slot, &Expr, &Expr, bool),
        along: &mut Along,
    ) -> Option<()> {
        if !self.is_free(predicate) {
            return None;
        }
        let each = Each { slot, predicate: predicate.clone(), is };
        if self.is_of_path(list, "nodes") {
            along.nodes.push(each);
        } else if self.is_ties(list) {
            along.ties.push(each);
        } else {
            return None;
        }
        Some(())
    }

    /// Whether an expression reads nothing of the path.
    fn is_free(&self, expr: &Expr) -> bool {
        !self.uses.expr(expr).iter().any(|it| *it == self.ties || Some(*it) == self.path)
    }

    fn is_length(&self, expr: &Expr) -> bool {
        let is_size = match &expr.kind {
            ExprKind::Call(function, arguments) if function.name == "size" => {
                matches!(arguments.as_slice(), [of] if self.is_ties(of))
            }
            _ => false,
        };
        is_size || self.is_of_path(expr, "length")
    }

    fn is_ties(&self, expr: &Expr) -> bool {
        let is_slot = matches!(expr.kind, ExprKind::Slot(it) if it == self.ties);
        is_slot || self.is_of_path(expr, "relationships")
    }

    /// Whether an expression is a function of the path.
    fn is_of_path(&self, expr: &Expr, name: &str) -> bool {
        match &expr.kind {
            ExprKind::Call(function, arguments) if function.name == name => {
                let [of] = arguments.as_slice() else { return false };
                matches!(of.kind, ExprKind::Slot(it) if Some(it) == self.path)
            }
            _ => false,
        }
    }
}
