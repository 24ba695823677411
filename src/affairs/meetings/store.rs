//! Matters and their steps, as kept.

use std::collections::BTreeMap;

use super::{Held, Matter, Step};
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

/// The matters of a book, oldest first; one only, if a number is given.
pub async fn matters(tx: &mut Connection, county: &str, book: &BookCode, only: Option<i64>) -> Result<Vec<Matter>, Failure> {
    const MATTERS: &str = "select meeting, subject, amount_cents from meeting where county = $1 and book = $2 \
         and (meeting = $3 or $3 = 0) order by meeting";
    const STEPS: &str = "select meeting, step, held_on, place, expected, present, votes_for, votes_against, abstained, document \
         from meeting_step where county = $1 and book = $2 and (meeting = $3 or $3 = 0)";
    let mut steps: BTreeMap<i64, Vec<Held>> = BTreeMap::new();
    for row in &sqlx::query(STEPS).bind(county).bind(&book.0).bind(only.unwrap_or(0)).fetch_all(&mut *tx).await? {
        let held = Held {
            step: parsed(row, 1, Step::parse)?,
            on: parsed(row, 2, |text| text.parse().ok())?,
            place: column(row, 3)?,
            expected: column(row, 4)?,
            present: column(row, 5)?,
            in_favour: column(row, 6)?,
            against: column(row, 7)?,
            abstained: column(row, 8)?,
            document: column(row, 9)?,
        };
        steps.entry(column(row, 0)?).or_default().push(held);
    }
    let rows = sqlx::query(MATTERS).bind(county).bind(&book.0).bind(only.unwrap_or(0)).fetch_all(tx).await?;
    let mut all = Vec::new();
    for row in &rows {
        let meeting: i64 = column(row, 0)?;
        let mut held = steps.remove(&meeting).unwrap_or_default();
        held.sort_by_key(|held| (held.step, held.on));
        let (subject, amount) = (column(row, 1)?, Amount::from_fen(column(row, 2)?));
        all.push(Matter { meeting, subject, amount, steps: held });
    }
    Ok(all)
}

/// Keeps a new matter; the book is locked. Answers its number.
pub async fn insert(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (subject, amount): (&str, Amount),
    (by, at): (&str, &str),
) -> Result<i64, Failure> {
    const NEXT: &str = "select cast(coalesce(max(meeting), 0) + 1 as bigint) from meeting where county = $1 and book = $2";
    const SQL: &str = "insert into meeting (county, book, meeting, subject, amount_cents, made_by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7)";
    let number: i64 = column(&sqlx::query(NEXT).bind(county).bind(&book.0).fetch_one(&mut *tx).await?, 0)?;
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(number).bind(subject).bind(amount.fen());
    query.bind(by).bind(at).execute(tx).await?;
    Ok(number)
}

/// Keeps a step.
pub async fn add_step(
    tx: &mut Connection,
    county: &str,
    (book, meeting): (&BookCode, i64),
    held: &Held,
    (by, at): (&str, &str),
) -> Result<(), Failure> {
    const SQL: &str = "insert into meeting_step (county, book, meeting, step, held_on, place, expected, present, votes_for, \
         votes_against, abstained, document, made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(meeting).bind(held.step.as_str()).bind(held.on.to_string());
    let query = query.bind(&held.place).bind(held.expected).bind(held.present).bind(held.in_favour).bind(held.against);
    query.bind(held.abstained).bind(&held.document).bind(by).bind(at).execute(tx).await?;
    Ok(())
}
