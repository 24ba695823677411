//! What the package for auditors holds of a book: its head, lines of posted vouchers, documents behind them.

use sqlx::any::AnyRow;

use crate::db::rows::column;
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;

/// The digest at the end of a book's chain, and how many vouchers stand in it.
pub async fn chain_end(tx: &mut Connection, county: &str, book: &BookCode) -> Result<(String, i64), Failure> {
    let query =
        sqlx::query("select last_digest, last_posted from book where county = $1 and book = $2").bind(county).bind(&book.0);
    let row = query.fetch_one(tx).await?;
    Ok((column(&row, 0)?, column(&row, 1)?))
}

/// The documents of a book: voucher, number, name, digest, bytes.
pub async fn documents(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<[String; 5]>, Failure> {
    const SQL: &str = "select v.period || '-' || v.word || '-' || cast(v.number as text), cast(a.attachment as text), a.name, a.digest, \
         cast(f.bytes_size as text) from attachment a join voucher v on v.county = a.county and v.book = a.book and v.voucher = a.voucher \
         join attachment_file f on f.county = a.county and f.digest = a.digest where a.county = $1 and a.book = $2 \
         order by v.voucher, a.attachment";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    let line = |row: &AnyRow| Ok([column(row, 0)?, column(row, 1)?, column(row, 2)?, column(row, 3)?, column(row, 4)?]);
    rows.iter().map(line).collect()
}
