//! Duty persons, as kept.

use sqlx::any::AnyRow;

use super::{Duty, Post};
use crate::calendar::BusinessDate;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;

/// Everybody who had a post in a book, in the order of registration.
pub async fn duties(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<Duty>, Failure> {
    const SQL: &str =
        "select duty, post, name, from_on, through_on, document from duty where county = $1 and book = $2 order by duty";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    let duty = |row: &AnyRow| {
        Ok(Duty {
            duty: column(row, 0)?,
            post: parsed(row, 1, Post::parse)?,
            name: column(row, 2)?,
            from: parsed(row, 3, |text| text.parse().ok())?,
            through: column::<Option<String>>(row, 4)?.and_then(|text| text.parse().ok()),
            document: column(row, 5)?,
        })
    };
    rows.iter().map(duty).collect()
}

/// Keeps somebody in a post.
pub async fn insert(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    duty: &Duty,
    (by, at): (&str, &str),
) -> Result<(), Failure> {
    const SQL: &str = "insert into duty (county, book, duty, post, name, from_on, through_on, document, made_by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(duty.duty).bind(duty.post.as_str()).bind(&duty.name);
    let query = query.bind(duty.from.to_string()).bind(duty.through.map(|day| day.to_string())).bind(&duty.document);
    query.bind(by).bind(at).execute(tx).await?;
    Ok(())
}

/// Writes down when somebody left.
pub async fn set_through(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    duty: i64,
    through: BusinessDate,
) -> Result<(), Failure> {
    const SQL: &str = "update duty set through_on = $4 where county = $1 and book = $2 and duty = $3";
    sqlx::query(SQL).bind(county).bind(&book.0).bind(duty).bind(through.to_string()).execute(tx).await?;
    Ok(())
}
