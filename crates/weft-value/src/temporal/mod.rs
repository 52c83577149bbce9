//! Temporal values: dates, times, zones and durations as openCypher defines them.
//!
//! The calendar is our own, because years go far beyond those of any library; only what offset a
//! named zone has at a time is asked of jiff. No clock is read here: now is an argument.

mod between;
mod civil;
mod component;
mod date;
mod date_time;
mod duration;
mod error;
mod fields;
mod instant;
mod local_date_time;
mod local_time;
mod parse;
mod select;
mod stored;
mod time;
mod truncate;
mod zone;

pub use date::Date;
pub use date_time::DateTime;
pub use duration::Duration;
pub use error::TemporalError;
pub use instant::{Temporal, TemporalType};
pub use local_date_time::LocalDateTime;
pub use local_time::LocalTime;
pub use time::Time;
pub use truncate::TruncationUnit;
pub use zone::{Clock, Zone};

pub(crate) use stored::{from_stored, read_day, to_stored};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
