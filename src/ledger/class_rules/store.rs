//! Rules of classes of money, and the books they are about, as kept.

use std::collections::HashMap;

use super::ClassRule;
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;

/// A county's own rows.
pub async fn own(tx: &mut Connection, county: &str) -> Result<Vec<ClassRule>, Failure> {
    const SQL: &str = "select row_text from control_rule where county = $1 and room = 'fund_class' order by rule";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| parsed(row, 0, |text| serde_json::from_str(text).ok())).collect()
}

/// Keeps a county's own rows; one of the same name is replaced.
pub async fn save(tx: &mut Connection, county: &str, rules: &[ClassRule], (by, at): (&str, &str)) -> Result<(), Failure> {
    const SQL: &str = "insert into control_rule (county, room, rule, row_text, added_by, added_at) \
         select $1, 'fund_class', value->>0, value->>1, $3, $4 from json_each($2) where true \
         on conflict (county, room, rule) do update set row_text = excluded.row_text, added_by = excluded.added_by, \
         added_at = excluded.added_at";
    let text = |rule: &ClassRule| serde_json::to_string(rule).expect("rules are plain data and always serialise");
    let rows: Vec<(&str, String)> = rules.iter().map(|rule| (rule.rule.as_str(), text(rule))).collect();
    sqlx::query(SQL).bind(county).bind(as_json(&rows)).bind(by).bind(at).execute(tx).await?;
    Ok(())
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
