//! Controls: what keeps the books honest from outside the ledger.

pub mod audit_trail;
pub mod disclosure;
pub mod equalities;
pub mod fund_classes;
pub mod mergers;
pub mod period_close;
pub mod reconciliation;
pub mod safekeeping;
pub mod supervision;
pub mod worklist;
pub mod year_close;
