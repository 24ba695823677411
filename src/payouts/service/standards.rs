//! 登记补贴标准: a benefit's standard from a day on.

use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::db::{Connection, Stop};
use crate::office::{Act, Scene, Target};
use crate::payouts::refusal::PayoutRefusal;
use crate::payouts::standards::Standard;
use crate::payouts::store;

/// Keeps a standard. Refuses one without amount or document (Y-108), and another of the same day (Y-210); the same again adds nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepStandard {
    /// The standard.
    pub standard: Standard,
}

impl Act for KeepStandard {
    const KIND: &'static str = "payout.standard";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let wanted = &self.standard;
        if !wanted.amount.is_positive() || wanted.document.trim().is_empty() {
            return Err(PayoutRefusal::BadStandard { kind: wanted.kind.label_zh().to_owned(), amount: wanted.amount }.into());
        }
        let kept = store::standards(tx, &scene.county).await?;
        match kept.iter().find(|kept| (kept.kind, kept.from) == (wanted.kind, wanted.from)) {
            None => Ok(store::save_standard(tx, &scene.county, wanted).await?),
            Some(kept) if kept == wanted => Ok(()),
            Some(kept) => {
                let (kind, from, amount) = (kept.kind.label_zh().to_owned(), kept.from, kept.amount);
                Err(PayoutRefusal::StandardExists { kind, from, amount }.into())
            }
        }
    }
}
