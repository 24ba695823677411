//! `Sheet`: one table of figures with its title lines, as every face prints it.
//!
//! Pure. What a report computes is a `Sheet`; the writers beside this file only dress it.
//!
//! 1. Amounts stay `Amount` until the last byte: no writer receives them as loose text.
//! 2. A row has at most as many cells as there are columns; a short row is blank to its right.
//! 3. The same sheet gives the same bytes in every format.

use super::dress::Dress;
use crate::calendar::BusinessDate;
use crate::money::Amount;

/// What a column holds; decides its side, its format and whether it is a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words.
    Text,
    /// Codes and numbers that are not quantities: accounts, ids, voucher numbers. Always text.
    Id,
    /// Money in yuan.
    Amount,
    /// A count of things.
    Count,
    /// A calendar date.
    Date,
}

impl ColumnKind {
    /// True for columns that stand on the right: amounts and counts.
    pub const fn is_figure(self) -> bool {
        matches!(self, ColumnKind::Amount | ColumnKind::Count)
    }

    /// As JSON names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            ColumnKind::Text => "text",
            ColumnKind::Id => "id",
            ColumnKind::Amount => "amount",
            ColumnKind::Count => "count",
            ColumnKind::Date => "date",
        }
    }
}

/// A column: its key for scripts, its heading for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name of the value in JSON, such as `debit`.
    pub key: String,
    /// What stands above the column, in Chinese.
    pub heading: String,
    /// What it holds.
    pub kind: ColumnKind,
}

impl Column {
    /// A column of any kind.
    pub fn new(key: impl Into<String>, heading: impl Into<String>, kind: ColumnKind) -> Column {
        Column { key: key.into(), heading: heading.into(), kind }
    }

    /// A column of words.
    pub fn text(key: impl Into<String>, heading: impl Into<String>) -> Column {
        Column::new(key, heading, ColumnKind::Text)
    }

    /// A column of codes.
    pub fn id(key: impl Into<String>, heading: impl Into<String>) -> Column {
        Column::new(key, heading, ColumnKind::Id)
    }

    /// A column of money.
    pub fn amount(key: impl Into<String>, heading: impl Into<String>) -> Column {
        Column::new(key, heading, ColumnKind::Amount)
    }

    /// A column of counts.
    pub fn count(key: impl Into<String>, heading: impl Into<String>) -> Column {
        Column::new(key, heading, ColumnKind::Count)
    }

    /// A column of dates.
    pub fn date(key: impl Into<String>, heading: impl Into<String>) -> Column {
        Column::new(key, heading, ColumnKind::Date)
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Words or an id.
    Text(String),
    /// Money.
    Amount(Amount),
    /// A count.
    Count(i64),
    /// A date.
    Date(BusinessDate),
}

impl Cell {
    /// The amount, or nothing for zero, as ledgers leave a side blank.
    pub fn amount_or_blank(amount: Amount) -> Cell {
        if amount.is_zero() { Cell::Empty } else { Cell::Amount(amount) }
    }

    /// As people read it: amounts grouped by three.
    pub fn for_people(&self) -> String {
        match self {
            Cell::Amount(amount) => amount.grouped(),
            other => other.for_scripts(),
        }
    }

    /// As scripts read it: amounts plain with two decimals, dates ISO.
    pub fn for_scripts(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Amount(amount) => amount.to_string(),
            Cell::Count(count) => count.to_string(),
            Cell::Date(date) => date.to_string(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<Amount> for Cell {
    fn from(amount: Amount) -> Cell {
        Cell::Amount(amount)
    }
}

impl From<i64> for Cell {
    fn from(count: i64) -> Cell {
        Cell::Count(count)
    }
}

impl From<BusinessDate> for Cell {
    fn from(date: BusinessDate) -> Cell {
        Cell::Date(date)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Empty, Into::into)
    }
}

/// A titled table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// 报表名称
    pub title: String,
    /// Lines below the title: 单位, 期间, 金额单位:元.
    pub subtitle: Vec<String>,
    /// The columns, left to right.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// Rows of totals, set apart.
    pub foot: Vec<Vec<Cell>>,
    /// Remarks below the table.
    pub notes: Vec<String>,
    /// How it stands on paper.
    pub dress: Dress,
}

impl Sheet {
    /// An empty sheet with a title and columns.
    pub fn new(title: impl Into<String>, columns: Vec<Column>) -> Sheet {
        Sheet { title: title.into(), columns, ..Sheet::default() }
    }

    /// Adds a line below the title.
    pub fn subtitle(mut self, line: impl Into<String>) -> Sheet {
        self.subtitle.push(line.into());
        self
    }

    /// Tells how it stands on paper.
    pub fn dressed(mut self, dress: Dress) -> Sheet {
        self.dress = dress;
        self
    }

    /// Adds a row.
    pub fn push(&mut self, row: Vec<Cell>) {
        debug_assert!(row.len() <= self.columns.len(), "a row has no more cells than the sheet has columns");
        self.rows.push(row);
    }

    /// The rows and then the foot.
    pub fn all_rows(&self) -> impl Iterator<Item = &Vec<Cell>> {
        self.rows.iter().chain(&self.foot)
    }
}

/// Two small sheets the writers' tests share.
#[cfg(test)]
pub(crate) fn sample() -> Sheet {
    let columns = vec![Column::id("account", "科目编码"), Column::text("name", "科目名称"), Column::amount("debit", "借方")];
    let mut sheet = Sheet::new("试算平衡表", columns).subtitle("单位:示例村股份经济合作社").subtitle("金额单位:元");
    sheet.push(vec!["102".into(), "银行存款".into(), Amount::from_fen(12_345_678).into()]);
    sheet.push(vec!["10201".into(), "=1+1".into(), Amount::from_fen(-500).into()]);
    sheet.push(vec!["10202".into(), Cell::Empty]);
    sheet.foot.push(vec!["合计".into(), Cell::Empty, Amount::from_fen(12_345_178).into()]);
    sheet.notes.push("说明:未经审核".to_owned());
    sheet
}
