//! A journey: what a body meets on the way from idea to market, need by need.
//!
//! Needs stand in the order in which their source lists them. For each: who meets it, how near they are,
//! and how much it counts at each stage of the schema. Proposes no introduction.

use serde::Serialize;
use weft_graph::{NodeIdx, Snapshot, StageId, distances};

use crate::ecosystem::Error;
use crate::ecosystem::access::{Need, NeedDistance, Searches, need_distance, reached, way_down};
use crate::ecosystem::evidence::{
    NodeName, PathEvidence, TieEvidence, path_evidence, tie_evidence,
};
use crate::ecosystem::question::{Basis, Ground, Question, is_start_up};
use crate::ecosystem::words;

/// To so many of those who meet a need, the nearest first, the way is opened: as many as a line names.
pub const OPENED: usize = 3;

/// The answer to `journey`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Journey {
    /// What it rests on.
    pub basis: Basis,
    /// Whose journey.
    pub node: NodeName,
    /// Its stage, if a source tells.
    pub stage: Option<String>,
    /// Whether its stage makes it a start-up.
    pub is_start_up: bool,
    /// Whether needs count differently from stage to stage.
    pub has_stages: bool,
    /// The needs, in the order of their source.
    pub steps: Vec<JourneyStep>,
    /// The whole in words.
    pub sentence: String,
}

/// One need on the way.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct JourneyStep {
    /// Its place on the way, from 1.
    pub step: usize,
    /// The need, its weight for this body, its distance and the nearest who meets it.
    #[serde(flatten)]
    pub need: NeedDistance,
    /// How much it counts at each stage: 0 not yet, 1 useful, 2 critical.
    pub stages: Vec<StageWeight>,
    /// Everybody who meets it, the nearest first.
    pub providers: Vec<Provider>,
    /// Others named as an answer to whom nobody can be introduced: products, collectives, places.
    pub also_named: Vec<NodeName>,
    /// In words.
    pub sentence: String,
}

/// How much a need counts at a stage.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct StageWeight {
    /// The stage.
    pub stage: String,
    /// 0 not yet, 1 useful, 2 critical.
    pub weight: u8,
}

/// A body that meets a need.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Provider {
    /// The body.
    pub node: NodeName,
    /// Fewest links to it; none without a path.
    pub distance: Option<u32>,
    /// A shortest way to it and the ties by which it meets the need, if that was asked for: of the
    /// first [`OPENED`] to whom there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<ProviderWay>,
}

/// What the nearness of a body that meets a need rests on.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct ProviderWay {
    /// The way there, link by link.
    pub path: PathEvidence,
    /// The ties that say that it meets the need.
    pub met_by: Vec<TieEvidence>,
}

/// Returns the journey of a body of the conduit view.
///
/// O(needs times (n + m)).
///
/// # Errors
/// [`Error::NotInView`] if it is not in the conduit view.
pub fn journey(snapshot: &Snapshot, question: &Question, node: NodeIdx) -> Result<Journey, Error> {
    let ground = Ground::conduit(snapshot, question);
    journey_on(&ground, &Searches::new(&ground), node)
}

/// Returns the journey of each of these bodies, on the same searches.
///
/// O((needs + bodies) times (n + m)).
///
/// # Errors
/// [`Error::NotInView`] if one is not in the conduit view.
pub(crate) fn journey_of_each(
    snapshot: &Snapshot,
    question: &Question,
    nodes: &[NodeIdx],
) -> Result<Vec<Journey>, Error> {
    let ground = Ground::conduit(snapshot, question);
    let searches = Searches::new(&ground);
    nodes.iter().map(|&node| journey_on(&ground, &searches, node)).collect()
}

fn journey_on(ground: &Ground<'_>, searches: &Searches, node: NodeIdx) -> Result<Journey, Error> {
    let snapshot = ground.snapshot;
    let index = ground.must_get_index(node)?;
    let weights = searches.weights(ground, index);
    let from_here = distances(&ground.view, &[index], u32::MAX);
    let mut steps = Vec::new();
    for (step, at) in (1..).zip(searches.in_order_of_journey(snapshot)) {
        steps.push(step_of(ground, &searches.needs[at], weights[at], index, &from_here, step));
    }
    let own = snapshot.node(node);
    let schema = snapshot.schema();
    let mut res = Journey {
        basis: ground.basis(),
        node: NodeName::of(own),
        stage: own.stage_id().map(|it| schema.stage(it).id.clone()),
        is_start_up: is_start_up(own),
        has_stages: steps
            .iter()
            .any(|it| it.stages.iter().any(|stage| stage.weight != it.stages[0].weight)),
        steps,
        sentence: String::new(),
    };
    res.sentence = sentence(&res);
    Ok(res)
}

fn step_of(
    ground: &Ground<'_>,
    need: &Need,
    weight: u8,
    index: u32,
    from_here: &[u32],
    step: usize,
) -> JourneyStep {
    let (snapshot, schema) = (ground.snapshot, ground.snapshot.schema());
    let mut providers: Vec<(u32, u32)> =
        need.providers.iter().map(|&it| (from_here[it as usize], it)).collect();
    providers.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| ground.by_id(a.1, b.1)));
    let id = snapshot.node(need.idx).id();
    let stages = schema.stages().iter().enumerate().map(|(at, stage)| StageWeight {
        stage: stage.id.clone(),
        weight: schema.need_weight(Some(StageId(at as u8)), id),
    });
    let mut res = JourneyStep {
        step,
        need: need_distance(ground, need, weight, index),
        stages: stages.collect(),
        providers: providers
            .into_iter()
            .enumerate()
            .map(|(at, (distance, it))| Provider {
                node: ground.name(it),
                distance: reached(distance),
                why: (ground.question.why && at < OPENED)
                    .then(|| way_to(ground, need, from_here, it))
                    .flatten(),
            })
            .collect(),
        also_named: need.other_answers.iter().map(|&it| NodeName::of(snapshot.node(it))).collect(),
        sentence: String::new(),
    };
    res.sentence = step_sentence(ground, need, index, &res);
    res
}

/// The way to a body that meets a need; `from_here` are the distances from where the way begins.
fn way_to(
    ground: &Ground<'_>,
    need: &Need,
    from_here: &[u32],
    provider: u32,
) -> Option<ProviderWay> {
    let mut path = way_down(ground, from_here, provider)?;
    path.reverse();
    let ties = need.met_by(ground, provider).into_iter();
    Some(ProviderWay {
        path: path_evidence(ground.snapshot, &ground.view, &path),
        met_by: ties.map(|it| tie_evidence(ground.snapshot, it)).collect(),
    })
}

/// "one introduction away: Innovation Pop-Up, through Nexus".
fn step_sentence(ground: &Ground<'_>, need: &Need, index: u32, step: &JourneyStep) -> String {
    let path = need.path_from(ground, index).unwrap_or_default();
    let nearest = step.providers.iter().filter(|it| it.distance == step.need.distance);
    let nearest: Vec<&str> = nearest.map(|it| it.node.name.as_str()).collect();
    let through = |path: &[u32]| {
        // Who stands between the two ends, in the order of the way.
        let between = path.get(1..path.len().saturating_sub(1)).unwrap_or_default();
        words::list(between.iter().map(|&it| ground.node(it).name()))
    };
    let target = path.last().map_or("", |&it| ground.node(it).name());
    let mut res = match (step.need.distance, step.providers.len()) {
        (_, 0) => "nobody in the data meets it".to_owned(),
        (Some(0), _) => "it meets this need itself".to_owned(),
        (Some(1), _) => format!("met: it works with {}", words::list(nearest)),
        (Some(2), _) => format!("one introduction away: {target}, through {}", through(&path)),
        (Some(3), _) => format!("two introductions away: {target}, through {}", through(&path)),
        (Some(n), _) => format!("far: {target} is {n} steps away"),
        (None, n) => {
            let bodies = words::count(n, "body", "bodies");
            let meets = if n == 1 { "meets" } else { "meet" };
            format!("out of reach: {bodies} {meets} it, and no path leads there")
        }
    };
    if !step.also_named.is_empty() {
        let names = words::list(step.also_named.iter().map(|it| it.name.as_str()));
        res.push_str(&format!("; also named, but not as somebody to meet: {names}"));
    }
    res
}

fn sentence(found: &Journey) -> String {
    let n_needs = found.steps.len();
    if n_needs == 0 {
        return "no support need is in the data".to_owned();
    }
    let counted = || found.steps.iter().filter(|it| it.need.weight > 0);
    let near = |from, to| {
        counted().filter(|it| it.need.distance.is_some_and(|it| (from..=to).contains(&it))).count()
    };
    let (met, next) = (near(0, 1), near(2, 2));
    let n_bare = found.steps.iter().filter(|it| it.providers.is_empty()).count();
    let n_not_yet =
        found.steps.iter().filter(|it| it.need.weight == 0 && !it.providers.is_empty()).count();
    let farther = n_needs - met - next - n_bare - n_not_yet;
    let none_or = |n: usize| if n == 0 { "none".to_owned() } else { n.to_string() };
    let mut res = format!(
        "of {}: {} met, {} one introduction away, {} farther or out of reach",
        words::count(n_needs, "need", "needs"),
        none_or(met),
        none_or(next),
        none_or(farther),
    );
    if n_bare > 0 {
        let is_or_are = if n_bare == 1 { "is" } else { "are" };
        res.push_str(&format!("; {n_bare} {is_or_are} met by nobody in the data"));
    }
    if n_not_yet > 0 {
        let does = if n_not_yet == 1 { "does" } else { "do" };
        res.push_str(&format!("; {n_not_yet} {does} not count at its stage yet"));
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::naive::{Dice, Naive, random_graph};
    use weft_graph::fixture;

    #[track_caller]
    fn check(graph: &str, id: &str, sentence: &str, steps: &[&str]) {
        let snapshot = fixture(graph);
        let node = snapshot.find_node(id).unwrap();
        let found = journey(&snapshot, &Question::default(), node).unwrap();
        assert_eq!(found.sentence, sentence);
        let found: Vec<_> = found.steps.iter().map(|it| it.sentence.as_str()).collect();
        assert_eq!(found, steps);
    }

    const GRAPH: &str = "s:company{idea} -partners_with-> h:council; h -partners_with-> p:facility; \
        p -partners_with-> q:facility; q -partners_with-> r:facility; x:facility; \
        h -meets_need-> t1:need; p -meets_need-> t2:need; q -meets_need-> t3:need; \
        r -meets_need-> t4:need; x -meets_need-> t5:need; t6:need; d:product -meets_need-> t6; \
        s -meets_need-> t7:need";

    #[test]
    fn each_need_says_how_near_those_are_who_meet_it() {
        check(
            GRAPH,
            "s",
            "of 7 needs: 2 met, 1 one introduction away, 3 farther or out of reach; 1 is met by nobody in \
             the data",
            &[
                "met: it works with h",
                "one introduction away: p, through h",
                "two introductions away: q, through h and p",
                "far: r is 4 steps away",
                "out of reach: 1 body meets it, and no path leads there",
                "nobody in the data meets it; also named, but not as somebody to meet: d",
                "it meets this need itself",
            ],
        );
        check("s:company", "s", "no support need is in the data", &[]);
    }

    #[test]
    fn the_ways_to_the_nearest_are_opened_as_far_as_they_are_named() {
        let mut dice = Dice(54);
        let mut n_opened = 0;
        for _ in 0..100 {
            let snapshot = random_graph(&mut dice);
            let question = Question { why: true, ..Question::default() };
            for node in snapshot.nodes() {
                let Ok(found) = journey(&snapshot, &question, node) else { continue };
                for step in &found.steps {
                    for (at, it) in step.providers.iter().enumerate() {
                        let is_opened = at < OPENED && it.distance.is_some();
                        assert_eq!(it.why.is_some(), is_opened, "{it:?}");
                        let Some(why) = &it.why else { continue };
                        // From here to there, link by link, in as few as the distance says.
                        let ends = (why.path.nodes.first(), why.path.nodes.last());
                        assert_eq!(ends, (Some(&found.node), Some(&it.node)));
                        assert_eq!(it.distance, Some(why.path.n_links as u32));
                        assert!(why.path.links.iter().all(|it| !it.ties.is_empty()));
                        assert!(!why.met_by.is_empty());
                        assert!(why.met_by.iter().all(|tie| tie.source == it.node), "{why:?}");
                        n_opened += 1;
                    }
                }
            }
        }
        assert!(n_opened > 100, "{n_opened}");
        let near: String =
            (0..5).map(|it| format!("; h -partners_with-> p{it}; p{it} -meets_need-> t")).collect();
        let snapshot = fixture(&format!("t:need; s:company -partners_with-> h:council{near}"));
        let question = Question { why: true, ..Question::default() };
        let found = journey(&snapshot, &question, snapshot.find_node("s").unwrap()).unwrap();
        let opened: Vec<bool> =
            found.steps[0].providers.iter().map(|it| it.why.is_some()).collect();
        assert_eq!(opened, [true, true, true, false, false]);
    }

    #[test]
    fn a_body_outside_the_view_is_an_error() {
        let snapshot = fixture("a:council -located_in-> p:place");
        let place = snapshot.find_node("p").unwrap();
        let err = journey(&snapshot, &Question::default(), place).unwrap_err();
        assert_eq!(err, Error::NotInView { id: "p".into() });
    }

    #[test]
    fn distances_and_providers_are_those_of_the_definition() {
        let mut dice = Dice(53);
        for _ in 0..200 {
            let snapshot = random_graph(&mut dice);
            let question = Question { as_of: "2024".parse().ok(), ..Question::default() };
            let naive = Naive::new(&snapshot, question.as_of.unwrap().last_key());
            for (s, &node) in naive.nodes.iter().enumerate() {
                let found = journey(&snapshot, &question, node).unwrap();
                let d = naive.distances(s, None);
                for (step, (need, meets)) in found.steps.iter().zip(&naive.providers) {
                    assert_eq!(step.need.need.id, snapshot.node(*need).id());
                    let mut expected: Vec<Option<u32>> =
                        (0..meets.len()).filter(|&it| meets[it]).map(|it| d[it]).collect();
                    expected.sort_by_key(|it| it.unwrap_or(u32::MAX));
                    let found: Vec<_> = step.providers.iter().map(|it| it.distance).collect();
                    assert_eq!(found, expected);
                    assert_eq!(step.need.distance, expected.first().copied().flatten());
                }
            }
        }
    }
}
