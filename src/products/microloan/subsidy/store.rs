//! Subsidy batches, their rows and the banks' lists, as kept.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;

use super::entitlement::{Claimed, SubsidyRow};
use crate::calendar::BusinessDate;
use crate::db::rows::{Cells, as_json, column, packing, unpacked};
use crate::db::{Connection, Failure};
use crate::ledger::BookCode;
use crate::money::Amount;
use crate::products::microloan::store::{as_one_text, day, day_or_none};

/// A batch.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Batch {
    /// `2026Q3` or `2026`.
    pub batch: String,
    /// Subsidy book.
    pub book: BookCode,
    /// First day.
    pub from: BusinessDate,
    /// Last day.
    pub through: BusinessDate,
    /// `calculated`, `reviewed`, `approved`, `paid`.
    pub state: String,
    /// Who ran it.
    pub made_by: String,
    /// Who reviewed it.
    pub reviewed_by: Option<String>,
    /// Digest of the rows reviewed.
    pub reviewed_digest: Option<String>,
    /// Day of the public notice.
    pub notice_on: Option<BusinessDate>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When.
    pub approved_on: Option<BusinessDate>,
    /// Why it must be run on or again.
    pub open_reason: Option<String>,
    /// Last loan done.
    pub done_through: String,
}

const COLUMNS: &str = "batch, book, from_on, through_on, state, made_by, reviewed_by, reviewed_digest, notice_on, approved_by, \
     approved_on, open_reason, done_through";

fn batch(row: &AnyRow) -> Result<Batch, Failure> {
    Ok(Batch {
        batch: column(row, 0)?,
        book: BookCode(column(row, 1)?),
        from: day(row, 2)?,
        through: day(row, 3)?,
        state: column(row, 4)?,
        made_by: column(row, 5)?,
        reviewed_by: column(row, 6)?,
        reviewed_digest: column(row, 7)?,
        notice_on: day_or_none(row, 8)?,
        approved_by: column(row, 9)?,
        approved_on: day_or_none(row, 10)?,
        open_reason: column(row, 11)?,
        done_through: column(row, 12)?,
    })
}

/// All batches, by their last day.
pub async fn batches(tx: &mut Connection, county: &str) -> Result<Vec<Batch>, Failure> {
    let sql = format!("select {COLUMNS} from subsidy_batch where county = $1 order by through_on, batch");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).fetch_all(tx).await?;
    rows.iter().map(batch).collect()
}

/// Writes a batch.
pub async fn save_batch(tx: &mut Connection, county: &str, b: &Batch, at: &str) -> Result<(), Failure> {
    const SQL: &str = "insert into subsidy_batch (county, batch, book, from_on, through_on, state, made_by, made_at, reviewed_by, \
         reviewed_at, reviewed_digest, notice_on, approved_by, approved_on, open_reason, done_through) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, $10, $11, $12, $13, $14, $15) on conflict (county, batch) do update set \
         book = excluded.book, state = excluded.state, made_by = excluded.made_by, reviewed_by = excluded.reviewed_by, \
         reviewed_at = excluded.reviewed_at, reviewed_digest = excluded.reviewed_digest, notice_on = excluded.notice_on, \
         approved_by = excluded.approved_by, approved_on = excluded.approved_on, open_reason = excluded.open_reason, \
         done_through = excluded.done_through";
    let text = |day: Option<BusinessDate>| day.map(|day| day.to_string());
    let query = sqlx::query(SQL).bind(county).bind(&b.batch).bind(&b.book.0).bind(b.from.to_string()).bind(b.through.to_string());
    let query = query.bind(&b.state).bind(&b.made_by).bind(at).bind(&b.reviewed_by).bind(&b.reviewed_digest);
    let query = query.bind(text(b.notice_on)).bind(&b.approved_by).bind(text(b.approved_on)).bind(&b.open_reason);
    query.bind(&b.done_through).execute(tx).await?;
    Ok(())
}

/// Sends reviewed and calculated batches back that have rows of these loans.
pub async fn send_back(tx: &mut Connection, county: &str, loans: &str, why: &str) -> Result<u64, Failure> {
    const SQL: &str = "update subsidy_batch set state = 'calculated', open_reason = $3, done_through = '~' where county = $1 \
         and state in ('calculated', 'reviewed') and open_reason is null and batch in (select s.batch from jsonb_each($2) r \
         cross join subsidy_row s where s.county = $1 and s.loan = r.value->>0)";
    Ok(sqlx::query(SQL).bind(county).bind(loans).bind(why).execute(tx).await?.rows_affected())
}

/// Forgets the rows of a batch that is run again.
pub async fn clear_rows(tx: &mut Connection, county: &str, batch: &str) -> Result<(), Failure> {
    const SQL: &str = "delete from subsidy_row where county = $1 and batch = $2";
    sqlx::query(SQL).bind(county).bind(batch).execute(tx).await?;
    Ok(())
}

/// The next loans paid out on or before a day, after a number.
pub async fn next_loans(
    tx: &mut Connection,
    county: &str,
    (after, through): (&str, &str),
    limit: i64,
) -> Result<Vec<String>, Failure> {
    const SQL: &str =
        "select loan from loan_standing where county = $1 and loan > $2 and disbursed_on <= $3 order by loan limit $4";
    let rows = sqlx::query(SQL).bind(county).bind(after).bind(through).bind(limit).fetch_all(tx).await?;
    rows.iter().map(|row| column(row, 0)).collect()
}

/// What was claimed for these loans in batches that were approved: loan → due day → sum.
pub async fn claimed(
    tx: &mut Connection,
    county: &str,
    loans: &str,
) -> Result<HashMap<String, BTreeMap<BusinessDate, Claimed>>, Failure> {
    const FROM: &str = "(select s.loan, s.due_on, s.subsidy_cents, s.excluded, b.approved_on from jsonb_each($2) r \
         cross join subsidy_row s join subsidy_batch b on b.county = s.county and b.batch = s.batch where s.county = $1 \
         and s.loan = r.value->>0 and b.state in ('approved', 'paid') order by s.loan, s.due_on, b.through_on) s";
    let columns = ["loan", "due_on", "subsidy_cents", "excluded", "approved_on"];
    let text = as_one_text(tx, &packing(&columns, FROM), county, loans).await?;
    let mut found: HashMap<String, BTreeMap<BusinessDate, Claimed>> = HashMap::new();
    for row in unpacked(&text) {
        let due = row.parsed(1, |text| text.parse().ok())?;
        let claimed = found.entry(row.text(0)?).or_default().entry(due).or_default();
        claimed.amount += row.fen(2)?;
        claimed.excluded = row.optional(3)?;
        claimed.year = row.optional(4)?.map_or(0, |day: BusinessDate| chrono::Datelike::year(&day));
    }
    Ok(found)
}

/// Rows that already stand in the batch for households: (household, loan, first day, due day).
pub async fn rows_of_households(
    tx: &mut Connection,
    county: &str,
    batch: &str,
    households: &str,
) -> Result<Vec<(String, String, BusinessDate, BusinessDate)>, Failure> {
    const SQL: &str = "select s.household, s.loan, s.start_on, s.due_on from jsonb_each($3) r cross join subsidy_row s where s.county = $1 \
         and s.batch = $2 and s.household = r.value->>0 and s.excluded is null and s.subsidy_cents > 0";
    let rows = sqlx::query(SQL).bind(county).bind(batch).bind(households).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, day(row, 2)?, day(row, 3)?))).collect()
}

/// A row with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    /// Loan.
    pub loan: String,
    /// Household.
    pub household: String,
    /// Bank.
    pub bank: String,
    /// Bank or household that is paid.
    pub payee: String,
    /// The row.
    pub row: SubsidyRow,
    /// Day paid.
    pub paid_on: Option<BusinessDate>,
}

/// Adds rows to a batch.
pub async fn add_rows(tx: &mut Connection, county: &str, batch: &str, rows: &[BatchRow]) -> Result<(), Failure> {
    const SQL: &str = "insert into subsidy_row (county, batch, loan, due_on, start_on, household, bank, payee, kind, days, \
         principal_cents, interest_cents, subsidy_cents, account, excluded) select $1, $2, value->>0, value->>1, value->>2, value->>3, \
         value->>4, value->>5, value->>6, cast(value->>7 as bigint), cast(value->>8 as bigint), cast(value->>9 as bigint), \
         cast(value->>10 as bigint), value->>11, value->>12 from jsonb_each($3)";
    let json: Vec<_> = rows
        .iter()
        .map(|r| {
            let row = &r.row;
            let (due, start) = (row.due.to_string(), row.start.to_string());
            let money = (row.principal.fen(), row.interest.fen(), row.subsidy.fen());
            let who = (&r.loan, &r.household, &r.bank, &r.payee);
            (who.0, due, start, who.1, who.2, who.3, row.kind, row.days, money.0, money.1, money.2, row.account, &row.excluded)
        })
        .collect();
    for rows in json.chunks(2_000) {
        sqlx::query(SQL).bind(county).bind(batch).bind(as_json(rows)).execute(&mut *tx).await?;
    }
    Ok(())
}

fn batch_row(row: &Cells<'_>) -> Result<BatchRow, Failure> {
    let kind = row.text(6)?;
    let kind = ["claim", "supplement", "clawback"].into_iter().find(|known| *known == kind);
    Ok(BatchRow {
        loan: row.text(0)?,
        household: row.text(3)?,
        bank: row.text(4)?,
        payee: row.text(5)?,
        row: SubsidyRow {
            due: row.parsed(1, |text| text.parse().ok())?,
            start: row.parsed(2, |text| text.parse().ok())?,
            kind: kind.ok_or_else(|| Failure::Damaged("subsidy_row.kind".to_owned()))?,
            days: row.parsed(7, |text| text.parse().ok())?,
            principal: row.fen(8)?,
            interest: row.fen(9)?,
            subsidy: row.fen(10)?,
            account: if row.text(11)? == "S301" { "S301" } else { "S501" },
            excluded: row.optional(12)?,
        },
        paid_on: row.optional(13)?,
    })
}

/// The rows of a batch, by loan and due day.
pub async fn rows(tx: &mut Connection, county: &str, batch: &str) -> Result<Vec<BatchRow>, Failure> {
    const FROM: &str = "(select * from subsidy_row where county = $1 and batch = $2 order by loan, due_on) s";
    let columns = [
        "loan",
        "due_on",
        "start_on",
        "household",
        "bank",
        "payee",
        "kind",
        "days",
        "principal_cents",
        "interest_cents",
        "subsidy_cents",
        "account",
        "excluded",
        "paid_on",
    ];
    let text = as_one_text(tx, &packing(&columns, FROM), county, batch).await?;
    unpacked(&text).map(|row| batch_row(&row)).collect()
}

/// What a reviewer signs: every row, its money and its exclusion.
pub fn digest(rows: &[BatchRow]) -> String {
    let mut digest = Sha256::new();
    for r in rows {
        let excluded = r.row.excluded.as_deref().unwrap_or("");
        let line = format!("{} {} {} {} {} {excluded}\n", r.loan, r.row.due, r.payee, r.row.interest.fen(), r.row.subsidy.fen());
        digest.update(line);
    }
    hex::encode(digest.finalize())
}

/// Marks the rows of payees as paid on a day, or (with `None`) as returned on it.
pub async fn mark_paid(
    tx: &mut Connection,
    county: &str,
    (batch, payees): (&str, &str),
    (paid_on, returned_on): (Option<&str>, Option<&str>),
) -> Result<(), Failure> {
    const SQL: &str = "update subsidy_row set paid_on = $4, returned_on = coalesce($5, returned_on) where county = $1 and batch = $2 \
         and excluded is null and payee in (select value->>0 from jsonb_each($3))";
    sqlx::query(SQL).bind(county).bind(batch).bind(payees).bind(paid_on).bind(returned_on).execute(tx).await?;
    Ok(())
}

/// Keeps banks' lists for a batch in place of earlier ones of the same banks: (loan, fen, bank).
pub async fn save_bank_list(tx: &mut Connection, county: &str, batch: &str, rows: &[(&str, i64, &str)]) -> Result<(), Failure> {
    const CLEAR: &str = "delete from subsidy_bank_row where county = $1 and batch = $2 \
         and (bank in (select value->>2 from jsonb_each($3)) or loan in (select value->>0 from jsonb_each($3)))";
    const SQL: &str = "insert into subsidy_bank_row (county, batch, loan, amount_cents, bank) \
         select $1, $2, value->>0, cast(value->>1 as bigint), value->>2 from jsonb_each($3)";
    let rows = as_json(rows);
    sqlx::query(CLEAR).bind(county).bind(batch).bind(&rows).execute(&mut *tx).await?;
    sqlx::query(SQL).bind(county).bind(batch).bind(&rows).execute(tx).await?;
    Ok(())
}

/// The banks' lists, by loan: (loan, amount, bank).
pub async fn bank_list(tx: &mut Connection, county: &str, batch: &str) -> Result<Vec<(String, Amount, String)>, Failure> {
    const SQL: &str = "select loan, amount_cents, bank from subsidy_bank_row where county = $1 and batch = $2 order by loan";
    let rows = sqlx::query(SQL).bind(county).bind(batch).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, Amount::from_fen(column(row, 1)?), column(row, 2)?))).collect()
}

/// Net subsidy of approved batches by account, fen: (book, account, sum).
pub async fn approved_sums(tx: &mut Connection, county: &str) -> Result<Vec<(String, String, i64)>, Failure> {
    const SQL: &str = "select b.book, s.account, cast(sum(s.subsidy_cents) as bigint) from subsidy_batch b join subsidy_row s \
         on s.county = b.county and s.batch = b.batch where b.county = $1 and b.state in ('approved', 'paid') and s.excluded is null \
         group by b.book, s.account order by b.book, s.account";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((column(row, 0)?, column(row, 1)?, column(row, 2)?))).collect()
}

/// Money in a subsidy book's account S101, fen.
pub async fn money(tx: &mut Connection, county: &str, book: &BookCode) -> Result<i64, Failure> {
    const SQL: &str = "select cast(coalesce(sum(m.debit_cents - m.credit_cents), 0) as bigint) from period_movement m \
         join book b on b.county = m.county and b.book = m.book where m.county = $1 and m.book = $2 and m.dimension = '' \
         and m.account = 'S101' and (m.stage <> 'opening' or m.period = substr(b.first_period, 1, 4) || '-00')";
    column(&sqlx::query(SQL).bind(county).bind(&book.0).fetch_one(tx).await?, 0)
}

/// The county's subsidy books.
pub async fn books(tx: &mut Connection, county: &str) -> Result<Vec<BookCode>, Failure> {
    const SQL: &str = "select book from book where county = $1 and kind = 'subsidy_fund' and stopped_on is null order by book";
    let rows = sqlx::query(SQL).bind(county).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(BookCode(column(row, 0)?))).collect()
}

/// A claim for a household that another department or bank has entered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ClaimElsewhere {
    /// Household.
    pub household: String,
    /// Department or bank (残联, 农业农村局 …).
    pub department: String,
    /// First day claimed for.
    pub from: BusinessDate,
    /// Last day claimed for.
    pub through: BusinessDate,
    /// How much.
    pub amount: Amount,
    /// Document number, or the list's name.
    #[serde(default)]
    pub document: String,
}

/// Keeps claims entered elsewhere; one of the same household, department and first day is replaced.
pub async fn save_elsewhere(
    tx: &mut Connection,
    county: &str,
    claims: &[ClaimElsewhere],
    (by, at): (&str, &str),
) -> Result<(), Failure> {
    const SQL: &str = "insert into subsidy_elsewhere (county, household, department, from_on, through_on, amount_cents, document, \
         recorded_at, recorded_by) select $1, value->>0, value->>1, value->>2, value->>3, cast(value->>4 as bigint), value->>5, $3, $4 \
         from jsonb_each($2) where true on conflict (county, household, department, from_on) do update set \
         through_on = excluded.through_on, amount_cents = excluded.amount_cents, document = excluded.document, \
         recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by";
    let row = |c: &ClaimElsewhere| {
        let days = (c.from.to_string(), c.through.to_string());
        (c.household.clone(), c.department.clone(), days.0, days.1, c.amount.fen(), c.document.clone())
    };
    let rows: Vec<_> = claims.iter().map(row).collect();
    for rows in rows.chunks(2_000) {
        sqlx::query(SQL).bind(county).bind(as_json(rows)).bind(at).bind(by).execute(&mut *tx).await?;
    }
    Ok(())
}

/// The days for which others have claimed for these households: household → first and last day.
pub async fn elsewhere(
    tx: &mut Connection,
    county: &str,
    households: &str,
) -> Result<HashMap<String, Vec<(BusinessDate, BusinessDate)>>, Failure> {
    const SQL: &str = "select e.household, e.from_on, e.through_on from jsonb_each($2) r \
         cross join subsidy_elsewhere e where e.county = $1 and e.household = r.value->>0 order by e.household, e.from_on";
    let mut found: HashMap<String, Vec<(BusinessDate, BusinessDate)>> = HashMap::new();
    for row in sqlx::query(SQL).bind(county).bind(households).fetch_all(tx).await? {
        found.entry(column(&row, 0)?).or_default().push((day(&row, 1)?, day(&row, 2)?));
    }
    Ok(found)
}
