//! How strong a link is: a named function of its ties and of the amounts on them.
//!
//! Amounts of money are heavy-tailed and are no distances. Measures are unweighted unless they are
//! given weights, and whoever gives them names the function; [`LinkCost`](crate::LinkCost) makes costs of
//! weights, and by a name too.

use weft_graph::{Snapshot, View};

/// How ties become the weight of their link. The name of a weighting stands in every answer that
/// rests on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weighting {
    /// Every link weighs 1, however many ties it has: the default everywhere.
    #[default]
    One,
    /// The number of its ties.
    Ties,
    /// The sum of the amounts of its ties in one currency, in that currency. Ties without an amount,
    /// or with one in another currency, add 0: unknown is not counted as anything.
    Amount,
    /// log10(1 + amount): a tie of ten million weighs a little more than one of one million.
    LogAmount,
}

impl Weighting {
    /// The name that answers use.
    pub fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Ties => "ties",
            Self::Amount => "amount",
            Self::LogAmount => "log_amount",
        }
    }
}

/// The weight of each link, and what it left out.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkWeights {
    /// The function that made them.
    pub weighting: Weighting,
    /// By link of the view; never below 0.
    pub of: Vec<f64>,
    /// Ties whose amount did not count: unknown, or in another currency. 0 where amounts play no
    /// part.
    pub n_ties_without: usize,
}

/// Returns the weight of each link of a view.
///
/// - Amounts are those that the ties state in `currency`, whatever their qualifier: "at least" and
///   "about" count as what they name.
/// - Direction: a directed view has a weight for each arc, and a symmetric tie counts on both.
/// - Cost: O(ties) time, O(m) memory.
///
/// ```
/// use weft_analytics::{Weighting, link_weights};
/// let snapshot = weft_graph::fixture("a -funds[500000]-> b; a -supports-> b; b -supports-> c");
/// let view = weft_graph::View::new(&snapshot, weft_graph::ViewSpec::all(&snapshot));
/// assert_eq!(link_weights(&snapshot, &view, Weighting::Ties, "GBP").of, [2.0, 1.0]);
/// let amounts = link_weights(&snapshot, &view, Weighting::Amount, "GBP");
/// assert_eq!((amounts.of, amounts.n_ties_without), (vec![500000.0, 0.0], 2));
/// ```
pub fn link_weights(
    snapshot: &Snapshot,
    view: &View,
    weighting: Weighting,
    currency: &str,
) -> LinkWeights {
    let mut n_ties_without = 0;
    let mut amount = |link: u32| -> f64 {
        let mut sum = 0.0;
        for &tie in view.ties(link) {
            match snapshot.tie(tie).amount().filter(|it| it.currency == currency) {
                Some(amount) => sum += amount.value.max(0.0),
                None => n_ties_without += 1,
            }
        }
        sum
    };
    let of = (0..view.m() as u32)
        .map(|link| match weighting {
            Weighting::One => 1.0,
            Weighting::Ties => view.ties(link).len() as f64,
            Weighting::Amount => amount(link),
            Weighting::LogAmount => (1.0 + amount(link)).log10(),
        })
        .collect();
    LinkWeights { weighting, of, n_ties_without }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_graph::{ViewSpec, fixture};

    #[track_caller]
    fn check(graph: &str, weighting: Weighting, expected: &[f64], n_ties_without: usize) {
        let snapshot = fixture(graph);
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let found = link_weights(&snapshot, &view, weighting, "GBP");
        crate::testing::assert_close(&found.of, expected);
        assert_eq!((found.weighting, found.n_ties_without), (weighting, n_ties_without));
    }

    #[test]
    fn a_link_sums_what_its_ties_state() {
        let graph = "a -funds[90]-> b; a -funds[9,#second]-> b; b -funds-> c";
        check(graph, Weighting::One, &[1.0, 1.0], 0);
        check(graph, Weighting::Ties, &[2.0, 1.0], 0);
        check(graph, Weighting::Amount, &[99.0, 0.0], 1);
        check(graph, Weighting::LogAmount, &[2.0, 0.0], 1);
    }

    #[test]
    fn another_currency_is_left_out_and_counted() {
        let snapshot = fixture("a -funds[90]-> b");
        let view = View::new(&snapshot, ViewSpec::all(&snapshot));
        let found = link_weights(&snapshot, &view, Weighting::Amount, "EUR");
        assert_eq!((found.of, found.n_ties_without), (vec![0.0], 1));
    }
}
