//! Payouts (代发): lists of people to be paid, the bank's file, the bank's answer, what came back and is paid again.
//!
//! One engine for dividends, income of entrusted money, rents, benefits that pass through, stipends. It stands beside the
//! products, because an act that spans two of them is an act of the room that pays.
//!
//! ```text
//!   drawn up 编制 ──review (another person)──▶ reviewed 复核 ──send──▶ sent 已报盘 ──results──▶ settled 发放完毕
//!      │ drop                                                  ▲                  │ some rows returned 退回
//!      ▼                                                       └── correct, send again ◀──┘
//! ```
//! Pure, but for `store.rs` and `service/`.
//!
//! 1. The bank's file carries exactly the reviewed rows, ids and cards as text.
//! 2. What leaves the account is what the rows say; what is returned goes back to what is owed to that person.
//! 3. Money that passes through is owed, never income and never expense; a batch's account returns to zero (equality 6).
//! 4. Nobody reviews the list they drew up (I12); a source is paid once.

pub mod files_in;
pub mod layout;
pub mod list;
pub mod posting_rules;
pub mod refusal;
pub mod service;
pub mod standards;
pub mod store;

crate::words! {
    /// What is paid.
    pub enum PayoutKind {
        /// 分红
        Dividend = "dividend", "合作社分红";
        /// 委托经营收益
        EntrustedIncome = "entrusted_income", "委托经营收益";
        /// 到户补贴
        Subsidy = "subsidy", "到户补贴";
        /// 农村低保
        MinimumLiving = "minimum_living", "农村低保";
        /// 残疾人补贴
        Disability = "disability", "残疾人生活补助";
        /// 差额补助 to the poverty line
        TopUp = "top_up", "差额补助";
        /// 公益性岗位
        WelfareJob = "welfare_job", "公益性岗位";
        /// 临时救助
        Relief = "relief", "临时救助";
        /// 奖励
        Reward = "reward", "奖励";
        /// 土地租金
        LandRent = "land_rent", "土地租金";
        /// 返租倒包
        LeaseBack = "lease_back", "返租倒包";
        /// 驻村补助
        CadreStipend = "cadre_stipend", "驻村补助";
        /// 专项基金资助
        Aid = "aid", "专项基金资助";
    }
}

impl PayoutKind {
    /// Others' money: received for the batch, paid on, never the book's own.
    pub const fn passes_through(self) -> bool {
        use PayoutKind::*;
        matches!(self, Subsidy | MinimumLiving | Disability | TopUp | WelfareJob | Relief | Reward)
    }
}

crate::words! {
    /// A batch's step.
    pub enum BatchState {
        /// 编制
        DrawnUp = "drawn_up", "已编制";
        /// 复核
        Reviewed = "reviewed", "已复核";
        /// 报盘
        Sent = "sent", "已报盘";
        /// 发放完毕
        Settled = "settled", "发放完毕";
        /// 作废
        Dropped = "dropped", "已作废";
    }
}

crate::words! {
    /// A row's state.
    pub enum RowState {
        /// 待报盘
        Waiting = "waiting", "待报盘";
        /// 已报盘
        Sent = "sent", "已报盘";
        /// 成功
        Paid = "paid", "已发放";
        /// 退回
        Returned = "returned", "已退回";
        /// 更正
        Corrected = "corrected", "已更正待重发";
    }
}

#[cfg(test)]
mod tests;
