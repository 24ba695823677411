//! A backup put back: what it leaves, what a kill half way leaves, and the served office that goes on with it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cunzhang::controls::safekeeping::service::replace::{Finished, finish};
use cunzhang::db::{Db, Stop};
use sqlx::Row;

use crate::backups::{digests, job, names, opened, post};
use crate::office::{PASSWORD, WebOffice, escape};
use crate::support::engines::run;
use crate::support::process::{Running, cunzhang};
use crate::support::proof::verified;
use crate::support::{Engine, TestDatabase, fresh};

async fn digests_in(file: &Path) -> Vec<(String, String)> {
    let db = Db::open_ready(&format!("sqlite:{}", file.display())).await.unwrap();
    verified(&db).await;
    let found = digests(&db).await;
    db.close().await;
    found
}

/// Books with a backup that was prepared to take their place; closed, as a kill leaves them.
struct Prepared {
    _database: TestDatabase,
    folder: tempfile::TempDir,
    books: PathBuf,
    old: Vec<(String, String)>,
    new: Vec<(String, String)>,
}

async fn prepared(while_open: impl AsyncFnOnce(&Path)) -> Prepared {
    let (database, folder) = (fresh(Engine::Sqlite), tempfile::tempdir().unwrap());
    let office = opened(database.url(), folder.path()).await;
    let admin = office.log_in("guanli").await;
    job(&office, &admin, "/backup", &[("key", "k1")]).await;
    let new = digests(&office.county.office.db).await;
    post(&office.county, "20.00").await;
    let old = digests(&office.county.office.db).await;
    let name = names(folder.path()).remove(0);
    let fields = [("key", "r1"), ("file", &*name), ("county", "青禾县"), ("password", PASSWORD)];
    let page = job(&office, &admin, "/backup/restore", &fields).await;
    assert!(page.contains("正在换上"), "{page}");
    let books = database.sqlite_file().unwrap();
    while_open(&books).await;
    office.county.office.clone().close().await;
    Prepared { _database: database, folder, books, old, new }
}

/// The restored books say who put back which backup and where the books of before are; sessions ended, the job is done.
#[test]
fn what_was_prepared_takes_the_place_of_the_books() {
    run(async {
        let Prepared { _database, folder, books, old, new } = prepared(async |_| ()).await;
        assert_ne!(old, new);
        let Finished { pending, stopped } = finish(&books).await.unwrap().unwrap();
        assert!(stopped.is_none() && pending.by == "guanli", "{stopped:?}");
        assert!(finish(&books).await.unwrap().is_none(), "once");
        assert_eq!(digests_in(&books).await, new);
        assert_eq!(digests_in(&pending.before).await, old);
        let left: Vec<_> = std::fs::read_dir(books.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [books.file_name().unwrap()], "nothing is left beside the books");
        let db = Db::open_ready(&format!("sqlite:{}", books.display())).await.unwrap();
        let mut tx = db.reader().await.unwrap();
        let trail = cunzhang::office::acts(&mut tx, "459900", "", 1_000).await.unwrap();
        let before = pending.before.file_name().unwrap().to_str().unwrap();
        let line = trail.iter().find(|line| line.kind == "county.restore").expect("the trail says it");
        assert!(line.actor == "guanli" && line.what.contains(before) && line.what.contains(&pending.file), "{line:?}");
        let count = async |sql: &'static str| {
            sqlx::query(sql).fetch_one(&mut *db.reader().await.unwrap()).await.unwrap().get::<i64, _>(0)
        };
        assert_eq!(count("select count(*) from web_session").await, 0, "sessions of before ended");
        assert_eq!(count("select count(*) from job where job = 'r1' and state = 'done'").await, 1);
        assert!(before.contains("恢复前") && names(folder.path()).len() == 2);
    });
}

/// While another program has the books open they stay as they are, with everything in them.
#[test]
fn books_that_are_open_elsewhere_are_left_as_they_are() {
    run(async {
        let Prepared { _database, books, old, .. } = prepared(async |books| {
            let Finished { stopped, .. } = finish(books).await.unwrap().unwrap();
            assert!(matches!(stopped, Some(Stop::Refused(why)) if why.code == "O-110"));
        })
        .await;
        assert!(finish(&books).await.unwrap().is_none(), "given up");
        assert_eq!(digests_in(&books).await, old);
    });
}

/// A process killed at any point leaves the old books or the new ones whole, and the next start goes on from there.
#[test]
fn a_kill_half_way_leaves_one_of_the_two_whole() {
    run(async {
        let beside = cunzhang::office::backup::beside;
        // Killed before the marker: a file beside the books, which nothing takes.
        let Prepared { books, old, .. } = &prepared(async |_| ()).await;
        std::fs::remove_file(beside(books, ".restore.json")).unwrap();
        assert!(finish(books).await.unwrap().is_none());
        assert_eq!(digests_in(books).await, *old);
        // Killed after the rename: the marker is left, and only goes.
        let Prepared { books, new, .. } = &prepared(async |_| ()).await;
        let marker = std::fs::read(beside(books, ".restore.json")).unwrap();
        finish(books).await.unwrap().unwrap();
        std::fs::write(beside(books, ".restore.json"), marker).unwrap();
        assert!(finish(books).await.unwrap().unwrap().stopped.is_none());
        assert_eq!(digests_in(books).await, *new);
        // Killed somewhere, again and again, as `serve` starts.
        let Prepared { _database, folder, books, old, new } = prepared(async |_| ()).await;
        let url = format!("sqlite:{}", books.display());
        let backups = folder.path().to_str().unwrap();
        let mut seen = Vec::new();
        for millis in (0..).step_by(20) {
            let mut serving = Running::start(cunzhang(["--db", &url, "serve", "--listen", "127.0.0.1:0", "--backups", backups]));
            tokio::time::sleep(Duration::from_millis(millis)).await;
            serving.child().kill().unwrap();
            serving.child().wait().unwrap();
            let copy = folder.path().join("copy-of-books.db");
            for ending in ["", "-wal"] {
                let _ = std::fs::copy(beside(&books, ending), beside(&copy, ending));
            }
            let found = digests_in(&copy).await;
            assert!(found == old || found == new, "after {millis} ms: {found:?}");
            let is_done = found == new && !beside(&books, ".restore.json").exists();
            seen.push(found);
            for ending in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(beside(&copy, ending));
            }
            if is_done {
                break;
            }
        }
        assert!(seen.contains(&old) && seen.last() == Some(&new), "it was killed before and after");
    });
}

/// A browser as small as can be: one request a connection.
struct Small {
    address: String,
    cookie: String,
}

impl Small {
    /// Status line, headers and body.
    fn ask(&mut self, method: &str, path: &str, fields: &[(&str, &str)]) -> String {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
        let body = body.join("&");
        let kind = "Content-Type: application/x-www-form-urlencoded";
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n{kind}\r\nContent-Length: {length}",
            self.address, self.cookie
        );
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "{head}\r\nConnection: close\r\n\r\n{body}").unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        let reply = String::from_utf8_lossy(&reply).into_owned();
        if let Some(cookie) = reply.lines().find_map(|line| line.strip_prefix("set-cookie: cunzhang=")) {
            self.cookie = format!("cunzhang={}", cookie.split(';').next().unwrap());
        }
        reply
    }

    fn log_in(&mut self) {
        let reply = self.ask("POST", "/login", &[("user", "guanli"), ("password", PASSWORD), ("back", "/")]);
        assert!(reply.starts_with("HTTP/1.1 303"), "{reply}");
    }

    /// Asks until the answer has these words.
    fn until(&mut self, path: &str, words: &str) -> String {
        for _ in 0..1_500 {
            let reply = self.ask("GET", path, &[]);
            if reply.contains(words) {
                return reply;
            }
            std::thread::sleep(Duration::from_millis(40));
        }
        panic!("{path} never says {words}: {}", self.ask("GET", path, &[]));
    }
}

/// S19-A1, from end to end: the served office goes back to its backup while it runs, and goes on with it.
#[test]
fn a_served_office_goes_back_and_goes_on() {
    let database = fresh(Engine::Sqlite);
    run(async {
        let office = WebOffice::open(database.url()).await;
        post(&office.county, "500.00").await;
        office.county.office.clone().close().await;
    });
    let mut running = Running::start(cunzhang(["--db", database.url(), "serve", "--listen", "127.0.0.1:0"]));
    let mut lines = BufReader::new(running.child().stderr.take().unwrap()).lines().map_while(Result::ok);
    let said = lines.find(|line| line.contains("村账已启动")).expect("it says where it is served");
    let address = said.split_once("http://").and_then(|(_, rest)| rest.split('/').next()).unwrap().to_owned();
    std::thread::spawn(move || lines.for_each(drop));
    let mut browser = Small { address, cookie: String::new() };
    browser.log_in();
    browser.ask("POST", "/backup", &[("key", "k1")]);
    browser.until("/jobs/k1", "已备份为");
    let page = browser.ask("GET", "/backup", &[]);
    let name = page.split("<tr><td>").nth(1).and_then(|rest| rest.split('<').next()).expect("a backup is listed").to_owned();
    let added = [("key", "u1"), ("user", "houlai"), ("name", "后来的人"), ("role", "auditor")];
    browser.ask("POST", "/users", &added);
    browser.until("/users", "houlai");
    let fields = [("key", "r1"), ("file", &*name), ("county", "青禾县"), ("password", PASSWORD)];
    browser.ask("POST", "/backup/restore", &fields);
    browser.until("/users", "location: /login"); // the session ended with the books it was kept in
    browser.log_in();
    let done = browser.until("/jobs/r1", "已恢复");
    assert!(done.contains("恢复前"), "{done}");
    assert!(!browser.ask("GET", "/users", &[]).contains("houlai"), "what came after the backup is gone");
    let page = browser.ask("GET", "/backup", &[]);
    assert!(page.contains("恢复前") && page.contains(&name), "the books of before are kept: {page}");
    let before = page.split("<tr><td>").find(|row| row.contains("恢复前")).and_then(|rest| rest.split('<').next()).unwrap();
    // And forward again: nothing was lost for good.
    let fields = [("key", "r2"), ("file", before), ("county", "青禾县"), ("password", PASSWORD)];
    browser.ask("POST", "/backup/restore", &fields);
    browser.until("/users", "location: /login");
    browser.log_in();
    browser.until("/users", "houlai");
}
