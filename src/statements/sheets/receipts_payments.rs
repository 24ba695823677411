//! 收支明细表 as a sheet: 本月数, 本年累计数, 上年同期.
//!
//! Pure.

use super::{Heading, add_checks, set_in};
use crate::exchange::dress::Dress;
use crate::exchange::sheet::{Cell, Column, Sheet};
use crate::ledger::AccountClass;
use crate::statements::receipts_payments::{Flow, ReceiptsPayments};

/// The table: income, its total, expense, its total, the difference.
pub fn sheet(heading: &Heading, table: &ReceiptsPayments) -> Sheet {
    let columns = vec![
        Column::id("account", "科目编号"),
        Column::text("name", "项目"),
        Column::amount("month", "本月数"),
        Column::amount("year_to_date", "本年累计数"),
        Column::amount("last_year", "上年同期"),
    ];
    let mut sheet = heading.of_period(Sheet::new("收支明细表", columns).dressed(Dress::statement()));
    for (class, total, label) in
        [(AccountClass::Income, &table.income, "收入合计"), (AccountClass::Expense, &table.expense, "支出合计")]
    {
        for row in table.rows.iter().filter(|row| row.class == class) {
            let named = [row.account.as_str().into(), set_in(&row.name_zh, row.level).into()];
            sheet.push(named.into_iter().chain(cells(&row.flow, Cell::amount_or_blank)).collect());
        }
        sheet.push([Cell::Empty, label.into()].into_iter().chain(cells(total, Cell::Amount)).collect());
    }
    sheet.foot.push([Cell::Empty, "收支差额".into()].into_iter().chain(cells(&table.difference, Cell::Amount)).collect());
    add_checks(&mut sheet, &table.checks);
    sheet
}

fn cells(flow: &Flow, of: fn(crate::money::Amount) -> Cell) -> [Cell; 3] {
    [of(flow.month), of(flow.year_to_date), flow.last_year.map_or(Cell::Empty, of)]
}
