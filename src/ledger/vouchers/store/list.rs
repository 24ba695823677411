//! The voucher list of a period: what a list shows of each voucher, and the sums of all that a filter lets through.

use sqlx::any::AnyRow;

use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::rows::{column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::vouchers::{State, VoucherRef};
use crate::ledger::{BookCode, VoucherId, Word};
use crate::money::Amount;

/// Which vouchers of a period; what is absent lets everything through.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<State>,
    /// Sent back to their makers.
    pub returned: bool,
    /// With a line on this account or beneath it.
    pub account: Option<String>,
    /// Number at least.
    pub from_number: Option<i64>,
    /// Number at most.
    pub through_number: Option<i64>,
    /// Sum of one side at least.
    pub from_amount: Option<Amount>,
    /// Sum of one side at most.
    pub through_amount: Option<Amount>,
    /// Made by.
    pub maker: Option<String>,
}

/// A voucher as a list shows it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Key within the book.
    pub id: VoucherId,
    /// Its name.
    pub reference: VoucherRef,
    /// Date.
    pub dated_on: BusinessDate,
    /// State.
    pub state: State,
    /// Summary of the first line.
    pub summary: String,
    /// Sum of the debits.
    pub amount: Amount,
    /// How many lines.
    pub lines: i64,
    /// 制单
    pub maker: String,
    /// 审核
    pub reviewer: Option<String>,
    /// 附单据, papers and files together.
    pub papers: i64,
    /// Is a red voucher.
    pub is_red: bool,
    /// Why it was returned.
    pub return_reason: Option<String>,
}

const MATCHING: &str = "from (select v.voucher, v.word, v.number, v.dated_on, v.state, v.maker, v.reviewer, v.reverses, \
     v.return_reason, v.paper_attachments, (select cast(coalesce(sum(l.debit_cents), 0) as bigint) from voucher_line l \
     where l.county = v.county and l.book = v.book and l.voucher = v.voucher) as debit_cents \
     from voucher v where v.county = $1 and v.book = $2 and v.period = $3 and ($4 = '' or v.state = $4) \
     and ($5 = 0 or v.return_reason is not null) and v.number >= $6 and v.number <= $7 and ($8 = '' or v.maker = $8) \
     and ($9 = '' or exists (select 1 from voucher_line l where l.county = v.county and l.book = v.book \
     and l.voucher = v.voucher and substr(l.account, 1, length($9)) = $9))) v \
     where v.debit_cents >= $10 and v.debit_cents <= $11";

macro_rules! filtered {
    ($sql:expr, $county:expr, $book:expr, $period:expr, $filter:expr) => {{
        let filter: &Filter = $filter;
        sqlx::query(sqlx::AssertSqlSafe($sql))
            .bind($county)
            .bind(&$book.0)
            .bind($period.to_string())
            .bind(filter.state.map_or("", State::as_str))
            .bind(i64::from(filter.returned))
            .bind(filter.from_number.unwrap_or(0))
            .bind(filter.through_number.unwrap_or(i64::MAX))
            .bind(filter.maker.as_deref().unwrap_or(""))
            .bind(filter.account.as_deref().unwrap_or(""))
            .bind(filter.from_amount.map_or(i64::MIN, Amount::fen))
            .bind(filter.through_amount.map_or(i64::MAX, Amount::fen))
    }};
}

/// A page of the vouchers a filter lets through, by word and number, after a given one.
pub async fn page(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
    filter: &Filter,
    after: Option<&VoucherRef>,
    limit: i64,
) -> Result<Vec<Listed>, Failure> {
    let sql = format!(
        "select v.voucher, v.word, v.number, v.dated_on, v.state, v.maker, v.reviewer, v.reverses, v.return_reason, \
         v.paper_attachments + (select count(*) from attachment a where a.county = $1 and a.book = $2 and a.voucher = v.voucher), \
         v.debit_cents, coalesce((select l.summary from voucher_line l where l.county = $1 and l.book = $2 \
         and l.voucher = v.voucher and l.line = 1), ''), \
         (select count(*) from voucher_line l where l.county = $1 and l.book = $2 and l.voucher = v.voucher) \
         {MATCHING} and (v.word > $12 or (v.word = $12 and v.number > $13)) order by v.word, v.number limit $14"
    );
    let (word, number) = after.map_or(("", 0), |at| (at.word.as_str(), at.number));
    let query = filtered!(sql, county, book, period, filter).bind(word).bind(number).bind(limit);
    query.fetch_all(tx).await?.iter().map(|row| listed(row, period)).collect()
}

fn listed(row: &AnyRow, period: AccountingPeriod) -> Result<Listed, Failure> {
    let reference = VoucherRef { period, word: parsed(row, 1, Word::parse)?, number: column(row, 2)? };
    Ok(Listed {
        id: VoucherId(column(row, 0)?),
        reference,
        dated_on: parsed(row, 3, |text| text.parse().ok())?,
        state: parsed(row, 4, State::parse)?,
        maker: column(row, 5)?,
        reviewer: column(row, 6)?,
        is_red: column::<Option<i64>>(row, 7)?.is_some(),
        return_reason: column(row, 8)?,
        papers: column(row, 9)?,
        amount: Amount::from_fen(column(row, 10)?),
        summary: column(row, 11)?,
        lines: column(row, 12)?,
    })
}

/// How many vouchers a filter lets through, and the sum of their debits; voided ones add nothing to it.
pub async fn sums(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
    filter: &Filter,
) -> Result<(i64, Amount), Failure> {
    let sql = format!(
        "select count(*), cast(coalesce(sum(case when v.state = 'voided' then 0 else v.debit_cents end), 0) as bigint) {MATCHING}"
    );
    let row = filtered!(sql, county, book, period, filter).fetch_one(tx).await?;
    Ok((column(&row, 0)?, Amount::from_fen(column(&row, 1)?)))
}

/// The same of a list that is all there is.
pub fn sums_of(all: &[Listed]) -> (i64, Amount) {
    let counted = all.iter().filter(|voucher| voucher.state != State::Voided);
    (all.len() as i64, counted.map(|voucher| voucher.amount).sum())
}

/// How many vouchers of a period are in each state, and how many were sent back and are drafts again.
pub async fn counts(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    period: AccountingPeriod,
) -> Result<(Vec<(State, i64)>, i64), Failure> {
    const SQL: &str = "select state, count(*), count(return_reason) from voucher \
         where county = $1 and book = $2 and period = $3 group by state order by state";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(period.to_string()).fetch_all(tx).await?;
    let (mut counts, mut returned) = (Vec::new(), 0);
    for row in &rows {
        let state = parsed(row, 0, State::parse)?;
        counts.push((state, column(row, 1)?));
        returned += if state == State::Draft { column::<i64>(row, 2)? } else { 0 };
    }
    Ok((counts, returned))
}
