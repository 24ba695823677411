//! Files on vouchers, as kept: content by digest, links by number.

use crate::db::rows::column;
use crate::db::{Connection, Failure};
use crate::ledger::{BookCode, VoucherId};

/// A file stored with a voucher.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Attachment {
    /// Number on the voucher, from 1.
    pub attachment: i64,
    /// SHA-256 of the content.
    pub digest: String,
    /// File name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Who added it.
    pub added_by: String,
    /// When.
    pub added_at: String,
}

/// Stores a file by digest and puts it on a voucher; the same file twice is stored once.
pub async fn attach(
    tx: &mut Connection,
    county: &str,
    (book, id): (&BookCode, VoucherId),
    file: &Attachment,
    content: &[u8],
) -> Result<(), Failure> {
    const FILE: &str =
        "insert into attachment_file (county, digest, bytes_size, content) values ($1, $2, $3, $4) on conflict do nothing";
    let size = content.len() as i64;
    sqlx::query(FILE).bind(county).bind(&file.digest).bind(size).bind(content.to_vec()).execute(&mut *tx).await?;
    link(tx, county, (book, id), file).await
}

/// Puts a file that is stored already on a voucher.
pub async fn link(
    tx: &mut Connection,
    county: &str,
    (book, id): (&BookCode, VoucherId),
    file: &Attachment,
) -> Result<(), Failure> {
    const LINK: &str = "insert into attachment (county, book, voucher, attachment, digest, name, media_type, added_at, added_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let query = sqlx::query(LINK).bind(county).bind(&book.0).bind(id.0).bind(file.attachment).bind(&file.digest);
    query.bind(&file.name).bind(&file.media_type).bind(&file.added_at).bind(&file.added_by).execute(tx).await?;
    Ok(())
}

/// A file by its digest, if it is on a voucher of this book: name, media type, content.
pub async fn file(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    digest: &str,
) -> Result<Option<(String, String, Vec<u8>)>, Failure> {
    const SQL: &str = "select a.name, a.media_type, f.content from attachment a \
         join attachment_file f on f.county = a.county and f.digest = a.digest \
         where a.county = $1 and a.book = $2 and a.digest = $3 order by a.voucher, a.attachment limit 1";
    let row = sqlx::query(SQL).bind(county).bind(&book.0).bind(digest).fetch_optional(tx).await?;
    row.map(|row| Ok((column(&row, 0)?, column(&row, 1)?, column(&row, 2)?))).transpose()
}

/// The files on a voucher.
pub async fn attachments(tx: &mut Connection, county: &str, book: &BookCode, id: VoucherId) -> Result<Vec<Attachment>, Failure> {
    const SQL: &str = "select attachment, digest, name, media_type, added_by, added_at from attachment \
         where county = $1 and book = $2 and voucher = $3 order by attachment";
    let rows = sqlx::query(SQL).bind(county).bind(&book.0).bind(id.0).fetch_all(tx).await?;
    rows.iter()
        .map(|row| {
            Ok(Attachment {
                attachment: column(row, 0)?,
                digest: column(row, 1)?,
                name: column(row, 2)?,
                media_type: column(row, 3)?,
                added_by: column(row, 4)?,
                added_at: column(row, 5)?,
            })
        })
        .collect()
}
