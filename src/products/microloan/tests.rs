//! The worked numbers of `tests/cases/microloan_interest.json` and of `domain/posting-rules.md`
//! §1 (checks A–C), which the calculators must give to the fen; and what holds for every loan.

use proptest::prelude::*;
use serde_json::Value;

use super::accrual::{Stretch, accrual_to_post, accrued_unsettled, interest};
use super::arrears::{Overdue, penalty_interest};
use super::interest_subsidy::{SubsidyPolicy, interest_subsidy, totals};
use super::schedule::{schedule, total_interest};
use super::*;
use crate::calendar::{BusinessDate, DayCount};
use crate::money::{Amount, Rate};

const CASES: &str = include_str!("../../../tests/cases/microloan_interest.json");

fn cases(kind: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(CASES).unwrap();
    let chosen: Vec<Value> = all.into_iter().filter(|case| case["kind"] == kind).collect();
    assert!(!chosen.is_empty(), "{kind}");
    chosen
}

fn text<'a>(from: &'a Value, key: &str) -> &'a str {
    from[key].as_str().unwrap()
}

fn on(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn yuan(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn terms(inputs: &Value) -> LoanTerms {
    let mut steps: Vec<RateStep> = inputs["rates"].as_array().map_or(Vec::new(), |steps| {
        steps.iter().map(|s| RateStep { from: on(text(s, "from")), rate: text(s, "annual_rate_pct").parse().unwrap() }).collect()
    });
    let rate = inputs["annual_rate_pct"].as_str().map_or_else(|| steps.remove(0).rate, |rate| rate.parse().unwrap());
    let repaid = inputs["early_repayments"].as_array().map_or(Vec::new(), |list| {
        list.iter().map(|r| EarlyRepayment { on: on(text(r, "date")), amount: yuan(text(r, "amount")) }).collect()
    });
    let usual =
        LoanTerms::usual(yuan(text(inputs, "principal")), rate, on(text(inputs, "disbursement")), on(text(inputs, "maturity")));
    LoanTerms { rate_steps: steps, early_repayments: repaid, ..usual }
}

/// Every field our row has must be in the case's row with the same value.
fn assert_rows<T: serde::Serialize>(id: &Value, ours: &[T], theirs: &Value) {
    let ours = serde_json::to_value(ours).unwrap();
    let (ours, theirs) = (ours.as_array().unwrap(), theirs.as_array().unwrap());
    assert_eq!(ours.len(), theirs.len(), "{id}");
    for (our, their) in ours.iter().zip(theirs) {
        for (field, value) in our.as_object().unwrap().iter().filter(|(field, _)| their.get(field.as_str()).is_some()) {
            assert_eq!(*value, their[field.as_str()], "{id} row {} {field}", our["n"]);
        }
    }
}

#[test]
fn schedules_come_out_to_the_fen() {
    for case in cases("schedule_cn") {
        let rows = schedule(&terms(&case["inputs"])).unwrap();
        assert_rows(&case["id"], &rows, &case["expected"]["rows"]);
        assert_eq!(total_interest(&rows).to_string(), text(&case["expected"]["totals"], "interest"));
        assert_eq!(rows.iter().map(|row| row.days).sum::<i64>(), case["expected"]["totals"]["days"].as_i64().unwrap());
    }
}

#[test]
fn checks_a_and_b_of_the_posting_rules() {
    let check = |rate: &str, from: &str, to: &str, expected: &[&str], sum: &str| {
        let rows = schedule(&LoanTerms::usual(yuan("50000"), rate.parse().unwrap(), on(from), on(to))).unwrap();
        assert_eq!(rows.iter().map(|row| row.interest.to_string()).collect::<Vec<_>>(), expected);
        assert_eq!(total_interest(&rows).to_string(), sum);
    };
    let a = [
        "39.58", "606.94", "606.94", "600.35", "593.75", "606.94", "606.94", "600.35", "593.75", "606.94", "606.94", "600.35",
        "554.17",
    ];
    check("4.75", "2016-03-15", "2019-03-15", &a, "7223.94");
    check("3.45", "2023-09-01", "2024-09-01", &["95.83", "436.04", "436.04", "440.83", "345.00"], "1753.74");
}

fn overdue(principal: &str, rate: &str, from: &str, to: &str) -> Overdue {
    Overdue {
        principal: yuan(principal),
        contract_rate: rate.parse().unwrap(),
        multiple: "1.5".parse().unwrap(),
        from: on(from),
        to: on(to),
        day_count: DayCount::Actual360,
        settlement: Settlement::Quarterly,
        compound: false,
    }
}

#[test]
fn penalties_come_out_to_the_fen() {
    for case in cases("overdue_cn") {
        let inputs = &case["inputs"];
        let (principal, rate) = (text(inputs, "principal"), text(inputs, "contract_rate_pct"));
        let asked = overdue(principal, rate, text(inputs, "overdue_from"), text(inputs, "paid_on"));
        let rows = penalty_interest(&asked).unwrap();
        assert_rows(&case["id"], &rows, &case["expected"]["rows"]);
        let total: Amount = rows.iter().map(|row| row.penalty_interest).sum();
        assert_eq!(total.to_string(), text(&case["expected"], "total"));
        let compounded = penalty_interest(&Overdue { compound: true, ..asked }).unwrap();
        // 50,380.63 × 6.525 % × 45 ÷ 360 = 410.917…
        assert_eq!(compounded[1].penalty_interest, yuan("410.92"));
    }
    let check_c = penalty_interest(&overdue("50000", "4.75", "2020-04-01", "2020-05-01")).unwrap();
    assert_eq!(check_c[0].penalty_interest, yuan("296.88"));
    assert!(
        penalty_interest(&Overdue { multiple: "0.5".parse().unwrap(), ..overdue("1", "4", "2020-01-01", "2020-02-01") }).is_err()
    );
}

#[test]
fn subsidies_come_out_to_the_fen() {
    for case in cases("subsidy_cn") {
        let cap = Some(text(&case["inputs"], "subsidy_rate_cap_pct").parse().unwrap());
        let policy = SubsidyPolicy { rate_cap: cap, ..SubsidyPolicy::FULL };
        let rows = interest_subsidy(&terms(&case["inputs"]), &policy).unwrap();
        assert_rows(&case["id"], &rows, &case["expected"]["rows"]);
        assert_eq!(serde_json::to_value(totals(&rows)).unwrap(), case["expected"]["totals"], "{}", case["id"]);
    }
}

#[test]
fn a_subsidy_stops_within_a_row_and_above_its_limit() {
    let loan = LoanTerms::usual(yuan("80000"), "4.35".parse().unwrap(), on("2018-05-08"), on("2019-05-08"));
    let policy = SubsidyPolicy { principal_cap: Some(yuan("50000")), stops_on: Some(on("2018-07-01")), ..SubsidyPolicy::FULL };
    let rows = interest_subsidy(&loan, &policy).unwrap();
    assert_eq!(rows.iter().map(|row| row.subsidised_days).collect::<Vec<_>>(), [44, 10, 0, 0, 0]);
    // 50,000 × 4.35 % × 44 ÷ 360, then × 10 ÷ 360.
    assert_eq!((rows[0].fiscal_subsidy, rows[1].fiscal_subsidy), (yuan("265.83"), yuan("60.42")));
    assert!(rows[2].fiscal_subsidy.is_zero());
    assert!(interest_subsidy(&loan, &SubsidyPolicy { share: "1.01".parse().unwrap(), ..policy }).is_err());
}

#[test]
fn accruals_come_out_to_the_fen() {
    let loan = terms(&cases("schedule_cn")[0]["inputs"]);
    for case in cases("accrual_cn") {
        for expected in case["expected"]["as_of"].as_array().unwrap() {
            let day = on(text(expected, "end_of_day"));
            assert_eq!(accrued_unsettled(&loan, day).unwrap().to_string(), text(expected, "accrued_unsettled"), "{day}");
        }
    }
    assert!(accrued_unsettled(&loan, loan.matures_on).unwrap().is_zero());
}

#[test]
fn daily_accruals_add_up_to_the_quarter() {
    let expected = &cases("rounding_trap_cn")[0]["expected"];
    let loan = terms(&cases("schedule_cn")[0]["inputs"]);
    let days = on("2017-03-21").iter_days().take(92);
    let mut posted = Vec::new();
    for day in days {
        let before = posted.iter().copied().sum();
        posted.push(accrual_to_post(accrued_unsettled(&loan, day).unwrap(), before));
    }
    let postings = &expected["cumulative_difference_postings"];
    let shown: Vec<String> = posted.iter().map(Amount::to_string).collect();
    assert_eq!(serde_json::to_value(&shown[..10]).unwrap(), postings["first_10"]);
    assert_eq!(shown.iter().filter(|amount| *amount == "6.04").count(), 77);
    assert_eq!(posted.iter().copied().sum::<Amount>().to_string(), text(expected, "correct_quarter_interest"));
    let quarter =
        Stretch { start: on("2017-03-21"), before: on("2017-06-21"), balance: yuan("50000"), rate: "4.35".parse().unwrap() };
    for (rule, key) in [
        (DayCount::Actual360, "correct_quarter_interest"),
        (DayCount::Actual365, "actual_365"),
        (DayCount::Thirty360, "wrong_if_30_360_90_days"),
    ] {
        assert_eq!(interest(&[quarter], rule).unwrap().to_string(), text(expected, key));
    }
}

#[test]
fn equal_instalments_and_equal_principal() {
    let loan = LoanTerms::usual(yuan("12000"), "6".parse().unwrap(), on("2024-01-31"), on("2025-01-31"));
    let thirty = LoanTerms { day_count: DayCount::Thirty360, ..loan };
    let equal = schedule(&LoanTerms { method: RepaymentMethod::EqualInstalment, ..thirty.clone() }).unwrap();
    assert_eq!(equal.len(), 12);
    assert_eq!((equal[0].due, equal[0].interest + equal[0].principal_due), (on("2024-02-29"), yuan("1032.80")));
    assert!(equal[2..11].iter().all(|row| row.interest + row.principal_due == yuan("1032.80")));
    let flat = schedule(&LoanTerms { method: RepaymentMethod::EqualPrincipal, ..thirty }).unwrap();
    assert!(flat.iter().all(|row| row.principal_due == yuan("1000")));
    assert_eq!(flat[11].closing, Amount::ZERO);
}

#[test]
fn a_loan_repaid_in_full_ends_there() {
    let mut loan = LoanTerms::usual(yuan("50000"), "3.85".parse().unwrap(), on("2021-09-01"), on("2022-09-01"));
    loan.early_repayments = vec![EarlyRepayment { on: on("2022-02-10"), amount: yuan("50000") }];
    let rows = schedule(&loan).unwrap();
    let last = rows.last().unwrap();
    assert_eq!((last.due, last.days, last.closing), (on("2022-02-10"), 51, Amount::ZERO));
    loan.early_repayments.push(EarlyRepayment { on: on("2022-03-01"), amount: yuan("1") });
    assert!(matches!(schedule(&loan), Err(TermsRefusal::RepaidTooMuch { .. })));
}

#[test]
fn impossible_terms_are_refused() {
    let loan = LoanTerms::usual(yuan("50000"), "3.85".parse().unwrap(), on("2021-09-01"), on("2022-09-01"));
    let repaid = |day: &str, amount: &str| vec![EarlyRepayment { on: on(day), amount: yuan(amount) }];
    for (terms, code) in [
        (LoanTerms { principal: Amount::ZERO, ..loan.clone() }, "M-201"),
        (LoanTerms { matures_on: loan.disbursed_on, ..loan.clone() }, "M-202"),
        (LoanTerms { matures_on: on("2099-09-01"), ..loan.clone() }, "M-203"),
        (LoanTerms { early_repayments: repaid("2022-09-01", "1"), ..loan.clone() }, "M-204"),
        (LoanTerms { early_repayments: repaid("2022-01-01", "0"), ..loan.clone() }, "M-205"),
        (LoanTerms { early_repayments: repaid("2022-01-01", "50000.01"), ..loan.clone() }, "M-206"),
    ] {
        assert_eq!(schedule(&terms).map_err(|why| why.refusal().code), Err(code.to_owned()));
    }
}

proptest! {
    #[test]
    fn every_schedule_gives_the_principal_back(
        fen in 1_i64..=99_999_999_999_999, ppm in 0_i64..=10_000_000, start in 0_u64..20_000, term in 1_u64..4_000, method in 0_usize..3,
    ) {
        let disbursed_on = on("1990-01-01") + chrono::Days::new(start);
        let method = [RepaymentMethod::InterestOnly, RepaymentMethod::EqualInstalment, RepaymentMethod::EqualPrincipal][method];
        let usual = LoanTerms::usual(Amount::from_fen(fen), Rate::from_ppm(ppm).unwrap(), disbursed_on, disbursed_on + chrono::Days::new(term));
        let rows = match schedule(&LoanTerms { method, ..usual.clone() }) {
            Err(TermsRefusal::TooLargeToCount) => return Ok(()),
            rows => rows.unwrap(),
        };
        prop_assert_eq!(rows.iter().map(|row| row.principal_due).sum::<Amount>(), usual.principal);
        prop_assert_eq!(rows.last().unwrap().closing, Amount::ZERO);
        // A few fen in equal instalments are repaid before maturity.
        let days = rows.iter().map(|row| row.days).sum::<i64>();
        prop_assert!(days == term as i64 || (method != RepaymentMethod::InterestOnly && days < term as i64));
        for pair in rows.windows(2) {
            prop_assert_eq!((pair[0].due, pair[0].closing), (pair[1].start, pair[1].opening));
        }
    }
}
