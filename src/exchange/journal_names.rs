//! Names of accounts in the journals of other programs.
//!
//! Pure.
//!
//! 1. A name begins with its class, then the book if several are exported, then one part per registered
//!    account above it, each with its code before its name: `资产:102 银行存款:10201 农行`.
//! 2. An account that changes its name or its chart from one year to the next gets another name, so its
//!    balance has to be carried over; one that stays the same keeps it.
//! 3. Two accounts of one book and year never share a name: codes are part of it.

use std::collections::{BTreeMap, BTreeSet};

use super::journal_out::JournalFormat;
use crate::ledger::{AccountClass, AccountCode, BookCode};

/// An account of one book and year, as the journal's head needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalAccount {
    /// 账套
    pub book: BookCode,
    /// Year of the chart.
    pub year: i32,
    /// 科目编码
    pub code: AccountCode,
    /// 科目名称, without its parents' names
    pub name: String,
    /// 类别
    pub class: AccountClass,
}

/// The names of all accounts to be exported.
#[derive(Debug, Default)]
pub struct AccountNames {
    names: BTreeMap<(BookCode, AccountCode), Vec<(i32, String)>>,
    declared: BTreeMap<String, (AccountClass, i32)>,
}

impl AccountNames {
    /// Names every account; `several_books` puts the book behind the class.
    pub fn new(accounts: &[JournalAccount], several_books: bool, format: JournalFormat) -> AccountNames {
        let mut charts: BTreeMap<(&BookCode, i32), BTreeMap<&str, &JournalAccount>> = BTreeMap::new();
        for account in accounts {
            charts.entry((&account.book, account.year)).or_default().insert(account.code.as_str(), account);
        }
        let mut names = AccountNames::default();
        for ((book, year), chart) in &charts {
            for account in chart.values() {
                let mut parts = vec![root(account.class, format).to_owned()];
                parts.extend(several_books.then(|| part(&book.0, format)));
                let above =
                    (1..=account.code.0.len()).filter_map(|end| account.code.0.get(..end)).filter_map(|code| chart.get(code));
                parts.extend(above.map(|account| part(&format!("{} {}", account.code, account.name), format)));
                names.add(account, *year, parts.join(":"));
            }
        }
        names
    }

    fn add(&mut self, account: &JournalAccount, year: i32, name: String) {
        let declared = self.declared.entry(name.clone()).or_insert((account.class, year));
        declared.1 = declared.1.min(year);
        self.names.entry((account.book.clone(), account.code.clone())).or_default().push((year, name));
    }

    /// The name of an account in a year; in a year without a chart, that of the year before it.
    pub fn get(&self, book: &BookCode, code: &AccountCode, year: i32) -> Option<&str> {
        let years = self.names.get(&(book.clone(), code.clone()))?;
        let in_force = years.iter().rev().find(|(from, _)| *from <= year).or(years.first());
        in_force.map(|(_, name)| name.as_str())
    }

    /// Every name once, with its class and the first year it is used in.
    pub fn declared(&self) -> impl Iterator<Item = (&str, AccountClass, i32)> {
        self.declared.iter().map(|(name, (class, year))| (name.as_str(), *class, *year))
    }

    /// The books that have accounts.
    pub fn books(&self) -> BTreeSet<&BookCode> {
        self.names.keys().map(|(book, _)| book).collect()
    }
}

fn root(class: AccountClass, format: JournalFormat) -> &'static str {
    if format != JournalFormat::Beancount {
        return class.label_zh();
    }
    match class {
        AccountClass::Asset | AccountClass::Cost => "Assets",
        AccountClass::Liability => "Liabilities",
        AccountClass::Equity => "Equity",
        AccountClass::Income => "Income",
        AccountClass::Expense => "Expenses",
    }
}

/// One part of a name. Beancount takes letters, digits and dashes, and no blanks; ledger and hledger take
/// single blanks, but characters that mean something to them are written in their full-width form.
fn part(text: &str, format: JournalFormat) -> String {
    if format == JournalFormat::Beancount {
        let dashed: String = text.chars().map(|c| if is_beancount_letter(c) { c } else { '-' }).collect();
        let joined = dashed.split('-').filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join("-");
        let first_is_good = joined.starts_with(|c: char| !c.is_ascii_lowercase());
        return if first_is_good { joined } else { format!("X{joined}") };
    }
    let safe: String = text.chars().map(full_width_if_special).collect();
    safe.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What beancount 2.3.5 accepts inside a name: its lexer takes any non-ASCII character, its checker only
/// letters and digits by Unicode category. The CJK blocks are safe in every version; 〇 and · are not.
fn is_beancount_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{3400}'..='\u{4DB5}' | '\u{4E00}'..='\u{9FA5}' | '\u{20000}'..='\u{2A6D6}')
}

/// ASCII punctuation in its full-width form, except where it means nothing to ledger and hledger.
pub(super) fn full_width_if_special(c: char) -> char {
    match c {
        '-' | '.' | '_' | '/' => c,
        c if c.is_ascii_punctuation() => char::from_u32(c as u32 + 0xFEE0).unwrap_or(' '),
        c if c.is_control() => ' ',
        c => c,
    }
}
