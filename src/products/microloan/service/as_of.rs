//! The register as of a day: what the standings say where they hold for it, else what the facts say.
//!
//! 1. A standing holds for today while nothing of the loan has fallen due since it was written; every other line, and every
//!    line of a day gone by, is the loan's timeline through the day.
//! 2. A loan paid out after the day is not on the register of it.

use std::collections::HashMap;

use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::products::microloan::classification::RiskClass;
use crate::products::microloan::reports::RegisterLine;
use crate::products::microloan::store::figures::{self, Dated};
use crate::products::microloan::store::{facts, heads, keys};
use crate::products::microloan::timeline::{Position, timeline};

/// Loans whose facts are read at once.
const AT_ONCE: usize = 1_000;

/// The register of a day, after a number; `today` is the office's.
pub async fn register_on(
    tx: &mut Connection,
    county: &str,
    (after, limit): (&str, i64),
    (day, today): (BusinessDate, BusinessDate),
) -> Result<Vec<RegisterLine>, Stop> {
    let mut lines = figures::register(tx, county, after, limit).await?;
    let on = day.to_string();
    let stale = |line: &&Dated| day < today || line.changes_by(&on);
    let again: Vec<String> = lines.iter().filter(stale).map(|dated| dated.line.0.0.clone()).collect();
    let mut worked_out = HashMap::new();
    for some in again.chunks(AT_ONCE) {
        worked_out.extend(positions(tx, county, some, day).await?);
    }
    lines.retain_mut(|dated| match worked_out.get(&dated.line.0.0) {
        Some(position) => put(&mut dated.line, position),
        None => true,
    });
    Ok(lines.into_iter().map(|dated| dated.line).collect())
}

/// Where loans stand at the end of a day.
async fn positions(
    tx: &mut Connection,
    county: &str,
    loans: &[String],
    day: BusinessDate,
) -> Result<Vec<(String, Position)>, Stop> {
    let keys = keys(loans.iter().map(String::as_str));
    let mut facts = facts(tx, county, &keys).await?;
    let mut found = Vec::new();
    for head in heads::heads(tx, county, &keys).await? {
        let Some(contract) = &head.contract else { continue };
        let facts = facts.remove(&head.loan).unwrap_or_default();
        let position = timeline(&head.loan, contract, &facts, day)?.position;
        found.push((head.loan, position));
    }
    Ok(found)
}

/// Puts a position into a line; false where the loan was not paid out by then.
fn put(line: &mut RegisterLine, position: &Position) -> bool {
    let own = RiskClass::by_days(position.days_past_due(), position.written_off.is_positive());
    line.1.1 = position.state.as_str().to_owned();
    (line.1.2, line.1.3) = (position.disbursed.fen(), position.principal.fen());
    line.2 = (
        position.overdue_principal.fen(),
        position.interest_owed.fen(),
        position.penalty_owed.fen(),
        position.matures_on.to_string(),
    );
    line.3.0 = own.as_str().to_owned();
    position.disbursed_on.is_some()
}
