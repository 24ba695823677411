//! Penalty interest on a principal that was not repaid at maturity.
//!
//! Pure. Source: `domain/loans.md` §7, PBC251: contract rate × (1 + 30 %…50 %) when overdue.
//!
//! 1. The day of maturity is the first overdue day; the day of payment is none.
//! 2. Penalty interest is settled on the days on which interest is, rounded once per row.
//! 3. Compounding adds penalty interest that stayed unpaid to what earns, at the penalty rate.

use rust_decimal::Decimal;
use serde::Serialize;

use super::accrual::{Stretch, interest};
use super::terms::{Settlement, TermsRefusal, check_dates};
use crate::calendar::{BusinessDate, DayCount};
use crate::money::{Amount, Rate};

/// A principal overdue, and how it is penalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdue {
    /// Principal not repaid.
    pub principal: Amount,
    /// Contract rate a year.
    pub contract_rate: Rate,
    /// Penalty rate over contract rate: 1.5 for 50 % more.
    pub multiple: Decimal,
    /// First overdue day.
    pub from: BusinessDate,
    /// Day of payment (or of the calculation).
    pub to: BusinessDate,
    /// How interest days are counted.
    pub day_count: DayCount,
    /// When penalty interest is settled.
    pub settlement: Settlement,
    /// Whether unpaid penalty interest earns penalty interest.
    pub compound: bool,
}

/// One settlement of penalty interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PenaltyRow {
    /// Number from 1.
    pub n: usize,
    /// First overdue day of the row.
    pub start: BusinessDate,
    /// Day on which it is due.
    pub due: BusinessDate,
    /// Overdue days.
    pub days: i64,
    /// Principal overdue.
    pub overdue_principal: Amount,
    /// Penalty interest, rounded once.
    pub penalty_interest: Amount,
}

/// Penalty interest by settlement. Refuses a multiple below one or above ten.
pub fn penalty_interest(overdue: &Overdue) -> Result<Vec<PenaltyRow>, TermsRefusal> {
    if !overdue.principal.is_positive() {
        return Err(TermsRefusal::NoPrincipal);
    }
    check_dates(overdue.from, overdue.to)?;
    let rate = penalty_rate(overdue.contract_rate, overdue.multiple)?;
    let (mut rows, mut start, mut unpaid) = (Vec::new(), overdue.from, Amount::ZERO);
    for due in overdue.settlement.due_dates(overdue.from, overdue.to) {
        let earning = if overdue.compound { unpaid } else { Amount::ZERO };
        let balance = overdue.principal.checked_add(earning).ok_or(TermsRefusal::TooLargeToCount)?;
        let penalty_interest = interest(&[Stretch { start, before: due, balance, rate }], overdue.day_count)?;
        let days = overdue.day_count.days(start, due);
        rows.push(PenaltyRow { n: rows.len() + 1, start, due, days, overdue_principal: overdue.principal, penalty_interest });
        unpaid = unpaid.checked_add(penalty_interest).ok_or(TermsRefusal::TooLargeToCount)?;
        start = due;
    }
    Ok(rows)
}

/// The penalty rate: the contract rate times the multiple.
pub fn penalty_rate(contract_rate: Rate, multiple: Decimal) -> Result<Rate, TermsRefusal> {
    if multiple < Decimal::ONE || multiple > Decimal::TEN {
        return Err(TermsRefusal::NotAMultiple { multiple });
    }
    contract_rate.times(multiple).map_err(|_| TermsRefusal::TooLargeToCount)
}
