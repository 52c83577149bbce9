//! Patterns that are looked for: which variables they bring, and which were there before.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Binder;
use super::expression::bind_labels;
use super::value_type::ValueType;
use crate::ast::{self, ExprKind, Name};
use crate::bound::{
    Match, NodePattern, Notice, NoticeKind, Pattern, Properties, RelationshipPattern, Slot,
};
use crate::functions::Type;
use crate::{Detail, Error, Span};

/// Whether a pattern may bring variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NewVariables {
    Allowed,
    /// It only asks whether it matches.
    Forbidden,
}

/// The slots of a pattern, each with whether an earlier clause filled it.
struct Slots {
    path: Option<Slot>,
    nodes: Vec<(Slot, bool)>,
    relationships: Vec<(Slot, bool)>,
}

/// What is known of the patterns of one clause.
struct Patterns {
    /// Slots from here on are new.
    first_new: u32,
    new_variables: NewVariables,
    relationships: HashSet<Slot, RandomState>,
}

impl<'a> Binder<'a> {
    /// What `MATCH` looks for.
    pub(super) fn match_patterns(
        &mut self,
        optional: bool,
        patterns: &'a [ast::Pattern],
        predicate: Option<&'a ast::Expr>,
        new_variables: NewVariables,
        span: Span,
    ) -> Match {
        let first_new = self.slot_names.len() as u32;
        let relationships = HashSet::default();
        let mut known = Patterns { first_new, new_variables, relationships };
        // All variables first: a property may speak of a node that stands behind it.
        let slots: Vec<_> = patterns.iter().map(|it| self.pattern_slots(it, &mut known)).collect();
        let introduced = (first_new..self.slot_names.len() as u32).map(Slot).collect();
        let patterns = patterns.iter().zip(slots);
        let patterns = patterns.map(|(it, slots)| self.pattern(it, slots)).collect();
        let predicate = predicate.map(|it| self.predicate(it));
        Match { optional, patterns, predicate, introduced, span }
    }

    fn pattern_slots(&mut self, pattern: &ast::Pattern, known: &mut Patterns) -> Slots {
        if let Some(shortest) = pattern.shortest {
            self.check_shortest(pattern, shortest);
        }
        let mut nodes = vec![self.node_slot(&pattern.start, known)];
        let mut relationships = Vec::with_capacity(pattern.steps.len());
        for (relationship, node) in &pattern.steps {
            relationships.push(self.relationship_slot(relationship, known));
            nodes.push(self.node_slot(node, known));
        }
        // The path comes last: nothing may stand in it that bears its name.
        let path = pattern.variable.as_ref();
        let path = path.map(|it| self.declare_new(it, ValueType::of(Type::Path)));
        Slots { path, nodes, relationships }
    }

    fn node_slot(&mut self, node: &ast::NodePattern, known: &Patterns) -> (Slot, bool) {
        let Some(name) = &node.variable else { return (self.anonymous_slot("node"), false) };
        if let Some((slot, value_type)) = self.known_slot(name) {
            if !value_type.may_be(Type::Node) {
                self.type_conflict(name, "a node", &value_type);
            }
            return (slot, slot.0 < known.first_new);
        }
        self.refuse_new(name, known);
        (self.declare(&name.text, ValueType::of(Type::Node)), false)
    }

    fn relationship_slot(
        &mut self,
        relationship: &ast::RelationshipPattern,
        known: &mut Patterns,
    ) -> (Slot, bool) {
        let Some(name) = &relationship.variable else {
            return (self.anonymous_slot("relationship"), false);
        };
        let is_list = relationship.length.is_some();
        let res = if let Some((slot, value_type)) = self.known_slot(name) {
            let fits = match is_list {
                true => value_type.may_be_relationships(),
                false => value_type.may_be(Type::Relationship),
            };
            let wanted = if is_list { "a list of relationships" } else { "a relationship" };
            if !fits {
                self.type_conflict(name, wanted, &value_type);
            } else if known.relationships.contains(&slot) {
                let message =
                    format!("the relationship `{}` stands twice in one `MATCH`", name.text);
                let hint =
                    "a relationship is taken once only: choose another name, or use two `MATCH`";
                self.syntax(Detail::RelationshipUniquenessViolation, name.span, message, hint);
            }
            (slot, slot.0 < known.first_new)
        } else {
            self.refuse_new(name, known);
            let one = ValueType::of(Type::Relationship);
            let value_type = if is_list { ValueType::list_of(one) } else { one };
            (self.declare(&name.text, value_type), false)
        };
        known.relationships.insert(res.0);
        res
    }

    /// A variable that is there already, as a pattern refers to it.
    pub(super) fn known_slot(&mut self, name: &Name) -> Option<(Slot, ValueType)> {
        let (depth, variable) = self.scope.find(&name.text)?;
        let (slot, value_type) = (variable.slot, variable.value_type.clone());
        if self.groupings.is_empty() {
            return Some((slot, value_type));
        }
        Some((self.slot_after_grouping(depth, slot, &name.text, name.span), value_type))
    }

    fn refuse_new(&mut self, name: &Name, known: &Patterns) {
        if known.new_variables == NewVariables::Forbidden {
            self.undefined(&name.text, name.span);
        }
    }

    pub(super) fn type_conflict(&mut self, name: &Name, wanted: &str, got: &ValueType) {
        let message = format!("`{}` must be {wanted} here, but it is {}", name.text, got.name());
        let hint = "choose another name";
        self.syntax(Detail::VariableTypeConflict, name.span, message, hint);
    }

    fn check_shortest(&mut self, pattern: &ast::Pattern, shortest: ast::Shortest) {
        let name = match shortest {
            ast::Shortest::One => "shortestPath",
            ast::Shortest::All => "allShortestPaths",
        };
        let message = match pattern.steps.as_slice() {
            [(relationship, _)] => match relationship.length {
                Some(length) if length.min.is_some_and(|it| it > 1) => {
                    format!("`{name}` finds paths from one relationship on: `*`, `*1..` or `*0..`")
                }
                _ => return,
            },
            _ => format!("`{name}` takes one relationship pattern between two nodes"),
        };
        let hint = "for example `shortestPath((a)-[*]->(b))`";
        self.syntax(Detail::InvalidRelationshipPattern, pattern.span, message, hint);
    }

    fn pattern(&mut self, pattern: &'a ast::Pattern, slots: Slots) -> Pattern {
        let mut node_slots = slots.nodes.into_iter();
        let mut next =
            |binder: &mut Self, it| node_slots.next().map(|slot| binder.node_pattern(it, slot));
        let mut nodes: Vec<_> = next(self, &pattern.start).into_iter().collect();
        let mut relationships = Vec::with_capacity(pattern.steps.len());
        for ((relationship, node), slot) in pattern.steps.iter().zip(slots.relationships) {
            relationships.push(self.relationship_pattern(relationship, slot));
            nodes.extend(next(self, node));
        }
        Pattern { path: slots.path, shortest: pattern.shortest, nodes, relationships }
    }

    fn node_pattern(
        &mut self,
        node: &'a ast::NodePattern,
        (slot, is_bound): (Slot, bool),
    ) -> NodePattern {
        self.wants(node.properties.as_ref());
        NodePattern {
            slot,
            is_bound,
            labels: node.labels.as_ref().map(bind_labels),
            properties: self.wanted_properties(node.properties.as_ref()),
            predicate: node.predicate.as_ref().map(|it| self.predicate(it)),
            span: node.span,
        }
    }

    fn relationship_pattern(
        &mut self,
        relationship: &'a ast::RelationshipPattern,
        (slot, is_bound): (Slot, bool),
    ) -> RelationshipPattern {
        self.wants(relationship.properties.as_ref());
        RelationshipPattern {
            slot,
            is_bound,
            types: relationship.types.as_ref().map(bind_labels),
            direction: relationship.direction,
            length: relationship.length.map(|it| (it.min.unwrap_or(1), it.max)),
            properties: self.wanted_properties(relationship.properties.as_ref()),
            predicate: relationship.predicate.as_ref().map(|it| self.predicate(it)),
            span: relationship.span,
        }
    }

    /// Notes what a pattern asks for that only the graph can judge, or that nothing can have.
    fn wants(&mut self, properties: Option<&ast::Expr>) {
        self.properties.read_by_pattern(properties);
        let Some(ExprKind::Map(entries)) = properties.map(|it| &it.kind) else { return };
        for (key, value) in entries.iter().filter(|it| it.1.kind == ExprKind::Null) {
            let message = format!(
                "`{{{0}: NULL}}` matches nothing: `WHERE n.{0} IS NULL` tests for null",
                key.text
            );
            let (kind, span) = (NoticeKind::ComparedWithNull, key.span.to(value.span));
            self.notices.push(Notice { kind, span, message });
        }
    }

    /// The properties that a pattern asks for: their keys must be known, so no parameter stands for
    /// all of them.
    pub(super) fn wanted_properties(&mut self, properties: Option<&'a ast::Expr>) -> Properties {
        let Some(it) = properties else { return Properties::None };
        if let ExprKind::Parameter(name) = &it.kind {
            let message = format!("`${name}` cannot stand for all properties of a pattern");
            let error = Error::syntax(Detail::InvalidParameterUse, it.span, message);
            self.error(error.with_hint(format!("name its keys: `{{key: ${name}.key}}`")));
            return Properties::None;
        }
        self.given_properties(Some(it))
    }

    /// The properties that a pattern gives to what it creates.
    pub(super) fn given_properties(&mut self, properties: Option<&'a ast::Expr>) -> Properties {
        match properties.map(|it| (&it.kind, it)) {
            None => Properties::None,
            Some((ExprKind::Map(entries), _)) => Properties::Map(self.distinct_entries(entries)),
            Some((_, it)) => Properties::Value(self.value(it)),
        }
    }

    /// The entries of a map; of two with one key the later one holds.
    fn distinct_entries(
        &mut self,
        entries: &'a [(Name, ast::Expr)],
    ) -> Vec<(Arc<str>, crate::bound::Expr)> {
        let mut res = self.entries(entries);
        let mut seen: HashSet<Arc<str>, RandomState> = HashSet::default();
        res.reverse();
        res.retain(|(key, _)| seen.insert(key.clone()));
        res.reverse();
        res
    }
}
