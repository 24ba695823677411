//! The calculators: interest, penalty, subsidy, splits, losses, capitals and checks, without any book.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;

use super::address::lead_to;
use super::frame::Frame;
use super::inputs::{Input, input_of};
use super::seat::Seat;
use super::table::{Head, Table, Td};
use super::text::Texts;
use super::trouble::{FormRefusal, Trouble, show, status_of};
use crate::db::Stop;
use crate::faces::cli::calc::{WORDS, label_zh};
use crate::faces::commands::grammar::Form;
use crate::faces::commands::run::{Filled, calculate};
use crate::money::Amount;
use crate::refusal::Refusal;

/// The calculators: (address, words of the command).
const CALCULATORS: [(&str, &str); 9] = [
    ("interest", "calc interest"),
    ("penalty", "calc penalty"),
    ("subsidy", "calc subsidy"),
    ("split", "calc split"),
    ("loss", "calc loss"),
    ("capitals", "calc capitals"),
    ("resident-id", "calc check resident-id"),
    ("credit-code", "calc check credit-code"),
    ("bank-card", "calc check bank-card"),
];

#[derive(Template)]
#[template(path = "calculators.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    tabs: Vec<(&'static str, String, bool)>,
    here: &'static str,
    boxes: Vec<Input>,
    tables: Vec<Table>,
    refusal: Option<Refusal>,
}

/// The first of them.
pub async fn first() -> Redirect {
    lead_to("/calc/interest")
}

/// One of them; it answers when something was typed.
pub async fn page(
    seat: Seat,
    Path(which): Path<String>,
    Query(typed): Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let found = CALCULATORS.iter().find(|(name, _)| *name == which);
    let form = found.and_then(|(name, words)| Some((*name, *words, Form::of(words)?)));
    let (here, words, form) = form.ok_or_else(|| Trouble::of(&seat, FormRefusal::NoSuchPage.into()))?;
    let filled = Filled { values: typed, files: Vec::new() };
    let (tables, refusal) = match filled.values.is_empty() {
        true => (Vec::new(), None),
        false => match calculate(words, &filled, seat.web.office.today()) {
            Ok(answer) => (tables(&seat, form.title(), &answer), None),
            Err(Stop::Refused(refusal)) => (Vec::new(), Some(refusal)),
            Err(failed) => return Err(Trouble::of(&seat, failed)),
        },
    };
    let t = seat.t();
    let tab = |(name, words): &(&'static str, &'static str)| {
        let title = Form::of(words).map_or("", Form::title).split(' ').next().unwrap_or_default();
        (*name, if t.is_chinese() { title.to_owned() } else { name.replace('-', " ") }, *name == here)
    };
    let boxes = form.fields.iter().map(|field| input_of(t, words, field, typed_of(&filled, &field.name), None)).collect();
    let frame = Frame::of(&seat, t.calculators);
    let status = refusal.as_ref().map_or(StatusCode::OK, status_of);
    let page = Page { t, frame, tabs: CALCULATORS.iter().map(tab).collect(), here, boxes, tables, refusal };
    Ok((status, show(&page)?).into_response())
}

fn typed_of(filled: &Filled, name: &str) -> String {
    filled.values.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect::<Vec<_>>().join("\n")
}

/// An answer as tables: its rows, and the figures beside them.
fn tables(seat: &Seat, title: &str, answer: &Value) -> Vec<Table> {
    let t = seat.t();
    let label = |key: &str| if t.is_chinese() { label_zh(key).to_owned() } else { key.replace('_', " ") };
    let mut facts =
        Table { title: title.to_owned(), heads: vec![head(t.check, false), head(t.result, true)], ..Table::default() };
    let mut lists = Vec::new();
    for (key, value) in answer.as_object().into_iter().flatten() {
        match value {
            Value::Array(rows) if rows.first().is_some_and(Value::is_object) => lists.push(listed(rows, label)),
            Value::Object(parts) => {
                facts.rows.extend(
                    parts
                        .iter()
                        .map(|(part, value)| vec![td(format!("{} {}", label(key), label(part)), false), td(text(value), true)]),
                );
            }
            Value::Array(parts) => facts.rows.extend(
                parts
                    .iter()
                    .enumerate()
                    .map(|(at, part)| vec![td(format!("{} {}", label(key), at + 1), false), td(text(part), true)]),
            ),
            plain => facts.rows.push(vec![td(label(key), false), td(text(plain), true)]),
        }
    }
    [facts].into_iter().filter(|facts| !facts.rows.is_empty()).chain(lists).collect()
}

fn head(text: &str, figure: bool) -> Head {
    Head { text: text.to_owned(), figure }
}

fn td(text: String, figure: bool) -> Td {
    Td { text, figure, ..Td::default() }
}

/// A value as people read it: amounts grouped by three, yes and no as signs.
fn text(value: &Value) -> String {
    match value {
        Value::Bool(true) => "✓".to_owned(),
        Value::Bool(false) => "✕".to_owned(),
        Value::Null => String::new(),
        Value::String(text) => match Amount::parse(text) {
            Ok(amount) if amount.to_string() == *text => amount.grouped(),
            _ => text.clone(),
        },
        other => other.to_string(),
    }
}

fn listed(rows: &[Value], label: impl Fn(&str) -> String) -> Table {
    let mut keys: Vec<&String> = rows.first().and_then(Value::as_object).map(|row| row.keys().collect()).unwrap_or_default();
    keys.sort_by_key(|key| WORDS.iter().position(|(known, _)| known == key).unwrap_or(WORDS.len()));
    Table {
        heads: keys.iter().map(|key| head(&label(key), true)).collect(),
        rows: rows.iter().map(|row| keys.iter().map(|key| td(text(&row[key.as_str()]), true)).collect()).collect(),
        ..Table::default()
    }
}
