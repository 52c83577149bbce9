//! Steps from node to node along relationships of some types: what traversals spend their time on.

use std::borrow::Cow;

use weft_graph::{NodeIdx, OtherEnds, RelationId, TieIdx};

use super::Graph;
use crate::ast::Direction;
use crate::bound::Labels;

/// Types of relationships, looked up once for a whole run.
#[derive(Clone, Debug)]
pub(crate) struct Types {
    /// The relations of the snapshot that fit; None if all do.
    relations: Option<Vec<RelationId>>,
    /// What relationships that the transaction made are compared with.
    labels: Option<Labels>,
}

impl Graph {
    /// Looks up types.
    pub(crate) fn types(&self, labels: Option<&Labels>) -> Types {
        let schema = self.snapshot.schema();
        let relations = match labels {
            None | Some(Labels::Any) => None,
            Some(Labels::Label(name)) => Some(schema.relations_named(name).to_vec()),
            Some(labels) => {
                let all = schema.relations().iter().enumerate();
                let fitting =
                    all.filter(|(_, it)| labels.hold(&|name| name == it.type_name, &|| true));
                Some(fitting.map(|(at, _)| RelationId(at as u16)).collect())
            }
        };
        Types { relations, labels: labels.cloned() }
    }

    /// Hands on each relationship of some types at a node that points that way, with the node at its
    /// other end; a loop comes once.
    pub(crate) fn each_step<E>(
        &self,
        node: NodeIdx,
        direction: Direction,
        types: &Types,
        mut f: impl FnMut(TieIdx, NodeIdx) -> Result<(), E>,
    ) -> Result<(), E> {
        if direction != Direction::Left {
            self.each_way(node, true, types, &mut f)?;
        }
        match direction {
            Direction::Right => Ok(()),
            Direction::Left => self.each_way(node, false, types, &mut f),
            Direction::Either => self.each_way(node, false, types, &mut |tie, other| {
                if other == node { Ok(()) } else { f(tie, other) }
            }),
        }
    }

    /// How many relationships [`Graph::each_step`] would hand on, where that need not be counted one by
    /// one.
    pub(crate) fn n_steps(
        &self,
        node: NodeIdx,
        direction: Direction,
        types: &Types,
    ) -> Option<u64> {
        if !self.is_unchanged() {
            return None;
        }
        let n = |relation| match direction {
            Direction::Right => self.snapshot.out_degree(node, relation),
            Direction::Left => self.snapshot.in_degree(node, relation),
            Direction::Either => self.snapshot.degree(node, relation),
        };
        let n_steps = match &types.relations {
            None => n(None),
            Some(relations) => relations.iter().map(|&it| n(Some(it))).sum(),
        };
        Some(n_steps as u64)
    }

    /// Hands on each relationship of some types between two nodes that points that way.
    pub(crate) fn each_between<E>(
        &self,
        from: NodeIdx,
        to: NodeIdx,
        direction: Direction,
        types: &Types,
        mut f: impl FnMut(TieIdx) -> Result<(), E>,
    ) -> Result<(), E> {
        if let Some(relations) = &types.relations
            && self.is_unchanged()
        {
            for &relation in relations {
                if direction != Direction::Left {
                    self.snapshot.ties_between(from, relation, to).try_for_each(&mut f)?;
                }
                if direction != Direction::Right && (direction == Direction::Left || from != to) {
                    self.snapshot.ties_between(to, relation, from).try_for_each(&mut f)?;
                }
            }
            return Ok(());
        }
        self.each_step(
            from,
            direction,
            types,
            |tie, other| {
                if other == to { f(tie) } else { Ok(()) }
            },
        )
    }

    /// The nodes at the other ends of the relationships of one type at a node, sorted, one for each
    /// relationship, and the relationships beside them; None where they do not lie ready like that.
    pub(crate) fn sorted_steps(
        &self,
        node: NodeIdx,
        direction: Direction,
        types: &Types,
    ) -> Option<(&[u32], &[u32])> {
        let Some([relation]) = types.relations.as_deref() else { return None };
        if !self.is_unchanged() {
            return None;
        }
        match direction {
            Direction::Right => self.snapshot.out_sorted(node, *relation),
            Direction::Left => self.snapshot.in_sorted(node, *relation),
            Direction::Either => None,
        }
    }

    /// The nodes at the other ends of the relationships of some types at each node, where they lie ready
    /// like that, or once they are asked for.
    pub(crate) fn ends_at_hand(&self, direction: Direction, types: &Types) -> Option<&OtherEnds> {
        let Some([relation]) = types.relations.as_deref() else { return None };
        match direction {
            _ if !self.is_unchanged() => None,
            Direction::Right => self.snapshot.out_ends(*relation),
            Direction::Left => self.snapshot.in_ends(*relation),
            Direction::Either => None,
        }
    }

    /// The same for any types and either direction, gathered if need be; `hold` is told of the bytes that
    /// this takes.
    pub(crate) fn ends<E>(
        &self,
        direction: Direction,
        types: &Types,
        mut hold: impl FnMut(usize) -> Result<(), E>,
    ) -> Result<Cow<'_, OtherEnds>, E> {
        if let Some(ends) = self.ends_at_hand(direction, types) {
            return Ok(Cow::Borrowed(ends));
        }
        hold(self.n_positions() * size_of::<u32>())?;
        let ends = OtherEnds::new(self.n_positions(), |node, ends| {
            self.each_step(node, direction, types, |_, other| {
                ends.push(other.0);
                Ok(())
            })?;
            hold(ends.len() * size_of::<u32>())
        })?;
        Ok(Cow::Owned(ends))
    }

    /// Hands on each relationship of some types that starts at a node (`out`) or ends at it.
    fn each_way<E>(
        &self,
        node: NodeIdx,
        out: bool,
        types: &Types,
        f: &mut impl FnMut(TieIdx, NodeIdx) -> Result<(), E>,
    ) -> Result<(), E> {
        let is_unchanged = self.is_unchanged();
        if self.is_of_snapshot(node) {
            let mut there = |(tie, other): (TieIdx, NodeIdx)| {
                if is_unchanged || !self.is_deleted_tie(tie) { f(tie, other) } else { Ok(()) }
            };
            let snapshot = &self.snapshot;
            match (&types.relations, out) {
                (None, true) => snapshot.out_steps(node).try_for_each(&mut there)?,
                (None, false) => snapshot.in_steps(node).try_for_each(&mut there)?,
                (Some(relations), out) => {
                    for &relation in relations {
                        match out {
                            true => {
                                snapshot.out_ties_of(node, relation).try_for_each(&mut there)?;
                            }
                            false => {
                                snapshot.in_ties_of(node, relation).try_for_each(&mut there)?;
                            }
                        }
                    }
                }
            }
        }
        if is_unchanged {
            return Ok(());
        }
        for tie in self.overlay.ties_at(node, out) {
            if self.is_new_of(tie, types) {
                f(tie, if out { self.end(tie) } else { self.start(tie) })?;
            }
        }
        Ok(())
    }

    /// Whether a new relationship is there and of some types.
    fn is_new_of(&self, tie: TieIdx, types: &Types) -> bool {
        let fits = |labels: &Labels| {
            let relation_type = self.relation_type_ref(tie);
            labels.hold(&|name| name == &**relation_type, &|| true)
        };
        !self.is_deleted_tie(tie) && types.labels.as_ref().is_none_or(fits)
    }
}
