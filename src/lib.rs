#![doc = include_str!("ARCHITECTURE.md")]

pub mod access;
pub mod calendar;
pub mod controls;
pub mod db;
pub mod demo;
pub mod exchange;
pub mod faces;
pub mod ledger;
pub mod money;
pub mod office;
pub mod parties;
pub mod payouts;
pub mod products;
pub mod refusal;
pub mod statements;
pub mod words;
