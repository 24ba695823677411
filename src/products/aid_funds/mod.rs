//! One-off county funds (专项基金): an education-aid fund and the like, with capital, gifts, interest and grants to people.
//!
//! ```text
//!   open ─▶ capital paid in · gifts · interest · fees ─▶ grant (owed to everybody on the list) ─▶ (payouts)
//! ```
//! Pure, but for `store.rs` and `service.rs`. Source: seeds.md §4.6; posting-rules.md §0 (accounts as the risk fund's).
//!
//! 1. A fund has a book of its own; its money is what the book says.
//! 2. Grants never exceed what is there and not yet promised.
//! 3. Nobody stands twice on one grant's list.

pub mod posting_rules;
pub mod refusal;
pub mod reports;
pub mod service;
pub mod store;
