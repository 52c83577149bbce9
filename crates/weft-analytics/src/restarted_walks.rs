//! Where walkers that start again at one node each are found: personalised PageRank for many starts.

use weft_graph::View;

use crate::PageRankOptions;
use crate::page_rank::Ranks;
use crate::run::{Interrupted, Run, pieces_of};

/// Returns how often a walker is at some nodes, for each start with the nodes that are asked about.
///
/// - Definition: that of [`crate::page_rank()`] from that one start, of which these are the numbers.
/// - Cost: one of those a start; O(n) memory for each thread.
///
/// # Errors
/// If it was interrupted.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; b -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let options = weft_analytics::PageRankOptions::default();
/// let asked = [(0, vec![2]), (1, vec![0, 2])];
/// let found = weft_analytics::restarted_walks(&view, &asked, &options, &mut Default::default())?;
/// let alone = weft_analytics::page_rank(&view, &[1], &options);
/// assert_eq!(found[1], [alone[0], alone[2]]);
/// # Ok::<(), weft_analytics::Interrupted>(())
/// ```
pub fn restarted_walks(
    view: &View,
    asked: &[(u32, Vec<u32>)],
    options: &PageRankOptions,
    run: &mut Run<'_>,
) -> Result<Vec<Vec<f64>>, Interrupted> {
    let ranks = Ranks::new(view, options);
    let walk = |(start, nodes): &(u32, Vec<u32>)| -> Vec<f64> {
        let rank = ranks.from(&[*start]);
        nodes.iter().map(|&it| rank[it as usize]).collect()
    };
    run.sweep(
        &pieces_of(asked.iter().map(|_| 1), 1),
        Vec::with_capacity(asked.len()),
        Vec::new,
        |found, piece| found.extend(asked[piece].iter().map(walk)),
        |found, all: &mut Vec<Vec<f64>>| all.append(found),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page_rank;
    use crate::testing::random_view;

    #[test]
    fn each_start_has_its_own_walk_on_any_number_of_threads() {
        let view = random_view(40, 60, 3);
        let options = PageRankOptions::default();
        let asked: Vec<(u32, Vec<u32>)> = (0..40).map(|it| (it, vec![it, 39 - it])).collect();
        let of = |n_threads| {
            let mut run = Run::default().on_threads(n_threads);
            restarted_walks(&view, &asked, &options, &mut run).unwrap()
        };
        let alone = |(start, nodes): &(u32, Vec<u32>)| {
            let rank = page_rank(&view, &[*start], &options);
            nodes.iter().map(|&it| rank[it as usize]).collect()
        };
        let expected: Vec<Vec<f64>> = asked.iter().map(alone).collect();
        assert_eq!((of(1), of(3)), (expected.clone(), expected));
    }
}
