//! Writes a drawing as DOT text, for Graphviz and whatever else reads it. Does not run Graphviz.

use std::collections::BTreeSet;

use graphviz_rust::dot_structures::{
    Attribute, Edge, EdgeTy, Graph, GraphAttributes, Id, Node, NodeId, Stmt, Vertex,
};
use graphviz_rust::printer::{DotPrinter, PrinterContext};

use crate::{Dash, Drawing, Error, Line, Mark, Symbol};

/// Returns the drawing as DOT text.
///
/// Every id and every value is a quoted string, so no name can be taken for a keyword, a number,
/// HTML or the end of the string. In labels, backslashes are doubled: Graphviz would otherwise read
/// `\N` as the name of the node.
///
/// # Errors
///
/// If two marks have one id, or a tie has an end that is not there: DOT would silently draw another
/// graph.
pub fn dot(drawing: &Drawing) -> Result<String, Error> {
    check(drawing)?;
    let mut stmts = vec![
        Stmt::GAttribute(GraphAttributes::Graph(vec![
            attribute("label", &label(&drawing.title)),
            attribute("labelloc", "t"),
            attribute("overlap", "prism"),
            attribute("outputorder", "edgesfirst"),
            attribute("bgcolor", "#fdfdfb"),
            attribute("fontname", "Inter,Helvetica,Arial,sans-serif"),
        ])),
        Stmt::GAttribute(GraphAttributes::Node(vec![
            attribute("fontname", "Inter,Helvetica,Arial,sans-serif"),
            attribute("fontsize", "11"),
            attribute("style", "filled"),
        ])),
        Stmt::GAttribute(GraphAttributes::Edge(vec![attribute("arrowsize", "0.6")])),
    ];
    stmts.extend(drawing.marks.iter().map(|mark| Stmt::Node(node(mark))));
    stmts.extend(drawing.lines.iter().map(|line| Stmt::Edge(edge(drawing, line))));
    let graph = Graph::DiGraph { id: Id::Plain("weft".to_owned()), strict: false, stmts };
    let mut text = graph.print(PrinterContext::default().with_semi());
    text.push('\n');
    Ok(text)
}

fn check(drawing: &Drawing) -> Result<(), Error> {
    let mut ids = BTreeSet::new();
    for mark in &drawing.marks {
        // What Graphviz sees is the cleaned id, so that is what must differ.
        if !ids.insert(readable(&mark.id)) {
            return Err(Error::DuplicateId { id: mark.id.clone() });
        }
    }
    let n_marks = drawing.marks.len();
    let wrong = |line: &Line| line.from >= n_marks || line.to >= n_marks;
    match drawing.lines.iter().enumerate().find(|(_, line)| wrong(line)) {
        Some((idx, &Line { from, to, .. })) => {
            Err(Error::NoSuchMark { line: idx, from, to, n_marks })
        }
        None => Ok(()),
    }
}

fn node(mark: &Mark) -> Node {
    let (shape, more) = shape(mark.symbol);
    let mut attributes = vec![
        attribute("label", &label(&mark.label)),
        attribute("shape", shape),
        attribute("fillcolor", &crate::svg::colour(&mark.colour)),
        attribute("fontcolor", crate::svg::text_on(&mark.colour)),
        attribute(
            "tooltip",
            &label(if mark.tooltip.is_empty() { &mark.label } else { &mark.tooltip }),
        ),
    ];
    attributes.extend(more.map(|(name, value)| attribute(name, value)));
    if !mark.kind.is_empty() {
        attributes.push(attribute("class", &label(&mark.kind)));
    }
    if mark.emphasis {
        attributes.push(attribute("penwidth", "3"));
    }
    Node { id: node_id(mark), attributes }
}

fn edge(drawing: &Drawing, line: &Line) -> Edge {
    let end = |idx: usize| Vertex::N(node_id(&drawing.marks[idx]));
    let tooltip = if line.tooltip.is_empty() { &line.relation } else { &line.tooltip };
    let mut attributes = vec![
        attribute("color", &crate::svg::colour(&line.colour)),
        attribute("style", style(line.dash)),
        attribute("tooltip", &label(tooltip)),
    ];
    if !line.relation.is_empty() {
        attributes.push(attribute("class", &label(&line.relation)));
    }
    if !line.directed {
        attributes.push(attribute("dir", "none"));
    }
    if line.emphasis {
        attributes.push(attribute("penwidth", "3"));
    }
    Edge { ty: EdgeTy::Pair(end(line.from), end(line.to)), attributes }
}

/// Graphviz has fewer dash patterns: the two that it lacks are drawn as dashes.
fn style(dash: Dash) -> &'static str {
    match dash {
        Dash::Solid => "solid",
        Dash::Dotted => "dotted",
        Dash::Dashed | Dash::DashDot | Dash::LongDash => "dashed",
    }
}

/// The nearest shape of Graphviz, and an attribute that brings it nearer.
fn shape(symbol: Symbol) -> (&'static str, Option<(&'static str, &'static str)>) {
    let name = match symbol {
        Symbol::Circle | Symbol::Dot | Symbol::Dots => "ellipse",
        Symbol::Ring => return ("ellipse", Some(("peripheries", "2"))),
        Symbol::Square => "square",
        Symbol::Hexagon => "hexagon",
        Symbol::Octagon => "octagon",
        Symbol::Plus | Symbol::Cross | Symbol::Burst => "doubleoctagon",
        Symbol::Star => "star",
        Symbol::Triangle | Symbol::Semicircle => "triangle",
        Symbol::House => "house",
        Symbol::Pentagon => "pentagon",
        Symbol::Trapezium => "trapezium",
        Symbol::Arrow => "cds",
        Symbol::Diamond | Symbol::Lozenge => "diamond",
        Symbol::TriangleDown | Symbol::Pin => "invtriangle",
        Symbol::Parallelogram => "parallelogram",
        Symbol::Cylinder => "cylinder",
        Symbol::Shield => "invhouse",
        Symbol::Chip => "component",
        Symbol::Page => "note",
    };
    (name, None)
}

fn node_id(mark: &Mark) -> NodeId {
    NodeId(quoted(&readable(&mark.id)), None)
}

fn attribute(name: &str, value: &str) -> Attribute {
    Attribute(Id::Plain(name.to_owned()), quoted(value))
}

/// A string of DOT. The text may hold backslashes, each of which escapes what follows.
fn quoted(text: &str) -> Id {
    Id::Escaped(format!("\"{text}\""))
}

/// An id. Graphviz keeps the doubled backslashes of ids, which nobody sees, since labels are given.
fn readable(id: &str) -> String {
    label(id)
}

/// Text for a string in which backslashes escape.
fn label(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in crate::text::clean(text).chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // Graphviz resolves entities such as `&lt;` in labels.
            '&' => out.push_str("&amp;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(ids: &[&str]) -> Drawing {
        Drawing { marks: ids.iter().map(|id| Mark::new(*id, *id)).collect(), ..Drawing::default() }
    }

    #[track_caller]
    fn check(drawing: &Drawing) -> (usize, usize) {
        let text = dot(drawing).unwrap();
        let Graph::DiGraph { stmts, .. } = graphviz_rust::parse(&text).unwrap() else {
            panic!("not a directed graph")
        };
        let n_nodes = stmts.iter().filter(|stmt| matches!(stmt, Stmt::Node(_))).count();
        let n_edges = stmts.iter().filter(|stmt| matches!(stmt, Stmt::Edge(_))).count();
        (n_nodes, n_edges)
    }

    #[test]
    fn hostile_names_come_back_as_one_node_each() {
        let mut drawing = drawing(&[
            "plain",
            "node",
            "\"",
            "\\",
            "a\\\"; evil [",
            "<b>bold</b>",
            "line\nbreak",
            "-> x",
            "{}",
            "&lt;",
            "//",
            "/* */",
            "# comment",
            "\\N",
            "ends in \\",
            "é 大学 \u{202E}x",
            "",
            "1.5",
        ]);
        drawing.title = "\"] evil [\\".to_owned();
        drawing.lines = (1..drawing.marks.len()).map(|idx| Line::new(0, idx, "\"a\" \\")).collect();
        assert_eq!(check(&drawing), (18, 17));
    }

    #[test]
    fn an_empty_drawing_is_an_empty_graph() {
        assert_eq!(check(&drawing(&[])), (0, 0));
    }

    #[test]
    fn two_marks_of_one_id_are_refused() {
        assert_eq!(dot(&drawing(&["a", "a"])), Err(Error::DuplicateId { id: "a".to_owned() }));
    }

    #[test]
    fn a_tie_to_nowhere_is_refused() {
        let mut drawing = drawing(&["a"]);
        drawing.lines = vec![Line::new(0, 1, "hosts")];
        let error = dot(&drawing).unwrap_err();
        assert_eq!(error.to_string(), "line 0 joins marks 0 and 1, but there are 1 marks");
    }
}
