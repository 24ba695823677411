//! Decision pages: what the code cites exists, and the map leads to every page.

use crate::rust_text::line_at;
use crate::tree::{Finding, Source, all, none};

const FOLDER: &str = "src/decisions/";
const MAP: &str = "src/ARCHITECTURE.md";

/// The number of a page, `0004` of `src/decisions/0004-no-foreign-keys.md`.
fn number(page: &Source) -> &str {
    page.path[FOLDER.len()..].split(['-', '.']).next().unwrap_or_default()
}

fn pages(sources: &[Source]) -> Vec<&Source> {
    sources.iter().filter(|source| source.path.starts_with(FOLDER) && source.path.ends_with(".md")).collect()
}

/// Places that cite `decisions/NNNN` where there is no such page, or name the page wrongly.
fn dangling(source: &Source, pages: &[&Source]) -> Vec<Finding> {
    let cited = source.text.match_indices("decisions/").filter_map(|(at, word)| {
        let rest = &source.text[at + word.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.')).unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches('.');
        name.starts_with(|c: char| c.is_ascii_digit()).then_some((at, name))
    });
    let is_there = |name: &str| {
        pages.iter().any(|page| number(page) == name || page.path == format!("{FOLDER}{}.md", name.trim_end_matches(".md")))
    };
    let wrong = cited.filter(|(_, name)| !is_there(name));
    wrong
        .map(|(at, name)| {
            Finding::new(source, line_at(&source.text, at), format!("there is no page {FOLDER}{name}: write it or cite another"))
        })
        .collect()
}

/// Pages the map does not mention, and numbers given twice.
fn lost(pages: &[&Source], map: &str) -> Vec<Finding> {
    let is_on_map =
        |page: &&Source| map.contains(&page.path["src/".len()..]) || map.contains(&format!("decisions/{}", number(page)));
    let mut found: Vec<Finding> = pages
        .iter()
        .filter(|page| !is_on_map(page))
        .map(|page| Finding::new(page, 1, format!("link this page in {MAP}")))
        .collect();
    for (at, page) in pages.iter().enumerate() {
        let is_numbered = number(page).len() == 4 && number(page).bytes().all(|byte| byte.is_ascii_digit());
        if !is_numbered {
            found.push(Finding::new(page, 1, "name it NNNN-title.md"));
        }
        if pages[..at].iter().any(|earlier| number(earlier) == number(page)) {
            found.push(Finding::new(page, 1, "this number is taken: give it the next free one"));
        }
    }
    found
}

#[test]
fn cited_decisions_exist() {
    let sources = all();
    let pages = pages(&sources);
    let citing = sources.iter().filter(|source| !source.path.starts_with("tests/tidy/"));
    none(citing.flat_map(|source| dangling(source, &pages)).collect());
}

#[test]
fn every_decision_is_on_the_map() {
    let sources = all();
    let map = sources.iter().find(|source| source.path == MAP).unwrap_or_else(|| panic!("{MAP} is missing"));
    none(lost(&pages(&sources), &map.text));
}

#[test]
fn a_dangling_citation_and_a_lost_page_are_noticed() {
    let page = Source::sample("src/decisions/0004-no-keys.md", "");
    let twin = Source::sample("src/decisions/0004-other.md", "");
    let citing = Source::sample(
        "src/a.rs",
        "// decisions/0004, src/decisions/0004-no-keys.md\n// src/decisions/0005. decisions/0004-keys.md",
    );
    assert_eq!(dangling(&citing, &[&page]).iter().map(|found| found.line).collect::<Vec<_>>(), [2, 2]);
    assert_eq!(lost(&[&page], "see [why](decisions/0004-no-keys.md)"), []);
    assert_eq!(lost(&[&page], "nothing").len(), 1);
    assert_eq!(lost(&[&page, &twin], "decisions/0004").len(), 1);
}
