//! The credit programme from application to recovery, the same on SQLite and PostgreSQL.

mod support;

use cunzhang::household_card;
use cunzhang::ledger::BookCode;
use cunzhang::money::Amount;
use cunzhang::office::Act;
use cunzhang::parties::household::HouseholdStatus;
use cunzhang::parties::service::{GradeHouseholds, RegisterHouseholds};
use cunzhang::products::microloan::policy::service::ImportPolicies;
use cunzhang::products::microloan::policy::{Policy, shipped};
use cunzhang::products::microloan::risk_fund::service::{
    DecideClaims, FileClaims, PayClaims, RecoverClaims, Recovery, WriteOffClaims,
};
use cunzhang::products::microloan::service::{ApplyLoans, ClassifyChunk, SettleChunk, SignLoans, StepLoans};
use cunzhang::products::microloan::store::as_of;
use cunzhang::products::microloan::subsidy::service::{
    BatchStep, ImportBankList, ReceiveSubsidy, StepBatch, SubsidyChunk, subsidy_run,
};
use cunzhang::products::microloan::subsidy::store as subsidy;
use cunzhang::products::microloan::{Happening, Step, Towards, store};
use support::TestDatabase;
use support::county::{County, actor, date, yuan};
use support::credit::household;
use support::on_both_engines;

fn batch(name: &str, step: BatchStep) -> StepBatch {
    StepBatch { batch: name.into(), step }
}

async fn run(county: &County, name: &str) {
    assert!(subsidy_run(&county.office, &actor("甲"), name, &mut |_| true).await.expect("runs"));
}

async fn rows(county: &County, name: &str) -> Vec<subsidy::BatchRow> {
    let mut tx = county.office.db.reader().await.unwrap();
    subsidy::rows(&mut tx, "459900", name).await.unwrap()
}

on_both_engines! {
    /// Steps follow each other, approvals come from different people, policy bounds are kept.
    async fn from_application_to_contract(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 4).await;
        let ask = |loan: &str, household: &str, amount: &str, months| ApplyLoans {
            applications: vec![county.application(loan, household, "B1", amount, months)],
        };
        assert_eq!(county.refused("甲", ask("L1", "H999", "50000", 36)).await, "M-304");
        assert_eq!(county.refused("甲", ask("L1", "H001", "100000.01", 36)).await, "M-306");
        assert_eq!(county.refused("甲", ask("L1", "H001", "50000", 37)).await, "M-306");
        county.done("甲", ask("L1", "H001", "50000", 36)).await;
        assert_eq!(county.refused("甲", ask("L1", "H002", "50000", 36)).await, "M-303");
        assert_eq!(county.refused("甲", ask("L2", "H001", "50000", 36)).await, "M-312");
        assert_eq!(county.refused("乙", county.step(Step::Approve, "L1")).await, "M-301");
        for step in [Step::Check, Step::Announce, Step::Grade] {
            county.done("甲", county.step(step, "L1")).await;
        }
        assert_eq!(county.refused("甲", county.step(Step::Approve, "L1")).await, "M-302");
        county.done("乙", county.step(Step::Approve, "L1")).await;
        assert_eq!(county.refused("乙", county.step(Step::Approve, "L1")).await, "M-302");
        assert_eq!(county.refused("甲", SignLoans { signings: vec![county.signing("L1", "50000", "4.65")] }).await, "M-301");
        county.done("丙", county.step(Step::Approve, "L1")).await;
        let scores = vec![("H001".to_owned(), 75)];
        county.done("甲", GradeHouseholds { on: date("2022-01-05"), rule: "A=70:30000".into(), scores }).await;
        assert_eq!(county.refused("甲", SignLoans { signings: vec![county.signing("L1", "50000", "4.65")] }).await, "M-308");
        assert_eq!(county.refused("甲", SignLoans { signings: vec![county.signing("L1", "30000", "4.66")] }).await, "M-307");
        county.done("甲", SignLoans { signings: vec![county.signing("L1", "30000", "4.65")] }).await;
        let out = |amount: &str| County::entry("L1", date("2022-01-05"), Happening::Disbursed { amount: yuan(amount) });
        assert_eq!(county.refused("甲", out("30000.01")).await, "M-108");
        let future = County::entry("L1", date("2022-01-06"), Happening::Disbursed { amount: yuan("1") });
        assert_eq!(county.refused("甲", future).await, "M-109");
        county.done("甲", out("10000")).await;
        county.done("甲", out("20000")).await;
        assert_eq!(county.standing("L1").await.1, yuan("30000"));
        assert_eq!(county.refused("甲", StepLoans { step: Step::Reject, ..county.step(Step::Reject, "L1") }).await, "M-301");
    }

    /// A person is in one household of the county, whatever the village.
    async fn a_person_in_two_households(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 2).await;
        let twin = household("H900", 1, HouseholdStatus::OutOfPoverty, "2015-01-01");
        assert_eq!(county.refused("甲", RegisterHouseholds { households: vec![twin] }).await, "I-603");
        let mut tx = county.office.db.reader().await.unwrap();
        let found = cunzhang::parties::store::borrowers(&mut tx, "459900", &[["H001"]]).await.unwrap();
        assert_eq!(found[0].name, "扎西·次仁");
    }

    /// Quarters are settled in order, a late repayment sets off what was settled, the old rows stay.
    async fn a_repayment_that_arrives_late(database: &TestDatabase) {
        let county = County::lending(database.url(), "2016-03-15", 2).await;
        county.lend(county.application("L1", "H001", "B1", "50000", 36), "4.75").await;
        let progress = county.settle("2016-12-20").await;
        assert_eq!((progress.changes.rows, progress.changes.amount), (4, yuan("1853.81")));
        assert_eq!(county.settle("2016-12-20").await.changes.rows, 0);
        county.verified().await;
        county.clock.set(date("2016-12-28"));
        county.repay("L1", "2016-08-01", "10646.52").await;
        let mut tx = county.office.db.reader().await.unwrap();
        let entries = store::row_entries(&mut tx, "459900", "L1").await.unwrap();
        drop(tx);
        // Interest due in August was 646.52: 10,000 of principal from then on.
        let september: Vec<_> = entries.iter().filter(|row| row.0 == date("2016-09-21")).map(|row| (row.2, row.6)).collect();
        // 50,000 × 41 days + 40,000 × 51 days: 539.65.
        assert_eq!(september, [(1, 60_694), (2, -60_694), (3, 53_965)]);
        assert!(entries.iter().filter(|row| row.2 > 1).all(|row| row.7 == "2016-12"));
        assert_eq!(county.standing("L1").await.1, yuan("40000"));
        county.verified().await;
    }

    /// Maturity, overdue, claim, approval, payment, recovery, write-off: the fund's book agrees with the claims throughout.
    async fn a_loan_the_fund_pays_for(database: &TestDatabase) {
        let county = County::lending(database.url(), "2020-01-05", 2).await;
        county.contribute("B1", "100000").await;
        county.lend(county.application("L1", "H001", "B1", "50000", 1), "4.15").await;
        let file = |number: &str| FileClaims { book: None, on: date("2020-05-20"), claims: vec![(number.into(), "L1".into())] };
        county.settle("2020-03-20").await;
        county.clock.set(date("2020-05-20"));
        county.settle("2020-05-20").await;
        let claims = county.done("甲", file("C1")).await;
        // Policy of January 2020: 80:20, principal and interest; 31 days at 4.15 %.
        assert_eq!((claims[0].days_overdue, claims[0].interest), (105, yuan("178.68")));
        assert_eq!(claims[0].shares.iter().map(|s| s.amount.to_string()).collect::<Vec<_>>(), ["40142.94", "10035.74"]);
        assert_eq!(county.refused("甲", file("C2")).await, "M-502");
        let decide = || DecideClaims { claims: vec!["C1".into()], approve: true, on: date("2020-05-20"), reason: None };
        assert_eq!(county.refused("甲", decide()).await, "M-505");
        let pay = || PayClaims { claims: vec!["C1".into()], on: date("2020-05-20") };
        assert_eq!(county.refused("甲", pay()).await, "M-504");
        county.done("乙", decide()).await;
        assert_eq!(county.done("甲", pay()).await, yuan("40142.94"));
        county.verified().await;
        let (state, principal, ..) = county.standing("L1").await;
        assert_eq!((state.as_str(), principal), ("compensated", yuan("50000")));
        // What the fund pays is recorded by its own act, with its book.
        let paid = Happening::Compensated { amount: yuan("50000") };
        assert_eq!(county.refused("甲", County::entry("L1", date("2020-05-20"), paid)).await, "M-120");
        let repaid = Happening::Repaid { amount: yuan("5"), towards: Towards::Any };
        assert_eq!(county.refused("甲", County::entry("L1", date("2020-05-20"), repaid)).await, "M-118");
        let recover = |amount: &str| RecoverClaims {
            recoveries: vec![Recovery { claim: "C1".into(), amount: yuan(amount), on: date("2020-05-20") }],
        };
        assert_eq!(county.done("甲", recover("10000.01")).await, yuan("8000.01"));
        county.verified().await;
        assert_eq!(county.refused("甲", recover("60000")).await, "M-507");
        let off = || WriteOffClaims { claims: vec!["C1".into()], on: date("2020-05-20"), reason: "户主死亡".into() };
        assert_eq!(county.done("乙", off()).await, yuan("32142.93"));
        assert_eq!(county.refused("乙", off()).await, "M-510");
        county.done("甲", recover("100")).await;
        county.verified().await;
    }

    /// The breaker stops approvals with its reason; the fund's headroom bounds them.
    async fn breaker_and_headroom(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 4).await;
        let strict = Policy {
            breaker_overdue: Some("5".parse().unwrap()),
            breaker_scopes: "township".into(),
            ..shipped().into_iter().find(|row| row.policy == "national-2021").unwrap()
        };
        assert_eq!(county.done("甲", ImportPolicies { rows: vec![strict.clone()] }).await, 1);
        assert_eq!(county.done("甲", ImportPolicies { rows: vec![strict] }).await, 0);
        county.contribute("B1", "8000").await;
        county.lend(county.application("L1", "H001", "B1", "50000", 1), "3.80").await;
        let ask = |loan: &str, household: &str, amount: &str| county.application(loan, household, "B1", amount, 12);
        county.done("甲", ApplyLoans { applications: vec![ask("L2", "H002", "30000.01"), ask("L3", "H003", "30000")] }).await;
        for step in [Step::Check, Step::Announce, Step::Grade] {
            county.done("甲", StepLoans { loans: vec!["L2".into(), "L3".into()], ..county.step(step, "L2") }).await;
        }
        assert_eq!(county.refused("乙", county.step(Step::Approve, "L2")).await, "M-310");
        county.done("乙", county.step(Step::Approve, "L3")).await;
        county.settle("2022-03-20").await;
        assert_eq!(county.standing("L1").await.0, "overdue");
        assert_eq!(county.refused("丙", county.step(Step::Approve, "L3")).await, "M-309");
        county.repay("L1", "2022-03-20", "60000").await;
        county.done("丙", county.step(Step::Approve, "L3")).await;
    }

    /// A batch is held against the lists of several banks: a new list stands in place of that bank's own, the others stay. A
    /// number that is no loan's goes with the list it came in.
    async fn each_banks_list_stands_for_itself(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 2).await;
        for (loan, household, bank) in [("L1", "H001", "B1"), ("L2", "H002", "B2")] {
            county.lend(county.application(loan, household, bank, "50000", 36), "4.65").await;
        }
        county.settle("2022-03-20").await;
        county.clock.set(date("2022-03-31"));
        run(&county, "2022Q1").await;
        for (rows, kept) in [
            (vec![("L1", "1"), ("L9", "9")], "L1 1.00 B1,L9 9.00 B1"),
            (vec![("L2", "2")], "L1 1.00 B1,L2 2.00 B2,L9 9.00 B1"),
            (vec![("L1", "484.38")], "L1 484.38 B1,L2 2.00 B2"),
        ] {
            let rows = rows.into_iter().map(|(loan, amount)| (loan.to_owned(), yuan(amount))).collect();
            county.done("甲", ImportBankList { batch: "2022Q1".into(), rows }).await;
            let mut tx = county.office.db.reader().await.unwrap();
            let list = subsidy::bank_list(&mut tx, "459900", "2022Q1").await.unwrap();
            let list: Vec<String> = list.into_iter().map(|(loan, amount, bank)| format!("{loan} {amount} {bank}")).collect();
            assert_eq!(list.join(","), kept);
        }
    }

    /// A batch from calculation to payment. S12-A1: of 80,000 only 50,000 are subsidised. S12-A3: a change after review sends
    /// it back. Late facts become claw-backs.
    async fn a_quarter_of_subsidy(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 4).await;
        for (loan, household) in [("L1", "H001"), ("L2", "H002")] {
            county.lend(county.application(loan, household, "B1", "50000", 36), "4.65").await;
        }
        county.lend(county.application("L3", "H003", "B1", "80000", 36), "4.65").await;
        county.settle("2022-03-20").await;
        county.clock.set(date("2022-03-31"));
        run(&county, "2022Q1").await;
        // 75 days at 4.65 %: 484.38 on 50,000; of 80,000 only 50,000 are subsidised.
        assert_eq!(rows(&county, "2022Q1").await.iter().map(|r| (r.row.interest, r.row.subsidy)).collect::<Vec<_>>(),
            [(yuan("484.38"), yuan("484.38")), (yuan("484.38"), yuan("484.38")), (yuan("775.00"), yuan("484.38"))]);
        assert_eq!(county.refused("甲", batch("2022Q1", BatchStep::Review)).await, "M-605");
        county.done("乙", batch("2022Q1", BatchStep::Review)).await;
        county.repay("L2", "2022-03-01", "20000").await;
        let announce = || BatchStep::Announce { on: date("2022-03-31") };
        assert_eq!(county.refused("甲", batch("2022Q1", announce())).await, "M-606");
        run(&county, "2022Q1").await;
        county.done("乙", batch("2022Q1", BatchStep::Review)).await;
        let approve = || batch("2022Q1", BatchStep::Approve { on: date("2022-03-31") });
        assert_eq!(county.refused("乙", approve()).await, "M-607");
        county.done("甲", batch("2022Q1", announce())).await;
        county.done("甲", ImportBankList { batch: "2022Q1".into(), rows: vec![("L1".into(), yuan("484.38")), ("L9".into(), yuan("1"))] }).await;
        let total = county.done("乙", approve()).await;
        assert_eq!(total, rows(&county, "2022Q1").await.iter().map(|r| r.row.subsidy).sum::<Amount>());
        county.verified().await;
        let pay = || batch("2022Q1", BatchStep::Pay { on: date("2022-03-31") });
        assert_eq!(county.refused("甲", pay()).await, "M-609");
        let money = ReceiveSubsidy { book: BookCode::from("S"), amount: yuan("10000"), on: date("2022-03-31"), document: "青财〔2〕号".into() };
        county.done("甲", money).await;
        county.done("甲", pay()).await;
        assert_eq!(county.refused("甲", pay()).await, "M-604");
        assert_eq!(county.standing("L1").await.2, Amount::ZERO);
        assert_eq!(county.standing("L3").await.2, yuan("290.62"));
        county.verified().await;
        // A repayment of February becomes known in May: the second quarter takes back what the first gave too much.
        county.clock.set(date("2022-05-10"));
        county.repay("L1", "2022-02-10", "30000").await;
        county.settle("2022-06-20").await;
        county.clock.set(date("2022-06-30"));
        run(&county, "2022Q2").await;
        let second = rows(&county, "2022Q2").await;
        let back: Vec<_> = second.iter().filter(|r| r.row.kind == "clawback").map(|r| (r.loan.as_str(), r.row.due, r.row.subsidy)).collect();
        // 30,000 × 39 days × 4.65 % ÷ 360 = 151.13 less interest.
        assert_eq!(back, [("L1", date("2022-03-21"), yuan("-151.13"))]);
        county.done("乙", batch("2022Q2", BatchStep::Review)).await;
        county.done("甲", batch("2022Q2", BatchStep::Announce { on: date("2022-06-30") })).await;
        county.done("乙", batch("2022Q2", BatchStep::Approve { on: date("2022-06-30") })).await;
        county.done("甲", batch("2022Q2", BatchStep::Pay { on: date("2022-06-30") })).await;
        county.verified().await;
        assert_eq!(county.refused("甲", SubsidyChunk { batch: "2022Q3".into(), limit: 9 }).await, "M-612");
    }

    /// A renewal settles the old loan with the new money; a second one is refused by the policy.
    async fn renewal_and_extension(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 2).await;
        county.lend(county.application("L1", "H001", "B1", "50000", 12), "3.80").await;
        county.settle("2022-12-20").await;
        let extend = |to: &str| County::entry("L1", date("2022-12-21"), Happening::Extended { to: date(to) });
        county.clock.set(date("2022-12-21"));
        assert_eq!(county.refused("甲", extend("2024-01-06")).await, "M-121");
        county.done("甲", extend("2023-04-05")).await;
        assert_eq!(county.refused("甲", extend("2023-05-05")).await, "M-113");
        county.settle("2023-04-05").await;
        let mut renewal = county.application("L2", "H001", "B1", "50000", 12);
        renewal.renews = Some("L1".into());
        county.done("甲", ApplyLoans { applications: vec![renewal] }).await;
        county.approve("L2").await;
        county.done("甲", SignLoans { signings: vec![county.signing("L2", "50000", "3.65")] }).await;
        let out = || County::entry("L2", date("2023-04-05"), Happening::Disbursed { amount: yuan("50000") });
        assert_eq!(county.refused("甲", out()).await, "M-110");
        let owed = county.standing("L1").await.2.to_string();
        county.fact("L1", date("2023-04-05"), Happening::Repaid { amount: yuan(&owed), towards: Towards::Interest }).await;
        county.done("甲", out()).await;
        assert_eq!((county.standing("L1").await.0.as_str(), county.standing("L2").await.1), ("renewed", yuan("50000")));
        let mut again = county.application("L3", "H001", "B1", "50000", 12);
        again.renews = Some("L2".into());
        assert_eq!(county.refused("甲", ApplyLoans { applications: vec![again] }).await, "M-114");
        county.verified().await;
    }

    /// Runs stopped in the middle go on where they stopped; a loan that fails stops no other.
    async fn stopped_runs_go_on(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 6).await;
        for n in 1..=6 {
            county.lend(county.application(&format!("L{n}"), &format!("H{n:03}"), "B1", "10000", 36), "4.65").await;
        }
        county.clock.set(date("2023-12-05"));
        let chunk = |after: &str| SettleChunk { date: date("2023-12-05"), after: after.into(), limit: 2 };
        let first = county.done("甲", chunk("")).await;
        assert_eq!((first.last.as_deref(), first.changes.rows), (Some("L2"), 14));
        let progress = county.settle("2023-12-05").await;
        assert_eq!((progress.changes.loans, progress.changes.rows), (4, 28));
        county.verified().await;
        let part = SubsidyChunk { batch: "2022".into(), limit: 2 };
        assert!(county.done("甲", part.clone()).await);
        assert_eq!(county.refused("乙", batch("2022", BatchStep::Review)).await, "M-606");
        run(&county, "2022").await;
        let whole = rows(&county, "2022").await;
        assert_eq!(whole.len(), 24);
        run(&county, "2022").await;
        assert_eq!(rows(&county, "2022").await, whole);
        assert_eq!(county.done("甲", ClassifyChunk { on: date("2025-03-01"), after: String::new(), limit: 100 }).await.1, 6);
        county.settle("2025-02-01").await;
        let (last, changed) = county.done("甲", ClassifyChunk { on: date("2025-06-01"), after: String::new(), limit: 100 }).await;
        assert_eq!((last.as_deref(), changed), (Some("L6"), 6));
        let _ = SettleChunk::KIND;
    }

    /// Where nothing was settled since the payment, the reports of a day agree with its register, and classes, exposures
    /// and the household's statement follow.
    async fn reports_of_a_day_agree_where_nothing_is_settled(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 2).await;
        county.lend(county.application("L1", "H001", "B1", "50000", 12), "3.80").await;
        county.lend(county.application("L2", "H002", "B1", "30000", 36), "4.60").await;
        let today = date("2023-03-31");
        county.clock.set(today);
        let mut tx = county.office.db.reader().await.unwrap();
        let loans = as_of::all_on(&mut tx, "459900", &Default::default(), (today, today)).await.unwrap();
        let late = as_of::arrears(&loans, today);
        let late: Vec<(&str, &str, i64)> = late.iter().map(|line| (line.0.as_str(), line.4.as_str(), line.5)).collect();
        assert_eq!(late, [("L1", "2023-01-05", 5_000_000)]);
        let class = |own: &str, loans, principal| (own.to_owned(), None::<String>, loans, principal);
        let expected = [class("normal", 1, 3_000_000), class("special-mention", 1, 5_000_000)];
        assert_eq!((as_of::classes(&loans), as_of::outstanding(&loans)), (expected.to_vec(), 8_000_000));
        assert_eq!(as_of::maturing(&loans, (today, date("2025-01-05"))).len(), 1);
        let before = as_of::all_on(&mut tx, "459900", &Default::default(), (date("2022-12-31"), today)).await.unwrap();
        assert!(as_of::arrears(&before, date("2022-12-31")).is_empty());
        assert_eq!(as_of::classes(&before), [class("normal", 2, 8_000_000)]);
        let exposures = store::figures::exposures(&mut tx, "459900", "2023-03-31", "2022-12-30").await.unwrap();
        assert_eq!(exposures.iter().fold((0, 0), |sum, e| (sum.0 + e.overdue, sum.1 + e.bad)), (5_000_000, 0));
        let statement = household_card::store::card(&mut tx, "459900", "H001", today).await.unwrap();
        assert_eq!(statement.lines.iter().map(|line| line.state.as_str()).collect::<Vec<_>>(), ["逾期"]);
        drop(tx);
        let classify = || ClassifyChunk { on: today, after: String::new(), limit: 100 };
        assert_eq!(county.done("甲", classify()).await.1, 1);
        assert_eq!(county.done("甲", classify()).await.1, 0);
        let mut tx = county.office.db.reader().await.unwrap();
        let heads = store::heads::heads(&mut tx, "459900", r#"[["L1"]]"#).await.unwrap();
        assert_eq!(heads[0].state.label_zh(), "逾期");
    }
}
