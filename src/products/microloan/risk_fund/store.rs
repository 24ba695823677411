//! The fund's money and claims, as kept. Money is read from the fund's books, claims from their own table.

use std::collections::{HashMap, HashSet};

use sqlx::any::AnyRow;

use super::breaker::{Exposure, Headroom, headroom};
use super::claim::{Claim, ClaimState};
use super::month::Flow;
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;
use crate::products::microloan::store::{day, day_or_none};

/// Money in the special accounts: (bank, fen) over all books of the fund. Blank where the county has no such book.
pub async fn balances(tx: &mut Connection, county: &str) -> Result<Vec<(String, i64)>, Failure> {
    const SQL: &str = "select m.member, cast(sum(m.debit_cents - m.credit_cents) as bigint) from period_movement m \
         join book b on b.county = m.county and b.book = m.book where m.county = $1 and b.kind = 'risk_fund' \
         and m.dimension = 'bank_account' and m.account like 'F101%' \
         and (m.stage <> 'opening' or m.period = substr(b.first_period, 1, 4) || '-00') group by m.member order by m.member";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// A month of the special accounts: (bank, fen) before it, and every flow in it with the account on the other side.
pub async fn month_flows(tx: &mut Connection, county: &str, period: &str) -> Result<(Vec<(String, i64)>, Vec<Flow>), Failure> {
    const OPENINGS: &str = "select m.member, cast(sum(m.debit_cents - m.credit_cents) as bigint) from period_movement m \
         join book b on b.county = m.county and b.book = m.book where m.county = $1 and b.kind = 'risk_fund' \
         and m.dimension = 'bank_account' and m.account like 'F101%' and m.period < $2 \
         and (m.stage <> 'opening' or m.period = substr(b.first_period, 1, 4) || '-00') group by m.member order by m.member";
    const FLOWS: &str = "select l.bank_account, (select min(o.account) from voucher_line o where o.county = l.county \
         and o.book = l.book and o.voucher = l.voucher and o.account not like 'F101%'), l.debit_cents - l.credit_cents from book b \
         join voucher_line l on l.county = b.county and l.book = b.book join voucher v on v.county = l.county and v.book = l.book \
         and v.voucher = l.voucher where b.county = $1 and b.kind = 'risk_fund' and l.account like 'F101%' and l.period = $2 \
         and v.state = 'posted' and v.stage = 'ordinary' and l.bank_account is not null order by l.bank_account, l.voucher, l.line";
    let rows = sqlx::query(OPENINGS).bind(county).bind(period).fetch_all(&mut *tx).await?;
    let openings = rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect::<Result<_, Failure>>()?;
    let rows = sqlx::query(FLOWS).bind(county).bind(period).fetch_all(tx).await?;
    let flow = |row: &AnyRow| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?));
    Ok((openings, rows.iter().map(flow).collect::<Result<_, Failure>>()?))
}

/// Leverage and headroom of a bank; of all banks for a blank one. `None` where the sums do not fit.
pub fn room(
    bank: &str,
    balances: &[(String, i64)],
    exposures: &[Exposure],
    pledged: &HashMap<String, i64>,
    cap: i64,
) -> Option<Headroom> {
    let of = |name: &str| bank.is_empty() || bank == name;
    let fund: i64 = balances.iter().filter(|(name, _)| of(name)).map(|(_, fen)| fen).sum();
    let outstanding: i64 = exposures.iter().filter(|e| of(&e.bank)).map(|e| e.outstanding).sum();
    let pledged: i64 = pledged.iter().filter(|(name, _)| of(name)).map(|(_, fen)| fen).sum();
    let amounts = (Amount::from_fen(outstanding), Amount::from_fen(pledged));
    headroom(bank, Amount::from_fen(fund), amounts, cap)
}

/// The fund's books.
pub async fn books(tx: &mut Connection, county: &str) -> Result<Vec<BookCode>, Failure> {
    const SQL: &str = "select book from book where county = $1 and kind = 'risk_fund' and stopped_on is null order by book";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(BookCode(column(row, 0)?))).collect()
}

/// Ordinary movement (debit − credit, fen) of an account in the books of a kind, by book.
pub async fn ordinary_movements(
    tx: &mut Connection,
    county: &str,
    (kind, account): (&str, &str),
) -> Result<HashMap<String, i64>, Failure> {
    const SQL: &str = "select m.book, cast(sum(m.debit_cents - m.credit_cents) as bigint) from period_movement m \
         join book b on b.county = m.county and b.book = m.book where m.county = $1 and b.kind = $2 and m.dimension = '' \
         and m.account = $3 and m.stage = 'ordinary' group by m.book";
    let rows = sqlx::query(SQL).bind(county).bind(kind).bind(account).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

const COLUMNS: &str = "claim, book, loan, bank, state, filed_on, filed_by, days_overdue, principal_cents, interest_cents, shares, \
     fund_cents, approved_by, approved_on, paid_on, paid_cents, recovered_cents, fund_recovered_cents, written_off_cents, \
     written_off_on, written_off_reason, reason";

fn claim(row: &AnyRow) -> Result<Claim, Failure> {
    let fen = |index: usize| -> Result<Amount, Failure> { Ok(Amount::from_fen(column(row, index)?)) };
    Ok(Claim {
        claim: column(row, 0)?,
        book: BookCode(column(row, 1)?),
        loan: column(row, 2)?,
        bank: column(row, 3)?,
        state: parsed(row, 4, ClaimState::parse)?,
        filed_on: day(row, 5)?,
        filed_by: column(row, 6)?,
        days_overdue: column(row, 7)?,
        principal: fen(8)?,
        interest: fen(9)?,
        shares: parsed(row, 10, |text| serde_json::from_str(text).ok())?,
        fund_share: fen(11)?,
        approved_by: column(row, 12)?,
        approved_on: day_or_none(row, 13)?,
        paid_on: day_or_none(row, 14)?,
        paid: fen(15)?,
        recovered: fen(16)?,
        fund_recovered: fen(17)?,
        written_off: fen(18)?,
        written_off_on: day_or_none(row, 19)?,
        written_off_reason: column(row, 20)?,
        reason: column(row, 21)?,
    })
}

/// All claims, by number.
pub async fn claims(tx: &mut Connection, county: &str) -> Result<Vec<Claim>, Failure> {
    let sql = format!("select {COLUMNS} from fund_claim where county = $1 order by claim");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).fetch_all(tx).await?;
    rows.iter().map(claim).collect()
}

/// The claims of these numbers, by number.
pub async fn claims_of(tx: &mut Connection, county: &str, keys: &str) -> Result<Vec<Claim>, Failure> {
    let sql = format!(
        "select {COLUMNS} from fund_claim where county = $1 and claim in (select value->>0 from jsonb_each($2)) order by claim"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).bind(keys).fetch_all(tx).await?;
    rows.iter().map(claim).collect()
}

/// Claims of loans that are not rejected: loan → claim.
pub async fn claimed_loans(tx: &mut Connection, county: &str, keys: &str) -> Result<HashMap<String, String>, Failure> {
    const SQL: &str = "select c.loan, c.claim from jsonb_each($2) r \
         cross join fund_claim c where c.county = $1 and c.loan = r.value->>0 and c.state <> 'rejected'";
    let rows = sqlx::query(SQL).bind(county).bind(keys).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// Writes claims, new or changed.
pub async fn save_claims(tx: &mut Connection, county: &str, claims: &[Claim]) -> Result<(), Failure> {
    const SQL: &str = "insert into fund_claim (county, claim, book, loan, bank, state, filed_on, filed_by, days_overdue, \
         principal_cents, interest_cents, shares, fund_cents, approved_by, approved_on, paid_on, paid_cents, recovered_cents, \
         fund_recovered_cents, written_off_cents, written_off_on, written_off_reason, reason) \
         select $1, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, cast(value->>7 as bigint), \
         cast(value->>8 as bigint), cast(value->>9 as bigint), value->>10, cast(value->>11 as bigint), value->>12, value->>13, \
         value->>14, cast(value->>15 as bigint), cast(value->>16 as bigint), cast(value->>17 as bigint), \
         cast(value->>18 as bigint), value->>19, value->>20, value->>21 from jsonb_each($2) where true \
         on conflict (county, claim) do update set state = excluded.state, approved_by = excluded.approved_by, \
         approved_on = excluded.approved_on, paid_on = excluded.paid_on, paid_cents = excluded.paid_cents, \
         recovered_cents = excluded.recovered_cents, fund_recovered_cents = excluded.fund_recovered_cents, \
         written_off_cents = excluded.written_off_cents, written_off_on = excluded.written_off_on, \
         written_off_reason = excluded.written_off_reason, reason = excluded.reason";
    let rows: Vec<serde_json::Value> = claims.iter().map(claim_row).collect();
    for rows in rows.chunks(1_000) {
        sqlx::query(SQL).bind(county).bind(as_json(rows)).execute(&mut *tx).await?;
    }
    Ok(())
}

fn claim_row(c: &Claim) -> serde_json::Value {
    let shares = serde_json::to_string(&c.shares).expect("shares are plain data");
    serde_json::json!([
        c.claim,
        c.book,
        c.loan,
        c.bank,
        c.state.as_str(),
        c.filed_on,
        c.filed_by,
        c.days_overdue,
        c.principal.fen(),
        c.interest.fen(),
        shares,
        c.fund_share.fen(),
        c.approved_by,
        c.approved_on,
        c.paid_on,
        c.paid.fen(),
        c.recovered.fen(),
        c.fund_recovered.fen(),
        c.written_off.fen(),
        c.written_off_on,
        c.written_off_reason,
        c.reason,
    ])
}

/// Notes loans approved beyond what the fund carries: (loan, headroom left, fen).
pub async fn save_beyond(tx: &mut Connection, county: &str, on: &str, loans: &[(&str, i64)]) -> Result<(), Failure> {
    const SQL: &str = "insert into loan_beyond_fund (county, loan, found_on, headroom_cents) \
         select $1, value->>0, $3, cast(value->>1 as bigint) from jsonb_each($2) where true on conflict (county, loan) do nothing";
    sqlx::query(SQL).bind(county).bind(as_json(loans)).bind(on).execute(tx).await?;
    Ok(())
}

/// Which of these loans were approved beyond what the fund carries.
pub async fn beyond(tx: &mut Connection, county: &str, keys: &str) -> Result<HashSet<String>, Failure> {
    const SQL: &str =
        "select b.loan from jsonb_each($2) r cross join loan_beyond_fund b where b.county = $1 and b.loan = r.value->>0";
    let rows = sqlx::query(SQL).bind(county).bind(keys).fetch_all(tx).await?;
    rows.iter().map(|row| column(row, 0)).collect()
}
