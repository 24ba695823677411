//! What stands around a statement's table: 户名, 账号, 期间, balances and totals in words.
//!
//! Pure.
//!
//! 1. A label counts only with a colon behind it, or alone in its cell with the value in the next.

use crate::calendar::BusinessDate;
use crate::exchange::rows_in::{CellKind, RawCell};
use crate::exchange::values_in;
use crate::money::Amount;
use crate::money::amount::half_width;

/// What a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Account,
    Holder,
    Span,
    From,
    Through,
    Opening,
    Closing,
    TotalIn,
    TotalOut,
    Count,
}

/// Bytes of the longest cell that is looked at for labels.
const LONGEST: usize = 600;

/// Longer labels stand before those they contain.
const LABELS: &[(&str, Label)] = &[
    ("对方户名", Label::Count),
    ("对方账号", Label::Count),
    ("查询账号", Label::Account),
    ("客户账号", Label::Account),
    ("本方账号", Label::Account),
    ("账户账号", Label::Account),
    ("账号/卡号", Label::Account),
    ("账户名称", Label::Holder),
    ("客户名称", Label::Holder),
    ("客户姓名", Label::Holder),
    ("单位名称", Label::Holder),
    ("本方户名", Label::Holder),
    ("账号", Label::Account),
    ("卡号", Label::Account),
    ("账户", Label::Account),
    ("户名", Label::Holder),
    ("对账期间", Label::Span),
    ("起止日期", Label::Span),
    ("查询日期", Label::Span),
    ("日期范围", Label::Span),
    ("交易期间", Label::Span),
    ("查询期间", Label::Span),
    ("期间", Label::Span),
    ("起始日期", Label::From),
    ("开始日期", Label::From),
    ("截止日期", Label::Through),
    ("结束日期", Label::Through),
    ("终止日期", Label::Through),
    ("期初余额", Label::Opening),
    ("上期余额", Label::Opening),
    ("承前余额", Label::Opening),
    ("起始余额", Label::Opening),
    ("期末余额", Label::Closing),
    ("本期余额", Label::Closing),
    ("结束余额", Label::Closing),
    ("收入合计", Label::TotalIn),
    ("收入总额", Label::TotalIn),
    ("总收入金额", Label::TotalIn),
    ("总收入", Label::TotalIn),
    ("收方合计", Label::TotalIn),
    ("贷方发生额合计", Label::TotalIn),
    ("贷方合计", Label::TotalIn),
    ("贷方总额", Label::TotalIn),
    ("支出合计", Label::TotalOut),
    ("支出总额", Label::TotalOut),
    ("总支出金额", Label::TotalOut),
    ("总支出", Label::TotalOut),
    ("付方合计", Label::TotalOut),
    ("借方发生额合计", Label::TotalOut),
    ("借方合计", Label::TotalOut),
    ("借方总额", Label::TotalOut),
    ("总笔数", Label::Count),
    ("笔数", Label::Count),
];

/// What was found around the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// 账号
    pub account: Option<String>,
    /// 户名
    pub holder: Option<String>,
    /// First day.
    pub from: Option<BusinessDate>,
    /// Last day.
    pub through: Option<BusinessDate>,
    /// 期初余额
    pub opening: Option<Amount>,
    /// 期末余额
    pub closing: Option<Amount>,
    /// Total of what the file calls 收入 or 贷方, with the label.
    pub total_in: Option<(String, Amount)>,
    /// Total of what the file calls 支出 or 借方, with the label.
    pub total_out: Option<(String, Amount)>,
    /// Number of lines.
    pub count: Option<String>,
}

impl Facts {
    /// Takes in what a row outside the table says; true if it said anything.
    pub fn take_row<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> bool {
        let short = cells.filter(|cell| cell.len() <= LONGEST);
        let cells: Vec<String> = short.map(|cell| cell.chars().map(half_width).collect::<String>().trim().to_owned()).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        let mut any = false;
        for (index, cell) in cells.iter().enumerate() {
            let pairs = pairs(cell);
            any |= !pairs.is_empty();
            for (label, word, value) in pairs {
                let value = if value.is_empty() { cells.get(index + 1).copied().unwrap_or_default() } else { value };
                self.take(label, word, value);
            }
        }
        any
    }

    fn take(&mut self, label: Label, word: &str, value: &str) {
        let amount = || Amount::parse(value.split_whitespace().next().unwrap_or_default()).ok();
        match label {
            Label::Account => self.account = digits(value).or(self.account.take()),
            Label::Holder => self.holder = Some(value.to_owned()).filter(|holder| !holder.is_empty()),
            Label::Span => self.take_span(value),
            Label::From => self.from = day(value).or(self.from),
            Label::Through => self.through = day(value).or(self.through),
            Label::Opening => self.opening = amount().or(self.opening),
            Label::Closing => self.closing = amount().or(self.closing),
            Label::TotalIn => self.total_in = amount().map(|total| (word.to_owned(), total)).or(self.total_in.take()),
            Label::TotalOut => self.total_out = amount().map(|total| (word.to_owned(), total)).or(self.total_out.take()),
            Label::Count if word.starts_with("对方") => {}
            Label::Count => self.count = Some(value.chars().take_while(char::is_ascii_digit).collect()),
        }
    }

    fn take_span(&mut self, value: &str) {
        for separator in ["至", "到", "~", "—", "--", " - "] {
            if let Some((from, through)) = value.split_once(separator) {
                (self.from, self.through) = (day(from).or(self.from), day(through).or(self.through));
                return;
            }
        }
        // `20261001-20261031`
        if let Some((from, through)) = value.split_once('-') {
            (self.from, self.through) = (day(from).or(self.from), day(through).or(self.through));
        }
    }
}

/// The labels of a cell with what stands behind each.
fn pairs(cell: &str) -> Vec<(Label, &str, &str)> {
    let mut found: Vec<(usize, usize, Label, &str)> = Vec::new();
    for &(word, label) in LABELS {
        for (at, _) in cell.match_indices(word) {
            let inside = found.iter().any(|(start, end, ..)| at < *end && at + word.len() > *start);
            let behind = cell[at + word.len()..].trim_start();
            if !inside && let Some(value) = after_colon(behind, at, word, cell) {
                found.push((at, value, label, word));
            }
        }
    }
    found.sort_by_key(|(at, ..)| *at);
    let end = |index: usize| found.get(index + 1).map_or(cell.len(), |next| next.0);
    found
        .iter()
        .enumerate()
        .map(|(index, (_, value, label, word))| (*label, *word, cell[*value..end(index).max(*value)].trim()))
        .collect()
}

/// Where the value begins, if a colon stands behind the label or nothing else is in the cell.
fn after_colon(behind: &str, at: usize, word: &str, cell: &str) -> Option<usize> {
    let remark = behind.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(behind, |(_, rest)| rest.trim_start());
    match remark.strip_prefix(':') {
        Some(rest) => Some(cell.len() - rest.len()),
        None if remark.is_empty() && cell[..at].is_empty() && cell.len() <= word.len() + 16 => Some(cell.len()),
        None => None,
    }
}

fn digits(value: &str) -> Option<String> {
    let kept: String =
        value.chars().filter(|c| !matches!(c, ' ' | '-')).take_while(|c| c.is_ascii_alphanumeric() || *c == '*').collect();
    (kept.len() >= 4).then_some(kept)
}

fn day(text: &str) -> Option<BusinessDate> {
    let text = text.trim().trim_matches(|c: char| "[]()".contains(c));
    values_in::date(&RawCell { text: text.to_owned(), kind: CellKind::Text }).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(rows: &[&[&str]]) -> Facts {
        let mut facts = Facts::default();
        rows.iter().for_each(|row| {
            facts.take_row(row.iter().copied());
        });
        facts
    }

    #[test]
    fn reads_title_lines_as_banks_print_them() {
        let read = facts(&[
            &["活期存款明细"],
            &["户名：青禾县枫林村股份经济合作社  账号：4599 0010 1234 5678"],
            &["查询日期：2026-10-01 至 2026-10-31", "", "期初余额（元）：1,234.50"],
            &["期末余额", "99.00"],
            &["收入合计:1,000.00 支出合计:2,135.50 总笔数:40笔"],
        ]);
        assert_eq!(read.account.as_deref(), Some("4599001012345678"));
        assert_eq!(read.holder.as_deref(), Some("青禾县枫林村股份经济合作社"));
        assert_eq!(
            (read.from.unwrap().to_string(), read.through.unwrap().to_string()),
            ("2026-10-01".into(), "2026-10-31".into())
        );
        assert_eq!((read.opening, read.closing), (Some(Amount::from_fen(123_450)), Some(Amount::from_fen(9_900))));
        assert_eq!(read.total_out, Some(("支出合计".into(), Amount::from_fen(213_550))));
        assert_eq!(read.count.as_deref(), Some("40"));
    }

    #[test]
    fn other_accounts_and_plain_words_say_nothing() {
        assert_eq!(facts(&[&["对方账号:6217000000000000004"], &["账号密码错误"], &["本行账户提示您"]]), Facts::default());
        let read = facts(&[&["期间:20261001-20261031"], &["起始日期", "2026/9/1"]]);
        assert_eq!(read.through.unwrap().to_string(), "2026-10-31");
        assert_eq!(read.from.unwrap().to_string(), "2026-09-01");
    }
}
