//! The nodes of the files, found by id, name and identifier.

use std::sync::Arc;

use weft_formats::closest;
use weft_graph::{Identifier, KindId, NodeRecord, Schema, slug_of};

use crate::transfer::names::{ByHash, hash_of};
use crate::transfer::{Existing, Lookup, fold};

/// So many names are kept as they are compared, for "did you mean": those of further rows are hashes alone.
const NAMES_KEPT: usize = 50_000;
/// The kind of a node whose kind the schema lacks.
pub(super) const NO_KIND: u16 = u16::MAX;

/// A node row that was read.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) id: Arc<str>,
    pub(super) kind: u16,
    /// Whether the row says that it is another body than its namesake.
    pub(super) distinct: bool,
    pub(super) has_given_id: bool,
    pub(super) file: u16,
    pub(super) row: u32,
}

/// All of them.
#[derive(Default)]
pub(super) struct NodeIndex {
    pub(super) entries: Vec<Entry>,
    /// Whether rows are lacking that could not be read, so that a missing end says nothing.
    pub(super) is_incomplete: bool,
    /// Entry and kind by the hash of the id.
    ids: ByHash<(u32, u16)>,
    names: Postings,
    identifiers: Postings,
    /// The first names, with their entries.
    kept: Vec<(Box<str>, u32)>,
}

/// Entries by the hash of a text: nearly always one, seldom more.
#[derive(Default)]
struct Postings {
    first: ByHash<u32>,
    more: ByHash<Vec<u32>>,
}

impl Postings {
    fn add(&mut self, hash: u64, entry: u32) {
        match self.first.get(&hash) {
            None => {
                self.first.insert(hash, entry);
            }
            Some(&first) if first == entry => {}
            Some(_) => self.more.entry(hash).or_default().push(entry),
        }
    }

    fn get(&self, hash: u64) -> impl Iterator<Item = u32> + '_ {
        let more = self.more.get(&hash).into_iter().flatten();
        self.first.get(&hash).into_iter().chain(more).copied()
    }
}

impl NodeIndex {
    /// Adds a row under an id that is not there yet.
    pub(super) fn add(
        &mut self,
        entry: Entry,
        names: &[String],
        identifiers: &[Identifier],
    ) -> u32 {
        let at = self.entries.len() as u32;
        self.ids.insert(hash_of(&entry.id), (at, entry.kind));
        self.entries.push(entry);
        for name in names {
            self.names.add(hash_of(name), at);
            if self.kept.len() < NAMES_KEPT {
                self.kept.push((name.as_str().into(), at));
            }
        }
        for identifier in identifiers {
            self.identifiers.add(hash_of(&identifier.to_string()), at);
        }
        at
    }

    pub(super) fn by_id(&self, id: &str) -> Option<&Entry> {
        let &(at, _) = self.ids.get(&hash_of(id))?;
        Some(&self.entries[at as usize]).filter(|it| &*it.id == id)
    }

    /// The kind of the entry of an id, by the hash alone: one miss of the cache for an end of a tie,
    /// where to look at the entry and its id would be three.
    pub(super) fn kind_of(&self, id: &str) -> Option<u16> {
        self.ids.get(&hash_of(id)).map(|it| it.1)
    }

    /// Whether an id of that hash is there.
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        self.ids.contains_key(&hash)
    }

    /// By a name or alias that was folded.
    pub(super) fn by_name(&self, folded: &str) -> impl Iterator<Item = &Entry> {
        self.names.get(hash_of(folded)).map(|it| &self.entries[it as usize])
    }

    pub(super) fn by_identifier(&self, identifier: &str) -> impl Iterator<Item = &Entry> {
        self.identifiers.get(hash_of(identifier)).map(|it| &self.entries[it as usize])
    }

    /// The ids of those that are nearest to a text, by their ids and by their names: at most so many.
    pub(super) fn ids_like(&self, text: &str, limit: usize) -> Vec<&str> {
        let ids = self.entries.iter().map(|it| &*it.id);
        let near = closest(&slug_of(text), ids, limit);
        let near_names = closest(&fold(text), self.kept.iter().map(|it| &*it.0), limit);
        // A body that is called nearly so comes before one whose id only looks so.
        let named = near_names.into_iter().flat_map(|name| self.by_name(name)).map(|it| &*it.id);
        let mut res: Vec<&str> = Vec::new();
        for id in named.chain(near) {
            if !res.contains(&id) && res.len() < limit {
                res.push(id);
            }
        }
        res
    }
}

/// A node's name and aliases as they are compared, each once.
pub(super) fn folded_names(name: &str, aliases: &[String]) -> Vec<String> {
    let mut res: Vec<String> = Vec::with_capacity(1 + aliases.len());
    for name in [name].into_iter().chain(aliases.iter().map(String::as_str)) {
        let folded = fold(name);
        if !folded.is_empty() && !res.contains(&folded) {
            res.push(folded);
        }
    }
    res
}

/// A node that a cell may name.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) id: Arc<str>,
    pub(super) kind: Option<KindId>,
    /// Whether it is known from the graph, and not from the files.
    pub(super) is_stored: bool,
}

impl Named {
    pub(super) fn of_entry(entry: &Entry) -> Self {
        let kind = (entry.kind != NO_KIND).then_some(KindId(entry.kind));
        Self { id: entry.id.clone(), kind, is_stored: false }
    }
}

/// The nodes that a cell may name: by id, else by identifier and by exact name or alias.
pub(super) fn find_nodes(
    index: &NodeIndex,
    existing: &dyn Existing,
    is_empty: bool,
    schema: &Schema,
    cell: &str,
) -> Lookup<Vec<Named>> {
    if let Some(entry) = index.by_id(cell) {
        return Ok(vec![Named::of_entry(entry)]);
    }
    let of_stored = |node: &NodeRecord| Named {
        id: Arc::from(node.id.as_str()),
        kind: schema.kind_id(&node.kind),
        is_stored: true,
    };
    if !is_empty && let Some(found) = existing.node(cell)? {
        return Ok(vec![of_stored(&found)]);
    }
    let identifier = cell.split_once(':').map(|(scheme, value)| Identifier {
        scheme: scheme.trim().to_owned(),
        value: value.trim().to_owned(),
    });
    let mut found: Vec<Named> = index.by_name(&fold(cell)).map(Named::of_entry).collect();
    if let Some(identifier) = &identifier {
        found.extend(index.by_identifier(&identifier.to_string()).map(Named::of_entry));
    }
    if !is_empty {
        let mut stored = existing.nodes_by_name(cell)?;
        stored.retain(|it| has_name(it, cell));
        if let Some(identifier) = &identifier {
            stored.extend(existing.nodes_by_identifier(identifier)?);
        }
        found.extend(stored.iter().map(of_stored));
    }
    let mut res: Vec<Named> = Vec::new();
    for named in found {
        if res.iter().all(|it| it.id != named.id) {
            res.push(named);
        }
    }
    Ok(res)
}

/// Whether a node has that name or alias.
pub(super) fn has_name(node: &NodeRecord, name: &str) -> bool {
    let name = fold(name);
    [&node.name].into_iter().chain(&node.aliases).any(|it| fold(it) == name)
}
