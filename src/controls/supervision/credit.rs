//! Facts to flags, of the credit programme: interest borne twice, classes that differ, borrowers' ages, money used twice.
//!
//! Pure.
//!
//! 1. The same facts raise the same flags; a flag's object names it for good.
//! 2. An age is known here only where it was found outside the policy when the contract was signed; no id is read.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{AgeFact, ClassFact, ElsewhereFact, EntrustedFact, Facts, SubsidyFact};
use super::flags::{Flag, plain};
use super::rules::Rule;
use crate::calendar::BusinessDate;
use crate::money::Amount;
use crate::products::microloan::subsidy::entitlement::is_same_period;

/// Two subsidies that meet: household, one, the other; since when, and what was borne twice.
type Twice<'a> = BTreeMap<(&'a str, String, String), (BusinessDate, Amount)>;

/// A household's interest borne twice for the same days: by two loans, or by the register and somebody else.
pub fn subsidised_twice(rule: &Rule, facts: &Facts) -> Vec<Flag> {
    let mut twice: Twice<'_> = BTreeMap::new();
    let mut add = |household, one: String, other: String, on: BusinessDate, amount: Amount| {
        let pair = twice.entry((household, one, other)).or_insert((on, Amount::ZERO));
        *pair = (pair.0.min(on), pair.1 + amount);
    };
    for (at, one) in facts.subsidies.iter().enumerate() {
        for other in facts.subsidies[..at].iter().filter(|other| meet(one, other)) {
            let (first, second) = if one.loan < other.loan { (one, other) } else { (other, one) };
            let (named, amount) = (|fact: &SubsidyFact| format!("贷款 {}", fact.loan), one.amount.min(other.amount));
            add(&one.household, named(first), named(second), one.days.0.max(other.days.0), amount);
        }
        for other in facts.elsewhere.iter().filter(|other| is_again(one, other)) {
            let (loan, amount) = (format!("贷款 {}", one.loan), one.amount.min(other.amount));
            add(&one.household, loan, other.department.clone(), one.days.0.max(other.days.0), amount);
        }
    }
    let flag = |((household, one, other), (on, amount)): ((&str, String, String), (BusinessDate, Amount))| {
        let words = format!("农户 {household} 同期由{one}、{other}重复贴息 {},自 {on} 起", amount.grouped());
        plain(rule, &format!("{household}:{one}:{other}"), on, words, amount)
    };
    twice.into_iter().map(flag).collect()
}

/// True if two rows of a household have days in common and the policy does not let both be.
fn meet(one: &SubsidyFact, other: &SubsidyFact) -> bool {
    let same_days = one.days.0 < other.days.1 && other.days.0 < one.days.1;
    let within = one.cap.zip(other.cap).is_some_and(|(one_cap, cap)| one.principal + other.principal <= one_cap.max(cap));
    one.household == other.household && same_days && !within
}

fn is_again(one: &SubsidyFact, other: &ElsewhereFact) -> bool {
    one.household == other.household && is_same_period(one.days, other.days)
}

/// Loans that we and the bank class so many steps apart, or more.
pub fn classes(rule: &Rule, facts: &Facts, today: BusinessDate) -> Vec<Flag> {
    let apart = |fact: &&ClassFact| i64::from((fact.own as i8).abs_diff(fact.bank as i8)) >= rule.count();
    let words = |fact: &ClassFact| {
        let (own, bank) = (fact.own.label_zh(), fact.bank.label_zh());
        format!("贷款 {} 按天数为{own},银行分为{bank},余额 {}", fact.loan, fact.principal.grouped())
    };
    facts.classes.iter().filter(apart).map(|fact| plain(rule, &fact.loan, today, words(fact), fact.principal)).collect()
}

/// Borrowers younger or older than the policy of their contract lets.
pub fn ages(rule: &Rule, facts: &Facts) -> Vec<Flag> {
    let words = |fact: &AgeFact| {
        let (policy, youngest, oldest) = &fact.policy;
        format!("贷款 {} 签订时借款人 {} 周岁,政策 {policy} 限 {youngest}—{oldest} 周岁", fact.loan, fact.age)
    };
    facts.ages.iter().map(|fact| plain(rule, &fact.loan, fact.on, words(fact), fact.amount)).collect()
}

/// Loans whose money is in so many schemes, or more of it than was lent.
pub fn money_twice(rule: &Rule, facts: &Facts) -> Vec<Flag> {
    let flag = |fact: &EntrustedFact| {
        let total: Amount = fact.schemes.iter().map(|(.., amount)| *amount).sum();
        let beyond = fact.lent.is_some_and(|lent| total > lent);
        let last = fact.schemes.iter().map(|(_, on, _)| *on).max()?;
        let names: BTreeSet<&str> = fact.schemes.iter().map(|(scheme, ..)| scheme.as_str()).collect();
        let lent = fact.lent.map_or("未登记".to_owned(), Amount::grouped);
        let many = names.len() as i64 >= rule.count();
        let names = names.into_iter().collect::<Vec<_>>().join("、");
        let words = format!("贷款 {} 委托 {} 给 {names},放款 {lent}", fact.loan, total.grouped());
        (beyond || many).then(|| plain(rule, &fact.loan, last, words, total))
    };
    facts.entrusted.iter().filter_map(flag).collect()
}

#[cfg(test)]
#[path = "credit_tests.rs"]
mod tests;
