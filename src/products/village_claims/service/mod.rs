//! Acts on claims: keeping and photographs (`keep`), sending, returning, accepting (`steps`), vouchers and handover
//! (`booking`), the cash book and limits (`cash`).

pub mod booking;
pub mod cash;
pub mod keep;
pub mod steps;

use super::claim::{Claim, ClaimState, Step};
use super::refusal::ClaimRefusal;
use super::store;
use crate::db::{Connection, Stop};
use crate::ledger::books::store as books;
use crate::ledger::{BookCode, LedgerRefusal, store as ledger_store};
use crate::office::Scene;

/// A claim of a book, the book locked. Refuses one the book does not have (F-301).
pub async fn opened(tx: &mut Connection, scene: &Scene, book: &BookCode, claim: i64) -> Result<Claim, Stop> {
    ledger_store::lock_books(tx, scene.engine, &scene.county, &[book]).await?;
    let found = store::claim(tx, &scene.county, book, claim).await?;
    found.ok_or_else(|| ClaimRefusal::UnknownClaim { claim, book: book.to_string() }.into())
}

/// The place of a book; blank where it has none. Refuses a book the county does not have.
pub async fn place_of(tx: &mut Connection, county: &str, book: &BookCode) -> Result<String, Stop> {
    let found = books::book(tx, county, book).await?;
    let found = found.ok_or_else(|| LedgerRefusal::UnknownBook { book: book.to_string() })?;
    Ok(found.place.unwrap_or_default())
}

/// Keeps a claim in a state, with a line of what was done.
async fn moved(
    tx: &mut Connection,
    scene: &Scene,
    book: &BookCode,
    claim: &Claim,
    (action, reasons): (&str, Vec<(String, String)>),
) -> Result<(), Stop> {
    store::save(tx, &scene.county, book, claim).await?;
    let step = Step { action: action.to_owned(), actor: scene.actor.clone(), at: scene.at.clone(), reasons };
    Ok(store::add_step(tx, &scene.county, book, claim.claim, &step).await?)
}

const WITH_THE_CLERK: [ClaimState; 2] = [ClaimState::Draft, ClaimState::Returned];
