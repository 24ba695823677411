//! Acts of payouts: drawing up (`draw_up`), paying what the products owe (`sources`), sending and the bank's answer (`sending`).

mod arriving;
pub mod draw_up;
pub mod drawing;
pub mod entrusted;
pub mod entrusting;
pub mod grants;
pub mod rents;
pub mod returning;
pub mod sending;
pub mod sources;
pub mod standards;

use super::list::PayRow;
use super::refusal::PayoutRefusal;
use super::store::{self, Batch};
use super::{BatchState, RowState, posting_rules::Paying};
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{Voucher, store as ledger_store};
use crate::office::Scene;
use crate::refusal::Refusal;

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
        part: (1, 1),
    }
}

/// Posts one voucher for the rows of a batch in some states, in numbered parts where they are many, all in this act.
async fn in_parts(
    tx: &mut Connection,
    scene: &Scene,
    (batch, states): (&Batch, &[RowState]),
    event: &str,
    made: impl Fn(&[PayRow], (usize, usize)) -> Result<Voucher, Refusal>,
) -> Result<Vec<Numbered>, Stop> {
    let sums = store::sums(tx, &scene.county, &batch.batch).await?;
    let rows: usize = states.iter().filter_map(|state| usize::try_from(sums.get(state)?.0).ok()).sum();
    let mut pages = store::Pages::of(&batch.batch, states);
    let (mut posted, parts) = (Vec::new(), rows.div_ceil(store::A_PAGE));
    for part in 1..=parts {
        let rows = pages.next(tx, &scene.county).await?.unwrap_or_default();
        posted.extend(ledger::post(tx, scene, &[made(&rows, (part, parts))?], Some(event)).await?);
    }
    Ok(posted)
}
