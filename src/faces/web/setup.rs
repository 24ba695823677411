//! The first start of an empty database: the county, the first administrator, the first book.
//!
//! 1. It opens with a word printed where the server was started, so that nobody else on the network comes first.
//! 2. The password is typed twice, never shown, never given.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::address::lead_to;
use super::fields;
use super::frame::Frame;
use super::guard::language;
use super::seat::Web;
use super::text::Texts;
use super::trouble::{FormRefusal, Trouble, status_of};
use crate::access::password::{self, PasswordRefusal};
use crate::access::service::{AddUser, SetPassword};
use crate::db::Stop;
use crate::ledger::books::service::AddCounty;
use crate::ledger::books::store as books;
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
    county: Option<&'a (String, String)>,
    typed: &'a Typed,
    refusal: Option<Refusal>,
}

fn render(web: &Web, headers: &HeaderMap, typed: &Typed, refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let t = language(headers).texts();
    let status = refusal.as_ref().map_or(axum::http::StatusCode::OK, status_of);
    let page = Page { t, frame: Frame::outside(t, t.first_start), county: web.county.get(), typed, refusal };
    Ok((status, Html(page.render()?)).into_response())
}

/// The form.
pub async fn page(State(web): State<Arc<Web>>, headers: HeaderMap) -> Result<Response, Trouble> {
    if web.is_founded() {
        return Ok(lead_to("/login").into_response());
    }
    render(&web, &headers, &Typed::default(), None)
}

/// Makes the county and its first administrator.
pub async fn found(State(web): State<Arc<Web>>, headers: HeaderMap, Form(typed): Form<Typed>) -> Result<Response, Trouble> {
    match make(&web, &typed).await {
        Ok(()) => Ok(lead_to("/login").into_response()),
        Err(Stop::Refused(refusal)) => render(&web, &headers, &typed, Some(refusal)),
        Err(failed) => Err(failed.into()),
    }
}

async fn make(web: &Web, typed: &Typed) -> Result<(), Stop> {
    if web.is_founded() {
        return Err(FormRefusal::AlreadySetUp.into());
    }
    if typed.word.trim() != web.setup_word {
        return Err(FormRefusal::WrongSetupWord.into());
    }
    for (field, text) in [("管理员登录名", &typed.user), ("管理员姓名", &typed.name)] {
        fields::text(text).ok_or(FormRefusal::BadField { field: field.to_owned(), text: String::new() })?;
    }
    if typed.password != typed.again {
        return Err(PasswordRefusal::NotRepeated.into());
    }
    password::check(&typed.user, &typed.password)?;
    let county = found_county(web, typed).await?;
    let actor = Actor { county: county.0.clone(), user: typed.user.trim().to_owned(), face: "web" };
    let add = AddUser {
        user: actor.user.clone(),
        name: typed.name.trim().to_owned(),
        role: "administrator".to_owned(),
        scope: String::new(),
    };
    web.office.perform(&actor, add, None).await?;
    let hash = password::hash(&typed.password, &web.office.draw_salt());
    web.office.perform(&actor, SetPassword { user: actor.user.clone(), hash }, None).await?;
    let _ = web.county.set(county); // a second click finds it set
    web.is_founded.store(true, Ordering::Release);
    Ok(())
}

/// The county there is, or the one just made: a first start that stopped half way goes on where it stopped.
async fn found_county(web: &Web, typed: &Typed) -> Result<(String, String), Stop> {
    if let Some(known) = web.county.get() {
        return Ok(known.clone());
    }
    let made = (typed.code.trim().to_owned(), typed.county.trim().to_owned());
    let known = books::counties(&mut *web.office.db.begin_snapshot().await?).await?;
    if !known.contains(&made) {
        let actor = Actor { county: made.0.clone(), user: typed.user.trim().to_owned(), face: "web" };
        web.office.perform(&actor, AddCounty { name: made.1.clone() }, None).await?;
    }
    Ok(made)
}
