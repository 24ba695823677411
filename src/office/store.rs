//! The audit trail, as kept: one line an act, with the answer a repeated key gets.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::act::OfficeRefusal;
use crate::access::AccessRefusal;
use crate::access::store::{ACTORS, Actor, ActorRow, as_actors};
use crate::db::rows::{as_json, column};
use crate::db::{Connection, Engine, Failure, Writes};
use crate::ledger::BookCode;
use crate::ledger::store::BookState;

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
pub(super) fn save_acts(writes: &mut Writes<'_>, lines: &[ActLine]) {
    const SQL: &str = "insert into act (county, act, at, actor, face, kind, book, what, before_digest, after_digest, \
         idempotency_key, request_digest, answer) \
         select $1, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, \
         value->>9, value->>10, value->>11 from jsonb_each($2)";
    let rows: Vec<_> = lines.iter().map(as_row).collect();
    writes.add(SQL, as_json(&rows));
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

/// What a list must know before it is done, each sorted and once; each a row by itself, as the look-up takes them.
#[derive(Debug, Default)]
pub(super) struct Asked<'a> {
    /// Who acts.
    pub(super) users: Vec<[&'a str; 1]>,
    /// Books.
    pub(super) books: Vec<[&'a str; 1]>,
}

/// What the database says of it.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// The places of the books there are.
    pub(super) places: HashMap<String, Option<String>>,
    /// Where these books stand; they are locked.
    pub(super) books: HashMap<BookCode, BookState>,
    /// What is known of who acts, in the order asked.
    pub(super) actors: Vec<Result<Actor, AccessRefusal>>,
}

/// Locks the books, in ascending order, and says where they stand and what who acts may do.
pub(super) async fn standing(tx: &mut Connection, engine: Engine, county: &str, asked: &Asked<'_>) -> Result<Standing, Failure> {
    let sql = format!(
        "with locked as (select book, place, last_voucher, last_posted, last_digest, stopped_on from book \
         where county = $1 and book in (select value->>0 from jsonb_each($3)) order by book{}), \
         known as ({ACTORS}) select 'book', book, place, stopped_on, last_digest, last_voucher, last_posted from locked \
         union all select 'user', user_name, stopped_on, role, scope, null, null from known",
        engine.locking()
    );
    let query = sqlx::query(AssertSqlSafe(sql)).bind(county).bind(as_json(&asked.users)).bind(as_json(&asked.books));
    let (mut standing, mut grants) = (Standing::default(), Vec::new());
    for row in &query.fetch_all(tx).await? {
        match column::<String>(row, 0)?.as_str() {
            "user" => grants.push(ActorRow(column(row, 1)?, column(row, 2)?, column(row, 3)?, column(row, 4)?)),
            _ => standing.learn(row)?,
        }
    }
    let names: Vec<&str> = asked.users.iter().map(|[name]| *name).collect();
    standing.actors = as_actors(&names, grants)?;
    Ok(standing)
}

impl Standing {
    fn learn(&mut self, row: &AnyRow) -> Result<(), Failure> {
        let book: String = column(row, 1)?;
        let (last_digest, last_voucher, last_posted) = (column(row, 4)?, column(row, 5)?, column(row, 6)?);
        self.places.insert(book.clone(), column(row, 2)?);
        self.books.insert(BookCode(book), BookState { last_voucher, last_posted, last_digest, stopped_on: column(row, 3)? });
        Ok(())
    }
}
