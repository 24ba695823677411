//! The cash book, as kept.

use sqlx::any::AnyRow;

use crate::calendar::BusinessDate;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;
use crate::products::village_claims::cash_book::{CashEntry, CashKind};

/// The entries of a book, by day and number.
pub async fn entries(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<CashEntry>, Failure> {
    const SQL: &str = "select entry, dated_on, kind, amount_cents, summary, claim from cash_entry \
         where county = $1 and book = $2 order by dated_on, entry";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    let entry = |row: &AnyRow| {
        Ok(CashEntry {
            entry: column(row, 0)?,
            on: parsed(row, 1, |text| text.parse().ok())?,
            kind: parsed(row, 2, CashKind::parse)?,
            amount: Amount::from_fen(column(row, 3)?),
            summary: column(row, 4)?,
            claim: column(row, 5)?,
        })
    };
    rows.iter().map(entry).collect()
}

/// Keeps an entry.
pub async fn insert(tx: &mut Connection, county: &str, book: &BookCode, entry: &CashEntry, by: &str) -> Result<(), Failure> {
    const SQL: &str = "insert into cash_entry (county, book, entry, dated_on, kind, amount_cents, summary, claim, made_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(entry.entry).bind(entry.on.to_string());
    let query = query.bind(entry.kind.as_str()).bind(entry.amount.fen()).bind(&entry.summary).bind(entry.claim);
    query.bind(by).execute(tx).await?;
    Ok(())
}

/// The last closed day.
pub async fn closed_through(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Option<BusinessDate>, Failure> {
    const SQL: &str = "select max(closed_on) from cash_day where county = $1 and book = $2";
    let row = sqlx::query(SQL).bind(county).bind(&book.0).fetch_one(tx).await?;
    Ok(column::<Option<String>>(&row, 0)?.and_then(|text| text.parse().ok()))
}

/// Closes a day.
pub async fn close(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (on, balance): (BusinessDate, Amount),
    (by, at): (&str, &str),
) -> Result<(), Failure> {
    const SQL: &str =
        "insert into cash_day (county, book, closed_on, balance_cents, closed_by, closed_at) values ($1, $2, $3, $4, $5, $6)";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(on.to_string()).bind(balance.fen());
    query.bind(by).bind(at).execute(tx).await?;
    Ok(())
}
