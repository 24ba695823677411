//! Reads the books as they are kept, page by page, for verification. Nothing here judges.
//!
//! 1. What a hand may have put there comes out as it stands: texts are not parsed.
//! 2. Pages follow keys, so that memory stays small.

use std::collections::BTreeMap;

use sqlx::Row;
use sqlx::any::AnyRow;

use super::balances::SeriesCount;
use super::months::{MonthAct, PeriodRow};
use super::verify::{LineRow, MovementKey, PostedRow, Sums};
use crate::db::rows::{as_json, column};
use crate::db::{Connection, Failure};
use crate::ledger::store::line_at;

/// A book's row, with what its vouchers count to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookRow {
    /// Code.
    pub book: String,
    /// Last key drawn.
    pub last_voucher: i64,
    /// Last place in the chain.
    pub last_posted: i64,
    /// Digest there.
    pub last_digest: String,
    /// Vouchers of the book.
    pub vouchers: i64,
    /// Their highest key.
    pub highest: i64,
}

/// The county's books, or one of them (`book` not empty), by code.
pub async fn books(tx: &mut Connection, county: &str, book: &str) -> Result<Vec<BookRow>, Failure> {
    const SQL: &str = "select b.book, b.last_voucher, b.last_posted, b.last_digest, count(v.voucher), coalesce(max(v.voucher), 0) \
         from book b left join voucher v on v.county = b.county and v.book = b.book where b.county = $1 and ($2 = '' or b.book = $2) \
         group by b.book, b.last_voucher, b.last_posted, b.last_digest order by b.book";
    let rows = sqlx::query(SQL).bind(county).bind(book).fetch_all(tx).await?;
    let book = |row: &AnyRow| {
        Ok(BookRow {
            book: column(row, 0)?,
            last_voucher: column(row, 1)?,
            last_posted: column(row, 2)?,
            last_digest: column(row, 3)?,
            vouchers: column(row, 4)?,
            highest: column(row, 5)?,
        })
    };
    rows.iter().map(book).collect()
}

/// The periods of a book, in order.
pub async fn periods(tx: &mut Connection, county: &str, book: &str) -> Result<Vec<PeriodRow>, Failure> {
    const SQL: &str =
        "select period, state, changed_at, digest from accounting_period where county = $1 and book = $2 order by period";
    let rows = sqlx::query(SQL).bind(county).bind(book).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?, column(row, 3)?))).collect()
}

/// The acts that closed or reopened a book's months, in order.
pub async fn month_acts(tx: &mut Connection, county: &str, book: &str) -> Result<Vec<MonthAct>, Failure> {
    const SQL: &str = "select kind, at, what, answer from act where county = $1 and book = $2 \
         and kind in ('period.close', 'period.reopen', 'year.close') order by act";
    let rows = sqlx::query(SQL).bind(county).bind(book).fetch_all(tx).await?;
    let act = |row: &AnyRow| {
        Ok(MonthAct { kind: column(row, 0)?, at: column(row, 1)?, what: column(row, 2)?, answer: column(row, 3)? })
    };
    rows.iter().map(act).collect()
}

/// Posted vouchers with their lines, in the order of the chain, after a place.
pub async fn posted(tx: &mut Connection, county: &str, book: &str, after: i64, limit: i64) -> Result<Vec<PostedRow>, Failure> {
    const HEADS: &str = "select voucher, posted, period, word, number, dated_on, stage, event, maker, reviewer, poster, posted_at, \
         digest, reverses, paper_attachments from voucher where county = $1 and book = $2 and posted > $3 order by posted limit $4";
    const LINES: &str = "select l.account, l.summary, l.debit_cents, l.credit_cents, l.party, l.project, l.fund_class, l.document, \
         l.bank_account, l.voucher, l.line, l.period from voucher_line l where l.county = $1 and l.book = $2 \
         and l.voucher in (select cast(value->>0 as bigint) from json_each($3)) order by l.voucher, l.line";
    let heads = sqlx::query(HEADS).bind(county).bind(book).bind(after).bind(limit).fetch_all(&mut *tx).await?;
    let ids: Vec<[i64; 1]> = heads.iter().map(|row| Ok([column(row, 0)?])).collect::<Result<_, Failure>>()?;
    let mut lines: BTreeMap<i64, Vec<LineRow>> = BTreeMap::new();
    for row in sqlx::query(LINES).bind(county).bind(book).bind(as_json(&ids)).fetch_all(tx).await? {
        let line = LineRow { line: column(&row, 10)?, period: column(&row, 11)?, content: line_at(&row, 0)? };
        lines.entry(column(&row, 9)?).or_default().push(line);
    }
    heads.iter().map(|row| posted_row(row, &mut lines)).collect()
}

fn posted_row(row: &AnyRow, lines: &mut BTreeMap<i64, Vec<LineRow>>) -> Result<PostedRow, Failure> {
    let voucher = column(row, 0)?;
    Ok(PostedRow {
        voucher,
        posted: column(row, 1)?,
        period: column(row, 2)?,
        word: column(row, 3)?,
        number: column(row, 4)?,
        dated_on: column(row, 5)?,
        stage: column(row, 6)?,
        event: column(row, 7)?,
        maker: column(row, 8)?,
        reviewer: column(row, 9)?,
        poster: column(row, 10)?,
        posted_at: column(row, 11)?,
        digest: column(row, 12)?,
        reverses: column(row, 13)?,
        paper_attachments: column(row, 14)?,
        lines: lines.remove(&voucher).unwrap_or_default(),
    })
}

/// Stored movements after a key, in the order of their key.
pub async fn movements(
    tx: &mut Connection,
    county: &str,
    book: &str,
    after: &MovementKey,
    limit: i64,
) -> Result<Vec<(MovementKey, Sums)>, Failure> {
    const SQL: &str = "select dimension, period, account, member, stage, debit_cents, credit_cents from period_movement \
         where county = $1 and book = $2 and (dimension, period, account, member, stage) > ($3, $4, $5, $6, $7) \
         order by dimension, period, account, member, stage limit $8";
    let query = sqlx::query(SQL).bind(county).bind(book).bind(&after.0).bind(&after.1).bind(&after.2).bind(&after.3);
    let rows = query.bind(&after.4).bind(limit).fetch_all(tx).await?;
    let movement = |row: &AnyRow| {
        let key = (column(row, 0)?, column(row, 1)?, column(row, 2)?, column(row, 3)?, column(row, 4)?);
        Ok((key, (column(row, 5)?, column(row, 6)?)))
    };
    rows.iter().map(movement).collect()
}

/// The series of a book: vouchers on one side, last numbers on the other; a side that is missing counts 0.
pub async fn series(tx: &mut Connection, county: &str, book: &str) -> Result<Vec<SeriesCount>, Failure> {
    const SQL: &str = "select period, word, cast(sum(n) as bigint), cast(sum(lo) as bigint), cast(sum(hi) as bigint), \
         cast(sum(different) as bigint), cast(sum(last_number) as bigint) from ( \
         select period, word, count(*) n, min(number) lo, max(number) hi, count(distinct number) different, 0 last_number \
         from voucher where county = $1 and book = $2 group by period, word \
         union all select period, word, 0, 0, 0, 0, last_number from voucher_number where county = $1 and book = $2) both_sides \
         group by period, word order by period, word";
    let rows = sqlx::query(SQL).bind(county).bind(book).fetch_all(tx).await?;
    let series = |row: &AnyRow| {
        Ok(SeriesCount {
            series: format!("{}-{}", column::<String>(row, 0)?, column::<String>(row, 1)?),
            vouchers: column(row, 2)?,
            lowest: column(row, 3)?,
            highest: column(row, 4)?,
            different: column(row, 5)?,
            last_number: column(row, 6)?,
        })
    };
    rows.iter().map(series).collect()
}

/// The numbers of one series, ascending; for naming the first that is wrong.
pub async fn numbers(tx: &mut Connection, county: &str, book: &str, series: &str) -> Result<Vec<i64>, Failure> {
    const SQL: &str = "select number from voucher where county = $1 and book = $2 and period || '-' || word = $3 order by number";
    let rows = sqlx::query(SQL).bind(county).bind(book).bind(series).fetch_all(tx).await?;
    rows.iter().map(|row| column(row, 0)).collect()
}

/// Keys of vouchers that are not there and have lines: (voucher key, first line). Sets are compared, not rows joined:
/// a join of the two big tables goes wrong where the planner has no statistics yet.
pub async fn orphan_lines(tx: &mut Connection, county: &str, book: &str, limit: i64) -> Result<Vec<(i64, i64)>, Failure> {
    const LONE: &str = "select voucher from voucher_line where county = $1 and book = $2 \
         except select voucher from voucher where county = $1 and book = $2 order by 1 limit $3";
    const FIRST: &str = "select coalesce(min(line), 0) from voucher_line where county = $1 and book = $2 and voucher = $3";
    let mut found = Vec::new();
    for lone in sqlx::query(LONE).bind(county).bind(book).bind(limit).fetch_all(&mut *tx).await? {
        let voucher: i64 = column(&lone, 0)?;
        let row = sqlx::query(FIRST).bind(county).bind(book).bind(voucher).fetch_one(&mut *tx).await?;
        found.push((voucher, column(&row, 0)?));
    }
    Ok(found)
}

/// Vouchers not in the chain whose lines do not balance: (name, debit, credit).
pub async fn unbalanced_drafts(
    tx: &mut Connection,
    county: &str,
    book: &str,
    limit: i64,
) -> Result<Vec<(String, i64, i64)>, Failure> {
    const SQL: &str = "select v.period || '-' || v.word || '-' || v.number, cast(coalesce(sum(l.debit_cents), 0) as bigint), \
         cast(coalesce(sum(l.credit_cents), 0) as bigint) from voucher v left join voucher_line l on l.county = v.county \
         and l.book = v.book and l.voucher = v.voucher where v.county = $1 and v.book = $2 and v.state <> 'posted' \
         and v.posted is null group by v.period, v.word, v.number having count(l.line) < 2 \
         or coalesce(sum(l.debit_cents), 0) <> coalesce(sum(l.credit_cents), 0) order by 1 limit $3";
    let rows = sqlx::query(SQL).bind(county).bind(book).bind(limit).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?))).collect()
}

/// Vouchers whose state and place in the chain disagree: (name, state, place).
pub async fn wrong_states(
    tx: &mut Connection,
    county: &str,
    book: &str,
    limit: i64,
) -> Result<Vec<(String, String, Option<i64>)>, Failure> {
    const SQL: &str = "select period || '-' || word || '-' || number, state, posted from voucher \
         where county = $1 and book = $2 and (state = 'posted') <> (posted is not null) order by 1 limit $3";
    let rows = sqlx::query(SQL).bind(county).bind(book).bind(limit).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?))).collect()
}

/// Keys that may stand once and stand more often: (what, key, times).
pub async fn keys_twice(tx: &mut Connection, county: &str, book: &str) -> Result<Vec<(String, String, i64)>, Failure> {
    const SQL: &str = "select '请求号 idempotency key', idempotency_key, count(*) from act where county = $1 \
         and idempotency_key is not null and ($2 = '' or book = $2) group by idempotency_key having count(*) > 1 \
         union all select '来源 source key', book || ' ' || source_key, count(*) from voucher where county = $1 \
         and source_key is not null and ($2 = '' or book = $2) group by book, source_key having count(*) > 1 \
         union all select '红冲 reversal of', book || ' ' || cast(reverses as text), count(*) from voucher where county = $1 \
         and reverses is not null and ($2 = '' or book = $2) group by book, reverses having count(*) > 1 order by 1, 2 limit 100";
    let rows = sqlx::query(SQL).bind(county).bind(book).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?))).collect()
}

/// Postings that no act accounts for: (book, name, poster, instant). The odd ones are found first and looked up after:
/// joined in one statement, SQLite compares the two sets again for every voucher.
pub async fn postings_without_act(
    tx: &mut Connection,
    county: &str,
    book: &str,
) -> Result<Vec<(String, String, String, String)>, Failure> {
    const LONE: &str = "select posted_at, poster from voucher where county = $1 and posted is not null and ($2 = '' or book = $2) \
         except select at, actor from act where county = $1 order by 1, 2 limit 100";
    const WHICH: &str = "select book, period || '-' || word || '-' || number from voucher where county = $1 \
         and ($2 = '' or book = $2) and posted_at = $3 and poster = $4 order by book, posted limit 1";
    let mut found = Vec::new();
    for lone in sqlx::query(LONE).bind(county).bind(book).fetch_all(&mut *tx).await? {
        let (at, by): (Option<String>, Option<String>) = (column(&lone, 0)?, column(&lone, 1)?);
        let (at, by) = (at.unwrap_or_default(), by.unwrap_or_default());
        let row = sqlx::query(WHICH).bind(county).bind(book).bind(&at).bind(&by).fetch_optional(&mut *tx).await?;
        let which = row.map_or(Ok(Default::default()), |row| Ok::<_, Failure>((column(&row, 0)?, column(&row, 1)?)))?;
        found.push((which.0, which.1, by, at));
    }
    Ok(found)
}

/// Digests that acts saw and the chains no longer have: (book, an act, digest).
pub async fn forgotten_digests(tx: &mut Connection, county: &str, book: &str) -> Result<Vec<(String, String, String)>, Failure> {
    const LONE: &str = "select book, after_digest as digest from act where county = $1 and book is not null \
         and after_digest is not null and ($2 = '' or book = $2) union select book, before_digest from act where county = $1 \
         and book is not null and before_digest is not null and ($2 = '' or book = $2) \
         except select book, digest from voucher where county = $1 and posted is not null \
         except select book, $3 from book where county = $1 order by 1, 2 limit 100";
    const WHICH: &str = "select min(act) from act where county = $1 and book = $2 and (after_digest = $3 or before_digest = $3)";
    let mut found = Vec::new();
    let query = sqlx::query(LONE).bind(county).bind(book).bind(crate::ledger::chain::GENESIS);
    for lone in query.fetch_all(&mut *tx).await? {
        let (book, digest): (String, String) = (column(&lone, 0)?, column(&lone, 1)?);
        let row = sqlx::query(WHICH).bind(county).bind(&book).bind(&digest).fetch_one(&mut *tx).await?;
        found.push((book, column::<Option<String>>(&row, 0)?.unwrap_or_default(), digest));
    }
    Ok(found)
}

/// The work sheets of changes of regime, newest first, as kept.
pub async fn work_sheets(tx: &mut Connection, county: &str) -> Result<Vec<String>, Failure> {
    const SQL: &str = "select what from event where county = $1 and kind = 'regime_converted' order by event desc";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| column(row, 0)).collect()
}

/// Acts after a given one: (act, what, answer).
pub async fn acts(
    tx: &mut Connection,
    county: &str,
    book: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, String, String)>, Failure> {
    const SQL: &str = "select act, what, answer from act where county = $1 and ($2 = '' or book = $2) and act > $3 \
         order by act limit $4";
    let rows = sqlx::query(SQL).bind(county).bind(book).bind(after).bind(limit).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?))).collect()
}

/// The next stored file after a digest: (digest, content).
pub async fn next_file(tx: &mut Connection, county: &str, after: &str) -> Result<Option<(String, Vec<u8>)>, Failure> {
    const SQL: &str = "select digest, content from attachment_file where county = $1 and digest > $2 order by digest limit 1";
    let row = sqlx::query(SQL).bind(county).bind(after).fetch_optional(tx).await?;
    row.map(|row| Ok((column(&row, 0)?, row.try_get(1)?))).transpose()
}

/// Files that vouchers list and the county does not store: (book, voucher, name, digest).
pub async fn missing_files(tx: &mut Connection, county: &str, book: &str) -> Result<Vec<(String, i64, String, String)>, Failure> {
    const SQL: &str = "select a.book, a.voucher, a.name, a.digest from attachment a left join attachment_file f \
         on f.county = a.county and f.digest = a.digest where a.county = $1 and ($2 = '' or a.book = $2) and f.digest is null \
         order by a.book, a.voucher, a.attachment limit 100";
    let rows = sqlx::query(SQL).bind(county).bind(book).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?, column(row, 3)?))).collect()
}
