//! Regimes (会计制度): which one a book keeps in which year, and the accounts its closing needs.
//!
//! Pure. The rows are data (`charts/regimes.csv`), each with its source.
//!
//! 1. A kind of entity has at most one regime on a date.
//! 2. A regime names its closing accounts; nothing else in the program knows that 321 is a result.

use std::sync::LazyLock;

use serde::Deserialize;

use super::account::AccountCode;
use super::chart::ChartRefusal;
use crate::calendar::BusinessDate;

/// What kind of entity keeps a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// 农村集体经济组织, or a village committee that acts for it
    Village,
    /// 农民专业合作社
    Cooperative,
    /// 农投公司
    Company,
    /// 风险补偿金
    RiskFund,
    /// 贴息资金
    SubsidyFund,
    /// 县级专项基金: education aid and the like
    AidFund,
}

impl EntityKind {
    /// All of them.
    pub const ALL: [EntityKind; 6] = [
        EntityKind::Village,
        EntityKind::Cooperative,
        EntityKind::Company,
        EntityKind::RiskFund,
        EntityKind::SubsidyFund,
        EntityKind::AidFund,
    ];

    /// As the tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            EntityKind::Village => "village",
            EntityKind::Cooperative => "cooperative",
            EntityKind::Company => "company",
            EntityKind::RiskFund => "risk_fund",
            EntityKind::SubsidyFund => "subsidy_fund",
            EntityKind::AidFund => "aid_fund",
        }
    }

    /// As users read it.
    pub const fn label_zh(self) -> &'static str {
        match self {
            EntityKind::Village => "村集体",
            EntityKind::Cooperative => "合作社",
            EntityKind::Company => "农投公司",
            EntityKind::RiskFund => "风险补偿金",
            EntityKind::SubsidyFund => "贴息资金",
            EntityKind::AidFund => "专项基金",
        }
    }

    /// Reads what `as_str` or `label_zh` writes.
    pub fn parse(text: &str) -> Option<EntityKind> {
        EntityKind::ALL.into_iter().find(|kind| kind.as_str() == text || kind.label_zh() == text)
    }
}

/// An accounting regime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regime {
    /// Text id such as `village-2023`.
    pub id: String,
    /// Who keeps books by it.
    pub kind: EntityKind,
    /// 制度名称
    pub name_zh: String,
    /// Working translation of the name.
    pub name_en: String,
    /// First date in force.
    pub from: BusinessDate,
    /// Last date in force; `None` while it lasts.
    pub until: Option<BusinessDate>,
    /// 本年收益/本年盈余: takes the year's income and expense. For the fund books, the equity account they go to at once.
    pub result: AccountCode,
    /// 未分配收益/未分配盈余; `None` where income goes straight to equity.
    pub undistributed: Option<AccountCode>,
    /// 各项分配, the parent of the appropriation accounts; emptied into `undistributed` at the year's end.
    pub appropriations: Option<AccountCode>,
    /// 提取公积公益金/提取盈余公积: the appropriation that feeds `reserve` at the year's end.
    pub reserve_appropriation: Option<AccountCode>,
    /// 公积公益金/盈余公积
    pub reserve: Option<AccountCode>,
    /// 库存现金
    pub cash: Vec<AccountCode>,
    /// 银行存款
    pub bank: Vec<AccountCode>,
    /// Accounts that must be zero at the year's end beside income and expense (待处理财产损溢).
    pub clearing: Vec<AccountCode>,
    /// Document number and tag.
    pub source: String,
}

impl Regime {
    /// True if the regime is in force on the date.
    pub fn in_force(&self, on: BusinessDate) -> bool {
        self.from <= on && self.until.is_none_or(|until| on <= until)
    }
}

/// Every regime, in the order of the data.
pub fn regimes() -> &'static [Regime] {
    static ALL: LazyLock<Vec<Regime>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("charts/regimes.csv").as_bytes());
        let rows = reader.deserialize::<RegimeRow>();
        rows.map(|row| row.expect("charts/regimes.csv is part of the program and read by its tests").regime()).collect()
    });
    &ALL
}

/// The regime with an id. Refuses an unknown id (C-107).
pub fn regime(id: &str) -> Result<&'static Regime, ChartRefusal> {
    regimes().iter().find(|regime| regime.id == id).ok_or_else(|| ChartRefusal::UnknownRegime { regime: id.to_owned() })
}

/// The regime a kind of entity keeps on a date (a book keeps one regime per year). Refuses a date before the first (C-108).
pub fn regime_on(kind: EntityKind, on: BusinessDate) -> Result<&'static Regime, ChartRefusal> {
    let found = regimes().iter().find(|regime| regime.kind == kind && regime.in_force(on));
    found.ok_or_else(|| ChartRefusal::NoRegimeThen { kind: kind.label_zh().to_owned(), on })
}

#[derive(Deserialize)]
struct RegimeRow {
    regime: String,
    kind: EntityKind,
    name_zh: String,
    name_en: String,
    from: BusinessDate,
    until: Option<BusinessDate>,
    result: String,
    undistributed: Option<String>,
    appropriations: Option<String>,
    reserve_appropriation: Option<String>,
    reserve: Option<String>,
    cash: String,
    bank: String,
    clearing: String,
    source: String,
}

impl RegimeRow {
    fn regime(self) -> Regime {
        let codes = |text: &str| text.split_whitespace().map(AccountCode::from).collect();
        Regime {
            id: self.regime,
            kind: self.kind,
            name_zh: self.name_zh,
            name_en: self.name_en,
            from: self.from,
            until: self.until,
            result: AccountCode(self.result),
            undistributed: self.undistributed.map(AccountCode),
            appropriations: self.appropriations.map(AccountCode),
            reserve_appropriation: self.reserve_appropriation.map(AccountCode),
            reserve: self.reserve.map(AccountCode),
            cash: codes(&self.cash),
            bank: codes(&self.bank),
            clearing: codes(&self.clearing),
            source: self.source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::chart::Chart;

    fn day(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_decides_the_regime() {
        for (kind, on, id) in [
            (EntityKind::Village, "2023-12-31", "village-2004"),
            (EntityKind::Village, "2024-01-01", "village-2023"),
            (EntityKind::Cooperative, "2022-12-31", "cooperative-2007"),
            (EntityKind::Cooperative, "2023-01-01", "cooperative-2021"),
            (EntityKind::Company, "2016-03-15", "small-enterprise-2013"),
            (EntityKind::RiskFund, "2016-03-15", "risk-fund"),
            (EntityKind::SubsidyFund, "2026-10-31", "interest-subsidy"),
            (EntityKind::AidFund, "2017-09-01", "aid-fund"),
        ] {
            assert_eq!(regime_on(kind, day(on)).unwrap().id, id);
        }
        assert_eq!(regime_on(EntityKind::Village, day("2004-12-31")).unwrap_err().refusal().code, "C-108");
        assert_eq!(regime("village-1999").unwrap_err().refusal().code, "C-107");
    }

    #[test]
    fn closing_accounts_are_in_the_chart() {
        for regime in regimes() {
            let chart = Chart::of(&regime.id).unwrap();
            let named = [Some(&regime.result), regime.undistributed.as_ref(), regime.appropriations.as_ref()];
            for code in named.into_iter().flatten().chain(&regime.cash).chain(&regime.bank).chain(&regime.clearing) {
                assert!(chart.get(code).is_some(), "{} {code}", regime.id);
            }
        }
    }
}
