//! Principal back to households, and income owed back with it where a scheme pays in advance.
//!
//! 1. Income of an accrued period is computed again with the return; what is less is owed back by the household, and no longer
//!    owed by the operator. What the operator had paid too much goes back to it in the same act.
//! 2. What a household owes back is deducted from its next income (`entrusted`), or paid back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::entrusted::owed_back;
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::Voucher;
use crate::ledger::service::Numbered;
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::payouts::store::schemes as payouts;
use crate::products::entrusted_funds::facts::{Accrued, Move, Refund};
use crate::products::entrusted_funds::income::{Period, earned};
use crate::products::entrusted_funds::posting_rules;
use crate::products::entrusted_funds::refusal::EntrustRefusal;
use crate::products::entrusted_funds::scheme::Timing;
use crate::products::entrusted_funds::service::{Opened, must_be_open, outstanding, posted};
use crate::products::entrusted_funds::store;

/// Principal goes back to households' loan accounts; income paid in advance for the days that follow is owed back.
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
            if opened.kept.terms.timing == Timing::Arrears {
                must_be_open(tx, scene, &opened, self.on).await?;
            }
        }
        let before = store::moves(tx, &scene.county, &self.scheme).await?;
        self.check(&before)?;
        let mut after = before.clone();
        after.extend(self.moves());
        after.sort_by(|a, b| (&a.household, a.on).cmp(&(&b.household, b.on)));
        let mut vouchers = posting_rules::returned(&opened.sides(self.on), &self.money, !is_insolvent)?;
        let refunds = if is_insolvent { Vec::new() } else { self.refunds(tx, scene, &opened, (&before, &after)).await? };
        for due in &refunds {
            vouchers.extend(due.vouchers(&opened, self.on)?);
        }
        let what = serde_json::json!({ "scheme": self.scheme, "households": self.money.len() });
        let (event, numbered) = posted(tx, scene, ("principal_returned", self.on, what), &vouchers).await?;
        store::add_moves(tx, &scene.county, &self.scheme, &self.moves(), &event).await?;
        for due in refunds {
            store::add_refunds(tx, &scene.county, &self.scheme, &due.rows, (self.on, &event)).await?;
            store::add_received(tx, &scene.county, &self.scheme, due.period, -due.overpaid).await?;
        }
        Ok(numbered)
    }
}

/// What a period's income is less by.
struct Due {
    period: i64,
    overpaid: Amount,
    rows: Vec<Refund>,
}

impl Due {
    fn vouchers(&self, opened: &Opened, on: BusinessDate) -> Result<Vec<Voucher>, crate::refusal::Refusal> {
        let rows: Vec<(String, Amount)> = self.rows.iter().map(|row| (row.household.clone(), row.amount)).collect();
        let operator = self.rows.iter().map(|row| row.operator).sum();
        posting_rules::refunded(&opened.sides(on), operator, self.overpaid, &rows)
    }
}

impl ReturnPrincipal {
    fn check(&self, moves: &[Move]) -> Result<(), EntrustRefusal> {
        let mut there = outstanding(moves);
        for (household, amount) in &self.money {
            let own = there.entry(household.clone()).or_default();
            if !amount.is_positive() {
                return Err(EntrustRefusal::NotPositive { household: household.clone(), amount: *amount });
            }
            if *own < *amount {
                let household = household.clone();
                return Err(EntrustRefusal::MoreThanEntrusted { household, amount: *amount, there: *own });
            }
            *own -= *amount;
        }
        Ok(())
    }

    fn moves(&self) -> Vec<Move> {
        let moved = |(household, amount): &(String, Amount)| Move {
            household: household.clone(),
            on: self.on,
            amount: -*amount,
            loan: None,
            loan_matures_on: None,
        };
        self.money.iter().map(moved).collect()
    }

    /// What of accrued periods is owed back. Refuses while a list of such a period is under way (E-214) or its part for shares is
    /// not done (E-212).
    async fn refunds(
        &self,
        tx: &mut Connection,
        scene: &Scene,
        opened: &Opened,
        moves: (&[Move], &[Move]),
    ) -> Result<Vec<Due>, Stop> {
        let periods = store::periods(tx, &scene.county, &self.scheme).await?;
        let mut found = Vec::new();
        for accrued in periods.iter().filter(|accrued| self.on < accrued.to) {
            let (scheme, period) = (self.scheme.clone(), accrued.period);
            if let Some(batch) = payouts::batch_waiting(tx, &scene.county, &format!("entrust:{scheme}:{period}")).await? {
                return Err(EntrustRefusal::BatchInTheWay { scheme, period, batch }.into());
            }
            if accrued.reinvest.is_positive() && accrued.reinvested_on.is_none() {
                return Err(EntrustRefusal::ReinvestFirst { scheme, period }.into());
            }
            let rows = less(opened, accrued, moves)?;
            if !rows.is_empty() {
                let operator: Amount = rows.iter().map(|row| row.operator).sum();
                let has_company = opened.kept.terms.company_book.is_some();
                let overpaid = if has_company { (operator - accrued.missing()).max(Amount::ZERO) } else { Amount::ZERO };
                found.push(Due { period, overpaid, rows });
            }
        }
        Ok(found)
    }
}

/// A period's income before the return and after it: what every household that gets less owes back.
fn less(opened: &Opened, accrued: &Accrued, (before, after): (&[Move], &[Move])) -> Result<Vec<Refund>, crate::refusal::Refusal> {
    let (terms, period) = (&opened.kept.terms, accrued.period);
    let window = Period { number: period, from: accrued.from, to: accrued.to, due: accrued.due };
    let now: BTreeMap<String, (Amount, Amount)> =
        earned(terms, after, window)?.rows.into_iter().map(|row| (row.household, (row.gets, row.operator))).collect();
    let rows = earned(terms, before, window)?.rows.into_iter().filter_map(|was| {
        let (gets, operator) = now.get(&was.household).copied().unwrap_or_default();
        let (amount, operator) = (was.gets - gets, was.operator - operator);
        amount.is_positive().then_some(Refund { period, household: was.household, amount, operator })
    });
    Ok(rows.collect())
}

/// Households pay back income they owe. Refuses more than they owe (E-215).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CollectRefund {
    /// The scheme.
    pub scheme: String,
    /// Date.
    pub on: BusinessDate,
    /// Who, how much.
    pub money: Vec<(String, Amount)>,
}

impl Act for CollectRefund {
    const KIND: &'static str = "entrust.collect";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let opened = Opened::load(tx, scene, &self.scheme, self.on).await?;
        let mut open = owed_back(tx, &scene.county, &self.scheme).await?;
        for (household, amount) in &self.money {
            let owed = open.entry(household.clone()).or_default();
            if !amount.is_positive() {
                return Err(EntrustRefusal::NotPositive { household: household.clone(), amount: *amount }.into());
            }
            if *amount > *owed {
                let (household, amount, owed) = (household.clone(), *amount, *owed);
                return Err(EntrustRefusal::MoreThanOwedBack { household, amount, owed }.into());
            }
            *owed -= *amount;
        }
        let vouchers = posting_rules::paid_back(&opened.sides(self.on), &self.money)?;
        let what = serde_json::json!({ "scheme": self.scheme, "households": self.money.len() });
        let (event, numbered) = posted(tx, scene, ("income_paid_back", self.on, what), &vouchers).await?;
        let back = |(household, amount): &(String, Amount)| Refund {
            period: 0,
            household: household.clone(),
            amount: -*amount,
            operator: Amount::ZERO,
        };
        let rows: Vec<Refund> = self.money.iter().map(back).collect();
        store::add_refunds(tx, &scene.county, &self.scheme, &rows, (self.on, &event)).await?;
        Ok(numbered)
    }
}
