//! Facts to flags: one function a rule.
//!
//! Pure.
//!
//! 1. A rule that does not hold on a day raises nothing on it.
//! 2. The same facts raise the same flags; a flag's object names it for good, so that it is seen once.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::credit;
use super::facts::{ClaimFact, Facts, VoucherFact};
use super::more;
use super::rules::{Rule, RuleKind, Severity};
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::money::Amount;
use crate::products::village_claims::posting_rules::IMPREST_HOLDER;

/// A red flag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Flag {
    /// Rule.
    pub rule: RuleKind,
    /// What it is about, named for good.
    pub object: String,
    /// How serious.
    pub severity: Severity,
    /// When.
    pub on: BusinessDate,
    /// In words, with the figure.
    pub words: String,
    /// The figure.
    pub amount: Amount,
    /// The voucher behind it.
    pub voucher: Option<String>,
    /// The claim behind it.
    pub claim: Option<i64>,
}

/// All flags of a book's facts on a day.
pub fn flags(rules: &[Rule], facts: &Facts, today: BusinessDate) -> Vec<Flag> {
    let mut found: Vec<Flag> = rules.iter().flat_map(|rule| of_rule(rule, facts, today)).collect();
    found.sort();
    found.dedup_by(|a, b| (a.rule, &a.object) == (b.rule, &b.object));
    found
}

fn of_rule(rule: &Rule, facts: &Facts, today: BusinessDate) -> Vec<Flag> {
    let raised = match rule.rule {
        RuleKind::LargePayment => {
            vouchers(rule, facts, |v| v.money_out >= rule.amount(), |v| format!("支出 {}", v.money_out.grouped()))
        }
        RuleKind::NoDecision => {
            let lacks = |v: &VoucherFact| v.money_out >= rule.amount() && !v.decided;
            vouchers(rule, facts, lacks, |v| format!("支出 {},没有决策记录", v.money_out.grouped()))
        }
        RuleKind::NoPapers => {
            let lacks = |v: &VoucherFact| v.is_ordinary && !v.is_red && v.papers == 0;
            vouchers(rule, facts, lacks, |_| "没有附原始凭证".to_owned())
        }
        RuleKind::OwnReview => vouchers(rule, facts, |v| v.own_review, |_| "制单与审核为同一人".to_owned()),
        RuleKind::WeekendEntry => {
            let on_weekend = |v: &VoucherFact| v.is_ordinary && v.made.0.weekday().number_from_monday() > 5;
            vouchers(rule, facts, on_weekend, |v| format!("{} 周末录入", v.made.0))
        }
        RuleKind::NightEntry => {
            let at_night = |v: &VoucherFact| v.made.1 >= 22 || v.made.1 < 6;
            vouchers(rule, facts, at_night, |v| format!("{} {} 时录入", v.made.0, v.made.1))
        }
        RuleKind::BackDated => {
            let late = |v: &VoucherFact| (v.made.0 - v.dated_on).num_days() > rule.days();
            vouchers(rule, facts, late, |v| format!("日期 {},{} 才录入", v.dated_on, v.made.0))
        }
        RuleKind::ManyReversals => by_month(rule, facts, "红冲", |v| v.is_red),
        RuleKind::RoundAmounts => by_month(rule, facts, "整数支出", |v| is_round(v.money_out, rule.amount())),
        RuleKind::SplitPayments => split(rule, &facts.claims),
        RuleKind::SamePayee => same(rule, &facts.claims),
        RuleKind::WatchedPayee => watched(rule, facts),
        RuleKind::CashOverLimit => cash(rule, facts, |balance| balance > rule.amount()),
        RuleKind::NegativeCash => cash(rule, facts, Amount::is_negative),
        RuleKind::CloseLate => close_late(rule, facts, today),
        RuleKind::Reopened => reopened(rule, facts),
        RuleKind::NumberGap => facts.gaps.iter().map(|gap| plain(rule, gap, today, format!("缺 {gap}"), Amount::ZERO)).collect(),
        RuleKind::BankUnreconciled => aged(rule, &facts.unreconciled, today),
        RuleKind::DisclosureLate => aged(rule, &facts.undisclosed, today),
        RuleKind::RentLate => rents(rule, facts, |due| (today - due).num_days() >= rule.days().max(0), "应收未收"),
        RuleKind::RentDue => rents(rule, facts, |due| (1..=rule.days()).contains(&(due - today).num_days()), "即将到期应收"),
        RuleKind::ContractEnding => endings(rule, facts, today),
        RuleKind::CashNotBanked => more::not_banked(rule, facts, today),
        RuleKind::ProjectUnapproved => more::projects(rule, facts, |p| p.approved.is_none().then_some("未批先支")),
        RuleKind::ProjectOverBudget => more::projects(rule, facts, more::over_budget),
        RuleKind::ProjectAhead => more::projects(rule, facts, |p| more::ahead(p, rule.count())),
        RuleKind::ProjectUnaccepted => more::unaccepted(rule, facts, today),
        RuleKind::GuaranteeUnpaid => more::incomes(rule, facts, today, ("保底收益未发到户", |income| income.unpaid)),
        RuleKind::IncomeArrears => more::incomes(rule, facts, today, ("经营主体未缴", |income| income.arrears)),
        RuleKind::LoansOverdue => more::loans(rule, facts, today),
        RuleKind::PayeeDoubt => more::doubts(rule, facts),
        RuleKind::SamePaper => more::papers(rule, facts),
        RuleKind::SpecialNegative => special(rule, facts, today),
        RuleKind::SpecialDiverted => more::diverted(rule, facts),
        RuleKind::DividendUnlikePlan => more::unlike_plan(rule, facts),
        RuleKind::ReturnWithoutContract => more::without_contract(rule, facts),
        RuleKind::DebtsGrowing => more::growing(rule, facts, today),
        RuleKind::DisclosureWithdrawn => more::withdrawn(rule, facts),
        RuleKind::SubsidyTwice => credit::subsidised_twice(rule, facts),
        RuleKind::ClassDiffers => credit::classes(rule, facts, today),
        RuleKind::BorrowerAge => credit::ages(rule, facts),
        RuleKind::LoanMoneyTwice => credit::money_twice(rule, facts),
        RuleKind::OldClaim => old(rule, facts, today, |party| party != IMPREST_HOLDER),
        RuleKind::OldAdvance => old(rule, facts, today, |party| party == IMPREST_HOLDER),
    };
    raised.into_iter().filter(|flag| rule.holds(flag.on)).collect()
}

pub(super) fn plain(rule: &Rule, object: &str, on: BusinessDate, words: String, amount: Amount) -> Flag {
    let (rule, severity, object) = (rule.rule, rule.severity, object.to_owned());
    Flag { rule, object, severity, on, words, amount, voucher: None, claim: None }
}

fn vouchers(rule: &Rule, facts: &Facts, is: impl Fn(&VoucherFact) -> bool, words: impl Fn(&VoucherFact) -> String) -> Vec<Flag> {
    let flag = |v: &VoucherFact| Flag {
        voucher: Some(v.voucher.clone()),
        claim: v.claim,
        ..plain(rule, &v.voucher, v.dated_on, words(v), v.money_out)
    };
    facts.vouchers.iter().filter(|v| is(v)).map(flag).collect()
}

/// So many vouchers of a kind in a month, or more.
fn by_month(rule: &Rule, facts: &Facts, what: &str, is: impl Fn(&VoucherFact) -> bool) -> Vec<Flag> {
    let mut months: BTreeMap<AccountingPeriod, Vec<&VoucherFact>> = BTreeMap::new();
    for voucher in facts.vouchers.iter().filter(|v| is(v)) {
        months.entry(voucher.period).or_default().push(voucher);
    }
    let many = months.into_iter().filter(|(_, found)| found.len() as i64 >= rule.count());
    let flag = |(period, found): (AccountingPeriod, Vec<&VoucherFact>)| Flag {
        voucher: found.first().map(|v| v.voucher.clone()),
        ..plain(
            rule,
            &period.to_string(),
            found[0].dated_on,
            format!("{period} {what} {} 笔", found.len()),
            found.iter().map(|v| v.money_out).sum(),
        )
    };
    many.map(flag).collect()
}

fn is_round(amount: Amount, unit: Amount) -> bool {
    amount.is_positive() && unit.is_positive() && amount.fen() % unit.fen() == 0
}

/// Claims to one payee for one kind within some days, each within the limit, together past it.
fn split(rule: &Rule, claims: &[ClaimFact]) -> Vec<Flag> {
    let mut groups: BTreeMap<(&str, &str), Vec<&ClaimFact>> = BTreeMap::new();
    for claim in claims.iter().filter(|claim| claim.amount <= rule.amount()) {
        groups.entry((&claim.payee, &claim.kind)).or_default().push(claim);
    }
    let mut found = Vec::new();
    for ((payee, _), mut group) in groups {
        group.sort_by_key(|claim| (claim.on, claim.claim));
        for (at, first) in group.iter().enumerate() {
            let near: Vec<_> = group[at..].iter().take_while(|other| (other.on - first.on).num_days() <= rule.days()).collect();
            let total: Amount = near.iter().map(|claim| claim.amount).sum();
            if near.len() as i64 >= rule.count() && total > rule.amount() {
                let words = format!("{payee} {} 笔合计 {},每笔不超过 {}", near.len(), total.grouped(), rule.amount().grouped());
                found.push(Flag {
                    claim: Some(first.claim),
                    ..plain(rule, &format!("claim:{}", first.claim), first.on, words, total)
                });
                break;
            }
        }
    }
    found
}

/// The same sum to the same payee within some days.
fn same(rule: &Rule, claims: &[ClaimFact]) -> Vec<Flag> {
    let again = |(at, claim): (usize, &ClaimFact)| {
        let twin = |other: &&ClaimFact| {
            (&other.payee, other.amount) == (&claim.payee, claim.amount) && (other.on - claim.on).num_days().abs() <= rule.days()
        };
        let first = claims[..at].iter().find(twin)?;
        let words = format!("{} {} 与报账单 {} 同额", claim.payee, claim.amount.grouped(), first.claim);
        Some(Flag { claim: Some(claim.claim), ..plain(rule, &format!("claim:{}", claim.claim), claim.on, words, claim.amount) })
    };
    claims.iter().enumerate().filter_map(again).collect()
}

fn watched(rule: &Rule, facts: &Facts) -> Vec<Flag> {
    let hit = |claim: &ClaimFact| {
        let (name, relation) = facts.watched.iter().find(|(name, _)| *name == claim.payee)?;
        let words = format!("付给 {name}({relation}){}", claim.amount.grouped());
        Some(Flag { claim: Some(claim.claim), ..plain(rule, &format!("claim:{}", claim.claim), claim.on, words, claim.amount) })
    };
    facts.claims.iter().filter_map(hit).collect()
}

fn cash(rule: &Rule, facts: &Facts, is: impl Fn(Amount) -> bool) -> Vec<Flag> {
    let days = facts.cash.iter().filter(|(_, balance)| is(*balance));
    days.map(|(on, balance)| plain(rule, &on.to_string(), *on, format!("{on} 现金余额 {}", balance.grouped()), *balance))
        .collect()
}

fn close_late(rule: &Rule, facts: &Facts, today: BusinessDate) -> Vec<Flag> {
    let late = facts.months.iter().filter(|month| !month.is_closed && (today - month.period.last_day()).num_days() > rule.days());
    let flag = |period: AccountingPeriod| {
        plain(rule, &period.to_string(), period.last_day(), format!("{} 尚未结账", period.label_zh()), Amount::ZERO)
    };
    late.map(|month| flag(month.period)).collect()
}

fn reopened(rule: &Rule, facts: &Facts) -> Vec<Flag> {
    let flag = |month: &super::facts::MonthFact| {
        let words = format!("{} 反结账:{}", month.period.label_zh(), month.reopened.as_deref()?);
        Some(plain(rule, &month.period.to_string(), month.period.last_day(), words, Amount::ZERO))
    };
    facts.months.iter().filter_map(flag).collect()
}

/// What stands longer than so many days.
fn aged(rule: &Rule, found: &[(String, BusinessDate)], today: BusinessDate) -> Vec<Flag> {
    let old = found.iter().filter(|(_, since)| (today - *since).num_days() > rule.days());
    old.map(|(words, since)| plain(rule, words, *since, words.clone(), Amount::ZERO)).collect()
}

/// Money of contracts that is missing and whose day fits.
fn rents(rule: &Rule, facts: &Facts, is: impl Fn(BusinessDate) -> bool, what: &str) -> Vec<Flag> {
    let late = facts.rents.iter().filter(|(_, due, missing)| missing.is_positive() && is(*due));
    let flag = |(lease, due, missing): &(String, BusinessDate, Amount)| {
        plain(rule, &format!("{lease}:{due}"), *due, format!("合同 {lease} {due} {what} {}", missing.grouped()), *missing)
    };
    late.map(flag).collect()
}

fn endings(rule: &Rule, facts: &Facts, today: BusinessDate) -> Vec<Flag> {
    let near = facts.endings.iter().filter(|(_, ends)| (0..=rule.days()).contains(&(*ends - today).num_days()));
    near.map(|(lease, ends)| plain(rule, lease, *ends, format!("合同 {lease} {ends} 届满"), Amount::ZERO)).collect()
}

fn special(rule: &Rule, facts: &Facts, today: BusinessDate) -> Vec<Flag> {
    let below = facts.special.iter().filter(|(_, balance)| balance.is_negative());
    below
        .map(|(project, balance)| {
            plain(rule, project, today, format!("项目 {project} 专项资金余额 {}", balance.grouped()), *balance)
        })
        .collect()
}

fn old(rule: &Rule, facts: &Facts, today: BusinessDate, of: impl Fn(&str) -> bool) -> Vec<Flag> {
    let stale = facts.parties.iter().filter(|fact| of(&fact.party) && fact.owed.is_positive());
    let stale = stale.filter(|fact| (today - fact.moved_on).num_days() > rule.days());
    let flag = |fact: &super::facts::PartyFact| {
        let words = format!("{} {} 欠 {},{} 以来未动", fact.account, fact.party, fact.owed.grouped(), fact.moved_on);
        plain(rule, &format!("{}:{}", fact.account, fact.party), fact.moved_on, words, fact.owed)
    };
    stale.map(flag).collect()
}
