//! Ledgers of an account: a page at a time, or a whole span month by month.
//!
//! 1. A page costs what its month costs, never what the book costs.
//! 2. Pages joined together are the whole ledger.

use super::store::Lines;
use super::{Before, LedgerAsk, LedgerPlace, LedgerRow, Running};
use crate::db::{Connection, Stop};
use crate::ledger::{AccountCode, Chart};
use crate::money::Amount;
use crate::statements::figures::Turn;
use crate::statements::service::Keeping;

/// Lines fetched at a time when a whole month is written down.
const CHUNK: i64 = 100_000;

/// A page of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerPage {
    /// 承前页: the balance before the first row, debit less credit.
    pub before: Amount,
    /// The rows.
    pub rows: Vec<LedgerRow>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<LedgerPlace>,
}

/// A page of an account's ledger with at most `limit` lines, from a place on (`None`: from the beginning).
/// Refuses an unknown account (C-101) and a span that is not within one year (S-108).
pub async fn ledger_page(
    tx: &mut Connection,
    keeping: &Keeping,
    ask: &LedgerAsk,
    place: Option<&LedgerPlace>,
    limit: i64,
) -> Result<LedgerPage, Stop> {
    ask.check()?;
    let accounts = beneath(&keeping.chart, &ask.account)?;
    let lines = lines(keeping, ask, &accounts);
    let (first, mut after) = place.map_or((ask.from, None), |place| (place.period, place.after.clone()));
    let mut running = Running::begin(before(tx, keeping, &lines, first).await?, ask.daily);
    if let Some(key) = &after {
        let (month, day) = lines.through(tx, first, key).await?;
        running.skip(month, (key.dated_on, day));
    }
    let opening = running.opening(first);
    let (carried, mut left) = (opening.balance, limit.max(1));
    let mut rows: Vec<LedgerRow> = if place.is_none() { vec![opening] } else { Vec::new() };
    for period in ask.months(first) {
        if left == 0 {
            return Ok(LedgerPage { before: carried, rows, next: Some(LedgerPlace { period, after: None }) });
        }
        let mut found = lines.of_month(tx, period, after.take().as_ref(), left + 1).await?;
        let is_cut = found.len() as i64 > left;
        found.truncate(left as usize);
        left -= found.len() as i64;
        let last = found.last().map(|line| line.key.clone());
        running.lines(period, found, &mut rows);
        if is_cut {
            return Ok(LedgerPage { before: carried, rows, next: Some(LedgerPlace { period, after: last }) });
        }
        running.end_month(period, period == ask.through, &mut rows);
    }
    Ok(LedgerPage { before: carried, rows, next: None })
}

/// The whole ledger of a span. Refuses as [`ledger_page`] does.
pub async fn ledger(tx: &mut Connection, keeping: &Keeping, ask: &LedgerAsk) -> Result<Vec<LedgerRow>, Stop> {
    let mut page = ledger_page(tx, keeping, ask, None, CHUNK).await?;
    let mut rows = std::mem::take(&mut page.rows);
    while let Some(place) = page.next {
        page = ledger_page(tx, keeping, ask, Some(&place), CHUNK).await?;
        rows.append(&mut page.rows);
    }
    Ok(rows)
}

/// The account and everything beneath it. Refuses an unknown one (C-101).
fn beneath(chart: &Chart, account: &AccountCode) -> Result<Vec<AccountCode>, Stop> {
    chart.find(account)?;
    Ok(std::iter::once(account.clone()).chain(chart.descendants(account).map(|below| below.code.clone())).collect())
}

fn lines<'a>(keeping: &'a Keeping, ask: &'a LedgerAsk, accounts: &'a [AccountCode]) -> Lines<'a> {
    let member = ask.member.as_ref().map(|(dimension, member)| (*dimension, member.as_str()));
    Lines { county: &keeping.county, book: &keeping.book.book, accounts, member, unposted: ask.unposted }
}

/// What stood before a month, with the year's provisional opening where none was carried yet.
async fn before(
    tx: &mut Connection,
    keeping: &Keeping,
    lines: &Lines<'_>,
    first: crate::calendar::AccountingPeriod,
) -> Result<Before, Stop> {
    let mut before = lines.before(tx, first).await?;
    let dimension = lines.member.map(|(dimension, _)| dimension);
    let opening = keeping.provisional(tx, dimension).await?;
    let counted = opening.iter().filter(|row| {
        row.dimension == dimension && row.member.as_deref() == lines.member.map(|m| m.1) && lines.accounts.contains(&row.account)
    });
    before.balance += counted.map(|row| Turn { debit: row.debit, credit: row.credit }.net()).sum();
    Ok(before)
}
