//! The numbers in sentences: the same as those of the fields beside them, in the order of the words.

use std::collections::BTreeMap;

use super::Ctx;
use super::audit::{At, is_close};

/// How many names a sentence lists before it counts the rest.
const NAMES_SHOWN: usize = 3;

pub(super) fn check(report: &At<'_>, ctx: &Ctx<'_>) {
    let names = Names::of(ctx);
    report.walk(&mut |at| {
        for reason in at.get("reasons").items() {
            names.hold(&reason.get("sentence"), &of_reason(&reason, at, ctx));
        }
        let is_reason = at.value().get("code").is_some();
        if at.get("sentence").optional_text().is_some() && !is_reason {
            names.hold(&at.get("sentence"), &expected(at, ctx));
        }
    });
}

/// Names with numbers of their own, the longest first.
struct Names<'a>(Vec<&'a str>);

impl<'a> Names<'a> {
    fn of(ctx: &Ctx<'a>) -> Self {
        let names = ctx.listed.nodes.values().map(|it| it.at.get("name").text());
        let mut res: Vec<&str> =
            names.filter(|it| it.contains(|it: char| it.is_ascii_digit())).collect();
        res.sort_by_key(|it| std::cmp::Reverse(it.len()));
        Self(res)
    }

    /// Holds that a sentence has these numbers and no other.
    fn hold(&self, sentence: &At<'_>, expected: &[f64]) {
        let found = self.numbers_in(sentence.text());
        let is_same = found.len() == expected.len()
            && found.iter().zip(expected).all(|(a, b)| is_close(*a, *b));
        assert!(is_same, "`{}` has {found:?}, recomputed {expected:?}", sentence.text());
        sentence.is_looked_at();
    }

    /// The numbers of a text that stand in no name; `1,234.5` is one.
    fn numbers_in(&self, text: &str) -> Vec<f64> {
        let text = self.0.iter().fold(text.to_owned(), |text, name| text.replace(name, ""));
        let words = text.split(|it: char| !it.is_ascii_digit() && !",.".contains(it));
        let words = words.map(|it| it.trim_matches([',', '.']).replace(',', ""));
        words.filter_map(|it| it.parse().ok()).collect()
    }
}

/// The numbers that a sentence must have, by what it speaks of.
fn expected(at: &At<'_>, ctx: &Ctx<'_>) -> Vec<f64> {
    let has = |fields: &[&str]| fields.iter().all(|&it| at.value().get(it).is_some());
    let number = |name: &str| at.get(name).number().unwrap();
    let n_of = |name: &str| at.get(name).items().len() as f64;
    match () {
        () if has(&["relation", "target", "claims"]) => of_tie(at),
        () if has(&["links", "nodes"]) => {
            super::introductions::strongest_on(at).iter().flat_map(of_tie).collect()
        }
        () if has(&["by_kind", "thin"]) => of_component(at),
        () if has(&["components"]) => {
            let rows = at.get("components").items();
            let n_named = rows.iter().filter(|it| !it.get("named").items().is_empty()).count();
            let n = rows.len();
            [n_named, n]
                .into_iter()
                .filter(|&it| it == n || n_named % n > 0)
                .map(|it| it as f64)
                .collect()
        }
        () if has(&["modularity_part"]) => of_circle(at),
        () if has(&["groups", "share_inside"]) => of_matrix(at),
        () if has(&["by_place", "by_sector"]) => of_provision(at),
        () if has(&["by_kind"]) => {
            let most = at.get("by_kind").items()[0].get("n_contacts").number().unwrap();
            let n = number("n_contacts");
            let of_kind = [most].into_iter().filter(|it| *it > 1.0 && *it < n);
            [n].into_iter().chain(of_kind).chain(lost_without(at, ctx)).collect()
        }
        () if has(&["betweenness"]) => {
            let mut res = vec![(number("betweenness_share") * 100.0).round().max(1.0), 100.0];
            if let Some(size) = at.get("effective_size").number() {
                res.extend([number("n_contacts"), size.round()]);
            }
            res.extend(lost_without(at, ctx));
            res
        }
        () if has(&["harmonic"]) => {
            let n_others = ctx.conduit.n() as f64 - 1.0;
            [number("n_within_two"), n_others].into_iter().chain(lost_without(at, ctx)).collect()
        }
        () if has(&["n_cut_off"]) => above_nothing(&["n_cut_off", "n_start_ups_cut_off"], at),
        () if has(&["n_unreached"]) => match (number("n_unreached"), number("n_start_ups")) {
            (n, all) if n == all => [all].into_iter().filter(|it| *it > 2.0).collect(),
            (n, all) => vec![n, all],
        },
        () if has(&["fragility", "needs"]) => of_needs(at),
        () if has(&["n_stayed"]) => {
            let share = number("n_stayed") / number("n_draws");
            let hundreds = match (share * 100.0).round() {
                100.0 if share < 1.0 => 99.0,
                0.0 if share > 0.0 => 1.0,
                it => it,
            };
            let (from, to) = (number("rank_from"), number("rank_to"));
            let to = [to].into_iter().filter(|it| *it != from);
            [number("n_rows"), hundreds, 100.0, from].into_iter().chain(to).collect()
        }
        () if has(&["is_hole"]) => above_nothing(&["n_links"], at)
            .into_iter()
            .chain([number("expected").round()])
            .collect(),
        // Of what both hold each list is cut by itself.
        () if has(&["a_holds", "b_holds"]) => {
            more_than_shown(n_of("a_holds")).chain(more_than_shown(n_of("b_holds"))).collect()
        }
        () if has(&["bound", "n_start_ups"]) => {
            let n_helped = number("n_start_ups") - n_of("without");
            let share = (number("value") / number("bound") * 100.0).floor();
            vec![n_of("rows"), n_helped, share, 100.0]
        }
        () if has(&["mean_access_before"]) => {
            [n_of("start_ups")].into_iter().chain(more_than_shown(n_of("needs"))).collect()
        }
        () if has(&["n_candidates"]) => above_nothing(&["n_candidates"], at),
        () if has(&["access_before"]) => {
            let n_brokers = n_of("brokers");
            let brokers = [n_brokers - 1.0].into_iter().filter(|_| n_brokers > 2.0);
            brokers.chain(more_than_shown(n_of("for_needs"))).collect()
        }
        () if has(&["weakest", "n_sources"]) => {
            [number("n_sources")].into_iter().chain(of_date(&at.get("newest_source"))).collect()
        }
        () if has(&["shape"]) => {
            let shape = ["shape/n_components", "shape/n_in_largest"];
            let view = ["conduit/n_nodes", "conduit/n_links"];
            view.into_iter().chain(shape).map(number).collect()
        }
        () if has(&["derivation"]) => {
            let value = at.get("value").number();
            value.map(|it| (it * 100.0).round() / 100.0).into_iter().collect()
        }
        () if has(&["n_without_amount", "totals"]) => of_money(at, ctx),
        () if has(&["gini", "hhi"]) => of_concentration(at),
        () if has(&["other_answers"]) => more_than_shown(n_of("other_answers")).collect(),
        () => of_others(at),
    }
}

/// "and 4 more".
fn more_than_shown(n: f64) -> impl Iterator<Item = f64> {
    [n - NAMES_SHOWN as f64].into_iter().filter(|it| *it > 0.0)
}

fn above_nothing(names: &[&str], at: &At<'_>) -> Vec<f64> {
    names.iter().filter_map(|it| at.get(it).number()).filter(|it| *it > 0.0).collect()
}

/// What others lose without a hub.
fn lost_without(at: &At<'_>, ctx: &Ctx<'_>) -> impl Iterator<Item = f64> {
    let network = &ctx.conduit;
    let node = network.at(at.get("node").id());
    let n_only = network.neighbours[node].iter().filter(|&&it| network.degree(it) == 1).count();
    let n_cut_off = at.get("cut_off").items().len();
    let res = if n_only < n_cut_off { vec![n_cut_off, n_only] } else { vec![n_only] };
    res.into_iter().filter(|it| *it > 0).map(|it| it as f64)
}

fn of_date(date: &At<'_>) -> Vec<f64> {
    let parts = date.optional_text().into_iter().flat_map(|it| it.split('-'));
    parts.map(|it| it.parse().unwrap()).collect()
}

/// Those named beyond the first three, how many there are of each kind, and the ties.
fn of_component(at: &At<'_>) -> Vec<f64> {
    let nodes = at.get("by_kind").items();
    let of_kind = |kind: &At<'_>| {
        nodes.iter().filter(|it| it.get("kind").text() == kind.text()).count() as f64
    };
    let kinds = at.get("kinds").items();
    let counts = kinds.iter().map(of_kind).chain(at.get("n_ties").number());
    more_than_shown(at.get("named").items().len() as f64)
        .chain(counts.filter(|it| *it > 0.0))
        .collect()
}

/// Bodies, how many are of the commonest kind, links among them and to others.
fn of_circle(at: &At<'_>) -> Vec<f64> {
    let mut n_by_kind: BTreeMap<&str, f64> = BTreeMap::new();
    for member in at.get("members").items() {
        *n_by_kind.entry(member.get("node/kind").text()).or_default() += 1.0;
    }
    let n: f64 = n_by_kind.values().sum();
    let most = n_by_kind.values().copied().fold(0.0, f64::max);
    let links = ["n_links_inside", "n_links_outside"].map(|it| at.get(it).number().unwrap());
    let [inside, outside] = links;
    let most = [most].into_iter().filter(|it| *it > 1.0 && *it < n);
    let outside = [outside].into_iter().filter(|it| *it > 0.0);
    [n].into_iter().chain(most).chain([inside]).chain(outside).collect()
}

/// Links, groups, the shares of a hundred inside them and by chance, and bodies in none.
fn of_matrix(at: &At<'_>) -> Vec<f64> {
    let groups = at.get("groups").items();
    let (none, own): (Vec<_>, Vec<_>) = groups.iter().partition(|it| it.get("id").is_null());
    let share = |name: &str| (at.get(name).number().unwrap() * 100.0).round();
    let links = at.get("basis/n_links").number().unwrap();
    let shares = [100.0, share("share_inside"), share("share_by_chance")];
    let [of_hundred, inside, by_chance] = shares;
    let none = none.iter().filter_map(|it| it.get("n_nodes").number());
    [links, own.len() as f64, inside, of_hundred, by_chance].into_iter().chain(none).collect()
}

/// Who meets it, places with start-ups alone beyond the first three, and those without a place.
fn of_provision(at: &At<'_>) -> Vec<f64> {
    let n_of = |at: &At<'_>, name: &str| at.get(name).items().len() as f64;
    let n = n_of(at, "providers");
    let places = at.get("by_place").items();
    let (none, own): (Vec<_>, Vec<_>) = places.iter().partition(|it| it.get("group").is_null());
    let is_bare = |it: &&&At<'_>| n_of(it, "providers") == 0.0 && n_of(it, "start_ups") > 0.0;
    let n_bare = own.iter().filter(is_bare).count() as f64;
    let without = none.iter().map(|it| n_of(it, "providers")).filter(|it| *it > 0.0 && *it < n);
    [n].into_iter().filter(|it| *it > 0.0).chain(more_than_shown(n_bare)).chain(without).collect()
}

/// The amount, in millions or thousands of millions if it is whole there, and the dates.
fn of_tie(tie: &At<'_>) -> Vec<f64> {
    let (from, to) = (tie.get("valid_from"), tie.get("valid_to"));
    let until = if from.value() == to.value() { Vec::new() } else { of_date(&to) };
    let amount = tie.get("amount/value").number().map(in_words);
    amount.into_iter().chain(of_date(&from)).chain(until).collect()
}

fn in_words(amount: f64) -> f64 {
    let unit = [1e9, 1e6].into_iter().find(|it| amount >= *it).unwrap_or(1.0);
    let is_short = is_close((amount / unit * 1000.0).round(), amount / unit * 1000.0);
    if is_short { amount / unit } else { amount }
}

/// How many needs are met, one introduction away, and beyond.
fn of_needs(at: &At<'_>) -> Vec<f64> {
    let distances: Vec<Option<f64>> =
        at.get("needs").items().iter().map(|it| it.get("distance").number()).collect();
    let n_at = |takes: &dyn Fn(f64) -> bool| {
        distances.iter().filter(|it| it.is_some_and(takes)).count() as f64
    };
    let (n, n_met, n_next) = (distances.len() as f64, n_at(&|it| it <= 1.0), n_at(&|it| it == 2.0));
    let met = match n_met {
        0.0 if n_next == 0.0 => return vec![n],
        0.0 => vec![n],
        all if all == n => Vec::new(),
        some => vec![some, n],
    };
    met.into_iter().chain([n_next, n - n_met - n_next].into_iter().filter(|it| *it > 0.0)).collect()
}

/// The share of who has most, the sum, among how many, and both indices; then what has no one funder.
fn of_concentration(at: &At<'_>) -> Vec<f64> {
    let number = |name: &str| at.get(name).number().unwrap();
    let total = in_words(number("total/value"));
    let hundredths = |it: f64| (it * 100.0).round() / 100.0;
    let mut res = match number("n_bodies") {
        1.0 => vec![total],
        n => {
            let indices = ["gini", "hhi"].map(|it| hundredths(number(it)));
            let share = (number("top_share") * 100.0).round();
            [share, 100.0, total, n].into_iter().chain(indices).collect()
        }
    };
    res.extend(at.get("without_body/value").number().map(in_words));
    res
}

fn of_money(at: &At<'_>, ctx: &Ctx<'_>) -> Vec<f64> {
    let id = at.get("node").id();
    let n_others = at.get("n_others").number().unwrap();
    let n_bare = at.get("n_without_amount").number().unwrap();
    let totals = at.get("totals").items();
    let mut res: Vec<f64> = [n_others].into_iter().filter(|it| *it > 0.0).collect();
    res.extend(totals.iter().map(|it| in_words(it.get("value").number().unwrap())));
    if n_bare > 0.0 && !totals.is_empty() {
        let gives = at.get("sentence").text().contains(" gives money to ");
        let ties = super::flows::money_ties(ctx);
        let own = ties.filter(|it| if gives { it.source == id } else { it.target == id });
        res.extend([n_bare, own.count() as f64]);
    }
    res
}

/// Those ranks that the words speak of; no other sentence has a number.
fn of_others(at: &At<'_>) -> Vec<f64> {
    let text = at.get("sentence").text();
    let says = |words: &str| {
        let has_number = |it: &str| it.contains(|it: char| it.is_ascii_digit());
        text.split("; ").any(|it| it.contains(words) && has_number(it))
    };
    let ranks = [
        ("on stated ties alone", "rank_on_stated"),
        ("with inferred ties added", "rank_with_inferred"),
        ("falls to rank", "rank_without_weakest"),
        ("without its weakest tie", "rank_without_weakest"),
    ];
    ranks.into_iter().filter(|it| says(it.0)).filter_map(|it| at.get(it.1).number()).collect()
}

fn of_reason(reason: &At<'_>, row: &At<'_>, ctx: &Ctx<'_>) -> Vec<f64> {
    let network = &ctx.conduit;
    let n_links = row.get("n_links").number();
    let of = reason.get("node/id").optional_text();
    match reason.get("code").text() {
        "apart" => {
            let reached = &network.distance[network.at(row.get("node").id())];
            vec![reached.iter().flatten().count() as f64]
        }
        "wrong_ties" => n_links.into_iter().collect(),
        "same_circle" => n_links.into_iter().filter(|it| *it > 2.0).collect(),
        "missing" => {
            let needs = row.get("needs").items();
            let need = needs.iter().find(|it| Some(it.get("need").id()) == of);
            need.and_then(|it| it.get("distance").number()).into_iter().collect()
        }
        "one_broker" => {
            let lost = row.get("why/lost_without").items();
            let lost = lost.iter().find(|it| Some(it.get("neighbour").id()) == of).unwrap();
            let count = |at: At<'_>| at.items().len() as f64;
            let counts = vec![count(lost.get("needs")), count(row.get("why/near_needs"))];
            // "its one near need" and "both its near needs" have their number in words.
            match counts[..] {
                [lost, near] if lost == near && near <= 2.0 => Vec::new(),
                [lost, near] if lost == near => vec![near],
                _ => counts,
            }
        }
        _ => Vec::new(),
    }
}
