//! File formats: bytes in, typed rows and diagnostics out, and records back to bytes.
//!
//! The life of a file: [`inspect`] reads it once and tells its encoding; a [`TableReader`] decodes it,
//! tells its separator and its [`Header`], and hands out one [`Row`] at a time; [`NodeRow`] and its
//! sisters make typed cells of a row, and put every fault into [`Diagnostics`]. [`CsvWriter`] and
//! [`Document`] go the other way.
//!
//! Does no I/O but on the readers that it is handed, and knows no schema and no store: whether a kind
//! exists, or two rows are one body, is asked by whoever imports.

mod csv;
mod dataset;
mod diagnostic;
mod encoding;
mod error;
mod json;
mod rows;
mod suggest;

pub use csv::{
    ClaimCells, ClaimRow, Column, CsvWriter, FactRow, Header, MAX_CELL_BYTES, MAX_ROW_BYTES,
    NodeRow, PropertyColumn, PropertyType, ReadOptions, Row, RowBatch, SourceRow, Table,
    TableReader, TieRow, dataset_cell, fact_columns, parse_qualifier, property_cell, read_value,
    source_columns,
};
pub use dataset::DatasetInfo;
pub use diagnostic::{Diagnostic, Diagnostics, MAX_DIAGNOSTICS, Place, Severity};
pub use encoding::{Decoder, Dialect, Encoding, Inspection, inspect};
pub use error::Error;
pub use json::{Document, FORMAT_VERSION, read_json, write_json};
pub use rows::read_rows;
pub use suggest::{closest, did_you_mean, similarity};
pub use weft_value::{join_list, split_list};
