//! No two boxes overlap, and none is cut off, whatever the graph.

use weft_diagram::{
    BoxRole, Drawing, Layout, LayoutOptions, Line, Mark, NamedBox, Rectangle, SvgOptions, layout,
    svg,
};

use crate::generated;

#[track_caller]
fn check(drawing: &Drawing, options: &LayoutOptions) -> Layout {
    let places = layout(drawing, options);
    check_boxes(drawing, &places);
    places
}

#[track_caller]
pub(crate) fn check_boxes(drawing: &Drawing, places: &Layout) {
    let page = Rectangle::new(0.0, 0.0, places.width, places.height);
    let boxes = places.boxes(drawing);
    for (idx, one) in boxes.iter().enumerate() {
        assert!(page.contains(&one.rectangle), "cut off: {one:?} on {page:?}");
        for other in &boxes[idx + 1..] {
            let overlap = one.rectangle.overlaps(&other.rectangle);
            assert!(!overlap || may_overlap(drawing, places, one, other), "{one:?} and {other:?}");
        }
    }
}

/// Only the box of what is not joined may hold other boxes, and only its own, wholly.
fn may_overlap(drawing: &Drawing, places: &Layout, one: &NamedBox, other: &NamedBox) -> bool {
    let (frame, inner) = match (one.role, other.role) {
        (BoxRole::Unjoined, _) => (one, other),
        (_, BoxRole::Unjoined) => (other, one),
        _ => return false,
    };
    let belongs = match inner.role {
        BoxRole::Mark | BoxRole::Label => drawing
            .marks
            .iter()
            .zip(&places.marks)
            .any(|(it, at)| it.id == inner.name && !at.joined),
        role => role == BoxRole::UnjoinedHeading,
    };
    belongs && frame.rectangle.contains(&inner.rectangle)
}

#[test]
fn two_hundred_generated_graphs_have_no_overlap() {
    for seed in 0..200 {
        let drawing = generated::drawing(seed);
        let options = LayoutOptions { seed, ..LayoutOptions::default() };
        let places = check(&drawing, &options);
        let picture = svg(&drawing, &places, &SvgOptions::default());
        for mark in &drawing.marks {
            let id = format!("data-id=\"{}\"", mark.id);
            assert!(picture.contains(&id), "no {id} in picture {seed}");
        }
        if seed % 10 == 0 {
            let again = svg(&drawing, &layout(&drawing, &options), &SvgOptions::default());
            assert!(picture == again, "picture {seed} differs the second time");
        }
    }
}

#[test]
fn every_small_number_of_marks_has_a_picture() {
    for n_marks in 0..24_usize {
        for n_ties in [0, n_marks / 2, n_marks.saturating_sub(1), 3 * n_marks] {
            let mut chance = generated::Chance(n_marks as u64 * 31 + n_ties as u64);
            let drawing = Drawing {
                title: "Few".to_owned(),
                marks: (0..n_marks)
                    .map(|idx| Mark::new(idx.to_string(), "Some organisation"))
                    .collect(),
                lines: (0..n_ties)
                    .map(|_| Line::new(chance.below(n_marks), chance.below(n_marks), "ties"))
                    .collect(),
                ..Drawing::default()
            };
            check(&drawing, &LayoutOptions::default());
        }
    }
}

#[test]
fn hubs_cliques_and_chains_have_no_overlap() {
    let n_marks = 60;
    let star = (1..n_marks).map(|idx| (0, idx)).collect::<Vec<_>>();
    let chain = (1..n_marks).map(|idx| (idx - 1, idx)).collect();
    let clique = (0..n_marks).flat_map(|one| (0..one).map(move |other| (one, other))).collect();
    for ties in [star, chain, clique] {
        let mark = |idx| Mark::new(format!("m{idx}"), "A name of the usual length Ltd");
        let drawing = Drawing {
            marks: (0..n_marks).map(mark).collect(),
            lines: ties.into_iter().map(|(from, to)| Line::new(from, to, "ties")).collect(),
            ..Drawing::default()
        };
        check(&drawing, &LayoutOptions::default());
        check(&drawing, &LayoutOptions { width: 500.0, height: 400.0, ..LayoutOptions::default() });
    }
}

#[test]
fn measures_and_sizes_that_are_no_numbers_do_no_harm() {
    let mut drawing = generated::drawing(7);
    let odd = [f64::NAN, f64::INFINITY, -3.0, 1e300, 0.0];
    for (idx, mark) in drawing.marks.iter_mut().enumerate() {
        mark.size = odd[idx % odd.len()];
        mark.group = Some(usize::MAX - idx % 2);
    }
    check(&drawing, &LayoutOptions { width: f64::NAN, height: -1.0, ..LayoutOptions::default() });
}
