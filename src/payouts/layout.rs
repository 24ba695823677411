//! The bank's pay file: which column holds what, as each bank wants it.
//!
//! Pure: rows in, a sheet out; the exchange writers dress it.
//!
//! 1. Ids and cards are text columns, so no digit is lost.
//! 2. The file carries the rows handed in, all of them, in their order, with a total line.

use serde::{Deserialize, Serialize};

use super::list::{PayRow, milli};
use super::refusal::PayoutRefusal;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;

crate::words! {
    /// What a column of a pay file holds.
    pub enum Field {
        /// 序号
        Row = "row", "序号";
        /// 户编号
        Party = "party", "编号";
        /// 姓名
        Name = "name", "姓名";
        /// 身份证号
        IdNumber = "id_number", "身份证号";
        /// 户名
        AccountName = "account_name", "户名";
        /// 账号
        Account = "account", "账号";
        /// 开户行
        Bank = "bank", "开户行";
        /// 标准
        Standard = "standard", "补贴标准";
        /// 数量
        Quantity = "quantity", "数量";
        /// 金额
        Amount = "amount", "金额";
        /// 备注
        Remark = "remark", "备注";
    }
}

/// A layout: headings in the bank's words, left to right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// (heading, what it holds)
    pub columns: Vec<(String, Field)>,
}

impl Default for Layout {
    fn default() -> Layout {
        use Field::*;
        let fields = [Row, AccountName, Account, Bank, IdNumber, Amount, Remark];
        Layout { columns: fields.iter().map(|field| (field.label_zh().to_owned(), *field)).collect() }
    }
}

impl Layout {
    /// Reads `序号=row,户名=account_name,账号=account,金额=amount`. Refuses unknown words, and layouts without account and amount (Y-105).
    pub fn parse(text: &str) -> Result<Layout, PayoutRefusal> {
        let wrong = || PayoutRefusal::BadLayout { text: text.to_owned() };
        let column = |part: &str| {
            let (heading, field) = part.split_once('=').ok_or_else(wrong)?;
            Ok((heading.trim().to_owned(), Field::parse(field.trim()).ok_or_else(wrong)?))
        };
        let columns = text.split([',', '，']).map(column).collect::<Result<Vec<_>, _>>()?;
        let has = |wanted: Field| columns.iter().any(|(_, field)| *field == wanted);
        if has(Field::Account) && has(Field::Amount) { Ok(Layout { columns }) } else { Err(wrong()) }
    }

    /// As `parse` reads it.
    pub fn text(&self) -> String {
        let columns: Vec<String> = self.columns.iter().map(|(heading, field)| format!("{heading}={}", field.as_str())).collect();
        columns.join(",")
    }

    /// The pay file.
    pub fn sheet(&self, title: &str, rows: &[PayRow]) -> Sheet {
        let column = |(heading, field): &(String, Field)| match field {
            Field::Amount | Field::Standard => Column::amount(field.as_str(), heading),
            Field::Row => Column::count(field.as_str(), heading),
            Field::IdNumber | Field::Account | Field::Party => Column::id(field.as_str(), heading),
            _ => Column::text(field.as_str(), heading),
        };
        let mut sheet = Sheet::new(title, self.columns.iter().map(column).collect()).dressed(Dress::list());
        sheet.rows = self.cells(rows);
        sheet.foot.push(self.foot(rows.iter().map(|row| row.amount).sum()));
        sheet
    }

    /// Rows of the file, for one that is written as they come.
    pub fn cells(&self, rows: &[PayRow]) -> Vec<Vec<Cell>> {
        rows.iter().map(|row| self.columns.iter().map(|(_, field)| cell(row, *field)).collect()).collect()
    }

    /// Its total line.
    pub fn foot(&self, total: Amount) -> Vec<Cell> {
        let foot = |(at, (_, field)): (usize, &(String, Field))| match field {
            Field::Amount => total.into(),
            _ if at == 0 => "合计".into(),
            _ => Cell::Empty,
        };
        self.columns.iter().enumerate().map(foot).collect()
    }
}

fn cell(row: &PayRow, field: Field) -> Cell {
    match field {
        Field::Row => row.row.into(),
        Field::Party => row.party.as_str().into(),
        Field::Name => row.name.as_str().into(),
        Field::IdNumber => row.id_number.as_str().into(),
        Field::AccountName => row.account_name.as_str().into(),
        Field::Account => row.account.as_str().into(),
        Field::Bank => row.bank.as_str().into(),
        Field::Standard => row.standard.into(),
        Field::Quantity => row.quantity_milli.map(milli).into(),
        Field::Amount => row.amount.into(),
        Field::Remark => row.remark.as_str().into(),
    }
}
