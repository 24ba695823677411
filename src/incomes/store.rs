//! Incomes as kept: read from the payments of all books, and from the imported rows.

use sqlx::any::AnyRow;

use super::files_in::IncomeRow;
use super::{IncomeLine, IncomeType, Origin, count_once};
use crate::calendar::BusinessDate;
use crate::db::rows::{as_json, column, parsed};
use crate::db::sealing::unseal;
use crate::db::{Connection, Failure};
use crate::money::Amount;
use crate::payouts::PayoutKind;

/// Which households: those below a place, or one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Which<'a> {
    /// A place's code, or the first digits of it.
    pub place: &'a str,
    /// One household; blank for all.
    pub household: &'a str,
}

/// A household as lists name it: code, village, head, the head's identity number (whole: who shows it masks it).
pub type Named = (String, String, String, String);

/// Payments that arrived: household, day, kind, book, batch, fen.
const PAID: &str = "select r.party, r.decided_on, b.kind, b.book, b.batch, r.amount_cents from payout_row r \
     join payout_batch b on b.county = r.county and b.batch = r.batch \
     join household h on h.county = r.county and h.household = r.party \
     where r.county = $1 and r.state = 'paid' and r.decided_on >= $2 and r.decided_on <= $3 and h.place >= $4 and h.place < $5 \
     and ($6 = '' or r.party = $6)";
/// Interest subsidies that arrived: household, day, loan, fen.
const SUBSIDIES: &str = "select l.household, r.paid_on, r.loan, r.subsidy_cents from subsidy_row r \
     join loan l on l.county = r.county and l.loan = r.loan join household h on h.county = l.county and h.household = l.household \
     where r.county = $1 and r.payee = 'household' and r.paid_on >= $2 and r.paid_on <= $3 and r.returned_on is null \
     and r.subsidy_cents <> 0 and h.place >= $4 and h.place < $5 and ($6 = '' or l.household = $6)";
/// Imported rows: household, day, type, item, entry, payer, remark, fen.
const IMPORTED: &str = "select i.household, i.received_on, i.type, i.item, i.entry, i.payer, i.remark, i.amount_cents \
     from household_income i join household h on h.county = i.county and h.household = i.household \
     where i.county = $1 and i.dropped_on is null and i.received_on >= $2 and i.received_on <= $3 and h.place >= $4 and h.place < $5 \
     and ($6 = '' or i.household = $6)";

fn day(row: &AnyRow, index: usize) -> Result<BusinessDate, Failure> {
    parsed(row, index, |text| text.parse().ok())
}

fn plain(row: &AnyRow, kind: IncomeType, (item, origin): (&str, Origin), fen: usize) -> Result<IncomeLine, Failure> {
    Ok(IncomeLine {
        household: column(row, 0)?,
        on: day(row, 1)?,
        kind,
        item: item.to_owned(),
        origin,
        amount: Amount::from_fen(column(row, fen)?),
        remark: String::new(),
        counted: true,
    })
}

fn paid(row: &AnyRow) -> Result<IncomeLine, Failure> {
    let kind = parsed(row, 2, PayoutKind::parse)?;
    plain(row, IncomeType::of(kind), (kind.label_zh(), Origin::Batch(column(row, 3)?, column(row, 4)?)), 5)
}

fn subsidy(row: &AnyRow) -> Result<IncomeLine, Failure> {
    plain(row, IncomeType::Transfer, ("小额信贷贴息", Origin::Loan(column(row, 2)?)), 3)
}

fn imported(row: &AnyRow) -> Result<IncomeLine, Failure> {
    let (item, remark): (String, String) = (column(row, 3)?, column(row, 6)?);
    let origin = Origin::Entry(column(row, 4)?, column(row, 5)?);
    Ok(IncomeLine { remark, ..plain(row, parsed(row, 2, IncomeType::parse)?, (&item, origin), 7)? })
}

/// What households got between two days, each yuan counted once, by household and day.
pub async fn lines(
    tx: &mut Connection,
    county: &str,
    which: Which<'_>,
    (from, through): (BusinessDate, BusinessDate),
) -> Result<Vec<IncomeLine>, Failure> {
    type Reading = fn(&AnyRow) -> Result<IncomeLine, Failure>;
    const PARTS: [(&str, Reading); 3] = [(PAID, paid), (SUBSIDIES, subsidy), (IMPORTED, imported)];
    let mut lines = Vec::new();
    for (sql, read) in PARTS {
        let query = sqlx::query(sql).bind(county).bind(from.to_string()).bind(through.to_string());
        let query = query.bind(which.place).bind(format!("{}~", which.place)).bind(which.household);
        for row in query.fetch_all(&mut *tx).await? {
            lines.push(read(&row)?);
        }
    }
    lines.sort();
    count_once(&mut lines);
    Ok(lines)
}

/// The households of the register below a place, or one of them.
pub async fn households(tx: &mut Connection, county: &str, which: Which<'_>) -> Result<Vec<Named>, Failure> {
    const SQL: &str = "select household, place, head_name, head_id from household where county = $1 and place >= $2 and place < $3 \
         and ($4 = '' or household = $4) order by household";
    let query = sqlx::query(SQL).bind(county).bind(which.place).bind(format!("{}~", which.place)).bind(which.household);
    let rows = query.fetch_all(tx).await?;
    let named = |row: &AnyRow| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?, unseal(column(row, 3)?)?));
    rows.iter().map(named).collect()
}

/// The names of villages.
pub async fn villages(tx: &mut Connection, county: &str) -> Result<Vec<(String, String)>, Failure> {
    const SQL: &str = "select place, max(name) from place where county = $1 group by place order by place";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// Keeps imported rows that are not known yet; answers how many were new.
pub async fn keep(tx: &mut Connection, county: &str, rows: &[IncomeRow], (by, at): (&str, &str)) -> Result<u64, Failure> {
    const LAST: &str = "select cast(coalesce(max(entry), 0) as bigint) from household_income where county = $1";
    const SQL: &str = "insert into household_income (county, entry, source_key, household, received_on, type, item, amount_cents, \
         payer, document, remark, imported_by, imported_at) select $1, cast(value->>0 as bigint), value->>1, value->>2, value->>3, \
         value->>4, value->>5, cast(value->>6 as bigint), value->>7, value->>8, value->>9, $3, $4 from jsonb_each($2) where true \
         on conflict (county, source_key) do nothing";
    let known = known_keys(tx, county, rows).await?;
    let last: i64 = column(&sqlx::query(LAST).bind(county).fetch_one(&mut *tx).await?, 0)?;
    let fresh = rows.iter().filter(|row| !known.contains(&row.key));
    let fresh: Vec<_> = (last + 1..)
        .zip(fresh)
        .map(|(entry, row)| {
            let (on, kind, fen) = (row.on.to_string(), row.kind.as_str(), row.amount.fen());
            (entry, &row.key, &row.household, on, kind, &row.item, fen, &row.payer, &row.document, &row.remark)
        })
        .collect();
    Ok(sqlx::query(SQL).bind(county).bind(as_json(&fresh)).bind(by).bind(at).execute(tx).await?.rows_affected())
}

async fn known_keys(tx: &mut Connection, county: &str, rows: &[IncomeRow]) -> Result<std::collections::HashSet<String>, Failure> {
    const SQL: &str = "select source_key from household_income where county = $1 \
         and source_key in (select value->>0 from jsonb_each($2))";
    let keys: Vec<[&str; 1]> = rows.iter().map(|row| [row.key.as_str()]).collect();
    let rows = sqlx::query(SQL).bind(county).bind(as_json(&keys)).fetch_all(tx).await?;
    rows.iter().map(|row| column(row, 0)).collect()
}

/// Drops an imported row; answers false if there is none that stands.
pub async fn drop_entry(
    tx: &mut Connection,
    county: &str,
    (entry, reason): (i64, &str),
    (by, on): (&str, &str),
) -> Result<bool, Failure> {
    const SQL: &str = "update household_income set dropped_on = $3, dropped_by = $4, reason = $5 \
         where county = $1 and entry = $2 and dropped_on is null";
    let done = sqlx::query(SQL).bind(county).bind(entry).bind(on).bind(by).bind(reason).execute(tx).await?;
    Ok(done.rows_affected() == 1)
}
