//! Loan money on a bank's statement: which loan, claim or subsidy batch a line belongs to, and how sure that is.
//!
//! Pure. What an offer does when it is taken stands in `service/loan_money.rs`: it runs the loan's own act.
//!
//! 1. Every offer's amount is that of the line, to the fen; nothing is split or rounded to fit.
//! 2. An offer is certain only if a number or a name speaks for it, it is the only such offer of its line, and no
//!    other line has one for the same loan: several identical instalments on one day are never certain by amount.
//! 3. The same lines give the same offers, whatever their order.

pub mod dues;
pub mod offers;
pub mod posting_rules;

use serde::{Deserialize, Serialize};

use super::evidence::Strength;
use crate::money::Amount;
use crate::products::microloan::Towards;

/// The loan act a line stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Doing {
    /// A borrower paid, through an account that collects for the bank.
    Repaid {
        /// Loan.
        loan: String,
        /// What the money is meant for.
        towards: Towards,
    },
    /// A payment that was recorded went back to the borrower.
    TakenBack {
        /// The act of the statement line that recorded it.
        act: i64,
        /// Loan.
        loan: String,
    },
    /// The fund paid a bank for claims.
    Compensated {
        /// Claims.
        claims: Vec<String>,
    },
    /// The fund's part of what a household paid after compensation.
    Recovered {
        /// Claim.
        claim: String,
        /// What came back in all, of which the line is the fund's part.
        amount: Amount,
    },
    /// A batch of interest subsidy was paid out.
    SubsidyPaid {
        /// Batch.
        batch: String,
    },
    /// A payment of subsidy came back.
    SubsidyReturned {
        /// Batch.
        batch: String,
        /// Payees.
        payees: Vec<String>,
    },
    /// Budget money for subsidies came in.
    SubsidyReceived {
        /// Document number.
        document: String,
    },
}

impl Doing {
    /// As the table writes it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Doing::Repaid { .. } => "repaid",
            Doing::TakenBack { .. } => "taken-back",
            Doing::Compensated { .. } => "compensated",
            Doing::Recovered { .. } => "recovered",
            Doing::SubsidyPaid { .. } => "subsidy-paid",
            Doing::SubsidyReturned { .. } => "subsidy-returned",
            Doing::SubsidyReceived { .. } => "subsidy-received",
        }
    }

    /// What the table writes, as users read it.
    pub fn kind_zh(kind: &str) -> &'static str {
        match kind {
            "repaid" => "还款",
            "taken-back" => "还款退回",
            "compensated" => "代偿",
            "recovered" => "代偿收回",
            "subsidy-paid" => "支付贴息",
            "subsidy-returned" => "贴息退票",
            "subsidy-received" => "收到贴息资金",
            _ => "",
        }
    }

    /// As users read it.
    pub const fn label_zh(&self) -> &'static str {
        match self {
            Doing::Repaid { towards: Towards::Interest, .. } => "还息",
            Doing::Repaid { .. } => "还款",
            Doing::TakenBack { .. } => "还款退回",
            Doing::Compensated { .. } => "代偿",
            Doing::Recovered { .. } => "代偿收回",
            Doing::SubsidyPaid { .. } => "支付贴息",
            Doing::SubsidyReturned { .. } => "贴息退票",
            Doing::SubsidyReceived { .. } => "收到贴息资金",
        }
    }

    /// What it is done to: loans, claims, batches.
    pub fn targets(&self) -> Vec<String> {
        match self {
            Doing::Repaid { loan, .. } | Doing::TakenBack { loan, .. } => vec![loan.clone()],
            Doing::Compensated { claims } => claims.clone(),
            Doing::Recovered { claim, .. } => vec![claim.clone()],
            Doing::SubsidyPaid { batch } => vec![batch.clone()],
            Doing::SubsidyReturned { batch, payees } => payees.iter().map(|payee| format!("{batch}/{payee}")).collect(),
            Doing::SubsidyReceived { document } => vec![document.clone()],
        }
    }
}

/// A proposal for one statement line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// The line: (line, part).
    pub line: (i64, i64),
    /// What would be done.
    pub doing: Doing,
    /// Whom and what it concerns, in words.
    pub words: String,
    /// What agrees, in words, the amount first.
    pub reasons: Vec<String>,
    /// How far that carries.
    pub strength: Strength,
    /// True if it may be taken without a person's choice.
    pub certain: bool,
}

/// Puts offers in order and marks the certain ones.
pub fn ranked(mut offers: Vec<Offer>) -> Vec<Offer> {
    let order = |offer: &Offer| (offer.line, std::cmp::Reverse(offer.strength), offer.doing.clone());
    offers.sort_by_cached_key(order);
    offers.dedup_by(|a, b| (a.line, &a.doing) == (b.line, &b.doing));
    let mut by_line: std::collections::HashMap<(i64, i64), usize> = std::collections::HashMap::new();
    let mut by_target: std::collections::HashMap<String, std::collections::BTreeSet<(i64, i64)>> =
        std::collections::HashMap::new();
    for offer in offers.iter().filter(|offer| offer.strength > Strength::None) {
        *by_line.entry(offer.line).or_default() += 1;
        for target in offer.doing.targets() {
            by_target.entry(target).or_default().insert(offer.line);
        }
    }
    for offer in &mut offers {
        let alone = by_line.get(&offer.line) == Some(&1);
        let wanted_once = offer.doing.targets().iter().all(|target| by_target.get(target).is_none_or(|lines| lines.len() == 1));
        offer.certain = offer.strength >= Strength::Good && alone && wanted_once;
    }
    offers
}

#[cfg(test)]
mod tests;
