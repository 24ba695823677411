//! Many writers at once, on one book and on many, in one office and in two: numbers without gaps, no act lost or
//! doubled, no deadlock; and what was once answered is answered again, also after the period closed.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use cunzhang::controls::period_close::service::ClosePeriod;
use cunzhang::db::{Db, Stop};
use cunzhang::ledger::BookCode;
use cunzhang::ledger::service::{Numbered, PostVouchers};
use cunzhang::ledger::vouchers::service::{KeepDrafts, MoveVouchers, Step};
use cunzhang::office::{Clock, Ids, Office};
use support::TestDatabase;
use support::county::{County, actor, date, simple};
use support::on_both_engines;
use support::proof::verified;

const WRITERS: u64 = 64;
const ACTS_A_WRITER: u64 = 8;

/// Another office over the same database, as another process would open it.
async fn another_office(url: &str) -> Office {
    Office::open(Db::open_ready(url).await.unwrap(), Clock::standing_at(date("2026-01-05")), Ids::seeded(8))
}

fn post(book: &BookCode, amount: u64) -> PostVouchers {
    PostVouchers { vouchers: vec![simple(book, "2026-01-05", "101", "102", &format!("{amount}.00"))], event: None }
}

/// Runs all writers, spread over the offices; answers what each act was answered, by key.
async fn write_all(offices: &[Office], books: &[BookCode]) -> BTreeMap<String, Numbered> {
    let (offices, books): (Arc<[Office]>, Arc<[BookCode]>) = (offices.into(), books.into());
    let writers = (0..WRITERS).map(|writer| tokio::spawn(write(offices.clone(), books.clone(), writer)));
    let mut all = BTreeMap::new();
    for writer in writers.collect::<Vec<_>>() {
        all.extend(writer.await.unwrap());
    }
    assert_eq!(all.len() as u64, WRITERS * ACTS_A_WRITER);
    all
}

async fn write(offices: Arc<[Office]>, books: Arc<[BookCode]>, writer: u64) -> Vec<(String, Numbered)> {
    let office = &offices[writer as usize % offices.len()];
    let mut answers = Vec::new();
    for n in 0..ACTS_A_WRITER {
        let book = &books[(writer + n) as usize % books.len()];
        let key = format!("{writer}-{n}");
        let answer = office.perform(&actor("甲"), post(book, writer + 1), Some(&key)).await;
        answers.push((key, answer.unwrap_or_else(|stop| panic!("writer {writer}: {stop}")).remove(0)));
    }
    answers
}

/// Numbers run from 1 in each book, none twice; the same key gets the same answer from every office.
async fn prove(offices: &[Office], books: &[BookCode], answers: &BTreeMap<String, Numbered>) {
    let each = WRITERS * ACTS_A_WRITER / books.len() as u64;
    for book in books {
        let numbers: BTreeSet<i64> = answers.values().filter(|a| a.0 == *book).map(|a| a.4).collect();
        assert_eq!(numbers, (1..=each as i64).collect(), "{book}");
    }
    for office in offices {
        for (writer, n) in [(0, 0), (WRITERS - 1, ACTS_A_WRITER - 1), (7, 3)] {
            let (key, book) = (format!("{writer}-{n}"), &books[(writer + n) as usize % books.len()]);
            let again = office.perform(&actor("甲"), post(book, writer + 1), Some(&key)).await.unwrap();
            assert_eq!(again[0], answers[&key]);
        }
    }
    let report = verified(&offices[0].db).await;
    assert_eq!(report.checked.posted, WRITERS * ACTS_A_WRITER);
}

/// A deadlock must not become a test that hangs.
async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), work).await.expect("sixty-four writers finish within a minute")
}

async fn villages(county: &County, count: usize) -> Vec<BookCode> {
    let mut books = Vec::new();
    for n in 0..count {
        books.push(county.village(&format!("V{n:03}")).await);
    }
    books
}

on_both_engines! {
    /// One hot book: every writer waits for the same row.
    async fn sixty_four_writers_on_one_book(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let books = villages(&county, 1).await;
        let offices = [county.office.clone()];
        let answers = in_time(write_all(&offices, &books)).await;
        prove(&offices, &books, &answers).await;
    }

    /// Many books, every writer walking through them.
    async fn sixty_four_writers_on_many_books(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let books = villages(&county, 8).await;
        let offices = [county.office.clone()];
        let answers = in_time(write_all(&offices, &books)).await;
        prove(&offices, &books, &answers).await;
    }

    /// Two offices over one database, as two processes would be.
    async fn two_offices_at_once(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let books = villages(&county, 4).await;
        let offices = [county.office.clone(), another_office(database.url()).await];
        let answers = in_time(write_all(&offices, &books)).await;
        prove(&offices, &books, &answers).await;
    }

    /// Acts that take several books, and acts of people, from two offices: books are taken in one order, so nobody waits in a ring.
    async fn acts_on_several_books_from_two_offices(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let books = villages(&county, 4).await;
        let offices = [county.office.clone(), another_office(database.url()).await];
        let started = std::time::Instant::now();
        let writers = (0..16usize).map(|writer| tokio::spawn(mixed_acts(offices[writer % 2].clone(), books.clone(), writer)));
        let writers: Vec<_> = writers.collect();
        in_time(async { for writer in writers { writer.await.unwrap(); } }).await;
        println!("{}: 16 writers of mixed acts took {:?}", database.name(), started.elapsed());
        let checked = verified(&county.office.db).await.checked;
        assert_eq!((checked.vouchers, checked.posted), (16 * 4 * 3, 16 * 4 * 2));
    }

    /// The same key sent to two offices at the same moment is done once, and both get the one answer.
    async fn one_key_in_two_offices(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        let offices = [county.office.clone(), another_office(database.url()).await];
        for n in 0..20 {
            let key = format!("k{n}");
            let user = actor("甲");
            let (a, b) = tokio::join!(
                offices[0].perform(&user, post(&book, 3), Some(&key)),
                offices[1].perform(&user, post(&book, 3), Some(&key))
            );
            assert_eq!(a.unwrap_or_else(|stop| panic!("{stop}")), b.unwrap_or_else(|stop| panic!("{stop}")));
        }
        assert_eq!(verified(&county.office.db).await.checked.posted, 20);
    }

    /// A retry of an acknowledged act is answered as before, though its month has closed; a new act is refused.
    async fn a_retry_after_the_close(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        let first = county.office.perform(&actor("甲"), post(&book, 5), Some("k1")).await.unwrap();
        let close = ClosePeriod { book: book.clone(), period: "2026-01".parse().unwrap(), reason: None };
        let outcome = county.office.perform(&actor("甲"), close, None).await;
        if let Err(stop) = outcome {
            panic!("{stop}");
        }
        for office in [county.office.clone(), another_office(database.url()).await] {
            assert_eq!(office.perform(&actor("甲"), post(&book, 5), Some("k1")).await.unwrap(), first);
            let late = office.perform(&actor("甲"), post(&book, 5), Some("k2")).await;
            assert!(matches!(late, Err(Stop::Refused(why)) if why.code == "L-201"));
        }
        verified(&county.office.db).await;
    }

    /// Keys answered before, among new acts that wait together with them: they get their first answers, the others are done.
    async fn repeated_keys_among_new_acts(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        let send = |keys: std::ops::Range<u64>| {
            let sent = keys.map(|n| {
                let (office, book) = (county.office.clone(), book.clone());
                tokio::spawn(async move { office.perform(&actor("甲"), post(&book, n + 1), Some(&format!("k{n}"))).await.unwrap() })
            });
            sent.collect::<Vec<_>>()
        };
        let answers = |sent| async { futures_util::future::try_join_all::<Vec<tokio::task::JoinHandle<_>>>(sent).await.unwrap() };
        let first = answers(send(0..12)).await;
        let again = answers(send(0..64)).await;
        assert_eq!(again[..12], first);
        assert_eq!(verified(&county.office.db).await.checked.posted, 64);
    }

    /// Acts that are refused stand between acts that are not; only they leave no trace.
    async fn one_refusal_harms_no_other(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        let attempts = (0..60).map(|n| {
            let (office, book) = (county.office.clone(), if n % 3 == 0 { BookCode::from("V404") } else { book.clone() });
            tokio::spawn(async move { office.perform(&actor("甲"), post(&book, 1), None).await.is_ok() })
        });
        let mut done = 0;
        for attempt in attempts.collect::<Vec<_>>() {
            done += i32::from(attempt.await.unwrap());
        }
        assert_eq!(done, 40);
        assert_eq!(verified(&county.office.db).await.checked.posted, 40);
    }

    /// People who save at the same moment: each gets a number of their own, without a gap, and a second click the same one;
    /// whoever asks for the impossible harms nobody.
    async fn drafts_saved_at_the_same_moment(database: &TestDatabase) {
        let county = County::open(database.url()).await;
        let book = county.village("V001").await;
        for wrong in [None, Some(7)] {
            let mut saved = BTreeMap::new();
            let people = (0..WRITERS).map(|n| {
                let (office, act) = (county.office.clone(), draft(&book, if wrong == Some(n) { "404" } else { "102" }));
                let key = format!("{wrong:?}-{n}");
                tokio::spawn(async move { (n, office.perform(&actor("甲"), act, Some(&key)).await) })
            });
            for person in people.collect::<Vec<_>>() {
                match person.await.unwrap() {
                    (n, Ok(kept)) => drop(saved.insert(n, kept)),
                    (n, Err(stop)) => assert!(wrong == Some(n), "{n}: {stop}"),
                }
            }
            let many = WRITERS as usize - usize::from(wrong.is_some());
            let numbers: BTreeSet<i64> = saved.values().map(|kept| kept.numbered[0].4).collect();
            let first = if wrong.is_some() { WRITERS as i64 + 1 } else { 1 };
            assert_eq!((saved.len(), numbers), (many, (first..first + many as i64).collect()));
            let again = county.office.perform(&actor("甲"), draft(&book, "102"), Some(&format!("{wrong:?}-3"))).await.unwrap();
            assert_eq!(again, saved[&3]);
        }
        verified(&county.office.db).await;
    }
}

fn draft(book: &BookCode, account: &str) -> KeepDrafts {
    let vouchers = vec![simple(book, "2026-01-05", "101", account, "1.00")];
    KeepDrafts { book: book.clone(), vouchers, skip_known: false }
}

/// One voucher on each of two books in falling order, then a draft in a third, four times; and the other two thirds by people.
async fn mixed_acts(office: Office, books: Vec<BookCode>, writer: usize) {
    for n in 0..4 {
        let at = |step: usize| &books[(writer + n + step) % books.len()];
        let pair = [at(1), at(0)].map(|book| simple(book, "2026-01-05", "101", "102", "1.00")).to_vec();
        let both =
            office.perform(&actor("甲"), PostVouchers { vouchers: pair, event: None }, Some(&format!("{writer}-{n}"))).await;
        both.unwrap_or_else(|stop| panic!("writer {writer}: {stop}"));
        let draft = vec![simple(at(2), "2026-01-05", "101", "102", "1.00")];
        let keep = KeepDrafts { book: at(2).clone(), vouchers: draft, skip_known: false };
        let kept = office.perform(&actor("甲"), keep, None).await.unwrap_or_else(|stop| panic!("writer {writer}: {stop}"));
        let step = MoveVouchers { book: at(2).clone(), vouchers: vec![kept.numbered[0].1], step: Step::Submit, reason: None };
        office.perform(&actor("甲"), step, None).await.unwrap_or_else(|stop| panic!("writer {writer}: {stop}"));
    }
}
