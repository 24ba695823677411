//! Closing months and years, on both databases: the check list, the order, the transfers, the carrying.

mod support;

use std::collections::BTreeMap;

use cunzhang::controls::period_close::checks::Outcome;
use cunzhang::controls::period_close::service::{ClosePeriod, ReopenPeriod, TransferProfitAndLoss};
use cunzhang::controls::period_close::{service, store};
use cunzhang::controls::year_close::service::{CloseYear, OpenYear};
use cunzhang::ledger::books::service::PostOpening;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::vouchers::service::{KeepDrafts, MoveVouchers, Step};
use cunzhang::ledger::{BookCode, Dimensions, EntityKind, Voucher, VoucherId};
use support::TestDatabase;
use support::county::{County, date, simple, yuan};
use support::on_both_engines;

async fn post(county: &County, book: &BookCode, on: &str, debit: &str, credit: &str, amount: &str) {
    county.done("甲", PostVouchers { vouchers: vec![simple(book, on, debit, credit, amount)], event: None }).await;
}

fn close(book: &BookCode, period: &str) -> ClosePeriod {
    ClosePeriod { book: book.clone(), period: period.parse().unwrap(), reason: None }
}

fn close_year(book: &BookCode, year: i32, reserve: Option<&str>) -> CloseYear {
    let (choices, adjustments) = (Vec::new(), Vec::new());
    CloseYear { book: book.clone(), year, reserve_rate: reserve.map(Into::into), choices, adjustments }
}

/// Balances by account in fen, debit less credit, of a year through its end (or of its opening alone).
async fn balances(county: &County, book: &BookCode, from: &str, through: &str) -> BTreeMap<String, i64> {
    let mut reader = county.office.db.reader().await.unwrap();
    let span = (from.parse().unwrap(), through.parse().unwrap());
    let all = store::balances(&mut reader, "459900", book, span).await.unwrap();
    all.into_iter().map(|b| (b.account.to_string(), b.net.fen())).collect()
}

async fn opened(county: &County, code: &str) -> BookCode {
    let book = county.village(code).await;
    let lines = simple(&book, "2026-01-01", "102", "301", "1000.00").lines;
    county.done("甲", PostOpening { book: book.clone(), lines }).await;
    book
}

on_both_engines! {
    /// Months close in order, take nothing afterwards, and reopen from the last with a reason.
    async fn months_close_in_order(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = opened(&county, "V001").await;
        assert_eq!(county.refused("甲", close(&book, "2026-02")).await, "B-202");
        county.done("甲", close(&book, "2026-01")).await;
        assert_eq!(county.refused("甲", close(&book, "2026-01")).await, "B-204");
        let late = PostVouchers { vouchers: vec![simple(&book, "2026-01-31", "101", "102", "1.00")], event: None };
        assert_eq!(county.refused("甲", late).await, "L-201");
        let draft = KeepDrafts { book: book.clone(), vouchers: vec![simple(&book, "2026-01-31", "101", "102", "1.00")], skip_known: false };
        assert_eq!(county.refused("甲", draft).await, "L-201");
        county.done("甲", close(&book, "2026-02")).await;
        let reopen = |period: &str, reason: &str| ReopenPeriod { book: book.clone(), period: period.parse().unwrap(), reason: reason.into() };
        assert_eq!(county.refused("乙", reopen("2026-01", "漏记")).await, "B-203");
        assert_eq!(county.refused("乙", reopen("2026-02", " ")).await, "L-110");
        county.done("乙", reopen("2026-02", "漏记一笔")).await;
        post(&county, &book, "2026-02-03", "101", "102", "1.00").await;
    }

    /// An unposted voucher and negative cash block; the list names them.
    async fn what_blocks_is_named(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = opened(&county, "V001").await;
        post(&county, &book, "2026-01-10", "51301", "101", "5.00").await;
        post(&county, &book, "2026-01-11", "101", "102", "10.00").await;
        let kept = county.done("甲", KeepDrafts { book: book.clone(), vouchers: vec![simple(&book, "2026-01-12", "101", "102", "1.00")], skip_known: false }).await;
        let mut reader = county.office.db.reader().await.unwrap();
        let items = service::check(&mut reader, "459900", &book, "2026-01".parse().unwrap()).await.unwrap();
        let found = |check: &str| items.iter().find(|item| item.check == check).unwrap().findings.join(" ");
        assert!(found("cash").contains("2026-01-10") && found("cash").contains("-5.00"), "{}", found("cash"));
        assert!(found("unposted").contains("2026-01-记-3 草稿"));
        assert_eq!(found("balance") + &found("gaps") + &found("statements"), "");
        assert_eq!(county.refused("甲", close(&book, "2026-01")).await, "B-201");
        let void = MoveVouchers { book: book.clone(), vouchers: vec![VoucherId(kept.numbered[0].1.0)], step: Step::Void, reason: None };
        county.done("甲", void).await;
        post(&county, &book, "2026-01-09", "101", "102", "5.00").await;
        county.done("甲", close(&book, "2026-01")).await;
    }

    /// The year's end moves income and expense to undistributed, takes the reserve, carries every balance; again moves only what is new.
    async fn a_year_ends(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = opened(&county, "V001").await;
        post(&county, &book, "2026-03-10", "102", "50101", "400.00").await;
        post(&county, &book, "2026-04-10", "51301", "102", "100.00").await;
        county.done("甲", TransferProfitAndLoss { book: book.clone(), period: "2026-06".parse().unwrap() }).await;
        post(&county, &book, "2026-11-10", "51301", "102", "50.00").await;
        assert_eq!(county.refused("甲", close_year(&book, 2026, None)).await, "B-202");
        for month in 1..=11 {
            county.done("甲", close(&book, &format!("2026-{month:02}"))).await;
        }
        assert_eq!(county.refused("甲", close(&book, "2026-12")).await, "B-205");
        county.done("甲", OpenYear { book: book.clone(), year: 2027 }).await;
        post(&county, &book, "2027-01-02", "101", "102", "20.00").await;
        let closed = county.done("甲", close_year(&book, 2026, Some("10"))).await;
        assert_eq!(closed.vouchers.len(), 5, "{:?}", closed.vouchers);
        let expected: BTreeMap<String, i64> = [("102", 125_000), ("301", -100_000), ("311", -2_500), ("32202", -22_500)].map(|(a, n)| (a.to_owned(), n)).into();
        assert_eq!(balances(&county, &book, "2026-00", "2026-12").await, expected);
        assert_eq!(balances(&county, &book, "2027-00", "2027-00").await, expected);
        assert_eq!(county.refused("甲", close_year(&book, 2026, None)).await, "B-207");
        county.done("乙", ReopenPeriod { book: book.clone(), period: "2026-12".parse().unwrap(), reason: "审计调整".into() }).await;
        post(&county, &book, "2026-12-31", "51301", "102", "7.00").await;
        county.done("甲", close_year(&book, 2026, None)).await;
        let opening = balances(&county, &book, "2027-00", "2027-00").await;
        assert_eq!(opening, balances(&county, &book, "2026-00", "2026-12").await);
        assert_eq!((opening["102"], opening["32202"]), (124_300, -21_800));
    }

    /// A cooperative of 2022 changes regime at the year's end; the carried balances stand on the new chart.
    async fn a_regime_changes(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.book("C001", EntityKind::Cooperative, "2022-01").await;
        post(&county, &book, "2022-03-10", "102", "501", "400.00").await;
        post(&county, &book, "2022-03-11", "522", "102", "100.00").await;
        for month in 1..=11 {
            county.done("甲", close(&book, &format!("2022-{month:02}"))).await;
        }
        county.done("甲", close_year(&book, 2022, None)).await;
        let opening = balances(&county, &book, "2023-00", "2023-00").await;
        assert_eq!(opening, [("102".to_owned(), 30_000), ("33202".to_owned(), -30_000)].into());
        post(&county, &book, "2023-01-10", "523", "102", "1.00").await;
    }

    /// Special funds of a project that no register knows, below zero: the check names project and figure, and the year does not
    /// close over it.
    async fn a_project_below_zero_is_named(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = opened(&county, "V001").await;
        let of = || Dimensions { project: Some("P9".into()), ..Dimensions::default() };
        let draft = Voucher::on(&book, date("2026-01-08"), "付工程款").debit(&"241".into(), yuan("3.00"), of());
        let voucher = draft.credit(&"102".into(), yuan("3.00"), Dimensions::default()).balanced().unwrap();
        county.done("甲", PostVouchers { vouchers: vec![voucher], event: None }).await;
        let mut reader = county.office.db.reader().await.unwrap();
        let items = service::check(&mut reader, "459900", &book, "2026-01".parse().unwrap()).await.unwrap();
        drop(reader);
        let item = items.iter().find(|item| item.check == "projects").unwrap();
        assert_eq!((item.outcome, item.findings.as_slice()), (Outcome::Warned, &["项目 P9 科目 241 余额 -3.00".to_owned()][..]));
        for month in 1..=11 {
            county.done("甲", close(&book, &format!("2026-{month:02}"))).await;
        }
        assert_eq!(county.refused("甲", close_year(&book, 2026, None)).await, "B-201");
    }

    /// Members' distributions beyond what there is are refused.
    async fn no_more_than_there_is(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = opened(&county, "V001").await;
        post(&county, &book, "2026-03-10", "102", "50101", "10.00").await;
        post(&county, &book, "2026-12-20", "3220102", "21102", "11.00").await;
        for month in 1..=11 {
            county.done("甲", close(&book, &format!("2026-{month:02}"))).await;
        }
        assert_eq!(county.refused("甲", close_year(&book, 2026, None)).await, "B-206");
    }
}
