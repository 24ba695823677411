//! Interest subsidy (贴息): which part of each settlement the fiscal fund bears.
//!
//! Pure. Source: `domain/loans.md` §4, formula \[derived\]: eligible principal × days ÷ base ×
//! min(contract rate, policy rate), rounded per row.
//!
//! 1. Subsidy and the borrower's part always sum to the interest of the row.
//! 2. The subsidy never exceeds the interest charged.
//! 3. From the day the entitlement stops, no day is subsidised; overdue days never are (they are
//!    not in the schedule).

use rust_decimal::Decimal;
use serde::Serialize;

use super::accrual::{Stretch, cut_before, exact_interest};
use super::schedule::{Period, periods};
use super::terms::{LoanTerms, TermsRefusal};
use crate::calendar::{BusinessDate, DayCount};
use crate::money::rounding::round_half_up_to_fen;
use crate::money::{Amount, Rate};

/// What the fiscal fund bears, by the policy of the contract's signing date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubsidyPolicy {
    /// Highest rate subsidised; `None` subsidises the contract rate.
    pub rate_cap: Option<Rate>,
    /// Largest principal subsidised; `None` subsidises all of it.
    pub principal_cap: Option<Amount>,
    /// Part of the interest at that rate which is borne, 0 to 1.
    pub share: Decimal,
    /// First day no longer subsidised.
    pub stops_on: Option<BusinessDate>,
}

/// One settlement, divided between fund and borrower.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubsidyRow {
    /// Number from 1.
    pub n: usize,
    /// First interest day.
    pub start: BusinessDate,
    /// Day on which interest is due.
    pub due: BusinessDate,
    /// Interest days.
    pub days: i64,
    /// Of these, days subsidised.
    pub subsidised_days: i64,
    /// Interest due.
    pub interest: Amount,
    /// Part of the fiscal fund.
    pub fiscal_subsidy: Amount,
    /// Part of the borrower: the remainder.
    pub borrower_pays: Amount,
}

/// The sums of all rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubsidyTotals {
    /// Interest.
    pub interest: Amount,
    /// Part of the fiscal fund.
    pub fiscal_subsidy: Amount,
    /// Part of the borrower.
    pub borrower: Amount,
}

impl SubsidyPolicy {
    /// The whole interest, for the whole term.
    pub const FULL: SubsidyPolicy = SubsidyPolicy { rate_cap: None, principal_cap: None, share: Decimal::ONE, stops_on: None };
}

/// Divides every settlement of a loan between fund and borrower. Refuses a share outside 0 to 1.
pub fn interest_subsidy(terms: &LoanTerms, policy: &SubsidyPolicy) -> Result<Vec<SubsidyRow>, TermsRefusal> {
    if policy.share.is_sign_negative() && !policy.share.is_zero() || policy.share > Decimal::ONE {
        return Err(TermsRefusal::NotAShare { share: policy.share });
    }
    periods(terms)?.iter().map(|period| subsidised(terms, policy, period)).collect()
}

/// The sums of the rows.
pub fn totals(rows: &[SubsidyRow]) -> SubsidyTotals {
    SubsidyTotals {
        interest: rows.iter().map(|row| row.interest).sum(),
        fiscal_subsidy: rows.iter().map(|row| row.fiscal_subsidy).sum(),
        borrower: rows.iter().map(|row| row.borrower_pays).sum(),
    }
}

/// What a policy bears of stretches that fall due on a day, rounded once.
pub fn subsidised_part(
    stretches: &[Stretch],
    day_count: DayCount,
    policy: &SubsidyPolicy,
    due: BusinessDate,
) -> Result<Amount, TermsRefusal> {
    let until = policy.stops_on.unwrap_or(due).min(due);
    let eligible: Vec<Stretch> = cut_before(stretches, until).into_iter().map(|s| policy.eligible(s)).collect();
    let exact = exact_interest(&eligible, day_count, policy.share)?;
    round_half_up_to_fen(exact).map_err(|_| TermsRefusal::TooLargeToCount)
}

fn subsidised(terms: &LoanTerms, policy: &SubsidyPolicy, period: &Period) -> Result<SubsidyRow, TermsRefusal> {
    let row = &period.row;
    let until = policy.stops_on.unwrap_or(row.due).clamp(row.start, row.due);
    let fiscal_subsidy = subsidised_part(&period.stretches, terms.day_count, policy, row.due)?.min(row.interest);
    Ok(SubsidyRow {
        n: row.n,
        start: row.start,
        due: row.due,
        days: row.days,
        subsidised_days: terms.day_count.days(row.start, until),
        interest: row.interest,
        fiscal_subsidy,
        borrower_pays: row.interest - fiscal_subsidy,
    })
}

impl SubsidyPolicy {
    /// The part of a stretch that is subsidised.
    fn eligible(&self, stretch: Stretch) -> Stretch {
        let balance = self.principal_cap.map_or(stretch.balance, |cap| cap.min(stretch.balance));
        let rate = self.rate_cap.map_or(stretch.rate, |cap| cap.min(stretch.rate));
        Stretch { balance, rate, ..stretch }
    }
}
