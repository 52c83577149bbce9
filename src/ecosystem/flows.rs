//! Flows: who funds what, with totals by funder and by recipient that count nothing twice.
//!
//! A total shared by several parties stands once, on the award or programme. So in the grand total an
//! award with a total of its own counts by that, and the ties into it, out of it, and of what is part
//! of it do not. A funder's own total is the amounts on its ties, and the whole of an award that
//! nobody else funds and whose tie states no amount. What is left out is listed, with the reason.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use weft_graph::{
    Amount, Certainty, NodeIdx, Qualifier, Snapshot, TieIdx, resolve_node, resolve_tie,
};

use crate::ecosystem::evidence::{
    NodeEvidence, NodeName, TieEvidence, node_evidence, tie_evidence,
};
use crate::ecosystem::question::{Basis, Ground, Question};
use crate::ecosystem::words;

/// The relations along which money goes.
const MONEY: [&str; 2] = ["funds", "invests_in"];
/// The relation from an award to the programme whose total holds its own.
const PART_OF: &str = "part_of";

/// The answer to `flows`.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Flows {
    /// What it rests on: all kinds and relations.
    pub basis: Basis,
    /// The currencies of its amounts, in the order in which sums stand.
    pub currencies: Currencies,
    /// Everything once, by currency.
    pub totals: Vec<Money>,
    /// By who gives: by the first of its currencies in that order, in it the largest first.
    pub by_funder: Vec<FlowRow>,
    /// By who gets.
    pub by_recipient: Vec<FlowRow>,
    /// Amounts that are in the grand total.
    pub counted: Vec<MoneyItem>,
    /// Amounts that are not, each with the reason.
    pub left_out: Vec<MoneyItem>,
    /// Who gives counted money and gets some: what they pass on is in the total twice.
    pub passed_on: Vec<NodeName>,
    /// Ties along which money goes and on which no source states how much.
    pub without_amount: Vec<TieEvidence>,
}

/// A sum in one currency.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct Money {
    /// An ISO 4217 currency.
    pub currency: String,
    /// The sum.
    pub value: f64,
    /// How exactly it is known: that of its parts together.
    pub qualifier: Qualifier,
    /// How many amounts are in it.
    pub n_amounts: usize,
    /// Whether sources disagree about one of them.
    pub rests_on_conflict: bool,
    /// "at least £40m".
    pub text: String,
}

/// What one body gives, or gets.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct FlowRow {
    /// The body.
    pub node: NodeName,
    /// By currency.
    pub totals: Vec<Money>,
    /// Distinct bodies at the other end, with an amount or without.
    pub n_others: usize,
    /// Ties without an amount, on themselves or on an award that counts here.
    pub n_without_amount: usize,
    /// Awards that it funds with others and whose total cannot be parted.
    pub shares_in: Vec<NodeName>,
    /// In words.
    pub sentence: String,
    /// The amounts in its totals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Vec<MoneyItem>>,
}

/// One amount with where it stands.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct MoneyItem {
    /// Who gives; none for the total of an award that several or none fund.
    pub from: Option<NodeName>,
    /// Who gets, or the award.
    pub to: NodeName,
    /// How much.
    pub amount: Amount,
    /// Whether sources disagree about it.
    pub is_in_conflict: bool,
    /// Why it is not in the grand total.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out_because: Option<String>,
    /// The tie on which it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tie: Option<TieEvidence>,
    /// The award or programme on which it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub award: Option<NodeEvidence>,
}

/// Returns who funds what, with totals.
///
/// O(nodes + ties), and for each award the chain that it is part of.
pub fn flows(snapshot: &Snapshot, question: &Question) -> Flows {
    let ground = Ground::everything(snapshot, question);
    let desk = Desk::new(&ground);
    let mut flows = Flows {
        basis: ground.basis(),
        currencies: desk.currencies.clone(),
        totals: Vec::new(),
        by_funder: desk.rows(true),
        by_recipient: desk.rows(false),
        counted: Vec::new(),
        left_out: Vec::new(),
        passed_on: Vec::new(),
        without_amount: Vec::new(),
    };
    for &tie in &desk.ties {
        match desk.item_of_tie(tie) {
            Some(item) => flows.sort(item),
            // The total of the award is its amount.
            None if desk.awards.contains(&snapshot.tie(tie).target()) => {}
            None => flows.without_amount.push(tie_evidence(snapshot, tie)),
        }
    }
    for &award in &desk.awards {
        flows.sort(desk.item_of_award(award));
    }
    let ties = desk.out_of_date.iter().filter_map(|&it| desk.item_of_tie(it));
    let awards = desk.awards_out_of_date.iter().map(|&it| desk.item_of_award(it));
    flows.left_out.extend(ties.chain(awards).map(|item| {
        let reason = "not at the date asked for".to_owned();
        MoneyItem { left_out_because: Some(reason), ..item }
    }));
    flows.totals = sums(&desk.currencies, flows.counted.iter());
    // What is passed on in another currency is in no total twice.
    let gets: BTreeSet<(&NodeName, &str)> =
        flows.counted.iter().map(|it| (&it.to, it.amount.currency.as_str())).collect();
    let gives = flows.counted.iter().filter_map(|it| {
        let from = it.from.as_ref()?;
        gets.contains(&(from, it.amount.currency.as_str())).then_some(from)
    });
    let passed_on: BTreeSet<&NodeName> = gives.collect();
    flows.passed_on = passed_on.into_iter().cloned().collect();
    flows
}

impl Money {
    /// The sum in words; in full with the number of amounts and whether sources disagree.
    pub(crate) fn words(&self, is_full: bool) -> String {
        if !is_full {
            return self.text.clone();
        }
        let disagree = if self.rests_on_conflict { ", sources disagree" } else { "" };
        let amounts = words::count(self.n_amounts, "amount", "amounts");
        format!("{} ({amounts}{disagree})", self.text)
    }
}

impl Flows {
    /// Whose money may be in the total twice: once to them, and once from them.
    pub fn passed_on_sentence(&self) -> Option<String> {
        let names = words::list(self.passed_on.iter().map(|it| it.name.as_str()));
        let (get, give, they) = match self.passed_on.len() {
            0 => return None,
            1 => ("gets", "gives", "it passes"),
            _ => ("get", "give", "they pass"),
        };
        Some(format!(
            "{names} both {get} and {give} money: what {they} on is in the total twice, on \
             its way in and on its way out."
        ))
    }

    /// How rows in several currencies are ordered; nothing where there is one.
    pub fn order_of_currencies(&self) -> Option<String> {
        let Currencies(currencies) = &self.currencies;
        (currencies.len() > 1).then(|| {
            let codes = words::all_names(currencies.iter().map(String::as_str));
            format!(
                "sums in different currencies do not compare: rows stand by currency ({codes}), the \
                 largest first in each, and one with several under the first of these"
            )
        })
    }

    fn sort(&mut self, item: MoneyItem) {
        match item.left_out_because {
            None => self.counted.push(item),
            Some(_) => self.left_out.push(item),
        }
    }
}

struct Desk<'a> {
    ground: &'a Ground<'a>,
    /// Ties of the view along which money goes.
    ties: Vec<TieIdx>,
    /// Those that count but for their dates.
    out_of_date: Vec<TieIdx>,
    /// Nodes of the view with an amount of their own, along asked relations where some are.
    awards: BTreeSet<NodeIdx>,
    /// Those that would be among them but for their dates.
    awards_out_of_date: Vec<NodeIdx>,
    /// The currencies of them all: numbers of two do not compare, so these have an order of their own.
    currencies: Currencies,
}

/// The order in which currencies stand: that in which most amounts are stated first, then by code.
#[derive(Serialize, Clone, Debug, Default, PartialEq)]
#[serde(transparent)]
pub struct Currencies(Vec<String>);

impl Currencies {
    pub(crate) fn of<'a>(amounts: impl Iterator<Item = &'a str>) -> Self {
        let mut n_of: BTreeMap<&str, usize> = BTreeMap::new();
        amounts.for_each(|it| *n_of.entry(it).or_default() += 1);
        let mut res: Vec<(&str, usize)> = n_of.into_iter().collect();
        res.sort_by_key(|it| std::cmp::Reverse(it.1));
        Self(res.into_iter().map(|it| it.0.to_owned()).collect())
    }

    pub(crate) fn place(&self, currency: &str) -> usize {
        self.0.iter().position(|it| it == currency).unwrap_or(self.0.len())
    }

    /// Orders sums by the first currency of each, in it the largest first; nothing comes last.
    pub(crate) fn order(&self, one: &[Money], other: &[Money]) -> Ordering {
        let place = |it: &[Money]| it.first().map_or(usize::MAX, |it| self.place(&it.currency));
        let value = |it: &[Money]| it.first().map_or(0.0, |it| it.value);
        place(one).cmp(&place(other)).then(value(other).total_cmp(&value(one)))
    }
}

impl<'a> Desk<'a> {
    fn new(ground: &'a Ground<'a>) -> Self {
        let (snapshot, view) = (ground.snapshot, &ground.view);
        let takes = &view.spec().relations;
        let is_in = |it: NodeIdx| view.index_of(it).is_some();
        let (mut ties, mut out_of_date) = (Vec::new(), Vec::new());
        for idx in snapshot.ties() {
            let tie = snapshot.tie(idx);
            if !MONEY.contains(&tie.relation().id.as_str())
                || !takes[usize::from(tie.relation_id().0)]
                || tie.certainty() > ground.question.floor
                || tie.source() == tie.target()
            {
                continue;
            }
            if ground.counts_tie(tie) && is_in(tie.source()) && is_in(tie.target()) {
                ties.push(idx);
            } else if [tie.source(), tie.target()]
                .iter()
                .all(|&it| snapshot.node(it).certainty() <= ground.question.floor)
                && view.spec().kinds.iter().all(|it| *it)
            {
                out_of_date.push(idx);
            }
        }
        // Where only some relations are asked for, only their money is.
        let is_asked = |it: &NodeIdx, along: &[TieIdx]| {
            let mut along = along.iter().map(|&it| snapshot.tie(it));
            ground.question.relations.is_empty()
                || along.any(|tie| tie.source() == *it || tie.target() == *it)
        };
        let nodes = snapshot.nodes().filter(|&it| snapshot.node(it).amount().is_some());
        let (within, without): (Vec<NodeIdx>, Vec<NodeIdx>) = nodes.partition(|&it| is_in(it));
        let awards: BTreeSet<NodeIdx> =
            within.into_iter().filter(|it| is_asked(it, &ties)).collect();
        let is_late = |it: &NodeIdx| {
            let node = snapshot.node(*it);
            let takes = view.spec().kinds[usize::from(node.kind_id().0)];
            takes && node.certainty() <= ground.question.floor && is_asked(it, &out_of_date)
        };
        let awards_out_of_date = without.into_iter().filter(is_late).collect();
        let on_ties = ties.iter().filter_map(|&it| Some(snapshot.tie(it).amount()?.currency));
        let on_awards =
            awards.iter().filter_map(|&it| Some(snapshot.node(it).amount()?.currency.as_str()));
        let currencies = Currencies::of(on_ties.chain(on_awards));
        Self { ground, ties, out_of_date, awards, awards_out_of_date, currencies }
    }

    fn name(&self, idx: NodeIdx) -> NodeName {
        NodeName::of(self.ground.snapshot.node(idx))
    }

    fn item_of_tie(&self, idx: TieIdx) -> Option<MoneyItem> {
        let snapshot = self.ground.snapshot;
        let tie = snapshot.tie(idx);
        let amount = tie.amount()?.to_amount();
        let name = |it: NodeIdx| snapshot.node(it).name();
        let (source, target) = (tie.source(), tie.target());
        let part_of_total =
            |award: NodeIdx| format!("part of the total of {}, which counts once", name(award));
        let left_out_because = if amount.qualifier == Qualifier::InvolvedIn {
            Some("the sum of awards in which it was one of several".to_owned())
        } else {
            let ends = [target, source].into_iter();
            let own = ends.clone().find(|&it| self.has_total(it));
            own.or_else(|| ends.filter_map(|it| self.inside_of(it)).next()).map(part_of_total)
        };
        Some(MoneyItem {
            from: Some(self.name(source)),
            to: self.name(target),
            amount,
            is_in_conflict: self.tie_is_in_conflict(idx),
            left_out_because,
            tie: Some(tie_evidence(snapshot, idx)),
            award: None,
        })
    }

    fn item_of_award(&self, idx: NodeIdx) -> MoneyItem {
        let node = self.ground.snapshot.node(idx);
        let amount = node.amount().cloned().expect("an award is a node with an amount");
        let funders = self.funders_of(idx);
        let sole = match funders.iter().collect::<Vec<_>>().as_slice() {
            [only] => Some(self.name(**only)),
            _ => None,
        };
        let left_out_because = if amount.qualifier == Qualifier::InvolvedIn {
            Some("the sum of awards in which it was one of several".to_owned())
        } else {
            self.inside_of(idx).map(|it| {
                let outer = self.ground.snapshot.node(it).name();
                format!("part of the total of {outer}, which counts once")
            })
        };
        MoneyItem {
            from: sole,
            to: self.name(idx),
            amount,
            is_in_conflict: self.node_is_in_conflict(idx),
            left_out_because,
            tie: None,
            award: Some(node_evidence(node)),
        }
    }

    /// Whether a node has an amount that is a total: not that of others with whom it took part.
    fn has_total(&self, idx: NodeIdx) -> bool {
        let amount = self.ground.snapshot.node(idx).amount();
        self.awards.contains(&idx) && amount.is_some_and(|it| it.qualifier != Qualifier::InvolvedIn)
    }

    /// The award with a total that a node is part of, however deep.
    fn inside_of(&self, idx: NodeIdx) -> Option<NodeIdx> {
        let snapshot = self.ground.snapshot;
        let mut seen = BTreeSet::from([idx]);
        let mut waiting = vec![idx];
        while let Some(node) = waiting.pop() {
            for tie in snapshot.out_ties(node).map(|it| snapshot.tie(it)) {
                if tie.relation().id != PART_OF || !self.ground.counts_tie(tie) {
                    continue;
                }
                let outer = tie.target();
                if self.has_total(outer) && outer != idx {
                    return Some(outer);
                }
                if seen.insert(outer) {
                    waiting.push(outer);
                }
            }
        }
        None
    }

    fn funders_of(&self, award: NodeIdx) -> BTreeSet<NodeIdx> {
        let ties = self.ties.iter().map(|&it| self.ground.snapshot.tie(it));
        ties.filter(|it| it.target() == award).map(|it| it.source()).collect()
    }

    /// Why nobody in the view gives an award its money.
    fn without_funder(&self, award: NodeIdx) -> String {
        let snapshot = self.ground.snapshot;
        let mut ties = snapshot.in_ties(award).map(|it| snapshot.tie(it));
        match self.inside_of(award) {
            Some(outer) => format!(" as part of {}", snapshot.node(outer).name()),
            None if ties.any(|it| MONEY.contains(&it.relation().id.as_str())) => {
                ", and nobody who gives it is in this view".to_owned()
            }
            None => ", and no source says from whom".to_owned(),
        }
    }

    /// One row for each body that gives, or gets.
    fn rows(&self, gives: bool) -> Vec<FlowRow> {
        let snapshot = self.ground.snapshot;
        let mut by_node: BTreeMap<NodeIdx, Vec<TieIdx>> = BTreeMap::new();
        for &idx in &self.ties {
            let tie = snapshot.tie(idx);
            let node = if gives { tie.source() } else { tie.target() };
            by_node.entry(node).or_default().push(idx);
        }
        if !gives {
            // An award counts among those who get, even if nobody is named as its funder.
            self.awards.iter().for_each(|&it| {
                by_node.entry(it).or_default();
            });
        }
        let mut rows: Vec<FlowRow> = by_node
            .into_iter()
            .map(
                |(node, ties)| {
                    if gives { self.funder(node, &ties) } else { self.recipient(node, &ties) }
                },
            )
            .collect();
        rows.sort_by(|a, b| {
            self.currencies
                .order(&a.totals, &b.totals)
                .then(b.n_others.cmp(&a.n_others))
                .then_with(|| a.node.id.cmp(&b.node.id))
        });
        rows
    }

    fn funder(&self, node: NodeIdx, ties: &[TieIdx]) -> FlowRow {
        let snapshot = self.ground.snapshot;
        let (mut items, mut shares_in) = (Vec::new(), BTreeSet::new());
        let mut whole: BTreeSet<NodeIdx> = BTreeSet::new();
        for &idx in ties {
            if let Some(item) = self.item_of_tie(idx) {
                items.push(item);
                continue;
            }
            let award = snapshot.tie(idx).target();
            let states_amount = |it: &TieIdx| snapshot.tie(*it).amount().is_some();
            let own = ties.iter().filter(|&&it| snapshot.tie(it).target() == award);
            if !self.awards.contains(&award) || own.clone().any(states_amount) {
                continue;
            }
            if self.funders_of(award).len() == 1 {
                whole.insert(award);
            } else {
                shares_in.insert(award);
            }
        }
        items.extend(whole.into_iter().map(|it| self.item_of_award(it)));
        let shares_in = shares_in.into_iter().map(|it| self.name(it)).collect();
        self.row(node, ties, items, shares_in, true)
    }

    fn recipient(&self, node: NodeIdx, ties: &[TieIdx]) -> FlowRow {
        // An award gets its own total once, whatever its funders' ties state.
        let items = match self.awards.contains(&node) {
            true => vec![self.item_of_award(node)],
            false => ties.iter().filter_map(|&it| self.item_of_tie(it)).collect(),
        };
        self.row(node, ties, items, Vec::new(), false)
    }

    fn row(
        &self,
        node: NodeIdx,
        ties: &[TieIdx],
        items: Vec<MoneyItem>,
        shares_in: Vec<NodeName>,
        gives: bool,
    ) -> FlowRow {
        let snapshot = self.ground.snapshot;
        let others: BTreeSet<NodeIdx> =
            ties.iter().map(|&it| snapshot.tie(it).other(node)).collect();
        // A tie to an award whose whole total counts here is not without an amount.
        let is_counted = |award: NodeIdx| {
            let id = snapshot.node(award).id();
            items.iter().any(|it| it.award.is_some() && it.to.id == id)
        };
        let bare = ties.iter().map(|&it| snapshot.tie(it));
        let bare = bare.filter(|it| it.amount().is_none() && !is_counted(it.target()));
        let n_without_amount = bare.count();
        let n_items = items.len();
        let items: Vec<MoneyItem> =
            items.into_iter().filter(|it| it.amount.qualifier != Qualifier::InvolvedIn).collect();
        let has_involved = items.len() < n_items;
        let totals = sums(&self.currencies, items.iter());
        let name = snapshot.node(node).name();
        let others_named = words::count(others.len(), "body", "bodies");
        let mut sentence = match (gives, others.len()) {
            (true, _) => format!("{name} gives money to {others_named}"),
            (false, 0) => format!("{name} has money{}", self.without_funder(node)),
            (false, _) => format!("{name} has money from {others_named}"),
        };
        let texts: Vec<&str> = totals.iter().map(|it| it.text.as_str()).collect();
        match (texts.is_empty(), has_involved) {
            (false, _) => sentence.push_str(&format!(": {}", words::list(texts))),
            // A sum in which it only took part is an amount, and not its own.
            (true, true) => sentence.push_str(", no sum of its own stated"),
            (true, false) if ties.len() == 1 => sentence.push_str(", amount not stated"),
            (true, false) => sentence.push_str(", amounts not stated"),
        }
        if n_without_amount > 0 && !totals.is_empty() {
            let ties = words::count(ties.len(), "tie", "ties");
            let n = words::digits(n_without_amount);
            sentence.push_str(&format!(" (not stated on {n} of {ties})"));
        }
        FlowRow {
            node: self.name(node),
            totals,
            n_others: others.len(),
            n_without_amount,
            shares_in,
            sentence,
            why: self.ground.question.why.then_some(items),
        }
    }

    fn tie_is_in_conflict(&self, idx: TieIdx) -> bool {
        let snapshot = self.ground.snapshot;
        let date_of = |id: &str| snapshot.find_source(id).and_then(|it| it.date);
        let (_, conflicts) =
            resolve_tie(&snapshot.tie(idx).written(), &date_of, Certainty::Inferred);
        conflicts.iter().any(|it| it.field == "amount")
    }

    fn node_is_in_conflict(&self, idx: NodeIdx) -> bool {
        let snapshot = self.ground.snapshot;
        let date_of = |id: &str| snapshot.find_source(id).and_then(|it| it.date);
        let (_, conflicts) =
            resolve_node(&snapshot.node(idx).written(), &date_of, Certainty::Inferred);
        conflicts.iter().any(|it| it.field == "amount")
    }
}

/// Adds amounts by currency, in the order of currencies.
pub(crate) fn sums<'a>(
    currencies: &Currencies,
    items: impl Iterator<Item = &'a MoneyItem>,
) -> Vec<Money> {
    let mut by_currency: BTreeMap<&str, Money> = BTreeMap::new();
    for item in items {
        let amount = &item.amount;
        let sum = by_currency.entry(&amount.currency).or_insert_with(|| Money {
            currency: amount.currency.clone(),
            value: 0.0,
            qualifier: Qualifier::Exact,
            n_amounts: 0,
            rests_on_conflict: false,
            text: String::new(),
        });
        sum.value += amount.value;
        sum.qualifier = together(sum.qualifier, amount.qualifier);
        sum.n_amounts += 1;
        sum.rests_on_conflict |= item.is_in_conflict;
    }
    let mut res: Vec<Money> = by_currency.into_values().collect();
    for sum in &mut res {
        sum.text = words::sum_of_money(sum.value, &sum.currency, sum.qualifier);
    }
    res.sort_by_key(|it| currencies.place(&it.currency));
    res
}

/// How exactly a sum is known: bounds on one side stay bounds, on both they leave "about".
fn together(a: Qualifier, b: Qualifier) -> Qualifier {
    use Qualifier::{About, Exact};
    match (a, b) {
        (a, b) if a == b => a,
        (Exact, other) | (other, Exact) => other,
        _ => About,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::{Change, ChangeSet, fixture};

    /// A graph with totals on some of its nodes.
    fn graph(text: &str, totals: &[(&str, f64, Qualifier)]) -> Snapshot {
        let snapshot = fixture(text);
        let changes = totals.iter().map(|&(id, value, qualifier)| {
            let mut node = snapshot.node(snapshot.find_node(id).unwrap()).written();
            node.amount = Some(Amount { value, currency: "GBP".into(), qualifier });
            Change::PutNode(node)
        });
        snapshot.with(&ChangeSet { changes: changes.collect() }).unwrap()
    }

    #[test]
    fn what_a_body_passes_on_is_said_to_be_in_the_total_twice() {
        let graph = "f:funder -funds[100]-> p:programme; p -funds[40]-> a:company; f -funds[5]-> a";
        let found = flows(&fixture(graph), &Question::default());
        assert_eq!((found.totals[0].value, found.passed_on.len()), (145.0, 1));
        let said = found.passed_on_sentence().unwrap();
        assert!(said.starts_with("p both gets and gives money: what it passes on is"), "{said}");
        let direct = flows(&fixture("f:funder -funds[5]-> a:company"), &Question::default());
        assert_eq!(direct.passed_on_sentence(), None);
    }

    #[track_caller]
    fn check(snapshot: &Snapshot, total: f64, funders: &[&str], left_out: usize) {
        let question = Question { why: true, ..Question::default() };
        let found = flows(snapshot, &question);
        assert_eq!(found.totals.iter().map(|it| it.value).sum::<f64>(), total);
        let sentences: Vec<&str> = found.by_funder.iter().map(|it| it.sentence.as_str()).collect();
        assert_eq!(sentences, funders);
        assert_eq!(found.left_out.len(), left_out);
        for row in found.by_funder.iter().chain(&found.by_recipient) {
            let sum: f64 = row.why.iter().flatten().map(|it| it.amount.value).sum();
            assert_eq!(row.totals.iter().map(|it| it.value).sum::<f64>(), sum);
        }
    }

    /// Ties of funding, with the amount of each in a currency.
    fn in_currencies(ties: &[(&str, f64, &str)]) -> Snapshot {
        let text: Vec<String> =
            ties.iter().map(|it| format!("{}[1]-> {}", ends(it.0).0, ends(it.0).1)).collect();
        let snapshot = fixture(&text.join("; "));
        let changes = snapshot.ties().zip(ties).map(|(idx, &(_, value, currency))| {
            let mut tie = snapshot.tie(idx).written();
            tie.amount = tie.amount.map(|it| Amount { value, currency: currency.into(), ..it });
            Change::PutTie(tie)
        });
        snapshot.with(&ChangeSet { changes: changes.collect() }).unwrap()
    }

    fn ends(tie: &str) -> (String, &str) {
        let (from, to) = tie.split_once(' ').unwrap();
        (format!("{from}:funder -funds"), to)
    }

    #[test]
    fn sums_in_different_currencies_are_never_compared() {
        let snapshot = in_currencies(&[
            ("a x", 5.0, "GBP"),
            ("b x", 70.0, "GBP"),
            ("c x", 9_000_000.0, "NOK"),
            ("d x", 400.0, "EUR"),
            ("e x", 300.0, "EUR"),
            ("e y", 6.0, "GBP"),
            ("g y", 800.0, "NOK"),
        ]);
        let found = flows(&snapshot, &Question::default());
        let texts = |totals: &[Money]| totals.iter().map(|it| it.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&found.totals), ["£81", "€700", "9,000,800 NOK"]);
        let ids: Vec<&str> = found.by_funder.iter().map(|it| it.node.id.as_str()).collect();
        assert_eq!(ids, ["b", "e", "a", "d", "c", "g"]);
        assert_eq!(texts(&found.by_funder[1].totals), ["£6", "€300"]);
        let order = found.order_of_currencies().unwrap();
        assert!(order.contains("(GBP, EUR and NOK)"), "{order}");
        let one = flows(&in_currencies(&[("a x", 5.0, "GBP")]), &Question::default());
        assert_eq!(one.order_of_currencies(), None);
    }

    #[test]
    fn what_is_passed_on_in_another_currency_is_in_no_total_twice() {
        let passed_on = |currency| {
            let snapshot = in_currencies(&[("a x", 5.0, "GBP"), ("x y", 70.0, currency)]);
            flows(&snapshot, &Question::default()).passed_on.len()
        };
        assert_eq!((passed_on("GBP"), passed_on("EUR")), (1, 0));
    }

    #[test]
    fn amounts_on_ties_add_up() {
        let text = "f:funder -funds[1000000,#1]-> a; f -funds[500000,#2]-> a; f -funds-> b; \
                    g:funder -invests_in[250000]-> b; f -funds[9,..2020,#old]-> b";
        let funders = [
            "f gives money to 2 bodies: £1.5m (not stated on 1 of 3 ties)",
            "g gives money to 1 body: £250,000",
        ];
        check(&graph(text, &[]), 1_750_000.0, &funders, 1);
    }

    #[test]
    fn a_sum_in_which_somebody_only_took_part_is_not_called_unstated() {
        let mut snapshot = fixture("f:funder -funds[9]-> a:company");
        let mut tie = snapshot.tie(snapshot.ties().next().unwrap()).written();
        tie.amount = tie.amount.map(|it| Amount { qualifier: Qualifier::InvolvedIn, ..it });
        snapshot = snapshot.with(&ChangeSet { changes: vec![Change::PutTie(tie)] }).unwrap();
        check(&snapshot, 0.0, &["f gives money to 1 body, no sum of its own stated"], 1);
    }

    #[test]
    fn a_shared_total_stands_once() {
        let text = "f:funder -funds-> award:project; g:funder -funds[300000]-> award; \
                    a -participates_in-> award; award -funds[100000]-> a";
        let snapshot = graph(text, &[("award", 1e6, Qualifier::UpTo)]);
        let funders = [
            "g gives money to 1 body: £300,000",
            "award gives money to 1 body: £100,000",
            "f gives money to 1 body, amount not stated",
        ];
        check(&snapshot, 1e6, &funders, 2);
        let found = flows(&snapshot, &Question::default());
        assert_eq!(found.totals[0].text, "up to £1m");
        assert_eq!(found.by_funder[2].shares_in[0].id, "award");
    }

    #[test]
    fn what_a_part_of_a_total_pays_out_is_in_that_total() {
        let text = "ec:funder -funds-> all:programme; part:programme -part_of-> all; \
                    part -funds[400000]-> a:company; a -supports-> b:company";
        let snapshot = graph(text, &[("all", 1e6, Qualifier::Exact)]);
        let funders = ["ec gives money to 1 body: £1m", "part gives money to 1 body: £400,000"];
        check(&snapshot, 1e6, &funders, 1);
    }

    #[test]
    fn a_sum_of_others_hides_no_money_of_its_own() {
        let text = "f:funder -funds[300000]-> club:programme; small:project -part_of-> club; \
                    g:funder -funds[200000]-> small";
        let snapshot = graph(text, &[("club", 1e9, Qualifier::InvolvedIn)]);
        let funders = ["f gives money to 1 body: £300,000", "g gives money to 1 body: £200,000"];
        check(&snapshot, 5e5, &funders, 1);
    }

    #[test]
    fn an_award_that_has_ended_is_listed_as_left_out() {
        let text = "f:funder -funds[100000]-> a:company; old:project{2015..2019} -supports-> a";
        let snapshot = graph(text, &[("old", 1e6, Qualifier::Exact)]);
        check(&snapshot, 1e5, &["f gives money to 1 body: £100,000"], 1);
        let found = flows(&snapshot, &Question::default());
        let left_out = &found.left_out[0];
        assert_eq!(left_out.to.id, "old");
        assert_eq!(left_out.left_out_because.as_deref(), Some("not at the date asked for"));
    }

    #[test]
    fn one_relation_has_only_its_own_money() {
        let text = "f:funder -funds-> award:project; g:investor -invests_in[5000]-> a:company";
        let snapshot = graph(text, &[("award", 1e6, Qualifier::Exact)]);
        let of = |relation: &str| {
            let relations = vec![snapshot.schema().relation_id(relation).unwrap()];
            flows(&snapshot, &Question { relations, ..Question::default() })
        };
        assert_eq!(of("invests_in").totals[0].value, 5e3);
        assert_eq!(of("funds").totals[0].value, 1e6);
        assert_eq!(of("hosts").totals, Vec::new());
    }

    #[test]
    fn money_from_somebody_out_of_view_is_not_called_of_unknown_origin() {
        let text = "f:funder -funds[..2020]-> award:project; other:project; \
                    small:project -part_of-> other";
        let exact = Qualifier::Exact;
        let totals = [("award", 1e6, exact), ("other", 2e6, exact), ("small", 5e5, exact)];
        let found = flows(&graph(text, &totals), &Question::default());
        let found: Vec<&str> = found.by_recipient.iter().map(|it| it.sentence.as_str()).collect();
        let expected = [
            "other has money, and no source says from whom: £2m",
            "award has money, and nobody who gives it is in this view: £1m",
            "small has money as part of other: £500,000",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_only_funder_of_an_award_gives_its_total() {
        let text = "f:funder -funds-> award:project; small:project -part_of-> award";
        let totals = [("award", 2e6, Qualifier::AtLeast), ("small", 5e5, Qualifier::Exact)];
        let snapshot = graph(text, &totals);
        // Its amount stands on the award, so that none is missing.
        assert_eq!(flows(&snapshot, &Question::default()).without_amount, Vec::new());
        check(&snapshot, 2e6, &["f gives money to 1 body: at least £2m"], 1);
    }

    #[test]
    fn bounds_on_both_sides_leave_about() {
        use Qualifier::{About, AtLeast, Exact, UpTo};
        assert_eq!(together(Exact, AtLeast), AtLeast);
        assert_eq!(together(AtLeast, UpTo), About);
        assert_eq!(together(UpTo, UpTo), UpTo);
    }
}
