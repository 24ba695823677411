//! 科目余额表 as a table: by level, or by the members of a dimension.

use std::collections::HashMap;

use super::{Drawn, Month, check_notes, with_checks};
use crate::db::{Connection, Stop};
use crate::exchange::{Cell, Column, Sheet};
use crate::faces::cli::counter::Counter;
use crate::faces::cli::output::Reply;
use crate::ledger::Dimension;
use crate::ledger::books::store as books;
use crate::statements::figures::Turn;
use crate::statements::store;
use crate::statements::trial_balance::{Columns, Shown, TrialBalance, TrialRow, by_member, trial_balance};

/// Which rows are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Down to this level.
    pub level: Option<usize>,
    /// By member of this dimension.
    pub dimension: Option<Dimension>,
    /// Accounts without figures too.
    pub all_accounts: bool,
}

/// Draws it up.
pub async fn draw(tx: &mut Connection, counter: &Counter, month: &Month, wanted: Wanted) -> Result<Reply, Stop> {
    let mut drawn = Drawn::load(tx, counter, month).await?;
    let (table, names) = match wanted.dimension {
        None => {
            let shown = Shown { levels: wanted.level.unwrap_or(usize::MAX), empty_accounts: wanted.all_accounts };
            (trial_balance(&drawn.chart, &drawn.rows, drawn.at, shown)?, HashMap::new())
        }
        Some(dimension) => {
            drawn.rows = store::movements_by(tx, counter.county(), &drawn.book.book, drawn.at, dimension).await?;
            let cards = books::members(tx, counter.county(), &drawn.book.book).await?;
            let of_it = cards.into_iter().filter(|card| card.dimension == dimension.as_str());
            (by_member(&drawn.chart, &drawn.rows, drawn.at, dimension)?, of_it.map(|c| (c.member, c.name)).collect())
        }
    };
    let mut sheet = drawn.titled(sheet(&table, wanted.dimension, &names));
    check_notes(&mut sheet, &table.checks);
    Ok(Reply { json: Some(with_checks(&sheet, &table.checks)), ..Reply::sheet(sheet) })
}

fn sheet(table: &TrialBalance, dimension: Option<Dimension>, names: &HashMap<String, String>) -> Sheet {
    let mut columns = vec![Column::id("account", "科目编码"), Column::text("name", "科目名称")];
    if let Some(dimension) = dimension {
        columns.push(Column::id("member", format!("{}编号", dimension.label_zh())));
        columns.push(Column::text("member_name", format!("{}名称", dimension.label_zh())));
    }
    for (key, heading) in [("opening", "期初"), ("period", "本期"), ("year_to_date", "本年累计"), ("closing", "期末")] {
        columns.push(Column::amount(format!("{key}_debit"), format!("{heading}借方")));
        columns.push(Column::amount(format!("{key}_credit"), format!("{heading}贷方")));
    }
    let title = dimension.map_or("科目余额表".to_owned(), |dimension| format!("科目余额表(按{})", dimension.label_zh()));
    let mut sheet = Sheet::new(title, columns);
    for row in &table.rows {
        let mut cells = vec![row.account.as_str().into(), row.name_zh.as_str().into()];
        if dimension.is_some() {
            cells.extend(member_cells(row, names));
        }
        cells.extend(figures(&row.columns));
        sheet.push(cells);
    }
    if dimension.is_none() {
        let mut cells = vec!["合计".into(), Cell::Empty];
        cells.extend(figures(&table.totals));
        sheet.foot.push(cells);
    }
    sheet
}

fn member_cells(row: &TrialRow, names: &HashMap<String, String>) -> [Cell; 2] {
    match &row.member {
        Some(member) => [member.as_str().into(), names.get(member).cloned().into()],
        None => [Cell::Empty, "未填写".into()],
    }
}

fn figures(columns: &Columns) -> impl Iterator<Item = Cell> {
    let Columns { opening, period, year_to_date, closing } = *columns;
    [opening, period, year_to_date, closing]
        .into_iter()
        .flat_map(|turn: Turn| [turn.debit, turn.credit])
        .map(Cell::amount_or_blank)
}
