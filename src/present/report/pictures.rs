//! The pictures of the page: the network, and the way of the first introduction.
//!
//! What is drawn is chosen by `present::network`, as for `draw`; where marks stand, by weft-diagram.

use weft_analytics::{Interrupted, Run};
use weft_diagram::{Drawing, LayoutOptions, SvgOptions, layout, svg};
use weft_graph::{Snapshot, View};

use super::Report;
use super::content::Figure;
use super::evidence::date_words;
use super::front::first_card;
use crate::ecosystem::{Counted, Question};
use crate::present::{Frame, PictureOptions, Scene, draw_network, picture};

/// The page that the picture of a way aims at, in pixels.
const PAGE_OF_A_PATH: (f64, f64) = (900.0, 420.0);

/// The pictures of a page. The network's brings the fonts of the page.
#[derive(Clone, Debug, Default)]
pub struct Pictures {
    pub(super) network: Option<Figure>,
    /// The way of an introduction, with the id of the start-up.
    pub(super) path: Option<(String, Figure)>,
}

/// Draws the pictures of a report.
///
/// # Errors
/// If it was interrupted.
pub fn pictures(
    snapshot: &Snapshot,
    question: &Question,
    report: &Report,
    counted: &mut Counted,
    run: &mut Run<'_>,
) -> Result<Pictures, Interrupted> {
    let view = question.conduit(snapshot);
    let draw = |drawing: &Drawing, (width, height): (f64, f64), embed_fonts| {
        let options = LayoutOptions { seed: report.seed, width, height, ..Default::default() };
        svg(drawing, &layout(drawing, &options), &SvgOptions { embed_fonts })
    };
    let mut network = None;
    if view.m() > 0 {
        let drawing = draw_network(snapshot, &view, &Scene::Whole, &frame(report), counted, run)?;
        let page = LayoutOptions::default();
        let left_out = drawing.note.clone().unwrap_or_default();
        let caption = format!(
            "{}. Shape and colour tell the kind, and the legend names both. {left_out}",
            drawing.title
        );
        let svg = draw(&drawing, (page.width, page.height), true);
        network = Some(Figure { svg, caption, is_small: false });
    }
    let path = path(snapshot, &view, report).map(|(id, options, caption)| {
        let drawing = picture(snapshot, &view, &options);
        (id, Figure { svg: draw(&drawing, PAGE_OF_A_PATH, false), caption, is_small: true })
    });
    Ok(Pictures { network, path })
}

fn frame(report: &Report) -> Frame {
    let as_of =
        report.basis.as_of.map(|it| format!(", as of {}", date_words(it))).unwrap_or_default();
    let sources: Vec<&str> = report.sources.iter().take(2).map(|it| it.title.as_str()).collect();
    Frame {
        title: "Who works with whom".to_owned(),
        caption: format!(
            "Source: {}{as_of}. Bodies that are near in the network stand near on the page; up, \
             down, left and right mean nothing.",
            sources.join("; ")
        ),
        seed: report.seed,
        ..Frame::default()
    }
}

/// The way of the introduction that would change most.
fn path(
    snapshot: &Snapshot,
    view: &View,
    report: &Report,
) -> Option<(String, PictureOptions, String)> {
    let (start_up, card) = first_card(report)?;
    let path = card.path.as_ref()?;
    let index = |id: &str| view.index_of(snapshot.find_node(id)?);
    let mut drawn: Vec<u32> = path.nodes.iter().filter_map(|it| index(&it.id)).collect();
    drawn.sort_unstable();
    let title = format!("From {} to {}", start_up.name, card.to.name);
    let options = PictureOptions {
        title: title.clone(),
        subtitle: "The way that an introduction can take today".to_owned(),
        drawn,
        emphasis: index(&start_up.id).into_iter().chain(index(&card.to.id)).collect(),
        ..PictureOptions::default()
    };
    Some((start_up.id.clone(), options, format!("{title}: {}.", path.sentence)))
}
