//! The states of a loan and the steps between them (domain/loans.md §10).
//!
//! Pure.
//!
//! ```text
//! applied ─village check▶ checked ─announce▶ announced ─grade▶ graded ─approve…▶ approved ─sign▶ contracted ─disburse▶ disbursed
//!    └── reject / withdraw from any of these ──▶ rejected, withdrawn
//! disbursed ▶ (extended) ▶ settled | renewed | overdue ▶ compensated ▶ written-off        (the timeline says which)
//! ```

use serde::{Deserialize, Serialize};

use super::refusal::LoanRefusal;

macro_rules! states {
    ($( $(#[$doc:meta])* $variant:ident $text:literal $label:literal ; )*) => {
        /// Where a loan stands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum LoanState { $( $(#[$doc])* $variant ),* }

        impl LoanState {
            /// All of them, in the order of a loan's life.
            pub const ALL: &'static [LoanState] = &[ $( LoanState::$variant ),* ];

            /// As the tables write it.
            pub const fn as_str(self) -> &'static str {
                match self { $( LoanState::$variant => $text ),* }
            }

            /// As users read it.
            pub const fn label_zh(self) -> &'static str {
                match self { $( LoanState::$variant => $label ),* }
            }
        }
    };
}

states! {
    /// Asked for.
    Applied "applied" "已申请";
    /// The village has checked it.
    Checked "checked" "村级已核查";
    /// Shown publicly.
    Announced "announced" "已公示";
    /// The household has a credit grade.
    Graded "graded" "已评级";
    /// All approvals are there.
    Approved "approved" "已审批";
    /// Signed.
    Contracted "contracted" "已签合同";
    /// Paid out and running.
    Disbursed "disbursed" "正常";
    /// Running on a later maturity.
    Extended "extended" "已展期";
    /// Past maturity and not repaid.
    Overdue "overdue" "逾期";
    /// The fund has paid; the household still owes.
    Compensated "compensated" "已代偿";
    /// Given up; recoveries may come.
    WrittenOff "written-off" "已核销";
    /// Settled by a new contract.
    Renewed "renewed" "续贷结清";
    /// Nothing is owed.
    Settled "settled" "已结清";
    /// Turned down.
    Rejected "rejected" "未通过";
    /// Taken back by the household.
    Withdrawn "withdrawn" "已撤回";
}

impl LoanState {
    /// Reads what `as_str` or `label_zh` writes.
    pub fn parse(text: &str) -> Option<LoanState> {
        LoanState::ALL.iter().copied().find(|state| state.as_str() == text || state.label_zh() == text)
    }

    /// True while a household has a claim to lending or owes: one such loan at a time.
    pub const fn is_running(self) -> bool {
        !matches!(self, LoanState::Settled | LoanState::Renewed | LoanState::Rejected | LoanState::Withdrawn)
    }
}

/// A step before the money is paid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// 村级核查
    Check,
    /// 公示
    Announce,
    /// 评级
    Grade,
    /// 审批 (one of several)
    Approve,
    /// 签订合同
    Sign,
    /// 退回
    Reject,
    /// 撤回
    Withdraw,
}

impl Step {
    /// As users read it.
    pub const fn label_zh(self) -> &'static str {
        match self {
            Step::Check => "村级核查",
            Step::Announce => "公示",
            Step::Grade => "评级",
            Step::Approve => "审批",
            Step::Sign => "签订合同",
            Step::Reject => "退回",
            Step::Withdraw => "撤回",
        }
    }

    /// The register's kind of event.
    pub const fn kind(self) -> &'static str {
        match self {
            Step::Check => "checked",
            Step::Announce => "announced",
            Step::Grade => "graded",
            Step::Approve => "approved",
            Step::Sign => "contracted",
            Step::Reject => "rejected",
            Step::Withdraw => "withdrawn",
        }
    }
}

/// The state after a step. `approvals_left` counts this approval.
pub fn after(loan: &str, state: LoanState, step: Step, approvals_left: i64) -> Result<LoanState, LoanRefusal> {
    use LoanState::*;
    let next = match (state, step) {
        (Applied, Step::Check) => Checked,
        (Checked, Step::Announce) => Announced,
        (Announced, Step::Grade) => Graded,
        (Graded, Step::Approve) if approvals_left > 1 => Graded,
        (Graded, Step::Approve) => Approved,
        (Approved, Step::Sign) => Contracted,
        (Applied | Checked | Announced | Graded | Approved | Contracted, Step::Reject) => Rejected,
        (Applied | Checked | Announced | Graded | Approved | Contracted, Step::Withdraw) => Withdrawn,
        _ => {
            let (state, step) = (state.label_zh().to_owned(), step.label_zh().to_owned());
            return Err(LoanRefusal::WrongStep { loan: loan.to_owned(), state, step });
        }
    };
    Ok(next)
}
