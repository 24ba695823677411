//! Lists of people for sheets: a dividend's members, a subsidy batch's households. Names and sums, nothing else of a person.

use sqlx::any::AnyRow;

use crate::controls::disclosure::reports::Share;
use crate::db::rows::column;
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

fn fen(row: &AnyRow, index: usize) -> Result<Amount, Failure> {
    Ok(Amount::from_fen(column(row, index)?))
}

/// The year and the members of a reviewed plan, in the order of their codes.
pub async fn dividend(tx: &mut Connection, county: &str, book: &BookCode, plan: i64) -> Result<(i64, Vec<Share>), Failure> {
    const SQL: &str = "select coalesce(p.name, h.head_name, d.name, r.member), r.tax_cents, r.net_cents, l.year from dividend_row r \
         join dividend_plan l on l.county = r.county and l.book = r.book and l.plan = r.plan \
         and l.state in ('reviewed', 'published', 'posted', 'archived') \
         left join payee p on p.county = r.county and p.party = r.member \
         left join household h on h.county = r.county and h.household = r.member \
         left join dimension_member d on d.county = r.county and d.book = r.book and d.dimension = 'party' and d.member = r.member \
         where r.county = $1 and r.book = $2 and r.plan = $3 order by r.member";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(plan).fetch_all(tx).await?;
    let year = rows.first().map(|row| column(row, 3)).transpose()?.unwrap_or_default();
    let share = |row: &AnyRow| Ok(Share { name: column(row, 0)?, tax: fen(row, 1)?, net: fen(row, 2)? });
    Ok((year, rows.iter().map(share).collect::<Result<_, Failure>>()?))
}

/// The households of a village in a batch of subsidies: name, principal, days, subsidy.
pub async fn subsidies(
    tx: &mut Connection,
    county: &str,
    place: &str,
    batch: &str,
) -> Result<Vec<(String, Amount, i64, Amount)>, Failure> {
    const SQL: &str = "select h.head_name, r.principal_cents, r.days, r.subsidy_cents from subsidy_row r \
         join household h on h.county = r.county and h.household = r.household \
         where r.county = $1 and r.batch = $2 and h.place = $3 and r.excluded is null and r.subsidy_cents <> 0 \
         order by r.household, r.loan, r.due_on";
    let rows = sqlx::query(SQL).bind(county).bind(batch).bind(place).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, fen(row, 1)?, column(row, 2)?, fen(row, 3)?))).collect()
}
