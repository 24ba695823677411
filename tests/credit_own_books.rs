//! Loans of entities that keep books here: every entry of the loan stands in the own book too, in the same act.

mod support;

use cunzhang::ledger::{BookCode, EntityKind};
use cunzhang::money::Amount;
use cunzhang::office::Act;
use cunzhang::products::microloan::Happening;
use cunzhang::products::microloan::Towards;
use cunzhang::products::microloan::subsidy::service::{BatchStep, ReceiveSubsidy, StepBatch, subsidy_run};
use sqlx::Row;
use support::TestDatabase;
use support::county::{County, actor, date, yuan};
use support::on_both_engines;

/// Debit − credit of an account, as the book says.
async fn balance(county: &County, book: &str, account: &str) -> Amount {
    let mut tx = county.office.db.reader().await.expect("a reader");
    let sql = "select cast(coalesce(sum(debit_cents - credit_cents), 0) as bigint) from period_movement where county = '459900' \
         and book = $1 and account = $2 and dimension = ''";
    let row = sqlx::query(sql).bind(book).bind(account).fetch_one(&mut *tx).await.expect("reads");
    Amount::from_fen(row.get(0))
}

async fn balances<const N: usize>(county: &County, book: &str, accounts: [&str; N]) -> [String; N] {
    let mut found = [const { String::new() }; N];
    for (at, account) in accounts.into_iter().enumerate() {
        found[at] = balance(county, book, account).await.to_string();
    }
    found
}

async fn reversed(county: &County, book: &str) -> i64 {
    let mut tx = county.office.db.reader().await.expect("a reader");
    let sql = "select count(*) from voucher where county = '459900' and book = $1 and reverses is not null";
    sqlx::query(sql).bind(book).fetch_one(&mut *tx).await.expect("reads").get(0)
}

async fn step(county: &County, user: &str, step: BatchStep) -> Amount {
    county.done(user, StepBatch { batch: "2023Q1".into(), step }).await
}

on_both_engines! {
    /// Money paid out, interest, repayment, subsidy to the entity, a payment that came back, a repayment known late.
    async fn a_cooperative_borrows(database: &TestDatabase) {
        let county = County::lending(database.url(), "2023-01-05", 2).await;
        county.book("C001", EntityKind::Cooperative, "2023-01").await;
        county.lend(county.application("E1", "C001", "B1", "200000", 12), "4.00").await;
        assert_eq!(balances(&county, "C001", ["102", "201", "52401", "215"]).await, ["200000.00", "-200000.00", "0.00", "0.00"]);
        county.settle("2023-03-20").await;
        assert_eq!(balances(&county, "C001", ["52401", "215"]).await, ["1666.67", "-1666.67"]);
        county.clock.set(date("2023-03-21"));
        county.repay("E1", "2023-03-21", "1666.67").await;
        assert_eq!(balances(&county, "C001", ["102", "215"]).await, ["198333.33", "0.00"]);
        county.clock.set(date("2023-03-31"));
        let on = date("2023-03-31");
        assert!(subsidy_run(&county.office, &actor("甲"), "2023Q1", &mut |_| true).await.expect("runs"));
        step(&county, "乙", BatchStep::Review).await;
        step(&county, "甲", BatchStep::Announce { on }).await;
        assert_eq!(step(&county, "乙", BatchStep::Approve { on }).await, yuan("833.33"));
        let (book, document) = (BookCode::from("S"), "青财〔3〕号".to_owned());
        county.done("甲", ReceiveSubsidy { book, amount: yuan("1000"), on, document }).await;
        step(&county, "甲", BatchStep::Pay { on }).await;
        assert_eq!(balances(&county, "C001", ["102", "502"]).await, ["199166.66", "-833.33"]);
        step(&county, "甲", BatchStep::Return { on, payees: vec!["C001".into()] }).await;
        assert_eq!(balances(&county, "C001", ["102", "502"]).await, ["198333.33", "0.00"]);
        step(&county, "甲", BatchStep::Pay { on }).await;
        assert_eq!(reversed(&county, "C001").await, 0);
        // 50,000 had been repaid in February, which the bank tells in May: 36 days of 200,000, 39 of 150,000.
        county.clock.set(date("2023-05-10"));
        county.repay("E1", "2023-02-10", "50000").await;
        assert!(reversed(&county, "C001").await > 0);
        let (_, principal, interest, _) = county.standing("E1").await;
        assert_eq!((principal, interest), (yuan("149783.33"), Amount::ZERO));
        assert_eq!(balances(&county, "C001", ["201", "52401", "215"]).await, ["-149783.33", "1450.00", "0.00"]);
        assert_eq!(balance(&county, "C001", "102").await, yuan("200000") - yuan("50000") - yuan("1666.67") + yuan("833.33"));
        county.verified().await;
    }

    /// A village's long loan, and a book that has no month open: the run names it and settles the others.
    async fn a_village_without_an_open_month(database: &TestDatabase) {
        let county = County::lending(database.url(), "2024-01-05", 2).await;
        county.book("V001", EntityKind::Village, "2024-01").await;
        county.lend(county.application("E1", "V001", "B1", "100000", 36), "4.00").await;
        county.lend(county.application("L1", "H001", "B1", "50000", 36), "3.95").await;
        county.settle("2024-03-20").await;
        assert_eq!(balances(&county, "V001", ["102", "221", "51501", "21102"]).await, ["100000.00", "-100000.00", "844.44", "-844.44"]);
        let progress = county.settle("2025-03-20").await;
        let failed: Vec<_> = progress.failed.iter().map(|(loan, why)| (loan.as_str(), why.code.as_str())).collect();
        assert_eq!((failed, progress.changes.loans), (vec![("E1", "M-140")], 1));
        let paid = Happening::Repaid { amount: yuan("10"), towards: Towards::Any };
        assert_eq!(county.refused("甲", County::entry("E1", date("2025-03-20"), paid)).await, "M-140");
        let open = cunzhang::controls::year_close::service::OpenYear { book: BookCode::from("V001"), year: 2025 };
        county.done("甲", open).await;
        let progress = county.settle("2025-03-20").await;
        assert_eq!((progress.failed.len(), progress.changes.rows), (0, 4));
        // 441 days in all, each row rounded by itself.
        assert_eq!(balance(&county, "V001", "21102").await, -county.standing("E1").await.2);
        county.verified().await;
        assert_eq!(StepBatch::KIND, "subsidy.step");
    }
}
