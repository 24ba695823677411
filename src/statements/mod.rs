//! Statements: what the books say at the end of a month or a year, and the equations that prove it.
//!
//! Pure: movement rows of one book and year in, typed statements out. `store.rs` and `service.rs` fetch
//! the rows; `exchange` writes the files.
//!
//! ```text
//!   MovementRow… ─▶ Figures ─┬▶ trial_balance                      科目余额表
//!                            ├▶ receipts_payments                  收支明细表
//!                            ├▶ form (forms/*.csv) ─▶ balance_sheet · surplus · equity
//!                            └▶ member_account                     成员账户
//!   voucher lines ─▶ account_ledger                                 总账 · 明细账 · 日记账
//!   all of them ─▶ sheets ─▶ exchange (text, csv, json, xlsx); service::report loads and does the whole
//! ```
//! 1. A statement reads movements, never vouchers; what is income of the year is told by the stage, never guessed.
//! 2. Every statement carries its check equations; a check that fails is shown, never hidden.
//! 3. Forms are data: line, label and formula come from `forms/*.csv` by regime, each with its source.

pub mod account_ledger;
pub mod balance_sheet;
pub mod carried;
pub mod course;
pub mod equity;
pub mod evaluate;
pub mod figures;
pub mod form;
pub mod formula;
pub mod member_account;
pub mod receipts_payments;
pub mod service;
pub mod sheets;
pub mod store;
pub mod surplus;
pub mod trial_balance;

#[cfg(test)]
mod little_books;
#[cfg(test)]
mod proofs;

use serde::{Deserialize, Serialize};

use crate::calendar::AccountingPeriod;
use crate::ledger::{AccountCode, Dimension, Stage};
use crate::money::Amount;
use crate::refusals;

/// One row of `period_movement` of one book: what a period moved on an account, whole or for one member of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovementRow {
    /// 科目
    pub account: AccountCode,
    /// `None` for the whole account; otherwise the row counts one member only and repeats part of the whole.
    pub dimension: Option<Dimension>,
    /// The member, where there is a dimension.
    pub member: Option<String>,
    /// 会计期间; `YYYY-00` carries the opening.
    pub period: AccountingPeriod,
    /// Opening, ordinary business or year-end transfer.
    pub stage: Stage,
    /// 借方发生额, in fen; negative after red vouchers.
    pub debit: Amount,
    /// 贷方发生额, in fen.
    pub credit: Amount,
}

/// An equation a statement must satisfy (表内、表间勾稽关系).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What is compared, for users.
    pub name_zh: String,
    /// The left side, in fen.
    pub left: Amount,
    /// The right side, in fen.
    pub right: Amount,
    /// True if the equation holds.
    pub holds: bool,
}

impl Check {
    /// Left equals right, to the fen.
    pub fn equal(name_zh: impl Into<String>, left: Amount, right: Amount) -> Check {
        Check { name_zh: name_zh.into(), left, right, holds: left == right }
    }

    /// Left is at most right.
    pub fn at_most(name_zh: impl Into<String>, left: Amount, right: Amount) -> Check {
        Check { name_zh: name_zh.into(), left, right, holds: left <= right }
    }
}

refusals! {
    /// Why a statement cannot be drawn up.
    pub enum StatementRefusal {
        /// The regime has no such form.
        "S-101" NoSuchForm { regime: String, form: &'static str }
            zh "会计制度 {regime} 没有报表“{form}”" en "the regime {regime} has no form '{form}'"
            next "核对账套的会计制度";
        /// A formula that cannot be read.
        "S-102" BadFormula { line: String, formula: String }
            zh "报表项目 {line} 的公式“{formula}”无法识别" en "the formula '{formula}' of line {line} cannot be read"
            next "按报表格式说明改正公式";
        /// A formula names a line that does not stand above it.
        "S-103" UnknownLine { line: String, wanted: String }
            zh "报表项目 {line} 引用了其上方没有的项目 {wanted}" en "line {line} refers to {wanted}, which does not stand above it"
            next "改正公式或调整项目次序";
        /// A movement on an account the chart does not have.
        "S-104" UnknownAccount { account: AccountCode }
            zh "科目 {account} 有发生额,但不在本年科目表中" en "account {account} has movements but is not in the year's chart"
            next "运行 verify 核对账套";
        /// Rows of several years.
        "S-105" OtherYear { period: AccountingPeriod, year: i32 }
            zh "发生额期间 {period} 不属于 {year} 年" en "the movement of {period} is not of the year {year}"
            next "按年度取数";
        /// A form file whose rows cannot be read.
        "S-106" BadForm { why: String }
            zh "报表格式文件无法读取:{why}" en "the form cannot be read: {why}" next "核对文件的列名";
        /// A statement of another form was handed in where a certain one is needed.
        "S-107" MissingStatement { wanted: String }
            zh "缺少引用的报表项目 {wanted}" en "the line {wanted} of another statement is needed" next "先编制被引用的报表";
        /// A ledger over two years, backwards, or without a month.
        "S-108" BadSpan { from: AccountingPeriod, through: AccountingPeriod }
            zh "账簿期间 {from} 至 {through} 不在同一年度内" en "the ledger's span {from} to {through} is not within one year"
            next "按年度分别查账";
        /// A page's place that cannot be read.
        "S-109" NotAPlace { text: String }
            zh "“{text}” 不是账页位置" en "'{text}' is not a place in a ledger" next "从第一页重新翻页";
        /// The member has nothing in the book.
        "S-110" UnknownMember { member: String }
            zh "账套没有成员或辅助资料“{member}”" en "the book has no member '{member}'" next "用 member list 查编号";
    }
}
