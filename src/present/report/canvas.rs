//! The section on the components of the canvas: who and what stands for each, and what is thin.

use std::collections::BTreeMap;

use super::Report;
use super::content::{Block, Part, Prose, Sheet};
use super::evidence::first_ties;
use super::hubs::sentence;
use crate::ecosystem::{CanvasComponent, NodeName};

/// How many names of one kind are listed before the rest is counted.
const NAMES_SHOWN: usize = 60;

pub(super) fn part(report: &Report) -> Part {
    let mut part = Part::new("canvas", "The canvas: what the ecosystem is made of");
    let canvas = &report.canvas;
    part.say(
        "A canvas lists the components that an ecosystem is made of. Beside each stand those whom a \
         source names for it, then what the data hold of the kinds of bodies and ties that it speaks \
         of. The second is weft’s reading of its name and no source’s.",
    );
    part.say(sentence(&canvas.sentence));
    let columns = &["Component", "Who and what stands for it", "What is thin"];
    let mut sheet = Sheet::new("The components of the canvas", columns);
    for it in &canvas.components {
        let thin = if it.thin.is_empty() { "nothing".to_owned() } else { it.thin.join("; ") };
        sheet.push([Prose::from(&it.node), sentence(&it.sentence).into(), sentence(&thin).into()]);
    }
    if !sheet.rows.is_empty() {
        part.push(Block::Table(sheet));
        part.note(
            "Thin says what these data hold little of: no source that names anybody, fewer than three of \
             its kinds, no tie, or one source for all. It does not say that the component is weak.",
        );
    }
    let labels: BTreeMap<&str, &str> =
        report.stats.nodes_by_kind.iter().map(|it| (it.id.as_str(), it.label.as_str())).collect();
    for (at, it) in canvas.components.iter().enumerate() {
        part.push(component(it, &labels, at + 1));
    }
    part.command("weft canvas --why --format json");
    part
}

/// Who is named, and what there is of each kind, by name.
fn component(it: &CanvasComponent, labels: &BTreeMap<&str, &str>, number: usize) -> Block {
    let mut blocks = Vec::new();
    let mut sheet = Sheet::new("What there is of its kinds", &["Kind", "#How many", "Who or what"]);
    for kind in &it.kinds {
        let of: Vec<&NodeName> = it.by_kind.iter().filter(|it| it.kind == *kind).collect();
        let label = labels.get(kind.as_str()).copied().unwrap_or(kind);
        if !of.is_empty() {
            let n = crate::present::count(of.len());
            sheet.push([label.into(), n.into(), Prose::new().names(of, NAMES_SHOWN)]);
        }
    }
    match sheet.rows.is_empty() {
        true => blocks.push(Block::Paragraph("Nothing of its kinds is in the data.".into())),
        false => blocks.push(Block::Table(sheet)),
    }
    if let Some(why) = &it.why {
        if !why.named.is_empty() {
            blocks.extend(first_ties("Who is named, and where", &why.named, "weft canvas --why"));
        }
        if !why.ties.is_empty() {
            blocks.extend(first_ties("Ties of its relations", &why.ties, "weft canvas --why"));
        }
    }
    let summary = Prose::from(&it.node).say(": who, what and by which ties");
    Block::Details(format!("component-{number}"), summary, blocks)
}
