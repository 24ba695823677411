//! Acts of disclosure: sheets (`making`, `steps`), questions from the public (`questions`).

pub mod making;
pub mod questions;
pub mod steps;

use super::refusal::DisclosureRefusal;
use super::sheet::SheetHead;
use super::store;
use crate::db::{Connection, Stop};
use crate::ledger::{BookCode, store as ledger_store};
use crate::office::Scene;

/// A sheet of a book, the book locked. Refuses one the book does not have.
async fn opened(tx: &mut Connection, scene: &Scene, book: &BookCode, sheet: i64) -> Result<SheetHead, Stop> {
    ledger_store::lock_books(tx, scene.engine, &scene.county, &[book]).await?;
    let found = store::sheets::sheet(tx, &scene.county, book, sheet).await?;
    Ok(found.ok_or_else(|| DisclosureRefusal::UnknownSheet { sheet, book: book.to_string() })?.head)
}
