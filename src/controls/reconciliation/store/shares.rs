//! The unmatched lines of a large account in shares by amount, so that they need not all be held as lines at a time.
//!
//! 1. Every line is read once, page by page, and waits as text in the share of its amount.
//! 2. Lines of different amounts never meet: what shares match is what the whole would.

use std::collections::HashMap;

use super::items::{
    FIELD, Free, LAST_PERIOD, LINE, bank_item_of, bank_text, book_item_of, book_text, extent, named, parsed_lines,
};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::reconciliation::account::BankAccount;
use crate::controls::reconciliation::{BankItem, BookItem};
use crate::db::{Connection, Failure};

/// Statement lines of one share.
const A_SHARE: i64 = 125_000;
/// Statement lines read at a time.
const A_PAGE: i64 = 100_000;

/// Texts of one side: pages of each share.
type Texts = Vec<Vec<String>>;

/// Lines of the bank and of the book.
type BothSides = (Vec<BankItem>, Vec<BookItem>);

/// Both sides' lines in shares.
pub struct Shares {
    bank: Texts,
    book: Texts,
}

impl Shares {
    /// Reads the lines of both sides through a day.
    pub async fn read(
        tx: &mut Connection,
        county: &str,
        account: &BankAccount,
        through: BusinessDate,
    ) -> Result<Shares, Failure> {
        let (lines, last) = extent(tx, county, &account.code).await?;
        let of = usize::try_from(1 + lines / A_SHARE).unwrap_or(1);
        let free = Free { through, as_of: false };
        let mut shares = Shares { bank: vec![Vec::new(); of], book: vec![Vec::new(); of] };
        let mut after = 0;
        while after < last {
            let text = bank_text(tx, county, account, free, (after, after + A_PAGE)).await?;
            sorted_in(&mut shares.bank, text)?;
            after += A_PAGE;
        }
        for (first, last) in periods(AccountingPeriod::of(account.starts_on), AccountingPeriod::of(through)) {
            let text = book_text(tx, county, account, free, (&first, &last)).await?;
            sorted_in(&mut shares.book, text)?;
        }
        Ok(shares)
    }

    /// The next share's lines, each side in its order; their texts are gone. `None` when all are taken.
    pub fn next(&mut self, names: &HashMap<String, String>) -> Result<Option<BothSides>, Failure> {
        let (Some(bank), Some(book)) = (self.bank.pop(), self.book.pop()) else { return Ok(None) };
        let mut bank: Vec<BankItem> = parsed(bank, bank_item_of)?;
        bank.sort_by_key(|item| (item.line, item.part));
        let mut book: Vec<BookItem> = parsed(book, book_item_of)?;
        book.iter_mut().for_each(|item| named(item, names));
        book.sort_by_key(|item| (item.voucher, item.line));
        Ok(Some((bank, book)))
    }
}

/// One window a period; the last takes vouchers of later periods that are dated before.
fn periods(first: AccountingPeriod, last: AccountingPeriod) -> Vec<(String, String)> {
    let mut windows = Vec::new();
    let mut period = first;
    while period < last {
        windows.push((period.to_string(), period.to_string()));
        period = period.next();
    }
    windows.push((period.to_string(), LAST_PERIOD.to_owned()));
    windows
}

/// Puts the lines of a text into the share of their amount.
fn sorted_in(shares: &mut Texts, text: Option<String>) -> Result<(), Failure> {
    let Some(text) = text else { return Ok(()) };
    if let [whole] = &mut shares[..] {
        whole.push(text);
        return Ok(());
    }
    let mut pages = vec![String::new(); shares.len()];
    for line in text.split(LINE) {
        let amount = line.split(FIELD).nth(3).and_then(|amount| amount.parse::<i64>().ok());
        let amount = amount.ok_or_else(|| Failure::Damaged(format!("line {line}")))?;
        let page = &mut pages[(amount.unsigned_abs() % shares.len() as u64) as usize];
        if !page.is_empty() {
            page.push_str(LINE);
        }
        page.push_str(line);
    }
    for (share, mut page) in shares.iter_mut().zip(pages) {
        page.shrink_to_fit();
        share.extend((!page.is_empty()).then_some(page));
    }
    Ok(())
}

fn parsed<T>(pages: Vec<String>, read: fn(&mut std::str::Split<'_, &str>) -> Option<T>) -> Result<Vec<T>, Failure> {
    let mut items = Vec::new();
    for page in pages {
        items.extend(parsed_lines(Some(&page), read)?);
    }
    Ok(items)
}
