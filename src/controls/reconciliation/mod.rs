//! Reconciliation: the bank's statement lines against the lines of the bank account in the books.
//!
//! Pure, but for `store.rs` and `service/`.
//!
//! ```text
//!   file ──ImportStatement──▶ statement lines ──RunMatching──▶ matched ──Unmatch──▶ as before
//!                 ▲ UndoImport                └─Match · SplitLine · ProposeVouchers (drafts)
//!                                             └─PostLoanMoney (the loan's own act, matched) ──UndoLoanMoney──▶ as before
//!   month's end: SaveReconciliation keeps the 银行存款余额调节表; period close looks for it
//! ```
//!
//! 1. Amounts match to the fen; only exact and unique pairs match by themselves.
//! 2. The same file again adds nothing; of equal lines as many are kept as the fullest file shows.
//! 3. A match changes no voucher, and undoing it leaves no trace but the audit trail.
//! 4. What lies wholly in closed and reconciled months does not change.

pub mod account;
pub mod candidates;
pub mod evidence;
pub mod loan_list;
pub mod loan_money;
pub mod matching;
pub mod names;
pub mod papers;
mod refusal;
pub mod rules;
pub mod service;
pub mod store;
pub mod transfers;

pub use evidence::{BankItem, BookItem};
pub use refusal::ReconciliationRefusal;
