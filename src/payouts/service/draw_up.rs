//! 编制 and 复核 of a list, payees' cards, layouts, and money that comes in to be passed on.

use serde::{Deserialize, Serialize};

use super::{batch_at, paying};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::posting_map::account_for;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{AccountCode, BookCode, store as ledger_store};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::payouts::layout::Layout;
use crate::payouts::list::{self, Finding, Known, PayRow, Payee, Registered};
use crate::payouts::refusal::PayoutRefusal;
use crate::payouts::store::{self, Batch, people};
use crate::payouts::{BatchState, PayoutKind, RowState, posting_rules};
use chrono::Datelike;

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

/// Rows whose parties are looked up at a time: a list of a hundred thousand stays within its memory.
const A_PAGE: usize = 5_000;

/// Rows completed from the payees' cards and the household register, with everything to be said of them. Changes nothing.
pub async fn looked_at(
    tx: &mut Connection,
    county: &str,
    rows: &mut [PayRow],
    stated: Option<Amount>,
    on: BusinessDate,
) -> Result<Vec<Finding>, Stop> {
    let mut findings = Vec::new();
    for page in rows.chunks_mut(A_PAGE) {
        let known = completed(tx, county, page).await?;
        findings.extend(list::check_rows(page, &known, on));
    }
    findings.extend(list::check_whole(rows, stated));
    findings.sort_by_key(|finding| finding.row);
    Ok(findings)
}

/// Completes a page of rows; answers what is known of its parties.
async fn completed(tx: &mut Connection, county: &str, rows: &mut [PayRow]) -> Result<Known, Stop> {
    let parties: Vec<String> = rows.iter().map(|row| row.party.clone()).collect();
    let asked: Vec<&str> = parties.iter().map(String::as_str).collect();
    let payees = store::payees(tx, county, &asked).await?;
    let mut registered = people::registered(tx, county, &asked).await?;
    for row in rows.iter_mut() {
        if let Some(payee) = payees.get(&row.party) {
            complete(row, payee);
        }
        if let Some(household) = registered.get(&row.party) {
            complete(row, &card_of(household));
        }
    }
    let ids: Vec<&str> = rows.iter().map(|row| row.id_number.as_str()).filter(|id| !id.is_empty()).collect();
    let gone = people::gone(tx, county, &ids).await?;
    for row in rows.iter() {
        if let Some((died_on, gone_on)) = gone.get(&row.id_number) {
            let known = registered.entry(row.party.clone()).or_default();
            (known.died_on, known.gone_on) = (*died_on, *gone_on);
        }
    }
    Ok(Known { payees, registered })
}

/// What the register says of a household, as a card: its head is paid on its 一卡通 account.
fn card_of(household: &Registered) -> Payee {
    let account_name = household.account.as_ref().map_or_else(String::new, |_| household.name.clone());
    Payee {
        name: household.name.clone(),
        id_number: household.id_number.clone(),
        account: household.account.clone().unwrap_or_default(),
        account_name,
        ..Payee::default()
    }
}

fn complete(row: &mut PayRow, payee: &Payee) {
    let fields = [
        (&mut row.name, &payee.name),
        (&mut row.id_number, &payee.id_number),
        (&mut row.account_name, &payee.account_name),
        (&mut row.account, &payee.account),
        (&mut row.bank, &payee.bank),
    ];
    for (own, card) in fields {
        if own.is_empty() {
            own.clone_from(card);
        }
    }
}

/// Draws up a batch inside a running act.
pub async fn draw_up(tx: &mut Connection, scene: &Scene, mut wanted: DrawUp) -> Result<DrawnUp, Stop> {
    if wanted.rows.is_empty() {
        return Err(PayoutRefusal::EmptyList.into());
    }
    ledger_store::lock_books(tx, scene.engine, &scene.county, &[&wanted.book]).await?;
    if store::batch(tx, &scene.county, &wanted.batch).await?.is_some() {
        return Err(PayoutRefusal::BatchExists { batch: wanted.batch }.into());
    }
    if let Some(source) = &wanted.source
        && let Some(batch) = store::batch_of_source(tx, &scene.county, source).await?
    {
        return Err(PayoutRefusal::SourcePaid { source_key: source.clone(), batch }.into());
    }
    let flags = looked_at(tx, &scene.county, &mut wanted.rows, wanted.stated_total, wanted.on).await?;
    check_findings(&flags, wanted.accept.as_deref())?;
    check_parts(&wanted.rows)?;
    let batch = batch(tx, scene, &wanted).await?;
    store::insert_batch(tx, &scene.county, &batch, (&scene.at, wanted.accept.as_deref())).await?;
    store::insert_rows(tx, &scene.county, &batch.batch, &wanted.rows).await?;
    Ok(DrawnUp { rows: wanted.rows.len(), total: batch.total, flags })
}

fn check_findings(findings: &[Finding], accept: Option<&str>) -> Result<(), PayoutRefusal> {
    let said = |finding: &Finding| {
        if finding.row == 0 { finding.what.clone() } else { format!("第 {} 行 {}", finding.row, finding.what) }
    };
    if let Some(first) = findings.iter().find(|finding| finding.blocks) {
        let count = findings.iter().filter(|finding| finding.blocks).count();
        return Err(PayoutRefusal::ListBlocked { count, first: said(first) });
    }
    match findings.first() {
        Some(first) if accept.is_none_or(|reason| reason.trim().is_empty()) => {
            Err(PayoutRefusal::FlagsNotAccepted { count: findings.len(), first: said(first) })
        }
        _ => Ok(()),
    }
}

fn check_parts(rows: &[PayRow]) -> Result<(), PayoutRefusal> {
    for row in rows.iter().filter(|row| !row.against.is_empty()) {
        let (parts, amount) = (row.against.iter().map(|(_, part)| *part).sum(), row.amount + row.withheld);
        if parts != amount {
            return Err(PayoutRefusal::PartsDiffer { row: row.row, parts, amount });
        }
    }
    Ok(())
}

async fn batch(tx: &mut Connection, scene: &Scene, wanted: &DrawUp) -> Result<Batch, Stop> {
    let regime = regime_in(tx, &scene.county, &wanted.book, wanted.on.year()).await?;
    let payable = match &wanted.payable {
        Some(account) => account.clone(),
        None => account_for(regime, "pass_through")?,
    };
    let money_account = match &wanted.money_account {
        Some(account) => account.clone(),
        None => account_for(regime, "bank")?,
    };
    Ok(Batch {
        batch: wanted.batch.clone(),
        book: wanted.book.clone(),
        kind: wanted.kind,
        title: wanted.title.clone(),
        project: wanted.project.clone(),
        state: BatchState::DrawnUp,
        payable,
        money_account,
        rows: i64::try_from(wanted.rows.len()).unwrap_or(i64::MAX),
        total: wanted.rows.iter().map(|row| row.amount).sum(),
        received: Amount::ZERO,
        source: wanted.source.clone(),
        attempt: 0,
        drawn_up_by: scene.actor.clone(),
    })
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
        let rows = store::rows(tx, &scene.county, &self.batch, &[RowState::Waiting]).await?;
        let owed: Vec<(String, Amount)> = rows.iter().map(|row| (row.party.clone(), row.amount)).collect();
        let voucher = posting_rules::received(paying(&batch, self.on), &owed)?;
        let event = scene.draw_id();
        let what = serde_json::json!({ "batch": self.batch, "received": batch.total });
        let on = self.on.to_string();
        ledger_store::save_event(tx, &scene.county, (&event, "payout_funded", &on), &what, &scene.at).await?;
        store::add_received(tx, &scene.county, &self.batch, batch.total).await?;
        ledger::post(tx, scene, &[voucher], Some(&event)).await
    }
}
