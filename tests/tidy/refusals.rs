//! Refusal codes: people quote them, so each means one thing.

use crate::rust_text::{Parts, line_at, parts};
use crate::tree::{Finding, Source, none, rust_in_src};
use std::collections::BTreeMap;

/// A declared code, the enum that declares it, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Declared {
    code: String,
    family: String,
    path: String,
    line: usize,
}

/// The codes a file declares: strings like `L-101` right before a variant in a `refusals!` block.
fn declared(source: &Source) -> Vec<Declared> {
    let parts = parts(&source.text);
    let blocks = parts.code.match_indices("refusals! {").filter_map(|(at, _)| Some((at, at + end_of_block(&parts.code[at..])?)));
    blocks.flat_map(|(start, end)| in_block(source, &parts, start, end)).collect()
}

fn in_block(source: &Source, parts: &Parts, start: usize, end: usize) -> Vec<Declared> {
    let head = parts.code[start..end].split("enum ").nth(1).unwrap_or_default();
    let name: String = head.chars().take_while(|c| c.is_alphanumeric()).collect();
    let codes = parts.literals.iter().filter(|literal| (start..end).contains(&literal.at) && is_code(&literal.text));
    codes
        .map(|literal| Declared {
            code: literal.text.clone(),
            family: name.clone(),
            path: source.path.clone(),
            line: literal.line,
        })
        .collect()
}

fn is_code(text: &str) -> bool {
    let parts = text.split_once('-').unwrap_or_default();
    parts.0.len() == 1
        && parts.0.bytes().all(|c| c.is_ascii_uppercase())
        && !parts.1.is_empty()
        && parts.1.bytes().all(|c| c.is_ascii_digit())
}

fn end_of_block(code: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, byte) in code.bytes().enumerate() {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        if depth == 0 && byte == b'}' {
            return Some(at);
        }
    }
    None
}

/// Codes that are declared twice, and enums with codes of two letters.
fn clashes(declared: &[Declared]) -> Vec<Finding> {
    let mut first: BTreeMap<&str, &Declared> = BTreeMap::new();
    let mut letter: BTreeMap<(&str, &str), char> = BTreeMap::new();
    let mut found = Vec::new();
    for this in declared {
        let mut say = |what: String| found.push(Finding { path: this.path.clone(), line: this.line, what });
        if let Some(earlier) = first.insert(&this.code, this) {
            say(format!(
                "{} is {}'s already ({}:{}): take the next free number",
                this.code, earlier.family, earlier.path, earlier.line
            ));
        }
        let own = this.code.chars().next().unwrap_or_default();
        if *letter.entry((&this.path, &this.family)).or_insert(own) != own {
            say(format!("{} mixes letters: one enum, one letter", this.family));
        }
    }
    found
}

/// Codes in brackets in a sentence that nobody declares, as `[L-101]` in a message or a page.
fn unknown(source: &Source, known: &[Declared]) -> Vec<Finding> {
    let quoted = source.text.match_indices('[').filter_map(|(at, _)| {
        let inside = source.text[at + 1..].split(']').next()?;
        (is_code(inside) && !known.iter().any(|declared| declared.code == inside)).then_some((at, inside))
    });
    quoted.map(|(at, code)| Finding::new(source, line_at(&source.text, at), format!("no refusal has the code {code}"))).collect()
}

#[test]
fn a_code_means_one_thing() {
    let declared: Vec<Declared> = rust_in_src().iter().flat_map(declared).collect();
    none(clashes(&declared));
}

/// The English next steps stand in a file of their own, one line a code.
const NEXT_IN_ENGLISH: &str = "src/faces/web/text/next_en.csv";

/// Codes without a line, and lines without a code.
fn untold(declared: &[Declared], lines: &str) -> Vec<Finding> {
    let told: Vec<&str> = lines.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let missing = declared.iter().filter(|this| !told.contains(&this.code.as_str())).map(|this| Finding {
        path: this.path.clone(),
        line: this.line,
        what: format!("{} has no next step in English: add a line to {NEXT_IN_ENGLISH}", this.code),
    });
    let known = |code: &&str| declared.iter().any(|this| this.code == *code);
    let stray = told.iter().enumerate().filter(|(_, code)| !known(code)).map(|(at, code)| Finding {
        path: NEXT_IN_ENGLISH.to_owned(),
        line: at + 2,
        what: format!("no refusal has the code {code}"),
    });
    missing.chain(stray).collect()
}

#[test]
fn every_refusal_has_a_next_step_in_english() {
    let declared: Vec<Declared> = rust_in_src().iter().flat_map(declared).collect();
    let lines = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(NEXT_IN_ENGLISH)).unwrap();
    none(untold(&declared, &lines));
    assert_eq!(untold(&declared, "code,next\nQ-999,x\n").len(), declared.len() + 1);
}

#[test]
fn pages_quote_codes_that_exist() {
    let declared: Vec<Declared> = rust_in_src().iter().flat_map(declared).collect();
    let pages = crate::tree::all().into_iter().filter(|source| source.path.ends_with(".md"));
    none(pages.flat_map(|page| unknown(&page, &declared)).collect());
}

#[test]
fn a_code_given_twice_is_noticed() {
    let text = "crate::refusals! {\n  /// x\n  pub enum A {\n    \"L-101\" One zh \"a\" en \"see [L-102]\" next \"c\";\n    \"L-102\" Two { a: u8 } zh \"a\" en \"b\" next \"c\";\n  }\n}\n";
    let one = declared(&Source::sample("src/a.rs", text));
    assert_eq!(
        one.iter().map(|d| (d.code.as_str(), d.family.as_str(), d.line)).collect::<Vec<_>>(),
        [("L-101", "A", 4), ("L-102", "A", 5)]
    );
    let twin = declared(&Source::sample("src/b.rs", &text.replace("enum A", "enum B").replace("L-102", "P-102")));
    assert_eq!(clashes(&one), []);
    assert_eq!(clashes(&[one.clone(), twin].concat()).len(), 2, "one code twice, one enum with two letters");
    assert_eq!(unknown(&Source::sample("README.md", "[L-101] and [L-999]"), &one).len(), 1);
}
