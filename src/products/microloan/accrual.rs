//! Interest of a stretch of days, and what a day's accrual posts.
//!
//! Pure.
//!
//! 1. Interest is exact (`balance × rate × days ÷ base`) until its one rounding per settlement row.
//! 2. A daily accrual posts *rounded cumulative − already posted*; days are never rounded alone.
//! 3. The sum of a period's accruals is the interest the period settles, to the fen.

use rust_decimal::Decimal;

use super::schedule::periods;
use super::terms::{LoanTerms, TermsRefusal};
use crate::calendar::{BusinessDate, DayCount};
use crate::money::rounding::{round_half_up_to_fen, to_yuan};
use crate::money::{Amount, Rate};

/// Days over which neither balance nor rate changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// First interest day.
    pub start: BusinessDate,
    /// The day after the last interest day.
    pub before: BusinessDate,
    /// Principal that earns.
    pub balance: Amount,
    /// Rate a year.
    pub rate: Rate,
}

/// A share of the exact interest of adjoining stretches, in yuan; divided once, after the share, so a tie stays a tie.
pub fn exact_interest(stretches: &[Stretch], day_count: DayCount, share: Decimal) -> Result<Decimal, TermsRefusal> {
    let yearly = |stretch: &Stretch| {
        let days = Decimal::from(day_count.days(stretch.start, stretch.before));
        to_yuan(stretch.balance).checked_mul(stretch.rate.fraction())?.checked_mul(days)
    };
    let sum = stretches.iter().try_fold(Decimal::ZERO, |sum, stretch| sum.checked_add(yearly(stretch)?));
    let shared = sum.and_then(|sum| sum.checked_mul(share));
    shared.and_then(|sum| sum.checked_div(Decimal::from(day_count.base()))).ok_or(TermsRefusal::TooLargeToCount)
}

/// Interest of adjoining stretches, rounded once.
pub fn interest(stretches: &[Stretch], day_count: DayCount) -> Result<Amount, TermsRefusal> {
    round_half_up_to_fen(exact_interest(stretches, day_count, Decimal::ONE)?).map_err(|_| TermsRefusal::TooLargeToCount)
}

/// The stretches as far as they lie before a day.
pub fn cut_before(stretches: &[Stretch], day: BusinessDate) -> Vec<Stretch> {
    let begun = stretches.iter().filter(|stretch| stretch.start < day);
    begun.map(|stretch| Stretch { before: stretch.before.min(day), ..*stretch }).collect()
}

/// Interest earned since the last settlement and not yet settled, at the end of a day; nothing
/// before disbursement and from maturity on.
pub fn accrued_unsettled(terms: &LoanTerms, end_of_day: BusinessDate) -> Result<Amount, TermsRefusal> {
    let running = |start: BusinessDate, due: BusinessDate| start <= end_of_day && end_of_day < due;
    let periods = periods(terms)?;
    let Some(period) = periods.iter().find(|period| running(period.row.start, period.row.due)) else {
        return Ok(Amount::ZERO);
    };
    let tomorrow = end_of_day.succ_opt().ok_or(TermsRefusal::TooLargeToCount)?;
    interest(&cut_before(&period.stretches, tomorrow), terms.day_count)
}

/// What today's accrual posts: the rounded cumulative interest less what was posted before.
pub fn accrual_to_post(cumulative: Amount, already_posted: Amount) -> Amount {
    cumulative - already_posted
}
