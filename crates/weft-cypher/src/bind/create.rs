//! Patterns that are created, by `CREATE` and by `MERGE`.
//!
//! Parts come into being from left to right, so a property may speak of what stands before it.

use std::sync::Arc;

use super::Binder;
use super::expression::all_of;
use super::value_type::ValueType;
use crate::ast::{self, Direction, LabelExpr};
use crate::bound::{
    CreateNode, CreatePattern, CreateRelationship, Expr, ExprKind as Bound, Labels, Merge,
    NodePattern, Pattern, Properties, RelationshipPattern, SetItem, Slot,
};
use crate::functions::Type;
use crate::{Detail, Span};

/// Which clause creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Create,
    Merge,
}

impl Verb {
    fn as_str(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Merge => "MERGE",
        }
    }
}

impl<'a> Binder<'a> {
    /// `CREATE patterns`
    pub(super) fn create(&mut self, patterns: &'a [ast::Pattern]) -> Vec<CreatePattern> {
        patterns.iter().map(|it| self.create_pattern(it, Verb::Create)).collect()
    }

    /// `MERGE pattern`; what it sets afterwards is bound by the clause.
    pub(super) fn merge(
        &mut self,
        pattern: &'a ast::Pattern,
        span: Span,
        set: impl FnOnce(&mut Self) -> (Vec<SetItem>, Vec<SetItem>),
    ) -> Merge {
        let first_new = self.slot_names.len() as u32;
        let create = self.create_pattern(pattern, Verb::Merge);
        let pattern = wanted(&create, pattern, first_new);
        let (on_create, on_match) = set(self);
        Merge { pattern, create, on_create, on_match, span }
    }

    fn create_pattern(&mut self, pattern: &'a ast::Pattern, verb: Verb) -> CreatePattern {
        if pattern.shortest.is_some() {
            let message = format!("`{}` cannot create a shortest path", verb.as_str());
            self.syntax(Detail::UnexpectedSyntax, pattern.span, message, "");
        }
        let is_alone = pattern.steps.is_empty();
        let mut nodes = vec![self.create_node(&pattern.start, is_alone, verb)];
        let mut relationships = Vec::with_capacity(pattern.steps.len());
        for (relationship, node) in &pattern.steps {
            relationships.push(self.create_relationship(relationship, verb));
            nodes.push(self.create_node(node, false, verb));
        }
        let path = pattern.variable.as_ref();
        let path = path.map(|it| self.declare_new(it, ValueType::of(Type::Path)));
        CreatePattern { path, nodes, relationships }
    }

    fn create_node(
        &mut self,
        node: &'a ast::NodePattern,
        is_alone: bool,
        verb: Verb,
    ) -> CreateNode {
        self.refuse_predicate(node.predicate.as_ref(), verb);
        let (labels, computed_labels) = self.created_labels(node.labels.as_ref(), verb);
        let properties = self.created_properties(node.properties.as_ref(), verb);
        let (span, is_bound) = (node.span, false);
        let Some(name) = &node.variable else {
            let slot = self.anonymous_slot("node");
            return CreateNode { slot, is_bound, labels, computed_labels, properties, span };
        };
        let Some((slot, value_type)) = self.known_slot(name) else {
            let slot = self.declare(&name.text, ValueType::of(Type::Node));
            return CreateNode { slot, is_bound, labels, computed_labels, properties, span };
        };
        if !value_type.may_be(Type::Node) {
            self.type_conflict(name, "a node", &value_type);
        } else if is_alone || node.labels.is_some() || node.properties.is_some() {
            let message = format!("the variable `{}` is there already", name.text);
            let hint = match is_alone {
                true => "choose another name for a new node",
                false => "write it without labels and properties, or change those with `SET`",
            };
            self.syntax(Detail::VariableAlreadyBound, name.span, message, hint);
        }
        CreateNode { slot, is_bound: true, labels, computed_labels, properties, span }
    }

    fn create_relationship(
        &mut self,
        relationship: &'a ast::RelationshipPattern,
        verb: Verb,
    ) -> CreateRelationship {
        let span = relationship.span;
        self.refuse_predicate(relationship.predicate.as_ref(), verb);
        if let Some(repeated) = &relationship.repeated {
            let message = format!("`{}` cannot repeat a path", verb.as_str());
            let hint = "write each relationship and the nodes between them";
            let span = repeated.pattern.span;
            self.syntax(Detail::CreatingVarLength, span, message, hint);
            let (relation_type, slot) = (Arc::from(""), self.anonymous_slot("relationship"));
            let (computed_type, is_reversed, properties) = (None, false, Properties::None);
            return CreateRelationship {
                slot,
                relation_type,
                computed_type,
                is_reversed,
                properties,
                span,
            };
        }
        if let Some(length) = relationship.length {
            let message = format!("`{}` makes one relationship at a time", verb.as_str());
            let hint = "write each relationship and the nodes between them";
            self.syntax(Detail::CreatingVarLength, length.span, message, hint);
        }
        if verb == Verb::Create && relationship.direction == Direction::Either {
            let message = "a new relationship points from one node to another";
            let hint = "write `-[:TYPE]->` or `<-[:TYPE]-`";
            self.syntax(Detail::RequiresDirectedRelationship, span, message.into(), hint);
        }
        let (relation_type, computed_type) = self.created_type(relationship);
        let properties = self.created_properties(relationship.properties.as_ref(), verb);
        let slot = match &relationship.variable {
            Some(name) => self.declare_new(name, ValueType::of(Type::Relationship)),
            None => self.anonymous_slot("relationship"),
        };
        let is_reversed = relationship.direction == Direction::Left;
        CreateRelationship { slot, relation_type, computed_type, is_reversed, properties, span }
    }

    /// The type of a new relationship, or what computes it.
    fn created_type(
        &mut self,
        relationship: &'a ast::RelationshipPattern,
    ) -> (Arc<str>, Option<Expr>) {
        let is_bound =
            relationship.variable.as_ref().is_some_and(|it| self.scope.find(&it.text).is_some());
        match &relationship.types {
            Some(LabelExpr::Label(name)) => (Arc::from(name.text.as_str()), None),
            Some(LabelExpr::Computed { expression, .. }) => {
                (Arc::from(""), Some(self.computed_label(expression)))
            }
            // What is wrong there is that it is bound; asking for a type too would mislead.
            None if is_bound => (Arc::from(""), None),
            _ => {
                let message = "a new relationship has exactly one type";
                let hint = "write it behind a colon: `-[:TYPE]->`";
                let detail = Detail::NoSingleRelationshipType;
                self.syntax(detail, relationship.span, message.into(), hint);
                (Arc::from(""), None)
            }
        }
    }

    fn created_properties(&mut self, properties: Option<&'a ast::Expr>, verb: Verb) -> Properties {
        self.properties.write_all(properties);
        match verb {
            Verb::Create => self.given_properties(properties),
            Verb::Merge => self.wanted_properties(properties),
        }
    }

    /// The labels of a new node: those that are known, and what computes others.
    fn created_labels(
        &mut self,
        labels: Option<&'a LabelExpr>,
        verb: Verb,
    ) -> (Vec<Arc<str>>, Vec<Expr>) {
        let (mut res, mut computed): (Vec<Arc<str>>, _) = (Vec::new(), Vec::new());
        let mut rest: Vec<_> = labels.into_iter().collect();
        while let Some(it) = rest.pop() {
            match it {
                LabelExpr::Label(name) => {
                    if !res.iter().any(|it| **it == *name.text) {
                        res.push(Arc::from(name.text.as_str()));
                    }
                }
                LabelExpr::And(a, b) => rest.extend([&**b, &**a]),
                LabelExpr::Computed { expression, any: false } => {
                    computed.push(self.computed_label(expression));
                }
                LabelExpr::Any(_)
                | LabelExpr::Or(..)
                | LabelExpr::Not(_)
                | LabelExpr::Computed { .. } => {
                    let message = format!("`{}` gives labels, it cannot choose", verb.as_str());
                    let hint = "write them behind colons: `:A:B`";
                    self.syntax(Detail::UnexpectedSyntax, first_span(it), message, hint);
                }
            }
        }
        (res, computed)
    }

    fn refuse_predicate(&mut self, predicate: Option<&ast::Expr>, verb: Verb) {
        if let Some(it) = predicate {
            let message = format!("`{}` takes no `WHERE`", verb.as_str());
            self.syntax(Detail::UnexpectedSyntax, it.span, message, "use properties in braces");
        }
    }
}

/// The pattern that `MERGE` looks for before it creates.
fn wanted(create: &CreatePattern, pattern: &ast::Pattern, first_new: u32) -> Pattern {
    let nodes = create.nodes.iter().map(|it| NodePattern {
        slot: it.slot,
        is_bound: it.slot.0 < first_new,
        labels: match it.labels.as_slice() {
            [] => None,
            [one] => Some(Labels::Label(one.clone())),
            several => Some(Labels::And(several.iter().cloned().map(Labels::Label).collect())),
        },
        properties: it.properties.clone(),
        predicate: all_of(it.computed_labels.iter().map(|labels| has_labels(it.slot, labels))),
        span: it.span,
    });
    let relationships = create.relationships.iter().zip(&pattern.steps);
    let relationships = relationships.map(|(it, (step, _))| RelationshipPattern {
        slot: it.slot,
        is_bound: false,
        types: match it.computed_type {
            None => Some(Labels::Label(it.relation_type.clone())),
            Some(_) => None,
        },
        direction: step.direction,
        length: None,
        properties: it.properties.clone(),
        predicate: all_of(it.computed_type.iter().map(|types| has_labels(it.slot, types))),
        repeated: None,
        span: it.span,
    });
    Pattern {
        path: create.path,
        shortest: None,
        nodes: nodes.collect(),
        relationships: relationships.collect(),
    }
}

/// Whether what is in a slot has labels, or is of a type, that are computed.
fn has_labels(slot: Slot, labels: &Expr) -> Expr {
    let of = Box::new(Expr { kind: Bound::Slot(slot), span: labels.span });
    let kind = Bound::HasComputedLabels(of, Box::new(labels.clone()), false);
    Expr { kind, span: labels.span }
}

fn first_span(labels: &LabelExpr) -> Span {
    let mut it = labels;
    loop {
        match it {
            LabelExpr::Label(name) => return name.span,
            LabelExpr::Any(span) => return *span,
            LabelExpr::Computed { expression, .. } => return expression.span,
            LabelExpr::And(a, _) | LabelExpr::Or(a, _) | LabelExpr::Not(a) => it = a,
        }
    }
}
