//! Closing years: transfers, reserve, appropriations cleared, balances carried, regimes changed.
//!
//! Pure, but for `service.rs`; what is kept of it is kept by `period_close`.
//!
//! 1. A year closes once everything before it is closed; run again after a reopening it moves only what is new.
//! 2. opening(n+1) = closing(n), account by account and member by member (I5); through the work sheet where the regime changes.

pub mod service;
pub mod year_end;
