//! Keeping backups and proving them: a copy beside the books, and the same copy restored, verified and compared.
//!
//! 1. A backup has its name only when it is whole and what it says stands beside it.
//! 2. Proving works on a copy in a folder of its own: neither the backup nor the books in use are touched.
//! 3. A damaged file is refused by its name, before anything is restored from it.

pub mod replace;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{SafekeepingRefusal, Said, State, differing, store};
use crate::access::Permission;
use crate::controls::audit_trail::service::{Checked, verify};
use crate::controls::period_close::store::periods;
use crate::db::{Connection, Db, Failure, Stop, dialect};
use crate::exchange::write_csv;
use crate::ledger::BookCode;
use crate::ledger::books::store as books;
use crate::office::backup::{backup, beside, keep as name_it, restore};
use crate::office::{Act, OfficeRefusal, Scene, Target};
use crate::statements::service::{Report, report};

/// A backup in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name there.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// What stands beside it; nothing where somebody put the file there by hand.
    pub said: Option<Said>,
}

/// A backup that was restored beside the books and held.
#[derive(Debug, Clone)]
pub struct Proven {
    /// What it said.
    pub said: Option<Said>,
    /// What was found.
    pub state: State,
    /// How much was verified.
    pub checked: Checked,
    /// The database restored from it.
    pub database: PathBuf,
}

/// Takes a copy of the whole database out of the house: what is done here is that the trail says who.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FetchBackup {
    /// Which one.
    pub file: String,
}

impl Act for FetchBackup {
    const KIND: &'static str = "county.backup_fetched";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::ManageUsers, Target::County)
    }

    async fn perform(&self, _: &mut Connection, _: &Scene) -> Result<(), Stop> {
        Ok(())
    }
}

/// The backups in a folder, the latest first.
pub async fn list(folder: &Path) -> Result<Vec<Kept>, Failure> {
    let failed = Failure::file(folder);
    let mut kept = Vec::new();
    let mut entries = match tokio::fs::read_dir(folder).await {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(kept),
        other => other.map_err(&failed)?,
    };
    while let Some(entry) = entries.next_entry().await.map_err(&failed)? {
        let facts = entry.metadata().await.map_err(&failed)?;
        if let Some(name) = entry.file_name().to_str().filter(|name| name.ends_with(".db") && facts.is_file()) {
            let said = said(&entry.path()).await?;
            kept.push(Kept { name: name.to_owned(), bytes: facts.len(), said });
        }
    }
    let when = |kept: &Kept| kept.said.as_ref().map(|said| said.taken_at.clone());
    kept.sort_by(|a, b| (when(b), &b.name).cmp(&(when(a), &a.name)));
    Ok(kept)
}

/// What stands beside a backup.
async fn said(file: &Path) -> Result<Option<Said>, Failure> {
    let path = beside(file, ".json");
    match tokio::fs::read(&path).await {
        Ok(text) => Ok(serde_json::from_slice(&text).ok()),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(Failure::file(&path)(cause)),
    }
}

/// Backs the whole database up into a file that is not there yet; what it holds is written beside it.
pub async fn keep(db: &Db, file: &Path, (county, by, at): (&str, &str, &str), tell: impl FnMut(&str, u64)) -> Result<Said, Stop> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let work = work_folder(folder, WORK).await?;
    let made = work.path().join("backup.db");
    backup(db, &made, false, tell).await?;
    let copy = Db::open_ready(&dialect::file_url(&made)).await?;
    let state = state(&copy, county).await;
    copy.close().await;
    let (taken_at, taken_by) = (at.to_owned(), by.to_owned());
    let said = Said { county: county.to_owned(), taken_at, taken_by, file_digest: file_digest(&made).await?, state: state? };
    let words = work.path().join("said.json");
    let text = serde_json::to_vec_pretty(&said).map_err(|cause| Failure::Damaged(cause.to_string()))?;
    tokio::fs::write(&words, text).await.map_err(Failure::file(&words))?;
    name_it(&words, &beside(file, ".json")).await?;
    name_it(&made, file).await?;
    Ok(said)
}

/// What the names of folders for work begin with in the folder of backups.
pub const WORK: &str = ".work-";

/// A folder for work on the same disk, gone when it is done.
pub async fn work_folder(folder: &Path, prefix: &str) -> Result<tempfile::TempDir, Failure> {
    tokio::fs::create_dir_all(folder).await.map_err(Failure::file(folder))?;
    tempfile::Builder::new().prefix(prefix).tempdir_in(folder).map_err(Failure::file(folder))
}

/// Removes what a killed process left of its work.
pub async fn clear_work(folder: &Path, prefix: &str) -> Result<(), Failure> {
    let failed = Failure::file(folder);
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else { return Ok(()) };
    while let Some(entry) = entries.next_entry().await.map_err(&failed)? {
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            tokio::fs::remove_dir_all(entry.path()).await.map_err(&failed)?;
        }
    }
    Ok(())
}

/// What a backup holds, without restoring it: as it says, or as a copy of a file that says nothing shows.
pub async fn look(folder: &Path, kept: &Kept, county: &str) -> Result<State, Stop> {
    if let Some(said) = &kept.said {
        return Ok(said.state.clone());
    }
    let (file, work) = (folder.join(&kept.name), work_folder(folder, WORK).await?);
    let copy = readable_copy(&file, work.path()).await?;
    let db = Db::open_ready(&dialect::file_url(&copy)).await?;
    let state = store::state(&mut *db.begin_snapshot().await?, county).await;
    db.close().await;
    Ok(state?)
}

/// Restores a backup into a fresh database in `work`, verifies everything, and compares it with what the backup says.
/// Refuses a damaged file (O-108), books that do not hold (O-109) and a backup of another county (O-102).
pub async fn prove(file: &Path, work: &Path, county: &str, tell: impl FnMut(&str, u64)) -> Result<Proven, Stop> {
    let said = said(file).await?;
    if let Some(said) = &said
        && said.file_digest != file_digest(file).await?
    {
        return Err(damaged(file, "文件的摘要与备份时记下的不同".to_owned()).into());
    }
    let copy = readable_copy(file, work).await?;
    let database = work.join("restored.db");
    restore(&copy, &dialect::file_url(&database), tell).await?;
    let db = Db::open_ready(&dialect::file_url(&database)).await?;
    let held = examine(&db, file, county, said.as_ref()).await;
    db.close().await;
    let (state, checked) = held?;
    Ok(Proven { said, state, checked, database })
}

fn damaged(file: &Path, why: String) -> SafekeepingRefusal {
    SafekeepingRefusal::BackupDamaged { file: name_of(file), why }
}

/// A copy of a backup to read from: opening brings a copy's schema up to date, never the backup's. Refuses O-108.
async fn readable_copy(file: &Path, work: &Path) -> Result<PathBuf, Stop> {
    let copy = work.join("copy.db");
    tokio::fs::copy(file, &copy).await.map_err(Failure::file(file))?;
    match unreadable(&copy).await? {
        Some(why) => Err(damaged(file, why).into()),
        None => Ok(copy),
    }
}

/// Why a copy of a backup cannot be read as a database of ours; the machine's own failures pass.
async fn unreadable(copy: &Path) -> Result<Option<String>, Failure> {
    let opened = async {
        let db = Db::open_ready(&dialect::file_url(copy)).await?;
        let unsound = db.unsound().await;
        db.close().await;
        unsound
    };
    match opened.await {
        Err(failure @ (Failure::File { .. } | Failure::NoKey | Failure::NotAKey { .. })) => Err(failure),
        Err(failure) => Ok(Some(failure.to_string())),
        Ok(unsound) => Ok(unsound),
    }
}

async fn examine(db: &Db, file: &Path, county: &str, said: Option<&Said>) -> Result<(State, Checked), Stop> {
    let counties = books::counties(&mut *db.begin_snapshot().await?).await?;
    if !counties.iter().any(|(code, _)| code == county) {
        return Err(OfficeRefusal::UnknownCounty { county: county.to_owned() }.into());
    }
    let unproven = |first: String| SafekeepingRefusal::BackupUnproven { file: name_of(file), first };
    let mut checked = Checked::default();
    for (code, _) in &counties {
        let report = verify(db, code, None).await?;
        if let Some(first) = report.findings.first() {
            return Err(unproven(first.message_zh.clone()).into());
        }
        checked = if code == county { report.checked } else { checked };
    }
    let state = state(db, county).await?;
    match said.and_then(|said| differing(&said.state, &state)) {
        Some(book) => Err(unproven(format!("账套 {book} 的账与备份时记下的不同")).into()),
        None => Ok((state, checked)),
    }
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The state of a county's books with the digests of their reports, from one snapshot.
pub async fn state(db: &Db, county: &str) -> Result<State, Stop> {
    let mut tx = db.begin_snapshot().await?;
    let mut state = store::state(&mut tx, county).await?;
    for book in &mut state.books {
        book.reports = report_digest(&mut tx, county, &BookCode(book.book.clone())).await?;
    }
    Ok(state)
}

/// The digest of a book's reports at the end of every year it keeps.
async fn report_digest(tx: &mut Connection, county: &str, book: &BookCode) -> Result<String, Stop> {
    let kept = periods(tx, county, book).await?;
    let months: Vec<_> = kept.iter().map(|kept| kept.period).filter(|period| !period.is_opening()).collect();
    let mut digest = Sha256::new();
    for (at, last) in months.iter().enumerate() {
        if months.get(at + 1).is_some_and(|next| next.year() == last.year()) {
            continue;
        }
        let first = months.iter().find(|month| month.year() == last.year()).copied();
        for wanted in reports(first) {
            match report(tx, county, book, *last, &wanted, false).await {
                Ok(sheets) => sheets.iter().try_for_each(|sheet| write_csv(sheet, Hashing(&mut digest))).map_err(unwritten)?,
                Err(Stop::Refused(refusal)) => digest.update(refusal.code), // a report its regime does not have
                Err(failed) => return Err(failed),
            }
        }
    }
    Ok(hex::encode(digest.finalize()))
}

fn unwritten(cause: std::io::Error) -> Failure {
    Failure::Damaged(cause.to_string())
}

/// Every report of a book from its year's first month on.
fn reports(from: Option<crate::calendar::AccountingPeriod>) -> [Report; 8] {
    [
        Report::TrialBalance { level: None, dimension: None },
        Report::GeneralLedger { account: None },
        Report::Journal { account: None, from, unposted: true },
        Report::BalanceSheet,
        Report::Surplus,
        Report::Equity { given: std::collections::BTreeMap::new() },
        Report::MemberAccount { member: None },
        Report::ReceiptsPayments,
    ]
}

/// Lets a writer write straight into a digest.
struct Hashing<'a>(&'a mut Sha256);

impl std::io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// SHA-256 of a file, read off the threads that serve others.
async fn file_digest(file: &Path) -> Result<String, Failure> {
    let path = file.to_owned();
    let read = move || {
        let mut digest = Sha256::new();
        std::io::copy(&mut std::fs::File::open(&path)?, &mut Hashing(&mut digest))?;
        Ok(hex::encode(digest.finalize()))
    };
    let digest: std::io::Result<String> = tokio::task::spawn_blocking(read).await.map_err(|_| Failure::Stopped)?;
    digest.map_err(Failure::file(file))
}
