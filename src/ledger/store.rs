//! Books, numbers, vouchers and movements, as kept. A fixed number of statements however many vouchers.
//!
//! 1. Every posting locks its books' rows first, in ascending order; they draw the numbers and are the lock.
//! 2. Rows travel as one JSON parameter; nothing here decides anything.
//! 3. Parameter rows meet tables through the tables' keys: `cross join` keeps SQLite from starting with the table (src/decisions/0005).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::account::{AccountClass, AccountCode, Side};
use super::posting::{BookAccount, Known, PeriodState, Series, Usable};
use super::voucher::{BookCode, Dimension, Dimensions, Stage, VoucherId, VoucherLine, Word};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::rows::{Cells, as_json, column, packing, parsed, unpacked};
use crate::db::{Connection, Engine, Failure, Writes};
use crate::money::Amount;

/// Where a book's numbers and chain stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookState {
    /// Last voucher key drawn.
    pub last_voucher: i64,
    /// Last place in the chain.
    pub last_posted: i64,
    /// Digest at that place.
    pub last_digest: String,
    /// First day the book takes nothing, of one that ended.
    pub stopped_on: Option<String>,
}

/// Locks the books' rows in ascending order and reads where they stand.
pub async fn lock_books(
    tx: &mut Connection,
    engine: Engine,
    county: &str,
    books: &[&BookCode],
) -> Result<HashMap<BookCode, BookState>, Failure> {
    const SQL: &str = "select book, last_voucher, last_posted, last_digest, stopped_on from book \
         where county = $1 and book in (select value->>0 from jsonb_each($2)) order by book";
    let asked: Vec<[&str; 1]> = books.iter().map(|book| [book.0.as_str()]).collect();
    let sql = AssertSqlSafe(format!("{SQL}{}", engine.locking()));
    let rows = sqlx::query(sql).bind(county).bind(as_json(&asked)).fetch_all(tx).await?;
    let state = |row: &AnyRow| -> Result<_, Failure> {
        let (last_voucher, last_posted) = (column(row, 1)?, column(row, 2)?);
        let state = BookState { last_voucher, last_posted, last_digest: column(row, 3)?, stopped_on: column(row, 4)? };
        Ok((BookCode(column(row, 0)?), state))
    };
    rows.iter().map(state).collect()
}

/// Writes back where the books stand after a posting.
pub fn advance_books(writes: &mut Writes<'_>, books: &HashMap<BookCode, BookState>) {
    const SQL: &str = "update book set last_voucher = cast(r.value->>1 as bigint), last_posted = cast(r.value->>2 as bigint), \
         last_digest = r.value->>3 from jsonb_each($2) r where book.county = $1 and book.book = r.value->>0 \
         and book.book in (select value->>0 from jsonb_each($2))";
    let rows: Vec<_> = books.iter().map(|(book, s)| (&book.0, s.last_voucher, s.last_posted, &s.last_digest)).collect();
    writes.add(SQL, as_json(&rows));
}

/// Reads what vouchers are checked against: the accounts and periods they refer to and the last numbers of their series,
/// from (book, year, account), (book, period) and (book, period, word).
pub async fn known(
    tx: &mut Connection,
    county: &str,
    accounts: &[(&str, i32, &str)],
    periods: &[(&str, AccountingPeriod)],
    series: &[(&str, AccountingPeriod, Word)],
) -> Result<Known, Failure> {
    const FROM: &str = "(select a.account as what, a.requires as says, a.book, cast(a.year as text) as year, \
         a.stopped_on, cast(a.is_leaf as text) as is_leaf from jsonb_each($2) r cross join account a where a.county = $1 \
         and a.book = r.value->>0 and a.year = cast(r.value->>1 as bigint) and a.account = r.value->>2 \
         union all select p.period, p.state, p.book, null, null, null from jsonb_each($3) r cross join accounting_period p \
         where p.county = $1 and p.book = r.value->>0 and p.period = r.value->>1 \
         union all select n.period, n.word, n.book, null, cast(n.last_number as text), null from jsonb_each($4) r \
         cross join voucher_number n where n.county = $1 and n.book = r.value->>0 and n.period = r.value->>1 \
         and n.word = r.value->>2) known";
    let sql = AssertSqlSafe(packing(&["what", "says", "book", "year", "stopped_on", "is_leaf"], FROM));
    let query = sqlx::query(sql).bind(county).bind(as_json(accounts)).bind(as_json(periods)).bind(as_json(series));
    let row = query.fetch_one(tx).await?;
    let mut known = Known::default();
    unpacked(&column::<String>(&row, 0)?).try_for_each(|cells| learn(&mut known, &cells))?;
    Ok(known)
}

/// An account has a year, a period's state is a word, a series has its last number.
fn learn(known: &mut Known, cells: &Cells<'_>) -> Result<(), Failure> {
    let book = BookCode(cells.text(2)?);
    if let Some(year) = cells.optional(3)? {
        let requires = cells.text(1)?.split_whitespace().filter_map(Dimension::parse).collect();
        let usable = Usable { is_leaf: cells.text(5)? == "1", is_stopped: cells.optional::<String>(4)?.is_some(), requires };
        known.accounts.entry((book, year)).or_default().insert(AccountCode(cells.text(0)?), usable);
        return Ok(());
    }
    let period = cells.parsed(0, |text| AccountingPeriod::parse(text).ok())?;
    match cells.optional(4)? {
        Some(last) => known.last_numbers.insert((book, period, cells.parsed(1, Word::parse)?), last).map_or((), drop),
        None => known.periods.insert((book, period), cells.parsed(1, period_state)?).map_or((), drop),
    }
    Ok(())
}

/// Reads `open` or `closed`.
pub fn period_state(text: &str) -> Option<PeriodState> {
    match text {
        "open" => Some(PeriodState::Open),
        "closed" => Some(PeriodState::Closed),
        _ => None,
    }
}

/// The columns [`book_account`] reads.
pub const ACCOUNT_COLUMNS: [&str; 10] =
    ["account", "name", "class", "normal_side", "parent", "is_leaf", "is_two_sided", "requires", "source", "stopped_on"];

/// An account from its columns, packed.
pub fn book_account(cells: &Cells<'_>) -> Result<BookAccount, Failure> {
    Ok(BookAccount {
        code: AccountCode(cells.text(0)?),
        name: cells.text(1)?,
        class: cells.parsed(2, AccountClass::parse)?,
        normal_side: cells.parsed(3, Side::parse)?,
        parent: cells.optional::<String>(4)?.map(AccountCode),
        is_leaf: cells.text(5)? == "1",
        is_two_sided: cells.text(6)? == "1",
        requires: cells.text(7)?.split_whitespace().filter_map(Dimension::parse).collect(),
        source: cells.text(8)?,
        stopped_on: cells.optional(9)?,
    })
}

/// Writes the last numbers drawn of series. Whoever draws holds the books' locks, so that numbers have no gaps.
pub fn keep_numbers(writes: &mut Writes<'_>, last: &BTreeMap<Series, i64>) {
    const SQL: &str = "insert into voucher_number (county, book, period, word, last_number) \
         select $1, value->>0, value->>1, value->>2, cast(value->>3 as bigint) from jsonb_each($2) where true \
         on conflict (county, book, period, word) do update set last_number = excluded.last_number";
    let rows: Vec<_> = last.iter().map(|((book, period, word), n)| (&book.0, period, word, n)).collect();
    writes.add(SQL, as_json(&rows));
}

/// A voucher row as inserted: book, voucher, period, word, number, date, stage, event, maker, reviewer,
/// poster, place in the chain, digest, reversed voucher, source key, paper attachments, instant, instant of posting.
#[derive(Debug, serde::Serialize)]
pub struct VoucherRow<'a>(
    pub &'a str,
    pub i64,
    pub AccountingPeriod,
    pub &'a str,
    pub i64,
    pub BusinessDate,
    pub &'a str,
    pub Option<&'a str>,
    pub &'a str,
    pub Option<&'a str>,
    pub Option<&'a str>,
    pub Option<i64>,
    pub Option<&'a str>,
    pub Option<i64>,
    pub Option<&'a str>,
    pub i64,
    pub &'a str,
    pub Option<&'a str>,
);

/// Inserts vouchers, written as JSON (a list of [`VoucherRow`]): posted where they have a digest, drafts where not; each with
/// its own instant, which for posted ones is also that of review and posting.
pub fn insert_vouchers(writes: &mut Writes<'_>, rows: String) {
    const SQL: &str = "insert into voucher (county, book, voucher, period, word, number, dated_on, stage, event, maker, reviewer, \
         poster, posted, digest, reverses, source_key, paper_attachments, state, made_at, reviewed_at, posted_at) \
         select $1, value->>0, cast(value->>1 as bigint), value->>2, value->>3, cast(value->>4 as bigint), value->>5, value->>6, \
         value->>7, value->>8, value->>9, value->>10, cast(value->>11 as bigint), value->>12, cast(value->>13 as bigint), \
         value->>14, cast(value->>15 as bigint), case when value->>12 is null then 'draft' else 'posted' end, value->>16, \
         value->>17, value->>17 from jsonb_each($2)";
    writes.add(SQL, rows);
}

/// Rows of one statement: a voucher for a hundred thousand members stays within its memory.
pub const AT_ONCE: usize = 10_000;

/// A line row as inserted: book, voucher, line, period, account, summary, debit, credit, dimensions.
pub type LineRow<'a> = (
    &'a str,
    i64,
    i64,
    AccountingPeriod,
    &'a str,
    &'a str,
    i64,
    i64,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
);

/// A voucher's lines as rows.
pub fn line_rows<'a>(
    book: &'a BookCode,
    voucher: VoucherId,
    period: AccountingPeriod,
    lines: &'a [VoucherLine],
) -> impl Iterator<Item = LineRow<'a>> {
    lines.iter().enumerate().map(move |(index, line)| {
        let d = &line.dimensions;
        (
            book.0.as_str(),
            voucher.0,
            index as i64 + 1,
            period,
            line.account.as_str(),
            line.summary.as_str(),
            line.debit.fen(),
            line.credit.fen(),
            d.party.as_deref(),
            d.project.as_deref(),
            d.fund_class.as_deref(),
            d.document.as_deref(),
            d.bank_account.as_deref(),
        )
    })
}

/// Inserts lines.
pub async fn insert_lines(tx: &mut Connection, county: &str, rows: &[LineRow<'_>]) -> Result<(), Failure> {
    const SQL: &str = "insert into voucher_line (county, book, voucher, line, period, account, summary, debit_cents, credit_cents, \
         party, project, fund_class, document, bank_account) \
         select $1, value->>0, cast(value->>1 as bigint), cast(value->>2 as bigint), value->>3, value->>4, value->>5, \
         cast(value->>6 as bigint), cast(value->>7 as bigint), value->>8, value->>9, value->>10, value->>11, value->>12 \
         from jsonb_each($2)";
    sqlx::query(SQL).bind(county).bind(as_json(rows)).execute(tx).await?;
    Ok(())
}

/// Debits and credits by book, dimension (empty for the whole account), period, account, member, stage.
pub type Movements<'a> = BTreeMap<(&'a str, &'a str, AccountingPeriod, &'a str, &'a str, &'a str), (i64, i64)>;

/// Adds to the movements of posted lines' own periods; touches no other period.
pub async fn add_movements(tx: &mut Connection, writes: &mut Writes<'_>, movements: &Movements<'_>) -> Result<(), Failure> {
    const SQL: &str = "insert into period_movement (county, book, dimension, period, account, member, stage, debit_cents, credit_cents) \
         select $1, value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, cast(value->>6 as bigint), \
         cast(value->>7 as bigint) from jsonb_each($2) where true \
         on conflict (county, book, dimension, period, account, member, stage) do update set \
         debit_cents = period_movement.debit_cents + excluded.debit_cents, \
         credit_cents = period_movement.credit_cents + excluded.credit_cents";
    let mut rows = Vec::with_capacity(movements.len().min(AT_ONCE));
    for ((b, d, p, a, m, s), (debit, credit)) in movements {
        rows.push((b, d, p, a, m, s, debit, credit));
        if rows.len() == AT_ONCE {
            writes.add(SQL, as_json(&rows));
            writes.send(tx).await?;
            rows.clear();
        }
    }
    if !rows.is_empty() {
        writes.add(SQL, as_json(&rows));
    }
    Ok(())
}

/// The projects these lines took special funds from: (book, account, project).
pub fn projects_drawn_on<'a>(
    posted: impl Iterator<Item = (&'a BookCode, &'a [VoucherLine])>,
) -> BTreeSet<(&'a str, &'a str, &'a str)> {
    let takes = |line: &&VoucherLine| line.debit.is_positive() || line.credit.is_negative();
    let lines = posted.flat_map(|(book, lines)| lines.iter().filter(takes).map(move |line| (book, line)));
    lines.filter_map(|(book, line)| Some((book.0.as_str(), line.account.as_str(), line.dimensions.project.as_deref()?))).collect()
}

/// A registered project of these whose special funds stand below zero: (book, account, project, balance). An
/// account that asks for its project is one. All that was ever posted counts; carried openings are not counted twice.
pub async fn overdrawn_project(
    tx: &mut Connection,
    county: &str,
    drawn_on: BTreeSet<(&str, &str, &str)>,
) -> Result<Option<(String, String, String, Amount)>, Failure> {
    const SQL: &str = "select m.book, m.account, m.member, cast(sum(m.credit_cents - m.debit_cents) as bigint) from json_each($2) r \
         join project p on p.county = $1 and p.book = r.value->>0 and p.project = r.value->>2 \
         join book b on b.county = $1 and b.book = p.book \
         join period_movement m on m.county = $1 and m.book = p.book and m.dimension = 'project' and m.account = r.value->>1 \
         and m.member = p.project and (substr(m.period, 6) <> '00' or substr(m.period, 1, 4) = substr(b.first_period, 1, 4)) \
         where exists (select 1 from account a where a.county = $1 and a.book = p.book and a.account = r.value->>1 \
         and a.class = 'liability' and a.requires like '%project%') \
         group by m.book, m.account, m.member having sum(m.credit_cents - m.debit_cents) < 0 order by 1, 2, 3 limit 1";
    let rows: Vec<_> = drawn_on.into_iter().collect();
    let row = sqlx::query(SQL).bind(county).bind(as_json(&rows)).fetch_optional(tx).await?;
    row.map(|row| Ok((column(&row, 0)?, column(&row, 1)?, column(&row, 2)?, Amount::from_fen(column(&row, 3)?)))).transpose()
}

/// A line from columns `account, summary, debit_cents, credit_cents` and the five dimensions, starting at `first`.
pub fn line_at(row: &AnyRow, first: usize) -> Result<VoucherLine, Failure> {
    Ok(VoucherLine {
        account: AccountCode(column(row, first)?),
        summary: column(row, first + 1)?,
        debit: Amount::from_fen(row.try_get(first + 2)?),
        credit: Amount::from_fen(row.try_get(first + 3)?),
        dimensions: Dimensions {
            party: column(row, first + 4)?,
            project: column(row, first + 5)?,
            fund_class: column(row, first + 6)?,
            document: column(row, first + 7)?,
            bank_account: column(row, first + 8)?,
        },
    })
}

/// The source keys among these that the book has already.
pub async fn known_sources(tx: &mut Connection, county: &str, keys: &[(&str, &str)]) -> Result<Vec<(String, String)>, Failure> {
    const SQL: &str = "select r.value->>0, r.value->>1 from jsonb_each($2) r where (select v.voucher from voucher v \
         where v.county = $1 and v.book = r.value->>0 and v.source_key = r.value->>1) is not null";
    let rows = sqlx::query(SQL).bind(county).bind(as_json(keys)).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// Vouchers whose source keys begin with one of (book, beginning), those reversed in red left out: (beginning, reference).
pub async fn sources_at(tx: &mut Connection, county: &str, places: &[(&str, &str)]) -> Result<Vec<(String, String)>, Failure> {
    const SQL: &str = "select r.value->>1, v.period || '-' || v.word || '-' || cast(v.number as text) from jsonb_each($2) r \
         cross join voucher v where v.county = $1 and v.book = r.value->>0 and v.source_key >= r.value->>1 \
         and v.source_key < (r.value->>1) || '~' and not exists (select 1 from voucher red where red.county = v.county \
         and red.book = v.book and red.reverses = v.voucher) order by v.voucher";
    let rows = sqlx::query(SQL).bind(county).bind(as_json(places)).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// Reads a stage, for rows that carry one.
pub fn stage_at(row: &AnyRow, index: usize) -> Result<Stage, Failure> {
    parsed(row, index, Stage::parse)
}

/// Records what happened; vouchers and registers point to it.
pub async fn save_event(
    tx: &mut Connection,
    county: &str,
    (event, kind, on): (&str, &str, &str),
    what: &serde_json::Value,
    at: &str,
) -> Result<(), Failure> {
    const SQL: &str = "insert into event (county, event, kind, happened_on, what, recorded_at) values ($1, $2, $3, $4, $5, $6)";
    sqlx::query(SQL).bind(county).bind(event).bind(kind).bind(on).bind(what.to_string()).bind(at).execute(tx).await?;
    Ok(())
}
