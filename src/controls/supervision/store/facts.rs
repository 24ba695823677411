//! What the rules look at, read a year at a time.

use chrono::{DateTime, FixedOffset, Timelike};
use sqlx::any::AnyRow;

use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::supervision::facts::{ClaimFact, DivertedFact, PartyFact, VoucherFact};
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

fn fen(row: &AnyRow, index: usize) -> Result<Amount, Failure> {
    Ok(Amount::from_fen(column(row, index)?))
}

fn day(row: &AnyRow, index: usize) -> Result<BusinessDate, Failure> {
    parsed(row, index, |text| text.parse().ok())
}

/// Codes as the JSON the statements read.
fn roots(accounts: &[&str]) -> String {
    as_json(&accounts.iter().map(|account| [*account]).collect::<Vec<[&str; 1]>>())
}

/// The day and hour in the county's time (Asia/Shanghai).
fn local(instant: &str) -> Option<(BusinessDate, u32)> {
    let zone = FixedOffset::east_opt(8 * 3600)?;
    let there = DateTime::parse_from_rfc3339(instant).ok()?.with_timezone(&zone);
    Some((there.date_naive(), there.hour()))
}

/// Posted vouchers between two months, with what left the money accounts by them and what cash came; those reviewed as `by_rule` are not ordinary.
pub async fn vouchers(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (money, cash, by_rule): (&[&str], &[&str], &str),
    (from, through): (AccountingPeriod, AccountingPeriod),
) -> Result<Vec<VoucherFact>, Failure> {
    const SQL: &str = "select v.period, v.word, v.number, v.dated_on, v.made_at, cast(coalesce((select sum(l.credit_cents - l.debit_cents) \
         from voucher_line l where l.county = v.county and l.book = v.book and l.voucher = v.voucher \
         and exists (select 1 from json_each($3) r where l.account >= r.value->>0 and l.account < (r.value->>0) || '~')), 0) as bigint), \
         v.paper_attachments + (select count(*) from attachment a where a.county = v.county and a.book = v.book and a.voucher = v.voucher), \
         case when v.reverses is null then 0 else 1 end, case when v.stage = 'ordinary' and coalesce(v.reviewer, '') <> $6 then 1 else 0 end, \
         (select count(*) from voucher_line l where l.county = v.county and l.book = v.book and l.voucher = v.voucher and l.document is not null), \
         (select max(c.claim) from claim c where c.county = v.county and c.book = v.book and c.voucher = v.voucher), \
         coalesce((select max(c.content) from claim c where c.county = v.county and c.book = v.book and c.voucher = v.voucher), ''), \
         cast(coalesce((select sum(l.debit_cents - l.credit_cents) from voucher_line l where l.county = v.county and l.book = v.book \
         and l.voucher = v.voucher and exists (select 1 from json_each($7) r where l.account >= r.value->>0 and l.account < (r.value->>0) || '~')), 0) as bigint), \
         case when v.maker = v.reviewer then 1 else 0 end from voucher v where v.county = $1 and v.book = $2 and v.state = 'posted' and v.stage <> 'opening' and v.period >= $4 and v.period <= $5 \
         order by v.posted";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(roots(money)).bind(from.to_string());
    let rows = query.bind(through.to_string()).bind(by_rule).bind(roots(cash)).fetch_all(tx).await?;
    rows.iter().map(voucher_at).collect()
}

fn voucher_at(row: &AnyRow) -> Result<VoucherFact, Failure> {
    let period: AccountingPeriod = parsed(row, 0, |text| AccountingPeriod::parse(text).ok())?;
    let (word, number): (String, i64) = (column(row, 1)?, column(row, 2)?);
    let claimed: String = column(row, 11)?;
    Ok(VoucherFact {
        voucher: format!("{period}-{word}-{number}"),
        period,
        dated_on: day(row, 3)?,
        made: parsed(row, 4, local)?,
        money_out: fen(row, 5)?.max(Amount::ZERO),
        cash: fen(row, 12)?,
        bank: -fen(row, 5)? - fen(row, 12)?,
        own_review: column::<i64>(row, 13)? == 1,
        papers: column(row, 6)?,
        is_red: column::<i64>(row, 7)? == 1,
        is_ordinary: column::<i64>(row, 8)? == 1,
        decided: column::<i64>(row, 9)? > 0 || claimed.contains("\"decision\"") || claimed.contains("\"representatives\""),
        claim: column(row, 10)?,
    })
}

/// Claims of a book that were sent, oldest first.
pub async fn claims(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<ClaimFact>, Failure> {
    const SQL: &str = "select claim, payee, kind, spent_on, amount_cents from claim where county = $1 and book = $2 \
         and state in ('sent', 'accepted', 'booked') order by claim";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    let claim = |row: &AnyRow| {
        Ok(ClaimFact {
            claim: column(row, 0)?,
            payee: column(row, 1)?,
            kind: column(row, 2)?,
            on: day(row, 3)?,
            amount: fen(row, 4)?,
        })
    };
    rows.iter().map(claim).collect()
}

/// What each day of a year moved on the accounts beneath a code, with the opening on the first.
pub async fn cash_moves(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    account: &str,
    (from, through): (AccountingPeriod, AccountingPeriod),
) -> Result<Vec<(BusinessDate, Amount)>, Failure> {
    const SQL: &str = "select v.dated_on, cast(sum(l.debit_cents - l.credit_cents) as bigint) from voucher_line l \
         join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher and v.state = 'posted' \
         where l.county = $1 and l.book = $2 and l.account >= $3 and l.account < $3 || '~' and l.period >= $4 and l.period <= $5 \
         group by v.dated_on order by v.dated_on";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(account).bind(from.to_string());
    let rows = query.bind(through.to_string()).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((day(row, 0)?, fen(row, 1)?))).collect()
}

/// The balances of a dimension's members on the accounts beneath some codes, with the last month that moved them.
pub async fn members(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (dimension, accounts): (&str, &[&str]),
    (from, through): (AccountingPeriod, AccountingPeriod),
) -> Result<Vec<PartyFact>, Failure> {
    const SQL: &str = "select m.account, m.member, cast(sum(m.debit_cents - m.credit_cents) as bigint), max(m.period) from period_movement m \
         where m.county = $1 and m.book = $2 and m.dimension = $3 and m.period >= $5 and m.period <= $6 \
         and exists (select 1 from json_each($4) r where m.account >= r.value->>0 and m.account < (r.value->>0) || '~') \
         group by m.account, m.member having sum(m.debit_cents - m.credit_cents) <> 0 order by m.account, m.member";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(dimension).bind(roots(accounts));
    let rows = query.bind(from.to_string()).bind(through.to_string()).fetch_all(tx).await?;
    let member = |row: &AnyRow| {
        let moved: AccountingPeriod = parsed(row, 3, |text| AccountingPeriod::parse(text).ok())?;
        Ok(PartyFact { account: column(row, 0)?, party: column(row, 1)?, owed: fen(row, 2)?, moved_on: moved.last_day() })
    };
    rows.iter().map(member).collect()
}

/// By how much parties owe more, month by month, on the accounts beneath some codes; openings left out.
pub async fn debts(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    accounts: &[&str],
    (from, through): (AccountingPeriod, AccountingPeriod),
) -> Result<Vec<(String, String, AccountingPeriod, Amount)>, Failure> {
    const SQL: &str = "select m.account, m.member, m.period, cast(sum(m.debit_cents - m.credit_cents) as bigint) from period_movement m \
         where m.county = $1 and m.book = $2 and m.dimension = 'party' and m.stage <> 'opening' and m.period >= $4 and m.period <= $5 \
         and exists (select 1 from json_each($3) r where m.account >= r.value->>0 and m.account < (r.value->>0) || '~') \
         group by m.account, m.member, m.period order by m.account, m.member, m.period";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(roots(accounts)).bind(from.to_string());
    let rows = query.bind(through.to_string()).fetch_all(tx).await?;
    let moved = |row: &AnyRow| {
        let month = parsed(row, 2, |text| AccountingPeriod::parse(text).ok())?;
        Ok((column(row, 0)?, column(row, 1)?, month, fen(row, 3)?))
    };
    rows.iter().map(moved).collect()
}

/// Vouchers made by hand that take surplus to the accounts of its distribution: the voucher, its day, how much. A plan's own
/// are of its event; a pair of a wrong voucher and its red one is left out.
pub async fn declared(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    accounts: &[&str],
    (from, through): (AccountingPeriod, AccountingPeriod),
) -> Result<Vec<(String, BusinessDate, Amount)>, Failure> {
    const SQL: &str = "select v.period || '-' || v.word || '-' || cast(v.number as text), v.dated_on, \
         cast(sum(l.debit_cents - l.credit_cents) as bigint) from json_each($3) r cross join voucher_line l \
         join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher and v.state = 'posted' \
         and v.stage = 'ordinary' and v.event is null and v.reverses is null \
         where l.county = $1 and l.book = $2 and l.account >= r.value->>0 and l.account < (r.value->>0) || '~' \
         and l.period >= $4 and l.period <= $5 \
         and not exists (select 1 from voucher w where w.county = v.county and w.book = v.book and w.reverses = v.voucher and w.state = 'posted') \
         group by v.voucher, v.period, v.word, v.number, v.dated_on having sum(l.debit_cents - l.credit_cents) > 0 order by v.voucher";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(roots(accounts)).bind(from.to_string());
    let rows = query.bind(through.to_string()).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, day(row, 1)?, fen(row, 2)?))).collect()
}

/// Vouchers by which the special fund of one project falls while the other lines name another one, which has no part in the
/// fund's fall itself. Red vouchers and what they cancel are left out.
pub async fn diverted(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    account: &str,
    (from, through): (AccountingPeriod, AccountingPeriod),
) -> Result<Vec<DivertedFact>, Failure> {
    const SQL: &str = "select f.period || '-' || f.word || '-' || cast(f.number as text), f.dated_on, f.project, min(o.project), f.fen \
         from (select v.voucher, v.period, v.word, v.number, v.dated_on, l.project, cast(sum(l.debit_cents) as bigint) as fen \
         from voucher_line l join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher \
         and v.state = 'posted' and v.stage = 'ordinary' and v.reverses is null \
         where l.county = $1 and l.book = $2 and l.account >= $3 and l.account < $3 || '~' and l.period >= $4 and l.period <= $5 \
         and l.debit_cents > 0 and l.project is not null \
         and not exists (select 1 from voucher w where w.county = v.county and w.book = v.book and w.reverses = v.voucher and w.state = 'posted') \
         group by v.voucher, v.period, v.word, v.number, v.dated_on, l.project) f \
         join voucher_line o on o.county = $1 and o.book = $2 and o.voucher = f.voucher and o.project is not null and o.project <> f.project \
         where not exists (select 1 from voucher_line s where s.county = $1 and s.book = $2 and s.voucher = f.voucher \
         and s.project = o.project and s.debit_cents > 0 and s.account >= $3 and s.account < $3 || '~') \
         group by f.voucher, f.period, f.word, f.number, f.dated_on, f.project, f.fen order by f.voucher, f.project";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(account).bind(from.to_string());
    let rows = query.bind(through.to_string()).fetch_all(tx).await?;
    let fact = |row: &AnyRow| {
        let (voucher, on) = (column(row, 0)?, day(row, 1)?);
        Ok(DivertedFact { voucher, on, from: column(row, 2)?, to: column(row, 3)?, amount: fen(row, 4)? })
    };
    rows.iter().map(fact).collect()
}
