//! The ledger: books, charts, vouchers, posting, balances. The one door for money.
//!
//! ```text
//!   draft ──submit──▶ submitted ──approve──▶ approved ──post──▶ posted ──reverse──▶ (a red voucher, linked)
//!     ▲                  │ return (reason)      │ return
//!     └──────────────────┴──────────────────────┘        draft ──void──▶ voided (keeps its number, 作废)
//! ```
//! `service::{save_draft, submit, approve, return_to_maker, post_approved, reverse, void}` are the arrows;
//! `service::post` takes vouchers of business events straight to posted.

pub mod account;
pub mod chart;
pub mod conversion;
pub mod regime;
pub mod voucher;

pub use account::{AccountClass, AccountCode, Side};
pub use chart::{Chart, ChartAccount};
pub use regime::{EntityKind, Regime};
pub use voucher::{BookCode, Dimension, Dimensions, Stage, Voucher, VoucherId, VoucherLine, Word};
