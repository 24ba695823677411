//! Subsidy in debits and credits of the subsidy book (posting-rules.md §1).
//!
//! Pure. S201 carries the payee (bank or household) as party; S301 the document.

use crate::calendar::BusinessDate;
use crate::ledger::voucher::Unbalanced;
use crate::ledger::{AccountCode, BookCode, Dimensions, Voucher};
use crate::money::Amount;

/// Lines of one voucher at most.
const LINES: usize = 500;

fn account(code: &str) -> AccountCode {
    AccountCode::from(code)
}

fn party(code: &str) -> Dimensions {
    Dimensions { party: Some(code.to_owned()), ..Dimensions::default() }
}

fn document(number: &str) -> Dimensions {
    Dimensions { document: Some(number.to_owned()), ..Dimensions::default() }
}

/// Budget money received: Dr S101 / Cr S301.
pub fn received(book: &BookCode, on: BusinessDate, amount: Amount, number: &str) -> Result<Voucher, Unbalanced> {
    let draft = Voucher::on(book, on, "收到财政贴息资金");
    draft.debit(&account("S101"), amount, Dimensions::default()).credit(&account("S301"), amount, document(number)).balanced()
}

/// A sum for one payee and account: positive grants, negative takes back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Granted {
    /// Bank or household.
    pub payee: String,
    /// `S501`, or `S301` for what is taken back of an earlier year.
    pub account: String,
    /// How much.
    pub amount: Amount,
}

/// An approved batch: Dr S501 / Cr S201 for what is granted; Dr S201 / Cr S501 or S301 for what is taken back.
pub fn approved(book: &BookCode, on: BusinessDate, batch: &str, sums: &[Granted]) -> Result<Vec<Voucher>, Unbalanced> {
    let money: Vec<&Granted> = sums.iter().filter(|sum| !sum.amount.is_zero()).collect();
    let voucher = |sums: &[&Granted]| {
        let granted: Amount = sums.iter().map(|sum| sum.amount.max(Amount::ZERO)).sum();
        let draft = Voucher::on(book, on, &format!("{batch} 贴息")).debit(&account("S501"), granted, Dimensions::default());
        let draft = sums
            .iter()
            .filter(|sum| sum.amount.is_positive())
            .fold(draft, |draft, sum| draft.credit(&account("S201"), sum.amount, party(&sum.payee)));
        let draft = draft.summary(&format!("{batch} 扣回多付贴息"));
        let draft = sums.iter().filter(|sum| sum.amount.is_negative()).fold(draft, |draft, sum| {
            let draft = draft.debit(&account("S201"), -sum.amount, party(&sum.payee));
            let own = if sum.account == "S301" { document(batch) } else { Dimensions::default() };
            draft.credit(&account(&sum.account), -sum.amount, own)
        });
        draft.balanced()
    };
    money.chunks(LINES).map(voucher).collect()
}

/// Payments of a batch: Dr S201 / Cr S101 by payee; a payee that owes pays back.
pub fn paid(book: &BookCode, on: BusinessDate, batch: &str, sums: &[(String, Amount)]) -> Result<Vec<Voucher>, Unbalanced> {
    let money: Vec<&(String, Amount)> = sums.iter().filter(|(_, amount)| !amount.is_zero()).collect();
    let voucher = |sums: &[&(String, Amount)]| {
        let draft = Voucher::on(book, on, &format!("{batch} 支付贴息"));
        let draft = sums
            .iter()
            .filter(|(_, amount)| amount.is_positive())
            .fold(draft, |draft, (payee, amount)| draft.debit(&account("S201"), *amount, party(payee)));
        let out: Amount = sums.iter().map(|(_, amount)| (*amount).max(Amount::ZERO)).sum();
        let back: Amount = sums.iter().map(|(_, amount)| (-*amount).max(Amount::ZERO)).sum();
        let draft = draft.credit(&account("S101"), out, Dimensions::default());
        let draft = draft.summary(&format!("{batch} 收回多付贴息")).debit(&account("S101"), back, Dimensions::default());
        let draft = sums
            .iter()
            .filter(|(_, amount)| amount.is_negative())
            .fold(draft, |draft, (payee, amount)| draft.credit(&account("S201"), -*amount, party(payee)));
        draft.balanced()
    };
    money.chunks(LINES).map(voucher).collect()
}

/// A payment that came back: Dr S101 / Cr S201; it waits to be paid again.
pub fn returned(book: &BookCode, on: BusinessDate, sums: &[(String, Amount)]) -> Result<Voucher, Unbalanced> {
    let total: Amount = sums.iter().map(|(_, amount)| *amount).sum();
    let draft = Voucher::on(book, on, "贴息退票").debit(&account("S101"), total, Dimensions::default());
    sums.iter().fold(draft, |draft, (payee, amount)| draft.credit(&account("S201"), *amount, party(payee))).balanced()
}
