//! Share certificates: a sheet of them, one to a leaf.
//!
//! Pure.

use serde_json::json;

use super::leaf::{Leaf, MM, Slip};
use super::setter::Setter;
use crate::exchange::sheet::{Cell, Sheet};

const SIZE: i64 = 4_200;
const ROOM: i64 = 126 * MM;

/// A leaf for every row; the columns in their order but for codes, the certificate's number above them.
pub fn leaves(sheet: &Sheet, setter: &Setter<'_>) -> Vec<Leaf> {
    let (width_um, height_um) = Slip::A5.paper_um();
    let leaf = |row: &Vec<Cell>| {
        let number = place(sheet, row, "certificate").map(|text| format!("证号 {text}"));
        let lines: Vec<_> = sheet
            .columns
            .iter()
            .zip(row)
            .filter(|(column, _)| !["certificate", "holder"].contains(&column.key.as_str()))
            .collect();
        let lines = lines.iter().map(|(column, cell)| {
            let text = setter.shown(&words(&column.key, cell));
            let size = SIZE.min(ROOM * 1_000 / setter.milli_ems(&text).max(1));
            json!([column.heading, text, size])
        });
        let data = json!({ "title": sheet.title, "number": number.unwrap_or_default(), "lines": lines.collect::<Vec<_>>() });
        Leaf { template: "certificate", width_um, height_um, data }
    };
    sheet.rows.iter().map(leaf).collect()
}

fn place(sheet: &Sheet, row: &[Cell], key: &str) -> Option<String> {
    let at = sheet.columns.iter().position(|column| column.key == key)?;
    row.get(at).map(Cell::for_people)
}

fn words(key: &str, cell: &Cell) -> String {
    match (key, cell) {
        (_, Cell::Amount(amount)) => format!("¥{}", amount.grouped()),
        (_, Cell::Date(date)) => date.format("%Y年%m月%d日").to_string(),
        _ => cell.for_people(),
    }
}
