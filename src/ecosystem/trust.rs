//! How far a ranking can be trusted: what becomes of it when links are lost, and whether it differs
//! from chance. Works for any figure of the nodes of a view; knows none of them.

use serde::Serialize;
use weft_analytics::{Interrupted, Rewiring, Run, SwapRule, draws, without_links};
use weft_graph::{Snapshot, View};

/// How often links are dropped at random.
const DRAWS: usize = 1_000;
/// One link in so many is dropped, one at least.
const DROPPED_OF: usize = 10;
/// How many rewired networks a figure is held against.
const SAMPLES: usize = 999;
/// From this share of the draws on, a body is safe among the rows shown.
const SAFE_FROM: f64 = 0.95;
/// The ranks given are those of this share of the draws, the outermost left out at both ends.
const USUAL: f64 = 0.9;
/// Up to this p a figure differs from chance; each end of the range is asked for by itself.
const DIFFERS_UP_TO: f64 = 0.025;
/// Figures closer than one part in this many are equal: sums in another order differ by as much.
const EQUAL_PARTS: f64 = 1e9;

/// A figure for each node of a view.
pub(crate) type Measure = fn(&View) -> Vec<f64>;

/// What becomes of one row of a ranking when links are lost at random.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Stability {
    /// How often links were dropped.
    pub n_draws: usize,
    /// How many links each time: one in ten.
    pub n_links_dropped: usize,
    /// How many rows the ranking shows.
    pub n_rows: usize,
    /// In how many draws it stayed among them: fewer than that many bodies had a higher figure.
    pub n_stayed: usize,
    /// The best of its ranks in the middle nine tenths of the draws.
    pub rank_from: usize,
    /// The worst of them.
    pub rank_to: usize,
    /// In words.
    pub sentence: String,
}

/// One figure held against rewired networks.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Chance {
    /// How many rewired networks; 0 where the question does not apply.
    pub n_samples: usize,
    /// The figure's mean over them.
    pub expected: Option<f64>,
    /// The figure as a multiple of that mean; none if the mean is 0.
    pub times_expected: Option<f64>,
    /// (1 + samples with at least this figure) / (1 + samples).
    pub p_higher: Option<f64>,
    /// (1 + samples with at most this figure) / (1 + samples).
    pub p_lower: Option<f64>,
    /// In words; where it does not apply, why.
    pub sentence: String,
}

/// Returns what becomes of the ranks of some nodes when one link in ten is dropped.
///
/// 1,000 runs of the measure.
pub(crate) fn stability(
    view: &View,
    measure: impl Fn(&View) -> Vec<f64> + Sync,
    nodes: &[u32],
    n_rows: usize,
    seed: u64,
    run: &mut Run<'_>,
) -> Result<Vec<Stability>, Interrupted> {
    let n_links_dropped = view.m().div_ceil(DROPPED_OF);
    let ranks: Vec<Vec<usize>> = draws(DRAWS, seed, run, |seed| {
        let values = measure(&without_links(view, n_links_dropped, seed));
        ranks_of(&values, nodes)
    })?;
    let of = |at: usize| {
        let mut ranks: Vec<usize> = ranks.iter().map(|it| it[at]).collect();
        ranks.sort_unstable();
        let n_stayed = ranks.partition_point(|&it| it <= n_rows);
        let n_out = ((1.0 - USUAL) / 2.0 * DRAWS as f64) as usize;
        let (rank_from, rank_to) = (ranks[n_out], ranks[DRAWS - 1 - n_out]);
        let usual = match rank_from == rank_to {
            true => format!("rank {rank_from}"),
            false => format!("rank {rank_from} to {rank_to}"),
        };
        let share = per_hundred(n_stayed as f64 / DRAWS as f64);
        let sentence = format!(
            "with one link in ten lost it stays among the first {n_rows} in {share} of 100 draws, \
             mostly at {usual}"
        );
        Stability {
            n_draws: DRAWS,
            n_links_dropped,
            n_rows,
            n_stayed,
            rank_from,
            rank_to,
            sentence,
        }
    };
    Ok((0..nodes.len()).map(of).collect())
}

/// Holds the figures of some nodes against networks with the same ties rewired at random.
///
/// 999 samples and as many runs of the measure.
pub(crate) fn chance(
    snapshot: &Snapshot,
    view: &View,
    measure: impl Fn(&View) -> Vec<f64> + Sync,
    nodes: &[u32],
    seed: u64,
    run: &mut Run<'_>,
) -> Result<Vec<Chance>, Interrupted> {
    let rewiring = Rewiring::new(snapshot, view, SwapRule::KeepKinds);
    let sample = |seed| {
        let values = measure(&rewiring.sample(seed)?);
        Some(nodes.iter().map(|&it| values[it as usize]).collect::<Vec<f64>>())
    };
    // One sample tells whether there is anything to swap, before a thousand are made.
    let samples: Option<Vec<Vec<f64>>> = match rewiring.sample(seed) {
        None => None,
        Some(_) => draws(SAMPLES, seed, run, sample)?.into_iter().collect(),
    };
    let Some(samples) = samples else {
        let words = "not applicable: hardly a tie can be swapped for another of its kind";
        return Ok(vec![Chance::not_applicable(words); nodes.len()]);
    };
    let values = measure(view);
    let of = |(at, &node): (usize, &u32)| {
        Chance::of(values[node as usize], samples.iter().map(|it| it[at]))
    };
    Ok(nodes.iter().enumerate().map(of).collect())
}

impl Stability {
    /// Whether it stays among the rows shown in 95 of 100 draws.
    pub(crate) fn is_safe(&self) -> bool {
        self.n_stayed as f64 >= SAFE_FROM * self.n_draws as f64
    }

    /// Whether it keeps one rank in nine of ten draws.
    pub(crate) fn keeps_its_rank(&self) -> bool {
        self.rank_from == self.rank_to
    }
}

impl Chance {
    pub(crate) fn not_applicable(why: &str) -> Self {
        Self {
            n_samples: 0,
            expected: None,
            times_expected: None,
            p_higher: None,
            p_lower: None,
            sentence: why.to_owned(),
        }
    }

    fn of(value: f64, samples: impl Iterator<Item = f64> + Clone) -> Self {
        let n_samples = samples.clone().count();
        let expected = samples.clone().sum::<f64>() / n_samples as f64;
        let p = |n_extreme: usize| (1 + n_extreme) as f64 / (1 + n_samples) as f64;
        let own = level(value);
        let p_higher = p(samples.clone().filter(|&it| level(it) >= own).count());
        let p_lower = p(samples.filter(|&it| level(it) <= own).count());
        let sentence = match () {
            () if p_higher <= DIFFERS_UP_TO => "more than its number of ties explains",
            () if p_lower <= DIFFERS_UP_TO => "less than its number of ties would give",
            () => "what its number of ties alone would give",
        }
        .to_owned();
        Self {
            n_samples,
            expected: Some(expected),
            times_expected: (expected > 0.0).then(|| value / expected),
            p_higher: Some(p_higher),
            p_lower: Some(p_lower),
            sentence,
        }
    }
}

/// One more than the number of nodes with a higher figure.
pub(crate) fn rank_of(values: &[f64], index: u32) -> usize {
    let own = level(values[index as usize]);
    1 + values.iter().filter(|&&it| level(it) > own).count()
}

/// The ranks of some nodes. O(n log n).
fn ranks_of(values: &[f64], nodes: &[u32]) -> Vec<usize> {
    let mut levels: Vec<i128> = values.iter().map(|&it| level(it)).collect();
    levels.sort_unstable();
    let higher = |own: i128| levels.len() - levels.partition_point(|&it| it <= own);
    nodes.iter().map(|&it| 1 + higher(level(values[it as usize]))).collect()
}

/// A figure as a whole number in which rounding errors are gone.
pub(crate) fn level(value: f64) -> i128 {
    (value * EQUAL_PARTS).round() as i128
}

/// "99" of a hundred, never 100 or 0 unless it is all or none.
fn per_hundred(share: f64) -> String {
    match (share * 100.0).round() as usize {
        100 if share < 1.0 => "99".to_owned(),
        0 if share > 0.0 => "fewer than 1".to_owned(),
        n => n.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_analytics::betweenness;
    use weft_graph::{ViewSpec, fixture};

    fn between(view: &View) -> Vec<f64> {
        betweenness(view).nodes
    }

    #[track_caller]
    fn check(value: f64, samples: &[f64], p_higher: f64, p_lower: f64, words: &str) {
        let found = Chance::of(value, samples.iter().copied());
        assert_eq!((found.p_higher, found.p_lower), (Some(p_higher), Some(p_lower)));
        assert!(found.sentence.starts_with(words), "{}", found.sentence);
    }

    #[test]
    fn p_counts_the_sample_itself_and_what_is_equal() {
        let low = vec![1.0; 99];
        check(2.0, &low, 0.01, 1.0, "more than");
        check(0.5, &low, 1.0, 0.01, "less than");
        check(1.0 + 1e-12, &low, 1.0, 1.0, "what its number");
    }

    #[test]
    fn a_hub_of_many_is_safe_and_one_of_equals_is_not() {
        let mut graph = "h:council".to_owned();
        for at in 0..12 {
            graph.push_str(&format!("; h -supports-> n{at}"));
        }
        for at in 0..12 {
            graph.push_str(&format!("; n{at} -supports-> m{at}"));
        }
        let snapshot = fixture(&graph);
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let at = |id: &str| view.index_of(snapshot.find_node(id).unwrap()).unwrap();
        let found = || stability(&view, between, &[at("h"), at("n0")], 6, 42, &mut Run::default());
        let found = (found().unwrap(), found().unwrap());
        assert_eq!(found.0, found.1);
        let found = found.0;
        assert_eq!((found[0].n_stayed, found[0].rank_from, found[0].rank_to), (1_000, 1, 1));
        assert_eq!(found[0].n_links_dropped, 3);
        assert!(found[0].is_safe() && found[0].keeps_its_rank());
        assert!(found[1].rank_to > found[1].rank_from && found[1].n_stayed < 1_000);
    }

    #[test]
    fn two_cliques_joined_by_one_body_are_more_than_chance() {
        let mut graph = "h:council".to_owned();
        for (side, first) in [("a", 0), ("b", 8)] {
            for i in 0..8 {
                for j in 0..i {
                    graph.push_str(&format!(
                        "; {side}{i}:council -partners_with-> {side}{j}:council"
                    ));
                }
            }
            graph.push_str(&format!("; h -partners_with-> {side}{}", first % 8));
        }
        let snapshot = fixture(&graph);
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let h = view.index_of(snapshot.find_node("h").unwrap()).unwrap();
        let found = chance(&snapshot, &view, between, &[h], 42, &mut Run::default());
        let found = found.unwrap().remove(0);
        assert_eq!((found.n_samples, found.p_higher), (999, Some(0.001)));
        assert!(found.expected.unwrap() < between(&view)[h as usize]);
    }

    #[test]
    fn where_nothing_can_be_swapped_the_question_does_not_apply() {
        let snapshot = fixture("a:council -hosts-> b:facility; b -supports-> c:company");
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let found = chance(&snapshot, &view, between, &[0], 42, &mut Run::default());
        let found = found.unwrap().remove(0);
        assert_eq!((found.n_samples, found.p_higher), (0, None));
        assert!(found.sentence.starts_with("not applicable"));
    }
}
