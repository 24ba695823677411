//! The terms of a loan: how much, from when to when, at what rate, settled how.
//!
//! Pure.
//!
//! 1. The first day earns interest, the day of maturity does not.
//! 2. Settlement counts interest through the 20th and falls due on the 21st; the last interest
//!    falls due with the principal (利随本清). Source: `domain/loans.md` §7, PBCRULE arts 20–21.
//! 3. The rate is that of the contract until a rate step begins; then that of the latest step.

use chrono::{Datelike, Months};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calendar::{AccountingPeriod, BusinessDate, DayCount};
use crate::money::{Amount, Rate};
use crate::refusals;

/// How the principal comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RepaymentMethod {
    /// 按期付息、到期还本: interest by settlement day, principal at maturity.
    #[default]
    InterestOnly,
    /// 等额本息: equal instalments every month on the day of disbursement.
    EqualInstalment,
    /// 等额本金: equal principal every month on the day of disbursement.
    EqualPrincipal,
}

/// When interest of an interest-only loan is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settlement {
    /// On the 20th of March, June, September and December.
    #[default]
    Quarterly,
    /// On the 20th of every month.
    Monthly,
    /// On the 20th of December.
    Yearly,
}

/// A new rate from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateStep {
    /// First day at the new rate.
    pub from: BusinessDate,
    /// The rate a year.
    pub rate: Rate,
}

/// Principal paid back before it is due. The day of repayment earns no interest on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyRepayment {
    /// The day the money came.
    pub on: BusinessDate,
    /// How much principal.
    pub amount: Amount,
}

/// What a contract says about money and dates, and what was repaid early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoanTerms {
    /// Principal disbursed.
    pub principal: Amount,
    /// Contract rate a year.
    pub rate: Rate,
    /// First interest day.
    pub disbursed_on: BusinessDate,
    /// Maturity; no interest day.
    pub matures_on: BusinessDate,
    /// How interest days are counted.
    pub day_count: DayCount,
    /// When interest is settled.
    pub settlement: Settlement,
    /// How the principal comes back.
    pub method: RepaymentMethod,
    /// Later rates, if the contract has any.
    pub rate_steps: Vec<RateStep>,
    /// Principal repaid before it was due.
    pub early_repayments: Vec<EarlyRepayment>,
}

refusals! {
    /// Why no schedule follows from the terms.
    pub enum TermsRefusal {
        /// A loan has a principal.
        "M-201" NoPrincipal
            zh "本金须大于零" en "the principal must be positive" next "填写借款本金";
        /// Nothing to count: the loan ends before it begins.
        "M-202" EndsBeforeItBegins { from: BusinessDate, to: BusinessDate }
            zh "止期 {to} 不晚于起期 {from}" en "{to} is not after {from}" next "核对起止日期";
        /// A term no loan of the programme comes near.
        "M-203" TermTooLong { years: u32 }
            zh "期限超过 {years} 年" en "the term is longer than {years} years" next "核对到期日";
        /// Early repayments come after disbursement and before maturity.
        "M-204" RepaidOutsideTerm { on: BusinessDate }
            zh "提前还款日 {on} 不在借款期内" en "the early repayment on {on} is outside the term" next "核对还款日期";
        /// An early repayment without an amount.
        "M-205" NothingRepaid { on: BusinessDate }
            zh "{on} 的提前还款金额须大于零" en "the early repayment on {on} must be positive" next "核对还款金额";
        /// More was repaid than was owed.
        "M-206" RepaidTooMuch { on: BusinessDate, owed: Amount }
            zh "{on} 的还款超过当时本金余额 {owed}" en "the repayment on {on} exceeds the {owed} then owed" next "多还部分另作暂收处理";
        /// Too large to be counted exactly.
        "M-207" TooLargeToCount
            zh "金额、利率或期限过大,无法精确计息" en "principal, rate or term are too large to count interest exactly" next "核对本金和利率的单位";
        /// A share outside nought to one.
        "M-208" NotAShare { share: Decimal }
            zh "贴息比例 {share} 不在 0 到 1 之间" en "the share {share} is not between 0 and 1" next "全额贴息填 1,一半填 0.5";
        /// A penalty multiple below one or above ten.
        "M-209" NotAMultiple { multiple: Decimal }
            zh "罚息倍数 {multiple} 不在 1 到 10 之间" en "the penalty multiple {multiple} is not between 1 and 10"
            next "上浮 50% 填 1.5";
    }
}

/// Longest term that is not taken for a slip.
const LONGEST_TERM_YEARS: u32 = 50;

impl LoanTerms {
    /// An interest-only loan, actual/360, settled quarterly: the programme's usual terms.
    pub fn usual(principal: Amount, rate: Rate, disbursed_on: BusinessDate, matures_on: BusinessDate) -> LoanTerms {
        LoanTerms {
            principal,
            rate,
            disbursed_on,
            matures_on,
            day_count: DayCount::default(),
            settlement: Settlement::default(),
            method: RepaymentMethod::default(),
            rate_steps: Vec::new(),
            early_repayments: Vec::new(),
        }
    }

    /// Refuses terms no schedule follows from.
    pub fn check(&self) -> Result<(), TermsRefusal> {
        if !self.principal.is_positive() {
            return Err(TermsRefusal::NoPrincipal);
        }
        check_dates(self.disbursed_on, self.matures_on)?;
        for repayment in &self.early_repayments {
            if repayment.on <= self.disbursed_on || repayment.on >= self.matures_on {
                return Err(TermsRefusal::RepaidOutsideTerm { on: repayment.on });
            }
            if !repayment.amount.is_positive() {
                return Err(TermsRefusal::NothingRepaid { on: repayment.on });
            }
        }
        Ok(())
    }

    /// The rate a day of the loan earns.
    pub fn rate_on(&self, day: BusinessDate) -> Rate {
        let begun = self.rate_steps.iter().filter(|step| step.from <= day);
        begun.max_by_key(|step| step.from).map_or(self.rate, |step| step.rate)
    }

    /// The days on which something falls due, ending with maturity.
    pub fn due_dates(&self) -> Vec<BusinessDate> {
        match self.method {
            RepaymentMethod::InterestOnly => self.settlement.due_dates(self.disbursed_on, self.matures_on),
            RepaymentMethod::EqualInstalment | RepaymentMethod::EqualPrincipal => {
                let monthly = (1..).map_while(|month| self.disbursed_on.checked_add_months(Months::new(month)));
                monthly.take_while(|due| *due < self.matures_on).chain([self.matures_on]).collect()
            }
        }
    }
}

/// Refuses a stretch that ends before it begins or is absurdly long.
pub(super) fn check_dates(from: BusinessDate, to: BusinessDate) -> Result<(), TermsRefusal> {
    if to <= from {
        Err(TermsRefusal::EndsBeforeItBegins { from, to })
    } else if to.years_since(from).is_some_and(|years| years >= LONGEST_TERM_YEARS) {
        Err(TermsRefusal::TermTooLong { years: LONGEST_TERM_YEARS })
    } else {
        Ok(())
    }
}

impl Settlement {
    /// Day of the month on which settled interest falls due; it is counted through the day before.
    pub const DUE_DAY: u32 = 21;

    /// The first 21st after a day on which interest is due; `None` beyond the calendar.
    pub fn next_due(self, after: BusinessDate) -> Option<BusinessDate> {
        let month = AccountingPeriod::of(if after.day() < Settlement::DUE_DAY { after } else { after + Months::new(1) });
        let settles = std::iter::successors(Some(month), |month| Some(month.next())).find(|m| self.settles_in(m.month()))?;
        settles.first_day().with_day(Settlement::DUE_DAY)
    }

    /// As the tables write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Settlement::Quarterly => "quarterly",
            Settlement::Monthly => "monthly",
            Settlement::Yearly => "yearly",
        }
    }

    /// Reads what `as_str` writes.
    pub fn parse(text: &str) -> Option<Settlement> {
        [Settlement::Quarterly, Settlement::Monthly, Settlement::Yearly].into_iter().find(|s| s.as_str() == text)
    }

    /// Every 21st after `from` and before `to` on which interest is due, then `to` itself.
    pub fn due_dates(self, from: BusinessDate, to: BusinessDate) -> Vec<BusinessDate> {
        let twenty_first = from.with_day(Settlement::DUE_DAY).unwrap_or(from);
        let monthly = (0..).map_while(|month| twenty_first.checked_add_months(Months::new(month)));
        let settled = monthly.take_while(|due| *due < to).filter(|due| *due > from && self.settles_in(due.month()));
        settled.chain([to]).collect()
    }

    /// True for the months whose 20th settles interest.
    const fn settles_in(self, month: u32) -> bool {
        match self {
            Settlement::Quarterly => month.is_multiple_of(3),
            Settlement::Monthly => true,
            Settlement::Yearly => month == 12,
        }
    }
}
