//! Statements drawn up by a form: 资产负债表 on two sides, 收益及收益分配表 and its kin line by line.
//!
//! 1. With `--formulas` every figure says its formula and what it read, in a table of its own and in json.

use serde_json::{Value, json};

use super::{Drawn, Statement, check_notes};
use crate::db::{Connection, Stop};
use crate::exchange::{Cell, Column, Sheet};
use crate::faces::cli::counter::Counter;
use crate::faces::cli::output::Reply;
use crate::statements::evaluate::{FormStatement, StatementLine};
use crate::statements::{balance_sheet, surplus};

/// The balance sheet of a month.
pub async fn balance_sheet(tx: &mut Connection, counter: &Counter, which: &Statement) -> Result<Reply, Stop> {
    let drawn = Drawn::load(tx, counter, &which.month).await?;
    let statement = balance_sheet::balance_sheet(drawn.regime, &drawn.chart, &drawn.rows, drawn.at)?;
    Ok(reply(&drawn, &statement, two_sides(&statement), which.formulas))
}

/// The year's result through a month, beside the same months of last year.
pub async fn surplus(tx: &mut Connection, counter: &Counter, which: &Statement) -> Result<Reply, Stop> {
    let drawn = Drawn::load(tx, counter, &which.month).await?;
    let before = match drawn.year_before(tx, counter).await? {
        Some(last) => Some(surplus::surplus(last.regime, &last.chart, &last.rows, last.at, None)?),
        None => None,
    };
    let statement = surplus::surplus(drawn.regime, &drawn.chart, &drawn.rows, drawn.at, before.as_ref())?;
    Ok(reply(&drawn, &statement, one_list(&statement), which.formulas))
}

fn reply(drawn: &Drawn, statement: &FormStatement, sheet: Sheet, formulas: bool) -> Reply {
    let mut sheet = drawn.titled(sheet);
    check_notes(&mut sheet, &statement.checks);
    let named = |codes: &[crate::ledger::AccountCode]| codes.iter().map(|c| c.0.as_str()).collect::<Vec<_>>().join("、");
    if !statement.in_no_line.is_empty() {
        sheet.notes.push(format!("✕ 有余额而不在任何项目中的科目:{}", named(&statement.in_no_line)));
    }
    if !statement.in_two_lines.is_empty() {
        sheet.notes.push(format!("✕ 在两个项目中重复的科目:{}", named(&statement.in_two_lines)));
    }
    let mut json = drawn.facts(&statement.title_zh);
    json["lines"] = statement.lines.iter().map(|line| line_json(line, formulas)).collect();
    json["checks"] = json!(statement.checks);
    json["in_no_line"] = json!(statement.in_no_line);
    json["in_two_lines"] = json!(statement.in_two_lines);
    let mut sheets = vec![sheet];
    sheets.extend(formulas.then(|| formula_sheet(statement)));
    Reply { json: Some(json), sheets, ..Reply::default() }
}

fn line_json(line: &StatementLine, formulas: bool) -> Value {
    let amount = line.cell.as_ref().map(|cell| cell.amount);
    let mut json = json!({
        "line": line.key, "label": line.label_zh, "label_en": line.label_en, "side": line.side,
        "amount": amount, "compared": line.compared,
    });
    if let (true, Some(cell)) = (formulas, &line.cell) {
        json["formula"] = json!(cell.formula);
        json["formula_zh"] = json!(cell.words_zh);
        json["reads"] = json!(cell.reads);
        json["source"] = json!(line.source);
    }
    json
}

/// 项目, 行次, 金额, 对比数 of a line; an empty one where the other side is longer.
fn cells(line: Option<&&StatementLine>) -> [Cell; 4] {
    let Some(line) = line else { return [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty] };
    let amount = line.cell.as_ref().map(|cell| cell.amount);
    [line.label_zh.as_str().into(), line.key.as_str().into(), amount.into(), line.compared.into()]
}

fn two_sides(statement: &FormStatement) -> Sheet {
    let columns = vec![
        Column::text("left_label", "资产"),
        Column::id("left_line", "行次"),
        Column::amount("left_closing", "期末余额"),
        Column::amount("left_opening", "年初余额"),
        Column::text("right_label", "负债和所有者权益"),
        Column::id("right_line", "行次"),
        Column::amount("right_closing", "期末余额"),
        Column::amount("right_opening", "年初余额"),
    ];
    let side = |right: bool| statement.lines.iter().filter(move |line| (line.side == "right") == right).collect::<Vec<_>>();
    let (left, right) = (side(false), side(true));
    let mut sheet = Sheet::new(statement.title_zh.as_str(), columns);
    for at in 0..left.len().max(right.len()) {
        sheet.push(cells(left.get(at)).into_iter().chain(cells(right.get(at))).collect());
    }
    sheet
}

fn one_list(statement: &FormStatement) -> Sheet {
    let columns = vec![
        Column::text("label", "项目"),
        Column::id("line", "行次"),
        Column::amount("amount", "本年累计"),
        Column::amount("compared", "上年同期"),
    ];
    let mut sheet = Sheet::new(statement.title_zh.as_str(), columns);
    statement.lines.iter().for_each(|line| sheet.push(cells(Some(&line)).into()));
    sheet
}

fn formula_sheet(statement: &FormStatement) -> Sheet {
    let columns = vec![
        Column::id("line", "行次"),
        Column::text("label", "项目"),
        Column::amount("amount", "金额"),
        Column::text("formula_zh", "公式"),
        Column::text("read", "取数"),
        Column::amount("read_amount", "取数金额"),
        Column::text("source", "来源"),
    ];
    let mut sheet = Sheet::new(format!("{} 公式", statement.title_zh), columns);
    for line in &statement.lines {
        let Some(cell) = &line.cell else { continue };
        let head = [line.key.as_str().into(), line.label_zh.as_str().into(), cell.amount.into(), cell.words_zh.as_str().into()];
        sheet.push(head.into_iter().chain([Cell::Empty, Cell::Empty, line.source.as_str().into()]).collect());
        for read in cell.reads.iter().filter(|read| !read.amount.is_zero()) {
            let blank = [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty];
            sheet.push(blank.into_iter().chain([read.words_zh.as_str().into(), read.amount.into()]).collect());
        }
    }
    sheet
}
