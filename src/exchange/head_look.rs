//! A look at a file's head before it is taken in: its headings, a value below each, and which of them serves what.
//!
//! Pure.
//!
//! 1. It refuses no head: where none is recognised, the first row that looks like one is shown, to be chosen from.
//! 2. Nothing of the file beyond the rows looked at is kept.

use super::headings::{Columns, Mapping, Plan, try_head};
use super::refusal::ExchangeRefusal;
use super::rows_in::{RawCell, ReadOptions, for_each_row};
use crate::refusal::Refusal;

/// Rows among which the head is looked for.
const WITHIN: usize = 30;

/// What a file's head looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadLook {
    /// Its headings.
    pub headings: Vec<String>,
    /// The value below each.
    pub samples: Vec<String>,
    /// What can be taken in: field, its name, and the index of the heading that serves it.
    pub targets: Vec<(&'static str, &'static str, Option<usize>)>,
}

/// Looks at a file for a table of `headings.csv`. Refuses bytes that are no table; `None` where there are no rows.
pub fn look(bytes: &[u8], options: &ReadOptions, table: &'static str, mapping: &Mapping) -> Result<Option<HeadLook>, Refusal> {
    let rows = first_rows(bytes, options)?;
    let plan = Plan { table, needs: &[] };
    let tried = (0..rows.len()).flat_map(|at| {
        let upper = at.checked_sub(1).map(|above| rows[above].as_slice());
        [None, upper].map(|upper| (at, try_head(&plan, mapping, upper, &rows[at]).map(|head| head.columns)))
    });
    let recognised = tried.filter_map(|(at, head)| Some((at, head.ok()?))).filter(|(_, head)| head.fields.len() >= 2);
    let best = recognised.reduce(|best, next| if next.1.fields.len() > best.1.fields.len() { next } else { best });
    let found = best.or_else(|| likely(&rows));
    Ok(found.map(|(at, columns)| looked(&plan, columns, rows.get(at + 1))))
}

/// The rows the head may be among, and one more.
fn first_rows(bytes: &[u8], options: &ReadOptions) -> Result<Vec<Vec<RawCell>>, Refusal> {
    let mut rows = Vec::new();
    let read = for_each_row(bytes, options, &mut |row| {
        rows.push(row.cells.to_vec());
        if rows.len() > WITHIN { Err(ExchangeRefusal::NoRows.into()) } else { Ok(()) } // enough was seen
    });
    match read {
        Err(why) if rows.len() <= WITHIN => Err(why),
        _ => Ok(rows),
    }
}

/// The first row with several words and no figures among them.
fn likely(rows: &[Vec<RawCell>]) -> Option<(usize, Columns)> {
    let is_word = |cell: &RawCell| !cell.is_blank() && cell.text.chars().any(char::is_alphabetic);
    let at = rows.iter().position(|row| row.iter().filter(|cell| is_word(cell)).count() >= 3)?;
    Some((at, Columns { fields: Vec::new(), headings: rows[at].iter().map(|cell| cell.text.clone()).collect() }))
}

fn looked(plan: &Plan, columns: Columns, below: Option<&Vec<RawCell>>) -> HeadLook {
    let sample = |index| below.and_then(|row| row.get(index)).map_or_else(String::new, |cell: &RawCell| cell.text.clone());
    let targets = plan.fields().into_iter().map(|field| (field, plan.label(field), columns.index(field)));
    HeadLook {
        samples: (0..columns.headings.len()).map(sample).collect(),
        targets: targets.collect(),
        headings: columns.headings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked_at(text: &str, mapping: &str) -> HeadLook {
        let mapping = Mapping::parse(mapping).unwrap();
        look(text.as_bytes(), &ReadOptions::default(), "household", &mapping).unwrap().unwrap()
    }

    fn serves(look: &HeadLook, field: &str) -> Option<String> {
        let (.., index) = look.targets.iter().find(|(known, ..)| *known == field).unwrap();
        index.map(|index| look.headings[index].clone())
    }

    #[test]
    fn headings_are_recognised_with_what_stands_below() {
        let look = looked_at("青禾县农户花名册\n户编号,姓名,证件\nH1,王䶮,459900199003070189\n", "");
        assert_eq!(look.headings, ["户编号", "姓名", "证件"]);
        assert_eq!(look.samples, ["H1", "王䶮", "459900199003070189"]);
        assert_eq!((serves(&look, "household").as_deref(), serves(&look, "id_number")), (Some("户编号"), None));
        let mapped = looked_at("户编号,姓名,证件\nH1,王䶮,459900199003070189\n", "id_number=证件");
        assert_eq!(serves(&mapped, "id_number").as_deref(), Some("证件"));
    }

    #[test]
    fn a_head_nobody_knows_can_still_be_chosen_from() {
        let look = looked_at("甲列,乙列,丙列\n1,2,3\n", "");
        assert_eq!(look.headings, ["甲列", "乙列", "丙列"]);
        assert!(look.targets.iter().all(|(.., index)| index.is_none()));
    }
}
