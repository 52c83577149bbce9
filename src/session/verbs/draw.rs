//! `draw`: the network, a part of it, or a path, as SVG or DOT.

use weft_analytics::k_shortest_paths;
use weft_diagram::{LayoutOptions, SvgOptions, dot, layout, svg};
use weft_graph::{Snapshot, View};

use crate::ecosystem::{Counted, sources_of_data};
use crate::present::{Frame, Scene, count, draw_network};
use crate::session::context::{Context, view_note};
use crate::session::request::{Draw, PictureForm};
use crate::session::{Error, Output};

/// Paths drawn between two bodies.
const PATHS: usize = 3;

pub(super) fn run(ctx: &mut Context<'_>, options: &Draw) -> Result<Output, Error> {
    let (snapshot, question) = ctx.sweep()?;
    let view = question.conduit(&snapshot);
    let basis = question.basis(&snapshot, &view, "conduit");
    let scene = scene(ctx, &snapshot, &view, options)?;
    let frame = Frame {
        title: String::new(),
        dataset: ctx.database.title()?,
        caption: caption(&snapshot, &view_note(&basis).sentence()),
        seed: ctx.settings.seed,
    };
    let drawing = ctx.watched("ways counted", |run| {
        draw_network(&snapshot, &view, &scene, &frame, &mut Counted::default(), run)
    })?;
    // What was saved is the picture of the whole; other scenes find places of their own.
    let start = if scene == Scene::Whole { ctx.database.saved_layout()? } else { None };
    let layout_options = LayoutOptions { seed: ctx.settings.seed, start, ..Default::default() };
    let text = match options.form {
        PictureForm::Dot => dot(&drawing).map_err(|err| Error::failed(err.to_string()))?,
        PictureForm::Svg => {
            let places = layout(&drawing, &layout_options);
            if options.save_layout {
                ctx.database.save_layout(&places.positions(&drawing))?;
            }
            svg(&drawing, &places, &SvgOptions { embed_fonts: true })
        }
    };
    let mut notes: Vec<String> = drawing.note.iter().cloned().collect();
    notes.push(format!("drawn with seed {}", ctx.settings.seed));
    Ok(super::written(text, options.output.as_deref(), notes))
}

fn scene(
    ctx: &Context<'_>,
    snapshot: &Snapshot,
    view: &View,
    options: &Draw,
) -> Result<Scene, Error> {
    let find = |name: &str| -> Result<u32, Error> {
        let idx = ctx.must_find(snapshot, name)?;
        let id = snapshot.node(idx).id().to_owned();
        view.index_of(idx).ok_or_else(|| crate::ecosystem::Error::NotInView { id }.into())
    };
    if let Some(name) = &options.of {
        return Ok(Scene::Around { centre: find(name)?, depth: options.depth });
    }
    if let Some((from, to)) = &options.path {
        let (source, target) = (find(from)?, find(to)?);
        let paths = k_shortest_paths(view, source, target, PATHS, &[]);
        if paths.is_empty() {
            return Err(Error::failed(format!("no path joins `{from}` and `{to}` in this view")));
        }
        return Ok(Scene::Paths(paths));
    }
    let is_narrowed = !ctx.settings.kinds.is_empty() || !ctx.settings.relations.is_empty();
    Ok(if is_narrowed { Scene::Everything } else { Scene::Whole })
}

/// Source, date, view, and what the page does not mean.
pub(super) fn caption(snapshot: &Snapshot, view: &str) -> String {
    let mut sources: Vec<String> = sources_of_data(snapshot)
        .map(|it| {
            let date = it.date.map(|it| format!(" ({it})")).unwrap_or_default();
            format!("{}{date}", it.title)
        })
        .collect();
    let n_more = sources.len().saturating_sub(2);
    sources.truncate(2);
    let more = if n_more > 0 { format!(" and {} more", count(n_more)) } else { String::new() };
    let named = match sources.as_slice() {
        [] => "Source: none named".to_owned(),
        [one] => format!("Source: {one}"),
        _ => format!("Sources: {}{more}", sources.join("; ")),
    };
    format!(
        "{named}. {}. Bodies that are near in the network stand near on the page; up, down, left and \
         right mean nothing.",
        super::capital(view)
    )
}
