//! Movements, as statements read them: O(accounts), never O(vouchers).

use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

use super::MovementRow;
use crate::calendar::AccountingPeriod;
use crate::db::rows::{Cells, column, packing, unpacked};
use crate::db::{Connection, Failure};
use crate::ledger::{AccountCode, BookCode, Dimension, Stage};

/// The movements of a book's year through a period: whole accounts, and the parties of accounts that stand on two
/// sides. Months before `at` are summed and stand in the month before it.
pub async fn movements(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    at: AccountingPeriod,
) -> Result<Vec<MovementRow>, Failure> {
    const FROM: &str = "(select m.dimension, m.account, m.member, case when m.period < $5 and m.period > $3 then $6 else m.period end \
         as period, m.stage, sum(m.debit_cents) as debit_cents, sum(m.credit_cents) as credit_cents from period_movement m \
         where m.county = $1 and m.book = $2 and m.dimension = '' and m.period >= $3 and m.period <= $4 group by 1, 2, 3, 4, 5 \
         union all select m.dimension, m.account, m.member, case when m.period < $5 and m.period > $3 then $6 else m.period end, \
         m.stage, sum(m.debit_cents), sum(m.credit_cents) from period_movement m \
         join account a on a.county = m.county and a.book = m.book and a.year = $7 and a.account = m.account and a.is_two_sided = 1 \
         where m.county = $1 and m.book = $2 and m.dimension = 'party' and m.period >= $3 and m.period <= $4 \
         group by 1, 2, 3, 4, 5) moved";
    let (opening, through) = (AccountingPeriod::opening(at.year()).to_string(), at.to_string());
    let before = if at.month() <= 1 { through.clone() } else { at.previous().to_string() };
    let query = sqlx::query(AssertSqlSafe(packing(&COLUMNS, FROM))).bind(county).bind(&book.0).bind(&opening).bind(&through);
    let row = query.bind(&through).bind(&before).bind(i64::from(at.year())).fetch_one(tx).await?;
    moved(&row)
}

/// The movements of a book's year through a period for every member of one dimension, month by month, with the whole accounts.
pub async fn movements_by(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    at: AccountingPeriod,
    dimension: Dimension,
) -> Result<Vec<MovementRow>, Failure> {
    const FROM: &str = "(select * from period_movement \
         where county = $1 and book = $2 and dimension in ('', $5) and period >= $3 and period <= $4) moved";
    let query = sqlx::query(AssertSqlSafe(packing(&COLUMNS, FROM))).bind(county).bind(&book.0);
    let query = query.bind(AccountingPeriod::opening(at.year()).to_string()).bind(at.to_string()).bind(dimension.as_str());
    moved(&query.fetch_one(tx).await?)
}

/// The movements of a book's year through a period, whole accounts only, month by month.
pub async fn movements_by_month(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    at: AccountingPeriod,
) -> Result<Vec<MovementRow>, Failure> {
    const FROM: &str = "(select * from period_movement \
         where county = $1 and book = $2 and dimension = '' and period >= $3 and period <= $4) moved";
    let query = sqlx::query(AssertSqlSafe(packing(&COLUMNS, FROM))).bind(county).bind(&book.0);
    moved(&query.bind(AccountingPeriod::opening(at.year()).to_string()).bind(at.to_string()).fetch_one(tx).await?)
}

/// True if anything was posted to the opening of a year.
pub async fn has_opening(tx: &mut Connection, county: &str, book: &BookCode, year: i32) -> Result<bool, Failure> {
    const SQL: &str = "select 1 from period_movement where county = $1 and book = $2 and dimension = '' and period = $3 limit 1";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(AccountingPeriod::opening(year).to_string());
    Ok(query.fetch_optional(tx).await?.is_some())
}

/// True if the book keeps a period.
pub async fn has_period(tx: &mut Connection, county: &str, book: &BookCode, period: AccountingPeriod) -> Result<bool, Failure> {
    const SQL: &str = "select 1 from accounting_period where county = $1 and book = $2 and period = $3";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(period.to_string());
    Ok(query.fetch_optional(tx).await?.is_some())
}

const COLUMNS: [&str; 7] = ["dimension", "account", "member", "period", "stage", "debit_cents", "credit_cents"];

fn moved(row: &AnyRow) -> Result<Vec<MovementRow>, Failure> {
    unpacked(&column::<String>(row, 0)?).map(|cells| movement(&cells)).collect()
}

fn movement(cells: &Cells<'_>) -> Result<MovementRow, Failure> {
    let dimension = cells.text(0)?;
    let member = cells.text(2)?;
    Ok(MovementRow {
        account: AccountCode(cells.text(1)?),
        dimension: Dimension::parse(&dimension),
        member: (!dimension.is_empty()).then_some(member),
        period: cells.parsed(3, |text| AccountingPeriod::parse(text).ok())?,
        stage: cells.parsed(4, Stage::parse)?,
        debit: cells.fen(5)?,
        credit: cells.fen(6)?,
    })
}
