//! Controls over the books: closing periods, and proving afterwards that nothing was changed.

pub mod audit_trail;
//! Controls: what keeps the books honest from outside the ledger.

pub mod period_close;
