//! `export journal`: the posted journal for hledger, ledger, beancount and scripts, as a stream.

use std::io::{self, Write};

use clap::{Args, Subcommand};

use super::args::{Common, Format};
use super::counter::Counter;
use super::output::{Destination, Reply};
use crate::calendar::AccountingPeriod;
use crate::db::{Connection, Failure, Stop};
use crate::exchange::journal_out::{JournalAccount, JournalFormat, JournalWriter, PostedVoucherView};
use crate::ledger::books::store as books;
use crate::ledger::vouchers::{KeptVoucher, State, VoucherRef, store};
use crate::ledger::{BookCode, VoucherId};

/// Vouchers held at a time.
const PAGE: i64 = 1_000;

/// What is exported.
#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// 已过账的凭证,--format hledger|ledger|beancount|json(不写时为 hledger)
    Journal(Which),
}

/// Which books.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Which {
    /// 账套编号
    #[arg(long)]
    book: Option<String>,
    /// 全县所有账套
    #[arg(long)]
    all: bool,
}

/// Writes the journal to the screen or the file of `--out`.
pub async fn run(ExportCommand::Journal(which): ExportCommand, common: &Common, counter: &Counter) -> Result<Reply, Stop> {
    let mut tx = counter.snapshot().await?;
    let chosen: Vec<BookCode> = match which.book {
        Some(book) => vec![counter.book(&mut tx, &BookCode(book)).await?.book],
        None => books::books(&mut tx, counter.county()).await?.into_iter().map(|book| book.book).collect(),
    };
    let accounts = accounts(&mut tx, counter.county(), &chosen).await?;
    let out = Destination::open(common)?;
    let named = out.path();
    let failed = |cause: io::Error| Failure::File { path: named.clone(), cause };
    let mut journal = JournalWriter::begin(out, journal_format(common.format()), &accounts).map_err(failed)?;
    for book in &chosen {
        write_book(&mut tx, counter.county(), book, &mut journal, &failed).await?;
    }
    journal.end().and_then(Destination::finish).map_err(failed)?;
    Ok(Reply::written())
}

fn journal_format(format: Format) -> JournalFormat {
    match format {
        Format::Json => JournalFormat::Json,
        Format::Ledger => JournalFormat::Ledger,
        Format::Beancount => JournalFormat::Beancount,
        _ => JournalFormat::Hledger,
    }
}

async fn accounts(tx: &mut Connection, county: &str, chosen: &[BookCode]) -> Result<Vec<JournalAccount>, Stop> {
    let mut all = Vec::new();
    for book in chosen {
        for kept in books::years(tx, county, book).await? {
            let (book, year) = (book.clone(), kept.year);
            let of_year = books::accounts(tx, county, &book, year).await?.into_iter();
            all.extend(of_year.map(|a| JournalAccount { book: book.clone(), year, code: a.code, name: a.name, class: a.class }));
        }
    }
    Ok(all)
}

async fn write_book<W: Write>(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    journal: &mut JournalWriter<W>,
    failed: &impl Fn(io::Error) -> Failure,
) -> Result<(), Stop> {
    let span = (AccountingPeriod::opening(1900), AccountingPeriod::opening(9999));
    let mut after: Option<VoucherRef> = None;
    loop {
        let page = store::page(tx, county, book, span, Some(State::Posted), after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(VoucherRef { period: last.content.period, word: last.content.word, number: last.number });
        let reversed: Vec<VoucherId> = page.iter().filter_map(|voucher| voucher.content.reverses).collect();
        let reversed = if reversed.is_empty() { Vec::new() } else { store::vouchers(tx, county, book, &reversed).await? };
        for voucher in &page {
            let wrong = reversed.iter().find(|wrong| Some(wrong.id) == voucher.content.reverses).map(journal_name);
            journal.voucher(&view(voucher, wrong.as_deref())).map_err(failed)?;
        }
    }
}

fn journal_name(voucher: &KeptVoucher) -> String {
    format!("{}/{}-{}", voucher.content.period, voucher.content.word.as_str(), voucher.number)
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
