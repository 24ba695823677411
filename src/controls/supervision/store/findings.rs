//! Findings, as kept.

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use crate::calendar::BusinessDate;
use crate::controls::supervision::finding::{Finding, FindingState};
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;

const COLUMNS: &str = "finding, book, rule, object, title, asked, owner, due_on, state, raised_by, raised_on, answer, document, \
     answered_by, answered_on, closed_by, closed_on";

fn day_at(row: &AnyRow, index: usize) -> Result<Option<BusinessDate>, Failure> {
    Ok(column::<Option<String>>(row, index)?.and_then(|text| text.parse().ok()))
}

fn finding_at(row: &AnyRow) -> Result<Finding, Failure> {
    let (rule, object): (Option<String>, Option<String>) = (column(row, 2)?, column(row, 3)?);
    Ok(Finding {
        finding: column(row, 0)?,
        book: BookCode(column(row, 1)?),
        flag: rule.zip(object),
        title: column(row, 4)?,
        text: column(row, 5)?,
        owner: column(row, 6)?,
        due_on: parsed(row, 7, |text| text.parse().ok())?,
        state: parsed(row, 8, FindingState::parse)?,
        raised_by: column(row, 9)?,
        raised_on: parsed(row, 10, |text| text.parse().ok())?,
        answer: column(row, 11)?,
        document: column(row, 12)?,
        answered_by: column(row, 13)?,
        answered_on: day_at(row, 14)?,
        closed_by: column(row, 15)?,
        closed_on: day_at(row, 16)?,
    })
}

/// Findings of a book, or of all for a blank one, newest first.
pub async fn findings(tx: &mut Connection, county: &str, book: &str) -> Result<Vec<Finding>, Failure> {
    let sql = AssertSqlSafe(format!(
        "select {COLUMNS} from finding where county = $1 and (book = $2 or $2 = '') order by finding desc"
    ));
    let rows = sqlx::query(sql).bind(county).bind(book).fetch_all(tx).await?;
    rows.iter().map(finding_at).collect()
}

/// One finding.
pub async fn finding(tx: &mut Connection, county: &str, finding: i64) -> Result<Option<Finding>, Failure> {
    let sql = AssertSqlSafe(format!("select {COLUMNS} from finding where county = $1 and finding = $2"));
    let row = sqlx::query(sql).bind(county).bind(finding).fetch_optional(tx).await?;
    row.as_ref().map(finding_at).transpose()
}

/// The number after the last finding.
pub async fn next_number(tx: &mut Connection, county: &str) -> Result<i64, Failure> {
    const SQL: &str = "select cast(coalesce(max(finding), 0) + 1 as bigint) from finding where county = $1";
    column(&sqlx::query(SQL).bind(county).fetch_one(tx).await?, 0)
}

/// Keeps a finding as it stands now.
pub async fn save(tx: &mut Connection, county: &str, f: &Finding) -> Result<(), Failure> {
    const SQL: &str = "insert into finding (county, finding, book, rule, object, title, asked, owner, due_on, state, raised_by, raised_on, \
         answer, document, answered_by, answered_on, closed_by, closed_on) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
         on conflict (county, finding) do update set state = excluded.state, answer = excluded.answer, document = excluded.document, \
         answered_by = excluded.answered_by, answered_on = excluded.answered_on, closed_by = excluded.closed_by, closed_on = excluded.closed_on";
    let day = |on: Option<BusinessDate>| on.map(|on| on.to_string());
    let (rule, object) = f.flag.clone().unzip();
    let query =
        sqlx::query(SQL).bind(county).bind(f.finding).bind(&f.book.0).bind(rule).bind(object).bind(&f.title).bind(&f.text);
    let query =
        query.bind(&f.owner).bind(f.due_on.to_string()).bind(f.state.as_str()).bind(&f.raised_by).bind(f.raised_on.to_string());
    let query =
        query.bind(f.answer.as_deref()).bind(f.document.as_deref()).bind(f.answered_by.as_deref()).bind(day(f.answered_on));
    query.bind(f.closed_by.as_deref()).bind(day(f.closed_on)).execute(tx).await?;
    Ok(())
}
