//! `payout export`: the bank's pay file.
//!
//! 1. Whoever takes it stands in the trail before a number is written.
//! 2. A long file is written as its rows come; it is whole or not there.

use super::args::{Common, Format};
use super::counter::Counter;
use super::output::{Destination, Reply};
use super::payout::kept;
use crate::db::{Connection, Failure, Stop};
use crate::exchange::Growing;
use crate::money::Amount;
use crate::payouts::RowState;
use crate::payouts::layout::Layout;
use crate::payouts::refusal::PayoutRefusal;
use crate::payouts::service::sending::HandOutPayFile;
use crate::payouts::store::{self, Batch};

/// The states whose rows stand in a pay file.
const IN_FILE: [RowState; 3] = [RowState::Waiting, RowState::Corrected, RowState::Sent];
/// From so many rows on a pay file is written as they come.
const LONG_FILE: i64 = 10_000;

/// Hands out the file of a batch.
pub async fn export(batch: &str, layout: Option<&str>, (common, counter): (&Common, &Counter)) -> Result<Reply, Stop> {
    let kept = kept(batch, counter).await?;
    counter.perform(HandOutPayFile { book: kept.book.clone(), batch: batch.to_owned() }).await?;
    let mut tx = counter.snapshot().await?;
    let layout = match layout {
        None => Layout::default(),
        Some(name) => {
            let columns = store::layout(&mut tx, counter.county(), name).await?;
            Layout::parse(&columns.ok_or_else(|| PayoutRefusal::BadLayout { text: name.to_owned() })?)?
        }
    };
    if kept.rows >= LONG_FILE && common.out.is_some() && matches!(common.format(), Format::Csv | Format::Xlsx) {
        return export_pages(&kept, &layout, common, (&mut tx, counter.county())).await;
    }
    let rows = store::rows(&mut tx, counter.county(), batch, &IN_FILE).await?;
    if rows.is_empty() {
        return Err(PayoutRefusal::NothingToSend { batch: batch.to_owned() }.into());
    }
    Ok(Reply::sheet(layout.sheet(&kept.title, &rows)))
}

/// Writes a long pay file page by page into the file of `--out`.
async fn export_pages(
    batch: &Batch,
    layout: &Layout,
    common: &Common,
    (tx, county): (&mut Connection, &str),
) -> Result<Reply, Stop> {
    let mut pages = store::Pages::of(&batch.batch, &IN_FILE);
    let first = pages.next(tx, county).await?;
    let first = first.ok_or_else(|| PayoutRefusal::NothingToSend { batch: batch.batch.clone() })?;
    let out = Destination::open(common)?;
    let path = out.path();
    let failed = |cause| Failure::File { path: path.clone(), cause };
    let head = layout.sheet(&batch.title, &first);
    let begin = if common.format() == Format::Csv { Growing::csv } else { Growing::xlsx };
    let (mut table, mut total, mut page) = (begin(&head, out).map_err(failed)?, Amount::ZERO, Some(first));
    while let Some(rows) = page {
        total += rows.iter().map(|row| row.amount).sum();
        table.rows(&layout.cells(&rows)).map_err(failed)?;
        page = pages.next(tx, county).await?;
    }
    table.end(&[layout.foot(total)]).and_then(Destination::finish).map_err(failed)?;
    Ok(Reply::written())
}
