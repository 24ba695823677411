//! Registers around asset income on both databases: organisations, leases and lease-back, the revolving fund, a one-off fund.

mod support;

use cunzhang::controls::equalities::service::check_equalities;
use cunzhang::household_card::{Section, store as cards};
use cunzhang::ledger::books::service::{AddAccounts, OwnAccount};
use cunzhang::ledger::{AccountCode, BookCode, EntityKind};
use cunzhang::money::Amount;
use cunzhang::parties::organisations::service::RegisterOrganisations;
use cunzhang::parties::organisations::{Organisation, OrganisationKind, list, store as organisations};
use cunzhang::payouts::PayoutKind;
use cunzhang::payouts::list::Payee;
use cunzhang::payouts::service::draw_up::{DropBatch, KeepPayees, ReviewBatch};
use cunzhang::payouts::service::grants::GrantAid;
use cunzhang::payouts::service::rents::PayRent;
use cunzhang::payouts::service::sending::{SendBatch, TakeResults};
use cunzhang::payouts::store as payouts;
use cunzhang::products::aid_funds::posting_rules::{AidMove, With};
use cunzhang::products::aid_funds::service::{MoveAidMoney, OpenAidFund};
use cunzhang::products::aid_funds::store::{self as aid, AidFund};
use cunzhang::products::cooperative_shares::store::register;
use cunzhang::products::leases::reports::{self, Whole};
use cunzhang::products::leases::service::contract::{EndLease, OpenLease};
use cunzhang::products::leases::service::rent::{AccrueRent, ReceiveRent};
use cunzhang::products::leases::store;
use cunzhang::products::leases::terms::{ContractKind, Direction, Due, LeaseParty, Terms, Thing};
use cunzhang::products::revolving_fund::moves::{Move, MoveKind};
use cunzhang::products::revolving_fund::service::{OpenRevolvingFund, RevolveMoney};
use cunzhang::products::revolving_fund::store::Fund;
use support::TestDatabase;
use support::county::{County, date, yuan};
use support::on_both_engines;

fn party(code: &str, quantity_milli: i64, yearly: &str, is_member: bool) -> LeaseParty {
    LeaseParty { party: code.into(), quantity_milli, yearly: yuan(yearly), is_member }
}

fn lease(direction: Direction, parties: Vec<LeaseParty>, relets: Option<&str>) -> Terms {
    Terms {
        name: "香柚园".into(),
        kind: ContractKind::Lease,
        direction,
        thing: Thing::Land,
        description: "下岩屯".into(),
        begins_on: date("2026-01-01"),
        ends_on: date("2027-01-01"),
        months: 6,
        due: Due::Arrears,
        steps: Vec::new(),
        relets: relets.map(str::to_owned),
        instalments: Vec::new(),
        document: "租字1号".into(),
        parties,
    }
}

fn payee(party: &str) -> Payee {
    let (name, account) = (party.to_owned(), format!("6200{party}"));
    Payee { party: party.into(), name: name.clone(), account_name: name, account, ..Payee::default() }
}

async fn balance(county: &County, book: &BookCode, account: &str, party: Option<&str>) -> Amount {
    let mut reader = county.office.db.reader().await.unwrap();
    register::balance(&mut reader, "459900", book, (2026, account, party)).await.unwrap()
}

async fn equal(county: &County, step: &str) {
    let mut reader = county.office.db.reader().await.unwrap();
    let found = check_equalities(&mut reader, "459900").await.unwrap();
    assert!(found.is_empty(), "after {step}: {found:?}");
}

async fn totals(county: &County, household: &str) -> Vec<String> {
    let mut reader = county.office.db.reader().await.unwrap();
    let card = cards::card(&mut reader, "459900", household, date("2026-12-31")).await.unwrap();
    Section::ALL.iter().map(|section| card.total(*section).to_string()).collect()
}

async fn whole(county: &County, lease: &str) -> Whole {
    let mut reader = county.office.db.reader().await.unwrap();
    let found = store::lease(&mut reader, "459900", lease).await.unwrap().unwrap();
    let rents = store::rents(&mut reader, "459900", lease).await.unwrap();
    let receipts = store::receipts(&mut reader, "459900", lease).await.unwrap();
    Whole { lease: found, rents, receipts, paid_periods: Vec::new() }
}

on_both_engines! {
    /// A village rents land from households and lets it again: rent is owed, received, in part in advance, and paid to the households.
    async fn land_is_rented_and_let_again(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        county.done("县管理", KeepPayees { payees: vec![payee("H1"), payee("H2")] }).await;
        let open = |lease: &str, terms: Terms| OpenLease { book: book.clone(), lease: lease.into(), terms };
        let rented = lease(Direction::In, vec![party("H1", 3_500, "1000.00", true), party("H2", 1_500, "500.01", true)], None);
        assert_eq!(county.refused("甲", open("Z1", Terms { months: 5, ..rented.clone() })).await, "J-101");
        assert_eq!(county.done("甲", open("Z1", rented.clone())).await, 2);
        assert_eq!(county.refused("甲", open("Z1", rented)).await, "J-201");
        let again = |quantity: i64| lease(Direction::Out, vec![party("C9", quantity, "3000.00", false)], Some("Z1"));
        assert_eq!(county.refused("甲", open("Z2", again(5_001))).await, "J-205", "more than was rented");
        county.done("甲", open("Z2", again(4_000))).await;
        assert_eq!(county.refused("甲", open("Z3", again(1_001))).await, "J-205", "some is let again already");
        county.done("甲", open("Z3", lease(Direction::Out, vec![party("H1", 1_000, "300.00", true)], Some("Z1")))).await;
        let receive = |lease: &str, amount: &str, in_advance| ReceiveRent {
            book: book.clone(), lease: lease.into(), party: None, on: date("2026-02-01"), amount: yuan(amount), in_advance, money_account: None,
        };
        assert_eq!(county.refused("甲", receive("Z2", "2000.00", false)).await, "J-203");
        assert_eq!(county.refused("甲", receive("Z1", "1.00", false)).await, "J-206");
        assert_eq!(county.refused("甲", receive("Z2", "0.00", false)).await, "J-102");
        county.done("甲", receive("Z2", "2000.00", true)).await;
        assert_eq!(balance(&county, &book, "21104", Some("C9")).await, yuan("2000.00"));
        equal(&county, "rent in advance").await;
        let accrue = |on: &str| AccrueRent { book: book.clone(), on: date(on), lease: None };
        assert_eq!(county.refused("甲", accrue("2026-06-30")).await, "J-202");
        let accrued = county.done("甲", accrue("2026-07-01")).await;
        assert_eq!((accrued.periods.len(), accrued.out, accrued.owed), (3, yuan("1650.00"), yuan("750.01")));
        assert_eq!(county.refused("甲", accrue("2026-07-01")).await, "J-202", "accrued once");
        assert_eq!(balance(&county, &book, "21104", None).await, yuan("500.00"), "the advance was used first");
        assert_eq!(balance(&county, &book, "50102", None).await, yuan("1650.00"));
        assert_eq!(balance(&county, &book, "511", None).await, yuan("-750.01"));
        assert_eq!(balance(&county, &book, "113", Some("H1")).await, yuan("350.00"), "500 rent owed, 150 for the plot handed back");
        equal(&county, "accrual").await;
        assert_eq!(totals(&county, "H1").await, ["0.00", "0.00", "0.00", "500.00", "0.00"]);
        let pay = |batch: &str, lease: &str, period| PayRent {
            book: book.clone(), lease: lease.into(), period, batch: batch.into(), on: date("2026-07-02"), money_account: None, accept: None,
        };
        assert_eq!(county.refused("甲", pay("P1", "Z2", 1)).await, "J-206");
        assert_eq!(county.refused("甲", pay("P1", "Z1", 2)).await, "J-302");
        county.done("甲", pay("P0", "Z1", 1)).await;
        county.done("甲", DropBatch { book: book.clone(), batch: "P0".into(), reason: "清单有误".into() }).await;
        assert_eq!(county.done("甲", pay("P1", "Z1", 1)).await.total, yuan("750.01"));
        assert_eq!(county.refused("甲", pay("P2", "Z1", 1)).await, "Y-202", "paid once");
        let mut reader = county.office.db.reader().await.unwrap();
        assert_eq!(payouts::batch(&mut reader, "459900", "P1").await.unwrap().unwrap().kind, PayoutKind::LeaseBack);
        drop(reader);
        county.done("乙", ReviewBatch { book: book.clone(), batch: "P1".into() }).await;
        county.done("甲", SendBatch { book: book.clone(), batch: "P1".into(), on: date("2026-07-03") }).await;
        equal(&county, "sending rent").await;
        county.done("甲", TakeResults { book: book.clone(), batch: "P1".into(), on: date("2026-07-04"), results: vec![], others_paid: true }).await;
        assert_eq!(totals(&county, "H1").await, ["0.00", "0.00", "0.00", "0.00", "500.00"], "received once");
        let in_cash = ReceiveRent { money_account: Some("101".into()), ..receive("Z3", "100.00", false) };
        county.done("甲", in_cash).await;
        assert_eq!(balance(&county, &book, "101", None).await, yuan("-100.00"), "into the account that was named");
        let late = whole(&county, "Z3").await;
        assert_eq!(late.late(date("2026-07-31")).unwrap(), (yuan("50.00"), 30));
        assert_eq!(reports::schedule(&late).unwrap().rows.len(), 2);
        let end = |lease: &str, on: &str| EndLease { book: book.clone(), lease: lease.into(), on: date(on), document: "协议".into(), money_account: None };
        assert_eq!(county.refused("甲", end("Z2", "2026-06-30")).await, "J-204");
        assert_eq!(county.done("甲", end("Z2", "2026-10-01")).await.len(), 1, "500.00 of the advance goes back");
        assert_eq!(county.refused("甲", end("Z2", "2026-10-01")).await, "J-207");
        equal(&county, "an early end").await;
        let last = county.done("甲", AccrueRent { book: book.clone(), on: date("2026-10-01"), lease: Some("Z2".into()) }).await;
        assert_eq!(last.out, yuan("750.00"), "92 of 184 days of 1500.00");
        assert_eq!(county.refused("甲", receive("Z2", "750.01", true)).await, "J-203", "nothing in advance of a lease that ended");
        county.done("甲", receive("Z2", "750.00", false)).await;
        equal(&county, "the last rent").await;
        let sheet = reports::list(&[whole(&county, "Z1").await, whole(&county, "Z2").await], date("2026-12-31")).unwrap();
        assert_eq!(sheet.rows.len(), 2);
    }

    /// Lent, repaid, invested, given back: never below zero; a borrower's statement shows what is still owed.
    async fn the_revolving_fund_goes_round(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        let cooperative = county.book("C001", EntityKind::Cooperative, "2026-01").await;
        let fund = |book: &BookCode, document: &str| OpenRevolvingFund {
            fund: Fund { fund: "ZZ1".into(), book: book.clone(), name: "扶贫周转金".into(), document: document.into(), opened_on: date("2026-01-02") },
        };
        assert_eq!(county.refused("甲", fund(&cooperative, "办法")).await, "C-130");
        assert_eq!(county.refused("甲", fund(&book, " ")).await, "K-102");
        county.done("甲", fund(&book, "办法")).await;
        assert_eq!(county.refused("甲", fund(&book, "办法")).await, "K-203");
        let moved = |kind: MoveKind, party: &str, amount: &str, on: &str| RevolveMoney {
            book: book.clone(), fund: "ZZ1".into(),
            what: Move { on: date(on), kind, party: party.into(), amount: yuan(amount), due_on: Some(date("2026-12-01")), document: "借据1".into() },
            money_account: None,
        };
        let stray = RevolveMoney { fund: "ZZ9".into(), ..moved(MoveKind::Received, "财政局", "1.00", "2026-01-05") };
        assert_eq!(county.refused("甲", stray).await, "K-301");
        assert_eq!(county.refused("甲", moved(MoveKind::Lent, "H1", "1.00", "2026-01-05")).await, "K-201");
        for (kind, party, amount, on, left) in [
            (MoveKind::Received, "财政局", "50000.00", "2026-01-05", "50000.00"),
            (MoveKind::Lent, "H1", "20000.00", "2026-02-01", "30000.00"),
            (MoveKind::Invested, "C001", "30000.00", "2026-02-02", "0.00"),
            (MoveKind::Repaid, "H1", "5000.00", "2026-06-01", "5000.00"),
            (MoveKind::Recovered, "C001", "30000.00", "2026-07-01", "35000.00"),
            (MoveKind::Returned, "财政局", "35000.00", "2026-08-01", "0.00"),
        ] {
            assert_eq!(county.done("甲", moved(kind, party, amount, on)).await.balance, yuan(left), "{kind:?}");
            equal(&county, kind.label_zh()).await;
        }
        assert_eq!(county.refused("甲", moved(MoveKind::Repaid, "H1", "15000.01", "2026-09-01")).await, "K-202");
        assert_eq!(balance(&county, &book, "221", None).await, yuan("15000.00"), "still a debt to the county");
        assert_eq!(balance(&county, &book, "113", Some("H1")).await, yuan("-15000.00"));
        assert_eq!((balance(&county, &book, "141", None).await, balance(&county, &book, "102", None).await), (Amount::ZERO, Amount::ZERO));
        assert_eq!(totals(&county, "H1").await[0], "15000.00");
    }

    /// An education-aid fund: capital, a gift, interest; a grant beyond what is free is refused, one within it is owed and paid.
    async fn a_one_off_fund_helps_people(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let village = county.village("V001").await;
        let book = county.book("E001", EntityKind::AidFund, "2026-01").await;
        let open = |book: &BookCode, purpose: &str| OpenAidFund {
            fund: AidFund { book: book.clone(), purpose: purpose.into(), standard: "每人 5000 元".into(), document: "办法".into(), opened_on: date("2026-01-05") },
        };
        assert_eq!(county.refused("甲", open(&village, "教育救助")).await, "C-130");
        assert_eq!(county.refused("甲", open(&book, "")).await, "G-102");
        let moved = |what: AidMove, amount: &str, party: &str| MoveAidMoney {
            book: book.clone(), on: date("2026-01-06"), what, amount: yuan(amount), with: With { party: party.into(), document: "文1".into() }, money_account: None,
        };
        assert_eq!(county.refused("甲", moved(AidMove::Contributed, "1.00", "财政局")).await, "G-301");
        county.done("甲", open(&book, "教育救助")).await;
        assert_eq!(county.refused("甲", open(&book, "教育救助")).await, "G-203");
        assert_eq!(county.refused("甲", moved(AidMove::Contributed, "1.00", "")).await, "G-102");
        assert_eq!(county.refused("甲", moved(AidMove::Contributed, "0.00", "财政局")).await, "G-101");
        county.done("甲", moved(AidMove::Contributed, "10000.00", "财政局")).await;
        county.done("甲", moved(AidMove::Donated, "500.00", "爱心企业")).await;
        county.done("甲", moved(AidMove::Interest, "1.23", "")).await;
        county.done("甲", moved(AidMove::Fee, "0.23", "")).await;
        assert_eq!(county.refused("甲", moved(AidMove::Returned, "10000.01", "财政局")).await, "G-202");
        county.done("县管理", KeepPayees { payees: vec![payee("H1"), payee("H2")] }).await;
        let rows = |each: &str| {
            let text = format!("户编号,金额\nH1,{each}\nH2,{each}\n");
            cunzhang::payouts::files_in::read_list(text.as_bytes(), &Default::default()).unwrap().whole().unwrap()
        };
        let grant = |code: &str, each: &str| GrantAid {
            book: book.clone(), grant: code.into(), title: "2026 年助学".into(), document: "批复1".into(), on: date("2026-01-07"),
            rows: rows(each), stated_total: None, accept: None,
        };
        assert_eq!(county.refused("甲", grant("1", "5250.51")).await, "G-201");
        county.done("甲", grant("1", "5000.00")).await;
        assert_eq!(county.refused("甲", grant("1", "1.00")).await, "G-204");
        assert_eq!(county.refused("甲", grant("2", "250.51")).await, "G-201", "what is promised is not free");
        assert_eq!(balance(&county, &book, "F201", Some("H1")).await, yuan("5000.00"));
        assert_eq!(totals(&county, "H1").await, ["0.00", "0.00", "0.00", "5000.00", "0.00"]);
        county.done("乙", ReviewBatch { book: book.clone(), batch: "E001-1".into() }).await;
        county.done("甲", SendBatch { book: book.clone(), batch: "E001-1".into(), on: date("2026-01-08") }).await;
        county.done("甲", TakeResults { book: book.clone(), batch: "E001-1".into(), on: date("2026-01-09"), results: vec![], others_paid: true }).await;
        assert_eq!(totals(&county, "H1").await, ["0.00", "0.00", "0.00", "0.00", "5000.00"]);
        assert_eq!((balance(&county, &book, "F201", None).await, balance(&county, &book, "F101", None).await), (Amount::ZERO, yuan("-501.00")));
        let mut reader = county.office.db.reader().await.unwrap();
        assert_eq!(aid::grants(&mut reader, "459900", &book).await.unwrap()[0].total, yuan("10000.00"));
        drop(reader);
        equal(&county, "a grant").await;
        // Another bank account of the fund: what is there and what may go out counts over both.
        let second = county.book("E002", EntityKind::AidFund, "2026-01").await;
        let own = |code: &str| OwnAccount { code: code.into(), name: code.into(), requires: vec![] };
        county.done("甲", AddAccounts { book: second.clone(), year: 2026, accounts: vec![own("F10101"), own("F10102")] }).await;
        let fund = AidFund { book: second.clone(), purpose: "临时救助".into(), standard: "一事一议".into(), document: "办法".into(), opened_on: date("2026-01-05") };
        county.done("甲", OpenAidFund { fund }).await;
        let at = |account: &str, what: AidMove, amount: &str| MoveAidMoney {
            book: second.clone(), money_account: Some(AccountCode::from(account)), ..moved(what, amount, "财政局")
        };
        county.done("甲", at("F10101", AidMove::Contributed, "100.00")).await;
        county.done("甲", at("F10102", AidMove::Donated, "50.00")).await;
        assert_eq!(county.refused("甲", at("F10101", AidMove::Fee, "150.01")).await, "G-201");
        county.done("甲", at("F10102", AidMove::Fee, "1.00")).await;
        assert_eq!(balance(&county, &second, "F10102", None).await, yuan("-49.00"));
    }

    /// Registered capital beside what was paid in; one credit code, one organisation.
    async fn organisations_are_registered(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.book("R001", EntityKind::Company, "2026-01").await;
        let new = |code: &str, credit: Option<&str>, book: Option<&BookCode>| Organisation {
            organisation: code.into(), credit_code: credit.map(str::to_owned), name: "青禾县农投公司".into(), kind: OrganisationKind::Company, place: None,
            representative: "韦某".into(), registered: yuan("1000000.00"), registered_on: Some(date("2015-05-01")), book: book.cloned(),
        };
        let register = |o: Organisation| RegisterOrganisations { organisations: vec![o] };
        assert_eq!(county.refused("县管理", register(new("N1", Some("91350100M000100Y44"), Some(&book)))).await, "I-203");
        county.done("县管理", register(new("N1", Some("91350100M000100Y43"), Some(&book)))).await;
        county.done("县管理", register(new("N1", Some("91350100M000100Y43"), Some(&book)))).await;
        assert_eq!(county.refused("县管理", register(new("N2", Some("91350100M000100Y43"), None))).await, "I-702");
        assert_eq!(county.refused("县管理", register(new("N3", None, Some(&BookCode::from("X"))))).await, "I-703");
        assert_eq!(county.refused("县管理", register(Organisation { name: " ".into(), ..new("N4", None, None) })).await, "I-701");
        let capital = support::county::simple(&book, "2026-01-05", "1002", "3001", "600000.00");
        county.done("甲", cunzhang::ledger::service::PostVouchers { vouchers: vec![capital], event: None }).await;
        let mut reader = county.office.db.reader().await.unwrap();
        let listed = organisations::listed(&mut reader, "459900").await.unwrap();
        assert_eq!((listed.len(), listed[0].paid_in, listed[0].members), (1, Some(yuan("600000.00")), 0));
        assert_eq!(list(&listed).rows.len(), 1);
    }
}
