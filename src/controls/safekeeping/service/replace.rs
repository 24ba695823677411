//! Putting a proven backup in the place of an SQLite database: prepared while it is in use, finished while nobody has it.
//!
//! ```text
//! books.db                the books in use
//! books.db.restored       the proven database, whole, its log folded in      ┐ prepare
//! books.db.restore.json   who wants which backup put back; written last      ┘
//! ```
//!
//! 1. At every moment `books.db` is the old database or the new one, whole: the new one comes by one rename.
//! 2. Before the rename, what was there is kept as a backup, and the old file has no log left beside it and no other reader.
//! 3. A process that is killed goes on at the next start of `serve`: each step looks whether it is done.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::SafekeepingRefusal;
use super::{Proven, keep};
use crate::access::Permission;
use crate::db::{Connection, Db, Failure, Stop, alone, dialect};
use crate::office::backup::{beside, keep as name_it, remove};
use crate::office::{Act, Scene, Target};

/// The line of the trail in the restored books: which backup, and which file holds what was there before.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RestoreBackup {
    /// The backup's name.
    pub file: String,
    /// SHA-256 of the backup.
    pub digest: String,
    /// The file that holds what was there before.
    pub before: String,
}

impl Act for RestoreBackup {
    const KIND: &'static str = "county.restore";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::ManageUsers, Target::County)
    }

    async fn perform(&self, _: &mut Connection, _: &Scene) -> Result<(), Stop> {
        Ok(())
    }
}

/// A restoration that waits to be finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The county.
    pub county: String,
    /// Who wants it.
    pub by: String,
    /// When it was asked.
    pub at: String,
    /// The backup's name.
    pub file: String,
    /// The job it belongs to.
    pub job: String,
    /// Where what is there now will be kept.
    pub before: PathBuf,
}

fn marker(books: &Path) -> PathBuf {
    beside(books, ".restore.json")
}

fn restored(books: &Path) -> PathBuf {
    beside(books, ".restored")
}

/// Puts a proven database beside the books, to take their place. Nobody else has it open.
pub async fn prepare(books: &Path, proven: &Proven, pending: &Pending) -> Result<(), Stop> {
    cancel(books).await?;
    let folded = alone(&proven.database).await?.ok_or(SafekeepingRefusal::DatabaseInUse)?;
    drop_connection(folded).await?;
    name_it(&proven.database, &restored(books)).await?;
    let text = serde_json::to_vec(pending).map_err(|cause| Failure::Damaged(cause.to_string()))?;
    let partial = beside(books, ".restore.partial");
    tokio::fs::write(&partial, text).await.map_err(Failure::file(&partial))?;
    Ok(name_it(&partial, &marker(books)).await?)
}

/// How a restoration that waited ended.
#[derive(Debug)]
pub struct Finished {
    /// Which one.
    pub pending: Pending,
    /// Why the books were left as they were.
    pub stopped: Option<Stop>,
}

/// Finishes what was prepared; nothing where nothing waits. While another program has the database open (O-110), or where
/// the disk fails, it is given up and the books stay as they are.
pub async fn finish(books: &Path) -> Result<Option<Finished>, Failure> {
    let path = marker(books);
    let text = match tokio::fs::read(&path).await {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(Failure::file(&path))?,
    };
    let pending: Pending =
        serde_json::from_slice(&text).map_err(|cause| Failure::Damaged(format!("{}: {cause}", path.display())))?;
    let stopped = take_the_place(&real(books).await?, &restored(books), &pending).await.err();
    cancel(books).await?;
    Ok(Some(Finished { pending, stopped }))
}

async fn take_the_place(books: &Path, new: &Path, pending: &Pending) -> Result<(), Stop> {
    if !is_there(new).await? {
        return Ok(()); // it has taken the place already
    }
    keep_before(books, pending).await?;
    let held = alone(books).await?.ok_or(SafekeepingRefusal::DatabaseInUse)?;
    name_it(new, books).await?;
    Ok(drop_connection(held).await?)
}

/// Gives up what was prepared: the marker first, so that nothing half of it is ever finished.
pub async fn cancel(books: &Path) -> Result<(), Failure> {
    for path in [marker(books), restored(books)] {
        remove(&path).await?;
    }
    Ok(())
}

/// Keeps what is in the books now; a start after a kill finds it kept.
async fn keep_before(books: &Path, pending: &Pending) -> Result<(), Stop> {
    if is_there(&pending.before).await? {
        return Ok(());
    }
    let db = Db::open_ready(&dialect::file_url(books)).await?;
    let kept = keep(&db, &pending.before, (&pending.county, &pending.by, &pending.at), |_, _| {}).await;
    db.close().await;
    kept.map(drop)
}

async fn drop_connection(connection: Connection) -> Result<(), Failure> {
    Ok(sqlx::Connection::close(connection).await?)
}

/// The file behind a link, which a rename would replace instead.
async fn real(books: &Path) -> Result<PathBuf, Failure> {
    tokio::fs::canonicalize(books).await.map_err(Failure::file(books))
}

async fn is_there(path: &Path) -> Result<bool, Failure> {
    tokio::fs::try_exists(path).await.map_err(Failure::file(path))
}
