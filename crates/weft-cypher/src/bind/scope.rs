//! The variables that a place in a query sees.
//!
//! A scope is a stack of layers: one for each query and subquery around the place, and one for each
//! comprehension. An inner variable hides an outer one of its name.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::value_type::ValueType;
use crate::bound::Slot;

/// From how many variables on a layer is searched by hash.
const INDEX_FROM: usize = 16;

/// A variable.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: Arc<str>,
    pub(super) slot: Slot,
    pub(super) value_type: ValueType,
}

/// Variables that come into scope and leave it together.
#[derive(Debug, Default)]
pub(super) struct Layer {
    variables: Vec<Variable>,
    by_name: HashMap<Arc<str>, usize, RandomState>,
    /// Whether what lies below cannot be seen, as in `CALL { }`.
    is_opaque: bool,
}

/// The layers around a place, the innermost last.
#[derive(Debug)]
pub(super) struct Scope {
    layers: Vec<Layer>,
}

impl Layer {
    /// A layer through which nothing below can be seen.
    pub(super) fn opaque() -> Self {
        Self { is_opaque: true, ..Self::default() }
    }

    pub(super) fn push(&mut self, variable: Variable) {
        let position = self.variables.len();
        if position + 1 == INDEX_FROM {
            let names = self.variables.iter().enumerate();
            self.by_name.extend(names.map(|(idx, it)| (it.name.clone(), idx)));
        }
        if position + 1 >= INDEX_FROM {
            self.by_name.insert(variable.name.clone(), position);
        }
        self.variables.push(variable);
    }

    /// In the order in which they came.
    pub(super) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    pub(super) fn find(&self, name: &str) -> Option<&Variable> {
        if self.variables.len() < INDEX_FROM {
            return self.variables.iter().rev().find(|it| &*it.name == name);
        }
        self.by_name.get(name).map(|&idx| &self.variables[idx])
    }
}

impl Scope {
    pub(super) fn new() -> Self {
        Self { layers: vec![Layer::default()] }
    }

    pub(super) fn push(&mut self, layer: Layer) {
        self.layers.push(layer);
    }

    pub(super) fn pop(&mut self) -> Layer {
        self.layers.pop().unwrap_or_default()
    }

    /// Puts another layer in place of the innermost; it keeps whether that was opaque.
    pub(super) fn replace(&mut self, layer: Layer) {
        let is_opaque = self.pop().is_opaque;
        self.layers.push(Layer { is_opaque, ..layer });
    }

    /// The position of the innermost layer.
    pub(super) fn depth(&self) -> usize {
        self.layers.len() - 1
    }

    pub(super) fn declare(&mut self, variable: Variable) {
        if let Some(layer) = self.layers.last_mut() {
            layer.push(variable);
        }
    }

    /// The variable of that name, with the position of its layer.
    pub(super) fn find(&self, name: &str) -> Option<(usize, &Variable)> {
        for (depth, layer) in self.layers.iter().enumerate().rev() {
            if let Some(variable) = layer.find(name) {
                return Some((depth, variable));
            }
            if layer.is_opaque {
                break;
            }
        }
        None
    }

    /// Whether a variable of that name is there, but cannot be seen from here.
    pub(super) fn is_hidden(&self, name: &str) -> bool {
        self.layers.iter().any(|it| it.find(name).is_some())
    }

    /// All variables that can be seen, by name.
    pub(super) fn visible(&self) -> Vec<&Variable> {
        let mut res: Vec<&Variable> = Vec::new();
        for layer in self.layers.iter().rev() {
            res.extend(layer.variables.iter().rev());
            if layer.is_opaque {
                break;
            }
        }
        // Stable: of two of one name the inner one stays.
        res.sort_by(|a, b| a.name.cmp(&b.name));
        res.dedup_by(|a, b| a.name == b.name);
        res
    }
}
