//! Microloans (扶贫小额信贷 and its successors) to households, by dated policy.
//!
//! ```text
//!   terms · schedule · accrual · arrears · interest_subsidy      the calculators
//!   contract + facts ──timeline──▶ rows due, receipts applied, position        (a loan is a function of its facts)
//!   policy      which row of dated policy holds, and what it allows
//!   subsidy     batches of interest subsidy, posted in the subsidy book
//!   risk_fund   leverage, breaker, compensation claims, posted in the fund's book
//! ```
//! The register of loans is a mirror of the banks' books, not double entry: what was settled stands in rows that
//! are never changed, only set off by opposite rows in the open month.

pub mod accrual;
pub mod arrears;
pub mod classification;
pub mod contract;
mod ending;
pub mod equalities;
pub mod fact;
pub mod interest_subsidy;
pub mod own_book;
pub mod policy;
pub mod refusal;
pub mod reports;
pub mod risk_fund;
pub mod schedule;
pub mod service;
pub mod settle;
pub mod state;
pub mod store;
pub mod subsidy;
mod sweep;
pub mod terms;
pub mod timeline;

pub use contract::{AllotmentOrder, Contract};
pub use fact::{Fact, Happening, Towards};
pub use refusal::LoanRefusal;
pub use schedule::{ScheduleRow, schedule};
pub use state::{LoanState, Step};
pub use terms::{EarlyRepayment, LoanTerms, RateStep, RepaymentMethod, Settlement, TermsRefusal};
pub use timeline::{Timeline, timeline};

#[cfg(test)]
mod tests;
#[cfg(test)]
mod timeline_tests;
