//! What a claim means in debits and credits.
//!
//! Pure. Source: posting-rules.md §5 (ordinary expense, public welfare, imprest, project spending).
//!
//! 1. The kind proposes the account (`posting_map`, use `claim_…`); the accountant may choose another.
//! 2. Money lines carry the class of money; works carry their project.
//! 3. The voucher's source is the claim: the ledger takes it once.

use super::claim::{Claim, Content, PaidFrom};
use crate::calendar::BusinessDate;
use crate::ledger::posting_map::account_for;
use crate::ledger::{AccountCode, BookCode, Dimensions, Regime, Voucher};
use crate::refusal::Refusal;

/// The party that stands for the clerk's imprest.
pub const IMPREST_HOLDER: &str = "报账员";

/// Where the voucher is made.
#[derive(Debug, Clone, Copy)]
pub struct Under<'a> {
    /// The book.
    pub book: &'a BookCode,
    /// Its regime.
    pub regime: &'a Regime,
    /// Date of the voucher.
    pub on: BusinessDate,
}

/// The account a kind proposes.
pub fn proposed(regime: &Regime, content: &Content) -> Result<AccountCode, Refusal> {
    Ok(account_for(regime, &format!("claim_{}", content.kind.as_str()))?)
}

/// The voucher of a claim; on the proposed account unless another is named.
pub fn booked(under: Under<'_>, claim: &Claim, chosen: Option<&AccountCode>) -> Result<Voucher, Refusal> {
    let content = &claim.content;
    let expense = chosen.cloned().map_or_else(|| proposed(under.regime, content), Ok)?;
    let project = Some(content.project.trim().to_owned()).filter(|project| !project.is_empty());
    let fund_class = content.fund_class.map(|class| class.label_zh().to_owned());
    let (money, party) = money_side(under.regime, content)?;
    let spent = Dimensions { project: project.clone(), ..Dimensions::default() };
    let paid = Dimensions { project, fund_class, party, ..Dimensions::default() };
    let summary = format!("{}(报账单{}号)", content.summary.trim(), claim.claim);
    let draft = Voucher::on(under.book, under.on, &summary).debit(&expense, content.amount, spent);
    let mut voucher = draft.credit(&money, content.amount, paid).balanced()?;
    voucher.source_key = Some(format!("claim:{}", claim.claim));
    voucher.paper_attachments = content.sheets;
    Ok(voucher)
}

fn money_side(regime: &Regime, content: &Content) -> Result<(AccountCode, Option<String>), Refusal> {
    Ok(match content.paid_from {
        PaidFrom::Imprest => (account_for(regime, "imprest")?, Some(IMPREST_HOLDER.to_owned())),
        PaidFrom::Cash => (account_for(regime, "cash")?, None),
        PaidFrom::Bank => (account_for(regime, "bank")?, None),
        PaidFrom::Owed => (account_for(regime, "claim_payable")?, Some(content.payee.trim().to_owned())),
    })
}
