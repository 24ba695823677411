//! What stands around every page: county, book, month, who is here, the menu (R4).

use super::desks::DESKS;
use super::guard::roles_in_words;
use super::seat::{AtBook, Seat};
use super::server;
use super::text::Texts;
use crate::access::{Permission, Scope};
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
    /// Book and month, on pages that have one.
    pub book: Option<BookHead>,
    /// The book's menu.
    pub book_menu: Vec<Item>,
    /// The county's menu.
    pub county_menu: Vec<Item>,
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
            book: None,
            book_menu: Vec::new(),
            county_menu: Vec::new(),
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
            person: Some((seat.name.clone(), roles_in_words(&seat.grants))),
            county_menu: county_menu(seat, title),
            ..Frame::outside(t, title)
        }
    }

    /// On a page of a book and month; `page` is its address within them.
    pub fn at(at: &AtBook, title: &str, page: &str) -> Frame {
        let t = at.t();
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
        let entry = |word: &'static str, to: &str| Item { word, href: at.at(to), here: to == page };
        let mut book_menu = vec![entry(t.desk, "desk")];
        book_menu.extend(at.may(Permission::KeepVouchers).then(|| entry(t.new_voucher, "vouchers/new")));
        book_menu.extend([
            entry(t.vouchers, "vouchers"),
            entry(t.claims, "claims"),
            entry(t.cash_book, "cash"),
            entry(t.disclosure, "disclosure"),
            entry(t.watch().board, "supervision"),
            entry(t.trial_balance, "trial-balance"),
            entry(t.ledgers, "ledger"),
            entry(t.journals, "journal"),
            entry(t.statements, "statements"),
            entry(t.closing, "closing"),
            entry(t.accounts, "accounts"),
            entry(t.print_centre, "print"),
        ]);
        let here = DESKS.iter().filter(|desk| desk.place == Place::Book);
        let here = here.filter(|desk| desk.name != "supervision"); // the board leads to it
        book_menu.extend(here.map(|desk| entry((desk.title)(t), &desk.page())));
        Frame { book: Some(head), book_menu, ..Frame::of(&at.seat, title) }
    }
}

fn county_menu(seat: &Seat, title: &str) -> Vec<Item> {
    let t = seat.t();
    let entry = |word: &'static str, href: &str| Item { word, href: href.to_owned(), here: word == title };
    let mut menu = vec![entry(t.books, "/books"), entry(t.watch().board, "/supervision")];
    if crate::access::may_read(&seat.grants, &Scope::County) {
        menu.push(entry(t.loans, "/loans"));
        let here = DESKS.iter().filter(|desk| desk.place == Place::County);
        menu.extend(here.map(|desk| entry((desk.title)(t), &format!("/{}", desk.page()))));
    }
    if seat.may(Permission::ManageUsers, &Scope::County) {
        menu.push(entry(t.users, "/users"));
        menu.push(entry(t.backups, "/backup"));
    }
    menu.push(entry(t.calculators, "/calc"));
    menu.push(entry(t.jobs, "/jobs"));
    menu.push(entry(t.own_account, "/me"));
    menu
}
