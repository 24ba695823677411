//! Groups of matched lines, and parts of split lines.

use crate::calendar::BusinessDate;
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

/// Groups written at a time.
const AT_A_TIME: usize = 2_000;

/// A matching done at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Number within the account.
    pub run: i64,
    /// `auto`, `hand` or `transfer`.
    pub kind: &'static str,
    /// What is noted with it.
    pub note: String,
}

/// A group to be kept, or as kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// Bank lines: (line, part).
    pub bank: Vec<(i64, i64)>,
    /// Book lines: (voucher, line).
    pub book: Vec<(i64, i64)>,
    /// What agreed.
    pub why: String,
}

/// Keeps groups under numbers from `first` on, and the run they belong to.
pub async fn save_groups(
    tx: &mut Connection,
    county: &str,
    (account, book): (&str, &BookCode),
    (run, first): (&Run, i64),
    groups: &[Group],
    (at, by): (&str, &str),
) -> Result<(), Failure> {
    const RUN: &str = "insert into match_run (county, bank_account, run, kind, first_group, last_group, note, made_at, made_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    const BANK: &str = "insert into match_bank (county, bank_account, line, part, match_group, why) \
         select $1, $2, cast(value->>0 as bigint), cast(value->>1 as bigint), cast(value->>2 as bigint), value->>3 from json_each($3)";
    const BOOK: &str = "insert into match_book (county, bank_account, book, voucher, line, match_group) \
         select $1, $2, $4, cast(value->>0 as bigint), cast(value->>1 as bigint), cast(value->>2 as bigint) from json_each($3)";
    let last = first + groups.len() as i64 - 1;
    let query = sqlx::query(RUN).bind(county).bind(account).bind(run.run).bind(run.kind).bind(first).bind(last);
    query.bind(&run.note).bind(at).bind(by).execute(&mut *tx).await?;
    for (number, part) in (first..).step_by(AT_A_TIME).zip(groups.chunks(AT_A_TIME)) {
        let numbered = || (number..).zip(part);
        let bank: Vec<_> = numbered().flat_map(|(n, g)| g.bank.iter().map(move |(line, part)| (line, part, n, &g.why))).collect();
        let lines: Vec<_> = numbered().flat_map(|(n, g)| g.book.iter().map(move |(voucher, line)| (voucher, line, n))).collect();
        sqlx::query(BANK).bind(county).bind(account).bind(as_json(&bank)).execute(&mut *tx).await?;
        sqlx::query(BOOK).bind(county).bind(account).bind(as_json(&lines)).bind(&book.0).execute(&mut *tx).await?;
    }
    Ok(())
}

/// The groups bank lines belong to.
pub async fn groups_of_bank(tx: &mut Connection, county: &str, account: &str, lines: &[(i64, i64)]) -> Result<Vec<i64>, Failure> {
    const SQL: &str = "select distinct m.match_group from json_each($3) r join match_bank m on m.county = $1 and m.bank_account = $2 \
         and m.line = cast(r.value->>0 as bigint) and m.part = cast(r.value->>1 as bigint) order by m.match_group";
    let query = sqlx::query(SQL).bind(county).bind(account).bind(as_json(lines));
    query.fetch_all(tx).await?.iter().map(|row| column(row, 0)).collect()
}

/// The groups book lines belong to.
pub async fn groups_of_book(
    tx: &mut Connection,
    county: &str,
    (account, book): (&str, &BookCode),
    lines: &[(i64, i64)],
) -> Result<Vec<i64>, Failure> {
    const SQL: &str = "select distinct m.match_group from json_each($3) r join match_book m on m.county = $1 and m.bank_account = $2 \
         and m.book = $4 and m.voucher = cast(r.value->>0 as bigint) and m.line = cast(r.value->>1 as bigint) order by m.match_group";
    let query = sqlx::query(SQL).bind(county).bind(account).bind(as_json(lines)).bind(&book.0);
    query.fetch_all(tx).await?.iter().map(|row| column(row, 0)).collect()
}

/// What groups hold, and the dates of all their lines: (group, is it the bank's, first number, second number, date, why).
pub async fn members(
    tx: &mut Connection,
    county: &str,
    account: &str,
    groups: &[i64],
) -> Result<Vec<(i64, bool, (i64, i64), BusinessDate)>, Failure> {
    const BANK: &str = "select m.match_group, m.line, m.part, s.dated_on from json_each($3) r join match_bank m on m.county = $1 \
         and m.bank_account = $2 and m.match_group = cast(r.value->>0 as bigint) join statement_line s on s.county = m.county \
         and s.bank_account = m.bank_account and s.line = m.line and s.part = m.part order by m.match_group, m.line, m.part";
    const BOOK: &str = "select m.match_group, m.voucher, m.line, v.dated_on from json_each($3) r join match_book m on m.county = $1 \
         and m.bank_account = $2 and m.match_group = cast(r.value->>0 as bigint) join voucher v on v.county = m.county \
         and v.book = m.book and v.voucher = m.voucher order by m.match_group, m.voucher, m.line";
    let asked: Vec<[i64; 1]> = groups.iter().map(|group| [*group]).collect();
    let mut found = Vec::new();
    for (sql, is_bank) in [(BANK, true), (BOOK, false)] {
        for row in sqlx::query(sql).bind(county).bind(account).bind(as_json(&asked)).fetch_all(&mut *tx).await? {
            let on = parsed(&row, 3, |text| text.parse().ok())?;
            found.push((column(&row, 0)?, is_bank, (column(&row, 1)?, column(&row, 2)?), on));
        }
    }
    Ok(found)
}

/// Dissolves groups; answers how many lines became free.
pub async fn remove_groups(tx: &mut Connection, county: &str, account: &str, groups: &[i64]) -> Result<u64, Failure> {
    const BANK: &str = "delete from match_bank where county = $1 and bank_account = $2 \
         and match_group in (select cast(value->>0 as bigint) from json_each($3))";
    const BOOK: &str = "delete from match_book where county = $1 and bank_account = $2 \
         and match_group in (select cast(value->>0 as bigint) from json_each($3))";
    let asked: Vec<[i64; 1]> = groups.iter().map(|group| [*group]).collect();
    let mut freed = 0;
    for sql in [BANK, BOOK] {
        freed += sqlx::query(sql).bind(county).bind(account).bind(as_json(&asked)).execute(&mut *tx).await?.rows_affected();
    }
    Ok(freed)
}

/// Splits a line: parts from 1 with the line's words and their own amounts.
pub async fn save_parts(tx: &mut Connection, county: &str, account: &str, line: i64, parts: &[Amount]) -> Result<(), Failure> {
    const PART: &str = "insert into statement_line (county, bank_account, line, part, import, file_row, dated_on, amount_cents, \
         balance_cents, line_key, serial, summary, name, account, bank, parts) \
         select s.county, s.bank_account, s.line, cast(r.value->>0 as bigint), s.import, s.file_row, s.dated_on, \
         cast(r.value->>1 as bigint), null, s.line_key, s.serial, s.summary, s.name, s.account, s.bank, 0 \
         from json_each($4) r join statement_line s on s.county = $1 and s.bank_account = $2 and s.line = $3 and s.part = 0";
    const WHOLE: &str = "update statement_line set parts = $4 where county = $1 and bank_account = $2 and line = $3 and part = 0";
    let rows: Vec<(i64, i64)> = (1..).zip(parts).map(|(part, amount)| (part, amount.fen())).collect();
    sqlx::query(PART).bind(county).bind(account).bind(line).bind(as_json(&rows)).execute(&mut *tx).await?;
    sqlx::query(WHOLE).bind(county).bind(account).bind(line).bind(rows.len() as i64).execute(tx).await?;
    Ok(())
}

/// Puts a split line together again, if no part is matched; answers whether it was.
pub async fn remove_parts(tx: &mut Connection, county: &str, account: &str, line: i64) -> Result<bool, Failure> {
    const PARTS: &str = "delete from statement_line where county = $1 and bank_account = $2 and line = $3 and part > 0 \
         and not exists (select 1 from match_bank m where m.county = $1 and m.bank_account = $2 and m.line = $3)";
    const WHOLE: &str = "update statement_line set parts = 0 where county = $1 and bank_account = $2 and line = $3 and part = 0";
    let removed = sqlx::query(PARTS).bind(county).bind(account).bind(line).execute(&mut *tx).await?.rows_affected();
    if removed > 0 {
        sqlx::query(WHOLE).bind(county).bind(account).bind(line).execute(tx).await?;
    }
    Ok(removed > 0)
}

/// True if lines of an import are split.
pub async fn has_parts(tx: &mut Connection, county: &str, account: &str, import: i64) -> Result<bool, Failure> {
    const SQL: &str = "select 1 from statement_line where county = $1 and bank_account = $2 and import = $3 and part > 0 limit 1";
    Ok(sqlx::query(SQL).bind(county).bind(account).bind(import).fetch_optional(tx).await?.is_some())
}
