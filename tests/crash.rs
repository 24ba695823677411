//! Power cuts: the process is killed at random moments while writers post; the server too. And the disk fills up.
//! What was acknowledged is there, once; a repeated key gets its first answer; verification finds nothing.
//!
//! The child is this same binary, started with `child_of_a_crash_test` and a database in its environment.

mod support;

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use cunzhang::db::Db;
use cunzhang::db::rows::as_json;
use cunzhang::ledger::BookCode;
use cunzhang::ledger::service::{Numbered, PostVouchers};
use cunzhang::office::{Clock, Ids, Office};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use sqlx::Row;
use support::county::{County, actor, date, simple};
use support::engines::run;
use support::postgres::{Durability, Server};
use support::proof::verified;
use support::{Engine, fresh};

const DATABASE: &str = "CUNZHANG_TEST_CRASH_DATABASE";
const RUN: &str = "CUNZHANG_TEST_CRASH_RUN";
const WRITERS: u64 = 8;
const BOOKS: u64 = 3;
/// Kills on one database before a fresh one is taken, so that proving stays quick.
const KILLS_A_DATABASE: u64 = 20;

/// The n-th act of a writer; every fourth posts three vouchers on two books.
fn act(writer: u64, n: u64) -> PostVouchers {
    let book = |k: u64| BookCode(format!("V{}", (writer + n + k) % BOOKS));
    let voucher = |k: u64| simple(&book(k), "2026-01-05", "101", "102", &format!("{}.00", n + 1));
    let vouchers = if n.is_multiple_of(4) { vec![voucher(0), voucher(1), voucher(0)] } else { vec![voucher(0)] };
    PostVouchers { vouchers, event: None }
}

/// Writes until it is killed; one line for each acknowledged act. Does nothing unless a crash test started it.
#[test]
fn child_of_a_crash_test() {
    if let (Ok(url), Ok(number)) = (std::env::var(DATABASE), std::env::var(RUN)) {
        run(post_until_killed(&url, &number));
    }
}

async fn post_until_killed(url: &str, number: &str) {
    let Ok(db) = Db::open_ready(url).await else { return };
    let seed = number.parse().expect("the parent hands in a number");
    let office = Office::open(db, Clock::standing_at(date("2026-01-05")), Ids::seeded(seed));
    let writers = (0..WRITERS).map(|writer| tokio::spawn(write(office.clone(), number.to_owned(), writer)));
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
}

async fn write(office: Office, number: String, writer: u64) {
    for n in 0.. {
        let key = format!("{number}-{writer}-{n}");
        let line = match office.perform(&actor("甲"), act(writer, n), Some(&key)).await {
            Ok(answer) => format!("ack {key} {}\n", serde_json::to_string(&answer).unwrap()),
            Err(stop) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                format!("failed {}\n", stop.to_string().replace('\n', " "))
            }
        };
        std::io::stdout().write_all(line.as_bytes()).unwrap();
    }
}

/// A child that posts, and what it says, line by line.
struct Posting {
    child: Child,
    lines: Receiver<String>,
    acknowledged: BTreeMap<String, Vec<Numbered>>,
    failures: Vec<String>,
}

impl Posting {
    fn start(mut command: Command, url: &str, number: u64) -> Posting {
        command.env(DATABASE, url).env(RUN, number.to_string());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (said, lines) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || output.split(b'\n').map_while(Result::ok).try_for_each(|line| said.send(text(line))));
        Posting { child, lines, acknowledged: BTreeMap::new(), failures: Vec::new() }
    }

    fn itself() -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(ARGUMENTS);
        command
    }

    /// Listens until `enough`, or for a time at most.
    fn listen(&mut self, most: Duration, enough: impl Fn(&Posting) -> bool) -> bool {
        let end = Instant::now() + most;
        while !enough(self) {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => self.note(&line),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return enough(self),
            }
        }
        true
    }

    fn note(&mut self, line: &str) {
        if let Some((_, rest)) = line.split_once("ack ") {
            // A line cut short by the kill was not said.
            let answer = rest.split_once(' ').and_then(|(key, json)| Some((key, serde_json::from_str(json).ok()?)));
            self.acknowledged.extend(answer.map(|(key, answer)| (key.to_owned(), answer)));
        } else if let Some((_, why)) = line.split_once("failed ") {
            self.failures.push(why.to_owned());
        }
    }

    /// SIGKILL; then hears what was said before.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.listen(Duration::from_secs(10), |_| false);
    }
}

const ARGUMENTS: [&str; 3] = ["child_of_a_crash_test", "--exact", "--nocapture"];

fn text(line: Vec<u8>) -> String {
    String::from_utf8_lossy(&line).into_owned()
}

/// Everything acknowledged is in the books once, and asking again gives the same answer.
async fn prove(url: &str, acknowledged: &BTreeMap<String, Vec<Numbered>>, chance: &mut ChaCha12Rng) {
    let db = Db::open_ready(url).await.unwrap();
    kept_once(&db, acknowledged).await;
    let office = Office::open(db, Clock::standing_at(date("2026-01-05")), Ids::seeded(chance.next_u64()));
    let keys: Vec<&String> = acknowledged.keys().collect();
    for _ in 0..3.min(keys.len()) {
        let key = keys[chance.random_range(0..keys.len())];
        let place: Vec<u64> = key.split('-').map(|part| part.parse().unwrap()).collect();
        let again = office.perform(&actor("甲"), act(place[1], place[2]), Some(key)).await;
        assert_eq!(again.unwrap_or_else(|stop| panic!("{key}: {stop}")), acknowledged[key], "{key}");
    }
    office.close().await;
}

async fn kept_once(db: &Db, acknowledged: &BTreeMap<String, Vec<Numbered>>) {
    const ACTS: &str = "select a.idempotency_key, a.answer from json_each($1) r join act a on a.county = '459900' \
         and a.idempotency_key = r.value->>0";
    const VOUCHERS: &str = "select count(*) from json_each($1) r join voucher v on v.county = '459900' and v.book = r.value->>0 \
         and v.voucher = cast(r.value->>1 as bigint) and v.period = r.value->>2 and v.word = r.value->>3 \
         and v.number = cast(r.value->>4 as bigint) and v.state = 'posted'";
    let mut reader = db.reader().await.unwrap();
    let keys: Vec<[&String; 1]> = acknowledged.keys().map(|key| [key]).collect();
    let rows = sqlx::query(ACTS).bind(as_json(&keys)).fetch_all(&mut *reader).await.unwrap();
    assert_eq!(rows.len(), acknowledged.len(), "every acknowledged act is there, once");
    for row in rows {
        let answer: Vec<Numbered> = serde_json::from_str(row.get(1)).unwrap();
        assert_eq!(answer, acknowledged[row.get::<&str, _>(0)]);
    }
    let numbered: Vec<&Numbered> = acknowledged.values().flatten().collect();
    let there: i64 = sqlx::query(VOUCHERS).bind(as_json(&numbered)).fetch_one(&mut *reader).await.unwrap().get(0);
    assert_eq!(there, numbered.len() as i64, "every acknowledged voucher is there under its number");
}

async fn books(url: &str) {
    let county = County::open(url).await;
    for n in 0..BOOKS {
        county.village(&format!("V{n}")).await;
    }
    county.office.close().await;
}

async fn verify_and_close(url: &str) -> u64 {
    let db = Db::open_ready(url).await.unwrap();
    let posted = verified(&db).await.checked.posted;
    db.close().await;
    posted
}

/// `CUNZHANG_TEST_SEED`, or chance; printed, so that a failure can be repeated.
fn seed() -> ChaCha12Rng {
    let given = std::env::var("CUNZHANG_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(|| RandomState::new().build_hasher().finish());
    println!("CUNZHANG_TEST_SEED={seed}");
    ChaCha12Rng::seed_from_u64(seed)
}

/// One child, killed while it starts (one in eight) or at a random moment under load.
fn post_and_kill(url: &str, number: u64, chance: &mut ChaCha12Rng) -> BTreeMap<String, Vec<Numbered>> {
    let mut posting = Posting::start(Posting::itself(), url, number);
    let startup = chance.random_range(0..8) == 0;
    if !startup {
        assert!(posting.listen(Duration::from_secs(30), |p| !p.acknowledged.is_empty()), "{:?}", posting.failures);
    }
    posting.listen(Duration::from_millis(chance.random_range(0..70)), |_| false);
    posting.kill();
    posting.acknowledged
}

fn crash_often(urls: impl Fn() -> (String, Box<dyn std::any::Any>), kills: u64) {
    let (mut chance, started, mut acknowledged, mut vouchers) = (seed(), Instant::now(), 0, 0);
    let mut at: Option<(String, Box<dyn std::any::Any>)> = None;
    for number in 0..kills {
        if number % KILLS_A_DATABASE == 0 {
            let fresh = urls();
            run(books(&fresh.0));
            at = Some(fresh);
        }
        let url = &at.as_ref().expect("the first kill takes a database").0;
        let said = post_and_kill(url, number, &mut chance);
        acknowledged += said.len();
        run(prove(url, &said, &mut chance));
        if number % 5 == 4 {
            vouchers += run(verify_and_close(url));
        }
    }
    println!("{kills} kills, {acknowledged} acts acknowledged, {vouchers} vouchers verified, {:?}", started.elapsed());
    assert!(acknowledged as u64 >= kills / 2, "only {acknowledged} acts were acknowledged: the kills came too early");
}

#[test]
fn killed_over_sqlite() {
    let fresh_file = || {
        let database = fresh(Engine::Sqlite);
        (database.url().to_owned(), Box::new(database) as Box<dyn std::any::Any>)
    };
    crash_often(fresh_file, 200);
}

#[test]
fn killed_over_postgres() {
    let fresh_one = || {
        let database = fresh(Engine::Postgres);
        (database.url().to_owned(), Box::new(database) as Box<dyn std::any::Any>)
    };
    crash_often(fresh_one, 50);
}

/// The server loses its power with the writers connected; what it acknowledged it has when it comes back.
#[test]
fn the_server_loses_power() {
    let mut chance = seed();
    let mut server = Server::start(Durability::Durable);
    let url = server.fresh_database().0;
    run(books(&url));
    for number in 0..8 {
        let mut posting = Posting::start(Posting::itself(), &url, number);
        assert!(posting.listen(Duration::from_secs(30), |p| !p.acknowledged.is_empty()), "{:?}", posting.failures);
        posting.listen(Duration::from_millis(chance.random_range(0..100)), |_| false);
        server.cut_power();
        let before = posting.acknowledged.len();
        // The same office goes on once the server is back.
        assert!(posting.listen(Duration::from_secs(60), |p| p.acknowledged.len() > before + 20), "{:?}", posting.failures);
        posting.kill();
        run(prove(&url, &posting.acknowledged, &mut chance));
    }
    run(verify_and_close(&url));
}

/// A file that may not grow further is a clear failure; what was acknowledged stays, and writing goes on once there is room.
#[test]
fn a_full_disk() {
    let mut chance = seed();
    let database = fresh(Engine::Sqlite);
    run(books(database.url()));
    let mut limited = Command::new("/bin/sh");
    // Blocks of 512 bytes: two MiB. Without the trap the system would kill the process instead of failing the write.
    limited.args(["-c", "ulimit -S -f 4096; trap '' XFSZ; exec \"$0\" \"$@\""]);
    limited.arg(std::env::current_exe().unwrap()).args(ARGUMENTS);
    let mut posting = Posting::start(limited, database.url(), 0);
    assert!(posting.listen(Duration::from_secs(60), |p| p.failures.len() >= 20), "the disk never filled");
    let plain = |why: &String| why.contains("没有写入") || why.contains("故障");
    assert!(posting.failures.iter().all(plain), "{:#?}", posting.failures);
    let mut kinds = posting.failures.clone();
    kinds.sort();
    kinds.dedup();
    println!("{kinds:#?}");
    assert!(posting.failures[0].contains("disk"), "the failure names its cause: {}", posting.failures[0]);
    let acknowledged = posting.acknowledged.clone();
    let room = Command::new("prlimit").args(["--pid", &posting.child.id().to_string(), "--fsize=unlimited"]).status();
    assert!(room.is_ok_and(|status| status.success()), "prlimit is part of util-linux");
    let before = posting.acknowledged.len();
    assert!(posting.listen(Duration::from_secs(60), |p| p.acknowledged.len() > before + 20), "{:#?}", posting.failures.last());
    posting.kill();
    run(prove(database.url(), &acknowledged, &mut chance));
    run(prove(database.url(), &posting.acknowledged, &mut chance));
    run(verify_and_close(database.url()));
}
