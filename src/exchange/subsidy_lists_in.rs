//! Lists about interest subsidy: the bank's sums by loan, what other departments have claimed, the bank's classes.
//!
//! Pure.

use super::headings::Plan;
use super::loan_papers_in::{Sum, code, day, is_no_row, sum};
use super::problems::{RowProblem, RowRefusal};
use super::records_in::{Record, TableFacts, for_each_record};
use super::vouchers_in::ImportOptions;
use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::refusal::Refusal;

const BANK: Plan = Plan { table: "subsidy_list", needs: &[&[&["loan"]], &[&["amount"]]] };
const CLASSES: Plan = Plan { table: "loan_list", needs: &[&[&["contract"]], &[&["class"]]] };
const ELSEWHERE: Plan =
    Plan { table: "subsidy_elsewhere", needs: &[&[&["household"], &["id_number"]], &[&["from"]], &[&["through"]]] };

/// The rows of a list, its problems and what was found out about the file.
#[derive(Debug, Clone)]
pub struct ListIn<T> {
    /// The good rows.
    pub rows: Vec<T>,
    /// Every problem, by row.
    pub problems: Vec<RowProblem>,
    /// Head row, titles, columns.
    pub table: TableFacts,
}

fn read<T>(
    bytes: &[u8],
    options: &ImportOptions,
    plan: &Plan,
    mut row: impl FnMut(&Record<'_>, &mut Vec<RowProblem>) -> Option<T>,
) -> Result<ListIn<T>, Refusal> {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let table = for_each_record(bytes, &options.read, plan, &options.mapping, &mut |record| {
        rows.extend(row(record, &mut problems));
        Ok(())
    })?;
    Ok(ListIn { rows, problems, table })
}

/// The bank's subsidy by loan (贴息清单): (借据号, 贴息金额), as often as the list has it.
pub fn read_bank_subsidy(bytes: &[u8], options: &ImportOptions) -> Result<ListIn<(String, Amount)>, Refusal> {
    let row = |record: &Record<'_>, problems: &mut Vec<RowProblem>| {
        if is_no_row(record, &["amount"]) {
            return None;
        }
        Some((code(record, "loan", "借据号", problems)?, sum(record, "amount", problems)?))
    };
    let ListIn { rows, problems, table } = read(bytes, options, &BANK, row)?;
    let in_yuan = |(loan, sum): (String, Sum)| (loan, sum.in_yuan(&table).unwrap_or(Amount::from_fen(i64::MAX)));
    Ok(ListIn { rows: rows.into_iter().map(in_yuan).collect(), problems, table })
}

/// The bank's five classes: (借据号 or 合同号, class in its words).
pub fn read_bank_classes(bytes: &[u8], options: &ImportOptions) -> Result<ListIn<(String, String)>, Refusal> {
    read(bytes, options, &CLASSES, |record, problems| {
        if is_no_row(record, &["class"]) {
            return None;
        }
        Some((code(record, "contract", "借据号", problems)?, record.text("class").trim().to_owned()))
    })
}

/// A claim of another department for a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElsewhereRow {
    /// Row in the file.
    pub row: u64,
    /// 户编号
    pub household: Option<String>,
    /// Resident id, where the list has no 户编号.
    pub id_number: Option<String>,
    /// 申报部门
    pub department: String,
    /// First day.
    pub from: BusinessDate,
    /// Last day.
    pub through: BusinessDate,
    /// 贴息金额
    pub amount: Amount,
    /// 文号
    pub document: String,
}

/// Reads what other departments have claimed. Rows that name no department belong to `department`.
pub fn read_elsewhere(bytes: &[u8], options: &ImportOptions, department: &str) -> Result<ListIn<ElsewhereRow>, Refusal> {
    let row = |record: &Record<'_>, problems: &mut Vec<RowProblem>| {
        if is_no_row(record, &["household", "id_number"]) {
            return None;
        }
        let household = code(record, "household", "", problems);
        let id_number = code(record, "id_number", if household.is_none() { "身份证号" } else { "" }, problems);
        let days = (day(record, "from", problems), day(record, "through", problems));
        let own = record.text("department").trim();
        let department = if own.is_empty() { department } else { own };
        if department.is_empty() {
            problems.push(record.problem("department", RowRefusal::NoName));
        }
        let (Some(from), Some(through)) = days else {
            problems.push(record.problem("from", RowRefusal::NoDate));
            return None;
        };
        let (department, document) = (department.to_owned(), record.text("document").to_owned());
        let amount = sum(record, "amount", problems);
        let row =
            ElsewhereRow { row: record.row, household, id_number, department, from, through, amount: Amount::ZERO, document };
        Some((row, amount))
    };
    let ListIn { rows, problems, table } = read(bytes, options, &ELSEWHERE, row)?;
    let in_yuan = |(mut row, sum): (ElsewhereRow, Option<Sum>)| {
        row.amount = sum.and_then(|sum| sum.in_yuan(&table)).unwrap_or(Amount::ZERO);
        row
    };
    Ok(ListIn { rows: rows.into_iter().map(in_yuan).collect(), problems, table })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_with_titles_and_totals() {
        let options = ImportOptions::default();
        let bank =
            "青禾农商行2022年一季度贴息明细\n序号,借据号,户名,应贴息金额\n1,D001,王䶮,484.38\n2,D001,王䶮,0.62\n合计,,,485.00\n";
        let read = read_bank_subsidy(bank.as_bytes(), &options).unwrap();
        assert_eq!(read.rows.iter().map(|row| row.1.to_string()).collect::<Vec<_>>(), ["484.38", "0.62"]);
        let classes = read_bank_classes("合同编号,客户名称,五级分类\nD001,王䶮,关注\n".as_bytes(), &options).unwrap();
        assert_eq!(classes.rows, [("D001".to_owned(), "关注".to_owned())]);
        let other = "身份证号码,贴息起始日,贴息截止日,贴息金额\n459900199003070189,2022.1.1,2022.3.31,300\n,,,\n";
        let read = read_elsewhere(other.as_bytes(), &options, "县残联").unwrap();
        assert_eq!((read.rows[0].department.as_str(), read.rows[0].amount.to_string().as_str()), ("县残联", "300.00"));
        assert!(read_elsewhere(other.as_bytes(), &options, "").unwrap().problems.len() == 1);
    }
}
