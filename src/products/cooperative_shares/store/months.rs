//! What members' accounts (成员账户) show of each month: the entries of the register, summed.

use sqlx::any::AnyRow;

use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;
use crate::products::cooperative_shares::class::AccountColumn;

/// What the register entered in members' accounts by month: holder, column, month, amount.
pub async fn moves_by_month(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (first, last): (BusinessDate, BusinessDate),
) -> Result<Vec<(String, AccountColumn, AccountingPeriod, Amount)>, Failure> {
    const SQL: &str = "select holder, account_column, substr(dated_on, 1, 7), cast(sum(amount_cents) as bigint) from share_entry \
         where county = $1 and book = $2 and dated_on >= $3 and dated_on <= $4 group by 1, 2, 3 having sum(amount_cents) <> 0 \
         order by 1, 2, 3";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(first.to_string()).bind(last.to_string());
    let moved = |row: &AnyRow| {
        let period = parsed(row, 2, |text| AccountingPeriod::parse(text).ok())?;
        Ok((column(row, 0)?, parsed(row, 1, AccountColumn::parse)?, period, Amount::from_fen(column(row, 3)?)))
    };
    query.fetch_all(tx).await?.iter().map(moved).collect()
}
