//! The drawing as a plain undirected network: who is next to whom, and what hangs together.

use std::collections::{BTreeMap, VecDeque};

use crate::Drawing;

/// The ties of a drawing without direction, relation or repetition.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    /// The neighbours of each mark, in ascending order.
    pub(crate) neighbours: Vec<Vec<usize>>,
    /// The community of each mark; a mark without one has a number of its own.
    pub(crate) groups: Vec<usize>,
    /// The marks of the largest component.
    pub(crate) main: Vec<usize>,
    /// All other components, largest first.
    pub(crate) others: Vec<Vec<usize>>,
}

impl Network {
    pub(crate) fn new(drawing: &Drawing) -> Network {
        let n_marks = drawing.marks.len();
        let mut neighbours = vec![Vec::new(); n_marks];
        for line in &drawing.lines {
            if line.from != line.to && line.from < n_marks && line.to < n_marks {
                neighbours[line.from].push(line.to);
                neighbours[line.to].push(line.from);
            }
        }
        for list in &mut neighbours {
            list.sort_unstable();
            list.dedup();
        }
        let mut components = components(&neighbours);
        // A single mark is no network, unless it is all there is.
        let has_main = components.first().is_some_and(|first| first.len() > 1 || n_marks == 1);
        let main = if has_main { components.remove(0) } else { Vec::new() };
        Network { neighbours, groups: dense_groups(drawing), main, others: components }
    }

    /// The part of the network that holds these marks alone, renumbered in their order.
    pub(crate) fn part(&self, marks: &[usize]) -> Network {
        let places: BTreeMap<usize, usize> =
            marks.iter().enumerate().map(|(part_idx, &mark_idx)| (mark_idx, part_idx)).collect();
        let local =
            |list: &Vec<usize>| list.iter().filter_map(|it| places.get(it).copied()).collect();
        Network {
            neighbours: marks.iter().map(|&mark_idx| local(&self.neighbours[mark_idx])).collect(),
            groups: marks.iter().map(|&mark_idx| self.groups[mark_idx]).collect(),
            main: (0..marks.len()).collect(),
            others: Vec::new(),
        }
    }
}

/// Largest first; of two of a size, the one with the first mark.
fn components(neighbours: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut seen = vec![false; neighbours.len()];
    let mut components = Vec::new();
    for first in 0..neighbours.len() {
        if std::mem::replace(&mut seen[first], true) {
            continue;
        }
        let mut component = Vec::new();
        let mut queue = VecDeque::from([first]);
        while let Some(mark_idx) = queue.pop_front() {
            component.push(mark_idx);
            for &next in &neighbours[mark_idx] {
                if !std::mem::replace(&mut seen[next], true) {
                    queue.push_back(next);
                }
            }
        }
        component.sort_unstable();
        components.push(component);
    }
    components.sort_by_key(|component| std::cmp::Reverse(component.len()));
    components
}

fn dense_groups(drawing: &Drawing) -> Vec<usize> {
    let highest =
        drawing.marks.iter().filter_map(|mark| mark.group).filter(|it| *it < 1 << 32).max();
    let own = highest.map_or(0, |highest| highest + 1);
    let group = |(idx, mark): (usize, &crate::Mark)| {
        mark.group.filter(|it| *it < 1 << 32).unwrap_or(own + idx)
    };
    drawing.marks.iter().enumerate().map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Line, Mark};

    #[track_caller]
    fn check(n_marks: usize, ties: &[(usize, usize)], main: &[usize], others: &[&[usize]]) {
        let drawing = Drawing {
            marks: (0..n_marks).map(|idx| Mark::new(idx.to_string(), "")).collect(),
            lines: ties.iter().map(|&(from, to)| Line::new(from, to, "")).collect(),
            ..Drawing::default()
        };
        let network = Network::new(&drawing);
        assert_eq!(network.main, main);
        assert_eq!(network.others, others);
    }

    #[test]
    fn the_largest_component_is_the_main_one() {
        check(0, &[], &[], &[]);
        check(1, &[], &[0], &[]);
        check(2, &[], &[], &[&[0], &[1]]);
        check(5, &[(1, 2), (2, 4), (2, 1)], &[1, 2, 4], &[&[0], &[3]]);
    }

    #[test]
    fn ties_to_nowhere_and_to_oneself_join_nothing() {
        check(2, &[(0, 0), (0, 7)], &[], &[&[0], &[1]]);
    }
}
