//! S09: the loan register, its reports, and one loan with its facts and settled rows.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::{escaped_query, query_of};
use super::fields;
use super::frame::Frame;
use super::ledgers::spreadsheet;
use super::seat::Seat;
use super::table::Table;
use super::text::Texts;
use super::trouble::{FormRefusal, Trouble, show};
use crate::calendar::BusinessDate;
use crate::db::{Connection, Failure, Stop};
use crate::exchange::{Cell, ColumnKind, Sheet};
use crate::faces::cli::loan_reports::{self, ReportKind};
use crate::ledger::books::store::{Place, places};
use crate::money::Amount;
use crate::parties::initials::holds;
use crate::parties::store as parties;
use crate::products::microloan::service::register_on;
use crate::products::microloan::store::figures::{self, Wanted};
use crate::products::microloan::{LoanState, reports};

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
    village: String,
    bank: String,
    state: String,
    borrower: String,
}

impl Asked {
    /// The address of the same loans and day in another report.
    fn address(&self, report: &str) -> String {
        let fields = [
            ("on", &self.on),
            ("village", &self.village),
            ("bank", &self.bank),
            ("state", &self.state),
            ("borrower", &self.borrower),
        ];
        format!("/loans?report={report}&{}", query_of(&fields))
    }

    fn narrows(&self) -> bool {
        [&self.village, &self.bank, &self.state, &self.borrower].iter().any(|typed| !typed.trim().is_empty())
    }

    fn words(&self) -> String {
        [&self.report, &self.after, &self.village, &self.bank, &self.state, &self.borrower].map(|word| word.trim()).join("\u{1f}")
    }
}

#[derive(Template)]
#[template(path = "loans.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    tabs: [(String, &'static str, bool); 5],
    asked: Asked,
    on: String,
    states: Vec<&'static str>,
    export: String,
    register: Arc<Register>,
}

/// A page of the register or one of its reports, and what stands above it.
pub struct Register {
    tables: Vec<Table>,
    next: Option<String>,
    unsettled: Option<String>,
    totals: Option<String>,
    /// Banks to choose from: code and name.
    banks: Vec<(String, String)>,
}

/// The register and its reports.
pub async fn page(seat: Seat, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    let day = day_asked(&seat, &asked).map_err(|why| Trouble::of(&seat, why))?;
    if asked.format == "xlsx" {
        let (sheets, _) = sheets(&seat, &asked, day).await.map_err(|stop| Trouble::of(&seat, stop))?;
        return spreadsheet(sheets.first().map_or("loans", |sheet| sheet.title.as_str()), &sheets);
    }
    let words = format!("{} {day} {:?} {:?}", asked.words(), seat.lang, seat.banks);
    let register = seat.web.registers.answer(&seat.web.office, &words, register(&seat, &asked, day)).await;
    let t = seat.t();
    let tab = |word: &'static str, label: &'static str| (asked.address(word), label, asked.report == word);
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
        on: day.to_string(),
        states: LoanState::ALL[6..13].iter().map(|state| state.label_zh()).collect(),
        export: format!("{}&format=xlsx", asked.address(&asked.report)),
        asked: asked.clone(),
        register: register.map_err(|stop| Trouble::of(&seat, stop))?,
    };
    Ok(show(&page)?.into_response())
}

async fn register(seat: &Seat, asked: &Asked, day: BusinessDate) -> Result<Register, Stop> {
    let (sheets, next) = sheets(seat, asked, day).await?;
    let (unsettled, totals) = said_above(seat, asked, day).await?;
    let tables = sheets.iter().map(|sheet| Table::of(sheet, drill)).collect();
    let next = next.map(|after| format!("{}&after={}", asked.address(""), escaped_query(&after)));
    let mut banks = parties::banks(&mut *seat.snapshot().await?, seat.county()).await?;
    banks.retain(|bank| seat.sees(&bank.bank).is_ok());
    Ok(Register { tables, next, unsettled, totals, banks: banks.into_iter().map(|bank| (bank.bank, bank.name)).collect() })
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

/// What stands above the tables: how many loans are not settled through the day, and the sums of all loans wanted where the
/// page shows but some.
async fn said_above(seat: &Seat, asked: &Asked, day: BusinessDate) -> Result<(Option<String>, Option<String>), Stop> {
    let t = seat.t();
    let mut tx = seat.snapshot().await?;
    let wanted = wanted(&mut tx, seat, asked).await?;
    let on = day.to_string();
    let of_any_state = Wanted { state: String::new(), ..wanted.clone() };
    let unsettled = figures::totals(&mut tx, seat.county(), &of_any_state, &on).await?.unsettled;
    let all = figures::totals(&mut tx, seat.county(), &wanted, &on).await?;
    let money = |fen: i64| Amount::from_fen(fen).grouped();
    // What is past due, and which state a loan is in, changes with the day: the standings know it where all is settled.
    let past_due = (unsettled == 0).then_some((t.lending().past_due, all.overdue));
    let words = [(t.paid_out, all.paid_out), (t.owed, all.owed)];
    let sums: String = words.iter().chain(&past_due).map(|(word, fen)| format!(" · {word} {}", money(*fen))).collect();
    let said = format!("{} {}{sums}", if asked.narrows() { t.lending().these_loans } else { t.lending().all_loans }, all.loans);
    let holds = day == seat.web.office.today() && (unsettled == 0 || wanted.state.is_empty());
    let sums = (asked.report.is_empty() && all.loans > 0 && holds).then_some(said);
    Ok(((unsettled > 0).then(|| format!("{unsettled} {}", t.not_settled)), sums))
}

/// The loans the address asks for, of the banks this seat sees. Refuses a state there is not.
async fn wanted(tx: &mut Connection, seat: &Seat, asked: &Asked) -> Result<Wanted, Stop> {
    let state = match asked.state.trim() {
        "" => "",
        text => LoanState::parse(text)
            .ok_or_else(|| FormRefusal::BadField { field: seat.t().state.to_owned(), text: text.to_owned() })?
            .as_str(),
    };
    let banks = match asked.bank.trim() {
        "" => seat.banks.as_deref().map(<[String]>::to_vec),
        bank => {
            seat.sees(bank)?;
            Some(vec![bank.to_owned()])
        }
    };
    let places = villages(tx, seat, asked.village.trim()).await?;
    Ok(Wanted { places, banks, borrower: asked.borrower.trim().to_owned(), state: state.to_owned() })
}

/// The villages somebody means by a name, a part of one, its initials, or the beginning of a code; a township means its villages.
async fn villages(tx: &mut Connection, seat: &Seat, typed: &str) -> Result<Option<Vec<String>>, Failure> {
    if typed.is_empty() {
        return Ok(None);
    }
    let all = places(tx, seat.county()).await?;
    let meant = |place: &&Place| place.name.contains(typed) || place.place.starts_with(typed) || holds(&place.name, typed);
    let heads: Vec<&str> = all.iter().filter(meant).map(|place| place.place.trim_end_matches("000")).collect();
    let within = |place: &&Place| heads.iter().any(|head| place.place.starts_with(head));
    Ok(Some(all.iter().filter(within).map(|place| place.place.clone()).collect()))
}

async fn sheets(seat: &Seat, asked: &Asked, day: BusinessDate) -> Result<(Vec<Sheet>, Option<String>), Stop> {
    let mut tx = seat.snapshot().await?;
    let (county, today) = (seat.county(), seat.web.office.today());
    let wanted = wanted(&mut tx, seat, asked).await?;
    let report = match asked.report.as_str() {
        "due" => Some(ReportKind::Due),
        "arrears" => Some(ReportKind::Arrears),
        "at-risk" => Some(ReportKind::AtRisk),
        "classes" => Some(ReportKind::Classes),
        _ => None,
    };
    let (mut sheets, next) = match report {
        Some(which) => (loan_reports::report_on(&mut tx, county, (which, &wanted), (day, today)).await?, None),
        None => {
            let limit = if asked.format == "xlsx" { i64::MAX } else { PAGE };
            let lines = register_on(&mut tx, county, &wanted, (asked.after.trim(), limit), (day, today)).await?;
            let full = i64::try_from(lines.len()).is_ok_and(|shown| shown == PAGE);
            let next = lines.last().filter(|_| full).map(|line| line.0.0.clone());
            (vec![reports::register(day, &lines)], next)
        }
    };
    name_places_and_banks(&mut tx, county, &mut sheets).await?;
    Ok((sheets, next))
}

/// Puts the names of villages and banks where their codes stand.
async fn name_places_and_banks(tx: &mut Connection, county: &str, sheets: &mut [Sheet]) -> Result<(), Failure> {
    let villages = places(tx, county).await?.into_iter().map(|place| (place.place, place.name));
    let banks = parties::banks(tx, county).await?.into_iter().map(|bank| (bank.bank, bank.name));
    let (villages, banks): (HashMap<String, String>, HashMap<String, String>) = (villages.collect(), banks.collect());
    for sheet in sheets {
        for (at, column) in sheet.columns.iter_mut().enumerate() {
            let names = match column.key.as_str() {
                "place" => &villages,
                "bank" => &banks,
                _ => continue,
            };
            column.kind = ColumnKind::Text;
            column.heading = column.heading.replace("村代码", "村");
            let named = sheet.rows.iter_mut().filter_map(|row| row.get_mut(at));
            named.for_each(|cell| {
                if let Some(name) = names.get(&cell.for_people()) {
                    *cell = name.as_str().into()
                }
            });
        }
    }
    Ok(())
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
        loan_reports::one(&mut tx, seat.county(), (&loan, &|bank| seat.sees(bank)), seat.web.office.today()).await
    };
    let (_, sheets) = sheets.await.map_err(|stop| Trouble::of(&seat, stop))?;
    let frame = Frame::of(&seat, &format!("{} {loan}", seat.t().loan));
    Ok(show(&LoanPage { t: seat.t(), frame, tables: sheets.iter().map(Table::plain).collect() })?.into_response())
}
