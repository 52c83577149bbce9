//! Random statements, as trees: everything that the parser can make, from a seed.

use weft_cypher::ast::*;
use weft_cypher::{NormalForm, Span, TypeName, TypeTest};

/// Makes trees; the same seed makes the same ones.
pub(crate) struct Trees {
    state: u64,
    /// How much more may be nested.
    fuel: usize,
}

const SPAN: Span = Span { start: 0, end: 0 };

impl Trees {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, fuel: 0 }
    }

    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % n
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.below(3) == 0 { Some(make(self)) } else { None }
    }

    fn many<T>(&mut self, min: usize, max: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let n = min + self.below(max - min + 1);
        (0..n).map(|_| make(self)).collect()
    }

    // Statements and clauses.

    pub(crate) fn statement(&mut self) -> Statement {
        self.fuel = 60;
        let mode = self.pick(&[Mode::Run, Mode::Run, Mode::Explain, Mode::Profile]);
        let body = match self.below(20) {
            0 | 1 => Body::Show(Box::new(self.show())),
            2 => Body::CreateIndex(self.create_index()),
            3 => Body::Drop(self.drop_command()),
            _ => Body::Query(self.query()),
        };
        Statement { mode, body }
    }

    fn show(&mut self) -> Show {
        let what = self.pick(&[
            Listed::Procedures,
            Listed::Functions,
            Listed::Indexes,
            Listed::Constraints,
        ]);
        let yields = self.maybe(Self::projection);
        let predicate = self.maybe(Self::predicate);
        let returns = if yields.is_some() { self.maybe(Self::projection) } else { None };
        Show { what, yields, predicate, returns }
    }

    fn create_index(&mut self) -> CreateIndex {
        let properties = self.many(1, 3, Self::name);
        CreateIndex {
            kind: self.pick(&[
                IndexKind::Range,
                IndexKind::Text,
                IndexKind::Point,
                IndexKind::Lookup,
            ]),
            name: self.maybe(Self::name),
            if_not_exists: self.coin(),
            target: match self.below(4) {
                0 => IndexTarget::Labels,
                1 => IndexTarget::Types,
                2 => IndexTarget::Relationships { relation_type: self.name(), properties },
                _ => IndexTarget::Nodes { label: self.name(), properties },
            },
            options: self.maybe(Self::value),
            span: SPAN,
        }
    }

    fn drop_command(&mut self) -> DropCommand {
        let is_constraint = self.coin();
        let is_named = is_constraint || self.coin();
        DropCommand {
            is_constraint,
            name: is_named.then(|| self.name()),
            of: (!is_named).then(|| (self.name(), self.many(1, 2, Self::name))),
            if_exists: is_named && self.coin(),
            span: SPAN,
        }
    }

    fn query(&mut self) -> Query {
        let first = self.single_query();
        let unions = self.maybe(|it| {
            it.many(1, 2, |it| Union { all: it.coin(), query: it.single_query(), span: SPAN })
        });
        Query { first, unions: unions.unwrap_or_default(), span: SPAN }
    }

    fn single_query(&mut self) -> SingleQuery {
        let clauses = match self.below(10) {
            0 => vec![Clause { kind: self.call_all(), span: SPAN }],
            _ => self.many(1, 4, |it| Clause { kind: it.clause(), span: SPAN }),
        };
        SingleQuery { clauses, span: SPAN }
    }

    fn call_all(&mut self) -> ClauseKind {
        let (procedure, arguments) = (self.dotted(), self.arguments());
        ClauseKind::Call(Call { procedure, arguments, yields: Some(Yields::Star) })
    }

    fn arguments(&mut self) -> Option<Vec<Expr>> {
        if self.coin() { Some(self.many(0, 3, Self::value)) } else { None }
    }

    fn clause(&mut self) -> ClauseKind {
        match self.below(12) {
            0 | 1 => ClauseKind::Match {
                optional: self.coin(),
                patterns: self.many(1, 3, Self::pattern),
                predicate: self.maybe(Self::predicate),
            },
            2 => ClauseKind::Unwind { list: self.value(), variable: self.name() },
            3 => {
                let (procedure, arguments) = (self.dotted(), self.arguments());
                let yields = self.maybe(|it| {
                    let items = it.many(0, 3, |it| YieldItem {
                        column: it.name(),
                        alias: it.maybe(Self::name),
                    });
                    let predicate = if items.is_empty() { None } else { it.maybe(Self::predicate) };
                    Yields::Items { items, predicate }
                });
                ClauseKind::Call(Call { procedure, arguments, yields })
            }
            4 if self.fuel > 10 => {
                self.fuel -= 10;
                let query = Box::new(self.query());
                let transactions =
                    self.maybe(|it| Transactions { n_rows: it.maybe(Self::value), span: SPAN });
                ClauseKind::Subquery { query, transactions }
            }
            4 if self.fuel > 5 => {
                self.fuel -= 5;
                ClauseKind::Foreach {
                    variable: self.name(),
                    list: self.value(),
                    clauses: self.many(1, 2, |it| Clause { kind: it.clause(), span: SPAN }),
                }
            }
            5 => ClauseKind::Create(self.many(1, 3, Self::pattern)),
            6 => ClauseKind::Merge {
                pattern: self.pattern(),
                on_create: self.many(0, 2, Self::set_item),
                on_match: self.many(0, 2, Self::set_item),
            },
            7 => ClauseKind::Set(self.many(1, 3, Self::set_item)),
            8 => ClauseKind::Remove(self.many(1, 3, Self::remove_item)),
            9 => ClauseKind::Delete {
                detach: self.coin(),
                expressions: self.many(1, 3, Self::value),
            },
            10 => ClauseKind::With {
                projection: self.projection(),
                predicate: self.maybe(Self::predicate),
            },
            _ => ClauseKind::Return(self.projection()),
        }
    }

    fn projection(&mut self) -> Projection {
        let star = self.below(4) == 0;
        Projection {
            distinct: self.coin(),
            star,
            items: self.many(usize::from(!star), 3, |it| ProjectionItem {
                expression: it.value(),
                alias: it.maybe(Self::name),
            }),
            order_by: self
                .maybe(|it| {
                    it.many(1, 2, |it| SortItem { expression: it.value(), descending: it.coin() })
                })
                .unwrap_or_default(),
            skip: self.maybe(Self::value),
            limit: self.maybe(Self::value),
        }
    }

    fn set_item(&mut self) -> SetItem {
        match self.below(4) {
            0 => SetItem::Property { target: self.value(), key: self.name(), value: self.value() },
            1 => SetItem::ComputedProperty {
                target: self.value(),
                key: self.value(),
                value: self.value(),
            },
            2 => SetItem::Properties { target: self.name(), value: self.value(), add: self.coin() },
            _ => SetItem::Labels { target: self.name(), labels: self.many(1, 3, Self::label) },
        }
    }

    fn remove_item(&mut self) -> RemoveItem {
        match self.below(3) {
            0 => RemoveItem::Property { target: self.value(), key: self.name() },
            1 => RemoveItem::ComputedProperty { target: self.value(), key: self.value() },
            _ => RemoveItem::Labels { target: self.name(), labels: self.many(1, 3, Self::label) },
        }
    }

    fn label(&mut self) -> Label {
        if self.coin() { Label::Name(self.name()) } else { Label::Computed(self.value()) }
    }

    // Patterns.

    fn pattern(&mut self) -> Pattern {
        let first = Shortest::First { n: 1 + self.below(3) as u64, groups: self.coin() };
        let shortest = [Some(Shortest::One), Some(Shortest::All), Some(first), None, None, None];
        let shortest = self.pick(&shortest);
        Pattern { variable: self.maybe(Self::name), shortest, ..self.path_with_repeated() }
    }

    /// A path with at least so many relationships.
    fn path(&mut self, n_steps_min: usize) -> Pattern {
        Pattern {
            variable: None,
            shortest: None,
            start: self.node(),
            steps: self.many(n_steps_min, 2, |it| (it.relationship(), it.node())),
            span: SPAN,
        }
    }

    /// A path of which a part may be repeated.
    fn path_with_repeated(&mut self) -> Pattern {
        let mut path = self.path(0);
        if self.fuel > 10 && self.below(4) == 0 {
            self.fuel -= 10;
            let repeated =
                Repeated { pattern: self.path(0), predicate: self.maybe(Self::predicate) };
            let min = self.below(4) as u64;
            let relationship = RelationshipPattern {
                variable: None,
                types: None,
                direction: Direction::Either,
                length: Some(Length {
                    min: Some(min),
                    max: self.maybe(|it| min + it.below(4) as u64),
                    span: SPAN,
                }),
                properties: None,
                predicate: None,
                repeated: Some(Box::new(repeated)),
                span: SPAN,
            };
            path.steps.push((relationship, self.node()));
        }
        path
    }

    fn node(&mut self) -> NodePattern {
        NodePattern {
            variable: self.maybe(Self::name),
            labels: self.maybe(|it| it.labels(3)),
            properties: self.maybe(Self::properties),
            predicate: self.maybe(Self::predicate),
            span: SPAN,
        }
    }

    fn relationship(&mut self) -> RelationshipPattern {
        RelationshipPattern {
            variable: self.maybe(Self::name),
            types: self.maybe(|it| it.labels(3)),
            direction: self.pick(&[Direction::Left, Direction::Right, Direction::Either]),
            length: self.maybe(|it| Length {
                min: it.maybe(|it| it.below(4) as u64),
                max: it.maybe(|it| it.below(4) as u64),
                span: SPAN,
            }),
            properties: self.maybe(Self::properties),
            predicate: self.maybe(Self::predicate),
            repeated: None,
            span: SPAN,
        }
    }

    fn properties(&mut self) -> Expr {
        let kind = match self.below(3) {
            0 => ExprKind::Parameter(self.text()),
            _ => ExprKind::Map(self.entries()),
        };
        expr(kind)
    }

    fn entries(&mut self) -> Vec<(Name, Expr)> {
        self.many(0, 2, |it| (it.name(), it.value()))
    }

    fn labels(&mut self, depth: usize) -> LabelExpr {
        let is_leaf = depth == 0 || self.coin();
        match self.below(4) {
            0 if !is_leaf => LabelExpr::Not(Box::new(self.labels(depth - 1))),
            1 if !is_leaf => {
                let (a, b) = (self.labels(depth - 1), self.labels(depth - 1));
                LabelExpr::And(Box::new(a), Box::new(b))
            }
            2 if !is_leaf => {
                let (a, b) = (self.labels(depth - 1), self.labels(depth - 1));
                LabelExpr::Or(Box::new(a), Box::new(b))
            }
            3 if self.fuel > 0 => {
                self.fuel -= 1;
                LabelExpr::Computed { expression: self.boxed(), any: self.coin() }
            }
            3 => LabelExpr::Any(SPAN),
            _ => LabelExpr::Label(self.name()),
        }
    }

    // Names and texts.

    fn name(&mut self) -> Name {
        Name { text: self.text(), span: SPAN }
    }

    fn text(&mut self) -> String {
        let plain = ["n", "m", "x", "name", "Company", "FUNDS", "größe", "_a1", "a$b"];
        let odd = [
            "two words",
            "back`tick",
            "match",
            "RETURN",
            "where",
            "end",
            "all",
            "any",
            "count",
            "exists",
            "reduce",
            "distinct",
            "1a",
            "a.b",
            "null",
            "in",
            "shortestPath",
            "``",
            "it's",
        ];
        if self.below(4) == 0 { self.pick(&odd) } else { self.pick(&plain) }.to_owned()
    }

    fn dotted(&mut self) -> Name {
        let parts = self.many(1, 3, |it| {
            it.pick(&["date", "truncate", "weft", "all", "any", "reduce", "exists", "set", "a b"])
        });
        Name { text: parts.join("."), span: SPAN }
    }

    // Expressions.

    /// An expression that stands where a condition may: a pattern, too.
    fn predicate(&mut self) -> Expr {
        match self.below(8) {
            0 if self.fuel > 5 => {
                self.fuel -= 5;
                let pattern = self.path(1);
                expr(ExprKind::PatternPredicate(Box::new(pattern)))
            }
            1 => expr(ExprKind::Unary(UnaryOperator::Not, Box::new(self.predicate()))),
            2 => {
                let operator =
                    self.pick(&[BinaryOperator::And, BinaryOperator::Or, BinaryOperator::Xor]);
                let (left, right) = (self.predicate(), self.predicate());
                expr(ExprKind::Binary(operator, Box::new(left), Box::new(right)))
            }
            _ => self.value(),
        }
    }

    fn type_test(&mut self, depth: u32) -> TypeTest {
        let n_types = 1 + self.below(2);
        let any_of = (0..n_types).map(|_| match self.below(4) {
            0 if depth > 0 => TypeName::List(Box::new(self.type_test(depth - 1))),
            1 => TypeName::Any,
            2 => TypeName::ZonedDateTime,
            _ => TypeName::PropertyValue,
        });
        TypeTest { any_of: any_of.collect(), is_not_null: self.coin() }
    }

    fn boxed(&mut self) -> Box<Expr> {
        Box::new(self.value())
    }

    fn maybe_boxed(&mut self) -> Option<Box<Expr>> {
        self.maybe(Self::boxed)
    }

    fn value(&mut self) -> Expr {
        if self.fuel == 0 || self.below(3) == 0 {
            let kind = self.leaf();
            return expr(kind);
        }
        self.fuel -= 1;
        let kind = self.branch();
        expr(kind)
    }

    fn leaf(&mut self) -> ExprKind {
        match self.below(9) {
            0 => ExprKind::Null,
            1 => ExprKind::Boolean(self.coin()),
            2 => ExprKind::Integer(self.pick(&[0, 1, -1, 42, i64::MAX, i64::MIN])),
            3 => ExprKind::Float(self.pick(&[0.0, -0.0, 1.5, -2.25, 1e300, 1e-300, 1e16])),
            4 => ExprKind::String(
                self.pick(&["", "a'b", "\\", "\"", "\n\t\r\u{8}", "日本", "\u{1F600}", "\u{7F}"])
                    .into(),
            ),
            5 => {
                let name = if self.coin() { "1".to_owned() } else { self.text() };
                ExprKind::Parameter(name)
            }
            6 => ExprKind::CountStar,
            _ => ExprKind::Variable(self.text()),
        }
    }

    fn branch(&mut self) -> ExprKind {
        match self.below(26) {
            0 => ExprKind::List(self.many(0, 3, Self::value)),
            1 => ExprKind::Map(self.entries()),
            2 => ExprKind::Property(self.boxed(), self.name()),
            3 => ExprKind::Index(self.boxed(), self.boxed()),
            4 => ExprKind::Slice(self.boxed(), self.maybe_boxed(), self.maybe_boxed()),
            5 => ExprKind::HasLabels(self.boxed(), self.labels(3)),
            6 => {
                let operator = self.pick(&[UnaryOperator::Minus, UnaryOperator::Plus]);
                ExprKind::Unary(operator, self.boxed())
            }
            7 => ExprKind::Unary(UnaryOperator::Not, self.boxed()),
            8..=13 => {
                use BinaryOperator::*;
                let operator = self.pick(&[
                    Or,
                    Xor,
                    And,
                    And,
                    And,
                    Add,
                    Subtract,
                    Subtract,
                    Multiply,
                    Divide,
                    Modulo,
                    Power,
                    In,
                    In,
                    StartsWith,
                    EndsWith,
                    Contains,
                    Regex,
                    Concatenate,
                ]);
                ExprKind::Binary(operator, self.boxed(), self.boxed())
            }
            14 | 15 => {
                use Comparison::*;
                let first = self.boxed();
                let others = self.many(1, 3, |it| {
                    let operator =
                        it.pick(&[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual]);
                    (operator, it.value())
                });
                ExprKind::Comparison(first, others)
            }
            16 if self.coin() => ExprKind::IsNull(self.boxed(), self.coin()),
            16 if self.coin() => ExprKind::IsType(self.boxed(), self.type_test(2), self.coin()),
            16 => ExprKind::IsNormalized(self.boxed(), self.pick(&NormalForm::ALL), self.coin()),
            17 => {
                let name = self.dotted();
                let arguments = self.many(0, 3, Self::value);
                let distinct = !arguments.is_empty() && self.coin();
                ExprKind::Function { name, distinct, arguments }
            }
            18 => {
                let subject = self.maybe_boxed();
                let has_subject = subject.is_some();
                let alternatives = self.many(1, 2, |it| {
                    let tests = match has_subject {
                        true => it.many(1, 2, Self::case_test),
                        false => vec![it.predicate()],
                    };
                    (tests, it.value())
                });
                ExprKind::Case { subject, alternatives, otherwise: self.maybe_boxed() }
            }
            19 => ExprKind::ListComprehension {
                variable: self.name(),
                list: self.boxed(),
                predicate: self.maybe(|it| Box::new(it.predicate())),
                value: self.maybe_boxed(),
            },
            20 if self.fuel > 5 => {
                self.fuel -= 5;
                let pattern = Pattern { variable: self.maybe(Self::name), ..self.path(1) };
                ExprKind::PatternComprehension {
                    pattern: Box::new(pattern),
                    predicate: self.maybe(|it| Box::new(it.predicate())),
                    value: self.boxed(),
                }
            }
            21 => ExprKind::Quantifier {
                quantifier: self.pick(&[
                    Quantifier::All,
                    Quantifier::Any,
                    Quantifier::None,
                    Quantifier::Single,
                ]),
                variable: self.name(),
                list: self.boxed(),
                predicate: self.maybe(|it| Box::new(it.predicate())),
            },
            22 => ExprKind::Reduce {
                accumulator: self.name(),
                start: self.boxed(),
                variable: self.name(),
                list: self.boxed(),
                value: self.boxed(),
            },
            23 => {
                let items = self.many(0, 3, |it| match it.below(4) {
                    0 => MapProjectionItem::Property(it.name()),
                    1 => MapProjectionItem::Entry(it.name(), it.value()),
                    2 => MapProjectionItem::Variable(it.name()),
                    _ => MapProjectionItem::All(SPAN),
                });
                ExprKind::MapProjection { variable: self.name(), items }
            }
            24 => {
                let shortest = self.pick(&[Some(Shortest::One), Some(Shortest::All)]);
                ExprKind::ShortestPath(Box::new(Pattern { shortest, ..self.path(0) }))
            }
            25 if self.fuel > 10 => {
                self.fuel -= 10;
                let query = Box::new(Subquery::Query(self.query()));
                let subquery = match self.coin() {
                    true => query,
                    false => Box::new(Subquery::Pattern {
                        patterns: self.many(1, 2, Self::pattern),
                        predicate: self.maybe(Self::predicate),
                    }),
                };
                match (self.below(3), &*subquery) {
                    (0, _) => ExprKind::Exists(subquery),
                    (1, Subquery::Query(_)) => ExprKind::Collect(subquery),
                    _ => ExprKind::Count(subquery),
                }
            }
            _ => self.leaf(),
        }
    }
}

impl Trees {
    /// What follows `WHEN` where something is compared.
    fn case_test(&mut self) -> Expr {
        let subject = Box::new(expr(ExprKind::Subject));
        match self.below(5) {
            0 => expr(ExprKind::Comparison(subject, vec![(Comparison::Less, self.value())])),
            1 => expr(ExprKind::IsNull(subject, self.coin())),
            2 => expr(ExprKind::IsType(subject, self.type_test(1), self.coin())),
            3 => expr(ExprKind::Binary(BinaryOperator::In, subject, self.boxed())),
            _ => self.value(),
        }
    }
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: SPAN }
}
