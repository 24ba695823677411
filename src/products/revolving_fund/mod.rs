//! The village revolving fund (扶贫周转金): money of the county that a village lends to households or invests, and gets back.
//!
//! ```text
//!   open ─▶ received ─▶ lent ⇄ repaid        returned to the county
//!                  └──▶ invested ⇄ recovered ────────┘
//! ```
//! Pure, but for `store.rs` and `service.rs`.
//!
//! 1. What is there = received − returned − lent + repaid − invested + recovered, on no day below zero.
//! 2. Nobody gives back more than they have.
//! 3. The fund is a debt of the village (221), never its income; its lines carry the fund as project.

pub mod moves;
pub mod posting_rules;
pub mod refusal;
pub mod reports;
pub mod service;
pub mod store;

#[cfg(test)]
mod tests;
