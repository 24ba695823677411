//! 村账: the whole program as a library. Its rooms, and which may know of which:
//!
#![doc = include_str!("ARCHITECTURE.md")]

pub mod access;
pub mod affairs;
pub mod calendar;
pub mod controls;
pub mod db;
pub mod demo;
pub mod exchange;
pub mod faces;
pub mod household_card;
pub mod incomes;
pub mod ledger;
pub mod money;
pub mod office;
pub mod papers;
pub mod parties;
pub mod payouts;
pub mod products;
pub mod refusal;
pub mod statements;
pub mod words;
