//! Batches of interest subsidy (贴息): what each loan is entitled to, review, notice, approval, payment (domain/loans.md §4).
//!
//! Pure, but for `store.rs` and `service/`.
//!
//! ```text
//!   run ─▶ calculated ─review (another person)▶ reviewed ─notice─▶ ─approve▶ approved (S501/S201) ─pay▶ paid (S201/S101)
//!              ▲ a loan changed after review                                └ returned rows (S101/S201), paid again
//!              └──────────────────┘
//! ```
//! 1. A row is the entitlement of one settled interest row; Σ rows = the claim, to the fen.
//! 2. Entitlement − already claimed is a supplement or a claw-back of the next batch.
//! 3. Subsidy + borrower's part = interest; penalty and compound interest are never subsidised.

pub mod compare;
pub mod entitlement;
pub mod notice;
pub mod posting_rules;
pub mod refusal;
pub mod service;
pub mod store;
