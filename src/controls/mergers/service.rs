//! The act that merges villages.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::refusal::MergerRefusal;
use super::{Accounts, Card, Cards, Over, accounts, cards, handed_over, store};
use crate::access::{self, Grant, Permission, Scope};
use crate::affairs::assets::card::{AssetCard, AssetState};
use crate::affairs::assets::store::{self as assets, Entry};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::disclosure::sheet::Succession;
use crate::controls::disclosure::store::successors;
use crate::controls::period_close::store as months;
use crate::controls::year_close::year_end::Balance;
use crate::db::{Connection, Stop};
use crate::ledger::books::Book;
use crate::ledger::books::service::regime_in;
use crate::ledger::books::store::{self as books, Member};
use crate::ledger::posting::PeriodState;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{AccountCode, BookCode, EntityKind, LedgerRefusal, store as ledger_store};
use crate::office::{Act, Scene, Target};
use crate::products::leases::store as leases;
use crate::products::projects::service::moving::{Move, move_projects};
use crate::products::projects::store as projects;

/// Ends village books on the first of a month and hands what they stand at over to another book of a village.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MergeVillages {
    /// The book that takes the balances: a new one of the new place, or that of the village that stays.
    pub into: BookCode,
    /// The books that end.
    pub from: Vec<BookCode>,
    /// First day they take nothing; the first of a month.
    pub on: BusinessDate,
    /// The decision.
    pub document: String,
    /// Accounts that go to another code: book, its account, the account there.
    #[serde(default)]
    pub accounts: Vec<(BookCode, AccountCode, AccountCode)>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// Number of the merger.
    pub merger: i64,
    /// For each book that stood at something, the vouchers given and taken.
    pub vouchers: Vec<(Numbered, Numbered)>,
    /// Roles extended to the ended books.
    pub grants: u64,
}

impl Act for MergeVillages {
    const KIND: &'static str = "book.merge";
    type Answer = Merged;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepBooks, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Merged, Stop> {
        self.check()?;
        let asked: BTreeSet<&BookCode> = self.from.iter().chain([&self.into]).collect();
        ledger_store::lock_books(tx, scene.engine, &scene.county, &asked.into_iter().collect::<Vec<_>>()).await?;
        let into = self.village(tx, scene, &self.into).await?;
        let place = into.place.clone().ok_or_else(|| not_a_merger("并入的账套没有区划代码"))?;
        let made = (&self.into, place.as_str(), self.on, self.document.trim());
        let merger = store::insert(tx, &scene.county, made, (&scene.actor, &scene.at)).await?;
        let mut done = Merged { merger, vouchers: Vec::new(), grants: 0 };
        for book in &self.from {
            let from = self.village(tx, scene, book).await?;
            self.ready(tx, scene, &from).await?;
            let vouchers = self.hand_over(tx, scene, (&from, &into)).await?;
            let keys = vouchers.as_ref().map(|(given, taken)| (given.1.0, taken.1.0));
            store::end(tx, &scene.county, (merger, book, from.place.as_deref(), self.on), keys).await?;
            successors::insert(tx, &scene.county, &self.succession(&from, &into)).await?;
            if let Some(old) = &from.place {
                store::succeed(tx, &scene.county, (old, &place, self.on)).await?;
                done.grants += extend_grants(tx, scene, (book, old, &into)).await?;
            }
            done.vouchers.extend(vouchers);
        }
        Ok(done)
    }
}

/// Whoever holds a role that covers the one book and not the other holds it in the ended book too; answers how many.
async fn extend_grants(tx: &mut Connection, scene: &Scene, (ended, old, into): (&BookCode, &str, &Book)) -> Result<u64, Stop> {
    let scope = |book: &BookCode, place: &str| Scope::Book { book: book.to_string(), place: Some(place.to_owned()) };
    let (there, here) = (scope(&into.book, into.place.as_deref().unwrap_or_default()), scope(ended, old));
    let mut extended = 0;
    for (user, _, role, held) in access::store::users(tx, &scene.county).await? {
        let grant = Grant { role, scope: held };
        if grant.covers(&there) && !grant.covers(&here) {
            let grant = Grant { role, scope: ended.to_string() };
            access::store::save_role(tx, &scene.county, &user, &grant).await?;
            extended += 1;
        }
    }
    Ok(extended)
}

async fn kept_cards(tx: &mut Connection, county: &str, book: &Book) -> Result<Vec<Card>, Stop> {
    let card = |m: Member| Card { dimension: m.dimension, member: m.member, name: m.name };
    Ok(books::members(tx, county, &book.book).await?.into_iter().map(card).collect())
}

fn member(card: &Card) -> Member {
    Member { dimension: card.dimension.clone(), member: card.member.clone(), name: card.name.clone() }
}

fn not_a_merger(why: &str) -> MergerRefusal {
    MergerRefusal::NotAMerger { why: why.to_owned() }
}

impl MergeVillages {
    fn check(&self) -> Result<(), MergerRefusal> {
        let distinct: BTreeSet<&BookCode> = self.from.iter().collect();
        match self {
            _ if self.from.is_empty() => Err(not_a_merger("没有写被撤并的账套")),
            _ if distinct.len() < self.from.len() || distinct.contains(&self.into) => Err(not_a_merger("账套重复")),
            _ if self.on.day() != 1 => Err(not_a_merger("撤并日期须为某月一日")),
            _ if self.document.trim().is_empty() => Err(not_a_merger("缺批准文件")),
            _ => Ok(()),
        }
    }

    /// What the public pages of both villages say from now on.
    fn succession(&self, from: &Book, into: &Book) -> Succession {
        let (book, unit) = (from.book.to_string(), from.name.clone());
        Succession { book, unit, into: into.book.to_string(), into_unit: into.name.clone(), on: self.on }
    }

    /// A village's book that has not ended (B-301, B-309, L-306).
    async fn village(&self, tx: &mut Connection, scene: &Scene, book: &BookCode) -> Result<Book, Stop> {
        let kept = books::book(tx, &scene.county, book).await?;
        let kept = kept.ok_or_else(|| LedgerRefusal::UnknownBook { book: book.to_string() })?;
        if kept.kind != EntityKind::Village {
            return Err(not_a_merger(&format!("{book} 不是村的账套")).into());
        }
        if let Some(on) = books::stopped_on(tx, &scene.county, book).await? {
            return Err(MergerRefusal::HasEnded { book: book.to_string(), on }.into());
        }
        Ok(kept)
    }

    /// Refuses a book with something open (B-302, B-303, B-305) or of another regime (B-308).
    async fn ready(&self, tx: &mut Connection, scene: &Scene, from: &Book) -> Result<(), Stop> {
        let (county, book) = (scene.county.as_str(), || from.book.to_string());
        let (own, other) =
            (regime_in(tx, county, &from.book, self.on.year()).await?, regime_in(tx, county, &self.into, self.on.year()).await?);
        if own.id != other.id {
            return Err(MergerRefusal::OtherRegime { book: book(), regime: own.id.clone(), other: other.id.clone() }.into());
        }
        let first = AccountingPeriod::of(self.on);
        let periods = months::periods(tx, county, &from.book).await?;
        let open =
            |kept: &&months::KeptPeriod| kept.state == PeriodState::Open && !kept.period.is_opening() && kept.period < first;
        if let Some(kept) = periods.iter().find(open) {
            return Err(MergerRefusal::MonthOpen { book: book(), period: kept.period.to_string() }.into());
        }
        let left = store::left(tx, county, &from.book, self.on).await?;
        if !left.is_empty() {
            return Err(MergerRefusal::VouchersLeft { book: book(), vouchers: left.join("、") }.into());
        }
        match store::open(tx, county, &from.book).await? {
            open if open.is_empty() => Ok(()),
            open => Err(MergerRefusal::StillOpen { book: book(), what: open.join("、") }.into()),
        }
    }

    /// Cards, contracts, projects, accounts and assets go over, then the balances.
    async fn hand_over(
        &self,
        tx: &mut Connection,
        scene: &Scene,
        (from, into): (&Book, &Book),
    ) -> Result<Option<(Numbered, Numbered)>, Stop> {
        let (county, year) = (scene.county.as_str(), self.on.year());
        let through = AccountingPeriod::of(self.on);
        let balances = months::balances(tx, county, &from.book, (AccountingPeriod::opening(year), through)).await?;
        let (own, there) = (kept_cards(tx, county, from).await?, kept_cards(tx, county, into).await?);
        let projects_there = projects::projects(tx, county, &into.book).await?;
        let projects_there = projects_there.into_iter().map(|project| project.project).collect();
        let cards = cards(&from.book, &own, &there, &projects_there);
        self.contracts(tx, scene, (from, into), &cards).await?;
        let new: Vec<Member> = cards.new.iter().map(member).collect();
        books::save_members(tx, county, &into.book, &new).await?;
        let (document, renamed) = (self.document.trim(), &cards.renamed);
        let over = Move { from: &from.book, into: &into.book, on: self.on, document, renamed };
        move_projects(tx, scene, over).await?;
        let accounts = self.accounts_for(tx, scene, (from, into), &balances).await?;
        self.assets(tx, scene, (from, into)).await?;
        let over = Over { from: (&from.book, &from.name), into: (&into.book, &into.name), on: self.on };
        let Some((given, taken)) = handed_over(over, &balances, (&accounts, &cards))? else { return Ok(None) };
        let event = scene.draw_id();
        let what = serde_json::json!({ "from": from.book, "into": into.book, "document": self.document.trim() });
        ledger_store::save_event(tx, county, (&event, "village_merged", &self.on.to_string()), &what, &scene.at).await?;
        let mut posted = ledger::post(tx, scene, &[given, taken], Some(&event)).await?.into_iter();
        Ok(posted.next().zip(posted.next()))
    }

    /// Accounts for every balance; those the other book lacks are added as its own (B-105, B-304, B-306).
    async fn accounts_for(
        &self,
        tx: &mut Connection,
        scene: &Scene,
        (from, into): (&Book, &Book),
        balances: &[Balance],
    ) -> Result<Accounts, Stop> {
        let (county, year) = (scene.county.as_str(), self.on.year());
        let own = books::accounts(tx, county, &from.book, year).await?;
        let there = books::accounts(tx, county, &into.book, year).await?;
        let asked = self.accounts.iter().filter(|(book, ..)| *book == from.book);
        let asked: BTreeMap<_, _> = asked.map(|(_, account, to)| (account.clone(), to.clone())).collect();
        let found = accounts(&from.book, (balances, &own, &there), &asked)?;
        for account in &found.new {
            crate::ledger::books::service::save_account(tx, county, (&into.book, year), account).await?;
        }
        Ok(found)
    }

    /// Running contracts go on in the other book, unless a party's code is somebody else's there (B-307).
    async fn contracts(
        &self,
        tx: &mut Connection,
        scene: &Scene,
        (from, into): (&Book, &Book),
        cards: &Cards,
    ) -> Result<(), Stop> {
        for lease in leases::leases(tx, &scene.county, &from.book.0).await?.iter().filter(|lease| lease.ended_on.is_none()) {
            let is_other = |party: &str| cards.renamed.contains_key(&("party".to_owned(), party.to_owned()));
            if let Some(other) = lease.terms.parties.iter().find(|party| is_other(&party.party)) {
                let (book, lease) = (from.book.to_string(), lease.lease.clone());
                return Err(MergerRefusal::OtherParty { book, lease, party: other.party.clone() }.into());
            }
        }
        Ok(store::move_leases(tx, &scene.county, &from.book, &into.book).await?)
    }

    /// Assets in use get a card in the other book, with what was depreciated; the old card says where it went.
    async fn assets(&self, tx: &mut Connection, scene: &Scene, (from, into): (&Book, &Book)) -> Result<(), Stop> {
        let by = (scene.actor.as_str(), scene.at.as_str());
        for kept in assets::assets(tx, &scene.county, &from.book, self.on).await? {
            if kept.state == AssetState::Disposed {
                continue;
            }
            let depreciated_before = kept.card.depreciated_before + kept.depreciated;
            let card = AssetCard { depreciated_before, ..kept.card.clone() };
            let longer = format!("{}-{}", from.book, kept.asset);
            if !assets::insert(tx, &scene.county, &into.book, (&kept.asset, &card, None), by).await? {
                assets::insert(tx, &scene.county, &into.book, (&longer, &card, None), by).await?;
            }
            let (period, content) = (AccountingPeriod::of(self.on), format!("撤并移交 {} {}", into.name, self.document.trim()));
            let entry = Entry { kind: "disposal", on: self.on, period, amount: crate::money::Amount::ZERO, content };
            assets::add_entry(tx, &scene.county, (&from.book, &kept.asset), &entry, (None, by.0, by.1)).await?;
        }
        Ok(())
    }
}
