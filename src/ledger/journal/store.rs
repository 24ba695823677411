//! The keys of posted vouchers, and names of vouchers.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;

use crate::calendar::AccountingPeriod;
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::{BookCode, VoucherId};

/// The periods a book keeps, in order.
pub async fn periods(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<AccountingPeriod>, Failure> {
    const SQL: &str = "select period from accounting_period where county = $1 and book = $2 order by period";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(|row| parsed(row, 0, |text| AccountingPeriod::parse(text).ok())).collect()
}

/// The keys of a period's posted vouchers, in the order of posting.
pub async fn posted_keys(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
) -> Result<Vec<VoucherId>, Failure> {
    const SQL: &str = "select voucher, posted from voucher where county = $1 and book = $2 and period = $3 and state = 'posted'";
    let mut rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(period.to_string()).fetch(tx);
    let mut keys: Vec<(i64, i64)> = Vec::new();
    while let Some(row) = rows.try_next().await? {
        keys.push((column(&row, 1)?, column(&row, 0)?));
    }
    keys.sort_unstable();
    Ok(keys.into_iter().map(|(_, voucher)| VoucherId(voucher)).collect())
}

/// Names of vouchers as journals refer to them: `2024-03/记-12`.
pub async fn names(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    ids: &[VoucherId],
) -> Result<BTreeMap<VoucherId, String>, Failure> {
    const SQL: &str = "select v.voucher, v.period, v.word, v.number from json_each($3) r join voucher v \
         on v.county = $1 and v.book = $2 and v.voucher = cast(r.value->>0 as bigint)";
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let asked: Vec<[i64; 1]> = ids.iter().map(|id| [id.0]).collect();
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&asked)).fetch_all(tx).await?;
    let named = rows.iter().map(|row| {
        let name = format!("{}/{}-{}", column::<String>(row, 1)?, column::<String>(row, 2)?, column::<i64>(row, 3)?);
        Ok((VoucherId(column(row, 0)?), name))
    });
    named.collect()
}
