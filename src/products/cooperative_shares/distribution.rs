//! Everybody's part: refunds by trade, floors of preferred shares, the rest by share-days.
//!
//! Pure. Source: posting-rules.md §4 (YANG, GAOXIAN, ASSET52); every split is an allotment.
//! The register is not held: its members come by in the order of their codes, pass by pass. [`totals`] adds them up,
//! [`floors`] says what they are promised, [`sharing`] finds who gets the leftover fen and then makes their rows.
//!
//! 1. Σ refunds = the refund pool; Σ floors out of profit + Σ shares = the remaining pool, to the fen.
//! 2. Floors come before shares; a pool short of the floors pays them pro rata and nobody gets anything beyond.
//! 3. Leftover fen go to the largest remainders, ties in the order of member codes.
//! 4. A shortfall is carried, guaranteed or a cost, as the class says; it is never lost.

pub mod floors;
pub mod sharing;
pub mod totals;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::class::{Participation, ShareClass};
use crate::money::Amount;

/// What one beneficiary holds of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Class.
    pub class: String,
    /// Held at the end of the year (or on the record date).
    pub base: Amount,
    /// Fen times days of the year.
    pub days: i128,
}

/// What the plan knows of one member.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberFacts {
    /// Sold to and bought through the cooperative in the year.
    pub trade: Amount,
    /// Floors of earlier years still owed.
    pub arrears: Amount,
    /// By class.
    pub standings: Vec<Standing>,
}

impl MemberFacts {
    /// What it holds of all classes together.
    pub fn base(&self) -> Amount {
        self.standings.iter().map(|standing| standing.base).sum()
    }

    /// Share-days of one class.
    pub fn days_in(&self, class: &str) -> i128 {
        self.standings.iter().filter(|standing| standing.class == class).map(|standing| standing.days).sum()
    }

    /// Share-days of the classes that share by weight.
    pub fn weight(&self, classes: &BTreeMap<String, ShareClass>) -> i128 {
        let shares = |class: &ShareClass| class.participation == Participation::ByWeight;
        let by_weight = |standing: &&Standing| classes.get(&standing.class).is_some_and(shares);
        self.standings.iter().filter(by_weight).map(|standing| standing.days).sum()
    }

    /// Adds to what it holds of a class.
    pub fn stands(&mut self, class: &str, amount: Amount, days: i128) {
        match self.standings.iter_mut().find(|standing| standing.class == class) {
            Some(standing) => {
                standing.base += amount;
                standing.days += days;
            }
            None => self.standings.push(Standing { class: class.to_owned(), base: amount, days }),
        }
    }
}

/// One member's part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// The member.
    pub member: String,
    /// Its trade.
    pub trade: Amount,
    /// What it holds.
    pub base: Amount,
    /// Its weight among those who share by weight, in fen-days.
    pub weight: i128,
    /// 盈余返还
    pub refund: Amount,
    /// Floors of earlier years in what is due.
    pub arrears: Amount,
    /// Floors due, arrears in it.
    pub floor_due: Amount,
    /// Floors paid out of the pool.
    pub floor_paid: Amount,
    /// Its part of pools at a fixed rate.
    pub at_rate: Amount,
    /// Its part by weight.
    pub share: Amount,
    /// Shortfall a guarantor pays.
    pub guaranteed: Amount,
    /// Floor or shortfall the cooperative bears as a cost.
    pub cost: Amount,
    /// Shortfall owed into later years.
    pub carried: Amount,
    /// Withheld.
    pub tax: Amount,
    /// Paid out.
    pub net: Amount,
}

impl PlanRow {
    /// 应付剩余盈余: what account 222 (village: 113) owes before tax.
    pub fn surplus_payable(&self) -> Amount {
        self.floor_paid + self.at_rate + self.share + self.guaranteed
    }

    /// True where there is something to say: something is paid, or owed into later years.
    pub fn counts(&self) -> bool {
        !self.net.is_zero() || !self.carried.is_zero()
    }
}

/// Days a plan's year has.
pub type YearDays = i64;
