//! Flags as raised, runs and watched people (`flags`), findings (`findings`), what the rules look at (`facts`, `registers`,
//! `credit`), the county's matrix and trail (`overview`), what the package holds (`package`).

pub mod credit;
pub mod facts;
pub mod findings;
pub mod flags;
pub mod overview;
pub mod package;
pub mod registers;
