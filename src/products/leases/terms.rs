//! What a contract agrees: what, from whom or to whom, for how long, at which rent or price.
//!
//! Pure. Source: seeds.md §2.3, 2.4, 2.7, 2.10; posting-rules.md §5.

use chrono::Months;
use serde::{Deserialize, Serialize};

use super::refusal::LeaseRefusal;
use crate::calendar::BusinessDate;
use crate::money::{Amount, Rate};

crate::words! {
    /// Whose rent it is.
    pub enum Direction {
        /// 出租、发包: rent comes in.
        Out = "out", "租出";
        /// 租入、流转: rent goes to households.
        In = "in", "租入";
    }
}

crate::words! {
    /// What kind of contract it is; decides the account of its income.
    pub enum ContractKind {
        /// 租赁: rent by periods.
        Lease = "lease", "租赁";
        /// 发包、承包: a contracting fee by periods.
        Contracting = "contracting", "发包";
        /// 出售: a price in instalments of its own days. What stands on an asset card is sold by its disposal.
        Sale = "sale", "出售";
    }
}

impl ContractKind {
    /// What is paid for, in the words of users.
    pub fn money_zh(self) -> &'static str {
        match self {
            ContractKind::Lease => "租金",
            ContractKind::Contracting => "承包费",
            ContractKind::Sale => "价款",
        }
    }

    /// What the income is used as in the map of accounts.
    pub fn income(self) -> &'static str {
        match self {
            ContractKind::Lease => "lease_income",
            ContractKind::Contracting => "contracting_income",
            ContractKind::Sale => "sale_income",
        }
    }
}

fn lease() -> ContractKind {
    ContractKind::Lease
}

crate::words! {
    /// What is leased.
    pub enum Thing {
        /// 耕地
        Land = "land", "耕地";
        /// 林地
        Forest = "forest", "林地";
        /// 草地
        Grass = "grass", "草地";
        /// 水面
        Water = "water", "水面";
        /// 房屋
        House = "house", "房屋";
        /// 设备
        Equipment = "equipment", "设备";
        /// 其他资产
        Other = "other", "其他资产";
    }
}

crate::words! {
    /// When in a period its rent is due.
    pub enum Due {
        /// On its first day.
        Advance = "advance", "先付";
        /// After its last day.
        Arrears = "arrears", "后付";
    }
}

/// A lessor or lessee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseParty {
    /// The party in the book.
    pub party: String,
    /// How much of the thing, in thousandths of its unit (亩, 间, 台).
    pub quantity_milli: i64,
    /// Rent of the first contract year; of a sale the whole price.
    pub yearly: Amount,
    /// True for a household or member of the book (内部往来 or 成员往来).
    #[serde(default)]
    pub is_member: bool,
}

/// What is agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Name.
    pub name: String,
    /// Lease, contracting or sale.
    #[serde(default = "lease")]
    pub kind: ContractKind,
    /// Out or in.
    pub direction: Direction,
    /// What.
    pub thing: Thing,
    /// Where and what exactly: plot numbers, address.
    pub description: String,
    /// First day.
    pub begins_on: BusinessDate,
    /// First day after it.
    pub ends_on: BusinessDate,
    /// Months of a period: 1, 3, 6 or 12.
    pub months: u32,
    /// When a period's rent is due.
    pub due: Due,
    /// From a day on, the rent as a part of the first year's: steps of the contract.
    #[serde(default)]
    pub steps: Vec<(BusinessDate, Rate)>,
    /// The lease whose land is let again (返租倒包).
    #[serde(default)]
    pub relets: Option<String>,
    /// The instalments of a sale: when and how much.
    #[serde(default)]
    pub instalments: Vec<(BusinessDate, Amount)>,
    /// Contract or decision number.
    pub document: String,
    /// With whom.
    pub parties: Vec<LeaseParty>,
}

impl Terms {
    /// Refuses what does not make a lease (J-101).
    pub fn check(&self, lease: &str) -> Result<(), LeaseRefusal> {
        let wrong = |why: &str| Err(LeaseRefusal::BadLease { lease: lease.to_owned(), why: why.to_owned() });
        let mut seen = std::collections::BTreeSet::new();
        match self {
            _ if self.document.trim().is_empty() => wrong("缺合同或决议编号"),
            _ if self.begins_on >= self.ends_on => wrong("起止日期次序不对"),
            _ if ![1, 3, 6, 12].contains(&self.months) => wrong("租金周期为 1、3、6 或 12 个月"),
            _ if self.parties.is_empty() => wrong("没有写明对方"),
            _ if self.parties.iter().any(|p| p.party.trim().is_empty() || !seen.insert(&p.party)) => wrong("对方编号空白或重复"),
            _ if self.parties.iter().any(|p| p.quantity_milli <= 0 || !p.yearly.is_positive()) => wrong("数量和年租金须大于零"),
            _ if self.relets.is_some() && self.direction == Direction::In => wrong("只有租出的合同可以转包"),
            _ => self.check_instalments().map_or(Ok(()), wrong),
        }
    }

    /// What is wrong with the instalments of a sale; other contracts have none.
    fn check_instalments(&self) -> Option<&'static str> {
        let sum: Amount = self.instalments.iter().map(|(_, amount)| *amount).sum();
        let in_order = self.instalments.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let within = self.instalments.iter().all(|(on, _)| self.begins_on <= *on && *on < self.ends_on);
        match self.kind {
            ContractKind::Sale if self.direction == Direction::In => Some("出售合同的方向为租出(收款)"),
            ContractKind::Sale if self.parties.len() != 1 => Some("出售合同写一个买受人"),
            ContractKind::Sale if sum != self.parties[0].yearly => Some("各期付款合计须等于价款"),
            ContractKind::Sale if self.instalments.iter().any(|(_, amount)| !amount.is_positive()) => Some("每期付款须大于零"),
            ContractKind::Sale if !(in_order && within) => Some("付款日须依次在合同起止日之间"),
            ContractKind::Sale => None,
            _ if self.instalments.is_empty() => None,
            _ => Some("只有出售合同写分期付款"),
        }
    }

    /// Σ quantity, in thousandths.
    pub fn quantity_milli(&self) -> i64 {
        self.parties.iter().map(|party| party.quantity_milli).sum()
    }

    /// The first day of contract year `n` (from 0), or the day after the last that can be written.
    pub fn year_begins(&self, n: u32) -> BusinessDate {
        self.begins_on.checked_add_months(Months::new(12 * n)).unwrap_or(self.ends_on)
    }
}

/// Refuses land let again that was not rented, more of it, or for longer (J-205).
pub fn check_relet(lease: &str, terms: &Terms, rented: &Terms, let_already: i64) -> Result<(), LeaseRefusal> {
    let wrong = |why: String| Err(LeaseRefusal::NotRented { lease: lease.to_owned(), why });
    let left = rented.quantity_milli() - let_already;
    match rented {
        _ if rented.direction != Direction::In => wrong("原合同不是租入合同".to_owned()),
        _ if terms.quantity_milli() > left => {
            let milli = |n: i64| format!("{}.{:03}", n / 1000, n % 1000);
            wrong(format!("租入剩余 {},转包 {}", milli(left), milli(terms.quantity_milli())))
        }
        _ if terms.begins_on < rented.begins_on || terms.ends_on > rented.ends_on => wrong("超出租入合同的期限".to_owned()),
        _ => Ok(()),
    }
}
