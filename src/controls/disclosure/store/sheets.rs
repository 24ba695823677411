//! Sheets with their versions, and questions.

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use crate::controls::disclosure::frozen::Frozen;
use crate::controls::disclosure::sheet::{DisclosureSheet, Kind, Question, SheetHead, SheetState};
use crate::controls::disclosure::span::Span;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;

/// The columns of a head.
pub(super) const HEAD: &str = "sheet, kind, span, subject, version, state, title, unit, digest, made_by, approved_by, published_on, reason, approver, contact";

/// A head from those columns.
pub(super) fn head_at(row: &AnyRow) -> Result<SheetHead, Failure> {
    Ok(SheetHead {
        sheet: column(row, 0)?,
        kind: parsed(row, 1, Kind::parse)?,
        span: parsed(row, 2, |text| Span::parse(text).ok())?,
        subject: column(row, 3)?,
        version: column(row, 4)?,
        state: parsed(row, 5, SheetState::parse)?,
        title: column(row, 6)?,
        unit: column(row, 7)?,
        digest: column(row, 8)?,
        made_by: column(row, 9)?,
        approved_by: column(row, 10)?,
        published_on: column::<Option<String>>(row, 11)?.and_then(|text| text.parse().ok()),
        reason: column(row, 12)?,
        approver: column(row, 13)?,
        contact: column(row, 14)?,
    })
}

/// A frozen copy from its text.
pub(super) fn content_at(row: &AnyRow, index: usize) -> Result<Frozen, Failure> {
    let text: String = column(row, index)?;
    serde_json::from_str(&text).map_err(|why| Failure::Damaged(format!("disclosure_sheet {text}: {why}")))
}

/// The sheets of a book, newest first.
pub async fn heads(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<SheetHead>, Failure> {
    let sql = AssertSqlSafe(format!("select {HEAD} from disclosure_sheet where county = $1 and book = $2 order by sheet desc"));
    let rows = sqlx::query(sql).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(head_at).collect()
}

/// Heads of all sheets of the county that were ever public, by book.
pub async fn public_heads(tx: &mut Connection, county: &str) -> Result<Vec<(String, SheetHead)>, Failure> {
    let sql = AssertSqlSafe(format!(
        "select {HEAD}, book from disclosure_sheet where county = $1 and state in ('published', 'replaced', 'withdrawn') order by book, sheet"
    ));
    let rows = sqlx::query(sql).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 15)?, head_at(row)?))).collect()
}

/// One sheet.
pub async fn sheet(tx: &mut Connection, county: &str, book: &BookCode, sheet: i64) -> Result<Option<DisclosureSheet>, Failure> {
    let sql =
        AssertSqlSafe(format!("select {HEAD}, content from disclosure_sheet where county = $1 and book = $2 and sheet = $3"));
    let row = sqlx::query(sql).bind(county).bind(&book.0).bind(sheet).fetch_optional(tx).await?;
    row.map(|row| Ok(DisclosureSheet { head: head_at(&row)?, content: content_at(&row, 15)? })).transpose()
}

/// Keeps a new sheet.
pub async fn insert(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (head, content): (&SheetHead, &str),
    at: &str,
) -> Result<(), Failure> {
    const SQL: &str = "insert into disclosure_sheet (county, book, sheet, kind, span, subject, version, state, title, unit, content, \
         digest, made_by, made_at, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(head.sheet).bind(head.kind.as_str());
    let query = query.bind(head.span.to_string()).bind(&head.subject).bind(head.version).bind(head.state.as_str());
    let query = query.bind(&head.title).bind(&head.unit).bind(content).bind(&head.digest).bind(&head.made_by).bind(at);
    query.bind(head.reason.as_deref()).execute(tx).await?;
    Ok(())
}

/// Moves a sheet on; its content never changes.
pub async fn set_state(tx: &mut Connection, county: &str, book: &BookCode, head: &SheetHead, at: &str) -> Result<(), Failure> {
    const SQL: &str = "update disclosure_sheet set state = $4, approved_by = $5, \
         approved_at = case when $5 is null then null else coalesce(approved_at, $6) end, published_on = $7, reason = $8, \
         approver = $9, contact = $10 \
         where county = $1 and book = $2 and sheet = $3";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(head.sheet).bind(head.state.as_str());
    let query = query.bind(head.approved_by.clone()).bind(at).bind(head.published_on.map(|on| on.to_string()));
    query.bind(head.reason.clone()).bind(head.approver.clone()).bind(head.contact.clone()).execute(tx).await?;
    Ok(())
}

/// Keeps a question; answers its number.
pub async fn ask(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (sheet, text): (Option<i64>, &str),
    on: &str,
) -> Result<i64, Failure> {
    const NEXT: &str =
        "select cast(coalesce(max(question), 0) + 1 as bigint) from disclosure_question where county = $1 and book = $2";
    const SQL: &str =
        "insert into disclosure_question (county, book, question, sheet, asked_on, asked) values ($1, $2, $3, $4, $5, $6)";
    let number: i64 = column(&sqlx::query(NEXT).bind(county).bind(&book.0).fetch_one(&mut *tx).await?, 0)?;
    sqlx::query(SQL).bind(county).bind(&book.0).bind(number).bind(sheet).bind(on).bind(text).execute(tx).await?;
    Ok(number)
}

/// The questions of a book, newest first.
pub async fn questions(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<Question>, Failure> {
    const SQL: &str = "select question, sheet, asked_on, asked, answer, answered_by, released_on from disclosure_question \
         where county = $1 and book = $2 order by question desc";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(question_at).collect()
}

/// A question from its columns.
pub(super) fn question_at(row: &AnyRow) -> Result<Question, Failure> {
    Ok(Question {
        question: column(row, 0)?,
        sheet: column(row, 1)?,
        asked_on: parsed(row, 2, |text| text.parse().ok())?,
        text: column(row, 3)?,
        answer: column(row, 4)?,
        answered_by: column(row, 5)?,
        released_on: column::<Option<String>>(row, 6)?.and_then(|text| text.parse().ok()),
    })
}

/// Writes an answer, or releases it.
pub async fn set_question(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    question: &Question,
    released_by: Option<&str>,
) -> Result<(), Failure> {
    const SQL: &str = "update disclosure_question set answer = $4, answered_by = $5, released_by = $6, released_on = $7 \
         where county = $1 and book = $2 and question = $3";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(question.question).bind(question.answer.as_deref());
    let query = query.bind(question.answered_by.as_deref()).bind(released_by);
    query.bind(question.released_on.map(|on| on.to_string())).execute(tx).await?;
    Ok(())
}
