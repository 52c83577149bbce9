//! Who connects to whom: the neighbours of a node by relation, and the shortest paths between two.
//!
//! Every tie opens into its sources. Ranks nobody.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_analytics::{
    Disjoint, LinkCost, PathListOptions, Weighting, all_shortest_paths, components,
    count_shortest_paths, disjoint_paths, k_cheapest_paths, k_shortest_paths, link_weights,
    simple_paths,
};
use weft_graph::{NodeIdx, RelationId, Snapshot, TieIdx, View};

use crate::ecosystem::Error;
use crate::ecosystem::evidence::{
    NodeName, PathEvidence, TieEvidence, path_evidence, tie_evidence,
};
use crate::ecosystem::question::{Basis, Ground, Question};
use crate::ecosystem::words;

/// What the user asks of `who`.
#[derive(Clone, Debug, PartialEq)]
pub struct WhoOptions {
    /// How many ties are shown at most, over all relations; all are counted.
    pub n_ties: usize,
}

/// The answer to `who`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Who {
    /// What it rests on: all kinds and relations.
    pub basis: Basis,
    /// Of whom.
    pub node: NodeName,
    /// Distinct neighbours.
    pub n_neighbours: usize,
    /// Ties to them.
    pub n_ties: usize,
    /// By relation and direction, in the order of the schema.
    pub relations: Vec<WhoRelation>,
    /// In words.
    pub sentence: String,
    /// The ties that a source denies, in the view or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<WhoTie>>,
}

/// The neighbours in one relation, read from the node.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct WhoRelation {
    /// The relation.
    pub relation: String,
    /// Its verb as read from the node.
    pub verb: String,
    /// Distinct neighbours.
    pub n_neighbours: usize,
    /// Ties to them.
    pub n_ties: usize,
    /// The ties that are shown, by the neighbour's name.
    pub ties: Vec<WhoTie>,
}

/// One tie, read from the node.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct WhoTie {
    /// The neighbour.
    pub neighbour: NodeName,
    /// "Acme is supported by Nexus (since 2018)".
    pub sentence: String,
    /// The tie with its sources.
    pub tie: TieEvidence,
}

/// What the user asks of `path`.
#[derive(Clone, Debug, PartialEq)]
pub struct PathsOptions {
    /// Which paths.
    pub choice: PathChoice,
    /// How many paths at most.
    pub n_paths: usize,
    /// Nodes that no path may pass.
    pub avoid: Vec<NodeIdx>,
    /// How ties become the weight of a link; a link costs one by its weight.
    pub weighting: Weighting,
    /// The currency of amounts that weigh.
    pub currency: String,
}

/// Which of the paths between two nodes are asked for; none passes a node twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PathChoice {
    /// The shortest, then the next.
    #[default]
    Shortest,
    /// All that are as short as the shortest.
    AllShortest,
    /// All of up to so many links.
    UpTo(u32),
    /// As many as there are that share no body between the two; the shortest such set.
    DisjointNodes,
    /// As many as there are that share no link; the shortest such set.
    DisjointLinks,
}

/// The answer to `path`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Paths {
    /// What it rests on: the conduit view, or the relations asked for.
    pub basis: Basis,
    /// From whom.
    pub from: NodeName,
    /// To whom.
    pub to: NodeName,
    /// The paths without loops, shortest first.
    pub paths: Vec<PathEvidence>,
    /// Whether those are all that the choice means; of the shortest, whether fewer were found than asked.
    pub is_complete: bool,
    /// How many shortest paths there are, nothing avoided.
    pub n_shortest: u64,
    /// What each path costs, where links weigh: the sum over its links of one by their weight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub costs: Vec<f64>,
    /// The rule by which links cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
    /// In words.
    pub sentence: String,
}

impl Default for WhoOptions {
    fn default() -> Self {
        Self { n_ties: 50 }
    }
}

impl Default for PathsOptions {
    fn default() -> Self {
        Self {
            choice: PathChoice::Shortest,
            n_paths: 3,
            avoid: Vec::new(),
            weighting: Weighting::One,
            currency: "GBP".to_owned(),
        }
    }
}

/// Returns the neighbours of a node by relation, whatever their kind.
///
/// # Errors
/// [`Error::NotInView`] if the node does not count on D at the floor.
pub fn who(
    snapshot: &Snapshot,
    question: &Question,
    node: NodeIdx,
    options: &WhoOptions,
) -> Result<Who, Error> {
    let ground = Ground::everything(snapshot, question);
    let (view, index) = (&ground.view, ground.must_get_index(node)?);
    let mut by_relation: BTreeMap<(RelationId, bool), Vec<TieIdx>> = BTreeMap::new();
    for &tie_idx in view.links(index).iter().flat_map(|&it| view.ties(it)) {
        let tie = snapshot.tie(tie_idx);
        let forward = tie.relation().symmetric || tie.source() == node;
        by_relation.entry((tie.relation_id(), !forward)).or_default().push(tie_idx);
    }
    let n_ties = by_relation.values().map(Vec::len).sum();
    let mut n_left = options.n_ties;
    let relations = by_relation.into_iter().map(|((relation, backward), mut ties)| {
        let relation = snapshot.schema().relation(relation);
        let other = |it: TieIdx| snapshot.node(snapshot.tie(it).other(node));
        ties.sort_by_key(|&it| (other(it).name(), other(it).id(), it));
        let neighbours: BTreeSet<&str> = ties.iter().map(|&it| other(it).id()).collect();
        let shown = ties.iter().take(n_left).map(|&it| who_tie(snapshot, node, it));
        let shown: Vec<WhoTie> = shown.collect();
        n_left -= shown.len();
        WhoRelation {
            relation: relation.id.clone(),
            verb: words::relation_verb(relation, !backward),
            n_neighbours: neighbours.len(),
            n_ties: ties.len(),
            ties: shown,
        }
    });
    let relations: Vec<WhoRelation> = relations.collect();
    let n_neighbours = view.degree(index);
    let name = snapshot.node(node).name();
    let why = question.why.then(|| denied(&ground, node));
    let sentence = match n_neighbours {
        0 if question.relations.is_empty() && question.kinds.is_empty() => {
            format!("{name} is tied to nobody in the data")
        }
        0 => format!("{name} is tied to nobody as asked"),
        n => format!(
            "{name} is tied to {} by {}",
            words::count(n, "other", "others"),
            words::count(n_ties, "tie", "ties")
        ),
    };
    let node = ground.name(index);
    Ok(Who { basis: ground.basis(), node, n_neighbours, n_ties, relations, sentence, why })
}

/// The ties of a node that a source denies: as never having been, which takes them out at every D, or
/// as ended.
fn denied(ground: &Ground<'_>, node: NodeIdx) -> Vec<WhoTie> {
    let (snapshot, takes) = (ground.snapshot, &ground.view.spec().relations);
    let is_denied = |it: &TieIdx| {
        let tie = snapshot.tie(*it);
        takes[usize::from(tie.relation_id().0)] && tie.claims().any(|it| it.denial().is_some())
    };
    snapshot.ties_of(node).filter(is_denied).map(|it| who_tie(snapshot, node, it)).collect()
}

fn who_tie(snapshot: &Snapshot, node: NodeIdx, idx: TieIdx) -> WhoTie {
    let tie = snapshot.tie(idx);
    WhoTie {
        neighbour: NodeName::of(snapshot.node(tie.other(node))),
        sentence: words::tie_sentence(snapshot, tie, node),
        tie: tie_evidence(snapshot, idx),
    }
}

/// Returns the paths between two nodes that are asked for, along conduits or along the relations
/// asked for.
///
/// # Errors
/// [`Error::NotInView`] if one of the two is not in that view.
pub fn paths(
    snapshot: &Snapshot,
    question: &Question,
    from: NodeIdx,
    to: NodeIdx,
    options: &PathsOptions,
) -> Result<Paths, Error> {
    let ground = match question.relations.is_empty() {
        true => Ground::conduit(snapshot, question),
        false => Ground::everything(snapshot, question),
    };
    let view = &ground.view;
    let (source, target) = (ground.must_get_index(from)?, ground.must_get_index(to)?);
    let avoid: Vec<u32> = options.avoid.iter().filter_map(|&it| view.index_of(it)).collect();
    let weighed = (options.weighting != Weighting::One).then(|| {
        LinkCost::inverse(&link_weights(snapshot, view, options.weighting, &options.currency))
    });
    let (found, costs, is_complete) = match &weighed {
        Some(cost) => {
            let found = k_cheapest_paths(view, source, target, options.n_paths, cost, &avoid);
            let is_complete = found.len() < options.n_paths;
            let (costs, found) = found.into_iter().map(|it| (it.cost, it.nodes)).unzip();
            (found, costs, is_complete)
        }
        None => {
            let (found, is_complete) = chosen_paths(view, source, target, &avoid, options);
            (found, Vec::new(), is_complete)
        }
    };
    let paths: Vec<PathEvidence> =
        found.iter().map(|it| path_evidence(snapshot, view, it)).collect();
    let (a, b) = (ground.node(source).name(), ground.node(target).name());
    let mut sentence = path_sentence(a, b, &paths, is_complete, options.choice);
    if paths.is_empty() && options.avoid.is_empty() {
        sentence.extend(apart(&ground, source, target));
    }
    if let (Some(cost), Some(least)) = (&weighed, costs.first()) {
        let steps = words::count(paths[0].n_links, "step", "steps");
        sentence = format!(
            "{b} is {steps} from {a} on the cheapest way, which costs {least:.3} (a link costs {})",
            cost.name()
        );
    }
    Ok(Paths {
        basis: ground.basis(),
        from: ground.name(source),
        to: ground.name(target),
        n_shortest: count_shortest_paths(view, source, target).map_or(0, |it| it.n_paths),
        paths,
        is_complete,
        costs,
        cost: weighed.map(|it| it.name().to_owned()),
        sentence,
    })
}

/// ": b has no link", ": a is in a part of 14 bodies, b in one of 2"; nothing where both are in one part.
fn apart(ground: &Ground<'_>, a: u32, b: u32) -> Option<String> {
    let bare: Vec<&str> = [a, b]
        .into_iter()
        .filter(|&it| ground.view.degree(it) == 0)
        .map(|it| ground.node(it).name())
        .collect();
    if !bare.is_empty() {
        let has = if bare.len() == 1 { "has" } else { "have" };
        return Some(format!(": {} {has} no link", words::list(bare)));
    }
    let parts = components(&ground.view);
    let part = |it: u32| parts.of[it as usize];
    let size = |it: u32| words::count(parts.sizes[part(it) as usize], "body", "bodies");
    let [name_a, name_b] = [a, b].map(|it| ground.node(it).name());
    (part(a) != part(b))
        .then(|| format!(": {name_a} is in a part of {}, {name_b} in one of {}", size(a), size(b)))
}

/// The paths by their nodes, and whether they are all.
fn chosen_paths(
    view: &View,
    source: u32,
    target: u32,
    avoid: &[u32],
    options: &PathsOptions,
) -> (Vec<Vec<u32>>, bool) {
    let n_paths = options.n_paths;
    let list_options = PathListOptions { limit: n_paths, avoid: avoid.to_vec() };
    let disjoint = |kind: Disjoint| {
        let mut found = disjoint_paths(view, source, target, kind, avoid);
        let is_complete = found.len() <= n_paths;
        found.truncate(n_paths);
        (found, is_complete)
    };
    match options.choice {
        PathChoice::Shortest => {
            let found = k_shortest_paths(view, source, target, n_paths, avoid);
            let is_complete = found.len() < n_paths;
            (found, is_complete)
        }
        PathChoice::AllShortest => {
            let list = all_shortest_paths(view, source, target, &list_options);
            (list.paths, list.is_complete)
        }
        PathChoice::UpTo(n_links) => {
            let list = simple_paths(view, source, target, n_links, &list_options);
            (list.paths, list.is_complete)
        }
        PathChoice::DisjointNodes => disjoint(Disjoint::Nodes),
        PathChoice::DisjointLinks => disjoint(Disjoint::Links),
    }
}

fn path_sentence(
    a: &str,
    b: &str,
    paths: &[PathEvidence],
    is_complete: bool,
    choice: PathChoice,
) -> String {
    let at_least = if is_complete { "" } else { "at least " };
    let ways = words::count(paths.len(), "way", "ways");
    let (Some(first), n) = (paths.first(), paths.len()) else {
        return match choice {
            PathChoice::UpTo(n_links) => {
                let steps = words::count(n_links as usize, "step", "steps");
                format!("no path of up to {steps} from {a} to {b} is in the data")
            }
            _ => format!("no path from {a} to {b} is in the data"),
        };
    };
    let steps = words::count(first.n_links, "step", "steps");
    match choice {
        PathChoice::Shortest => format!("{b} is {steps} from {a}"),
        PathChoice::AllShortest => format!("{b} is {steps} from {a}, by {at_least}{ways}"),
        PathChoice::UpTo(n_links) => {
            let steps = words::count(n_links as usize, "step", "steps");
            let lead = if n == 1 { "leads" } else { "lead" };
            format!("{at_least}{ways} of up to {steps} {lead} from {a} to {b}")
        }
        PathChoice::DisjointNodes if n == 1 && is_complete => {
            format!("one way leads from {a} to {b}, and no second that shares no body with it")
        }
        PathChoice::DisjointLinks if n == 1 && is_complete => {
            format!("one way leads from {a} to {b}, and no second that shares no link with it")
        }
        PathChoice::DisjointNodes => {
            format!("{at_least}{ways} lead from {a} to {b} that share no body between them")
        }
        PathChoice::DisjointLinks => {
            format!("{at_least}{ways} lead from {a} to {b} that share no link")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::fixture;

    const GRAPH: &str = "a:council -hosts-> b:facility; a -funds[#x]-> b; a -funds[#y]-> b; \
        b -supports-> c:company; a -partners_with-> d; d -supports-> c; a -located_in-> p:place";

    #[track_caller]
    fn check(id: &str, expected: &[(&str, usize, usize)]) {
        let snapshot = fixture(GRAPH);
        let node = snapshot.find_node(id).unwrap();
        let found = who(&snapshot, &Question::default(), node, &WhoOptions::default()).unwrap();
        let rows = found.relations.iter().map(|it| (it.verb.as_str(), it.n_neighbours, it.n_ties));
        assert_eq!(rows.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn neighbours_are_listed_by_relation_as_read_from_the_node() {
        check("b", &[("is hosted by", 1, 1), ("is funded by", 1, 2), ("supports", 1, 1)]);
        check("d", &[("partners with", 1, 1), ("supports", 1, 1)]);
        check("p", &[("is the place of", 1, 1)]);
    }

    #[test]
    fn all_ties_are_counted_where_few_are_shown() {
        let snapshot = fixture(GRAPH);
        let node = snapshot.find_node("b").unwrap();
        let options = WhoOptions { n_ties: 2 };
        let found = who(&snapshot, &Question::default(), node, &options).unwrap();
        assert_eq!((found.n_ties, found.n_neighbours), (4, 2));
        assert_eq!(found.relations.iter().map(|it| it.ties.len()).sum::<usize>(), 2);
        assert_eq!(found.sentence, "b is tied to 2 others by 4 ties");
    }

    #[test]
    fn a_denied_tie_is_out_and_shown_where_the_reasons_are_asked() {
        let snapshot = fixture(GRAPH);
        let mut tie = snapshot.tie(snapshot.find_tie("a--hosts--b").unwrap()).record();
        let mut claim = tie.claims[0].clone();
        claim.denial = Some(weft_graph::Denial::Never);
        tie.claims.push(claim);
        let changes = vec![weft_graph::Change::PutTie(tie)];
        let snapshot = snapshot.with(&weft_graph::ChangeSet { changes }).unwrap();
        let node = snapshot.find_node("b").unwrap();
        let ask = |why| {
            let question = Question { why, ..Question::default() };
            who(&snapshot, &question, node, &WhoOptions::default()).unwrap()
        };
        assert_eq!((ask(false).n_ties, ask(false).why), (3, None));
        let denied = ask(true).why.unwrap();
        assert_eq!(denied.len(), 1);
        assert_eq!(denied[0].sentence, "b is hosted by a");
        assert!(denied[0].tie.denial().unwrap().starts_with("denied as never having been: report"));
    }

    #[test]
    fn paths_are_sentences_and_can_avoid_a_node() {
        let snapshot = fixture(GRAPH);
        let node = |id: &str| snapshot.find_node(id).unwrap();
        let ask = |avoid: Vec<NodeIdx>| {
            let options = PathsOptions { avoid, ..PathsOptions::default() };
            paths(&snapshot, &Question::default(), node("a"), node("c"), &options).unwrap()
        };
        let found = ask(Vec::new());
        assert_eq!((found.paths.len(), found.n_shortest), (2, 2));
        assert_eq!(found.paths[0].sentence, "a hosts b; b supports c");
        assert_eq!(ask(vec![node("b")]).paths[0].sentence, "a partners with d; d supports c");
        assert_eq!(ask(vec![node("b"), node("d")]).sentence, "no path from a to c is in the data");
    }

    #[test]
    fn where_no_path_leads_it_says_why() {
        let snapshot = fixture(
            "a:council -hosts-> b:facility; b -supports-> c:company; d:funder -funds-> e:project; \
             f:charity; g:charity",
        );
        let ask = |a: &str, b: &str| {
            let [a, b] = [a, b].map(|it| snapshot.find_node(it).unwrap());
            let found = paths(&snapshot, &Question::default(), a, b, &PathsOptions::default());
            found.unwrap().sentence.split_once(": ").unwrap().1.to_owned()
        };
        assert_eq!(ask("a", "f"), "f has no link");
        assert_eq!(ask("g", "f"), "g and f have no link");
        assert_eq!(ask("c", "e"), "c is in a part of 3 bodies, e in one of 2 bodies");
    }

    #[test]
    fn the_cheapest_way_is_by_a_cost_with_a_name() {
        let snapshot = fixture(
            "a:council -hosts-> c:facility; a -funds[#x]-> b:facility; \
            a -funds[#y]-> b; a -supports-> b; b -partners_with-> c; b -supports-> c; b -funds-> c",
        );
        let node = |id: &str| snapshot.find_node(id).unwrap();
        let options = PathsOptions { weighting: Weighting::Ties, ..PathsOptions::default() };
        let found = paths(&snapshot, &Question::default(), node("a"), node("c"), &options).unwrap();
        let ids: Vec<usize> = found.paths.iter().map(|it| it.n_links).collect();
        assert_eq!((ids, found.cost.as_deref()), (vec![2, 1], Some("one by ties")));
        assert!((found.costs[0] - 2.0 / 3.0).abs() < 1e-12 && found.costs[1] == 1.0);
        let sentence =
            "c is 2 steps from a on the cheapest way, which costs 0.667 (a link costs one by ties)";
        assert_eq!((found.sentence.as_str(), found.n_shortest), (sentence, 1));
    }

    #[test]
    fn paths_are_those_that_were_chosen_and_say_whether_they_are_all() {
        let graph = "a:council -hosts-> b:facility; b -supports-> c:company; a -partners_with-> d; \
            d -supports-> c; c -supports-> e:company; b -partners_with-> d";
        let snapshot = fixture(graph);
        let check = |choice: PathChoice, to: &str, n_paths: usize, n: usize, sentence: &str| {
            let node = |id: &str| snapshot.find_node(id).unwrap();
            let options = PathsOptions { choice, n_paths, ..PathsOptions::default() };
            let found =
                paths(&snapshot, &Question::default(), node("a"), node(to), &options).unwrap();
            assert_eq!((found.paths.len(), found.sentence.as_str()), (n, sentence));
            assert_eq!(found.is_complete, !sentence.contains("at least"), "{sentence}");
        };
        check(PathChoice::AllShortest, "c", 9, 2, "c is 2 steps from a, by 2 ways");
        check(PathChoice::AllShortest, "c", 1, 1, "c is 2 steps from a, by at least 1 way");
        check(PathChoice::UpTo(3), "c", 9, 4, "4 ways of up to 3 steps lead from a to c");
        let none = "no path of up to 1 step from a to c is in the data";
        check(PathChoice::UpTo(1), "c", 9, 0, none);
        let two = "2 ways lead from a to c that share no body between them";
        check(PathChoice::DisjointNodes, "c", 9, 2, two);
        let one = "one way leads from a to e, and no second that shares no body with it";
        check(PathChoice::DisjointNodes, "e", 9, 1, one);
        check(PathChoice::DisjointLinks, "c", 9, 2, "2 ways lead from a to c that share no link");
    }
}
