//! Runs a plan that may write: stretches that read, and writes between them that see all rows of
//! what came before, so that no read sees a later write of its own clause.

use std::borrow::Cow;
use std::sync::Arc;

use weft_graph::{NodeIdx, TieIdx};

use super::rows::Seen;
use super::subquery::hand_over;
use super::{Done, Rows, Stop, finish, run, type_error};
use crate::ast::Direction;
use crate::bound::{CreatePattern, Expr, ExprKind, Merge, Properties, RemoveItem, SetItem, Slot};
use crate::context::State;
use crate::eval::{computed_labels, eval};
use crate::memory::Held;
use crate::plan::{OperatorId, OperatorKind, PartPlan, Plan, Stage, UnionPlan};
use crate::{Clock, Context, Detail, Entries, Error, ErrorKind, Graph, Limits, Path, Row, Val};

/// What a statement changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Nodes that were made.
    pub nodes_created: u64,
    /// Nodes that were deleted.
    pub nodes_deleted: u64,
    /// Relationships that were made.
    pub relationships_created: u64,
    /// Relationships that were deleted.
    pub relationships_deleted: u64,
    /// Properties that were set or removed.
    pub properties_set: u64,
    /// Labels that were added.
    pub labels_added: u64,
    /// Labels that were removed.
    pub labels_removed: u64,
}

/// A statement that runs.
pub(crate) struct Run<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) graph: &'a mut Graph,
    pub(crate) parameters: &'a [Val],
    pub(crate) clock: &'a Clock,
    pub(crate) limits: Limits,
    pub(crate) state: &'a State<'a>,
    pub(crate) counters: Counters,
    deleted: Vec<NodeIdx>,
    /// How much of what the transaction wrote counts towards the limit already.
    n_bytes_written: usize,
    written: Held,
}

/// What takes the rows of a statement, with their columns.
pub(crate) type OnRow<'a> = dyn FnMut(&mut Row, Columns<'_>, &Context<'_>) -> Done + 'a;

/// The columns of a row.
#[derive(Clone, Copy)]
pub(crate) enum Columns<'a> {
    /// What is in these slots.
    Slots(&'a [Slot]),
    /// What is in these slots, or is still to be computed.
    Computed(&'a [(Slot, Option<&'a Expr>)]),
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        graph: &'a mut Graph,
        parameters: &'a [Val],
        clock: &'a Clock,
        limits: Limits,
        state: &'a State<'a>,
    ) -> Self {
        let (counters, deleted) = (Counters::default(), Vec::new());
        let written = state.held(limits);
        let n_bytes_written = 0;
        Self {
            plan,
            graph,
            parameters,
            clock,
            limits,
            state,
            counters,
            deleted,
            n_bytes_written,
            written,
        }
    }

    /// Runs the whole statement.
    pub(crate) fn all(&mut self, on_row: &mut OnRow<'_>) -> Result<(), Error> {
        let mut row = vec![Val::Null; self.plan.n_slots];
        let plan = self.plan;
        let union = &plan.union;
        let may_compute = !union.distinct && self.state.profile().is_none();
        finish(match union.parts.as_slice() {
            [part] if may_compute => self.part(part, true, &mut row, on_row),
            _ => self.union(union, &mut row, &mut |row, slots, ctx| {
                on_row(row, Columns::Slots(slots), ctx)
            }),
        })?;
        self.check_deleted()
    }

    fn context(&self) -> Context<'_> {
        Context {
            graph: self.graph,
            parameters: self.parameters,
            clock: self.clock,
            limits: self.limits,
            state: self.state,
        }
    }

    fn union(
        &mut self,
        union: &UnionPlan,
        row: &mut Row,
        on_row: &mut dyn FnMut(&mut Row, &[Slot], &Context<'_>) -> Done,
    ) -> Done {
        let mut seen = Seen::new(&self.context());
        for part in &union.parts {
            self.part(part, false, row, &mut |row, _, ctx| {
                if union.distinct && !seen.is_new(&part.results, row, ctx)? {
                    return Ok(());
                }
                on_row(row, &part.results, ctx)
            })?;
        }
        Ok(())
    }

    /// Runs a part; its columns may be left to be computed by what takes its rows.
    fn part(
        &mut self,
        part: &PartPlan,
        may_compute: bool,
        row: &mut Row,
        on_row: &mut OnRow<'_>,
    ) -> Done {
        let mut rows = Rows::default();
        let (last, stages) = part.stages.split_last().expect("a part has at least its argument");
        for stage in stages {
            let kind = &self.plan.operator(stage.root).kind;
            rows = match kind {
                // Rows that a write left for the next one stay where they are.
                OperatorKind::Barrier => rows,
                _ if is_write(kind, self.plan) => self.write(stage, rows, row)?,
                _ => {
                    let ctx = self.context();
                    ctx.state.put_rows(rows);
                    let mut kept = Rows::new(&stage.keep, &ctx);
                    run(stage.root, row, &ctx, &mut |row| Ok(kept.push(row)?))?;
                    kept
                }
            };
        }
        let ctx = self.context();
        ctx.state.put_rows(rows);
        if part.results.is_empty() {
            // A statement that ends with a write or a procedure without columns has no rows.
            return match self.plan.operator(last.root).kind {
                OperatorKind::Barrier => Ok(()),
                _ => run(last.root, row, &ctx, &mut |_| Ok(())),
            };
        }
        match (&part.computed, &self.plan.operator(last.root).kind) {
            (Some(it), OperatorKind::Project(all)) if may_compute => {
                let positions = part.results.iter().zip(&it.positions);
                let columns: Vec<_> =
                    positions.map(|(slot, at)| (*slot, at.map(|at| &all[at].1))).collect();
                let columns = Columns::Computed(&columns);
                run(it.input, row, &ctx, &mut |row| on_row(row, columns, &ctx))
            }
            _ => {
                let columns = Columns::Slots(&part.results);
                run(last.root, row, &ctx, &mut |row| on_row(row, columns, &ctx))
            }
        }
    }

    fn write(&mut self, stage: &Stage, rows: Rows, row: &mut Row) -> Result<Rows, Stop> {
        let mut kept = Rows::new(&stage.keep, &self.context());
        let plan = self.plan;
        let operator = plan.operator(stage.root);
        let mut rows = rows.into_kept();
        while rows.fill(row) {
            self.context().step()?;
            let n_made = self.context().n_made();
            match &operator.kind {
                OperatorKind::Create(patterns) => {
                    patterns.iter().try_for_each(|it| self.create(it, row))?;
                }
                OperatorKind::Merge { merge, matching } => {
                    self.merge(merge, *matching, row, &mut kept)?;
                }
                OperatorKind::Set(items) => items.iter().try_for_each(|it| self.set(it, row))?,
                OperatorKind::Remove(items) => {
                    items.iter().try_for_each(|it| self.remove(it, row))?;
                }
                OperatorKind::Delete { expressions, detach } => {
                    for expr in expressions {
                        let value = eval(expr, row, &self.context())?;
                        self.delete(&value, *detach).map_err(|it| it.at(expr.span))?;
                    }
                }
                OperatorKind::Subquery { id, results } => {
                    let union = plan.subquery(*id);
                    if results.is_empty() {
                        self.union(union, row, &mut |_, _, _| Ok(()))?;
                    } else {
                        self.union(union, row, &mut |row, columns, _| {
                            hand_over(columns, results, row);
                            Ok(kept.push(row)?)
                        })?;
                    }
                }
                _ => return Err(Error::bug("a read was run as if it wrote").into()),
            }
            self.hold_written()?;
            if !gives_rows(&operator.kind) {
                kept.push(row)?;
            }
            rows.forget(row);
            self.context().unmake_to(n_made);
        }
        Ok(kept)
    }

    /// Counts what was written since the last time; the first time, all that the transaction wrote before.
    fn hold_written(&mut self) -> Result<(), Error> {
        let n_bytes = self.graph.n_bytes_written();
        self.written.add(n_bytes.saturating_sub(self.n_bytes_written))?;
        self.n_bytes_written = n_bytes;
        Ok(())
    }

    fn properties(&self, properties: &Properties, row: &mut Row) -> Result<Entries, Error> {
        let ctx = self.context();
        let mut entries = Entries::default();
        match properties {
            Properties::None => {}
            Properties::Map(all) => {
                entries = Entries::with_capacity(all.len());
                for (key, expr) in all {
                    let value = eval(expr, row, &ctx)?;
                    entries.insert(key.clone(), storable(value).map_err(|it| it.at(expr.span))?);
                }
            }
            Properties::Value(expr) => {
                let value = eval(expr, row, &ctx)?;
                entries = map_of(value, &ctx).map_err(|it| it.at(expr.span))?;
            }
        }
        entries.retain(|_, value| !value.is_null());
        Ok(entries)
    }

    fn create(&mut self, pattern: &CreatePattern, row: &mut Row) -> Result<(), Error> {
        for node in &pattern.nodes {
            if node.is_bound {
                self.must_be_node(node.slot, row).map_err(|it| it.at(node.span))?;
                continue;
            }
            let properties = self.properties(&node.properties, row)?;
            self.counters.nodes_created += 1;
            self.counters.properties_set += properties.len() as u64;
            let mut labels = Cow::Borrowed(&node.labels);
            if !node.computed_labels.is_empty() {
                labels.to_mut().extend(self.computed_labels(&node.computed_labels, row)?);
            }
            let each = labels.iter().enumerate();
            let n_labels = each.filter(|(at, it)| !labels[..*at].contains(it)).count();
            self.counters.labels_added += n_labels as u64;
            let created = self.graph.create_node(&labels, properties);
            row[node.slot.index()] = Val::Node(created);
        }
        let mut relationships = Vec::new();
        for (at, tie) in pattern.relationships.iter().enumerate() {
            let (left, right) = (pattern.nodes[at].slot, pattern.nodes[at + 1].slot);
            let (start, end) = if tie.is_reversed { (right, left) } else { (left, right) };
            let start = self.must_be_node(start, row).map_err(|it| it.at(tie.span))?;
            let end = self.must_be_node(end, row).map_err(|it| it.at(tie.span))?;
            let properties = self.properties(&tie.properties, row)?;
            self.counters.relationships_created += 1;
            self.counters.properties_set += properties.len() as u64;
            let relation_type = match &tie.computed_type {
                None => Cow::Borrowed(&tie.relation_type),
                Some(it) => Cow::Owned(self.computed_type(it, row)?),
            };
            let created = self.graph.create_tie(&relation_type, start, end, properties);
            relationships.push(created);
            row[tie.slot.index()] = Val::Relationship(created);
        }
        if let Some(path) = pattern.path {
            let nodes = pattern.nodes.iter().filter_map(|it| match row[it.slot.index()] {
                Val::Node(node) => Some(node),
                _ => None,
            });
            let nodes = nodes.collect();
            row[path.index()] = Val::Path(Arc::new(Path { nodes, relationships }));
        }
        Ok(())
    }

    /// The labels that are computed of a row, each once.
    fn computed_labels(&self, all: &[Expr], row: &mut Row) -> Result<Vec<Arc<str>>, Error> {
        let mut res: Vec<Arc<str>> = Vec::new();
        for expr in all {
            let value = eval(expr, row, &self.context())?;
            for label in computed_labels(&value).map_err(|it| it.at(expr.span))? {
                if !res.contains(&label) {
                    res.push(label);
                }
            }
        }
        Ok(res)
    }

    /// The type of a relationship, computed of a row.
    fn computed_type(&self, expr: &Expr, row: &mut Row) -> Result<Arc<str>, Error> {
        let mut all = self.computed_labels(std::slice::from_ref(expr), row)?;
        match (all.pop(), all.is_empty()) {
            (Some(only), true) => Ok(only),
            _ => Err(type_error("a new relationship has exactly one type").at(expr.span)),
        }
    }

    /// The key of a property, computed of a row.
    fn computed_key(&self, expr: &Expr, row: &mut Row) -> Result<Arc<str>, Error> {
        match eval(expr, row, &self.context())? {
            Val::String(key) if !key.is_empty() => Ok(key),
            Val::String(_) => {
                Err(type_error("the name of a property cannot be empty").at(expr.span))
            }
            other => {
                let message = format!(
                    "the name of a property is a string, and this is {}",
                    other.type_name()
                );
                Err(type_error(message).at(expr.span))
            }
        }
    }

    /// The node in a slot, between which a relationship is to be made.
    fn must_be_node(&self, slot: Slot, row: &Row) -> Result<NodeIdx, Error> {
        match &row[slot.index()] {
            Val::Node(node) if self.graph.is_deleted_node(*node) => {
                let message = "a relationship cannot end at a node that was deleted";
                Err(Error::runtime(ErrorKind::EntityNotFound, Detail::DeletedEntityAccess, message))
            }
            Val::Node(node) => Ok(*node),
            Val::Null => {
                let message = "a relationship cannot be made where one of its nodes is null";
                Err(type_error(message)
                    .with_hint("leave such rows out with `WHERE .. IS NOT NULL`"))
            }
            other => {
                Err(type_error(format!("a node stands here, and this is {}", other.type_name())))
            }
        }
    }

    fn merge(
        &mut self,
        merge: &Merge,
        matching: OperatorId,
        row: &mut Row,
        kept: &mut Rows,
    ) -> Done {
        self.check_merge(merge, row)?;
        let mut slots: Vec<Slot> = merge.pattern.nodes.iter().map(|it| it.slot).collect();
        slots.extend(merge.pattern.relationships.iter().map(|it| it.slot));
        slots.extend(merge.pattern.path);
        let ctx = self.context();
        let mut found = Rows::new(&slots, &ctx);
        finish(run(matching, row, &ctx, &mut |row| Ok(found.push(row)?)))?;
        let mut found = found.into_kept();
        if found.n_rows_left() == 0 {
            self.create(&merge.create, row)?;
            merge.on_create.iter().try_for_each(|it| self.set(it, row))?;
            kept.push(row)?;
        }
        while found.fill(row) {
            self.context().step()?;
            merge.on_match.iter().try_for_each(|it| self.set(it, row))?;
            self.hold_written()?;
            kept.push(row)?;
        }
        Ok(())
    }

    /// What is merged can be neither matched nor made where a property is null.
    fn check_merge(&self, merge: &Merge, row: &mut Row) -> Result<(), Error> {
        let ctx = self.context();
        let nodes = merge.create.nodes.iter().filter(|it| !it.is_bound).map(|it| &it.properties);
        let ties = merge.create.relationships.iter().map(|it| &it.properties);
        for properties in nodes.chain(ties) {
            let fault = |key: &str, expr: &Expr| {
                let message =
                    format!("`MERGE` cannot look for the property `{key}` with the value null");
                let (kind, detail) = (ErrorKind::SemanticError, Detail::MergeReadOwnWrites);
                Err(Error::runtime(kind, detail, message)
                    .at(expr.span)
                    .with_hint("set it afterwards: `ON CREATE SET`"))
            };
            match properties {
                Properties::None => {}
                Properties::Map(entries) => {
                    for (key, expr) in entries {
                        let is_constant =
                            matches!(&expr.kind, ExprKind::Constant(it) if !it.is_null());
                        if !is_constant && eval(expr, row, &ctx)?.is_null() {
                            return fault(key, expr);
                        }
                    }
                }
                Properties::Value(expr) => {
                    let value = eval(expr, row, &ctx)?;
                    if let Val::Map(map) = &value
                        && let Some((key, _)) = map.iter().find(|it| it.1.is_null())
                    {
                        return fault(key, expr);
                    }
                }
            }
        }
        Ok(())
    }

    fn set(&mut self, item: &SetItem, row: &mut Row) -> Result<(), Error> {
        match item {
            SetItem::Property { target, key, value } => {
                let Some(entity) = self.entity(target, row)? else { return Ok(()) };
                let new = eval(value, row, &self.context())?;
                let new = storable(new).map_err(|it| it.at(value.span))?;
                self.set_property(entity, key, new);
                Ok(())
            }
            SetItem::Properties { target, value, add } => {
                let Some(entity) = self.entity(target, row)? else { return Ok(()) };
                let ctx = self.context();
                let new = eval(value, row, &ctx)?;
                let new = map_of(new, &ctx).map_err(|it| it.at(value.span))?;
                if !add {
                    let old = match entity {
                        Entity::Node(node) => ctx.graph.node_properties(node)?,
                        Entity::Tie(tie) => ctx.graph.tie_properties(tie)?,
                    };
                    for key in old.keys().filter(|it| !new.contains_key(it)) {
                        self.set_property(entity, key, Val::Null);
                    }
                }
                for (key, value) in new {
                    self.set_property(entity, &key, value);
                }
                Ok(())
            }
            SetItem::ComputedProperty { target, key, value } => {
                let Some(entity) = self.entity(target, row)? else { return Ok(()) };
                let key = self.computed_key(key, row)?;
                let new = eval(value, row, &self.context())?;
                self.set_property(entity, &key, storable(new).map_err(|it| it.at(value.span))?);
                Ok(())
            }
            SetItem::Labels { target, labels, computed } => {
                let Some(node) = self.labelled(target, row)? else { return Ok(()) };
                let computed = self.computed_labels(computed, row)?;
                for label in labels.iter().chain(&computed) {
                    self.counters.labels_added += u64::from(self.graph.add_label(node, label));
                }
                Ok(())
            }
        }
    }

    fn remove(&mut self, item: &RemoveItem, row: &mut Row) -> Result<(), Error> {
        match item {
            RemoveItem::Property { target, key } => {
                if let Some(entity) = self.entity(target, row)? {
                    self.set_property(entity, key, Val::Null);
                }
                Ok(())
            }
            RemoveItem::ComputedProperty { target, key } => {
                if let Some(entity) = self.entity(target, row)? {
                    let key = self.computed_key(key, row)?;
                    self.set_property(entity, &key, Val::Null);
                }
                Ok(())
            }
            RemoveItem::Labels { target, labels, computed } => {
                let Some(node) = self.labelled(target, row)? else { return Ok(()) };
                let computed = self.computed_labels(computed, row)?;
                for label in labels.iter().chain(&computed) {
                    self.counters.labels_removed += u64::from(self.graph.remove_label(node, label));
                }
                Ok(())
            }
        }
    }

    fn set_property(&mut self, entity: Entity, key: &Arc<str>, value: Val) {
        let was_there = match entity {
            Entity::Node(node) => self.graph.has_node_property(node, key),
            Entity::Tie(tie) => self.graph.has_tie_property(tie, key),
        };
        if value.is_null() && !was_there {
            return;
        }
        self.counters.properties_set += 1;
        match entity {
            Entity::Node(node) => self.graph.set_node_property(node, key, value),
            Entity::Tie(tie) => self.graph.set_tie_property(tie, key, value),
        }
    }

    /// What is to be changed; None where it is null, which changes nothing.
    fn entity(&self, target: &Expr, row: &mut Row) -> Result<Option<Entity>, Error> {
        let entity = match eval(target, row, &self.context())? {
            Val::Null => return Ok(None),
            Val::Node(node) => Entity::Node(node),
            Val::Relationship(tie) => Entity::Tie(tie),
            other => {
                let message = format!(
                    "properties can be set on nodes and relationships, and this is {}",
                    other.type_name()
                );
                return Err(type_error(message).at(target.span));
            }
        };
        let is_deleted = match entity {
            Entity::Node(node) => self.graph.is_deleted_node(node),
            Entity::Tie(tie) => self.graph.is_deleted_tie(tie),
        };
        if is_deleted {
            let message = "what was deleted cannot be changed";
            let (kind, detail) = (ErrorKind::EntityNotFound, Detail::DeletedEntityAccess);
            return Err(Error::runtime(kind, detail, message).at(target.span));
        }
        Ok(Some(entity))
    }

    fn labelled(&self, target: &Expr, row: &mut Row) -> Result<Option<NodeIdx>, Error> {
        match self.entity(target, row)? {
            None => Ok(None),
            Some(Entity::Node(node)) => Ok(Some(node)),
            Some(Entity::Tie(_)) => {
                let message = "only nodes have labels, and this is a relationship";
                Err(type_error(message).at(target.span))
            }
        }
    }

    fn delete(&mut self, value: &Val, detach: bool) -> Result<(), Error> {
        self.hold_written()?;
        match value {
            Val::Null => Ok(()),
            Val::Node(node) => {
                if detach {
                    let ties: Vec<TieIdx> =
                        self.graph.ties_at(*node, Direction::Either).map(|it| it.0).collect();
                    ties.into_iter().for_each(|it| self.delete_tie(it));
                }
                if self.graph.delete_node(*node) {
                    self.counters.nodes_deleted += 1;
                    self.deleted.push(*node);
                }
                Ok(())
            }
            Val::Relationship(tie) => {
                self.delete_tie(*tie);
                Ok(())
            }
            Val::Path(path) => {
                path.relationships.iter().for_each(|it| self.delete_tie(*it));
                path.nodes.iter().try_for_each(|it| self.delete(&Val::Node(*it), detach))
            }
            other => {
                let message = format!(
                    "nodes, relationships and paths can be deleted, and this is {}",
                    other.type_name()
                );
                Err(type_error(message).with_hint("a property goes by `REMOVE n.name`"))
            }
        }
    }

    fn delete_tie(&mut self, tie: TieIdx) {
        self.counters.relationships_deleted += u64::from(self.graph.delete_tie(tie));
    }

    /// At the end of a statement no relationship may rest on a node that it deleted.
    fn check_deleted(&self) -> Result<(), Error> {
        for &node in &self.deleted {
            let n_ties = self.graph.ties_at(node, Direction::Either).count();
            if n_ties > 0 {
                let message = format!(
                    "the node `{}` cannot be deleted: {n_ties} relationships still rest on it",
                    self.graph.node_element_id(node)
                );
                let kind = ErrorKind::ConstraintVerificationFailed;
                return Err(Error::runtime(kind, Detail::DeleteConnectedNode, message)
                    .with_hint("`DETACH DELETE` deletes them too"));
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Entity {
    Node(NodeIdx),
    Tie(TieIdx),
}

/// Whether a write keeps the rows that it gives by itself.
fn gives_rows(kind: &OperatorKind) -> bool {
    match kind {
        OperatorKind::Merge { .. } => true,
        OperatorKind::Subquery { results, .. } => !results.is_empty(),
        _ => false,
    }
}

/// Whether an operator changes the graph.
fn is_write(kind: &OperatorKind, plan: &Plan) -> bool {
    match kind {
        OperatorKind::Create(_)
        | OperatorKind::Merge { .. }
        | OperatorKind::Set(_)
        | OperatorKind::Remove(_)
        | OperatorKind::Delete { .. } => true,
        OperatorKind::Subquery { id, .. } => {
            plan.subquery(*id).parts.iter().any(|it| !it.is_read())
        }
        _ => false,
    }
}

/// The properties that a map, or a node or relationship to copy from, gives.
fn map_of(value: Val, ctx: &Context<'_>) -> Result<Entries, Error> {
    match value {
        Val::Map(map) => {
            let entries = map.into_entries().into_iter();
            entries.map(|(key, value)| Ok((key, storable(value)?))).collect()
        }
        Val::Node(node) => ctx.graph.node_properties(node),
        Val::Relationship(tie) => ctx.graph.tie_properties(tie),
        other => Err(type_error(format!(
            "properties come from a map, a node or a relationship, and this is {}",
            other.type_name()
        ))),
    }
}

/// The value, if a property can hold it.
fn storable(value: Val) -> Result<Val, Error> {
    let is_plain = |it: &Val| {
        !matches!(
            it,
            Val::Map(_) | Val::Node(_) | Val::Relationship(_) | Val::Path(_) | Val::List(_)
        )
    };
    let fits = match &value {
        Val::List(items) => items.iter().all(is_plain),
        other => is_plain(other),
    };
    if fits {
        return Ok(value);
    }
    let what = match &value {
        Val::List(items) => {
            let inner = items.iter().find(|it| !is_plain(it)).map_or("null", Val::type_name);
            format!("a list with {inner} in it")
        }
        other => other.type_name().to_owned(),
    };
    let message = format!("a property cannot hold {what}");
    Err(Error::runtime(ErrorKind::TypeError, Detail::InvalidPropertyType, message)
        .with_hint("properties hold booleans, numbers, strings, points, times, and lists of these"))
}
