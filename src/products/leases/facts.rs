//! What is known of a lease: its terms, rent accrued, money received.
//!
//! Pure.

use serde::{Deserialize, Serialize};

use super::terms::Terms;
use crate::calendar::BusinessDate;
use crate::ledger::BookCode;
use crate::money::Amount;

/// A lease as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Code.
    pub lease: String,
    /// The book that lets or rents.
    pub book: BookCode,
    /// What is agreed; an early end has moved its last day.
    pub terms: Terms,
    /// When it ended.
    pub ended_on: Option<BusinessDate>,
}

/// Rent of one party for one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rent {
    /// From 1.
    pub period: i64,
    /// Whose.
    pub party: String,
    /// First day.
    pub from: BusinessDate,
    /// First day after.
    pub to: BusinessDate,
    /// When it was due.
    pub due: BusinessDate,
    /// How much.
    pub amount: Amount,
    /// Paid of it, by the party.
    pub settled: Amount,
    /// Of that, from money received in advance.
    pub from_advance: Amount,
}

impl Rent {
    /// What is still owed.
    pub fn missing(&self) -> Amount {
        self.amount - self.settled
    }
}

/// Money received from a lessee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// From whom.
    pub party: String,
    /// When.
    pub on: BusinessDate,
    /// How much.
    pub amount: Amount,
    /// Of that, in advance.
    pub advance: Amount,
}

/// What a party paid in advance and has not used.
pub fn advance_left(party: &str, receipts: &[Receipt], rents: &[Rent]) -> Amount {
    let came: Amount = receipts.iter().filter(|receipt| receipt.party == party).map(|receipt| receipt.advance).sum();
    let used: Amount = rents.iter().filter(|rent| rent.party == party).map(|rent| rent.from_advance).sum();
    came - used
}
