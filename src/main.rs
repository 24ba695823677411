//! The program `cunzhang`: everything is in the library; this only hands over the arguments, and chooses the allocator.

use std::process::ExitCode;

/// SQLite takes its memory here too (feature `override`): the system's own cost an eighth of the time of posting and of pages.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cunzhang::faces::cli::run(std::env::args_os())
}
