//! What money accounts stand at.

use sqlx::any::AnyRow;

use super::MoneyAccount;
use crate::calendar::AccountingPeriod;
use crate::db::rows::{as_json, column};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

/// The accounts at or beneath some codes with their balances at the end of a month.
pub async fn money_accounts(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    roots: &[&str],
    at: AccountingPeriod,
) -> Result<Vec<MoneyAccount>, Failure> {
    const SQL: &str = "select a.account, a.name, cast(coalesce(sum(m.debit_cents - m.credit_cents), 0) as bigint) \
         from json_each($3) r join account a on a.county = $1 and a.book = $2 and a.year = $4 and a.is_leaf = 1 \
         and a.account >= r.value->>0 and a.account < (r.value->>0) || '~' \
         left join period_movement m on m.county = a.county and m.book = a.book and m.dimension = '' and m.account = a.account \
         and m.period >= $5 and m.period <= $6 group by a.account, a.name order by a.account";
    let asked: Vec<[&str; 1]> = roots.iter().map(|root| [*root]).collect();
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&asked)).bind(i64::from(at.year()));
    let rows = query.bind(AccountingPeriod::opening(at.year()).to_string()).bind(at.to_string()).fetch_all(tx).await?;
    let one = |row: &AnyRow| Ok((column(row, 0)?, column(row, 1)?, Amount::from_fen(column(row, 2)?)));
    rows.iter().map(one).collect()
}
