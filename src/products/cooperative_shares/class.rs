//! Kinds of shares, where the money behind them came from, and what a preferred share is promised.
//!
//! Pure. Source: posting-rules.md §4; seeds.md §2.1, 2.5, 2.7.
//!
//! 1. Only preferred shares have a floor; every floor says when it is paid and what happens when money is short.
//! 2. The source of a contribution decides the member account's column (COOP37, member account sheet).

use serde::{Deserialize, Serialize};

use super::refusal::ShareRefusal;
use crate::money::Rate;

crate::words! {
    /// A kind of share.
    pub enum ClassKind {
        /// Put in by the member.
        Subscribed = "subscribed", "认购股";
        /// Allotted to a household from another's holding.
        Allotted = "allotted", "配股";
        /// With a floor.
        Preferred = "preferred", "优先股";
        /// Of the village collective.
        Collective = "collective", "集体股";
        /// A member's part of grants, gifts and reserves; not share capital.
        Quantified = "quantified", "量化股";
    }
}

crate::words! {
    /// Where the money or thing behind a share came from; dividends and exits depend on it (seeds.md §6.2).
    pub enum Source {
        /// 自有资金
        OwnCash = "own_cash", "自有资金";
        /// 扶贫小额信贷
        Loan = "loan", "小额信贷";
        /// 到户扶贫项目资金
        HouseholdGrant = "household_grant", "到户项目资金";
        /// 扶贫周转金
        RevolvingFund = "revolving_fund", "扶贫周转金";
        /// 财政专项资金
        FiscalFund = "fiscal_fund", "财政资金";
        /// 土地经营权、林地、草地
        Land = "land", "土地经营权";
        /// 实物、牲畜、设备
        Goods = "goods", "实物";
        /// 他人捐赠
        Donation = "donation", "捐赠";
        /// 公积金
        Reserve = "reserve", "公积金";
        /// 盈余
        Surplus = "surplus", "盈余转入";
    }
}

crate::words! {
    /// A column of the member account (成员账户) that an entry belongs to.
    pub enum AccountColumn {
        /// 成员出资:来源于到户类扶贫项目资产
        FromPovertyAssets = "from_poverty_assets", "到户类扶贫项目资产出资";
        /// 成员出资:其他来源
        FromOther = "from_other", "其他来源出资";
        /// 公积金份额
        Reserve = "reserve", "公积金份额";
        /// 接受国家财政直接补助形成财产量化份额
        FiscalGrant = "fiscal_grant", "财政补助量化份额";
        /// 接受他人捐赠形成财产量化份额
        Donation = "donation", "捐赠量化份额";
    }
}

impl AccountColumn {
    /// The contribution column of a source (COOP37, member account).
    pub const fn of(source: Source) -> AccountColumn {
        match source {
            Source::HouseholdGrant => AccountColumn::FromPovertyAssets,
            _ => AccountColumn::FromOther,
        }
    }

    /// True for the two columns that make up account 301.
    pub const fn is_contribution(self) -> bool {
        matches!(self, AccountColumn::FromPovertyAssets | AccountColumn::FromOther)
    }
}

crate::words! {
    /// When a floor is paid.
    pub enum FloorTiming {
        /// First out of the surplus.
        FromProfit = "from_profit", "从盈余中先付";
        /// Whether or not there is a surplus: a cost of the year, beside the pool (GAOXIAN).
        BeforeProfit = "before_profit", "盈余之外照付";
    }
}

crate::words! {
    /// How a class shares in what remains after floors.
    pub enum Participation {
        /// With its base, like ordinary shares.
        ByWeight = "by_weight", "按股参与";
        /// At a fixed part of the pool, split inside the class by base.
        AtRate = "at_rate", "按约定比例参与";
        /// Not at all.
        None = "none", "不参与";
    }
}

crate::words! {
    /// What happens with a floor the pool cannot pay (posting-rules.md §4, one choice per scheme).
    pub enum Shortfall {
        /// Owed into later years.
        Carried = "carried", "结转以后年度补付";
        /// A guarantor owes it: Dr 应收款—兜底方 / Cr 应付剩余盈余.
        Guaranteed = "guaranteed", "兜底方补足";
        /// The cooperative bears it: Dr 财务费用 / Cr 应付利息.
        FinanceCost = "finance_cost", "列入财务费用";
    }
}

/// What a preferred class is promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Floor {
    /// A year, of the nominal amount.
    pub rate: Rate,
    /// When it is paid.
    pub timing: FloorTiming,
    /// When money is short.
    pub shortfall: Shortfall,
    /// Who owes the shortfall, where guaranteed: a party of the book.
    pub guarantor: Option<String>,
    /// Document that promises it.
    pub basis: String,
}

/// A class of shares in one book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareClass {
    /// Code within the book.
    pub class: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: ClassKind,
    /// The promise of a preferred class.
    pub floor: Option<Floor>,
    /// How it shares in the rest.
    pub participation: Participation,
    /// Its fixed part of the pool, where it participates at a rate.
    pub participation_rate: Option<Rate>,
}

impl ShareClass {
    /// An ordinary class: no floor, shares by its base.
    pub fn ordinary(class: &str, name: &str, kind: ClassKind) -> ShareClass {
        let (class, name) = (class.to_owned(), name.to_owned());
        ShareClass { class, name, kind, floor: None, participation: Participation::ByWeight, participation_rate: None }
    }

    /// Refuses promises that do not fit together (H-101).
    pub fn check(&self) -> Result<(), ShareRefusal> {
        let wrong = |why: &str| Err(ShareRefusal::BadClass { class: self.class.clone(), why: why.to_owned() });
        let guaranteed = self.floor.as_ref().is_some_and(|floor| floor.shortfall == Shortfall::Guaranteed);
        match self {
            _ if self.class.trim().is_empty() || self.name.trim().is_empty() => wrong("缺编号或名称"),
            _ if self.floor.is_some() != (self.kind == ClassKind::Preferred) => wrong("优先股且只有优先股约定保底"),
            _ if self.floor.as_ref().is_some_and(|floor| floor.basis.trim().is_empty()) => wrong("保底缺依据文件"),
            _ if guaranteed && self.floor.as_ref().is_none_or(|floor| floor.guarantor.is_none()) => wrong("兜底补足须写明兜底方"),
            _ if (self.participation == Participation::AtRate) != self.participation_rate.is_some() => {
                wrong("按约定比例参与须写明比例,其他方式不写")
            }
            _ => Ok(()),
        }
    }
}
