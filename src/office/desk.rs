//! The desk: one queue before one writer. Acts that wait together commit together.
//!
//! 1. An act is answered only after the commit that holds it: what was acknowledged survives.
//! 2. While acts wait, the writer's connection stays at the desk for some commits; then others have their turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::BoxFuture;
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};

use super::act::{Act, Listing, Scene, Target};
use super::writer::Writer;
use super::{Actor, Clock, Ids};
use crate::access::Permission;
use crate::db::{Connection, Db, Failure, Stop};
use crate::parties::mask_texts;

/// At most this many acts share a commit.
const ACTS_A_COMMIT: usize = 1_000;
/// Commits on one connection before others have their turn at it.
const COMMITS_A_TURN: usize = 32;
/// So often others are let go first, with no act coming of it, before the next commit begins; some microseconds in all.
const YIELDS_WITHOUT_AN_ACT: usize = 16;

/// What an act gets: its answer as JSON, or why not.
pub(super) type Answer = Result<String, Stop>;

pub(super) struct Desk {
    waiting: mpsc::Sender<Waiting>,
    done: Arc<AtomicU64>,
}

/// An act in the queue.
pub(super) struct Waiting {
    pub(super) actor: Actor,
    pub(super) key: Option<String>,
    pub(super) request_digest: String,
    pub(super) act: Arc<dyn AnyAct>,
    reply: oneshot::Sender<Answer>,
}

/// An act whose kind is no longer known to the compiler.
pub(super) trait AnyAct: Send + Sync {
    fn kind(&self) -> &'static str;
    fn needs(&self) -> (Permission, Target<'_>);
    fn in_words(&self) -> String;
    fn as_listing(&self) -> Option<Listing<'_>>;
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
    fn as_listing(&self) -> Option<Listing<'_>> {
        Act::as_listing(self)
    }
    fn perform<'a>(&'a self, tx: &'a mut Connection, scene: &'a Scene) -> BoxFuture<'a, Answer> {
        Box::pin(async move { Ok(answer_text(&Act::perform(self, tx, scene).await?)) })
    }
}

/// An answer as the trail keeps it.
pub(super) fn answer_text<T: serde::Serialize>(answer: &T) -> String {
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
        let done = Arc::new(AtomicU64::new(0));
        tokio::spawn(serve(Writer { db, clock, ids }, queue, done.clone()));
        Desk { waiting, done }
    }

    /// How many acts were done or refused so far: while it stands, nothing was changed here.
    pub(super) fn done(&self) -> u64 {
        self.done.load(Ordering::Acquire)
    }

    pub(super) async fn perform<A: Act>(&self, actor: Actor, key: Option<String>, act: A) -> Answer {
        let (reply, answer) = oneshot::channel();
        let request_digest = request_digest(&actor.county, &act);
        let waiting = Waiting { actor, key, request_digest, act: Arc::new(act), reply };
        self.waiting.send(waiting).await.map_err(|_| Failure::Stopped)?;
        answer.await.map_err(|_| Failure::Stopped)?
    }
}

async fn serve(writer: Writer, mut queue: mpsc::Receiver<Waiting>, done: Arc<AtomicU64>) {
    let mut together = Vec::new();
    let (mut held, mut commits) = (None, 0);
    while queue.recv_many(&mut together, ACTS_A_COMMIT).await > 0 {
        let answers = writer.commit_with_retry(&mut held, &together).await;
        let answered = together.len();
        done.fetch_add(answered as u64, Ordering::Release);
        for (waiting, answer) in together.drain(..).zip(answers) {
            let _ = waiting.reply.send(answer); // nobody waits any more: the act stands all the same
        }
        gather(&queue, answered).await;
        commits += 1;
        if queue.is_empty() || commits % COMMITS_A_TURN == 0 {
            held = None;
        }
    }
}

/// Those just answered may have more: lets as many reach the queue again, while it grows. Otherwise the first of them would
/// commit alone, and the rest wait for it.
async fn gather(queue: &mpsc::Receiver<Waiting>, answered: usize) {
    let (mut waiting, mut patience) = (queue.len(), YIELDS_WITHOUT_AN_ACT);
    while patience > 0 {
        tokio::task::yield_now().await;
        let now = queue.len();
        if now >= answered {
            return;
        }
        patience = if now > waiting { YIELDS_WITHOUT_AN_ACT } else { patience - 1 };
        waiting = now;
    }
}
