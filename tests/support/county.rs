//! A small county for tests: an office on a standing clock, a village book, people with roles.

use cunzhang::calendar::{AccountingPeriod, BusinessDate};
use cunzhang::db::{Db, Stop};
use cunzhang::ledger::books::Book;
use cunzhang::ledger::books::service::{AddBook, AddCounty};
use cunzhang::ledger::{AccountCode, BookCode, Dimensions, EntityKind, Voucher};
use cunzhang::money::Amount;
use cunzhang::office::{Act, Actor, Clock, Ids, Office};

/// An office with one county (459900) and its clock.
#[derive(Clone)]
pub struct County {
    pub office: Office,
    pub clock: Clock,
}

pub fn date(text: &str) -> BusinessDate {
    text.parse().expect("a date in a test is well formed")
}

pub fn actor(user: &str) -> Actor {
    Actor { county: "459900".into(), user: user.into(), face: "test" }
}

pub fn yuan(text: &str) -> Amount {
    text.parse().expect("an amount in a test is well formed")
}

/// `debit` account, `credit` account, one amount.
pub fn simple(book: &BookCode, on: &str, debit: &str, credit: &str, amount: &str) -> Voucher {
    let draft = Voucher::on(book, date(on), "测试业务");
    let draft = draft.debit(&AccountCode::from(debit), yuan(amount), Dimensions::default());
    draft
        .credit(&AccountCode::from(credit), yuan(amount), Dimensions::default())
        .balanced()
        .expect("one amount on both sides balances")
}

impl County {
    /// Opens a fresh county on a database, standing at 2026-01-05.
    pub async fn open(url: &str) -> County {
        let db = Db::open_ready(url).await.expect("a fresh database opens");
        let clock = Clock::standing_at(date("2026-01-05"));
        let office = Office::open(db, clock.clone(), Ids::seeded(7));
        let county = County { office, clock };
        county.done("县管理", AddCounty { name: "青禾县".into() }).await;
        county
    }

    /// A village book from January 2026.
    pub async fn village(&self, code: &str) -> BookCode {
        self.book(code, EntityKind::Village, "2026-01").await
    }

    /// A book of a kind from a month on.
    pub async fn book(&self, code: &str, kind: EntityKind, from: &str) -> BookCode {
        let book = BookCode::from(code);
        let first_period: AccountingPeriod = from.parse().expect("a period in a test is well formed");
        let new = Book { book: book.clone(), name: format!("{code}账"), kind, place: None, organisation: None, first_period };
        self.done("县管理", AddBook { book: new, regime: None }).await;
        book
    }

    /// Performs an act that must succeed.
    pub async fn done<A: Act>(&self, user: &str, act: A) -> A::Answer {
        self.office.perform(&actor(user), act, None).await.unwrap_or_else(|stop| panic!("{} was stopped: {stop}", A::KIND))
    }

    /// Performs an act that must be refused; answers the code.
    pub async fn refused<A: Act>(&self, user: &str, act: A) -> String {
        match self.office.perform(&actor(user), act, None).await {
            Err(Stop::Refused(refusal)) => refusal.code,
            Err(Stop::Failed(failure)) => panic!("{} failed: {failure}", A::KIND),
            Ok(_) => panic!("{} was not refused", A::KIND),
        }
    }
}
