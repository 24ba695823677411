//! The demo's disclosure and supervision: villages publish month by month and by quarters; one takes a sheet off, one forgets a
//! quarter, the auditor finds it, asks, is answered and closes; at the end the package for auditors is made and checked.
//!
//! 1. The same villages give the same commands.

use super::village::Village;
use super::{Step, YEAR};
use crate::calendar::BusinessDate;

/// How many villages publish their receipts each month; the others do by quarters only, and are seen as late.
const MONTHLY: usize = 24;
/// What is published by quarters.
const BY_QUARTER: [&str; 4] = ["position", "income", "debts", "contracts"];
/// The village that forgets, and what.
const FORGETFUL: (&str, u32, &str) = ("V005", 2, "debts");
/// The village that takes its last sheet off.
const TAKES_OFF: &str = "V004";

fn typed(user: &'static str, line: &str, more: &[&str]) -> Step {
    let words = line.split_whitespace().chain(more.iter().copied()).map(str::to_owned).collect();
    Step::Command { user, words, refused: None }
}

/// Numbers of sheets as the books give them.
#[derive(Default)]
pub struct Publishing(std::collections::BTreeMap<String, u32>);

impl Publishing {
    /// What a village publishes when a month was closed.
    pub fn of_month(&mut self, month: u32, village: &Village) -> Vec<Step> {
        let mut steps = Vec::new();
        if village.index < MONTHLY {
            steps = self.published(&village.book, "receipts", &format!("{YEAR}-{month:02}"));
        }
        if month.is_multiple_of(3) {
            let quarter = month / 3;
            let kinds = BY_QUARTER.into_iter().filter(|kind| (village.book.as_str(), quarter, *kind) != FORGETFUL);
            steps.extend(kinds.flat_map(|kind| self.published(&village.book, kind, &format!("{YEAR}Q{quarter}"))));
        }
        steps
    }

    /// Made by the accountant, approved by the supervision committee, published.
    fn published(&mut self, book: &str, kind: &str, span: &str) -> Vec<Step> {
        let number = self.0.entry(book.to_owned()).or_default();
        *number += 1;
        vec![
            typed("kuaiji", &format!("disclosure make --book {book} --kind {kind} --span {span}"), &[]),
            typed("jianwei", &format!("disclosure approve --book {book} --sheet {number}"), &[]),
            typed("kuaiji", &format!("disclosure publish --book {book} --sheet {number}"), &[]),
        ]
    }

    /// October: the rules run, the auditor asks after the forgotten sheet, it is published, answered and closed.
    pub fn watched(&mut self, villages: &[Village]) -> Vec<Step> {
        let day = |of| Step::Day(BusinessDate::from_ymd_opt(YEAR, 10, of).expect("October has these days"));
        let runs = || villages.iter().map(|village| typed("shenji", &format!("supervise run --book {}", village.book), &[]));
        let (book, quarter, kind) = FORGETFUL;
        let words = format!("{YEAR}年第{quarter}季度债权债务公开未公开");
        let last = self.0.get(TAKES_OFF).copied().unwrap_or_default();
        let off = format!("disclosure withdraw --book {TAKES_OFF} --sheet {last}");
        let mut steps = vec![day(20), typed("kuaiji", &off, &["--reason", "漏列一份合同,更正后重新公开"])];
        steps.extend(runs());
        steps.push(typed("shenji", "supervise flags --out out/十月监督预警.xlsx", &[]));
        steps.push(typed(
            "shenji",
            &format!("finding raise --book {book} --owner kuaiji --due {YEAR}-10-31 --rule disclosure_late --object {words}"),
            &["--title", "二季度债权债务没有公开", "--text", "说明原因,补公开后附公开表编号。"],
        ));
        steps.push(day(22));
        steps.extend(self.published(book, kind, &format!("{YEAR}Q{quarter}")));
        let sheet = self.0.get(book).copied().unwrap_or_default();
        steps.push(typed(
            "kuaiji",
            &format!("finding answer --book {book} --finding 1 --document 公开表{sheet}"),
            &["--text", "漏编一张表,已补公开。"],
        ));
        steps.push(day(24));
        steps.push(typed("shenji", &format!("supervise run --book {book}"), &[]));
        steps.push(typed("shenji", &format!("finding close --book {book} --finding 1"), &[]));
        steps.push(typed("shenji", "finding list --out out/督办台账.xlsx", &[]));
        steps
    }
}

/// The package for auditors, and that it holds what its list says.
pub fn package() -> Vec<Step> {
    vec![
        typed("shenji", "audit package --dir out/审计数据包 --book V001 --book V005", &[]),
        typed("shenji", "audit verify out/审计数据包", &[]),
    ]
}
