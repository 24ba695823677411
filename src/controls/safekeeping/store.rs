//! The state of a county's books, as kept.

use super::{BookState, Since, State};
use crate::db::rows::column;
use crate::db::{Connection, Failure};

/// The books of a county and the last act of its trail, without reports.
pub async fn state(tx: &mut Connection, county: &str) -> Result<State, Failure> {
    const LAST: &str = "select act, at from act where county = $1 order by act desc limit 1";
    const BOOKS: &str = "select book, name, last_voucher, last_posted, last_digest from book where county = $1 order by book";
    let last = sqlx::query(LAST).bind(county).fetch_optional(&mut *tx).await?;
    let (last_act, last_at) = match last {
        Some(row) => (column(&row, 0)?, column(&row, 1)?),
        None => (String::new(), String::new()),
    };
    let mut books = Vec::new();
    for row in sqlx::query(BOOKS).bind(county).fetch_all(tx).await? {
        books.push(BookState {
            book: column(&row, 0)?,
            name: column(&row, 1)?,
            vouchers: column(&row, 2)?,
            posted: column(&row, 3)?,
            digest: column(&row, 4)?,
            reports: String::new(),
        });
    }
    Ok(State { last_act, last_at, books })
}

/// What was done after a state.
pub async fn since(tx: &mut Connection, county: &str, then: &State) -> Result<Since, Failure> {
    const ACTS: &str = "select count(*) from act where county = $1 and act > $2";
    const VOUCHERS: &str = "select book, count(*) from voucher where county = $1 and made_at > $2 group by book order by book";
    let acts = sqlx::query(ACTS).bind(county).bind(&then.last_act).fetch_one(&mut *tx).await?;
    let rows = sqlx::query(VOUCHERS).bind(county).bind(&then.last_at).fetch_all(tx).await?;
    let vouchers = rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect::<Result<_, Failure>>()?;
    Ok(Since { acts: column(&acts, 0)?, vouchers })
}
