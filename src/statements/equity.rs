//! 成员权益变动表: how each part of a cooperative's equity grew and shrank in the year.
//!
//! Pure.
//!
//! Movements alone do not tell every cause (a debit of 盈余公积 may turn into shares or be paid to a leaver; a credit of 专项基金 may be
//! a grant or a gift). The form says the usual reading; the accountant gives the others by line key, such as `311.inc.2`.
//!
//! 1. Opening plus increases less decreases is the closing, in every column.
//! 2. The closings are the balance sheet's lines; the last column is the surplus statement's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::balance_sheet::balance_sheet;
use super::evaluate::{Cell, Filling, FormStatement};
use super::figures::Figures;
use super::form::{Form, FormId};
use super::surplus::surplus;
use super::{Check, MovementRow, StatementRefusal};
use crate::calendar::AccountingPeriod;
use crate::ledger::{Chart, Regime};
use crate::money::Amount;

/// One part of an increase or decrease (其中).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EquityPart {
    /// Line key, as figures given by hand name it.
    pub key: String,
    /// 其中项目
    pub label_zh: String,
    /// The figure and where it comes from.
    pub cell: Option<Cell>,
}

/// One column of the statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EquityColumn {
    /// 股金, 专项基金, 资本公积, 盈余公积, 未分配盈余
    pub label_zh: String,
    /// 年初余额
    pub opening: Amount,
    /// 本年增加数
    pub increase: Amount,
    /// 其中
    pub increases: Vec<EquityPart>,
    /// 本年减少数
    pub decrease: Amount,
    /// 其中
    pub decreases: Vec<EquityPart>,
    /// 年末余额
    pub closing: Amount,
}

/// The filled statement; the column 合计 is the sum over the columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EquityStatement {
    /// Title and form number.
    pub title_zh: String,
    /// Through which period.
    pub at: AccountingPeriod,
    /// The five columns.
    pub columns: Vec<EquityColumn>,
    /// 合计: opening, increase, decrease, closing.
    pub totals: [Amount; 4],
    /// The equations.
    pub checks: Vec<Check>,
}

const COLUMNS: [(&str, &str); 5] =
    [("301", "股金"), ("311", "专项基金"), ("321", "资本公积"), ("322", "盈余公积"), ("332", "未分配盈余")];

/// The statement of the year through a period. Refuses a regime without it (S-101), and as [`balance_sheet`] does.
pub fn equity(
    regime: &Regime,
    chart: &Chart,
    rows: &[MovementRow],
    at: AccountingPeriod,
    given: &BTreeMap<String, Amount>,
) -> Result<EquityStatement, StatementRefusal> {
    let form = Form::of(&regime.id, FormId::Equity)?;
    let (balance, surplus) = (balance_sheet(regime, chart, rows, at)?, surplus(regime, chart, rows, at, None)?);
    let figures = Figures::at(chart, rows, at)?;
    let filled = Filling { figures: &figures, others: &[&balance, &surplus], given }.fill(&form)?;
    let columns: Vec<EquityColumn> = COLUMNS.iter().map(|(key, label)| column(&filled, key, label)).collect();
    let total = |of: fn(&EquityColumn) -> Amount| columns.iter().map(of).sum();
    let totals = [total(|c| c.opening), total(|c| c.increase), total(|c| c.decrease), total(|c| c.closing)];
    let mut checks = filled.checks;
    checks.push(Check::equal("合计:年末 = 资产负债表第41行", totals[3], balance.amount("41")));
    Ok(EquityStatement { title_zh: filled.title_zh, at, columns, totals, checks })
}

fn column(filled: &FormStatement, key: &str, label_zh: &str) -> EquityColumn {
    let amount = |row: &str| filled.amount(&format!("{key}.{row}"));
    EquityColumn {
        label_zh: label_zh.to_owned(),
        opening: amount("opening"),
        increase: amount("inc"),
        increases: parts(filled, &format!("{key}.inc.")),
        decrease: amount("dec"),
        decreases: parts(filled, &format!("{key}.dec.")),
        closing: amount("closing"),
    }
}

fn parts(filled: &FormStatement, prefix: &str) -> Vec<EquityPart> {
    let of = filled.lines.iter().filter(|line| line.key.starts_with(prefix));
    let mut parts: Vec<EquityPart> =
        of.map(|line| EquityPart { key: line.key.clone(), label_zh: line.label_zh.clone(), cell: line.cell.clone() }).collect();
    parts.sort_by(|a, b| a.key.cmp(&b.key));
    parts
}
