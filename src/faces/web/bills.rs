//! Files on vouchers and claims, shown by digest to those who read the book they belong to.
//!
//! 1. A digest opens nothing by itself: the file must be on a voucher of the address's book.
//! 2. Pictures and PDFs are shown, everything else is handed over as a download; the browser guesses no type.

use axum::extract::{Path, Query};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::address::escaped_query;
use super::room::Picture;
use super::seat::AtBook;
use super::trouble::{FormRefusal, Trouble};
use crate::exchange::photo;
use crate::ledger::attachments::store::{Attachment, file};

/// What is shown in the browser.
const SHOWN: [&str; 3] = ["image/jpeg", "image/png", "application/pdf"];

/// What the address asks for: the picture as large as it is kept, or small.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Not blank: small.
    pub small: String,
}

/// A file of the book.
pub async fn page(
    at: AtBook,
    Path((_, _, digest)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let mut tx = at.seat.snapshot().await?;
    let found = file(&mut tx, at.seat.county(), &at.book.book, &digest).await?;
    let (name, media, content) = found.ok_or_else(|| Trouble::of(&at.seat, FormRefusal::NoSuchPage.into()))?;
    match SHOWN.contains(&media.as_str()) {
        true if !asked.small.is_empty() && media.starts_with("image/") => Ok(small(&content)),
        true => Ok(answer(&media, "inline", &name, content)),
        false => Ok(answer("application/octet-stream", "attachment", &name, content)),
    }
}

fn answer(media: &str, way: &str, name: &str, content: Vec<u8>) -> Response {
    let disposition = format!("{way}; filename*=UTF-8''{}", escaped_query(&name.replace('/', "-")));
    let heads = [(CONTENT_TYPE, media.to_owned()), (CONTENT_DISPOSITION, disposition)];
    (heads, [(CACHE_CONTROL, "private, max-age=3600")], content).into_response()
}

/// A picture small enough for a list of many on a poor line; one that cannot be read stays as it is.
pub fn small(content: &[u8]) -> Response {
    let bytes = photo::small(content).unwrap_or_else(|_| content.to_vec());
    ([(CONTENT_TYPE, "image/jpeg"), (CACHE_CONTROL, "private, max-age=3600")], bytes).into_response()
}

/// The pictures among a voucher's files.
pub fn pictures(at: &AtBook, files: &[Attachment]) -> Vec<Picture> {
    let shown = files.iter().filter(|file| file.media_type.starts_with("image/") && SHOWN.contains(&file.media_type.as_str()));
    let picture = |file: &Attachment| Picture { src: href(at, file), words: file.name.clone(), remove: None };
    shown.map(picture).collect()
}

/// Where a file is shown.
pub fn href(at: &AtBook, file: &Attachment) -> String {
    at.at(&format!("files/{}", file.digest))
}
