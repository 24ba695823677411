//! Acts on templates: keep one, take one away.

use serde::{Deserialize, Serialize};

use super::{Template, TemplateRefusal, store};
use crate::access::Permission;
use crate::db::{Connection, Stop};
use crate::ledger::{BookCode, LedgerRefusal, VoucherId, vouchers};
use crate::office::{Act, Scene, Target};

/// Keeps the lines of a voucher under a name, in place of an older template of that name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepTemplate {
    /// The book.
    pub book: BookCode,
    /// Its name.
    pub name: String,
    /// The voucher it is taken from, in any state.
    pub voucher: VoucherId,
}

impl Act for KeepTemplate {
    const KIND: &'static str = "template.keep";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        let found = vouchers::store::vouchers(tx, &scene.county, &self.book, &[self.voucher]).await?;
        let (voucher, book) = (self.voucher.0.to_string(), self.book.to_string());
        let pattern = found.first().ok_or(LedgerRefusal::UnknownVoucher { voucher, book })?;
        let template = Template::of(&self.name, &pattern.content);
        if template.name.is_empty() {
            return Err(TemplateRefusal::NoName.into());
        }
        store::save(tx, &scene.county, &self.book, &template, (&scene.actor, &scene.at)).await?;
        Ok(template.lines.len())
    }
}

/// Takes a template away. Vouchers made of it stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DropTemplate {
    /// The book.
    pub book: BookCode,
    /// Its name.
    pub name: String,
}

impl Act for DropTemplate {
    const KIND: &'static str = "template.drop";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepVouchers, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        if store::remove(tx, &scene.county, &self.book, &self.name).await? {
            return Ok(());
        }
        Err(TemplateRefusal::Unknown { name: self.name.clone(), book: self.book.to_string() }.into())
    }
}
