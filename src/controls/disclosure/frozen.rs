//! The frozen copy: sheets as they were made, with what was left out and what they were made from.
//!
//! Pure.
//!
//! 1. Freezing masks and then scans: a copy in which the scan finds a number is not made.
//! 2. Thawed, the figures are the same to the fen.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::masking::{masked_sheet, numbers_in};
use super::refusal::DisclosureRefusal;
use crate::exchange::{Cell, Column, ColumnKind, Sheet};
use crate::money::Amount;

const KINDS: [ColumnKind; 5] = [ColumnKind::Text, ColumnKind::Id, ColumnKind::Amount, ColumnKind::Count, ColumnKind::Date];

/// A table of the copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenTable {
    /// Title.
    pub title: String,
    /// Lines below it.
    pub subtitle: Vec<String>,
    /// Key, heading, kind.
    pub columns: Vec<(String, String, String)>,
    /// Rows, as scripts read them.
    pub rows: Vec<Vec<String>>,
    /// Rows of totals.
    pub foot: Vec<Vec<String>>,
    /// Remarks.
    pub notes: Vec<String>,
}

/// The copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// The tables.
    pub tables: Vec<FrozenTable>,
    /// Columns that stay in the office.
    pub left_out: Vec<String>,
    /// Some of the months were not closed.
    pub provisional: bool,
    /// Digest of the last month's closing trial balance.
    pub closing_digest: Option<String>,
}

fn texts(rows: &[Vec<Cell>]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.iter().map(Cell::for_scripts).collect()).collect()
}

impl FrozenTable {
    fn of(sheet: &Sheet) -> FrozenTable {
        let column = |column: &Column| (column.key.clone(), column.heading.clone(), column.kind.as_str().to_owned());
        FrozenTable {
            title: sheet.title.clone(),
            subtitle: sheet.subtitle.clone(),
            columns: sheet.columns.iter().map(column).collect(),
            rows: texts(&sheet.rows),
            foot: texts(&sheet.foot),
            notes: sheet.notes.clone(),
        }
    }

    /// The sheet again.
    pub fn thawed(&self) -> Sheet {
        let kind = |word: &str| KINDS.into_iter().find(|kind| kind.as_str() == word).unwrap_or(ColumnKind::Text);
        let columns: Vec<Column> =
            self.columns.iter().map(|(key, heading, word)| Column::new(key, heading, kind(word))).collect();
        let rows = |rows: &[Vec<String>]| rows.iter().map(|row| thawed_row(&columns, row)).collect();
        let (body, foot) = (rows(&self.rows), rows(&self.foot));
        Sheet {
            title: self.title.clone(),
            subtitle: self.subtitle.clone(),
            columns,
            rows: body,
            foot,
            notes: self.notes.clone(),
            ..Sheet::default()
        }
    }
}

fn thawed_row(columns: &[Column], row: &[String]) -> Vec<Cell> {
    let cell = |(at, text): (usize, &String)| {
        let plain = || Cell::Text(text.clone());
        match columns.get(at).map(|column| column.kind) {
            _ if text.is_empty() => Cell::Empty,
            Some(ColumnKind::Amount) => text.parse::<Amount>().map_or_else(|_| plain(), Cell::Amount),
            Some(ColumnKind::Count) => text.parse().map_or_else(|_| plain(), Cell::Count),
            Some(ColumnKind::Date) => text.parse().map_or_else(|_| plain(), Cell::Date),
            _ => plain(),
        }
    };
    row.iter().enumerate().map(cell).collect()
}

impl Frozen {
    /// Freezes sheets. Refuses when the scan still finds a number that may not be published.
    pub fn of(
        sheets: Vec<Sheet>,
        left_out: &[&str],
        provisional: bool,
        closing_digest: Option<String>,
    ) -> Result<Frozen, DisclosureRefusal> {
        let tables = sheets.into_iter().map(|sheet| FrozenTable::of(&masked_sheet(sheet))).collect();
        let left_out = left_out.iter().map(|column| (*column).to_owned()).collect();
        let frozen = Frozen { tables, left_out, provisional, closing_digest };
        match frozen.numbers().first() {
            Some(number) => Err(DisclosureRefusal::HoldsNumber { number: number.chars().take(4).collect() }),
            None => Ok(frozen),
        }
    }

    /// Every long number in its texts.
    pub fn numbers(&self) -> Vec<String> {
        let words = |table: &FrozenTable| {
            let cells = table.rows.iter().chain(&table.foot).flatten();
            let heads = table.subtitle.iter().chain(&table.notes).chain(std::iter::once(&table.title));
            cells.chain(heads).flat_map(|text| numbers_in(text)).collect::<Vec<_>>()
        };
        self.tables.iter().flat_map(words).collect()
    }

    /// Its bytes and their digest.
    pub fn sealed(&self) -> (String, String) {
        let text = serde_json::to_string(self).expect("plain data always serialises");
        let digest = hex::encode(Sha256::digest(text.as_bytes()));
        (text, digest)
    }

    /// The sheets again.
    pub fn thawed(&self) -> Vec<Sheet> {
        self.tables.iter().map(FrozenTable::thawed).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frozen_and_thawed_is_the_same() {
        let mut sheet = crate::exchange::sheet::sample();
        sheet.push(vec!["2".into(), "付 459900199003070189 劳务".into(), Amount::from_fen(7).into()]);
        let frozen = Frozen::of(vec![sheet.clone()], &["账号"], true, None).unwrap();
        let thawed = &frozen.thawed()[0];
        assert_eq!((&thawed.columns, &thawed.foot, thawed.rows.len()), (&sheet.columns, &sheet.foot, 4));
        assert_eq!(thawed.rows[3][1], Cell::Text("付 **************0189 劳务".into()));
        let (text, digest) = frozen.sealed();
        let read: Frozen = serde_json::from_str(&text).unwrap();
        assert_eq!((read.sealed().1, read), (digest, frozen));
    }

    #[test]
    fn a_number_in_pieces_is_not_frozen() {
        let mut sheet = Sheet::new("名单", vec![Column::text("name", "姓名")]);
        sheet.push(vec!["6217-0000-0000-0000-004".into()]);
        assert_eq!(Frozen::of(vec![sheet], &[], false, None).unwrap_err().refusal().code, "Q-103");
    }
}
