//! What a loan owes on the day of a statement line: the amounts a payment may exactly be.
//!
//! Pure: a contract and facts in, amounts out. The days are those of the loan's timeline, nothing is counted here.

use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::products::microloan::timeline::{Position, timeline};
use crate::products::microloan::{Contract, Fact, Happening, LoanState, Towards};

/// Days before it falls due that interest may be paid.
const AHEAD: u64 = 10;

/// A loan a payment may be for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLoan {
    /// 借据号
    pub loan: String,
    /// 合同号; blank if none is recorded.
    pub number: String,
    /// 借款人
    pub borrower: String,
    /// What was signed.
    pub contract: Contract,
    /// What happened since.
    pub facts: Vec<Fact>,
}

/// An amount that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// 利息, 到期本息 or 结清本息.
    pub words: &'static str,
    /// How much.
    pub amount: Amount,
    /// Since or on which day.
    pub on: BusinessDate,
    /// What a payment of it is meant for.
    pub towards: Towards,
}

/// The amounts due on a day. None of a loan that was compensated: what comes back there is shared with the fund.
pub fn dues(loan: &KnownLoan, on: BusinessDate) -> Vec<Due> {
    let at = |through| timeline(&loan.loan, &loan.contract, &loan.facts, through).ok().map(|found| found.position);
    let Some(now) = at(on) else { return Vec::new() };
    if matches!(now.state, LoanState::Compensated | LoanState::WrittenOff) || owed(&now).is_none_or(Amount::is_zero) {
        return Vec::new();
    }
    let interest = now.interest_owed + now.penalty_owed;
    let due = |words, amount: Amount, on, towards| amount.is_positive().then_some(Due { words, amount, on, towards });
    let since = now.interest_overdue_from.or(now.overdue_from).unwrap_or(on);
    let mut found: Vec<Due> = due("利息", interest, since, Towards::Interest).into_iter().collect();
    if now.overdue_principal.is_positive() {
        found.extend(due("到期本息", interest + now.overdue_principal, since, Towards::Any));
    }
    found.extend(cleared(loan, &now, on).and_then(|amount| due("结清本息", amount, on, Towards::Any)));
    let next = now.next_due.filter(|next| *next <= on + chrono::Days::new(AHEAD));
    if let Some((next, then)) = next.and_then(|next| Some((next, at(next)?))) {
        found.extend(due("利息", then.interest_owed + then.penalty_owed, next, Towards::Interest));
    }
    found.sort_by_key(|due| (due.amount, due.words, due.on));
    found.dedup_by_key(|due| due.amount);
    found
}

fn owed(now: &Position) -> Option<Amount> {
    now.principal.checked_add(now.interest_owed)?.checked_add(now.penalty_owed)
}

/// What pays everything off on a day, its interest to that day included.
fn cleared(loan: &KnownLoan, now: &Position, on: BusinessDate) -> Option<Amount> {
    let enough = owed(now)?.checked_add(now.principal)?;
    let mut facts = loan.facts.clone();
    facts.push(Fact { on, what: Happening::Repaid { amount: enough, towards: Towards::Any } });
    let through = timeline(&loan.loan, &loan.contract, &facts, on).ok()?;
    let last = through.applications.last().filter(|application| application.on == on && application.kind == "repaid")?;
    last.received.checked_sub(last.held)
}
