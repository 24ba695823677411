//! S01: the books this person may open.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};

use super::address::lead_to;
use super::frame::Frame;
use super::seat::{Seat, first_open};
use super::text::Texts;
use super::trouble::{Answer, Trouble, show};
use crate::access::{Permission, Scope};
use crate::controls::period_close::store::periods;
use crate::ledger::BookCode;
use crate::ledger::books::{Book, store as books};

#[derive(Template)]
#[template(path = "books.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    books: Vec<Line>,
    may_make: bool,
}

struct Line {
    code: String,
    name: String,
    kind: &'static str,
    place: String,
}

async fn readable(seat: &Seat) -> Result<Vec<Book>, Trouble> {
    let mut tx = seat.snapshot().await?;
    let all = books::books(&mut tx, seat.county()).await?;
    Ok(all.into_iter().filter(|book| seat.may_read(book)).collect())
}

/// Leads to the one book somebody has, an administrator without books to the people, everybody else to their work.
pub async fn start(seat: Seat) -> Result<Response, Trouble> {
    let to = match &readable(&seat).await?[..] {
        [only] => format!("/books/{}", only.book),
        [] if seat.may(Permission::ManageUsers, &Scope::County) => "/users".to_owned(),
        _ => "/home".to_owned(),
    };
    Ok(lead_to(&to).into_response())
}

/// The list.
pub async fn page(seat: Seat) -> Answer {
    let found = readable(&seat).await?;
    let mut tx = seat.snapshot().await?;
    let places = books::places(&mut tx, seat.county()).await?;
    let named = |code: &str| places.iter().find(|place| place.place == code).map(|place| place.name.clone());
    let line = |book: Book| Line {
        code: book.book.to_string(),
        kind: book.kind.label_zh(),
        place: book.place.as_deref().and_then(named).unwrap_or_default(),
        name: book.name,
    };
    let frame = Frame::of(&seat, seat.t().books);
    let may_make = seat.may(Permission::KeepBooks, &Scope::County);
    show(&Page { t: seat.t(), frame, may_make, books: found.into_iter().map(line).collect() })
}

/// Opens a book at its first open month.
pub async fn open(seat: Seat, Path(code): Path<String>) -> Result<Redirect, Trouble> {
    let mut tx = seat.snapshot().await?;
    let kept = periods(&mut tx, seat.county(), &BookCode(code.clone())).await?;
    let month = first_open(&kept).map_or_else(String::new, |period| period.to_string());
    Ok(lead_to(&format!("/b/{code}/{month}/desk")))
}
