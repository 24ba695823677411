//! What every test binary may lean on: both databases, the built program, and three bookkeeping
//! programs nobody here wrote.
//!
//! 1. Nothing is imitated: the databases are SQLite and PostgreSQL, the program is the built one.
//! 2. What is not installed fails the test and says what to install; no test passes by being skipped.
//! 3. Nothing outlives the test process, however it ends.
#![allow(dead_code, unused_imports, unused_macros)] // each test binary uses its own part of this

pub mod bank;
pub mod county;
pub mod credit;
pub mod engines;
pub mod little_books;
pub mod oracles;
pub mod pdf;
pub mod postgres;
pub mod process;
pub mod proof;
pub mod sqlite;
pub mod statements;
pub mod xls;

pub(crate) use engines::on_both_engines;
pub use engines::{Engine, TestDatabase, engines, fresh};
