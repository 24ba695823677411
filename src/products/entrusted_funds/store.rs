//! Schemes, moves of principal, periods, income, receipts, as kept.

use sqlx::any::AnyRow;

pub use super::facts::{Accrued, Move, Refund, Scheme};
use super::income::Period;
use super::scheme::Terms;
use crate::calendar::BusinessDate;
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::money::Amount;

fn date_at(row: &AnyRow, index: usize) -> Result<BusinessDate, Failure> {
    parsed(row, index, |text| text.parse().ok())
}

fn amount_at(row: &AnyRow, index: usize) -> Result<Amount, Failure> {
    Ok(Amount::from_fen(column(row, index)?))
}

fn scheme_at(row: &AnyRow) -> Result<Scheme, Failure> {
    let terms: String = column(row, 2)?;
    let terms = serde_json::from_str(&terms).map_err(|cause| Failure::Damaged(format!("{terms}: {cause}")))?;
    Ok(Scheme { scheme: column(row, 0)?, state: column(row, 1)?, terms })
}

/// Keeps a new scheme.
pub async fn insert_scheme(
    tx: &mut Connection,
    county: &str,
    scheme: &str,
    terms: &Terms,
    (by, at): (&str, &str),
) -> Result<(), Failure> {
    const SQL: &str = "insert into entrusted_scheme (county, scheme, state, terms, opened_by, opened_at) values ($1, $2, 'running', $3, $4, $5)";
    let text = serde_json::to_string(terms).expect("terms are plain data and always serialise");
    const INVESTORS: &str = "insert into entrusted_investor (county, scheme, party, investor_book) \
         select $1, $2, value->>0, value->>1 from json_each($3)";
    sqlx::query(SQL).bind(county).bind(scheme).bind(text).bind(by).bind(at).execute(&mut *tx).await?;
    sqlx::query(INVESTORS).bind(county).bind(scheme).bind(as_json(&terms.investors)).execute(tx).await?;
    Ok(())
}

/// One scheme.
pub async fn scheme(tx: &mut Connection, county: &str, scheme: &str) -> Result<Option<Scheme>, Failure> {
    const SQL: &str = "select scheme, state, terms from entrusted_scheme where county = $1 and scheme = $2";
    let row = sqlx::query(SQL).bind(county).bind(scheme).fetch_optional(tx).await?;
    row.as_ref().map(scheme_at).transpose()
}

/// All schemes, by code.
pub async fn schemes(tx: &mut Connection, county: &str) -> Result<Vec<Scheme>, Failure> {
    const SQL: &str = "select scheme, state, terms from entrusted_scheme where county = $1 order by scheme";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(scheme_at).collect()
}

/// Changes a scheme's state.
pub async fn set_state(tx: &mut Connection, county: &str, scheme: &str, state: &str) -> Result<(), Failure> {
    const SQL: &str = "update entrusted_scheme set state = $3 where county = $1 and scheme = $2";
    sqlx::query(SQL).bind(county).bind(scheme).bind(state).execute(tx).await?;
    Ok(())
}

/// Adds moves behind the last one of the scheme.
pub async fn add_moves(tx: &mut Connection, county: &str, scheme: &str, moves: &[Move], event: &str) -> Result<(), Failure> {
    const LAST: &str = "select cast(coalesce(max(move), 0) as bigint) from entrusted_move where county = $1 and scheme = $2";
    const SQL: &str = "insert into entrusted_move (county, scheme, move, household, dated_on, kind, amount_cents, loan, loan_matures_on, event) \
         select $1, $2, cast(value->>0 as bigint), value->>1, value->>2, value->>3, cast(value->>4 as bigint), value->>5, value->>6, $4 \
         from json_each($3)";
    let last: i64 = column(&sqlx::query(LAST).bind(county).bind(scheme).fetch_one(&mut *tx).await?, 0)?;
    let kind = |amount: Amount| if amount.is_negative() { "return" } else { "entrust" };
    let rows: Vec<_> = (last + 1..)
        .zip(moves)
        .map(|(n, m)| {
            let matures = m.loan_matures_on.map(|on| on.to_string());
            (n, &m.household, m.on.to_string(), kind(m.amount), m.amount.fen(), &m.loan, matures)
        })
        .collect();
    sqlx::query(SQL).bind(county).bind(scheme).bind(as_json(&rows)).bind(event).execute(tx).await?;
    Ok(())
}

/// The moves of a scheme, by household and day.
pub async fn moves(tx: &mut Connection, county: &str, scheme: &str) -> Result<Vec<Move>, Failure> {
    const SQL: &str = "select household, dated_on, amount_cents, loan, loan_matures_on from entrusted_move \
         where county = $1 and scheme = $2 order by household, dated_on, move";
    let rows = sqlx::query(SQL).bind(county).bind(scheme).fetch_all(tx).await?;
    let moved = |row: &AnyRow| {
        Ok(Move {
            household: column(row, 0)?,
            on: date_at(row, 1)?,
            amount: amount_at(row, 2)?,
            loan: column(row, 3)?,
            loan_matures_on: column::<Option<String>>(row, 4)?.and_then(|text| text.parse().ok()),
        })
    };
    rows.iter().map(moved).collect()
}

/// The schemes a household's money of a loan was handed to, each with what of it is there.
pub async fn schemes_of_loan(
    tx: &mut Connection,
    county: &str,
    (household, loan): (&str, &str),
) -> Result<Vec<(Scheme, Amount)>, Failure> {
    const SQL: &str = "select s.scheme, s.state, s.terms, cast(sum(m.amount_cents) as bigint) from entrusted_move m \
         join entrusted_scheme s on s.county = m.county and s.scheme = m.scheme where m.county = $1 and m.household = $2 and m.loan = $3 \
         group by s.scheme, s.state, s.terms order by s.scheme";
    let rows = sqlx::query(SQL).bind(county).bind(household).bind(loan).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((scheme_at(row)?, amount_at(row, 3)?))).collect()
}

/// Keeps an accrued period with each household's income: (household, income, of which reinvested).
pub async fn insert_period(
    tx: &mut Connection,
    county: &str,
    scheme: &str,
    period: Period,
    operator: Amount,
    rows: &[(String, Amount, Amount)],
    event: &str,
) -> Result<(), Failure> {
    const PERIOD: &str = "insert into entrusted_period (county, scheme, period, from_on, to_on, due_on, operator_cents, household_cents, \
         reinvest_cents, received_cents, event) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)";
    const INCOME: &str = "insert into entrusted_income (county, scheme, period, household, amount_cents, reinvest_cents) \
         select $1, $2, $3, value->>0, cast(value->>1 as bigint), cast(value->>2 as bigint) from json_each($4)";
    let sum = |of: fn(&(String, Amount, Amount)) -> Amount| rows.iter().map(of).sum::<Amount>();
    let query = sqlx::query(PERIOD).bind(county).bind(scheme).bind(period.number).bind(period.from.to_string());
    let query = query.bind(period.to.to_string()).bind(period.due.to_string()).bind(operator.fen());
    query.bind(sum(|r| r.1).fen()).bind(sum(|r| r.2).fen()).bind(event).execute(&mut *tx).await?;
    let values: Vec<_> = rows.iter().map(|(household, amount, part)| (household, amount.fen(), part.fen())).collect();
    sqlx::query(INCOME).bind(county).bind(scheme).bind(period.number).bind(as_json(&values)).execute(tx).await?;
    Ok(())
}

/// The accrued periods of a scheme, oldest first.
pub async fn periods(tx: &mut Connection, county: &str, scheme: &str) -> Result<Vec<Accrued>, Failure> {
    const SQL: &str = "select p.period, p.from_on, p.to_on, p.due_on, p.operator_cents, p.household_cents, p.reinvest_cents, \
         p.received_cents, p.reinvested_on, (select cast(coalesce(sum(f.operator_cents), 0) as bigint) from entrusted_refund f \
         where f.county = p.county and f.scheme = p.scheme and f.period = p.period) \
         from entrusted_period p where p.county = $1 and p.scheme = $2 order by p.period";
    let rows = sqlx::query(SQL).bind(county).bind(scheme).fetch_all(tx).await?;
    let accrued = |row: &AnyRow| {
        Ok(Accrued {
            period: column(row, 0)?,
            from: date_at(row, 1)?,
            to: date_at(row, 2)?,
            due: date_at(row, 3)?,
            operator: amount_at(row, 4)?,
            households: amount_at(row, 5)?,
            reinvest: amount_at(row, 6)?,
            received: amount_at(row, 7)?,
            refunded: amount_at(row, 9)?,
            reinvested_on: column::<Option<String>>(row, 8)?.and_then(|text| text.parse().ok()),
        })
    };
    rows.iter().map(accrued).collect()
}

/// Income of a period by household: (household, income, of which reinvested).
pub async fn income(
    tx: &mut Connection,
    county: &str,
    scheme: &str,
    period: i64,
) -> Result<Vec<(String, Amount, Amount)>, Failure> {
    const SQL: &str = "select household, amount_cents, reinvest_cents from entrusted_income where county = $1 and scheme = $2 and period = $3 \
         order by household";
    let rows = sqlx::query(SQL).bind(county).bind(scheme).bind(period).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, amount_at(row, 1)?, amount_at(row, 2)?))).collect()
}

/// Adds to what was received for a period.
pub async fn add_received(tx: &mut Connection, county: &str, scheme: &str, period: i64, amount: Amount) -> Result<(), Failure> {
    const SQL: &str =
        "update entrusted_period set received_cents = received_cents + $4 where county = $1 and scheme = $2 and period = $3";
    sqlx::query(SQL).bind(county).bind(scheme).bind(period).bind(amount.fen()).execute(tx).await?;
    Ok(())
}

/// Notes when a period's part became shares.
pub async fn set_reinvested(
    tx: &mut Connection,
    county: &str,
    scheme: &str,
    period: i64,
    on: BusinessDate,
) -> Result<(), Failure> {
    const SQL: &str = "update entrusted_period set reinvested_on = $4 where county = $1 and scheme = $2 and period = $3";
    sqlx::query(SQL).bind(county).bind(scheme).bind(period).bind(on.to_string()).execute(tx).await?;
    Ok(())
}

/// Keeps what households owe back, or paid back, behind the last one of the scheme.
pub async fn add_refunds(
    tx: &mut Connection,
    county: &str,
    scheme: &str,
    refunds: &[Refund],
    (on, event): (BusinessDate, &str),
) -> Result<(), Failure> {
    const LAST: &str = "select cast(coalesce(max(refund), 0) as bigint) from entrusted_refund where county = $1 and scheme = $2";
    const SQL: &str = "insert into entrusted_refund (county, scheme, refund, period, household, dated_on, amount_cents, operator_cents, event) \
         select $1, $2, cast(value->>0 as bigint), cast(value->>1 as bigint), value->>2, $4, cast(value->>3 as bigint), \
         cast(value->>4 as bigint), $5 from json_each($3)";
    let last: i64 = column(&sqlx::query(LAST).bind(county).bind(scheme).fetch_one(&mut *tx).await?, 0)?;
    let row = |(n, r): (i64, &Refund)| (n, r.period, r.household.clone(), r.amount.fen(), r.operator.fen());
    let rows: Vec<_> = (last + 1..).zip(refunds).map(row).collect();
    let query = sqlx::query(SQL).bind(county).bind(scheme).bind(as_json(&rows)).bind(on.to_string());
    query.bind(event).execute(tx).await?;
    Ok(())
}

/// What households owe back, and paid back, oldest first.
pub async fn refunds(tx: &mut Connection, county: &str, scheme: &str) -> Result<Vec<Refund>, Failure> {
    const SQL: &str = "select period, household, amount_cents, operator_cents from entrusted_refund \
         where county = $1 and scheme = $2 order by refund";
    let rows = sqlx::query(SQL).bind(county).bind(scheme).fetch_all(tx).await?;
    let refund = |row: &AnyRow| {
        Ok(Refund {
            period: column(row, 0)?,
            household: column(row, 1)?,
            amount: amount_at(row, 2)?,
            operator: amount_at(row, 3)?,
        })
    };
    rows.iter().map(refund).collect()
}

/// Keeps a receipt from the operator.
pub async fn add_receipt(
    tx: &mut Connection,
    county: &str,
    scheme: &str,
    (on, amount, event): (BusinessDate, Amount, &str),
) -> Result<(), Failure> {
    const SQL: &str = "insert into entrusted_receipt (county, scheme, receipt, dated_on, amount_cents, event) \
         select $1, $2, cast(coalesce(max(receipt), 0) + 1 as bigint), $3, $4, $5 from entrusted_receipt where county = $1 and scheme = $2";
    sqlx::query(SQL).bind(county).bind(scheme).bind(on.to_string()).bind(amount.fen()).bind(event).execute(tx).await?;
    Ok(())
}
