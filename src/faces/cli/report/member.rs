//! 成员账户 as tables: one member's account with its entries, or every member's standing.

use std::collections::BTreeMap;

use super::{Drawn, Month, check_notes, with_checks};
use crate::db::{Connection, Stop};
use crate::exchange::{Cell, Column, Sheet};
use crate::faces::cli::counter::Counter;
use crate::faces::cli::output::Reply;
use crate::ledger::books::store as books;
use crate::ledger::{Dimension, EntityKind, LedgerRefusal};
use crate::statements::member_account::{FromRegister, MemberAccount, MemberAccounts, MemberAmounts, member_accounts};
use crate::statements::{StatementRefusal, store};

/// Draws it up. Refuses books that are no cooperative's, and members the book does not know.
pub async fn draw(tx: &mut Connection, counter: &Counter, month: &Month, member: Option<String>) -> Result<Reply, Stop> {
    let drawn = Drawn::load(tx, counter, month).await?;
    if drawn.regime.kind != EntityKind::Cooperative {
        return Err(StatementRefusal::NoSuchForm { regime: drawn.regime.id.clone(), form: "成员账户" }.into());
    }
    let (county, book) = (counter.county(), &drawn.book.book);
    let rows = store::movements_by(tx, county, book, drawn.at, Dimension::Party).await?;
    let accounts = member_accounts(&drawn.chart, &rows, drawn.at, &register(tx, county, &drawn).await?)?;
    let sheet = match member {
        None => everybody(&accounts),
        Some(member) => {
            let found = accounts.accounts.iter().find(|account| account.member == member);
            let (line, dimension) = (0, Dimension::Party.label_zh().to_owned());
            one(found.ok_or(LedgerRefusal::UnknownMember { line, dimension, member })?)
        }
    };
    let mut sheet = drawn.titled(sheet);
    check_notes(&mut sheet, &accounts.checks);
    Ok(Reply { json: Some(with_checks(&sheet, &accounts.checks)), ..Reply::sheet(sheet) })
}

/// The names of the book's cards; shares and trade come with the share register.
async fn register(tx: &mut Connection, county: &str, drawn: &Drawn) -> Result<BTreeMap<String, FromRegister>, Stop> {
    let cards = books::members(tx, county, &drawn.book.book).await?;
    let of_parties = cards.into_iter().filter(|card| card.dimension == Dimension::Party.as_str());
    Ok(of_parties.map(|card| (card.member, FromRegister { name_zh: card.name, ..FromRegister::default() })).collect())
}

fn amount_columns() -> [Column; 7] {
    [
        Column::amount("contribution_from_poverty_assets", "出资额(到户扶贫资产)"),
        Column::amount("contribution_other", "出资额(其他)"),
        Column::amount("reserve_share", "公积金份额"),
        Column::amount("fiscal_grant_share", "财政补助量化份额"),
        Column::amount("donation_share", "捐赠量化份额"),
        Column::amount("patronage_refund", "盈余返还"),
        Column::amount("remaining_surplus", "剩余盈余分配"),
    ]
}

fn amounts(amounts: &MemberAmounts) -> [Cell; 7] {
    let MemberAmounts {
        contribution_from_poverty_assets,
        contribution_other,
        reserve_share,
        fiscal_grant_share,
        donation_share,
        patronage_refund,
        remaining_surplus,
    } = *amounts;
    let all = [contribution_from_poverty_assets, contribution_other, reserve_share, fiscal_grant_share, donation_share];
    let [a, b, c, d, e] = all.map(Cell::amount_or_blank);
    [a, b, c, d, e, Cell::amount_or_blank(patronage_refund), Cell::amount_or_blank(remaining_surplus)]
}

fn everybody(accounts: &MemberAccounts) -> Sheet {
    let head = [Column::id("member", "成员编号"), Column::text("name", "成员姓名")];
    let mut sheet = Sheet::new("成员账户一览", head.into_iter().chain(amount_columns()).collect());
    for account in &accounts.accounts {
        let head: [Cell; 2] = [account.member.as_str().into(), account.register.name_zh.as_str().into()];
        sheet.push(head.into_iter().chain(amounts(&account.closing)).collect());
    }
    sheet
}

fn one(account: &MemberAccount) -> Sheet {
    let head = [Column::count("n", "编号"), Column::id("period", "年月"), Column::text("summary", "摘要")];
    let columns = head.into_iter().chain(amount_columns()).collect();
    let mut sheet = Sheet::new("成员账户", columns).subtitle(format!("成员:{} {}", account.member, account.register.name_zh));
    let row = |n: Cell, period: Cell, summary: &str, of: &MemberAmounts| {
        [n, period, summary.into()].into_iter().chain(amounts(of)).collect::<Vec<Cell>>()
    };
    sheet.push(row(Cell::Empty, Cell::Empty, "年初余额", &account.opening));
    for entry in &account.entries {
        let number = i64::try_from(entry.number).unwrap_or(i64::MAX);
        sheet.push(row(number.into(), entry.period.to_string().into(), &entry.summary_zh, &entry.amounts));
    }
    sheet.foot.push(row(Cell::Empty, Cell::Empty, "年末余额/总额", &account.closing));
    sheet
}
