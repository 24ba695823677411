//! A bank account as the reconciliation knows it, and how far it is frozen.
//!
//! Pure.

use serde::{Deserialize, Serialize};

use super::rules::InBooks;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::ledger::{AccountCode, BookCode, Dimensions};
use crate::money::Amount;

/// What a period close does about an account that is not reconciled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseCheck {
    /// The month does not close.
    Block,
    /// It closes with a warning.
    Warn,
    /// Nothing.
    Off,
}

impl CloseCheck {
    /// As tables and commands write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            CloseCheck::Block => "block",
            CloseCheck::Warn => "warn",
            CloseCheck::Off => "off",
        }
    }

    /// As users read it.
    pub const fn label_zh(self) -> &'static str {
        match self {
            CloseCheck::Block => "不平不结账",
            CloseCheck::Warn => "不平时提示",
            CloseCheck::Off => "不检查",
        }
    }

    /// Reads what `as_str` writes.
    pub fn parse(text: &str) -> Option<CloseCheck> {
        [CloseCheck::Block, CloseCheck::Warn, CloseCheck::Off].into_iter().find(|check| check.as_str() == text)
    }
}

/// A bank account of a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankAccount {
    /// Its code within the county, such as `NS01`.
    pub code: String,
    /// 账号, digits and letters only.
    pub number: String,
    /// 开户行
    pub bank_name: String,
    /// 户名
    pub holder: String,
    /// The book it stands in.
    pub book: BookCode,
    /// Its account there.
    pub account: AccountCode,
    /// The 银行账户 dimension of its lines there; blank if the account code alone is the bank account.
    pub member: String,
    /// First day that is reconciled; what lies before is in the opening balances.
    pub starts_on: BusinessDate,
    /// The bank's balance at the beginning of that day; that of the first statement where blank.
    pub opening: Option<Amount>,
    /// What the period close does.
    pub close_check: CloseCheck,
    /// Days of the automatic matching's window.
    pub auto_days: i64,
    /// Days within which candidates are looked for.
    pub candidate_days: i64,
}

impl BankAccount {
    /// Where it stands in the books.
    pub fn in_books(&self) -> InBooks<'_> {
        let bank_account = Some(self.member.clone()).filter(|member| !member.is_empty());
        let dimensions = Dimensions { bank_account, ..Dimensions::default() };
        InBooks { bank_account: &self.code, book: &self.book, account: &self.account, dimensions }
    }

    /// True if a statement's account can be this one: the same number, or the same head and tail where it is masked.
    pub fn is(&self, stated: &str) -> bool {
        let plain: String = stated.chars().filter(char::is_ascii_alphanumeric).collect();
        match (stated.split_once('*'), stated.rsplit_once('*')) {
            (Some((head, _)), Some((_, tail))) => {
                head.len() + tail.len() >= 4 && self.number.starts_with(head) && self.number.ends_with(tail)
            }
            _ => plain == self.number,
        }
    }
}

/// What is closed and reconciled: the last such month of a bank account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frozen(pub Option<AccountingPeriod>);

impl Frozen {
    /// True if every one of the dates lies in frozen months.
    pub fn holds_all(self, mut dates: impl Iterator<Item = BusinessDate>) -> bool {
        let Some(through) = self.0 else { return false };
        dates.all(|on| AccountingPeriod::of(on) <= through)
    }

    /// The month, for a message.
    pub fn label(self) -> String {
        self.0.map_or_else(String::new, AccountingPeriod::label_zh)
    }
}
