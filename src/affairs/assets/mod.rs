//! Assets and resources (资产资源登记): a card for each, from the day it was had until it is gone.
//!
//! Pure, but for `store.rs` and `service.rs`.
//!
//! 1. A card's code is used once in a book; what was disposed of stays on the register.
//! 2. A month's depreciation is proposed once; a voucher that was voided or reversed leaves the month open again.

pub mod card;
pub mod depreciation;
pub mod posting_rules;
pub mod reports;
pub mod service;
pub mod store;
