//! The clerk's cash book, and the county's own limits.

use serde::{Deserialize, Serialize};

use super::place_of;
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::{BookCode, store as ledger_store};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::village_claims::cash_book::{self, CashEntry, CashKind};
use crate::products::village_claims::limits::LimitRule;
use crate::products::village_claims::refusal::ClaimRefusal;
use crate::products::village_claims::store;

/// Enters cash that came in or went out other than for a claim; answers the entry's number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnterCash {
    /// The book.
    pub book: BookCode,
    /// Day.
    pub on: BusinessDate,
    /// Why.
    pub kind: CashKind,
    /// How much, positive.
    pub amount: Amount,
    /// 摘要
    pub summary: String,
}

impl Act for EnterCash {
    const KIND: &'static str = "cash.enter";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Claim, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        if !self.amount.is_positive() {
            return Err(ClaimRefusal::NotPositive { amount: self.amount }.into());
        }
        place_of(tx, &scene.county, &self.book).await?;
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let entries = store::cash::entries(tx, &scene.county, &self.book).await?;
        let entry = CashEntry {
            entry: entries.iter().map(|entry| entry.entry).max().unwrap_or(0) + 1,
            on: self.on,
            kind: self.kind,
            amount: if self.kind.is_in() { self.amount } else { -self.amount },
            summary: self.summary.trim().to_owned(),
            claim: None,
        };
        let closed = store::cash::closed_through(tx, &scene.county, &self.book).await?;
        cash_book::check(&entries, &entry, closed)?;
        store::cash::insert(tx, &scene.county, &self.book, &entry, &scene.actor).await?;
        Ok(entry.entry)
    }
}

/// Closes the cash book through a day, with what was counted; answers the balance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CloseCashDay {
    /// The book.
    pub book: BookCode,
    /// The day.
    pub on: BusinessDate,
    /// Cash counted in the evening.
    pub counted: Amount,
}

impl Act for CloseCashDay {
    const KIND: &'static str = "cash.close_day";
    type Answer = Amount;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Claim, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Amount, Stop> {
        place_of(tx, &scene.county, &self.book).await?;
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let entries = store::cash::entries(tx, &scene.county, &self.book).await?;
        let closed = store::cash::closed_through(tx, &scene.county, &self.book).await?;
        let balance = cash_book::close(&entries, self.on, self.counted, closed)?;
        let by = (scene.actor.as_str(), scene.at.as_str());
        store::cash::close(tx, &scene.county, &self.book, (self.on, balance), by).await?;
        Ok(balance)
    }
}

/// Keeps a county's own rows of the limit table; answers how many.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveLimits {
    /// The rows.
    pub rules: Vec<LimitRule>,
}

impl Act for SaveLimits {
    const KIND: &'static str = "claim.limits";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        self.rules.iter().try_for_each(LimitRule::check)?;
        store::save_limits(tx, &scene.county, &self.rules, (&scene.actor, &scene.at)).await?;
        Ok(self.rules.len())
    }
}
