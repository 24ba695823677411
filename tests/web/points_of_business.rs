//! What the screens of business must hold, point by point: S09 to S13 and S19. The points proven elsewhere carry their names there.

use std::fmt::Write as _;

use axum::http::StatusCode;
use cunzhang::calendar::DayCount;
use cunzhang::ledger::{BookCode, EntityKind};
use cunzhang::money::Rate;
use cunzhang::parties::household::{Household, HouseholdStatus};
use cunzhang::parties::service::RegisterHouseholds;
use cunzhang::payouts::service::entrusting::Entrust;
use cunzhang::products::entrusted_funds::facts::Handed;
use cunzhang::products::entrusted_funds::scheme::{Anchor, Bearer, Form, Frequency, FundSource, Role, Terms, Timing};
use cunzhang::products::entrusted_funds::service::opening::OpenScheme;
use cunzhang::products::microloan::subsidy::service::subsidy_run;

use crate::bank::send_file;
use crate::office::{PEOPLE, WebOffice};
use crate::points_of_books::rows;
use crate::support::county::{County, actor, date, yuan};
use crate::support::credit::{household, resident_id};
use crate::support::{TestDatabase, on_both_engines};

/// People of the whole county.
async fn over(county: County) -> WebOffice {
    WebOffice::over(county, &PEOPLE[..8]).await
}

/// Entrusted money at 8 % through a company to a cooperative.
fn terms() -> Terms {
    Terms {
        name: "香柚基地".into(),
        place: "459900101201".into(),
        form: Form::Debt,
        source: FundSource::Loan,
        company_book: Some(BookCode::from("R001")),
        operator_book: Some(BookCode::from("C001")),
        operator: "C001".into(),
        rate: "8".parse().unwrap(),
        operator_rate: "8.5".parse().unwrap(),
        day_count: DayCount::Actual365,
        frequency: Frequency::Yearly,
        timing: Timing::Arrears,
        anchor: Anchor::Calendar,
        reinvest_rate: Rate::ZERO,
        reinvest_class: None,
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

on_both_engines! {
    /// S09-A1: 50,000.01 yuan or 37 months are refused with the rule; what was typed stays. S09-A3: a loan whose money is
    /// entrusted shows who runs it and what a year of it gives the household.
    async fn s09_limits_and_entrusted_money(database: &TestDatabase) {
        let county = County::lending(database.url(), "2016-03-15", 2).await;
        county.lend(county.application("L1", "H001", "B1", "50000.00", 36), "4.35").await;
        for (book, kind) in [("R001", EntityKind::Company), ("C001", EntityKind::Cooperative)] {
            county.book(book, kind, "2016-01").await;
        }
        county.done("甲", OpenScheme { scheme: "S6".into(), terms: terms() }).await;
        let money = vec![Handed { household: "H001".into(), amount: yuan("30000.00"), loan: Some("L1".into()), loan_matures_on: None }];
        county.done("甲", Entrust { scheme: "S6".into(), on: date("2016-03-15"), money }).await;
        let office = over(county).await;
        let officer = office.log_in("xianban").await;
        for (key, amount, months) in [("a1", "50000.01", "36"), ("a2", "50000.00", "37")] {
            let form = [("key", key), ("loan", "L9"), ("household", "H002"), ("bank", "B1"), ("amount", amount), ("months", months), ("purpose", "养殖"), ("on", "2016-03-15")];
            let refused = office.post("/do/loan/apply", &officer, &form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
            let rule = if months == "37" { "36" } else { "50000" };
            assert!(refused.body.contains("M-306") && refused.body.replace(',', "").contains(rule) && refused.body.contains(&format!("value=\"{amount}\"")), "{}", refused.body);
        }
        let page = office.get("/loans/L1", &officer).await.body;
        let scheme = rows(&page).into_iter().find(|row| row.first().is_some_and(|cell| cell == "S6")).unwrap_or_else(|| panic!("{page}"));
        assert!(page.contains("委托经营") && scheme.contains(&"C001".to_owned()), "{scheme:?}");
        assert!(scheme.contains(&"30,000.00".to_owned()) && scheme.contains(&"2,400.00".to_owned()), "8 % of 30,000: {scheme:?}");
    }

    /// S10-A5: a file of 5,000 rows is looked at in one page. S10-A6: a rare character arrives unchanged.
    /// S10-A7: ids of 18 digits keep every digit.
    async fn s10_rows_characters_and_digits(database: &TestDatabase) {
        let office = over(County::lending(database.url(), "2022-01-05", 0).await).await;
        let officer = office.log_in("xianban").await;
        let id = resident_id("1990-03-07", 18);
        let rare = "王\u{2CEB2}";
        let mut file = "户编号,村代码,姓名,身份证号,户类型,认定日期\r\n".to_owned();
        for n in 0..5_000 {
            let (name, id) = if n == 4_321 { (rare.to_owned(), id.clone()) } else { (format!("户主{n}"), resident_id(&format!("19{:02}-0{}-1{}", 50 + n / 900, 1 + n / 300 % 3, n / 100 % 3), n % 100 + 100 * (n / 2_700) + 1)) };
            let _ = write!(file, "H{n:04},459900101201,{name},{id},脱贫户,2015-01-01\r\n");
        }
        let fields = [("key", "p1"), ("act", "preview")];
        let looked = send_file(&office, "/do/household/import", &officer, &fields, ("农户.csv", file.as_bytes())).await;
        assert!(looked.status == StatusCode::OK && looked.body.contains("5000"), "{}", &looked.body[..looked.body.len().min(4_000)]);
        let few = format!("户编号,村代码,姓名,身份证号,户类型,认定日期\r\nH1,459900101201,{rare},{id},脱贫户,2015-01-01\r\n");
        let taken = send_file(&office, "/do/household/import", &officer, &[("key", "p2")], ("农户.csv", few.as_bytes())).await;
        let page = if taken.location.is_empty() { taken.body } else { crate::bank::ended(&office, &taken.location, &officer).await };
        assert!(page.contains("✓") || page.contains("已办完"), "{page}");
        assert!(office.get("/households/H1", &officer).await.body.contains(rare));
        let whole = office.get("/do/household/numbers?household=H1&why=%E6%A0%B8%E5%AF%B9", &officer).await.body;
        assert!(whole.contains(&id) && id.len() == 18, "{whole}");
    }

    /// S12-A2: the sums of the villages are the county's.
    async fn s12_a2_villages_add_up(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 2).await;
        let other = Household { place: "459900102201".into(), ..household("H003", 3, HouseholdStatus::OutOfPoverty, "2015-01-01") };
        county.done("甲", RegisterHouseholds { households: vec![other] }).await;
        for (loan, household, amount) in [("L1", "H001", "50000"), ("L2", "H002", "30000"), ("L3", "H003", "20000")] {
            county.lend(county.application(loan, household, "B1", amount, 36), "3.80").await;
        }
        county.settle("2022-03-20").await;
        county.clock.set(date("2022-03-31"));
        assert!(subsidy_run(&county.office, &actor("甲"), "2022Q1", &mut |_| true).await.unwrap());
        let office = over(county).await;
        let officer = office.log_in("xianban").await;
        let page = office.get("/do/subsidy/show?quarter=2022Q1", &officer).await.body;
        let fen = |text: &String| text.replace([',', '.'], "").parse::<i64>().unwrap_or(0);
        let notice = office.get("/do/subsidy/notice?quarter=2022Q1", &officer).await.body;
        let of = |village: &str| -> i64 {
            let here = rows(&notice).into_iter().filter(|row| row.iter().any(|cell| cell == village));
            here.map(|row| row.iter().rev().find(|cell| cell.contains('.')).map_or(0, fen)).sum()
        };
        let (one, another) = (of("大坪村"), of("小坪村"));
        let all: i64 = rows(&notice).into_iter().filter(|row| row.iter().any(|cell| cell == "合计")).map(|row| row.iter().rev().find(|cell| cell.contains('.')).map_or(0, fen)).sum();
        assert!(one > 0 && another > 0 && one + another == all, "{one} + {another} = {all}: {notice}");
        let shown: Vec<i64> = rows(&page).into_iter().flatten().map(|cell| fen(&cell)).collect();
        assert!(shown.contains(&all), "the batch says the same: {page}");
    }
}
