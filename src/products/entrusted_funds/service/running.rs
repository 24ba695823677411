//! Income while a scheme runs: accrued when due, received from the operator.

use serde::{Deserialize, Serialize};

use super::{Opened, posted};
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::service::Numbered;
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::products::entrusted_funds::income::{earned, periods};
use crate::products::entrusted_funds::posting_rules;
use crate::products::entrusted_funds::refusal::EntrustRefusal;
use crate::products::entrusted_funds::scheme::Form;
use crate::products::entrusted_funds::store;

/// Accrues the next period that is due, for every household, on all books in one act. Refuses when none is due (E-206).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccrueIncome {
    /// The scheme.
    pub scheme: String,
    /// Date of the vouchers.
    pub on: BusinessDate,
}

/// What was accrued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomeAccrued {
    /// The period.
    pub period: i64,
    /// What the operator owes for it.
    pub operator: Amount,
    /// What households get.
    pub households: Amount,
    /// How many.
    pub rows: usize,
    /// One a book.
    pub vouchers: Vec<Numbered>,
}

impl Act for AccrueIncome {
    const KIND: &'static str = "entrust.accrue";
    type Answer = IncomeAccrued;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<IncomeAccrued, Stop> {
        let opened = Opened::load(tx, scene, &self.scheme, self.on).await?;
        opened.must_run()?;
        let terms = &opened.kept.terms;
        if terms.form == Form::Equity {
            return Err(EntrustRefusal::IsEquity { scheme: self.scheme.clone() }.into());
        }
        let done = store::periods(tx, &scene.county, &self.scheme).await?.len();
        let nothing = || EntrustRefusal::NothingDue { scheme: self.scheme.clone(), on: self.on };
        let next = periods(terms).into_iter().nth(done).filter(|period| period.due <= self.on).ok_or_else(nothing)?;
        let moves = store::moves(tx, &scene.county, &self.scheme).await?;
        let earned = earned(terms, &moves, next)?;
        if earned.rows.is_empty() {
            return Err(nothing().into());
        }
        let operator = earned.operator();
        let rows: Vec<(String, Amount, Amount)> =
            earned.rows.into_iter().map(|row| (row.household, row.gets, row.reinvest)).collect();
        let by_household: Vec<(String, Amount)> = rows.iter().map(|row| (row.0.clone(), row.1)).collect();
        let households = by_household.iter().map(|row| row.1).sum();
        let vouchers = posting_rules::accrued(&opened.sides(self.on), operator, &by_household)?;
        let what = serde_json::json!({ "scheme": self.scheme, "period": next.number, "from": next.from, "to": next.to });
        let (event, vouchers) = posted(tx, scene, ("income_accrued", self.on, what), &vouchers).await?;
        store::insert_period(tx, &scene.county, &self.scheme, next, operator, &rows, &event).await?;
        Ok(IncomeAccrued { period: next.number, operator, households, rows: rows.len(), vouchers })
    }
}

/// The operator pays the company; the oldest period is paid first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReceiveIncome {
    /// The scheme.
    pub scheme: String,
    /// Date.
    pub on: BusinessDate,
    /// How much.
    pub amount: Amount,
}

impl Act for ReceiveIncome {
    const KIND: &'static str = "entrust.receive";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let opened = Opened::load(tx, scene, &self.scheme, self.on).await?;
        opened.must_run()?;
        if opened.kept.terms.company_book.is_none() {
            return Err(EntrustRefusal::NoCompany { scheme: self.scheme.clone() }.into());
        }
        if !self.amount.is_positive() {
            return Err(EntrustRefusal::NotPositive { household: self.scheme.clone(), amount: self.amount }.into());
        }
        let periods = store::periods(tx, &scene.county, &self.scheme).await?;
        let waits = |period: &store::Accrued| if period.reinvested_on.is_some() { Amount::ZERO } else { period.reinvest };
        let owed: Amount = periods.iter().map(|period| period.missing() - waits(period)).sum();
        if self.amount > owed {
            return Err(EntrustRefusal::MoreThanOwed { scheme: self.scheme.clone(), amount: self.amount, owed }.into());
        }
        let vouchers = posting_rules::received(&opened.sides(self.on), self.amount)?;
        let what = serde_json::json!({ "scheme": self.scheme, "amount": self.amount });
        let (event, vouchers) = posted(tx, scene, ("income_received", self.on, what), &vouchers).await?;
        store::add_receipt(tx, &scene.county, &self.scheme, (self.on, self.amount, &event)).await?;
        let mut left = self.amount;
        for period in &periods {
            let part = left.take_up_to(period.missing() - waits(period));
            if part.is_positive() {
                store::add_received(tx, &scene.county, &self.scheme, period.period, part).await?;
            }
        }
        Ok(vouchers)
    }
}
