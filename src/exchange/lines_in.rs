//! What voucher rows and opening rows share: account, money and dimensions of one line.
//!
//! Pure. Accounts are looked up through the closure handed in; the chart lives in the ledger.
//!
//! 1. Every problem of a row is reported, not only its first.

use super::problems::{Resolve, RowProblem, RowReason, RowRefusal};
use super::records_in::Record;
use super::rows_in::RawCell;
use super::values_in::{amount, id, side};
use crate::ledger::{AccountCode, Dimension, Dimensions, Side};
use crate::money::Amount;

/// Fields of which a line has at least one.
pub const LINE_FIELDS: [&str; 6] = ["account", "account_name", "detail_name", "debit", "credit", "amount"];

/// What a row says about its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowAccount {
    /// A leaf account.
    Leaf(AccountCode),
    /// An account with sub-accounts.
    Parent(AccountCode),
}

/// The account of a row; a problem is added if there is none or the book refuses it.
pub fn account(record: &Record<'_>, resolve: &Resolve<'_>, problems: &mut Vec<RowProblem>) -> Option<RowAccount> {
    let (code, name) = account_texts(record);
    if code.is_empty() && name.is_empty() {
        problems.push(record.problem("account", RowRefusal::NoAccount));
        return None;
    }
    match resolve(&code, &name) {
        Ok(account) => Some(RowAccount::Leaf(account)),
        Err(RowReason::NotLeaf(account)) => Some(RowAccount::Parent(account)),
        Err(RowReason::Refused(why)) => {
            let field = if code.is_empty() { "account_name" } else { "account" };
            problems.push(record.problem(field, why));
            None
        }
    }
}

/// Code and name: from two columns, or both from one (`10201 农行`, `10201-农行`), the name with its detail.
fn account_texts(record: &Record<'_>) -> (String, String) {
    let join =
        |name: &str, detail: &str| if detail.is_empty() || name == detail { name.to_owned() } else { format!("{name}/{detail}") };
    let name = join(record.text("account_name"), record.text("detail_name"));
    match record.text("account") {
        "" => split_code(&name),
        code if name.is_empty() => split_code(code),
        code => (split_code(code).0, name),
    }
}

/// Leading digits (with the points and dashes of structured codes) as the code, words behind as the name.
fn split_code(text: &str) -> (String, String) {
    let text = super::values_in::plain(text);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').unwrap_or(text.len());
    let (code, name) = text.split_at(end);
    if !code.starts_with(|c: char| c.is_ascii_digit()) {
        return (String::new(), text.clone());
    }
    (code.trim_end_matches(['-', '.']).to_owned(), name.trim_matches([' ', '-', '_', '/', '(', ')']).to_owned())
}

/// Debit and credit of a row, from two columns or from amount and side. A side's problem makes it `None`.
pub fn money(record: &Record<'_>, problems: &mut Vec<RowProblem>) -> Option<(Amount, Amount)> {
    if record.columns.index("debit").is_none() {
        return one_amount(record, problems);
    }
    let mut read = |field: &str| amount(record.get(field)).map_err(|why| problems.push(record.problem(field, why))).ok();
    let (debit, credit) = (read("debit"), read("credit"));
    let (debit, credit) = (debit?, credit?);
    if !debit.is_zero() && !credit.is_zero() {
        let both = RowRefusal::BothSides { debit: debit.to_string(), credit: credit.to_string() };
        problems.push(record.problem("debit", both));
        return None;
    }
    Some((debit, credit))
}

fn one_amount(record: &Record<'_>, problems: &mut Vec<RowProblem>) -> Option<(Amount, Amount)> {
    let value = amount(record.get("amount")).map_err(|why| problems.push(record.problem("amount", why))).ok();
    let named = side(record.get("side")).map_err(|why| problems.push(record.problem("side", why))).ok();
    match (value?, named?) {
        (value, Some(Side::Debit)) => Some((value, Amount::ZERO)),
        (value, Some(Side::Credit)) => Some((Amount::ZERO, value)),
        (value, None) if value.is_zero() => Some((Amount::ZERO, Amount::ZERO)),
        (_, None) => {
            problems.push(record.problem("side", RowRefusal::NotASide { text: record.text("side").to_owned() }));
            None
        }
    }
}

/// The dimensions of a row; a damaged number among them is a problem.
pub fn dimensions(record: &Record<'_>, problems: &mut Vec<RowProblem>) -> Dimensions {
    let mut dimensions = Dimensions::default();
    for dimension in Dimension::ALL {
        let cell: &RawCell = record.get(dimension.as_str());
        match id(cell) {
            Ok(value) => dimensions.set(dimension, value),
            Err(why) => problems.push(record.problem(dimension.as_str(), why)),
        }
    }
    dimensions
}

#[cfg(test)]
mod tests {
    use super::split_code;

    #[test]
    fn codes_and_names_in_one_cell() {
        for (text, code, name) in [
            ("10201", "10201", ""),
            ("10201 农行", "10201", "农行"),
            ("102-01-农行", "102-01", "农行"),
            ("1020100　农商行", "1020100", "农商行"),
            ("银行存款/农行", "", "银行存款/农行"),
            ("102.01", "102.01", ""),
        ] {
            assert_eq!(split_code(text), (code.to_owned(), name.to_owned()), "{text}");
        }
    }
}
