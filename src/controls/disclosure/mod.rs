//! Disclosure (村务财务公开): what must be published when, sheets frozen from the live books, and what people ask.
//!
//! ```text
//!   MakeSheet ─▶ drafted ──ApproveSheet (another person)──▶ approved ──PublishSheet──▶ published ──a later version──▶ replaced
//!                   │ ReturnSheet ─▶ returned                                            └─WithdrawSheet (reason)─▶ withdrawn
//!   AskQuestion (anybody) ─▶ AnswerQuestion ─▶ ReleaseQuestion (another person) ─▶ on the public page
//! ```
//! Pure, but for `store/` and `service/`.
//!
//! 1. A sheet is a copy of the books at one moment; later postings change nothing on it.
//! 2. No sheet holds an identity number or an account number: its columns are chosen, its texts masked, the result scanned.
//! 3. Who made a sheet does not approve it; who answered a question does not release the answer.
//! 4. What was published stays under its address; a correction is a new version that says what it replaces.
//! 5. The approver's name and the telephone of supervision are kept with the sheet, as they were when it became public.
//! 6. The public page reads published sheets, released answers and where merged villages went (`store/published.rs`),
//!    nothing else.

pub mod contact;
pub mod frozen;
pub mod masking;
pub mod obligations;
pub mod refusal;
pub mod reports;
pub mod service;
pub mod sheet;
pub mod span;
pub mod store;
