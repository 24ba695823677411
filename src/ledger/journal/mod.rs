//! The posted journal, streamed out of the database for other programs.
//!
//! Pure, but for `store.rs` and `service.rs`; how a journal is written stands in `exchange/journal_out.rs`.
//!
//! 1. Vouchers leave by book, within a book by period, within a period in the order they were posted.
//! 2. Memory does not grow with the lines: what is held is one period's keys and one chunk of vouchers.

pub mod service;
pub mod store;
