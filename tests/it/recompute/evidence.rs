//! What stands in every section: ties, paths, sums of money and what a finding rests on.

use std::collections::BTreeSet;

use super::Ctx;
use super::audit::At;
use super::raw::Record;

/// Checks each of them, wherever it stands in the document.
pub(super) fn check(report: &At<'_>, ctx: &Ctx<'_>) {
    report.walk(&mut |at| {
        let has = |fields: &[&str]| fields.iter().all(|&it| at.value().get(it).is_some());
        if has(&["relation", "source", "target", "claims"]) {
            tie(at, ctx);
        } else if has(&["n_links", "nodes", "links"]) {
            path(at, ctx);
        } else if has(&["view", "n_companies_without_stage"]) {
            basis(at, ctx);
        }
    });
}

/// A tie is among those listed, says what was imported, and is as certain as its strongest claim.
fn tie(at: &At<'_>, ctx: &Ctx<'_>) {
    let relation = at.get("relation").text();
    let (source, target) = (at.get("source").id(), at.get("target").id());
    // A tie whose dates leave it out of the view is opened only where flows say so.
    if let Some(listed) = ctx.listed.ties.get(at.id()) {
        assert_eq!((listed.source, listed.relation, listed.target), (source, relation, target));
        at.get("certainty").says(listed.certainty);
    }
    let imported = ctx.raw.ties(source, relation, target);
    let amount = at.get("amount/value");
    let is_same = |it: &&Record<'_>| {
        ["valid_from", "valid_to"].iter().all(|&field| it.get(field) == at.get(field).value())
            && it.amount() == amount.number()
            && it.n_claims() == n_claims(at)
    };
    let record = imported.iter().find(is_same);
    let record = record.unwrap_or_else(|| panic!("{} is not as imported", at.id()));
    amount.measures_or_none(record.amount());
    let strongest = at.get("claims").items().into_iter().filter(|it| it.get("denial").is_null());
    let strongest = strongest.map(|it| certainty_rank(it.get("certainty").text())).min();
    assert_eq!(strongest, Some(certainty_rank(at.get("certainty").text())), "{}", at.id());
}

/// Claims that speak for a tie or a node.
pub(super) fn n_claims(at: &At<'_>) -> usize {
    at.get("claims").items().iter().filter(|it| it.get("denial").is_null()).count()
}

/// The strongest first.
pub(super) fn certainty_rank(word: &str) -> usize {
    let words = ["stated", "collective", "implied", "ambiguous", "inferred"];
    words.iter().position(|&it| it == word).unwrap()
}

/// A path goes along links of the conduit view, each with all its ties.
fn path(at: &At<'_>, ctx: &Ctx<'_>) {
    let network = &ctx.conduit;
    let (nodes, links) = (at.get("nodes").ids(), at.get("links").items());
    at.get("n_links").is(links.len());
    assert_eq!(nodes.len(), links.len() + 1);
    for (link, ends) in links.iter().zip(nodes.windows(2)) {
        assert_eq!([link.get("from").id(), link.get("to").id()], ends);
        let ties: BTreeSet<&str> = link.get("ties").ids().into_iter().collect();
        assert_eq!(ties, network.ties_between(network.at(ends[0]), network.at(ends[1])));
    }
}

fn basis(at: &At<'_>, ctx: &Ctx<'_>) {
    let (network, listed) = (&ctx.conduit, &ctx.listed);
    let without_stage =
        listed.nodes.keys().filter(|it| listed.is_company_without_stage(it)).count();
    at.get("n_companies_without_stage").is(without_stage);
    if at.get("view").text() == "conduit" {
        at.get("n_nodes").is(network.n());
        at.get("n_links").is(network.links.len());
        at.get("n_ties").is(network.n_ties());
        at.get("n_undated_nodes").is(network.nodes().filter(|it| it.is_undated).count());
        at.get("n_undated_ties").is(network.ties().filter(|it| it.is_undated).count());
        return;
    }
    at.get("view").says("everything");
    let links: BTreeSet<_> = listed
        .ties
        .values()
        .map(|it| (it.source.min(it.target), it.source.max(it.target)))
        .collect();
    at.get("n_nodes").is(listed.nodes.len());
    at.get("n_links").is(links.len());
    at.get("n_ties").is(listed.ties.len());
    at.get("n_undated_nodes").is(listed.nodes.values().filter(|it| it.is_undated).count());
    at.get("n_undated_ties").is(listed.ties.values().filter(|it| it.is_undated).count());
}
