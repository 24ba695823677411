//! What a stolen database tells of people: no identity number, account or phone, in any table, on either engine (R13).

mod support;

use cunzhang::db::tables::{Kind, TABLES};
use cunzhang::db::{Db, sealing};
use cunzhang::office::acts;
use cunzhang::parties::household::HouseholdStatus;
use cunzhang::parties::service::{RegisterHouseholds, UnmaskHousehold};
use cunzhang::parties::store as parties;
use cunzhang::payouts::list::Payee;
use cunzhang::payouts::service::draw_up::KeepPayees;
use cunzhang::payouts::store as payouts;
use sqlx::{AssertSqlSafe, Row};
use support::TestDatabase;
use support::county::County;
use support::credit::household;
use support::on_both_engines;
use support::process::{cunzhang, finish};

const PHONE: &str = "13900000007";
const CARD: &str = "6217000000000000004";

/// A county with one household whose every number is known; its id.
async fn with_numbers(url: &str) -> (County, String) {
    let county = County::lending(url, "2026-03-01", 0).await;
    let mut one = household("H001", 1, HouseholdStatus::OutOfPoverty, "2015-01-01");
    (one.phone, one.bank_account) = (Some(PHONE.into()), Some(CARD.into()));
    let id = one.people[0].id_number.clone();
    county.done("甲", RegisterHouseholds { households: vec![one] }).await;
    let payee = Payee { party: "P1".into(), name: "乙".into(), id_number: id.clone(), account: CARD.into(), ..Payee::default() };
    county.done("甲", KeepPayees { payees: vec![payee] }).await;
    (county, id)
}

/// Every text of every table that holds one of these.
async fn found_in(db: &Db, numbers: &[&str]) -> Vec<String> {
    let mut reader = db.reader().await.unwrap();
    let mut found = Vec::new();
    for table in TABLES {
        for (name, _) in table.columns.iter().filter(|(_, kind)| *kind == Kind::Text) {
            let sql = AssertSqlSafe(format!("select {name} from {} where {name} is not null", table.name));
            let texts = sqlx::query(sql).fetch_all(&mut *reader).await.unwrap();
            let holds = |text: String| numbers.iter().any(|number| text.contains(number));
            found.extend(texts.iter().filter(|row| holds(row.get(0))).map(|_| format!("{}.{name}", table.name)));
        }
    }
    found
}

on_both_engines! {
    /// Nothing is found in any table, everything is found through the program, and looking leaves a line.
    async fn numbers_are_sealed_at_rest(database: &TestDatabase) {
        let (county, id) = with_numbers(database.url()).await;
        let db = &county.office.db;
        assert_eq!(found_in(db, &[&id, PHONE, CARD]).await, [""; 0]);
        let mut tx = db.reader().await.unwrap();
        let by_id = parties::households_of(&mut tx, "459900", &[[&id]]).await.unwrap();
        assert_eq!(by_id, [(id.clone(), "H001".to_owned())]);
        assert_eq!(payouts::payees(&mut tx, "459900", &["P1"]).await.unwrap()["P1"].account, CARD);
        let why = |why: &str| UnmaskHousehold { household: "H001".into(), why: why.into() };
        assert_eq!(county.refused("甲", why(" ")).await, "I-608");
        county.done("甲", why("核对转账失败")).await;
        let (phone, account, people) = parties::numbers(&mut tx, "459900", "H001").await.unwrap();
        assert_eq!((phone.as_deref(), account.as_deref(), people[0].2.as_str()), (Some(PHONE), Some(CARD), id.as_str()));
        let trail = acts(&mut tx, "459900", "", 100).await.unwrap();
        let looked = trail.iter().find(|line| line.kind == "household.unmask").unwrap();
        assert!(looked.what.contains("核对转账失败") && looked.actor == "甲", "{looked:?}");
    }

    /// A database from before is sealed when it is opened.
    async fn what_stood_open_is_sealed(database: &TestDatabase) {
        let (county, id) = with_numbers(database.url()).await;
        let mut tx = county.office.db.begin_write().await.unwrap();
        for (table, name, value) in [("person", "id_number", &*id), ("household", "phone", PHONE), ("payee", "account", CARD)] {
            let sql = AssertSqlSafe(format!("update {table} set {name} = $1"));
            sqlx::query(sql).bind(value).execute(&mut *tx).await.unwrap();
        }
        sqlx::query("delete from _sealing").execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(found_in(&county.office.db, &[&id, PHONE, CARD]).await.len(), 3);
        let again = Db::open_ready(database.url()).await.unwrap();
        assert_eq!(found_in(&again, &[&id, PHONE, CARD]).await, [""; 0]);
        let mut tx = again.reader().await.unwrap();
        assert_eq!(parties::households_of(&mut tx, "459900", &[[&id]]).await.unwrap().len(), 1);
    }
}

/// With another key the database does not open, and the refusal says where the right one belongs; nothing is changed.
#[test]
fn another_key_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("a.db").display());
    let with_key = |name: &str, arguments: &[&str]| {
        let mut command = cunzhang(["--db", url.as_str()].into_iter().chain(arguments.iter().copied()));
        finish(command.env("CUNZHANG_KEY", folder.path().join(name)).output().unwrap())
    };
    let county = ["county", "add", "--code", "459900", "--name", "青禾县"];
    with_key("one", &county).ended_with(0);
    let told = with_key("two", &["verify"]);
    assert!(told.code != Some(0) && told.stderr.contains("CUNZHANG_KEY") && told.stderr.contains("two"), "{}", told.stderr);
    with_key("one", &["verify"]).ended_with(0);
    std::fs::write(folder.path().join("one"), "damaged").unwrap();
    assert!(with_key("one", &["verify"]).stderr.contains("不是密钥文件"));
}

/// Without a setting the key stands in the user's configuration folder.
#[test]
fn the_key_has_a_place() {
    assert!(sealing::place().unwrap().ends_with("cunzhang/key") || std::env::var_os("CUNZHANG_KEY").is_some());
}
