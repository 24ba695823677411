//! A loan's contract: what was signed and stays fixed, and the order in which money received is applied.
//!
//! Pure.
//!
//! 1. A contract never changes; rates and maturity move by later facts (`fact.rs`).
//! 2. An allotment order names penalty, interest and principal once each.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::refusal::LoanRefusal;
use super::terms::{LoanTerms, RepaymentMethod, Settlement};
use crate::calendar::{BusinessDate, DayCount};
use crate::money::{Amount, Rate};

/// What was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Most that may be paid out.
    pub amount: Amount,
    /// Rate a year.
    pub rate: Rate,
    /// Day of signing: decides the policy.
    pub signed_on: BusinessDate,
    /// Maturity as signed.
    pub matures_on: BusinessDate,
    /// How interest days are counted.
    pub day_count: DayCount,
    /// When interest is settled.
    pub settlement: Settlement,
    /// How the principal comes back.
    pub method: RepaymentMethod,
    /// Penalty rate over contract rate: 1.5 is 50 % more.
    pub penalty_multiple: Decimal,
    /// Unpaid interest earns interest: at the contract rate before maturity, at the penalty rate after (PBC251).
    pub compound: bool,
    /// Order in which money received is applied.
    pub order: AllotmentOrder,
}

impl Contract {
    /// The programme's usual terms: actual/360, quarterly, interest only, penalty + 50 %, no compound interest.
    pub fn usual(amount: Amount, rate: Rate, signed_on: BusinessDate, matures_on: BusinessDate) -> Contract {
        Contract {
            amount,
            rate,
            signed_on,
            matures_on,
            day_count: DayCount::default(),
            settlement: Settlement::default(),
            method: RepaymentMethod::default(),
            penalty_multiple: Decimal::new(15, 1),
            compound: false,
            order: AllotmentOrder::default(),
        }
    }

    /// The terms of the schedule that follows when `principal` is paid out on a day and nothing else happens.
    pub fn terms(&self, principal: Amount, disbursed_on: BusinessDate, matures_on: BusinessDate) -> LoanTerms {
        LoanTerms {
            day_count: self.day_count,
            settlement: self.settlement,
            method: self.method,
            ..LoanTerms::usual(principal, self.rate, disbursed_on, matures_on)
        }
    }
}

/// A part of what a borrower owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// 罚息 (compound interest with it).
    Penalty,
    /// 利息
    Interest,
    /// 本金 fallen due.
    Principal,
}

/// The order in which money received is applied to what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AllotmentOrder(pub [Part; 3]);

impl Default for AllotmentOrder {
    /// Penalty, interest, principal.
    fn default() -> AllotmentOrder {
        AllotmentOrder([Part::Penalty, Part::Interest, Part::Principal])
    }
}

impl Part {
    const ALL: [(Part, &'static str); 3] =
        [(Part::Penalty, "penalty"), (Part::Interest, "interest"), (Part::Principal, "principal")];

    fn name(self) -> &'static str {
        Part::ALL[self as usize].1
    }
}

impl AllotmentOrder {
    /// Reads `penalty-interest-principal`.
    pub fn parse(text: &str) -> Result<AllotmentOrder, LoanRefusal> {
        let unknown = || LoanRefusal::UnknownWord { text: text.to_owned() };
        let part = |word: &str| Part::ALL.iter().find(|(_, name)| *name == word).map(|(part, _)| *part);
        let parts: Vec<Part> = text.split('-').map(part).collect::<Option<_>>().ok_or_else(unknown)?;
        let order: [Part; 3] = parts.try_into().map_err(|_| unknown())?;
        let twice = order[0] == order[1] || order[1] == order[2] || order[0] == order[2];
        if twice { Err(unknown()) } else { Ok(AllotmentOrder(order)) }
    }
}

impl TryFrom<String> for AllotmentOrder {
    type Error = LoanRefusal;
    fn try_from(text: String) -> Result<AllotmentOrder, LoanRefusal> {
        AllotmentOrder::parse(&text)
    }
}

impl From<AllotmentOrder> for String {
    fn from(order: AllotmentOrder) -> String {
        order.0.map(Part::name).join("-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_names_each_part_once() {
        for text in ["penalty-interest-principal", "principal-interest-penalty"] {
            assert_eq!(String::from(AllotmentOrder::parse(text).unwrap()), text);
        }
        for text in ["", "penalty", "penalty-interest-interest", "penalty-interest-gold"] {
            assert!(AllotmentOrder::parse(text).is_err(), "{text}");
        }
    }
}
