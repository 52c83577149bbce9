//! Values: what a property, a cell or a query result holds, and dates as sources give them.
//!
//! Knows nothing of graphs, files or stores.

mod date;
mod lists;
mod period;
mod value;

pub use date::{DateError, DateOrder, PartialDate};
pub use lists::{join_list, split_list};
pub use period::{Period, PeriodError};
pub use value::{DateTime, Duration, Point, Time, Value, ValueError, ValueType};
