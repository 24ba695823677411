//! Shares (股权) of cooperatives and village collectives: who holds what since when, and what the year's surplus pays on it.
//!
//! ```text
//!   subscribe 入股 ─┐
//!   allot 配股 ─────┤                     ┌─▶ holdings on any date ─▶ register, certificates, member accounts
//!   transfer 转让 ──┼─▶ share_entry (±) ──┤
//!   convert 转股 ───┤                     └─▶ share-days of a year ─▶ distribution
//!   withdraw 退股 ──┘
//!   settle result ─▶ draft 编制 ─▶ review 复核 ─▶ publish 公示 ─▶ post 发放 ─▶ (payouts) ─▶ archive 归档
//! ```
//! Pure, but for `store/` and `service/`.
//!
//! 1. The register is only added to; a holding is the sum of its entries up to a date and is never negative.
//! 2. Σ contributions of a member in the register = account 301 of that member (I7).
//! 3. What a plan distributes adds up to its pools to the fen; every row says how it came about.
//! 4. Nobody reviews the plan they drafted (I12); a posted plan never changes.

pub mod class;
pub mod contribution;
pub mod distribution;
pub mod explain;
pub mod holding;
pub mod plan;
pub mod posting_rules;
pub mod refusal;
pub mod reports;
pub mod service;
pub mod store;

#[cfg(test)]
mod tests;
