//! `schema`: the words of the store; of one without a schema those that its records use.

use serde_json::json;
use weft_graph::{Ends, RelationId, Snapshot};

use crate::present::{Answer, Section, Table, count};
use crate::session::context::Context;
use crate::session::request::Schema;
use crate::session::{Error, Output};

pub(super) fn run(ctx: &mut Context<'_>, options: &Schema) -> Result<Output, Error> {
    let schema = ctx.words()?;
    if options.toml {
        return Ok(Output { text: Some(schema.text().to_owned()), ..Output::default() });
    }
    if schema.is_open() {
        return Ok(open(&ctx.recorded()?).into());
    }
    let mut answer = Answer::default();
    let mut kinds = Table::new(&["kind", "people read", "family", "acts"]);
    for kind in schema.kinds() {
        let acts = if kind.actor { "yes" } else { "" };
        let family = kind.family.as_str().to_owned();
        kinds.push([kind.id.clone(), kind.label.clone(), family, acts.to_owned()]);
        answer.rows.push(json!({
            "what": "kind", "id": kind.id, "label": kind.label, "family": kind.family,
            "actor": kind.actor,
        }));
    }
    answer.push_section(Section::table("Kinds", kinds));
    let mut relations = Table::new(&["relation", "read back", "conduit", "from", "to", "meaning"]);
    for (at, relation) in schema.relations().iter().enumerate() {
        let allowed = |end| -> Vec<String> {
            let kinds = schema.allowed_kinds(RelationId(at as u16), end);
            kinds.iter().map(|it| it.id.clone()).collect()
        };
        let conduit = if relation.conduit { "yes" } else { "" };
        relations.push([
            relation.id.clone(),
            relation.backward.clone(),
            conduit.to_owned(),
            relation.sources.join(", "),
            relation.targets.join(", "),
            relation.meaning.clone(),
        ]);
        answer.rows.push(json!({
            "what": "relation", "id": relation.id, "label": relation.forward,
            "backward": relation.backward, "conduit": relation.conduit,
            "symmetric": relation.symmetric, "meaning": relation.meaning,
            "sources": allowed(Ends::Source), "targets": allowed(Ends::Target),
        }));
    }
    answer.push_section(Section::table("Relations", relations));
    let mut stages = Table::new(&["stage", "people read", "start-up", "#weight of a need"]);
    for stage in schema.stages() {
        let start_up = if stage.start_up { "yes" } else { "" };
        stages.push([
            stage.id.clone(),
            stage.label.clone(),
            start_up.to_owned(),
            stage.weight.to_string(),
        ]);
        answer.rows.push(json!({
            "what": "stage", "id": stage.id, "label": stage.label, "start_up": stage.start_up,
            "weight": stage.weight,
        }));
    }
    answer.push_section(Section::table("Stages of a company", stages));
    Ok(answer.into())
}

/// Without a schema: the sets of labels and the types that there are, with how many of each.
fn open(snapshot: &Snapshot) -> Answer {
    let (schema, statistics) = (snapshot.schema(), snapshot.statistics());
    let mut answer = Answer::default();
    let mut add = |title: &str, what: &str, words: Vec<(&str, usize)>| {
        let mut words: Vec<_> = words.into_iter().filter(|it| it.1 > 0).collect();
        words.sort_unstable();
        let mut table = Table::new(&[what, "#how many"]);
        for (id, n) in words {
            table.push([id.to_owned(), count(n)]);
            answer.rows.push(json!({ "what": what, "id": id, "n": n }));
        }
        answer.push_section(Section::table(title, table));
    };
    let labels = schema.kinds().iter().map(|it| it.label.as_str());
    add("Sets of labels", "labels", labels.zip(statistics.nodes_of_kind.iter().copied()).collect());
    let types = schema.relations().iter().map(|it| it.id.as_str());
    add("Types of ties", "type", types.zip(statistics.ties_of_relation.iter().copied()).collect());
    answer
}
