//! What is wrong or doubtful in a stored graph: the findings of `weft check`.
//!
//! Errors are what no import lets in and an edit or another tool may have left; warnings are
//! cautions, each under a code that notes can explain.

use std::collections::{BTreeMap, HashMap, HashSet};

use weft_formats::{Diagnostic, Place, similarity};
use weft_graph::{
    Certainty, ClaimRef, Ends, Fact, Family, NodeIdx, NodeRecord, Snapshot, TieIdx, resolve_node,
    resolve_tie,
};
use weft_value::PartialDate;

use super::words::with_article;
use super::{fold, name_tokens};

/// Names at least this alike (0 to 1) are suspected to be one body.
const SUSPICIOUS_SIMILARITY: f64 = 0.95;
/// A word that more names share tells nothing, and is not compared by.
const MAX_NAMES_A_WORD: usize = 40;

/// Returns what is wrong, errors first, each kind in the order of the records' ids.
///
/// O(records) but for the comparison of names, which is O(n k) with k names that share a rare word.
/// The value of a diagnostic holds the ids that it speaks of, parted by `|`. Nothing is wrong without
/// a schema: any label and type is as good as any other there, and nothing need rest on a claim.
pub fn check(snapshot: &Snapshot) -> Vec<Diagnostic> {
    if snapshot.schema().is_open() {
        return Vec::new();
    }
    let mut nodes: Vec<(NodeIdx, NodeRecord)> =
        snapshot.nodes().map(|it| (it, snapshot.node(it).written())).collect();
    nodes.sort_by(|a, b| a.1.id.cmp(&b.1.id));
    let mut res = Vec::new();
    check_records(snapshot, &nodes, &mut res);
    check_ties(snapshot, &mut res);
    check_facts(snapshot, &mut res);
    check_names(&nodes, &mut res);
    check_conflicts(snapshot, &nodes, &mut res);
    check_evidence(snapshot, &nodes, &mut res);
    res.sort_by_key(|it| it.severity);
    res
}

fn error(code: &'static str, ids: &str, message: String, hint: &str) -> Diagnostic {
    Diagnostic::error(code, Place::default(), message).value(ids).hint(hint)
}

fn warning(code: &'static str, ids: &str, message: String, hint: &str) -> Diagnostic {
    Diagnostic::warning(code, Place::default(), message).value(ids).hint(hint)
}

fn reversed(from: Option<PartialDate>, to: Option<PartialDate>) -> bool {
    matches!((from, to), (Some(from), Some(to)) if from.first_key() > to.last_key())
}

fn check_records(snapshot: &Snapshot, nodes: &[(NodeIdx, NodeRecord)], res: &mut Vec<Diagnostic>) {
    for (idx, node) in nodes {
        let id = &node.id;
        if node.claims.is_empty() {
            let message = format!("node `{id}` rests on no claim");
            res.push(error("no_claim", id, message, "name a source for it, or remove it"));
        }
        if reversed(node.valid_from, node.valid_to) {
            let message = format!("node `{id}` ends before it begins");
            res.push(error("reversed_dates", id, message, "correct the dates"));
        }
        let family = snapshot.node(*idx).kind().family;
        if node.stage.is_some() && family != Family::Company {
            let message = format!("node `{id}` has a stage and is no company");
            res.push(error("stage_not_company", id, message, "correct the stage or the kind"));
        }
    }
}

fn check_ties(snapshot: &Snapshot, res: &mut Vec<Diagnostic>) {
    let schema = snapshot.schema();
    let mut found = Vec::new();
    for idx in snapshot.ties() {
        let tie = snapshot.tie(idx);
        let relation = tie.relation_id();
        let (source, target) = (snapshot.node(tie.source()), snapshot.node(tie.target()));
        let allowed = schema.allows(relation, Ends::Source, source.kind_id())
            && schema.allows(relation, Ends::Target, target.kind_id());
        if !allowed {
            let message = format!(
                "tie `{}`: `{}` cannot join {} to {}",
                tie.id(),
                tie.relation().id,
                with_article(&source.kind().id),
                with_article(&target.kind().id)
            );
            let hint = "correct the relation or a kind, or widen the schema";
            found.push(error("relation_not_allowed", &tie.id(), message, hint));
        }
        if tie.claims().next().is_none() {
            let message = format!("tie `{}` rests on no claim", tie.id());
            let hint = "name a source for it, or remove it";
            found.push(error("no_claim", &tie.id(), message, hint));
        }
        if reversed(tie.valid_from(), tie.valid_to()) {
            let message = format!("tie `{}` ends before it begins", tie.id());
            found.push(error("reversed_dates", &tie.id(), message, "correct the dates"));
        }
    }
    found.sort_by(|a, b| a.value.cmp(&b.value));
    res.extend(found);
}

fn check_facts(snapshot: &Snapshot, res: &mut Vec<Diagnostic>) {
    for fact in snapshot.facts() {
        if fact.derived.is_none() {
            continue;
        }
        let mut parts: Vec<&Fact> = Vec::new();
        for id in &fact.of {
            match snapshot.find_fact(id) {
                Some(part) => parts.push(part),
                None => {
                    let message =
                        format!("fact `{}` is derived of `{id}`, which is no fact", fact.id);
                    res.push(error("unknown_fact", &fact.id, message, "correct the id"));
                }
            }
        }
        if parts.len() < fact.of.len() {
            continue;
        }
        let Some(value) = fact.value else { continue };
        let parts: Vec<Option<&Fact>> = parts.into_iter().map(Some).collect();
        let Some(found) = fact.recompute(&parts) else { continue };
        let Some(computed) = found.value else {
            let message = format!("fact `{}` cannot be recomputed from its parts", fact.id);
            let hint = "a part has no value, or there are not two of them";
            res.push(warning("not_recomputed", &fact.id, message, hint));
            continue;
        };
        if found.agrees == Some(false) {
            let unit = match fact.unit.as_str() {
                "" | "count" => String::new(),
                unit => format!(" {unit}"),
            };
            let message = format!(
                "fact `{}` says {value}{unit}, its parts give {}",
                fact.id,
                (computed * 100.0).round() / 100.0
            );
            let hint = "look at the source: correct a figure, or note that it prints them so";
            res.push(warning("does_not_add_up", &fact.id, message, hint));
        }
    }
}

fn check_names(nodes: &[(NodeIdx, NodeRecord)], res: &mut Vec<Diagnostic>) {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, (_, node)) in nodes.iter().enumerate() {
        for name in [&node.name].into_iter().chain(&node.aliases) {
            let slot = by_name.entry(fold(name)).or_default();
            if slot.last() != Some(&at) {
                slot.push(at);
            }
        }
    }
    let mut told: HashSet<(usize, usize)> = HashSet::new();
    for (name, sharing) in by_name.iter().filter(|it| it.1.len() > 1) {
        let ids: Vec<&str> = sharing.iter().map(|&it| nodes[it].1.id.as_str()).collect();
        for (n, &a) in sharing.iter().enumerate() {
            told.extend(sharing[n + 1..].iter().map(|&b| (a, b)));
        }
        if sharing.iter().all(|&it| nodes[it].1.distinct) {
            continue;
        }
        let message = format!("`{name}` is a name of {} nodes: `{}`", ids.len(), ids.join("`, `"));
        let hint = "whoever names it must say which: give the name to one, or mark both distinct";
        res.push(warning("shared_name", &ids.join("|"), message, hint));
    }
    let tokens: Vec<Vec<String>> = nodes.iter().map(|it| name_tokens(&it.1.name)).collect();
    let mut by_word: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, words) in tokens.iter().enumerate() {
        for word in words {
            by_word.entry(word).or_default().push(at);
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for sharing in by_word.values().filter(|it| it.len() <= MAX_NAMES_A_WORD) {
        for (n, &a) in sharing.iter().enumerate() {
            for &b in &sharing[n + 1..] {
                if look_alike(&nodes[a].1, &nodes[b].1, &tokens[a], &tokens[b]) {
                    pairs.push((a, b));
                }
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    for (a, b) in pairs.into_iter().filter(|it| !told.contains(it)) {
        let (a, b) = (&nodes[a].1, &nodes[b].1);
        let message = format!("`{}` (`{}`) may be `{}` (`{}`)", a.name, a.id, b.name, b.id);
        let hint = "make one of them an alias of the other, or mark both distinct";
        res.push(warning("suspected_duplicate", &format!("{}|{}", a.id, b.id), message, hint));
    }
}

/// Whether two names of one kind are the same but for legal form, order of words or a slip.
fn look_alike(a: &NodeRecord, b: &NodeRecord, tokens_a: &[String], tokens_b: &[String]) -> bool {
    if a.kind != b.kind || (a.distinct && b.distinct) {
        return false;
    }
    // `aim 1.1` and `aim 1.2` differ by what matters.
    let numbers = |it: &&String| it.chars().any(|c| c.is_ascii_digit());
    if !tokens_a.iter().filter(numbers).eq(tokens_b.iter().filter(numbers)) {
        return false;
    }
    tokens_a == tokens_b
        || (tokens_a.len() == tokens_b.len()
            && similarity(&tokens_a.join(" "), &tokens_b.join(" ")) >= SUSPICIOUS_SIMILARITY
            && tokens_a.iter().filter(|it| !tokens_b.contains(it)).count() == 1
            && tokens_a.iter().zip(tokens_b).all(|(x, y)| similarity(x, y) >= 0.9))
}

fn check_conflicts(
    snapshot: &Snapshot,
    nodes: &[(NodeIdx, NodeRecord)],
    res: &mut Vec<Diagnostic>,
) {
    let dates: HashMap<&str, Option<PartialDate>> =
        snapshot.sources().map(|it| (it.id.as_str(), it.date)).collect();
    let date_of = |id: &str| dates.get(id).copied().flatten();
    let mut tell = |what: &str, id: &str, conflicts: Vec<weft_graph::Conflict>| {
        for conflict in conflicts {
            let others: Vec<String> =
                conflict.others.iter().map(|(value, by)| format!("`{value}` ({by})")).collect();
            let message = format!(
                "{what} `{id}`: {} is shown as `{}`, others say {}",
                conflict.field,
                conflict.shown,
                others.join(", ")
            );
            let hint = "all are kept; add a claim that settles it, or explain it in the notes";
            res.push(warning("field_conflict", id, message, hint));
        }
    };
    for (_, node) in nodes {
        if node.claims.len() > 1 {
            tell("node", &node.id, resolve_node(node, &date_of, Certainty::Inferred).1);
        }
    }
    for idx in snapshot.ties() {
        if snapshot.tie(idx).claims().nth(1).is_some() {
            let tie = snapshot.tie(idx).written();
            tell("tie", &tie.id(), resolve_tie(&tie, &date_of, Certainty::Inferred).1);
        }
    }
}

fn check_evidence(snapshot: &Snapshot, nodes: &[(NodeIdx, NodeRecord)], res: &mut Vec<Diagnostic>) {
    let measured: HashSet<&str> = snapshot.facts().iter().map(|it| it.subject.as_str()).collect();
    for (idx, node) in nodes {
        // What a figure is about is there for the figure.
        if snapshot.ties_of(*idx).next().is_none() && !measured.contains(node.id.as_str()) {
            let message = format!("node `{}` has no tie", node.id);
            res.push(warning("no_ties", &node.id, message, "look for what joins it to others"));
        }
    }
    let n_ties = snapshot.n_ties();
    let undated =
        |it: &weft_graph::TieRef<'_>| it.valid_from().is_none() && it.valid_to().is_none();
    let n_undated = snapshot.ties().filter(|&it| undated(&snapshot.tie(it))).count();
    if n_undated > 0 {
        let (have, are) = if n_undated == 1 { ("has", "is") } else { ("have", "are") };
        let message =
            format!("{n_undated} of {n_ties} ties {have} no date, and {are} in at every date");
        res.push(warning("undated_ties", "", message, "add dates where a source gives them"));
    }
    let is_single = |it: TieIdx| rest_on_one_place(snapshot.tie(it).claims());
    let n_single_ties = snapshot.ties().filter(|&it| is_single(it)).count();
    let is_single = |it: NodeIdx| rest_on_one_place(snapshot.node(it).claims());
    let n_single = n_single_ties + nodes.iter().filter(|it| is_single(it.0)).count();
    if n_single > 0 {
        let n_records = n_ties + nodes.len();
        let message = format!("{n_single} of {n_records} nodes and ties rest on a single claim");
        res.push(warning("single_claim", "", message, "look for a second source"));
    }
}

/// Whether claims are all taken from one place in one source, however many datasets repeat it.
fn rest_on_one_place<'a>(mut claims: impl Iterator<Item = ClaimRef<'a>>) -> bool {
    let Some(first) = claims.next() else { return false };
    claims.all(|it| (it.source(), it.locator()) == (first.source(), first.locator()))
}
