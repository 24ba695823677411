//! Facts to flags, of projects, entrusted income, overdue loans, lists of people, dividends, members' debts, sheets taken off,
//! papers and cash that was not banked.
//!
//! Pure.
//!
//! 1. The same facts raise the same flags; a flag's object names it for good.

use std::collections::BTreeMap;

use super::facts::{DivertedFact, Facts, IncomeFact, ListFact, PartyFact, ProjectFact, WithdrawnFact};
use super::flags::{Flag, plain};
use super::rules::Rule;
use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::payouts::PayoutKind;
use crate::products::village_claims::posting_rules::IMPREST_HOLDER;

/// Projects that have spent something, for which a rule has a word.
pub fn projects(rule: &Rule, facts: &Facts, what: impl Fn(&ProjectFact) -> Option<&'static str>) -> Vec<Flag> {
    let spent = facts.projects.iter().filter(|project| project.spent.is_positive());
    let flag = |project: &ProjectFact| {
        let approved = project.approved.map_or("没有批复".to_owned(), |sum| format!("批复 {}", sum.grouped()));
        let (what, name, spent) = (what(project)?, &project.project, project.spent.grouped());
        let words = format!("项目 {name} {what}:已支 {spent},{approved},进度 {}%", project.progress.0);
        Some(plain(rule, name, project.last_on, words, project.spent))
    };
    spent.filter_map(flag).collect()
}

/// Spent more than was approved.
pub fn over_budget(project: &ProjectFact) -> Option<&'static str> {
    project.approved.is_some_and(|approved| project.spent > approved).then_some("超批复")
}

/// Paid more than the progress and the advances agreed allow, by more than so many points of the approved sum.
pub fn ahead(project: &ProjectFact, points: i64) -> Option<&'static str> {
    let approved = i128::from(project.approved?.fen());
    let done = if project.accepted { 100 } else { project.progress.0 };
    let may = approved * i128::from(done.saturating_add(points)) / 100;
    let spent = i128::from(project.spent.fen());
    (spent > may && project.spent > project.advance && !project.accepted).then_some("付款超进度")
}

/// Done for so many days and not accepted.
pub fn unaccepted(rule: &Rule, facts: &Facts, today: BusinessDate) -> Vec<Flag> {
    let flag = |project: &ProjectFact| {
        let done = project.progress.1.filter(|_| project.progress.0 >= 100 && !project.accepted)?;
        let days = (today - done).num_days();
        let words = format!("项目 {} {done} 完工,{days} 日未验收", project.project);
        (days > rule.days()).then(|| plain(rule, &project.project, done, words, project.spent))
    };
    facts.projects.iter().filter_map(flag).collect()
}

/// Entrusted income past its day by so many days.
pub fn incomes(rule: &Rule, facts: &Facts, today: BusinessDate, (what, of): (&str, impl Fn(&IncomeFact) -> Amount)) -> Vec<Flag> {
    let late = facts.incomes.iter().filter(|income| of(income).is_positive() && (today - income.due).num_days() >= rule.days());
    let words = |income: &IncomeFact| format!("委托 {} 应于 {}:{what} {}", income.period, income.due, of(income).grouped());
    late.map(|income| plain(rule, &income.period, income.due, words(income), of(income))).collect()
}

/// So many loans of the place past due by so many days, or more: one flag, on the day of the last of them.
pub fn loans(rule: &Rule, facts: &Facts, today: BusinessDate) -> Vec<Flag> {
    let late: Vec<_> = facts.loans.iter().filter(|(_, since, _)| (today - *since).num_days() >= rule.days()).collect();
    let last = late.iter().map(|(_, since, _)| *since).max().filter(|_| late.len() as i64 >= rule.count());
    let total: Amount = late.iter().map(|(.., amount)| *amount).sum();
    let some: Vec<&str> = late.iter().take(3).map(|(loan, ..)| loan.as_str()).collect();
    let words = format!("逾期贷款 {} 笔 {}({} 等)", late.len(), total.grouped(), some.join("、"));
    last.into_iter().map(|on| plain(rule, "loans", on, words.clone(), total)).collect()
}

/// Lists of people paid although rows were in doubt.
pub fn doubts(rule: &Rule, facts: &Facts) -> Vec<Flag> {
    let flag = |(batch, on, said, total): &(String, BusinessDate, String, Amount)| {
        plain(rule, batch, *on, format!("代发 {batch} 有需核实的行,说明:{said}"), *total)
    };
    facts.doubts.iter().map(flag).collect()
}

/// Lists of a kind that no register owes.
fn lists(rule: &Rule, facts: &Facts, kind: PayoutKind, what: &str) -> Vec<Flag> {
    let of_kind = facts.lists.iter().filter(|list| list.kind == kind);
    let words = |list: &ListFact| format!("代发 {}({})发放 {},{what}", list.batch, list.title, list.total.grouped());
    of_kind.map(|list| plain(rule, &list.batch, list.on, words(list), list.total)).collect()
}

/// Fixed income of entrusted money paid to people whom no scheme owes it.
pub fn without_contract(rule: &Rule, facts: &Facts) -> Vec<Flag> {
    lists(rule, facts, PayoutKind::EntrustedIncome, "没有登记的委托合同")
}

/// Dividends paid without a plan, declared by hand, or paid to a member beyond what was declared for it.
pub fn unlike_plan(rule: &Rule, facts: &Facts) -> Vec<Flag> {
    let declared = facts.declared.iter().map(|(voucher, on, amount)| Flag {
        voucher: Some(voucher.clone()),
        ..plain(rule, voucher, *on, format!("手工分配 {},没有分配方案", amount.grouped()), *amount)
    });
    let beyond = facts.overpaid.iter().filter(|fact| fact.owed.is_positive()).map(|fact| {
        let words = format!("{} {} 分红多付 {},超出分配方案", fact.account, fact.party, fact.owed.grouped());
        plain(rule, &format!("account:{}:{}", fact.account, fact.party), fact.moved_on, words, fact.owed)
    });
    lists(rule, facts, PayoutKind::Dividend, "没有分配方案").into_iter().chain(declared).chain(beyond).collect()
}

/// Members who owe more than so many days ago, by more than an amount.
pub fn growing(rule: &Rule, facts: &Facts, today: BusinessDate) -> Vec<Flag> {
    let mut grown: BTreeMap<(&str, &str), Amount> = BTreeMap::new();
    for (account, party, month, more) in &facts.debts {
        if (today - month.last_day()).num_days() < rule.days() && party != IMPREST_HOLDER {
            *grown.entry((account, party)).or_default() += *more;
        }
    }
    let flag = |fact: &PartyFact| {
        let more = *grown.get(&(fact.account.as_str(), fact.party.as_str()))?;
        let (owed, grouped) = (fact.owed.grouped(), more.grouped());
        let words = format!("{} {} {} 日内欠款增加 {grouped},现欠 {owed}", fact.account, fact.party, rule.days());
        let object = format!("{}:{}", fact.account, fact.party);
        (more > rule.amount() && fact.owed.is_positive()).then(|| plain(rule, &object, fact.moved_on, words, more))
    };
    facts.parties.iter().filter_map(flag).collect()
}

/// Money of one project used for another.
pub fn diverted(rule: &Rule, facts: &Facts) -> Vec<Flag> {
    let flag = |fact: &DivertedFact| {
        let words = format!("项目 {} 的专项资金 {} 用于项目 {}", fact.from, fact.amount.grouped(), fact.to);
        let object = format!("{}:{}:{}", fact.voucher, fact.from, fact.to);
        Flag { voucher: Some(fact.voucher.clone()), ..plain(rule, &object, fact.on, words, fact.amount) }
    };
    facts.diverted.iter().map(flag).collect()
}

/// Sheets that were public, were taken off and not published again.
pub fn withdrawn(rule: &Rule, facts: &Facts) -> Vec<Flag> {
    let words = |fact: &WithdrawnFact| format!("{}({} 公开)已撤下:{}", fact.title, fact.on, fact.reason);
    facts.withdrawn.iter().map(|fact| plain(rule, &fact.sheet.to_string(), fact.on, words(fact), Amount::ZERO)).collect()
}

/// A paper that stands on two vouchers.
pub fn papers(rule: &Rule, facts: &Facts) -> Vec<Flag> {
    let flag = |(voucher, on, other): &(String, BusinessDate, String)| Flag {
        voucher: Some(voucher.clone()),
        ..plain(rule, voucher, *on, format!("票据与凭证 {other} 的相同"), Amount::ZERO)
    };
    facts.papers.iter().map(flag).collect()
}

/// Cash that came in otherwise than from the bank and did not go there within so many days: by the day it came, what came
/// first counts as banked first.
pub fn not_banked(rule: &Rule, facts: &Facts, today: BusinessDate) -> Vec<Flag> {
    let (mut came, mut banked): (BTreeMap<BusinessDate, Amount>, BTreeMap<BusinessDate, Amount>) = Default::default();
    for voucher in &facts.vouchers {
        if voucher.cash.is_positive() && !voucher.bank.is_negative() {
            *came.entry(voucher.dated_on).or_default() += voucher.cash;
        }
        if voucher.cash.is_negative() && voucher.bank.is_positive() {
            *banked.entry(voucher.dated_on).or_default() += voucher.bank;
        }
    }
    let mut found = Vec::new();
    let mut before = Amount::ZERO;
    for (on, amount) in came {
        before += amount;
        let in_time = |day: &BusinessDate| (*day - on).num_days() <= rule.days();
        let there: Amount = banked.iter().filter(|(day, _)| in_time(day)).map(|(_, amount)| *amount).sum();
        let missing = (before - there).min(amount);
        if missing.is_positive() && (today - on).num_days() > rule.days() {
            let words = format!("{on} 收到现金 {},{} 日内未缴存 {}", amount.grouped(), rule.days(), missing.grouped());
            found.push(plain(rule, &format!("cash:{on}"), on, words, missing));
        }
    }
    found
}

#[cfg(test)]
#[path = "more_tests.rs"]
mod tests;
