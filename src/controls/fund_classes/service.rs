//! Balances of the classes of money of a book, for people to look at. Changes nothing.

use super::{MoneyAccount, store};
use crate::calendar::AccountingPeriod;
use crate::controls::disclosure::reports::ClassMoney;
use crate::controls::disclosure::span::Span;
use crate::controls::disclosure::store::facts;
use crate::db::{Connection, Stop};
use crate::ledger::BookCode;
use crate::ledger::books::service::regime_in;

/// The classes' money in a time, and the money accounts at its end.
pub async fn balances(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    span: Span,
) -> Result<(Vec<ClassMoney>, Vec<MoneyAccount>), Stop> {
    let regime = regime_in(tx, county, book, span.from.year()).await?;
    let roots: Vec<&str> = regime.cash.iter().chain(&regime.bank).map(|account| account.as_str()).collect();
    let classes = facts::classes(tx, county, book, &roots, span).await?;
    Ok((classes, store::money_accounts(tx, county, book, &roots, span.through).await?))
}

/// The same at the end of one month.
pub async fn at(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
) -> Result<(Vec<ClassMoney>, Vec<MoneyAccount>), Stop> {
    balances(tx, county, book, Span::month(period)).await
}
