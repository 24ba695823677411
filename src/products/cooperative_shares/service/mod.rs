//! Acts on shares: the register (`register`), names changing (`change`), the year's end (`year_end`), what a plan
//! would be (`reckoning`), its steps (`steps`).

pub mod accounts;
pub mod change;
mod reckoning;
pub mod register;
pub mod steps;
pub mod year_end;

use super::holding::{Entry, check_later};
use super::posting_rules::In;
use super::refusal::ShareRefusal;
use super::store::register as kept;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{BookCode, Regime, Voucher, store as ledger_store};
use crate::office::Scene;
use chrono::Datelike;

/// Locks a book and gives the regime it keeps in a date's year.
async fn lock(tx: &mut Connection, scene: &Scene, book: &BookCode, on: BusinessDate) -> Result<&'static Regime, Stop> {
    ledger_store::lock_books(tx, scene.engine, &scene.county, &[book]).await?;
    regime_in(tx, &scene.county, book, on.year()).await
}

/// What an entry of the register did: its event and vouchers.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Registered {
    /// The event entries and vouchers point to.
    pub event: String,
    /// Entries added.
    pub entries: usize,
    /// Vouchers posted.
    pub vouchers: Vec<Numbered>,
}

/// Saves the event, posts its vouchers, adds its entries.
async fn remember(
    tx: &mut Connection,
    scene: &Scene,
    book: &BookCode,
    (kind, on, what): (&str, BusinessDate, serde_json::Value),
    vouchers: &[Voucher],
    entries: &[Entry],
) -> Result<Registered, Stop> {
    let event = scene.draw_id();
    ledger_store::save_event(tx, &scene.county, (&event, kind, &on.to_string()), &what, &scene.at).await?;
    let vouchers = if vouchers.is_empty() { Vec::new() } else { ledger::post(tx, scene, vouchers, Some(&event)).await? };
    kept::add_entries(tx, &scene.county, book, entries, &event).await?;
    Ok(Registered { event, entries: entries.len(), vouchers })
}

/// Refuses entries without document, amount or member, or of an unknown class (H-102, H-103, H-106, H-301).
async fn check_entries(tx: &mut Connection, scene: &Scene, book: &BookCode, entries: &[Entry]) -> Result<(), Stop> {
    let classes = kept::classes(tx, &scene.county, book).await?;
    if entries.is_empty() {
        return Err(ShareRefusal::NobodyNamed.into());
    }
    for entry in entries {
        if entry.document.trim().is_empty() {
            return Err(ShareRefusal::NoDocument { what: entry.kind.label_zh().to_owned() }.into());
        }
        if !classes.contains_key(&entry.position.class) {
            return Err(ShareRefusal::UnknownClass { class: entry.position.class.clone() }.into());
        }
        if entry.position.holder.trim().is_empty() || entry.position.beneficiary.trim().is_empty() {
            return Err(ShareRefusal::NobodyNamed.into());
        }
    }
    Ok(())
}

/// A book, its regime and a date, for posting rules.
fn in_book<'a>(book: &'a BookCode, regime: &'a Regime, on: BusinessDate) -> In<'a> {
    In { book, regime, on }
}

/// Leaving entries that must not turn later holdings negative.
fn check_covered(entries: &[Entry], leaving: &[Entry]) -> Result<(), ShareRefusal> {
    check_later(entries, leaving)
}
