//! Each of these rules raises its flag on its case and not on the near-miss beside it.

use super::super::facts::{Facts, IncomeFact, ProjectFact};
use super::super::rules::RuleKind;
use super::super::tests::{TODAY, day, of, raised, tells, voucher, yuan};

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
