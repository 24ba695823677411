//! Entrusted operation on both databases: three books in one act, income received late, reinvested and paid, principal back, insolvency;
//! the equalities hold after every step.

mod support;

use cunzhang::calendar::DayCount;
use cunzhang::controls::equalities::service::{check_equalities, compare};
use cunzhang::household_card::{HouseholdCard, Section};
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{AccountCode, BookCode, EntityKind};
use cunzhang::money::{Amount, Rate};
use cunzhang::payouts::files_in::BankResult;
use cunzhang::payouts::list::Payee;
use cunzhang::payouts::service::draw_up::{KeepPayees, ReviewBatch};
use cunzhang::payouts::service::entrusted::{PayEntrustedIncome, ReinvestIncome};
use cunzhang::payouts::service::entrusting::Entrust;
use cunzhang::payouts::service::returning::{CollectRefund, ReturnPrincipal};
use cunzhang::payouts::service::sending::{SendBatch, TakeResults};
use cunzhang::products::cooperative_shares::class::{ClassKind, ShareClass};
use cunzhang::products::cooperative_shares::service::register::AddShareClasses;
use cunzhang::products::cooperative_shares::store::register;
use cunzhang::products::entrusted_funds::facts::Handed;
use cunzhang::products::entrusted_funds::reports::{Whole, list, run_off};
use cunzhang::products::entrusted_funds::scheme::{Anchor, Bearer, Form, Frequency, FundSource, Role, Terms, Timing};
use cunzhang::products::entrusted_funds::service::ending::DeclareInsolvent;
use cunzhang::products::entrusted_funds::service::opening::OpenScheme;
use cunzhang::products::entrusted_funds::service::running::{AccrueIncome, ReceiveIncome};
use cunzhang::products::entrusted_funds::store;
use support::TestDatabase;
use support::county::{County, date, yuan};
use support::on_both_engines;

fn terms(source: FundSource) -> Terms {
    Terms {
        name: "香柚基地".into(),
        place: "459900101201".into(),
        form: Form::Debt,
        source,
        company_book: Some(BookCode::from("R001")),
        operator_book: Some(BookCode::from("C001")),
        operator: "C001".into(),
        rate: "8".parse().unwrap(),
        operator_rate: "8.5".parse().unwrap(),
        day_count: DayCount::Actual365,
        frequency: Frequency::Yearly,
        timing: Timing::Arrears,
        anchor: Anchor::Calendar,
        reinvest_rate: "40".parse().unwrap(),
        reinvest_class: Some("A".into()),
        company_guarantees: false,
        loan_interest_by: Bearer::County,
        subsidy_claimed_by: Bearer::Company,
        principal_repaid_by: Bearer::Operator,
        signed_on: date("2016-03-01"),
        begins_on: date("2016-03-15"),
        ends_on: date("2019-03-15"),
        legal_basis: "县委托经营办法".into(),
        document: "委字1号".into(),
        investors: Vec::new(),
        money_accounts: Vec::new(),
        parties: vec![(Role::Company, "R001".into()), (Role::Cooperative, "C001".into())],
    }
}

async fn equal(county: &County, step: &str) {
    let mut reader = county.office.db.reader().await.unwrap();
    let found = check_equalities(&mut reader, "459900").await.unwrap();
    assert!(found.is_empty(), "after {step}: {found:?}");
}

async fn balance(county: &County, book: &str, year: i32, account: &str, party: Option<&str>) -> Amount {
    let mut reader = county.office.db.reader().await.unwrap();
    register::balance(&mut reader, "459900", &BookCode::from(book), (year, account, party)).await.unwrap()
}

async fn founded(county: &County) {
    let company = county.book("R001", EntityKind::Company, "2016-01").await;
    let operator = county.book("C001", EntityKind::Cooperative, "2016-01").await;
    county
        .done(
            "甲",
            AddShareClasses {
                book: operator.clone(), classes: vec![ShareClass::ordinary("A", "资金股", ClassKind::Subscribed)]
            },
        )
        .await;
    for book in [&company, &operator] {
        county.done("甲", cunzhang::controls::year_close::service::OpenYear { book: book.clone(), year: 2017 }).await;
    }
    let payee = |party: &str| Payee {
        party: party.into(),
        name: party.into(),
        account_name: party.into(),
        account: format!("6200{party}"),
        ..Payee::default()
    };
    county.done("县管理", KeepPayees { payees: vec![payee("H1"), payee("H2")] }).await;
}

fn handed() -> Vec<Handed> {
    let one = |household: &str| Handed {
        household: household.into(),
        amount: yuan("50000.00"),
        loan: Some(format!("L-{household}")),
        loan_matures_on: Some(date("2019-03-15")),
    };
    vec![one("H1"), one("H2")]
}

on_both_engines! {
    /// The money of a scheme goes through the accounts that are named for it, in every book and on every way.
    async fn through_the_accounts_that_are_named(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        founded(&county).await;
        let own = |book: &str, account: &str| (BookCode::from(book), AccountCode::from(account));
        let money_accounts = vec![own("R001", "1001"), own("C001", "101")];
        let named = Terms { money_accounts, reinvest_rate: Rate::ZERO, reinvest_class: None, ..terms(FundSource::HouseholdGrant) };
        county.done("甲", OpenScheme { scheme: "W9".into(), terms: named }).await;
        let hand = |one: Handed| Handed { loan: None, loan_matures_on: None, ..one };
        county.done("甲", Entrust { scheme: "W9".into(), on: date("2016-03-15"), money: handed().into_iter().map(hand).collect() }).await;
        let held = ["1001", "1002"].map(|account| ("R001", account)).into_iter().chain(["101", "102"].map(|account| ("C001", account)));
        let mut found = Vec::new();
        for (book, account) in held {
            found.push(balance(&county, book, 2016, account, None).await.to_string());
        }
        // The company passes it on; the operator has it.
        assert_eq!(found, ["0.00", "0.00", "-100000.00", "0.00"]);
        equal(&county, "money through named accounts").await;
    }

    /// A scheme from its opening to its end.
    async fn a_scheme_runs(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        founded(&county).await;
        let open = |scheme: &str, terms: Terms| OpenScheme { scheme: scheme.into(), terms };
        assert_eq!(county.done("甲", open("S1", terms(FundSource::Loan))).await, 4);
        assert_eq!(county.refused("甲", open("S1", terms(FundSource::Loan))).await, "E-202");
        assert_eq!(county.refused("甲", open("S2", Terms { rate: Rate::ZERO, ..terms(FundSource::Loan) })).await, "E-101");
        let entrust = |scheme: &str, on: &str| Entrust { scheme: scheme.into(), on: date(on), money: handed() };
        assert_eq!(county.refused("甲", entrust("S9", "2016-03-15")).await, "E-301");
        assert_eq!(county.refused("甲", entrust("S1", "2016-02-29")).await, "E-205");
        assert_eq!(county.done("甲", entrust("S1", "2016-03-15")).await.len(), 2, "one voucher a book");
        assert_eq!(county.refused("甲", entrust("S1", "2017-12-07")).await, "E-201", "banned by then");
        equal(&county, "entrusting").await;
        assert_eq!(balance(&county, "R001", 2016, "2701", Some("H1")).await, yuan("50000.00"));
        assert_eq!(balance(&county, "R001", 2016, "1221", Some("C001")).await, yuan("-100000.00"));
        assert_eq!(balance(&county, "C001", 2016, "231", Some("R001")).await, yuan("100000.00"));
        let accrue = |on: &str| AccrueIncome { scheme: "S1".into(), on: date(on) };
        assert_eq!(county.refused("甲", accrue("2016-12-31")).await, "E-206");
        let accrued = county.done("甲", accrue("2017-01-01")).await;
        assert_eq!((accrued.period, accrued.households, accrued.operator), (1, yuan("6400.00"), yuan("6800.00")), "292 days: check E");
        assert_eq!(county.refused("甲", accrue("2017-06-30")).await, "E-206", "accrued once");
        equal(&county, "accrual").await;
        assert_eq!(balance(&county, "R001", 2017, "5111", None).await, yuan("400.00"), "the margin");
        let pay = |batch: &str| PayEntrustedIncome { scheme: "S1".into(), period: 1, batch: batch.into(), on: date("2017-02-01"), money_account: None, accept: None };
        assert_eq!(county.refused("甲", pay("W1")).await, "E-212");
        let reinvest = || ReinvestIncome { scheme: "S1".into(), period: 1, on: date("2017-01-10") };
        county.done("甲", reinvest()).await;
        assert_eq!(county.refused("甲", reinvest()).await, "E-211");
        assert_eq!(balance(&county, "C001", 2017, "301", Some("H1")).await, yuan("1280.00"));
        equal(&county, "reinvesting").await;
        assert_eq!(county.refused("甲", pay("W1")).await, "E-209");
        let receive = |on: &str, amount: &str| ReceiveIncome { scheme: "S1".into(), on: date(on), amount: yuan(amount) };
        assert_eq!(county.refused("甲", receive("2017-01-20", "4240.01")).await, "E-207");
        county.done("甲", receive("2017-01-20", "4000.00")).await;
        let mut reader = county.office.db.reader().await.unwrap();
        let scheme = store::scheme(&mut reader, "459900", "S1").await.unwrap().unwrap();
        let moves = store::moves(&mut reader, "459900", "S1").await.unwrap();
        let periods = store::periods(&mut reader, "459900", "S1").await.unwrap();
        drop(reader);
        let whole = Whole { scheme, moves, periods };
        assert_eq!(whole.late(date("2017-01-31")), (yuan("240.00"), 30));
        assert_eq!(list(std::slice::from_ref(&whole), date("2017-01-31")).rows.len(), 1);
        let sheet = run_off(&[whole], date("2019-01-31"));
        assert!(sheet.rows.iter().all(|row| row[6].for_people() == "贷款 90 日内到期"), "{sheet:?}");
        county.done("甲", receive("2017-01-31", "240.00")).await;
        assert_eq!(county.done("甲", pay("W1")).await.total, yuan("3840.00"));
        assert_eq!(county.refused("甲", pay("W2")).await, "Y-202");
        let company = BookCode::from("R001");
        county.done("乙", ReviewBatch { book: company.clone(), batch: "W1".into() }).await;
        county.done("甲", SendBatch { book: company.clone(), batch: "W1".into(), on: date("2017-02-02") }).await;
        equal(&county, "sending").await;
        let back = BankResult { row: Some(2), account: String::new(), amount: None, paid: false, reason: "户名不符".into(), serial: String::new() };
        county.done("甲", TakeResults { book: company.clone(), batch: "W1".into(), on: date("2017-02-03"), results: vec![back], others_paid: true }).await;
        equal(&county, "a row came back").await;
        let mut reader = county.office.db.reader().await.unwrap();
        let mut cards = Vec::new();
        for household in ["H1", "H2"] {
            cards.push(cunzhang::household_card::store::card(&mut reader, "459900", household, date("2017-02-03")).await.unwrap());
        }
        drop(reader);
        let totals = |card: &HouseholdCard| Section::ALL.iter().map(|s| card.total(*s).to_string()).collect::<Vec<_>>();
        assert_eq!(totals(&cards[0]), ["0.00", "50000.00", "1280.00", "0.00", "1920.00"], "entrusted, held, received once");
        assert_eq!(totals(&cards[1]), ["0.00", "50000.00", "1280.00", "1920.00", "0.00"], "came back: owed, not received");
        assert_eq!(cards[0].sheet().rows.len(), 3);
        assert_eq!(balance(&county, "R001", 2017, "2241", Some("H2")).await, yuan("1920.00"));
        let back = |amount: &str| ReturnPrincipal { scheme: "S1".into(), on: date("2017-07-02"), money: vec![("H1".into(), yuan(amount))] };
        assert_eq!(county.refused("甲", back("50000.01")).await, "E-208");
        county.done("甲", back("50000.00")).await;
        equal(&county, "principal back").await;
        assert_eq!(balance(&county, "C001", 2017, "231", Some("R001")).await, yuan("-50000.00"), "the year's movement");
        assert_eq!(county.refused("甲", DeclareInsolvent { scheme: "S1".into(), on: date("2017-11-01"), document: " ".into() }).await, "E-303");
        county.done("甲", DeclareInsolvent { scheme: "S1".into(), on: date("2017-11-01"), document: "县政府批复1号".into() }).await;
        assert_eq!(balance(&county, "R001", 2017, "5711", None).await, yuan("-50000.00"));
        assert_eq!(county.refused("甲", accrue("2017-12-01")).await, "E-203");
        equal(&county, "insolvency").await;
        let from_own_money = ReturnPrincipal { scheme: "S1".into(), on: date("2017-12-01"), money: vec![("H2".into(), yuan("50000.00"))] };
        county.done("甲", from_own_money).await;
        equal(&county, "the company paid").await;
    }

    /// Without a company the operator owes each household itself; money without a loan is not banned.
    async fn a_direct_scheme(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let operator = county.book("C001", EntityKind::Cooperative, "2026-01").await;
        let mut direct = terms(FundSource::Donation);
        (direct.company_book, direct.operator_rate, direct.reinvest_rate, direct.reinvest_class) = (None, direct.rate, Rate::ZERO, None);
        (direct.signed_on, direct.begins_on, direct.ends_on) = (date("2026-01-01"), date("2026-01-10"), date("2026-07-10"));
        (direct.frequency, direct.anchor) = (Frequency::HalfYearly, Anchor::Anniversary);
        county.done("甲", OpenScheme { scheme: "S2".into(), terms: direct.clone() }).await;
        let mut banned = direct;
        banned.source = FundSource::Loan;
        county.done("甲", OpenScheme { scheme: "S3".into(), terms: banned }).await;
        let entrust = |scheme: &str| Entrust { scheme: scheme.into(), on: date("2026-01-10"), money: handed() };
        assert_eq!(county.refused("甲", entrust("S3")).await, "E-201");
        assert_eq!(county.done("甲", entrust("S2")).await.len(), 1);
        assert_eq!(balance(&county, "C001", 2026, "201", Some("H1")).await, yuan("50000.00"), "half a year: a short loan");
        county.done("甲", AccrueIncome { scheme: "S2".into(), on: date("2026-07-10") }).await;
        assert_eq!(balance(&county, "C001", 2026, "215", Some("H1")).await, yuan("1983.56"), "181 days");
        assert_eq!(county.refused("甲", ReceiveIncome { scheme: "S2".into(), on: date("2026-07-10"), amount: yuan("1.00") }).await, "E-213");
        let payee = |party: &str| Payee { party: party.into(), name: party.into(), account_name: party.into(), account: format!("6200{party}"), ..Payee::default() };
        county.done("县管理", KeepPayees { payees: vec![payee("H1"), payee("H2")] }).await;
        let pay = PayEntrustedIncome { scheme: "S2".into(), period: 1, batch: "W2".into(), on: date("2026-07-11"), money_account: None, accept: None };
        county.done("甲", pay).await;
        county.done("乙", ReviewBatch { book: operator.clone(), batch: "W2".into() }).await;
        county.done("甲", SendBatch { book: operator.clone(), batch: "W2".into(), on: date("2026-07-11") }).await;
        assert_eq!(balance(&county, "C001", 2026, "215", None).await, Amount::ZERO);
        equal(&county, "paying").await;
        let by_hand = vec![cunzhang::ledger::Voucher::on(&operator, date("2026-07-12"), "手工").debit(&AccountCode::from("301"), yuan("1.00"),
            cunzhang::ledger::Dimensions { party: Some("H1".into()), ..Default::default() }).credit(&AccountCode::from("102"), yuan("1.00"), Default::default()).balanced().unwrap()];
        county.done("甲", AddShareClasses { book: operator.clone(), classes: vec![ShareClass::ordinary("A", "资金股", ClassKind::Subscribed)] }).await;
        county.done("甲", PostVouchers { vouchers: by_hand, event: None }).await;
        let mut reader = county.office.db.reader().await.unwrap();
        let found = check_equalities(&mut reader, "459900").await.unwrap();
        assert_eq!(found.iter().map(|f| f.equality).collect::<Vec<_>>(), [3], "a line on 301 by hand is found: {found:?}");
        assert!(compare(&mut reader, "459900").await.unwrap().len() >= 4);
    }

    /// A village entrusts its collective fund: village, company and cooperative are posted in one act, from principal to the last fen.
    async fn a_village_takes_part(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let (company, operator) = (county.book("R001", EntityKind::Company, "2026-01").await, county.book("C001", EntityKind::Cooperative, "2026-01").await);
        let village = county.village("V001").await;
        county.done("甲", AddShareClasses { book: operator.clone(), classes: vec![ShareClass::ordinary("A", "资金股", ClassKind::Subscribed)] }).await;
        let payee = |party: &str| Payee { party: party.into(), name: party.into(), account_name: party.into(), account: format!("6200{party}"), ..Payee::default() };
        county.done("县管理", KeepPayees { payees: vec![payee("H1"), payee("V001")] }).await;
        let mut own = terms(FundSource::CollectiveFund);
        (own.signed_on, own.begins_on, own.ends_on) = (date("2026-01-01"), date("2026-01-10"), date("2028-01-10"));
        (own.frequency, own.anchor, own.investors) = (Frequency::HalfYearly, Anchor::Anniversary, vec![("V001".into(), village.clone())]);
        county.done("甲", OpenScheme { scheme: "S4".into(), terms: own }).await;
        let money = vec![
            Handed { household: "H1".into(), amount: yuan("50000.00"), loan: None, loan_matures_on: None },
            Handed { household: "V001".into(), amount: yuan("200000.00"), loan: None, loan_matures_on: None },
        ];
        let vouchers = county.done("甲", Entrust { scheme: "S4".into(), on: date("2026-01-10"), money }).await;
        assert_eq!(vouchers.len(), 3, "one voucher a book");
        let of = |book: &'static str, account: &'static str| { let county = &county; async move { balance(county, book, 2026, account, None).await } };
        assert_eq!((of("V001", "141").await, of("V001", "102").await), (yuan("-200000.00"), yuan("-200000.00").abs()));
        equal(&county, "the village entrusting").await;
        let accrued = county.done("甲", AccrueIncome { scheme: "S4".into(), on: date("2026-07-10") }).await;
        assert_eq!((accrued.vouchers.len(), accrued.households), (3, yuan("9917.81")), "1983.56 + 7934.25");
        assert_eq!((of("V001", "112").await, of("V001", "502").await), (yuan("-7934.25"), yuan("7934.25")));
        equal(&county, "accrual with a village").await;
        assert_eq!(county.done("甲", ReinvestIncome { scheme: "S4".into(), period: 1, on: date("2026-07-11") }).await.len(), 3);
        assert_eq!((of("V001", "141").await, of("V001", "112").await), (yuan("-203173.70"), yuan("-4760.55")), "40 % became shares");
        equal(&county, "reinvesting with a village").await;
        county.done("甲", ReceiveIncome { scheme: "S4".into(), on: date("2026-07-12"), amount: accrued.operator - yuan("3967.12") }).await;
        county.done("甲", PayEntrustedIncome { scheme: "S4".into(), period: 1, batch: "W4".into(), on: date("2026-07-12"), money_account: None, accept: None }).await;
        county.done("乙", ReviewBatch { book: company.clone(), batch: "W4".into() }).await;
        county.done("甲", SendBatch { book: company.clone(), batch: "W4".into(), on: date("2026-07-13") }).await;
        equal(&county, "sending to a village").await;
        let taken = county.done("甲", TakeResults { book: company.clone(), batch: "W4".into(), on: date("2026-07-14"), results: vec![], others_paid: true }).await;
        assert_eq!((taken.vouchers.len(), of("V001", "112").await), (1, Amount::ZERO), "the village takes its income in");
        equal(&county, "income arrived").await;
        county.done("甲", ReturnPrincipal { scheme: "S4".into(), on: date("2026-07-20"), money: vec![("V001".into(), yuan("200000.00"))] }).await;
        assert_eq!(of("V001", "141").await, yuan("-3173.70"), "the shares stay");
        equal(&county, "the village's principal back").await;
    }

    /// Income was paid for half a year in advance and principal leaves within it: what is owed back is posted, deducted or paid back.
    async fn principal_leaves_within_a_paid_period(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        founded(&county).await;
        let company = BookCode::from("R001");
        let advance = Terms {
            timing: Timing::Advance, frequency: Frequency::HalfYearly, anchor: Anchor::Anniversary, reinvest_rate: Rate::ZERO, reinvest_class: None,
            ..terms(FundSource::HouseholdGrant)
        };
        county.done("甲", OpenScheme { scheme: "S5".into(), terms: advance }).await;
        county.done("甲", Entrust { scheme: "S5".into(), on: date("2016-03-15"), money: handed() }).await;
        let accrued = county.done("甲", AccrueIncome { scheme: "S5".into(), on: date("2016-03-15") }).await;
        assert_eq!((accrued.households, accrued.operator), (yuan("4032.88"), yuan("4284.94")), "184 days each");
        let pay = |batch: &str, period, on: &str| PayEntrustedIncome { scheme: "S5".into(), period, batch: batch.into(), on: date(on), money_account: None, accept: None };
        let back = |household: &str, on: &str, amount: &str| ReturnPrincipal { scheme: "S5".into(), on: date(on), money: vec![(household.into(), yuan(amount))] };
        county.done("甲", ReceiveIncome { scheme: "S5".into(), on: date("2016-03-16"), amount: yuan("4284.94") }).await;
        county.done("甲", pay("A1", 1, "2016-03-16")).await;
        assert_eq!(county.refused("甲", back("H1", "2016-06-15", "50000.00")).await, "E-214", "a list is under way");
        county.done("乙", ReviewBatch { book: company.clone(), batch: "A1".into() }).await;
        county.done("甲", SendBatch { book: company.clone(), batch: "A1".into(), on: date("2016-03-17") }).await;
        county.done("甲", TakeResults { book: company.clone(), batch: "A1".into(), on: date("2016-03-18"), results: vec![], others_paid: true }).await;
        equal(&county, "income in advance").await;
        assert_eq!(county.done("甲", back("H1", "2016-06-15", "50000.00")).await.len(), 4, "principal and income on both books");
        equal(&county, "principal back within the period").await;
        assert_eq!(balance(&county, "R001", 2016, "2241", Some("H1")).await, yuan("-1008.22"), "92 of 184 days are owed back");
        assert_eq!(balance(&county, "C001", 2016, "215", None).await, Amount::ZERO, "the operator got its part back at once");
        county.done("甲", back("H2", "2016-06-15", "20000.00")).await;
        equal(&county, "a part of it back").await;
        assert_eq!(balance(&county, "R001", 2016, "2241", Some("H2")).await, yuan("-403.29"));
        let collect = |household: &str, amount: &str| CollectRefund { scheme: "S5".into(), on: date("2016-07-01"), money: vec![(household.into(), yuan(amount))] };
        assert_eq!(county.refused("甲", collect("H1", "1008.23")).await, "E-215");
        county.done("甲", collect("H1", "1008.22")).await;
        assert_eq!(balance(&county, "R001", 2016, "2241", Some("H1")).await, Amount::ZERO);
        equal(&county, "paid back").await;
        let mut reader = county.office.db.reader().await.unwrap();
        let card = cunzhang::household_card::store::card(&mut reader, "459900", "H2", date("2016-07-01")).await.unwrap();
        drop(reader);
        assert_eq!(card.total(Section::Due), yuan("-403.29"), "shown as owed back");
        county.done("甲", AccrueIncome { scheme: "S5".into(), on: date("2016-09-15") }).await;
        county.done("甲", ReceiveIncome { scheme: "S5".into(), on: date("2016-09-16"), amount: yuan("1264.52") }).await;
        let paid = county.done("甲", pay("A2", 2, "2016-09-16")).await;
        assert_eq!((paid.rows, paid.total), (1, yuan("786.85")), "1190.14 less 403.29");
        county.done("乙", ReviewBatch { book: company.clone(), batch: "A2".into() }).await;
        county.done("甲", SendBatch { book: company.clone(), batch: "A2".into(), on: date("2016-09-17") }).await;
        equal(&county, "a payment less what was owed back").await;
        assert_eq!(balance(&county, "R001", 2016, "2241", Some("H2")).await, Amount::ZERO);
        assert_eq!(county.refused("甲", collect("H2", "0.01")).await, "E-215", "deducted already");
    }

    /// The credit policy of the place and date decides; the loan register knows whose the loan is and how much is owed.
    async fn loan_money_follows_the_credit_policy(database: &TestDatabase) {
        use cunzhang::products::microloan::policy::{Policy, shipped};
        let county = County::lending(database.url(), "2016-03-15", 2).await;
        county.lend(county.application("L1", "H001", "B1", "50000.00", 36), "4.35").await;
        county.book("R001", EntityKind::Company, "2016-01").await;
        county.book("C001", EntityKind::Cooperative, "2016-01").await;
        let plain = |source| Terms { reinvest_rate: Rate::ZERO, reinvest_class: None, ..terms(source) };
        county.done("甲", OpenScheme { scheme: "S6".into(), terms: plain(FundSource::Loan) }).await;
        let hand = |household: &str, amount: &str, loan: &str| Entrust {
            scheme: "S6".into(), on: date("2016-03-15"),
            money: vec![Handed { household: household.into(), amount: yuan(amount), loan: Some(loan.into()), loan_matures_on: None }],
        };
        assert_eq!(county.refused("甲", hand("H002", "1000.00", "L1")).await, "E-304", "another's loan");
        assert_eq!(county.refused("甲", hand("H001", "50000.01", "L1")).await, "E-216", "more than is owed");
        county.done("甲", hand("H001", "30000.00", "L1")).await;
        assert_eq!(county.refused("甲", hand("H001", "20000.01", "L1")).await, "E-216", "with what is entrusted already");
        let mut reader = county.office.db.reader().await.unwrap();
        let moves = store::moves(&mut reader, "459900", "S6").await.unwrap();
        drop(reader);
        assert_eq!(moves[0].loan_matures_on, Some(date("2019-03-15")), "from the loan register");
        let own = shipped().into_iter().find(|row| row.policy == "guangxi-2015").unwrap();
        let banned = Policy { policy: "county-2016".into(), place: "459900".into(), entrusted_allowed: "no".into(), ..own };
        county.done("甲", cunzhang::products::microloan::policy::service::ImportPolicies { rows: vec![banned] }).await;
        assert_eq!(county.refused("甲", hand("H001", "1000.00", "L1")).await, "E-201", "the county's own row bans it");
        county.done("甲", OpenScheme { scheme: "S7".into(), terms: plain(FundSource::HouseholdGrant) }).await;
        county.done("甲", Entrust { scheme: "S7".into(), ..hand("H001", "1000.00", "L1") }).await;
    }
}
