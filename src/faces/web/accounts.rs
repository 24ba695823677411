//! S08: the book's accounts and cards: the regime's accounts are fixed, own sub-accounts are added, nothing is deleted.

use askama::Template;
use axum::Form;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::lead_to;
use super::fields;
use super::frame::Frame;
use super::seat::AtBook;
use super::text::Texts;
use super::trouble::{Trouble, show, status_of};
use crate::access::Permission;
use crate::db::Stop;
use crate::ledger::books::service::{AddAccounts, OwnAccount, StopAccount};
use crate::ledger::books::store as books;
use crate::ledger::posting::BookAccount;
use crate::ledger::{AccountCode, Dimension};
use crate::refusal::Refusal;

#[derive(Template)]
#[template(path = "accounts.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    rows: Vec<Row>,
    cards: Vec<(&'static str, String, String)>,
    dimensions: Vec<(&'static str, &'static str)>,
    may_keep: bool,
    here: String,
    key: String,
    refusal: Option<Refusal>,
}

struct Row {
    code: String,
    name: String,
    level: usize,
    class: &'static str,
    side: &'static str,
    requires: String,
    own: bool,
    stopped: bool,
    leaf: bool,
    href: String,
}

/// The chart.
pub async fn page(at: AtBook) -> Result<Response, Trouble> {
    render(&at, None).await
}

async fn render(at: &AtBook, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let mut tx = at.seat.snapshot().await?;
    let (county, book, year) = (at.seat.county(), &at.book.book, at.period.year());
    let accounts = books::accounts(&mut tx, county, book, year).await?;
    let cards = books::members(&mut tx, county, book).await?;
    let label = |dimension: &str| Dimension::parse(dimension).map_or("", Dimension::label_zh);
    let status = refusal.as_ref().map_or(axum::http::StatusCode::OK, status_of);
    let page = Page {
        t: at.t(),
        frame: Frame::at(at, at.t().accounts, "accounts"),
        rows: accounts.iter().map(|account| row(at, account, &accounts)).collect(),
        cards: cards.into_iter().map(|card| (label(&card.dimension), card.member, card.name)).collect(),
        dimensions: Dimension::ALL.iter().map(|d| (d.as_str(), d.label_zh())).collect(),
        may_keep: at.may(Permission::KeepBooks),
        here: at.at("accounts"),
        key: at.seat.form_key(),
        refusal,
    };
    Ok((status, show(&page)?).into_response())
}

fn row(at: &AtBook, account: &BookAccount, all: &[BookAccount]) -> Row {
    let parent_of = |code: &AccountCode| all.iter().find(|known| known.code == *code).and_then(|known| known.parent.clone());
    let level = std::iter::successors(account.parent.clone(), parent_of).count();
    Row {
        code: account.code.as_str().to_owned(),
        name: account.name.clone(),
        level,
        class: account.class.label_zh(),
        side: account.normal_side.label_zh(),
        requires: account.requires.iter().map(|dimension| dimension.label_zh()).collect::<Vec<_>>().join("、"),
        own: account.parent.is_some(),
        stopped: account.stopped_on.is_some(),
        leaf: account.is_leaf,
        href: at.at(&format!("ledger?account={}", account.code.as_str())),
    }
}

/// What the forms carry.
#[derive(Deserialize)]
pub struct Typed {
    key: String,
    code: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    requires: String,
}

async fn ended(at: &AtBook, outcome: Result<(), Stop>) -> Result<Response, Trouble> {
    match outcome {
        Ok(()) => Ok(lead_to(&at.at("accounts")).into_response()),
        Err(Stop::Refused(refusal)) => render(at, Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&at.seat, failed)),
    }
}

/// Adds an own sub-account.
pub async fn add(at: AtBook, Form(typed): Form<Typed>) -> Result<Response, Trouble> {
    let requires = fields::text(&typed.requires).and_then(|word| Dimension::parse(&word)).into_iter().collect();
    let own = OwnAccount { code: typed.code.trim().to_owned(), name: typed.name.trim().to_owned(), requires };
    let act = AddAccounts { book: at.book.book.clone(), year: at.period.year(), accounts: vec![own] };
    let outcome = at.seat.perform(act, &typed.key).await;
    ended(&at, outcome.map(drop)).await
}

/// Stops an account.
pub async fn stop(at: AtBook, Form(typed): Form<Typed>) -> Result<Response, Trouble> {
    let act = StopAccount { book: at.book.book.clone(), year: at.period.year(), account: AccountCode(typed.code.clone()) };
    let outcome = at.seat.perform(act, &typed.key).await;
    ended(&at, outcome).await
}
