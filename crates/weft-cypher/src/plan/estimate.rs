//! How many rows a step is thought to give, by what the graph knows of itself.

use crate::Graph;
use crate::ast::{BinaryOperator, Direction};
use crate::bound::{Expr, ExprKind, Labels, Pattern};

/// The part of nodes that have a given value of a property, where nothing better is known.
const EQUAL_PART: f64 = 0.01;
/// The part of rows that an inequality keeps.
const RANGE_PART: f64 = 0.3;
/// The part of rows that a test of text keeps.
const TEXT_PART: f64 = 0.1;
/// The part of rows that any other condition keeps.
const OTHER_PART: f64 = 0.5;

/// Of so few nodes it is not asked how many values a property has: looking through them is cheap.
const FEW_NODES: f64 = 64.0;

/// What is known of a graph.
#[derive(Clone, Copy)]
pub(super) struct Estimate<'g> {
    graph: &'g Graph,
}

impl<'g> Estimate<'g> {
    pub(super) fn new(graph: &'g Graph) -> Self {
        Self { graph }
    }

    /// Whether no two nodes that were committed have the same `id`.
    pub(super) fn ids_differ(&self) -> bool {
        !self.graph.snapshot().schema().is_open()
    }

    /// How many nodes there are.
    pub(super) fn n_nodes(&self) -> f64 {
        self.graph.n_nodes() as f64
    }

    /// How many nodes bear a label.
    pub(super) fn n_with_label(&self, label: &str) -> f64 {
        self.graph.n_nodes_with_label(label) as f64
    }

    /// How many relationships are of some types.
    pub(super) fn n_ties(&self, types: Option<&Labels>) -> f64 {
        match types {
            None | Some(Labels::Any) => self.graph.n_ties() as f64,
            Some(Labels::Label(name)) => self.graph.n_ties_of_type(name) as f64,
            Some(Labels::Or(any)) => {
                let sum: f64 = any.iter().map(|it| self.n_ties(Some(it))).sum();
                sum.min(self.graph.n_ties() as f64)
            }
            Some(Labels::And(all)) => {
                all.iter().map(|it| self.n_ties(Some(it))).fold(f64::INFINITY, f64::min)
            }
            Some(Labels::Not(it)) => self.graph.n_ties() as f64 - self.n_ties(Some(it)),
        }
    }

    /// How many relationships of some types an average node has that way.
    pub(super) fn degree(&self, types: Option<&Labels>, direction: Direction) -> f64 {
        let ways = if direction == Direction::Either { 2.0 } else { 1.0 };
        self.n_ties(types) * ways / self.n_nodes().max(1.0)
    }

    /// How many ways an average node has from the start of a path to its end.
    pub(super) fn degree_of(&self, path: &Pattern) -> f64 {
        path.relationships.iter().map(|it| self.degree(it.types.as_ref(), it.direction)).product()
    }

    /// The part of nodes that bear labels.
    pub(super) fn part_with(&self, labels: &Labels) -> f64 {
        let n_nodes = self.n_nodes().max(1.0);
        match labels {
            Labels::Label(name) => self.n_with_label(name) / n_nodes,
            Labels::Any => 1.0,
            Labels::And(all) => all.iter().map(|it| self.part_with(it)).product(),
            Labels::Or(any) => any.iter().map(|it| self.part_with(it)).sum::<f64>().min(1.0),
            Labels::Not(it) => 1.0 - self.part_with(it),
        }
    }

    /// The part of rows that a condition keeps.
    pub(super) fn part(&self, condition: &Expr) -> f64 {
        match &condition.kind {
            ExprKind::HasLabels(_, labels) => self.part_with(labels),
            ExprKind::Comparison(_, rest) => match rest.as_slice() {
                [(crate::ast::Comparison::Equal, _)] => EQUAL_PART,
                [(crate::ast::Comparison::NotEqual, _)] => 1.0 - EQUAL_PART,
                _ => RANGE_PART,
            },
            ExprKind::Binary(
                BinaryOperator::StartsWith
                | BinaryOperator::EndsWith
                | BinaryOperator::Contains
                | BinaryOperator::Regex,
                ..,
            ) => TEXT_PART,
            ExprKind::Binary(BinaryOperator::In, ..) => TEXT_PART,
            _ => OTHER_PART,
        }
    }

    /// How many of a label's nodes (of all, without one) have a given value of a property.
    pub(super) fn n_equal(&self, label: Option<&str>, key: &str) -> f64 {
        let n = label.map_or(self.n_nodes(), |it| self.n_with_label(it));
        if n <= FEW_NODES {
            return n * EQUAL_PART;
        }
        let (n_have, n_values) = self.graph.n_values(key);
        let n_each = n_have as f64 / n_values.max(1) as f64;
        n_each.min(n)
    }

    /// How many of a label's nodes lie in a range of a property.
    pub(super) fn n_in_range(&self, label: Option<&str>, is_prefix: bool) -> f64 {
        let n = label.map_or(self.n_nodes(), |it| self.n_with_label(it));
        n * if is_prefix { TEXT_PART } else { RANGE_PART }
    }
}
