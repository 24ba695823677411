//! The command line: one file per noun.

pub mod bench;
pub mod calc;
