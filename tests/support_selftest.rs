//! The harness itself: databases are separate and go away, the server survives a power cut and no longer
//! than its process, the program's outputs come back.

mod support;

use sqlx::{Connection, Row};
use std::time::{Duration, Instant};
use support::postgres::{Durability, Server};
use support::{TestDatabase, on_both_engines};

async fn open(url: &str) -> sqlx::AnyConnection {
    sqlx::any::install_default_drivers();
    let url = if url.starts_with("sqlite:") { format!("{url}?mode=rwc") } else { url.to_owned() };
    sqlx::AnyConnection::connect(&url).await.unwrap_or_else(|why| panic!("{url}: {why}"))
}

async fn count(url: &str) -> i64 {
    let counted = sqlx::query("select count(*) from note").fetch_one(&mut open(url).await).await;
    counted.expect("the table is there").get(0)
}

async fn write_note(url: &str, note: &'static str) {
    let mut connection = open(url).await;
    for statement in ["create table if not exists note (text text not null)", note] {
        sqlx::query(statement).execute(&mut connection).await.expect("a plain statement works");
    }
}

on_both_engines! {
    async fn a_fresh_database_is_empty_and_takes_rows(database: &TestDatabase) {
        write_note(database.url(), "insert into note values ('现金')").await;
        assert_eq!(count(database.url()).await, 1, "{}", database.name());
    }
}

#[test]
fn two_databases_of_one_engine_do_not_see_each_other() {
    for engine in support::Engine::BOTH {
        let (one, other) = (support::fresh(engine), support::fresh(engine));
        assert_ne!(one.url(), other.url());
        support::engines::run(async {
            write_note(one.url(), "insert into note values ('a')").await;
            write_note(other.url(), "delete from note").await;
            assert_eq!((count(one.url()).await, count(other.url()).await), (1, 0));
        });
    }
}

#[test]
fn a_dropped_database_is_gone() {
    let databases = support::engines();
    let urls: Vec<String> = databases.iter().map(|database| database.url().to_owned()).collect();
    let file = databases[0].sqlite_file().expect("the first engine is SQLite");
    support::engines::run(async {
        for url in &urls {
            write_note(url, "insert into note values ('a')").await;
        }
    });
    assert!(file.exists());
    drop(databases);
    assert!(!file.exists());
    let answer = support::engines::run(sqlx::AnyConnection::connect(&urls[1]));
    assert!(answer.is_err(), "a dropped PostgreSQL database still answers");
}

#[test]
fn a_committed_row_outlives_a_power_cut_and_a_dropped_server_leaves_nothing() {
    let mut server = Server::start(Durability::Durable);
    let folder = server.folder().to_owned();
    let url = server.fresh_database().0;
    support::engines::run(write_note(&url, "insert into note values ('a')"));
    server.cut_power();
    assert_eq!(support::engines::run(count(&url)), 1);
    drop(server);
    assert!(!folder.exists(), "{} is still there", folder.display());
}

/// Plays the process that is killed in the next test; does nothing when the suite runs.
#[test]
fn victim() {
    if std::env::var_os("CUNZHANG_TEST_VICTIM").is_none() {
        return;
    }
    println!("folder {}", support::postgres::shared().folder().display());
    std::thread::sleep(Duration::from_secs(600));
}

#[test]
fn a_killed_test_process_takes_its_server_along() {
    let this = std::env::current_exe().expect("a test has a path");
    let mut command = std::process::Command::new(this);
    command.args(["--exact", "victim", "--nocapture"]).env("CUNZHANG_TEST_VICTIM", "1");
    let mut victim = support::process::Running::start(command);
    let folder = folder_of(&mut victim);
    assert!(folder.join("data/postmaster.pid").exists());
    victim.kill();
    let killed_at = Instant::now();
    while folder.exists() {
        assert!(killed_at.elapsed() < Duration::from_secs(20), "{} outlived its process", folder.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn folder_of(victim: &mut support::process::Running) -> std::path::PathBuf {
    use std::io::{BufRead, BufReader};
    let stdout = victim.child().stdout.take().expect("a started program's output is a pipe");
    let lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let named = lines.filter_map(|line| line.split_once("folder ").map(|(_, path)| path.into())).next();
    named.expect("the victim says where its server is")
}

#[test]
fn the_program_runs_and_its_outputs_come_back() {
    let finished = support::process::run(["--version"]);
    assert!(finished.code.is_some(), "{finished:?}");
}
