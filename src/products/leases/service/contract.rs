//! Opening and ending a lease.

use serde::{Deserialize, Serialize};

use super::{opened, posted, under};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::refuse_ended;
use crate::ledger::service::Numbered;
use crate::ledger::{AccountCode, BookCode, store as ledger_store};
use crate::office::{Act, Scene, Target};
use crate::products::leases::facts::{Lease, Receipt, advance_left};
use crate::products::leases::posting_rules::{self, Under};
use crate::products::leases::refusal::LeaseRefusal;
use crate::products::leases::schedule::periods;
use crate::products::leases::store;
use crate::products::leases::terms::{Terms, check_relet};

/// Registers a lease; answers its periods.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenLease {
    /// The book.
    pub book: BookCode,
    /// Code, one in the county.
    pub lease: String,
    /// What is agreed.
    pub terms: Terms,
}

impl Act for OpenLease {
    const KIND: &'static str = "lease.open";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        self.terms.check(&self.lease)?;
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        refuse_ended(tx, &scene.county, &self.book).await?;
        if store::lease(tx, &scene.county, &self.lease).await?.is_some() {
            return Err(LeaseRefusal::LeaseExists { lease: self.lease.clone() }.into());
        }
        if let Some(rented) = &self.terms.relets {
            let unknown = || LeaseRefusal::UnknownLease { lease: rented.clone() };
            let rented = store::lease(tx, &scene.county, rented).await?.filter(|l| l.book == self.book).ok_or_else(unknown)?;
            let already = store::let_again(tx, &scene.county, &rented.lease).await?;
            check_relet(&self.lease, &self.terms, &rented.terms, already)?;
        }
        let (lease, book, terms) = (self.lease.clone(), self.book.clone(), self.terms.clone());
        store::insert(tx, &scene.county, &Lease { lease, book, terms, ended_on: None }, (&scene.actor, &scene.at)).await?;
        Ok(periods(&self.terms).len())
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "book": self.book, "lease": self.lease, "name": self.terms.name, "parties": self.terms.parties.len() })
    }
}

/// Ends a lease on a day, that day no longer counted; money received in advance and not used goes back.
/// Refuses a day within what is accrued (J-204).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EndLease {
    /// The book.
    pub book: BookCode,
    /// The lease.
    pub lease: String,
    /// First day after it.
    pub on: BusinessDate,
    /// Agreement or decision.
    pub document: String,
    /// Where money given back leaves from; the bank when absent.
    #[serde(default)]
    pub money_account: Option<AccountCode>,
}

impl Act for EndLease {
    const KIND: &'static str = "lease.end";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let (lease, regime) = opened(tx, scene, (&self.book, &self.lease), self.on).await?;
        if let Some(on) = lease.ended_on {
            return Err(LeaseRefusal::HasEnded { lease: self.lease.clone(), on }.into());
        }
        let rents = store::rents(tx, &scene.county, &self.lease).await?;
        if self.on <= lease.terms.begins_on || rents.iter().any(|rent| self.on < rent.to) {
            return Err(LeaseRefusal::AlreadyAccrued { lease: self.lease.clone(), on: self.on }.into());
        }
        let receipts = store::receipts(tx, &scene.county, &self.lease).await?;
        let (mut vouchers, mut back) = (Vec::new(), Vec::new());
        let s = Under { money: self.money_account.as_ref(), ..under(&lease, regime, self.on) };
        for party in &lease.terms.parties {
            let left = advance_left(&party.party, &receipts, &rents);
            if left.is_positive() {
                vouchers.push(posting_rules::advance_returned(s, &party.party, left)?);
                back.push(Receipt { party: party.party.clone(), on: self.on, amount: -left, advance: -left });
            }
        }
        let what = serde_json::json!({ "lease": self.lease, "document": self.document });
        let (event, numbered) = posted(tx, scene, ("lease_ended", self.on, what), &vouchers).await?;
        for receipt in &back {
            store::add_receipt(tx, &scene.county, &self.lease, receipt, &event).await?;
        }
        store::set_ended(tx, &scene.county, &self.lease, self.on).await?;
        Ok(numbered)
    }
}
