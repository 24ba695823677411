//! Three years of the demo's lending, and the published figures of autumn 2016.

mod support;

use cunzhang::db::Db;
use cunzhang::demo::{Scale, credit};
use cunzhang::ledger::books::service::AddCounty;
use cunzhang::money::Amount;
use cunzhang::office::{Actor, Clock, Ids, Office};
use cunzhang::products::microloan::service::{check_equalities, check_loans};
use cunzhang::products::microloan::store::figures;
use support::TestDatabase;
use support::county::date;
use support::on_both_engines;

async fn played(url: &str, scale: Scale) -> (Office, credit::Played) {
    let clock = Clock::standing_at(date("2016-01-04"));
    let office = Office::open(Db::open_ready(url).await.unwrap(), clock.clone(), Ids::seeded(1));
    let actor = Actor { county: "459900".into(), user: "xianban".into(), face: "test" };
    office.perform(&actor, AddCounty { name: "青禾县".into() }, None).await.unwrap();
    let played = credit::play(&office, &clock, scale).await.unwrap();
    (office, played)
}

async fn verified(office: &Office, loans: usize) {
    let mut tx = office.db.reader().await.unwrap();
    assert_eq!(check_equalities(&mut tx, "459900").await.unwrap(), []);
    let (checked, found) = check_loans(&mut tx, "459900").await.unwrap();
    assert_eq!((checked as usize, found), (loans, vec![]));
}

on_both_engines! {
    /// Some hundreds of loans: books, registers and facts agree after three years.
    async fn a_small_county(database: &TestDatabase) {
        let (office, played) = played(database.url(), Scale::Small).await;
        assert_eq!((played.households, played.loans, played.paid_out), (1_080, 300, Amount::from_yuan(14_500_000)));
        assert!(played.claims > 0 && played.subsidy > Amount::from_yuan(500_000), "{played:?}");
        verified(&office, 300).await;
    }
}

/// 5,121 of 18,434 households lent 2.49亿元: 27.78 %.
#[test]
fn the_published_figures() {
    let database = support::fresh(support::Engine::Sqlite);
    support::engines::run(async {
        let (office, played) = played(database.url(), Scale::County).await;
        assert_eq!((played.loans, played.paid_out), (5_121, Amount::from_yuan(249_000_000)));
        let mut tx = office.db.reader().await.unwrap();
        let villages = figures::progress(&mut tx, "459900", ("2016-09-30", &[["registered-poor"]])).await.unwrap();
        let sums = villages.iter().fold((0, 0), |sum, village| (sum.0 + village.1, sum.1 + village.2));
        assert_eq!(sums, (18_434, 5_121));
        drop(tx);
        verified(&office, 5_121).await;
    });
}
