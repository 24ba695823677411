//! All that the public page may read: published sheets, released answers, where merged villages went. No other table is
//! named here.

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::sheets::{HEAD, content_at, head_at, question_at};
use crate::controls::disclosure::sheet::{DisclosureSheet, Question, SheetHead, Succession};
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};

/// Books with something published: code, name.
pub async fn villages(tx: &mut Connection, county: &str) -> Result<Vec<(String, String)>, Failure> {
    const SQL: &str =
        "select book, max(unit) from disclosure_sheet where county = $1 and state = 'published' group by book order by book";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// Where merged villages went: what ended in this book and where this book went, or all of the county.
pub async fn successions(tx: &mut Connection, county: &str, book: Option<&str>) -> Result<Vec<Succession>, Failure> {
    const SQL: &str = "select book, unit, into_book, into_unit, merged_on from disclosure_successor \
         where county = $1 and (book = $2 or into_book = $2 or $2 = '') order by merged_on, book";
    let rows = sqlx::query(SQL).bind(county).bind(book.unwrap_or_default()).fetch_all(tx).await?;
    let succession = |row: &AnyRow| {
        let on = parsed(row, 4, |text| text.parse().ok())?;
        let (book, unit, into, into_unit) = (column(row, 0)?, column(row, 1)?, column(row, 2)?, column(row, 3)?);
        Ok(Succession { book, unit, into, into_unit, on })
    };
    rows.iter().map(succession).collect()
}

/// What a book has published now: the latest end first, of one end the month before the quarter and the year.
pub async fn heads(tx: &mut Connection, county: &str, book: &str) -> Result<Vec<SheetHead>, Failure> {
    let sql = AssertSqlSafe(format!(
        "select {HEAD} from disclosure_sheet where county = $1 and book = $2 and state = 'published' order by kind, subject"
    ));
    let rows = sqlx::query(sql).bind(county).bind(book).fetch_all(tx).await?;
    let mut heads = rows.iter().map(head_at).collect::<Result<Vec<SheetHead>, Failure>>()?;
    heads.sort_by_key(|head| head.span.newest_first());
    Ok(heads)
}

/// What a book has published now and the mergers it was in; none of a book of which nothing is public.
pub async fn village(
    tx: &mut Connection,
    county: &str,
    book: &str,
) -> Result<Option<(Vec<SheetHead>, Vec<Succession>)>, Failure> {
    let (heads, mergers) = (heads(tx, county, book).await?, successions(tx, county, Some(book)).await?);
    Ok((!heads.is_empty() || !mergers.is_empty()).then_some((heads, mergers)))
}

/// A sheet that is or was public. Of one that was withdrawn only the head is shown; the caller sees its state.
pub async fn sheet(tx: &mut Connection, county: &str, book: &str, sheet: i64) -> Result<Option<DisclosureSheet>, Failure> {
    let sql = AssertSqlSafe(format!(
        "select {HEAD}, content from disclosure_sheet where county = $1 and book = $2 and sheet = $3 \
         and state in ('published', 'replaced', 'withdrawn')"
    ));
    let row = sqlx::query(sql).bind(county).bind(book).bind(sheet).fetch_optional(tx).await?;
    row.map(|row| Ok(DisclosureSheet { head: head_at(&row)?, content: content_at(&row, 15)? })).transpose()
}

/// The version that stands in the place of another now.
pub async fn standing_version(tx: &mut Connection, county: &str, book: &str, of: &SheetHead) -> Result<Option<i64>, Failure> {
    const SQL: &str = "select sheet from disclosure_sheet where county = $1 and book = $2 and kind = $3 and span = $4 and subject = $5 \
         and state = 'published'";
    let query = sqlx::query(SQL).bind(county).bind(book).bind(of.kind.as_str()).bind(of.span.to_string()).bind(&of.subject);
    query.fetch_optional(tx).await?.map(|row| column(&row, 0)).transpose()
}

/// Released answers of a book, newest first.
pub async fn answers(tx: &mut Connection, county: &str, book: &str) -> Result<Vec<Question>, Failure> {
    const SQL: &str = "select question, sheet, asked_on, asked, answer, answered_by, released_on from disclosure_question \
         where county = $1 and book = $2 and released_on is not null order by question desc limit 50";
    let rows = sqlx::query(SQL).bind(county).bind(book).fetch_all(tx).await?;
    rows.iter().map(question_at).collect()
}
