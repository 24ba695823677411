//! A bank's loan list (贷款台账): one row a loan, as the bank keeps it.
//!
//! Pure.
//!
//! 1. A contract or loan number stands once in a list; rates are per cent a year.
//! 2. A blank cell says nothing about its field; it is no zero.

use std::collections::HashMap;

use super::headings::Plan;
use super::problems::{RowProblem, RowRefusal};
use super::records_in::{Record, TableFacts, for_each_record};
use super::values_in::{amount, date, id, plain};
use super::vouchers_in::ImportOptions;
use crate::calendar::BusinessDate;
use crate::money::{Amount, Rate};
use crate::refusal::Refusal;

const PLAN: Plan = Plan { table: "loan_list", needs: &[&[&["contract"]], &[&["principal"]]] };

/// One loan as the bank shows it. `None` where the list has no such column or a blank cell.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct BankListRow {
    /// Row in the file.
    pub row: u64,
    /// 合同号 or 借据号
    pub contract: String,
    /// 借款人
    pub borrower: String,
    /// 贷款余额
    pub principal: Amount,
    /// 欠息
    pub interest_owed: Option<Amount>,
    /// 年利率
    pub rate: Option<Rate>,
    /// 放款日期
    pub starts_on: Option<BusinessDate>,
    /// 到期日期
    pub matures_on: Option<BusinessDate>,
    /// 状态
    pub status: Option<String>,
    /// 五级分类
    pub class: Option<String>,
}

/// What a list came to.
#[derive(Debug, Clone, Default)]
pub struct LoanListIn {
    /// The good rows.
    pub rows: Vec<BankListRow>,
    /// Every problem, by row.
    pub problems: Vec<RowProblem>,
    /// Head row, titles, columns.
    pub table: TableFacts,
}

/// Reads a bank's loan list. Refuses only files that are no such table.
pub fn read_loan_list(bytes: &[u8], options: &ImportOptions) -> Result<LoanListIn, Refusal> {
    let (mut rows, mut problems, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
    let table = for_each_record(bytes, &options.read, &PLAN, &options.mapping, &mut |record| {
        if record.total_word().is_none() {
            rows.extend(row(record, &mut seen, &mut problems));
        }
        Ok(())
    })?;
    Ok(LoanListIn { rows, problems, table })
}

fn row(record: &Record<'_>, seen: &mut HashMap<String, u64>, problems: &mut Vec<RowProblem>) -> Option<BankListRow> {
    let before = problems.len();
    let contract = id(record.get("contract")).map_err(|why| problems.push(record.problem("contract", why))).ok()?;
    let Some(contract) = contract.map(|contract| plain(&contract)) else {
        // Remarks below the table have no contract and no balance.
        if !record.text("principal").is_empty() {
            problems.push(record.problem("contract", RowRefusal::NoName));
        }
        return None;
    };
    // A remark below the table stands alone in the first column.
    if ["principal", "borrower", "rate", "starts_on", "matures_on"].iter().all(|field| record.text(field).is_empty()) {
        return None;
    }
    if record.text("principal").is_empty() {
        problems.push(record.problem("principal", super::bank_statement::StatementRefusal::NoMoney));
    }
    if let Some(first_row) = seen.insert(contract.clone(), record.row) {
        problems.push(record.problem("contract", RowRefusal::Repeated { what: format!("合同 {contract}"), first_row }));
    }
    let mut money = |field: &str| amount(record.get(field)).map_err(|why| problems.push(record.problem(field, why))).ok();
    let (principal, interest) = (money("principal"), money("interest_owed"));
    let mut day = |field: &str| date(record.get(field)).map_err(|why| problems.push(record.problem(field, why))).ok().flatten();
    let (starts_on, matures_on) = (day("starts_on"), day("matures_on"));
    let rate = (!record.text("rate").is_empty())
        .then(|| Rate::parse(record.text("rate")).map_err(|why| problems.push(record.problem("rate", why))).ok())
        .flatten();
    let text = |field: &str| Some(plain(record.text(field))).filter(|text| !text.is_empty());
    (problems.len() == before).then(|| BankListRow {
        row: record.row,
        contract,
        borrower: record.text("borrower").to_owned(),
        principal: principal.unwrap_or_default(),
        interest_owed: interest.filter(|_| !record.get("interest_owed").is_blank()),
        rate,
        starts_on,
        matures_on,
        status: text("status"),
        class: text("class"),
    })
}
