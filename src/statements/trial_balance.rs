//! 科目余额表: opening, period, year-to-date and closing of every account, and what must be equal in it.
//!
//! Pure.
//!
//! 1. Debits equal credits in opening, period, year-to-date and closing, over the first-level accounts.
//! 2. A two-sided account is added up per sub-account and party before anything is netted, so its row may show both sides.
//! 3. A parent's movements are its children's, closing is opening with the movements.

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Moves, Turn};
use super::{Check, MovementRow, StatementRefusal};
use crate::calendar::AccountingPeriod;
use crate::ledger::{AccountCode, Chart, ChartAccount, Dimension};

/// The four pairs of columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns {
    /// 期初余额
    pub opening: Turn,
    /// 本期发生额
    pub period: Turn,
    /// 本年累计发生额, without the opening
    pub year_to_date: Turn,
    /// 期末余额
    pub closing: Turn,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialRow {
    /// 科目编号
    pub account: AccountCode,
    /// 科目名称
    pub name_zh: String,
    /// 1 for first-level accounts
    pub level: usize,
    /// The member, in a table by member of a dimension; `None` there means lines without one.
    pub member: Option<String>,
    /// The figures.
    pub columns: Columns,
}

/// The table of a book at the end of a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialBalance {
    /// The period.
    pub at: AccountingPeriod,
    /// The rows in the order of the codes.
    pub rows: Vec<TrialRow>,
    /// 合计 over the first-level accounts.
    pub totals: Columns,
    /// The equations.
    pub checks: Vec<Check>,
}

/// Which rows to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Accounts down to this level (1 = 一级科目).
    pub levels: usize,
    /// Accounts without any figure too.
    pub empty_accounts: bool,
}

impl Default for Shown {
    /// Every level, without empty accounts.
    fn default() -> Shown {
        Shown { levels: usize::MAX, empty_accounts: false }
    }
}

/// The trial balance at the end of a period. Refuses rows of another year (S-105) and accounts outside the chart (S-104).
/// The rows must hold those of 往来, or two-sided accounts are netted per account only.
pub fn trial_balance(
    chart: &Chart,
    rows: &[MovementRow],
    at: AccountingPeriod,
    shown: Shown,
) -> Result<TrialBalance, StatementRefusal> {
    let figures = Figures::at(chart, rows, at)?;
    let all: Vec<TrialRow> = chart.accounts().map(|account| row(&figures, account)).collect();
    let totals = total(all.iter().filter(|row| row.level == 1).map(|row| row.columns));
    let checks = checks(&figures, &all, &totals);
    let wanted = |row: &TrialRow| row.level <= shown.levels && (shown.empty_accounts || !is_empty(&row.columns));
    Ok(TrialBalance { at, rows: all.into_iter().filter(wanted).collect(), totals, checks })
}

fn row(figures: &Figures, account: &ChartAccount) -> TrialRow {
    let moves = figures.moves(&account.code);
    let columns = Columns {
        opening: figures.standing(account, Moves::before),
        period: moves.period,
        year_to_date: moves.year_to_date(),
        closing: figures.standing(account, Moves::closing),
    };
    let level = figures.chart.level(&account.code);
    TrialRow { account: account.code.clone(), name_zh: account.name_zh.clone(), level, member: None, columns }
}

fn total(columns: impl Iterator<Item = Columns>) -> Columns {
    columns.fold(Columns::default(), |sum, one| Columns {
        opening: sum.opening + one.opening,
        period: sum.period + one.period,
        year_to_date: sum.year_to_date + one.year_to_date,
        closing: sum.closing + one.closing,
    })
}

fn is_empty(columns: &Columns) -> bool {
    [columns.opening, columns.period, columns.year_to_date, columns.closing].iter().all(|turn| turn.is_zero())
}

fn checks(figures: &Figures, rows: &[TrialRow], totals: &Columns) -> Vec<Check> {
    let sides = |name: &str, turn: Turn| Check::equal(format!("{name}借方合计 = 贷方合计"), turn.debit, turn.credit);
    let mut checks = vec![
        sides("期初余额", totals.opening),
        sides("本期发生额", totals.period),
        sides("本年累计发生额", totals.year_to_date),
        sides("期末余额", totals.closing),
    ];
    checks.extend(rows.iter().filter_map(continuity));
    checks.extend(rows.iter().filter_map(|row| parent_is_its_children(figures, rows, row)));
    checks
}

/// Closing = opening with the period's movements; named only where it fails.
fn continuity(row: &TrialRow) -> Option<Check> {
    let moved = row.columns.opening.net() + row.columns.period.net();
    let check = Check::equal(format!("{} 期末 = 期初 ± 本期发生额", row.account), row.columns.closing.net(), moved);
    (!check.holds).then_some(check)
}

/// A parent's balance is its children's; named only where it fails (a line stands on a parent).
fn parent_is_its_children(figures: &Figures, rows: &[TrialRow], parent: &TrialRow) -> Option<Check> {
    if figures.chart.is_leaf(&parent.account) {
        return None;
    }
    let is_child = |row: &&TrialRow| figures.chart.parent_of(&row.account).is_some_and(|above| above.code == parent.account);
    let children: Turn = rows.iter().filter(is_child).map(|row| row.columns.year_to_date).sum();
    let own = parent.columns.year_to_date;
    let name = format!("{} = 所属明细科目合计", parent.account);
    if own.debit != children.debit {
        return Some(Check::equal(name, own.debit, children.debit));
    }
    (own.credit != children.credit).then(|| Check::equal(name, own.credit, children.credit))
}

/// The trial balance by member of a dimension: for each account with members, a row per member and one for what carries none.
/// Its check: the members of an account that requires the dimension add up to the account (invariant I7). Refuses as [`trial_balance`] does.
pub fn by_member(
    chart: &Chart,
    rows: &[MovementRow],
    at: AccountingPeriod,
    dimension: Dimension,
) -> Result<TrialBalance, StatementRefusal> {
    let figures = Figures::by(chart, rows, at, dimension)?;
    let mut table = TrialBalance { at, rows: Vec::new(), totals: Columns::default(), checks: Vec::new() };
    for (account, whole) in figures.accounts() {
        let members: Vec<TrialRow> = figures
            .members_on(account)
            .filter_map(|(name, moves)| member_row(chart, account, Some(name), columns_of(moves)))
            .collect();
        let required = chart.get(account).is_some_and(|found| found.requires.contains(&dimension));
        if required || !members.is_empty() {
            let sum = total(members.iter().map(|row| row.columns));
            table.rows.extend(members);
            table.rows.extend(member_row(chart, account, None, rest(columns_of(whole), sum)));
        }
        if required {
            let sum = figures.members_on(account).map(|(_, moves)| moves.closing()).sum();
            let name = format!("{account} 各{}合计 = 科目余额", dimension.label_zh());
            table.checks.push(Check::equal(name, sum, whole.closing()));
        }
    }
    table.totals = total(table.rows.iter().map(|row| row.columns));
    Ok(table)
}

fn columns_of(moves: &Moves) -> Columns {
    Columns {
        opening: Turn::standing(moves.before()),
        period: moves.period,
        year_to_date: moves.year_to_date(),
        closing: Turn::standing(moves.closing()),
    }
}

/// What of an account carries no member.
fn rest(whole: Columns, members: Columns) -> Columns {
    let less = |a: Turn, b: Turn| Turn { debit: a.debit - b.debit, credit: a.credit - b.credit };
    Columns {
        opening: Turn::standing(whole.opening.net() - members.opening.net()),
        period: less(whole.period, members.period),
        year_to_date: less(whole.year_to_date, members.year_to_date),
        closing: Turn::standing(whole.closing.net() - members.closing.net()),
    }
}

fn member_row(chart: &Chart, account: &AccountCode, member: Option<&String>, columns: Columns) -> Option<TrialRow> {
    let name_zh = chart.full_name_zh(account);
    let row = TrialRow { account: account.clone(), name_zh, level: chart.level(account), member: member.cloned(), columns };
    (!is_empty(&row.columns)).then_some(row)
}
