//! Applications: a loan enters the register, checked against the policy of the day.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::books::check_code;
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::parties::household::{Borrower, HouseholdStatus};
use crate::parties::store as parties;
use crate::products::microloan::policy::check::{Question, check};
use crate::products::microloan::policy::{self, ENTITY_LOAN, HOUSEHOLD_LOAN};
use crate::products::microloan::refusal::LoanRefusal;
use crate::products::microloan::state::LoanState;
use crate::products::microloan::store::{self, heads, heads::LoanHead, own_books};

/// A household asks for a loan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Application {
    /// Number in the register (借据号).
    pub loan: String,
    /// Household, or the book of the entity that borrows (village collective, cooperative, company).
    pub household: String,
    /// Bank.
    pub bank: String,
    /// Amount.
    pub amount: Amount,
    /// Term in months.
    pub months: u32,
    /// Use of the money.
    pub purpose: String,
    /// Day of the application.
    pub on: BusinessDate,
    /// The loan it renews.
    #[serde(default)]
    pub renews: Option<String>,
}

/// Enters applications. Refuses the list at the first that the policy of its day does not allow.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApplyLoans {
    /// The applications.
    pub applications: Vec<Application>,
}

impl Act for ApplyLoans {
    const KIND: &'static str = "loan.apply";
    type Answer = usize;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::KeepRegisters, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<usize, Stop> {
        let county = &scene.county;
        refuse_known(tx, county, &self.applications).await?;
        let households: Vec<[&str; 1]> = self.applications.iter().map(|a| [a.household.as_str()]).collect();
        let borrowers: HashMap<String, Borrower> =
            own_books::borrowers(tx, county, &households).await?.into_iter().map(|b| (b.household.clone(), b)).collect();
        let banks: HashSet<String> = parties::banks(tx, county).await?.into_iter().map(|bank| bank.bank).collect();
        let policies = policy::store::policies(tx, county).await?;
        let rates = policy::store::rates(tx, county).await?;
        refuse_second(tx, county, &self.applications).await?;
        let mut rows = Vec::with_capacity(self.applications.len());
        for asked in &self.applications {
            if !banks.contains(&asked.bank) {
                return Err(LoanRefusal::UnknownBank { bank: asked.bank.clone() }.into());
            }
            let unknown = || LoanRefusal::UnknownHousehold { household: asked.household.clone() };
            let borrower = borrowers.get(&asked.household).ok_or_else(unknown)?;
            let no_policy = || LoanRefusal::NoPolicy { place: borrower.place.clone(), on: asked.on };
            let row =
                policy::choose(&policies, &borrower.place, product_of(borrower, asked.on), asked.on).ok_or_else(no_policy)?;
            let verdict = check(row, &rates, &question(asked, borrower))?;
            if !verdict.is_allowed {
                let (loan, policy, why) = (asked.loan.clone(), verdict.policy, verdict.reasons.join(";"));
                return Err(LoanRefusal::AgainstPolicy { loan, policy, why }.into());
            }
            rows.push(head(asked, borrower, &scene.actor));
        }
        refuse_renewals(tx, county, &self.applications, &policies).await?;
        heads::add_loans(tx, county, &rows).await?;
        let event = |a: &Application| (a.loan.clone(), 1, a.on.to_string(), "applied", "{}".to_owned(), String::new());
        let events: Vec<_> = self.applications.iter().map(event).collect();
        store::add_events(tx, county, &events, (&scene.actor, &scene.at)).await?;
        Ok(rows.len())
    }

    fn in_words(&self) -> serde_json::Value {
        serde_json::json!({ "applications": self.applications.len(), "first": self.applications.first() })
    }
}

/// Entities borrow under a product of their own.
fn product_of(borrower: &Borrower, on: BusinessDate) -> &'static str {
    if borrower.status_on(on) == Some(HouseholdStatus::Organisation) { ENTITY_LOAN } else { HOUSEHOLD_LOAN }
}

fn question<'a>(asked: &'a Application, borrower: &Borrower) -> Question<'a> {
    Question {
        status: borrower.status_on(asked.on),
        age: borrower.age_on(asked.on),
        limit: None,
        amount: asked.amount,
        months: asked.months,
        on: asked.on,
        purpose: &asked.purpose,
    }
}

fn head(asked: &Application, borrower: &Borrower, by: &str) -> LoanHead {
    LoanHead {
        loan: asked.loan.clone(),
        household: asked.household.clone(),
        borrower: borrower.name.clone(),
        place: borrower.place.clone(),
        bank: asked.bank.clone(),
        product: product_of(borrower, asked.on).to_owned(),
        policy: None,
        purpose: asked.purpose.clone(),
        asked: asked.amount,
        asked_months: i64::from(asked.months),
        applied_on: asked.on,
        applied_by: by.to_owned(),
        state: LoanState::Applied,
        approvals: 0,
        contract: None,
        contract_number: None,
        renews: asked.renews.clone(),
    }
}

/// Refuses numbers the register has, or that stand twice in the list.
async fn refuse_known(tx: &mut Connection, county: &str, asked: &[Application]) -> Result<(), Stop> {
    let keys = store::keys(asked.iter().map(|a| a.loan.as_str()));
    let mut seen: HashSet<String> = heads::heads(tx, county, &keys).await?.into_iter().map(|head| head.loan).collect();
    for application in asked {
        check_code(&application.loan)?;
        if !seen.insert(application.loan.clone()) {
            return Err(LoanRefusal::LoanExists { loan: application.loan.clone() }.into());
        }
    }
    Ok(())
}

/// Refuses a second running loan of a household, unless it renews the first.
async fn refuse_second(tx: &mut Connection, county: &str, asked: &[Application]) -> Result<(), Stop> {
    let households = store::keys(asked.iter().map(|a| a.household.as_str()));
    let mut running: HashMap<String, String> = heads::running_of(tx, county, &households).await?.into_iter().collect();
    for application in asked {
        let other = running.insert(application.household.clone(), application.loan.clone());
        if let Some(other) = other.filter(|other| application.renews.as_ref() != Some(other)) {
            return Err(LoanRefusal::LoanRunning { loan: application.loan.clone(), other }.into());
        }
    }
    Ok(())
}

/// Refuses renewals of unknown loans, and more of them than the old loan's policy lets.
async fn refuse_renewals(
    tx: &mut Connection,
    county: &str,
    asked: &[Application],
    policies: &[policy::Policy],
) -> Result<(), Stop> {
    for application in asked {
        let (mut old, mut renewals, mut allowed) = (application.renews.clone(), 0, None);
        while let Some(number) = old.take() {
            let found = heads::heads(tx, county, &store::keys([number.as_str()])).await?;
            let head = found.into_iter().next().ok_or_else(|| LoanRefusal::UnknownLoan { loan: number.clone() })?;
            let named = head.policy.as_deref().map(|name| policy::named(policies, name)).transpose()?;
            allowed = allowed.or(named.map(|row| row.renewals_max));
            renewals += 1;
            if let Some(allowed) = allowed.filter(|allowed| renewals > *allowed) {
                return Err(LoanRefusal::NoMoreRenewals { loan: number, allowed }.into());
            }
            old = head.renews;
        }
    }
    Ok(())
}
