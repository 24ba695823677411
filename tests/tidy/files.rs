//! How a file begins and how long it is.

use crate::tree::{Finding, Source, all, none, rust_in_src};

const LINES: usize = 400;

/// Files that may be longer, and why.
const LONGER: [(&str, &str); 1] = [("src/db/tables.rs", "a list: one entry for each table, read from one place")];

fn without_header(source: &Source) -> Option<Finding> {
    let first = source.text.lines().next().unwrap_or_default();
    let is_header = first.starts_with("//!") || first.starts_with("#![doc = include_str!");
    let what = "begin with `//!`: what this file is, whether it is pure, and what always holds (numbered)";
    (!is_header).then(|| Finding::new(source, 1, what))
}

fn too_long(source: &Source) -> Option<Finding> {
    let lines = source.text.lines().count();
    let is_allowed = LONGER.iter().any(|(path, _)| *path == source.path);
    let what = format!(
        "{lines} lines; split it by the question a clerk would ask, or add it to LONGER in tests/tidy/files.rs with the reason"
    );
    (lines > LINES && !is_allowed).then(|| Finding::new(source, LINES + 1, what))
}

/// Entries of the list above that no longer need to be there.
fn stale<'a>(longer: &[(&'a str, &str)], sources: &[Source]) -> Vec<&'a str> {
    let is_long = |path: &str| sources.iter().any(|source| source.path == path && source.text.lines().count() > LINES);
    longer.iter().map(|(path, _)| *path).filter(|path| !is_long(path)).collect()
}

#[test]
fn every_file_says_what_it_is() {
    none(rust_in_src().iter().filter_map(without_header).collect());
}

#[test]
fn files_are_short_enough_to_read() {
    let sources = all();
    none(sources.iter().filter(|source| source.is_rust()).filter_map(too_long).collect());
    assert_eq!(stale(&LONGER, &sources), [""; 0], "these are short now: take them out of LONGER in tests/tidy/files.rs");
}

#[test]
fn a_bare_file_and_a_long_file_are_noticed() {
    assert!(without_header(&Source::sample("src/a.rs", "use x;\n//! late")).is_some());
    assert!(without_header(&Source::sample("src/a.rs", "//! A thing.\n")).is_none());
    let long = Source::sample("src/a.rs", &"//! A\n".repeat(LINES + 1));
    assert!(too_long(&long).is_some() && too_long(&Source::sample("src/a.rs", &"//! A\n".repeat(LINES))).is_none());
    assert_eq!(stale(&[("src/a.rs", "why"), ("src/gone.rs", "why")], &[long]), ["src/gone.rs"]);
}
