//! Offers: exact, ranked, and certain only where nothing else is meant.

use super::dues::{KnownLoan, dues};
use super::offers::{LoanName, Received, collected, spoken_of, taken_back};
use super::{Doing, Offer, ranked};
use crate::calendar::BusinessDate;
use crate::controls::reconciliation::BankItem;
use crate::controls::reconciliation::evidence::Strength;
use crate::money::Amount;
use crate::products::microloan::{Contract, Fact, Happening, Towards};

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

/// 50,000 at 3.45 %, 2023-09-01 to 2024-09-01: 95.83, 436.04, 436.04, 440.83, 345.00 (posting-rules.md, check B).
fn loan(loan: &str, borrower: &str) -> KnownLoan {
    let amount = Amount::from_yuan(50_000);
    KnownLoan {
        loan: loan.into(),
        number: format!("HT2023-{loan}"),
        borrower: borrower.into(),
        contract: Contract::usual(amount, "3.45".parse().unwrap(), day("2023-09-01"), day("2024-09-01")),
        facts: vec![Fact { on: day("2023-09-01"), what: Happening::Disbursed { amount } }],
    }
}

fn line(number: i64, on: &str, fen: i64, name: &str, summary: &str) -> BankItem {
    let (name, summary) = (name.to_owned(), summary.to_owned());
    let (account, serial) = (String::new(), String::new());
    BankItem { line: number, part: 0, on: day(on), amount: Amount::from_fen(fen), name, account, serial, summary }
}

fn amounts(loan: &KnownLoan, on: &str) -> Vec<(&'static str, i64)> {
    dues(loan, day(on)).iter().map(|due| (due.words, due.amount.fen())).collect()
}

fn loans_of(offers: &[Offer]) -> Vec<(i64, String, bool)> {
    offers.iter().map(|offer| (offer.line.0, offer.doing.targets().join(","), offer.certain)).collect()
}

#[test]
fn what_is_due_on_a_day() {
    let mut one = loan("L1", "龙青山");
    assert_eq!(amounts(&one, "2023-09-05"), [("结清本息", 5_001_917)]);
    assert_eq!(amounts(&one, "2023-09-20"), [("利息", 9_583), ("结清本息", 5_009_104)]);
    assert_eq!(amounts(&one, "2023-09-21"), [("利息", 9_583), ("结清本息", 5_009_583)]);
    one.facts.push(Fact {
        on: day("2023-09-21"),
        what: Happening::Repaid { amount: Amount::from_fen(9_583), towards: Towards::Interest },
    });
    assert_eq!(amounts(&one, "2023-09-25"), [("结清本息", 5_001_917)]);
    one.facts.push(Fact { on: day("2023-10-01"), what: Happening::WrittenOff { reason: "x".into() } });
    assert_eq!(amounts(&one, "2023-10-02"), []);
}

#[test]
fn numbers_and_names_make_an_offer_certain_and_amounts_alone_never() {
    let loans = [loan("L1", "龙青山"), loan("L2", "韦大山"), loan("L12", "莫雨水")];
    let lines = [
        line(1, "2023-09-21", 9_583, "龙青山", "还息"),
        line(2, "2023-09-21", 9_583, "陌生人", "代还 HT2023-L12 利息"),
        line(3, "2023-09-21", 9_583, "", "还息"),
        line(4, "2023-09-21", 9_584, "韦大山", "还息"),
    ];
    let offers = ranked(collected(&lines, &loans));
    let certain: Vec<_> = loans_of(&offers).into_iter().filter(|(.., certain)| *certain).collect();
    assert_eq!(certain, [(1, "L1".to_owned(), true), (2, "L12".to_owned(), true)]);
    let of_third: Vec<&Offer> = offers.iter().filter(|offer| offer.line.0 == 3).collect();
    assert_eq!((of_third.len(), of_third[0].strength), (3, Strength::None), "three loans owe as much that day");
    assert!(offers.iter().all(|offer| offer.line.0 != 4), "a fen more is not what is due");
    let mut backwards = lines.clone();
    backwards.reverse();
    assert_eq!(ranked(collected(&backwards, &loans)), offers);
}

#[test]
fn identical_instalments_of_one_day_are_left_to_people() {
    // One borrower with two equal loans, paid twice on one day; and one who paid one loan twice.
    let loans = [loan("L1", "龙青山"), loan("L2", "龙青山"), loan("L3", "韦大山")];
    let twice = |name: &str, from: i64| {
        [line(from, "2023-09-21", 9_583, name, "还息"), line(from + 1, "2023-09-21", 9_583, name, "还息")]
    };
    let offers = ranked(collected(&[twice("龙青山", 1), twice("韦大山", 3)].concat(), &loans));
    assert_eq!(offers.iter().filter(|offer| offer.strength >= Strength::Good).count(), 6);
    assert!(offers.iter().all(|offer| !offer.certain), "{:?}", loans_of(&offers));
    // The contract number settles it.
    let named = [line(1, "2023-09-21", 9_583, "龙青山", "HT2023-L2"), line(2, "2023-09-21", 9_583, "龙青山", "HT2023-L1")];
    let best: Vec<_> =
        ranked(collected(&named, &loans)).into_iter().filter(|offer| offer.strength == Strength::Identity).collect();
    assert_eq!(loans_of(&best).iter().map(|(line, loan, _)| (*line, loan.as_str())).collect::<Vec<_>>(), [(1, "L2"), (2, "L1")]);
}

#[test]
fn near_names_are_offered_and_never_certain() {
    let offers = ranked(collected(&[line(1, "2023-09-21", 9_583, "龙?山", "还息")], &[loan("L1", "龙䶮山")]));
    assert_eq!((offers[0].strength, offers[0].certain), (Strength::Near, false));
    assert!(offers[0].reasons.iter().any(|reason| reason.contains("相近")), "{:?}", offers[0].reasons);
}

#[test]
fn only_loans_a_line_speaks_of_are_looked_at() {
    let name = |loan: &str, borrower: &str, fen| LoanName {
        loan: loan.into(),
        number: format!("HT-{loan}"),
        borrower: borrower.into(),
        due: Amount::from_fen(fen),
    };
    let all = [name("A1", "龙青山", 1), name("A2", "韦大山", 2), name("A3", "蒙𬭎山", 3), name("A4", "覃春", 4)];
    let lines =
        [line(1, "2023-09-21", 2, "", ""), line(2, "2023-09-21", 9, "蒙?山", ""), line(3, "2023-09-21", 9, "", "收覃春还款")];
    assert_eq!(spoken_of(&all, &lines), ["A2", "A3", "A4"]);
}

#[test]
fn a_payment_that_went_back_is_found() {
    let received = [Received {
        act: 7,
        loan: "L1".into(),
        number: "HT1".into(),
        borrower: "龙青山".into(),
        amount: Amount::from_fen(500),
        on: day("2023-09-21"),
    }];
    let offers = ranked(taken_back(
        &[line(9, "2023-09-23", -500, "龙青山", "冲正"), line(8, "2023-09-20", -500, "龙青山", "冲正")],
        &received,
    ));
    assert_eq!(offers.len(), 1);
    assert_eq!((offers[0].doing.clone(), offers[0].certain), (Doing::TakenBack { act: 7, loan: "L1".into() }, true));
}
