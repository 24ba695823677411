//! Heads of loans: who, where, under which policy, and the contract.

use sqlx::any::AnyRow;

use super::day;
use crate::calendar::BusinessDate;
use crate::db::rows::{Cells, as_json, column, packing, parsed, typed, unpacked};
use crate::db::{Connection, Failure};
use crate::money::Amount;
use crate::products::microloan::contract::Contract;
use crate::products::microloan::state::LoanState;

/// A loan's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanHead {
    /// Number (借据号).
    pub loan: String,
    /// Household.
    pub household: String,
    /// Borrower's name.
    pub borrower: String,
    /// Village at application.
    pub place: String,
    /// Bank.
    pub bank: String,
    /// Product.
    pub product: String,
    /// Policy row it was signed under.
    pub policy: Option<String>,
    /// Use of the money.
    pub purpose: String,
    /// Amount asked.
    pub asked: Amount,
    /// Term asked, months.
    pub asked_months: i64,
    /// Day of application.
    pub applied_on: BusinessDate,
    /// Who recorded it.
    pub applied_by: String,
    /// State.
    pub state: LoanState,
    /// Approvals so far.
    pub approvals: i64,
    /// The contract once signed.
    pub contract: Option<Contract>,
    /// Contract number.
    pub contract_number: Option<String>,
    /// The loan it renews.
    pub renews: Option<String>,
}

const COLUMNS: &str = "l.loan, l.household, l.borrower, l.place, l.bank, l.product, l.policy, l.purpose, l.asked_cents, \
     l.asked_months, l.applied_on, l.applied_by, l.state, l.approvals, l.contract, l.contract_number, l.renews";

fn head(row: &AnyRow) -> Result<LoanHead, Failure> {
    let contract: Option<String> = column(row, 14)?;
    let damaged = |text: &str, why: serde_json::Error| Failure::Damaged(format!("contract {text}: {why}"));
    Ok(LoanHead {
        loan: column(row, 0)?,
        household: column(row, 1)?,
        borrower: column(row, 2)?,
        place: column(row, 3)?,
        bank: column(row, 4)?,
        product: column(row, 5)?,
        policy: column(row, 6)?,
        purpose: column(row, 7)?,
        asked: Amount::from_fen(column(row, 8)?),
        asked_months: column(row, 9)?,
        applied_on: day(row, 10)?,
        applied_by: column(row, 11)?,
        state: parsed(row, 12, LoanState::parse)?,
        approvals: column(row, 13)?,
        contract: contract.map(|text| serde_json::from_str(&text).map_err(|why| damaged(&text, why))).transpose()?,
        contract_number: column(row, 15)?,
        renews: column(row, 16)?,
    })
}

fn unpacked_head(row: &Cells<'_>) -> Result<LoanHead, Failure> {
    let number = |index| row.parsed(index, |text| text.parse::<i64>().ok());
    let contract: Option<String> = row.optional(14)?;
    let damaged = |text: &str, why: serde_json::Error| Failure::Damaged(format!("contract {text}: {why}"));
    Ok(LoanHead {
        loan: row.text(0)?,
        household: row.text(1)?,
        borrower: row.text(2)?,
        place: row.text(3)?,
        bank: row.text(4)?,
        product: row.text(5)?,
        policy: row.optional(6)?,
        purpose: row.text(7)?,
        asked: Amount::from_fen(number(8)?),
        asked_months: number(9)?,
        applied_on: row.parsed(10, |text| text.parse().ok())?,
        applied_by: row.text(11)?,
        state: row.parsed(12, LoanState::parse)?,
        approvals: number(13)?,
        contract: contract.map(|text| serde_json::from_str(&text).map_err(|why| damaged(&text, why))).transpose()?,
        contract_number: row.optional(15)?,
        renews: row.optional(16)?,
    })
}

/// The heads of these loans, by number.
pub async fn heads(tx: &mut Connection, county: &str, keys: &str) -> Result<Vec<LoanHead>, Failure> {
    const FROM: &str = "(select l.* from jsonb_each($2) r \
         cross join loan l where l.county = $1 and l.loan = r.value->>0 order by l.loan) l";
    // What people typed: the borrower's name, the use of the money, the contract's number.
    let as_typed = |name: &str| match name {
        "l.borrower" | "l.purpose" | "l.contract_number" => typed(name),
        _ => name.to_owned(),
    };
    let words: Vec<String> = COLUMNS.split(", ").map(as_typed).collect();
    let columns: Vec<&str> = words.iter().map(String::as_str).collect();
    let text = super::as_one_text(tx, &packing(&columns, FROM), county, keys).await?;
    let mut found = unpacked(&text).map(|row| unpacked_head(&row)).collect::<Result<Vec<_>, Failure>>()?;
    found.dedup_by(|a, b| a.loan == b.loan);
    Ok(found)
}

/// Running loans of households: (household, loan).
pub async fn running_of(tx: &mut Connection, county: &str, households: &str) -> Result<Vec<(String, String)>, Failure> {
    const SQL: &str = "select l.household, l.loan, l.state from jsonb_each($2) r \
         cross join loan l where l.county = $1 and l.household = r.value->>0 order by l.household, l.loan";
    let mut running = Vec::new();
    for row in sqlx::query(SQL).bind(county).bind(households).fetch_all(tx).await? {
        if parsed(&row, 2, LoanState::parse)?.is_running() {
            running.push((column(&row, 0)?, column(&row, 1)?));
        }
    }
    Ok(running)
}

/// Loans by their contract numbers: (contract number, loan); loans whose own number is asked for are left out.
pub async fn loans_of_contracts(tx: &mut Connection, county: &str, numbers: &str) -> Result<Vec<(String, String)>, Failure> {
    const SQL: &str = "select contract_number, loan from loan where county = $1 \
         and contract_number in (select value->>0 from jsonb_each($2)) \
         and not exists (select 1 from loan o where o.county = $1 and o.loan = loan.contract_number) order by contract_number";
    let rows = sqlx::query(SQL).bind(county).bind(numbers).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// All loans of households, by number.
pub async fn loans_of(tx: &mut Connection, county: &str, households: &str) -> Result<Vec<String>, Failure> {
    const SQL: &str = "select l.loan from jsonb_each($2) r \
         cross join loan l where l.county = $1 and l.household = r.value->>0 order by l.loan";
    let rows = sqlx::query(SQL).bind(county).bind(households).fetch_all(tx).await?;
    rows.iter().map(|row| column(row, 0)).collect()
}

/// Adds loans.
pub async fn add_loans(tx: &mut Connection, county: &str, heads: &[LoanHead]) -> Result<(), Failure> {
    const SQL: &str = "insert into loan (county, loan, household, borrower, place, bank, product, policy, purpose, asked_cents, \
         asked_months, applied_on, applied_by, state, approvals, renews) select $1, value->>0, value->>1, value->>2, value->>3, \
         value->>4, value->>5, value->>6, value->>7, cast(value->>8 as bigint), cast(value->>9 as bigint), value->>10, value->>11, \
         value->>12, 0, value->>13 from jsonb_each($2)";
    let rows: Vec<_> = heads
        .iter()
        .map(|h| {
            let who = (&h.loan, &h.household, &h.borrower, &h.place, &h.bank, &h.product, &h.policy);
            let (asked, applied) = (h.asked.fen(), h.applied_on.to_string());
            let what = (&h.purpose, asked, h.asked_months, applied, &h.applied_by, h.state.as_str(), &h.renews);
            (who.0, who.1, who.2, who.3, who.4, who.5, who.6, what.0, what.1, what.2, what.3, what.4, what.5, what.6)
        })
        .collect();
    for rows in rows.chunks(2_000) {
        sqlx::query(SQL).bind(county).bind(as_json(rows)).execute(&mut *tx).await?;
    }
    Ok(())
}

/// Writes states and counts of approvals: (loan, state, approvals).
pub async fn save_states(tx: &mut Connection, county: &str, rows: &[(&str, &str, i64)]) -> Result<(), Failure> {
    const SQL: &str = "with r as materialized (select value->>0 as loan, value->>1 as state, cast(value->>2 as bigint) as approvals \
         from jsonb_each($2)) update loan set state = r.state, approvals = r.approvals from r where loan.county = $1 \
         and loan.loan = r.loan";
    sqlx::query(SQL).bind(county).bind(as_json(rows)).execute(tx).await?;
    Ok(())
}

/// Writes contracts: (loan, policy, contract, number, signed on).
pub async fn save_contracts(
    tx: &mut Connection,
    county: &str,
    rows: &[(String, String, String, String, String)],
) -> Result<(), Failure> {
    const SQL: &str = "with r as materialized (select value->>0 as loan, value->>1 as policy, value->>2 as contract, \
         value->>3 as number, value->>4 as signed_on from jsonb_each($2)) update loan set state = 'contracted', policy = r.policy, \
         contract = r.contract, contract_number = r.number, signed_on = r.signed_on from r where loan.county = $1 and loan.loan = r.loan";
    sqlx::query(SQL).bind(county).bind(as_json(rows)).execute(tx).await?;
    Ok(())
}

/// How many heads such a page leaves to come after a number.
pub async fn heads_after(
    tx: &mut Connection,
    county: &str,
    after: &str,
    (state, place, banks): (&str, &str, Option<&[String]>),
) -> Result<i64, Failure> {
    let sql = format!("select count(*) from loan l where {LISTED}");
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).bind(after).bind(state);
    let query = query.bind(place).bind(format!("{place}~")).bind(listed(banks));
    column(&query.fetch_one(tx).await?, 0)
}

/// What a list of heads takes in: `listed` gives the last parameter.
const LISTED: &str = "l.county = $1 and l.loan > $2 and ($3 = '' or l.state = $3) and l.place >= $4 and l.place < $5 \
     and ($6 = '' or l.bank in (select value->>0 from jsonb_each(case when $6 = '' then '[]' else $6 end)))";

fn listed(banks: Option<&[String]>) -> String {
    banks.map_or_else(String::new, |banks| as_json(&banks.iter().map(|bank| [bank.as_str()]).collect::<Vec<_>>()))
}

/// A page of heads after a number: of a state (blank for all), below a place, of some banks (`None` for all).
pub async fn page(
    tx: &mut Connection,
    county: &str,
    (after, limit): (&str, i64),
    (state, place, banks): (&str, &str, Option<&[String]>),
) -> Result<Vec<LoanHead>, Failure> {
    let sql = format!("select {COLUMNS} from loan l where {LISTED} order by l.loan limit $7");
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).bind(after).bind(state);
    let rows = query.bind(place).bind(format!("{place}~")).bind(listed(banks)).bind(limit).fetch_all(tx).await?;
    rows.iter().map(head).collect()
}
