//! Drafts: vouchers that people enter, kept with a number. They stand in no chain and move no balance until they are posted.
//!
//! 1. A draft is checked as a posting is; its number comes from the same series.
//! 2. Either every draft of the list is kept or none.

use super::{Books, Made, Numbered, Outcome, checked, insert_lines, lock, number, voucher_rows};
use crate::db::{Connection, Stop, Writes};
use crate::ledger::class_rules;
use crate::ledger::refusal::LedgerRefusal;
use crate::ledger::store;
use crate::ledger::voucher::{BookCode, Voucher};
use crate::office::Scene;

/// Keeps vouchers as numbered drafts of the acting person.
pub(crate) async fn keep_drafts(tx: &mut Connection, scene: &Scene, vouchers: &[&Voucher]) -> Result<Vec<Numbered>, Stop> {
    let made: Vec<Made<'_>> = vouchers.iter().map(|voucher| Made { voucher, scene, event: None }).collect();
    let mut books = lock(tx, scene, &made).await?;
    let mut writes = Writes::of(scene.engine, &scene.county);
    let numbered = keep_made(tx, &made, &mut books, &mut writes).await?;
    writes.send(tx).await?;
    Ok(numbered)
}

/// Keeps what several acts want, each vouchers of one book, in one list; the books are locked, and what is left among
/// `writes` is the caller's to send. Drafts leave the books' chains as they are.
pub(crate) async fn keep_many(
    tx: &mut Connection,
    acts: &[(&Scene, &BookCode, &[Voucher])],
    mut books: Books,
    writes: &mut Writes<'_>,
) -> Result<Vec<Outcome>, Stop> {
    let mut made = Vec::with_capacity(acts.len());
    for (scene, _, vouchers) in acts {
        made.extend(vouchers.iter().map(|voucher| Made { voucher, scene, event: None }));
    }
    if acts.iter().any(|(_, _, vouchers)| vouchers.is_empty()) {
        return Err(LedgerRefusal::NoVouchers.into());
    }
    let mut numbered = keep_made(tx, &made, &mut books, writes).await?.into_iter();
    let outcome = |(_, book, vouchers): &(&Scene, &BookCode, &[Voucher])| {
        let digest = books.get(*book).map(|state| state.last_digest.clone());
        let trail = (Some(book.to_string()), digest.clone(), digest);
        Outcome { numbered: numbered.by_ref().take(vouchers.len()).collect(), trail }
    };
    Ok(acts.iter().map(outcome).collect())
}

async fn keep_made(
    tx: &mut Connection,
    made: &[Made<'_>],
    books: &mut Books,
    writes: &mut Writes<'_>,
) -> Result<Vec<Numbered>, Stop> {
    let Some(first) = made.first() else { return Err(LedgerRefusal::NoVouchers.into()) };
    let vouchers: Vec<&Voucher> = made.iter().map(|m| m.voucher).collect();
    class_rules::service::refuse_unclassed(tx, &first.scene.county, &vouchers).await?;
    let known = checked(tx, made, &vouchers, books).await?;
    let (numbered, last) = number(&vouchers, books, &known);
    insert_drafts(tx, made, &numbered, writes).await?;
    store::advance_books(writes, books);
    store::keep_numbers(writes, &last);
    Ok(numbered)
}

/// Drafts written at a time: an import of a whole year stays within its memory.
const DRAFTS_AT_A_TIME: usize = 2_000;

async fn insert_drafts(
    tx: &mut Connection,
    made: &[Made<'_>],
    numbered: &[Numbered],
    writes: &mut Writes<'_>,
) -> Result<(), Stop> {
    for (made, numbered) in made.chunks(DRAFTS_AT_A_TIME).zip(numbered.chunks(DRAFTS_AT_A_TIME)) {
        writes.send(tx).await?;
        insert_lines(tx, made, numbered).await?;
        store::insert_vouchers(writes, voucher_rows(made, numbered, &[]));
    }
    Ok(())
}
