//! The county at a glance: every book's months in a handful of statements; and the audit trail searched.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;

use crate::controls::disclosure::span::Span;
use crate::controls::supervision::matrix::Month;
use crate::db::rows::{as_json, column};
use crate::db::{Connection, Failure};
use crate::money::Amount;

/// What a year's months are read by: the year, and the first and last account of money (`102~` is past every `102…`).
pub struct Asked<'a> {
    /// The year.
    pub year: i32,
    /// The first account of money.
    pub first: &'a str,
    /// Past the last one.
    pub past: &'a str,
}

/// All months of a year by book, four statements whatever the county's size. Money comes from the movements.
pub async fn months(tx: &mut Connection, county: &str, asked: &Asked<'_>) -> Result<BTreeMap<String, [Month; 12]>, Failure> {
    const PERIODS: &str = "select p.book, p.period, case when p.state = 'closed' then 1 else 0 end, \
         cast(coalesce(sum(m.debit_cents), 0) as bigint), cast(coalesce(sum(m.credit_cents), 0) as bigint) \
         from accounting_period p left join period_movement m on m.county = p.county and m.book = p.book and m.dimension = '' \
         and m.period = p.period and m.account >= $4 and m.account < $5 \
         where p.county = $1 and p.period >= $2 and p.period <= $3 group by p.book, p.period, p.state";
    const WAITING: &str = "select book, period, count(*) from voucher where county = $1 and period >= $2 and period <= $3 \
         and state <> 'posted' and state <> 'voided' group by book, period";
    const PUBLISHED: &str = "select distinct book, span from disclosure_sheet where county = $1 and substr(span, 1, 4) = $2 \
         and kind = 'receipts' and state = 'published'";
    const FLAGS: &str = "select book, substr(happened_on, 1, 7), count(*) from red_flag where county = $1 and gone_on is null \
         and happened_on >= $2 and happened_on <= $3 and severity <> 'note' group by book, substr(happened_on, 1, 7)";
    let mut found: BTreeMap<String, [Month; 12]> = BTreeMap::new();
    let (from, through) = (format!("{}-01", asked.year), format!("{}-12", asked.year));
    let query = sqlx::query(PERIODS).bind(county).bind(&from).bind(&through).bind(asked.first).bind(asked.past);
    for row in query.fetch_all(&mut *tx).await? {
        if let Some(month) = place(&mut found, &row)? {
            (month.kept, month.closed) = (true, column::<i64>(&row, 2)? == 1);
            (month.came, month.went) = (Amount::from_fen(column(&row, 3)?), Amount::from_fen(column(&row, 4)?));
        }
    }
    for row in sqlx::query(WAITING).bind(county).bind(&from).bind(&through).fetch_all(&mut *tx).await? {
        if let Some(month) = place(&mut found, &row)? {
            month.waiting = column(&row, 2)?;
        }
    }
    for row in sqlx::query(PUBLISHED).bind(county).bind(asked.year.to_string()).fetch_all(&mut *tx).await? {
        let (book, text): (String, String) = (column(&row, 0)?, column(&row, 1)?);
        spread(found.entry(book).or_default(), &text);
    }
    let (from, through) = (format!("{from}-01"), format!("{through}-31"));
    for row in sqlx::query(FLAGS).bind(county).bind(&from).bind(&through).fetch_all(&mut *tx).await? {
        if let Some(month) = place(&mut found, &row)? {
            month.flags = column(&row, 2)?;
        }
    }
    Ok(found)
}

/// The month a row is about: its first column is the book, its second the month.
fn place<'a>(found: &'a mut BTreeMap<String, [Month; 12]>, row: &AnyRow) -> Result<Option<&'a mut Month>, Failure> {
    let (book, period): (String, String) = (column(row, 0)?, column(row, 1)?);
    let at = period.get(5..7).and_then(|month| month.parse::<usize>().ok()).and_then(|month| month.checked_sub(1));
    Ok(at.and_then(|at| found.entry(book).or_default().get_mut(at)))
}

/// A published sheet covers a month (`2026-01`), a quarter (`2026Q1`) or the year.
fn spread(months: &mut [Month; 12], span: &str) {
    let Ok(span) = Span::parse(span) else { return };
    let covered = months.iter_mut().zip(1..).filter(|(_, n)| (span.from.month()..=span.through.month()).contains(n));
    covered.for_each(|(month, _)| month.published = true);
}

/// Lines of the audit trail: instant, person, act, book, what; newest first.
pub async fn trail(
    tx: &mut Connection,
    county: &str,
    (actor, from, through): (&str, &str, &str),
    (words, kinds): (&str, &[&str]),
    (skip, limit): (i64, i64),
) -> Result<Vec<[String; 5]>, Failure> {
    const SQL: &str = "select at, actor, kind, coalesce(book, ''), \
         case when kind = 'voucher.renumber' then what || ' → ' || answer else what end from act where county = $1 and (actor = $2 or $2 = '') \
         and (at >= $3 or $3 = '') and (at < $4 or $4 = '') and ($5 = '' or what like '%' || $5 || '%' or kind like '%' || $5 || '%' \
         or kind in (select value->>0 from jsonb_each($8))) \
         order by act desc limit $6 offset $7";
    let kinds: Vec<[&str; 1]> = kinds.iter().map(|kind| [*kind]).collect();
    let query = sqlx::query(SQL).bind(county).bind(actor).bind(from).bind(through).bind(words).bind(limit).bind(skip);
    let query = query.bind(as_json(&kinds));
    let rows = query.fetch_all(tx).await?;
    let line = |row: &AnyRow| Ok([column(row, 0)?, column(row, 1)?, column(row, 2)?, column(row, 3)?, column(row, 4)?]);
    rows.iter().map(line).collect()
}
