//! A bank's loan list compared with the register, and kept.

use serde::{Deserialize, Serialize};

use super::papers::{Saved, keep_document};
use crate::access::Permission;
use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::controls::reconciliation::loan_list::{self, Comparison, Finding};
use crate::controls::reconciliation::store;
use crate::db::{Connection, Stop};
use crate::exchange::Sheet;
use crate::exchange::loan_list_in::BankListRow;
use crate::money::Amount;
use crate::office::{Act, Scene, Target};

/// Compares a bank's list with the register. Changes nothing.
pub async fn compare_list(
    tx: &mut Connection,
    county: &str,
    bank: &str,
    rows: &[BankListRow],
    on: BusinessDate,
) -> Result<(Vec<Comparison>, Sheet), Stop> {
    let register = store::register_rows(tx, county, bank, on).await?;
    let comparisons = loan_list::compare(&register, rows, on);
    let sheet = loan_list::sheet(bank, on, &comparisons);
    Ok((comparisons, sheet))
}

/// Keeps the comparison of a month under the acting person's name; the same figures give the same paper.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveLoanComparison {
    /// The bank.
    pub bank: String,
    /// The day of its list.
    pub on: BusinessDate,
    /// The list.
    pub rows: Vec<BankListRow>,
}

impl Act for SaveLoanComparison {
    const KIND: &'static str = "reconcile.loans";
    type Answer = Saved;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::Reconcile, Target::Bank(&self.bank))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Saved, Stop> {
        let (comparisons, sheet) = compare_list(tx, &scene.county, &self.bank, &self.rows, self.on).await?;
        let off = comparisons.iter().filter(|row| row.finding != Finding::Matched);
        let ours = |row: &Comparison| row.principal.0.unwrap_or_default().checked_sub(row.principal.1.unwrap_or_default());
        let difference = off.filter_map(ours).try_fold(Amount::ZERO, Amount::checked_add).unwrap_or(Amount::LARGEST);
        keep_document(tx, scene, ("loan-list", &self.bank), AccountingPeriod::of(self.on), &[sheet], difference, false).await
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "bank": self.bank, "on": self.on, "loans": self.rows.len() })
    }
}
