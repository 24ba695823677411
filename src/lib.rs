#![doc = include_str!("ARCHITECTURE.md")]

pub mod calendar;
pub mod ledger;
pub mod money;
pub mod refusal;
pub mod statements;
