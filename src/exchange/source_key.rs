//! The key by which an imported voucher is known again.
//!
//! Pure.
//!
//! 1. The key is made of the voucher's content (date, the file's own number, lines in their order) and of how
//!    many equal vouchers stood before it in the file; never of row numbers, file names or formats.
//! 2. So the same file twice gives the same keys, also as csv and as xlsx, and two equal vouchers of one
//!    file get two keys.
//! 3. Where the file numbers its vouchers the key begins with date and number, so that a voucher whose content was changed
//!    since is found by [`place`]; keys of before have no such beginning and are known by [`content`].

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::calendar::BusinessDate;
use crate::ledger::{Dimension, Voucher};

/// Counts equal vouchers of one file.
#[derive(Debug, Default)]
pub struct SourceKeys {
    seen: HashMap<[u8; 16], u32>,
}

impl SourceKeys {
    /// The key of the next voucher: its place in the file, 32 hexadecimal characters of its digest, its occurrence from 1.
    pub fn next(&mut self, voucher: &Voucher, file_number: &str) -> String {
        let digest = digest(voucher, file_number);
        let occurrence = self.seen.entry(digest).or_insert(0);
        *occurrence += 1;
        let place = if file_number.is_empty() { String::new() } else { place(voucher.dated_on, file_number) };
        format!("{place}{}-{occurrence}", hex::encode(digest))
    }
}

/// How the keys of a date and a file's own number begin, whatever the voucher's content.
pub fn place(on: BusinessDate, file_number: &str) -> String {
    format!("{on} {file_number} ")
}

/// The part of a key that tells the content: the whole of it in keys of before.
pub fn content(key: &str) -> &str {
    key.rsplit(' ').next().unwrap_or(key)
}

/// The first half of a SHA-256 over the content; every text carries its length, so no two contents run together.
fn digest(voucher: &Voucher, file_number: &str) -> [u8; 16] {
    let mut sha = Sha256::new();
    let mut text = |text: &str| {
        sha.update((text.len() as u64).to_be_bytes());
        sha.update(text.as_bytes());
    };
    text(&voucher.dated_on.to_string());
    text(file_number);
    for line in &voucher.lines {
        text(&line.summary);
        text(line.account.as_str());
        text(&line.debit.fen().to_string());
        text(&line.credit.fen().to_string());
        for dimension in Dimension::ALL {
            text(line.dimensions.get(dimension).unwrap_or(""));
        }
    }
    let whole: [u8; 32] = sha.finalize().into();
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    half
}
