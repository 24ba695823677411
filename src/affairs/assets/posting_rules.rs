//! What assets mean in debits and credits.
//!
//! Pure. Source: posting-rules.md §5 (depreciation by use), accounts.md (固定资产清理).
//!
//! 1. The use decides where depreciation goes: business, office, everybody's.
//! 2. A disposal goes through 固定资产清理 and leaves nothing there: a gain or a loss takes the rest.

use std::collections::BTreeMap;

use super::card::{AssetKind, AssetUse, KeptAsset};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::ledger::posting_map::account_for;
use crate::ledger::{AccountCode, BookCode, Dimensions, FundClass, Regime, Voucher};
use crate::money::Amount;
use crate::refusal::Refusal;

/// Where a voucher is made.
#[derive(Debug, Clone, Copy)]
pub struct Under<'a> {
    /// The book.
    pub book: &'a BookCode,
    /// Its regime.
    pub regime: &'a Regime,
    /// Date.
    pub on: BusinessDate,
}

impl Under<'_> {
    fn account(&self, usage: &str) -> Result<AccountCode, Refusal> {
        Ok(account_for(self.regime, usage)?)
    }

    fn cost_of(&self, kind: AssetKind) -> Result<AccountCode, Refusal> {
        self.account(match kind {
            AssetKind::Biological => "biological_asset",
            AssetKind::Intangible => "intangible_asset",
            AssetKind::Fixed | AssetKind::Resource => "fixed_asset",
        })
    }

    fn wear_of(&self, kind: AssetKind) -> Result<AccountCode, Refusal> {
        self.account(match kind {
            AssetKind::Biological => "biological_wear",
            AssetKind::Intangible => "intangible_wear",
            AssetKind::Fixed | AssetKind::Resource => "fixed_wear",
        })
    }
}

/// 计提折旧: one line a use, one a kind.
pub fn depreciation(
    s: Under<'_>,
    period: AccountingPeriod,
    sums: &BTreeMap<(AssetKind, AssetUse), Amount>,
) -> Result<Voucher, Refusal> {
    let mut draft = Voucher::on(s.book, s.on, &format!("计提{}折旧", period.label_zh()));
    let none = Dimensions::default;
    for ((_, used_for), amount) in sums {
        draft = draft.debit(&s.account(&format!("depreciation_{}", used_for.as_str()))?, *amount, none());
    }
    for ((kind, _), amount) in sums {
        draft = draft.credit(&s.wear_of(*kind)?, *amount, none());
    }
    Ok(draft.balanced()?)
}

/// 处置: nothing for what does not stand in the books.
pub fn disposal(
    s: Under<'_>,
    asset: &KeptAsset,
    proceeds: Amount,
    money: Option<&AccountCode>,
) -> Result<Option<Voucher>, Refusal> {
    if asset.card.cost.is_zero() && proceeds.is_zero() {
        return Ok(None);
    }
    let none = Dimensions::default;
    let (clearing, net) = (s.account("asset_clearing")?, asset.net());
    let worn = asset.card.cost - net;
    let draft = Voucher::on(s.book, s.on, &format!("处置{}", asset.card.name));
    let draft = draft.debit(&clearing, net, none()).debit(&s.wear_of(asset.card.kind)?, worn, none());
    let draft = draft.credit(&s.cost_of(asset.card.kind)?, asset.card.cost, none());
    let class = Dimensions { fund_class: Some(FundClass::Collective.label_zh().to_owned()), ..none() };
    let bank = money.cloned().map_or_else(|| s.account("bank"), Ok)?;
    let draft = draft.debit(&bank, proceeds, class).credit(&clearing, proceeds, none());
    let gain = proceeds - net;
    let draft = if gain.is_positive() {
        draft.debit(&clearing, gain, none()).credit(&s.account("asset_gain")?, gain, none())
    } else {
        draft.debit(&s.account("asset_loss")?, -gain, none()).credit(&clearing, -gain, none())
    };
    Ok(Some(draft.balanced()?))
}
