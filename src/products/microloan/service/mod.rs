//! Acts on loans. Lists throughout: one loan is a list of one.
//!
//! 1. Every change of a paid-out loan goes through `record::bring_up_to_date`: facts in, timeline, differences out.
//! 2. What was settled and turns out wrong is set off in the open month; the old rows stay.

pub mod apply;
pub mod check;
pub mod classify;
pub mod month;
pub mod own_books;
pub mod record;
pub mod settle;
pub mod steps;

pub use apply::{Application, ApplyLoans};
pub use check::{check_equalities, check_loans};
pub use classify::{ClassifyChunk, ImportBankClasses};
pub use month::{fund_month, fund_month_paper};
pub use record::{Entry, RecordFacts};
pub use settle::{Progress, SettleChunk, settle_run};
pub use steps::{SignLoans, Signing, StepLoans};

pub use crate::products::microloan::store::as_of::register_on;
