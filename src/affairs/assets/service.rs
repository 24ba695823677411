//! Acts on assets: cards made and changed, a month's depreciation proposed, an asset disposed of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::card::{AssetCard, AssetKind, AssetState, AssetUse, CardChange, Disposal, KeptAsset};
use super::depreciation::of_month;
use super::posting_rules::{self, Under};
use super::store::{self, Entry};
use crate::access::Permission;
use crate::affairs::meetings::service::check_pointer;
use crate::affairs::refusal::AffairsRefusal;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::refusal::ReasonRefusal;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::vouchers::{self, State};
use crate::ledger::{AccountCode, BookCode, Voucher, store as ledger_store};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};

/// Makes the card of an asset or resource that is there already; nothing is posted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddAsset {
    /// The book.
    pub book: BookCode,
    /// Its code.
    pub asset: String,
    /// The card.
    pub card: AssetCard,
}

impl Act for AddAsset {
    const KIND: &'static str = "asset.add";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        self.card.check(&self.asset)?;
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let kept = (self.asset.as_str(), &self.card, None);
        if !store::insert(tx, &scene.county, &self.book, kept, (&scene.actor, &scene.at)).await? {
            return Err(AffairsRefusal::AssetTaken { asset: self.asset.clone() }.into());
        }
        Ok(())
    }
}

/// Changes what a card says of name, place, keeper, quantity, paper and use; never a value that stands in the books.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeAsset {
    /// The book.
    pub book: BookCode,
    /// The asset.
    pub asset: String,
    /// What changes.
    pub change: CardChange,
    /// Why.
    pub reason: String,
}

impl Act for ChangeAsset {
    const KIND: &'static str = "asset.change";
    type Answer = String;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<String, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let kept = there(tx, scene, (&self.book, &self.asset)).await?;
        if self.reason.trim().is_empty() {
            return Err(ReasonRefusal::Missing { what: "变更资产卡片".to_owned() }.into());
        }
        let unchanged = || AffairsRefusal::NothingChanges { asset: self.asset.clone() };
        let (card, words) = self.change.on(&kept.card).ok_or_else(unchanged)?;
        card.check(&self.asset)?;
        store::save_card(tx, &scene.county, (&self.book, &self.asset), &card).await?;
        let (on, content) = (scene.today, format!("{words};{}", self.reason.trim()));
        let entry = Entry { kind: "change", on, period: AccountingPeriod::of(on), amount: Amount::ZERO, content };
        store::add_entry(tx, &scene.county, (&self.book, &self.asset), &entry, (None, &scene.actor, &scene.at)).await?;
        Ok(words)
    }
}

/// Proposes the depreciation of a month: one submitted voucher for all assets that are due and were not yet depreciated in it.
/// Refuses when there is none (Z-207).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Depreciate {
    /// The book.
    pub book: BookCode,
    /// The month.
    pub period: AccountingPeriod,
}

/// What was proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Depreciated {
    /// The voucher.
    pub voucher: Numbered,
    /// Asset and sum.
    pub assets: Vec<(String, Amount)>,
}

impl Act for Depreciate {
    const KIND: &'static str = "asset.depreciate";
    type Answer = Depreciated;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::AcceptClaims, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Depreciated, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let on = self.period.last_day();
        let regime = regime_in(tx, &scene.county, &self.book, self.period.year()).await?;
        let done = store::depreciated_in(tx, &scene.county, &self.book, self.period).await?;
        let all = store::assets(tx, &scene.county, &self.book, on).await?;
        let mut sums: BTreeMap<(AssetKind, AssetUse), Amount> = BTreeMap::new();
        let mut assets = Vec::new();
        for asset in all.iter().filter(|asset| asset.state == AssetState::InUse && !done.contains(&asset.asset)) {
            let amount = of_month(asset, self.period);
            if amount.is_positive() {
                *sums.entry((asset.card.kind, asset.card.used_for)).or_default() += amount;
                assets.push((asset.asset.clone(), amount));
            }
        }
        if assets.is_empty() {
            return Err(AffairsRefusal::NothingToDepreciate { period: self.period.to_string() }.into());
        }
        let voucher = posting_rules::depreciation(Under { book: &self.book, regime, on }, self.period, &sums)?;
        let voucher = submitted(tx, scene, &self.book, &voucher).await?;
        for (asset, amount) in &assets {
            let entry = Entry { kind: "depreciation", on, period: self.period, amount: *amount, content: String::new() };
            store::add_entry(tx, &scene.county, (&self.book, asset), &entry, (Some(voucher.1.0), &scene.actor, &scene.at))
                .await?;
        }
        Ok(Depreciated { voucher, assets })
    }
}

/// Keeps a voucher and submits it.
async fn submitted(tx: &mut Connection, scene: &Scene, book: &BookCode, voucher: &Voucher) -> Result<Numbered, Stop> {
    let numbered = ledger::keep_drafts(tx, scene, &[voucher]).await?.remove(0);
    vouchers::store::set_state(tx, &scene.county, book, &[numbered.1], State::Submitted, None).await?;
    Ok(numbered)
}

/// Disposes of an asset by a decision of the village: a submitted voucher takes it out of the books, with what it brought.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Dispose {
    /// The book.
    pub book: BookCode,
    /// The asset.
    pub asset: String,
    /// How.
    pub disposal: Disposal,
    /// When.
    pub on: BusinessDate,
    /// What it brought.
    pub proceeds: Amount,
    /// The decision, or 会议 and its number.
    pub decision: String,
    /// Where the money came in; the bank when absent.
    #[serde(default)]
    pub money_account: Option<AccountCode>,
}

impl Act for Dispose {
    const KIND: &'static str = "asset.dispose";
    type Answer = Option<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::AcceptClaims, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Option<Numbered>, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let asset = there(tx, scene, (&self.book, &self.asset)).await?;
        if self.decision.trim().is_empty() || self.proceeds.is_negative() {
            return Err(AffairsRefusal::Incomplete { what: "村级决议、处置收入".to_owned() }.into());
        }
        check_pointer(tx, &scene.county, &self.book, &self.decision).await?;
        let regime = regime_in(tx, &scene.county, &self.book, AccountingPeriod::of(self.on).year()).await?;
        let under = Under { book: &self.book, regime, on: self.on };
        let voucher = posting_rules::disposal(under, &asset, self.proceeds, self.money_account.as_ref())?;
        let numbered = match &voucher {
            Some(voucher) => Some(submitted(tx, scene, &self.book, voucher).await?),
            None => None,
        };
        let content = format!("{} {}", self.disposal.label_zh(), self.decision.trim());
        let (period, amount) = (AccountingPeriod::of(self.on), self.proceeds);
        let entry = Entry { kind: "disposal", on: self.on, period, amount, content };
        let voucher = numbered.as_ref().map(|numbered| numbered.1.0);
        store::add_entry(tx, &scene.county, (&self.book, &self.asset), &entry, (voucher, &scene.actor, &scene.at)).await?;
        Ok(numbered)
    }
}

/// An asset that is there. Refuses what the book does not have (Z-304) and what is gone (Z-208).
async fn there(tx: &mut Connection, scene: &Scene, (book, asset): (&BookCode, &str)) -> Result<KeptAsset, Stop> {
    let all = store::assets(tx, &scene.county, book, BusinessDate::MAX).await?;
    let unknown = || AffairsRefusal::UnknownAsset { asset: asset.to_owned(), book: book.to_string() };
    let kept = all.into_iter().find(|kept| kept.asset == asset).ok_or_else(unknown)?;
    if kept.state == AssetState::Disposed {
        return Err(AffairsRefusal::AssetGone { asset: asset.to_owned() }.into());
    }
    Ok(kept)
}
