//! Steps with a batch that was run: review, notice, approval, payment, returned payments; money received; the bank's list.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{find, needs_state};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::service as ledger;
use crate::ledger::{BookCode, Voucher};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::microloan::fact::{Fact, Happening};
use crate::products::microloan::service::own_books::{own_book, subsidy_vouchers};
use crate::products::microloan::service::record::{Entry, record};
use crate::products::microloan::store::{self as register, heads};
use crate::products::microloan::subsidy::posting_rules::{self, Granted};
use crate::products::microloan::subsidy::refusal::SubsidyRefusal;
use crate::products::microloan::subsidy::store::{self, Batch, BatchRow, ClaimElsewhere};

/// A step with a batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum BatchStep {
    /// 复核 by another person than the maker.
    Review,
    /// 公示 begins on a day.
    Announce {
        /// The day.
        on: BusinessDate,
    },
    /// 审批: posts Dr S501 / Cr S201.
    Approve {
        /// The day.
        on: BusinessDate,
    },
    /// 支付: posts Dr S201 / Cr S101 and settles the interest of loans whose bank is paid.
    Pay {
        /// The day.
        on: BusinessDate,
    },
    /// 退票: payments to these payees came back; posts Dr S101 / Cr S201.
    Return {
        /// The day.
        on: BusinessDate,
        /// Payees.
        payees: Vec<String>,
    },
}

/// Takes a step with a batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StepBatch {
    /// The batch.
    pub batch: String,
    /// The step.
    #[serde(flatten)]
    pub step: BatchStep,
}

impl Act for StepBatch {
    const KIND: &'static str = "subsidy.step";
    /// The money of the step.
    type Answer = Amount;

    fn needs(&self) -> (Permission, Target<'_>) {
        match self.step {
            BatchStep::Review | BatchStep::Approve { .. } => (Permission::Review, Target::County),
            BatchStep::Announce { .. } => (Permission::KeepRegisters, Target::County),
            BatchStep::Pay { .. } | BatchStep::Return { .. } => (Permission::PostByRule, Target::County),
        }
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Amount, Stop> {
        let mut batch = find(tx, &scene.county, &self.batch).await?;
        let rows = store::rows(tx, &scene.county, &self.batch).await?;
        let total = rows.iter().map(|row| row.row.subsidy).sum();
        match &self.step {
            BatchStep::Review => review(&mut batch, &rows, scene)?,
            BatchStep::Announce { on } => {
                needs_state(&batch, "reviewed", "公示")?;
                batch.notice_on = Some(*on);
            }
            BatchStep::Approve { on } => approve(tx, scene, &mut batch, &rows, *on).await?,
            BatchStep::Pay { on } => return pay(tx, scene, &mut batch, &rows, *on).await,
            BatchStep::Return { on, payees } => return take_back(tx, scene, &batch, &rows, (*on, payees)).await,
        }
        store::save_batch(tx, &scene.county, &batch, &scene.at).await?;
        Ok(total)
    }
}

fn review(batch: &mut Batch, rows: &[BatchRow], scene: &Scene) -> Result<(), SubsidyRefusal> {
    needs_state(batch, "calculated", "复核")?;
    refuse_maker(batch, scene)?;
    batch.state = "reviewed".to_owned();
    (batch.reviewed_by, batch.reviewed_digest) = (Some(scene.actor.clone()), Some(store::digest(rows)));
    Ok(())
}

fn refuse_maker(batch: &Batch, scene: &Scene) -> Result<(), SubsidyRefusal> {
    if batch.made_by == scene.actor {
        return Err(SubsidyRefusal::OwnBatch { batch: batch.batch.clone(), user: scene.actor.clone() });
    }
    Ok(())
}

async fn approve(tx: &mut Connection, scene: &Scene, batch: &mut Batch, rows: &[BatchRow], on: BusinessDate) -> Result<(), Stop> {
    needs_state(batch, "reviewed", "审批")?;
    refuse_maker(batch, scene)?;
    if batch.notice_on.is_none() {
        return Err(SubsidyRefusal::NoNotice { batch: batch.batch.clone() }.into());
    }
    if batch.reviewed_digest.as_deref() != Some(store::digest(rows).as_str()) {
        return Err(SubsidyRefusal::ChangedSinceReview { batch: batch.batch.clone() }.into());
    }
    let mut sums: BTreeMap<(&str, &str, bool), Amount> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.row.excluded.is_none()) {
        let key = (row.payee.as_str(), row.row.account, row.row.subsidy.is_negative());
        *sums.entry(key).or_default() += row.row.subsidy;
    }
    let granted = |((payee, account, _), amount): ((&str, &str, bool), Amount)| Granted {
        payee: payee.to_owned(),
        account: account.to_owned(),
        amount,
    };
    let sums: Vec<Granted> = sums.into_iter().map(granted).collect();
    let vouchers = posting_rules::approved(&batch.book, on, &batch.batch, &sums)?;
    post(tx, scene, ("subsidy.approved", on, &batch.batch), &vouchers).await?;
    batch.state = "approved".to_owned();
    (batch.approved_by, batch.approved_on) = (Some(scene.actor.clone()), Some(on));
    Ok(())
}

async fn post(
    tx: &mut Connection,
    scene: &Scene,
    (kind, on, batch): (&str, BusinessDate, &str),
    vouchers: &[Voucher],
) -> Result<(), Stop> {
    if vouchers.is_empty() {
        return Ok(());
    }
    let event = scene.draw_id();
    let what = serde_json::json!({ "batch": batch, "vouchers": vouchers.len() });
    crate::ledger::store::save_event(tx, &scene.county, (&event, kind, &on.to_string()), &what, &scene.at).await?;
    ledger::post(tx, scene, vouchers, Some(&event)).await?;
    Ok(())
}

/// Sums by payee.
fn by_payee<'r>(rows: impl Iterator<Item = &'r BatchRow>) -> Vec<(String, Amount)> {
    let mut sums: BTreeMap<&str, Amount> = BTreeMap::new();
    for row in rows.filter(|row| row.row.excluded.is_none()) {
        *sums.entry(&row.payee).or_default() += row.row.subsidy;
    }
    sums.into_iter().map(|(payee, amount)| (payee.to_owned(), amount)).collect()
}

async fn pay(tx: &mut Connection, scene: &Scene, batch: &mut Batch, rows: &[BatchRow], on: BusinessDate) -> Result<Amount, Stop> {
    let unpaid: Vec<&BatchRow> = rows.iter().filter(|row| row.paid_on.is_none() && row.row.excluded.is_none()).collect();
    if batch.state != "approved" && (batch.state != "paid" || unpaid.is_empty()) {
        let (name, state) = (batch.batch.clone(), batch.state.clone());
        return Err(SubsidyRefusal::WrongBatchState { batch: name, state, step: "支付".to_owned() }.into());
    }
    let sums = by_payee(unpaid.iter().copied());
    let needed: Amount = sums.iter().map(|(_, amount)| *amount).sum();
    let balance = Amount::from_fen(store::money(tx, &scene.county, &batch.book).await?);
    if balance < needed {
        return Err(SubsidyRefusal::NotEnough { balance, needed }.into());
    }
    let mut vouchers = posting_rules::paid(&batch.book, on, &batch.batch, &sums)?;
    let to_entities = of_entities(tx, scene, unpaid.iter().copied()).await?;
    vouchers.extend(subsidy_vouchers(tx, scene, (on, &batch.batch), &to_entities).await?);
    post(tx, scene, ("subsidy.paid", on, &batch.batch), &vouchers).await?;
    let payees = register::keys(sums.iter().map(|(payee, _)| payee.as_str()));
    store::mark_paid(tx, &scene.county, (&batch.batch, &payees), (Some(&on.to_string()), None)).await?;
    batch.state = "paid".to_owned();
    store::save_batch(tx, &scene.county, batch, &scene.at).await?;
    let entries: Vec<Entry> =
        unpaid.iter().filter(|row| row.payee == row.bank).filter_map(|row| entry(row, on, &batch.batch)).collect();
    for entries in entries.chunks(2_000) {
        record(tx, scene, entries.to_vec()).await?;
    }
    Ok(needed)
}

/// What of these rows goes to entities that keep books here, by book.
async fn of_entities<'r>(
    tx: &mut Connection,
    scene: &Scene,
    rows: impl Iterator<Item = &'r BatchRow>,
) -> Result<Vec<(String, Amount)>, Stop> {
    let to_borrowers: Vec<&BatchRow> = rows.filter(|row| row.payee != row.bank).collect();
    let keys = register::keys(to_borrowers.iter().map(|row| row.loan.as_str()));
    let known = heads::heads(tx, &scene.county, &keys).await?;
    let entities: BTreeSet<&str> = known.iter().filter(|head| own_book(head).is_some()).map(|head| head.loan.as_str()).collect();
    Ok(by_payee(to_borrowers.into_iter().filter(|row| entities.contains(row.loan.as_str()))))
}

/// What a payment to the bank means for the loan.
fn entry(row: &BatchRow, on: BusinessDate, batch: &str) -> Option<Entry> {
    let amount = row.row.subsidy;
    let what = match () {
        () if amount.is_positive() => Happening::SubsidyPaid { amount },
        () if amount.is_negative() => Happening::SubsidyReturned { amount: -amount },
        () => return None,
    };
    Some(Entry { loan: row.loan.clone(), fact: Fact { on, what }, reference: batch.to_owned() })
}

async fn take_back(
    tx: &mut Connection,
    scene: &Scene,
    batch: &Batch,
    rows: &[BatchRow],
    (on, payees): (BusinessDate, &[String]),
) -> Result<Amount, Stop> {
    let paid = |row: &&BatchRow| row.paid_on.is_some() && row.payee != row.bank && payees.contains(&row.payee);
    let sums = by_payee(rows.iter().filter(paid));
    if let Some(missing) = payees.iter().find(|payee| sums.iter().all(|(found, amount)| found != *payee || !amount.is_positive()))
    {
        return Err(SubsidyRefusal::NotPaid { loan: missing.clone() }.into());
    }
    let mut vouchers = vec![posting_rules::returned(&batch.book, on, &sums)?];
    let back: Vec<(String, Amount)> =
        of_entities(tx, scene, rows.iter().filter(paid)).await?.into_iter().map(|(book, amount)| (book, -amount)).collect();
    vouchers.extend(subsidy_vouchers(tx, scene, (on, &batch.batch), &back).await?);
    post(tx, scene, ("subsidy.returned", on, &batch.batch), &vouchers).await?;
    let keys = register::keys(payees.iter().map(String::as_str));
    store::mark_paid(tx, &scene.county, (&batch.batch, &keys), (None, Some(&on.to_string()))).await?;
    Ok(sums.iter().map(|(_, amount)| *amount).sum())
}

/// Budget money received into the subsidy account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReceiveSubsidy {
    /// Subsidy book.
    pub book: BookCode,
    /// How much.
    pub amount: Amount,
    /// The day.
    pub on: BusinessDate,
    /// Document number.
    pub document: String,
}

impl Act for ReceiveSubsidy {
    const KIND: &'static str = "subsidy.receive";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let voucher = posting_rules::received(&self.book, self.on, self.amount, &self.document)?;
        post(tx, scene, ("subsidy.received", self.on, &self.document), &[voucher]).await
    }
}

/// Keeps a bank's list of a batch: (loan, amount). It stands in place of what the banks of its loans listed before.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportBankList {
    /// The batch.
    pub batch: String,
    /// Loan and amount.
    pub rows: Vec<(String, Amount)>,
}

impl Act for ImportBankList {
    const KIND: &'static str = "subsidy.bank_list";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepLoans, Target::Loans(self.rows.iter().map(|(loan, _)| loan.as_str()).collect()))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        find(tx, &scene.county, &self.batch).await?;
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        for (loan, amount) in &self.rows {
            *sums.entry(loan).or_default() += amount.fen();
        }
        let banks = banks_of(tx, &scene.county, sums.keys().copied()).await?;
        // A number that is no loan's belongs to the bank whose list it stands in.
        let list = banks.values().next().map_or("", String::as_str);
        let bank = |loan: &str| banks.get(loan).map_or(list, String::as_str);
        let rows: Vec<(&str, i64, &str)> = sums.into_iter().map(|(loan, sum)| (loan, sum, bank(loan))).collect();
        store::save_bank_list(tx, &scene.county, &self.batch, &rows).await?;
        Ok(rows.len())
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "batch": self.batch, "rows": self.rows.len() })
    }
}

/// The banks of loans, by loan.
async fn banks_of<'a>(
    tx: &mut Connection,
    county: &str,
    loans: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, String>, Stop> {
    let found = heads::heads(tx, county, &register::keys(loans)).await?;
    Ok(found.into_iter().map(|head| (head.loan, head.bank)).collect())
}

/// Enters claims that other departments or banks made for the same households: their days get nothing here, and what
/// was granted for them before is taken back by the next batch. A batch not yet approved must be run again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnterClaimsElsewhere {
    /// The claims.
    pub claims: Vec<ClaimElsewhere>,
}

impl Act for EnterClaimsElsewhere {
    const KIND: &'static str = "subsidy.elsewhere";
    /// How many loans of ours those households have.
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        if let Some(wrong) = self.claims.iter().find(|claim| claim.through < claim.from) {
            return Err(SubsidyRefusal::EndsBeforeBegin { household: wrong.household.clone(), from: wrong.from }.into());
        }
        let households = register::keys(self.claims.iter().map(|claim| claim.household.as_str()));
        let loans = heads::loans_of(tx, &scene.county, &households).await?;
        store::save_elsewhere(tx, &scene.county, &self.claims, (&scene.actor, &scene.at)).await?;
        let keys = register::keys(loans.iter().map(String::as_str));
        store::send_back(tx, &scene.county, &keys, "其他部门的申报清单有变动").await?;
        Ok(loans.len())
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "claims": self.claims.len(), "first": self.claims.first() })
    }
}
