//! Papers of one-off funds: where each stands, and the grants of one.
//!
//! Pure: facts in, sheets out.

use crate::calendar::BusinessDate;
use crate::exchange::{Cell, Column, Dress, Sheet};
use crate::money::Amount;

/// Where a fund stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Position {
    /// Its book.
    pub book: String,
    /// What for.
    pub purpose: String,
    /// In the bank.
    pub bank: Amount,
    /// Promised to people and not yet paid.
    pub promised: Amount,
    /// Capital.
    pub capital: Amount,
    /// Granted so far.
    pub granted: Amount,
    /// How often.
    pub grants: i64,
}

impl Position {
    /// What can still be granted.
    pub fn free(&self) -> Amount {
        self.bank - self.promised
    }
}

/// 专项基金一览: one row a fund.
pub fn list(positions: &[Position]) -> Sheet {
    let columns = vec![
        Column::id("book", "账套"),
        Column::text("purpose", "用途"),
        Column::amount("capital", "本金"),
        Column::amount("granted", "累计资助"),
        Column::count("grants", "资助批次"),
        Column::amount("bank", "专户存款"),
        Column::amount("promised", "待发放"),
        Column::amount("free", "可用余额"),
    ];
    let mut sheet = Sheet::new("县级专项基金一览", columns).dressed(Dress::statement()).subtitle("金额单位:元");
    for p in positions {
        let head: [Cell; 4] = [p.book.as_str().into(), p.purpose.as_str().into(), p.capital.into(), p.granted.into()];
        let tail: [Cell; 4] = [p.grants.into(), p.bank.into(), p.promised.into(), p.free().into()];
        sheet.push(head.into_iter().chain(tail).collect());
    }
    sheet
}

/// 资助台账: (code, title, document, day, people, total, batch) of every grant.
pub fn grants(book: &str, rows: Vec<(String, String, String, BusinessDate, i64, Amount, String)>) -> Sheet {
    let columns = vec![
        Column::id("grant", "资助批次"),
        Column::text("title", "名称"),
        Column::text("document", "批准文件"),
        Column::date("on", "日期"),
        Column::count("people", "人数"),
        Column::amount("total", "金额"),
        Column::id("batch", "代发批次"),
    ];
    let mut sheet = Sheet::new("专项基金资助台账", columns).dressed(Dress::list()).subtitle(book);
    for (grant, title, document, on, people, total, batch) in rows {
        sheet.push(vec![grant.into(), title.into(), document.into(), on.into(), people.into(), total.into(), batch.into()]);
    }
    sheet
}
