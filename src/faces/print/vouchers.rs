//! Vouchers from the books as papers: one, or a month of them with its cover.
//!
//! 1. Names of accounts are those of the voucher's year; people stand with the names they are known by.
//! 2. A month's file holds every number of the month once, voided ones marked; nothing is left out.

use std::collections::HashMap;

use crate::access::store as people;
use crate::calendar::AccountingPeriod;
use crate::db::{Connection, Stop};
use crate::ledger::books::{Book, store as books};
use crate::ledger::vouchers::store::list::{Filter, Listed, page};
use crate::ledger::vouchers::store::{self};
use crate::ledger::vouchers::{KeptVoucher, State};
use crate::ledger::{Chart, Dimension, VoucherId, VoucherLine, Word};
use crate::money::Amount;
use crate::papers::Paper;
use crate::papers::voucher::{Cover, Entry, VoucherPaper};

/// The most vouchers of one file.
pub const MOST: i64 = 10_000;

/// What papers of one book need besides the vouchers.
struct Words<'a> {
    book: &'a Book,
    chart: Chart,
    people: HashMap<String, String>,
}

/// One voucher, with its attachments counted.
pub async fn one(
    tx: &mut Connection,
    county: &str,
    book: &Book,
    voucher: &KeptVoucher,
    attachments: i64,
) -> Result<Vec<Paper>, Stop> {
    let words = words(tx, county, book, voucher.content.period).await?;
    Ok(vec![Paper::Vouchers(vec![words.paper(voucher, attachments)])])
}

/// The vouchers of a month that a filter lets through, under their cover.
pub async fn month(
    tx: &mut Connection,
    county: &str,
    book: &Book,
    period: AccountingPeriod,
    filter: &Filter,
) -> Result<Vec<Paper>, Stop> {
    let listed = page(tx, county, &book.book, period, filter, None, MOST).await?;
    if listed.is_empty() {
        return Err(super::PrintRefusal::NothingToPrint { what: format!("{} {} 的凭证", book.name, period.label_zh()) }
            .refusal()
            .into());
    }
    let ids: Vec<VoucherId> = listed.iter().map(|voucher| voucher.id).collect();
    let kept = store::vouchers(tx, county, &book.book, &ids).await?;
    let kept: HashMap<VoucherId, KeptVoucher> = kept.into_iter().map(|voucher| (voucher.id, voucher)).collect();
    let words = words(tx, county, book, period).await?;
    let papers = listed.iter().filter_map(|listed| Some(words.paper(kept.get(&listed.id)?, listed.papers))).collect();
    Ok(vec![Paper::Cover(cover(book, period, &listed)), Paper::Vouchers(papers)])
}

async fn words<'a>(tx: &mut Connection, county: &str, book: &'a Book, period: AccountingPeriod) -> Result<Words<'a>, Stop> {
    let chart = books::chart(tx, county, &book.book, period.year()).await?;
    Ok(Words { book, chart, people: people::names(tx, county).await?.into_iter().collect() })
}

impl Words<'_> {
    fn paper(&self, voucher: &KeptVoucher, attachments: i64) -> VoucherPaper {
        let name = |user: Option<&String>| user.map(|user| self.people.get(user).unwrap_or(user).clone()).unwrap_or_default();
        VoucherPaper {
            unit: self.book.name.clone(),
            dated_on: voucher.content.dated_on,
            word: voucher.content.word.as_str().to_owned(),
            number: voucher.number,
            attachments,
            mark: match voucher.state {
                State::Posted => String::new(),
                other => other.label_zh().to_owned(),
            },
            entries: voucher.content.lines.iter().map(|line| self.entry(line)).collect(),
            totals: voucher.content.totals().unwrap_or_default(),
            signers: vec![
                ("会计主管", String::new()),
                ("记账", name(voucher.poster.as_ref())),
                ("出纳", String::new()),
                ("审核", name(voucher.reviewer.as_ref())),
                ("制单", name(Some(&voucher.maker))),
            ],
        }
    }

    fn entry(&self, line: &VoucherLine) -> Entry {
        let named = |d: &Dimension| Some(format!(" {} {}", d.label_zh(), line.dimensions.get(*d)?));
        let kept_by: String = Dimension::ALL.iter().filter_map(named).collect();
        let account = format!("{} {}{kept_by}", line.account.as_str(), self.chart.full_name_zh(&line.account));
        Entry { summary: line.summary.clone(), account, debit: line.debit, credit: line.credit }
    }
}

/// From which number to which, how many, how much; voided vouchers are counted as papers and add no money.
fn cover(book: &Book, period: AccountingPeriod, listed: &[Listed]) -> Cover {
    let of = |word: Word| listed.iter().filter(move |voucher| voucher.reference.word == word);
    let series = [Word::General, Word::Receipt, Word::Payment, Word::Transfer].into_iter().filter_map(|word| {
        let numbers = || of(word).map(|voucher| voucher.reference.number);
        let (from, through) = (numbers().min()?, numbers().max()?);
        let count = i64::try_from(of(word).count()).unwrap_or(i64::MAX);
        Some((word.as_str().to_owned(), from, through, count, of(word).map(|voucher| voucher.papers).sum()))
    });
    let counted = listed.iter().filter(|voucher| voucher.state != State::Voided);
    let total: Amount = counted.map(|voucher| voucher.amount).sum();
    Cover { unit: book.name.clone(), period: period.label_zh(), series: series.collect(), total }
}
