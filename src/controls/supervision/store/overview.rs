//! The county at a glance: every book's months in a handful of statements; and the audit trail searched.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;

use crate::db::rows::column;
use crate::db::{Connection, Failure};

/// A book's month: closed, vouchers not posted, published receipts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    /// The month is kept.
    pub kept: bool,
    /// Closed.
    pub closed: bool,
    /// Vouchers not posted.
    pub waiting: i64,
    /// Receipts of the month are public.
    pub published: bool,
}

/// All cells of a year by book and month, three statements whatever the county's size.
pub async fn cells(tx: &mut Connection, county: &str, year: i32) -> Result<BTreeMap<(String, String), Cell>, Failure> {
    const PERIODS: &str = "select book, period, case when state = 'closed' then 1 else 0 end from accounting_period \
         where county = $1 and period >= $2 and period <= $3";
    const WAITING: &str = "select book, period, count(*) from voucher where county = $1 and period >= $2 and period <= $3 \
         and state <> 'posted' and state <> 'voided' group by book, period";
    const PUBLISHED: &str = "select distinct book, span from disclosure_sheet where county = $1 and span >= $2 and span <= $3 \
         and kind = 'receipts' and state = 'published'";
    let (from, through) = (format!("{year}-01"), format!("{year}-12"));
    let mut cells: BTreeMap<(String, String), Cell> = BTreeMap::new();
    for (n, sql) in [PERIODS, WAITING, PUBLISHED].into_iter().enumerate() {
        for row in sqlx::query(sql).bind(county).bind(&from).bind(&through).fetch_all(&mut *tx).await? {
            let cell = cells.entry((column(&row, 0)?, column(&row, 1)?)).or_default();
            match n {
                0 => (cell.kept, cell.closed) = (true, column::<i64>(&row, 2)? == 1),
                1 => cell.waiting = column(&row, 2)?,
                _ => cell.published = true,
            }
        }
    }
    Ok(cells)
}

/// Flags that stand, by book and month.
pub async fn flag_counts(tx: &mut Connection, county: &str, year: i32) -> Result<BTreeMap<(String, String), i64>, Failure> {
    const SQL: &str = "select book, substr(happened_on, 1, 7), count(*) from red_flag where county = $1 and gone_on is null \
         and happened_on >= $2 and happened_on <= $3 and severity <> 'note' group by book, substr(happened_on, 1, 7)";
    let query = sqlx::query(SQL).bind(county).bind(format!("{year}-01-01")).bind(format!("{year}-12-31"));
    let rows = query.fetch_all(tx).await?;
    rows.iter().map(|row| Ok(((column(row, 0)?, column(row, 1)?), column(row, 2)?))).collect()
}

/// Lines of the audit trail: instant, person, act, book, what; newest first.
pub async fn trail(
    tx: &mut Connection,
    county: &str,
    (actor, from, through, words): (&str, &str, &str, &str),
    limit: i64,
) -> Result<Vec<[String; 5]>, Failure> {
    const SQL: &str = "select at, actor, kind, coalesce(book, ''), what from act where county = $1 and (actor = $2 or $2 = '') \
         and (at >= $3 or $3 = '') and (at < $4 or $4 = '') and ($5 = '' or what like '%' || $5 || '%' or kind like '%' || $5 || '%') \
         order by act desc limit $6";
    let query = sqlx::query(SQL).bind(county).bind(actor).bind(from).bind(through).bind(words).bind(limit);
    let rows = query.fetch_all(tx).await?;
    let line = |row: &AnyRow| Ok([column(row, 0)?, column(row, 1)?, column(row, 2)?, column(row, 3)?, column(row, 4)?]);
    rows.iter().map(line).collect()
}
