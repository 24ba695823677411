//! Transfers between two own accounts: two statement lines, one voucher, matched as one.
//!
//! Pure.
//!
//! 1. The lines carry opposite amounts, one of them names the other account, and the voucher moves the same
//!    amount between the two; all within the window of both accounts.
//! 2. Only what is unique on every side is taken; two equal transfers on near days stay for people.

use super::account::BankAccount;
use super::{BankItem, BookItem};
use crate::calendar::BusinessDate;

/// One transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Statement line of the account money leaves.
    pub out_line: (i64, i64),
    /// Statement line of the account it comes to.
    pub in_line: (i64, i64),
    /// The voucher's line on the account money leaves.
    pub out_entry: (i64, i64),
    /// The voucher's line on the account it comes to.
    pub in_entry: (i64, i64),
    /// Dates of all of them.
    pub dates: Vec<BusinessDate>,
}

/// The unique transfers from one account to another.
pub fn transfers(
    (from, to): (&BankAccount, &BankAccount),
    (out_bank, in_bank): (&[BankItem], &[BankItem]),
    (out_book, in_book): (&[BookItem], &[BookItem]),
) -> Vec<Transfer> {
    let days = from.auto_days.min(to.auto_days);
    let close = |a: BusinessDate, b: BusinessDate| (a - b).num_days().abs() <= days;
    let named = |out: &BankItem, into: &BankItem| {
        to.is(&out.account) && !out.account.is_empty() || from.is(&into.account) && !into.account.is_empty()
    };
    let lines =
        |out: &BankItem, into: &BankItem| out.amount.fen() == -into.amount.fen() && close(out.on, into.on) && named(out, into);
    let entry = |line: &BankItem, item: &BookItem| item.amount == line.amount && close(item.on, line.on);
    let mut found = Vec::new();
    for out in out_bank.iter().filter(|item| item.amount.is_negative()) {
        let Some(into) = only(in_bank.iter().filter(|into| lines(out, into))) else { continue };
        if only(out_bank.iter().filter(|other| lines(other, into))).is_none() {
            continue;
        }
        let vouchers = |item: &&BookItem| {
            entry(out, item) && in_book.iter().any(|other| other.voucher == item.voucher && entry(into, other))
        };
        let Some(out_item) = only(out_book.iter().filter(vouchers)) else { continue };
        let Some(in_item) = only(in_book.iter().filter(|other| other.voucher == out_item.voucher && entry(into, other))) else {
            continue;
        };
        found.push(Transfer {
            out_line: (out.line, out.part),
            in_line: (into.line, into.part),
            out_entry: (out_item.voucher, out_item.line),
            in_entry: (in_item.voucher, in_item.line),
            dates: vec![out.on, into.on, out_item.on, in_item.on],
        });
    }
    // A voucher that two transfers want belongs to neither.
    let wanted = |transfer: &Transfer| found.iter().filter(|other| other.out_entry == transfer.out_entry).count();
    let keep: Vec<bool> = found.iter().map(|transfer| wanted(transfer) == 1).collect();
    found.into_iter().zip(keep).filter_map(|(transfer, keep)| keep.then_some(transfer)).collect()
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}
