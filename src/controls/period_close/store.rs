//! What a close looks at, and the states of periods, as kept.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;

use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::year_close::year_end::Balance;
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::posting::PeriodState;
use crate::ledger::store::{line_at, period_state};
use crate::ledger::vouchers::State;
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;

/// A period of a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPeriod {
    /// The period.
    pub period: AccountingPeriod,
    /// Open or closed.
    pub state: PeriodState,
    /// Since when.
    pub changed_at: String,
    /// By whom.
    pub changed_by: String,
    /// Why it was reopened.
    pub reason: Option<String>,
    /// Digest of its closing trial balance.
    pub digest: Option<String>,
}

/// The periods of a book, in order.
pub async fn periods(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<KeptPeriod>, Failure> {
    const SQL: &str = "select period, state, changed_at, changed_by, reason, digest from accounting_period \
         where county = $1 and book = $2 order by period";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    let kept = |row: &AnyRow| {
        Ok(KeptPeriod {
            period: parsed(row, 0, |text| AccountingPeriod::parse(text).ok())?,
            state: parsed(row, 1, period_state)?,
            changed_at: column(row, 2)?,
            changed_by: column(row, 3)?,
            reason: column(row, 4)?,
            digest: column(row, 5)?,
        })
    };
    rows.iter().map(kept).collect()
}

/// Sets the state of periods.
pub async fn set_periods(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (periods, state): (&[AccountingPeriod], &str),
    (by, at): (&str, &str),
    (reason, digest): (Option<&str>, Option<&str>),
) -> Result<(), Failure> {
    const SQL: &str = "update accounting_period set state = $4, changed_at = $5, changed_by = $6, reason = $7, digest = $8 \
         where county = $1 and book = $2 and period in (select value->>0 from json_each($3))";
    let asked: Vec<[String; 1]> = periods.iter().map(|p| [p.to_string()]).collect();
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&asked)).bind(state).bind(at).bind(by);
    query.bind(reason).bind(digest).execute(tx).await?;
    Ok(())
}

/// Marks a year's balances as carried on, or as to be carried again.
pub async fn set_carried(tx: &mut Connection, county: &str, book: &BookCode, year: i32, at: Option<&str>) -> Result<(), Failure> {
    const SQL: &str = "update book_year set carried_at = $4 where county = $1 and book = $2 and year = $3";
    sqlx::query(SQL).bind(county).bind(&book.0).bind(i64::from(year)).bind(at).execute(tx).await?;
    Ok(())
}

/// Vouchers of a period (and of its year's opening in January) not yet posted nor voided: (reference, state).
pub async fn unposted(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
) -> Result<Vec<(String, State)>, Failure> {
    const SQL: &str = "select period, word, number, state from voucher where county = $1 and book = $2 and period = $3 \
         and state in ('draft', 'submitted', 'approved') order by word, number";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(period.to_string()).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((reference(row)?, parsed(row, 3, State::parse)?))).collect()
}

/// Numbers of a period's series that no voucher has. Reads the vouchers only where a count does not fit.
pub async fn gaps(tx: &mut Connection, county: &str, book: &BookCode, period: AccountingPeriod) -> Result<Vec<String>, Failure> {
    const COUNTS: &str = "select n.word, n.last_number, cast(count(v.voucher) as bigint) from voucher_number n \
         left join voucher v on v.county = n.county and v.book = n.book and v.period = n.period and v.word = n.word \
         where n.county = $1 and n.book = $2 and n.period = $3 group by n.word, n.last_number order by n.word";
    const NUMBERS: &str =
        "select number from voucher where county = $1 and book = $2 and period = $3 and word = $4 order by number";
    let mut missing = Vec::new();
    let series = sqlx::query(COUNTS).bind(county).bind(&book.0).bind(period.to_string()).fetch_all(&mut *tx).await?;
    for row in &series {
        let (word, last, count): (String, i64, i64) = (column(row, 0)?, column(row, 1)?, column(row, 2)?);
        if last == count {
            continue;
        }
        let query = sqlx::query(NUMBERS).bind(county).bind(&book.0).bind(period.to_string()).bind(&word);
        let there: Vec<i64> = query.fetch_all(&mut *tx).await?.iter().map(|row| column(row, 0)).collect::<Result<_, _>>()?;
        missing.extend((1..=last).filter(|n| there.binary_search(n).is_err()).map(|n| format!("{period}-{word}-{n}")));
    }
    Ok(missing)
}

/// Posted ordinary vouchers of a period with neither paper nor file; reversals need none (BASIC art. 51).
pub async fn without_papers(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
) -> Result<Vec<String>, Failure> {
    const SQL: &str = "select v.period, v.word, v.number from voucher v where v.county = $1 and v.book = $2 and v.period = $3 \
         and v.state = 'posted' and v.stage = 'ordinary' and v.reverses is null and v.paper_attachments = 0 \
         and not exists (select 1 from attachment a where a.county = v.county and a.book = v.book and a.voucher = v.voucher) \
         order by v.word, v.number";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(period.to_string()).fetch_all(tx).await?;
    rows.iter().map(reference).collect()
}

fn reference(row: &AnyRow) -> Result<String, Failure> {
    Ok(format!("{}-{}-{}", column::<String>(row, 0)?, column::<String>(row, 1)?, column::<i64>(row, 2)?))
}

/// Projects whose special funds or levies (liabilities kept by project) stand below zero at a period's end, registered or not:
/// (account, project, balance).
pub async fn overdrawn_projects(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
) -> Result<Vec<(AccountCode, String, Amount)>, Failure> {
    const SQL: &str = "select m.account, m.member, cast(sum(m.credit_cents - m.debit_cents) as bigint) from period_movement m \
         join account a on a.county = m.county and a.book = m.book and a.year = $5 and a.account = m.account \
         and a.class = 'liability' and a.requires like '%project%' where m.county = $1 and m.book = $2 and m.dimension = 'project' \
         and m.period >= $3 and m.period <= $4 group by m.account, m.member \
         having sum(m.credit_cents - m.debit_cents) < 0 order by 1, 2";
    let opening = AccountingPeriod::opening(period.year()).to_string();
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(opening).bind(period.to_string());
    let rows = query.bind(i64::from(period.year())).fetch_all(tx).await?;
    let below = |row: &AnyRow| Ok((AccountCode(column(row, 0)?), column(row, 1)?, Amount::from_fen(column(row, 2)?)));
    rows.iter().map(below).collect()
}

/// What each day of a period moved on the accounts at or beneath a code: (account, day, debit less credit).
pub async fn daily(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
    account: &AccountCode,
) -> Result<Vec<(AccountCode, BusinessDate, Amount)>, Failure> {
    const SQL: &str = "select l.account, v.dated_on, cast(sum(l.debit_cents - l.credit_cents) as bigint) from voucher_line l \
         join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher and v.state = 'posted' \
         where l.county = $1 and l.book = $2 and l.account >= $3 and l.account < $4 and l.period = $5 \
         group by l.account, v.dated_on order by l.account, v.dated_on";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(account.as_str()).bind(format!("{account}~"));
    let rows = query.bind(period.to_string()).fetch_all(tx).await?;
    let day = |row: &AnyRow| {
        let on = parsed(row, 1, |text| text.parse().ok())?;
        Ok((AccountCode(column(row, 0)?), on, Amount::from_fen(column(row, 2)?)))
    };
    rows.iter().map(day).collect()
}

/// The posted balances of a year through a period, by account and all dimension values; zero ones left out.
pub async fn balances(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    span: (AccountingPeriod, AccountingPeriod),
) -> Result<Vec<Balance>, Failure> {
    balances_on(tx, county, book, span, &[]).await
}

/// The same of some accounts alone: a hundred thousand members' shares are not read to settle income and expense. All where none
/// is named.
pub async fn balances_on(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (from, through): (AccountingPeriod, AccountingPeriod),
    accounts: &[&AccountCode],
) -> Result<Vec<Balance>, Failure> {
    const SQL: &str = "select l.account, '', cast(sum(l.debit_cents - l.credit_cents) as bigint), cast(0 as bigint), l.party, l.project, \
         l.fund_class, l.document, l.bank_account from voucher_line l \
         join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher and v.state = 'posted' \
         where l.county = $1 and l.book = $2 and l.period >= $3 and l.period <= $4 \
         and ($5 = '[]' or l.account in (select value->>0 from json_each($5))) \
         group by l.account, l.party, l.project, l.fund_class, l.document, l.bank_account \
         having sum(l.debit_cents - l.credit_cents) <> 0";
    let asked: Vec<[&str; 1]> = accounts.iter().map(|account| [account.as_str()]).collect();
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(from.to_string()).bind(through.to_string());
    let rows = query.bind(as_json(&asked)).fetch_all(tx).await?;
    let balance = |row: &AnyRow| {
        let line = line_at(row, 0)?;
        Ok(Balance { account: line.account, dimensions: line.dimensions, net: line.debit })
    };
    let mut balances: Vec<Balance> = rows.iter().map(balance).collect::<Result<_, Failure>>()?;
    balances.sort();
    Ok(balances)
}

/// The rows a period's digest covers: year-to-date debit and credit by dimension, account and member.
pub async fn trial_rows(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
) -> Result<BTreeMap<(String, String, String), (i64, i64)>, Failure> {
    const SQL: &str = "select dimension, account, member, cast(sum(debit_cents) as bigint), cast(sum(credit_cents) as bigint) \
         from period_movement where county = $1 and book = $2 and period >= $3 and period <= $4 group by dimension, account, member";
    let opening = AccountingPeriod::opening(period.year()).to_string();
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(opening).bind(period.to_string()).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(((column(row, 0)?, column(row, 1)?, column(row, 2)?), (column(row, 3)?, column(row, 4)?)))).collect()
}
