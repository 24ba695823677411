//! Attachments (附件): bills and papers stored with a voucher, by the digest of their content.
//!
//! 1. The same file is stored once a county and listed once a voucher.
//! 2. Files are in the database, so that a backup or a copy carries them.

pub mod service;
pub mod store;
