//! Things put in instead of money.
//!
//! Pure. Source: COOP37 arts 17, 22, 25, 30.
//!
//! 1. A thing has a value and a paper it rests on, or stands at one nominal yuan (备查簿).

use serde::{Deserialize, Serialize};

use crate::ledger::AccountCode;
use crate::money::Amount;

/// A thing that was put in (备查簿).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContributedAsset {
    /// Whose.
    pub member: String,
    /// What it is.
    pub what: String,
    /// Where it stands in the book.
    pub account: AccountCode,
    /// How much of it, as written.
    pub quantity: String,
    /// Agreed value.
    pub value: Amount,
    /// `papers`, `members`, `appraiser` or `nominal`.
    pub valued_by: String,
    /// Number of the invoice, decision or report.
    pub valuation_paper: String,
    /// 是否属于扶贫项目资产 (COOP37 art. 33).
    pub is_poverty_asset: bool,
}
