//! The act of storing a file with a voucher.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::store::{self, Attachment};
use crate::access::Permission;
use crate::db::{Connection, Stop};
use crate::ledger::refusal::AttachmentRefusal;
use crate::ledger::vouchers::service::load;
use crate::ledger::{BookCode, VoucherId, store as ledger_store};
use crate::office::{Act, Scene, Target};

/// Stores a file with a voucher. Refuses files over 10 MiB.
#[derive(Debug, Clone, Serialize)]
pub struct AttachFile {
    /// The book.
    pub book: BookCode,
    /// The voucher.
    pub voucher: VoucherId,
    /// File name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// SHA-256 of the content, hex.
    pub digest: String,
    /// The content.
    #[serde(skip)]
    pub content: Vec<u8>,
}

impl AttachFile {
    const LARGEST: usize = 10 * 1024 * 1024;

    /// From a file's name and content.
    pub fn new(book: BookCode, voucher: VoucherId, name: String, media_type: String, content: Vec<u8>) -> AttachFile {
        let digest = hex::encode(Sha256::digest(&content));
        AttachFile { book, voucher, name, media_type, digest, content }
    }
}

impl Act for AttachFile {
    const KIND: &'static str = "voucher.attach";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        if self.content.is_empty() || self.content.len() > Self::LARGEST {
            let megabytes = Self::LARGEST / 1024 / 1024;
            return Err(AttachmentRefusal::Size { name: self.name.clone(), megabytes }.into());
        }
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        load(tx, scene, &self.book, &[self.voucher]).await?;
        let before = store::attachments(tx, &scene.county, &self.book, self.voucher).await?;
        if let Some(same) = before.iter().find(|file| file.digest == self.digest) {
            return Ok(same.attachment);
        }
        let file = Attachment {
            attachment: before.len() as i64 + 1,
            digest: self.digest.clone(),
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            added_by: scene.actor.clone(),
            added_at: scene.at.clone(),
        };
        store::attach(tx, &scene.county, (&self.book, self.voucher), &file, &self.content).await?;
        Ok(file.attachment)
    }
}
