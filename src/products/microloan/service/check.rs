//! Checks the credit programme for `verify`: equalities 4 and 5, and every loan against its facts.

use std::collections::HashMap;

use crate::calendar::BusinessDate;
use crate::db::{Connection, Failure, Stop};
use crate::products::microloan::equalities::{Finding, equal};
use crate::products::microloan::risk_fund::store as fund;
use crate::products::microloan::service::own_books::own_book;
use crate::products::microloan::store::{self as register, heads, own_books, standings};
use crate::products::microloan::subsidy::store as subsidy;
use crate::products::microloan::timeline::timeline;

/// Equality 4: S501 = Σ approved rows; equality 5: F501 − F411 = Σ memo claims + write-offs. Nothing found is good.
pub async fn check_equalities(tx: &mut Connection, county: &str) -> Result<Vec<Finding>, Stop> {
    let mut found = Vec::new();
    let granted = fund::ordinary_movements(tx, county, ("subsidy_fund", "S501")).await?;
    let mut approved: HashMap<String, i64> = HashMap::new();
    for (book, _, sum) in subsidy::approved_sums(tx, county).await?.into_iter().filter(|(_, account, _)| account == "S501") {
        *approved.entry(book).or_default() += sum;
    }
    for book in subsidy::books(tx, county).await? {
        let of = |sums: &HashMap<String, i64>| sums.get(&book.0).copied().unwrap_or(0);
        found.extend(equal("4: S501 = 已审批贴息明细", &book.0, of(&granted), of(&approved)));
    }
    let spent = fund::ordinary_movements(tx, county, ("risk_fund", "F501")).await?;
    let recovered = fund::ordinary_movements(tx, county, ("risk_fund", "F411")).await?;
    let mut memo: HashMap<String, i64> = HashMap::new();
    for claim in fund::claims(tx, county).await? {
        *memo.entry(claim.book.0.clone()).or_default() += (claim.memo() + claim.written_off).fen();
        let shares: i64 = claim.shares.iter().map(|share| share.amount.fen()).sum();
        found.extend(equal("分担合计 = 损失", &claim.claim, shares, (claim.principal + claim.interest).fen()));
    }
    for book in fund::books(tx, county).await? {
        let of = |sums: &HashMap<String, i64>| sums.get(&book.0).copied().unwrap_or(0);
        // F411 is a credit: its movement is negative.
        found.extend(equal("5: F501 − F411 = 代偿备查 + 核销", &book.0, of(&spent) + of(&recovered), of(&memo)));
    }
    Ok(found)
}

/// Every loan paid out, derived anew from its facts, against its standing and its settled rows. Answers how many were checked.
pub async fn check_loans(tx: &mut Connection, county: &str) -> Result<(i64, Vec<Finding>), Stop> {
    let (mut after, mut checked, mut found) = (String::new(), 0, Vec::new());
    loop {
        let page = standings::money(tx, county, &after, 1_000).await?;
        let Some(last) = page.last() else { return Ok((checked, found)) };
        let keys = register::keys(page.iter().map(|standing| standing.loan.as_str()));
        let known = heads::heads(tx, county, &keys).await?;
        let facts = register::facts(tx, county, &keys).await?;
        let settled = register::settled_rows(tx, county, &keys).await?;
        let own = own_books::kept(tx, county, &keys).await?;
        for (head, standing) in known.iter().zip(&page) {
            let damaged = || Failure::Damaged(format!("loan {}: standing without contract or rows", head.loan));
            let contract = head.contract.as_ref().filter(|_| head.loan == standing.loan).ok_or_else(damaged)?;
            let rows = settled.get(&head.loan).map_or(&[][..], Vec::as_slice);
            let stands = || rows.iter().filter(|row| row.entry % 2 == 1);
            let facts = facts.get(&head.loan).map_or(&[][..], Vec::as_slice);
            let days = stands().map(|row| row.due).chain(facts.iter().map(|fact| fact.on));
            let through = days.fold(standing.row_from, BusinessDate::max);
            let line = timeline(&head.loan, contract, facts, through)?;
            let sums = |pick: fn(&crate::products::microloan::timeline::Position) -> i64| pick(&line.position);
            found.extend(equal("本金 = 事实推算", &head.loan, standing.principal, sums(|p| p.principal.fen())));
            found.extend(equal("欠息 = 事实推算", &head.loan, standing.interest, sums(|p| p.interest_owed.fen())));
            let derived: i64 = line.rows.iter().map(|row| row.amount.fen()).sum();
            found.extend(equal("已结利息 = 事实推算", &head.loan, stands().map(|row| row.amount).sum(), derived));
            // The bank's write-off leaves the entity owing.
            if own_book(head).is_some() && !line.position.written_off.is_positive() {
                let stands = own.get(&head.loan).into_iter().flat_map(|kept| kept.values()).filter(|kept| kept.turn % 2 == 1);
                let borrowing: i64 = stands.map(|kept| kept.what.borrowing().fen()).sum();
                found.extend(equal("借款单位账套借款 = 台账本金", &head.loan, borrowing, line.position.principal.fen()));
            }
            checked += 1;
        }
        after.clone_from(&last.loan);
    }
}
