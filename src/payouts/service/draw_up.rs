//! 编制 and 复核 of a list, payees' cards, layouts, and money that comes in to be passed on.

use serde::{Deserialize, Serialize};

use super::drawing::draw_up;
use super::{batch_at, in_parts, paying};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::service::Numbered;
use crate::ledger::{AccountCode, BookCode, store as ledger_store};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::payouts::layout::Layout;
use crate::payouts::list::{Finding, PayRow, Payee};
use crate::payouts::posting_rules::Paying;
use crate::payouts::refusal::PayoutRefusal;
use crate::payouts::store;
use crate::payouts::{BatchState, PayoutKind, RowState, posting_rules};

/// Registers payees, or corrects their cards.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepPayees {
    /// The cards.
    pub payees: Vec<Payee>,
}

impl Act for KeepPayees {
    const KIND: &'static str = "payout.payees";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        store::save_payees(tx, &scene.county, &self.payees).await?;
        Ok(self.payees.len())
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "payees": self.payees.len() })
    }
}

/// Keeps a bank's layout under a name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepLayout {
    /// Name, such as the bank's.
    pub layout: String,
    /// As [`Layout::parse`] reads it.
    pub columns: String,
}

impl Act for KeepLayout {
    const KIND: &'static str = "payout.layout";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let layout = Layout::parse(&self.columns)?;
        Ok(store::save_layout(tx, &scene.county, &self.layout, &layout.text()).await?)
    }
}

/// 编制: a list becomes a batch. Findings that block refuse it (Y-101); the others need a reason (Y-102).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DrawUp {
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
    /// Date the checks look at.
    pub on: BusinessDate,
    /// What the rows settle; the regime's account for passing through when absent.
    pub payable: Option<AccountCode>,
    /// Where the money is; the bank when absent.
    pub money_account: Option<AccountCode>,
    /// The sum the approval names.
    pub stated_total: Option<Amount>,
    /// The rows.
    pub rows: Vec<PayRow>,
    /// Why flagged rows are right.
    pub accept: Option<String>,
    /// What it pays, where a product owes it.
    pub source: Option<String>,
}

/// A batch as drawn up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnUp {
    /// Rows.
    pub rows: usize,
    /// Σ.
    pub total: Amount,
    /// What was accepted with the reason.
    pub flags: Vec<Finding>,
}

impl Act for DrawUp {
    const KIND: &'static str = "payout.draw_up";
    type Answer = DrawnUp;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<DrawnUp, Stop> {
        draw_up(tx, scene, self.clone()).await
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "batch": self.batch, "book": self.book, "kind": self.kind, "title": self.title, "rows": self.rows.len() })
    }
}

/// 复核, by somebody else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReviewBatch {
    /// The book.
    pub book: BookCode,
    /// The batch.
    pub batch: String,
}

impl Act for ReviewBatch {
    const KIND: &'static str = "payout.review";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Review, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let batch = batch_at(tx, scene, &self.batch, &[BatchState::DrawnUp]).await?;
        if batch.drawn_up_by == scene.actor {
            return Err(PayoutRefusal::OwnBatch { batch: self.batch.clone(), user: scene.actor.clone() }.into());
        }
        store::set_reviewed(tx, &scene.county, &self.batch, (&scene.actor, &scene.at)).await?;
        Ok(store::step(tx, &scene.county, &self.batch, BatchState::Reviewed).await?)
    }
}

/// Drops a batch that was not sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DropBatch {
    /// The book.
    pub book: BookCode,
    /// The batch.
    pub batch: String,
    /// Why.
    pub reason: String,
}

impl Act for DropBatch {
    const KIND: &'static str = "payout.drop";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        if self.reason.trim().is_empty() {
            return Err(crate::ledger::refusal::ReasonRefusal::Missing { what: "作废批次".to_owned() }.into());
        }
        let batch = batch_at(tx, scene, &self.batch, &[BatchState::DrawnUp, BatchState::Reviewed]).await?;
        if batch.received.is_positive() {
            let (state, needed) = ("已到账".to_owned(), "未到账".to_owned());
            return Err(PayoutRefusal::WrongStep { batch: self.batch.clone(), state, needed }.into());
        }
        Ok(store::step(tx, &scene.county, &self.batch, BatchState::Dropped).await?)
    }
}

/// Money came in to be passed on: owed to the people of the list, never income.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReceiveFunds {
    /// The book.
    pub book: BookCode,
    /// The batch.
    pub batch: String,
    /// Date.
    pub on: BusinessDate,
}

impl Act for ReceiveFunds {
    const KIND: &'static str = "payout.receive";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let batch = batch_at(tx, scene, &self.batch, &[BatchState::DrawnUp, BatchState::Reviewed]).await?;
        if !batch.kind.passes_through() {
            return Err(PayoutRefusal::NotPassingThrough { batch: self.batch.clone() }.into());
        }
        if batch.received.is_positive() {
            let (batch, received, total) = (self.batch.clone(), batch.received + batch.total, batch.total);
            return Err(PayoutRefusal::TooMuchReceived { batch, received, total }.into());
        }
        let event = scene.draw_id();
        let what = serde_json::json!({ "batch": self.batch, "kind": batch.kind, "received": batch.total });
        let on = self.on.to_string();
        ledger_store::save_event(tx, &scene.county, (&event, "payout_funded", &on), &what, &scene.at).await?;
        store::add_received(tx, &scene.county, &self.batch, batch.total).await?;
        in_parts(tx, scene, (&batch, &[RowState::Waiting]), &event, |rows, part| {
            let owed: Vec<(String, Amount)> = rows.iter().map(|row| (row.party.clone(), row.amount)).collect();
            posting_rules::received(Paying { part, ..paying(&batch, self.on) }, &owed)
        })
        .await
    }
}
