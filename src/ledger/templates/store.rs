//! Templates of vouchers, as kept.

use sqlx::any::AnyRow;

use super::Template;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::{BookCode, Word};

/// Keeps a template, in place of one of the same name.
pub async fn save(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    template: &Template,
    by: (&str, &str),
) -> Result<(), Failure> {
    const SQL: &str = "insert into voucher_template (county, book, template, word, lines, kept_by, kept_at) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (county, book, template) do update set word = excluded.word, \
         lines = excluded.lines, kept_by = excluded.kept_by, kept_at = excluded.kept_at";
    let lines = serde_json::to_string(&template.lines).expect("lines always serialise");
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(&template.name).bind(template.word.as_str()).bind(lines);
    query.bind(by.0).bind(by.1).execute(tx).await?;
    Ok(())
}

/// Takes a template away; false if there was none.
pub async fn remove(tx: &mut Connection, county: &str, book: &BookCode, name: &str) -> Result<bool, Failure> {
    const SQL: &str = "delete from voucher_template where county = $1 and book = $2 and template = $3";
    Ok(sqlx::query(SQL).bind(county).bind(&book.0).bind(name).execute(tx).await?.rows_affected() > 0)
}

/// All templates of a book, by name.
pub async fn templates(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<Template>, Failure> {
    const SQL: &str = "select template, word, lines from voucher_template where county = $1 and book = $2 order by template";
    sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?.iter().map(template).collect()
}

fn template(row: &AnyRow) -> Result<Template, Failure> {
    let lines: String = column(row, 2)?;
    let lines = serde_json::from_str(&lines).map_err(|cause| Failure::Damaged(format!("{lines}: {cause}")))?;
    Ok(Template { name: column(row, 0)?, word: parsed(row, 1, Word::parse)?, lines })
}
