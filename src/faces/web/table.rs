//! A sheet as a table of a page: headings with scope, figures on the right, red ones with their minus, links to drill.
//!
//! Pure.
//!
//! 1. What a link leads to is the page's to say; the table only sets it.
//! 2. Texts are escaped by the template; nothing here builds markup.

use serde::{Deserialize, Serialize};

use crate::exchange::{Cell, Sheet};

/// A heading.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Head {
    /// Its text.
    pub text: String,
    /// Stands on the right.
    pub figure: bool,
}

/// A cell.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Td {
    /// Its text.
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Stands on the right.
    pub figure: bool,
    /// Below zero.
    pub red: bool,
    /// Its text in pieces of which some lead somewhere; empty where all of it leads to one page or nowhere.
    #[serde(default)]
    pub pieces: Vec<(String, Option<String>)>,
}

impl Td {
    /// True for what a reader takes in at a glance and would not want broken: dates, codes, states, names.
    pub fn is_short(&self) -> bool {
        let length = self.text.chars().count();
        length <= 9 || self.text.is_ascii() && length <= 19
    }
}

/// A table.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Table {
    /// Its title.
    pub title: String,
    /// Lines below it.
    pub subtitle: Vec<String>,
    /// Headings.
    pub heads: Vec<Head>,
    /// Rows.
    pub rows: Vec<Vec<Td>>,
    /// Rows of totals.
    pub foot: Vec<Vec<Td>>,
    /// Remarks.
    pub notes: Vec<String>,
}

impl Table {
    /// A sheet's table; `link` says where a cell leads: (row's cells, column's key, the cell's text).
    pub fn of(sheet: &Sheet, link: impl Fn(&[Cell], &str, &str) -> Option<String>) -> Table {
        let heads = sheet.columns.iter().map(|column| Head { text: column.heading.clone(), figure: column.kind.is_figure() });
        let row = |cells: &Vec<Cell>, linked: bool| {
            let td = |(at, column): (usize, &crate::exchange::Column)| {
                let cell = cells.get(at).unwrap_or(&Cell::Empty);
                let text = cell.for_people();
                let href = if linked && !text.is_empty() { link(cells, &column.key, &text) } else { None };
                let red = matches!(cell, Cell::Amount(amount) if amount.is_negative());
                Td { text, href, figure: column.kind.is_figure(), red, pieces: Vec::new() }
            };
            sheet.columns.iter().enumerate().map(td).collect()
        };
        Table {
            title: sheet.title.clone(),
            subtitle: sheet.subtitle.clone(),
            heads: heads.collect(),
            rows: sheet.rows.iter().map(|cells| row(cells, true)).collect(),
            foot: sheet.foot.iter().map(|cells| row(cells, false)).collect(),
            notes: sheet.notes.clone(),
        }
    }

    /// With links in the middle of texts, in the columns of a heading: `pieces` cuts a text.
    pub fn linked_within(mut self, heading: &str, pieces: impl Fn(&str) -> Vec<(String, Option<String>)>) -> Table {
        let Some(at) = self.heads.iter().position(|head| head.text == heading) else { return self };
        for td in self.rows.iter_mut().filter_map(|row| row.get_mut(at)) {
            td.pieces = pieces(&td.text);
        }
        self
    }

    /// A sheet's table without links.
    pub fn plain(sheet: &Sheet) -> Table {
        Table::of(sheet, |_, _, _| None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Column;
    use crate::money::Amount;

    #[test]
    fn a_sheet_becomes_a_table() {
        let mut sheet = Sheet::new("试算", vec![Column::id("account", "科目"), Column::amount("debit", "借方")]);
        sheet.push(vec!["102".into(), Amount::from_fen(-123_450).into()]);
        sheet.foot.push(vec!["合计".into()]);
        let table = Table::of(&sheet, |_, key, text| (key == "account").then(|| format!("/{text}")));
        assert_eq!(table.rows[0][0].href.as_deref(), Some("/102"));
        assert_eq!((table.rows[0][1].text.as_str(), table.rows[0][1].red, table.rows[0][1].figure), ("-1,234.50", true, true));
        assert_eq!((table.foot[0].len(), table.foot[0][0].href.is_none()), (2, true));
    }
}
