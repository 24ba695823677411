//! Who does what next: everyday business, the way to the close, and mischief.
//!
//! 1. The same seed and model give the same acts.

use cunzhang::access::service::AddUser;
use cunzhang::calendar::AccountingPeriod as Period;
use cunzhang::controls::period_close::service::{ClosePeriod, TransferProfitAndLoss};
use cunzhang::controls::year_close::service::CloseYear;
use cunzhang::ledger::attachments::service::AttachFile;
use cunzhang::ledger::books::Book as NewBook;
use cunzhang::ledger::books::service::{AddBook, PostOpening};
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::State;
use cunzhang::ledger::vouchers::service::{ChangeDraft, CopyVoucher, KeepDrafts, MoveVouchers, ReverseVoucher, Step};
use cunzhang::ledger::{EntityKind, Voucher, VoucherId};

use crate::acts::Act;
use crate::business::{self, usual};
use crate::dice::Dice;
use crate::model::{Book, Model};

/// Code, kind, place, first month.
pub const BOOKS: [(&str, EntityKind, Option<&str>, &str); 5] = [
    ("C001", EntityKind::Cooperative, None, "2022-11"),
    ("K001", EntityKind::Company, None, "2023-01"),
    ("R001", EntityKind::RiskFund, None, "2023-06"),
    ("V001", EntityKind::Village, Some("459900101201"), "2023-10"),
    ("S001", EntityKind::SubsidyFund, None, "2023-11"),
];

/// User, role, scope; the administrator first.
pub const USERS: [(&str, &str, &str); 9] = [
    ("管", "administrator", ""),
    ("甲", "accountant", ""),
    ("乙", "reviewer", ""),
    ("丙", "head", ""),
    ("丁", "clerk", "459900101000"),
    ("戊", "officer", ""),
    ("审", "auditor", ""),
    ("庚", "head", ""),
    ("己", "head", "C001"),
];

pub struct Plan {
    pub user: String,
    pub key: Option<String>,
    pub act: Act,
}

pub struct Director {
    pub dice: Dice,
    pub month: Period,
    pub recent: Vec<(String, Act)>,
    serial: usize,
}

impl Director {
    pub fn new(seed: u64) -> Director {
        let month = BOOKS[0].3.parse().expect("a period");
        Director { dice: Dice::new(seed), month, recent: Vec::new(), serial: 0 }
    }

    pub fn next(&mut self, model: &Model) -> Plan {
        self.serial += 1;
        if let Some(plan) = self.founding(model) {
            return plan;
        }
        let act = match self.dice.below(100) {
            0..18 => self.work(model),
            18..28 => self.handle(model),
            28..80 => self.tend(model),
            _ => return self.mischief(model),
        };
        let act = act.or_else(|| self.work(model));
        match act {
            Some(act) => self.by_somebody(model, act),
            None => self.mischief(model),
        }
    }

    /// Somebody who may; now and then with a key.
    pub fn by_somebody(&mut self, model: &Model, act: Act) -> Plan {
        let names: Vec<&str> = USERS.iter().map(|(user, ..)| *user).filter(|user| model.may(user, &act).is_ok()).collect();
        let makers = self.makers(model, &act);
        let others: Vec<&str> = names.iter().copied().filter(|name| !makers.iter().any(|maker| maker == name)).collect();
        let others = if self.dice.percent(12) { names.clone() } else { others };
        let user = self.dice.any(&others).or(self.dice.any(&names)).unwrap_or("甲").to_owned();
        let key = self.dice.percent(30).then(|| format!("键{}", self.serial));
        Plan { user, key, act }
    }

    /// The makers of vouchers to be approved.
    fn makers(&self, model: &Model, act: &Act) -> Vec<String> {
        let Act::MoveVouchers(moved) = act else { return Vec::new() };
        let Some(book) = model.books.get(&moved.book.0).filter(|_| moved.step == Step::Approve) else { return Vec::new() };
        moved.vouchers.iter().filter_map(|id| Some(book.kept(*id)?.maker.clone())).collect()
    }

    fn founding(&mut self, model: &Model) -> Option<Plan> {
        let due = BOOKS.iter().find(|(code, .., first)| {
            !model.books.contains_key(*code) && first.parse::<Period>().is_ok_and(|first| first <= self.month)
        });
        if let Some((code, kind, place, first)) = due {
            let book = NewBook {
                book: (*code).into(),
                name: format!("{}账", kind.label_zh()),
                kind: *kind,
                place: place.map(str::to_owned),
                organisation: None,
                first_period: first.parse().expect("a period"),
            };
            return Some(self.by_somebody(model, AddBook { book, regime: None }.into()));
        }
        if self.serial < 80 {
            return None;
        }
        let (user, role, scope) = USERS.iter().find(|(user, ..)| !model.users.contains_key(*user))?;
        let add = AddUser { user: (*user).into(), name: format!("{user}某"), role: (*role).into(), scope: (*scope).into() };
        Some(Plan { user: "管".into(), key: None, act: add.into() })
    }

    pub fn book<'m>(&mut self, model: &'m Model) -> &'m Book {
        let books: Vec<&Book> = model.books.values().collect();
        books[self.dice.below(books.len())]
    }

    /// A month of the book that is open: mostly this one.
    pub fn open_month(&mut self, book: &Book) -> Option<Period> {
        let open = |period: &Period| book.is_open(*period) == Some(true) && !period.is_opening() && *period <= self.month;
        let all: Vec<Period> = book.years.values().flat_map(|year| year.periods.keys().copied()).filter(open).collect();
        if self.dice.percent(75) && all.contains(&self.month) { Some(self.month) } else { self.dice.any(&all) }
    }

    fn work(&mut self, model: &Model) -> Option<Act> {
        let book = self.book(model);
        if book.last_posted == 0 && self.dice.percent(30) {
            return self.opening(book);
        }
        let period = self.open_month(book)?;
        let mut vouchers: Vec<Voucher> =
            (0..1 + self.dice.below(3)).map(|_| business::everyday(&mut self.dice, book, period)).collect();
        if self.dice.percent(40) {
            let skip_known = self.dice.percent(50);
            return Some(KeepDrafts { book: book.code.clone(), vouchers, skip_known }.into());
        }
        if self.dice.percent(30) {
            let other = self.book(model);
            let period = self.open_month(other);
            vouchers.extend(period.map(|period| business::everyday(&mut self.dice, other, period)));
        }
        Some(PostVouchers { vouchers, event: None }.into())
    }

    fn opening(&mut self, book: &Book) -> Option<Act> {
        let year = *book.years.keys().next()?;
        let [bank, cash, ..] = usual(&book.years[&year].regime);
        let equity = book.years[&year].chart.iter().find(|(code, a)| a.class == "equity" && book.leaf(year, code))?.0.clone();
        let mut lines = Vec::new();
        for (code, fen) in [(bank, 80_000_000), (cash, 500_000), (equity.as_str(), -80_500_000)] {
            let code = business::leaf(&mut self.dice, book, year, code);
            lines.push(business::line(&mut self.dice, book, year, &code, fen));
        }
        Some(PostOpening { book: book.code.clone(), lines }.into())
    }

    /// Some vouchers of one book, one step on; or one of them reversed, copied, given a paper.
    fn handle(&mut self, model: &Model) -> Option<Act> {
        let book = self.book(model);
        let ids: Vec<VoucherId> = book.ids().collect();
        let id = self.dice.any(&ids)?;
        let on = self.open_month(book).map(|period| business::day(&mut self.dice, period))?;
        match self.dice.below(100) {
            0..12 => Some(ReverseVoucher { book: book.code.clone(), voucher: id, on, reason: None }.into()),
            12..20 => Some(CopyVoucher { book: book.code.clone(), voucher: id, on }.into()),
            20..28 => Some(self.paper(book, id)),
            _ => {
                let waiting: Vec<VoucherId> = ids.into_iter().filter(|id| is_waiting(book, *id)).collect();
                self.one_step(book, &waiting)
            }
        }
    }

    pub fn paper(&mut self, book: &Book, voucher: VoucherId) -> Act {
        let content = vec![b'x'; self.dice.below(4)];
        AttachFile::new(book.code.clone(), voucher, "发票.pdf".into(), "application/pdf".into(), content).into()
    }

    /// Moves some of these that are in the same state one step on, or back.
    fn one_step(&mut self, book: &Book, waiting: &[VoucherId]) -> Option<Act> {
        let first = book.kept(self.dice.any(waiting)?)?;
        let same: Vec<VoucherId> =
            waiting.iter().copied().filter(|id| book.kept(*id).is_some_and(|v| v.state == first.state)).collect();
        let mut some: Vec<VoucherId> = (0..1 + self.dice.below(4)).filter_map(|_| self.dice.any(&same)).collect();
        some.dedup();
        let back = self.dice.percent(12);
        let step = match first.state {
            State::Draft if self.dice.percent(10) => return self.change(book, some[0]),
            State::Draft if back => Step::Void,
            State::Draft => Step::Submit,
            State::Submitted | State::Approved if back => Step::Return,
            State::Submitted => Step::Approve,
            _ => Step::Post,
        };
        let reason = (step == Step::Return).then(|| "金额与发票不符".to_owned());
        Some(MoveVouchers { book: book.code.clone(), vouchers: some, step, reason }.into())
    }

    /// Moves all of these that are in the same state one step on.
    fn all_on(&mut self, book: &Book, waiting: &[VoucherId]) -> Option<Act> {
        let state = |id: &VoucherId| book.kept(*id).map(|v| v.state);
        let first = waiting.iter().map(state).min_by_key(|state| state.map(|s| s as usize))?;
        let vouchers: Vec<VoucherId> = waiting.iter().copied().filter(|id| state(id) == first).collect();
        let step = match first? {
            State::Draft if self.dice.percent(15) => Step::Void,
            State::Draft => Step::Submit,
            State::Submitted => Step::Approve,
            _ => Step::Post,
        };
        Some(MoveVouchers { book: book.code.clone(), vouchers, step, reason: None }.into())
    }

    pub fn change(&mut self, book: &Book, voucher: VoucherId) -> Option<Act> {
        let old = book.kept(voucher)?;
        book.years.get(&old.content.period.year()).filter(|_| !old.content.period.is_opening())?;
        let mut content = business::everyday(&mut self.dice, book, old.content.period);
        if self.dice.percent(50) && old.content.reverses.is_some() {
            content.lines.clone_from(&old.content.lines);
        }
        Some(ChangeDraft { voucher, content }.into())
    }

    /// How far a book is, and what keeps it there.
    pub fn stands(&self, book: &Book) -> String {
        let Some(period) = book.earlier_open(Period::opening(9999)) else { return "nothing open".to_owned() };
        let (choices, adjustments) = (Vec::new(), Vec::new());
        let mut act = CloseYear { book: book.code.clone(), year: period.year(), reserve_rate: None, choices, adjustments };
        act.choices = book.choices(&act);
        let year = book.clone().close_year("丙", &act).err();
        let (waiting, cash) = (book.unposted(period).len(), book.negative_cash(period));
        format!("{period}, {} vouchers, {waiting} unposted, cash below {cash:?}, year close {year:?}", book.vouchers.len())
    }

    /// The next thing that stands between a book and its next close.
    fn tend(&mut self, model: &Model) -> Option<Act> {
        let behind = |book: &&Book| book.earlier_open(Period::opening(9999)).filter(|open| *open < self.month);
        let last = model.books.values().filter(|book| behind(book).is_some()).min_by_key(behind);
        let book = if self.dice.percent(50) { last? } else { self.book(model) };
        let period = book.earlier_open(Period::opening(9999)).filter(|open| *open < self.month)?;
        let waiting = book.unposted(period);
        if !waiting.is_empty() {
            return if self.dice.percent(20) { self.one_step(book, &waiting) } else { self.all_on(book, &waiting) };
        }
        let [bank, cash, expense, income] = usual(&book.years[&period.year()].regime);
        let post = |voucher: Voucher| Some(PostVouchers { vouchers: vec![voucher], event: None }.into());
        if let Some((_, missing)) = book.negative_cash(period) {
            return post(business::pair(&mut self.dice, book, period, (cash, bank), -missing));
        }
        if period.month() < 12 {
            if self.dice.percent(6) {
                return Some(TransferProfitAndLoss { book: book.code.clone(), period }.into());
            }
            return Some(ClosePeriod { book: book.code.clone(), period, reason: None }.into());
        }
        if let Some((code, fen)) = book.uncleared(period).pop() {
            let all = book.balances(Period::opening(period.year()), period);
            let leaf = all.keys().find(|(account, _)| account.as_str().starts_with(&code)).map(|(account, _)| account.0.clone());
            let fen = leaf.as_ref().map_or(fen, |leaf| {
                all.iter().filter(|((account, _), _)| account.as_str() == leaf).map(|(_, net)| net).sum::<i64>()
            });
            let leaf = leaf.unwrap_or(code);
            let pair = if fen > 0 { (expense, leaf.as_str()) } else { (leaf.as_str(), income) };
            return post(business::pair(&mut self.dice, book, period, pair, fen.abs().max(1)));
        }
        let reserve_rate = self.dice.percent(40).then(|| (*self.dice.pick(&["10", "7.5", "33.33"])).to_owned());
        let reserve_rate = reserve_rate.filter(|_| !book.named(period.year(), "reserve").is_empty());
        let (choices, adjustments) = (Vec::new(), Vec::new());
        let mut act = CloseYear { book: book.code.clone(), year: period.year(), reserve_rate, choices, adjustments };
        if self.dice.percent(90) {
            act.choices = book.choices(&act);
        }
        if self.dice.percent(25) {
            self.spoil_choices(&mut act.choices);
        }
        match book.clone().close_year("丙", &act) {
            Err(code) if code == "B-206" => post(business::pair(&mut self.dice, book, period, (bank, income), 150_000_000)),
            _ => Some(act.into()),
        }
    }
}

fn is_waiting(book: &Book, id: VoucherId) -> bool {
    book.kept(id).is_some_and(|v| matches!(v.state, State::Draft | State::Submitted | State::Approved))
}
