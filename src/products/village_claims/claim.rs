//! What a claim (报账单) says, who must stand for it, and where it stands.
//!
//! Pure.
//!
//! 1. A draft may lack anything; what is sent lacks nothing that the limit table asks for.

use serde::{Deserialize, Serialize};

use super::refusal::ClaimRefusal;
use crate::calendar::BusinessDate;
use crate::ledger::FundClass;
use crate::money::Amount;

crate::words! {
    /// What the money went for.
    pub enum Kind {
        /// Office supplies.
        Office = "office", "办公费";
        /// Travel.
        Travel = "travel", "差旅费";
        /// Newspapers and journals.
        Newspapers = "newspapers", "报刊费";
        /// Pay of village cadres.
        CadrePay = "cadre_pay", "村干部报酬";
        /// Resident work team.
        Resident = "resident", "驻村经费";
        /// Public works.
        PublicWorks = "public_works", "村内公益";
        /// Upkeep of public facilities.
        Upkeep = "upkeep", "公益设施维护";
        /// Help for people in need.
        Welfare = "welfare", "慰问福利";
        /// Production and trade.
        Production = "production", "生产经营支出";
        /// Works of a project.
        Project = "project", "工程款";
        /// Entertainment.
        Entertainment = "entertainment", "招待费";
        /// Anything else.
        Other = "other", "其他支出";
    }
}

crate::words! {
    /// Where the money came from.
    pub enum PaidFrom {
        /// The clerk's imprest.
        Imprest = "imprest", "备用金";
        /// Cash of the book.
        Cash = "cash", "库存现金";
        /// The bank pays.
        Bank = "bank", "银行转账";
        /// Not yet paid.
        Owed = "owed", "尚未付款";
    }
}

crate::words! {
    /// Somebody who stands for a claim, or a meeting that decided.
    pub enum Signature {
        /// Who spent.
        Handler = "handler", "经手人";
        /// Who saw it.
        Witness = "witness", "证明人";
        /// Person in charge of village finance.
        Approver = "approver", "审批人";
        /// Both committees.
        Committees = "committees", "两委会商议";
        /// Villagers' representatives.
        Representatives = "representatives", "村民代表会议决议";
        /// Township office.
        Township = "township", "乡镇审批";
    }
}

impl Signature {
    /// True for a meeting, whose record is named by its number.
    pub const fn is_meeting(self) -> bool {
        matches!(self, Signature::Committees | Signature::Representatives)
    }
}

crate::words! {
    /// A paper that goes with a claim.
    pub enum Paper {
        /// Photographed bill.
        Photo = "photo", "票据照片";
        /// Invoice.
        Invoice = "invoice", "发票号码";
        /// List of payees or goods.
        List = "list", "发放或采购清单";
        /// Contract.
        Contract = "contract", "合同";
        /// Acceptance of works.
        Acceptance = "acceptance", "验收单";
        /// Record of 四议两公开.
        Decision = "decision", "四议两公开记录";
    }
}

crate::words! {
    /// Where a claim stands.
    pub enum ClaimState {
        /// The clerk is at it.
        Draft = "draft", "草稿";
        /// Waits for the centre.
        Sent = "sent", "已送审";
        /// Back with reasons.
        Returned = "returned", "已退回";
        /// The centre took it.
        Accepted = "accepted", "已受理";
        /// Has its voucher.
        Booked = "booked", "已入账";
        /// The clerk took it back.
        Withdrawn = "withdrawn", "已撤回";
    }
}

/// What a claim says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// What for.
    pub kind: Kind,
    /// When the money was spent; blank in an early draft.
    pub spent_on: Option<BusinessDate>,
    /// Who was paid.
    pub payee: String,
    /// How much.
    pub amount: Amount,
    /// 摘要
    pub summary: String,
    /// Number of the invoice.
    pub invoice: String,
    /// Where the money came from.
    pub paid_from: PaidFrom,
    /// Which money.
    pub fund_class: Option<FundClass>,
    /// The project.
    pub project: String,
    /// People by name, meetings and offices by the number of their record.
    pub signatures: Vec<(Signature, String)>,
    /// Papers by their number; photographs are counted apart.
    pub papers: Vec<(Paper, String)>,
    /// Sheets of paper handed over with it.
    pub sheets: i64,
}

impl Default for Content {
    fn default() -> Content {
        Content {
            kind: Kind::Office,
            spent_on: None,
            payee: String::new(),
            amount: Amount::ZERO,
            summary: String::new(),
            invoice: String::new(),
            paid_from: PaidFrom::Imprest,
            fund_class: None,
            project: String::new(),
            signatures: Vec::new(),
            papers: Vec::new(),
            sheets: 0,
        }
    }
}

impl Content {
    /// Who signed; blank if nobody did.
    pub fn signed(&self, signature: Signature) -> &str {
        self.signatures.iter().find(|(known, _)| *known == signature).map_or("", |(_, name)| name.trim())
    }

    /// The number of a paper; blank if it is not there.
    pub fn paper(&self, paper: Paper) -> &str {
        let named = self.papers.iter().find(|(known, _)| *known == paper).map_or("", |(_, number)| number.trim());
        if paper == Paper::Invoice && named.is_empty() { self.invoice.trim() } else { named }
    }

    /// What every claim needs, whatever the limit table says: in the words of the form.
    pub fn blank_fields(&self) -> Vec<&'static str> {
        let checks = [
            (self.spent_on.is_none(), "支出日期"),
            (self.payee.trim().is_empty(), "收款人"),
            (!self.amount.is_positive(), "金额"),
            (self.summary.trim().is_empty(), "摘要"),
            (self.fund_class.is_none(), "资金类别"),
            (self.kind == Kind::Project && self.project.trim().is_empty(), "项目"),
        ];
        checks.into_iter().filter(|(blank, _)| *blank).map(|(_, field)| field).collect()
    }
}

/// A claim as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Number within the book.
    pub claim: i64,
    /// State.
    pub state: ClaimState,
    /// What it says.
    pub content: Content,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: String,
    /// When it was sent.
    pub sent_on: Option<BusinessDate>,
    /// Who took it in.
    pub accepted_by: Option<String>,
    /// Its voucher's key.
    pub voucher: Option<i64>,
    /// The list it was handed over with.
    pub handover: Option<i64>,
    /// Photographs with it.
    pub photos: i64,
}

impl Claim {
    /// Refuses unless the claim is in one of these states (F-201).
    pub fn needs(&self, states: &[ClaimState]) -> Result<(), ClaimRefusal> {
        if states.contains(&self.state) {
            return Ok(());
        }
        let needed = states.iter().map(|state| state.label_zh()).collect::<Vec<_>>().join("/");
        Err(ClaimRefusal::WrongState { claim: self.claim, state: self.state.label_zh().to_owned(), needed })
    }

    /// Refuses the maker where another person has to look (F-202).
    pub fn looked_at_by(&self, user: &str) -> Result<(), ClaimRefusal> {
        if self.made_by == user {
            return Err(ClaimRefusal::OwnClaim { claim: self.claim, user: user.to_owned() });
        }
        Ok(())
    }
}

/// A step of a claim's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What was done, in the words of users.
    pub action: String,
    /// By whom.
    pub actor: String,
    /// When.
    pub at: String,
    /// Why it was returned: field and sentence.
    pub reasons: Vec<(String, String)>,
}

/// A photographed bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimPhoto {
    /// Number on the claim.
    pub photo: i64,
    /// SHA-256 of the kept picture.
    pub digest: String,
    /// Name of the file.
    pub name: String,
    /// Pixels across.
    pub width: i64,
    /// Pixels down.
    pub height: i64,
}
