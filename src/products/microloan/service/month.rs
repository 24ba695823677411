//! Reads a month of the risk fund: its accounts' flows, and every loan as it stood on the last day.

use std::collections::BTreeMap;

use crate::calendar::AccountingPeriod;
use crate::db::{Connection, Failure, Stop};
use crate::exchange::Sheet;
use crate::parties::store as parties;
use crate::products::microloan::fact::Happening;
use crate::products::microloan::policy::{self, HOUSEHOLD_LOAN};
use crate::products::microloan::risk_fund::month::Month;
use crate::products::microloan::risk_fund::store as fund;
use crate::products::microloan::store::{self as register, heads, standings};
use crate::products::microloan::timeline::timeline;

/// The fund's month, derived from books and facts.
pub async fn fund_month(tx: &mut Connection, county: &str, period: AccountingPeriod) -> Result<Month, Stop> {
    let mut month = Month::new(period);
    let (openings, flows) = fund::month_flows(tx, county, &period.to_string()).await?;
    month.add_money(&openings, &flows);
    month.add_claims(&fund::claims(tx, county).await?);
    let mut after = String::new();
    loop {
        let page = standings::money(tx, county, &after, 1_000).await?;
        let Some(last) = page.last() else { return Ok(month) };
        let keys = register::keys(page.iter().map(|standing| standing.loan.as_str()));
        let facts = register::facts(tx, county, &keys).await?;
        for head in heads::heads(tx, county, &keys).await? {
            let damaged = || Failure::Damaged(format!("loan {}: standing without contract", head.loan));
            let contract = head.contract.as_ref().ok_or_else(damaged)?;
            let facts = facts.get(&head.loan).map_or(&[][..], Vec::as_slice);
            let paid_out = facts.iter().filter_map(|fact| match fact.what {
                Happening::Disbursed { amount } => Some((fact.on, amount)),
                _ => None,
            });
            let paid_out: Vec<_> = paid_out.collect();
            month.add_loan(&head.bank, &timeline(&head.loan, contract, facts, month.last_day())?, &paid_out);
        }
        after.clone_from(&last.loan);
    }
}

/// The month's paper, with the cap of the policy in force on its last day.
pub async fn fund_month_paper(
    tx: &mut Connection,
    county: &str,
    name: &str,
    period: AccountingPeriod,
) -> Result<(Month, Sheet), Stop> {
    let month = fund_month(tx, county, period).await?;
    let policies = policy::store::policies(tx, county).await?;
    let cap = policy::choose(&policies, county, HOUSEHOLD_LOAN, month.last_day()).map_or(10, |row| row.leverage_cap);
    let banks: BTreeMap<String, String> =
        parties::banks(tx, county).await?.into_iter().map(|bank| (bank.bank, bank.name)).collect();
    let sheet = month.sheet(name, &banks, cap);
    Ok((month, sheet))
}
