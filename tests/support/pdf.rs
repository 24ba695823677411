//! PDFs as others read them: text, places of words, page boxes and pictures, by poppler.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A word and where it stands, in tenths of a millimetre from the upper left corner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub page: usize,
    pub x: i64,
    pub y: i64,
    pub word: String,
}

fn poppler(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|why| panic!("{program}: {why}; install poppler-utils"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn path_of(path: &Path) -> &str {
    path.to_str().expect("test paths are text")
}

/// All text, page by page, as it is laid out.
pub fn pages(path: &Path) -> Vec<String> {
    let text = poppler("pdftotext", &["-layout", path_of(path), "-"]);
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
}

/// Width and height of every page, in tenths of a millimetre.
pub fn boxes(path: &Path) -> Vec<(i64, i64)> {
    let told = poppler("pdfinfo", &["-f", "1", "-l", "100000", path_of(path)]);
    let size = |line: &str| {
        let (_, size) = line.strip_prefix("Page ")?.split_once("size:")?;
        let mut sides = size.split_whitespace().filter_map(|word| word.parse::<f64>().ok());
        Some((tenths(sides.next()?), tenths(sides.next()?)))
    };
    told.lines().filter_map(size).collect()
}

fn tenths(points: f64) -> i64 {
    (points * 254.0 / 72.0).round() as i64
}

/// Every word with its place.
pub fn words(path: &Path) -> Vec<Placed> {
    let told = poppler("pdftotext", &["-bbox", path_of(path), "-"]);
    let mut page = 0;
    let mut found = Vec::new();
    for line in told.lines().map(str::trim) {
        page += usize::from(line.starts_with("<page "));
        let Some(rest) = line.strip_prefix("<word ") else { continue };
        let value = |name: &str| {
            let at = rest.find(name)? + name.len() + 2;
            rest[at..].split('"').next()?.parse::<f64>().ok()
        };
        let word = rest.split_once('>').map_or("", |(_, word)| word).trim_end_matches("</word>").to_owned();
        let (x, y) = (value("xMin").expect("a word has a place"), value("yMin").expect("a word has a place"));
        found.push(Placed { page, x: tenths(x), y: tenths(y), word });
    }
    found
}

/// Pictures of the pages below `target/papers`, to be looked at.
pub fn pictures(path: &Path, name: &str) {
    let folder = folder();
    let (stem, last) = (folder.join(name), "12");
    poppler("pdftoppm", &["-r", "80", "-l", last, "-png", path_of(path), path_of(&stem)]);
}

/// Where pictures and papers of the test run are kept.
pub fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/papers");
    std::fs::create_dir_all(&folder).expect("a folder can be made below target");
    folder
}

/// A text without its blanks.
pub fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Amounts of a text, in order: `1,234.56`, `-5.00`, `¥12.00`.
pub fn amounts(text: &str) -> Vec<String> {
    let is_amount = |word: &&str| {
        let plain = word.strip_prefix('-').unwrap_or(word);
        let (whole, part) = plain.split_once('.').unwrap_or(("", ""));
        part.len() == 2 && !whole.is_empty() && plain.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.')
    };
    text.split_whitespace().map(|word| word.trim_start_matches('¥')).filter(is_amount).map(str::to_owned).collect()
}
