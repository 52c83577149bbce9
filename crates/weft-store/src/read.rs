//! Single records by id, name and number, without a snapshot.

use rusqlite::params;
use weft_graph::{Fact, NodeId, NodeRecord, Source, TieId, TieRecord};
use weft_value::PartialDate;

use crate::fold::fold;
use crate::history::What;
use crate::row::{self, ClaimsOf, MoreClaims};
use crate::words::node_key;
use crate::{Error, Store};

/// How many ties of one relation a node has, one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationCount {
    /// The relation.
    pub relation: String,
    /// Whether the node is the source of these ties.
    pub is_outgoing: bool,
    /// How many.
    pub n_ties: u64,
}

impl Store {
    /// The node of that id, with its key.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn node(&self, id: &str) -> Result<Option<(NodeId, NodeRecord)>, Error> {
        self.reading(|| match node_key(&self.conn, id)? {
            None => Ok(None),
            Some(key) => self.node_of_key(key),
        })
    }

    /// The node of that key.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn node_at(&self, key: NodeId) -> Result<Option<NodeRecord>, Error> {
        self.reading(|| row::node_by_key(&self.conn, &self.lookup, i64::from(key.0)))
    }

    /// The tie of that id, given or made of its parts.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn tie(&self, id: &str) -> Result<Option<(TieId, TieRecord)>, Error> {
        self.reading(|| {
            let Some(key) = row::tie_key(&self.conn, &self.lookup, id)? else { return Ok(None) };
            let tie = row::tie_by_key(&self.conn, &self.lookup, key)?;
            Ok(tie.map(|it| (TieId(it.key), it.record)))
        })
    }

    /// The fact of that id.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn fact(&self, id: &str) -> Result<Option<Fact>, Error> {
        self.reading(|| Ok(row::fact_by_id(&self.conn, &self.lookup, id)?.map(|it| it.1)))
    }

    /// The source of that id.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn source(&self, id: &str) -> Result<Option<Source>, Error> {
        Ok(row::source_by_id(&self.conn, id)?.map(|it| it.1))
    }

    /// All sources, by id.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn sources(&self) -> Result<Vec<Source>, Error> {
        let sql = format!("SELECT {} FROM sources ORDER BY id", row::SOURCE_COLUMNS);
        let mut statement = self.conn.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut res = Vec::new();
        while let Some(row) = rows.next()? {
            res.push(row::source_of_row(row)?.1);
        }
        Ok(res)
    }

    /// The date of the newest source that a claim cites that is not inferred.
    ///
    /// Dates are compared by their last days, the narrower span first where those are the same, as
    /// the default day of an answer is. Read by index, whatever the size of the store.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn newest_source_date(&self) -> Result<Option<PartialDate>, Error> {
        // Within a year the code of a date does not order it: 2024 ends after 2024-03.
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT date FROM sources WHERE n_cited > 0 AND date >= \
             (SELECT max(date) FROM sources WHERE n_cited > 0) / 10000 * 10000",
        )?;
        let mut rows = statement.query([])?;
        let mut newest: Option<PartialDate> = None;
        while let Some(row) = rows.next()? {
            let date = row::date_of_code(row.get(0)?)?;
            newest = newest.into_iter().chain(date).max_by_key(|it| (it.last_key(), it.to_bits()));
        }
        Ok(newest)
    }

    /// All facts, by id.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn facts(&self) -> Result<Vec<Fact>, Error> {
        self.reading(|| {
            let sql = format!("SELECT {} FROM facts ORDER BY id", row::FACT_COLUMNS);
            let mut statement = self.conn.prepare(&sql)?;
            let mut rows = statement.query([])?;
            let mut res = Vec::new();
            while let Some(row) = rows.next()? {
                res.push(row::fact_of_row(&self.conn, &self.lookup, row)?.1);
            }
            Ok(res)
        })
    }

    /// The facts about a node, by id.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn facts_about(&self, node: NodeId) -> Result<Vec<Fact>, Error> {
        self.reading(|| self.facts_about_key(i64::from(node.0)))
    }

    /// The nodes of that number in that register, or in any.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn nodes_by_identifier(
        &self,
        scheme: Option<&str>,
        value: &str,
    ) -> Result<Vec<(NodeId, NodeRecord)>, Error> {
        self.reading(|| {
            let mut statement = self.conn.prepare_cached(
                "SELECT DISTINCT node FROM identifiers \
                 WHERE value = ?1 AND (?2 IS NULL OR scheme = ?2) ORDER BY node",
            )?;
            let keys = statement.query_map(params![value, scheme], |row| row.get(0))?;
            self.nodes_of_keys(keys)
        })
    }

    /// The nodes of that name or alias, whatever its case and accents (see [`crate::fold()`]).
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn nodes_by_name_or_alias(&self, text: &str) -> Result<Vec<(NodeId, NodeRecord)>, Error> {
        self.reading(|| {
            let mut statement =
                self.conn.prepare_cached("SELECT node FROM names WHERE folded = ?1")?;
            let keys = statement.query_map([fold(text)], |row| row.get(0))?;
            self.nodes_of_keys(keys)
        })
    }

    /// How many ties a node has, by relation and way; relations in the order of first use.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn tie_counts(&self, node: NodeId) -> Result<Vec<RelationCount>, Error> {
        self.reading(|| {
            let mut res = Vec::new();
            for (is_outgoing, end) in [(true, "source"), (false, "target")] {
                let mut statement = self.conn.prepare_cached(&format!(
                    "SELECT relation, count(*) FROM ties WHERE {end} = ?1 \
                     GROUP BY relation ORDER BY relation"
                ))?;
                let mut rows = statement.query([node.0])?;
                while let Some(row) = rows.next()? {
                    let relation = self.lookup.word(&self.conn, row.get(0)?)?;
                    let n_ties = row.get::<_, i64>(1)? as u64;
                    res.push(RelationCount { relation, is_outgoing, n_ties });
                }
            }
            Ok(res)
        })
    }

    /// The first ties of a node, of one relation and way, at most `limit`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn ties_of(
        &self,
        node: NodeId,
        relation: &str,
        is_outgoing: bool,
        limit: usize,
    ) -> Result<Vec<(TieId, TieRecord)>, Error> {
        self.reading(|| {
            let Some(relation) = self.lookup.word_key(&self.conn, relation)? else {
                return Ok(Vec::new());
            };
            let (end, other) =
                if is_outgoing { ("source", "target") } else { ("target", "source") };
            let columns = row::TIE_COLUMNS;
            let mut statement = self.conn.prepare_cached(&format!(
                "SELECT {columns} FROM ties WHERE {end} = ?1 AND relation = ?2 \
                 ORDER BY {other}, key LIMIT ?3"
            ))?;
            let mut rows = statement.query(params![node.0, relation, limit as i64])?;
            let mut claims = MoreClaims::Asked(ClaimsOf::Ties);
            let mut res = Vec::new();
            while let Some(row) = rows.next()? {
                let tie = row::tie_of_row(&self.conn, &self.lookup, row, &mut claims)?;
                res.push((TieId(tie.key), tie.record));
            }
            Ok(res)
        })
    }

    /// Tells of each record that has a claim of a dataset: its kind and its id.
    ///
    /// Reads the whole store once, without holding it.
    ///
    /// # Errors
    /// If the file cannot be read, or what `each` returns.
    pub fn for_each_member<E: From<Error>>(
        &self,
        dataset: &str,
        mut each: impl FnMut(What, &str) -> Result<(), E>,
    ) -> Result<(), E> {
        let _transaction = match self.conn.is_autocommit() {
            true => Some(self.conn.unchecked_transaction().map_err(Error::from)?),
            false => None,
        };
        let Some(word) = self.lookup.word_key(&self.conn, dataset)? else { return Ok(()) };
        for (what, sql) in [
            (
                What::Node,
                "SELECT id FROM nodes n WHERE dataset = ?1 OR EXISTS \
                 (SELECT 1 FROM node_claims c WHERE c.node = n.key AND c.dataset = ?1) \
                 ORDER BY key",
            ),
            (
                What::Tie,
                "SELECT key FROM ties t WHERE dataset = ?1 OR EXISTS \
                 (SELECT 1 FROM tie_claims c WHERE c.tie = t.key AND c.dataset = ?1) \
                 ORDER BY key",
            ),
            (What::Fact, "SELECT id FROM facts WHERE dataset = ?1 ORDER BY key"),
        ] {
            let mut statement = self.conn.prepare_cached(sql).map_err(Error::from)?;
            let mut rows = statement.query([word]).map_err(Error::from)?;
            while let Some(row) = rows.next().map_err(Error::from)? {
                if what == What::Tie {
                    let key = row.get(0).map_err(Error::from)?;
                    let tie = row::tie_by_key(&self.conn, &self.lookup, key)?;
                    tie.map_or(Ok(()), |it| each(what, &it.record.id()))?;
                } else {
                    each(
                        what,
                        row.get_ref(0).and_then(|it| Ok(it.as_str()?)).map_err(Error::from)?,
                    )?;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn node_of_key(&self, key: i64) -> Result<Option<(NodeId, NodeRecord)>, Error> {
        let node = row::node_by_key(&self.conn, &self.lookup, key)?;
        Ok(node.map(|it| (NodeId(key as u32), it)))
    }

    fn nodes_of_keys(
        &self,
        keys: impl Iterator<Item = rusqlite::Result<i64>>,
    ) -> Result<Vec<(NodeId, NodeRecord)>, Error> {
        let mut res = Vec::new();
        for key in keys {
            res.extend(self.node_of_key(key?)?);
        }
        Ok(res)
    }
}
