//! The day-by-day sweep beneath a timeline: balances between two days on which something changes.
//!
//! Pure. Used by `timeline` only.
//!
//! 1. Principal lies in two pots: not due (earns the contract rate) and past due (earns the penalty rate).
//! 2. A balance or rate changes only after the days before it were cut off into stretches; a payment of interest
//!    changes neither unless interest compounds, so it leaves a loan ordinary (`settle`).
//! 3. A repayment past maturity, or one that clears the loan, settles the interest to its day first.

use super::accrual::{Stretch, interest};
use super::arrears::penalty_rate;
use super::contract::{Contract, Part};
use super::fact::{Fact, Happening, Towards};
use super::refusal::LoanRefusal;
use super::schedule::{PrincipalPlan, ScheduleRow};
use super::state::LoanState;
use super::terms::{RepaymentMethod, TermsRefusal};
use super::timeline::{Application, InterestRow, Position, RowKind, Timeline};
use crate::calendar::BusinessDate;
use crate::money::{Amount, Rate};

/// A loan in the middle of its days.
pub(super) struct Sweep<'a> {
    pub(super) loan: &'a str,
    pub(super) contract: &'a Contract,
    rate: Rate,
    penalty_rate: Rate,
    matures_on: BusinessDate,
    pub(super) disbursed_on: Option<BusinessDate>,
    disbursed: Amount,
    pub(super) not_due: Amount,
    pub(super) past_due: Amount,
    pub(super) interest_owed: Amount,
    pub(super) penalty_owed: Amount,
    pub(super) held: Amount,
    pub(super) written_off: Amount,
    extensions: i64,
    overdue_from: Option<BusinessDate>,
    pub(super) end: Option<LoanState>,
    pub(super) is_compensated: bool,
    row_from: BusinessDate,
    cut_at: BusinessDate,
    earning: [Vec<Stretch>; 3],
    plan: Option<(PrincipalPlan, Vec<BusinessDate>)>,
    rows: Vec<InterestRow>,
    pub(super) applications: Vec<Application>,
}

const KINDS: [RowKind; 3] = [RowKind::Interest, RowKind::Penalty, RowKind::Compound];

impl<'a> Sweep<'a> {
    pub(super) fn new(loan: &'a str, contract: &'a Contract, facts: &[&Fact]) -> Result<Sweep<'a>, LoanRefusal> {
        let too_large = |_| LoanRefusal::TooLargeToCount { loan: loan.to_owned() };
        let mut sweep = Sweep {
            loan,
            contract,
            rate: contract.rate,
            penalty_rate: penalty_rate(contract.rate, contract.penalty_multiple).map_err(too_large)?,
            matures_on: contract.matures_on,
            disbursed_on: None,
            disbursed: Amount::ZERO,
            not_due: Amount::ZERO,
            past_due: Amount::ZERO,
            interest_owed: Amount::ZERO,
            penalty_owed: Amount::ZERO,
            held: Amount::ZERO,
            written_off: Amount::ZERO,
            extensions: 0,
            overdue_from: None,
            end: None,
            is_compensated: false,
            row_from: contract.signed_on,
            cut_at: contract.signed_on,
            earning: [Vec::new(), Vec::new(), Vec::new()],
            plan: None,
            rows: Vec::new(),
            applications: Vec::new(),
        };
        sweep.plan = sweep.instalments(facts)?;
        Ok(sweep)
    }

    /// How much principal each due date asks for, where the contract has instalments.
    fn instalments(&self, facts: &[&Fact]) -> Result<Option<(PrincipalPlan, Vec<BusinessDate>)>, LoanRefusal> {
        let first = facts.iter().find(|fact| matches!(fact.what, Happening::Disbursed { .. }));
        let Some(first) = first.filter(|_| self.contract.method != RepaymentMethod::InterestOnly) else { return Ok(None) };
        let paid_out = |fact: &&&Fact| matches!(fact.what, Happening::Disbursed { .. });
        let principal = Amount::try_sum(facts.iter().filter(paid_out).filter_map(|fact| fact.what.amount()));
        let terms = self.contract.terms(principal.ok_or_else(|| self.too_large())?, first.on, self.matures_on);
        let dues = terms.due_dates();
        let plan = PrincipalPlan::new(&terms, dues.len()).map_err(|_| self.too_large())?;
        Ok(Some((plan, dues)))
    }

    fn too_large(&self) -> LoanRefusal {
        LoanRefusal::TooLargeToCount { loan: self.loan.to_owned() }
    }

    pub(super) fn principal(&self) -> Amount {
        self.not_due + self.past_due
    }

    /// The next day on which something falls due, if anything still can.
    fn next_due(&self) -> Option<BusinessDate> {
        let owes = self.principal().is_positive() || (self.contract.compound && self.interest_owed.is_positive());
        if self.disbursed_on.is_none() || self.end.is_some() || !owes {
            return None;
        }
        let by_calendar = match &self.plan {
            Some((_, dues)) if self.row_from < self.matures_on => dues.iter().copied().find(|due| *due > self.row_from),
            _ => self.contract.settlement.next_due(self.row_from),
        };
        let before_maturity = self.row_from < self.matures_on;
        by_calendar.map(|due| if before_maturity { due.min(self.matures_on) } else { due })
    }

    /// Lets everything fall due that does so on or before a day.
    pub(super) fn settle_through(&mut self, day: BusinessDate) -> Result<(), LoanRefusal> {
        while let Some(due) = self.next_due().filter(|due| *due <= day) {
            self.fall_due(due)?;
        }
        Ok(())
    }

    fn fall_due(&mut self, day: BusinessDate) -> Result<(), LoanRefusal> {
        let settled = self.close_row(day)?;
        let part = self.principal_falling_due(day, settled)?;
        if part.is_positive() {
            self.not_due -= part;
            self.past_due += part;
            self.overdue_from = self.overdue_from.or(Some(day));
        }
        let held = std::mem::take(&mut self.held);
        if held.is_positive() {
            self.apply(day, "held", held, Towards::Any);
        }
        Ok(())
    }

    fn principal_falling_due(&mut self, day: BusinessDate, settled: Option<InterestRow>) -> Result<Amount, LoanRefusal> {
        if day >= self.matures_on {
            return Ok(self.not_due);
        }
        let (owed, rate, too_large) = (self.not_due, self.rate, self.too_large());
        let (Some((plan, dues)), Some(row)) = (&mut self.plan, settled) else { return Ok(Amount::ZERO) };
        let left = dues.iter().filter(|due| **due >= day).count();
        plan.due(&as_schedule_row(&row, owed), rate, left).map_err(|_| too_large)
    }

    /// Cuts off the days up to `day` at the balances they had.
    pub(super) fn cut(&mut self, day: BusinessDate) {
        if day <= self.cut_at || self.disbursed_on.is_none() {
            self.cut_at = self.cut_at.max(day);
            return;
        }
        let matured = self.cut_at >= self.matures_on;
        let unpaid = if self.contract.compound { self.interest_owed + self.penalty_owed } else { Amount::ZERO };
        let penalised = self.past_due + if matured { unpaid } else { Amount::ZERO };
        let compounding = if matured { Amount::ZERO } else { unpaid };
        let balances = [(self.not_due, self.rate), (penalised, self.penalty_rate), (compounding, self.rate)];
        for (at, (balance, rate)) in balances.into_iter().enumerate() {
            if balance.is_positive() {
                self.earning[at].push(Stretch { start: self.cut_at, before: day, balance, rate });
            }
        }
        self.cut_at = day;
    }

    /// Settles the interest of the days since the last settlement; answers the row of contract interest.
    pub(super) fn close_row(&mut self, day: BusinessDate) -> Result<Option<InterestRow>, LoanRefusal> {
        self.cut(day);
        let start = self.row_from;
        self.row_from = self.row_from.max(day);
        let mut ordinary = None;
        for (at, kind) in KINDS.into_iter().enumerate() {
            let stretches = std::mem::take(&mut self.earning[at]);
            let Some(last) = stretches.last() else { continue };
            let amount = interest(&stretches, self.contract.day_count).map_err(|_| self.too_large())?;
            let days = self.contract.day_count.days(start, day);
            let row = InterestRow { kind, start, due: day, days, principal: last.balance, amount, stretches };
            if kind == RowKind::Interest {
                self.interest_owed += amount;
                ordinary = Some(row.clone());
            } else {
                self.penalty_owed += amount;
            }
            self.rows.push(row);
        }
        Ok(ordinary)
    }

    pub(super) fn disburse(&mut self, on: BusinessDate, amount: Amount) -> Result<(), LoanRefusal> {
        if self.disbursed_on.is_none() {
            (self.row_from, self.cut_at) = (on, on);
            self.disbursed_on = Some(on);
        }
        if on >= self.matures_on {
            return Err(LoanRefusal::LoanSettled { loan: self.loan.to_owned(), on: self.matures_on });
        }
        self.refuse_ended(on)?;
        let total = self.disbursed + amount;
        if total > self.contract.amount {
            return Err(LoanRefusal::MoreThanContract { loan: self.loan.to_owned(), contract: self.contract.amount, total });
        }
        self.cut(on);
        if self.principal().is_zero() {
            self.row_from = on;
        }
        (self.disbursed, self.not_due) = (total, self.not_due + amount);
        Ok(())
    }

    pub(super) fn change_rate(&mut self, on: BusinessDate, rate: Rate) -> Result<(), LoanRefusal> {
        self.cut(on);
        self.rate = rate;
        self.penalty_rate = penalty_rate(rate, self.contract.penalty_multiple).map_err(|_| self.too_large())?;
        Ok(())
    }

    pub(super) fn extend(&mut self, on: BusinessDate, to: BusinessDate) -> Result<(), LoanRefusal> {
        let (loan, matures_on) = (self.loan.to_owned(), self.matures_on);
        self.refuse_ended(on)?;
        if on >= matures_on {
            return Err(LoanRefusal::ExtendedTooLate { loan, matures_on });
        }
        if to <= matures_on {
            return Err(LoanRefusal::NotLonger { loan, to });
        }
        (self.matures_on, self.extensions) = (to, self.extensions + 1);
        if let (Some((_, dues)), Some(first)) = (&mut self.plan, self.disbursed_on) {
            *dues = self.contract.terms(self.disbursed, first, to).due_dates();
        }
        Ok(())
    }

    pub(super) fn repay(&mut self, on: BusinessDate, amount: Amount, towards: Towards) -> Result<(), LoanRefusal> {
        self.refuse_ended(on)?;
        self.receive(on, "repaid", amount, towards)
    }

    pub(super) fn subsidise(&mut self, on: BusinessDate, amount: Amount) -> Result<(), LoanRefusal> {
        if self.disbursed_on.is_none() {
            return Err(LoanRefusal::NotDisbursed { loan: self.loan.to_owned() });
        }
        if self.contract.compound {
            self.cut(on);
        }
        self.apply(on, "subsidy-paid", amount, Towards::Interest);
        Ok(())
    }

    pub(super) fn receive(
        &mut self,
        on: BusinessDate,
        kind: &'static str,
        amount: Amount,
        towards: Towards,
    ) -> Result<(), LoanRefusal> {
        let due = self.penalty_owed + self.interest_owed + self.past_due;
        let clears = amount.checked_sub(due).is_some_and(|left| left >= self.not_due);
        let settles = self.past_due.is_positive() || (clears && towards == Towards::Any);
        if settles {
            self.close_row(on)?;
        } else if self.contract.compound || amount > due {
            self.cut(on);
        }
        self.apply(on, kind, amount, towards);
        Ok(())
    }

    /// Applies money to what is due in the contract's order, then to principal before its time; holds the rest.
    pub(super) fn apply(&mut self, on: BusinessDate, kind: &'static str, received: Amount, towards: Towards) {
        let mut left = received;
        let (mut penalty, mut interest, mut principal) = (Amount::ZERO, Amount::ZERO, Amount::ZERO);
        for part in self.contract.order.0 {
            match part {
                Part::Penalty => penalty = left.take_up_to(self.penalty_owed),
                Part::Interest => interest = left.take_up_to(self.interest_owed),
                Part::Principal if towards == Towards::Any => principal = left.take_up_to(self.past_due),
                Part::Principal => {}
            }
        }
        self.penalty_owed -= penalty;
        self.interest_owed -= interest;
        self.past_due -= principal;
        if self.past_due.is_zero() {
            self.overdue_from = None;
        }
        if towards == Towards::Any && kind != "held" {
            let early = left.take_up_to(self.not_due);
            self.not_due -= early;
            principal += early;
        }
        self.held += left;
        self.applications.push(Application { on, kind, received, penalty, interest, principal, held: left });
    }

    pub(super) fn refuse_ended(&self, on: BusinessDate) -> Result<(), LoanRefusal> {
        let loan = self.loan.to_owned();
        match self.end {
            Some(LoanState::WrittenOff) => Err(LoanRefusal::LoanWrittenOff { loan }),
            Some(_) => Err(LoanRefusal::LoanSettled { loan, on }),
            None if self.disbursed_on.is_none() => Err(LoanRefusal::NotDisbursed { loan }),
            None if self.disbursed.is_positive() && self.is_settled() => Err(LoanRefusal::LoanSettled { loan, on }),
            None => Ok(()),
        }
    }

    fn is_settled(&self) -> bool {
        (self.principal() + self.interest_owed + self.penalty_owed).is_zero() && self.disbursed.is_positive()
    }

    fn state(&self, through: BusinessDate) -> LoanState {
        match self.end {
            Some(end) => end,
            None if self.is_settled() => LoanState::Settled,
            None if self.is_compensated => LoanState::Compensated,
            None if self.overdue_from.is_some_and(|from| from < through) => LoanState::Overdue,
            None if self.extensions > 0 => LoanState::Extended,
            None if self.disbursed_on.is_none() => LoanState::Contracted,
            None => LoanState::Disbursed,
        }
    }

    /// The due date of the oldest row of interest that is not wholly paid.
    fn interest_overdue_from(&self) -> Option<BusinessDate> {
        let mut left = self.interest_owed;
        let rows = self.rows.iter().rev().filter(|row| row.kind == RowKind::Interest);
        let unpaid = rows.take_while(|row| left.is_positive() && !left.take_up_to(row.amount).is_negative());
        unpaid.last().map(|row| row.due)
    }

    pub(super) fn finish(self, through: BusinessDate) -> Result<Timeline, LoanRefusal> {
        let next_due = self.next_due();
        let changed_within = self.cut_at > self.row_from || self.earning.iter().any(|stretches| !stretches.is_empty());
        // Where unpaid interest earns, every settlement changes what the next one follows from.
        let is_plain = next_due.is_some() && !changed_within && !self.contract.compound && self.plan.is_none();
        let is_plain = is_plain && self.past_due.is_zero() && self.held.is_zero();
        let position = Position {
            through,
            state: self.state(through),
            rate: self.rate,
            matures_on: self.matures_on,
            disbursed_on: self.disbursed_on,
            disbursed: self.disbursed,
            principal: self.principal(),
            overdue_principal: self.past_due,
            interest_owed: self.interest_owed,
            penalty_owed: self.penalty_owed,
            held: self.held,
            written_off: self.written_off,
            row_from: self.row_from,
            next_due,
            is_plain,
            overdue_from: self.overdue_from,
            interest_overdue_from: self.interest_overdue_from(),
            extensions: self.extensions,
        };
        Ok(Timeline { rows: self.rows, applications: self.applications, position })
    }
}

/// What the plan of instalments looks at: the interest of the row and what is owed before the instalment.
fn as_schedule_row(row: &InterestRow, owed: Amount) -> ScheduleRow {
    ScheduleRow {
        n: 0,
        start: row.start,
        interest_through: row.due.pred_opt().unwrap_or(row.due),
        due: row.due,
        days: row.days,
        opening: owed,
        principal_repaid_early: Amount::ZERO,
        principal_due: Amount::ZERO,
        interest: row.amount,
        closing: owed,
    }
}

impl From<TermsRefusal> for LoanRefusal {
    fn from(_: TermsRefusal) -> LoanRefusal {
        LoanRefusal::TooLargeToCount { loan: String::new() }
    }
}
