//! What stands on an asset's card.
//!
//! Pure.

use serde::{Deserialize, Serialize};

use crate::affairs::refusal::AffairsRefusal;
use crate::calendar::BusinessDate;
use crate::money::Amount;

crate::words! {
    /// What kind of thing it is.
    pub enum AssetKind {
        /// House, road, machine.
        Fixed = "fixed", "固定资产";
        /// Trees, animals.
        Biological = "biological", "生物资产";
        /// Rights.
        Intangible = "intangible", "无形资产";
        /// Land, water, woods: not in the books.
        Resource = "resource", "资源";
    }
}

crate::words! {
    /// What it is used for; decides where its depreciation goes.
    pub enum AssetUse {
        /// Running a business.
        Business = "business", "经营";
        /// The village office.
        Office = "office", "办公";
        /// Everybody's.
        Welfare = "welfare", "公益";
    }
}

crate::words! {
    /// How an asset goes.
    pub enum Disposal {
        /// Sold.
        Sold = "sold", "出售";
        /// Scrapped.
        Scrapped = "scrapped", "报废";
        /// Lost or destroyed.
        Lost = "lost", "毁损";
        /// Given away.
        Given = "given", "无偿划转";
    }
}

crate::words! {
    /// Whether it is still there.
    pub enum AssetState {
        /// In use.
        InUse = "in_use", "在用";
        /// Sold, scrapped, lost, given away.
        Disposed = "disposed", "已处置";
    }
}

/// The card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetCard {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: AssetKind,
    /// Use.
    #[serde(rename = "use")]
    pub used_for: AssetUse,
    /// 原值; zero for resources.
    pub cost: Amount,
    /// Since when.
    pub acquired_on: BusinessDate,
    /// How much of it, as people say it: 3.2 公里, 120 亩.
    #[serde(default)]
    pub quantity: String,
    /// Where it is.
    #[serde(default)]
    pub place: String,
    /// Who looks after it.
    #[serde(default)]
    pub keeper: String,
    /// The paper that shows it: acceptance, invoice, certificate of ownership.
    #[serde(default)]
    pub document: String,
    /// True if poverty-relief money formed it (扶贫项目资产).
    #[serde(default)]
    pub is_poverty_asset: bool,
    /// Months it serves; `None` if it is not depreciated.
    #[serde(default)]
    pub life_months: Option<i64>,
    /// What is left at the end.
    #[serde(default)]
    pub salvage: Amount,
    /// Depreciated before the card was made.
    #[serde(default)]
    pub depreciated_before: Amount,
}

impl AssetCard {
    /// Refuses a card that lacks something (Z-101).
    pub fn check(&self, asset: &str) -> Result<(), AffairsRefusal> {
        let worn = self.depreciated_before + self.salvage;
        let checks = [
            (asset.trim().is_empty() || asset.chars().count() > 40, "资产编号(不超过40字)"),
            (self.name.trim().is_empty(), "名称"),
            (self.cost.is_negative() || self.salvage.is_negative() || self.depreciated_before.is_negative(), "金额不为负"),
            (worn > self.cost, "累计折旧与净残值不超过原值"),
            (self.kind == AssetKind::Resource && !self.cost.is_zero(), "资源不记原值"),
            (self.life_months.is_some_and(|life| !(1..=1_200).contains(&life)), "折旧月数在1与1200之间"),
        ];
        let missing: Vec<&str> = checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, what)| what).collect();
        if missing.is_empty() { Ok(()) } else { Err(AffairsRefusal::Incomplete { what: missing.join("、") }) }
    }
}

/// What a card says that may change: never what stands in the books.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardChange {
    /// Name.
    pub name: Option<String>,
    /// Where it is.
    pub place: Option<String>,
    /// Who looks after it.
    pub keeper: Option<String>,
    /// Use; depreciation goes there from the next month on.
    #[serde(rename = "use")]
    pub used_for: Option<AssetUse>,
    /// How much of it.
    pub quantity: Option<String>,
    /// The paper that shows it.
    pub document: Option<String>,
}

impl CardChange {
    /// The card with the change, and in words what was and what is; `None` if nothing is different.
    pub fn on(&self, card: &AssetCard) -> Option<(AssetCard, String)> {
        let new = |said: &Option<String>, old: &String| said.as_ref().map_or(old.clone(), |text| text.trim().to_owned());
        let changed = AssetCard {
            name: new(&self.name, &card.name),
            place: new(&self.place, &card.place),
            keeper: new(&self.keeper, &card.keeper),
            quantity: new(&self.quantity, &card.quantity),
            document: new(&self.document, &card.document),
            used_for: self.used_for.unwrap_or(card.used_for),
            ..card.clone()
        };
        let pairs = [
            ("名称", &card.name, &changed.name),
            ("坐落", &card.place, &changed.place),
            ("管护人", &card.keeper, &changed.keeper),
            ("数量", &card.quantity, &changed.quantity),
            ("权属证明", &card.document, &changed.document),
            ("用途", &card.used_for.label_zh().to_owned(), &changed.used_for.label_zh().to_owned()),
        ];
        let told = |(what, old, new): &(&str, &String, &String)| format!("{what}“{old}”改为“{new}”");
        let words: Vec<String> = pairs.iter().filter(|(_, old, new)| old != new).map(told).collect();
        (!words.is_empty()).then(|| (changed, words.join(",")))
    }
}

/// A card as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptAsset {
    /// Code within the book.
    pub asset: String,
    /// State.
    pub state: AssetState,
    /// The card.
    pub card: AssetCard,
    /// The project that formed it.
    pub project: Option<String>,
    /// Depreciated since the card was made.
    pub depreciated: Amount,
}

impl KeptAsset {
    /// 净值
    pub fn net(&self) -> Amount {
        self.card.cost - self.card.depreciated_before - self.depreciated
    }
}

/// A line of what became of an asset: date, kind, sum, words, by whom, its voucher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEntry {
    /// Date.
    pub on: BusinessDate,
    /// `depreciation`, `disposal` or `change`.
    pub kind: String,
    /// How much.
    pub amount: Amount,
    /// In words.
    pub content: String,
    /// By whom.
    pub by: String,
    /// Its voucher, where there is one.
    pub voucher: Option<String>,
    /// The voucher was voided or reversed.
    pub undone: bool,
}
