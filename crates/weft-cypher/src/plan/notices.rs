//! What is allowed and probably not meant, as far as only the graph can tell: labels, types and
//! properties that it does not know, directions that say nothing, and patterns that ask for very much.

use std::collections::HashSet;

use super::uses::Uses;
use super::{OperatorKind, Plan};
use crate::ast::{BinaryOperator, Comparison, Direction};
use crate::bound::{
    BoundQuery, CreatePattern, Expr, ExprKind, Labels, Match, Notice, NoticeKind, Pattern,
    Properties, RelationshipPattern, SetItem, Slot, Step,
};
use crate::suggest::did_you_mean;
use crate::{Graph, Span};

/// Walks of any length are noticed from so many relationships on that they may take.
const WALKED_TIES_MIN: usize = 10_000;

/// The notices of a query, and those that hold only if it is answered in a certain way.
pub(crate) struct Notices {
    sure: Vec<Notice>,
    /// Walks of any length, by the slot of their relationships.
    walks: Vec<(Slot, Notice)>,
}

impl Notices {
    /// What there is to say of a query.
    pub(crate) fn of(query: &BoundQuery, graph: &Graph) -> Self {
        let words = Words::written(query);
        let all = Self { sure: Vec::new(), walks: Vec::new() };
        let mut collector = Collector { query, graph, words, all };
        let unions = query.subqueries.iter().chain([&query.union]);
        for part in unions.flat_map(|it| &it.parts) {
            for (at, step) in part.steps.iter().enumerate() {
                if let Step::Match(it) = step {
                    collector.pattern(it, &part.steps[at + 1..]);
                }
            }
        }
        collector.labels_of_conditions();
        collector.properties();
        collector.all
    }

    /// All of them, once it is known how the query is answered: a walk that is not walked, because only
    /// its ends are asked for, is none to speak of.
    pub(crate) fn with(self, plan: &Plan) -> impl Iterator<Item = Notice> {
        let is_walked = |slot: Slot| {
            plan.operators.iter().any(|it| match &it.kind {
                OperatorKind::VarExpand(walk) => {
                    walk.ends.tie == slot && walk.n_max.is_none() && !walk.only_ends
                }
                OperatorKind::Repeat(walk) => walk.ends.tie == slot && walk.n_max.is_none(),
                _ => false,
            })
        };
        let walks: Vec<_> = self.walks.into_iter().filter(|it| is_walked(it.0)).collect();
        self.sure.into_iter().chain(walks.into_iter().map(|it| it.1))
    }
}

/// All that a query does, subqueries included.
fn steps(query: &BoundQuery) -> impl Iterator<Item = &Step> {
    let unions = query.subqueries.iter().chain([&query.union]);
    unions.flat_map(|it| &it.parts).flat_map(|it| &it.steps)
}

/// The labels and types that a query gives itself.
#[derive(Default)]
struct Words<'q> {
    labels: HashSet<&'q str>,
    types: HashSet<&'q str>,
    /// Whether it gives some that are known only when it runs.
    any: bool,
}

impl<'q> Words<'q> {
    fn written(query: &'q BoundQuery) -> Self {
        let mut words = Self::default();
        if !query.is_write {
            return words;
        }
        for step in steps(query) {
            match step {
                Step::Create(patterns) => patterns.iter().for_each(|it| words.create(it)),
                Step::Merge(it) => {
                    words.create(&it.create);
                    words.set(it.on_create.iter().chain(&it.on_match));
                }
                Step::Set(items) => words.set(items.iter()),
                _ => {}
            }
        }
        words
    }

    fn create(&mut self, pattern: &'q CreatePattern) {
        self.labels.extend(pattern.nodes.iter().flat_map(|it| &it.labels).map(|it| &**it));
        self.types.extend(pattern.relationships.iter().map(|it| &*it.relation_type));
        self.any |= pattern.nodes.iter().any(|it| !it.computed_labels.is_empty())
            || pattern.relationships.iter().any(|it| it.computed_type.is_some());
    }

    fn set(&mut self, items: impl Iterator<Item = &'q SetItem>) {
        for item in items {
            if let SetItem::Labels { labels, computed, .. } = item {
                self.labels.extend(labels.iter().map(|it| &**it));
                self.any |= !computed.is_empty();
            }
        }
    }
}

struct Collector<'g> {
    query: &'g BoundQuery,
    graph: &'g Graph,
    words: Words<'g>,
    all: Notices,
}

impl<'g> Collector<'g> {
    /// A `MATCH` and what comes after it.
    fn pattern(&mut self, it: &Match, later: &[Step]) {
        for pattern in with_repeated(&it.patterns) {
            for node in &pattern.nodes {
                let name = self.name(node.slot);
                if node.labels.is_none() && !node.is_bound && self.is_label(name) {
                    let message = format!(
                        "`{name}` is a variable here, and any node fits: a label stands behind a \
                         colon, `(:{name})`"
                    );
                    self.add(NoticeKind::ProbablyAWord, node.span, message);
                }
                for name in node.labels.iter().flat_map(names) {
                    self.label(name, node.span);
                }
            }
            for tie in &pattern.relationships {
                let name = self.name(tie.slot);
                let schema = self.graph.snapshot().schema();
                let is_type = !schema.relations_named(name).is_empty() && tie.repeated.is_none();
                if tie.types.is_none() && !tie.is_bound && is_type {
                    let message = format!(
                        "`{name}` is a variable here, and any relationship fits: a type stands \
                         behind a colon, `[:{name}]`"
                    );
                    self.add(NoticeKind::ProbablyAWord, tie.span, message);
                }
                for name in tie.types.iter().flat_map(names) {
                    self.relation_type(name, tie.direction, tie.span);
                }
                if pattern.shortest.is_none() {
                    self.length(tie);
                }
            }
        }
        self.product(it, later);
    }

    fn name(&self, slot: Slot) -> &'g str {
        &self.query.slot_names[slot.index()]
    }

    fn is_label(&self, name: &str) -> bool {
        self.graph.snapshot().schema().label_id(name).is_some()
    }

    /// Whether there is nothing yet, so that no word can be wrong.
    fn is_blank(&self) -> bool {
        self.graph.n_nodes() == 0
    }

    fn label(&mut self, name: &str, span: Span) {
        let schema = self.graph.snapshot().schema();
        let is_given = self.words.any || self.words.labels.contains(name);
        let is_known = is_given || self.graph.knows_label(name);
        if is_known || (schema.is_open() && self.is_blank()) {
            return;
        }
        let known = schema.labels().iter().map(String::as_str);
        let hint = did_you_mean(name, known).unwrap_or_default();
        let message =
            format!("`:{name}` is no label of this graph, so nothing has it{}", tail(&hint));
        self.add(NoticeKind::UnknownLabel, span, message);
    }

    fn relation_type(&mut self, name: &str, direction: Direction, span: Span) {
        let schema = self.graph.snapshot().schema();
        let is_given = self.words.any || self.words.types.contains(name);
        let is_known = is_given || self.graph.knows_type(name);
        let is_blank = schema.is_open() && self.is_blank();
        if !is_known && !is_blank {
            let known = schema.relations().iter().map(|it| it.type_name.as_str());
            let hint = did_you_mean(name, known).unwrap_or_default();
            let message =
                format!("`:{name}` is no type of this graph, so nothing has it{}", tail(&hint));
            self.add(NoticeKind::UnknownType, span, message);
        }
        let relations = schema.relations_named(name);
        let is_symmetric = relations.iter().any(|it| schema.relation(*it).symmetric);
        if is_symmetric && direction != Direction::Either {
            let message = format!(
                "`:{name}` holds both ways, and is stored one way round: without a direction, \
                 `-[:{name}]-`, both are found"
            );
            self.add(NoticeKind::NeedlessDirection, span, message);
        }
    }

    /// `n:Label` as a condition; of a relationship it is a type.
    fn labels_of_conditions(&mut self) {
        for (labels, span) in &self.query.asked_labels {
            for name in names(labels) {
                if !self.words.types.contains(name) && !self.graph.knows_type(name) {
                    self.label(name, *span);
                }
            }
        }
    }

    fn properties(&mut self) {
        if self.is_blank() {
            return;
        }
        for (key, span) in &self.query.asked_properties {
            if self.graph.knows_property(key) {
                continue;
            }
            let known = self.graph.snapshot().property_names();
            let told = NO_PROPERTIES.iter().find(|it| it.0.eq_ignore_ascii_case(key));
            let hint = match told {
                Some((_, hint)) => (*hint).to_owned(),
                None => did_you_mean(key, known).unwrap_or_default(),
            };
            let message = format!("nothing in this graph has the property `{key}`{}", tail(&hint));
            self.add(NoticeKind::UnknownProperty, *span, message);
        }
    }

    /// Walks of any length over many relationships. A forest has fewer of them than nodes, and walks in
    /// it are few.
    fn length(&mut self, tie: &RelationshipPattern) {
        if tie.is_bound || !matches!(tie.length, Some((_, None))) {
            return;
        }
        let n_of = |tie: &RelationshipPattern| match &tie.types {
            None => self.graph.n_ties(),
            Some(types) => names(types).into_iter().map(|it| self.graph.n_ties_of_type(it)).sum(),
        };
        let n_ties: usize = match &tie.repeated {
            None => n_of(tie),
            Some(it) => it.pattern.relationships.iter().map(n_of).min().unwrap_or_default(),
        };
        if n_ties < WALKED_TIES_MIN || n_ties < self.graph.n_nodes() {
            return;
        }
        let message = format!(
            "walks of any length over {n_ties} relationships may be too many to count: give them a \
             greatest length, `*1..4` or `{{1,4}}`, or ask for `shortestPath(..)`"
        );
        let (kind, span) = (NoticeKind::UnboundedLength, tie.span);
        self.all.walks.push((tie.slot, Notice { kind, span, message }));
    }

    /// Patterns of one clause that have nothing to do with each other.
    fn product(&mut self, it: &Match, later: &[Step]) {
        if it.patterns.len() < 2 {
            return;
        }
        let mut groups: Vec<Group> = Vec::new();
        for pattern in &it.patterns {
            let group = self.group(pattern);
            join(&mut groups, group);
        }
        if groups.iter().filter(|it| it.is_wide).count() < 2 {
            return;
        }
        let uses = Uses::of(self.query);
        for condition in it.predicate.iter().flat_map(conditions) {
            let slots: HashSet<Slot> = uses.expr(condition).into_iter().collect();
            let touches = |it: &Group| it.slots.iter().any(|it| slots.contains(it));
            if !groups.iter().any(touches) {
                continue;
            }
            // What is compared with a value, or with something of an earlier clause, is looked up.
            let is_wide = !narrows(condition);
            join(&mut groups, Group { slots, is_wide, first: None });
        }
        joined_later(&mut groups, later, &uses);
        let mut wide: Vec<Slot> =
            groups.iter().filter(|it| it.is_wide).filter_map(|it| it.first).collect();
        wide.sort_unstable();
        if let [a, b, ..] = wide[..] {
            let message = format!(
                "each match of the pattern of `{}` comes with each of that of `{}`: join them by a \
                 relationship, or by a condition in `WHERE`",
                self.name(a),
                self.name(b)
            );
            self.add(NoticeKind::CartesianProduct, it.span, message);
        }
    }

    fn group(&self, pattern: &Pattern) -> Group {
        let is_asked = |it: &Properties| !matches!(it, Properties::None);
        let is_narrow = pattern.nodes.iter().any(|it| {
            let is_one = it.labels.as_ref().is_some_and(|it| match it {
                Labels::Label(name) => self.graph.n_nodes_with_label(name) <= 1,
                _ => false,
            });
            it.is_bound || is_one || is_asked(&it.properties) || it.predicate.is_some()
        }) || pattern
            .relationships
            .iter()
            .any(|it| it.is_bound || is_asked(&it.properties) || it.predicate.is_some());
        let named = pattern.nodes.iter().map(|it| it.slot);
        Group { slots: slots_of(pattern), is_wide: !is_narrow, first: named.into_iter().next() }
    }

    fn add(&mut self, kind: NoticeKind, span: Span, message: String) {
        let notice = Notice { kind, span, message };
        if !self.all.sure.contains(&notice) {
            self.all.sure.push(notice);
        }
    }
}

/// Patterns, and those that are repeated in them.
fn with_repeated(patterns: &[Pattern]) -> Vec<&Pattern> {
    let mut res: Vec<&Pattern> = patterns.iter().collect();
    for pattern in patterns {
        let repeated = pattern.relationships.iter().filter_map(|it| it.repeated.as_deref());
        res.extend(repeated.map(|it| &it.pattern));
    }
    res
}

/// Patterns that have to do with each other.
struct Group {
    slots: HashSet<Slot>,
    /// Whether nothing says that there are few matches.
    is_wide: bool,
    /// A node of it; none of what is only a condition.
    first: Option<Slot>,
}

/// Adds a group, as one with all that it has to do with.
fn join(groups: &mut Vec<Group>, mut group: Group) {
    let (touching, others): (Vec<Group>, Vec<Group>) =
        std::mem::take(groups).into_iter().partition(|it| !it.slots.is_disjoint(&group.slots));
    for it in touching.into_iter().rev() {
        group.slots.extend(it.slots);
        group.is_wide &= it.is_wide;
        group.first = it.first.or(group.first);
    }
    *groups = others;
    groups.push(group);
}

/// Joins groups that the next clauses join: by a pattern, or by a condition on the columns that they hand
/// on, as long as these are still the rows of the matches.
fn joined_later(groups: &mut Vec<Group>, later: &[Step], uses: &Uses) {
    for step in later {
        let mut joined: Vec<HashSet<Slot>> = Vec::new();
        match step {
            Step::Match(Match { optional: false, patterns, predicate, .. }) => {
                joined.extend(patterns.iter().map(slots_of));
                let conditions = predicate.iter().flat_map(conditions);
                joined.extend(conditions.map(|it| uses.expr(it).into_iter().collect()));
            }
            Step::Project(it) if it.aggregation.is_none() && it.limit.is_none() => {
                // What a column is made of stands in its slot from here on.
                for (slot, expr) in &it.columns {
                    let read = uses.expr(expr);
                    for group in groups.iter_mut() {
                        if read.iter().any(|it| group.slots.contains(it)) {
                            group.slots.insert(*slot);
                        }
                    }
                }
                let conditions = it.predicate.iter().flat_map(conditions);
                joined.extend(conditions.map(|it| uses.expr(it).into_iter().collect()));
            }
            Step::Unwind { .. } => {}
            _ => return,
        }
        for slots in joined {
            let touches = |it: &&Group| !it.slots.is_disjoint(&slots);
            if groups.iter().filter(touches).count() > 1 {
                let is_wide = groups.iter().any(|it| touches(&it) && it.is_wide);
                join(groups, Group { slots, is_wide, first: None });
            }
        }
    }
}

/// The slots that a pattern fills or reads as its own.
fn slots_of(pattern: &Pattern) -> HashSet<Slot> {
    let nodes = pattern.nodes.iter().map(|it| it.slot);
    let ties = pattern.relationships.iter();
    let lists = ties.clone().filter_map(|it| it.repeated.as_deref()).flat_map(|it| &it.lists);
    let slots = nodes.chain(ties.map(|it| it.slot)).chain(pattern.path);
    slots.chain(lists.map(|it| it.1)).collect()
}

/// The conditions that must all hold.
fn conditions(predicate: &Expr) -> &[Expr] {
    match &predicate.kind {
        ExprKind::And(all) => all,
        _ => std::slice::from_ref(predicate),
    }
}

/// Whether a condition says what a value is to be.
fn narrows(condition: &Expr) -> bool {
    match &condition.kind {
        ExprKind::Comparison(_, rest) => rest.iter().any(|it| it.0 == Comparison::Equal),
        ExprKind::Binary(operator, ..) => {
            matches!(operator, BinaryOperator::In | BinaryOperator::StartsWith)
        }
        ExprKind::Or(all) => all.iter().all(narrows),
        _ => false,
    }
}

/// What is no property here, though it is in other languages.
const NO_PROPERTIES: &[(&str, &str)] = &[
    ("type", "the type of a relationship is `type(r)`"),
    ("label", "the labels of a node are `labels(n)`"),
    ("labels", "the labels of a node are `labels(n)`"),
    ("id", "the id is `elementId(n)`"),
    ("_id", "the id is `elementId(n)`"),
];

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
    use weft_graph::{Schema, SnapshotBuilder, fixture};

    use crate::{Parameters, Procedures, RunOptions, Transaction};

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        check_in(&Transaction::new(fixture("a:university -hosts-> b:facility")), text, expected);
    }

    /// The same in a graph without a schema, in which the transaction has written something.
    #[track_caller]
    fn check_free(text: &str, expected: &[&str]) {
        check_in(&free("CREATE (:A {x: 1})-[:T {since: 1}]->(:B {y: 1}), (:B)"), text, expected);
    }

    fn free(filled_by: &str) -> Transaction {
        let empty = SnapshotBuilder::new(Schema::open().into()).build();
        let mut transaction = Transaction::new(empty);
        let prepared = transaction.prepare(filled_by, &Procedures::default()).unwrap();
        transaction.run(&prepared, &Parameters::new(), &RunOptions::default()).unwrap();
        transaction
    }

    #[track_caller]
    fn check_in(transaction: &Transaction, text: &str, expected: &[&str]) {
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
        check("MATCH (a) WHERE a:Univercity RETURN a", &["University"]);
        check("MATCH (a)-[r]->(b) WHERE r:HOSTS AND b:Facility RETURN b", &[]);
    }

    #[test]
    fn words_of_a_graph_without_a_schema_are_those_that_something_bears() {
        check_free("MATCH (a:A)-[:T]->(b:B) RETURN b", &[]);
        check_free("MATCH (a:C) RETURN a", &["`:C` is no label"]);
        check_free("MATCH (a)-[:S|T]->(b) RETURN b", &["`:S` is no type"]);
        check_free("CREATE (:C)-[:S]->() WITH 1 AS one MATCH (a:C)-[:S]->() RETURN a", &[]);
        check_free("MATCH (a:A) SET a:C WITH a MATCH (c:C) RETURN c", &[]);
    }

    #[test]
    fn a_property_that_nothing_has_is_noticed() {
        check("MATCH (a) WHERE a.stge = 'idea' RETURN a.nme, a.nme AS b", &["`stage`", "`name`"]);
        check("MATCH (a {nme: 'x'})-[r {rolle: 1}]->() RETURN a", &["`name`", "`role`"]);
        check("MATCH (a) RETURN a {.nme}, [(a)--(b) | b.kind]", &["`name`", "`kind`"]);
        check("MATCH (a) RETURN a.stage, a.amount, a.aliases", &[]);
        check_free("MATCH (a)-[r:T]->(b) RETURN a.x, b.y, r.since, r.until", &["`until`"]);
        check_free("MATCH (a) REMOVE a.z", &["`z`"]);
    }

    #[test]
    fn a_property_that_the_query_gives_or_that_is_none_of_the_graph_is_not_noticed() {
        check_free("MATCH (a) SET a.z = 1 WITH a RETURN a.z", &[]);
        check_free("MERGE (a {z: 1}) RETURN a.z", &[]);
        check_free("CREATE (a $map) RETURN a.z", &[]);
        check_free("MATCH (a) SET a += {z: 1} RETURN a.z", &[]);
        check_free("MATCH (a) SET a += $map RETURN a.z", &[]);
        check_free("UNWIND $rows AS row MATCH (a {x: row.z}) RETURN a, row.w", &[]);
        check_free("WITH {z: 1} AS map RETURN map.z, date().year, properties(map).w", &[]);
    }

    #[test]
    fn in_a_graph_without_anything_no_word_is_wrong() {
        check_in(&free("RETURN 1"), "MATCH (a:C {z: 1})-[:S]->(b) RETURN a.w", &[]);
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
        check("MATCH (a) WHERE a.name > NULL RETURN a", &["`> NULL` is never true"]);
        check("MATCH (a {name: NULL}) RETURN a", &["`WHERE n.name IS NULL`"]);
        check("MATCH (a) WHERE a.name IS NULL AND a.stage = $x RETURN a", &[]);
        check_free("MATCH (a) SET a.x = NULL CREATE ({x: NULL})", &[]);
    }

    #[test]
    fn a_direction_that_says_nothing_is_noticed() {
        check("MATCH (a)-[:PARTNERS_WITH]-(b) RETURN b", &[]);
        check("MATCH (a)-[:PARTNERS_WITH]->(b) RETURN b", &["both ways"]);
    }

    #[test]
    fn patterns_that_nothing_joins_are_noticed() {
        check_free(
            "MATCH (a), (b) RETURN a, b",
            &["pattern of `a` comes with each of that of `b`"],
        );
        check_free(
            "MATCH (a)-->(b), (c), (b)--(d) RETURN *",
            &["of `a` comes with each of that of `c`"],
        );
        check_free("MATCH (a), (b) WHERE a.x > 1 RETURN a, b", &["each match"]);
        check_free("MATCH (a), (b) WITH a, b WHERE a.x > 1 RETURN a, b", &["each match"]);
        check_free("MATCH (a), (b) WITH a, b LIMIT 5 WHERE a.x < b.y RETURN a, b", &["each match"]);
        check_free("MATCH (a), (b) WITH count(a) AS n, b WHERE n < b.y RETURN b", &["each match"]);
        check_free("MATCH (a), (b) OPTIONAL MATCH (a)-->(b) RETURN a, b", &["each match"]);
        for joined in [
            "MATCH (a)-->(b), (b)-->(c) RETURN *",
            "MATCH (a), (b) WHERE a.x < b.y RETURN *",
            "MATCH (a), (b) WHERE a.x = 1 RETURN *",
            "MATCH (a), (b) WHERE NOT EXISTS { (a)--(b) } RETURN *",
            "MATCH (a {x: 1}), (b {y: 1}) RETURN *",
            "MATCH (a:A), (b:B) RETURN *",
            "MATCH (a) MATCH (a), (b) RETURN *",
            "UNWIND $ids AS id MATCH (a), (b) WHERE id(a) = id RETURN *",
            "MATCH (a), (b), p = shortestPath((a)-[*]-(b)) RETURN p",
            "MATCH (a), (b) WITH a, b WHERE a.x < b.y RETURN *",
            "MATCH (a), (b) WITH a.x AS x, b.y AS y WHERE x < y RETURN *",
            "MATCH (a), (b) WITH *, a.x AS x WITH x, b WHERE x = b.y RETURN *",
            "MATCH (a), (b) MATCH (a)-->(b) RETURN *",
            "MATCH (a), (b) MATCH p = shortestPath((a)-[*]-(b)) RETURN p",
        ] {
            check_free(joined, &[]);
        }
    }

    #[test]
    fn walks_of_any_length_are_noticed_where_they_would_be_walked() {
        let many = free(
            "UNWIND range(1, 100) AS i CREATE (:A {x: i}) WITH count(*) AS n \
                         MATCH (a), (b) CREATE (a)-[:T]->(b)",
        );
        check_in(&many, "MATCH (a {x: 1})-[:T*]->(b) RETURN a, count(*)", &["`*1..4`"]);
        check_in(
            &many,
            "MATCH (a {x: 1})-[*2..]->(b) RETURN a, count(*)",
            &["10000 relationships"],
        );
        check_in(&many, "MATCH (a {x: 1}) ((c)-[:T]->(d))+ (b) RETURN a, count(*)", &["`{1,4}`"]);
        check_in(&many, "MATCH (a {x: 1}) ((c)-[:T]->(d)){1,3} (b) RETURN a, b", &[]);
        check_in(&many, "MATCH (a {x: 1})-[*]->(b) RETURN DISTINCT b", &[]);
        check_in(&many, "MATCH (a {x: 1})-[*..3]->(b) RETURN a, b", &[]);
        check_in(&many, "MATCH p = shortestPath((a {x: 1})-[*]->(b {x: 2})) RETURN p", &[]);
        check_free("MATCH (a {x: 1})-[*]->(b) RETURN a, b", &[]);
    }
}
