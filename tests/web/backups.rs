//! Backups in the office: taken, listed, proven, asked for.

use std::path::Path;
use std::time::Duration;

use axum::http::StatusCode;
use cunzhang::db::Db;
use cunzhang::ledger::books::service::AddCounty;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::office::{Actor, Ids, Office};
use sqlx::Row;

use crate::office::{PASSWORD, WebOffice, escape, set_up};
use crate::support::county::{County, simple};
use crate::support::engines::run;
use crate::support::proof::by_hand;
use crate::support::{Engine, TestDatabase, fresh, on_both_engines};

/// An office with a folder of backups that the test can look into.
pub async fn opened(url: &str, folder: &Path) -> WebOffice {
    let office = WebOffice::open(url).await;
    post(&office.county, "500.00").await;
    set_up(&office.county, |web| web.backups = folder.to_owned())
}

pub async fn post(county: &County, amount: &str) {
    let vouchers = vec![simple(&"V001".into(), "2026-01-02", "102", "50301", amount)];
    county.done("zhuguan", PostVouchers { vouchers, event: None }).await;
}

/// Starts a job and waits for its end; its page.
pub async fn job(office: &WebOffice, cookie: &str, path: &str, fields: &[(&str, &str)]) -> String {
    let begun = office.post(path, cookie, fields).await;
    assert!(begun.status == StatusCode::SEE_OTHER && begun.location.starts_with("/jobs/"), "{path}: {}", begun.body);
    loop {
        let page = office.get(&begun.location, cookie).await.body;
        if !page.contains("data-events") {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The backups in a folder.
pub fn names(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".db")).collect();
    names.sort();
    names
}

pub async fn digests(db: &Db) -> Vec<(String, String)> {
    let sql = "select book, last_digest from book where county = '459900' order by book";
    let rows = sqlx::query(sql).fetch_all(&mut *db.reader().await.unwrap()).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

on_both_engines! {
    /// S19-A1: a backup from the office, restored, gives identical hashes of all reports, and the same files to the byte; the
    /// trail names who took it and who carried it out.
    async fn s19_a1_a_backup_is_taken_proven_and_opens(database: &TestDatabase) {
        let folder = tempfile::tempdir().unwrap();
        let office = opened(database.url(), folder.path()).await;
        let admin = office.log_in("guanli").await;
        let empty = office.get("/backup", &admin).await.body;
        assert!(empty.contains("还没有备份") && empty.contains("cunzhang/key"), "{empty}");
        let taken = job(&office, &admin, "/backup", &[("key", "k1")]).await;
        assert!(taken.contains("账套 2 个,凭证 1 张"), "{taken}");
        let again = office.post("/backup", &admin, &[("key", "k1")]).await;
        assert_eq!((again.location.as_str(), names(folder.path()).len()), ("/jobs/k1", 1), "a second click makes no second backup");
        let name = names(folder.path()).remove(0);
        assert!(office.get("/backup", &admin).await.body.contains(&name));
        let proof = job(&office, &admin, "/backup/prove", &[("key", "k2"), ("file", &name)]).await;
        for words in ["可以恢复", "每个账套的账和报表都与备份时记下的摘要相同", "相同的账套 2 个,其中报表也相同的 2 个", "丢失备份以后的 0 张凭证"] {
            assert!(proof.contains(words), "{words}: {proof}");
        }
        post(&office.county, "20.00").await;
        let proof = job(&office, &admin, "/backup/prove", &[("key", "k3"), ("file", &name)]).await;
        for words in ["相同的账套 1 个", "丢失备份以后的 1 张凭证(1 个账套)", "△ 不同"] {
            assert!(proof.contains(words), "{words}: {proof}");
        }
        let fetched = office.post("/backup/file", &admin, &[("file", &name)]).await;
        assert!(fetched.status == StatusCode::OK && fetched.headers["content-disposition"].to_str().unwrap().contains(".db"));
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("backup.db");
        std::fs::write(&file, &fetched.bytes).unwrap();
        let restored = Db::open_ready(&format!("sqlite:{}", file.display())).await.unwrap();
        let clock = office.county.clock.clone();
        let there = set_up(&County { office: Office::open(restored, clock.clone(), Ids::seeded(9)), clock }, |_| ());
        // The books of now go the same way on: their files are the same to the byte.
        post(&there.county, "20.00").await;
        let (kept, held) = (digests(&there.county.office.db).await, digests(&office.county.office.db).await);
        assert!(kept[1] == held[1] && kept.len() == 2, "{kept:?} {held:?}");
        let (here, cookie) = (office.log_in("zhuguan").await, there.log_in("zhuguan").await);
        for report in ["trial-balance?", "ledger?", "ledger?account=102&", "journal?", "statements?name=balance-sheet&", "statements?name=surplus&", "statements?name=receipts-payments&"] {
            let path = format!("/b/V001/2026-01/{report}format=xlsx");
            let (kept, held) = (there.get(&path, &cookie).await, office.get(&path, &here).await);
            assert!(kept.status == StatusCode::OK && kept.body.starts_with("PK") && kept.bytes == held.bytes, "{report}");
        }
        let mut tx = office.county.office.db.reader().await.unwrap();
        let trail = cunzhang::office::acts(&mut tx, "459900", "", 1_000).await.unwrap();
        for kind in ["county.backup", "county.backup_fetched"] {
            assert!(trail.iter().any(|line| line.kind == kind && line.actor == "guanli" && line.what.contains(&name)), "{kind}");
        }
    }

    /// A damaged backup, one whose books were changed and one of another county are refused by name; what is not in the list is
    /// not there.
    async fn a_backup_that_does_not_hold_is_refused_by_name(database: &TestDatabase) {
        let folder = tempfile::tempdir().unwrap();
        let office = opened(database.url(), folder.path()).await;
        let admin = office.log_in("guanli").await;
        job(&office, &admin, "/backup", &[("key", "k1")]).await;
        let name = names(folder.path()).remove(0);
        let (file, words) = (folder.path().join(&name), folder.path().join(format!("{name}.json")));
        let whole = std::fs::read(&file).unwrap();
        let prove = async |key: &str, file: &str| job(&office, &admin, "/backup/prove", &[("key", key), ("file", file)]).await;
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 1;
        std::fs::write(&file, &flipped).unwrap();
        let refused = prove("k2", &name).await;
        assert!(refused.contains("O-108") && refused.contains(&format!("备份文件 {name} 已损坏")), "{refused}");
        // Without its words, the file itself is looked at.
        std::fs::remove_file(&words).unwrap();
        for (n, damaged) in [b"no database at all".to_vec(), whole[..whole.len() / 2].to_vec()].into_iter().enumerate() {
            std::fs::write(&file, damaged).unwrap();
            let refused = prove(&format!("d{n}"), &name).await;
            assert!(refused.contains("O-108") && refused.contains(&name), "{refused}");
            let page = office.get(&format!("/backup/restore?file={}", escape(&name)), &admin).await;
            assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.body.contains("O-108"), "{}", page.body);
        }
        std::fs::write(&file, &whole).unwrap();
        assert!(prove("k3", &name).await.contains("没有备份说明"));
        let changed = Db::open_ready(&format!("sqlite:{}", file.display())).await.unwrap();
        by_hand(&changed, "drop trigger voucher_line_posted_update; update voucher_line set summary = '改过'").await;
        changed.close().await;
        let refused = prove("k4", &name).await;
        assert!(refused.contains("O-109") && refused.contains(&name), "{refused}");
        let other = fresh(Engine::Sqlite);
        let elsewhere = Db::open_ready(other.url()).await.unwrap();
        cunzhang::office::backup::backup(&elsewhere, &folder.path().join("别处.db"), false, |_, _| {}).await.unwrap();
        assert!(prove("k5", "别处.db").await.contains("O-102"));
        for outside in ["../books.db", "/etc/passwd", ""] {
            let refused = office.post("/backup/prove", &admin, &[("key", "k6"), ("file", outside)]).await;
            assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("O-107"), "{}", refused.body);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "no work is left lying about");
    }

    /// Before books go back the county is named, the password typed, nobody else at work; a server's are not replaced by a page.
    async fn going_back_is_asked_for(database: &TestDatabase) {
        let folder = tempfile::tempdir().unwrap();
        let office = opened(database.url(), folder.path()).await;
        let admin = office.log_in("guanli").await;
        job(&office, &admin, "/backup", &[("key", "k1")]).await;
        post(&office.county, "20.00").await;
        let name = names(folder.path()).remove(0);
        let page = office.get(&format!("/backup/restore?file={}", escape(&name)), &admin).await.body;
        assert!(page.contains("丢失备份以后的 1 张凭证(1 个账套)"), "{page}");
        let ask = async |county: &str, password: &str| {
            let fields = [("key", "r1"), ("file", &name), ("county", county), ("password", password)];
            office.post("/backup/restore", &admin, &fields).await
        };
        let refused = async |county: &str, password: &str, code: &str| {
            let reply = ask(county, password).await;
            assert!(reply.status == StatusCode::UNPROCESSABLE_ENTITY && reply.body.contains(code), "{code}: {}", reply.body);
        };
        let Some(books) = database.sqlite_file() else {
            assert!(page.contains("O-111") || page.contains("PostgreSQL 服务器"), "{page}");
            assert!(page.contains("cunzhang --db postgres://用户@主机/新库 restore"), "{page}");
            return refused("青禾县", PASSWORD, "PostgreSQL").await;
        };
        refused("别县", PASSWORD, "O-112").await;
        refused("青禾县", "猜的", "N-205").await;
        let actor = Actor { county: "459901".into(), user: "guanli".into(), face: "test" };
        office.county.office.perform(&actor, AddCounty { name: "邻县".into() }, None).await.unwrap();
        refused("青禾县", PASSWORD, "O-114").await;
        for kind in [".restored", ".restore.json"] {
            assert!(!cunzhang::office::backup::beside(&books, kind).exists());
        }
        for _ in 0..6 {
            ask("青禾县", "猜的").await;
        }
        assert_eq!(ask("青禾县", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    }
}

/// A long work of somebody is not cut off.
#[test]
fn a_job_at_work_is_waited_for() {
    run(async {
        let (database, folder) = (fresh(Engine::Sqlite), tempfile::tempdir().unwrap());
        let office = opened(database.url(), folder.path()).await;
        let office = set_up(&office.county, |web| {
            web.backups = folder.path().to_owned();
            web.at_work.begin("j1");
        });
        let admin = office.log_in("guanli").await;
        job(&office, &admin, "/backup", &[("key", "k1")]).await;
        let (name, fields) = (names(folder.path()).remove(0), [("county", "青禾县"), ("password", PASSWORD)]);
        let reply = office.post("/backup/restore", &admin, &[&[("key", "r1"), ("file", &*name)][..], &fields].concat()).await;
        assert!(reply.body.contains("O-113"), "{}", reply.body);
    });
}
