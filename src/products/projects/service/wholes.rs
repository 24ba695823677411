//! Projects with their deeds and what the books hold of them, for papers and sheets. Changes nothing.

use chrono::Datelike;

use crate::calendar::{AccountingPeriod, BusinessDate};
use crate::db::{Connection, Stop};
use crate::ledger::books::service::regime_in;
use crate::ledger::posting_map::account_for;
use crate::ledger::{AccountCode, BookCode};
use crate::money::Amount;
use crate::products::projects::card::Project;
use crate::products::projects::reports::Whole;
use crate::products::projects::store;

/// The accounts of special funds, levies and works; one a regime does not keep is absent.
const USES: [&str; 3] = ["special_payable", "village_levy", "construction"];

/// All projects of a book as they stood on a day.
pub async fn wholes(tx: &mut Connection, county: &str, book: &BookCode, on: BusinessDate) -> Result<Vec<Whole>, Stop> {
    let mut all = Vec::new();
    for project in store::projects(tx, county, book).await? {
        let whole = whole(tx, county, book, project, on).await?;
        if !whole.deeds.is_empty() || store::opened_by(tx, county, (book, &whole.project.project), on).await? {
            all.push(whole);
        }
    }
    Ok(all)
}

/// One project as it stood on a day; the books through its month.
pub async fn whole(
    tx: &mut Connection,
    county: &str,
    book: &BookCode,
    project: Project,
    on: BusinessDate,
) -> Result<Whole, Stop> {
    let (deeds, standing) = store::standing(tx, county, (book, &project.project), Some(on)).await?;
    let regime = regime_in(tx, county, book, on.year()).await?;
    let accounts: Vec<Option<AccountCode>> = USES.iter().map(|usage| account_for(regime, usage).ok()).collect();
    let asked: Vec<&AccountCode> = accounts.iter().flatten().collect();
    let balances = store::balances(tx, county, book, &asked, Some(AccountingPeriod::of(on))).await?;
    let of = |at: usize| {
        let key = accounts[at].as_ref().map(|account| (account.0.clone(), project.project.clone()));
        key.and_then(|key| balances.get(&key).copied()).unwrap_or(Amount::ZERO)
    };
    let (special, levy, construction) = (-of(0), -of(1), of(2));
    Ok(Whole { project, deeds, standing, special, levy, construction })
}
