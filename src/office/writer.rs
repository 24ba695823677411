//! The writer: what waits at the desk, in one transaction through the corridor.
//!
//! 1. Each act stands on its own savepoint; one that is refused or fails leaves nothing and harms no other.
//! 2. Acts in a row that only add vouchers are merged into one list call; if that is refused they are taken one by one.
//! 3. Books are locked in ascending order, whatever order the acts came in.
//! 4. A passing failure (deadlock, serialization) repeats the whole commit; keys make that safe.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::future::FutureExt;
use sqlx::pool::PoolConnection;
use sqlx::{Any, Executor};

use super::act::{Listing, OfficeRefusal, Scene, Target};
use super::desk::{Answer, Waiting};
use super::store::{self, ActLine};
use super::{Actor, Clock, Ids, clock};
use crate::access::{self, Permission, Scope};
use crate::db::{Connection, Db, Engine, Failure, Stop, Writes};
use crate::ledger::BookCode;

/// How often a commit is tried again after a passing failure.
const TRIES: u32 = 8;

/// A writer's connection kept from one commit to the next.
pub(super) type Held = Option<PoolConnection<Any>>;

pub(super) struct Writer {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) ids: Ids,
}

impl Writer {
    /// Commits what waits; answers in their order.
    pub(super) async fn commit_with_retry(&self, held: &mut Held, together: &[Waiting]) -> Vec<Answer> {
        let mut tries = 0;
        loop {
            match self.commit(held, together).await {
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
    async fn commit(&self, held: &mut Held, together: &[Waiting]) -> Result<Vec<Answer>, Failure> {
        let mut writer = match held.take() {
            Some(writer) => writer,
            None => self.db.writer().await?,
        };
        let outcome = self.commit_on(&mut writer, together).await;
        if outcome.as_ref().is_err_and(|failure| !failure.is_passing()) {
            let _ = writer.close().await; // it failed already; the next commit opens another
        } else {
            *held = Some(writer);
        }
        outcome
    }

    async fn commit_on(&self, writer: &mut Connection, together: &[Waiting]) -> Result<Vec<Answer>, Failure> {
        let one_list = together.len() > 1 && alike(together) == together.len();
        if one_list && let Some(answers) = self.commit_merged(writer, together).await? {
            return Ok(answers);
        }
        let mut tx = self.db.write_on(writer).await?;
        let mut answers = Vec::with_capacity(together.len());
        let mut rest = together;
        while !rest.is_empty() {
            let run = if one_list { 1 } else { alike(rest).max(1) };
            if rest.len() == together.len() && run < together.len() {
                self.lock_ahead(&mut tx, together).await?;
            }
            let (now, later) = rest.split_at(run);
            self.perform_run(&mut tx, now, &mut answers).await?;
            rest = later;
        }
        tx.commit().await?;
        Ok(answers)
    }

    /// Acts of one kind: one list call is the whole transaction; `None` if it was refused and undone.
    async fn commit_merged(&self, writer: &mut Connection, run: &[Waiting]) -> Result<Option<Vec<Answer>>, Failure> {
        let mut tx = self.db.write_on(writer).await?;
        let cause = match AssertUnwindSafe(self.perform_list(&mut tx, run)).catch_unwind().await {
            Ok(Ok(answers)) => {
                tx.commit().await?;
                return Ok(Some(answers.into_iter().map(Ok).collect()));
            }
            Ok(Err(Stop::Failed(failure))) if failure.is_passing() => return Err(failure),
            Ok(Err(stop)) => stop,
            Err(_) => Stop::Failed(Failure::OneByOne),
        };
        match (tx.rollback().await, cause) {
            (Ok(()), _) => Ok(None),
            (Err(_), Stop::Failed(failure)) => Err(failure),
            (Err(lost), Stop::Refused(_)) => Err(Failure::Database(lost)),
        }
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
            let listing = waiting.act.as_listing();
            of_county.extend(listing.into_iter().flat_map(Listing::vouchers).map(|voucher| &voucher.book));
        }
        for (county, books) in books {
            let books: Vec<&BookCode> = books.into_iter().collect();
            crate::ledger::store::lock_books(tx, self.db.engine, county, &books).await?;
        }
        Ok(())
    }

    /// Tries the whole run as one list; `None` if it was refused and undone.
    async fn merge(&self, tx: &mut Connection, run: &[Waiting]) -> Result<Option<Vec<String>>, Failure> {
        tx.execute("savepoint run").await?;
        let outcome = AssertUnwindSafe(self.perform_list(tx, run)).catch_unwind().await;
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
        let mut writes = Writes::of(self.db.engine, county);
        store::save_acts(&mut writes, &[line]);
        writes.send(tx).await?;
        Ok(answer)
    }

    pub(super) fn scene(&self, actor: &Actor) -> Scene {
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

    pub(super) fn line(&self, waiting: &Waiting, scene: &Scene, answer: String) -> ActLine {
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

/// How many of the first acts can be done in one list call.
fn alike(acts: &[Waiting]) -> usize {
    fn kind(waiting: &Waiting) -> Option<std::mem::Discriminant<Listing<'_>>> {
        waiting.act.as_listing().map(|listing| std::mem::discriminant(&listing))
    }
    let first = acts.first().and_then(kind);
    acts.iter().take_while(|waiting| first.is_some() && kind(waiting) == first).count()
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

pub(super) fn book_of(target: Target<'_>) -> Option<&str> {
    match target {
        Target::County | Target::Own | Target::Loans(_) | Target::Bank(_) => None,
        Target::Book(book) => Some(book.0.as_str()),
    }
}

/// The scope of an act, with its book's digest before it.
async fn scope_of(tx: &mut Connection, county: &str, target: Target<'_>) -> Result<(Scope, Option<String>), Stop> {
    let scope = match target {
        Target::County => Scope::County,
        Target::Own => Scope::Own,
        Target::Loans(loans) => Scope::Banks(access::store::banks_of_loans(tx, county, &loans).await?),
        Target::Bank(bank) => Scope::Banks(vec![access::store::bank_scope(tx, county, bank).await?]),
        Target::Book(book) => {
            let (place, digest) = store::book_state(tx, county, &book.0).await?;
            return Ok((Scope::Book { book: book.to_string(), place }, Some(digest)));
        }
    };
    Ok((scope, None))
}

/// The first answer to a repeated key; refused when the request is another.
fn replayed(waiting: &Waiting, before: Option<&store::Answered>) -> Result<Option<String>, Stop> {
    match before {
        None => Ok(None),
        Some((_, digest, answer)) if *digest == waiting.request_digest => Ok(Some(answer.clone())),
        Some((key, ..)) => Err(OfficeRefusal::KeyReused { key: key.clone() }.into()),
    }
}
