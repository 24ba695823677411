//! Rows below a found head: records whose cells are asked for by field.
//!
//! Pure.
//!
//! 1. Title lines above the head are kept as facts of the file, not read as rows.
//! 2. A file of endless problems is given up, not listed for ever.
//! 3. Total lines are recognised by their word and compared by whoever adds the rows up.

use std::cell::Cell;

use super::headings::{Columns, HeadTry, Mapping, Plan, seen, try_head};
use super::problems::RowProblem;
use super::refusal::ExchangeRefusal;
use super::rows_in::{RawCell, RawRow, ReadOptions, for_each_row};
use crate::refusal::Refusal;

/// Rows looked at for a head.
const HEAD_WITHIN: usize = 60;
/// Problems after which a file is given up: nobody mends so many by hand, and they are held in memory.
const PROBLEMS: u64 = 100_000;

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// Row number in the file.
    pub row: u64,
    /// Its cells.
    pub cells: &'a [RawCell],
    /// Which column is which.
    pub columns: &'a Columns,
    /// Problems named so far.
    problems: &'a Cell<u64>,
}

static BLANK: RawCell = RawCell { text: String::new(), kind: super::rows_in::CellKind::Text };

impl<'a> Record<'a> {
    /// The cell of a field; blank where the column or the cell is missing.
    pub fn get(&self, field: &str) -> &'a RawCell {
        self.columns.index(field).and_then(|index| self.cells.get(index)).unwrap_or(&BLANK)
    }

    /// The text of a field.
    pub fn text(&self, field: &str) -> &'a str {
        &self.get(field).text
    }

    /// True if all these fields are blank.
    pub fn all_blank(&self, fields: &[&str]) -> bool {
        fields.iter().all(|field| self.get(field).is_blank())
    }

    /// A problem of one field of this row.
    pub fn problem(&self, field: &str, why: impl Into<Refusal>) -> RowProblem {
        self.problems.set(self.problems.get() + 1);
        RowProblem::at(self.row, self.columns.heading(field), self.text(field), why)
    }

    /// The word by which this row is a total line, if it is one.
    pub fn total_word(&self) -> Option<TotalWord> {
        self.cells.iter().filter(|cell| !cell.is_blank()).find_map(|cell| TotalWord::of(&cell.text))
    }
}

/// What a total line totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TotalWord {
    /// Rows of this table: 合计, 总计, 小计, 本页合计.
    Rows(String),
    /// Something this table does not show whole: 本年累计, 承前页, 期初余额. Passed over.
    Other(String),
}

impl TotalWord {
    fn of(text: &str) -> Option<TotalWord> {
        const ROWS: [&str; 10] =
            ["合计", "总计", "共计", "小计", "本页小计", "本页合计", "页计", "总合计", "凭证合计", "全部合计"];
        const OTHER: [&str; 9] =
            ["累计", "本年累计", "本月累计", "承前页", "过次页", "本月合计", "本日合计", "期初余额", "期末余额"];
        if text.chars().count() > 12 {
            return None;
        }
        let word = super::headings::normal_heading(text);
        let is = |words: &[&str]| words.contains(&word.as_str());
        match () {
            () if is(&ROWS) => Some(TotalWord::Rows(word)),
            () if is(&OTHER) => Some(TotalWord::Other(word)),
            () => None,
        }
    }
}

/// What was found out about the file as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableFacts {
    /// Row of the head (its lower row if it has two).
    pub head_row: u64,
    /// Texts above the head: titles, unit, period.
    pub titles: Vec<String>,
    /// Field and heading of every column used.
    pub used: Vec<(&'static str, String)>,
    /// Headings nobody asked for; their values are not imported.
    pub unknown: Vec<String>,
    /// Rows below the head that are not blank.
    pub rows: u64,
}

/// Receives the records; a refusal ends the reading.
pub type VisitRecord<'v> = dyn FnMut(&Record<'_>) -> Result<(), Refusal> + 'v;

/// Walks the records of a file. Refuses files without a head, with columns missing, or without rows.
pub fn for_each_record(
    bytes: &[u8],
    options: &ReadOptions,
    plan: &Plan,
    mapping: &Mapping,
    visit: &mut VisitRecord<'_>,
) -> Result<TableFacts, Refusal> {
    let mut search = Search { plan, mapping, rows: 0, upper: Vec::new(), best: None, refused: None, titles: Vec::new() };
    let mut found: Option<(Columns, TableFacts)> = None;
    let problems = Cell::new(0);
    for_each_row(bytes, options, &mut |row| {
        match &mut found {
            Some((columns, facts)) => {
                facts.rows += 1;
                visit(&Record { row: row.number, cells: row.cells, columns, problems: &problems })?;
                if problems.get() > PROBLEMS {
                    return Err(ExchangeRefusal::TooManyProblems { row: row.number, limit: PROBLEMS }.into());
                }
            }
            None => found = search.look_at(row)?,
        }
        Ok(())
    })?;
    match found {
        None => Err(search.not_found().into()),
        Some((_, facts)) if facts.rows == 0 => Err(ExchangeRefusal::NoRows.into()),
        Some((_, facts)) => Ok(facts),
    }
}

/// The search for the head.
struct Search<'p> {
    plan: &'p Plan,
    mapping: &'p Mapping,
    rows: usize,
    upper: Vec<RawCell>,
    best: Option<(u64, HeadTry)>,
    refused: Option<ExchangeRefusal>,
    titles: Vec<String>,
}

impl Search<'_> {
    fn look_at(&mut self, row: RawRow<'_>) -> Result<Option<(Columns, TableFacts)>, Refusal> {
        self.rows += 1;
        if self.rows > HEAD_WITHIN {
            return Err(self.not_found().into());
        }
        for upper in [None, Some(self.upper.clone())] {
            match try_head(self.plan, self.mapping, upper.as_deref(), row.cells) {
                Ok(head) if head.missing.is_empty() => return Ok(Some(self.found(row.number, head.columns))),
                Ok(head) => self.best = better(self.best.take(), (row.number, head)),
                // Perhaps not the head at all; said only if no head follows.
                Err(why) => self.refused = self.refused.take().or(Some(why)),
            }
        }
        self.titles.extend(row.cells.iter().filter(|cell| !cell.is_blank()).map(|cell| cell.text.clone()).take(8));
        self.upper = row.cells.to_vec();
        Ok(None)
    }

    fn found(&mut self, head_row: u64, columns: Columns) -> (Columns, TableFacts) {
        let used = columns.fields.iter().map(|(field, index)| (*field, columns.headings[*index].clone())).collect();
        let (titles, unknown) = (std::mem::take(&mut self.titles), columns.unknown());
        (columns, TableFacts { head_row, titles, used, unknown, rows: 0 })
    }

    fn not_found(&self) -> ExchangeRefusal {
        if let Some(why) = &self.refused {
            return why.clone();
        }
        match &self.best {
            Some((row, head)) if head.columns.fields.len() >= 2 => ExchangeRefusal::MissingColumns {
                row: *row,
                missing: head.missing.join("、"),
                seen: seen(&head.columns.headings),
            },
            _ => ExchangeRefusal::NoHeadRow { rows: self.rows.min(HEAD_WITHIN), wanted: self.plan.wanted() },
        }
    }
}

/// The try that recognised more columns; the earlier of equals.
fn better(best: Option<(u64, HeadTry)>, next: (u64, HeadTry)) -> Option<(u64, HeadTry)> {
    match best {
        Some(best) if best.1.columns.fields.len() >= next.1.columns.fields.len() => Some(best),
        _ => Some(next),
    }
}
