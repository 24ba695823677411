//! Red flags of the credit programme over a real village: interest borne twice, classes that differ, ages, money used twice.

use cunzhang::calendar::DayCount;
use cunzhang::controls::supervision::flags::Flag;
use cunzhang::controls::supervision::rules::RuleKind;
use cunzhang::controls::supervision::service::flags::RunFlags;
use cunzhang::controls::supervision::store;
use cunzhang::ledger::books::Book;
use cunzhang::ledger::books::service::AddBook;
use cunzhang::ledger::{BookCode, EntityKind};
use cunzhang::money::Rate;
use cunzhang::parties::household::{Household, HouseholdStatus, Person};
use cunzhang::parties::service::RegisterHouseholds;
use cunzhang::payouts::service::entrusting::Entrust;
use cunzhang::payouts::service::returning::ReturnPrincipal;
use cunzhang::products::entrusted_funds::facts::Handed;
use cunzhang::products::entrusted_funds::scheme::{Anchor, Bearer, Form, Frequency, FundSource, Terms, Timing};
use cunzhang::products::entrusted_funds::service::opening::OpenScheme;
use cunzhang::products::microloan::Happening;
use cunzhang::products::microloan::service::{Application, ApplyLoans, ImportBankClasses, SignLoans, Signing};
use cunzhang::products::microloan::subsidy::service::{BatchStep, EnterClaimsElsewhere, StepBatch, subsidy_run};
use cunzhang::products::microloan::subsidy::store::ClaimElsewhere;

use crate::support::county::{County, actor, date, yuan};
use crate::support::credit::{household, resident_id};
use crate::support::{TestDatabase, on_both_engines};

/// A lending county whose village keeps a book.
async fn village(url: &str, households: u32) -> County {
    let county = County::lending(url, "2022-01-05", households).await;
    let book = Book {
        book: "V001".into(),
        name: "大坪村".into(),
        kind: EntityKind::Village,
        place: Some("459900101201".into()),
        organisation: None,
        first_period: "2022-01".parse().unwrap(),
    };
    county.done("甲", AddBook { book, regime: None }).await;
    county
}

/// The flags of a rule after a run.
async fn found(county: &County, rule: RuleKind) -> Vec<Flag> {
    county.done("甲", RunFlags { book: "V001".into(), year: Some(2022) }).await;
    let mut tx = county.office.db.begin_snapshot().await.unwrap();
    let flags = store::flags::flags(&mut tx, "459900", "V001", false).await.unwrap();
    flags.into_iter().map(|kept| kept.flag).filter(|flag| flag.rule == rule).collect()
}

fn elsewhere(household: &str, from: &str, through: &str) -> EnterClaimsElsewhere {
    let (department, amount, document) = ("县残联".to_owned(), yuan("100.00"), "残联名单".to_owned());
    let claim =
        ClaimElsewhere { household: household.into(), department, from: date(from), through: date(through), amount, document };
    EnterClaimsElsewhere { claims: vec![claim] }
}

/// Runs a batch of subsidies and approves it.
async fn approved(county: &County, batch: &str, on: &str) {
    county.clock.set(date(on));
    assert!(subsidy_run(&county.office, &actor("甲"), batch, &mut |_| true).await.unwrap());
    let step = |step| StepBatch { batch: batch.into(), step };
    county.done("乙", step(BatchStep::Review)).await;
    county.done("甲", step(BatchStep::Announce { on: date(on) })).await;
    county.done("乙", step(BatchStep::Approve { on: date(on) })).await;
}

fn scheme(name: &str) -> OpenScheme {
    let terms = Terms {
        name: name.into(),
        place: "459900101201".into(),
        form: Form::Debt,
        source: FundSource::HouseholdGrant,
        company_book: Some(BookCode::from("R001")),
        operator_book: None,
        operator: "香柚公司".into(),
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
        signed_on: date("2022-01-01"),
        begins_on: date("2022-01-05"),
        ends_on: date("2025-01-05"),
        legal_basis: "县委托经营办法".into(),
        document: "委字1号".into(),
        investors: Vec::new(),
        money_accounts: Vec::new(),
        parties: Vec::new(),
    };
    OpenScheme { scheme: name.into(), terms }
}

on_both_engines! {
    async fn interest_borne_twice(database: &TestDatabase) {
        let county = village(database.url(), 2).await;
        for (loan, household) in [("L1", "H001"), ("L2", "H002")] {
            county.lend(county.application(loan, household, "B1", "50000", 36), "3.80").await;
        }
        county.settle("2022-03-20").await;
        approved(&county, "2022Q1", "2022-03-31").await;
        county.done("甲", elsewhere("H002", "2022-04-01", "2022-06-30")).await;
        assert_eq!(found(&county, RuleKind::SubsidyTwice).await, [], "other days");
        county.done("甲", elsewhere("H001", "2022-01-01", "2022-03-31")).await;
        let flags = found(&county, RuleKind::SubsidyTwice).await;
        assert_eq!((flags.len(), flags[0].object.as_str(), flags[0].amount), (1, "H001:贷款 L1:县残联", yuan("100.00")));
        // The next batch takes back what was borne twice, and the flag is gone.
        county.settle("2022-06-20").await;
        approved(&county, "2022Q2", "2022-06-30").await;
        assert_eq!(found(&county, RuleKind::SubsidyTwice).await, []);
    }

    async fn interest_of_two_loans_for_the_same_days(database: &TestDatabase) {
        let county = village(database.url(), 1).await;
        county.lend(county.application("L1", "H001", "B1", "50000", 36), "3.80").await;
        county.settle("2022-03-20").await;
        approved(&county, "2022Q1", "2022-03-31").await;
        county.repay("L1", "2022-03-31", "51000.00").await;
        // A second loan, paid out in February, becomes known after the batch that bore the first one's interest.
        let on = date("2022-02-08");
        county.done("甲", ApplyLoans { applications: vec![Application { on, ..county.application("L2", "H001", "B1", "30000", 36) }] }).await;
        county.approve("L2").await;
        county.done("甲", SignLoans { signings: vec![Signing { on, ..county.signing("L2", "30000", "3.80") }] }).await;
        county.fact("L2", date("2022-02-10"), Happening::Disbursed { amount: yuan("30000") }).await;
        county.settle("2022-06-20").await;
        assert_eq!(found(&county, RuleKind::SubsidyTwice).await, [], "nothing was borne of it yet");
        approved(&county, "2022Q2", "2022-06-30").await;
        let flags = found(&county, RuleKind::SubsidyTwice).await;
        assert_eq!((flags.len(), flags[0].object.as_str(), flags[0].on), (1, "H001:贷款 L1:贷款 L2", date("2022-02-10")));
    }

    async fn classes_that_differ_and_ages(database: &TestDatabase) {
        let county = village(database.url(), 1).await;
        let old = Household {
            people: vec![Person { name: "覃某".into(), id_number: resident_id("1956-01-10", 1), relation: "户主".into(), is_able: true }],
            ..household("H900", 1, HouseholdStatus::OutOfPoverty, "2015-01-01")
        };
        county.done("甲", RegisterHouseholds { households: vec![old] }).await;
        county.lend(county.application("L1", "H001", "B1", "50000", 36), "3.80").await;
        county.done("甲", ImportBankClasses { classes: vec![("L1".into(), "正常".into())] }).await;
        assert_eq!(found(&county, RuleKind::ClassDiffers).await, []);
        county.done("甲", ImportBankClasses { classes: vec![("L1".into(), "次级".into())] }).await;
        let flags = found(&county, RuleKind::ClassDiffers).await;
        assert_eq!(flags[0].words, "贷款 L1 按天数为正常,银行分为次级,余额 50,000.00");
        // 65 when the loan was asked for, 66 when it was signed.
        county.done("甲", ApplyLoans { applications: vec![county.application("L2", "H900", "B1", "30000", 36)] }).await;
        county.approve("L2").await;
        assert_eq!(found(&county, RuleKind::BorrowerAge).await, []);
        county.clock.set(date("2022-01-10"));
        county.done("甲", SignLoans { signings: vec![county.signing("L2", "30000", "3.80")] }).await;
        let flags = found(&county, RuleKind::BorrowerAge).await;
        assert_eq!((flags.len(), flags[0].object.as_str(), flags[0].amount, flags[0].on), (1, "L2", yuan("30000.00"), date("2022-01-10")));
        assert_eq!(flags[0].words, "贷款 L2 签订时借款人 66 周岁,政策 national-2021 限 18—65 周岁");
    }

    async fn loan_money_in_two_schemes(database: &TestDatabase) {
        let county = village(database.url(), 1).await;
        county.book("R001", EntityKind::Company, "2022-01").await;
        county.lend(county.application("L1", "H001", "B1", "50000", 36), "3.80").await;
        for name in ["W1", "W2"] {
            county.done("甲", scheme(name)).await;
        }
        let handed = |scheme: &str, amount: &str| Entrust {
            scheme: scheme.into(),
            on: date("2022-01-05"),
            money: vec![Handed { household: "H001".into(), amount: yuan(amount), loan: Some("L1".into()), loan_matures_on: None }],
        };
        county.done("甲", handed("W1", "50000.00")).await;
        assert_eq!(found(&county, RuleKind::LoanMoneyTwice).await, []);
        county.done("甲", handed("W2", "20000.00")).await;
        let flags = found(&county, RuleKind::LoanMoneyTwice).await;
        assert_eq!(flags[0].words, "贷款 L1 委托 70,000.00 给 W1、W2,放款 50,000.00");
        // Principal that comes back names no loan; what is left of it in the scheme counts.
        let back = ReturnPrincipal { scheme: "W1".into(), on: date("2022-01-05"), money: vec![("H001".into(), yuan("50000.00"))] };
        county.done("甲", back).await;
        assert_eq!(found(&county, RuleKind::LoanMoneyTwice).await, []);
    }
}
