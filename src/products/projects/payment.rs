//! What may be paid, contracted and recorded, and when.
//!
//! Pure.
//!
//! 1. Under a contract: its sum times the progress (or the advance agreed, if that is more), down to whole fen.
//! 2. Without a contract: self-built works only, up to their lists of material and labour.
//! 3. In all: the budget line, the approved sum, and once it is fixed the settlement. Claims count too.

use super::card::{Card, ProjectState};
use super::deed::{Contract, Payment, Work};
use super::refusal::ProjectRefusal;
use super::standing::Standing;
use crate::calendar::BusinessDate;
use crate::money::Amount;

/// A project's code with its card and standing.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// Code.
    pub project: &'a str,
    /// Card.
    pub card: &'a Card,
    /// Standing.
    pub standing: &'a Standing,
}

/// A part of a sum in per cent, down to whole fen.
pub fn part(sum: Amount, percent: i64) -> Amount {
    let fen = i128::from(sum.fen()) * i128::from(percent.clamp(0, 100)) / 100;
    Amount::from_fen(i64::try_from(fen).expect("a part of a sum is no larger than the sum"))
}

impl At<'_> {
    /// Refuses unless the project is in one of these states (U-201).
    pub fn needs(&self, states: &[ProjectState]) -> Result<(), ProjectRefusal> {
        let state = self.standing.state();
        if states.contains(&state) {
            return Ok(());
        }
        let needed = states.iter().map(|state| state.label_zh()).collect::<Vec<_>>().join("/");
        Err(ProjectRefusal::WrongState { project: self.project.to_owned(), state: state.label_zh().to_owned(), needed })
    }

    /// Refuses a day before the approval (U-202).
    pub fn after_approval(&self, on: BusinessDate) -> Result<(), ProjectRefusal> {
        match self.standing.approved {
            Some((since, _)) if on < since => {
                Err(ProjectRefusal::BeforeApproval { project: self.project.to_owned(), on, approved_on: since })
            }
            _ => Ok(()),
        }
    }

    /// Refuses a payment that goes too far (U-103, U-301, U-302, U-401 … U-404).
    pub fn pay(&self, payment: &Payment, on: BusinessDate) -> Result<(), ProjectRefusal> {
        use ProjectState::{Accepted, Approved, Building, Finished, Settled};
        self.needs(&[Approved, Building, Accepted, Settled, Finished])?;
        self.after_approval(on)?;
        self.positive(payment.amount)?;
        let project = || self.project.to_owned();
        let unknown = || ProjectRefusal::UnknownItem { project: project(), item: payment.item.clone() };
        let budget = self.card.item(&payment.item).ok_or_else(unknown)?;
        let paid = self.standing.by_item.get(&payment.item).copied().unwrap_or_default();
        if paid + payment.amount > budget {
            let item = payment.item.clone();
            return Err(ProjectRefusal::OverItem { project: project(), item, amount: payment.amount, left: budget - paid });
        }
        self.within_total(payment.amount)?;
        match payment.contract.as_deref() {
            Some(number) => self.under_contract(number, payment),
            None => self.self_built(payment.amount),
        }
    }

    fn within_total(&self, amount: Amount) -> Result<(), ProjectRefusal> {
        let approved = self.standing.approved.map_or(Amount::ZERO, |(_, sum)| sum);
        let most = self.standing.settled.unwrap_or(approved);
        let left = most - self.standing.spent();
        if amount > left {
            return Err(ProjectRefusal::OverTotal { project: self.project.to_owned(), amount, left, most });
        }
        Ok(())
    }

    fn under_contract(&self, number: &str, payment: &Payment) -> Result<(), ProjectRefusal> {
        let project = || self.project.to_owned();
        let unknown = || ProjectRefusal::UnknownContract { project: project(), contract: number.to_owned() };
        let mut contracts = self.standing.contracts.iter();
        let under = contracts.find(|under| under.contract.contract == number).ok_or_else(unknown)?;
        if under.contract.item != payment.item {
            return Err(ProjectRefusal::UnknownItem { project: project(), item: payment.item.clone() });
        }
        let done = if self.standing.accepted.is_some() { 100 } else { self.standing.progress };
        let may = part(under.contract.amount, done.max(under.contract.advance_percent));
        if under.paid + payment.amount > may {
            let (contract, left) = (number.to_owned(), may - under.paid);
            return Err(ProjectRefusal::AheadOfProgress { project: project(), contract, amount: payment.amount, done, left });
        }
        Ok(())
    }

    fn self_built(&self, amount: Amount) -> Result<(), ProjectRefusal> {
        if !self.card.self_built {
            return Err(ProjectRefusal::NeedsContract { project: self.project.to_owned() });
        }
        let left = self.standing.materials + self.standing.labour - self.standing.self_built_paid;
        if amount > left {
            return Err(ProjectRefusal::BeyondLists { project: self.project.to_owned(), amount, left });
        }
        Ok(())
    }

    /// Refuses a contract beyond its budget line, or one of a number that is taken (U-104, U-203, U-302, U-402).
    pub fn contract(&self, contract: &Contract) -> Result<(), ProjectRefusal> {
        self.needs(&[ProjectState::Approved, ProjectState::Building])?;
        self.positive(contract.amount)?;
        let project = || self.project.to_owned();
        if contract.contract.trim().is_empty() || contract.contractor.trim().is_empty() {
            return Err(ProjectRefusal::CardIncomplete { project: project(), what: "合同编号和承包人".to_owned() });
        }
        if !(0..=100).contains(&contract.advance_percent) {
            return Err(ProjectRefusal::BadPercent { percent: contract.advance_percent, before: 0 });
        }
        let all = &self.standing.contracts;
        if all.iter().any(|under| under.contract.contract == contract.contract) {
            return Err(ProjectRefusal::ContractTaken { project: project(), contract: contract.contract.clone() });
        }
        let unknown = || ProjectRefusal::UnknownItem { project: project(), item: contract.item.clone() };
        let budget = self.card.item(&contract.item).ok_or_else(unknown)?;
        let bound: Amount = all.iter().filter(|u| u.contract.item == contract.item).map(|u| u.contract.amount).sum();
        if bound + contract.amount > budget {
            let (item, left) = (contract.item.clone(), budget - bound);
            return Err(ProjectRefusal::OverItem { project: project(), item, amount: contract.amount, left });
        }
        Ok(())
    }

    /// Refuses progress that goes back in percent or time (U-104, U-204).
    pub fn progress(&self, percent: i64, on: BusinessDate) -> Result<(), ProjectRefusal> {
        self.needs(&[ProjectState::Approved, ProjectState::Building])?;
        self.after_approval(on)?;
        if !(0..=100).contains(&percent) || percent < self.standing.progress {
            return Err(ProjectRefusal::BadPercent { percent, before: self.standing.progress });
        }
        match self.standing.progress_on {
            Some(last) if on < last => Err(ProjectRefusal::BackInTime { project: self.project.to_owned(), on, last }),
            _ => Ok(()),
        }
    }

    /// Refuses lists that do not add up (U-105) or of works that others build (U-106).
    pub fn work(&self, lines: &[Work]) -> Result<(), ProjectRefusal> {
        self.needs(&[ProjectState::Approved, ProjectState::Building])?;
        if !self.card.self_built {
            return Err(ProjectRefusal::NotSelfBuilt { project: self.project.to_owned() });
        }
        for (at, line) in lines.iter().enumerate() {
            let product = i128::from(line.quantity_milli) * i128::from(line.price.fen());
            let whole = (product + 500) / 1000;
            let named = !line.what.trim().is_empty() && line.quantity_milli > 0 && !line.price.is_negative();
            if !named || whole != i128::from(line.amount.fen()) {
                return Err(ProjectRefusal::BadWork { line: at as i64 + 1, what: line.what.clone(), amount: line.amount });
            }
        }
        let sum = Amount::try_sum(lines.iter().map(|line| line.amount));
        match sum {
            Some(_) if !lines.is_empty() => Ok(()),
            _ => Err(ProjectRefusal::BadWork { line: 0, what: String::new(), amount: Amount::ZERO }),
        }
    }

    /// Refuses sums that are not positive (U-103).
    pub fn positive(&self, amount: Amount) -> Result<(), ProjectRefusal> {
        if amount.is_positive() { Ok(()) } else { Err(ProjectRefusal::NotPositive { project: self.project.to_owned(), amount }) }
    }

    /// Refuses a settlement beyond the approved sum or below what was paid (U-405).
    pub fn settle(&self, amount: Amount) -> Result<(), ProjectRefusal> {
        self.needs(&[ProjectState::Accepted])?;
        let most = self.standing.approved.map_or(Amount::ZERO, |(_, sum)| sum);
        let least = self.standing.spent();
        if amount < least || amount > most || !amount.is_positive() {
            return Err(ProjectRefusal::BadSettlement { project: self.project.to_owned(), amount, least, most });
        }
        Ok(())
    }
}
