//! One-off funds and grants, as kept.

use sqlx::any::AnyRow;

use crate::calendar::BusinessDate;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

/// A fund.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AidFund {
    /// Its book.
    pub book: BookCode,
    /// What for.
    pub purpose: String,
    /// Whom it helps with how much, in words of its rule.
    pub standard: String,
    /// The rule.
    pub document: String,
    /// Since when.
    pub opened_on: BusinessDate,
}

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Grant {
    /// Code within the fund.
    pub grant: String,
    /// Title.
    pub title: String,
    /// Approval.
    pub document: String,
    /// When.
    pub on: BusinessDate,
    /// How many people.
    pub rows: i64,
    /// Σ.
    pub total: Amount,
    /// The batch that pays it.
    pub batch: String,
}

/// Keeps a new fund.
pub async fn insert_fund(tx: &mut Connection, county: &str, fund: &AidFund) -> Result<(), Failure> {
    const SQL: &str =
        "insert into aid_fund (county, book, purpose, standard, document, opened_on) values ($1, $2, $3, $4, $5, $6)";
    let query = sqlx::query(SQL).bind(county).bind(&fund.book.0).bind(&fund.purpose).bind(&fund.standard);
    query.bind(&fund.document).bind(fund.opened_on.to_string()).execute(tx).await?;
    Ok(())
}

/// All funds, by book.
pub async fn funds(tx: &mut Connection, county: &str) -> Result<Vec<AidFund>, Failure> {
    const SQL: &str = "select book, purpose, standard, document, opened_on from aid_fund where county = $1 order by book";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    let fund = |row: &AnyRow| {
        Ok(AidFund {
            book: BookCode(column(row, 0)?),
            purpose: column(row, 1)?,
            standard: column(row, 2)?,
            document: column(row, 3)?,
            opened_on: parsed(row, 4, |text| text.parse().ok())?,
        })
    };
    rows.iter().map(fund).collect()
}

/// True if the book is a fund's.
pub async fn is_fund(tx: &mut Connection, county: &str, book: &BookCode) -> Result<bool, Failure> {
    const SQL: &str = "select book from aid_fund where county = $1 and book = $2";
    Ok(sqlx::query(SQL).bind(county).bind(&book.0).fetch_optional(tx).await?.is_some())
}

/// Keeps a grant.
pub async fn insert_grant(tx: &mut Connection, county: &str, book: &BookCode, grant: &Grant, event: &str) -> Result<(), Failure> {
    const SQL: &str = "insert into aid_grant (county, book, grant_code, title, document, dated_on, rows_count, total_cents, batch, event) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(&grant.grant).bind(&grant.title).bind(&grant.document);
    let query = query.bind(grant.on.to_string()).bind(grant.rows).bind(grant.total.fen()).bind(&grant.batch);
    query.bind(event).execute(tx).await?;
    Ok(())
}

/// The grants of a fund, oldest first.
pub async fn grants(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<Grant>, Failure> {
    const SQL: &str = "select grant_code, title, document, dated_on, rows_count, total_cents, batch from aid_grant \
         where county = $1 and book = $2 order by dated_on, grant_code";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    let grant = |row: &AnyRow| {
        Ok(Grant {
            grant: column(row, 0)?,
            title: column(row, 1)?,
            document: column(row, 2)?,
            on: parsed(row, 3, |text| text.parse().ok())?,
            rows: column(row, 4)?,
            total: Amount::from_fen(column(row, 5)?),
            batch: column(row, 6)?,
        })
    };
    rows.iter().map(grant).collect()
}

/// Debit less credit of an account since the book began, openings carried from year to year counted once.
pub async fn balance(tx: &mut Connection, county: &str, book: &BookCode, account: &str) -> Result<Amount, Failure> {
    const SQL: &str = "select cast(coalesce(sum(m.debit_cents - m.credit_cents), 0) as bigint) from period_movement m \
         join book b on b.county = m.county and b.book = m.book where m.county = $1 and m.book = $2 and m.dimension = '' \
         and m.account like $3 || '%' and (m.stage <> 'opening' or m.period = substr(b.first_period, 1, 4) || '-00')";
    let row = sqlx::query(SQL).bind(county).bind(&book.0).bind(account).fetch_one(tx).await?;
    Ok(Amount::from_fen(column(&row, 0)?))
}
