//! The search for communities: several seeded runs, the best of them, and how far they agree.

use std::ops::Range;

use weft_graph::View;

use super::level::Level;
use super::{Agreement, agreement, leiden, louvain, modularity};
use crate::components::number_by_size;
use crate::random::Random;
use crate::run::{Interrupted, Run};

/// How often a run goes over the whole network at most, unless the options say so.
const N_ROUNDS_MAX: usize = 20;
/// How many runs are made, unless the options say so,
const N_RUNS: usize = 10;
/// and at most in a small network, where the best of ten may still be another with each seed,
const N_RUNS_MAX: usize = 100;
/// as long as they look at no more nodes and links than so many together.
const N_LOOKED_AT: usize = 20_000;
/// How many of the runs are compared with each other.
const N_COMPARED: usize = 20;

/// How communities are looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CommunityOptions {
    /// Which algorithm moves the nodes.
    pub method: CommunityMethod,
    /// What is maximised.
    pub quality: Quality,
    /// How much chance counts: more gives smaller groups. For modularity 1 is Newman's; in the
    /// constant Potts model it is the density that a group has inside at least, and that two groups
    /// have between them at most.
    pub resolution: f64,
    /// Where the random choices begin.
    pub seed: u64,
    /// How many runs are made; the best is taken. Without a number ten, and in a small network more, up
    /// to a hundred, as long as they look at no more than 20,000 nodes and links together.
    pub n_runs: Option<usize>,
    /// How often a run goes over the whole network at most, each time from its own result; it stops
    /// as soon as nothing is gained, on networks of 50,000 links and more as soon as it gains less than
    /// 0.00001 in modularity. With 1 Louvain is as it was published.
    pub n_rounds: usize,
}

/// The algorithm that looks for communities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CommunityMethod {
    /// Traag, Waltman and van Eck (2019): no group is ever disconnected.
    #[default]
    Leiden,
    /// Blondel, Guillaume, Lambiotte and Lefebvre (2008): quicker; a group may fall into parts.
    Louvain,
}

/// What a partition is measured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quality {
    /// The share of links inside groups, less what it would be if links fell by degree alone.
    /// Newman and Girvan (2004). It does not see groups that are small beside the whole.
    #[default]
    Modularity,
    /// The constant Potts model: links inside groups, less the resolution times the pairs inside.
    /// Traag, Van Dooren and Nesterov (2011). What is a group here does not depend on the rest.
    ConstantPotts,
}

impl Default for CommunityOptions {
    fn default() -> Self {
        Self {
            method: CommunityMethod::default(),
            quality: Quality::default(),
            resolution: 1.0,
            seed: 1,
            n_runs: None,
            n_rounds: N_ROUNDS_MAX,
        }
    }
}

/// A partition into communities, largest first; of equal ones that with the smallest index first.
#[derive(Clone, Debug, PartialEq)]
pub struct Communities {
    /// The community of each node.
    pub of: Vec<u32>,
    /// The number of nodes of each community.
    pub sizes: Vec<usize>,
    /// What was maximised, at the resolution asked for. Modularity: -1/2 to 1, `NaN` without links.
    /// Constant Potts model: in links.
    pub quality: f64,
    /// Newman's modularity (at resolution 1) of the partition; `NaN` without links.
    pub modularity: f64,
    /// How far the runs agree: the mean normalised mutual information over all pairs of the first 20.
    pub agreement: f64,
    /// The same by the adjusted Rand index, which does not favour many small groups.
    pub agreement_rand: f64,
}

/// Finds communities, the best of several seeded runs.
///
/// - Direction: a pair counts `a_ij + a_ji` in a directed view, 1 in an undirected one. Weights:
///   none. Disconnected: no community of Leiden reaches over two components; an isolated node is
///   alone (in the constant Potts model at resolution 0 as well).
/// - Source: Traag, Waltman and van Eck, *From Louvain to Leiden* (2019); Blondel, Guillaume,
///   Lambiotte and Lefebvre, *Fast unfolding of communities in large networks* (2008).
/// - Cost: about O(n + m) a round and run, O(n + m) memory a thread; the runs are shared among all
///   processors, which changes nothing in what they find.
///
/// ```
/// let snapshot = weft_graph::fixture(
///     "a -supports-> b; b -supports-> c; c -supports-> a; c -supports-> d; \
///      d -supports-> e; e -supports-> f; f -supports-> d",
/// );
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let communities = weft_analytics::communities(&view, &Default::default());
/// assert_eq!(communities.of, [0, 0, 0, 1, 1, 1]);
/// ```
pub fn communities(view: &View, options: &CommunityOptions) -> Communities {
    communities_in(view, options, &mut Run::default()).expect("nobody interrupts it")
}

/// Returns [`communities`] as a run that can be watched and stopped after each of the seeded runs.
///
/// # Errors
/// If it was interrupted.
pub fn communities_in(
    view: &View,
    options: &CommunityOptions,
    run: &mut Run,
) -> Result<Communities, Interrupted> {
    let search = Search::new(view, options);
    let total = search.level.total();
    let mut seeds = Random::new(options.seed);
    let in_small = (N_LOOKED_AT / (view.n() + view.m()).max(1)).clamp(N_RUNS, N_RUNS_MAX);
    let n_runs = options.n_runs.unwrap_or(in_small).max(1);
    let seeds: Vec<u64> = (0..n_runs).map(|_| seeds.next()).collect();
    let runs = search.runs(&seeds, run)?;
    let mut best = (f64::NEG_INFINITY, 0);
    for (run, groups) in runs.iter().enumerate() {
        let quality = search.level.quality(groups, search.chance);
        // Equal but for rounding: the first stands.
        if quality > best.0 + f64::EPSILON * total {
            best = (quality, run);
        }
    }
    let chosen = number_by_size(&runs[best.1]);
    let compared = &runs[..runs.len().min(N_COMPARED)];
    let Agreement { mutual_information, rand_index } = agreement(compared);
    Ok(Communities {
        quality: match options.quality {
            Quality::Modularity => best.0 / total,
            // A node and itself are no pair.
            Quality::ConstantPotts => (best.0 + options.resolution * view.n() as f64) / 2.0,
        },
        modularity: modularity(view, &chosen.of, 1.0),
        of: chosen.of,
        sizes: chosen.sizes,
        agreement: mutual_information,
        agreement_rand: rand_index,
    })
}

/// Returns what one run finds from each of several seeds, as [`communities`] does that makes no other.
///
/// - Cost: as [`communities`], whose runs are shared among all processors too.
///
/// # Errors
/// If it was interrupted.
///
/// ```
/// let snapshot = weft_graph::fixture("a -supports-> b; c -supports-> d; c -supports-> e");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// let (usual, mut run) = Default::default();
/// let found = weft_analytics::partitions(&view, &usual, &[1, 2], &mut run)?;
/// assert_eq!(found, [[1, 1, 0, 0, 0], [1, 1, 0, 0, 0]]);
/// # Ok::<(), weft_analytics::Interrupted>(())
/// ```
pub fn partitions(
    view: &View,
    options: &CommunityOptions,
    seeds: &[u64],
    run: &mut Run,
) -> Result<Vec<Vec<u32>>, Interrupted> {
    let seeds: Vec<u64> = seeds.iter().map(|&it| Random::new(it).next()).collect();
    let found = Search::new(view, options).runs(&seeds, run)?;
    Ok(found.iter().map(|it| number_by_size(it).of).collect())
}

/// A network to be searched, and what a run is told but for its seed.
struct Search<'a> {
    level: Level,
    /// What a pair of nodes of mass 1 would have without any link.
    chance: f64,
    options: &'a CommunityOptions,
}

impl<'a> Search<'a> {
    fn new(view: &View, options: &'a CommunityOptions) -> Self {
        let level = Level::of(view, options.quality);
        let total = level.total();
        let chance = match options.quality {
            // Without links nothing is expected either, and everyone stays alone.
            Quality::Modularity if total == 0.0 => 0.0,
            Quality::Modularity => options.resolution / total,
            Quality::ConstantPotts => options.resolution,
        };
        Self { level, chance, options }
    }

    /// The groups that each seed leads to.
    fn runs(&self, seeds: &[u64], run: &mut Run) -> Result<Vec<Vec<u32>>, Interrupted> {
        let find = |seed: u64| {
            let mut random = Random::new(seed);
            let improve = match self.options.method {
                CommunityMethod::Leiden => leiden::run,
                CommunityMethod::Louvain => louvain::run,
            };
            improve(&self.level, self.chance, self.options.n_rounds, &mut random)
        };
        let pieces: Vec<Range<usize>> = (0..seeds.len()).map(|it| it..it + 1).collect();
        let work = |found: &mut Vec<Vec<u32>>, piece: Range<usize>| {
            found.extend(seeds[piece].iter().map(|&it| find(it)));
        };
        let fold = |found: &mut Vec<Vec<u32>>, runs: &mut Vec<Vec<u32>>| runs.append(found);
        run.sweep(&pieces, Vec::new(), Vec::new, work, fold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Dice, Matrix, assert_close, for_all_graphs, random_view, view_of};

    #[track_caller]
    fn check(graph: &str, of: &[u32], n_communities: usize) {
        let found = communities(&view_of(graph), &CommunityOptions::default());
        assert_eq!((&found.of[..], found.sizes.len()), (of, n_communities));
    }

    #[test]
    fn without_links_everyone_is_alone() {
        check("a; b; c", &[0, 1, 2], 3);
        check("", &[], 0);
    }

    #[test]
    fn two_cliques_joined_by_one_link_are_two_communities() {
        let cliques = "a -supports-> b; b -supports-> c; c -supports-> a; \
                       d -supports-> e; e -supports-> f; f -supports-> d; a -supports-> d";
        check(cliques, &[0, 0, 0, 1, 1, 1], 2);
    }

    #[test]
    fn the_same_seed_gives_the_same_communities() {
        let view = random_view(60, 150, 5);
        let options = CommunityOptions { seed: 9, n_runs: Some(3), ..Default::default() };
        assert_eq!(communities(&view, &options), communities(&view, &options));
    }

    /// All partitions of `n` nodes; a group is numbered after those before it.
    fn partitions(n: usize) -> Vec<Vec<u32>> {
        let mut all = vec![Vec::new()];
        for _ in 0..n {
            let longer = |groups: &Vec<u32>| {
                let n_groups = groups.iter().max().map_or(0, |it| it + 1);
                let groups = groups.clone();
                (0..=n_groups).map(move |it| [&groups[..], &[it]].concat())
            };
            all = all.iter().flat_map(longer).collect();
        }
        all
    }

    #[test]
    fn no_partition_of_a_small_graph_is_better() {
        let partitions: Vec<_> = (0..=5).map(partitions).collect();
        for_all_graphs(|view| {
            let Some(partitions) = partitions.get(view.n()).filter(|_| view.m() > 0) else {
                return;
            };
            let best = partitions.iter().map(|it| modularity(view, it, 1.0)).fold(-1.0, f64::max);
            let found =
                communities(view, &CommunityOptions { n_runs: Some(4), ..Default::default() });
            assert!((found.modularity - best).abs() < 1e-9, "{} of {best}", found.modularity);
        });
    }

    #[test]
    fn no_partition_of_a_small_graph_is_better_in_the_constant_potts_model() {
        let partitions: Vec<_> = (0..=5).map(partitions).collect();
        for_all_graphs(|view| {
            let Some(partitions) = partitions.get(view.n()) else { return };
            let matrix = Matrix::of(view);
            for resolution in [0.0, 0.3, 2.5] {
                let quality = |groups: &[u32]| {
                    let n = groups.len();
                    let pairs = (0..n).flat_map(|a| (0..a).map(move |b| (a, b)));
                    let inside = pairs.filter(|&(a, b)| groups[a] == groups[b]);
                    let links = |(a, b): (usize, usize)| match view.spec().directed {
                        true => u8::from(matrix.0[a][b]) + u8::from(matrix.0[b][a]),
                        false => u8::from(matrix.0[a][b]),
                    };
                    inside.map(|it| f64::from(links(it)) - resolution).fold(0.0, |sum, it| sum + it)
                };
                let best = partitions.iter().map(|it| quality(it)).fold(-1.0, f64::max);
                let quality_kind = Quality::ConstantPotts;
                let options = CommunityOptions {
                    quality: quality_kind,
                    resolution,
                    n_runs: Some(4),
                    ..Default::default()
                };
                let found = communities(view, &options);
                assert_close(&[found.quality, found.quality], &[quality(&found.of), best]);
            }
        });
    }

    #[test]
    fn louvain_gives_what_it_says_and_is_no_worse_than_everyone_alone() {
        for seed in 0..20 {
            let view = random_view(40, 90, seed);
            for n_rounds in [1, 5] {
                let method = CommunityMethod::Louvain;
                let options = CommunityOptions { method, seed, n_rounds, ..Default::default() };
                let found = communities(&view, &options);
                assert_close(&[found.quality], &[modularity(&view, &found.of, 1.0)]);
                let alone: Vec<u32> = (0..view.n() as u32).collect();
                assert!(found.quality >= modularity(&view, &alone, 1.0));
            }
        }
    }

    /// A network of `n_groups` groups with links inside and across, as likely as the dice say.
    fn planted(n_groups: usize, size: usize, per_mille: [usize; 2], seed: u64) -> View {
        let mut dice = Dice(seed);
        let mut graph: Vec<String> = (0..n_groups * size).map(|it| format!("n{it:03}")).collect();
        for a in 0..n_groups * size {
            for b in 0..a {
                let is_across = usize::from(a / size != b / size);
                if dice.roll(1000) < per_mille[is_across] {
                    graph.push(format!("n{b:03} -supports-> n{a:03}"));
                }
            }
        }
        view_of(&graph.join("; "))
    }

    #[test]
    fn clear_groups_are_found_whatever_the_method() {
        let view = planted(6, 20, [400, 10], 4);
        let groups: Vec<u32> = (0..120).map(|it| it / 20).collect();
        for method in [CommunityMethod::Leiden, CommunityMethod::Louvain] {
            for (quality, resolution) in [(Quality::Modularity, 1.0), (Quality::ConstantPotts, 0.1)]
            {
                let options =
                    CommunityOptions { method, quality, resolution, ..Default::default() };
                let found = communities(&view, &options);
                assert_eq!(found.of, groups, "{method:?} {quality:?}");
                assert!(found.agreement_rand > 0.95);
            }
        }
    }

    #[test]
    fn on_a_small_network_the_seed_decides_little() {
        let least =
            |found: &[Communities]| found.iter().map(|it| it.quality).fold(f64::INFINITY, f64::min);
        let alike = |found: &[Communities]| {
            let all: Vec<Vec<u32>> = found.iter().map(|it| it.of.clone()).collect();
            agreement(&all).rand_index
        };
        for graph_seed in [2, 5, 7, 10, 12] {
            let view = planted(5, 20, [90, 5], graph_seed);
            let of_seeds = |n_runs| -> Vec<Communities> {
                let options = |seed| CommunityOptions { seed, n_runs, ..Default::default() };
                (0..8).map(|seed| communities(&view, &options(seed))).collect()
            };
            let (usual, ten, one) = (of_seeds(None), of_seeds(Some(10)), of_seeds(Some(1)));
            assert!(least(&usual) > least(&ten) && least(&ten) > least(&one));
            assert!(alike(&usual) > alike(&one) && alike(&usual) > 0.95, "{}", alike(&usual));
        }
    }

    #[test]
    fn no_community_is_ever_disconnected() {
        for seed in 0..40 {
            let view = random_view(40, 30 + seed as usize, seed);
            for resolution in [0.3, 1.0, 3.0] {
                let options =
                    CommunityOptions { resolution, seed, n_runs: Some(1), ..Default::default() };
                let found = communities(&view, &options);
                let mut inside = Matrix::undirected(&view);
                for (a, row) in inside.0.iter_mut().enumerate() {
                    for (b, is_linked) in row.iter_mut().enumerate() {
                        *is_linked &= found.of[a] == found.of[b];
                    }
                }
                assert_eq!(inside.components().len(), found.sizes.len());
            }
        }
    }
}
