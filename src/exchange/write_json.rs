//! A sheet as JSON for scripts.
//!
//! Pure. Part of the command line's contract:
//! `{"title","subtitle":[…],"columns":[{"key","heading","kind"}],"rows":[{key:value}],"foot":[{key:value}],"notes":[…]}`.
//!
//! 1. Amounts are strings with two decimals (`"50000.00"`), dates ISO strings, counts numbers, blanks `null`.
//! 2. Every row names every column, in the columns' order.
//! 3. Rows are written as they are walked; nothing is collected.

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};

use super::sheet::{Cell, Column, Sheet};

/// Writes one object and a line end.
pub fn write_json(sheet: &Sheet, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut out, &SheetJson(sheet))?;
    writeln!(out)
}

struct SheetJson<'a>(&'a Sheet);

impl Serialize for SheetJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let SheetJson(sheet) = self;
        let mut map = serializer.serialize_map(Some(6))?;
        map.serialize_entry("title", &sheet.title)?;
        map.serialize_entry("subtitle", &sheet.subtitle)?;
        map.serialize_entry("columns", &sheet.columns)?;
        map.serialize_entry("rows", &Rows(&sheet.columns, &sheet.rows))?;
        map.serialize_entry("foot", &Rows(&sheet.columns, &sheet.foot))?;
        map.serialize_entry("notes", &sheet.notes)?;
        map.end()
    }
}

impl Serialize for Sheet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        SheetJson(self).serialize(serializer)
    }
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("key", &self.key)?;
        map.serialize_entry("heading", &self.heading)?;
        map.serialize_entry("kind", self.kind.as_str())?;
        map.end()
    }
}

struct Rows<'a>(&'a [Column], &'a [Vec<Cell>]);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.1.len()))?;
        self.1.iter().try_for_each(|row| rows.serialize_element(&Row(self.0, row)))?;
        rows.end()
    }
}

struct Row<'a>(&'a [Column], &'a [Cell]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (index, column) in self.0.iter().enumerate() {
            map.serialize_entry(&column.key, self.1.get(index).unwrap_or(&Cell::Empty))?;
        }
        map.end()
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Empty => serializer.serialize_none(),
            Cell::Count(count) => serializer.serialize_i64(*count),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Amount(amount) => serializer.collect_str(amount),
            Cell::Date(date) => serializer.collect_str(date),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::sheet::sample;

    #[test]
    fn amounts_are_strings_and_blanks_null() {
        let mut out = Vec::new();
        write_json(&sample(), &mut out).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["rows"][0]["debit"], "123456.78");
        assert_eq!(json["rows"][2]["debit"], serde_json::Value::Null);
        assert_eq!(json["foot"][0]["debit"], "123451.78");
        assert_eq!(json["columns"][2]["key"], "debit");
        assert_eq!(json["subtitle"][1], "金额单位:元");
    }
}
