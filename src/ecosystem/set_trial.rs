//! Whether bodies that are chosen together would be chosen again: when links are lost, on stated ties
//! alone, with inferred ties added, and without the weakest tie of each; and whether they are worth more
//! than sets that are chosen the same way in rewired networks.
//!
//! A set has no ranks, so a member is held to being a member, whatever its order. Knows no measure.

use serde::Serialize;
use weft_analytics::{Interrupted, KeyPlayers, Run};
use weft_graph::{Certainty, NodeIdx, View, ViewSpec};

use crate::ecosystem::evidence::{NodeName, TieEvidence, strength, tie_evidence};
use crate::ecosystem::question::Ground;
use crate::ecosystem::rank::{RankRow, in_brackets};
use crate::ecosystem::trust::{
    Chance, DRAWS, HARDLY_SWAPPED, is_safe_in, losses, per_hundred, rewired,
};
use crate::ecosystem::words;

/// What is said of a set that is worth more than those of rewired networks, less, or neither.
const BY_SETS: [&str; 3] = [
    "more than sets chosen the same way in rewired networks",
    "less than sets chosen the same way in rewired networks",
    "as much as sets chosen the same way in rewired networks",
];

/// What is said where every rewired network gives the same.
const SAME_IN_ALL: &str =
    "chance cannot tell: it is the same in all sets chosen the same way in rewired networks";

/// Whether a body that was chosen with others would be chosen again.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct ChosenAgain {
    /// How often links were dropped.
    pub n_draws: usize,
    /// How many links each time: one in ten.
    pub n_links_dropped: usize,
    /// In how many draws it is chosen again, whatever its place in the order.
    pub n_chosen: usize,
    /// Whether it is chosen on `stated` ties alone.
    pub on_stated: bool,
    /// Whether it is chosen with `inferred` ties added.
    pub with_inferred: bool,
    /// Its weakest tie: the least certain, then the oldest source.
    pub weakest_tie: Option<TieEvidence>,
    /// Whether it is chosen without that tie.
    pub without_weakest: bool,
    /// Whether, as it was chosen, another would have been as good: then the order of the data decided.
    pub has_equal: bool,
    /// In words.
    pub sentence: String,
}

/// Whom the same choice takes on other ties.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct OtherSet {
    /// `stated` (on those ties alone) or `inferred` (with those added).
    pub floor: Certainty,
    /// The bodies, in the order of choice.
    pub members: Vec<NodeName>,
    /// What they are worth there; none if nobody is chosen.
    pub value: Option<f64>,
    /// Who is chosen here and not there.
    pub leave: Vec<NodeName>,
    /// Who is chosen there and not here.
    pub come: Vec<NodeName>,
}

/// A choice, and the view on which it was made.
pub(crate) struct SetTrial<'a> {
    pub(crate) ground: &'a Ground<'a>,
    pub(crate) choose: &'a (dyn Fn(&View) -> KeyPlayers + Sync),
}

impl SetTrial<'_> {
    /// 1,000 choices, and one more for each other floor and for each member.
    pub(crate) fn stability(
        &self,
        found: &KeyPlayers,
        run: &mut Run<'_>,
    ) -> Result<(Vec<ChosenAgain>, Vec<OtherSet>), Interrupted> {
        let (ground, choose) = (self.ground, self.choose);
        let view = &ground.view;
        let drawn = losses(view, DRAWS, ground.question.seed, run, |view| choose(&view).nodes)?;
        let other_sets =
            [Certainty::Stated, Certainty::Inferred].map(|it| self.on_floor(it, found));
        let is_in = |set: &OtherSet, node: &NodeName| set.members.contains(node);
        let of = |(at, &index): (usize, &u32)| {
            let name = ground.name(index);
            let links = view.links(index).iter().chain(view.in_links(index));
            let ties = links.flat_map(|&it| view.ties(it)).copied();
            let weakest = ties.max_by_key(|&it| strength(ground.snapshot, it));
            let without_weakest = weakest.is_none_or(|tie| {
                let mut spec = view.spec().clone();
                spec.without_ties.push(tie);
                choose(&View::new(ground.snapshot, spec)).nodes.contains(&index)
            });
            let n_chosen = drawn.draws.iter().filter(|it| it.contains(&index)).count();
            let n_draws = drawn.draws.len();
            let [on_stated, with_inferred] = other_sets.each_ref().map(|it| is_in(it, &name));
            let share = per_hundred(n_chosen as f64 / n_draws as f64);
            let yes = |it: bool| if it { "chosen" } else { "not chosen" };
            ChosenAgain {
                n_draws,
                n_links_dropped: drawn.n_links_dropped,
                n_chosen,
                on_stated,
                with_inferred,
                weakest_tie: weakest.map(|it| tie_evidence(ground.snapshot, it)),
                without_weakest,
                has_equal: found.has_equal[at],
                sentence: format!(
                    "{} it is chosen again in {share} of 100 draws; {} on stated ties alone, {} with \
                     inferred ties added, {} without its weakest tie",
                    drawn.lost(),
                    yes(on_stated),
                    yes(with_inferred),
                    yes(without_weakest)
                ),
            }
        };
        let again = found.nodes.iter().enumerate().map(of).collect();
        Ok((again, other_sets.into()))
    }

    fn on_floor(&self, floor: Certainty, here: &KeyPlayers) -> OtherSet {
        let ground = self.ground;
        let spec = ViewSpec { floor, ..ground.view.spec().clone() };
        let view = View::new(ground.snapshot, spec);
        let there = (self.choose)(&view);
        let names = |view: &View, nodes: &[u32]| -> Vec<NodeName> {
            let name = |it: NodeIdx| NodeName::of(ground.snapshot.node(it));
            nodes.iter().map(|&it| name(view.node(it))).collect()
        };
        let (own, members) = (names(&ground.view, &here.nodes), names(&view, &there.nodes));
        let less = |of: &[NodeName], others: &[NodeName]| -> Vec<NodeName> {
            of.iter().filter(|it| !others.contains(it)).cloned().collect()
        };
        OtherSet {
            floor,
            value: there.values.last().copied(),
            leave: less(&own, &members),
            come: less(&members, &own),
            members,
        }
    }

    /// What the first, the first two ... are worth, each held against as many in rewired networks.
    ///
    /// 999 choices.
    pub(crate) fn chances(
        &self,
        found: &KeyPlayers,
        run: &mut Run<'_>,
    ) -> Result<Vec<Chance>, Interrupted> {
        let (ground, seed) = (self.ground, self.ground.question.seed);
        let samples =
            rewired(ground.snapshot, &ground.view, seed, run, |view| (self.choose)(view).values)?;
        let of = |(at, &value): (usize, &f64)| match &samples {
            None => Chance::not_applicable(HARDLY_SWAPPED),
            Some(samples) => {
                let worth = |it: &Vec<f64>| it.get(at).copied().unwrap_or(0.0);
                let found = Chance::of(value, samples.iter().map(worth), BY_SETS);
                match found.is_the_same_in_all() {
                    true => Chance { sentence: SAME_IN_ALL.to_owned(), ..found },
                    false => found,
                }
            }
        };
        Ok(found.values.iter().enumerate().map(of).collect())
    }
}

/// Who is chosen whatever was tried, why others may not be, and who else would be.
pub(crate) fn set_verdict(rows: &[RankRow], other_sets: &[OtherSet]) -> Vec<String> {
    let doubts = |it: &ChosenAgain| -> Vec<String> {
        let tie = it.weakest_tie.as_ref().map_or(String::new(), in_brackets);
        let by_luck = !is_safe_in(it.n_chosen, it.n_draws);
        let share = per_hundred(it.n_chosen as f64 / it.n_draws as f64);
        let reasons = [
            (!it.without_weakest).then(|| format!("without one tie{tie} it is not")),
            (!it.on_stated)
                .then(|| "by what the sources state in so many words it is not".to_owned()),
            (!it.with_inferred).then(|| "once inferred ties are added it is not".to_owned()),
            it.has_equal.then(|| {
                "another would have been as good, and the order of the data decided".to_owned()
            }),
            by_luck.then(|| {
                format!("with links lost at random it is chosen in only {share} of 100 draws")
            }),
        ];
        reasons.into_iter().flatten().collect()
    };
    let tried: Vec<(&str, Vec<String>)> = rows
        .iter()
        .filter_map(|it| Some((it.node.name.as_str(), doubts(it.chosen_again.as_ref()?))))
        .collect();
    let safe: Vec<&str> = tried.iter().filter(|it| it.1.is_empty()).map(|it| it.0).collect();
    let names = words::all_names(safe.iter().copied());
    let mut res = match (safe.len(), tried.len()) {
        (_, 0) => return vec!["nobody is chosen, so there is no place to keep".to_owned()],
        (0, 1) => Vec::new(),
        (0, n) => vec![format!("none of the {n} is chosen in all that was tried")],
        (1, _) => vec![format!("{names} is chosen, whatever was tried")],
        _ => vec![format!("{names} are chosen, whatever was tried")],
    };
    for (name, doubts) in tried.iter().filter(|it| !it.1.is_empty()) {
        res.push(format!("{name} may not be chosen again: {}", doubts.join("; ")));
    }
    for set in other_sets.iter().filter(|it| !it.leave.is_empty() || !it.come.is_empty()) {
        let when = match set.floor {
            Certainty::Stated => "on stated ties alone",
            _ => "with inferred ties added",
        };
        let all = |nodes: &[NodeName]| words::all_names(nodes.iter().map(|it| it.name.as_str()));
        res.push(match (set.come.is_empty(), set.leave.is_empty()) {
            (true, _) => format!("{when} nobody is chosen in place of {}", all(&set.leave)),
            (_, true) => format!("{when} {} would be chosen too", all(&set.come)),
            _ => {
                format!("{when} {} would be chosen in place of {}", all(&set.come), all(&set.leave))
            }
        });
    }
    res
}
