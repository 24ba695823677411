//! Books (账套): whose they are, by which regime they are kept in each year, their accounts and cards.
//!
//! Pure, but for `store.rs` and `service.rs`.
//!
//! 1. A book begins with the chart its kind of entity keeps on its first day; a change of regime is a dated conversion.
//! 2. An account that has been used keeps its class and side; it is stopped, never deleted.
//! 3. The opening is posted once, balanced, before anything else.

pub mod service;
pub mod store;

use serde::{Deserialize, Serialize};

use super::{BookCode, EntityKind};
use crate::calendar::AccountingPeriod;
use crate::refusals;

/// A book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Code within the county.
    pub book: BookCode,
    /// Name shown on papers.
    pub name: String,
    /// Kind of entity.
    pub kind: EntityKind,
    /// 12-digit place code.
    pub place: Option<String>,
    /// Unified social credit code of the organisation.
    pub organisation: Option<String>,
    /// First month kept.
    pub first_period: AccountingPeriod,
}

refusals! {
    /// Why a book, account or card is not made or changed.
    pub enum BookRefusal {
        /// The code is taken.
        "B-101" BookExists { book: String }
            zh "账套 {book} 已存在" en "book {book} exists already" next "换一个账套编号";
        /// A code with other characters than letters, digits and hyphens, or too long.
        "B-102" BadCode { code: String }
            zh "编号“{code}”只能用字母、数字和连字符,最长 20 位" en "the code '{code}' may only have letters, digits and hyphens, up to 20" next "换一个编号";
        /// The year is not kept by the book.
        "B-103" YearNotKept { book: String, year: i64 }
            zh "账套 {book} 没有启用 {year} 年度" en "book {book} does not keep the year {year}" next "先执行 year open";
        /// The regime does not fit the kind of entity or the date.
        "B-104" WrongRegime { regime: String, kind: String, on: String }
            zh "{kind}在 {on} 不执行会计制度 {regime}" en "{kind} do not keep {regime} on {on}" next "核对建账日期,或不指定制度由系统按日期选择";
        /// A parent that has postings this year cannot be split.
        "B-105" ParentInUse { account: String, year: i64 }
            zh "科目 {account} 在 {year} 年已有分录,不能再设下级" en "account {account} has lines in {year} and cannot get sub-accounts" next "下一年度增设,或增设同级科目";
        /// The account still has a balance.
        "B-106" AccountHasBalance { account: String, balance: String }
            zh "科目 {account} 还有余额 {balance},不能停用" en "account {account} still has a balance of {balance}" next "先把余额结转到其他科目";
        /// The place is not registered.
        "B-107" UnknownPlace { place: String }
            zh "没有区划代码 {place}" en "there is no place {place}" next "先导入区划(place import)";
        /// The year is kept already.
        "B-108" YearOpened { book: String, year: i64 }
            zh "账套 {book} 的 {year} 年度已启用" en "book {book} keeps the year {year} already" next "无需再次启用";
        /// The regime changes with that year.
        "B-109" RegimeChanges { book: String, year: i64, from: String, to: String }
            zh "账套 {book} 从 {year} 年起由 {from} 改为 {to}" en "book {book} changes from {from} to {to} in {year}" next "执行 book convert,按转账工作底稿转换";
        /// Names a dimension that does not exist.
        "B-110" UnknownDimension { text: String }
            zh "没有辅助核算“{text}”" en "there is no dimension '{text}'" next "可用:往来 项目 资金类别 文号 银行账户";
        /// The county code is not six digits.
        "B-111" BadCounty { county: String }
            zh "“{county}”不是 6 位县级区划代码" en "'{county}' is not a 6-digit county code" next "核对区划代码";
        /// The county is registered already.
        "B-112" CountyExists { county: String }
            zh "县 {county} 已建立" en "county {county} exists already" next "直接使用即可";
    }
}

/// Refuses codes that would not survive file names, URLs and other programs.
pub fn check_code(code: &str) -> Result<(), BookRefusal> {
    let fits = !code.is_empty() && code.len() <= 20 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fits { Ok(()) } else { Err(BookRefusal::BadCode { code: code.to_owned() }) }
}
