//! Tree to text: how a query is written canonically, with as few parentheses as read back the same.
//!
//! Words of the language are written in capitals, each clause of a statement on its own line. What
//! could not be read is written as a comment, so that the text does not read back.

use std::fmt;

use crate::ast::{
    BinaryOperator, Body, Call, Clause, ClauseKind, CreateIndex, Direction, DropCommand, Expr,
    ExprKind, IndexKind, IndexTarget, Label, LabelExpr, Length, MapProjectionItem, Mode, Name,
    NodePattern, Pattern, Projection, Quantifier, Query, RelationshipPattern, RemoveItem, SetItem,
    Shortest, Show, SingleQuery, Statement, Subquery, UnaryOperator, YieldItem, Yields,
};
use crate::lexer::{Kind, lex};
use crate::parser::{grow_stack, is_balanced, power};

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printer = Printer { text: String::new(), clause_separator: "\n" };
        printer.statement(self);
        f.write_str(&printer.text)
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printer = Printer { text: String::new(), clause_separator: " " };
        printer.expression(self);
        f.write_str(&printer.text)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printer = Printer { text: String::new(), clause_separator: " " };
        printer.pattern(self);
        f.write_str(&printer.text)
    }
}

/// The strength of what is no operator.
const ATOM: u8 = power::POSTFIX + 1;

struct Printer {
    text: String,
    clause_separator: &'static str,
}

impl Printer {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.push(", ");
            }
            write(self, item);
        }
    }

    // Queries and clauses.

    fn statement(&mut self, statement: &Statement) {
        match statement.mode {
            Mode::Run => {}
            Mode::Explain => self.push("EXPLAIN "),
            Mode::Profile => self.push("PROFILE "),
        }
        match &statement.body {
            Body::Query(query) => self.query(query),
            Body::Show(show) => self.show(show),
            Body::CreateIndex(index) => self.create_index(index),
            Body::Drop(command) => self.drop_command(command),
        }
    }

    fn show(&mut self, show: &Show) {
        self.push("SHOW ");
        self.push(show.what.as_str());
        if let Some(yields) = &show.yields {
            self.push(" YIELD ");
            self.projection(yields);
        }
        self.predicate(show.predicate.as_ref());
        if let Some(returns) = &show.returns {
            self.push(" RETURN ");
            self.projection(returns);
        }
    }

    fn create_index(&mut self, index: &CreateIndex) {
        self.push(match index.kind {
            IndexKind::Range => "CREATE INDEX",
            IndexKind::Text => "CREATE TEXT INDEX",
            IndexKind::Point => "CREATE POINT INDEX",
            IndexKind::Lookup => "CREATE LOOKUP INDEX",
        });
        if let Some(name) = &index.name {
            self.push(" ");
            self.variable(&name.text);
        }
        self.push(if index.if_not_exists { " IF NOT EXISTS FOR " } else { " FOR " });
        match &index.target {
            IndexTarget::Nodes { label, properties } => {
                self.push("(n:");
                self.name(&label.text);
                self.push(") ON ");
                self.indexed("n", properties);
            }
            IndexTarget::Relationships { relation_type, properties } => {
                self.push("()-[r:");
                self.name(&relation_type.text);
                self.push("]-() ON ");
                self.indexed("r", properties);
            }
            IndexTarget::Labels => self.push("(n) ON EACH labels(n)"),
            IndexTarget::Types => self.push("()-[r]-() ON EACH type(r)"),
        }
        if let Some(options) = &index.options {
            self.push(" OPTIONS ");
            self.expression(options);
        }
    }

    fn indexed(&mut self, variable: &str, properties: &[Name]) {
        self.push("(");
        self.list(properties, |it, key| {
            it.push(variable);
            it.push(".");
            it.name(&key.text);
        });
        self.push(")");
    }

    fn drop_command(&mut self, command: &DropCommand) {
        self.push(if command.is_constraint { "DROP CONSTRAINT" } else { "DROP INDEX" });
        if let Some(name) = &command.name {
            self.push(" ");
            self.variable(&name.text);
        }
        if let Some((label, properties)) = &command.of {
            self.push(" ON :");
            self.name(&label.text);
            self.push("(");
            self.list(properties, |it, key| it.name(&key.text));
            self.push(")");
        }
        self.push(if command.if_exists { " IF EXISTS" } else { "" });
    }

    fn query(&mut self, query: &Query) {
        self.single_query(&query.first);
        for union in &query.unions {
            self.push(self.clause_separator);
            self.push(if union.all { "UNION ALL" } else { "UNION" });
            self.push(self.clause_separator);
            self.single_query(&union.query);
        }
    }

    fn single_query(&mut self, query: &SingleQuery) {
        for (position, clause) in query.clauses.iter().enumerate() {
            if position > 0 {
                self.push(self.clause_separator);
            }
            self.clause(clause);
        }
    }

    /// A query between braces, on one line.
    fn braced(&mut self, write: impl FnOnce(&mut Self)) {
        let separator = std::mem::replace(&mut self.clause_separator, " ");
        self.push("{ ");
        grow_stack(|| write(self));
        self.push(" }");
        self.clause_separator = separator;
    }

    fn clause(&mut self, clause: &Clause) {
        match &clause.kind {
            ClauseKind::Match { optional, patterns, predicate } => {
                self.push(if *optional { "OPTIONAL MATCH " } else { "MATCH " });
                self.list(patterns, Self::pattern);
                self.predicate(predicate.as_ref());
            }
            ClauseKind::Unwind { list, variable } => {
                self.push("UNWIND ");
                self.expression(list);
                self.push(" AS ");
                self.variable(&variable.text);
            }
            ClauseKind::Call(call) => self.call(call),
            ClauseKind::Subquery { query, transactions } => {
                self.push("CALL ");
                self.braced(|it| it.query(query));
                if let Some(transactions) = transactions {
                    self.push(" IN TRANSACTIONS");
                    if let Some(n_rows) = &transactions.n_rows {
                        self.push(" OF ");
                        self.expression(n_rows);
                        self.push(" ROWS");
                    }
                }
            }
            ClauseKind::Foreach { variable, list, clauses } => {
                self.push("FOREACH (");
                self.membership(variable, list, 0);
                self.push(" |");
                let separator = std::mem::replace(&mut self.clause_separator, " ");
                for clause in clauses {
                    self.push(" ");
                    grow_stack(|| self.clause(clause));
                }
                self.clause_separator = separator;
                self.push(")");
            }
            ClauseKind::Create(patterns) => {
                self.push("CREATE ");
                self.list(patterns, Self::pattern);
            }
            ClauseKind::Merge { pattern, on_create, on_match } => {
                self.push("MERGE ");
                self.pattern(pattern);
                for (event, items) in [(" ON CREATE SET ", on_create), (" ON MATCH SET ", on_match)]
                {
                    if !items.is_empty() {
                        self.push(event);
                        self.list(items, Self::set_item);
                    }
                }
            }
            ClauseKind::Set(items) => {
                self.push("SET ");
                self.list(items, Self::set_item);
            }
            ClauseKind::Remove(items) => {
                self.push("REMOVE ");
                self.list(items, Self::remove_item);
            }
            ClauseKind::Delete { detach, expressions } => {
                self.push(if *detach { "DETACH DELETE " } else { "DELETE " });
                self.list(expressions, Self::expression);
            }
            ClauseKind::With { projection, predicate } => {
                self.push("WITH ");
                self.projection(projection);
                self.predicate(predicate.as_ref());
            }
            ClauseKind::Return(projection) => {
                self.push("RETURN ");
                self.projection(projection);
            }
        }
    }

    fn call(&mut self, call: &Call) {
        self.push("CALL ");
        self.dotted_name(&call.procedure.text);
        if let Some(arguments) = &call.arguments {
            self.push("(");
            self.list(arguments, Self::expression);
            self.push(")");
        }
        match &call.yields {
            None => {}
            Some(Yields::Star) => self.push(" YIELD *"),
            Some(Yields::Items { items, .. }) if items.is_empty() => self.push(" YIELD -"),
            Some(Yields::Items { items, predicate }) => {
                self.push(" YIELD ");
                self.list(items, Self::yield_item);
                self.predicate(predicate.as_ref());
            }
        }
    }

    fn yield_item(&mut self, item: &YieldItem) {
        self.variable(&item.column.text);
        self.alias(item.alias.as_ref());
    }

    fn projection(&mut self, projection: &Projection) {
        if projection.distinct {
            self.push("DISTINCT ");
        }
        if projection.star {
            self.push(if projection.items.is_empty() { "*" } else { "*, " });
        }
        self.list(&projection.items, |it, item| {
            it.expression(&item.expression);
            it.alias(item.alias.as_ref());
        });
        if !projection.order_by.is_empty() {
            self.push(" ORDER BY ");
            self.list(&projection.order_by, |it, item| {
                it.expression(&item.expression);
                it.push(if item.descending { " DESC" } else { "" });
            });
        }
        for (word, value) in [(" SKIP ", &projection.skip), (" LIMIT ", &projection.limit)] {
            if let Some(value) = value {
                self.push(word);
                self.expression(value);
            }
        }
    }

    fn alias(&mut self, alias: Option<&Name>) {
        if let Some(alias) = alias {
            self.push(" AS ");
            self.variable(&alias.text);
        }
    }

    fn predicate(&mut self, predicate: Option<&Expr>) {
        if let Some(predicate) = predicate {
            self.push(" WHERE ");
            self.expression(predicate);
        }
    }

    fn set_item(&mut self, item: &SetItem) {
        match item {
            SetItem::Property { target, key, value } => {
                self.property(target, key);
                self.push(" = ");
                self.expression(value);
            }
            SetItem::Properties { target, value, add } => {
                self.variable(&target.text);
                self.push(if *add { " += " } else { " = " });
                self.expression(value);
            }
            SetItem::ComputedProperty { target, key, value } => {
                self.computed_property(target, key);
                self.push(" = ");
                self.expression(value);
            }
            SetItem::Labels { target, labels } => self.labels_of(target, labels),
        }
    }

    fn remove_item(&mut self, item: &RemoveItem) {
        match item {
            RemoveItem::Property { target, key } => self.property(target, key),
            RemoveItem::ComputedProperty { target, key } => self.computed_property(target, key),
            RemoveItem::Labels { target, labels } => self.labels_of(target, labels),
        }
    }

    fn labels_of(&mut self, target: &Name, labels: &[Label]) {
        self.variable(&target.text);
        for label in labels {
            self.push(":");
            match label {
                Label::Name(name) => self.name(&name.text),
                Label::Computed(expression) => self.computed_label(expression, false),
            }
        }
    }

    fn computed_label(&mut self, expression: &Expr, any: bool) {
        self.push(if any { "$any(" } else { "$(" });
        self.expression(expression);
        self.push(")");
    }

    // Patterns.

    fn pattern(&mut self, pattern: &Pattern) {
        if let Some(variable) = &pattern.variable {
            self.variable(&variable.text);
            self.push(" = ");
        }
        match pattern.shortest {
            None => {}
            Some(Shortest::One) => self.push("shortestPath("),
            Some(Shortest::All) => self.push("allShortestPaths("),
            Some(Shortest::First { n, groups }) => {
                let groups = if groups { "GROUPS " } else { "" };
                self.push(&format!("SHORTEST {n} {groups}"));
            }
        }
        self.node(&pattern.start);
        for (relationship, node) in &pattern.steps {
            self.relationship(relationship);
            self.node(node);
        }
        if matches!(pattern.shortest, Some(Shortest::One | Shortest::All)) {
            self.push(")");
        }
    }

    fn node(&mut self, node: &NodePattern) {
        self.push("(");
        let start = self.text.len();
        if let Some(variable) = &node.variable {
            self.variable(&variable.text);
        }
        if let Some(labels) = &node.labels {
            self.push(":");
            self.labels(labels);
        }
        self.properties(start, node.properties.as_ref(), node.predicate.as_ref());
        self.push(")");
    }

    /// The part that nodes and relationships have in common; what they begin with stands behind
    /// `start`.
    fn properties(&mut self, start: usize, properties: Option<&Expr>, predicate: Option<&Expr>) {
        if let Some(properties) = properties {
            if self.text.len() > start {
                self.push(" ");
            }
            self.expression(properties);
        }
        if predicate.is_some() && self.text.len() == start {
            self.push("WHERE ");
            predicate.into_iter().for_each(|it| self.expression(it));
        } else {
            self.predicate(predicate);
        }
    }

    fn relationship(&mut self, relationship: &RelationshipPattern) {
        if let Some(repeated) = &relationship.repeated {
            self.push("(");
            grow_stack(|| self.pattern(&repeated.pattern));
            self.predicate(repeated.predicate.as_ref());
            self.push(")");
            let bound = |it: Option<u64>| it.map(|it| it.to_string()).unwrap_or_default();
            let (min, max) = relationship.length.map_or((None, None), |it| (it.min, it.max));
            self.push(&format!("{{{},{}}}", bound(min), bound(max)));
            return;
        }
        self.push(if relationship.direction == Direction::Left { "<-" } else { "-" });
        self.push("[");
        let start = self.text.len();
        if let Some(variable) = &relationship.variable {
            self.variable(&variable.text);
        }
        if let Some(types) = &relationship.types {
            self.push(":");
            self.labels(types);
        }
        if let Some(length) = relationship.length {
            self.length(length);
        }
        let (properties, predicate) =
            (relationship.properties.as_ref(), relationship.predicate.as_ref());
        self.properties(start, properties, predicate);
        if self.text.len() == start {
            self.text.pop();
        } else {
            self.push("]");
        }
        self.push(if relationship.direction == Direction::Right { "->" } else { "-" });
    }

    fn length(&mut self, length: Length) {
        self.push("*");
        let bound = |it: Option<u64>| it.map(|it| it.to_string()).unwrap_or_default();
        if length.min.is_some() && length.min == length.max {
            self.push(&bound(length.min));
        } else if length.min.is_some() || length.max.is_some() {
            self.push(&format!("{}..{}", bound(length.min), bound(length.max)));
        }
    }

    fn labels(&mut self, labels: &LabelExpr) {
        self.label_expression(labels, LABEL_OR);
    }

    /// Labels that bind at least so strongly, else between parentheses.
    fn label_expression(&mut self, labels: &LabelExpr, min: u8) {
        let own = label_power(labels);
        if own < min {
            self.push("(");
            grow_stack(|| self.label_expression(labels, LABEL_OR));
            self.push(")");
            return;
        }
        match labels {
            LabelExpr::Label(name) => self.name(&name.text),
            LabelExpr::Any(_) => self.push("%"),
            LabelExpr::Computed { expression, any } => self.computed_label(expression, *any),
            LabelExpr::Not(inner) => {
                self.push("!");
                grow_stack(|| self.label_expression(inner, LABEL_NOT));
            }
            LabelExpr::And(..) | LabelExpr::Or(..) => {
                let mut parts = Vec::new();
                flatten_labels(labels, own, &mut parts);
                if !is_balanced(labels, parts.len(), &|it| label_sides(it, own)) {
                    parts = label_sides(labels, own).into_iter().flatten().collect();
                }
                let are_plain = parts.iter().all(|it| matches!(it, LabelExpr::Label(_)));
                let separator = match own {
                    LABEL_OR => "|",
                    _ if are_plain => ":",
                    _ => "&",
                };
                for (position, part) in parts.into_iter().enumerate() {
                    if position > 0 {
                        self.push(separator);
                    }
                    grow_stack(|| self.label_expression(part, own + 1));
                }
            }
        }
    }

    // Names.

    /// A name where any word is one: a label, a type, a key.
    fn name(&mut self, name: &str) {
        match kind_of(name) {
            Some(kind) if kind != Kind::QuotedName && kind.is_name() => self.push(name),
            _ => self.quoted(name),
        }
    }

    /// A name where words of the language may mean something else.
    fn variable(&mut self, name: &str) {
        if kind_of(name) == Some(Kind::Name) { self.push(name) } else { self.quoted(name) }
    }

    fn quoted(&mut self, name: &str) {
        let escaped = name.replace('`', "``");
        self.push(&format!("`{escaped}`"));
    }

    fn dotted_name(&mut self, name: &str) {
        for (position, part) in name.split('.').enumerate() {
            if position > 0 {
                self.push(".");
            }
            self.name(part);
        }
    }

    fn parameter(&mut self, name: &str) {
        self.push("$");
        match kind_of(name) {
            Some(Kind::Number) => self.push(name),
            _ => self.name(name),
        }
    }

    // Expressions.

    fn expression(&mut self, expression: &Expr) {
        self.operand(expression, 0);
    }

    /// An expression that binds at least so strongly, else between parentheses.
    fn operand(&mut self, expression: &Expr, min: u8) {
        grow_stack(|| {
            if strength(expression) < min {
                self.parenthesised(expression);
            } else {
                self.bare(expression);
            }
        });
    }

    fn parenthesised(&mut self, expression: &Expr) {
        self.push("(");
        self.operand(expression, 0);
        self.push(")");
    }

    /// What stands behind a minus: never what would make an arrow of it.
    fn behind_minus(&mut self, expression: &Expr, min: u8) {
        let is_number = matches!(expression.kind, ExprKind::Integer(_) | ExprKind::Float(_));
        if makes_arrow(expression) || is_number && min == power::SIGN {
            self.parenthesised(expression);
        } else {
            self.operand(expression, min);
        }
    }

    /// What stands before a dot, a bracket or a colon.
    fn before_postfix(&mut self, expression: &Expr) {
        let needs_parentheses = matches!(
            expression.kind,
            ExprKind::Integer(_) | ExprKind::Float(_) | ExprKind::HasLabels(..)
        );
        if needs_parentheses {
            self.parenthesised(expression);
        } else {
            self.operand(expression, power::POSTFIX);
        }
    }

    fn property(&mut self, target: &Expr, key: &Name) {
        self.before_postfix(target);
        self.push(".");
        self.name(&key.text);
    }

    fn computed_property(&mut self, target: &Expr, key: &Expr) {
        self.before_postfix(target);
        self.push("[");
        self.expression(key);
        self.push("]");
    }

    fn bare(&mut self, expression: &Expr) {
        match &expression.kind {
            ExprKind::Null => self.push("null"),
            ExprKind::Boolean(value) => self.push(if *value { "true" } else { "false" }),
            ExprKind::Integer(value) => self.push(&value.to_string()),
            ExprKind::Float(value) => self.push(&format!("{value:?}")),
            ExprKind::String(text) => self.string(text),
            ExprKind::Parameter(name) => self.parameter(name),
            ExprKind::Variable(name) => self.variable(name),
            ExprKind::List(items) => self.list_literal(items),
            ExprKind::Map(entries) => {
                self.push("{");
                self.list(entries, |it, (key, value)| it.entry(key, value));
                self.push("}");
            }
            ExprKind::Property(target, key) => self.property(target, key),
            ExprKind::Index(list, at) => self.computed_property(list, at),
            ExprKind::Slice(list, from, to) => {
                self.before_postfix(list);
                self.push("[");
                from.iter().for_each(|it| self.expression(it));
                self.push("..");
                to.iter().for_each(|it| self.expression(it));
                self.push("]");
            }
            ExprKind::HasLabels(value, labels) => {
                self.before_postfix(value);
                self.push(":");
                // A bar outside of parentheses could be that of a comprehension.
                self.label_expression(labels, LABEL_AND);
            }
            ExprKind::Unary(operator, value) => self.unary(*operator, value),
            ExprKind::Binary(operator, left, right) => {
                self.binary(expression, *operator, left, right);
            }
            ExprKind::Comparison(first, others) => {
                self.compared(first);
                for (operator, other) in others {
                    self.push(" ");
                    self.push(operator.as_str());
                    self.push(" ");
                    self.compared(other);
                }
            }
            ExprKind::IsNull(value, is_negated) => {
                self.operand(value, power::PREDICATE);
                self.push(if *is_negated { " IS NOT NULL" } else { " IS NULL" });
            }
            ExprKind::IsType(value, test, is_negated) => {
                self.operand(value, power::PREDICATE);
                self.push(if *is_negated { " IS NOT :: " } else { " IS :: " });
                self.push(&test.to_string());
            }
            ExprKind::IsNormalized(value, form, is_negated) => {
                self.operand(value, power::PREDICATE);
                self.push(if *is_negated { " IS NOT " } else { " IS " });
                self.push(form.name());
                self.push(" NORMALIZED");
            }
            ExprKind::Function { name, distinct, arguments } => {
                self.function(&name.text, *distinct, arguments);
            }
            ExprKind::CountStar => self.push("count(*)"),
            ExprKind::Case { subject, alternatives, otherwise } => {
                self.case(subject.as_deref(), alternatives, otherwise.as_deref());
            }
            ExprKind::ListComprehension { variable, list, predicate, value } => {
                self.push("[");
                self.membership(variable, list, power::SUM);
                self.predicate(predicate.as_deref());
                self.value_behind_bar(value.as_deref());
                self.push("]");
            }
            ExprKind::PatternComprehension { pattern, predicate, value } => {
                self.push("[");
                self.pattern(pattern);
                self.predicate(predicate.as_deref());
                self.value_behind_bar(Some(value));
                self.push("]");
            }
            ExprKind::Quantifier { quantifier, variable, list, predicate } => {
                self.push(match quantifier {
                    Quantifier::All => "all(",
                    Quantifier::Any => "any(",
                    Quantifier::None => "none(",
                    Quantifier::Single => "single(",
                });
                self.membership(variable, list, 0);
                self.predicate(predicate.as_deref());
                self.push(")");
            }
            ExprKind::Reduce { accumulator, start, variable, list, value } => {
                self.push("reduce(");
                self.variable(&accumulator.text);
                self.push(" = ");
                self.expression(start);
                self.push(", ");
                self.membership(variable, list, 0);
                self.value_behind_bar(Some(value));
                self.push(")");
            }
            ExprKind::MapProjection { variable, items } => {
                self.variable(&variable.text);
                self.push(" {");
                self.list(items, Self::map_projection_item);
                self.push("}");
            }
            ExprKind::PatternPredicate(pattern) | ExprKind::ShortestPath(pattern) => {
                self.pattern(pattern);
            }
            ExprKind::Exists(subquery) => self.subquery("EXISTS ", subquery),
            ExprKind::Count(subquery) => self.subquery("COUNT ", subquery),
            ExprKind::Collect(subquery) => self.subquery("COLLECT ", subquery),
            ExprKind::Subject => {}
            ExprKind::Missing => self.push("/* could not be read */"),
        }
    }

    /// A side of a comparison: what is less than a type would be taken for a part of it.
    fn compared(&mut self, expression: &Expr) {
        match expression.kind {
            ExprKind::IsType(..) => self.parenthesised(expression),
            _ => self.operand(expression, power::PREDICATE),
        }
    }

    fn string(&mut self, text: &str) {
        self.push("'");
        for character in text.chars() {
            match character {
                '\\' => self.push("\\\\"),
                '\'' => self.push("\\'"),
                '\n' => self.push("\\n"),
                '\r' => self.push("\\r"),
                '\t' => self.push("\\t"),
                it if it.is_control() => self.push(&format!("\\u{:04X}", it as u32)),
                it => self.text.push(it),
            }
        }
        self.push("'");
    }

    fn list_literal(&mut self, items: &[Expr]) {
        self.push("[");
        // A lone membership would be taken for a list comprehension.
        match items {
            [only] if is_membership(only) => self.parenthesised(only),
            _ => self.list(items, Self::expression),
        }
        self.push("]");
    }

    fn entry(&mut self, key: &Name, value: &Expr) {
        self.name(&key.text);
        self.push(": ");
        self.expression(value);
    }

    fn unary(&mut self, operator: UnaryOperator, value: &Expr) {
        match operator {
            UnaryOperator::Not => {
                self.push("NOT ");
                self.operand(value, power::NOT);
            }
            UnaryOperator::Minus => {
                self.push("-");
                self.behind_minus(value, power::SIGN);
            }
            UnaryOperator::Plus => {
                self.push("+");
                self.operand(value, power::SIGN);
            }
        }
    }

    fn binary(&mut self, whole: &Expr, operator: BinaryOperator, left: &Expr, right: &Expr) {
        let own = strength(whole);
        let word = match operator {
            BinaryOperator::Or => " OR ",
            BinaryOperator::Xor => " XOR ",
            BinaryOperator::And => " AND ",
            BinaryOperator::Add => " + ",
            BinaryOperator::Subtract => " - ",
            BinaryOperator::Multiply => " * ",
            BinaryOperator::Divide => " / ",
            BinaryOperator::Modulo => " % ",
            BinaryOperator::Power => " ^ ",
            BinaryOperator::In => " IN ",
            BinaryOperator::StartsWith => " STARTS WITH ",
            BinaryOperator::EndsWith => " ENDS WITH ",
            BinaryOperator::Contains => " CONTAINS ",
            BinaryOperator::Regex => " =~ ",
            BinaryOperator::Concatenate => " || ",
        };
        if own <= power::AND {
            let mut parts = Vec::new();
            flatten(whole, operator, &mut parts);
            if !is_balanced(whole, parts.len(), &|it| sides(it, operator)) {
                parts = vec![left, right];
            }
            for (position, part) in parts.into_iter().enumerate() {
                if position > 0 {
                    self.push(word);
                }
                self.operand(part, own + 1);
            }
            return;
        }
        self.operand(left, own);
        self.push(word);
        match operator {
            BinaryOperator::Subtract => self.behind_minus(right, own + 1),
            _ => self.operand(right, own + 1),
        }
    }

    fn function(&mut self, name: &str, distinct: bool, arguments: &[Expr]) {
        let is_construct = match kind_of(name) {
            Some(Kind::Count | Kind::Collect | Kind::Exists) => false,
            Some(Kind::Name | Kind::All) => arguments.first().is_some_and(begins_construct),
            Some(_) => true,
            None => false,
        };
        match is_construct {
            true => self.quoted(name),
            false => self.dotted_name(name),
        }
        self.push(if distinct { "(DISTINCT " } else { "(" });
        self.list(arguments, Self::expression);
        self.push(")");
    }

    fn case(
        &mut self,
        subject: Option<&Expr>,
        alternatives: &[(Vec<Expr>, Expr)],
        otherwise: Option<&Expr>,
    ) {
        self.push("CASE ");
        if let Some(subject) = subject {
            self.expression(subject);
            self.push(" ");
        }
        for (tests, value) in alternatives {
            self.push("WHEN");
            for (position, test) in tests.iter().enumerate() {
                self.push(if position > 0 { "," } else { "" });
                // An operator brings its own space.
                self.push(if begins_with_operator(test) { "" } else { " " });
                self.expression(test);
            }
            self.push(" THEN ");
            self.expression(value);
            self.push(" ");
        }
        if let Some(otherwise) = otherwise {
            self.push("ELSE ");
            self.expression(otherwise);
            self.push(" ");
        }
        self.push("END");
    }

    fn membership(&mut self, variable: &Name, list: &Expr, min: u8) {
        self.variable(&variable.text);
        self.push(" IN ");
        self.operand(list, min);
    }

    fn value_behind_bar(&mut self, value: Option<&Expr>) {
        if let Some(value) = value {
            self.push(" | ");
            self.expression(value);
        }
    }

    fn map_projection_item(&mut self, item: &MapProjectionItem) {
        match item {
            MapProjectionItem::Property(key) => {
                self.push(".");
                self.name(&key.text);
            }
            MapProjectionItem::Entry(key, value) => self.entry(key, value),
            MapProjectionItem::Variable(name) => self.variable(&name.text),
            MapProjectionItem::All(_) => self.push(".*"),
        }
    }

    fn subquery(&mut self, word: &str, subquery: &Subquery) {
        self.push(word);
        self.braced(|it| match subquery {
            Subquery::Pattern { patterns, predicate } => {
                it.list(patterns, Self::pattern);
                it.predicate(predicate.as_ref());
            }
            Subquery::Query(query) => it.query(query),
        });
    }
}

/// The kind of a text that is one token.
fn kind_of(text: &str) -> Option<Kind> {
    match lex(text)[..] {
        [token, _] if token.span.of(text) == text => Some(token.kind),
        _ => None,
    }
}

/// How strongly the outermost operator of an expression binds.
fn strength(expression: &Expr) -> u8 {
    match &expression.kind {
        ExprKind::Unary(UnaryOperator::Not, _) => power::NOT,
        ExprKind::Unary(..) => power::SIGN,
        ExprKind::Integer(value) if *value < 0 => power::SIGN,
        ExprKind::Float(value) if value.is_sign_negative() => power::SIGN,
        ExprKind::Comparison(..) => power::COMPARISON,
        ExprKind::IsNull(..) | ExprKind::IsType(..) | ExprKind::IsNormalized(..) => {
            power::PREDICATE
        }
        ExprKind::Binary(operator, ..) => match operator {
            BinaryOperator::Or => power::OR,
            BinaryOperator::Xor => power::XOR,
            BinaryOperator::And => power::AND,
            BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Concatenate => {
                power::SUM
            }
            BinaryOperator::Multiply | BinaryOperator::Divide | BinaryOperator::Modulo => {
                power::PRODUCT
            }
            BinaryOperator::Power => power::POWER,
            BinaryOperator::In
            | BinaryOperator::StartsWith
            | BinaryOperator::EndsWith
            | BinaryOperator::Contains
            | BinaryOperator::Regex => power::PREDICATE,
        },
        ExprKind::Property(..)
        | ExprKind::Index(..)
        | ExprKind::Slice(..)
        | ExprKind::HasLabels(..) => power::POSTFIX,
        _ => ATOM,
    }
}

/// Whether an expression begins so that a minus before it could be read as part of an arrow.
fn makes_arrow(mut expression: &Expr) -> bool {
    loop {
        expression = match &expression.kind {
            ExprKind::Binary(_, left, _) => left,
            ExprKind::Comparison(left, _)
            | ExprKind::IsNull(left, _)
            | ExprKind::IsType(left, ..)
            | ExprKind::IsNormalized(left, ..) => left,
            ExprKind::Property(left, _)
            | ExprKind::Index(left, _)
            | ExprKind::Slice(left, ..)
            | ExprKind::HasLabels(left, _) => left,
            ExprKind::Unary(UnaryOperator::Minus, _)
            | ExprKind::List(_)
            | ExprKind::ListComprehension { .. }
            | ExprKind::PatternComprehension { .. } => return true,
            ExprKind::Integer(value) => return *value < 0,
            ExprKind::Float(value) => return value.is_sign_negative(),
            _ => return false,
        };
    }
}

/// Whether an expression is what follows `WHEN` with an operator before it.
fn begins_with_operator(mut expression: &Expr) -> bool {
    loop {
        expression = match &expression.kind {
            ExprKind::Subject => return true,
            ExprKind::Binary(_, left, _)
            | ExprKind::Comparison(left, _)
            | ExprKind::IsNull(left, _)
            | ExprKind::IsType(left, ..)
            | ExprKind::IsNormalized(left, ..) => left,
            _ => return false,
        };
    }
}

fn is_membership(expression: &Expr) -> bool {
    matches!(&expression.kind, ExprKind::Binary(BinaryOperator::In, left, _)
        if matches!(left.kind, ExprKind::Variable(_)))
}

/// Whether an argument begins like `x IN list` or `x = start`, with which `all(..)` and `reduce(..)`
/// begin.
fn begins_construct(mut expression: &Expr) -> bool {
    loop {
        expression = match &expression.kind {
            ExprKind::Binary(BinaryOperator::In, left, _) if is_variable(left) => return true,
            ExprKind::Comparison(left, _) if is_variable(left) => return true,
            ExprKind::Binary(_, left, _)
            | ExprKind::Comparison(left, _)
            | ExprKind::IsNull(left, _)
            | ExprKind::IsType(left, ..)
            | ExprKind::IsNormalized(left, ..) => left,
            _ => return false,
        };
    }
}

fn is_variable(expression: &Expr) -> bool {
    matches!(expression.kind, ExprKind::Variable(_))
}

/// Both sides of an operator, if it is this one.
fn sides(expression: &Expr, operator: BinaryOperator) -> Option<[&Expr; 2]> {
    match &expression.kind {
        ExprKind::Binary(own, left, right) if *own == operator => Some([left, right]),
        _ => None,
    }
}

fn flatten<'a>(expression: &'a Expr, operator: BinaryOperator, parts: &mut Vec<&'a Expr>) {
    grow_stack(|| match sides(expression, operator) {
        Some(sides) => sides.into_iter().for_each(|it| flatten(it, operator, parts)),
        None => parts.push(expression),
    });
}

const LABEL_OR: u8 = 0;
const LABEL_AND: u8 = 1;
const LABEL_NOT: u8 = 2;

fn label_power(labels: &LabelExpr) -> u8 {
    match labels {
        LabelExpr::Or(..) => LABEL_OR,
        LabelExpr::And(..) => LABEL_AND,
        LabelExpr::Not(_)
        | LabelExpr::Label(_)
        | LabelExpr::Any(_)
        | LabelExpr::Computed { .. } => LABEL_NOT,
    }
}

/// Both sides of labels that are joined with this power.
fn label_sides(labels: &LabelExpr, power: u8) -> Option<[&LabelExpr; 2]> {
    match labels {
        LabelExpr::Or(left, right) if power == LABEL_OR => Some([left, right]),
        LabelExpr::And(left, right) if power == LABEL_AND => Some([left, right]),
        _ => None,
    }
}

fn flatten_labels<'a>(labels: &'a LabelExpr, power: u8, parts: &mut Vec<&'a LabelExpr>) {
    grow_stack(|| match label_sides(labels, power) {
        Some(sides) => sides.into_iter().for_each(|it| flatten_labels(it, power, parts)),
        None => parts.push(labels),
    });
}
