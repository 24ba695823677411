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
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};

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

/// What two lines have in common, as one number: amount and a token (account, name, word …). Two different things with
/// one number, which is next to impossible, would only leave a line to people: every pair is compared in full.
type Key = u64;

/// A key is spread well already.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// Where the lines of a key stand in the index's lists: from, how many.
#[derive(Default, Clone, Copy)]
struct Span {
    bank: (u32, u32),
    book: (u32, u32),
}

/// The keys of every line of a side, one after the other.
#[derive(Default)]
struct Keys {
    all: Vec<Key>,
    ends: Vec<u32>,
}

impl Keys {
    /// Each key of a line once: a list in which a line stood twice would hide another behind it.
    fn of(count: usize, mut keys: impl FnMut(usize, &mut Vec<Key>)) -> Keys {
        let (mut found, mut own) = (Keys::default(), Vec::new());
        for line in 0..count {
            keys(line, &mut own);
            own.sort_unstable();
            own.dedup();
            found.all.append(&mut own);
            found.ends.push(found.all.len() as u32);
        }
        found
    }

    fn line(&self, line: usize) -> &[Key] {
        let from = if line == 0 { 0 } else { self.ends[line - 1] as usize };
        &self.all[from..self.ends[line] as usize]
    }
}

/// Lines by key, in the order of their dates, so that a window is one stretch of a list.
struct Index {
    bank_keys: Keys,
    book_keys: Keys,
    spans: HashMap<Key, Span, BuildHasherDefault<AsItIs>>,
    bank: Vec<u32>,
    book: Vec<u32>,
}

impl Index {
    fn of(lines: &Lines<'_>, taken: &Taken, identity: bool) -> Index {
        let bank_keys = Keys::of(lines.bank.len(), |line, keys| {
            if !taken.bank[line] {
                bank_tokens(&lines.bank_views[line], &lines.bank[line], identity, keys);
            }
        });
        let book_keys = Keys::of(lines.book.len(), |line, keys| {
            if !taken.book[line] {
                book_tokens(&lines.book_views[line], &lines.book[line], identity, keys);
            }
        });
        let mut index = Index { bank_keys, book_keys, spans: HashMap::default(), bank: Vec::new(), book: Vec::new() };
        for key in &index.bank_keys.all {
            index.spans.entry(*key).or_default().bank.1 += 1;
        }
        if !identity {
            // Irregular spellings of the books count even where the bank's of that amount are regular.
            for item in lines.bank {
                index.spans.entry(pool_key(item.amount, true)).or_default();
            }
        }
        for key in &index.book_keys.all {
            // A key no bank line has leads nowhere.
            if let Some(span) = index.spans.get_mut(key) {
                span.book.1 += 1;
            }
        }
        let (mut bank, mut book) = (0, 0);
        for span in index.spans.values_mut() {
            (span.bank.0, span.book.0) = (bank, book);
            (bank, book) = (bank + span.bank.1, book + span.book.1);
            (span.bank.1, span.book.1) = (0, 0);
        }
        (index.bank, index.book) = (vec![0; bank as usize], vec![0; book as usize]);
        index.fill(lines, taken);
        index
    }

    /// Puts every line into the lists of its keys, by date.
    fn fill(&mut self, lines: &Lines<'_>, taken: &Taken) {
        for line in by_date(lines.bank.iter().map(|item| item.on), &taken.bank) {
            for key in self.bank_keys.line(line) {
                if let Some(span) = self.spans.get_mut(key) {
                    self.bank[(span.bank.0 + span.bank.1) as usize] = line as u32;
                    span.bank.1 += 1;
                }
            }
        }
        for line in by_date(lines.book.iter().map(|item| item.on), &taken.book) {
            for key in self.book_keys.line(line) {
                if let Some(span) = self.spans.get_mut(key) {
                    self.book[(span.book.0 + span.book.1) as usize] = line as u32;
                    span.book.1 += 1;
                }
            }
        }
    }

    fn bank_of(&self, key: Key) -> &[u32] {
        let span = self.spans.get(&key).map_or((0, 0), |span| span.bank);
        &self.bank[span.0 as usize..(span.0 + span.1) as usize]
    }

    fn book_of(&self, key: Key) -> &[u32] {
        let span = self.spans.get(&key).map_or((0, 0), |span| span.book);
        &self.book[span.0 as usize..(span.0 + span.1) as usize]
    }

    fn unique(&self, lines: &Lines<'_>, taken: &Taken, identity: bool) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for bank in (0..lines.bank.len()).filter(|bank| !taken.bank[*bank]) {
            let One::Partner(book) = self.partner_of_bank(lines, bank) else { continue };
            let One::Partner(back) = self.partner_of_book(lines, book) else { continue };
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
    fn partner_of_bank(&self, lines: &Lines<'_>, bank: usize) -> One {
        let on = lines.bank[bank].on;
        let lists = self.bank_keys.line(bank).iter().filter(|key| !is_pool(**key)).map(|key| self.book_of(*key));
        one(lists.map(|list| stretch(list, |book| lines.book[book].on, on, lines.window)))
    }

    fn partner_of_book(&self, lines: &Lines<'_>, book: usize) -> One {
        let on = lines.book[book].on;
        let lists = self.book_keys.line(book).iter().filter(|key| !is_pool(**key)).map(|key| self.bank_of(*key));
        one(lists.map(|list| stretch(list, |bank| lines.bank[bank].on, on, lines.window)))
    }

    /// True if another line is near one of the two, or too many would have to be looked at to know.
    fn has_near_rival(&self, lines: &Lines<'_>, bank: usize, book: usize) -> bool {
        let (bank_item, book_item) = (&lines.bank[bank], &lines.book[book]);
        let pool = |irregular: bool| pool_key(bank_item.amount, !irregular);
        let bank_name = &lines.bank_views[bank].name;
        let books = self.book_of(pool(names::is_irregular(bank_name)));
        let books = stretch(books, |other| lines.book[other].on, bank_item.on, lines.window);
        let book_names = &lines.book_views[book].names;
        let banks = self.bank_of(pool(book_names.iter().any(|name| names::is_irregular(name))));
        let banks = stretch(banks, |other| lines.bank[other].on, book_item.on, lines.window);
        let near = |bank: usize, book: usize| lines.agreement(bank, book).is_some_and(|why| why.strength() > Strength::None);
        books.len() > NEAR_LOOKED_AT
            || banks.len() > NEAR_LOOKED_AT
            || books.iter().any(|other| *other as usize != book && near(bank, *other as usize))
            || banks.iter().any(|other| *other as usize != bank && near(*other as usize, book))
    }
}

enum One {
    Nobody,
    Partner(usize),
    Several,
}

/// The only member of some lists, if they have one together; looks at two members at most of each.
fn one<'l>(lists: impl Iterator<Item = &'l [u32]>) -> One {
    let mut only = One::Nobody;
    for member in lists.flat_map(|list| list.iter().take(2)) {
        only = match only {
            One::Nobody => One::Partner(*member as usize),
            One::Partner(same) if same == *member as usize => One::Partner(same),
            _ => return One::Several,
        };
    }
    only
}

/// The part of a list, ordered by date, that lies within the window of a date.
fn stretch(list: &[u32], date: impl Fn(usize) -> BusinessDate, on: BusinessDate, window: Window) -> &[u32] {
    let from = list.partition_point(|member| (date(*member as usize) - on).num_days() < -window.days);
    let to = from + list[from..].partition_point(|member| (date(*member as usize) - on).num_days() <= window.days);
    &list[from..to]
}

fn by_date(dates: impl Iterator<Item = BusinessDate>, taken: &[bool]) -> Vec<usize> {
    let mut free: Vec<(BusinessDate, usize)> =
        dates.enumerate().map(|(index, on)| (on, index)).filter(|(_, index)| !taken[*index]).collect();
    free.sort_unstable();
    free.into_iter().map(|(_, index)| index).collect()
}

/// Kinds of tokens: keys of different kinds never meet.
#[derive(Clone, Copy, Hash)]
enum Kind {
    Source,
    Serial,
    Account,
    Name,
    Word,
    Voucher,
}

/// A key of an amount and a token. Its last bit tells it from a pool's.
fn key(amount: Amount, kind: Kind, token: &str) -> Key {
    let mut hasher = DefaultHasher::new();
    (amount.fen(), kind, token).hash(&mut hasher);
    hasher.finish() | 1
}

/// The pool of all lines of an amount, or of its irregular spellings.
fn pool_key(amount: Amount, irregular: bool) -> Key {
    let mut hasher = DefaultHasher::new();
    (amount.fen(), irregular).hash(&mut hasher);
    hasher.finish() & !1
}

fn is_pool(key: Key) -> bool {
    key & 1 == 0
}

fn bank_tokens(view: &BankView, item: &BankItem, identity: bool, keys: &mut Vec<Key>) {
    let mut add = |there: bool, kind: Kind, token: &str| {
        if there {
            keys.push(key(item.amount, kind, token));
        }
    };
    add(true, Kind::Source, &view.source);
    add(!view.serial.is_empty(), Kind::Serial, &view.serial);
    if identity {
        return;
    }
    add(!view.account.is_empty(), Kind::Account, &view.account);
    add(!view.name.is_empty(), Kind::Name, &view.name);
    view.references.iter().for_each(|word| add(is_reference(word), Kind::Word, word));
    voucher_names(&item.summary).for_each(|name| add(true, Kind::Voucher, name));
    keys.push(pool_key(item.amount, false));
    if names::is_irregular(&view.name) {
        keys.push(pool_key(item.amount, true));
    }
}

fn book_tokens(view: &BookView, item: &BookItem, identity: bool, keys: &mut Vec<Key>) {
    let mut add = |there: bool, kind: Kind, token: &str| {
        if there {
            keys.push(key(item.amount, kind, token));
        }
    };
    view.source.iter().for_each(|source| add(true, Kind::Source, source));
    view.words.iter().for_each(|word| add(true, Kind::Serial, word));
    if identity {
        return;
    }
    view.accounts.iter().for_each(|account| add(true, Kind::Account, account));
    view.names.iter().for_each(|name| add(true, Kind::Name, name));
    view.words.iter().for_each(|word| add(is_reference(word), Kind::Word, word));
    add(true, Kind::Voucher, &view.reference);
    keys.push(pool_key(item.amount, false));
    if view.names.iter().any(|name| names::is_irregular(name)) {
        keys.push(pool_key(item.amount, true));
    }
}
