//! Where a connection stands, and which message may come there.

use std::fmt;

use crate::decode::Message;
use crate::version::Version;

/// Where a connection stands. The names are the protocol's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing was said yet.
    Negotiation,
    /// HELLO was said, LOGON was not. Not before Bolt 5.1.
    Authentication,
    /// A statement or a transaction may begin.
    Ready,
    /// A statement has rows to be pulled.
    Streaming,
    /// A transaction is open.
    TxReady,
    /// Statements of a transaction have rows to be pulled.
    TxStreaming,
    /// Something failed, and all is ignored up to a RESET.
    Failed,
    /// The end.
    Defunct,
}

impl State {
    /// Where a message leads when what it asks is done; None where it may not come.
    pub(crate) fn after(self, message: &Message, version: Version) -> Option<Self> {
        use State::{
            Authentication, Defunct, Failed, Negotiation, Ready, Streaming, TxReady, TxStreaming,
        };
        Some(match (self, message) {
            (_, Message::Goodbye) => Defunct,
            (Ready | Streaming | TxReady | TxStreaming | Failed, Message::Reset) => Ready,
            (Negotiation, Message::Hello(_)) if version.has_logon() => Authentication,
            (Negotiation, Message::Hello(_)) => Ready,
            (Authentication, Message::Logon(_)) => Ready,
            (Ready, Message::Logoff) if version.has_logon() => Authentication,
            (Ready, Message::Telemetry) if version.has_telemetry() => Ready,
            (Ready, Message::Route { .. }) => Ready,
            (Ready, Message::Run { .. }) => Streaming,
            (Ready, Message::Begin(_)) => TxReady,
            (Streaming, Message::Pull(_) | Message::Discard(_)) => Streaming,
            (TxReady | TxStreaming, Message::Run { .. }) => TxStreaming,
            (TxStreaming, Message::Pull(_) | Message::Discard(_)) => TxStreaming,
            (TxReady, Message::Commit) => Ready,
            (TxReady | TxStreaming, Message::Rollback) => Ready,
            _ => return None,
        })
    }

    /// Where a fault leads: whoever is not let in yet is sent away.
    pub(crate) fn after_failure(self) -> Self {
        if self.is_let_in() { Self::Failed } else { Self::Defunct }
    }

    /// Where the last row of the last result leads.
    pub(crate) fn after_last_row(self) -> Self {
        match self {
            Self::Streaming => Self::Ready,
            Self::TxStreaming => Self::TxReady,
            other => other,
        }
    }

    pub(crate) fn is_let_in(self) -> bool {
        !matches!(self, Self::Negotiation | Self::Authentication | Self::Defunct)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Negotiation => "NEGOTIATION",
            Self::Authentication => "AUTHENTICATION",
            Self::Ready => "READY",
            Self::Streaming => "STREAMING",
            Self::TxReady => "TX_READY",
            Self::TxStreaming => "TX_STREAMING",
            Self::Failed => "FAILED",
            Self::Defunct => "DEFUNCT",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Entries;

    #[test]
    fn who_the_client_is_comes_in_the_message_of_its_version() {
        let hello = Message::Hello(Entries::new());
        let logon = Message::Logon(Entries::new());
        for (version, after_hello, after_logon, after_logoff) in [
            (Version::new(4, 4), State::Ready, None, None),
            (Version::new(5, 0), State::Ready, None, None),
            (
                Version::new(5, 1),
                State::Authentication,
                Some(State::Ready),
                Some(State::Authentication),
            ),
        ] {
            assert_eq!(State::Negotiation.after(&hello, version), Some(after_hello), "{version}");
            assert_eq!(after_hello.after(&logon, version), after_logon, "{version}");
            assert_eq!(State::Ready.after(&Message::Logoff, version), after_logoff, "{version}");
            assert_eq!(State::Negotiation.after(&logon, version), None, "{version}");
            assert_eq!(State::Ready.after(&hello, version), None, "{version}");
        }
    }

    #[test]
    fn clients_tell_how_they_are_used_only_where_the_version_has_words_for_it() {
        let after = |minor| State::Ready.after(&Message::Telemetry, Version::new(5, minor));
        assert_eq!((after(3), after(4)), (None, Some(State::Ready)));
    }
}
