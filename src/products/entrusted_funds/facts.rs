//! What is known of a scheme: its terms, changes of principal, accrued periods.
//!
//! Pure.

use super::scheme::Terms;
use crate::calendar::BusinessDate;
use crate::money::Amount;

/// A scheme as kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Scheme {
    /// Code.
    pub scheme: String,
    /// `running`, `insolvent`, `ended`.
    pub state: String,
    /// What is agreed.
    pub terms: Terms,
}

/// Money one household hands over.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Handed {
    /// The household.
    pub household: String,
    /// How much.
    pub amount: Amount,
    /// The loan behind it.
    pub loan: Option<String>,
    /// When that loan matures.
    pub loan_matures_on: Option<BusinessDate>,
}

/// What a household owes back for an accrued period, and what the operator owes less.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Refund {
    /// The period; 0 where the household pays back.
    pub period: i64,
    /// Whose.
    pub household: String,
    /// Owed back; negative where paid back.
    pub amount: Amount,
    /// What the operator owes less.
    pub operator: Amount,
}

/// A change of principal: returns are negative.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Move {
    /// Whose.
    pub household: String,
    /// Day.
    pub on: BusinessDate,
    /// Fen added.
    pub amount: Amount,
    /// The loan behind it.
    pub loan: Option<String>,
    /// When that loan matures.
    pub loan_matures_on: Option<BusinessDate>,
}

/// An accrued period.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Accrued {
    /// From 1.
    pub period: i64,
    /// First day.
    pub from: BusinessDate,
    /// First day after.
    pub to: BusinessDate,
    /// When it was due.
    pub due: BusinessDate,
    /// What the operator owes for it.
    pub operator: Amount,
    /// What households get.
    pub households: Amount,
    /// Of which becomes shares.
    pub reinvest: Amount,
    /// What the operator paid or settled in shares.
    pub received: Amount,
    /// What the operator no longer owes, because principal left within the period.
    pub refunded: Amount,
    /// When the part became shares.
    pub reinvested_on: Option<BusinessDate>,
}

impl Accrued {
    /// What the operator still owes.
    pub fn missing(&self) -> Amount {
        self.operator - self.refunded - self.received
    }
}
