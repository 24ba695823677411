//! A loan as a function of its facts: what fell due, how money received was applied, where it stands.
//!
//! Pure. The same facts give the same timeline in whatever order they were recorded.
//!
//! 1. Facts are taken by day; on one day what falls due comes first, then facts in the order of `Happening`.
//! 2. Rows of a timeline through an earlier day are the first rows of one through a later day.
//! 3. Principal is never negative; paid out = repaid + taken over + still owed + written off.
//! 4. Interest is exact until the one rounding of its row.
//! 5. From maturity unpaid principal earns the penalty rate and no contract interest.
//! 6. A payment that was taken back counts as never received, on every day; so does what went back of a recovery.

use std::borrow::Cow;

use serde::Serialize;

use super::accrual::Stretch;
use super::contract::Contract;
use super::fact::{Fact, Happening};
use super::refusal::LoanRefusal;
use super::state::LoanState;
use super::sweep::Sweep;
use crate::calendar::BusinessDate;
use crate::money::{Amount, Rate};

/// What kind of interest a row settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RowKind {
    /// 利息 at the contract rate.
    Interest,
    /// 罚息 on principal past due.
    Penalty,
    /// 复利 on unpaid interest before maturity.
    Compound,
}

impl RowKind {
    /// As the tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            RowKind::Interest => "interest",
            RowKind::Penalty => "penalty",
            RowKind::Compound => "compound",
        }
    }

    /// As users read it.
    pub const fn label_zh(self) -> &'static str {
        match self {
            RowKind::Interest => "利息",
            RowKind::Penalty => "罚息",
            RowKind::Compound => "复利",
        }
    }

    /// Reads what `as_str` writes.
    pub fn parse(text: &str) -> Option<RowKind> {
        [RowKind::Interest, RowKind::Penalty, RowKind::Compound].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A settlement of one kind of interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InterestRow {
    /// Which kind.
    pub kind: RowKind,
    /// First interest day.
    pub start: BusinessDate,
    /// Day on which it falls due; no interest day.
    pub due: BusinessDate,
    /// Interest days.
    pub days: i64,
    /// What earned at the end of the row.
    pub principal: Amount,
    /// Interest, rounded once.
    pub amount: Amount,
    /// The stretches it comes from.
    #[serde(skip)]
    pub stretches: Vec<Stretch>,
}

/// How one receipt was applied. The parts and what is held back sum to what was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Application {
    /// The day.
    pub on: BusinessDate,
    /// Which fact.
    pub kind: &'static str,
    /// The money.
    pub received: Amount,
    /// Penalty and compound interest.
    pub penalty: Amount,
    /// Interest.
    pub interest: Amount,
    /// Principal.
    pub principal: Amount,
    /// Beyond everything due: held for the borrower, never income.
    pub held: Amount,
}

/// Where a loan stands at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Position {
    /// The day.
    pub through: BusinessDate,
    /// The state it is in.
    pub state: LoanState,
    /// Rate a year now.
    pub rate: Rate,
    /// Maturity now.
    pub matures_on: BusinessDate,
    /// First day of payment; `None` before.
    pub disbursed_on: Option<BusinessDate>,
    /// Paid out so far.
    pub disbursed: Amount,
    /// Principal owed, due or not.
    pub principal: Amount,
    /// Of it past due.
    pub overdue_principal: Amount,
    /// Interest due and unpaid.
    pub interest_owed: Amount,
    /// Penalty and compound interest due and unpaid.
    pub penalty_owed: Amount,
    /// Held for the borrower.
    pub held: Amount,
    /// Given up, less what was recovered.
    pub written_off: Amount,
    /// First interest day not yet settled.
    pub row_from: BusinessDate,
    /// Next day on which something falls due.
    pub next_due: Option<BusinessDate>,
    /// True if the next settlement follows from principal, rate and `row_from` alone.
    pub is_plain: bool,
    /// Since when principal is past due.
    pub overdue_from: Option<BusinessDate>,
    /// Since when interest is past due.
    pub interest_overdue_from: Option<BusinessDate>,
    /// How often extended.
    pub extensions: i64,
}

impl Position {
    /// Days past due at the end of the position's day: 0 on the day something falls due.
    pub fn days_past_due(&self) -> i64 {
        self.overdue_from.map_or(0, |from| self.through.signed_duration_since(from).num_days().max(0))
    }
}

/// A loan through a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// Every settlement that fell due, in order.
    pub rows: Vec<InterestRow>,
    /// Every receipt, in order.
    pub applications: Vec<Application>,
    /// Where it stands.
    pub position: Position,
}

/// The timeline of a loan through a day. Refuses facts that cannot follow each other.
pub fn timeline(loan: &str, contract: &Contract, facts: &[Fact], through: BusinessDate) -> Result<Timeline, LoanRefusal> {
    let facts = recoveries_kept(loan, facts)?;
    let mut facts = standing(loan, &facts)?;
    facts.retain(|fact| fact.on <= through);
    facts.sort();
    let mut sweep = Sweep::new(loan, contract, &facts)?;
    for fact in facts {
        sweep.settle_through(fact.on)?;
        take(&mut sweep, fact)?;
    }
    sweep.settle_through(through)?;
    sweep.finish(through)
}

/// The facts with recoveries less what went back of them. Refuses to return more than a day's recoveries.
fn recoveries_kept<'f>(loan: &str, facts: &'f [Fact]) -> Result<Cow<'f, [Fact]>, LoanRefusal> {
    let returned = |fact: &Fact| match fact.what {
        Happening::RecoveryReturned { received_on, amount } => Some((received_on, amount)),
        _ => None,
    };
    let back: Vec<(BusinessDate, Amount)> = facts.iter().filter_map(returned).collect();
    if back.is_empty() {
        return Ok(Cow::Borrowed(facts));
    }
    // In order, so that the same facts leave the same recoveries however they arrived.
    let mut kept: Vec<Fact> = facts.iter().filter(|fact| returned(fact).is_none()).cloned().collect();
    kept.sort();
    for (received_on, mut left) in back {
        for fact in kept.iter_mut().filter(|fact| fact.on == received_on) {
            if let Happening::Recovered { amount } = &mut fact.what {
                let part = left.min(*amount);
                (*amount, left) = (*amount - part, left - part);
            }
        }
        if left.is_positive() {
            return Err(LoanRefusal::RecoveredLess { loan: loan.to_owned(), on: received_on });
        }
    }
    kept.retain(|fact| fact.what != Happening::Recovered { amount: Amount::ZERO });
    Ok(Cow::Owned(kept))
}

/// The facts without payments that were taken back. Refuses one that was never recorded.
fn standing<'f>(loan: &str, facts: &'f [Fact]) -> Result<Vec<&'f Fact>, LoanRefusal> {
    let mut back: Vec<Fact> = facts.iter().filter_map(returned).collect();
    let is_taken = |fact: &Fact, back: &mut Vec<Fact>| match back.iter().position(|taken| taken == fact) {
        Some(at) => {
            back.swap_remove(at);
            true
        }
        None => false,
    };
    let left = facts.iter().filter(|fact| !matches!(fact.what, Happening::TakenBack { .. }) && !is_taken(fact, &mut back));
    let left = left.collect();
    match back.first() {
        None => Ok(left),
        Some(taken) => Err(LoanRefusal::NothingToTakeBack { loan: loan.to_owned(), on: taken.on }),
    }
}

/// The payment a fact takes back.
fn returned(fact: &Fact) -> Option<Fact> {
    let Happening::TakenBack { received_on, amount, towards } = fact.what else { return None };
    Some(Fact { on: received_on, what: Happening::Repaid { amount, towards } })
}

fn take(sweep: &mut Sweep<'_>, fact: &Fact) -> Result<(), LoanRefusal> {
    if let Some(amount) = fact.what.amount().filter(|amount| !amount.is_positive()) {
        return Err(LoanRefusal::NotPositive { loan: sweep.loan.to_owned(), amount });
    }
    match &fact.what {
        Happening::Disbursed { amount } => sweep.disburse(fact.on, *amount),
        Happening::RateChanged { rate } => sweep.change_rate(fact.on, *rate),
        Happening::Extended { to } => sweep.extend(fact.on, *to),
        Happening::Repaid { amount, towards } => sweep.repay(fact.on, *amount, *towards),
        Happening::SubsidyPaid { amount } => sweep.subsidise(fact.on, *amount),
        Happening::SubsidyReturned { amount } => sweep.return_subsidy(fact.on, *amount),
        Happening::Renewed { amount, .. } => sweep.renew(fact.on, *amount),
        Happening::Compensated { .. } => sweep.compensate(fact.on),
        Happening::Recovered { amount } => sweep.recover(fact.on, *amount),
        Happening::WrittenOff { .. } => sweep.write_off(fact.on),
        // Taken out with what they take back before the days are swept.
        Happening::TakenBack { .. } | Happening::RecoveryReturned { .. } => Ok(()),
    }
}
