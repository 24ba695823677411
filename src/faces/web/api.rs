//! The API for people who write programs: the document, and a plain page that lists what is there.

use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};

use super::command::title_of;
use super::frame::Frame;
use super::seat::Seat;
use super::text::Texts;
use super::trouble::{Answer, show};
use crate::faces::commands::COMMANDS;
use crate::faces::commands::grammar::Form;
use crate::faces::http;

/// The OpenAPI document.
pub async fn document() -> Response {
    Json(http::document::document()).into_response()
}

#[derive(Template)]
#[template(path = "api.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    rows: Vec<(&'static str, String, String, String)>,
    document: String,
}

/// The page.
pub async fn page(seat: Seat) -> Answer {
    let t = seat.t();
    let row = |command: &crate::faces::commands::Command| {
        let form = Form::of(command.words)?;
        let names = form.fields.iter().map(|field| format!("{}{}", field.name, if field.required { "*" } else { "" }));
        let method = if command.reads() { "GET" } else { "POST" };
        Some((method, http::path_of(*command), title_of(t, *command, form), names.collect::<Vec<_>>().join(" ")))
    };
    let rows = COMMANDS.iter().filter_map(row).collect();
    show(&Page { t, frame: Frame::of(&seat, t.api), rows, document: format!("{}/openapi.json", http::ROOT) })
}
