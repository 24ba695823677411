//! The commands of the office, for every face: one grammar (`cli/args.rs`), asked from a terminal, a page or a program.
//!
//! ```text
//! terminal ───────────────┐
//! page (web/command.rs) ──┼─▶ grammar (clap) ─▶ the noun's file in cli/ ─▶ act or reader ─▶ Reply
//! program (http/) ────────┘
//! ```
//!
//! | file | question it answers |
//! |---|---|
//! | `catalogue.rs` | which commands do pages and programs have, and what do they need? |
//! | `grammar.rs` | which fields does a command take, and what are they called? |
//! | `run.rs` | how do typed fields and uploaded files become a command, and what does it answer? |
//!
//! 1. A command means the same at every face: same fields, same refusals, same answer.
//! 2. Commands about the machine (database files, servers, benchmarks) are for the terminal only.
//! 3. A path is never taken from outside: a file field takes an uploaded file's bytes.

pub mod catalogue;
pub mod command;
pub mod grammar;
pub mod run;

pub use catalogue::{COMMANDS, find};
pub use command::{Command, Kind, Place};
