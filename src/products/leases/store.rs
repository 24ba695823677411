//! Leases, parties, rents and receipts, as kept.

use sqlx::any::AnyRow;

pub use super::facts::{Lease, Receipt, Rent};
use super::terms::Terms;
use crate::calendar::BusinessDate;
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

fn day_at(row: &AnyRow, index: usize) -> Result<BusinessDate, Failure> {
    parsed(row, index, |text| text.parse().ok())
}

fn fen_at(row: &AnyRow, index: usize) -> Result<Amount, Failure> {
    Ok(Amount::from_fen(column(row, index)?))
}

/// Keeps a new lease with its parties.
pub async fn insert(tx: &mut Connection, county: &str, lease: &Lease, (by, at): (&str, &str)) -> Result<(), Failure> {
    const LEASE: &str = "insert into lease (county, lease, book, direction, state, relets, terms, opened_by, opened_at) \
         values ($1, $2, $3, $4, 'running', $5, $6, $7, $8)";
    const PARTIES: &str = "insert into lease_party (county, lease, party, quantity_milli, yearly_cents, is_member) \
         select $1, $2, value->>0, cast(value->>1 as bigint), cast(value->>2 as bigint), cast(value->>3 as bigint) from json_each($3)";
    let terms = &lease.terms;
    let text = serde_json::to_string(terms).expect("terms are plain data and always serialise");
    let query = sqlx::query(LEASE).bind(county).bind(&lease.lease).bind(&lease.book.0).bind(terms.direction.as_str());
    query.bind(terms.relets.as_deref()).bind(text).bind(by).bind(at).execute(&mut *tx).await?;
    let rows: Vec<_> =
        terms.parties.iter().map(|p| (&p.party, p.quantity_milli, p.yearly.fen(), i64::from(p.is_member))).collect();
    sqlx::query(PARTIES).bind(county).bind(&lease.lease).bind(as_json(&rows)).execute(tx).await?;
    Ok(())
}

fn lease_at(row: &AnyRow) -> Result<Lease, Failure> {
    let text: String = column(row, 2)?;
    let terms: Terms = serde_json::from_str(&text).map_err(|cause| Failure::Damaged(format!("{text}: {cause}")))?;
    let ended_on = column::<Option<String>>(row, 3)?.and_then(|text| text.parse().ok());
    Ok(Lease { lease: column(row, 0)?, book: BookCode(column(row, 1)?), terms, ended_on })
}

/// One lease.
pub async fn lease(tx: &mut Connection, county: &str, lease: &str) -> Result<Option<Lease>, Failure> {
    const SQL: &str = "select lease, book, terms, ended_on from lease where county = $1 and lease = $2";
    let row = sqlx::query(SQL).bind(county).bind(lease).fetch_optional(tx).await?;
    row.as_ref().map(lease_at).transpose()
}

/// The leases of a book, or of all for a blank one, by code.
pub async fn leases(tx: &mut Connection, county: &str, book: &str) -> Result<Vec<Lease>, Failure> {
    const SQL: &str =
        "select lease, book, terms, ended_on from lease where county = $1 and (book = $2 or $2 = '') order by lease";
    let rows = sqlx::query(SQL).bind(county).bind(book).fetch_all(tx).await?;
    rows.iter().map(lease_at).collect()
}

/// What of a lease is let again by others that run, in thousandths.
pub async fn let_again(tx: &mut Connection, county: &str, lease: &str) -> Result<i64, Failure> {
    const SQL: &str = "select cast(coalesce(sum(p.quantity_milli), 0) as bigint) from lease l \
         join lease_party p on p.county = l.county and p.lease = l.lease where l.county = $1 and l.relets = $2 and l.state = 'running'";
    column(&sqlx::query(SQL).bind(county).bind(lease).fetch_one(tx).await?, 0)
}

/// Ends a lease.
pub async fn set_ended(tx: &mut Connection, county: &str, lease: &str, on: BusinessDate) -> Result<(), Failure> {
    const SQL: &str = "update lease set state = 'ended', ended_on = $3 where county = $1 and lease = $2";
    sqlx::query(SQL).bind(county).bind(lease).bind(on.to_string()).execute(tx).await?;
    Ok(())
}

/// Keeps accrued rents.
pub async fn insert_rents(tx: &mut Connection, county: &str, lease: &str, rents: &[Rent], event: &str) -> Result<(), Failure> {
    const SQL: &str = "insert into lease_rent (county, lease, period, party, from_on, to_on, due_on, amount_cents, settled_cents, \
         advance_cents, event) select $1, $2, cast(value->>0 as bigint), value->>1, value->>2, value->>3, value->>4, \
         cast(value->>5 as bigint), cast(value->>6 as bigint), cast(value->>7 as bigint), $4 from json_each($3)";
    let day = |on: BusinessDate| on.to_string();
    let rows: Vec<_> = rents
        .iter()
        .map(|r| {
            let sums = (r.amount.fen(), r.settled.fen(), r.from_advance.fen());
            (r.period, &r.party, day(r.from), day(r.to), day(r.due), sums.0, sums.1, sums.2)
        })
        .collect();
    sqlx::query(SQL).bind(county).bind(lease).bind(as_json(&rows)).bind(event).execute(tx).await?;
    Ok(())
}

/// The accrued rents of a lease, by period and party.
pub async fn rents(tx: &mut Connection, county: &str, lease: &str) -> Result<Vec<Rent>, Failure> {
    const SQL: &str = "select period, party, from_on, to_on, due_on, amount_cents, settled_cents, advance_cents from lease_rent \
         where county = $1 and lease = $2 order by period, party";
    let rows = sqlx::query(SQL).bind(county).bind(lease).fetch_all(tx).await?;
    let rent = |row: &AnyRow| {
        Ok(Rent {
            period: column(row, 0)?,
            party: column(row, 1)?,
            from: day_at(row, 2)?,
            to: day_at(row, 3)?,
            due: day_at(row, 4)?,
            amount: fen_at(row, 5)?,
            settled: fen_at(row, 6)?,
            from_advance: fen_at(row, 7)?,
        })
    };
    rows.iter().map(rent).collect()
}

/// Adds to what a party paid of a period.
pub async fn settle(tx: &mut Connection, county: &str, lease: &str, rent: &Rent, paid: Amount) -> Result<(), Failure> {
    const SQL: &str = "update lease_rent set settled_cents = settled_cents + $5 \
         where county = $1 and lease = $2 and period = $3 and party = $4";
    let query = sqlx::query(SQL).bind(county).bind(lease).bind(rent.period).bind(&rent.party);
    query.bind(paid.fen()).execute(tx).await?;
    Ok(())
}

/// Keeps receipts from lessees.
pub async fn add_receipt(tx: &mut Connection, county: &str, lease: &str, receipt: &Receipt, event: &str) -> Result<(), Failure> {
    const SQL: &str = "insert into lease_receipt (county, lease, receipt, party, dated_on, amount_cents, advance_cents, event) \
         select $1, $2, cast(coalesce(max(receipt), 0) + 1 as bigint), $3, $4, $5, $6, $7 from lease_receipt where county = $1 and lease = $2";
    let query = sqlx::query(SQL).bind(county).bind(lease).bind(&receipt.party).bind(receipt.on.to_string());
    query.bind(receipt.amount.fen()).bind(receipt.advance.fen()).bind(event).execute(tx).await?;
    Ok(())
}

/// The receipts of a lease, oldest first.
pub async fn receipts(tx: &mut Connection, county: &str, lease: &str) -> Result<Vec<Receipt>, Failure> {
    const SQL: &str = "select party, dated_on, amount_cents, advance_cents from lease_receipt where county = $1 and lease = $2 order by receipt";
    let rows = sqlx::query(SQL).bind(county).bind(lease).fetch_all(tx).await?;
    let receipt = |row: &AnyRow| {
        Ok(Receipt { party: column(row, 0)?, on: day_at(row, 1)?, amount: fen_at(row, 2)?, advance: fen_at(row, 3)? })
    };
    rows.iter().map(receipt).collect()
}
