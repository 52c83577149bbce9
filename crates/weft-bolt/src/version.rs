//! Versions of the protocol: which are spoken here, and what older ones say otherwise.

use std::fmt;

/// A version of the protocol, with what was agreed beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    major: u8,
    minor: u8,
    is_patched: bool,
}

/// Versions that differ in their last number only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Versions {
    major: u8,
    oldest: u8,
    newest: u8,
}

/// What is spoken here, the newest first.
pub(crate) const SPOKEN: [Versions; 3] = [
    // 5.5 names the texts of statuses otherwise, and whoever offers it offers 5.4 too.
    Versions { major: 5, oldest: 6, newest: 8 },
    Versions { major: 5, oldest: 0, newest: 4 },
    Versions { major: 4, oldest: 0, newest: 4 },
];

impl Version {
    pub(crate) const fn new(major: u8, minor: u8) -> Self {
        Self { major, minor, is_patched: false }
    }

    /// As a handshake writes it.
    pub(crate) fn bytes(self) -> [u8; 4] {
        [0, 0, self.minor, self.major]
    }

    /// Whether LOGON says who the client is; before, HELLO does.
    pub(crate) fn has_logon(self) -> bool {
        self.is_since(5, 1)
    }

    /// Whether clients may tell how they are used.
    pub(crate) fn has_telemetry(self) -> bool {
        self.is_since(5, 4)
    }

    /// Whether a summary has the statuses of GQL in place of notifications.
    pub(crate) fn has_statuses(self) -> bool {
        self.is_since(5, 6)
    }

    /// Whether a failure has the status of GQL beside its code.
    pub(crate) fn has_failure_status(self) -> bool {
        self.is_since(5, 7)
    }

    /// Whether nodes and relationships have ids that are text.
    pub(crate) fn has_element_ids(self) -> bool {
        self.is_since(5, 0)
    }

    /// Whether the seconds of a date-time are those of UTC; before, they were those of the clock there.
    pub(crate) fn has_utc(self) -> bool {
        self.is_since(5, 0) || self.is_patched
    }

    /// The same with the date-times of Bolt 5, where clients may ask for them.
    pub(crate) fn with_utc(self) -> Option<Self> {
        let may_ask = self.is_since(4, 3) && !self.is_since(5, 0);
        may_ask.then_some(Self { is_patched: true, ..self })
    }

    fn is_since(self, major: u8, minor: u8) -> bool {
        (self.major, self.minor) >= (major, minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl Versions {
    /// From how a handshake writes them: the newest, and how many there are before it.
    pub(crate) fn read([_, n_before, newest, major]: [u8; 4]) -> Self {
        Self { major, oldest: newest.saturating_sub(n_before), newest }
    }

    /// As a handshake writes them.
    pub(crate) fn bytes(self) -> [u8; 4] {
        [0, self.newest - self.oldest, self.newest, self.major]
    }

    /// The newest version that is in both.
    pub(crate) fn newest_shared(self, other: Self) -> Option<Version> {
        let newest = self.newest.min(other.newest);
        let is_shared = self.major == other.major && newest >= self.oldest.max(other.oldest);
        is_shared.then(|| Version::new(self.major, newest))
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.oldest == self.newest {
            true => write!(f, "{}.{}", self.major, self.newest),
            false => write!(f, "{0}.{1} to {0}.{2}", self.major, self.oldest, self.newest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The newest version of an offer that is spoken here.
    #[track_caller]
    fn check(offer: [u8; 4], expected: &str) {
        let found = SPOKEN.iter().find_map(|it| it.newest_shared(Versions::read(offer)));
        assert_eq!(found.map_or("none".to_owned(), |it| it.to_string()), expected, "{offer:?}");
    }

    #[test]
    fn the_newest_shared_version_is_taken() {
        check([0, 0, 0, 5], "5.0");
        check([0, 0, 3, 5], "5.3");
        check([0, 8, 8, 5], "5.8");
        check([0, 0, 7, 5], "5.7");
        check([0, 5, 5, 5], "5.4");
        check([0, 0, 5, 5], "none");
        check([0, 4, 12, 5], "5.8");
        check([0, 3, 12, 5], "none");
        check([0, 255, 255, 5], "5.8");
        check([0, 200, 3, 5], "5.3");
        check([0, 2, 4, 4], "4.4");
        check([0, 0, 1, 4], "4.1");
        check([0, 0, 0, 3], "none");
        check([0, 0, 0, 6], "none");
        check([0, 0, 1, 0xFF], "none");
        check([0; 4], "none");
    }

    #[test]
    fn every_version_is_read_as_it_is_written() {
        for spoken in SPOKEN {
            assert_eq!(Versions::read(spoken.bytes()), spoken);
            for minor in spoken.oldest..=spoken.newest {
                let version = Version::new(spoken.major, minor);
                check(version.bytes(), &version.to_string());
            }
        }
    }

    #[test]
    fn date_times_of_utc_are_asked_for_only_where_they_are_not_there_anyway() {
        let asked = |major, minor| Version::new(major, minor).with_utc().map(Version::has_utc);
        assert_eq!(asked(4, 2), None);
        assert_eq!(asked(4, 3), Some(true));
        assert_eq!(asked(4, 4), Some(true));
        assert_eq!(asked(5, 0), None);
        assert!(Version::new(5, 0).has_utc() && !Version::new(4, 4).has_utc());
    }
}
