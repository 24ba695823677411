//! Saved papers, rules and file templates.

use sqlx::any::AnyRow;

use crate::calendar::AccountingPeriod;
use crate::controls::reconciliation::rules::{Direction, Rule};
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::exchange::bank_statement::{DebitMeans, Template};
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;

/// A paper somebody answered for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Document {
    /// `bank` or `loan-list`.
    pub kind: String,
    /// Bank account, or bank.
    pub subject: String,
    /// Month.
    pub period: AccountingPeriod,
    /// From 1.
    pub version: i64,
    /// SHA-256 of the content.
    pub digest: String,
    /// The sheets as JSON.
    pub content: String,
    /// What does not balance; zero if both sides agree.
    pub difference: Amount,
    /// When it was saved.
    pub made_at: String,
    /// Who answers for it.
    pub made_by: String,
}

const HEAD: &str = "select kind, subject, period, version, digest, content, difference_cents, made_at, made_by \
     from reconciliation_document d where county = $1 ";

fn read(row: &AnyRow) -> Result<Document, Failure> {
    Ok(Document {
        kind: column(row, 0)?,
        subject: column(row, 1)?,
        period: parsed(row, 2, |text| AccountingPeriod::parse(text).ok())?,
        version: column(row, 3)?,
        digest: column(row, 4)?,
        content: column(row, 5)?,
        difference: Amount::from_fen(column(row, 6)?),
        made_at: column(row, 7)?,
        made_by: column(row, 8)?,
    })
}

/// The last version of a paper.
pub async fn document(
    tx: &mut Connection,
    county: &str,
    (kind, subject): (&str, &str),
    period: AccountingPeriod,
) -> Result<Option<Document>, Failure> {
    let sql = sqlx::AssertSqlSafe(format!("{HEAD} and kind = $2 and subject = $3 and period = $4 order by version desc limit 1"));
    let query = sqlx::query(sql).bind(county).bind(kind).bind(subject).bind(period.to_string());
    query.fetch_optional(tx).await?.as_ref().map(read).transpose()
}

/// The last version of every paper of a kind in a month.
pub async fn latest_documents(
    tx: &mut Connection,
    county: &str,
    kind: &str,
    period: AccountingPeriod,
) -> Result<Vec<Document>, Failure> {
    let sql = sqlx::AssertSqlSafe(format!(
        "{HEAD} and kind = $2 and period = $3 and version = (select max(e.version) from reconciliation_document e where e.county = d.county \
         and e.kind = d.kind and e.subject = d.subject and e.period = d.period) order by subject"
    ));
    sqlx::query(sql).bind(county).bind(kind).bind(period.to_string()).fetch_all(tx).await?.iter().map(read).collect()
}

/// Keeps a paper as a new version.
pub async fn save_document(tx: &mut Connection, county: &str, document: &Document) -> Result<(), Failure> {
    const SQL: &str = "insert into reconciliation_document (county, kind, subject, period, version, digest, content, difference_cents, \
         made_at, made_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let query = sqlx::query(SQL).bind(county).bind(&document.kind).bind(&document.subject).bind(document.period.to_string());
    let query = query.bind(document.version).bind(&document.digest).bind(&document.content).bind(document.difference.fen());
    query.bind(&document.made_at).bind(&document.made_by).execute(tx).await?;
    Ok(())
}

/// The rules of a book, by name.
pub async fn rules(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<Rule>, Failure> {
    const SQL: &str = "select rule, contains, direction, account, dimensions from reconciliation_rule \
         where county = $1 and book = $2 order by rule";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    let rule = |row: &AnyRow| {
        Ok(Rule {
            name: column(row, 0)?,
            contains: column(row, 1)?,
            direction: parsed(row, 2, Direction::parse)?,
            account: AccountCode(column(row, 3)?),
            dimensions: parsed(row, 4, |text| serde_json::from_str(text).ok())?,
        })
    };
    rows.iter().map(rule).collect()
}

/// Keeps a rule, over an older one of its name.
pub async fn save_rule(tx: &mut Connection, county: &str, book: &BookCode, rule: &Rule) -> Result<(), Failure> {
    const SQL: &str = "insert into reconciliation_rule (county, book, rule, contains, direction, account, dimensions) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (county, book, rule) do update set contains = excluded.contains, \
         direction = excluded.direction, account = excluded.account, dimensions = excluded.dimensions";
    let dimensions = serde_json::to_string(&rule.dimensions).unwrap_or_else(|_| "{}".to_owned());
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(&rule.name).bind(&rule.contains);
    query.bind(rule.direction.as_str()).bind(rule.account.as_str()).bind(dimensions).execute(tx).await?;
    Ok(())
}

/// The file templates of the county, by name.
pub async fn templates(tx: &mut Connection, county: &str) -> Result<Vec<Template>, Failure> {
    const SQL: &str =
        "select template, headings, mapping, debit_means from statement_template where county = $1 order by template";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    let template = |row: &AnyRow| {
        let means: Option<String> = column(row, 3)?;
        let debit_means = means.map(|text| if text == "in" { DebitMeans::In } else { DebitMeans::Out });
        Ok(Template { name: column(row, 0)?, headings: column(row, 1)?, mapping: column(row, 2)?, debit_means })
    };
    rows.iter().map(template).collect()
}

/// Keeps a template, over an older one of its name.
pub async fn save_template(tx: &mut Connection, county: &str, template: &Template) -> Result<(), Failure> {
    const SQL: &str = "insert into statement_template (county, template, headings, mapping, debit_means) values ($1, $2, $3, $4, $5) \
         on conflict (county, template) do update set headings = excluded.headings, mapping = excluded.mapping, debit_means = excluded.debit_means";
    let means = template.debit_means.map(|means| if means == DebitMeans::In { "in" } else { "out" });
    let query = sqlx::query(SQL).bind(county).bind(&template.name).bind(&template.headings).bind(&template.mapping);
    query.bind(means).execute(tx).await?;
    Ok(())
}
