//! Whether who is cut off, and how near start-ups are to what they need, differs from chance.
//!
//! The networks are those of [`super::trust`]: every body keeps its ties of each relation, but to others
//! of the same kind. Who meets which need stays as it is.

use weft_analytics::{Run, cuts};
use weft_graph::{NodeIdx, Snapshot, View, distances};

use crate::ecosystem::Error;
use crate::ecosystem::access::{Searches, access_of};
use crate::ecosystem::question::{Ground, Question, is_start_up};
use crate::ecosystem::trust::{Chance, chance};

/// Holds against chance how many others are cut off without each of some bodies.
///
/// 999 passes over the network.
///
/// # Errors
/// [`Error::NotInView`] if one of them is not in the conduit view; [`Error::Interrupted`].
pub fn critical_chance(
    snapshot: &Snapshot,
    question: &Question,
    bodies: &[NodeIdx],
    run: &mut Run<'_>,
) -> Result<Vec<Chance>, Error> {
    held(snapshot, question, bodies, run, |ground, view, indices| {
        let cuts = cuts(view);
        let n_cut_off = |&it: &u32| {
            let is_start_up = |it| is_start_up(ground.node(it));
            cuts.cut_off(it, is_start_up, |it| ground.id(it)).len() as f64
        };
        indices.iter().map(n_cut_off).collect()
    })
}

/// Holds the ACCESS of some bodies against chance.
///
/// 999 searches a need.
///
/// # Errors
/// [`Error::NotInView`] if one of them is not in the conduit view; [`Error::Interrupted`].
pub fn access_chance(
    snapshot: &Snapshot,
    question: &Question,
    bodies: &[NodeIdx],
    run: &mut Run<'_>,
) -> Result<Vec<Chance>, Error> {
    let ground = Ground::conduit(snapshot, question);
    let searches = Searches::new(&ground);
    let weights = |idx: &NodeIdx| Ok(searches.weights(&ground, ground.must_get_index(*idx)?));
    let weights = bodies.iter().map(weights).collect::<Result<Vec<Vec<u8>>, Error>>()?;
    held(snapshot, question, bodies, run, |_, view, indices| {
        let of_need = |providers: &[u32]| distances(view, providers, u32::MAX);
        let from: Vec<Vec<u32>> = searches.needs.iter().map(|it| of_need(&it.providers)).collect();
        let access = |(&index, weights): (&u32, &Vec<u8>)| {
            let distances: Vec<u32> = from.iter().map(|it| it[index as usize]).collect();
            access_of(&distances, weights).unwrap_or(0.0)
        };
        indices.iter().zip(&weights).map(access).collect()
    })
}

/// Holds figures of some bodies of the conduit view against chance; `figures` gives them for a view.
fn held(
    snapshot: &Snapshot,
    question: &Question,
    bodies: &[NodeIdx],
    run: &mut Run<'_>,
    figures: impl Fn(&Ground<'_>, &View, &[u32]) -> Vec<f64> + Sync,
) -> Result<Vec<Chance>, Error> {
    let ground = Ground::conduit(snapshot, question);
    let indices = bodies.iter().map(|&it| ground.must_get_index(it));
    let indices = indices.collect::<Result<Vec<u32>, Error>>()?;
    let measure = |view: &View| {
        let mut values = vec![0.0; view.n()];
        for (&index, value) in indices.iter().zip(figures(&ground, view, &indices)) {
            values[index as usize] = value;
        }
        values
    };
    Ok(chance(snapshot, &ground.view, measure, &indices, question.seed, run)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::fixture;

    #[track_caller]
    fn check(found: &Chance, expected: std::ops::RangeInclusive<f64>, is_lower: bool) {
        assert_eq!(found.n_samples, 999);
        assert!(expected.contains(&found.expected.unwrap()), "{found:?}");
        assert_eq!(found.p_lower.unwrap() <= 0.025, is_lower, "{found:?}");
    }

    /// Twelve start-ups in a circle of their own, each with four partners among them, and twelve
    /// companies in another, half of which meet a need.
    fn two_circles() -> Snapshot {
        let mut text = "t:need".to_owned();
        for (circle, kind) in [("s", "company{start_up}"), ("p", "company{established}")] {
            for at in 0..12 {
                text.push_str(&format!("; {circle}{at}:{kind}"));
            }
            for at in 0..12 {
                for next in [(at + 1) % 12, (at + 2) % 12] {
                    text.push_str(&format!("; {circle}{at} -partners_with-> {circle}{next}"));
                }
            }
        }
        for at in 0..6 {
            text.push_str(&format!("; p{at} -meets_need-> t"));
        }
        fixture(&text)
    }

    #[test]
    fn start_ups_in_a_circle_of_their_own_have_less_access_than_chance_would_give() {
        let snapshot = two_circles();
        let bodies = ["s0", "p2"].map(|it| snapshot.find_node(it).unwrap());
        let found =
            access_chance(&snapshot, &Question::default(), &bodies, &mut Run::default()).unwrap();
        check(&found[0], 0.4..=0.9, true);
        assert!(found[1].p_higher == Some(1.0), "who meets the need has all access everywhere");
    }

    #[test]
    fn a_body_on_a_ring_cuts_off_fewer_than_chance_would_have_it() {
        let snapshot = two_circles();
        let body = [snapshot.find_node("s0").unwrap()];
        let found =
            critical_chance(&snapshot, &Question::default(), &body, &mut Run::default()).unwrap();
        assert!(found[0].expected.unwrap() > 0.0 || found[0].p_higher == Some(1.0));
        let place = snapshot.find_node("t").unwrap();
        assert!(
            critical_chance(&snapshot, &Question::default(), &[place], &mut Run::default())
                .is_err()
        );
    }

    #[test]
    fn where_nothing_can_be_swapped_the_question_does_not_apply() {
        let snapshot = fixture("a:council -hosts-> b:facility; b -supports-> c:company");
        let body = [snapshot.find_node("b").unwrap()];
        let found =
            critical_chance(&snapshot, &Question::default(), &body, &mut Run::default()).unwrap();
        assert!(found[0].sentence.starts_with("not applicable"));
    }
}
