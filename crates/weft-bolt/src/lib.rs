//! The Bolt protocol, versions 4 and 5: one connection, from its handshake to its end.
//!
//! # The life of a connection
//! 1. `serve` shakes hands, agrees on a version, and starts a task that reads messages, so that a RESET is
//!    seen while a query runs.
//! 2. HELLO, and LOGON since 5.1, open a [`Session`]; what is not let in is closed.
//! 3. RUN starts the query on a thread of its own; rows come back through a channel of bounded length,
//!    so that a client that does not pull stops the query where it stands.
//! 4. PULL and DISCARD take rows out of the channel, as many as were asked for.
//! 5. RESET, a time-out and a lost connection cancel what runs and roll the transaction back.
//!
//! Knows no query language and no store: both stand behind [`Backend`]. Reads no clock but tokio's timer,
//! and opens no socket: the stream is handed in.

mod backend;
mod connection;
mod decode;
mod encode;
mod error;
mod frames;
mod handshake;
mod results;
mod state;
mod statuses;
mod version;

pub use backend::{
    Access, Backend, Cancel, Credentials, Failure, NotificationFilter, Output, RunOptions, Session,
    Summary,
};
pub use connection::{Limits, serve};
pub use error::ServeError;
pub use frames::Room;
