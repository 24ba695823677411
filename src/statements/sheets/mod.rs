//! Statements as sheets: Chinese headings, the title lines of the paper, checks below, and the formula of every cell on request.
//!
//! Pure: typed statements in, `exchange::Sheet` out; the writers of `exchange` print it.
//!
//! 1. Every figure is the typed statement's; nothing is added up here but totals over shown columns.
//! 2. Totals and balances print `0.00`; other cells of zero are blank (screens.md R5).
//! 3. Every check stands below its table with both figures, ✓ or ✕; accounts in no line are named.

pub mod equity;
pub mod form_statement;
pub mod ledgers;
pub mod member_account;
pub mod receipts_payments;
pub mod trial_balance;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::Check;
use super::evaluate::Cell as Traced;
use crate::calendar::AccountingPeriod;
use crate::exchange::sheet::{Cell, Sheet};
use crate::ledger::Dimension;
use crate::money::Amount;

/// What stands above every table of one book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 编制单位
    pub unit: String,
    /// The period reported on.
    pub at: AccountingPeriod,
    /// Remarks on the whole, such as 「上年未年结,期初为暂计」.
    pub remarks: Vec<String>,
}

/// Names of cards, by dimension and member.
pub type MemberNames = BTreeMap<(Dimension, String), String>;

impl Heading {
    /// Title lines of a table over a span of time.
    fn over(&self, sheet: Sheet, span: String) -> Sheet {
        let sheet = sheet.subtitle(format!("编制单位:{}", self.unit)).subtitle(format!("期间:{span}")).subtitle("金额单位:元");
        Sheet { notes: self.remarks.clone(), ..sheet }
    }

    /// Title lines of a table about the period.
    fn of_period(&self, sheet: Sheet) -> Sheet {
        self.over(sheet, self.at.label_zh())
    }

    /// Title lines of a table about the year through the period.
    fn of_year(&self, sheet: Sheet) -> Sheet {
        self.over(sheet, year_span(self.at))
    }

    /// Title lines of a table about the last day of the period.
    fn of_day(&self, sheet: Sheet) -> Sheet {
        use chrono::Datelike;
        let day = self.at.last_day();
        let words = if self.at.is_opening() {
            self.at.label_zh()
        } else {
            format!("{}年{}月{}日", day.year(), day.month(), day.day())
        };
        let sheet = sheet.subtitle(format!("编制单位:{}", self.unit)).subtitle(format!("日期:{words}")).subtitle("金额单位:元");
        Sheet { notes: self.remarks.clone(), ..sheet }
    }
}

/// `2026年度`, or `2026年1月至10月` before the year's end.
fn year_span(at: AccountingPeriod) -> String {
    match at.month() {
        0 => at.label_zh(),
        1 => format!("{}年1月", at.year()),
        12 => format!("{}年度", at.year()),
        month => format!("{}年1月至{month}月", at.year()),
    }
}

/// A check in one line: `✓ 资产总计 = 负债和所有者权益总计:1,000.00 = 1,000.00`.
pub fn check_note(check: &Check) -> String {
    let Check { name_zh, left, right, holds } = check;
    let (sign, relation) = match (holds, left == right) {
        (true, true) => ("✓", "="),
        (true, false) => ("✓", "≤"),
        (false, _) if name_zh.contains('≤') => ("✕", ">"),
        (false, _) => ("✕", "≠"),
    };
    let said = format!("{sign} {name_zh}:{} {relation} {}", left.grouped(), right.grouped());
    match (holds, left.checked_sub(*right)) {
        (false, Some(difference)) => format!("{said},相差 {}", difference.grouped()),
        _ => said,
    }
}

fn add_checks(sheet: &mut Sheet, checks: &[Check]) {
    sheet.notes.extend(checks.iter().map(check_note));
}

/// What a cell read, with figures: `银行存款(102)借方余额 1,000.00;…`. Accounts that gave nothing are left out.
fn reads_words(cell: &Traced) -> String {
    let gave = cell.reads.iter().filter(|read| !read.amount.is_zero());
    let words = gave.map(|read| {
        let account = read.account.as_ref().filter(|account| !read.words_zh.contains(account.as_str()));
        let of = account.map(|account| format!("[{account}]")).unwrap_or_default();
        format!("{}{of} {}", read.words_zh, read.amount.grouped())
    });
    words.collect::<Vec<_>>().join(";")
}

/// `0.00` in lines that stand as totals, blank elsewhere.
fn figure(amount: Amount, is_total: bool) -> Cell {
    if is_total { amount.into() } else { Cell::amount_or_blank(amount) }
}

/// A name set in by its level: one full-width blank each below the first.
fn set_in(name: &str, level: usize) -> String {
    format!("{}{name}", "　".repeat(level.saturating_sub(1)))
}
