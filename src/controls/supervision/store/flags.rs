//! Flags as they were raised, when rules ran, people whose payments are watched.

use sqlx::any::AnyRow;

use crate::calendar::BusinessDate;
use crate::controls::supervision::flags::Flag;
use crate::controls::supervision::rules::{RuleKind, Severity};
use crate::db::rows::{as_json, column, parsed};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;

/// A flag as kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KeptFlag {
    /// The book.
    pub book: BookCode,
    /// The flag.
    #[serde(flatten)]
    pub flag: Flag,
    /// When it was first seen.
    pub first_seen_on: BusinessDate,
    /// Since when it is gone.
    pub gone_on: Option<BusinessDate>,
}

/// Keeps what a run found: new ones are first seen today, those no longer found are gone.
pub async fn keep_run(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    (flags, rules): (&[Flag], &str),
    (today, at): (&str, &str),
) -> Result<(), Failure> {
    const GONE: &str = "update red_flag set gone_on = $3 where county = $1 and book = $2 and gone_on is null \
         and not exists (select 1 from json_each($4) r where r.value->>0 = rule and r.value->>1 = object)";
    const KEEP: &str = "insert into red_flag (county, book, rule, object, severity, happened_on, words, amount_cents, voucher, claim, first_seen_on) \
         select $1, $2, value->>0, value->>1, value->>2, value->>3, value->>4, cast(value->>5 as bigint), value->>6, cast(value->>7 as bigint), $3 \
         from json_each($4) where true on conflict (county, book, rule, object) do update set severity = excluded.severity, \
         happened_on = excluded.happened_on, words = excluded.words, amount_cents = excluded.amount_cents, gone_on = null";
    const RAN: &str = "insert into flag_run (county, book, ran_at, rules) values ($1, $2, $3, $4) \
         on conflict (county, book) do update set ran_at = excluded.ran_at, rules = excluded.rules";
    let row = |f: &Flag| {
        let (rule, severity) = (f.rule.as_str(), f.severity.as_str());
        (rule, f.object.clone(), severity, f.on.to_string(), f.words.clone(), f.amount.fen(), f.voucher.clone(), f.claim)
    };
    let rows = as_json(&flags.iter().map(row).collect::<Vec<_>>());
    sqlx::query(GONE).bind(county).bind(&book.0).bind(today).bind(&rows).execute(&mut *tx).await?;
    sqlx::query(KEEP).bind(county).bind(&book.0).bind(today).bind(&rows).execute(&mut *tx).await?;
    sqlx::query(RAN).bind(county).bind(&book.0).bind(at).bind(rules).execute(tx).await?;
    Ok(())
}

/// Flags of a book, or of all for a blank one, worst and newest first; those that are gone only if asked for.
pub async fn flags(tx: &mut Connection, county: &str, book: &str, gone_too: bool) -> Result<Vec<KeptFlag>, Failure> {
    const SQL: &str = "select book, rule, object, severity, happened_on, words, amount_cents, voucher, claim, first_seen_on, gone_on \
         from red_flag where county = $1 and (book = $2 or $2 = '') and (gone_on is null or $3 = 1) \
         order by case severity when 'serious' then 0 when 'warning' then 1 else 2 end, happened_on desc, book, rule, object";
    let rows = sqlx::query(SQL).bind(county).bind(book).bind(i64::from(gone_too)).fetch_all(tx).await?;
    rows.iter().map(flag_at).collect()
}

fn flag_at(row: &AnyRow) -> Result<KeptFlag, Failure> {
    let flag = Flag {
        rule: parsed(row, 1, RuleKind::parse)?,
        object: column(row, 2)?,
        severity: parsed(row, 3, Severity::parse)?,
        on: parsed(row, 4, |text| text.parse().ok())?,
        words: column(row, 5)?,
        amount: Amount::from_fen(column(row, 6)?),
        voucher: column(row, 7)?,
        claim: column(row, 8)?,
    };
    Ok(KeptFlag {
        book: BookCode(column(row, 0)?),
        flag,
        first_seen_on: parsed(row, 9, |text| text.parse().ok())?,
        gone_on: column::<Option<String>>(row, 10)?.and_then(|text| text.parse().ok()),
    })
}

/// When rules ran last: book, instant.
pub async fn runs(tx: &mut Connection, county: &str) -> Result<Vec<(String, String)>, Failure> {
    let rows =
        sqlx::query("select book, ran_at from flag_run where county = $1 order by book").bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// When rules ran last, in a book or for a blank one anywhere.
pub async fn last_run(tx: &mut Connection, county: &str, book: &str) -> Result<Option<String>, Failure> {
    let runs = runs(tx, county).await?;
    Ok(runs.into_iter().filter(|(ran, _)| book.is_empty() || ran == book).map(|(_, at)| at).max())
}

/// Keeps a watched person of a book.
pub async fn watch(tx: &mut Connection, county: &str, book: &BookCode, who: (&str, &str, &str)) -> Result<(), Failure> {
    const SQL: &str = "insert into watched_person (county, book, name, relation, document) values ($1, $2, $3, $4, $5) \
         on conflict (county, book, name) do update set relation = excluded.relation, document = excluded.document";
    sqlx::query(SQL).bind(county).bind(&book.0).bind(who.0).bind(who.1).bind(who.2).execute(tx).await?;
    Ok(())
}

/// The watched people of a book: name, relation.
pub async fn watched(tx: &mut Connection, county: &str, book: &BookCode) -> Result<Vec<(String, String)>, Failure> {
    const SQL: &str = "select name, relation from watched_person where county = $1 and book = $2 order by name";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}
