//! Patterns mean what their definition says: every way of putting nodes and relationships in their
//! places is tried, and what is left is compared with what the engine finds.
//!
//! Both plans of a query could share a fault; this evaluator shares nothing with them but the graph.
//! It knows no order of rows, so bags of rows are compared.

use std::fmt::Write;

use weft_cypher::{Parameters, PlanOptions, Procedures, RunOptions, Transaction};
use weft_graph::{Schema, SnapshotBuilder};
use weft_value::Value;

use crate::generator::Chance;

/// Graphs, and questions of each.
const N_GRAPHS: u64 = 120;
const N_QUESTIONS: usize = 12;

/// Nodes that a question may name, and relationships.
const N_VARIABLES: usize = 4;

/// A way of putting nodes in the places of a question: by variable, the number of a node.
type Places = [Option<usize>; N_VARIABLES];

/// What a clause finds for a row.
type Found = Vec<Places>;

struct Graph {
    /// By number: whether it has the label `A`, whether `B`, and its `x`.
    nodes: Vec<([bool; 2], usize)>,
    /// Type, start and end.
    ties: Vec<(usize, usize, usize)>,
}

/// `(v:Label)`, where both may be absent.
#[derive(Clone, Copy)]
struct Node {
    variable: Option<usize>,
    label: Option<usize>,
}

/// `-[:TYPE*least..most]->`
#[derive(Clone, Copy)]
struct Step {
    relation_type: Option<usize>,
    /// Whether it is gone forwards, and whether backwards.
    directions: [bool; 2],
    length: Option<(usize, Option<usize>)>,
}

/// A path: a node, and steps each with the node behind it.
type Walk = (Node, Vec<(Step, Node)>);

/// What `WHERE` asks.
#[derive(Clone)]
enum Condition {
    Less(usize, usize),
    HasLabel(usize, usize),
    IsNull(usize),
    Exists(Vec<Walk>),
    CountAtLeast(Vec<Walk>, usize),
    Not(Box<Condition>),
}

struct Clause {
    is_optional: bool,
    walks: Vec<Walk>,
    condition: Option<Condition>,
}

#[test]
fn patterns_match_what_their_definition_says() {
    let mut n_rows = 0;
    for seed in 0..N_GRAPHS {
        let mut chance = Chance(seed);
        let graph = Graph::by_chance(&mut chance);
        let mut transaction = graph.transaction();
        for _ in 0..N_QUESTIONS {
            let clauses = question(&mut chance);
            let text = written(&clauses);
            let mut expected = vec![Places::default()];
            for (n, clause) in clauses.iter().enumerate() {
                let bound = variables(&clauses[..n]);
                expected =
                    expected.iter().flat_map(|it| clause.of_row(it, &bound, &graph)).collect();
            }
            let expected = sorted(expected);
            for optimise in [false, true] {
                let found = found(&mut transaction, &text, optimise);
                assert_eq!(found, expected, "seed {seed}, optimised {optimise}\n{text}");
            }
            n_rows += usize::from(!expected.is_empty());
        }
    }
    // Questions that find nothing prove little.
    let n_questions = N_GRAPHS as usize * N_QUESTIONS;
    assert!(n_rows * 2 > n_questions, "{n_rows} of {n_questions} questions have rows");
}

impl Graph {
    fn by_chance(chance: &mut Chance) -> Self {
        let n_nodes = 1 + chance.below(4);
        let nodes = (0..n_nodes)
            .map(|_| ([chance.percent(50), chance.percent(40)], chance.below(3)))
            .collect();
        let n_ties = 1 + chance.below(5);
        let ties = (0..n_ties)
            .map(|_| (chance.below(2), chance.below(n_nodes), chance.below(n_nodes)))
            .collect();
        Self { nodes, ties }
    }

    fn transaction(&self) -> Transaction {
        let mut transaction = Transaction::new(SnapshotBuilder::new(Schema::open().into()).build());
        for (u, (labels, x)) in self.nodes.iter().enumerate() {
            let labels = label(0).repeat(labels[0].into()) + &label(1).repeat(labels[1].into());
            must_run(&mut transaction, &format!("CREATE (n{labels} {{u: {u}, x: {x}}})"));
        }
        for (relation_type, start, end) in &self.ties {
            let made = format!("(a)-[{}]->(b)", relation(*relation_type));
            let ends = format!("MATCH (a {{u: {start}}}), (b {{u: {end}}})");
            must_run(&mut transaction, &format!("{ends} CREATE {made}"));
        }
        transaction
    }
}

impl Clause {
    /// The rows that a row becomes.
    fn of_row(&self, row: &Places, bound: &[bool; N_VARIABLES], graph: &Graph) -> Found {
        let mut found = all_ways(&self.walks, row, bound, graph);
        found.retain(|it| self.condition.as_ref().is_none_or(|c| c.holds(it, graph)));
        if found.is_empty() && self.is_optional {
            found.push(*row);
        }
        found
    }
}

impl Condition {
    /// Whether it is true; what is not known is not.
    fn holds(&self, row: &Places, graph: &Graph) -> bool {
        self.truth(row, graph) == Some(true)
    }

    fn truth(&self, row: &Places, graph: &Graph) -> Option<bool> {
        // In a subquery every node of the row has its place.
        let ways = |walks: &Vec<Walk>| all_ways(walks, row, &[true; N_VARIABLES], graph).len();
        match self {
            Self::Less(a, b) => Some(graph.nodes[row[*a]?].1 < graph.nodes[row[*b]?].1),
            Self::HasLabel(of, label) => Some(graph.nodes[row[*of]?].0[*label]),
            Self::IsNull(of) => Some(row[*of].is_none()),
            Self::Exists(walks) => Some(ways(walks) > 0),
            Self::CountAtLeast(walks, n) => Some(ways(walks) >= *n),
            Self::Not(inner) => inner.truth(row, graph).map(|it| !it),
        }
    }
}

/// Every way of taking the walks of one clause, no relationship twice. A variable that is bound and
/// has no node matches nothing.
fn all_ways(walks: &[Walk], row: &Places, bound: &[bool; N_VARIABLES], graph: &Graph) -> Found {
    let mut ways = vec![(*row, *bound, Vec::new())];
    for (first, steps) in walks {
        let mut begun = Vec::new();
        for (places, bound, taken) in &ways {
            for at in 0..graph.nodes.len() {
                begun.extend(
                    put(*first, at, *places, *bound, graph).map(|it| (it, at, taken.clone())),
                );
            }
        }
        for (step, node) in steps {
            let mut next = Vec::new();
            for ((places, bound), at, taken) in begun {
                for (end, taken) in ends(step, at, taken, graph) {
                    next.extend(
                        put(*node, end, places, bound, graph).map(|it| (it, end, taken.clone())),
                    );
                }
            }
            begun = next;
        }
        ways =
            begun.into_iter().map(|((places, bound), _, taken)| (places, bound, taken)).collect();
    }
    ways.into_iter().map(|it| it.0).collect()
}

/// A node in the place that the pattern has for it, if it fits.
fn put(
    node: Node,
    at: usize,
    mut places: Places,
    mut bound: [bool; N_VARIABLES],
    graph: &Graph,
) -> Option<(Places, [bool; N_VARIABLES])> {
    let fits = node.label.is_none_or(|it| graph.nodes[at].0[it]);
    if let Some(variable) = node.variable {
        if bound[variable] && places[variable] != Some(at) {
            return None;
        }
        (places[variable], bound[variable]) = (Some(at), true);
    }
    fits.then_some((places, bound))
}

/// Where a step from a node may end, with the relationships taken by then.
fn ends(step: &Step, at: usize, taken: Vec<usize>, graph: &Graph) -> Vec<(usize, Vec<usize>)> {
    let (least, most) = step.length.unwrap_or((1, Some(1)));
    let mut res = Vec::new();
    let mut here = vec![(at, taken)];
    for n in 0..=most.unwrap_or(graph.ties.len()).min(graph.ties.len()) {
        if n >= least {
            res.extend(here.iter().cloned());
        }
        let mut next = Vec::new();
        for (at, taken) in here {
            for (tie, &(relation_type, start, end)) in graph.ties.iter().enumerate() {
                let is_right = step.relation_type.is_none_or(|it| it == relation_type);
                if !is_right || taken.contains(&tie) {
                    continue;
                }
                // A loop is one way, however it is gone.
                let forwards = step.directions[0] && start == at;
                let backwards = step.directions[1] && end == at && !(forwards && start == end);
                for end in
                    [forwards.then_some(end), backwards.then_some(start)].into_iter().flatten()
                {
                    next.push((end, [&taken[..], &[tie]].concat()));
                }
            }
        }
        here = next;
    }
    res
}

fn question(chance: &mut Chance) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    for _ in 0..1 + chance.below(3) {
        let n_walks = 1 + usize::from(chance.percent(25));
        let (is_optional, walks) = (chance.percent(40), walks(chance, n_walks));
        clauses.push(Clause { is_optional, walks, condition: None });
        let named = variables(&clauses);
        if chance.percent(50)
            && let Some(last) = clauses.last_mut()
        {
            last.condition = condition(chance, &named);
        }
    }
    clauses
}

fn walks(chance: &mut Chance, n: usize) -> Vec<Walk> {
    let walk = |chance: &mut Chance| {
        let n_steps = [0, 1, 1, 2][chance.below(4)];
        let first = node(chance);
        (first, (0..n_steps).map(|_| (step(chance), node(chance))).collect())
    };
    (0..n).map(|_| walk(chance)).collect()
}

fn node(chance: &mut Chance) -> Node {
    let variable = chance.percent(75).then(|| chance.below(N_VARIABLES));
    Node { variable, label: chance.percent(12).then(|| chance.below(2)) }
}

fn step(chance: &mut Chance) -> Step {
    const LENGTHS: [(usize, Option<usize>); 6] =
        [(1, None), (0, Some(1)), (0, None), (1, Some(2)), (2, Some(2)), (0, Some(0))];
    let length = chance.percent(30).then(|| LENGTHS[chance.below(LENGTHS.len())]);
    let relation_type = chance.percent(35).then(|| chance.below(2));
    let directions = [[true, false], [false, true], [true, true]][chance.below(3)];
    Step { relation_type, directions, length }
}

/// A condition on what is named, if anything is.
fn condition(chance: &mut Chance, named: &[bool; N_VARIABLES]) -> Option<Condition> {
    let names: Vec<usize> = (0..N_VARIABLES).filter(|it| named[*it]).collect();
    let pick = |chance: &mut Chance| Some(*names.get(chance.below(names.len().max(1)))?);
    let (a, b) = (pick(chance)?, pick(chance)?);
    // What a subquery names for the first time has no place outside of it.
    let only_named = |mut walks: Vec<Walk>| {
        for (first, steps) in &mut walks {
            let nodes = std::iter::once(first).chain(steps.iter_mut().map(|it| &mut it.1));
            nodes.for_each(|it| it.variable = it.variable.filter(|it| named[*it]));
        }
        walks
    };
    let condition = match chance.below(6) {
        0 | 1 => Condition::Less(a, b),
        2 => Condition::HasLabel(a, chance.below(2)),
        3 => Condition::IsNull(a),
        4 => Condition::Exists(only_named(walks(chance, 1))),
        _ => Condition::CountAtLeast(only_named(walks(chance, 1)), 1 + chance.below(3)),
    };
    Some(if chance.percent(30) { Condition::Not(Box::new(condition)) } else { condition })
}

/// Which variables the clauses name.
fn variables(clauses: &[Clause]) -> [bool; N_VARIABLES] {
    let mut res = [false; N_VARIABLES];
    for (first, steps) in clauses.iter().flat_map(|it| &it.walks) {
        let nodes = std::iter::once(first).chain(steps.iter().map(|it| &it.1));
        nodes.filter_map(|it| it.variable).for_each(|it| res[it] = true);
    }
    res
}

fn label(label: usize) -> String {
    format!(":{}", ["A", "B"][label])
}

fn relation(relation_type: usize) -> String {
    format!(":{}", ["S", "T"][relation_type])
}

fn written(clauses: &[Clause]) -> String {
    let mut res = String::new();
    for clause in clauses {
        let optional = if clause.is_optional { "OPTIONAL " } else { "" };
        let _ = write!(res, "{optional}MATCH {}", pattern(&clause.walks));
        if let Some(condition) = &clause.condition {
            let _ = write!(res, " WHERE {}", condition_text(condition));
        }
        res.push('\n');
    }
    let named = variables(clauses);
    let column = |it: usize| if named[it] { format!("n{it}.u") } else { "null".to_owned() };
    let columns: Vec<_> = (0..N_VARIABLES).map(|it| format!("{} AS c{it}", column(it))).collect();
    res + "RETURN " + &columns.join(", ")
}

fn condition_text(condition: &Condition) -> String {
    match condition {
        Condition::Less(a, b) => format!("n{a}.x < n{b}.x"),
        Condition::HasLabel(of, it) => format!("n{of}{}", label(*it)),
        Condition::IsNull(of) => format!("n{of} IS NULL"),
        Condition::Exists(walks) => format!("EXISTS {{ MATCH {} }}", pattern(walks)),
        Condition::CountAtLeast(walks, n) => {
            format!("COUNT {{ MATCH {} }} >= {n}", pattern(walks))
        }
        Condition::Not(inner) => format!("NOT ({})", condition_text(inner)),
    }
}

fn pattern(walks: &[Walk]) -> String {
    let walk = |(first, steps): &Walk| {
        steps
            .iter()
            .fold(node_text(first), |it, (step, node)| it + &step_text(step) + &node_text(node))
    };
    walks.iter().map(walk).collect::<Vec<_>>().join(", ")
}

fn node_text(node: &Node) -> String {
    let variable = node.variable.map(|it| format!("n{it}")).unwrap_or_default();
    format!("({variable}{})", node.label.map(label).unwrap_or_default())
}

fn step_text(step: &Step) -> String {
    let length = match step.length {
        None => String::new(),
        Some((least, most)) => {
            format!("*{least}..{}", most.map(|it| it.to_string()).unwrap_or_default())
        }
    };
    let inner = step.relation_type.map(relation).unwrap_or_default() + &length;
    match step.directions {
        [true, false] => format!("-[{inner}]->"),
        [false, true] => format!("<-[{inner}]-"),
        _ => format!("-[{inner}]-"),
    }
}

fn sorted(mut rows: Found) -> Found {
    rows.sort();
    rows
}

fn found(transaction: &mut Transaction, text: &str, optimise: bool) -> Found {
    let options = PlanOptions { optimise };
    let prepared = transaction.prepare_with(text, &Procedures::default(), options);
    let prepared = prepared.unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    let rows = transaction.run(&prepared, &Parameters::new(), &RunOptions::default());
    let rows = rows.unwrap_or_else(|error| panic!("{text}: {error}")).rows;
    let place = |value: &Value| match value {
        Value::Integer(it) => Some(*it as usize),
        _ => None,
    };
    let places = |row: &Vec<Value>| {
        let mut res = Places::default();
        row.iter().zip(&mut res).for_each(|(value, it)| *it = place(value));
        res
    };
    sorted(rows.iter().map(places).collect())
}

fn must_run(transaction: &mut Transaction, text: &str) {
    let prepared =
        transaction.prepare_with(text, &Procedures::default(), PlanOptions { optimise: true });
    let prepared = prepared.unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    let done = transaction.run(&prepared, &Parameters::new(), &RunOptions::default());
    done.unwrap_or_else(|error| panic!("{text}: {error}"));
}
