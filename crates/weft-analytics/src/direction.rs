//! Which way links are followed; knows rows of neighbours, not the ties in them.

use weft_graph::View;

use crate::contacts::Contacts;

/// Which way links are followed. In an undirected view all three are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Along the view's arcs: what a node points to.
    #[default]
    Outgoing,
    /// Against them: what points to a node.
    Incoming,
    /// Whichever way they run; links both ways to one contact are one.
    Either,
}

/// The neighbours of each node in one direction, in ascending order.
pub(crate) enum Rows<'a> {
    Outgoing(&'a View),
    Incoming(&'a View),
    Either(Contacts<'a>),
}

impl<'a> Rows<'a> {
    /// O(1), and O(n + m) for either direction of a directed view.
    pub(crate) fn new(view: &'a View, direction: Direction) -> Self {
        match direction {
            Direction::Outgoing => Self::Outgoing(view),
            Direction::Incoming => Self::Incoming(view),
            Direction::Either => Self::Either(Contacts::new(view)),
        }
    }

    pub(crate) fn of(&self, node: u32) -> &[u32] {
        match self {
            Self::Outgoing(view) => view.neighbours(node),
            Self::Incoming(view) => view.in_neighbours(node),
            Self::Either(contacts) => contacts.of(node),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::directed_view_of;

    #[track_caller]
    fn check(direction: Direction, expected: &[u32]) {
        let view = directed_view_of("a -supports-> b; b -supports-> a; b -supports-> c");
        assert_eq!(Rows::new(&view, direction).of(1), expected);
    }

    #[test]
    fn rows_follow_the_direction_and_have_each_contact_once() {
        check(Direction::Outgoing, &[0, 2]);
        check(Direction::Incoming, &[0]);
        check(Direction::Either, &[0, 2]);
    }
}
