//! A plan of distribution: its terms, its figures, its steps.
//!
//! Pure. Sources: posting-rules.md §4 (cooperative), §5 (village: FIN121 art. 28); COOPLAW (60 %).
//!
//! 1. Losses come before the reserve, the reserve before refunds, refunds before shares.
//! 2. What is distributed never exceeds what is there.
//! 3. The steps follow each other: 编制 → 复核 → 公示 → 发放 → 归档; only an unposted plan can be dropped.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::refusal::DividendRefusal;
use crate::calendar::BusinessDate;
use crate::money::rounding::{round_half_up_to_fen, to_yuan};
use crate::money::{Amount, Rate};
use crate::refusal::Refusal;

/// The share of the distributable surplus that goes to refunds at least (合作社法 art. 44 [COOPLAW]), in percent.
pub const LEAST_REFUND_PERCENT: i64 = 60;
/// Days a notice runs at least (YKT: seven working days; here calendar days).
pub const LEAST_NOTICE_DAYS: i64 = 7;

crate::words! {
    /// A plan's step.
    pub enum PlanState {
        /// 编制
        Drafted = "drafted", "已编制";
        /// 复核
        Reviewed = "reviewed", "已复核";
        /// 公示
        Published = "published", "公示中";
        /// 发放
        Posted = "posted", "已入账发放";
        /// 归档
        Archived = "archived", "已归档";
        /// 作废
        Dropped = "dropped", "已作废";
    }
}

/// How holdings count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Amount times days held in the year.
    ShareDays,
    /// What is held at the end of one day counts for the whole year.
    RecordDate(BusinessDate),
}

/// What the members decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Whose surplus.
    pub year: i32,
    /// Part of this year's surplus taken to the reserve (章程).
    pub reserve_rate: Rate,
    /// Part of the distributable surplus refunded by trade.
    pub refund_rate: Rate,
    /// Why refunds may be below 60 %: the law or document that allows it.
    pub basis: Option<String>,
    /// How much of what remains goes to shares; all of it when absent.
    pub remaining: Option<Amount>,
    /// How holdings count.
    pub method: Method,
    /// Withheld from what shares earn.
    pub tax_rate: Rate,
}

/// What the book says at the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookFigures {
    /// 未分配盈余, with this year's result in it; a loss is negative.
    pub undistributed: Amount,
    /// This year's result.
    pub result: Amount,
    /// 盈余公积 / 公积公益金.
    pub reserve: Amount,
}

/// How the surplus is divided before anybody's part is computed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pools {
    /// Loss made good from the reserve.
    pub made_up: Amount,
    /// To the reserve.
    pub reserve: Amount,
    /// 可分配盈余
    pub distributable: Amount,
    /// 盈余返还
    pub refunds: Amount,
    /// To shares, floors first.
    pub remaining: Amount,
    /// Floors paid beside the pool, and shortfalls the cooperative bears: a cost.
    pub cost: Amount,
    /// Shortfalls by guarantor.
    pub guaranteed: BTreeMap<String, Amount>,
    /// Shortfalls owed into later years.
    pub carried: Amount,
    /// Withheld.
    pub tax: Amount,
    /// Σ trade.
    pub trade: Amount,
    /// Σ weight of those who share by weight, in fen-days.
    pub weight: String,
    /// What was split by weight.
    pub by_weight: Amount,
    /// Said when refunds are below 60 %, and when quantified shares count for a part of the year.
    pub warning: Option<String>,
}

/// Divides the surplus. `has_refunds`: a cooperative. Refuses a loss (D-103), rates beyond 100 % (D-107), refunds of a village
/// (D-108), refunds below 60 % without a basis (D-104), more than there is (D-102).
pub fn pools(terms: &Terms, book: &BookFigures, has_refunds: bool) -> Result<Pools, Refusal> {
    let whole = Rate::from_percent(100.into())?;
    for (what, rate) in [("提取比例", terms.reserve_rate), ("返还比例", terms.refund_rate), ("代扣税率", terms.tax_rate)]
    {
        if rate > whole {
            return Err(DividendRefusal::BadRate { what: what.to_owned(), rate: rate.to_string() }.into());
        }
    }
    if !has_refunds && !terms.refund_rate.is_zero() {
        return Err(DividendRefusal::NoRefundsHere.into());
    }
    if book.undistributed.is_negative() {
        let made_up = book.reserve.max(Amount::ZERO).min(-book.undistributed);
        return if made_up.is_positive() && made_up == -book.undistributed {
            Ok(Pools { made_up, weight: "0".to_owned(), ..Pools::default() })
        } else {
            Err(DividendRefusal::NothingThere { there: book.undistributed }.into())
        };
    }
    let part = |of: Amount, rate: Rate| round_half_up_to_fen(to_yuan(of) * rate.fraction());
    let reserve = part(book.undistributed.min(book.result).max(Amount::ZERO), terms.reserve_rate)?;
    let distributable = book.undistributed - reserve;
    if !distributable.is_positive() {
        return Err(DividendRefusal::NothingThere { there: distributable }.into());
    }
    let refunds = part(distributable, terms.refund_rate)?;
    let remaining = terms.remaining.unwrap_or(distributable - refunds);
    let wanted = refunds + remaining;
    if wanted > distributable || remaining.is_negative() {
        return Err(DividendRefusal::MoreThanThereIs { wanted, there: distributable }.into());
    }
    let warning = if has_refunds { refunds_warning(refunds, distributable, terms.basis.as_deref())? } else { None };
    Ok(Pools { reserve, distributable, refunds, remaining, warning, ..Pools::default() })
}

/// The 60 % rule: below it a basis must be on record, and the plan says so.
fn refunds_warning(refunds: Amount, distributable: Amount, basis: Option<&str>) -> Result<Option<String>, DividendRefusal> {
    let least = i128::from(distributable.fen()) * i128::from(LEAST_REFUND_PERCENT);
    if i128::from(refunds.fen()) * 100 >= least {
        return Ok(None);
    }
    let least = Amount::from_fen(i64::try_from((least + 99) / 100).unwrap_or(i64::MAX));
    match basis.map(str::trim).filter(|basis| !basis.is_empty()) {
        Some(basis) => Ok(Some(format!("盈余返还 {} 低于可分配盈余的 60%({}),依据:{basis}", refunds.grouped(), least.grouped()))),
        None => Err(DividendRefusal::RefundsTooSmall { refunds, least }),
    }
}
