//! A loan in the own book of the entity that borrowed: village collective, cooperative or company (posting-rules.md §1, §5).
//!
//! Pure. The entries follow from the timeline; what of them is posted and what differs, `service/own_books.rs` settles.
//!
//! 1. Bank / borrowing for what is paid out; finance cost / interest payable for every settled row; interest payable
//!    and borrowing / bank for what is paid. What the bank holds beyond it stands on interest payable, on the debit side.
//! 2. Subsidy that goes straight to the bank is income and pays the interest; the cash does not move.
//! 3. A renewal pays the old borrowing with the new one. Compensation and the bank's write-off change nothing that is owed.

use std::collections::BTreeMap;

use super::contract::Contract;
use super::fact::{Fact, Happening};
use super::timeline::{Application, Timeline};
use crate::calendar::BusinessDate;
use crate::ledger::posting_map::{PostingMapRefusal, account_for};
use crate::ledger::voucher::{Unbalanced, VoucherDraft};
use crate::ledger::{AccountCode, BookCode, Dimensions, Regime, Voucher};
use crate::money::Amount;
use chrono::Months;
use serde::{Deserialize, Serialize};

/// What an entry is, with its money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum What {
    /// 收到借款
    Borrowed {
        /// How much.
        amount: Amount,
    },
    /// 计提利息
    Accrued {
        /// How much.
        amount: Amount,
    },
    /// 归还本息
    Paid {
        /// Interest and penalty, and what the bank holds beyond them.
        interest: Amount,
        /// Principal.
        principal: Amount,
    },
    /// Money the bank held that became principal.
    Turned {
        /// How much.
        principal: Amount,
    },
    /// 财政贴息直接冲抵利息; negative where the bank gave it back.
    Subsidised {
        /// How much.
        amount: Amount,
    },
}

/// An entry of a borrower's own book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The day it happened.
    pub on: BusinessDate,
    /// What, with its money.
    pub what: What,
}

/// The entries of a loan, each under a name that stays the same when the loan is derived anew.
pub fn entries(facts: &[Fact], timeline: &Timeline) -> BTreeMap<String, Entry> {
    let mut named = Named::default();
    for fact in facts.iter().filter(|fact| fact.on <= timeline.position.through) {
        if let Happening::Disbursed { amount } = fact.what {
            named.add("放款", fact.on, What::Borrowed { amount });
        }
    }
    for row in timeline.rows.iter().filter(|row| row.amount.is_positive()) {
        named.add(row.kind.as_str(), row.due, What::Accrued { amount: row.amount });
    }
    for receipt in &timeline.applications {
        if let Some(what) = of_receipt(receipt) {
            named.add(receipt.kind, receipt.on, what);
        }
    }
    named.0
}

#[derive(Default)]
struct Named(BTreeMap<String, Entry>);

impl Named {
    fn add(&mut self, kind: &str, on: BusinessDate, what: What) {
        let mut name = format!("{on} {kind}");
        let mut again = 1;
        while self.0.contains_key(&name) {
            again += 1;
            name = format!("{on} {kind} {again}");
        }
        self.0.insert(name, Entry { on, what });
    }
}

fn of_receipt(receipt: &Application) -> Option<What> {
    let interest = receipt.interest + receipt.penalty;
    match receipt.kind {
        "held" => receipt.principal.is_positive().then_some(What::Turned { principal: receipt.principal }),
        "subsidy-paid" | "subsidy-returned" => Some(What::Subsidised { amount: receipt.received }),
        _ => Some(What::Paid { interest: interest + receipt.held, principal: receipt.principal }),
    }
}

impl What {
    /// What the entry does to the borrowing.
    pub fn borrowing(&self) -> Amount {
        match self {
            What::Borrowed { amount } => *amount,
            What::Paid { principal, .. } | What::Turned { principal } => -*principal,
            What::Accrued { .. } | What::Subsidised { .. } => Amount::ZERO,
        }
    }
}

/// The accounts a regime keeps for a loan.
struct Accounts {
    bank: AccountCode,
    loan: AccountCode,
    cost: AccountCode,
    payable: AccountCode,
    subsidy: AccountCode,
}

impl Accounts {
    fn of(regime: &Regime, contract: &Contract) -> Result<Accounts, PostingMapRefusal> {
        let is_short = contract.matures_on <= contract.signed_on + Months::new(12);
        Ok(Accounts {
            bank: account_for(regime, "bank")?,
            loan: account_for(regime, if is_short { "short_loan" } else { "long_loan" })?,
            cost: account_for(regime, "finance_cost")?,
            payable: account_for(regime, "interest_payable")?,
            subsidy: account_for(regime, "interest_subsidy")?,
        })
    }
}

crate::refusals! {
    /// Why an entry does not become a voucher.
    pub enum OwnBookRefusal {
        /// The book has no month open for it.
        "M-140" NoOpenMonth { book: String, loan: String }
            zh "账套 {book} 今天所在月份未开账或已结账,贷款 {loan} 不能入账" en "book {book} has no open month for loan {loan} today" next "先开账或反结账,再重新执行";
    }
}

/// The voucher of an entry on a date that is open in the book.
pub fn voucher(
    (book, regime): (&BookCode, &Regime),
    (loan, contract): (&str, &Contract),
    on: BusinessDate,
    what: &What,
) -> Result<Voucher, crate::refusal::Refusal> {
    let at = Accounts::of(regime, contract)?;
    let side = Dimensions::default;
    let draft = |text: &str| Voucher::on(book, on, &format!("{text} {loan}"));
    let made: VoucherDraft = match what {
        What::Borrowed { amount } => draft("收到借款").debit(&at.bank, *amount, side()).credit(&at.loan, *amount, side()),
        What::Accrued { amount } => draft("计提借款利息").debit(&at.cost, *amount, side()).credit(&at.payable, *amount, side()),
        What::Paid { interest, principal } => draft("归还借款本息")
            .debit(&at.payable, *interest, side())
            .debit(&at.loan, *principal, side())
            .credit(&at.bank, *interest + *principal, side()),
        What::Turned { principal } => {
            draft("预付款转还本金").debit(&at.loan, *principal, side()).credit(&at.payable, *principal, side())
        }
        What::Subsidised { amount } if amount.is_negative() => {
            draft("退回财政贴息").debit(&at.subsidy, -*amount, side()).credit(&at.payable, -*amount, side())
        }
        What::Subsidised { amount } => {
            draft("财政贴息冲抵利息").debit(&at.payable, *amount, side()).credit(&at.subsidy, *amount, side())
        }
    };
    Ok(made.balanced()?)
}

/// Subsidy paid to the entity itself: Dr bank / Cr subsidy income; the other way where it gives back or the payment
/// came back.
pub fn subsidy_received(
    (book, regime): (&BookCode, &Regime),
    on: BusinessDate,
    batch: &str,
    amount: Amount,
) -> Result<Voucher, crate::refusal::Refusal> {
    let (bank, income) = (account_for(regime, "bank")?, account_for(regime, "interest_subsidy")?);
    let side = Dimensions::default;
    let made = if amount.is_negative() {
        let draft = Voucher::on(book, on, &format!("退回贷款贴息 {batch}"));
        draft.debit(&income, -amount, side()).credit(&bank, -amount, side())
    } else {
        let draft = Voucher::on(book, on, &format!("收到贷款贴息 {batch}"));
        draft.debit(&bank, amount, side()).credit(&income, amount, side())
    };
    made.balanced().map_err(|why: Unbalanced| why.into())
}
