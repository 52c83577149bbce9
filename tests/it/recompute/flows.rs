//! Who funds what: every amount once, what is left out and why, totals by currency.

use std::collections::{BTreeMap, BTreeSet};

use super::Ctx;
use super::audit::At;
use super::network::ListedTie;

/// The relations along which money goes.
const MONEY: [&str; 2] = ["funds", "invests_in"];

pub(super) fn check(flows: &At<'_>, ctx: &Ctx<'_>) {
    let (counted, left_out) = (flows.get("counted").items(), flows.get("left_out").items());
    counted.iter().chain(&left_out).for_each(|it| item(it, ctx));
    everything_stands_somewhere(flows, ctx);
    for it in &counted {
        assert!(reason_to_leave_out(it, ctx).is_none(), "counted twice: {}", it.get("to").id());
    }
    for it in left_out.iter().filter(|it| is_in_view(it, ctx)) {
        let reason = it.get("left_out_because").text();
        assert_eq!(Some(reason), reason_to_leave_out(it, ctx).as_deref());
    }
    totals(&flows.get("totals"), &counted);
    for row in flows.get("by_funder").items() {
        funder(&row, ctx);
    }
    for row in flows.get("by_recipient").items() {
        recipient(&row, ctx);
    }
    let bodies = |name: &str| {
        let rows = flows.get(name).items();
        let ids: BTreeSet<&str> = rows.iter().map(|it| it.get("node").id()).collect();
        assert_eq!(ids.len(), rows.len(), "a body has one row");
        ids
    };
    assert_eq!(bodies("by_funder"), money_ties(ctx).map(|it| it.source).collect());
    let gets = money_ties(ctx).map(|it| it.target).chain(awards(ctx));
    assert_eq!(bodies("by_recipient"), gets.collect());
}

/// By programme and year each amount stands once; by place in each of its places.
pub(super) fn check_totals(found: &At<'_>, flows: &At<'_>, ctx: &Ctx<'_>) {
    let counted = flows.get("counted").items();
    let key = |it: &At<'_>| match it.get("tie").is_null() {
        true => it.get("to").id().to_owned(),
        false => it.get("tie").id().to_owned(),
    };
    for (name, is_parted) in [("by_programme", true), ("by_place", false), ("by_year", true)] {
        let mut keys = Vec::new();
        for group in found.get(name).items() {
            let items = group.get("why").items();
            items.iter().for_each(|it| item(it, ctx));
            totals(&group.get("totals"), &items);
            keys.extend(items.iter().map(key));
            let of = group.get("group").optional_text();
            items.iter().for_each(|it| match name {
                "by_year" => assert_eq!(year_of(it, ctx).as_deref(), of),
                "by_programme" => assert_eq!(programme_of(it, ctx), of),
                _ => {}
            });
        }
        let distinct: BTreeSet<String> = keys.iter().cloned().collect();
        assert_eq!(distinct, counted.iter().map(key).collect(), "{name}");
        assert!(!is_parted || distinct.len() == keys.len(), "{name} counts an amount twice");
    }
    found.get("concentration").items().iter().for_each(|it| concentration(it, &counted));
}

fn year_of(item: &At<'_>, ctx: &Ctx<'_>) -> Option<String> {
    let from = match item.get("tie").is_null() {
        true => ctx.listed.nodes[item.get("to").id()].at.get("valid_from").optional_text(),
        false => item.get("tie/valid_from").optional_text(),
    };
    from.and_then(|it| it.split('-').next()).map(str::to_owned)
}

/// Who gets it, who gives it, or what either is part of: the first that is a programme.
fn programme_of<'a>(item: &At<'a>, ctx: &Ctx<'a>) -> Option<&'a str> {
    let ends: Vec<&str> = [item.get("to/id"), item.get("from/id")]
        .iter()
        .filter_map(|it| it.optional_text())
        .collect();
    let is_programme = |it: &&str| ctx.listed.is_of(it, weft_graph::Family::Programme);
    let parts = || ctx.listed.ties.values().filter(|it| it.relation == "part_of");
    let outer: BTreeSet<&str> = ends
        .iter()
        .flat_map(|end| parts().filter(move |it| it.source == *end).map(|it| it.target))
        .filter(is_programme)
        .collect();
    assert!(outer.len() < 2, "the data say of none that it is part of two programmes");
    ends.iter().copied().find(is_programme).or_else(|| outer.first().copied())
}

/// Top share, Gini (half the mean difference by the mean) and HHI of what each has.
fn concentration(row: &At<'_>, counted: &[At<'_>]) {
    let gives = row.get("of").text() == "funders";
    let currency = row.get("currency").text();
    let end = if gives { "from/id" } else { "to/id" };
    let of = counted.iter().filter(|it| it.get("amount/currency").text() == currency);
    let (known, rest): (Vec<&At<'_>>, Vec<&At<'_>>) =
        of.partition(|it| it.get(end).optional_text().is_some());
    let amount = |it: &&At<'_>| it.get("amount/value").number().unwrap();
    let mut values: BTreeMap<&str, f64> = BTreeMap::new();
    for it in &known {
        *values.entry(it.get(end).text()).or_default() += amount(it);
    }
    let (n, sum) = (values.len() as f64, values.values().sum::<f64>());
    let pairs = values.values().flat_map(|a| values.values().map(move |b| (a - b).abs()));
    let gini = pairs.sum::<f64>() / (2.0 * n * sum);
    let hhi = values.values().map(|it| (it / sum).powi(2)).sum::<f64>();
    let most = values.values().copied().fold(0.0, f64::max);
    assert!(values[row.get("top").id()] == most);
    row.get("n_bodies").is(values.len());
    row.get("top_share").measures(most / sum);
    row.get("gini").is_near(gini, 1e-9);
    row.get("hhi").measures(hhi);
    // Their sentence is held to these by `sentences`.
    for (field, items) in [("total", &known), ("without_body", &rest)] {
        let total = row.get(field);
        assert_eq!(total.is_null(), items.is_empty(), "{field}");
        if !items.is_empty() {
            total.get("value").measures(items.iter().map(amount).sum());
            total.get("n_amounts").is(items.len());
        }
    }
}

pub(super) fn money_ties<'a>(ctx: &Ctx<'a>) -> impl Iterator<Item = &'a ListedTie<'a>> {
    ctx.listed.ties.values().filter(|it| MONEY.contains(&it.relation))
}

/// The nodes of the view with a total of their own.
fn awards<'a>(ctx: &Ctx<'a>) -> BTreeSet<&'a str> {
    let all = ctx.raw.nodes_with_amount();
    all.into_iter().filter(|it| ctx.listed.nodes.contains_key(it)).collect()
}

fn is_in_view(item: &At<'_>, ctx: &Ctx<'_>) -> bool {
    item.get("tie").is_null() || ctx.listed.ties.contains_key(item.get("tie").id())
}

/// An amount is that of the tie or award on which it stands, which `evidence` holds to the import.
fn item(item: &At<'_>, ctx: &Ctx<'_>) {
    let tie = item.get("tie");
    let to = item.get("to").id();
    if tie.is_null() {
        assert_eq!(item.get("award/node").id(), to);
        item.get("amount/value").measures_or_none(ctx.raw.node(to).amount());
        let funders: BTreeSet<&str> =
            money_ties(ctx).filter(|it| it.target == to).map(|it| it.source).collect();
        let only = funders.first().copied().filter(|_| funders.len() == 1);
        item.get("from/id").says(only);
    } else {
        assert_eq!((tie.get("source").id(), tie.get("target").id()), (item.get("from").id(), to));
        item.get("amount/value").measures_or_none(tie.get("amount/value").number());
        assert_eq!(item.get("amount").value(), tie.get("amount").value());
    }
}

/// Each tie along which money goes, and each award, is counted, left out, or without an amount.
fn everything_stands_somewhere(flows: &At<'_>, ctx: &Ctx<'_>) {
    let items: Vec<At<'_>> =
        ["counted", "left_out"].iter().flat_map(|it| flows.get(it).items()).collect();
    let items: Vec<&At<'_>> = items.iter().filter(|it| is_in_view(it, ctx)).collect();
    let on_ties: BTreeSet<&str> =
        items.iter().filter(|it| !it.get("tie").is_null()).map(|it| it.get("tie").id()).collect();
    let on_awards: BTreeSet<&str> =
        items.iter().filter(|it| it.get("tie").is_null()).map(|it| it.get("to").id()).collect();
    assert_eq!(on_ties.len() + on_awards.len(), items.len(), "nothing stands twice");
    assert_eq!(on_awards, awards(ctx));
    let bare: BTreeSet<&str> = flows.get("without_amount").ids().into_iter().collect();
    assert!(bare.is_disjoint(&on_ties));
    assert!(flows.get("without_amount").items().iter().all(|it| it.get("amount").is_null()));
    // The amount of a tie to an award is the award's.
    let is_told =
        |it: &&ListedTie<'_>| amount_of(it, ctx).is_some() || !on_awards.contains(it.target);
    assert_eq!(bare.union(&on_ties).copied().collect::<BTreeSet<_>>(), {
        money_ties(ctx).filter(is_told).map(|it| it.id).collect()
    });
}

/// What is the sum of awards of several, or inside a total that counts, is not counted again.
fn reason_to_leave_out(item: &At<'_>, ctx: &Ctx<'_>) -> Option<String> {
    if item.get("amount/qualifier").text() == "involved_in" {
        return Some("the sum of awards in which it was one of several".to_owned());
    }
    // A sum in which somebody only took part is no total of its own.
    let is_total = |it: &&str| {
        ctx.raw.node(it).get("amount").get("qualifier").is_none_or(|it| it != "involved_in")
    };
    let awards: BTreeSet<&str> = awards(ctx).into_iter().filter(is_total).collect();
    let (from, to) = (item.get("from/id").optional_text(), item.get("to").id());
    let ends = [Some(to), from].into_iter().flatten();
    let at_an_end = ends
        .filter(|_| !item.get("tie").is_null())
        .find(|it| awards.contains(it))
        .map(str::to_owned);
    let around =
        || [Some(to), from].into_iter().flatten().find_map(|it| outer_award(it, &awards, ctx));
    let outer = at_an_end.or_else(|| match item.get("tie").is_null() {
        true => outer_award(to, &awards, ctx),
        false => around(),
    });
    let name = |id: String| ctx.listed.nodes[id.as_str()].at.get("name").text();
    outer.map(|it| format!("part of the total of {}, which counts once", name(it)))
}

/// The award that something is part of, however deep.
fn outer_award(id: &str, awards: &BTreeSet<&str>, ctx: &Ctx<'_>) -> Option<String> {
    let mut inside: BTreeSet<&str> = BTreeSet::from([id]);
    loop {
        let n = inside.len();
        for tie in ctx.listed.ties.values().filter(|it| it.relation == "part_of") {
            if inside.contains(tie.source) {
                inside.insert(tie.target);
            }
        }
        if n == inside.len() {
            return inside
                .iter()
                .find(|it| **it != id && awards.contains(*it))
                .map(|&it| it.into());
        }
    }
}

/// Totals by currency, as exact as the amounts in them.
fn totals(totals: &At<'_>, items: &[At<'_>]) {
    let mut by_currency: BTreeMap<&str, Vec<&At<'_>>> = BTreeMap::new();
    for it in items {
        by_currency.entry(it.get("amount/currency").text()).or_default().push(it);
    }
    assert_eq!(totals.items().len(), by_currency.len());
    for total in totals.items() {
        let items = &by_currency[total.get("currency").text()];
        let values = items.iter().map(|it| it.get("amount/value").number().unwrap());
        total.get("value").measures(values.sum());
        total.get("n_amounts").is(items.len());
        let mut qualifiers: BTreeSet<&str> =
            items.iter().map(|it| it.get("amount/qualifier").text()).collect();
        if qualifiers.len() > 1 {
            qualifiers.remove("exact");
        }
        let together = if qualifiers.len() > 1 { "about" } else { qualifiers.first().unwrap() };
        assert_eq!(total.get("qualifier").text(), together);
        let in_conflict = items.iter().any(|it| it.get("is_in_conflict").flag());
        assert_eq!(total.get("rests_on_conflict").flag(), in_conflict);
    }
}

/// A funder's total is what its ties state, and the whole of an award that nobody else funds.
fn funder(row: &At<'_>, ctx: &Ctx<'_>) {
    let ties: Vec<_> = money_ties(ctx).filter(|it| it.source == row.get("node").id()).collect();
    let awards = awards(ctx);
    let (mut whole, mut shared) = (BTreeSet::new(), BTreeSet::new());
    for award in ties.iter().map(|it| it.target).filter(|it| awards.contains(it)) {
        let states_amount =
            ties.iter().any(|it| it.target == award && amount_of(it, ctx).is_some());
        let is_alone = money_ties(ctx)
            .filter(|it| it.target == award)
            .all(|it| it.source == row.get("node").id());
        match (states_amount, is_alone) {
            (true, _) => false,
            (false, true) => whole.insert(award),
            (false, false) => shared.insert(award),
        };
    }
    assert_eq!(row.get("shares_in").ids().into_iter().collect::<BTreeSet<_>>(), shared);
    body(row, &ties, &whole, ctx);
    row.get("n_others").is(ties.iter().map(|it| it.target).collect::<BTreeSet<_>>().len());
}

/// An award gets its own total once; others what the ties to them state.
fn recipient(row: &At<'_>, ctx: &Ctx<'_>) {
    let id = row.get("node").id();
    let ties: Vec<_> = money_ties(ctx).filter(|it| it.target == id).collect();
    row.get("n_others").is(ties.iter().map(|it| it.source).collect::<BTreeSet<_>>().len());
    match awards(ctx).contains(id) {
        true => {
            let bare: Vec<_> =
                ties.iter().copied().filter(|it| amount_of(it, ctx).is_none()).collect();
            body(row, &bare, &BTreeSet::from([id]), ctx);
        }
        false => body(row, &ties, &BTreeSet::new(), ctx),
    }
}

fn amount_of(tie: &ListedTie<'_>, ctx: &Ctx<'_>) -> Option<f64> {
    ctx.raw.ties(tie.source, tie.relation, tie.target).iter().find_map(|it| it.amount())
}

/// The amounts of some ties and awards, their totals, and the ties that state none.
fn body(row: &At<'_>, ties: &[&ListedTie<'_>], awards: &BTreeSet<&str>, ctx: &Ctx<'_>) {
    let items = row.get("why").items();
    items.iter().for_each(|it| item(it, ctx));
    totals(&row.get("totals"), &items);
    let is_bare = |it: &&&ListedTie<'_>| amount_of(it, ctx).is_none();
    let bare = ties.iter().filter(is_bare).filter(|it| !awards.contains(it.target));
    row.get("n_without_amount").is(bare.count());
    let mut expected: Vec<f64> = ties.iter().filter_map(|it| countable(it, ctx)).collect();
    expected.extend(awards.iter().filter_map(|it| ctx.raw.node(it).amount()));
    let mut found: Vec<f64> =
        items.iter().filter_map(|it| it.get("amount/value").number()).collect();
    found.sort_by(f64::total_cmp);
    expected.sort_by(f64::total_cmp);
    assert_eq!(found, expected, "{}", row.get("node").id());
}

/// The amount of a tie, but for sums of awards in which a body was one of several.
fn countable(tie: &ListedTie<'_>, ctx: &Ctx<'_>) -> Option<f64> {
    let imported = ctx.raw.ties(tie.source, tie.relation, tie.target);
    let qualifier = |it: &super::raw::Record<'_>| {
        it.get("amount").get("qualifier").and_then(|it| it.as_str().map(str::to_owned))
    };
    let own = imported.iter().find(|it| it.amount().is_some())?;
    own.amount().filter(|_| qualifier(own).as_deref() != Some("involved_in"))
}
