//! 总账, 明细账 and 日记账 as sheets: 借方, 贷方, 方向 and 余额 in their own columns.
//!
//! Pure. The balance is printed without sign; its side stands in 方向 (借, 贷, 平).

use super::Heading;
use crate::exchange::dress::{Carry, Dress};
use crate::exchange::sheet::{Cell, Column, Sheet};
use crate::ledger::vouchers::State;
use crate::ledger::{AccountCode, Chart};
use crate::statements::account_ledger::{LedgerAsk, LedgerRow, RowKind, direction_zh};

/// 明细账 or 日记账 of one account.
pub fn detail(heading: &Heading, title: &str, chart: &Chart, ask: &LedgerAsk, rows: &[LedgerRow]) -> Sheet {
    let is_parent = !chart.is_leaf(&ask.account);
    let mut columns = vec![Column::date("dated_on", "日期"), Column::id("voucher", "凭证字号"), Column::text("summary", "摘要")];
    if is_parent {
        columns.push(Column::id("account", "明细科目"));
    }
    if ask.unposted {
        columns.push(Column::text("state", "状态"));
    }
    columns.extend(figures());
    let name = format!("{} {}", ask.account, chart.full_name_zh(&ask.account));
    let blank = Sheet::new(format!("{title} {name}"), columns).dressed(Dress::ledger()).subtitle(format!("科目:{name}"));
    let blank = match &ask.member {
        Some((dimension, member)) => blank.subtitle(format!("{}:{member}", dimension.label_zh())),
        None => blank,
    };
    let mut sheet = heading.over(blank, span(ask));
    sheet.rows = rows.iter().map(|row| cells(row, is_parent, ask.unposted)).collect();
    sheet
}

fn figures() -> [Column; 4] {
    [
        Column::amount("debit", "借方"),
        Column::amount("credit", "贷方"),
        Column::text("side", "方向"),
        Column::amount("balance", "余额"),
    ]
}

fn span(ask: &LedgerAsk) -> String {
    if ask.from == ask.through { ask.from.label_zh() } else { format!("{}至{}", ask.from.label_zh(), ask.through.label_zh()) }
}

fn cells(row: &LedgerRow, with_account: bool, with_state: bool) -> Vec<Cell> {
    let line = row.line.as_ref();
    let date: Cell = line.map(|line| line.key.dated_on).or(row.day).into();
    let mut cells = vec![date, row.reference().into(), row.summary().into()];
    if with_account {
        cells.push(line.map(|line| line.account.as_str()).into());
    }
    if with_state {
        let waiting = line.filter(|line| line.state != State::Posted);
        cells.push(waiting.map(|line| line.state.label_zh()).into());
    }
    cells.extend(amounts(row));
    cells
}

/// 借方, 贷方, 方向, 余额; an opening has no movement, a line is blank on its other side, totals say `0.00`.
fn amounts(row: &LedgerRow) -> [Cell; 4] {
    let of = match row.kind {
        RowKind::Opening | RowKind::Line => Cell::amount_or_blank,
        _ => Cell::Amount,
    };
    [of(row.turn.debit), of(row.turn.credit), direction_zh(row.balance).into(), Cell::Amount(row.balance.abs())]
}

/// 总账: the accounts one after another, with their months.
pub fn general(heading: &Heading, chart: &Chart, ledgers: &[(AccountCode, Vec<LedgerRow>)]) -> Sheet {
    let mut columns = vec![
        Column::id("account", "科目编号"),
        Column::text("name", "科目名称"),
        Column::id("period", "期间"),
        Column::text("summary", "摘要"),
    ];
    columns.extend(figures());
    let mut sheet = heading.of_year(Sheet::new("总账", columns).dressed(Dress { carry: Carry::Nothing, ..Dress::ledger() }));
    for (account, rows) in ledgers {
        let name = chart.get(account).map(|found| found.name_zh.as_str());
        for row in rows {
            let period = (row.kind != RowKind::Opening).then(|| row.period.to_string());
            let named = [account.as_str().into(), name.into(), period.into(), row.summary().into()];
            sheet.push(named.into_iter().chain(amounts(row)).collect());
        }
    }
    sheet
}
