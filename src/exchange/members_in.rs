//! Cards of dimensions (households, members, projects, bank accounts) from a file.
//!
//! Pure.
//!
//! 1. A code stands once in a dimension; long numbers a spreadsheet program damaged are refused.

use std::collections::HashMap;

use super::headings::Plan;
use super::problems::{RowProblem, RowRefusal};
use super::records_in::{Record, TableFacts, for_each_record};
use super::values_in::id;
use super::vouchers_in::ImportOptions;
use crate::ledger::Dimension;
use crate::refusal::Refusal;

const PLAN: Plan = Plan { table: "member", needs: &[&[&["code"]], &[&["name"]]] };

/// One card of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Row in the file.
    pub row: u64,
    /// 辅助核算
    pub dimension: Dimension,
    /// 编号
    pub code: String,
    /// 名称
    pub name: String,
}

/// What a file of cards came to.
#[derive(Debug, Clone, Default)]
pub struct MembersIn {
    /// The good rows.
    pub members: Vec<MemberRow>,
    /// Every problem, by row.
    pub problems: Vec<RowProblem>,
    /// Head row, titles, columns used and not used.
    pub table: TableFacts,
}

/// Reads a file of cards; rows that name no dimension belong to `otherwise`.
/// Refuses only files that are no such table; bad rows are reported.
pub fn read_members(bytes: &[u8], options: &ImportOptions, otherwise: Option<Dimension>) -> Result<MembersIn, Refusal> {
    let (mut members, mut problems, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
    let mut visit = |record: &Record<'_>| {
        members.extend(member_row(record, otherwise, &mut seen, &mut problems));
        Ok(())
    };
    let table = for_each_record(bytes, &options.read, &PLAN, &options.mapping, &mut visit)?;
    Ok(MembersIn { members, problems, table })
}

type Seen = HashMap<(&'static str, String), u64>;

fn member_row(
    record: &Record<'_>,
    otherwise: Option<Dimension>,
    seen: &mut Seen,
    problems: &mut Vec<RowProblem>,
) -> Option<MemberRow> {
    let before = problems.len();
    let dimension = dimension(record.text("dimension"), otherwise).map_err(|why| problems.push(record.problem("dimension", why)));
    let code = own_code(record, dimension.ok(), seen).map_err(|why| problems.push(record.problem("code", why)));
    let name = record.text("name").to_owned();
    if name.is_empty() {
        problems.push(record.problem("name", RowRefusal::NoName));
    }
    let (Ok(dimension), Ok(code), true) = (dimension, code, problems.len() == before) else { return None };
    Some(MemberRow { row: record.row, dimension, code, name })
}

fn dimension(text: &str, otherwise: Option<Dimension>) -> Result<Dimension, RowRefusal> {
    let unknown = || RowRefusal::UnknownDimension { text: text.to_owned() };
    if text.is_empty() { otherwise.ok_or_else(unknown) } else { Dimension::parse(text).ok_or_else(unknown) }
}

fn own_code(record: &Record<'_>, dimension: Option<Dimension>, seen: &mut Seen) -> Result<String, RowRefusal> {
    let missing = || RowRefusal::BadCode { what: "编号".to_owned(), text: String::new() };
    let code = id(record.get("code"))?.ok_or_else(missing)?;
    match seen.insert((dimension.map_or("", Dimension::as_str), code.clone()), record.row) {
        Some(first_row) => Err(RowRefusal::Repeated { what: format!("编号 {code}"), first_row }),
        None => Ok(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_cards_and_names_every_bad_row() {
        let text = "辅助核算,编号,名称\n往来,H001,吉克·阿依\n项目,P01,人饮工程\n天气,X,晴\n往来,H001,又\n往来,,无号\n,H002,\n";
        let read = read_members(text.as_bytes(), &ImportOptions::default(), None).unwrap();
        assert_eq!(read.members.len(), 2);
        assert_eq!((read.members[1].dimension, read.members[1].code.as_str()), (Dimension::Project, "P01"));
        let codes: Vec<_> = read.problems.iter().map(|problem| (problem.row, problem.code.as_str())).collect();
        assert_eq!(codes, [(4, "X-141"), (5, "X-138"), (6, "X-139"), (7, "X-141"), (7, "X-140")]);
        let households =
            read_members("户号,户主\nH1,甲\n".as_bytes(), &ImportOptions::default(), Some(Dimension::Party)).unwrap();
        assert_eq!(households.members[0].dimension, Dimension::Party);
    }
}
