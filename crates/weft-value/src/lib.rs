//! Values: what a property, a cell or a query result holds, and dates as sources give them.
//!
//! Knows nothing of graphs, files or stores.

mod date;
mod entity;
mod json;
mod lists;
mod period;
mod point;
mod temporal;
mod value;
mod value_type;

pub use date::{DateError, DateOrder, PartialDate};
pub use entity::{NodeValue, PathValue, RelationshipValue};
pub use lists::{join_list, split_list};
pub use period::{Period, PeriodError};
pub use point::Point;
pub use temporal::{
    Clock, Date, DateTime, Duration, LocalDateTime, LocalTime, Temporal, TemporalError,
    TemporalType, Time, TruncationUnit, Zone,
};
pub use value::Value;
pub use value_type::{ValueError, ValueType};
