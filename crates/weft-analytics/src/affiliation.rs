//! Two modes: who takes part in what, and the network of those who take part in the same.

use weft_graph::View;

use crate::contacts::Contacts;

/// Who takes part in which event: programmes, boards, projects, whatever the caller calls an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Affiliation {
    /// The events by index, each with those who take part, in ascending order.
    pub events: Vec<(u32, Vec<u32>)>,
    /// Links between two events, or between two that are none, which are in no affiliation.
    pub n_links_left_out: usize,
}

/// Two nodes that take part in the same events.
#[derive(Clone, Debug, PartialEq)]
pub struct CoAffiliation {
    /// The node of smaller index.
    pub left: u32,
    /// The other.
    pub right: u32,
    /// The sum of 1 / (n - 1) over the events shared, n the number of those who take part in it.
    pub weight: f64,
    /// The events shared, in ascending order.
    pub events: Vec<u32>,
}

/// The network of those who take part in the same events. It is no [`View`]: its links are nobody's
/// ties, and say only that two were in the same place.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    /// The pairs, by index.
    pub pairs: Vec<CoAffiliation>,
    /// Events of more than the members allowed, which give no pairs.
    pub too_large: Vec<u32>,
}

/// Returns the affiliations in a view; `is_event` says of each node whether it is an event.
///
/// - Direction: ignored. Weights: none. An event in which nobody takes part is listed.
/// - Source: Breiger, *The duality of persons and groups* (1974). Cost: O(n + m).
///
/// ```
/// let snapshot = weft_graph::fixture("a -participates_in-> p:programme; b -participates_in-> p; a -supports-> b");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let affiliation = weft_analytics::affiliation(&view, &[false, true, false]);
/// assert_eq!(affiliation.events, [(1, vec![0, 2])]);
/// assert_eq!(affiliation.n_links_left_out, 1);
/// ```
///
/// # Panics
/// If `is_event` is shorter than the view has nodes.
pub fn affiliation(view: &View, is_event: &[bool]) -> Affiliation {
    let contacts = Contacts::new(view);
    let is_event = |it: u32| is_event[it as usize];
    let mut n_ends_left_out = 0;
    let mut events = Vec::new();
    for node in 0..view.n() as u32 {
        let of_node = contacts.of(node).iter().copied();
        let across = |it: &u32| is_event(*it) != is_event(node);
        if is_event(node) {
            events.push((node, of_node.clone().filter(across).collect()));
        }
        n_ends_left_out += of_node.filter(|it| !across(it)).count();
    }
    Affiliation { events, n_links_left_out: n_ends_left_out / 2 }
}

impl Affiliation {
    /// Returns the network of those who take part in the same events, by Newman's weights: each
    /// shares itself out among those whom it meets there, so a meeting of two counts 1 for the pair
    /// and one of a hundred next to nothing. A node's weights sum to the number of its events in which
    /// it is not alone.
    ///
    /// An event of more than `n_members_max` members gives no pairs and is named in the result.
    ///
    /// - Source: Newman, *Scientific collaboration networks II*, Physical Review E 64 (2001).
    /// - Cost: O(p log p) for p, the sum over events of pairs of members.
    ///
    /// ```
    /// let snapshot = weft_graph::fixture(
    ///     "a -participates_in-> p:programme; b -participates_in-> p; c -participates_in-> p; \
    ///      a -participates_in-> q:programme; b -participates_in-> q",
    /// );
    /// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
    /// let is_event = [false, true, false, false, true];
    /// let pairs = weft_analytics::affiliation(&view, &is_event).project(100).pairs;
    /// assert_eq!((pairs[0].left, pairs[0].right, pairs[0].weight), (0, 2, 1.5));
    /// assert_eq!(pairs[0].events, [1, 4]);
    /// ```
    pub fn project(&self, n_members_max: usize) -> Projection {
        let mut meetings: Vec<(u32, u32, u32, f64)> = Vec::new();
        let mut too_large = Vec::new();
        for (event, members) in &self.events {
            if members.len() > n_members_max {
                too_large.push(*event);
                continue;
            }
            for (at, &right) in members.iter().enumerate() {
                let part = 1.0 / (members.len() - 1).max(1) as f64;
                meetings.extend(members[..at].iter().map(|&left| (left, right, *event, part)));
            }
        }
        meetings.sort_unstable_by_key(|&(left, right, event, _)| (left, right, event));
        let pair = |meetings: &[(u32, u32, u32, f64)]| CoAffiliation {
            left: meetings[0].0,
            right: meetings[0].1,
            weight: meetings.iter().map(|it| it.3).sum(),
            events: meetings.iter().map(|it| it.2).collect(),
        };
        let pairs = meetings.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).map(pair).collect();
        Projection { pairs, too_large }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Matrix, assert_close, for_all_graphs, view_of};

    #[track_caller]
    fn check(view: &View, is_event: &[bool]) {
        let matrix = Matrix::undirected(view).0;
        let n = view.n();
        let affiliation = affiliation(view, is_event);
        let found = affiliation.project(usize::MAX);
        let members =
            |e: usize| (0..n).filter(move |&it| !is_event[it]).filter(|&it| matrix[e][it]).count();
        let mut sums = vec![0.0; n];
        for a in 0..n {
            for b in (a + 1..n).filter(|&b| !is_event[a] && !is_event[b]) {
                let shared: Vec<usize> =
                    (0..n).filter(|&e| is_event[e] && matrix[a][e] && matrix[b][e]).collect();
                let weight: f64 = shared.iter().map(|&e| 1.0 / (members(e) - 1) as f64).sum();
                let pair =
                    found.pairs.iter().find(|it| (it.left, it.right) == (a as u32, b as u32));
                assert_eq!(pair.is_some(), !shared.is_empty());
                assert_close(&[pair.map_or(0.0, |it| it.weight)], &[weight]);
                sums[a] += weight;
                sums[b] += weight;
            }
        }
        for a in (0..n).filter(|&a| !is_event[a]) {
            let in_company = (0..n).filter(|&e| is_event[e] && matrix[a][e] && members(e) > 1);
            assert_close(&[sums[a]], &[in_company.count() as f64]);
        }
        let n_kept: usize = affiliation.events.iter().map(|it| it.1.len()).sum();
        let n_links = matrix.iter().flatten().filter(|&&it| it).count() / 2;
        assert_eq!(affiliation.n_links_left_out, n_links - n_kept);
    }

    #[test]
    fn weights_are_newmans_and_sum_to_the_events_in_company() {
        for_all_graphs(|view| {
            for every in [2, 3] {
                let is_event: Vec<bool> = (0..view.n()).map(|it| it % every == 0).collect();
                check(view, &is_event);
            }
        });
    }

    #[test]
    fn an_event_that_is_too_large_is_named_and_gives_no_pairs() {
        let view = view_of("a -supports-> e; b -supports-> e; c -supports-> e; a -supports-> f");
        let affiliation = affiliation(&view, &[false, true, false, false, true]);
        let found = affiliation.project(2);
        assert_eq!(found, Projection { pairs: Vec::new(), too_large: vec![1] });
        assert_eq!(affiliation.project(3).pairs.len(), 3);
    }
}
