//! Standards of resident cadres and what was paid, as kept.

use sqlx::any::AnyRow;

use super::{Item, ResidentPayment, Standard};
use crate::calendar::AccountingPeriod;
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::{AccountCode, BookCode, FundClass};
use crate::money::Amount;

/// A county's standards: shipped rows and its own.
pub async fn standards(tx: &mut Connection, county: &str) -> Result<Vec<Standard>, Failure> {
    const SQL: &str = "select row_text from control_rule where county = $1 and room = 'residents' order by rule";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    let own = rows.iter().map(|row| parsed(row, 0, |text| serde_json::from_str(text).ok())).collect::<Result<_, _>>()?;
    Ok(super::table(own))
}

/// Keeps a county's own standards; one of the same name is replaced.
pub async fn save_standards(
    tx: &mut Connection,
    county: &str,
    rules: &[Standard],
    (by, at): (&str, &str),
) -> Result<(), Failure> {
    const SQL: &str = "insert into control_rule (county, room, rule, row_text, added_by, added_at) \
         select $1, 'residents', value->>0, value->>1, $3, $4 from json_each($2) where true \
         on conflict (county, room, rule) do update set row_text = excluded.row_text, added_by = excluded.added_by, \
         added_at = excluded.added_at";
    let text = |rule: &Standard| serde_json::to_string(rule).expect("standards are plain data and always serialise");
    let rows: Vec<(&str, String)> = rules.iter().map(|rule| (rule.rule.as_str(), text(rule))).collect();
    sqlx::query(SQL).bind(county).bind(as_json(&rows)).bind(by).bind(at).execute(tx).await?;
    Ok(())
}

/// Keeps a payment; the book is locked.
pub async fn insert(
    tx: &mut Connection,
    county: &str,
    (book, year): (&BookCode, i32),
    payment: &ResidentPayment,
    voucher: i64,
    (by, at): (&str, &str),
) -> Result<(), Failure> {
    const SQL: &str = "insert into resident_payment (county, book, payment, item, duty, year, dated_on, amount_cents, made_by, made_at, \
         voucher) select $1, $2, cast(coalesce(max(payment), 0) + 1 as bigint), $3, $4, $5, $6, $7, $8, $9, $10 \
         from resident_payment where county = $1 and book = $2";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(payment.item.as_str()).bind(payment.duty);
    let query = query.bind(i64::from(year)).bind(payment.on.to_string()).bind(payment.amount.fen());
    query.bind(by).bind(at).bind(voucher).execute(tx).await?;
    Ok(())
}

/// The payments of a book and year whose vouchers were neither voided nor reversed.
pub async fn payments(tx: &mut Connection, county: &str, book: &BookCode, year: i32) -> Result<Vec<ResidentPayment>, Failure> {
    const SQL: &str = "select p.item, p.duty, p.dated_on, p.amount_cents, v.period || '-' || v.word || '-' || cast(v.number as text) \
         from resident_payment p join voucher v on v.county = p.county and v.book = p.book and v.voucher = p.voucher \
         and v.state <> 'voided' where p.county = $1 and p.book = $2 and p.year = $3 and not exists (select 1 from voucher r \
         where r.county = p.county and r.book = p.book and r.reverses = p.voucher and r.state = 'posted') order by p.payment";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(i64::from(year)).fetch_all(tx).await?;
    let payment = |row: &AnyRow| {
        Ok(ResidentPayment {
            item: parsed(row, 0, Item::parse)?,
            duty: column(row, 1)?,
            on: parsed(row, 2, |text| text.parse().ok())?,
            amount: Amount::from_fen(column(row, 3)?),
            voucher: column(row, 4)?,
        })
    };
    rows.iter().map(payment).collect()
}

/// What went out of cash and bank as 驻村经费 in a year, by the books: posted, red vouchers taken off.
pub async fn paid_by_books(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    accounts: &[AccountCode],
    year: i32,
) -> Result<Amount, Failure> {
    const SQL: &str = "select cast(coalesce(sum(m.credit_cents), 0) as bigint) from period_movement m where m.county = $1 \
         and m.book = $2 and m.dimension = 'fund_class' and m.member = $4 and m.period > $5 and m.period <= $6 \
         and exists (select 1 from json_each($3) r where m.account >= r.value->>0 and m.account < (r.value->>0) || '~')";
    let roots: Vec<[&str; 1]> = accounts.iter().map(|account| [account.as_str()]).collect();
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&roots)).bind(FundClass::Resident.label_zh());
    let query = query.bind(AccountingPeriod::opening(year).to_string()).bind(format!("{year}-12"));
    Ok(Amount::from_fen(column(&query.fetch_one(tx).await?, 0)?))
}
