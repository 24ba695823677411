//! Each of these rules raises its flag on its case and not on the near-miss beside it.

use super::super::facts::{AgeFact, ClassFact, ElsewhereFact, EntrustedFact, Facts, SubsidyFact};
use super::super::flags::flags;
use super::super::rules::{RuleKind, shipped};
use super::super::tests::{TODAY, day, raised, tells, yuan};
use crate::products::microloan::classification::RiskClass;

fn borne(loan: &str, from: &str, due: &str) -> SubsidyFact {
    SubsidyFact {
        household: "H001".into(),
        loan: loan.into(),
        days: (day(from), day(due)),
        principal: yuan("30000.00"),
        amount: yuan("285.00"),
        cap: None,
    }
}

fn both(other: SubsidyFact) -> Facts {
    Facts { subsidies: vec![borne("L1", "2025-12-21", "2026-03-21"), other], ..Facts::default() }
}

#[test]
fn rule_on_subsidies_of_two_loans() {
    tells(
        RuleKind::SubsidyTwice,
        both(borne("L2", "2026-03-20", "2026-06-21")),
        both(borne("L2", "2026-03-21", "2026-06-21")), // a renewal begins on the day the old loan ends
    );
    let neighbour = SubsidyFact { household: "H002".into(), ..borne("L2", "2026-03-20", "2026-06-21") };
    assert_eq!(raised(RuleKind::SubsidyTwice, &both(neighbour)), 0, "another household");
    let capped = |cap: &str| {
        let mut facts = both(borne("L2", "2026-03-20", "2026-06-21"));
        facts.subsidies.iter_mut().for_each(|fact| fact.cap = Some(yuan(cap)));
        facts
    };
    tells(RuleKind::SubsidyTwice, capped("59999.99"), capped("60000.00"));
}

#[test]
fn rule_on_subsidies_borne_elsewhere() {
    let elsewhere = |from: &str, through: &str| Facts {
        subsidies: vec![borne("L1", "2025-12-21", "2026-03-21")],
        elsewhere: vec![ElsewhereFact {
            household: "H001".into(),
            department: "县残联".into(),
            days: (day(from), day(through)),
            amount: yuan("100.00"),
        }],
        ..Facts::default()
    };
    // The second quarter shares no settlement with the first, though a calendar quarter reaches ten days into the next one.
    tells(RuleKind::SubsidyTwice, elsewhere("2026-01-01", "2026-03-31"), elsewhere("2026-04-01", "2026-06-30"));
    assert_eq!(raised(RuleKind::SubsidyTwice, &elsewhere("2025-10-01", "2025-12-31")), 0, "ten days of the quarter before");
    let found = flags(shipped(), &elsewhere("2026-01-01", "2026-03-31"), day(TODAY));
    let words = "农户 H001 同期由贷款 L1、县残联重复贴息 100.00,自 2026-01-01 起";
    assert_eq!((found[0].words.as_str(), found[0].amount), (words, yuan("100.00")));
}

#[test]
fn quarters_of_the_same_two_loans_are_one_flag() {
    let mut facts = both(borne("L2", "2025-12-21", "2026-03-21"));
    facts.subsidies.push(borne("L1", "2026-03-21", "2026-06-21"));
    facts.subsidies.push(borne("L2", "2026-03-21", "2026-06-21"));
    let found = flags(shipped(), &facts, day(TODAY));
    assert_eq!((found.len(), found[0].amount, found[0].on), (1, yuan("570.00"), day("2025-12-21")));
}

#[test]
fn rules_on_classes_and_ages() {
    let class = |own, bank| Facts {
        classes: vec![ClassFact { loan: "L1".into(), own, bank, principal: yuan("50000.00") }],
        ..Facts::default()
    };
    tells(
        RuleKind::ClassDiffers,
        class(RiskClass::SpecialMention, RiskClass::Normal),
        class(RiskClass::Loss, RiskClass::Loss), // a list of the same class is no difference
    );
    let mut own = shipped().iter().find(|rule| rule.rule == RuleKind::ClassDiffers).unwrap().clone();
    own.count = Some(2);
    assert!(flags(std::slice::from_ref(&own), &class(RiskClass::SpecialMention, RiskClass::Normal), day(TODAY)).is_empty());
    assert_eq!(flags(&[own], &class(RiskClass::Normal, RiskClass::Substandard), day(TODAY)).len(), 1, "either way");
    let age = |on: &str| Facts {
        ages: vec![AgeFact {
            loan: "L1".into(),
            on: day(on),
            age: 66,
            policy: ("national-2021".into(), 18, 65),
            amount: yuan("50000.00"),
        }],
        ..Facts::default()
    };
    tells(RuleKind::BorrowerAge, age("2026-06-01"), age("2014-12-09")); // before the row's first day
}

#[test]
fn rule_on_loan_money_in_schemes() {
    let there = |lent: Option<&str>, schemes: &[(&str, &str)]| Facts {
        entrusted: vec![EntrustedFact {
            loan: "L1".into(),
            schemes: schemes.iter().map(|(scheme, amount)| ((*scheme).to_owned(), day("2016-03-15"), yuan(amount))).collect(),
            lent: lent.map(yuan),
        }],
        ..Facts::default()
    };
    tells(
        RuleKind::LoanMoneyTwice,
        there(Some("50000.00"), &[("W1", "25000.00"), ("W2", "25000.00")]),
        there(Some("50000.00"), &[("W1", "50000.00")]),
    );
    assert_eq!(raised(RuleKind::LoanMoneyTwice, &there(Some("50000.00"), &[("W1", "50000.01")])), 1, "more than was lent");
    assert_eq!(raised(RuleKind::LoanMoneyTwice, &there(None, &[("W1", "90000.00")])), 0, "the bank's list is not kept here");
    assert_eq!(raised(RuleKind::LoanMoneyTwice, &there(None, &[("W1", "5.00"), ("W1", "5.00")])), 0, "one scheme");
}
