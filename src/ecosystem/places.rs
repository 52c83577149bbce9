//! Bodies by place: each in its places and in the larger ones of which they are part.
//!
//! A larger place that holds exactly the bodies of one of its parts says nothing more and is left out.

use std::collections::{BTreeMap, BTreeSet};

use weft_graph::{Family, NodeIdx, Snapshot};

use crate::ecosystem::gaps::places_of;
use crate::ecosystem::question::{Ground, Question};

/// The relations from a place to a larger one.
const INTO: [&str; 2] = ["part_of", "located_in"];

/// Returns all that is in a place, or in a place that is part of it, whatever its kind; other places
/// apart.
pub fn located_in(snapshot: &Snapshot, question: &Question, place: NodeIdx) -> BTreeSet<NodeIdx> {
    // Kinds and relations narrow what is ranked, not where bodies are.
    let question = Question { kinds: Vec::new(), relations: Vec::new(), ..question.clone() };
    let ground = Ground::everything(snapshot, &question);
    let is_body = |it: &NodeIdx| snapshot.node(*it).kind().family != Family::Place;
    let bodies = ground.view.nodes().iter().copied().filter(is_body);
    bodies.filter(|&it| places_of(&ground, it).contains(&place)).collect()
}

/// Returns a place with all places that are part of it.
pub fn places_within(
    snapshot: &Snapshot,
    question: &Question,
    place: NodeIdx,
) -> BTreeSet<NodeIdx> {
    let question = Question { kinds: Vec::new(), relations: Vec::new(), ..question.clone() };
    let ground = Ground::everything(snapshot, &question);
    let is_place = |it: &NodeIdx| snapshot.node(*it).kind().family == Family::Place;
    let places = ground.view.nodes().iter().copied().filter(is_place);
    places.filter(|&it| it == place || larger_than(&ground, it).contains(&place)).collect()
}

/// The places of each of the bodies, by id and name; nothing for one without a place on record.
pub(crate) fn places_by_body(
    ground: &Ground<'_>,
    bodies: impl IntoIterator<Item = u32>,
) -> BTreeMap<u32, BTreeSet<(String, String)>> {
    let mut members: BTreeMap<NodeIdx, BTreeSet<u32>> = BTreeMap::new();
    for body in bodies {
        for place in places_of(ground, ground.view.node(body)) {
            members.entry(place).or_default().insert(body);
        }
    }
    let larger: BTreeMap<NodeIdx, BTreeSet<NodeIdx>> =
        members.keys().map(|&it| (it, larger_than(ground, it))).collect();
    let is_shown = |place: &NodeIdx| {
        !members.iter().any(|(part, bodies)| {
            let is_part = part != place && larger[part].contains(place);
            // Of places that are part of each other the first stands for both.
            is_part && *bodies == members[place] && (!larger[place].contains(part) || part < place)
        })
    };
    let mut res: BTreeMap<u32, BTreeSet<(String, String)>> = BTreeMap::new();
    for (place, bodies) in members.iter().filter(|it| is_shown(it.0)) {
        let node = ground.snapshot.node(*place);
        for &body in bodies {
            let key = (node.id().to_owned(), node.name().to_owned());
            res.entry(body).or_default().insert(key);
        }
    }
    res
}

/// The smallest places of a body on record, by id and name: those that hold no other of its places.
pub(crate) fn smallest_places(ground: &Ground<'_>, body: u32) -> BTreeSet<(String, String)> {
    let places = places_of(ground, ground.view.node(body));
    let larger: Vec<BTreeSet<NodeIdx>> = places.iter().map(|&it| larger_than(ground, it)).collect();
    let holds_another = |at: usize| {
        // Places that are part of each other are one size.
        (0..places.len())
            .any(|b| larger[b].contains(&places[at]) && !larger[at].contains(&places[b]))
    };
    let smallest = (0..places.len()).filter(|&it| !holds_another(it));
    let name = |at: usize| {
        let place = ground.snapshot.node(places[at]);
        (place.id().to_owned(), place.name().to_owned())
    };
    smallest.map(name).collect()
}

/// The places of which a place is part, however far up.
fn larger_than(ground: &Ground<'_>, place: NodeIdx) -> BTreeSet<NodeIdx> {
    let snapshot = ground.snapshot;
    let mut res = BTreeSet::new();
    let mut waiting = vec![place];
    while let Some(at) = waiting.pop() {
        for tie in snapshot.out_ties(at).map(|it| snapshot.tie(it)) {
            let is_place = snapshot.node(tie.target()).kind().family == Family::Place;
            let leads = INTO.contains(&tie.relation().id.as_str()) && ground.counts_tie(tie);
            if is_place && leads && res.insert(tie.target()) {
                waiting.push(tie.target());
            }
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::Question;
    use weft_graph::fixture;

    #[track_caller]
    fn check(graph: &str, expected: &[(&str, &[&str])]) {
        let snapshot = fixture(graph);
        let ground = Ground::conduit(&snapshot, &Question::default());
        let found = places_by_body(&ground, ground.indices());
        let found: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|(&it, places)| (ground.id(it), places.iter().map(|it| it.0.as_str()).collect()))
            .collect();
        let expected: Vec<_> = expected.iter().map(|it| (it.0, it.1.to_vec())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_larger_place_is_left_out_where_it_holds_no_more_than_a_part() {
        let graph = "leeds:place -part_of-> wy:place; wy -part_of-> uk:place; a:council -located_in-> leeds; \
            b:council";
        check(graph, &[("a", &["leeds"])]);
        let both = format!("{graph}; b -located_in-> wy");
        check(&both, &[("a", &["leeds", "wy"]), ("b", &["wy"])]);
        let snapshot = fixture(&both);
        let ground = Ground::conduit(&snapshot, &Question::default());
        let smallest = ground.indices().flat_map(|it| smallest_places(&ground, it));
        assert_eq!(smallest.map(|it| it.0).collect::<Vec<_>>(), ["leeds", "wy"]);
    }

    #[test]
    fn whoever_is_in_a_part_of_a_place_is_in_it() {
        let graph = "leeds:place -part_of-> wy:place; york:place; a:council -located_in-> leeds; \
            b:council -located_in-> wy; c:council -located_in-> york; d:council";
        let snapshot = fixture(graph);
        let ids = |place: &str| -> Vec<&str> {
            let place = snapshot.find_node(place).unwrap();
            let found = located_in(&snapshot, &Question::default(), place);
            found.into_iter().map(|it| snapshot.node(it).id()).collect()
        };
        assert_eq!((ids("wy"), ids("leeds")), (vec!["a", "b"], vec!["a"]));
        let parts = |place: &str| -> Vec<&str> {
            let place = snapshot.find_node(place).unwrap();
            let found = places_within(&snapshot, &Question::default(), place);
            found.into_iter().map(|it| snapshot.node(it).id()).collect()
        };
        assert_eq!((parts("wy"), parts("york")), (vec!["leeds", "wy"], vec!["york"]));
    }

    #[test]
    fn places_that_are_part_of_each_other_do_not_hide_both() {
        check(
            "x:place -part_of-> y:place; y -part_of-> x; a:council -located_in-> x",
            &[("a", &["x"])],
        );
    }
}
