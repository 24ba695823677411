//! Rules of classes of money, and the books they are about, as kept.

use std::collections::HashMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ClassRule;
use super::registers::{Happened, RegisterClass};
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;

/// The room of rows on what registers post.
pub(super) const REGISTERS: &str = "register_class";
const CLASSES: &str = "fund_class";

/// A county's own rows on lines without a class.
pub async fn own(tx: &mut Connection, county: &str) -> Result<Vec<ClassRule>, Failure> {
    own_of(tx, county, CLASSES).await
}

/// A county's own rows on what registers post.
pub async fn own_registers(tx: &mut Connection, county: &str) -> Result<Vec<RegisterClass>, Failure> {
    own_of(tx, county, REGISTERS).await
}

/// A county's own rows of a room.
pub(super) async fn own_of<R: DeserializeOwned>(tx: &mut Connection, county: &str, room: &str) -> Result<Vec<R>, Failure> {
    const SQL: &str = "select row_text from control_rule where county = $1 and room = $2 order by rule";
    let rows = sqlx::query(SQL).bind(county).bind(room).fetch_all(tx).await?;
    rows.iter().map(|row| parsed(row, 0, |text| serde_json::from_str(text).ok())).collect()
}

/// Keeps a county's own rows on lines without a class.
pub async fn save(tx: &mut Connection, county: &str, rules: &[ClassRule], by: (&str, &str)) -> Result<(), Failure> {
    let rows: Vec<(&str, &ClassRule)> = rules.iter().map(|rule| (rule.rule.as_str(), rule)).collect();
    save_of(tx, (county, CLASSES), &rows, by).await
}

/// Keeps a county's own rows of a room; one of the same name is replaced.
pub(super) async fn save_of<R: Serialize>(
    tx: &mut Connection,
    (county, room): (&str, &str),
    rules: &[(&str, &R)],
    (by, at): (&str, &str),
) -> Result<(), Failure> {
    const SQL: &str = "insert into control_rule (county, room, rule, row_text, added_by, added_at) \
         select $1, $5, value->>0, value->>1, $3, $4 from json_each($2) where true \
         on conflict (county, room, rule) do update set row_text = excluded.row_text, added_by = excluded.added_by, \
         added_at = excluded.added_at";
    let text = |rule: &R| serde_json::to_string(rule).expect("rules are plain data and always serialise");
    let rows: Vec<(&str, String)> = rules.iter().map(|(name, rule)| (*name, text(rule))).collect();
    sqlx::query(SQL).bind(county).bind(as_json(&rows)).bind(by).bind(at).bind(room).execute(tx).await?;
    Ok(())
}

/// What an event says happened.
pub(super) async fn happened(tx: &mut Connection, county: &str, event: &str) -> Result<Option<Happened>, Failure> {
    const SQL: &str = "select kind, what from event where county = $1 and event = $2";
    let Some(row) = sqlx::query(SQL).bind(county).bind(event).fetch_optional(tx).await? else { return Ok(None) };
    let what: serde_json::Value = parsed(&row, 1, |text| serde_json::from_str(text).ok())?;
    Ok(Some(Happened { kind: column(&row, 0)?, detail: what["kind"].as_str().map(str::to_owned) }))
}

/// Place and regime by year of those of some books that a village keeps.
pub async fn villages(
    tx: &mut Connection,
    county: &str,
    books: &[&BookCode],
) -> Result<HashMap<(BookCode, i32), (String, String)>, Failure> {
    const SQL: &str = "select b.book, y.year, coalesce(b.place, ''), y.regime from book b \
         join book_year y on y.county = b.county and y.book = b.book where b.county = $1 and b.kind = 'village' \
         and b.book in (select value->>0 from json_each($2))";
    let asked: Vec<[&str; 1]> = books.iter().map(|book| [book.0.as_str()]).collect();
    let rows = sqlx::query(SQL).bind(county).bind(as_json(&asked)).fetch_all(tx).await?;
    let one = |row| {
        let year: i64 = column(row, 1)?;
        Ok(((BookCode(column(row, 0)?), year as i32), (column(row, 2)?, column(row, 3)?)))
    };
    rows.iter().map(one).collect()
}
