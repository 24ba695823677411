//! What happens to shares and surplus, in debits and credits.
//!
//! Pure. Source: posting-rules.md §4–5 (COOP37 accounts 301, 321, 322, 332; FIN121 art. 28).
//!
//! 1. Every line on 股金, 应付盈余返还 and 应付剩余盈余 names its member.
//! 2. A posted plan is one voucher per book; clearing of 各项分配 is the year end's.

use super::distribution::PlanRow;
use super::holding::Entry;
use super::plan::{Pools, Terms};
use crate::calendar::BusinessDate;
use crate::ledger::posting_map::account_for;
use crate::ledger::{AccountCode, BookCode, Dimensions, Regime, Voucher};
use crate::money::Amount;
use crate::refusal::Refusal;

/// A book with the regime it keeps that year and the day of the voucher.
#[derive(Debug, Clone, Copy)]
pub struct In<'a> {
    /// The book.
    pub book: &'a BookCode,
    /// Its regime.
    pub regime: &'a Regime,
    /// The voucher's date.
    pub on: BusinessDate,
}

impl In<'_> {
    /// The account of a use.
    pub fn account(&self, usage: &str) -> Result<AccountCode, Refusal> {
        Ok(account_for(self.regime, usage)?)
    }
}

/// A line's party.
pub fn of(party: &str) -> Dimensions {
    Dimensions { party: Some(party.to_owned()), ..Dimensions::default() }
}

/// What comes in for shares.
#[derive(Debug, Clone)]
pub struct Received<'a> {
    /// Where it stands: bank, cash, stock, animals, fixed assets, land rights.
    pub account: &'a AccountCode,
    /// Dimensions of that line.
    pub dimensions: Dimensions,
    /// At its agreed value.
    pub value: Amount,
}

/// 入股: money or a thing comes in, shares go out; what exceeds or lacks goes through 资本公积.
pub fn subscribed(book: In<'_>, received: &[Received<'_>], entries: &[Entry]) -> Result<Voucher, Refusal> {
    let (shares, premium) = (book.account("shares")?, book.account("capital_reserve")?);
    let mut draft = Voucher::on(book.book, book.on, "成员入股");
    for part in received {
        draft = draft.debit(part.account, part.value, part.dimensions.clone());
    }
    let mut over: Amount = received.iter().map(|part| part.value).sum();
    for entry in entries {
        draft = draft.credit(&shares, entry.amount, of(&entry.position.holder));
        over -= entry.amount;
    }
    let draft = if over.is_negative() {
        draft.debit(&premium, -over, Dimensions::default())
    } else {
        draft.credit(&premium, over, Dimensions::default())
    };
    Ok(draft.balanced()?)
}

/// 配股、转让、转股: shares change names; `None` where only the income right moves.
pub fn changed_names(book: In<'_>, summary: &str, entries: &[Entry]) -> Result<Option<Voucher>, Refusal> {
    let shares = book.account("shares")?;
    let mut by_holder: std::collections::BTreeMap<&str, Amount> = std::collections::BTreeMap::new();
    for entry in entries {
        *by_holder.entry(&entry.position.holder).or_default() += entry.amount;
    }
    let mut draft = Voucher::on(book.book, book.on, summary);
    for (holder, net) in by_holder.iter().filter(|(_, net)| net.is_negative()) {
        draft = draft.debit(&shares, -*net, of(holder));
    }
    for (holder, net) in by_holder.iter().filter(|(_, net)| net.is_positive()) {
        draft = draft.credit(&shares, *net, of(holder));
    }
    if by_holder.values().all(|net| net.is_zero()) { Ok(None) } else { Ok(Some(draft.balanced()?)) }
}

/// 退股: the contribution and the member's part of the reserve are paid; grants and gifts in 311 stay.
pub fn withdrawn(
    book: In<'_>,
    member: &str,
    contribution: Amount,
    reserve: Amount,
    bank: &AccountCode,
) -> Result<Voucher, Refusal> {
    let draft = Voucher::on(book.book, book.on, "成员退股");
    let draft = draft.debit(&book.account("shares")?, contribution, of(member));
    let draft = draft.debit(&book.account("reserve")?, reserve, Dimensions::default());
    Ok(draft.credit(bank, contribution + reserve, Dimensions::default()).balanced()?)
}

/// 转增: a reserve becomes shares after a members' vote.
pub fn capitalised(book: In<'_>, from: &str, entries: &[Entry]) -> Result<Voucher, Refusal> {
    let total = entries.iter().map(|entry| entry.amount).sum();
    let mut draft = Voucher::on(book.book, book.on, "公积转增股金").debit(&book.account(from)?, total, Dimensions::default());
    let shares = book.account("shares")?;
    for entry in entries {
        draft = draft.credit(&shares, entry.amount, of(&entry.position.holder));
    }
    Ok(draft.balanced()?)
}

/// 村集体入股, on the village's book: 长期投资 for money; a grant used for it becomes 公积公益金.
pub fn invested(book: In<'_>, cooperative: &str, amount: Amount, from_grant: Option<&str>) -> Result<Vec<Voucher>, Refusal> {
    let draft = Voucher::on(book.book, book.on, "向合作社投资");
    let draft = draft.debit(&book.account("investment")?, amount, of(cooperative));
    let mut vouchers = vec![draft.credit(&book.account("bank")?, amount, Dimensions::default()).balanced()?];
    if let Some(project) = from_grant {
        let project = Dimensions { project: Some(project.to_owned()), ..Dimensions::default() };
        let draft = Voucher::on(book.book, book.on, "专项资金形成投资").debit(&book.account("special_payable")?, amount, project);
        vouchers.push(draft.credit(&book.account("special_fund")?, amount, Dimensions::default()).balanced()?);
    }
    Ok(vouchers)
}

/// 年终分配: losses, reserve, refunds, floors and shares, costs and guarantees, in one voucher.
pub fn distributed(book: In<'_>, terms: &Terms, pools: &Pools, rows: &[PlanRow]) -> Result<Voucher, Refusal> {
    let none = Dimensions::default;
    let undistributed = book.regime.undistributed.clone().unwrap_or_else(|| book.regime.result.clone());
    let reserve = book.account("reserve")?;
    let mut draft = Voucher::on(book.book, book.on, "以公积金弥补亏损");
    draft = draft.debit(&reserve, pools.made_up, none()).credit(&undistributed, pools.made_up, none());
    if let Some(appropriation) = &book.regime.reserve_appropriation {
        draft = draft.summary("提取公积金").debit(appropriation, pools.reserve, none()).credit(&reserve, pools.reserve, none());
    }
    if pools.refunds.is_positive() {
        draft = draft.summary(&format!("{} 年盈余返还", terms.year));
        draft = draft.debit(&book.account("refund_appropriation")?, pools.refunds, none());
        let payable = book.account("refund_payable")?;
        for row in rows.iter().filter(|row| row.refund.is_positive()) {
            draft = draft.credit(&payable, row.refund, of(&row.member));
        }
    }
    let from_pool: Amount = rows.iter().map(|row| row.floor_paid + row.at_rate + row.share).sum();
    draft = draft.summary(&format!("{} 年剩余盈余分配", terms.year));
    draft = draft.debit(&book.account("surplus_appropriation")?, from_pool, none());
    for (guarantor, amount) in &pools.guaranteed {
        draft = draft.debit(&book.account("guarantor_receivable")?, *amount, of(guarantor));
    }
    let payable = book.account("surplus_payable")?;
    for row in rows {
        draft = draft.credit(&payable, row.surplus_payable(), of(&row.member));
    }
    if pools.cost.is_positive() {
        let (cost, payable) = (book.account("finance_cost")?, book.account("interest_payable")?);
        draft = draft.summary(&format!("{} 年优先股保底", terms.year)).debit(&cost, pools.cost, none());
        for row in rows {
            draft = draft.credit(&payable, row.cost, of(&row.member));
        }
    }
    Ok(draft.balanced()?)
}

/// 宣告分红, on an investor's own book: 应收款 for what the cooperative owes it.
pub fn declared_to(book: In<'_>, cooperative: &str, amount: Amount) -> Result<Voucher, Refusal> {
    let draft = Voucher::on(book.book, book.on, "合作社分红").debit(&book.account("receivable")?, amount, of(cooperative));
    Ok(draft.credit(&book.account("investment_income")?, amount, Dimensions::default()).balanced()?)
}

/// 收到分红, on an investor's own book: the claim is settled.
pub fn dividend_arrived(book: In<'_>, cooperative: &str, amount: Amount) -> Result<Voucher, Refusal> {
    let draft = Voucher::on(book.book, book.on, "收到合作社分红").debit(&book.account("bank")?, amount, Dimensions::default());
    Ok(draft.credit(&book.account("receivable")?, amount, of(cooperative)).balanced()?)
}
