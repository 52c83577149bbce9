//! The graph: what an ecosystem is made of, how it changes, and the forms that questions read.
//!
//! The life of a fact: a file or a query makes a [`Change`]; a [`ChangeSet`] of them is applied to a
//! [`Model`] (or a store, with the same meaning); the model is frozen into a [`Snapshot`]; a
//! [`View`] picks relations, kinds, a date and a floor of certainty, and everything that counts or
//! searches runs on the view.
//!
//! Does no I/O, and knows no file format, no store and no finding.

mod change;
mod claim;
mod fact;
mod fixture;
mod fold;
mod id;
mod labels;
mod model;
mod node_set;
mod record;
mod schema;
mod snapshot;
mod stated;
mod traversal;
mod view;

pub use change::{Change, ChangeError, ChangeSet};
pub use claim::{Certainty, Claim, Conflict, Denial, Source, resolve_node, resolve_tie};
pub use fact::{Derivation, Fact, Recomputation};
pub use fixture::{fixture, fixture_model};
pub use fold::{fold, words};
pub use id::{NodeId, NodeIdx, TieId, TieIdx};
pub use labels::{kind_of_labels, labels_of_kind};
pub use model::{Model, Node, Tie};
pub use node_set::NodeSet;
pub use record::{
    Amount, AmountRef, Identifier, NodeRecord, Qualifier, TieKey, TieRecord, is_slug, slug_of,
};
pub use schema::{
    Component, Ends, Family, Kind, KindId, LabelId, OPEN_WORDS_MAX, Relation, RelationId, Schema,
    SchemaError, Stage, StageId,
};
pub use snapshot::{
    ClaimRef, NAME, NODE_COLUMNS, NodeRef, OtherEnds, PlainClaim, PlainNode, PlainTie, Property,
    Snapshot, SnapshotBuilder, Statistics, TIE_COLUMNS, TieRef,
};
pub use traversal::{PathFinder, UNREACHED, distances, shortest_path};
pub use view::{View, ViewSpec};
