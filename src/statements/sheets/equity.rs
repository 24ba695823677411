//! 成员权益变动表 as sheets: the matrix, and on request a second sheet with the formula of every cell.
//!
//! Pure. Causes of the same name in several columns (转为成员出资) share a row.

use super::{Heading, add_checks, reads_words, set_in};
use crate::exchange::dress::Dress;
use crate::exchange::sheet::{Cell, Column, Sheet};
use crate::money::Amount;
use crate::statements::equity::{EquityColumn, EquityPart, EquityStatement};

const KEYS: [&str; 5] = ["shares", "special_fund", "capital_reserve", "surplus_reserve", "undistributed"];

/// The matrix; with `formulas` a second sheet.
pub fn sheets(heading: &Heading, statement: &EquityStatement, formulas: bool) -> Vec<Sheet> {
    let matrix = matrix(heading, statement);
    if formulas { vec![matrix, traced(heading, statement)] } else { vec![matrix] }
}

fn matrix(heading: &Heading, statement: &EquityStatement) -> Sheet {
    let mut columns = vec![Column::text("item", "项目")];
    columns.extend(statement.columns.iter().zip(KEYS).map(|(column, key)| Column::amount(key, column.label_zh.as_str())));
    columns.push(Column::amount("total", "合计"));
    let mut sheet = heading.of_year(Sheet::new(&statement.title_zh, columns).dressed(Dress::statement()));
    let [opening, increase, decrease, closing] = statement.totals;
    let whole = |label: &str, of: fn(&EquityColumn) -> Amount, total: Amount| -> Vec<Cell> {
        let figures = statement.columns.iter().map(|column| Cell::Amount(of(column)));
        std::iter::once(label.into()).chain(figures).chain([Cell::Amount(total)]).collect()
    };
    sheet.push(whole("年初余额", |column| column.opening, opening));
    sheet.push(whole("本年增加数", |column| column.increase, increase));
    sheet.rows.extend(parts(statement, |column| &column.increases));
    sheet.push(whole("本年减少数", |column| column.decrease, decrease));
    sheet.rows.extend(parts(statement, |column| &column.decreases));
    sheet.push(whole("年末余额", |column| column.closing, closing));
    add_checks(&mut sheet, &statement.checks);
    sheet
}

/// One row for each cause, in the order of the columns.
fn parts(statement: &EquityStatement, of: fn(&EquityColumn) -> &Vec<EquityPart>) -> Vec<Vec<Cell>> {
    let mut labels: Vec<&str> = Vec::new();
    for part in statement.columns.iter().flat_map(of) {
        if !labels.contains(&part.label_zh.as_str()) {
            labels.push(&part.label_zh);
        }
    }
    let amount = |column: &EquityColumn, label: &str| -> Amount {
        let same = of(column).iter().filter(|part| part.label_zh == label);
        same.filter_map(|part| Some(part.cell.as_ref()?.amount)).sum()
    };
    let row = |(n, label): (usize, &str)| {
        let figures: Vec<Amount> = statement.columns.iter().map(|column| amount(column, label)).collect();
        let sum = figures.iter().copied().sum();
        let name = set_in(&format!("{}{label}", if n == 0 { "其中:" } else { "　　　" }), 2);
        std::iter::once(name.into()).chain(figures.into_iter().chain([sum]).map(Cell::amount_or_blank)).collect()
    };
    labels.into_iter().enumerate().map(row).collect()
}

fn traced(heading: &Heading, statement: &EquityStatement) -> Sheet {
    let columns = vec![
        Column::text("column", "栏目"),
        Column::text("item", "项目"),
        Column::id("key", "编号"),
        Column::amount("amount", "金额"),
        Column::text("formula", "取数公式"),
        Column::text("reads", "取数明细"),
    ];
    let mut sheet = heading.of_year(Sheet::new(format!("{}取数说明", statement.title_zh), columns));
    for column in &statement.columns {
        for part in column.increases.iter().chain(&column.decreases) {
            let Some(cell) = &part.cell else { continue };
            sheet.push(vec![
                column.label_zh.as_str().into(),
                part.label_zh.as_str().into(),
                part.key.as_str().into(),
                cell.amount.into(),
                cell.words_zh.as_str().into(),
                reads_words(cell).into(),
            ]);
        }
    }
    sheet
}
