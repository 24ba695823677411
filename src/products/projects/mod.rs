//! Projects (项目管理) of villages: from the document that grants money to the asset that is used, and what it brings later.
//!
//! ```text
//!   proposed ──ApproveProject──▶ approved ──contract, progress, work, payment──▶ building ──AcceptProject──▶ accepted
//!   ──SettleProject──▶ settled ──FinishProject──▶ finished (asset on the register) ──benefit, retention paid──▶
//!   any of them ──the village is merged (service/moving)──▶ moved; goes on in the other book where it stood
//! ```
//! Pure, but for `store.rs` and `service/`.
//!
//! 1. Where a project stands follows from its deeds alone; no deed is changed or taken away.
//! 2. Nothing is paid before the approval, beyond the budget, a budget line, a contract's progress or the settlement.
//! 3. A payment is a submitted voucher that another person approves; one voided or reversed does not count.
//! 4. Who made the card neither approves, accepts nor settles the project.
//! 5. Money from above (241) and levies (231) never stand below zero for a project.

pub mod card;
pub mod deed;
pub mod payment;
pub mod posting_rules;
pub mod refusal;
pub mod reports;
pub mod rules;
pub mod service;
pub mod standing;
pub mod store;

#[cfg(test)]
mod tests;
