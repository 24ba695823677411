//! Contracts (租约、承包与出售合同): land and assets let out, contracted out or sold for money by a schedule, or rented in from
//! households and perhaps let again (返租倒包).
//!
//! ```text
//!   open ─▶ accrue what is due ─▶ out: owed by lessees ─▶ receive (arrears first, the rest in advance)
//!             │                   in:  owed to households ─▶ (payouts) land rent
//!             └────▶ end, whole or early
//! ```
//! Pure, but for `store.rs` and `service/`.
//!
//! 1. The rents of a contract year add up to the year's rent, to the fen.
//! 2. Rent received in advance is owed until its period is due, then it is income.
//! 3. Land that is let again was rented before: never more of it, never for longer.
//! 4. What is due, late or about to end is told from the schedule, whether it was accrued or not.
//! 5. What books say a party owes for a lease = rent accrued − received − paid, by the register.

pub mod facts;
pub mod posting_rules;
pub mod refusal;
pub mod reports;
pub mod schedule;
pub mod service;
pub mod store;
pub mod terms;
pub mod warnings;

#[cfg(test)]
mod tests;
