//! `matrix`: links between groups beside what chance would leave, and who meets which need where.

use serde_json::json;

use crate::ecosystem::{
    GroupPair, GroupProvision, Grouping, Matrix as Found, NeedProvision, grouped, matrix,
    near_in_words, providers_in_words, provision,
};
use crate::present::{Answer, Section, Table, count, decimal, plural};
use crate::session::context::{Context, view_note};
use crate::session::request::{Matrix, MatrixOf};
use crate::session::verbs::why::{Evidence, push_table};
use crate::session::{Error, Output};

/// Groups that stand in the square; more would not fit a terminal.
const SQUARE: usize = 6;
/// Pairs shown of each list.
const ROWS: usize = 8;
/// Groups shown of a need.
const GROUPS: usize = 4;

pub(super) fn run(ctx: &mut Context<'_>, options: &Matrix) -> Result<Output, Error> {
    let by = match options.of {
        MatrixOf::Kind => Grouping::Kind,
        MatrixOf::Sector => Grouping::Sector,
        MatrixOf::Place => Grouping::Place,
        MatrixOf::Community => Grouping::Community,
        MatrixOf::Needs => return needs(ctx),
    };
    let snapshot = ctx.snapshot()?;
    let question = ctx.question()?;
    let found = ctx.watched("runs made", |run| matrix(&snapshot, &question, by, run))?;
    let seed = (by == Grouping::Community).then_some(question.seed);
    let mut answer = Answer { view: Some(view_note(&found.basis)), seed, ..Answer::default() };
    answer.param("by", json!(by));
    answer.param("groups", json!(found.groups));
    answer.param("share_inside", found.share_inside);
    answer.param("share_by_chance", found.share_by_chance);
    answer.param("e_i_index", found.e_i_index);
    found.pairs.iter().take(ctx.kept(found.pairs.len())).for_each(|it| answer.push_row(it));
    answer
        .push_section(Section { text: vec![format!("{}.", found.sentence)], ..Section::default() });
    if found.pairs.is_empty() {
        return Ok(answer.into());
    }
    answer.push_section(square(&found));
    push_pairs(ctx, &mut answer, "More links than chance", &found.above_chance());
    push_pairs(ctx, &mut answer, "Fewer links than chance", &found.below_chance());
    if let Some(section) = answer.sections.last_mut() {
        let note = "by chance: each body keeps its number of links; how far from chance is no test, \
                    `weft gaps` makes one";
        section.notes.push(note.to_owned());
    }
    Ok(answer.into())
}

/// "6,478.1": always one decimal, so that cells of a column compare.
fn by_chance(expected: f64) -> String {
    let text = format!("{expected:.1}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, "0"));
    format!("{}.{rest}", grouped(whole))
}

/// The largest groups against each other: links, and how many by chance.
fn square(found: &Found) -> Section {
    let shown: Vec<usize> = (0..found.groups.len())
        .filter(|&it| found.groups[it].n_link_ends > 0)
        .take(SQUARE)
        .collect();
    let mut columns = vec!["".to_owned(), "#bodies".to_owned()];
    columns.extend((1..=shown.len()).map(|it| format!("#{it}")));
    let mut table = Table::new(&columns.iter().map(String::as_str).collect::<Vec<_>>());
    for (number, &row) in (1..).zip(&shown) {
        let group = &found.groups[row];
        let mut cells = vec![format!("{number} {}", group.label), count(group.n_nodes)];
        for &column in &shown {
            let key = (row.min(column), row.max(column));
            let pair = found.pairs.iter().find(|it| (it.one, it.other) == key);
            cells.push(pair.map_or("0".to_owned(), |it| {
                format!("{} ({})", count(it.n_links), by_chance(it.expected))
            }));
        }
        table.rows.push(cells);
    }
    let mut section = Section::table("Links, and how many by chance", table);
    let n_more = found.groups.len() - shown.len();
    if n_more > 0 {
        section.notes.push(format!(
            "{} in the lists and in the data forms",
            plural(n_more, "smaller group stands", "smaller groups stand")
        ));
    }
    section
}

fn push_pairs(ctx: &Context<'_>, answer: &mut Answer, heading: &str, pairs: &[&GroupPair]) {
    let (limit, rest) = ctx.shown(pairs.len(), ROWS);
    let mut table = Table::new(&["between", "and", "#links", "#by chance"]);
    for it in &pairs[..limit] {
        let (one, other) = (it.one_label.clone(), it.other_in_words().to_owned());
        table.push([one, other, count(it.n_links), decimal(it.expected)]);
    }
    let mut section = Section::table(heading, table);
    section.notes.extend(rest);
    answer.push_section(section);
    let mut evidence = Evidence::new("between");
    for it in &pairs[..limit] {
        let subject = format!("{} and {}", it.one_label, it.other_label);
        evidence.links(&subject, it.why.as_deref().unwrap_or_default());
    }
    evidence.push(ctx, answer, &format!("{heading}: what they rest on"));
}

/// Needs against places and sectors.
fn needs(ctx: &mut Context<'_>) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let found = provision(&snapshot, &ctx.question()?);
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    answer.param("by", "needs");
    for need in found.needs.iter().take(ctx.kept(found.needs.len())) {
        answer.push_row(need);
    }
    answer.flat = Some(found.needs.iter().flat_map(flat).collect());
    if found.needs.is_empty() {
        let none = "No support need is in the data.".to_owned();
        answer.push_section(Section { text: vec![none], ..Section::default() });
        return Ok(answer.into());
    }
    let n_shown = ctx.shown(usize::MAX, GROUPS).0;
    let mut table = Table::new(&["need", "#met by", "where", "in which sector"]);
    for it in &found.needs {
        table.push([
            it.need.name.clone(),
            count(it.providers.len()),
            providers_in_words(&it.by_place, n_shown),
            providers_in_words(&it.by_sector, n_shown),
        ]);
    }
    answer.push_section(Section::table("Who meets what, where", table));
    let mut table =
        Table::new(&["need", "start-ups near somebody who meets it, of those for which it counts"]);
    for it in &found.needs {
        let near = near_in_words(&it.by_place);
        if !near.is_empty() {
            table.push([it.need.name.clone(), near]);
        }
    }
    if !table.rows.is_empty() {
        let section = Section::table("How near the start-ups of each place are", table);
        answer
            .push_section(section.note("near: within two links, so met or one introduction away"));
    }
    for it in &found.needs {
        why(ctx, &mut answer, it);
    }
    Ok(answer.into())
}

fn why(ctx: &Context<'_>, answer: &mut Answer, need: &NeedProvision) {
    let Some(ties) = &need.why else { return };
    let names = |it: &[crate::ecosystem::NodeName]| {
        it.iter().map(|it| it.name.clone()).collect::<Vec<_>>().join("; ")
    };
    let mut table = Table::new(&["where", "who meets it", "start-ups"]);
    for it in &need.by_place {
        table.push([it.label.clone(), names(&it.providers), names(&it.start_ups)]);
    }
    let name = &need.need.name;
    push_table(ctx, answer, &format!("{name}: who is where"), table);
    let mut evidence = Evidence::new("by");
    ties.iter().for_each(|it| evidence.tie(&it.source.name, it));
    evidence.push(ctx, answer, &format!("{name}: who says so"));
}

/// One need and group a row.
fn flat(need: &NeedProvision) -> Vec<serde_json::Value> {
    let row = |by: &str, it: &GroupProvision| {
        let ids = |it: &[crate::ecosystem::NodeName]| {
            it.iter().map(|it| it.id.clone()).collect::<Vec<_>>()
        };
        json!({
            "need": need.need.id,
            "need_name": need.need.name,
            "group_by": by,
            "group": it.group,
            "group_name": it.label,
            "n_providers": it.providers.len(),
            "n_start_ups": it.start_ups.len(),
            "n_start_ups_near": it.n_start_ups_near,
            "providers": ids(&it.providers),
            "start_ups": ids(&it.start_ups),
        })
    };
    let by_place = need.by_place.iter().map(|it| row("place", it));
    by_place.chain(need.by_sector.iter().map(|it| row("sector", it))).collect()
}
