//! How a loan ends or is borne by others: renewal, compensation, recovery, write-off, subsidy given back.
//!
//! Pure. The second half of `sweep`.
//!
//! 1. A renewal leaves no interest behind and takes over the whole principal.
//! 2. Compensation changes nothing of what the household owes.
//! 3. What is written off is remembered; recoveries take it down.

use super::fact::Towards;
use super::refusal::LoanRefusal;
use super::state::LoanState;
use super::sweep::Sweep;
use super::timeline::Application;
use crate::calendar::BusinessDate;
use crate::money::Amount;

impl Sweep<'_> {
    pub(super) fn return_subsidy(&mut self, on: BusinessDate, amount: Amount) -> Result<(), LoanRefusal> {
        if self.disbursed_on.is_none() {
            return Err(LoanRefusal::NotDisbursed { loan: self.loan.to_owned() });
        }
        if self.contract.compound {
            self.cut(on);
        }
        let mut left = amount;
        let held = left.take_up_to(self.held);
        self.held -= held;
        self.interest_owed += left;
        let (penalty, principal) = (Amount::ZERO, Amount::ZERO);
        let kind = "subsidy-returned";
        self.applications.push(Application { on, kind, received: -amount, penalty, interest: -left, principal, held: -held });
        Ok(())
    }

    pub(super) fn renew(&mut self, on: BusinessDate, amount: Amount) -> Result<(), LoanRefusal> {
        self.refuse_ended(on)?;
        self.close_row(on)?;
        let owed = self.interest_owed + self.penalty_owed;
        if owed.is_positive() {
            return Err(LoanRefusal::InterestOwed { loan: self.loan.to_owned(), owed });
        }
        if amount != self.principal() {
            return Err(LoanRefusal::NotOwed { loan: self.loan.to_owned(), what: format!("续贷 {amount}") });
        }
        self.apply(on, "renewed", amount, Towards::Any);
        self.end = Some(LoanState::Renewed);
        Ok(())
    }

    pub(super) fn compensate(&mut self, on: BusinessDate) -> Result<(), LoanRefusal> {
        self.refuse_ended(on)?;
        if !self.past_due.is_positive() {
            return Err(LoanRefusal::NotOwed { loan: self.loan.to_owned(), what: "代偿".to_owned() });
        }
        self.is_compensated = true;
        Ok(())
    }

    pub(super) fn recover(&mut self, on: BusinessDate, amount: Amount) -> Result<(), LoanRefusal> {
        let loan = self.loan.to_owned();
        if self.end == Some(LoanState::WrittenOff) {
            if amount > self.written_off {
                return Err(LoanRefusal::NotOwed { loan, what: format!("收回 {amount}") });
            }
            self.written_off -= amount;
            return Ok(());
        }
        if !self.is_compensated {
            return Err(LoanRefusal::NothingToRecover { loan });
        }
        self.receive(on, "recovered", amount, Towards::Any)
    }

    pub(super) fn write_off(&mut self, on: BusinessDate) -> Result<(), LoanRefusal> {
        self.refuse_ended(on)?;
        self.close_row(on)?;
        let owed = self.principal() + self.interest_owed + self.penalty_owed;
        if !owed.is_positive() {
            return Err(LoanRefusal::NotOwed { loan: self.loan.to_owned(), what: "核销".to_owned() });
        }
        self.written_off = owed;
        (self.not_due, self.past_due) = (Amount::ZERO, Amount::ZERO);
        (self.interest_owed, self.penalty_owed) = (Amount::ZERO, Amount::ZERO);
        self.end = Some(LoanState::WrittenOff);
        Ok(())
    }
}
