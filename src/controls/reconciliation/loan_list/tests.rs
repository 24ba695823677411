//! One planted difference of each kind, and every loan once in any order.

use super::*;

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn ours(loan: &str) -> RegisterRow {
    RegisterRow {
        loan: loan.into(),
        contract: format!("HT{loan}"),
        borrower: "龙青山".into(),
        principal: Amount::from_yuan(50_000),
        interest_owed: Amount::ZERO,
        settled_that_day: None,
        rate_ppm: 34_500,
        day_base: 360,
        starts_on: day("2026-03-15"),
        matures_on: day("2027-03-15"),
        row_from: day("2026-09-21"),
        overdue: None,
        status: "正常".into(),
        class: "正常".into(),
        bank_class: None,
    }
}

fn bank(of: &RegisterRow) -> BankListRow {
    BankListRow {
        row: 2,
        contract: of.contract.clone(),
        borrower: of.borrower.clone(),
        principal: of.principal,
        interest_owed: Some(of.interest_owed),
        rate: Some(crate::money::Rate::from_ppm(of.rate_ppm).unwrap()),
        starts_on: Some(of.starts_on),
        matures_on: Some(of.matures_on),
        status: Some(of.status.clone()),
        class: Some(of.class.clone()),
    }
}

fn one_of(ours: RegisterRow, change: impl Fn(&mut BankListRow)) -> Comparison {
    let mut row = bank(&ours);
    change(&mut row);
    compare(&[ours], &[row], day("2026-12-31")).remove(0)
}

#[test]
fn each_kind_of_difference_is_named_and_explained() {
    let same = one_of(ours("L1"), |_| {});
    assert_eq!((same.finding, same.differences.len()), (Finding::Matched, 0));
    let repaid = one_of(ours("L1"), |row| row.principal = Amount::from_yuan(49_000));
    assert!(repaid.explanation.contains("1000.00") && repaid.correction.starts_with("loan repay L1 "));
    // 91 days to December 21: 436.04.
    let missed = one_of(ours("L1"), |row| row.interest_owed = Some(Amount::from_fen(43_604)));
    assert!(missed.explanation.starts_with("漏结息") && missed.correction == "settle run --date 2026-12-20", "{missed:?}");
    let rounded = one_of(ours("L1"), |row| row.interest_owed = Some(Amount::from_fen(1)));
    assert_eq!((rounded.finding, rounded.explanation.as_str()), (Finding::AmountDiffers, "四舍五入之差"));
    let late = RegisterRow { overdue: Some((Amount::from_yuan(50_000), day("2026-12-01"))), ..ours("L1") };
    let charged = interest(late.principal, 34_500 * 3 / 2, 30, 360).unwrap();
    let penalty = one_of(late, |row| row.interest_owed = Some(charged));
    assert!(penalty.explanation.contains("罚息") && penalty.explanation.contains("上浮 50%"), "{penalty:?}");
    let owed = RegisterRow { interest_owed: Amount::from_yuan(100), ..ours("L1") };
    let by_365 = interest(owed.principal, 34_500, 92, 365).unwrap() - interest(owed.principal, 34_500, 92, 360).unwrap();
    let days = one_of(owed, |row| row.interest_owed = row.interest_owed.map(|owed| owed + by_365));
    assert!(days.explanation.contains("365"), "{days:?}");
    let extended = one_of(ours("L1"), |row| row.matures_on = Some(day("2027-09-15")));
    assert_eq!(
        (extended.finding, extended.correction.as_str()),
        (Finding::TermsDiffer, "loan extend L1 --on 2026-12-31 --to 2027-09-15")
    );
    let dearer = one_of(ours("L1"), |row| row.rate = Some("4.35".parse().unwrap()));
    assert_eq!((dearer.finding, dearer.correction.as_str()), (Finding::TermsDiffer, "loan rate L1 --on 2026-12-31 --rate 4.35"));
    let paid = one_of(RegisterRow { interest_owed: Amount::from_fen(43_604), ..ours("L1") }, |row| {
        row.interest_owed = Some(Amount::ZERO)
    });
    assert_eq!(paid.correction, "loan repay L1 --on 2026-12-31 --amount 436.04 --interest");
    // Settled on the day of the list: the bank may show it or not.
    let today = RegisterRow { settled_that_day: Some(Amount::from_fen(43_604)), ..ours("L1") };
    for listed in [0, 43_604] {
        let same = one_of(today.clone(), |row| row.interest_owed = Some(Amount::from_fen(listed)));
        assert_eq!(same.finding, Finding::Matched, "{same:?}");
    }
    assert_eq!(one_of(ours("L1"), |row| row.class = Some("关注".into())).finding, Finding::StatusDiffers);
    let unexplained = one_of(ours("L1"), |row| row.interest_owed = Some(Amount::from_fen(12_345)));
    assert_eq!((unexplained.finding, unexplained.explanation.as_str()), (Finding::AmountDiffers, ""));
}

#[test]
fn every_loan_stands_once_in_any_order() {
    let register = [ours("L1"), ours("L2"), ours("L3"), RegisterRow { principal: Amount::ZERO, ..ours("L9") }];
    let mut by_loan_number = bank(&register[1]);
    by_loan_number.contract = "L2".into();
    let list = [bank(&ours("L4")), by_loan_number, bank(&register[0])];
    let found = compare(&register, &list, day("2026-12-31"));
    let seen: Vec<(&str, Finding)> = found.iter().map(|row| (row.contract.as_str(), row.finding)).collect();
    assert_eq!(
        seen,
        [("HTL1", Finding::Matched), ("HTL2", Finding::Matched), ("HTL3", Finding::OnlyOurs), ("HTL4", Finding::OnlyBank)]
    );
    let backwards: Vec<BankListRow> = list.iter().rev().cloned().collect();
    assert_eq!(compare(&register, &backwards, day("2026-12-31")), found);
}
