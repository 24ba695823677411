//! What rent means in debits and credits.
//!
//! Pure. Source: posting-rules.md §5 (land contracting or lease; rent for several years; 返租倒包).
//!
//! 1. Every line carries its lease as project, and its party; members stand on 内部往来 or 成员往来.
//! 2. Rent due takes what was received in advance first; what remains is a claim.

use super::facts::Lease;
use super::terms::LeaseParty;
use crate::calendar::BusinessDate;
use crate::ledger::posting_map::account_for;
use crate::ledger::{AccountCode, Dimensions, Regime, Voucher};
use crate::money::Amount;
use crate::refusal::Refusal;

/// A lease in the regime its book keeps, on the day of a voucher.
#[derive(Debug, Clone, Copy)]
pub struct Under<'a> {
    /// The lease.
    pub lease: &'a Lease,
    /// The regime.
    pub regime: &'a Regime,
    /// The voucher's date.
    pub on: BusinessDate,
    /// Where money comes in or leaves from; the bank when absent.
    pub money: Option<&'a AccountCode>,
}

/// A party's rent for a period, and how much of it was received in advance.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The party.
    pub party: &'a LeaseParty,
    /// Its rent.
    pub rent: Amount,
    /// Of that, from money received in advance.
    pub from_advance: Amount,
}

impl Under<'_> {
    fn of(&self, party: &str) -> Dimensions {
        Dimensions { party: Some(party.to_owned()), ..self.plain() }
    }

    fn plain(&self) -> Dimensions {
        Dimensions { project: Some(self.lease.lease.clone()), ..Dimensions::default() }
    }

    /// 应收租金 香柚园
    fn summary(&self, what: &str) -> String {
        format!("{what}{} {}", self.lease.terms.kind.money_zh(), self.lease.terms.name)
    }

    /// Where the money is: as said, or the regime's bank account.
    fn money(&self) -> Result<AccountCode, Refusal> {
        self.money.cloned().map_or_else(|| self.account("bank"), Ok)
    }

    fn account(&self, usage: &str) -> Result<AccountCode, Refusal> {
        Ok(account_for(self.regime, usage)?)
    }

    fn claim_on(&self, party: &LeaseParty) -> Result<AccountCode, Refusal> {
        self.account(if party.is_member { "member_account" } else { "receivable" })
    }
}

/// 租出: rent of a period is due from the lessees.
pub fn let_out(s: Under<'_>, parts: &[Part<'_>]) -> Result<Voucher, Refusal> {
    let mut draft = Voucher::on(&s.lease.book, s.on, &s.summary("应收"));
    for part in parts {
        draft = draft.debit(&s.account("lease_advance")?, part.from_advance, s.of(&part.party.party));
        draft = draft.debit(&s.claim_on(part.party)?, part.rent - part.from_advance, s.of(&part.party.party));
    }
    let total = parts.iter().map(|part| part.rent).sum();
    Ok(draft.credit(&s.account(s.lease.terms.kind.income())?, total, s.plain()).balanced()?)
}

/// 租入: rent of a period is owed to the households.
pub fn rented_in(s: Under<'_>, parts: &[Part<'_>]) -> Result<Voucher, Refusal> {
    let total = parts.iter().map(|part| part.rent).sum();
    let draft = Voucher::on(&s.lease.book, s.on, &s.summary("应付"));
    let (payable, mut draft) = (s.account("lease_payable")?, draft.debit(&s.account("lease_cost")?, total, s.plain()));
    for part in parts {
        draft = draft.credit(&payable, part.rent, s.of(&part.party.party));
    }
    Ok(draft.balanced()?)
}

/// A lessee pays: what it owes first, the rest in advance.
pub fn received(s: Under<'_>, party: &LeaseParty, owed: Amount, advance: Amount) -> Result<Voucher, Refusal> {
    let draft = Voucher::on(&s.lease.book, s.on, &s.summary("收到"));
    let draft = draft.debit(&s.money()?, owed + advance, s.plain());
    let draft = draft.credit(&s.claim_on(party)?, owed, s.of(&party.party));
    Ok(draft.credit(&s.account("lease_advance")?, advance, s.of(&party.party)).balanced()?)
}

/// The lease ended and the lessee gets back what it paid in advance.
pub fn advance_returned(s: Under<'_>, party: &str, advance: Amount) -> Result<Voucher, Refusal> {
    let draft = Voucher::on(&s.lease.book, s.on, &s.summary("退还预收"));
    let draft = draft.debit(&s.account("lease_advance")?, advance, s.of(party));
    Ok(draft.credit(&s.money()?, advance, s.plain()).balanced()?)
}
