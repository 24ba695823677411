//! The files of the repository, and how a rule reports what it found.

use std::path::{Path, PathBuf};

/// A text file: its path from the root with `/` between folders, and what is in it.
#[derive(Debug, Clone)]
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    /// A made-up file, for trying a rule.
    pub fn sample(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

/// Where a rule is broken, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub what: String,
}

impl Finding {
    pub fn new(source: &Source, line: usize, what: impl Into<String>) -> Finding {
        Finding { path: source.path.clone(), line, what: what.into() }
    }
}

/// Fails the test with one line per finding.
#[track_caller]
pub fn none(mut findings: Vec<Finding>) {
    findings.sort();
    let lines: Vec<String> = findings.iter().map(|found| format!("{}:{}: {}", found.path, found.line, found.what)).collect();
    assert!(lines.is_empty(), "{} finding(s)\n{}\n", lines.len(), lines.join("\n"));
}

/// Every Rust file under `src/`.
pub fn rust_in_src() -> Vec<Source> {
    all().into_iter().filter(|source| source.is_rust() && source.path.starts_with("src/")).collect()
}

/// Every text file of the repository, in the order of their paths; not what is built, and not git's own.
pub fn all() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(root, &mut paths);
    paths.sort();
    let sources: Vec<Source> = paths.iter().filter_map(|path| read(root, path)).collect();
    assert!(sources.iter().any(|source| source.path == "src/lib.rs"), "src/lib.rs is not under {}", root.display());
    sources
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    for path in entries.map(|entry| entry.expect("a listed folder entry can be read").path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_symlink()
            || matches!(name.as_str(), "target" | ".git")
            || path == Path::new(env!("CARGO_MANIFEST_DIR")).join("demo")
        {
            continue;
        }
        if path.is_dir() { collect(&path, paths) } else { paths.push(path) }
    }
}

/// `None` for what is not text.
fn read(root: &Path, path: &Path) -> Option<Source> {
    let text = String::from_utf8(std::fs::read(path).ok()?).ok()?;
    let relative = path.strip_prefix(root).ok()?;
    let path = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    Some(Source { path, text })
}
