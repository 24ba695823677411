//! Money of resident cadres (驻村经费) against its standards, which are dated rows with a source.
//!
//! Pure, but for `store.rs` and `service.rs`. The shipped rows are data (`standards.csv`); a county adds its own.
//!
//! 1. What may be paid follows from who was in the village and when, and from nothing else.
//! 2. A month counts if the person was there on any day of it; a year's sum is not divided.
//! 3. What the books paid as 驻村经费 without the register is shown beside it.

pub mod reports;
pub mod service;
pub mod store;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::duties::{Duty, Post};
use super::refusal::AffairsRefusal;
use crate::calendar::BusinessDate;
use crate::money::Amount;

crate::words! {
    /// What the money is for.
    pub enum Item {
        /// Office costs.
        Office = "office", "办公经费";
        /// Living allowance.
        Living = "living", "生活补助";
        /// The team.
        Team = "team", "工作组经费";
        /// Settling in.
        Settling = "settling", "安家费";
    }
}

crate::words! {
    /// For whom and how often.
    pub enum Per {
        /// Every person and year.
        PersonYear = "person_year", "元/人·年";
        /// Every person and month.
        PersonMonth = "person_month", "元/人·月";
        /// Every village and year.
        VillageYear = "village_year", "元/村·年";
        /// Every person, once.
        PersonOnce = "person_once", "元/人,一次性";
    }
}

/// A standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standard {
    /// Name; a row of the same name takes the older one's place.
    pub rule: String,
    /// What for.
    pub item: Item,
    /// Who gets it: posts, by words between blanks.
    pub posts: String,
    /// How much.
    pub amount: Amount,
    /// For whom and how often.
    pub per: Per,
    /// Place code, blank for the whole county.
    #[serde(default)]
    pub place: String,
    /// First day.
    pub from: BusinessDate,
    /// Last day.
    #[serde(default)]
    pub until: Option<BusinessDate>,
    /// Where it stands written.
    pub source: String,
}

impl Standard {
    fn is_for(&self, duty: &Duty) -> bool {
        self.posts.split_whitespace().any(|post| Post::parse(post) == Some(duty.post))
    }

    fn holds(&self, on: BusinessDate, place: &str) -> bool {
        let there = place.starts_with(self.place.trim_end_matches("000"));
        there && self.from <= on && self.until.is_none_or(|last| on <= last)
    }

    /// Refuses a row that says nothing (Z-103).
    pub fn check(&self) -> Result<(), AffairsRefusal> {
        let wrong = |why: &str| Err(AffairsRefusal::BadStandard { rule: self.rule.clone(), why: why.to_owned() });
        match self {
            _ if self.rule.trim().is_empty() => wrong("缺名称"),
            _ if self.source.trim().is_empty() => wrong("缺依据"),
            _ if !self.amount.is_positive() => wrong("金额须大于零"),
            _ if self.posts.split_whitespace().any(|post| Post::parse(post).is_none()) => wrong("岗位看不懂"),
            _ if self.posts.trim().is_empty() => wrong("缺岗位"),
            _ if self.until.is_some_and(|until| until < self.from) => wrong("起止次序不对"),
            _ => Ok(()),
        }
    }

    /// What a year through a day allows a person; for the village's own sum, `None` stands for the team.
    pub fn allows(&self, duties: &[Duty], who: Option<i64>, through: BusinessDate) -> Amount {
        let first = BusinessDate::from_ymd_opt(through.year(), 1, 1).expect("every year has a first day");
        let there: Vec<&Duty> = duties.iter().filter(|duty| self.is_for(duty) && duty.lasts(first, through)).collect();
        let times = match (self.per, who) {
            (Per::VillageYear, _) => i64::from(!there.is_empty()),
            (_, None) => 0,
            (per, Some(who)) => there.iter().filter(|duty| duty.duty == who).map(|duty| times(per, duty, first, through)).sum(),
        };
        Amount::from_fen(self.amount.fen() * times)
    }
}

fn times(per: Per, duty: &Duty, first: BusinessDate, through: BusinessDate) -> i64 {
    let (from, last) = (duty.from.max(first), duty.through.unwrap_or(through).min(through));
    match per {
        Per::PersonMonth => i64::from(last.month()) - i64::from(from.month()) + 1,
        Per::PersonOnce => i64::from(duty.from >= first),
        Per::PersonYear | Per::VillageYear => 1,
    }
}

/// The rows the program brings.
pub fn shipped() -> &'static [Standard] {
    static ALL: LazyLock<Vec<Standard>> = LazyLock::new(|| {
        let mut reader = csv::Reader::from_reader(include_str!("standards.csv").as_bytes());
        let rows = reader.deserialize::<Standard>();
        rows.map(|row| row.expect("standards.csv is part of the program and read by its test")).collect()
    });
    &ALL
}

/// The shipped rows with a county's own in their place or beside them.
pub fn table(own: Vec<Standard>) -> Vec<Standard> {
    let by_name = shipped().iter().cloned().chain(own).map(|rule| (rule.rule.clone(), rule));
    by_name.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// The standard of an item at a place on a day: the nearest place's.
pub fn deciding<'a>(table: &'a [Standard], item: Item, on: BusinessDate, place: &str) -> Option<&'a Standard> {
    let fits = table.iter().filter(|rule| rule.item == item && rule.holds(on, place));
    fits.max_by_key(|rule| (rule.place.trim_end_matches("000").len(), rule.from))
}

/// A payment the register knows; what was voided or reversed does not count and is not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResidentPayment {
    /// What for.
    pub item: Item,
    /// The person's number; 0 for the team.
    pub duty: i64,
    /// Date.
    pub on: BusinessDate,
    /// How much.
    pub amount: Amount,
    /// The voucher.
    pub voucher: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    fn person(number: i64, post: Post, from: &str, through: Option<&str>) -> Duty {
        let through = through.map(day);
        Duty { duty: number, post, name: format!("某{number}"), from: day(from), through, document: "文".into() }
    }

    #[test]
    fn standards_follow_who_was_there() {
        let all = table(Vec::new());
        assert!(all.iter().all(|standard| standard.check().is_ok()));
        let duties = [
            person(1, Post::FirstSecretary, "2024-07-10", Some("2025-03-02")),
            person(2, Post::FirstSecretary, "2025-03-20", None),
            person(3, Post::TeamMember, "2025-05-01", None),
        ];
        let allowed = |item, who, on: &str| {
            let standard = deciding(&all, item, day(on), "459900101201").unwrap();
            standard.allows(&duties, who, day(on)).to_string()
        };
        assert_eq!(allowed(Item::Living, Some(1), "2025-12-31"), "3600.00", "January to March");
        assert_eq!(allowed(Item::Living, Some(2), "2025-12-31"), "12000.00", "March to December");
        assert_eq!(allowed(Item::Living, Some(2), "2025-04-30"), "2400.00", "no month in advance");
        assert_eq!(allowed(Item::Office, Some(1), "2025-12-31"), "5000.00");
        assert_eq!(allowed(Item::Settling, Some(1), "2025-12-31"), "0.00", "settled in the year before");
        assert_eq!(allowed(Item::Settling, Some(2), "2025-12-31"), "2000.00");
        assert_eq!(allowed(Item::Team, None, "2025-12-31"), "5000.00");
        assert_eq!(allowed(Item::Living, Some(3), "2025-12-31"), "0.00", "the row names first secretaries");
        assert_eq!(deciding(&all, Item::Team, day("2015-12-31"), ""), None);
    }
}
