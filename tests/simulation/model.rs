//! The naive model: books as plain maps, every rule written a second time, nothing shared with `src` but its value types.
//!
//! 1. An act that is refused leaves nothing behind.
//! 2. Rules in their order: replay, book, user, permission; then shape, state, references.

use std::collections::{BTreeMap, BTreeSet};

use cunzhang::calendar::AccountingPeriod as Period;
use cunzhang::ledger::books::Book as NewBook;
use cunzhang::ledger::service::Numbered;
use cunzhang::ledger::vouchers::State;
use cunzhang::ledger::{BookCode, Voucher, VoucherId, Word};
use serde_json::{Value, json};

use crate::acts::{Act, Answer};
use crate::charts::{self, Chart};
use crate::rules::{allows, covers};

pub type Done<T> = Result<T, String>;

/// Shorthand for a refusal.
pub fn no<T>(code: &str) -> Done<T> {
    Err(code.to_owned())
}

/// A voucher as the model keeps it; its key is its place in the list, from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub content: Voucher,
    pub number: i64,
    pub state: State,
    pub maker: String,
    pub reviewer: Option<String>,
    pub poster: Option<String>,
    pub posted: Option<i64>,
    pub return_reason: Option<String>,
    pub files: Vec<String>,
}

impl Kept {
    pub fn reference(&self) -> String {
        format!("{}-{}-{}", self.content.period, self.content.word.as_str(), self.number)
    }
}

#[derive(Debug, Clone, Default)]
pub struct Year {
    pub regime: String,
    pub chart: Chart,
    /// Periods kept: closed or not, with the digest of the close.
    pub periods: BTreeMap<Period, (bool, Option<String>)>,
    pub carried: bool,
}

#[derive(Debug, Clone)]
pub struct Book {
    pub code: BookCode,
    pub kind: String,
    pub place: Option<String>,
    pub years: BTreeMap<i32, Year>,
    pub vouchers: Vec<Kept>,
    pub last_posted: i64,
    pub numbers: BTreeMap<(Period, Word), i64>,
    pub members: BTreeMap<(String, String), String>,
}

/// The county as it should be.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub places: BTreeSet<String>,
    /// User to (role, scope).
    pub users: BTreeMap<String, BTreeSet<(String, String)>>,
    pub books: BTreeMap<String, Book>,
    pub keys: BTreeMap<String, (String, Value)>,
    /// The books of the last act, as they were before it.
    pub before: BTreeMap<String, Book>,
    /// Acts done so far: lines of the audit trail.
    pub acts: usize,
}

impl Model {
    /// What the office must answer; the model moves on where the act is done.
    pub fn perform(&mut self, user: &str, key: Option<&str>, act: &Act) -> Answer {
        let request = act.request();
        self.before = self.involved(act);
        if let Some((before, answer)) = key.and_then(|key| self.keys.get(key)) {
            return if *before == request { Ok(answer.clone()) } else { no("O-101") };
        }
        self.may(user, act)?;
        let answer = self.decide(user, act);
        match (&answer, key) {
            (Ok(answer), Some(key)) => drop(self.keys.insert(key.to_owned(), (request, answer.clone()))),
            (Ok(_), None) => {}
            (Err(_), _) => self.books.extend(self.before.clone()),
        }
        self.acts += usize::from(answer.is_ok());
        answer
    }

    /// The books an act may touch, as they are.
    fn involved(&self, act: &Act) -> BTreeMap<String, Book> {
        let codes: BTreeSet<&str> = match act {
            Act::PostVouchers(a) => a.vouchers.iter().map(|v| v.book.0.as_str()).collect(),
            act => Model::book_of(act).iter().map(|book| book.0.as_str()).collect(),
        };
        codes.into_iter().filter_map(|code| Some((code.to_owned(), self.books.get(code)?.clone()))).collect()
    }

    /// The book an act is done to, if it is one.
    pub fn book_of(act: &Act) -> Option<&BookCode> {
        match act {
            Act::AddUser(_) | Act::AddBook(_) => None,
            Act::AddAccounts(a) => Some(&a.book),
            Act::StopAccount(a) => Some(&a.book),
            Act::AddMembers(a) => Some(&a.book),
            Act::PostOpening(a) => Some(&a.book),
            Act::KeepDrafts(a) => Some(&a.book),
            Act::MoveVouchers(a) => Some(&a.book),
            Act::ChangeDraft(a) => Some(&a.content.book),
            Act::ReverseVoucher(a) => Some(&a.book),
            Act::CopyVoucher(a) => Some(&a.book),
            Act::AttachFile(a) => Some(&a.book),
            Act::PostVouchers(a) => {
                let first = &a.vouchers.first()?.book;
                a.vouchers.iter().all(|v| v.book == *first).then_some(first)
            }
            Act::ClosePeriod(a) => Some(&a.book),
            Act::ReopenPeriod(a) => Some(&a.book),
            Act::TransferProfitAndLoss(a) => Some(&a.book),
            Act::OpenYear(a) => Some(&a.book),
            Act::CloseYear(a) => Some(&a.book),
        }
    }

    /// What the act needs, in one word.
    pub fn permission(act: &Act) -> &'static str {
        use cunzhang::ledger::vouchers::service::Step;
        match act {
            Act::AddUser(_) => "users",
            Act::AddBook(_) | Act::AddAccounts(_) | Act::StopAccount(_) | Act::AddMembers(_) | Act::PostOpening(_) => "books",
            Act::OpenYear(_) => "books",
            Act::KeepDrafts(_) | Act::ChangeDraft(_) | Act::ReverseVoucher(_) | Act::CopyVoucher(_) | Act::AttachFile(_) => {
                "keep"
            }
            Act::MoveVouchers(a) => match a.step {
                Step::Submit | Step::Void => "keep",
                Step::Approve | Step::Return => "review",
                Step::Post => "post",
            },
            Act::PostVouchers(_) => "rule",
            Act::ClosePeriod(_) | Act::TransferProfitAndLoss(_) | Act::CloseYear(_) => "close",
            Act::ReopenPeriod(_) => "reopen",
        }
    }

    /// Is there the book, the user, and a role that allows it?
    pub fn may(&self, user: &str, act: &Act) -> Done<()> {
        let book = Model::book_of(act);
        let kept = book.map(|book| self.books.get(&book.0).ok_or("O-103".to_owned())).transpose()?;
        if self.users.is_empty() {
            return Ok(());
        }
        let Some(grants) = self.users.get(user) else { return no("N-101") };
        let held = grants.iter().any(|(role, scope)| allows(role, Model::permission(act)) && covers(scope, kept));
        if held { Ok(()) } else { no("N-103") }
    }

    fn decide(&mut self, user: &str, act: &Act) -> Answer {
        match act {
            Act::AddUser(a) => {
                if !["accountant", "reviewer", "head", "cashier", "clerk", "officer", "auditor", "administrator"]
                    .contains(&a.role.as_str())
                {
                    return no("N-104");
                }
                if self.users.is_empty() && a.role != "administrator" {
                    return no("N-105");
                }
                let is_place = a.scope.len() == 12 && a.scope.starts_with("459900");
                let is_book = self.books.is_empty() || self.books.contains_key(&a.scope);
                if !a.scope.is_empty() && !is_place && !is_book {
                    return no("N-108");
                }
                self.users.entry(a.user.clone()).or_default().insert((a.role.clone(), a.scope.clone()));
                Ok(Value::Null)
            }
            Act::AddBook(a) => self.add_book(&a.book, a.regime.as_deref()),
            Act::PostVouchers(a) => self.post(user, &a.vouchers).map(said),
            act => {
                let book = Model::book_of(act).and_then(|code| self.books.get_mut(&code.0)).expect("`may` found the book");
                book.decide(user, act)
            }
        }
    }

    fn add_book(&mut self, new: &NewBook, regime: Option<&str>) -> Answer {
        let code = &new.book.0;
        if code.is_empty() || code.len() > 20 || !code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return no("B-102");
        }
        if self.books.contains_key(code) {
            return no("B-101");
        }
        if new.place.as_ref().is_some_and(|place| !self.places.contains(place)) {
            return no("B-107");
        }
        let (kind, on) = (new.kind.as_str(), new.first_period.first_day().to_string());
        let chosen = match regime {
            None => charts::regime_on(kind, &on).ok_or("C-108")?,
            Some(id) if charts::regime(id).is_none() => return no("C-107"),
            Some(id) if charts::regime_on(kind, &on).as_deref() == Some(id) => id.to_owned(),
            Some(_) => return no("B-104"),
        };
        let mut book = Book {
            code: new.book.clone(),
            kind: kind.to_owned(),
            place: new.place.clone(),
            years: BTreeMap::new(),
            vouchers: Vec::new(),
            last_posted: 0,
            numbers: BTreeMap::new(),
            members: BTreeMap::new(),
        };
        book.open_year(new.first_period.year(), &chosen, charts::chart(&chosen), new.first_period.month());
        self.books.insert(code.clone(), book);
        Ok(json!(chosen))
    }

    /// Posts a list over any books, all or none.
    fn post(&mut self, user: &str, vouchers: &[Voucher]) -> Done<Vec<Numbered>> {
        if vouchers.is_empty() {
            return no("L-109");
        }
        if vouchers.iter().any(|v| !self.books.contains_key(&v.book.0)) {
            return no("L-306");
        }
        let mut lists: BTreeMap<&str, Vec<&Voucher>> = BTreeMap::new();
        for voucher in vouchers {
            self.books[&voucher.book.0].check(voucher)?;
            lists.entry(&voucher.book.0).or_default().push(voucher);
        }
        for (book, list) in &lists {
            self.books[*book].refuse_known_sources(list)?;
        }
        for (book, list) in &lists {
            list.iter().enumerate().try_for_each(|(at, red)| self.books[*book].check_reversal(red, &list[..at]))?;
        }
        let post = |v: &Voucher| self.books.get_mut(&v.book.0).expect("looked up above").take_posted(user, v.clone());
        Ok(vouchers.iter().map(post).collect())
    }
}

pub fn said(numbered: Vec<Numbered>) -> Value {
    serde_json::to_value(numbered).expect("numbers are plain data")
}

impl Book {
    pub fn open_year(&mut self, year: i32, regime: &str, chart: Chart, first_month: u32) {
        let months = (first_month..=12).filter_map(|month| Period::new(year, month));
        let periods = std::iter::once(Period::opening(year)).chain(months).map(|period| (period, (false, None))).collect();
        self.years.insert(year, Year { regime: regime.to_owned(), chart, periods, carried: false });
    }

    pub fn kept(&self, id: VoucherId) -> Option<&Kept> {
        usize::try_from(id.0 - 1).ok().and_then(|at| self.vouchers.get(at))
    }

    pub fn kept_mut(&mut self, id: VoucherId) -> &mut Kept {
        &mut self.vouchers[id.0 as usize - 1]
    }

    pub fn find(&self, id: VoucherId) -> Done<&Kept> {
        self.kept(id).ok_or("L-305".to_owned())
    }

    pub fn ids(&self) -> impl Iterator<Item = VoucherId> {
        (1..=self.vouchers.len() as i64).map(VoucherId)
    }

    /// The posted vouchers of a year, through a period.
    pub fn posted(&self, from: Period, through: Period) -> impl Iterator<Item = &Kept> {
        self.vouchers.iter().filter(move |v| v.state == State::Posted && (from..=through).contains(&v.content.period))
    }

    pub fn is_open(&self, period: Period) -> Option<bool> {
        Some(!self.years.get(&period.year())?.periods.get(&period)?.0)
    }

    fn number(&mut self, voucher: &Voucher) -> Numbered {
        let last = self.numbers.entry((voucher.period, voucher.word)).or_default();
        *last += 1;
        Numbered(self.code.clone(), VoucherId(self.vouchers.len() as i64 + 1), voucher.period, voucher.word, *last)
    }

    pub fn take_draft(&mut self, user: &str, content: Voucher) -> Numbered {
        let numbered = self.number(&content);
        self.vouchers.push(Kept {
            content,
            number: numbered.4,
            state: State::Draft,
            maker: user.to_owned(),
            reviewer: None,
            poster: None,
            posted: None,
            return_reason: None,
            files: Vec::new(),
        });
        numbered
    }

    pub fn take_posted(&mut self, user: &str, content: Voucher) -> Numbered {
        let numbered = self.take_draft(user, content);
        self.last_posted += 1;
        let posted = self.last_posted;
        let kept = self.kept_mut(numbered.1);
        (kept.state, kept.posted) = (State::Posted, Some(posted));
        (kept.reviewer, kept.poster) = (Some("系统规则".to_owned()), Some(user.to_owned()));
        numbered
    }

    pub fn add_members(&mut self, members: &[cunzhang::ledger::books::store::Member]) -> Answer {
        const KNOWN: [&str; 10] =
            ["party", "project", "fund_class", "document", "bank_account", "往来", "项目", "资金类别", "文号", "银行账户"];
        if members.iter().any(|m| !KNOWN.contains(&m.dimension.as_str())) {
            return no("B-110");
        }
        let mut changed = 0;
        for m in members {
            let before = self.members.insert((m.dimension.clone(), m.member.clone()), m.name.clone());
            changed += u64::from(before.as_ref() != Some(&m.name));
        }
        Ok(json!(changed))
    }
}
