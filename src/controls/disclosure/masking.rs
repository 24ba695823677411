//! What of a person may not be published, and the proof that it is not there.
//!
//! Pure.
//!
//! 1. Each list type names the columns that are left out; what people typed into texts is masked besides.
//! 2. The scan knows nothing of columns: any run of digits as long as an identity or account number is a finding.

use super::sheet::Kind;
use crate::exchange::{Cell, Sheet};

/// Digits that make an account number, or more.
const ACCOUNT_DIGITS: usize = 12;

/// The columns of a list type that stay in the office, as users know them.
pub const fn left_out(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Payouts => &["身份证号", "账号", "开户行", "户名", "联系电话"],
        Kind::Dividends => &["成员编号", "身份证号", "账号", "开户行", "联系电话"],
        Kind::Subsidies => &["户编号", "身份证号", "账号", "借款合同号"],
        Kind::Receipts => &["对方账号", "证件号码"],
        Kind::Contracts => &["承租人证件号码", "联系电话", "账号"],
        Kind::Debts => &["往来户证件号码", "账号"],
        Kind::Position | Kind::Income | Kind::Projects | Kind::Assets => &[],
    }
}

/// A text whose long numbers keep their last four characters only; mobile numbers keep the first three too.
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(std::iter::once('\0')) {
        if c.is_ascii_digit() || (!run.is_empty() && matches!(c, 'X' | 'x')) {
            run.push(c);
            continue;
        }
        out.push_str(&masked_run(&run));
        run.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

fn masked_run(run: &str) -> String {
    let is_mobile = run.len() == 11 && run.starts_with('1');
    if run.len() < ACCOUNT_DIGITS && !is_mobile {
        return run.to_owned();
    }
    let first = if is_mobile { 3 } else { 0 };
    let stars = run.len() - first - 4;
    format!("{}{}{}", &run[..first], "*".repeat(stars), &run[run.len() - 4..])
}

/// A sheet with its texts masked.
pub fn masked_sheet(mut sheet: Sheet) -> Sheet {
    let hide = |cell: &mut Cell| {
        if let Cell::Text(text) = cell {
            *text = masked(text);
        }
    };
    sheet.rows.iter_mut().chain(&mut sheet.foot).flatten().for_each(hide);
    for text in sheet.subtitle.iter_mut().chain(&mut sheet.notes) {
        *text = masked(text);
    }
    sheet
}

/// Every run of digits in a text that could be an identity number (15, 18) or an account number (12 and more). Digits of
/// digests and colours are words of their own and do not count; blanks and dashes between digits do not hide a number.
pub fn numbers_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'))) {
        for part in word.split_whitespace() {
            if part.chars().any(|c| c.is_ascii_lowercase()) {
                continue;
            }
            let digits: String = part.chars().filter(|c| c.is_ascii_digit()).collect();
            if digits.len() >= ACCOUNT_DIGITS && part.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | 'X')) {
                found.push(part.to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_masked_and_short_ones_stay() {
        for (text, shown) in [
            ("付覃某459900199003070189劳务费", "付覃某**************0189劳务费"),
            ("45990019900307018X", "**************018X"),
            ("卡6217000000000000004", "卡***************0004"),
            ("电话13800000000", "电话138****0000"),
            ("2026年第3号,1,234.56元", "2026年第3号,1,234.56元"),
            ("项目编号20260001", "项目编号20260001"),
        ] {
            assert_eq!(masked(text), shown);
            assert_eq!(numbers_in(&masked(text)), Vec::<String>::new());
        }
    }

    #[test]
    fn the_scan_finds_what_masking_would_hide() {
        for bad in ["459900199003070189", "身份证 459900900307018", "6217-0000-0000-0000", "45990019900307018X。"] {
            assert_eq!(numbers_in(bad).len(), 1, "{bad}");
        }
        for good in ["2026-01-05", "1,234,567,890.12", "0f3a77b2c9124455667788", "****0189", "12345678901"] {
            assert_eq!(numbers_in(good), Vec::<String>::new(), "{good}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_masked_is_ever_found(text in "[0-9X付元,. -]{0,60}") {
            proptest::prop_assert!(numbers_in(&masked(&text)).iter().all(|n| n.contains('-')));
        }
    }
}
