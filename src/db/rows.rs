//! Rows in and out: many rows travel into a statement as one JSON parameter (src/decisions/0002), and out of one as one text
//! where there may be a hundred thousand: handing them over one by one costs more than finding them.

use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{ColumnIndex, Decode, Row, Type};

use super::Failure;

/// Rows as the JSON text `json_each` reads: an array of arrays.
pub fn as_json<T: Serialize>(rows: &[T]) -> String {
    serde_json::to_string(rows).expect("rows of texts and integers always serialise")
}

/// A column of a row, by position.
pub fn column<'r, T>(row: &'r AnyRow, index: usize) -> Result<T, Failure>
where
    T: Decode<'r, sqlx::Any> + Type<sqlx::Any>,
    usize: ColumnIndex<AnyRow>,
{
    Ok(row.try_get(index)?)
}

/// A text column parsed into a value of the books; what cannot be parsed was not written by us.
pub fn parsed<T>(row: &AnyRow, index: usize, parse: impl Fn(&str) -> Option<T>) -> Result<T, Failure> {
    let text: String = column(row, index)?;
    parse(&text).ok_or_else(|| Failure::Damaged(format!("column {index}: {text}")))
}

const BETWEEN_CELLS: char = '\u{1f}';
const BETWEEN_ROWS: char = '\u{1e}';

/// The statement that hands the rows of a subquery over as one text, nothing for null; read it with [`unpacked`].
pub fn packing(columns: &[&str], from: &str) -> String {
    let cells: Vec<String> = columns.iter().map(|column| format!("coalesce(cast({column} as text), '')")).collect();
    let row = cells.join(&format!(" || '{BETWEEN_CELLS}' || "));
    format!("select coalesce(string_agg({row}, '{BETWEEN_ROWS}'), '') from {from}")
}

/// A column that people typed, without the two characters that stand between cells and rows.
pub fn typed(column: &str) -> String {
    format!("replace(replace({column}, '{BETWEEN_CELLS}', ' '), '{BETWEEN_ROWS}', ' ')")
}

/// The rows of such a text.
pub fn unpacked(text: &str) -> impl Iterator<Item = Cells<'_>> {
    text.split(BETWEEN_ROWS).filter(|row| !row.is_empty()).map(|row| Cells(row.split(BETWEEN_CELLS).collect()))
}

/// One row of such a text.
pub struct Cells<'a>(Vec<&'a str>);

impl Cells<'_> {
    /// A text.
    pub fn text(&self, index: usize) -> Result<String, Failure> {
        Ok(self.get(index)?.to_owned())
    }

    /// Anything else that was written as text; `None` for null.
    pub fn optional<T: std::str::FromStr>(&self, index: usize) -> Result<Option<T>, Failure> {
        match self.get(index)? {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Failure::Damaged(format!("column {index}: {text}"))),
        }
    }

    /// The same, never null.
    pub fn parsed<T>(&self, index: usize, parse: impl Fn(&str) -> Option<T>) -> Result<T, Failure> {
        let text = self.get(index)?;
        parse(text).ok_or_else(|| Failure::Damaged(format!("column {index}: {text}")))
    }

    /// A sum in fen.
    pub fn fen(&self, index: usize) -> Result<crate::money::Amount, Failure> {
        self.parsed(index, |text| text.parse().ok()).map(crate::money::Amount::from_fen)
    }

    fn get(&self, index: usize) -> Result<&str, Failure> {
        self.0.get(index).copied().ok_or_else(|| Failure::Damaged(format!("column {index} is missing: {:?}", self.0)))
    }
}
