//! 收支明细表: income and expense by sub-account, of the month, the year to date and the same months of last year.
//!
//! Pure.
//!
//! 1. Only ordinary movements count; a monthly transfer of the result never hides them.
//! 2. 收支差额 = what was transferred to the year's result and beyond, plus what still waits.

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Moves, Turn, on_side};
use super::{Check, MovementRow, StatementRefusal};
use crate::calendar::AccountingPeriod;
use crate::ledger::{AccountClass, AccountCode, Chart, ChartAccount, Regime};
use crate::money::Amount;

/// The figures of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// 本月数
    pub month: Amount,
    /// 本年累计
    pub year_to_date: Amount,
    /// 上年同期; `None` where last year is not at hand or was kept by another regime.
    pub last_year: Option<Amount>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowRow {
    /// 科目编号
    pub account: AccountCode,
    /// 科目名称
    pub name_zh: String,
    /// 1 for first-level accounts, 2 for their sub-accounts.
    pub level: usize,
    /// Income or expense.
    pub class: AccountClass,
    /// The figures.
    pub flow: Flow,
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptsPayments {
    /// Regime id; last year's column is taken only from the same one.
    pub regime: String,
    /// The month.
    pub at: AccountingPeriod,
    /// Income accounts, then expense accounts, in the order of their codes; accounts without figures are left out.
    pub rows: Vec<FlowRow>,
    /// 收入合计
    pub income: Flow,
    /// 支出合计
    pub expense: Flow,
    /// 收支差额
    pub difference: Flow,
    /// The equations.
    pub checks: Vec<Check>,
}

/// The table of a month. `last_year` is the same month's table of the year before.
/// Refuses rows of another year (S-105) and accounts outside the chart (S-104).
pub fn receipts_payments(
    regime: &Regime,
    chart: &Chart,
    rows: &[MovementRow],
    at: AccountingPeriod,
    last_year: Option<&ReceiptsPayments>,
) -> Result<ReceiptsPayments, StatementRefusal> {
    let figures = Figures::at(chart, rows, at)?;
    let last_year = last_year.filter(|table| table.regime == regime.id);
    let of_class = |class| chart.accounts().filter(move |account| account.class == class);
    let accounts = of_class(AccountClass::Income).chain(of_class(AccountClass::Expense));
    let mut table: Vec<FlowRow> = accounts.map(|account| row(&figures, account, last_year)).collect();
    let income = total(&table, AccountClass::Income, last_year.map(|table| table.income.year_to_date));
    let expense = total(&table, AccountClass::Expense, last_year.map(|table| table.expense.year_to_date));
    table.retain(|row| {
        !(row.flow.month.is_zero() && row.flow.year_to_date.is_zero() && row.flow.last_year.is_none_or(Amount::is_zero))
    });
    let difference = less(income, expense);
    let checks = checks(regime, &figures, &difference);
    Ok(ReceiptsPayments { regime: regime.id.clone(), at, rows: table, income, expense, difference, checks })
}

fn row(figures: &Figures, account: &ChartAccount, last_year: Option<&ReceiptsPayments>) -> FlowRow {
    let side = figures.chart.first_level_of(&account.code).map_or(account.normal_side, |first| first.normal_side);
    let Moves { ordinary, ordinary_period, .. } = figures.moves(&account.code);
    let of = |turn: Turn| on_side(side, turn);
    let before = last_year.map(|table| {
        let found = table.rows.iter().find(|row| row.account == account.code);
        found.map_or(Amount::ZERO, |row| row.flow.year_to_date)
    });
    FlowRow {
        account: account.code.clone(),
        name_zh: account.name_zh.clone(),
        level: figures.chart.level(&account.code),
        class: account.class,
        flow: Flow { month: of(ordinary_period), year_to_date: of(ordinary), last_year: before },
    }
}

fn total(rows: &[FlowRow], class: AccountClass, last_year: Option<Amount>) -> Flow {
    let first_level = || rows.iter().filter(|row| row.level == 1 && row.class == class);
    Flow {
        month: first_level().map(|row| row.flow.month).sum(),
        year_to_date: first_level().map(|row| row.flow.year_to_date).sum(),
        last_year,
    }
}

fn less(income: Flow, expense: Flow) -> Flow {
    Flow {
        month: income.month - expense.month,
        year_to_date: income.year_to_date - expense.year_to_date,
        last_year: income.last_year.zip(expense.last_year).map(|(income, expense)| income - expense),
    }
}

/// The difference of the year is what was transferred out of income and expense, plus what still stands there.
fn checks(regime: &Regime, figures: &Figures, difference: &Flow) -> Vec<Check> {
    let first = |code: &AccountCode| figures.chart.first_level_of(code).map_or(code.clone(), |account| account.code.clone());
    let mut equity = vec![regime.result.clone()];
    equity.extend(regime.undistributed.iter().map(first));
    let transferred: Amount = equity.iter().map(|code| -figures.moves(code).transfer.net()).sum();
    let right = transferred + figures.untransferred_result();
    vec![Check::equal("本年累计收支差额 = 已结转收益 + 尚未结转", difference.year_to_date, right)]
}
