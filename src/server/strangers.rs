//! What is said of clients that cannot be served: each kind once in a while, so that nobody fills a log
//! by knocking again and again.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// After which the same is said again.
const AGAIN: Duration = Duration::from_secs(10);

/// Tells whoever runs the server.
pub(super) struct Strangers {
    /// Takes what came and what to do.
    tell: fn(&str, &str),
    /// When a kind was told last. What is to be done is the same for all of a kind.
    told: Mutex<BTreeMap<&'static str, Instant>>,
}

impl Strangers {
    pub(super) fn new(tell: fn(&str, &str)) -> Self {
        Self { tell, told: Mutex::default() }
    }

    /// Tells what came, unless the same was told just now.
    pub(super) fn tell(&self, what: &str, hint: &'static str, now: Instant) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_told = told.get(hint).is_some_and(|it| now.duration_since(*it) < AGAIN);
        if !is_told {
            told.insert(hint, now);
            drop(told);
            (self.tell)(what, hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_once_in_a_while() {
        static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());
        let strangers =
            Strangers::new(|what, hint| SAID.lock().unwrap().push(format!("{what}: {hint}")));
        let begun = Instant::now();
        for (second, what, hint) in [
            (0, "TLS", "no TLS"),
            (1, "TLS", "no TLS"),
            (2, "3.0", "newer"),
            (9, "2.0", "newer"),
            (10, "TLS", "no TLS"),
            (12, "1.0", "newer"),
        ] {
            strangers.tell(what, hint, begun + Duration::from_secs(second));
        }
        let expected = ["TLS: no TLS", "3.0: newer", "TLS: no TLS", "1.0: newer"];
        assert_eq!(*SAID.lock().unwrap(), expected);
    }
}
