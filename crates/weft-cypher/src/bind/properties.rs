//! Which properties a query reads of nodes and relationships, and which it gives them itself.
//!
//! Knows no graph: whether anything has such a property is asked when the query is planned.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::value_type::ValueType;
use crate::Span;
use crate::ast::{Expr, ExprKind, Name};
use crate::functions::Type;

/// The properties of a query, as it is gone through.
#[derive(Debug, Default)]
pub(super) struct Properties {
    read: Vec<(Arc<str>, Span)>,
    seen: HashSet<Arc<str>, RandomState>,
    written: HashSet<Arc<str>, RandomState>,
    /// Whether a map that is known only when the query runs gives properties.
    writes_any: bool,
}

impl Properties {
    /// Notes that a property is read, if it is certain that a node or a relationship is to have it.
    pub(super) fn read(&mut self, of: &ValueType, key: &Arc<str>, span: Span) {
        let is_entity = matches!(of.base, Type::Node | Type::Relationship | Type::Entity);
        if is_entity && self.seen.insert(key.clone()) {
            self.read.push((key.clone(), span));
        }
    }

    /// Notes the properties that a pattern asks for.
    pub(super) fn read_by_pattern(&mut self, properties: Option<&Expr>) {
        let Some(ExprKind::Map(entries)) = properties.map(|it| &it.kind) else { return };
        for (key, _) in entries {
            self.read(&ValueType::of(Type::Entity), &Arc::from(key.text.as_str()), key.span);
        }
    }

    /// Notes a property that the query gives.
    pub(super) fn write(&mut self, key: &Name) {
        self.written.insert(Arc::from(key.text.as_str()));
    }

    /// Notes that the query gives a property whose name is known only when it runs.
    pub(super) fn write_computed(&mut self) {
        self.writes_any = true;
    }

    /// Notes the properties that come from a map.
    pub(super) fn write_all(&mut self, map: Option<&Expr>) {
        match map.map(|it| &it.kind) {
            None | Some(ExprKind::Null) => {}
            Some(ExprKind::Map(entries)) => entries.iter().for_each(|(key, _)| self.write(key)),
            Some(_) => self.writes_any = true,
        }
    }

    /// What is read and not given.
    pub(super) fn asked(mut self) -> Vec<(Arc<str>, Span)> {
        if self.writes_any {
            return Vec::new();
        }
        self.read.retain(|it| !self.written.contains(&it.0));
        self.read
    }
}
