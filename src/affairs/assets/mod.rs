//! Assets and resources (资产资源登记): a card for each, from the day it was had until it is gone.
//!
//! Pure, but for `store.rs`.
//!
//! 1. A card's code is used once in a book; what was disposed of stays on the register.

pub mod card;
pub mod reports;
pub mod store;
