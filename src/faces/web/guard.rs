//! The guard before every page: is somebody logged in, and is this theirs to open?
//!
//! 1. A page says in the route table what it needs; nothing is reached past its guard.
//! 2. Roles are read at every request: what was taken back is gone at the next click.
//! 3. Who is not logged in is led to the login and back; who is and may not gets 403.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Request};
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_login::AuthSession;
use sha2::{Digest, Sha256};

use super::address::lead_to;
use super::home;
use super::seat::{AtBook, Seat, Web, scope_of};
use super::sessions::Doorkeeper;
use super::text::Lang;
use super::trouble::{FormRefusal, Trouble};
use crate::access::{AccessRefusal, Grant, Permission, Role, Scope, check, may_read, store};
use crate::calendar::AccountingPeriod;
use crate::db::{Connection, Failure, Stop};
use crate::faces::http;
use crate::ledger::BookCode;
use crate::ledger::books::Book;
use crate::ledger::books::store as books;
use crate::office::OfficeRefusal;

/// What a page needs of the person who opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: the login, the first start.
    Nobody,
    /// To be logged in.
    LoggedIn,
    /// To read the book of the address, by any role but the administrator's.
    ReadBook,
    /// To do this to the book of the address.
    Book(Permission),
    /// To do one of these to it: a page whose form carries several acts.
    BookAny(&'static [Permission]),
    /// To read the county's registers: a role of the whole county, not the administrator's.
    ReadCounty,
    /// To do this in the whole county.
    County(Permission),
    /// To read loans: the county's registers, or those of one's bank.
    ReadLoans,
    /// To do this to loans: in the whole county, or to those of one's bank.
    Loans(Permission),
}

impl Need {
    /// True if roles meet it; `scope` is what the address names.
    pub fn met_by(self, user: &str, grants: &[Grant], scope: &Scope) -> bool {
        match self {
            Need::Nobody | Need::LoggedIn => true,
            Need::ReadBook | Need::ReadCounty => may_read(grants, scope),
            Need::Book(permission) | Need::County(permission) => check(user, grants, permission, scope).is_ok(),
            Need::ReadLoans => may_read(grants, scope) || grants.iter().any(|grant| grant.role == Role::Bank),
            Need::Loans(permission) => {
                let of_bank = |grant: &Grant| grant.role == Role::Bank && grant.role.allows(permission);
                check(user, grants, permission, scope).is_ok() || grants.iter().any(of_bank)
            }
            Need::BookAny(several) => several.iter().any(|permission| check(user, grants, *permission, scope).is_ok()),
        }
    }
}

/// Stands before one page.
pub async fn guard(web: Arc<Web>, need: Need, auth: AuthSession<Doorkeeper>, request: Request, next: Next) -> Response {
    if !web.is_founded() && need != Need::Nobody {
        return lead_to("/setup").into_response();
    }
    if need == Need::Nobody {
        return next.run(request).await;
    }
    let is_api = request.uri().path().starts_with(http::ROOT);
    let who = match bearer(&web, request.headers()).await {
        Ok(Some(program)) if is_api => Some(program),
        Err(trouble) if is_api => return trouble.into_problem(),
        _ => auth.user.map(|staff| (staff.user, staff.name)),
    };
    match who {
        None if is_api => Trouble::from(FormRefusal::NotLoggedIn).into_problem(),
        None => to_login(&request),
        Some((user, name)) => match admit(web, need, user, name, request).await {
            Ok(request) => next.run(request).await,
            Err(trouble) if is_api => trouble.into_problem(),
            Err(trouble) => trouble.into_response(),
        },
    }
}

/// Whose token a program came with; a token that opens nothing is refused.
async fn bearer(web: &Web, headers: &HeaderMap) -> Result<Option<(String, String)>, Trouble> {
    let sent = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some(token) = sent.and_then(|text| text.strip_prefix("Bearer ")) else { return Ok(None) };
    let found = store::token_user(&mut *web.office.db.reader().await?, web.county(), &token_digest(token.trim())).await?;
    found.map(Some).ok_or_else(|| FormRefusal::NotLoggedIn.into())
}

/// What is kept of a token.
pub fn token_digest(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

fn to_login(request: &Request) -> Response {
    let back = match request.method() {
        &Method::GET => request.uri().path_and_query().map_or("/", |path| path.as_str()),
        _ => "/",
    };
    lead_to(&format!("/login?back={}", super::address::escaped_query(back))).into_response()
}

async fn admit(web: Arc<Web>, need: Need, user: String, name: String, request: Request) -> Result<Request, Trouble> {
    let lang = language(request.headers());
    let dressing = super::printing::kept(request.headers());
    let (mut parts, body) = request.into_parts();
    let named: HashMap<String, String> =
        Path::from_request_parts(&mut parts, &()).await.map(|Path(named)| named).unwrap_or_default();
    let mut reader = web.office.db.reader().await?;
    let county = web.county().to_owned();
    let actor = store::actors(&mut reader, &county, std::slice::from_ref(&user)).await?.remove(0)?;
    let banks = banks_of(&mut reader, &county, &actor.grants).await?;
    // Only a page has a head to show it in.
    let is_page = parts.method == Method::GET && !parts.uri.path().starts_with(http::ROOT);
    let waiting = if is_page { home::count(&mut reader, &web, &user, &actor.grants).await? } else { 0 };
    let seat = Seat { web, user, name, grants: actor.grants.into(), banks, waiting, lang, dressing };
    let book = match named.get("book") {
        Some(code) => Some(found(&mut reader, &county, code).await?),
        None => None,
    };
    let scope = book.as_ref().map_or(Scope::County, scope_of);
    if !need.met_by(&seat.user, &seat.grants, &scope) {
        return Err(Trouble::of(&seat, refused(&seat, need, &scope).into()));
    }
    if let Some(book) = &book {
        parts.extensions.insert(book.clone());
    }
    if let (Some(book), Some(period)) = (book, named.get("period")) {
        let period = AccountingPeriod::parse(period).map_err(|why| Trouble::of(&seat, why.into()))?;
        let at = AtBook::new(&mut reader, seat.clone(), book, period).await.map_err(|why| Trouble::of(&seat, why))?;
        parts.extensions.insert(at);
    }
    parts.extensions.insert(seat);
    Ok(Request::from_parts(parts, body))
}

/// The banks, with their branches, whose loans alone somebody sees; `None` for those who read the county's registers.
async fn banks_of(tx: &mut Connection, county: &str, grants: &[Grant]) -> Result<Option<Arc<[String]>>, Failure> {
    let own: Vec<&str> = grants.iter().filter(|grant| grant.role == Role::Bank).map(|grant| grant.scope.as_str()).collect();
    if own.is_empty() || may_read(grants, &Scope::County) {
        return Ok(None);
    }
    Ok(Some(store::with_branches(tx, county, &own).await?.into()))
}

async fn found(tx: &mut Connection, county: &str, code: &str) -> Result<Book, Stop> {
    let found = books::book(tx, county, &BookCode(code.to_owned())).await?;
    found.ok_or_else(|| OfficeRefusal::UnknownBook { book: code.to_owned() }.into())
}

fn refused(seat: &Seat, need: Need, scope: &Scope) -> AccessRefusal {
    let permission = match need {
        Need::Book(permission) | Need::County(permission) | Need::Loans(permission) => permission.label_zh(),
        _ => "查看",
    };
    let place = match scope {
        Scope::Book { book, .. } => format!("账套 {book}"),
        Scope::County | Scope::Own | Scope::Banks(_) => "全县".to_owned(),
    };
    AccessRefusal::NotAllowed { user: seat.user.clone(), permission: permission.to_owned(), place }
}

/// The language somebody chose, kept in a cookie of its own.
pub fn language(headers: &HeaderMap) -> Lang {
    let cookies = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let chosen = cookies.flat_map(|text| text.split("; ")).any(|cookie| cookie == "lang=en");
    if chosen { Lang::En } else { Lang::Zh }
}

/// The roles somebody holds, as people read them.
pub fn roles_in_words(grants: &[Grant]) -> String {
    let mut roles: Vec<&str> = grants.iter().map(|grant| Role::label_zh(grant.role)).collect();
    roles.dedup();
    roles.join("、")
}
