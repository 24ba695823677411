//! Rules of a book: what a bank line with certain words usually means, as a draft voucher for people to check.
//!
//! Pure.
//!
//! 1. A rule proposes; it never posts.
//! 2. Of several rules that fit, the one with the longer words counts, then the earlier name.

use serde::{Deserialize, Serialize};

use super::evidence::{BankItem, source_key};
use crate::ledger::voucher::Unbalanced;
use crate::ledger::{AccountCode, BookCode, Dimensions, Voucher};
use crate::refusal::Refusal;

/// Which lines a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// 收
    In,
    /// 付
    Out,
    /// 收付
    Both,
}

impl Direction {
    /// As tables and commands write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Direction::In => "in",
            Direction::Out => "out",
            Direction::Both => "both",
        }
    }

    /// Reads what `as_str` writes.
    pub fn parse(text: &str) -> Option<Direction> {
        [Direction::In, Direction::Out, Direction::Both].into_iter().find(|direction| direction.as_str() == text)
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its name within the book.
    pub name: String,
    /// What the summary or the counterparty's name contains.
    pub contains: String,
    /// Which lines.
    pub direction: Direction,
    /// The other account of the voucher.
    pub account: AccountCode,
    /// Dimensions of the line on that account.
    pub dimensions: Dimensions,
}

impl Rule {
    fn fits(&self, line: &BankItem) -> bool {
        let side = match self.direction {
            Direction::In => line.amount.is_positive(),
            Direction::Out => line.amount.is_negative(),
            Direction::Both => true,
        };
        side && !self.contains.is_empty() && (line.summary.contains(&self.contains) || line.name.contains(&self.contains))
    }
}

/// The rule for a line.
pub fn rule_for<'r>(rules: &'r [Rule], line: &BankItem) -> Option<&'r Rule> {
    rules.iter().filter(|rule| rule.fits(line)).min_by_key(|rule| (std::cmp::Reverse(rule.contains.chars().count()), &rule.name))
}

/// Where a bank account stands in the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InBooks<'a> {
    /// The bank account's code.
    pub bank_account: &'a str,
    /// The book.
    pub book: &'a BookCode,
    /// Its account there.
    pub account: &'a AccountCode,
    /// Dimensions of its lines there.
    pub dimensions: Dimensions,
}

/// The voucher of a bank line: the bank account against another account.
pub fn voucher(line: &BankItem, bank: &InBooks<'_>, account: &AccountCode, dimensions: &Dimensions) -> Result<Voucher, Refusal> {
    let words: Vec<&str> = [line.summary.as_str(), line.name.as_str()].into_iter().filter(|text| !text.is_empty()).collect();
    let words = if words.is_empty() { "银行流水".to_owned() } else { words.join(" ") };
    let draft = Voucher::on(bank.book, line.on, &words);
    let amount = line.amount.abs();
    let draft = if line.amount.is_positive() {
        draft.debit(bank.account, amount, bank.dimensions.clone()).credit(account, amount, dimensions.clone())
    } else {
        draft.debit(account, amount, dimensions.clone()).credit(bank.account, amount, bank.dimensions.clone())
    };
    let mut voucher = draft.balanced().map_err(|why: Unbalanced| why.refusal())?;
    voucher.source_key = Some(source_key(bank.bank_account, line.line, line.part));
    Ok(voucher)
}
