//! Where a connection stands, and which message may come there.

use std::fmt;

use crate::decode::Message;

/// Where a connection stands. The names are the protocol's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing was said yet.
    Negotiation,
    /// HELLO was said, LOGON was not.
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
    pub(crate) fn after(self, message: &Message) -> Option<Self> {
        use State::{
            Authentication, Defunct, Failed, Negotiation, Ready, Streaming, TxReady, TxStreaming,
        };
        Some(match (self, message) {
            (_, Message::Goodbye) => Defunct,
            (Ready | Streaming | TxReady | TxStreaming | Failed, Message::Reset) => Ready,
            (Negotiation, Message::Hello(_)) => Authentication,
            (Authentication, Message::Logon(_)) => Ready,
            (Ready, Message::Logoff) => Authentication,
            (Ready, Message::Route { .. } | Message::Telemetry) => Ready,
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
