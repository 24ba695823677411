//! A book's own sub-accounts from a file.
//!
//! Pure. Whether a parent exists and takes sub-accounts, the ledger says.
//!
//! 1. Codes are digits (points and dashes of structured codes are taken out); each stands once in a file.

use std::collections::HashMap;

use super::headings::Plan;
use super::problems::{RowProblem, RowRefusal};
use super::records_in::{Record, TableFacts, for_each_record};
use super::values_in::{id, side};
use super::vouchers_in::ImportOptions;
use crate::ledger::{AccountClass, AccountCode, Dimension, Side};
use crate::refusal::Refusal;

const PLAN: Plan = Plan { table: "account", needs: &[&[&["account"]], &[&["account_name"]]] };

/// One account of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Row in the file.
    pub row: u64,
    /// 科目编码
    pub code: AccountCode,
    /// 科目名称
    pub name: String,
    /// 余额方向, where the file says it; the parent's otherwise.
    pub side: Option<Side>,
    /// 类别, where the file says it; the parent's otherwise.
    pub class: Option<AccountClass>,
    /// 辅助核算 every line on it must carry.
    pub requires: Vec<Dimension>,
}

/// What a file of accounts came to.
#[derive(Debug, Clone, Default)]
pub struct AccountsIn {
    /// The good rows.
    pub accounts: Vec<AccountRow>,
    /// Every problem, by row.
    pub problems: Vec<RowProblem>,
    /// Head row, titles, columns used and not used.
    pub table: TableFacts,
}

/// Reads a file of accounts. Refuses only files that are no such table; bad rows are reported.
pub fn read_accounts(bytes: &[u8], options: &ImportOptions) -> Result<AccountsIn, Refusal> {
    let (mut accounts, mut problems, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
    let mut visit = |record: &Record<'_>| {
        accounts.extend(account_row(record, &mut seen, &mut problems));
        Ok(())
    };
    let table = for_each_record(bytes, &options.read, &PLAN, &options.mapping, &mut visit)?;
    Ok(AccountsIn { accounts, problems, table })
}

fn account_row(record: &Record<'_>, seen: &mut HashMap<String, u64>, problems: &mut Vec<RowProblem>) -> Option<AccountRow> {
    let before = problems.len();
    let code = code(record, seen).map_err(|why| problems.push(record.problem("account", why))).unwrap_or_default();
    let name = record.text("account_name").to_owned();
    if name.is_empty() {
        problems.push(record.problem("account_name", RowRefusal::NoName));
    }
    let side = side(record.get("side")).map_err(|why| problems.push(record.problem("side", why))).unwrap_or_default();
    let requires =
        requires(record.text("requires")).map_err(|why| problems.push(record.problem("requires", why))).unwrap_or_default();
    let class = class(record).map_err(|why| problems.push(record.problem("class", why))).unwrap_or_default();
    (problems.len() == before).then_some(AccountRow { row: record.row, code: AccountCode(code), name, side, class, requires })
}

fn code(record: &Record<'_>, seen: &mut HashMap<String, u64>) -> Result<String, RowRefusal> {
    let text = id(record.get("account"))?.ok_or(RowRefusal::NoAccount)?;
    let code: String = text.chars().filter(|c| !matches!(c, '.' | '-')).collect();
    if code.len() < 3 || code.len() > 20 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Err(RowRefusal::BadCode { what: "科目编码".to_owned(), text });
    }
    match seen.insert(code.clone(), record.row) {
        Some(first_row) => Err(RowRefusal::Repeated { what: format!("科目 {code}"), first_row }),
        None => Ok(code),
    }
}

/// A class by its name in the charts; 资产类 and 所有者权益类 as offices write it too.
fn class(record: &Record<'_>) -> Result<Option<AccountClass>, RowRefusal> {
    let text = record.text("class");
    let class = AccountClass::parse(text.trim_end_matches('类'));
    if class.is_none() && !text.is_empty() {
        return Err(RowRefusal::BadCode { what: "科目类别".to_owned(), text: text.to_owned() });
    }
    Ok(class)
}

fn requires(text: &str) -> Result<Vec<Dimension>, RowRefusal> {
    let names = text.split(['、', ',', '，', ';', '；', '+', ' ']).map(str::trim).filter(|name| !matches!(*name, "" | "无"));
    names.map(|name| Dimension::parse(name).ok_or_else(|| RowRefusal::UnknownDimension { text: name.to_owned() })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_accounts_and_names_every_bad_row() {
        let text =
            "编码,名称,方向,辅助核算\n10201,农商行,借,银行账户\n113-01,应收款,借,\"往来、项目\"\n10201,又,,\n1a,,左,天气\n";
        let read = read_accounts(text.as_bytes(), &ImportOptions::default()).unwrap();
        assert_eq!(read.accounts.len(), 2);
        assert_eq!(
            (read.accounts[1].code.as_str(), &read.accounts[1].requires[..]),
            ("11301", &[Dimension::Party, Dimension::Project][..])
        );
        let codes: Vec<_> = read.problems.iter().map(|problem| (problem.row, problem.code.as_str())).collect();
        assert_eq!(codes, [(4, "X-138"), (5, "X-139"), (5, "X-140"), (5, "X-132"), (5, "X-141")]);
    }
}
