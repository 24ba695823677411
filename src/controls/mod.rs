//! Controls: what keeps the books honest from outside the ledger.

pub mod period_close;
pub mod reconciliation;
