//! The words of an ecosystem: kinds of node, relations between them, stages of a company.
//!
//! The schema is data: it is read from TOML, and nothing else in weft names a kind or a relation of
//! its own. Which findings need a word (the needs, the stages) asks the schema for it. An *open*
//! schema declares nothing: each set of labels and each type of tie becomes a word of it as it comes.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::{ChangeError, labels_of_kind};

/// How many sets of labels, and how many types of ties, a graph without a schema may have at once.
pub const OPEN_WORDS_MAX: usize = 65_000;
/// What an open schema is written as.
const OPEN: &str = "title = \"Any graph\"\nopen = true\n";
/// The marks and colours that pictures give the kinds of an open schema, in turn.
const OPEN_MARKS: [(&str, &str); 8] = [
    ("circle", "#56B4E9"),
    ("square", "#E69F00"),
    ("triangle", "#009E73"),
    ("diamond", "#0072B2"),
    ("hexagon", "#D55E00"),
    ("pentagon", "#CC79A7"),
    ("star", "#666666"),
    ("octagon", "#F0E442"),
];

/// The position of a kind in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub u16);

/// The position of a relation in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationId(pub u16);

/// The position of a stage in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StageId(pub u8);

/// A label of nodes, by its position among all that the kinds of a schema have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelId(pub u32);

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
    /// Nothing is declared of it: a set of labels in an open schema.
    #[serde(skip_deserializing)]
    Free,
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
    /// The labels of its nodes in queries: its id and its family in upper camel case, `NhsBody` and
    /// `Organisation`; in an open schema those of the set.
    #[serde(skip)]
    pub labels: Vec<String>,
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
    /// The type of its ties in queries: its id in upper case, `PART_OF`; in an open schema the id.
    #[serde(skip)]
    pub type_name: String,
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
    is_open: bool,
    kinds: Vec<Kind>,
    relations: Vec<Relation>,
    stages: Vec<Stage>,
    components: Vec<Component>,
    /// One flag a kind, for the sources and the targets of each relation; none in an open schema.
    allowed: Vec<[Vec<bool>; 2]>,
    kind_of: HashMap<String, KindId>,
    relation_of: HashMap<String, RelationId>,
    labels: Labels,
}

/// The labels of all kinds and the types of all relations, as queries name them.
#[derive(Clone, Debug, Default, PartialEq)]
struct Labels {
    names: Vec<String>,
    of_name: HashMap<String, LabelId>,
    /// The labels of each kind, in their order.
    of_kind: Vec<Vec<LabelId>>,
    /// The kinds with each label, in their order.
    kinds: Vec<Vec<KindId>>,
    relations: HashMap<String, Vec<RelationId>>,
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
    /// An open schema that declares words.
    #[error("an open schema takes any label and type, so it declares no kind, relation or stage")]
    OpenDeclares,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    title: String,
    #[serde(default)]
    #[allow(dead_code, reason = "read so that a schema may say it, checked by nobody yet")]
    version: u32,
    #[serde(default)]
    open: bool,
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
        let Document { title, open, kind: kinds, relation: relations, stage: stages, .. } =
            document;
        let components = document.component;
        if open && !(kinds.is_empty() && relations.is_empty() && stages.is_empty()) {
            return Err(SchemaError::OpenDeclares);
        }
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
        let mut schema = Self {
            title,
            text: text.to_owned(),
            is_open: open,
            kinds: Vec::with_capacity(kinds.len()),
            relations: Vec::with_capacity(relations.len()),
            stages,
            components,
            allowed: Vec::with_capacity(relations.len()),
            kind_of: HashMap::new(),
            relation_of: HashMap::new(),
            labels: Labels::default(),
        };
        for relation in &relations {
            let sources = expand(&kinds, relation, &relation.sources)?;
            let targets = expand(&kinds, relation, &relation.targets)?;
            if relation.symmetric && sources != targets {
                return Err(SchemaError::Symmetric(relation.id.clone()));
            }
            schema.allowed.push([sources, targets]);
        }
        for mut kind in kinds {
            kind.labels = vec![upper_camel(&kind.id), upper_camel(kind.family.as_str())];
            kind.labels.dedup();
            schema.push_kind(kind);
        }
        for mut relation in relations {
            relation.type_name = relation.id.to_uppercase();
            schema.push_relation(relation);
        }
        Ok(schema)
    }

    /// The schema of graphs without one: any set of labels, any type of tie.
    pub fn open() -> Self {
        static OPEN_SCHEMA: OnceLock<Schema> = OnceLock::new();
        let read = || Self::parse(OPEN).expect("the open schema is read by a test");
        OPEN_SCHEMA.get_or_init(read).clone()
    }

    /// Whether any set of labels and any type of tie is a word of it.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    fn push_kind(&mut self, kind: Kind) -> KindId {
        let id = KindId(self.kinds.len() as u16);
        let mut labels = Vec::with_capacity(kind.labels.len());
        for name in &kind.labels {
            let label = match self.labels.of_name.get(name) {
                Some(&label) => label,
                None => {
                    let label = LabelId(self.labels.names.len() as u32);
                    self.labels.names.push(name.clone());
                    self.labels.of_name.insert(name.clone(), label);
                    self.labels.kinds.push(Vec::new());
                    label
                }
            };
            self.labels.kinds[label.0 as usize].push(id);
            labels.push(label);
        }
        self.labels.of_kind.push(labels);
        self.kind_of.insert(kind.id.clone(), id);
        self.kinds.push(kind);
        id
    }

    fn push_relation(&mut self, relation: Relation) -> RelationId {
        let id = RelationId(self.relations.len() as u16);
        self.labels.relations.entry(relation.type_name.clone()).or_default().push(id);
        self.relation_of.insert(relation.id.clone(), id);
        self.relations.push(relation);
        id
    }

    /// The kind of that name; an open schema has it from then on.
    ///
    /// # Errors
    /// [`ChangeError::Full`] where an open schema has as many as it can.
    pub(crate) fn kind_or_new(
        this: &mut Arc<Self>,
        id: &str,
    ) -> Result<Option<KindId>, ChangeError> {
        let found = this.kind_id(id);
        if found.is_some() || !this.is_open {
            return Ok(found);
        }
        if this.kinds.len() >= OPEN_WORDS_MAX {
            return Err(ChangeError::full("sets of labels"));
        }
        let labels = labels_of_kind(id);
        let label = if labels.is_empty() { "no label".to_owned() } else { labels.join(", ") };
        let (symbol, colour) = OPEN_MARKS[this.kinds.len() % OPEN_MARKS.len()];
        Ok(Some(Arc::make_mut(this).push_kind(Kind {
            id: id.to_owned(),
            plural: label.clone(),
            label,
            family: Family::Free,
            actor: true,
            symbol: symbol.to_owned(),
            colour: colour.to_owned(),
            labels,
        })))
    }

    /// The relation of that name; an open schema has it from then on.
    ///
    /// # Errors
    /// [`ChangeError::Full`] where an open schema has as many as it can.
    pub(crate) fn relation_or_new(
        this: &mut Arc<Self>,
        id: &str,
    ) -> Result<Option<RelationId>, ChangeError> {
        let found = this.relation_id(id);
        if found.is_some() || !this.is_open {
            return Ok(found);
        }
        if this.relations.len() >= OPEN_WORDS_MAX {
            return Err(ChangeError::full("types of ties"));
        }
        Ok(Some(Arc::make_mut(this).push_relation(Relation {
            id: id.to_owned(),
            forward: id.to_owned(),
            backward: format!("has {id} from"),
            meaning: String::new(),
            sources: vec!["@any".to_owned()],
            targets: vec!["@any".to_owned()],
            symmetric: false,
            conduit: true,
            dash: "solid".to_owned(),
            type_name: id.to_owned(),
        })))
    }

    /// The schema with these words added where it is open; a schema with words of its own stays as
    /// it is.
    ///
    /// # Errors
    /// [`ChangeError::Full`] where an open schema has as many as it can.
    pub fn with_words<'a>(
        self: &Arc<Self>,
        kinds: impl IntoIterator<Item = &'a str>,
        relations: impl IntoIterator<Item = &'a str>,
    ) -> Result<Arc<Self>, ChangeError> {
        let mut res = Arc::clone(self);
        for kind in kinds {
            Self::kind_or_new(&mut res, kind)?;
        }
        for relation in relations {
            Self::relation_or_new(&mut res, relation)?;
        }
        Ok(res)
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
        self.kind_of.get(id).copied()
    }

    /// The relation of that name.
    pub fn relation_id(&self, id: &str) -> Option<RelationId> {
        self.relation_of.get(id).copied()
    }

    /// The label of that name, if a kind has it.
    pub fn label_id(&self, name: &str) -> Option<LabelId> {
        self.labels.of_name.get(name).copied()
    }

    /// The name of a label.
    pub fn label(&self, id: LabelId) -> &str {
        &self.labels.names[id.0 as usize]
    }

    /// All labels that kinds have, in the order in which they came.
    pub fn labels(&self) -> &[String] {
        &self.labels.names
    }

    /// The labels of a kind, as [`Kind::labels`] names them.
    pub fn labels_of(&self, kind: KindId) -> &[LabelId] {
        self.labels.of_kind.get(usize::from(kind.0)).map_or(&[], Vec::as_slice)
    }

    /// The kinds with a label, in the order of the schema.
    pub fn kinds_with(&self, label: LabelId) -> &[KindId] {
        &self.labels.kinds[label.0 as usize]
    }

    /// The relations of that type, as [`Relation::type_name`] names them: one, or none.
    pub fn relations_named(&self, type_name: &str) -> &[RelationId] {
        self.labels.relations.get(type_name).map_or(&[], Vec::as_slice)
    }

    /// The stage of that name.
    pub fn stage_id(&self, id: &str) -> Option<StageId> {
        self.stages.iter().position(|it| it.id == id).map(|it| StageId(it as u8))
    }

    /// Whether a node of that kind may stand at that end of that relation.
    pub fn allows(&self, relation: RelationId, end: Ends, kind: KindId) -> bool {
        self.is_open || self.allowed[usize::from(relation.0)][end as usize][usize::from(kind.0)]
    }

    /// The kinds that may stand at that end of that relation.
    pub fn allowed_kinds(&self, relation: RelationId, end: Ends) -> Vec<&Kind> {
        if self.is_open {
            return self.kinds.iter().collect();
        }
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
        Family::Free => "free",
    }
}

/// `nhs_body` as `NhsBody`.
fn upper_camel(id: &str) -> String {
    let words = id.split(['_', '-']).filter(|it| !it.is_empty());
    words
        .flat_map(|it| {
            let mut chars = it.chars();
            chars.next().into_iter().flat_map(char::to_uppercase).chain(chars)
        })
        .collect()
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
    fn kinds_and_families_are_labels_and_relations_are_types() {
        let schema = Schema::bundled();
        let labels = |kind: &str| &schema.kind(schema.kind_id(kind).unwrap()).labels;
        assert_eq!(labels("nhs_body"), &["NhsBody", "Organisation"]);
        assert_eq!(labels("company"), &["Company"]);
        let organisation = schema.label_id("Organisation").unwrap();
        let council = schema.kind_id("council").unwrap();
        assert!(schema.kinds_with(organisation).contains(&council));
        assert!(schema.labels_of(council).contains(&organisation));
        let part_of = schema.relation_id("part_of").unwrap();
        assert_eq!(schema.relations_named("PART_OF"), [part_of]);
        assert!(schema.label_id("organisation").is_none());
        assert!(schema.relations_named("part_of").is_empty());
    }

    #[test]
    fn an_open_schema_takes_words_as_they_come_and_a_declared_one_does_not() {
        let mut schema = Arc::new(Schema::open());
        let before = schema.clone();
        let kind = Schema::kind_or_new(&mut schema, "Person:Student").unwrap().unwrap();
        assert_eq!(Schema::kind_or_new(&mut schema, "Person:Student").unwrap(), Some(kind));
        assert_eq!(schema.kind(kind).labels, ["Person", "Student"]);
        assert_eq!(schema.kinds_with(schema.label_id("Person").unwrap()), [kind]);
        let knows = Schema::relation_or_new(&mut schema, "knows well").unwrap().unwrap();
        assert_eq!(schema.relations_named("knows well"), [knows]);
        assert!(schema.allows(knows, Ends::Source, kind) && before.kinds().is_empty());
        let mut declared = Arc::new(Schema::bundled());
        assert_eq!(Schema::kind_or_new(&mut declared, "Person").unwrap(), None);
        assert_eq!(Schema::relation_or_new(&mut declared, "knows").unwrap(), None);
    }

    #[test]
    fn an_open_schema_says_when_it_is_full() {
        let mut schema = Arc::new(Schema::open());
        for n in 0..OPEN_WORDS_MAX {
            Schema::relation_or_new(&mut schema, &n.to_string()).unwrap();
        }
        assert!(Schema::relation_or_new(&mut schema, "0").unwrap().is_some());
        let err = Schema::relation_or_new(&mut schema, "one more").unwrap_err();
        assert_eq!(err.to_string(), "the graph is full: it holds at most 65000 types of ties");
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
        check(&format!("open = true\n{KIND}"), "declares no kind");
    }
}
