//! S05: trial balance, ledgers and journals of a book, drilling 余额表 → 明细账 → 凭证, each also as a spreadsheet.

use askama::Template;
use axum::extract::Query;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::escaped_query;
use super::fields;
use super::frame::Frame;
use super::seat::AtBook;
use super::table::Table;
use super::text::Texts;
use super::trouble::{FormRefusal, Trouble, show};
use crate::calendar::AccountingPeriod;
use crate::db::{Failure, Stop};
use crate::exchange::{Cell, Sheet, write_xlsx};
use crate::faces::resolve::AccountNames;
use crate::ledger::{AccountCode, Dimension};
use crate::statements::service::{Report, report};

/// What the address asks for.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Asked {
    account: String,
    from: String,
    level: String,
    dimension: String,
    member: String,
    unposted: String,
    format: String,
}

#[derive(Template)]
#[template(path = "ledgers.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    heading: &'static str,
    asked: Asked,
    dimensions: Vec<(&'static str, &'static str, bool)>,
    with_account: bool,
    tables: Vec<Table>,
    export: String,
}

/// Where a cell of a report leads: an account to its ledger, a voucher to its paper.
pub fn drill(at: &AtBook, cells: &[Cell], key: &str, text: &str) -> Option<String> {
    match key {
        "account" | "name" => {
            let code = cells.iter().find_map(|cell| match cell {
                Cell::Text(code) if code.chars().all(|c| c.is_ascii_digit()) && !code.is_empty() => Some(code),
                _ => None,
            })?;
            Some(at.at(&format!("ledger?account={code}")))
        }
        "voucher" => {
            let reference: crate::ledger::vouchers::VoucherRef =
                text.parse().ok().or_else(|| format!("{}-{text}", at.period).parse().ok())?;
            Some(format!("/b/{}/{}/vouchers/{reference}", at.book.book, reference.period))
        }
        _ => None,
    }
}

/// The sheets as a spreadsheet to save.
pub fn spreadsheet(name: &str, sheets: &[Sheet]) -> Result<Response, Trouble> {
    let mut bytes = Vec::new();
    write_xlsx(sheets, &mut bytes).map_err(|cause| Failure::File { path: name.to_owned(), cause })?;
    let disposition = format!("attachment; filename*=UTF-8''{}", escaped_query(&format!("{name}.xlsx").replace('/', "-")));
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned();
    Ok(([(CONTENT_TYPE, media), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

async fn answer(
    at: &AtBook,
    asked: Asked,
    (heading, page): (&'static str, &str),
    wanted: Result<Option<Report>, Stop>,
) -> Result<Response, Trouble> {
    let sheets = async {
        let Some(wanted) = wanted? else { return Ok(Vec::new()) };
        let mut tx = at.seat.snapshot().await?;
        report(&mut tx, at.seat.county(), &at.book.book, at.period, &wanted, false).await
    };
    let sheets = sheets.await.map_err(|stop| Trouble::of(&at.seat, stop))?;
    if asked.format == "xlsx" {
        return spreadsheet(&format!("{} {} {heading}", at.book.name, at.period), &sheets);
    }
    if asked.format == "pdf" {
        return super::printing::sheets(&at.seat, &format!("{} {} {heading}", at.book.name, at.period), sheets).await;
    }
    let t = at.t();
    let dimensions = Dimension::ALL.iter().map(|d| (d.as_str(), d.label_zh(), asked.dimension == d.as_str()));
    let query = [("account", &asked.account), ("from", &asked.from), ("level", &asked.level), ("dimension", &asked.dimension)];
    let query: String = query.iter().map(|(name, value)| format!("{name}={}&", escaped_query(value))).collect();
    let page = Page {
        t,
        frame: Frame::at(at, heading, page),
        heading,
        dimensions: dimensions.collect(),
        with_account: page != "trial-balance",
        tables: sheets.iter().map(|sheet| Table::of(sheet, |cells, key, text| drill(at, cells, key, text))).collect(),
        export: format!("{}?{query}format=", at.at(page)),
        asked,
    };
    Ok(show(&page)?.into_response())
}

/// 科目余额表
pub async fn trial_balance(at: AtBook, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    let level = fields::number("级次", &asked.level).map(|level| level.and_then(|level| usize::try_from(level).ok()));
    let wanted = level.map(|level| {
        let dimension = Dimension::parse(&asked.dimension);
        Some(Report::TrialBalance { level: level.filter(|_| dimension.is_none()), dimension })
    });
    let heading = at.t().trial_balance;
    answer(&at, asked, (heading, "trial-balance"), wanted.map_err(Stop::from)).await
}

/// 明细账 of an account; without one, 总账 of all.
pub async fn ledger(at: AtBook, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    let wanted = async {
        let from = month(&asked.from)?;
        Ok(Some(match account(&at, &asked.account).await? {
            None => Report::GeneralLedger { account: None },
            Some(account) => {
                let dimension = Dimension::parse(&asked.dimension).unwrap_or(Dimension::Party);
                let member = fields::text(&asked.member).map(|member| (dimension, member));
                Report::Ledger { account, from, member, unposted: !asked.unposted.is_empty() }
            }
        }))
    };
    let (wanted, heading) = (wanted.await, at.t().ledgers);
    answer(&at, asked, (heading, "ledger"), wanted).await
}

/// 现金日记账 and 银行存款日记账
pub async fn journal(at: AtBook, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    let wanted = async {
        let (account, from) = (account(&at, &asked.account).await?, month(&asked.from)?);
        Ok(Some(Report::Journal { account, from, unposted: !asked.unposted.is_empty() }))
    };
    let (wanted, heading) = (wanted.await, at.t().journals);
    answer(&at, asked, (heading, "journal"), wanted).await
}

fn month(text: &str) -> Result<Option<AccountingPeriod>, Stop> {
    fields::text(text).map(|text| AccountingPeriod::parse(&text).map_err(Stop::from)).transpose()
}

/// The account meant by a code, a name, or what the box completes to.
async fn account(at: &AtBook, word: &str) -> Result<Option<AccountCode>, Stop> {
    let Some(word) = fields::text(word) else { return Ok(None) };
    let mut tx = at.seat.snapshot().await?;
    let names = AccountNames::of(&mut tx, at.seat.county(), &at.book.book, Some(at.period.year())).await?;
    let first = word.split_whitespace().next().unwrap_or("");
    let unknown = |_| FormRefusal::BadField { field: "科目".to_owned(), text: word.clone() };
    Ok(Some(names.any(first).or_else(|_| names.any(&word)).map_err(unknown)?))
}
