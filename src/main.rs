//! The program `cunzhang`: everything is in the library; this only hands over the arguments.

use std::process::ExitCode;

fn main() -> ExitCode {
    cunzhang::faces::cli::run(std::env::args_os())
}
