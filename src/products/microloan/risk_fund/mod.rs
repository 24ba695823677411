//! The risk-compensation fund (风险补偿金): leverage, breaker, claims, recoveries (domain/loans.md §5, posting-rules.md §2).
//!
//! Pure, but for `store.rs` and `service.rs`.
//!
//! ```text
//!   contribute ─▶ F101/F301      claim ─▶ filed ─approve▶ approved ─pay▶ paid (F501/F101) ─recover▶ (F101/F411) ─write off▶ memo
//!                                              └ reject ▶ rejected                   ◀give back─ (F411/F101)
//! ```
//! 1. A loss is shared in the policy's order; the last party takes the remainder, so shares sum to the loss.
//! 2. After compensation the household owes what it owed; what comes back is shared by the same ratio.
//! 3. F501 − F411 = Σ claims not recovered, those written off included (posting-rules.md §6, equality 5).

pub mod breaker;
pub mod claim;
pub mod month;
pub mod posting_rules;
pub mod refusal;
pub mod service;
pub mod store;
