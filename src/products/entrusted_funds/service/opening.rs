//! Opening a scheme.

use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::db::{Connection, Stop};
use crate::office::{Act, Scene, Target};
use crate::products::entrusted_funds::refusal::EntrustRefusal;
use crate::products::entrusted_funds::scheme::Terms;
use crate::products::entrusted_funds::store;

/// Opens a scheme.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenScheme {
    /// Code, one in the county.
    pub scheme: String,
    /// What is agreed.
    pub terms: Terms,
}

impl Act for OpenScheme {
    const KIND: &'static str = "entrust.open";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        self.terms.check(&self.scheme)?;
        if store::scheme(tx, &scene.county, &self.scheme).await?.is_some() {
            return Err(EntrustRefusal::SchemeExists { scheme: self.scheme.clone() }.into());
        }
        store::insert_scheme(tx, &scene.county, &self.scheme, &self.terms, (&scene.actor, &scene.at)).await?;
        Ok(crate::products::entrusted_funds::income::periods(&self.terms).len())
    }
}
