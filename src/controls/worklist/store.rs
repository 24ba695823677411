//! Counts of what waits, in one statement.

use sqlx::any::AnyRow;

use super::{Kind, Waiting};
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};

/// Everything that waits in the county, by kind and book.
pub async fn waiting(tx: &mut Connection, county: &str) -> Result<Vec<Waiting>, Failure> {
    const SQL: &str = "select what, book, period, count(*) from ( \
         select 'voucher ' || state as what, book, period from voucher where county = $1 and state <> 'posted' and state in ('draft', 'submitted', 'approved') \
         union all select 'claim ' || state, book, null from claim where county = $1 and state in ('sent', 'accepted', 'returned') \
         union all select 'dividend ' || state, book, null from dividend_plan where county = $1 \
         and state in ('drafted', 'reviewed', 'published') \
         union all select 'payout ' || state, book, null from payout_batch where county = $1 \
         and state in ('drawn_up', 'reviewed', 'sent') \
         union all select 'sheet ' || state, book, null from disclosure_sheet where county = $1 \
         and state in ('drafted', 'returned', 'approved') \
         union all select 'finding ' || state, book, null from finding where county = $1 and state in ('open', 'answered') \
         union all select 'subsidy ' || state, null, null from subsidy_batch where county = $1 and state <> 'paid' \
         union all select 'fund-claim ' || state, null, null from fund_claim where county = $1 and state in ('filed', 'approved') \
         union all select 'loan ' || state, null, null from loan where county = $1 \
         and state in ('applied', 'checked', 'announced', 'graded', 'approved', 'contracted') \
         ) as waiting group by what, book, period order by what, book, period";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    let waiting = |row: &AnyRow| -> Result<Waiting, Failure> {
        Ok(Waiting { kind: parsed(row, 0, Kind::parse)?, book: column(row, 1)?, period: column(row, 2)?, count: column(row, 3)? })
    };
    rows.iter().map(waiting).collect()
}

/// The first open month of every book that has one: (book, month).
pub async fn open_months(tx: &mut Connection, county: &str) -> Result<Vec<(String, String)>, Failure> {
    const SQL: &str = "select book, min(period) from accounting_period where county = $1 and state = 'open' \
         and substr(period, 6, 2) <> '00' group by book order by book";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}
