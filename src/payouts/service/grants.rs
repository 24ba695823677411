//! Grants of one-off county funds: an approved list is owed to everybody on it and becomes a batch, in one act.

use serde::{Deserialize, Serialize};

use super::draw_up::{DrawUp, DrawnUp};
use super::drawing::draw_up;
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::posting_map::account_for;
use crate::ledger::{BookCode, service as ledger, store as ledger_store};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::payouts::PayoutKind;
use crate::payouts::list::PayRow;
use crate::products::aid_funds::posting_rules::{self, In};
use crate::products::aid_funds::refusal::AidRefusal;
use crate::products::aid_funds::service::{opened, refuse_short};
use crate::products::aid_funds::store::{self, Grant};

/// Grants money of a fund to the people of a list. Refuses more than is free (G-201), a list with findings (Y-101, Y-102).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GrantAid {
    /// The fund's book.
    pub book: BookCode,
    /// Code of the grant; its batch is `BOOK-GRANT`.
    pub grant: String,
    /// Title.
    pub title: String,
    /// Approval.
    pub document: String,
    /// Date.
    pub on: BusinessDate,
    /// The people.
    pub rows: Vec<PayRow>,
    /// The sum the approval names.
    pub stated_total: Option<Amount>,
    /// Why flagged rows are right.
    pub accept: Option<String>,
}

impl GrantAid {
    /// Code of the batch that pays it.
    pub fn batch(&self) -> String {
        format!("{}-{}", self.book, self.grant)
    }
}

impl Act for GrantAid {
    const KIND: &'static str = "aid_fund.grant";
    type Answer = DrawnUp;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<DrawnUp, Stop> {
        let regime = opened(tx, scene, &self.book, self.on).await?;
        if self.document.trim().is_empty() {
            return Err(AidRefusal::NoDocument { book: self.book.to_string() }.into());
        }
        if store::grants(tx, &scene.county, &self.book).await?.iter().any(|grant| grant.grant == self.grant) {
            return Err(AidRefusal::GrantExists { grant: self.grant.clone() }.into());
        }
        let total: Amount = self.rows.iter().map(|row| row.amount).sum();
        refuse_short(tx, &scene.county, &self.book, regime, total).await?;
        let drawn_up = draw_up(tx, scene, self.list(account_for(regime, "grant_payable")?)).await?;
        let owed: Vec<(String, Amount)> = self.rows.iter().map(|row| (row.party.clone(), row.amount)).collect();
        let voucher = posting_rules::granted(In { book: &self.book, regime, on: self.on, money: None }, &self.batch(), &owed)?;
        let event = scene.draw_id();
        let what = serde_json::json!({ "book": self.book, "grant": self.grant, "people": owed.len(), "total": total });
        ledger_store::save_event(tx, &scene.county, (&event, "aid_granted", &self.on.to_string()), &what, &scene.at).await?;
        ledger::post(tx, scene, &[voucher], Some(&event)).await?;
        store::insert_grant(tx, &scene.county, &self.book, &self.kept(total), &event).await?;
        Ok(drawn_up)
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "book": self.book, "grant": self.grant, "title": self.title, "people": self.rows.len() })
    }
}

impl GrantAid {
    fn list(&self, payable: crate::ledger::AccountCode) -> DrawUp {
        DrawUp {
            batch: self.batch(),
            book: self.book.clone(),
            kind: PayoutKind::Aid,
            title: self.title.clone(),
            project: self.document.clone(),
            on: self.on,
            payable: Some(payable),
            money_account: None,
            stated_total: self.stated_total,
            rows: self.rows.clone(),
            accept: self.accept.clone(),
            source: Some(format!("grant:{}:{}", self.book, self.grant)),
        }
    }

    fn kept(&self, total: Amount) -> Grant {
        Grant {
            grant: self.grant.clone(),
            title: self.title.clone(),
            document: self.document.clone(),
            on: self.on,
            rows: i64::try_from(self.rows.len()).unwrap_or(i64::MAX),
            total,
            batch: self.batch(),
        }
    }
}
