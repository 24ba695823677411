//! Applications for loans from the lists townships and banks keep (贷款申请汇总表): one row a loan.
//!
//! Pure.
//!
//! 1. A loan's number stands once in a list; every bad row is reported with its place.

use std::collections::HashMap;

use super::headings::Plan;
use super::loan_papers_in::{Sum, code, day, is_no_row, months, sum};
use super::problems::{RowProblem, RowRefusal};
use super::records_in::{Record, TableFacts, for_each_record};
use super::vouchers_in::ImportOptions;
use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::refusal::Refusal;

const PLAN: Plan = Plan {
    table: "loan_application",
    needs: &[&[&["loan"]], &[&["household"], &["id_number"]], &[&["bank"]], &[&["amount"]], &[&["months"]]],
};

/// One application as the list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRow {
    /// Row in the file.
    pub row: u64,
    /// 借据号
    pub loan: String,
    /// 户编号
    pub household: Option<String>,
    /// The borrower's resident id, where the list has no 户编号.
    pub id_number: Option<String>,
    /// Code or name of the bank.
    pub bank: String,
    /// 金额
    pub amount: Amount,
    /// 期限
    pub months: u32,
    /// 用途
    pub purpose: String,
    /// 申请日期
    pub on: Option<BusinessDate>,
    /// 被续的借据号
    pub renews: Option<String>,
}

/// What a list came to.
#[derive(Debug, Clone, Default)]
pub struct ApplicationsIn {
    /// The good rows.
    pub rows: Vec<ApplicationRow>,
    /// Every problem, by row.
    pub problems: Vec<RowProblem>,
    /// Head row, titles, columns.
    pub table: TableFacts,
}

/// Reads a list of applications. Refuses only files that are no such table.
pub fn read_applications(bytes: &[u8], options: &ImportOptions) -> Result<ApplicationsIn, Refusal> {
    let (mut rows, mut problems, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
    let table = for_each_record(bytes, &options.read, &PLAN, &options.mapping, &mut |record| {
        if !is_no_row(record, &["household", "id_number", "amount"]) {
            rows.extend(row(record, &mut seen, &mut problems));
        }
        Ok(())
    })?;
    let in_yuan = |(mut row, sum): (ApplicationRow, Sum)| {
        row.amount = sum.in_yuan(&table).unwrap_or(Amount::from_fen(i64::MAX));
        row
    };
    Ok(ApplicationsIn { rows: rows.into_iter().map(in_yuan).collect(), problems, table })
}

fn row(record: &Record<'_>, seen: &mut HashMap<String, u64>, problems: &mut Vec<RowProblem>) -> Option<(ApplicationRow, Sum)> {
    let before = problems.len();
    let loan = code(record, "loan", "借据号", problems);
    let household = code(record, "household", "", problems);
    let id_number = code(record, "id_number", if household.is_none() { "身份证号" } else { "" }, problems);
    let bank = record.text("bank").trim().to_owned();
    if bank.is_empty() {
        problems.push(record.problem("bank", RowRefusal::NoName));
    }
    let (amount, months) = (sum(record, "amount", problems), months(record, "months", problems));
    if amount.is_none() && problems.len() == before {
        problems.push(record.problem("amount", RowRefusal::NoMoney));
    }
    let (on, renews) = (day(record, "on", problems), code(record, "renews", "", problems));
    if let Some(first_row) = loan.as_ref().and_then(|loan| seen.insert(loan.clone(), record.row)) {
        problems.push(record.problem("loan", RowRefusal::Repeated { what: "借据号".to_owned(), first_row }));
    }
    let purpose = record.text("purpose").to_owned();
    let row = |loan, months| ApplicationRow {
        row: record.row,
        loan,
        household,
        id_number,
        bank,
        amount: Amount::ZERO,
        months,
        purpose,
        on,
        renews,
    };
    if problems.len() > before { None } else { Some((row(loan?, months?), amount?)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_township_sends() {
        let text = "青禾镇2022年脱贫人口小额信贷申请汇总表,,,,,,,\n填报单位:青禾镇,,,,单位:万元,,,\n\
                    序号,借款编号,户编码,姓名,承贷银行,贷款金额,贷款期限,贷款用途\n\
                    1,D001,H001,王䶮,青禾农商行,5,三年,养牛\n2,D002,H002,扎西·次仁,青禾村镇银行,3.5,12个月,种桑\n\
                    3,D001,H003,又,青禾农商行,5,1年,\n4,D004,,无名,青禾农商行,5,半年,\n合计,,,,,18.5,,\n";
        let (gbk, ..) = encoding_rs::GBK.encode(text);
        let read = read_applications(&gbk, &ImportOptions::default()).unwrap();
        let rows: Vec<_> = read.rows.iter().map(|r| (r.loan.as_str(), r.amount.to_string(), r.months, r.bank.as_str())).collect();
        assert_eq!(
            rows,
            [("D001", "50000.00".to_owned(), 36, "青禾农商行"), ("D002", "35000.00".to_owned(), 12, "青禾村镇银行")]
        );
        let codes: Vec<_> = read.problems.iter().map(|problem| (problem.row, problem.code.as_str())).collect();
        assert_eq!(codes, [(6, "X-138"), (7, "X-139"), (7, "X-161")]);
        let years = "借据号,户编号,经办银行,申请金额（元）,期限（年）\nD1,H1,B1,50000,3\n";
        let read = read_applications(years.as_bytes(), &ImportOptions::default()).unwrap();
        assert_eq!((read.rows[0].months, read.rows[0].amount.to_string()), (36, "50000.00".to_owned()));
    }
}
