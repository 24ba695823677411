//! What registers say of a book, gathered for the rules: projects, entrusted income, loans, lists of people, papers, contracts.
//! Changes nothing.

use std::collections::BTreeMap;

use crate::calendar::BusinessDate;
use crate::controls::supervision::facts::{Facts, IncomeFact, ProjectFact};
use crate::controls::supervision::service::credit;
use crate::controls::supervision::store::registers;
use crate::db::{Connection, Stop};
use crate::ledger::EntityKind;
use crate::ledger::books::Book;
use crate::money::Amount;
use crate::payouts::service::rents::wholes;
use crate::payouts::store as payouts;
use crate::products::entrusted_funds::store as entrusted;
use crate::products::leases::terms::Direction;
use crate::products::leases::warnings::missing;
use crate::products::projects::reports::Whole;
use crate::products::projects::service::wholes::wholes as projects_of;

/// Adds what the registers say.
pub async fn gather(
    tx: &mut Connection,
    county: &str,
    (book, money, on): (&Book, &[&str], BusinessDate),
    facts: &mut Facts,
) -> Result<(), Stop> {
    projects(tx, county, (book, money, on), facts).await?;
    incomes(tx, county, book, facts).await?;
    contracts(tx, county, book, facts).await?;
    if let Some(place) = book.place.as_deref().filter(|_| book.kind == EntityKind::Village) {
        credit::gather(tx, county, place, facts).await?;
    }
    facts.doubts = registers::doubtful_lists(tx, county, &book.book).await?;
    facts.lists = registers::lists_without_source(tx, county, &book.book).await?;
    facts.papers = registers::papers_again(tx, county, &book.book).await?;
    Ok(())
}

async fn projects(
    tx: &mut Connection,
    county: &str,
    (book, money, on): (&Book, &[&str], BusinessDate),
    facts: &mut Facts,
) -> Result<(), Stop> {
    let all = projects_of(tx, county, &book.book, on).await?;
    if all.is_empty() {
        return Ok(());
    }
    let paid: BTreeMap<_, _> = registers::paid_by_project(tx, county, &book.book, money).await?.into_iter().collect();
    let here = all.iter().filter(|whole| whole.standing.moved.is_none());
    facts.projects = here.map(|whole| project(whole, paid.get(&whole.project.project).copied(), on)).collect();
    Ok(())
}

fn project(whole: &Whole, paid: Option<Amount>, on: BusinessDate) -> ProjectFact {
    let standing = &whole.standing;
    let agreed = |amount: Amount, percent: i64| Amount::from_fen((i128::from(amount.fen()) * i128::from(percent) / 100) as i64);
    let advances = standing.contracts.iter().map(|under| agreed(under.contract.amount, under.contract.advance_percent));
    ProjectFact {
        project: whole.project.project.clone(),
        spent: standing.spent().max(paid.unwrap_or_default() - standing.returned),
        approved: standing.approved.map(|(_, amount)| amount),
        progress: (standing.progress, standing.progress_on),
        advance: advances.sum(),
        accepted: standing.accepted.is_some(),
        last_on: standing.last_on.unwrap_or(on),
    }
}

/// Periods of the schemes that run at the book's place, or through the book.
async fn incomes(tx: &mut Connection, county: &str, book: &Book, facts: &mut Facts) -> Result<(), Stop> {
    for scheme in entrusted::schemes(tx, county).await? {
        let terms = &scheme.terms;
        let through = [&terms.company_book, &terms.operator_book].iter().any(|kept| kept.as_ref() == Some(&book.book));
        if !through && book.place.as_deref() != Some(terms.place.as_str()) {
            continue;
        }
        for period in entrusted::periods(tx, county, &scheme.scheme).await? {
            let name = format!("{}:{}", scheme.scheme, period.period);
            let sent = payouts::is_sent(tx, county, &format!("entrust:{name}")).await?;
            let unpaid = if sent { Amount::ZERO } else { period.households - period.reinvest };
            let arrears = period.operator - period.received - period.refunded;
            facts.incomes.push(IncomeFact { period: name, due: period.due, unpaid, arrears });
        }
    }
    Ok(())
}

async fn contracts(tx: &mut Connection, county: &str, book: &Book, facts: &mut Facts) -> Result<(), Stop> {
    for whole in wholes(tx, county, &book.book.0).await? {
        let lease = &whole.lease;
        if lease.ended_on.is_none() {
            facts.endings.push((lease.lease.clone(), lease.terms.ends_on));
        }
        if lease.terms.direction == Direction::Out {
            let open = missing(&whole)?.into_iter();
            facts.rents.extend(open.map(|missing| (lease.lease.clone(), missing.due, missing.amount)));
        }
    }
    Ok(())
}
