//! What the tests share: small graphs by the thousand, and answers found by trying everything.

use std::sync::OnceLock;

use weft_graph::{
    Change, ChangeSet, Model, NodeRecord, Schema, SnapshotBuilder, TieRecord, View, ViewSpec,
    fixture, fixture_model,
};

/// The undirected view of all of a graph written in the small language.
pub(crate) fn view_of(graph: &str) -> View {
    let snapshot = fixture(graph);
    View::new(&snapshot, ViewSpec::all(&snapshot))
}

/// The directed view of all of a graph written in the small language.
pub(crate) fn directed_view_of(graph: &str) -> View {
    let snapshot = fixture(graph);
    View::new(&snapshot, ViewSpec { directed: true, ..ViewSpec::all(&snapshot) })
}

/// A linear congruential generator: the tests need no better one.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, n_sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n_sides
    }
}

/// Runs on every undirected graph of up to 5 nodes, and on random multigraphs (loops, parallel and
/// symmetric ties) of up to 8 nodes, each seen undirected and directed.
#[track_caller]
pub(crate) fn for_all_small_graphs(run: impl Fn(&View)) {
    static VIEWS: OnceLock<Vec<View>> = OnceLock::new();
    let views = VIEWS.get_or_init(|| {
        let mut views = Vec::new();
        for n in 0..=5 {
            let pairs: Vec<(usize, usize)> =
                (0..n).flat_map(|a| (0..a).map(move |b| (b, a))).collect();
            for bits in 0..1_u32 << pairs.len() {
                let chosen = (0..pairs.len()).filter(|it| bits >> it & 1 == 1);
                let ties: Vec<Tie> = chosen.map(|it| (pairs[it].0, pairs[it].1, 0)).collect();
                views.push(small_view(n, &ties, false));
            }
        }
        let mut dice = Dice(7);
        for _ in 0..400 {
            let n = 1 + dice.roll(8);
            let n_ties = dice.roll(3 * n);
            let ties: Vec<Tie> =
                (0..n_ties).map(|it| (dice.roll(n), dice.roll(n), it * 4 + dice.roll(4))).collect();
            views.push(small_view(n, &ties, false));
            views.push(small_view(n, &ties, true));
        }
        views
    });
    views.iter().for_each(run);
}

/// Runs on all of [`for_all_small_graphs`], on every directed graph of up to 4 nodes and on every
/// undirected one of 6, the last two up to the names of the nodes: their degrees do not grow by index.
#[track_caller]
pub(crate) fn for_all_graphs(run: impl Fn(&View)) {
    static VIEWS: OnceLock<Vec<View>> = OnceLock::new();
    let views = VIEWS.get_or_init(|| {
        let mut views = Vec::new();
        for (n, directed) in [(1, true), (2, true), (3, true), (4, true), (6, false)] {
            let pairs: Vec<(usize, usize)> =
                ordered_pairs(n).filter(|(a, b)| directed || a < b).collect();
            for bits in 0..1_u32 << pairs.len() {
                let chosen = (0..pairs.len()).filter(|it| bits >> it & 1 == 1);
                let ties: Vec<Tie> = chosen.map(|it| (pairs[it].0, pairs[it].1, 0)).collect();
                let degree = |v: usize| ties.iter().filter(|it| it.0 == v || it.1 == v).count();
                if (1..n).all(|it| degree(it - 1) >= degree(it)) {
                    views.push(small_view(n, &ties, directed));
                }
            }
        }
        views
    });
    for_all_small_graphs(&run);
    views.iter().for_each(run);
}

/// The pairs of different numbers below `n`, both ways round.
pub(crate) fn ordered_pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |a| (0..n).map(move |b| (a, b))).filter(|(a, b)| a != b)
}

/// An undirected view of so many random ties between `n` nodes.
pub(crate) fn random_view(n: usize, n_ties: usize, seed: u64) -> View {
    let mut dice = Dice(seed);
    let ties: Vec<Tie> =
        (0..n_ties).map(|it| (dice.roll(n), dice.roll(n), it * 4 + dice.roll(4))).collect();
    small_view(n, &ties, false)
}

/// A tie from one number to another, with a key whose remainder by 4 says whether it is symmetric.
type Tie = (usize, usize, usize);

fn small_view(n: usize, ties: &[Tie], directed: bool) -> View {
    static START: OnceLock<Model> = OnceLock::new();
    let start = START.get_or_init(|| fixture_model("start"));
    let schema = Schema::clone(start.schema());
    let claims = start.nodes()[0].record.claims.clone();
    let mut changes: Vec<Change> =
        start.sources().values().cloned().map(Change::PutSource).collect();
    changes.extend((0..n).map(|it| {
        Change::PutNode(NodeRecord {
            id: format!("n{it}"),
            kind: "partnership".into(),
            name: format!("n{it}"),
            claims: claims.clone(),
            ..Default::default()
        })
    }));
    changes.extend(ties.iter().map(|&(source, target, key)| {
        Change::PutTie(TieRecord {
            source: format!("n{source}"),
            relation: if key % 4 == 1 { "partners_with" } else { "supports" }.into(),
            target: format!("n{target}"),
            key: Some(format!("{key}")),
            claims: claims.clone(),
            ..Default::default()
        })
    }));
    let mut model = Model::new(schema);
    model.apply(&ChangeSet { changes }).unwrap();
    let snapshot = SnapshotBuilder::from_model(&model);
    View::new(&snapshot, ViewSpec { directed, ..ViewSpec::all(&snapshot) })
}

/// A small graph as a table of who is linked to whom, for answers found by trying everything.
#[derive(Clone, Debug)]
pub(crate) struct Matrix(pub(crate) Vec<Vec<bool>>);

impl Matrix {
    /// The links as the view has them.
    pub(crate) fn of(view: &View) -> Self {
        let n = view.n();
        let mut rows = vec![vec![false; n]; n];
        for link in 0..view.m() as u32 {
            let (a, b) = view.link_ends(link);
            rows[a as usize][b as usize] = true;
            rows[b as usize][a as usize] |= !view.spec().directed;
        }
        Self(rows)
    }

    /// The links without their direction.
    pub(crate) fn undirected(view: &View) -> Self {
        let mut matrix = Self::of(view);
        for a in 0..view.n() {
            for b in 0..view.n() {
                matrix.0[a][b] |= matrix.0[b][a];
            }
        }
        matrix
    }

    /// The same nodes, one of them without links.
    pub(crate) fn without(&self, node: u32) -> Self {
        let mut matrix = self.clone();
        for other in 0..self.0.len() {
            matrix.0[node as usize][other] = false;
            matrix.0[other][node as usize] = false;
        }
        matrix
    }

    /// Floyd and Warshall's distances.
    pub(crate) fn distances(&self) -> Vec<Vec<Option<usize>>> {
        let n = self.0.len();
        let at = |a: usize, b: usize| if a == b { Some(0) } else { self.0[a][b].then_some(1) };
        let mut distance: Vec<Vec<Option<usize>>> =
            (0..n).map(|a| (0..n).map(|b| at(a, b)).collect()).collect();
        for via in 0..n {
            for a in 0..n {
                for b in 0..n {
                    if let (Some(x), Some(y)) = (distance[a][via], distance[via][b])
                        && distance[a][b].is_none_or(|it| x + y < it)
                    {
                        distance[a][b] = Some(x + y);
                    }
                }
            }
        }
        distance
    }

    /// The components, by their smallest node.
    pub(crate) fn components(&self) -> Vec<Vec<u32>> {
        let distance = self.distances();
        let mut components: Vec<Vec<u32>> = Vec::new();
        for (node, row) in distance.iter().enumerate() {
            let members: Vec<u32> =
                (0..row.len() as u32).filter(|&it| row[it as usize].is_some()).collect();
            if members[0] as usize == node {
                components.push(members);
            }
        }
        components
    }

    /// All paths without a node twice, ordered by length and then by their nodes.
    pub(crate) fn simple_paths(&self, source: u32, target: u32) -> Vec<Vec<u32>> {
        let mut found = Vec::new();
        self.extend(&mut vec![source], target, &mut found);
        found.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        found
    }

    fn extend(&self, path: &mut Vec<u32>, target: u32, found: &mut Vec<Vec<u32>>) {
        let last = path[path.len() - 1];
        if last == target {
            found.push(path.clone());
            return;
        }
        for next in 0..self.0.len() as u32 {
            if self.0[last as usize][next as usize] && !path.contains(&next) {
                path.push(next);
                self.extend(path, target, found);
                path.pop();
            }
        }
    }
}

/// All pairs with their shortest paths; in an undirected view each once.
pub(crate) fn shortest_paths(view: &View) -> Vec<Vec<Vec<u32>>> {
    let matrix = Matrix::of(view);
    let n = view.n() as u32;
    let mut all = Vec::new();
    for source in 0..n {
        for target in (0..n).filter(|&it| it != source) {
            if !view.spec().directed && target < source {
                continue;
            }
            let mut paths = matrix.simple_paths(source, target);
            let shortest = paths.first().map_or(0, Vec::len);
            paths.retain(|it| it.len() == shortest);
            all.push(paths);
        }
    }
    all
}

/// Compares two lists of numbers; NaN equals NaN.
#[track_caller]
pub(crate) fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (at, (a, b)) in found.iter().zip(expected).enumerate() {
        let same = (a.is_nan() && b.is_nan()) || a == b || (a - b).abs() < 1e-9;
        assert!(same, "at {at}: {a} is not {b}\n{found:?}\n{expected:?}");
    }
}
