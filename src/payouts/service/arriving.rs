//! Money of a batch that reaches a party with a book of its own (村集体): the party's book takes it in, in the same act.
//!
//! 1. Income of entrusted money and dividends were declared there before (应收款); what arrives settles that claim.

use super::super::store::Batch;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::store as ledger_store;
use crate::money::Amount;
use crate::office::Scene;
use crate::payouts::PayoutKind;
use crate::products::cooperative_shares::posting_rules::{In, dividend_arrived};
use crate::products::cooperative_shares::store::register as shares;
use crate::products::entrusted_funds::posting_rules::arrived;
use crate::products::entrusted_funds::service::Opened;
use chrono::Datelike;

/// Posts what arrived on the books of the parties that keep one; nothing for all others.
pub async fn arriving(
    tx: &mut Connection,
    scene: &Scene,
    batch: &Batch,
    on: BusinessDate,
    rows: &[(String, Amount)],
) -> Result<Vec<Numbered>, Stop> {
    let vouchers = match batch.kind {
        PayoutKind::EntrustedIncome if batch.source.is_some() => {
            let opened = Opened::load(tx, scene, &batch.project, on).await?;
            arrived(&opened.sides(on), rows)?
        }
        PayoutKind::Dividend if batch.source.is_some() => dividends(tx, scene, batch, on, rows).await?,
        _ => Vec::new(),
    };
    if vouchers.is_empty() {
        return Ok(Vec::new());
    }
    let event = scene.draw_id();
    let what = serde_json::json!({ "batch": batch.batch, "books": vouchers.len() });
    ledger_store::save_event(tx, &scene.county, (&event, "payout_arrived", &on.to_string()), &what, &scene.at).await?;
    ledger::post(tx, scene, &vouchers, Some(&event)).await
}

async fn dividends(
    tx: &mut Connection,
    scene: &Scene,
    batch: &Batch,
    on: BusinessDate,
    rows: &[(String, Amount)],
) -> Result<Vec<crate::ledger::Voucher>, Stop> {
    let investors = shares::investors(tx, &scene.county, &batch.book).await?;
    let own: Vec<_> = rows.iter().filter_map(|(party, amount)| Some((investors.get(party)?, *amount))).collect();
    let books: Vec<_> = own.iter().map(|(book, _)| *book).collect();
    ledger_store::lock_books(tx, scene.engine, &scene.county, &books).await?;
    let mut vouchers = Vec::new();
    for (book, amount) in own {
        let regime = regime_in(tx, &scene.county, book, on.year()).await?;
        vouchers.push(dividend_arrived(In { book, regime, on }, &batch.book.0, amount)?);
    }
    Ok(vouchers)
}
