//! The ledger: books, charts, vouchers, posting, balances. The one door for money.
//!
//! ```text
//!   draft ──submit──▶ submitted ──approve──▶ approved ──post──▶ posted ──reverse──▶ (a red voucher, linked)
//!     ▲                  │ return (reason)      │ return
//!     └──────────────────┴──────────────────────┘        draft ──void──▶ voided (keeps its number, 作废)
//! ```
//! The arrows are the acts of `vouchers/service.rs`; `service::post` takes vouchers of business events
//! straight to posted; `books/service.rs` makes books, accounts and openings.

pub mod account;
pub mod attachments;
pub mod books;
pub mod chain;
pub mod chart;
pub mod class_rules;
pub mod conversion;
pub mod fund_class;
pub mod journal;
pub mod posting;
pub mod posting_map;
pub mod refusal;
pub mod regime;
pub mod service;
pub mod store;
pub mod templates;
pub mod voucher;
pub mod vouchers;
pub mod way_back;

pub use account::{AccountClass, AccountCode, Side};
pub use chart::{Chart, ChartAccount};
pub use fund_class::FundClass;
pub use refusal::LedgerRefusal;
pub use regime::{EntityKind, Regime};
pub use voucher::{BookCode, Dimension, Dimensions, Stage, Voucher, VoucherId, VoucherLine, Word};
