//! Villages merged (村级撤并): books that end on a day and hand their balances over, and are never mixed.
//!
//! ```text
//!   V001 ─ months closed, profit cleared, nothing open ─▶ merge on the first of a month ─▶ ended; read as before, under the new place too
//!                                                          └─ balances out by one voucher ─▶ in by one voucher of the book that takes them
//! ```
//! Pure, but for `store.rs` and `service.rs`.
//!
//! 1. Every book keeps its own vouchers: two linked vouchers a book hand over what it stands at, to the fen, with all dimensions.
//! 2. From its day on an ended book takes nothing more, no claim, contract or project either; its months are not opened again.
//! 3. What does not fit is refused before anything is done: open months, vouchers or claims, profit not cleared,
//!    accounts or running contracts that mean something else in the other book.
//! 4. Unfinished projects and running contracts go on in the other book, as they stood.
//! 5. Links to what the ended village published keep working, and its public page says where it went.

pub mod refusal;
pub mod service;
pub mod store;

use std::collections::{BTreeMap, BTreeSet};

use refusal::MergerRefusal;

use crate::calendar::BusinessDate;
use crate::controls::year_close::year_end::Balance;
use crate::exchange::{Column, Dress, Sheet};
use crate::ledger::posting::BookAccount;
use crate::ledger::{AccountClass, AccountCode, BookCode, Dimension, Dimensions, Voucher};
use crate::money::Amount;
use crate::refusal::Refusal;

/// A book that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The merger.
    pub merger: i64,
    /// The book.
    pub book: BookCode,
    /// Its name.
    pub name: String,
    /// The place it was kept for.
    pub place: Option<String>,
    /// First day it takes nothing.
    pub on: BusinessDate,
    /// The book that took its balances.
    pub into: BookCode,
    /// That book's name.
    pub into_name: String,
    /// The decision.
    pub document: String,
    /// Its last voucher.
    pub given: Option<String>,
    /// The one it came in by.
    pub taken: Option<String>,
}

/// A dimension's card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Which dimension.
    pub dimension: String,
    /// Code.
    pub member: String,
    /// Name.
    pub name: String,
}

/// Cards of an ended book as the other book takes them: what is new there, and codes that mean somebody else there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cards {
    /// To be registered.
    pub new: Vec<Card>,
    /// Dimension and code, with the code they get: the old book's before their own.
    pub renamed: BTreeMap<(String, String), String>,
}

/// How the cards of a book come into another. A project registered there is another one, whatever its name.
pub fn cards(from: &BookCode, own: &[Card], there: &[Card], projects_there: &BTreeSet<String>) -> Cards {
    let is_project = |card: &Card| card.dimension == Dimension::Project.as_str() && projects_there.contains(&card.member);
    let known: BTreeMap<(&str, &str), &str> =
        there.iter().map(|card| ((card.dimension.as_str(), card.member.as_str()), card.name.as_str())).collect();
    let mut cards = Cards::default();
    for card in own {
        match known.get(&(card.dimension.as_str(), card.member.as_str())) {
            Some(name) if *name == card.name && !is_project(card) => {}
            Some(_) => {
                let code = format!("{from}-{}", card.member);
                cards.new.push(Card { member: code.clone(), ..card.clone() });
                cards.renamed.insert((card.dimension.clone(), card.member.clone()), code);
            }
            None => cards.new.push(card.clone()),
        }
    }
    cards
}

/// The accounts of the other book that balances come to, and those it lacks, parents before children.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accounts {
    /// The code each account gets.
    pub to: BTreeMap<AccountCode, AccountCode>,
    /// Accounts to be added.
    pub new: Vec<BookAccount>,
}

/// Finds an account for every balance. Refuses profit that was not cleared (B-304) and a code that means something else, or
/// takes no lines, in the other book (B-306).
pub fn accounts(
    from: &BookCode,
    (balances, own, there): (&[Balance], &[BookAccount], &[BookAccount]),
    asked: &BTreeMap<AccountCode, AccountCode>,
) -> Result<Accounts, MergerRefusal> {
    let mut found = Accounts::default();
    let standing: BTreeSet<&AccountCode> = balances.iter().map(|balance| &balance.account).collect();
    for account in own.iter().filter(|account| standing.contains(&account.code)) {
        if matches!(account.class, AccountClass::Income | AccountClass::Expense) {
            return Err(MergerRefusal::ProfitNotCleared { book: from.to_string(), account: account.code.to_string() });
        }
        let code = asked.get(&account.code).unwrap_or(&account.code);
        let is_asked = asked.contains_key(&account.code);
        let other = |name: &str| MergerRefusal::OtherAccount {
            book: from.to_string(),
            account: account.code.to_string(),
            name: account.name.clone(),
            other: format!("{code} {name}"),
        };
        match there.iter().find(|known| known.code == *code) {
            Some(known) if known.is_leaf && (is_asked || known.name == account.name) => {}
            Some(known) => return Err(other(&known.name)),
            None if is_asked => return Err(other("(没有)")),
            None => lacking(account, own, there, &mut found.new),
        }
        found.to.insert(account.code.clone(), code.clone());
    }
    Ok(found)
}

/// An account the other book lacks, after those above it that it lacks too.
fn lacking(account: &BookAccount, own: &[BookAccount], there: &[BookAccount], new: &mut Vec<BookAccount>) {
    let known = |code: &AccountCode, new: &[BookAccount]| there.iter().chain(new).any(|known| known.code == *code);
    if known(&account.code, new) {
        return;
    }
    if let Some(parent) = account.parent.as_ref().and_then(|parent| own.iter().find(|known| known.code == *parent)) {
        lacking(parent, own, there, new);
    }
    new.push(account.clone());
}

/// The dimensions of a balance with the codes its cards get.
fn renamed(dimensions: &Dimensions, cards: &Cards) -> Dimensions {
    let mut dimensions = dimensions.clone();
    for dimension in Dimension::ALL {
        let key = dimensions.get(dimension).map(|member| (dimension.as_str().to_owned(), member.to_owned()));
        if let Some(code) = key.and_then(|key| cards.renamed.get(&key)) {
            dimensions.set(dimension, Some(code.clone()));
        }
    }
    dimensions
}

/// What two vouchers are made from: the books, by code and name, and the day.
#[derive(Debug, Clone, Copy)]
pub struct Over<'a> {
    /// Who gives.
    pub from: (&'a BookCode, &'a str),
    /// Who takes.
    pub into: (&'a BookCode, &'a str),
    /// When.
    pub on: BusinessDate,
}

/// The voucher that empties the one book and the one that fills the other; none for a book that stands at nothing.
pub fn handed_over(
    over: Over<'_>,
    balances: &[Balance],
    (accounts, cards): (&Accounts, &Cards),
) -> Result<Option<(Voucher, Voucher)>, Refusal> {
    if balances.is_empty() {
        return Ok(None);
    }
    let mut given = Voucher::on(over.from.0, over.on, &format!("撤并移交余额至{}", over.into.1));
    let mut taken = Voucher::on(over.into.0, over.on, &format!("撤并接收{}余额", over.from.1));
    for balance in balances {
        let (there, with) = (accounts.to.get(&balance.account).unwrap_or(&balance.account), renamed(&balance.dimensions, cards));
        let (own, amount) = (balance.dimensions.clone(), balance.net.max(-balance.net));
        (given, taken) = if balance.net.is_positive() {
            (given.credit(&balance.account, amount, own), taken.debit(there, amount, with))
        } else {
            (given.debit(&balance.account, amount, own), taken.credit(there, amount, with))
        };
    }
    Ok(Some((given.balanced()?, taken.balanced()?)))
}

/// 撤并登记簿
pub fn register(ended: &[Ended]) -> Sheet {
    let columns = vec![
        Column::count("merger", "序号"),
        Column::date("on", "撤并日期"),
        Column::id("book", "原账套"),
        Column::text("name", "原单位"),
        Column::id("place", "原区划代码"),
        Column::id("given", "移交凭证"),
        Column::id("into", "并入账套"),
        Column::text("into_name", "并入单位"),
        Column::id("taken", "接收凭证"),
        Column::text("document", "批准文件"),
    ];
    let mut sheet = Sheet::new("撤并登记簿", columns).dressed(Dress { lying: true, ..Dress::list() });
    for row in ended {
        sheet.push(vec![
            row.merger.into(),
            row.on.into(),
            row.book.0.as_str().into(),
            row.name.as_str().into(),
            row.place.as_deref().into(),
            row.given.as_deref().into(),
            row.into.0.as_str().into(),
            row.into_name.as_str().into(),
            row.taken.as_deref().into(),
            row.document.as_str().into(),
        ]);
    }
    sheet
}

/// Debit less credit of some balances; what a whole book stands at is nothing.
pub fn sum(balances: &[Balance]) -> Amount {
    balances.iter().map(|balance| balance.net).sum()
}

#[cfg(test)]
mod tests;
