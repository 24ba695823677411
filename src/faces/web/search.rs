//! Search: households, loans and members by name, pinyin initials or number; vouchers by number or amount.
//!
//! 1. It finds what this person may open, and nothing else: the county's registers for its readers, books by the book.
//! 2. A name is found by any part of it, or by the first letters of its syllables.

use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::{escaped_query, lead_to};
use super::fields;
use super::frame::Frame;
use super::seat::Seat;
use super::text::Texts;
use super::trouble::{Trouble, show};
use crate::access::{Scope, may_read};
use crate::ledger::BookCode;
use crate::ledger::books::store as books;
use crate::ledger::vouchers::VoucherRef;
use crate::money::Amount;
use crate::parties::initials::holds;
use crate::parties::store as parties;
use crate::products::microloan::store::figures;

/// Shown of each kind.
const SHOWN: usize = 50;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sought {
    q: String,
    book: String,
    period: String,
}

#[derive(Template)]
#[template(path = "search.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    q: String,
    groups: Vec<(&'static str, Vec<Hit>)>,
}

/// Something found: its number, its name, where it leads.
struct Hit {
    number: String,
    name: String,
    href: String,
}

/// The page.
pub async fn page(seat: Seat, Query(sought): Query<Sought>) -> Result<Response, Trouble> {
    let t = seat.t();
    let q = fields::text(&sought.q).unwrap_or_default();
    let mut groups = Vec::new();
    if !q.is_empty() {
        if let Some(voucher) = voucher(&seat, &sought, &q).await? {
            return Ok(lead_to(&voucher).into_response());
        }
        groups.push((t.voucher_of_amount, of_amount(&sought, &q)));
        if may_read(&seat.grants, &Scope::County) {
            groups.push((t.people, households(&seat, &q).await?));
            groups.push((t.loans, loans(&seat, &q).await?));
        }
        groups.push((t.members, members(&seat, &sought, &q).await?));
        groups.push((t.books, found_books(&seat, &q).await?));
        groups.retain(|(_, hits)| !hits.is_empty());
    }
    Ok(show(&Page { t, frame: Frame::of(&seat, t.search), q, groups })?.into_response())
}

/// True if a word means somebody: part of the number or the name, or the name's initials.
fn means(q: &str, number: &str, name: &str) -> bool {
    let letters = q.bytes().all(|byte| byte.is_ascii_alphabetic()) && q.len() >= 2;
    name.contains(q) || number.eq_ignore_ascii_case(q) || (q.len() >= 3 && number.contains(q)) || letters && holds(name, q)
}

/// A voucher by its number within the book somebody came from.
async fn voucher(seat: &Seat, sought: &Sought, q: &str) -> Result<Option<String>, Trouble> {
    let Some(reference) = q.parse::<VoucherRef>().ok().filter(|_| !sought.book.is_empty()) else { return Ok(None) };
    let found = books::book(&mut *seat.snapshot().await?, seat.county(), &BookCode(sought.book.clone())).await?;
    let readable = found.filter(|book| seat.may_read(book));
    Ok(readable.map(|book| format!("/b/{}/{}/vouchers/{reference}", book.book, reference.period)))
}

/// The list of vouchers of an amount, in the book and month somebody came from.
fn of_amount(sought: &Sought, q: &str) -> Vec<Hit> {
    let typed = Amount::parse(q).ok().filter(|_| !sought.book.is_empty() && !sought.period.is_empty());
    let hit = |amount: Amount| {
        let at = format!("/b/{}/{}/vouchers", escaped_query(&sought.book), escaped_query(&sought.period));
        Hit { number: amount.to_string(), name: sought.period.clone(), href: format!("{at}?least={amount}&most={amount}") }
    };
    typed.map(hit).into_iter().collect()
}

async fn households(seat: &Seat, q: &str) -> Result<Vec<Hit>, Trouble> {
    let mut tx = seat.snapshot().await?;
    let all = parties::names(&mut tx, seat.county()).await?;
    let meant = all.into_iter().filter(|(household, name)| means(q, household, name));
    let hit = |(household, name): (String, String)| Hit {
        href: format!("/households/{}", escaped_query(&household)),
        number: household,
        name,
    };
    Ok(meant.take(SHOWN).map(hit).collect())
}

async fn loans(seat: &Seat, q: &str) -> Result<Vec<Hit>, Trouble> {
    let mut tx = seat.snapshot().await?;
    let all = figures::borrowers(&mut tx, seat.county()).await?;
    let meant = all.into_iter().filter(|(loan, contract, name)| means(q, loan, name) || contract == q);
    let hit =
        |(loan, _, name): (String, String, String)| Hit { href: format!("/loans/{}", escaped_query(&loan)), number: loan, name };
    Ok(meant.take(SHOWN).map(hit).collect())
}

async fn members(seat: &Seat, sought: &Sought, q: &str) -> Result<Vec<Hit>, Trouble> {
    let mut tx = seat.snapshot().await?;
    let Some(book) =
        books::book(&mut tx, seat.county(), &BookCode(sought.book.clone())).await?.filter(|book| seat.may_read(book))
    else {
        return Ok(Vec::new());
    };
    let cards = books::members(&mut tx, seat.county(), &book.book).await?;
    let meant = cards.into_iter().filter(|card| means(q, &card.member, &card.name));
    let at = format!("/b/{}/{}/trial-balance?dimension=", book.book, escaped_query(&sought.period));
    Ok(meant
        .take(SHOWN)
        .map(|card| Hit { href: format!("{at}{}", card.dimension), number: card.member, name: card.name })
        .collect())
}

async fn found_books(seat: &Seat, q: &str) -> Result<Vec<Hit>, Trouble> {
    let mut tx = seat.snapshot().await?;
    let all = books::books(&mut tx, seat.county()).await?;
    let meant = all.into_iter().filter(|book| seat.may_read(book) && means(q, &book.book.0, &book.name));
    Ok(meant
        .take(SHOWN)
        .map(|book| Hit { href: format!("/books/{}", book.book), number: book.book.0, name: book.name })
        .collect())
}
