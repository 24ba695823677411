//! Running a batch: chunk by chunk in order of the loans' numbers; a run that was killed goes on.

use std::collections::{BTreeMap, HashMap};

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::window;
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::money::Amount;
use crate::office::{Act, Actor, Office, Scene, Target};
use crate::parties::household::Borrower;
use crate::products::microloan::policy::{self, Payee};
use crate::products::microloan::risk_fund::store as fund;
use crate::products::microloan::store::{self as register, heads, own_books};
use crate::products::microloan::subsidy::entitlement::{Case, Window, rows};
use crate::products::microloan::subsidy::refusal::SubsidyRefusal;
use crate::products::microloan::subsidy::store::{self, Batch, BatchRow};
use crate::products::microloan::timeline::timeline;

/// Loans of one chunk.
const CHUNK: i64 = 1_000;

const RUNNING: &str = "计算未完成";

/// Computes the next loans of a batch; the first chunk of a new run clears what an earlier run left.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SubsidyChunk {
    /// `2026Q3` or `2026`.
    pub batch: String,
    /// How many loans at most.
    pub limit: i64,
}

impl Act for SubsidyChunk {
    const KIND: &'static str = "subsidy.chunk";
    /// True while loans are left.
    type Answer = bool;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<bool, Stop> {
        let mut batch = self.begin(tx, scene).await?;
        let through = batch.through.to_string();
        let loans = store::next_loans(tx, &scene.county, (&batch.done_through, &through), self.limit).await?;
        match loans.last() {
            None => batch.open_reason = None,
            Some(last) => {
                let found = compute(tx, scene, &batch, &loans).await?;
                store::add_rows(tx, &scene.county, &self.batch, &found).await?;
                batch.done_through.clone_from(last);
            }
        }
        store::save_batch(tx, &scene.county, &batch, &scene.at).await?;
        Ok(batch.open_reason.is_some())
    }
}

impl SubsidyChunk {
    /// The batch in the middle of its run: a run that was killed goes on, any other begins anew.
    async fn begin(&self, tx: &mut Connection, scene: &Scene) -> Result<Batch, Stop> {
        let days = window(&self.batch)?;
        if days.through > scene.today {
            return Err(SubsidyRefusal::NotOver { batch: self.batch.clone(), through: days.through }.into());
        }
        let all = store::batches(tx, &scene.county).await?;
        let open = |b: &&Batch| b.batch != self.batch && matches!(b.state.as_str(), "calculated" | "reviewed");
        if let Some(earlier) = all.iter().find(open) {
            let (batch, earlier) = (self.batch.clone(), earlier.batch.clone());
            return Err(SubsidyRefusal::EarlierOpen { batch, earlier }.into());
        }
        match all.into_iter().find(|found| found.batch == self.batch) {
            Some(found) if found.open_reason.as_deref() == Some(RUNNING) => Ok(found),
            Some(found) if matches!(found.state.as_str(), "approved" | "paid") => {
                Err(SubsidyRefusal::WrongBatchState { batch: found.batch, state: found.state, step: "计算".to_owned() }.into())
            }
            _ => {
                store::clear_rows(tx, &scene.county, &self.batch).await?;
                let book = store::books(tx, &scene.county).await?.into_iter().next().ok_or(SubsidyRefusal::NoSubsidyBook)?;
                Ok(Batch {
                    batch: self.batch.clone(),
                    book,
                    from: days.from,
                    through: days.through,
                    state: "calculated".to_owned(),
                    made_by: scene.actor.clone(),
                    reviewed_by: None,
                    reviewed_digest: None,
                    notice_on: None,
                    approved_by: None,
                    approved_on: None,
                    open_reason: Some(RUNNING.to_owned()),
                    done_through: String::new(),
                })
            }
        }
    }
}

/// The rows of some loans in a batch.
async fn compute(tx: &mut Connection, scene: &Scene, batch: &Batch, loans: &[String]) -> Result<Vec<BatchRow>, Stop> {
    let (county, keys) = (&scene.county, register::keys(loans.iter().map(String::as_str)));
    let known = heads::heads(tx, county, &keys).await?;
    let facts = register::facts(tx, county, &keys).await?;
    let claimed = store::claimed(tx, county, &keys).await?;
    let asked: Vec<[&str; 1]> = known.iter().map(|head| [head.household.as_str()]).collect();
    let borrowers: HashMap<String, Borrower> =
        own_books::borrowers(tx, county, &asked).await?.into_iter().map(|b| (b.household.clone(), b)).collect();
    let policies = policy::store::policies(tx, county).await?;
    let rates = policy::store::rates(tx, county).await?;
    let households = register::keys(known.iter().map(|head| head.household.as_str()));
    let mut seen: HashMap<String, Vec<(String, BusinessDate, BusinessDate)>> = HashMap::new();
    for (household, loan, start, due) in store::rows_of_households(tx, county, &batch.batch, &households).await? {
        seen.entry(household).or_default().push((loan, start, due));
    }
    let beyond = fund::beyond(tx, county, &keys).await?;
    let elsewhere = store::elsewhere(tx, county, &households).await?;
    let (days, nothing) = (Window { from: batch.from, through: batch.through }, BTreeMap::new());
    let mut found = Vec::new();
    for head in &known {
        let Some(((contract, name), borrower)) =
            head.contract.as_ref().zip(head.policy.as_deref()).zip(borrowers.get(&head.household))
        else {
            continue;
        };
        let policy = policy::named(&policies, name)?;
        let bears = policy.subsidy(&rates, contract.signed_on, u32::try_from(head.asked_months).unwrap_or(u32::MAX))?;
        let line = timeline(&head.loan, contract, facts.get(&head.loan).map_or(&[][..], Vec::as_slice), batch.through)?;
        let claimed = claimed.get(&head.loan).unwrap_or(&nothing);
        let elsewhere = elsewhere.get(&head.household).map_or(&[][..], Vec::as_slice);
        let is_beyond_fund = beyond.contains(&head.loan);
        let case = Case { contract, policy, bears, borrower, timeline: &line, claimed, is_beyond_fund, elsewhere };
        let payee = if policy.subsidy_payee == Payee::Bank { &head.bank } else { &head.household };
        for mut row in rows(&case, days, scene.today.year())? {
            let others = seen.entry(head.household.clone()).or_default();
            let overlaps = others.iter().any(|(loan, start, due)| *loan != head.loan && *start < row.due && row.start < *due);
            if policy.excludes("double-claim") && row.subsidy.is_positive() && overlaps {
                (row.subsidy, row.excluded) = (Amount::ZERO, Some("double-claim".to_owned()));
            } else if row.subsidy.is_positive() {
                others.push((head.loan.clone(), row.start, row.due));
            }
            let (loan, household) = (head.loan.clone(), head.household.clone());
            found.push(BatchRow { loan, household, bank: head.bank.clone(), payee: payee.clone(), row, paid_on: None });
        }
    }
    Ok(found)
}

/// Runs a batch to its end, chunk by chunk. `report` hears of every chunk and may stop the run; it then goes on later.
pub async fn subsidy_run(
    office: &Office,
    actor: &Actor,
    batch: &str,
    report: &mut (dyn FnMut(i64) -> bool + Send),
) -> Result<bool, Stop> {
    let mut done = 0;
    while office.perform(actor, SubsidyChunk { batch: batch.to_owned(), limit: CHUNK }, None).await? {
        done += CHUNK;
        if !report(done) {
            return Ok(false);
        }
    }
    Ok(true)
}
