//! What happens to a loan after its contract: facts with the day they happened on.
//!
//! Pure. A fact may be recorded long after its day; the timeline follows from the days, not from the records.

use serde::{Deserialize, Serialize};

use crate::calendar::BusinessDate;
use crate::money::{Amount, Rate};

/// Something that happened to a loan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Happening {
    /// The rate of a contract with a moving rate changed, or was recorded wrongly.
    RateChanged {
        /// From this day on.
        rate: Rate,
    },
    /// A new maturity was agreed before the old one.
    Extended {
        /// The new maturity.
        to: BusinessDate,
    },
    /// Money paid out.
    Disbursed {
        /// How much.
        amount: Amount,
    },
    /// Money received from the borrower.
    Repaid {
        /// How much.
        amount: Amount,
        /// What it was meant for.
        #[serde(default)]
        towards: Towards,
    },
    /// Interest paid for the borrower by the fiscal fund, straight to the bank.
    SubsidyPaid {
        /// How much.
        amount: Amount,
    },
    /// Subsidy the bank gave back: what was held for the borrower, or interest owed again.
    SubsidyReturned {
        /// How much.
        amount: Amount,
    },
    /// The principal was taken over by a new contract.
    Renewed {
        /// How much of it.
        amount: Amount,
        /// The new loan.
        by: String,
    },
    /// The risk fund and its partners paid the bank; the household owes what it owed.
    Compensated {
        /// The whole loss that was shared.
        amount: Amount,
    },
    /// Money received after compensation or write-off.
    Recovered {
        /// How much.
        amount: Amount,
    },
    /// Given up by the bank; what was owed is remembered.
    WrittenOff {
        /// Death, disability, disaster …
        reason: String,
    },
    /// A payment recorded before went back (reversed by the bank, or another loan's): it counts as never received.
    TakenBack {
        /// Day it was recorded for.
        received_on: BusinessDate,
        /// How much.
        amount: Amount,
        /// What it was meant for.
        #[serde(default)]
        towards: Towards,
    },
    /// Money of a recovery that came in too high went back: so much of it counts as never received.
    RecoveryReturned {
        /// Day the recovery was recorded for.
        received_on: BusinessDate,
        /// How much went back.
        amount: Amount,
    },
}

/// What a repayment is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Towards {
    /// What is due in the contract's order, then principal before its time.
    #[default]
    Any,
    /// Interest due, now or at the next settlement; never principal.
    Interest,
}

/// A happening on its day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fact {
    /// The day it happened.
    pub on: BusinessDate,
    /// What.
    #[serde(flatten)]
    pub what: Happening,
}

impl Happening {
    /// As the register names it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Happening::RateChanged { .. } => "rate-changed",
            Happening::Extended { .. } => "extended",
            Happening::Disbursed { .. } => "disbursed",
            Happening::Repaid { .. } => "repaid",
            Happening::SubsidyPaid { .. } => "subsidy-paid",
            Happening::SubsidyReturned { .. } => "subsidy-returned",
            Happening::Renewed { .. } => "renewed",
            Happening::Compensated { .. } => "compensated",
            Happening::Recovered { .. } => "recovered",
            Happening::WrittenOff { .. } => "written-off",
            Happening::TakenBack { .. } => "taken-back",
            Happening::RecoveryReturned { .. } => "recovery-returned",
        }
    }

    /// As users read it.
    pub const fn label_zh(&self) -> &'static str {
        match self {
            Happening::RateChanged { .. } => "利率变动",
            Happening::Extended { .. } => "展期",
            Happening::Disbursed { .. } => "放款",
            Happening::Repaid { .. } => "还款",
            Happening::SubsidyPaid { .. } => "贴息冲抵利息",
            Happening::SubsidyReturned { .. } => "贴息退回",
            Happening::Renewed { .. } => "续贷结清",
            Happening::Compensated { .. } => "代偿",
            Happening::Recovered { .. } => "收回",
            Happening::WrittenOff { .. } => "核销",
            Happening::TakenBack { .. } => "还款退回",
            Happening::RecoveryReturned { .. } => "多收回款退回",
        }
    }

    /// The money in it; nothing for a rate, a date or a reason.
    pub const fn amount(&self) -> Option<Amount> {
        match self {
            Happening::Disbursed { amount }
            | Happening::Repaid { amount, .. }
            | Happening::SubsidyPaid { amount }
            | Happening::SubsidyReturned { amount }
            | Happening::Renewed { amount, .. }
            | Happening::Compensated { amount }
            | Happening::Recovered { amount }
            | Happening::TakenBack { amount, .. }
            | Happening::RecoveryReturned { amount, .. } => Some(*amount),
            Happening::RateChanged { .. } | Happening::Extended { .. } | Happening::WrittenOff { .. } => None,
        }
    }
}
