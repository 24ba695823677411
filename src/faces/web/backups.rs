//! S19: backups of the whole database, taken as a job while others go on working, kept in the office's folder, handed out.
//!
//! 1. A backup is one state of the books; it stands in the list when it is whole, with what it says of them.
//! 2. The trail says who took one and who carried one out of the house.
//! 3. The key that seals personal numbers is not in it; the page says where it stands.
//! 4. A file is named by choosing it from the list; a path is never taken from a form.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::FixedOffset;
use futures_util::stream;
use tokio::io::AsyncReadExt as _;

use super::address::{escaped_query, lead_to};
use super::fields::Fields;
use super::frame::Frame;
use super::jobs::{self, Answered};
use super::seat::Seat;
use super::text::Texts;
use super::trouble::{Answer, Trouble, show};
use crate::access::service::TakeBackup;
use crate::controls::safekeeping::service::{FetchBackup, Kept, keep, list};
use crate::db::{Failure, Stop, sealing};
use crate::faces::cli::watch::Watch;
use crate::office::jobs::JobState;
use crate::office::{CopyRefusal, local_time};

/// What jobs that take a backup are called.
pub const TAKE: &str = "backup";
const PIECE: usize = 256 << 10;

#[derive(Template)]
#[template(path = "backups.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    key: String,
    key_file: String,
    folder: String,
    /// Name, when, by whom, how large; a key for its form.
    rows: Vec<(String, String, String, String, String)>,
}

/// The page.
pub async fn page(seat: Seat) -> Answer {
    let key_file = sealing::place()?.display().to_string();
    let row = |kept: Kept| {
        let (taken, by) = match &kept.said {
            Some(said) => (local_time(&said.taken_at), said.taken_by.clone()),
            None => (seat.t().safe().says_nothing.to_owned(), String::new()),
        };
        (kept.name, taken, by, size(kept.bytes), seat.form_key())
    };
    let rows = list(&seat.web.backups).await?.into_iter().map(row).collect();
    let (frame, folder) = (Frame::of(&seat, seat.t().safe().backups), seat.web.backups.display().to_string());
    show(&Page { t: seat.t(), frame, key: seat.form_key(), key_file, folder, rows })
}

/// As people read it: whole megabytes, or kilobytes below one.
fn size(bytes: u64) -> String {
    if bytes < 1 << 20 { format!("{} KB", bytes.div_ceil(1 << 10)) } else { format!("{} MB", bytes.div_ceil(1 << 20)) }
}

/// The backup of this name in the office's list. Refuses any other (O-107).
pub async fn kept(seat: &Seat, name: &str) -> Result<Kept, Stop> {
    let found = list(&seat.web.backups).await?.into_iter().find(|kept| kept.name == name);
    found.ok_or_else(|| CopyRefusal::FileMissing { file: name.to_owned() }.into())
}

/// A name for a backup taken now; `what` tells why, where it is not just one of a day.
pub async fn new_file(seat: &Seat, what: &str) -> Result<PathBuf, Failure> {
    let shanghai = FixedOffset::east_opt(8 * 3600).expect("eight hours is a valid offset");
    let now = seat.web.office.instant().with_timezone(&shanghai).format("%Y-%m-%d-%H%M%S");
    let folder = &seat.web.backups;
    let known = list(folder).await?;
    let name = |again: usize| {
        let again = if again == 0 { String::new() } else { format!("-{}", again + 1) };
        format!("村账备份-{}-{now}{what}{again}.db", seat.county())
    };
    let free = (0..).map(name).find(|name| !known.iter().any(|kept| kept.name == *name));
    Ok(folder.join(free.unwrap_or_default()))
}

/// Takes a backup as a job and leads to its page.
pub async fn take(seat: Seat, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Trouble> {
    let number = jobs::number(&seat, Fields(fields).first("key"));
    if let Some(watch) = jobs::begin(&seat, &number, "/backup".to_owned(), (TAKE, "[]".to_owned())).await? {
        tokio::spawn(run(seat, number.clone(), watch));
    }
    Ok(lead_to(&format!("/jobs/{number}")).into_response())
}

async fn run(seat: Seat, number: String, watch: Arc<Watch>) {
    let made = until_stopped(&watch, make(&seat, &number, &watch)).await;
    let ended = match made {
        None => (JobState::Interrupted, Answered::default()),
        Some(Ok(line)) => (JobState::Done, Answered { lines: vec![line], ..Answered::default() }),
        Some(Err(stop)) => jobs::stopped(stop),
    };
    jobs::end(&seat, &number, ended).await;
}

async fn make(seat: &Seat, number: &str, watch: &Watch) -> Result<String, Stop> {
    let file = new_file(seat, "").await?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    seat.perform(TakeBackup { file: name.clone() }, number).await?;
    let at = jobs::local_now(&seat.web);
    let said = keep(&seat.web.office.db, &file, (seat.county(), &seat.user, &at), told(watch)).await?;
    let vouchers: i64 = said.state.books.iter().map(|book| book.vouchers).sum();
    Ok(format!("已备份为 {name}:账套 {} 个,凭证 {vouchers} 张", said.state.books.len()))
}

/// Says which table is being copied and how many rows of it are.
pub fn told(watch: &Watch) -> impl FnMut(&str, u64) + '_ {
    |table, rows| {
        watch.told(format!("{table} {rows}"));
    }
}

/// Work that is dropped when its watch is asked to stop; nothing then.
pub async fn until_stopped<T>(watch: &Watch, work: impl Future<Output = T>) -> Option<T> {
    let stopped = async {
        while watch.is_going() {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    };
    tokio::select! {
        done = work => Some(done),
        () = stopped => None,
    }
}

/// Hands a backup out.
pub async fn fetch(seat: Seat, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Trouble> {
    let found = async {
        let kept = kept(&seat, Fields(fields).first("file")).await?;
        seat.perform(FetchBackup { file: kept.name.clone() }, "").await?;
        Ok::<_, Stop>(kept)
    };
    let kept = found.await.map_err(|stop| Trouble::of(&seat, stop))?;
    let disposition = format!("attachment; filename*=UTF-8''{}", escaped_query(&kept.name));
    let (kind, length) = ("application/vnd.sqlite3".to_owned(), kept.bytes.to_string());
    let head = [(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, disposition), (CONTENT_LENGTH, length)];
    Ok((head, pieces(&seat.web.backups.join(&kept.name)).await?).into_response())
}

/// A file piece by piece.
async fn pieces(path: &Path) -> Result<Body, Failure> {
    let file = tokio::fs::File::open(path).await.map_err(Failure::file(path))?;
    let read = stream::unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        match file.read(&mut piece).await {
            Ok(0) => None,
            Ok(length) => {
                piece.truncate(length);
                Some((Ok(piece), file))
            }
            Err(cause) => Some((Err(cause), file)),
        }
    });
    Ok(Body::from_stream(read))
}
