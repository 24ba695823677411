//! Online backup into one SQLite file, and restore from it, for books on either engine.
//!
//! 1. A backup is one state of the books; writers go on while it is taken.
//! 2. Under its own name the file is complete or not there: it is written as `FILE.partial`, synced, then renamed.
//! 3. What was restored has the digests of what was backed up.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::db::copy::{CopyReport, copy};
use crate::db::{Db, Failure, Stop, dialect};
use crate::refusals;

refusals! {
    /// Why a database is not copied, backed up or restored.
    pub enum CopyRefusal {
        /// The target holds data.
        "O-105" TargetNotEmpty { table: String }
            zh "目标数据库不是空库(表 {table} 已有数据)" en "the target database is not empty (table {table} has rows)" next "换一个空数据库作目标";
        /// The file is there already.
        "O-106" FileExists { file: String }
            zh "文件 {file} 已存在" en "the file {file} exists already" next "换一个文件名,或指明覆盖";
        /// The file to restore from is not there.
        "O-107" FileMissing { file: String }
            zh "没有备份文件 {file}" en "there is no backup file {file}" next "核对文件名和路径";
    }
}

/// Backs up a whole database into a new SQLite file, consistent while writes go on.
/// Refuses a file that is there already (O-106) unless `replace`, and always the database itself.
pub async fn backup(db: &Db, file: &Path, replace: bool, progress: impl FnMut(&str, u64)) -> Result<CopyReport, Stop> {
    if exists(file).await? && (!replace || is_itself(db, file).await) {
        return Err(CopyRefusal::FileExists { file: file.display().to_string() }.into());
    }
    let partial = beside(file, ".partial");
    remove(&partial).await?;
    let written = write(db, &partial, progress).await;
    if written.is_err() {
        remove(&partial).await?;
    }
    let report = written?;
    keep(&partial, file).await?;
    Ok(report)
}

/// Copies a backup into an empty database. Refuses a file that is not there (O-107) and a target with data (O-105).
pub async fn restore(file: &Path, target_url: &str, progress: impl FnMut(&str, u64)) -> Result<CopyReport, Stop> {
    if !exists(file).await? {
        return Err(CopyRefusal::FileMissing { file: file.display().to_string() }.into());
    }
    let source = Db::open_ready(&dialect::file_url(file)).await?;
    let target = Db::open_ready(target_url).await?;
    let copied = copy(&source, &target, progress).await;
    source.close().await;
    target.close().await;
    copied
}

async fn write(db: &Db, partial: &Path, progress: impl FnMut(&str, u64)) -> Result<CopyReport, Stop> {
    let target = Db::open_ready(&dialect::file_url(partial)).await?;
    let copied = copy(db, &target, progress).await;
    target.close().await;
    copied
}

/// Syncs a finished file and gives it its name.
pub async fn keep(partial: &Path, file: &Path) -> Result<(), Failure> {
    let sync = async |path: &Path| -> std::io::Result<()> { tokio::fs::File::open(path).await?.sync_all().await };
    sync(partial).await.map_err(Failure::file(partial))?;
    tokio::fs::rename(partial, file).await.map_err(Failure::file(file))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync(folder).await.map_err(Failure::file(folder))
}

/// True if the file is the one the database is kept in.
async fn is_itself(db: &Db, file: &Path) -> bool {
    let Some(own) = dialect::file_of(db.url()) else { return false };
    let real = (tokio::fs::canonicalize(own).await, tokio::fs::canonicalize(file).await);
    matches!(real, (Ok(own), Ok(file)) if own == file)
}

async fn exists(file: &Path) -> Result<bool, Failure> {
    tokio::fs::try_exists(file).await.map_err(Failure::file(file))
}

/// Removes a database's file that is not wanted, with SQLite's files beside it.
pub async fn remove(partial: &Path) -> Result<(), Failure> {
    for path in [partial.to_owned(), beside(partial, "-wal"), beside(partial, "-shm")] {
        match tokio::fs::remove_file(&path).await {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(Failure::file(&path)(cause)),
            _ => {}
        }
    }
    Ok(())
}

/// A file's name with something after it.
pub fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(file.as_os_str());
    name.push(ending);
    PathBuf::from(name)
}
