//! S19: people and their roles by place; one's own password.
//!
//! 1. A password is typed twice and never shown; what travels to the books is its hash.
//! 2. What is taken back is gone at the next click: the guard reads roles at every request.

use askama::Template;
use axum::Form;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::lead_to;
use super::fields;
use super::frame::Frame;
use super::guard::token_digest;
use super::seat::Seat;
use super::text::Texts;
use super::trouble::{FormRefusal, Trouble, show, status_of};
use crate::access::password::{self, PasswordRefusal};
use crate::access::service::{AddUser, ChangeOwnPassword, KeepToken, RemoveRole, SetPassword, StopToken, StopUser};
use crate::access::{Role, store};
use crate::db::{Failure, Stop};
use crate::refusal::Refusal;

#[derive(Template)]
#[template(path = "users.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    rows: Vec<(String, String, &'static str, &'static str, String)>,
    roles: Vec<(&'static str, &'static str)>,
    key: String,
    refusal: Option<Refusal>,
}

/// The list of people.
pub async fn page(seat: Seat) -> Result<Response, Trouble> {
    render(&seat, None).await
}

async fn render(seat: &Seat, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let mut tx = seat.snapshot().await?;
    let users = store::users(&mut tx, seat.county()).await?;
    let status = refusal.as_ref().map_or(axum::http::StatusCode::OK, status_of);
    let row = |(user, name, role, scope): (String, String, Role, String)| (user, name, role.as_str(), role.label_zh(), scope);
    let page = Page {
        t: seat.t(),
        frame: Frame::of(seat, seat.t().users),
        rows: users.into_iter().map(row).collect(),
        roles: Role::ALL.iter().map(|(_, word, label)| (*word, *label)).collect(),
        key: seat.form_key(),
        refusal,
    };
    Ok((status, show(&page)?).into_response())
}

async fn ended(seat: &Seat, outcome: Result<(), Stop>) -> Result<Response, Trouble> {
    match outcome {
        Ok(()) => Ok(lead_to("/users").into_response()),
        Err(Stop::Refused(refusal)) => render(seat, Some(refusal)).await,
        Err(failed) => Err(Trouble::of(seat, failed)),
    }
}

/// What the forms carry.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    key: String,
    user: String,
    name: String,
    role: String,
    scope: String,
    password: String,
    again: String,
    present: String,
    stop: String,
    token: String,
}

impl Typed {
    /// The hash of a password typed twice; hashing leaves the thread to others.
    async fn hash(&self, seat: &Seat, user: &str) -> Result<String, Stop> {
        if self.password != self.again {
            return Err(PasswordRefusal::NotRepeated.into());
        }
        password::check(user, &self.password)?;
        let (password, salt) = (self.password.clone(), seat.web.office.draw_salt());
        let hashed = tokio::task::spawn_blocking(move || password::hash(&password, &salt)).await;
        hashed.map_err(|_| Stop::Failed(Failure::Stopped))
    }
}

/// Registers somebody with a role and, where one is typed, a password.
pub async fn add(seat: Seat, Form(typed): Form<Typed>) -> Result<Response, Trouble> {
    let done = async {
        let user = typed.user.trim().to_owned();
        let hash = if typed.password.is_empty() { None } else { Some(typed.hash(&seat, &user).await?) };
        let (name, scope) = (typed.name.trim().to_owned(), typed.scope.trim().to_owned());
        seat.perform(AddUser { user: user.clone(), name, role: typed.role.clone(), scope }, &typed.key).await?;
        match hash {
            Some(hash) => seat.perform(SetPassword { user, hash }, "").await,
            None => Ok(()),
        }
    };
    ended(&seat, done.await).await
}

/// Sets somebody's password.
pub async fn set_password(seat: Seat, Form(typed): Form<Typed>) -> Result<Response, Trouble> {
    let done = async {
        let hash = typed.hash(&seat, typed.user.trim()).await?;
        seat.perform(SetPassword { user: typed.user.trim().to_owned(), hash }, "").await
    };
    ended(&seat, done.await).await
}

/// Stops somebody, or lets them in again.
pub async fn stop(seat: Seat, Form(typed): Form<Typed>) -> Result<Response, Trouble> {
    let outcome = seat.perform(StopUser { user: typed.user.clone(), stop: typed.stop == "1" }, "").await;
    ended(&seat, outcome).await
}

/// Takes a role back.
pub async fn remove_role(seat: Seat, Form(typed): Form<Typed>) -> Result<Response, Trouble> {
    let act = RemoveRole { user: typed.user.clone(), role: typed.role.clone(), scope: typed.scope.clone() };
    let outcome = seat.perform(act, "").await;
    ended(&seat, outcome).await
}

#[derive(Template)]
#[template(path = "own_account.html")]
struct OwnPage {
    t: &'static Texts,
    frame: Frame,
    seat_user: String,
    grants: Vec<(&'static str, String)>,
    tokens: Vec<(String, String, String)>,
    made: Option<String>,
    refusal: Option<Refusal>,
}

async fn own_page(seat: &Seat, made: Option<String>, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let tokens = store::tokens(&mut *seat.snapshot().await?, seat.county(), &seat.user).await?;
    let status = refusal.as_ref().map_or(axum::http::StatusCode::OK, status_of);
    let grants = seat.grants.iter().map(|grant| (grant.role.label_zh(), grant.scope.clone())).collect();
    let frame = Frame::of(seat, seat.t().own_account);
    Ok((status, show(&OwnPage { t: seat.t(), frame, seat_user: seat.user.clone(), grants, tokens, made, refusal })?)
        .into_response())
}

/// One's own account.
pub async fn own(seat: Seat) -> Result<Response, Trouble> {
    own_page(&seat, None, None).await
}

/// True if this is the password of whoever sits there; checking leaves the thread to others.
pub async fn is_own_password(seat: &Seat, typed: &str) -> Result<bool, Stop> {
    let mut tx = seat.snapshot().await?;
    let kept = store::person(&mut tx, seat.county(), &seat.user).await?.and_then(|person| person.password);
    drop(tx);
    let typed = typed.to_owned();
    let right = tokio::task::spawn_blocking(move || kept.is_some_and(|kept| password::verify(&typed, &kept))).await;
    right.map_err(|_| Stop::Failed(Failure::Stopped))
}

/// Changes one's own password.
pub async fn change_own(seat: Seat, Form(typed): Form<Typed>) -> Result<Response, Trouble> {
    let done = async {
        if !is_own_password(&seat, &typed.present).await? {
            return Err(PasswordRefusal::WrongPassword.into());
        }
        let hash = typed.hash(&seat, &seat.user).await?;
        seat.perform(ChangeOwnPassword { hash }, "").await
    };
    match done.await {
        Ok(()) => Ok(lead_to("/login").into_response()),
        Err(Stop::Refused(refusal)) => own_page(&seat, None, Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&seat, failed)),
    }
}

/// Makes a token for a program of one's own; it is shown this once.
pub async fn make_token(seat: Seat, Form(typed): Form<Typed>) -> Result<Response, Trouble> {
    let token = format!("cz_{}{}", hex::encode(seat.web.office.draw_salt()), hex::encode(seat.web.office.draw_salt()));
    let name = fields::text(&typed.name)
        .ok_or_else(|| FormRefusal::BadField { field: seat.t().token_name.to_owned(), text: String::new() });
    let done = async { seat.perform(KeepToken { digest: token_digest(&token), name: name? }, "").await };
    match done.await {
        Ok(()) => own_page(&seat, Some(token), None).await,
        Err(Stop::Refused(refusal)) => own_page(&seat, None, Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&seat, failed)),
    }
}

/// Stops one of one's own tokens.
pub async fn stop_token(seat: Seat, Form(typed): Form<Typed>) -> Result<Response, Trouble> {
    match seat.perform(StopToken { digest: typed.token.clone() }, "").await {
        Ok(()) => Ok(lead_to("/me").into_response()),
        Err(Stop::Refused(refusal)) => own_page(&seat, None, Some(refusal)).await,
        Err(failed) => Err(Trouble::of(&seat, failed)),
    }
}
