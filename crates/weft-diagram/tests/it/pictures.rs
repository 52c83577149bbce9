//! What the SVG says, word by word where it matters.

use weft_diagram::{Dash, Drawing, LayoutOptions, Line, Mark, SvgOptions, Symbol, layout, svg};

fn small() -> Drawing {
    let mark = |id: &str, label: &str, symbol: Symbol, kind: &str| Mark {
        symbol,
        kind: kind.to_owned(),
        ..Mark::new(id, label)
    };
    Drawing {
        title: "Who hosts whom".to_owned(),
        marks: vec![
            mark("leeds", "University of Leeds", Symbol::Circle, "university"),
            mark("nexus", "Nexus", Symbol::House, "facility"),
            mark("acme", "Acme", Symbol::TriangleDown, "company"),
        ],
        lines: vec![
            Line::new(0, 1, "hosts"),
            Line::new(1, 2, "supports"),
            Line::new(2, 1, "supports"),
        ],
        ..Drawing::default()
    }
}

fn draw(drawing: &Drawing) -> String {
    svg(drawing, &layout(drawing, &LayoutOptions::default()), &SvgOptions::default())
}

#[track_caller]
fn check(drawing: &Drawing, says: &[&str], says_not: &[&str]) {
    let picture = draw(drawing);
    for words in says {
        assert!(picture.contains(words), "no {words} in {picture}");
    }
    for words in says_not {
        assert!(!picture.contains(words), "{words} in {picture}");
    }
}

/// A change of the picture is seen here, and looked at before the new file is copied on purpose.
#[test]
fn a_small_picture_is_as_it_was() {
    let mut drawing = small();
    drawing.subtitle = "3 marks, 3 ties".to_owned();
    drawing.caption = "Source: made up".to_owned();
    drawing.lines[1].dash = Dash::Dotted;
    drawing.lines[2].directed = false;
    drawing.marks.push(Mark::new("far", "Far & away"));
    let picture = draw(&drawing);
    let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/small.svg");
    #[allow(clippy::disallowed_methods, reason = "the picture that differs is left in a file")]
    if picture != include_str!("../golden/small.svg") {
        std::fs::write(path, &picture).unwrap();
        panic!("look at {path}, and copy it to tests/golden/small.svg if it is right");
    }
}

#[test]
fn the_legend_counts_what_is_drawn() {
    let places = layout(&small(), &LayoutOptions::default());
    let legend: Vec<(String, Option<usize>)> =
        places.legend.iter().map(|entry| (entry.text.text(), entry.count)).collect();
    let expected =
        [("company", 1), ("facility", 1), ("university", 1), ("supports", 2), ("hosts", 1)];
    let expected: Vec<_> =
        expected.map(|(text, count)| (text.to_owned(), Some(count))).into_iter().collect();
    assert_eq!(legend, expected);
}

#[test]
fn a_picture_speaks_to_those_who_hear_it() {
    let says = [
        "role=\"img\"",
        "<title id=",
        "Who hosts whom</title>",
        "<desc id=",
        "A network of 3 marks and 3 ties.",
        "role=\"graphics-symbol\" aria-label=\"University of Leeds, university\"",
        "<title>University of Leeds hosts Nexus</title>",
    ];
    check(&small(), &says, &["transition", "<script", "http://www.w3.org/1999/xlink"]);
}

#[test]
fn hostile_text_stays_text() {
    let mut drawing = small();
    let evil = "</text><script>alert(\"1\")</script>\u{0}\u{202E}&'";
    drawing.title = evil.to_owned();
    drawing.caption = evil.to_owned();
    drawing.note = Some(evil.to_owned());
    drawing.marks[0] = Mark {
        tooltip: evil.to_owned(),
        kind: evil.to_owned(),
        colour: "\"/><script>".to_owned(),
        group: Some(0),
        ..Mark::new(evil, evil)
    };
    drawing.lines[0].relation = evil.to_owned();
    drawing.lines[0].colour = "red\" onload=\"x".to_owned();
    drawing.group_names = vec![evil.to_owned()];
    check(&drawing, &["&lt;script&gt;"], &["<script", "\u{202E}", "\u{0}", "onload", "\"1\""]);
}

#[test]
fn an_empty_drawing_says_so() {
    check(&Drawing::default(), &["Nothing to draw"], &["class=\"mark\""]);
}

#[test]
fn one_mark_alone_is_a_picture() {
    let drawing = Drawing { marks: vec![Mark::new("a", "Alone")], ..Drawing::default() };
    check(&drawing, &[">Alone</text>"], &["Not joined"]);
}

#[test]
fn what_is_not_joined_stands_in_its_box() {
    let mut drawing = small();
    drawing.marks.push(Mark::new("far", "Far away"));
    check(&drawing, &["Not joined to the main network", ">Far away</text>"], &[]);
    drawing.lines.clear();
    check(&drawing, &["Not joined to one another"], &["main network"]);
}

#[test]
fn an_arrowhead_is_drawn_only_where_direction_means_something() {
    let mut drawing = small();
    let n_heads = |drawing: &Drawing| {
        let places = layout(drawing, &LayoutOptions::default());
        places.lines.iter().filter(|line| line.arrowhead.is_some()).count()
    };
    assert_eq!(n_heads(&drawing), 3);
    drawing.lines[0].directed = false;
    assert_eq!(n_heads(&drawing), 2);
}

#[test]
fn parallel_ties_are_told_apart() {
    let mut drawing = small();
    drawing.lines = vec![
        Line::new(0, 1, "hosts"),
        Line { dash: Dash::Dotted, ..Line::new(0, 1, "supports") },
        Line::new(1, 0, "is part of"),
        Line::new(1, 2, "supports"),
    ];
    let places = layout(&drawing, &LayoutOptions::default());
    let middles: Vec<_> = places.lines[..3].iter().map(|line| line.curve.at(0.5)).collect();
    for (idx, one) in middles.iter().enumerate() {
        for other in &middles[idx + 1..] {
            assert!((one.x - other.x).hypot(one.y - other.y) > 7.0);
        }
    }
}

#[test]
fn a_tie_with_a_missing_end_is_left_out() {
    let mut drawing = small();
    drawing.lines.push(Line::new(0, 99, "haunts"));
    check(&drawing, &[], &["haunts"]);
}

#[test]
fn fonts_are_carried_only_when_asked_for() {
    let places = layout(&small(), &LayoutOptions::default());
    let picture = |embed_fonts| svg(&small(), &places, &SvgOptions { embed_fonts });
    assert!(picture(true).contains("@font-face"));
    assert!(!picture(false).contains("@font-face"));
}

#[test]
fn every_symbol_of_the_schema_is_known() {
    for symbol in Symbol::all() {
        assert_eq!(Symbol::from_name(symbol.name()), symbol);
        let mut drawing = small();
        drawing.marks[0].symbol = symbol;
        assert!(!draw(&drawing).contains("NaN"), "{symbol:?}");
    }
}
