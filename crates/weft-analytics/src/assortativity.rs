//! Assortativity by numbers: whether those linked are alike in size, age, or number of contacts.

use weft_graph::View;

use crate::direction::Direction;

/// Returns the correlation of a number at the beginning of links with a number at their end; -1 to 1.
///
/// - Direction: along the view's arcs; in an undirected view each link counts both ways round.
///   Weights: none. Disconnected: nothing special. Links with an end whose number is `NaN` (unknown)
///   are left out. `NaN` without links, or where one of the two does not vary.
/// - Source: Newman, *Mixing patterns in networks* (2003), formula 21. Cost: O(n + m). By group see
///   [`Mixing::assortativity`](crate::Mixing::assortativity).
///
/// # Panics
/// If a list is shorter than the view has nodes.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; c -supports-> d");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let age = [30.0, 30.0, 2.0, 2.0];
/// assert!((weft_analytics::numeric_assortativity(&view, &age, &age) - 1.0).abs() < 1e-12);
/// ```
pub fn numeric_assortativity(view: &View, at_source: &[f64], at_target: &[f64]) -> f64 {
    let mut pairs = Vec::with_capacity(view.m());
    for link in 0..view.m() as u32 {
        let (source, target) = view.link_ends(link);
        pairs.push((at_source[source as usize], at_target[target as usize]));
        if !view.spec().directed {
            pairs.push((at_source[target as usize], at_target[source as usize]));
        }
    }
    pairs.retain(|(x, y)| !x.is_nan() && !y.is_nan());
    let n = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (mean_x, mean_y) = (mean(|it| it.0), mean(|it| it.1));
    // What is the same everywhere must not get a variance from rounding.
    let is_flat = |of: fn(&(f64, f64)) -> f64| pairs.windows(2).all(|it| of(&it[0]) == of(&it[1]));
    if is_flat(|it| it.0) || is_flat(|it| it.1) {
        return f64::NAN;
    }
    let (mut covariance, mut of_x, mut of_y) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        covariance += (x - mean_x) * (y - mean_y);
        of_x += (x - mean_x).powi(2);
        of_y += (y - mean_y).powi(2);
    }
    covariance / (of_x * of_y).sqrt()
}

/// Returns the correlation of the number of links that the beginning of a link has in one direction
/// with that which its end has in another.
///
/// - Direction: networkx and igraph correlate `Outgoing` with `Incoming` in a directed view. In an
///   undirected view all directions are [`degree_assortativity`](crate::degree_assortativity).
///   `Either` is the sum of both, links both ways counting twice. Weights: none.
/// - Source, cost and disconnected parts: as [`numeric_assortativity`]; Foster et al., *Edge
///   direction and the structure of networks* (2010).
///
/// ```
/// use weft_analytics::{Direction, directed_degree_assortativity};
/// let snapshot = weft_graph::fixture("a -supports-> b; a -supports-> c; b -supports-> c");
/// let spec = weft_graph::ViewSpec { directed: true, ..weft_graph::ViewSpec::all(&snapshot) };
/// let view = weft_graph::View::new(&snapshot, spec);
/// let found = directed_degree_assortativity(&view, Direction::Outgoing, Direction::Incoming);
/// assert!((found + 0.5).abs() < 1e-12);
/// ```
pub fn directed_degree_assortativity(
    view: &View,
    at_source: Direction,
    at_target: Direction,
) -> f64 {
    let n_links = |direction: Direction| -> Vec<f64> {
        let count = |node: u32| match direction {
            Direction::Either if view.spec().directed => {
                view.neighbours(node).len() + view.in_neighbours(node).len()
            }
            Direction::Incoming => view.in_neighbours(node).len(),
            Direction::Outgoing | Direction::Either => view.neighbours(node).len(),
        };
        (0..view.n() as u32).map(|it| count(it) as f64).collect()
    };
    numeric_assortativity(view, &n_links(at_source), &n_links(at_target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::degree_assortativity;
    use crate::testing::{assert_close, for_all_graphs, view_of};

    #[track_caller]
    fn check(graph: &str, numbers: &[f64], expected: f64) {
        let found = numeric_assortativity(&view_of(graph), numbers, numbers);
        assert_close(&[found], &[expected]);
    }

    #[test]
    fn unknown_numbers_take_no_part() {
        let graph = "a -supports-> b; c -supports-> d; d -supports-> e";
        check(graph, &[1.0, 1.0, 5.0, 5.0, f64::NAN], 1.0);
        check(graph, &[1.0, 5.0, 1.0, 5.0, f64::NAN], -1.0);
        check(graph, &[0.1; 5], f64::NAN);
        check(graph, &[f64::NAN; 5], f64::NAN);
    }

    #[test]
    fn by_degree_it_is_the_degree_assortativity() {
        for_all_graphs(|view| {
            let either = directed_degree_assortativity(view, Direction::Either, Direction::Either);
            if !view.spec().directed {
                assert_close(&[either], &[degree_assortativity(view)]);
            }
            assert!(either.is_nan() || (-1.0 - 1e-9..=1.0 + 1e-9).contains(&either));
        });
    }
}
