//! The rent schedule: periods of a lease and each party's rent in them.
//!
//! Pure.
//!
//! 1. Periods adjoin and cover the lease from its first to its last day; none crosses a contract year.
//! 2. A contract year's rent is the first year's times the step in force on its first day, rounded once; its periods share it by
//!    allotment: a whole year in equal parts, a cut one by days.
//! 3. A sale has its instalments instead, each a period of its own day.

use chrono::Months;

use super::terms::{ContractKind, Due, LeaseParty, Terms};
use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::money::allotment::{AllotmentRefusal, allot};
use crate::money::rounding::{round_half_up_to_fen, to_yuan};
use crate::refusal::Refusal;
use rust_decimal::Decimal;

/// A period: from its first day to the first day after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// From 1.
    pub number: i64,
    /// First day.
    pub from: BusinessDate,
    /// First day after.
    pub to: BusinessDate,
    /// When its rent is due.
    pub due: BusinessDate,
    year: u32,
}

/// The periods of a lease, oldest first.
pub fn periods(terms: &Terms) -> Vec<Period> {
    let mut found: Vec<Period> = Vec::new();
    if terms.kind == ContractKind::Sale {
        let day = |(n, (on, _)): (i64, &(BusinessDate, Amount))| Period { number: n, from: *on, to: *on, due: *on, year: 0 };
        return (1..).zip(&terms.instalments).map(day).collect();
    }
    for year in 0.. {
        let (start, end) = (terms.year_begins(year), terms.year_begins(year + 1).min(terms.ends_on));
        if start >= end {
            break;
        }
        let mut from = start;
        for n in 1..=12 / terms.months.max(1) {
            let to = start.checked_add_months(Months::new(n * terms.months)).unwrap_or(end).min(end);
            if from < to {
                let due = if terms.due == Due::Advance { from } else { to };
                found.push(Period { number: found.len() as i64 + 1, from, to, due, year });
                from = to;
            }
        }
    }
    found
}

fn days(from: BusinessDate, to: BusinessDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

/// A party's rent in every period, in the order of the periods.
pub fn rents(terms: &Terms, party: &LeaseParty) -> Result<Vec<Amount>, Refusal> {
    if terms.kind == ContractKind::Sale {
        return Ok(terms.instalments.iter().map(|(_, amount)| *amount).collect());
    }
    let mut rents = Vec::new();
    for of_year in periods(terms).chunk_by(|a, b| a.year == b.year) {
        let (start, end) = (of_year[0].from, of_year[of_year.len() - 1].to);
        let whole = days(start, terms.year_begins(of_year[0].year + 1));
        let rent = year_rent(terms, party, start, (days(start, end), whole))?;
        let weights: Vec<i128> = if days(start, end) == whole {
            vec![1; of_year.len()]
        } else {
            of_year.iter().map(|period| i128::from(days(period.from, period.to))).collect()
        };
        rents.extend(allot(rent, &weights)?);
    }
    Ok(rents)
}

fn year_rent(terms: &Terms, party: &LeaseParty, start: BusinessDate, (days, whole): (i64, i64)) -> Result<Amount, Refusal> {
    let step = terms.steps.iter().filter(|(from, _)| *from <= start).max_by_key(|(from, _)| *from);
    let too_large = || AllotmentRefusal::TooLargeToSplit;
    let exact = to_yuan(party.yearly).checked_mul(step.map_or(Decimal::ONE, |(_, rate)| rate.fraction()));
    let exact = exact.and_then(|rent| rent.checked_mul(Decimal::from(days))?.checked_div(Decimal::from(whole)));
    Ok(round_half_up_to_fen(exact.ok_or_else(too_large)?)?)
}

/// A period with what every party owes for it, in the order of the contract's parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The period.
    pub period: Period,
    /// Rent by party.
    pub rents: Vec<Amount>,
}

/// The whole schedule. A lease that ended early keeps the rents of its whole periods; the last one counts by days.
pub fn planned(terms: &Terms, ended_on: Option<BusinessDate>) -> Result<Vec<Planned>, Refusal> {
    let by_party = terms.parties.iter().map(|party| rents(terms, party)).collect::<Result<Vec<_>, _>>()?;
    let end = ended_on.unwrap_or(terms.ends_on);
    let mut plan = Vec::new();
    for (at, mut period) in periods(terms).into_iter().enumerate().filter(|(_, period)| period.from < end) {
        let mut rents: Vec<Amount> = by_party.iter().map(|rents| rents[at]).collect();
        if end < period.to {
            let (left, whole) = (days(period.from, end), days(period.from, period.to));
            for rent in &mut rents {
                *rent = allot(*rent, &[i128::from(left), i128::from(whole - left)])?[0];
            }
            period.to = end;
            period.due = if terms.due == Due::Advance { period.from } else { end };
        }
        plan.push(Planned { period, rents });
    }
    Ok(plan)
}
