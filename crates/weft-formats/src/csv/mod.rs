//! The CSV tables of a dataset: their columns, their rows as they are read, and how they are written.

mod column;
mod lexer;
mod reader;
mod records;
mod rows;
mod writer;

pub use column::{Column, Header, PropertyColumn, PropertyType, Table};
pub use lexer::{MAX_CELL_BYTES, MAX_ROW_BYTES};
pub use reader::{Row, RowBatch, TableReader};
pub(crate) use records::read_records;
pub use rows::{
    ClaimCells, ClaimRow, FactRow, NodeRow, ReadOptions, SourceRow, TieRow, dataset_cell,
    parse_qualifier, read_value,
};
pub use writer::{CsvWriter, fact_columns, property_cell, source_columns};

#[cfg(test)]
mod tests;
