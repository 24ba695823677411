//! Which row stands on which page, and what one page hands to the next.
//!
//! Pure.
//!
//! 1. Every row stands on exactly one page, in order.
//! 2. 承前页 says exactly what 过次页 said on the page before: the month's movement so far, the balance and its side.
//! 3. 本页小计 sums the page's own rows; the pages' subtotals add up to the sheet's total.

use super::columns::Mark;
use crate::exchange::dress::Carry;
use crate::exchange::sheet::{Cell, Column, ColumnKind, Sheet};
use crate::money::Amount;

/// What a printed row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A row of the sheet.
    Body,
    /// A total of the sheet, a page's subtotal, a carried line.
    Total,
}

/// A row on its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub kind: Kind,
    /// Its cells.
    pub marks: Vec<Mark>,
    /// How tall it is.
    pub height_um: i64,
    /// What follows of a row taller than a page.
    pub more: Vec<Line>,
}

/// Rows of the sheet with their printed cells and heights.
pub struct Rows<'a> {
    /// The sheet.
    pub sheet: &'a Sheet,
    /// Its rows as printed.
    pub body: Vec<Line>,
    /// Its totals as printed.
    pub foot: Vec<Line>,
    /// Height of a line added here.
    pub added_um: i64,
    /// Room for rows on a page.
    pub room_um: i64,
}

impl Rows<'_> {
    /// The pages; at least one.
    pub fn pages(&self) -> Vec<Vec<Line>> {
        let mut pages = Vec::new();
        let groups = self.groups();
        let one_group = groups.len() < 2;
        for group in groups {
            self.group(group, one_group, &mut pages);
        }
        self.close(&mut pages);
        pages
    }

    /// Runs of rows of one value of the column that begins pages.
    fn groups(&self) -> Vec<std::ops::Range<usize>> {
        let rows = &self.sheet.rows;
        let Some(by) = self.sheet.dress.by.and_then(|key| self.sheet.columns.iter().position(|column| column.key == key)) else {
            return std::iter::once(0..rows.len()).collect();
        };
        let value = |at: usize| rows[at].get(by);
        let begins: Vec<usize> = (0..rows.len()).filter(|at| *at == 0 || value(*at) != value(at - 1)).collect();
        let ends = begins.iter().skip(1).copied().chain([rows.len()]);
        let groups: Vec<_> = begins.iter().copied().zip(ends).map(|(from, through)| from..through).collect();
        if groups.is_empty() { std::iter::once(0..0).collect() } else { groups }
    }

    fn group(&self, rows: std::ops::Range<usize>, is_only: bool, pages: &mut Vec<Vec<Line>>) {
        let carry = self.sheet.dress.carry;
        let reserve = match carry {
            Carry::Nothing => 0,
            Carry::PageSums if !is_only => 2 * self.added_um, // 本页小计 and 小计
            _ => self.added_um,
        };
        let mut page: Vec<Line> = Vec::new();
        let (mut used, mut from) = (0, rows.start);
        let pieces = rows.clone().flat_map(|at| {
            let whole = &self.body[at];
            let after = whole.more.iter().map(move |piece| (at + 1, piece)); // its figures stand on the first piece
            std::iter::once((at, whole)).chain(after)
        });
        for (at, line) in pieces {
            let is_last = at + 1 >= rows.end && carry == Carry::Ledger;
            let needs = used + line.height_um + if is_last { 0 } else { reserve };
            if needs > self.room_um && page.iter().any(|line| line.kind == Kind::Body) {
                page.extend(self.handed_over(from..at, rows.start, "过次页"));
                pages.push(std::mem::take(&mut page));
                page.extend(self.taken_over(rows.start, at));
                used = page.iter().map(|line| line.height_um).sum();
                from = at;
            }
            page.push(line.clone());
            used += line.height_um;
        }
        let is_one_page = from == rows.start;
        if carry == Carry::PageSums && !(is_one_page && is_only) {
            page.extend(self.page_sum(from..rows.end, "本页小计"));
        }
        if !is_only && carry == Carry::PageSums && !is_one_page {
            page.extend(self.page_sum(rows, "小计"));
        }
        pages.push(page);
    }

    /// The sheet's totals, below the last rows or on a page of their own.
    fn close(&self, pages: &mut Vec<Vec<Line>>) {
        let height = |lines: &[Line]| lines.iter().map(|line| line.height_um).sum::<i64>();
        let fits = pages.last().is_some_and(|page| height(page) + height(&self.foot) <= self.room_um);
        if !fits {
            pages.push(Vec::new());
        }
        pages.last_mut().expect("a page was just made sure of").extend(self.foot.iter().cloned());
    }

    fn handed_over(&self, page: std::ops::Range<usize>, start: usize, words: &str) -> Option<Line> {
        match self.sheet.dress.carry {
            Carry::Nothing => None,
            Carry::Ledger => self.carried(start, page.end, words),
            Carry::PageSums => self.page_sum(page, "本页小计"),
        }
    }

    fn taken_over(&self, start: usize, at: usize) -> Option<Line> {
        (self.sheet.dress.carry == Carry::Ledger).then(|| self.carried(start, at, "承前页")).flatten()
    }

    /// The movement since the last 本月合计, and the balance after the row before `at`.
    fn carried(&self, start: usize, at: usize, words: &str) -> Option<Line> {
        let columns = &self.sheet.columns;
        let place = |key: &str| columns.iter().position(|column| column.key == key);
        let (voucher, summary) = (place("voucher")?, place("summary")?);
        let rows = &self.sheet.rows[start..at];
        let is_line = |row: &Vec<Cell>| !matches!(row.get(voucher), None | Some(Cell::Empty));
        let ends_month = |row: &Vec<Cell>| matches!(row.get(summary), Some(Cell::Text(text)) if text == "本年累计");
        let month = rows.iter().rposition(ends_month).map_or(0, |at| at + 1);
        let mut cells = vec![Cell::Empty; columns.len()];
        cells[summary] = words.into();
        for key in ["debit", "credit"] {
            let at = place(key)?;
            cells[at] = sum(rows[month..].iter().filter(|row| is_line(row)), at).into();
        }
        for key in ["side", "balance"] {
            let at = place(key)?;
            cells[at] = rows.last().and_then(|row| row.get(at)).cloned().unwrap_or_default();
        }
        Some(self.added(&cells))
    }

    /// Sums of every column of money that the sheet itself sums, or of all where it sums none.
    fn page_sum(&self, rows: std::ops::Range<usize>, words: &str) -> Option<Line> {
        let columns = &self.sheet.columns;
        let foot = self.sheet.foot.first();
        let is_summed = |at: &usize| match foot {
            Some(foot) => matches!(foot.get(*at), Some(Cell::Amount(_))),
            None => true,
        };
        let sums: Vec<usize> = amounts(columns).filter(is_summed).collect();
        let label = label_column(self.sheet);
        let mut cells = vec![Cell::Empty; columns.len()];
        cells[label] = words.into();
        for at in &sums {
            cells[*at] = sum(self.sheet.rows[rows.clone()].iter(), *at).into();
        }
        (!sums.is_empty()).then(|| self.added(&cells))
    }

    fn added(&self, cells: &[Cell]) -> Line {
        Line { kind: Kind::Total, marks: cells.iter().map(mark).collect(), height_um: self.added_um, more: Vec::new() }
    }
}

/// A cell as printed, before it is broken.
pub fn mark(cell: &Cell) -> Mark {
    let is_red = matches!(cell, Cell::Amount(amount) if amount.is_negative());
    Mark { text: cell.for_people(), is_red }
}

/// Where 本页小计 stands: below the word of the sheet's own total, or in the first column that holds no figures.
pub fn label_column(sheet: &Sheet) -> usize {
    let own = sheet.foot.first().and_then(|foot| foot.iter().position(|cell| matches!(cell, Cell::Text(_))));
    own.or_else(|| sheet.columns.iter().position(|column| !column.kind.is_figure())).unwrap_or(0)
}

fn amounts(columns: &[Column]) -> impl Iterator<Item = usize> {
    columns.iter().enumerate().filter(|(_, column)| column.kind == ColumnKind::Amount).map(|(at, _)| at)
}

fn sum<'a>(rows: impl Iterator<Item = &'a Vec<Cell>>, at: usize) -> Amount {
    rows.filter_map(|row| match row.get(at) {
        Some(Cell::Amount(amount)) => Some(*amount),
        _ => None,
    })
    .sum()
}
