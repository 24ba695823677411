//! The digest of a closed period's trial balance: printed on the public sheet, it tells whether the books were rewritten.
//!
//! Pure. SHA-256 over `book|period` and one line `dimension|account|member|debit|credit` per row of the year to
//! date, in the order of their bytes, fields as JSON.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::calendar::AccountingPeriod;
use crate::ledger::BookCode;

/// The digest of a book's trial balance at the end of a period.
pub fn period_digest(book: &BookCode, period: AccountingPeriod, rows: &BTreeMap<(String, String, String), (i64, i64)>) -> String {
    let mut digest = Sha256::new();
    digest.update(format!("{book}|{period}\n"));
    for row in rows {
        let text = serde_json::to_string(&row).expect("texts and integers always serialise");
        digest.update(text);
        digest.update("\n");
    }
    hex::encode(digest.finalize())
}
