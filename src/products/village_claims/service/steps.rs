//! The way of a claim between village and centre: sent, returned with reasons by field, accepted, taken back.

use serde::{Deserialize, Serialize};

use super::{WITH_THE_CLERK, moved, opened, place_of};
use crate::access::Permission;
use crate::affairs::meetings::service::check_pointer;
use crate::db::{Connection, Stop};
use crate::ledger::BookCode;
use crate::ledger::refusal::ReasonRefusal;
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::village_claims::cash_book::{self, CashEntry, CashKind};
use crate::products::village_claims::claim::{Claim, ClaimState, PaidFrom};
use crate::products::village_claims::refusal::ClaimRefusal;
use crate::products::village_claims::{duplicates, limits, store};

/// Sends a claim to the centre. What was paid from the imprest goes out of the cash book with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendClaim {
    /// The book.
    pub book: BookCode,
    /// The claim.
    pub claim: i64,
    /// Why it is not the same as another of this payee and amount.
    #[serde(default)]
    pub not_the_same: Option<String>,
}

impl Act for SendClaim {
    const KIND: &'static str = "claim.send";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Claim, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let claim = opened(tx, scene, &self.book, self.claim).await?;
        claim.needs(&WITH_THE_CLERK)?;
        let place = place_of(tx, &scene.county, &self.book).await?;
        let table = store::limits(tx, &scene.county).await?;
        limits::check(claim.claim, &claim.content, claim.photos, &table, scene.today, &place)?;
        self.known_project(tx, scene, claim.content.project.trim()).await?;
        for (_, record) in claim.content.signatures.iter().filter(|(signature, _)| signature.is_meeting()) {
            check_pointer(tx, &scene.county, &self.book, record).await?;
        }
        let alike = store::look_alike::alike(tx, &scene.county, &self.book, &claim).await?;
        duplicates::check(&claim.content, &alike, self.not_the_same.as_deref())?;
        pay_from_imprest(tx, scene, &self.book, &claim, claim.content.amount).await?;
        let why = self.not_the_same.iter().map(|why| ("同额说明".to_owned(), why.clone())).collect();
        let sent = Claim { state: ClaimState::Sent, sent_on: Some(scene.today), ..claim };
        moved(tx, scene, &self.book, &sent, ("送审", why)).await
    }
}

impl SendClaim {
    /// Refuses a project that the register of the book does not have (F-304).
    async fn known_project(&self, tx: &mut Connection, scene: &Scene, project: &str) -> Result<(), Stop> {
        if project.is_empty() || store::has_project(tx, &scene.county, &self.book, project).await? {
            return Ok(());
        }
        Err(ClaimRefusal::UnknownProject { project: project.to_owned(), book: self.book.to_string() }.into())
    }
}

/// Brings what the cash book says of a claim to what was paid from the imprest: on the day it was spent, or today if
/// that day is closed or the claim was changed afterwards.
async fn pay_from_imprest(
    tx: &mut Connection,
    scene: &Scene,
    book: &BookCode,
    claim: &Claim,
    amount: Amount,
) -> Result<(), Stop> {
    let entries = store::cash::entries(tx, &scene.county, book).await?;
    let paid: Amount = entries.iter().filter(|entry| entry.claim == Some(claim.claim)).map(|entry| entry.amount).sum();
    let should = if claim.content.paid_from == PaidFrom::Imprest { -amount } else { Amount::ZERO };
    if paid == should {
        return Ok(());
    }
    let closed = store::cash::closed_through(tx, &scene.county, book).await?;
    let spent = claim.content.spent_on.filter(|day| paid.is_zero() && closed.is_none_or(|last| *day > last));
    let entry = CashEntry {
        entry: entries.iter().map(|entry| entry.entry).max().unwrap_or(0) + 1,
        on: spent.unwrap_or(scene.today),
        kind: CashKind::Claim,
        amount: should - paid,
        summary: claim.content.summary.trim().to_owned(),
        claim: Some(claim.claim),
    };
    cash_book::check(&entries, &entry, closed)?;
    Ok(store::cash::insert(tx, &scene.county, book, &entry, &scene.actor).await?)
}

/// Returns a claim to the clerk, with a reason for each field that is wrong.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnClaim {
    /// The book.
    pub book: BookCode,
    /// The claim.
    pub claim: i64,
    /// Field and sentence.
    pub reasons: Vec<(String, String)>,
}

impl Act for ReturnClaim {
    const KIND: &'static str = "claim.return";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::AcceptClaims, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let claim = opened(tx, scene, &self.book, self.claim).await?;
        claim.needs(&[ClaimState::Sent, ClaimState::Accepted])?;
        claim.looked_at_by(&scene.actor)?;
        let reasons: Vec<_> = self.reasons.iter().filter(|(_, why)| !why.trim().is_empty()).cloned().collect();
        if reasons.is_empty() {
            return Err(ReasonRefusal::Missing { what: "退回报账单".to_owned() }.into());
        }
        let back = Claim { state: ClaimState::Returned, accepted_by: None, ..claim };
        moved(tx, scene, &self.book, &back, ("退回", reasons)).await
    }
}

/// Takes a claim in: complete, to be booked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AcceptClaim {
    /// The book.
    pub book: BookCode,
    /// The claim.
    pub claim: i64,
}

impl Act for AcceptClaim {
    const KIND: &'static str = "claim.accept";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::AcceptClaims, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let claim = opened(tx, scene, &self.book, self.claim).await?;
        claim.needs(&[ClaimState::Sent])?;
        claim.looked_at_by(&scene.actor)?;
        let taken = Claim { state: ClaimState::Accepted, accepted_by: Some(scene.actor.clone()), ..claim };
        moved(tx, scene, &self.book, &taken, ("受理", Vec::new())).await
    }
}

/// The clerk takes a claim back for good; what it took from the imprest comes back today.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WithdrawClaim {
    /// The book.
    pub book: BookCode,
    /// The claim.
    pub claim: i64,
    /// Why.
    pub reason: String,
}

impl Act for WithdrawClaim {
    const KIND: &'static str = "claim.withdraw";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Claim, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let claim = opened(tx, scene, &self.book, self.claim).await?;
        claim.needs(&WITH_THE_CLERK)?;
        if self.reason.trim().is_empty() {
            return Err(ReasonRefusal::Missing { what: "撤回报账单".to_owned() }.into());
        }
        pay_from_imprest(tx, scene, &self.book, &claim, Amount::ZERO).await?;
        let gone = Claim { state: ClaimState::Withdrawn, ..claim };
        moved(tx, scene, &self.book, &gone, ("撤回", vec![("原因".to_owned(), self.reason.trim().to_owned())])).await
    }
}
