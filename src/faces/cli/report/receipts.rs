//! 收支明细表 as a table: income, expense and the difference; month, year to date, last year.

use super::{Drawn, Month, check_notes, with_checks};
use crate::db::{Connection, Stop};
use crate::exchange::{Cell, Column, Sheet};
use crate::faces::cli::counter::Counter;
use crate::faces::cli::output::Reply;
use crate::ledger::AccountClass;
use crate::statements::receipts_payments::{Flow, ReceiptsPayments, receipts_payments};

/// Draws it up.
pub async fn draw(tx: &mut Connection, counter: &Counter, month: &Month) -> Result<Reply, Stop> {
    let drawn = Drawn::load(tx, counter, month).await?;
    let before = match drawn.year_before(tx, counter).await? {
        Some(last) => Some(receipts_payments(last.regime, &last.chart, &last.rows, last.at, None)?),
        None => None,
    };
    let table = receipts_payments(drawn.regime, &drawn.chart, &drawn.rows, drawn.at, before.as_ref())?;
    let mut sheet = drawn.titled(sheet(&table));
    check_notes(&mut sheet, &table.checks);
    Ok(Reply { json: Some(with_checks(&sheet, &table.checks)), ..Reply::sheet(sheet) })
}

fn sheet(table: &ReceiptsPayments) -> Sheet {
    let columns = vec![
        Column::id("account", "科目编码"),
        Column::text("name", "项目"),
        Column::amount("month", "本月数"),
        Column::amount("year_to_date", "本年累计"),
        Column::amount("last_year", "上年同期"),
    ];
    let mut sheet = Sheet::new("收支明细表", columns);
    for (class, total, label) in
        [(AccountClass::Income, &table.income, "收入合计"), (AccountClass::Expense, &table.expense, "支出合计")]
    {
        for row in table.rows.iter().filter(|row| row.class == class) {
            sheet.push(cells(row.account.as_str().into(), &row.name_zh, &row.flow));
        }
        sheet.push(cells(Cell::Empty, label, total));
    }
    sheet.foot.push(cells(Cell::Empty, "收支差额", &table.difference));
    sheet
}

fn cells(account: Cell, name: &str, flow: &Flow) -> Vec<Cell> {
    vec![account, name.into(), flow.month.into(), flow.year_to_date.into(), flow.last_year.into()]
}
