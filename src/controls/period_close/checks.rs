//! The check list of a close: what is looked at, what blocks, what only warns.
//!
//! Pure: findings in, a list for people out.
//!
//! 1. Every item is always on the list, with what was found; nothing found is said too.
//! 2. An item blocks or warns by its kind, never by how much was found.

use serde::{Deserialize, Serialize};

use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::ledger::AccountCode;
use crate::money::Amount;

/// What an item says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// ✓ 通过
    Passed,
    /// △ 提醒
    Warned,
    /// ✕ 不能结账
    Blocked,
}

impl Outcome {
    /// Sign and word, so that state is never colour alone.
    pub const fn label_zh(self) -> &'static str {
        match self {
            Outcome::Passed => "✓ 通过",
            Outcome::Warned => "△ 提醒",
            Outcome::Blocked => "✕ 不能结账",
        }
    }
}

/// One item of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckItem {
    /// Stable name, such as `unposted`.
    pub check: String,
    /// As users read it.
    pub name_zh: String,
    /// The outcome.
    pub outcome: Outcome,
    /// What was found, one sentence each: voucher, day, account, figure.
    pub findings: Vec<String>,
}

/// What was found in a book's period.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Vouchers not yet posted: (reference, state in words).
    pub unposted: Vec<(String, String)>,
    /// Missing numbers: reference of each gap.
    pub gaps: Vec<String>,
    /// Ordinary vouchers without any paper.
    pub without_papers: Vec<String>,
    /// Days on which a cash account stood below zero: (account, day, balance).
    pub negative_cash: Vec<(AccountCode, BusinessDate, Amount)>,
    /// Clearing accounts with a balance.
    pub uncleared: Vec<(AccountCode, Amount)>,
    /// Projects whose special funds or levies stand below zero: (account, project, balance).
    pub overdrawn: Vec<(AccountCode, String, Amount)>,
    /// Σ debit and Σ credit of all movements of the year.
    pub movement: (Amount, Amount),
    /// Check equations of the statements that fail.
    pub unsound: Vec<String>,
    /// Earlier months that are open.
    pub earlier_open: Vec<AccountingPeriod>,
    /// Bank accounts that are not reconciled: (does it block, what was found).
    pub unreconciled: Vec<(bool, String)>,
}

/// The list of a month's close; at a year's end clearing accounts must be zero and no project below it.
pub fn check_list(found: &Found, year_end: bool) -> Vec<CheckItem> {
    let by_year_end = if year_end { Outcome::Blocked } else { Outcome::Warned };
    let unreconciled = if found.unreconciled.iter().any(|(blocks, _)| *blocks) { Outcome::Blocked } else { Outcome::Warned };
    let (debit, credit) = found.movement;
    let unequal = (debit != credit).then(|| format!("借方 {} 贷方 {}", debit.grouped(), credit.grouped()));
    vec![
        item("earlier_open", "以前月份已结账", Outcome::Blocked, found.earlier_open.iter().map(|p| format!("{p} 未结账"))),
        item("unposted", "凭证全部过账", Outcome::Blocked, found.unposted.iter().map(|(v, state)| format!("{v} {state}"))),
        item("gaps", "凭证号连续", Outcome::Blocked, found.gaps.iter().map(|v| format!("缺 {v}"))),
        item("papers", "附单据齐全", Outcome::Warned, found.without_papers.iter().map(|v| format!("{v} 没有附单据"))),
        item(
            "cash",
            "现金每日不为负",
            Outcome::Blocked,
            found.negative_cash.iter().map(|(a, d, x)| format!("{d} 科目 {a} 余额 {}", x.grouped())),
        ),
        item(
            "clearing",
            "待处理科目已清理",
            by_year_end,
            found.uncleared.iter().map(|(a, x)| format!("科目 {a} 余额 {}", x.grouped())),
        ),
        item(
            "projects",
            "项目专项资金不为负",
            by_year_end,
            found.overdrawn.iter().map(|(a, project, x)| format!("项目 {project} 科目 {a} 余额 {}", x.grouped())),
        ),
        item("reconciliation", "银行存款已对账", unreconciled, found.unreconciled.iter().map(|(_, words)| words.clone())),
        item("balance", "试算平衡", Outcome::Blocked, unequal.into_iter()),
        item("statements", "报表勾稽相符", Outcome::Blocked, found.unsound.iter().cloned()),
    ]
}

fn item(check: &str, name_zh: &str, if_found: Outcome, findings: impl Iterator<Item = String>) -> CheckItem {
    let findings: Vec<String> = findings.collect();
    let outcome = if findings.is_empty() { Outcome::Passed } else { if_found };
    CheckItem { check: check.to_owned(), name_zh: name_zh.to_owned(), outcome, findings }
}

/// The blocking items in one sentence; `None` if nothing blocks.
pub fn blocking(items: &[CheckItem]) -> Option<String> {
    let blocked = items.iter().filter(|item| item.outcome == Outcome::Blocked);
    let words: Vec<String> = blocked.map(|item| format!("{}({})", item.name_zh, first_few(&item.findings))).collect();
    (!words.is_empty()).then(|| words.join(";"))
}

fn first_few(findings: &[String]) -> String {
    let shown = findings.iter().take(3).cloned().collect::<Vec<_>>().join("、");
    if findings.len() > 3 { format!("{shown} 等 {} 处", findings.len()) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_found_passes_everything() {
        let items = check_list(&Found::default(), true);
        assert!(items.iter().all(|item| item.outcome == Outcome::Passed));
        assert_eq!(blocking(&items), None);
    }

    #[test]
    fn each_finding_blocks_or_warns_by_its_kind() {
        let uncleared = Found { uncleared: vec![("181".into(), Amount::from_yuan(3))], ..Found::default() };
        assert_eq!(blocking(&check_list(&uncleared, false)), None);
        assert!(blocking(&check_list(&uncleared, true)).is_some_and(|words| words.contains("181")));
        let overdrawn = Found { overdrawn: vec![("241".into(), "P9".into(), Amount::from_yuan(-3))], ..Found::default() };
        let warned = check_list(&overdrawn, false).into_iter().find(|item| item.outcome == Outcome::Warned);
        assert_eq!(warned.unwrap().findings, ["项目 P9 科目 241 余额 -3.00"]);
        assert!(blocking(&check_list(&overdrawn, true)).is_some_and(|words| words.contains("P9")));
        let papers = Found { without_papers: vec!["2026-01-记-1".into()], ..Found::default() };
        assert_eq!(blocking(&check_list(&papers, true)), None);
        let bank = |blocks: bool| Found {
            unreconciled: vec![(blocks, "银行账户 NS01 未签存余额调节表".into())],
            ..Found::default()
        };
        assert_eq!(blocking(&check_list(&bank(false), true)), None);
        assert!(blocking(&check_list(&bank(true), false)).is_some_and(|words| words.contains("NS01")));
        for found in [
            Found { unposted: vec![("2026-01-记-1".into(), "草稿".into())], ..Found::default() },
            Found { gaps: vec!["2026-01-记-2".into()], ..Found::default() },
            Found { movement: (Amount::from_fen(1), Amount::ZERO), ..Found::default() },
            Found { unsound: vec!["资产=负债+权益".into()], ..Found::default() },
            Found {
                negative_cash: vec![("101".into(), "2026-01-03".parse().unwrap(), Amount::from_fen(-1))],
                ..Found::default()
            },
        ] {
            assert!(blocking(&check_list(&found, false)).is_some(), "{found:?}");
        }
    }
}
