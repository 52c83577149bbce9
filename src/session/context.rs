//! An open store with the question that the settings make: what every verb works on.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use weft_analytics::{Progress, Run};
use weft_graph::{Certainty, Family, KindId, NodeIdx, RelationId, Schema, Snapshot};

use super::{Candidate, Error, Listener, Settings};
use crate::database::{Database, Hit, find_in};
use crate::ecosystem::{
    Basis, Question, all_names, kind_word, known_on, located_in, newest_source_date,
};
use crate::present::{Envelope, ViewNote, count};

/// From so many bodies on, measures that search from each of them, again for each row, take a while.
const LARGE_VIEW: usize = 20_000;
/// How many candidates an error names.
const CANDIDATES_MAX: usize = 5;

/// What stands below a list of which so many rows are not shown.
pub(super) fn more_note(n: usize) -> String {
    format!("{} more: use `--all` or `--limit N`", count(n))
}

/// An open store, the settings, and whoever listens.
pub(super) struct Context<'a> {
    pub(super) settings: &'a Settings,
    pub(super) database: Database,
    pub(super) listener: &'a mut dyn Listener,
    snapshot: Option<Snapshot>,
}

impl<'a> Context<'a> {
    /// Opens the store that the settings name, or that lies here, or the bundled graph.
    pub(super) fn open(
        settings: &'a Settings,
        writes: bool,
        listener: &'a mut dyn Listener,
    ) -> Result<Self, Error> {
        let database = Database::locate(settings.db.as_deref(), writes)?;
        if database.is_bundled() {
            listener.note(
                "no store is named, so this is the Leeds health innovation graph that comes with \
                 weft",
            );
        }
        if database.is_immutable() {
            listener.note("the store lies where nothing can be written, and is read as it is");
        }
        Ok(Self { settings, database, listener, snapshot: None })
    }

    /// The whole graph, as the store has it or had it after `--revision`, each field as it shows
    /// itself to claims at or above the floor, and introductions as they were known on the day asked for.
    pub(super) fn snapshot(&mut self) -> Result<Snapshot, Error> {
        if let Some(snapshot) = &self.snapshot {
            return Ok(snapshot.clone());
        }
        let snapshot = self.recorded()?.at_floor(self.floor());
        let snapshot = known_on(&snapshot, self.settings.as_of);
        self.snapshot = Some(snapshot.clone());
        Ok(snapshot)
    }

    /// The question with its graph, for a measure that searches from every body: on a large view it
    /// says first that this takes a while.
    pub(super) fn sweep(&mut self) -> Result<(Snapshot, Question), Error> {
        let (snapshot, question) = (self.snapshot()?, self.question()?);
        let n = question.conduit(&snapshot).n();
        if n >= LARGE_VIEW {
            self.listener.note(&format!(
                "the ways between {} bodies are counted, which takes from seconds to minutes; Ctrl-C \
                 stops it, `--kind` or `--relation` narrows it",
                count(n)
            ));
        }
        Ok((snapshot, question))
    }

    /// Does long work that says how far it is and can be stopped.
    pub(super) fn watched<T, E>(
        &mut self,
        what: &str,
        work: impl FnOnce(&mut Run<'_>) -> Result<T, E>,
    ) -> Result<T, Error>
    where
        Error: From<E>,
    {
        let mut watch = |it: Progress| {
            let share = it.n_done * 100 / it.n_all.max(1);
            self.listener.progress(&format!("{what}: {share} %"));
            match self.listener.is_stopped() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        Ok(work(&mut Run::watched(&mut watch))?)
    }

    /// The whole graph with everything that is recorded, however weak.
    pub(super) fn recorded(&self) -> Result<Snapshot, Error> {
        Ok(self.database.snapshot(self.settings.revision)?)
    }

    /// The weakest certainty that counts.
    pub(super) fn floor(&self) -> Certainty {
        self.settings.floor.unwrap_or(Certainty::Ambiguous)
    }

    /// The day that answers speak of without `--as-of`.
    pub(super) fn newest_source(&mut self) -> Result<Option<weft_value::PartialDate>, Error> {
        match self.settings.revision {
            None => Ok(self.database.newest_source_date()?),
            Some(_) => Ok(newest_source_date(&self.snapshot()?)),
        }
    }

    /// The words of the store.
    pub(super) fn schema(&self) -> &Schema {
        self.database.schema()
    }

    /// What the settings ask of a snapshot.
    pub(super) fn question(&self) -> Result<Question, Error> {
        Ok(Question {
            as_of: self.settings.as_of,
            floor: self.floor(),
            relations: self.relations()?,
            kinds: self.kinds()?,
            why: self.settings.why,
            seed: self.settings.seed,
        })
    }

    /// The words of the store, with those that records of a store without a schema use.
    pub(super) fn words(&self) -> Result<Arc<Schema>, Error> {
        match self.schema().is_open() {
            true => Ok(self.recorded()?.schema().clone()),
            false => Ok(self.database.schema().clone()),
        }
    }

    /// The relations that were named.
    pub(super) fn relations(&self) -> Result<Vec<RelationId>, Error> {
        if self.settings.relations.is_empty() {
            return Ok(Vec::new());
        }
        let schema = self.words()?;
        let words = self.settings.relations.iter();
        words
            .map(|word| {
                let id = word.trim().to_lowercase().replace([' ', '-'], "_");
                let by_verb = || {
                    let verb = word.trim().to_lowercase();
                    let at = schema.relations().iter().position(|it| it.forward == verb);
                    at.map(|it| RelationId(it as u16))
                };
                let named = || schema.relations_named(word).first().copied();
                schema.relation_id(&id).or_else(named).or_else(by_verb).ok_or_else(|| {
                    let ids = schema.relations().iter().map(|it| it.id.as_str());
                    unknown("relation", word, ids)
                })
            })
            .collect()
    }

    /// The kinds that were named, families taken apart.
    pub(super) fn kinds(&self) -> Result<Vec<KindId>, Error> {
        self.kinds_named(&self.settings.kinds)
    }

    /// Which kinds a word took that names a kind, and a family of more kinds.
    pub(super) fn notes_on_families(&self) -> Result<Vec<String>, Error> {
        let mut res = Vec::new();
        for word in &self.settings.kinds {
            let schema = self.words()?;
            let taken = self.kinds_named(std::slice::from_ref(word))?;
            let taken: Vec<_> = taken.into_iter().map(|it| schema.kind(it)).collect();
            let own = taken.iter().find(|it| it.id == it.family.as_str());
            if let Some(own) = own.filter(|_| taken.len() > 1) {
                let ids = all_names(taken.iter().map(|it| it.id.as_str()));
                res.push(format!(
                    "`{0}` is a family, and takes all its kinds: {ids}; `only:{0}` takes that kind alone",
                    own.id
                ));
            }
        }
        Ok(res)
    }

    /// The kinds that words mean: kinds, labels, families; `only:` before a word takes no family.
    pub(super) fn kinds_named(&self, words: &[String]) -> Result<Vec<KindId>, Error> {
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let schema = self.words()?;
        let mut res = Vec::new();
        for word in words {
            let (is_alone, name) = kind_word(word);
            let id = name.to_lowercase().replace([' ', '-'], "_");
            let hits = schema.kinds().iter().enumerate().filter(|(_, it)| {
                // The first label is the kind's own.
                let labels =
                    &it.labels[..if is_alone { it.labels.len().min(1) } else { it.labels.len() }];
                it.id == id
                    || labels.iter().any(|it| it == name)
                    || (!is_alone && it.family.as_str() == id)
                    || it.label.to_lowercase() == name.to_lowercase()
                    || it.plural.to_lowercase() == name.to_lowercase()
            });
            let before = res.len();
            res.extend(hits.map(|(at, _)| KindId(at as u16)));
            if res.len() == before {
                return Err(unknown("kind", word, schema.kinds().iter().map(|it| it.id.as_str())));
            }
        }
        Ok(res)
    }

    /// The node that a text names: an id, an identifier, a name or an alias.
    pub(super) fn must_find(&self, snapshot: &Snapshot, text: &str) -> Result<NodeIdx, Error> {
        let id = self.must_find_id(text)?;
        snapshot.find_node(&id).ok_or_else(|| Error::not_found(text, Vec::new()))
    }

    /// The id of the node that a text names.
    pub(super) fn must_find_id(&self, text: &str) -> Result<String, Error> {
        let hits = self.find(text, CANDIDATES_MAX)?;
        let candidate = |it: &Hit| Candidate {
            id: it.id.clone(),
            name: it.name.clone(),
            kind: it.kind.clone(),
        };
        let exact: Vec<&Hit> = hits.iter().filter(|it| it.is_exact).collect();
        match exact.as_slice() {
            [one] => Ok(one.id.clone()),
            [] => Err(Error::not_found(text, hits.iter().map(candidate).collect())),
            [first, ..] if first.id == text => Ok(first.id.clone()),
            several => {
                Err(Error::ambiguous(text, several.iter().map(|it| candidate(it)).collect()))
            }
        }
    }

    /// Who is in the place that was named, or in a part of it; none if no place was named.
    pub(super) fn located(&self, snapshot: &Snapshot) -> Result<Option<BTreeSet<NodeIdx>>, Error> {
        let Some(idx) = self.place(snapshot)? else { return Ok(None) };
        Ok(Some(located_in(snapshot, &self.question()?, idx)))
    }

    /// The place that was named.
    pub(super) fn place(&self, snapshot: &Snapshot) -> Result<Option<NodeIdx>, Error> {
        let Some(place) = &self.settings.place else { return Ok(None) };
        let idx = self.must_find(snapshot, place)?;
        let kind = snapshot.node(idx).kind();
        if kind.family != Family::Place {
            let message = format!("`{place}` is no place: its kind is `{}`", kind.id);
            return Err(
                Error::usage(message).with_hint("`weft find WORDS --kind place` finds places")
            );
        }
        Ok(Some(idx))
    }

    /// What a text may name, the likeliest first; at an old revision by what was recorded then.
    pub(super) fn find(&self, text: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        if self.settings.revision.is_some() {
            return Ok(find_in(&self.recorded()?, text, limit));
        }
        Ok(self.database.find(text, limit)?)
    }

    /// How many rows of a list of `n` an answer has in any form: `--limit`, else all.
    pub(super) fn kept(&self, n: usize) -> usize {
        if self.settings.all { n } else { self.settings.limit.unwrap_or(n).min(n) }
    }

    /// How many rows a table shows of `n`, and the note about the rest.
    pub(super) fn shown(&self, n: usize, default: usize) -> (usize, Option<String>) {
        let limit = if self.settings.all { n } else { self.settings.limit.unwrap_or(default) };
        let rest = (n > limit).then(|| more_note(n - limit));
        (limit.min(n), rest)
    }

    /// What stands around answers.
    pub(super) fn envelope(&self) -> Result<Envelope, Error> {
        let newest = self.database.revision()?;
        Ok(Envelope {
            weft: env!("CARGO_PKG_VERSION").to_owned(),
            dataset: self.database.title()?,
            revision: self.settings.revision.unwrap_or(newest),
        })
    }
}

fn unknown<'a>(what: &str, word: &str, words: impl Iterator<Item = &'a str>) -> Error {
    let hint = weft_formats::did_you_mean(word, words, "`weft schema` lists them");
    Error::usage(format!("`{word}` is no {what} of the schema")).with_hint(hint)
}

/// The view of a finding, as answers show it.
pub(super) fn view_note(basis: &Basis) -> ViewNote {
    ViewNote {
        name: basis.view.to_owned(),
        as_of: basis.as_of.map(|it| it.to_string()),
        floor: basis.floor.as_str().to_owned(),
        n: basis.n_nodes,
        m: basis.n_links,
        n_ties: basis.n_ties,
        n_undated_nodes: basis.n_undated_nodes,
        n_undated_ties: basis.n_undated_ties,
    }
}
