//! A project's card: what was asked for, before anything is decided.
//!
//! Pure.

use serde::{Deserialize, Serialize};

use super::refusal::ProjectRefusal;
use crate::calendar::BusinessDate;
use crate::ledger::FundClass;
use crate::money::Amount;

crate::words! {
    /// How the project is paid for.
    pub enum ProjectKind {
        /// Money from above before the work.
        Grant = "grant", "上级专项";
        /// Villagers decide, pay and work.
        OneCase = "one_case", "一事一议";
        /// Money from above after acceptance.
        Reward = "reward", "以奖代补";
        /// Villagers are paid for the work.
        WorkRelief = "work_relief", "以工代赈";
    }
}

crate::words! {
    /// Where a project stands.
    pub enum ProjectState {
        /// Waits for approval.
        Proposed = "proposed", "待批复";
        /// May begin.
        Approved = "approved", "已批复";
        /// Has contracts, progress or payments.
        Building = "building", "实施中";
        /// Looked at and found done.
        Accepted = "accepted", "已验收";
        /// Final sum fixed.
        Settled = "settled", "已结算";
        /// Asset formed; only what was kept back is still paid.
        Finished = "finished", "已完工";
        /// Goes on in the book its village was merged into.
        Moved = "moved", "撤并转出";
    }
}

/// A line of the budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetLine {
    /// What for.
    pub item: String,
    /// How much.
    pub amount: Amount,
}

/// The card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: ProjectKind,
    /// 来源文件: the document money or task comes with.
    pub document: String,
    /// Who gives the money.
    pub funder: String,
    /// Which money it is paid from.
    pub fund_class: FundClass,
    /// The budget.
    pub budget: Vec<BudgetLine>,
    /// 村民自建: no contractor; materials and labour are listed.
    pub self_built: bool,
    /// False if nothing lasting is made (training, upkeep): spending then comes off the special funds at once.
    pub forms_asset: bool,
    /// True if the money goes to a poverty village (脱贫村).
    pub poverty_village: bool,
    /// 四议两公开 record; blank below the limit.
    pub decision: String,
    /// Planned beginning.
    pub planned_from: Option<BusinessDate>,
    /// Planned end.
    pub planned_through: Option<BusinessDate>,
}

impl Card {
    /// The whole budget. `None` if it does not fit a book.
    pub fn total(&self) -> Option<Amount> {
        Amount::try_sum(self.budget.iter().map(|line| line.amount))
    }

    /// The budget of an item.
    pub fn item(&self, item: &str) -> Option<Amount> {
        self.budget.iter().find(|line| line.item == item).map(|line| line.amount)
    }

    /// Refuses a card that lacks what a project stands on (U-101).
    pub fn check(&self, project: &str) -> Result<(), ProjectRefusal> {
        let twice = |line: &BudgetLine| self.budget.iter().filter(|other| other.item == line.item).count() > 1;
        let checks = [
            (project.trim().is_empty() || project.chars().count() > 40, "项目编号(不超过40字)"),
            (self.name.trim().is_empty(), "项目名称"),
            (self.document.trim().is_empty(), "来源文件"),
            (self.budget.is_empty(), "预算"),
            (self.budget.iter().any(|line| line.item.trim().is_empty() || !line.amount.is_positive()), "预算各项的名称和金额"),
            (self.budget.iter().any(twice), "预算各项不重名"),
            (self.total().is_none(), "预算合计在可记账的范围内"),
            (self.planned_from.zip(self.planned_through).is_some_and(|(from, through)| through < from), "计划起止次序"),
        ];
        let missing: Vec<&str> = checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, what)| what).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(ProjectRefusal::CardIncomplete { project: project.to_owned(), what: missing.join("、") })
    }
}

/// A project as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Project {
    /// Its code: the member of the dimension 项目.
    pub project: String,
    /// Its card.
    pub card: Card,
    /// Who made the card.
    pub opened_by: String,
}

impl Project {
    /// Refuses who made the card where another person has to look (U-205).
    pub fn looked_at_by(&self, user: &str) -> Result<(), ProjectRefusal> {
        if self.opened_by == user {
            return Err(ProjectRefusal::OwnProject { project: self.project.clone(), user: user.to_owned() });
        }
        Ok(())
    }
}
