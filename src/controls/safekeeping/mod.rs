//! Backups kept beside the books: what each says of them, whether it can be had back, and what going back to it costs.
//!
//! ```text
//! kept (keep) ──▶ proven (prove) ──▶ prepared beside the books (prepare) ──▶ in their place (finish)
//!                                         └──▶ given up (cancel)
//! ```
//!
//! Pure, but for `store.rs` and `service/`.
//!
//! 1. A backup says what it holds: the digest of its file, of every book's chain and of every book's reports.
//! 2. What is lost and what is found again is counted, by book, before anything is put back.

pub mod service;
pub mod store;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::exchange::{Column, Sheet};
use crate::refusals;

/// A book as a database holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookState {
    /// Its code.
    pub book: String,
    /// Its name.
    pub name: String,
    /// Its vouchers.
    pub vouchers: i64,
    /// How many of them are posted.
    pub posted: i64,
    /// The digest of its chain there.
    pub digest: String,
    /// The digest of its reports.
    pub reports: String,
}

/// A county's books as a database holds them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The last act of the trail.
    pub last_act: String,
    /// When that was.
    pub last_at: String,
    /// The books, by code.
    pub books: Vec<BookState>,
}

/// What stands beside a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Of which county.
    pub county: String,
    /// When it was taken.
    pub taken_at: String,
    /// By whom.
    pub taken_by: String,
    /// SHA-256 of its file.
    pub file_digest: String,
    /// The books in it.
    pub state: State,
}

/// What happened after a state: acts of the whole county, vouchers by book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Since {
    /// Acts.
    pub acts: i64,
    /// Vouchers made, by book.
    pub vouchers: BTreeMap<String, i64>,
}

/// A book then and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its code.
    pub book: String,
    /// Its name.
    pub name: String,
    /// Vouchers then.
    pub then: i64,
    /// Vouchers now.
    pub now: i64,
    /// Vouchers that going back loses.
    pub lost: i64,
    /// Vouchers that going back brings and the books of now do not have.
    pub found: i64,
    /// The chains end alike.
    pub is_same: bool,
    /// The reports are alike.
    pub reports_alike: bool,
}

/// Every book of either state, by code.
pub fn changes(then: &State, now: &State, since: &Since) -> Vec<Change> {
    let of = |state: &State| state.books.iter().map(|book| (book.book.clone(), book.clone())).collect::<BTreeMap<_, _>>();
    let (then, now) = (of(then), of(now));
    let mut codes: Vec<&String> = then.keys().chain(now.keys()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.into_iter().map(|code| change(code, (then.get(code), now.get(code)), since)).collect()
}

fn change(code: &str, (then, now): (Option<&BookState>, Option<&BookState>), since: &Since) -> Change {
    let vouchers = |book: Option<&BookState>| book.map_or(0, |book| book.vouchers);
    let made = since.vouchers.get(code).copied().unwrap_or(0);
    let lost = if then.is_none() { vouchers(now) } else { made };
    Change {
        book: code.to_owned(),
        name: then.or(now).map(|book| book.name.clone()).unwrap_or_default(),
        then: vouchers(then),
        now: vouchers(now),
        lost,
        found: vouchers(then) - (vouchers(now) - lost),
        is_same: then.zip(now).is_some_and(|(then, now)| then.digest == now.digest),
        reports_alike: then.zip(now).is_some_and(|(then, now)| then.reports == now.reports),
    }
}

/// The books of which two states say different things: chains first, then reports.
pub fn differing(said: &State, found: &State) -> Option<String> {
    let all = changes(said, found, &Since::default());
    all.into_iter().find(|book| !book.is_same || book.then != book.now).map(|book| book.book)
}

/// The table of changes; reports are compared where they were drawn up.
pub fn change_sheet(changes: &[Change], with_reports: bool) -> Sheet {
    let mut columns = vec![
        Column::id("book", "账套"),
        Column::text("name", "名称"),
        Column::count("then", "备份里的凭证"),
        Column::count("now", "现在的凭证"),
        Column::count("lost", "恢复后丢失"),
        Column::count("found", "恢复后找回"),
        Column::text("chain", "已过账的账"),
    ];
    columns.extend(with_reports.then(|| Column::text("reports", "报表")));
    let mut sheet = Sheet::new("备份与现在的账", columns);
    for change in changes {
        let mut row = vec![change.book.as_str().into(), change.name.as_str().into()];
        row.extend([change.then, change.now, change.lost, change.found].map(Into::into));
        row.push(if change.is_same { "✓ 相同" } else { "△ 不同" }.into());
        row.extend(with_reports.then(|| if change.reports_alike { "✓ 相同" } else { "△ 不同" }.into()));
        sheet.push(row);
    }
    sheet
}

refusals! {
    /// Why a backup does not take the place of the books.
    pub enum SafekeepingRefusal {
        /// The file cannot be read as what it was.
        "O-108" BackupDamaged { file: String, why: String }
            zh "备份文件 {file} 已损坏或不是原来的备份:{why}" en "the backup {file} is damaged or not what it was: {why}" next "换一份备份;正在用的账没有动";
        /// What is in it does not hold.
        "O-109" BackupUnproven { file: String, first: String }
            zh "备份 {file} 里的账核对不符:{first}" en "the books in {file} do not hold: {first}" next "换一份备份;正在用的账没有动";
        /// Others have the database open.
        "O-110" DatabaseInUse
            zh "数据库还被别的程序打开着,没有换上备份,原来的账照旧使用" en "another program has the database open; the books were left as they are" next "关掉其他用着这个数据库的程序和命令,再恢复一次";
        /// The database is a server's.
        "O-111" NotOurServer
            zh "账在 PostgreSQL 服务器上,网页不能替换它" en "the books are on a PostgreSQL server, which no page replaces" next "照本页列出的命令恢复到一个新的空数据库";
        /// The county's name was not typed.
        "O-112" NotNamed { county: String }
            zh "县名与“{county}”不符" en "the county's name is not {county}" next "照写县名,确认恢复的就是这个县的账";
        /// Long work is going on.
        "O-113" WorkGoesOn { jobs: usize }
            zh "还有 {jobs} 项后台工作没有做完" en "{jobs} jobs are still at work" next "等它们做完或停下后再恢复";
        /// Other counties would go back too.
        "O-114" OtherCounties { counties: usize }
            zh "这个数据库里还有另外 {counties} 个县,恢复会把它们一起退回去" en "{counties} other counties in this database would go back too" next "请维护人员用命令恢复到新的空数据库";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(books: &[(&str, i64, &str)]) -> State {
        let book = |(code, vouchers, digest): &(&str, i64, &str)| BookState {
            book: (*code).into(),
            vouchers: *vouchers,
            digest: (*digest).into(),
            ..BookState::default()
        };
        State { books: books.iter().map(book).collect(), ..State::default() }
    }

    fn since(vouchers: &[(&str, i64)]) -> Since {
        Since { acts: 0, vouchers: vouchers.iter().map(|(book, made)| ((*book).to_owned(), *made)).collect() }
    }

    #[test]
    fn what_was_made_since_is_lost_and_what_only_the_backup_has_is_found() {
        let (then, now) = (state(&[("A", 10, "x"), ("B", 4, "y")]), state(&[("A", 9, "z"), ("B", 4, "y"), ("C", 2, "w")]));
        let changes = changes(&then, &now, &since(&[("A", 2), ("C", 2)]));
        let counted: Vec<_> = changes.iter().map(|c| (c.book.as_str(), c.lost, c.found, c.is_same)).collect();
        assert_eq!(counted, [("A", 2, 3, false), ("B", 0, 0, true), ("C", 2, 0, false)]);
    }

    #[test]
    fn a_book_that_is_not_what_was_said_is_named() {
        let said = state(&[("A", 1, "x"), ("B", 1, "y")]);
        assert_eq!(differing(&said, &said), None);
        for other in [state(&[("A", 1, "x"), ("B", 1, "z")]), state(&[("A", 1, "x")]), state(&[("A", 1, "x"), ("B", 2, "y")])] {
            assert_eq!(differing(&said, &other).as_deref(), Some("B"));
        }
    }
}
