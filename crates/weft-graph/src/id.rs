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

/// The letter before the key in the id of a node that has no id of its own.
const OPEN_NODE: char = 'n';
/// The letter before the key in the id of a tie that has no id of its own.
const OPEN_TIE: char = 'r';

impl NodeId {
    /// The id of the node of this key in a graph without a schema: `n42`. Unique for ever, as the key.
    pub fn open_id(self) -> String {
        format!("{OPEN_NODE}{}", self.0)
    }

    /// The key that an id of [`NodeId::open_id`] is made of.
    pub fn of_open_id(id: &str) -> Option<Self> {
        key_of(id, OPEN_NODE).map(Self)
    }
}

impl TieId {
    /// The id of the tie of this key in a graph without a schema: `r42`. Unique for ever, as the key.
    pub fn open_id(self) -> String {
        format!("{OPEN_TIE}{}", self.0)
    }

    /// The key that an id of [`TieId::open_id`] is made of.
    pub fn of_open_id(id: &str) -> Option<Self> {
        key_of(id, OPEN_TIE).map(Self)
    }
}

fn key_of(id: &str, letter: char) -> Option<u32> {
    let digits = id.strip_prefix(letter)?;
    let is_written_so = digits.bytes().all(|it| it.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| is_written_so)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_made_of_a_key_is_one() {
        assert_eq!(TieId::of_open_id(&TieId(42).open_id()), Some(TieId(42)));
        for id in ["", "r", "r0", "r01", "r+1", "n1", "r4294967296", "r1 "] {
            assert_eq!(TieId::of_open_id(id), None, "{id}");
        }
    }
}
