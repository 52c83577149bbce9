//! Introductions: who may be met, what it would change, who can introduce, in which order.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::Ctx;
use super::access::{NeedOf, access_of, met_by, nearness, needs, needs_of};
use super::audit::{At, is_close};
use super::evidence::certainty_rank;
use super::network::Network;

/// How many cards a list has.
const N_CARDS: usize = 3;
/// The kind that is asked where nobody can introduce.
const NETWORK: &str = "partnership";
/// How far the walk of personalised PageRank is followed, and how near its figure must be.
const N_ROUNDS: usize = 500;
const SLACK: f64 = 1e-9;

/// Somebody whom a start-up may meet, with what decides the order.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    pub(super) node: usize,
    pub(super) route: f64,
    resource_allocation: f64,
    degree: usize,
}

/// Everything about one start-up.
pub(super) struct Desk<'a, 'c> {
    ctx: &'c Ctx<'a>,
    network: &'c Network<'a>,
    pub(super) start: usize,
    pub(super) needs: Vec<NeedOf<'a>>,
    walk: Vec<f64>,
}

pub(super) fn check(all: &At<'_>, access: &At<'_>, ctx: &Ctx<'_>) {
    let rows = access.get("start_ups").items();
    let wanting = rows.iter().filter(|it| it.get("status").text() != "connected");
    let expected: Vec<&str> = wanting.map(|it| it.get("node").id()).collect();
    let found: Vec<&str> = all.items().iter().map(|it| it.get("node").id()).collect();
    assert_eq!(found, expected, "cards for all who are not connected, in the order of their rows");
    for it in all.items() {
        let start = ctx.conduit.at(it.get("node").id());
        Desk::new(ctx, start).check(&it);
    }
}

/// How often a walk that starts again one time in seven or so is at each node.
fn walk_from(network: &Network<'_>, start: usize) -> Vec<f64> {
    let mut rank = vec![0.0; network.n()];
    rank[start] = 1.0;
    for _ in 0..N_ROUNDS {
        let mut next = vec![0.0; network.n()];
        next[start] = 0.15;
        for (node, neighbours) in network.neighbours.iter().enumerate() {
            for &it in neighbours {
                next[it] += 0.85 * rank[node] / neighbours.len() as f64;
            }
            if neighbours.is_empty() {
                next[start] += 0.85 * rank[node];
            }
        }
        rank = next;
    }
    rank
}

impl<'a, 'c> Desk<'a, 'c> {
    pub(super) fn new(ctx: &'c Ctx<'a>, start: usize) -> Self {
        let walk = walk_from(&ctx.conduit, start);
        Self { ctx, network: &ctx.conduit, start, needs: needs_of(ctx, start), walk }
    }

    fn check(&self, row: &At<'_>) {
        needs(&row.get("needs"), &self.needs, self.ctx);
        row.get("access").measures_or_none(access_of(&self.needs, |it| it.distance));
        let candidates = self.candidates();
        row.get("n_candidates").is(candidates.len());
        let ready = candidates.iter().copied().filter(|it| it.route == 1.0).collect();
        self.list(&row.get("ready_now"), ready);
        self.list(&row.get("most_useful"), candidates);
        self.nearest_providers(&row.get("nearest_providers"));
    }

    /// d of a need once one has met a body.
    pub(super) fn after(&self, need: &NeedOf<'_>, met: &[usize]) -> Option<usize> {
        let ways = met.iter().filter_map(|&it| need.distances[it].map(|it| it + 1));
        ways.chain(need.distance).min()
    }

    /// ACCESS once one has met some bodies.
    pub(super) fn access_with(&self, met: &[usize]) -> f64 {
        access_of(&self.needs, |it| self.after(it, met)).unwrap()
    }

    fn route(&self, node: usize) -> f64 {
        match self.network.distance[self.start][node] {
            Some(2) => 1.0,
            Some(3) => 0.5,
            _ => 0.25,
        }
    }

    fn shared(&self, node: usize) -> Vec<usize> {
        let (a, b) = (&self.network.neighbours[self.start], &self.network.neighbours[node]);
        a.intersection(b).copied().collect()
    }

    fn sum_over_shared(&self, node: usize, part: impl Fn(f64) -> f64) -> f64 {
        self.shared(node).into_iter().map(|it| part(self.network.degree(it) as f64)).sum()
    }

    /// Nobody in the Leeds data asks not to be introduced.
    pub(super) fn candidates(&self) -> Vec<Candidate> {
        let listed = self.ctx.listed;
        let may_be_met = |node: &usize| {
            let id = self.network.ids[*node];
            let meets_a_need = self.needs.iter().any(|it| it.providers.contains(node));
            *node != self.start
                && !self.network.neighbours[self.start].contains(node)
                && !self.network.is_start_up(*node)
                && (!listed.is_company(id) || meets_a_need)
        };
        let gains = |node: &usize| {
            let gain = self.access_with(&[*node]) - self.access_with(&[]);
            gain > 0.0 && !is_close(gain, 0.0)
        };
        let candidate = |node| Candidate {
            node,
            route: self.route(node),
            resource_allocation: self.sum_over_shared(node, |it| 1.0 / it),
            degree: self.network.degree(node),
        };
        (0..self.network.n()).filter(may_be_met).filter(gains).map(candidate).collect()
    }

    /// Each next card is the one that adds most to those above it.
    fn list(&self, cards: &At<'_>, mut left: Vec<Candidate>) {
        let cards = cards.items();
        assert_eq!(cards.len(), left.len().min(N_CARDS));
        let mut met = Vec::new();
        for card in cards {
            let adds = |it: &Candidate| {
                let with: Vec<usize> = met.iter().copied().chain([it.node]).collect();
                self.access_with(&with) - self.access_with(&met)
            };
            let rank = |it: &Candidate| {
                // Whole numbers, so that rounding parts no equals.
                let whole = |it: f64| (it * 1e9).round() as i64;
                let higher = (whole(adds(it)), whole(it.route), whole(it.resource_allocation));
                (Reverse(higher), it.degree, it.node)
            };
            let best = *left.iter().min_by_key(|it| rank(it)).unwrap();
            assert_eq!(card.get("to").id(), self.network.ids[best.node]);
            card.get("adds").measures(adds(&best));
            self.card(&card, best, true);
            left.retain(|it| it.node != best.node);
            met.push(best.node);
        }
    }

    /// A card; in a plan another way is taken where whoever is on the best one is asked enough.
    pub(super) fn card(&self, card: &At<'_>, to: Candidate, is_best_way: bool) {
        let network = self.network;
        let (before, after) = (self.access_with(&[]), self.access_with(&[to.node]));
        card.get("access_before").measures(before);
        card.get("access_after").measures(after);
        card.get("gain").measures(after - before);
        card.get("route").measures(to.route);
        card.get("score").measures((after - before) * to.route);
        card.get("n_links").is(to.degree);
        let distance = network.distance[self.start][to.node];
        card.get("distance").is_or_none(distance);
        let shared = network.named(self.shared(to.node));
        assert_eq!(
            card.get("fit/shared_contacts").ids().into_iter().collect::<BTreeSet<_>>(),
            shared.into_iter().collect()
        );
        card.get("fit/resource_allocation").measures(to.resource_allocation);
        let adamic_adar = self.sum_over_shared(to.node, |it| 1.0 / it.ln());
        card.get("fit/adamic_adar").measures(adamic_adar);
        card.get("fit/personalised_page_rank").is_near(self.walk[to.node], SLACK);
        self.need_changes(card, to.node);
        self.way(card, to.node, is_best_way);
        self.confidence(card);
    }

    fn need_changes(&self, card: &At<'_>, to: usize) {
        let rows = card.get("needs").items();
        assert_eq!(rows.len(), self.needs.len());
        let mut nearer = BTreeSet::new();
        for row in &rows {
            let need = self.needs.iter().find(|it| it.id == row.get("need").id()).unwrap();
            let after = self.after(need, &[to]);
            row.get("weight").is(need.weight);
            row.get("before").is_or_none(need.distance);
            row.get("after").is_or_none(after);
            if nearness(after) > nearness(need.distance) {
                nearer.insert(need.id);
            }
            let changes = after != need.distance;
            assert_eq!(row.get("path").is_null(), !changes);
            if changes {
                let path = row.get("path");
                path.get("n_links").is(need.distances[to].unwrap());
                let nodes = path.get("nodes").ids();
                assert_eq!(nodes.first(), Some(&self.network.ids[to]));
                assert_eq!(nodes.last(), Some(&row.get("provider").id()));
                met_by(&row.get("met_by"), row.get("provider").id(), need.id, self.ctx);
            }
        }
        assert_eq!(card.get("for_needs").ids().into_iter().collect::<BTreeSet<_>>(), nearer);
    }

    /// The path, and who can introduce: the least busy that stand on it, where one or two do.
    fn way(&self, card: &At<'_>, to: usize, is_best_way: bool) {
        let network = self.network;
        let (path, brokers) = (card.get("path"), card.get("brokers").items());
        let distance = network.distance[self.start][to];
        assert_eq!(path.is_null(), distance.is_none());
        let nodes = path.get("nodes").ids();
        if let Some(distance) = distance {
            path.get("n_links").is(distance);
            let ends = [nodes.first(), nodes.last()].map(|it| *it.unwrap());
            assert_eq!(ends, [network.ids[self.start], network.ids[to]]);
        }
        let inner = nodes.get(1..nodes.len().max(2) - 1).unwrap_or_default();
        assert_eq!(brokers.iter().map(|it| it.get("node").id()).collect::<Vec<_>>(), inner);
        for broker in &brokers {
            broker.get("n_links").is(network.degree(network.at(broker.get("node").id())));
        }
        // All sources are of one date, so that nothing stands between degree and id.
        assert_eq!(self.ctx.sources.items().len(), 1);
        let chosen: Vec<usize> = inner.iter().map(|it| network.at(it)).collect();
        let busy = |way: &[usize]| way.iter().map(|&it| network.degree(it)).sum::<usize>();
        let ways = self.ways(to);
        assert!(ways.is_empty() || ways.contains(&chosen));
        let best = ways.into_iter().min_by_key(|it| (busy(it), it.clone()));
        assert!(!is_best_way || best.is_none_or(|it| it == chosen));
        card.get("ask_network/id")
            .says(distance.map_or_else(|| self.nearest_network(to), |_| None));
    }

    /// The ways over one or two others; none where it is farther.
    fn ways(&self, to: usize) -> Vec<Vec<usize>> {
        match self.network.distance[self.start][to] {
            Some(2) => self.shared(to).into_iter().map(|it| vec![it]).collect(),
            Some(3) => {
                let second = self.network.neighbours[to].iter().copied();
                let chain = |b: usize| self.shared(b).into_iter().map(move |a| vec![a, b]);
                second.flat_map(chain).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a way has only such bodies on it, or is so long that none of them is asked.
    pub(super) fn may_be_introduced(&self, to: usize, is_free: impl Fn(usize) -> bool) -> bool {
        let ways = self.ways(to);
        ways.is_empty() || ways.iter().any(|it| it.iter().all(|&it| is_free(it)))
    }

    fn nearest_network(&self, node: usize) -> Option<&'a str> {
        let network = self.network;
        let near = (0..network.n()).filter_map(|it| Some((network.distance[node][it]?, it)));
        let kind = |it: usize| self.ctx.listed.nodes[network.ids[it]].kind;
        near.filter(|it| kind(it.1) == NETWORK).min().map(|it| network.ids[it.1])
    }

    /// The strongest tie of each step to the one introduced and on to the providers that come nearer,
    /// and the ties by which these meet the needs.
    fn confidence(&self, card: &At<'_>) {
        let mut ties = strongest_on(&card.get("path"));
        for row in card.get("needs").items() {
            let distance = |name: &str| row.get(name).number().map(|it| it as usize);
            if nearness(distance("after")) > nearness(distance("before")) {
                ties.extend(strongest_on(&row.get("path")));
                ties.extend(row.get("met_by").items());
            }
        }
        let confidence = card.get("confidence");
        let certainty = |it: &At<'_>| certainty_rank(it.get("certainty").text());
        let weakest = ties.iter().map(certainty).max();
        assert_eq!(weakest, Some(certainty_rank(confidence.get("weakest").text())));
        assert_eq!(weakest, Some(certainty(&confidence.get("weakest_tie"))));
        let claims: Vec<At<'_>> = ties.iter().flat_map(|it| it.get("claims").items()).collect();
        let sources: BTreeSet<&str> = claims.iter().map(|it| it.get("source").text()).collect();
        confidence.get("n_sources").is(sources.len());
        let dates = || claims.iter().filter_map(|it| it.get("date").optional_text());
        assert_eq!(confidence.get("oldest_source").optional_text(), dates().min());
        assert_eq!(confidence.get("newest_source").optional_text(), dates().max());
    }

    /// For each need at three steps or more, the provider with the fewest links to it, then of its own.
    fn nearest_providers(&self, rows: &At<'_>) {
        let far = |it: &&NeedOf<'_>| it.distance.is_none_or(|it| it >= 3);
        let expected: Vec<&NeedOf<'_>> = self.needs.iter().filter(far).collect();
        assert_eq!(rows.items().len(), expected.len());
        for row in rows.items() {
            let need = expected.iter().find(|it| it.id == row.get("need").id()).unwrap();
            let distance = |it: usize| self.network.distance[self.start][it];
            let rank = |it: &&usize| {
                (distance(**it).unwrap_or(usize::MAX), self.network.degree(**it), **it)
            };
            let nearest = *need.providers.iter().min_by_key(rank).unwrap();
            assert_eq!(row.get("provider").id(), self.network.ids[nearest]);
            row.get("distance").is_or_none(distance(nearest));
            assert_eq!(row.get("path").is_null(), distance(nearest).is_none());
            match distance(nearest) {
                Some(distance) => {
                    let ends = row.get("path/nodes").ids();
                    assert_eq!(ends.first(), Some(&self.network.ids[self.start]));
                    assert_eq!(ends.last(), Some(&self.network.ids[nearest]));
                    row.get("path/n_links").is(distance);
                    row.get("ask_network/id").says(None);
                }
                None => row.get("ask_network/id").says(self.nearest_network(nearest)),
            }
        }
    }
}

/// The first of the most certain ties of each step.
pub(super) fn strongest_on<'a>(path: &At<'a>) -> Vec<At<'a>> {
    let strongest = |link: &At<'a>| {
        let ties = link.get("ties").items().into_iter();
        ties.min_by_key(|it| certainty_rank(it.get("certainty").text())).unwrap()
    };
    path.get("links").items().iter().map(strongest).collect()
}
