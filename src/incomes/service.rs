//! Acts on the register of incomes: rows taken in, dropped; the county's own rules of the signals.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::files_in::IncomeRow;
use super::refusal::IncomeRefusal;
use super::store::{self, Which};
use super::warnings::rules::Rule;
use crate::access::Permission;
use crate::controls::disclosure::store::rules as own_rules;
use crate::db::{Connection, Stop};
use crate::ledger::refusal::ReasonRefusal;
use crate::office::{Act, Scene, Target};
use crate::parties::household::RegisterRefusal;

/// Takes imported incomes in; answers how many were new.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportIncomes {
    /// The rows.
    pub rows: Vec<IncomeRow>,
}

impl Act for ImportIncomes {
    const KIND: &'static str = "income.import";
    type Answer = u64;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<u64, Stop> {
        let known = store::households(tx, &scene.county, Which::default()).await?;
        let known: HashSet<&str> = known.iter().map(|(household, ..)| household.as_str()).collect();
        for row in &self.rows {
            if !known.contains(row.household.as_str()) {
                return Err(RegisterRefusal::UnknownHousehold { household: row.household.clone() }.into());
            }
            if !row.amount.is_positive() {
                return Err(IncomeRefusal::NoAmount { text: row.amount.to_string() }.into());
            }
            if row.on > scene.today {
                return Err(IncomeRefusal::BadDay { text: row.on.to_string() }.into());
            }
        }
        Ok(store::keep(tx, &scene.county, &self.rows, (&scene.actor, &scene.at)).await?)
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "rows": self.rows.len() })
    }
}

/// Drops an imported row: it stays in the register and counts no longer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DropIncome {
    /// Its number.
    pub entry: i64,
    /// Why.
    pub reason: String,
}

impl Act for DropIncome {
    const KIND: &'static str = "income.drop";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        if self.reason.trim().is_empty() {
            return Err(ReasonRefusal::Missing { what: "作废收入行".to_owned() }.into());
        }
        let by = (scene.actor.as_str(), scene.today.to_string());
        if store::drop_entry(tx, &scene.county, (self.entry, self.reason.trim()), (by.0, &by.1)).await? {
            return Ok(());
        }
        Err(IncomeRefusal::UnknownEntry { entry: self.entry }.into())
    }
}

/// Keeps a county's own rules of the signals; answers how many.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveWarningRules {
    /// The rows.
    pub rules: Vec<Rule>,
}

impl Act for SaveWarningRules {
    const KIND: &'static str = "income.rules";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        self.rules.iter().try_for_each(Rule::check)?;
        let rows: Vec<(String, Rule)> = self.rules.iter().map(|rule| (rule.rule.as_str().to_owned(), rule.clone())).collect();
        own_rules::save(tx, &scene.county, "warnings", &rows, (&scene.actor, &scene.at)).await?;
        Ok(rows.len())
    }
}
