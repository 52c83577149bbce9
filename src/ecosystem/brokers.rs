//! Brokers: bodies through which others reach each other, and between whom they stand.
//!
//! The second meaning of hub on its own, with Gould and Fernandez's roles by kind. Rests on
//! [`super::hubs()`] for the ranking and how far it can be trusted; adds between which kinds each body
//! stands, pair by pair.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_analytics::{Run, brokerage};
use weft_graph::{KindId, NodeIdx, Snapshot};

use crate::ecosystem::Error;
use crate::ecosystem::communities::circles;
use crate::ecosystem::evidence::{LinkEvidence, NodeName, link_evidence};
use crate::ecosystem::hubs::{
    BELOW_THREE, Bridging, Hub, HubsOptions, Verdict, connecting, verdict,
};
use crate::ecosystem::question::{Basis, Ground, Question};
use crate::ecosystem::words;

/// What the user asks of the ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokersOptions {
    /// How many rows are shown at most.
    pub n_rows: usize,
    /// Only these bodies, whatever their rank; all if empty.
    pub only: Vec<NodeIdx>,
    /// Whether to see what becomes of the ranks when links are lost at random: 1,000 draws.
    pub stability: bool,
    /// Whether to hold the figures against chance: 999 rewired networks.
    pub chance: bool,
}

/// The answer to `brokers`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Brokers {
    /// What it rests on.
    pub basis: Basis,
    /// By betweenness.
    pub rows: Vec<Broker>,
    /// Which places are safe; none unless stability was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// What the figures cannot tell in this view.
    pub notes: Vec<String>,
}

/// One body that stands between others.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Broker {
    /// Rank, betweenness, constraint, effective size, trust, who is cut off without it.
    #[serde(flatten)]
    pub hub: Hub<Bridging>,
    /// Effective size by number of contacts: 1 if no contact leads to another. None below three.
    pub efficiency: Option<f64>,
    /// In how many communities its contacts are.
    pub n_communities: usize,
    /// Pairs of its contacts that have no link to each other.
    pub n_open_pairs: usize,
    /// Pairs of its contacts that have one.
    pub n_closed_pairs: usize,
    /// How often it plays each role, by kind.
    pub roles: Roles,
    /// The open pairs by the kinds of the two, most first.
    pub open_pairs_by_kind: Vec<KindPair>,
    /// Between whom it stands, for a reader who knows no graph theory.
    pub role_sentence: String,
    /// The links among its contacts: what is not an open pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_pairs: Option<Vec<LinkEvidence>>,
}

/// Gould and Fernandez's roles by kind: ordered pairs of contacts without a link, so that each open
/// pair counts twice.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles {
    /// Both contacts of its own kind.
    pub coordinator: u64,
    /// Both of one kind, which is not its own; also called consultant.
    pub itinerant: u64,
    /// From its own kind to another.
    pub representative: u64,
    /// From another kind into its own; as many as the last where ties have no direction.
    pub gatekeeper: u64,
    /// Three different kinds.
    pub liaison: u64,
}

/// Pairs of contacts without a link to each other, of two kinds.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct KindPair {
    /// One kind.
    pub kind: String,
    /// The other, or the same.
    pub other_kind: String,
    /// How many pairs.
    pub n_pairs: usize,
    /// "a company and a university".
    pub label: String,
}

impl Default for BrokersOptions {
    fn default() -> Self {
        Self { n_rows: 10, only: Vec::new(), stability: false, chance: false }
    }
}

/// Returns the bodies of the conduit view that connect groups.
///
/// O(n (n + m)) for betweenness, as often as [`super::hubs()`] counts it; for each row the square of its
/// contacts.
///
/// # Errors
/// [`Error::NotInView`] if one that is asked for is not in the conduit view; [`Error::Interrupted`].
pub fn brokers(
    snapshot: &Snapshot,
    question: &Question,
    options: &BrokersOptions,
    run: &mut Run<'_>,
) -> Result<Brokers, Error> {
    let ground = Ground::conduit(snapshot, question);
    let only = options.only.iter().map(|&it| ground.must_get_index(it));
    let only = only.collect::<Result<BTreeSet<u32>, Error>>()?.into_iter().collect();
    let hubs_options = HubsOptions {
        n_rows: options.n_rows,
        stability: options.stability,
        chance: options.chance,
        ..HubsOptions::default()
    };
    let hubs = connecting(Ground::conduit(snapshot, question), &hubs_options, only, run)?;
    let notes = [BELOW_THREE.to_owned()].into_iter().chain(hubs.note.clone()).collect();
    let kinds: Vec<u32> =
        ground.indices().map(|it| u32::from(ground.node(it).kind_id().0)).collect();
    let roles = brokerage(&ground.view, &kinds);
    let circle = circles(&ground, run)?;
    let verdict = options.stability.then(|| verdict("connects_groups", &hubs));
    let index_of = |hub: &Hub<Bridging>| {
        let idx = snapshot.find_node(&hub.node.id).expect("rankings name nodes of the snapshot");
        ground.view.index_of(idx).expect("rankings name nodes of the view")
    };
    let row = |hub: Hub<Bridging>| {
        let index = index_of(&hub);
        broker(&ground, hub, index, roles[index as usize].into(), &circle)
    };
    let rows = hubs.rows.into_iter().map(row).collect();
    Ok(Brokers { basis: ground.basis(), rows, verdict, notes })
}

fn broker(
    ground: &Ground<'_>,
    hub: Hub<Bridging>,
    index: u32,
    roles: Roles,
    circle: &[u32],
) -> Broker {
    let view = &ground.view;
    let contacts = view.neighbours(index);
    let mut by_kind: BTreeMap<(u16, u16), usize> = BTreeMap::new();
    let mut closed = Vec::new();
    for (at, &a) in contacts.iter().enumerate() {
        for &b in &contacts[at + 1..] {
            if view.link_between(a, b).is_some() {
                closed.push((a, b));
                continue;
            }
            let [x, y] = [a, b].map(|it| ground.node(it).kind_id().0);
            *by_kind.entry((x.min(y), x.max(y))).or_default() += 1;
        }
    }
    let n_pairs = contacts.len() * contacts.len().saturating_sub(1) / 2;
    let mut open_pairs_by_kind: Vec<KindPair> =
        by_kind.into_iter().map(|(kinds, n)| kind_pair(ground, kinds, n)).collect();
    open_pairs_by_kind.sort_by_key(|it| std::cmp::Reverse(it.n_pairs));
    let communities: BTreeSet<u32> = contacts.iter().map(|&it| circle[it as usize]).collect();
    let size = hub.figures.effective_size;
    let mut res = Broker {
        efficiency: size.map(|it| it / contacts.len() as f64),
        n_communities: communities.len(),
        n_open_pairs: n_pairs - closed.len(),
        n_closed_pairs: closed.len(),
        roles,
        open_pairs_by_kind,
        role_sentence: String::new(),
        closed_pairs: ground.question.why.then(|| {
            let links = closed.iter().map(|&(a, b)| link_evidence(ground.snapshot, view, a, b));
            links.collect()
        }),
        hub,
    };
    res.role_sentence = role_sentence(&res, contacts.len());
    res
}

fn kind_pair(ground: &Ground<'_>, (a, b): (u16, u16), n_pairs: usize) -> KindPair {
    let schema = ground.snapshot.schema();
    let [kind, other] = [a, b].map(|it| schema.kind(KindId(it)));
    let one = |label: &str| words::with_article(1, label.to_owned());
    let label = match a == b {
        true => format!("two {}", kind.plural),
        false => format!("{} and {}", one(&kind.label), one(&other.label)),
    };
    KindPair { kind: kind.id.clone(), other_kind: other.id.clone(), n_pairs, label }
}

/// "its contacts are in 7 communities, and 184 of the 190 pairs among them have no tie (most often a
/// facility and a university: 31); it mostly stands between two kinds that are not its own".
fn role_sentence(broker: &Broker, n_contacts: usize) -> String {
    let n_pairs = broker.n_open_pairs + broker.n_closed_pairs;
    match (n_contacts, broker.n_open_pairs) {
        (0, _) => return "it has no partner, and stands between nobody".to_owned(),
        (1, _) => return "it has one partner, and stands between nobody".to_owned(),
        (2, 0) => return "both its partners have ties to each other without it".to_owned(),
        (_, 0) => return "all its partners have ties to each other without it".to_owned(),
        _ => {}
    }
    let circles = match (n_contacts, broker.n_communities) {
        (2, 1) => "both its partners are in one community".to_owned(),
        (2, _) => "its two partners are in different communities".to_owned(),
        (_, 1) => "its partners are in one community".to_owned(),
        (_, n) => format!("its partners are in {} communities", words::digits(n)),
    };
    let open = match (n_pairs, broker.n_closed_pairs) {
        (1, _) => "and have no tie to each other".to_owned(),
        (n, 0) => format!("and none of the {} pairs among them has a tie", words::digits(n)),
        (n, _) => format!(
            "and {} of the {} pairs among them {} no tie",
            words::digits(broker.n_open_pairs),
            words::digits(n),
            if broker.n_open_pairs == 1 { "has" } else { "have" }
        ),
    };
    let mut res = format!("{circles}, {open}");
    if let [first, rest @ ..] = broker.open_pairs_by_kind.as_slice() {
        match (rest.is_empty(), first.n_pairs) {
            (true, _) => res.push_str(&format!(" ({})", first.label)),
            (false, 1) => {}
            (false, n) => {
                let n = words::digits(n);
                res.push_str(&format!(" (most often {}: {n})", first.label));
            }
        }
    }
    // Shares of unordered pairs: ordered ones count each twice.
    let roles = &broker.roles;
    let parts = [
        (roles.liaison, "between two kinds that are not its own"),
        (roles.itinerant, "between bodies of one kind that is not its own"),
        (roles.representative + roles.gatekeeper, "between its own kind and another"),
        (roles.coordinator, "between bodies of its own kind"),
    ];
    let most = parts.iter().max_by_key(|(n, _)| *n).expect("there are four roles");
    let share = most.0 as f64 / (2 * broker.n_open_pairs) as f64;
    res.push_str(&match share {
        it if it >= 1.0 => format!("; it always stands {}", most.1),
        it if it > 0.5 => format!("; it mostly stands {}", most.1),
        _ => format!("; it stands most often {}", most.1),
    });
    res
}

impl From<weft_analytics::Brokerage> for Roles {
    fn from(it: weft_analytics::Brokerage) -> Self {
        Self {
            coordinator: it.coordinator,
            itinerant: it.itinerant,
            representative: it.representative,
            gatekeeper: it.gatekeeper,
            liaison: it.liaison,
        }
    }
}

impl Roles {
    /// All five together: twice the open pairs.
    pub fn total(&self) -> u64 {
        self.coordinator + self.itinerant + self.representative + self.gatekeeper + self.liaison
    }
}

impl Broker {
    /// The body.
    pub fn node(&self) -> &NodeName {
        &self.hub.node
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::naive::{Dice, Naive, random_graph};
    use weft_graph::fixture;

    #[track_caller]
    fn check(graph: &str, id: &str, expected: &str) {
        let snapshot = fixture(graph);
        let only = vec![snapshot.find_node(id).unwrap()];
        let options = BrokersOptions { only, ..BrokersOptions::default() };
        let found =
            brokers(&snapshot, &Question::default(), &options, &mut Run::default()).unwrap();
        assert_eq!(found.rows[0].role_sentence, expected);
    }

    #[test]
    fn between_whom_a_body_stands_is_said_in_words() {
        let star =
            "h:council -hosts-> a:company; h -hosts-> b:company; h -hosts-> c:university; z:funder";
        check(
            star,
            "h",
            "its partners are in one community, and none of the 3 pairs among them has a tie (most \
             often a university and a company: 2); it mostly stands between two kinds that are not its \
             own",
        );
        check(star, "a", "it has one partner, and stands between nobody");
        check(star, "z", "it has no partner, and stands between nobody");
        let triangle = "h:council -hosts-> a:company; h -hosts-> b:company; a -partners_with-> b";
        check(triangle, "h", "both its partners have ties to each other without it");
        check(
            "h:company -partners_with-> a:company; h -partners_with-> b:company",
            "h",
            "both its partners are in one community, and have no tie to each other (two companies); it \
             always stands between bodies of its own kind",
        );
    }

    #[test]
    fn a_body_outside_the_view_is_an_error() {
        let snapshot = fixture("a:council -located_in-> p:place");
        let only = vec![snapshot.find_node("p").unwrap()];
        let options = BrokersOptions { only, ..BrokersOptions::default() };
        let err =
            brokers(&snapshot, &Question::default(), &options, &mut Run::default()).unwrap_err();
        assert_eq!(err, Error::NotInView { id: "p".into() });
    }

    #[test]
    fn roles_and_open_pairs_are_what_trying_every_pair_gives() {
        let mut dice = Dice(17);
        for _ in 0..300 {
            let snapshot = random_graph(&mut dice);
            let day = "2024".parse().ok();
            let question = Question { as_of: day, why: true, ..Question::default() };
            let naive = Naive::new(&snapshot, day.unwrap().last_key());
            let only = naive.nodes.clone();
            let options = BrokersOptions { only, n_rows: usize::MAX, ..BrokersOptions::default() };
            let found = match naive.nodes.as_slice() {
                [] => continue,
                _ => brokers(&snapshot, &question, &options, &mut Run::default()).unwrap(),
            };
            assert_eq!(found.rows.len(), naive.nodes.len());
            for row in &found.rows {
                let v = naive.position(&row.node().id);
                let kind = |at: usize| snapshot.node(naive.nodes[at]).kind_id();
                let mut roles = [0_u64; 5];
                let n = naive.nodes.len();
                for (a, b) in (0..n * n).map(|it| (it / n, it % n)) {
                    if a == b || !naive.linked[a][v] || !naive.linked[v][b] || naive.linked[a][b] {
                        continue;
                    }
                    let (x, y, z) = (kind(a), kind(v), kind(b));
                    let role = match () {
                        () if x == y && y == z => 0,
                        () if x == z => 1,
                        () if x == y => 2,
                        () if y == z => 3,
                        () => 4,
                    };
                    roles[role] += 1;
                }
                let it = row.roles;
                let found =
                    [it.coordinator, it.itinerant, it.representative, it.gatekeeper, it.liaison];
                assert_eq!(found, roles);
                assert_eq!(it.total(), 2 * row.n_open_pairs as u64);
                let by_kind: usize = row.open_pairs_by_kind.iter().map(|it| it.n_pairs).sum();
                assert_eq!(by_kind, row.n_open_pairs);
                assert_eq!(row.closed_pairs.as_ref().unwrap().len(), row.n_closed_pairs);
            }
        }
    }
}
