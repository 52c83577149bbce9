//! Analytics and findings as procedures that openCypher calls: `CALL weft.betweenness({top: 20}) YIELD
//! node, score`.
//!
//! One file for each group; each row names what a procedure takes and yields, the verb that
//! answers the same on the command line, and the pure function that both call. Knows no query, no
//! store and no clock: a snapshot and values come in, rows of values go out.

/// A row: each part of a result as a value.
macro_rules! row {
    ($asked:expr; $($part:expr),* $(,)?) => { vec![$($asked.value(&$part)),*] };
}

mod asked;
mod comparison;
mod entry;
mod measures;
mod money;
mod needs;
mod records;
mod structure;

use std::sync::Arc;

use weft_cypher::Procedures;

pub use asked::VIEW_OPTIONS;
pub use entry::verbs;
pub use measures::MEASURE_OPTIONS;

/// All procedures of weft, by name.
///
/// ```
/// let procedures = weft::procedures::all();
/// assert!(procedures.find("weft.betweenness").is_some());
/// ```
pub fn all() -> Procedures {
    let mut res = Procedures::default();
    for finding in entry::findings() {
        res.add(Arc::new(finding));
    }
    res
}

#[cfg(test)]
mod tests;
