//! What contracts call for, looked at as far as the county's rules say. Changes nothing.

use crate::calendar::BusinessDate;
use crate::controls::disclosure::store as disclosure;
use crate::controls::supervision::rules::{self, Rule, RuleKind};
use crate::db::{Connection, Stop};
use crate::payouts::service::rents::wholes;
use crate::products::leases::warnings::{Horizon, Warning, warnings as of_contract};

/// How far the rules that hold on a day look.
pub fn horizon(rules: &[Rule], on: BusinessDate) -> Horizon {
    let days = |kind: RuleKind| rules.iter().find(|rule| rule.rule == kind && rule.holds(on)).map(Rule::days);
    Horizon {
        late_days: days(RuleKind::RentLate),
        due_days: days(RuleKind::RentDue),
        ending_days: days(RuleKind::ContractEnding),
    }
}

/// The warnings of a book's contracts, or of the county's for a blank one, oldest first.
pub async fn warnings(tx: &mut Connection, county: &str, book: &str, today: BusinessDate) -> Result<Vec<Warning>, Stop> {
    let rules = rules::table(disclosure::rules::own(tx, county, "supervision").await?);
    let horizon = horizon(&rules, today);
    let mut found = Vec::new();
    for whole in wholes(tx, county, book).await? {
        found.extend(of_contract(&whole, today, horizon)?);
    }
    found.sort_by_key(|warning| warning.on);
    Ok(found)
}
