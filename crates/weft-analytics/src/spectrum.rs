//! The principal eigenvector of who is linked to whom: what eigenvector centrality, HITS and Katz
//! share. Knows tables of numbers, not what they mean.

use std::cmp::Reverse;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use weft_graph::View;

use crate::direction::Direction;
use crate::rows_by_length::longest_first;

/// Directions kept before the search starts again from the best vector among them.
const N_DIRECTIONS_MAX: usize = 32;
/// After so many starts the search is given up.
const N_STARTS_MAX: usize = 2000;
/// How many steps of plain multiplication are made at most, where directions rule out better.
const N_ROUNDS_MAX: usize = 100_000;
/// The residual by the eigenvalue at which a vector stands.
const TOLERANCE: f64 = 1e-13;
/// How many times as large it may be when it is taken from the vector itself, rounding included.
const ROUNDING: f64 = 10.0;
/// Eigenvalues of two components that differ relatively by less are taken for one.
const SAME: f64 = 1e-10;
const NOWHERE: u32 = u32::MAX;

/// A table with few entries above 0: row v lists from whom v receives.
pub(crate) struct Table {
    offsets: Vec<usize>,
    columns: Vec<u32>,
    /// Beside the columns; none where every value is 1.
    values: Option<Vec<f64>>,
}

/// The greatest eigenvalue of a table with a vector of it.
pub(crate) struct Principal {
    pub(crate) value: f64,
    /// Its largest entry is 1.
    pub(crate) vector: Vec<f64>,
    /// Whether no other vector belongs to the value, but for a factor.
    pub(crate) is_unique: bool,
}

impl Table {
    /// The links of a view: row v has the nodes from which v receives, when everybody gives along
    /// `direction` reversed (v receives from `Incoming` those who point to it). Links both ways count
    /// with both weights. Links whose weight is not above 0 are left out.
    pub(crate) fn new(view: &View, direction: Direction, weights: Option<&[f64]>) -> Self {
        let mut table = Self::empty(weights.is_some());
        let weight = |link: u32| weights.map_or(1.0, |it| it[link as usize]);
        for node in 0..view.n() as u32 {
            let mut add = |nodes: &[u32], links: &[u32]| {
                for (&node, &link) in nodes.iter().zip(links) {
                    if weight(link) > 0.0 {
                        table.push(node, weight(link));
                    }
                }
            };
            if direction != Direction::Incoming {
                add(view.neighbours(node), view.links(node));
            }
            if direction == Direction::Incoming
                || (direction == Direction::Either && view.spec().directed)
            {
                add(view.in_neighbours(node), view.in_links(node));
            }
            table.offsets.push(table.columns.len());
        }
        table
    }

    /// The symmetric table of twice the size in which v of the first half receives from u of the
    /// second as v receives from u here, and the other way round.
    pub(crate) fn doubled(&self) -> Self {
        let n = self.n() as u32;
        let mut rows: Vec<Vec<(u32, f64)>> = vec![Vec::new(); 2 * self.n()];
        for node in 0..n {
            for (other, value) in self.row(node) {
                rows[node as usize].push((n + other, value));
                rows[(n + other) as usize].push((node, value));
            }
        }
        let mut table = Self::empty(self.values.is_some());
        for row in rows {
            for (column, value) in row {
                table.push(column, value);
            }
            table.offsets.push(table.columns.len());
        }
        table
    }

    pub(crate) fn n(&self) -> usize {
        self.offsets.len() - 1
    }

    pub(crate) fn row(&self, node: u32) -> impl Iterator<Item = (u32, f64)> {
        let range = self.range(node);
        let values = self.values.as_ref().map(|it| &it[range.clone()]);
        let value = move |at: usize| values.map_or(1.0, |it| it[at]);
        self.columns[range].iter().enumerate().map(move |(at, &from)| (from, value(at)))
    }

    /// What a node receives when each has as much as `x` says.
    pub(crate) fn received(&self, node: u32, x: &[f64]) -> f64 {
        let columns = &self.columns[self.range(node)];
        let of = |&from: &u32| x[from as usize];
        match &self.values {
            None => columns.iter().map(of).fold(0.0, |sum, it| sum + it),
            Some(values) => {
                let row = columns.iter().zip(&values[self.range(node)]);
                row.fold(0.0, |sum, (from, value)| sum + value * of(from))
            }
        }
    }

    fn empty(has_values: bool) -> Self {
        Self { offsets: vec![0], columns: Vec::new(), values: has_values.then(Vec::new) }
    }

    fn push(&mut self, column: u32, value: f64) {
        self.columns.push(column);
        if let Some(values) = &mut self.values {
            values.push(value);
        }
    }

    fn range(&self, node: u32) -> std::ops::Range<usize> {
        self.offsets[node as usize]..self.offsets[node as usize + 1]
    }

    /// The nodes that links of a symmetric table join, the largest part first. In each those with the
    /// longest rows come first: rows as long as the one before are added without a wrong guess of
    /// where they end, and what is asked for most lies together.
    fn parts(&self) -> Vec<Vec<u32>> {
        let n = self.n();
        let mut part_of = vec![NOWHERE; n];
        let mut parts = Vec::new();
        let mut stack = Vec::new();
        for node in 0..n as u32 {
            if part_of[node as usize] != NOWHERE || self.range(node).is_empty() {
                continue;
            }
            part_of[node as usize] = parts.len() as u32;
            stack.push(node);
            while let Some(node) = stack.pop() {
                for &other in &self.columns[self.range(node)] {
                    if part_of[other as usize] == NOWHERE {
                        part_of[other as usize] = parts.len() as u32;
                        stack.push(other);
                    }
                }
            }
            parts.push(Vec::new());
        }
        for node in longest_first((0..n as u32).map(|it| self.range(it).len())) {
            if let Some(part) = parts.get_mut(part_of[node as usize] as usize) {
                part.push(node);
            }
        }
        parts.sort_by_key(|it| Reverse(it.len()));
        parts
    }

    /// The rows of some nodes among themselves, numbered anew in their order; `position` is memory for
    /// as many numbers as there are nodes, whatever it holds.
    fn part(&self, nodes: &[u32], position: &mut [u32]) -> Self {
        for (at, &node) in (0..).zip(nodes) {
            position[node as usize] = at;
        }
        let mut table = Self::empty(self.values.is_some());
        for &node in nodes {
            for (other, value) in self.row(node) {
                let at = position[other as usize];
                if nodes.get(at as usize) == Some(&other) {
                    table.push(at, value);
                }
            }
            table.offsets.push(table.columns.len());
        }
        table
    }

    /// The greatest sum of a row: no eigenvalue is above it.
    fn bound(&self, nodes: &[u32]) -> f64 {
        let sum = |&node: &u32| self.row(node).map(|it| it.1).sum::<f64>();
        nodes.iter().map(sum).fold(0.0, f64::max)
    }
}

/// Finds the principal vector of a symmetric table, each part by itself; where several parts have
/// the greatest value, each of them has its share of a vector of ones (what repeated multiplication
/// from equal beginnings leads to). None without links, or if it was not found.
///
/// Lanczos' method with restarts. O(32 (n + links)) a start, O(32 n) memory.
pub(crate) fn principal_of_symmetric(table: &Table) -> Option<Principal> {
    let mut best: Vec<(Vec<u32>, Vec<f64>)> = Vec::new();
    let mut value = 0.0;
    let mut position = vec![0; table.n()];
    for nodes in table.parts() {
        if table.bound(&nodes) < value * (1.0 - SAME) {
            continue;
        }
        let (found, vector) = lanczos(&table.part(&nodes, &mut position))?;
        if found > value * (1.0 + SAME) {
            value = found;
            best.clear();
        }
        if found >= value * (1.0 - SAME) {
            best.push((nodes, vector));
        }
    }
    if best.is_empty() {
        return None;
    }
    let is_unique = best.len() == 1;
    let mut vector = vec![0.0; table.n()];
    for (nodes, part) in best {
        let share: f64 = part.iter().sum();
        for (node, entry) in nodes.into_iter().zip(part) {
            vector[node as usize] = share * entry;
        }
    }
    scale(&mut vector);
    Some(Principal { value, vector, is_unique })
}

/// Finds the principal vector of any table, from the strong components of the greatest value that
/// none of the same value receives from, and what follows from them downstream. None without a
/// cycle, as there is no such vector then, or if it was not found.
///
/// Repeated multiplication in each strong component, O(its links) a round.
pub(crate) fn principal_of_directed(table: &Table) -> Option<Principal> {
    let n = table.n();
    let mut graph = DiGraph::<(), (), u32>::with_capacity(n, table.columns.len());
    for _ in 0..n {
        graph.add_node(());
    }
    for node in 0..n as u32 {
        for (from, _) in table.row(node) {
            graph.add_edge(from.into(), node.into(), ());
        }
    }
    // Those that receive come before those that they receive from.
    let parts: Vec<Vec<u32>> = kosaraju_scc(&graph)
        .into_iter()
        .map(|nodes| {
            let mut nodes: Vec<u32> = nodes.into_iter().map(|it| it.index() as u32).collect();
            nodes.sort_unstable();
            nodes
        })
        .collect();
    let mut position = vec![0; n];
    let mut found: Vec<(f64, Vec<f64>)> = Vec::with_capacity(parts.len());
    for nodes in &parts {
        found.push(match nodes.len() {
            1 => (0.0, vec![0.0]),
            _ => multiply(&table.part(nodes, &mut position))?,
        });
    }
    let value = found.iter().map(|it| it.0).fold(0.0, f64::max);
    if value == 0.0 {
        return None;
    }
    let mut part_of = vec![0; n];
    for (part, nodes) in parts.iter().enumerate() {
        nodes.iter().for_each(|&it| part_of[it as usize] = part);
    }
    let is_greatest = |part: usize| found[part].0 >= value * (1.0 - SAME);
    // Whether a part gives, at last, to one of the greatest value other than itself.
    let mut gives_to_greatest = vec![false; parts.len()];
    for (part, nodes) in parts.iter().enumerate() {
        let gives = gives_to_greatest[part] || is_greatest(part);
        for (from, _) in nodes.iter().flat_map(|&it| table.row(it)) {
            let other = part_of[from as usize];
            gives_to_greatest[other] |= other != part && gives;
        }
    }
    let mut vector = vec![0.0; n];
    let mut n_beginnings = 0;
    for (part, nodes) in parts.iter().enumerate().rev() {
        if is_greatest(part) && !gives_to_greatest[part] {
            n_beginnings += 1;
            for (&node, &entry) in nodes.iter().zip(&found[part].1) {
                vector[node as usize] = entry;
            }
        } else if !gives_to_greatest[part] {
            settle(table, nodes, value, &mut vector)?;
        }
    }
    scale(&mut vector);
    Some(Principal { value, vector, is_unique: n_beginnings == 1 })
}

/// The greatest eigenvalue of a strongly connected table, with its vector.
fn multiply(table: &Table) -> Option<(f64, Vec<f64>)> {
    let n = table.n();
    let mut vector = vec![1.0; n];
    let mut next = vec![0.0; n];
    for _ in 0..N_ROUNDS_MAX {
        for (node, next) in (0..).zip(&mut next) {
            *next = table.received(node, &vector);
        }
        let value = next.iter().sum::<f64>() / vector.iter().sum::<f64>();
        let residual = |(x, y): (&f64, &f64)| (y - value * x).abs();
        if vector.iter().zip(&next).map(residual).fold(0.0, f64::max) <= 10.0 * TOLERANCE * value {
            return Some((value, vector));
        }
        // Each keeps a part, so that other values of the same size do not keep it turning.
        for (x, y) in vector.iter_mut().zip(&next) {
            *x = *y + 0.3 * value * *x;
        }
        scale(&mut vector);
    }
    None
}

/// Gives the nodes of a part what follows from those before it, if each has what it receives by the
/// eigenvalue; that of the part itself is smaller.
fn settle(table: &Table, nodes: &[u32], value: f64, vector: &mut [f64]) -> Option<()> {
    for _ in 0..N_ROUNDS_MAX {
        let (mut change, mut greatest) = (0.0_f64, 0.0_f64);
        for &node in nodes {
            let next = table.received(node, vector) / value;
            change = change.max((next - vector[node as usize]).abs());
            greatest = greatest.max(next);
            vector[node as usize] = next;
        }
        if nodes.len() == 1 || change <= TOLERANCE * greatest {
            return Some(());
        }
    }
    None
}

fn scale(vector: &mut [f64]) {
    let greatest = vector.iter().copied().fold(0.0, f64::max);
    vector.iter_mut().for_each(|it| *it /= greatest);
}

/// The greatest eigenvalue of a connected symmetric table, with its vector of length 1.
///
/// New directions are held against the last two alone. Rounding brings older ones back only once the
/// vector is found (Paige, *Accuracy and effectiveness of the Lanczos algorithm*, 1980); whether it
/// was is asked of the vector itself.
fn lanczos(table: &Table) -> Option<(f64, Vec<f64>)> {
    let n = table.n();
    let mut start = vec![1.0 / (n as f64).sqrt(); n];
    for _ in 0..N_STARTS_MAX {
        let mut basis = vec![start];
        let (mut diagonal, mut beside): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        let (shares, is_found) = loop {
            let last = &basis[basis.len() - 1];
            let mut next: Vec<f64> = (0..n as u32).map(|it| table.received(it, last)).collect();
            let part = dot(&next, last);
            diagonal.push(part);
            subtract(&mut next, part, last);
            if let Some(&part) = beside.last() {
                subtract(&mut next, part, &basis[basis.len() - 2]);
            }
            let length = dot(&next, &next).sqrt();
            let (value, shares) = principal_of_tridiagonal(&diagonal, &beside);
            let residual = length * shares[shares.len() - 1];
            let is_found = residual.min(length) <= TOLERANCE * value;
            if is_found || basis.len() == N_DIRECTIONS_MAX {
                break (shares, is_found);
            }
            next.iter_mut().for_each(|it| *it /= length);
            beside.push(length);
            basis.push(next);
        };
        start = vec![0.0; n];
        for (direction, share) in basis.iter().zip(&shares) {
            subtract(&mut start, -share, direction);
        }
        // Perron's theorem: all its entries are above 0.
        start.iter_mut().for_each(|it| *it = it.abs());
        let length = dot(&start, &start).sqrt();
        start.iter_mut().for_each(|it| *it /= length);
        if is_found {
            let mut rest: Vec<f64> = (0..n as u32).map(|it| table.received(it, &start)).collect();
            let value = dot(&rest, &start);
            subtract(&mut rest, value, &start);
            if dot(&rest, &rest).sqrt() <= ROUNDING * TOLERANCE * value {
                return Some((value, start));
            }
        }
    }
    None
}

/// Takes so many times another vector away from one.
fn subtract(vector: &mut [f64], times: f64, other: &[f64]) {
    vector.iter_mut().zip(other).for_each(|(it, at)| *it -= times * at);
}

/// Adds in lanes, so that one addition need not wait for the one before.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    const N_LANES: usize = 8;
    let (left, left_rest) = left.as_chunks::<N_LANES>();
    let (right, right_rest) = right.as_chunks::<N_LANES>();
    let mut sums = [0.0; N_LANES];
    for (left, right) in left.iter().zip(right) {
        for lane in 0..N_LANES {
            sums[lane] += left[lane] * right[lane];
        }
    }
    let rest = left_rest.iter().zip(right_rest).map(|(a, b)| a * b);
    sums.into_iter().chain(rest).fold(0.0, |sum, it| sum + it)
}

/// The greatest eigenvalue of a small symmetric table given by its diagonal and what stands beside
/// it, all above 0, with its vector of length 1, whose entries are above 0 too.
///
/// The value is halved in upon: a number is above all eigenvalues if elimination, with the number taken
/// off the diagonal, leaves no pivot above 0 (Sylvester's law of inertia).
fn principal_of_tridiagonal(diagonal: &[f64], beside: &[f64]) -> (f64, Vec<f64>) {
    let n = diagonal.len();
    let at_or_0 = |at: usize| beside.get(at).copied().unwrap_or(0.0);
    let row_sum = |at: usize| diagonal[at] + at_or_0(at) + at_or_0(at.wrapping_sub(1));
    let mut low = diagonal.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut value = (0..n).map(row_sum).fold(low, f64::max);
    let is_above_all = |value: f64| {
        let mut pivot = diagonal[0] - value;
        let rest = beside.iter().zip(&diagonal[1..]);
        pivot < 0.0
            && rest.into_iter().all(|(beside, diagonal)| {
                pivot = diagonal - value - beside * beside / pivot;
                pivot < 0.0
            })
    };
    loop {
        let middle = low + (value - low) / 2.0;
        if middle <= low || middle >= value {
            break;
        }
        if is_above_all(middle) { value = middle } else { low = middle }
    }
    // Each entry by the one before, from the last row up: sums of what is above 0.
    let mut vector = vec![1.0; n];
    for at in (1..n).rev() {
        let below = vector.get(at + 1).map_or(0.0, |it| at_or_0(at) * it);
        vector[at] = beside[at - 1] / (value - diagonal[at] - below);
    }
    for at in 1..n {
        vector[at] *= vector[at - 1];
    }
    let length = dot(&vector, &vector).sqrt();
    vector.iter_mut().for_each(|it| *it /= length);
    (value, vector)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, random_view, view_of};

    #[track_caller]
    fn check(graph: &str, value: f64, is_unique: bool) {
        let table = Table::new(&view_of(graph), Direction::Outgoing, None);
        let found = principal_of_symmetric(&table).unwrap();
        assert_close(&[found.value], &[value]);
        assert_eq!(found.is_unique, is_unique);
    }

    #[test]
    fn values_of_known_graphs_are_found() {
        check("a -supports-> b", 1.0, true);
        check("a -supports-> b; b -supports-> c; c -supports-> a; d -supports-> e", 2.0, true);
        check("a -supports-> b; c -supports-> d", 1.0, false);
        check("a -supports-> b; a -supports-> c; a -supports-> d", 3_f64.sqrt(), true);
    }

    #[test]
    fn a_long_chain_is_found_to_the_last_digit() {
        let n = 300;
        let chain: Vec<String> =
            (1..n).map(|it| format!("n{:03} -supports-> n{it:03}", it - 1)).collect();
        let table = Table::new(&view_of(&chain.join(";")), Direction::Outgoing, None);
        let found = principal_of_symmetric(&table).unwrap();
        let step = std::f64::consts::PI / (n as f64 + 1.0);
        assert_close(&[found.value], &[2.0 * step.cos()]);
        for (at, entry) in found.vector.iter().enumerate() {
            let expected = ((at as f64 + 1.0) * step).sin() / (150.0 * step).sin();
            assert!((entry - expected).abs() < 1e-9, "{at}: {entry} is not {expected}");
        }
    }

    #[test]
    fn what_is_found_is_above_nought_and_only_grows_when_multiplied() {
        // By Perron and Frobenius no other vector has both. The thin one has many long branches, whose
        // values lie close together.
        for (n_ties, seed) in [(1000, 6), (1500, 5), (9000, 4)] {
            let table = Table::new(&random_view(900, n_ties, seed), Direction::Outgoing, None);
            let found = principal_of_symmetric(&table).unwrap();
            let part = table.parts().swap_remove(0);
            assert!(part.len() > 500);
            for &node in &part {
                let entry = found.vector[node as usize];
                assert!(entry > 0.0);
                let grown = table.received(node, &found.vector);
                assert!((grown - found.value * entry).abs() < 1e-11, "{grown} {entry}");
            }
        }
    }

    #[test]
    fn the_longest_rows_come_first() {
        let view = view_of("a -supports-> b; b -supports-> c; e -supports-> d; d -supports-> c; g");
        let table = Table::new(&view, Direction::Outgoing, None);
        assert_eq!(table.parts(), [[1, 2, 4, 0, 3]]);
    }
}
