//! The register and its reports as of a day: what the standings say where they hold for it, else what the facts say.
//!
//! 1. A standing holds for today while nothing of the loan has fallen due since it was written; every other line, and every
//!    line of a day gone by, is the loan's timeline through the day.
//! 2. A loan paid out after the day is not on the register of it.
//! 3. All reports of a day are made from the register of that day, so they agree.

use std::collections::{BTreeMap, HashMap};

use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::products::microloan::classification::RiskClass;
use crate::products::microloan::reports::{ArrearsLine, RegisterLine};
use crate::products::microloan::store::figures::{self, Dated, Wanted};
use crate::products::microloan::store::{facts, heads, keys};
use crate::products::microloan::timeline::{Position, timeline};

/// Loans whose facts are read at once.
const AT_ONCE: usize = 1_000;

/// A page of the register of a day, after a number: the loans wanted; `today` is the office's.
pub async fn register_on(
    tx: &mut Connection,
    county: &str,
    wanted: &Wanted,
    (after, limit): (&str, i64),
    days: (BusinessDate, BusinessDate),
) -> Result<Vec<RegisterLine>, Stop> {
    let (mut found, mut after) = (Vec::new(), after.to_owned());
    // A loan's state is known once it is worked out for the day: parts are read until enough are in the state wanted.
    let part = if wanted.state.is_empty() { limit } else { limit.max(AT_ONCE as i64) };
    loop {
        let some = figures::register(tx, county, wanted, (&after, part)).await?;
        let last = some.last().filter(|_| i64::try_from(some.len()) == Ok(part)).map(|dated| dated.line.0.0.clone());
        let lines = worked_out(tx, county, some, days).await?.into_iter().map(|dated| dated.line);
        found.extend(lines.filter(|line| wanted.state.is_empty() || line.1.1 == wanted.state));
        match last {
            Some(last) if i64::try_from(found.len()).is_ok_and(|found| found < limit) => after = last,
            _ => break,
        }
    }
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// Every loan wanted of the register of a day; `today` is the office's.
pub async fn all_on(
    tx: &mut Connection,
    county: &str,
    wanted: &Wanted,
    days: (BusinessDate, BusinessDate),
) -> Result<Vec<Dated>, Stop> {
    let lines = figures::register(tx, county, wanted, ("", i64::MAX)).await?;
    worked_out(tx, county, lines, days).await
}

async fn worked_out(
    tx: &mut Connection,
    county: &str,
    mut lines: Vec<Dated>,
    (day, today): (BusinessDate, BusinessDate),
) -> Result<Vec<Dated>, Stop> {
    let on = day.to_string();
    let stale = |line: &&Dated| day < today || line.changes_by(&on);
    let again: Vec<String> = lines.iter().filter(stale).map(|dated| dated.line.0.0.clone()).collect();
    let worked_out = positions(tx, county, &again, day).await?;
    lines.retain_mut(|dated| match worked_out.get(&dated.line.0.0) {
        Some(position) => put(dated, position),
        None => true,
    });
    Ok(lines)
}

/// Loans with principal past due before the day of a register, the longest first.
pub fn arrears(loans: &[Dated], day: BusinessDate) -> Vec<ArrearsLine> {
    let day = day.to_string();
    let line = |dated: &Dated| {
        let (who, terms, owed, _) = &dated.line;
        let since = dated.overdue_from_on.clone().filter(|since| *since < day)?;
        let who = (who.0.clone(), who.3.clone(), who.1.clone(), who.2.clone());
        Some((who.0, who.1, who.2, who.3, since, owed.0, terms.3, owed.1, owed.2))
    };
    let mut lines: Vec<ArrearsLine> = loans.iter().filter_map(line).collect();
    lines.sort_by(|a, b| (&a.4, &a.0).cmp(&(&b.4, &b.0)));
    lines
}

/// Principal outstanding on a register.
pub fn outstanding(loans: &[Dated]) -> i64 {
    loans.iter().map(|dated| dated.line.1.3).sum()
}

/// Loans of a register that owe and mature within days, by maturity: (loan, bank, borrower, place, maturity, principal).
pub fn maturing(
    loans: &[Dated],
    (from, through): (BusinessDate, BusinessDate),
) -> Vec<(String, String, String, String, String, i64)> {
    let (from, through) = (from.to_string(), through.to_string());
    let within = |dated: &&Dated| dated.line.1.3 > 0 && (&from..=&through).contains(&&dated.line.2.3);
    let line = |dated: &Dated| {
        let (who, terms, owed, _) = &dated.line;
        (who.0.clone(), who.3.clone(), who.1.clone(), who.2.clone(), owed.3.clone(), terms.3)
    };
    let mut lines: Vec<_> = loans.iter().filter(within).map(line).collect();
    lines.sort_by(|a, b| (&a.4, &a.0).cmp(&(&b.4, &b.0)));
    lines
}

/// Loans of a register that owe, by own class and the bank's: (own, bank's, loans, principal).
pub fn classes(loans: &[Dated]) -> Vec<(String, Option<String>, i64, i64)> {
    let mut sums: BTreeMap<(String, Option<String>), (i64, i64)> = BTreeMap::new();
    for dated in loans.iter().filter(|dated| dated.line.1.3 > 0) {
        let sum = sums.entry(dated.line.3.clone()).or_default();
        *sum = (sum.0 + 1, sum.1 + dated.line.1.3);
    }
    sums.into_iter().map(|((own, bank), (loans, principal))| (own, bank, loans, principal)).collect()
}

/// Where loans stand at the end of a day.
pub async fn positions(
    tx: &mut Connection,
    county: &str,
    loans: &[String],
    day: BusinessDate,
) -> Result<HashMap<String, Position>, Stop> {
    let mut found = HashMap::with_capacity(loans.len());
    for some in loans.chunks(AT_ONCE) {
        found.extend(some_positions(tx, county, some, day).await?);
    }
    Ok(found)
}

async fn some_positions(
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
fn put(dated: &mut Dated, position: &Position) -> bool {
    dated.overdue_from_on = position.overdue_from.map(|since| since.to_string());
    let line = &mut dated.line;
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
