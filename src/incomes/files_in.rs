//! Files of incomes from elsewhere (wages, transfers), read into rows.
//!
//! Pure: bytes in, rows or problems out. Headings are data (`exchange/headings.csv`).
//!
//! 1. Every bad row is reported with its place; nothing of a file with one is taken in.
//! 2. A row's key is made of its content and of how many equal rows stood before it in the file.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::IncomeType;
use super::refusal::IncomeRefusal;
use crate::calendar::BusinessDate;
use crate::exchange::headings::Plan;
use crate::exchange::problems::RowProblem;
use crate::exchange::records_in::{Record, TableFacts, for_each_record};
use crate::exchange::values_in::{amount, date, id};
use crate::exchange::vouchers_in::ImportOptions;
use crate::money::Amount;
use crate::parties::household::RegisterRefusal;
use crate::refusal::Refusal;

const PLAN: Plan = Plan { table: "income", needs: &[&[&["household"]], &[&["on"]], &[&["type"]], &[&["amount"]]] };

/// A row of such a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomeRow {
    /// By which it is known again.
    pub key: String,
    /// Household.
    pub household: String,
    /// When it arrived.
    pub on: BusinessDate,
    /// Class.
    pub kind: IncomeType,
    /// What it is.
    pub item: String,
    /// How much.
    pub amount: Amount,
    /// Who paid.
    pub payer: String,
    /// What proves it.
    pub document: String,
    /// Anything else.
    pub remark: String,
}

/// What a file came to.
#[derive(Debug, Clone, Default)]
pub struct IncomesIn {
    /// The good rows.
    pub rows: Vec<IncomeRow>,
    /// Every problem, by row.
    pub problems: Vec<RowProblem>,
    /// Head row, columns used and not used.
    pub table: TableFacts,
}

/// Reads a file of incomes; `is_known` tells the households of the register. Refuses only files that are no such table.
pub fn read_incomes(
    bytes: &[u8],
    options: &ImportOptions,
    (today, is_known): (BusinessDate, &dyn Fn(&str) -> bool),
) -> Result<IncomesIn, Refusal> {
    let (mut rows, mut problems, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
    let table = for_each_record(bytes, &options.read, &PLAN, &options.mapping, &mut |record| {
        if record.total_word().is_none() {
            let before = problems.len();
            let row = row(record, today, is_known, &mut problems);
            rows.extend(row.filter(|_| problems.len() == before).map(|row| keyed(row, &mut seen)));
        }
        Ok(())
    })?;
    Ok(IncomesIn { rows, problems, table })
}

fn row(
    record: &Record<'_>,
    today: BusinessDate,
    is_known: &dyn Fn(&str) -> bool,
    problems: &mut Vec<RowProblem>,
) -> Option<IncomeRow> {
    let mut wrong = |field: &str, why: Refusal| problems.push(record.problem(field, why));
    let text = |field: &str| record.text(field).trim().to_owned();
    let household = match id(record.get("household")) {
        Ok(Some(code)) if is_known(&code) => Some(code),
        Ok(Some(household)) => {
            wrong("household", RegisterRefusal::UnknownHousehold { household }.into());
            None
        }
        Ok(None) => {
            wrong("household", IncomeRefusal::NoHousehold.into());
            None
        }
        Err(why) => {
            wrong("household", why.into());
            None
        }
    };
    let on = match date(record.get("on")) {
        Ok(Some(on)) if on <= today => Some(on),
        Ok(_) => {
            wrong("on", IncomeRefusal::BadDay { text: text("on") }.into());
            None
        }
        Err(why) => {
            wrong("on", why.into());
            None
        }
    };
    let kind = IncomeType::of_list(record.text("type"));
    if kind.is_none() {
        wrong("type", IncomeRefusal::UnknownType { text: text("type") }.into());
    }
    let sum = match amount(record.get("amount")) {
        Ok(sum) if sum.is_positive() => Some(sum),
        Ok(_) => {
            wrong("amount", IncomeRefusal::NoAmount { text: text("amount") }.into());
            None
        }
        Err(why) => {
            wrong("amount", why);
            None
        }
    };
    let item = Some(text("item")).filter(|item| !item.is_empty()).or_else(|| kind.map(|kind| kind.label_zh().to_owned()));
    Some(IncomeRow {
        key: String::new(),
        household: household?,
        on: on?,
        kind: kind?,
        item: item?,
        amount: sum?,
        payer: text("payer"),
        document: text("document"),
        remark: text("remark"),
    })
}

/// The row with its key: half a SHA-256 over its texts, each with its length, and its occurrence from 1.
fn keyed(row: IncomeRow, seen: &mut HashMap<String, u32>) -> IncomeRow {
    let mut sha = Sha256::new();
    let (on, fen) = (row.on.to_string(), row.amount.fen().to_string());
    for text in [&row.household, &on, row.kind.as_str(), &row.item, &fen, &row.payer, &row.document, &row.remark] {
        sha.update((text.len() as u64).to_be_bytes());
        sha.update(text.as_bytes());
    }
    let digest = hex::encode(&sha.finalize()[..16]);
    let occurrence = seen.entry(digest.clone()).or_insert(0);
    *occurrence += 1;
    IncomeRow { key: format!("{digest}-{occurrence}"), ..row }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> IncomesIn {
        let known = |household: &str| household.starts_with('H');
        read_incomes(text.as_bytes(), &ImportOptions::default(), ("2026-01-05".parse().unwrap(), &known)).unwrap()
    }

    #[test]
    fn good_rows_are_read_and_equal_ones_told_apart() {
        let text = "户编号,到账日期,收入类别,项目,金额,发放单位,备注\n\
                    H1,2025-12-31,工资性收入,县外务工,18000.00,广东某厂,\n\
                    H1,2025-12-31,工资性收入,县外务工,18000.00,广东某厂,\n\
                    H2,2025-11-30,补贴,,600,,村里转来\n合计,,,,36600.00,,\n";
        let read = read(text);
        assert_eq!(read.problems, []);
        assert_eq!(read.rows.len(), 3);
        assert!(read.rows[0].key != read.rows[1].key && read.rows[0].key[..32] == read.rows[1].key[..32]);
        assert_eq!((read.rows[2].kind, read.rows[2].item.as_str()), (IncomeType::Transfer, "转移性收入"));
    }

    #[test]
    fn each_bad_cell_is_named() {
        let text = "户编号,到账日期,收入类别,金额\nX9,2025-12-31,工资,100\n,2025-12-31,工资,100\nH1,2026-01-06,工资,100\n\
                    H1,2025-12-31,中奖,100\nH1,2025-12-31,工资,-5\nH1,2025-12-31,工资,\nH1,,工资,1\n";
        let codes: Vec<_> = read(text).problems.iter().map(|problem| (problem.row, problem.code.clone())).collect();
        let codes: Vec<_> = codes.iter().map(|(row, code)| (*row, code.as_str())).collect();
        assert_eq!(codes, [(2, "I-606"), (3, "I-806"), (4, "I-803"), (5, "I-801"), (6, "I-802"), (7, "I-802"), (8, "I-803")]);
        assert_eq!(read(text).rows, []);
    }
}
