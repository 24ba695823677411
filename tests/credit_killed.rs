//! A settlement run that is killed goes on where it stopped, and ends with the rows an undisturbed run gives.

mod support;

use std::time::Duration;

use cunzhang::office::Act;
use cunzhang::products::microloan::service::SettleChunk;
use cunzhang::products::microloan::store::{self, figures};
use cunzhang::products::microloan::subsidy::service::subsidy_run;
use cunzhang::products::microloan::subsidy::store as subsidy;
use support::TestDatabase;
use support::county::{County, actor, date};
use support::on_both_engines;
use support::process::{Running, cunzhang, run_on};

const LOANS: u32 = 40;

/// All settled entries of all loans.
async fn entries(county: &County) -> Vec<String> {
    let mut tx = county.office.db.reader().await.unwrap();
    let mut found = Vec::new();
    for line in
        figures::register(&mut tx, "459900", &Default::default(), ("", 1_000)).await.unwrap().into_iter().map(|dated| dated.line)
    {
        let rows = store::row_entries(&mut tx, "459900", &line.0.0).await.unwrap();
        found.extend(rows.iter().map(|row| format!("{} {} {} {} {}", line.0.0, row.0, row.1.as_str(), row.2, row.6)));
    }
    found
}

on_both_engines! {
    /// The program is killed at several moments of a seven-year catch-up; running it again finishes it.
    async fn killed_and_run_again(database: &TestDatabase) {
        let county = County::lending(database.url(), "2016-01-05", LOANS).await;
        for n in 1..=LOANS {
            county.lend(county.application(&format!("L{n:03}"), &format!("H{n:03}"), "B1", "50000", 36), "4.75").await;
        }
        for moment in [5, 15, 40, 80] {
            let mut command = cunzhang(["--db", database.url(), "settle", "run", "--date", "2022-12-20"]);
            command.stdout(std::process::Stdio::null());
            let mut running = Running::start(command);
            tokio::time::sleep(Duration::from_millis(moment)).await;
            running.kill();
        }
        let said = run_on(database.url(), ["settle", "run", "--date", "2022-12-20", "--format", "json"]).done();
        assert!(said.contains("\"failed\":[]"), "{said}");
        let again = run_on(database.url(), ["settle", "run", "--date", "2022-12-20", "--format", "json"]).done();
        assert!(again.contains("\"rows\":0"), "{again}");
        let found = entries(&county).await;
        // Thirteen rows of interest, then penalty by quarter from 5 January 2019 to 21 December 2022: sixteen.
        assert_eq!(found.len(), LOANS as usize * (13 + 16));
        assert!(found.iter().all(|entry| entry.split(' ').nth(3) == Some("1")), "nothing was settled twice");
        county.clock.set(date("2022-12-31"));
        county.verified().await;
        assert_eq!(SettleChunk::KIND, "settle.chunk");
    }

    /// A batch of subsidies of two thousand loans is killed at several moments; running it again ends with the rows of a
    /// run nobody disturbed, once each, and the sum of the claim.
    async fn a_subsidy_run_killed_and_run_again(database: &TestDatabase) {
        const MANY: u32 = 2_300;
        let county = County::lending(database.url(), "2022-01-05", MANY).await;
        county.lend_many(MANY).await;
        county.settle("2022-03-31").await;
        county.clock.set(date("2022-04-02"));
        let run = ["subsidy", "run", "--quarter", "2022Q1"];
        for moment in [20, 60, 120, 250, 400] {
            let mut command = cunzhang(["--db", database.url()].into_iter().chain(run));
            command.stdout(std::process::Stdio::null());
            let mut running = Running::start(command);
            tokio::time::sleep(Duration::from_millis(moment)).await;
            running.kill();
        }
        run_on(database.url(), run).done();
        let rows = |county: &County| {
            let county = county.office.clone();
            async move {
                let mut tx = county.db.reader().await.unwrap();
                let rows = subsidy::rows(&mut tx, "459900", "2022Q1").await.unwrap();
                rows.into_iter().map(|row| (row.loan, row.row.subsidy, row.row.days)).collect::<Vec<_>>()
            }
        };
        let found = rows(&county).await;
        assert_eq!(found.len(), MANY as usize);
        let loans: std::collections::BTreeSet<&String> = found.iter().map(|row| &row.0).collect();
        assert_eq!(loans.len(), MANY as usize, "nobody stands twice");
        // A calculated batch is calculated anew, undisturbed.
        assert!(subsidy_run(&county.office, &actor("甲"), "2022Q1", &mut |_| true).await.unwrap());
        assert_eq!(rows(&county).await, found);
    }
}
