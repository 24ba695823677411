//! The register of loans, as kept: heads, facts, settled rows, standings. Rows travel as one JSON parameter.
//!
//! 1. Facts and settled rows are only added.
//! 2. Parameter rows stand first and the big table is reached by its key: `jsonb_each(…) r cross join`, which SQLite
//!    does not turn round, or a materialised list in an update. Turned round, every row of the county meets every key.
//! 3. A (loan, due day, kind) has entries in turns: a row, its opposite, the next row; an odd number means one stands.

pub mod as_of;
pub mod figures;
pub mod heads;
pub mod own_books;
pub mod standings;

use std::collections::HashMap;

use sqlx::any::AnyRow;

use super::fact::Fact;
use super::timeline::RowKind;
use crate::calendar::BusinessDate;
use crate::db::rows::{as_json, column, packing, parsed, unpacked};
use crate::db::{Connection, Failure};

/// A date column.
pub(crate) fn day(row: &AnyRow, index: usize) -> Result<BusinessDate, Failure> {
    parsed(row, index, |text| text.parse().ok())
}

/// A date column that may be blank.
pub(crate) fn day_or_none(row: &AnyRow, index: usize) -> Result<Option<BusinessDate>, Failure> {
    let text: Option<String> = column(row, index)?;
    text.map(|text| text.parse().map_err(|_| Failure::Damaged(format!("column {index}: {text}")))).transpose()
}

/// Keys as the JSON the statements read, each once: a join on them repeats nothing.
pub(crate) fn keys<'a>(loans: impl IntoIterator<Item = &'a str>) -> String {
    let once: std::collections::BTreeSet<&str> = loans.into_iter().collect();
    as_json(&once.into_iter().map(|loan| [loan]).collect::<Vec<_>>())
}

/// What a packing statement hands over for these keys.
pub(crate) async fn as_one_text(tx: &mut Connection, sql: &str, county: &str, keys: &str) -> Result<String, Failure> {
    let query = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).bind(county).bind(keys);
    column(&query.fetch_one(tx).await?, 0)
}

/// The facts of each loan, and how many events it has.
pub async fn facts(tx: &mut Connection, county: &str, keys: &str) -> Result<HashMap<String, Vec<Fact>>, Failure> {
    const FROM: &str = "(select e.loan, e.content from jsonb_each($2) r \
         cross join loan_event e where e.county = $1 and e.loan = r.value->>0 and e.kind in \
         ('rate-changed', 'extended', 'disbursed', 'repaid', 'subsidy-paid', \
         'subsidy-returned', 'renewed', 'compensated', 'recovered', \
         'written-off', 'taken-back', 'recovery-returned') order by e.loan, e.event_number) s";
    let text = as_one_text(tx, &packing(&["loan", "content"], FROM), county, keys).await?;
    let mut facts: HashMap<String, Vec<Fact>> = HashMap::new();
    for row in unpacked(&text) {
        facts.entry(row.text(0)?).or_default().push(row.parsed(1, |text| serde_json::from_str(text).ok())?);
    }
    Ok(facts)
}

/// Since when loans are compensated, of those that are.
pub async fn compensated(tx: &mut Connection, county: &str, keys: &str) -> Result<HashMap<String, BusinessDate>, Failure> {
    const SQL: &str = "select e.loan, min(e.happened_on) from jsonb_each($2) r cross join loan_event e where e.county = $1 \
         and e.loan = r.value->>0 and e.kind = 'compensated' group by e.loan";
    let rows = sqlx::query(SQL).bind(county).bind(keys).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, day(row, 1)?))).collect()
}

/// How many events each loan has.
pub async fn event_counts(tx: &mut Connection, county: &str, keys: &str) -> Result<HashMap<String, i64>, Failure> {
    const SQL: &str = "select e.loan, max(e.event_number) from jsonb_each($2) r \
         cross join loan_event e where e.county = $1 and e.loan = r.value->>0 group by e.loan";
    let rows = sqlx::query(SQL).bind(county).bind(keys).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// An event as added: loan, number, day, kind, content, reference.
pub type EventRow = (String, i64, String, &'static str, String, String);

/// Adds events.
pub async fn add_events(tx: &mut Connection, county: &str, rows: &[EventRow], (by, at): (&str, &str)) -> Result<(), Failure> {
    const SQL: &str = "insert into loan_event (county, loan, event_number, happened_on, kind, content, reference, recorded_at, \
         recorded_by) select $1, value->>0, cast(value->>1 as bigint), value->>2, value->>3, value->>4, value->>5, $3, $4 \
         from jsonb_each($2)";
    for rows in rows.chunks(2_000) {
        sqlx::query(SQL).bind(county).bind(as_json(rows)).bind(at).bind(by).execute(&mut *tx).await?;
    }
    Ok(())
}

/// An event as read: day, kind, content, reference, recorded at, by.
pub type EventLine = (String, String, String, String, String, String);

/// All events of a loan, as recorded.
pub async fn events(tx: &mut Connection, county: &str, loan: &str) -> Result<Vec<EventLine>, Failure> {
    const SQL: &str = "select happened_on, kind, content, reference, recorded_at, recorded_by from loan_event \
         where county = $1 and loan = $2 order by event_number";
    let rows = sqlx::query(SQL).bind(county).bind(loan).fetch_all(tx).await?;
    let line = |row: &AnyRow| -> Result<EventLine, Failure> {
        Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?, column(row, 3)?, column(row, 4)?, column(row, 5)?))
    };
    rows.iter().map(line).collect()
}

/// Who recorded events of a kind: (loan, who).
pub async fn recorders(tx: &mut Connection, county: &str, keys: &str) -> Result<Vec<(String, String)>, Failure> {
    const SQL: &str = "select e.loan, e.recorded_by from jsonb_each($2) r \
         cross join loan_event e where e.county = $1 and e.loan = r.value->>0 and e.kind in ('applied', 'approved') order by e.loan, e.event_number";
    let rows = sqlx::query(SQL).bind(county).bind(keys).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?))).collect()
}

/// A settled row that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledRow {
    /// Day due.
    pub due: BusinessDate,
    /// Kind of interest.
    pub kind: RowKind,
    /// Entries so far; odd while the row stands.
    pub entry: i64,
    /// First interest day.
    pub start: BusinessDate,
    /// Interest days.
    pub days: i64,
    /// What earned, fen.
    pub principal: i64,
    /// Interest, fen.
    pub amount: i64,
}

/// The last entry of every (due day, kind) of each loan.
pub async fn settled_rows(tx: &mut Connection, county: &str, keys: &str) -> Result<HashMap<String, Vec<SettledRow>>, Failure> {
    const FROM: &str = "(select l.loan, l.due_on, l.kind, l.entry, l.start_on, l.days, l.principal_cents, l.amount_cents \
         from jsonb_each($2) r \
         cross join loan_row l where l.county = $1 and l.loan = r.value->>0 order by l.loan, l.due_on, l.kind, l.entry) s";
    let columns = ["loan", "due_on", "kind", "entry", "start_on", "days", "principal_cents", "amount_cents"];
    let text = as_one_text(tx, &packing(&columns, FROM), county, keys).await?;
    let mut found: HashMap<String, Vec<SettledRow>> = HashMap::new();
    for row in unpacked(&text) {
        let number = |index| row.parsed(index, |text| text.parse().ok());
        let settled = SettledRow {
            due: row.parsed(1, |text| text.parse().ok())?,
            kind: row.parsed(2, RowKind::parse)?,
            entry: number(3)?,
            start: row.parsed(4, |text| text.parse().ok())?,
            days: number(5)?,
            principal: number(6)?,
            amount: number(7)?,
        };
        let rows = found.entry(row.text(0)?).or_default();
        match rows.last_mut() {
            Some(last) if (last.due, last.kind) == (settled.due, settled.kind) => *last = settled,
            _ => rows.push(settled),
        }
    }
    Ok(found)
}

/// A row as added: loan, due day, kind, entry, first day, days, principal, amount, month entered.
pub type RowEntry = (String, String, &'static str, i64, String, i64, i64, i64, String);

const ADD_ROWS: &str = "insert into loan_row (county, loan, due_on, kind, entry, start_on, days, principal_cents, amount_cents, \
     settled_in) select $1, value->>0, value->>1, value->>2, cast(value->>3 as bigint), value->>4, cast(value->>5 as bigint), \
     cast(value->>6 as bigint), cast(value->>7 as bigint), value->>8 from jsonb_each($2)";

/// Adds settled rows.
pub async fn add_rows(tx: &mut Connection, county: &str, rows: &[RowEntry]) -> Result<(), Failure> {
    for rows in rows.chunks(4_000) {
        add_written_rows(tx, county, &as_json(rows)).await?;
    }
    Ok(())
}

/// Adds settled rows already written as JSON: a list of [`RowEntry`].
pub async fn add_written_rows(tx: &mut Connection, county: &str, rows: &str) -> Result<(), Failure> {
    sqlx::query(ADD_ROWS).bind(county).bind(rows).execute(tx).await?;
    Ok(())
}

/// The settled rows of one loan, all entries, for its card: due, kind, entry, first day, days, principal, amount, month.
pub async fn row_entries(
    tx: &mut Connection,
    county: &str,
    loan: &str,
) -> Result<Vec<(BusinessDate, RowKind, i64, BusinessDate, i64, i64, i64, String)>, Failure> {
    const SQL: &str = "select due_on, kind, entry, start_on, days, principal_cents, amount_cents, settled_in from loan_row \
         where county = $1 and loan = $2 order by due_on, kind, entry";
    let rows = sqlx::query(SQL).bind(county).bind(loan).fetch_all(tx).await?;
    let entry = |row: &AnyRow| -> Result<_, Failure> {
        let (kind, start) = (parsed(row, 1, RowKind::parse)?, day(row, 3)?);
        Ok((day(row, 0)?, kind, column(row, 2)?, start, column(row, 4)?, column(row, 5)?, column(row, 6)?, column(row, 7)?))
    };
    rows.iter().map(entry).collect()
}
