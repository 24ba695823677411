//! Each rule: a case that raises it, and a near miss that does not.

use super::rules::{Rule, RuleKind, shipped, table};
use super::{DueFact, Facts, LoanFact, signals};
use crate::calendar::BusinessDate;
use crate::incomes::Origin;
use crate::money::Amount;

const TODAY: &str = "2026-06-30";

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn yuan(text: &str) -> Amount {
    text.parse().unwrap()
}

fn raised(facts: &Facts) -> Vec<RuleKind> {
    signals(shipped(), facts, (day(TODAY), 2025)).into_iter().map(|signal| signal.rule).collect()
}

fn with_loan(overdue: Option<(&str, &str)>, interest: Option<(&str, &str)>) -> Facts {
    let pair = |found: Option<(&str, &str)>| found.map(|(since, amount)| (day(since), yuan(amount)));
    let loan = LoanFact { loan: "L1".into(), overdue: pair(overdue), interest: pair(interest) };
    Facts { household: "H1".into(), loans: vec![loan], ..Facts::default() }
}

fn with_due(is_dividend: bool, since: &str) -> Facts {
    let origin = Origin::Plan("C001".into(), 1);
    let due = DueFact { is_dividend, what: "分红".into(), since: day(since), amount: yuan("400.00"), origin };
    Facts { dues: vec![due], ..Facts::default() }
}

fn with_income(now: &str, before: &str) -> Facts {
    Facts { household: "H1".into(), income: (yuan(now), yuan(before)), ..Facts::default() }
}

fn with_debt(debt: &str, income: &str) -> Facts {
    Facts { debt: yuan(debt), ..with_income(income, income) }
}

#[test]
fn every_shipped_rule_has_a_source_and_is_dated() {
    assert_eq!(shipped().iter().map(|rule| rule.rule).collect::<Vec<_>>(), RuleKind::ALL);
    shipped().iter().for_each(|rule| rule.check().unwrap());
}

#[test]
fn each_rule_is_raised_and_its_near_miss_is_not() {
    let cases = [
        (RuleKind::LoanOverdue, with_loan(Some(("2026-06-29", "0.01")), None), with_loan(Some((TODAY, "5000.00")), None)),
        (RuleKind::InterestOverdue, with_loan(None, Some(("2026-06-29", "12.50"))), with_loan(None, Some(("2026-06-29", "0")))),
        (RuleKind::DividendMissed, with_due(true, "2026-05-30"), with_due(true, "2026-05-31")),
        (RuleKind::IncomeMissed, with_due(false, "2026-05-30"), with_due(false, "2026-05-31")),
        (RuleKind::IncomeFall, with_income("8000.00", "10000.00"), with_income("8000.01", "10000.00")),
        (RuleKind::DebtHigh, with_debt("10000.00", "10000.00"), with_debt("10000.00", "10000.01")),
    ];
    for (rule, case, near_miss) in cases {
        assert_eq!(raised(&case), [rule], "{rule:?}");
        assert_eq!(raised(&near_miss), [], "{rule:?}: near miss");
    }
}

#[test]
fn small_falls_small_debts_and_years_without_income() {
    assert_eq!(raised(&with_income("0", "999.99")), [], "a fall below the amount of the rule");
    assert_eq!(raised(&with_income("0", "1000.00")), [RuleKind::IncomeFall]);
    assert_eq!(raised(&with_income("1000.00", "0")), [], "nothing before, nothing fell");
    assert_eq!(raised(&with_debt("9999.99", "0")), []);
    let signal = &signals(shipped(), &with_debt("50000.00", "0"), (day(TODAY), 2025))[0];
    assert_eq!((signal.words.as_str(), signal.amount), ("负债 50,000.00,没有登记收入", yuan("50000.00")));
}

#[test]
fn a_county_tunes_a_rule_and_its_days_end() {
    let own = Rule { percent: Some(50), until: Some(day("2026-06-30")), ..shipped()[4].clone() };
    let of = |facts: &Facts, today: &str| signals(&table(vec![own.clone()]), facts, (day(today), 2025)).len();
    assert_eq!(of(&with_income("8000.00", "10000.00"), TODAY), 0, "half is needed now");
    assert_eq!(of(&with_income("5000.00", "10000.00"), TODAY), 1);
    assert_eq!(of(&with_income("5000.00", "10000.00"), "2026-07-01"), 0, "the row has ended");
    let bad = [
        Rule { source: " ".into(), ..own.clone() },
        Rule { from: day("2026-07-01"), ..own.clone() },
        Rule { percent: Some(-1), ..own.clone() },
    ];
    assert!(bad.iter().all(|rule| rule.check().unwrap_err().refusal().code == "I-805"));
}

#[test]
fn a_signal_names_its_figure_and_its_source() {
    let found = &signals(shipped(), &with_loan(Some(("2026-06-10", "3000.00")), None), (day(TODAY), 2025))[0];
    assert_eq!(found.words, "本金逾期 20 天,金额 3,000.00");
    assert_eq!((found.amount, found.origin.in_words(found.on).as_str()), (yuan("3000.00"), "贷款 L1"));
    let found = &signals(shipped(), &with_due(true, "2026-05-01"), (day(TODAY), 2025))[0];
    assert_eq!(found.origin.in_words(found.on), "分红 C001 2026-05 1");
}
