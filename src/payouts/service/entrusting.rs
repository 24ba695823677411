//! Households hand money over to a scheme: the scheme, the credit policy of its place and the loans behind the money are asked.
//!
//! 1. Loan money is not newly entrusted where the policy of the place and date does not allow it (`entrusted_allowed`); contracts
//!    that run go on, and money without a loan behind it is another kind of scheme (loans.md §6).
//! 2. No household entrusts more loan money than it still owes (posting-rules.md §6, equality 1).

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::access::Permission;
use crate::calendar::BusinessDate;
use crate::db::{Connection, Stop};
use crate::ledger::service::Numbered;
use crate::money::Amount;
use crate::office::{Act, Scene, Target};
use crate::payouts::store::schemes as payouts;
use crate::products::entrusted_funds::facts::{Handed, Move};
use crate::products::entrusted_funds::posting_rules;
use crate::products::entrusted_funds::refusal::EntrustRefusal;
use crate::products::entrusted_funds::scheme::{Form, FundSource, Terms};
use crate::products::entrusted_funds::service::{Opened, must_be_open, posted};
use crate::products::entrusted_funds::store;
use crate::products::microloan::policy::{self, HOUSEHOLD_LOAN};
use crate::products::microloan::store as loans;

/// Households hand money over, on all books in one act. Refuses new loan money where the policy bans it (E-201).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entrust {
    /// The scheme.
    pub scheme: String,
    /// Date.
    pub on: BusinessDate,
    /// Who hands over what.
    pub money: Vec<Handed>,
}

impl Act for Entrust {
    const KIND: &'static str = "entrust.hand_over";
    type Answer = Vec<Numbered>;

    fn needs(&self) -> (Permission, Target<'_>) {
        (Permission::PostByRule, Target::County)
    }

    async fn perform(&self, tx: &mut Connection, scene: &Scene) -> Result<Vec<Numbered>, Stop> {
        let opened = Opened::load(tx, scene, &self.scheme, self.on).await?;
        opened.must_run()?;
        self.check(&opened.kept.terms)?;
        let mut money = self.money.clone();
        if opened.kept.terms.source == FundSource::Loan {
            refuse_banned(tx, scene, &opened.kept.terms, self.on).await?;
            with_their_loans(tx, scene, &mut money).await?;
        }
        must_be_open(tx, scene, &opened, self.on).await?;
        let by_household: Vec<(String, Amount)> = money.iter().map(|h| (h.household.clone(), h.amount)).collect();
        let vouchers = posting_rules::entrusted(&opened.sides(self.on), &by_household)?;
        let what = serde_json::json!({ "scheme": self.scheme, "households": money.len() });
        let (event, numbered) = posted(tx, scene, ("money_entrusted", self.on, what), &vouchers).await?;
        let moved = |h: Handed| Move {
            household: h.household,
            on: self.on,
            amount: h.amount,
            loan: h.loan,
            loan_matures_on: h.loan_matures_on,
        };
        let moves: Vec<Move> = money.into_iter().map(moved).collect();
        store::add_moves(tx, &scene.county, &self.scheme, &moves, &event).await?;
        Ok(numbered)
    }

    fn in_words(&self) -> serde_json::Value {
        let total: Amount = self.money.iter().map(|handed| handed.amount).sum();
        serde_json::json!({ "scheme": self.scheme, "on": self.on, "households": self.money.len(), "total": total })
    }
}

impl Entrust {
    fn check(&self, terms: &Terms) -> Result<(), EntrustRefusal> {
        if terms.form == Form::Equity {
            return Err(EntrustRefusal::IsEquity { scheme: self.scheme.clone() });
        }
        if self.on < terms.signed_on || self.on >= terms.ends_on {
            return Err(EntrustRefusal::OutsideContract { scheme: self.scheme.clone(), on: self.on });
        }
        match self.money.iter().find(|handed| !handed.amount.is_positive()) {
            Some(wrong) => Err(EntrustRefusal::NotPositive { household: wrong.household.clone(), amount: wrong.amount }),
            None => Ok(()),
        }
    }
}

/// Refuses loan money where the credit policy of the place and date does not allow entrusting it (E-201).
async fn refuse_banned(tx: &mut Connection, scene: &Scene, terms: &Terms, on: BusinessDate) -> Result<(), Stop> {
    let policies = policy::store::policies(tx, &scene.county).await?;
    match policy::choose(&policies, &terms.place, HOUSEHOLD_LOAN, on).filter(|row| row.entrusted_allowed != "yes") {
        Some(row) => Err(EntrustRefusal::Banned { place: terms.place.clone(), on, basis: row.source.clone() }.into()),
        None => Ok(()),
    }
}

/// Takes maturities from the loan register. Refuses another's loan (E-304) and more than is owed (E-216); loans of banks whose
/// list is not kept here are taken as said.
async fn with_their_loans(tx: &mut Connection, scene: &Scene, money: &mut [Handed]) -> Result<(), Stop> {
    let keys = loans::keys(money.iter().filter_map(|handed| handed.loan.as_deref()));
    let heads = loans::heads::heads(tx, &scene.county, &keys).await?;
    let known: HashMap<&str, _> = heads.iter().map(|head| (head.loan.as_str(), head)).collect();
    let mut wanted: BTreeMap<String, Amount> = BTreeMap::new();
    for handed in money.iter_mut() {
        *wanted.entry(handed.household.clone()).or_default() += handed.amount;
        let Some(head) = handed.loan.as_deref().and_then(|loan| known.get(loan)) else { continue };
        if head.household != handed.household {
            let (household, loan) = (handed.household.clone(), head.loan.clone());
            return Err(EntrustRefusal::WrongLoan { household, loan }.into());
        }
        handed.loan_matures_on = head.contract.as_ref().map(|contract| contract.matures_on).or(handed.loan_matures_on);
    }
    let asked: Vec<&str> = wanted.keys().map(String::as_str).collect();
    for (household, entrusted, owed) in payouts::loan_money(tx, &scene.county, &asked).await? {
        let wanted = entrusted + wanted[&household];
        if wanted > owed {
            return Err(EntrustRefusal::MoreThanLent { household, wanted, owed }.into());
        }
    }
    Ok(())
}
