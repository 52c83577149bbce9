//! What becomes of ranks when links are lost: the same draws made anew with other dice.
//!
//! Chance differs, so counts are held to what 150 draws of our own give, give or take four and a half
//! standard errors.

use super::Ctx;
use super::audit::At;
use super::network::{Network, betweenness, degrees, harmonic, rank};

/// How many draws the command makes.
const DRAWS: usize = 1_000;
/// How many are made here.
const OWN_DRAWS: usize = 150;
/// By so much the two shares may differ.
const SLACK: f64 = 0.2;
/// By so much the share of draws below a usual rank may differ from a twentieth.
const TAIL: f64 = 0.09;

/// Degree, betweenness and harmonic closeness of every node.
type Figures = [Vec<f64>; 3];

/// The figures of the network in each draw.
pub(super) struct Draws(Vec<Figures>);

impl Draws {
    pub(super) fn of(network: &Network<'_>) -> Self {
        let links: Vec<(usize, usize)> = network.links.keys().copied().collect();
        let whole = figures(network.n(), &links);
        for (own, slow) in whole.iter().zip([degrees, betweenness, harmonic].map(|it| it(network)))
        {
            assert!(own.iter().zip(slow).all(|(a, b)| (a - b).abs() < 1e-9));
        }
        let mut dice = Dice(97);
        let n_dropped = n_dropped_of(links.len());
        let draw = |_| {
            let mut left = links.clone();
            for _ in 0..n_dropped {
                left.swap_remove(dice.roll(left.len()));
            }
            figures(network.n(), &left)
        };
        Self((0..OWN_DRAWS).map(draw).collect())
    }

    /// Holds the stability of a row, by which of the three figures it is ranked.
    pub(super) fn check(&self, row: &At<'_>, which: usize, n_rows: usize, ctx: &Ctx<'_>) {
        let node = ctx.conduit.at(row.get("node").id());
        let found = row.get("stability");
        found.get("n_draws").is(DRAWS);
        found.get("n_links_dropped").is(n_dropped_of(ctx.conduit.links.len()));
        found.get("n_rows").is(n_rows);
        let ranks: Vec<usize> = self.0.iter().map(|it| rank(&it[which], node)).collect();
        let share = |takes: &dyn Fn(usize) -> bool| {
            ranks.iter().filter(|it| takes(**it)).count() as f64 / OWN_DRAWS as f64
        };
        let stayed = share(&|it| it <= n_rows) * DRAWS as f64;
        found.get("n_stayed").is_near(stayed, SLACK * DRAWS as f64);
        let usual = |name: &str| found.get(name).number().unwrap() as usize;
        let (from, to) = (usual("rank_from"), usual("rank_to"));
        assert!(share(&|it| it < from) <= 0.05 + TAIL && share(&|it| it > to) <= 0.05 + TAIL);
        assert!(share(&|it| it <= from) > 0.0 && share(&|it| it >= to) > 0.0);
        // Every body has all three figures, whatever is lost.
        found.get("n_without_rank").is(0);
        found.get("rank_from").is(from);
        found.get("rank_to").is(to);
    }
}

/// One link in ten, rounded, and one at least.
fn n_dropped_of(n_links: usize) -> usize {
    ((n_links as f64 / 10.0).round() as usize).max(1)
}

/// A linear congruential generator: the test needs no better one.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, n_sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n_sides
    }
}

pub(super) fn figures(n: usize, links: &[(usize, usize)]) -> Figures {
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); n];
    for &(a, b) in links {
        neighbours[a].push(b);
        neighbours[b].push(a);
    }
    let (mut between, mut harmonic) = (vec![0.0; n], vec![0.0; n]);
    for start in 0..n {
        let (mut steps, mut n_ways) = (vec![usize::MAX; n], vec![0.0; n]);
        (steps[start], n_ways[start]) = (0, 1.0);
        let mut order = vec![start];
        let mut at = 0;
        while let Some(&node) = order.get(at) {
            at += 1;
            for &next in &neighbours[node] {
                if steps[next] == usize::MAX {
                    steps[next] = steps[node] + 1;
                    order.push(next);
                }
                if steps[next] == steps[node] + 1 {
                    n_ways[next] += n_ways[node];
                }
            }
        }
        let mut depends = vec![0.0; n];
        for &node in order.iter().skip(1).rev() {
            harmonic[start] += 1.0 / steps[node] as f64;
            between[node] += depends[node] / 2.0;
            for &before in &neighbours[node] {
                if steps[before] + 1 == steps[node] {
                    depends[before] += n_ways[before] / n_ways[node] * (1.0 + depends[node]);
                }
            }
        }
    }
    harmonic.iter_mut().for_each(|it| *it /= n as f64 - 1.0);
    [neighbours.iter().map(|it| it.len() as f64).collect(), between, harmonic]
}
