//! Entrusted operation (委托经营、户贷企用、理财收益): a household's money works at an operator for a fixed income.
//!
//! ```text
//!   open scheme ─▶ entrust ─▶ accrue each period ─▶ receive from the operator ─▶ (payouts) ─▶ households
//!                     │                                   │ late: ages
//!                     └──────────── return principal ─▶ loan account ─▶ ended          insolvent: debt to households stays
//! ```
//! Pure, but for `store.rs` and `service/`.
//!
//! 1. A scheme says who owes the household and whether it is debt or equity, since when and on what legal basis; its rate has no default.
//! 2. Loan money is not newly entrusted where the policy of the place and date bans it; contracts that run go on.
//! 3. Income is exact and rounded once per household and period.
//! 4. What is owed per household on the books = what the register says (equality 2).

pub mod facts;
pub mod income;
pub mod posting_rules;
pub mod refusal;
pub mod reports;
pub mod scheme;
pub mod service;
pub mod store;

#[cfg(test)]
mod tests;
