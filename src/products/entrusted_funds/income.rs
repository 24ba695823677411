//! Periods of a scheme and what a household earns in one.
//!
//! Pure. Source: posting-rules.md §3, check E.
//!
//! 1. Periods adjoin and cover the contract from its first day to the day principal is due.
//! 2. Income = Σ principal × days × rate ÷ base over the period, rounded once.

use chrono::{Datelike, Months};
use rust_decimal::Decimal;

use super::facts::Move;
use super::scheme::{Anchor, Frequency, Terms, Timing};
use crate::calendar::{BusinessDate, DayCount};
use crate::money::allotment::AllotmentRefusal;
use crate::money::rounding::{round_half_up_to_fen, to_yuan};
use crate::money::{Amount, Rate};
use crate::refusal::Refusal;

/// A period: from its first day to the first day after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// From 1.
    pub number: i64,
    /// First day.
    pub from: BusinessDate,
    /// First day after.
    pub to: BusinessDate,
    /// When its income is due.
    pub due: BusinessDate,
}

/// The periods of a scheme, oldest first.
pub fn periods(terms: &Terms) -> Vec<Period> {
    let (mut from, mut found) = (terms.begins_on, Vec::new());
    while from < terms.ends_on {
        let to = boundary_after(terms, from, found.len()).min(terms.ends_on);
        let due = if terms.timing == Timing::Advance { from } else { to };
        found.push(Period { number: found.len() as i64 + 1, from, to, due });
        from = to;
    }
    found
}

fn boundary_after(terms: &Terms, from: BusinessDate, passed: usize) -> BusinessDate {
    let months = if terms.frequency == Frequency::Yearly { 12 } else { 6 };
    let start = match terms.anchor {
        Anchor::Anniversary => terms.begins_on,
        Anchor::Calendar => BusinessDate::from_ymd_opt(terms.begins_on.year(), 1, 1).unwrap_or(terms.begins_on),
    };
    // Counted from the start each time, so that a contract begun on the 31st does not drift.
    let steps = (passed as u32 + 1)..=(passed as u32 + 3);
    let ends = steps.filter_map(|n| start.checked_add_months(Months::new(months * n)));
    ends.filter(|end| *end > from).min().unwrap_or(terms.ends_on)
}

/// What changes of principal earn in a period: (day, amount), returns negative.
pub fn income(moves: &[(BusinessDate, Amount)], rate: Rate, day_count: DayCount, period: Period) -> Result<Amount, Refusal> {
    let too_large = || AllotmentRefusal::TooLargeToSplit;
    let mut exact = Decimal::ZERO;
    for (on, amount) in moves.iter().filter(|(on, _)| *on < period.to) {
        let days = Decimal::from(day_count.days((*on).max(period.from), period.to));
        let part = to_yuan(*amount).checked_mul(days).and_then(|sum| sum.checked_mul(rate.fraction()));
        exact = part.and_then(|part| exact.checked_add(part)).ok_or_else(too_large)?;
    }
    let exact = exact.checked_div(Decimal::from(day_count.base())).ok_or_else(too_large)?;
    Ok(round_half_up_to_fen(exact)?)
}

/// What the operator owes for a period and what each household gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earned {
    /// Household, its income, the part of it that is reinvested, what the operator owes for it.
    pub rows: Vec<EarnedRow>,
}

/// One household's income of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarnedRow {
    /// Whose.
    pub household: String,
    /// What it gets.
    pub gets: Amount,
    /// Of that, reinvested.
    pub reinvest: Amount,
    /// What the operator owes for its money.
    pub operator: Amount,
}

impl Earned {
    /// What the operator owes.
    pub fn operator(&self) -> Amount {
        self.rows.iter().map(|row| row.operator).sum()
    }
}

/// The income of a period from all moves, which come household by household.
pub fn earned(terms: &Terms, moves: &[Move], period: Period) -> Result<Earned, Refusal> {
    let mut rows = Vec::new();
    for own in moves.chunk_by(|a, b| a.household == b.household) {
        let changes: Vec<(BusinessDate, Amount)> = own.iter().map(|moved| (moved.on, moved.amount)).collect();
        let gets = income(&changes, terms.rate, terms.day_count, period)?;
        let operator = income(&changes, terms.operator_rate, terms.day_count, period)?;
        let reinvest = round_half_up_to_fen(to_yuan(gets) * terms.reinvest_rate.fraction())?;
        if gets.is_positive() {
            rows.push(EarnedRow { household: own[0].household.clone(), gets, reinvest, operator });
        }
    }
    Ok(Earned { rows })
}
