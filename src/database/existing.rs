//! A store as an importer asks it: one record at a time, by index.

use weft_graph::{Fact, Identifier, NodeRecord, Source, TieRecord};
use weft_store::{Store, What};

use crate::transfer::{Existing, Lookup, LookupError, Members};

/// A store to import into, as it was before the import.
pub struct StoreIndex<'a>(pub &'a Store);

fn asked<T>(answer: Result<T, weft_store::Error>) -> Lookup<T> {
    answer.map_err(|err| LookupError(Box::new(err)))
}

impl StoreIndex<'_> {
    fn ties_at(&self, node: &str, only: Option<(&str, &str)>) -> Lookup<Vec<TieRecord>> {
        let Some((key, _)) = asked(self.0.node(node))? else { return Ok(Vec::new()) };
        let mut ties = Vec::new();
        for count in asked(self.0.tie_counts(key))? {
            if only.is_some_and(|(relation, _)| !count.is_outgoing || relation != count.relation) {
                continue;
            }
            let found = self.0.ties_of(key, &count.relation, count.is_outgoing, usize::MAX);
            for (_, tie) in asked(found)? {
                let is_wanted = only.is_none_or(|(_, target)| tie.target == target);
                // A loop is listed at both its ends.
                let is_second = !count.is_outgoing && tie.source == tie.target;
                if is_wanted && !is_second {
                    ties.push(tie);
                }
            }
        }
        Ok(ties)
    }
}

impl Existing for StoreIndex<'_> {
    fn is_empty(&self) -> Lookup<bool> {
        asked(self.0.revision().map(|it| it == 0))
    }

    fn node(&self, id: &str) -> Lookup<Option<NodeRecord>> {
        asked(self.0.node(id).map(|it| it.map(|(_, record)| record)))
    }

    fn nodes_by_identifier(&self, identifier: &Identifier) -> Lookup<Vec<NodeRecord>> {
        let found = self.0.nodes_by_identifier(Some(&identifier.scheme), &identifier.value);
        asked(found.map(|it| it.into_iter().map(|(_, record)| record).collect()))
    }

    fn nodes_by_name(&self, name: &str) -> Lookup<Vec<NodeRecord>> {
        let found = self.0.nodes_by_name_or_alias(name);
        asked(found.map(|it| it.into_iter().map(|(_, record)| record).collect()))
    }

    fn ids_like(&self, text: &str, limit: usize) -> Lookup<Vec<String>> {
        asked(self.0.find(text, limit).map(|it| it.into_iter().map(|hit| hit.id).collect()))
    }

    fn tie(&self, id: &str) -> Lookup<Option<TieRecord>> {
        asked(self.0.tie(id).map(|it| it.map(|(_, record)| record)))
    }

    fn ties_of(&self, node: &str) -> Lookup<Vec<TieRecord>> {
        self.ties_at(node, None)
    }

    fn ties_between(&self, source: &str, relation: &str, target: &str) -> Lookup<Vec<TieRecord>> {
        self.ties_at(source, Some((relation, target)))
    }

    fn facts_about(&self, node: &str) -> Lookup<Vec<String>> {
        let Some((key, _)) = asked(self.0.node(node))? else { return Ok(Vec::new()) };
        asked(self.0.facts_about(key).map(|it| it.into_iter().map(|fact| fact.id).collect()))
    }

    fn source(&self, id: &str) -> Lookup<Option<Source>> {
        asked(self.0.source(id))
    }

    fn fact(&self, id: &str) -> Lookup<Option<Fact>> {
        asked(self.0.fact(id))
    }

    fn members_of(&self, dataset: &str) -> Lookup<Members> {
        let mut members = Members::default();
        let found = self.0.for_each_member(dataset, |what, id| {
            match what {
                What::Node => members.nodes.push(id.to_owned()),
                What::Tie => members.ties.push(id.to_owned()),
                What::Fact => members.facts.push(id.to_owned()),
                What::Source => {}
            }
            Ok::<(), weft_store::Error>(())
        });
        asked(found)?;
        members.nodes.sort_unstable();
        members.ties.sort_unstable();
        members.facts.sort_unstable();
        Ok(members)
    }
}
