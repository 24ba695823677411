//! What happened to loans, from the lists banks send (放款清单、还款明细): one row a payment or change.
//!
//! Pure.
//!
//! 1. What a row tells is said by its own column, or by the column its date stands in: 放款日期, 还款日期.
//! 2. Principal and interest received in two columns are one receipt; interest alone is meant for interest.

use super::headings::Plan;
use super::loan_papers_in::{Sum, code, day, is_no_row, sum};
use super::problems::{RowProblem, RowRefusal};
use super::records_in::{Record, TableFacts, for_each_record};
use super::refusal::PaperRefusal;
use super::vouchers_in::ImportOptions;
use crate::calendar::BusinessDate;
use crate::money::{Amount, Rate};
use crate::refusal::Refusal;

const PLAN: Plan = Plan {
    table: "loan_fact",
    needs: &[
        &[&["loan"]],
        &[&["date"], &["paid_out_on"], &["received_on"]],
        &[&["amount"], &["principal"], &["interest"], &["rate"], &["extended_to"], &["kind"]],
    ],
};

/// What a row tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactKind {
    /// 放款
    PaidOut(Amount),
    /// 还款; true where it is meant for interest only.
    Received(Amount, bool),
    /// 展期
    Extended(BusinessDate),
    /// 利率变动
    Rate(Rate),
    /// 核销
    WrittenOff(String),
    /// 核销后收回
    Recovered(Amount),
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    /// Row in the file.
    pub row: u64,
    /// 借据号 or 合同号
    pub loan: String,
    /// The day.
    pub on: BusinessDate,
    /// What.
    pub kind: FactKind,
    /// 流水号
    pub reference: String,
}

/// What a list came to.
#[derive(Debug, Clone, Default)]
pub struct FactsIn {
    /// The good rows.
    pub rows: Vec<FactRow>,
    /// Every problem, by row.
    pub problems: Vec<RowProblem>,
    /// Head row, titles, columns.
    pub table: TableFacts,
}

/// Reads a list of facts. Refuses only files that are no such table.
pub fn read_facts(bytes: &[u8], options: &ImportOptions) -> Result<FactsIn, Refusal> {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let table = for_each_record(bytes, &options.read, &PLAN, &options.mapping, &mut |record| {
        if !is_no_row(record, &["date", "paid_out_on", "received_on"]) {
            rows.extend(row(record, &mut problems));
        }
        Ok(())
    })?;
    let rows = rows.into_iter().map(|row: Read| row.in_yuan(&table)).collect();
    Ok(FactsIn { rows, problems, table })
}

/// A row before the unit of its sums is known.
struct Read {
    row: FactRow,
    sums: Vec<Sum>,
}

impl Read {
    fn in_yuan(mut self, table: &TableFacts) -> FactRow {
        let parts = self.sums.iter().map(|sum| sum.in_yuan(table));
        let total = parts.collect::<Option<Vec<_>>>().and_then(Amount::try_sum).unwrap_or(Amount::from_fen(i64::MAX));
        match &mut self.row.kind {
            FactKind::PaidOut(amount) | FactKind::Received(amount, _) | FactKind::Recovered(amount) => *amount = total,
            FactKind::Extended(_) | FactKind::Rate(_) | FactKind::WrittenOff(_) => {}
        }
        self.row
    }
}

fn row(record: &Record<'_>, problems: &mut Vec<RowProblem>) -> Option<Read> {
    let before = problems.len();
    let loan = code(record, "loan", "借据号", problems);
    let days = ["date", "paid_out_on", "received_on"].map(|field| day(record, field, problems));
    let on = days[0].or(days[1]).or(days[2]);
    if on.is_none() && problems.len() == before {
        problems.push(record.problem("date", RowRefusal::NoDate));
    }
    let sums = match sum(record, "amount", problems) {
        Some(whole) => vec![whole],
        None => ["principal", "interest"].iter().filter_map(|field| sum(record, field, problems)).collect(),
    };
    let kind = kind(record, problems);
    let needs_money = matches!(kind, Some(FactKind::PaidOut(_) | FactKind::Received(..) | FactKind::Recovered(_)));
    if needs_money && sums.is_empty() && problems.len() == before {
        problems.push(record.problem("amount", RowRefusal::NoMoney));
    }
    let reference = record.text("reference").to_owned();
    let read = |loan, on, kind| Read { row: FactRow { row: record.row, loan, on, kind, reference }, sums };
    if problems.len() > before { None } else { Some(read(loan?, on?, kind?)) }
}

/// What the row tells, by its word or by the column of its date.
fn kind(record: &Record<'_>, problems: &mut Vec<RowProblem>) -> Option<FactKind> {
    let word = record.text("kind").trim();
    let (paid_out, received) = (!record.get("paid_out_on").is_blank(), !record.get("received_on").is_blank());
    let only_interest = record.get("amount").is_blank() && record.get("principal").is_blank();
    let has = |words: &[&str]| words.iter().any(|known| word.contains(known));
    match word {
        "" if paid_out && !received => Some(FactKind::PaidOut(Amount::ZERO)),
        "" if !record.get("interest").is_blank() => Some(FactKind::Received(Amount::ZERO, only_interest)),
        "" if received => Some(FactKind::Received(Amount::ZERO, false)),
        "" => kind_of_columns(record, problems),
        _ if has(&["核销后", "代偿后", "核销收回", "追偿", "收回已核销"]) => {
            Some(FactKind::Recovered(Amount::ZERO))
        }
        _ if has(&["核销"]) => Some(FactKind::WrittenOff(record.text("reason").to_owned())),
        _ if has(&["放款", "发放", "支用", "提款"]) => Some(FactKind::PaidOut(Amount::ZERO)),
        _ if has(&["展期"]) => extended(record, problems),
        _ if has(&["利率"]) => rate(record, problems),
        "还息" | "收息" | "付息" | "归还利息" | "利息" | "结息扣款" => {
            Some(FactKind::Received(Amount::ZERO, true))
        }
        _ if has(&["还", "收回", "结清", "扣款"]) => Some(FactKind::Received(Amount::ZERO, false)),
        _ => {
            problems.push(record.problem("kind", PaperRefusal::UnknownFact { text: word.to_owned() }));
            None
        }
    }
}

fn kind_of_columns(record: &Record<'_>, problems: &mut Vec<RowProblem>) -> Option<FactKind> {
    match () {
        () if !record.get("extended_to").is_blank() => extended(record, problems),
        () if !record.get("rate").is_blank() => rate(record, problems),
        () => {
            problems.push(record.problem("kind", PaperRefusal::UnknownFact { text: String::new() }));
            None
        }
    }
}

fn extended(record: &Record<'_>, problems: &mut Vec<RowProblem>) -> Option<FactKind> {
    let to = day(record, "extended_to", problems);
    if to.is_none() {
        problems.push(record.problem("extended_to", RowRefusal::NoDate));
    }
    to.map(FactKind::Extended)
}

fn rate(record: &Record<'_>, problems: &mut Vec<RowProblem>) -> Option<FactKind> {
    let read = Rate::parse(record.text("rate").trim().trim_end_matches(['%', '％']));
    read.map_err(|why| problems.push(record.problem("rate", why))).ok().map(FactKind::Rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> FactsIn {
        read_facts(text.as_bytes(), &ImportOptions::default()).unwrap()
    }

    #[test]
    fn what_banks_send() {
        let out = read("青禾农商行放款清单\n序号,借据编号,客户姓名,放款日期,放款金额(万元)\n1,D001,王䶮,2022/1/5,5\n合计,,,,5\n");
        assert_eq!(out.rows[0].kind, FactKind::PaidOut(Amount::from_yuan(50_000)));
        let back = read(
            "借据号,交易日期,业务类型,还本金额,还息金额,新到期日,交易流水号\n\
             D001,2022年3月21日,按期还息,,484.38,,S1\nD001,20220601,提前还款,\"10,000.00\",120.00,,S2\n\
             D002,2022-06-01,展期,,,2023-01-05,\nD003,2022-06-01,转让,,,,\nD004,2022-06-01,还款,,,,\n",
        );
        let kinds: Vec<_> = back.rows.iter().map(|row| (row.loan.as_str(), row.kind.clone(), row.reference.as_str())).collect();
        let yuan = |text: &str| Amount::parse(text).unwrap();
        assert_eq!(
            kinds,
            [
                ("D001", FactKind::Received(yuan("484.38"), false), "S1"),
                ("D001", FactKind::Received(yuan("10120"), false), "S2"),
                ("D002", FactKind::Extended("2023-01-05".parse().unwrap()), ""),
            ]
        );
        let codes: Vec<_> = back.problems.iter().map(|problem| (problem.row, problem.code.as_str())).collect();
        assert_eq!(codes, [(5, "X-162"), (6, "X-133")]);
        let interest = read("借据号,还款日期,还本金额,还息金额\nD001,2022-03-21,,484.38\nD002,2022-03-21,100,1\n");
        assert_eq!(interest.rows[0].kind, FactKind::Received(yuan("484.38"), true));
        assert_eq!(interest.rows[1].kind, FactKind::Received(yuan("101"), false));
        let rate = read("合同号,调整日期,执行利率\nD001,2022-03-21,4.45%\n");
        assert_eq!(rate.rows[0].kind, FactKind::Rate("4.45".parse().unwrap()));
    }
}
