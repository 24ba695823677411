//! The timeline against the calculators and the worked numbers, and what holds for every loan and every order of arrival.

use proptest::prelude::*;

use super::arrears::{Overdue, penalty_interest};
use super::timeline::{RowKind, timeline};
use super::*;
use crate::calendar::BusinessDate;
use crate::money::{Amount, Rate};

fn on(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn yuan(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

fn fact(day: &str, what: Happening) -> Fact {
    Fact { on: on(day), what }
}

fn paid_out(day: &str, amount: &str) -> Fact {
    fact(day, Happening::Disbursed { amount: yuan(amount) })
}

fn repaid(day: &str, amount: &str) -> Fact {
    fact(day, Happening::Repaid { amount: yuan(amount), towards: Towards::Any })
}

fn usual(percent: &str, from: &str, to: &str) -> Contract {
    Contract::usual(yuan("50000"), rate(percent), on(from), on(to))
}

#[test]
fn rows_are_those_of_the_schedule() {
    for method in [RepaymentMethod::InterestOnly, RepaymentMethod::EqualInstalment, RepaymentMethod::EqualPrincipal] {
        for settlement in [Settlement::Quarterly, Settlement::Monthly, Settlement::Yearly] {
            let contract = Contract { method, settlement, ..usual("4.75", "2016-03-15", "2019-03-15") };
            let rows = schedule(&contract.terms(yuan("50000"), on("2016-03-15"), contract.matures_on)).unwrap();
            let mut facts = vec![paid_out("2016-03-15", "50000")];
            facts.extend(rows.iter().map(|row| Fact {
                on: row.due,
                what: Happening::Repaid { amount: row.interest + row.principal_due, towards: Towards::Any },
            }));
            let found = timeline("L1", &contract, &facts, on("2020-01-01")).unwrap();
            let ours: Vec<_> = found.rows.iter().map(|row| (row.start, row.due, row.days, row.amount)).collect();
            let theirs: Vec<_> = rows.iter().map(|row| (row.start, row.due, row.days, row.interest)).collect();
            assert_eq!(ours, theirs, "{method:?} {settlement:?}");
            assert_eq!(found.position.state, LoanState::Settled);
        }
    }
}

#[test]
fn interest_is_paid_before_principal_and_the_payoff_settles_to_its_day() {
    let contract = usual("4.75", "2026-01-20", "2028-01-20");
    let facts = [paid_out("2026-01-20", "50000"), repaid("2026-03-21", "1395.83"), repaid("2026-05-01", "49264.98")];
    let found = timeline("L1", &contract, &facts, on("2026-06-30")).unwrap();
    // 50,000 × 4.75 % × 60 ÷ 360 = 395.83; 49,000 × 4.75 % × 41 ÷ 360 = 265.08.
    assert_eq!((found.applications[0].interest, found.applications[0].principal), (yuan("395.83"), yuan("1000")));
    assert_eq!(found.rows[1].amount, yuan("265.08"));
    // Ten fen short: interest first, so principal is left.
    assert_eq!(found.position.principal, yuan("0.10"));
    let full = timeline("L1", &contract, &[facts[0].clone(), facts[1].clone(), repaid("2026-05-01", "49300")], on("2026-06-30"));
    let full = full.unwrap();
    assert_eq!((full.position.state, full.position.held), (LoanState::Settled, yuan("34.92")));
}

#[test]
fn an_overdue_loan_earns_what_the_penalty_calculator_says() {
    for compound in [false, true] {
        let contract = Contract { compound, ..usual("4.35", "2019-04-01", "2020-04-01") };
        let mut facts = vec![paid_out("2019-04-01", "50000")];
        let interest = timeline("L1", &contract, &facts, on("2020-04-01")).unwrap().rows;
        facts.extend(
            interest
                .iter()
                .filter(|row| row.kind == RowKind::Interest)
                .map(|row| Fact { on: row.due, what: Happening::Repaid { amount: row.amount, towards: Towards::Interest } }),
        );
        facts.push(repaid("2020-08-05", "60000"));
        let found = timeline("L1", &contract, &facts, on("2020-09-01")).unwrap();
        let asked = Overdue {
            principal: yuan("50000"),
            contract_rate: contract.rate,
            multiple: contract.penalty_multiple,
            from: contract.matures_on,
            to: on("2020-08-05"),
            day_count: contract.day_count,
            settlement: contract.settlement,
            compound,
        };
        let theirs: Vec<_> = penalty_interest(&asked).unwrap().iter().map(|row| (row.due, row.penalty_interest)).collect();
        let ours: Vec<_> =
            found.rows.iter().filter(|row| row.kind == RowKind::Penalty).map(|row| (row.due, row.amount)).collect();
        assert_eq!(ours, theirs, "compound {compound}");
        assert_eq!(found.position.state, LoanState::Settled);
    }
}

#[test]
fn overdue_begins_the_day_after_maturity() {
    let contract = usual("4.35", "2020-01-01", "2021-01-01");
    let facts = [paid_out("2020-01-01", "50000")];
    let at = |day: &str| timeline("L1", &contract, &facts, on(day)).unwrap().position;
    assert_eq!((at("2021-01-01").state, at("2021-01-01").days_past_due()), (LoanState::Disbursed, 0));
    assert_eq!((at("2021-01-02").state, at("2021-01-02").days_past_due()), (LoanState::Overdue, 1));
    assert_eq!(at("2020-12-31").interest_overdue_from, Some(on("2020-03-21")));
}

#[test]
fn extension_renewal_compensation_write_off() {
    let contract = usual("4.35", "2020-01-01", "2021-01-01");
    let out = paid_out("2020-01-01", "50000");
    let code = |facts: &[Fact], through: &str| timeline("L1", &contract, facts, on(through)).map_err(|why| why.refusal().code);
    let extended = [out.clone(), fact("2020-12-01", Happening::Extended { to: on("2021-06-01") })];
    let found = code(&extended, "2021-03-01").unwrap().position;
    assert_eq!((found.state, found.matures_on, found.overdue_principal), (LoanState::Extended, on("2021-06-01"), Amount::ZERO));
    let late = [out.clone(), fact("2021-01-01", Happening::Extended { to: on("2021-06-01") })];
    assert_eq!(code(&late, "2021-03-01").unwrap_err(), "M-106");
    let renewed = fact("2021-01-01", Happening::Renewed { amount: yuan("50000"), by: "L2".into() });
    assert_eq!(code(&[out.clone(), renewed.clone()], "2021-03-01").unwrap_err(), "M-110");
    let interest: Amount = code(std::slice::from_ref(&out), "2021-01-01").unwrap().rows.iter().map(|row| row.amount).sum();
    let paid = Fact { on: on("2021-01-01"), what: Happening::Repaid { amount: interest, towards: Towards::Interest } };
    assert_eq!(code(&[out.clone(), renewed, paid], "2021-03-01").unwrap().position.state, LoanState::Renewed);
    assert_eq!(
        code(&[out.clone(), fact("2021-02-01", Happening::Recovered { amount: yuan("1") })], "2021-03-01").unwrap_err(),
        "M-112"
    );
    let compensated = fact("2021-04-05", Happening::Compensated { amount: yuan("50000") });
    let recovered = fact("2021-05-05", Happening::Recovered { amount: yuan("20000") });
    let found = code(&[out.clone(), compensated.clone(), recovered], "2021-06-01").unwrap().position;
    assert_eq!(found.state, LoanState::Compensated);
    assert!(found.principal > yuan("30000"), "penalty and interest come first");
    let off = fact("2021-07-01", Happening::WrittenOff { reason: "死亡".into() });
    let found = code(&[out.clone(), compensated, off.clone()], "2021-12-01").unwrap().position;
    assert_eq!((found.state, found.principal, found.next_due), (LoanState::WrittenOff, Amount::ZERO, None));
    assert_eq!(code(&[out.clone(), off, repaid("2021-08-01", "5")], "2021-12-01").unwrap_err(), "M-104");
    assert_eq!(code(&[out, repaid("2020-08-01", "-5")], "2021-12-01").unwrap_err(), "M-101");
    assert_eq!(code(&[repaid("2020-08-01", "5")], "2021-12-01").unwrap_err(), "M-103");
}

#[test]
fn interest_paid_ahead_is_held_for_the_next_settlement() {
    let contract = usual("4.35", "2020-01-01", "2021-01-01");
    let early = fact("2020-03-20", Happening::Repaid { amount: yuan("483.33"), towards: Towards::Interest });
    let facts = [paid_out("2020-01-01", "50000"), early];
    assert_eq!(timeline("L1", &contract, &facts, on("2020-03-20")).unwrap().position.held, yuan("483.33"));
    let after = timeline("L1", &contract, &facts, on("2020-03-21")).unwrap().position;
    assert_eq!((after.held, after.interest_owed, after.principal), (Amount::ZERO, Amount::ZERO, yuan("50000")));
}

/// A random loan with random facts within its first four years.
fn loans() -> impl Strategy<Value = (Contract, Vec<Fact>)> {
    let facts = proptest::collection::vec((1_u64..1_400, 0_u8..7, 1_i64..3_000_000, any::<bool>()), 0..12);
    (1_i64..5_000_000, 0_i64..90_000, 30_u64..1_100, 0_usize..3, 0_usize..3, any::<bool>(), facts).prop_map(
        |(fen, ppm, term, method, settlement, compound, raw)| {
            let start = on("2018-01-05");
            let contract = Contract {
                method: [RepaymentMethod::InterestOnly, RepaymentMethod::EqualInstalment, RepaymentMethod::EqualPrincipal]
                    [method],
                settlement: [Settlement::Quarterly, Settlement::Monthly, Settlement::Yearly][settlement],
                compound,
                ..Contract::usual(Amount::from_fen(fen), Rate::from_ppm(ppm).unwrap(), start, start + chrono::Days::new(term))
            };
            let mut facts = vec![Fact { on: start, what: Happening::Disbursed { amount: Amount::from_fen(fen) } }];
            facts.extend(raw.into_iter().map(|(after, kind, fen, flag)| {
                let amount = Amount::from_fen(fen);
                let what = match kind {
                    0 => Happening::RateChanged { rate: Rate::from_ppm(fen / 40).unwrap() },
                    1 => Happening::SubsidyPaid { amount },
                    2 => Happening::Recovered { amount },
                    3 => Happening::Compensated { amount },
                    4 => Happening::SubsidyReturned { amount },
                    _ => Happening::Repaid { amount, towards: if flag { Towards::Any } else { Towards::Interest } },
                };
                Fact { on: start + chrono::Days::new(after), what }
            }));
            (contract, facts)
        },
    )
}

/// Leaves out facts that cannot follow the others, by trying them one after the other in order of their day.
fn possible(contract: &Contract, facts: Vec<Fact>) -> Vec<Fact> {
    let mut sorted = facts;
    sorted.sort();
    sorted.into_iter().fold(Vec::new(), |mut kept, fact| {
        kept.push(fact);
        if timeline("L", contract, &kept, on("2022-06-01")).is_err() {
            kept.pop();
        }
        kept
    })
}

/// Its next rows depend on what was paid, also where nothing is owed yet.
#[test]
fn a_loan_with_compound_interest_is_never_settled_the_short_way() {
    let usual = Contract::usual(Amount::from_yuan(50_000), "4.75".parse().unwrap(), on("2020-01-05"), on("2022-01-05"));
    let facts = [Fact { on: on("2020-01-05"), what: Happening::Disbursed { amount: usual.amount } }];
    for compound in [false, true] {
        let contract = Contract { compound, ..usual.clone() };
        assert_eq!(timeline("L", &contract, &facts, on("2020-02-01")).unwrap().position.is_plain, !compound);
    }
}

proptest! {
    #[test]
    fn what_holds_for_every_loan((contract, facts) in loans(), split in 0_u64..1_600, turn in 0_usize..12) {
        let (start, end) = (on("2018-01-05"), on("2022-06-01"));
        let facts = possible(&contract, facts);
        let whole = timeline("L", &contract, &facts, end).unwrap();
        // The order of arrival does not matter.
        let mut turned = facts.clone();
        turned.rotate_left(turn % facts.len().max(1));
        turned.reverse();
        prop_assert_eq!(&timeline("L", &contract, &turned, end).unwrap(), &whole);
        // A timeline through an earlier day is the beginning of the whole.
        let part = timeline("L", &contract, &facts, start + chrono::Days::new(split)).unwrap();
        prop_assert_eq!(part.rows.as_slice(), &whole.rows[..part.rows.len()]);
        // Nothing is lost: paid out = came back + owed; received = applied + held; interest due = paid + owed.
        let position = &whole.position;
        let sum = |pick: fn(&super::timeline::Application) -> Amount| whole.applications.iter().map(pick).sum::<Amount>();
        prop_assert!(!position.principal.is_negative() && !position.overdue_principal.is_negative());
        prop_assert_eq!(position.disbursed, sum(|a| a.principal) + position.principal);
        for a in &whole.applications {
            prop_assert_eq!(a.received, a.penalty + a.interest + a.principal + a.held);
        }
        let due = |kinds: &[RowKind]| whole.rows.iter().filter(|row| kinds.contains(&row.kind)).map(|row| row.amount).sum::<Amount>();
        prop_assert_eq!(due(&[RowKind::Interest]), sum(|a| a.interest) + position.interest_owed);
        prop_assert_eq!(due(&[RowKind::Penalty, RowKind::Compound]), sum(|a| a.penalty) + position.penalty_owed);
        for row in &whole.rows {
            prop_assert!(row.start <= row.due && !row.amount.is_negative());
        }
    }
}
