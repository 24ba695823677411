//! What is published: the kinds of sheets, and a sheet with its life.
//!
//! Pure.

use serde::{Deserialize, Serialize};

use super::frozen::Frozen;
use super::refusal::DisclosureRefusal;
use super::span::Span;
use crate::calendar::BusinessDate;

crate::words! {
    /// Kinds of sheets.
    pub enum Kind {
        /// Every receipt and payment, line by line, with a balance for each class of money.
        Receipts = "receipts", "收支公开";
        /// Assets, debts and equity.
        Position = "position", "财务状况公开";
        /// Income and expense by item.
        Income = "income", "收益公开";
        /// Claims and debts.
        Debts = "debts", "债权债务公开";
        /// Leases and contracts.
        Contracts = "contracts", "资产资源与合同公开";
        /// Projects.
        Projects = "projects", "项目公开";
        /// Assets and resources.
        Assets = "assets", "资产资源登记公开";
        /// A list of people who are paid.
        Payouts = "payouts", "发放名单公开";
        /// A dividend, member by member.
        Dividends = "dividends", "分红公开";
        /// Interest subsidies of a batch, household by household.
        Subsidies = "subsidies", "贴息公开";
    }
}

crate::words! {
    /// Where a sheet stands.
    pub enum SheetState {
        /// Made, waits for the committee.
        Drafted = "drafted", "待审";
        /// Sent back.
        Returned = "returned", "已退回";
        /// The committee agrees.
        Approved = "approved", "已审";
        /// On the village's page.
        Published = "published", "公示中";
        /// A later version stands in its place.
        Replaced = "replaced", "已更正";
        /// Taken off, with a reason.
        Withdrawn = "withdrawn", "已撤下";
    }
}

/// A sheet without what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetHead {
    /// Number within the book; its address.
    pub sheet: i64,
    /// Kind.
    pub kind: Kind,
    /// Time.
    pub span: Span,
    /// The list, for kinds that have several a month.
    pub subject: String,
    /// From 1.
    pub version: i64,
    /// State.
    pub state: SheetState,
    /// Title.
    pub title: String,
    /// The village.
    pub unit: String,
    /// SHA-256 of its content.
    pub digest: String,
    /// Who made it.
    pub made_by: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// Since when it is public.
    pub published_on: Option<BusinessDate>,
    /// Why it was returned, corrected or withdrawn.
    pub reason: Option<String>,
    /// The approver's name and role, as they were when they approved.
    #[serde(default)]
    pub approver: Option<String>,
    /// Whom to call, as it was when the sheet was published.
    #[serde(default)]
    pub contact: Option<String>,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosureSheet {
    /// Its head.
    #[serde(flatten)]
    pub head: SheetHead,
    /// What it holds.
    pub content: Frozen,
}

impl SheetHead {
    /// Who approved, as people know them.
    pub fn approver_shown(&self) -> &str {
        self.approver.as_deref().or(self.approved_by.as_deref()).unwrap_or("")
    }

    /// Refuses unless in one of these states.
    pub fn needs(&self, states: &[SheetState]) -> Result<(), DisclosureRefusal> {
        if states.contains(&self.state) {
            return Ok(());
        }
        let needed = states.iter().map(|state| state.label_zh()).collect::<Vec<_>>().join("/");
        Err(DisclosureRefusal::WrongState { sheet: self.sheet, state: self.state.label_zh().to_owned(), needed })
    }

    /// Refuses the maker as approver.
    pub fn approved_by(&self, user: &str) -> Result<(), DisclosureRefusal> {
        if self.made_by == user {
            return Err(DisclosureRefusal::OwnSheet { sheet: self.sheet, user: user.to_owned() });
        }
        Ok(())
    }
}

/// A village whose book ended when it was merged into another, with the names of that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// The book that ended.
    pub book: String,
    /// The village it was kept for.
    pub unit: String,
    /// The book that goes on.
    pub into: String,
    /// The village it goes on in.
    pub into_unit: String,
    /// First day of that.
    pub on: BusinessDate,
}

/// A question from the public page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Number.
    pub question: i64,
    /// The sheet it is about.
    pub sheet: Option<i64>,
    /// When.
    pub asked_on: BusinessDate,
    /// What was asked.
    pub text: String,
    /// The answer.
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<String>,
    /// When it was released.
    pub released_on: Option<BusinessDate>,
}
