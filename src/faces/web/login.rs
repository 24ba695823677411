//! S01: logging in and out, and the language of the words.
//!
//! 1. A wrong login says neither which of the two was wrong nor whether the name is known.
//! 2. After five wrong passwords for a name, each further try waits longer, up to five minutes.
//! 3. Logging in gives the session a new id (no fixation); `back` leads only to our own pages.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_login::AuthSession;
use serde::Deserialize;

use super::address::lead_to;
use super::frame::Frame;
use super::guard::language as language_of;
use super::seat::Web;
use super::sessions::{Credentials, Doorkeeper};
use super::text::Texts;
use super::trouble::{FormRefusal, Trouble, status_of};
use crate::access::Role;
use crate::demo;
use crate::refusal::Refusal;

/// Wrong passwords in a row that cost no wait.
const FREE_TRIES: u32 = 5;
const LONGEST_WAIT_S: i64 = 300;
/// Names remembered at once; somebody who tries more of them than this forgets the oldest for us.
const NAMES_REMEMBERED: usize = 10_000;

/// Who has mistyped how often, and until when (in seconds of Unix time) they wait.
#[derive(Default)]
pub struct Waits(Mutex<HashMap<String, (u32, i64)>>);

impl Waits {
    /// Seconds to wait before the next try.
    pub fn left(&self, user: &str, now: i64) -> i64 {
        let waits = self.0.lock().expect("nothing panics while it holds the waits");
        waits.get(user).map_or(0, |(_, until)| (until - now).max(0))
    }

    /// One more wrong password.
    pub fn failed(&self, user: &str, now: i64) {
        let mut waits = self.0.lock().expect("nothing panics while it holds the waits");
        if waits.len() >= NAMES_REMEMBERED {
            waits.retain(|_, (_, until)| *until > now);
        }
        let entry = waits.entry(user.to_owned()).or_default();
        entry.0 += 1;
        let over = entry.0.saturating_sub(FREE_TRIES).min(16);
        entry.1 = if over == 0 { 0 } else { now + (5_i64 << over).min(LONGEST_WAIT_S) };
    }

    /// The right password.
    pub fn succeeded(&self, user: &str) {
        self.0.lock().expect("nothing panics while it holds the waits").remove(user);
    }
}

#[derive(Template)]
#[template(path = "login.html")]
struct Page<'a> {
    t: &'static Texts,
    frame: Frame,
    user: &'a str,
    back: &'a str,
    refusal: Option<Refusal>,
    people: Vec<(&'static str, &'static str, &'static str)>,
}

/// Where to go after logging in.
#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    back: String,
}

/// What the form carries.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    user: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    back: String,
}

/// The accounts of the fictional county: (login, name, role).
fn demo_people(web: &Web) -> Vec<(&'static str, &'static str, &'static str)> {
    let listed = |(user, name, role, _): &(&'static str, &'static str, &'static str, &str)| {
        (*user, *name, Role::parse(role).map_or("", Role::label_zh))
    };
    if web.is_demo { demo::PEOPLE.iter().map(listed).collect() } else { Vec::new() }
}

fn render(web: &Web, headers: &HeaderMap, (user, back): (&str, &str), refusal: Option<Refusal>) -> Result<Response, Trouble> {
    let t = language_of(headers).texts();
    let status = refusal.as_ref().map_or(StatusCode::OK, status_of);
    let mut frame = Frame::outside(t, t.log_in);
    frame.demo = web.is_demo;
    frame.county = web.county.get().map_or_else(String::new, |(_, name)| name.clone());
    let page = Page { t, frame, user, back, refusal, people: demo_people(web) };
    Ok((status, Html(page.render()?)).into_response())
}

/// The login.
pub async fn page(State(web): State<Arc<Web>>, headers: HeaderMap, Query(to): Query<Back>) -> Result<Response, Trouble> {
    if !web.is_founded() {
        return Ok(lead_to("/setup").into_response());
    }
    render(&web, &headers, ("", &to.back), None)
}

/// Lets somebody in.
pub async fn log_in(
    State(web): State<Arc<Web>>,
    mut auth: AuthSession<Doorkeeper>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Trouble> {
    let (user, now) = (typed.user.trim().to_owned(), web.office.instant().timestamp());
    let again = |why: FormRefusal| render(&web, &headers, (&user, &typed.back), Some(why.refusal()));
    match web.waits.left(&user, now) {
        0 => {}
        seconds => return again(FormRefusal::Wait { seconds }),
    }
    let credentials = Credentials { user: user.clone(), password: typed.password.clone() };
    let staff = auth.authenticate(credentials).await.map_err(session_failed)?;
    let Some(staff) = staff else {
        web.waits.failed(&user, now);
        return again(FormRefusal::WrongLogin);
    };
    web.waits.succeeded(&user);
    auth.login(&staff).await.map_err(session_failed)?;
    Ok(lead_to(own_page(&typed.back)).into_response())
}

/// Only our own pages: `/…`, never `//host` or a scheme.
fn own_page(back: &str) -> &str {
    let ours = back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\r', '\n']);
    if ours { back } else { "/" }
}

fn session_failed(cause: axum_login::Error<Doorkeeper>) -> Trouble {
    Trouble::from(crate::db::Failure::Damaged(format!("session: {cause}")))
}

/// Lets somebody out; the session ends on the server.
pub async fn log_out(mut auth: AuthSession<Doorkeeper>) -> Result<Redirect, Trouble> {
    auth.logout().await.map_err(session_failed)?;
    Ok(lead_to("/login"))
}

/// Which language somebody chose.
#[derive(Deserialize)]
pub struct Chosen {
    lang: String,
}

/// Keeps the language in a cookie and goes back to the page it was chosen on.
pub async fn language(headers: HeaderMap, Form(chosen): Form<Chosen>) -> Response {
    let lang = if chosen.lang == "en" { "en" } else { "zh" };
    let referer = headers.get("referer").and_then(|value| value.to_str().ok()).unwrap_or("/");
    let path = referer.splitn(4, '/').nth(3).map_or_else(|| "/".to_owned(), |path| format!("/{path}"));
    let cookie = format!("lang={lang}; Path=/; Max-Age=31536000; SameSite=Lax");
    ([(SET_COOKIE, cookie)], lead_to(own_page(&path))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_tries_are_free_and_then_each_waits_longer() {
        let waits = Waits::default();
        for _ in 0..5 {
            waits.failed("kuaiji", 1_000);
            assert_eq!(waits.left("kuaiji", 1_000), 0);
        }
        let mut last = 0;
        for _ in 0..8 {
            waits.failed("kuaiji", 1_000);
            let left = waits.left("kuaiji", 1_000);
            assert!(left > last || left == LONGEST_WAIT_S, "{left}");
            last = left;
        }
        assert_eq!((last, waits.left("kuaiji", 1_300), waits.left("shenhe", 1_000)), (LONGEST_WAIT_S, 0, 0));
        waits.succeeded("kuaiji");
        assert_eq!(waits.left("kuaiji", 1_000), 0);
    }

    #[test]
    fn back_leads_to_our_own_pages_only() {
        assert_eq!(own_page("/b/V001/2025-10/desk?x=1"), "/b/V001/2025-10/desk?x=1");
        for outside in ["", "//evil.example", "https://evil.example", "\\\\evil", "/\\evil", "javascript:alert(1)", "/a\r\nb"] {
            assert_eq!(own_page(outside), "/", "{outside}");
        }
    }
}
