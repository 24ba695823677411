//! Microloans (扶贫小额信贷 and its successors) to households.
//!
//! So far the calculators: terms, repayment schedule, daily accrual, arrears, interest subsidy.
//! All of them are pure: dates and amounts in, rows out.

pub mod accrual;
pub mod arrears;
pub mod interest_subsidy;
pub mod schedule;
pub mod terms;

pub use schedule::{ScheduleRow, schedule};
pub use terms::{EarlyRepayment, LoanTerms, RateStep, RepaymentMethod, Settlement, TermsRefusal};

#[cfg(test)]
mod tests;
