//! The acceptance points of the screens: each has a test that names it.
//!
//! A point is called by its screen and its place there (`S03-A1`), in a comment of the test that proves it.

use crate::tree::{Finding, none};

/// The screens and how many points each has.
const POINTS: [(&str, usize); 14] = [
    ("S01", 4),
    ("S02", 3),
    ("S03", 7),
    ("S04", 4),
    ("S05", 3),
    ("S06", 3),
    ("S07", 2),
    ("S08", 2),
    ("S09", 3),
    ("S10", 7),
    ("S11", 5),
    ("S12", 3),
    ("S13", 4),
    ("S19", 2),
];

/// The points that no text names.
fn unnamed(texts: &[String]) -> Vec<Finding> {
    let points = POINTS.iter().flat_map(|(screen, count)| (1..=*count).map(move |n| format!("{screen}-A{n}")));
    let named = |point: &String| {
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_digit());
        texts.iter().any(|text| text.split(point.as_str()).skip(1).any(ends))
    };
    let missing = points.filter(|point| !named(point));
    missing.map(|point| Finding { path: "tests".to_owned(), line: 0, what: format!("no test names {point}") }).collect()
}

/// All texts of tests but those of this folder.
fn tests() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let (mut folders, mut texts) = (vec![root], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the tests are there") {
            let path = entry.expect("an entry is read").path();
            if path.is_dir() && !path.ends_with("tests/tidy") {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                texts.push(std::fs::read_to_string(&path).expect("a test is text"));
            }
        }
    }
    texts
}

#[test]
fn every_point_of_the_screens_has_a_test() {
    none(unnamed(&tests()));
}

#[test]
fn a_point_without_a_test_is_noticed() {
    let all: usize = POINTS.iter().map(|(_, count)| count).sum();
    assert_eq!(unnamed(&[]).len(), all);
    assert_eq!(unnamed(&["/// S03-A1: keys. S03-A10".to_owned(), "S19-A2".to_owned()]).len(), all - 2);
}
