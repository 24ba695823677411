//! What loan money free statement lines may be: reads what is due and asks the rules. Changes nothing.

use std::collections::{BTreeMap, HashMap};

use crate::controls::reconciliation::account::BankAccount;
use crate::controls::reconciliation::loan_money::dues::KnownLoan;
use crate::controls::reconciliation::loan_money::offers::{self, KnownBatch, KnownClaim, Received};
use crate::controls::reconciliation::loan_money::{Doing, Offer, ranked};
use crate::controls::reconciliation::{BankItem, store};
use crate::db::{Connection, Stop};
use crate::ledger::EntityKind;
use crate::ledger::books::store as books;
use crate::money::Amount;
use crate::parties::store as parties;
use crate::products::microloan::policy::ENTITY_LOAN;
use crate::products::microloan::risk_fund::claim::ClaimState;
use crate::products::microloan::risk_fund::store as fund;
use crate::products::microloan::store::{self as register, heads, heads::LoanHead};
use crate::products::microloan::subsidy::store as subsidy;

/// The offers for free lines of a bank account, in the order of lines, the best first.
pub async fn loan_offers(
    tx: &mut Connection,
    county: &str,
    account: &BankAccount,
    lines: &[BankItem],
) -> Result<Vec<Offer>, Stop> {
    let done: Vec<(i64, i64)> = store::loan_acts(tx, county, &account.code).await?.into_iter().map(|act| act.line).collect();
    let lines: Vec<BankItem> = lines.iter().filter(|line| !done.contains(&(line.line, line.part))).cloned().collect();
    let kind = books::book(tx, county, &account.book).await?.map(|book| book.kind);
    let found = match kind {
        Some(EntityKind::RiskFund) => of_fund(tx, county, account, &lines).await?,
        Some(EntityKind::SubsidyFund) => of_subsidy(tx, county, account, &lines).await?,
        _ => of_collecting(tx, county, account, &lines).await?,
    };
    Ok(ranked(found))
}

async fn of_collecting(tx: &mut Connection, county: &str, account: &BankAccount, lines: &[BankItem]) -> Result<Vec<Offer>, Stop> {
    let incoming: Vec<BankItem> = lines.iter().filter(|line| line.amount.is_positive()).cloned().collect();
    let names = if incoming.is_empty() { Vec::new() } else { store::loan_names(tx, county).await? };
    let spoken_of = offers::spoken_of(&names, &incoming);
    let own = own_loans(tx, county, account).await?;
    let others: Vec<String> = spoken_of.into_iter().filter(|loan| !own.contains(loan)).collect();
    let mut found = offers::collected(&incoming, &known_loans(tx, county, &others).await?);
    found.extend(offers::paid_by_us(lines, &known_loans(tx, county, &own).await?));
    let acts = store::loan_acts(tx, county, &account.code).await?;
    let paid: Vec<(i64, String, store::LoanAct)> = acts
        .into_iter()
        .filter_map(|act| match &act.doing {
            Doing::Repaid { loan, .. } => Some((act.act, loan.clone(), act)),
            _ => None,
        })
        .collect();
    let heads = heads_of(tx, county, paid.iter().map(|(_, loan, _)| loan.as_str())).await?;
    let received = paid.into_iter().filter_map(|(number, loan, act)| {
        let head = heads.get(&loan)?;
        let number_of = head.contract_number.clone().unwrap_or_default();
        let borrower = head.borrower.clone();
        Some(Received { act: number, loan, number: number_of, borrower, amount: act.amount, on: act.on })
    });
    found.extend(offers::taken_back(lines, &received.collect::<Vec<_>>()));
    Ok(found)
}

/// The loans of the account's own book that owe something.
async fn own_loans(tx: &mut Connection, county: &str, account: &BankAccount) -> Result<Vec<String>, Stop> {
    Ok(store::loans_of(tx, county, &account.book, ENTITY_LOAN).await?)
}

async fn heads_of(
    tx: &mut Connection,
    county: &str,
    loans: impl Iterator<Item = &str>,
) -> Result<HashMap<String, LoanHead>, Stop> {
    let found = heads::heads(tx, county, &register::keys(loans)).await?;
    Ok(found.into_iter().map(|head| (head.loan.clone(), head)).collect())
}

async fn known_loans(tx: &mut Connection, county: &str, loans: &[String]) -> Result<Vec<KnownLoan>, Stop> {
    let mut found = Vec::with_capacity(loans.len());
    for loans in loans.chunks(1_000) {
        let keys = register::keys(loans.iter().map(String::as_str));
        let mut facts = register::facts(tx, county, &keys).await?;
        for head in heads::heads(tx, county, &keys).await? {
            let Some(contract) = head.contract else { continue };
            let facts = facts.remove(&head.loan).unwrap_or_default();
            let number = head.contract_number.unwrap_or_default();
            found.push(KnownLoan { loan: head.loan, number, borrower: head.borrower, contract, facts });
        }
    }
    Ok(found)
}

async fn of_fund(tx: &mut Connection, county: &str, account: &BankAccount, lines: &[BankItem]) -> Result<Vec<Offer>, Stop> {
    let mut claims = fund::claims(tx, county).await?;
    claims.retain(|claim| claim.book == account.book && (account.member.is_empty() || claim.bank == account.member));
    let heads = heads_of(tx, county, claims.iter().map(|claim| claim.loan.as_str())).await?;
    let banks: HashMap<String, String> =
        parties::banks(tx, county).await?.into_iter().map(|bank| (bank.bank, bank.name)).collect();
    let known = claims.into_iter().map(|claim| {
        let head = heads.get(&claim.loan);
        KnownClaim {
            borrower: head.map(|head| head.borrower.clone()).unwrap_or_default(),
            number: head.and_then(|head| head.contract_number.clone()).unwrap_or_default(),
            bank: banks.get(&claim.bank).cloned().unwrap_or_default(),
            claim,
        }
    });
    let (paid, others): (Vec<KnownClaim>, Vec<KnownClaim>) = known.partition(|known| known.claim.state == ClaimState::Paid);
    let approved: Vec<KnownClaim> = others.into_iter().filter(|known| known.claim.state == ClaimState::Approved).collect();
    let mut found = offers::compensated(lines, &approved);
    found.extend(offers::recovered(lines, &paid));
    Ok(found)
}

async fn of_subsidy(tx: &mut Connection, county: &str, account: &BankAccount, lines: &[BankItem]) -> Result<Vec<Offer>, Stop> {
    let mut known = Vec::new();
    for batch in subsidy::batches(tx, county).await?.into_iter().filter(|batch| batch.book == account.book) {
        if !matches!(batch.state.as_str(), "approved" | "paid") {
            continue;
        }
        let rows = subsidy::rows(tx, county, &batch.batch).await?;
        let heads = heads_of(tx, county, rows.iter().map(|row| row.loan.as_str())).await?;
        let mut of = KnownBatch { batch: batch.batch, unpaid: Amount::ZERO, paid: BTreeMap::new() };
        for row in rows.iter().filter(|row| row.row.excluded.is_none()) {
            if row.paid_on.is_none() {
                of.unpaid += row.row.subsidy;
            } else if row.payee != row.bank {
                let name = heads.get(&row.loan).map(|head| head.borrower.clone()).unwrap_or_default();
                of.paid.entry(row.payee.clone()).or_insert((name, Amount::ZERO)).1 += row.row.subsidy;
            }
        }
        known.push(of);
    }
    Ok(offers::subsidy(lines, &known))
}
