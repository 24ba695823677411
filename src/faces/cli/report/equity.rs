//! 成员权益变动表 as a table: causes down, parts of equity across.

use super::{Drawn, Month, check_notes, with_checks};
use crate::db::{Connection, Stop};
use crate::exchange::{Cell, Column, Sheet};
use crate::faces::cli::counter::Counter;
use crate::faces::cli::output::Reply;
use crate::money::Amount;
use crate::statements::equity::{EquityColumn, EquityPart, EquityStatement, equity};

/// Draws it up; `given` figures replace what the form reads.
pub async fn draw(tx: &mut Connection, counter: &Counter, month: &Month, given: Vec<(String, Amount)>) -> Result<Reply, Stop> {
    let drawn = Drawn::load(tx, counter, month).await?;
    let statement = equity(drawn.regime, &drawn.chart, &drawn.rows, drawn.at, &given.into_iter().collect())?;
    let mut sheet = drawn.titled(sheet(&statement));
    check_notes(&mut sheet, &statement.checks);
    let mut json = with_checks(&sheet, &statement.checks);
    json["parts"] = serde_json::json!(statement.columns);
    Ok(Reply { json: Some(json), ..Reply::sheet(sheet) })
}

fn sheet(statement: &EquityStatement) -> Sheet {
    let mut columns = vec![Column::text("item", "项目")];
    columns.extend((1..).zip(&statement.columns).map(|(n, c)| Column::amount(format!("part_{n}"), c.label_zh.as_str())));
    columns.push(Column::amount("total", "合计"));
    let mut sheet = Sheet::new(statement.title_zh.as_str(), columns);
    let [opening, increase, decrease, closing] = statement.totals;
    sheet.push(whole("年初余额", statement, |column| column.opening, opening));
    sheet.push(whole("本年增加数", statement, |column| column.increase, increase));
    parts(&mut sheet, statement, |column| &column.increases);
    sheet.push(whole("本年减少数", statement, |column| column.decrease, decrease));
    parts(&mut sheet, statement, |column| &column.decreases);
    sheet.push(whole("年末余额", statement, |column| column.closing, closing));
    sheet
}

fn whole(label: &str, statement: &EquityStatement, of: fn(&EquityColumn) -> Amount, total: Amount) -> Vec<Cell> {
    let figures = statement.columns.iter().map(|column| of(column).into());
    std::iter::once(label.into()).chain(figures).chain([total.into()]).collect()
}

/// 其中: each cause in a row of its own, its figure under its part of equity.
fn parts(sheet: &mut Sheet, statement: &EquityStatement, of: fn(&EquityColumn) -> &Vec<EquityPart>) {
    for (at, column) in statement.columns.iter().enumerate() {
        for part in of(column) {
            let mut cells = vec![Cell::Text(format!("  其中:{}({})", part.label_zh, part.key))];
            cells.resize(at + 1, Cell::Empty);
            cells.push(part.cell.as_ref().map(|cell| cell.amount).into());
            sheet.push(cells);
        }
    }
}
