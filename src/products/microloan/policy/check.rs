//! What a household may be lent on a day, and by which row.
//!
//! Pure.

use serde::Serialize;

use super::{Policy, PolicyRefusal, ReferenceRate};
use crate::calendar::BusinessDate;
use crate::money::{Amount, Rate};
use crate::parties::household::HouseholdStatus;

/// A question to a row of policy.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The household's standing on the day, if it has one.
    pub status: Option<HouseholdStatus>,
    /// The borrower's age on the day, if known.
    pub age: Option<u32>,
    /// Credit limit by the household's grade.
    pub limit: Option<Amount>,
    /// Amount asked for.
    pub amount: Amount,
    /// Term in months.
    pub months: u32,
    /// The signing day.
    pub on: BusinessDate,
    /// Use of the money, where it is known.
    pub purpose: &'a str,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The row.
    pub policy: String,
    /// Its source.
    pub source: String,
    /// What of it is confirmed.
    pub tag: String,
    /// True if nothing speaks against it.
    pub is_allowed: bool,
    /// Everything that speaks against it.
    pub reasons: Vec<String>,
    /// Largest loan allowed.
    pub max_amount: Amount,
    /// Part of the amount that is subsidised.
    pub subsidised: Amount,
    /// Longest term, months.
    pub max_term_months: u32,
    /// Highest rate.
    pub rate_cap: Option<Rate>,
    /// Whether the rate is fixed for the contract's term.
    pub rate_fixed: bool,
    /// Whether the money may be entrusted.
    pub entrusted_allowed: bool,
}

/// Asks a row. Refuses where no reference rate is known for the day.
pub fn check(policy: &Policy, rates: &[ReferenceRate], asked: &Question<'_>) -> Result<Verdict, PolicyRefusal> {
    let mut reasons = Vec::new();
    let mut unless = |holds: bool, why: String| {
        if !holds {
            reasons.push(why)
        }
    };
    let max_amount = asked.limit.map_or(policy.max_amount, |limit| limit.min(policy.max_amount));
    unless(
        asked.status.is_some_and(|status| policy.admits(status)),
        format!("身份不符:{}", asked.status.map_or("未登记", HouseholdStatus::label_zh)),
    );
    unless(
        asked.amount.is_positive() && asked.amount <= policy.max_amount,
        format!("金额 {} 超过 {}", asked.amount, policy.max_amount),
    );
    unless(asked.amount <= max_amount, format!("金额 {} 超过授信额度 {max_amount}", asked.amount));
    unless(
        (1..=policy.max_term_months).contains(&asked.months),
        format!("期限 {} 个月超过 {} 个月", asked.months, policy.max_term_months),
    );
    let age_fits = asked.age.is_none_or(|age| policy.lets_age(age));
    unless(age_fits, format!("年龄 {} 不在 {}—{} 周岁", asked.age.unwrap_or(0), policy.age_min, policy.age_max));
    let excluded = policy.excluded_use(asked.purpose);
    unless(excluded.is_none(), format!("贷款不得用于{}", excluded.unwrap_or_default()));
    Ok(Verdict {
        policy: policy.policy.clone(),
        source: policy.source.clone(),
        tag: policy.tag.clone(),
        is_allowed: reasons.is_empty(),
        reasons,
        max_amount,
        subsidised: asked.amount.min(policy.subsidised_max),
        max_term_months: policy.max_term_months,
        rate_cap: policy.rate_cap(rates, asked.on, asked.months)?,
        rate_fixed: policy.rate_fixed == "yes",
        entrusted_allowed: policy.entrusted_allowed == "yes",
    })
}

#[cfg(test)]
mod tests {
    use super::super::{HOUSEHOLD_LOAN, choose, shipped, shipped_rates};
    use super::*;

    #[test]
    fn every_bound_is_named() {
        let (rows, rates) = (shipped(), shipped_rates());
        let on = "2022-03-01".parse().unwrap();
        let policy = choose(&rows, "459900101201", HOUSEHOLD_LOAN, on).unwrap();
        let good = Question {
            status: Some(HouseholdStatus::OutOfPoverty),
            age: Some(65),
            limit: None,
            amount: Amount::from_yuan(80_000),
            months: 36,
            on,
            purpose: "养牛",
        };
        let verdict = check(policy, &rates, &good).unwrap();
        assert!(verdict.is_allowed, "{:?}", verdict.reasons);
        assert!(verdict.rate_fixed);
        assert_eq!((verdict.subsidised, verdict.rate_cap.unwrap().to_string()), (Amount::from_yuan(50_000), "4.60%".to_owned()));
        let bad = Question {
            status: Some(HouseholdStatus::Ordinary),
            age: Some(66),
            limit: Some(Amount::from_yuan(30_000)),
            amount: Amount::from_yuan(100_001),
            months: 37,
            on,
            purpose: "结婚彩礼",
        };
        let reasons = check(policy, &rates, &bad).unwrap().reasons;
        assert_eq!((reasons.len(), reasons[5].as_str()), (6, "贷款不得用于结婚"));
    }
}
