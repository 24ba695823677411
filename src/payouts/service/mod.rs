//! Acts of payouts: drawing up (`draw_up`), paying what the products owe (`sources`), sending and the bank's answer (`sending`).

mod arriving;
pub mod draw_up;
pub mod entrusted;
pub mod entrusting;
pub mod grants;
pub mod rents;
pub mod returning;
pub mod sending;
pub mod sources;

use super::refusal::PayoutRefusal;
use super::store::{self, Batch};
use super::{BatchState, posting_rules::Paying};
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::store as ledger_store;
use crate::office::Scene;

/// A batch at one of these steps, its book locked. Refuses unknown batches (Y-301) and other steps (Y-203).
async fn batch_at(tx: &mut Connection, scene: &Scene, code: &str, needed: &[BatchState]) -> Result<Batch, Stop> {
    let unknown = || PayoutRefusal::UnknownBatch { batch: code.to_owned() };
    let book = store::batch(tx, &scene.county, code).await?.ok_or_else(unknown)?.book;
    ledger_store::lock_books(tx, scene.engine, &scene.county, &[&book]).await?;
    let batch = store::batch(tx, &scene.county, code).await?.ok_or_else(unknown)?;
    if needed.contains(&batch.state) {
        return Ok(batch);
    }
    let (state, needed) = (batch.state.label_zh().to_owned(), needed.iter().map(|s| s.label_zh()).collect::<Vec<_>>().join("或"));
    Err(PayoutRefusal::WrongStep { batch: code.to_owned(), state, needed }.into())
}

fn paying(batch: &Batch, on: BusinessDate) -> Paying<'_> {
    // What a scheme or a lease owes is settled under its project; a list typed in has none.
    let has_scheme = batch.source.as_deref().is_some_and(|source| source.starts_with("entrust:") || source.starts_with("lease:"));
    Paying {
        book: &batch.book,
        on,
        batch: &batch.batch,
        title: &batch.title,
        scheme: has_scheme.then_some(batch.project.as_str()),
        payable: &batch.payable,
        money: &batch.money_account,
    }
}
