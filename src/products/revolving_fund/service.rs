//! Acts on revolving funds: opening one, and every move of its money with its voucher.

use serde::{Deserialize, Serialize};

use super::moves::{self, Move};
use super::posting_rules;
use super::refusal::RevolvingRefusal;
use super::store::{self, Fund};
use crate::access::Permission;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::posting_map::account_for;
use crate::ledger::service::{self as ledger, Numbered};
use crate::ledger::{AccountCode, BookCode, store as ledger_store};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use chrono::Datelike;

/// Opens a fund on a village's book. Refuses a code that is taken (K-203) and books that owe no such money (C-130).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenRevolvingFund {
    /// The fund.
    pub fund: Fund,
}

impl Act for OpenRevolvingFund {
    const KIND: &'static str = "revolving.open";
    type Answer = ();

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.fund.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<(), Stop> {
        let fund = &self.fund;
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&fund.book]).await?;
        account_for(regime_in(tx, &scene.county, &fund.book, fund.opened_on.year()).await?, "revolving_fund")?;
        if store::fund(tx, &scene.county, &fund.fund).await?.is_some() {
            return Err(RevolvingRefusal::FundExists { fund: fund.fund.clone() }.into());
        }
        if fund.document.trim().is_empty() {
            return Err(RevolvingRefusal::NoDocument { fund: fund.fund.clone() }.into());
        }
        Ok(store::insert_fund(tx, &scene.county, fund).await?)
    }
}

/// Money of a fund moves. Refuses as [`moves::check`] does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RevolveMoney {
    /// The village's book.
    pub book: BookCode,
    /// The fund.
    pub fund: String,
    /// What moves.
    #[serde(flatten)]
    pub what: Move,
    /// Where the money is; the bank when absent.
    #[serde(default)]
    pub money_account: Option<AccountCode>,
}

/// What a move left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revolved {
    /// What is in the fund now.
    pub balance: Amount,
    /// The voucher.
    pub vouchers: Vec<Numbered>,
}

impl Act for RevolveMoney {
    const KIND: &'static str = "revolving.move";
    type Answer = Revolved;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Revolved, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let fund = store::fund(tx, &scene.county, &self.fund).await?.filter(|fund| fund.book == self.book);
        fund.ok_or_else(|| RevolvingRefusal::UnknownFund { fund: self.fund.clone() })?;
        let mut all = store::moves(tx, &scene.county, &self.fund).await?;
        moves::check(&self.fund, &all, &self.what)?;
        let regime = regime_in(tx, &scene.county, &self.book, self.what.on.year()).await?;
        let voucher = posting_rules::moved(&self.fund, (&self.book, regime), &self.what, self.money_account.as_ref())?;
        let event = scene.draw_id();
        let what = serde_json::to_value(self).unwrap_or_default();
        let on = self.what.on.to_string();
        ledger_store::save_event(tx, &scene.county, (&event, "revolving_money_moved", &on), &what, &scene.at).await?;
        let vouchers = ledger::post(tx, scene, &[voucher], Some(&event)).await?;
        store::add_move(tx, &scene.county, &self.fund, &self.what, &event).await?;
        all.push(self.what.clone());
        Ok(Revolved { balance: moves::balance(&all), vouchers })
    }
}
