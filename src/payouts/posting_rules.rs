//! What a payout means in debits and credits.
//!
//! Pure. Source: posting-rules.md §3 (batch payment, returned row), §5 (passing through).
//!
//! 1. Sending: what is owed to each person against the bank and withheld tax; returning: the bank against what is owed again.
//! 2. A long list is posted in numbered parts; each part balances by itself.
//! 3. Lines of money that passes through carry the batch as document, so the account returns to zero per batch.

use super::list::PayRow;
use crate::calendar::BusinessDate;
use crate::ledger::{AccountCode, BookCode, Dimensions, Voucher, Word};
use crate::money::Amount;
use crate::refusal::Refusal;

/// Which batch, on which book, when.
#[derive(Debug, Clone, Copy)]
pub struct Paying<'a> {
    /// The book.
    pub book: &'a BookCode,
    /// The voucher's date.
    pub on: BusinessDate,
    /// The batch's code.
    pub batch: &'a str,
    /// Its title.
    pub title: &'a str,
    /// The scheme whose income is paid; lines carry it as project.
    pub scheme: Option<&'a str>,
    /// What a row settles, where it does not say so itself.
    pub payable: &'a AccountCode,
    /// Where the money is.
    pub money: &'a AccountCode,
    /// Which part of the voucher this is, of how many: a long list is posted in parts that each balance.
    pub part: (usize, usize),
}

impl Paying<'_> {
    fn named(&self, what: &str) -> String {
        match self.part {
            (_, 1) => format!("{}{what}", self.title),
            (part, parts) => format!("{}{what}({part}/{parts})", self.title),
        }
    }

    fn owed(&self, party: &str) -> Dimensions {
        let project = self.scheme.map(str::to_owned);
        Dimensions { party: Some(party.to_owned()), document: Some(self.batch.to_owned()), project, ..Dimensions::default() }
    }

    fn with_batch(&self) -> Dimensions {
        Dimensions { document: Some(self.batch.to_owned()), ..Dimensions::default() }
    }
}

/// Money for the batch came in, for the people of the list: owed to each of them.
pub fn received(paying: Paying<'_>, rows: &[(String, Amount)]) -> Result<Voucher, Refusal> {
    let total = rows.iter().map(|(_, amount)| *amount).sum();
    let draft = Voucher::on(paying.book, paying.on, &paying.named("到账")).word(Word::General);
    let mut draft = draft.debit(paying.money, total, paying.with_batch());
    for (party, amount) in rows {
        draft = draft.credit(paying.payable, *amount, paying.owed(party));
    }
    Ok(draft.balanced()?)
}

/// The pay file is debited: what is owed falls, withheld tax is owed to the tax office.
pub fn sent(paying: Paying<'_>, rows: &[PayRow], tax: Option<&AccountCode>, is_first: bool) -> Result<Voucher, Refusal> {
    let word = if is_first { "发放" } else { "退回重发" };
    let mut draft = Voucher::on(paying.book, paying.on, &paying.named(word));
    for row in rows {
        for (account, amount) in settles(row, paying.payable, is_first) {
            draft = draft.debit(account, amount, paying.owed(&row.party));
        }
    }
    let withheld: Amount = if is_first { rows.iter().map(|row| row.withheld).sum() } else { Amount::ZERO };
    let paid: Amount = rows.iter().map(|row| row.amount).sum();
    draft = draft.credit(paying.money, paid, paying.with_batch());
    if let Some(tax) = tax {
        draft = draft.credit(tax, withheld, paying.with_batch());
    }
    Ok(draft.balanced()?)
}

/// Rows the bank returned: the money is back and owed again.
pub fn returned(paying: Paying<'_>, rows: &[PayRow]) -> Result<Voucher, Refusal> {
    let mut draft = Voucher::on(paying.book, paying.on, &paying.named("退票"));
    draft = draft.debit(paying.money, rows.iter().map(|row| row.amount).sum(), paying.with_batch());
    for row in rows {
        for (account, amount) in settles(row, paying.payable, false) {
            draft = draft.credit(account, amount, paying.owed(&row.party));
        }
    }
    Ok(draft.balanced()?)
}

/// What a row settles. Tax is withheld once, from the first accounts; a returned row owes only what came back.
fn settles<'a>(row: &'a PayRow, payable: &'a AccountCode, with_tax: bool) -> Vec<(&'a AccountCode, Amount)> {
    if row.against.is_empty() {
        return vec![(payable, if with_tax { row.amount + row.withheld } else { row.amount })];
    }
    let mut left = if with_tax { Amount::ZERO } else { row.withheld };
    let mut parts: Vec<(&AccountCode, Amount)> = Vec::new();
    for (account, amount) in row.against.iter().rev() {
        let taken = left.take_up_to(*amount);
        parts.push((account, *amount - taken));
    }
    parts.reverse();
    parts.retain(|(_, amount)| amount.is_positive());
    parts
}
