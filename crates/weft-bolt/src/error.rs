//! Why a connection ended other than by its own will, and what to do about it.

use std::io;

/// Why a connection ended other than by its own will.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The stream broke.
    #[error("the connection broke: {0}")]
    Io(#[from] io::Error),
    /// The handshake took longer than it may.
    #[error("a client took too long to say which version of Bolt it speaks")]
    TooSlow,
    /// No version is shared.
    #[error("a client offers Bolt {offered}; spoken here are {spoken}")]
    NoSharedVersion {
        /// which the client offered
        offered: String,
        /// which are spoken here
        spoken: String,
    },
    /// A browser, most likely.
    #[error("a client speaks HTTP, and this port speaks Bolt")]
    Http,
    /// A driver that was told to encrypt.
    #[error("a client speaks TLS, and this port speaks Bolt without it")]
    Tls,
    /// Whoever it is; the bytes that it begins with.
    #[error("a client speaks something that is not Bolt; it begins with the bytes `{0}`")]
    NotBolt(String),
}

impl ServeError {
    /// What to do about it, where there is something to be done; None where connections come and go.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Io(_) | Self::TooSlow => return None,
            Self::NoSharedVersion { .. } => "drivers of Neo4j from 4.0 on speak one of these",
            Self::Http => {
                "give the address to a driver, as `bolt://HOST:PORT`; browsers and \
                           WebSockets cannot connect"
            }
            Self::Tls => {
                "connect to `bolt://` instead of `bolt+s://` or `bolt+ssc://`, or serve with \
                          `--tls-cert` and `--tls-key`"
            }
            Self::NotBolt(_) => "is the address meant for another server?",
        })
    }
}
