//! The fictional county 青禾县 (459900): a year of books, as the people of a county would keep it.
//!
//! The demo is a *script*: files as users have them, days, and command lines. The command line plays it
//! (`faces/cli/demo.rs`), so the demo uses exactly what users use.
//!
//! 1. The same seed gives the same files and the same commands, hence the same papers, byte for byte.
//! 2. No person, place, account or id in it is real: 4599 is no county's code.
//! 3. What goes wrong in a county goes wrong here too: a returned voucher, a wrong one reversed in red, a close refused.

pub mod asset_acts;
pub mod asset_income;
pub mod cooperative;
pub mod credit;
pub mod entries;
pub mod files;
pub mod households;
pub mod loan_month;
pub mod old_book;
pub mod papers;
pub mod reconciliation;
pub mod script;
pub mod village;
pub mod village_claims;
pub mod village_contracts;
pub mod village_merger;
pub mod village_people;
pub mod village_project;
pub mod watching;

use crate::calendar::BusinessDate;

/// The county's code.
pub const COUNTY: &str = "459900";
/// What stands above every printed page of it.
pub const BAND: &str = "演示数据:虚构的县、村和人,不是真实账目";
/// The year played.
pub const YEAR: i32 = 2025;

/// The password of everybody in the fictional county. No other county has one that was not typed.
pub const PASSWORD: &str = "qinghe-2025";

/// How large a county is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Two townships, six villages, one cooperative.
    Small,
    /// Twelve townships, 145 villages, one cooperative.
    County,
}

impl Scale {
    /// Villages of each township.
    pub fn villages(self) -> Vec<usize> {
        match self {
            Scale::Small => vec![3, 3],
            Scale::County => vec![13, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12],
        }
    }
}

/// One step of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The clock moves to the morning of a date.
    Day(BusinessDate),
    /// A file as a user would have it, below the demo's `in` folder.
    File {
        /// Its name.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// What the cooperatives that are not typed do in a season.
    Acts(asset_acts::Season),
    /// A command somebody types.
    Command {
        /// Who types it.
        user: &'static str,
        /// The words after `cunzhang --db … --as USER`.
        words: Vec<String>,
        /// The code it must be refused with, where the story is that it is refused.
        refused: Option<&'static str>,
    },
}

/// People of the demo: (login, name shown, role, scope).
pub const PEOPLE: [(&str, &str, &str, &str); 11] = [
    ("admin", "系统管理员", "administrator", ""),
    ("xianban", "县业务员", "officer", ""),
    ("kuaiji", "代理会计", "accountant", ""),
    ("shenhe", "镇审核员", "reviewer", ""),
    ("zhuguan", "会计主管", "head", ""),
    ("hzskuaiji", "合作社会计", "accountant", "C001"),
    ("hzsshenhe", "合作社审核", "reviewer", "C001"),
    ("baozhang", "村报账员", "clerk", "459900100000"),
    ("shenji", "审计监督", "auditor", ""),
    ("jianwei", "莫雨水", "committee", ""),
    ("nongshang", "农商行信贷员", "bank", "B1"),
];
