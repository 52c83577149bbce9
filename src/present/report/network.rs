//! The section that says what the network is, shows it, and says what is not in it.

use super::content::{Block, Part, Prose, Sheet};
use super::evidence::date_words;
use super::{Report, pictures::Pictures};
use crate::ecosystem::Count;
use crate::present::{count, plural};

pub(super) fn part(report: &Report, pictures: &Pictures) -> Part {
    let mut part = Part::new("network", "What this network is");
    let (stats, basis) = (&report.stats, &report.basis);
    part.say(format!(
        "The data speak of {} of all kinds and {} between them. Most findings look at a part of these: \
         the {} (organisations, programmes, funders and companies) and the {} along which one can \
         introduce another, which make {}.",
        plural(stats.everything.n_nodes, "thing", "things"),
        plural(stats.everything.n_ties, "tie", "ties"),
        plural(basis.n_nodes, "actor", "actors"),
        plural(basis.n_ties, "tie", "ties"),
        plural(basis.n_links, "pair of partners", "pairs of partners"),
    ));
    part.say(shape(report));
    part.blocks.extend(pictures.network.clone().map(Block::Picture));
    let by_kind =
        counts("What the data speak of, by kind", "Kind", "#How many", &stats.nodes_by_kind);
    part.closed("kinds", "Counts by kind", by_kind);
    let relations = counts("Ties by what they say", "Relation", "#Ties", &stats.ties_by_relation);
    part.closed("relations", "Counts by relation", relations);
    part.heading("What is in, and what is not");
    let as_of = basis.as_of.map_or("whatever their date".to_owned(), |it| {
        let last_day_of = if it.day().is_some() { "" } else { "the last day of " };
        format!("as known and valid on {last_day_of}{}", date_words(it))
    });
    let mut items = vec![
        Prose::from(format!(
            "In: what the sources name, {as_of}. What no source mentions is not here, \
                             and its absence here proves nothing."
        )),
        Prose::from(
            "In the findings: organisations, programmes, funders and companies, with ties such \
                     as hosting, funding, membership, delivery and support. Not in them, but in the \
                     data: places, documents, needs, products, groups spoken of without names.",
        ),
        Prose::from("People are left out unless a role needs the name."),
        Prose::from(format!(
            "{} and {} carry no date of their own and are taken to hold.",
            plural(basis.n_undated_nodes, "actor", "actors"),
            plural(basis.n_undated_ties, "tie", "ties")
        )),
    ];
    if basis.n_companies_without_stage > 0 {
        items.push(Prose::from(format!(
            "{} whose stage no source tells {} in no finding about start-ups.",
            plural(basis.n_companies_without_stage, "company", "companies"),
            if basis.n_companies_without_stage == 1 { "is" } else { "are" }
        )));
    }
    part.push(Block::List(items));
    part.command("weft stats --why --format json");
    part
}

fn shape(report: &Report) -> Prose {
    let shape = &report.stats.shape;
    let n = report.basis.n_nodes;
    let mut text = match shape.n_components {
        0 => return "The view is empty.".into(),
        _ if shape.n_in_largest == 1 => "No actor has a tie to another in the data.".to_owned(),
        1 => "All of them hang together.".to_owned(),
        _ => {
            let mut text = format!(
                "{} of the {} hang together in one network",
                count(shape.n_in_largest),
                plural(n, "actor", "actors"),
            );
            let n_in_groups = n - shape.n_in_largest - shape.n_isolated;
            if shape.n_isolated > 0 {
                text.push_str(&format!(
                    "; {} no tie to another actor in the data",
                    plural(shape.n_isolated, "has", "have")
                ));
            }
            if n_in_groups > 0 {
                let groups = match shape.n_components - shape.n_isolated {
                    2 => "a small group",
                    _ => "small groups",
                };
                text.push_str(&format!(
                    "; {} in {groups} of their own",
                    plural(n_in_groups, "stands", "stand")
                ));
            }
            text + "."
        }
    };
    if let (Some(mean), Some(diameter)) = (shape.mean_distance, shape.diameter) {
        text.push_str(&format!(
            " In that network two actors are {mean:.1} steps apart on average, and never more than \
             {diameter}."
        ));
    }
    text.into()
}

fn counts(
    caption: &'static str,
    first: &'static str,
    second: &'static str,
    rows: &[Count],
) -> Sheet {
    let mut sheet = Sheet::new(caption, &[first, second]);
    for it in rows {
        sheet.push([it.label.clone().into(), count(it.n).into()]);
    }
    sheet
}
