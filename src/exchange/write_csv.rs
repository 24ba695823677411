//! A sheet as comma-separated values: head row, rows, totals. Title lines and notes are left out.
//!
//! Pure.
//!
//! 1. UTF-8 with a byte-order mark, CRLF line ends: spreadsheet programs then read Chinese rightly.
//! 2. Amounts are plain (`1234.56`), dates ISO, ids their own characters.
//! 3. A text that a spreadsheet program would run as a formula gets an apostrophe before it;
//!    `csv_in` takes it off again.

use std::borrow::Cow;
use std::io::{self, Write};

use super::sheet::{Cell, Sheet};

/// Writes the table.
pub fn write_csv(sheet: &Sheet, out: impl Write) -> io::Result<()> {
    let mut table = CsvRows::begin(sheet, out)?;
    table.rows(&sheet.rows)?;
    table.end(&sheet.foot).map(drop)
}

/// The same table written as its rows come.
pub struct CsvRows<W: Write> {
    csv: csv::Writer<W>,
    width: usize,
}

impl<W: Write> CsvRows<W> {
    /// Writes the head of a sheet.
    pub fn begin(sheet: &Sheet, mut out: W) -> io::Result<CsvRows<W>> {
        out.write_all("\u{FEFF}".as_bytes())?;
        let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        csv.write_record(sheet.columns.iter().map(|column| guarded(&column.heading).into_owned()))?;
        Ok(CsvRows { csv, width: sheet.columns.len() })
    }

    /// Writes rows.
    pub fn rows(&mut self, rows: &[Vec<Cell>]) -> io::Result<()> {
        for row in rows {
            let blank = self.width.saturating_sub(row.len());
            self.csv.write_record(row.iter().map(field).chain(std::iter::repeat_n(String::new(), blank)))?;
        }
        Ok(())
    }

    /// Writes the totals; gives the writer back.
    pub fn end(mut self, foot: &[Vec<Cell>]) -> io::Result<W> {
        self.rows(foot)?;
        self.csv.into_inner().map_err(|why| why.into_error())
    }
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => guarded(text).into_owned(),
        other => other.for_scripts(),
    }
}

/// The text, with an apostrophe before it if a spreadsheet program would take it for a formula.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    if begins_a_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// True if the first character that is not a blank starts a formula or a command.
pub(super) fn begins_a_formula(text: &str) -> bool {
    let dangerous = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    text.starts_with(['\t', '\r']) || (text.trim_start().starts_with(dangerous) && text.trim().chars().count() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::sheet::sample;

    #[test]
    fn plain_figures_and_no_formulas() {
        let mut out = Vec::new();
        write_csv(&sample(), &mut out).unwrap();
        let expected =
            "\u{FEFF}科目编码,科目名称,借方\r\n102,银行存款,123456.78\r\n10201,'=1+1,-5.00\r\n10202,,\r\n合计,,123451.78\r\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn guards_what_a_spreadsheet_would_run() {
        for text in ["=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "-2+3", "\t=1", "＝1+1", "  =1"] {
            assert!(guarded(text).starts_with('\''), "{text}");
        }
        for text in ["", "-", "记-1", "10201", "甲=乙"] {
            assert_eq!(guarded(text), text);
        }
    }
}
