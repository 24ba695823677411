//! What happens to shares and surplus, in debits and credits.
//!
//! Pure. Source: posting-rules.md §4–5 (COOP37 accounts 301, 321, 322, 332; FIN121 art. 28).
//!
//! 1. Every line on 股金, 应付盈余返还 and 应付剩余盈余 names its member.
//! 2. A posted plan is one voucher per book, in numbered parts where it has many members; every part balances by itself.
//!    Clearing of 各项分配 is the year end's.

use super::distribution::PlanRow;
use super::holding::Entry;
use super::plan::{Pools, Terms};
use crate::calendar::BusinessDate;
use crate::ledger::posting_map::account_for;
use crate::ledger::voucher::VoucherDraft;
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

/// 退股: the contribution and the member's part of the reserve are paid, less its part of a loss; grants and gifts in 311 stay.
pub fn withdrawn(
    book: In<'_>,
    member: &str,
    (contribution, reserve, loss): (Amount, Amount, Amount),
    bank: &AccountCode,
) -> Result<Voucher, Refusal> {
    let undistributed = book.regime.undistributed.as_ref().unwrap_or(&book.regime.result);
    let draft = Voucher::on(book.book, book.on, "成员退股");
    let draft = draft.debit(&book.account("shares")?, contribution, of(member));
    let draft = draft.debit(&book.account("reserve")?, reserve, Dimensions::default());
    let draft = draft.credit(undistributed, loss, Dimensions::default());
    Ok(draft.credit(bank, contribution + reserve - loss, Dimensions::default()).balanced()?)
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

/// 年终分配: losses, reserve, refunds, floors and shares, costs and guarantees, part by part.
#[derive(Debug)]
pub struct Distribution<'a> {
    book: In<'a>,
    terms: &'a Terms,
    pools: &'a Pools,
    guaranteed: Vec<(String, Amount)>,
    part: usize,
    parts: usize,
}

impl<'a> Distribution<'a> {
    /// The voucher of a plan, to be made in so many parts.
    pub fn of(book: In<'a>, terms: &'a Terms, pools: &'a Pools, parts: usize) -> Distribution<'a> {
        let guaranteed = pools.guaranteed.iter().map(|(guarantor, amount)| (guarantor.clone(), *amount)).collect();
        Distribution { book, terms, pools, guaranteed, part: 0, parts }
    }

    /// The next part: what these members get. What belongs to nobody stands in the first.
    pub fn part(&mut self, rows: &[PlanRow]) -> Result<Voucher, Refusal> {
        self.part += 1;
        let mut draft = Voucher::on(self.book.book, self.book.on, &self.named("以公积金弥补亏损"));
        if self.part == 1 {
            draft = self.reserved(draft)?;
        }
        draft = self.refunded(draft, rows)?;
        draft = self.shared(draft, rows)?;
        Ok(self.borne(draft, rows)?.balanced()?)
    }

    /// A summary, with the part's number where there are several.
    fn named(&self, summary: &str) -> String {
        if self.parts < 2 { summary.to_owned() } else { format!("{summary}({}/{})", self.part, self.parts) }
    }

    fn of_year(&self, what: &str) -> String {
        self.named(&format!("{} 年{what}", self.terms.year))
    }

    fn reserved(&self, mut draft: VoucherDraft) -> Result<VoucherDraft, Refusal> {
        let (regime, pools, none) = (self.book.regime, self.pools, Dimensions::default);
        let undistributed = regime.undistributed.as_ref().unwrap_or(&regime.result);
        let reserve = self.book.account("reserve")?;
        draft = draft.debit(&reserve, pools.made_up, none()).credit(undistributed, pools.made_up, none());
        if let Some(appropriation) = &regime.reserve_appropriation {
            let summary = self.named("提取公积金");
            draft = draft.summary(&summary).debit(appropriation, pools.reserve, none()).credit(&reserve, pools.reserve, none());
        }
        Ok(draft)
    }

    fn refunded(&self, mut draft: VoucherDraft, rows: &[PlanRow]) -> Result<VoucherDraft, Refusal> {
        let refunds: Amount = rows.iter().map(|row| row.refund).sum();
        if !refunds.is_positive() {
            return Ok(draft);
        }
        let (from, payable) = (self.book.account("refund_appropriation")?, self.book.account("refund_payable")?);
        draft = draft.summary(&self.of_year("盈余返还")).debit(&from, refunds, Dimensions::default());
        for row in rows {
            draft = draft.credit(&payable, row.refund, of(&row.member));
        }
        Ok(draft)
    }

    fn shared(&mut self, mut draft: VoucherDraft, rows: &[PlanRow]) -> Result<VoucherDraft, Refusal> {
        let from_pool: Amount = rows.iter().map(|row| row.floor_paid + row.at_rate + row.share).sum();
        let (from, payable) = (self.book.account("surplus_appropriation")?, self.book.account("surplus_payable")?);
        draft = draft.summary(&self.of_year("剩余盈余分配")).debit(&from, from_pool, Dimensions::default());
        let mut missing: Amount = rows.iter().map(|row| row.guaranteed).sum();
        for (guarantor, left) in &mut self.guaranteed {
            let taken = missing.take_up_to(*left);
            *left -= taken;
            if taken.is_positive() {
                draft = draft.debit(&self.book.account("guarantor_receivable")?, taken, of(guarantor));
            }
        }
        for row in rows {
            draft = draft.credit(&payable, row.surplus_payable(), of(&row.member));
        }
        Ok(draft)
    }

    fn borne(&self, mut draft: VoucherDraft, rows: &[PlanRow]) -> Result<VoucherDraft, Refusal> {
        let borne: Amount = rows.iter().map(|row| row.cost).sum();
        if !borne.is_positive() {
            return Ok(draft);
        }
        let (cost, payable) = (self.book.account("finance_cost")?, self.book.account("interest_payable")?);
        draft = draft.summary(&self.of_year("优先股保底")).debit(&cost, borne, Dimensions::default());
        for row in rows {
            draft = draft.credit(&payable, row.cost, of(&row.member));
        }
        Ok(draft)
    }
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
