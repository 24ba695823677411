//! Acts on books: counties, places, books, accounts, cards, the opening.

use serde::{Deserialize, Serialize};

use super::store::{self, Member, Place};
use super::{Book, BookRefusal, check_code};
use crate::access::Permission;
use crate::calendar::AccountingPeriod;
use crate::db::{Connection, Stop};
use crate::ledger::posting::BookAccount;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::store as ledger_store;
use crate::ledger::{AccountCode, BookCode, Chart, Dimension, LedgerRefusal, Stage, Voucher, VoucherLine, Word, regime};
use crate::office::{Act, Scene, Target};

/// Makes the county of this office.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddCounty {
    /// Its name.
    pub name: String,
}

impl Act for AddCounty {
    const KIND: &'static str = "county.add";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let county = scene.county.clone();
        if county.len() != 6 || !county.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BookRefusal::BadCounty { county }.into());
        }
        if store::county(tx, &county).await?.is_some() {
            return Err(BookRefusal::CountyExists { county }.into());
        }
        Ok(store::save_county(tx, &county, &self.name, &scene.at).await?)
    }
}

/// Registers places, or corrects them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddPlaces {
    /// The places.
    pub places: Vec<Place>,
}

impl Act for AddPlaces {
    const KIND: &'static str = "place.import";
    type Answer = u64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<u64, Stop> {
        Ok(store::save_places(tx, &scene.county, &self.places).await?)
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "places": self.places.len() })
    }
}

/// Makes a book with the chart its kind keeps on its first day.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddBook {
    /// The book.
    pub book: Book,
    /// Regime; chosen by kind and date when absent.
    pub regime: Option<String>,
}

impl Act for AddBook {
    const KIND: &'static str = "book.add";
    type Answer = String;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepBooks, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<String, Stop> {
        let book = &self.book;
        check_code(&book.book.0)?;
        if store::book(tx, &scene.county, &book.book).await?.is_some() {
            return Err(BookRefusal::BookExists { book: book.book.to_string() }.into());
        }
        if let Some(place) = &book.place
            && !store::has_place(tx, &scene.county, place).await?
        {
            return Err(BookRefusal::UnknownPlace { place: place.clone() }.into());
        }
        let regime = self.regime()?;
        store::save_book(tx, &scene.county, book).await?;
        let accounts = book_accounts(&Chart::of(&regime.id)?);
        let year = (book.first_period.year(), regime.id.as_str(), book.first_period.month());
        store::save_year(tx, &scene.county, &book.book, year, &accounts, (&scene.actor, &scene.at)).await?;
        Ok(regime.id.clone())
    }
}

impl AddBook {
    fn regime(&self) -> Result<&'static regime::Regime, Stop> {
        let (kind, on) = (self.book.kind, self.book.first_period.first_day());
        let Some(id) = &self.regime else { return Ok(regime::regime_on(kind, on)?) };
        let chosen = regime::regime(id)?;
        if chosen.kind == kind && chosen.in_force(on) {
            return Ok(chosen);
        }
        Err(BookRefusal::WrongRegime { regime: id.clone(), kind: kind.label_zh().into(), on: on.to_string() }.into())
    }
}

/// A regime's chart as the accounts of a book's first year.
pub fn book_accounts(chart: &Chart) -> Vec<BookAccount> {
    let account = |account: &crate::ledger::ChartAccount| BookAccount {
        code: account.code.clone(),
        name: account.name_zh.clone(),
        class: account.class,
        normal_side: account.normal_side,
        parent: chart.parent_of(&account.code).map(|parent| parent.code.clone()),
        is_leaf: chart.is_leaf(&account.code),
        is_two_sided: account.two_sided,
        requires: account.requires.clone(),
        source: account.source.clone(),
        stopped_on: None,
    };
    chart.accounts().map(account).collect()
}

/// A sub-account the book wants beside the regime's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OwnAccount {
    /// Parent's code plus two digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// Dimensions its lines must carry beside the parent's.
    pub requires: Vec<Dimension>,
}

/// Adds a book's own sub-accounts. Refuses a parent that has lines of its own this year.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddAccounts {
    /// The book.
    pub book: BookCode,
    /// The year whose chart is extended.
    pub year: i32,
    /// The accounts, parents before children.
    pub accounts: Vec<OwnAccount>,
}

impl Act for AddAccounts {
    const KIND: &'static str = "account.add";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepBooks, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let mut chart = store::chart(tx, &scene.county, &self.book, self.year).await?;
        if chart.accounts().next().is_none() {
            return Err(BookRefusal::YearNotKept { book: self.book.to_string(), year: self.year.into() }.into());
        }
        for own in &self.accounts {
            chart.add_own(&own.code, &own.name, "")?;
            let code = AccountCode(own.code.trim().to_owned());
            let mut account = book_accounts(&chart).into_iter().find(|account| account.code == code);
            if let Some(account) = &mut account {
                account
                    .requires
                    .extend(own.requires.iter().filter(|d| !account.requires.contains(d)).copied().collect::<Vec<_>>());
                save_account(tx, &scene.county, (&self.book, self.year), account).await?;
            }
        }
        Ok(self.accounts.len())
    }
}

/// Keeps an account of a book's year; its parent takes no lines from then on. Refuses a parent that has some (B-105).
pub async fn save_account(
    tx: &mut Connection,
    county: &str,
    (book, year): (&BookCode, i32),
    account: &BookAccount,
) -> Result<(), Stop> {
    if let Some(parent) = &account.parent {
        if store::has_lines(tx, county, book, year, parent).await? {
            return Err(BookRefusal::ParentInUse { account: parent.to_string(), year: year.into() }.into());
        }
        store::set_parent(tx, county, book, year, parent).await?;
    }
    Ok(store::save_accounts(tx, county, book, year, std::slice::from_ref(account)).await?)
}

/// Stops an account: it takes no further lines. Refuses while it has a balance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StopAccount {
    /// The book.
    pub book: BookCode,
    /// The year.
    pub year: i32,
    /// The account.
    pub account: AccountCode,
}

impl Act for StopAccount {
    const KIND: &'static str = "account.stop";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepBooks, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        store::chart(tx, &scene.county, &self.book, self.year).await?.find(&self.account)?;
        let balance = store::balance(tx, &scene.county, &self.book, self.year, &self.account).await?;
        if balance != 0 {
            let balance = crate::money::Amount::from_fen(balance).grouped();
            return Err(BookRefusal::AccountHasBalance { account: self.account.to_string(), balance }.into());
        }
        let today = scene.today.to_string();
        Ok(store::set_stopped(tx, &scene.county, &self.book, (self.year, &self.account), Some(&today)).await?)
    }
}

/// Registers cards of dimensions (households, members, projects, bank accounts …).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddMembers {
    /// The book.
    pub book: BookCode,
    /// The cards.
    pub members: Vec<Member>,
}

impl Act for AddMembers {
    const KIND: &'static str = "member.add";
    type Answer = u64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepBooks, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<u64, Stop> {
        if let Some(unknown) = self.members.iter().find(|m| Dimension::parse(&m.dimension).is_none()) {
            return Err(BookRefusal::UnknownDimension { text: unknown.dimension.clone() }.into());
        }
        Ok(store::save_members(tx, &scene.county, &self.book, &self.members).await?)
    }
}

/// Posts a book's opening balances, once, before anything else. Refuses while debits and credits differ.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PostOpening {
    /// The book.
    pub book: BookCode,
    /// One line per account (and member), on its side; a balance on the wrong side is negative or on the other side.
    pub lines: Vec<VoucherLine>,
}

impl Act for PostOpening {
    const KIND: &'static str = "book.opening";
    type Answer = Numbered;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepBooks, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Numbered, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let book = store::book(tx, &scene.county, &self.book).await?;
        let book = book.ok_or_else(|| LedgerRefusal::UnknownBook { book: self.book.to_string() })?;
        if store::has_posted(tx, &scene.county, &self.book).await? {
            return Err(LedgerRefusal::OpeningAfterPosting { book: self.book.to_string() }.into());
        }
        let period = AccountingPeriod::opening(book.first_period.year());
        let voucher = Voucher {
            book: self.book.clone(),
            period,
            dated_on: period.first_day(),
            word: Word::Transfer,
            stage: Stage::Opening,
            lines: self.lines.clone(),
            reverses: None,
            source_key: None,
            paper_attachments: 0,
        };
        Ok(ledger::post(tx, scene, &[voucher], None).await?.remove(0))
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "lines": self.lines.len() })
    }
}

/// Refuses a book that ended (L-213): its months stay closed, no year follows, and its registers begin nothing new.
pub async fn refuse_ended(tx: &mut Connection, county: &str, book: &BookCode) -> Result<(), Stop> {
    match store::stopped_on(tx, county, book).await? {
        Some(on) => Err(LedgerRefusal::BookEnded { book: book.to_string(), on: on.to_string() }.into()),
        None => Ok(()),
    }
}

/// The regime a book keeps in a year. Refuses an unknown book (L-306) and a year it does not keep (B-103).
pub async fn regime_in(tx: &mut Connection, county: &str, book: &BookCode, year: i32) -> Result<&'static regime::Regime, Stop> {
    if store::book(tx, county, book).await?.is_none() {
        return Err(LedgerRefusal::UnknownBook { book: book.to_string() }.into());
    }
    let kept = store::years(tx, county, book).await?.into_iter().find(|kept| kept.year == year);
    let kept = kept.ok_or_else(|| BookRefusal::YearNotKept { book: book.to_string(), year: year.into() })?;
    Ok(regime::regime(&kept.regime)?)
}
