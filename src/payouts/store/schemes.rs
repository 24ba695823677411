//! What batches say of schemes of entrusted money, and what the loan register says of the households in them.

use std::collections::HashMap;

use sqlx::any::AnyRow;

use crate::db::rows::{as_json, column};
use crate::db::{Connection, Failure};
use crate::money::Amount;

/// The batch that pays a source and did not go to the bank yet.
pub async fn batch_waiting(tx: &mut Connection, county: &str, source: &str) -> Result<Option<String>, Failure> {
    const SQL: &str = "select batch from payout_batch where county = $1 and source = $2 and state in ('drawn_up', 'reviewed')";
    let row = sqlx::query(SQL).bind(county).bind(source).fetch_optional(tx).await?;
    row.map(|row| column(&row, 0)).transpose()
}

/// What live batches of a scheme's income hold for each household, and what they would hold had nothing been deducted.
pub async fn entrusted_paid(
    tx: &mut Connection,
    county: &str,
    scheme: &str,
) -> Result<HashMap<String, (Amount, Amount)>, Failure> {
    const SQL: &str = "select f.household, \
         cast(coalesce((select sum(r.amount_cents) from payout_row r join payout_batch b on b.county = r.county and b.batch = r.batch \
         where r.county = $1 and r.party = f.household and b.project = $2 and b.kind = 'entrusted_income' and b.source is not null \
         and b.state <> 'dropped'), 0) as bigint), \
         cast(coalesce((select sum(i.amount_cents - i.reinvest_cents) from entrusted_income i where i.county = $1 and i.household = f.household \
         and i.scheme = $2 and exists (select 1 from payout_batch b where b.county = $1 \
         and b.source = 'entrust:' || i.scheme || ':' || cast(i.period as text) and b.state <> 'dropped')), 0) as bigint) \
         from (select distinct household from entrusted_refund where county = $1 and scheme = $2) f";
    let rows = sqlx::query(SQL).bind(county).bind(scheme).fetch_all(tx).await?;
    let fen = |row: &AnyRow, index| -> Result<Amount, Failure> { Ok(Amount::from_fen(column(row, index)?)) };
    rows.iter().map(|row| Ok((column(row, 0)?, (fen(row, 1)?, fen(row, 2)?)))).collect()
}

/// Households with loans in the register: (household, loan money entrusted, principal owed to banks).
pub async fn loan_money(
    tx: &mut Connection,
    county: &str,
    households: &[&str],
) -> Result<Vec<(String, Amount, Amount)>, Failure> {
    const SQL: &str = "select r.value->>0, cast(coalesce((select sum(m.amount_cents) from entrusted_move m \
         join entrusted_scheme s on s.county = m.county and s.scheme = m.scheme and s.terms like '%\"source\":\"loan\"%' \
         where m.county = $1 and m.household = r.value->>0), 0) as bigint), \
         cast(coalesce((select sum(t.principal_cents) from loan l join loan_standing t on t.county = l.county and t.loan = l.loan \
         where l.county = $1 and l.household = r.value->>0), 0) as bigint) from json_each($2) r \
         where exists (select 1 from loan l where l.county = $1 and l.household = r.value->>0)";
    let asked: Vec<[&str; 1]> = households.iter().map(|household| [*household]).collect();
    let rows = sqlx::query(SQL).bind(county).bind(as_json(&asked)).fetch_all(tx).await?;
    let fen = |row: &AnyRow, index| -> Result<Amount, Failure> { Ok(Amount::from_fen(column(row, index)?)) };
    rows.iter().map(|row| Ok((column(row, 0)?, fen(row, 1)?, fen(row, 2)?))).collect()
}
