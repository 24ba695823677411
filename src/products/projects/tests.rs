//! What a project may do, tried on its rules.

use proptest::prelude::*;

use super::card::{BudgetLine, Card, ProjectKind, ProjectState};
use super::deed::{Contract, Deed, KeptDeed, Payment, Work, WorkKind, quantity};
use super::payment::{At, part};
use super::reports::{meets, share_of};
use super::rules::{RuleKind, deciding, shipped, table};
use super::standing::Standing;
use crate::calendar::BusinessDate;
use crate::ledger::FundClass;
use crate::money::Amount;

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn card() -> Card {
    let line = |item: &str, yuan: i64| BudgetLine { item: item.to_owned(), amount: Amount::from_yuan(yuan) };
    Card {
        name: "道路维修".into(),
        kind: ProjectKind::Grant,
        document: "青农发〔2026〕3号".into(),
        funder: "县财政局".into(),
        fund_class: FundClass::Special,
        budget: vec![line("土建", 80_000), line("监理", 2_000)],
        self_built: false,
        forms_asset: true,
        poverty_village: true,
        decision: "2026-1".into(),
        planned_from: None,
        planned_through: None,
    }
}

fn kept(on: &str, deed: Deed) -> KeptDeed {
    KeptDeed { number: 1, on: day(on), deed, by: "甲".into(), voucher: None, undone: false }
}

fn contract(amount: i64, advance_percent: i64) -> Deed {
    let (contract, contractor) = ("H1".to_owned(), "清溪建筑队".to_owned());
    Deed::Contracted(Contract { contract, contractor, item: "土建".into(), amount: Amount::from_yuan(amount), advance_percent })
}

fn payment(fen: i64) -> Payment {
    Payment {
        item: "土建".into(),
        contract: Some("H1".into()),
        payee: "清溪建筑队".into(),
        amount: Amount::from_fen(fen),
        fund_class: FundClass::Special,
    }
}

fn under_way(advance: i64, percent: i64) -> Standing {
    let approved = Deed::Approved { document: "批".into(), amount: card().total().unwrap() };
    let progress = Deed::Progressed { percent, note: "路基".into() };
    Standing::of(
        &[kept("2026-02-01", approved), kept("2026-02-10", contract(79_000, advance)), kept("2026-03-01", progress)],
        Amount::ZERO,
    )
}

fn code(result: Result<(), super::refusal::ProjectRefusal>) -> String {
    result.err().map_or_else(|| "done".to_owned(), |why| why.refusal().code)
}

#[test]
fn the_shipped_rules_are_read_and_decide_by_date() {
    assert!(shipped().iter().all(|rule| rule.check().is_ok()));
    let all = table(Vec::new());
    let decision = |on: &str| deciding(&all, RuleKind::DecisionFrom, day(on), "459900101201").map(|rule| rule.rule.clone());
    assert_eq!(decision("2026-01-01").as_deref(), Some("decision"));
    assert_eq!(decision("2009-12-31"), None);
    let near = super::rules::ProjectRule { rule: "qingxi".into(), place: "459900101000".into(), ..all[0].clone() };
    let with = table(vec![near]);
    let of = |place: &str| deciding(&with, RuleKind::DecisionFrom, day("2026-01-01"), place).unwrap().rule.clone();
    assert_eq!((of("459900101201").as_str(), of("459900102201").as_str()), ("qingxi", "decision"));
}

#[test]
fn payments_keep_to_progress_lines_and_the_whole() {
    let card = card();
    let standing = under_way(30, 20);
    let at = At { project: "P1", card: &card, standing: &standing };
    let on = day("2026-03-02");
    assert_eq!(code(at.pay(&payment(2_370_000), on)), "done", "the advance of 30 %");
    assert_eq!(code(at.pay(&payment(2_370_001), on)), "U-403");
    assert_eq!(code(at.pay(&payment(0), on)), "U-103");
    assert_eq!(code(at.pay(&payment(100), day("2026-01-31"))), "U-202");
    assert_eq!(code(at.pay(&Payment { contract: None, ..payment(100) }, on)), "U-406");
    assert_eq!(code(at.pay(&Payment { contract: Some("H9".into()), ..payment(100) }, on)), "U-303");
    assert_eq!(code(at.pay(&Payment { item: "绿化".into(), ..payment(100) }, on)), "U-302");
    assert_eq!(code(at.pay(&Payment { item: "监理".into(), ..payment(100) }, on)), "U-302", "the contract is of another line");
    let done = under_way(0, 100);
    let at = At { standing: &done, ..at };
    assert_eq!(code(at.pay(&payment(7_900_000), on)), "done");
    assert_eq!(code(at.pay(&payment(8_000_001), on)), "U-401");
    let claimed = Standing { claimed: Amount::from_yuan(10_000), ..under_way(0, 100) };
    let at = At { standing: &claimed, ..at };
    assert_eq!(code(at.pay(&payment(7_200_001), on)), "U-402", "what the clerk claimed counts");
    assert_eq!(code(at.pay(&payment(7_200_000), on)), "done");
}

#[test]
fn progress_goes_forward_and_settlements_stay_within() {
    let card = card();
    let standing = under_way(0, 40);
    let at = At { project: "P1", card: &card, standing: &standing };
    assert_eq!(code(at.progress(39, day("2026-03-05"))), "U-104");
    assert_eq!(code(at.progress(101, day("2026-03-05"))), "U-104");
    assert_eq!(code(at.progress(50, day("2026-02-28"))), "U-204");
    assert_eq!(code(at.progress(40, day("2026-03-01"))), "done");
    assert_eq!(code(at.settle(Amount::from_yuan(79_000))), "U-201", "not accepted");
    let mut accepted = under_way(0, 100);
    accepted.take(day("2026-04-01"), &Deed::Paid(payment(1_000_000)));
    accepted.take(day("2026-04-02"), &Deed::Accepted { document: "验".into() });
    let at = At { standing: &accepted, ..at };
    assert_eq!(code(at.settle(Amount::from_yuan(9_999))), "U-405");
    assert_eq!(code(at.settle(Amount::from_yuan(82_001))), "U-405");
    assert_eq!(code(at.settle(Amount::from_yuan(82_000))), "done");
}

#[test]
fn self_built_works_pay_what_is_listed() {
    let card = Card { self_built: true, ..card() };
    let line = |kind, milli, price: i64, fen| Work {
        kind,
        what: "水泥".into(),
        quantity_milli: milli,
        price: Amount::from_fen(price),
        amount: Amount::from_fen(fen),
    };
    let standing = under_way(0, 10);
    let at = At { project: "P1", card: &card, standing: &standing };
    assert_eq!(code(at.work(&[line(WorkKind::Material, 1_500, 333, 500)])), "done", "1.5 x 3.33 = 4.995, half up");
    assert_eq!(code(at.work(&[line(WorkKind::Material, 1_500, 333, 499)])), "U-105");
    assert_eq!(code(at.work(&[])), "U-105");
    assert_eq!(code(At { card: &super::tests::card(), ..at }.work(&[line(WorkKind::Labour, 1_000, 100, 100)])), "U-106");
    let mut listed = standing.clone();
    let lines = vec![line(WorkKind::Material, 10_000, 50_000, 500_000), line(WorkKind::Labour, 3_000, 0, 0)];
    listed.take(day("2026-03-02"), &Deed::Worked { lines });
    let at = At { standing: &listed, ..at };
    let own = |fen| Payment { contract: None, ..payment(fen) };
    assert_eq!(code(at.pay(&own(500_000), day("2026-03-03"))), "done");
    assert_eq!(code(at.pay(&own(500_001), day("2026-03-03"))), "U-404");
    assert_eq!(listed.free_days_milli, 3_000, "labour given freely is counted, not paid");
}

#[test]
fn undone_payments_do_not_count_and_states_follow() {
    let mut deeds = vec![kept("2026-02-01", Deed::Approved { document: "批".into(), amount: Amount::from_yuan(82_000) })];
    assert_eq!(Standing::of(&[], Amount::ZERO).state(), ProjectState::Proposed);
    assert_eq!(Standing::of(&deeds, Amount::ZERO).state(), ProjectState::Approved);
    deeds.push(KeptDeed { undone: true, ..kept("2026-02-02", Deed::Paid(payment(100))) });
    let standing = Standing::of(&deeds, Amount::ZERO);
    assert_eq!((standing.paid, standing.state()), (Amount::ZERO, ProjectState::Approved));
    deeds.push(kept("2026-02-10", contract(79_000, 0)));
    assert_eq!(Standing::of(&deeds, Amount::ZERO).state(), ProjectState::Building);
}

#[test]
fn a_project_that_moved_stands_there_as_it_stood_here() {
    let standing = under_way(0, 50).after(day("2026-03-02"), &Deed::Paid(payment(900_000)));
    let deeds = vec![
        (day("2026-02-01"), Deed::Approved { document: "批".into(), amount: card().total().unwrap() }),
        (day("2026-02-10"), contract(79_000, 0)),
        (day("2026-03-01"), Deed::Progressed { percent: 50, note: "路基".into() }),
        (day("2026-03-02"), Deed::Paid(payment(900_000))),
    ];
    let (book, project, document) = ("V001".to_owned(), "P1".to_owned(), "函".to_owned());
    let claimed = Amount::from_yuan(7);
    let came = Deed::MovedIn { book: book.clone(), project: project.clone(), document: document.clone(), deeds, claimed };
    let there = Standing::of(&[kept("2026-04-01", came)], Amount::from_yuan(1));
    assert_eq!(there, Standing { claimed: Amount::from_yuan(8), last_on: Some(day("2026-04-01")), ..standing.clone() });
    let gone = standing.clone().after(day("2026-04-01"), &Deed::MovedOut { book, project, document });
    assert_eq!((gone.state(), gone.goes_on(&card())), (ProjectState::Moved, false));
    assert!(standing.goes_on(&card()));
    let finished = |settled: i64| {
        let settled = Deed::Settled { amount: Amount::from_fen(settled), document: "结".into() };
        let nothing = (Amount::ZERO, Amount::ZERO);
        let finished = Deed::Finished { asset: None, cost: Amount::ZERO, owed: Amount::ZERO, funds: nothing };
        standing.clone().after(day("2026-03-03"), &settled).after(day("2026-03-04"), &finished)
    };
    assert!(!finished(900_000).goes_on(&card()) && finished(900_001).goes_on(&card()), "something is owed");
    let reward = Card { kind: ProjectKind::Reward, ..card() };
    assert!(finished(900_000).goes_on(&reward), "its reward is to come");
}

#[test]
fn a_contractor_who_has_another_code_there_keeps_the_contract() {
    let renamed = contract(79_000, 0).with_parties(&|code| format!("V001-{code}"));
    assert!(matches!(renamed, Deed::Contracted(Contract { contractor, .. }) if contractor == "V001-清溪建筑队"));
}

#[test]
fn sixty_per_cent_is_sixty_per_cent_to_the_fen() {
    let (part, whole) = (Amount::from_fen(59_999), Amount::from_fen(100_000));
    assert!(!meets(part, whole, 60));
    assert!(meets(Amount::from_fen(60_000), whole, 60));
    assert_eq!(share_of(part, whole), Some(5_999));
    assert_eq!(share_of(part, Amount::ZERO), None);
    assert_eq!(quantity(1_500), "1.5");
    assert_eq!(quantity(12_000), "12");
}

proptest! {
    /// However payments are asked for, what was let through never exceeds line, contract, progress or approval.
    #[test]
    fn no_sequence_pays_too_much(asked in proptest::collection::vec((1i64..9_000_000, 0i64..=100), 1..12), advance in 0i64..=100) {
        let card = card();
        let mut standing = under_way(advance, 0);
        let on = day("2026-03-02");
        for (fen, percent) in asked {
            let at = At { project: "P1", card: &card, standing: &standing };
            if at.progress(percent, on).is_ok() {
                standing.take(on, &Deed::Progressed { percent, note: "进".into() });
            }
            let at = At { project: "P1", card: &card, standing: &standing };
            if at.pay(&payment(fen), on).is_ok() {
                standing.take(on, &Deed::Paid(payment(fen)));
            }
            let sum = Amount::from_yuan(79_000);
            prop_assert!(standing.paid <= part(sum, standing.progress.max(advance)));
            prop_assert!(standing.paid <= Amount::from_yuan(80_000));
        }
    }
}
