//! Vouchers and their lines, read and moved from state to state.

pub mod list;

use std::collections::BTreeMap;

use sqlx::Row;
use sqlx::any::AnyRow;

use super::renumbering::Renumbered;
use super::{KeptVoucher, State, VoucherRef};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::store::{line_at, stage_at};
use crate::ledger::{BookCode, Voucher, VoucherId, VoucherLine, Word};

const HEAD: &str = "select v.voucher, v.number, v.state, v.event, v.maker, v.made_at, v.reviewer, v.poster, v.posted_at, v.posted, \
     v.digest, v.return_reason, v.period, v.dated_on, v.word, v.stage, v.reverses, v.source_key, v.paper_attachments, \
     (select red.voucher from voucher red where red.county = v.county and red.book = v.book and red.reverses = v.voucher \
      and red.state = 'posted'), v.book from voucher v ";

macro_rules! with_head {
    ($rest:literal) => {
        sqlx::AssertSqlSafe(format!("{HEAD}{}", $rest))
    };
}

/// Vouchers by key, in the order of their keys.
pub async fn vouchers(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    ids: &[VoucherId],
) -> Result<Vec<KeptVoucher>, Failure> {
    let asked: Vec<[i64; 1]> = ids.iter().map(|id| [id.0]).collect();
    let sql = with_head!(
        "where v.county = $1 and v.book = $2 and v.voucher in (select cast(value->>0 as bigint) from json_each($3)) \
         and v.voucher >= $4 and v.voucher <= $5 order by v.voucher"
    );
    let (first, last) = span(&asked);
    let query = sqlx::query(sql).bind(county).bind(&book.0).bind(as_json(&asked)).bind(first).bind(last);
    let heads = query.fetch_all(&mut *tx).await?;
    with_lines(tx, county, book, &heads).await
}

/// The voucher of a name, if the book has it.
pub async fn find(tx: &mut Connection, county: &str, book: &BookCode, name: &VoucherRef) -> Result<Option<VoucherId>, Failure> {
    const SQL: &str = "select voucher from voucher where county = $1 and book = $2 and period = $3 and word = $4 and number = $5";
    let query =
        sqlx::query(SQL).bind(county).bind(&book.0).bind(name.period.to_string()).bind(name.word.as_str()).bind(name.number);
    query.fetch_optional(tx).await?.map(|row| Ok(VoucherId(column(&row, 0)?))).transpose()
}

/// A page of a book's vouchers between two periods, ordered by period, word and number, after a given one.
pub async fn page(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (from, through): (AccountingPeriod, AccountingPeriod),
    state: Option<State>,
    after: Option<&VoucherRef>,
    limit: i64,
) -> Result<Vec<KeptVoucher>, Failure> {
    let sql = with_head!(
        "where v.county = $1 and v.book = $2 and v.period >= $3 and v.period <= $4 and ($5 = '' or v.state = $5) \
         and (v.period > $6 or (v.period = $6 and (v.word > $7 or (v.word = $7 and v.number > $8)))) \
         order by v.period, v.word, v.number limit $9"
    );
    let start = after.map_or((String::new(), "", 0), |r| (r.period.to_string(), r.word.as_str(), r.number));
    let query = sqlx::query(sql).bind(county).bind(&book.0).bind(from.to_string()).bind(through.to_string());
    let query = query.bind(state.map_or("", State::as_str)).bind(start.0).bind(start.1).bind(start.2).bind(limit);
    let heads = query.fetch_all(&mut *tx).await?;
    with_lines(tx, county, book, &heads).await
}

/// A page of a book's posted vouchers in the order of the chain, after a given place.
pub async fn posted_page(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    after: i64,
    limit: i64,
) -> Result<Vec<KeptVoucher>, Failure> {
    let sql = with_head!("where v.county = $1 and v.book = $2 and v.posted > $3 order by v.posted limit $4");
    let heads = sqlx::query(sql).bind(county).bind(&book.0).bind(after).bind(limit).fetch_all(&mut *tx).await?;
    with_lines(tx, county, book, &heads).await
}

/// The first and last of some keys. PostgreSQL without statistics reads a whole book to find a list of keys
/// (1,000,000 lines: 0.7 s); between bounds it reads what lies between.
fn span(ids: &[[i64; 1]]) -> (i64, i64) {
    let keys = || ids.iter().map(|id| id[0]);
    (keys().min().unwrap_or(0), keys().max().unwrap_or(0))
}

async fn with_lines(tx: &mut Connection, county: &str, book: &BookCode, heads: &[AnyRow]) -> Result<Vec<KeptVoucher>, Failure> {
    const SQL: &str = "select l.voucher, l.account, l.summary, l.debit_cents, l.credit_cents, l.party, l.project, l.fund_class, \
         l.document, l.bank_account from voucher_line l where l.county = $1 and l.book = $2 \
         and l.voucher in (select cast(value->>0 as bigint) from json_each($3)) and l.voucher >= $4 and l.voucher <= $5 \
         order by l.voucher, l.line";
    let ids: Vec<[i64; 1]> = heads.iter().map(|head| Ok([column(head, 0)?])).collect::<Result<_, Failure>>()?;
    let mut lines: BTreeMap<i64, Vec<VoucherLine>> = BTreeMap::new();
    let (first, last) = span(&ids);
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&ids)).bind(first).bind(last);
    for row in query.fetch_all(tx).await? {
        lines.entry(column(&row, 0)?).or_default().push(line_at(&row, 1)?);
    }
    heads.iter().map(|head| kept(head, &mut lines)).collect()
}

fn kept(head: &AnyRow, lines: &mut BTreeMap<i64, Vec<VoucherLine>>) -> Result<KeptVoucher, Failure> {
    let id: i64 = column(head, 0)?;
    Ok(KeptVoucher {
        id: VoucherId(id),
        number: column(head, 1)?,
        state: parsed(head, 2, State::parse)?,
        event: column(head, 3)?,
        maker: column(head, 4)?,
        made_at: column(head, 5)?,
        reviewer: column(head, 6)?,
        poster: column(head, 7)?,
        posted_at: column(head, 8)?,
        posted: column(head, 9)?,
        digest: column(head, 10)?,
        return_reason: column(head, 11)?,
        reversed_by: column::<Option<i64>>(head, 19)?.map(VoucherId),
        content: Voucher {
            book: BookCode(column(head, 20)?),
            period: parsed(head, 12, |text| AccountingPeriod::parse(text).ok())?,
            dated_on: parsed(head, 13, |text| text.parse::<BusinessDate>().ok())?,
            word: parsed(head, 14, Word::parse)?,
            stage: stage_at(head, 15)?,
            lines: lines.remove(&id).unwrap_or_default(),
            reverses: column::<Option<i64>>(head, 16)?.map(VoucherId),
            source_key: column(head, 17)?,
            paper_attachments: head.try_get(18)?,
        },
    })
}

/// Moves vouchers to a state that needs no reviewer: submitted, voided, or back to draft with a reason.
pub async fn set_state(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    ids: &[VoucherId],
    state: State,
    reason: Option<&str>,
) -> Result<(), Failure> {
    const SQL: &str = "update voucher set state = $4, return_reason = $5, reviewer = null, reviewed_at = null \
         where county = $1 and book = $2 and voucher in (select cast(value->>0 as bigint) from json_each($3)) \
         and voucher >= $6 and voucher <= $7";
    let asked: Vec<[i64; 1]> = ids.iter().map(|id| [id.0]).collect();
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&asked)).bind(state.as_str()).bind(reason);
    let (first, last) = span(&asked);
    query.bind(first).bind(last).execute(tx).await?;
    Ok(())
}

/// Lets a voided red voucher go of what it was to reverse.
pub async fn release_reversed(tx: &mut Connection, county: &str, book: &BookCode, ids: &[VoucherId]) -> Result<(), Failure> {
    const SQL: &str = "update voucher set reverses = null, source_key = null \
         where county = $1 and book = $2 and voucher in (select cast(value->>0 as bigint) from json_each($3)) \
         and voucher >= $4 and voucher <= $5";
    let asked: Vec<[i64; 1]> = ids.iter().map(|id| [id.0]).collect();
    let (first, last) = span(&asked);
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&asked));
    query.bind(first).bind(last).execute(tx).await?;
    Ok(())
}

/// A period's vouchers of one word: key, number, state.
pub async fn series(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (period, word): (AccountingPeriod, Word),
) -> Result<Vec<(VoucherId, i64, State)>, Failure> {
    const SQL: &str = "select voucher, number, state from voucher where county = $1 and book = $2 and period = $3 and word = $4 \
         order by number";
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(period.to_string()).bind(word.as_str());
    let one = |row: &AnyRow| Ok((VoucherId(column(row, 0)?), column(row, 1)?, parsed(row, 2, State::parse)?));
    query.fetch_all(tx).await?.iter().map(one).collect()
}

/// Gives vouchers of one series other numbers: by way of negative ones, since no two may share a number in between.
pub async fn renumber(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (period, word): (AccountingPeriod, Word),
    moves: &[Renumbered],
) -> Result<(), Failure> {
    const AWAY: &str = "update voucher set number = -cast(r.value->>1 as bigint) from json_each($3) r where voucher.county = $1 \
         and voucher.book = $2 and voucher.voucher = cast(r.value->>0 as bigint)";
    const BACK: &str =
        "update voucher set number = -number where county = $1 and book = $2 and period = $3 and word = $4 and number < 0";
    let rows: Vec<(i64, i64)> = moves.iter().map(|one| (one.voucher.0, one.to)).collect();
    sqlx::query(AWAY).bind(county).bind(&book.0).bind(as_json(&rows)).execute(&mut *tx).await?;
    let query = sqlx::query(BACK).bind(county).bind(&book.0).bind(period.to_string()).bind(word.as_str());
    query.execute(tx).await?;
    Ok(())
}

/// Marks vouchers as approved by somebody.
pub async fn approve(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    ids: &[VoucherId],
    reviewer: &str,
    at: &str,
) -> Result<(), Failure> {
    const SQL: &str = "update voucher set state = 'approved', reviewer = $4, reviewed_at = $5, return_reason = null \
         where county = $1 and book = $2 and voucher in (select cast(value->>0 as bigint) from json_each($3)) \
         and voucher >= $6 and voucher <= $7";
    let asked: Vec<[i64; 1]> = ids.iter().map(|id| [id.0]).collect();
    let (first, last) = span(&asked);
    let query = sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&asked)).bind(reviewer).bind(at);
    query.bind(first).bind(last).execute(tx).await?;
    Ok(())
}

/// Marks approved vouchers as posted: (voucher, place in the chain, digest).
pub async fn mark_posted(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    posted: &[(i64, i64, String)],
    poster: &str,
    at: &str,
) -> Result<(), Failure> {
    const SQL: &str = "update voucher set state = 'posted', poster = $4, posted_at = $5, posted = cast(r.value->>1 as bigint), \
         digest = r.value->>2 from json_each($3) r \
         where voucher.county = $1 and voucher.book = $2 and voucher.voucher = cast(r.value->>0 as bigint) \
         and voucher.voucher in (select cast(value->>0 as bigint) from json_each($3))";
    // SQLite compares every row of the parameter with every voucher it names, so they are named in small parts:
    // 4,166 vouchers at once cost 6.4 s of processor time.
    for part in posted.chunks(100) {
        sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(part)).bind(poster).bind(at).execute(&mut *tx).await?;
    }
    Ok(())
}

/// Replaces a draft's date, papers, lines and maker; number and word stay.
pub async fn replace_draft(
    tx: &mut Connection,
    county: &str,
    id: VoucherId,
    voucher: &Voucher,
    (maker, at): (&str, &str),
) -> Result<(), Failure> {
    const HEAD: &str = "update voucher set dated_on = $4, paper_attachments = $5, maker = $6, made_at = $7, return_reason = null \
         where county = $1 and book = $2 and voucher = $3";
    const LINES: &str = "delete from voucher_line where county = $1 and book = $2 and voucher = $3";
    let query = sqlx::query(HEAD).bind(county).bind(&voucher.book.0).bind(id.0);
    let query = query.bind(voucher.dated_on.to_string()).bind(voucher.paper_attachments).bind(maker).bind(at);
    query.execute(&mut *tx).await?;
    sqlx::query(LINES).bind(county).bind(&voucher.book.0).bind(id.0).execute(&mut *tx).await?;
    let rows: Vec<_> = crate::ledger::store::line_rows(&voucher.book, id, voucher.period, &voucher.lines).collect();
    crate::ledger::store::insert_lines(tx, county, &rows).await
}

/// The name of the red voucher that reverses (or is about to reverse) a voucher.
pub async fn reversal_of(tx: &mut Connection, county: &str, book: &BookCode, id: VoucherId) -> Result<Option<String>, Failure> {
    const SQL: &str = "select period, word, number from voucher where county = $1 and book = $2 and reverses = $3";
    let row = sqlx::query(SQL).bind(county).bind(&book.0).bind(id.0).fetch_optional(tx).await?;
    row.map(|row| Ok(format!("{}-{}-{}", column::<String>(&row, 0)?, column::<String>(&row, 1)?, column::<i64>(&row, 2)?)))
        .transpose()
}

/// What kind of event it was.
pub async fn event_kind(tx: &mut Connection, county: &str, event: &str) -> Result<Option<String>, Failure> {
    const SQL: &str = "select kind from event where county = $1 and event = $2";
    sqlx::query(SQL).bind(county).bind(event).fetch_optional(tx).await?.map(|row| column(&row, 0)).transpose()
}

/// The red vouchers that reverse (or are about to reverse) any of these: (reversed voucher, name of the red one).
pub async fn reversals(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    ids: &[VoucherId],
) -> Result<BTreeMap<VoucherId, String>, Failure> {
    const SQL: &str = "select reverses, period, word, number from voucher where county = $1 and book = $2 \
         and reverses in (select cast(value->>0 as bigint) from json_each($3))";
    let asked: Vec<[i64; 1]> = ids.iter().map(|id| [id.0]).collect();
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(as_json(&asked)).fetch_all(tx).await?;
    let named = |row: &AnyRow| {
        let name = format!("{}-{}-{}", column::<String>(row, 1)?, column::<String>(row, 2)?, column::<i64>(row, 3)?);
        Ok((VoucherId(column(row, 0)?), name))
    };
    rows.iter().map(named).collect()
}
