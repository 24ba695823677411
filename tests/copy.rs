//! Whole databases from engine to engine, backups while writers post, and restore: the same digests, the same proof.

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use cunzhang::access::service::AddUser;
use cunzhang::controls::period_close::service::ClosePeriod;
use cunzhang::db::copy::copy;
use cunzhang::db::tables::{Kind, TABLES};
use cunzhang::db::{Db, Engine};
use cunzhang::ledger::BookCode;
use cunzhang::ledger::attachments::service::AttachFile;
use cunzhang::ledger::books::service::{AddPlaces, PostOpening};
use cunzhang::ledger::books::store::Place;
use cunzhang::ledger::service::PostVouchers;
use cunzhang::ledger::templates::service::KeepTemplate;
use cunzhang::ledger::vouchers::service::KeepDrafts;
use cunzhang::office::backup::{backup, restore};
use sqlx::Row;
use support::county::{County, simple};
use support::engines::run;
use support::proof::verified;
use support::{TestDatabase, fresh, on_both_engines};

/// Every table as text, row by row in the order of its key, files by digest of their bytes.
async fn content(db: &Db) -> BTreeMap<&'static str, Vec<String>> {
    let mut reader = db.reader().await.unwrap();
    let mut all = BTreeMap::new();
    for table in TABLES {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|(name, kind)| match (kind, db.engine) {
                (Kind::Bytes, Engine::Sqlite) => format!("lower(hex({name}))"),
                (Kind::Bytes, Engine::Postgres) => format!("encode({name}, 'hex')"),
                _ => format!("coalesce(cast({name} as text), '∅')"),
            })
            .collect();
        let key: Vec<&str> = table.columns[..table.key].iter().map(|(name, _)| *name).collect();
        let sql = format!("select {} from {} order by {}", columns.join(" || '¦' || "), table.name, key.join(", "));
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *reader).await.unwrap();
        all.insert(table.name, rows.iter().map(|row| row.get::<String, _>(0)).collect());
    }
    all
}

fn post(book: &BookCode, amount: &str) -> PostVouchers {
    PostVouchers { vouchers: vec![simple(book, "2026-01-05", "101", "102", amount)], event: None }
}

/// Books with something in every table, and more vouchers than a page takes.
async fn filled(url: &str) -> County {
    let county = County::open(url).await;
    let place = Place {
        place: "459900101000".into(),
        name: "青禾镇".into(),
        level: "township".into(),
        parent: None,
        valid_from: "2020-01-01".into(),
        valid_before: None,
        successor: None,
    };
    county.done("县管理", AddPlaces { places: vec![place] }).await;
    for code in ["V001", "V002"] {
        let book = county.village(code).await;
        let lines = simple(&book, "2026-01-01", "102", "301", "5000.00").lines;
        county.done("甲", PostOpening { book: book.clone(), lines }).await;
        let many: Vec<_> = (1..=1_100).map(|n| simple(&book, "2026-01-05", "101", "102", &format!("{n}.00"))).collect();
        let posted = county.done("甲", PostVouchers { vouchers: many, event: None }).await;
        let file = AttachFile::new(book.clone(), posted[0].1, "收据.jpg".into(), "image/jpeg".into(), vec![0, 255, 7, 0]);
        county.done("甲", file).await;
        let bytes = code.repeat(50_000).into_bytes();
        county.done("甲", AttachFile::new(book.clone(), posted[1].1, "大.pdf".into(), "application/pdf".into(), bytes)).await;
        let card =
            cunzhang::ledger::books::store::Member {
                dimension: "party".into(), member: "H1".into(), name: "“户”\n一".into()
            };
        county.done("甲", cunzhang::ledger::books::service::AddMembers { book: book.clone(), members: vec![card] }).await;
    }
    let book = BookCode::from("V002");
    support::bank::reconcile_one(&county, &book).await;
    let opened = simple(&book, "2026-02-01", "101", "102", "1.00");
    county.done("甲", ClosePeriod { book: "V001".into(), period: "2026-01".parse().unwrap(), reason: None }).await;
    let kept = county.done("甲", KeepDrafts { book: book.clone(), vouchers: vec![opened], skip_known: false }).await;
    let keep = |name: &str| KeepTemplate { book, name: name.into(), voucher: kept.numbered[0].1 };
    county.done("甲", keep("每月电费")).await;
    let user = |user: &str, role: &str| AddUser { user: user.into(), name: "甲某".into(), role: role.into(), scope: "".into() };
    county.done("县管理", user("管", "administrator")).await;
    let hash = cunzhang::access::password::hash("青山绿水-2026", &[1; 16]);
    county.done("管", cunzhang::access::service::SetPassword { user: "管".into(), hash }).await;
    county.done("管", cunzhang::access::service::KeepToken { digest: "ab".repeat(32), name: "财政接口".into() }).await;
    let mut tx = county.office.db.begin_write().await.unwrap();
    let session = "insert into web_session (county, session, record, expires_at) values ('459900', 's', '{}', '2026-01-06')";
    sqlx::query(session).execute(&mut *tx).await.unwrap();
    let job = "insert into job (county, job, user_name, place, command, fields, state, started_at, ended_at, answer) values \
         ('459900', 'j', '管', '/do/settle/run', 'settle run', '[]', 'done', '2026-01-05', '2026-01-05', '{}')";
    sqlx::query(job).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    county
}

#[test]
fn sqlite_to_postgres_and_back_is_the_same() {
    let (first, second, third) =
        (fresh(support::Engine::Sqlite), fresh(support::Engine::Postgres), fresh(support::Engine::Sqlite));
    run(async {
        let county = filled(first.url()).await;
        let (a, b, c) =
            (&county.office.db, Db::open_ready(second.url()).await.unwrap(), Db::open_ready(third.url()).await.unwrap());
        let mut heard = Vec::new();
        let there = copy(a, &b, |table, rows| heard.push((table.to_owned(), rows))).await.unwrap();
        let back = copy(&b, &c, |_, _| {}).await.unwrap();
        assert_eq!(there, back);
        let of_the_books = there.tables.iter().take_while(|(table, _)| *table != "household");
        let empty: Vec<_> = of_the_books.filter(|(_, rows)| *rows == 0).map(|(table, _)| *table).collect();
        assert_eq!(empty, ["event"], "every table of the books but this has rows to lose");
        assert!(heard.contains(&("voucher".to_owned(), 2_000)), "{heard:?}");
        let (a_content, b_content, c_content) = (content(a).await, content(&b).await, content(&c).await);
        assert!(a_content == b_content && b_content == c_content);
        assert_eq!(verified(a).await, verified(&b).await);
        assert_eq!(verified(&b).await, verified(&c).await);
        let again = copy(a, &c, |_, _| {}).await.unwrap_err();
        assert!(again.to_string().contains("O-105"), "{again}");
    });
}

/// The demo county, with loans, shares, payouts and entrusted money in it, goes to the server and back unchanged.
#[test]
fn the_demo_county_travels() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("demo");
    let played =
        std::process::Command::new(env!("CARGO_BIN_EXE_cunzhang")).args(["demo", "--no-serve", "--dir"]).arg(&dir).output();
    let played = played.unwrap();
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    let (server, last) = (fresh(support::Engine::Postgres), fresh(support::Engine::Sqlite));
    run(async {
        let a = Db::open_ready(&format!("sqlite:{}", dir.join("demo.db").display())).await.unwrap();
        let (b, c) = (Db::open_ready(server.url()).await.unwrap(), Db::open_ready(last.url()).await.unwrap());
        let there = copy(&a, &b, |_, _| {}).await.unwrap();
        assert_eq!(there, copy(&b, &c, |_, _| {}).await.unwrap());
        for table in [
            "event",
            "loan",
            "loan_event",
            "subsidy_row",
            "fund_claim",
            "share_entry",
            "dividend_row",
            "payout_row",
            "benefit_standard",
            "entrusted_move",
            "statement_loan_act",
            "project_deed",
            "asset_card",
            "household_income",
            "notice_seen",
            "disclosure_contact",
            "village_merger_book",
            "disclosure_successor",
        ] {
            assert!(there.tables.iter().any(|(name, rows)| *name == table && *rows > 0), "{table} has no rows in the demo");
        }
        assert!(content(&a).await == content(&b).await && content(&b).await == content(&c).await);
        assert_eq!(verified(&a).await, verified(&b).await);
    });
}

on_both_engines! {
    /// The one list of tables is the catalog's: no table, column, kind or key is forgotten.
    async fn the_list_of_tables_is_complete(database: &TestDatabase) {
        let db = Db::open_ready(database.url()).await.unwrap();
        let mut reader = db.reader().await.unwrap();
        let sql = match db.engine {
            Engine::Sqlite => "select t.name, c.name, lower(c.type), c.pk from sqlite_master t, pragma_table_info(t.name) c \
                 where t.type = 'table' and t.name not like 'sqlite%' and t.name not like '\\_%' escape '\\'",
            Engine::Postgres => "select cast(c.table_name as text), cast(c.column_name as text), cast(c.data_type as text), \
                 cast(coalesce(k.ordinal_position, 0) as bigint) from information_schema.columns c \
                 left join information_schema.key_column_usage k on k.table_schema = c.table_schema and k.table_name = c.table_name \
                 and k.column_name = c.column_name where c.table_schema = 'cunzhang' and c.table_name not like '\\_%'",
        };
        let rows = sqlx::query(sql).fetch_all(&mut *reader).await.unwrap();
        let kept: std::collections::BTreeSet<(String, String, String, i64)> =
            rows.iter().map(|r| (r.get(0), r.get(1), r.get(2), r.get(3))).collect();
        let kind = |kind: Kind| match (kind, db.engine) {
            (Kind::Text, _) => "text",
            (Kind::Int, Engine::Sqlite) => "integer",
            (Kind::Int, Engine::Postgres) => "bigint",
            (Kind::Bytes, Engine::Sqlite) => "blob",
            (Kind::Bytes, Engine::Postgres) => "bytea",
        };
        let listed = TABLES.iter().flat_map(|table| table.columns.iter().enumerate().map(move |(at, (column, of))| {
            let place = if at < table.key { at as i64 + 1 } else { 0 };
            (table.name.to_owned(), (*column).to_owned(), kind(*of).to_owned(), place)
        }));
        assert_eq!(kept, listed.collect());
    }

    /// A backup taken while writers post is one state of the books; restored anywhere it has the same digests.
    async fn a_backup_under_load(database: &TestDatabase) {
        let county = Arc::new(filled_small(database.url()).await);
        let (stop, posted) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let writers: Vec<_> = (0..4).map(|n| tokio::spawn(keep_posting(county.clone(), n, stop.clone(), posted.clone()))).collect();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("备份 100%.db");
        while posted.load(Ordering::SeqCst) < 20 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let before = posted.load(Ordering::SeqCst);
        let report = backup(&county.office.db, &file, false, |_, _| {}).await.unwrap();
        let during = posted.load(Ordering::SeqCst);
        while posted.load(Ordering::SeqCst) < during + 5 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        stop.store(true, Ordering::SeqCst);
        for writer in writers {
            writer.await.unwrap();
        }
        let vouchers = report.tables.iter().find(|(table, _)| *table == "voucher").unwrap().1;
        let acknowledged = |n: u64| n + 200;
        assert!((acknowledged(before)..=acknowledged(posted.load(Ordering::SeqCst))).contains(&vouchers), "{before} {vouchers}");
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, ["备份 100%.db"], "no partial file and no journal stays behind");
        let again = backup(&county.office.db, &file, false, |_, _| {}).await.unwrap_err();
        assert!(again.to_string().contains("O-106"));
        for engine in support::Engine::BOTH {
            let target = fresh(engine);
            restore(&file, target.url(), |_, _| {}).await.unwrap();
            let restored = Db::open_ready(target.url()).await.unwrap();
            assert_eq!(verified(&restored).await.checked.vouchers, vouchers);
            assert!(restore(&file, target.url(), |_, _| {}).await.unwrap_err().to_string().contains("O-105"));
            restored.close().await;
        }
        backup(&county.office.db, &file, true, |_, _| {}).await.unwrap();
        let target = fresh(support::Engine::Sqlite);
        restore(&file, target.url(), |_, _| {}).await.unwrap();
        let restored = Db::open_ready(target.url()).await.unwrap();
        assert_eq!(content(&restored).await, content(&county.office.db).await);
        let missing = restore(&folder.path().join("none.db"), target.url(), |_, _| {}).await.unwrap_err();
        assert!(missing.to_string().contains("O-107"));
    }

    /// A backup never takes the place of the books themselves.
    async fn a_backup_onto_the_books_is_refused(database: &TestDatabase) {
        let county = filled_small(database.url()).await;
        if let Some(file) = database.sqlite_file() {
            let refused = backup(&county.office.db, &file, true, |_, _| {}).await.unwrap_err();
            assert!(refused.to_string().contains("O-106"), "{refused}");
        }
        verified(&county.office.db).await;
    }

    /// A backup that cannot be written leaves nothing behind and touches nothing.
    async fn a_backup_into_no_folder_fails(database: &TestDatabase) {
        let county = filled_small(database.url()).await;
        let folder = tempfile::tempdir().unwrap();
        let failed = backup(&county.office.db, &folder.path().join("none").join("b.db"), false, |_, _| {}).await;
        assert!(matches!(failed, Err(cunzhang::db::Stop::Failed(_))));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

async fn filled_small(url: &str) -> County {
    let county = County::open(url).await;
    let book = county.village("V001").await;
    county.village("V002").await;
    let many: Vec<_> = (1..=200).map(|n| simple(&book, "2026-01-05", "101", "102", &format!("{n}.00"))).collect();
    county.done("甲", PostVouchers { vouchers: many, event: None }).await;
    county
}

async fn keep_posting(county: Arc<County>, writer: u64, stop: Arc<AtomicBool>, posted: Arc<AtomicU64>) {
    let book = BookCode::from(if writer.is_multiple_of(2) { "V001" } else { "V002" });
    while !stop.load(Ordering::SeqCst) {
        county.done("甲", post(&book, "1.00")).await;
        posted.fetch_add(1, Ordering::SeqCst);
    }
}
