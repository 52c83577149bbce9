//! What is allowed and probably not meant, as far as only the graph can tell: labels and types that
//! it does not know, and directions that say nothing.

use crate::ast::Direction;
use crate::bound::{BoundQuery, Labels, Match, Notice, Step};
use crate::suggest::did_you_mean;
use crate::{Graph, Span};

/// The notices of a query, in the order of its clauses.
pub(super) fn notices(query: &BoundQuery, graph: &Graph) -> Vec<Notice> {
    let mut notices = Notices { graph, all: Vec::new() };
    for union in query.subqueries.iter().chain([&query.union]) {
        for step in union.parts.iter().flat_map(|it| &it.steps) {
            if let Step::Match(it) = step {
                notices.pattern(it, &query.slot_names);
            }
        }
    }
    notices.all
}

struct Notices<'g> {
    graph: &'g Graph,
    all: Vec<Notice>,
}

impl Notices<'_> {
    fn pattern(&mut self, it: &Match, slot_names: &[String]) {
        for pattern in &it.patterns {
            for node in &pattern.nodes {
                let name = &slot_names[node.slot.index()];
                if node.labels.is_none() && !node.is_bound && self.is_label(name) {
                    let message = format!(
                        "`{name}` is a variable here, and any node fits: a label stands behind a \
                         colon, `(:{name})`"
                    );
                    self.add(it.span, message);
                }
                for name in node.labels.iter().flat_map(names) {
                    self.label(name, it.span);
                }
            }
            for tie in &pattern.relationships {
                let name = &slot_names[tie.slot.index()];
                let schema = self.graph.snapshot().schema();
                let is_type = !schema.relations_named(name).is_empty();
                if tie.types.is_none() && !tie.is_bound && is_type {
                    let message = format!(
                        "`{name}` is a variable here, and any relationship fits: a type stands \
                         behind a colon, `[:{name}]`"
                    );
                    self.add(it.span, message);
                }
                for name in tie.types.iter().flat_map(names) {
                    self.relation_type(name, tie.direction, it.span);
                }
            }
        }
    }

    fn is_label(&self, name: &str) -> bool {
        self.graph.snapshot().schema().label_id(name).is_some()
    }

    fn label(&mut self, name: &str, span: Span) {
        let schema = self.graph.snapshot().schema();
        if schema.is_open() || schema.label_id(name).is_some() {
            return;
        }
        let known = schema.labels().iter().map(String::as_str);
        let hint = did_you_mean(name, known).unwrap_or_default();
        self.add(
            span,
            format!("`:{name}` is no label of this graph, so nothing has it{}", tail(&hint)),
        );
    }

    fn relation_type(&mut self, name: &str, direction: Direction, span: Span) {
        let schema = self.graph.snapshot().schema();
        let relations = schema.relations_named(name);
        if relations.is_empty() && !schema.is_open() {
            let known = schema.relations().iter().map(|it| it.type_name.as_str());
            let hint = did_you_mean(name, known).unwrap_or_default();
            let message =
                format!("`:{name}` is no type of this graph, so nothing has it{}", tail(&hint));
            self.add(span, message);
        }
        let is_symmetric = relations.iter().any(|it| schema.relation(*it).symmetric);
        if is_symmetric && direction != Direction::Either {
            let message = format!(
                "`:{name}` holds both ways, and is stored one way round: without a direction, \
                 `-[:{name}]-`, both are found"
            );
            self.add(span, message);
        }
    }

    fn add(&mut self, span: Span, message: String) {
        let notice = Notice { span, message };
        if !self.all.contains(&notice) {
            self.all.push(notice);
        }
    }
}

fn tail(hint: &str) -> String {
    if hint.is_empty() { String::new() } else { format!(" ({hint})") }
}

/// The names that labels speak of.
fn names(labels: &Labels) -> Vec<&str> {
    match labels {
        Labels::Label(name) => vec![name],
        Labels::Any => Vec::new(),
        Labels::And(all) | Labels::Or(all) => all.iter().flat_map(names).collect(),
        Labels::Not(it) => names(it),
    }
}

#[cfg(test)]
mod tests {
    use weft_graph::fixture;

    use crate::{Procedures, Transaction};

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let transaction = Transaction::new(fixture("a:university -hosts-> b:facility"));
        let prepared = transaction.prepare(text, &Procedures::default()).unwrap();
        let found: Vec<_> = prepared.notices().iter().map(|it| it.message.as_str()).collect();
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found}");
        }
    }

    #[test]
    fn words_that_the_graph_does_not_know_are_noticed() {
        check("MATCH (a:University)-[:HOSTS]->(b) RETURN b", &[]);
        check("MATCH (a:Univercity) RETURN a", &["University"]);
        check("MATCH (a)-[:HOST]->(b) RETURN b", &["HOSTS"]);
    }

    #[test]
    fn a_variable_that_is_called_as_a_label_or_a_type_is_noticed() {
        check("MATCH (University) RETURN University", &["`(:University)`"]);
        check("MATCH (a)-[HOSTS]->(b) RETURN b", &["`[:HOSTS]`"]);
        check("MATCH (University:University)-[HOSTS:HOSTS]->(b) RETURN b", &[]);
    }

    #[test]
    fn a_comparison_with_null_is_noticed() {
        check("MATCH (a) WHERE a.name = NULL RETURN a", &["`IS NULL`"]);
        check("MATCH (a) WHERE a.name <> NULL RETURN a", &["`IS NOT NULL`"]);
        check("MATCH (a) WHERE a.name IS NULL AND a.x = $x RETURN a", &[]);
    }

    #[test]
    fn a_direction_that_says_nothing_is_noticed() {
        check("MATCH (a)-[:PARTNERS_WITH]-(b) RETURN b", &[]);
        check("MATCH (a)-[:PARTNERS_WITH]->(b) RETURN b", &["both ways"]);
    }
}
