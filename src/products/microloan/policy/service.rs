//! Acts on policy: importing a county's own rows and rates.

use serde::{Deserialize, Serialize};

use super::{Policy, ReferenceRate, store};
use crate::access::Permission;
use crate::db::{Connection, Stop};
use crate::office::{Act, Scene, Target};

/// Imports policy rows; a row that differs from the one of its name becomes its next version. Answers how many did.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportPolicies {
    /// The rows.
    pub rows: Vec<Policy>,
}

impl Act for ImportPolicies {
    const KIND: &'static str = "policy.import";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        let known = store::policies(tx, &scene.county).await?;
        let new: Vec<Policy> = self.rows.iter().filter_map(|row| next_version(&known, row)).collect();
        store::save_policies(tx, &scene.county, &new, (&scene.actor, &scene.at)).await?;
        Ok(new.len())
    }
}

/// The row as the next version of its name; `None` if it says what the last version says.
fn next_version(known: &[Policy], row: &Policy) -> Option<Policy> {
    let last = known.iter().filter(|old| old.base() == row.base()).max_by_key(|old| old.version());
    let same = last.is_some_and(|old| Policy { policy: old.policy.clone(), ..row.clone() } == *old);
    let version = last.map_or(1, |old| old.version() + 1);
    (!same).then(|| Policy { policy: format!("{}#{version}", row.base()), ..row.clone() })
}

/// Imports reference rates.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportRates {
    /// The rates.
    pub rates: Vec<ReferenceRate>,
}

impl Act for ImportRates {
    const KIND: &'static str = "policy.rates";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        let mut rows = Vec::with_capacity(self.rates.len());
        for rate in &self.rates {
            let ppm = rate.rate.ppm()?;
            rows.push((rate.series.clone(), i64::from(rate.tier_months), rate.from.to_string(), ppm, rate.source.clone()));
        }
        store::save_rates(tx, &scene.county, &rows).await?;
        Ok(rows.len())
    }
}
