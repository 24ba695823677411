//! A hand-checked year of one cooperative on both databases: shares, a grant, trade, surplus, distribution, payment, the year's close;
//! statements 01–03 and the members' accounts tie to the fen.

mod support;

use std::collections::BTreeMap;

use cunzhang::controls::equalities::service::check_equalities;
use cunzhang::controls::period_close::service::ClosePeriod;
use cunzhang::controls::year_close::service::CloseYear;
use cunzhang::household_card::{Section, store as cards};
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::{AccountCode, BookCode, Dimension, Dimensions, EntityKind, Voucher};
use cunzhang::money::{Amount, Rate};
use cunzhang::payouts::list::Payee;
use cunzhang::payouts::service::draw_up::{KeepPayees, ReviewBatch};
use cunzhang::payouts::service::sending::{SendBatch, TakeResults};
use cunzhang::payouts::service::sources::PayDividend;
use cunzhang::products::cooperative_shares::class::{ClassKind, ShareClass, Source};
use cunzhang::products::cooperative_shares::plan::{Method, Terms};
use cunzhang::products::cooperative_shares::service::accounts::from_register;
use cunzhang::products::cooperative_shares::service::register::{AddShareClasses, KeepTrade, Quantify, Subscribe, Subscription};
use cunzhang::products::cooperative_shares::service::steps::{ArchivePlan, PostPlan, PublishPlan, ReviewPlan};
use cunzhang::products::cooperative_shares::service::year_end::{DraftPlan, SettleResult};
use cunzhang::products::cooperative_shares::store::register::Trade;
use cunzhang::statements::member_account::member_accounts;
use cunzhang::statements::service::Keeping;
use cunzhang::statements::{balance_sheet::balance_sheet, equity::equity, surplus::surplus};
use support::TestDatabase;
use support::county::{County, date, simple, yuan};
use support::on_both_engines;

const COUNTY: &str = "459900";

async fn post(county: &County, vouchers: Vec<Voucher>) {
    county.done("甲", PostVouchers { vouchers, event: None }).await;
}

/// 235 needs its project.
fn with_project(book: &BookCode, on: &str, (debit, credit): (&str, &str), amount: &str) -> Voucher {
    let of = |account: &str| Dimensions { project: (account == "235").then(|| "G1".to_owned()), ..Dimensions::default() };
    let draft = Voucher::on(book, date(on), "财政补助").debit(&AccountCode::from(debit), yuan(amount), of(debit));
    draft.credit(&AccountCode::from(credit), yuan(amount), of(credit)).balanced().unwrap()
}

async fn business(county: &County, book: &BookCode) {
    let quantified = ShareClass::ordinary("Q", "量化股", ClassKind::Quantified);
    let classes = vec![ShareClass::ordinary("A", "资金股", ClassKind::Subscribed), quantified];
    county.done("甲", AddShareClasses { book: book.clone(), classes }).await;
    for (member, source, amount) in [
        ("H1", Source::OwnCash, "100000.00"),
        ("H2", Source::HouseholdGrant, "60000.00"),
        ("V001", Source::RevolvingFund, "40000.00"),
    ] {
        let one = Subscription { member: member.into(), source, paid: yuan(amount), assets: vec![], shares: yuan(amount) };
        let subscribe = Subscribe {
            book: book.clone(),
            on: date("2026-01-05"),
            class: "A".into(),
            money_account: AccountCode::from("102"),
            subscriptions: vec![one],
            document: "协议".into(),
            investor_book: None,
            investor_project: None,
        };
        county.done("甲", subscribe).await;
    }
    let grant = vec![
        with_project(book, "2026-02-01", ("102", "235"), "90000.00"),
        simple(book, "2026-02-10", "151", "102", "90000.00"),
        with_project(book, "2026-02-10", ("235", "311"), "90000.00"),
    ];
    post(county, grant).await;
    let members = ["H1", "H2", "V001"].map(|member| (member.to_owned(), 1)).to_vec();
    let quantify = Quantify {
        book: book.clone(),
        on: date("2026-03-01"),
        class: "Q".into(),
        source: Source::FiscalFund,
        amount: yuan("90000.00"),
        members,
        document: "量化方案".into(),
    };
    county.done("甲", quantify).await;
    let trade = [("H1", "20000.00"), ("H2", "10000.00")];
    let trade = trade
        .map(|(member, amount)| Trade {
            member: member.into(),
            product: "香柚".into(),
            volume: "10吨".into(),
            amount: yuan(amount),
        })
        .to_vec();
    county.done("甲", KeepTrade { book: book.clone(), year: 2026, trade }).await;
    post(
        county,
        vec![
            simple(book, "2026-09-01", "102", "501", "80000.00"),
            simple(book, "2026-09-02", "521", "102", "25000.00"),
            simple(book, "2026-09-03", "523", "102", "5000.00"),
        ],
    )
    .await;
}

async fn distribution(county: &County, book: &BookCode) {
    county.clock.set(date("2026-12-10"));
    county.done("甲", SettleResult { book: book.clone(), year: 2026 }).await;
    let terms = Terms {
        year: 2026,
        reserve_rate: "10".parse().unwrap(),
        refund_rate: "60".parse().unwrap(),
        basis: None,
        remaining: Some(yuan("17000.00")),
        method: Method::RecordDate(date("2026-12-01")),
        tax_rate: Rate::ZERO,
    };
    let drafted = county.done("甲", DraftPlan { book: book.clone(), terms }).await;
    assert_eq!(
        (drafted.pools.reserve, drafted.pools.distributable, drafted.pools.refunds),
        (yuan("5000.00"), yuan("45000.00"), yuan("27000.00"))
    );
    county.done("乙", ReviewPlan { book: book.clone(), plan: 1 }).await;
    county
        .done(
            "甲",
            PublishPlan {
                book: book.clone(),
                plan: 1,
                from: date("2026-12-11"),
                through: date("2026-12-18"),
                document: "公示".into(),
            },
        )
        .await;
    county.clock.set(date("2026-12-20"));
    assert_eq!(county.done("甲", PostPlan { book: book.clone(), plan: 1, on: date("2026-12-20") }).await.vouchers.len(), 1);
    let payee = |party: &str| Payee {
        party: party.into(),
        name: party.into(),
        account_name: party.into(),
        account: format!("62{party}"),
        ..Payee::default()
    };
    county.done("县管理", KeepPayees { payees: ["H1", "H2", "V001"].map(payee).to_vec() }).await;
    county
        .done(
            "甲",
            PayDividend {
                book: book.clone(),
                plan: 1,
                batch: "D1".into(),
                on: date("2026-12-21"),
                money_account: None,
                accept: None,
            },
        )
        .await;
    county.done("乙", ReviewBatch { book: book.clone(), batch: "D1".into() }).await;
    county.done("甲", SendBatch { book: book.clone(), batch: "D1".into(), on: date("2026-12-21") }).await;
    county
        .done(
            "甲",
            TakeResults { book: book.clone(), batch: "D1".into(), on: date("2026-12-22"), results: vec![], others_paid: true },
        )
        .await;
    county.done("甲", ArchivePlan { book: book.clone(), plan: 1 }).await;
}

on_both_engines! {
    /// Every figure below was computed by hand before the program computed it.
    async fn the_year_ties_to_the_fen(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.book("C001", EntityKind::Cooperative, "2026-01").await;
        business(&county, &book).await;
        distribution(&county, &book).await;
        for month in 1..=11 {
            let period = format!("2026-{month:02}").parse().unwrap();
            county.done("甲", ClosePeriod { book: book.clone(), period, reason: None }).await;
        }
        county.done("甲", CloseYear { book: book.clone(), year: 2026, reserve_rate: None, choices: vec![], adjustments: vec![] }).await;
        let mut tx = county.office.db.reader().await.unwrap();
        let at = "2026-12".parse().unwrap();
        let keeping = Keeping::load(&mut tx, COUNTY, &book, 2026).await.unwrap();
        let rows = keeping.rows(&mut tx, at, None).await.unwrap();
        let sheet = balance_sheet(keeping.regime, &keeping.chart, &rows, at).unwrap();
        let result = surplus(keeping.regime, &keeping.chart, &rows, at, None).unwrap();
        let changes = equity(keeping.regime, &keeping.chart, &rows, at, &BTreeMap::new()).unwrap();
        for (line, amount) in [("1", "206000.00"), ("12", "90000.00"), ("22", "296000.00"), ("29", "0.00"), ("30", "0.00"), ("36", "200000.00"),
            ("37", "90000.00"), ("39", "5000.00"), ("40", "1000.00"), ("41", "296000.00")] {
            assert_eq!(sheet.amount(line), yuan(amount), "会农社01表 line {line}");
        }
        for (line, amount) in [("1", "80000.00"), ("12", "50000.00"), ("15", "5000.00"), ("16", "45000.00"), ("17", "27000.00"), ("18", "17000.00"), ("20", "1000.00")] {
            assert_eq!(result.amount(line), yuan(amount), "会农社02表 line {line}");
        }
        let closings: Vec<String> = changes.columns.iter().map(|column| column.closing.to_string()).collect();
        assert_eq!(closings, ["200000.00", "90000.00", "0.00", "5000.00", "1000.00"]);
        assert!(sheet.checks.iter().chain(&result.checks).chain(&changes.checks).all(|check| check.holds));
        let parties = keeping.rows(&mut tx, at, Some(Dimension::Party)).await.unwrap();
        let register = from_register(&mut tx, COUNTY, &book, at).await.unwrap();
        let accounts = member_accounts(&keeping.chart, &parties, at, &register).unwrap();
        assert!(accounts.checks.iter().all(|check| check.holds), "{:?}", accounts.checks);
        let of = |member: &str| accounts.accounts.iter().find(|account| account.member == member).unwrap().closing;
        assert_eq!((of("H1").contribution_other, of("H1").fiscal_grant_share), (yuan("100000.00"), yuan("30000.00")));
        assert_eq!((of("H1").patronage_refund, of("H1").remaining_surplus), (yuan("18000.00"), yuan("7620.69")));
        assert_eq!((of("H2").contribution_from_poverty_assets, of("H2").contribution_other), (yuan("60000.00"), Amount::ZERO));
        assert_eq!((of("H2").patronage_refund, of("H2").remaining_surplus), (yuan("9000.00"), yuan("5275.86")));
        assert_eq!((of("V001").patronage_refund, of("V001").remaining_surplus), (Amount::ZERO, yuan("4103.45")));
        assert_eq!(accounts.accounts.iter().map(|a| a.closing.fiscal_grant_share).sum::<Amount>(), sheet.amount("37"), "Σ quantified = 311");
        let contributed = accounts.accounts.iter().map(|a| a.closing.contribution_from_poverty_assets + a.closing.contribution_other);
        assert_eq!(contributed.sum::<Amount>(), sheet.amount("36"), "Σ 出资额 = 301");
        assert_eq!(result.amount("20"), sheet.amount("40"), "会农社02表 line 20 = 会农社01表 line 40");
        let mut received = Amount::ZERO;
        for member in ["H1", "H2", "V001"] {
            let card = cards::card(&mut tx, COUNTY, member, date("2026-12-31")).await.unwrap();
            assert_eq!(card.total(Section::Due), Amount::ZERO);
            received += card.total(Section::Received);
        }
        assert_eq!(received, yuan("44000.00"), "each yuan once");
        assert_eq!(check_equalities(&mut tx, COUNTY).await.unwrap(), []);
    }
}
