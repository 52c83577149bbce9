//! Plans: which operators, in which order, answer a query. Knows what the graph says of itself by
//! counts, and never reads a record.

mod counting;
mod describe;
mod distinct;
mod estimate;
mod notices;
mod operator;
mod pattern;
mod shortest;
mod uses;

pub use describe::PlanRow;
pub(crate) use notices::Notices;
pub(crate) use operator::{
    Access, Along, Condition, CountSteps, Each, Expand, GroupNode, Meet, Operator, OperatorId,
    OperatorKind, Repeat, ShortestPath, Steps, Top, Unlike, VarExpand,
};

use estimate::Estimate;
use pattern::Parts;
use uses::Uses;

use crate::Graph;
use crate::bound::{BoundQuery, BoundUnion, Expr, Match, Part, Project, Slot, Step, SubqueryId};

/// How plans are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanOptions {
    /// Whether the order of things is chosen by cost. If not, patterns are taken as written and
    /// conditions are checked last: slow, and plain to see that it is right.
    pub optimise: bool,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self { optimise: true }
    }
}

/// How a query is answered.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) operators: Vec<Operator>,
    pub(crate) union: UnionPlan,
    pub(crate) subqueries: Vec<UnionPlan>,
    /// How many slots a row has.
    pub(crate) n_slots: usize,
    slot_names: Vec<String>,
}

/// Parts whose rows are taken together.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnionPlan {
    pub(crate) parts: Vec<PartPlan>,
    pub(crate) distinct: bool,
    /// How many rows it is thought to give.
    n_rows: f64,
}

/// One query without `UNION`.
#[derive(Clone, Debug)]
pub(crate) struct PartPlan {
    /// Stretches that read, and the writes between them, in turn; the last one reads.
    pub(crate) stages: Vec<Stage>,
    /// The slots of the columns; none without `RETURN`.
    pub(crate) results: Vec<Slot>,
    /// What the last operator computes of each column, if that is all it does.
    pub(crate) computed: Option<Computed>,
}

/// Columns that may be computed as they are handed over.
#[derive(Clone, Debug)]
pub(crate) struct Computed {
    /// What gives the rows.
    pub(crate) input: OperatorId,
    /// What the last operator would compute into a column, by its position there; for others, None.
    pub(crate) positions: Vec<Option<usize>>,
}

/// What is done before rows are kept.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    /// The last operator.
    pub(crate) root: OperatorId,
    /// The slots of its rows that are needed afterwards.
    pub(crate) keep: Vec<Slot>,
}

impl PartPlan {
    /// The last operator.
    pub(crate) fn root(&self) -> OperatorId {
        self.stages.last().expect("a part has at least its argument").root
    }

    /// Whether it only reads.
    pub(crate) fn is_read(&self) -> bool {
        self.stages.len() == 1
    }
}

impl Plan {
    /// Plans a query for a graph.
    pub fn of(query: BoundQuery, graph: &Graph, options: PlanOptions) -> Self {
        let mut planner = Planner {
            estimate: Estimate::new(graph),
            options,
            operators: Vec::new(),
            uses: Uses::of(&query),
            n_slots: query.n_slots,
            n_slots_told: query.n_slots,
            writes: writes(&query),
        };
        let nothing = SlotSet::new(query.n_slots);
        let mut subqueries: Vec<UnionPlan> = Vec::with_capacity(query.subqueries.len());
        for (at, union) in query.subqueries.into_iter().enumerate() {
            let plan = planner.union(union, &nothing);
            if planner.uses.is_only_whether(at) {
                plan.parts.iter().for_each(|it| planner.only_whether(it));
            }
            subqueries.push(plan);
        }
        let union = planner.union(query.union, &nothing);
        Self {
            n_slots: planner.n_slots_told,
            operators: planner.operators,
            union,
            subqueries,
            slot_names: query.slot_names,
        }
    }

    /// A subquery.
    pub(crate) fn subquery(&self, id: SubqueryId) -> &UnionPlan {
        &self.subqueries[id.0 as usize]
    }

    pub(crate) fn operator(&self, id: OperatorId) -> &Operator {
        &self.operators[id.0 as usize]
    }
}

/// Which subqueries write, themselves or in what they call.
fn writes(query: &BoundQuery) -> Vec<bool> {
    let mut res = vec![false; query.subqueries.len()];
    // Inner subqueries may have larger or smaller numbers than outer ones: until nothing changes.
    loop {
        let mut changed = false;
        for (at, union) in query.subqueries.iter().enumerate() {
            let writes = union.parts.iter().flat_map(|it| &it.steps).any(|it| match it {
                Step::Create(_)
                | Step::Merge(_)
                | Step::Set(_)
                | Step::Remove(_)
                | Step::Delete { .. } => true,
                Step::Subquery { id, .. } => res[id.0 as usize],
                _ => false,
            });
            if writes && !res[at] {
                res[at] = true;
                changed = true;
            }
        }
        if !changed {
            return res;
        }
    }
}

struct Planner<'g> {
    estimate: Estimate<'g>,
    options: PlanOptions,
    operators: Vec<Operator>,
    uses: Uses,
    n_slots: usize,
    /// How many slots a row has together with those by which operators tell each other something.
    n_slots_told: usize,
    /// Which subqueries write.
    writes: Vec<bool>,
}

impl Planner<'_> {
    fn add(&mut self, kind: OperatorKind, input: OperatorId, n_rows: f64) -> OperatorId {
        self.operators.push(Operator { kind, input: Some(input), n_rows });
        OperatorId(self.operators.len() as u32 - 1)
    }

    fn leaf(&mut self, kind: OperatorKind, n_rows: f64) -> OperatorId {
        self.operators.push(Operator { kind, input: None, n_rows });
        OperatorId(self.operators.len() as u32 - 1)
    }

    fn rows(&self, id: OperatorId) -> f64 {
        self.operators[id.0 as usize].n_rows
    }

    fn union(&mut self, union: BoundUnion, filled: &SlotSet) -> UnionPlan {
        let parts: Vec<PartPlan> =
            union.parts.into_iter().map(|it| self.part(it, filled.clone())).collect();
        let n_rows = parts.iter().map(|it| self.rows(it.root())).sum();
        UnionPlan { parts, distinct: union.distinct, n_rows }
    }

    fn part(&mut self, part: Part, mut filled: SlotSet) -> PartPlan {
        let last_use = self.last_uses(&part);
        let mut tree = self.leaf(OperatorKind::Argument, 1.0);
        let mut stages = Vec::new();
        for (at, step) in part.steps.into_iter().enumerate() {
            let is_live = |slot: Slot| last_use[slot.index()].is_some_and(|it| it > at);
            if !self.is_write(&step) {
                tree = self.step(step, tree, &mut filled, &is_live);
                continue;
            }
            let is_needed = |slot: &Slot| last_use[slot.index()].is_some_and(|it| it >= at);
            let keep = filled.slots().filter(is_needed).collect();
            stages.push(Stage { root: tree, keep });
            tree = self.step(step, tree, &mut filled, &is_live);
            let keep = filled.slots().filter(|&it| is_live(it)).collect();
            stages.push(Stage { root: tree, keep });
            tree = self.add(OperatorKind::Barrier, tree, self.rows(tree));
        }
        stages.push(Stage { root: tree, keep: Vec::new() });
        let computed = self.computed(tree, &part.results);
        PartPlan { stages, results: part.results, computed }
    }

    /// The columns of a part, where its last operator computes them.
    fn computed(&self, last: OperatorId, results: &[Slot]) -> Option<Computed> {
        let operator = &self.operators[last.0 as usize];
        let (OperatorKind::Project(all), Some(input)) = (&operator.kind, operator.input) else {
            return None;
        };
        // Both are in the order of the columns.
        let mut at = 0;
        let positions = results.iter().map(|slot| {
            let is_computed = all.get(at).is_some_and(|it| it.0 == *slot);
            at += usize::from(is_computed);
            is_computed.then(|| at - 1)
        });
        let positions = positions.collect();
        (at == all.len()).then_some(Computed { input, positions })
    }

    /// The position of the last step that reads each slot; one past the steps for results.
    fn last_uses(&self, part: &Part) -> Vec<Option<usize>> {
        let mut res = vec![None; self.n_slots];
        for (at, step) in part.steps.iter().enumerate() {
            for slot in self.uses.step(step) {
                res[slot.index()] = Some(at);
            }
        }
        for slot in &part.results {
            res[slot.index()] = Some(part.steps.len());
        }
        res
    }

    fn is_write(&self, step: &Step) -> bool {
        match step {
            Step::Create(_)
            | Step::Merge(_)
            | Step::Set(_)
            | Step::Remove(_)
            | Step::Delete { .. } => true,
            Step::Subquery { id, .. } => self.writes[id.0 as usize],
            _ => false,
        }
    }

    fn step(
        &mut self,
        step: Step,
        input: OperatorId,
        filled: &mut SlotSet,
        is_live: &dyn Fn(Slot) -> bool,
    ) -> OperatorId {
        let n_rows = self.rows(input);
        match step {
            Step::Match(it) => self.match_(it, input, filled),
            Step::Unwind { list, slot } => {
                filled.insert(slot);
                let n_elements = 10.0;
                self.add(OperatorKind::Unwind { list, slot }, input, n_rows * n_elements)
            }
            Step::Project(it) => self.project(it, input, filled, is_live),
            Step::Call(mut it) => {
                let predicate = it.predicate.take();
                for (_, slot) in &it.yields {
                    filled.insert(*slot);
                }
                let tree = self.add(OperatorKind::Call(Box::new(it)), input, n_rows * 10.0);
                self.filter(predicate, tree)
            }
            Step::Subquery { id, results } => {
                for &slot in &results {
                    filled.insert(slot);
                }
                self.add(OperatorKind::Subquery { id, results }, input, n_rows)
            }
            Step::Create(patterns) => {
                for pattern in &patterns {
                    pattern.nodes.iter().for_each(|it| _ = filled.insert(it.slot));
                    pattern.relationships.iter().for_each(|it| _ = filled.insert(it.slot));
                    pattern.path.iter().for_each(|it| _ = filled.insert(*it));
                }
                self.add(OperatorKind::Create(patterns), input, n_rows)
            }
            Step::Merge(merge) => {
                let argument = self.leaf(OperatorKind::Argument, 1.0);
                let parts = Parts::of(self, vec![merge.pattern.clone()], None);
                let matching = parts.plan(self, argument, filled);
                let merge = Box::new(merge);
                self.add(OperatorKind::Merge { merge, matching }, input, n_rows)
            }
            Step::Set(items) => self.add(OperatorKind::Set(items), input, n_rows),
            Step::Remove(items) => self.add(OperatorKind::Remove(items), input, n_rows),
            Step::Delete { detach, expressions } => {
                self.add(OperatorKind::Delete { expressions, detach }, input, n_rows)
            }
        }
    }

    fn match_(&mut self, it: Match, input: OperatorId, filled: &mut SlotSet) -> OperatorId {
        let Match { optional, patterns, predicate, introduced, .. } = it;
        let parts = Parts::of(self, patterns, predicate);
        if !optional {
            return parts.plan(self, input, filled);
        }
        let argument = self.leaf(OperatorKind::Argument, 1.0);
        let inner = parts.plan(self, argument, filled);
        let n_rows = self.rows(input) * self.rows(inner).max(1.0);
        self.add(OperatorKind::Optional { inner, introduced }, input, n_rows)
    }

    fn project(
        &mut self,
        it: Project,
        input: OperatorId,
        filled: &mut SlotSet,
        is_live: &dyn Fn(Slot) -> bool,
    ) -> OperatorId {
        let Project { aggregation, columns, distinct, order_by, skip, limit, predicate, .. } = it;
        let mut tree = input;
        if let Some(aggregation) = aggregation {
            let n_groups =
                if aggregation.keys.is_empty() { 1.0 } else { self.rows(tree).max(1.0).sqrt() };
            // Only the groups go on: nothing else of the rows is left.
            *filled = SlotSet::new(self.n_slots);
            for (slot, _) in &aggregation.keys {
                filled.insert(*slot);
            }
            for (slot, _) in &aggregation.aggregates {
                filled.insert(*slot);
            }
            self.only_once_for(&aggregation, tree);
            tree = self.aggregate(aggregation, tree, n_groups);
        }
        let slots: Vec<Slot> = columns.iter().map(|it| it.0).collect();
        for &slot in &slots {
            filled.insert(slot);
        }
        let computed: Vec<_> = columns
            .into_iter()
            .filter(|(slot, expr)| !matches!(expr.kind, crate::bound::ExprKind::Slot(it) if it == *slot))
            .collect();
        if !computed.is_empty() {
            tree = self.add(OperatorKind::Project(computed), tree, self.rows(tree));
        }
        if distinct {
            self.only_once(tree, slots.clone());
            tree = self.add(OperatorKind::Distinct(slots.clone()), tree, self.rows(tree).sqrt());
        }
        let keep: Vec<Slot> = match order_by.is_empty() {
            true => Vec::new(),
            false => {
                let later = predicate.as_ref().map(|it| self.uses.expr(it)).unwrap_or_default();
                filled.slots().filter(|it| is_live(*it) || later.contains(it)).collect()
            }
        };
        tree = match (order_by.is_empty(), limit) {
            (false, Some(limit)) if self.options.optimise => {
                let n_rows = self.rows(tree).min(10.0);
                let least = self.least(&order_by, tree);
                let top = Top { by: order_by, keep, skip, limit, least };
                self.add(OperatorKind::Top(top), tree, n_rows)
            }
            (is_unordered, limit) => {
                if !is_unordered {
                    let kind = OperatorKind::Sort { by: order_by, keep };
                    tree = self.add(kind, tree, self.rows(tree));
                }
                if let Some(skip) = skip {
                    tree = self.add(OperatorKind::Skip(skip), tree, self.rows(tree));
                }
                if let Some(limit) = limit {
                    tree = self.add(OperatorKind::Limit(limit), tree, self.rows(tree).min(10.0));
                }
                tree
            }
        };
        tree = self.filter(predicate, tree);
        *filled = SlotSet::new(self.n_slots);
        for slot in slots {
            filled.insert(slot);
        }
        tree
    }

    fn filter(&mut self, predicate: Option<Expr>, input: OperatorId) -> OperatorId {
        let Some(predicate) = predicate else { return input };
        let n_rows = self.rows(input) * self.estimate.part(&predicate);
        self.add(OperatorKind::Filter(vec![Condition::Expr(predicate)]), input, n_rows)
    }
}

/// Slots, as bits.
#[derive(Clone, Debug)]
struct SlotSet {
    words: Vec<u64>,
}

impl SlotSet {
    fn new(n_slots: usize) -> Self {
        Self { words: vec![0; n_slots.div_ceil(64)] }
    }

    fn contains(&self, slot: Slot) -> bool {
        self.words[slot.index() / 64] & (1 << (slot.index() % 64)) != 0
    }

    /// Adds a slot. Whether it was not there.
    fn insert(&mut self, slot: Slot) -> bool {
        let is_new = !self.contains(slot);
        self.words[slot.index() / 64] |= 1 << (slot.index() % 64);
        is_new
    }

    fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        let words = self.words.iter().enumerate().filter(|it| *it.1 != 0);
        let bits = words.flat_map(|(at, word)| {
            let set = (0..64).filter(move |bit| word & (1 << bit) != 0);
            set.map(move |bit| at as u32 * 64 + bit)
        });
        bits.map(Slot)
    }
}
