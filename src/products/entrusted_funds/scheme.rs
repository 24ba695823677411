//! What a scheme agrees: parties, source of the money, rate, days, when income is due, who bears what.
//!
//! Pure. Source: posting-rules.md §3; seeds.md §1.3, 1.4, 2.6.
//!
//! 1. A scheme without rate, dates, legal basis or somebody who owes the household does not open.
//! 2. Money handed in as equity earns dividends, not a fixed income: such a scheme takes no fixed rate (明股实债).

use serde::{Deserialize, Serialize};

use super::refusal::EntrustRefusal;
use crate::calendar::{BusinessDate, DayCount};
use crate::ledger::{AccountCode, BookCode};
use crate::money::Rate;

crate::words! {
    /// Debt or equity.
    pub enum Form {
        /// The operator owes principal and a fixed income.
        Debt = "debt", "债权";
        /// Shares: the share register keeps the money.
        Equity = "equity", "股权";
    }
}

crate::words! {
    /// Where the entrusted money comes from.
    pub enum FundSource {
        /// 扶贫小额信贷
        Loan = "loan", "小额信贷";
        /// 到户扶贫资金
        HouseholdGrant = "household_grant", "到户扶贫资金";
        /// 扶贫捐资
        Donation = "donation", "捐赠资金";
        /// 村集体资金
        CollectiveFund = "collective_fund", "集体资金";
        /// 财政资金
        FiscalFund = "fiscal_fund", "财政资金";
    }
}

crate::words! {
    /// A party of the scheme (六联一带, seeds.md §1.4).
    pub enum Role {
        /// 农投公司
        Company = "company", "农投公司";
        /// 村委会
        Village = "village", "村委会";
        /// 企业
        Enterprise = "enterprise", "企业";
        /// 合作社
        Cooperative = "cooperative", "合作社";
        /// 银行
        Bank = "bank", "银行";
        /// 保险
        Insurer = "insurer", "保险";
    }
}

crate::words! {
    /// Who bears a thing.
    pub enum Bearer {
        /// The household.
        Household = "household", "农户";
        /// The company.
        Company = "company", "农投公司";
        /// The operator.
        Operator = "operator", "经营主体";
        /// The county (subsidy).
        County = "county", "县财政";
    }
}

crate::words! {
    /// How often income is due.
    pub enum Frequency {
        /// Twice a year.
        HalfYearly = "half_yearly", "半年";
        /// Once a year.
        Yearly = "yearly", "一年";
    }
}

crate::words! {
    /// When in a period its income is due.
    pub enum Timing {
        /// On its first day.
        Advance = "advance", "先付";
        /// After its last day.
        Arrears = "arrears", "后付";
    }
}

crate::words! {
    /// Where periods begin.
    pub enum Anchor {
        /// January 1 (and July 1); the first is a part of a period.
        Calendar = "calendar", "按公历";
        /// The day the contract begins.
        Anniversary = "anniversary", "按合同周年";
    }
}

/// What is agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Name.
    pub name: String,
    /// Division code of where it runs.
    pub place: String,
    /// Debt or equity.
    pub form: Form,
    /// Source of the money.
    pub source: FundSource,
    /// The company's book, where a company stands between.
    pub company_book: Option<BookCode>,
    /// The operator's book, where it keeps one in this county.
    pub operator_book: Option<BookCode>,
    /// The operator's party code.
    pub operator: String,
    /// What households get a year.
    pub rate: Rate,
    /// What the operator pays a year; the company keeps the difference.
    pub operator_rate: Rate,
    /// How days count.
    pub day_count: DayCount,
    /// How often.
    pub frequency: Frequency,
    /// First or last.
    pub timing: Timing,
    /// Where periods begin.
    pub anchor: Anchor,
    /// Part of the income that becomes shares of the operator.
    pub reinvest_rate: Rate,
    /// Class of those shares.
    pub reinvest_class: Option<String>,
    /// True if the company pays households although the operator is late.
    pub company_guarantees: bool,
    /// Who pays the loan's interest.
    pub loan_interest_by: Bearer,
    /// Who claims the subsidy.
    pub subsidy_claimed_by: Bearer,
    /// Who repays the loan's principal.
    pub principal_repaid_by: Bearer,
    /// 签订日期
    pub signed_on: BusinessDate,
    /// First day income counts.
    pub begins_on: BusinessDate,
    /// Day principal is due back.
    pub ends_on: BusinessDate,
    /// 法律依据
    pub legal_basis: String,
    /// Contract number.
    pub document: String,
    /// Parties whose money it is and who keep books of their own in this county, with the book: the village collective.
    #[serde(default)]
    pub investors: Vec<(String, BookCode)>,
    /// Where a book's money of the scheme is, where that is not the bank account of the posting map: a sub-account, cash.
    #[serde(default)]
    pub money_accounts: Vec<(BookCode, AccountCode)>,
    /// Linked parties: role and name or code, up to six.
    pub parties: Vec<(Role, String)>,
}

impl Terms {
    /// Refuses what does not make a scheme (E-101).
    pub fn check(&self, scheme: &str) -> Result<(), EntrustRefusal> {
        let wrong = |why: &str| Err(EntrustRefusal::BadScheme { scheme: scheme.to_owned(), why: why.to_owned() });
        match self {
            _ if self.legal_basis.trim().is_empty() || self.document.trim().is_empty() => wrong("缺法律依据或合同编号"),
            _ if self.company_book.is_none() && self.operator_book.is_none() => wrong("没有记账的公司或经营主体,无人对农户负债"),
            _ if self.begins_on >= self.ends_on || self.signed_on > self.begins_on => wrong("签订、起始、到期日期次序不对"),
            _ if self.parties.len() > 6 => wrong("联结方最多六个"),
            _ if self.investors.iter().any(|own| own.0.trim().is_empty() || Some(&own.1) == self.company_book.as_ref()) => {
                wrong("自有账套的出资方不能是公司自己,编号不能空白")
            }
            _ if self.operator.trim().is_empty() => wrong("没有写明经营主体"),
            _ if self.form == Form::Equity && !self.rate.is_zero() => {
                wrong("入股不得约定固定收益率(明股实债),固定收益请登记为债权")
            }
            _ if self.form == Form::Debt && self.rate.is_zero() => wrong("没有约定收益率"),
            _ if self.operator_rate < self.rate && self.form == Form::Debt => wrong("经营主体支付的比例低于农户收益率"),
            _ if self.company_book.is_none() && self.operator_rate != self.rate => wrong("没有公司时不能有差额"),
            _ if self.reinvest_rate > Rate::from_percent(100.into()).unwrap_or(Rate::ZERO) => wrong("转股比例超过 100%"),
            _ if self.reinvest_rate.is_zero() != self.reinvest_class.is_none() => wrong("转股比例与股权种类须同时填写"),
            _ if !self.reinvest_rate.is_zero() && self.operator_book.is_none() => wrong("转股须有经营主体账套"),
            _ => Ok(()),
        }
    }

    /// True if principal is owed for more than a year (2701/231 rather than 2241/201).
    pub fn is_long(&self) -> bool {
        self.ends_on
            > crate::calendar::BusinessDate::checked_add_months(self.begins_on, chrono::Months::new(12)).unwrap_or(self.ends_on)
    }
}
