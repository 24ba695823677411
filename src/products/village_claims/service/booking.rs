//! Accepted claims into vouchers with their bills, and the list original papers are handed over with.

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::{moved, opened};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::attachments::store::{Attachment, link};
use crate::ledger::books::service::regime_in;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::vouchers::{self, State};
use crate::ledger::{AccountCode, BookCode, VoucherId, store as ledger_store};
use crate::office::{Act, Scene, Target};
use crate::products::village_claims::claim::{Claim, ClaimState};
use crate::products::village_claims::posting_rules::{self, Under};
use crate::products::village_claims::refusal::ClaimRefusal;
use crate::products::village_claims::store;

/// Makes a submitted voucher of each accepted claim, with its bills attached. A claim whose voucher was voided may be booked again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BookClaims {
    /// The book.
    pub book: BookCode,
    /// Which; all accepted ones if empty.
    pub claims: Vec<i64>,
    /// Date of the vouchers.
    pub on: BusinessDate,
    /// Another account than the kind proposes.
    #[serde(default)]
    pub account: Option<AccountCode>,
}

impl Act for BookClaims {
    const KIND: &'static str = "claim.book";
    type Answer = Vec<(i64, Numbered)>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::AcceptClaims, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<(i64, Numbered)>, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let regime = regime_in(tx, &scene.county, &self.book, self.on.year()).await?;
        let mut booked = Vec::new();
        for number in self.asked(tx, scene).await? {
            let claim = opened(tx, scene, &self.book, number).await?;
            self.check(tx, scene, &claim).await?;
            let under = Under { book: &self.book, regime, on: self.on };
            let voucher = posting_rules::booked(under, &claim, self.account.as_ref())?;
            let numbered = ledger::keep_drafts(tx, scene, &[&voucher]).await?.remove(0);
            vouchers::store::set_state(tx, &scene.county, &self.book, &[numbered.1], State::Submitted, None).await?;
            self.attach_bills(tx, scene, &claim, numbered.1).await?;
            let done = Claim { state: ClaimState::Booked, voucher: Some(numbered.1.0), ..claim };
            moved(tx, scene, &self.book, &done, (&format!("入账 {}", numbered.reference()), Vec::new())).await?;
            booked.push((number, numbered));
        }
        Ok(booked)
    }
}

impl BookClaims {
    async fn asked(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<i64>, Stop> {
        if !self.claims.is_empty() {
            return Ok(self.claims.clone());
        }
        let waiting = store::claims(tx, &scene.county, &self.book, Some(ClaimState::Accepted)).await?;
        Ok(waiting.iter().rev().map(|claim| claim.claim).collect())
    }

    /// Accepted, or booked by a voucher that was voided.
    async fn check(&self, tx: &mut Connection, scene: &Scene, claim: &Claim) -> Result<(), Stop> {
        if let (ClaimState::Booked, Some(voucher)) = (claim.state, claim.voucher) {
            let kept = vouchers::store::vouchers(tx, &scene.county, &self.book, &[VoucherId(voucher)]).await?;
            if kept.iter().all(|voucher| voucher.state == State::Voided) {
                return Ok(());
            }
        }
        Ok(claim.needs(&[ClaimState::Accepted])?)
    }

    async fn attach_bills(&self, tx: &mut Connection, scene: &Scene, claim: &Claim, voucher: VoucherId) -> Result<(), Stop> {
        let photos = store::photos(tx, &scene.county, &self.book, claim.claim).await?;
        for (n, photo) in photos.iter().enumerate() {
            let file = Attachment {
                attachment: n as i64 + 1,
                digest: photo.digest.clone(),
                name: format!("报账单{}-{}.jpg", claim.claim, photo.photo),
                media_type: "image/jpeg".to_owned(),
                added_by: scene.actor.clone(),
                added_at: scene.at.clone(),
            };
            link(tx, &scene.county, (&self.book, voucher), &file).await?;
        }
        Ok(())
    }
}

/// Lists the original papers of claims that were sent and not handed over yet; answers the list's number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HandOver {
    /// The book.
    pub book: BookCode,
}

impl Act for HandOver {
    const KIND: &'static str = "claim.hand_over";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Claim, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let handed = |claim: &Claim| {
            let there = matches!(claim.state, ClaimState::Sent | ClaimState::Accepted | ClaimState::Booked);
            there && claim.handover.is_none()
        };
        let mut claims = store::claims(tx, &scene.county, &self.book, None).await?;
        claims.retain(handed);
        if claims.is_empty() {
            return Err(ClaimRefusal::NothingToHandOver { book: self.book.to_string() }.into());
        }
        let number = store::add_handover(tx, &scene.county, &self.book, scene.today, &scene.actor).await?;
        for claim in claims {
            store::save(tx, &scene.county, &self.book, &Claim { handover: Some(number), ..claim }).await?;
        }
        Ok(number)
    }
}
