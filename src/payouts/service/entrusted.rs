//! Acts that pay income of entrusted money: the cash part becomes a batch, the reinvested part becomes shares.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::draw_up::{DrawUp, DrawnUp};
use super::drawing::draw_up;
use super::sources::bare_row;
use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::AccountCode;
use crate::ledger::books::service::regime_in;
use crate::ledger::posting_map::account_for;
use crate::ledger::service::Numbered;
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::payouts::PayoutKind;
use crate::payouts::list::PayRow;
use crate::payouts::store::schemes as payouts;
use crate::products::cooperative_shares::class::Source;
use crate::products::cooperative_shares::holding::{Entry, EntryKind, Position};
use crate::products::cooperative_shares::refusal::ShareRefusal;
use crate::products::cooperative_shares::store::register as shares;
use crate::products::entrusted_funds::facts::Accrued;
use crate::products::entrusted_funds::posting_rules;
use crate::products::entrusted_funds::refusal::EntrustRefusal;
use crate::products::entrusted_funds::scheme::FundSource;
use crate::products::entrusted_funds::service::{Opened, posted};
use crate::products::entrusted_funds::store;
use chrono::Datelike;

/// What households owe back of a scheme's income and neither paid back nor had deducted from a later payment.
pub async fn owed_back(tx: &mut Connection, county: &str, scheme: &str) -> Result<BTreeMap<String, Amount>, Stop> {
    let mut owed: BTreeMap<String, Amount> = BTreeMap::new();
    for refund in store::refunds(tx, county, scheme).await? {
        *owed.entry(refund.household).or_default() += refund.amount;
    }
    if !owed.is_empty() {
        for (household, (held, whole)) in payouts::entrusted_paid(tx, county, scheme).await? {
            *owed.entry(household).or_default() -= whole - held;
        }
    }
    owed.retain(|_, amount| amount.is_positive());
    Ok(owed)
}

async fn period_of(tx: &mut Connection, scene: &Scene, scheme: &str, period: i64) -> Result<Accrued, Stop> {
    let found = store::periods(tx, &scene.county, scheme).await?.into_iter().find(|accrued| accrued.period == period);
    Ok(found.ok_or_else(|| EntrustRefusal::UnknownPeriod { scheme: scheme.to_owned(), period })?)
}

/// Pays the cash part of a period to its households, once. Refuses while the operator's money has not come in and nobody
/// guarantees it (E-209), and before the reinvested part is done (E-212). What a household owes back is deducted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PayEntrustedIncome {
    /// The scheme.
    pub scheme: String,
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

impl Act for PayEntrustedIncome {
    const KIND: &'static str = "entrust.pay";
    type Answer = DrawnUp;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<DrawnUp, Stop> {
        let opened = Opened::load(tx, scene, &self.scheme, self.on).await?;
        let terms = &opened.kept.terms;
        let accrued = period_of(tx, scene, &self.scheme, self.period).await?;
        if accrued.reinvest.is_positive() && accrued.reinvested_on.is_none() {
            return Err(EntrustRefusal::ReinvestFirst { scheme: self.scheme.clone(), period: self.period }.into());
        }
        if accrued.missing().is_positive() && terms.company_book.is_some() && !terms.company_guarantees {
            let (scheme, period, missing) = (self.scheme.clone(), self.period, accrued.missing());
            return Err(EntrustRefusal::NotReceived { scheme, period, missing }.into());
        }
        let (book, usage) = match (&terms.company_book, &terms.operator_book) {
            (Some(company), _) => (company.clone(), "income_payable"),
            (None, Some(operator)) => (operator.clone(), "interest_payable"),
            (None, None) => return Err(EntrustRefusal::NoCompany { scheme: self.scheme.clone() }.into()),
        };
        let regime = regime_in(tx, &scene.county, &book, self.on.year()).await?;
        let income = store::income(tx, &scene.county, &self.scheme, self.period).await?;
        let remark = format!("{}第{}期收益", terms.name, self.period);
        let mut back = owed_back(tx, &scene.county, &self.scheme).await?;
        let cash = income.into_iter().map(|(household, amount, part)| {
            let mut left = amount - part;
            if let Some(owed) = back.get_mut(&household) {
                left -= owed.take_up_to(left);
            }
            (household, left)
        });
        let cash: Vec<(String, Amount)> = cash.filter(|row| row.1.is_positive()).collect();
        let rows: Vec<PayRow> =
            (1..).zip(&cash).map(|(n, (household, cash))| bare_row(n, household, *cash, remark.clone())).collect();
        let wanted = DrawUp {
            batch: self.batch.clone(),
            book,
            kind: PayoutKind::EntrustedIncome,
            title: remark,
            project: self.scheme.clone(),
            on: self.on,
            payable: Some(account_for(regime, usage)?),
            money_account: self.money_account.clone(),
            stated_total: Some(cash.iter().map(|(_, cash)| *cash).sum()),
            rows,
            accept: self.accept.clone(),
            source: Some(format!("entrust:{}:{}", self.scheme, self.period)),
        };
        draw_up(tx, scene, wanted).await
    }
}

/// The reinvested part of a period becomes shares of the operator: entries on both books and in the share register, in one act.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReinvestIncome {
    /// The scheme.
    pub scheme: String,
    /// The period.
    pub period: i64,
    /// Date.
    pub on: BusinessDate,
}

impl Act for ReinvestIncome {
    const KIND: &'static str = "entrust.reinvest";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let opened = Opened::load(tx, scene, &self.scheme, self.on).await?;
        let terms = &opened.kept.terms;
        let accrued = period_of(tx, scene, &self.scheme, self.period).await?;
        let nothing = || EntrustRefusal::NothingToReinvest { scheme: self.scheme.clone(), period: self.period };
        let (Some(operator), Some(class)) = (&terms.operator_book, &terms.reinvest_class) else { return Err(nothing().into()) };
        if !accrued.reinvest.is_positive() || accrued.reinvested_on.is_some() {
            return Err(nothing().into());
        }
        if !shares::classes(tx, &scene.county, operator).await?.contains_key(class) {
            return Err(ShareRefusal::UnknownClass { class: class.clone() }.into());
        }
        let income = store::income(tx, &scene.county, &self.scheme, self.period).await?;
        let parts: Vec<(String, Amount)> =
            income.into_iter().map(|row| (row.0, row.2)).filter(|row| row.1.is_positive()).collect();
        let vouchers = posting_rules::reinvested(&opened.sides(self.on), &parts)?;
        let what = serde_json::json!({ "scheme": self.scheme, "period": self.period });
        let (event, numbered) = posted(tx, scene, ("income_reinvested", self.on, what), &vouchers).await?;
        let source = share_source(terms.source);
        let entry = |(household, amount): &(String, Amount)| Entry {
            on: self.on,
            kind: EntryKind::Subscribe,
            position: Position::own(household, class, source),
            amount: *amount,
            document: terms.document.clone(),
        };
        let entries: Vec<Entry> = parts.iter().map(entry).collect();
        for (party, book) in &terms.investors {
            shares::save_investor(tx, &scene.county, operator, party, book).await?;
        }
        shares::add_entries(tx, &scene.county, operator, &entries, &event).await?;
        store::set_reinvested(tx, &scene.county, &self.scheme, self.period, self.on).await?;
        store::add_received(tx, &scene.county, &self.scheme, self.period, accrued.reinvest).await?;
        Ok(numbered)
    }
}

/// Shares bought with income keep the origin of the money that earned it (seeds.md §6.2).
fn share_source(source: FundSource) -> Source {
    match source {
        FundSource::Loan => Source::Loan,
        FundSource::HouseholdGrant => Source::HouseholdGrant,
        FundSource::Donation => Source::Donation,
        FundSource::CollectiveFund => Source::OwnCash,
        FundSource::FiscalFund => Source::FiscalFund,
    }
}
