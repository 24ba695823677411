//! Acts that bring shares into the register: classes, subscriptions in money and in kind, quantified parts, trade.

use serde::{Deserialize, Serialize};

use super::{Registered, check_entries, in_book, lock, remember};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::{AccountCode, BookCode, Dimensions};
use crate::money::Amount;
use crate::money::allotment::allot;
use crate::office::{Act, Scene, Target};
use crate::products::cooperative_shares::class::{AccountColumn, ClassKind, ShareClass, Source};
use crate::products::cooperative_shares::holding::{Entry, EntryKind, Position};
use crate::products::cooperative_shares::posting_rules::{self, Received, of};
use crate::products::cooperative_shares::refusal::ShareRefusal;
use crate::products::cooperative_shares::store::register::{self as kept, ContributedAsset, Trade};
use chrono::Datelike;

/// Registers classes of shares, or corrects their promises.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddShareClasses {
    /// The book.
    pub book: BookCode,
    /// The classes.
    pub classes: Vec<ShareClass>,
}

impl Act for AddShareClasses {
    const KIND: &'static str = "share.class";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepBooks, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        for class in &self.classes {
            class.check()?;
            class.floor.as_ref().map(|floor| floor.rate.ppm()).transpose()?;
            class.participation_rate.map(|rate| rate.ppm()).transpose()?;
        }
        kept::save_classes(tx, &scene.county, &self.book, &self.classes).await?;
        Ok(self.classes.len())
    }
}

/// What one member puts in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Subscription {
    /// The member.
    pub member: String,
    /// Where the money or thing comes from.
    pub source: Source,
    /// Money paid in; zero where only things are.
    pub paid: Amount,
    /// Things put in.
    #[serde(default)]
    pub assets: Vec<ContributedAsset>,
    /// Share capital given for it; what was paid beyond goes to 资本公积.
    pub shares: Amount,
}

/// 入股: members subscribe in money or in kind. On an investor's own book the investment is posted in the same act.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Subscribe {
    /// The cooperative's book.
    pub book: BookCode,
    /// Date.
    pub on: BusinessDate,
    /// Class.
    pub class: String,
    /// Account the money came to.
    pub money_account: AccountCode,
    /// Who puts in what.
    pub subscriptions: Vec<Subscription>,
    /// 依据
    pub document: String,
    /// The subscriber's own book (a village collective), where it has one; then there is one subscription.
    pub investor_book: Option<BookCode>,
    /// The investor's grant project the money came from.
    pub investor_project: Option<String>,
}

impl Act for Subscribe {
    const KIND: &'static str = "share.subscribe";
    type Answer = Registered;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, if self.investor_book.is_some() { Target::County } else { Target::Book(&self.book) })
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Registered, Stop> {
        if let Some(investor) = &self.investor_book {
            crate::ledger::store::lock_books(tx, scene.engine, &scene.county, &[&self.book, investor]).await?;
        }
        let regime = lock(tx, scene, &self.book, self.on).await?;
        let entries = self.entries()?;
        check_entries(tx, scene, &self.book, &entries).await?;
        let mut vouchers = vec![posting_rules::subscribed(in_book(&self.book, regime, self.on), &self.received(), &entries)?];
        if let (Some(investor), Some(first)) = (&self.investor_book, self.subscriptions.first()) {
            let theirs = regime_in(tx, &scene.county, investor, self.on.year()).await?;
            let project = self.investor_project.as_deref();
            vouchers.extend(posting_rules::invested(in_book(investor, theirs, self.on), &self.book.0, first.paid, project)?);
            kept::save_investor(tx, &scene.county, &self.book, &first.member, investor).await?;
        }
        let what =
            serde_json::json!({ "book": self.book, "class": self.class, "members": entries.len(), "document": self.document });
        let done = remember(tx, scene, &self.book, ("shares_subscribed", self.on, what), &vouchers, &entries).await?;
        let assets: Vec<ContributedAsset> = self.subscriptions.iter().flat_map(|s| s.assets.iter().cloned()).collect();
        kept::add_assets(tx, &scene.county, &self.book, &assets, (self.on, &done.event)).await?;
        Ok(done)
    }

    fn in_words(&self) -> serde_json::Value {
        let total: Amount = self.subscriptions.iter().map(|s| s.shares).sum();
        serde_json::json!({ "book": self.book, "on": self.on, "class": self.class, "members": self.subscriptions.len(), "shares": total })
    }
}

impl Subscribe {
    fn entries(&self) -> Result<Vec<Entry>, ShareRefusal> {
        let entry = |s: &Subscription| {
            if !s.shares.is_positive() || s.paid.is_negative() {
                return Err(ShareRefusal::NotPositive { member: s.member.clone(), amount: s.shares.min(s.paid) });
            }
            s.assets.iter().try_for_each(check_valuation)?;
            let position = Position::own(&s.member, &self.class, s.source);
            Ok(Entry { on: self.on, kind: EntryKind::Subscribe, position, amount: s.shares, document: self.document.clone() })
        };
        self.subscriptions.iter().map(entry).collect()
    }

    /// Money in one line, things in a line each.
    fn received(&self) -> Vec<Received<'_>> {
        let paid: Amount = self.subscriptions.iter().map(|s| s.paid).sum();
        let money = Received { account: &self.money_account, dimensions: Dimensions::default(), value: paid };
        let things = self.subscriptions.iter().flat_map(|s| &s.assets);
        let thing = |asset: &'_ ContributedAsset| (asset.member.clone(), asset.value);
        let mut received = vec![money];
        for asset in things {
            let (member, value) = thing(asset);
            received.push(Received { account: &asset.account, dimensions: of(&member), value });
        }
        received.retain(|part| !part.value.is_zero());
        received
    }
}

/// A thing needs a valuation: papers, all members, an appraiser, or one nominal yuan (COOP37 arts 17, 22, 25, 30).
fn check_valuation(asset: &ContributedAsset) -> Result<(), ShareRefusal> {
    let what = asset.what.clone();
    match asset.valued_by.as_str() {
        _ if !asset.value.is_positive() => Err(ShareRefusal::NotPositive { member: asset.member.clone(), amount: asset.value }),
        "nominal" if asset.value != Amount::from_yuan(1) => Err(ShareRefusal::NotNominal { what, amount: asset.value }),
        "nominal" => Ok(()),
        "papers" | "members" | "appraiser" if !asset.valuation_paper.trim().is_empty() => Ok(()),
        _ => Err(ShareRefusal::NotValued { what }),
    }
}

/// 量化: gives members their parts of 专项基金 (grants or gifts) or 盈余公积 in their accounts. No money moves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Quantify {
    /// The book.
    pub book: BookCode,
    /// Date.
    pub on: BusinessDate,
    /// A class of kind 量化股.
    pub class: String,
    /// Where it comes from: fiscal fund, donation or reserve.
    pub source: Source,
    /// How much.
    pub amount: Amount,
    /// The members with their weights; equal ones share equally (COOP37: fiscal grants are quantified equally).
    pub members: Vec<(String, i64)>,
    /// 依据
    pub document: String,
}

impl Act for Quantify {
    const KIND: &'static str = "share.quantify";
    type Answer = Registered;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Registered, Stop> {
        let regime = lock(tx, scene, &self.book, self.on).await?;
        let (column, usage) = match self.source {
            Source::Donation => (AccountColumn::Donation, "special_fund"),
            Source::Reserve => (AccountColumn::Reserve, "reserve"),
            _ => (AccountColumn::FiscalGrant, "special_fund"),
        };
        let account = in_book(&self.book, regime, self.on).account(usage)?;
        let balance = kept::balance(tx, &scene.county, &self.book, (self.on.year(), account.as_str(), None)).await?;
        let shared: &[AccountColumn] =
            if usage == "reserve" { &[AccountColumn::Reserve] } else { &[AccountColumn::FiscalGrant, AccountColumn::Donation] };
        let there = balance - kept::column_total(tx, &scene.county, &self.book, shared, self.on).await?;
        if self.amount > there {
            let column = column.label_zh().to_owned();
            return Err(ShareRefusal::OverQuantified { column, there, wanted: self.amount }.into());
        }
        let entries = self.entries(column)?;
        check_entries(tx, scene, &self.book, &entries).await?;
        self.check_class(tx, scene).await?;
        let what = serde_json::json!({ "book": self.book, "column": column, "amount": self.amount, "document": self.document });
        remember(tx, scene, &self.book, ("shares_quantified", self.on, what), &[], &entries).await
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "book": self.book, "on": self.on, "source": self.source, "amount": self.amount, "members": self.members.len() })
    }
}

impl Quantify {
    fn entries(&self, column: AccountColumn) -> Result<Vec<Entry>, Stop> {
        if !self.amount.is_positive() {
            return Err(ShareRefusal::NotPositive { member: "量化".to_owned(), amount: self.amount }.into());
        }
        let mut members = self.members.clone();
        members.sort();
        let parts = allot(self.amount, &members.iter().map(|(_, weight)| i128::from(*weight)).collect::<Vec<_>>())?;
        let entry = |((member, _), amount): (&(String, i64), Amount)| {
            let position = Position { column, ..Position::own(member, &self.class, self.source) };
            Entry { on: self.on, kind: EntryKind::Quantify, position, amount, document: self.document.clone() }
        };
        Ok(members.iter().zip(parts).map(entry).filter(|entry| !entry.amount.is_zero()).collect())
    }

    async fn check_class(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let classes = kept::classes(tx, &scene.county, &self.book).await?;
        match classes.get(&self.class) {
            Some(class) if !matches!(class.kind, ClassKind::Quantified | ClassKind::Preferred) => {
                let (class, kind) = (self.class.clone(), class.kind.label_zh().to_owned());
                Err(ShareRefusal::WrongClassKind { class, kind }.into())
            }
            _ => Ok(()),
        }
    }
}

/// Keeps what members traded with the cooperative in a year.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepTrade {
    /// The book.
    pub book: BookCode,
    /// The year.
    pub year: i32,
    /// The trade.
    pub trade: Vec<Trade>,
}

impl Act for KeepTrade {
    const KIND: &'static str = "share.trade";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        if let Some(wrong) = self.trade.iter().find(|trade| trade.amount.is_negative()) {
            return Err(ShareRefusal::NotPositive { member: wrong.member.clone(), amount: wrong.amount }.into());
        }
        kept::save_trade(tx, &scene.county, &self.book, self.year, &self.trade).await?;
        Ok(self.trade.len())
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "book": self.book, "year": self.year, "rows": self.trade.len() })
    }
}
