//! S15: the package for auditors of a village, handed over as one archive.
//!
//! 1. It holds the files that `audit package` writes, and is checked the same ways once it is unpacked.
//! 2. Who may send findings may take it; the trail of the books is not touched by reading them.

use std::io::{Cursor, Write};

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::address::escaped_query;
use super::seat::AtBook;
use super::trouble::Trouble;
use crate::db::{Failure, Stop};
use crate::faces::cli::audit::of_one;

/// The package of the book.
pub async fn package(at: AtBook) -> Result<Response, Trouble> {
    let (seat, book) = (&at.seat, &at.book.book);
    let made_at = seat.web.office.instant().to_rfc3339();
    let files = of_one(&mut *seat.snapshot().await?, seat.county(), &made_at, book).await;
    let files = files.map_err(|stop| Trouble::of(seat, stop))?;
    let packed = tokio::task::spawn_blocking(move || zipped(&files)).await.map_err(|_| Stop::from(Failure::Stopped))?;
    let name = format!("审计数据包-{book}.zip");
    let broken = |cause| Trouble::of(seat, Failure::File { path: name.clone(), cause }.into());
    let disposition = format!("attachment; filename*=UTF-8''{}", escaped_query(&name));
    let heads = [(CONTENT_TYPE, "application/zip".to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((heads, packed.map_err(broken)?).into_response())
}

fn zipped(files: &[(String, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).map_err(std::io::Error::other)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish().map_err(std::io::Error::other)?.into_inner())
}
