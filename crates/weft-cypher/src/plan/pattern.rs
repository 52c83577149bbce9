//! The patterns of a `MATCH`: which node to begin with, which relationships to follow in which
//! order, and where each condition is checked. Naive plans take the patterns as written.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::estimate::Estimate;
use super::operator::{
    Access, Condition, Expand, OperatorId, OperatorKind, Repeat, ShortestPath, Unlike, VarExpand,
};
use super::{Planner, SlotSet, shortest};
use crate::Val;
use crate::ast::{BinaryOperator, Comparison, Direction, Shortest};
use crate::bound::{
    Expr, ExprKind, Labels, NodePattern, Pattern, Properties, RelationshipPattern, Repeated, Slot,
};
use crate::functions::BY_CHANCE;

/// Patterns with more relationships than this are taken as written, from the best node.
const N_ORDERED_MAX: usize = 24;
/// What finding a relationship by itself costs, where following one from its node costs 1.
const TIE_SCAN_COST: f64 = 3.0;
/// With more conditions than this they are looked through after so many moves only.
const N_CHECKED_MAX: usize = 256;
/// How many nodes are tried as the first of a connected pattern.
const N_STARTS_MAX: usize = 12;

/// What is matched at once, taken apart.
#[derive(Default)]
pub(super) struct Parts {
    nodes: Vec<Node>,
    /// The position of each node.
    node_of: HashMap<Slot, usize>,
    ties: Vec<Tie>,
    /// What makes each path of the patterns.
    paths: Vec<OperatorKind>,
    conditions: Vec<Pending>,
}

struct Node {
    slot: Slot,
    is_bound: bool,
}

struct Tie {
    slot: Slot,
    is_bound: bool,
    left: Slot,
    right: Slot,
    direction: Direction,
    types: Option<Labels>,
    /// None for exactly one.
    length: Option<(u64, Option<u64>)>,
    each: Vec<Condition>,
    shortest: Option<ShortestParts>,
    repeated: Option<Box<Repeated>>,
}

struct ShortestParts {
    all: bool,
    n: u64,
    /// Whether what `WHERE` says decides which are the shortest.
    with_where: bool,
    path: Option<Slot>,
}

/// A condition that waits until its slots are filled.
struct Pending {
    condition: Condition,
    /// The slots of this match that it reads.
    needs: Vec<Slot>,
    /// Whether it stands in the `WHERE` behind the patterns.
    is_of_where: bool,
    /// Whether evaluating it cannot fail, so that it may come before those written ahead of it.
    is_safe: bool,
    /// The part of rows that it keeps, by estimate.
    part: f64,
}

/// One step of the order in which a match is done.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Move {
    /// Finds a node by itself: by its position in [`Parts::nodes`].
    Scan(usize),
    /// Finds a relationship by itself, with both ends.
    ScanTie(usize),
    /// Follows a relationship from its left end, or with `false` from its right end.
    Follow(usize, bool),
}

impl Parts {
    /// Takes patterns and their condition apart.
    pub(super) fn of(
        planner: &Planner<'_>,
        patterns: Vec<Pattern>,
        predicate: Option<Expr>,
    ) -> Self {
        let mut parts = Self::default();
        let mut own = HashSet::new();
        for pattern in &patterns {
            own.extend(pattern.path);
            own.extend(pattern.nodes.iter().map(|it| it.slot));
            own.extend(pattern.relationships.iter().map(|it| it.slot));
            let repeated = pattern.relationships.iter().filter_map(|it| it.repeated.as_deref());
            own.extend(repeated.flat_map(|it| &it.lists).map(|it| it.1));
        }
        let mut conditions = Vec::new();
        for pattern in patterns {
            parts.pattern(pattern, &mut conditions);
        }
        let n_of_patterns = conditions.len();
        conditions.extend(predicate.into_iter().flat_map(conjuncts).map(Condition::Expr));
        for (at, condition) in conditions.into_iter().enumerate() {
            let is_of_where = at >= n_of_patterns;
            let (Condition::Expr(expr) | Condition::Properties { map: expr, .. }) = &condition;
            let mut needs = planner.uses.expr(expr);
            if let Condition::Properties { slot, .. } = condition {
                needs.push(slot);
            }
            needs.retain(|it| own.contains(it));
            let is_safe = matches!(&condition, Condition::Expr(it) if is_safe(it));
            let part = match &condition {
                Condition::Expr(it) => planner.estimate.part(it),
                Condition::Properties { .. } => 0.1,
            };
            parts.conditions.push(Pending { condition, needs, is_of_where, is_safe, part });
        }
        parts
    }

    fn pattern(&mut self, pattern: Pattern, conditions: &mut Vec<Condition>) {
        let slots: Vec<Slot> = pattern.nodes.iter().map(|it| it.slot).collect();
        let ties: Vec<(Slot, bool)> =
            pattern.relationships.iter().map(|it| (it.slot, it.length.is_some())).collect();
        for node in pattern.nodes {
            self.node(node, conditions);
        }
        let n_before = self.ties.len();
        for (at, tie) in pattern.relationships.into_iter().enumerate() {
            self.tie(tie, slots[at], slots[at + 1], conditions);
        }
        match (pattern.shortest, pattern.path) {
            (Some(shortest), path) => {
                let (all, n, with_where) = match shortest {
                    Shortest::One => (false, 1, true),
                    Shortest::All => (true, 1, true),
                    Shortest::First { n, groups } => (groups, n, false),
                };
                for tie in &mut self.ties[n_before..] {
                    tie.shortest = Some(ShortestParts { all, n, with_where, path });
                }
            }
            (None, Some(path)) => {
                self.paths.push(OperatorKind::Path { path, nodes: slots, ties });
            }
            (None, None) => {}
        }
    }

    fn node(&mut self, node: NodePattern, conditions: &mut Vec<Condition>) {
        let NodePattern { slot, is_bound, labels, properties, predicate, .. } = node;
        if let Some(labels) = labels {
            let all = match labels {
                Labels::And(all) => all,
                other => vec![other],
            };
            conditions.extend(all.into_iter().map(|labels| {
                let kind = ExprKind::HasLabels(Box::new(read(slot)), labels);
                Condition::Expr(Expr { kind, span: Default::default() })
            }));
        }
        conditions.extend(properties_of(slot, properties));
        conditions.extend(predicate.into_iter().flat_map(conjuncts).map(Condition::Expr));
        match self.node_of.get(&slot) {
            Some(&known) => self.nodes[known].is_bound |= is_bound,
            None => {
                self.node_of.insert(slot, self.nodes.len());
                self.nodes.push(Node { slot, is_bound });
            }
        }
    }

    fn tie(
        &mut self,
        tie: RelationshipPattern,
        left: Slot,
        right: Slot,
        conditions: &mut Vec<Condition>,
    ) {
        let RelationshipPattern {
            slot,
            is_bound,
            types,
            direction,
            length,
            properties,
            predicate,
            repeated,
            ..
        } = tie;
        let mut each: Vec<Condition> = properties_of(slot, properties).collect();
        each.extend(predicate.into_iter().flat_map(conjuncts).map(Condition::Expr));
        if length.is_none() {
            conditions.append(&mut each);
        }
        let shortest = None;
        self.ties.push(Tie {
            slot,
            is_bound,
            left,
            right,
            direction,
            types,
            length,
            each,
            shortest,
            repeated,
        });
    }

    /// The operators that do it, above `input`.
    pub(super) fn plan(
        mut self,
        planner: &mut Planner<'_>,
        input: OperatorId,
        filled: &mut SlotSet,
    ) -> OperatorId {
        let mut tree = input;
        let bound: Vec<Slot> =
            self.nodes.iter().filter(|it| it.is_bound).map(|it| it.slot).collect();
        for &slot in &bound {
            filled.insert(slot);
        }
        if !bound.is_empty() {
            tree = planner.add(OperatorKind::MustBeNodes(bound), tree, planner.rows(tree));
        }
        let moves = if planner.options.optimise {
            tree = self.check_filled(planner, tree, filled);
            self.cheapest_moves(planner, filled)
        } else {
            self.written_moves(filled)
        };
        let order: Arc<[Slot]> = moves.iter().filter_map(|it| self.tie_of(*it)).collect();
        let mut n_done = 0;
        for (at, it) in moves.into_iter().enumerate() {
            tree = match it {
                Move::Scan(at) => self.scan(planner, tree, filled, at),
                Move::ScanTie(at) => {
                    let before = Unlike::new(order.clone(), n_done);
                    self.scan_tie(planner, tree, filled, at, before)
                }
                Move::Follow(at, from_left) => {
                    let before = Unlike::new(order.clone(), n_done);
                    self.follow(planner, tree, filled, (at, from_left), before)
                }
            };
            n_done += usize::from(self.tie_of(it).is_some());
            // Looking through thousands of conditions after each of thousands of moves would take
            // longer than the query.
            let is_due = self.conditions.len() < N_CHECKED_MAX || at % N_CHECKED_MAX == 0;
            if planner.options.optimise && is_due {
                tree = self.check_filled(planner, tree, filled);
            }
        }
        for kind in std::mem::take(&mut self.paths) {
            if let OperatorKind::Path { path, .. } = kind {
                filled.insert(path);
            }
            tree = planner.add(kind, tree, planner.rows(tree));
        }
        for tie in &self.ties {
            if let Some(path) = tie.shortest.as_ref().and_then(|it| it.path) {
                filled.insert(path);
            }
        }
        self.check_filled(planner, tree, filled)
    }

    /// The relationship that a move finds.
    fn tie_of(&self, it: Move) -> Option<Slot> {
        match it {
            Move::Scan(_) => None,
            Move::ScanTie(at) | Move::Follow(at, _) => Some(self.ties[at].slot),
        }
    }

    /// Checks the conditions whose slots are filled, and forgets them.
    fn check_filled(
        &mut self,
        planner: &mut Planner<'_>,
        input: OperatorId,
        filled: &SlotSet,
    ) -> OperatorId {
        let mut now = Vec::new();
        let mut later = Vec::new();
        let mut is_waiting = false;
        let mut part = 1.0;
        for pending in std::mem::take(&mut self.conditions) {
            let is_filled = pending.needs.iter().all(|&it| filled.contains(it));
            if is_filled && (pending.is_safe || !is_waiting) {
                part *= pending.part;
                now.push(pending);
            } else {
                is_waiting = true;
                later.push(pending);
            }
        }
        self.conditions = later;
        if now.is_empty() {
            return input;
        }
        // What is cheap comes first; what may fail keeps its place behind what guards it.
        let (safe, unsafe_): (Vec<_>, Vec<_>) = now.into_iter().partition(|it| it.is_safe);
        let conditions = safe.into_iter().chain(unsafe_).map(|it| it.condition).collect();
        let n_rows = planner.rows(input) * part;
        planner.add(OperatorKind::Filter(conditions), input, n_rows)
    }

    fn scan(
        &mut self,
        planner: &mut Planner<'_>,
        input: OperatorId,
        filled: &mut SlotSet,
        at: usize,
    ) -> OperatorId {
        let node = self.nodes[at].slot;
        let mut compare = Vec::new();
        let mut guards = Vec::new();
        let (access, n_rows) = if planner.options.optimise {
            let best = self.best_access(&planner.estimate, node, filled);
            if best.may_fail {
                let is_filled = |it: &Slot| *it == node || filled.contains(*it);
                let asked = self.conditions.iter().filter(|it| it.is_safe);
                let asked = asked.filter(|it| it.needs.iter().all(is_filled));
                guards.extend(asked.map(|it| it.condition.clone()));
            }
            // What an access was made of is not checked again, unless it says that it must be.
            for at in best.because_of.into_iter().rev() {
                compare.insert(0, self.conditions.remove(at).condition);
            }
            (best.access, best.n_rows)
        } else {
            (Access::All, planner.estimate.n_nodes())
        };
        filled.insert(node);
        let n_rows = planner.rows(input) * n_rows;
        planner.add(OperatorKind::NodeScan { node, access, compare, guards }, input, n_rows)
    }

    fn scan_tie(
        &self,
        planner: &mut Planner<'_>,
        input: OperatorId,
        filled: &mut SlotSet,
        at: usize,
        before: Unlike,
    ) -> OperatorId {
        let tie = &self.ties[at];
        let unlike = self.unlike(tie, before);
        let (start, end) = match tie.direction {
            Direction::Left => (tie.right, tie.left),
            _ => (tie.left, tie.right),
        };
        let either = tie.direction == Direction::Either;
        let n_ties = planner.estimate.n_ties(tie.types.as_ref());
        let n_rows = planner.rows(input) * n_ties * if either { 2.0 } else { 1.0 };
        for slot in [tie.slot, start, end] {
            filled.insert(slot);
        }
        let types = tie.types.clone();
        let kind = OperatorKind::TieScan { tie: tie.slot, start, end, types, either, unlike };
        planner.add(kind, input, n_rows)
    }

    fn follow(
        &mut self,
        planner: &mut Planner<'_>,
        input: OperatorId,
        filled: &mut SlotSet,
        (at, from_left): (usize, bool),
        before: Unlike,
    ) -> OperatorId {
        if let Some(repeated) = self.ties[at].repeated.take() {
            return self.repeat(planner, input, filled, (at, from_left), before, *repeated);
        }
        let ends = self.ends(filled, (at, from_left), before);
        let tie = &self.ties[at];
        let (is_bound, to_is_filled) = (tie.is_bound, ends.to_is_filled);
        let degree = planner.estimate.degree(ends.types.as_ref(), ends.direction);
        let n_rows = planner.rows(input);
        for slot in [ends.from, ends.tie, ends.to] {
            filled.insert(slot);
        }
        let into = |n: f64| if to_is_filled { n / planner.estimate.n_nodes().max(1.0) } else { n };
        let (length, is_reversed) = (tie.length, !from_left);
        let walk = |ends, each, length: Option<(u64, Option<u64>)>| {
            let (n_min, n_max) = length.unwrap_or((1, Some(1)));
            VarExpand { ends, n_min, n_max, each, is_reversed, only_ends: false }
        };
        if let Some(ShortestParts { all, n, with_where, path }) = tie.shortest {
            let each = std::mem::take(&mut self.ties[at].each);
            // What speaks of the path as a whole decides which is the shortest.
            let slot = ends.tie;
            let speaks = |it: &Pending| {
                (with_where || !it.is_of_where)
                    && it.needs.iter().any(|&it| it == slot || Some(it) == path)
                    && it
                        .needs
                        .iter()
                        .all(|&it| it == slot || Some(it) == path || filled.contains(it))
            };
            let (own, others) = std::mem::take(&mut self.conditions).into_iter().partition(speaks);
            self.conditions = others;
            let own: Vec<Pending> = own;
            let conditions: Vec<_> = own.into_iter().map(|it| it.condition).collect();
            let along = match planner.options.optimise || conditions.is_empty() {
                true => shortest::along(&conditions, path, slot, &planner.uses),
                false => None,
            };
            let is_single = length.is_none();
            let walk = walk(ends, each, length);
            let kind = ShortestPath { walk, all, n, is_single, path, conditions, along };
            return planner.add(OperatorKind::ShortestPath(kind), input, n_rows);
        }
        match length {
            None if is_bound => planner.add(OperatorKind::BoundTie(ends), input, n_rows),
            None => planner.expand(ends, input, n_rows * into(degree)),
            Some(_) => {
                let each = std::mem::take(&mut self.ties[at].each);
                let n_walks = n_walks(degree, length);
                let walk = walk(ends, each, length);
                if is_bound {
                    planner.add(OperatorKind::BoundWalk(walk), input, n_rows)
                } else {
                    planner.add(OperatorKind::VarExpand(walk), input, n_rows * into(n_walks))
                }
            }
        }
    }

    /// A relationship as it is followed from its left end, or with `false` from its right end.
    fn ends(&self, filled: &SlotSet, (at, from_left): (usize, bool), before: Unlike) -> Expand {
        let tie = &self.ties[at];
        let (from, to) = if from_left { (tie.left, tie.right) } else { (tie.right, tie.left) };
        Expand {
            from,
            tie: tie.slot,
            to,
            direction: if from_left { tie.direction } else { turned(tie.direction) },
            types: tie.types.clone(),
            from_is_filled: filled.contains(from),
            to_is_filled: filled.contains(to) || from == to,
            unlike: self.unlike(tie, before),
        }
    }

    /// The operator that repeats a path, from its left end or with `false` from its right end.
    fn repeat(
        &mut self,
        planner: &mut Planner<'_>,
        input: OperatorId,
        filled: &mut SlotSet,
        (at, from_left): (usize, bool),
        before: Unlike,
        repeated: Repeated,
    ) -> OperatorId {
        let Repeated { mut pattern, predicate, lists } = repeated;
        let tie = &self.ties[at];
        let n_rows =
            planner.rows(input) * n_walks(planner.estimate.degree_of(&pattern), tie.length);
        let ends = self.ends(filled, (at, from_left), before);
        let (n_min, n_max) = tie.length.unwrap_or((1, Some(1)));
        let slots: Vec<Slot> = pattern.nodes.iter().map(|it| it.slot).collect();
        let (first, last) = (slots[0], slots[slots.len() - 1]);
        let (begin, end) = if from_left { (first, last) } else { (last, first) };
        for node in pattern.nodes.iter_mut().filter(|it| it.slot == begin) {
            node.is_bound = true;
        }
        let ties = pattern.relationships.iter().map(|it| it.slot).collect();
        let argument = planner.leaf(OperatorKind::Argument, 1.0);
        let inner = Self::of(planner, vec![pattern], predicate);
        let inner = inner.plan(planner, argument, &mut filled.clone());
        for slot in tie.slots().chain(lists.iter().map(|it| it.1)) {
            filled.insert(slot);
        }
        let is_reversed = !from_left;
        let kind = Repeat { ends, inner, begin, end, ties, lists, n_min, n_max, is_reversed };
        planner.add(OperatorKind::Repeat(Box::new(kind)), input, n_rows)
    }

    /// Those of the relationships found before from which this one must differ.
    fn unlike(&self, tie: &Tie, before: Unlike) -> Unlike {
        if self.ties.len() > N_ORDERED_MAX {
            return before;
        }
        let may_be = |slot: &Slot| {
            let other = self.ties.iter().find(|it| it.slot == *slot);
            other.is_some_and(|it| {
                it.shortest.is_none()
                    && tie.shortest.is_none()
                    && may_be_same(it.types.as_ref(), tie.types.as_ref())
            })
        };
        let slots: Arc<[Slot]> = before.slots().iter().copied().filter(may_be).collect();
        let n = slots.len();
        Unlike::new(slots, n)
    }

    /// The patterns from left to right, in the order in which they were written.
    fn written_moves(&self, filled: &SlotSet) -> Vec<Move> {
        let mut filled = filled.clone();
        let mut moves = Vec::new();
        let scan = |slot: Slot, filled: &mut SlotSet, moves: &mut Vec<Move>| {
            if filled.insert(slot) {
                moves.push(Move::Scan(self.node_of[&slot]));
            }
        };
        for (at, tie) in self.ties.iter().enumerate() {
            if !tie.is_bound {
                scan(tie.left, &mut filled, &mut moves);
            }
            if tie.shortest.is_some() {
                scan(tie.right, &mut filled, &mut moves);
            }
            moves.push(Move::Follow(at, true));
            filled.insert(tie.left);
            filled.insert(tie.right);
        }
        for node in &self.nodes {
            scan(node.slot, &mut filled, &mut moves);
        }
        moves
    }

    /// The order that is thought to make the fewest rows on the way.
    fn cheapest_moves(&self, planner: &Planner<'_>, filled: &SlotSet) -> Vec<Move> {
        let estimate = &planner.estimate;
        if let ([node], []) = (self.nodes.as_slice(), self.ties.as_slice()) {
            // One node leaves no choice.
            return if filled.contains(node.slot) { Vec::new() } else { vec![Move::Scan(0)] };
        }
        let mut draft = Draft::new(self, filled.clone());
        loop {
            draft.follow_all(estimate);
            let mut starts = draft.starts(estimate);
            if starts.is_empty() {
                return draft.moves;
            }
            starts.sort_by(|a, b| a.1.total_cmp(&b.1));
            let n_tried = if draft.n_left() > N_ORDERED_MAX { 1 } else { N_STARTS_MAX };
            let tries = starts.iter().take(n_tried).map(|&(it, _)| {
                let mut next = draft.clone();
                next.go(estimate, it);
                next.follow_all(estimate);
                next
            });
            // Ties go to the first, which is the smallest by itself.
            let best = tries.min_by(|a, b| a.cost.total_cmp(&b.cost));
            draft = best.expect("there is a start");
        }
    }

    /// The cheapest way to find a node by itself.
    fn best_access(&self, estimate: &Estimate<'_>, node: Slot, filled: &SlotSet) -> Best {
        let mut label = None;
        let mut n_label = estimate.n_nodes();
        let conditions = || self.conditions.iter().take(N_CHECKED_MAX).enumerate();
        for (at, pending) in conditions() {
            if let Condition::Expr(Expr { kind: ExprKind::HasLabels(of, labels), .. }) =
                &pending.condition
                && is_slot(of, node)
                && let Labels::Label(name) = labels
            {
                let n = estimate.n_with_label(name);
                if label.is_none() || n < n_label {
                    (label, n_label) = (Some((name.clone(), at)), n);
                }
            }
        }
        let mut best = match &label {
            Some((label, at)) => {
                let (access, because_of) = (Access::Label(label.clone()), vec![*at]);
                Best { access, n_rows: n_label, because_of, may_fail: false }
            }
            None => {
                let because_of = Vec::new();
                Best { access: Access::All, n_rows: n_label, because_of, may_fail: false }
            }
        };
        // What may fail is not asked before what is written ahead of it and may fail or has to wait.
        let mut is_first = true;
        for (at, pending) in conditions() {
            let is_filled = |it: &Slot| *it == node || filled.contains(*it);
            let all_filled = pending.needs.iter().all(is_filled);
            let was_first = is_first;
            is_first &= pending.is_safe && all_filled;
            let Condition::Expr(expr) = &pending.condition else { continue };
            if !pending.needs.contains(&node) || !all_filled {
                continue;
            }
            let may_fail = is_computed(expr);
            if may_fail && !was_first {
                continue;
            }
            let found = access_of(estimate, expr, node, label.as_ref().map(|it| &it.0));
            // What the value needs must be there before the node is.
            if let Some((access, _)) = &found
                && narrows(&mut best.access, access)
            {
                best.n_rows *= 0.5;
                best.because_of.push(at);
                best.may_fail |= may_fail;
                continue;
            }
            if let Some((access, n_rows)) = found
                && n_rows < best.n_rows
            {
                best = Best { access, n_rows, because_of: vec![at], may_fail };
            }
        }
        best
    }
}

/// How a node is found by itself.
struct Best {
    access: Access,
    /// How many nodes that gives.
    n_rows: f64,
    /// The positions of the conditions that say so, in their order.
    because_of: Vec<usize>,
    /// Whether what is looked up is computed, so that it may fail.
    may_fail: bool,
}

/// An order that is being tried.
#[derive(Clone)]
struct Draft<'p> {
    parts: &'p Parts,
    filled: SlotSet,
    done: Vec<bool>,
    /// All relationships before this one are done.
    first_open: usize,
    checked: Vec<bool>,
    moves: Vec<Move>,
    rows: f64,
    cost: f64,
}

impl<'p> Draft<'p> {
    fn new(parts: &'p Parts, filled: SlotSet) -> Self {
        let checked = vec![false; parts.conditions.len()];
        let done = vec![false; parts.ties.len()];
        let (moves, first_open) = (Vec::new(), 0);
        Self { parts, filled, done, first_open, checked, moves, rows: 1.0, cost: 0.0 }
    }

    fn n_left(&self) -> usize {
        self.done.iter().filter(|it| !**it).count()
    }

    /// How many rows there are after a move, before conditions.
    fn rows_after(&self, estimate: &Estimate<'_>, it: Move) -> f64 {
        match it {
            Move::Scan(at) => {
                let node = self.parts.nodes[at].slot;
                self.rows * self.parts.best_access(estimate, node, &self.filled).n_rows
            }
            Move::ScanTie(at) => {
                let tie = &self.parts.ties[at];
                let ways = if tie.direction == Direction::Either { 2.0 } else { 1.0 };
                self.rows * estimate.n_ties(tie.types.as_ref()) * ways
            }
            Move::Follow(at, from_left) => {
                let tie = &self.parts.ties[at];
                if tie.is_bound || tie.shortest.is_some() {
                    return self.rows;
                }
                let degree = match &tie.repeated {
                    Some(repeated) => estimate.degree_of(&repeated.pattern),
                    None => estimate.degree(tie.types.as_ref(), tie.direction),
                };
                let n = n_walks(degree, tie.length);
                let to = if from_left { tie.right } else { tie.left };
                let into = if self.filled.contains(to) { estimate.n_nodes().max(1.0) } else { 1.0 };
                self.rows * n / into
            }
        }
    }

    fn go(&mut self, estimate: &Estimate<'_>, it: Move) {
        let rows = self.rows_after(estimate, it);
        // A look at each relationship costs, whether it is kept or not; one that is found by itself
        // costs more than one that lies beside its node.
        let n_looks = if matches!(it, Move::ScanTie(_)) { rows * TIE_SCAN_COST } else { rows };
        self.cost += n_looks.max(self.rows);
        match it {
            Move::Scan(at) => {
                self.filled.insert(self.parts.nodes[at].slot);
            }
            Move::ScanTie(at) | Move::Follow(at, _) => {
                let tie = &self.parts.ties[at];
                self.done[at] = true;
                for slot in tie.slots() {
                    self.filled.insert(slot);
                }
            }
        }
        self.moves.push(it);
        let mut part = 1.0;
        let conditions = self.parts.conditions.iter().zip(&mut self.checked);
        for (pending, checked) in conditions.take(N_CHECKED_MAX) {
            if !*checked && pending.needs.iter().all(|&it| self.filled.contains(it)) {
                *checked = true;
                part *= pending.part;
            }
        }
        // What a look-up keeps was already counted by the look-up.
        self.rows = if matches!(it, Move::Scan(_)) { rows } else { rows * part };
        self.rows = self.rows.max(1e-9);
    }

    /// Follows relationships from filled nodes for as long as there are any, the cheapest first.
    fn follow_all(&mut self, estimate: &Estimate<'_>) {
        let as_written = self.n_left() > N_ORDERED_MAX;
        loop {
            let mut best: Option<(Move, f64)> = None;
            while self.done.get(self.first_open) == Some(&true) {
                self.first_open += 1;
            }
            let open = self.parts.ties.iter().enumerate().skip(self.first_open);
            for (at, tie) in open.filter(|it| !self.done[it.0]) {
                let (left, right) =
                    (self.filled.contains(tie.left), self.filled.contains(tie.right));
                let is_ready = match (&tie.shortest, tie.is_bound) {
                    (Some(_), _) => left && right,
                    (None, true) => true,
                    (None, false) => left || right,
                };
                if !is_ready {
                    continue;
                }
                let it = Move::Follow(at, left || !right);
                let rows = self.rows_after(estimate, it) * self.part_after(at);
                if best.is_none_or(|(_, least)| rows < least) {
                    best = Some((it, rows));
                }
                if as_written {
                    break;
                }
            }
            match best {
                Some((it, _)) => self.go(estimate, it),
                None => return,
            }
        }
    }

    /// The part of rows that the conditions keep which a relationship makes ready.
    fn part_after(&self, at: usize) -> f64 {
        let tie = &self.parts.ties[at];
        let own: Vec<Slot> = tie.slots().collect();
        let fills = |it: &Slot| own.contains(it) || self.filled.contains(*it);
        let pending = self.parts.conditions.iter().zip(&self.checked).take(N_CHECKED_MAX);
        let ready = pending.filter(|(it, checked)| !**checked && it.needs.iter().all(fills));
        ready.map(|(it, _)| it.part).product()
    }

    /// Ways to begin with what is not connected to anything filled, with the rows that each gives.
    fn starts(&self, estimate: &Estimate<'_>) -> Vec<(Move, f64)> {
        let mut res = Vec::new();
        let n_looked_at =
            if self.n_left() > N_ORDERED_MAX { N_STARTS_MAX } else { self.parts.nodes.len() };
        let nodes = self.parts.nodes.iter().enumerate();
        let open = nodes.filter(|it| !self.filled.contains(it.1.slot));
        for (at, _) in open.take(n_looked_at) {
            let it = Move::Scan(at);
            res.push((it, self.rows_after(estimate, it)));
        }
        let ties = self.parts.ties.iter().enumerate().filter(|(at, tie)| {
            let is_plain = tie.length.is_none() && tie.shortest.is_none() && !tie.is_bound;
            let is_open = !self.filled.contains(tie.left) && !self.filled.contains(tie.right);
            !self.done[*at] && is_plain && is_open && tie.left != tie.right
        });
        for (at, _) in ties.take(n_looked_at) {
            let it = Move::ScanTie(at);
            res.push((it, self.rows_after(estimate, it)));
        }
        res
    }
}

impl Tie {
    /// What is filled where it is found.
    fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        let lists = self.repeated.iter().flat_map(|it| &it.lists).map(|it| it.1);
        [self.slot, self.left, self.right].into_iter().chain(lists)
    }
}

/// How many walks there are from a node, given how many ways on there are.
fn n_walks(degree: f64, length: Option<(u64, Option<u64>)>) -> f64 {
    let Some((n_min, n_max)) = length else { return degree };
    let n_steps = n_max.unwrap_or(n_min.saturating_add(8)).min(n_min.saturating_add(8)).min(16);
    degree.max(1.0).powi(n_steps as i32)
}

/// The properties that a pattern asks for, as conditions.
fn properties_of(slot: Slot, properties: Properties) -> Box<dyn Iterator<Item = Condition>> {
    match properties {
        Properties::None => Box::new(std::iter::empty()),
        Properties::Map(entries) => Box::new(entries.into_iter().map(move |(key, value)| {
            let span = value.span;
            let property = Expr { kind: ExprKind::Property(Box::new(read(slot)), key), span };
            let rest = vec![(Comparison::Equal, value)];
            let kind = ExprKind::Comparison(Box::new(property), rest);
            Condition::Expr(Expr { kind, span })
        })),
        Properties::Value(map) => Box::new(std::iter::once(Condition::Properties { slot, map })),
    }
}

fn read(slot: Slot) -> Expr {
    Expr { kind: ExprKind::Slot(slot), span: Default::default() }
}

/// What must all hold for an expression to be true.
fn conjuncts(expr: Expr) -> Vec<Expr> {
    match expr.kind {
        ExprKind::And(all) => all.into_iter().flat_map(conjuncts).collect(),
        _ => vec![expr],
    }
}

fn turned(direction: Direction) -> Direction {
    match direction {
        Direction::Right => Direction::Left,
        Direction::Left => Direction::Right,
        Direction::Either => Direction::Either,
    }
}

/// Whether a relationship can be of both.
fn may_be_same(a: Option<&Labels>, b: Option<&Labels>) -> bool {
    let (Some(a), Some(b)) = (a.and_then(names), b.and_then(names)) else { return true };
    a.iter().any(|it| b.contains(it))
}

/// The names of which a type is one, where that is all that is said.
fn names(labels: &Labels) -> Option<Vec<&str>> {
    match labels {
        Labels::Label(name) => Some(vec![name]),
        Labels::Or(any) => {
            let all: Option<Vec<_>> = any.iter().map(names).collect();
            all.map(|it| it.concat())
        }
        _ => None,
    }
}

fn is_slot(expr: &Expr, slot: Slot) -> bool {
    matches!(expr.kind, ExprKind::Slot(it) if it == slot)
}

/// Whether evaluating an expression cannot fail on values that a graph holds.
fn is_safe(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Constant(_) | ExprKind::Parameter(_) | ExprKind::Slot(_) => true,
        ExprKind::Property(of, _) | ExprKind::HasLabels(of, _) => {
            matches!(of.kind, ExprKind::Slot(_))
        }
        ExprKind::IsNull(of, _) | ExprKind::IsType(of, ..) => is_safe(of),
        ExprKind::List(items) => items.iter().all(is_safe),
        ExprKind::Comparison(first, rest) => is_safe(first) && rest.iter().all(|it| is_safe(&it.1)),
        ExprKind::Binary(
            BinaryOperator::StartsWith | BinaryOperator::EndsWith | BinaryOperator::Contains,
            a,
            b,
        ) => is_safe(a) && is_safe(b),
        ExprKind::Binary(BinaryOperator::In, a, b) => {
            is_safe(a) && matches!(b.kind, ExprKind::Constant(Val::List(_)))
        }
        ExprKind::Call(function, arguments) => {
            ["id", "elementId", "type", "labels"].contains(&function.name)
                && arguments.iter().all(is_safe)
        }
        _ => false,
    }
}

/// How a condition says which nodes a slot can hold, if it does, with how many there are.
fn access_of(
    estimate: &Estimate<'_>,
    condition: &Expr,
    node: Slot,
    label: Option<&Arc<str>>,
) -> Option<(Access, f64)> {
    let label_text = label.map(|it| &**it);
    let label = label.cloned();
    match &condition.kind {
        ExprKind::Comparison(first, rest) => {
            let [(comparison, second)] = rest.as_slice() else { return None };
            let (of, value, comparison) = if speaks_of(first, node) {
                (&**first, second, *comparison)
            } else if speaks_of(second, node) {
                (second, &**first, mirrored(*comparison))
            } else {
                return None;
            };
            if reads(value, node) {
                return None;
            }
            let value = value.clone();
            match (&of.kind, comparison) {
                (ExprKind::Call(function, _), Comparison::Equal) if function.name == "id" => {
                    Some((Access::Key(value), 1.0))
                }
                (ExprKind::Call(function, _), Comparison::Equal)
                    if function.name == "elementId" =>
                {
                    Some((Access::ElementId(value), 1.0))
                }
                (ExprKind::Property(_, key), Comparison::Equal) => {
                    let n = estimate.n_equal(label_text, key);
                    Some((Access::Equal { label, key: key.clone(), value }, n))
                }
                (ExprKind::Property(_, key), Comparison::Less | Comparison::LessOrEqual) => {
                    let to = Some((value, comparison == Comparison::LessOrEqual));
                    let n = estimate.n_in_range(label_text, false);
                    Some((Access::Range { label, key: key.clone(), from: None, to }, n))
                }
                (ExprKind::Property(_, key), Comparison::Greater | Comparison::GreaterOrEqual) => {
                    let from = Some((value, comparison == Comparison::GreaterOrEqual));
                    let n = estimate.n_in_range(label_text, false);
                    Some((Access::Range { label, key: key.clone(), from, to: None }, n))
                }
                _ => None,
            }
        }
        ExprKind::Binary(BinaryOperator::In, of, list) if !reads(list, node) => match &of.kind {
            ExprKind::Property(owner, key) if is_slot(owner, node) => {
                let n = 10.0 * estimate.n_equal(label_text, key);
                let list = (**list).clone();
                Some((Access::OneOf { label, key: key.clone(), list }, n))
            }
            _ => None,
        },
        ExprKind::Binary(BinaryOperator::StartsWith, of, prefix) if !reads(prefix, node) => {
            match &of.kind {
                ExprKind::Property(owner, key) if is_slot(owner, node) => {
                    let n = estimate.n_in_range(label_text, true);
                    let prefix = (**prefix).clone();
                    Some((Access::Prefix { label, key: key.clone(), prefix }, n))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Adds the missing bound to a range of values. Whether it did.
fn narrows(range: &mut Access, other: &Access) -> bool {
    let (
        Access::Range { key, from, to, .. },
        Access::Range { key: other_key, from: other_from, to: other_to, .. },
    ) = (range, other)
    else {
        return false;
    };
    let adds_from = from.is_none() && other_from.is_some();
    let adds_to = to.is_none() && other_to.is_some();
    if key != other_key || (!adds_from && !adds_to) {
        return false;
    }
    if adds_from {
        *from = other_from.clone();
    }
    if adds_to {
        *to = other_to.clone();
    }
    true
}

/// Whether an expression is a property, the number or the element id of a node.
fn speaks_of(expr: &Expr, node: Slot) -> bool {
    match &expr.kind {
        ExprKind::Property(of, _) => is_slot(of, node),
        ExprKind::Call(function, arguments) => {
            ["id", "elementId"].contains(&function.name)
                && matches!(arguments.as_slice(), [it] if is_slot(it, node))
        }
        _ => false,
    }
}

/// Whether a value may read the node that it is to find, or is another each time that it is asked; what
/// is neither is computed once and looked up.
fn reads(value: &Expr, node: Slot) -> bool {
    match &value.kind {
        ExprKind::Constant(_) | ExprKind::Parameter(_) => false,
        ExprKind::Slot(slot) => *slot == node,
        ExprKind::Property(of, _)
        | ExprKind::Not(of)
        | ExprKind::Minus(of)
        | ExprKind::Plus(of)
        | ExprKind::IsNull(of, _) => reads(of, node),
        ExprKind::List(items) | ExprKind::And(items) | ExprKind::Or(items) => {
            items.iter().any(|it| reads(it, node))
        }
        ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) => reads(a, node) || reads(b, node),
        ExprKind::Call(function, arguments) => {
            BY_CHANCE.contains(&function.name) || arguments.iter().any(|it| reads(it, node))
        }
        _ => true,
    }
}

/// Whether what a condition looks for has to be computed, so that it may fail. Whether a value is a list
/// is a question to who asks, whatever nodes there are.
fn is_computed(condition: &Expr) -> bool {
    match &condition.kind {
        ExprKind::Binary(BinaryOperator::In, of, list) => !is_safe(of) || !is_safe(list),
        _ => !is_safe(condition),
    }
}

fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}
