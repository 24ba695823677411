//! Notices, and which villages have seen them, as kept.

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::{Notice, Reader};
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};

const NOTICE: &str = "n.notice, n.place, n.book, n.title, n.words, n.posted_by, n.posted_on";
/// Joins a notice `n` with the books `b` it is for.
const FOR: &str = "b.county = n.county and (n.book = b.book or (n.book = '' and b.kind = 'village' \
     and coalesce(b.place, '') >= n.place and coalesce(b.place, '') < n.place || '~'))";
const SEEN: &str = "left join notice_seen s on s.county = n.county and s.notice = n.notice and s.book = b.book";

fn notice(row: &AnyRow) -> Result<Notice, Failure> {
    Ok(Notice {
        notice: column(row, 0)?,
        place: column(row, 1)?,
        book: column(row, 2)?,
        title: column(row, 3)?,
        words: column(row, 4)?,
        posted_by: column(row, 5)?,
        posted_on: parsed(row, 6, |text| text.parse().ok())?,
    })
}

fn reader(row: &AnyRow, at: usize) -> Result<Reader, Failure> {
    Ok(Reader {
        book: column(row, at)?,
        name: column(row, at + 1)?,
        seen_by: column(row, at + 2)?,
        seen_at: column(row, at + 3)?,
    })
}

/// The notices for a book, newest first.
pub async fn of_book(tx: &mut Connection, county: &str, book: &str) -> Result<Vec<(Notice, Reader)>, Failure> {
    let sql = AssertSqlSafe(format!(
        "select {NOTICE}, b.book, b.name, s.user_name, s.seen_at from notice n join book b on {FOR} {SEEN} \
         where n.county = $1 and b.book = $2 order by n.notice desc"
    ));
    let rows = sqlx::query(sql).bind(county).bind(book).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((notice(row)?, reader(row, 7)?))).collect()
}

/// All notices of the county, newest first, with the villages they are for.
pub async fn all(tx: &mut Connection, county: &str) -> Result<Vec<(Notice, Vec<Reader>)>, Failure> {
    let sql = AssertSqlSafe(format!(
        "select {NOTICE}, b.book, b.name, s.user_name, s.seen_at from notice n join book b on {FOR} {SEEN} \
         where n.county = $1 order by n.notice desc, b.book"
    ));
    let mut found: Vec<(Notice, Vec<Reader>)> = Vec::new();
    for row in &sqlx::query(sql).bind(county).fetch_all(tx).await? {
        let (next, reader) = (notice(row)?, reader(row, 7)?);
        match found.last_mut() {
            Some((last, readers)) if last.notice == next.notice => readers.push(reader),
            _ => found.push((next, vec![reader])),
        }
    }
    Ok(found)
}

/// How many books a notice of this place or book would be for.
pub async fn readers(tx: &mut Connection, county: &str, (place, book): (&str, &str)) -> Result<i64, Failure> {
    const SQL: &str = "select count(*) from book where county = $1 and (($3 <> '' and book = $3) or ($3 = '' and kind = 'village' \
         and coalesce(place, '') >= $2 and coalesce(place, '') < $4))";
    let query = sqlx::query(SQL).bind(county).bind(place).bind(book).bind(format!("{place}~"));
    column(&query.fetch_one(tx).await?, 0)
}

/// Keeps a notice; answers its number.
pub async fn insert(tx: &mut Connection, county: &str, notice: &Notice, at: &str) -> Result<i64, Failure> {
    const NEXT: &str = "select cast(coalesce(max(notice), 0) + 1 as bigint) from notice where county = $1";
    const SQL: &str = "insert into notice (county, notice, place, book, title, words, posted_by, posted_on, posted_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let number: i64 = column(&sqlx::query(NEXT).bind(county).fetch_one(&mut *tx).await?, 0)?;
    let query = sqlx::query(SQL).bind(county).bind(number).bind(&notice.place).bind(&notice.book).bind(&notice.title);
    let query = query.bind(&notice.words).bind(&notice.posted_by).bind(notice.posted_on.to_string()).bind(at);
    query.execute(tx).await?;
    Ok(number)
}

/// Keeps who of a village saw a notice first.
pub async fn seen(tx: &mut Connection, county: &str, (notice, book): (i64, &str), (by, at): (&str, &str)) -> Result<(), Failure> {
    const SQL: &str = "insert into notice_seen (county, notice, book, user_name, seen_at) values ($1, $2, $3, $4, $5) \
         on conflict (county, notice, book) do nothing";
    sqlx::query(SQL).bind(county).bind(notice).bind(book).bind(by).bind(at).execute(tx).await?;
    Ok(())
}
