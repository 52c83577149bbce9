//! The pictures of the Leeds data: no two marks or labels overlap, none is cut off, the same bytes twice.
//!
//! The 200 generated graphs are tested in weft-diagram itself.

use weft::database::Database;
use weft::ecosystem::{Counted, Question};
use weft::present::{Frame, Scene, draw_network};
use weft_analytics::Run;
use weft_diagram::{BoxRole, Drawing, LayoutOptions, Rectangle, SvgOptions, dot, layout, svg};
use weft_graph::{Snapshot, View};

fn leeds() -> (Snapshot, View) {
    let snapshot = Database::bundled().unwrap().snapshot(None).unwrap();
    let view = Question::default().conduit(&snapshot);
    (snapshot, view)
}

fn drawn(snapshot: &Snapshot, view: &View, scene: &Scene) -> Drawing {
    draw_network(
        snapshot,
        view,
        scene,
        &Frame::default(),
        &mut Counted::default(),
        &mut Run::default(),
    )
    .unwrap()
}

#[track_caller]
fn check(drawing: &Drawing) {
    let options = LayoutOptions::default();
    let places = layout(drawing, &options);
    let page = Rectangle::new(0.0, 0.0, places.width, places.height);
    let boxes = places.boxes(drawing);
    for named in &boxes {
        assert!(page.contains(&named.rectangle), "{} is cut off", named.name);
    }
    let is_on_the_map = |role: BoxRole| matches!(role, BoxRole::Mark | BoxRole::Label);
    let boxes: Vec<_> = boxes.iter().filter(|it| is_on_the_map(it.role)).collect();
    for (at, a) in boxes.iter().enumerate() {
        for b in &boxes[at + 1..] {
            assert!(!a.rectangle.overlaps(&b.rectangle), "{} overlaps {}", a.name, b.name);
        }
    }
    let text = svg(drawing, &places, &SvgOptions::default());
    assert_eq!(text, svg(drawing, &layout(drawing, &options), &SvgOptions::default()));
    for mark in &drawing.marks {
        assert!(text.contains(&format!("data-id=\"{}\"", mark.id)), "{} is not drawn", mark.id);
    }
    assert!(dot(drawing).unwrap().contains("graph"));
}

#[test]
fn the_whole_network_can_be_read() {
    let (snapshot, view) = leeds();
    let drawing = drawn(&snapshot, &view, &Scene::Whole);
    assert!(drawing.marks.len() > 100, "the largest component is drawn whole");
    check(&drawing);
}

#[test]
fn the_surroundings_of_every_hub_can_be_read() {
    let (snapshot, view) = leeds();
    let mut by_degree: Vec<u32> = (0..view.n() as u32).collect();
    by_degree.sort_by_key(|&it| std::cmp::Reverse(view.degree(it)));
    for &centre in by_degree.iter().take(8) {
        for depth in [1, 2] {
            let scene = Scene::Around { centre, depth };
            check(&drawn(&snapshot, &view, &scene));
        }
    }
}

#[test]
fn a_path_and_a_kind_can_be_read() {
    let (snapshot, view) = leeds();
    let index = |id: &str| view.index_of(snapshot.find_node(id).unwrap()).unwrap();
    let path = weft_graph::shortest_path(&view, index("hyivy"), index("university-of-leeds"));
    let scene = Scene::Paths(vec![path.unwrap()]);
    check(&drawn(&snapshot, &view, &scene));
    let kinds = ["company", "investor", "accelerator"];
    let kinds = kinds.iter().map(|it| snapshot.schema().kind_id(it).unwrap()).collect();
    let view = Question { kinds, ..Question::default() }.conduit(&snapshot);
    check(&drawn(&snapshot, &view, &Scene::Everything));
}
