//! How far a ranking can be trusted: what becomes of it when links are lost, and whether it differs
//! from chance. Works for any figure of the nodes of a view; knows none of them.

use serde::Serialize;
use weft_analytics::{Interrupted, Rewiring, Run, SwapRule, draws, without_links};
use weft_graph::{Snapshot, View};

use crate::ecosystem::words;

/// How often links are dropped at random.
pub(crate) const DRAWS: usize = 1_000;
/// One link in so many is dropped, rounded to whole links, one at least.
const DROPPED_OF: usize = 10;
/// How many rewired networks a figure is held against.
const SAMPLES: usize = 999;
/// From this share of the draws on, a body is safe among the rows shown.
const SAFE_FROM: f64 = 0.95;
/// The ranks given are those of this share of the draws, the outermost left out at both ends.
const USUAL: f64 = 0.9;
/// Up to this p a figure differs from chance; each end of the range is asked for by itself.
const DIFFERS_UP_TO: f64 = 0.025;
/// A figure that falls below this share without one tie rests on that tie.
pub(crate) const RESTS_ON_ONE: f64 = 0.5;
/// What is said of a body whose figure is more than chance gives, less, or neither.
const BY_TIES: [&str; 3] = [
    "more than its number of ties explains",
    "less than its number of ties would give",
    "what its number of ties alone would give",
];
/// What is said where no network can be rewired.
pub(crate) const HARDLY_SWAPPED: &str =
    "not applicable: hardly a tie can be swapped for another of its kind";
/// Figures closer than one part in this many are equal: sums in another order differ by as much.
const EQUAL_PARTS: f64 = 1e9;

/// A figure for each node of a view.
pub(crate) type Measure = fn(&View) -> Vec<f64>;

/// What becomes of one row of a ranking when links are lost at random.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Stability {
    /// How often links were dropped; of a link that is ranked itself, how often it was not among them.
    pub n_draws: usize,
    /// How many links each time: one in ten.
    pub n_links_dropped: usize,
    /// The last rank with which it keeps its place: the number of rows shown, or its own rank where
    /// all bodies are shown or where it was asked for.
    pub n_rows: usize,
    /// In how many draws it had that rank or a better one: fewer than that many bodies had a higher
    /// figure.
    pub n_stayed: usize,
    /// In how many draws it had no rank at all, such as constraint below three partners.
    pub n_without_rank: usize,
    /// The best of its ranks in the middle nine tenths of the draws in which it has one; none if it never
    /// has.
    pub rank_from: Option<usize>,
    /// The worst of them.
    pub rank_to: Option<usize>,
    /// In words.
    pub sentence: String,
}

/// What it is for a body to keep its place in a ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// To stay among the rows shown, which are the head of a longer ranking.
    AmongRows {
        /// How many rows.
        n_rows: usize,
        /// The rank of the last of them.
        rank_of_last: usize,
        /// How many bodies with that rank are not shown.
        n_left_out: usize,
    },
    /// To keep its rank, or a better one: where all bodies are shown none can leave, and bodies that
    /// are asked for are no head of a ranking.
    OwnRank,
}

/// What a ranking ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ranked {
    Bodies,
    Links,
}

impl Ranked {
    fn many(self) -> &'static str {
        match self {
            Self::Bodies => "bodies",
            Self::Links => "links",
        }
    }

    fn one(self) -> &'static str {
        match self {
            Self::Bodies => "body",
            Self::Links => "link",
        }
    }

    /// What is said of one that has no rank on stated ties alone.
    pub(crate) fn not_stated(self) -> &'static str {
        match self {
            Self::Bodies => "by what the sources state in so many words it has no rank",
            Self::Links => "no source states it in so many words",
        }
    }
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

/// What draws give that each lose one link in ten.
pub(crate) struct Losses<T> {
    /// How many links each draw loses.
    pub(crate) n_links_dropped: usize,
    /// In words.
    lost: String,
    /// What each draw gives.
    pub(crate) draws: Vec<T>,
}

/// Returns what `draw` gives of each of `n_draws` views that have lost one link in ten.
pub(crate) fn losses<T: Send>(
    view: &View,
    n_draws: usize,
    seed: u64,
    run: &mut Run<'_>,
    draw: impl Fn(View) -> T + Sync,
) -> Result<Losses<T>, Interrupted> {
    let n_links_dropped = n_dropped_of(view.m());
    let lost = match view.m() >= DROPPED_OF {
        true => "with one link in ten lost".to_owned(),
        false => format!(
            "with {n_links_dropped} of the {} lost",
            words::count(view.m(), "link", "links")
        ),
    };
    let draws = draws(n_draws, seed, run, |seed| draw(without_links(view, n_links_dropped, seed)))?;
    Ok(Losses { n_links_dropped, lost, draws })
}

impl<T> Losses<T> {
    /// What becomes of a row of that rank, from its ranks in these draws, or in those that count for it,
    /// none where a draw leaves it without one; there must be one draw at least. `draws` is what these
    /// are called.
    pub(crate) fn stability(
        &self,
        ranks: Vec<Option<usize>>,
        rank: usize,
        place: Place,
        draws: &str,
    ) -> Stability {
        let n_draws = ranks.len();
        let mut ranks: Vec<usize> = ranks.into_iter().flatten().collect();
        ranks.sort_unstable();
        let n_rows = place.last_rank(rank);
        let n_stayed = ranks.partition_point(|&it| it <= n_rows);
        let n_without_rank = n_draws - ranks.len();
        let usual = (!ranks.is_empty()).then(|| usual(&ranks));
        let share = |n: usize| per_hundred(n as f64 / n_draws as f64);
        let (lost, stays) = (&self.lost, place.stays(rank));
        let mut sentence = format!("{lost} it {stays} in {} of 100 {draws}", share(n_stayed));
        match usual.map(|it| (words::digits(it.0), words::digits(it.1))) {
            Some((from, to)) if from == to => {
                sentence.push_str(&format!(", mostly at rank {from}"))
            }
            Some((from, to)) => sentence.push_str(&format!(", mostly at rank {from} to {to}")),
            None => {}
        }
        if n_without_rank > 0 {
            sentence.push_str(&format!(", and has no rank in {}", share(n_without_rank)));
        }
        let (rank_from, rank_to) = usual.unzip();
        Stability {
            n_draws,
            n_links_dropped: self.n_links_dropped,
            n_rows,
            n_stayed,
            n_without_rank,
            rank_from,
            rank_to,
            sentence,
        }
    }

    /// "with one link in ten lost".
    pub(crate) fn lost(&self) -> &str {
        &self.lost
    }
}

/// The first and the last of the middle nine tenths of sorted values, of which there is one at least.
pub(crate) fn usual<T: Copy>(sorted: &[T]) -> (T, T) {
    let n_out = ((1.0 - USUAL) / 2.0 * sorted.len() as f64) as usize;
    (sorted[n_out], sorted[sorted.len() - 1 - n_out])
}

/// Whether what holds in so many of so many draws is safe.
pub(crate) fn is_safe_in(n_stayed: usize, n_draws: usize) -> bool {
    n_stayed as f64 >= SAFE_FROM * n_draws as f64
}

/// Returns what becomes of some nodes, each given with its rank, when one link in ten is dropped. Who has
/// no figure to be ranked by (minus infinity) in a draw has no rank in it.
///
/// 1,001 runs of the measure.
pub(crate) fn stability(
    view: &View,
    measure: impl Fn(&View) -> Vec<f64> + Sync,
    nodes: &[(u32, usize)],
    place: Place,
    seed: u64,
    run: &mut Run<'_>,
) -> Result<Vec<Stability>, Interrupted> {
    let indices: Vec<u32> = nodes.iter().map(|it| it.0).collect();
    let ranks = |view: View| -> Vec<Option<usize>> {
        let values = measure(&view);
        let has_rank = |index: u32| values[index as usize] != f64::NEG_INFINITY;
        let ranks = ranks_of(&values, &indices).into_iter().zip(&indices);
        ranks.map(|(rank, &index)| has_rank(index).then_some(rank)).collect()
    };
    let found = losses(view, DRAWS, seed, run, ranks)?;
    let of = |(at, &(_, rank)): (usize, &(u32, usize))| {
        let ranks = found.draws.iter().map(|it| it[at]).collect();
        found.stability(ranks, rank, place, "draws")
    };
    Ok(nodes.iter().enumerate().map(of).collect())
}

/// How many of so many links are dropped.
fn n_dropped_of(n_links: usize) -> usize {
    ((n_links + DROPPED_OF / 2) / DROPPED_OF).max(1).min(n_links)
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
    let own = |view: &View| -> Vec<f64> {
        let values = measure(view);
        nodes.iter().map(|&it| values[it as usize]).collect()
    };
    let Some(samples) = rewired(snapshot, view, seed, run, own)? else {
        return Ok(vec![Chance::not_applicable(HARDLY_SWAPPED); nodes.len()]);
    };
    let of =
        |(at, value): (usize, f64)| Chance::of(value, samples.iter().map(|it| it[at]), BY_TIES);
    Ok(own(view).into_iter().enumerate().map(of).collect())
}

/// Returns what `draw` gives of each of 999 networks with the same ties rewired at random; none where
/// hardly a tie can be swapped.
pub(crate) fn rewired<T: Send>(
    snapshot: &Snapshot,
    view: &View,
    seed: u64,
    run: &mut Run<'_>,
    draw: impl Fn(&View) -> T + Sync,
) -> Result<Option<Vec<T>>, Interrupted> {
    let rewiring = Rewiring::new(snapshot, view, SwapRule::KeepKinds);
    // One sample tells whether there is anything to swap, before a thousand are made.
    if rewiring.sample(seed).is_none() {
        return Ok(None);
    }
    let samples = draws(SAMPLES, seed, run, |seed| Some(draw(&rewiring.sample(seed)?)))?;
    Ok(samples.into_iter().collect())
}

impl Place {
    /// Of the first so many bodies of a ranking, or of bodies that were asked for; `ranks` are those of
    /// all that could be shown, in order.
    pub(crate) fn of(ranks: &[usize], n_shown: usize, are_asked_for: bool) -> Self {
        match ranks[..n_shown].last() {
            Some(&rank_of_last) if !are_asked_for && n_shown < ranks.len() => {
                let rest = &ranks[n_shown..];
                let n_left_out = rest.iter().take_while(|&&it| it == rank_of_last).count();
                Self::AmongRows { n_rows: n_shown, rank_of_last, n_left_out }
            }
            _ => Self::OwnRank,
        }
    }

    /// The last rank with which a body of this rank keeps its place.
    pub(crate) fn last_rank(self, rank: usize) -> usize {
        match self {
            Self::AmongRows { n_rows, .. } => n_rows,
            Self::OwnRank => rank,
        }
    }

    /// How it would not be shown if its name stood later in the alphabet; none if it stands there by
    /// its figure.
    pub(crate) fn shared(self, rank: usize, ranked: Ranked) -> Option<String> {
        match self {
            Self::AmongRows { rank_of_last, n_left_out, .. }
                if rank == rank_of_last && n_left_out > 0 =>
            {
                let (one, many) = (ranked.one(), ranked.many());
                let others = words::count(
                    n_left_out,
                    &format!("{one} that is"),
                    &format!("{many} that are"),
                );
                Some(format!("its figure is that of {others} not shown"))
            }
            _ => None,
        }
    }

    fn stays(self, rank: usize) -> String {
        match self {
            Self::AmongRows { n_rows: 1, .. } => "stays first".to_owned(),
            Self::AmongRows { n_rows, .. } => {
                format!("stays among the first {}", words::digits(n_rows))
            }
            Self::OwnRank if rank == 1 => "stays first".to_owned(),
            Self::OwnRank => format!("keeps rank {} or a better one", words::digits(rank)),
        }
    }

    /// Who keeps its place whatever was tried; none where that of one body is told anyway.
    pub(crate) fn verdict(self, safe: &[&str], n_rows: usize, ranked: Ranked) -> Option<String> {
        let (one, many) = (ranked.one(), ranked.many());
        let names = words::all_names(safe.iter().copied());
        let (is_one, rows) = (n_rows == 1, words::digits(n_rows));
        Some(match (self, safe.len()) {
            (_, 0) if is_one => return None,
            (Self::AmongRows { .. }, 0) => format!("none of the {rows} places is safe"),
            (Self::AmongRows { .. }, 1) if is_one => {
                format!("the place of {names} is safe, whatever was tried")
            }
            (Self::AmongRows { .. }, n) if n == n_rows => {
                format!(
                    "all {rows} places are safe: no loss or doubt that was tried moves a {one} out"
                )
            }
            (Self::AmongRows { .. }, _) => {
                format!("safe among the {rows} places, whatever was tried: {names}")
            }
            (Self::OwnRank, 0) => {
                format!("none of the {rows} {many} keeps its rank in all that was tried")
            }
            (Self::OwnRank, 1) => {
                format!("{names} keeps its rank, or has a better one, whatever was tried")
            }
            (Self::OwnRank, 2) if n_rows == 2 => {
                "both keep their rank, or have a better one, whatever was tried".to_owned()
            }
            (Self::OwnRank, n) if n == n_rows => {
                format!("all {rows} keep their rank, or have a better one, whatever was tried")
            }
            (Self::OwnRank, _) => {
                format!("{names} keep their rank, or have a better one, whatever was tried")
            }
        })
    }

    /// What is said of a body that may not keep its place.
    pub(crate) fn fails(self) -> &'static str {
        match self {
            Self::AmongRows { .. } => "is not safe",
            Self::OwnRank => "may not keep its rank",
        }
    }
}

impl Stability {
    /// Whether it keeps its place in 95 of 100 draws.
    pub(crate) fn is_safe(&self) -> bool {
        is_safe_in(self.n_stayed, self.n_draws)
    }

    /// Whether it keeps one rank in nine of ten draws.
    pub(crate) fn keeps_its_rank(&self) -> bool {
        self.rank_from == self.rank_to && !self.often_has_no_rank()
    }

    /// Whether it has no rank in more draws than the outermost that are left out.
    pub(crate) fn often_has_no_rank(&self) -> bool {
        self.n_without_rank as f64 > (1.0 - USUAL) / 2.0 * self.n_draws as f64
    }

    /// Between which ranks it is in most draws: "2", "2 to 9", "2 to 9, or none".
    pub fn usual_ranks(&self) -> String {
        let ranks = match (self.rank_from, self.rank_to) {
            (Some(from), Some(to)) if from == to => words::digits(from),
            (Some(from), Some(to)) => format!("{} to {}", words::digits(from), words::digits(to)),
            _ => return "none".to_owned(),
        };
        if self.often_has_no_rank() { format!("{ranks}, or none") } else { ranks }
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

    /// Whether every rewired network gives the same figure, neither more nor less.
    pub(crate) fn is_the_same_in_all(&self) -> bool {
        self.p_higher == Some(1.0) && self.p_lower == Some(1.0)
    }

    /// `words` say what it is to be higher, lower, and neither.
    pub(crate) fn of(
        value: f64,
        samples: impl Iterator<Item = f64> + Clone,
        words: [&'static str; 3],
    ) -> Self {
        let n_samples = samples.clone().count();
        let expected = samples.clone().sum::<f64>() / n_samples as f64;
        let p = |n_extreme: usize| (1 + n_extreme) as f64 / (1 + n_samples) as f64;
        let own = level(value);
        let p_higher = p(samples.clone().filter(|&it| level(it) >= own).count());
        let p_lower = p(samples.filter(|&it| level(it) <= own).count());
        let sentence = match () {
            () if p_higher <= DIFFERS_UP_TO => words[0],
            () if p_lower <= DIFFERS_UP_TO => words[1],
            () => words[2],
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
pub(crate) fn ranks_of(values: &[f64], nodes: &[u32]) -> Vec<usize> {
    let mut levels: Vec<i128> = values.iter().map(|&it| level(it)).collect();
    levels.sort_unstable();
    let higher = |own: i128| levels.len() - levels.partition_point(|&it| it <= own);
    nodes.iter().map(|&it| 1 + higher(level(values[it as usize]))).collect()
}

/// A figure as a whole number in which rounding errors are gone.
pub(crate) fn level(value: f64) -> i128 {
    (value * EQUAL_PARTS).round() as i128
}

/// "99" of a hundred, never 100 or 0 unless it is all or none, nor what is safe unless it is.
pub(crate) fn per_hundred(share: f64) -> String {
    let rounded = (share * 100.0).round();
    if share < SAFE_FROM && rounded >= SAFE_FROM * 100.0 {
        return (rounded - 1.0).to_string();
    }
    match rounded as usize {
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

    #[test]
    fn shares_are_not_rounded_into_what_is_safe_all_or_none() {
        let shown = [0.0, 0.004, 0.5, 0.944, 0.946, 0.95, 0.996, 1.0].map(per_hundred);
        assert_eq!(shown, ["0", "fewer than 1", "50", "94", "94", "95", "99", "100"]);
    }

    fn between(view: &View) -> Vec<f64> {
        betweenness(view).nodes
    }

    #[track_caller]
    fn check(value: f64, samples: &[f64], p_higher: f64, p_lower: f64, words: &str) {
        let found = Chance::of(value, samples.iter().copied(), BY_TIES);
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
        let ranks = [1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2];
        let place = Place::of(&ranks, 6, false);
        let nodes = [(at("h"), 1), (at("n0"), 2)];
        let found = || stability(&view, between, &nodes, place, 42, &mut Run::default());
        let found = (found().unwrap(), found().unwrap());
        assert_eq!(found.0, found.1);
        let found = found.0;
        assert_eq!(
            (found[0].n_stayed, found[0].rank_from, found[0].rank_to),
            (1_000, Some(1), Some(1))
        );
        assert_eq!(found[0].n_links_dropped, 2);
        assert!(found[0].is_safe() && found[0].keeps_its_rank());
        assert!(found[1].rank_to > found[1].rank_from && found[1].n_stayed < 1_000);
    }

    #[test]
    fn a_body_that_a_draw_leaves_without_a_rank_keeps_no_place_in_it() {
        let graph =
            "h:council -supports-> a:company; h -supports-> b:company; h -supports-> c:company";
        let snapshot = fixture(graph);
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let from_three = |view: &View| -> Vec<f64> {
            let n_contacts = |it: u32| view.degree(it);
            let figure = |it: u32| match n_contacts(it) {
                it if it < 3 => f64::NEG_INFINITY,
                it => f64::from(it as u32),
            };
            (0..view.n() as u32).map(figure).collect()
        };
        let hub = view.index_of(snapshot.find_node("h").unwrap()).unwrap();
        let nodes = [(hub, 1)];
        let found = stability(&view, from_three, &nodes, Place::OwnRank, 42, &mut Run::default());
        // Each draw drops one of the three links.
        let found = &found.unwrap()[0];
        assert_eq!((found.n_stayed, found.rank_from, found.rank_to), (0, None, None));
        assert_eq!((found.n_without_rank, found.usual_ranks()), (1_000, "none".to_owned()));
        let said =
            "with 1 of the 3 links lost it stays first in 0 of 100 draws, and has no rank in 100";
        assert_eq!(found.sentence, said);
    }

    #[test]
    fn ranks_of_draws_never_pass_the_number_ranked() {
        // Two hubs of three partners and one of four: each draw leaves some with too few.
        let mut graph = "h:council".to_owned();
        for (hub, n) in [("h", 4), ("i", 3), ("j", 3)] {
            (0..n).for_each(|it| graph.push_str(&format!("; {hub} -supports-> {hub}{it}")));
        }
        let snapshot = fixture(&graph);
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let from_three = |view: &View| -> Vec<f64> {
            let figure = |it: u32| if view.degree(it) < 3 { f64::NEG_INFINITY } else { 1.0 };
            (0..view.n() as u32).map(figure).collect()
        };
        let nodes =
            ["h", "i", "j"].map(|it| (view.index_of(snapshot.find_node(it).unwrap()).unwrap(), 1));
        let found = stability(&view, from_three, &nodes, Place::OwnRank, 42, &mut Run::default());
        let found = found.unwrap();
        // One link of ten is lost: `h` keeps three, `i` is without a rank in three draws of ten.
        assert_eq!((found[0].n_without_rank, found[0].n_stayed), (0, 1_000));
        assert!((250..350).contains(&found[1].n_without_rank), "{:?}", found[1]);
        for it in &found {
            assert_eq!((it.rank_from, it.rank_to), (Some(1), Some(1)));
            assert_eq!(it.n_stayed + it.n_without_rank, it.n_draws);
        }
        assert!(found[0].keeps_its_rank() && !found[1].keeps_its_rank());
        assert_eq!(found[1].usual_ranks(), "1, or none");
        assert!(found[1].sentence.contains(", mostly at rank 1, and has no rank in "));
    }

    #[test]
    fn one_link_in_ten_is_the_nearest_whole_number_of_links() {
        let found = [0, 1, 9, 14, 15, 24, 25, 199].map(n_dropped_of);
        assert_eq!(found, [0, 1, 1, 1, 2, 2, 3, 20]);
    }

    #[test]
    fn a_place_is_among_the_rows_of_a_longer_ranking_and_else_the_rank() {
        let ranks = [1, 2, 2, 2, 5];
        let head = Place::of(&ranks, 2, false);
        assert_eq!(head, Place::AmongRows { n_rows: 2, rank_of_last: 2, n_left_out: 2 });
        assert_eq!(
            head.shared(2, Ranked::Bodies).unwrap(),
            "its figure is that of 2 bodies that are not shown"
        );
        assert_eq!(
            (head.shared(1, Ranked::Links), Place::of(&ranks, 4, false).shared(2, Ranked::Links)),
            (None, None)
        );
        assert_eq!((head.last_rank(1), Place::OwnRank.last_rank(1)), (2, 1));
        for (n_shown, are_asked_for) in [(5, false), (2, true), (0, false)] {
            assert_eq!(Place::of(&ranks, n_shown, are_asked_for), Place::OwnRank);
        }
        let said = |safe: &[&str], n_rows| Place::OwnRank.verdict(safe, n_rows, Ranked::Bodies);
        assert_eq!(said(&[], 1), None);
        assert_eq!(
            said(&[], 3).unwrap(),
            "none of the 3 bodies keeps its rank in all that was tried"
        );
        let first = head.verdict(&["a"], 1, Ranked::Bodies).unwrap();
        assert_eq!(first, "the place of a is safe, whatever was tried");
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
