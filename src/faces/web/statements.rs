//! S07: the statutory statements of the book's regime; every figure can say its formula and the accounts it reads.

use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::frame::Frame;
use super::ledgers::{drill, spreadsheet};
use super::seat::AtBook;
use super::table::Table;
use super::text::Texts;
use super::trouble::{Trouble, show};
use crate::calendar::AccountingPeriod;
use crate::exchange::{Cell, Sheet};
use crate::ledger::EntityKind;
use crate::statements::service::{Report, report};

/// What the address asks for.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Asked {
    name: String,
    formulas: String,
    format: String,
}

#[derive(Template)]
#[template(path = "statements.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    tabs: Vec<(&'static str, &'static str, bool)>,
    chosen: &'static str,
    formulas: bool,
    tables: Vec<Table>,
}

/// The statements a kind of entity draws up: (name in addresses, name, report).
pub fn statements(kind: EntityKind) -> Vec<(&'static str, &'static str, Report)> {
    let mut all = vec![
        ("balance-sheet", "资产负债表", Report::BalanceSheet),
        ("surplus", "收益(盈余)及分配表", Report::Surplus),
        ("receipts-payments", "收支明细表", Report::ReceiptsPayments),
    ];
    if kind == EntityKind::Cooperative {
        all.push(("equity", "成员权益变动表", Report::Equity { given: Default::default() }));
        all.push(("member-account", "成员账户", Report::MemberAccount { member: None }));
    }
    all
}

/// A statement whose figures lead to their formulas, and whose formulas lead to the ledgers of the accounts they read.
fn traced(at: &AtBook, name: &str, formulas: bool, sheet: &Sheet) -> Table {
    let explained = |_: &[Cell], key: &str, _: &str| {
        (!formulas && key == "amount").then(|| at.at(&format!("statements?name={name}&formulas=1")))
    };
    let has_formulas = matches!(name, "balance-sheet" | "surplus" | "equity");
    let ledger_of = |cells: &[Cell], key: &str, text: &str| drill(at, cells, key, text).filter(|_| key == "account");
    let table = if has_formulas { Table::of(sheet, explained) } else { Table::of(sheet, ledger_of) };
    ["取数公式", "取数明细"].into_iter().fold(table, |table, heading| table.linked_within(heading, |text| accounts_in(at, text)))
}

/// A text cut at the account codes in its brackets, each leading to its ledger of the year so far.
fn accounts_in(at: &AtBook, text: &str) -> Vec<(String, Option<String>)> {
    let mut pieces = Vec::new();
    for piece in text.split_inclusive(['(', '[', ')', ']']) {
        let code = piece.trim_end_matches([')', ']']);
        let is_code = code.len() >= 3 && code.len() < piece.len() && code.bytes().all(|c| c.is_ascii_digit());
        let is_kept = pieces.last().is_none_or(|(before, _): &(String, _)| !before.ends_with("未设科目("));
        if is_code && is_kept {
            let from = AccountingPeriod::opening(at.period.year()).next();
            pieces.push((code.to_owned(), Some(at.at(&format!("ledger?account={code}&from={from}")))));
            pieces.push((piece[code.len()..].to_owned(), None));
        } else {
            pieces.push((piece.to_owned(), None));
        }
    }
    pieces
}

/// A statement.
pub async fn page(at: AtBook, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    let (t, all) = (at.t(), statements(at.book.kind));
    let (name, title, wanted) = all.iter().find(|(name, ..)| *name == asked.name).unwrap_or(&all[0]);
    let mut tx = at.seat.snapshot().await?;
    let formulas = !asked.formulas.is_empty();
    let sheets = report(&mut tx, at.seat.county(), &at.book.book, at.period, wanted, formulas).await;
    let sheets = sheets.map_err(|stop| Trouble::of(&at.seat, stop))?;
    if asked.format == "xlsx" {
        return spreadsheet(&format!("{} {} {title}", at.book.name, at.period), &sheets);
    }
    if asked.format == "pdf" {
        return super::printing::sheets(&at.seat, &format!("{} {} {title}", at.book.name, at.period), sheets).await;
    }
    let page = Page {
        t,
        frame: Frame::at(&at, title, "statements"),
        tabs: all.iter().map(|(known, title, _)| (*known, *title, known == name)).collect(),
        chosen: name,
        formulas,
        tables: sheets.iter().map(|sheet| traced(&at, name, formulas, sheet)).collect(),
    };
    Ok(show(&page)?.into_response())
}
