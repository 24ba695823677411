//! Parties: who and where. The numbers by which people, organisations, bank accounts and places are known;
//! households with their people and standings, credit grades, banks.
//!
//! Pure, but for `store.rs` and `service.rs`, here and in `organisations/`.
//!
//! 1. A number is either taken in its one stored form or refused with the reason.
//! 2. What may be wrong but cannot be decided from the number alone is a warning, not a refusal.

pub mod bank_card;
pub mod credit_code;
pub mod division_code;
pub mod grading;
pub mod household;
pub mod initials;
pub mod masking;
pub mod organisations;
pub mod resident_id;
pub mod service;
pub mod spreadsheet_damage;
pub mod store;

pub use bank_card::{AccountKind, BankAccount};
pub use credit_code::CreditCode;
pub use division_code::DivisionCode;
pub use masking::{mask_account, mask_id, mask_texts};
pub use resident_id::ResidentId;
