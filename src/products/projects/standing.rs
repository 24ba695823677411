//! Where a project stands: the sum of its deeds.
//!
//! Pure.
//!
//! 1. Deeds whose voucher was voided or reversed do not count.
//! 2. A project that went on in another book stands there as it stood here.

use std::collections::BTreeMap;

use serde::Serialize;

use super::card::{Card, ProjectKind, ProjectState};
use super::deed::{Contract, Deed, KeptDeed, WorkKind};
use crate::calendar::BusinessDate;
use crate::money::Amount;

/// A contract with what was paid under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnderContract {
    /// The contract.
    pub contract: Contract,
    /// Paid.
    pub paid: Amount,
}

/// Where a project stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Approved sum, and since when.
    pub approved: Option<(BusinessDate, Amount)>,
    /// Contracts in their order.
    pub contracts: Vec<UnderContract>,
    /// Per cent done.
    pub progress: i64,
    /// As of which day.
    pub progress_on: Option<BusinessDate>,
    /// Material used by self-built works.
    pub materials: Amount,
    /// Labour paid by them.
    pub labour: Amount,
    /// Labour given freely, in thousandths of days.
    pub free_days_milli: i64,
    /// Paid in all, by what the register knows.
    pub paid: Amount,
    /// Paid by budget line.
    pub by_item: BTreeMap<String, Amount>,
    /// Paid without a contract.
    pub self_built_paid: Amount,
    /// Claimed for it by the reporting clerk (报账).
    pub claimed: Amount,
    /// Money from above.
    pub received: Amount,
    /// What of it went back.
    pub returned: Amount,
    /// Due and come in from households.
    pub levied: BTreeMap<String, (Amount, Amount)>,
    /// Accepted on.
    pub accepted: Option<BusinessDate>,
    /// Final sum.
    pub settled: Option<Amount>,
    /// Finished on.
    pub finished: Option<BusinessDate>,
    /// The asset formed.
    pub asset: Option<String>,
    /// What it brought since.
    pub benefit: Amount,
    /// Goes on in another book since.
    pub moved: Option<BusinessDate>,
    /// Date of the last deed.
    pub last_on: Option<BusinessDate>,
}

impl Standing {
    /// From deeds in their order, with what claims took.
    pub fn of(deeds: &[KeptDeed], claimed: Amount) -> Standing {
        let mut standing = Standing { claimed, ..Standing::default() };
        for deed in deeds.iter().filter(|deed| !deed.undone) {
            standing.take(deed.on, &deed.deed);
        }
        standing
    }

    /// Adds a deed.
    pub fn take(&mut self, on: BusinessDate, deed: &Deed) {
        self.last_on = self.last_on.max(Some(on));
        match deed {
            Deed::Approved { amount, .. } => self.approved = Some((on, *amount)),
            Deed::Contracted(contract) => {
                self.contracts.push(UnderContract { contract: contract.clone(), paid: Amount::ZERO });
            }
            Deed::Progressed { percent, .. } => (self.progress, self.progress_on) = (*percent, Some(on)),
            Deed::Worked { lines } => {
                for line in lines {
                    match line.kind {
                        WorkKind::Material => self.materials += line.amount,
                        WorkKind::Labour if line.amount.is_zero() => self.free_days_milli += line.quantity_milli,
                        WorkKind::Labour => self.labour += line.amount,
                    }
                }
            }
            Deed::Paid(payment) => self.pay(payment),
            Deed::Received { amount, .. } => self.received += *amount,
            Deed::Returned { amount, .. } => self.returned += *amount,
            Deed::Levied { households } => households.iter().for_each(|(who, sum)| self.levy(who).0 += *sum),
            Deed::Collected { households } => households.iter().for_each(|(who, sum)| self.levy(who).1 += *sum),
            Deed::Accepted { .. } => self.accepted = Some(on),
            Deed::Settled { amount, .. } => self.settled = Some(*amount),
            Deed::Finished { asset, .. } => (self.finished, self.asset) = (Some(on), asset.clone()),
            Deed::Benefited { amount, .. } => self.benefit += *amount,
            Deed::MovedIn { deeds, claimed, .. } => {
                deeds.iter().for_each(|(on, deed)| self.take(*on, deed));
                self.claimed += *claimed;
            }
            Deed::MovedOut { .. } => self.moved = Some(on),
        }
    }

    /// As it stands after one more deed.
    pub fn after(mut self, on: BusinessDate, deed: &Deed) -> Standing {
        self.take(on, deed);
        self
    }

    /// True if something is still to be done: not finished, something owed to builders, or a reward to come.
    pub fn goes_on(&self, card: &Card) -> bool {
        let is_owed = self.settled.is_some_and(|settled| settled > self.spent());
        let is_rewarded = card.kind == ProjectKind::Reward && self.received.is_zero();
        self.moved.is_none() && (self.finished.is_none() || is_owed || is_rewarded)
    }

    fn levy(&mut self, household: &str) -> &mut (Amount, Amount) {
        self.levied.entry(household.to_owned()).or_default()
    }

    fn pay(&mut self, payment: &super::deed::Payment) {
        self.paid += payment.amount;
        *self.by_item.entry(payment.item.clone()).or_default() += payment.amount;
        match payment.contract.as_deref() {
            Some(number) => {
                let contract = self.contracts.iter_mut().find(|under| under.contract.contract == number);
                contract.into_iter().for_each(|under| under.paid += payment.amount);
            }
            None => self.self_built_paid += payment.amount,
        }
    }

    /// Levies that came in.
    pub fn collected(&self) -> Amount {
        self.levied.values().map(|(_, came)| *came).sum()
    }

    /// Sum of the contracts.
    pub fn contracted(&self) -> Amount {
        self.contracts.iter().map(|under| under.contract.amount).sum()
    }

    /// Paid and claimed.
    pub fn spent(&self) -> Amount {
        self.paid + self.claimed
    }

    /// The state that follows.
    pub fn state(&self) -> ProjectState {
        let begun = self.progress > 0 || !self.contracts.is_empty() || self.spent().is_positive();
        match self {
            _ if self.moved.is_some() => ProjectState::Moved,
            _ if self.finished.is_some() => ProjectState::Finished,
            _ if self.settled.is_some() => ProjectState::Settled,
            _ if self.accepted.is_some() => ProjectState::Accepted,
            _ if self.approved.is_none() => ProjectState::Proposed,
            _ if begun || (self.materials + self.labour).is_positive() => ProjectState::Building,
            _ => ProjectState::Approved,
        }
    }
}
