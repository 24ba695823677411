//! The desk: one queue before one writer. Acts that wait together commit together.
//!
//! 1. An act is answered only after the commit that holds it: what was acknowledged survives.
//! 2. Each act stands on its own savepoint; one that is refused or fails leaves nothing and harms no other.
//! 3. Plain postings in a row are merged into one list call; if that is refused they are taken one by one.
//! 4. Books are locked in ascending order, whatever order the acts came in.
//! 5. A passing failure (deadlock, serialization) repeats the whole commit; keys make that safe.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use sha2::{Digest, Sha256};
use sqlx::Executor;
use tokio::sync::{mpsc, oneshot};

use super::act::{Act, OfficeRefusal, Scene, Target};
use super::store::{self, ActLine};
use super::{Actor, Clock, Ids, clock};
use crate::access::{self, Permission, Scope};
use crate::db::{Connection, Db, Engine, Failure, Stop};
use crate::ledger::BookCode;
use crate::ledger::service::{self as ledger, PostVouchers};
use crate::parties::mask_texts;

/// At most this many acts share a commit.
const ACTS_A_COMMIT: usize = 1_000;
/// How often a commit is tried again after a passing failure.
const TRIES: u32 = 8;

type Answer = Result<String, Stop>;

pub(super) struct Desk {
    waiting: mpsc::Sender<Waiting>,
}

/// An act in the queue.
struct Waiting {
    actor: Actor,
    key: Option<String>,
    request_digest: String,
    act: Arc<dyn AnyAct>,
    reply: oneshot::Sender<Answer>,
}

/// An act whose kind is no longer known to the compiler.
trait AnyAct: Send + Sync {
    fn kind(&self) -> &'static str;
    fn needs(&self) -> (Permission, Target<'_>);
    fn in_words(&self) -> String;
    fn as_posting(&self) -> Option<&PostVouchers>;
    fn perform<'a>(&'a self, tx: &'a mut Connection, scene: &'a Scene) -> BoxFuture<'a, Answer>;
}

impl<A: Act> AnyAct for A {
    fn kind(&self) -> &'static str {
        A::KIND
    }
    fn needs(&self) -> (Permission, Target<'_>) {
        Act::needs(self)
    }
    fn in_words(&self) -> String {
        mask_texts(Act::in_words(self)).to_string()
    }
    fn as_posting(&self) -> Option<&PostVouchers> {
        Act::as_posting(self)
    }
    fn perform<'a>(&'a self, tx: &'a mut Connection, scene: &'a Scene) -> BoxFuture<'a, Answer> {
        Box::pin(async move { Ok(answer_text(&Act::perform(self, tx, scene).await?)) })
    }
}

fn answer_text<T: serde::Serialize>(answer: &T) -> String {
    serde_json::to_string(answer).expect("answers are plain data and always serialise")
}

/// Lets serde write straight into a digest.
struct Digesting(Sha256);

impl std::io::Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn request_digest<A: Act>(county: &str, act: &A) -> String {
    let mut digest = Digesting(Sha256::new());
    digest.0.update(A::KIND);
    digest.0.update(county);
    serde_json::to_writer(&mut digest, act).expect("acts are plain data and always serialise");
    hex::encode(digest.0.finalize())
}

impl Desk {
    pub(super) fn open(db: Db, clock: Clock, ids: Ids) -> Desk {
        let (waiting, queue) = mpsc::channel(4 * ACTS_A_COMMIT);
        tokio::spawn(Writer { db, clock, ids }.serve(queue));
        Desk { waiting }
    }

    pub(super) async fn perform<A: Act>(&self, actor: Actor, key: Option<String>, act: A) -> Answer {
        let (reply, answer) = oneshot::channel();
        let request_digest = request_digest(&actor.county, &act);
        let waiting = Waiting { actor, key, request_digest, act: Arc::new(act), reply };
        self.waiting.send(waiting).await.map_err(|_| Failure::Stopped)?;
        answer.await.map_err(|_| Failure::Stopped)?
    }
}

struct Writer {
    db: Db,
    clock: Clock,
    ids: Ids,
}

impl Writer {
    async fn serve(self, mut queue: mpsc::Receiver<Waiting>) {
        let mut together = Vec::new();
        while queue.recv_many(&mut together, ACTS_A_COMMIT).await > 0 {
            let answers = self.commit_with_retry(&together).await;
            for (waiting, answer) in together.drain(..).zip(answers) {
                let _ = waiting.reply.send(answer); // nobody waits any more: the act stands all the same
            }
            // Those just answered may have more: let them reach the queue, or the first of them would commit alone.
            tokio::task::yield_now().await;
        }
    }

    async fn commit_with_retry(&self, together: &[Waiting]) -> Vec<Answer> {
        let mut tries = 0;
        loop {
            match self.commit(together).await {
                Ok(answers) => return answers,
                Err(failure) if failure.is_passing() && tries < TRIES => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(5 << tries)).await;
                }
                Err(failure) => {
                    let words = failure.to_string();
                    return together.iter().map(|_| Err(Stop::Failed(Failure::Commit(words.clone())))).collect();
                }
            }
        }
    }

    /// One transaction for all that wait. Fails only where the whole transaction must be repeated or is lost.
    async fn commit(&self, together: &[Waiting]) -> Result<Vec<Answer>, Failure> {
        let mut writer = self.db.writer().await?;
        let outcome = self.commit_on(&mut writer, together).await;
        if outcome.as_ref().is_err_and(|failure| !failure.is_passing()) {
            let _ = writer.close().await; // it failed already; the next commit opens another
        }
        outcome
    }

    async fn commit_on(&self, writer: &mut Connection, together: &[Waiting]) -> Result<Vec<Answer>, Failure> {
        let mut tx = self.db.write_on(writer).await?;
        let mut answers = Vec::with_capacity(together.len());
        let mut rest = together;
        while !rest.is_empty() {
            let postings = rest.iter().take_while(|w| w.act.as_posting().is_some()).count();
            if rest.len() == together.len() && postings < together.len() {
                self.lock_ahead(&mut tx, together).await?;
            }
            let (now, later) = rest.split_at(if postings > 1 { postings } else { 1 });
            self.perform_run(&mut tx, now, &mut answers).await?;
            rest = later;
        }
        tx.commit().await?;
        Ok(answers)
    }

    async fn perform_run(&self, tx: &mut Connection, run: &[Waiting], answers: &mut Vec<Answer>) -> Result<(), Failure> {
        if run.len() > 1
            && let Some(merged) = self.merge(tx, run).await?
        {
            answers.extend(merged.into_iter().map(Ok));
            return Ok(());
        }
        if run.len() > 1 {
            self.lock_ahead(tx, run).await?;
        }
        for waiting in run {
            answers.push(self.perform_alone(tx, waiting).await?);
        }
        Ok(())
    }

    /// Locks the books of acts that follow each other in one transaction, in ascending order: two offices over one
    /// server never wait for each other in a ring. SQLite's writer is alone anyway; one act locks for itself.
    async fn lock_ahead(&self, tx: &mut Connection, acts: &[Waiting]) -> Result<(), Failure> {
        if self.db.engine == Engine::Sqlite || acts.len() < 2 {
            return Ok(());
        }
        let mut books: BTreeMap<&str, BTreeSet<&BookCode>> = BTreeMap::new();
        for waiting in acts {
            let of_county = books.entry(&waiting.actor.county).or_default();
            if let Target::Book(book) = waiting.act.needs().1 {
                of_county.insert(book);
            }
            of_county.extend(waiting.act.as_posting().into_iter().flat_map(|act| &act.vouchers).map(|voucher| &voucher.book));
        }
        for (county, books) in books {
            let books: Vec<&BookCode> = books.into_iter().collect();
            crate::ledger::store::lock_books(tx, self.db.engine, county, &books).await?;
        }
        Ok(())
    }

    /// Tries the whole run as one posting; `None` if it was refused and undone.
    async fn merge(&self, tx: &mut Connection, run: &[Waiting]) -> Result<Option<Vec<String>>, Failure> {
        tx.execute("savepoint run").await?;
        let outcome = AssertUnwindSafe(self.post_merged(tx, run)).catch_unwind().await;
        let cause = match outcome {
            Ok(Ok(answers)) => {
                tx.execute("release savepoint run").await?;
                return Ok(Some(answers));
            }
            Ok(Err(stop)) => stop,
            Err(_) => Stop::Failed(Failure::OneByOne),
        };
        undo(tx, "rollback to savepoint run", cause).await?;
        Ok(None)
    }

    /// One act on its own savepoint. A key that another office recorded at the same moment is answered from there.
    async fn perform_alone(&self, tx: &mut Connection, waiting: &Waiting) -> Result<Answer, Failure> {
        match self.try_alone(tx, waiting).await? {
            Err(Stop::Failed(failure)) if failure.is_duplicate() && waiting.key.is_some() => self.try_alone(tx, waiting).await,
            answer => Ok(answer),
        }
    }

    async fn try_alone(&self, tx: &mut Connection, waiting: &Waiting) -> Result<Answer, Failure> {
        tx.execute("savepoint act").await?;
        let outcome = AssertUnwindSafe(self.perform_in_savepoint(tx, waiting)).catch_unwind().await;
        let panicked = || Stop::from(OfficeRefusal::Panicked { act: waiting.act.kind().to_owned() });
        match outcome.unwrap_or_else(|_| Err(panicked())) {
            Ok(answer) => {
                tx.execute("release savepoint act").await?;
                Ok(Ok(answer))
            }
            Err(stop) => Ok(Err(undo(tx, "rollback to savepoint act", stop).await?)),
        }
    }

    /// The corridor for one act: replay, access, the act itself, its line in the trail.
    async fn perform_in_savepoint(&self, tx: &mut Connection, waiting: &Waiting) -> Answer {
        let county = waiting.actor.county.as_str();
        if let Some(key) = &waiting.key {
            let before = store::answered(tx, county, &[key]).await?;
            if let Some(answer) = replayed(waiting, before.first())? {
                return Ok(answer);
            }
        }
        let (permission, target) = waiting.act.needs();
        let (scope, before) = scope_of(tx, county, target).await?;
        if permission != Permission::Ask {
            let user = std::slice::from_ref(&waiting.actor.user);
            access::check(&user[0], &access::store::actors(tx, county, user).await?.remove(0)?.grants, permission, &scope)?;
        }
        let scene = self.scene(&waiting.actor);
        let answer = waiting.act.perform(tx, &scene).await?;
        let mut line = self.line(waiting, &scene, answer.clone());
        if let Scope::Book { book, .. } = &scope {
            line.after_digest = Some(store::book_state(tx, county, book).await?.1);
            (line.book, line.before_digest) = (Some(book.clone()), before);
        }
        store::save_acts(tx, county, &[line]).await?;
        Ok(answer)
    }

    /// All postings of a run at once; `Err` means: take them one by one.
    async fn post_merged(&self, tx: &mut Connection, run: &[Waiting]) -> Result<Vec<String>, Stop> {
        let county = run[0].actor.county.clone();
        let unlike = run.iter().any(|w| w.actor.county != county);
        let mut keys: Vec<&str> = run.iter().filter_map(|w| w.key.as_deref()).collect();
        let asked = keys.len();
        keys.sort_unstable();
        keys.dedup();
        if unlike || keys.len() < asked || !store::answered(tx, &county, &keys).await?.is_empty() {
            return Err(Stop::Failed(Failure::OneByOne));
        }
        self.check_postings(tx, &county, run).await?;
        let scenes: Vec<Scene> = run.iter().map(|w| self.scene(&w.actor)).collect();
        let postings: Vec<(&Scene, &PostVouchers)> =
            scenes.iter().zip(run).filter_map(|(scene, w)| Some((scene, w.act.as_posting()?))).collect();
        let posted = ledger::post_many(tx, &postings).await?;
        let mut lines = Vec::with_capacity(run.len());
        for ((waiting, scene), outcome) in run.iter().zip(&scenes).zip(posted) {
            let mut line = self.line(waiting, scene, answer_text(&outcome.answer));
            (line.book, line.before_digest, line.after_digest) = outcome.trail;
            lines.push(line);
        }
        store::save_acts(tx, &county, &lines).await?;
        Ok(lines.into_iter().map(|line| line.answer).collect())
    }

    async fn check_postings(&self, tx: &mut Connection, county: &str, run: &[Waiting]) -> Result<(), Stop> {
        let mut users: Vec<String> = run.iter().map(|w| w.actor.user.clone()).collect();
        users.sort_unstable();
        users.dedup();
        let actors = access::store::actors(tx, county, &users).await?;
        let mut books: Vec<[&str; 1]> = run.iter().filter_map(|w| book_of(w.act.needs().1)).map(|book| [book]).collect();
        books.sort_unstable();
        books.dedup();
        let places = store::book_places(tx, county, &books).await?;
        for waiting in run {
            let (permission, target) = waiting.act.needs();
            let at = users.binary_search(&waiting.actor.user).expect("every actor's name is in the list");
            let grants = &actors[at].as_ref().map_err(|why| Stop::from(why.clone()))?.grants;
            let scope = match book_of(target) {
                None => Scope::County,
                Some(book) => {
                    let place = places.iter().find(|(known, _)| known == book);
                    let place = place.ok_or_else(|| OfficeRefusal::UnknownBook { book: book.to_owned() })?;
                    Scope::Book { book: book.to_owned(), place: place.1.clone() }
                }
            };
            access::check(&waiting.actor.user, grants, permission, &scope)?;
        }
        Ok(())
    }

    fn scene(&self, actor: &Actor) -> Scene {
        let now = self.clock.now();
        Scene {
            county: actor.county.clone(),
            actor: actor.user.clone(),
            at: clock::instant(now),
            today: self.clock.today(),
            engine: self.db.engine,
            ids: self.ids.clone(),
            now,
        }
    }

    fn line(&self, waiting: &Waiting, scene: &Scene, answer: String) -> ActLine {
        ActLine {
            act: self.ids.draw(scene.now),
            at: scene.at.clone(),
            actor: scene.actor.clone(),
            face: waiting.actor.face.to_owned(),
            kind: waiting.act.kind().to_owned(),
            book: None,
            what: waiting.act.in_words(),
            before_digest: None,
            after_digest: None,
            idempotency_key: waiting.key.clone(),
            request_digest: waiting.request_digest.clone(),
            answer,
        }
    }
}

/// Undoes to a savepoint. Fails with what went wrong where the transaction must be repeated, or is gone with its
/// savepoints (SQLite rolls back by itself on a full disk).
async fn undo(tx: &mut Connection, rollback: &'static str, stop: Stop) -> Result<Stop, Failure> {
    let stop = match stop {
        Stop::Failed(failure) if failure.is_passing() => return Err(failure),
        stop => stop,
    };
    match (tx.execute(rollback).await, stop) {
        (Ok(_), stop) => Ok(stop),
        (Err(_), Stop::Failed(failure)) => Err(failure),
        (Err(lost), Stop::Refused(_)) => Err(Failure::Database(lost)),
    }
}

fn book_of(target: Target<'_>) -> Option<&str> {
    match target {
        Target::County | Target::Own => None,
        Target::Book(book) => Some(book.0.as_str()),
    }
}

/// The scope of an act, with its book's digest before it.
async fn scope_of(tx: &mut Connection, county: &str, target: Target<'_>) -> Result<(Scope, Option<String>), Stop> {
    let Some(book) = book_of(target) else {
        let scope = if matches!(target, Target::Own) { Scope::Own } else { Scope::County };
        return Ok((scope, None));
    };
    let (place, digest) = store::book_state(tx, county, book).await?;
    Ok((Scope::Book { book: book.to_owned(), place }, Some(digest)))
}

/// The first answer to a repeated key; refused when the request is another.
fn replayed(waiting: &Waiting, before: Option<&store::Answered>) -> Result<Option<String>, Stop> {
    match before {
        None => Ok(None),
        Some((_, digest, answer)) if *digest == waiting.request_digest => Ok(Some(answer.clone())),
        Some((key, ..)) => Err(OfficeRefusal::KeyReused { key: key.clone() }.into()),
    }
}
