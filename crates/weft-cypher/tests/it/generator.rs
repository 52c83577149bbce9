//! Random queries over small random graphs: whatever they ask, it is asked in words that mean
//! exactly one answer, whichever order rows come in.
//!
//! So there is no `LIMIT` without an order of all columns, no list whose order is that of the rows,
//! and no expression that fails on some rows.

use std::fmt::Write;

/// Numbers by chance, the same for the same seed (SplitMix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % n as u64) as usize
    }

    pub(crate) fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Statements that make a small graph; each node and relationship has a number of its own, `u`.
pub(crate) fn graph(chance: &mut Chance) -> Vec<String> {
    let n_nodes = 1 + chance.below(4) + chance.below(4);
    let mut statements = Vec::new();
    for u in 0..n_nodes {
        let labels: String = ["A", "B", "C"].iter().filter(|_| chance.percent(40)).fold(
            String::new(),
            |mut it, label| {
                let _ = write!(it, ":{label}");
                it
            },
        );
        statements.push(format!("CREATE (n{labels} {{u: {u}{}}})", properties(chance)));
    }
    for u in 0..n_nodes + chance.below(n_nodes + 2) {
        let (start, end) = (chance.below(n_nodes), chance.below(n_nodes));
        let relation_type = chance.pick(&TYPES);
        let properties = properties(chance);
        statements.push(format!(
            "MATCH (a {{u: {start}}}), (b {{u: {end}}}) \
             CREATE (a)-[:{relation_type} {{u: {}{properties}}}]->(b)",
            100 + u
        ));
    }
    statements
}

/// A statement that changes a graph, in a way that does not depend on the order of rows; what it
/// makes has the number `u`.
pub(crate) fn write(chance: &mut Chance, u: usize) -> String {
    let label = *chance.pick(&["A", "B", "C", "D"]);
    let node = format!("(n{{u: {}}})", chance.below(7));
    let (x, s) = (chance.below(4), *chance.pick(&["'a'", "'b'", "null", "toUpper(n.s)"]));
    match chance.below(12) {
        0 => format!("MATCH {node} SET n.x = {x}, n.s = {s}"),
        1 => format!("MATCH (n:{label}) SET n.x = coalesce(n.x, 0) + 1, n:E"),
        2 => format!("MATCH (n) WHERE n.x > {x} SET n += {{x: null, y: {x}}}"),
        3 => format!("MATCH {node} SET n = {{u: n.u, x: {x}}}, n:{label}"),
        4 => format!("MATCH (n:{label}) REMOVE n:{label}, n.s"),
        5 => {
            format!("MERGE (n:{label} {{x: {x}}}) ON CREATE SET n.u = {u} ON MATCH SET n.s = 'met'")
        }
        6 => {
            let other = chance.below(7);
            let relation_type = chance.pick(&TYPES);
            format!(
                "MATCH {node}, (m {{u: {other}}}) MERGE (n)-[r:{relation_type}]->(m) \
                 ON CREATE SET r.u = {u} ON MATCH SET r.x = {x}"
            )
        }
        7 => format!("MATCH {node} DETACH DELETE n"),
        8 => format!("MATCH ()-[r]->() WHERE r.x = {x} DELETE r"),
        9 => format!("MATCH ()-[r:R]-() SET r.s = 'seen', r.x = {x}"),
        10 => {
            format!("MATCH (n:{label})-[r:S]->(m) CREATE (n)<-[:T {{u: r.u + 1000, x: {x}}}]-(m)")
        }
        _ => format!("CREATE (n:{label} {{u: {u}, x: {x}}})-[:R {{u: {}}}]->(n)", u + 1),
    }
}

fn properties(chance: &mut Chance) -> String {
    let mut text = String::new();
    if chance.percent(70) {
        let _ = write!(text, ", x: {}", chance.below(4));
    }
    if chance.percent(50) {
        let _ = write!(text, ", s: '{}'", chance.pick(&["a", "b", "ab"]));
    }
    text
}

/// A query, and whether its rows come in an order that it says.
pub(crate) fn query(chance: &mut Chance) -> (String, bool) {
    let mut generator = Generator { chance, scope: Vec::new(), n_names: 0, n_inner: 0 };
    generator.query()
}

const TYPES: [&str; 3] = ["R", "S", "T"];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Type {
    Node,
    Relationship,
    Relationships,
    Path,
    Integer,
    Text,
    Integers,
}

struct Generator<'a> {
    chance: &'a mut Chance,
    scope: Vec<(String, Type)>,
    n_names: usize,
    /// How deep in subqueries: they stay small.
    n_inner: usize,
}

impl Generator<'_> {
    fn query(&mut self) -> (String, bool) {
        if self.chance.percent(8) {
            let union = *self.chance.pick(&["UNION", "UNION ALL"]);
            let mut parts = Vec::new();
            for _ in 0..2 {
                self.scope.clear();
                let clauses = self.clauses();
                let (a, b) = (self.integer(2), self.text(1));
                parts.push(format!("{clauses} RETURN {a} AS a, {b} AS b"));
            }
            return (parts.join(&format!(" {union} ")), false);
        }
        let clauses = self.clauses();
        let (projection, is_ordered) = self.projection(true);
        (format!("{clauses} RETURN {projection}"), is_ordered)
    }

    fn clauses(&mut self) -> String {
        let n_clauses = 1 + self.chance.below(if self.n_inner > 0 { 1 } else { 4 });
        let clauses: Vec<_> = (0..n_clauses).map(|_| self.clause()).collect();
        clauses.join(" ")
    }

    fn clause(&mut self) -> String {
        match self.chance.below(13) {
            0..=5 => self.match_clause("MATCH"),
            6..=8 => self.match_clause("OPTIONAL MATCH"),
            9 => {
                let list = self.integers(1);
                let name = self.declare("v", Type::Integer);
                format!("UNWIND {list} AS {name}")
            }
            10 if self.n_inner == 0 => self.call_subquery(),
            _ if self.scope.is_empty() => self.match_clause("MATCH"),
            _ => {
                let (projection, _) = self.projection(false);
                let predicate = self.predicate(20);
                format!("WITH {projection}{predicate}")
            }
        }
    }

    fn match_clause(&mut self, word: &str) -> String {
        let n_patterns = if self.chance.percent(25) { 2 } else { 1 };
        let mut patterns = Vec::new();
        let mut new = Vec::new();
        for _ in 0..n_patterns {
            patterns.push(self.pattern(&mut new));
        }
        self.scope.append(&mut new);
        let predicate = self.predicate(30);
        format!("{word} {}{predicate}", patterns.join(", "))
    }

    fn predicate(&mut self, percent: usize) -> String {
        if self.chance.percent(percent) {
            format!(" WHERE {}", self.condition(2))
        } else {
            String::new()
        }
    }

    /// A pattern; what it introduces is put aside until all patterns of the clause are written.
    fn pattern(&mut self, new: &mut Vec<(String, Type)>) -> String {
        if self.chance.percent(6) {
            return self.shortest(new);
        }
        let mut text = self.node(new, true);
        let n_steps = *self.chance.pick(&[0, 1, 1, 1, 2, 2]);
        for _ in 0..n_steps {
            let relationship = match self.chance.percent(5) {
                true => self.repeated(new),
                false => self.relationship(new, true),
            };
            let _ = write!(text, "{relationship}{}", self.node(new, true));
        }
        if self.chance.percent(15) {
            let path = self.name("p");
            text = format!("{path} = {text}");
            new.push((path, Type::Path));
        }
        text
    }

    /// Which of several shortest paths is found is open, so that only its length is asked for.
    fn shortest(&mut self, new: &mut Vec<(String, Type)>) -> String {
        let (path, a, b) = (self.name("p"), self.node(new, true), self.node(new, true));
        let function = *self.chance.pick(&["shortestPath", "allShortestPaths"]);
        let relationship = *self.chance.pick(&["-[*]-", "-[:R|S*..3]->", "<-[*..4]-"]);
        if function == "allShortestPaths" {
            new.push((path.clone(), Type::Path));
        }
        format!("{path} = {function}({a}{relationship}{b})")
    }

    /// A node; with `may_name`, it may introduce a variable.
    fn node(&mut self, new: &mut Vec<(String, Type)>, may_name: bool) -> String {
        let known: Vec<_> =
            self.scope.iter().chain(new.iter()).filter(|it| it.1 == Type::Node).cloned().collect();
        let name = match self.chance.below(10) {
            0..=3 if !known.is_empty() => self.chance.pick(&known).0.clone(),
            0..=7 if may_name => {
                let name = self.name("n");
                new.push((name.clone(), Type::Node));
                name
            }
            _ => String::new(),
        };
        let labels = match self.chance.below(16) {
            0..=2 => self.chance.pick(&[":A", ":B", ":C"]),
            3 => {
                *self.chance.pick(&[":A:B", ":A|B", ":!A", ":%", ":$('A')", ":B|$any(['A', 'C'])"])
            }
            _ => "",
        };
        format!("({name}{labels}{})", self.pattern_properties())
    }

    /// A path that is repeated; its nodes have names that nothing else speaks of.
    fn repeated(&mut self, new: &mut Vec<(String, Type)>) -> String {
        let (a, b, r) = (self.name("g"), self.name("g"), self.name("r"));
        let labels = *self.chance.pick(&["", "", ":A", ":!B"]);
        let types = *self.chance.pick(&["", ":R", ":S|T"]);
        let arrows = *self.chance.pick(&[("-", "->"), ("<-", "-"), ("-", "-")]);
        let more = *self.chance.pick(&["", "", "--()"]);
        let where_ = match self.chance.below(4) {
            0 => format!(" WHERE {r}.x > 0"),
            1 => format!(" WHERE {a} <> {b}"),
            _ => String::new(),
        };
        let length = *self.chance.pick(&["{1,2}", "{,2}", "{2}", "{0,1}"]);
        new.push((r.clone(), Type::Relationships));
        format!(" (({a}{labels}){}[{r}{types}]{}({b}){more}{where_}){length} ", arrows.0, arrows.1)
    }

    fn relationship(&mut self, new: &mut Vec<(String, Type)>, may_name: bool) -> String {
        let length = if self.chance.percent(15) {
            *self.chance.pick(&["*..3", "*1..2", "*0..2", "*..2", "*2", "*0"])
        } else {
            ""
        };
        let name = if may_name && self.chance.percent(35) {
            let name = self.name("r");
            let of = if length.is_empty() { Type::Relationship } else { Type::Relationships };
            new.push((name.clone(), of));
            name
        } else {
            String::new()
        };
        let types = match self.chance.below(9) {
            0..=1 => self.chance.pick(&[":R", ":S", ":T"]),
            2 => *self.chance.pick(&[":R|S", ":R|S|T"]),
            _ => "",
        };
        let properties = if self.chance.percent(4) { " {x: 1}" } else { "" };
        let inside = format!("[{name}{types}{length}{properties}]");
        match self.chance.below(5) {
            0..=1 => format!("-{inside}->"),
            2 => format!("<-{inside}-"),
            _ => format!("-{inside}-"),
        }
    }

    fn pattern_properties(&mut self) -> String {
        match self.chance.below(30) {
            0 => format!(" {{x: {}}}", self.chance.below(4)),
            1 => format!(" {{s: '{}'}}", self.chance.pick(&["a", "b"])),
            2 => match self.of(Type::Node).or_else(|| self.of(Type::Relationship)) {
                Some(name) => format!(" {{x: {name}.x}}"),
                None => String::new(),
            },
            _ => String::new(),
        }
    }

    fn call_subquery(&mut self) -> String {
        let outer = self.scope.clone();
        let imported = self.of(Type::Node).filter(|_| self.chance.percent(70));
        self.scope.retain(|it| Some(&it.0) == imported.as_ref());
        self.n_inner += 1;
        let import = imported.map(|it| format!("WITH {it} ")).unwrap_or_default();
        let clauses = self.clauses();
        let value = if self.chance.percent(50) { self.integer(1) } else { "count(*)".into() };
        self.n_inner -= 1;
        self.scope = outer;
        let name = self.declare("c", Type::Integer);
        format!("CALL {{ {import}{clauses} RETURN {value} AS {name} }}")
    }

    /// What follows `WITH` (whose scope it makes) or `RETURN`; and whether it has an order.
    fn projection(&mut self, is_last: bool) -> (String, bool) {
        let mut items: Vec<(String, String, Type)> = Vec::new();
        let kept: Vec<_> =
            self.scope.iter().filter(|it| !(is_last && it.1 == Type::Path)).cloned().collect();
        for (name, of) in kept {
            if self.chance.percent(if is_last { 40 } else { 65 }) {
                items.push((name.clone(), name, of));
            }
        }
        let is_aggregated = self.chance.percent(30);
        for _ in 0..self.chance.below(2) + usize::from(items.is_empty() || is_aggregated) {
            let (value, of) = match (is_aggregated, self.chance.below(3)) {
                (true, _) => (self.aggregate(is_last), Type::Integer),
                (false, 0..=1) => (self.integer(2), Type::Integer),
                (false, _) => (self.text(1), Type::Text),
            };
            items.push((value, self.name("v"), of));
        }
        let distinct = if self.chance.percent(20) { "DISTINCT " } else { "" };
        let columns: Vec<_> = items
            .iter()
            .map(
                |(value, name, _)| {
                    if value == name { name.clone() } else { format!("{value} AS {name}") }
                },
            )
            .collect();
        let mut text = format!("{distinct}{}", columns.join(", "));
        let is_ordered = self.chance.percent(30);
        if is_ordered {
            let order: Vec<_> = items
                .iter()
                .map(|(_, name, _)| format!("{name}{}", self.chance.pick(&["", " DESC"])))
                .collect();
            let _ = write!(text, " ORDER BY {}", order.join(", "));
            if self.chance.percent(30) {
                let _ = write!(text, " SKIP {}", self.chance.below(2));
            }
            if self.chance.percent(60) {
                let _ = write!(text, " LIMIT {}", 1 + self.chance.below(5));
            }
        }
        self.scope = items.into_iter().map(|(_, name, of)| (name, of)).collect();
        (text, is_ordered)
    }

    fn aggregate(&mut self, is_last: bool) -> String {
        let value = self.integer(1);
        match self.chance.below(if is_last { 9 } else { 7 }) {
            0..=1 => "count(*)".into(),
            2 => format!("count(DISTINCT {value})"),
            3 => format!("sum({value})"),
            4 => format!("min({value})"),
            5 => format!("max({value})"),
            6 => format!("size(collect({value}))"),
            7 => format!("avg({value})"),
            _ => format!("count({value}) + 1"),
        }
    }

    fn integer(&mut self, depth: usize) -> String {
        let choice = if depth == 0 { self.chance.below(4) } else { self.chance.below(12) };
        match choice {
            0 => self.chance.below(4).to_string(),
            1..=2 => match self.of(Type::Node).or_else(|| self.of(Type::Relationship)) {
                Some(name) => format!("{name}.x"),
                None => self.chance.below(4).to_string(),
            },
            3 => self.of(Type::Integer).unwrap_or_else(|| "1".into()),
            4 => format!("({} + {})", self.integer(depth - 1), self.integer(depth - 1)),
            5 => format!("coalesce({}, 0)", self.integer(depth - 1)),
            6 => match self.of(Type::Path) {
                Some(path) => format!("length({path})"),
                None => format!("size({})", self.integers(depth - 1)),
            },
            7 => match self.of(Type::Relationships) {
                Some(all) => format!("size({all})"),
                None => format!("({} - 1)", self.integer(depth - 1)),
            },
            8 => {
                let (condition, a, b) =
                    (self.condition(depth - 1), self.integer(depth - 1), self.integer(depth - 1));
                format!("CASE WHEN {condition} THEN {a} ELSE {b} END")
            }
            9 => match self.of(Type::Node) {
                Some(_) => format!("COUNT {{ {} }}", self.pattern_inside()),
                None => "2".into(),
            },
            10 => match self.of(Type::Node) {
                Some(node) => {
                    let relationship = self.relationship(&mut Vec::new(), false);
                    let end = self.node(&mut Vec::new(), false);
                    format!("size([({node}){relationship}{end} | 1])")
                }
                None => "3".into(),
            },
            _ => {
                let (list, name) = (self.integers(depth - 1), self.name("i"));
                format!("reduce(t{name} = 0, {name} IN {list} | t{name} + {name})")
            }
        }
    }

    fn integers(&mut self, depth: usize) -> String {
        match self.chance.below(5) {
            0 if self.chance.percent(30) => "[]".into(),
            0..=1 => format!("range(0, {})", self.chance.below(3)),
            2 if depth > 0 => {
                let (list, name) = (self.integers(depth - 1), self.name("i"));
                format!("[{name} IN {list} WHERE {name} > 0 | {name} * 2]")
            }
            3 => self.of(Type::Integers).unwrap_or_else(|| "[2, 0]".into()),
            _ => {
                let (a, b) = (self.integer(0), self.integer(0));
                format!("[{a}, {b}]")
            }
        }
    }

    fn text(&mut self, depth: usize) -> String {
        match self.chance.below(6) {
            0 => format!("'{}'", self.chance.pick(&["a", "b", ""])),
            1..=2 => match self.of(Type::Node) {
                Some(name) => format!("{name}.s"),
                None => "'a'".into(),
            },
            3 => self.of(Type::Text).unwrap_or_else(|| "'b'".into()),
            4 if depth > 0 => format!("toUpper({})", self.text(depth - 1)),
            _ => match self.of(Type::Relationship) {
                Some(name) => format!("type({name})"),
                None => "'c'".into(),
            },
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        let choice = if depth == 0 { self.chance.below(6) } else { self.chance.below(15) };
        match choice {
            0..=2 => {
                let operator = *self.chance.pick(&["=", "<>", "<", "<=", ">", ">=", "="]);
                format!("{} {operator} {}", self.integer(depth.min(1)), self.integer(depth.min(1)))
            }
            3 => {
                let operator =
                    *self.chance.pick(&["=", "STARTS WITH", "ENDS WITH", "CONTAINS", "<"]);
                format!("{} {operator} {}", self.text(0), self.text(0))
            }
            4 => {
                let not = *self.chance.pick(&["", " NOT"]);
                format!("{} IS{not} NULL", self.integer(0))
            }
            5 => match self.of(Type::Node) {
                Some(name) => {
                    format!("{name}{}", self.chance.pick(&[":A", ":B", ":A:C", ":A|C", ":!B"]))
                }
                None => "true".into(),
            },
            6..=7 => format!("({} AND {})", self.condition(depth - 1), self.condition(depth - 1)),
            8 => format!("({} OR {})", self.condition(depth - 1), self.condition(depth - 1)),
            9 => format!("({} XOR {})", self.condition(depth - 1), self.condition(depth - 1)),
            10 => format!("NOT ({})", self.condition(depth - 1)),
            11 => format!("{} IN {}", self.integer(0), self.integers(0)),
            12 => match self.of(Type::Node) {
                Some(_) => {
                    let (pattern, predicate) = (self.pattern_inside(), self.predicate(40));
                    format!("EXISTS {{ {pattern}{predicate} }}")
                }
                None => "null".into(),
            },
            13 => match self.of(Type::Node) {
                Some(_) => self.pattern_inside(),
                None => "false".into(),
            },
            _ => {
                let word = *self.chance.pick(&["any", "all", "none", "single"]);
                let name = self.name("i");
                match self.of(Type::Relationships) {
                    Some(all) => format!("{word}({name} IN {all} WHERE {name}.x > 0)"),
                    None => {
                        let list = self.integers(0);
                        format!("{word}({name} IN {list} WHERE {name} > 0)")
                    }
                }
            }
        }
    }

    /// A pattern that begins at a known node and names nothing new.
    fn pattern_inside(&mut self) -> String {
        let node = self.of(Type::Node).unwrap_or_default();
        let relationship = self.relationship(&mut Vec::new(), false);
        let end = self.node(&mut Vec::new(), false);
        format!("({node}){relationship}{end}")
    }

    /// A variable of that type, if one is in scope.
    fn of(&mut self, of: Type) -> Option<String> {
        let known: Vec<_> = self.scope.iter().filter(|it| it.1 == of).collect();
        (!known.is_empty()).then(|| self.chance.pick(&known).0.clone())
    }

    fn declare(&mut self, prefix: &str, of: Type) -> String {
        let name = self.name(prefix);
        self.scope.push((name.clone(), of));
        name
    }

    fn name(&mut self, prefix: &str) -> String {
        self.n_names += 1;
        format!("{prefix}{}", self.n_names)
    }
}
