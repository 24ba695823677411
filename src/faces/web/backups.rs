//! S19: a backup of the whole database, taken while others go on working, and how one is put back.
//!
//! 1. The file is one state of the books: it is made whole beside, then handed out piece by piece, and is gone afterwards.
//! 2. The trail says who took a copy of the books out of the house.
//! 3. The key that seals personal numbers is not in it; the page says where it stands.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;

use super::address::escaped_query;
use super::fields::Fields;
use super::frame::Frame;
use super::seat::Seat;
use super::text::Texts;
use super::trouble::{Answer, Trouble, show};
use crate::access::service::TakeBackup;
use crate::db::{Failure, Stop, sealing};
use crate::office::backup::backup;

const PIECE: usize = 256 << 10;

#[derive(Template)]
#[template(path = "backups.html")]
struct Page {
    t: &'static Texts,
    frame: Frame,
    key: String,
    key_file: String,
}

/// The page.
pub async fn page(seat: Seat) -> Answer {
    let key_file = sealing::place()?.display().to_string();
    show(&Page { t: seat.t(), frame: Frame::of(&seat, seat.t().backups), key: seat.form_key(), key_file })
}

/// Makes a backup and hands it out.
pub async fn take(seat: Seat, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Trouble> {
    let key = Fields(fields).first("key").to_owned();
    let made = async {
        seat.perform(TakeBackup { on: seat.web.office.today() }, &key).await?;
        let folder = tempfile::tempdir().map_err(|cause| Failure::File { path: "backup".to_owned(), cause })?;
        backup(&seat.web.office.db, &folder.path().join("backup.db"), false, |_, _| {}).await?;
        Ok::<_, Stop>(folder)
    };
    let folder = made.await.map_err(|stop| Trouble::of(&seat, stop))?;
    let name = format!("村账备份-{}-{}.db", seat.county(), seat.web.office.today());
    let disposition = format!("attachment; filename*=UTF-8''{}", escaped_query(&name));
    let head = [(CONTENT_TYPE, "application/vnd.sqlite3".to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((head, pieces(folder).await?).into_response())
}

/// The file piece by piece; its folder goes with the last one.
async fn pieces(folder: TempDir) -> Result<Body, Failure> {
    let path = folder.path().join("backup.db");
    let file = tokio::fs::File::open(&path).await.map_err(Failure::file(&path))?;
    let read = stream::unfold((file, Arc::new(folder)), |(mut file, folder)| async move {
        let mut piece = vec![0; PIECE];
        match file.read(&mut piece).await {
            Ok(0) => None,
            Ok(length) => {
                piece.truncate(length);
                Some((Ok(piece), (file, folder)))
            }
            Err(cause) => Some((Err(cause), (file, folder))),
        }
    });
    Ok(Body::from_stream(read))
}
