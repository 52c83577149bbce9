//! The layout of the file: every table and column, so that other tools can read it.
//!
//! The file is a SQLite 3 database in WAL mode with `application_id` 0x57454654 (`WEFT`) and the
//! version of this layout as `user_version`. Read it with any tool; what another tool writes is not
//! recorded, and `weft status` and `weft check` will say that the file no longer matches.
//!
//! **Codes.** A *date* is an integer `YYYYMMDD` with 00 for a month or a day that no source gives:
//! `20180400` is April 2018. A *certainty* is 0 stated, 1 collective, 2 implied, 3 ambiguous,
//! 4 inferred. A *qualifier* is 0 exact, 1 at least, 2 up to, 3 about, 4 involved in. A *denial* is
//! 0 never, 1 ended. A *derivation* is 0 sum, 1 share, 2 mean, 3 ratio. A *word* is a key of `words`.
//! *What* a row of history speaks of is 1 a source, 2 a node, 3 a tie, 4 a fact. Columns that are
//! NULL are not known or not there. Keys are positive, below 2^32, and never used again.
//!
//! | table | a row is | columns |
//! |---|---|---|
//! | `meta` | a setting | `name` (`title`; `schema`: the TOML; `layout`: where marks stand in pictures, as JSON), `value` |
//! | `words` | a kind, relation, stage, dataset or currency | `key`, `word` |
//! | `sources` | a source | `key`, `id`, `title`, `publisher`, `date`, `retrieved` (dates), `licence`, `address`, `note`, `n_cited` (how many claims of nodes and ties that are not inferred rest on it) |
//! | `nodes` | a node | `key`, `id`, `kind` (word), `name`, `stage` (word), `valid_from`, `valid_to` (dates), its first claim if that is plain (below), `rest` |
//! | `ties` | a tie | `key`, `source`, `relation` (word), `target` (the ends are keys of `nodes`), `valid_from`, `valid_to` (dates), `amount`, `currency` (word), `qualifier`, its first claim if that is plain, `given_id` (NULL: the id is `source--relation--target`, then `--valid_from` and `--key` where there are any; in a store without a schema `r` and the key), `rest` |
//! | `node_claims`, `tie_claims` | a further claim | `node` or `tie`, `position` (from 0, in order), `source` (key), `locator`, `certainty`, `dataset` (word), `field`, `value`, `denial`, `retrieved` (date), `note` |
//! | `facts` | a figure | `key`, `id`, `measure`, `subject` (a key of `nodes`), `category`, `period` (text), `value`, `unit`, `qualifier`, `derived`, `parts` (JSON list of ids of facts), `source` (key), `locator`, `certainty`, `note`, `dataset` (word) |
//! | `names` | a name, an alias or a name that a claim states | `folded` (lower case, without diacritics), `node`, `is_alias` |
//! | `identifiers` | a number in a register | `value`, `scheme`, `node` |
//! | `search` | full text of a node | FTS5 without content, rowid = key of the node; name, id, aliases, names that claims state |
//! | `vocabulary` | a word of names | `key`, `word` (folded; at least four letters, no digits) |
//! | `spelling` | trigrams of a word | FTS5 without content, rowid = key of `vocabulary` |
//! | `revisions` | a revision | `revision` (0: the empty store), `at`, `who`, `what`, `dataset`, `n_added`, `n_changed`, `n_removed`, `n_same`, then as this revision left them `n_sources`, `n_nodes`, `n_ties`, `n_facts`, `checksum`, `last_source`, `last_node`, `last_tie`, `last_fact` (the largest keys ever given) |
//! | `history` | a record before a revision changed or removed it | `revision`, `what`, `key`, `id`, `source`, `target` (keys of the ends of a tie), `before` (the record as JSON) |
//!
//! A **plain claim** speaks of the whole record and has nothing but a source, a locator, a certainty
//! and a dataset. If the first claim of a record is plain it stands in the record's own row
//! (`claim_source`, `locator`, `certainty`, `dataset`) and the others in the table of claims from
//! position 1; otherwise `claim_source` is NULL and all stand there from position 0.
//!
//! A store **without a schema** says `open = true` in place of one. There the kind of a node is its set
//! of labels, sorted, with colons between them (`Person:Student`; a colon or backslash of a label has a
//! backslash before it), a relation is the type of a tie, records rest on no claim, and of the columns
//! only `name` is a property: the property `name` where it is a text and not empty. All others stand in
//! `rest`. Labels and types share `words`, which then holds at most 65,000.
//!
//! `rest` is a JSON object of what few records have: of a node `aliases`, `identifiers`, `sectors`,
//! `tags`, `distinct`, `amount`, `properties`; of a tie `key`, `role`, `properties`.
//!
//! What a revision inserted are the keys above the `last_...` of the revision before it, up to its
//! own; so a bulk insert is recorded by four numbers. The `checksum` is the sum, modulo 2^64, of a
//! hash of each record with its key, in whatever order.
//!
//! The views `readable_nodes`, `readable_ties` and `readable_facts` show the same with words and ids
//! in place of keys, for people.

use rusqlite::Connection;

use crate::Error;

/// The mark of a weft store in the header of the file: `WEFT`.
pub const APPLICATION_ID: i32 = 0x5745_4654;

/// The version of the layout that this build reads and writes.
pub const VERSION: i32 = 1;

const TABLES: &str = "
CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE words (key INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE sources (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, publisher TEXT,
  date INTEGER, retrieved INTEGER, licence TEXT, address TEXT, note TEXT,
  n_cited INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sources_by_date ON sources (date) WHERE n_cited > 0;
CREATE TABLE nodes (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL, kind INTEGER NOT NULL REFERENCES words,
  name TEXT NOT NULL, stage INTEGER REFERENCES words, valid_from INTEGER, valid_to INTEGER,
  claim_source INTEGER REFERENCES sources, certainty INTEGER,
  dataset INTEGER REFERENCES words, locator TEXT, rest TEXT
) STRICT;
CREATE TABLE ties (
  key INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES nodes,
  relation INTEGER NOT NULL REFERENCES words, target INTEGER NOT NULL REFERENCES nodes,
  valid_from INTEGER, valid_to INTEGER,
  claim_source INTEGER REFERENCES sources, certainty INTEGER,
  dataset INTEGER REFERENCES words, locator TEXT,
  amount REAL, currency INTEGER REFERENCES words, qualifier INTEGER, given_id TEXT, rest TEXT
) STRICT;
CREATE TABLE node_claims (
  node INTEGER NOT NULL REFERENCES nodes, position INTEGER NOT NULL,
  source INTEGER NOT NULL REFERENCES sources, locator TEXT, certainty INTEGER NOT NULL,
  dataset INTEGER REFERENCES words, field TEXT, value TEXT, denial INTEGER, retrieved INTEGER,
  note TEXT, PRIMARY KEY (node, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE tie_claims (
  tie INTEGER NOT NULL REFERENCES ties, position INTEGER NOT NULL,
  source INTEGER NOT NULL REFERENCES sources, locator TEXT, certainty INTEGER NOT NULL,
  dataset INTEGER REFERENCES words, field TEXT, value TEXT, denial INTEGER, retrieved INTEGER,
  note TEXT, PRIMARY KEY (tie, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE facts (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, measure TEXT NOT NULL,
  subject INTEGER NOT NULL REFERENCES nodes, category TEXT, period TEXT, value REAL,
  unit TEXT NOT NULL, qualifier INTEGER NOT NULL, derived INTEGER, parts TEXT,
  source INTEGER NOT NULL REFERENCES sources, locator TEXT NOT NULL, certainty INTEGER NOT NULL,
  note TEXT, dataset INTEGER REFERENCES words
) STRICT;
CREATE INDEX facts_by_subject ON facts (subject);
CREATE TABLE names (
  folded TEXT NOT NULL, node INTEGER NOT NULL, is_alias INTEGER NOT NULL,
  PRIMARY KEY (folded, node)
) STRICT, WITHOUT ROWID;
CREATE TABLE identifiers (
  value TEXT NOT NULL, scheme TEXT NOT NULL, node INTEGER NOT NULL,
  PRIMARY KEY (value, scheme, node)
) STRICT, WITHOUT ROWID;
CREATE TABLE vocabulary (key INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT;
CREATE VIRTUAL TABLE search USING fts5(
  text, content = '', contentless_delete = 1, detail = none,
  tokenize = \"unicode61 remove_diacritics 2\");
CREATE VIRTUAL TABLE spelling USING fts5(
  word, content = '', detail = none, columnsize = 0, tokenize = 'trigram');
CREATE TABLE revisions (
  revision INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
  dataset TEXT NOT NULL, n_added INTEGER NOT NULL, n_changed INTEGER NOT NULL,
  n_removed INTEGER NOT NULL, n_same INTEGER NOT NULL,
  n_sources INTEGER NOT NULL, n_nodes INTEGER NOT NULL, n_ties INTEGER NOT NULL,
  n_facts INTEGER NOT NULL, checksum INTEGER NOT NULL, last_source INTEGER NOT NULL,
  last_node INTEGER NOT NULL, last_tie INTEGER NOT NULL, last_fact INTEGER NOT NULL
) STRICT;
CREATE TABLE history (
  revision INTEGER NOT NULL REFERENCES revisions DEFERRABLE INITIALLY DEFERRED,
  what INTEGER NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, source INTEGER, target INTEGER,
  before TEXT NOT NULL, PRIMARY KEY (revision, what, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_by_key ON history (what, key, revision);
CREATE INDEX history_by_id ON history (what, id, revision);
INSERT INTO revisions VALUES (0, '', '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

CREATE VIEW readable_nodes AS
SELECT n.id, k.word AS kind, n.name, s.word AS stage, n.valid_from, n.valid_to,
  c.id AS claim_source, n.locator, n.certainty, n.rest
FROM nodes n JOIN words k ON k.key = n.kind LEFT JOIN words s ON s.key = n.stage
LEFT JOIN sources c ON c.key = n.claim_source;
CREATE VIEW readable_ties AS
SELECT a.id AS source, r.word AS relation, b.id AS target, t.valid_from, t.valid_to, t.amount,
  u.word AS currency, c.id AS claim_source, t.locator, t.certainty, t.given_id, t.rest
FROM ties t JOIN nodes a ON a.key = t.source JOIN nodes b ON b.key = t.target
JOIN words r ON r.key = t.relation LEFT JOIN words u ON u.key = t.currency
LEFT JOIN sources c ON c.key = t.claim_source;
CREATE VIEW readable_facts AS
SELECT f.id, f.measure, n.id AS subject, f.category, f.period, f.value, f.unit,
  c.id AS source, f.locator, f.certainty, f.note
FROM facts f JOIN nodes n ON n.key = f.subject JOIN sources c ON c.key = f.source;
";

/// The indexes that a bulk insert builds at its end, sorted, rather than row by row.
const LATE_INDEXES: [(&str, &str); 3] = [
    ("nodes_by_id", "CREATE UNIQUE INDEX nodes_by_id ON nodes (id)"),
    ("ties_by_source", "CREATE INDEX ties_by_source ON ties (source, relation, target)"),
    ("ties_by_target", "CREATE INDEX ties_by_target ON ties (target, relation, source)"),
];

/// It waits too, once a tie comes that has an id of its own: to build it takes a walk through all ties,
/// and most files give none.
const GIVEN_IDS: (&str, &str) = (
    "ties_by_given_id",
    "CREATE UNIQUE INDEX ties_by_given_id ON ties (given_id) WHERE given_id IS NOT NULL",
);

/// Writes the tables of an empty store.
pub(crate) fn create(conn: &Connection) -> Result<(), Error> {
    conn.execute_batch(TABLES)?;
    create_late_indexes(conn, true, &mut |_| {})?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", VERSION)?;
    Ok(())
}

pub(crate) fn drop_late_indexes(conn: &Connection) -> Result<(), Error> {
    for (name, _) in LATE_INDEXES {
        conn.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    Ok(())
}

/// Lets the index of the given ids of ties wait as well.
pub(crate) fn drop_index_of_given_ids(conn: &Connection) -> Result<(), Error> {
    Ok(conn.execute_batch(&format!("DROP INDEX {}", GIVEN_IDS.0))?)
}

/// Builds the late indexes and says after each how many of four stand.
pub(crate) fn create_late_indexes(
    conn: &Connection,
    with_given_ids: bool,
    done: &mut dyn FnMut(u64),
) -> Result<(), Error> {
    let given_ids = with_given_ids.then_some(&GIVEN_IDS);
    for (n, (_, sql)) in LATE_INDEXES.iter().chain(given_ids).enumerate() {
        conn.execute_batch(sql)?;
        done(n as u64 + 1);
    }
    Ok(())
}
