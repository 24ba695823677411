//! Early-warning signals (防止返贫监测预警) per household: what the books and registers know, held against dated rules.
//!
//! Pure, but for `store.rs`.
//!
//! 1. A signal has a rule, a figure and a way to what it comes from.
//! 2. Nothing is kept: the list is made from the facts of the moment, so that a cause that is gone raises nothing.
//! 3. A rule that does not hold on the day raises nothing.

pub mod reports;
pub mod rules;
pub mod store;

use serde::{Deserialize, Serialize};

use self::rules::{Rule, RuleKind};
use super::Origin;
use crate::calendar::BusinessDate;
use crate::controls::supervision::rules::Severity;
use crate::money::Amount;

/// A loan of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanFact {
    /// Code.
    pub loan: String,
    /// Principal overdue, and since when.
    pub overdue: Option<(BusinessDate, Amount)>,
    /// Interest overdue, and since when.
    pub interest: Option<(BusinessDate, Amount)>,
}

/// What a household should have got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueFact {
    /// A dividend, or another income.
    pub is_dividend: bool,
    /// In words.
    pub what: String,
    /// Since when.
    pub since: BusinessDate,
    /// How much.
    pub amount: Amount,
    /// Where from.
    pub origin: Origin,
}

/// All that the rules look at in a household.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Code.
    pub household: String,
    /// Village.
    pub place: String,
    /// Head.
    pub name: String,
    /// The head's identity number, masked.
    pub masked_id: String,
    /// Loans that stand.
    pub loans: Vec<LoanFact>,
    /// Principal owed, of loans and of the revolving fund.
    pub debt: Amount,
    /// What did not arrive.
    pub dues: Vec<DueFact>,
    /// Income of the last whole year, and of the one before.
    pub income: (Amount, Amount),
}

/// A signal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Signal {
    /// Which household.
    pub household: String,
    /// Rule.
    pub rule: RuleKind,
    /// Since when.
    pub on: BusinessDate,
    /// Village.
    pub place: String,
    /// Head.
    pub name: String,
    /// The head's identity number, masked.
    pub masked_id: String,
    /// How serious.
    pub severity: Severity,
    /// In words.
    pub words: String,
    /// The figure.
    pub amount: Amount,
    /// Where it comes from.
    pub origin: Origin,
}

/// The signals of a household on a day; incomes are those of `year`, the last whole one.
pub fn signals(rules: &[Rule], facts: &Facts, (today, year): (BusinessDate, i32)) -> Vec<Signal> {
    let holding = rules.iter().filter(|rule| rule.holds(today));
    holding.flat_map(|rule| of_rule(rule, facts, (today, year))).collect()
}

type Raised = (BusinessDate, String, Amount, Origin);

fn of_rule(rule: &Rule, facts: &Facts, (today, year): (BusinessDate, i32)) -> Vec<Signal> {
    let found = match rule.rule {
        RuleKind::LoanOverdue => loans(rule, facts, today, "本金逾期", |loan| loan.overdue),
        RuleKind::InterestOverdue => loans(rule, facts, today, "欠息", |loan| loan.interest),
        RuleKind::DividendMissed => dues(rule, facts, today, true),
        RuleKind::IncomeMissed => dues(rule, facts, today, false),
        RuleKind::IncomeFall => fall(rule, facts, year).into_iter().collect(),
        RuleKind::DebtHigh => debt(rule, facts, year).into_iter().collect(),
    };
    let signal = |(on, words, amount, origin): Raised| Signal {
        household: facts.household.clone(),
        rule: rule.rule,
        on,
        place: facts.place.clone(),
        name: facts.name.clone(),
        masked_id: facts.masked_id.clone(),
        severity: rule.severity,
        words,
        amount,
        origin,
    };
    found.into_iter().map(signal).collect()
}

fn loans(
    rule: &Rule,
    facts: &Facts,
    today: BusinessDate,
    what: &str,
    of: impl Fn(&LoanFact) -> Option<(BusinessDate, Amount)>,
) -> Vec<Raised> {
    let found = facts.loans.iter().filter_map(|loan| Some((loan, of(loan)?)));
    let late = found.filter(|(_, (since, amount))| (today - *since).num_days() >= rule.days() && *amount >= rule.amount());
    let raised = |(loan, (since, amount)): (&LoanFact, (BusinessDate, Amount))| {
        let words = format!("{what} {} 天,金额 {}", (today - since).num_days(), amount.grouped());
        (since, words, amount, Origin::Loan(loan.loan.clone()))
    };
    late.map(raised).collect()
}

fn dues(rule: &Rule, facts: &Facts, today: BusinessDate, is_dividend: bool) -> Vec<Raised> {
    let of_kind = facts.dues.iter().filter(|due| due.is_dividend == is_dividend && due.amount >= rule.amount());
    let late = of_kind.filter(|due| (today - due.since).num_days() > rule.days());
    let raised = |due: &DueFact| {
        let words = format!("{}应到 {},已过 {} 天", due.what, due.amount.grouped(), (today - due.since).num_days());
        (due.since, words, due.amount, due.origin.clone())
    };
    late.map(raised).collect()
}

/// The day a year ends.
fn year_end(year: i32) -> BusinessDate {
    BusinessDate::from_ymd_opt(year, 12, 31).unwrap_or(BusinessDate::MAX)
}

/// `part` of `whole` in whole percent, rounded down; of nothing it is more than any percentage.
fn percent(part: Amount, whole: Amount) -> i64 {
    if whole.is_positive() {
        i64::try_from(i128::from(part.fen()) * 100 / i128::from(whole.fen())).unwrap_or(i64::MAX)
    } else {
        i64::MAX
    }
}

fn fall(rule: &Rule, facts: &Facts, year: i32) -> Option<Raised> {
    let (now, before) = facts.income;
    let fallen = before - now;
    if !fallen.is_positive() || fallen < rule.amount() || percent(fallen, before) < rule.percent() {
        return None;
    }
    let words = format!("{year}年收入 {},上年 {},下降 {}%", now.grouped(), before.grouped(), percent(fallen, before));
    Some((year_end(year), words, fallen, Origin::Year(facts.household.clone(), year)))
}

fn debt(rule: &Rule, facts: &Facts, year: i32) -> Option<Raised> {
    let share = percent(facts.debt, facts.income.0);
    if !facts.debt.is_positive() || facts.debt < rule.amount() || share < rule.percent() {
        return None;
    }
    let of_it = if share == i64::MAX { "没有登记收入".to_owned() } else { format!("为{year}年收入的 {share}%") };
    let words = format!("负债 {},{of_it}", facts.debt.grouped());
    let origin =
        facts.loans.first().map_or_else(|| Origin::Year(facts.household.clone(), year), |loan| Origin::Loan(loan.loan.clone()));
    Some((year_end(year), words, facts.debt, origin))
}

#[cfg(test)]
mod tests;
