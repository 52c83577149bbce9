//! Totals of money by programme, place and year, and how concentrated it is.
//!
//! All rest on the amounts that [`super::flows()`] counts, each once, so a total that several share is
//! in none of these twice. Unknown is not nought: bodies without a known amount are in no share.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_graph::{Family, NodeIdx, Qualifier, Snapshot};

use crate::ecosystem::evidence::NodeName;
use crate::ecosystem::flows::{Currencies, Flows, Money, MoneyItem, sums};
use crate::ecosystem::places::places_by_body;
use crate::ecosystem::question::{Ground, Question};
use crate::ecosystem::words;

/// The relation from an award to its programme.
const PART_OF: &str = "part_of";

/// Totals of what `flows` counts.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct FlowTotals {
    /// By the programme or award that the money goes to, comes from, or is part of; these sum to the
    /// whole.
    pub by_programme: Vec<FlowGroup>,
    /// By the place of who gets it, a larger place with its parts: these need not sum to the whole.
    pub by_place: Vec<FlowGroup>,
    /// By the year in which the tie or the award begins; these sum to the whole.
    pub by_year: Vec<FlowGroup>,
    /// How much of it few have, by currency.
    pub concentration: Vec<Concentration>,
}

/// What one group has.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct FlowGroup {
    /// The programme or place by id, or the year; none where no source tells.
    pub group: Option<String>,
    /// Its name.
    pub label: String,
    /// By currency.
    pub totals: Vec<Money>,
    /// The amounts in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<MoneyItem>>,
}

/// How much of the money few give, or get.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Concentration {
    /// `funders` or `recipients`.
    pub of: &'static str,
    /// An ISO 4217 currency.
    pub currency: String,
    /// Bodies with a known amount.
    pub n_bodies: usize,
    /// Who has most, the first by id of several.
    pub top: NodeName,
    /// Its share, above 0 to 1.
    pub top_share: f64,
    /// Gini coefficient: 0 if all have the same, (n - 1) / n if one has all.
    pub gini: f64,
    /// Herfindahl-Hirschman index, the sum of squared shares: 1 / n if all have the same, 1 if one has
    /// all.
    pub hhi: f64,
    /// The sum of which these are shares.
    pub total: Money,
    /// What is left out because several or nobody are known to give it.
    pub without_body: Option<Money>,
    /// In words.
    pub sentence: String,
}

/// Returns the totals of what was counted. O(items), and the places of who gets.
pub fn flow_totals(snapshot: &Snapshot, question: &Question, flows: &Flows) -> FlowTotals {
    let ground = Ground::everything(snapshot, question);
    let items = &flows.counted;
    let currencies = &flows.currencies;
    let groups = |keys: &dyn Fn(&MoneyItem) -> Vec<Key>, none: &str| {
        groups(question, items, currencies, keys, none)
    };
    let index = |id: &str| snapshot.find_node(id).and_then(|it| ground.view.index_of(it));
    let receivers = items.iter().filter_map(|it| index(&it.to.id)).collect::<BTreeSet<_>>();
    let places = places_by_body(&ground, receivers);
    let place = |it: &MoneyItem| {
        let own = index(&it.to.id).and_then(|it| places.get(&it));
        match own {
            Some(places) => places.iter().cloned().map(Some).collect(),
            None => vec![None],
        }
    };
    let year = |it: &MoneyItem| vec![year_of(snapshot, it).map(|it| (it.clone(), it))];
    let programme = |it: &MoneyItem| vec![programme_of(&ground, it)];
    let mut by_year = groups(&year, "no year stated");
    by_year.sort_by(|a, b| (a.group.is_none(), &a.group).cmp(&(b.group.is_none(), &b.group)));
    FlowTotals {
        by_programme: groups(&programme, "no programme"),
        by_place: groups(&place, "no place on record"),
        by_year,
        concentration: ["funders", "recipients"]
            .into_iter()
            .flat_map(|it| concentration(items, currencies, it))
            .collect(),
    }
}

fn year_of(snapshot: &Snapshot, item: &MoneyItem) -> Option<String> {
    let date = match &item.tie {
        Some(tie) => tie.valid_from,
        None => snapshot.find_node(&item.to.id).and_then(|it| snapshot.node(it).valid_from()),
    };
    date.map(|it| it.year().to_string())
}

/// The programme of an amount: who gets it, who gives it, or what either is part of.
fn programme_of(ground: &Ground<'_>, item: &MoneyItem) -> Option<(String, String)> {
    let snapshot = ground.snapshot;
    let is_programme = |it: &NodeIdx| snapshot.node(*it).kind().family == Family::Programme;
    let find = |it: &NodeName| snapshot.find_node(&it.id);
    let ends: Vec<NodeIdx> =
        find(&item.to).into_iter().chain(item.from.as_ref().and_then(find)).collect();
    let outer = ends.iter().flat_map(|&it| {
        let ties = snapshot.out_ties(it).map(|it| snapshot.tie(it));
        let parts = ties.filter(|it| it.relation().id == PART_OF && ground.counts_tie(*it));
        parts.map(|it| it.target()).filter(|&it| ground.counts_node(it))
    });
    let found = ends.iter().copied().chain(outer).find(is_programme)?;
    let node = snapshot.node(found);
    Some((node.id().to_owned(), node.name().to_owned()))
}

type Key = Option<(String, String)>;

/// The groups by currency, in it the largest total first; what is in no group last.
fn groups(
    question: &Question,
    items: &[MoneyItem],
    currencies: &Currencies,
    keys: &dyn Fn(&MoneyItem) -> Vec<Key>,
    none: &str,
) -> Vec<FlowGroup> {
    let mut members: BTreeMap<Key, Vec<&MoneyItem>> = BTreeMap::new();
    for item in items {
        keys(item).into_iter().for_each(|key| members.entry(key).or_default().push(item));
    }
    let mut res: Vec<FlowGroup> = members
        .into_iter()
        .map(|(key, items)| FlowGroup {
            label: key.as_ref().map_or(none.to_owned(), |it| it.1.clone()),
            group: key.map(|it| it.0),
            totals: sums(currencies, items.iter().copied()),
            why: question.why.then(|| items.into_iter().cloned().collect()),
        })
        .collect();
    res.sort_by(|a, b| {
        let is_last = a.group.is_none().cmp(&b.group.is_none());
        is_last.then_with(|| currencies.order(&a.totals, &b.totals))
    });
    res
}

/// How concentrated what is given or got is, by currency.
fn concentration(
    items: &[MoneyItem],
    currencies: &Currencies,
    of: &'static str,
) -> Vec<Concentration> {
    let body = |it: &MoneyItem| match of {
        "funders" => it.from.clone(),
        _ => Some(it.to.clone()),
    };
    let mut by_currency: BTreeMap<&str, Vec<&MoneyItem>> = BTreeMap::new();
    for item in items {
        by_currency.entry(&item.amount.currency).or_default().push(item);
    }
    let mut res: Vec<Concentration> = by_currency
        .into_iter()
        .filter_map(|(currency, items)| {
            let mut values: BTreeMap<NodeName, f64> = BTreeMap::new();
            for item in &items {
                body(item).into_iter().for_each(|it| {
                    *values.entry(it).or_default() += item.amount.value;
                });
            }
            let known =
                sums(currencies, items.iter().copied().filter(|it| body(it).is_some())).pop()?;
            let rest =
                sums(currencies, items.iter().copied().filter(|it| body(it).is_none())).pop();
            measure(of, currency, values, known, rest)
        })
        .collect();
    res.sort_by_key(|it| currencies.place(&it.currency));
    res
}

fn measure(
    of: &'static str,
    currency: &str,
    values: BTreeMap<NodeName, f64>,
    total: Money,
    without_body: Option<Money>,
) -> Option<Concentration> {
    if total.value <= 0.0 {
        return None;
    }
    let mut sorted: Vec<f64> = values.values().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let ranked: f64 = (1..).zip(&sorted).map(|(at, it)| (2.0 * f64::from(at) - n - 1.0) * it).sum();
    let hhi = sorted.iter().map(|it| (it / total.value).powi(2)).sum();
    let most = sorted.last().copied()?;
    let top = values.into_iter().find(|it| it.1 == most)?.0;
    let mut res = Concentration {
        of,
        currency: currency.to_owned(),
        n_bodies: sorted.len(),
        top,
        top_share: most / total.value,
        gini: ranked / (n * total.value),
        hhi,
        total,
        without_body,
        sentence: String::new(),
    };
    res.sentence = sentence(&res);
    Some(res)
}

/// "Research England gives 45 in 100 of £33.9m from 7 funders (Gini 0.52, HHI 0.29); £2m more comes from
/// several or is not said from whom".
fn sentence(found: &Concentration) -> String {
    let (verb, bodies, from) = match found.of {
        "funders" => ("gives", words::count(found.n_bodies, "funder", "funders"), "from"),
        _ => ("gets", words::count(found.n_bodies, "recipient", "recipients"), "among"),
    };
    let (top, total) = (&found.top.name, &found.total.text);
    // Among one there is nothing to share.
    let mut res = match found.n_bodies {
        1 => format!("{top} {verb} all of {total}"),
        _ => format!(
            "{top} {verb} {} in 100 of {total} {from} {bodies} (Gini {:.2}, HHI {:.2})",
            // Where others have something, nobody has all.
            match found.top_share * 100.0 {
                share if share >= 99.5 => "more than 99".to_owned(),
                share => format!("{share:.0}"),
            },
            found.gini,
            found.hhi
        ),
    };
    if found.n_bodies > 1 && found.total.qualifier != Qualifier::Exact {
        res.push_str("; shares take each bound as if it were the amount");
    }
    if let Some(rest) = &found.without_body {
        res.push_str(&format!("; no one funder is known of {} more", rest.text));
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ecosystem::flows;
    use crate::ecosystem::naive::Dice;
    use weft_graph::fixture;

    fn found(graph: &str) -> FlowTotals {
        let question = Question { why: true, ..Question::default() };
        let snapshot = fixture(graph);
        flow_totals(&snapshot, &question, &flows(&snapshot, &question))
    }

    #[track_caller]
    fn check(groups: &[FlowGroup], expected: &[(&str, &str)]) {
        let found: Vec<_> =
            groups.iter().map(|it| (it.label.as_str(), it.totals[0].text.as_str())).collect();
        assert_eq!(found, expected);
    }

    const GRAPH: &str = "f:funder -funds[3000000,2019..]-> p:programme; \
        g:funder -funds[1000000,2020-05..]-> a:company; a -located_in-> leeds:place; \
        leeds -part_of-> wy:place; b:company -located_in-> wy; f -invests_in[500000]-> b; \
        b -part_of-> p";

    #[test]
    fn what_is_counted_is_told_by_programme_place_and_year() {
        let found = found(GRAPH);
        check(&found.by_programme, &[("p", "£3.5m"), ("no programme", "£1m")]);
        check(&found.by_place, &[("wy", "£1.5m"), ("leeds", "£1m"), ("no place on record", "£3m")]);
        check(&found.by_year, &[("2019", "£3m"), ("2020", "£1m"), ("no year stated", "£500,000")]);
        let sentences: Vec<_> = found.concentration.iter().map(|it| it.sentence.as_str()).collect();
        assert_eq!(
            sentences,
            [
                "f gives 78 in 100 of £4.5m from 2 funders (Gini 0.28, HHI 0.65)",
                "p gets 67 in 100 of £4.5m among 3 recipients (Gini 0.37, HHI 0.51)",
            ]
        );
    }

    #[test]
    fn nobody_has_all_where_others_have_something() {
        let found = found("f:funder -funds[9990]-> a:company; g:funder -funds[10]-> a");
        let sentence = &found.concentration[0].sentence;
        assert!(sentence.starts_with("f gives more than 99 in 100 of £10,000"), "{sentence}");
    }

    #[test]
    fn one_funder_gives_all_of_it() {
        let found = found("f:funder -funds[500]-> a:company");
        let sentences: Vec<_> = found.concentration.iter().map(|it| it.sentence.as_str()).collect();
        assert_eq!(sentences, ["f gives all of £500", "a gets all of £500"]);
    }

    #[test]
    fn without_money_there_is_no_concentration() {
        let found = found("f:funder -funds-> a:company");
        assert!(found.concentration.is_empty() && found.by_year.is_empty());
    }

    #[test]
    fn gini_is_half_the_mean_difference_and_groups_sum_to_the_whole() {
        let mut dice = Dice(7);
        for _ in 0..200 {
            let mut graph = String::from("f0:funder; ");
            for at in 0..1 + dice.roll(6) {
                let (funder, to, value) = (dice.roll(3), dice.roll(4), 1 + dice.roll(90));
                let year = ["", ",2019..", ",2021.."][dice.roll(3)];
                graph.push_str(&format!(
                    "f{funder}:funder -funds[{value}{year},#{at}]-> c{to}:company; "
                ));
            }
            let snapshot = fixture(&graph);
            let question = Question { as_of: "2024".parse().ok(), ..Question::default() };
            let whole = flows(&snapshot, &question);
            let found = flow_totals(&snapshot, &question, &whole);
            let total: f64 = whole.counted.iter().map(|it| it.amount.value).sum();
            for groups in [&found.by_programme, &found.by_year] {
                let sum: f64 = groups.iter().flat_map(|it| &it.totals).map(|it| it.value).sum();
                assert!((sum - total).abs() < 1e-9);
            }
            for it in &found.concentration {
                let mut values: BTreeMap<String, f64> = BTreeMap::new();
                for item in &whole.counted {
                    let of_funders = item.from.as_ref().map(|it| it.id.clone());
                    let key =
                        if it.of == "funders" { of_funders } else { Some(item.to.id.clone()) };
                    *values.entry(key.unwrap()).or_default() += item.amount.value;
                }
                let n = values.len() as f64;
                let pairs =
                    values.values().flat_map(|a| values.values().map(move |b| (a - b).abs()));
                let gini = pairs.sum::<f64>() / (2.0 * n * total);
                let hhi: f64 = values.values().map(|it| (it / total).powi(2)).sum();
                assert!((it.gini - gini).abs() < 1e-9 && (it.hhi - hhi).abs() < 1e-9);
                let most = values.values().copied().fold(0.0, f64::max);
                assert!((it.top_share - most / total).abs() < 1e-9);
            }
        }
    }
}
