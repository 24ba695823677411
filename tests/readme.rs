//! The README is a promise: every `cunzhang …` line of it is run here, in its order, from an empty folder.

mod support;

use std::process::Command;

/// The lines of the README's shell blocks that begin with the program's name.
fn lines() -> Vec<String> {
    let text = include_str!("../README.md");
    let blocks = text.split("```sh").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(str::lines).filter(|line| line.starts_with("cunzhang "));
    lines.map(|line| line.split("  #").next().unwrap_or(line).trim().to_owned()).collect()
}

#[test]
fn every_line_of_the_readme_runs() {
    let folder = tempfile::tempdir().expect("a folder for the README");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_cunzhang")).parent().expect("the program is in a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let lines = lines();
    assert!(lines.len() > 25, "the README shows {} commands; are its blocks still marked sh?", lines.len());
    for line in lines {
        let mut shell = Command::new("sh");
        let shell = shell.args(["-c", &line]).current_dir(folder.path()).env("PATH", &path);
        for name in ["CUNZHANG_DB", "CUNZHANG_AS", "CUNZHANG_COUNTY"] {
            shell.env_remove(name);
        }
        let done = shell.output().expect("a shell runs");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{line}\n{said}");
    }
}
