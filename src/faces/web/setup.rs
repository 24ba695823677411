//! The first start of an empty database: the county, the first administrator, the first book.
//!
//! 1. It opens with a word printed where the server was started, so that nobody else on the network comes first.
//! 2. The password is typed twice, never shown, never given.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::address::lead_to;
use super::frame::Frame;
use super::guard::language;
use super::seat::Web;
use super::text::Texts;
use super::trouble::{FormRefusal, Trouble, status_of};
use crate::access::password::{self, PasswordRefusal};
use crate::access::service::{AddUser, SetPassword};
use crate::db::Stop;
use crate::ledger::books::service::AddCounty;
use crate::office::Actor;
use crate::refusal::Refusal;

/// What the form carries.
#[derive(Default, Clone, Deserialize)]
pub struct Typed {
    word: String,
    code: String,
    county: String,
    user: String,
    name: String,
    password: String,
    again: String,
}

#[derive(Template)]
#[template(path = "setup.html")]
struct Page<'a> {
    t: &'static Texts,
    frame: Frame,
    typed: &'a Typed,
    refusal: Option<Refusal>,
}

fn render(headers: &HeaderMap, typed: &Typed, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let t = language(headers).texts();
    let status = refusal.as_ref().map_or(axum::http::StatusCode::OK, status_of);
    let page = Page { t, frame: Frame::outside(t, t.first_start), typed, refusal };
    Ok((status, Html(page.render()?)).into_response())
}

/// The form.
pub async fn page(State(web): State<Arc<Web>>, headers: HeaderMap) -> Result<Response, Trouble> {
    if web.county.get().is_some() {
        return Ok(lead_to("/login").into_response());
    }
    render(&headers, &Typed::default(), None)
}

/// Makes the county and its first administrator.
pub async fn found(State(web): State<Arc<Web>>, headers: HeaderMap, Form(typed): Form<Typed>) -> Result<Response, Trouble> {
    match make(&web, &typed).await {
        Ok(()) => Ok(lead_to("/login").into_response()),
        Err(Stop::Refused(refusal)) => render(&headers, &typed, Some(refusal)),
        Err(failed) => Err(failed.into()),
    }
}

async fn make(web: &Web, typed: &Typed) -> Result<(), Stop> {
    if web.county.get().is_some() {
        return Err(FormRefusal::AlreadySetUp.into());
    }
    if typed.word.trim() != web.setup_word {
        return Err(FormRefusal::WrongSetupWord.into());
    }
    if typed.password != typed.again {
        return Err(PasswordRefusal::NotRepeated.into());
    }
    password::check(&typed.user, &typed.password)?;
    let actor = Actor { county: typed.code.trim().to_owned(), user: typed.user.trim().to_owned(), face: "web" };
    web.office.perform(&actor, AddCounty { name: typed.county.trim().to_owned() }, None).await?;
    let add = AddUser {
        user: actor.user.clone(),
        name: typed.name.trim().to_owned(),
        role: "administrator".to_owned(),
        scope: String::new(),
    };
    web.office.perform(&actor, add, None).await?;
    let hash = password::hash(&typed.password, &web.office.draw_salt());
    web.office.perform(&actor, SetPassword { user: actor.user.clone(), hash }, None).await?;
    let _ = web.county.set((actor.county, typed.county.trim().to_owned())); // a second click finds it set
    Ok(())
}
