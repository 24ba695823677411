//! The clerk's cash book (现金日记账): entries by day, what stands each evening, and closing a day.
//!
//! Pure.
//!
//! 1. No day ends below zero.
//! 2. A day is closed when what was counted is what the book says; a closed day and those before it take nothing.

use serde::{Deserialize, Serialize};

use super::refusal::ClaimRefusal;
use crate::calendar::BusinessDate;
use crate::money::Amount;

crate::words! {
    /// Why cash moved.
    pub enum CashKind {
        /// Imprest drawn.
        Drawn = "drawn", "领取备用金";
        /// Received for the village, to be handed in.
        Received = "received", "收取现金";
        /// Handed in at the bank.
        HandedIn = "handed_in", "解缴银行";
        /// Paid for a claim.
        Claim = "claim", "报账支出";
        /// More counted than the book says.
        Over = "over", "现金长款";
        /// Less counted than the book says.
        Short = "short", "现金短款";
    }
}

impl CashKind {
    /// True if cash comes in.
    pub const fn is_in(self) -> bool {
        matches!(self, CashKind::Drawn | CashKind::Received | CashKind::Over)
    }
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashEntry {
    /// Number within the book.
    pub entry: i64,
    /// Day.
    pub on: BusinessDate,
    /// Why.
    pub kind: CashKind,
    /// In is positive, out negative.
    pub amount: Amount,
    /// 摘要
    pub summary: String,
    /// The claim paid.
    pub claim: Option<i64>,
}

/// What stood on the evening of each day with entries, oldest first; entries come by day.
pub fn evenings(entries: &[CashEntry]) -> Vec<(BusinessDate, Amount)> {
    let mut days: Vec<(BusinessDate, Amount)> = Vec::new();
    let mut standing = Amount::ZERO;
    for entry in entries {
        standing += entry.amount;
        match days.last_mut() {
            Some((day, amount)) if *day == entry.on => *amount = standing,
            _ => days.push((entry.on, standing)),
        }
    }
    days
}

/// What stands on the evening of a day.
pub fn standing(entries: &[CashEntry], on: BusinessDate) -> Amount {
    entries.iter().filter(|entry| entry.on <= on).map(|entry| entry.amount).sum()
}

/// Refuses an entry on a closed day (F-206) or one that leaves a day below zero (F-207).
pub fn check(entries: &[CashEntry], new: &CashEntry, closed_through: Option<BusinessDate>) -> Result<(), ClaimRefusal> {
    if let Some(last) = closed_through.filter(|last| new.on <= *last) {
        return Err(ClaimRefusal::DayClosed { on: new.on, last });
    }
    let mut all = entries.to_vec();
    all.push(new.clone());
    all.sort_by_key(|entry| entry.on);
    match evenings(&all).into_iter().find(|(day, balance)| *day >= new.on && balance.is_negative()) {
        Some((on, balance)) => Err(ClaimRefusal::BelowZero { on, balance }),
        None => Ok(()),
    }
}

/// Refuses to close a day that is closed (F-206) or whose count differs (F-208); answers the balance.
pub fn close(
    entries: &[CashEntry],
    on: BusinessDate,
    counted: Amount,
    closed_through: Option<BusinessDate>,
) -> Result<Amount, ClaimRefusal> {
    if let Some(last) = closed_through.filter(|last| on <= *last) {
        return Err(ClaimRefusal::DayClosed { on, last });
    }
    let balance = standing(entries, on);
    if balance != counted {
        return Err(ClaimRefusal::CountDiffers { on, balance, counted });
    }
    Ok(balance)
}
