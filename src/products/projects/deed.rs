//! The deeds of a project: what was decided, done and paid, one after the other.
//!
//! Pure.

use serde::{Deserialize, Serialize};

use crate::calendar::BusinessDate;
use crate::ledger::FundClass;
use crate::money::Amount;

crate::words! {
    /// What a self-built work takes.
    pub enum WorkKind {
        /// Material.
        Material = "material", "材料";
        /// Labour.
        Labour = "labour", "用工";
    }
}

/// A contract with a builder or supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Number of the contract.
    pub contract: String,
    /// With whom.
    pub contractor: String,
    /// The budget line it is paid from.
    pub item: String,
    /// Sum.
    pub amount: Amount,
    /// 预付比例: what may be paid before progress, in percent.
    pub advance_percent: i64,
}

/// A line of a material or labour list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Material or labour.
    pub kind: WorkKind,
    /// What, or who.
    pub what: String,
    /// Thousandths of a unit: tonnes, days.
    pub quantity_milli: i64,
    /// Price of a unit.
    pub price: Amount,
    /// What it comes to; zero for labour given freely (投劳).
    pub amount: Amount,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The budget line.
    pub item: String,
    /// Under which contract; none for self-built works.
    pub contract: Option<String>,
    /// To whom.
    pub payee: String,
    /// How much.
    pub amount: Amount,
    /// From which money.
    pub fund_class: FundClass,
}

/// A deed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// 批复
    Approved {
        /// The approval's document.
        document: String,
        /// The sum approved.
        amount: Amount,
    },
    /// 合同
    Contracted(Contract),
    /// 进度
    Progressed {
        /// Per cent done.
        percent: i64,
        /// What was done.
        note: String,
    },
    /// Material and labour.
    Worked {
        /// The lines.
        lines: Vec<Work>,
    },
    /// 付款
    Paid(Payment),
    /// Money from above came.
    Received {
        /// How much.
        amount: Amount,
        /// With which document.
        document: String,
    },
    /// 筹资 became due from households.
    Levied {
        /// Household and sum.
        households: Vec<(String, Amount)>,
    },
    /// Levies came in.
    Collected {
        /// Household and sum.
        households: Vec<(String, Amount)>,
    },
    /// Unused money went back.
    Returned {
        /// How much.
        amount: Amount,
        /// With which document.
        document: String,
    },
    /// 验收
    Accepted {
        /// The record.
        document: String,
    },
    /// 结算
    Settled {
        /// The final sum.
        amount: Amount,
        /// The settlement's document.
        document: String,
    },
    /// 完工转资产
    Finished {
        /// The asset's card, if one was formed.
        asset: Option<String>,
        /// What it cost.
        cost: Amount,
        /// What of it is still owed to builders.
        owed: Amount,
        /// Levies and special funds that became the village's own.
        funds: (Amount, Amount),
    },
    /// 后续收益
    Benefited {
        /// Of which year.
        year: i64,
        /// How much it brought.
        amount: Amount,
        /// To how many households.
        households: i64,
        /// Shown by.
        document: String,
    },
    /// 撤并转入: the project goes on here, with what was done where it began.
    MovedIn {
        /// The book that ended.
        book: String,
        /// Its code there.
        project: String,
        /// The decision.
        document: String,
        /// What was done there, in its order.
        deeds: Vec<(BusinessDate, Deed)>,
        /// What claims took there.
        claimed: Amount,
    },
    /// 撤并转出: it goes on elsewhere.
    MovedOut {
        /// The book.
        book: String,
        /// Its code there.
        project: String,
        /// The decision.
        document: String,
    },
}

impl Deed {
    /// The same deed with other codes for the people it names.
    pub fn with_parties(mut self, party: &impl Fn(&str) -> String) -> Deed {
        match &mut self {
            Deed::Contracted(contract) => contract.contractor = party(&contract.contractor),
            Deed::Paid(payment) => payment.payee = party(&payment.payee),
            Deed::Levied { households } | Deed::Collected { households } => {
                households.iter_mut().for_each(|(household, _)| *household = party(household));
            }
            _ => {}
        }
        self
    }

    /// As tables write its kind, as users read it.
    pub const fn words(&self) -> (&'static str, &'static str) {
        match self {
            Deed::Approved { .. } => ("approved", "批复"),
            Deed::Contracted(_) => ("contracted", "签订合同"),
            Deed::Progressed { .. } => ("progressed", "进度"),
            Deed::Worked { .. } => ("worked", "材料用工"),
            Deed::Paid(_) => ("paid", "付款"),
            Deed::Received { .. } => ("received", "收到资金"),
            Deed::Levied { .. } => ("levied", "筹资应收"),
            Deed::Collected { .. } => ("collected", "筹资收到"),
            Deed::Returned { .. } => ("returned", "退回资金"),
            Deed::Accepted { .. } => ("accepted", "验收"),
            Deed::Settled { .. } => ("settled", "结算"),
            Deed::Finished { .. } => ("finished", "完工转资产"),
            Deed::Benefited { .. } => ("benefited", "后续收益"),
            Deed::MovedIn { .. } => ("moved_in", "撤并转入"),
            Deed::MovedOut { .. } => ("moved_out", "撤并转出"),
        }
    }

    /// The sum it speaks of; zero for none. Lists were summed when they were taken in.
    pub fn amount(&self) -> Amount {
        let of = |households: &[(String, Amount)]| households.iter().map(|(_, amount)| *amount).sum();
        match self {
            Deed::Approved { amount, .. }
            | Deed::Received { amount, .. }
            | Deed::Returned { amount, .. }
            | Deed::Settled { amount, .. }
            | Deed::Benefited { amount, .. } => *amount,
            Deed::Contracted(contract) => contract.amount,
            Deed::Paid(payment) => payment.amount,
            Deed::Worked { lines } => lines.iter().map(|line| line.amount).sum(),
            Deed::Levied { households } | Deed::Collected { households } => of(households),
            Deed::Finished { cost, .. } => *cost,
            Deed::Progressed { .. } | Deed::Accepted { .. } | Deed::MovedIn { .. } | Deed::MovedOut { .. } => Amount::ZERO,
        }
    }

    /// What else it says, in one line.
    pub fn in_words(&self) -> String {
        match self {
            Deed::Approved { document, .. } | Deed::Received { document, .. } | Deed::Returned { document, .. } => {
                document.clone()
            }
            Deed::Accepted { document } | Deed::Settled { document, .. } => document.clone(),
            Deed::Contracted(c) => format!("{} {} {}", c.contract, c.contractor, c.item),
            Deed::Progressed { percent, note } => format!("{percent}% {note}"),
            Deed::Worked { lines } => {
                let line = |line: &Work| format!("{}{}×{}", line.what, quantity(line.quantity_milli), line.price);
                lines.iter().map(line).collect::<Vec<_>>().join("、")
            }
            Deed::Paid(p) => format!("{} {} {}", p.payee, p.item, p.contract.as_deref().unwrap_or("自建")),
            Deed::Levied { households } | Deed::Collected { households } => format!("{} 户", households.len()),
            Deed::Finished { asset, owed, .. } => match asset {
                Some(asset) => format!("资产 {asset},待付 {owed}"),
                None => format!("不形成资产,待付 {owed}"),
            },
            Deed::Benefited { year, households, document, .. } => format!("{year} 年,受益 {households} 户 {document}"),
            Deed::MovedIn { book, project, document, claimed, .. } => {
                format!("自账套 {book} 项目 {project} 转入,此前已报账 {claimed},{document}")
            }
            Deed::MovedOut { book, project, document } => format!("转到账套 {book} 项目 {project} 继续办理,{document}"),
        }
    }
}

/// A quantity of thousandths without needless zeros.
pub fn quantity(milli: i64) -> String {
    let text = format!("{}.{:03}", milli / 1000, milli % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A deed as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptDeed {
    /// Number within the project.
    pub number: i64,
    /// Date.
    pub on: BusinessDate,
    /// What.
    pub deed: Deed,
    /// By whom.
    pub by: String,
    /// The voucher made for it, as users name it.
    pub voucher: Option<String>,
    /// True if its voucher was voided or reversed: it does not count.
    pub undone: bool,
}
