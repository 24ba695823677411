//! The county's other cooperatives: what `asset_income` types for the first ones, done through the same acts for all the rest.
//!
//! 186 cooperatives with 4,434 members (环江), each with shares subscribed and allotted, converted on leaving poverty, and a
//! dividend for every member (蓬安).
//!
//! 1. Acts of one kind for all cooperatives are handed in together, in their order, so they commit together.
//! 2. The same scale gives the same acts.

use futures_util::future::try_join_all;

use super::asset_income::{SHOWN, book, cooperatives, member, name_of, openings_of, paid_in, village};
use super::{COUNTY, Scale, YEAR};
use crate::calendar::BusinessDate;
use crate::db::Stop;
use crate::ledger::books::Book;
use crate::ledger::books::service::{AddBook, PostOpening};
use crate::ledger::{AccountCode, BookCode, Dimensions, EntityKind, VoucherLine};
use crate::money::{Amount, Rate};
use crate::office::{Act, Actor, Office};
use crate::payouts::service::draw_up::ReviewBatch;
use crate::payouts::service::sending::{SendBatch, TakeResults};
use crate::payouts::service::sources::PayDividend;
use crate::products::cooperative_shares::class::{ClassKind, ShareClass, Source};
use crate::products::cooperative_shares::holding::EntryKind;
use crate::products::cooperative_shares::plan::{Method, Terms};
use crate::products::cooperative_shares::service::change::{Conversion, ConvertShares, MoveShares, Right};
use crate::products::cooperative_shares::service::register::{AddShareClasses, Subscribe, Subscription};
use crate::products::cooperative_shares::service::steps::{ArchivePlan, PostPlan, PublishPlan, ReviewPlan};
use crate::products::cooperative_shares::service::year_end::DraftPlan;

/// A part of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    /// January 2: books, shares.
    Founding,
    /// July 1: households have left poverty.
    Midyear,
    /// December: distribution and payment.
    YearEnd,
}

fn day(month: u32, day: u32) -> BusinessDate {
    BusinessDate::from_ymd_opt(YEAR, month, day).expect("the days of this file exist in the demo's year")
}

fn yuan(amount: i64) -> Amount {
    Amount::from_yuan(amount)
}

/// Plays a season for the cooperatives that are not typed.
pub async fn play(office: &Office, scale: Scale, season: Season) -> Result<(), Stop> {
    let sizes = cooperatives(scale);
    let rest = Rest { office, sizes: sizes.into_iter().enumerate().skip(SHOWN).collect() };
    match season {
        _ if rest.sizes.is_empty() => Ok(()),
        Season::Founding => rest.found().await,
        Season::Midyear => rest.convert().await,
        Season::YearEnd => rest.distribute().await,
    }
}

struct Rest<'a> {
    office: &'a Office,
    sizes: Vec<(usize, usize)>,
}

impl Rest<'_> {
    /// One act for every cooperative, handed in together.
    async fn all<A: Act>(&self, user: &str, act: impl Fn(usize, BookCode, usize) -> A) -> Result<Vec<A::Answer>, Stop> {
        let actor = Actor { county: COUNTY.to_owned(), user: user.to_owned(), face: "demo" };
        let acts = self.sizes.iter().map(|(at, size)| self.office.perform(&actor, act(*at, BookCode(book(*at)), *size), None));
        try_join_all(acts).await
    }

    async fn found(&self) -> Result<(), Stop> {
        let first_period = crate::calendar::AccountingPeriod::of(day(1, 1));
        let new = |book: BookCode, name| Book {
            book,
            name,
            kind: EntityKind::Cooperative,
            place: None,
            organisation: None,
            first_period,
        };
        self.all("zhuguan", |at, book, _| AddBook { book: new(book, name_of(at)), regime: None }).await?;
        self.all("kuaiji", |at, book, _| PostOpening { book, lines: openings_of(at).map(opening_line).to_vec() }).await?;
        let classes = || {
            vec![
                ShareClass::ordinary("A", "资金股", ClassKind::Subscribed),
                ShareClass::ordinary("C", "集体股", ClassKind::Collective),
            ]
        };
        self.all("kuaiji", |_, book, _| AddShareClasses { book, classes: classes() }).await?;
        self.all("kuaiji", |at, book, size| {
            let paid = (0..size).map(|n| paid(member(at, n), Source::OwnCash, paid_in(n))).collect();
            subscribe(book, "A", paid, "入股协议")
        })
        .await?;
        self.all("kuaiji", |at, book, _| {
            subscribe(book, "C", vec![paid(village(at), Source::RevolvingFund, 20_000)], "村民代表大会决议")
        })
        .await?;
        self.all("kuaiji", |at, book, _| allot(book, at, 0, 2_000, Right::Ownership)).await?;
        self.all("kuaiji", |at, book, _| allot(book, at, 1, 1_500, Right::Income)).await?;
        Ok(())
    }

    async fn convert(&self) -> Result<(), Stop> {
        let convert = |book: BookCode, member: String, class: &str, conversion| ConvertShares {
            book,
            on: day(7, 1),
            member,
            class: class.to_owned(),
            amount: None,
            conversion,
            document: "脱贫公告".to_owned(),
        };
        self.all("kuaiji", |at, book, _| convert(book, member(at, 0), "A", Conversion::Keeps)).await?;
        self.all("kuaiji", |at, book, _| convert(book, member(at, 0), "C", Conversion::OwnershipTo(member(at, 2)))).await?;
        let to_village = |at: usize| Conversion::IncomeTo { owner: village(at), beneficiary: village(at) };
        self.all("kuaiji", |at, book, _| convert(book, member(at, 1), "C", to_village(at))).await?;
        Ok(())
    }

    async fn distribute(&self) -> Result<(), Stop> {
        let terms = Terms {
            year: YEAR,
            reserve_rate: Rate::ZERO,
            refund_rate: Rate::ZERO,
            basis: Some("章程规定按股分红,成员大会决议".to_owned()),
            remaining: Some(yuan(15_000)),
            method: Method::ShareDays,
            tax_rate: Rate::ZERO,
        };
        self.all("kuaiji", |_, book, _| DraftPlan { book, terms: terms.clone() }).await?;
        self.all("shenhe", |_, book, _| ReviewPlan { book, plan: 1 }).await?;
        let (from, through) = (day(12, 20), day(12, 28));
        let document = || "公示栏照片".to_owned();
        self.all("kuaiji", |_, book, _| PublishPlan { book, plan: 1, from, through, document: document() }).await?;
        let on = day(12, 31);
        self.all("kuaiji", |_, book, _| PostPlan { book, plan: 1, on }).await?;
        let batch = |book: &BookCode| format!("FH-{book}");
        self.all("kuaiji", |_, book, _| {
            let batch = batch(&book);
            PayDividend { book, plan: 1, batch, on, money_account: None, accept: None }
        })
        .await?;
        self.all("shenhe", |_, book, _| ReviewBatch { batch: batch(&book), book }).await?;
        self.all("kuaiji", |_, book, _| SendBatch { batch: batch(&book), book, on }).await?;
        self.all("kuaiji", |_, book, _| {
            let batch = batch(&book);
            TakeResults { book, batch, on, results: Vec::new(), others_paid: true }
        })
        .await?;
        self.all("kuaiji", |_, book, _| ArchivePlan { book, plan: 1 }).await?;
        Ok(())
    }
}

fn opening_line((account, is_debit, amount): (&str, bool, i64)) -> VoucherLine {
    let (debit, credit) = if is_debit { (yuan(amount), Amount::ZERO) } else { (Amount::ZERO, yuan(amount)) };
    let (summary, account) = ("期初余额".to_owned(), AccountCode::from(account));
    VoucherLine { summary, account, debit, credit, dimensions: Dimensions::default() }
}

fn paid(member: String, source: Source, amount: i64) -> Subscription {
    Subscription { member, source, paid: yuan(amount), assets: Vec::new(), shares: yuan(amount) }
}

fn subscribe(book: BookCode, class: &str, subscriptions: Vec<Subscription>, document: &str) -> Subscribe {
    Subscribe {
        book,
        on: day(1, 2),
        class: class.to_owned(),
        money_account: AccountCode::from("102"),
        subscriptions,
        document: document.to_owned(),
        investor_book: None,
        investor_project: None,
    }
}

fn allot(book: BookCode, at: usize, n: usize, amount: i64, right: Right) -> MoveShares {
    MoveShares {
        book,
        on: day(1, 2),
        kind: EntryKind::Allot,
        from: village(at),
        class: "C".to_owned(),
        into_class: None,
        right,
        to: vec![(member(at, n), yuan(amount))],
        document: "配股到户方案".to_owned(),
    }
}
