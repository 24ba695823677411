//! The rules a voucher must meet before it is kept or posted.
//!
//! Pure: the voucher and what the book knows go in, a refusal or nothing comes out.
//!
//! 1. Debits equal credits exactly (I1); every line has one side, a summary and a leaf account in use.
//! 2. Negative amounts stand in red vouchers, in openings and in transfers of accounts that stand on their wrong side.
//! 3. A closed or unknown period takes nothing (I9).
//! 4. Openings stand in the opening of a year, and nothing else stands there.

use std::collections::HashMap;

use super::account::{AccountClass, AccountCode, Side};
use super::refusal::LedgerRefusal;
use super::voucher::{BookCode, Dimension, Stage, Voucher, VoucherLine, Word};
use crate::calendar::AccountingPeriod;
use crate::money::Amount;
use crate::refusal::Refusal;

/// An account as a book keeps it in one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookAccount {
    /// Code.
    pub code: AccountCode,
    /// Chinese name.
    pub name: String,
    /// Class.
    pub class: AccountClass,
    /// Normal side.
    pub normal_side: Side,
    /// The account above it.
    pub parent: Option<AccountCode>,
    /// Postings go to leaves only.
    pub is_leaf: bool,
    /// Balances of single members may stand on either side (往来).
    pub is_two_sided: bool,
    /// Dimensions every line on it must carry.
    pub requires: Vec<Dimension>,
    /// Where the account comes from.
    pub source: String,
    /// No longer used from this date.
    pub stopped_on: Option<String>,
}

/// A period's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodState {
    /// Takes vouchers.
    Open,
    /// Takes nothing.
    Closed,
}

/// What a line is held against of its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usable {
    /// Postings go to leaves only.
    pub is_leaf: bool,
    /// Takes no new business.
    pub is_stopped: bool,
    /// Dimensions every line on it must carry.
    pub requires: Vec<Dimension>,
}

/// A series vouchers are numbered in.
pub type Series = (BookCode, AccountingPeriod, Word);

/// What the books know that a voucher is checked against and numbered after.
#[derive(Debug, Default)]
pub struct Known {
    /// Accounts by code, for each book's year.
    pub accounts: HashMap<(BookCode, i32), HashMap<AccountCode, Usable>>,
    /// States of periods.
    pub periods: HashMap<(BookCode, AccountingPeriod), PeriodState>,
    /// Last numbers of series that have any.
    pub last_numbers: HashMap<Series, i64>,
}

/// Refuses a voucher that may not be kept in its book and period.
pub fn check(voucher: &Voucher, known: &Known) -> Result<(), Refusal> {
    check_shape(voucher)?;
    check_period(&voucher.book, voucher.period, known)?;
    let chart = known.accounts.get(&(voucher.book.clone(), voucher.period.year()));
    for (index, line) in voucher.lines.iter().enumerate() {
        check_line(voucher, index + 1, line, chart)?;
    }
    Ok(())
}

/// What can be said of a voucher without looking anything up.
pub fn check_shape(voucher: &Voucher) -> Result<(), Refusal> {
    voucher.check_balanced()?;
    if !voucher.period.contains(voucher.dated_on) {
        let (date, period) = (voucher.dated_on.to_string(), voucher.period.to_string());
        return Err(LedgerRefusal::DateOutsidePeriod { date, period }.into());
    }
    if voucher.period.is_opening() != (voucher.stage == Stage::Opening) {
        return Err(LedgerRefusal::StageOutsidePeriod { period: voucher.period.to_string() }.into());
    }
    let may_be_red = voucher.reverses.is_some() || voucher.stage != Stage::Ordinary;
    for (index, line) in voucher.lines.iter().enumerate() {
        check_amounts(index + 1, line, may_be_red)?;
    }
    Ok(())
}

fn check_amounts(line: usize, content: &VoucherLine, may_be_red: bool) -> Result<(), LedgerRefusal> {
    if content.debit.is_zero() == content.credit.is_zero() {
        return Err(LedgerRefusal::OneSideOnly { line });
    }
    let amount = if content.debit.is_zero() { content.credit } else { content.debit };
    if amount.is_negative() && !may_be_red {
        return Err(LedgerRefusal::NegativeAmount { line, amount });
    }
    // Carried balances and transfers add up many lines, so they may carry more than one line of business.
    if amount > Amount::LARGEST && !may_be_red {
        return Err(LedgerRefusal::AmountTooLarge { line, amount });
    }
    if content.summary.trim().is_empty() { Err(LedgerRefusal::SummaryMissing { line }) } else { Ok(()) }
}

/// Refuses a voucher of a book that has ended (L-213): it takes nothing more, of whatever date.
pub fn check_stopped(voucher: &Voucher, stopped_on: Option<&str>) -> Result<(), LedgerRefusal> {
    let ended = |on: &str| LedgerRefusal::BookEnded { book: voucher.book.to_string(), on: on.to_owned() };
    stopped_on.map_or(Ok(()), |on| Err(ended(on)))
}

/// Refuses a period that is closed or not kept.
pub fn check_period(book: &BookCode, period: AccountingPeriod, known: &Known) -> Result<(), LedgerRefusal> {
    let state = known.periods.get(&(book.clone(), period));
    let (book, period) = (book.to_string(), period.to_string());
    match state {
        Some(PeriodState::Open) => Ok(()),
        Some(PeriodState::Closed) => Err(LedgerRefusal::PeriodClosed { book, period }),
        None => Err(LedgerRefusal::PeriodNotKept { book, period }),
    }
}

fn check_line(
    voucher: &Voucher,
    line: usize,
    content: &VoucherLine,
    chart: Option<&HashMap<AccountCode, Usable>>,
) -> Result<(), LedgerRefusal> {
    let code = || content.account.to_string();
    let Some(account) = chart.and_then(|chart| chart.get(&content.account)) else {
        let (book, year) = (voucher.book.to_string(), i64::from(voucher.period.year()));
        return Err(LedgerRefusal::UnknownAccount { line, account: code(), book, year });
    };
    if !account.is_leaf {
        return Err(LedgerRefusal::NotALeaf { line, account: code() });
    }
    // What is carried or cleared at a year's end goes where it stood; stopping an account only ends new business on it.
    if account.is_stopped && voucher.reverses.is_none() && voucher.stage == Stage::Ordinary {
        return Err(LedgerRefusal::AccountStopped { line, account: code() });
    }
    let is_blank = |dimension: &&Dimension| content.dimensions.get(**dimension).is_none_or(|member| member.trim().is_empty());
    match account.requires.iter().find(is_blank) {
        Some(missing) => Err(LedgerRefusal::DimensionMissing { line, account: code(), dimension: missing.label_zh().to_owned() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
