#![doc = include_str!("ARCHITECTURE.md")]

pub mod calendar;
pub mod faces;
pub mod ledger;
pub mod money;
pub mod parties;
pub mod products;
pub mod refusal;
