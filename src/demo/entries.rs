//! Entries of the demo: one business as a clerk writes it down, before it is a row of a file.

use crate::calendar::BusinessDate;
use crate::money::Amount;

/// One side of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// Account code.
    pub account: &'static str,
    /// Account name as the clerk's file shows it.
    pub name: &'static str,
    /// Debit, or credit.
    pub is_debit: bool,
    /// Amount.
    pub amount: Amount,
    /// 往来
    pub party: Option<String>,
    /// 项目
    pub project: Option<&'static str>,
    /// 资金类别
    pub fund_class: Option<&'static str>,
}

/// One business: a date, a summary, its sides, the number of bills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Date.
    pub on: BusinessDate,
    /// 摘要
    pub summary: String,
    /// Sides.
    pub sides: Vec<Side>,
    /// 附单据张数
    pub papers: i64,
}

/// The fund classes of village cash lines (village-affairs.md; Beichuan model).
pub mod class {
    /// 村办公经费
    pub const OFFICE: &str = "村办公经费";
    /// 公共服务运行经费
    pub const SERVICE: &str = "公共服务运行经费";
    /// 村集体经济组织收益
    pub const COLLECTIVE: &str = "村集体经济组织收益";
    /// 上级专项资金
    pub const SPECIAL: &str = "上级专项资金";
    /// 到村到户民生补助资金
    pub const HOUSEHOLD: &str = "到村到户民生补助资金";
}

/// A side on the debit.
pub fn debit(account: &'static str, name: &'static str, amount: Amount) -> Side {
    Side { account, name, is_debit: true, amount, party: None, project: None, fund_class: None }
}

/// A side on the credit.
pub fn credit(account: &'static str, name: &'static str, amount: Amount) -> Side {
    Side { is_debit: false, ..debit(account, name, amount) }
}

impl Side {
    /// With a fund class.
    pub fn of(self, fund_class: &'static str) -> Side {
        Side { fund_class: Some(fund_class), ..self }
    }

    /// For a project.
    pub fn on(self, project: &'static str) -> Side {
        Side { project: Some(project), ..self }
    }

    /// With a household or member.
    pub fn with(self, party: &str) -> Side {
        Side { party: Some(party.to_owned()), ..self }
    }
}

/// An entry on a day of the demo's year.
pub fn entry(month: u32, day: u32, summary: impl Into<String>, papers: i64, sides: Vec<Side>) -> Entry {
    let on = BusinessDate::from_ymd_opt(super::YEAR, month, day).expect("the demo's days exist in its year");
    Entry { on, summary: summary.into(), sides, papers }
}
