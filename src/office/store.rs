//! The audit trail, as kept: one line an act, with the answer a repeated key gets.

use super::act::OfficeRefusal;
use crate::db::rows::{as_json, column};
use crate::db::{Connection, Failure};

/// A line of the audit trail.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ActLine {
    /// Id, time-ordered.
    pub act: String,
    /// When (UTC).
    pub at: String,
    /// Who.
    pub actor: String,
    /// From which face.
    pub face: String,
    /// What kind.
    pub kind: String,
    /// On which book.
    pub book: Option<String>,
    /// What, in words.
    pub what: String,
    /// The book's digest before.
    pub before_digest: Option<String>,
    /// The book's digest after.
    pub after_digest: Option<String>,
    /// The idempotency key.
    pub idempotency_key: Option<String>,
    /// SHA-256 of the whole request.
    pub request_digest: String,
    /// What was answered.
    pub answer: String,
}

/// What was answered to a key: (key, request digest, answer).
pub(super) type Answered = (String, String, String);

/// The answers already given to these keys.
pub(super) async fn answered(tx: &mut Connection, county: &str, keys: &[&str]) -> Result<Vec<Answered>, Failure> {
    // One look-up by key for each: joined, both engines may read the county's whole trail (src/decisions/0005).
    const SQL: &str = "select key, digest, answer from (select r.value->>0 as key, \
         (select a.request_digest from act a where a.county = $1 and a.idempotency_key = r.value->>0) as digest, \
         (select a.answer from act a where a.county = $1 and a.idempotency_key = r.value->>0) as answer \
         from jsonb_each($2) r) asked where digest is not null";
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let asked: Vec<[&str; 1]> = keys.iter().map(|key| [*key]).collect();
    let rows = sqlx::query(SQL).bind(county).bind(as_json(&asked)).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?))).collect()
}

/// Writes lines of the audit trail.
pub(super) async fn save_acts(tx: &mut Connection, county: &str, lines: &[ActLine]) -> Result<(), Failure> {
    const SQL: &str = "insert into act (county, act, at, actor, face, kind, book, what, before_digest, after_digest, \
         idempotency_key, request_digest, answer) \
         select $1, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, \
         value->>9, value->>10, value->>11 from jsonb_each($2)";
    let rows: Vec<_> = lines.iter().map(as_row).collect();
    sqlx::query(SQL).bind(county).bind(as_json(&rows)).execute(tx).await?;
    Ok(())
}

fn as_row(line: &ActLine) -> [Option<&str>; 12] {
    [
        Some(&line.act),
        Some(&line.at),
        Some(&line.actor),
        Some(&line.face),
        Some(&line.kind),
        line.book.as_deref(),
        Some(&line.what),
        line.before_digest.as_deref(),
        line.after_digest.as_deref(),
        line.idempotency_key.as_deref(),
        Some(&line.request_digest),
        Some(&line.answer),
    ]
}

/// The audit trail of a county after a given act, oldest first, at most `limit` lines.
pub async fn acts(tx: &mut Connection, county: &str, after: &str, limit: i64) -> Result<Vec<ActLine>, Failure> {
    const SQL: &str = "select act, at, actor, face, kind, book, what, before_digest, after_digest, idempotency_key, \
         request_digest, answer from act where county = $1 and act > $2 order by act limit $3";
    let rows = sqlx::query(SQL).bind(county).bind(after).bind(limit).fetch_all(tx).await?;
    rows.iter()
        .map(|row| {
            Ok(ActLine {
                act: column(row, 0)?,
                at: column(row, 1)?,
                actor: column(row, 2)?,
                face: column(row, 3)?,
                kind: column(row, 4)?,
                book: column(row, 5)?,
                what: column(row, 6)?,
                before_digest: column(row, 7)?,
                after_digest: column(row, 8)?,
                idempotency_key: column(row, 9)?,
                request_digest: column(row, 10)?,
                answer: column(row, 11)?,
            })
        })
        .collect()
}

/// A book's place and last digest.
pub(super) async fn book_state(
    tx: &mut Connection,
    county: &str,
    book: &str,
) -> Result<(Option<String>, String), crate::db::Stop> {
    const SQL: &str = "select place, last_digest from book where county = $1 and book = $2";
    let row = sqlx::query(SQL).bind(county).bind(book).fetch_optional(tx).await?;
    let row = row.ok_or_else(|| OfficeRefusal::UnknownBook { book: book.to_owned() })?;
    Ok((column(&row, 0)?, column(&row, 1)?))
}

/// The places of these books, (book, place); `None` if one of these keys was answered before.
pub(super) async fn places_unless_answered(
    tx: &mut Connection,
    county: &str,
    keys: &[[&str; 1]],
    books: &[[&str; 1]],
) -> Result<Option<Vec<(String, Option<String>)>>, Failure> {
    // One look-up by key for each: joined, both engines may read the county's whole trail (src/decisions/0005).
    const SQL: &str = "select book, place from book where county = $1 and book in (select value->>0 from jsonb_each($3)) \
         union all select null, r.value->>0 from jsonb_each($2) r where \
         (select a.act from act a where a.county = $1 and a.idempotency_key = r.value->>0) is not null";
    let rows = sqlx::query(SQL).bind(county).bind(as_json(keys)).bind(as_json(books)).fetch_all(tx).await?;
    let place = |row| column::<Option<String>>(row, 0)?.map(|book| column(row, 1).map(|place| (book, place))).transpose();
    rows.iter().map(place).collect()
}
