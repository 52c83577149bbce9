//! The notation in which the kit writes values: read, and compared with what a query gave.

use std::collections::{BTreeMap, BTreeSet};

use weft_value::Value;

/// A value as the kit writes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expected {
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    String(String),
    List(Vec<Expected>),
    Map(BTreeMap<String, Expected>),
    Node {
        labels: BTreeSet<String>,
        properties: BTreeMap<String, Expected>,
    },
    Relationship {
        relation_type: String,
        properties: BTreeMap<String, Expected>,
    },
    /// Nodes, and between them relationships with whether each points to the right.
    Path {
        nodes: Vec<Expected>,
        relationships: Vec<(Expected, bool)>,
    },
}

impl Expected {
    /// Reads a cell of a table.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text.trim() };
        let res = reader.value().map_err(|it| format!("cannot read `{text}`: {it}"))?;
        reader.skip_space();
        if reader.rest.is_empty() {
            Ok(res)
        } else {
            Err(format!("cannot read `{text}` to its end"))
        }
    }

    /// As a value for a parameter.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(it) => Value::Boolean(*it),
            Self::Integer(it) => Value::Integer(*it),
            Self::Float(it) => Value::Float(*it),
            Self::String(it) => Value::String(it.clone()),
            Self::List(items) => Value::List(items.iter().map(Self::to_value).collect()),
            Self::Map(map) => {
                Value::Map(map.iter().map(|(key, it)| (key.clone(), it.to_value())).collect())
            }
            other => panic!("{other:?} is no value of a parameter"),
        }
    }

    /// Whether a query's value is this one; lists in any order where `unordered`.
    pub(crate) fn is(&self, value: &Value, unordered: bool) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Boolean(a), Value::Boolean(b)) => a == b,
            (Self::Integer(a), Value::Integer(b)) => a == b,
            (Self::Float(a), Value::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
            (Self::String(a), Value::String(b)) => a == b,
            (Self::List(a), Value::List(b)) if unordered => same_bag(a, b, |a, b| a.is(b, true)),
            (Self::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is(b, false))
            }
            (Self::Map(a), Value::Map(b)) => same_map(a, b, unordered),
            (Self::Node { labels, properties }, Value::Node(node)) => {
                labels.iter().eq(&node.labels.iter().cloned().collect::<BTreeSet<_>>())
                    && labels.len() == node.labels.len()
                    && same_map(properties, &node.properties, unordered)
            }
            (Self::Relationship { relation_type, properties }, Value::Relationship(it)) => {
                *relation_type == it.relation_type
                    && same_map(properties, &it.properties, unordered)
            }
            (Self::Path { nodes, relationships }, Value::Path(path)) => {
                let same_nodes = nodes.len() == path.nodes.len()
                    && nodes
                        .iter()
                        .zip(&path.nodes)
                        .all(|(a, b)| a.is(&Value::Node(Box::new(b.clone())), unordered));
                let same_relationships = || {
                    let pairs = relationships.iter().zip(&path.relationships).enumerate();
                    relationships.len() == path.relationships.len()
                        && pairs.into_iter().all(|(n, ((expected, to_the_right), it))| {
                            let (left, right) = (path.nodes[n].key, path.nodes[n + 1].key);
                            let (start, end) =
                                if *to_the_right { (left, right) } else { (right, left) };
                            it.start_key == start
                                && it.end_key == end
                                && expected
                                    .is(&Value::Relationship(Box::new(it.clone())), unordered)
                        })
                };
                same_nodes && same_relationships()
            }
            // The kit writes temporal values as strings.
            (Self::String(text), value) => temporal_text(value).is_some_and(|it| it == *text),
            _ => false,
        }
    }
}

fn temporal_text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Date(it) => it.to_string(),
        Value::LocalTime(it) => it.to_string(),
        Value::Time(it) => it.to_string(),
        Value::LocalDateTime(it) => it.to_string(),
        Value::DateTime(it) => it.to_string(),
        Value::Duration(it) => it.to_string(),
        _ => return None,
    })
}

/// Whether two collections hold the same, each as often.
pub(crate) fn same_bag<A, B>(a: &[A], b: &[B], is: impl Fn(&A, &B) -> bool) -> bool {
    let mut left: Vec<&B> = b.iter().collect();
    a.len() == b.len()
        && a.iter().all(|a| match left.iter().position(|b| is(a, b)) {
            Some(at) => {
                left.swap_remove(at);
                true
            }
            None => false,
        })
}

fn same_map(a: &BTreeMap<String, Expected>, b: &BTreeMap<String, Value>, unordered: bool) -> bool {
    a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| a.is(b, unordered)))
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn must_take(&mut self, token: &str) -> Result<(), String> {
        if self.take(token) {
            Ok(())
        } else {
            Err(format!("`{token}` expected at `{}`", self.rest))
        }
    }

    fn value(&mut self) -> Result<Expected, String> {
        self.skip_space();
        match self.rest.chars().next() {
            Some('\'') => Ok(Expected::String(self.string()?)),
            Some('[') if self.rest[1..].trim_start().starts_with(':') => self.relationship(),
            Some('[') => self.list(),
            Some('{') => Ok(Expected::Map(self.map()?)),
            Some('(') => self.node(),
            Some('<') => self.path(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Expected, String> {
        let end = self.rest.find([',', ']', '}', ')', '>']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        let word = word.trim();
        Ok(match word {
            "null" => Expected::Null,
            "true" => Expected::Boolean(true),
            "false" => Expected::Boolean(false),
            "NaN" => Expected::Float(f64::NAN),
            "Inf" => Expected::Float(f64::INFINITY),
            "-Inf" => Expected::Float(f64::NEG_INFINITY),
            _ => match (word.parse::<i64>(), word.parse::<f64>()) {
                (Ok(it), _) => Expected::Integer(it),
                (_, Ok(it)) => Expected::Float(it),
                _ => return Err(format!("`{word}` is no value")),
            },
        })
    }

    fn string(&mut self) -> Result<String, String> {
        self.must_take("'")?;
        let mut res = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '\'' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(res);
                }
                '\\' => match chars.next() {
                    Some((_, c @ ('\'' | '\\'))) => res.push(c),
                    Some((_, c)) => res.extend(['\\', c]),
                    None => break,
                },
                c => res.push(c),
            }
        }
        Err("a string without an end".to_owned())
    }

    fn list(&mut self) -> Result<Expected, String> {
        self.must_take("[")?;
        let mut items = Vec::new();
        if self.take("]") {
            return Ok(Expected::List(items));
        }
        loop {
            items.push(self.value()?);
            if self.take("]") {
                return Ok(Expected::List(items));
            }
            self.must_take(",")?;
        }
    }

    fn map(&mut self) -> Result<BTreeMap<String, Expected>, String> {
        self.must_take("{")?;
        let mut res = BTreeMap::new();
        if self.take("}") {
            return Ok(res);
        }
        loop {
            let key = self.name()?;
            self.must_take(":")?;
            res.insert(key, self.value()?);
            if self.take("}") {
                return Ok(res);
            }
            self.must_take(",")?;
        }
    }

    fn name(&mut self) -> Result<String, String> {
        self.skip_space();
        if let Some(rest) = self.rest.strip_prefix('`') {
            let end = rest.find('`').ok_or("a name without an end")?;
            self.rest = &rest[end + 1..];
            return Ok(rest[..end].to_owned());
        }
        let end = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        if name.is_empty() {
            Err(format!("a name expected at `{rest}`"))
        } else {
            Ok(name.to_owned())
        }
    }

    fn node(&mut self) -> Result<Expected, String> {
        self.must_take("(")?;
        let mut labels = BTreeSet::new();
        while self.take(":") {
            labels.insert(self.name()?);
        }
        self.skip_space();
        let properties = if self.rest.starts_with('{') { self.map()? } else { BTreeMap::new() };
        self.must_take(")")?;
        Ok(Expected::Node { labels, properties })
    }

    fn relationship(&mut self) -> Result<Expected, String> {
        self.must_take("[")?;
        self.must_take(":")?;
        let relation_type = self.name()?;
        self.skip_space();
        let properties = if self.rest.starts_with('{') { self.map()? } else { BTreeMap::new() };
        self.must_take("]")?;
        Ok(Expected::Relationship { relation_type, properties })
    }

    fn path(&mut self) -> Result<Expected, String> {
        self.must_take("<")?;
        let mut nodes = vec![self.node()?];
        let mut relationships = Vec::new();
        while !self.take(">") {
            let to_the_left = self.take("<-");
            if !to_the_left {
                self.must_take("-")?;
            }
            let relationship = self.relationship()?;
            if to_the_left {
                self.must_take("-")?
            } else {
                self.must_take("->")?
            }
            relationships.push((relationship, !to_the_left));
            nodes.push(self.node()?);
        }
        Ok(Expected::Path { nodes, relationships })
    }
}

#[test]
fn the_kits_notation_is_read() {
    for text in [
        "null",
        "-1",
        "1.5e3",
        "'it\\'s'",
        "[1, [2], []]",
        "{a: {b: 'x'}}",
        "(:A:B {p: [1]})",
        "[:T {p: 0}]",
        "<(:A)-[:T]->()<-[:U {a: 1}]-(:B)>",
        "<()>",
        "NaN",
        "-Inf",
        "()",
    ] {
        Expected::read(text).unwrap();
    }
    for text in ["", "x", "'a", "[1", "(:A", "1 2"] {
        assert!(Expected::read(text).is_err(), "{text}");
    }
}
