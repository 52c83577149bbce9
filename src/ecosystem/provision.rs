//! Provision: who meets which need, by the place and the sector of those who meet it and of start-ups.
//!
//! A place counts those in it and in the places that are part of it; one that holds no more than one of
//! its parts is left out. Says nothing of how good help is.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_graph::Snapshot;

use crate::ecosystem::access::{Need, Searches};
use crate::ecosystem::evidence::{NodeName, TieEvidence, tie_evidence};
use crate::ecosystem::places::places_by_body;
use crate::ecosystem::question::{Basis, Ground, Question, is_start_up};
use crate::ecosystem::words;

/// A provider is near from so few links on: met, or one introduction away.
const NEAR: u32 = 2;

/// The answer to `matrix needs`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Provision {
    /// What it rests on.
    pub basis: Basis,
    /// The needs in the order of the data, each with its groups.
    pub needs: Vec<NeedProvision>,
}

/// Who meets one need, where.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct NeedProvision {
    /// The need.
    pub need: NodeName,
    /// Everybody who meets it.
    pub providers: Vec<NodeName>,
    /// By place: those where somebody meets it or a start-up is.
    pub by_place: Vec<GroupProvision>,
    /// By sector.
    pub by_sector: Vec<GroupProvision>,
    /// In words.
    pub sentence: String,
    /// The ties that say who meets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<TieEvidence>>,
}

/// Who meets one need in one group, and how near the start-ups of the group are.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct GroupProvision {
    /// The place by id, or the sector; none for bodies without one.
    pub group: Option<String>,
    /// Its name.
    pub label: String,
    /// Those of the group who meet the need, by id.
    pub providers: Vec<NodeName>,
    /// Start-ups of the group for which the need counts at their stage, by id.
    pub start_ups: Vec<NodeName>,
    /// How many of them are within two links of anybody who meets the need.
    pub n_start_ups_near: usize,
}

impl GroupProvision {
    /// Whether it has start-ups for which the need counts, and nobody who meets it.
    pub fn is_bare(&self) -> bool {
        self.group.is_some() && self.providers.is_empty() && !self.start_ups.is_empty()
    }
}

/// "Leeds 5; Bradford 2; no place on record 3": who meets a need, by group; the groups beyond the first
/// `n_max` are counted.
pub fn providers_in_words(groups: &[GroupProvision], n_max: usize) -> String {
    let groups = groups.iter().filter(|it| !it.providers.is_empty());
    let mut res: Vec<String> =
        groups.map(|it| format!("{} {}", it.label, words::digits(it.providers.len()))).collect();
    let n_more = res.len().saturating_sub(n_max);
    res.truncate(n_max);
    res.extend((n_more > 0).then(|| format!("{} more", words::digits(n_more))));
    res.join("; ")
}

/// "Leeds 0 of 3; Canada 1 of 1": how many start-ups of each group are near somebody who meets a need.
pub fn near_in_words(groups: &[GroupProvision]) -> String {
    let groups = groups.iter().filter(|it| !it.start_ups.is_empty());
    let near = |it: &GroupProvision| {
        let [near, all] = [it.n_start_ups_near, it.start_ups.len()].map(words::digits);
        format!("{} {near} of {all}", it.label)
    };
    groups.map(near).collect::<Vec<_>>().join("; ")
}

/// Returns who meets which need, by place and by sector of the conduit view.
///
/// O(needs times (n + m)), and the places of each provider and start-up.
pub fn provision(snapshot: &Snapshot, question: &Question) -> Provision {
    let ground = Ground::conduit(snapshot, question);
    let searches = Searches::new(&ground);
    let start_ups = ground.indices().filter(|&it| is_start_up(ground.node(it)));
    let weighed: Vec<(u32, Vec<u8>)> =
        start_ups.map(|it| (it, searches.weights_of_all(&ground, it))).collect();
    let of = |(at, need): (usize, &Need)| {
        let counted = weighed.iter().filter(|(_, weights)| weights[at] > 0);
        of_need(&ground, need, &counted.map(|it| it.0).collect::<Vec<u32>>())
    };
    Provision { basis: ground.basis(), needs: searches.needs.iter().enumerate().map(of).collect() }
}

fn of_need(ground: &Ground<'_>, need: &Need, start_ups: &[u32]) -> NeedProvision {
    let mut providers = need.providers.clone();
    providers.sort_by(|&a, &b| ground.by_id(a, b));
    let places = places_by_body(ground, providers.iter().chain(start_ups).copied());
    let place = |it: u32| places.get(&it).cloned().unwrap_or_default();
    let sector = |it: u32| {
        let sectors = ground.node(it).sectors().iter();
        sectors.map(|it| (it.clone(), it.replace('_', " "))).collect::<BTreeSet<_>>()
    };
    let by_place = groups(ground, need, &providers, start_ups, place, "no place on record");
    let by_sector = groups(ground, need, &providers, start_ups, sector, "no sector on record");
    NeedProvision {
        need: need.name(ground),
        sentence: sentence(&need.name(ground).name, providers.len(), &by_place),
        providers: ground.names(&providers),
        by_place,
        by_sector,
        why: ground.question.why.then(|| {
            let ties = providers.iter().flat_map(|&it| need.met_by(ground, it));
            ties.map(|it| tie_evidence(ground.snapshot, it)).collect()
        }),
    }
}

/// The groups, those with most who meet the need first; bodies without a group last.
fn groups(
    ground: &Ground<'_>,
    need: &Need,
    providers: &[u32],
    start_ups: &[u32],
    keys: impl Fn(u32) -> BTreeSet<(String, String)>,
    none: &str,
) -> Vec<GroupProvision> {
    type Members = (Vec<u32>, Vec<u32>);
    let mut members: BTreeMap<Option<(String, String)>, Members> = BTreeMap::new();
    let keys = |it: u32| -> Vec<Option<(String, String)>> {
        let keys = keys(it);
        if keys.is_empty() { vec![None] } else { keys.into_iter().map(Some).collect() }
    };
    for &it in providers {
        keys(it).into_iter().for_each(|key| members.entry(key).or_default().0.push(it));
    }
    for &it in start_ups {
        keys(it).into_iter().for_each(|key| members.entry(key).or_default().1.push(it));
    }
    let is_near = |it: &&u32| need.distance[**it as usize] <= NEAR;
    let mut res: Vec<GroupProvision> = members
        .into_iter()
        .map(|(key, (providers, mut start_ups))| {
            start_ups.sort_by(|&a, &b| ground.by_id(a, b));
            GroupProvision {
                n_start_ups_near: start_ups.iter().filter(is_near).count(),
                providers: ground.names(&providers),
                start_ups: ground.names(&start_ups),
                label: key.as_ref().map_or(none.to_owned(), |it| it.1.clone()),
                group: key.map(|it| it.0),
            }
        })
        .collect();
    res.sort_by(|a, b| {
        (a.group.is_none().cmp(&b.group.is_none()))
            .then(b.providers.len().cmp(&a.providers.len()))
            .then(b.start_ups.len().cmp(&a.start_ups.len()))
            .then_with(|| a.group.cmp(&b.group))
    });
    res
}

fn sentence(need: &str, n_providers: usize, by_place: &[GroupProvision]) -> String {
    if n_providers == 0 {
        return format!("nobody in the data meets the need for {need}");
    }
    let bodies = words::count(n_providers, "body", "bodies");
    let meet = if n_providers == 1 { "meets" } else { "meet" };
    let mut res = format!("{bodies} {meet} the need for {need}");
    let bare = by_place.iter().filter(|it| it.is_bare());
    let bare: Vec<&str> = bare.map(|it| it.label.as_str()).collect();
    if !bare.is_empty() {
        res.push_str(&format!("; start-ups but nobody who meets it in {}", words::list(bare)));
    }
    let without = by_place.iter().find(|it| it.group.is_none()).map_or(0, |it| it.providers.len());
    if without > 0 {
        res.push_str(&match without == n_providers {
            true => "; no place is on record for any of them".to_owned(),
            false => format!("; no place is on record for {without} of them"),
        });
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::naive::not_yet_for_ideas;
    use weft_graph::fixture;

    const GRAPH: &str = "s:company{idea} -partners_with-> h:council; h -partners_with-> p:facility; \
        p -meets_need-> t:need; q:facility -meets_need-> t; u:need; \
        leeds:place -part_of-> wy:place; york:place; p -located_in-> leeds; s -located_in-> york; \
        r:company{start_up} -located_in-> wy";

    #[track_caller]
    fn check(graph: &str, sentences: &[&str]) {
        let found = provision(&fixture(graph), &Question::default());
        let found: Vec<_> = found.needs.iter().map(|it| it.sentence.as_str()).collect();
        assert_eq!(found, sentences);
    }

    #[test]
    fn each_need_says_who_meets_it_and_where_nobody_does() {
        check(
            GRAPH,
            &[
                "2 bodies meet the need for t; start-ups but nobody who meets it in york; no place is \
                 on record for 1 of them",
                "nobody in the data meets the need for u",
            ],
        );
    }

    #[test]
    fn a_need_that_does_not_count_at_a_stage_yet_counts_no_start_up_of_it() {
        let snapshot = not_yet_for_ideas(GRAPH, "t");
        let found = provision(&snapshot, &Question::default());
        let n = |it: &GroupProvision| (it.label.clone(), it.start_ups.len());
        let places: Vec<_> = found.needs[0].by_place.iter().map(n).collect();
        // The start-up in york is an idea, for which t does not count yet.
        assert!(places.iter().all(|it| it.0 != "york"), "{places:?}");
        assert!(found.needs[1].by_place.iter().map(n).any(|it| it == ("york".to_owned(), 1)));
    }

    #[test]
    fn a_larger_place_counts_what_is_in_its_parts() {
        let found = provision(&fixture(GRAPH), &Question { why: true, ..Question::default() });
        let places = &found.needs[0].by_place;
        let row = |it: &GroupProvision| {
            (it.label.clone(), it.providers.len(), it.start_ups.len(), it.n_start_ups_near)
        };
        let rows: Vec<_> = places.iter().map(row).collect();
        let expected = [
            ("wy", 1, 1, 0),
            ("leeds", 1, 0, 0),
            ("york", 0, 1, 1),
            ("no place on record", 1, 0, 0),
        ];
        assert_eq!(rows, expected.map(|it| (it.0.to_owned(), it.1, it.2, it.3)));
        assert_eq!(found.needs[0].why.as_ref().unwrap().len(), 2);
        let sectors = &found.needs[0].by_sector;
        assert_eq!((sectors.len(), sectors[0].providers.len()), (1, 2));
    }
}
