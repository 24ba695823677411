//! Rent while a lease runs: accrued when due, received from lessees.

use serde::{Deserialize, Serialize};

use super::{opened, posted, under};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::service::Numbered;
use crate::ledger::{AccountCode, BookCode, Regime, store as ledger_store};
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::leases::facts::{Lease, Receipt, Rent, advance_left};
use crate::products::leases::posting_rules::{self, Part, Under};
use crate::products::leases::refusal::LeaseRefusal;
use crate::products::leases::schedule::{Planned, planned};
use crate::products::leases::store;
use crate::products::leases::terms::Direction;
use chrono::Datelike;

/// Accrues every period of a book's leases that is due by a day and was not accrued: one voucher a lease and period.
/// Refuses when there is none (J-202).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccrueRent {
    /// The book.
    pub book: BookCode,
    /// Date of the vouchers.
    pub on: BusinessDate,
    /// One lease only.
    #[serde(default)]
    pub lease: Option<String>,
}

/// What was accrued.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RentAccrued {
    /// Lease and period.
    pub periods: Vec<(String, i64)>,
    /// Rent that comes in.
    pub out: Amount,
    /// Rent that goes out.
    pub owed: Amount,
    /// One a period.
    pub vouchers: Vec<Numbered>,
}

impl Act for AccrueRent {
    const KIND: &'static str = "lease.accrue";
    type Answer = RentAccrued;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<RentAccrued, Stop> {
        ledger_store::lock_books(tx, scene.engine, &scene.county, &[&self.book]).await?;
        let regime = regime_in(tx, &scene.county, &self.book, self.on.year()).await?;
        let mut leases = store::leases(tx, &scene.county, &self.book.0).await?;
        leases.retain(|lease| self.lease.as_ref().is_none_or(|asked| *asked == lease.lease));
        if let (true, Some(lease)) = (leases.is_empty(), &self.lease) {
            return Err(LeaseRefusal::UnknownLease { lease: lease.clone() }.into());
        }
        let mut done = RentAccrued::default();
        for lease in &leases {
            self.accrue(tx, scene, (lease, regime), &mut done).await?;
        }
        if done.periods.is_empty() {
            return Err(LeaseRefusal::NothingDue { book: self.book.to_string(), on: self.on }.into());
        }
        Ok(done)
    }
}

impl AccrueRent {
    async fn accrue(
        &self,
        tx: &mut Connection,
        scene: &Scene,
        (lease, regime): (&Lease, &'static Regime),
        done: &mut RentAccrued,
    ) -> Result<(), Stop> {
        let mut rents = store::rents(tx, &scene.county, &lease.lease).await?;
        let last = rents.last().map_or(0, |rent| rent.period);
        let receipts = store::receipts(tx, &scene.county, &lease.lease).await?;
        let plan = planned(&lease.terms, lease.ended_on)?;
        for next in plan.iter().filter(|next| next.period.number > last && next.period.due <= self.on) {
            let new = due_now(lease, next, &receipts, &rents);
            let parts: Vec<Part<'_>> = lease
                .terms
                .parties
                .iter()
                .zip(&new)
                .map(|(party, rent)| Part { party, rent: rent.amount, from_advance: rent.from_advance })
                .collect();
            let total: Amount = new.iter().map(|rent| rent.amount).sum();
            let voucher = match lease.terms.direction {
                Direction::Out => posting_rules::let_out(under(lease, regime, self.on), &parts)?,
                Direction::In => posting_rules::rented_in(under(lease, regime, self.on), &parts)?,
            };
            let what = serde_json::json!({ "lease": lease.lease, "period": next.period.number, "rent": total });
            let (event, numbered) = posted(tx, scene, ("rent_accrued", self.on, what), &[voucher]).await?;
            store::insert_rents(tx, &scene.county, &lease.lease, &new, &event).await?;
            done.periods.push((lease.lease.clone(), next.period.number));
            done.vouchers.extend(numbered);
            *(if lease.terms.direction == Direction::Out { &mut done.out } else { &mut done.owed }) += total;
            rents.extend(new);
        }
        Ok(())
    }
}

/// The rents of a period, in the order of the parties, taking what was received in advance.
fn due_now(lease: &Lease, next: &Planned, receipts: &[Receipt], rents: &[Rent]) -> Vec<Rent> {
    let rent = |(party, amount): (&crate::products::leases::terms::LeaseParty, &Amount)| {
        let from_advance = advance_left(&party.party, receipts, rents).min(*amount);
        Rent {
            period: next.period.number,
            party: party.party.clone(),
            from: next.period.from,
            to: next.period.to,
            due: next.period.due,
            amount: *amount,
            settled: from_advance,
            from_advance,
        }
    };
    lease.terms.parties.iter().zip(&next.rents).map(rent).collect()
}

/// A lessee pays: the oldest rent first; what is more is refused (J-203) or taken in advance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReceiveRent {
    /// The book.
    pub book: BookCode,
    /// The lease.
    pub lease: String,
    /// Who pays; the only party when absent.
    #[serde(default)]
    pub party: Option<String>,
    /// Date.
    pub on: BusinessDate,
    /// How much.
    pub amount: Amount,
    /// True to take what is more than owed in advance.
    pub in_advance: bool,
    /// Where the money comes in; the bank when absent.
    #[serde(default)]
    pub money_account: Option<AccountCode>,
}

impl Act for ReceiveRent {
    const KIND: &'static str = "lease.receive";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::Book(&self.book))
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let (lease, regime) = opened(tx, scene, (&self.book, &self.lease), self.on).await?;
        if lease.terms.direction == Direction::In {
            let direction = lease.terms.direction.label_zh().to_owned();
            return Err(LeaseRefusal::WrongDirection { lease: self.lease.clone(), direction }.into());
        }
        if !self.amount.is_positive() {
            return Err(LeaseRefusal::NotPositive { lease: self.lease.clone(), amount: self.amount }.into());
        }
        let asked = self.party.as_deref().unwrap_or(&lease.terms.parties[0].party);
        let nobody = || LeaseRefusal::NotAParty { lease: self.lease.clone(), party: asked.to_owned() };
        let only = self.party.is_some() || lease.terms.parties.len() == 1;
        let party = lease.terms.parties.iter().find(|party| only && party.party == asked).ok_or_else(nobody)?;
        let rents = store::rents(tx, &scene.county, &self.lease).await?;
        let own: Vec<&Rent> = rents.iter().filter(|rent| rent.party == party.party).collect();
        let owed: Amount = own.iter().map(|rent| rent.missing()).sum();
        let advance = (self.amount - owed).max(Amount::ZERO);
        if advance.is_positive() && (!self.in_advance || lease.ended_on.is_some()) {
            return Err(LeaseRefusal::MoreThanOwed { lease: self.lease.clone(), amount: self.amount, owed }.into());
        }
        let s = Under { money: self.money_account.as_ref(), ..under(&lease, regime, self.on) };
        let voucher = posting_rules::received(s, party, self.amount - advance, advance)?;
        let what = serde_json::json!({ "lease": self.lease, "party": party.party, "amount": self.amount, "in_advance": advance });
        let (event, numbered) = posted(tx, scene, ("rent_received", self.on, what), &[voucher]).await?;
        let mut left = self.amount - advance;
        for rent in own {
            let paid = left.take_up_to(rent.missing());
            if paid.is_positive() {
                store::settle(tx, &scene.county, &self.lease, rent, paid).await?;
            }
        }
        let receipt = Receipt { party: party.party.clone(), on: self.on, amount: self.amount, advance };
        store::add_receipt(tx, &scene.county, &self.lease, &receipt, &event).await?;
        Ok(numbered)
    }
}
