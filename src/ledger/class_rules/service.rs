//! Looking at the classes of vouchers people make; keeping the rules.

use serde::{Deserialize, Serialize};

use super::{ClassRule, Unclassed, deciding, is_bare, refuse_bare, store, table};
use crate::access::Permission;
use crate::db::{Connection, Stop};
use crate::ledger::regime::regime;
use crate::ledger::{AccountCode, BookCode, Voucher};
use crate::office::{Act, Scene, Target};

/// Refuses vouchers of village books with lines of money that name no class, where the rules say so (L-501). Without a
/// row that refuses, nothing more is read than the county's own rows.
pub(crate) async fn refuse_unclassed(tx: &mut Connection, county: &str, vouchers: &[&Voucher]) -> Result<(), Stop> {
    let bare: Vec<&Voucher> = vouchers.iter().copied().filter(|voucher| is_bare(voucher)).collect();
    if bare.is_empty() {
        return Ok(());
    }
    let rules = table(store::own(tx, county).await?);
    if rules.iter().all(|rule| rule.unclassed == Unclassed::Report) {
        return Ok(());
    }
    let books: Vec<&BookCode> = bare.iter().map(|voucher| &voucher.book).collect();
    let villages = store::villages(tx, county, &books).await?;
    for voucher in bare {
        let Some((place, kept)) = villages.get(&(voucher.book.clone(), voucher.period.year())) else { continue };
        let rule = deciding(&rules, voucher.dated_on, place).filter(|rule| rule.unclassed == Unclassed::Refuse);
        if let Some(rule) = rule {
            let regime = regime(kept)?;
            let money: Vec<&AccountCode> = regime.cash.iter().chain(&regime.bank).collect();
            refuse_bare(voucher, &money, rule)?;
        }
    }
    Ok(())
}

/// Keeps a county's own rules of classes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveClassRules {
    /// The rows.
    pub rules: Vec<ClassRule>,
}

impl Act for SaveClassRules {
    const KIND: &'static str = "fund_class.rules";
    type Answer = i64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<i64, Stop> {
        self.rules.iter().try_for_each(ClassRule::check)?;
        store::save(tx, &scene.county, &self.rules, (&scene.actor, &scene.at)).await?;
        Ok(self.rules.len() as i64)
    }
}
