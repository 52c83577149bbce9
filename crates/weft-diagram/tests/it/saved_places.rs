//! A picture that starts from saved places stays recognisable.

use weft_diagram::{Drawing, LayoutOptions, Line, Mark, layout};

use crate::generated;
use crate::overlaps::check_boxes;

#[track_caller]
fn check(before: &Drawing, after: &Drawing, moved_max: f64) {
    let saved = layout(before, &LayoutOptions::default()).positions(before);
    let options = LayoutOptions { start: Some(saved.clone()), ..LayoutOptions::default() };
    let places = layout(after, &options);
    check_boxes(after, &places);
    let now = places.positions(after);
    let mut moves: Vec<f64> = saved
        .iter()
        .filter_map(|(id, was)| now.get(id).map(|is| (is.0 - was.0).hypot(is.1 - was.1)))
        .collect();
    moves.sort_by(f64::total_cmp);
    let most = moves.get(moves.len() * 9 / 10).copied().unwrap_or(0.0);
    assert!(most <= moved_max, "nine in ten moved at most {most} px");
}

#[test]
fn the_same_drawing_stays_where_it_was() {
    for seed in 0..10 {
        let drawing = generated::drawing(seed);
        check(&drawing, &drawing, 0.01);
    }
}

#[test]
fn a_new_mark_does_not_turn_the_picture_over() {
    for seed in 0..10 {
        let before = generated::drawing(seed);
        let mut after = before.clone();
        let hub = before.lines[0].from;
        after.marks.push(Mark { size: 1.0, ..Mark::new("new", "A newcomer to the network") });
        after.lines.push(Line::new(hub, after.marks.len() - 1, "relation 1"));
        check(&before, &after, 25.0);
    }
}

#[test]
fn saved_places_beyond_all_measure_are_ignored() {
    let drawing = generated::drawing(3);
    let start = drawing.marks.iter().enumerate().map(|(idx, mark)| {
        let odd = [f64::NAN, f64::INFINITY, -1e200, 5.0][idx % 4];
        (mark.id.clone(), (odd, odd))
    });
    let options = LayoutOptions { start: Some(start.collect()), ..LayoutOptions::default() };
    check_boxes(&drawing, &layout(&drawing, &options));
}

#[test]
fn many_marks_saved_at_one_point_are_parted() {
    let drawing = generated::drawing(5);
    let start = drawing.marks.iter().map(|mark| (mark.id.clone(), (300.0, 300.0))).collect();
    let options = LayoutOptions { start: Some(start), ..LayoutOptions::default() };
    check_boxes(&drawing, &layout(&drawing, &options));
}
