//! The seat: who is logged in, in which county, with which roles and words; and the book a page is about.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use sqlx::{Any, Transaction};
use tokio::sync::Notify;

use super::job_files::JobFiles;
use super::jobs::AtWork;
use super::kept::Kept;
use super::loans::Register;
use super::login::Waits;
use super::text::{Lang, Texts};
use super::trouble::Trouble;
use super::uploads::Uploads;
use crate::access::{AccessRefusal, Grant, Permission, Scope, check, check_bank, may_read, store};
use crate::calendar::AccountingPeriod;
use crate::controls::period_close::store::{KeptPeriod, periods};
use crate::db::{Connection, Failure, Stop};
use crate::ledger::books::Book;
use crate::ledger::posting::PeriodState;
use crate::office::{Act, Actor, Office};
use crate::papers::Dressing;

/// What every request shares.
pub struct Web {
    /// The office.
    pub office: Office,
    /// The county served; empty until the first start made it.
    pub county: OnceLock<(String, String)>,
    /// True once somebody can log in; until then the first start is open.
    pub is_founded: AtomicBool,
    /// The word that opens the first start; printed where the server was started.
    pub setup_word: String,
    /// Uploaded files between looking and taking in.
    pub uploads: Uploads,
    /// Long work in hand.
    pub at_work: AtWork,
    /// What it printed.
    pub job_files: JobFiles,
    /// Who has mistyped their password how often.
    pub waits: Waits,
    /// Pages of the loan register as asked for a moment ago.
    pub registers: Kept<Register>,
    /// How much waits for whom, as counted a moment ago.
    pub waiting: Kept<i64>,
    /// The folder the office keeps its backups in.
    pub backups: PathBuf,
    /// Told when the server shall end its requests and put a prepared backup in the place of the books.
    pub restoring: Notify,
    /// The fictional county, whose accounts and password everybody may know.
    pub is_demo: bool,
    /// People reach it by https: cookies are sent by nothing else.
    pub https: bool,
}

impl Web {
    /// The county's code; empty before the first start.
    pub fn county(&self) -> &str {
        self.county.get().map_or("", |(code, _)| code)
    }

    /// True once somebody can log in.
    pub fn is_founded(&self) -> bool {
        self.is_founded.load(Ordering::Acquire)
    }
}

/// Somebody at work.
#[derive(Clone)]
pub struct Seat {
    /// What every request shares.
    pub web: Arc<Web>,
    /// Login name.
    pub user: String,
    /// Name shown.
    pub name: String,
    /// Roles and where they hold.
    pub grants: Arc<[Grant]>,
    /// The banks whose loans alone a bank's officer sees; `None` for everybody else.
    pub banks: Option<Arc<[String]>>,
    /// How much waits for them.
    pub waiting: i64,
    /// Language of the words.
    pub lang: Lang,
    /// How this workstation prints.
    pub dressing: Dressing,
}

impl Seat {
    /// The words.
    pub fn t(&self) -> &'static Texts {
        self.lang.texts()
    }

    /// The county's code.
    pub fn county(&self) -> &str {
        self.web.county()
    }

    /// One state of the database, to read from.
    pub async fn snapshot(&self) -> Result<Transaction<'static, Any>, Failure> {
        self.web.office.db.begin_snapshot().await
    }

    /// Performs an act under the key of the form it came from: a second click gets the first answer.
    pub async fn perform<A: Act>(&self, act: A, key: &str) -> Result<A::Answer, Stop> {
        let actor = Actor { county: self.county().to_owned(), user: self.user.clone(), face: "web" };
        self.web.office.perform(&actor, act, (!key.is_empty()).then_some(key)).await
    }

    /// True if a button for it would do something here.
    pub fn may(&self, permission: Permission, scope: &Scope) -> bool {
        check(&self.user, &self.grants, permission, scope).is_ok()
    }

    /// True if a book is theirs to read.
    pub fn may_read(&self, book: &Book) -> bool {
        may_read(&self.grants, &scope_of(book))
    }

    /// Refuses loans of a bank that is not theirs to see.
    pub fn sees(&self, bank: &str) -> Result<(), AccessRefusal> {
        check_bank(&self.user, self.banks.as_deref(), bank)
    }

    /// A key for a form about to be filled in.
    pub fn form_key(&self) -> String {
        self.web.office.draw_id()
    }
}

/// Names of people by their login names: papers and lists show the name.
#[derive(Debug, Default)]
pub struct Names(HashMap<String, String>);

impl Names {
    /// Everybody's of the county.
    pub async fn of_county(tx: &mut Connection, county: &str) -> Result<Names, Failure> {
        Ok(Names(store::names(tx, county).await?.into_iter().collect()))
    }

    /// A person's name; the login name itself where nobody has it.
    pub fn of<'a>(&'a self, user: &'a str) -> &'a str {
        self.0.get(user).map_or(user, String::as_str)
    }

    /// The login name of somebody named by it or by their name.
    pub fn login_of<'a>(&'a self, asked: &'a str) -> &'a str {
        let by_name = || self.0.iter().find(|(_, name)| *name == asked).map(|(user, _)| user.as_str());
        if self.0.contains_key(asked) { asked } else { by_name().unwrap_or(asked) }
    }
}

/// What an act on a book is done to.
pub fn scope_of(book: &Book) -> Scope {
    Scope::Book { book: book.book.to_string(), place: book.place.clone() }
}

/// A seat before a book and a month of it; the guard has found both.
#[derive(Clone)]
pub struct AtBook {
    /// Who.
    pub seat: Seat,
    /// The book.
    pub book: Book,
    /// The month.
    pub period: AccountingPeriod,
    /// All months the book keeps.
    pub periods: Arc<[KeptPeriod]>,
}

impl AtBook {
    /// Finds the months; refuses one the book does not keep.
    pub async fn new(reader: &mut Connection, seat: Seat, book: Book, period: AccountingPeriod) -> Result<AtBook, Stop> {
        let periods: Arc<[KeptPeriod]> = periods(reader, seat.county(), &book.book).await?.into();
        if !periods.iter().any(|kept| kept.period == period) {
            let (book, period) = (book.book.to_string(), period.to_string());
            return Err(crate::ledger::LedgerRefusal::PeriodNotKept { book, period }.into());
        }
        Ok(AtBook { seat, book, period, periods })
    }

    /// The words.
    pub fn t(&self) -> &'static Texts {
        self.seat.t()
    }

    /// True if the month takes no vouchers any more.
    pub fn is_closed(&self) -> bool {
        self.periods.iter().any(|kept| kept.period == self.period && kept.state == PeriodState::Closed)
    }

    /// True if a button for it would do something here.
    pub fn may(&self, permission: Permission) -> bool {
        self.seat.may(permission, &scope_of(&self.book))
    }

    /// The address of a page of this book and month.
    pub fn at(&self, page: &str) -> String {
        format!("/b/{}/{}/{page}", self.book.book, self.period)
    }
}

/// The month people want to see first: the earliest open one, else the last.
pub fn first_open(periods: &[KeptPeriod]) -> Option<AccountingPeriod> {
    let months = || periods.iter().filter(|kept| !kept.period.is_opening());
    let open = months().find(|kept| kept.state == PeriodState::Open);
    open.or_else(|| months().next_back()).map(|kept| kept.period)
}

impl<S: Sync> FromRequestParts<S> for Seat {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Seat, Trouble> {
        parts.extensions.get::<Seat>().cloned().ok_or_else(Trouble::not_guarded)
    }
}

impl<S: Sync> FromRequestParts<S> for AtBook {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<AtBook, Trouble> {
        parts.extensions.get::<AtBook>().cloned().ok_or_else(Trouble::not_guarded)
    }
}
