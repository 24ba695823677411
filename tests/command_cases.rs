//! Command cases in text: `tests/cases/commands/*.txt`, each run on an empty database of both engines.
//!
//! ```text
//! # A comment.
//! file list.csv            the indented lines below are its content
//!   户编号,姓名
//! xianban: loan show L1 -> refused M-114      the refusal's code (any, where none is written)
//! xianban: calc loss … -> says 35568.65       stands in the answer
//! xianban: loan apply …                       must be done
//! ```

mod support;

use std::path::Path;

use support::process::{Finished, cunzhang, finish};
use support::{TestDatabase, on_both_engines};

/// Types a line in a folder; fails with the line where it comes out otherwise.
fn type_line(url: &str, folder: &Path, line: &str) {
    let (said, expected) = line.split_once(" -> ").map_or((line, None), |(said, expected)| (said, Some(expected.trim())));
    let (who, words) = said.split_once(':').unwrap_or_else(|| panic!("nobody types `{line}`"));
    let mut command = cunzhang(["--db", url, "--as", who].into_iter().chain(words.split_whitespace()));
    let Finished { code, stdout, stderr } = finish(command.current_dir(folder).output().expect("the program starts"));
    let (wanted, holds) = match expected.map(|expected| expected.split_once(' ').unwrap_or((expected, ""))) {
        None => (0, true),
        Some(("refused", code)) => (3, stderr.contains(code)),
        Some(("says", text)) => (0, stdout.contains(text)),
        Some((other, _)) => panic!("`{other}` in `{line}`"),
    };
    assert!(code == Some(wanted) && holds, "{line}\nended with {code:?}\n{stdout}\n{stderr}");
}

fn play(url: &str, text: &str) {
    let folder = tempfile::TempDir::new().expect("a folder can be made");
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        match line.strip_prefix("file ") {
            Some(name) => {
                let mut content = String::new();
                while let Some(row) = lines.next_if(|line| line.starts_with("  ")) {
                    content.push_str(&row[2..]);
                    content.push('\n');
                }
                std::fs::write(folder.path().join(name.trim()), content).expect("a file can be written");
            }
            None if line.is_empty() || line.starts_with('#') => {}
            None => type_line(url, folder.path(), line),
        }
    }
}

on_both_engines! {
    async fn the_credit_programme(database: &TestDatabase) {
        play(database.url(), include_str!("cases/commands/credit.txt"));
    }

    async fn numbers_and_templates_of_vouchers(database: &TestDatabase) {
        play(database.url(), include_str!("cases/commands/vouchers.txt"));
    }

    async fn asset_income(database: &TestDatabase) {
        play(database.url(), include_str!("cases/commands/asset.txt"));
    }

    async fn a_dividend_and_its_payments(database: &TestDatabase) {
        play(database.url(), include_str!("cases/commands/dividend.txt"));
    }
}
