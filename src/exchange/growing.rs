//! A table written as its rows come, for lists too long to be held: csv and xlsx.
//!
//! Pure but for the spool of xlsx.
//!
//! 1. What comes out is what the writers of whole sheets give: the same cells in the same places. Remarks below a table have none.

use std::io::{self, Write};

use super::sheet::{Cell, Sheet};
use super::write_csv::CsvRows;
use super::write_xlsx::XlsxRows;

/// A table in its making.
pub enum Growing<W: Write + Send> {
    /// Comma-separated values.
    Csv(Box<CsvRows<W>>),
    /// A workbook.
    Xlsx(Box<XlsxRows<W>>),
}

impl<W: Write + Send> Growing<W> {
    /// Comma-separated values, with the head of a sheet.
    pub fn csv(head: &Sheet, out: W) -> io::Result<Growing<W>> {
        CsvRows::begin(head, out).map(|table| Growing::Csv(Box::new(table)))
    }

    /// A workbook; the rows of `head` decide the columns' widths and are not written.
    pub fn xlsx(head: &Sheet, out: W) -> io::Result<Growing<W>> {
        XlsxRows::begin(head, out).map(|table| Growing::Xlsx(Box::new(table)))
    }

    /// Writes rows.
    pub fn rows(&mut self, rows: &[Vec<Cell>]) -> io::Result<()> {
        match self {
            Growing::Csv(table) => table.rows(rows),
            Growing::Xlsx(table) => table.rows(rows),
        }
    }

    /// Writes the totals; gives the writer back, not yet flushed.
    pub fn end(self, foot: &[Vec<Cell>]) -> io::Result<W> {
        match self {
            Growing::Csv(table) => table.end(foot),
            Growing::Xlsx(table) => table.end(foot),
        }
    }
}
