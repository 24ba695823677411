//! The posted journal for other programs: hledger, ledger, beancount, json.
//!
//! Pure; streams: only balances per account are held. Vouchers come by book, and within a book by period
//! and posted sequence.
//!
//! 1. Debits are positive, credits negative; a red reversal's negative debit is a negative amount.
//! 2. Balances run on from year to year in those programs, so the carried opening of a later year is not
//!    written. It is compared instead: where it differs from the balances run up so far (a change of regime, an
//!    account renamed), the difference is written as one transaction of that opening.
//! 3. A book's first opening is written whole. In json every voucher is written, with its stage.
//! 4. What those programs then show as an account's balance at any year's end is the book's.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::journal_dialect::{Posting, Transaction, write_head, write_transaction};
use super::journal_names::AccountNames;
pub use super::journal_names::JournalAccount;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::ledger::{BookCode, Dimension, Stage, VoucherLine, Word};
use crate::money::Amount;

/// The program a journal is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalFormat {
    /// hledger
    Hledger,
    /// ledger-cli
    Ledger,
    /// beancount
    Beancount,
    /// JSON: `{"accounts":[…],"vouchers":[…]}`
    Json,
}

impl JournalFormat {
    /// Reads `hledger`, `ledger`, `beancount`, `json`.
    pub fn parse(text: &str) -> Option<JournalFormat> {
        match text {
            "hledger" => Some(JournalFormat::Hledger),
            "ledger" => Some(JournalFormat::Ledger),
            "beancount" => Some(JournalFormat::Beancount),
            "json" => Some(JournalFormat::Json),
            _ => None,
        }
    }
}

/// A posted voucher as the journal shows it.
#[derive(Debug, Clone, Copy)]
pub struct PostedVoucherView<'a> {
    /// 账套
    pub book: &'a BookCode,
    /// 会计期间
    pub period: AccountingPeriod,
    /// 日期
    pub dated_on: BusinessDate,
    /// 凭证字
    pub word: Word,
    /// Number within book, period and word.
    pub number: i64,
    /// Stage of the books.
    pub stage: Stage,
    /// Lines.
    pub lines: &'a [VoucherLine],
    /// The voucher this one reverses, as `2024-03/记-12`.
    pub reverses: Option<&'a str>,
}

/// Writes a journal. `begin`, then `voucher` for each, then `end`.
pub struct JournalWriter<W: Write> {
    out: W,
    format: JournalFormat,
    names: AccountNames,
    book: Option<BookCode>,
    balances: BTreeMap<String, Amount>,
    last_year: Option<i32>,
    carried: Option<Carried>,
    /// Vouchers written into the json array.
    written: u64,
}

/// A later year's opening, until it is complete.
struct Carried {
    year: i32,
    dated_on: BusinessDate,
    balances: BTreeMap<String, Amount>,
}

impl<W: Write> JournalWriter<W> {
    /// Writes the head: commodity and accounts. Names carry the book if the accounts are of several books.
    pub fn begin(mut out: W, format: JournalFormat, accounts: &[JournalAccount]) -> io::Result<JournalWriter<W>> {
        let several_books = accounts.windows(2).any(|pair| pair[0].book != pair[1].book);
        let names = AccountNames::new(accounts, several_books, format);
        match format {
            JournalFormat::Json => write_json_head(&mut out, accounts)?,
            _ => write_head(&mut out, format, &names)?,
        }
        Ok(JournalWriter {
            out,
            format,
            names,
            book: None,
            balances: BTreeMap::new(),
            last_year: None,
            carried: None,
            written: 0,
        })
    }

    /// Writes one posted voucher. Fails if the output fails, or if an account was not announced in `begin`.
    pub fn voucher(&mut self, voucher: &PostedVoucherView<'_>) -> io::Result<()> {
        if self.format == JournalFormat::Json {
            return self.json_voucher(voucher);
        }
        if self.book.as_ref() != Some(voucher.book) {
            self.settle_carried()?;
            self.balances.clear();
            (self.book, self.last_year) = (Some(voucher.book.clone()), None);
        }
        if self.is_carried(voucher) {
            return self.take_carried(voucher);
        }
        self.settle_carried()?;
        self.last_year = Some(voucher.period.year());
        let names = &self.names;
        let postings = voucher.lines.iter().map(|line| posting(names, voucher, line)).collect::<io::Result<Vec<_>>>()?;
        for posting in &postings {
            add(&mut self.balances, posting.account, posting.amount)?;
        }
        let transaction = transaction(voucher, postings);
        write_transaction(&mut self.out, self.format, &transaction)
    }

    /// Ends the journal and hands the output back.
    pub fn end(mut self) -> io::Result<W> {
        self.settle_carried()?;
        if self.format == JournalFormat::Json {
            writeln!(self.out, "\n]}}")?;
        }
        self.out.flush()?;
        Ok(self.out)
    }

    /// True for the opening of a book that has vouchers of an earlier year.
    fn is_carried(&self, voucher: &PostedVoucherView<'_>) -> bool {
        let year = voucher.period.year();
        voucher.stage == Stage::Opening && self.last_year.is_some_and(|last| last < year)
    }

    fn take_carried(&mut self, voucher: &PostedVoucherView<'_>) -> io::Result<()> {
        let year = voucher.period.year();
        if self.carried.as_ref().is_some_and(|carried| carried.year != year) {
            self.settle_carried()?;
        }
        let mut carried = self.carried.take().unwrap_or(Carried { year, dated_on: voucher.dated_on, balances: BTreeMap::new() });
        for line in voucher.lines {
            let posting = posting(&self.names, voucher, line)?;
            add(&mut carried.balances, posting.account, posting.amount)?;
        }
        self.carried = Some(carried);
        Ok(())
    }

    /// Writes what a later year's opening changes, if anything.
    fn settle_carried(&mut self) -> io::Result<()> {
        let (Some(Carried { year, dated_on, balances }), Some(book)) = (self.carried.take(), &self.book) else { return Ok(()) };
        let mut changes = balances.clone();
        for (account, balance) in &self.balances {
            add(&mut changes, account, -*balance)?;
        }
        changes.retain(|_, amount| !amount.is_zero());
        if !changes.is_empty() {
            let postings =
                changes.iter().map(|(account, amount)| Posting { account, amount: *amount, tags: Vec::new() }).collect();
            let tags = vec![("voucher", format!("{book}/{year:04}-00")), ("stage", Stage::Opening.as_str().to_owned())];
            let transaction =
                Transaction { dated_on, code: "结转".to_owned(), summary: "年初科目转换".to_owned(), tags, postings };
            write_transaction(&mut self.out, self.format, &transaction)?;
        }
        self.balances = balances;
        Ok(())
    }

    fn json_voucher(&mut self, voucher: &PostedVoucherView<'_>) -> io::Result<()> {
        write!(self.out, "{}", if self.written == 0 { "\n" } else { ",\n" })?;
        self.written += 1;
        serde_json::to_writer(&mut self.out, &JsonVoucher::from(voucher))?;
        Ok(())
    }
}

/// Adds to an account's balance.
fn add(balances: &mut BTreeMap<String, Amount>, account: &str, amount: Amount) -> io::Result<()> {
    let too_large = || io::Error::new(io::ErrorKind::InvalidData, format!("the balance of {account} is too large"));
    match balances.get_mut(account) {
        Some(balance) => *balance = balance.checked_add(amount).ok_or_else(too_large)?,
        None => drop(balances.insert(account.to_owned(), amount)),
    }
    Ok(())
}

fn posting<'n>(names: &'n AccountNames, voucher: &PostedVoucherView<'_>, line: &VoucherLine) -> io::Result<Posting<'n>> {
    let unknown = || {
        let place = format!("{} {} {}", voucher.book, voucher.period, line.account);
        io::Error::new(io::ErrorKind::InvalidData, format!("account not announced: {place}"))
    };
    let account = names.get(voucher.book, &line.account, voucher.period.year()).ok_or_else(unknown)?;
    let amount = line.debit.checked_sub(line.credit).ok_or_else(unknown)?;
    let dimension = |d: Dimension| line.dimensions.get(d).map(|value| (d.as_str(), value.to_owned()));
    let mut tags: Vec<_> = Dimension::ALL.into_iter().filter_map(dimension).collect();
    if voucher.lines.first().is_some_and(|first| first.summary != line.summary) {
        tags.insert(0, ("summary", line.summary.clone()));
    }
    Ok(Posting { account, amount, tags })
}

fn transaction<'n>(voucher: &PostedVoucherView<'_>, postings: Vec<Posting<'n>>) -> Transaction<'n> {
    let code = format!("{}-{}", voucher.word.as_str(), voucher.number);
    let mut tags = vec![("voucher", format!("{}/{}/{code}", voucher.book, voucher.period))];
    tags.extend((voucher.stage != Stage::Ordinary).then(|| ("stage", voucher.stage.as_str().to_owned())));
    tags.extend(voucher.reverses.map(|reversed| ("reverses", reversed.to_owned())));
    let summary = voucher.lines.first().map_or("", |line| line.summary.as_str()).to_owned();
    Transaction { dated_on: voucher.dated_on, code, summary, tags, postings }
}

#[derive(Serialize)]
struct JsonAccount<'a> {
    book: &'a BookCode,
    year: i32,
    code: &'a str,
    name: &'a str,
    class: &'static str,
}

#[derive(Serialize)]
struct JsonVoucher<'a> {
    book: &'a BookCode,
    period: AccountingPeriod,
    dated_on: BusinessDate,
    word: &'static str,
    number: i64,
    stage: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reverses: Option<&'a str>,
    lines: &'a [VoucherLine],
}

impl<'a> From<&PostedVoucherView<'a>> for JsonVoucher<'a> {
    fn from(view: &PostedVoucherView<'a>) -> JsonVoucher<'a> {
        let PostedVoucherView { book, period, dated_on, number, reverses, lines, .. } = *view;
        JsonVoucher { book, period, dated_on, word: view.word.as_str(), number, stage: view.stage.as_str(), reverses, lines }
    }
}

fn write_json_head(out: &mut impl Write, accounts: &[JournalAccount]) -> io::Result<()> {
    write!(out, "{{\"accounts\":[")?;
    for (index, account) in accounts.iter().enumerate() {
        write!(out, "{}", if index == 0 { "\n" } else { ",\n" })?;
        let JournalAccount { book, year, code, name, class } = account;
        serde_json::to_writer(&mut *out, &JsonAccount { book, year: *year, code: code.as_str(), name, class: class.as_str() })?;
    }
    write!(out, "\n],\"vouchers\":[")
}
