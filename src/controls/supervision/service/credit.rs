//! What the loan register says of a village, gathered for the rules. Changes nothing.

use crate::controls::supervision::facts::Facts;
use crate::controls::supervision::store::{credit, registers};
use crate::db::{Connection, Stop};
use crate::products::microloan::policy::store::policies;

/// Adds what the register says of the loans of a place.
pub async fn gather(tx: &mut Connection, county: &str, place: &str, facts: &mut Facts) -> Result<(), Stop> {
    let policies = policies(tx, county).await?;
    facts.loans = registers::overdue_loans(tx, county, place).await?;
    facts.subsidies = credit::subsidies(tx, county, place, &policies).await?;
    facts.elsewhere = credit::elsewhere(tx, county, place).await?;
    facts.classes = credit::classes(tx, county, place).await?;
    facts.ages = credit::ages(tx, county, place, &policies).await?;
    facts.entrusted = credit::entrusted(tx, county, place).await?;
    Ok(())
}
