//! Moves of a revolving fund, and what they leave on any day.
//!
//! Pure. Source: posting-rules.md §5; seeds.md §1.18.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::refusal::RevolvingRefusal;
use crate::calendar::BusinessDate;
use crate::money::Amount;

crate::words! {
    /// What a move does.
    pub enum MoveKind {
        /// 拨入
        Received = "received", "拨入";
        /// 退回
        Returned = "returned", "退回";
        /// 借出 to a household
        Lent = "lent", "借出";
        /// 收回 from a household
        Repaid = "repaid", "归还";
        /// 投出 into a cooperative or company
        Invested = "invested", "投出";
        /// 收回 of an investment
        Recovered = "recovered", "收回投资";
    }
}

impl MoveKind {
    /// True where money comes into the fund.
    pub const fn comes_in(self) -> bool {
        matches!(self, MoveKind::Received | MoveKind::Repaid | MoveKind::Recovered)
    }

    /// What the party then has: capital paid in, a loan, an investment.
    pub const fn stands_with(self) -> Standing {
        match self {
            MoveKind::Received | MoveKind::Returned => Standing::Capital,
            MoveKind::Lent | MoveKind::Repaid => Standing::Loan,
            MoveKind::Invested | MoveKind::Recovered => Standing::Investment,
        }
    }

    /// True where the party then has more.
    pub const fn adds(self) -> bool {
        matches!(self, MoveKind::Received | MoveKind::Lent | MoveKind::Invested)
    }
}

/// What a party has from the fund, or paid into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Paid in.
    Capital,
    /// Borrowed.
    Loan,
    /// Invested in it.
    Investment,
}

/// A move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// When.
    pub on: BusinessDate,
    /// What.
    pub kind: MoveKind,
    /// Who pays in, borrows, is invested in.
    pub party: String,
    /// How much, positive.
    pub amount: Amount,
    /// When a loan is due back.
    #[serde(default)]
    pub due_on: Option<BusinessDate>,
    /// Approval, contract or decision.
    pub document: String,
}

/// What is there after all moves.
pub fn balance(moves: &[Move]) -> Amount {
    moves.iter().map(|m| if m.kind.comes_in() { m.amount } else { -m.amount }).sum()
}

/// What every party has, by party.
pub fn standings(moves: &[Move], of: Standing) -> BTreeMap<&str, Amount> {
    let mut standings: BTreeMap<&str, Amount> = BTreeMap::new();
    for m in moves.iter().filter(|m| m.kind.stands_with() == of) {
        *standings.entry(&m.party).or_default() += if m.kind.adds() { m.amount } else { -m.amount };
    }
    standings
}

/// Refuses a move without amount or paper (K-101, K-102), a loan without a day to come back (K-103), and one after which on
/// some day the fund (K-201) or what the party has (K-202) would be below zero.
pub fn check(fund: &str, moves: &[Move], new: &Move) -> Result<(), RevolvingRefusal> {
    let fund = || fund.to_owned();
    if !new.amount.is_positive() {
        return Err(RevolvingRefusal::NotPositive { fund: fund(), amount: new.amount });
    }
    if new.document.trim().is_empty() || new.party.trim().is_empty() {
        return Err(RevolvingRefusal::NoDocument { fund: fund() });
    }
    if new.kind == MoveKind::Lent && new.due_on.is_none_or(|due| due <= new.on) {
        return Err(RevolvingRefusal::NoDueDay { fund: fund(), party: new.party.clone() });
    }
    let mut all: Vec<&Move> = moves.iter().chain([new]).collect();
    all.sort_by_key(|m| m.on); // stable: on one day in the order they were entered
    let (mut there, mut has) = (Amount::ZERO, Amount::ZERO);
    for m in all {
        let before = there;
        there += if m.kind.comes_in() { m.amount } else { -m.amount };
        if there.is_negative() {
            return Err(RevolvingRefusal::NotThere { fund: fund(), on: m.on, there: before, wanted: m.amount });
        }
        if m.party == new.party && m.kind.stands_with() == new.kind.stands_with() {
            let before = has;
            has += if m.kind.adds() { m.amount } else { -m.amount };
            if has.is_negative() {
                return Err(RevolvingRefusal::MoreThanHeld { party: m.party.clone(), on: m.on, there: before, wanted: m.amount });
            }
        }
    }
    Ok(())
}

/// What of a party's loans was due before a day and did not come back, and since when: the oldest loans are repaid first.
pub fn overdue(moves: &[Move], party: &str, on: BusinessDate) -> (Amount, Option<BusinessDate>) {
    let own = || moves.iter().filter(|m| m.party == party && m.on <= on);
    let mut repaid: Amount = own().filter(|m| m.kind == MoveKind::Repaid).map(|m| m.amount).sum();
    let mut loans: Vec<(BusinessDate, Amount)> =
        own().filter(|m| m.kind == MoveKind::Lent).filter_map(|m| Some((m.due_on?, m.amount))).collect();
    loans.sort();
    let (mut late, mut since) = (Amount::ZERO, None);
    for (due, amount) in loans {
        let open = amount - repaid.take_up_to(amount);
        if due < on && open.is_positive() {
            late += open;
            since = since.or(Some(due));
        }
    }
    (late, since)
}
