//! 资产负债表, 收益(盈余)及分配表 and their like as sheets, from any form.
//!
//! Pure.

use super::{Heading, add_checks, figure, reads_words, set_in};
use crate::exchange::dress::Dress;
use crate::exchange::sheet::{Cell, Column, Sheet};
use crate::ledger::AccountCode;
use crate::statements::evaluate::{FormStatement, StatementLine};
use crate::statements::form::FormId;

/// The statement; with `formulas` every line says its formula and the accounts it read.
pub fn sheet(heading: &Heading, statement: &FormStatement, formulas: bool) -> Sheet {
    let (now, compared) = captions(statement);
    let mut columns = vec![
        Column::text("item", "项目"),
        Column::id("line", "行次"),
        Column::amount("amount", now),
        Column::amount("compared", compared),
    ];
    if formulas {
        columns.extend([Column::text("formula", "取数公式"), Column::text("reads", "取数明细")]);
    }
    let empty = Sheet::new(&statement.title_zh, columns).dressed(Dress::statement());
    let mut sheet = if statement.form == FormId::Balance { heading.of_day(empty) } else { heading.of_year(empty) };
    for line in &statement.lines {
        sheet.push(cells(line, formulas));
    }
    add_checks(&mut sheet, &statement.checks);
    sheet.notes.extend(misplaced("未列入任何项目的科目", &statement.in_no_line));
    sheet.notes.extend(misplaced("列入两个以上项目的科目", &statement.in_two_lines));
    sheet
}

/// Headings of the two columns of figures.
fn captions(statement: &FormStatement) -> (&'static str, &'static str) {
    match (statement.form, statement.at.month()) {
        (FormId::Balance, _) => ("期末余额", "年初余额"),
        (_, 12) => ("本年金额", "上年金额"),
        _ => ("本年累计金额", "上年同期金额"),
    }
}

fn cells(line: &StatementLine, formulas: bool) -> Vec<Cell> {
    let is = |word: &str| line.style.split(' ').any(|found| found == word);
    let level = if is("indent2") { 3 } else { usize::from(is("indent1")) + 1 };
    let amount = line.cell.as_ref().map_or(Cell::Empty, |cell| figure(cell.amount, is("total")));
    let compared = line.compared.filter(|_| line.cell.is_some()).map_or(Cell::Empty, |compared| figure(compared, is("total")));
    let mut cells = vec![set_in(&line.label_zh, level).into(), line.key.as_str().into(), amount, compared];
    if let (true, Some(cell)) = (formulas, &line.cell) {
        cells.extend([cell.words_zh.as_str().into(), reads_words(cell).into()]);
    }
    cells
}

fn misplaced(what: &str, accounts: &[AccountCode]) -> Option<String> {
    let codes: Vec<&str> = accounts.iter().map(AccountCode::as_str).collect();
    (!codes.is_empty()).then(|| format!("✕ {what}:{}", codes.join("、")))
}
