//! The audit trail's own control: everything derived is derived again, and what differs is named.
//!
//! Pure, but for `store.rs` and `service.rs`. `verify.rs` walks a book's posted vouchers in the order of the
//! chain, `balances.rs` compares sums, `months.rs` months with their acts, `finding.rs` has the sentences.
//!
//! 1. A check reads what is kept and never what the writer thought: vouchers, lines, book row, movements, acts.
//! 2. One edit is named where it was made; the chain goes on from the stored digest, so what follows is not blamed.
//! 3. Memory grows with a book's movements, not with its vouchers.

pub mod balances;
pub mod finding;
pub mod months;
pub mod service;
pub mod store;
pub mod verify;

pub use finding::{Finding, Findings};
