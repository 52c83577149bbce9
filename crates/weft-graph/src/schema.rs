//! The words of an ecosystem: kinds of node, relations between them, stages of a company.
//!
//! The schema is data: it is read from TOML, and nothing else in weft names a kind or a relation of
//! its own. Which findings need a word (the needs, the stages) asks the schema for it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// The position of a kind in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub u16);

/// The position of a relation in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationId(pub u16);

/// The position of a stage in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StageId(pub u8);

/// The broad class of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// A body: a trust, a university, a council, a partnership, a site.
    Organisation,
    /// What bodies run: programmes, projects, studies, data assets.
    Programme,
    /// Who gives or invests money.
    Funder,
    /// Who sells.
    Company,
    /// Where.
    Place,
    /// What is written or made, and acts by itself in no way.
    Document,
    /// What a start-up needs.
    Need,
    /// Bodies or people spoken of without names.
    Collective,
}

/// A kind of node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// The word that files use: `nhs_body`.
    pub id: String,
    /// The word that people read: `NHS body`.
    pub label: String,
    /// Its plural.
    pub plural: String,
    /// Its family.
    pub family: Family,
    /// Whether nodes of this kind act: may be a hub, be introduced, be a gap.
    #[serde(default)]
    pub actor: bool,
    /// The mark in pictures.
    pub symbol: String,
    /// The colour in pictures, as `#rrggbb`.
    pub colour: String,
}

/// A relation between two kinds of node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// The word that files use: `part_of`.
    pub id: String,
    /// The verb from source to target: `is part of`.
    pub forward: String,
    /// The verb from target to source: `includes`.
    pub backward: String,
    /// What the relation says, in a line.
    #[serde(default)]
    pub meaning: String,
    /// Kinds that may be its source: ids, or `@actor`, `@any`, `@<family>`.
    pub sources: Vec<String>,
    /// Kinds that may be its target.
    pub targets: Vec<String>,
    /// Whether A-B is the same tie as B-A.
    #[serde(default)]
    pub symmetric: bool,
    /// Whether an introduction can travel along it.
    #[serde(default)]
    pub conduit: bool,
    /// The line in pictures: `solid`, `dashed`, `dotted`, `dashdot`, `longdash`.
    pub dash: String,
}

/// A stage of a company.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// The word that files use: `scale_up`.
    pub id: String,
    /// The word that people read.
    pub label: String,
    /// Whether a company of this stage is a start-up.
    pub start_up: bool,
    /// How much a need counts at this stage: 0 not yet, 1 useful, 2 critical.
    pub weight: u8,
    /// The needs whose weight is another one, by the id of the need's node.
    #[serde(default)]
    pub weights: BTreeMap<String, u8>,
}

/// What a component of the ecosystem canvas speaks of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// A node is this component if its id or name holds the word, in capitals or not.
    pub word: String,
    /// The kinds that stand for it.
    pub kinds: Vec<String>,
    /// The relations that stand for it.
    pub relations: Vec<String>,
}

/// Which end of a tie is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// The node that the tie starts from.
    Source,
    /// The node that the tie goes to.
    Target,
}

/// A schema that has been read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    title: String,
    text: String,
    kinds: Vec<Kind>,
    relations: Vec<Relation>,
    stages: Vec<Stage>,
    components: Vec<Component>,
    /// One bit a kind, in 64-bit words, for the sources and the targets of each relation.
    allowed: Vec<[Vec<bool>; 2]>,
}

/// What is wrong with the text of a schema.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// Not TOML, or a field that does not belong.
    #[error("the schema cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// A word that is declared twice.
    #[error("{what} `{id}` is declared twice in the schema")]
    Duplicate {
        /// kind, relation, stage or component
        what: &'static str,
        /// the word
        id: String,
    },
    /// A relation speaks of a kind that the schema lacks.
    #[error("relation `{relation}` names `{kind}`, which is no kind of the schema")]
    UnknownKind {
        /// the relation
        relation: String,
        /// what it names
        kind: String,
    },
    /// A component of the canvas speaks of a word that the schema lacks.
    #[error("component `{component}` names `{word}`, which is no {what} of the schema")]
    UnknownWord {
        /// the component's word
        component: String,
        /// kind or relation
        what: &'static str,
        /// what it names
        word: String,
    },
    /// A weight other than 0, 1 and 2.
    #[error("stage `{stage}` gives the weight {weight}: a weight is 0, 1 or 2")]
    Weight {
        /// the stage
        stage: String,
        /// the weight
        weight: u8,
    },
    /// A relation declared symmetric whose two ends allow different kinds.
    #[error("relation `{0}` is symmetric, so its sources and targets must be the same kinds")]
    Symmetric(String),
    /// More words than fit.
    #[error("the schema has too many {0}")]
    TooMany(&'static str),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    title: String,
    #[serde(default)]
    #[allow(dead_code, reason = "read so that a schema may say it, checked by nobody yet")]
    version: u32,
    #[serde(default)]
    kind: Vec<Kind>,
    #[serde(default)]
    relation: Vec<Relation>,
    #[serde(default)]
    stage: Vec<Stage>,
    #[serde(default)]
    component: Vec<Component>,
}

impl Schema {
    /// Reads a schema from TOML.
    ///
    /// # Errors
    /// See [`SchemaError`].
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        let document: Document = toml::from_str(text)?;
        let Document { title, kind: kinds, relation: relations, stage: stages, .. } = document;
        let components = document.component;
        must_be_unique("kind", kinds.iter().map(|it| &it.id))?;
        must_be_unique("relation", relations.iter().map(|it| &it.id))?;
        must_be_unique("stage", stages.iter().map(|it| &it.id))?;
        must_be_unique("component", components.iter().map(|it| &it.word))?;
        for it in &components {
            let kinds = kinds.iter().map(|it| it.id.as_str()).collect();
            let relations = relations.iter().map(|it| it.id.as_str()).collect();
            must_be_known(it, "kind", &it.kinds, &kinds)?;
            must_be_known(it, "relation", &it.relations, &relations)?;
        }
        if kinds.len() >= usize::from(u16::MAX) || relations.len() >= usize::from(u16::MAX) {
            return Err(SchemaError::TooMany("kinds or relations"));
        }
        if stages.len() >= usize::from(u8::MAX) {
            return Err(SchemaError::TooMany("stages"));
        }
        for stage in &stages {
            for &weight in stage.weights.values().chain([&stage.weight]) {
                if weight > 2 {
                    return Err(SchemaError::Weight { stage: stage.id.clone(), weight });
                }
            }
        }
        let mut allowed = Vec::with_capacity(relations.len());
        for relation in &relations {
            let sources = expand(&kinds, relation, &relation.sources)?;
            let targets = expand(&kinds, relation, &relation.targets)?;
            if relation.symmetric && sources != targets {
                return Err(SchemaError::Symmetric(relation.id.clone()));
            }
            allowed.push([sources, targets]);
        }
        let text = text.to_owned();
        Ok(Self { title, text, kinds, relations, stages, components, allowed })
    }

    /// The schema that comes with weft (`graph-data/schema.toml`).
    pub fn bundled() -> Self {
        // Read once: small graphs by the thousand start from it.
        static BUNDLED: OnceLock<Schema> = OnceLock::new();
        let read = || {
            Self::parse(include_str!("../../../graph-data/schema.toml"))
                .expect("the bundled schema is read by a test")
        };
        BUNDLED.get_or_init(read).clone()
    }

    /// What the schema calls itself.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The TOML that it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All kinds, in the order of the schema.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// All relations, in the order of the schema.
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    /// All stages, in the order of the schema.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// What the components of the canvas speak of, in the order of the schema.
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// The kind of that position.
    pub fn kind(&self, id: KindId) -> &Kind {
        &self.kinds[usize::from(id.0)]
    }

    /// The relation of that position.
    pub fn relation(&self, id: RelationId) -> &Relation {
        &self.relations[usize::from(id.0)]
    }

    /// The stage of that position.
    pub fn stage(&self, id: StageId) -> &Stage {
        &self.stages[usize::from(id.0)]
    }

    /// The kind of that name.
    pub fn kind_id(&self, id: &str) -> Option<KindId> {
        self.kinds.iter().position(|it| it.id == id).map(|it| KindId(it as u16))
    }

    /// The relation of that name.
    pub fn relation_id(&self, id: &str) -> Option<RelationId> {
        self.relations.iter().position(|it| it.id == id).map(|it| RelationId(it as u16))
    }

    /// The stage of that name.
    pub fn stage_id(&self, id: &str) -> Option<StageId> {
        self.stages.iter().position(|it| it.id == id).map(|it| StageId(it as u8))
    }

    /// Whether a node of that kind may stand at that end of that relation.
    pub fn allows(&self, relation: RelationId, end: Ends, kind: KindId) -> bool {
        self.allowed[usize::from(relation.0)][end as usize][usize::from(kind.0)]
    }

    /// The kinds that may stand at that end of that relation.
    pub fn allowed_kinds(&self, relation: RelationId, end: Ends) -> Vec<&Kind> {
        let allowed = &self.allowed[usize::from(relation.0)][end as usize];
        self.kinds.iter().zip(allowed).filter(|(_, it)| **it).map(|(kind, _)| kind).collect()
    }

    /// How much a need counts for a company of that stage; 1 where no stage is known.
    pub fn need_weight(&self, stage: Option<StageId>, need: &str) -> u8 {
        let Some(stage) = stage else { return 1 };
        let stage = self.stage(stage);
        stage.weights.get(need).copied().unwrap_or(stage.weight)
    }
}

fn must_be_unique<'a>(
    what: &'static str,
    ids: impl Iterator<Item = &'a String>,
) -> Result<(), SchemaError> {
    let mut seen = std::collections::BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(SchemaError::Duplicate { what, id: id.clone() });
        }
    }
    Ok(())
}

fn must_be_known(
    component: &Component,
    what: &'static str,
    words: &[String],
    known: &std::collections::BTreeSet<&str>,
) -> Result<(), SchemaError> {
    match words.iter().find(|it| !known.contains(it.as_str())) {
        Some(word) => {
            let (component, word) = (component.word.clone(), word.clone());
            Err(SchemaError::UnknownWord { component, what, word })
        }
        None => Ok(()),
    }
}

fn expand(kinds: &[Kind], relation: &Relation, words: &[String]) -> Result<Vec<bool>, SchemaError> {
    let mut res = vec![false; kinds.len()];
    for word in words {
        let mut known = word == "@any" || word == "@actor";
        for (kind, allowed) in kinds.iter().zip(&mut res) {
            let family = word.strip_prefix('@').is_some_and(|it| it == family_name(kind.family));
            let hit =
                word == "@any" || (word == "@actor" && kind.actor) || family || *word == kind.id;
            *allowed |= hit;
            known |= hit;
        }
        if !known {
            let (relation, kind) = (relation.id.clone(), word.clone());
            return Err(SchemaError::UnknownKind { relation, kind });
        }
    }
    Ok(res)
}

fn family_name(family: Family) -> &'static str {
    match family {
        Family::Organisation => "organisation",
        Family::Programme => "programme",
        Family::Funder => "funder",
        Family::Company => "company",
        Family::Place => "place",
        Family::Document => "document",
        Family::Need => "need",
        Family::Collective => "collective",
    }
}

impl Family {
    /// The family's word, as the schema writes it.
    pub fn as_str(self) -> &'static str {
        family_name(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, message: &str) {
        let err = Schema::parse(&format!("title = 'x'\n{text}")).unwrap_err();
        assert!(err.to_string().contains(message), "{err}");
    }

    const KIND: &str =
        "kind = [{id='a', label='a', plural='a', family='company', symbol='s', colour='c'}]\n";

    #[test]
    fn the_bundled_schema_is_read() {
        let schema = Schema::bundled();
        let hosts = schema.relation_id("hosts").unwrap();
        let company = schema.kind_id("company").unwrap();
        let place = schema.kind_id("place").unwrap();
        assert!(schema.allows(hosts, Ends::Source, company));
        assert!(!schema.allows(hosts, Ends::Target, place));
        assert_eq!(schema.text(), include_str!("../../../graph-data/schema.toml"));
        assert_eq!(schema.need_weight(schema.stage_id("idea"), "workspace"), 1);
    }

    #[test]
    fn faults_say_what_is_wrong() {
        check("kind = 3", "cannot be read");
        let relation = "relation = [{id='r', forward='f', backward='b', sources=['a'], \
                        targets=['b'], dash='solid'}]";
        check(&format!("{KIND}{relation}"), "relation `r` names `b`, which is no kind");
        check(
            &KIND.replace(
                "}]",
                "},{id='a', label='a', plural='a', family='company', symbol='s', colour='c'}]",
            ),
            "kind `a` is declared twice",
        );
        check(
            &format!("{KIND}component = [{{word='w', kinds=['a'], relations=['r']}}]"),
            "component `w` names `r`, which is no relation",
        );
        check("stage = [{id='s', label='s', start_up=true, weight=3}]", "weight is 0, 1 or 2");
    }
}
