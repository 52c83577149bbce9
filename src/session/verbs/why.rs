//! What `--why` shows of a number: the ties that it rests on, each with source, place in it, date and
//! certainty.
//!
//! Rows carry the same in full; decides nothing.

use std::collections::BTreeSet;

use crate::ecosystem::{ClaimEvidence, LinkEvidence, NodeEvidence, PathEvidence, TieEvidence};
use crate::present::{Answer, Section, Table};
use crate::session::context::Context;

/// Rows shown of each table.
const ROWS: usize = 15;

/// A table of evidence while it is filled: for what, which tie, who says so.
pub(super) struct Evidence {
    table: Table,
    seen: BTreeSet<(String, String)>,
}

impl Evidence {
    /// An empty table; `subject` is the heading of what each row speaks for.
    pub(super) fn new(subject: &str) -> Self {
        let columns = [subject, "rests on", "source", "where", "date", "certainty"];
        Self { table: Table::new(&columns), seen: BTreeSet::new() }
    }

    /// Adds a tie, once for each claim on it.
    pub(super) fn tie(&mut self, subject: &str, tie: &TieEvidence) {
        if self.seen.insert((subject.to_owned(), tie.id.clone())) {
            tie.claims.iter().for_each(|it| self.claim(subject, &tie.sentence, it));
        }
    }

    /// Adds a node, once for each claim on it.
    pub(super) fn node(&mut self, subject: &str, evidence: &NodeEvidence) {
        evidence.claims.iter().for_each(|it| self.claim(subject, &evidence.node.name, it));
    }

    pub(super) fn links(&mut self, subject: &str, links: &[LinkEvidence]) {
        links.iter().flat_map(|it| &it.ties).for_each(|it| self.tie(subject, it));
    }

    pub(super) fn path(&mut self, subject: &str, path: &PathEvidence) {
        self.links(subject, &path.links);
    }

    /// Adds what no tie and no node says: a figure.
    pub(super) fn row(&mut self, cells: [String; 6]) {
        self.table.push(cells);
    }

    /// Ends the table as a section of the answer; an empty one is left out.
    pub(super) fn push(self, ctx: &Context<'_>, answer: &mut Answer, heading: &str) {
        push_table(ctx, answer, heading, self.table);
    }

    fn claim(&mut self, subject: &str, sentence: &str, claim: &ClaimEvidence) {
        let of_field = match (&claim.field, &claim.value) {
            (Some(field), Some(value)) => format!(" [{field} = {value}]"),
            (Some(field), None) => format!(" [{field}]"),
            _ => String::new(),
        };
        let denies = match claim.denial {
            Some(weft_graph::Denial::Never) => ", denies that it ever was",
            Some(weft_graph::Denial::Ended) => ", says that it has ended",
            None => "",
        };
        self.table.push([
            subject.to_owned(),
            format!("{sentence}{of_field}"),
            claim.source.clone(),
            claim.locator.clone(),
            claim.date.map_or(String::new(), |it| it.to_string()),
            format!("{}{denies}", claim.certainty.as_str()),
        ]);
    }
}

/// "report: page 4", or the source alone where nothing says where in it.
pub(super) fn in_source(source: &str, locator: &str) -> String {
    if locator.is_empty() { source.to_owned() } else { format!("{source}: {locator}") }
}

/// Adds a table cut to what is shown, with the note about the rest; an empty one is left out.
pub(super) fn push_table(ctx: &Context<'_>, answer: &mut Answer, heading: &str, mut table: Table) {
    if table.rows.is_empty() {
        return;
    }
    let (limit, rest) = ctx.shown(table.rows.len(), ROWS);
    table.rows.truncate(limit);
    let mut section = Section::table(heading, table);
    section.notes.extend(rest);
    answer.push_section(section);
}

/// Adds a table as [`push_table`] does, or, where it is empty, what that means.
pub(super) fn push_table_or(
    ctx: &Context<'_>,
    answer: &mut Answer,
    heading: &str,
    table: Table,
    none: &str,
) {
    if table.rows.is_empty() {
        answer.push_section(Section::text(heading, vec![none.to_owned()]));
    } else {
        push_table(ctx, answer, heading, table);
    }
}
