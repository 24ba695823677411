//! Automatic matching: exact and unique pairs, and nothing else.
//!
//! Pure, linear in the number of lines, and independent of their order.
//!
//! 1. A pair has the same amount to the fen, its dates lie within the window, and account, name, serial
//!    number or reference agree ([`Strength::Good`] or more).
//! 2. It is unique: neither line has a second partner for which anything speaks, be it only near.
//!    Several identical instalments on one day are the normal case, and stay for people.
//! 3. Serial numbers go first: lines they pair no longer stand in the way of others.
//! 4. Running it again on what is left finds nothing.

use std::collections::HashMap;

use super::evidence::{
    Agreement, BankItem, BankView, BookItem, BookView, KnownNames, Strength, agree, bank_view, book_view, is_reference,
    voucher_names,
};
use super::names;
use crate::calendar::BusinessDate;
use crate::money::Amount;

/// Spellings that may stand for others, looked at per line; beyond that a line is left to people.
const NEAR_LOOKED_AT: usize = 64;

/// How near two dates must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Days the voucher may lie before or after the bank's date.
    pub days: i64,
}

impl Window {
    fn holds(self, a: BusinessDate, b: BusinessDate) -> bool {
        (a - b).num_days().abs() <= self.days
    }
}

/// A pair taken: indexes of the bank line and the book line, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Index of the bank line.
    pub bank: usize,
    /// Index of the book line.
    pub book: usize,
    /// What agrees.
    pub why: Agreement,
}

/// Something by which lines find each other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Token<'a> {
    Source(&'a str),
    Serial(&'a str),
    Account(&'a str),
    Name(&'a str),
    Word(&'a str),
    Voucher(&'a str),
}

/// The lines of both sides, prepared once.
pub struct Lines<'a> {
    bank: &'a [BankItem],
    book: &'a [BookItem],
    bank_views: Vec<BankView>,
    book_views: Vec<BookView>,
    window: Window,
}

impl<'a> Lines<'a> {
    /// Prepares the lines of one bank account.
    ///
    /// `known` are all names of the account's counterparties and parties: [`known_names`] of the lines, where
    /// they are all here. Lines of different amounts never meet, so an account may be matched in shares by amount.
    pub fn new(bank_account: &str, bank: &'a [BankItem], book: &'a [BookItem], window: Window, known: &KnownNames) -> Lines<'a> {
        let bank_views: Vec<BankView> = bank.iter().map(|item| bank_view(bank_account, item)).collect();
        let found = |item: &BookItem| if item.party.is_empty() { known.within(&item.summary) } else { Vec::new() };
        let book_views = book.iter().map(|item| book_view(item, found(item))).collect();
        Lines { bank, book, bank_views, book_views, window }
    }

    /// What agrees between two lines; `None` if amount or date rule the pair out.
    pub fn agreement(&self, bank: usize, book: usize) -> Option<Agreement> {
        let (bank_item, book_item) = (&self.bank[bank], &self.book[book]);
        let possible = bank_item.amount == book_item.amount && self.window.holds(bank_item.on, book_item.on);
        possible.then(|| agree((bank_item, &self.bank_views[bank]), (book_item, &self.book_views[book])))
    }
}

/// The names that stand on the lines themselves.
pub fn known_names(bank: &[BankItem], book: &[BookItem]) -> KnownNames {
    let names: Vec<String> =
        bank.iter().map(|item| &item.name).chain(book.iter().map(|item| &item.party)).map(|name| names::normal(name)).collect();
    KnownNames::of(names.iter().map(String::as_str))
}

/// The exact and unique pairs, ordered by the bank's lines.
pub fn automatic(lines: &Lines<'_>) -> Vec<Pair> {
    let mut taken = Taken { bank: vec![false; lines.bank.len()], book: vec![false; lines.book.len()] };
    let mut pairs = Vec::new();
    for identity in [true, false] {
        let found = Index::of(lines, &taken, identity).unique(lines, &taken, identity);
        for pair in &found {
            (taken.bank[pair.bank], taken.book[pair.book]) = (true, true);
        }
        pairs.extend(found);
    }
    pairs.sort_by_key(|pair| (lines.bank[pair.bank].line, lines.bank[pair.bank].part));
    pairs
}

struct Taken {
    bank: Vec<bool>,
    book: Vec<bool>,
}

/// Where lines of one amount that share a token stand, by date.
#[derive(Default)]
struct Found {
    bank: Vec<usize>,
    book: Vec<usize>,
}

/// Lines by amount and token; and per amount, all of them and the irregular spellings.
struct Index<'a> {
    by_token: HashMap<(Amount, Token<'a>), Found>,
    by_amount: HashMap<Amount, Found>,
    irregular: HashMap<Amount, Found>,
}

impl<'a> Index<'a> {
    fn of(lines: &'a Lines<'a>, taken: &Taken, identity: bool) -> Index<'a> {
        let mut index = Index { by_token: HashMap::new(), by_amount: HashMap::new(), irregular: HashMap::new() };
        // In the order of dates, so that every list below is in that order and a window is one stretch of it.
        for bank in by_date(lines.bank.iter().map(|item| item.on), &taken.bank) {
            let (amount, view) = (lines.bank[bank].amount, &lines.bank_views[bank]);
            for token in bank_tokens(view, &lines.bank[bank], identity) {
                index.by_token.entry((amount, token)).or_default().bank.push(bank);
            }
            if !identity {
                index.by_amount.entry(amount).or_default().bank.push(bank);
                if names::is_irregular(&view.name) {
                    index.irregular.entry(amount).or_default().bank.push(bank);
                }
            }
        }
        for book in by_date(lines.book.iter().map(|item| item.on), &taken.book) {
            let (amount, view) = (lines.book[book].amount, &lines.book_views[book]);
            for token in book_tokens(view, identity) {
                // A token no bank line of this amount has leads nowhere.
                if let Some(found) = index.by_token.get_mut(&(amount, token)) {
                    found.book.push(book);
                }
            }
            if !identity && let Some(all) = index.by_amount.get_mut(&amount) {
                all.book.push(book);
                if view.names.iter().any(|name| names::is_irregular(name)) {
                    index.irregular.entry(amount).or_default().book.push(book);
                }
            }
        }
        index
    }

    fn unique(&self, lines: &'a Lines<'a>, taken: &Taken, identity: bool) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for bank in (0..lines.bank.len()).filter(|bank| !taken.bank[*bank]) {
            let One::Partner(book) = self.partner_of_bank(lines, bank, identity) else { continue };
            let One::Partner(back) = self.partner_of_book(lines, book, identity) else { continue };
            let wanted = if identity { Strength::Identity } else { Strength::Good };
            let why = lines.agreement(bank, book).filter(|why| why.strength() >= wanted);
            if let Some(why) = why.filter(|_| back == bank)
                && (identity || !self.has_near_rival(lines, bank, book))
            {
                pairs.push(Pair { bank, book, why });
            }
        }
        pairs
    }

    /// The one book line that shares a token with a bank line, if it is one.
    fn partner_of_bank(&self, lines: &Lines<'a>, bank: usize, identity: bool) -> One {
        let item = &lines.bank[bank];
        let tokens = bank_tokens(&lines.bank_views[bank], item, identity);
        let lists =
            tokens.into_iter().filter_map(|token| self.by_token.get(&(item.amount, token))).map(|found| found.book.as_slice());
        one(lists.map(|list| stretch(list, |book| lines.book[*book].on, item.on, lines.window)))
    }

    fn partner_of_book(&self, lines: &Lines<'a>, book: usize, identity: bool) -> One {
        let item = &lines.book[book];
        let tokens = book_tokens(&lines.book_views[book], identity);
        let lists =
            tokens.into_iter().filter_map(|token| self.by_token.get(&(item.amount, token))).map(|found| found.bank.as_slice());
        one(lists.map(|list| stretch(list, |bank| lines.bank[*bank].on, item.on, lines.window)))
    }

    /// True if another line is near one of the two, or too many would have to be looked at to know.
    fn has_near_rival(&self, lines: &Lines<'a>, bank: usize, book: usize) -> bool {
        let (bank_item, book_item) = (&lines.bank[bank], &lines.book[book]);
        let amount = bank_item.amount;
        let pool = |irregular: bool| if irregular { self.by_amount.get(&amount) } else { self.irregular.get(&amount) };
        let bank_name = &lines.bank_views[bank].name;
        let books = pool(names::is_irregular(bank_name)).map_or(&[][..], |found| &found.book);
        let books = stretch(books, |other| lines.book[*other].on, bank_item.on, lines.window);
        let book_names = &lines.book_views[book].names;
        let banks = pool(book_names.iter().any(|name| names::is_irregular(name))).map_or(&[][..], |found| &found.bank);
        let banks = stretch(banks, |other| lines.bank[*other].on, book_item.on, lines.window);
        let near = |bank: usize, book: usize| lines.agreement(bank, book).is_some_and(|why| why.strength() > Strength::None);
        books.len() > NEAR_LOOKED_AT
            || banks.len() > NEAR_LOOKED_AT
            || books.iter().any(|other| *other != book && near(bank, *other))
            || banks.iter().any(|other| *other != bank && near(*other, book))
    }
}

enum One {
    Nobody,
    Partner(usize),
    Several,
}

/// The only member of some lists, if they have one together; looks at two members at most of each.
fn one<'l>(lists: impl Iterator<Item = &'l [usize]>) -> One {
    let mut only = One::Nobody;
    for member in lists.flat_map(|list| list.iter().take(2)) {
        only = match only {
            One::Nobody => One::Partner(*member),
            One::Partner(same) if same == *member => One::Partner(same),
            _ => return One::Several,
        };
    }
    only
}

/// The part of a list, ordered by date, that lies within the window of a date.
fn stretch(list: &[usize], date: impl Fn(&usize) -> BusinessDate, on: BusinessDate, window: Window) -> &[usize] {
    let from = list.partition_point(|member| (date(member) - on).num_days() < -window.days);
    let to = list.partition_point(|member| (date(member) - on).num_days() <= window.days);
    &list[from..to]
}

fn by_date(dates: impl Iterator<Item = BusinessDate>, taken: &[bool]) -> Vec<usize> {
    let mut free: Vec<(BusinessDate, usize)> =
        dates.enumerate().map(|(index, on)| (on, index)).filter(|(_, index)| !taken[*index]).collect();
    free.sort_unstable();
    free.into_iter().map(|(_, index)| index).collect()
}

fn bank_tokens<'v>(view: &'v BankView, item: &'v BankItem, identity: bool) -> Vec<Token<'v>> {
    let mut tokens = vec![Token::Source(view.source.as_str())];
    let mut add = |there: bool, token: Token<'v>| there.then(|| tokens.push(token));
    add(!view.serial.is_empty(), Token::Serial(&view.serial));
    if !identity {
        add(!view.account.is_empty(), Token::Account(&view.account));
        add(!view.name.is_empty(), Token::Name(&view.name));
        tokens.extend(view.references.iter().filter(|word| is_reference(word)).map(|word| Token::Word(word)));
        tokens.extend(voucher_names(&item.summary).map(Token::Voucher));
    }
    tokens
}

fn book_tokens(view: &BookView, identity: bool) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = view.source.iter().map(|source| Token::Source(source)).collect();
    tokens.extend(view.words.iter().map(|word| Token::Serial(word)));
    if !identity {
        tokens.extend(view.accounts.iter().map(|account| Token::Account(account)));
        tokens.extend(view.names.iter().map(|name| Token::Name(name)));
        tokens.extend(view.words.iter().filter(|word| is_reference(word)).map(|word| Token::Word(word)));
        tokens.push(Token::Voucher(&view.reference));
    }
    tokens
}
