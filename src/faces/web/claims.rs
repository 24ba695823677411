//! S18: the claims of a village: the list, a new one, handing original papers over.

use axum::Form;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::lead_to;
use super::claim_form::{content_of, entry_form};
use super::fields::Fields;
use super::frame::Frame;
use super::ledgers::spreadsheet;
use super::printing;
use super::room::{FormBox, Room};
use super::seat::AtBook;
use super::table::Table;
use super::trouble::Trouble;
use super::wording::in_words;
use crate::access::Permission;
use crate::db::Stop;
use crate::exchange::Sheet;
use crate::products::projects::store as projects;
use crate::products::village_claims::claim::{ClaimState, Content};
use crate::products::village_claims::refusal::ClaimRefusal;
use crate::products::village_claims::service::booking::{BookClaims, HandOver};
use crate::products::village_claims::service::keep::KeepClaim;
use crate::products::village_claims::{papers, store};
use crate::refusal::Refusal;

/// What the address asks for.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    format: String,
    done: String,
}

/// The list.
pub async fn page(at: AtBook, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    let sheet = listed(&at, &asked).await?;
    if asked.format == "xlsx" {
        return spreadsheet(&sheet.title, std::slice::from_ref(&sheet));
    }
    render(&at, &asked, &sheet, None)
}

async fn listed(at: &AtBook, asked: &Asked) -> Result<Sheet, Trouble> {
    let mut tx = at.seat.snapshot().await?;
    let claims = store::claims(&mut tx, at.seat.county(), &at.book.book, ClaimState::parse(&asked.state)).await?;
    let mut sheet = papers::list(&at.book.name, &claims);
    in_words(&mut tx, &at.seat, std::slice::from_mut(&mut sheet)).await?;
    Ok(sheet)
}

fn render(at: &AtBook, asked: &Asked, sheet: &Sheet, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let t = at.t();
    let mut room = Room::new(t, Frame::at(at, t.claims, "claims"), t.claims);
    let tab = |word: &str, state: &str| (word.to_owned(), at.at(&format!("claims?state={state}")), asked.state == state);
    room.tabs.push(tab(t.all, ""));
    room.tabs.extend(ClaimState::ALL.iter().map(|state| tab(state.label_zh(), state.as_str())));
    room.done = if asked.done.is_empty() { String::new() } else { format!("{} {}", t.done, asked.done) };
    room.refusal = refusal;
    if at.may(Permission::Claim) {
        room.links.push((t.new_claim.to_owned(), at.at("claims/new")));
    }
    room.links.push((t.export_xlsx.to_owned(), at.at(&format!("claims?state={}&format=xlsx", asked.state))));
    if sheet.rows.is_empty() {
        room.notices.push(("", t.no_claims.to_owned()));
    } else {
        room.tables.push(Table::of(sheet, |_, key, text| (key == "claim").then(|| at.at(&format!("claims/{text}")))));
    }
    if at.may(Permission::AcceptClaims) && !at.is_closed() {
        let form = FormBox::new(t.book_claims, at.at("claims/book"), at.seat.form_key());
        room.forms.push(form.asking("book", t.book_claims_all, "primary", t.confirm_book_claims));
    }
    if at.may(Permission::Claim) {
        let form = FormBox::new(t.hand_over, at.at("claims/hand-over"), at.seat.form_key());
        room.forms.push(form.button("hand_over", t.make_hand_over, ""));
    }
    room.answer()
}

/// A blank claim.
pub async fn blank(at: AtBook) -> Result<Response, Trouble> {
    let content = Content { spent_on: Some(at.seat.web.office.today()), ..Content::default() };
    new_page(&at, &content, None).await
}

async fn new_page(at: &AtBook, content: &Content, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let t = at.t();
    let mut room = Room::new(t, Frame::at(at, t.claims, "claims"), t.new_claim);
    room.back = Some((t.claims.to_owned(), at.at("claims")));
    room.refusal = refusal;
    room.notices.push(("", t.claim_words.to_owned()));
    room.script = super::server::asset("claim.js");
    let open = projects::open(&mut *at.seat.snapshot().await?, at.seat.county(), &at.book.book).await?;
    let form = entry_form(at, ("", at.at("claims/new")), (content, &open), &[]);
    let mut form = form.button("save", t.save_and_photos, "primary");
    form.keep = format!("claim:{}", at.book.book);
    room.forms.push(form);
    room.answer()
}

/// Keeps a new claim; its page takes the photographs.
pub async fn keep(at: AtBook, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Trouble> {
    let fields = Fields(fields);
    let content = match content_of(&fields) {
        Ok(content) => content,
        Err(why) => return new_page(&at, &Content::default(), Some(why.into())).await,
    };
    let act = KeepClaim { book: at.book.book.clone(), claim: None, content: content.clone() };
    match at.seat.perform(act, fields.first("key")).await {
        Ok(claim) => Ok(lead_to(&at.at(&format!("claims/{claim}"))).into_response()),
        Err(Stop::Refused(refusal)) => new_page(&at, &content, Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}

/// Makes vouchers of all accepted claims.
pub async fn book(at: AtBook, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Trouble> {
    let on = at.seat.web.office.today().clamp(at.period.first_day(), at.period.last_day());
    let act = BookClaims { book: at.book.book.clone(), claims: Vec::new(), on, account: None };
    match at.seat.perform(act, Fields(fields).first("key")).await {
        Ok(booked) => Ok(lead_to(&at.at(&format!("claims?done={}", booked.len()))).into_response()),
        Err(Stop::Refused(refusal)) => {
            let asked = Asked::default();
            render(&at, &asked, &listed(&at, &asked).await?, Some(refusal))
        }
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}

/// Makes the list original papers go with.
pub async fn hand_over(at: AtBook, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Trouble> {
    match at.seat.perform(HandOver { book: at.book.book.clone() }, Fields(fields).first("key")).await {
        Ok(number) => Ok(lead_to(&at.at(&format!("claims/hand-over/{number}"))).into_response()),
        Err(Stop::Refused(refusal)) => {
            let asked = Asked::default();
            render(&at, &asked, &listed(&at, &asked).await?, Some(refusal))
        }
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}

/// A handover list, both copies.
pub async fn handed(
    at: AtBook,
    Path((_, _, number)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let sheets = handover_sheets(&at, &number).await.map_err(|stop| Trouble::of(&at.seat, stop))?;
    if asked.format == "xlsx" {
        return spreadsheet(&sheets[0].title, &sheets);
    }
    if asked.format == "pdf" {
        return printing::sheets(&at.seat, "原始凭证移交清单", sheets).await;
    }
    let t = at.t();
    let mut room = Room::new(t, Frame::at(&at, t.claims, "claims"), t.hand_over);
    room.back = Some((t.claims.to_owned(), at.at("claims")));
    room.links.push((t.print_pdf.to_owned(), at.at(&format!("claims/hand-over/{number}?format=pdf"))));
    room.links.push((t.export_xlsx.to_owned(), at.at(&format!("claims/hand-over/{number}?format=xlsx"))));
    room.tables = sheets.iter().map(Table::plain).collect();
    room.answer()
}

async fn handover_sheets(at: &AtBook, number: &str) -> Result<Vec<Sheet>, Stop> {
    let number: i64 = number.parse().unwrap_or_default();
    let (county, book) = (at.seat.county(), &at.book.book);
    let mut tx = at.seat.snapshot().await?;
    let unknown = || ClaimRefusal::UnknownHandover { handover: number, book: book.to_string() };
    let on = store::handed_on(&mut tx, county, book, number).await?.ok_or_else(unknown)?;
    let mut claims = store::claims(&mut tx, county, book, None).await?;
    claims.retain(|claim| claim.handover == Some(number));
    claims.reverse();
    Ok(papers::handover(&at.book.name, number, on, &claims))
}
