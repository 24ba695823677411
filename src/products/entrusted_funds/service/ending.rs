//! What happens when the operator cannot pay.

use serde::{Deserialize, Serialize};

use super::{Opened, outstanding, posted};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::service::Numbered;
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::entrusted_funds::posting_rules;
use crate::products::entrusted_funds::refusal::EntrustRefusal;
use crate::products::entrusted_funds::store;

/// The operator is insolvent: the company's claims are written off after approval; what it owes households stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeclareInsolvent {
    /// The scheme.
    pub scheme: String,
    /// Date.
    pub on: BusinessDate,
    /// 批准文件
    pub document: String,
}

impl Act for DeclareInsolvent {
    const KIND: &'static str = "entrust.insolvent";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let opened = Opened::load(tx, scene, &self.scheme, self.on).await?;
        opened.must_run()?;
        if self.document.trim().is_empty() {
            return Err(EntrustRefusal::NoDocument { what: "核销债权".to_owned() }.into());
        }
        let principal: Amount = outstanding(&store::moves(tx, &scene.county, &self.scheme).await?).into_values().sum();
        let income: Amount = store::periods(tx, &scene.county, &self.scheme).await?.iter().map(store::Accrued::missing).sum();
        let voucher = posting_rules::insolvent(&opened.sides(self.on), principal, income)?;
        let what =
            serde_json::json!({ "scheme": self.scheme, "document": self.document, "principal": principal, "income": income });
        let (_, numbered) = posted(tx, scene, ("operator_insolvent", self.on, what), voucher.as_slice()).await?;
        store::set_state(tx, &scene.county, &self.scheme, "insolvent").await?;
        Ok(numbered)
    }
}
