//! The office: clock, ids, who is acting, and the one corridor every act takes.
//!
//! ```text
//! face → access → replay → one write transaction: load → decide → account → post → remember → audit → commit → answer
//! ```
//!
//! 1. Nothing outside this folder asks the system for the time or for chance.
//! 2. A repeated idempotency key is answered before any other rule; with other content it is refused.
//! 3. Acts that wait together commit together (`desk.rs`); one refusal does not spoil the others.
//! 4. Every act leaves one line in the audit trail, in the transaction of its effects.

mod act;
pub mod backup;
mod clock;
mod desk;
mod ids;
pub mod jobs;
mod list;
mod store;
mod writer;

pub use act::{Act, Listing, OfficeRefusal, Scene, Target};
pub use backup::CopyRefusal;
pub use clock::{Clock, local_time};
pub use ids::Ids;
pub use store::{ActLine, acts};

use std::sync::Arc;

use crate::calendar::BusinessDate;
use crate::db::{Db, Stop};

/// Who acts, in which county, from which face.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The county's 6-digit code.
    pub county: String,
    /// Login name.
    pub user: String,
    /// `cli`, `web`, `http`, `demo`.
    pub face: &'static str,
}

/// A database with its clock, ids and writer.
#[derive(Clone)]
pub struct Office {
    /// The database, for reading.
    pub db: Db,
    clock: Clock,
    ids: Ids,
    desk: Arc<desk::Desk>,
}

impl Office {
    /// Opens the office over a database that is up to date.
    pub fn open(db: Db, clock: Clock, ids: Ids) -> Office {
        let desk = Arc::new(desk::Desk::open(db.clone(), clock.clone(), ids.clone()));
        Office { db, clock, ids, desk }
    }

    /// An office with the same clock and ids over another database.
    pub fn over(&self, db: Db) -> Office {
        Office::open(db, self.clock.clone(), self.ids.clone())
    }

    /// Performs an act through the corridor. With a key, the same act is done at most once.
    pub async fn perform<A: Act>(&self, actor: &Actor, act: A, key: Option<&str>) -> Result<A::Answer, Stop> {
        let answer = self.desk.perform(actor.clone(), key.map(str::to_owned), act).await?;
        serde_json::from_str(&answer)
            .map_err(|cause| Stop::Failed(crate::db::Failure::Damaged(format!("answer {answer}: {cause}"))))
    }

    /// Grows with every act done here; while it stands, this office has changed nothing.
    pub fn acts_done(&self) -> u64 {
        self.desk.done()
    }

    /// Today's business date, in Asia/Shanghai.
    pub fn today(&self) -> BusinessDate {
        self.clock.today()
    }

    /// The instant now.
    pub fn instant(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    /// An id nobody has had: the key of a form about to be filled in.
    pub fn draw_id(&self) -> String {
        self.ids.draw(self.clock.now())
    }

    /// Sixteen bytes of chance, for a password's salt.
    pub fn draw_salt(&self) -> [u8; 16] {
        self.ids.salt()
    }

    /// Stops the writer and closes the database.
    pub async fn close(self) {
        drop(self.desk);
        self.db.close().await;
    }
}
