//! Payees, batches, rows, layouts, as kept.

mod earlier;
mod layouts;
mod payees;
pub mod people;
pub mod schemes;
mod standards;

pub use earlier::earlier;
pub use layouts::{layout, save_layout};
pub use payees::{payees, remember_paid, save_payees};
pub use standards::{save_standard, standards};

use std::collections::HashMap;

use sqlx::any::AnyRow;

use super::list::PayRow;
use super::{BatchState, PayoutKind, RowState};
use crate::calendar::BusinessDate;
use crate::db::rows::{Cells, as_json, column, packing, parsed, typed, unpacked};
use crate::db::sealing::{seal, unseal};
use crate::db::{Connection, Failure};
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;

const AT_ONCE: usize = 5_000;

fn day_at(row: &AnyRow, index: usize) -> Result<Option<BusinessDate>, Failure> {
    Ok(column::<Option<String>>(row, index)?.and_then(|text| text.parse().ok()))
}

/// A batch as kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Batch {
    /// Code, one in the county.
    pub batch: String,
    /// The book that pays.
    pub book: BookCode,
    /// What is paid.
    pub kind: PayoutKind,
    /// Title.
    pub title: String,
    /// Project or document number.
    pub project: String,
    /// Step.
    pub state: BatchState,
    /// What its rows settle.
    pub payable: AccountCode,
    /// Where the money is.
    pub money_account: AccountCode,
    /// Rows.
    pub rows: i64,
    /// Σ of what is paid out.
    pub total: Amount,
    /// What came in for it, where it passes through.
    pub received: Amount,
    /// What it pays (`dividend:C001:1`).
    pub source: Option<String>,
    /// How often it went to the bank.
    pub attempt: i64,
    /// Who drew it up.
    pub drawn_up_by: String,
}

const BATCH: &str = "batch, book, kind, title, project, state, payable, money_account, rows_count, total_cents, received_cents, source, \
     attempt, drawn_up_by";

fn batch_at(row: &AnyRow) -> Result<Batch, Failure> {
    Ok(Batch {
        batch: column(row, 0)?,
        book: BookCode(column(row, 1)?),
        kind: parsed(row, 2, PayoutKind::parse)?,
        title: column(row, 3)?,
        project: column(row, 4)?,
        state: parsed(row, 5, BatchState::parse)?,
        payable: AccountCode(column(row, 6)?),
        money_account: AccountCode(column(row, 7)?),
        rows: column(row, 8)?,
        total: Amount::from_fen(column(row, 9)?),
        received: Amount::from_fen(column(row, 10)?),
        source: column(row, 11)?,
        attempt: column(row, 12)?,
        drawn_up_by: column(row, 13)?,
    })
}

/// One batch.
pub async fn batch(tx: &mut Connection, county: &str, batch: &str) -> Result<Option<Batch>, Failure> {
    let sql = format!("select {BATCH} from payout_batch where county = $1 and batch = $2");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).bind(batch).fetch_optional(tx).await?;
    row.as_ref().map(batch_at).transpose()
}

/// The batches of a book, or of the county, by code.
pub async fn batches(tx: &mut Connection, county: &str, book: Option<&BookCode>) -> Result<Vec<Batch>, Failure> {
    let sql = format!("select {BATCH} from payout_batch where county = $1 and (book = $2 or $2 = '') order by batch");
    let book = book.map_or("", |book| book.0.as_str());
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(county).bind(book).fetch_all(tx).await?;
    rows.iter().map(batch_at).collect()
}

/// The batch that pays a source, dropped ones left out.
pub async fn batch_of_source(tx: &mut Connection, county: &str, source: &str) -> Result<Option<String>, Failure> {
    const SQL: &str = "select batch from payout_batch where county = $1 and source = $2 and state <> 'dropped'";
    let row = sqlx::query(SQL).bind(county).bind(source).fetch_optional(tx).await?;
    row.map(|row| column(&row, 0)).transpose()
}

/// True once the batch that pays a source went to the bank.
pub async fn is_sent(tx: &mut Connection, county: &str, source: &str) -> Result<bool, Failure> {
    const SQL: &str = "select batch from payout_batch where county = $1 and source = $2 and state in ('sent', 'settled')";
    Ok(sqlx::query(SQL).bind(county).bind(source).fetch_optional(tx).await?.is_some())
}

/// Keeps a new batch.
pub async fn insert_batch(
    tx: &mut Connection,
    county: &str,
    batch: &Batch,
    (at, accepted): (&str, Option<&str>),
) -> Result<(), Failure> {
    const SQL: &str = "insert into payout_batch (county, batch, book, kind, title, project, state, payable, money_account, rows_count, \
         total_cents, received_cents, source, attempt, drawn_up_by, drawn_up_at, accepted_flags) \
         values ($1, $2, $3, $4, $5, $6, 'drawn_up', $7, $8, $9, $10, 0, $11, 0, $12, $13, $14)";
    let query = sqlx::query(SQL).bind(county).bind(&batch.batch).bind(&batch.book.0).bind(batch.kind.as_str());
    let query = query.bind(&batch.title).bind(&batch.project).bind(batch.payable.as_str()).bind(batch.money_account.as_str());
    let query = query.bind(batch.rows).bind(batch.total.fen()).bind(batch.source.as_deref()).bind(&batch.drawn_up_by);
    query.bind(at).bind(accepted).execute(tx).await?;
    Ok(())
}

/// Keeps a batch's rows.
pub async fn insert_rows(tx: &mut Connection, county: &str, batch: &str, rows: &[PayRow]) -> Result<(), Failure> {
    const SQL: &str = "insert into payout_row (county, batch, row_number, party, name, id_number, account_name, account, bank, \
         standard_cents, quantity_milli, amount_cents, withheld_cents, against, remark, income_cents, state, attempt) \
         select $1, $2, cast(value->>0 as bigint), value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, \
         cast(value->>7 as bigint), cast(value->>8 as bigint), cast(value->>9 as bigint), cast(value->>10 as bigint), value->>11, \
         value->>12, cast(value->>13 as bigint), 'waiting', 0 from jsonb_each($3)";
    for chunk in rows.chunks(AT_ONCE) {
        let values: Vec<_> = chunk
            .iter()
            .map(|r| {
                let against: Vec<(&str, i64)> =
                    r.against.iter().map(|(account, amount)| (account.as_str(), amount.fen())).collect();
                let words = (&r.party, &r.name, seal(&r.id_number)?, &r.account_name, seal(&r.account)?, &r.bank);
                let sums = (r.standard.map(Amount::fen), r.quantity_milli, r.amount.fen(), r.withheld.fen());
                Ok((
                    r.row,
                    words.0,
                    words.1,
                    words.2,
                    words.3,
                    words.4,
                    words.5,
                    sums.0,
                    sums.1,
                    sums.2,
                    sums.3,
                    as_json(&against),
                    &r.remark,
                    r.income.map(Amount::fen),
                ))
            })
            .collect::<Result<_, Failure>>()?;
        sqlx::query(SQL).bind(county).bind(batch).bind(as_json(&values)).execute(&mut *tx).await?;
    }
    Ok(())
}

/// The rows of a batch in their order; of some states, or all.
pub async fn rows(tx: &mut Connection, county: &str, batch: &str, states: &[RowState]) -> Result<Vec<PayRow>, Failure> {
    let (mut pages, mut rows) = (Pages::of(batch, states), Vec::new());
    while let Some(page) = pages.next(tx, county).await? {
        rows.extend(page);
    }
    Ok(rows)
}

/// Rows of a page, and of one part of a batch's voucher.
pub const A_PAGE: usize = 2_000;

/// The rows of a batch page by page, in their order: a long list is never held whole.
#[derive(Debug)]
pub struct Pages<'a> {
    batch: &'a str,
    states: &'a [RowState],
    after: Option<i64>,
}

impl<'a> Pages<'a> {
    /// From the first row on; rows of some states, or all.
    pub fn of(batch: &'a str, states: &'a [RowState]) -> Pages<'a> {
        Pages { batch, states, after: Some(0) }
    }

    /// The next page; `None` behind the last row.
    pub async fn next(&mut self, tx: &mut Connection, county: &str) -> Result<Option<Vec<PayRow>>, Failure> {
        let Some(after) = self.after.take() else { return Ok(None) };
        let page = rows_after(tx, county, self.batch, (self.states, after)).await?;
        self.after = page.last().filter(|_| page.len() == A_PAGE).map(|row| row.row);
        Ok((!page.is_empty()).then_some(page))
    }
}

/// The next rows of a batch after a row: a long list never travels as one text.
async fn rows_after(
    tx: &mut Connection,
    county: &str,
    batch: &str,
    (states, after): (&[RowState], i64),
) -> Result<Vec<PayRow>, Failure> {
    let page = format!(
        "(select * from payout_row where county = $1 and batch = $2 and row_number > $4 \
         and (state in (select value->>0 from json_each($3)) or $3 = '[]') order by row_number limit {A_PAGE}) p"
    );
    let typed = ["name", "account_name", "bank", "remark", "reason"].map(typed);
    let [name, account_name, bank, remark, reason] = typed.each_ref().map(String::as_str);
    let columns = [
        "row_number",
        "party",
        name,
        "id_number",
        account_name,
        "account",
        bank,
        "standard_cents",
        "quantity_milli",
        "amount_cents",
        "withheld_cents",
        "against",
        remark,
        "state",
        "attempt",
        reason,
        "decided_on",
        "income_cents",
    ];
    let asked: Vec<[&str; 1]> = states.iter().map(|state| [state.as_str()]).collect();
    let query = sqlx::query(sqlx::AssertSqlSafe(packing(&columns, &page))).bind(county).bind(batch).bind(as_json(&asked));
    let text: String = column(&query.bind(after).fetch_one(tx).await?, 0)?;
    let mut rows = unpacked(&text).map(|row| row_at(&row)).collect::<Result<Vec<_>, Failure>>()?;
    rows.sort_by_key(|row| row.row);
    Ok(rows)
}

fn row_at(row: &Cells<'_>) -> Result<PayRow, Failure> {
    let against: String = row.text(11)?;
    let against: Vec<(String, i64)> =
        serde_json::from_str(&against).map_err(|cause| Failure::Damaged(format!("{against}: {cause}")))?;
    Ok(PayRow {
        row: row.parsed(0, |text| text.parse().ok())?,
        party: row.text(1)?,
        name: row.text(2)?,
        id_number: unseal(row.text(3)?)?,
        account_name: row.text(4)?,
        account: unseal(row.text(5)?)?,
        bank: row.text(6)?,
        standard: row.optional(7)?.map(Amount::from_fen),
        quantity_milli: row.optional(8)?,
        amount: row.fen(9)?,
        withheld: row.fen(10)?,
        against: against.into_iter().map(|(account, fen)| (AccountCode(account), Amount::from_fen(fen))).collect(),
        remark: row.text(12)?,
        state: row.parsed(13, RowState::parse)?,
        attempt: row.parsed(14, |text| text.parse().ok())?,
        reason: row.optional(15)?,
        decided_on: row.optional(16)?,
        income: row.optional(17)?.map(Amount::from_fen),
    })
}

/// Moves a batch to its next step.
pub async fn step(tx: &mut Connection, county: &str, batch: &str, state: BatchState) -> Result<(), Failure> {
    const SQL: &str = "update payout_batch set state = $3 where county = $1 and batch = $2";
    sqlx::query(SQL).bind(county).bind(batch).bind(state.as_str()).execute(tx).await?;
    Ok(())
}

/// Who reviewed a batch, and when.
pub async fn set_reviewed(tx: &mut Connection, county: &str, batch: &str, (by, at): (&str, &str)) -> Result<(), Failure> {
    const SQL: &str = "update payout_batch set reviewed_by = $3, reviewed_at = $4 where county = $1 and batch = $2";
    sqlx::query(SQL).bind(county).bind(batch).bind(by).bind(at).execute(tx).await?;
    Ok(())
}

/// Adds to what came in for a batch.
pub async fn add_received(tx: &mut Connection, county: &str, batch: &str, amount: Amount) -> Result<(), Failure> {
    const SQL: &str = "update payout_batch set received_cents = received_cents + $3 where county = $1 and batch = $2";
    sqlx::query(SQL).bind(county).bind(batch).bind(amount.fen()).execute(tx).await?;
    Ok(())
}

/// Marks the rows that wait as sent with the next attempt.
pub async fn mark_sent(
    tx: &mut Connection,
    county: &str,
    batch: &str,
    (attempt, on): (i64, BusinessDate),
) -> Result<(), Failure> {
    const ROWS: &str = "update payout_row set state = 'sent', attempt = $3, reason = null where county = $1 and batch = $2 \
         and state in ('waiting', 'corrected')";
    const BATCH: &str = "update payout_batch set state = 'sent', attempt = $3, sent_on = $4 where county = $1 and batch = $2";
    sqlx::query(ROWS).bind(county).bind(batch).bind(attempt).execute(&mut *tx).await?;
    sqlx::query(BATCH).bind(county).bind(batch).bind(attempt).bind(on.to_string()).execute(tx).await?;
    Ok(())
}

/// Writes the bank's answers: (row, paid, reason, serial).
pub async fn decide(
    tx: &mut Connection,
    county: &str,
    batch: &str,
    decided: &[(i64, bool, String, String)],
    on: BusinessDate,
) -> Result<(), Failure> {
    const SQL: &str = "update payout_row set state = r.value->>1, reason = r.value->>2, serial = r.value->>3, decided_on = $4 \
         from json_each($3) r where payout_row.county = $1 and payout_row.batch = $2 \
         and payout_row.row_number = cast(r.value->>0 as bigint)";
    for chunk in decided.chunks(AT_ONCE) {
        let state = |paid: bool| if paid { RowState::Paid } else { RowState::Returned };
        let rows: Vec<_> = chunk.iter().map(|(row, paid, reason, serial)| (row, state(*paid).as_str(), reason, serial)).collect();
        sqlx::query(SQL).bind(county).bind(batch).bind(as_json(&rows)).bind(on.to_string()).execute(&mut *tx).await?;
    }
    Ok(())
}

/// Corrects where a returned row is paid.
pub async fn correct(tx: &mut Connection, county: &str, batch: &str, row: i64, to: (&str, &str, &str)) -> Result<(), Failure> {
    const SQL: &str = "update payout_row set state = 'corrected', account_name = $4, account = $5, bank = $6 \
         where county = $1 and batch = $2 and row_number = $3";
    let query = sqlx::query(SQL).bind(county).bind(batch).bind(row).bind(to.0).bind(seal(to.1)?).bind(to.2);
    query.execute(tx).await?;
    Ok(())
}

/// What the lines of a batch leave on an account of its book: credit less debit.
pub async fn clearing(tx: &mut Connection, county: &str, batch: &Batch) -> Result<Amount, Failure> {
    const SQL: &str = "select cast(coalesce(sum(credit_cents - debit_cents), 0) as bigint) from period_movement where county = $1 \
         and book = $2 and dimension = 'document' and account = $3 and member = $4 and stage <> 'opening'";
    let query = sqlx::query(SQL).bind(county).bind(&batch.book.0).bind(batch.payable.as_str()).bind(&batch.batch);
    Ok(Amount::from_fen(column(&query.fetch_one(tx).await?, 0)?))
}

/// Σ of a batch's rows by state.
pub async fn sums(tx: &mut Connection, county: &str, batch: &str) -> Result<HashMap<RowState, (i64, Amount)>, Failure> {
    const SQL: &str = "select state, cast(count(*) as bigint), cast(sum(amount_cents) as bigint) from payout_row \
         where county = $1 and batch = $2 group by state";
    let rows = sqlx::query(SQL).bind(county).bind(batch).fetch_all(tx).await?;
    rows.iter().map(|row| Ok((parsed(row, 0, RowState::parse)?, (column(row, 1)?, Amount::from_fen(column(row, 2)?))))).collect()
}
