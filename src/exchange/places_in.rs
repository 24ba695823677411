//! Places (county, townships, villages) with their statistical division codes from a file.
//!
//! Pure. Only the shape of a code is looked at here: twelve digits. What the digits mean — the county
//! they belong to, the level, the urban-rural class — `parties` checks before a place is kept.

use std::collections::HashMap;

use super::headings::Plan;
use super::problems::{RowProblem, RowRefusal};
use super::records_in::{Record, TableFacts, for_each_record};
use super::values_in::{date, id};
use super::vouchers_in::ImportOptions;
use crate::calendar::BusinessDate;
use crate::refusal::Refusal;

const PLAN: Plan = Plan { table: "place", needs: &[&[&["code"]], &[&["name"]]] };
const CODE_DIGITS: usize = 12;

/// One place of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceRow {
    /// Row in the file.
    pub row: u64,
    /// 区划代码, twelve digits.
    pub code: String,
    /// 名称
    pub name: String,
    /// 启用日期
    pub valid_from: Option<BusinessDate>,
    /// 停用日期, the last day.
    pub valid_through: Option<BusinessDate>,
    /// 并入代码: the place it went into.
    pub successor: Option<String>,
}

/// What a file of places came to.
#[derive(Debug, Clone, Default)]
pub struct PlacesIn {
    /// The good rows.
    pub places: Vec<PlaceRow>,
    /// Every problem, by row.
    pub problems: Vec<RowProblem>,
    /// Head row, titles, columns used and not used.
    pub table: TableFacts,
}

/// Reads a file of places. Refuses only files that are no such table; bad rows are reported.
pub fn read_places(bytes: &[u8], options: &ImportOptions) -> Result<PlacesIn, Refusal> {
    let (mut places, mut problems, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
    let mut visit = |record: &Record<'_>| {
        places.extend(place_row(record, &mut seen, &mut problems));
        Ok(())
    };
    let table = for_each_record(bytes, &options.read, &PLAN, &options.mapping, &mut visit)?;
    Ok(PlacesIn { places, problems, table })
}

fn place_row(record: &Record<'_>, seen: &mut HashMap<String, u64>, problems: &mut Vec<RowProblem>) -> Option<PlaceRow> {
    let before = problems.len();
    let code = own_code(record, seen).map_err(|why| problems.push(record.problem("code", why))).unwrap_or_default();
    let name = record.text("name").to_owned();
    if name.is_empty() {
        problems.push(record.problem("name", RowRefusal::NoName));
    }
    let mut day =
        |field: &str| date(record.get(field)).map_err(|why| problems.push(record.problem(field, why))).unwrap_or_default();
    let (valid_from, valid_through) = (day("valid_from"), day("valid_through"));
    if valid_from.zip(valid_through).is_some_and(|(from, through)| through < from) {
        problems.push(record.problem("valid_through", RowRefusal::EndsBeforeItBegins));
    }
    let successor =
        twelve_digits(record, "successor").map_err(|why| problems.push(record.problem("successor", why))).unwrap_or_default();
    (problems.len() == before).then_some(PlaceRow { row: record.row, code, name, valid_from, valid_through, successor })
}

/// The place's own code; once per validity, so a place may stand twice with two beginnings.
fn own_code(record: &Record<'_>, seen: &mut HashMap<String, u64>) -> Result<String, RowRefusal> {
    let code = twelve_digits(record, "code")?.ok_or_else(|| bad_code(""))?;
    let key = format!("{code} {}", record.text("valid_from"));
    match seen.insert(key, record.row) {
        Some(first_row) => Err(RowRefusal::Repeated { what: format!("区划代码 {code}"), first_row }),
        None => Ok(code),
    }
}

fn twelve_digits(record: &Record<'_>, field: &str) -> Result<Option<String>, RowRefusal> {
    match id(record.get(field))? {
        Some(code) if code.len() != CODE_DIGITS || !code.bytes().all(|b| b.is_ascii_digit()) => Err(bad_code(&code)),
        code => Ok(code),
    }
}

fn bad_code(text: &str) -> RowRefusal {
    RowRefusal::BadCode { what: "区划代码".to_owned(), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_places_and_names_every_bad_row() {
        let text = "区划代码\t名称\t启用日期\t停用日期\t并入代码\n459901101201\t甲村\t2020-01-01\t\t\n459901101202\t乙村\t\t2023-12-31\t459901101201\n\
                    4599011012\t丙\t\t\t\n459901101203\t\t2024-01-02\t2024-01-01\t12\n459901101201\t甲\t2020-01-01\t\t\n";
        let read = read_places(text.as_bytes(), &ImportOptions::default()).unwrap();
        assert_eq!(read.places.len(), 2);
        assert_eq!(read.places[1].successor.as_deref(), Some("459901101201"));
        let codes: Vec<_> = read.problems.iter().map(|problem| (problem.row, problem.code.as_str())).collect();
        assert_eq!(codes, [(4, "X-139"), (5, "X-140"), (5, "X-142"), (5, "X-139"), (6, "X-138")]);
    }
}
