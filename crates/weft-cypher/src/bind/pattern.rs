//! Patterns that are looked for: which variables they bring, and which were there before.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Binder;
use super::expression::all_of;
use super::scope::{Layer, Variable};
use super::value_type::ValueType;
use crate::ast::{self, ExprKind, Name, Shortest};
use crate::bound::{
    Match, NodePattern, Notice, NoticeKind, Pattern, Properties, RelationshipPattern, Repeated,
    Slot,
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
    /// Those inside each path that is repeated, in order; None for one that was refused.
    repeated: Vec<Option<RepeatedSlots>>,
}

/// The slots of a path that is repeated.
struct RepeatedSlots {
    slots: Slots,
    /// What can be seen inside and nowhere else.
    layer: Layer,
    /// Those that are numbered among its own.
    own: Range<u32>,
    /// The named ones, each with the slot of the list that stands for it outside.
    lists: Vec<(Slot, Slot)>,
}

/// What is known of the patterns of one clause.
struct Patterns {
    /// Slots from here on are new.
    first_new: u32,
    new_variables: NewVariables,
    relationships: HashSet<Slot, RandomState>,
}

/// The slots of a clause that cannot be seen at a place in it.
#[derive(Clone, Debug)]
pub(super) struct Hidden {
    /// Those that the clause fills.
    all: Range<u32>,
    /// Those of them that can be seen.
    but: Range<u32>,
}

impl Hidden {
    fn has(&self, slot: Slot) -> bool {
        self.all.contains(&slot.0) && !self.but.contains(&slot.0)
    }
}

impl<'a> Binder<'a> {
    /// Refuses a variable of the same clause within a path of it that is repeated.
    pub(super) fn refuse_hidden(&mut self, slot: Slot, name: &str, span: Span) {
        if self.hidden.as_ref().is_some_and(|it| it.has(slot)) {
            let message = format!("`{name}` cannot be seen within a path that is repeated");
            let hint = "it sees its own variables and those of earlier clauses: ask for the rest in the \
                        `WHERE` behind the pattern";
            self.syntax(Detail::UndefinedVariable, span, message, hint);
        }
    }

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
        self.check_selected(patterns);
        // All variables first: a property may speak of a node that stands behind it.
        let slots: Vec<_> = patterns.iter().map(|it| self.pattern_slots(it, &mut known)).collect();
        let introduced = first_new..self.slot_names.len() as u32;
        let patterns = patterns.iter().zip(slots);
        let patterns = patterns.map(|(it, slots)| self.pattern(it, slots, &introduced)).collect();
        let introduced = introduced.map(Slot).collect();
        let predicate = predicate.map(|it| self.predicate(it));
        Match { optional, patterns, predicate, introduced, span }
    }

    fn pattern_slots(&mut self, pattern: &ast::Pattern, known: &mut Patterns) -> Slots {
        if let Some(shortest) = pattern.shortest {
            self.check_shortest(pattern, shortest);
        }
        let mut nodes = vec![self.node_slot(&pattern.start, known)];
        let mut relationships = Vec::with_capacity(pattern.steps.len());
        let mut repeated = Vec::new();
        for (relationship, node) in &pattern.steps {
            relationships.push(self.relationship_slot(relationship, known));
            if let Some(it) = &relationship.repeated {
                repeated.push(self.repeated_slots(it, known));
            }
            nodes.push(self.node_slot(node, known));
        }
        // The path comes last: nothing may stand in it that bears its name.
        let path = pattern.variable.as_ref();
        let path = path.map(|it| self.declare_new(it, ValueType::of(Type::Path)));
        Slots { path, nodes, relationships, repeated }
    }

    /// The slots of a path that is repeated: inside there is one node or relationship at a time, outside
    /// a list of them.
    fn repeated_slots(&mut self, it: &ast::Repeated, known: &Patterns) -> Option<RepeatedSlots> {
        let steps = &it.pattern.steps;
        let of_nodes = std::iter::once(&it.pattern.start).chain(steps.iter().map(|it| &it.1));
        let of_ties = steps.iter().filter_map(|it| it.0.variable.as_ref());
        let names: Vec<&Name> =
            of_nodes.filter_map(|it| it.variable.as_ref()).chain(of_ties).collect();
        if let Some(name) = names.iter().find(|it| self.scope.find(&it.text).is_some()) {
            let message = format!("the variable `{}` is there already", name.text);
            let hint = "in a path that is repeated each variable is its own: choose another name, and \
                        join the path to the nodes before and behind it";
            self.syntax(Detail::VariableAlreadyBound, name.span, message, hint);
            return None;
        }
        let is_repeated = |it: &ast::RelationshipPattern| it.length.is_some();
        let deeper = steps.iter().find(|it| is_repeated(&it.0)).map(|it| it.0.span);
        if let Some(span) = deeper.or(steps.is_empty().then_some(it.pattern.span)) {
            let message = "a path that is repeated is made of single relationships, at least one";
            let hint = "for example `((a)-[:TYPE]->(b)){1,3}`";
            self.syntax(Detail::InvalidRelationshipPattern, span, message.into(), hint);
            // One report is enough: what follows finds its variables.
            names.into_iter().for_each(|it| _ = self.declare(&it.text, ValueType::ANY));
            return None;
        }
        let start = self.slot_names.len() as u32;
        self.scope.push(Layer::default());
        let relationships = HashSet::default();
        let new_variables = known.new_variables;
        let mut inside = Patterns { first_new: start, new_variables, relationships };
        let slots = self.pattern_slots(&it.pattern, &mut inside);
        let layer = self.scope.pop();
        let own = start..self.slot_names.len() as u32;
        let lists = layer.variables().iter().map(|it| {
            let list = ValueType::list_of(it.value_type.clone());
            (it.slot, self.declare(&it.name, list))
        });
        let lists = lists.collect();
        Some(RepeatedSlots { slots, layer, own, lists })
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
        self.refuse_hidden(slot, &name.text, name.span);
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

    /// Which paths are the shortest depends on nothing else that is matched.
    fn check_selected(&mut self, patterns: &[ast::Pattern]) {
        let is_selected = |it: &&ast::Pattern| matches!(it.shortest, Some(Shortest::First { .. }));
        if patterns.len() > 1
            && let Some(it) = patterns.iter().find(is_selected)
        {
            let message = "paths are chosen by their length beside other patterns";
            let hint = "let the pattern stand alone in its `MATCH`, and match the others before or behind it";
            self.syntax(Detail::InvalidRelationshipPattern, it.span, message.into(), hint);
        }
    }

    fn check_shortest(&mut self, pattern: &ast::Pattern, shortest: Shortest) {
        let (name, example) = match shortest {
            Shortest::One => ("shortestPath", "for example `shortestPath((a)-[*]->(b))`"),
            Shortest::All => ("allShortestPaths", "for example `allShortestPaths((a)-[*]->(b))`"),
            Shortest::First { .. } => ("SHORTEST", "for example `SHORTEST 1 (a)-[:TYPE]->+(b)`"),
        };
        let message = match pattern.steps.as_slice() {
            [(relationship, _)] if relationship.repeated.is_none() => match relationship.length {
                _ if name == "SHORTEST" => return,
                Some(length) if length.min.is_some_and(|it| it > 1) => {
                    format!("`{name}` finds paths from one relationship on: `*`, `*1..` or `*0..`")
                }
                _ => return,
            },
            _ => format!("`{name}` takes one relationship pattern between two nodes"),
        };
        self.syntax(Detail::InvalidRelationshipPattern, pattern.span, message, example);
    }

    /// A pattern of a clause that fills `introduced`.
    fn pattern(
        &mut self,
        pattern: &'a ast::Pattern,
        slots: Slots,
        introduced: &Range<u32>,
    ) -> Pattern {
        let mut node_slots = slots.nodes.into_iter();
        let mut repeated_slots = slots.repeated.into_iter();
        let mut next =
            |binder: &mut Self, it| node_slots.next().map(|slot| binder.node_pattern(it, slot));
        let mut nodes: Vec<_> = next(self, &pattern.start).into_iter().collect();
        let mut relationships = Vec::with_capacity(pattern.steps.len());
        for ((relationship, node), slot) in pattern.steps.iter().zip(slots.relationships) {
            let mut bound = self.relationship_pattern(relationship, slot);
            if let Some(repeated) = &relationship.repeated
                && let Some(Some(slots)) = repeated_slots.next()
            {
                bound.repeated = Some(Box::new(self.repeated(repeated, slots, introduced)));
            }
            relationships.push(bound);
            nodes.extend(next(self, node));
        }
        Pattern { path: slots.path, shortest: pattern.shortest, nodes, relationships }
    }

    /// A path that is repeated sees its own variables and those of earlier clauses.
    fn repeated(
        &mut self,
        it: &'a ast::Repeated,
        repeated: RepeatedSlots,
        introduced: &Range<u32>,
    ) -> Repeated {
        let RepeatedSlots { slots, layer, own, lists } = repeated;
        let outer = self.hidden.replace(Hidden { all: introduced.clone(), but: own });
        let (pattern, predicate) = self.with_layer(layer, |binder| {
            let pattern = binder.pattern(&it.pattern, slots, introduced);
            (pattern, it.predicate.as_ref().map(|it| binder.predicate(it)))
        });
        self.hidden = outer;
        Repeated { pattern, predicate, lists }
    }

    fn node_pattern(
        &mut self,
        node: &'a ast::NodePattern,
        (slot, is_bound): (Slot, bool),
    ) -> NodePattern {
        self.wants(node.properties.as_ref());
        let labels = node.labels.as_ref().map(|it| self.pattern_labels(slot, it));
        let (labels, computed) = labels.unwrap_or_default();
        let properties = self.wanted_properties(node.properties.as_ref());
        let predicate = node.predicate.as_ref().map(|it| self.predicate(it));
        let predicate = all_of(computed.into_iter().chain(predicate));
        NodePattern { slot, is_bound, labels, properties, predicate, span: node.span }
    }

    fn relationship_pattern(
        &mut self,
        relationship: &'a ast::RelationshipPattern,
        (slot, is_bound): (Slot, bool),
    ) -> RelationshipPattern {
        self.wants(relationship.properties.as_ref());
        let types = relationship.types.as_ref().map(|it| self.pattern_labels(slot, it));
        let (types, computed) = types.unwrap_or_default();
        let properties = self.wanted_properties(relationship.properties.as_ref());
        let predicate = relationship.predicate.as_ref().map(|it| match &relationship.variable {
            // Of several relationships it holds one by one.
            Some(name) if relationship.length.is_some() => {
                let mut layer = Layer::default();
                let value_type = ValueType::of(Type::Relationship);
                layer.push(Variable { name: Arc::from(name.text.as_str()), slot, value_type });
                self.with_layer(layer, |binder| binder.predicate(it))
            }
            _ => self.predicate(it),
        });
        RelationshipPattern {
            slot,
            is_bound,
            types,
            direction: relationship.direction,
            length: relationship.length.map(|it| (it.min.unwrap_or(1), it.max)),
            properties,
            predicate: all_of(computed.into_iter().chain(predicate)),
            repeated: None,
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
