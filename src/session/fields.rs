//! What the columns of tables and the fields of JSON hold: the short texts behind `weft explain FIELD`.
//!
//! Knows words, not values: what a measure is stands in the explanations.

use serde::Serialize;

use crate::session::explain::{Explanation, find_explanation};

/// What stands under a name in tables and in data.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Field {
    /// Its names: columns as they are headed, fields as JSON and CSV have them.
    pub names: &'static [&'static str],
    /// What it holds.
    pub tells: &'static str,
    /// The measure or finding that it belongs to, if it belongs to one.
    pub see: Option<&'static str>,
}

const fn field(names: &'static [&'static str], tells: &'static str) -> Field {
    Field { names, tells, see: None }
}

const fn of(see: &'static str, names: &'static [&'static str], tells: &'static str) -> Field {
    Field { names, tells, see: Some(see) }
}

/// All of them, by what they speak of.
pub const FIELDS: &[Field] = &[
    // Records and what they rest on.
    field(&["id", "node_id", "tie_id", "need_id"], "The stable name of a record for machines."),
    field(&["name", "label", "title", "node_name", "need_name"], "The name that people read."),
    field(&["key"], "What tells apart two ties of one relation between the same two bodies."),
    field(
        &["node", "member", "body", "subject", "of", "target", "targets", "neighbour"],
        "The body, place or group that the row speaks of, with id, name and kind.",
    ),
    field(&["kind", "kinds", "family"], "What sort of body it is, by the schema: `weft schema`."),
    field(
        &["acts", "actor"],
        "Whether bodies of this kind act, so that they can be hubs and be introduced.",
    ),
    field(
        &["link", "links", "n_links"],
        "Pairs of bodies with at least one tie; of one body, with how many others it has any.",
    ),
    field(
        &["tie", "ties", "n_ties", "direct"],
        "Single statements that one body does something with another; several may make one link.",
    ),
    field(&["relation", "relations"], "The verb of a tie, by its id in the schema."),
    field(
        &["verb", "read_back", "backward", "forward", "people_read"],
        "The words in which a tie is read, from its start or from its end.",
    ),
    field(&["symmetric"], "Whether a tie of this relation is the same both ways round."),
    field(
        &["from", "provider", "who", "one"],
        "Where a tie or a sum starts, or the first of two that are set beside each other.",
    ),
    field(
        &["to", "other", "with", "partner", "pair", "and", "tied"],
        "Where a tie or a sum ends, or the second of two that are set beside each other.",
    ),
    field(
        &["source", "sources", "n_sources", "says_who", "publisher"],
        "What a statement rests on: distinct sources, by id, title or publisher.",
    ),
    field(&["locator", "where"], "Where in the source it stands, or in which place a body is."),
    field(&["licence", "address", "retrieved"], "Terms, address and day of retrieval of a source."),
    field(&["claim", "claims", "n_claims"], "How many statements of sources a record rests on."),
    field(&["denial"], "Who says that it never was, or has ended."),
    field(&["note", "hint"], "What a reader must know beside the figure, or the way out."),
    field(&["date", "as_of"], "The day of a source, or the day D that the answer speaks of."),
    field(&["valid_from", "since"], "Since when it holds; empty if no source says."),
    field(&["valid_to", "until"], "Until when it holds, that day or year included; empty if open."),
    field(
        &["undated_nodes", "undated_ties", "n_undated_nodes", "n_undated_ties"],
        "How many records no source dates: they are in on every day.",
    ),
    field(
        &["nodes_with_one_claim", "ties_with_one_claim"],
        "How many records rest on one statement.",
    ),
    field(
        &["properties", "when", "what", "field"],
        "What else is said of it: the property, figure or step that the row is about.",
    ),
    field(
        &["why"],
        "What would reproduce the number: ties with source, place, date and certainty. `--why`.",
    ),
    field(&["rests_on"], "The tie, source or figure on which a number rests."),
    field(
        &["sentence", "sentences", "in_words", "text", "message", "how"],
        "The row, or the answer, in words.",
    ),
    field(&["list"], "To which of the lists of an answer the row belongs."),
    field(&["code", "severity"], "Which doubt it is, and whether it stops an import."),
    field(
        &["group", "group_by", "group_name", "by", "among"],
        "The place, sector, kind or circle that bodies are counted by.",
    ),
    field(&["number", "n", "step"], "Its place in the list from 1, or how many there are."),
    field(&["parts", "part"], "The pieces of it, or the share that one piece has in the whole."),
    field(&["nodes"], "The way from one to the other, body by body, or the bodies counted."),
    field(
        &["indirect", "is_linked", "tied_themselves", "through_others"],
        "Whether two bodies are tied themselves, or only through others.",
    ),
    field(&["place"], "Where a body is; a larger place counts its parts."),
    field(
        &["sectors", "sector", "in_which_sector"],
        "The sectors on record, in the words of the data.",
    ),
    field(
        &["stage", "stages"],
        "How far a company is, from idea to established, and what counts then.",
    ),
    // The view and the store.
    of(
        "view",
        &["n_nodes", "bodies"],
        "How many nodes are in the view: in findings, bodies that act.",
    ),
    of(
        "view",
        &["conduit", "is_conduit", "everything"],
        "The view: bodies that act and ties along which an introduction can travel, or all there is.",
    ),
    of(
        "view",
        &["n_companies_without_stage"],
        "Companies in the view whose stage no source tells.",
    ),
    field(
        &[
            "dataset",
            "revision",
            "checksum",
            "is_whole",
            "is_free",
            "mismatch",
            "added",
            "changed",
            "removed",
            "n_added",
            "n_changed",
            "n_removed",
        ],
        "The store, its state, and what a revision added, changed and removed.",
    ),
    // Hubs and brokers.
    of(
        "rank",
        &["item", "z", "own", "measure", "figure", "its_figure", "figures", "value"],
        "The figure, and the place by it; equal figures share a place.",
    ),
    of(
        "degree",
        &["contact", "contacts", "n_contacts", "by_relation", "by_kind", "n_others", "others"],
        "Distinct bodies that it has a tie with, whole or by relation and kind.",
    ),
    of(
        "betweenness",
        &["of_shortest_ways", "betweenness_share", "ways_through_it", "pairs", "dependencies"],
        "The share of pairs of others whose shortest ways lead through it, and the pairs that depend on it.",
    ),
    of("constraint", &["part_of_constraint"], "What one partner adds to the constraint of a body."),
    of(
        "effective_size",
        &["redundancy", "n_closed_pairs", "closed_pairs"],
        "How far its partners already know each other: pairs with a link, and what they take off.",
    ),
    of(
        "brokerage",
        &["n_open_pairs", "open_pairs_by_kind", "other_kind", "n_pairs"],
        "Pairs of its partners that have no link to each other, by the kinds of the two.",
    ),
    of(
        "brokerage",
        &["own_kind", "one_other_kind", "own_and_another", "two_other_kinds", "role_sentence"],
        "Those pairs by role: between which kinds the body stands.",
    ),
    of(
        "brokerage_chance",
        &["times_chance", "deviation", "usual_ranks"],
        "The figure by what rewired networks give, and how far it is from them.",
    ),
    of(
        "community",
        &[
            "n_communities",
            "found_by",
            "members",
            "n_members",
            "links_inside",
            "n_links_inside",
            "n_links_outside",
            "modularity_part",
            "inside",
            "outside",
        ],
        "Groups, who is in them, and the links within and to others.",
    ),
    of(
        "agreement",
        &["together"],
        "With how much of its group a body is in other runs, on average.",
    ),
    of(
        "harmonic",
        &["nearness", "n_reached", "within_two", "n_within_two"],
        "The mean of 1 / distance to all others, and who is reached at all or within two steps.",
    ),
    of(
        "critical",
        &[
            "without",
            "n_cut_off",
            "only_link_of",
            "who_is_cut_off_from_the_rest",
            "n_start_ups_cut_off",
            "lost_without",
            "n_left",
        ],
        "Who is no longer joined to the rest without the body, and whose only link it is.",
    ),
    of(
        "stability",
        &[
            "trust",
            "how_safe",
            "when_doubted",
            "stays_in_100",
            "n_stayed",
            "n_draws",
            "n_rows",
            "n_links_dropped",
            "n_without_rank",
            "rank_from",
            "rank_to",
            "weakest_tie",
            "rests_on_one_tie",
        ],
        "How far a place can be trusted: in how many draws it stays, between which ranks, and whether it \
         rests on one tie.",
    ),
    of(
        "stability",
        &[
            "rank_on_stated",
            "rank_with_inferred",
            "rank_without_weakest",
            "figure_on_stated",
            "figure_with_inferred",
            "figure_without_weakest",
        ],
        "The rank and figure on stated ties alone, with inferred ones added, and without the weakest tie.",
    ),
    of(
        "chance",
        &["p", "p_higher", "p_lower", "n_samples", "times_expected"],
        "How often rewired networks have so high or so low a figure, and of how many.",
    ),
    of(
        "stability",
        &[
            "chosen_again",
            "chosen_in_100",
            "n_chosen",
            "without_its_weakest_tie",
            "without_weakest",
            "alone_the_best",
            "has_equal",
        ],
        "Whether a body that was chosen with others would be chosen again when links are lost or its weakest \
         tie is, and whether another would have been as good as it was chosen.",
    ),
    of(
        "stability",
        &["other_sets", "leave", "come"],
        "Whom the same choice takes on stated ties alone, or with inferred ones added: who is no longer \
         chosen, and who is in their place.",
    ),
    of(
        "stability",
        &["usual_access", "access_from", "access_to", "without_it"],
        "ACCESS in nine of ten draws that lose links, and where the start-up stands without the one tie on \
         which it rests most.",
    ),
    of(
        "stability",
        &[
            "same_in_100",
            "n_same_status",
            "n_by_status",
            "on_stated",
            "with_inferred",
            "without_one_tie",
            "n_ranked",
        ],
        "The status of a start-up in draws that lose links, on stated ties alone, with inferred ones added, \
         and without the one tie on which it rests most, or whether a body is chosen there; and how many \
         start-ups have a rank.",
    ),
    // The network as a whole.
    of(
        "stats",
        &["shape", "structure", "meaning", "mean_degree", "mean_distance", "n_isolated"],
        "The figures of the whole network, from bodies and links to how far apart they are.",
    ),
    of(
        "component",
        &["n_components", "n_in_largest"],
        "In how many connected parts the network falls, and how many bodies the largest has.",
    ),
    of(
        "component",
        &["n_strong_components", "n_in_largest_strong"],
        "The same where each tie leads one way only, a symmetric one both.",
    ),
    of(
        "clustering",
        &["mean_clustering"],
        "The mean over bodies of the share of their partners' pairs that are linked.",
    ),
    of(
        "centralisation",
        &[
            "degree_centralisation",
            "betweenness_centralisation",
            "harmonic_centralisation",
            "closeness_centralisation",
            "eigenvector_centralisation",
        ],
        "How far the whole turns about one body, by the measure named.",
    ),
    of(
        "assortativity",
        &["degree_assortativity"],
        "The correlation of the numbers of partners of both ends of a link.",
    ),
    of(
        "assortativity",
        &["kind_assortativity"],
        "How much more links join bodies of one kind than chance would, 1 if all do.",
    ),
    of(
        "core_periphery",
        &["is_core", "n_core", "core_fit"],
        "Who is in the dense middle, and how well that picture fits.",
    ),
    of(
        "ei_index",
        &["ei_by_kind", "ei_by_kind_expected"],
        "The E-I index by kind, and what the sizes of kinds let expect.",
    ),
    of(
        "stats",
        &[
            "nodes_by_kind",
            "ties_by_relation",
            "ties_by_certainty",
            "start_ups_by_stage",
            "n_facts",
            "n_needs",
            "n_needs_met",
        ],
        "How many there are of each.",
    ),
    // Access and needs.
    field(
        &["need", "needs", "weight_of_a_need"],
        "Something that start-ups need, by the schema and the data.",
    ),
    of(
        "access",
        &["weight"],
        "How much it counts: of a need 0 (not yet), 1 (useful) or 2 (critical); of a tie its strength.",
    ),
    of(
        "access",
        &["distance"],
        "Links to the nearest who meets the need; 0 if it does itself; none without a path.",
    ),
    of(
        "access",
        &[
            "nearest_provider",
            "who_meets_it",
            "nearest",
            "providers",
            "n_providers",
            "met_by",
            "meets",
            "who_is_named_as_meeting_it",
            "who_meets_it_and_how_near",
        ],
        "Who meets a need, the nearest first where a start-up asks.",
    ),
    of("access", &["near_needs"], "Needs at one or two links: those that FRAGILITY speaks of."),
    of(
        "evidence",
        &["newest_source", "oldest_source"],
        "The date of the newest or oldest source that it rests on.",
    ),
    of(
        "gaps",
        &["start_up", "start_ups", "n_start_ups", "card", "n_of"],
        "Companies whose stage says that they are start-ups: those that the row counts, or of so many.",
    ),
    of(
        "gaps",
        &[
            "out_of_reach",
            "n_unreached",
            "has_what_is_out_of_reach_in_that",
            "a_holds",
            "b_holds",
            "a",
            "b",
        ],
        "Start-ups at three links or more from anybody who meets the need; of two circles, what one has of that.",
    ),
    of(
        "gaps",
        &["other_answers", "also_named"],
        "Named as an answer to the need, but no body that acts.",
    ),
    of(
        "gaps",
        &["records", "suspected_duplicates"],
        "What rests on little, and pairs that may be one body.",
    ),
    of(
        "gaps",
        &["is_hole", "corrected", "q", "between"],
        "Whether two groups have fewer links than chance, with p corrected for the number of pairs.",
    ),
    of(
        "gaps",
        &["mean_access", "mean_access_before", "mean_access_after", "nearer_to"],
        "The mean ACCESS of start-ups before and after a tie, and the needs that come nearer.",
    ),
    of(
        "matrix",
        &["expected", "by_chance", "ratio", "one_label", "other_label", "difference"],
        "What chance would leave where every body keeps its number of links, and the figure beside it.",
    ),
    of(
        "matrix",
        &[
            "by_place",
            "by_sector",
            "n_start_ups_near",
            "start_ups_near_somebody_who_meets_it_of_those_for_which_it_counts",
        ],
        "Who meets a need in a place or sector, and how many start-ups there are within two links of anybody \
         who does, of those at whose stage it counts.",
    ),
    // Introductions.
    of(
        "introduction",
        &["adds", "adds_to_plan", "for", "for_needs", "introduced_by", "ask_network", "is_met"],
        "What meeting somebody brings beside those above, for which needs, who can introduce, and how often \
         each is asked.",
    ),
    of(
        "introduction",
        &["confidence", "weakest", "would_change"],
        "The weakest certainty that the advice rests on, and what would change it.",
    ),
    of(
        "fit",
        &["shared_contacts", "personalised_page_rank"],
        "Whom both know, and how near they are by random walks.",
    ),
    // Money.
    of(
        "flows",
        &["amount", "amounts", "n_amounts", "total", "totals", "sum", "currency", "award"],
        "Money as the source states it, and its sums by currency; an award is where a shared total stands.",
    ),
    of(
        "flows",
        &["qualifier"],
        "How exactly an amount is known: exact, at least, up to, about, or a sum it took part in.",
    ),
    of(
        "flows",
        &["rests_on_conflict", "is_in_conflict"],
        "Whether sources disagree about an amount in it.",
    ),
    of(
        "flows",
        &["n_without_amount", "without_amount", "shares_in", "without_body"],
        "Ties whose amount no source states, awards funded with others, and money of no one known funder.",
    ),
    of(
        "flows",
        &["left_out_because", "not_counted_because"],
        "Why an amount is not in the totals.",
    ),
    of(
        "flows",
        &["share", "top", "top_share", "n_bodies"],
        "A part of the whole from 0 to 1; in flows that of the body that has most, among so many.",
    ),
    of(
        "flows",
        &["programme", "year"],
        "The programme that money belongs to, or the year in which it begins.",
    ),
    // Canvas, facts, positions, comparisons.
    of(
        "canvas",
        &["named", "what_is_thin", "thin", "who_and_what_stands_for_it"],
        "Who is named as standing for a component, and what there is little of.",
    ),
    of(
        "facts",
        &["period", "category", "unit", "recomputed", "derivation", "verdict"],
        "When a figure holds and in what; whether it follows from its parts, as recomputed.",
    ),
    of(
        "position",
        &["same_partners", "same_contacts", "same_kinds", "shared", "in_common"],
        "The share of partners that two bodies have in common, the same ones or the same kinds.",
    ),
    of("key_player", &["beside"], "Bodies chosen together, each the best beside those before."),
    of(
        "what_if",
        &[
            "before",
            "after",
            "rank_before",
            "rank_after",
            "figure_before",
            "figure_after",
            "access_before",
            "access_after",
            "status_before",
            "status_after",
            "ceiling_before",
            "ceiling_after",
            "mean_before",
            "mean_after",
            "cut_off_before",
            "cut_off_after",
            "providers_before",
            "providers_after",
            "n_unreached_before",
            "n_unreached_after",
            "n_start_ups_before",
            "n_start_ups_after",
            "why_before",
            "why_after",
            "needs_that_moved",
        ],
        "The same figure, or list, in each of the two states that are compared; in a `why` what it rests \
         on in that state only.",
    ),
    of(
        "what_if",
        &["moved_by"],
        "What makes the difference for a start-up none of whose needs is nearer or farther: it is on one \
         side only, or the ceiling moved, or what its needs weigh.",
    ),
    of(
        "what_if",
        &["rests_on_network"],
        "Whether a figure rests on every link, or moved though its own ties did not: then what came to the \
         network and what went from it moved it, which is the list `network`.",
    ),
    of(
        "what_if",
        &["n_same"],
        "How many ties, bodies and printed figures a figure rests on in both states alike.",
    ),
];

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub enum Explained {
    /// A measure or a finding.
    Measure(&'static Explanation),
    /// A column or a field.
    Field(&'static Field),
}

/// What a name stands for: hyphens and spaces are as good as underscores, and in columns of a comparison
/// the day or the side may stay (`rank 2018`).
pub fn find_explained(name: &str) -> Option<Explained> {
    let find = |word: &str| {
        let measure = find_explanation(word).map(Explained::Measure);
        measure.or_else(|| find_field(word).map(Explained::Field))
    };
    find(name).or_else(|| {
        let (column, last) = name.trim().rsplit_once(' ')?;
        let is_day = last.starts_with(|it: char| it.is_ascii_digit());
        (is_day || matches!(last, "before" | "after")).then(|| find(column)).flatten()
    })
}

fn find_field(name: &str) -> Option<&'static Field> {
    let kept = name.chars().filter(|it| !matches!(it, ',' | '#' | '(' | ')' | '*'));
    let plain = kept.collect::<String>().trim().to_lowercase().replace(['-', ' '], "_");
    FIELDS.iter().find(|it| it.names.contains(&plain.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_name_stands_twice_or_hides_behind_a_measure() {
        let mut names = BTreeSet::new();
        for it in FIELDS.iter().flat_map(|it| it.names) {
            assert!(names.insert(it), "{it} stands twice");
            assert!(find_explanation(it).is_none(), "{it} is explained as a measure");
        }
        for it in FIELDS {
            assert!(it.see.is_none_or(|it| find_explanation(it).is_some()), "{it:?}");
            assert!(it.tells.ends_with('.') || it.tells.ends_with('`'), "{it:?}");
        }
    }

    #[test]
    fn columns_are_found_as_they_are_headed() {
        for name in ["of shortest ways", "rank 2018", "cut off after", "#p", "not counted, because"]
        {
            assert!(find_explained(name).is_some(), "{name}");
        }
        assert!(find_explained("charisma").is_none());
        assert!(find_explained("charisma 2018").is_none());
    }
}
