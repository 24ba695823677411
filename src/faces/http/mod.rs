//! The JSON API: every command of the catalogue under `/api/v1`, for programs.
//!
//! ```text
//! GET  /api/v1/loan/list?place=4599                   a reader: fields in the query
//! POST /api/v1/books/V001/voucher/approve  {"period": "2026-01"}   an act: fields in the body
//! ```
//!
//! 1. It answers what the command line answers with `--format json`; refusals are problem+json with the same codes.
//! 2. Who asks is told by a token (`Authorization: Bearer …`) or by the session of a page; the guard is the pages' own.
//! 3. `Idempotency-Key` makes a repeated request safe: it gets the first answer.

pub mod document;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Query, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::db::Stop;
use crate::faces::cli::output::Reply;
use crate::faces::commands::Command;
use crate::faces::commands::run::{Asking, CommandRefusal, Filled};
use crate::faces::web::command::read;
use crate::faces::web::seat::Seat;
use crate::faces::web::text::next_in_english;
use crate::faces::web::trouble::{FormRefusal, status_of};
use crate::ledger::BookCode;
use crate::office::Actor;
use crate::refusal::Refusal;

/// Where the API begins.
pub const ROOT: &str = "/api/v1";

/// The address of a command.
pub fn path_of(command: Command) -> String {
    match command.place {
        crate::faces::commands::Place::Book => format!("{ROOT}/books/{{book}}/{}", command.path()),
        crate::faces::commands::Place::County => format!("{ROOT}/{}", command.path()),
    }
}

/// Answers a command.
pub async fn answer(seat: Seat, book: Option<BookCode>, command: Command, request: Request) -> Response {
    let key = text_of(request.headers(), "idempotency-key");
    let filled = match filled(request).await {
        Ok(filled) => filled,
        Err(stop) => return problem_of(stop),
    };
    let actor = Actor { county: seat.county().to_owned(), user: seat.user.clone(), face: "http" };
    let asking =
        Asking { office: &seat.web.office, actor, book: book.as_ref(), watch: None, banks: seat.banks.clone(), into_file: false };
    match asking.run(command, filled, Some(&key)).await {
        Ok(reply) => in_json(&reply),
        Err(stop) => problem_of(stop),
    }
}

fn text_of(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

fn in_json(reply: &Reply) -> Response {
    let answer = reply.to_json();
    match &reply.refusal {
        None => Json(answer).into_response(),
        Some(refusal) => problem(status_of(refusal), refusal, Some(answer)),
    }
}

/// The fields of a request: from the query, a JSON object or a form with files.
async fn filled(request: Request) -> Result<Filled, Stop> {
    let query = Query::<Vec<(String, String)>>::try_from_uri(request.uri()).map_err(|_| FormRefusal::NotTaken)?;
    let kind = text_of(request.headers(), CONTENT_TYPE.as_str());
    let mut filled = match kind.as_str() {
        _ if request.method() == axum::http::Method::GET => Filled::default(),
        json if json.starts_with("application/json") => {
            let bytes = Bytes::from_request(request, &()).await.map_err(|_| FormRefusal::NotTaken)?;
            Filled { values: from_json(&bytes)?, files: Vec::new() }
        }
        "" => Filled::default(),
        _ => read(request).await?,
    };
    filled.values.splice(0..0, query.0);
    Ok(filled)
}

/// The fields of a JSON object: texts, numbers, yes or no, lists of them.
fn from_json(bytes: &[u8]) -> Result<Vec<(String, String)>, Stop> {
    let unreadable = |why: String| CommandRefusal::Unreadable { field: "JSON".to_owned(), text: String::new(), why };
    let value: Value = serde_json::from_slice(bytes).map_err(|cause| unreadable(cause.to_string()))?;
    let Value::Object(fields) = value else { return Err(unreadable("要的是一个对象 {…}".to_owned()).into()) };
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Null => Some(String::new()),
        Value::Array(_) | Value::Object(_) => None,
    };
    let text = |(name, value): (String, Value)| {
        let text = match &value {
            Value::Array(several) => several.iter().map(plain).collect::<Option<Vec<_>>>().map(|texts| texts.join("\n")),
            one => plain(one),
        };
        text.map(|text| (name.clone(), text))
            .ok_or_else(|| unreadable(format!("“{name}”不是文字、数字、真假或它们的列表")).into())
    };
    fields.into_iter().map(text).collect()
}

/// Why nothing was done, as problem+json.
pub fn problem_of(stop: Stop) -> Response {
    match stop {
        Stop::Refused(refusal) => problem(status_of(&refusal), &refusal, None),
        Stop::Failed(failure) => {
            tracing::error!(%failure, "a request failed");
            let refusal = Refusal {
                code: "F-000".to_owned(),
                message_zh: "程序或数据库出了故障,本次操作没有写入任何内容".to_owned(),
                message_en: "the machine failed; nothing was written".to_owned(),
                next: "稍后用同一个 Idempotency-Key 再试".to_owned(),
            };
            problem(StatusCode::INTERNAL_SERVER_ERROR, &refusal, None)
        }
    }
}

/// A refusal as problem+json (RFC 9457), with what the command answered before it.
pub fn problem(status: StatusCode, refusal: &Refusal, answer: Option<Value>) -> Response {
    let mut body = json!({
        "type": format!("urn:cunzhang:refusal:{}", refusal.code),
        "title": refusal.message_en, "status": status.as_u16(), "detail": refusal.message_zh,
        "code": refusal.code, "next": refusal.next,
    });
    if let Some(next) = next_in_english(refusal) {
        body["next_en"] = json!(next);
    }
    if let Some(answer) = answer {
        body["answer"] = answer;
    }
    (status, [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_become_fields() {
        let read = |text: &str| from_json(text.as_bytes());
        let fields = read(r#"{"claims":["C1=L1","C2=L2"],"row":3,"dry_run":true,"reason":null}"#).unwrap();
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("claims", "C1=L1\nC2=L2"), ("dry_run", "true"), ("reason", ""), ("row", "3")]);
        for wrong in ["[]", "{", r#"{"a":{"b":1}}"#, r#"{"a":[[1]]}"#] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
