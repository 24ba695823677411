//! Principal back into the loan account, and what happens when the operator cannot pay.

use serde::{Deserialize, Serialize};

use super::{Opened, must_be_open, outstanding, posted};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::service::Numbered;
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::entrusted_funds::posting_rules;
use crate::products::entrusted_funds::refusal::EntrustRefusal;
use crate::products::entrusted_funds::store::{self, Move};

/// Principal goes back to households' loan accounts. When nothing is left the scheme has ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnPrincipal {
    /// The scheme.
    pub scheme: String,
    /// Date; income counts to the day before.
    pub on: BusinessDate,
    /// To whom, how much.
    pub money: Vec<(String, Amount)>,
}

impl Act for ReturnPrincipal {
    const KIND: &'static str = "entrust.return";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let opened = Opened::load(tx, scene, &self.scheme, self.on).await?;
        let is_insolvent = opened.kept.state == "insolvent";
        if !is_insolvent {
            opened.must_run()?;
            must_be_open(tx, scene, &opened, self.on).await?;
        }
        let mut there = outstanding(&store::moves(tx, &scene.county, &self.scheme).await?);
        for (household, amount) in &self.money {
            let own = there.entry(household.clone()).or_default();
            if !amount.is_positive() {
                return Err(EntrustRefusal::NotPositive { household: household.clone(), amount: *amount }.into());
            }
            if *own < *amount {
                let household = household.clone();
                return Err(EntrustRefusal::MoreThanEntrusted { household, amount: *amount, there: *own }.into());
            }
            *own -= *amount;
        }
        let vouchers = posting_rules::returned(opened.sides(self.on), &self.money, !is_insolvent)?;
        let what = serde_json::json!({ "scheme": self.scheme, "households": self.money.len() });
        let (event, numbered) = posted(tx, scene, ("principal_returned", self.on, what), &vouchers).await?;
        let moved = |(household, amount): &(String, Amount)| Move {
            household: household.clone(),
            on: self.on,
            amount: -*amount,
            loan: None,
            loan_matures_on: None,
        };
        let moves: Vec<Move> = self.money.iter().map(moved).collect();
        store::add_moves(tx, &scene.county, &self.scheme, &moves, &event).await?;
        Ok(numbered)
    }
}

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
        let voucher = posting_rules::insolvent(opened.sides(self.on), principal, income)?;
        let what =
            serde_json::json!({ "scheme": self.scheme, "document": self.document, "principal": principal, "income": income });
        let (_, numbered) = posted(tx, scene, ("operator_insolvent", self.on, what), voucher.as_slice()).await?;
        store::set_state(tx, &scene.county, &self.scheme, "insolvent").await?;
        Ok(numbered)
    }
}
