//! Ego density: how far the contacts of a node are linked to each other, arc by arc.

use weft_graph::View;

use crate::contacts::Contacts;

/// Returns for each node the arcs among its contacts by those that there could be: 0 to 1; 0 for
/// fewer than two contacts.
///
/// - Direction: contacts are those either way; between them each direction counts by itself. In an
///   undirected view it is the local clustering. Weights: none. Disconnected: nothing special.
/// - Source: Watts and Strogatz (1998), for directed networks as the benchmark LDBC Graphalytics has it
///   (LCC).
/// - Cost: O(sum over nodes of the degrees of their contacts) time, O(n + m) memory.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c; b -supports-> c");
/// let spec = weft_graph::ViewSpec { directed: true, ..weft_graph::ViewSpec::all(&snapshot) };
/// let view = weft_graph::View::new(&snapshot, spec);
/// assert_eq!(weft_analytics::ego_density(&view), [0.5, 0.5, 0.5]);
/// ```
pub fn ego_density(view: &View) -> Vec<f64> {
    let contacts = Contacts::new(view);
    let mut is_contact = vec![false; view.n()];
    let mut densities = Vec::with_capacity(view.n());
    for node in 0..view.n() as u32 {
        let own = contacts.of(node);
        own.iter().for_each(|&it| is_contact[it as usize] = true);
        let arcs = own.iter().flat_map(|&it| view.neighbours(it));
        let n_inside = arcs.filter(|&&it| is_contact[it as usize]).count();
        own.iter().for_each(|&it| is_contact[it as usize] = false);
        let n_possible = own.len() * own.len().saturating_sub(1);
        densities.push(n_inside as f64 / n_possible.max(1) as f64);
    }
    densities
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local_clustering;
    use crate::testing::{Matrix, assert_close, for_all_graphs, view_of};

    #[track_caller]
    fn check(view: &View) {
        let (arcs, links) = (Matrix::of(view).0, Matrix::undirected(view).0);
        let n = view.n();
        let density = |v: usize| {
            let contacts: Vec<usize> = (0..n).filter(|&it| links[v][it]).collect();
            let pairs = contacts.iter().flat_map(|&a| contacts.iter().map(move |&b| (a, b)));
            let pairs: Vec<(usize, usize)> = pairs.filter(|it| it.0 != it.1).collect();
            let n_inside = pairs.iter().filter(|it| arcs[it.0][it.1]).count();
            if pairs.is_empty() { 0.0 } else { n_inside as f64 / pairs.len() as f64 }
        };
        let expected: Vec<f64> = (0..n).map(density).collect();
        assert_close(&ego_density(view), &expected);
        if !view.spec().directed {
            assert_close(&local_clustering(view), &expected);
        }
    }

    #[test]
    fn density_is_what_the_definition_gives() {
        for_all_graphs(check);
    }

    #[test]
    fn a_node_without_two_contacts_has_none() {
        assert_eq!(ego_density(&view_of("a -supports-> b; c")), [0.0; 3]);
    }
}
