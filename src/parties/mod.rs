//! Parties: who and where. This part checks the numbers by which people, organisations, bank
//! accounts and places are known.
//!
//! Pure.
//!
//! 1. A number is either taken in its one stored form or refused with the reason.
//! 2. What may be wrong but cannot be decided from the number alone is a warning, not a refusal.

pub mod bank_card;
pub mod credit_code;
pub mod division_code;
pub mod masking;
pub mod resident_id;
pub mod spreadsheet_damage;

pub use bank_card::{AccountKind, BankAccount};
pub use credit_code::CreditCode;
pub use division_code::DivisionCode;
pub use masking::{mask_account, mask_id};
pub use resident_id::ResidentId;
