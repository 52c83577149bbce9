//! `path A B`: how to get from one body to another, step by step, each with who says so.

use serde_json::json;
use weft_graph::Certainty;

use crate::ecosystem::{ClaimEvidence, PathChoice, PathsOptions, Question, paths};
use crate::present::{Answer, Section, Table, decimal};
use crate::session::context::{Context, view_note};
use crate::session::request::Path;
use crate::session::verbs::why::Evidence;
use crate::session::{Error, Output};

/// Paths shown of the shortest, unless more or fewer are asked for.
const SHORTEST: usize = 3;
/// Paths of the other choices: more are no answer that anybody reads.
const PATHS_MAX: usize = 1_000;

pub(super) fn run(ctx: &mut Context<'_>, options: &Path) -> Result<Output, Error> {
    let snapshot = ctx.snapshot()?;
    let from = ctx.must_find(&snapshot, &options.from)?;
    let to = ctx.must_find(&snapshot, &options.to)?;
    let mut avoid = Vec::new();
    for name in &options.avoid {
        avoid.push(ctx.must_find(&snapshot, name)?);
    }
    if let Some(located) = ctx.located(&snapshot)? {
        let ends = [from, to];
        avoid.extend(snapshot.nodes().filter(|it| !located.contains(it) && !ends.contains(it)));
    }
    let choice = options.choice;
    let n_paths = options.n_paths.unwrap_or(match choice {
        PathChoice::Shortest => SHORTEST,
        _ => PATHS_MAX,
    });
    let usual = PathsOptions::default();
    let paths_options = PathsOptions {
        choice,
        n_paths: ctx.kept(n_paths),
        avoid,
        weighting: options.weighting,
        currency: options.currency.clone().unwrap_or(usual.currency),
    };
    let question = ctx.question()?;
    let mut found = paths(&snapshot, &question, from, to, &paths_options)?;
    let with_inferred = Question { floor: Certainty::Inferred, ..question };
    if let Some(place) = &ctx.settings.place {
        found.sentence.push_str(&format!(", over bodies on record in `{place}` alone"));
    }
    let mut answer = Answer { view: Some(view_note(&found.basis)), ..Answer::default() };
    answer.param("from", found.from.id.clone());
    answer.param("to", found.to.id.clone());
    let (word, n_links_max) = match choice {
        PathChoice::Shortest => ("shortest", None),
        PathChoice::AllShortest => ("all_shortest", None),
        PathChoice::UpTo(n_links) => ("simple", Some(n_links)),
        PathChoice::DisjointNodes => ("disjoint_nodes", None),
        PathChoice::DisjointLinks => ("disjoint_links", None),
    };
    answer.param("choice", word);
    if let Some(n_links_max) = n_links_max {
        answer.param("n_links_max", n_links_max);
    }
    answer.param("k", n_paths);
    answer.param("is_complete", found.is_complete);
    answer.param("n_shortest", found.n_shortest);
    if let Some(cost) = &found.cost {
        answer.param("cost", cost.clone());
    }
    if found.paths.is_empty() {
        // As a warning: a pipe would else get no word at all.
        let way_out = match paths(&snapshot, &with_inferred, from, to, &paths_options) {
            Ok(others) if !others.paths.is_empty() => {
                "; with `--certainty inferred`, which lets in what is known from elsewhere, there is one"
            }
            _ => "",
        };
        answer.warnings.push(format!("{}{way_out}", found.sentence));
    } else {
        answer.push_section(Section { text: vec![found.sentence.clone()], ..Section::default() });
    }
    for (rank, path) in found.paths.iter().enumerate() {
        let mut row = json!({ "rank": rank + 1 });
        let cost = found.costs.get(rank);
        if let (Some(cost), Some(row)) = (cost, row.as_object_mut()) {
            row.insert("cost".to_owned(), json!(cost));
        }
        if let (Some(row), Ok(serde_json::Value::Object(fields))) =
            (row.as_object_mut(), serde_json::to_value(path))
        {
            row.extend(fields);
        }
        answer.rows.push(row);
        let mut table = Table::new(&["step", "since", "certainty", "says who"]);
        for link in &path.links {
            for tie in &link.ties {
                let claims: Vec<String> = tie.claims.iter().map(ClaimEvidence::place).collect();
                table.push([
                    tie.sentence.clone(),
                    tie.valid_from.map_or(String::new(), |it| it.to_string()),
                    tie.certainty.as_str().to_owned(),
                    claims.join("; "),
                ]);
            }
        }
        let links =
            if path.n_links == 1 { "1 link".into() } else { format!("{} links", path.n_links) };
        let costs = cost.map_or(String::new(), |it| format!(", at a cost of {}", decimal(*it)));
        let heading = format!("Path {}: {links}{costs}", rank + 1);
        let text = vec![format!("{}.", path.sentence)];
        // What `--why` adds below says the same of each step, and more.
        let table = (!ctx.settings.why).then_some(table);
        answer.push_section(Section { table, ..Section::text(&heading, text) });
        if ctx.settings.why {
            let mut evidence = Evidence::new("step");
            for link in &path.links {
                let step = format!("{} to {}", link.from.name, link.to.name);
                link.ties.iter().for_each(|it| evidence.tie(&step, it));
            }
            evidence.push(ctx, &mut answer, &format!("Path {}: what it rests on", rank + 1));
        }
    }
    Ok(answer.into())
}
