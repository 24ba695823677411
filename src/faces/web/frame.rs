//! What stands around every page: county, book, month, who is here, the menu (R4).

use super::desks::{DESKS, Desk};
use super::guard::roles_in_words;
use super::seat::{AtBook, Seat};
use super::server;
use super::text::Texts;
use crate::access::{Permission, Role, Scope, may_read};
use crate::calendar::AccountingPeriod;
use crate::faces::commands::Place;

/// An entry of the menu.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its word.
    pub word: &'static str,
    /// Where it leads.
    pub href: String,
    /// True on the page itself.
    pub here: bool,
}

/// Entries of the menu under one word, folded until somebody opens them or stands on one.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its word.
    pub word: &'static str,
    /// Its entries.
    pub items: Vec<Item>,
    /// One of them is the page itself.
    pub open: bool,
}

impl Part {
    fn of(word: &'static str, items: Vec<Item>) -> Part {
        Part { word, open: items.iter().any(|item| item.here), items }
    }
}

/// The desks of a book that stand among the work of every day; the others are folded.
const DAILY: [&str; 1] = ["bank"];

/// The book and month of a page.
#[derive(Debug, Clone)]
pub struct BookHead {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The month.
    pub period: AccountingPeriod,
    /// In words.
    pub period_words: String,
    /// All months, latest first, with the address of this page in them and a mark for closed ones.
    pub months: Vec<(String, String, bool)>,
    /// Takes no vouchers any more.
    pub closed: bool,
}

/// The frame.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The words.
    pub t: &'static Texts,
    /// Title of the page.
    pub title: String,
    /// The county's name.
    pub county: String,
    /// A demo instance.
    pub demo: bool,
    /// Who is here: name and roles.
    pub person: Option<(String, String)>,
    /// How much waits for them.
    pub waiting: i64,
    /// Book and month, on pages that have one.
    pub book: Option<BookHead>,
    /// The menu's open part: a book's work of every day; outside books the county's rooms.
    pub menu: Vec<Item>,
    /// Its folded parts.
    pub parts: Vec<Part>,
    /// Address of the stylesheet.
    pub css: String,
    /// Address of the script.
    pub js: String,
}

impl Frame {
    /// Before anybody is logged in.
    pub fn outside(t: &'static Texts, title: &str) -> Frame {
        Frame {
            t,
            title: title.to_owned(),
            county: String::new(),
            demo: false,
            person: None,
            waiting: 0,
            book: None,
            menu: Vec::new(),
            parts: Vec::new(),
            css: server::asset("office.css"),
            js: server::asset("office.js"),
        }
    }

    /// On a page of no book.
    pub fn of(seat: &Seat, title: &str) -> Frame {
        let t = seat.t();
        let county = seat.web.county.get().map_or("", |(_, name)| name);
        Frame {
            county: county.to_owned(),
            demo: seat.web.is_demo,
            waiting: seat.waiting,
            person: Some((seat.name.clone(), roles_in_words(&seat.grants))),
            menu: county_menu(seat, title),
            ..Frame::outside(t, title)
        }
    }

    /// On a page of a book and month; `page` is its address within them.
    pub fn at(at: &AtBook, title: &str, page: &str) -> Frame {
        let months = at.periods.iter().rev().filter(|kept| !kept.period.is_opening());
        let open = |kept: &&crate::controls::period_close::store::KeptPeriod| {
            let closed = kept.state == crate::ledger::posting::PeriodState::Closed;
            (kept.period.label_zh(), format!("/b/{}/{}/{page}", at.book.book, kept.period), closed)
        };
        let head = BookHead {
            code: at.book.book.to_string(),
            name: at.book.name.clone(),
            period: at.period,
            period_words: at.period.label_zh(),
            months: months.map(|kept| open(&kept)).collect(),
            closed: at.is_closed(),
        };
        let county = Frame::of(&at.seat, title);
        let mut parts = folded(at, page);
        parts.push(Part::of(at.t().county_rooms, county.menu));
        Frame { book: Some(head), menu: daily(at, page), parts, ..county }
    }
}

/// An entry of a book's menu.
fn entry(at: &AtBook, word: &'static str, to: &str, page: &str) -> Item {
    Item { word, href: at.at(to), here: to == page }
}

/// A book's work of every day.
fn daily(at: &AtBook, page: &str) -> Vec<Item> {
    let t = at.t();
    let mut menu = vec![entry(at, t.desk, "desk", page)];
    menu.extend(at.may(Permission::KeepVouchers).then(|| entry(at, t.new_voucher, "vouchers/new", page)));
    menu.extend([
        entry(at, t.vouchers, "vouchers", page),
        entry(at, t.claims, "claims", page),
        entry(at, t.cash_book, "cash", page),
    ]);
    menu.extend(book_desks(|name| DAILY.contains(&name)).map(|desk| entry(at, (desk.title)(t), &desk.page(), page)));
    menu.extend([
        entry(at, t.trial_balance, "trial-balance", page),
        entry(at, t.ledgers, "ledger", page),
        entry(at, t.journals, "journal", page),
        entry(at, t.statements, "statements", page),
        entry(at, t.closing, "closing", page),
        entry(at, t.print_centre, "print", page),
    ]);
    menu
}

/// What a book needs less often: its rooms, what it publishes, its setting up.
fn folded(at: &AtBook, page: &str) -> Vec<Part> {
    let t = at.t();
    let of_rooms = |name: &str| !DAILY.contains(&name) && !matches!(name, "book" | "supervision");
    let rooms = book_desks(of_rooms).map(|desk| entry(at, (desk.title)(t), &desk.page(), page));
    let setting_up = book_desks(|name| name == "book").map(|desk| entry(at, (desk.title)(t), &desk.page(), page));
    let published = vec![entry(at, t.disclosure, "disclosure", page), entry(at, t.watch().board, "supervision", page)];
    vec![
        Part::of(t.book_rooms, rooms.collect()),
        Part::of(t.published_rooms, published),
        Part::of(t.setting_up, std::iter::once(entry(at, t.accounts, "accounts", page)).chain(setting_up).collect()),
    ]
}

fn book_desks(chosen: impl Fn(&str) -> bool) -> impl Iterator<Item = &'static Desk> {
    DESKS.iter().filter(move |desk| desk.place == Place::Book && chosen(desk.name))
}

fn county_menu(seat: &Seat, title: &str) -> Vec<Item> {
    let t = seat.t();
    let entry = |word: &'static str, href: &str| Item { word, href: href.to_owned(), here: word == title };
    let (of_county, of_bank) = (may_read(&seat.grants, &Scope::County), seat.banks.is_some());
    let mut menu = Vec::new();
    menu.push(entry(t.waiting().home, "/home"));
    if seat.grants.iter().any(|grant| grant.role != Role::Bank) {
        menu.extend([entry(t.books, "/books"), entry(t.watch().board, "/supervision")]);
    }
    if of_county || of_bank {
        menu.push(entry(t.loans, "/loans"));
        let here = DESKS.iter().filter(|desk| desk.place == Place::County && (of_county || desk.of_banks));
        menu.extend(here.map(|desk| entry((desk.title)(t), &format!("/{}", desk.page()))));
    }
    if seat.may(Permission::ManageUsers, &Scope::County) {
        menu.push(entry(t.users, "/users"));
        menu.push(entry(t.safe().backups, "/backup"));
    }
    menu.push(entry(t.calculators, "/calc"));
    menu.push(entry(t.jobs, "/jobs"));
    menu.push(entry(t.own_account, "/me"));
    menu
}
