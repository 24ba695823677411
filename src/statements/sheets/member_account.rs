//! 成员账户 as a sheet per member, in the order of the official columns (statements.md §1.4).
//!
//! Pure.

use super::{Heading, add_checks};
use crate::exchange::dress::Dress;
use crate::exchange::sheet::{Cell, Column, Sheet};
use crate::money::Amount;
use crate::statements::member_account::{MemberAccount, MemberAccounts, MemberAmounts};

/// The sheets of the chosen members; the last sheet carries the equations over all of them.
pub fn sheets(heading: &Heading, accounts: &MemberAccounts, chosen: impl Fn(&str) -> bool) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> =
        accounts.accounts.iter().filter(|account| chosen(&account.member)).map(|account| sheet(heading, account)).collect();
    if let Some(last) = sheets.last_mut() {
        add_checks(last, &accounts.checks);
    }
    sheets
}

fn sheet(heading: &Heading, account: &MemberAccount) -> Sheet {
    let register = &account.register;
    let blank =
        Sheet::new(format!("成员账户 {}", account.member), columns(account)).dressed(Dress::signed(&["理事长", "会计", "成员"]));
    let blank = blank.subtitle(format!("成员姓名(名称):{}", register.name_zh)).subtitle(format!("联系地址:{}", register.address));
    let mut sheet = heading.of_year(blank);
    sheet.push(row(account, [Cell::Empty, Cell::Empty, "年初余额".into()], &account.opening, Cell::Amount, false));
    for entry in &account.entries {
        let named = [(entry.number as i64).into(), entry.period.to_string().into(), entry.summary_zh.as_str().into()];
        sheet.push(row(account, named, &entry.amounts, Cell::amount_or_blank, false));
    }
    if !account.register.trade.is_empty() {
        let (number, of_year) = (account.entries.len() as i64 + 1, format!("{}年", account.year));
        let named = [number.into(), of_year.into(), "本年交易".into()];
        sheet.push(row(account, named, &MemberAmounts::default(), Cell::amount_or_blank, true));
    }
    sheet.foot.push(row(account, [Cell::Empty, Cell::Empty, "年末余额(总额)".into()], &account.closing, Cell::Amount, true));
    sheet
}

fn columns(account: &MemberAccount) -> Vec<Column> {
    let mut columns = vec![
        Column::count("number", "编号"),
        Column::id("period", "日期"),
        Column::text("summary", "摘要"),
        Column::amount("contribution_from_poverty_assets", "成员出资(到户类扶贫项目资产)"),
        Column::amount("contribution_other", "成员出资(其他来源)"),
        Column::amount("reserve_share", "公积金份额"),
        Column::amount("fiscal_grant_share", "财政补助量化份额"),
        Column::amount("donation_share", "捐赠量化份额"),
    ];
    let products = account.register.trade.iter().enumerate();
    columns.extend(products.clone().map(|(n, (name, ..))| Column::text(format!("volume_{}", n + 1), format!("交易量({name})"))));
    columns.extend(products.map(|(n, (name, ..))| Column::amount(format!("trade_{}", n + 1), format!("交易额({name})"))));
    columns.push(Column::amount("patronage_refund", "盈余返还金额"));
    columns.push(Column::amount("remaining_surplus", "剩余盈余分配金额"));
    columns
}

fn row(
    account: &MemberAccount,
    named: [Cell; 3],
    amounts: &MemberAmounts,
    of: fn(Amount) -> Cell,
    with_trade: bool,
) -> Vec<Cell> {
    let shares = [
        amounts.contribution_from_poverty_assets,
        amounts.contribution_other,
        amounts.reserve_share,
        amounts.fiscal_grant_share,
        amounts.donation_share,
    ];
    let trade = &account.register.trade;
    let volumes = trade.iter().map(|(_, volume, _)| if with_trade { volume.as_str().into() } else { Cell::Empty });
    let turnovers = trade.iter().map(|(.., amount)| if with_trade { Cell::Amount(*amount) } else { Cell::Empty });
    let granted = [amounts.patronage_refund, amounts.remaining_surplus].map(of);
    named.into_iter().chain(shares.map(of)).chain(volumes).chain(turnovers).chain(granted).collect()
}
