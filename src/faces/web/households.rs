//! The register of households, and one household's statement (明白卡) from all books.

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
use super::trouble::{Answer, Trouble, show};
use crate::faces::commands::run::Filled;
use crate::faces::commands::{Place, find};
use crate::household_card::store;

/// Households a page.
const PAGE: usize = 100;

/// What the address asks for.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Sought {
    place: String,
    after: String,
    format: String,
}

#[derive(Template)]
#[template(path = "households.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    place: String,
    table: Option<Table>,
    next: Option<String>,
}

/// The register.
pub async fn page(seat: Seat, Query(sought): Query<Sought>) -> Answer {
    let command = find(Place::County, "household list").expect("the register's list stands in the catalogue");
    let mut filled = Filled::default();
    for (name, value) in [("place", sought.place.trim()), ("after", sought.after.trim()), ("limit", &PAGE.to_string())] {
        filled.set(name, value);
    }
    let asked = Asked::County(seat.clone());
    let reply = asked.run(command, filled, "").await.map_err(|why| Trouble::of(&seat, why))?;
    let table = reply.sheets.first().map(|sheet| table(&asked, sheet));
    let last = table
        .as_ref()
        .filter(|table| table.rows.len() == PAGE)
        .and_then(|table| table.rows.last()?.first().map(|td| td.text.clone()));
    let place = sought.place.trim().to_owned();
    let next = last.map(|last| format!("/households?place={}&after={}", escaped_query(&place), escaped_query(&last)));
    show(&Page { t: seat.t(), frame: Frame::of(&seat, seat.t().households), place, table, next })
}

#[derive(Template)]
#[template(path = "household.html")]
struct Card {
    t: &'static Texts,
    frame: Frame,
    table: Table,
    export: String,
}

/// One household's statement.
pub async fn one(seat: Seat, Path(household): Path<String>, Query(sought): Query<Sought>) -> Result<Response, Trouble> {
    let household = fields::text(&household).unwrap_or_default();
    let card = async {
        let mut tx = seat.snapshot().await?;
        store::card(&mut tx, seat.county(), &household, seat.web.office.today()).await
    };
    let sheet = card.await.map_err(|why| Trouble::of(&seat, why.into()))?.sheet();
    if sought.format == "xlsx" {
        return spreadsheet(&format!("{} {household}", sheet.title), &[sheet]);
    }
    let frame = Frame::of(&seat, &format!("{} {household}", seat.t().household_card));
    let table = table(&Asked::County(seat.clone()), &sheet);
    let export = format!("/households/{}?format=xlsx", escaped_query(&household));
    Ok(show(&Card { t: seat.t(), frame, table, export })?.into_response())
}
