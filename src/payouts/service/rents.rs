//! Rent a book owes households: an accrued period of a lease becomes a batch, once; contracts with what was paid of them.

use serde::{Deserialize, Serialize};

use super::draw_up::{DrawUp, DrawnUp};
use super::drawing::draw_up;
use super::sources::bare_row;
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::posting_map::account_for;
use crate::ledger::{AccountCode, BookCode};
use crate::office::{Act, Scene, Target};
use crate::payouts::PayoutKind;
use crate::payouts::list::PayRow;
use crate::payouts::store as payouts;
use crate::products::leases::facts::Lease;
use crate::products::leases::refusal::LeaseRefusal;
use crate::products::leases::reports::Whole;
use crate::products::leases::service::opened;
use crate::products::leases::store;
use crate::products::leases::terms::Direction;

/// Pays a period's rent to its households. Land that is let again is paid as 返租倒包.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PayRent {
    /// The book.
    pub book: BookCode,
    /// The lease.
    pub lease: String,
    /// The period.
    pub period: i64,
    /// Code of the new batch.
    pub batch: String,
    /// Date the checks look at.
    pub on: BusinessDate,
    /// Where the money is; the bank when absent.
    pub money_account: Option<AccountCode>,
    /// Why flagged rows are right.
    pub accept: Option<String>,
}

impl Act for PayRent {
    const KIND: &'static str = "lease.pay";
    type Answer = DrawnUp;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<DrawnUp, Stop> {
        let (lease, regime) = opened(tx, scene, (&self.book, &self.lease), self.on).await?;
        if lease.terms.direction == Direction::Out {
            let direction = lease.terms.direction.label_zh().to_owned();
            return Err(LeaseRefusal::WrongDirection { lease: self.lease.clone(), direction }.into());
        }
        let mut rents = store::rents(tx, &scene.county, &self.lease).await?;
        rents.retain(|rent| rent.period == self.period && rent.amount.is_positive());
        if rents.is_empty() {
            return Err(LeaseRefusal::UnknownPeriod { lease: self.lease.clone(), period: self.period }.into());
        }
        let is_let_again = store::let_again(tx, &scene.county, &self.lease).await? > 0;
        let title = format!("{}第{}期租金", lease.terms.name, self.period);
        let rows: Vec<PayRow> = (1..).zip(&rents).map(|(n, rent)| bare_row(n, &rent.party, rent.amount, title.clone())).collect();
        let wanted = DrawUp {
            batch: self.batch.clone(),
            book: self.book.clone(),
            kind: if is_let_again { PayoutKind::LeaseBack } else { PayoutKind::LandRent },
            title,
            project: self.lease.clone(),
            on: self.on,
            payable: Some(account_for(regime, "lease_payable")?),
            money_account: self.money_account.clone(),
            stated_total: Some(rents.iter().map(|rent| rent.amount).sum()),
            rows,
            accept: self.accept.clone(),
            source: Some(format!("lease:{}:{}", self.lease, self.period)),
        };
        draw_up(tx, scene, wanted).await
    }
}

/// A contract with its facts, and which of its periods were sent to the households.
pub async fn whole(tx: &mut Connection, county: &str, lease: Lease) -> Result<Whole, Stop> {
    let rents = store::rents(tx, county, &lease.lease).await?;
    let receipts = store::receipts(tx, county, &lease.lease).await?;
    let mut periods: Vec<i64> = rents.iter().map(|rent| rent.period).filter(|_| lease.terms.direction == Direction::In).collect();
    periods.dedup();
    let mut paid_periods = Vec::new();
    for period in periods {
        if payouts::is_sent(tx, county, &format!("lease:{}:{period}", lease.lease)).await? {
            paid_periods.push(period);
        }
    }
    Ok(Whole { lease, rents, receipts, paid_periods })
}

/// All contracts of a book, or of the county for a blank one.
pub async fn wholes(tx: &mut Connection, county: &str, book: &str) -> Result<Vec<Whole>, Stop> {
    let mut all = Vec::new();
    for lease in store::leases(tx, county, book).await? {
        all.push(whole(tx, county, lease).await?);
    }
    Ok(all)
}
