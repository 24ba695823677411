//! Mergers and ended books, as kept; what is still open in a book.

use sqlx::any::AnyRow;

use super::Ended;
use crate::calendar::BusinessDate;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;

/// Keeps a merger; answers its number.
pub async fn insert(
    tx: &mut Connection,
    county: &str,
    (into, place, on, document): (&BookCode, &str, BusinessDate, &str),
    (by, at): (&str, &str),
) -> Result<i64, Failure> {
    const NEXT: &str = "select cast(coalesce(max(merger), 0) + 1 as bigint) from village_merger where county = $1";
    const SQL: &str = "insert into village_merger (county, merger, into_book, place, dated_on, document, made_by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let merger: i64 = column(&sqlx::query(NEXT).bind(county).fetch_one(&mut *tx).await?, 0)?;
    let query = sqlx::query(SQL).bind(county).bind(merger).bind(&into.0).bind(place).bind(on.to_string());
    query.bind(document).bind(by).bind(at).execute(tx).await?;
    Ok(merger)
}

/// Ends a book with a merger.
pub async fn end(
    tx: &mut Connection,
    county: &str,
    (merger, book, place, on): (i64, &BookCode, Option<&str>, BusinessDate),
    vouchers: Option<(i64, i64)>,
) -> Result<(), Failure> {
    const SQL: &str =
        "insert into village_merger_book (county, book, merger, place, given, taken) values ($1, $2, $3, $4, $5, $6)";
    const STOP: &str = "update book set stopped_on = $3 where county = $1 and book = $2";
    let (given, taken) = vouchers.unzip();
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(merger).bind(place).bind(given).bind(taken);
    query.execute(&mut *tx).await?;
    sqlx::query(STOP).bind(county).bind(&book.0).bind(on.to_string()).execute(tx).await?;
    Ok(())
}

/// The old place is succeeded by the new one, once no book is kept for it any more.
pub async fn succeed(tx: &mut Connection, county: &str, (old, new, on): (&str, &str, BusinessDate)) -> Result<(), Failure> {
    const SQL: &str = "update place set valid_before = $4, successor = $3 where county = $1 and place = $2 and valid_before is null \
         and place <> $3 and not exists (select 1 from book b where b.county = $1 and b.place = $2 and b.kind = 'village' and b.stopped_on is null)";
    sqlx::query(SQL).bind(county).bind(old).bind(new).bind(on.to_string()).execute(tx).await?;
    Ok(())
}

/// Running contracts of a book go on in another.
pub async fn move_leases(tx: &mut Connection, county: &str, from: &BookCode, into: &BookCode) -> Result<(), Failure> {
    const SQL: &str = "update lease set book = $3 where county = $1 and book = $2 and state = 'running'";
    sqlx::query(SQL).bind(county).bind(&from.0).bind(&into.0).execute(tx).await?;
    Ok(())
}

/// Vouchers of a book that are not posted, or dated on a day or later.
pub async fn left(tx: &mut Connection, county: &str, book: &BookCode, on: BusinessDate) -> Result<Vec<String>, Failure> {
    const SQL: &str = "select period || '-' || word || '-' || cast(number as text) from voucher where county = $1 and book = $2 \
         and state <> 'voided' and (state <> 'posted' or (dated_on >= $3 and stage = 'ordinary')) order by voucher limit 5";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(on.to_string()).fetch_all(tx).await?;
    rows.iter().map(|row| column(row, 0)).collect()
}

/// What is not finished in the registers of a book: claims, lists of people that were not paid.
pub async fn open(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<String>, Failure> {
    const SQL: &str = "select '报账单' || cast(claim as text) from claim where county = $1 and book = $2 \
         and state in ('draft', 'sent', 'returned', 'accepted') union all \
         select '代发批次' || batch from payout_batch where county = $1 and book = $2 and state in ('drawn_up', 'reviewed', 'sent')";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(|row| column(row, 0)).collect()
}

/// The ended books of a county, by day.
pub async fn ended(tx: &mut Connection, county: &str) -> Result<Vec<Ended>, Failure> {
    const SQL: &str = "select m.merger, e.book, b.name, e.place, m.dated_on, m.into_book, i.name, m.document, \
         (select v.period || '-' || v.word || '-' || cast(v.number as text) from voucher v where v.county = e.county and v.book = e.book and v.voucher = e.given), \
         (select v.period || '-' || v.word || '-' || cast(v.number as text) from voucher v where v.county = e.county and v.book = m.into_book and v.voucher = e.taken) \
         from village_merger m join village_merger_book e on e.county = m.county and e.merger = m.merger \
         join book b on b.county = e.county and b.book = e.book join book i on i.county = m.county and i.book = m.into_book \
         where m.county = $1 order by m.merger, e.book";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(ended_at).collect()
}

fn ended_at(row: &AnyRow) -> Result<Ended, Failure> {
    Ok(Ended {
        merger: column(row, 0)?,
        book: BookCode(column(row, 1)?),
        name: column(row, 2)?,
        place: column(row, 3)?,
        on: parsed(row, 4, |text| text.parse().ok())?,
        into: BookCode(column(row, 5)?),
        into_name: column(row, 6)?,
        document: column(row, 7)?,
        given: column(row, 8)?,
        taken: column(row, 9)?,
    })
}
