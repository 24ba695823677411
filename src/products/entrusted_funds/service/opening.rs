//! Opening a scheme and taking households' money into it.

use serde::{Deserialize, Serialize};

use super::{Opened, must_be_open, posted};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::service::Numbered;
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::entrusted_funds::policy::{PolicyRow, banned_by, shipped};
use crate::products::entrusted_funds::posting_rules;
use crate::products::entrusted_funds::refusal::EntrustRefusal;
use crate::products::entrusted_funds::scheme::{Form, Terms};
use crate::products::entrusted_funds::store::{self, Move};

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

/// Money of one household.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Handed {
    /// The household.
    pub household: String,
    /// How much.
    pub amount: Amount,
    /// The loan behind it.
    pub loan: Option<String>,
    /// When that loan matures.
    pub loan_matures_on: Option<BusinessDate>,
}

/// Households hand money over, on all books in one act. Refuses new loan money where the policy bans it (E-201).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entrust {
    /// The scheme.
    pub scheme: String,
    /// Date.
    pub on: BusinessDate,
    /// Who hands over what.
    pub money: Vec<Handed>,
    /// The county's own policy rows, before the shipped ones.
    #[serde(default)]
    pub policies: Vec<PolicyRow>,
}

impl Act for Entrust {
    const KIND: &'static str = "entrust.hand_over";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let opened = Opened::load(tx, scene, &self.scheme, self.on).await?;
        opened.must_run()?;
        let terms = &opened.kept.terms;
        if terms.form == Form::Equity {
            return Err(EntrustRefusal::IsEquity { scheme: self.scheme.clone() }.into());
        }
        if self.on < terms.signed_on || self.on >= terms.ends_on {
            return Err(EntrustRefusal::OutsideContract { scheme: self.scheme.clone(), on: self.on }.into());
        }
        let rows: Vec<PolicyRow> = self.policies.iter().chain(shipped()).cloned().collect();
        if let Some(row) = banned_by(&rows, &terms.place, terms.source, self.on) {
            let (place, basis) = (terms.place.clone(), row.basis.clone());
            return Err(EntrustRefusal::Banned { place, on: self.on, basis }.into());
        }
        let wrong = self.money.iter().find(|handed| !handed.amount.is_positive());
        if let Some(wrong) = wrong {
            return Err(EntrustRefusal::NotPositive { household: wrong.household.clone(), amount: wrong.amount }.into());
        }
        must_be_open(tx, scene, &opened, self.on).await?;
        let by_household: Vec<(String, Amount)> = self.money.iter().map(|h| (h.household.clone(), h.amount)).collect();
        let vouchers = posting_rules::entrusted(opened.sides(self.on), &by_household)?;
        let what = serde_json::json!({ "scheme": self.scheme, "households": self.money.len() });
        let (event, numbered) = posted(tx, scene, ("money_entrusted", self.on, what), &vouchers).await?;
        let moved = |h: &Handed| Move {
            household: h.household.clone(),
            on: self.on,
            amount: h.amount,
            loan: h.loan.clone(),
            loan_matures_on: h.loan_matures_on,
        };
        let moves: Vec<Move> = self.money.iter().map(moved).collect();
        store::add_moves(tx, &scene.county, &self.scheme, &moves, &event).await?;
        Ok(numbered)
    }

    fn in_words(&self) -> serde_json::Value {
        let total: Amount = self.money.iter().map(|handed| handed.amount).sum();
        serde_json::json!({ "scheme": self.scheme, "on": self.on, "households": self.money.len(), "total": total })
    }
}
