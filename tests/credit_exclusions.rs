//! What keeps a loan out of subsidy and compensation, and a fixed rate: the same on SQLite and PostgreSQL.

mod support;

use cunzhang::money::Amount;
use cunzhang::parties::household::{Household, HouseholdStatus};
use cunzhang::parties::service::RegisterHouseholds;
use cunzhang::products::microloan::Happening;
use cunzhang::products::microloan::policy::service::ImportPolicies;
use cunzhang::products::microloan::policy::{Policy, shipped};
use cunzhang::products::microloan::risk_fund::service::FileClaims;
use cunzhang::products::microloan::subsidy::service::{BatchStep, EnterClaimsElsewhere, StepBatch, subsidy_run};
use cunzhang::products::microloan::subsidy::store::{self as subsidy, ClaimElsewhere};
use support::TestDatabase;
use support::county::{County, actor, date, yuan};
use support::credit::household;
use support::on_both_engines;

fn nation(change: impl FnOnce(Policy) -> Policy) -> ImportPolicies {
    let row = shipped().into_iter().find(|row| row.policy == "national-2021").expect("a shipped row");
    ImportPolicies { rows: vec![change(row)] }
}

/// Runs a batch; answers loan, kind, subsidy and reason of its rows.
async fn batch(county: &County, name: &str) -> Vec<(String, &'static str, Amount, Option<String>)> {
    assert!(subsidy_run(&county.office, &actor("甲"), name, &mut |_| true).await.expect("runs"));
    let mut tx = county.office.db.reader().await.expect("a reader");
    let rows = subsidy::rows(&mut tx, "459900", name).await.expect("reads");
    rows.into_iter().map(|r| (r.loan, r.row.kind, r.row.subsidy, r.row.excluded)).collect()
}

async fn approve(county: &County, name: &str, on: &str) {
    let step = |step| StepBatch { batch: name.into(), step };
    county.done("乙", step(BatchStep::Review)).await;
    county.done("甲", step(BatchStep::Announce { on: date(on) })).await;
    county.done("乙", step(BatchStep::Approve { on: date(on) })).await;
}

fn elsewhere(household: &str, from: &str, through: &str) -> EnterClaimsElsewhere {
    let (department, amount, document) = ("县残联".to_owned(), yuan("484.38"), "残联贴息一季度".to_owned());
    let claim =
        ClaimElsewhere { household: household.into(), department, from: date(from), through: date(through), amount, document };
    EnterClaimsElsewhere { claims: vec![claim] }
}

on_both_engines! {
    /// Rows that are not those somebody reviewed are not approved, however they changed.
    async fn rows_changed_behind_the_review(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 1).await;
        county.lend(county.application("L1", "H001", "B1", "50000", 36), "3.80").await;
        county.settle("2022-03-20").await;
        county.clock.set(date("2022-03-31"));
        assert_eq!(batch(&county, "2022Q1").await.len(), 1);
        let step = |step| StepBatch { batch: "2022Q1".into(), step };
        county.done("乙", step(BatchStep::Review)).await;
        county.done("甲", step(BatchStep::Announce { on: date("2022-03-31") })).await;
        let mut tx = county.office.db.begin_write().await.expect("a writer");
        sqlx::query("update subsidy_row set subsidy_cents = subsidy_cents + 1").execute(&mut *tx).await.expect("edits");
        tx.commit().await.expect("commits");
        assert_eq!(county.refused("乙", step(BatchStep::Approve { on: date("2022-03-31") })).await, "M-608");
    }

    /// A household nobody lives in, and one without a standing, are not registered.
    async fn households_that_are_none(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 1).await;
        let whole = household("H9", 9, HouseholdStatus::OutOfPoverty, "2015-01-01");
        let nobody = Household { people: Vec::new(), ..whole.clone() };
        assert_eq!(county.refused("甲", RegisterHouseholds { households: vec![nobody] }).await, "I-601");
        let nothing = Household { standings: Vec::new(), ..whole };
        assert_eq!(county.refused("甲", RegisterHouseholds { households: vec![nothing] }).await, "I-602");
    }

    /// S12-A1: what is overdue gets nothing. A loan approved beyond the fund is lent where the policy only flags it, but gets no subsidy and no compensation.
    async fn lent_beyond_the_fund(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 3).await;
        let flagging = |row: Policy| Policy { over_leverage: "flag".into(), exclusions: format!("{} over-leverage", row.exclusions), ..row };
        county.done("甲", nation(flagging)).await;
        county.contribute("B1", "6000").await;
        county.lend(county.application("L1", "H001", "B1", "50000", 2), "3.80").await;
        county.lend(county.application("L2", "H002", "B1", "50000", 2), "3.80").await;
        county.settle("2022-03-20").await;
        county.clock.set(date("2022-03-31"));
        let rows = batch(&county, "2022Q1").await;
        let got: Vec<_> = rows.iter().map(|(loan, _, subsidy, why)| (loan.as_str(), subsidy.is_positive(), why.as_deref())).collect();
        // Both are overdue by then; the reason that stays comes first.
        assert!(got.iter().filter(|row| row.0 == "L2").all(|row| !row.1 && row.2 == Some("over-leverage")), "{got:?}");
        assert!(got.iter().filter(|row| row.0 == "L1").all(|row| row.2 == Some("overdue")), "{got:?}");
        county.settle("2022-07-05").await;
        let file = |loan: &str| FileClaims { book: None, on: date("2022-07-05"), claims: vec![(format!("C{loan}"), loan.into())] };
        assert_eq!(county.refused("甲", file("L2")).await, "M-511");
        county.done("甲", file("L1")).await;
        county.verified().await;
    }

    /// A household another department has claimed for gets nothing for those days; what was granted is taken back.
    async fn claimed_by_another_department(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 3).await;
        for (loan, household) in [("L1", "H001"), ("L2", "H002")] {
            county.lend(county.application(loan, household, "B1", "50000", 36), "4.65").await;
        }
        county.settle("2022-03-20").await;
        county.clock.set(date("2022-03-31"));
        assert_eq!(county.refused("甲", elsewhere("H001", "2022-03-31", "2022-01-01")).await, "M-613");
        batch(&county, "2022Q1").await;
        county.done("甲", elsewhere("H001", "2022-01-01", "2022-03-31")).await;
        // The list has changed what was calculated.
        let review = StepBatch { batch: "2022Q1".into(), step: BatchStep::Review };
        assert_eq!(county.refused("乙", review).await, "M-606");
        let rows = batch(&county, "2022Q1").await;
        assert_eq!(rows[0], ("L1".into(), "claim", Amount::ZERO, Some("claimed-elsewhere".into())));
        assert_eq!(rows[1], ("L2".into(), "claim", yuan("484.38"), None));
        approve(&county, "2022Q1", "2022-03-31").await;
        county.settle("2022-06-20").await;
        county.clock.set(date("2022-06-30"));
        county.done("甲", elsewhere("H002", "2022-02-01", "2022-02-28")).await;
        let rows = batch(&county, "2022Q2").await;
        let of = |loan: &str| rows.iter().filter(|row| row.0 == loan).map(|row| (row.1, row.2)).collect::<Vec<_>>();
        assert_eq!(of("L2"), [("clawback", yuan("-484.38")), ("claim", yuan("594.17"))]);
        assert_eq!(of("L1"), [("claim", yuan("594.17"))]);
        approve(&county, "2022Q2", "2022-06-30").await;
        county.verified().await;
    }

    /// A policy that fixes the rate lets a wrong one be corrected from the signing day, and nothing else.
    async fn a_fixed_rate(database: &TestDatabase) {
        let county = County::lending(database.url(), "2022-01-05", 3).await;
        county.lend(county.application("L1", "H001", "B1", "50000", 36), "4.65").await;
        county.settle("2022-06-20").await;
        let change = |on: &str| County::entry("L1", date(on), Happening::RateChanged { rate: "4.45".parse().expect("a rate") });
        assert_eq!(county.refused("甲", change("2022-03-01")).await, "M-119");
        county.done("甲", change("2022-01-05")).await;
        // 50,000 at 4.45 % over 75 and 92 days.
        assert_eq!(county.standing("L1").await.2, yuan("463.54") + yuan("568.61"));
        county.done("甲", nation(|row| Policy { rate_fixed: "no".into(), ..row })).await;
        county.lend(county.application("L2", "H002", "B1", "50000", 36), "4.45").await;
        let moving = County::entry("L2", date("2022-06-20"), Happening::RateChanged { rate: "4.30".parse().expect("a rate") });
        county.done("甲", moving).await;
        // The signed loan keeps its policy.
        assert_eq!(county.refused("甲", change("2022-03-01")).await, "M-119");
        county.verified().await;
    }
}
