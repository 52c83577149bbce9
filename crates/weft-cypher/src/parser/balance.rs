//! Long chains of one operator as trees that are as flat as possible, so that thousands of conditions
//! do not nest.

use super::grow_stack;

/// Joins parts into a tree that is as flat as possible; None without any.
pub(super) fn balanced<T>(parts: Vec<T>, join: &impl Fn(T, T) -> T) -> Option<T> {
    fn build<T>(
        parts: &mut impl Iterator<Item = T>,
        n: usize,
        join: &impl Fn(T, T) -> T,
    ) -> Option<T> {
        if n <= 1 {
            return parts.next();
        }
        let n_left = n.div_ceil(2);
        let left = build(parts, n_left, join)?;
        let right = build(parts, n - n_left, join)?;
        Some(join(left, right))
    }
    let n = parts.len();
    build(&mut parts.into_iter(), n, join)
}

/// How many levels of operators a balanced tree of `n` parts has.
pub(super) fn n_levels(n: usize) -> usize {
    n.next_power_of_two().ilog2() as usize
}

/// Whether a tree of `n` parts has the shape that [`balanced`] gives them.
pub(crate) fn is_balanced<'a, T>(
    tree: &'a T,
    n: usize,
    sides: &impl Fn(&'a T) -> Option<[&'a T; 2]>,
) -> bool {
    match (n, sides(tree)) {
        (1, None) => true,
        (2.., Some([left, right])) => grow_stack(|| {
            let n_left = n.div_ceil(2);
            is_balanced(left, n_left, sides) && is_balanced(right, n - n_left, sides)
        }),
        _ => false,
    }
}
