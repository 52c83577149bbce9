//! `rank MEASURE`: bodies, or links, by any measure, with what each figure rests on; without one, all
//! measures.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use weft_graph::{NodeIdx, Snapshot};

use crate::ecosystem::{
    Chance, Directions, MEASURES, MeasureOptions, RankGroup, RankLink, RankMeasure, RankOptions,
    RankRow, RankTrust, Ranking, Stability, rank,
};
use crate::present::{Answer, Section, Table, count, decimal, plural};
use crate::session::context::{Context, more_note, view_note};
use crate::session::request::{Rank, Weighting};
use crate::session::verbs::capital;
use crate::session::verbs::hubs::stays_in_100;
use crate::session::verbs::why::{Evidence, push_table};
use crate::session::{Error, Output, find_explanation};

/// Bodies shown, tried and opened.
const ROWS: usize = 10;
/// Bodies that are chosen together.
const CHOSEN: usize = 3;
/// Names shown of a group, or of those at one distance.
const NAMES: usize = 12;

pub(super) fn run(ctx: &mut Context<'_>, options: &Rank) -> Result<Output, Error> {
    let Some(word) = &options.measure else { return Ok(list().into()) };
    let measure = find(word)?;
    check(measure, options, ctx.settings.place.is_some())?;
    let (snapshot, question) = ctx.sweep()?;
    let names = |names: &[String]| -> Result<Vec<NodeIdx>, Error> {
        names.iter().map(|it| ctx.must_find(&snapshot, it)).collect()
    };
    let mut only = names(&options.names)?;
    let is_named = !only.is_empty();
    if let Some(located) = ctx.located(&snapshot)? {
        let view = question.conduit(&snapshot);
        let in_view: BTreeSet<NodeIdx> =
            located.into_iter().filter(|&it| view.index_of(it).is_some()).collect();
        match is_named {
            true => only.retain(|it| in_view.contains(it)),
            false => only = in_view.into_iter().collect(),
        }
        if only.is_empty() {
            return Ok(super::nobody_there(
                ctx,
                view_note(&question.basis(&snapshot, &view, "conduit")),
            ));
        }
    }
    let usual = if measure.chooses() { CHOSEN } else { ROWS };
    let n_rows = match ctx.settings.limit {
        _ if ctx.settings.all => usize::MAX,
        None if is_named => usize::MAX,
        limit => limit.unwrap_or(usual),
    };
    let rank_options = RankOptions {
        measure: MeasureOptions {
            direction: options.direction,
            weighting: options.weighting,
            currency: options
                .currency
                .clone()
                .unwrap_or_else(|| MeasureOptions::default().currency),
            n_steps: options.n_steps.unwrap_or(MeasureOptions::default().n_steps),
            n_searches: options.n_searches,
            attenuation: options.attenuation,
            starts: names(&options.starts)?,
            seed: question.seed,
        },
        n_rows,
        only,
        stability: options.trusted.stability,
        chance: options.trusted.chance,
    };
    let found = ctx
        .watched("networks drawn", |run| rank(&snapshot, &question, measure, &rank_options, run))?;
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    params(&mut answer, &found, options, &rank_options);
    if options.trusted.stability || options.trusted.chance || options.n_searches.is_some() {
        answer.seed = Some(question.seed);
    }
    if measure.tells_links() {
        links(ctx, &mut answer, measure, &found, n_rows.min(found.links.len()));
    } else if found.groups.is_empty() {
        bodies(ctx, &snapshot, &mut answer, measure, &found, n_rows.min(found.rows.len()));
    } else {
        groups(ctx, &mut answer, measure, &found, n_rows.min(found.groups.len()));
    }
    Ok(answer.into())
}

/// The measure of that name, or the one that an explanation of that name tells of.
fn find(word: &str) -> Result<&'static RankMeasure, Error> {
    let name = word.trim().to_lowercase().replace(['-', ' '], "_");
    let by_name = MEASURES.iter().find(|it| it.name == name);
    let explained = find_explanation(word).map(|it| it.name);
    let mut told = MEASURES.iter().filter(|it| Some(it.explained_by) == explained);
    let by_explanation = told.next().filter(|_| told.next().is_none());
    by_name.or(by_explanation).ok_or_else(|| {
        let all: Vec<&str> = MEASURES.iter().map(|it| it.name).collect();
        let of_explanation: Vec<String> = MEASURES
            .iter()
            .filter(|it| Some(it.explained_by) == explained)
            .map(|it| format!("`{}`", it.name))
            .collect();
        let hint = match of_explanation.as_slice() {
            [] => weft_formats::did_you_mean(word, all, "`weft rank` lists all measures"),
            some => format!("use one of {}", some.join(", ")),
        };
        Error::usage(format!("`{word}` is no measure that ranks bodies")).with_hint(hint)
    })
}

/// Whether the measure makes anything of what it is told.
fn check(measure: &RankMeasure, options: &Rank, has_place: bool) -> Result<(), Error> {
    let name = measure.name;
    let takes_direction = matches!(measure.direction, Directions::IfAsked | Directions::Outgoing);
    let has_weight = options.weighting != Weighting::One;
    let is_tried = options.trusted.stability || options.trusted.chance;
    let is_chosen = measure.chooses();
    let wrong = [
        (options.direction.is_some() && !takes_direction, "`--direction`"),
        (has_weight && !measure.takes_weights, "`--weight`"),
        (options.n_steps.is_some() && name != "reach" && name != "key_reachers", "`--steps`"),
        (options.n_searches.is_some() && name != "betweenness", "`--sample`"),
        (options.attenuation.is_some() && name != "katz", "`--attenuation`"),
        (!options.starts.is_empty() && name != "page_rank" && name != "fit", "`--from`"),
        (!options.names.is_empty() && is_chosen, "names: it chooses from all bodies"),
        (has_place && is_chosen, "`--place`: it chooses from all bodies"),
    ];
    if is_tried && measure.tells_groups() {
        return Err(Error::usage(format!(
            "`{name}` tells groups, which have no figure to keep or to hold against chance"
        ))
        .with_hint(
            "`weft rank cut_off --stability --chance` tries the bodies that alone join them",
        ));
    }
    if name == "fit" && options.starts.len() != 1 {
        return Err(Error::usage("`fit` is of one body: who fits to whom?")
            .with_hint("name the body with `--from NAME`"));
    }
    match wrong.iter().find(|it| it.0) {
        Some((_, what)) => Err(Error::usage(format!("`{name}` makes nothing of {what}"))
            .with_hint(format!("`weft explain {}` says what it looks at", measure.explained_by))),
        None => Ok(()),
    }
}

/// All measures, what each tells, and what it can be told.
fn list() -> Answer {
    let mut answer = Answer::default();
    let mut table = Table::new(&["measure", "tells", "takes"]);
    for it in MEASURES {
        let direction = match it.direction {
            Directions::IfAsked => Some("direction"),
            Directions::Outgoing => Some("direction (out unless asked)"),
            Directions::Ignored | Directions::Both => None,
        };
        let weight = it.takes_weights.then_some("weight");
        let takes: Vec<&str> = direction.into_iter().chain(weight).collect();
        let tells = find_explanation(it.explained_by).map_or("", |it| it.tells);
        answer.rows.push(json!({
            "measure": it.name,
            "tells": tells,
            "explained_by": it.explained_by,
            "takes_direction": direction.is_some(),
            "takes_weight": it.takes_weights,
            "lowest_first": it.lowest_first,
        }));
        table.push([it.name.to_owned(), tells.to_owned(), takes.join(", ")]);
    }
    let note = "`weft rank MEASURE` ranks bodies; `weft explain MEASURE` tells the whole of one.";
    answer.push_section(Section::bare(table).note(note));
    answer
}

fn params(answer: &mut Answer, found: &Ranking, options: &Rank, told: &RankOptions) {
    answer.param("measure", found.measure);
    answer.param("direction", found.direction);
    answer.param("weight", found.weight);
    answer.param("lowest_first", found.lowest_first);
    answer.param("whole", serde_json::to_value(&found.whole).unwrap_or_default());
    answer.param("n_without", found.n_without);
    let asked = [
        ("names", (!options.names.is_empty()).then(|| json!(options.names))),
        ("from", (!options.starts.is_empty()).then(|| json!(options.starts))),
        ("steps", options.n_steps.map(|it| json!(it))),
        ("sample", options.n_searches.map(|it| json!(it))),
        ("stability", told.stability.then(|| json!(true))),
        ("chance", told.chance.then(|| json!(true))),
        ("verdict", (!found.verdict.is_empty()).then(|| json!(found.verdict))),
        ("other_sets", (!found.other_sets.is_empty()).then(|| json!(found.other_sets))),
        (
            "currency",
            matches!(options.weighting, Weighting::Amount | Weighting::LogAmount)
                .then(|| json!(told.measure.currency)),
        ),
    ];
    for (name, value) in asked {
        if let Some(value) = value {
            answer.param(name, value);
        }
    }
}

/// What the measure tells, its figures of the network, and the ties that count.
fn head(measure: &RankMeasure, found: &Ranking) -> Vec<String> {
    let tells = find_explanation(measure.explained_by).map_or("", |it| it.tells);
    let mut res = vec![tells.to_owned()];
    match found.direction {
        "out" => res.push("Counted are ties that lead out from a body.".to_owned()),
        "in" => res.push("Counted are ties that lead to a body.".to_owned()),
        _ => {}
    }
    if found.weight != "one" {
        res.push(format!("Links weigh by `{}`.", found.weight));
    }
    let figures: Vec<String> = found
        .whole
        .iter()
        .map(|(name, value)| {
            let name = name.strip_prefix("n_").unwrap_or(name);
            format!("{} {}", name.replace('_', " "), decimal(*value))
        })
        .collect();
    if !figures.is_empty() {
        res.push(format!("Of the network as a whole: {}.", figures.join("; ")));
    }
    res
}

fn bodies(
    ctx: &Context<'_>,
    snapshot: &Snapshot,
    answer: &mut Answer,
    measure: &RankMeasure,
    found: &Ranking,
    shown: usize,
) {
    // Trials and reasons are of the rows shown; without them data forms get all.
    let is_cut =
        ctx.settings.why || found.rows.iter().any(|it| it.trust.is_some() || it.chance.is_some());
    let n_rows = if is_cut { shown } else { ctx.kept(found.rows.len()) };
    found.rows[..n_rows].iter().for_each(|it| answer.push_row(it));
    answer.flat = Some(found.rows[..n_rows].iter().map(flat).collect());
    let beside: Vec<&str> =
        found.rows.first().map(|it| it.beside.keys().copied().collect()).unwrap_or_default();
    let title = measure.name.replace('_', " ");
    let mut columns =
        vec!["#".to_owned(), "name".to_owned(), "kind".to_owned(), format!("#{title}")];
    columns.extend(beside.iter().map(|it| format!("#{}", it.replace('_', " "))));
    columns.push("#partners".to_owned());
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new(&columns);
    for row in &found.rows[..shown] {
        let mut cells = vec![
            place(row),
            row.node.name.clone(),
            super::kind_label(snapshot, &row.node),
            figure(row.value),
        ];
        cells.extend(row.beside.values().map(|it| it.map_or("\u{2013}".to_owned(), figure)));
        cells.push(count(row.n_contacts));
        table.rows.push(cells);
    }
    let order = if measure.lowest_first { ", the lowest first" } else { "" };
    let mut section = Section::table(&format!("{}{order}", capital(&title)), table);
    if found.rows.is_empty() {
        section.table = None;
        section.text.push("The measure says nothing of any body here.".to_owned());
    }
    section.text.extend(head(measure, found));
    let n_more = found.rows.len() - shown;
    if n_more > 0 {
        section.notes.push(more_note(n_more));
    }
    if found.n_without > 0 {
        section
            .notes
            .push(format!("it says nothing of {}", plural(found.n_without, "body", "bodies")));
    }
    section.notes.extend(found.notes.clone());
    super::push_notes(answer, &found.notes);
    answer.push_section(section);
    tried(answer, found, measure.chooses(), shown);
    for row in &found.rows[..shown] {
        why(ctx, answer, row);
    }
}

/// Its rank, if its figure can be relied on.
fn place(row: &RankRow) -> String {
    row.rank.map_or("\u{2013}".to_owned(), count)
}

/// A figure with as many digits as tell it from its neighbours.
fn figure(value: f64) -> String {
    match value.abs() {
        it if it > 0.0 && it < 0.001 => format!("{value:.2e}"),
        it if it < 0.1 => {
            format!("{value:.4}").trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        _ => decimal(value),
    }
}

fn flat(row: &RankRow) -> Value {
    let mut res = json!({
        "rank": row.rank,
        "id": row.node.id,
        "name": row.node.name,
        "kind": row.node.kind,
        "value": row.value,
        "n_contacts": row.n_contacts,
    });
    if let Some(fields) = res.as_object_mut() {
        for (name, value) in &row.beside {
            fields.insert((*name).to_owned(), json!(value));
        }
        if let Some(it) = &row.chosen_again {
            fields.insert("n_draws".to_owned(), json!(it.n_draws));
            fields.insert("n_chosen".to_owned(), json!(it.n_chosen));
            fields.insert("on_stated".to_owned(), json!(it.on_stated));
            fields.insert("with_inferred".to_owned(), json!(it.with_inferred));
            fields.insert("without_weakest".to_owned(), json!(it.without_weakest));
            fields.insert("has_equal".to_owned(), json!(it.has_equal));
        }
    }
    with_trials(res, row.trust.as_ref(), row.stability.as_ref(), row.chance.as_ref())
}

/// A flat row with what was tried of it.
fn with_trials(
    mut row: Value,
    trust: Option<&RankTrust>,
    stability: Option<&Stability>,
    chance: Option<&Chance>,
) -> Value {
    if let Some(fields) = row.as_object_mut() {
        if let Some(it) = trust {
            fields.insert("rank_on_stated".to_owned(), json!(it.rank_on_stated));
            fields.insert("rank_with_inferred".to_owned(), json!(it.rank_with_inferred));
            fields.insert("rank_without_weakest".to_owned(), json!(it.rank_without_weakest));
        }
        if let Some(it) = stability {
            fields.insert("n_draws".to_owned(), json!(it.n_draws));
            fields.insert("n_stayed".to_owned(), json!(it.n_stayed));
        }
        if let Some(it) = chance {
            fields.insert("p_higher".to_owned(), json!(it.p_higher));
            fields.insert("p_lower".to_owned(), json!(it.p_lower));
        }
    }
    row
}

/// Which places are safe, and which figures differ from chance.
pub(super) fn tried(answer: &mut Answer, found: &Ranking, is_chosen: bool, shown: usize) {
    let rows = &found.rows[..shown];
    match is_chosen {
        true if found.verdict.is_empty() => {}
        true => chosen_again(answer, found),
        false => safe_places(
            answer,
            &found.verdict,
            "",
            rows.iter().filter_map(|it| {
                let of = (it.stability.as_ref()?, it.trust.as_ref()?);
                Some((it.node.name.clone(), place(it), of))
            }),
        ),
    }
    let held = if is_chosen { "; each row speaks of the bodies chosen so far" } else { "" };
    let chances = rows.iter().map(|it| (it.node.name.as_str(), it.chance.as_ref()));
    super::push_chance(answer, held, chances);
}

/// Which places are safe, in words and by row; nothing where it was not asked.
fn safe_places<'a>(
    answer: &mut Answer,
    verdict: &[String],
    of_draws: &str,
    rows: impl Iterator<Item = (String, String, (&'a Stability, &'a RankTrust))>,
) {
    if verdict.is_empty() {
        return;
    }
    let mut table = Table::new(&["name", "#rank", "#stays in 100", "#usual ranks", "when doubted"]);
    let mut n_lost = None;
    for (name, rank, (stability, trust)) in rows {
        n_lost = Some(stability.n_links_dropped);
        table.push([
            name,
            rank,
            stays_in_100(stability),
            stability.usual_ranks(),
            trust.sentence.clone(),
        ]);
    }
    let mut section = Section::table("How safe these places are", table);
    section.table.take_if(|_| n_lost.is_none());
    section.text = verdict.iter().map(|it| format!("{}.", capital(it))).collect();
    section.notes.extend(n_lost.map(|n| {
        format!(
            "1,000 draws, each without {} of the links{of_draws}; usual ranks are those of nine draws in \
             ten",
            count(n)
        )
    }));
    answer.push_section(section);
}

/// Who is chosen whatever was tried, and whom the choice takes else.
fn chosen_again(answer: &mut Answer, found: &Ranking) {
    let mut table = Table::new(&[
        "name",
        "#chosen in 100",
        "on stated",
        "with inferred",
        "without its weakest tie",
        "alone the best",
    ]);
    let yes = |it: bool| if it { "yes" } else { "no" }.to_owned();
    for row in &found.rows {
        let Some(it) = &row.chosen_again else { continue };
        table.push([
            row.node.name.clone(),
            decimal(it.n_chosen as f64 * 100.0 / it.n_draws as f64),
            yes(it.on_stated),
            yes(it.with_inferred),
            yes(it.without_weakest),
            yes(!it.has_equal),
        ]);
    }
    let mut section = Section::table("Who would be chosen again", table);
    section.text = found.verdict.iter().map(|it| format!("{}.", capital(it))).collect();
    if let Some(it) = found.rows.iter().find_map(|it| it.chosen_again.as_ref()) {
        section.notes.push(format!(
            "{} draws, each without {} of the links; a set has no ranks: chosen is chosen, whatever the \
             order; alone the best: no other would have been as good when it was chosen",
            count(it.n_draws),
            count(it.n_links_dropped)
        ));
    }
    answer.push_section(section);
}

/// The part of each contact, who is how far, and the ties.
fn why(ctx: &Context<'_>, answer: &mut Answer, row: &RankRow) {
    let Some(why) = &row.why else { return };
    let name = &row.node.name;
    if why.contacts.iter().any(|it| it.part.is_some()) {
        let mut table = Table::new(&["partner", "#its figure", "#part"]);
        for it in &why.contacts {
            let cell = |it: Option<f64>| it.map_or("\u{2013}".to_owned(), figure);
            table.push([it.node.name.clone(), cell(it.value), cell(it.part)]);
        }
        if why.own != 0.0 {
            table.push(["of itself".to_owned(), String::new(), figure(why.own)]);
        }
        push_table(ctx, answer, &format!("{name}: the part of each partner"), table);
    }
    let mut rings = Table::new(&["#links", "#bodies", "#part", "who"]);
    for ring in &why.distances {
        let mut names: Vec<&str> = ring.nodes.iter().map(|it| it.name.as_str()).collect();
        let (shown, _) = ctx.shown(names.len(), NAMES);
        names.truncate(shown);
        let n_more = ring.nodes.len() - shown;
        let more = if n_more > 0 { format!(" and {} more", count(n_more)) } else { String::new() };
        rings.push([
            ring.distance.to_string(),
            count(ring.n_nodes),
            ring.part.map_or("\u{2013}".to_owned(), figure),
            format!("{}{more}", names.join("; ")),
        ]);
    }
    push_table(ctx, answer, &format!("{name}: who is how far"), rings);
    let mut evidence = Evidence::new("partner");
    for it in &why.contacts {
        it.link.ties.iter().for_each(|tie| evidence.tie(&it.node.name, tie));
    }
    evidence.push(ctx, answer, &format!("{name}: its ties"));
}

fn groups(
    ctx: &Context<'_>,
    answer: &mut Answer,
    measure: &RankMeasure,
    found: &Ranking,
    shown: usize,
) {
    let n_rows = if ctx.settings.why { shown } else { ctx.kept(found.groups.len()) };
    found.groups[..n_rows].iter().for_each(|it| answer.push_row(it));
    answer.flat = Some(found.groups[..n_rows].iter().flat_map(members).collect());
    let mut table = Table::new(&["#", "#bodies", "who", "joined to the rest by"]);
    let names = |nodes: &[crate::ecosystem::NodeName]| {
        let shown = ctx.shown(nodes.len(), NAMES).0;
        let names: Vec<&str> = nodes[..shown].iter().map(|it| it.name.as_str()).collect();
        let n_more = nodes.len() - shown;
        let more = if n_more > 0 { format!(" and {} more", count(n_more)) } else { String::new() };
        format!("{}{more}", names.join("; "))
    };
    for it in &found.groups[..shown] {
        let joined = names(&it.joined_by);
        table.push([count(it.rank), count(it.n_members), names(&it.members), joined]);
    }
    let mut section = Section::table(&capital(measure.name), table);
    section.text = head(measure, found);
    let n_more = found.groups.len() - shown;
    if n_more > 0 {
        section.notes.push(more_note(n_more));
    }
    if found.n_without > 0 {
        let bodies = plural(found.n_without, "body has", "bodies have");
        section.notes.push(format!("{bodies} no link, and are in no block"));
    }
    answer.push_section(section);
    for it in &found.groups[..shown] {
        let Some(links) = &it.why else { continue };
        let mut evidence = Evidence::new("block");
        evidence.links(&count(it.rank), links);
        evidence.push(ctx, answer, &format!("{}: the ties inside", names(&it.members)));
    }
}

fn links(
    ctx: &Context<'_>,
    answer: &mut Answer,
    measure: &RankMeasure,
    found: &Ranking,
    shown: usize,
) {
    let is_cut =
        ctx.settings.why || found.links.iter().any(|it| it.trust.is_some() || it.chance.is_some());
    let n_rows = if is_cut { shown } else { ctx.kept(found.links.len()) };
    found.links[..n_rows].iter().for_each(|it| answer.push_row(it));
    answer.flat = Some(found.links[..n_rows].iter().map(flat_link).collect());
    let title = measure.name.replace('_', " ");
    let mut table = Table::new(&["#", "one", "the other", &format!("#{title}"), "in words"]);
    for it in &found.links[..shown] {
        table.push([
            count(it.rank),
            it.from.name.clone(),
            it.to.name.clone(),
            figure(it.value),
            it.sentence.clone(),
        ]);
    }
    let mut section = Section::table(&capital(&title), table);
    if found.links.is_empty() {
        section.table = None;
        section.text.push("There is no link here.".to_owned());
    }
    section.text.extend(head(measure, found));
    let n_more = found.links.len() - shown;
    if n_more > 0 {
        section.notes.push(more_note(n_more));
    }
    answer.push_section(section);
    let rows = &found.links[..shown];
    let name = |it: &RankLink| format!("{} \u{2013} {}", it.from.name, it.to.name);
    safe_places(
        answer,
        &found.verdict,
        ", of which those count for a link that leave it",
        rows.iter().filter_map(|it| {
            let of = (it.stability.as_ref()?, it.trust.as_ref()?);
            Some((name(it), count(it.rank), of))
        }),
    );
    let names: Vec<String> = rows.iter().map(name).collect();
    let chances = rows.iter().map(|it| it.chance.as_ref());
    let held =
        "; a link is held against the link of the same rank there, as rewiring keeps no link";
    super::push_chance(answer, held, names.iter().map(String::as_str).zip(chances));
    let mut evidence = Evidence::new("link");
    for it in &found.links[..shown] {
        let both = format!("{} and {}", it.from.name, it.to.name);
        it.why.iter().flat_map(|it| &it.ties).for_each(|tie| evidence.tie(&both, tie));
    }
    evidence.push(ctx, answer, "What these links rest on");
}

fn flat_link(link: &RankLink) -> Value {
    let row = json!({
        "rank": link.rank,
        "from": link.from.id,
        "from_name": link.from.name,
        "to": link.to.id,
        "to_name": link.to.name,
        "value": link.value,
        "share": link.share,
        "is_bridge": link.is_bridge,
        "n_ties": link.n_ties,
    });
    with_trials(row, link.trust.as_ref(), link.stability.as_ref(), link.chance.as_ref())
}

/// One member a row.
fn members(group: &RankGroup) -> Vec<Value> {
    let joins = |id: &str| group.joined_by.iter().any(|it| it.id == id);
    let row = |it: &crate::ecosystem::NodeName| {
        json!({
            "rank": group.rank,
            "n_members": group.n_members,
            "id": it.id,
            "name": it.name,
            "kind": it.kind,
            "joins": joins(&it.id),
        })
    };
    group.members.iter().map(row).collect()
}
