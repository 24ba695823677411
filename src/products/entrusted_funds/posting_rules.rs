//! What entrusted money means on the company's and the operator's book.
//!
//! Pure. Source: posting-rules.md §3 \[proposal\].
//!
//! 1. The company owes each household (2701, or 2241 up to a year) and claims on the operator (1221); the two never net.
//! 2. Income is agency: 1132 against 2241 per household; only the margin is the company's.
//! 3. Without a company the operator owes each household itself.
//! 4. A village that entrusts its own money claims principal (141, or 111 up to a year) and income (112) on whoever owes it.

use super::scheme::Terms;
use crate::calendar::BusinessDate;
use crate::ledger::posting_map::account_for;
use crate::ledger::{AccountCode, BookCode, Dimensions, Regime, Voucher};
use crate::money::Amount;
use crate::refusal::Refusal;

/// A book with its regime.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The book.
    pub book: &'a BookCode,
    /// Its regime.
    pub regime: &'a Regime,
}

/// The books of a scheme on a date.
#[derive(Debug, Clone)]
pub struct Sides<'a> {
    /// The scheme's code; lines carry it as project.
    pub scheme: &'a str,
    /// What is agreed.
    pub terms: &'a Terms,
    /// Date.
    pub on: BusinessDate,
    /// The company.
    pub company: Option<Side<'a>>,
    /// The operator.
    pub operator: Option<Side<'a>>,
    /// Parties whose money it is and who keep books of their own.
    pub investors: Vec<(&'a str, Side<'a>)>,
}

/// Sums by household.
pub type ByHousehold<'a> = &'a [(String, Amount)];

impl Sides<'_> {
    fn of(&self, party: &str) -> Dimensions {
        Dimensions { party: Some(party.to_owned()), project: Some(self.scheme.to_owned()), ..Dimensions::default() }
    }

    fn plain(&self) -> Dimensions {
        Dimensions { project: Some(self.scheme.to_owned()), ..Dimensions::default() }
    }

    /// Where a book's money is: the account named for it, or the bank.
    pub fn money_account(&self, side: Side<'_>) -> Result<AccountCode, Refusal> {
        let named = self.terms.money_accounts.iter().find(|(book, _)| book == side.book).map(|(_, account)| account.clone());
        named.map_or_else(|| Ok(account_for(side.regime, "bank")?), Ok)
    }

    /// The account on which the company owes principal.
    pub fn principal_account(&self, side: Side<'_>) -> Result<AccountCode, Refusal> {
        Ok(account_for(side.regime, if self.terms.is_long() { "entrusted_payable" } else { "entrusted_payable_short" })?)
    }

    /// The account on which the operator owes principal.
    pub fn borrowed_account(&self, side: Side<'_>) -> Result<AccountCode, Refusal> {
        Ok(account_for(side.regime, if self.terms.is_long() { "long_loan" } else { "short_loan" })?)
    }

    /// The account on which an investor claims principal.
    fn claim_account(&self, side: Side<'_>) -> Result<AccountCode, Refusal> {
        Ok(account_for(side.regime, if self.terms.is_long() { "entrusted_claim" } else { "entrusted_claim_short" })?)
    }

    /// Who owes the investors: the company, or the operator.
    fn debtor(&self) -> &str {
        self.company.map_or(self.terms.operator.as_str(), |company| company.book.0.as_str())
    }

    /// Debits one account of every investor's book and credits another, for its row.
    fn investors_post(
        &self,
        summary: &str,
        rows: ByHousehold<'_>,
        accounts: impl Fn(Side<'_>) -> Result<(AccountCode, AccountCode), Refusal>,
    ) -> Result<Vec<Voucher>, Refusal> {
        let mut vouchers = Vec::new();
        for (party, side) in &self.investors {
            let amount: Amount = rows.iter().filter(|(household, _)| household == party).map(|(_, amount)| *amount).sum();
            if amount.is_positive() {
                let (debit, credit) = accounts(*side)?;
                let draft = Voucher::on(side.book, self.on, summary).debit(&debit, amount, self.of(self.debtor()));
                vouchers.push(draft.credit(&credit, amount, self.of(self.debtor())).balanced()?);
            }
        }
        Ok(vouchers)
    }

    /// Whom the operator owes: the company, or each household.
    fn creditors(&self, rows: ByHousehold<'_>) -> Vec<(String, Amount)> {
        match self.company {
            Some(company) => vec![(company.book.0.clone(), total(rows))],
            None => rows.to_vec(),
        }
    }
}

fn total(rows: ByHousehold<'_>) -> Amount {
    rows.iter().map(|(_, amount)| *amount).sum()
}

/// Households hand money over; the company places it with the operator.
pub fn entrusted(s: &Sides<'_>, rows: ByHousehold<'_>) -> Result<Vec<Voucher>, Refusal> {
    let mut vouchers = Vec::new();
    if let Some(company) = s.company {
        let (bank, owed) = (s.money_account(company)?, s.principal_account(company)?);
        let mut draft = Voucher::on(company.book, s.on, "农户委托资金").debit(&bank, total(rows), s.plain());
        for (household, amount) in rows {
            draft = draft.credit(&owed, *amount, s.of(household));
        }
        draft =
            draft.summary("委托经营主体").debit(&account_for(company.regime, "placed")?, total(rows), s.of(&s.terms.operator));
        vouchers.push(draft.credit(&bank, total(rows), s.plain()).balanced()?);
    }
    if let Some(operator) = s.operator {
        let (bank, owed) = (s.money_account(operator)?, s.borrowed_account(operator)?);
        let mut draft = Voucher::on(operator.book, s.on, "收到委托资金").debit(&bank, total(rows), s.plain());
        for (creditor, amount) in s.creditors(rows) {
            draft = draft.credit(&owed, amount, s.of(&creditor));
        }
        vouchers.push(draft.balanced()?);
    }
    vouchers.extend(s.investors_post("委托资金", rows, |side| Ok((s.claim_account(side)?, s.money_account(side)?)))?);
    Ok(vouchers)
}

/// Income of a period falls due: `operator` is what the operator owes, `rows` what households get.
pub fn accrued(s: &Sides<'_>, operator_owes: Amount, rows: ByHousehold<'_>) -> Result<Vec<Voucher>, Refusal> {
    let mut vouchers = Vec::new();
    if let Some(company) = s.company {
        let owed = account_for(company.regime, "income_payable")?;
        let mut draft = Voucher::on(company.book, s.on, "计提委托收益");
        draft = draft.debit(&account_for(company.regime, "income_receivable")?, operator_owes, s.of(&s.terms.operator));
        for (household, amount) in rows {
            draft = draft.credit(&owed, *amount, s.of(household));
        }
        let margin = account_for(company.regime, "margin_income")?;
        vouchers.push(draft.credit(&margin, operator_owes - total(rows), s.plain()).balanced()?);
    }
    if let Some(operator) = s.operator {
        let cost = account_for(operator.regime, "finance_cost")?;
        let owed = account_for(operator.regime, "interest_payable")?;
        let mut draft = Voucher::on(operator.book, s.on, "计提委托资金收益").debit(&cost, operator_owes, s.plain());
        let creditors = if s.company.is_some() { vec![(s.creditors(rows)[0].0.clone(), operator_owes)] } else { rows.to_vec() };
        for (creditor, amount) in creditors {
            draft = draft.credit(&owed, amount, s.of(&creditor));
        }
        vouchers.push(draft.balanced()?);
    }
    vouchers.extend(s.investors_post("应收委托收益", rows, |side| {
        Ok((account_for(side.regime, "receivable")?, account_for(side.regime, "investment_income")?))
    })?);
    Ok(vouchers)
}

/// The operator pays the company.
pub fn received(s: &Sides<'_>, amount: Amount) -> Result<Vec<Voucher>, Refusal> {
    let mut vouchers = Vec::new();
    let Some(company) = s.company else { return Ok(vouchers) };
    let draft = Voucher::on(company.book, s.on, "收到委托收益").debit(&s.money_account(company)?, amount, s.plain());
    let claim = account_for(company.regime, "income_receivable")?;
    vouchers.push(draft.credit(&claim, amount, s.of(&s.terms.operator)).balanced()?);
    if let Some(operator) = s.operator {
        let owed = account_for(operator.regime, "interest_payable")?;
        let draft = Voucher::on(operator.book, s.on, "支付委托资金收益").debit(&owed, amount, s.of(&company.book.0));
        vouchers.push(draft.credit(&s.money_account(operator)?, amount, s.plain()).balanced()?);
    }
    Ok(vouchers)
}

/// The reinvested part becomes shares of the operator; no money moves.
pub fn reinvested(s: &Sides<'_>, rows: ByHousehold<'_>) -> Result<Vec<Voucher>, Refusal> {
    let mut vouchers = Vec::new();
    if let Some(company) = s.company {
        let owed = account_for(company.regime, "income_payable")?;
        let mut draft = Voucher::on(company.book, s.on, "委托收益转股");
        for (household, amount) in rows {
            draft = draft.debit(&owed, *amount, s.of(household));
        }
        let claim = account_for(company.regime, "income_receivable")?;
        vouchers.push(draft.credit(&claim, total(rows), s.of(&s.terms.operator)).balanced()?);
    }
    if let Some(operator) = s.operator {
        let (owed, shares) = (account_for(operator.regime, "interest_payable")?, account_for(operator.regime, "shares")?);
        let mut draft = Voucher::on(operator.book, s.on, "委托收益转为股金");
        for (creditor, amount) in s.creditors(rows) {
            draft = draft.debit(&owed, amount, s.of(&creditor));
        }
        for (household, amount) in rows {
            draft = draft.credit(&shares, *amount, s.of(household));
        }
        vouchers.push(draft.balanced()?);
    }
    for (party, side) in &s.investors {
        let amount: Amount = rows.iter().filter(|(household, _)| household == party).map(|(_, amount)| *amount).sum();
        if amount.is_positive() {
            let share = Dimensions { party: Some(s.terms.operator.clone()), ..Dimensions::default() };
            let draft = Voucher::on(side.book, s.on, "委托收益转为股金");
            let draft = draft.debit(&account_for(side.regime, "investment")?, amount, share);
            vouchers.push(draft.credit(&account_for(side.regime, "receivable")?, amount, s.of(s.debtor())).balanced()?);
        }
    }
    Ok(vouchers)
}

/// Principal goes back into the households' loan accounts. After an insolvency the company pays from its own money.
pub fn returned(s: &Sides<'_>, rows: ByHousehold<'_>, operator_pays: bool) -> Result<Vec<Voucher>, Refusal> {
    let mut vouchers = Vec::new();
    if let Some(company) = s.company {
        let (bank, owed) = (s.money_account(company)?, s.principal_account(company)?);
        let mut draft = Voucher::on(company.book, s.on, "收回委托本金");
        if operator_pays {
            let placed = account_for(company.regime, "placed")?;
            draft = draft.debit(&bank, total(rows), s.plain()).credit(&placed, total(rows), s.of(&s.terms.operator));
        }
        draft = draft.summary("本金归还到户贷款账户");
        for (household, amount) in rows {
            draft = draft.debit(&owed, *amount, s.of(household));
        }
        vouchers.push(draft.credit(&bank, total(rows), s.plain()).balanced()?);
    }
    if let Some(operator) = s.operator.filter(|_| operator_pays) {
        let (bank, owed) = (s.money_account(operator)?, s.borrowed_account(operator)?);
        let mut draft = Voucher::on(operator.book, s.on, "归还委托本金");
        for (creditor, amount) in s.creditors(rows) {
            draft = draft.debit(&owed, amount, s.of(&creditor));
        }
        vouchers.push(draft.credit(&bank, total(rows), s.plain()).balanced()?);
    }
    vouchers.extend(s.investors_post("收回委托本金", rows, |side| Ok((s.money_account(side)?, s.claim_account(side)?)))?);
    Ok(vouchers)
}

/// The operator is insolvent: the company's claims are a loss after approval; what it owes households stays.
pub fn insolvent(s: &Sides<'_>, principal: Amount, income: Amount) -> Result<Option<Voucher>, Refusal> {
    let Some(company) = s.company.filter(|_| (principal + income).is_positive()) else { return Ok(None) };
    let loss = account_for(company.regime, "insolvency_loss")?;
    let draft = Voucher::on(company.book, s.on, "经营主体资不抵债,核销债权").debit(&loss, principal + income, s.plain());
    let draft = draft.credit(&account_for(company.regime, "placed")?, principal, s.of(&s.terms.operator));
    let claim = account_for(company.regime, "income_receivable")?;
    Ok(Some(draft.credit(&claim, income, s.of(&s.terms.operator)).balanced()?))
}

/// Principal left within a paid period: income is owed back. `operator` is what the operator owes less, `overpaid` what of that it
/// had paid and gets back at once.
pub fn refunded(s: &Sides<'_>, operator: Amount, overpaid: Amount, rows: ByHousehold<'_>) -> Result<Vec<Voucher>, Refusal> {
    let mut vouchers = Vec::new();
    if let Some(company) = s.company {
        let (owed, claim) = (account_for(company.regime, "income_payable")?, account_for(company.regime, "income_receivable")?);
        let mut draft = Voucher::on(company.book, s.on, "提前归还本金,冲回先付收益");
        for (household, amount) in rows {
            draft = draft.debit(&owed, *amount, s.of(household));
        }
        draft = draft.debit(&account_for(company.regime, "margin_income")?, operator - total(rows), s.plain());
        draft = draft.credit(&claim, operator, s.of(&s.terms.operator));
        draft = draft.summary("退回经营主体多付收益").debit(&claim, overpaid, s.of(&s.terms.operator));
        vouchers.push(draft.credit(&s.money_account(company)?, overpaid, s.plain()).balanced()?);
    }
    if let Some(side) = s.operator {
        let (cost, owed) = (account_for(side.regime, "finance_cost")?, account_for(side.regime, "interest_payable")?);
        let creditors = match s.company {
            Some(company) => vec![(company.book.0.clone(), operator)],
            None => rows.to_vec(),
        };
        let mut draft = Voucher::on(side.book, s.on, "提前归还本金,冲回先付收益");
        for (creditor, amount) in &creditors {
            draft = draft.debit(&owed, *amount, s.of(creditor));
        }
        draft = draft.credit(&cost, operator, s.plain());
        draft = draft.summary("收回多付收益").debit(&s.money_account(side)?, overpaid, s.plain());
        vouchers.push(draft.credit(&owed, overpaid, s.of(&creditors[0].0)).balanced()?);
    }
    vouchers.extend(s.investors_post("冲回先付收益", rows, |side| {
        Ok((account_for(side.regime, "investment_income")?, account_for(side.regime, "receivable")?))
    })?);
    Ok(vouchers)
}

/// Households pay back what they owe; the payer's book takes it in.
pub fn paid_back(s: &Sides<'_>, rows: ByHousehold<'_>) -> Result<Vec<Voucher>, Refusal> {
    let payer = s.company.map(|side| (side, "income_payable")).or(s.operator.map(|side| (side, "interest_payable")));
    let mut vouchers = Vec::new();
    if let Some((side, usage)) = payer {
        let owed = account_for(side.regime, usage)?;
        let mut draft = Voucher::on(side.book, s.on, "收回多付收益");
        draft = draft.debit(&s.money_account(side)?, total(rows), s.plain());
        for (household, amount) in rows {
            draft = draft.credit(&owed, *amount, s.of(household));
        }
        vouchers.push(draft.balanced()?);
    }
    vouchers.extend(s.investors_post("退回多收收益", rows, |side| {
        Ok((account_for(side.regime, "receivable")?, s.money_account(side)?))
    })?);
    Ok(vouchers)
}

/// Income arrives at parties that keep books of their own.
pub fn arrived(s: &Sides<'_>, rows: ByHousehold<'_>) -> Result<Vec<Voucher>, Refusal> {
    s.investors_post("收到委托收益", rows, |side| Ok((s.money_account(side)?, account_for(side.regime, "receivable")?)))
}
