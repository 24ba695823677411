//! Rows in and out: many rows travel into a statement as one JSON parameter (src/decisions/0002).

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
