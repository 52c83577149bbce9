//! Draws: the same question asked many times of a network that chance has changed, always with the
//! same answers in the same order.

use weft_graph::View;

use crate::random::Random;
use crate::run::{Interrupted, Run, pieces_of};

/// Parts the seeds of draws from each other.
const STRIDE: u64 = 0xd134_2543_de82_ef95;

/// Returns what `draw` makes of each of `n` seeds, in their order.
///
/// The seeds follow from the one given and from the number of the draw alone, so the threads change
/// nothing but the time. Cost: that of the draws; memory for one draw a thread, and the results.
///
/// # Errors
/// If it was interrupted.
///
/// ```
/// let run = || weft_analytics::Run::default();
/// let draws = weft_analytics::draws(5, 42, &mut run(), |seed| seed % 7)?;
/// assert_eq!(draws, weft_analytics::draws(5, 42, &mut run().on_threads(1), |seed| seed % 7)?);
/// # Ok::<(), weft_analytics::Interrupted>(())
/// ```
pub fn draws<T: Send>(
    n: usize,
    seed: u64,
    run: &mut Run<'_>,
    draw: impl Fn(u64) -> T + Sync,
) -> Result<Vec<T>, Interrupted> {
    let seed_of = |it: usize| Random::new(seed.wrapping_add(STRIDE.wrapping_mul(it as u64))).next();
    run.sweep(
        &pieces_of((0..n).map(|_| 1), 1),
        Vec::with_capacity(n),
        Vec::new,
        |drawn, piece| drawn.extend(piece.map(|it| draw(seed_of(it)))),
        |drawn, total| total.append(drawn),
    )
}

/// Returns the view with `n_dropped` of its links left out, chosen at random, each choice as likely as
/// any other; all of them if it has no more.
///
/// - Direction: links of a directed view go one by one. Cost: O(n + m log m).
///
/// ```
/// let snapshot = weft_graph::fixture("a:council -hosts-> b:facility; b -hosts-> c:company");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(weft_analytics::without_links(&view, 1, 42).m(), 1);
/// ```
pub fn without_links(view: &View, n_dropped: usize, seed: u64) -> View {
    let mut random = Random::new(seed);
    let m = view.m();
    let mut links: Vec<u32> = (0..m as u32).collect();
    let n_dropped = n_dropped.min(m);
    // The first steps of Fisher and Yates choose the links that go.
    for at in 0..n_dropped {
        links.swap(at, at + random.below(m - at));
    }
    let mut kept = links.split_off(n_dropped);
    kept.sort_unstable();
    let ties = |link: u32| {
        let (a, b) = view.link_ends(link);
        view.ties(link).iter().map(move |&it| (a, b, it))
    };
    view.relinked(kept.into_iter().flat_map(ties))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{for_all_small_graphs, random_view, view_of};

    #[test]
    fn any_number_of_threads_gives_the_same_draws_in_the_same_order() {
        let view = random_view(30, 80, 1);
        let run = |seed| {
            let drawn = without_links(&view, 8, seed);
            (0..drawn.m() as u32).map(|it| drawn.link_ends(it)).collect::<Vec<_>>()
        };
        let on = |n_threads: usize, seed| {
            draws(37, seed, &mut Run::default().on_threads(n_threads), run).unwrap()
        };
        let one = on(1, 5);
        for n_threads in [0, 2, 3, 36, 37, 100] {
            assert_eq!(on(n_threads, 5), one);
        }
        assert_ne!(on(1, 6), one);
        assert!(one.windows(2).all(|it| it[0] != it[1]));
    }

    #[test]
    fn what_is_left_are_links_of_the_view_with_their_ties() {
        for_all_small_graphs(|view| {
            for n_dropped in 0..=view.m() + 1 {
                let left = without_links(view, n_dropped, 7);
                assert_eq!(left.m(), view.m().saturating_sub(n_dropped));
                for link in 0..left.m() as u32 {
                    let (a, b) = left.link_ends(link);
                    let was = view.link_between(a, b).unwrap();
                    assert_eq!(left.ties(link), view.ties(was));
                }
            }
        });
    }

    #[test]
    fn every_link_is_dropped_equally_often() {
        let view = view_of("a -supports-> b; b -supports-> c; c -supports-> d; d -supports-> a");
        let mut n_dropped = [0; 4];
        let drawn = draws(4_000, 1, &mut Run::default(), |it| without_links(&view, 1, it));
        for left in drawn.unwrap() {
            let gone = (0..4).find(|&it| {
                let (a, b) = view.link_ends(it);
                left.link_between(a, b).is_none()
            });
            n_dropped[gone.unwrap() as usize] += 1;
        }
        assert!(n_dropped.iter().all(|it| (900..1_100).contains(it)), "{n_dropped:?}");
    }
}
