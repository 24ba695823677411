//! Contracts beyond leases: contracting and sale, paid by their schedule; what is late, due or about to end is told on the desk and
//! by the supervision, accrued or not.

use cunzhang::controls::fund_classes::service::at;
use cunzhang::controls::supervision::rules::{RuleKind, shipped};
use cunzhang::controls::supervision::service::contracts::warnings;
use cunzhang::controls::supervision::service::flags::{RunFlags, SaveRules};
use cunzhang::controls::supervision::store;
use cunzhang::ledger::BookCode;
use cunzhang::money::Amount;
use cunzhang::products::cooperative_shares::store::register;
use cunzhang::products::leases::service::contract::OpenLease;
use cunzhang::products::leases::service::rent::{AccrueRent, ReceiveRent};
use cunzhang::products::leases::terms::{ContractKind, Direction, Due, LeaseParty, Terms, Thing};
use cunzhang::products::leases::warnings::WarningKind;

use crate::ground::county;
use crate::support::county::{County, date, yuan};
use crate::support::{TestDatabase, on_both_engines};

/// A pond contracted out for a year of half-years, the first of July 2025 on.
fn pond() -> Terms {
    Terms {
        name: "鱼塘".into(),
        kind: ContractKind::Contracting,
        direction: Direction::Out,
        thing: Thing::Water,
        description: "村东".into(),
        begins_on: date("2025-07-01"),
        ends_on: date("2026-07-01"),
        months: 6,
        due: Due::Advance,
        steps: Vec::new(),
        relets: None,
        instalments: Vec::new(),
        document: "包字1号".into(),
        parties: vec![LeaseParty { party: "N1".into(), quantity_milli: 12_000, yearly: yuan("2400.00"), is_member: false }],
    }
}

/// Timber sold in two instalments; the contract ends 55 days from the test's day.
fn timber() -> Terms {
    let instalments = vec![(date("2026-01-10"), yuan("500.00")), (date("2026-02-10"), yuan("700.00"))];
    let parties = vec![LeaseParty { party: "N2".into(), quantity_milli: 1_000, yearly: yuan("1200.00"), is_member: false }];
    let (kind, begins_on, ends_on) = (ContractKind::Sale, date("2026-01-01"), date("2026-03-01"));
    Terms { name: "杉木".into(), kind, begins_on, ends_on, instalments, parties, ..pond() }
}

fn open(lease: &str, terms: Terms) -> OpenLease {
    OpenLease { book: "V001".into(), lease: lease.into(), terms }
}

fn receive(lease: &str, amount: &str, in_advance: bool) -> ReceiveRent {
    let (book, on, party, money_account) = ("V001".into(), date("2026-01-05"), None, None);
    ReceiveRent { book, lease: lease.into(), party, on, amount: yuan(amount), in_advance, money_account }
}

async fn told(county: &County) -> Vec<(WarningKind, String, String)> {
    let mut tx = county.office.db.begin_snapshot().await.unwrap();
    let found = warnings(&mut tx, "459900", "V001", date("2026-01-05")).await.unwrap();
    found.into_iter().map(|warning| (warning.kind, warning.on.to_string(), warning.amount.to_string())).collect()
}

async fn raised(county: &County) -> Vec<(RuleKind, Amount)> {
    county.done("shenji", RunFlags { book: "V001".into(), year: None }).await;
    let mut tx = county.office.db.begin_snapshot().await.unwrap();
    let flags = store::flags::flags(&mut tx, "459900", "V001", false).await.unwrap();
    let of_contracts = [RuleKind::RentLate, RuleKind::RentDue, RuleKind::ContractEnding];
    let mut found: Vec<_> = flags.into_iter().map(|kept| (kept.flag.rule, kept.flag.amount)).collect();
    found.retain(|(rule, _)| of_contracts.contains(rule));
    found.sort();
    found
}

async fn income(county: &County, account: &str) -> Amount {
    let mut reader = county.office.db.reader().await.unwrap();
    register::balance(&mut reader, "459900", &BookCode::from("V001"), (2026, account, None)).await.unwrap()
}

on_both_engines! {
    async fn contracts_warn_until_they_are_paid(database: &TestDatabase) {
        let (county, book) = county(database.url()).await;
        assert_eq!(raised(&county).await, [], "no contract, no flag");
        let wrong = Terms { instalments: vec![(date("2026-01-10"), yuan("1199.99"))], ..timber() };
        assert_eq!(county.refused("zhuguan", open("M1", wrong)).await, "J-101", "instalments that do not make the price");
        assert_eq!(county.done("zhuguan", open("Y1", pond())).await, 2);
        assert_eq!(county.done("zhuguan", open("M1", timber())).await, 2);
        let row = |kind, on: &str, amount: &str| (kind, on.to_owned(), amount.to_owned());
        let late = [row(WarningKind::Late, "2025-07-01", "1200.00"), row(WarningKind::Late, "2026-01-01", "1200.00")];
        let near = [row(WarningKind::Due, "2026-01-10", "500.00"), row(WarningKind::Ending, "2026-03-01", "0.00")];
        assert_eq!(told(&county).await, [late, near.clone()].concat(), "nothing was accrued yet");
        let (half, none) = (yuan("1200.00"), Amount::ZERO);
        let flags = [(RuleKind::RentLate, half), (RuleKind::RentLate, half), (RuleKind::RentDue, yuan("500.00")), (RuleKind::ContractEnding, none)];
        assert_eq!(raised(&county).await, flags);
        county.done("zhuguan", AccrueRent { book: book.clone(), on: date("2026-01-05"), lease: None }).await;
        assert_eq!(income(&county, "50101").await, yuan("2400.00"), "contracting fees have an account of their own");
        county.done("zhuguan", receive("Y1", "1500.00", false)).await;
        assert_eq!(told(&county).await[0], row(WarningKind::Late, "2026-01-01", "900.00"), "the oldest was paid first");
        county.done("zhuguan", receive("Y1", "900.00", false)).await;
        assert_eq!(told(&county).await, near);
        county.done("zhuguan", receive("M1", "500.00", true)).await;
        assert_eq!(raised(&county).await, [(RuleKind::ContractEnding, none)], "paid in advance");
        // The register names the class of money it received.
        let mut tx = county.office.db.begin_snapshot().await.unwrap();
        let (classes, _) = at(&mut tx, "459900", &book, "2026-01".parse().unwrap()).await.unwrap();
        let of = |name: &str| classes.iter().find(|class| class.class == name).map(|class| class.closing().to_string());
        assert_eq!((of("村集体经济组织收益"), of("")), (Some("2900.00".into()), None), "nothing without a class");
        drop(tx);
        // The county looks 54 days ahead: the end is a day too far.
        let mut own = shipped().iter().find(|rule| rule.rule == RuleKind::ContractEnding).unwrap().clone();
        own.days = Some(54);
        county.done("xianban", SaveRules { rules: vec![own] }).await;
        assert_eq!((raised(&county).await, told(&county).await), (vec![], vec![]));
        // What was received in advance becomes income on its day.
        county.done("zhuguan", AccrueRent { book: book.clone(), on: date("2026-01-10"), lease: Some("M1".into()) }).await;
        assert_eq!(income(&county, "50103").await, yuan("500.00"));
    }
}
