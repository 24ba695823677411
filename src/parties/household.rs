//! Households and their people as the programme knows them: standings by date, labour, names.
//!
//! Pure.
//!
//! 1. A standing holds from its day until the next begins; before the first there is none.
//! 2. Names are stored as read, with one middle dot (U+00B7); they are compared in one form and never split.
//! 3. One resident id belongs to one person of one household.

use serde::{Deserialize, Serialize};

use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::refusals;

/// A household's standing in the campaign (domain/loans.md §1–§2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HouseholdStatus {
    /// 建档立卡贫困户
    RegisteredPoor,
    /// 脱贫户
    OutOfPoverty,
    /// 脱贫不稳定户
    MonitoredUnstable,
    /// 边缘易致贫户
    MonitoredMarginal,
    /// 突发严重困难户
    MonitoredHardship,
    /// 有帮扶需求 (2026)
    InNeed,
    /// 一般农户
    Ordinary,
    /// 清退
    Removed,
    /// 经营主体: no household, an entity that keeps books here.
    Organisation,
}

impl HouseholdStatus {
    const ALL: [(HouseholdStatus, &'static str, &'static str); 9] = [
        (HouseholdStatus::RegisteredPoor, "registered-poor", "建档立卡贫困户"),
        (HouseholdStatus::OutOfPoverty, "out-of-poverty", "脱贫户"),
        (HouseholdStatus::MonitoredUnstable, "monitored-unstable", "脱贫不稳定户"),
        (HouseholdStatus::MonitoredMarginal, "monitored-marginal", "边缘易致贫户"),
        (HouseholdStatus::MonitoredHardship, "monitored-hardship", "突发严重困难户"),
        (HouseholdStatus::InNeed, "in-need", "有帮扶需求"),
        (HouseholdStatus::Ordinary, "ordinary", "一般农户"),
        (HouseholdStatus::Removed, "removed", "清退"),
        (HouseholdStatus::Organisation, "organisation", "经营主体"),
    ];

    /// As the tables write it.
    pub const fn as_str(self) -> &'static str {
        HouseholdStatus::ALL[self as usize].1
    }

    /// As users read it.
    pub const fn label_zh(self) -> &'static str {
        HouseholdStatus::ALL[self as usize].2
    }

    /// Reads what `as_str` or `label_zh` writes, and the short forms of township lists.
    pub fn parse(text: &str) -> Option<HouseholdStatus> {
        let text = match text.trim() {
            "贫困户" | "建档立卡户" | "未脱贫" | "未脱贫户" => "建档立卡贫困户",
            "已脱贫" | "已脱贫户" | "脱贫人口" => "脱贫户",
            "边缘户" | "边缘人口" => "边缘易致贫户",
            other => other,
        };
        HouseholdStatus::ALL.iter().find(|(_, name, label)| *name == text || *label == text).map(|(status, ..)| *status)
    }
}

/// A standing from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// First day.
    pub from: BusinessDate,
    /// Which.
    pub status: HouseholdStatus,
    /// The list or notice it comes from.
    #[serde(default)]
    pub document: String,
}

/// The standing on a day.
pub fn status_on(standings: &[Standing], day: BusinessDate) -> Option<HouseholdStatus> {
    standings.iter().filter(|standing| standing.from <= day).max_by_key(|standing| standing.from).map(|found| found.status)
}

/// A person of a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name as written.
    pub name: String,
    /// Resident id in its stored form.
    pub id_number: String,
    /// 户主, 配偶, 子 …
    pub relation: String,
    /// 有劳动能力
    pub is_able: bool,
}

/// A household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// Code within the county.
    pub household: String,
    /// 12-digit code of the village.
    pub place: String,
    /// Its people; the first is the head.
    pub people: Vec<Person>,
    /// Standings, in any order.
    pub standings: Vec<Standing>,
    /// Telephone.
    #[serde(default)]
    pub phone: Option<String>,
    /// 一卡通 account.
    #[serde(default)]
    pub bank_account: Option<String>,
    /// First day it no longer lived here.
    #[serde(default)]
    pub moved_out_on: Option<BusinessDate>,
}

impl Household {
    /// How many can work.
    pub fn labour(&self) -> i64 {
        self.people.iter().filter(|person| person.is_able).count() as i64
    }
}

/// What lending asks of a household on a day.
#[derive(Debug, Clone)]
pub struct Borrower {
    /// Code.
    pub household: String,
    /// Village.
    pub place: String,
    /// Head's name.
    pub name: String,
    /// Head's resident id.
    pub id_number: String,
    /// Standings.
    pub standings: Vec<Standing>,
    /// First day it no longer lived here.
    pub moved_out_on: Option<BusinessDate>,
    /// Last grade's limit.
    pub limit: Option<Amount>,
}

impl Borrower {
    /// The standing on a day.
    pub fn status_on(&self, day: BusinessDate) -> Option<HouseholdStatus> {
        status_on(&self.standings, day)
    }

    /// The head's age on a day, if the id says it.
    pub fn age_on(&self, day: BusinessDate) -> Option<u32> {
        super::ResidentId::parse(&self.id_number, day).ok()?.id.age_on(day)
    }
}

/// A bank or one of its branches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bank {
    /// Code within the county.
    pub bank: String,
    /// The bank a branch belongs to.
    pub parent: Option<String>,
    /// Name.
    pub name: String,
    /// Where it is.
    pub place: Option<String>,
}

/// The one stored form of a name: blanks at the ends gone, any middle dot U+00B7 (domain/validation.md §6).
pub fn stored_name(text: &str) -> String {
    text.trim().chars().map(|c| if "\u{2022}\u{30FB}\u{FF0E}\u{2027}\u{FF65}.".contains(c) { '\u{B7}' } else { c }).collect()
}

/// True if a name may be inexact: a bank or older system put `?`, `*` or a private-use character for a rare one.
pub fn is_inexact(name: &str) -> bool {
    name.chars().any(|c| matches!(c, '?' | '？' | '*' | '\u{FFFD}' | '\u{E000}'..='\u{F8FF}'))
}

/// True if two names may be one: equal when stored, or equal but for characters one of them lost.
pub fn names_agree(one: &str, other: &str) -> bool {
    let (one, other) = (stored_name(one), stored_name(other));
    let lost = |c: char| is_inexact(c.encode_utf8(&mut [0; 4]));
    let same = |(a, b): (char, char)| a == b || lost(a) || lost(b);
    one == other || (one.chars().count() == other.chars().count() && one.chars().zip(other.chars()).all(same))
}

refusals! {
    /// Why a household, a person or a bank is not registered.
    pub enum RegisterRefusal {
        /// A household without people.
        "I-601" NobodyInIt { household: String }
            zh "农户 {household} 没有人员" en "household {household} has nobody in it" next "至少登记户主";
        /// No standing.
        "I-602" NoStanding { household: String }
            zh "农户 {household} 没有身份类别" en "household {household} has no standing" next "填写身份类别及起始日期";
        /// The person is in another household already.
        "I-603" InAnotherHousehold { household: String, other: String, id: String }
            zh "证号 {id} 已登记在农户 {other},不能再登记到 {household}" en "id {id} is already in household {other}, not {household}" next "核对是否跨村重复建档";
        /// The village is not registered.
        "I-604" UnknownVillage { household: String, place: String }
            zh "农户 {household} 的村 {place} 未登记" en "the village {place} of household {household} is not registered" next "先导入区划(place import)";
        /// An unknown standing.
        "I-605" UnknownStatus { text: String }
            zh "不认识身份类别“{text}”" en "unknown standing '{text}'" next "可用:建档立卡贫困户 脱贫户 脱贫不稳定户 边缘易致贫户 突发严重困难户 有帮扶需求 一般农户 清退";
        /// Not registered.
        "I-606" UnknownHousehold { household: String }
            zh "没有农户 {household}" en "there is no household {household}" next "先登记或导入农户";
        /// A name that is missing or lost characters.
        "I-607" InexactName { name: String }
            zh "姓名“{name}”有缺字或替代字符" en "the name '{name}' lost characters" next "按身份证原件补录生僻字";
        /// Whole numbers asked for without saying why.
        "I-608" NoReason { household: String }
            zh "查看农户 {household} 的完整号码没有写明事由" en "no reason given for seeing the whole numbers of household {household}" next "写明事由(--why),它会记入操作日志";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_holds_until_the_next() {
        let standing = |from: &str, status| Standing { from: from.parse().unwrap(), status, document: String::new() };
        let list =
            [standing("2018-12-31", HouseholdStatus::OutOfPoverty), standing("2014-06-01", HouseholdStatus::RegisteredPoor)];
        let at = |day: &str| status_on(&list, day.parse().unwrap());
        assert_eq!(at("2014-05-31"), None);
        assert_eq!(at("2018-12-30"), Some(HouseholdStatus::RegisteredPoor));
        assert_eq!(at("2026-01-01"), Some(HouseholdStatus::OutOfPoverty));
    }

    #[test]
    fn rare_characters_and_middle_dots() {
        assert_eq!(stored_name(" 扎西・次仁 "), "扎西·次仁");
        assert!(names_agree("扎西•次仁", "扎西·次仁") && names_agree("王?", "王䶮") && !names_agree("王䶮", "王喆"));
        assert!(is_inexact("\u{E863}") && !is_inexact("𠮷𬭎㙍"));
        assert!(!names_agree("王?", "王䶮䶮"));
    }

    #[test]
    fn every_status_reads_back() {
        for (status, name, label) in HouseholdStatus::ALL {
            assert_eq!((HouseholdStatus::parse(name), HouseholdStatus::parse(label)), (Some(status), Some(status)));
        }
    }
}
