//! Balances of the classes of money (资金类别): what each class holds in cash and bank, against the accounts.
//!
//! Pure, but for `service.rs` and `store.rs`.
//!
//! 1. The classes, with 未分类, add up to cash and bank, to the fen; both sides are read on their own.

pub mod service;
pub mod store;

use crate::exchange::{Column, Dress, Sheet};
use crate::money::Amount;

/// A money account's standing: code, name, balance.
pub type MoneyAccount = (String, String, Amount);

/// 货币资金与各类资金核对: the accounts, and whether the classes add up to them.
pub fn proof(accounts: &[MoneyAccount], classes: Amount) -> Sheet {
    let columns = vec![Column::id("account", "科目"), Column::text("name", "名称"), Column::amount("balance", "余额")];
    let mut sheet = Sheet::new("货币资金核对", columns).dressed(Dress::list()).subtitle("金额单位:元");
    for (account, name, balance) in accounts {
        sheet.push(vec![account.as_str().into(), name.as_str().into(), (*balance).into()]);
    }
    let total: Amount = accounts.iter().map(|(.., balance)| *balance).sum();
    sheet.foot.push(vec!["合计".into(), "现金与银行存款".into(), total.into()]);
    sheet.foot.push(vec!["合计".into(), "各类资金(含未分类)".into(), classes.into()]);
    sheet.notes.push(if total == classes {
        "两者相等".to_owned()
    } else {
        format!("相差 {}", (total - classes).grouped())
    });
    sheet
}
