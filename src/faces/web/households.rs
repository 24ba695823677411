//! One household's statement (明白卡) from all books.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::escaped_query;
use super::command::{Asked, table};
use super::fields;
use super::frame::Frame;
use super::ledgers::spreadsheet;
use super::seat::Seat;
use super::table::Table;
use super::text::Texts;
use super::trouble::{Trouble, show};
use crate::household_card::store;

/// What the address asks for.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Sought {
    format: String,
}

#[derive(Template)]
#[template(path = "household.html")]
struct Card {
    t: &'static Texts,
    frame: Frame,
    table: Table,
    export: String,
    incomes: String,
    warnings: String,
}

/// One household's statement.
pub async fn one(seat: Seat, Path(household): Path<String>, Query(sought): Query<Sought>) -> Result<Response, Trouble> {
    let household = fields::text(&household).unwrap_or_default();
    let card = async {
        let mut tx = seat.snapshot().await?;
        store::card(&mut tx, seat.county(), &household, seat.web.office.today()).await
    };
    let sheet = card.await.map_err(|why| Trouble::of(&seat, why))?.sheet();
    if sought.format == "xlsx" {
        return spreadsheet(&format!("{} {household}", sheet.title), &[sheet]);
    }
    let frame = Frame::of(&seat, &format!("{} {household}", seat.t().household_card));
    let table = table(&Asked::County(seat.clone()), &sheet);
    let export = format!("/households/{}?format=xlsx", escaped_query(&household));
    let of = |command: &str| format!("/do/household/{command}?household={}", escaped_query(&household));
    let (incomes, warnings) = (of("income"), of("warnings"));
    Ok(show(&Card { t: seat.t(), frame, table, export, incomes, warnings })?.into_response())
}
