//! Cases of entrusted money: check E, periods, the ban by place and date, what makes no scheme.

use super::income::*;
use super::scheme::*;
use crate::calendar::{BusinessDate, DayCount};
use crate::ledger::BookCode;
use crate::money::{Amount, Rate};

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

pub(super) fn terms() -> Terms {
    Terms {
        name: "香柚基地委托经营".into(),
        place: "459900101201".into(),
        form: Form::Debt,
        source: FundSource::Loan,
        company_book: Some(BookCode::from("R001")),
        operator_book: Some(BookCode::from("C001")),
        operator: "C001".into(),
        rate: "8".parse().unwrap(),
        operator_rate: "8".parse().unwrap(),
        day_count: DayCount::Actual365,
        frequency: Frequency::Yearly,
        timing: Timing::Arrears,
        anchor: Anchor::Calendar,
        reinvest_rate: Rate::ZERO,
        reinvest_class: None,
        company_guarantees: false,
        loan_interest_by: Bearer::County,
        subsidy_claimed_by: Bearer::Company,
        principal_repaid_by: Bearer::Operator,
        signed_on: day("2016-03-01"),
        begins_on: day("2016-03-15"),
        ends_on: day("2019-03-15"),
        legal_basis: "县委托经营办法".into(),
        document: "委字1号".into(),
        investors: Vec::new(),
        money_accounts: Vec::new(),
        parties: vec![(Role::Company, "R001".into())],
    }
}

/// Numeric check E: 292 days of 2016 at 8 % of 50,000.
#[test]
fn check_e() {
    let moves = [(day("2016-03-15"), Amount::from_yuan(50_000))];
    let first = periods(&terms())[0];
    assert_eq!((first.from, first.to, first.due), (day("2016-03-15"), day("2017-01-01"), day("2017-01-01")));
    let rate: Rate = "8".parse().unwrap();
    assert_eq!(income(&moves, rate, DayCount::Actual365, first).unwrap().to_string(), "3200.00");
    assert_eq!(income(&moves, rate, DayCount::Actual360, first).unwrap().to_string(), "3244.44");
    let second = periods(&terms())[1];
    assert_eq!(income(&moves, rate, DayCount::Actual365, second).unwrap().to_string(), "4000.00");
    let back = [moves[0], (day("2017-07-02"), Amount::from_yuan(-50_000))];
    assert_eq!(income(&back, rate, DayCount::Actual365, second).unwrap().to_string(), "1994.52", "182 days");
    assert_eq!(income(&back, rate, DayCount::Actual365, periods(&terms())[2]).unwrap(), Amount::ZERO);
}

#[test]
fn periods_adjoin_and_cover_the_contract() {
    for frequency in [Frequency::Yearly, Frequency::HalfYearly] {
        for anchor in [Anchor::Calendar, Anchor::Anniversary] {
            for (begins, ends) in [("2016-03-15", "2019-03-15"), ("2016-08-31", "2018-02-28"), ("2016-01-01", "2017-01-01")] {
                let terms = Terms { frequency, anchor, begins_on: day(begins), ends_on: day(ends), ..terms() };
                let all = periods(&terms);
                assert_eq!((all[0].from, all[all.len() - 1].to), (terms.begins_on, terms.ends_on));
                assert!(all.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].from < pair[0].to), "{all:?}");
            }
        }
    }
    let half = Terms { frequency: Frequency::HalfYearly, timing: Timing::Advance, ..terms() };
    let dues: Vec<String> = periods(&half).iter().take(3).map(|p| p.due.to_string()).collect();
    assert_eq!(dues, ["2016-03-15", "2016-07-01", "2017-01-01"]);
    let yearly = Terms { anchor: Anchor::Anniversary, ..terms() };
    assert_eq!(periods(&yearly).iter().map(|p| p.to.to_string()).collect::<Vec<_>>(), ["2017-03-15", "2018-03-15", "2019-03-15"]);
}

#[test]
fn what_makes_no_scheme_is_refused() {
    assert!(terms().check("S1").is_ok());
    let wrong: [fn(&mut Terms); 10] = [
        |t| t.investors = vec![("R001".into(), BookCode::from("R001"))],
        |t| t.rate = Rate::ZERO,
        |t| t.form = Form::Equity,
        |t| t.legal_basis = " ".into(),
        |t| (t.company_book, t.operator_book) = (None, None),
        |t| t.ends_on = t.begins_on,
        |t| t.parties = vec![(Role::Bank, "B".into()); 7],
        |t| t.operator_rate = "7".parse().unwrap(),
        |t| t.reinvest_rate = "40".parse().unwrap(),
        |t| (t.company_book, t.operator_rate) = (None, "9".parse().unwrap()),
    ];
    for change in wrong {
        let mut terms = terms();
        change(&mut terms);
        assert_eq!(terms.check("S1").unwrap_err().refusal().code, "E-101");
    }
    assert!(terms().is_long());
    assert!(!Terms { ends_on: day("2017-03-15"), ..terms() }.is_long());
}
