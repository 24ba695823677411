//! 科目余额表 as a sheet: four pairs of columns, accounts set in by level, or one row per member of a dimension.
//!
//! Pure.

use super::{Heading, MemberNames, add_checks, set_in};
use crate::exchange::dress::Dress;
use crate::exchange::sheet::{Cell, Column, Sheet};
use crate::ledger::Dimension;
use crate::statements::figures::Turn;
use crate::statements::trial_balance::{Columns, TrialBalance, TrialRow};

const PAIRS: [(&str, &str); 4] =
    [("opening", "期初余额"), ("period", "本期发生额"), ("year", "本年累计"), ("closing", "期末余额")];

fn pairs() -> impl Iterator<Item = Column> {
    PAIRS.into_iter().flat_map(|(key, heading)| {
        [
            Column::amount(format!("{key}_debit"), format!("{heading}借方")),
            Column::amount(format!("{key}_credit"), format!("{heading}贷方")),
        ]
    })
}

fn cells(columns: &Columns, of: fn(crate::money::Amount) -> Cell) -> impl Iterator<Item = Cell> {
    let pair = move |turn: Turn| [of(turn.debit), of(turn.credit)];
    [columns.opening, columns.period, columns.year_to_date, columns.closing].into_iter().flat_map(pair)
}

/// The table by account.
pub fn sheet(heading: &Heading, table: &TrialBalance) -> Sheet {
    let columns = [Column::id("account", "科目编号"), Column::text("name", "科目名称")].into_iter().chain(pairs());
    let mut sheet = heading.of_period(Sheet::new("科目余额表", columns.collect()).dressed(Dress::statement()));
    for row in &table.rows {
        let named = [row.account.as_str().into(), set_in(&row.name_zh, row.level).into()];
        sheet.push(named.into_iter().chain(cells(&row.columns, Cell::amount_or_blank)).collect());
    }
    sheet.foot.push(["合计".into(), Cell::Empty].into_iter().chain(cells(&table.totals, Cell::Amount)).collect());
    add_checks(&mut sheet, &table.checks);
    sheet
}

/// The table by member of a dimension. Lines without a member stand as 「未填」.
pub fn by_member(heading: &Heading, table: &TrialBalance, dimension: Dimension, names: &MemberNames) -> Sheet {
    let label = dimension.label_zh();
    let columns = [
        Column::id("account", "科目编号"),
        Column::text("name", "科目名称"),
        Column::id("member", format!("{label}编号")),
        Column::text("member_name", format!("{label}名称")),
    ];
    let columns = columns.into_iter().chain(pairs()).collect();
    let mut sheet = heading.of_period(Sheet::new(format!("科目余额表(按{label})"), columns).dressed(Dress::statement()));
    for row in &table.rows {
        sheet.push(named(row, dimension, names).into_iter().chain(cells(&row.columns, Cell::amount_or_blank)).collect());
    }
    let total = ["合计".into(), Cell::Empty, Cell::Empty, Cell::Empty];
    sheet.foot.push(total.into_iter().chain(cells(&table.totals, Cell::Amount)).collect());
    add_checks(&mut sheet, &table.checks);
    sheet
}

fn named(row: &TrialRow, dimension: Dimension, names: &MemberNames) -> [Cell; 4] {
    let name = match &row.member {
        None => Cell::from(format!("未填{}", dimension.label_zh())),
        Some(member) => names.get(&(dimension, member.clone())).cloned().into(),
    };
    [row.account.as_str().into(), row.name_zh.as_str().into(), row.member.clone().into(), name]
}
