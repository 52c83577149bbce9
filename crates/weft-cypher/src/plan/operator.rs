//! What a plan is made of: operators, each with the one that feeds it. Knows nothing of running them.

use std::sync::Arc;

use crate::ast::Direction;
use crate::bound::{
    Aggregation, CallProcedure, CreatePattern, Expr, Labels, Merge, RemoveItem, SetItem, Slot,
    SortItem, SubqueryId,
};

/// The position of an operator in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OperatorId(pub(crate) u32);

/// One step of a plan.
#[derive(Clone, Debug)]
pub(crate) struct Operator {
    /// What it does.
    pub(crate) kind: OperatorKind,
    /// What its rows come from; none for [`OperatorKind::Argument`].
    pub(crate) input: Option<OperatorId>,
    /// How many rows it is thought to give.
    pub(crate) n_rows: f64,
}

/// What an operator does with each row that comes in.
#[derive(Clone, Debug)]
pub(crate) enum OperatorKind {
    /// Gives the row that the plan or subquery was started with.
    Argument,
    /// Gives the rows that the write below it left.
    Barrier,
    /// Gives the row again for each node. Where the access may find too many, those are kept that
    /// `compare` holds of. Where the value to look up cannot be computed, that is a fault only if there
    /// is a node that all of `guards` hold of, as it would be if each were asked by itself.
    NodeScan { node: Slot, access: Access, compare: Vec<Condition>, guards: Vec<Condition> },
    /// Gives the row again for each relationship of some types, with its ends.
    TieScan {
        tie: Slot,
        start: Slot,
        end: Slot,
        types: Option<Labels>,
        either: bool,
        unlike: Unlike,
    },
    /// Drops the row unless these slots hold nodes.
    MustBeNodes(Vec<Slot>),
    /// Gives the row again for each relationship at a node.
    Expand(Expand),
    /// Gives the row again for each node where two steps meet.
    Meet(Box<Meet>),
    /// Gives the row again for each walk from a node.
    VarExpand(VarExpand),
    /// Gives the row again for each walk from a node that is made of other steps.
    Repeat(Box<Repeat>),
    /// Finds the ends of a relationship that is there already.
    BoundTie(Expand),
    /// Finds the ends of a walk that is there already.
    BoundWalk(VarExpand),
    /// Finds shortest paths between two nodes.
    ShortestPath(ShortestPath),
    /// Makes a path of what was matched.
    Path { path: Slot, nodes: Vec<Slot>, ties: Vec<(Slot, bool)> },
    /// Drops the row unless all hold.
    Filter(Vec<Condition>),
    /// The row with what the inner operators find, or with nulls if they find nothing.
    Optional { inner: OperatorId, introduced: Vec<Slot> },
    /// Gives the row again for each element of a list.
    Unwind { list: Expr, slot: Slot },
    /// Computes columns.
    Project(Vec<(Slot, Expr)>),
    /// One row for each group; the rows that `run_of` is in come one after the other, and are one group.
    Aggregate { aggregation: Aggregation, run_of: Option<GroupNode> },
    /// One row for each group of the rows that some steps would give, where only their number counts.
    CountSteps(Box<CountSteps>),
    /// One row: how many different nodes are reached by some steps from all rows.
    CountReached { hops: Vec<Expand>, result: Slot },
    /// Drops rows that equal an earlier one in these slots.
    Distinct(Vec<Slot>),
    /// Sorts all rows; of each only the slots of `keep` are needed afterwards.
    Sort { by: Vec<SortItem>, keep: Vec<Slot> },
    /// The first rows of those sorted.
    Top(Top),
    /// Leaves out the first rows.
    Skip(Expr),
    /// Gives no more than so many rows.
    Limit(Expr),
    /// Joins the row with each that a procedure yields.
    Call(Box<CallProcedure>),
    /// Joins the row with each of a subquery's; one without results leaves the row as it is.
    Subquery { id: SubqueryId, results: Vec<Slot> },
    /// Makes nodes and relationships.
    Create(Vec<CreatePattern>),
    /// Matches a pattern, or creates it.
    Merge { merge: Box<Merge>, matching: OperatorId },
    /// Sets properties and labels.
    Set(Vec<SetItem>),
    /// Removes properties and labels.
    Remove(Vec<RemoveItem>),
    /// Deletes nodes and relationships.
    Delete { expressions: Vec<Expr>, detach: bool },
}

/// How the nodes of a scan are found. All but `All` and `Label` may give too many, and know when: the
/// condition that they come from is then checked again.
#[derive(Clone, Debug)]
pub(crate) enum Access {
    /// All there are.
    All,
    /// Those that bear a label.
    Label(Arc<str>),
    /// The one of that number (`id(n) = value`).
    Key(Expr),
    /// The one of that text (`elementId(n) = value`).
    ElementId(Expr),
    /// Those with that value of a property.
    Equal { label: Option<Arc<str>>, key: Arc<str>, value: Expr },
    /// Those with one of the values of a list.
    OneOf { label: Option<Arc<str>>, key: Arc<str>, list: Expr },
    /// Those between two values of a property; each with whether it is one of them.
    Range {
        label: Option<Arc<str>>,
        key: Arc<str>,
        from: Option<(Expr, bool)>,
        to: Option<(Expr, bool)>,
    },
    /// Those whose property begins with a text.
    Prefix { label: Option<Arc<str>>, key: Arc<str>, prefix: Expr },
}

/// One relationship from a node to another.
#[derive(Clone, Debug)]
pub(crate) struct Expand {
    /// The node from which it is looked for.
    pub(crate) from: Slot,
    /// The relationship.
    pub(crate) tie: Slot,
    /// The node at its other end.
    pub(crate) to: Slot,
    /// Which way it points, seen from `from`.
    pub(crate) direction: Direction,
    /// Its type.
    pub(crate) types: Option<Labels>,
    /// Whether the slot of `from` is filled already; only [`OperatorKind::BoundTie`] may find it.
    pub(crate) from_is_filled: bool,
    /// Whether the slot of `to` is filled already.
    pub(crate) to_is_filled: bool,
    /// Relationships, or lists of them, that it must not be or be in.
    pub(crate) unlike: Unlike,
}

/// The first of some slots. Shared, for in a pattern of ten thousand relationships each must differ
/// from all before it.
#[derive(Clone, Debug)]
pub(crate) struct Unlike {
    slots: Arc<[Slot]>,
    n: usize,
}

impl Unlike {
    /// The first `n` of these.
    pub(crate) fn new(slots: Arc<[Slot]>, n: usize) -> Self {
        Self { slots, n }
    }

    pub(crate) fn slots(&self) -> &[Slot] {
        &self.slots[..self.n]
    }
}

impl Expand {
    /// The same relationship, looked for from its other end.
    pub(crate) fn turned(self) -> Self {
        let direction = match self.direction {
            Direction::Right => Direction::Left,
            Direction::Left => Direction::Right,
            Direction::Either => Direction::Either,
        };
        Self { from: self.to, to: self.from, direction, ..self }
    }
}

/// Two steps to the same node, which is found by both at once.
#[derive(Clone, Debug)]
pub(crate) struct Meet {
    /// The step that finds the node.
    pub(crate) near: Expand,
    /// The step that must end there too.
    pub(crate) far: Expand,
}

/// The first rows of those sorted.
#[derive(Clone, Debug)]
pub(crate) struct Top {
    /// What they are sorted by.
    pub(crate) by: Vec<SortItem>,
    /// The slots that are needed afterwards.
    pub(crate) keep: Vec<Slot>,
    pub(crate) skip: Option<Expr>,
    pub(crate) limit: Expr,
    /// Where the operator that counts groups is told the least number of rows with which a group can
    /// still be among the first, if groups are sorted by that number, the greatest first.
    pub(crate) least: Option<Slot>,
}

/// Groups of rows that are counted and not made.
#[derive(Clone, Debug)]
pub(crate) struct CountSteps {
    /// How they are grouped; all that is asked of a group is how many rows it has.
    pub(crate) aggregation: Aggregation,
    /// What would give the rows.
    pub(crate) steps: Steps,
    /// The node that makes each row of the input a group of its own, if one does.
    pub(crate) node: Option<GroupNode>,
    /// Where it stands how many rows a group must have to be asked for; null there for any number.
    pub(crate) least: Option<Slot>,
}

/// Steps whose rows are counted.
#[derive(Clone, Debug)]
pub(crate) enum Steps {
    /// To a node.
    One(Expand),
    /// To a node where both meet.
    Two(Meet),
    /// To a node, and from there and from where it started to a third: no relationship must differ from
    /// any but these.
    Three(Expand, Meet),
}

/// A node that is scanned once, by which alone rows are grouped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GroupNode {
    /// Where it stands.
    pub(crate) slot: Slot,
    /// Whether the node itself is in the key, rather than its id.
    pub(crate) is_itself: bool,
}

/// A walk of several relationships from a node to another, none of them taken twice.
#[derive(Clone, Debug)]
pub(crate) struct VarExpand {
    /// Its ends; `tie` holds the list of its relationships.
    pub(crate) ends: Expand,
    /// At least so many relationships.
    pub(crate) n_min: u64,
    /// At most so many.
    pub(crate) n_max: Option<u64>,
    /// What must hold of each of them, standing for the list in its slot.
    pub(crate) each: Vec<Condition>,
    /// Whether it is walked from the right end of the pattern, so that the list is to be turned.
    pub(crate) is_reversed: bool,
    /// Whether only its ends are asked for, each once: the list is never read.
    pub(crate) only_ends: bool,
}

/// A path that is repeated, no relationship taken twice.
#[derive(Clone, Debug)]
pub(crate) struct Repeat {
    /// The ends of the walk; `tie` holds the list of all its relationships.
    pub(crate) ends: Expand,
    /// Finds the path once more from where it ended.
    pub(crate) inner: OperatorId,
    /// The node of the path from which it is looked for.
    pub(crate) begin: Slot,
    /// The node at its other end.
    pub(crate) end: Slot,
    /// Its relationships.
    pub(crate) ties: Vec<Slot>,
    /// Slots of it, each with that of the list of what was in it each time.
    pub(crate) lists: Vec<(Slot, Slot)>,
    /// At least so many times.
    pub(crate) n_min: u64,
    /// At most so many.
    pub(crate) n_max: Option<u64>,
    /// Whether it is walked from the right end of the pattern, so that lists are to be turned.
    pub(crate) is_reversed: bool,
}

/// Shortest paths between two nodes that are both known.
#[derive(Clone, Debug)]
pub(crate) struct ShortestPath {
    /// The walk.
    pub(crate) walk: VarExpand,
    /// Whether all of the shortest are given, not one.
    pub(crate) all: bool,
    /// How many are given, or with `all` how many lengths.
    pub(crate) n: u64,
    /// Whether the relationship is a single one, not a list.
    pub(crate) is_single: bool,
    /// The path's slot.
    pub(crate) path: Option<Slot>,
    /// What must hold of the whole path: the shortest of those for which it does.
    pub(crate) conditions: Vec<Condition>,
    /// The same, where it can be told on the way there.
    pub(crate) along: Option<Along>,
}

/// What must hold along a path, of one node or relationship at a time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Along {
    /// Of each node, both ends included.
    pub(crate) nodes: Vec<Each>,
    /// Of each relationship.
    pub(crate) ties: Vec<Each>,
    /// It has fewer relationships than so many or, with `true`, no more.
    pub(crate) at_most: Vec<(Expr, bool)>,
}

/// What must hold of each node or relationship.
#[derive(Clone, Debug)]
pub(crate) struct Each {
    /// Where it stands when it is looked at.
    pub(crate) slot: Slot,
    /// The condition.
    pub(crate) predicate: Expr,
    /// Whether it must be true; otherwise, false.
    pub(crate) is: bool,
}

/// What must hold of a row.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    /// The expression is true.
    Expr(Expr),
    /// The node or relationship has all properties of a map that is known when the query runs.
    Properties { slot: Slot, map: Expr },
}
