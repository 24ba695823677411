//! Runs every equality over a county. Changes nothing.

use super::{Compared, EqualityFinding, findings, store};
use crate::db::{Connection, Stop};

/// Everything that is compared, in the order of the equalities.
pub async fn compare(tx: &mut Connection, county: &str) -> Result<Vec<Compared>, Stop> {
    let mut all = store::loans_in_schemes(tx, county).await?;
    all.extend(store::entrusted_by_household(tx, county).await?);
    all.extend(store::entrusted_by_investor(tx, county).await?);
    all.extend(store::company_and_operator(tx, county).await?);
    all.extend(store::shares_and_register(tx, county).await?);
    all.extend(store::investors(tx, county).await?);
    all.extend(store::pass_through(tx, county).await?);
    all.extend(store::payments(tx, county).await?);
    all.extend(store::leases(tx, county).await?);
    all.extend(store::revolving(tx, county).await?);
    Ok(all)
}

/// The equalities of posting-rules.md §6 that do not hold in a county.
pub async fn check_equalities(tx: &mut Connection, county: &str) -> Result<Vec<EqualityFinding>, Stop> {
    Ok(findings(&compare(tx, county).await?))
}
