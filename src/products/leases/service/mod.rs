//! Acts on leases: opening and ending (`contract`), rent accrued and received (`rent`). Rent is paid by payouts.

pub mod contract;
pub mod rent;

use super::facts::Lease;
use super::posting_rules::Under;
use super::refusal::LeaseRefusal;
use super::store;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{BookCode, Regime, Voucher, store as ledger_store};
use crate::office::Scene;
use chrono::Datelike;

/// A lease of a book with the book's regime, the book locked. Refuses leases of other books (J-301).
pub async fn opened(
    tx: &mut Connection,
    scene: &Scene,
    (book, lease): (&BookCode, &str),
    on: BusinessDate,
) -> Result<(Lease, &'static Regime), Stop> {
    ledger_store::lock_books(tx, scene.engine, &scene.county, &[book]).await?;
    let found = store::lease(tx, &scene.county, lease).await?.filter(|found| found.book == *book);
    let found = found.ok_or_else(|| LeaseRefusal::UnknownLease { lease: lease.to_owned() })?;
    Ok((found, regime_in(tx, &scene.county, book, on.year()).await?))
}

fn under<'a>(lease: &'a Lease, regime: &'a Regime, on: BusinessDate) -> Under<'a> {
    Under { lease, regime, on, money: None }
}

/// Saves an event and posts its vouchers.
async fn posted(
    tx: &mut Connection,
    scene: &Scene,
    (kind, on, what): (&str, BusinessDate, serde_json::Value),
    vouchers: &[Voucher],
) -> Result<(String, Vec<Numbered>), Stop> {
    let event = scene.draw_id();
    ledger_store::save_event(tx, &scene.county, (&event, kind, &on.to_string()), &what, &scene.at).await?;
    let numbered = if vouchers.is_empty() { Vec::new() } else { ledger::post(tx, scene, vouchers, Some(&event)).await? };
    Ok((event, numbered))
}
