//! Loan money an account collects for the bank, in debits and credits of its own book.
//!
//! Pure. The register of loans is a mirror of the banks' books and posts nothing; the account that collects owes the
//! bank what it received (Dr bank account / Cr the account named, domain/posting-rules.md §3, pass-through).

use crate::controls::reconciliation::BankItem;
use crate::controls::reconciliation::rules::InBooks;
use crate::ledger::voucher::Unbalanced;
use crate::ledger::{AccountCode, Dimensions, Voucher};

/// A payment of a borrower, received for the bank.
pub fn collected(
    line: &BankItem,
    bank: &InBooks<'_>,
    (against, dimensions): (&AccountCode, &Dimensions),
    words: &str,
) -> Result<Voucher, Unbalanced> {
    Voucher::on(bank.book, line.on, words)
        .debit(bank.account, line.amount, bank.dimensions.clone())
        .credit(against, line.amount, dimensions.clone())
        .balanced()
}
