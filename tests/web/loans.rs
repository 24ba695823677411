//! S09: the loan register is of the day asked, whatever was settled by then.

use axum::http::StatusCode;
use cunzhang::access::service::AddUser;
use cunzhang::products::microloan::reports::RegisterLine;
use cunzhang::products::microloan::service::{register_on, settle_run};
use cunzhang::products::microloan::store::figures::Wanted;
use cunzhang::products::microloan::store::{facts, figures, heads};
use cunzhang::products::microloan::timeline::timeline;

use crate::office::{PEOPLE, WebOffice};
use crate::support::county::{County, actor, date};
use crate::support::{TestDatabase, on_both_engines};

/// An administrator, the county's officer, and the officer of one bank.
const LENDERS: [(&str, &str, &str); 3] =
    [("guanli", "administrator", ""), ("xianban", "officer", ""), ("nongshang", "bank", "B1")];

/// The register as of a day.
async fn register(county: &County, day: &str) -> Vec<RegisterLine> {
    let mut tx = county.office.db.reader().await.unwrap();
    register_on(&mut tx, "459900", &Wanted::default(), ("", 1_000), (date(day), county.office.today())).await.unwrap()
}

/// The principal a loan's receipts were applied to, in fen.
async fn repaid(county: &County, loan: &str) -> i64 {
    let mut tx = county.office.db.reader().await.unwrap();
    let keys = serde_json::json!([[loan]]).to_string();
    let head = heads::heads(&mut tx, "459900", &keys).await.unwrap().remove(0);
    let facts = facts(&mut tx, "459900", &keys).await.unwrap().remove(loan).unwrap();
    let line = timeline(loan, &head.contract.unwrap(), &facts, county.office.today()).unwrap();
    line.applications.iter().map(|applied| applied.principal.fen()).sum()
}

on_both_engines! {
    /// S09-A2: what is owed is what was paid out less what was repaid, on every row.
    /// What the register says before a settlement is what the standings say after it; a day gone by is as it was then.
    async fn the_register_is_of_the_day_asked(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 3).await;
        county.contribute("B1", "1000000.00").await;
        county.lend(county.application("L1", "H001", "B1", "50000", 12), "3.70").await;
        county.lend(county.application("L2", "H002", "B1", "30000", 36), "3.70").await;
        county.settle("2022-04-01").await;
        let spring = register(&county, "2022-04-01").await;
        county.clock.set(date("2022-05-10"));
        county.lend(county.application("L3", "H003", "B1", "20000", 36), "3.70").await;
        county.repay("L2", "2022-05-10", "10000.00").await;
        // L1 falls due in January 2023 and is not paid; nothing is settled meanwhile.
        county.clock.set(date("2023-03-15"));
        let office = WebOffice::over(county, &PEOPLE[..8]).await;
        let county = &office.county;
        let officer = office.log_in("xianban").await;
        let page = office.get("/loans", &officer).await.body;
        assert!(page.contains("数据截至") && page.contains("截至 2023-03-15") && page.contains("3 笔贷款有到期的本息"), "{page}");
        let before = register(county, "2023-03-15").await;
        assert!(before.iter().any(|line| line.0.0 == "L1" && line.1.1 == "overdue" && line.2.0 == 5_000_000 && line.2.1 > 0), "{before:?}");
        for line in &before {
            assert_eq!(line.1.3, line.1.2 - repaid(county, &line.0.0).await, "{line:?}");
        }
        let mut go_on = |_: &_| true;
        settle_run(&county.office, &actor("xianban"), date("2023-03-15"), &mut go_on).await.expect("the run is not stopped");
        let mut tx = county.office.db.reader().await.unwrap();
        let standing: Vec<RegisterLine> =
            figures::register(&mut tx, "459900", &Wanted::default(), ("", 1_000)).await.unwrap().into_iter().map(|dated| dated.line).collect();
        drop(tx);
        assert_eq!(before, standing);
        assert_eq!(before, register(county, "2023-03-15").await);
        assert_eq!(spring, register(county, "2022-04-01").await, "L3 came later, and L2 owed all of it");
        let page = office.get("/loans?on=2022-04-01", &officer).await.body;
        assert!(page.contains("截至 2022-04-01") && page.contains("/loans/L2") && !page.contains("/loans/L3"), "{page}");
        // The page of a loan says the state of the day and tells what happened in words, times and people as here.
        let page = office.get("/loans/L1", &officer).await.body;
        assert!(page.contains("逾期<small>截至 2023-03-15") && page.contains(">放款</td>") && page.contains(">余额</td>"), "{page}");
        for word in ["disbursed", "{&quot;", "{&#34;", "Z</td>"] {
            assert!(!page.contains(word), "{word}: {page}");
        }
        let ahead = office.get("/loans?on=2023-03-16", &officer).await;
        assert!(ahead.status == StatusCode::UNPROCESSABLE_ENTITY && ahead.body.contains("W-102"), "{}", ahead.body);
    }

    /// S19: an officer of one bank sees and keeps that bank's loans; every way to another bank's is shut.
    async fn a_banks_officer_has_the_banks_own_loans(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 3).await;
        county.contribute("B1", "1000000.00").await;
        county.contribute("B2", "1000000.00").await;
        county.lend(county.application("L1", "H001", "B1", "50000", 12), "3.70").await;
        county.lend(county.application("L2", "H002", "B2", "30000", 36), "3.70").await;
        let office = WebOffice::over(county, &LENDERS).await;
        let nowhere = AddUser { user: "wuming".into(), name: "无名".into(), role: "bank".into(), scope: String::new() };
        assert_eq!(office.county.refused("guanli", nowhere).await, "N-109");
        let officer = office.log_in("nongshang").await;
        assert_eq!(office.get("/", &officer).await.location, "/home");
        let page = office.get("/loans", &officer).await.body;
        assert!(page.contains("/loans/L1") && !page.contains("/loans/L2") && !page.contains("青禾村镇银行"), "{page}");
        for read in ["/do/loan/list", "/api/v1/loan/list", "/loans?report=due&on=2022-01-05", "/desks/lending", "/desks/subsidy"] {
            let reply = office.get(read, &officer).await;
            assert!(reply.status.is_success() && !reply.body.contains("L2"), "{read}: {}", reply.body);
        }
        assert!(office.get("/loans/L1", &officer).await.status.is_success());
        for shut in ["/loans/L2", "/loans?bank=B2", "/do/loan/show?loan=L2", "/api/v1/loan/show?loan=L2", "/households/H001", "/desks/fund"] {
            assert_eq!(office.get(shut, &officer).await.status, StatusCode::FORBIDDEN, "{shut}");
        }
        for (loan, answer) in [("L1", StatusCode::OK), ("L2", StatusCode::FORBIDDEN)] {
            let typed = [("loan", loan), ("amount", "1000"), ("key", loan)];
            assert_eq!(office.post("/do/loan/repay", &officer, &typed).await.status, answer, "{loan}");
        }
        let applied = office.post("/do/loan/approve", &officer, &[("loans", "L1"), ("key", "k")]).await;
        assert_eq!(applied.status, StatusCode::FORBIDDEN);
    }

    /// S09: the register is narrowed by village, bank, state and borrower; its sums are those of the loans chosen.
    async fn the_register_shows_the_loans_asked_for(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 3).await;
        county.contribute("B1", "1000000.00").await;
        county.contribute("B2", "1000000.00").await;
        county.lend(county.application("L1", "H001", "B1", "50000", 12), "3.70").await;
        county.lend(county.application("L2", "H002", "B2", "30000", 36), "3.70").await;
        county.lend(county.application("L3", "H003", "B1", "20000", 36), "3.70").await;
        county.clock.set(date("2023-03-15"));
        let office = WebOffice::over(county, &LENDERS).await;
        let officer = office.log_in("xianban").await;
        for (asked, shown, sum) in [
            ("", "L1 L2 L3", "100,000.00"),
            ("bank=B1", "L1 L3", "70,000.00"),
            ("bank=B1&state=%E9%80%BE%E6%9C%9F", "L1", "50,000.00"),
            ("state=%E6%AD%A3%E5%B8%B8", "L2 L3", "50,000.00"),
            ("village=dpc", "L1 L2 L3", "100,000.00"),
            ("village=459900101", "L1 L2 L3", "100,000.00"),
            ("village=%E5%B0%8F%E5%9D%AA", "", ""),
            ("borrower=%E6%89%8E%E8%A5%BF", "L1 L2 L3", "100,000.00"),
            ("borrower=%25", "", ""),
        ] {
            let page = office.get(&format!("/loans?{asked}"), &officer).await.body;
            let found: Vec<&str> = ["L1", "L2", "L3"].into_iter().filter(|loan| page.contains(&format!("/loans/{loan}"))).collect();
            assert_eq!(found.join(" "), shown, "{asked}: {page}");
            assert!(!page.contains("其中逾期 "), "L1 fell due and nothing is settled: no sum of it stands: {page}");
            assert!(page.contains(sum) && page.contains("没有符合条件的贷款") == shown.is_empty(), "{asked}: {page}");
        }
        let page = office.get("/loans", &officer).await.body;
        assert!(page.contains("大坪村") && page.contains(">青禾农商行</td>") && !page.contains("459900101201"), "names, not codes: {page}");
    }
}
