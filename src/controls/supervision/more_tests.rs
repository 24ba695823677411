//! Each of these rules raises its flag on its case and not on the near-miss beside it.

use super::super::facts::{DivertedFact, Facts, IncomeFact, ListFact, PartyFact, ProjectFact, WithdrawnFact};
use super::super::rules::RuleKind;
use super::super::tests::{TODAY, day, of, raised, tells, voucher, yuan};
use crate::payouts::PayoutKind;

fn project(change: impl FnOnce(&mut ProjectFact)) -> Facts {
    let mut project = ProjectFact {
        project: "路".into(),
        spent: yuan("1000.00"),
        approved: Some(yuan("10000.00")),
        progress: (0, Some(day("2026-06-01"))),
        advance: yuan("0.00"),
        accepted: false,
        last_on: day("2026-06-01"),
    };
    change(&mut project);
    Facts { projects: vec![project], ..Facts::default() }
}

#[test]
fn rules_on_projects() {
    tells(RuleKind::ProjectUnapproved, project(|p| p.approved = None), project(|_| ()));
    assert_eq!(
        raised(RuleKind::ProjectUnapproved, &project(|p| (p.approved, p.spent) = (None, yuan("0.00")))),
        0,
        "nothing spent"
    );
    tells(RuleKind::ProjectOverBudget, project(|p| p.spent = yuan("10000.01")), project(|p| p.spent = yuan("10000.00")));
    tells(RuleKind::ProjectAhead, project(|p| p.spent = yuan("1000.01")), project(|_| ()));
    assert_eq!(
        raised(RuleKind::ProjectAhead, &project(|p| (p.spent, p.advance) = (yuan("3000.00"), yuan("3000.00")))),
        0,
        "as agreed"
    );
    assert_eq!(raised(RuleKind::ProjectAhead, &project(|p| (p.spent, p.accepted) = (yuan("9000.00"), true))), 0, "accepted");
    let done = |on: &str| project(|p| p.progress = (100, Some(day(on))));
    tells(RuleKind::ProjectUnaccepted, done("2026-05-31"), done("2026-06-01"));
    assert_eq!(raised(RuleKind::ProjectUnaccepted, &project(|p| p.progress = (99, Some(day("2026-01-01"))))), 0, "not done");
    assert_eq!(
        raised(RuleKind::ProjectUnaccepted, &project(|p| (p.progress, p.accepted) = ((100, Some(day("2026-01-01"))), true))),
        0
    );
}

#[test]
fn rules_on_income_and_loans() {
    let income = |due: &str, unpaid: &str, arrears: &str| Facts {
        incomes: vec![IncomeFact { period: "W1:1".into(), due: day(due), unpaid: yuan(unpaid), arrears: yuan(arrears) }],
        ..Facts::default()
    };
    tells(RuleKind::GuaranteeUnpaid, income("2026-06-16", "0.01", "0.00"), income("2026-06-17", "0.01", "0.00"));
    assert_eq!(raised(RuleKind::GuaranteeUnpaid, &income("2026-01-01", "0.00", "5.00")), 0, "paid although the operator is late");
    tells(RuleKind::IncomeArrears, income("2026-06-30", "0.00", "0.01"), income(TODAY, "0.00", "0.01"));
    let loans = |since: &[&str]| Facts {
        loans: since.iter().map(|on| ((*on).to_owned(), day(on), yuan("100.00"))).collect(),
        ..Facts::default()
    };
    tells(
        RuleKind::LoansOverdue,
        loans(&["2026-06-30", "2026-05-01", "2026-04-01"]),
        loans(&["2026-06-30", "2026-05-01", TODAY]),
    );
}

#[test]
fn rules_on_lists_papers_and_cash() {
    let doubt =
        || Facts { doubts: vec![("DB-1".into(), day("2026-06-01"), "已核实".into(), yuan("1.00"))], ..Facts::default() };
    tells(RuleKind::PayeeDoubt, doubt(), Facts::default());
    let paper =
        || Facts { papers: vec![("2026-06-记-2".into(), day("2026-06-01"), "V001 2026-06-记-1".into())], ..Facts::default() };
    tells(RuleKind::SamePaper, paper(), Facts::default());
    let cash = |n: i64, on: &str, cash: &str, bank: &str| {
        voucher(n, |v| (v.dated_on, v.cash, v.bank) = (day(on), yuan(cash), yuan(bank)))
    };
    let sold = || cash(1, "2026-06-10", "500.00", "0.00");
    let banked = |on: &str, amount: &str| of(vec![sold(), cash(2, on, &format!("-{amount}"), amount)]);
    tells(RuleKind::CashNotBanked, banked("2026-06-14", "500.00"), banked("2026-06-13", "500.00"));
    assert_eq!(raised(RuleKind::CashNotBanked, &banked("2026-06-13", "499.99")), 1, "a fen was kept");
    assert_eq!(raised(RuleKind::CashNotBanked, &of(vec![cash(1, "2026-06-10", "500.00", "-500.00")])), 0, "drawn from the bank");
    assert_eq!(raised(RuleKind::CashNotBanked, &of(vec![cash(1, "2026-06-28", "500.00", "0.00")])), 0, "three days are not over");
}

fn owing(account: &str, party: &str, owed: &str) -> PartyFact {
    PartyFact { account: account.into(), party: party.into(), owed: yuan(owed), moved_on: day("2026-06-30") }
}

#[test]
fn rules_on_dividends_and_fixed_returns() {
    let list =
        |kind| ListFact { batch: "B1".into(), kind, on: day("2026-06-01"), title: "补发分红".into(), total: yuan("5000.00") };
    let lists = |kind| Facts { lists: vec![list(kind)], ..Facts::default() };
    tells(RuleKind::DividendUnlikePlan, lists(PayoutKind::Dividend), lists(PayoutKind::EntrustedIncome));
    tells(RuleKind::ReturnWithoutContract, lists(PayoutKind::EntrustedIncome), lists(PayoutKind::Dividend));
    let declared = || Facts { declared: vec![("2026-06-记-3".into(), day("2026-06-01"), yuan("900.00"))], ..Facts::default() };
    tells(RuleKind::DividendUnlikePlan, declared(), Facts::default());
    let paid = |beyond: &str| Facts { overpaid: vec![owing("222", "M1", beyond)], ..Facts::default() };
    tells(RuleKind::DividendUnlikePlan, paid("0.01"), paid("-500.00")); // still owed
}

#[test]
fn rule_on_members_debts() {
    let debts = |moves: &[(&str, &str)], owed: &str| Facts {
        parties: vec![owing("113", "H001", owed)],
        debts: moves.iter().map(|(month, more)| ("113".into(), "H001".into(), month.parse().unwrap(), yuan(more))).collect(),
        ..Facts::default()
    };
    // 180 days before the first of July is the second of January.
    tells(
        RuleKind::DebtsGrowing,
        debts(&[("2026-01", "2000.00"), ("2026-06", "1000.01")], "9000.00"),
        debts(&[("2026-01", "2000.00"), ("2026-06", "1000.00")], "9000.00"),
    );
    assert_eq!(raised(RuleKind::DebtsGrowing, &debts(&[("2025-12", "9000.00")], "9000.00")), 0, "it grew before");
    assert_eq!(raised(RuleKind::DebtsGrowing, &debts(&[("2026-06", "9000.00")], "-1.00")), 0, "we owe it");
    let advance = |facts: Facts| Facts {
        parties: vec![owing("113", "报账员", "9000.00")],
        debts: facts.debts.into_iter().map(|(account, _, month, more)| (account, "报账员".into(), month, more)).collect(),
        ..Facts::default()
    };
    assert_eq!(
        raised(RuleKind::DebtsGrowing, &advance(debts(&[("2026-06", "9000.00")], "0.00"))),
        0,
        "an advance has its own rule"
    );
}

#[test]
fn rules_on_diverted_money_and_sheets_taken_off() {
    let (voucher, on, amount) = ("2026-06-记-4".to_owned(), day("2026-06-01"), yuan("3000.00"));
    let fact = DivertedFact { voucher, on, from: "路".into(), to: "渠".into(), amount };
    let diverted = |on: &str| Facts { diverted: vec![DivertedFact { on: day(on), ..fact.clone() }], ..Facts::default() };
    tells(RuleKind::SpecialDiverted, diverted("2026-06-01"), diverted("2009-12-31"));
    let sheet = |on: &str| Facts {
        withdrawn: vec![WithdrawnFact { sheet: 3, title: "一月收支".into(), on: day(on), reason: "有误".into() }],
        ..Facts::default()
    };
    tells(RuleKind::DisclosureWithdrawn, sheet("2026-02-10"), sheet("2010-10-31"));
}
