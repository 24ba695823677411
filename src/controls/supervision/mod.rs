//! Supervision (监督管理): red flags by dated rules, findings sent after them, the county's matrix, the package for auditors.
//!
//! ```text
//!   RunFlags ─▶ red flags (first seen, gone)      RaiseFinding ─▶ open ──AnswerFinding──▶ answered ──CloseFinding──▶ closed
//!                                                                   ▲                        │ ReturnFinding (reason)
//!                                                                   └────────────────────────┘
//! ```
//! Pure, but for `store/` and `service/`.
//!
//! 1. Who supervises writes nothing in the books; a rule only reads them.
//! 2. A flag has a rule, a figure and a way to the voucher or claim behind it.
//! 3. A finding is closed by somebody who did not answer it.
//! 4. The matrix reads states, counts and movements, never vouchers' lines.

pub mod credit;
pub mod facts;
pub mod finding;
pub mod flags;
pub mod matrix;
pub mod more;
pub mod package;
pub mod refusal;
pub mod reports;
pub mod rules;
pub mod service;
pub mod store;

#[cfg(test)]
mod tests;
