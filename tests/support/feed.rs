//! Bytes for every reader there is: only that they end, and their bounds, count.

use crate::readers::{READERS, walk};

/// Feeds bytes to every reader.
pub fn feed(bytes: &[u8]) {
    let (rows, walked) = walk(bytes);
    // What is no table of rows is none for any of the others: they all begin with the walk above.
    let is_table = walked.is_ok() || rows > 0;
    for (_, kind, read) in READERS {
        if is_table || kind == "bank" {
            let _ = read(bytes);
        }
    }
}
