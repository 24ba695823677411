//! Exporting the journal: posted vouchers of books, streamed into a writer.
//!
//! 1. Changes nothing; called inside `Db::begin_snapshot` it shows one state of the books while writing goes on.

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::store;
use crate::db::{Connection, Failure, Stop};
use crate::exchange::journal_out::{JournalAccount, JournalFormat, JournalWriter, PostedVoucherView};
use crate::ledger::books::store as books;
use crate::ledger::vouchers::{KeptVoucher, store as vouchers};
use crate::ledger::{BookCode, LedgerRefusal, VoucherId};

/// Vouchers read at a time.
const CHUNK: usize = 500;

/// What was exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Books.
    pub books: usize,
    /// Posted vouchers.
    pub vouchers: u64,
    /// Their lines.
    pub lines: u64,
}

/// Writes the posted journal of these books (of all, if none is named) in a program's format.
/// Refuses a book the county does not have (L-306).
pub async fn export<W: Write + Send>(
    tx: &mut Connection,
    county: &str,
    wanted: &[BookCode],
    format: JournalFormat,
    out: W,
) -> Result<Counts, Stop> {
    let wanted = books_of(tx, county, wanted).await?;
    let accounts = accounts(tx, county, &wanted).await?;
    let mut writer = JournalWriter::begin(out, format, &accounts).map_err(unwritten)?;
    drop(accounts);
    let mut counts = Counts { books: wanted.len(), ..Counts::default() };
    for book in &wanted {
        export_book(tx, county, book, &mut writer, &mut counts).await?;
    }
    writer.end().map_err(unwritten)?;
    Ok(counts)
}

fn unwritten(cause: std::io::Error) -> Failure {
    Failure::file(Path::new("export"))(cause)
}

/// The books asked for, in the order of their codes, each once.
async fn books_of(tx: &mut Connection, county: &str, wanted: &[BookCode]) -> Result<Vec<BookCode>, Stop> {
    let kept: Vec<BookCode> = books::books(tx, county).await?.into_iter().map(|book| book.book).collect();
    if let Some(unknown) = wanted.iter().find(|book| !kept.contains(book)) {
        return Err(LedgerRefusal::UnknownBook { book: unknown.to_string() }.into());
    }
    Ok(kept.into_iter().filter(|book| wanted.is_empty() || wanted.contains(book)).collect())
}

async fn accounts(tx: &mut Connection, county: &str, wanted: &[BookCode]) -> Result<Vec<JournalAccount>, Stop> {
    let mut all = Vec::new();
    for book in wanted {
        for year in books::years(tx, county, book).await? {
            let accounts = books::accounts(tx, county, book, year.year).await?;
            all.extend(accounts.into_iter().map(|account| JournalAccount {
                book: book.clone(),
                year: year.year,
                code: account.code,
                name: account.name,
                class: account.class,
            }));
        }
    }
    Ok(all)
}

async fn export_book<W: Write + Send>(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    writer: &mut JournalWriter<W>,
    counts: &mut Counts,
) -> Result<(), Stop> {
    for period in store::periods(tx, county, book).await? {
        let keys = store::posted_keys(tx, county, book, period).await?;
        for chunk in keys.chunks(CHUNK) {
            export_chunk(tx, county, (book, chunk), writer, counts).await?;
        }
    }
    Ok(())
}

async fn export_chunk<W: Write + Send>(
    tx: &mut Connection,
    county: &str,
    (book, keys): (&BookCode, &[VoucherId]),
    writer: &mut JournalWriter<W>,
    counts: &mut Counts,
) -> Result<(), Stop> {
    let mut chunk = vouchers::vouchers(tx, county, book, keys).await?;
    chunk.sort_by_key(|voucher| voucher.posted);
    let reversed: Vec<VoucherId> = chunk.iter().filter_map(|voucher| voucher.content.reverses).collect();
    let names = store::names(tx, county, book, &reversed).await?;
    for voucher in &chunk {
        let reverses = voucher.content.reverses.and_then(|id| names.get(&id)).map(String::as_str);
        writer.voucher(&view(voucher, reverses)).map_err(unwritten)?;
        counts.vouchers += 1;
        counts.lines += voucher.content.lines.len() as u64;
    }
    Ok(())
}

fn view<'a>(voucher: &'a KeptVoucher, reverses: Option<&'a str>) -> PostedVoucherView<'a> {
    let content = &voucher.content;
    PostedVoucherView {
        book: &content.book,
        period: content.period,
        dated_on: content.dated_on,
        word: content.word,
        number: voucher.number,
        stage: content.stage,
        lines: &content.lines,
        reverses,
    }
}
