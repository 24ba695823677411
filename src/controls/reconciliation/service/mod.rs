//! Acts of reconciliation, and what its papers read.
//!
//! 1. An act locks its bank account's row first; two people do not match one line twice.
//! 2. What lies wholly in closed and reconciled months is refused.

mod accounts;
mod drafts;
mod import;
mod loan_money;
mod loan_offers;
mod loans;
mod matching;
mod papers;

pub use accounts::{AddBankAccount, register};
pub use drafts::{AddRule, MatchTransfers, ProposeVouchers, Proposed, Transferred};
pub use import::{ImportStatement, Imported, KeepTemplate, UndoImport, statement_for};
pub use loan_money::{LoanMoneyDone, PostLoanMoney, UndoLoanMoney};
pub use loan_offers::loan_offers;
pub use loans::{SaveLoanComparison, compare_list};
pub use matching::{Match, Matched, RunMatching, RunReport, SplitLine, Unmatch, UnsplitLine};
pub use papers::{Page, SaveReconciliation, Saved, close_findings, keep_document, standing, with_candidates};

use serde::{Deserialize, Serialize};

use super::ReconciliationRefusal;
use super::account::BankAccount;
use super::store;
use crate::db::{Connection, Stop};
use crate::ledger::BookCode;
use crate::office::Scene;

/// The bank account an act is done to, and the book it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct At {
    /// The bank account's code.
    pub account: String,
    /// Its book: who may act there may reconcile it.
    pub book: BookCode,
}

impl From<&BankAccount> for At {
    fn from(account: &BankAccount) -> At {
        At { account: account.code.clone(), book: account.book.clone() }
    }
}

/// Locks and reads a bank account; refuses one of another book.
async fn locked(tx: &mut Connection, scene: &Scene, at: &At) -> Result<BankAccount, Stop> {
    let unknown = || ReconciliationRefusal::UnknownAccount { account: at.account.clone() };
    if !store::lock(tx, scene.engine, &scene.county, &at.account).await? {
        return Err(unknown().into());
    }
    let account = register(tx, &scene.county, &at.account).await?;
    if account.book == at.book { Ok(account) } else { Err(unknown().into()) }
}
