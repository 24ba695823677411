//! S18: the clerk's cash book: what stands, entering cash, closing the day.

use axum::Form;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::lead_to;
use super::fields::{self, Fields};
use super::frame::Frame;
use super::ledgers::spreadsheet;
use super::printing;
use super::room::{Field, FormBox, Room};
use super::seat::AtBook;
use super::table::Table;
use super::trouble::{FormRefusal, Trouble};
use crate::access::Permission;
use crate::db::Stop;
use crate::money::Amount;
use crate::products::village_claims::cash_book::{CashKind, standing};
use crate::products::village_claims::service::cash::{CloseCashDay, EnterCash};
use crate::products::village_claims::{limits, papers, store};
use crate::refusal::Refusal;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    format: String,
}

/// The book.
pub async fn page(at: AtBook, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    render(&at, &asked.format, None).await
}

async fn render(at: &AtBook, format: &str, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let (t, county, book) = (at.t(), at.seat.county(), &at.book.book);
    let today = at.seat.web.office.today();
    let mut tx = at.seat.snapshot().await?;
    let entries = store::cash::entries(&mut tx, county, book).await?;
    let closed = store::cash::closed_through(&mut tx, county, book).await?;
    let table = store::limits(&mut tx, county).await?;
    let sheet = papers::cash_book(&at.book.name, &entries, closed);
    if format == "xlsx" {
        return spreadsheet(&sheet.title, std::slice::from_ref(&sheet));
    }
    if format == "pdf" {
        return printing::sheets(&at.seat, &sheet.title.clone(), vec![sheet]).await;
    }
    let mut room = Room::new(t, Frame::at(at, t.cash_book, "cash"), t.cash_book);
    room.refusal = refusal;
    room.links.push((t.print_pdf.to_owned(), at.at("cash?format=pdf")));
    room.links.push((t.export_xlsx.to_owned(), at.at("cash?format=xlsx")));
    let balance = standing(&entries, today);
    room.notices.push(("ok", format!("{} {} {}", today, t.cash_standing, balance.grouped())));
    if let Some((most, rule)) = limits::most(&table, "cash", today, at.book.place.as_deref().unwrap_or(""))
        && balance > most
    {
        room.notices.push(("warn", format!("△ {} {}({})", t.cash_over, most.grouped(), rule.source)));
    }
    room.tables.push(Table::of(&sheet, |_, key, text| (key == "claim").then(|| at.at(&format!("claims/{text}")))));
    if at.may(Permission::Claim) {
        room.forms = forms(at, today.to_string(), balance);
    }
    room.answer()
}

fn forms(at: &AtBook, today: String, balance: Amount) -> Vec<FormBox> {
    let t = at.t();
    let kinds = CashKind::ALL.iter().filter(|kind| **kind != CashKind::Claim);
    let kinds = kinds.map(|kind| (kind.as_str().to_owned(), kind.label_zh().to_owned())).collect();
    let enter = FormBox::new(t.enter_cash, at.at("cash"), at.seat.form_key())
        .field(Field::select("kind", t.kind, "drawn", kinds))
        .field(Field::of("date", "on", t.date, today.clone()).required())
        .field(Field::of("decimal", "amount", t.amount, "").required())
        .field(Field::text("summary", t.summary, "").required())
        .button("enter", t.enter_cash, "primary");
    let close = FormBox::new(t.close_day, at.at("cash"), at.seat.form_key())
        .field(Field::of("date", "on", t.date, today).required())
        .field(Field::of("decimal", "counted", t.counted, "").required())
        .asking("close", t.close_day, "primary", format!("{} {}", t.confirm_close_day, balance.grouped()));
    vec![enter, close]
}

/// Enters cash or closes a day.
pub async fn act(at: AtBook, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Trouble> {
    match done(&at, &Fields(fields)).await {
        Ok(()) => Ok(lead_to(&at.at("cash")).into_response()),
        Err(Stop::Refused(refusal)) => render(&at, "", Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}

async fn done(at: &AtBook, fields: &Fields) -> Result<(), Stop> {
    let (book, key) = (at.book.book.clone(), fields.first("key"));
    let on = fields::date("日期", fields.first("on"))?;
    let amount = |field: &str, name: &str| -> Result<Amount, FormRefusal> {
        let bad = || FormRefusal::BadField { field: field.to_owned(), text: String::new() };
        fields::amount(field, fields.first(name))?.ok_or_else(bad)
    };
    if fields.first("do") == "close" {
        let counted = amount("清点的现金", "counted")?;
        return at.seat.perform(CloseCashDay { book, on, counted }, key).await.map(|_| ());
    }
    let bad = || FormRefusal::BadField { field: "类别".to_owned(), text: fields.first("kind").to_owned() };
    let kind = CashKind::parse(fields.first("kind")).filter(|kind| *kind != CashKind::Claim).ok_or_else(bad)?;
    let summary = fields.first("summary").to_owned();
    at.seat.perform(EnterCash { book, on, kind, amount: amount("金额", "amount")?, summary }, key).await.map(|_| ())
}
