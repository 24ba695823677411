//! What sheets are made from: money by class and line by line, claims and debts, states of months, people paid.

use sqlx::any::AnyRow;

use crate::calendar::AccountingPeriod;
use crate::controls::disclosure::reports::{ClassMoney, MoneyLine};
use crate::controls::disclosure::span::Span;
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

fn fen(row: &AnyRow, index: usize) -> Result<Amount, Failure> {
    Ok(Amount::from_fen(column(row, index)?))
}

/// Money of the accounts beneath some first-level codes, by class: before the span, in and out of it. What carries no class
/// is its own row, so that the rows add up to the accounts.
pub async fn classes(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    accounts: &[&str],
    span: Span,
) -> Result<Vec<ClassMoney>, Failure> {
    const SQL: &str = "select m.dimension, m.member, cast(coalesce(sum(case when m.period < $5 then m.debit_cents - m.credit_cents end), 0) as bigint), \
         cast(coalesce(sum(case when m.period >= $5 then m.debit_cents end), 0) as bigint), \
         cast(coalesce(sum(case when m.period >= $5 then m.credit_cents end), 0) as bigint) \
         from period_movement m where m.county = $1 and m.book = $2 and m.dimension in ('', 'fund_class') and m.period >= $4 and m.period <= $6 \
         and exists (select 1 from json_each($3) r where m.account >= r.value->>0 and m.account < (r.value->>0) || '~') \
         group by m.dimension, m.member order by m.dimension, m.member";
    let roots: Vec<[&str; 1]> = accounts.iter().map(|account| [*account]).collect();
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(crate::db::rows::as_json(&roots));
    let query = query.bind(AccountingPeriod::opening(span.from.year()).to_string());
    let rows = query.bind(span.from.to_string()).bind(span.through.to_string()).fetch_all(tx).await?;
    let mut whole = ClassMoney { class: String::new(), opening: Amount::ZERO, came: Amount::ZERO, went: Amount::ZERO };
    let mut classes = Vec::new();
    for row in &rows {
        let money = ClassMoney { class: column(row, 1)?, opening: fen(row, 2)?, came: fen(row, 3)?, went: fen(row, 4)? };
        if column::<String>(row, 0)?.is_empty() { whole = money } else { classes.push(money) }
    }
    for money in &classes {
        whole.opening -= money.opening;
        whole.came -= money.came;
        whole.went -= money.went;
    }
    if !(whole.opening.is_zero() && whole.came.is_zero() && whole.went.is_zero()) {
        classes.push(whole);
    }
    Ok(classes)
}

/// Every posted line on those accounts within a span, by date and voucher.
pub async fn money_lines(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    accounts: &[&str],
    span: Span,
) -> Result<Vec<MoneyLine>, Failure> {
    const SQL: &str = "select v.dated_on, v.period, v.word, v.number, l.summary, coalesce(l.fund_class, ''), l.debit_cents - l.credit_cents \
         from json_each($3) r cross join voucher_line l join voucher v on v.county = l.county and v.book = l.book and v.voucher = l.voucher \
         and v.state = 'posted' and v.stage = 'ordinary' where l.county = $1 and l.book = $2 and l.account >= r.value->>0 \
         and l.account < (r.value->>0) || '~' and l.period >= $4 and l.period <= $5 order by v.dated_on, v.posted, l.line";
    let roots: Vec<[&str; 1]> = accounts.iter().map(|account| [*account]).collect();
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(crate::db::rows::as_json(&roots));
    let rows = query.bind(span.from.to_string()).bind(span.through.to_string()).fetch_all(tx).await?;
    let line = |row: &AnyRow| {
        let (period, word, number): (String, String, i64) = (column(row, 1)?, column(row, 2)?, column(row, 3)?);
        Ok(MoneyLine {
            on: parsed(row, 0, |text| text.parse().ok())?,
            voucher: format!("{period}-{word}-{number}"),
            summary: column(row, 4)?,
            class: column(row, 5)?,
            amount: fen(row, 6)?,
        })
    };
    rows.iter().map(line).collect()
}

/// Accounts that parties stand on at the end of a month: account, name, parties with a balance, Σ debit, Σ credit standing.
pub async fn party_balances(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    at: AccountingPeriod,
) -> Result<Vec<(String, String, i64, Amount, Amount)>, Failure> {
    const SQL: &str = "select b.account, max(a.name), count(*), cast(sum(case when b.net > 0 then b.net else 0 end) as bigint), \
         cast(sum(case when b.net < 0 then -b.net else 0 end) as bigint) from (select m.account as account, m.member as member, \
         sum(m.debit_cents - m.credit_cents) as net from period_movement m where m.county = $1 and m.book = $2 and m.dimension = 'party' \
         and m.period >= $3 and m.period <= $4 group by m.account, m.member having sum(m.debit_cents - m.credit_cents) <> 0) b \
         join account a on a.county = $1 and a.book = $2 and a.year = $5 and a.account = b.account \
         and a.class in ('asset', 'liability') group by b.account order by b.account";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(AccountingPeriod::opening(at.year()).to_string());
    let rows = query.bind(at.to_string()).bind(i64::from(at.year())).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?, fen(row, 3)?, fen(row, 4)?))).collect()
}

/// How many months of a span the book keeps, how many are open, and the digest of the last one.
pub async fn months(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    span: Span,
) -> Result<(i64, i64, Option<String>), Failure> {
    const SQL: &str = "select count(*), cast(coalesce(sum(case when state = 'open' then 1 else 0 end), 0) as bigint), \
         max(case when period = $4 then digest end) from accounting_period where county = $1 and book = $2 and period >= $3 and period <= $4";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(span.from.to_string()).bind(span.through.to_string());
    let row = query.fetch_one(tx).await?;
    Ok((column(&row, 0)?, column(&row, 1)?, column(&row, 2)?))
}
