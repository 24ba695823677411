//! The files of the demo, each laid out as some office exports it.
//!
//! Four layouts of voucher files: GBK csv with title lines above the head, xlsx, csv with other headings,
//! xlsx with one amount and a direction.

use encoding_rs::GBK;

use super::entries::Entry;
use crate::db::Failure;
use crate::exchange::{Cell, Column, Sheet, write_csv, write_xlsx};
use crate::money::Amount;

/// A row of an opening file.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Account code.
    pub account: &'static str,
    /// Account name.
    pub name: &'static str,
    /// Side.
    pub is_debit: bool,
    /// Amount.
    pub amount: Amount,
    /// Household or member.
    pub party: Option<String>,
}

impl Opening {
    /// A balance in whole yuan.
    pub fn new(account: &'static str, name: &'static str, is_debit: bool, yuan: i64) -> Opening {
        Opening { account, name, is_debit, amount: Amount::from_yuan(yuan), party: None }
    }

    /// Of a household or member.
    pub fn with(self, party: &str) -> Opening {
        Opening { party: Some(party.to_owned()), ..self }
    }

    /// Debit less credit.
    pub fn net(&self) -> Amount {
        if self.is_debit { self.amount } else { -self.amount }
    }
}

/// Which office's layout a voucher file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// GBK csv, four title lines, a total line.
    CountyOffice,
    /// xlsx with titles.
    Spreadsheet,
    /// UTF-8 csv with other headings.
    OldProgram,
    /// xlsx with one amount and 借/贷.
    Direction,
}

impl Layout {
    /// The layouts in turn.
    pub fn of(index: usize) -> Layout {
        [Layout::CountyOffice, Layout::Spreadsheet, Layout::OldProgram, Layout::Direction][index % 4]
    }

    /// The file's ending.
    pub const fn ending(self) -> &'static str {
        match self {
            Layout::CountyOffice | Layout::OldProgram => "csv",
            Layout::Spreadsheet | Layout::Direction => "xlsx",
        }
    }
}

/// A month of vouchers as a file.
pub fn vouchers(layout: Layout, title: &str, period: &str, entries: &[Entry]) -> Result<Vec<u8>, Failure> {
    let titles = vec![format!("账套:{title}"), format!("期间:{period}"), "金额单位:元".to_owned()];
    match layout {
        Layout::CountyOffice => {
            let sheet = two_columns(
                entries,
                [
                    "日期",
                    "凭证字号",
                    "摘要",
                    "科目编码",
                    "科目名称",
                    "借方金额",
                    "贷方金额",
                    "往来",
                    "项目",
                    "资金类别",
                    "附单据数",
                ],
            );
            let text = format!("凭证清单\n{}\n{}", titles.join("\n"), csv_text(&sheet)?);
            let total: Amount = entries.iter().flat_map(|e| &e.sides).filter(|s| s.is_debit).map(|s| s.amount).sum();
            Ok(GBK.encode(&format!("{text},,合计,,,{total},{total},,,,\n")).0.into_owned())
        }
        Layout::OldProgram => {
            let heads =
                ["凭证日期", "凭证号", "摘要", "科目代码", "会计科目", "借方", "贷方", "户", "工程项目", "资金性质", "附件张数"];
            Ok(format!("\u{feff}{}", csv_text(&two_columns(entries, heads))?).into_bytes())
        }
        Layout::Spreadsheet => {
            let heads = [
                "日期",
                "凭证字号",
                "摘要",
                "科目编码",
                "科目名称",
                "借方金额",
                "贷方金额",
                "往来",
                "项目",
                "资金类别",
                "附单据张数",
            ];
            xlsx(two_columns(entries, heads), "记账凭证", titles)
        }
        Layout::Direction => xlsx(one_amount(entries), "记账凭证明细", titles),
    }
}

fn two_columns(entries: &[Entry], heads: [&str; 11]) -> Sheet {
    let kinds = ["date", "number", "summary", "account", "name", "debit", "credit", "party", "project", "class", "papers"];
    let column = |(key, head): (&'static str, &str)| match key {
        "date" => Column::date(key, head),
        "account" => Column::id(key, head),
        "debit" | "credit" => Column::amount(key, head),
        "papers" => Column::count(key, head),
        _ => Column::text(key, head),
    };
    let mut sheet = Sheet::new("凭证", kinds.into_iter().zip(heads).map(column).collect());
    for (index, entry) in entries.iter().enumerate() {
        for side in &entry.sides {
            let amount = |wanted: bool| if side.is_debit == wanted { Cell::Amount(side.amount) } else { Cell::Empty };
            sheet.push(vec![
                entry.on.into(),
                format!("记-{}", index + 1).into(),
                entry.summary.as_str().into(),
                side.account.into(),
                side.name.into(),
                amount(true),
                amount(false),
                side.party.clone().into(),
                side.project.map(str::to_owned).into(),
                side.fund_class.map(str::to_owned).into(),
                entry.papers.into(),
            ]);
        }
    }
    sheet
}

fn one_amount(entries: &[Entry]) -> Sheet {
    let columns = vec![
        Column::date("date", "日期"),
        Column::text("number", "凭证号"),
        Column::text("summary", "摘要"),
        Column::id("account", "科目编号"),
        Column::text("name", "科目名称"),
        Column::text("side", "方向"),
        Column::amount("amount", "金额"),
        Column::text("party", "往来"),
        Column::text("project", "项目"),
        Column::text("class", "资金类别"),
        Column::count("papers", "附单据张数"),
    ];
    let mut sheet = Sheet::new("凭证", columns);
    for (index, entry) in entries.iter().enumerate() {
        for side in &entry.sides {
            sheet.push(vec![
                entry.on.into(),
                format!("记-{}", index + 1).into(),
                entry.summary.as_str().into(),
                side.account.into(),
                side.name.into(),
                if side.is_debit { "借" } else { "贷" }.into(),
                side.amount.into(),
                side.party.clone().into(),
                side.project.map(str::to_owned).into(),
                side.fund_class.map(str::to_owned).into(),
                entry.papers.into(),
            ]);
        }
    }
    sheet
}

/// Opening balances as an xlsx with 借方余额 and 贷方余额.
pub fn openings(title: &str, rows: &[Opening]) -> Result<Vec<u8>, Failure> {
    let columns = vec![
        Column::id("account", "科目编码"),
        Column::text("name", "科目名称"),
        Column::amount("debit", "借方余额"),
        Column::amount("credit", "贷方余额"),
        Column::text("party", "往来"),
    ];
    let mut sheet = Sheet::new("期初余额表", columns);
    for row in rows {
        let amount = |wanted: bool| if row.is_debit == wanted { Cell::Amount(row.amount) } else { Cell::Empty };
        sheet.push(vec![row.account.into(), row.name.into(), amount(true), amount(false), row.party.clone().into()]);
    }
    xlsx(sheet, "期初余额表", vec![format!("账套:{title}"), "金额单位:元".to_owned()])
}

/// Cards of a dimension, or places, as an xlsx.
pub fn table(title: &str, heads: &[(&'static str, &str)], rows: Vec<Vec<String>>) -> Result<Vec<u8>, Failure> {
    let columns = heads.iter().map(|(key, head)| Column::id(*key, *head)).collect();
    let mut sheet = Sheet::new(title, columns);
    rows.into_iter().for_each(|row| sheet.push(row.into_iter().map(Cell::from).collect()));
    xlsx(sheet, title, Vec::new())
}

fn xlsx(mut sheet: Sheet, title: &str, titles: Vec<String>) -> Result<Vec<u8>, Failure> {
    sheet.title = title.to_owned();
    sheet.subtitle = titles;
    let mut bytes = Vec::new();
    write_xlsx(&[sheet], &mut bytes).map_err(Failure::file(title.as_ref()))?;
    Ok(bytes)
}

fn csv_text(sheet: &Sheet) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    write_csv(sheet, &mut bytes).map_err(Failure::file(sheet.title.as_ref()))?;
    Ok(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned())
}
