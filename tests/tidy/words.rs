//! Words that do not belong in the tree: floats, unfinished work, the clock in the middle of a rule, paths of one machine.

use crate::rust_text::{line_at, parts, parts_without_tests};
use crate::tree::{Finding, Source, all, none, rust_in_src};

/// The one place a float is right, said on the line itself.
const XLSX_MARKER: &str = "// xlsx stores numbers as binary doubles";

fn floats(source: &Source) -> Vec<Finding> {
    let code = parts(&source.text).code;
    let lines = code.lines().zip(source.text.lines()).enumerate();
    let wrong = lines.filter(|(_, (code, raw))| words(code).any(is_float) && !raw.contains(XLSX_MARKER));
    let what = format!("a float: keep money in Amount and rates in Decimal, or end the line with `{XLSX_MARKER}`");
    wrong.map(|(at, _)| Finding::new(source, at + 1, what.as_str())).collect()
}

fn is_float(word: &str) -> bool {
    matches!(word, "f32" | "f64") || word.ends_with("_f64") || word.ends_with("_f32")
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

fn unfinished(source: &Source) -> Vec<Finding> {
    let code: String = parts(&source.text).code;
    let banned = [
        ("todo!", "finish it, or leave it out and say so in ARCHITECTURE.md"),
        ("unimplemented!", "finish it, or leave it out and say so in ARCHITECTURE.md"),
        ("dbg!", "remove it"),
        ("#[ignore", "a test that does not run proves nothing: make it run or delete it"),
        ("allow(dead_code", "delete what nobody uses"),
    ];
    let is_harness = source.path == "tests/support/mod.rs"; // each test binary uses its own part of the harness
    let found = banned.iter().filter(|(word, _)| !(is_harness && word.contains("dead_code")));
    found.flat_map(|(word, what)| each(source, &code, word, &format!("`{word}`: {what}"))).collect()
}

/// One finding for every place a word stands in the text.
fn each(source: &Source, text: &str, word: &str, what: &str) -> Vec<Finding> {
    text.match_indices(word).map(|(at, _)| Finding::new(source, line_at(text, at), what)).collect()
}

fn clocks(source: &Source) -> Vec<Finding> {
    if source.path.starts_with("src/office/") {
        return Vec::new();
    }
    let parts = parts_without_tests(&source.text);
    let what = "the time comes from office::clock; hand it in as a value";
    // Instant only measures how long something took; arrows.rs keeps it out of the rules.
    let code = parts.code.replace("Instant::now()", "Instant::...()");
    let mut found = each(source, &code, "now()", what);
    let clock_words = ["now()", "current_timestamp", "current_date", "'now'"];
    let in_strings = parts.literals.iter().filter(|literal| {
        let text = literal.text.to_lowercase();
        clock_words.iter().any(|word| text.contains(word))
    });
    found.extend(in_strings.map(|literal| Finding::new(source, literal.line, what)));
    found
}

fn machine_paths(source: &Source) -> Vec<Finding> {
    // Put together here, so that this file does not hold them.
    let banned =
        [["/wo", "rk/"], ["/ro", "ot/"], ["/ho", "me/"], [".lib", "rary/"], ["C:", "\\Users"]].map(|halves| halves.concat());
    let found = banned.iter().flat_map(|word| {
        each(source, &source.text, word, &format!("`{word}` is a path of one machine: say it relative to the repository"))
    });
    found.collect()
}

#[test]
fn no_floats() {
    none(rust_in_src().iter().flat_map(floats).collect());
}

#[test]
fn nothing_unfinished() {
    none(all().iter().filter(|source| source.is_rust()).flat_map(unfinished).collect());
}

#[test]
fn the_clock_is_read_in_the_office_only() {
    none(rust_in_src().iter().flat_map(clocks).collect());
}

#[test]
fn no_paths_of_one_machine() {
    none(all().iter().flat_map(machine_paths).collect());
}

#[test]
fn each_banned_word_is_noticed() {
    let count = |rule: fn(&Source) -> Vec<Finding>, path: &str, text: &str| rule(&Source::sample(path, text)).len();
    assert_eq!(count(floats, "src/a.rs", "fn a(x: f64) -> f32 {}\nlet y = 1f64; // f64 in words\nx.to_f64()"), 2);
    assert_eq!(count(floats, "src/a.rs", &format!("let x: f64 = 1.0; {XLSX_MARKER}")), 0);
    assert_eq!(count(unfinished, "src/a.rs", "todo!(); dbg!(x); \"todo!\"\n#[ignore]\nfn t() {}\n#[allow(dead_code)]"), 4);
    assert_eq!(count(clocks, "src/ledger/a.rs", "Utc::now(); clock.now(); \"select now()\"; Instant::now()"), 3);
    assert_eq!(count(clocks, "src/office/clock.rs", "Utc::now()"), 0);
    assert_eq!(count(machine_paths, "README.md", &["see /ro", "ot/x and\n/wo", "rk/y"].concat()), 2);
}
