//! S09: the loan register, its reports, and one loan with its facts and settled rows.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::escaped_query;
use super::fields;
use super::frame::Frame;
use super::ledgers::spreadsheet;
use super::seat::Seat;
use super::table::Table;
use super::text::Texts;
use super::trouble::{FormRefusal, Trouble, show};
use crate::calendar::BusinessDate;
use crate::db::{Failure, Stop};
use crate::exchange::{Cell, Sheet};
use crate::faces::cli::loan_reports::{self, ReportKind};
use crate::money::Amount;
use crate::products::microloan::reports;
use crate::products::microloan::service::register_on;
use crate::products::microloan::store::figures;

/// Loans a page.
const PAGE: i64 = 100;

/// What the address asks for.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Asked {
    report: String,
    after: String,
    on: String,
    format: String,
}

#[derive(Template)]
#[template(path = "loans.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    tabs: [(&'static str, &'static str, bool); 5],
    report: String,
    on: String,
    register: Arc<Register>,
}

/// A page of the register or one of its reports, and what stands above it.
pub struct Register {
    tables: Vec<Table>,
    next: Option<String>,
    unsettled: Option<String>,
    totals: Option<String>,
}

/// The register and its reports.
pub async fn page(seat: Seat, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    let day = day_asked(&seat, &asked).map_err(|why| Trouble::of(&seat, why))?;
    if asked.format == "xlsx" {
        let (sheets, _) = sheets(&seat, &asked, day).await.map_err(|stop| Trouble::of(&seat, stop))?;
        return spreadsheet(sheets.first().map_or("loans", |sheet| sheet.title.as_str()), &sheets);
    }
    let words = format!("{} {} {day} {:?}", asked.report, asked.after, seat.lang);
    let register = seat.web.registers.answer(&seat.web.office, &words, register(&seat, &asked, day)).await;
    let t = seat.t();
    let tab = |word: &'static str, label: &'static str| (word, label, asked.report == word);
    let page = Page {
        t,
        frame: Frame::of(&seat, t.loans),
        tabs: [
            tab("", t.loan_register),
            tab("due", t.loans_due),
            tab("arrears", t.loans_arrears),
            tab("at-risk", t.loans_at_risk),
            tab("classes", t.loans_classes),
        ],
        report: asked.report.clone(),
        on: day.to_string(),
        register: register.map_err(|stop| Trouble::of(&seat, stop))?,
    };
    Ok(show(&page)?.into_response())
}

async fn register(seat: &Seat, asked: &Asked, day: BusinessDate) -> Result<Register, Stop> {
    let (sheets, next) = sheets(seat, asked, day).await?;
    let (unsettled, totals) = said_above(seat, asked, day).await?;
    let tables = sheets.iter().map(|sheet| Table::of(sheet, drill)).collect();
    let next = next.map(|after| format!("/loans?on={day}&after={}", escaped_query(&after)));
    Ok(Register { tables, next, unsettled, totals })
}

fn drill(_: &[Cell], key: &str, text: &str) -> Option<String> {
    (key == "loan").then(|| format!("/loans/{}", escaped_query(text)))
}

/// The day the page is about: today's unless another is asked.
fn day_asked(seat: &Seat, asked: &Asked) -> Result<BusinessDate, Stop> {
    let today = seat.web.office.today();
    match fields::text(&asked.on) {
        None => Ok(today),
        Some(text) => match text.parse::<BusinessDate>() {
            Ok(day) if day <= today => Ok(day),
            _ => Err(FormRefusal::BadField { field: seat.t().as_of.to_owned(), text }.into()),
        },
    }
}

/// What stands above the tables: how many loans are not settled through the day, and on a register of several pages the sums of all.
async fn said_above(seat: &Seat, asked: &Asked, day: BusinessDate) -> Result<(Option<String>, Option<String>), Failure> {
    let t = seat.t();
    let mut tx = seat.snapshot().await?;
    let [loans, paid_out, owed, unsettled] = figures::totals(&mut tx, seat.county(), &day.to_string()).await?;
    let money = |fen: i64| Amount::from_fen(fen).grouped();
    let all = format!("{} {loans} · {} {} · {} {}", t.this_page, t.paid_out, money(paid_out), t.owed, money(owed));
    let several = asked.report.is_empty() && loans > PAGE && day == seat.web.office.today();
    Ok(((unsettled > 0).then(|| format!("{unsettled} {}", t.not_settled)), several.then_some(all)))
}

async fn sheets(seat: &Seat, asked: &Asked, day: BusinessDate) -> Result<(Vec<Sheet>, Option<String>), Stop> {
    let mut tx = seat.snapshot().await?;
    let (county, today) = (seat.county(), seat.web.office.today());
    let report = match asked.report.as_str() {
        "due" => Some(ReportKind::Due),
        "arrears" => Some(ReportKind::Arrears),
        "at-risk" => Some(ReportKind::AtRisk),
        "classes" => Some(ReportKind::Classes),
        _ => None,
    };
    Ok(match report {
        Some(which) => (loan_reports::report_on(&mut tx, county, which, (day, today)).await?, None),
        None => {
            let limit = if asked.format == "xlsx" { i64::MAX } else { PAGE };
            let lines = register_on(&mut tx, county, (asked.after.trim(), limit), (day, today)).await?;
            let full = i64::try_from(lines.len()).is_ok_and(|shown| shown == PAGE);
            let next = lines.last().filter(|_| full).map(|line| line.0.0.clone());
            (vec![reports::register(day, &lines)], next)
        }
    })
}

#[derive(Template)]
#[template(path = "loan.html")]
struct LoanPage {
    t: &'static Texts,
    frame: Frame,
    tables: Vec<Table>,
}

/// One loan.
pub async fn one(seat: Seat, Path(loan): Path<String>) -> Result<Response, Trouble> {
    let loan = fields::text(&loan).unwrap_or_default();
    let sheets = async {
        let mut tx = seat.snapshot().await?;
        loan_reports::one(&mut tx, seat.county(), &loan, seat.web.office.today()).await
    };
    let (_, sheets) = sheets.await.map_err(|stop| Trouble::of(&seat, stop))?;
    let frame = Frame::of(&seat, &format!("{} {loan}", seat.t().loan));
    Ok(show(&LoanPage { t: seat.t(), frame, tables: sheets.iter().map(Table::plain).collect() })?.into_response())
}
