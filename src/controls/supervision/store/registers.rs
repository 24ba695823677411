//! What the rules look at in registers: money paid by project, loans of a place, lists of people, papers used twice.

use sqlx::any::AnyRow;

use crate::calendar::BusinessDate;
use crate::controls::supervision::facts::ListFact;
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;
use crate::payouts::PayoutKind;

fn day(row: &AnyRow, index: usize) -> Result<BusinessDate, Failure> {
    parsed(row, index, |text| text.parse().ok())
}

fn fen(row: &AnyRow, index: usize) -> Result<Amount, Failure> {
    Ok(Amount::from_fen(column(row, index)?))
}

/// What left cash and bank for each project, openings left out.
pub async fn paid_by_project(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    money: &[&str],
) -> Result<Vec<(String, Amount)>, Failure> {
    const SQL: &str = "select m.member, cast(sum(m.credit_cents) as bigint) from period_movement m where m.county = $1 and m.book = $2 \
         and m.dimension = 'project' and m.stage = 'ordinary' \
         and exists (select 1 from json_each($3) r where m.account >= r.value->>0 and m.account < (r.value->>0) || '~') group by m.member";
    let roots: Vec<[&str; 1]> = money.iter().map(|account| [*account]).collect();
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&roots)).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, fen(row, 1)?))).collect()
}

/// Loans of a place past due: loan, since when, how much.
pub async fn overdue_loans(
    tx: &mut Connection,
    county: &str,
    place: &str,
) -> Result<Vec<(String, BusinessDate, Amount)>, Failure> {
    const SQL: &str = "select s.loan, s.overdue_from_on, s.overdue_cents from loan l \
         join loan_standing s on s.county = l.county and s.loan = l.loan \
         where l.county = $1 and l.place = $2 and s.overdue_from_on is not null and s.overdue_cents > 0 order by s.loan";
    let rows = sqlx::query(SQL).bind(county).bind(place).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, day(row, 1)?, fen(row, 2)?))).collect()
}

/// Lists of people of a book whose rows in doubt were accepted: batch, day, what was said, sum.
pub async fn doubtful_lists(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
) -> Result<Vec<(String, BusinessDate, String, Amount)>, Failure> {
    const SQL: &str = "select batch, coalesce(sent_on, substr(drawn_up_at, 1, 10)), accepted_flags, total_cents from payout_batch \
         where county = $1 and book = $2 and state <> 'dropped' and coalesce(accepted_flags, '') <> '' order by batch";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, day(row, 1)?, column(row, 2)?, fen(row, 3)?))).collect()
}

/// Lists of dividends and of entrusted income that no plan and no scheme owes.
pub async fn lists_without_source(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<ListFact>, Failure> {
    const SQL: &str = "select batch, kind, coalesce(sent_on, substr(drawn_up_at, 1, 10)), title, total_cents from payout_batch \
         where county = $1 and book = $2 and kind in ('dividend', 'entrusted_income') and source is null and state <> 'dropped' \
         order by batch";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    let list = |row: &AnyRow| {
        let (kind, on) = (parsed(row, 1, PayoutKind::parse)?, day(row, 2)?);
        Ok(ListFact { batch: column(row, 0)?, kind, on, title: column(row, 3)?, total: fen(row, 4)? })
    };
    rows.iter().map(list).collect()
}

/// Vouchers of a book with a paper that stands on an earlier voucher, in any book: the voucher, its day, the other.
pub async fn papers_again(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
) -> Result<Vec<(String, BusinessDate, String)>, Failure> {
    const SQL: &str = "select v.period || '-' || v.word || '-' || cast(v.number as text), v.dated_on, \
         w.book || ' ' || w.period || '-' || w.word || '-' || cast(w.number as text) from attachment a \
         join voucher v on v.county = a.county and v.book = a.book and v.voucher = a.voucher and v.state <> 'voided' \
         join attachment b on b.county = a.county and b.digest = a.digest and not (b.book = a.book and b.voucher = a.voucher) \
         join voucher w on w.county = b.county and w.book = b.book and w.voucher = b.voucher and w.state <> 'voided' \
         and v.reverses is null and w.reverses is null \
         and not exists (select 1 from voucher r where r.county = w.county and r.book = w.book and r.reverses = w.voucher) where a.county = $1 and a.book = $2 and (b.added_at < a.added_at or (b.added_at = a.added_at and (b.book < a.book \
         or (b.book = a.book and b.voucher < a.voucher)))) order by v.voucher, w.book, w.voucher";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, day(row, 1)?, column(row, 2)?))).collect()
}
