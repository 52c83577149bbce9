//! The principal eigenvector of who is linked to whom: what eigenvector centrality, HITS and Katz
//! share. Knows tables of numbers, not what they mean.

use std::cmp::Reverse;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use petgraph::unionfind::UnionFind;
use weft_graph::View;

use crate::direction::Direction;

/// Directions kept before the search starts again from the best of them.
const N_DIRECTIONS_MAX: usize = 20;
/// After so many starts the search is given up.
const N_STARTS_MAX: usize = 2000;
/// How many steps of plain multiplication are made at most, where directions rule out better.
const N_ROUNDS_MAX: usize = 100_000;
/// The residual by the eigenvalue at which a vector stands.
const TOLERANCE: f64 = 1e-13;
/// Eigenvalues of two components that differ relatively by less are taken for one.
const SAME: f64 = 1e-10;

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

    /// The nodes that links join, whichever way these run, the largest part first.
    fn parts(&self) -> Vec<Vec<u32>> {
        let mut sets = UnionFind::<u32>::new(self.n());
        for node in 0..self.n() as u32 {
            for (other, _) in self.row(node) {
                sets.union(node, other);
            }
        }
        let mut parts: Vec<Vec<u32>> = vec![Vec::new(); self.n()];
        for (node, label) in (0..).zip(sets.into_labeling()) {
            parts[label as usize].push(node);
        }
        parts.retain(|it| it.len() > 1);
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
/// Lanczos' method with restarts. O(20 (n + links)) a start, O(20 n) memory.
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
fn lanczos(table: &Table) -> Option<(f64, Vec<f64>)> {
    let n = table.n();
    let mut start = vec![1.0 / (n as f64).sqrt(); n];
    for _ in 0..N_STARTS_MAX {
        let mut basis = vec![start];
        let (mut diagonal, mut beside): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        let (value, shares, residual) = loop {
            let last = &basis[basis.len() - 1];
            let mut next: Vec<f64> = (0..n as u32).map(|it| table.received(it, last)).collect();
            diagonal.push(dot(&next, last));
            // Against all of them, not only the last two, so that rounding brings none of them back.
            for direction in &basis {
                let part = dot(&next, direction);
                next.iter_mut().zip(direction).for_each(|(it, at)| *it -= part * at);
            }
            let length = dot(&next, &next).sqrt();
            let (value, shares) = principal_of_tridiagonal(&diagonal, &beside);
            let residual = length * shares[shares.len() - 1].abs();
            let is_done = residual <= TOLERANCE * value || length <= TOLERANCE * value;
            if is_done || basis.len() == N_DIRECTIONS_MAX.min(n) {
                break (value, shares, if is_done { 0.0 } else { residual });
            }
            next.iter_mut().for_each(|it| *it /= length);
            beside.push(length);
            basis.push(next);
        };
        start = vec![0.0; n];
        for (direction, share) in basis.iter().zip(&shares) {
            start.iter_mut().zip(direction).for_each(|(it, at)| *it += share * at);
        }
        // Perron's theorem: all its entries are above 0.
        start.iter_mut().for_each(|it| *it = it.abs());
        let length = dot(&start, &start).sqrt();
        start.iter_mut().for_each(|it| *it /= length);
        if residual == 0.0 || basis.len() == n {
            return Some((value, start));
        }
    }
    None
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

/// The greatest eigenvalue of a small symmetric table given by its diagonal and what stands beside
/// it, with its vector: Jacobi's rotations.
fn principal_of_tridiagonal(diagonal: &[f64], beside: &[f64]) -> (f64, Vec<f64>) {
    const N_SWEEPS_MAX: usize = 60;
    let n = diagonal.len();
    let mut table = vec![vec![0.0; n]; n];
    let mut turned = vec![vec![0.0; n]; n];
    for at in 0..n {
        table[at][at] = diagonal[at];
        turned[at][at] = 1.0;
        if at + 1 < n {
            table[at][at + 1] = beside[at];
            table[at + 1][at] = beside[at];
        }
    }
    for _ in 0..N_SWEEPS_MAX {
        let mut is_still = true;
        for p in 0..n {
            for q in p + 1..n {
                let off = table[p][q];
                if off.abs() <= f64::EPSILON * (table[p][p].abs() + table[q][q].abs()) * 1e-3 {
                    continue;
                }
                is_still = false;
                let ratio = (table[q][q] - table[p][p]) / (2.0 * off);
                let tangent = ratio.signum() / (ratio.abs() + (ratio * ratio + 1.0).sqrt());
                let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
                let sine = tangent * cosine;
                for row in &mut table {
                    (row[p], row[q]) =
                        (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
                }
                let (above, below) = table.split_at_mut(q);
                for (a, b) in above[p].iter_mut().zip(&mut below[0]) {
                    (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
                }
                for row in &mut turned {
                    (row[p], row[q]) =
                        (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
                }
            }
        }
        if is_still {
            break;
        }
    }
    let best = (0..n).max_by(|&a, &b| table[a][a].total_cmp(&table[b][b])).unwrap_or(0);
    (table[best][best], turned.iter().map(|row| row[best]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_close, view_of};

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
}
