//! The house rules that a compiler does not check. Each rule is one test; each names file and line and what to do,
//! and each is tried on a sample that breaks it.

mod arrows;
mod decisions;
mod files;
mod points;
mod refusals;
mod rust_text;
mod sql;
mod tree;
mod words;
