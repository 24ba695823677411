//! Movements, as statements read them: O(accounts), never O(vouchers).

use sqlx::any::AnyRow;

use super::MovementRow;
use crate::calendar::AccountingPeriod;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::{AccountCode, BookCode, Dimension, Stage};
use crate::money::Amount;

/// The movements of a book's year through a period: whole accounts, and the parties of accounts that stand on two
/// sides. Months before `at` are summed and stand in the month before it.
pub async fn movements(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    at: AccountingPeriod,
) -> Result<Vec<MovementRow>, Failure> {
    const WHOLE: &str = "select m.dimension, m.account, m.member, case when m.period < $5 and m.period > $3 then $6 else m.period end, \
         m.stage, cast(sum(m.debit_cents) as bigint), cast(sum(m.credit_cents) as bigint) from period_movement m \
         where m.county = $1 and m.book = $2 and m.dimension = '' and m.period >= $3 and m.period <= $4 \
         group by m.dimension, m.account, m.member, 4, m.stage";
    const PARTIES: &str = "select m.dimension, m.account, m.member, case when m.period < $5 and m.period > $3 then $6 else m.period end, \
         m.stage, cast(sum(m.debit_cents) as bigint), cast(sum(m.credit_cents) as bigint) from period_movement m \
         join account a on a.county = m.county and a.book = m.book and a.year = $7 and a.account = m.account and a.is_two_sided = 1 \
         where m.county = $1 and m.book = $2 and m.dimension = 'party' and m.period >= $3 and m.period <= $4 \
         group by m.dimension, m.account, m.member, 4, m.stage";
    let (opening, through) = (AccountingPeriod::opening(at.year()).to_string(), at.to_string());
    let before = if at.month() <= 1 { through.clone() } else { at.previous().to_string() };
    let mut rows = Vec::new();
    for sql in [WHOLE, PARTIES] {
        let query = sqlx::query(sql).bind(county).bind(&book.0).bind(&opening).bind(&through).bind(&through).bind(&before);
        let query = if sql == PARTIES { query.bind(i64::from(at.year())) } else { query };
        for row in query.fetch_all(&mut *tx).await? {
            rows.push(movement(&row)?);
        }
    }
    Ok(rows)
}

/// The movements of a book's year through a period for every member of one dimension, month by month, with the whole accounts.
pub async fn movements_by(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    at: AccountingPeriod,
    dimension: Dimension,
) -> Result<Vec<MovementRow>, Failure> {
    const SQL: &str = "select dimension, account, member, period, stage, debit_cents, credit_cents from period_movement \
         where county = $1 and book = $2 and dimension in ('', $5) and period >= $3 and period <= $4";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(AccountingPeriod::opening(at.year()).to_string());
    let rows = query.bind(at.to_string()).bind(dimension.as_str()).fetch_all(tx).await?;
    rows.iter().map(movement).collect()
}

/// The movements of a book's year through a period, whole accounts only, month by month.
pub async fn movements_by_month(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    at: AccountingPeriod,
) -> Result<Vec<MovementRow>, Failure> {
    const SQL: &str = "select dimension, account, member, period, stage, debit_cents, credit_cents from period_movement \
         where county = $1 and book = $2 and dimension = '' and period >= $3 and period <= $4";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(AccountingPeriod::opening(at.year()).to_string());
    query.bind(at.to_string()).fetch_all(tx).await?.iter().map(movement).collect()
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

fn movement(row: &AnyRow) -> Result<MovementRow, Failure> {
    let dimension: String = column(row, 0)?;
    let member: String = column(row, 2)?;
    Ok(MovementRow {
        account: AccountCode(column(row, 1)?),
        dimension: Dimension::parse(&dimension),
        member: (!dimension.is_empty()).then_some(member),
        period: parsed(row, 3, |text| AccountingPeriod::parse(text).ok())?,
        stage: parsed(row, 4, Stage::parse)?,
        debit: Amount::from_fen(column(row, 5)?),
        credit: Amount::from_fen(column(row, 6)?),
    })
}
