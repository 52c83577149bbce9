//! The numbers that stand for nodes and ties, each of its own type so that none is taken for another.

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The number as an index.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

number! {
    /// The key of a node in a store or a model; never used again once the node is deleted.
    NodeId
}
number! {
    /// The key of a tie in a store or a model; never used again once the tie is deleted.
    TieId
}
number! {
    /// The position of a node in one snapshot; it never leaves it.
    NodeIdx
}
number! {
    /// The position of a tie in one snapshot; it never leaves it.
    TieIdx
}
