//! Sending a batch to the bank, taking its answer, correcting what came back and sending it again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::arriving::arriving;
use super::{batch_at, in_parts, paying};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::posting_map::account_for;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{BookCode, store as ledger_store};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::payouts::files_in::BankResult;
use crate::payouts::list::PayRow;
use crate::payouts::posting_rules::Paying;
use crate::payouts::refusal::PayoutRefusal;
use crate::payouts::store::{self, Batch};
use crate::payouts::{BatchState, RowState, posting_rules};
use chrono::Datelike;

/// What goes to the bank: rows that wait, and those corrected after a return.
const TO_SEND: [RowState; 2] = [RowState::Waiting, RowState::Corrected];

/// 报盘: the reviewed rows (or those corrected after a return) go to the bank, and the money leaves the account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendBatch {
    /// The book.
    pub book: BookCode,
    /// The batch.
    pub batch: String,
    /// Date the bank debits the account.
    pub on: BusinessDate,
}

/// What was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Which attempt.
    pub attempt: i64,
    /// Rows in the file.
    pub rows: usize,
    /// Σ.
    pub total: Amount,
    /// The voucher.
    pub vouchers: Vec<Numbered>,
}

impl Act for SendBatch {
    const KIND: &'static str = "payout.send";
    type Answer = Sent;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Sent, Stop> {
        let batch = batch_at(tx, scene, &self.batch, &[BatchState::Reviewed, BatchState::Sent]).await?;
        if batch.kind.passes_through() && batch.received != batch.total {
            let (received, total) = (batch.received, batch.total);
            return Err(PayoutRefusal::NotFunded { batch: self.batch.clone(), received, total }.into());
        }
        let sums = store::sums(tx, &scene.county, &self.batch).await?;
        let of = |state: &RowState| sums.get(state).copied().unwrap_or_default();
        let (rows, total) = TO_SEND.iter().map(of).fold((0, Amount::ZERO), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        if rows == 0 {
            return Err(PayoutRefusal::NothingToSend { batch: self.batch.clone() }.into());
        }
        let regime = regime_in(tx, &scene.county, &batch.book, self.on.year()).await?;
        let event = event(tx, scene, &batch, ("payout_sent", self.on)).await?;
        let vouchers = in_parts(tx, scene, (&batch, &TO_SEND), &event, |rows, part| {
            let withheld: Amount = rows.iter().map(|row| row.withheld).sum();
            let tax = if withheld.is_zero() { None } else { Some(account_for(regime, "tax_payable")?) };
            let paying = Paying { part, ..paying(&batch, self.on) };
            posting_rules::sent(paying, rows, tax.as_ref(), batch.attempt == 0)
        })
        .await?;
        let attempt = batch.attempt + 1;
        store::mark_sent(tx, &scene.county, &self.batch, (attempt, self.on)).await?;
        Ok(Sent { attempt, rows: usize::try_from(rows).unwrap_or(usize::MAX), total, vouchers })
    }
}

/// Hands the pay file out of the house: it carries whole account numbers, so the trail says who took it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HandOutPayFile {
    /// The book.
    pub book: BookCode,
    /// The batch.
    pub batch: String,
}

impl Act for HandOutPayFile {
    const KIND: &'static str = "payout.export";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        batch_at(tx, scene, &self.batch, &[BatchState::Reviewed, BatchState::Sent]).await.map(drop)
    }
}

/// Keeps what happened to a batch, for its vouchers to point to.
async fn event(tx: &mut Connection, scene: &Scene, batch: &Batch, (kind, on): (&str, BusinessDate)) -> Result<String, Stop> {
    let event = scene.draw_id();
    let what = serde_json::json!({ "batch": batch.batch, "kind": batch.kind, "attempt": batch.attempt + 1 });
    ledger_store::save_event(tx, &scene.county, (&event, kind, &on.to_string()), &what, &scene.at).await?;
    Ok(event)
}

/// The rows that came back are owed again, in parts where they are many.
async fn post_returned(
    tx: &mut Connection,
    scene: &Scene,
    (batch, on): (&Batch, BusinessDate),
    back: &[PayRow],
) -> Result<Vec<Numbered>, Stop> {
    if back.is_empty() {
        return Ok(Vec::new());
    }
    let event = event(tx, scene, batch, ("payout_returned", on)).await?;
    let (mut posted, parts) = (Vec::new(), back.len().div_ceil(store::A_PAGE));
    for (part, rows) in (1..).zip(back.chunks(store::A_PAGE)) {
        let voucher = posting_rules::returned(Paying { part: (part, parts), ..paying(batch, on) }, rows)?;
        posted.extend(ledger::post(tx, scene, &[voucher], Some(&event)).await?);
    }
    Ok(posted)
}

/// 回盘: the bank's answer. Returned rows are owed again; when every row arrived the batch is settled.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakeResults {
    /// The book.
    pub book: BookCode,
    /// The batch.
    pub batch: String,
    /// Date of the answer.
    pub on: BusinessDate,
    /// What the bank says.
    pub results: Vec<BankResult>,
    /// Rows the answer does not name arrived (banks that list failures only).
    pub others_paid: bool,
}

/// What an answer came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Arrived.
    pub paid: (usize, Amount),
    /// Came back.
    pub returned: (usize, Amount),
    /// Voucher of what came back.
    pub vouchers: Vec<Numbered>,
    /// True when nothing of the batch is open any more.
    pub settled: bool,
}

impl Act for TakeResults {
    const KIND: &'static str = "payout.results";
    type Answer = Answered;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Answered, Stop> {
        let batch = batch_at(tx, scene, &self.batch, &[BatchState::Sent]).await?;
        let sent = store::rows(tx, &scene.county, &self.batch, &[RowState::Sent]).await?;
        let decided = matched(&self.batch, &sent, &self.results, self.others_paid)?;
        let back: Vec<PayRow> = sent.iter().filter(|row| decided.get(&row.row).is_some_and(|d| !d.0)).cloned().collect();
        let mut vouchers = post_returned(tx, scene, (&batch, self.on), &back).await?;
        let arrived: Vec<(String, Amount)> = sent
            .iter()
            .filter(|row| decided.get(&row.row).is_some_and(|d| d.0))
            .map(|row| (row.party.clone(), row.amount))
            .collect();
        vouchers.extend(arriving(tx, scene, &batch, self.on, &arrived).await?);
        let rows: Vec<(i64, bool, String, String)> =
            decided.into_iter().map(|(row, (paid, why, serial))| (row, paid, why, serial)).collect();
        store::decide(tx, &scene.county, &self.batch, &rows, self.on).await?;
        store::remember_paid(tx, &scene.county, &self.batch, self.on).await?;
        let sums = store::sums(tx, &scene.county, &self.batch).await?;
        let settled = sums.keys().all(|state| *state == RowState::Paid);
        if settled {
            store::step(tx, &scene.county, &self.batch, BatchState::Settled).await?;
        }
        let sum = |rows: &[PayRow]| (rows.len(), rows.iter().map(|row| row.amount).sum::<Amount>());
        let (all, returned) = (sum(&sent), sum(&back));
        Ok(Answered { paid: (all.0 - returned.0, all.1 - returned.1), returned, vouchers, settled })
    }

    fn in_words(&self) -> serde_json::Value {
        let failed = self.results.iter().filter(|result| !result.paid).count();
        serde_json::json!({ "batch": self.batch, "results": self.results.len(), "failed": failed, "others_paid": self.others_paid })
    }
}

/// What the bank says of every row that was sent: row → (paid, reason, serial). Σ success + Σ failed = sent (Y-304).
fn matched(
    batch: &str,
    sent: &[PayRow],
    results: &[BankResult],
    others_paid: bool,
) -> Result<BTreeMap<i64, (bool, String, String)>, PayoutRefusal> {
    let by_row: BTreeMap<i64, &PayRow> = sent.iter().map(|row| (row.row, row)).collect();
    let by_account: BTreeMap<&str, &PayRow> = sent.iter().map(|row| (row.account.as_str(), row)).collect();
    let mut decided = BTreeMap::new();
    for result in results {
        let not_sent = || PayoutRefusal::NotSent { batch: batch.to_owned(), row: result.row.unwrap_or(0) };
        let row = match result.row {
            Some(number) => by_row.get(&number).copied(),
            None => by_account.get(result.account.as_str()).copied(),
        };
        let row = row.filter(|row| result.account.is_empty() || row.account == result.account).ok_or_else(not_sent)?;
        if let Some(theirs) = result.amount.filter(|amount| *amount != row.amount) {
            return Err(PayoutRefusal::AmountDiffers { row: row.row, ours: row.amount, theirs });
        }
        if decided.insert(row.row, (result.paid, result.reason.clone(), result.serial.clone())).is_some() {
            return Err(PayoutRefusal::AnsweredTwice { row: row.row });
        }
    }
    let missing: BTreeSet<i64> = by_row.keys().filter(|row| !decided.contains_key(row)).copied().collect();
    if others_paid {
        decided.extend(missing.into_iter().map(|row| (row, (true, String::new(), String::new()))));
    } else if !missing.is_empty() {
        let amount = missing.iter().filter_map(|row| by_row.get(row)).map(|row| row.amount).sum();
        return Err(PayoutRefusal::NotWhole { missing: missing.len(), amount });
    }
    Ok(decided)
}

/// Corrects where a returned row is paid; it goes to the bank again with the next sending.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CorrectRow {
    /// The book.
    pub book: BookCode,
    /// The batch.
    pub batch: String,
    /// 序号
    pub row: i64,
    /// 户名
    pub account_name: String,
    /// 账号
    pub account: String,
    /// 开户行
    pub bank: String,
}

impl Act for CorrectRow {
    const KIND: &'static str = "payout.correct";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        batch_at(tx, scene, &self.batch, &[BatchState::Sent]).await?;
        let rows = store::rows(tx, &scene.county, &self.batch, &[]).await?;
        let row = rows.iter().find(|row| row.row == self.row);
        match row.map(|row| row.state) {
            Some(RowState::Returned | RowState::Corrected) if !self.account.trim().is_empty() => {
                let to = (self.account_name.trim(), self.account.trim(), self.bank.trim());
                Ok(store::correct(tx, &scene.county, &self.batch, self.row, to).await?)
            }
            other => {
                let state = other.map_or("不在批次内", RowState::label_zh).to_owned();
                Err(PayoutRefusal::NotReturned { batch: self.batch.clone(), row: self.row, state }.into())
            }
        }
    }
}
